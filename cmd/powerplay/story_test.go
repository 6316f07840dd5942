package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"powerplay/output"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// handMade is a history of columns by name, such as a.market_share.
func handMade(months []unit.Month, columns map[string][]float64) *history {
	h := &history{Series: &output.Series{}, run: output.Run{Months: months}}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		entity, metric, _ := strings.Cut(name, ".")
		m, _ := measure.Find(metric)
		h.Columns = append(h.Columns, record.Column{Entity: entity, Metric: metric, Unit: m.Def().Dim})
		h.run.Values = append(h.run.Values, columns[name])
	}
	return h
}

func TestAStoryTellsTheLargestOfItsKind(t *testing.T) {
	year := unit.Date(2027, 1)
	raised := func(x float64) record.Reason { return record.Reason{Name: "raised", Value: x, Unit: unit.DimUSD} }
	points := func(name string, x float64) record.Reason {
		return record.Reason{Name: name, Value: x, Unit: unit.DimPoints}
	}
	var events []record.Event
	for i := range 10 { // ten rounds of one year, of five firms
		events = append(events, happened(fmt.Sprint("round ", i), year+unit.Month(i), "round", "lab-"+string(rune('a'+i%5)), "", raised(float64(1+i)*1e9)))
	}
	events = append(
		events,
		happened("behind", year, "release", "lab-a", "", points("capability", 160), points("frontier", 170)),
		happened("ahead", year+1, "release", "lab-b", "", points("capability", 170), points("frontier", 170)),
		happened("plan", year, "plan", "lab-a", ""),
		happened("default", year+11, "default", "lab-e", ""),
	)
	var ids []string
	for _, x := range chosen(tellings(events)) {
		ids = append(ids, x.ID)
	}
	if got, want := strings.Join(ids, ", "), "ahead, round 8, round 9, default"; got != want {
		t.Errorf("the story tells %s, want %s", got, want)
	}
}

func TestAStoryIsAPageWhateverItsYears(t *testing.T) {
	for _, years := range []int{1, 7, 60} {
		var all []telling
		for y := range years {
			for i := range 40 {
				all = append(all, telling{Date: fmt.Sprintf("%d-01", 2026+y), kind: fmt.Sprint(i), Weight: float64(i)})
			}
		}
		page := chosen(all)
		if len(page) > storyLines || len(page) < min(years, storyLines) {
			t.Errorf("%d years are told in %d sentences", years, len(page))
		}
	}
}

// One that passes another and falls back within a hundredth of the market has not overtaken it.
func TestOvertakingIsClear(t *testing.T) {
	start := unit.Date(2027, 1)
	var months []unit.Month
	for i := range 6 {
		months = append(months, start+unit.Month(i))
	}
	h := handMade(months, map[string][]float64{
		"a.market_share": {0.40, 0.355, 0.35, 0.352, 0.34, 0.33},
		"b.market_share": {0.30, 0.35, 0.352, 0.35, 0.36, 0.36},
	})
	h.events = []record.Event{happened("cause", start+4, "release", "b", "")}
	entities := []record.Entity{{Key: "a", Label: "A", Roles: "lab"}, {Key: "b", Label: "B", Roles: "lab"}}
	got := h.overtakings(entities)
	if len(got) != 1 || got[0].ID != "cause" || got[0].Date != "2027-05" || got[0].Text != "B overtakes A in market share, 36% to 34%, after this: b does it" {
		t.Errorf("overtakings are %+v", got)
	}
	h.events = nil
	if got := h.overtakings(entities); got[0].ID != "b.market_share @ 2027-05" {
		t.Errorf("without an event the overtaking is found as %s", got[0].ID)
	}
}
