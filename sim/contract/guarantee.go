package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Guarantee makes one firm pay what another leaves unpaid, up to a cap.
//
//	pays = min(loss, Cap − paid so far)
//	guaranteed value (residual) = Value × (1 − months since signing/Term)
//
// It is no debt until it is called. Sources: clauses.md 10 (Google for Fluidstack; Meta for Hyperion).
type Guarantee struct {
	Guarantor   id.Firm     `need:"true" doc:"who pays when it is called"`
	Debtor      id.Firm     `need:"true" doc:"for whom it pays: a tenant or a borrower"`
	Beneficiary id.Firm     `doc:"who is paid: a landlord, a lessor or a lender; lenders outside the model if left out"`
	Covers      string      `choice:"rent,residual,debt" default:"rent" doc:"the tenant's rent, what the landlord's plant is worth when the tenant leaves, or a loan"`
	Cap         unit.USD    `need:"true" doc:"most that is paid in all"`
	Grace       unit.Months `default:"2 months" range:"0,24" doc:"with covers rent or debt: how long bills may stay unpaid before it is called"`
	Value       unit.USD    `default:"$0" doc:"with covers residual: what the plant is guaranteed to be worth at signing"`
	Term        unit.Months `default:"192 months" range:"1,600" doc:"with covers residual: time over which the guaranteed value falls to nothing"`
}

// Faults implements [Clause].
func (c *Guarantee) Faults() []Fault {
	f := append(positive("cap", float64(c.Cap)), different("guarantor", "debtor", c.Guarantor, c.Debtor)...)
	f = append(f, different("guarantor", "beneficiary", c.Guarantor, c.Beneficiary)...)
	f = append(f, different("debtor", "beneficiary", c.Debtor, c.Beneficiary)...)
	switch {
	case c.Covers == "residual":
		f = append(f, positive("value", float64(c.Value))...)
	case c.Value != 0:
		f = append(f, fault("value", "is for a guarantee of the residual value", "set covers: residual, or leave it out"))
	}
	if c.Covers != "debt" && c.Beneficiary == id.None {
		f = append(f, fault("beneficiary", "is missing", "name the landlord"))
	}
	return f
}

// Roles implements [Clause].
func (c *Guarantee) Roles() []Role {
	if c.Covers == "debt" {
		return nil
	}
	return []Role{{"debtor", c.Debtor, asCustomer}, {"beneficiary", c.Beneficiary, asCloud}}
}

// Parties implements [Clause].
func (c *Guarantee) Parties() []id.Firm {
	p := []id.Firm{c.Guarantor, c.Debtor}
	if c.Beneficiary != id.None {
		p = append(p, c.Beneficiary)
	}
	return p
}

// Pays returns what the guarantor owes for a loss.
func (c *Guarantee) Pays(loss unit.USD, s *State) unit.USD { return max(0, min(loss, c.Cap-s.Paid)) }

// Late reports whether bills have been unpaid for longer than the grace; overdue is what is unpaid in month t.
func (c *Guarantee) Late(t unit.Month, overdue unit.USD, s *State) bool {
	if overdue <= 0 {
		s.Since = 0
		return false
	}
	if s.Since == 0 {
		s.Since = t
	}
	return t >= s.Since.After(c.Grace)
}

// Guaranteed returns what the plant is guaranteed to be worth in month t.
func (c *Guarantee) Guaranteed(signed, t unit.Month) unit.USD {
	return c.Value.Times(max(0, 1-float64(t-signed)/float64(c.Term)))
}
