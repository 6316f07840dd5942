// Package effect says what a change does, from the runs of two models on the same draws: how numbers differ pair by
// pair, which of the differences are more than chance, and which part of a difference belongs to which of several changes.
//
// Runs are common random numbers: pair i has the luck of run i in both models. What the two have in common then drops
// out of the difference.
//
// Of the runs of one model it says which of the inputs that they draw an outcome follows.
package effect

import (
	"math"
	"slices"

	"powerplay/sim/record"
)

// Estimate is a statistic of a sample with its 95 % interval. The interval is NaN where the sample is too small for one.
type Estimate struct{ Value, Low, High float64 }

// Difference is how a number differs between two ensembles, the second less the first, over the pairs that have both.
type Difference struct {
	Pairs         int
	Differ        int     // of them, pairs whose values are not the same
	Higher        int     // of these, pairs whose second value is higher
	First, Second float64 // medians of the two
	Median, Mean  Estimate
	Low, High     float64 // of the middle 90 % of the differences
	Chance        float64 // of a split as uneven as this, were there no difference: see [SignTest]
	Reduction     float64 // of the variance: see [VarianceReduction]
}

// Compare compares two columns of values by pairs; NaN is no value. Both have the same length.
func Compare(first, second []float64) Difference {
	var d Difference
	var x, y, by []float64
	for i, a := range first {
		b := second[i]
		if math.IsNaN(a) || math.IsNaN(b) {
			continue
		}
		x, y, by = append(x, a), append(y, b), append(by, b-a)
		if b != a {
			d.Differ++
		}
		if b > a {
			d.Higher++
		}
	}
	d.Pairs = len(by)
	d.Chance, d.Reduction = SignTest(d.Higher, d.Differ), VarianceReduction(x, y)
	d.Mean, d.Median = Mean(by), Median(by)
	d.Low, d.High = math.NaN(), math.NaN()
	if d.Pairs > 1 {
		stats := record.Describe(by)
		d.Low, d.High = stats.Quantiles[0], stats.Quantiles[record.LevelCount-1]
	}
	d.First, d.Second = middle(x), middle(y)
	return d
}

// Mean is the mean of values with Student's interval; it supposes that the mean of so many is about normal.
func Mean(values []float64) Estimate {
	n := len(values)
	mean := record.Describe(slices.Clone(values)).Mean
	if n < 2 {
		return Estimate{mean, math.NaN(), math.NaN()}
	}
	half := float64(student(n-1) * math.Sqrt(variance(values)/float64(n)))
	return Estimate{mean, mean - half, mean + half}
}

// Median is the median of values with the interval between the order statistics of ranks r and n+1−r, which holds
// whatever the distribution: r is the largest at which no more than 2.5 % of n fair coins fall below r. Under six values
// there is none.
//
// Source: David and Nagaraja, Order Statistics, 3rd edition, Wiley 2003, section 7.1.
func Median(values []float64) Estimate {
	n := len(values)
	e := Estimate{middle(slices.Clone(values)), math.NaN(), math.NaN()}
	if r := medianRank(n); r > 0 {
		sorted := slices.Sorted(slices.Values(values))
		e.Low, e.High = sorted[r-1], sorted[n-r]
	}
	return e
}

// VarianceReduction is what common random numbers save: how many times as many runs as now would give the difference of
// means as exactly if each model drew by itself.
//
//	(Var x + Var y) / Var(y − x)
//
// It is NaN where the differences do not vary. Source: Glasserman and Yao, "Some Guidelines and Guarantees for Common
// Random Numbers", Management Science 38(6), 1992.
func VarianceReduction(x, y []float64) float64 {
	by := make([]float64, len(x))
	for i := range x {
		by[i] = y[i] - x[i]
	}
	of := variance(by)
	if !(of > 0) {
		return math.NaN()
	}
	return (variance(x) + variance(y)) / of
}

// variance is that of a sample, NaN under two values.
func variance(values []float64) float64 {
	n := float64(len(values))
	if n < 2 {
		return math.NaN()
	}
	mean := record.Describe(slices.Clone(values)).Mean
	sum := 0.0
	for _, x := range values {
		sum += float64((x - mean) * (x - mean))
	}
	return sum / (n - 1)
}

// middle is the median; it reorders values.
func middle(values []float64) float64 {
	levels := record.Levels()
	return record.Describe(values).Quantiles[slices.Index(levels[:], 50)]
}

// student is the 97.5 % quantile of Student's distribution, to 0.1 % from three degrees of freedom on.
//
// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.7.5.
func student(freedom int) float64 {
	const z = 1.959963984540054
	const z3, z5, z7, z9 = z * z * z, z * z * z * z * z, z * z * z * z * z * z * z, z * z * z * z * z * z * z * z * z
	v := float64(freedom)
	return z + (z3+z)/(4*v) + (5*z5+16*z3+3*z)/(96*v*v) + (3*z7+19*z5+17*z3-15*z)/(384*v*v*v) +
		(79*z9+776*z7+1482*z5-1920*z3-945*z)/(92160*v*v*v*v)
}
