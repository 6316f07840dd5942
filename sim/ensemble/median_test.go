package ensemble

import (
	"math"
	"math/rand/v2"
	"testing"
)

// All intervals of a study hold at once in 95 % of studies at least, though one looks after each run and stops at the first
// interval that misses: 10,000 studies of up to 1,000 runs, of a smooth, a skewed and a coarse number.
func TestTheMedianLiesInAllItsIntervals(t *testing.T) {
	if testing.Short() {
		t.Skip("plays 10,000 studies")
	}
	draw := rand.New(rand.NewPCG(3, 4))
	for name, of := range map[string]struct {
		median float64
		draw   func() float64
	}{
		"normal":      {0, draw.NormFloat64},
		"exponential": {math.Ln2, draw.ExpFloat64},
		"coarse":      {1, func() float64 { return math.Floor(3 * draw.Float64()) }},
	} {
		const studies = 3_334
		missed := 0
		for range studies {
			var m Median
			for range 1000 {
				m.Add(of.draw())
				if low, _, high := m.Interval(); low > of.median || of.median > high {
					missed++
					break
				}
			}
		}
		t.Logf("%s: %.1f %% of studies have an interval without the median", name, 100*float64(missed)/studies)
		if missed > studies/20 {
			t.Errorf("%s: %d of %d studies have an interval without the median, want at most 5 %%", name, missed, studies)
		}
	}
}

func TestTheIntervalOfAMedianNarrowsWithRuns(t *testing.T) {
	var m Median
	if low, _, high := m.Interval(); !math.IsInf(low, -1) || !math.IsInf(high, 1) {
		t.Errorf("without a run the median lies in %g to %g", low, high)
	}
	m.Add(math.NaN())
	for i := range 1000 {
		m.Add(float64(i * 617 % 1000))
	}
	low, middle, high := m.Interval()
	if middle != 499.5 || low+high != 999 {
		t.Errorf("%g in %g to %g, want 499.5 in the middle of its bounds", middle, low, high)
	}
	// a 95 % interval for 1,000 runs alone is ±31 wide; that for all numbers of runs costs about half as much again
	if half := (high - low) / 2; half < 31 || half > 55 {
		t.Errorf("the interval is ±%g", half)
	}
}
