package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// MilestoneFunding pays some money up front and the rest in tranches, each when its condition first holds at
// a month's close or, if that is sooner, one of its events outside the model has come.
//
// The test in month t reads the measures of month t−1, so `by: 2027-12` counts the close of December 2027,
// which is paid in January; events count likewise. What happens to a tranche that is not met by its date OnMiss says:
//
//	lapse    it is not paid
//	shrink   ShrinkTo of it is paid at once
//	retest   it may still be met for RetestMonths, then it lapses
//	reprice  all of it is paid at once, at a price lower by PriceCut
//	option   it is paid at once, but the investor may cut it to ShrinkTo
//	repay    it lapses, and what was paid before is given back for the shares
//	debt     it lapses, and what was paid before becomes debt at DebtRate, due after DebtTerm
//
// Source: clauses.md 5; rows D049, D085, D165, D205; model-notes (6.6).
type MilestoneFunding struct {
	Investor     id.Firm     `need:"true" doc:"who pays"`
	Company      id.Firm     `need:"true" doc:"who receives and issues the shares"`
	Upfront      Upfront     `doc:"money paid at signing"`
	Tranches     []Tranche   `doc:"money paid when a condition holds"`
	OnMiss       string      `choice:"lapse,shrink,retest,reprice,option,repay,debt" default:"lapse" doc:"what happens to a tranche that is not met in time"`
	ShrinkTo     unit.Share  `default:"50%" doc:"with on_miss shrink or option: the part that is still paid"`
	RetestMonths unit.Months `default:"6 months" doc:"with on_miss retest: how long the condition may still come true"`
	PriceCut     unit.Share  `default:"25%" doc:"with on_miss reprice: how far the price falls"`
	DebtRate     unit.Rate   `default:"6%/yr" range:"0,1" doc:"with on_miss debt: interest, added to what is owed"`
	DebtTerm     unit.Months `default:"24 months" doc:"with on_miss debt: time until it is paid back"`
	CreditShare  unit.Share  `default:"0%" doc:"part of each payment that is compute credit at the investor"`
	Nonvoting    bool        `doc:"the shares carry no votes"`
	DiscountRate unit.Rate   `default:"8%/yr" range:"0,1" doc:"rate at which the worth of tranches that wait for an event is told at signing"`
}

// Upfront is the first payment of a milestone funding.
type Upfront struct {
	Amount   unit.USD `default:"$0" doc:"money paid at signing"`
	PreMoney unit.USD `default:"$0" doc:"price of the company before it; $0 takes the price of the day"`
}

// Tranche is a later payment.
type Tranche struct {
	Amount   unit.USD     `need:"true" doc:"money paid when the condition holds"`
	When     measure.Test `doc:"condition on measures, such as anthropic.revenue_run_rate >= $60B; join several with or"`
	Events   []Event      `doc:"happenings outside the model; the first of them releases the money, too"`
	By       unit.Month   `need:"true" date:"end" doc:"last month whose close counts"`
	PreMoney unit.USD     `default:"$0" doc:"fixed price of the company; $0 takes the price of the day"`
}

// Event is something that the model does not simulate, such as a listing or what a panel finds.
type Event struct {
	What   string      `need:"true" doc:"what happens, such as a listing; shown when it does"`
	Hazard unit.Rate   `need:"true" range:"0,100" doc:"chance a year that it happens, as a hazard: 50%/yr is a mean wait of two years"`
	Delay  unit.Months `default:"0 months" doc:"time from the claim to the verdict that counts"`
	Chance unit.Share  `default:"100%" doc:"chance that the verdict confirms it"`
}

// came reports whether an event has come, delay and verdict included, by the close of the month before.
func (e *Event) came(now Now, part int) bool {
	from := max(now.Signed, now.Start)
	now.Month = now.Month - 1 - unit.Month(e.Delay)
	return now.Occurs(part, e.Hazard, from) && now.Uniform(part+1) < float64(e.Chance)
}

// PresentValue is the worth of a promise to pay at the first event of a constant hazard, if that comes within so many
// years.
//
//	A·h/(h+r)·(1 − exp(−(h+r)·T))      (6.7)
//
// It is the integral of A·h·exp(−(h+r)·t) from 0 to T.
func PresentValue(amount unit.USD, hazard, discount unit.Rate, years float64) unit.USD {
	h, r := float64(hazard), float64(discount)
	if h <= 0 || years <= 0 {
		return 0
	}
	return amount.Times(h / (h + r) * (1 - num.Exp(-(h+r)*years)))
}

