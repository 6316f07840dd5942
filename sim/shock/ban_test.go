package shock

import (
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func TestABanShutsALabOutWhileItStands(t *testing.T) {
	tests := []struct {
		name  string
		lasts unit.Months
		age   unit.Month
		want  float64
	}{
		{"not before it begins", 0, -1, 0},
		{"from its first month", 6, 0, 0.2},
		{"to its last", 6, 5, 0.2},
		{"and no longer", 6, 6, 0},
		{"for good without a length", 0, 500, 0.2},
	}
	for _, tt := range tests {
		s := Ban{Share: 0.2, Lasts: tt.lasts}
		if got := s.Shut(tt.age); got != tt.want {
			t.Errorf("%s: %v of the segment is shut, want %v", tt.name, got, tt.want)
		}
	}
}

func TestCustomersLeaveWithinThePhaseOut(t *testing.T) {
	// Of 100 the group spends 30: at once, or 10 a month of 100, 90 and 80.
	sudden, slow := Ban{Share: 0.3}, Ban{Share: 0.3, PhaseOut: 3}
	for age, want := range []float64{0.3, 0} {
		if got := sudden.Leave(unit.Month(age)); !near(got, want) {
			t.Errorf("at once, month %d: %v leaves, want %v", age, got, want)
		}
	}
	for age, want := range []float64{0.1, 10.0 / 90, 10.0 / 80, 0} {
		if got := slow.Leave(unit.Month(age)); !near(got, want) {
			t.Errorf("over three months, month %d: %v leaves, want %v", age, got, want)
		}
	}
}

func TestAfterThePhaseOutTheGroupIsGone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Ban{Share: unit.Share(rapid.Float64Range(0, 1).Draw(t, "share")), PhaseOut: unit.Months(rapid.Float64Range(0, 60).Draw(t, "phase-out"))}
		left := 1.0
		for age := range unit.Month(70) {
			left *= 1 - s.Leave(age)
		}
		if want := 1 - float64(s.Share); left-want > 1e-9 || want-left > 1e-9 {
			t.Fatalf("%v of spend is left, want %v", left, want)
		}
	})
}

func TestABanThatEndsBeforeItsPhaseOutCannotStand(t *testing.T) {
	for want, s := range map[string]Ban{
		"":          {Share: 0.1, PhaseOut: 6, Lasts: 6},
		"phase_out": {Share: 0.1, PhaseOut: 6, Lasts: 5},
		"share":     {PhaseOut: 6},
	} {
		if got := first(s.Faults()); got != want {
			t.Errorf("%+v: fault of %q, want %q", s, got, want)
		}
	}
}
