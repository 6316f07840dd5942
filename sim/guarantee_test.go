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

// guaranteed is the small world with a guarantee of the maker for lab A, opened and not yet played.
func guaranteed(change func(*contract.Guarantee)) (*World, *contract.State) {
	g := &contract.Guarantee{Guarantor: maker, Debtor: labA, Beneficiary: cloudD, Covers: "rent", Cap: unit.Dollars(3 * bn), Grace: 2, Term: 192}
	change(g)
	m := small(contract.Contract{Key: "backstop", Kind: "guarantee", Signed: unit.Date(2025, 12), Terms: g})
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.arrears.reset()
	return w, &w.deals.states[w.deals.guarantees[0].id]
}

// owe leaves a bill of lab A to cloud D unpaid.
func owe(w *World, dollars float64) {
	w.books.Accrue(labA, cloudD, ledger.ComputeCost, ledger.ComputeRevenue, unit.Dollars(dollars), ledger.For("test"))
	w.arrears.add(arrear{debtor: labA, creditor: cloudD, amount: unit.Dollars(dollars)})
}

func TestAGuarantorPaysATenantsRentAndTakesTheClaimOver(t *testing.T) {
	w, s := guaranteed(func(*contract.Guarantee) {})
	owe(w, 5*bn)
	before := w.cash(cloudD)
	for month := unit.Date(2026, 1); month < unit.Date(2026, 3); month++ {
		w.callGuarantees(month)
	}
	if s.Paid != 0 {
		t.Errorf("%v is paid within the grace, want nothing", s.Paid)
	}
	w.callGuarantees(unit.Date(2026, 3))
	w.callGuarantees(unit.Date(2026, 4))
	if got := w.cash(cloudD) - before; s.Paid != unit.Dollars(3*bn) || got != s.Paid {
		t.Errorf("the landlord gets %v of $5bn and %v counts as paid, want the cap of $3bn", got.Dollars(), s.Paid.Dollars())
	}
	to := map[bool]unit.USD{}
	for _, a := range w.arrears.list {
		to[a.creditor == maker] += a.amount
	}
	if to[true] != unit.Dollars(3*bn) || to[false] != unit.Dollars(2*bn) {
		t.Errorf("lab A owes the guarantor %v and the landlord %v, want $3bn and $2bn", to[true].Dollars(), to[false].Dollars())
	}
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

func TestADefaultCallsForBillsAndForRentThatIsLost(t *testing.T) {
	w, s := guaranteed(func(g *contract.Guarantee) { g.Cap = unit.Dollars(100 * bn) })
	owe(w, bn)
	lost := 0.0
	for i := range w.lots {
		if l := &w.lots[i]; l.Buyer == labA && l.Seller == cloudD {
			lost += l.Rest(w.m.Start).Dollars() * 0.2 // another tenant pays four fifths of the same rent
		}
	}
	w.callOnDefault(labA, w.m.Start)
	if got := s.Paid.Dollars(); lost <= 0 || math.Abs(got-bn-lost) > 1 {
		t.Errorf("$%.3fbn is called, want the bill of 1 and %.3f of rent", got/bn, lost/bn)
	}
}

func TestAResidualValueIsMadeGoodWhenTheTenantLeaves(t *testing.T) {
	residual := func(g *contract.Guarantee) {
		g.Covers, g.Value, g.Cap = "residual", unit.Dollars(20*bn), unit.Dollars(15*bn)
	}
	// After four of sixteen years $15bn of 20 are guaranteed. The plant is worth four fifths of rent over full cost.
	for name, tt := range map[string]struct{ rent, want float64 }{
		"at full cost it lacks a fifth":   {1, 3},
		"at half of it three fifths":      {0.5, 9},
		"at half as much again nothing":   {1.5, 0},
		"without rent all, up to the cap": {0, 15},
	} {
		w, s := guaranteed(residual)
		month := unit.Date(2029, 12)
		w.callGuarantees(unit.Date(2026, 1)) // the tenant is there
		if s.Paid != 0 || s.Ended {
			t.Fatalf("%s: called while the tenant is there", name)
		}
		w.lots = w.lots[:0]
		w.indexLots(0)
		c := &w.clouds[w.firms[cloudD].cloud]
		c.cost = 10 * bn
		w.rent = tt.rent * c.cost
		w.callGuarantees(month)
		if got := s.Paid.Dollars() / bn; math.Abs(got-tt.want) > 1e-6 || !s.Ended {
			t.Errorf("%s: $%.3fbn is paid, want %.3f", name, got, tt.want)
		}
	}
}

func TestALoanThatIsGuaranteedCostsTheGuarantor(t *testing.T) {
	w, _ := guaranteed(func(g *contract.Guarantee) { g.Debtor, g.Beneficiary, g.Covers = cloudC, id.None, "debt" })
	n := w.deals.add(lent(nil), cloudC, id.None)
	w.deals.states[n] = contract.State{Started: true, Owed: unit.Dollars(4 * bn)}
	w.books.Borrow(w.outside, cloudC, unit.Dollars(4*bn), ledger.For("test"))
	s := &w.deals.states[w.deals.guarantees[0].id]
	w.writeOffContracts(cloudC, 0.45, w.m.Start+1)
	if got := s.Paid; got != unit.Dollars(1.8*bn) { // 45 % of 4
		t.Errorf("%v is paid for the lender's loss, want $1.8bn", got.Dollars())
	}
}
