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
	for _, x := range chosen(tellings(events, record.About{}, "lab-a")) {
		ids = append(ids, x.ID)
	}
	if got, want := strings.Join(ids, ", "), "ahead, round 8, round 9, default"; got != want {
		t.Errorf("the story tells %s, want %s", got, want)
	}
}

// What happens under the contract in question is told before larger sums elsewhere, and so is that nothing did.
func TestAStoryAnswersTheQuestion(t *testing.T) {
	year := unit.Date(2027, 1)
	about := record.About{
		Title: "Cloud's right of first refusal over Lab", Entities: []record.Entity{{Key: "cloud", Label: "Cloud"}, {Key: "lab", Label: "Lab"}, {Key: "rival", Label: "Rival"}},
		Contracts: []record.Contract{{Key: "refusal", Kind: "first-refusal", From: "lab", To: "cloud"}, {Key: "other", Kind: "first-refusal", From: "rival", To: "cloud"}},
	}
	under := func(contract string, e record.Event) record.Event {
		e.Contract = contract
		return e
	}
	var events []record.Event
	for i := range 9 {
		events = append(events, happened(fmt.Sprint("round ", i), year, "round", fmt.Sprint("lab-", i), "", record.Reason{Name: "raised", Value: 1e12, Unit: unit.DimUSD}))
	}
	events = append(
		events,
		under("refusal", happened("signed", year, "sign", "lab", "cloud")), under("other", happened("elsewhere", year, "sign", "rival", "cloud")),
		under("refusal", happened("over", year+5, "end", "lab", "cloud")),
	)
	story := func(events []record.Event) (ids []string, last string) {
		for _, x := range chosen(tellings(events, about, "")) {
			ids, last = append(ids, x.ID), x.Text
		}
		return ids, last
	}
	ids, last := story(events)
	if want := []string{"round 0", "round 1", "signed", "over"}; !slices.Equal(ids, want) || last != "lab does it; the right was never exercised under refusal" {
		t.Errorf("the story tells %q and ends with %q, want %q", ids, last, want)
	}
	used := under("refusal", happened("used", year+1, "partial-match", "cloud", "lab"))
	if _, last := story(slices.Insert(events, len(events)-1, used)); last != "lab does it under refusal" {
		t.Errorf("a right that was exercised ends with %q", last)
	}
}

// A lab that leads and releases again changes nothing.
func TestAStoryTellsReleasesThatChangeTheLead(t *testing.T) {
	points := func(name string) record.Reason { return record.Reason{Name: name, Value: 170, Unit: unit.DimPoints} }
	var events []record.Event
	for i, lab := range []string{"a", "b", "b", "a", "other-labs"} {
		events = append(events, happened(fmt.Sprint(i, lab), unit.Date(2026+i, 1), "release", lab, "", points("capability"), points("frontier")))
	}
	var ids []string
	for _, x := range tellings(events, record.About{}, "a") {
		ids = append(ids, x.ID)
	}
	if want := []string{"1b", "3a", "4other-labs"}; !slices.Equal(ids, want) {
		t.Errorf("told are %q, want %q", ids, want)
	}
}

// One kind of event does not fill the page.
func TestAStoryIsAMixture(t *testing.T) {
	var all []telling
	for y := range 10 {
		for _, kind := range []string{"round", "lot", "match"} {
			all = append(all, telling{Date: fmt.Sprintf("%d-01", 2026+y), kind: kind, firm: "a", Weight: map[string]float64{"round": 9, "lot": 5, "match": 4}[kind]})
		}
	}
	kinds := map[string]int{}
	for _, x := range chosen(all) {
		kinds[x.kind]++
	}
	if kinds["round"] != storyKind || kinds["lot"] != storyKind || kinds["match"] != storyKind {
		t.Errorf("the page has %v", kinds)
	}
}

// The first power of a new owner is told, and who is the first with each round number of gigawatts.
func TestFirstPowerIsTold(t *testing.T) {
	start := unit.Date(2027, 1)
	h := handMade([]unit.Month{start, start + 1, start + 2, start + 3}, map[string][]float64{
		"a.capacity_energised": {900, 1100, 4900, 5100}, "b.capacity_energised": {0, 0, 200, 5200},
	})
	var got []string
	for _, x := range h.firstPower([]record.Entity{{Key: "a", Label: "A", Roles: "cloud"}, {Key: "b", Label: "B", Roles: "cloud"}}) {
		got = append(got, x.Date+" "+x.Text)
	}
	want := []string{
		"2027-02 A is the first owner with 1 GW in service", "2027-03 A is the first owner with 2 GW in service",
		"2027-03 B has its first capacity in service, 200 MW", "2027-04 A is the first owner with 5 GW in service",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
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
