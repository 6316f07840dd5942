package rng

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"powerplay/sim/unit"
)

// The three lines for philox4x64 with 10 rounds in Random123's file of known answers, tests/kat_vectors.
func TestPhiloxGivesThePublishedAnswers(t *testing.T) {
	ones := ^uint64(0)
	tests := []struct {
		name    string
		counter [4]uint64
		key     [2]uint64
		want    [4]uint64
	}{
		{
			"zeros",
			[4]uint64{},
			[2]uint64{},
			[4]uint64{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b},
		},
		{
			"ones",
			[4]uint64{ones, ones, ones, ones},
			[2]uint64{ones, ones},
			[4]uint64{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0},
		},
		{
			"digits of pi",
			[4]uint64{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
			[2]uint64{0x452821e638d01377, 0xbe5466cf34e90c6c},
			[4]uint64{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6},
		},
	}
	for _, tt := range tests {
		c := tt.counter
		w0, w1, w2, w3 := philox(c[0], c[1], c[2], c[3], tt.key[0], tt.key[1])
		if got := [4]uint64{w0, w1, w2, w3}; got != tt.want {
			t.Errorf("%s: %x, want %x", tt.name, got, tt.want)
		}
	}
}

func TestLuckIsFNV1a(t *testing.T) {
	// from the test vectors of the authors' draft and RFC
	for key, want := range map[string]uint64{"": 0xcbf29ce484222325, "a": 0xaf63dc4c8601ec8c, "foobar": 0x85944171f73967e8} {
		if got := Luck(key); got != want {
			t.Errorf("Luck(%q) = %#x, want %#x", key, got, want)
		}
	}
}

func TestEveryPurposeHasItsOwnNameAndKey(t *testing.T) {
	names, keys := map[string]Purpose{}, map[uint64]Purpose{}
	for p := range purposes {
		name := p.String()
		if other, ok := names[name]; ok || name == "" {
			t.Errorf("purpose %d is called %q, as is purpose %d", p, name, other)
		}
		names[name] = p
		if want := Luck(name); p.key() != want {
			t.Errorf("the key of %s is 0x%016x, want 0x%016x", name, p.key(), want)
		}
		if other, ok := keys[p.key()]; ok {
			t.Errorf("%v and %v draw the same numbers", p, other)
		}
		keys[p.key()] = p
	}
}

// A draw written down once: should it ever change, all published results change with it.
func TestADrawDependsOnItsKeyAlone(t *testing.T) {
	r := Run{Seed: 7, Index: 42}
	got := fmt.Sprintf("%v", r.Block(Demand, Luck("openai"), unit.Date(2026, 4), 1))
	if want := "[0.5137266165113804 0.3728197519747004 0.06458548484571691 0.262997469221247]"; got != want {
		t.Errorf("draw is %s, want %s", got, want)
	}
	if got, want := r.Uniform(Slip, 1, 2, 3), r.Block(Slip, 1, 2, 3)[0]; got != want {
		t.Errorf("Uniform is %v, want the first of Block, %v", got, want)
	}
}

// The bits themselves, so that a change of result is seen on any machine that runs the tests.
func TestBitsAreTheSameEverywhere(t *testing.T) {
	r := Run{Seed: 3, Index: 4}
	var digest uint64
	for i := range 300 {
		u := r.Block(Input, 5, 6, i)
		for _, x := range []float64{
			u[0], Normal(u[0], 1, 2), LogNormal(u[0], 1, 2), Exponential(u[0], 3), Triangular(u[0], 1, 2, 4), Range(u[0], 3, 7),
			Gamma(u[0], float64(20*u[1])+0.05, 1), Beta(u[0], float64(20*u[1])+0.05, float64(20*u[2])+0.05),
			SplitNormal(u[0], 2, 1, 4), SplitLogNormal(u[0], 2, 1, 5), SplitLogitNormal(u[0], 0.5, 0.2, 0.6),
		} {
			digest = (digest ^ math.Float64bits(x)) * 0x100000001b3
		}
	}
	if want := uint64(0x65d5b969c55be22d); digest != want {
		t.Errorf("digest %#016x, want %#016x", digest, want)
	}
}

func TestUniformIsNeverZeroOrOne(t *testing.T) {
	for _, w := range []uint64{0, 1, 1<<11 - 1, 1 << 11, 1 << 63, ^uint64(0), ^uint64(0) - 1<<11} {
		u := Open(w)
		if !(u > 0 && u < 1 && 1-u > 0 && 1-(1-u) == u) {
			t.Errorf("Open(%#x) = %v, want one strictly between 0 and 1 whose complement is exact", w, u)
		}
	}
	if got := Open(0); got != 0x1p-53 {
		t.Errorf("the least draw is %g, want 2^-53", got)
	}
	if got := Open(^uint64(0)); got != 1-0x1p-53 {
		t.Errorf("the greatest draw is %g, want 1 - 2^-53", got)
	}
}

// Along each word of the key, neighbours must look unrelated: uniform alone (chi-square over 100 classes),
// unrelated as pairs (chi-square over a 20 × 20 table), and without correlation. The draws are fixed, so the
// tests cannot flake; the limits are what a fair generator exceeds once in a million.
func TestNeighbouringKeysLookIndependent(t *testing.T) {
	const n = 50000
	r := Run{Seed: 1, Index: 1}
	axes := []struct {
		name string
		draw func(i int) float64
	}{
		{"index", func(i int) float64 { return r.Uniform(Demand, 1, 0, i) }},
		{"month", func(i int) float64 { return r.Uniform(Demand, 1, unit.Month(i), 0) }},
		{"luck", func(i int) float64 { return r.Uniform(Demand, uint64(i), 0, 0) }},
		{"luck of numbered firms", func(i int) float64 { return r.Uniform(Demand, Luck(fmt.Sprintf("firm-%d", i)), 0, 0) }},
		{"run", func(i int) float64 { return Run{1, uint64(i)}.Uniform(Demand, 1, 0, 0) }},
		{"seed", func(i int) float64 { return Run{uint64(i), 1}.Uniform(Demand, 1, 0, 0) }},
		{"place in the block", func(i int) float64 { return r.Block(Demand, 1, 0, i/4)[i%4] }},
		{"purpose", func(i int) float64 {
			return r.Uniform(Purpose(i%int(purposes)), 1, 0, i/int(purposes))
		}},
	}
	for _, axis := range axes {
		var single [100]float64
		var pairs [20][20]float64
		var sum, square, lagged float64
		previous := 0.5
		for i := range n {
			u := axis.draw(i)
			single[int(u*100)]++
			if i > 0 {
				pairs[int(previous*20)][int(u*20)]++
			}
			sum += u
			square += (u - 0.5) * (u - 0.5)
			lagged += (u - 0.5) * (previous - 0.5)
			previous = u
		}
		var chi, chiPairs float64
		for _, k := range single {
			chi += (k - n/100.) * (k - n/100.) / (n / 100.)
		}
		for _, row := range pairs {
			for _, k := range row {
				chiPairs += (k - (n-1)/400.) * (k - (n-1)/400.) / ((n - 1) / 400.)
			}
		}
		if limit := (distuv.ChiSquared{K: 99}).Quantile(1 - 1e-6); chi > limit {
			t.Errorf("%s: chi-square %.1f, want at most %.1f", axis.name, chi, limit)
		}
		if limit := (distuv.ChiSquared{K: 399}).Quantile(1 - 1e-6); chiPairs > limit {
			t.Errorf("%s: chi-square of pairs %.1f, want at most %.1f", axis.name, chiPairs, limit)
		}
		const five = 5 / 223.6 // standard errors, √n = 223.6
		if mean := sum / n; math.Abs(mean-0.5) > five*math.Sqrt(1./12) {
			t.Errorf("%s: mean %v, want 0.5", axis.name, mean)
		}
		if variance := square / n; math.Abs(variance-1./12) > five*math.Sqrt(1./180) {
			t.Errorf("%s: variance %v, want 1/12", axis.name, variance)
		}
		if correlation := lagged / n * 12; math.Abs(correlation) > five {
			t.Errorf("%s: correlation of neighbours %v, want 0", axis.name, correlation)
		}
	}
}

func TestDrawsDoNotAllocate(t *testing.T) {
	r := Run{Seed: 1, Index: 2}
	weights := []float64{1, 2, 3}
	var total float64
	i := 0
	if n := testing.AllocsPerRun(100, func() {
		i++
		u := r.Uniform(Bid, Luck("lab"), unit.Month(i), 0)
		b := r.Block(Bid, Luck("lab"), unit.Month(i), 1)
		total += b[0] + Range(u, 0, 1) + Normal(u, 0, 1) + LogNormal(u, 1, 1) + Exponential(u, 1) +
			Triangular(u, 0, 1, 3) + Gamma(u, 2.5, 1) + Beta(u, 2, 3) + float64(Categorical(u, weights)) +
			SplitNormal(u, 1, 0, 3) + SplitLogNormal(u, 1, 0.5, 3) + SplitLogitNormal(u, 0.5, 0.1, 0.8)
		if Bernoulli(u, 0.5) {
			total++
		}
	}); n != 0 {
		t.Errorf("%v allocations a draw, want 0", n)
	}
}

func BenchmarkUniform(b *testing.B) {
	r := Run{Seed: 1, Index: 2}
	i := 0
	for b.Loop() {
		i++
		sink = r.Uniform(Demand, 3, 4, i)
	}
}

func BenchmarkNormal(b *testing.B) {
	for b.Loop() {
		sink = Normal(0.2, 0, 1)
	}
}

func BenchmarkGamma(b *testing.B) {
	for b.Loop() {
		sink = Gamma(0.2, 2.5, 1)
	}
}

func BenchmarkBeta(b *testing.B) {
	for b.Loop() {
		sink = Beta(0.2, 2.5, 1.5)
	}
}

var sink float64
