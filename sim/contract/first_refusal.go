package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// FirstRefusal lets its holder match the best outside offer for a lab's capacity, at the offered date and price, less
// Discount. What the holder declines goes to the next right in line, by precedence, then to the outside seller; the
// right survives for the next request.
//
// While it is live rivals bid less often and dearer: market.Compute.RefusalDeterrence and RefusalShading. A right to be
// told only (Match "notify") deters nobody: the holder hears of the offer and may bid as well.
// Source: clauses.md 2; Bikhchandani, Lippman and Reade, "On the Right-of-First-Refusal", B.E. Advances in
// Theoretical Economics 5(1), 2005, for the sign of both effects.
type FirstRefusal struct {
	Holder    id.Firm     `need:"true" doc:"who may match"`
	Lab       id.Firm     `need:"true" doc:"whose requests fall under the right"`
	Notice    unit.Months `need:"true" doc:"how long the holder may think after a notice"`
	Threshold unit.MW     `default:"0 MW" doc:"smaller requests are free"`
	Match     string      `choice:"full,partial,notify" default:"partial" doc:"whether the holder takes all or nothing, may take a part, or is only told and may bid"`
	Discount  unit.Share  `default:"0%" doc:"how far below the offered rent the holder may match"`
	Waiver    Waiver      `doc:"price at which the lab can buy the right out"`
}

// MatchRule says how far a right goes.
type MatchRule uint8

// The rules, the weakest first.
const (
	Notify  MatchRule = iota // the holder is told, and may bid
	Full                     // it may take the whole offer
	Partial                  // or a part of it
)

// Faults implements [Clause].
func (c *FirstRefusal) Faults() []Fault {
	f := append(different("holder", "lab", c.Holder, c.Lab), notNegative("threshold", float64(c.Threshold))...)
	if c.Notice < 0 || c.Notice > 24 {
		f = append(f, fault("notice", "must lie between 0 and 24 months", ""))
	}
	if c.Discount > 0.9 {
		f = append(f, fault("discount", "is above 90 %", "give what the holder may pay less than the offer"))
	}
	if c.Match == "notify" && c.Discount > 0 {
		f = append(f, fault("discount", "has no meaning for a holder that is only told", "leave it out, or let the holder match"))
	}
	return append(f, c.Waiver.faults()...)
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

// Answer implements [Holder].
func (c *FirstRefusal) Answer() (MatchRule, unit.Share) {
	switch c.Match {
	case "notify":
		return Notify, 0
	case "full":
		return Full, c.Discount
	}
	return Partial, c.Discount
}

// BuyOut implements [Waivable].
func (c *FirstRefusal) BuyOut() *Waiver { return &c.Waiver }

// Claim implements [Claimant]. A right to be told contradicts nobody.
func (c *FirstRefusal) Claim() Claim {
	if c.Match == "notify" {
		return Claim{Lab: c.Lab, Holder: c.Holder, Object: notice}
	}
	return Claim{Lab: c.Lab, Holder: c.Holder, Object: compute, Workload: allWork}
}
