package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// EquityRound is a priced sale of new shares, agreed at signing and paid at closing.
//
//	share sold = Amount / (PreMoney + Amount)
//
// The lead takes LeadShare, the syndicate the rest in equal parts. CreditShare of what a cloud pays comes as
// compute credits with that cloud. Source: clauses.md 6, 7; powerplay help equity-round.
type EquityRound struct {
	Company     id.Firm    `need:"true" doc:"who sells the shares"`
	Lead        id.Firm    `need:"true" doc:"who leads the round"`
	Syndicate   []id.Firm  `doc:"who joins, in equal parts"`
	LeadShare   unit.Share `default:"100%" doc:"the lead's part; the syndicate takes the rest"`
	Amount      unit.USD   `need:"true" doc:"money raised"`
	PreMoney    unit.USD   `need:"true" doc:"price of the company before the money"`
	Closes      unit.Month `need:"true" doc:"month of payment"`
	CreditShare unit.Share `default:"0%" doc:"part of the lead's money that is compute credit at the lead"`
}

// Faults implements [Clause].
func (c *EquityRound) Faults() []Fault {
	f := append(positive("amount", float64(c.Amount)), positive("pre_money", float64(c.PreMoney))...)
	f = append(f, different("company", "lead", c.Company, c.Lead)...)
	if len(c.Syndicate) == 0 && c.LeadShare < 1 {
		f = append(f, fault("lead_share", "leaves a part of the round that nobody takes", "name a syndicate, or give the lead 100%"))
	}
	if len(c.Syndicate) > 0 && c.LeadShare >= 1 {
		f = append(f, fault("lead_share", "leaves nothing to the syndicate", "give the lead less than 100%, or name no syndicate"))
	}
	for _, s := range c.Syndicate {
		f = append(f, different("company", "syndicate", c.Company, s)...)
	}
	return f
}

// Roles implements [Clause].
func (c *EquityRound) Roles() []Role {
	return nil
}

// Dates implements [Dated].
func (c *EquityRound) Dates() []Date { return []Date{{"closes", "the round closes", c.Closes}} }

// Parties implements [Clause].
func (c *EquityRound) Parties() []id.Firm {
	return append([]id.Firm{c.Company, c.Lead}, c.Syndicate...)
}

// Test asks for the money in the month of closing.
func (c *EquityRound) Test(now Now, s *State, out *Dues) {
	if now.Month < c.Closes || s.Settled(0) {
		return
	}
	s.Settle(0)
	lead := c.Amount.Times(float64(c.LeadShare))
	out.Purchases = append(out.Purchases, Purchase{
		Investor: c.Lead, Company: c.Company, Amount: lead, PreMoney: c.PreMoney,
		Credits: lead.Times(float64(c.CreditShare)), Kind: "equity round", Contract: now.Contract,
	})
	rest := c.Amount - lead
	pre := c.PreMoney.Plus(lead) // all pay the same price a share: later shares are priced on what is in
	for i, investor := range c.Syndicate {
		part := rest / unit.USD(len(c.Syndicate)-i)
		rest -= part
		out.Purchases = append(out.Purchases, Purchase{
			Investor: investor, Company: c.Company, Amount: part, PreMoney: pre, Kind: "equity round", Contract: now.Contract,
		})
		pre = pre.Plus(part)
	}
	s.Paid = c.Amount
}

// Open implements [Opener]: a round that closed before the start is part of the opening cap table.
func (c *EquityRound) Open(start unit.Month, s *State) Grant {
	if c.Closes <= start {
		s.Settle(0)
		s.Paid = c.Amount
	}
	return Grant{}
}
