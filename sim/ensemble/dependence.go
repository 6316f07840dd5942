package ensemble

import "powerplay/sim/rng"

// Dependence makes inputs hang together, group by group. It acts on the places of a run, whatever design they come
// from, so each input keeps its distribution.
type Dependence []Group

// Group is inputs that hang together.
type Group struct {
	Inputs []int // their places; the first keeps its draws
	Copula *rng.Copula
}

func (d Dependence) apply(u []float64) {
	for _, g := range d {
		g.Copula.Apply(u, g.Inputs)
	}
}
