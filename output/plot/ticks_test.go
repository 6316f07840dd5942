package plot

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

func TestAxesHaveFourToSevenRoundTicks(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		hi := math.Pow(10, r.Float64()*20-4) * r.Float64()
		lo := hi * (r.Float64()*3 - 1.5)
		if lo > hi {
			lo, hi = hi, lo
		}
		v := newValueAxis(unit.None, lo, hi, seed%2 == 0)
		if n := len(v.ticks); n < 4 || n > 7 {
			t.Fatalf("[%g, %g]: %d ticks %v", lo, hi, n, v.ticks)
		}
		step := v.ticks[1] - v.ticks[0]
		lead := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
		if math.Abs(lead-1) > 1e-6 && math.Abs(lead-2) > 1e-6 && math.Abs(lead-5) > 1e-6 {
			t.Errorf("[%g, %g]: ticks step by %g", lo, hi, step)
		}
		if v.lo > lo*v.scale.factor+1e-9*step || v.hi < hi*v.scale.factor-1e-9*step {
			t.Errorf("[%g, %g] does not fit the axis [%g, %g] × %g", lo, hi, v.lo, v.hi, v.scale.factor)
		}
		if v.ticks[0] < v.lo-1e-9*step || v.ticks[len(v.ticks)-1] > v.hi+1e-9*step {
			t.Errorf("[%g, %g]: ticks %v leave the axis [%g, %g]", lo, hi, v.ticks, v.lo, v.hi)
		}
		seen := map[string]bool{}
		for i := range v.ticks {
			if seen[v.label(i)] {
				t.Errorf("[%g, %g]: tick %q is there twice", lo, hi, v.label(i))
			}
			seen[v.label(i)] = true
		}
	}
}

func TestTickLabelsCarryTheUnitOnce(t *testing.T) {
	for _, c := range []struct {
		d      unit.Dimension
		lo, hi float64
		want   string
	}{
		{unit.DimShare, 0, 0.38, "0 10 20 30 40%"},
		{unit.DimShare, 0, 1, "0 20 40 60 80 100%"},
		{unit.DimMW, 0, 48_000, "0 10 20 30 40 50 GW"},
		{unit.DimMW, 0, 600, "0 100 200 300 400 500 600 MW"},
		{unit.DimUSD, 0, 1.9e12, "0 0.5 1.0 1.5 $2.0 tn"},
		{unit.DimUSDPerYear, -21e9, 78e9, "−40 −20 0 20 40 60 $80 bn/yr"},
		{unit.DimPoints, 141, 158, "140 145 150 155 160 ECI"},
		{unit.DimPoints, 141, 216, "140 160 180 200 220 ECI"}, // an index has no zero to start at
		{unit.None, 0, 4200, "0 1,000 2,000 3,000 4,000"},
		{unit.None, 0, 0, "0 0.2 0.4 0.6 0.8 1.0"},
	} {
		v := newValueAxis(c.d, c.lo, c.hi, true)
		var got []string
		for i := range v.ticks {
			got = append(got, v.label(i))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s from %g to %g: ticks %q, want %q", c.d, c.lo, c.hi, text, c.want)
		}
	}
}

func TestValuesPrintWithTheirUnit(t *testing.T) {
	for _, c := range []struct {
		v, largest float64
		d          unit.Dimension
		want       string
	}{
		{0.312, 0.4, unit.DimShare, "31%"},
		{0.003, 0.4, unit.DimShare, "<1%"},
		{0.0312, 0.04, unit.DimShare, "3.1%"},
		{128_400, 0, unit.DimMW, "128 GW"},
		{400, 31_000, unit.DimMW, "<1 GW"},
		{0, 31_000, unit.DimMW, "0 GW"},
		{math.Copysign(0, -1), 31_000, unit.DimMW, "0 GW"},
		{0.25, 0, unit.DimMWIT, "250 kW IT"},
		{2.44e9, 0, unit.DimUSD, "$2.4 bn"},
		{-2.44e9, 0, unit.DimUSD, "−$2.4 bn"},
		{1.3e12, 0, unit.DimUSD, "$1.3 tn"},
		{1e15, 0, unit.DimUSD, "$1,000 tn"},
		{14e6, 0, unit.DimH100e, "14 m"},
		{12_345, 0, unit.DimCount, "12,345"},
		{0.4, 0, unit.DimRate, "40%"},
		{0, 0, unit.None, "0"},
		{1e-12, 0, unit.None, "1e-12"},
	} {
		if got := Format(c.v, c.largest, c.d); got != c.want {
			t.Errorf("%g %s beside %g prints as %q, want %q", c.v, c.d, c.largest, got, c.want)
		}
	}
}

func TestTimeAxisNamesWholeYearsInTheirMiddle(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last unit.Month
		want        string
		ticks       int
	}{
		{"December to December names the seven years between", unit.Date(2025, 12), unit.Date(2032, 12), "2026 2027 2028 2029 2030 2031 2032", 8},
		{"eleven years are named by twos", unit.Date(2025, 12), unit.Date(2036, 12), "2026 2028 2030 2032 2034 2036", 12},
		{"thirty years are named by fives", unit.Date(2019, 12), unit.Date(2049, 12), "2020 2025 2030 2035 2040 2045", 31},
		{"a year cut short is named if there is room", unit.Date(2026, 3), unit.Date(2028, 6), "2026 2027 2028", 2},
		{"half a year has one name", unit.Date(2027, 2), unit.Date(2027, 8), "2027", 0},
		{"one month is named itself", unit.Date(2027, 2), unit.Date(2027, 2), "February 2027", 0},
	} {
		a := newTimeAxis(c.first, c.last)
		ticks, labels := a.years(400/(a.last-a.first), 22)
		var got []string
		for _, l := range labels {
			got = append(got, l.text)
		}
		if text := strings.Join(got, " "); text != c.want || len(ticks) != c.ticks {
			t.Errorf("%s: %q with %d ticks, want %q with %d", c.name, text, len(ticks), c.want, c.ticks)
		}
	}
	// June's middle year mark stands half-way between the ticks around it, which mark Januaries.
	a := newTimeAxis(unit.Date(2025, 12), unit.Date(2027, 12))
	ticks, labels := a.years(10, 22)
	if ticks[0] != float64(unit.Date(2026, 1)) || labels[0].at != float64(unit.Date(2026, 7)) {
		t.Errorf("first tick at %g, first label at %g; want January and the middle of 2026", ticks[0], labels[0].at)
	}
}
