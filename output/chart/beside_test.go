package chart

import (
	"slices"
	"strings"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// withDraws gives each column of a result the same quantiles in the last month: 5, 20, ... 95 hundredths.
func withDraws(d *Data, runs int) *Data {
	d.Summary.Runs = runs
	for i := range d.About.Entities {
		d.About.Entities[i].Color = "#2452C0"
	}
	for c := range d.Columns {
		cell := record.Cell{Month: d.About.End, Column: c}
		for i, level := range record.Levels() {
			cell.Quantiles[i] = float64(level) / 100
		}
		d.Summary.Cells = append(d.Summary.Cells, cell)
	}
	return d
}

// The central run is not the middle of the draws: a chart of it says what it leaves out, and which of its numbers lie far out.
func TestCentralRunIsPlacedAmongTheDraws(t *testing.T) {
	for _, x := range []struct {
		runs        int
		first, next float64
		want        string
	}{
		{FanRuns, 0.82, 0.18, "; " + Central + ". OpenAI ends higher than in 80% of 100 runs, xAI lower than in 80%"},
		{FanRuns, 0.96, 0.04, "; " + Central + ". OpenAI ends higher than in 95% of 100 runs, xAI lower than in 95%"},
		{FanRuns, 0.6, 0.4, "; " + Central},
		{FanRuns - 1, 0.82, 0.18, "; " + Central},
	} {
		d := withDraws(ofThree(measure.MarketShare, []float64{0.5, x.first}, []float64{0.5, x.next}, []float64{0, 0}), x.runs)
		for _, draw := range []func(*Data, plot.Words) (*plot.Figure, error){shareArea, shareLines} {
			f, err := draw(d, plot.Words{Name: "share"})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(f.Subtitle, x.want) {
				t.Errorf("%d runs, %g and %g: %s; want at its end %s", x.runs, x.first, x.next, f.Subtitle, x.want)
			}
		}
	}
}

// Firms that a chart puts together with others are not placed by name.
func TestFirmsWithoutAColourAreNotPlaced(t *testing.T) {
	d := withDraws(ofThree(measure.MarketShare, []float64{0.5, 0.96}, []float64{0.5, 0.96}, []float64{0, 0}), FanRuns)
	for i, e := range d.About.Entities {
		if e.Key == "xai" {
			d.About.Entities[i].Color = ""
		}
	}
	if got := d.beside(d.numbers(measure.MarketShare, "lab")); got != ". OpenAI ends higher than in 95% of 100 runs" {
		t.Errorf("placed are %q", got)
	}
}

// Of many numbers the largest are placed, and what all come to before any.
func TestTotalIsPlacedBeforeItsParts(t *testing.T) {
	d := ofThree(measure.CapacityEnergised, []float64{1, 2}, []float64{1, 3}, []float64{1, 4})
	for i := range d.About.Entities {
		d.About.Entities[i].Roles = "cloud"
	}
	d.Columns = append(d.Columns, record.Column{Entity: "world", Metric: measure.TotalEnergised.Def().Name, Unit: unit.DimMW})
	d.Runs[0].Values = append(d.Runs[0].Values, []float64{3, 9})
	f, err := capacityArea(withDraws(d, FanRuns), plot.Words{Name: "capacity"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "All owners end higher than in 95% of 100 runs, xAI higher than in 95%, OpenAI higher than in 95%"; !strings.HasSuffix(f.Subtitle, want) {
		t.Errorf("%s; want at its end %s", f.Subtitle, want)
	}
	layout, err := f.Layout(plot.Report())
	if err != nil || slices.ContainsFunc(layout.Warnings, func(w string) bool { return strings.Contains(w, "subtitle") }) {
		t.Errorf("warnings %v, error %v", layout.Warnings, err)
	}
}
