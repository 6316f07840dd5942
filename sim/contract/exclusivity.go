package contract

import (
	"slices"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// Exclusivity keeps a lab's compute, or one of its products, with one cloud.
//
// Of compute under the clause at most a part may stand with others:
//
//	covered  = 1, or the part of the lab's need that Workload names
//	allowed  = 1 − covered·Least + what was conceded,   Least = 1 with scope full, LeastShare with primary
//	room     = (allowed·signed − outside)/(1 − allowed)
//
// signed is the lab's signed capacity with all sellers, outside that with sellers who are neither holder nor carved
// out. An offer that finds no room is barred; the lab notes what it would have been worth more than the best that is
// allowed, the shadow price. Above BreachAbove it signs all the same: this opens a renegotiation and ends nothing. At
// its end the lab promises the holder spend, and what then stands with others is conceded.
//
// Source: clauses.md 1; Aghion and Bolton, "Contracts as a Barrier to Entry", American Economic Review 77(3), 1987, for
// a holder that sells its right when a rival serves better.
type Exclusivity struct {
	Holder        id.Firm      `need:"true" doc:"with whom the lab must stay"`
	Lab           id.Firm      `need:"true" doc:"who must stay"`
	Object        string       `choice:"compute,models,api,agents,assistant" default:"compute" doc:"what is exclusive: the compute that the lab rents, the sale of all its models, or that of one product"`
	Scope         string       `choice:"full,primary" default:"full" doc:"all of it, or at least least_share"`
	LeastShare    unit.Share   `default:"51%" doc:"with scope primary: part of the lab's signed capacity that stands with the holder"`
	Workload      string       `choice:"all,serving,research" default:"all" doc:"which compute is meant"`
	Regions       []id.Region  `doc:"only sellers with most of their new sites in these regions are barred; all if empty"`
	CarveOuts     []id.Firm    `doc:"sellers that are free"`
	UnlessShort   bool         `doc:"others are free when the holder cannot deliver within patience of the wanted start"`
	Patience      unit.Months  `default:"6 months" doc:"with unless_short: how late the holder may deliver"`
	Premium       unit.Share   `default:"0%" doc:"what the holder asks above its usual rent"`
	BreachAbove   unit.Share   `default:"0%" doc:"shadow price, part of the market rent, above which the lab signs elsewhere all the same; 0%: it never does"`
	Renegotiation unit.Months  `default:"6 months" doc:"time from a breach to its settlement, in which nothing else may be signed elsewhere"`
	Settlement    unit.Share   `default:"50%" doc:"spend promised to the holder at the settlement, part of the rent of what was signed elsewhere"`
	EndsWhen      measure.Test `doc:"condition on measures that ends it"`
	EndsHazard    unit.Rate    `default:"0%/yr" range:"0,10" doc:"chance a year, as a rate, of an event outside the model that ends it"`
	Waiver        Waiver       `doc:"price at which the lab can buy the right out"`
}

// Faults implements [Clause].
func (c *Exclusivity) Faults() []Fault {
	f := append(different("holder", "lab", c.Holder, c.Lab), c.Waiver.faults()...)
	f = append(f, notNegative("patience", float64(c.Patience))...)
	f = append(f, notNegative("renegotiation", float64(c.Renegotiation))...)
	if c.Scope == "primary" && (c.LeastShare <= 0 || c.LeastShare >= 1) {
		f = append(f, fault("least_share", "must lie between 0 and 100 %, both left out", "scope full keeps all"))
	}
	if slices.Contains(c.CarveOuts, c.Holder) {
		f = append(f, fault("carve_outs", "names the holder", "name other sellers"))
	}
	if c.Object != compute && (c.Workload != allWork || c.Scope != "full" || c.UnlessShort || c.Premium > 0 || c.BreachAbove > 0) {
		f = append(f, fault("object", "is a product, so terms about capacity have no meaning", "leave out scope, workload, unless_short, premium and breach_above"))
	}
	return f
}

// Roles implements [Clause].
func (c *Exclusivity) Roles() []Role {
	if c.Object != compute {
		return []Role{{"lab", c.Lab, asLab}}
	}
	return []Role{{"holder", c.Holder, asCloud}, {"lab", c.Lab, asLab}}
}

// Parties implements [Clause].
func (c *Exclusivity) Parties() []id.Firm { return []id.Firm{c.Lab, c.Holder} }

// BuyOut implements [Waivable].
func (c *Exclusivity) BuyOut() *Waiver { return &c.Waiver }

// Claim implements [Claimant].
func (c *Exclusivity) Claim() Claim {
	return Claim{
		Lab: c.Lab, Holder: c.Holder, Object: c.Object, Exclusive: true, Least: c.least(), Workload: c.Workload,
		Regions: c.Regions, CarveOuts: c.CarveOuts,
	}
}

func (c *Exclusivity) least() unit.Share {
	if c.Scope == "primary" {
		return c.LeastShare
	}
	return 1
}

// Bars implements [Excluder].
func (c *Exclusivity) Bars(lab, seller id.Firm, region id.Region) bool {
	return c.Object == compute && lab == c.Lab && !c.Inside(seller) &&
		(len(c.Regions) == 0 || slices.Contains(c.Regions, region))
}

// Inside implements [Excluder].
func (c *Exclusivity) Inside(seller id.Firm) bool {
	return seller == c.Holder || slices.Contains(c.CarveOuts, seller)
}

// Room implements [Excluder].
func (c *Exclusivity) Room(s *State, p Placement) unit.MW {
	if s.Negotiating() {
		return 0
	}
	if c.UnlessShort && p.Late > c.Patience {
		return p.Size
	}
	covered := 1.0
	switch c.Workload {
	case "serving":
		covered = float64(p.Serving)
	case "research":
		covered = 1 - float64(p.Serving)
	}
	allowed := 1 - float64(covered*float64(c.least()))
	if allowed += s.Waived; allowed >= 1 {
		return p.Size
	}
	room := (float64(allowed*float64(p.Signed)) - float64(p.Outside)) / (1 - allowed)
	return unit.MW(max(0, min(float64(p.Size), room)))
}

// Breach implements [Excluder].
func (c *Exclusivity) Breach() (above unit.Share, talks unit.Months, settlement unit.Share) {
	return c.BreachAbove, c.Renegotiation, c.Settlement
}

// Markup implements [Excluder].
func (c *Exclusivity) Markup() unit.Share { return c.Premium }

// Over reports whether the event that ends the clause has come.
func (c *Exclusivity) Over(now Now, signed unit.Month) bool {
	if c.EndsWhen.Holds != nil && c.EndsWhen.Holds(now.Measures) {
		return true
	}
	return now.Occurs(0, c.EndsHazard, max(signed, now.Start))
}
