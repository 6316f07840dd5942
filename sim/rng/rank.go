package rng

import (
	"math"

	"powerplay/sim/num"
)

// Chances are the probabilities of the values of a number that takes few, from the lowest; nil for one that takes any. They
// sum to 1.
type Chances []float64

// StrongestRank is the largest rank correlation of uniform numbers that a [Copula] is asked for: at 1 two numbers are one.
const StrongestRank = 0.99

// UniformRank returns what rank correlation uniform numbers need so that two numbers that are drawn by them have the one that
// is wanted, Spearman's with middle ranks for equal values. Those that take few values show less of it. Where even
// [StrongestRank] falls short, ok is false and most is what it comes to.
func UniformRank(want float64, a, b Chances) (rank, most float64, ok bool) {
	if a == nil && b == nil {
		return want, math.Copysign(StrongestRank, want), math.Abs(want) <= StrongestRank
	}
	strongest := math.Copysign(StrongestRank, want)
	if most = seenRank(strongest, a, b); math.Abs(most) < math.Abs(want) {
		return strongest, most, false
	}
	low, high := 0.0, strongest
	for range 40 { // to the last digit that a double of this size can tell from another by the sum below
		rank = (low + high) / 2
		if math.Abs(seenRank(rank, a, b)) < math.Abs(want) {
			low = rank
		} else {
			high = rank
		}
	}
	return rank, most, true
}

// seenRank returns the rank correlation of two numbers, one of few values at least, that are drawn by uniform ones with this
// rank correlation:
//
//	12 (Σₖ mₖ ∫ E[M(V) | U = u] du - 1/4) / √((1 - Σ aᵢ³)(1 - Σ bᵢ³))
//
// with U in slice k of the one, mₖ the middle of that slice, and M(V) the middle of the slice in which V falls of the other,
// or V itself. The denominator is the variance of the middles, over that of a uniform number.
func seenRank(rank float64, a, b Chances) float64 {
	const points = 100 // in a slice
	if a == nil {
		a, b = b, a
	}
	rho := float64(2 * sine(float64(math.Pi/6*rank)))
	var sum, below float64
	for _, chance := range a {
		middle := below + float64(chance/2)
		for i := range points {
			u := below + float64(chance*(float64(i)+0.5)/points)
			sum += float64(middle * b.middleGiven(num.NormalQuantile(u), rho) * chance / points)
		}
		below += chance
	}
	variance := float64(a.spread() * b.spread())
	if variance <= 0 { // one of them takes one value only
		return 0
	}
	return 12 * (sum - 0.25) / math.Sqrt(variance)
}

// middleGiven returns the mean of the middle of the slice in which a uniform number falls, or of the number itself, whose
// normal quantile has the correlation rho with one that is z.
func (c Chances) middleGiven(z, rho float64) float64 {
	if c == nil {
		return num.NormalProbability(rho * z / math.Sqrt(2-float64(rho*rho)))
	}
	width := math.Sqrt(1 - float64(rho*rho))
	var mean, below, upTo float64 // upTo: chance of all slices so far, given z
	for i, chance := range c {
		now := 1.0
		if i < len(c)-1 {
			now = num.NormalProbability((num.NormalQuantile(below+chance) - float64(rho*z)) / width)
		}
		mean += float64((now - upTo) * (below + float64(chance/2)))
		below, upTo = below+chance, now
	}
	return mean
}

// spread is the variance of the middle ranks, as a part of that of ranks without ties.
func (c Chances) spread() float64 {
	s := 1.0
	for _, chance := range c {
		s -= float64(chance * chance * chance)
	}
	return s
}
