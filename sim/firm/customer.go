package firm

import (
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// LeaveView is what a buyer knows when a late seller's contract lets it leave.
type LeaveView struct {
	Lost      unit.MW   // not in service, and given up by leaving; what it counts on at the end of its lead
	Lacks     unit.MW   // what it needs beyond what it has signed; below zero it has some to spare
	Rent      unit.Rent // of what would be given up
	Market    unit.Rent
	Switching float64 // cost of another seller, log points of rent
}

// Leaves decides whether the buyer leaves: it gives nothing up, does without it, or gets it for less elsewhere.
//
//	Lost = 0,  or Lacks + Lost ≤ 0,  or Market·exp(Switching) < Rent
func (v LeaveView) Leaves() bool {
	return v.Lost <= 0 || v.Lacks+v.Lost <= 0 || float64(v.Market)*num.Exp(v.Switching) < float64(v.Rent)
}

// CallView is what the holder of an option on capacity knows when it lacks some.
type CallView struct {
	Strike       unit.Rent   // agreed rent
	Market       unit.Rent   //
	Sooner       unit.Months // than anybody else could serve
	DelayPenalty float64     // worth of one month earlier delivery, log points of rent
	Switching    float64     // cost of a seller new to the buyer, log points of rent
}

// Calls decides whether the holder calls what it lacks, by the score of an offer: the market's rent, and the wait for
// it, against the agreed rent.
//
//	ln(Strike/Market) + Switching < DelayPenalty·Sooner
func (v CallView) Calls() bool {
	return num.Log(float64(v.Strike)/float64(v.Market))+v.Switching < float64(v.DelayPenalty*float64(v.Sooner))
}
