package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// What the sites of a lab that is gone cost beyond what they take in is lost to its creditors month by month.
func TestAnEstateOwesNoMoreThanItsLastBills(t *testing.T) {
	m := small()
	m.Firms[labA].Debt, m.Firms[labA].DebtRate = unit.Dollars(1000*bn), 0.1
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	m.Market.Distress.Recovery = 1 // its debt stays, with interest beyond all that it takes in
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if month == m.Start+3 {
			w.defaultLab(w.firms[labA].lab, 0, month)
		}
	}
	owed := unit.USD(0)
	for a := range w.arrears.of(labA) {
		owed += a.amount
	}
	if month := w.generalDebt(labA).Times(0.1 / 12); owed > month || month < unit.Dollars(bn) {
		t.Errorf("$%.3gbn of bills are open years after the default, want at most a month's interest of $%.3gbn", owed.Dollars()/bn, month.Dollars()/bn)
	}
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

// A seller lets a lab off a promise of spend by what that promise is worth, not by what new lots are.
func TestReliefWeighsThePromiseItself(t *testing.T) {
	for floor, waived := range map[unit.Share]bool{0.5: true, 0.9: false} {
		m := small(contract.Contract{
			Key: "promise", Kind: "take-or-pay", Signed: unit.Date(2025, 1), Terms: &contract.TakeOrPay{
				Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(50 * bn), Starts: unit.Date(2026, 1), Term: 60, Floor: floor,
			},
		})
		m.Market.Distress.RescueChance = 0 // the seller agrees up to the four fifths that others pay
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		w.relief(w.firms[labA].lab, m.Start)
		if got := w.deals.states[len(w.deals.states)-1].Waived > 0; got != waived {
			t.Errorf("a promise of which %v is due in any case is cut: %v, want %v", floor, got, waived)
		}
	}
}

func TestTheHurdleOfAFirmThatLivesFromRoundsFollowsItsCashFlow(t *testing.T) {
	m := small()
	m.Firms[labA].Cloud, m.Firms[labA].OperatingCashFlow = smallCloud(100, 100), -20*bn
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	i := w.firms[labA].cloud
	w.reckonAnnuities(i)
	before := w.clouds[i].hurdle
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	w.reckonAnnuities(i)
	if f := &w.firms[labA]; f.cashFlow <= 0 || w.clouds[i].hurdle >= before {
		t.Errorf("with a cash flow of $%.3gbn a year its hurdle is %v, %v at the start without one", f.cashFlow/bn, w.clouds[i].hurdle, before)
	}
}
