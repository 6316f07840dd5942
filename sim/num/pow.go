package num

import "math"

// Pow returns x^y for a base that is not negative, with an error below 1 ulp; y = 0, ½, 1 and 2 are exact or
// correctly rounded. A negative base gives NaN whatever the exponent, because none has a meaning in the
// model. Pow(x, 0) is 1 for every x, and Pow(1, y) is 1 for every y, also for NaN. Pow(0, y) is 0 for y > 0
// and +Inf for y < 0; infinite arguments give the limits.
func Pow(x, y float64) float64 {
	if z, special := powLimit(x, y); special {
		return z
	}
	h, l := logPair(x)
	return expProduct(y, h, l)
}

// Base is a base with its logarithm, for many powers of it.
type Base struct{ x, hi, lo float64 }

// BaseOf returns x as a base.
func BaseOf(x float64) Base {
	b := Base{x: x}
	if _, special := logLimit(x); !special {
		b.hi, b.lo = logPair(x)
	}
	return b
}

// Pow returns the base to the power of y: [Pow] at half the price.
func (b *Base) Pow(y float64) float64 {
	if z, special := powLimit(b.x, y); special {
		return z
	}
	return expProduct(y, b.hi, b.lo)
}

// powLimit answers for the exponents that need no logarithm and for the arguments that have none.
func powLimit(x, y float64) (z float64, special bool) {
	switch {
	case y == 0 || x == 1:
		return 1, true
	case x != x || y != y || x < 0:
		return math.NaN(), true
	case y == 1:
		return x, true
	case y == 2:
		return float64(x * x), true
	case y == 0.5:
		return math.Sqrt(x), true
	case x == 0 || x > math.MaxFloat64:
		if (x == 0) == (y > 0) {
			return 0, true
		}
		return math.Inf(1), true
	case math.IsInf(y, 0):
		if (x > 1) == (y > 0) {
			return math.Inf(1), true
		}
		return 0, true
	}
	return 0, false
}

// expProduct returns e^(y·(h + l)), where h + l is a logarithm as [logPair] gives it.
func expProduct(y, h, l float64) float64 {
	switch p := y * h; {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	}
	p, e := twoProd(y, h)
	return expSum(p, e+float64(y*l))
}
