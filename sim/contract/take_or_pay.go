package contract

import (
	"fmt"
	"math"

	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/num"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// TakeOrPay makes the buyer pay a minimum whether or not it uses what it promised to buy.
//
//	promised(t) = Commitment spread over Term from Starts, rising linearly over Ramp, × (1 + Indexation)^(contract years gone)
//	shortfall   = max(0, Floor × promised(t) − usage bill)
//
// A shortfall is due once a year, at the end of each contract year, on the year's totals: a dry month is
// made up by a busy one. With MakeUp it is money paid ahead: use above a later year's floor takes it back, until
// it expires. After a year whose use stayed below RecutBelow of its floor the buyer asks to be let off Recut of what is
// still promised; the seller decides. Source: clauses.md 3; parameters take_or_pay_level, prepayment_share,
// price_per_gw_contract_indexation, commitment_realisation.
type TakeOrPay struct {
	Buyer      id.Firm     `need:"true" doc:"who promises to buy"`
	Seller     id.Firm     `need:"true" doc:"who promises to deliver"`
	Commitment unit.USD    `need:"true" doc:"spend promised over the term, before indexation"`
	Starts     unit.Month  `need:"true" doc:"first month that counts"`
	Term       unit.Months `need:"true" doc:"length of the promise"`
	Ramp       unit.Months `default:"0 months" doc:"time over which the promised amount rises from zero"`
	Floor      unit.Share  `need:"true" doc:"share of the promise that is paid regardless"`
	Indexation unit.Rate   `default:"0%/yr" range:"-0.5,0.5" doc:"rise of the promise from one contract year to the next"`
	Prepayment unit.Share  `default:"0%" doc:"share of the commitment that is paid at signing; bills of the seller's lots use it before cash"`
	MakeUp     unit.Months `default:"0 months" range:"0,60" doc:"time in which use above the floor may take a paid shortfall back"`
	Recut      unit.Share  `default:"0%" doc:"part of the rest of the promise that the buyer asks to be let off after a year of little use; the seller decides"`
	RecutBelow unit.Share  `default:"50%" doc:"a year of little use is one whose use stays below this share of its floor"`
	Exit
}

// Faults implements [Clause].
func (c *TakeOrPay) Faults() []Fault {
	f := append(positive("commitment", float64(c.Commitment)), positive("term", float64(c.Term))...)
	f = append(f, notNegative("ramp", float64(c.Ramp))...)
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", fmt.Sprintf("is longer (%g months) than the term (%g months)", c.Ramp, c.Term), "shorten the ramp"))
	}
	if c.Prepayment > c.Floor {
		f = append(f, fault("prepayment", fmt.Sprintf("is more (%.3g %%) than what is paid regardless (%.3g %%)", float64(100*c.Prepayment), float64(100*c.Floor)), "lower it, or raise the floor"))
	}
	if c.Indexation != 0 && c.Term > longest {
		f = append(f, fault("term", fmt.Sprintf("is longer than %g months, over which an indexed promise can be counted", longest), "shorten it"))
	} else if total := float64(c.Commitment) * c.part(0, float64(c.Term)); total > most {
		f = append(f, fault("commitment", "is more than $50 trillion over the term, indexed", "lower the commitment or the indexation"))
	}
	return append(append(f, c.faults()...), different("buyer", "seller", c.Buyer, c.Seller)...)
}

// longest is the term up to which a promise is counted year by year.
const longest unit.Months = 1200

// most is what one contract may be worth, in cents, so that sums stay within what the books hold.
const most = 50e14

// Dates implements [Dated].
func (c *TakeOrPay) Dates() []Date { return []Date{{"starts", "the promise starts", c.Starts}} }

// Roles implements [Clause].
func (c *TakeOrPay) Roles() []Role {
	return []Role{{"buyer", c.Buyer, asCustomer}, {"seller", c.Seller, asCloud}}
}

// Parties implements [Clause].
func (c *TakeOrPay) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Seller} }

// between returns the spend promised from n months after the start to m months after it, less what was given
// up in renegotiation.
func (c *TakeOrPay) between(n, m float64, s *State) unit.USD {
	return c.Commitment.Times(float64(c.part(n, m) * (1 - s.Waived)))
}

