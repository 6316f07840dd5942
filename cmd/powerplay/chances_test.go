package main

import (
	"slices"
	"testing"

	"powerplay/sim"
	"powerplay/sim/measure"
	"powerplay/sim/record"
)

// The firms without a name do not compete for places.
func TestTheRestDoesNotCompete(t *testing.T) {
	j := &job{about: record.About{Entities: []record.Entity{{Key: "openai", Roles: "lab"}, {Key: "other-labs", Roles: "lab"}, {Key: "xai", Roles: "lab, cloud"}}}}
	for _, e := range j.about.Entities {
		j.columns = append(j.columns, record.Column{Entity: e.Key, Metric: measure.MarketShare.Def().Name})
	}
	if got := j.contest(measure.MarketShare, "lab").Columns; !slices.Equal(got, []int{0, 2}) {
		t.Errorf("columns %v compete, want those of openai and xai", got)
	}
}

// A sentence agrees with a name that stands for several firms, and every kind that is counted has one.
func TestCountedEventsAreSaidOfOneFirmAndOfSeveral(t *testing.T) {
	j := &job{about: record.About{Entities: []record.Entity{{Key: "xai", Label: "xAI"}, {Key: "landlords", Label: "European landlords"}}}}
	for _, test := range []struct {
		event record.First
		want  string
	}{
		{record.First{Kind: "default"}, "some firm defaults"},
		{record.First{Kind: "default", Firm: "xai"}, "xAI defaults"},
		{record.First{Kind: "default", Firm: "landlords"}, "European landlords default"},
		{record.First{Kind: "rescue", Firm: "landlords"}, "European landlords are rescued"},
		{record.First{Kind: "tranche", Contract: "deal", Part: 2}, "tranche 2 of deal is paid"},
	} {
		if got := j.happensText(test.event); got != test.want {
			t.Errorf("%+v is said as %q, want %q", test.event, got, test.want)
		}
	}
	if got := j.said("landlords", "overtakes xAI"); got != "European landlords overtake xAI" {
		t.Errorf("said %q", got)
	}
	for _, kind := range sim.Counted() {
		if happens()[kind] == "" {
			t.Errorf("nothing says what %s is", kind)
		}
	}
}
