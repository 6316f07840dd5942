package ensemble

import (
	"powerplay/sim"
	"powerplay/sim/rng"
)

// Design says which inputs each run of a study has. It is asked by several workers at once.
type Design interface {
	// Draw sets the values of all inputs, in their order, for a run numbered from 1.
	Draw(run int, values []float64)
}

// Points spread runs over the unit cube: a run has one place between 0 and 1 in each input, never at an end.
//
// In a run's place in one input, neither another input nor the number of runs has a part ([LatinHypercube] alone
// is made for a number of runs). So an input keeps its draws when others come and go, and variants of a
// scenario have their common inputs in common.
type Points interface {
	// Point sets the places of a run, numbered from 1, in the order of the inputs.
	Point(run int, u []float64)
}

// Sample is the design that draws every input from its distribution, at the places that Points give.
type Sample struct {
	Inputs     []sim.Input
	Points     Points
	Dependence Dependence // nil where the inputs are independent
}

// Draw implements [Design].
func (s Sample) Draw(run int, values []float64) {
	s.Points.Point(run, values)
	s.Dependence.apply(values)
	for i := range s.Inputs {
		values[i] = s.Inputs[i].Quantile(values[i])
	}
}

// Central gives every input its central value in every run, so that runs differ by the luck of their months.
type Central []sim.Input

// Draw implements [Design].
func (c Central) Draw(_ int, values []float64) {
	for i := range c {
		values[i] = c[i].Central
	}
}

// MonteCarlo draws each input of each run by itself.
type MonteCarlo struct {
	Seed   uint64
	Inputs []sim.Input
}

// Point implements [Points].
func (m MonteCarlo) Point(run int, u []float64) {
	r := rng.Run{Seed: m.Seed, Index: uint64(run)}
	for i := range m.Inputs {
		u[i] = r.Uniform(rng.Input, m.Inputs[i].Luck, 0, 0)
	}
}
