package asset

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// near reports whether two numbers lie that close; nothing is near to what is no number.
func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(b)) }

func TestChipsGetDenser(t *testing.T) {
	c := Chips{Density: 900, DensityGrowth: 0.5}
	for _, tt := range []struct {
		name        string
		years, want float64
	}{
		{"at the start", 0, 900},
		{"half as much again after a year", 1, 1350},
		{"and again after two", 2, 2025},
		{"a year ago", -1, 600},
	} {
		if got := float64(c.DensityAt(tt.years)); !near(got, tt.want, 1e-12) {
			t.Errorf("%s: density = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestChipSupplyGrowsAndItsGrowthFades(t *testing.T) {
	tests := []struct {
		name         string
		growth, fade unit.Rate
		years, want  float64
	}{
		{"at the start it is what it is", 1, -0.3, 0, 1},
		{"without fading it doubles each year", 1, 0, 3, 8},
		{"a negative growth shrinks it", -0.5, 0, 2, 0.25},
		// Log growth of ln 2 a year, halved each year: ∫ = ln 2 × (1 − ½)/ln 2 after one year.
		{"growth that halves gives e^½ in its first year", 1, -0.5, 1, math.Exp(0.5)},
		{"e^¾ in two", 1, -0.5, 2, math.Exp(0.75)},
		{"and never more than e", 1, -0.5, 200, math.E},
		{"no growth has nothing to fade", 0, -0.5, 5, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Chips{SupplyGrowth: tt.growth, GrowthFade: tt.fade}
			if got := c.SupplyFactor(tt.years); !near(got, tt.want, 1e-9) {
				t.Errorf("growth %v, fade %v: factor after %v years = %v, want %v", tt.growth, tt.fade, tt.years, got, tt.want)
			}
		})
	}
}

func TestShipmentsOfPowerNeverShrinkWhileChipsGetDenser(t *testing.T) {
	c := Chips{SupplyGrowth: 1.2, GrowthFade: -0.9, DensityGrowth: 0.4, Density: 900}
	last := 0.0
	for years := 0.0; years <= 10; years++ {
		power := c.SupplyFactor(years) / float64(c.DensityAt(years)/c.Density)
		if power < last {
			t.Errorf("after %v years makers ship %v of the start's power, %v a year before", years, power, last)
		}
		last = power
	}
	// With half of growth gone a year: ln 2 of more chips comes to e, better ones to 1.1 a year.
	c = Chips{SupplyGrowth: 1.2, GrowthFade: -0.5, DensityGrowth: 0.1}
	if got, want := c.SupplyFactor(100), math.E*math.Pow(1.1, 100); !near(got/want, 1, 1e-9) {
		t.Errorf("after a century makers ship %v times the start's compute, want %v", got, want)
	}
}

func TestSupplyIsTheSumOfItsGrowth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Chips{
			SupplyGrowth: unit.Rate(rapid.Float64Range(-0.3, 2).Draw(t, "growth")),
			GrowthFade:   unit.Rate(rapid.Float64Range(-0.9, 0).Draw(t, "fade")),
		}
		years := rapid.Float64Range(0, 15).Draw(t, "years")
		// Growth in force in the middle of each of many short steps.
		const steps = 4000
		sum := 0.0
		for k := range steps {
			at := (float64(k) + 0.5) / steps * years
			sum += math.Log(1+float64(c.SupplyGrowth)) * math.Pow(1+float64(c.GrowthFade), at) * years / steps
		}
		if got := math.Log(c.SupplyFactor(years)); !near(got, sum, 1e-4) {
			t.Fatalf("log supply after %v years = %v, want %v", years, got, sum)
		}
	})
}

func TestFadingSlowlyIsAlmostNotFading(t *testing.T) {
	const years = 15
	still := (&Chips{SupplyGrowth: 1}).SupplyFactor(years)
	last := 0.0
	for _, fade := range []unit.Rate{-1e-2, -2e-3, -1.1e-3, -0.9e-3, -1e-4, -1e-6, -1e-8, -1e-12} {
		got := (&Chips{SupplyGrowth: 1, GrowthFade: fade}).SupplyFactor(years)
		// To first order the log falls short by ln 2 × fade × years²/2.
		short := math.Ln2 * -float64(fade) * years * years / 2
		if off := math.Log(still / got); !(math.Abs(off-short) <= 0.1*short+1e-6) {
			t.Errorf("fade %v: log supply falls short by %v, want about %v", fade, off, short)
		}
		if got < last {
			t.Errorf("fade %v gives %v, less than the faster fade before it (%v)", fade, got, last)
		}
		last = got
	}
}

