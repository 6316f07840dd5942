package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Cents that rounding leaves under a promise are posted, and are no event.
func TestCentsThatAreOwedAreNoEvent(t *testing.T) {
	m := small(contract.Contract{Key: "spend", Kind: "take-or-pay", Signed: unit.Date(2025, 12), Terms: &contract.TakeOrPay{
		Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(bn), Starts: unit.Date(2026, 1), Term: 24, Floor: 1,
	}})
	for amount, events := range map[unit.USD]int{3: 0, unit.Dollars(2e6): 1} {
		w, x := NewWorld(m), &trace{}
		w.Listen(x, true)
		w.Reset(m, rng.Run{})
		x.events = nil
		before := w.cash(cloudC)
		w.payDue(&contract.Payment{From: labA, To: cloudC, Amount: amount, Kind: "take-or-pay", Income: contract.Compute}, 0, m.Start+1)
		if got := w.cash(cloudC) - before; got != amount {
			t.Errorf("of %v %v are paid", amount, got)
		}
		if len(x.events) != events {
			t.Errorf("%v make the events %+v, want %d", amount, x.events, events)
		}
	}
}
