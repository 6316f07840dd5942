package shock

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

func factor(on string, starts unit.Month, lasts unit.Months, x float64) Shock {
	return Shock{Kind: "factor", Starts: starts, Terms: &Factor{On: on, Region: id.NoRegion, Lasts: lasts, Factor: x}}
}

func TestAShockActsFromItsFirstMonthToItsLast(t *testing.T) {
	start := unit.Date(2027, 4)
	tests := []struct {
		name  string
		lasts unit.Months
		at    unit.Month
		want  float64
	}{
		{"not yet the month before", 6, start - 1, 1},
		{"in its first month", 6, start, 0.5},
		{"in its sixth", 6, start + 5, 0.5},
		{"no more in the seventh", 6, start + 6, 1},
		{"half a month is felt in one", 0.5, start, 0.5},
		{"but not in the next", 0.5, start + 1, 1},
		{"two and a half in three", 2.5, start + 2, 0.5},
		{"a shock without length never acts", 0, start, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := In(tt.at, []Shock{factor("power", start, tt.lasts, 0.5)}, id.NoRegion)
			if f[Power] != tt.want {
				t.Errorf("from %v for %v months: factor in %v = %v, want %v", start, float64(tt.lasts), tt.at, f[Power], tt.want)
			}
		})
	}
}

func TestShocksOnOneTargetMultiply(t *testing.T) {
	shocks := []Shock{
		factor("rent", 10, 10, 2), factor("rent", 15, 10, 3), factor("demand", 15, 1, 0),
	}
	tests := []struct {
		at           unit.Month
		rent, demand float64
	}{{9, 1, 1}, {10, 2, 1}, {15, 6, 0}, {16, 6, 1}, {19, 6, 1}, {20, 3, 1}, {25, 1, 1}}
	for _, tt := range tests {
		f := In(tt.at, shocks, id.NoRegion)
		if f[Rent] != tt.rent || f[Demand] != tt.demand {
			t.Errorf("month %d: rent × %v, demand × %v; want %v, %v", int(tt.at), f[Rent], f[Demand], tt.rent, tt.demand)
		}
	}
}

func TestWithoutAShockTheBaselineStands(t *testing.T) {
	for name, shocks := range map[string][]Shock{
		"none at all":               nil,
		"one on nothing known":      {factor("weather", 0, 1000, 9)},
		"one that changes by 1":     {factor("sentiment", 0, 1000, 1)},
		"one that is long past":     {factor("sentiment", 0, 12, 9)},
		"one that is still to come": {factor("sentiment", 500, 12, 9)},
	} {
		for target, x := range In(312, shocks, id.NoRegion) {
			if x != 1 {
				t.Errorf("%s: %s × %v, want 1", name, names[target], x)
			}
		}
	}
}

// Both kinds that change the baseline must be seen to.
var _ = []Changer{&Factor{}, &OpenWeightRelease{}}

func TestARegionsShockIsFeltThereAlone(t *testing.T) {
	there := &Factor{On: "power", Region: 2, Lasts: 6, Factor: 0.4}
	shocks := []Shock{factor("power", 300, 12, 0.5), {Kind: "factor", Starts: 300, Terms: there}}
	for where, want := range map[id.Region]float64{id.NoRegion: 0.5, 0: 1, 1: 1, 2: 0.4} {
		if got := In(303, shocks, where)[Power]; got != want {
			t.Errorf("factor of region %d is %v, want %v", where, got, want)
		}
	}
	if len(there.Faults()) != 0 {
		t.Error("a region's power is refused")
	}
	if there.On = "demand"; len(there.Faults()) != 1 {
		t.Error("a region's demand is not refused")
	}
}

func TestShocksKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shocks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Shock {
			return factor(rapid.SampledFrom(names[:]).Draw(t, "on"), unit.Month(rapid.IntRange(300, 330).Draw(t, "starts")),
				unit.Months(rapid.IntRange(0, 120).Draw(t, "lasts"))/4, rapid.Float64Range(0, 4).Draw(t, "factor"))
		}), 0, 6).Draw(t, "shocks")
		at := unit.Month(rapid.IntRange(290, 370).Draw(t, "at"))
		f := In(at, shocks, id.NoRegion)
		want := In(at, nil, id.NoRegion)
		for i := range shocks {
			s, x := &shocks[i], shocks[i].Terms.(*Factor)
			for m := s.Starts; float64(m) < float64(s.Starts)+float64(x.Lasts); m++ {
				for i, name := range names {
					if m == at && name == x.On {
						want[i] *= x.Factor
					}
				}
			}
		}
		for i := range f {
			if math.Abs(f[i]-want[i]) > 1e-12*want[i] {
				t.Fatalf("factors in %v = %v, want %v", at, f, want)
			}
		}
		// Asking again changes nothing, and all shocks end.
		if again := In(at, shocks, id.NoRegion); again != f {
			t.Fatalf("asked twice, %v gives %v and %v", at, f, again)
		}
		if end := In(361, shocks, id.NoRegion); end != In(361, nil, id.NoRegion) {
			t.Fatalf("all shocks ended by 2030-01, but factors are %v", end)
		}
	})
}

func TestTargetsAreNamedAsInScenarios(t *testing.T) {
	tests := []struct {
		name string
		want Target
	}{
		{"demand", Demand},
		{"chip-supply", ChipSupply},
		{"power", Power},
		{"rent", Rent},
		{"sentiment", Sentiment},
		{"algorithms", Algorithms},
		{"funding", Funding},
		{"outside-funding", OutsideFunding},
		{"serving-efficiency", ServingEfficiency},
		{"energy-price", EnergyPrice},
		{"chip-valuation", ChipValuation},
	}
	for _, tt := range tests {
		if got, ok := Of(tt.name); !ok || got != tt.want {
			t.Errorf("Of(%q) = %d, %v; want %d", tt.name, got, ok, tt.want)
		}
	}
	if len(tests) != int(Targets) {
		t.Errorf("%d targets are tested, but there are %d", len(tests), Targets)
	}
	for _, name := range []string{"", "Demand", "weather"} {
		if got, ok := Of(name); ok {
			t.Errorf("Of(%q) = %d, want none", name, got)
		}
	}
	on, _ := reflect.TypeFor[Factor]().FieldByName("On")
	if got, want := on.Tag.Get("choice"), strings.Join(names[:], ","); got != want {
		t.Errorf("scenarios may say on: %s, but the targets are %s", got, want)
	}
}

func TestAskingForFactorsAllocatesNothing(t *testing.T) {
	shocks := []Shock{factor("rent", 10, 10, 2), factor("algorithms", 10, 10, 2)}
	var sum float64
	if n := testing.AllocsPerRun(100, func() { f := In(12, shocks, id.NoRegion); sum += f[Rent] }); n != 0 {
		t.Errorf("In allocates %v times, want 0 (sum %v)", n, sum)
	}
}