// itself stands for a distribution whose quantile is the draw, so that a draw is a factor on the mean.
var itself identity

type identity struct{}

func (identity) Quantile(u float64) float64 { return u }

// The rules of the table below: 24 months to build, 6 to lease, on-site power in 12, slips of 10 on average.
var plain = Build{BuildLag: 24, LeaseLag: 6, SlipLength: 10}

func TestASiteWaitsForBuildingAndPower(t *testing.T) {
	const never, always = 0.0, 1.0
	now := unit.Date(2026, 1)
	onSlip := 1 - math.Exp(-0.5) // the draw of half a mean
	tests := []struct {
		name                  string
		slip, onsite, abandon float64 // chances
		connection            unit.Months
		d                     given
		shell, grid, gone     unit.Month // 0: never given up
		leased, ownPower      bool
	}{
		{
			"the mean building and the mean connection", never, never, never, 30,
			given{Build: 1, Grid: 1},
			now + 24, now + 30, 0, false, false,
		},
		{"a fast building on a slow grid", never, never, never, 30, given{Build: 0.5, Grid: 2}, now + 12, now + 60, 0, false, false},
		{"part of a month is waited for", never, never, never, 30, given{Build: 0.51, Grid: 0.51}, now + 13, now + 16, 0, false, false},
		{
			"a slip of half its mean adds five months", always, never, never, 30,
			given{Build: 1, Grid: 1, SlipLength: onSlip},
			now + 29, now + 30, 0, false, false,
		},
		{
			"a slip that does not come adds none", 0.5, never, never, 30,
			given{Build: 1, Grid: 1, Slip: 0.6, SlipLength: onSlip},
			now + 24, now + 30, 0, false, false,
		},
		{"its own power comes before the grid", never, always, never, 30, given{Build: 1, Grid: 1}, now + 24, now + 12, 0, false, true},
		{"a grid that is faster is taken", never, always, never, 10, given{Build: 1, Grid: 1}, now + 24, now + 10, 0, false, false},
		{"and so is one that is as fast", never, always, never, 12, given{Build: 1, Grid: 1}, now + 24, now + 12, 0, false, false},
		{"a leased shell has its power", never, never, never, 30, given{Build: 1, Grid: 1}, now + 6, now + 6, 0, true, false},
		{"or a grid that is there before it", never, never, never, 2, given{Build: 1, Grid: 1}, now + 6, now + 2, 0, true, false},
		{"what is given up goes halfway", never, never, always, 30, given{Build: 1, Grid: 1}, now + 24, now + 30, now + 12, false, false},
		{"slip included", always, never, always, 30, given{Build: 1, Grid: 1, SlipLength: onSlip}, now + 29, now + 30, now + 15, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, p := plain, Power{OnsiteLead: 12}
			b.SlipShare, b.AbandonShare = unit.Share(tt.slip), unit.Share(tt.abandon)
			s := Site{Leased: tt.leased}
			s.Schedule(now, &b, &p, tt.connection, unit.Share(tt.onsite), tt.d.of, itself, itself)
			if s.Ordered != now || s.Shell != tt.shell || s.Grid != tt.grid || s.Abandoned != tt.gone {
				t.Errorf("ordered %v: shell %v, grid %v, given up %v; want %v, %v, %v", s.Ordered, s.Shell, s.Grid, s.Abandoned, tt.shell, tt.grid, tt.gone)
			}
			if s.Onsite != tt.ownPower {
				t.Errorf("own power %v, want %v", s.Onsite, tt.ownPower)
			}
		})
	}
}

func TestOnlyWhatMattersIsDrawn(t *testing.T) {
	tests := []struct {
		name       string
		slip       unit.Share
		connection unit.Months
		want       []rng.Purpose
	}{
		{"no length of a slip that does not come, no plant slower than the grid", 0, 10, []rng.Purpose{rng.BuildLag, rng.Slip, rng.PowerLag, rng.Abandon}},
		{"all else", 1, 30, []rng.Purpose{rng.BuildLag, rng.Slip, rng.PowerLag, rng.Abandon, rng.SlipLength, rng.OnSite}},
	}
	for _, tt := range tests {
		b, p := Build{BuildLag: 24, SlipShare: tt.slip, SlipLength: 5}, Power{OnsiteLead: 12}
		var got []rng.Purpose
		draw := func(p rng.Purpose) float64 {
			got = append(got, p)
			return 0.9
		}
		var s Site
		s.Schedule(0, &b, &p, tt.connection, 0.5, draw, itself, itself)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: drew %v, want %v", tt.name, got, tt.want)
		}
	}
}

