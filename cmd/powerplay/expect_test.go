package main

import (
	"testing"

	"powerplay/scenarios"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

func TestAVerdictIsUnclearWhereTheMarginMeetsTheEdgeOfTheBand(t *testing.T) {
	j := &job{about: record.About{End: unit.Date(2030, 12)}}
	for _, tt := range []struct {
		name       string
		band       scenarios.Band
		held, runs int
		want       string
	}{
		{"well inside", scenarios.Band{Low: 0.5, High: 1, Above: true}, 400, 500, "held"},
		{"well outside", scenarios.Band{Low: 0.5, High: 1, Above: true}, 100, 500, "not held"},
		{"just inside", scenarios.Band{Low: 0.5, High: 1, Above: true}, 260, 500, "held, unclear"},
		{"just outside", scenarios.Band{Low: 0.5, High: 1, Above: true}, 240, 500, "not held, unclear"},
		{"a narrow band within the margin of a few runs", scenarios.Band{Low: 0.4, High: 0.6}, 6, 16, "not held, unclear"},
		{"a wide band that holds all of the margin", scenarios.Band{Low: 0.1, High: 0.9}, 250, 500, "held"},
	} {
		v := verdict{Runs: tt.runs}
		v.judge(j.evidence(), tt.band, tt.held, 0)
		got := map[bool]string{true: "held", false: "not held"}[v.Held]
		if v.Unclear {
			got += ", unclear"
		}
		if got != tt.want {
			t.Errorf("%s: %d of %d runs are %s (margin %.2f), want %s", tt.name, tt.held, tt.runs, got, v.Margin, tt.want)
		}
	}
}

// "3% of runs … held" reads like a contradiction unless the band stands beside it.
func TestAComparisonNamesABandThatIsNotTheUsualOne(t *testing.T) {
	for holdsIn, want := range map[string]string{"over 50%": "", "under 10%": ", expect under 10%"} {
		if got := (verdict{HoldsIn: holdsIn}).unusualBand(); got != want {
			t.Errorf("%s is written %q, want %q", holdsIn, got, want)
		}
	}
}

func TestWhatHappensToAFirmHoldsInTheRunsInWhichItComesInTime(t *testing.T) {
	start, by := unit.Date(2026, 1), unit.Date(2026, 6)
	chances := record.NewChances(record.Questions{From: start, To: start + 11, Extra: 2})
	x := &expectations{
		firms: []string{"openai", "xai"}, chances: chances, open: map[int]*trial{},
		conditions: []scenarios.Compiled{
			{Happens: &scenarios.Happening{Kind: "default", Firm: 1}, By: by}, {Happens: &scenarios.Happening{Kind: "default", Firm: 1}},
		},
	}
	for run, e := range []record.Event{
		1: {Kind: "default", Firm: "xai", Month: by},
		2: {Kind: "default", Firm: "xai", Month: by + 1},
		3: {Kind: "default", Firm: "openai", Month: start},
		4: {Kind: "rescue", Firm: "xai", Month: start},
	} {
		e.Run = run
		x.Event(e)
		chances.End(run, start+11, "")
	}
	if in, ever := chances.Held(0), chances.Held(1); in != 1 || ever != 2 {
		t.Errorf("xai defaults by %v in %d runs and ever in %d, want 1 and 2", by, in, ever)
	}
}
