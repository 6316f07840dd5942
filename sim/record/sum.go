package record

import (
	"math"
	"math/bits"
)

// exactSum adds finite numbers without any rounding, so that neither their order nor the way in which they
// are split into parts can change a bit of what comes out. It is the number
//
//	Σᵢ sum[i] · 2^(32·i − 1074)
//
// A number adds less than 2³² to each of three neighbouring digits, so 2³¹ of them fit before a digit could
// overflow: two hundred times the most runs that a scenario may ask for. Sums of counts are exact as such.
//
// Source: Neal, "Fast Exact Summation Using Small and Large Superaccumulators", arXiv:1505.05571, 2015: the
// small one, with three digits in place of two so that no carry is needed on the way.
type exactSum [66]int64

// add adds a finite number.
func (s *exactSum) add(v float64) {
	b := math.Float64bits(v)
	place := b >> 52 & 0x7FF // of the lowest bit, 2^(place − 1074)
	m := b & (1<<52 - 1)
	if place > 0 {
		m |= 1 << 52
		place--
	}
	digits := (*[3]int64)(s[place>>5:])
	shift := place & 31
	low, high := m<<shift, m>>(64-shift)
	sign := int64(b) >> 63 // 0 or −1: x ^ sign − sign is ±x
	digits[0] += int64(low&math.MaxUint32) ^ sign - sign
	digits[1] += int64(low>>32) ^ sign - sign
	digits[2] += int64(high) ^ sign - sign
}

// join adds another sum.
func (s *exactSum) join(o *exactSum) {
	for i, d := range o {
		s[i] += d
	}
}

// mean is the sum, rounded once to the nearest number, divided by n. It cannot overflow on the way.
func (s *exactSum) mean(n int) float64 {
	digits, negative := s.digits()
	top := len(digits) - 1
	for top >= 0 && digits[top] == 0 {
		top--
	}
	if top < 0 {
		return 0
	}
	below := func(i int) uint64 {
		if i < 0 {
			return 0
		}
		return uint64(digits[i])
	}
	x := below(top)<<32 | below(top-1)
	lead := bits.LeadingZeros64(x) // under 32
	x = x<<lead | below(top-2)>>(32-lead)
	rest := below(top-2) << lead & math.MaxUint32
	for i := top - 3; i >= 0 && rest == 0; i-- {
		rest = below(i)
	}
	if rest != 0 {
		x |= 1 // what lies below cannot be a tie any more
	}
	mean := math.Ldexp(float64(x)/float64(n), 32*(top-1)-lead-1074)
	if negative {
		return -mean
	}
	return mean
}

// digits writes the sum's magnitude with digits from 0 to 2³² − 1.
func (s *exactSum) digits() (digits [len(exactSum{}) + 2]uint32, negative bool) {
	for _, sign := range []int64{1, -1} {
		carry := int64(0)
		for i, d := range s {
			carry += sign * d
			digits[i] = uint32(carry)
			carry >>= 32
		}
		if carry >= 0 {
			digits[len(s)], digits[len(s)+1] = uint32(carry), uint32(carry>>32)
			return digits, sign < 0
		}
	}
	panic("record: a sum is below zero and its negative too")
}

// span is the range of digits that are not zero.
func (s *exactSum) span() (first, last int) {
	last = len(s)
	for last > 0 && s[last-1] == 0 {
		last--
	}
	for first < last && s[first] == 0 {
		first++
	}
	return first, last
}
