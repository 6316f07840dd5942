package scenarios_test

import (
	"testing"
)

// Every number that runs draw is told to be drawn, also where a later table of facts goes before an older one.
func TestEveryDrawnNumberIsToldToBeDrawn(t *testing.T) {
	for _, name := range []string{"base-2025", "base-2026"} {
		s := load(t, name, "")
		drawn := map[string]bool{}
		for _, a := range s.About(1, 10).Assumptions {
			if _, twice := drawn[a.Path]; twice {
				t.Errorf("%s: %s stands twice among the assumptions", name, a.Path)
			}
			drawn[a.Path] = a.Drawn
		}
		for _, in := range s.Inputs {
			if !drawn[in.Path] {
				t.Errorf("%s: %s is drawn, and the assumptions do not say so", name, in.Path)
			}
		}
	}
}
