package effect

import (
	"cmp"
	"math"
	"slices"

	"powerplay/sim/num"
)

// SignTest is how likely n fair coins fall at least as unevenly as higher of n: the two-sided sign test.
func SignTest(higher, n int) float64 {
	return min(1, 2*atMost(min(higher, n-higher), n))
}

// Holm tells which of several findings are more than chance, together, at a level such as 0.05: the more numbers are
// looked at, the more differ by chance. chances are those of each finding alone.
//
// Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
func Holm(chances []float64, level float64) []bool {
	order := make([]int, len(chances))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(chances[i], chances[j]) })
	stands := make([]bool, len(chances))
	for k, i := range order {
		if chances[i] > level/float64(len(order)-k) {
			break
		}
		stands[i] = true
	}
	return stands
}

// atMost is the probability that of n fair coins k at most show heads.
func atMost(k, n int) float64 {
	p, sum := heads(k, n), 0.0
	for ; k >= 0 && p > 1e-18*sum; k-- {
		sum += p
		p *= float64(k) / float64(n-k+1)
	}
	return sum
}

// heads is the probability that of n fair coins k show heads.
func heads(k, n int) float64 {
	lnOf := func(x int) float64 { return num.LogGamma(float64(x + 1)) } // of x!
	return num.Exp(lnOf(n) - lnOf(k) - lnOf(n-k) - float64(float64(n)*math.Ln2))
}

// medianRank is the largest r at which the chance of less than r heads of n is 2.5 % at most, 0 where there is none.
func medianRank(n int) int {
	// Four standard deviations and more below the middle there is nothing to speak of.
	k := max(0, n/2-int(4*math.Sqrt(float64(n))))
	p, sum := heads(k, n), 0.0
	for ; ; k++ {
		if sum += p; sum > 0.025 {
			return k
		}
		p *= float64(n-k) / float64(k+1)
	}
}
