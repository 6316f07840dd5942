package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// ComputeCredits gives a lab prepaid compute at one seller. In each bill credits are used before cash; what
// is left at expiry is lost to the lab. In the books they are a liability of the seller and a prepaid asset
// of the lab, never cash.
//
//	used = min((1 − Discount)·bill, left)   while t ≤ month of the grant + Expiry
//	cut  = used·Discount/(1 − Discount)
//
// Lots are rented at their contract's price; what credits pay for costs Discount less, so a dollar of credit buys more
// than a dollar of compute, and the seller books the price after the cut. Source: clauses.md 4; model-notes 2b.
type ComputeCredits struct {
	Seller   id.Firm     `need:"true" doc:"where the credits can be used"`
	Lab      id.Firm     `need:"true" doc:"who may use them"`
	Amount   unit.USD    `need:"true" doc:"face value"`
	Expiry   unit.Months `need:"true" doc:"life from signing"`
	Discount unit.Share  `default:"0%" range:"0,0.9" doc:"cut in the price of what is paid with credits"`
}

// Faults implements [Clause].
func (c *ComputeCredits) Faults() []Fault {
	return append(append(positive("amount", float64(c.Amount)), positive("expiry", float64(c.Expiry))...),
		different("seller", "lab", c.Seller, c.Lab)...)
}

// Roles implements [Clause].
func (c *ComputeCredits) Roles() []Role {
	return []Role{{"seller", c.Seller, asCloud}, {"lab", c.Lab, asLab}}
}

// Parties implements [Clause].
func (c *ComputeCredits) Parties() []id.Firm { return []id.Firm{c.Seller, c.Lab} }

// Test grants the credits in the month of signing and takes back what is left at expiry.
func (c *ComputeCredits) Test(now Now, s *State, out *Dues) {
	if !s.Started {
		s.Started, s.Owed, s.Since = true, c.Amount, now.Month
		out.Grants = append(out.Grants, Grant{c.Seller, c.Lab, c.Amount, now.Contract})
		if now.Told {
			out.Notes = append(out.Notes, Note{"credits", c.Seller, c.Lab, "gives {with} compute credits", []record.Reason{
				{Name: "credits", Value: c.Amount.Dollars(), Unit: unit.DimUSD},
				{Name: "expire after", Value: float64(c.Expiry), Unit: unit.DimMonths},
				{Name: "discount", Value: float64(c.Discount), Unit: unit.DimShare},
			}})
		}
		return
	}
	if s.Owed <= 0 {
		s.Ended = now.Luck == 0 // of a ticket in a round; a contract of the scenario is over at its date
		return
	}
	if float64(now.Month-s.Since) >= float64(c.Expiry) {
		out.Grants = append(out.Grants, Grant{c.Seller, c.Lab, -s.Owed, now.Contract})
		if now.Told && now.Luck != 0 { // of a contract of the scenario, not of a ticket in a round
			out.Notes = append(out.Notes, Note{"credits-expired", c.Lab, c.Seller, "loses the credits with {with} that it has not used", []record.Reason{
				{Name: "lost", Value: s.Owed.Dollars(), Unit: unit.DimUSD}, {Name: "used", Value: s.Paid.Dollars(), Unit: unit.DimUSD},
			}})
		}
		s.Owed = 0
	}
}

// Credit implements [Crediter].
func (c *ComputeCredits) Credit(_ Now, s *State, seller, lab id.Firm, bill unit.USD) (used, cut unit.USD) {
	if seller != c.Seller || lab != c.Lab {
		return 0, 0
	}
	price := bill.Times(1 - float64(c.Discount))
	used, cut = price, bill-price
	if s.Owed < price { // they pay for a part of the bill
		used = s.Owed
		cut = min(bill-used, used.Times(float64(c.Discount)/(1-float64(c.Discount))))
	}
	s.Owed -= used
	s.Paid += used
	return used, cut
}

// Open implements [Opener]: Amount of an older contract is what was left at the start.
func (c *ComputeCredits) Open(start unit.Month, s *State) Grant {
	s.Started, s.Owed, s.Since = true, c.Amount, start
	return Grant{Seller: c.Seller, Lab: c.Lab, Amount: c.Amount}
}
