package firm

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/num"
	"powerplay/sim/unit"
)

func TestWhatALabWants(t *testing.T) {
	// 100 MW serve customers, 100 MW were for research at the start; a year's lead; money enough.
	lab := Lab{}
	rules := Research{BudgetHorizon: 24, ComputeShareOfBudget: 0.5, Floor: 0.2}
	view := LabView{Lead: 12, Revenue: 100e9, Serving: 100, Research: 100, Density: 1, Rent: 10e9, Extrapolated: 1}
	tests := []struct {
		name                           string
		change                         func(*Lab, *Research, *LabView)
		serving, research, later, most unit.MW
		moneyRuns                      bool
	}{
		// It can pay for half of $100bn at $10bn a gigawatt-year: 5 GW.
		{"at rest it wants what it has", func(*Lab, *Research, *LabView) {}, 100, 100, 200, 5000, false},
		{
			"growth that doubles in the lead doubles serving and budget", func(_ *Lab, _ *Research, v *LabView) { v.Growth = math.Ln2 / 12 },
			100, 100, 300, 10000, false,
		},
		{"of which it may project half", func(_ *Lab, _ *Research, v *LabView) { v.Growth, v.Extrapolated = math.Ln2/6, 0.5 }, 100, 100, 300, 10000, false},
		{"serving gets thriftier by half a year", func(_ *Lab, r *Research, _ *LabView) { r.ServingPowerGrowth = -0.5 }, 100, 100, 150, 5000, false},
		{"research doubles each year", func(l *Lab, _ *Research, v *LabView) { l.ResearchGrowth, v.Years = 1, 1 }, 100, 200, 500, 5000, false},
		{"denser chips need less power for it", func(_ *Lab, _ *Research, v *LabView) { v.Density = 2 }, 100, 50, 150, 5000, false},
		{"but a fifth of the whole at least", func(_ *Lab, _ *Research, v *LabView) { v.Density = 100 }, 100, 25, 125, 5000, false},
		{"in distress research shrinks to the floor", func(_ *Lab, _ *Research, v *LabView) { v.Distressed = true }, 100, 25, 125, 5000, false},
		{"or to what is paid for anyway", func(_ *Lab, _ *Research, v *LabView) { v.Distressed, v.Paid = true, 160 }, 100, 60, 160, 5000, false},
		{"it does not grow for being paid for", func(_ *Lab, _ *Research, v *LabView) { v.Distressed, v.Paid = true, 900 }, 100, 100, 200, 5000, false},

		{"money can run short of need", func(_ *Lab, _ *Research, v *LabView) { v.Revenue = 2e9 }, 100, 100, 100, 100, true},
		{"cash lasts for the horizon: a half a year over two", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Cash = 0, unit.Dollars(4e9) }, 100, 100, 100, 100, true},
		{"new equity stands in for cash", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Equity = 0, 2e9 }, 100, 100, 100, 100, true},
		{"the greater of both counts, not their sum", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Equity, v.Cash = 0, 2e9, unit.Dollars(4e9) }, 100, 100, 100, 100, true},
		{"another business adds to it", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Business = 1e9, 1e9 }, 100, 100, 100, 100, true},
		{"twice the rent buys half", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Rent = 2e9, 20e9 }, 100, 100, 50, 50, true},
		{"debts buy nothing", func(_ *Lab, _ *Research, v *LabView) { v.Revenue, v.Cash = 1e9, unit.Dollars(-9e9); v.Business = -2e9 }, 100, 100, 0, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, r, v := lab, rules, view
			tt.change(&l, &r, &v)
			v.Thrift, v.Wish = num.Pow(1+float64(r.ServingPowerGrowth), float64(v.Lead)/12), num.BaseOf(1+float64(l.ResearchGrowth))
			got := v.Plan(&r)
			for _, x := range []struct {
				what      string
				got, want unit.MW
			}{{"serving", got.Serving, tt.serving}, {"research", got.Research, tt.research}, {"later", got.Later, tt.later}, {"afford", got.Afford, tt.most}} {
				if !near(float64(x.got), float64(x.want)) {
					t.Errorf("%+v: %s = %v MW, want %v", v, x.what, x.got, x.want)
				}
			}
			if got.MoneyRuns != tt.moneyRuns {
				t.Errorf("money is what limits it: %v, want %v", got.MoneyRuns, tt.moneyRuns)
			}
		})
	}
}

