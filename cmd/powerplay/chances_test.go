package main

import (
	"slices"
	"testing"

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
