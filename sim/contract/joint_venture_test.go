package contract

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

func goodVenture() *JointVenture {
	return &JointVenture{
		Venture: cloud, OnMiss: "dilute", DebtShare: 0.5,
		Members: []Member{{Firm: lab, Pledge: unit.Dollars(190), Output: 0.6, Lab: id.None}, {Firm: fund, Pledge: unit.Dollars(70), Lab: id.None}},
		Calls:   []Call{{Share: 0.2, On: start}, {Share: 0.8, On: start + 6}},
	}
}

func TestPledgesAreCalledInTheirOrder(t *testing.T) {
	open := false
	c := but(goodVenture(), func(c *JointVenture) {
		c.Calls[1].When = measure.Test{Holds: func(*measure.Panel) bool { return open }}
	})
	var s State
	due := func(month unit.Month) int {
		if k, ok := c.Due(Now{Month: month}, &s); ok {
			s.Settle(k)
			return k
		}
		return -1
	}
	if got := due(start - 1); got != -1 {
		t.Errorf("call %d goes out before its date", got)
	}
	if x, y := c.Pledged(0, &s), c.Pledged(1, &s); x != unit.Dollars(190) || y != unit.Dollars(70) {
		t.Errorf("%v and %v are pledged at first, want all", x, y)
	}
	if got := due(start); got != 0 {
		t.Errorf("call %d goes out first, want 0", got)
	}
	if got := c.Amount(0, 0); got != unit.Dollars(38) { // a fifth of 190
		t.Errorf("the first call asks %v, want $38", got)
	}
	if got := c.Pledged(0, &s); got != unit.Dollars(152) {
		t.Errorf("%v is left of the pledge, want $152", got)
	}
	if got := due(start + 7); got != -1 {
		t.Errorf("call %d goes out although its condition fails", got)
	}
	open = true
	if got := due(start + 7); got != 1 {
		t.Errorf("call %d goes out second, want 1", got)
	}
	if got := c.Pledged(0, &s); got != 0 || due(start+8) != -1 {
		t.Errorf("%v is pledged after the last call, want nothing", got)
	}
}

func TestProjectDebtIsDrawnInProportion(t *testing.T) {
	for share, want := range map[unit.Share]float64{0: 0, 0.5: 52, 0.8: 208} {
		c := but(goodVenture(), func(c *JointVenture) { c.DebtShare = share })
		if got := c.Draws(unit.Dollars(52)); got != unit.Dollars(want) {
			t.Errorf("with %v of debt %v is drawn beside $52, want %v", share, got, want)
		}
	}
}

func TestAVentureOlderThanTheStartHasHadItsCalls(t *testing.T) {
	c := goodVenture()
	var s State
	c.Open(start+3, &s)
	if !s.Settled(0) || s.Settled(1) || s.Paid != unit.Dollars(52) {
		t.Errorf("opens with %+v, want the first call settled and $52 paid", s)
	}
}

func TestAMembersCapacityGoesToItselfOrItsLab(t *testing.T) {
	own, other := Member{Firm: lab, Lab: id.None}, Member{Firm: fund, Lab: lab}
	if own.Taker() != lab || other.Taker() != lab {
		t.Errorf("taken by %v and %v, want the lab", own.Taker(), other.Taker())
	}
}
