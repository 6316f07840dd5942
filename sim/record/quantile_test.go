package record

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sources are distributions that cells are known to have, and some that none should have.
func sources() map[string]func(*rand.Rand) float64 {
	return map[string]func(*rand.Rand) float64{
		"uniform":                 func(r *rand.Rand) float64 { return r.Float64() },
		"capacity, lognormal":     func(r *rand.Rand) float64 { return 20000 * math.Exp(0.5*r.NormFloat64()) },
		"valuation, heavy tail":   func(r *rand.Rand) float64 { return 1e9 * math.Exp(2*r.NormFloat64()) },
		"cash of either sign":     func(r *rand.Rand) float64 { return 3e10 * (r.NormFloat64() + 0.3) },
		"negative":                func(r *rand.Rand) float64 { return -1e6 * math.Exp(r.NormFloat64()) },
		"mostly zero":             func(r *rand.Rand) float64 { return max(0, r.NormFloat64()-1) },
		"share that ends at zero": func(r *rand.Rand) float64 { return math.Floor(max(0, 0.3+0.2*r.NormFloat64())*1e4) / 1e4 },
		"few values":              func(r *rand.Rand) float64 { return float64(r.IntN(5) - 2) },
		"one value":               func(*rand.Rand) float64 { return 1e12 / 3 },
		"Cauchy":                  func(r *rand.Rand) float64 { return r.NormFloat64() / r.NormFloat64() },
		"every size":              func(r *rand.Rand) float64 { return math.Ldexp(r.NormFloat64(), r.IntN(2000)-1000) },
		"smaller than normal":     func(r *rand.Rand) float64 { return math.Ldexp(r.NormFloat64(), -1060) },
		"some no number":          func(r *rand.Rand) float64 { return []float64{math.NaN(), r.Float64(), 3}[r.IntN(3)] },
		"some infinite":           func(r *rand.Rand) float64 { return []float64{math.Inf(-1), r.Float64(), math.Inf(1)}[r.IntN(3)] },
	}
}

// sketched describes values by a sketch of so many bins, given in blocks.
func sketched(values []float64, share, block int) (Stats, sketch) {
	var s sketch
	var room foldRoom
	for part := range slices.Chunk(values, block) {
		s.add(part, share, &room)
	}
	return s.stats(), s
}

// sorted is the plain way: every value in order, NaN left out.
func sorted(values []float64) []float64 {
	all := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(all)
	return all
}

// type7 is the quantile as Hyndman and Fan define it.
func type7(all []float64, percent int) (q, a, b float64) {
	h := float64(len(all)-1) * float64(percent) / 100
	i := (len(all) - 1) * percent / 100
	a, b = all[i], all[min(i+1, len(all)-1)]
	if a == b || h == float64(i) {
		return a, a, b
	}
	h -= float64(i)
	return (1-h)*a + h*b, a, b
}

func near(x, y, scale float64) bool { return x == y || math.Abs(x-y) <= max(1e-12*scale, 1e-323) }

func TestExactQuantilesAgreeWithSortedValues(t *testing.T) {
	for name, draw := range sources() {
		r := rand.New(rand.NewPCG(1, uint64(len(name))))
		for _, n := range []int{1, 2, 5, 63, 64, 65, 100, 101, 1000, 5000} {
			values := make([]float64, n)
			for i := range values {
				values[i] = draw(r)
			}
			all := sorted(values)
			got := Describe(values)
			if got.N != len(all) {
				t.Fatalf("%s: %d values of %d", name, got.N, len(all))
			}
			if got.N == 0 {
				continue
			}
			if got.Min != all[0] || got.Max != all[len(all)-1] || got.Error != 0 {
				t.Errorf("%s: %v to %v, want %v to %v", name, got.Min, got.Max, all[0], all[len(all)-1])
			}
			for i, percent := range Levels() {
				if q, a, b := type7(all, percent); !near(got.Quantiles[i], q, max(math.Abs(a), math.Abs(b))) && !(q != q && got.Quantiles[i] != got.Quantiles[i]) {
					t.Errorf("%s, %d values: the %d %% quantile is %v, want %v", name, n, percent, got.Quantiles[i], q)
				}
			}
		}
	}
}

