package main

import (
	"slices"
	"strings"
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// paired returns the runs of a result whose one outcome takes these values, the central run first.
func paired(values ...float64) *record.RunTable {
	t := &record.RunTable{RunHead: record.RunHead{
		Columns:  []record.Column{{Entity: "xai", Metric: measure.Valuation.Def().Name, Unit: unit.DimUSD}},
		Outcomes: []record.Outcome{{Column: 0, Month: unit.Date(2032, 12)}},
	}}
	for i, x := range values {
		t.Rows = append(t.Rows, record.RunRow{Run: i, Outcomes: []float64{x}})
	}
	return t
}

func TestRunsThatEndAlikeSayNothingOfWhichIsHigher(t *testing.T) {
	central := []float64{5}
	alike := slices.Repeat([]float64{3}, 20) // both failed, say
	first := paired(slices.Concat(central, alike, slices.Repeat([]float64{9}, 21))...)
	second := paired(slices.Concat(central, alike, slices.Repeat([]float64{1}, 21))...)
	d, ok := pairs(first, second, 0, 0)
	if !ok || !d.clear || d.share != 1 || d.runs != 41 || d.differ != 21 {
		t.Errorf("got %+v and %v, want all of the 21 runs that differ", d, ok)
	}
	d.column = first.Columns[0]
	if got := d.sentence(nil); !strings.Contains(got, "higher in 100 % of 21 runs that differ") {
		t.Errorf("it says %q", got)
	}
	if d, ok := pairs(first, first, 0, 0); ok {
		t.Errorf("a result differs from itself by %+v", d)
	}
}

// The median can be lower although most runs are higher; then neither is said to be clear.
func TestMediansAndRunsMustAgree(t *testing.T) {
	first := paired(5, 0, 0, 0, 3, 7, 9)
	second := paired(5, 0, 0, 0, 4, 6, 8)
	if d, ok := pairs(first, second, 0, 0); !ok || d.clear || d.moved >= 0 || d.share != 2.0/3 {
		t.Errorf("got %+v and %v, want a lower median, two of three runs higher, and no clear difference", d, ok)
	}
}
