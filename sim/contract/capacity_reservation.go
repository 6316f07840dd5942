package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// CapacityReservation sets capacity aside for a buyer. The seller owes delivery along a straight ramp, or in the steps
// of a schedule; the buyer pays the rent of what is delivered, at least Floor of it.
//
//	damages = DelayPenalty × month's rent of what is due and not in service, while the seller is late
//
// Rent $0 takes the market rent of the month of signing. With an option the buyer may call more at a rent agreed
// now; when is its choice. Source: clauses.md 9 and 3; model-notes 2b.
type CapacityReservation struct {
	Buyer        id.Firm     `need:"true" doc:"who may use the capacity"`
	Seller       id.Firm     `need:"true" doc:"who must deliver it"`
	Capacity     unit.MW     `need:"true" doc:"facility power, the ceiling of the reservation"`
	Starts       unit.Month  `need:"true" doc:"first delivery"`
	Ramp         unit.Months `default:"1 month" doc:"time from first to full delivery, in equal monthly parts"`
	Schedule     []Delivery  `doc:"steps of delivery instead of a ramp, the earliest first"`
	Term         unit.Months `need:"true" doc:"length of service from the first delivery"`
	Rent         unit.Rent   `default:"$0/GW-yr" doc:"price; $0 takes the market rent at signing"`
	Floor        unit.Share  `need:"true" doc:"share of the rent of delivered capacity that is due whether used or not"`
	Chips        id.Firm     `doc:"maker of the chips, if the contract names one"`
	Prepayment   unit.Share  `default:"0%" doc:"share of the rent of the whole term that is paid at signing; bills under the contract use it before cash"`
	DelayPenalty unit.Share  `default:"0%" doc:"share of the rent of what is late that the seller owes the buyer each month"`
	Option       CallOption  `doc:"capacity beyond it that the buyer may call"`
	Exit
}

// Delivery is a step of a schedule.
type Delivery struct {
	By       unit.Month `need:"true" date:"end" doc:"first month in which the capacity must be in service"`
	Capacity unit.MW    `need:"true" doc:"all that must be in service from then on, earlier steps included"`
}

// CallOption is the buyer's right to more capacity at a rent agreed before. Nobody sets capacity aside for it.
type CallOption struct {
	Capacity unit.MW     `default:"0 MW" doc:"facility power that may be called, at once or in parts"`
	Rent     unit.Rent   `default:"$0/GW-yr" doc:"rent of what is called"`
	Until    unit.Month  `date:"end" doc:"last month in which it may be called"`
	Lead     unit.Months `default:"12 months" doc:"time from the call to delivery"`
	Fee      unit.Share  `default:"0%" doc:"share of the rent of what is not yet called that the buyer pays for the right"`
}

// Faults implements [Clause].
func (c *CapacityReservation) Faults() []Fault {
	f := append(positive("capacity", float64(c.Capacity)), positive("term", float64(c.Term))...)
	f = append(append(f, notNegative("ramp", float64(c.Ramp))...), notNegative("rent", float64(c.Rent))...)
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", "is longer than the term", "shorten the ramp"))
	}
	f = append(append(f, c.scheduleFaults()...), c.Option.faults()...)
	if c.Prepayment > 0 && c.Rent == 0 {
		f = append(f, fault("prepayment", "is a share of a rent that is not known at signing", "give the rent"))
	}
	if cents := 100 * float64(c.Rent) / 12 * float64(c.Capacity) / 1000 * float64(c.Term); cents > most {
		f = append(f, fault("capacity", "is worth more than $50 trillion over the term", "check its unit, that of the rent and the term"))
	}
	return append(append(f, c.faults()...), different("buyer", "seller", c.Buyer, c.Seller)...)
}

