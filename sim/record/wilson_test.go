package record

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The share lies in its interval in 95 % of 10,000 trials, within a point.
func TestTheIntervalOfAShareCoversIt(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		share float64
		runs  int
	}{{0.5, 100}, {0.5, 1000}, {0.2, 200}, {0.9, 500}, {0.05, 1000}} {
		const trials = 10_000
		covered := 0
		for range trials {
			held := 0
			for range tt.runs {
				if draw.Float64() < tt.share {
					held++
				}
			}
			if low, high := Wilson(held, tt.runs); low <= tt.share && tt.share <= high {
				covered++
			}
		}
		if got := float64(covered) / trials; math.Abs(got-0.95) > 0.01 {
			t.Errorf("a share of %g in %d runs lies in %.1f %% of its intervals, want 94 to 96 %%", tt.share, tt.runs, 100*got)
		}
	}
}

func TestTheIntervalOfAShareIsSoundAtTheEnds(t *testing.T) {
	if low, high := Wilson(0, 16); low != 0 || high < 0.15 || high > 0.25 {
		t.Errorf("of 16 runs none: %.3f to %.3f", low, high)
	}
	if low, high := Wilson(0, 0); low != 0 || high != 1 {
		t.Errorf("of no run: %g to %g", low, high)
	}
}
