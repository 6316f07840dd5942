package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Backstop makes a guarantor pay the rent of a cloud's capacity that nobody rents, month by month after the spot
// market, up to a capacity and a total. With a tenant it stands in for that firm alone: for as much as the tenant has
// stopped renting there.
//
//	paid = Rent/12 × min(unsold, max(0, Capacity − rented by the tenant)),  in total at most Amount
//
// What the guarantor gets in return, such as warrants, is a contract of its own. Source: clauses.md 10.
type Backstop struct {
	Guarantor id.Firm   `need:"true" doc:"who pays for what stays unsold"`
	Cloud     id.Firm   `need:"true" doc:"whose capacity it is"`
	Capacity  unit.MW   `need:"true" doc:"most capacity that is paid for in a month"`
	Amount    unit.USD  `need:"true" doc:"most that is paid in all"`
	Rent      unit.Rent `need:"true" doc:"rent that the guarantor pays"`
	Tenant    id.Firm   `doc:"firm whose rent is guaranteed; without one, all that the cloud does not sell"`
}

// Faults implements [Clause].
func (c *Backstop) Faults() []Fault {
	f := append(positive("capacity", float64(c.Capacity)), positive("amount", float64(c.Amount))...)
	f = append(f, positive("rent", float64(c.Rent))...)
	if c.Tenant == c.Cloud || c.Tenant == c.Guarantor {
		f = append(f, fault("tenant", "is the cloud or the guarantor", "name the firm that rents, or leave it out"))
	}
	return append(f, different("guarantor", "cloud", c.Guarantor, c.Cloud)...)
}

// Roles implements [Clause].
func (c *Backstop) Roles() []Role {
	return []Role{{"guarantor", c.Guarantor, []string{"supplier", "cloud", "investor", "lab"}}, {"cloud", c.Cloud, asCloud}, {"tenant", c.Tenant, asCustomer}}
}

// Parties implements [Clause].
func (c *Backstop) Parties() []id.Firm {
	if c.Tenant == id.None {
		return []id.Firm{c.Guarantor, c.Cloud}
	}
	return []id.Firm{c.Guarantor, c.Cloud, c.Tenant}
}

// Stands returns the capacity that is guaranteed while the tenant rents so much of the cloud.
func (c *Backstop) Stands(rented unit.MW) unit.MW { return max(0, c.Capacity-rented) }

// Secures returns the capacity whose rent lenders can count on: what is guaranteed, as far as a year's rent of it is
// left.
func (c *Backstop) Secures(s *State, rented unit.MW) unit.MW {
	left := (c.Amount - s.Paid).Dollars()
	return min(c.Stands(rented), unit.MW(max(0, left)/float64(c.Rent)*1000))
}

// Bill asks for the rent of what is unsold, and takes it off the meter for the next guarantor.
func (c *Backstop) Bill(now Now, s *State, m *Meter, out *Dues) {
	size := min(m.Unsold, c.Stands(m.Rented))
	due := min(c.Rent.ForMonth(size), c.Amount-s.Paid)
	if due <= 0 {
		return
	}
	m.Unsold -= size
	out.Payments = append(out.Payments, Payment{c.Guarantor, c.Cloud, due, "backstop", now.Contract, Compute})
	s.Paid += due
	if s.Paid == c.Amount && now.Told {
		out.Notes = append(out.Notes, Note{"backstop-spent", c.Guarantor, c.Cloud, "has paid {with} all that it has guaranteed", []record.Reason{
			{Name: "guaranteed", Value: c.Amount.Dollars(), Unit: unit.DimUSD}, {Name: "unsold", Value: float64(m.Unsold + size), Unit: unit.DimMW},
		}})
	}
}
