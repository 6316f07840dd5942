package ensemble

import (
	"math/bits"

	"powerplay/sim"
	"powerplay/sim/rng"
)

// LatinHypercube cuts each input into as many equally likely slices as there are runs, and gives each run a slice
// of its own, in a random order, and a random place in it. The mean of one uniform over n runs then has the
// variance 1/(12 n³), where draws on their own have 1/(12 n).
//
// Source: McKay, Beckman and Conover, "A comparison of three methods for selecting values of input variables in
// the analysis of output from a computer code", Technometrics 21(2), 1979.
type LatinHypercube struct {
	places MonteCarlo // within the slices
	slices [][]uint32 // by input, then by run from 0
}

// NewLatinHypercube makes a design of so many runs. It takes four bytes for each run and input.
func NewLatinHypercube(seed uint64, inputs []sim.Input, runs int) *LatinHypercube {
	l := &LatinHypercube{places: MonteCarlo{seed, inputs}}
	for i := range inputs {
		// the number of runs is part of the key: another number is another design
		key := mix(rng.Words(seed, rng.Design, inputs[i].Luck)[0] ^ uint64(runs))
		order := make([]uint32, runs)
		for k := range order { // Fisher and Yates, from inside out
			at, _ := bits.Mul64(mix(key+uint64(k)), uint64(k+1))
			order[k] = order[at]
			order[at] = uint32(k)
		}
		l.slices = append(l.slices, order)
	}
	return l
}

// Point implements [Points]. It panics when the run is none of those that the design was made for.
func (l *LatinHypercube) Point(run int, u []float64) {
	l.places.Point(run, u)
	for i, order := range l.slices {
		// where the sum rounds up to the end of the last slice, it stays below 1
		u[i] = min((float64(order[run-1])+u[i])/float64(len(order)), 1-0x1p-53)
	}
}

// mix turns a word into one that looks unrelated, one to one.
//
// Source: the finaliser of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// OOPSLA 2014, with the constants of Stafford's variant 13.
func mix(w uint64) uint64 {
	w += 0x9e3779b97f4a7c15
	w = (w ^ w>>30) * 0xbf58476d1ce4e5b9
	w = (w ^ w>>27) * 0x94d049bb133111eb
	return w ^ w>>31
}