// part is the promise from n to m months after the start over the commitment, indexed by the contract year.
func (c *TakeOrPay) part(n, m float64) float64 {
	all := float64(c.Term) - float64(c.Ramp/2) // the ramp is no longer than the term
	if c.Indexation == 0 {
		return (c.area(m) - c.area(n)) / all
	}
	sum := 0.0
	for n, m = max(0, n), min(m, float64(c.Term)); n < m; {
		year := math.Floor(n / 12)
		end := min(m, 12*(year+1))
		sum += float64((c.area(end) - c.area(n)) / all * num.Pow(1+float64(c.Indexation), year))
		n = end
	}
	return sum
}

// area is the promise of the first n months, in months at full level: a triangle while it rises, then a block.
func (c *TakeOrPay) area(n float64) float64 {
	term, ramp := float64(c.Term), float64(c.Ramp)
	if n > term {
		n = term
	}
	switch {
	case n <= 0:
		return 0
	case n >= ramp:
		return n - float64(ramp/2)
	}
	return n * n / 2 / ramp
}

// promised returns the spend promised for month t.
func (c *TakeOrPay) promised(t unit.Month, s *State) unit.USD {
	n := float64(t - c.Starts)
	return c.between(n, n+1, s)
}

// yearEnd is the end of the contract year that month number n belongs to.
func yearEnd(n float64) float64 { return float64(12 * math.Ceil(n/12)) }

// Prepaid implements [Prepayer].
func (c *TakeOrPay) Prepaid() unit.USD { return c.Commitment.Times(float64(c.Prepayment)) }

// Covers implements [Prepayer]: what is paid ahead serves for everything that the buyer rents from the seller.
func (c *TakeOrPay) Covers(_ Now, l *market.Lot) bool {
	return l.Buyer == c.Buyer && l.Seller == c.Seller
}

// Open implements [Opener]: of an older prepayment the floors up to the start are used.
func (c *TakeOrPay) Open(start unit.Month, s *State) Grant {
	gone := c.between(0, float64(start-c.Starts)+1, s).Times(float64(c.Floor))
	s.Ahead = max(0, c.Prepaid()-gone)
	return Grant{}
}

// Bill counts the month's use, and asks for the shortfall of a contract year at its end.
func (c *TakeOrPay) Bill(now Now, s *State, m *Meter, out *Dues) {
	c.expire(now, s, out)
	if n := float64(now.Month-c.Starts) + 1; n >= 1 && n < float64(c.Term)+1 { // months of the term, this one included
		c.count(n, now, s, m, out)
		if c.ExitAfter > 0 {
			c.watch(now, m.Between, s, out)
		}
	}
	c.takeBack(now, s, m, out)
}

// count adds a month's use to the contract year, and closes the year at its end.
func (c *TakeOrPay) count(n float64, now Now, s *State, m *Meter, out *Dues) {
	// Owed runs up the year's floor less what was used; a surplus of one year is not carried on. What is used
	// beyond the rest of the year's floor is left to other clauses of the same two firms.
	used := m.UsageBill
	if used > 0 {
		used = min(used, max(0, c.between(n-1, yearEnd(n), s).Times(float64(c.Floor))+s.Owed))
	}
	m.UsageBill -= used
	s.Owed += c.promised(now.Month, s).Times(float64(c.Floor)) - used
	s.Paid += used
	if n < yearEnd(n) && n < float64(c.Term) {
		return
	}
	short := max(0, s.Owed)
	s.Owed = 0
	if short > 0 {
		s.Paid += short
		c.settle(short, now, s, out)
		c.askRecut(n, short, now, s, out)
	}
}

// settle asks for a year's shortfall, first from what was paid ahead. With a right to make it up it is paid ahead again.
func (c *TakeOrPay) settle(short unit.USD, now Now, s *State, out *Dues) {
	ahead := min(short, s.Ahead)
	s.Ahead -= ahead
	if now.Told && ahead > 0 {
		out.Notes = append(out.Notes, Note{"shortfall", c.Buyer, c.Seller, "falls short of {its|their} floor with {with} and {has|have} paid ahead for it", []record.Reason{
			{Name: "shortfall", Value: short.Dollars(), Unit: unit.DimUSD}, {Name: "paid ahead for it", Value: ahead.Dollars(), Unit: unit.DimUSD},
		}})
	}
	income := Compute
	if c.MakeUp > 0 {
		income = Ahead
		s.store(Batch{short, now.Month.After(c.MakeUp)})
	} else {
		c.owe(ahead, "take-or-pay", Earned, now, out)
	}
	c.owe(short-ahead, "take-or-pay", income, now, out)
}

