package ensemble

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"powerplay/sim"
	"powerplay/sim/rng"
)

// named makes inputs that are uniform between 0 and 1.
func named(paths ...string) []sim.Input {
	inputs := make([]sim.Input, len(paths))
	for i, path := range paths {
		inputs[i] = sim.Input{Path: path, Luck: rng.Luck(path), Central: 0.5, Quantile: func(u float64) float64 { return u }}
	}
	return inputs
}

// several makes that many of them.
func several(n int) []sim.Input {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = fmt.Sprintf("firms.f%d.cash", i)
	}
	return named(paths...)
}

// keyed are the points in whose places neither other inputs nor the number of runs have a part, and those that are
// made for a number of runs.
func keyed(seed uint64, inputs []sim.Input) map[string]Points {
	return map[string]Points{
		"monte-carlo":     MonteCarlo{seed, inputs},
		"sobol":           NewSobol(seed, inputs, nil),
		"latin-hypercube": NewLatinHypercube(seed, inputs, 100),
	}
}

func TestAnInputKeepsItsDrawsWhenOthersComeAndGo(t *testing.T) {
	few, many := named("a", "c"), named("new", "c", "b", "a")
	with := keyed(3, many)
	for kind, without := range keyed(3, few) {
		u, v := make([]float64, 2), make([]float64, 4)
		for run := 1; run <= 100; run++ {
			without.Point(run, u)
			with[kind].Point(run, v)
			if u[0] != v[3] || u[1] != v[1] {
				t.Fatalf("%s, run %d: %v alone, %v among others", kind, run, u, v)
			}
		}
	}
	// jointly, the dimension of an input that a variant lacks stays free
	all, less := NewSobol(3, many, []int{0, 3, 1}), NewSobol(3, few, []int{-1, 0, 1})
	u, v := make([]float64, 2), make([]float64, 4)
	for run := 1; run <= 100; run++ {
		less.Point(run, u)
		all.Point(run, v)
		if u[0] != v[3] || u[1] != v[1] {
			t.Fatalf("jointly, run %d: %v alone, %v among others", run, u, v)
		}
	}
}

func TestPlacesLieBetweenZeroAndOne(t *testing.T) {
	for kind, points := range keyed(1, several(20)) {
		u := make([]float64, 20)
		for run := 1; run <= 100; run++ {
			points.Point(run, u)
			for _, x := range u {
				if !(x > 0 && x < 1) {
					t.Fatalf("%s, run %d: %v", kind, run, x)
				}
			}
		}
	}
}

