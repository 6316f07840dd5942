package contract

import (
	"fmt"

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
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", fmt.Sprintf("is longer (%g months) than the term (%g months)", c.Ramp, c.Term), "shorten the ramp"))
	}
	return append(f, different("buyer", "seller", c.Buyer, c.Seller)...)
}

// Parties implements [Clause].
func (c *TakeOrPay) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Seller} }

// promised returns the spend promised for month t, less what was given up in renegotiation.
func (c *TakeOrPay) promised(t unit.Month, s *State) unit.USD {
	n := float64(t-c.Starts) + 0.5 // mid-month
	term, ramp := float64(c.Term), float64(c.Ramp)
	if n < 0 || n > term {
		return 0
	}
	level := 1.0
	if n < ramp {
		level = n / ramp
	}
	return c.Commitment.Times(level / (term - float64(ramp/2)) * (1 - s.Waived))
}

// Bill asks for the shortfall of a contract year at its end.
func (c *TakeOrPay) Bill(now Now, s *State, m Meter, out *Dues) {
	p := c.promised(now.Month, s)
	if p == 0 {
		return
	}
	// Owed runs up the year's floor less what was used; a surplus of one year is not carried on.
	s.Owed += p.Times(float64(c.Floor)) - m.UsageBill
	s.Paid += m.UsageBill
	n := int(now.Month-c.Starts) + 1
	if n%12 != 0 && n < int(c.Term) {
		return
	}
	if s.Owed > 0 {
		out.Payments = append(out.Payments, Payment{c.Buyer, c.Seller, s.Owed, "take-or-pay", now.Contract, Compute})
		s.Paid += s.Owed
	}
	s.Owed = 0
}

// Outstanding implements [Committer].
func (c *TakeOrPay) Outstanding(t unit.Month, s *State) unit.USD {
	if float64(t-c.Starts)+1 >= float64(c.Term) {
		return 0
	}
	return max(0, c.Commitment.Times(float64(c.Floor)*(1-s.Waived))-s.Paid)
}

// Unused implements [Committer].
func (c *TakeOrPay) Unused(t unit.Month, s *State) unit.USD { return c.promised(t, s) }
