package contract

import (
	"fmt"
	"math"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// TakeOrPay makes the buyer pay a minimum whether or not it uses what it promised to buy.
//
//	promised(t) = Commitment spread over Term from Starts, rising linearly over Ramp
//	shortfall   = max(0, Floor × promised(t) − usage bill)
//
// A shortfall is due once a year, at the end of each contract year, on the year's totals: a dry month is
// made up by a busy one. Source: clauses.md 3.
type TakeOrPay struct {
	Buyer      id.Firm     `need:"true" doc:"who promises to buy"`
	Seller     id.Firm     `need:"true" doc:"who promises to deliver"`
	Commitment unit.USD    `need:"true" doc:"spend promised over the term"`
	Starts     unit.Month  `need:"true" doc:"first month that counts"`
	Term       unit.Months `need:"true" doc:"length of the promise"`
	Ramp       unit.Months `default:"0 months" doc:"time over which the promised amount rises from zero"`
	Floor      unit.Share  `need:"true" doc:"share of the promise that is paid regardless"`
}

// Faults implements [Clause].
func (c *TakeOrPay) Faults() []Fault {
	f := append(positive("commitment", float64(c.Commitment)), positive("term", float64(c.Term))...)
	f = append(f, notNegative("ramp", float64(c.Ramp))...)
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", fmt.Sprintf("is longer (%g months) than the term (%g months)", c.Ramp, c.Term), "shorten the ramp"))
	}
	return append(f, different("buyer", "seller", c.Buyer, c.Seller)...)
}

// Roles implements [Clause].
func (c *TakeOrPay) Roles() []Role {
	return []Role{{"buyer", c.Buyer, asCustomer}, {"seller", c.Seller, asCloud}}
}

// Parties implements [Clause].
func (c *TakeOrPay) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Seller} }

// between returns the spend promised from n months after the start to m months after it, less what was given
// up in renegotiation.
func (c *TakeOrPay) between(n, m float64, s *State) unit.USD {
	part := (c.area(m) - c.area(n)) / c.area(float64(c.Term))
	return c.Commitment.Times(part * (1 - s.Waived))
}

// area is the promise of the first n months, in months at full level: a triangle while it rises, then a block.
func (c *TakeOrPay) area(n float64) float64 {
	n = max(0, min(float64(c.Term), n))
	if ramp := float64(c.Ramp); n >= ramp {
		return n - float64(ramp/2)
	}
	return n * n / 2 / float64(c.Ramp)
}

// promised returns the spend promised for month t.
func (c *TakeOrPay) promised(t unit.Month, s *State) unit.USD {
	n := float64(t - c.Starts)
	return c.between(n, n+1, s)
}

// Bill asks for the shortfall of a contract year at its end.
func (c *TakeOrPay) Bill(now Now, s *State, m *Meter, out *Dues) {
	n := float64(now.Month-c.Starts) + 1 // months of the term, this one included
	if n < 1 || n >= float64(c.Term)+1 {
		return
	}
	// Owed runs up the year's floor less what was used; a surplus of one year is not carried on. What is used
	// beyond the rest of the year's floor is left to other clauses of the same two firms.
	used := min(m.UsageBill, max(0, c.between(n-1, yearEnd(n), s).Times(float64(c.Floor))+s.Owed))
	m.UsageBill -= used
	s.Owed += c.promised(now.Month, s).Times(float64(c.Floor)) - used
	s.Paid += used
	if n < yearEnd(n) && n < float64(c.Term) {
		return
	}
	if s.Owed > 0 {
		out.Payments = append(out.Payments, Payment{c.Buyer, c.Seller, s.Owed, "take-or-pay", now.Contract, Compute})
		s.Paid += s.Owed
	}
	s.Owed = 0
}

// Outstanding implements [Committer]: the floor of the contract year's rest, with the shortfall or surplus of
// its months so far, and the floors of the years to come.
func (c *TakeOrPay) Outstanding(t unit.Month, s *State) unit.USD {
	n := float64(t-c.Starts) + 1
	year := c.between(n, yearEnd(n), s).Times(float64(c.Floor)) + s.Owed
	return max(0, year) + c.between(yearEnd(n), float64(c.Term), s).Times(float64(c.Floor))
}

// yearEnd is the end of the contract year that month number n belongs to.
func yearEnd(n float64) float64 { return 12 * math.Ceil(n/12) }

// Minimum implements [Committer].
func (c *TakeOrPay) Minimum(t unit.Month, s *State) unit.USD {
	return c.promised(t, s).Times(float64(c.Floor))
}
