// Package rule holds what authorities do to firms, one instrument to a file: reviews of partnerships and regimes
// of export control.
//
// An instrument is its terms, which stand still during a run, and a state that the world keeps: a [Case] or a
// [Regime]. It says when a review opens and how it ends, or which regime is in force; the world carries out what
// follows from that. To add an instrument: a file with its terms, its test, and a line in [Kinds].
package rule

import (
	"powerplay/sim/contract"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Rule is one instrument of one authority.
type Rule struct {
	Key    string   `key:"-" keyed:"true"`
	Kind   string   `need:"true" doc:"the instrument: one of the kinds that powerplay list regulation prints"`
	Source []string `need:"true" doc:"rows of the fact tables, or the word assumption"`
	Note   string   `doc:"what the sources leave open and what is assumed instead"`
	Terms  Terms    `key:"-"`
}

// Terms are those of one instrument.
type Terms interface {
	// Faults reports every term that is out of range or contradicts another.
	Faults() []contract.Fault
	// Roles lists what the firms it names must be able to do.
	Roles() []contract.Role
}

// Kind is an instrument that a scenario can name.
type Kind struct {
	Name string
	Doc  string
	New  func() Terms
}

// Kinds lists every instrument, in the order of the manual.
func Kinds() []Kind {
	return []Kind{
		{"antitrust-review", "an authority looks into a partnership: rights are used less while it does, and it may order a remedy", func() Terms { return new(AntitrustReview) }},
		{"export-control", "which chips may be shipped to a region: free, licensed for a levy, up to a quota, or not at all", func() Terms { return new(ExportControl) }},
	}
}

// Now is what an authority may know when it acts.
type Now struct {
	Month    unit.Month
	Measures *measure.Panel // closed months
	Run      rng.Run        // draws of the run
	Luck     uint64         // of the rule's key
}

// uniform is a draw of the run; t is 0 for what is drawn once. The central run has 1/2.
func (n *Now) uniform(p rng.Purpose, t unit.Month, part int) float64 {
	if n.Run.Index == 0 {
		return 0.5
	}
	return n.Run.Uniform(p, n.Luck, t, part)
}

func fault(term, what, hint string) contract.Fault {
	return contract.Fault{Term: term, What: what, Hint: hint}
}
