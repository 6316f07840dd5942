package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Lab A has 1.2 GW of cloud C and 300 MW of cloud D under contract, at 11bn a gigawatt-year with a floor of 85 %.
func TestOneRentServesAFloorAndAPromise(t *testing.T) {
	start := unit.Date(2025, 12)
	floorC, floorD := 1.2*11*bn*0.85*36/12, 0.3*11*bn*0.85*24/12 // to the end of 2028 and of 2027
	for _, tt := range []struct {
		name    string
		promise float64 // dollars to spend with cloud C in the ten years from 2026, 85 % of it at least
		want    float64
	}{
		{"no promise", 0, floorC + floorD},
		{"a promise that the floors keep", 20 * bn, floorC + floorD},
		{"a larger one", 100 * bn, 85*bn + floorD},
	} {
		m := small(contract.Contract{Key: "spend", Kind: "take-or-pay", Signed: start, Terms: &contract.TakeOrPay{
			Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(tt.promise), Starts: start + 1, Term: 120, Ramp: 1, Floor: 0.85,
		}})
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		got := w.Panel().At(m.Layout.Of(measure.CommitmentsOutstanding, int(labA)))
		if math.Abs(got-tt.want) > 1e6 {
			t.Errorf("%s: $%.4gbn are outstanding, want $%.4gbn", tt.name, got/bn, tt.want/bn)
		}
	}
}

func TestAPromiseThatIsOverNoLongerCountsFloors(t *testing.T) {
	promise := func(key string, term unit.Months) contract.Contract {
		return contract.Contract{Key: key, Kind: "take-or-pay", Signed: unit.Date(2025, 12), Terms: &contract.TakeOrPay{
			Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(100 * bn), Starts: unit.Date(2026, 1), Term: term, Ramp: 1, Floor: 0.85,
		}}
	}
	outstanding := func(given ...contract.Contract) float64 {
		m := small(given...)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		if len(given) > 1 {
			w.deals.states[len(m.Contracts)-1].Ended = true
			w.measure(m.Start, w.panel.Open(m.Start))
		}
		return get(w, measure.CommitmentsOutstanding, labA)
	}
	if got, want := outstanding(promise("short", 12), promise("long", 120)), outstanding(promise("short", 12)); got != want {
		t.Errorf("after a longer promise has ended $%.4gbn are outstanding, want $%.4gbn as without it", got/bn, want/bn)
	}
}
