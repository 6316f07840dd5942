package main

import (
	"math"
	"testing"
)

// Bounds that are infinite are not close to anything, and least to a part of an infinite median.
func TestInfiniteBoundsAreNeverNarrow(t *testing.T) {
	inf := math.Inf(1)
	for _, tt := range []struct {
		goal              goal
		low, middle, high float64
		want              bool
	}{
		{goal{half: 0.1, relative: true}, 95, 100, 112, true},
		{goal{half: 0.1, relative: true}, 95, 100, 118, false},
		{goal{half: 0.1, relative: true}, -inf, inf, inf, false},
		{goal{half: 0.1, relative: true}, -inf, -inf, inf, false},
		{goal{half: 0.1, relative: true}, inf, inf, inf, false},
		{goal{half: 0.1, relative: true}, -inf, math.NaN(), inf, false},
		{goal{half: 0.1}, -inf, 100, 100, false},
	} {
		if got := tt.goal.narrow(tt.low, tt.middle, tt.high); got != tt.want {
			t.Errorf("%+v between %v and %v is narrow: %v", tt.goal, tt.low, tt.high, got)
		}
	}
}
