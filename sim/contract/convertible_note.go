package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// ConvertibleNote lends money to a company until it next sells shares at a price; then the note becomes shares.
//
//	price of conversion = min(pre-money·(1 − Discount), ValuationCap)      if the round raises MinRound
//	shares = what is owed / that price, over the shares before the round
//
// Interest is added to what is owed. What would lift the investor's stake above OwnershipCap stays a note, for the
// next round. Source: clauses.md 6; rows D017 to D021, D106, D188.
type ConvertibleNote struct {
	Investor     id.Firm    `need:"true" doc:"who lends"`
	Company      id.Firm    `need:"true" doc:"who owes, and issues the shares"`
	Draws        []Draw     `need:"true" doc:"when the money is paid"`
	Interest     unit.Rate  `default:"0%/yr" range:"0,1" doc:"interest, added to what is owed each month"`
	Discount     unit.Share `default:"0%" doc:"how far below the round's price the note converts"`
	ValuationCap unit.USD   `default:"$0" doc:"largest value of the company at which it converts; $0 sets none"`
	MinRound     unit.USD   `default:"$0" doc:"least money that a round must raise for the note to convert"`
	OwnershipCap unit.Share `default:"100%" doc:"largest stake that the investor may reach by converting; the rest stays a note"`
	Nonvoting    bool       `doc:"the shares carry no votes"`
	Matures      unit.Month `doc:"month in which what is still owed falls due; without it, never"`
	AtMaturity   string     `choice:"roll,repay,convert" default:"roll" doc:"what happens then: it stays open until a round, is paid back, or converts at the valuation cap"`
}

// Draw is a payment under a note.
type Draw struct {
	On     unit.Month `need:"true" doc:"month of payment"`
	Amount unit.USD   `need:"true" doc:"money lent"`
}

// maxDraws is the number of payments that a State can tell apart; the last bit is that of maturity.
const maxDraws = 60

// Faults implements [Clause].
func (c *ConvertibleNote) Faults() []Fault {
	f := append(different("investor", "company", c.Investor, c.Company), notNegative("valuation_cap", float64(c.ValuationCap))...)
	f = append(append(f, notNegative("min_round", float64(c.MinRound))...), positive("ownership_cap", float64(c.OwnershipCap))...)
	if c.Discount >= 1 {
		f = append(f, fault("discount", "gives the shares away", "give less than 100%"))
	}
	if len(c.Draws) == 0 || len(c.Draws) > maxDraws {
		f = append(f, fault("draws", fmt.Sprintf("has %d entries; a note has 1 to %d payments", len(c.Draws), maxDraws), ""))
	}
	for i, d := range c.Draws {
		f = append(f, positive(fmt.Sprintf("draws[%d].amount", i), float64(d.Amount))...)
		if c.Matures != 0 && d.On >= c.Matures {
			f = append(f, fault(fmt.Sprintf("draws[%d].on", i), fmt.Sprintf("pays (%v) when the note has fallen due (%v)", d.On, c.Matures), "pay earlier, or let it mature later"))
		}
	}
	switch {
	case c.AtMaturity != "roll" && c.Matures == 0:
		f = append(f, fault("at_maturity", "needs a maturity", "give matures"))
	case c.AtMaturity == "convert" && c.ValuationCap <= 0:
		f = append(f, fault("at_maturity", "converts at a valuation cap that is not given", "give valuation_cap, or let it roll or be repaid"))
	}
	return f
}

// Roles implements [Clause].
func (c *ConvertibleNote) Roles() []Role { return nil }

// Dates implements [Dated].
func (c *ConvertibleNote) Dates() []Date {
	var all []Date
	for i := range c.Draws {
		all = append(all, Date{fmt.Sprintf("draws[%d].on", i), "the money is paid", c.Draws[i].On})
	}
	if c.Matures != 0 {
		all = append(all, Date{"matures", "the note falls due", c.Matures})
	}
	return all
}

// Parties implements [Clause].
func (c *ConvertibleNote) Parties() []id.Firm { return []id.Firm{c.Investor, c.Company} }

// Debt implements [Debtor].
func (c *ConvertibleNote) Debt() (debtor, creditor id.Firm) { return c.Company, c.Investor }

// Test adds interest, asks for the month's payment, and settles what is owed at maturity.
func (c *ConvertibleNote) Test(now Now, s *State, out *Dues) {
	ask := func(m Move, x, price unit.USD) {
		if x > 0 {
			out.Loans = append(out.Loans, Loan{m, x, price, now.Contract})
		}
	}
	interest := s.Owed.Times(float64(c.Interest) / 12)
	ask(Capitalise, interest, 0)
	for i := range c.Draws {
		if now.Month >= c.Draws[i].On && !s.Settled(i) {
			s.Settle(i)
			ask(Lend, c.Draws[i].Amount, 0)
		}
	}
	if c.Matures == 0 || now.Month < c.Matures || s.Settled(maxDraws) {
		return
	}
	s.Settle(maxDraws)
	switch owed := s.Owed + interest; {
	case owed <= 0:
	case c.AtMaturity == "repay":
		ask(Repay, owed, 0)
	case c.AtMaturity == "convert":
		ask(Convert, owed, c.ValuationCap)
	case now.Told:
		out.Notes = append(out.Notes, Note{
			Kind: "roll", Firm: c.Company, With: c.Investor, What: "lets the note of {with} run on at its maturity",
			Why: []record.Reason{{Name: "owed", Value: owed.Dollars(), Unit: unit.DimUSD}},
		})
	}
}

// Conversion implements [Converter].
func (c *ConvertibleNote) Conversion(r Round) unit.USD {
	if r.Company != c.Company || r.Raised < c.MinRound {
		return 0
	}
	price := r.PreMoney.Times(1 - float64(c.Discount))
	if c.ValuationCap > 0 {
		price = min(price, c.ValuationCap)
	}
	return price
}

// Shares implements [Converter].
func (c *ConvertibleNote) Shares() (most unit.Share, nonvoting bool) {
	return c.OwnershipCap, c.Nonvoting
}

// Open implements [Opener]: what was paid before the start is still owed, with its interest.
func (c *ConvertibleNote) Open(start unit.Month, s *State) Grant {
	for i, d := range c.Draws {
		if d.On > start {
			continue
		}
		s.Settle(i)
		s.Paid = s.Paid.Plus(d.Amount)
		s.Owed = s.Owed.Plus(d.Amount.Times(num.Pow(1+float64(c.Interest)/12, float64(start-d.On))))
	}
	return Grant{}
}
