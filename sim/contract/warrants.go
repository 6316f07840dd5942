package contract

import (
	"fmt"
	"math"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// Warrants give their holder new shares of the issuer at a set price, a part at a time.
//
//	vest(i) = When_i holds at the close of a month up to Expires
//	shares issued by part i = Part_i·W/(1 + W·Σ Part of those vested, i included),   W = Share/(1 − Share)
//
// The condition of a part usually joins capacity delivered with a price of the issuer:
// `openai.delivered_chips(amd) >= 1 GW and amd.valuation >= $500B`. The holder exercises what vests at once, for the
// strike is far below the price, and sells it if Sells. Parts that have not vested lapse.
// Source: clauses.md 13; rows D133, D134, D166, D199, D201.
type Warrants struct {
	Issuer   id.Firm    `need:"true" doc:"who gives the shares"`
	Holder   id.Firm    `need:"true" doc:"who may have them"`
	Share    unit.Share `default:"0%" doc:"part of the issuer that the holder owns when all have vested; or give shares and total"`
	Shares   float64    `default:"0" range:"0," doc:"number of new shares"`
	Total    float64    `default:"0" range:"0," doc:"number of the issuer's shares before them"`
	Strike   unit.USD   `default:"$0" doc:"what the holder pays for all of them; 160 million at $0.01 are $1.6M"`
	Tranches []Vesting  `need:"true" doc:"what vests, and when"`
	Expires  unit.Month `need:"true" date:"end" doc:"last month whose close counts"`
	Sells    bool       `doc:"the holder sells what vests at once, at the issuer's value"`
}

// Vesting is a part of the warrants and its condition.
type Vesting struct {
	Part unit.Share   `need:"true" doc:"part of all the warrants"`
	When measure.Test `need:"true" doc:"condition on measures, such as openai.delivered_chips(amd) >= 1 GW and amd.valuation >= $500B"`
}

// Faults implements [Clause].
func (c *Warrants) Faults() []Fault {
	f := append(different("issuer", "holder", c.Issuer, c.Holder), notNegative("strike", float64(c.Strike))...)
	switch {
	case c.Share > 0 && (c.Shares > 0 || c.Total > 0):
		f = append(f, fault("share", "is given beside numbers of shares", "give share, or shares and total"))
	case c.Share <= 0 && (c.Shares <= 0 || c.Total <= 0):
		f = append(f, fault("share", "is missing", "give share, or shares and total"))
	case c.Share >= 1:
		f = append(f, fault("share", "leaves nothing to the owners", "give less than 100%"))
	}
	if len(c.Tranches) == 0 || len(c.Tranches) > maxTranches {
		f = append(f, fault("tranches", fmt.Sprintf("has %d entries; warrants have 1 to %d", len(c.Tranches), maxTranches), ""))
	}
	sum := 0.0
	for i, p := range c.Tranches {
		f = append(f, positive(fmt.Sprintf("tranches[%d].part", i), float64(p.Part))...)
		sum += float64(p.Part)
	}
	if len(c.Tranches) > 0 && math.Abs(sum-1) > 1e-6 {
		f = append(f, fault("tranches", fmt.Sprintf("sum to %.4g%%, not 100%%", 100*sum), "give each as its part of all the warrants"))
	}
	return f
}

// Roles implements [Clause].
func (c *Warrants) Roles() []Role { return nil }

// Dates implements [Dated].
func (c *Warrants) Dates() []Date { return []Date{{"expires", "the warrants expire", c.Expires}} }

// Parties implements [Clause].
func (c *Warrants) Parties() []id.Firm { return []id.Firm{c.Issuer, c.Holder} }

// warrants over the issuer's shares before them.
func (c *Warrants) ratio() float64 {
	if c.Share > 0 {
		return float64(c.Share) / (1 - float64(c.Share))
	}
	return c.Shares / c.Total
}

// Test lets the parts vest whose condition holds at the last close, and after the expiry the rest lapse.
func (c *Warrants) Test(now Now, s *State, out *Dues) {
	vested := 0.0 // parts of the warrants
	for i := range c.Tranches {
		if s.Settled(i) && s.Missed&(1<<i) == 0 {
			vested += float64(c.Tranches[i].Part)
		}
	}
	over := now.Month-1 > c.Expires
	for i := range c.Tranches {
		p := &c.Tranches[i]
		switch {
		case s.Settled(i):
		case over:
			s.Settle(i)
			s.Missed |= 1 << i
			out.Lapses = append(out.Lapses, Lapse{now.Contract, i + 1, c.Holder, 0, p.When.Text})
		case p.When.Holds(now.Measures):
			s.Settle(i)
			vested += float64(p.Part)
			out.Issues = append(out.Issues, Issue{
				Issuer: c.Issuer, Holder: c.Holder, Share: float64(p.Part) * c.ratio() / (1 + float64(c.ratio()*vested)),
				Pays: c.Strike.Times(float64(p.Part)), Sells: c.Sells, Contract: now.Contract, Part: i + 1,
			})
		}
	}
}
