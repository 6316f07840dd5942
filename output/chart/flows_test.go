package chart

import (
	"strings"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Who bought in rounds without a contract or a stake at the start is not told apart and may hold more than who is: the title ranks
// nobody, and the rest is not called employees.
func TestOwnershipRanksNobody(t *testing.T) {
	d := ofThree(measure.Valuation, []float64{1e9, 2e9}, []float64{0, 0}, []float64{0, 0})
	d.Focus = "openai"
	d.Events = []record.Event{{Kind: "round", Firm: "openai", Month: d.About.Start + 1}}
	for i, holder := range []string{"other-labs", "xai"} {
		d.Columns = append(d.Columns, record.Column{Entity: holder, With: "openai", Metric: measure.Stake.Def().Name, Unit: unit.DimShare})
		d.Runs[0].Values = append(d.Runs[0].Values, []float64{0.1, 0.05 + 0.1*float64(i)})
	}
	f, err := ownership(d, plot.Words{Name: "ownership"})
	if err != nil {
		t.Fatal(err)
	}
	text := f.AltText()
	if want := "xAI holds 15% of OpenAI in February 2030"; f.Title != want || strings.Contains(text, "mployees and others") || !strings.Contains(text, "Other investors, staff") || !strings.Contains(text, "of firms with a contract or an opening stake") {
		t.Errorf("%s; want it to begin with %q and to say who is told apart", text, want)
	}
}
