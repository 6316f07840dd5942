package main

import (
	"math"
	"slices"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// drawnResult is a result of two labs and the rest of them, with a year of frames.
func drawnResult(capability ...[]float64) *result {
	keys := []string{"openai", "xai", "other-labs"}
	start := unit.Date(2030, 1)
	j := &job{about: record.About{Start: start, End: start + unit.Month(len(capability[0])-1)}, runs: []int{0}}
	r := &result{job: j, frames: newFrames(j.runs), told: newTally(0)}
	for _, key := range keys {
		e := record.Entity{Key: key, Label: map[string]string{"openai": "OpenAI", "xai": "xAI", "other-labs": "Other labs"}[key], Roles: "lab"}
		if key == "openai" {
			e.Color = "#2452C0"
		}
		j.about.Entities = append(j.about.Entities, e)
		j.columns = append(j.columns, record.Column{Entity: key, Metric: measure.Capability.Def().Name, Unit: unit.DimPoints})
	}
	for t := range capability[0] {
		r.frames.Month(0, start+unit.Month(t), []float64{capability[0][t], capability[1][t], capability[2][t]})
	}
	return r
}

// A lab that has defaulted has no model: its line ends, and the chart says why.
func TestCapabilityEndsWithADefault(t *testing.T) {
	r := drawnResult([]float64{150, 151, 152}, []float64{150, 0, 0}, []float64{140, 141, 0})
	for i, firm := range []string{"xai", "other-labs"} {
		r.told.Event(record.Event{Kind: "default", Firm: firm, Month: r.about.Start + unit.Month(i+1)})
	}
	all := r.series(measure.Capability, "lab")
	if !math.IsNaN(all[1].Values[1]) || !math.IsNaN(all[2].Values[2]) || all[2].Values[1] != 141 {
		t.Errorf("lines are %v and %v, want none after the default", all[1].Values, all[2].Values)
	}
	f, err := capabilityLines(r, plot.Words{Name: "capability"})
	if err != nil {
		t.Fatal(err)
	}
	layout, err := f.Layout(plot.Report())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"xAI defaults", "Other labs default"} {
		if !slices.ContainsFunc(layout.Texts, func(b plot.TextBox) bool { return b.Text == want }) {
			t.Errorf("%q is not marked", want)
		}
	}
}

// Who has no colour of its own steps back where there are too many lines.
func TestFirmsWithoutAColourAreMinor(t *testing.T) {
	all := drawnResult([]float64{150}, []float64{150}, []float64{140}).series(measure.Capability, "lab")
	if all[0].Minor || !all[1].Minor || !all[2].Minor {
		t.Errorf("minor are %v, %v and %v", all[0].Minor, all[1].Minor, all[2].Minor)
	}
}

// Titles say in how many runs a firm comes first; the firms without a name do not compete.
func TestLeadersAreCountedOverTheRuns(t *testing.T) {
	r := drawnResult([]float64{0}, []float64{0}, []float64{0})
	for i := range r.columns {
		r.columns[i].Metric = measure.MarketShare.Def().Name
	}
	r.drawn, r.about.Runs = true, 3
	at := r.about.Start
	r.chances = record.NewChances(record.Questions{From: at, To: at, Contests: []record.Contest{r.contest(measure.MarketShare, "lab")}})
	for run, shares := range [][]float64{{0, 1, 0}, {0.3, 0.2, 0.5}, {0.3, 0.1, 0.6}, {0.2, 0.3, 0.5}} {
		r.chances.Month(run, at, shares)
		r.chances.End(run, at, "")
	}
	for firm, want := range map[string]int{"openai": 2, "xai": 1, "other-labs": 0} {
		if got := r.leads(firm, measure.MarketShare, "lab"); got != want {
			t.Errorf("%s leads in %d of 3 runs, want %d", firm, got, want)
		}
	}
}
