package rule

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func regime(changes ...Change) *ExportControl {
	return &ExportControl{Reach: "sites", Changes: changes, AccessCut: 0.45, Turns: Turns{Tighten: 0.6, Levy: 0.25, Quota: 1000}}
}

func TestEachBadTermOfARegimeIsFound(t *testing.T) {
	tests := []struct {
		name string
		c    *ExportControl
		want []string
	}{
		{"good changes have none", regime(Change{From: start, State: Licensed, Levy: 0.25}, Change{From: start + 1, State: Quota, Quota: 5}, Change{From: start + 2, State: Denied}), nil},
		{"without a change it is never in force", regime(), []string{"changes"}},
		{"changes stand in their order", regime(Change{From: start, State: Denied}, Change{From: start}), []string{"changes[1].from"}},
		{"nothing is levied on what is denied", regime(Change{From: start, State: Denied, Levy: 0.1}), []string{"changes[0].levy"}},
		{"a quota needs its state", regime(Change{From: start, State: Licensed, Quota: 10}), []string{"changes[0].quota"}},
		{"and the state its quota", regime(Change{From: start, State: Quota}), []string{"changes[0].quota"}},
		{"chance may lead to a quota", func() *ExportControl {
			c := regime(Change{From: start, State: Denied})
			c.Turns.Rate, c.Turns.Quota = 0.2, 0
			return c
		}(), []string{"turns.quota"}},
	}
	for _, tt := range tests {
		if got := faults(tt.c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: at fault %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAChangeActsAfterItsNoticeUnlessAnotherComesFirst(t *testing.T) {
	// As in 2025: tiers announced in January with four months of notice, rescinded in the month they were due.
	c := regime(
		Change{From: start, State: Licensed, Levy: 0.15},
		Change{From: start + 2, State: Denied, Notice: 4},
		Change{From: start + 5, State: Quota, Quota: 7},
		Change{From: start + 8, State: Free, Notice: 2},
	)
	want := []struct {
		acts  bool
		state State
	}{
		{true, Licensed},
		{true, Licensed},
		{true, Licensed},
		{true, Licensed},
		{true, Licensed},
		{true, Quota},
		{true, Quota},
		{true, Quota},
		{true, Quota},
		{true, Quota},
		{true, Free},
		{true, Free},
	}
	var s Regime
	if c.Turn(Now{Month: start - 1}, &s) || s.Acts {
		t.Error("the regime acts before its first change")
	}
	for k, x := range want {
		was := s
		turned := c.Turn(Now{Month: start + unit.Month(k)}, &s)
		if s.Acts != x.acts || s.State != x.state {
			t.Errorf("month %d: %v, want %v", k, s.State, x.state)
		}
		if turned != (s != was) {
			t.Errorf("month %d: says that it turned: %v", k, turned)
		}
	}
	if x := c.Announced(start + 2); x == nil || x.State != Denied {
		t.Error("what comes after a notice is not announced")
	}
	if c.Announced(start) != nil || c.Announced(start+6) != nil {
		t.Error("what acts at once is announced, or what nobody decreed")
	}
}

func TestAccessFallsRungByRung(t *testing.T) {
	c := regime()
	for s, want := range []float64{1, 0.85, 0.7, 0.55} {
		if got := c.Access(&Regime{State: State(s)}); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: access %g, want %g", State(s), got, want)
		}
	}
}

func TestChangesByChanceComeAtTheirRateAfterTheLastDate(t *testing.T) {
	c := regime(Change{From: start, State: Licensed, Levy: 0.15}, Change{From: start + 10, State: Quota, Quota: 7})
	c.Turns.Rate = 0.2
	turns, up := 0, 0
	const runs, months = 400, 100
	for run := uint64(1); run <= runs; run++ {
		var s Regime
		for k := range 10 + months {
			was := s
			if !c.Turn(Now{Month: start + unit.Month(k), Run: rng.Run{Seed: 1, Index: run}, Luck: 3}, &s) || k == 0 || k == 10 {
				continue
			}
			if k < 10 {
				t.Fatalf("run %d: a change by chance in month %d, before the last date", run, k)
			}
			if d := int(s.State) - int(was.State); d != 1 && d != -1 {
				t.Fatalf("run %d: from %v to %v at once", run, was.State, s.State)
			}
			if (s.Levy > 0) != (s.State == Licensed) || (s.Quota > 0) != (s.State == Quota) {
				t.Fatalf("run %d: %v with levy %g and quota %g", run, s.State, s.Levy, s.Quota)
			}
			turns++
			if s.State > was.State {
				up++
			}
		}
	}
	// At the ends of the ladder a change of the wrong direction is none, so there are fewer than 1 − exp(−0.2) a month.
	if rate := float64(turns) / (runs * months); rate < 0.08 || rate > 0.181 {
		t.Errorf("%.3f changes a month, want fewer than 0.181", rate)
	}
	if up == 0 || up == turns {
		t.Errorf("%d of %d changes tighten", up, turns)
	}
}

func TestTheCentralRegimeFollowsItsDatesAlone(t *testing.T) {
	c := regime(Change{From: start, State: Licensed})
	c.Turns.Rate = 0.2
	var s Regime
	for k := range 200 {
		if c.Turn(Now{Month: start + unit.Month(k)}, &s) != (k == 0) {
			t.Fatalf("the regime turns in month %d", k)
		}
	}
}

// The state of a month does not depend on whether the months before it were asked for.
func TestARegimeIsWhatItsDatesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &ExportControl{}
		at := start
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			at += unit.Month(rapid.IntRange(1, 12).Draw(t, "gap"))
			c.Changes = append(c.Changes, Change{From: at, State: State(rapid.IntRange(0, 3).Draw(t, "state")), Notice: unit.Months(rapid.IntRange(0, 8).Draw(t, "notice"))})
		}
		var s, jump Regime
		end := start + unit.Month(rapid.IntRange(0, 70).Draw(t, "end"))
		for month := start; month <= end; month++ {
			c.Turn(Now{Month: month}, &s)
		}
		c.Turn(Now{Month: end}, &jump)
		if s != jump {
			t.Fatalf("in %v %+v month by month, %+v at once", end, s, jump)
		}
	})
}
