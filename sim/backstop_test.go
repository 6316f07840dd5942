package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func backstop(tenant id.Firm) contract.Contract {
	return contract.Contract{Key: "backstop", Kind: "backstop", Signed: unit.Date(2026, 1), Until: unit.Date(2031, 12), Terms: &contract.Backstop{
		Guarantor: maker, Cloud: cloudD, Capacity: 500, Amount: unit.Dollars(20 * bn), Rent: 12 * bn, Tenant: tenant,
	}}
}

// paidUnder is what the maker pays under its guarantee by the end of 2027.
func paidUnder(t *testing.T, m *Model) (paid unit.USD, w *World) {
	t.Helper()
	m.End = unit.Date(2027, 12)
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	w = NewWorld(m)
	w.Reset(m, rng.Run{})
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "backstop" {
			if p.From != maker || p.To != cloudD {
				t.Errorf("%v pays %v under the guarantee", p.From, p.To)
			}
			paid += p.Amount
		}
	}
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	return paid, w
}

func TestAGuarantorPaysOnlyForWhatTheSpotMarketLeaves(t *testing.T) {
	busy := small(backstop(id.None))
	busy.Firms[buyer].Buyer.Need = 20_000
	if paid, _ := paidUnder(t, busy); paid != 0 {
		t.Errorf("with buyers for all there is the guarantor pays %v", paid.Dollars())
	}
	idle := small(backstop(id.None))
	idle.Firms[buyer].Buyer.Need = 0
	paid, w := paidUnder(t, idle)
	if paid <= 0 || paid != w.deals.states[2].Paid {
		t.Errorf("without buyers the guarantor pays %v, %v of it counted", paid.Dollars(), w.deals.states[2].Paid.Dollars())
	}
	none, _ := paidUnder(t, func() *Model { m := small(); m.Firms[buyer].Buyer.Need = 0; return m }())
	if none != 0 {
		t.Errorf("without a guarantee %v is paid", none.Dollars())
	}
}

func TestAGuaranteeOfATenantPaysOnceItHasLeft(t *testing.T) {
	for _, capacity := range []unit.MW{500, 0} { // lab-a rents 300 MW of cloud-d at the start
		m := small(backstop(labA))
		m.Firms[buyer].Buyer.Need = 0
		m.Firms[labA].Cash *= 100
		if capacity > 0 {
			m.Contracts[1].Terms.(*contract.CapacityReservation).Capacity = 800
		} else {
			m.Contracts = append(m.Contracts[:1], m.Contracts[2:]...)
		}
		paid, _ := paidUnder(t, m)
		if (paid > 0) != (capacity == 0) {
			t.Errorf("with 500 MW guaranteed and %v rented by its tenant the guarantor pays %v", m.Contracts[1].Key, paid.Dollars())
		}
	}
}

func TestTwoGuarantorsDoNotPayForTheSameCapacity(t *testing.T) {
	one, two := small(backstop(id.None)), small(backstop(id.None), backstop(id.None))
	for _, m := range []*Model{one, two} {
		m.Firms[buyer].Buyer.Need = 0
	}
	two.Contracts[3].Key = "second"
	_, w := paidUnder(t, two)
	for k, c := range w.clouds {
		if c.firm == cloudD && c.unsold < 0 {
			t.Errorf("%v MW of cloud %d are left unsold", c.unsold, k)
		}
	}
	var rent float64
	play(t, two, rng.Run{}, func(w *World, _ unit.Month) {
		before := rent
		rent = w.deals.states[2].Paid.Dollars() + w.deals.states[3].Paid.Dollars()
		c := &w.clouds[w.firms[cloudD].cloud]
		if most := (c.own - c.ownUsed - c.spot) / 1000 * 12 * bn / 12; rent-before > most+1 {
			t.Fatalf("%v is paid in a month for unsold capacity of a rent of %v", rent-before, most)
		}
	})
}

func TestLendersCountGuaranteedCapacityAsLet(t *testing.T) {
	contracted := func(m *Model, t0 unit.Month) float64 {
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		w.reckonPromised(t0)
		i := w.firms[cloudD].cloud
		return w.cloudView(i, &w.clouds[i].building, w.rivals(), t0).Contracted.Dollars()
	}
	t0 := unit.Date(2026, 1)
	without, with := contracted(small(), t0), contracted(small(backstop(id.None)), t0)
	if want := 500 * 29e6; with-without < 0.99*want || with-without > 1.02*want {
		t.Errorf("lenders see %.4g more of contracted cost with 500 MW guaranteed, want about %.4g", with-without, want)
	}
	if late := contracted(small(backstop(id.None)), unit.Date(2030, 12)); late != contracted(small(), unit.Date(2030, 12)) {
		t.Error("a guarantee that ends before a site stands counts")
	}
}
