package shock

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

func TestAnOutageKeepsItsShareOutUntilItReturns(t *testing.T) {
	slow := Outage{Cloud: 1, Region: id.NoRegion, Share: 0.6, Lasts: 3, Returns: 4}
	sudden := Outage{Cloud: 1, Region: id.NoRegion, Share: 0.6, Lasts: 3}
	tests := []struct {
		age          unit.Month
		slow, sudden float64
	}{{-1, 0, 0}, {0, 0.6, 0.6}, {2, 0.6, 0.6}, {3, 0.6, 0}, {4, 0.45, 0}, {5, 0.3, 0}, {6, 0.15, 0}, {7, 0, 0}, {99, 0, 0}}
	for _, tt := range tests {
		if got := slow.Out(tt.age); !near(got, tt.slow) {
			t.Errorf("month %d, returning over 4: %v is out, want %v", int(tt.age), got, tt.slow)
		}
		if got := sudden.Out(tt.age); !near(got, tt.sudden) {
			t.Errorf("month %d, returning at once: %v is out, want %v", int(tt.age), got, tt.sudden)
		}
	}
}

func TestAnOutageMustHitSomething(t *testing.T) {
	tests := []struct {
		name string
		s    Outage
		want string
	}{
		{"a cloud", Outage{Cloud: 1, Region: id.NoRegion, Share: 0.5, Lasts: 3}, ""},
		{"a region", Outage{Cloud: id.None, Region: 0, Share: 0.5, Lasts: 3}, ""},
		{"nobody", Outage{Cloud: id.None, Region: id.NoRegion, Share: 0.5, Lasts: 3}, "cloud"},
		{"no share", Outage{Cloud: 1, Region: 0, Lasts: 3}, "share"},
		{"no time", Outage{Cloud: 1, Region: 0, Share: 0.5}, "lasts"},
	}
	for _, tt := range tests {
		if got := first(tt.s.Faults()); got != tt.want {
			t.Errorf("%s: fault of %q, want %q", tt.name, got, tt.want)
		}
	}
}

// first is the term of the first fault.
func first(f []Fault) string {
	if len(f) == 0 {
		return ""
	}
	return f[0].Term
}

func near(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 }
