package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// MilestoneFunding pays some money up front and the rest in tranches, each when its condition first holds at
// a month's close.
//
// The test in month t reads the measures of month t−1, so `by: 2027-12` counts the close of December 2027,
// which is paid in January. A tranche that is not met by its date is treated by OnMiss: it lapses, shrinks to
// ShrinkTo of its amount and is paid at once, or is tested again for RetestMonths and then lapses.
// Source: clauses.md 5; model-notes (6.6).
type MilestoneFunding struct {
	Investor     id.Firm     `need:"true" doc:"who pays"`
	Company      id.Firm     `need:"true" doc:"who receives and issues the shares"`
	Upfront      Upfront     `doc:"money paid at signing"`
	Tranches     []Tranche   `doc:"money paid when a condition holds"`
	OnMiss       string      `choice:"lapse,shrink,retest" default:"lapse" doc:"what happens to a tranche that is not met in time"`
	ShrinkTo     unit.Share  `default:"50%" doc:"with on_miss shrink: the part that is still paid"`
	RetestMonths unit.Months `default:"6 months" doc:"with on_miss retest: how long the condition may still come true"`
	CreditShare  unit.Share  `default:"0%" doc:"part of each payment that is compute credit at the investor"`
}

// Upfront is the first payment of a milestone funding.
type Upfront struct {
	Amount   unit.USD `default:"$0" doc:"money paid at signing"`
	PreMoney unit.USD `default:"$0" doc:"price of the company before it; $0 takes the last price"`
}

// Tranche is a later payment.
type Tranche struct {
	Amount   unit.USD     `need:"true" doc:"money paid when the condition holds"`
	When     measure.Test `need:"true" doc:"condition on measures, such as anthropic.revenue_run_rate >= $60B"`
	By       unit.Month   `need:"true" date:"end" doc:"last month whose close counts"`
	PreMoney unit.USD     `default:"$0" doc:"fixed price of the company; $0 takes the price of the day"`
}

// maxTranches is the number of parts that a State can tell apart, the payment up front left out.
const maxTranches = 60

// Faults implements [Clause].
func (c *MilestoneFunding) Faults() []Fault {
	f := append(different("investor", "company", c.Investor, c.Company), notNegative("retest_months", float64(c.RetestMonths))...)
	f = append(f, notNegative("upfront.amount", float64(c.Upfront.Amount))...)
	f = append(f, notNegative("upfront.pre_money", float64(c.Upfront.PreMoney))...)
	if c.Upfront.Amount <= 0 && len(c.Tranches) == 0 {
		f = append(f, fault("tranches", "there is neither money up front nor a tranche", "give upfront or tranches"))
	}
	if len(c.Tranches) > maxTranches {
		f = append(f, fault("tranches", fmt.Sprintf("has %d entries; at most %d can be told apart", len(c.Tranches), maxTranches), "join some"))
	}
	for i, t := range c.Tranches {
		f = append(f, positive(fmt.Sprintf("tranches[%d].amount", i), float64(t.Amount))...)
		f = append(f, notNegative(fmt.Sprintf("tranches[%d].pre_money", i), float64(t.PreMoney))...)
		if i > 0 && t.By < c.Tranches[i-1].By {
			f = append(f, fault(fmt.Sprintf("tranches[%d].by", i), fmt.Sprintf("falls due (%v) before tranche %d (%v)", t.By, i-1, c.Tranches[i-1].By), "swap the dates"))
		}
	}
	return f
}

// Roles implements [Clause].
func (c *MilestoneFunding) Roles() []Role {
	return nil
}

// Dates implements [Dated].
func (c *MilestoneFunding) Dates() []Date {
	var all []Date
	for i := range c.Tranches {
		all = append(all, Date{fmt.Sprintf("tranches[%d].by", i), "the tranche falls due", c.Tranches[i].By})
	}
	return all
}

// Parties implements [Clause].
func (c *MilestoneFunding) Parties() []id.Firm { return []id.Firm{c.Investor, c.Company} }

// Test pays what is due: the money up front once, then each tranche whose condition holds.
func (c *MilestoneFunding) Test(now Now, s *State, out *Dues) {
	if !s.Settled(0) {
		s.Settle(0)
		c.buy(now, s, out, 0, c.Upfront.Amount, c.Upfront.PreMoney, "upfront")
	}
	for i := range c.Tranches {
		tr, part := &c.Tranches[i], i+1
		if s.Settled(part) {
			continue
		}
		late := now.Month - 1 - tr.By // closed months after the date
		retest := c.OnMiss == "retest"
		switch {
		case tr.When.Holds(now.Measures) && (late <= 0 || retest):
			s.Settle(part)
			c.buy(now, s, out, part, tr.Amount, tr.PreMoney, "tranche")
		case late < 0 || retest && late < unit.Month(c.RetestMonths):
			// still open
		case c.OnMiss == "shrink":
			s.Settle(part)
			s.Missed |= 1 << part
			c.buy(now, s, out, part, tr.Amount.Times(float64(c.ShrinkTo)), tr.PreMoney, "tranche, shrunk")
		default:
			s.Settle(part)
			s.Missed |= 1 << part
			out.Lapses = append(out.Lapses, Lapse{now.Contract, part, c.Company, tr.Amount, tr.When.Text})
		}
	}
}

func (c *MilestoneFunding) buy(now Now, s *State, out *Dues, part int, amount, pre unit.USD, kind string) {
	if amount <= 0 {
		return
	}
	s.Paid = s.Paid.Plus(amount)
	out.Purchases = append(out.Purchases, Purchase{
		Investor: c.Investor, Company: c.Company, Amount: amount, PreMoney: pre,
		Credits: amount.Times(float64(c.CreditShare)), Kind: kind, Contract: now.Contract, Part: part,
	})
}

// Open implements [Opener]: the money up front was paid at signing. Tranches stand open.
func (c *MilestoneFunding) Open(_ unit.Month, s *State) Grant {
	s.Settle(0)
	s.Paid = c.Upfront.Amount
	return Grant{}
}

// Promised is the most that the clause can pay.
func (c *MilestoneFunding) Promised() unit.USD {
	x := c.Upfront.Amount
	for i := range c.Tranches {
		x = x.Plus(c.Tranches[i].Amount)
	}
	return x
}
