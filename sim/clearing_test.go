package sim

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// penniless is a small world in which lab A, the fund and the maker have so much cash each, borrow nothing, and
// owe each other bills.
func penniless(t *testing.T, cash [3]float64, bills ...arrear) *World {
	t.Helper()
	m := small()
	for i, f := range []id.Firm{labA, fund, maker} {
		m.Firms[f].Cash = unit.Dollars(cash[i])
	}
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.books.StartMonth()
	for _, f := range []id.Firm{fund, maker} { // so that nobody lends them anything
		w.firms[f].closes = false
	}
	w.arrears.reset()
	for _, a := range bills {
		w.books.Accrue(a.debtor, a.creditor, ledger.OtherExpense, ledger.OtherIncome, a.amount, ledger.For("test"))
		w.arrears.add(a)
	}
	return w
}

func bill(debtor, creditor id.Firm, dollars float64) arrear {
	return arrear{debtor: debtor, creditor: creditor, amount: unit.Dollars(dollars)}
}

func TestBillsOfFirmsThatCannotPayEachOtherAreClearedAtOnce(t *testing.T) {
	interest := bill(labA, buyer, 30)
	interest.senior = true
	tests := []struct {
		name  string
		cash  [3]float64
		bills []arrear
		left  []float64  // of each bill that is not paid in full, in their order
		after [3]float64 // cash
	}{
		{"a circle without money is paid", [3]float64{}, []arrear{bill(labA, fund, 100), bill(fund, maker, 100), bill(maker, labA, 100)}, nil, [3]float64{}},
		// labA pays a = 20 + 40, fund 10 + a/2 = 40 of 150.
		{
			"in proportion and both ways",
			[3]float64{20, 10, 0},
			[]arrear{bill(labA, fund, 100), bill(fund, labA, 150), bill(labA, buyer, 100)},
			[]float64{70, 110, 70},
			[3]float64{},
		},
		{"lenders first", [3]float64{20, 0, 0}, []arrear{bill(labA, fund, 100), interest, bill(fund, labA, 50)}, []float64{100, 10, 50}, [3]float64{}},
		{"a single debtor pays whom it has owed longest", [3]float64{60, 500, 0}, []arrear{bill(labA, fund, 50), bill(labA, maker, 50)}, []float64{40}, [3]float64{0, 550, 10}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := penniless(t, tt.cash, tt.bills...)
			w.billArrears(w.m.Start + 1)
			var left []float64
			for _, a := range w.arrears.list {
				left = append(left, a.amount.Dollars())
			}
			if len(left) != len(tt.left) {
				t.Fatalf("bills of %v are left, want %v", left, tt.left)
			}
			for i := range left {
				if left[i] != tt.left[i] {
					t.Errorf("bills of %v are left, want %v", left, tt.left)
				}
			}
			for i, f := range []id.Firm{labA, fund, maker} {
				if got := w.cash(f).Dollars(); got != tt.after[i] {
					t.Errorf("%s has %v, want %v", w.name(f), got, tt.after[i])
				}
			}
			if err := w.books.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestACentLostToRoundingIsNoFirmsDebt(t *testing.T) {
	// Lab A has 1 cent for three creditors and pays none of them; the fund passes on more than it gets by that cent.
	w := penniless(t, [3]float64{1.00, 0, 0}, bill(labA, fund, 2), bill(labA, maker, 1), bill(fund, labA, 0.50), bill(fund, maker, 0.50))
	w.billArrears(w.m.Start + 1)
	for _, f := range []id.Firm{labA, fund, maker} {
		if x := w.cash(f); x < 0 {
			t.Errorf("%s has %d cents", w.name(f), x)
		}
	}
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

func TestAClearingTellsItsRange(t *testing.T) {
	w := penniless(t, [3]float64{40, 40, 0}, bill(labA, fund, 100), bill(fund, labA, 110))
	x := &trace{}
	w.Listen(x, true)
	w.m.Market.Distress.Recovery = 0.5
	w.billArrears(w.m.Start + 1)
	// The fund pays all but nothing: 40 + 100 ≥ 110, and lab A 40 + 110 ≥ 100: both pay in full, so nothing is told.
	if len(x.events) != 0 {
		t.Errorf("told of %v, want nothing where all are paid", x.events)
	}
	w = penniless(t, [3]float64{10, 0, 0}, bill(labA, fund, 100), bill(fund, labA, 60))
	w.m.Market.Distress.Recovery = 0.5
	w.Listen(x, true)
	w.billArrears(w.m.Start + 1)
	if len(x.events) != 1 || x.events[0].Kind != "clearing" || x.events[0].Firm != labA {
		t.Fatalf("told of %v, want of lab A", x.events)
	}
	// At the most lab A pays 10 + 60; at the least it fails and pays half of 10 + p, and the fund half of that.
	why := x.events[0].Why
	if len(why) != 3 || why[0].Value != 100 || why[1].Value != 70 || why[2].Value < 6.66 || why[2].Value > 6.67 {
		t.Errorf("its numbers are %v, want owed 100, paid 70, at the least 6.67", why)
	}
}

func TestADefaultTellsWhatItsCreditorsCouldGet(t *testing.T) {
	w := penniless(t, [3]float64{10, 0, 0}, bill(labA, fund, 100), bill(fund, labA, 60))
	w.m.Market.Distress.Recovery = 0.5
	// At the most half of 10 + p comes out of lab A and half of that out of the fund: p = (10 + p/2)/2.
	most, least, ok := w.clearingRange(labA)
	if !ok || most < 6.66 || most > 6.67 || least < 6.66 || least > 6.67 {
		t.Errorf("lab A pays %.2f to %.2f (%v), want 6.67 either way", least, most, ok)
	}
	w = penniless(t, [3]float64{10, 0, 0}, bill(labA, cloudC, 100))
	if _, _, ok := w.clearingRange(labA); ok {
		t.Error("who owes only a firm that can pay has a range, want none")
	}
}

func TestClearingAllocatesNothing(t *testing.T) {
	w := penniless(t, [3]float64{20, 10, 0}, bill(labA, fund, 100), bill(fund, labA, 150), bill(labA, buyer, 100))
	bills := append([]arrear(nil), w.arrears.list...)
	w.billArrears(w.m.Start + 1)
	n := testing.AllocsPerRun(20, func() {
		w.arrears.reset()
		for _, a := range bills {
			w.arrears.add(a)
		}
		w.billArrears(w.m.Start + 1)
	})
	if n != 0 {
		t.Errorf("clearing allocates %v times, want 0", n)
	}
}
