package ensemble

import (
	"math"
	"slices"

	"powerplay/sim/num"
)

// Median bounds the median of a number run after run, so that one may stop at any moment, for any reason that one likes: in
// 95 % of studies all its intervals hold, however many one looks at. That takes runs that are drawn independently of each
// other, and nothing else: no shape of the distribution.
//
// Of n values about n/2 lie below the median. How many do is a bet at even odds, and against it stands a mixture of all
// other odds, weighed by a beta distribution; the wealth of who bets on the mixture exceeds 20 ever with a
// probability of 1/20 at most (Ville). The interval is between the order statistics at which it has not.
//
// Source: Howard and Ramdas, "Sequential estimation of quantiles with applications to A/B testing and best-arm
// identification", Bernoulli 28(3), 2022: the beta-binomial mixture.
type Median struct {
	values []float64 // rising
	rank   int       // of the lower bound, from 1; 0 while there is none
}

// spread is both parameters of the beta distribution of odds: it makes intervals narrowest at some hundreds of runs.
const spread = 40.0

// Add takes the value of one more run. A run without a value, NaN, is passed over.
func (m *Median) Add(x float64) {
	if x != x {
		return
	}
	at, _ := slices.BinarySearch(m.values, x)
	m.values = slices.Insert(m.values, at, x)
	n := float64(len(m.values))
	// The number of values below a bound never falls as runs are added.
	for wealth(n, float64(m.rank)) >= math.Ln10+math.Ln2 {
		m.rank++
	}
}

// wealth is the logarithm of what the bet is worth when k of n values lie below the median.
func wealth(n, k float64) float64 {
	beta := func(a, b float64) float64 { return num.LogGamma(a) + num.LogGamma(b) - num.LogGamma(a+b) }
	return float64(n*math.Ln2) + beta(spread+k, spread+n-k) - beta(spread, spread)
}

// Interval returns the middle of the values and the bounds of the median; without bounds yet they are infinite.
func (m *Median) Interval() (low, middle, high float64) {
	n := len(m.values)
	if n == 0 {
		return math.Inf(-1), math.NaN(), math.Inf(1)
	}
	middle = m.values[n/2]
	if n%2 == 0 {
		middle = m.values[n/2-1] + float64((m.values[n/2]-m.values[n/2-1])/2)
	}
	if m.rank == 0 {
		return math.Inf(-1), middle, math.Inf(1)
	}
	return m.values[m.rank-1], middle, m.values[n-m.rank]
}