// given are draws that a test has chosen.
type given struct{ Build, Slip, SlipLength, Grid, Onsite, Abandon float64 }

func (d given) of(p rng.Purpose) float64 {
	return map[rng.Purpose]float64{
		rng.BuildLag: d.Build, rng.Slip: d.Slip, rng.SlipLength: d.SlipLength, rng.PowerLag: d.Grid, rng.OnSite: d.Onsite, rng.Abandon: d.Abandon,
	}[p]
}

var draws = rapid.Custom(func(t *rapid.T) given {
	u := func(name string) float64 { return rapid.Float64Range(1e-9, 1-1e-9).Draw(t, name) }
	return given{u("build"), u("slip"), u("slip length"), u("grid"), u("onsite"), u("abandon")}
})

func TestAnUnluckierSiteIsNeverEarlier(t *testing.T) {
	now := unit.Date(2026, 1)
	var lag, grid rng.GammaTable
	lag.Set(4)
	grid.Set(2)
	rapid.Check(t, func(t *rapid.T) {
		b := Build{BuildLag: 24, LeaseLag: 8, SlipLength: 10}
		chance := func(name string) unit.Share { return unit.Share(rapid.Float64Range(0, 1).Draw(t, name)) }
		b.SlipShare, b.AbandonShare = chance("slip share"), chance("abandon share")
		leased := rapid.Bool().Draw(t, "leased")
		p := Power{OnsiteLead: unit.Months(rapid.Float64Range(0, 40).Draw(t, "onsite lead"))}
		connection, onsite := unit.Months(rapid.Float64Range(0, 80).Draw(t, "connection")), chance("onsite share")
		site := func(d given) Site {
			s := Site{Leased: leased}
			s.Schedule(now, &b, &p, connection, onsite, d.of, &lag, &grid)
			return s
		}
		d := draws.Draw(t, "draws")
		first := site(d)
		if first.Shell < now || first.Grid < now || first.Abandoned != 0 && (first.Abandoned < now || first.Abandoned > first.Shell) {
			t.Fatalf("ordered %v: shell %v, grid %v, given up %v", now, first.Shell, first.Grid, first.Abandoned)
		}

		more := func(u float64) float64 { return u + (1-1e-9-u)*rapid.Float64Range(0, 1).Draw(t, "more") }
		later := d // a slip comes with a low draw, on-site power stays away with a high one
		later.Build, later.SlipLength, later.Grid, later.Onsite = more(d.Build), more(d.SlipLength), more(d.Grid), more(d.Onsite)
		later.Slip *= rapid.Float64Range(0.01, 1).Draw(t, "less")
		if second := site(later); second.Shell < first.Shell || second.Grid < first.Grid {
			t.Fatalf("%+v gives shell %v and grid %v, later than the unluckier %+v with %v and %v", d, first.Shell, first.Grid, later, second.Shell, second.Grid)
		}
		if again := site(d); again != first {
			t.Fatalf("the same draws give %+v and %+v", first, again)
		}
	})
}

// constant stands for a distribution without spread.
type constant struct{}

func (constant) Quantile(float64) float64 { return 1 }

