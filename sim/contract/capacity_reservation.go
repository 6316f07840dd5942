package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// CapacityReservation sets capacity aside for a buyer. The seller owes delivery along a straight ramp; the
// buyer pays the rent of what is delivered, at least Floor of it.
//
// Rent $0 takes the market rent of the month of signing. Source: clauses.md 9.
type CapacityReservation struct {
	Buyer    id.Firm     `need:"true" doc:"who may use the capacity"`
	Seller   id.Firm     `need:"true" doc:"who must deliver it"`
	Capacity unit.MW     `need:"true" doc:"facility power, the ceiling of the reservation"`
	Starts   unit.Month  `need:"true" doc:"first delivery"`
	Ramp     unit.Months `default:"1 month" doc:"time from first to full delivery"`
	Term     unit.Months `need:"true" doc:"length of service from the first delivery"`
	Rent     unit.Rent   `default:"$0/GW-yr" doc:"price; $0 takes the market rent at signing"`
	Floor    unit.Share  `need:"true" doc:"share of the rent of delivered capacity that is due whether used or not"`
	Chips    id.Firm     `doc:"maker of the chips, if the contract names one"`
}

// Faults implements [Clause].
func (c *CapacityReservation) Faults() []Fault {
	f := append(positive("capacity", float64(c.Capacity)), positive("term", float64(c.Term))...)
	f = append(append(f, notNegative("ramp", float64(c.Ramp))...), notNegative("rent", float64(c.Rent))...)
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", "is longer than the term", "shorten the ramp"))
	}
	return append(f, different("buyer", "seller", c.Buyer, c.Seller)...)
}

// Roles implements [Clause].
func (c *CapacityReservation) Roles() []Role {
	return []Role{{"buyer", c.Buyer, asCustomer}, {"seller", c.Seller, asCloud}}
}

// Parties implements [Clause].
func (c *CapacityReservation) Parties() []id.Firm { return []id.Firm{c.Buyer, c.Seller} }

// Reserve implements [Reserver].
func (c *CapacityReservation) Reserve(now Now, lots []market.Lot) []market.Lot {
	rent := c.Rent
	if rent == 0 {
		rent = now.Rent
	}
	return append(lots, market.Lot{
		Buyer: c.Buyer, Seller: c.Seller, Size: c.Capacity, Rent: rent, Floor: c.Floor, Signed: now.Month,
		Start: c.Starts, End: c.Starts.After(c.Term) - 1, Ramp: int(c.Ramp), Family: c.Chips, Contract: now.Contract,
	})
}
