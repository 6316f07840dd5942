package rng

import (
	"math"

	"powerplay/sim/num"
)

// Beta returns the u-quantile of the beta distribution on [0, 1], whose mean is a / (a+b). It takes a and b in
// [0.05, 1e4]. The relative error is below 1e-9; where the quantile is below 1e-299 the result is 0. It costs about
// a microsecond.
func Beta(u, a, b float64) float64 {
	need(a >= 0.05 && a <= 1e4 && b >= 0.05 && b <= 1e4, "Beta", a, b)
	lnBeta := num.LogGamma(a) + num.LogGamma(b) - num.LogGamma(a+b)

	lower, want := smaller(u)
	y := num.Log(a/b) + float64(num.NormalQuantile(u)*math.Sqrt(1/a+1/b)) // the log-odds of x
	for range maxSteps {
		x, rest := num.Logistic(y), num.Logistic(-y)
		lnDensity := float64(a*num.Log(x)) + float64(b*num.Log(rest)) - lnBeta // of the log-odds
		tail, ratio := betaTail(a, b, x, rest, lnDensity, lower)
		step := climb(lower, want-tail, ratio)
		y += step
		if math.Abs(step) < settled {
			break
		}
		if y < -690 {
			return 0
		}
		if y > 690 {
			return 1
		}
	}
	return num.Logistic(y)
}

// betaTail returns the logarithm of the lower or upper tail of the beta distribution at x, and the tail's ratio to
// the density of the log-odds, which is x^a (1-x)^b / B(a, b). rest is 1-x.
//
// Source: Press et al., Numerical Recipes, 6.4 (Abramowitz and Stegun 26.5.8), by Lentz's method.
func betaTail(a, b, x, rest, lnDensity float64, lower bool) (lnTail, ratio float64) {
	if x < (a+1)/(a+b+2) {
		return side(betaFraction(a, b, x)/a, lnDensity, lower)
	}
	return side(betaFraction(b, a, rest)/b, lnDensity, !lower)
}

// betaFraction is the continued fraction that the lower tail holds, which converges fast left of the mean.
func betaFraction(a, b, x float64) float64 {
	c := 1.0
	d := 1 / (1 - float64((a+b)*x/(a+1)))
	h := d
	for n := 1.0; n < 1e5; n++ {
		even := n * (b - n) * x / float64((a+float64(2*n)-1)*(a+float64(2*n)))
		d = 1 / (1 + float64(even*d))
		c = 1 + even/c
		h = float64(h * float64(c*d))
		odd := -(a + n) * (a + b + n) * x / float64((a+float64(2*n))*(a+float64(2*n)+1))
		d = 1 / (1 + float64(odd*d))
		c = 1 + odd/c
		ratio := float64(c * d)
		h = float64(h * ratio)
		if math.Abs(ratio-1) < 1e-16 {
			break
		}
	}
	return h
}
