package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// ChipSupply promises a buyer a maker's chips on a schedule: a cloud for its own sites, a lab for the sites of clouds
// that serve it. The volume is counted in the power of the sites that the chips fill, or in compute.
//
//	due(t)    = Capacity × min(1, months since Starts, this one included / Term), or Compute × those months
//	shortfall = max(0, Floor × due − taken − paid for before), at the end of each contract year, at the price of the day less Discount
//
// A maker and a buyer who develop chips together speed the maker's path up, for all who buy from it: the price of its
// compute falls by PriceGain a year more, and its compute per megawatt grows by DensityGain a year more.
// Source: clauses.md 13 and 9; the speed of a joint path is an assumption.
type ChipSupply struct {
	Maker       id.Firm     `need:"true" doc:"who makes the chips"`
	Buyer       id.Firm     `need:"true" doc:"cloud whose sites take them, or lab at whose clouds they go in"`
	Starts      unit.Month  `need:"true" doc:"first month of the schedule"`
	Term        unit.Months `need:"true" range:"1,600" doc:"length of the schedule"`
	Capacity    unit.MW     `default:"0 MW" doc:"facility power that the chips fill, over the whole schedule"`
	Compute     unit.H100e  `default:"0 H100e" doc:"instead of capacity: compute a month"`
	Priority    bool        `doc:"sites under the contract get the maker's chips before others; among several the higher precedence goes first"`
	Discount    unit.Share  `default:"0%" doc:"price cut off the maker's price"`
	Floor       unit.Share  `default:"0%" doc:"share of the schedule that is paid for whether taken or not"`
	PriceGain   unit.Rate   `default:"0%/yr" range:"0,0.9" doc:"further fall a year of the price of the maker's compute from developing it together"`
	DensityGain unit.Rate   `default:"0%/yr" range:"0,2" doc:"further growth a year of the compute per megawatt of its chips"`
}

// Faults implements [Clause].
func (c *ChipSupply) Faults() []Fault {
	f := append(positive("term", float64(c.Term)), different("maker", "buyer", c.Maker, c.Buyer)...)
	f = append(append(f, notNegative("capacity", float64(c.Capacity))...), notNegative("compute", float64(c.Compute))...)
	switch volume := c.Capacity > 0 || c.Compute > 0; {
	case c.Capacity > 0 && c.Compute > 0:
		f = append(f, fault("compute", "stands beside capacity: the volume is given twice", "give one of the two"))
	case !volume && (c.Floor > 0 || c.Priority || c.Discount > 0):
		f = append(f, fault("capacity", "is zero, so there is nothing to which floor, priority or discount apply", "give capacity or compute"))
	case !volume && c.PriceGain <= 0 && c.DensityGain <= 0:
		f = append(f, fault("capacity", "is zero, and nothing is developed together", "give capacity, compute, price_gain or density_gain"))
	}
	return f
}

// Roles implements [Clause].
func (c *ChipSupply) Roles() []Role {
	return []Role{{"maker", c.Maker, []string{"supplier"}}, {"buyer", c.Buyer, []string{"cloud", "lab"}}}
}

// Dates implements [Dated].
func (c *ChipSupply) Dates() []Date { return []Date{{"starts", "the schedule starts", c.Starts}} }

// Parties implements [Clause].
func (c *ChipSupply) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Maker} }

// months is how many months of the schedule are over at the end of month t.
func (c *ChipSupply) months(t unit.Month) float64 {
	return max(0, min(float64(c.Term), float64(t-c.Starts)+1))
}

// due is the volume agreed up to the end of month t, in megawatts or H100e.
func (c *ChipSupply) due(t unit.Month) float64 {
	if c.Compute > 0 {
		return float64(c.Compute) * c.months(t)
	}
	return float64(c.Capacity) * c.months(t) / float64(c.Term)
}

// Allot implements [Allocator].
func (c *ChipSupply) Allot(t unit.Month) Allotment {
	a := Allotment{
		Maker: c.Maker, Buyer: c.Buyer, Due: c.due(t), InCompute: c.Compute > 0, First: c.Priority, Discount: c.Discount,
	}
	if n := t - c.Starts; n >= 0 && float64(n) < float64(c.Term) {
		a.PriceGain, a.DensityGain = c.PriceGain, c.DensityGain
	}
	return a
}

// Open implements [Opener]: what was due before the start has been taken.
func (c *ChipSupply) Open(start unit.Month, s *State) Grant {
	s.Taken = c.due(start)
	return Grant{}
}

// Bill asks at the end of each contract year for what the floor of the schedule exceeds the volume taken by. Sites that
// stand ready and wait for the maker count as taken: the delay is not the buyer's.
func (c *ChipSupply) Bill(now Now, s *State, m *Meter, out *Dues) {
	n := float64(now.Month-c.Starts) + 1
	if n < 1 || n >= float64(c.Term)+1 || n < yearEnd(n) && n < float64(c.Term) {
		return
	}
	short := float64(float64(c.Floor)*c.due(now.Month)) - s.Taken - s.Forgone - m.Waiting
	if short <= 0 {
		return
	}
	amount := unit.Dollars(short * m.ChipPrice * (1 - float64(c.Discount)))
	out.Payments = append(out.Payments, Payment{c.Buyer, c.Maker, amount, "minimum-take", now.Contract, Chips})
	s.Forgone += short
	s.Paid += amount
}
