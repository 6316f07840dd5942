package plot

import "testing"

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

// A margin never reads as none.
func TestPointsOfSmallMargins(t *testing.T) {
	for margin, want := range map[float64]string{0.031: "3", 0.0054: "1", 0.0031: "0.3", 0.0001: "<0.1", 0: "<0.1"} {
		if got := Points(margin); got != want {
			t.Errorf("a margin of %g reads %q, want %q", margin, got, want)
		}
	}
}