// owe adds a payment from the buyer to the seller, or from the seller back.
func (c *TakeOrPay) owe(x unit.USD, kind string, income Income, now Now, out *Dues) {
	if x <= 0 {
		return
	}
	p := Payment{c.Buyer, c.Seller, x, kind, now.Contract, income}
	if income == Back {
		p.From, p.To = p.To, p.From
	}
	out.Payments = append(out.Payments, p)
}

// store keeps a batch behind the older ones. At one a contract year and at most five years of life there is room.
func (s *State) store(b Batch) {
	for i := range s.MakeUp {
		if s.MakeUp[i].Left == 0 {
			s.MakeUp[i] = b
			return
		}
	}
	s.MakeUp[len(s.MakeUp)-1].Left += b.Left // an amendment has moved the years
}

// expire lets the seller keep shortfalls that were not made up in time.
func (c *TakeOrPay) expire(now Now, s *State, out *Dues) {
	for s.MakeUp[0].Left > 0 && s.MakeUp[0].Until < now.Month {
		c.owe(s.MakeUp[0].Left, "make-up expired", Earned, now, out)
		copy(s.MakeUp[:], s.MakeUp[1:])
		s.MakeUp[len(s.MakeUp)-1] = Batch{}
	}
}

// takeBack returns paid shortfalls for use above the floor, the oldest first.
func (c *TakeOrPay) takeBack(now Now, s *State, m *Meter, out *Dues) {
	var got unit.USD
	for s.MakeUp[0].Left > 0 && m.UsageBill > 0 {
		b := &s.MakeUp[0]
		x := min(b.Left, m.UsageBill)
		b.Left -= x
		m.UsageBill -= x
		got += x
		if b.Left == 0 {
			copy(s.MakeUp[:], s.MakeUp[1:])
			s.MakeUp[len(s.MakeUp)-1] = Batch{}
		}
	}
	c.owe(got, "make-up", Back, now, out)
}

// askRecut asks the seller to let the buyer off after a contract year of little use that ends in month n of the term.
//
//	used/floor = 1 − shortfall/(Floor × promised in the year) < RecutBelow
func (c *TakeOrPay) askRecut(n float64, short unit.USD, now Now, s *State, out *Dues) {
	floor := c.between(yearEnd(n)-12, n, s).Times(float64(c.Floor))
	left := c.between(n, float64(c.Term), s)
	if c.Recut <= 0 || left <= 0 || float64(floor-short) >= float64(c.RecutBelow)*float64(floor) {
		return
	}
	ask := Ask{Choice: Recut, Part: c.Recut, Floor: c.Floor}
	if now.Told {
		ask.Why = []record.Reason{
			{Name: "floor of the year", Value: floor.Dollars(), Unit: unit.DimUSD},
			{Name: "used", Value: max(0, floor-short).Dollars(), Unit: unit.DimUSD},
			{Name: "still promised", Value: left.Dollars(), Unit: unit.DimUSD},
		}
	}
	out.Asks = append(out.Asks, ask)
}

// Firm implements [Committer].
func (c *TakeOrPay) Firm() unit.Share { return c.Floor }

// Outstanding implements [Committer]: the floor of the contract year's rest, with the shortfall or surplus of
// its months so far, and the floors of the years to come, less what is paid ahead.
func (c *TakeOrPay) Outstanding(t unit.Month, s *State) unit.USD {
	n := float64(t-c.Starts) + 1
	year := c.between(n, yearEnd(n), s).Times(float64(c.Floor)) + s.Owed
	return max(0, max(0, year)+c.between(yearEnd(n), float64(c.Term), s).Times(float64(c.Floor))-s.Ahead)
}

// Last implements [Committer].
func (c *TakeOrPay) Last() unit.Month { return c.Starts.After(c.Term) - 1 }

// Minimum implements [Committer].
func (c *TakeOrPay) Minimum(t unit.Month, s *State) unit.USD {
	return c.promised(t, s).Times(float64(c.Floor))
}
