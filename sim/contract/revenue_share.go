package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// RevenueShare gives a partner a part of a lab's revenue or gross profit each month.
//
//	due = rate × Sold × base,   base = model revenue, or model revenue less the cost of serving it
//
// The rate is Rate until the first entry of Rates begins, then that of the last which has begun. Payments stop when Cap
// is reached. An authority may cap the rate (State.RateCap). Sold is the part of revenue that falls under the clause:
// 100 % for a share of everything, the channel's part for a reseller. A share that flows both ways is two contracts.
// Source: clauses.md 7.
type RevenueShare struct {
	Payer   id.Firm    `need:"true" doc:"whose revenue is shared"`
	Payee   id.Firm    `need:"true" doc:"who gets the share"`
	Rate    unit.Share `need:"true" doc:"part of the base that is paid"`
	Rates   []RateFrom `doc:"later rates, the earliest first"`
	Base    string     `choice:"revenue,gross-profit" default:"revenue" doc:"what is shared"`
	Segment string     `choice:"all,enterprise,consumer" default:"all" doc:"whose customers count"`
	Sold    unit.Share `default:"100%" doc:"part of that revenue which falls under the clause"`
	Cap     unit.USD   `default:"$0" doc:"payments end at this total; $0 is no cap"`
}

// RateFrom is a rate and the month from which it holds.
type RateFrom struct {
	From unit.Month `need:"true" doc:"first month of the rate"`
	Rate unit.Share `need:"true" doc:"part of the base that is paid from then on; 0% pauses the share"`
}

// Faults implements [Clause].
func (c *RevenueShare) Faults() []Fault {
	f := append(positive("rate", float64(c.Rate)), notNegative("cap", float64(c.Cap))...)
	for i := 1; i < len(c.Rates); i++ {
		if before := c.Rates[i-1].From; c.Rates[i].From <= before {
			f = append(f, fault(fmt.Sprintf("rates[%d].from", i), fmt.Sprintf("(%v) does not lie after that of the entry before (%v)", c.Rates[i].From, before), "put the rates in order"))
		}
	}
	return append(f, different("payer", "payee", c.Payer, c.Payee)...)
}

// Dates implements [Dated].
func (c *RevenueShare) Dates() []Date {
	var all []Date
	for i, r := range c.Rates {
		all = append(all, Date{fmt.Sprintf("rates[%d].from", i), "the rate begins", r.From})
	}
	return all
}

// rate is the part of the base that is paid in month t.
func (c *RevenueShare) rate(t unit.Month) unit.Share {
	rate := c.Rate
	for _, r := range c.Rates {
		if r.From <= t {
			rate = r.Rate
		}
	}
	return rate
}

// Roles implements [Clause].
func (c *RevenueShare) Roles() []Role {
	return []Role{{"payer", c.Payer, asLab}}
}

// Parties implements [Clause].
func (c *RevenueShare) Parties() []id.Firm { return []id.Firm{c.Payer, c.Payee} }

// Bill implements [Biller].
func (c *RevenueShare) Bill(now Now, s *State, m *Meter, out *Dues) {
	rate := c.rate(now.Month)
	if before := c.rate(now.Month - 1); now.Told && rate != before {
		out.Notes = append(out.Notes, Note{"share-rate", c.Payer, c.Payee, "shares revenue with {with} at another rate from now on", []record.Reason{
			{Name: "rate", Value: float64(rate), Unit: unit.DimShare}, {Name: "before", Value: float64(before), Unit: unit.DimShare},
		}})
	}
	if s.RateCap > 0 {
		rate = min(rate, unit.Share(s.RateCap))
	}
	due := c.base(m).Times(float64(rate) * float64(c.Sold))
	if c.Cap > 0 {
		due = min(due, c.Cap-s.Paid)
	}
	if due <= 0 {
		return
	}
	s.Paid += due
	out.Payments = append(out.Payments, Payment{c.Payer, c.Payee, due, "revenue-share", now.Contract, Share})
	if now.Told && s.Paid == c.Cap {
		out.Notes = append(out.Notes, Note{"share-cap", c.Payer, c.Payee, "has paid {with} all that its share of revenue can come to", []record.Reason{
			{Name: "paid", Value: s.Paid.Dollars(), Unit: unit.DimUSD}, {Name: "this month", Value: due.Dollars(), Unit: unit.DimUSD},
		}})
	}
}

// base is what the month's share is taken of.
func (c *RevenueShare) base(m *Meter) unit.USD {
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
	return base
}