func TestTheLeadIsThatOfTheLaterOfBuildingAndPower(t *testing.T) {
	b, p := plain, Power{OnsiteLead: 30}
	tests := []struct {
		name       string
		connection unit.Months
		onsite     unit.Share
		want       unit.Months
	}{
		{"the building", 10, 0, 24},
		{"the grid", 40, 0, 40},
		{"own power, where it is sooner than the grid", 40, 1, 30},
		{"own power at every second site", 40, 0.5, 35},
		{"the grid, where that is sooner than own power", 26, 1, 26},
	}
	for _, tt := range tests {
		if got := b.Lead(&p, tt.connection, tt.onsite, constant{}, constant{}); !near(float64(got), float64(tt.want), 1e-12) {
			t.Errorf("%s: %v months, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTheLeadIsTheMeanOfManySites(t *testing.T) {
	var lag, grid rng.GammaTable
	lag.Set(6)
	grid.Set(5)
	b, p := plain, Power{OnsiteLead: 15}
	rapid.Check(t, func(t *rapid.T) {
		b.BuildLag = unit.Months(rapid.Float64Range(1, 60).Draw(t, "build lag"))
		connection, onsite := unit.Months(rapid.Float64Range(0, 80).Draw(t, "connection")), unit.Share(rapid.Float64Range(0, 1).Draw(t, "onsite share"))
		const sites = 100 // of each time, and of each kind of power
		sum := 0.0
		for i := range sites {
			for k := range sites {
				for own := range 2 {
					d := given{Build: (float64(i) + 0.5) / sites, Grid: (float64(k) + 0.5) / sites, Onsite: float64(1 - own), Slip: 1, Abandon: 1}
					var s Site
					s.Schedule(0, &b, &p, connection, 0.5, d.of, &lag, &grid)
					share := 1 - float64(onsite)
					if own == 1 {
						share = float64(onsite)
					}
					sum += share * (float64(max(s.Shell, s.Grid)) - 0.5) // dates are rounded up to months
				}
			}
		}
		if got := b.Lead(&p, connection, onsite, &lag, &grid); math.Abs(float64(got)-sum/(sites*sites)) > 0.02*float64(got)+0.4 {
			t.Fatalf("lead %v months, the mean of sites is %v", got, sum/(sites*sites))
		}
	})
}

func TestRoomForChips(t *testing.T) {
	b := Build{PhaseIn: 0.25, FitOut: 6}
	tests := []struct {
		name string
		site Site
		want unit.MW
	}{
		{"none while it is being built", Site{Stage: Building, Size: 80, Powered: 80}, 0},
		{"the phase-in at first", Site{Stage: Ready, Size: 80, Powered: 80}, 20},
		{"then a sixth of the rest each month", Site{Stage: Ready, Size: 80, Powered: 80, Live: 20}, 10},
		{"never more than is connected", Site{Stage: Ready, Size: 80, Powered: 24, Live: 20}, 4},
		{"at first neither", Site{Stage: Ready, Size: 80, Powered: 5}, 5},
		{"none without power", Site{Stage: Ready, Size: 80}, 0},
		{"none when it is full", Site{Stage: Live, Size: 80, Powered: 80, Live: 80}, 0},
		{"none when it is gone", Site{Stage: Gone, Size: 80, Powered: 80}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.site.Room(&b); !near(float64(got), float64(tt.want), 1e-12) {
				t.Errorf("room in %+v = %v MW, want %v", tt.site, got, tt.want)
			}
		})
	}
	slow := Build{PhaseIn: 0.05, FitOut: 5}
	if got := (&Site{Stage: Ready, Size: 100, Powered: 100}).Room(&slow); !near(float64(got), 19, 1e-12) {
		t.Errorf("a phase-in below a month's part gives way to it: room = %v MW, want 19", got)
	}
}

func TestASiteFillsUpAndNoFurther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Build{PhaseIn: unit.Share(rapid.Float64Range(0, 1).Draw(t, "phase in")), FitOut: unit.Months(rapid.Float64Range(1, 24).Draw(t, "fit-out"))}
		s := Site{Stage: Ready, Size: unit.MW(rapid.Float64Range(0.1, 2000).Draw(t, "size"))}
		connected := rapid.Float64Range(0, 1).Draw(t, "connected")
		s.Powered = s.Size * unit.MW(connected)
		now := unit.Date(2027, 1)
		var live float64
		for k := range rapid.IntRange(1, 40).Draw(t, "months") {
			// Chips may be short.
			mw := s.Room(&b) * unit.MW(rapid.Float64Range(0, 1).Draw(t, "shipped"))
			before := s
			s.Install(now+unit.Month(k), mw)
			live += float64(mw)
			if s.Live > s.Size || float64(s.Live) > float64(s.Powered)+1e-6 || s.Live < before.Live {
				t.Fatalf("%v MW into %+v give %v MW live of %v, %v connected", mw, before, s.Live, s.Size, s.Powered)
			}
			if (s.Stage == Live) != (s.Live == s.Size) {
				t.Fatalf("%v of %v MW live, but the stage is %v", s.Live, s.Size, s.Stage)
			}
		}
		if !near(float64(s.Live), live, 1e-6) {
			t.Fatalf("live %v MW, want %v", s.Live, live)
		}
	})
}

