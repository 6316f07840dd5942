package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// hiring is a plan of lab-a that hires from lab-b in March 2026.
func hiring(change func(*contract.CostPlan)) contract.Contract {
	c := &contract.CostPlan{Firm: labA, From: labB, Starts: unit.Date(2026, 3), Term: 24, Onboarding: 1}
	change(c)
	return contract.Contract{Key: "hiring", Kind: "cost-plan", Signed: unit.Date(2026, 2), Terms: c}
}

// after plays the first year of the central run.
func after(t *testing.T, m *Model, months int) *World {
	t.Helper()
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for k := range months {
		if err := w.Step(m.Start + unit.Month(k) + 1); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestPeopleCostStaffOnTopOfWhatComputeBrings(t *testing.T) {
	plan := hiring(func(c *contract.CostPlan) {
		c.Payment, c.Costs = unit.Dollars(300e6), []contract.Cost{{From: unit.Date(2026, 3), Rate: 120e6}}
	})
	with, without := after(t, small(plan), 6), after(t, small(), 6)
	// Once $300M, and $10M in each of March to June.
	staff := func(w *World) unit.USD { return w.books.Balance(labA, ledger.Staff) }
	if more := staff(with) - staff(without); more != unit.Dollars(340e6) {
		t.Errorf("lab-a books %v of staff more, want $340M", more.Dollars())
	}
	gets := func(w *World) unit.USD { return w.books.Amount(labB, ledger.OtherIncome) }
	if more := gets(with) - gets(without); more != unit.Dollars(300e6) {
		t.Errorf("lab-b, which let them go, gets %v, want $300M", more.Dollars())
	}
	if with.cash(labA) >= without.cash(labA) {
		t.Error("hiring costs no cash")
	}
}

func TestPeopleHiredSpeedAlgorithmsUpAndThoseWhoLeftSlowThem(t *testing.T) {
	plan := hiring(func(c *contract.CostPlan) { c.Pace, c.Setback = 0.5, 2 })
	with, without := after(t, small(plan), 3), after(t, small(), 3)
	// Two points at eleven a power of ten.
	lost := 2.0 / 11 * ln10
	if got := without.labs[1].algorithms - with.labs[1].algorithms; math.Abs(got-lost) > 0.02 {
		t.Errorf("lab-b's algorithms stand %.4f lower in logs, want %.4f", got, lost)
	}
	// In its first month the plan has made lab-a's own progress half as fast again.
	if got := with.labs[0].pace; got != 1.5 {
		t.Errorf("lab-a's pace is %v, want 1.5", got)
	}
	if with.labs[0].algorithms <= without.labs[0].algorithms {
		t.Error("lab-a's algorithms are no better for it")
	}
}

func TestAPlanToKeepPeopleKeepsThem(t *testing.T) {
	m := small(hiring(func(c *contract.CostPlan) { c.From, c.Retention, c.Term = id.None, 1, 600 }))
	m.Market.Research.TalentHazard = 0.2
	x := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 1}, true)
	lost := map[id.Firm]int{}
	for _, e := range x.events {
		if e.Kind == "talent" && e.Month >= unit.Date(2026, 3) {
			lost[e.Firm]++
		}
	}
	if lost[labA] != 0 || lost[labB] == 0 {
		t.Errorf("lab-a, whose people all stay, loses them %d times, lab-b %d times", lost[labA], lost[labB])
	}
}

func TestAPlanOutlivesTheFirmHiredFromButNotItsOwn(t *testing.T) {
	plan := hiring(func(c *contract.CostPlan) { c.Pace = 0.5 })
	w := after(t, small(plan), 4)
	w.firms[labB].failed = true
	if w.recruit(unit.Date(2026, 5)); w.labs[0].pace != 1.5 {
		t.Errorf("with lab-b gone the pace is %v, want 1.5", w.labs[0].pace)
	}
	w.firms[labA].failed = true
	if w.recruit(unit.Date(2026, 5)); w.labs[0].pace != 1 {
		t.Errorf("with lab-a gone the pace is %v, want 1", w.labs[0].pace)
	}
}
