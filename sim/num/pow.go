package num

import "math"

// Pow returns x^y for a base that is not negative, with an error below 1 ulp; y = 0, ½, 1 and 2 are exact or
// correctly rounded. A negative base gives NaN whatever the exponent, because none has a meaning in the
// model. Pow(x, 0) is 1 for every x, and Pow(1, y) is 1 for every y, also for NaN. Pow(0, y) is 0 for y > 0
// and +Inf for y < 0; infinite arguments give the limits.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y || x < 0:
		return math.NaN()
	case y == 1:
		return x
	case y == 2:
		return float64(x * x)
	case y == 0.5:
		return math.Sqrt(x)
	case x == 0 || x > math.MaxFloat64:
		if (x == 0) == (y > 0) {
			return 0
		}
		return math.Inf(1)
	case math.IsInf(y, 0):
		if (x > 1) == (y > 0) {
			return math.Inf(1)
		}
		return 0
	}
	h, l := logPair(x)
	switch p := y * h; {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	}
	p, e := twoProd(y, h)
	return expSum(p, e+float64(y*l))
}
