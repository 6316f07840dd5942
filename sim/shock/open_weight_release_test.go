package shock

import (
	"math"
	"testing"

	"powerplay/sim/unit"
)

func TestTheMarkOnMakersComesBackEvenly(t *testing.T) {
	slow, sudden := OpenWeightRelease{Mark: 0.2, Recovers: 4}, OpenWeightRelease{Mark: 0.2}
	for age, want := range []float64{0.8, 0.85, 0.9, 0.95, 1, 1} {
		if on, _, got := slow.Change(unit.Month(age)); on != ChipValuation || !near(got, want) {
			t.Errorf("month %d: target %d × %v, want makers' values × %v", age, on, got, want)
		}
	}
	for age, want := range []float64{0.8, 1} {
		if _, _, got := sudden.Change(unit.Month(age)); !near(got, want) {
			t.Errorf("a mark of a month, month %d: × %v, want %v", age, got, want)
		}
	}
}

func TestLabsCutPricesTheNearerTheOpenModelIs(t *testing.T) {
	s := OpenWeightRelease{Markdown: 0.5} // a fall by half is ln 2 = 0.693
	for lead, want := range map[float64]float64{-3: math.Ln2, 0: math.Ln2, 2: 0.75 * math.Ln2, 6: 0.25 * math.Ln2, 8: 0, 20: 0} {
		if got := s.Cut(lead); !near(got, want) {
			t.Errorf("a lead of %v points: log price falls by %v, want %v", lead, got, want)
		}
	}
}
