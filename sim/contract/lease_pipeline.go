package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// LeasePipeline is capacity on its way to a tenant: a letter of intent, a statement of qualification, a signed
// lease, service. Leaving gets dearer from stage to stage. From BuildsFrom on the landlord counts the capacity as
// let and builds for it; from the signed lease on the tenant owes its rent.
//
//	exit cost = share of the stage × rent still promised;  nothing for what is late by more than Grace
//	spread    = MismatchSpread × max(0, LandlordTerm − Term) in years
//
// Who leaves is decided by the tenant's rule in package firm, unless Cancels gives a date. Source: clauses.md 10.
type LeasePipeline struct {
	Tenant         id.Firm     `need:"true" doc:"who may use the capacity; a cloud without a lab lets it on"`
	Landlord       id.Firm     `need:"true" doc:"who must deliver it"`
	Capacity       unit.MW     `need:"true" doc:"facility power"`
	Letter         unit.Months `default:"6 months" doc:"from the letter of intent, the signing here, to the statement of qualification; 0 without a letter"`
	Statement      unit.Months `default:"3 months" doc:"from the statement to the signed lease; 0 without a statement"`
	Building       unit.Months `need:"true" doc:"from the signed lease to its first capacity"`
	Ramp           unit.Months `default:"6 months" doc:"time from first to full capacity"`
	Term           unit.Months `need:"true" doc:"length of service from the first capacity"`
	Rent           unit.Rent   `default:"$0/GW-yr" doc:"price; $0 takes the market rent when the lease is signed"`
	Floor          unit.Share  `default:"100%" doc:"share of the rent of delivered capacity that is due whether used or not"`
	BuildsFrom     string      `choice:"letter,statement,lease" default:"lease" doc:"stage from which on the landlord counts the capacity as let and builds for it"`
	Conversion     unit.Share  `default:"98%" doc:"chance that a statement of qualification becomes a lease"`
	LetterCost     unit.Share  `default:"0%" doc:"cost of leaving a letter of intent, share of the rent that the lease would promise"`
	StatementCost  unit.Share  `default:"1%" doc:"cost of leaving a statement, likewise"`
	LeaseCost      unit.Share  `default:"20%" doc:"cost of leaving a signed lease before its first capacity is due, share of the rent still promised"`
	ServiceCost    unit.Share  `default:"100%" doc:"cost of leaving after that, likewise"`
	Grace          unit.Months `default:"3 months" doc:"delay after which the tenant may leave what is not delivered without cost"`
	Notice         unit.Months `default:"0 months" doc:"the tenant may end its service with so much notice, at no other cost; 0 for no such right"`
	Fixed          unit.Months `default:"0 months" doc:"time in service before notice can be given"`
	Mutual         bool        `doc:"the landlord may give the same notice"`
	LandlordTerm   unit.Months `default:"0 months" doc:"time over which the landlord owes rent or debt for the capacity; at most the term raises no spread"`
	MismatchSpread unit.Rate   `default:"0.1%/yr" range:"0,0.05" doc:"rise of the landlord's hurdle rate and interest for each year by which that exceeds the term, if all its capacity were under this lease"`
	Cancels        unit.Month  `doc:"month in which the tenant leaves, to replay what is known; its own rule is not asked then"`
	Cancelled      unit.MW     `default:"0 MW" doc:"how much it leaves in that month; 0 MW for all"`
	Next           id.Firm     `doc:"lab that takes all that is left in that month before others are asked"`
}

// LeaseStage is how far a lease has come.
type LeaseStage uint8

// The stages of a lease, in order.
const (
	AtLetter LeaseStage = iota
	AtStatement
	AtLease
	InService
)

// String names the stage as in a sentence.
func (s LeaseStage) String() string {
	return [...]string{"letter of intent", "statement of qualification", "signed lease", "lease in service"}[s]
}

