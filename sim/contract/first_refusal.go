package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// FirstRefusal lets its holder match the best outside offer for a lab's capacity, at the offered price and
// date. What the holder declines goes to the outside seller; the right survives for the next request.
//
// While it is live rivals bid less often and dearer: market.Compute.RefusalDeterrence and RefusalShading.
// Source: clauses.md 2; Bikhchandani, Lippman and Reade, "On the Right-of-First-Refusal", B.E. Advances in
// Theoretical Economics 5(1), 2005, for the sign of both effects.
type FirstRefusal struct {
	Holder    id.Firm     `need:"true" doc:"who may match"`
	Lab       id.Firm     `need:"true" doc:"whose requests fall under the right"`
	Notice    unit.Months `need:"true" doc:"how long the holder may think after a notice"`
	Threshold unit.MW     `default:"0 MW" doc:"smaller requests are free"`
	Match     string      `choice:"full,partial" default:"partial" doc:"whether the holder may take a part of the offer"`
}

// Faults implements [Clause].
func (c *FirstRefusal) Faults() []Fault {
	f := append(different("holder", "lab", c.Holder, c.Lab), notNegative("threshold", float64(c.Threshold))...)
	if c.Notice < 0 || c.Notice > 24 {
		f = append(f, fault("notice", "must lie between 0 and 24 months", ""))
	}
	return f
}

// Roles implements [Clause].
func (c *FirstRefusal) Roles() []Role {
	return []Role{{"holder", c.Holder, asCloud}, {"lab", c.Lab, asLab}}
}

// Parties implements [Clause].
func (c *FirstRefusal) Parties() []id.Firm { return []id.Firm{c.Lab, c.Holder} }

// Claims implements [Holder].
func (c *FirstRefusal) Claims(_ Now, _ *State, o market.Offer) (id.Firm, unit.Months, bool) {
	return c.Holder, c.Notice, o.Lab == c.Lab && o.Seller != c.Holder && o.Size >= c.Threshold
}

// Partial implements [Holder].
func (c *FirstRefusal) Partial() bool { return c.Match == "partial" }
