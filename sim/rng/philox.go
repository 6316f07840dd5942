package rng

import "math/bits"

// philox is Philox4x64-10: a keyed bijection of 256-bit counters, good enough that counters 0, 1, 2, … pass
// for random words under any key.
//
// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11; the constants
// are those of the authors' library Random123, whose known answers the tests hold.
//
// Four words come back in registers; an array would pass through memory, at a third of the price of the rounds.
func philox(c0, c1, c2, c3, k0, k1 uint64) (w0, w1, w2, w3 uint64) {
	const (
		mul0   = 0xD2E7470EE14C6C93
		mul1   = 0xCA5A826395121157
		weyl0  = 0x9E3779B97F4A7C15 // golden ratio
		weyl1  = 0xBB67AE8584CAA73B // √3 - 1
		rounds = 10
	)
	for range rounds {
		hi0, lo0 := bits.Mul64(mul0, c0)
		hi1, lo1 := bits.Mul64(mul1, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += weyl0
		k1 += weyl1
	}
	return c0, c1, c2, c3
}
