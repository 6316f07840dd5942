package chart

import (
	"errors"
	"strings"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// answered is a result whose lab sells for gw each December, half to twice as much in nine of ten runs.
func answered(sales float64) *Data {
	d := &Data{About: record.About{Scenario: "s", Hash: "0123456789abcdef", Start: unit.Date(2030, 1), End: unit.Date(2032, 12), Entities: []record.Entity{{Key: "a", Label: "Alpha", Roles: "cloud", Color: "#2452C0"}}}}
	for _, m := range []measure.ID{measure.MarketShare, measure.ComputeRevenue} {
		d.Columns = append(d.Columns, record.Column{Entity: "a", Metric: m.Def().Name, Unit: m.Def().Dim})
	}
	d.Table = &record.RunTable{}
	d.Table.Numbers = []record.Number{{Text: "a.compute_revenue @ 2031-12", Unit: unit.DimUSD}}
	d.Summary.Runs = 400
	for year := range 3 {
		cell := record.Cell{Column: 1, Month: d.About.Start + unit.Month(12*year+11), Stats: record.Stats{N: 400}}
		for i := range cell.Quantiles {
			cell.Quantiles[i] = sales * (0.5 + 1.5*float64(i)/float64(len(cell.Quantiles)-1))
		}
		d.Summary.Cells = append(d.Summary.Cells, cell)
	}
	return d
}

// Variants are laid side by side in what their file compares, and only those of the same months and draws.
func TestVariantsAreComparedInWhatIsAsked(t *testing.T) {
	other := answered(9e9)
	other.About.Seed = 7
	meta := plot.Meta{Scenario: "s", Hash: "0123456789abcdef"}
	f, err := Variants([]*Data{answered(1e9), answered(4e9), other}, []string{"base", "more", "lucky"}, meta)
	if err != nil {
		t.Fatal(err)
	}
	if want := "With more Alpha's monthly compute revenue in 2032 is clearly higher, $5.0 bn in the median against $1.2 bn"; f.Title != want {
		t.Errorf("the title is %q, want %q", f.Title, want)
	}
	if text := f.AltText(); !strings.Contains(text, "nominal dollars, January 2030 to December 2032, on the same draws") || strings.Contains(text, "lucky") {
		t.Errorf("the chart is told as %q", text)
	}
	if _, err := Variants([]*Data{answered(1e9), other}, []string{"base", "lucky"}, meta); !errors.Is(err, plot.ErrNoData) {
		t.Errorf("one result alone: %v", err)
	}
	few := answered(1e9)
	few.Summary.Runs = FanRuns - 1
	if _, err := Variants([]*Data{few, answered(1e9), answered(4e9)}, []string{"base", "same", "more"}, meta); !errors.Is(err, plot.ErrNoData) {
		t.Errorf("without quantiles of the reference another takes its place: %v", err)
	}
	// The same variant twice is drawn twice.
	if f, err = Variants([]*Data{answered(1e9), answered(1e9)}, []string{"base", "base"}, meta); err != nil || !strings.HasPrefix(f.Title, "No clear difference") {
		t.Errorf("a result with itself: %v, %v", f, err)
	}
}

// drawing gives a result the last numbers of its runs.
func drawing(d *Data, value func(run int) float64) *Data {
	d.About.Runs = 400
	d.Table.Columns, d.Table.Outcomes = d.Columns, []record.Outcome{{Column: 1, Month: d.About.End}}
	for run := range 1 + d.About.Runs {
		d.Table.Rows = append(d.Table.Rows, record.RunRow{Run: run, Outcomes: []float64{value(run)}})
	}
	return d
}

// However far medians lie apart, only what differs run by run beyond chance is claimed.
func TestVariantsClaimWhatIsClearRunByRun(t *testing.T) {
	same := func(run int) float64 { return float64(run) }
	up := func(run int) float64 { return float64(run) + 1 }
	either := func(run int) float64 { return float64(run) + float64(1-2*(run%2)) }
	for _, x := range []struct {
		more, less func(int) float64
		want       string
	}{
		{either, either, "No clear difference from base in Alpha's monthly compute revenue in 2032"},
		{up, either, "With more Alpha's monthly compute revenue in 2032 is clearly higher, $5.0 bn in the median against $2.5 bn"},
	} {
		all := []*Data{drawing(answered(2e9), same), drawing(answered(4e9), x.more), drawing(answered(1e9), x.less)}
		f, err := Variants(all, []string{"base", "more", "less"}, plot.Meta{Scenario: "s", Hash: "0123456789abcdef"})
		if err != nil {
			t.Fatal(err)
		}
		if f.Title != x.want {
			t.Errorf("the title is %q, want %q", f.Title, x.want)
		}
	}
}
