package contract

import (
	"testing"

	"powerplay/sim/unit"
)

func goodGuarantee() *Guarantee {
	return &Guarantee{Guarantor: fund, Debtor: lab, Beneficiary: cloud, Covers: "rent", Cap: unit.Dollars(100), Grace: 2, Term: 192}
}

func TestAGuaranteePaysUpToItsCap(t *testing.T) {
	c, s := goodGuarantee(), State{Paid: unit.Dollars(70)}
	for loss, want := range map[float64]float64{20: 20, 30: 30, 50: 30, 0: 0} {
		if got := c.Pays(unit.Dollars(loss), &s); got != unit.Dollars(want) {
			t.Errorf("of a loss of %v it pays %v, want %v of the 30 that are left", loss, got.Dollars(), want)
		}
	}
}

func TestAGuaranteeIsCalledAfterItsGrace(t *testing.T) {
	c := goodGuarantee()
	var s State
	for n, want := range []bool{false, false, true, true} {
		if got := c.Late(start+unit.Month(n), 1, &s); got != want {
			t.Errorf("after %d months it is called: %v, want %v", n, got, want)
		}
	}
	c.Late(start+4, 0, &s)
	if c.Late(start+5, 1, &s) {
		t.Error("once all was paid the grace does not begin anew")
	}
}

func TestAGuaranteedValueFallsToNothing(t *testing.T) {
	c := but(goodGuarantee(), func(c *Guarantee) { c.Value = unit.Dollars(1920) })
	for months, want := range map[unit.Month]float64{0: 1920, 48: 1440, 192: 0, 240: 0} {
		if got := c.Guaranteed(start, start+months); got != unit.Dollars(want) {
			t.Errorf("after %d months %v is guaranteed, want %v", months, got.Dollars(), want)
		}
	}
}