func (c *CapacityReservation) scheduleFaults() []Fault {
	var f []Fault
	if len(c.Schedule) > 0 && c.Ramp > 1 {
		f = append(f, fault("ramp", "stands beside a schedule", "leave one of them out"))
	}
	at, size := c.Starts-1, unit.MW(0)
	for i, d := range c.Schedule {
		term := fmt.Sprintf("schedule[%d]", i)
		switch {
		case d.By <= at:
			f = append(f, fault(term+".by", fmt.Sprintf("(%v) does not lie after %v", d.By, at), "put the steps in order, none before `starts`"))
		case d.By >= c.Starts.After(c.Term):
			f = append(f, fault(term+".by", fmt.Sprintf("(%v) lies behind the term", d.By), "lengthen the term"))
		case d.Capacity <= size:
			f = append(f, fault(term+".capacity", fmt.Sprintf("is no more (%g MW) than the step before (%g MW)", d.Capacity, size), "each step gives all that is in service from then on"))
		}
		at, size = d.By, d.Capacity
	}
	if len(c.Schedule) > 0 && size != c.Capacity {
		f = append(f, fault(fmt.Sprintf("schedule[%d].capacity", len(c.Schedule)-1), fmt.Sprintf("ends at %g MW, not at the capacity of %g MW", size, c.Capacity), "let the last step be the whole"))
	}
	return f
}

func (o *CallOption) faults() []Fault {
	f := notNegative("option.lead", float64(o.Lead))
	if o.Capacity == 0 && o.Rent == 0 && o.Until == 0 && o.Fee == 0 {
		return f // there is none
	}
	f = append(append(f, positive("option.capacity", float64(o.Capacity))...), positive("option.rent", float64(o.Rent))...)
	if o.Until == 0 {
		f = append(f, fault("option.until", "is missing", "give the last month in which the option may be called"))
	}
	return f
}

// Dates implements [Dated].
func (c *CapacityReservation) Dates() []Date {
	all := []Date{{"starts", "the delivery starts", c.Starts}}
	if c.Option.Until != 0 {
		all = append(all, Date{"option.until", "the option ends", c.Option.Until})
	}
	return all
}

// Roles implements [Clause].
func (c *CapacityReservation) Roles() []Role {
	return []Role{{"buyer", c.Buyer, asCustomer}, {"seller", c.Seller, asCloud}}
}

// Parties implements [Clause].
func (c *CapacityReservation) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Seller} }

// lots is the number of lots that the reservation consists of.
func (c *CapacityReservation) lots() int { return max(1, len(c.Schedule)) }

// lot is one of them: a step of the schedule, or all along the ramp.
func (c *CapacityReservation) lot(i int, rent unit.Rent) market.Lot {
	l := market.Lot{
		Buyer: c.Buyer, Seller: c.Seller, Size: c.Capacity, Rent: rent, Floor: c.Floor,
		Start: c.Starts, End: c.end(), Ramp: int(c.Ramp), Family: c.Chips,
	}
	if len(c.Schedule) > 0 {
		l.Size, l.Start, l.Ramp = c.Schedule[i].Capacity, c.Schedule[i].By, 1
		if i > 0 {
			l.Size = max(0, l.Size-c.Schedule[i-1].Capacity)
		}
	}
	l.Wanted = l.Start
	return l
}

// end is the last month of service.
func (c *CapacityReservation) end() unit.Month { return c.Starts.After(c.Term) - 1 }

// Reserve implements [Reserver].
func (c *CapacityReservation) Reserve(now Now, lots []market.Lot) []market.Lot {
	rent := c.Rent
	if rent == 0 {
		rent = now.Rent
	}
	for i := range c.lots() {
		l := c.lot(i, rent)
		l.Signed, l.Contract = now.Month, now.Contract
		lots = append(lots, l)
	}
	return lots
}

// Prepaid implements [Prepayer].
func (c *CapacityReservation) Prepaid() unit.USD {
	var worth unit.USD
	if c.Prepayment > 0 {
		worth = c.worth(c.Starts - 1)
	}
	return worth.Times(float64(c.Prepayment))
}

