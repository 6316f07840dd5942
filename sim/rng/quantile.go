package rng

import (
	"fmt"
	"math"

	"powerplay/sim/num"
)

// In every quantile function below u lies in (0, 1), as Run.Uniform gives it, and the result has the unit of
// the parameters. Parameters outside the stated domain are a programmer's mistake and panic: a scenario's
// values were validated at the door.

// Range returns the u-quantile of the uniform distribution between lo and hi ≥ lo.
func Range(u, lo, hi float64) float64 {
	need(lo <= hi, "Range", lo, hi)
	return lo + float64((hi-lo)*u)
}

// Normal returns the u-quantile of the normal distribution with this mean and standard deviation sd ≥ 0.
func Normal(u, mean, sd float64) float64 {
	need(sd >= 0, "Normal", mean, sd)
	return mean + float64(sd*num.NormalQuantile(u))
}

// LogNormal returns the u-quantile of the distribution whose logarithm is normal: median > 0 is its median,
// sigmaLog ≥ 0 the standard deviation of its natural logarithm. Its mean is median × e^(sigmaLog²/2).
func LogNormal(u, median, sigmaLog float64) float64 {
	need(median > 0 && sigmaLog >= 0, "LogNormal", median, sigmaLog)
	return float64(median * num.Exp(sigmaLog*num.NormalQuantile(u)))
}

// Exponential returns the u-quantile of the exponential distribution with this mean ≥ 0, as of the time until
// the first event when mean is 1 / hazard.
func Exponential(u, mean float64) float64 {
	need(mean >= 0, "Exponential", mean, 0)
	return float64(-mean * num.Log(1-u))
}

// Triangular returns the u-quantile of the triangular distribution on [lo, hi] that peaks at mode, with
// lo ≤ mode ≤ hi.
func Triangular(u, lo, mode, hi float64) float64 {
	need(lo <= mode && mode <= hi, "Triangular", lo, hi)
	width := hi - lo
	if left := mode - lo; float64(u*width) < left {
		return lo + math.Sqrt(u*width*left)
	}
	return hi - math.Sqrt((1-u)*width*(hi-mode))
}

// Bernoulli reports whether an event of probability p in [0, 1] happens: never for 0, always for 1. It is u < p,
// so an event that gets likelier still happens wherever it did before.
func Bernoulli(u, p float64) bool {
	need(p >= 0 && p <= 1, "Bernoulli", p, 0)
	return u < p
}

// Categorical returns the index of the category that u falls on when [0, 1] is laid out in proportion to the
// weights, in their order. A category of weight 0 is never returned. No weight may be negative and their sum
// must be positive and finite.
func Categorical(u float64, weights []float64) int {
	total := num.Sum(weights)
	need(total > 0 && total-total == 0, "Categorical", total, 0)
	var below float64
	last := 0
	for i, w := range weights {
		need(w >= 0, "Categorical", w, total)
		if w == 0 {
			continue
		}
		last = i
		below += w
		if float64(u*total) < below {
			break
		}
	}
	return last // also where rounding left a gap below 1
}

// need panics when a parameter is out of its domain.
func need(ok bool, what string, a, b float64) {
	if !ok {
		panic(fmt.Sprintf("rng: %s has parameters %g, %g outside its domain", what, a, b))
	}
}
