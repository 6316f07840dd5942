package plot

import (
	"math"
	"testing"
)

// Where a third of the runs are at the cap the median is no number, and no line is drawn for it, nor for a few months between
// two such gaps.
func TestAMedianNearItsCapIsNotDrawn(t *testing.T) {
	months := 20
	q := Quantiles{P50: make([]float64, months), P65: make([]float64, months)}
	for t := range months {
		q.P50[t], q.P65[t] = 30, 40
	}
	q.P65[10], q.P65[13] = 120, 120
	line := (&multiplesBody{Multiples: Multiples{Cap: 120}}).below(q)
	for month, v := range line {
		if gap := month >= 10 && month <= 13; gap != math.IsNaN(v) {
			t.Errorf("month %d is %g", month, v)
		}
	}
	if q.P50[10] != 30 {
		t.Error("the numbers have changed")
	}
}
