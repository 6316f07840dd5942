package rng

import "powerplay/sim/num"

// z95 is the standard normal quantile of 0.95.
const z95 = 1.6448536269514722

// SplitNormal returns the u-quantile of a distribution given as a judge gives it: a median and the 5 % and
// 95 % quantiles, p05 ≤ median ≤ p95. Each half is half a normal distribution with its own spread, so the
// three given quantiles are met, the median exactly, and the quantile function is continuous.
//
// Source: the two-piece normal of Wallis, "The two-piece normal, binormal, or double Gaussian distribution",
// Statistical Science 29(1), 2014, here with each half holding probability 1/2, so that it is the median, not
// the mode, that is kept.
func SplitNormal(u, median, p05, p95 float64) float64 {
	need(p05 <= median && median <= p95, "SplitNormal", p05, p95)
	z := num.NormalQuantile(u) / z95
	if z < 0 {
		return median + float64(z*(median-p05))
	}
	return median + float64(z*(p95-median))
}

// SplitLogNormal is SplitNormal of the logarithm: for positive quantities, whose errors are factors. It takes
// 0 < p05 ≤ median ≤ p95.
func SplitLogNormal(u, median, p05, p95 float64) float64 {
	need(0 < p05 && p05 <= median && median <= p95, "SplitLogNormal", p05, p95)
	z := num.NormalQuantile(u) / z95
	if z < 0 {
		return float64(median * num.Exp(z*num.Log(median/p05)))
	}
	return float64(median * num.Exp(z*num.Log(p95/median)))
}

// SplitLogitNormal is SplitNormal of the log-odds ln(x/(1-x)): for shares and probabilities. It takes
// 0 < p05 ≤ median ≤ p95 < 1, and the result lies in [0, 1].
func SplitLogitNormal(u, median, p05, p95 float64) float64 {
	need(0 < p05 && p05 <= median && median <= p95 && p95 < 1, "SplitLogitNormal", p05, p95)
	z := num.NormalQuantile(u) / z95
	rest := 1 - median
	// the exponential is of a negative number either way, so it cannot overflow
	if z < 0 {
		odds := float64(median * num.Exp(z*(logit(median)-logit(p05))))
		return odds / (rest + odds)
	}
	rest = float64(rest * num.Exp(-z*(logit(p95)-logit(median))))
	return median / (rest + median)
}

// logit returns the log-odds of a probability.
func logit(p float64) float64 { return num.Log(p) - num.Log(1-p) }