func TestCustomersComeFirstButResearchKeepsItsFloor(t *testing.T) {
	r := Research{Floor: 0.2}
	tests := []struct {
		name                        string
		capacity, serving, research unit.MW
		forServing, forResearch     unit.MW
	}{
		{"enough for both", 300, 100, 100, 100, 100},
		{"what neither wants stays idle", 1000, 100, 100, 100, 100},
		{"research gives way first", 150, 100, 100, 100, 50},
		{"down to a fifth of the whole", 100, 100, 100, 80, 20},
		{"a research that wants less gets less", 100, 100, 5, 95, 5},
		{"without capacity nobody gets any", 0, 100, 100, 0, 0},
	}
	for _, tt := range tests {
		s, x := new(Lab).Split(tt.capacity, Needs{Serving: tt.serving, Research: tt.research}, &r)
		if !near(float64(s), float64(tt.forServing)) || !near(float64(x), float64(tt.forResearch)) {
			t.Errorf("%s: %v MW for needs of %v and %v give %v and %v, want %v and %v", tt.name, tt.capacity, tt.serving, tt.research, s, x, tt.forServing, tt.forResearch)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		mw := func(name string) unit.MW { return unit.MW(rapid.Float64Range(0, 1e4).Draw(t, name)) }
		r := Research{Floor: unit.Share(rapid.Float64Range(0, 1).Draw(t, "floor"))}
		capacity, n := mw("capacity"), Needs{Serving: mw("serving"), Research: mw("research")}
		s, x := new(Lab).Split(capacity, n, &r)
		const dust = 1e-9
		switch {
		case s < -dust || x < -dust || s+x > capacity+dust:
			t.Fatalf("%v MW are split into %v and %v", capacity, s, x)
		case s > n.Serving || x > n.Research:
			t.Fatalf("needs of %v and %v MW get %v and %v", n.Serving, n.Research, s, x)
		case s+x < min(capacity, n.Serving+n.Research)-1e-6:
			t.Fatalf("of %v MW %v lie idle while needs are %v and %v", capacity, capacity-s-x, n.Serving, n.Research)
		case x < min(n.Research, capacity*unit.MW(r.Floor))-dust:
			t.Fatalf("research gets %v MW of %v, below its floor of %v", x, capacity, r.Floor)
		case x > capacity*unit.MW(r.Floor)+dust && s < n.Serving-dust:
			t.Fatalf("research gets %v MW while customers lack %v", x, n.Serving-s)
		}
	})
}

func TestALabRaisesWhatBuysItsRunway(t *testing.T) {
	// It burns $1bn a month; below 12 months of cash it raises up to 24.
	view := RoundView{Ahead: unit.Dollars(1e9), Cash: unit.Dollars(6e9), SinceLast: 6, Interval: 6, Funding: "rounds", RunwayTrigger: 12, RunwayTarget: 24}
	tests := []struct {
		name   string
		change func(*RoundView)
		want   float64
	}{
		{"six months of cash: it raises eighteen", func(*RoundView) {}, 18e9},
		{"a month short of the trigger", func(v *RoundView) { v.Cash = unit.Dollars(11e9) }, 13e9},
		{"at the trigger it waits", func(v *RoundView) { v.Cash = unit.Dollars(12e9) }, 0},
		{"in debt it raises that too", func(v *RoundView) { v.Cash = unit.Dollars(-2e9) }, 26e9},
		{"too soon after the last round", func(v *RoundView) { v.SinceLast = 5 }, 0},
		{"without burn it needs none", func(v *RoundView) { v.Ahead = 0 }, 0},
		{"not even in debt", func(v *RoundView) { v.Ahead, v.Cash = 0, unit.Dollars(-2e9) }, 0},
		{"nor when cash comes in", func(v *RoundView) { v.Ahead = unit.Dollars(-1e9) }, 0},
		{"a parent's lab raises nothing", func(v *RoundView) { v.Funding = "parent" }, 0},
		{"nor does a business's", func(v *RoundView) { v.Funding = "business" }, 0},
		{"a target below what it has asks for nothing", func(v *RoundView) { v.RunwayTarget = 3 }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := view
			tt.change(&v)
			if got := v.Raise(); got != unit.Dollars(tt.want) {
				t.Errorf("%+v: raises $%v, want $%v", v, got.Dollars(), tt.want)
			}
		})
	}
}
