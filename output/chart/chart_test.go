package chart

import (
	"math"
	"slices"
	"testing"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// ofThree is a result of two labs and the rest of them, with one measure of each, month by month.
func ofThree(m measure.ID, values ...[]float64) *Data {
	start := unit.Date(2030, 1)
	d := &Data{About: record.About{Start: start, End: start + unit.Month(len(values[0])-1)}}
	run := output.Run{Values: values}
	for t := range values[0] {
		run.Months = append(run.Months, start+unit.Month(t))
	}
	d.Runs = []output.Run{run}
	for _, e := range []record.Entity{{Key: "openai", Label: "OpenAI", Color: "#2452C0"}, {Key: "xai", Label: "xAI"}, {Key: "other-labs", Label: "Other labs"}} {
		e.Roles = "lab"
		d.About.Entities = append(d.About.Entities, e)
		d.Columns = append(d.Columns, record.Column{Entity: e.Key, Metric: m.Def().Name, Unit: m.Def().Dim})
	}
	return d
}

// A lab that has defaulted has no model: its line ends, and the chart says why.
func TestCapabilityEndsWithADefault(t *testing.T) {
	d := ofThree(measure.Capability, []float64{150, 151, 152}, []float64{150, 0, 0}, []float64{140, 141, 0})
	for i, firm := range []string{"xai", "other-labs"} {
		d.Events = append(d.Events, record.Event{Kind: "default", Firm: firm, Month: d.About.Start + unit.Month(i+1)})
	}
	all := d.series(measure.Capability, "lab")
	if !math.IsNaN(all[1].Values[1]) || !math.IsNaN(all[2].Values[2]) || all[2].Values[1] != 141 {
		t.Errorf("lines are %v and %v, want none after the default", all[1].Values, all[2].Values)
	}
	f, err := capabilityLines(d, plot.Words{Name: "capability"})
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
	all := ofThree(measure.Capability, []float64{150}, []float64{150}, []float64{140}).series(measure.Capability, "lab")
	if all[0].Minor || !all[1].Minor || !all[2].Minor {
		t.Errorf("minor are %v, %v and %v", all[0].Minor, all[1].Minor, all[2].Minor)
	}
}

// Titles say in how many runs a firm comes first in the last month.
func TestLeadersAreCountedOverTheRuns(t *testing.T) {
	d := ofThree(measure.MarketShare, []float64{0}, []float64{0}, []float64{0})
	share := measure.MarketShare.Def().Name
	d.Probabilities = []record.Probability{
		{Kind: record.Placed, Place: 1, Firm: "openai", What: share, Date: "2029-12", In: 3},
		{Kind: record.Placed, Place: 2, Firm: "openai", What: share, Date: d.About.End.String(), In: 1},
		{Kind: record.Placed, Place: 1, Firm: "openai", What: share, Date: d.About.End.String(), In: 2},
		{Kind: record.Placed, Place: 1, Firm: "xai", What: share, Date: d.About.End.String(), In: 1},
	}
	for firm, want := range map[string]int{"openai": 2, "xai": 1, "other-labs": 0} {
		if got := d.leads(firm, measure.MarketShare); got != want {
			t.Errorf("%s leads in %d of 3 runs, want %d", firm, got, want)
		}
	}
}
