package ensemble

import (
	"math/bits"

	"powerplay/sim"
	"powerplay/sim/rng"
)

// Sobol spreads runs evenly. The runs 1 to 2^k, k ≥ 4, and every later stretch of 2^k runs that begins where one
// of that length can, have one run in each of the 2^k equal slices of each input. So what inputs do on their own,
// which is most of what they do, averages out nearly like 1/n³ in variance instead of 1/n; what two do together
// averages out as in draws on their own.
//
// With hundreds of inputs a Sobol' sequence of that many dimensions would promise little about pairs, and an input
// more would shift the dimensions of others. So each input has a sequence of its own, shuffled and scrambled
// under a key made of the seed and its path. A few inputs can be spread jointly: they share one order of runs and
// take the first dimensions of a Sobol' sequence, so that their pairs, and what they do in threes, are spread
// as well.
//
// A sequence of its own is the van der Corput sequence in base 2 with
//
//   - nested uniform scrambling: each digit of a place flips by a coin that hangs on the digits before it;
//   - shuffled runs: the number of a run is scrambled in the same way before it is looked up, except that within each
//     stretch of sixteen every order is as likely. Shuffled by nested scrambling alone, two neighbours would stand in
//     opposite halves of every input, and the product of two inputs would average out half as fast as in draws on
//     their own; so it is 1/15 slower at most. Orders of few kinds, such as affine ones, would do for the mean of the
//     product, but of hundreds of inputs some pairs would then have the same kind in several stretches, and be
//     correlated far beyond chance in a hundred runs.
//
// Sources: Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995, for the scrambling; Burley, "Practical
// hash-based Owen scrambling", Journal of Computer Graphics Techniques 9(4), 2020, for padding with shuffled
// sequences.
type Sobol struct {
	inputs []sequence
	joint  uint64 // key of the order of runs that joint inputs share
}

// sequence is how one input is spread.
type sequence struct {
	order, scramble uint64      // keys
	directions      *directions // of its dimension among the joint inputs; nil where it is spread by itself
}

// MaxJoint is how many inputs can be spread jointly.
const MaxJoint = 32

// NewSobol makes a design. joint holds the places of the inputs that are spread jointly, at most [MaxJoint], in the
// order of their dimensions; a negative place keeps a dimension free for an input that this model does not draw.
func NewSobol(seed uint64, inputs []sim.Input, joint []int) *Sobol {
	s := &Sobol{joint: rng.Words(seed, rng.Design, 0)[0]}
	for i := range inputs {
		w := rng.Words(seed, rng.Design, inputs[i].Luck)
		s.inputs = append(s.inputs, sequence{order: w[0], scramble: w[1]})
	}
	for dimension, i := range joint[:min(len(joint), MaxJoint)] {
		if i >= 0 {
			s.inputs[i].directions = newDirections(dimension)
		}
	}
	return s
}

// Point implements [Points].
func (s *Sobol) Point(run int, u []float64) {
	joint := shuffled(uint32(run-1), s.joint)
	for i := range s.inputs {
		q := &s.inputs[i]
		var digits uint32
		if q.directions == nil {
			digits = bits.Reverse32(shuffled(uint32(run-1), q.order))
		} else {
			digits = q.directions.at(joint)
		}
		u[i] = rng.Open(scrambled(digits, q.scramble))
	}
}

// shuffled returns the place in a sequence that a run takes. All places of a stretch of 2^k, k ≥ 4, go to runs of one
// such stretch.
//
// Source: Burley's listings 1 and 2, the hash of Laine and Karras on the reversed bits of the number: its coins are
// cheap and good enough to shuffle with.
func shuffled(index uint32, key uint64) uint32 {
	x := bits.Reverse32(index) + uint32(key)
	x ^= x * 0x6c50b47c
	x ^= x * 0xb82f1e52
	x ^= x * 0xc7afe638
	x ^= x * 0x8d22f6e6
	return bits.Reverse32(x)&^(stretch-1) | dealt(mix(key^uint64(index/stretch)), index%stretch)
}

// stretch is the number of runs whose order is dealt anew.
const stretch = 16

// dealt returns the place of one of the runs of a stretch in the order that a word stands for. All 16! orders are as likely,
// to 2^-20: the word is read as a number whose digits count the places that are left.
func dealt(word uint64, run uint32) uint32 {
	places := uint64(0xfedcba9876543210) // that are left, a hexadecimal digit each
	for taken := uint32(0); ; taken++ {
		left := uint64(stretch - taken)
		at, rest := bits.Mul64(word, left)
		place := places >> (4 * at) & 15
		if taken == run {
			return uint32(place)
		}
		places ^= (place ^ places>>(4*(left-1))&15) << (4 * at) // the last one takes its turn
		word = rest
	}
}

// scrambled turns 32 binary digits of a place into 64: each of the first 18 flips by a coin of its own for all digits
// before it, and what follows is shifted by a word that hangs on these 18. Up to 2^18 runs that is nested
// uniform scrambling without end, for they differ in those digits; with more it spreads as evenly still.
//
// The coins of six levels, 63 for a tree whose root is coin 1, are the bits of one word.
func scrambled(digits uint32, key uint64) uint64 {
	var out uint64
	coins := key
	for depth := 26; depth >= 14; depth -= 6 {
		node := uint32(1)
		for level := depth + 5; level >= depth; level-- {
			digit := digits >> level & 1
			out = out<<1 | uint64(digit) ^ coins>>node&1
			node = node<<1 | digit
		}
		coins = mix(key ^ out<<6 ^ uint64(depth))
	}
	return out<<46 | (uint64(digits)<<32^coins)&(1<<46-1)
}
