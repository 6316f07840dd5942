package contract

import (
	"slices"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Claim is a right over a lab's business that another right can contradict.
type Claim struct {
	Lab, Holder id.Firm
	Object      string      // compute, or the product that is sold
	Exclusive   bool        // others are kept out; else the holder is only asked first
	Sale        bool        // no right at all: a sale, which contradicts only the exclusive rights of others
	Least       unit.Share  // of the object, that an exclusive right keeps for its holder
	Workload    string      // of compute: all, serving or research; of a product: all or the segment to which it is sold
	Regions     []id.Region // of sellers; all if empty
	CarveOuts   []id.Firm   // who is free all the same
}

// Claimant is a clause that claims something of a lab which others may claim too.
type Claimant interface {
	Claim() Claim
}

// Ends appends for each contract the last month in which it can act: its own, or that before another takes its place.
func Ends(contracts []Contract, ends []unit.Month) []unit.Month {
	first := len(ends)
	for i := range contracts {
		end := contracts[i].Until
		if end == 0 {
			end = Never
		}
		ends = append(ends, end)
	}
	own := ends[first:]
	for i := range contracts {
		c := &contracts[i]
		if c.Amends != nil {
			own[*c.Amends] = min(own[*c.Amends], c.Signed-1)
		}
		for _, old := range c.Replaces {
			own[old] = min(own[old], c.Signed-1)
		}
	}
	return ends
}

// Never is later than any month of a run.
const Never unit.Month = 1 << 20

// Clash is a time in which two contracts promise the same thing to different firms.
type Clash struct {
	First, Second id.Contract // in the order of the scenario
	From, To      unit.Month  // To is Never if neither ends
}

// Clashes finds all of them.
func Clashes(contracts []Contract) []Clash {
	ends := Ends(contracts, nil)
	var found []Clash
	for i := range contracts {
		for k := i + 1; k < len(contracts); k++ {
			from, to := max(contracts[i].Signed, contracts[k].Signed), min(ends[i], ends[k])
			if from <= to && Contradict(contracts[i].Terms, contracts[k].Terms) {
				found = append(found, Clash{id.Contract(i), id.Contract(k), from, to})
			}
		}
	}
	return found
}

// Contradict reports whether two clauses promise the same thing to different firms, whenever they act. Two exclusive
// rights do where together they keep more than all of one lab's compute or product, an exclusive right and a first
// refusal where the one bars what the other may match, and two first refusals always: one must be asked first.
func Contradict(a, b Clause) bool {
	x, okX := a.(Claimant)
	y, okY := b.(Claimant)
	return okX && okY && x.Claim().against(y.Claim())
}

// against reports whether two claims contradict each other.
func (a Claim) against(b Claim) bool {
	if a.Lab != b.Lab || a.Holder == b.Holder || !sameObject(a.Object, b.Object) {
		return false
	}
	if slices.Contains(a.CarveOuts, b.Holder) || slices.Contains(b.CarveOuts, a.Holder) {
		return false
	}
	if len(a.Regions) > 0 && len(b.Regions) > 0 && !slices.ContainsFunc(a.Regions, func(r id.Region) bool { return slices.Contains(b.Regions, r) }) {
		return false
	}
	if a.Workload != b.Workload && a.Workload != allWork && b.Workload != allWork {
		return false
	}
	switch {
	case a.Exclusive && b.Exclusive:
		return a.Least+b.Least > 1
	case a.Exclusive:
		return a.Least >= 1
	case b.Exclusive:
		return b.Least >= 1
	}
	return !a.Sale && !b.Sale
}

// sameObject reports whether two rights are over the same thing: a right over all models is one over each product too.
func sameObject(a, b string) bool {
	product := func(o string) bool { return o != compute && o != notice }
	return a == b || a == allModels && product(b) || b == allModels && product(a)
}

// What a right can be over, beside single products.
const (
	compute   = "compute" // rented capacity
	notice    = "notice"  // being told first
	allModels = "models"  // the sale of every product
)

// allWork is the workload of a right over all of a lab's compute.
const allWork = "all"