// worth values a tranche by its events alone, at signing: (6.7) over the sum of their hazards. A single event may wait
// for a verdict, which discounts it and shortens its time; several with verdicts have no such form, and ok is false.
func (t *Tranche) worth(signed unit.Month, discount unit.Rate) (x unit.USD, hazard unit.Rate, ok bool) {
	for i := range t.Events {
		e := &t.Events[i]
		if len(t.Events) > 1 && (e.Delay > 0 || e.Chance < 1) {
			return 0, 0, false
		}
		hazard += e.Hazard
	}
	if len(t.Events) == 0 {
		return 0, 0, false
	}
	wait := float64(t.Events[0].Delay) / 12
	kept := float64(t.Events[0].Chance) * num.Exp(-float64(discount)*wait)
	return PresentValue(t.Amount, hazard, discount, t.By.Years(signed)-wait).Times(kept), hazard, true
}

const (
	maxTranches = 60 // parts that a State can tell apart, the payment up front left out
	maxEvents   = 8  // of a tranche, each with two draws
)

// Faults implements [Clause].
func (c *MilestoneFunding) Faults() []Fault {
	f := append(different("investor", "company", c.Investor, c.Company), notNegative("retest_months", float64(c.RetestMonths))...)
	f = append(f, notNegative("debt_term", float64(c.DebtTerm))...)
	if c.PriceCut >= 1 {
		f = append(f, fault("price_cut", "gives the shares away", "give less than 100%"))
	}
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
		f = append(f, t.faults(fmt.Sprintf("tranches[%d]", i))...)
		if i > 0 && t.By < c.Tranches[i-1].By {
			f = append(f, fault(fmt.Sprintf("tranches[%d].by", i), fmt.Sprintf("falls due (%v) before tranche %d (%v)", t.By, i-1, c.Tranches[i-1].By), "swap the dates"))
		}
	}
	return f
}

// faults reports what is wrong with what releases the tranche.
func (t *Tranche) faults(at string) []Fault {
	var f []Fault
	if t.When.Holds == nil && len(t.Events) == 0 {
		f = append(f, fault(at+".when", "is missing, and there are no events", "say what releases the money"))
	}
	if len(t.Events) > maxEvents {
		f = append(f, fault(at+".events", fmt.Sprintf("has %d entries; at most %d can be told apart", len(t.Events), maxEvents), "add hazards of events that mean the same"))
	}
	for i, e := range t.Events {
		f = append(f, positive(fmt.Sprintf("%s.events[%d].hazard", at, i), float64(e.Hazard))...)
		f = append(f, notNegative(fmt.Sprintf("%s.events[%d].delay", at, i), float64(e.Delay))...)
	}
	return f
}

// Roles implements [Clause].
func (c *MilestoneFunding) Roles() []Role { return nil }

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

// Debt implements [Debtor]: money taken back is owed until it is paid.
func (c *MilestoneFunding) Debt() (debtor, creditor id.Firm) { return c.Company, c.Investor }

// Test pays what is due: the money up front once, then each tranche that is released or missed.
func (c *MilestoneFunding) Test(now Now, s *State, out *Dues) {
	if !s.Settled(0) {
		s.Settle(0)
		c.buy(now, s, out, 0, &Tranche{Amount: c.Upfront.Amount, PreMoney: c.Upfront.PreMoney}, "upfront")
		c.tellWorth(now, out)
	}
	c.serve(now, s, out)
	for i := range c.Tranches {
		tr, part := &c.Tranches[i], i+1
		if s.Settled(part) {
			continue
		}
		late := now.Month - 1 - tr.By // closed months after the date
		retest := c.OnMiss == "retest"
		switch {
		case (late <= 0 || retest) && c.released(now, i, out):
			s.Settle(part)
			c.buy(now, s, out, part, tr, "tranche")
		case late < 0 || retest && late < unit.Month(c.RetestMonths):
			// still open
		default:
			s.Settle(part)
			s.Missed |= 1 << part
			c.miss(now, s, out, part, tr)
		}
	}
}

