package contract

import (
	"math"

	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// PowerAgreement gives a cloud electricity in a region from a date on, at an agreed price. A place in the grid's queue, gas
// at the site and nuclear behind the meter bring the connection of its sites too; a power purchase agreement over the grid
// fixes the price alone.
//
//	running(t) = Capacity × min(1, months since Starts, this one included / Ramp)     from Starts for Term
//	bill(t)    = price·hours × max(used, Floor·running) + CapacityCharge/12 × running
//	price      = Price × (1 + Escalator)^years since Starts, or the region's price if Price is 0
//
// Source: model-notes 5; deals D033, D043, D050, D051, D095, D123, D167.
type PowerAgreement struct {
	Buyer          id.Firm        `need:"true" doc:"cloud that uses the power and pays for it"`
	Region         id.Region      `need:"true" doc:"where its sites stand"`
	Form           string         `need:"true" choice:"grid-slot,onsite-gas,nuclear,ppa" doc:"where the power comes from; all but ppa connect sites"`
	Capacity       unit.MW        `need:"true" doc:"power when the ramp is over"`
	Starts         unit.Month     `need:"true" doc:"month in which the first power is there"`
	Ramp           unit.Months    `default:"1 month" range:"0,600" doc:"time from first to full power"`
	Term           unit.Months    `need:"true" range:"1,1200" doc:"length from the first power on"`
	Price          unit.USDPerMWh `default:"$0/MWh" range:"0," doc:"price of energy; $0 takes the region's price of the day"`
	Escalator      unit.Rate      `default:"0%/yr" range:"-0.5,1" doc:"rise of that price a year"`
	CapacityCharge unit.USDPerMW  `default:"$0/MW" range:"0," doc:"charge a year for each megawatt that runs, used or not"`
	Floor          unit.Share     `default:"0%" doc:"share of the energy that is paid for whether used or not"`
}

// Faults implements [Clause].
func (c *PowerAgreement) Faults() []Fault {
	f := append(positive("capacity", float64(c.Capacity)), positive("term", float64(c.Term))...)
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", "is longer than the term", "shorten the ramp"))
	}
	switch {
	case c.Form == "ppa" && c.Price <= 0:
		f = append(f, fault("price", "is missing, and a power purchase agreement consists of its price", "give a price, such as $75/MWh"))
	case c.Price <= 0 && c.Escalator != 0:
		f = append(f, fault("escalator", "has no price to act on", "give a price too"))
	}
	return f
}

// Roles implements [Clause].
func (c *PowerAgreement) Roles() []Role { return []Role{{"buyer", c.Buyer, asCloud}} }

// Dates implements [Dated].
func (c *PowerAgreement) Dates() []Date { return []Date{{"starts", "the power comes", c.Starts}} }

// Parties implements [Clause]. Power companies stand outside the model.
func (c *PowerAgreement) Parties() []id.Firm { return []id.Firm{c.Buyer} }

// over reports whether the agreement has run out by month t.
func (c *PowerAgreement) over(t unit.Month) bool { return t >= c.Starts.After(c.Term) }

// running is the power that the agreement gives in month t.
func (c *PowerAgreement) running(t unit.Month) unit.MW {
	n := float64(t-c.Starts) + 1
	if n < 1 || c.over(t) {
		return 0
	}
	return c.Capacity * unit.MW(min(1, n/max(1, float64(c.Ramp))))
}

// Feed implements [Feeder].
func (c *PowerAgreement) Feed(t unit.Month) Feed {
	f := Feed{
		Buyer: c.Buyer, Region: c.Region, Running: c.running(t), Capacity: c.Capacity, Starts: c.Starts, Ramp: c.Ramp,
		Connects: c.Form != "ppa", Queued: c.Form == "grid-slot", Grid: c.Form == "grid-slot" || c.Form == "ppa",
	}
	if c.over(t) {
		f.Capacity = 0
	}
	return f
}

// When returns the month in which so much of the power is there.
func (f *Feed) When(mw unit.MW) unit.Month {
	months := float64(max(1, float64(f.Ramp)) * float64(mw/f.Capacity))
	return f.Starts + unit.Month(math.Ceil(months-1e-9)) - 1
}

// Open implements [Opener]: what ran before the start feeds sites that are in service.
func (c *PowerAgreement) Open(start unit.Month, s *State) Grant {
	if c.Form != "ppa" {
		s.Taken = float64(c.running(start))
	}
	return Grant{}
}

// Bill asks for the month's energy and the charge for capacity.
func (c *PowerAgreement) Bill(now Now, s *State, m *Meter, out *Dues) {
	running := c.running(now.Month)
	if running <= 0 {
		return
	}
	price := float64(m.EnergyPrice)
	if c.Price > 0 {
		price = float64(c.Price) * num.Pow(1+float64(c.Escalator), now.Month.Years(c.Starts))
	}
	energy := float64(max(float64(m.Power), float64(c.Floor)*float64(running)) * price * m.Hours)
	due := unit.Dollars(energy + float64(float64(c.CapacityCharge)/12*float64(running)))
	if due > 0 {
		out.Payments = append(out.Payments, Payment{c.Buyer, id.None, due, "power", now.Contract, Energy})
		s.Paid += due
	}
}
