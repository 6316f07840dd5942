package shock

import (
	"testing"

	"powerplay/sim/unit"
)

func TestAPullBackIsFollowedByAPause(t *testing.T) {
	for _, tt := range []struct {
		pause unit.Months
		age   unit.Month
		want  bool
	}{{6, -1, false}, {6, 0, true}, {6, 5, true}, {6, 6, false}, {0, 0, false}} {
		s := PullBack{Share: 0.5, Pause: tt.pause}
		if got := s.Pauses(tt.age); got != tt.want {
			t.Errorf("a pause of %v months, month %d: %v, want %v", tt.pause, int(tt.age), got, tt.want)
		}
	}
}
