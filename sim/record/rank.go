package record

import (
	"cmp"
	"math"
	"slices"
)

// RankCorrelation is Spearman's: the correlation of the ranks of x and y, values that are equal sharing the mean of
// theirs. It is NaN for fewer than two pairs, and where all of one are equal. x and y have the same length.
func RankCorrelation(x, y []float64) float64 {
	a, b := ranks(x), ranks(y)
	middle := float64(float64(len(x)+1) / 2)
	var ab, aa, bb float64
	for i := range a {
		p, q := a[i]-middle, b[i]-middle
		ab += float64(p * q)
		aa += float64(p * p)
		bb += float64(q * q)
	}
	if aa == 0 || bb == 0 {
		return math.NaN()
	}
	return ab / (math.Sqrt(aa) * math.Sqrt(bb))
}

// ranks counts from 1.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	out := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			out[at] = float64(i+1+j) / 2
		}
		i = j
	}
	return out
}
