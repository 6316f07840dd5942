package firm

import "powerplay/sim/unit"

// TicketView is what an investor knows of a round.
type TicketView struct {
	Raise       unit.USD
	Purse       unit.USD   // money it may still put into equity
	InvestorCap unit.Share // largest part of a round
	Owner       bool       // it already holds shares
	Partner     bool       // it sells to the lab
	OwnStake    float64    // its stake before the round
	Rival       bool       // it sells models that compete with the lab's
}

// maxStake keeps a strategic holder below control, as caps in known terms do (15 % for Google in Anthropic,
// 27 % for Microsoft in OpenAI).
const maxStake = 0.30

// Ticket returns what the investor puts into a round.
//
//	ticket = min(InvestorCap·raise, purse)
//
// A strategic investor joins only labs that buy from it or in which it has a stake, and stops at 30 %; others
// join all.
func (i *Investor) Ticket(v TicketView) unit.USD {
	if i.Strategic && (!v.Owner && !v.Partner || v.OwnStake >= maxStake) {
		return 0
	}
	return max(0, min(v.Raise.Times(float64(v.InvestorCap)), v.Purse))
}

// OptionView is what an investor knows of a payment that it may cut.
type OptionView struct {
	Amount, Least unit.USD
	Agreed, Today unit.USD // the company's value before the money: what the contract says, and what the market would
	Means         unit.USD // what it has or can borrow
}

// Gain is what the shares are worth today above what all of the payment costs.
//
//	gain = Amount·(Today/Agreed − 1)
func (v OptionView) Gain() float64 {
	return v.Amount.Dollars() * (v.Today.Dollars()/v.Agreed.Dollars() - 1)
}

// Pays returns what the investor pays: all that it has the means for if the shares are worth their price, else the
// least.
func (v OptionView) Pays() unit.USD {
	if v.Gain() < 0 {
		return v.Least
	}
	return max(v.Least, min(v.Amount, v.Means))
}

// Eagerness orders the investors of a round: the most eager leads.
func (i *Investor) Eagerness(v TicketView) float64 {
	e := i.Taste
	if v.Owner {
		e *= 1.25 // insiders know more and protect their stake
	}
	if v.Rival {
		e *= 0.8
	}
	return e
}
