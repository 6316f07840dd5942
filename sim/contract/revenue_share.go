package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// RevenueShare gives a partner a part of a lab's revenue or gross profit each month.
//
//	due = Rate × Sold × base,   base = model revenue, or model revenue less the cost of serving it
//
// Payments stop when Cap is reached. An authority may cap the rate (State.RateCap). Sold is the part of revenue that falls under the clause: 100 % for a
// share of everything, the channel's part for a reseller. Source: clauses.md 7.
type RevenueShare struct {
	Payer   id.Firm    `need:"true" doc:"whose revenue is shared"`
	Payee   id.Firm    `need:"true" doc:"who gets the share"`
	Rate    unit.Share `need:"true" doc:"part of the base that is paid"`
	Base    string     `choice:"revenue,gross-profit" default:"revenue" doc:"what is shared"`
	Segment string     `choice:"all,enterprise,consumer" default:"all" doc:"whose customers count"`
	Sold    unit.Share `default:"100%" doc:"part of that revenue which falls under the clause"`
	Cap     unit.USD   `default:"$0" doc:"payments end at this total; $0 is no cap"`
}

// Faults implements [Clause].
func (c *RevenueShare) Faults() []Fault {
	f := append(positive("rate", float64(c.Rate)), notNegative("cap", float64(c.Cap))...)
	return append(f, different("payer", "payee", c.Payer, c.Payee)...)
}

// Roles implements [Clause].
func (c *RevenueShare) Roles() []Role {
	return []Role{{"payer", c.Payer, asLab}}
}

// Parties implements [Clause].
func (c *RevenueShare) Parties() []id.Firm { return []id.Firm{c.Payer, c.Payee} }

// Bill implements [Biller].
func (c *RevenueShare) Bill(now Now, s *State, m *Meter, out *Dues) {
	var base unit.USD
	if c.Segment != "consumer" {
		base += m.Enterprise
	}
	if c.Segment != "enterprise" {
		base += m.Consumer
	}
	if c.Base == "gross-profit" {
		// Serving cost falls on the segments in proportion to revenue.
		if all := m.Enterprise + m.Consumer; all > 0 {
			base -= m.ServingCost.Times(base.Dollars() / all.Dollars())
		}
	}
	rate := float64(c.Rate)
	if s.RateCap > 0 {
		rate = min(rate, s.RateCap)
	}
	due := base.Times(rate * float64(c.Sold))
	if c.Cap > 0 {
		due = min(due, c.Cap-s.Paid)
	}
	if due <= 0 {
		return
	}
	s.Paid += due
	out.Payments = append(out.Payments, Payment{c.Payer, c.Payee, due, "revenue-share", now.Contract, Share})
}
