package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// Lending is money lent for a time, with what secures it.
//
//	interest a month   = open × (Rate + what breaches and extensions have added)/12
//	principal a month  = all of it at maturity (bullet), or open/months left (even)
//
// The clause asks for interest and says what principal is due; how the borrower finds it, and what follows if it
// does not, the world decides by the loan's purpose. Source: clauses.md 15.
type Lending struct {
	Borrower     id.Firm     `need:"true" doc:"who borrows"`
	Lender       id.Firm     `doc:"who lends; banks and bond buyers outside the model if left out"`
	Amount       unit.USD    `need:"true" doc:"money lent"`
	Drawn        unit.Month  `need:"true" doc:"month in which it is paid out"`
	Maturity     unit.Month  `need:"true" date:"end" doc:"month in which the last of it is due"`
	Rate         unit.Rate   `need:"true" range:"0,1" doc:"interest"`
	Amortisation string      `choice:"bullet,even" default:"bullet" doc:"repaid at maturity, or in equal parts from the month after it is drawn"`
	Purpose      string      `choice:"term,project,bridge,margin" default:"term" doc:"project: spent on sites; bridge: to be refinanced at maturity; margin: against shares of another firm"`
	Covenant     Covenant    `doc:"what the borrower must keep"`
	Refinancing  Refinancing `doc:"of a bridge that falls due"`
	Collateral   Collateral  `doc:"of a margin loan"`
}

// Covenant is a condition that a borrower promises to keep.
type Covenant struct {
	Keep     measure.Test `doc:"what must hold at each month's close, such as coreweave.debt_cover >= 1.2"`
	Cure     unit.Months  `default:"3 months" range:"0,60" doc:"how long it may fail to hold before that is a breach"`
	OnBreach string       `choice:"step-up,accelerate,take-over" default:"step-up" doc:"the rate rises, all is due at once, or the lender takes the borrower over for the debt"`
	StepUp   unit.Rate    `default:"2%/yr" range:"0,1" doc:"with on_breach step-up: rise of the rate, once for each breach"`
}

// Refinancing is what lenders do with a bridge that cannot be repaid at maturity.
type Refinancing struct {
	Chance    unit.Share  `default:"75%" doc:"chance that they extend it"`
	Extension unit.Months `default:"12 months" range:"1,120" doc:"for how long"`
	StepUp    unit.Rate   `default:"2%/yr" range:"0,1" doc:"rise of the rate each time"`
}

// Collateral is the borrower's stake in a company that secures a margin loan.
type Collateral struct {
	Company     id.Firm    `doc:"whose shares"`
	LoanToValue unit.Share `default:"35%" doc:"most that is lent, share of the stake's value; a margin call brings the loan back to it"`
	CallAbove   unit.Share `default:"50%" doc:"loan over value above which lenders call for money"`
	Haircut     unit.Share `default:"20%" range:"0,0.9" doc:"discount at which shares are sold when the call is not met"`
	Unlisted    unit.Share `default:"30%" doc:"chance that lenders accept shares without a public price"`
}

// Faults implements [Clause].
func (c *Lending) Faults() []Fault {
	f := append(positive("amount", float64(c.Amount)), different("borrower", "lender", c.Borrower, c.Lender)...)
	if c.Maturity <= c.Drawn {
		f = append(f, fault("maturity", "lies before the money has been used for a month", "give a later month"))
	}
	if c.Purpose != "margin" {
		if c.Collateral.Company != id.None {
			f = append(f, fault("collateral.company", "secures nothing: the loan is no margin loan", "set purpose: margin, or leave it out"))
		}
		return f
	}
	k := &c.Collateral
	switch {
	case k.Company == id.None:
		f = append(f, fault("collateral.company", "is missing", "name the company whose shares secure the loan"))
	case k.Company == c.Borrower:
		f = append(f, fault("collateral.company", "is the borrower itself", "name a company of which it holds shares"))
	}
	if k.CallAbove <= k.LoanToValue {
		f = append(f, fault("collateral.call_above", "is not above loan_to_value", "lenders call when the loan has outgrown what they lent on"))
	}
	if float64(k.LoanToValue) >= 1-float64(k.Haircut) {
		f = append(f, fault("collateral.haircut", "leaves sales that bring less than they free", "lower loan_to_value or haircut"))
	}
	return f
}

// Roles implements [Clause].
func (c *Lending) Roles() []Role {
	if c.Purpose == "project" {
		return []Role{{"borrower", c.Borrower, asCloud}}
	}
	return nil
}

// Dates implements [Dated].
func (c *Lending) Dates() []Date { return []Date{{"drawn", "the loan is drawn", c.Drawn}} }

// Parties implements [Clause].
func (c *Lending) Parties() []id.Firm {
	p := []id.Firm{c.Borrower}
	if c.Lender != id.None {
		p = append(p, c.Lender)
	}
	return p
}

// Debt implements [Debtor].
func (c *Lending) Debt() (debtor, creditor id.Firm) { return c.Borrower, c.Lender }

// End returns the month in which the last of the loan is due, extensions counted.
func (c *Lending) End(s *State) unit.Month { return max(c.Maturity, s.Due) }

// Bill asks for the month's interest on what was open.
func (c *Lending) Bill(now Now, s *State, _ *Meter, out *Dues) {
	x := s.Owed.Times(float64(c.Rate+s.Margin) / 12)
	if x <= 0 {
		return
	}
	out.Payments = append(out.Payments, Payment{c.Borrower, c.Lender, x, "loan-interest", now.Contract, Interest})
	s.Paid = s.Paid.Plus(x)
}

// Instalment returns the principal that is due in month t.
func (c *Lending) Instalment(t unit.Month, s *State) unit.USD {
	left := c.End(s) - t + 1 // months, this one included
	switch {
	case left <= 1:
		return s.Owed
	case c.Amortisation == "even" && t > c.Drawn:
		return s.Owed / unit.USD(left)
	}
	return 0
}

// Service returns the interest and the principal that are due in the twelve months after month t.
func (c *Lending) Service(t unit.Month, s *State) (interest, principal unit.USD) {
	left := float64(c.End(s) - t)
	interest = s.Owed.Times(float64(c.Rate+s.Margin) * min(1, max(0, left)/12))
	switch {
	case left <= 12:
		principal = s.Owed
	case c.Amortisation == "even":
		principal = s.Owed.Times(12 / left)
	}
	return interest, principal
}

// Breached reports whether the covenant has failed to hold for longer than the time to cure; first is set in the
// month in which it begins to.
func (c *Lending) Breached(now Now, s *State) (breached, first bool) {
	if c.Covenant.Keep.Holds == nil || c.Covenant.Keep.Holds(now.Measures) {
		s.Since = 0
		s.Missed = 0
		return false, false
	}
	if s.Since == 0 {
		s.Since, first = now.Month, true
	}
	return now.Month >= s.Since.After(c.Covenant.Cure), first
}

// Open implements [Opener]: what was drawn before the start is owed with what has been repaid since taken off.
func (c *Lending) Open(start unit.Month, s *State) Grant {
	if c.Drawn > start {
		return Grant{}
	}
	s.Started = true
	if left := float64(c.Maturity - start); left <= 0 {
		s.Ended = true
	} else if c.Amortisation == "even" {
		s.Owed = c.Amount.Times(left / float64(c.Maturity-c.Drawn))
	} else {
		s.Owed = c.Amount
	}
	return Grant{}
}
