package effect_test

import (
	"math"
	"testing"

	"powerplay/sim/effect"
	"powerplay/sim/rng"
)

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// normals are n draws of a normal distribution, one row of a study.
func normals(run, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.Normal(rng.Run{Seed: 1, Index: uint64(run)}.Uniform(rng.Demand, 0, 0, i), 0, 1)
	}
	return x
}

func TestADifferenceIsTakenPairByPair(t *testing.T) {
	none := math.NaN()
	d := effect.Compare([]float64{1, 2, 3, none, 5, 5, 6, 7, 8}, []float64{2, 4, 3, 4, none, 9, 8, 6, 10})
	if d.Pairs != 7 || d.Differ != 6 || d.Higher != 5 {
		t.Errorf("got %+v, want 7 pairs, 6 that differ, 5 higher", d)
	}
	near(t, "median", d.Median.Value, 2, 0)
	near(t, "mean", d.Mean.Value, 10./7, 1e-15)
	near(t, "median of the first", d.First, 5, 0)
	near(t, "median of the second", d.Second, 6, 0)
	near(t, "chance", d.Chance, 14./64, 1e-15)
	if d.Median.Low != -1 || d.Median.High != 4 {
		t.Errorf("median within %v and %v, want the smallest and the largest of seven", d.Median.Low, d.Median.High)
	}
}

func TestWithoutPairsThereIsNoDifference(t *testing.T) {
	d := effect.Compare([]float64{math.NaN()}, []float64{1})
	if d.Pairs != 0 || !math.IsNaN(d.Mean.Value) || !math.IsNaN(d.Mean.Low) || d.Chance != 1 {
		t.Errorf("got %+v", d)
	}
	if d = effect.Compare([]float64{3}, []float64{5}); d.Mean.Value != 2 || !math.IsNaN(d.Mean.Low) || !math.IsNaN(d.Median.Low) {
		t.Errorf("of one pair: %+v, want a mean without interval", d)
	}
}

// The interval of a mean of five of a normal sample, by hand: 3 ± 2.776·√2.5/√5.
func TestTheIntervalOfAMeanIsStudents(t *testing.T) {
	m := effect.Mean([]float64{1, 2, 3, 4, 5})
	half := 2.7764451 * math.Sqrt(2.5) / math.Sqrt(5)
	near(t, "mean", m.Value, 3, 0)
	near(t, "low", m.Low, 3-half, 1e-3*half)
	near(t, "high", m.High, 3+half, 1e-3*half)
}

// Ranks of the table in Conover, Practical Nonparametric Statistics: 6 of 20, 40 of 100.
func TestTheIntervalOfAMedianLiesBetweenRanks(t *testing.T) {
	for _, tt := range []struct{ n, rank int }{{6, 1}, {8, 1}, {9, 2}, {20, 6}, {100, 40}} {
		var x []float64
		for i := range tt.n {
			x = append(x, float64(i+1))
		}
		m := effect.Median(x)
		if m.Low != float64(tt.rank) || m.High != float64(tt.n+1-tt.rank) {
			t.Errorf("of %d: %v to %v, want rank %d", tt.n, m.Low, m.High, tt.rank)
		}
	}
	if m := effect.Median([]float64{1, 2, 3, 4, 5}); !math.IsNaN(m.Low) {
		t.Errorf("five values bound the median by %v", m.Low)
	}
	if m := effect.Median(make([]float64, 100_000)); m.Low != 0 {
		t.Errorf("many values give no interval")
	}
}

// Of three thousand samples of a skewed distribution about 95 % of intervals hold what they are of.
func TestIntervalsCover(t *testing.T) {
	const trials, n = 3000, 40
	mean, median := 0, 0
	for trial := range trials {
		x := normals(trial, n)
		for i := range x {
			x[i] = math.Exp(x[i] / 2)
		}
		if m := effect.Mean(x); m.Low <= math.Exp(1./8) && math.Exp(1./8) <= m.High {
			mean++
		}
		if m := effect.Median(x); m.Low <= 1 && 1 <= m.High {
			median++
		}
	}
	near(t, "coverage of the mean", float64(mean)/trials, 0.94, 0.02)
	near(t, "coverage of the median", float64(median)/trials, 0.96, 0.02) // ranks are whole: never under 95 %
}

// y = x + a tenth of noise: (1 + 1.01) / 0.01.
func TestCommonDrawsReduceTheVarianceOfADifference(t *testing.T) {
	x, noise := normals(1, 4000), normals(2, 4000)
	y := make([]float64, len(x))
	for i := range y {
		y[i] = x[i] + noise[i]/10
	}
	near(t, "reduction", effect.VarianceReduction(x, y), 201, 12)
	near(t, "of independent draws", effect.VarianceReduction(x, noise), 1, 0.1)
	if r := effect.VarianceReduction(x, x); !math.IsNaN(r) {
		t.Errorf("a number that never differs: %v", r)
	}
}

func TestTheSignTestIsThatOfFairCoins(t *testing.T) {
	for _, tt := range []struct {
		higher, n int
		want      float64
	}{{0, 0, 1}, {3, 3, 0.25}, {0, 5, 0.0625}, {6, 6, 0.03125}, {5, 10, 1}, {1, 4, 0.625}, {60, 100, 0.05688793364}} {
		near(t, "chance", effect.SignTest(tt.higher, tt.n), tt.want, 1e-11)
	}
	if p := effect.SignTest(4900, 10_000); p < 0.0455 || p > 0.0467 { // normal approximation with correction: 0.0466
		t.Errorf("4,900 of 10,000: %v", p)
	}
}

// Holm's own example has four chances at 5 %: 0.01 and 0.005 stand, 0.03 and 0.04 fall.
func TestHolmStopsAtTheFirstThatFalls(t *testing.T) {
	got := effect.Holm([]float64{0.01, 0.04, 0.03, 0.005}, 0.05)
	for i, want := range []bool{true, false, false, true} {
		if got[i] != want {
			t.Errorf("finding %d: clear %v", i, got[i])
		}
	}
}
