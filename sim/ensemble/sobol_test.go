package ensemble

import (
	"fmt"
	"math/bits"
	"testing"
)

// The first ten points in three dimensions as Joe and Kuo's own program prints them; it visits each stretch of 2^k
// places in the order of the Gray code.
func TestTheSequenceStartsAsPublished(t *testing.T) {
	want := [][3]float64{
		{0, 0, 0},
		{0.5, 0.5, 0.5},
		{0.75, 0.25, 0.25},
		{0.25, 0.75, 0.75},
		{0.375, 0.375, 0.625},
		{0.875, 0.875, 0.125},
		{0.625, 0.125, 0.875},
		{0.125, 0.625, 0.375},
		{0.1875, 0.3125, 0.9375},
		{0.6875, 0.8125, 0.4375},
	}
	for i, point := range want {
		for d, x := range point {
			place := uint32(i ^ i>>1)
			if got := float64(newDirections(d).at(place)) / (1 << 32); got != x {
				t.Errorf("point %d, dimension %d: %v, want %v", i, d+1, got, x)
			}
		}
	}
}

// A polynomial of degree s is primitive when x, multiplied by itself, runs through all 2^s - 1 other than 0 before
// it comes back to 1.
func TestTheTableHoldsDistinctPrimitivePolynomialsAndOddStarts(t *testing.T) {
	seen := map[string]bool{}
	for i, p := range joeKuo() {
		whole := 1<<p.degree | p.middle<<1 | 1
		order := 0
		for x := uint32(1); order == 0 || x != 1; order++ {
			if x <<= 1; x>>p.degree != 0 {
				x ^= whole
			}
			if order > 1<<p.degree {
				break
			}
		}
		if order != 1<<p.degree-1 {
			t.Errorf("dimension %d: x has the order %d modulo its polynomial, want %d", i+2, order, 1<<p.degree-1)
		}
		name := fmt.Sprint(p.degree, p.middle)
		if seen[name] {
			t.Errorf("dimension %d repeats a polynomial", i+2)
		}
		seen[name] = true
		if len(p.first) != p.degree {
			t.Errorf("dimension %d starts from %d numbers, want %d", i+2, len(p.first), p.degree)
		}
		for k, m := range p.first {
			if m%2 == 0 || m >= 2<<k {
				t.Errorf("dimension %d: number %d is %d, want an odd one below %d", i+2, k+1, m, 2<<k)
			}
		}
	}
	if n := len(joeKuo()) + 1; n != MaxJoint {
		t.Errorf("there are %d dimensions, want %d", n, MaxJoint)
	}
}

// The first 2^k points have one in each of the 2^k slices of every dimension.
func TestEveryDimensionIsAPermutation(t *testing.T) {
	for d := range MaxJoint {
		v := newDirections(d)
		for k := 1; k <= 12; k++ {
			slices := make([]bool, 1<<k)
			for place := range uint32(1 << k) {
				slices[v.at(place)>>(32-k)] = true
			}
			for s, hit := range slices {
				if !hit {
					t.Fatalf("dimension %d: no point of the first %d in slice %d", d+1, 1<<k, s)
				}
			}
		}
	}
}

// In two dimensions each of the rectangles of area 2^-m whose sides are powers of two, at multiples of them, holds one of
// the 2^m points: a (0, m, 2)-net, before scrambling and after.
func TestTheFirstTwoDimensionsAreANet(t *testing.T) {
	const m = 8
	in := named("a", "b")
	s := NewSobol(5, in, []int{0, 1})
	x, y := newDirections(0), newDirections(1)
	plain, drawn := make([][2]uint32, 1<<m), make([][2]uint32, 1<<m)
	u := make([]float64, 2)
	for i := range plain {
		plain[i] = [2]uint32{x.at(uint32(i)), y.at(uint32(i))}
		s.Point(i+1, u)
		drawn[i] = [2]uint32{uint32(u[0] * (1 << 32)), uint32(u[1] * (1 << 32))}
	}
	for name, points := range map[string][][2]uint32{"plain": plain, "scrambled": drawn} {
		for wide := 0; wide <= m; wide++ {
			held := map[[2]uint32]int{}
			for _, p := range points {
				held[[2]uint32{p[0] >> (32 - wide), p[1] >> (32 - (m - wide))}]++
			}
			if len(held) != 1<<m {
				t.Errorf("%s: %d of %d rectangles 2^-%d wide hold a point", name, len(held), 1<<m, wide)
			}
		}
	}
}

