package num

import "math"

const (
	expOverflow  = 7.09782712893383973096e+02  // above, exp is +Inf
	expUnderflow = -7.45133219101941108420e+02 // below, exp is 0
)

// Exp returns e^x with an error below 1 ulp. Exp(+Inf) is +Inf, Exp(-Inf) is 0, Exp(NaN) is NaN; large
// arguments overflow to +Inf and underflow through the subnormals to 0.
//
// Source of the method and of the coefficients: FreeBSD msun, e_exp.c (Sun Microsystems, 1993).
func Exp(x float64) float64 {
	switch {
	case x == 0: // as where nothing has moved yet
		return 1
	case x != x:
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < expUnderflow:
		return 0
	}
	return expSum(x, 0)
}

// expSum returns e^(x + e) for an x within Exp's limits and an e that is small beside the last bit of x, or
// beside 1.
func expSum(x, e float64) float64 {
	k := math.Floor(float64(x*invLn2) + 0.5)
	hi := x - float64(k*ln2Hi)
	lo := float64(k*ln2Lo) - e
	return scale(expReduced(hi, lo), int(k))
}

// expReduced returns e^(hi - lo) for |hi - lo| ≤ ln(2)/2, by a rational form whose polynomial approximates
// r·(e^r + 1)/(e^r - 1).
func expReduced(hi, lo float64) float64 {
	const (
		p1 = 1.66666666666666657415e-01
		p2 = -2.77777777770155933842e-03
		p3 = 6.61375632143793436117e-05
		p4 = -1.65339022054652515390e-06
		p5 = 4.13813679705723846039e-08
	)
	r := hi - lo
	t := float64(r * r)
	p := p4 + float64(t*p5)
	p = p3 + float64(t*p)
	p = p2 + float64(t*p)
	p = p1 + float64(t*p)
	c := r - float64(t*p)
	return 1 - ((lo - float64(r*c)/(2-c)) - hi)
}

// Logistic returns 1 / (1 + e^-x), which lies in [0, 1], with an error below 3 ulp. Its limits at ∓Inf are 0
// and 1; NaN stays NaN.
func Logistic(x float64) float64 {
	if x < 0 {
		e := Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + Exp(-x))
}

// Softmax fills dst with the shares that options of utility u get in a multinomial logit choice:
//
//	dst[i] = e^u[i] / Σⱼ e^u[j]
//
// Utilities are measured from the greatest, so none overflows, and summed in their order. An option of utility
// -Inf is not on offer and gets 0; when none is on offer all get 0, otherwise the shares sum to 1 up to
// rounding. A NaN or +Inf makes every share NaN. dst and u must be of one length, or Softmax panics; they may
// be the same slice.
//
// Source: McFadden, "Conditional logit analysis of qualitative choice behavior", 1974.
func Softmax(dst, u []float64) {
	if len(dst) != len(u) {
		panic("num: Softmax of slices of different length")
	}
	top := math.Inf(-1)
	for _, v := range u {
		if v > top || v != v {
			top = v
		}
	}
	if math.IsInf(top, -1) {
		clear(dst)
		return
	}
	var sum float64
	for i, v := range u {
		dst[i] = Exp(v - top)
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
}