func TestSketchesKeepTheErrorThatTheyState(t *testing.T) {
	for name, draw := range sources() {
		r := rand.New(rand.NewPCG(2, uint64(len(name))))
		for _, share := range []int{64, 427} {
			values := make([]float64, 20000)
			for i := range values {
				values[i] = draw(r)
			}
			all := sorted(values)
			exact := Describe(slices.Clone(values))
			got, s := sketched(values, share, pendingRows)
			if got.N != exact.N || got.Min != exact.Min || got.Max != exact.Max || math.Float64bits(got.Mean) != math.Float64bits(exact.Mean) {
				t.Errorf("%s: n, mean, min, max are %d %v %v %v, want %d %v %v %v", name, got.N, got.Mean, got.Min, got.Max, exact.N, exact.Mean, exact.Min, exact.Max)
			}
			worst := 0.0
			for i, percent := range Levels() {
				_, a, b := type7(all, percent)
				off := math.Abs(got.Quantiles[i]-exact.Quantiles[i]) / max(math.Abs(a), math.Abs(b))
				if got.Quantiles[i] == exact.Quantiles[i] || math.IsNaN(exact.Quantiles[i]) {
					off = 0
				}
				worst = max(worst, off)
			}
			if !(worst <= got.Error+1e-15) {
				t.Errorf("%s in %d bins: off by %g, states %g", name, share, worst, got.Error)
			}
			t.Logf("%-24s %3d bins of %3d, level %2d: states %.2g, off by %.2g", name, len(s.bins), share, s.level, got.Error, worst)
		}
	}
	for name, want := range map[string]float64{"capacity, lognormal": 0.008, "few values": 1e-6, "one value": 0, "valuation, heavy tail": 0.031, "cash of either sign": 0.06} {
		r := rand.New(rand.NewPCG(3, 3))
		values := make([]float64, 100_000)
		for i := range values {
			values[i] = sources()[name](r)
		}
		if got, _ := sketched(values, 427, pendingRows); got.Error > want {
			t.Errorf("%s of 100,000 runs: off by %g, want at most %g", name, got.Error, want)
		}
	}
}

// A bin's estimate is within its error of everything that falls into the bin.
func TestEstimateIsWithinItsError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Filter(func(v float64) bool { return v != 0 && !math.IsInf(v, 0) && v == v }).Draw(t, "value")
		level := uint8(rapid.IntRange(0, 31).Draw(t, "level"))
		x, off := bin{key: keyOf(v) >> level}.estimate(level)
		if math.Abs(x-v) > (off+1e-15)*math.Abs(v) || math.Signbit(x) != math.Signbit(v) && x != 0 {
			t.Fatalf("%v is read as %v at level %d, more than %v off", v, x, level, off)
		}
	})
}

// The bins of a sketch are those of all its values at the lowest level at which they fit: what came first,
// what came together and what was joined leaves no trace.
func TestLevelIsAMatterOfTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		values := make([]float64, rapid.IntRange(1, 3000).Draw(t, "n"))
		spread := rapid.Float64Range(0, 20).Draw(t, "spread")
		for i := range values {
			values[i] = math.Exp(spread*r.NormFloat64()) * float64(r.IntN(3)-1)
		}
		const share = 64
		_, s := sketched(values, share, rapid.IntRange(1, 100).Draw(t, "block"))
		count := func(level uint8) map[uint32]uint32 {
			all := map[uint32]uint32{}
			for _, v := range values {
				if v != 0 {
					all[keyOf(v)>>level]++
				}
			}
			return all
		}
		level := uint8(0)
		for len(count(level)) > share {
			level++
		}
		want := count(level)
		if s.level != level || len(s.bins) != len(want) {
			t.Fatalf("level %d with %d bins, want level %d with %d", s.level, len(s.bins), level, len(want))
		}
		for i, b := range s.bins {
			if want[b.key] != b.count || i > 0 && s.bins[i-1].key >= b.key {
				t.Fatalf("bin %d is %+v, want a count of %d", i, b, want[b.key])
			}
		}
	})
}

// The mean is the exact sum, rounded once, over the count.
func TestMeansAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1, 1), rapid.SampledFrom([]float64{1e308, -1e308, 5e-324, -5e-324, 0, 0.1, 1 << 53, 1}))
		values := rapid.SliceOfN(value.Filter(func(v float64) bool { return !math.IsInf(v, 0) }), 1, 50).Draw(t, "values")
		exact := new(big.Float).SetPrec(4000)
		var sum exactSum
		for _, v := range values {
			sum.add(v)
			exact.Add(exact, new(big.Float).SetFloat64(v))
		}
		n := len(values)
		rounded := new(big.Float).SetPrec(53).Set(exact) // to nearest even, of any size
		want, _ := rounded.Quo(rounded, new(big.Float).SetPrec(53).SetInt64(int64(n))).Float64()
		if got := sum.mean(n); got != want {
			t.Fatalf("mean of %v = %v, want %v", values, got, want)
		}
		cut := rapid.IntRange(0, n).Draw(t, "cut")
		var a, b exactSum
		for _, v := range values[:cut] {
			b.add(v)
		}
		for _, v := range values[cut:] {
			a.add(v)
		}
		if a.join(&b); a != sum {
			t.Fatalf("two parts make %v, want %v", a, sum)
		}
	})
}

