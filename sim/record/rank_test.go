package record

import (
	"math"
	"testing"
)

func TestRankCorrelationsThatCanBeCheckedByHand(t *testing.T) {
	for _, tt := range []struct {
		name string
		x, y []float64
		want float64
	}{
		{"rising together", []float64{1, 2, 3, 10}, []float64{2, 3, 50, 60}, 1},
		{"against each other", []float64{1, 2, 3}, []float64{9, 4, 1}, -1},
		{"one pair out of order", []float64{1, 2, 3, 4}, []float64{1, 3, 2, 4}, 0.8},
		{"equal values share their rank", []float64{1, 1, 2, 2}, []float64{1, 2, 3, 4}, 0.8944271909999159},
	} {
		if got := RankCorrelation(tt.x, tt.y); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := RankCorrelation([]float64{1, 1}, []float64{1, 2}); !math.IsNaN(got) {
		t.Errorf("with a constant: %v, want NaN", got)
	}
}
