package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func TestTheWorthOfAPromiseHasAClosedForm(t *testing.T) {
	tests := []struct {
		name                        string
		amount, hazard, rate, years float64
		want                        float64
	}{
		{"the tranche of $35bn at 50 % a year, with 33 months to go", 35, 0.5, 0.08, 2.75, 24.050},
		{"not discounted it is the chance that it comes", 35, 0.5, 0, 2.75, 35 * (1 - math.Exp(-1.375))},
		{"without end", 35, 0.5, 0.08, 1000, 35 * 0.5 / 0.58},
		{"an event that never comes", 35, 0, 0.08, 2.75, 0},
		{"no time", 35, 0.5, 0.08, 0, 0},
		{"none left", 35, 0.5, 0.08, -1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := PresentValue(unit.Dollars(tt.amount*1e9), unit.Rate(tt.hazard), unit.Rate(tt.rate), tt.years).Dollars() / 1e9
			if math.Abs(got-tt.want) > 0.0005 {
				t.Errorf("is worth $%vbn, want $%.3fbn", got, tt.want)
			}
		})
	}
}

// listing is a promise of $35bn at a listing, with 33 months to go from the start.
func listing() *MilestoneFunding {
	return &MilestoneFunding{Investor: cloud, Company: lab, DiscountRate: 0.08, Tranches: []Tranche{{
		Amount: unit.Dollars(35e9), By: start + 33, Events: []Event{{What: "a listing", Hazard: 0.5, Chance: 1}},
	}}}
}

// paidAfter is the month in which a run pays a tranche, counted from the start; 0 if it lapses.
func paidAfter(c *MilestoneFunding, r rng.Run) int {
	var s State
	for k := 0; k < 60; k++ {
		var out Dues
		c.Test(Now{Month: start + unit.Month(k), Start: start, Signed: start, Run: r, Luck: 77}, &s, &out)
		if len(out.Purchases) > 0 {
			return k
		}
	}
	return 0
}

// The model tests once a month and pays in the month after the close that it reads, so a payment comes half a month
// later on average than in the middle of time, and one month more: its mean worth is exp(−r·1.5/12) of (6.7), 1.0 %
// less at 8 %.
func TestTheMonthlyTestPaysWhatTheClosedFormSays(t *testing.T) {
	c := listing()
	tr := &c.Tranches[0]
	exact := PresentValue(tr.Amount, 0.5, c.DiscountRate, 2.75).Dollars() / 1e9
	monthly := 0.0 // what the monthly test is worth over all draws
	for k := 1; k <= 33; k++ {
		monthly += 35 * (num.Exp(-0.5*float64(k-1)/12) - num.Exp(-0.5*float64(k)/12)) * num.Exp(-0.08*float64(k+1)/12)
	}
	if late := monthly / exact; math.Abs(late-math.Exp(-0.08*1.5/12)) > 0.0005 {
		t.Errorf("the monthly test is worth %v of the closed form, want exp(-0.01)", late)
	}
	const runs = 20000
	sum, squares := 0.0, 0.0
	for i := range runs {
		x := 0.0
		if k := paidAfter(c, rng.Run{Seed: 9, Index: uint64(i + 1)}); k > 0 {
			x = 35 * num.Exp(-0.08*float64(k)/12)
		}
		sum += x
		squares += x * x
	}
	mean := sum / runs
	deviation := math.Sqrt((squares/runs - mean*mean) / runs)
	t.Logf("closed form $%.3fbn, monthly test $%.3fbn, mean of %d runs $%.3fbn ± %.3f", exact, monthly, runs, mean, deviation)
	if math.Abs(mean-monthly) > 4*deviation || math.Abs(mean/exact-1) > 0.025 {
		t.Errorf("the mean of %d runs is $%vbn, want $%vbn within %v", runs, mean, monthly, 4*deviation)
	}
}

func TestTheCentralRunHasAnEventAtItsMedianDate(t *testing.T) {
	// The median wait at 50 % a year is ln 2/0.5 years, 16.6 months: the close of the 17th, paid in the 18th.
	if got := paidAfter(listing(), rng.Run{}); got != 18 {
		t.Errorf("pays in month %d, want 18", got)
	}
	c := listing()
	c.Tranches[0].By = start + 16
	if got := paidAfter(c, rng.Run{}); got != 0 {
		t.Errorf("pays in month %d though the event comes too late", got)
	}
	c = listing()
	c.Tranches[0].Events[0].Delay = 6
	if got := paidAfter(c, rng.Run{}); got != 24 {
		t.Errorf("with six months to a verdict it pays in month %d, want 24", got)
	}
	c.Tranches[0].Events[0].Chance = 0.4
	if got := paidAfter(c, rng.Run{}); got != 0 {
		t.Errorf("pays in month %d though the verdict goes against it", got)
	}
	c = listing()
	c.Tranches[0].Events = append([]Event{{What: "never in time", Hazard: 0.01, Chance: 1}}, c.Tranches[0].Events...)
	if got := paidAfter(c, rng.Run{}); got != 18 {
		t.Errorf("pays in month %d, want 18: the first of several events counts", got)
	}
}