// Faults implements [Clause].
func (c *LeasePipeline) Faults() []Fault {
	f := append(positive("capacity", float64(c.Capacity)), positive("term", float64(c.Term))...)
	f = append(f, positive("floor", float64(c.Floor))...)
	for _, x := range []struct {
		term string
		x    float64
	}{
		{"letter", float64(c.Letter)},
		{"statement", float64(c.Statement)},
		{"building", float64(c.Building)},
		{"ramp", float64(c.Ramp)},
		{"rent", float64(c.Rent)},
		{"grace", float64(c.Grace)},
		{"notice", float64(c.Notice)},
		{"fixed", float64(c.Fixed)},
		{"landlord_term", float64(c.LandlordTerm)},
		{"cancelled", float64(c.Cancelled)},
	} {
		f = append(f, notNegative(x.term, x.x)...)
	}
	if c.Ramp > c.Term {
		f = append(f, fault("ramp", "is longer than the term", "shorten the ramp"))
	}
	if c.StatementCost < c.LetterCost || c.LeaseCost < c.StatementCost || c.ServiceCost < c.LeaseCost {
		f = append(f, fault("lease_cost", "the costs of leaving do not rise from stage to stage", "order letter_cost, statement_cost, lease_cost and service_cost"))
	}
	if c.Cancelled > c.Capacity {
		f = append(f, fault("cancelled", "is more than the capacity", "give at most the capacity"))
	}
	if c.Notice == 0 && (c.Mutual || c.Fixed > 0) {
		f = append(f, fault("notice", "is missing, though other terms speak of it", "give the time of the notice"))
	}
	if c.Cancels == 0 && (c.Cancelled > 0 || c.Next != id.None) {
		f = append(f, fault("cancels", "is missing, though other terms speak of it", "give the month in which the tenant leaves"))
	}
	if c.Next == c.Tenant || c.Next == c.Landlord {
		f = append(f, fault("next", "is the tenant or the landlord", "name another lab, or leave it out"))
	}
	return append(f, different("tenant", "landlord", c.Tenant, c.Landlord)...)
}

// Roles implements [Clause].
func (c *LeasePipeline) Roles() []Role {
	return []Role{{"tenant", c.Tenant, []string{"lab", "cloud"}}, {"landlord", c.Landlord, asCloud}, {"next", c.Next, asLab}}
}

// Parties implements [Clause].
func (c *LeasePipeline) Parties() []id.Firm { return []id.Firm{c.Tenant, c.Landlord} }

// Dates implements [Dated].
func (c *LeasePipeline) Dates() []Date {
	if c.Cancels == 0 {
		return nil
	}
	return []Date{{"cancels", "the tenant leaves", c.Cancels}}
}

// Reaches returns the month in which a lease that began in month signed comes to a stage.
func (c *LeasePipeline) Reaches(stage LeaseStage, signed unit.Month) unit.Month {
	switch stage {
	case AtLetter:
		return signed
	case AtStatement:
		return signed.After(c.Letter)
	case AtLease:
		return signed.After(c.Letter).After(c.Statement)
	default:
		return signed.After(c.Letter).After(c.Statement).After(c.Building)
	}
}

// Stage returns how far a lease that began in month signed has come in month t. A stage of no length is passed over.
func (c *LeasePipeline) Stage(t, signed unit.Month) LeaseStage {
	for stage := InService; stage > AtLetter; stage-- {
		if t >= c.Reaches(stage, signed) {
			return stage
		}
	}
	return AtLetter
}

// Builds returns the month from which on the landlord builds for the tenant.
func (c *LeasePipeline) Builds(signed unit.Month) unit.Month {
	switch c.BuildsFrom {
	case "letter":
		return signed
	case "statement":
		return c.Reaches(AtStatement, signed)
	default:
		return c.Reaches(AtLease, signed)
	}
}

// Lapses reports whether the statement of qualification, now due to become a lease, does not.
func (c *LeasePipeline) Lapses(now Now) bool {
	return c.Statement > 0 && now.Uniform(0) >= float64(c.Conversion)
}

// Reserve implements [Reserver]: nothing before the landlord builds; nothing is due before the lease is signed.
func (c *LeasePipeline) Reserve(now Now, lots []market.Lot) []market.Lot {
	if now.Month < c.Builds(now.Signed) {
		return lots
	}
	l := c.Lot(now.Signed, now.Rent)
	l.Contract = now.Contract
	if c.Stage(now.Month, now.Signed) < AtLease {
		l.Floor = 0
	}
	return append(lots, l)
}

// Lot is the capacity and the rent that the lease promises, from the rent of the market if it names none.
func (c *LeasePipeline) Lot(signed unit.Month, rent unit.Rent) market.Lot {
	if c.Rent > 0 {
		rent = c.Rent
	}
	start := c.Reaches(InService, signed)
	return market.Lot{
		Buyer: c.Tenant, Seller: c.Landlord, Size: c.Capacity, Rent: rent, Floor: c.Floor, Signed: signed,
		Start: start, End: start.After(c.Term) - 1, Ramp: int(c.Ramp), Family: id.None,
	}
}

// ExitCost is what leaving costs at a stage, of the rent still promised.
func (c *LeasePipeline) ExitCost(stage LeaseStage, promised unit.USD) unit.USD {
	return promised.Times(float64([...]unit.Share{c.LetterCost, c.StatementCost, c.LeaseCost, c.ServiceCost}[stage]))
}

// Mismatch returns by how many years the landlord's own obligation outlasts a term for which it lets.
func (c *LeasePipeline) Mismatch(term unit.Months) float64 {
	return max(0, float64(c.LandlordTerm-term)) / 12
}
