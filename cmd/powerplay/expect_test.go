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
