// Package shock holds dated changes from outside the firms, one kind to a file.
//
// A shock never edits the baseline: its terms stand still, and its methods say what is in force so many months
// after its beginning, so asking twice cannot compound it and ending it needs no undoing. The world asks and acts.
//
// To add a kind: a file with its terms and methods, its test, a page of the manual, and a line in [Kinds].
package shock

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Shock is something that happens on a date whatever the firms decide.
type Shock struct {
	Key    string     `key:"-" keyed:"true"`
	Kind   string     `need:"true" doc:"what happens: one of the kinds that powerplay list shocks names"`
	Starts unit.Month `need:"true" doc:"first month in which it acts"`
	Source []string   `need:"true" doc:"rows of the fact tables, or the word assumption"`
	Note   string     `doc:"what it stands for"`
	Terms  Terms      `key:"-"`
}

// Terms is what a kind of shock does and to whom.
type Terms interface {
	// Faults reports every term that is out of range or contradicts another.
	Faults() []Fault
	// Roles lists what the firms it names must be.
	Roles() []Role
}

// Role is what a firm must be to stand where a shock names it: one of the words lab, cloud, investor, supplier and
// buyer is enough.
type Role struct {
	Term  string
	Firm  id.Firm
	AnyOf []string
}

// Fault is a term that cannot stand. The scenario reader adds file, line and code.
type Fault struct {
	Term string // path within the shock
	What string // what is wrong
	Why  string // what would happen otherwise; may be empty
	Hint string // how to mend it; may be empty
}

// Changer is a shock that multiplies a part of the baseline.
type Changer interface {
	// Change returns which part, in which region or [id.NoRegion] for all, and its factor in the month that lies age
	// months after the first.
	Change(age unit.Month) (on Target, where id.Region, by float64)
}

// In returns the factors of month t in a region, or with [id.NoRegion] those that are the same everywhere. Shocks on
// one target multiply.
func In(t unit.Month, shocks []Shock, where id.Region) Factors {
	var f Factors
	for i := range f {
		f[i] = 1
	}
	for i := range shocks {
		if c, ok := shocks[i].Terms.(Changer); ok && t >= shocks[i].Starts {
			if on, region, by := c.Change(t - shocks[i].Starts); region == where {
				f[on] *= by
			}
		}
	}
	return f
}

// within reports whether a month is one of those for which a shock lasts.
func within(age unit.Month, lasts unit.Months) bool { return age >= 0 && float64(age) < float64(lasts) }

// Kind is a kind of shock that a scenario can name.
type Kind struct {
	Name string
	Doc  string
	New  func() Terms
}

// Kinds lists every kind, in the order of the manual.
func Kinds() []Kind {
	return []Kind{
		{"factor", "a part of the baseline is multiplied for a time", func() Terms { return new(Factor) }},
		{"open-weight-release", "a lab publishes the weights of a model near the frontier", func() Terms { return new(OpenWeightRelease) }},
		{"outage", "capacity of a cloud or a region is out of service for a time", func() Terms { return new(Outage) }},
		{"ban", "a group of customers may not use a lab's models", func() Terms { return new(Ban) }},
		{"pull-back", "a firm walks away from a part of what it has signed and has not got", func() Terms { return new(PullBack) }},
	}
}

func fault(term, what, hint string) Fault { return Fault{Term: term, What: what, Hint: hint} }

// positive reports an amount that must be above zero.
func positive(term string, x float64) []Fault {
	if x > 0 {
		return nil
	}
	return []Fault{fault(term, "must be above zero", "give the amount, or remove the shock with null")}
}
