package num

import "math"

// Log returns the natural logarithm with an error below 1 ulp. Log(0) is -Inf, Log(+Inf) is +Inf; a negative
// number and NaN give NaN.
//
// Source of the method and of the coefficients: FreeBSD msun, e_log.c (Sun Microsystems, 1993).
func Log(x float64) float64 {
	const (
		l1 = 6.666666666666735130e-01
		l2 = 3.999999999940941908e-01
		l3 = 2.857142874366239149e-01
		l4 = 2.222219843214978396e-01
		l5 = 1.818357216161805012e-01
		l6 = 1.531383769920937332e-01
		l7 = 1.479819860511658591e-01
	)
	if y, special := logLimit(x); special {
		return y
	}
	m, e := split(x)
	k := float64(e)
	f := m - 1
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	odd := l5 + float64(w*l7)
	odd = l3 + float64(w*odd)
	odd = l1 + float64(w*odd)
	even := l4 + float64(w*l6)
	even = l2 + float64(w*even)
	r := float64(z*odd) + float64(w*even)
	half := float64(0.5 * f * f)
	return float64(k*ln2Hi) - ((half - (float64(s*(half+r)) + float64(k*ln2Lo))) - f)
}

// Log10 returns the decimal logarithm with an error below 0.51 ulp, so that powers of ten give whole numbers.
// Its limits are those of Log.
func Log10(x float64) float64 {
	const ( // 1/ln 10 in two parts
		invHi = 0.4342944819032518
		invLo = 1.098319650216765e-17
	)
	if y, special := logLimit(x); special {
		return y
	}
	h, l := logPair(x)
	p, e := twoProd(h, invHi)
	return p + (e + (float64(h*invLo) + float64(l*invHi)))
}

// logLimit answers for the arguments that are not positive and finite.
func logLimit(x float64) (y float64, special bool) {
	switch {
	case x != x || x < 0:
		return math.NaN(), true
	case x == 0:
		return math.Inf(-1), true
	case x > math.MaxFloat64:
		return x, true
	}
	return 0, false
}

// logPair returns ln x of a positive finite x as hi + lo, good to about 2^-64 of it, so that multiplying by a
// large exponent leaves a full float64. It sums, with s = (m-1)/(m+1),
//
//	ln x = k·ln 2 + 2s + 2s³/3 + 2s⁵/5 + …
//
// where the first three terms carry their rounding errors along.
func logPair(x float64) (hi, lo float64) {
	const (
		thirdsHi = 2.0 / 3
		thirdsLo = 3.700743415417188e-17 // 2/3 - thirdsHi
	)
	m, e := split(x)
	k := float64(e)
	f := m - 1
	d := m + 1
	dLo := m - (d - 1)
	s := f / d
	p, pErr := twoProd(s, d)
	sLo := (((f - p) - pErr) - float64(s*dLo)) / d

	z, zLo := twoProd(s, s)
	zLo += float64(2 * s * sLo)
	c, cLo := twoProd(z, s)
	cLo += float64(zLo*s) + float64(z*sLo)
	t, tLo := twoProd(c, thirdsHi)
	tLo += float64(c*thirdsLo) + float64(cLo*thirdsHi)

	tail := 2.0/23 + float64(z*(2.0/25))
	tail = 2.0/21 + float64(z*tail)
	tail = 2.0/19 + float64(z*tail)
	tail = 2.0/17 + float64(z*tail)
	tail = 2.0/15 + float64(z*tail)
	tail = 2.0/13 + float64(z*tail)
	tail = 2.0/11 + float64(z*tail)
	tail = 2.0/9 + float64(z*tail)
	tail = 2.0/7 + float64(z*tail)
	tail = 2.0/5 + float64(z*tail)
	tail = float64(float64(c*z) * tail)

	a, aErr := twoSum(float64(k*ln2Hi), 2*s)
	b, bErr := twoSum(a, t)
	rest := aErr + bErr + (tail + (tLo + (float64(2*sLo) + float64(k*ln2Lo))))
	return twoSum(b, rest)
}