func TestAGridRunsThroughAllCombinations(t *testing.T) {
	g := Grid{Others: Central(named("a", "b", "c")), Axes: []Axis{{2, []float64{1, 2}}, {0, []float64{7, 8, 9}}}}
	if g.Runs() != 6 {
		t.Fatalf("%d runs, want 6", g.Runs())
	}
	var got [][]float64
	for run := 1; run <= 6; run++ {
		values := make([]float64, 3)
		g.Draw(run, values)
		got = append(got, values)
	}
	want := [][]float64{{7, 0.5, 1}, {8, 0.5, 1}, {9, 0.5, 1}, {7, 0.5, 2}, {8, 0.5, 2}, {9, 0.5, 2}}
	if !slices.EqualFunc(got, want, slices.Equal[[]float64]) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestATableStatesItsInputsAndLeavesTheOthers(t *testing.T) {
	inputs := named("a", "b")
	drawn := Sample{Inputs: inputs, Points: MonteCarlo{1, inputs}}
	table := Table{Others: drawn, Inputs: []int{1}, Rows: [][]float64{{3}, {4}}}
	got, want := make([]float64, 2), make([]float64, 2)
	table.Draw(2, got)
	drawn.Draw(2, want)
	if got[0] != want[0] || got[1] != 4 {
		t.Errorf("run 2 is %v, want %v and 4", got, want[0])
	}
}

func TestAReplicationGivesAllRunsTheInputsOfOne(t *testing.T) {
	inputs := several(5)
	was := Sample{Inputs: inputs, Points: NewSobol(1, inputs, nil)}
	want, got := make([]float64, 5), make([]float64, 5)
	was.Draw(17, want)
	for run := 1; run <= 3; run++ {
		Replication{Of: 17, Was: was}.Draw(run, got)
		if !slices.Equal(got, want) {
			t.Errorf("run %d is %v, want %v", run, got, want)
		}
	}
}

// variance of the mean of f over n runs, among seeds 1 to trials.
func varianceOfMean(points func(seed uint64) Points, inputs, n, trials int, f func(u []float64) float64) float64 {
	u := make([]float64, inputs)
	var sum, squares float64
	for seed := range trials {
		p, mean := points(uint64(seed+1)), 0.0
		for run := 1; run <= n; run++ {
			p.Point(run, u)
			mean += f(u) / float64(n)
		}
		sum += mean
		squares += mean * mean
	}
	m := sum / float64(trials)
	return (squares/float64(trials) - m*m) * float64(trials) / float64(trials-1)
}

// The variance of the mean of one uniform is 1/(12 n³) where each of n slices holds one run in a random place of it, and
// 1/(12 n) for draws on their own. Over 4,000 seeds its estimate is off by 2 % in one case of three; the limit is 10 %.
func TestTheMeanOfOneUniformVariesAsTheorySays(t *testing.T) {
	one := named("firms.openai.cash")
	for _, tt := range []struct {
		kind   string
		n      int
		points func(seed uint64) Points
		want   float64 // times 1/12
	}{
		{"monte-carlo", 100, func(seed uint64) Points { return MonteCarlo{seed, one} }, 1.0 / 100},
		{"latin-hypercube", 100, func(seed uint64) Points { return NewLatinHypercube(seed, one, 100) }, 1.0 / 1e6},
		{"sobol", 128, func(seed uint64) Points { return NewSobol(seed, one, nil) }, 1.0 / (128 * 128 * 128)},
		{"sobol, jointly", 128, func(seed uint64) Points { return NewSobol(seed, one, []int{-1, -1, 0}) }, 1.0 / (128 * 128 * 128)},
	} {
		got := varianceOfMean(tt.points, 1, tt.n, 4000, func(u []float64) float64 { return u[0] })
		if ratio := got * 12 / tt.want; ratio < 0.9 || ratio > 1.1 {
			t.Errorf("%s: %.3f times what theory says", tt.kind, ratio)
		} else {
			t.Logf("%s: %.3f times what theory says", tt.kind, ratio)
		}
	}
}

// What inputs do on their own averages out far faster than in draws on their own, at any number of runs; what two do
// together averages out no slower, and faster where they are spread jointly.
func TestSpreadRunsAverageOutFaster(t *testing.T) {
	const inputs, trials = 6, 2000
	in := several(inputs)
	additive := func(u []float64) float64 {
		sum := 0.0
		for i, x := range u {
			sum += math.Sin(float64(i+1)*x) + x*x
		}
		return sum
	}
	pair := func(u []float64) float64 { return (u[0] - 0.5) * (u[1] - 0.5) }
	sides := func(u []float64) float64 { return math.Copysign(1, (u[0]-0.5)*(u[1]-0.5)) }
	sobol := func(seed uint64) Points { return NewSobol(seed, in, nil) }
	jointly := func(seed uint64) Points { return NewSobol(seed, in, []int{0, 1, 2, 3, 4, 5}) }
	hypercube := func(n int) func(seed uint64) Points {
		return func(seed uint64) Points { return NewLatinHypercube(seed, in, n) }
	}
	for _, tt := range []struct {
		name      string
		n         int
		points    func(seed uint64) Points
		f         func([]float64) float64
		low, high float64 // bounds of the variance over that of draws on their own
	}{
		{"additive, sobol", 128, sobol, additive, 0, 0.001},
		{"additive, sobol", 200, sobol, additive, 0, 0.05},
		{"additive, sobol", 1000, sobol, additive, 0, 0.01},
		{"additive, latin hypercube", 100, hypercube(100), additive, 0, 0.001},
		{"two together, sobol", 128, sobol, pair, 0.85, 1.15},
		{"two together, latin hypercube", 128, hypercube(128), pair, 0.85, 1.15},
		{"two together, spread jointly", 128, jointly, pair, 0, 0.05},
		{"on which side two are, sobol", 128, sobol, sides, 0.85, 1.2},
		{"on which side two are, latin hypercube", 100, hypercube(100), sides, 0.85, 1.15},
	} {
		alone := func(seed uint64) Points { return MonteCarlo{seed, in} }
		ratio := varianceOfMean(tt.points, inputs, tt.n, trials, tt.f) / varianceOfMean(alone, inputs, tt.n, trials, tt.f)
		t.Logf("%s, %d runs: %.4f", tt.name, tt.n, ratio)
		if ratio < tt.low || ratio > tt.high {
			t.Errorf("%s, %d runs: the variance is %.4f of that of draws on their own, want %g to %g", tt.name, tt.n, ratio, tt.low, tt.high)
		}
	}
}

// Over hundreds of inputs no two hang together more than chance allows: with n runs a correlation of independent inputs
// is about normal with variance 1/n, and the largest of m pairs lies below √(2 ln m / n) but for chance.
func TestInputsAreIndependentOfEachOther(t *testing.T) {
	for _, n := range []int{64, 100, 1024} {
		t.Run(fmt.Sprint(n, " runs"), func(t *testing.T) { testIndependence(t, n) })
	}
}

func testIndependence(t *testing.T, n int) {
	const inputs = 300
	in := several(inputs)
	points := keyed(1, in)
	points["latin-hypercube"] = NewLatinHypercube(1, in, n)
	points["sobol, some jointly"] = NewSobol(1, in, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
	for kind, p := range points {
		columns := make([][]float64, inputs)
		u := make([]float64, inputs)
		for run := 1; run <= n; run++ {
			p.Point(run, u)
			for i, x := range u {
				columns[i] = append(columns[i], (x-0.5)*math.Sqrt(12))
			}
		}
		var squares, worst float64
		pairs := 0
		for i := range columns {
			for j := range i {
				r := 0.0
				for k := range n {
					r += columns[i][k] * columns[j][k]
				}
				r /= float64(n)
				squares += r * r
				worst = max(worst, math.Abs(r))
				pairs++
			}
		}
		ratio := squares / float64(pairs) * float64(n)
		limit := 1.15 * math.Sqrt(2*math.Log(float64(pairs))/float64(n))
		t.Logf("%s: mean square %.3f of 1/n, largest %.3f", kind, ratio, worst)
		if ratio > 1.1 || worst > limit {
			t.Errorf("%s: the mean square correlation is %.3f of 1/n, the largest %.3f; want at most 1.1 and %.3f", kind, ratio, worst, limit)
		}
	}
}

func BenchmarkPoints(b *testing.B) {
	in := several(568)
	u := make([]float64, len(in))
	for kind, p := range keyed(1, in) {
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				p.Point(i%100+1, u)
			}
		})
	}
}