// worth is the rent of all that is due after month t.
func (c *CapacityReservation) worth(t unit.Month) unit.USD {
	var x unit.USD
	for i := range c.lots() {
		l := c.lot(i, c.Rent)
		l.Floor = 1
		x += l.Rest(t)
	}
	return x
}

// Covers implements [Prepayer].
func (c *CapacityReservation) Covers(now Now, l *market.Lot) bool { return l.Contract == now.Contract }

// Open implements [Opener]: of an older prepayment the rent of what was due up to the start is used.
func (c *CapacityReservation) Open(start unit.Month, s *State) Grant {
	if c.Prepayment > 0 {
		s.Ahead = max(0, c.Prepaid()-(c.worth(c.Starts-1)-c.worth(start)))
	}
	return Grant{}
}

// Callable implements [Callable].
func (c *CapacityReservation) Callable() unit.MW { return c.Option.Capacity }

// Call implements [Callable].
func (c *CapacityReservation) Call(now Now, s *State) (market.Lot, bool) {
	o := &c.Option
	l := market.Lot{
		Buyer: c.Buyer, Seller: c.Seller, Size: o.Capacity - s.Called, Rent: o.Rent, Floor: c.Floor, Signed: now.Month,
		Start: max(c.Starts, now.Month.After(o.Lead)), Ramp: 1, Family: c.Chips, Contract: now.Contract,
	}
	l.Wanted, l.End = l.Start, l.Start.After(c.Term)-1
	return l, l.Size > 0 && now.Month <= o.Until
}

// Quiet implements [Quieter]: rent is all that many reservations ask for, and it stands in the lots.
func (c *CapacityReservation) Quiet() bool {
	return c.Option.Capacity == 0 && c.DelayPenalty == 0 && c.ExitAfter == 0 && c.Prepayment == 0
}

// Bill implements [Biller]: what the parties owe each other beside the rent, which stands in the lots.
func (c *CapacityReservation) Bill(now Now, s *State, m *Meter, out *Dues) {
	if left := c.Option.Capacity - s.Called; left > 0 && now.Month <= c.Option.Until {
		c.owe(c.Option.Rent.ForMonth(left).Times(float64(c.Option.Fee)), Payment{c.Buyer, c.Seller, 0, "option-fee", now.Contract, Fee}, out)
		if now.Month == c.Option.Until && now.Told {
			out.Notes = append(out.Notes, Note{"option-lapse", c.Buyer, c.Seller, "lets {its|their} option on capacity of {with} lapse", []record.Reason{{Name: "not called", Value: float64(left), Unit: unit.DimMW}}})
		}
	}
	if c.DelayPenalty > 0 || c.ExitAfter > 0 {
		c.delay(now, s, m, out)
	}
	if now.Month > c.end() {
		c.owe(s.Ahead, Payment{c.Seller, c.Buyer, 0, "prepayment", now.Contract, Back}, out)
		s.Ahead = 0
	}
}

// delay asks for damages while the seller is late, tells when that begins, and lets the buyer think of leaving.
func (c *CapacityReservation) delay(now Now, s *State, m *Meter, out *Dues) {
	before := s.Late
	c.watch(now, m.Own, s, out)
	if s.Late == 0 {
		return
	}
	c.owe(m.Own.Late.Times(float64(c.DelayPenalty)), Payment{c.Seller, c.Buyer, 0, "delay-penalty", now.Contract, Damages}, out)
	if before == 0 && now.Told {
		out.Notes = append(out.Notes, Note{"delay", c.Seller, c.Buyer, "is late with what {it|they} {owes|owe} {with}", m.Own.reasons()})
	}
}

// owe adds a payment of x if there is any.
func (c *CapacityReservation) owe(x unit.USD, p Payment, out *Dues) {
	if x > 0 {
		p.Amount = x
		out.Payments = append(out.Payments, p)
	}
}
