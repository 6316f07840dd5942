package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// undelivered is what a firm has signed and does not have, in megawatts.
func undelivered(w *World, f id.Firm) float64 {
	x := 0.0
	for k := range w.lots {
		if l := &w.lots[k]; l.Buyer == f {
			x += float64(l.Size - l.Delivered)
		}
	}
	return x
}

// campus is capacity that lab-a has signed and that comes in 2029.
func campus() contract.Contract {
	return contract.Contract{Key: "campus", Kind: "capacity-reservation", Signed: unit.Date(2025, 1), Terms: &contract.CapacityReservation{
		Buyer: labA, Seller: cloudC, Capacity: 1000, Starts: unit.Date(2029, 1), Ramp: 1, Term: 60, Rent: 11 * bn, Floor: 1,
	}}
}

func TestAPullBackGivesUpThatPartOfWhatIsNotInService(t *testing.T) {
	m := small(campus())
	for _, tt := range []struct {
		part unit.Share
		left float64
	}{{0, 1000}, {0.4, 600}, {1, 0}} {
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		delivered := 0.0
		for k := range w.lots {
			delivered += float64(w.lots[k].Delivered)
		}
		got := w.pullBack(labA, tt.part, m.Start+1)
		if left := undelivered(w, labA); math.Abs(left-tt.left) > 1e-6 || math.Abs(float64(got)-1000+tt.left) > 1e-6 {
			t.Errorf("a part of %v gives up %v MW and leaves %v MW, want %v MW left", tt.part, got, left, tt.left)
		}
		for month := m.Start + 1; month <= m.Start+24; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAPullBackLeavesTheNewestLeasedShells(t *testing.T) {
	m := small()
	w := NewWorld(m)
	w.Reset(m, rng.Run{Seed: 1, Index: 1})
	leased := func() (x float64) {
		for k := range w.sites {
			x += w.unfilled(&w.sites[k], cloudC)
		}
		return x
	}
	for month := m.Start + 1; ; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if before := leased(); before > 200 {
			got := float64(w.pullBack(cloudC, 0.5, month+1))
			if math.Abs(got-before/2) > 1e-6 || math.Abs(leased()-before/2) > 1e-6 {
				t.Errorf("half of %g MW of leased shells: gave up %g, left %g", before, got, leased())
			}
			if err := w.Step(month + 1); err != nil { // the audit counts what is under way
				t.Fatal(err)
			}
			return
		}
	}
}

func TestWhatATenantLeavesGoesToTheOneThatLacksMost(t *testing.T) {
	m := small(campus())
	w := NewWorld(m)
	x := &trace{}
	w.Listen(x, true)
	w.Reset(m, rng.Run{})
	for month := m.Start + 1; month <= m.Start+14; month++ {
		if month == m.Start+14 { // lab-b has promised more than it will have
			w.pullBack(labA, 1, month)
		}
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range x.events {
		if e.Kind == "relet" {
			if e.Firm != labB || e.With != cloudC || e.Contract != "campus" {
				t.Errorf("%s (%v, %v, %s), want lab-b to take the campus of cloud-c", e.What, e.Firm, e.With, e.Contract)
			}
			return
		}
	}
	t.Error("nobody takes what lab-a has left")
}

func TestTheNeediestIsNotTheFirstInTheFile(t *testing.T) {
	for _, swap := range []bool{false, true} {
		m := small()
		lab := *m.Firms[labA].Lab
		m.Firms = append(m.Firms, firm.Firm{Key: "lab-e", Name: "Lab E", Cash: unit.Dollars(bn), Valuation: unit.Dollars(bn), Lab: &lab, DebtTerm: 120})
		m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		a, e := w.firms[labA].lab, w.firms[len(m.Firms)-1].lab
		if swap {
			a, e = e, a
		}
		w.labs[a].short, w.labs[e].short = 300, 500
		got, size := w.neediest(freed{left: labB, seller: cloudC, next: id.None, size: 100, ready: m.Start + 6}, m.Start+1)
		if got != e || size != 100 {
			t.Errorf("of two labs that lack 300 and 500 MW number %d takes %v MW, want number %d to take 100 MW", got, size, e)
		}
	}
}