// A level that lies between two order statistics of which one is infinite is infinite; one that meets a value is that value.
func TestQuantilesBesideAnInfinity(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		values    []float64
		quantiles [LevelCount]float64
	}{
		{[]float64{-inf, 1, 2, 3, 4}, [...]float64{-inf, -inf, 1, 1.4, 2, 2.6, 3, 3.2, 3.8}},
		{[]float64{1, 2, 3, 4, inf}, [...]float64{1.2, 1.8, 2, 2.4, 3, 3.6, 4, inf, inf}},
	} {
		sketch, _ := sketched(tt.values, 427, pendingRows)
		for way, got := range map[string]Stats{"exact": Describe(slices.Clone(tt.values)), "sketch": sketch} {
			for i, want := range tt.quantiles {
				if q := got.Quantiles[i]; q != want && !(math.Abs(q-want) <= got.Error*4+1e-12) {
					t.Errorf("%s, of %v: the quantile of %d %% is %v, want %v", way, tt.values, Levels()[i], q, want)
				}
			}
		}
	}
	if got := Describe([]float64{-inf, inf}).Quantiles[4]; got == got {
		t.Errorf("between both infinities lies %v, want NaN", got)
	}
}

func TestMeanOfInfinitiesAndEquals(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		values []float64
		want   float64
	}{{[]float64{inf, 1}, inf}, {[]float64{1, -inf}, -inf}, {[]float64{0.1, 0.1, 0.1}, 0.1}, {[]float64{math.MaxFloat64, math.MaxFloat64}, math.MaxFloat64}} {
		if got := Describe(slices.Clone(tt.values)).Mean; got != tt.want {
			t.Errorf("mean of %v = %v, want %v", tt.values, got, tt.want)
		}
	}
	if got := Describe([]float64{inf, -inf}).Mean; got == got {
		t.Errorf("mean of both infinities = %v, want NaN", got)
	}
}

// wide are as many cells as base-2026 has.
func wide() Cells {
	columns := make([]Column, 1200)
	for i := range columns {
		if i < 110 {
			columns[i].Metric = "cash"
		}
	}
	return ChooseCells(columns, 0, 84, cashOnly)
}

// fill drives so many runs.
func fill(b *testing.B, a Accumulator, cells Cells, runs int) {
	frame := make([]float64, len(cells.Columns))
	r := rand.New(rand.NewPCG(5, 5))
	for run := 1; run <= runs; run++ {
		for t := cells.Start; t <= cells.End; t++ {
			for i := range frame {
				frame[i] = 1e9 * math.Exp(0.5*r.NormFloat64())
			}
			a.Month(run, t, frame)
		}
		a.End(run, cells.End, "")
	}
}

// BenchmarkAccumulator reports what one run costs each accumulator beside the simulation; a third of it is
// the making of random numbers in neither.
func BenchmarkAccumulator(b *testing.B) {
	cells := wide()
	frames := make([][]float64, 200)
	r := rand.New(rand.NewPCG(6, 6))
	for i := range frames {
		frames[i] = make([]float64, len(cells.Columns))
		for j := range frames[i] {
			frames[i][j] = float64(j) * math.Exp(0.5*r.NormFloat64())
		}
	}
	for name, a := range map[string]Accumulator{"exact": NewExact(cells, 800), "sketches": NewSketches(cells)} {
		b.Run(name, func(b *testing.B) {
			b.ReportMetric(float64(cells.Count()), "cells")
			run := 0
			for b.Loop() {
				run = run%800 + 1
				for t := cells.Start; t <= cells.End; t++ {
					a.Month(run, t, frames[(run*31+int(t))%len(frames)])
				}
				a.End(run, cells.End, "")
			}
		})
	}
}

func BenchmarkSummary(b *testing.B) {
	cells := wide()
	for name, a := range map[string]Accumulator{"exact": NewExact(cells, 800), "sketches": NewSketches(cells)} {
		fill(b, a, cells, 800)
		b.Run(name, func(b *testing.B) {
			b.ReportMetric(float64(cells.Count()), "cells")
			for b.Loop() {
				a.Summary()
			}
		})
	}
}
