package contract

import "powerplay/sim/unit"

// Waiver is the price at which a right can be bought out, as each right over OpenAI's compute was in the end.
// Source: clauses.md 1 and 2.
type Waiver struct {
	Price unit.USD    `default:"$0" doc:"what the holder takes for giving the right up; $0: it does not"`
	Paid  string      `choice:"cash,commitment,equity" default:"commitment" doc:"in money, in spend promised to the holder, or in shares at the last price"`
	Term  unit.Months `default:"84 months" doc:"with a commitment: time over which it is spent"`
	From  unit.Month  `doc:"first month in which the holder agrees; from signing without it"`
}

// Waivable is a right that its holder sells for a price.
type Waivable interface {
	BuyOut() *Waiver
}

func (w *Waiver) faults() []Fault {
	f := notNegative("waiver.price", float64(w.Price))
	if w.Price > 0 && w.Paid == "commitment" {
		f = append(f, positive("waiver.term", float64(w.Term))...)
	}
	return f
}
