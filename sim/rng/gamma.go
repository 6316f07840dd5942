package rng

import (
	"math"

	"powerplay/sim/num"
)

// The quantiles of the gamma and beta distributions have no formula, so they are found by Newton's method. It
// works on the logarithm of the smaller tail as a function of ln x (or of the log-odds of x): there both
// densities are log-concave, hence so are their tails, and Newton's method on a concave rising function climbs to
// the root without overshooting from the left and jumps left of it from the right. So it always converges.
//
// Source of the concavity: Bagnoli and Bergstrom, "Log-concave probability and its applications", Economic
// Theory 26, 2005.

// Tails are kept as logarithms, with their ratio to the density, because a first step may lead to where the tail
// itself is no float64.

// settled is the Newton step, in ln x, after which the next would be below the noise of the tail itself.
const settled = 1e-8

// maxSteps is never reached: from the farthest start some twenty steps lead to the root.
const maxSteps = 200

// Gamma returns the u-quantile of the gamma distribution of this shape and scale, whose mean is shape × scale and
// whose variance is shape × scale². It takes a shape in [0.05, 1e4] and a scale ≥ 0. The relative error is below
// 1e-10; where the quantile is below 1e-299 × scale the result is 0. It costs some 0.3 µs.
func Gamma(u, shape, scale float64) float64 {
	need(shape >= 0.05 && shape <= 1e4 && scale >= 0, "Gamma", shape, scale)
	a := shape
	lnGamma := num.LogGamma(a)

	// Wilson and Hilferty's cube for a first guess; below its range the leading term of the lower tail.
	guess := 1 - 1/(9*a) + num.NormalQuantile(u)/(3*math.Sqrt(a))
	y := math.Inf(-1)
	if guess > 0 {
		y = num.Log(a) + float64(3*num.Log(guess))
	}
	y = max(y, (num.Log(u)+num.Log(a)+lnGamma)/a)
	if y < -690 {
		return 0
	}

	lower, want := smaller(u)
	for range maxSteps {
		x := num.Exp(y)
		tail, ratio := gammaTail(a, x, float64(a*y)-x-lnGamma, lower)
		step := climb(lower, want-tail, ratio)
		y += step
		if math.Abs(step) < settled {
			break
		}
		if y < -690 {
			return 0
		}
	}
	return float64(scale * num.Exp(y))
}

// smaller returns whether the lower of the two tails that meet at the u-quantile is the smaller, and its
// logarithm.
func smaller(u float64) (lower bool, lnTail float64) {
	if u < 0.5 {
		return true, num.Log(u)
	}
	return false, num.Log(1 - u)
}

// climb is Newton's step: by how far to move, where a tail's logarithm is short of its target by gap and the tail
// is ratio × the density.
func climb(lower bool, gap, ratio float64) float64 {
	if lower {
		return float64(gap * ratio)
	}
	return float64(-gap * ratio)
}

// gammaTail returns the logarithm of the lower or upper tail of the standard gamma distribution at x, and the
// tail's ratio to the density of ln x, which is x^a e^-x / Γ(a). Neither underflows where the tail itself does.
//
// Source: Press et al., Numerical Recipes, 6.2: the series below a+1, else the continued fraction (Abramowitz and
// Stegun 6.5.29 and 6.5.31), by Lentz's method.
func gammaTail(a, x, lnDensity float64, lower bool) (lnTail, ratio float64) {
	if x < a+1 {
		return side(gammaSeries(a, x), lnDensity, lower)
	}
	return side(gammaFraction(a, x), lnDensity, !lower)
}

// side turns the ratio of one tail to the density into what gammaTail returns, for that tail or for the other.
func side(ratio, lnDensity float64, same bool) (float64, float64) {
	if same {
		return lnDensity + num.Log(ratio), ratio
	}
	density := num.Exp(lnDensity)
	other := 1 - float64(density*ratio)
	return num.Log(other), other / density
}

// gammaSeries is the lower tail's ratio to the density.
func gammaSeries(a, x float64) float64 {
	term := 1 / a
	sum := term
	for n := a + 1; term > sum*1e-17; n++ {
		term = float64(term * (x / n))
		sum += term
	}
	return sum
}

// gammaFraction is the upper tail's.
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	c := math.Inf(1)
	d := 1 / b
	h := d
	for n := 1.0; n < 1e5; n++ {
		k := -n * (n - a)
		b += 2
		d = 1 / (b + float64(k*d))
		c = b + k/c
		f := float64(c * d)
		h = float64(h * f)
		if math.Abs(f-1) < 1e-16 {
			break
		}
	}
	return h
}