// Each stretch of 2^k runs, from sixteen on, that begins at a multiple of 2^k has one in each slice of every input.
func TestEveryStretchFillsTheSlicesOfEachInput(t *testing.T) {
	const runs = 1 << 12
	in := several(10)
	s := NewSobol(2, in, []int{3, 1, -1, 0})
	places := make([][]float64, runs)
	for i := range places {
		places[i] = make([]float64, len(in))
		s.Point(i+1, places[i])
	}
	for size := 16; size <= runs; size *= 2 {
		for from := 0; from < runs; from += size {
			for i := range in {
				slices := map[int]bool{}
				for _, u := range places[from : from+size] {
					slices[int(u[i]*float64(size))] = true
				}
				if len(slices) != size {
					t.Fatalf("input %d: runs %d to %d lie in %d of %d slices", i, from+1, from+size, len(slices), size)
				}
			}
		}
	}
}

// Two runs of a stretch of sixteen go to any two of its slices, each pair equally often: chi-square over the 240 ordered
// pairs, which a fair order exceeds at 330 once in ten thousand.
func TestNeighboursGoAnywhereInTheirStretch(t *testing.T) {
	const trials = 24_000
	var count [16][16]int
	for key := range uint64(trials) {
		count[shuffled(6, mix(key))%16][shuffled(7, mix(key))%16]++
	}
	var chi float64
	for a := range count {
		for b, n := range count[a] {
			if a == b {
				if n > 0 {
					t.Fatal("two runs stand in one place")
				}
				continue
			}
			d := float64(n) - trials/240.0
			chi += d * d / (trials / 240.0)
		}
	}
	if chi > 330 {
		t.Errorf("chi-square of 239 degrees of freedom is %.0f, want at most 330", chi)
	}
	for key := range uint64(100) {
		seen := map[uint32]bool{}
		for run := range uint32(stretch) {
			seen[dealt(mix(key), run)] = true
		}
		if len(seen) != stretch {
			t.Errorf("order %d has %d places", key, len(seen))
		}
	}
}

// A flip hangs on the digits above alone: numbers that share their first k digits share them when scrambled.
func TestScramblingIsNested(t *testing.T) {
	for key := range uint64(50) {
		for _, x := range []uint32{0, 0x80000000, 0x12345678} {
			for bit := range 32 {
				a, b := scrambled(x, mix(key)), scrambled(x^1<<bit, mix(key))
				if got := bits.Len64(a^b) - 32; got != bit+1 {
					t.Fatalf("key %d: bit %d of %x changes the scrambled number from bit %d on", key, bit, x, got-1)
				}
			}
		}
	}
}

// The coins of the first three levels are fair and independent: the 128 ways in which seven fall, chi-square, with a limit
// that fair coins exceed once in ten thousand.
func TestTheCoinsOfAScrambleAreIndependent(t *testing.T) {
	const trials = 64_000
	var count [128]int
	for key := range uint64(trials) {
		fall := 0
		for place := range uint32(4) {
			x := uint32(scrambled(place<<30, mix(key))>>61) ^ place<<1
			switch place {
			case 0:
				fall |= int(x) // the coins of the root, of its left child, and of that one's left child
			case 1:
				fall |= int(x&1) << 3
			case 2:
				fall |= int(x&3) << 4
			case 3:
				fall |= int(x&1) << 6
			}
		}
		count[fall]++
	}
	var chi float64
	for _, n := range count {
		d := float64(n) - trials/128.0
		chi += d * d / (trials / 128.0)
	}
	if chi > 193 {
		t.Errorf("chi-square of 127 degrees of freedom is %.0f, want at most 193", chi)
	}
}