func TestTheFirstOfConditionAndEventReleasesATranche(t *testing.T) {
	panel, shut, reaches := energised(start - 1)
	c := listing()
	for _, tt := range []struct {
		mw   float64
		want int
	}{{500, 5}, {9999, 18}} {
		c.Tranches[0].When = reaches(tt.mw)
		var s State
		got := 0
		for k := range 60 {
			now := Now{Month: start + unit.Month(k), Start: start, Signed: start, Measures: panel}
			shut(now.Month - 1)
			var out Dues
			if c.Test(now, &s, &out); len(out.Purchases) > 0 {
				got = k
			}
		}
		if got != tt.want {
			t.Errorf("paid in month %d at %v MW or a listing, want %d", got, tt.mw, tt.want)
		}
	}
}

func TestWhatAMissedTrancheLeadsTo(t *testing.T) {
	never := measure.Test{Text: "never", Holds: func(*measure.Panel) bool { return false }}
	miss := func(what string) Dues {
		c := MilestoneFunding{
			Investor: cloud, Company: lab, Upfront: Upfront{Amount: unit.Dollars(40)}, OnMiss: what, ShrinkTo: 0.25, PriceCut: 0.2, DebtRate: 0.12, DebtTerm: 12,
			Tranches: []Tranche{{Amount: unit.Dollars(100), When: never, By: start, PreMoney: unit.Dollars(900)}},
		}
		var s State
		var out Dues
		c.Test(Now{Month: start, Contract: 3}, &s, &out)
		out.Clear()
		c.Test(Now{Month: start + 1, Contract: 3}, &s, &out)
		return out
	}
	back := Loan{Unwind, unit.Dollars(40), 0, 3}
	tests := []struct {
		miss   string
		buys   []Purchase
		loans  []Loan
		lapses int
	}{
		{"reprice", []Purchase{{Investor: cloud, Company: lab, Amount: unit.Dollars(100), PreMoney: unit.Dollars(900), Discount: 0.2, Kind: "tranche, repriced", Contract: 3, Part: 1}}, nil, 0},
		{"option", []Purchase{{Investor: cloud, Company: lab, Amount: unit.Dollars(100), PreMoney: unit.Dollars(900), Least: unit.Dollars(25), Kind: "tranche, missed", Contract: 3, Part: 1}}, nil, 0},
		{"repay", nil, []Loan{back, {Repay, unit.Dollars(40), 0, 3}}, 1},
		{"debt", nil, []Loan{back}, 1},
	}
	for _, tt := range tests {
		out := miss(tt.miss)
		if !slices.Equal(out.Purchases, tt.buys) || !slices.Equal(out.Loans, tt.loans) || len(out.Lapses) != tt.lapses {
			t.Errorf("%s: %+v, want purchases %+v, loans %+v and %d lapses", tt.miss, out, tt.buys, tt.loans, tt.lapses)
		}
	}
}

func TestMoneyTakenBackAsDebtBearsInterestAndFallsDue(t *testing.T) {
	c := goodFunding()
	c.OnMiss, c.DebtRate, c.DebtTerm = "debt", 0.12, 3
	s := State{Owed: unit.Dollars(100), Since: start, Done: 7}
	var got []Loan
	for k := range unit.Month(5) {
		var out Dues
		c.Test(Now{Month: start + 1 + k, Contract: 3}, &s, &out)
		got = append(got, out.Loans...)
		for _, l := range out.Loans {
			s.Owed += l.Amount
			if l.Move == Repay {
				s.Owed = 0
			}
		}
	}
	want := []Loan{{Capitalise, 1_00, 0, 3}, {Capitalise, 1_01, 0, 3}, {Capitalise, 1_02, 0, 3}, {Repay, 103_03, 0, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("asks for %+v, want %+v", got, want)
	}
}

func TestTheWorthOfEventsIsToldAtSigning(t *testing.T) {
	tests := []struct {
		name   string
		events []Event
		want   float64 // 0: not told
	}{
		{"one event", []Event{{Hazard: 0.5, Chance: 1}}, 24.050},
		{"two events of half the hazard", []Event{{Hazard: 0.25, Chance: 1}, {Hazard: 0.25, Chance: 1}}, 24.050},
		{"a verdict that comes once in two", []Event{{Hazard: 0.5, Chance: 0.5}}, 12.025},
		{"and a year later", []Event{{Hazard: 0.5, Chance: 0.5, Delay: 12}}, 35 * 0.5 / 0.58 * (1 - math.Exp(-0.58*1.75)) * 0.5 * math.Exp(-0.08)},
		{"several with verdicts", []Event{{Hazard: 0.5, Chance: 0.5}, {Hazard: 0.5, Chance: 1}}, 0},
		{"no event", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := listing()
			c.Tranches[0].Events = tt.events
			c.Tranches[0].When = measure.Test{Holds: func(*measure.Panel) bool { return false }}
			var s State
			var out Dues
			c.Test(Now{Month: start, Start: start, Signed: start, Told: true}, &s, &out)
			got := 0.0
			for _, n := range out.Notes {
				if n.Kind == "worth" {
					got = n.Why[1].Value / 1e9
				}
			}
			if math.Abs(got-tt.want) > 0.0005 {
				t.Errorf("tells $%vbn, want $%.3fbn", got, tt.want)
			}
		})
	}
}