func TestAPoweredSiteIsFullAfterItsFitOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Build{PhaseIn: unit.Share(rapid.Float64Range(0, 1).Draw(t, "phase in")), FitOut: unit.Months(rapid.IntRange(1, 24).Draw(t, "fit-out"))}
		s := Site{Stage: Ready, Size: 100, Powered: 100}
		months := 0
		for ; s.Stage == Ready && months < 100; months++ {
			s.Install(unit.Month(months), s.Room(&b))
		}
		if most := int(b.FitOut) + 1; months > most || s.Live != 100 {
			t.Fatalf("phase-in %v and fit-out %v: %v MW after %d months, want 100 after at most %d", b.PhaseIn, b.FitOut, s.Live, months, most)
		}
	})
}

func TestServiceBeginsWithTheFirstChips(t *testing.T) {
	s := Site{Stage: Ready, Size: 100, Powered: 100}
	s.Install(10, 0)
	if s.Since != 0 {
		t.Errorf("in service since month %d without a chip", int(s.Since))
	}
	s.Install(12, 0.5)
	s.Install(13, 99.5)
	if s.Since != 12 || s.Stage != Live {
		t.Errorf("½ MW in month 12 and the rest of 100 in 13: since %d, stage %v; want 12, %v", int(s.Since), s.Stage, Live)
	}
}

func TestChipsLastTheirEconomicLifeOnAverage(t *testing.T) {
	for _, life := range []unit.Months{6, 36, 60, 120, 360} {
		b := Build{ChipLife: life}
		alive, mean, last := 1.0, 0.0, 0.0
		for age := range 20 * int(life) {
			share := b.RetiredShare(float64(age))
			if share < 0 || share > 1 {
				t.Fatalf("life %v: %v of chips retire at %d months", life, share, age)
			}
			if share < last {
				t.Fatalf("life %v: the share retired falls from %v to %v at %d months", life, last, share, age)
			}
			mean += alive * share * (float64(age) + 0.5) // those of a month go in its middle
			alive *= 1 - share
			last = share
		}
		if !near(mean/float64(life), 1, 0.01) || !near(alive, 0, 1e-12) {
			t.Errorf("life %v: chips last %v months on average, and %v never go", life, mean, alive)
		}
	}
}

func TestAMonthOnASiteAllocatesNothing(t *testing.T) {
	b := Build{BuildLag: 24, LeaseLag: 6, FitOut: 6, PhaseIn: 0.2, ChipLife: 60, SlipShare: 1, AbandonShare: 1}
	p, c := Power{OnsiteLead: 12}, Chips{SupplyGrowth: 1, GrowthFade: -0.3, Density: 900, DensityGrowth: 0.3}
	half := func(rng.Purpose) float64 { return 0.5 }
	var sum float64
	n := testing.AllocsPerRun(100, func() {
		s := Site{Stage: Ready, Size: 100, Powered: 100}
		s.Schedule(312, &b, &p, 30, 0.5, half, itself, itself)
		s.Install(313, s.Room(&b))
		sum += float64(s.Live) + float64(c.DensityAt(1)) + c.SupplyFactor(3) + b.RetiredShare(12)
	})
	if n != 0 {
		t.Errorf("a site's month allocates %v times, want 0 (sum %v)", n, sum)
	}
}

// Of $40m a megawatt 70 % is equipment and 39 % chips. Chips a quarter cheaper take a quarter of their part off, and nothing
// off the building or the rest of the equipment.
func TestThePriceOfChipsMovesTheirPartAlone(t *testing.T) {
	b := Build{ITShare: 0.7, ChipShare: 0.39}
	for _, tt := range []struct {
		saving, building, equipment, chips float64
	}{
		{0, 12, 28, 15.6},
		{0.25, 12, 28 - 3.9, 11.7},
		{-0.5, 12, 28 + 7.8, 23.4},
	} {
		got := [3]float64{b.Building(40), b.Equipment(40, tt.saving), b.Chips(40, tt.saving)}
		for i, want := range [3]float64{tt.building, tt.equipment, tt.chips} {
			if math.Abs(got[i]-want) > 1e-9 {
				t.Errorf("building, equipment and chips at a saving of %v cost %v, want %v", tt.saving, got, [3]float64{tt.building, tt.equipment, tt.chips})
				break
			}
		}
	}
	b.ChipShare = 0.9
	if got := b.Chips(40, 0); got != b.Equipment(40, 0) {
		t.Errorf("chips cost %v of equipment of %v, of which they are part", got, b.Equipment(40, 0))
	}
}