// released reports whether a tranche's condition holds or one of its events has come.
func (c *MilestoneFunding) released(now Now, i int, out *Dues) bool {
	tr := &c.Tranches[i]
	if tr.When.Holds != nil && tr.When.Holds(now.Measures) {
		return true
	}
	for k := range tr.Events {
		e := &tr.Events[k]
		if !e.came(now, 2*(maxEvents*i+k)) {
			continue
		}
		if now.Told {
			out.Notes = append(out.Notes, Note{
				Kind: "trigger", Firm: c.Company, With: c.Investor, What: fmt.Sprintf("is owed tranche %d by {with}: %s", i+1, e.What),
				Why: []record.Reason{{Name: "hazard a year", Value: float64(e.Hazard), Unit: unit.None}},
			})
		}
		return true
	}
	return false
}

// miss settles a tranche that was not met in time.
func (c *MilestoneFunding) miss(now Now, s *State, out *Dues, part int, tr *Tranche) {
	switch c.OnMiss {
	case "shrink":
		less := *tr
		less.Amount = tr.Amount.Times(float64(c.ShrinkTo))
		c.buy(now, s, out, part, &less, "tranche, shrunk")
		return
	case "reprice":
		c.buy(now, s, out, part, tr, "tranche, repriced")
		return
	case "option":
		c.buy(now, s, out, part, tr, "tranche, missed")
		return
	case "repay", "debt":
		out.Loans = append(out.Loans, Loan{Unwind, s.Paid, 0, now.Contract})
		s.Since = now.Month
		if c.OnMiss == "repay" {
			out.Loans = append(out.Loans, Loan{Repay, s.Paid, 0, now.Contract})
		}
	}
	out.Lapses = append(out.Lapses, Lapse{now.Contract, part, c.Company, tr.Amount, tr.condition()})
}

// condition is the author's words for what releases the tranche.
func (t *Tranche) condition() string {
	if t.When.Text != "" || len(t.Events) == 0 {
		return t.When.Text
	}
	return t.Events[0].What
}

// serve adds interest to money that was taken back as debt and asks for it when it is due.
func (c *MilestoneFunding) serve(now Now, s *State, out *Dues) {
	if s.Owed <= 0 {
		return
	}
	interest := s.Owed.Times(float64(c.DebtRate) / 12)
	if interest > 0 {
		out.Loans = append(out.Loans, Loan{Capitalise, interest, 0, now.Contract})
	}
	if now.Month >= s.Since.After(c.DebtTerm) {
		out.Loans = append(out.Loans, Loan{Repay, s.Owed + interest, 0, now.Contract})
	}
}

func (c *MilestoneFunding) buy(now Now, s *State, out *Dues, part int, tr *Tranche, kind string) {
	if tr.Amount <= 0 {
		return
	}
	p := Purchase{
		Investor: c.Investor, Company: c.Company, Amount: tr.Amount, PreMoney: tr.PreMoney, Nonvoting: c.Nonvoting,
		Credits: tr.Amount.Times(float64(c.CreditShare)), Kind: kind, Contract: now.Contract, Part: part,
	}
	if s.Missed&(1<<part) != 0 {
		switch c.OnMiss {
		case "reprice":
			p.Discount = c.PriceCut
		case "option":
			p.Least = max(1, tr.Amount.Times(float64(c.ShrinkTo)))
		}
	}
	s.Paid = s.Paid.Plus(tr.Amount)
	out.Purchases = append(out.Purchases, p)
}

// tellWorth notes at signing what tranches that wait for events are worth to the company.
func (c *MilestoneFunding) tellWorth(now Now, out *Dues) {
	if !now.Told {
		return
	}
	for i := range c.Tranches {
		tr := &c.Tranches[i]
		x, hazard, ok := tr.worth(now.Month, c.DiscountRate)
		if !ok {
			continue
		}
		out.Notes = append(out.Notes, Note{
			Kind: "worth", Firm: c.Company, With: c.Investor, What: fmt.Sprintf("holds a promise of {with} whose tranche %d is worth less than its amount, for it may come late or never", i+1),
			Why: []record.Reason{
				{Name: "amount", Value: tr.Amount.Dollars(), Unit: unit.DimUSD},
				{Name: "worth of its events", Value: x.Dollars(), Unit: unit.DimUSD},
				{Name: "hazard a year", Value: float64(hazard), Unit: unit.None},
				{Name: "discount rate a year", Value: float64(c.DiscountRate), Unit: unit.None},
				{Name: "time left", Value: float64(tr.By - now.Month), Unit: unit.DimMonths},
			},
		})
	}
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
