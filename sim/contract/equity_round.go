package contract

import (
	"fmt"
	"slices"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// EquityRound is a priced sale of new shares, agreed at signing and paid at closing.
//
//	share sold = Amount / (PreMoney + Amount),   PreMoney = PostMoney − Amount
//
// OpenShare of it is left to other investors, who join as in a market round; the rest is a club's. Of that the lead
// takes LeadShare, the syndicate what is left in equal parts. CreditShare of what a cloud leads with comes as compute
// credits with that cloud. For Lock from the closing on the club funds no rival of the company, and nobody of it
// goes above its ceiling in Caps. Notes of the company convert at the price of the round.
// Source: clauses.md 6, 7; rows S010, D048, D075, D084; powerplay help equity-round.
type EquityRound struct {
	Company     id.Firm     `need:"true" doc:"who sells the shares"`
	Lead        id.Firm     `need:"true" doc:"who leads the round"`
	Syndicate   []id.Firm   `doc:"who joins, in equal parts"`
	LeadShare   unit.Share  `default:"100%" doc:"the lead's part of what the club takes; the syndicate takes the rest"`
	Amount      unit.USD    `need:"true" doc:"money raised, with what is open to others"`
	PreMoney    unit.USD    `default:"$0" doc:"price of the company before the money; give this or post_money"`
	PostMoney   unit.USD    `default:"$0" doc:"price of the company with the money"`
	Closes      unit.Month  `need:"true" doc:"month of payment"`
	CreditShare unit.Share  `default:"0%" doc:"part of the lead's money that is compute credit at the lead"`
	OpenShare   unit.Share  `default:"0%" doc:"part of the round that investors outside the club may buy, by their own rules"`
	Lock        unit.Months `default:"0 months" doc:"how long from the closing on the club funds no other lab in a market round"`
	Nonvoting   []id.Firm   `doc:"who of the club takes shares without votes"`
	Caps        []Cap       `doc:"ceilings on the stakes of members of the club"`
}

// Cap is a ceiling on what an investor may own of a company.
type Cap struct {
	Investor id.Firm    `need:"true" doc:"whose stake is capped"`
	Stake    unit.Share `need:"true" doc:"largest stake after the round"`
	Excess   string     `choice:"refuse,note,credits" default:"refuse" doc:"what becomes of money above it: it is not taken, lent as a convertible note, or given as compute credits"`
}

// Faults implements [Clause].
func (c *EquityRound) Faults() []Fault {
	f := append(append(positive("amount", float64(c.Amount)), c.faultsOfPrice()...), c.faultsOfClub()...)
	f = append(f, notNegative("lock", float64(c.Lock))...)
	if c.OpenShare >= 1 {
		f = append(f, fault("open_share", "leaves nothing to the lead", "give less than 100%"))
	}
	for i, x := range c.Nonvoting {
		if !c.member(x) {
			f = append(f, fault(fmt.Sprintf("nonvoting[%d]", i), "is no member of the club", "name the lead or one of the syndicate"))
		}
	}
	for i, x := range c.Caps {
		at := fmt.Sprintf("caps[%d]", i)
		f = append(f, positive(at+".stake", float64(x.Stake))...)
		if !c.member(x.Investor) {
			f = append(f, fault(at+".investor", "is no member of the club", "name the lead or one of the syndicate"))
		}
		if slices.ContainsFunc(c.Caps[:i], func(y Cap) bool { return y.Investor == x.Investor }) {
			f = append(f, fault(at+".investor", "has a ceiling already", "give one"))
		}
	}
	return f
}

func (c *EquityRound) faultsOfPrice() []Fault {
	switch {
	case c.PreMoney < 0 || c.PostMoney < 0:
		return []Fault{fault("pre_money", "is below zero", "")}
	case c.PreMoney > 0 && c.PostMoney > 0:
		return []Fault{fault("post_money", "is given beside pre_money", "give one; post_money = pre_money + amount")}
	case c.PreMoney == 0 && c.PostMoney == 0:
		return []Fault{fault("pre_money", "is missing, and so is post_money", "give one of them")}
	case c.PostMoney > 0 && c.PostMoney <= c.Amount:
		return []Fault{fault("post_money", "is no more than the money raised", "the company would be worth nothing before it")}
	}
	return nil
}

func (c *EquityRound) faultsOfClub() []Fault {
	f := different("company", "lead", c.Company, c.Lead)
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

func (c *EquityRound) member(f id.Firm) bool { return f == c.Lead || slices.Contains(c.Syndicate, f) }

// Roles implements [Clause]: compute credits go from clouds to labs.
func (c *EquityRound) Roles() []Role {
	var all []Role
	for i, x := range c.Caps {
		if x.Excess == "credits" {
			all = append(all, Role{fmt.Sprintf("caps[%d].investor", i), x.Investor, asCloud}, Role{"company", c.Company, asLab})
		}
	}
	return all
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
	s.Paid = c.Amount
	pre := c.pre()
	open := c.Amount.Times(float64(c.OpenShare))
	rest := c.Amount - open
	r := Round{Company: c.Company, PreMoney: pre, Raised: c.Amount, Open: open, Club: open > 0 || c.Lock > 0, Contract: now.Contract}
	lead := rest.Times(float64(c.LeadShare))
	for i := -1; i < len(c.Syndicate); i++ {
		p := Purchase{Investor: c.Lead, Company: c.Company, Amount: lead, Kind: "equity round", Contract: now.Contract}
		if i < 0 {
			p.Credits = lead.Times(float64(c.CreditShare))
		} else {
			p.Investor, p.Amount = c.Syndicate[i], rest/unit.USD(len(c.Syndicate)-i)
		}
		rest -= p.Amount
		p.PreMoney = pre // all pay the same price a share: later shares are priced on what is in
		pre = pre.Plus(p.Amount)
		p.Nonvoting = slices.Contains(c.Nonvoting, p.Investor)
		p.Ceiling = c.ceiling(p.Investor, rest)
		out.Purchases = append(out.Purchases, p)
	}
	out.Rounds = append(out.Rounds, r)
}

// pre is the price of the company before the money.
func (c *EquityRound) pre() unit.USD {
	if c.PostMoney > 0 {
		return c.PostMoney - c.Amount
	}
	return c.PreMoney
}

// ceiling is the cap of an investor, if it has one. The rest of the club pays later; whether others do is not sure.
func (c *EquityRound) ceiling(f id.Firm, later unit.USD) Ceiling {
	for _, x := range c.Caps {
		if x.Investor == f {
			return Ceiling{x.Stake, later, x.Excess}
		}
	}
	return Ceiling{}
}

// Locks implements [Locker].
func (c *EquityRound) Locks(now Now, _ *State, investor, lab id.Firm) bool {
	return lab != c.Company && c.member(investor) && now.Month >= c.Closes && now.Month < c.Closes.After(c.Lock)
}

// Open implements [Opener]: a round that closed before the start is part of the opening cap table.
func (c *EquityRound) Open(start unit.Month, s *State) Grant {
	if c.Closes <= start {
		s.Settle(0)
		s.Paid = c.Amount
	}
	return Grant{}
}
