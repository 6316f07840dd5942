package plot

import (
	"fmt"
	"strings"
	"testing"
)

// Few rows fill their page: the picture is lower, not half empty.
func TestHeightFollowsTheRows(t *testing.T) {
	heights := map[int]float64{}
	for _, n := range []int{1, 3, 12} {
		b := Bars{N: 200}
		for i := range n {
			b.Bars = append(b.Bars, Outcome{Key: fmt.Sprint("o", i), Label: "Outcome", Count: 10 * i})
		}
		l, err := built(t)(b.Figure(sampleWords("bars", "A title", "What is drawn"))).Layout(Report())
		if err != nil {
			t.Fatal(err)
		}
		heights[n] = l.Height
	}
	full := 72 * Report().Height
	if heights[12] != full || heights[3] > 0.9*full || heights[1] > 0.6*full {
		t.Errorf("heights by rows are %v, want %g for a full page and less with fewer rows", heights, full)
	}
}

func TestNoneAndAllOfAFewRunsAreNotCertain(t *testing.T) {
	for _, k := range []int{0, 3} {
		if m := Margin(k, 3); m < 0.5 {
			t.Errorf("%d of three has a margin of %g", k, m)
		}
	}
	if m := Margin(500, 1000); m < 0.0309 || m > 0.0311 {
		t.Errorf("half of a thousand has a margin of %g, want 3.1 points", m)
	}
}

// Runs that are no sample have no margin: no whisker, no ±, none in the data file, and a note that says why.
func TestSharesOfChosenRunsHaveNoMargin(t *testing.T) {
	b := Bars{N: 40, Chosen: true, Bars: []Outcome{{Key: "a", Label: "A", Count: 30}, {Key: "b", Label: "B", Count: 10}}}
	f := built(t)(b.Figure(sampleWords("bars", "A title", "What is drawn")))
	if alt := f.AltText(); strings.Contains(alt, "±") || strings.Contains(alt, "Whiskers") || !strings.Contains(alt, "A 75%") || !strings.Contains(alt, "no sample") {
		t.Errorf("the chart says %q", alt)
	}
	for _, r := range f.Table() {
		if r.Band == "margin" {
			t.Errorf("the data file has the margin %+v", r)
		}
	}
}

// A margin never reads as none.
func TestPointsOfSmallMargins(t *testing.T) {
	for margin, want := range map[float64]string{0.031: "3", 0.0054: "1", 0.0031: "0.3", 0.0001: "<0.1", 0: "<0.1"} {
		if got := Points(margin); got != want {
			t.Errorf("a margin of %g reads %q, want %q", margin, got, want)
		}
	}
}
