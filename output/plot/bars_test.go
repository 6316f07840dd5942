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
