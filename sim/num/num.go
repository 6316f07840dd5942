// Package num computes elementary functions with the same bits on every machine.
//
// The functions of package math have assembly versions that differ by architecture and even by CPU model, and
// a Go compiler may fuse a product with the sum it meets. Here everything is plain Go, and every product that
// meets a sum is rounded by an explicit conversion, float64(a*b) + c, which the language forbids to fuse. So a
// result is the same number on amd64, arm64 and everywhere else. Of package math only what IEEE 754 defines
// exactly is used: Sqrt, Abs, Floor, and the bits of a float64.
//
// Error bounds are given in ulp, the distance between neighbouring float64s, and are those that the package's
// tests measure against 200-bit arithmetic.
package num

import "math"

// ln 2 in two parts. The first has 33 bits, so that its product with an exponent is exact.
const (
	ln2Hi  = 6.93147180369123816490e-01
	ln2Lo  = 1.90821492927058770002e-10
	invLn2 = 1.44269504088896338700
)

// Sum adds x from the first to the last element. An empty sum is 0. The order is part of the contract: the
// same numbers in another order may give another last bit.
func Sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}

// scale returns y × 2^k for a y between 1/2 and 2 and |k| ≤ 1100, rounded once.
func scale(y float64, k int) float64 {
	switch {
	case k > 1021: // y × 2^1021 is finite, the rest may overflow
		return float64(math.Float64frombits(math.Float64bits(y)+1021<<52) * pow2(k-1021))
	case k < -1021: // the first step is exact, so only the second, into the subnormals, rounds
		return float64(math.Float64frombits(math.Float64bits(y)-1021<<52) * pow2(k+1021))
	}
	return math.Float64frombits(math.Float64bits(y) + uint64(k)<<52)
}

// pow2 returns 2^k for |k| ≤ 1022.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// split writes a positive finite x as m × 2^k with m in [√½, √2).
func split(x float64) (m float64, k int) {
	if x < 0x1p-1022 {
		x *= 0x1p54
		k = -54
	}
	b := math.Float64bits(x)
	k += int(b>>52) - 1023
	m = math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if m >= math.Sqrt2 {
		m /= 2
		k++
	}
	return m, k
}

// twoSum returns a + b as a rounded sum and its exact error. Source: Knuth, TAOCP 2, 4.2.2, theorem B.
func twoSum(a, b float64) (s, err float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// twoProd returns a × b as a rounded product and its error, to about 2^-106 of it. Source: Dekker, "A
// floating-point technique for extending the available precision", Numer. Math. 18 (1971).
func twoProd(a, b float64) (p, err float64) {
	p = float64(a * b)
	ah, bh := upper(a), upper(b)
	al, bl := a-ah, b-bh
	err = float64(ah*bh) - p
	err += float64(ah * bl)
	err += float64(al * bh)
	return p, err + float64(al*bl)
}

// upper keeps the first 26 bits of a significand.
func upper(x float64) float64 { return math.Float64frombits(math.Float64bits(x) &^ (1<<27 - 1)) }
