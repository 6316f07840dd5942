package chart

import (
	"math"
	"slices"
	"strings"
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

// A chart of terms says what becomes of rights and tranches.
func TestTermsEndAsTheRunHasIt(t *testing.T) {
	d := ofThree(measure.Capability, make([]float64, 36), make([]float64, 36), make([]float64, 36))
	start := d.About.Start
	d.About.Contracts = []record.Contract{
		{Key: "used", Kind: "first-refusal", From: "openai", To: "xai", Signed: start},
		{Key: "unused", Kind: "first-refusal", From: "xai", To: "openai", Signed: start, Until: start + 10},
		{Key: "money", Kind: "milestone-funding", From: "xai", To: "openai", Signed: start, Tranches: []unit.Month{start + 6, start + 12, start + 60}},
		{Key: "gone", Kind: "exclusivity", From: "xai", To: "openai", Signed: start - 40, Until: start - 3},
	}
	d.Events = []record.Event{{Kind: "match", Contract: "used", Month: start + 5}}
	d.Table = &record.RunTable{RunHead: record.RunHead{Firsts: []record.First{{Kind: "tranche", Contract: "money", Part: 1}}}, Rows: []record.RunRow{{Firsts: []unit.Month{start + 4}}}}
	f, err := contractTerms(d, plot.Words{Name: "contract-terms"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Of 5 contract terms 2 are exercised, 2 lapse and 1 stays open"; f.Title != want {
		t.Errorf("the title is %q, want %q", f.Title, want)
	}
	for _, r := range f.Table() {
		if r.Series == "gone" {
			t.Error("a right that ended before the start is drawn")
		}
	}
}

// What binds an owner is what most of its capacity waits for, if enough does.
func TestTheLargestWaitBinds(t *testing.T) {
	d := ofThree(measure.CapacityEnergised, []float64{1000, 1000, 1000}, []float64{0, 0, 0}, []float64{0, 0, 0})
	d.About.Entities[0].Roles = "lab, cloud"
	for m, values := range map[measure.ID][]float64{measure.WaitingForPower: {50, 0, 0.5}, measure.WaitingForChips: {10, 20, 0}, measure.WaitingForMoney: {0, 30, 0}} {
		d.Columns = append(d.Columns, record.Column{Entity: "openai", Metric: m.Def().Name, Unit: unit.DimMW})
		d.Runs[0].Values = append(d.Runs[0].Values, values)
	}
	f, err := bindingConstraint(d, plot.Words{Name: "binding-constraint"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.AltText(), "Power in 1, Money in 1, Demand: nothing else binds in 1") {
		t.Errorf("power, money and demand are to bind a month each: %s", f.AltText())
	}
}

// A chart of more owners than its page can name takes a full page.
func TestWhatHasNoRoomTakesAFullPage(t *testing.T) {
	d := &Data{About: record.About{Start: unit.Date(2030, 1), End: unit.Date(2030, 1)}, Runs: []output.Run{{Months: []unit.Month{unit.Date(2030, 1)}}}}
	for i := range 18 {
		key := "cloud-" + string(rune('a'+i))
		d.About.Entities = append(d.About.Entities, record.Entity{Key: key, Label: key, Roles: "cloud"})
		for _, m := range []measure.ID{measure.CapacityEnergised, measure.WaitingForPower, measure.WaitingForChips, measure.WaitingForMoney} {
			d.Columns = append(d.Columns, record.Column{Entity: key, Metric: m.Def().Name, Unit: m.Def().Dim})
			d.Runs[0].Values = append(d.Runs[0].Values, []float64{1000})
		}
	}
	c := Chart{Name: "binding-constraint", draw: bindingConstraint}
	f, err := c.Figure(d, "")
	if err != nil {
		t.Fatal(err)
	}
	if page, _, err := c.Page(f); err != nil || page != plot.Tall() {
		t.Errorf("18 owners are laid out on page %s (%v), want tall", page.Name, err)
	}
}

// A matrix of pairs adds up the last months, and leaves out who has no part in them.
func TestPairsAreAddedUp(t *testing.T) {
	d := ofThree(measure.Capability, make([]float64, 3), make([]float64, 3), make([]float64, 3))
	for _, p := range []struct {
		from, to string
		values   []float64
	}{{"openai", "xai", []float64{1, 2, 4}}, {"xai", "openai", []float64{8, 0, 0}}} {
		d.Columns = append(d.Columns, record.Column{Entity: p.from, With: p.to, Metric: measure.Spend.Def().Name, Unit: unit.DimUSD})
		d.Runs[0].Values = append(d.Runs[0].Values, p.values)
	}
	m := d.pairs(measure.Spend, 2)
	if len(m.Rows) != 1 || m.Rows[0].Key != "openai" || m.Cols[0].Label != "xAI" || m.Amounts[0][0] != 6 {
		t.Errorf("the matrix is %+v, want 6 from openai to xai alone", m)
	}
}

// What firms earn or use beyond what is measured between two of them stands in the table all the same.
func TestTablesOfPairsAreWhole(t *testing.T) {
	d := ofThree(measure.CapacityUsed, []float64{7, 8, 9}, []float64{0, 0, 4}, []float64{0, 0, 0})
	add := func(entity, with string, m measure.ID, values ...float64) {
		d.Columns = append(d.Columns, record.Column{Entity: entity, With: with, Metric: m.Def().Name, Unit: m.Def().Dim})
		d.Runs[0].Values = append(d.Runs[0].Values, values)
	}
	d.About.Entities = append(d.About.Entities, record.Entity{Key: "oracle", Label: "Oracle", Roles: "cloud"}, record.Entity{Key: "nvidia", Label: "Nvidia", Roles: "supplier"})
	add("openai", "oracle", measure.DeliveredCapacity, 5, 5, 6)
	add("openai", "oracle", measure.Spend, 1, 1, 2)
	add("oracle", "", measure.ComputeRevenue, 3, 3, 4)
	add("nvidia", "", measure.ChipRevenue, 10, 10, 10)
	add("xai", "", measure.CapacityOwnUsed, 0, 0, 1)
	add("xai", "", measure.CapacityEnergised, 0, 0, 3)
	add("oracle", "", measure.CapacityEnergised, 9, 9, 10)
	add("oracle", "", measure.CapacityLet, 7, 7, 8)
	amounts := func(draw func(*Data, plot.Words) (*plot.Figure, error), name string) map[string]float64 {
		f, err := draw(d, plot.Words{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, r := range f.Table() {
			got[r.Series+" "+r.Band] += r.Value
		}
		return got
	}
	users := amounts(computeUsers, "compute-users")
	if users["openai oracle"] != 6 || users["openai other"] != 3 || users["xai own"] != 1 || users["xai other"] != 3 {
		t.Errorf("labs use %v, want 6 and 3 by openai, 1 of its own and 3 by xai", users)
	}
	capacity := amounts(capacityFlows, "capacity-flows")
	for flow, want := range map[string]float64{
		"owner:oracle user:openai": 6, "owner:oracle others": 2, "owner:oracle services": 2, "owner:xai models": 1, "owner:xai services": 2,
	} {
		if capacity[flow] != want {
			t.Errorf("%s is %g, want %g; all are %v", flow, capacity[flow], want, capacity)
		}
	}
	flows := amounts(capitalFlows, "capital-flows")
	if flows["openai oracle"] != 4 || flows["other oracle"] != 6 || flows["other nvidia"] != 30 {
		t.Errorf("payments are %v, want 4 by openai, and 6 and 30 by others", flows)
	}
}

// The likeliest are drawn wherever they stand in the file, and a letter that another contract replaces takes one row.
func TestRightsAreDrawnByHowLikelyTheyAre(t *testing.T) {
	d := ofThree(measure.CapacityUsed, []float64{7, 8, 9}, []float64{0, 0, 4}, []float64{0, 0, 0})
	end := d.About.End
	due := make([]unit.Month, 13)
	for i := range due {
		due[i] = end
	}
	d.About.Contracts = []record.Contract{
		{Key: "letter", Kind: "milestone-funding", From: "xai", To: "openai", Signed: d.About.Start, Until: end - 1, Tranches: due},
		{Key: "large", Kind: "milestone-funding", From: "xai", To: "openai", Signed: d.About.Start, Tranches: due},
		{Key: "last", Kind: "milestone-funding", From: "openai", To: "xai", Signed: d.About.Start, Tranches: due[:1]},
	}
	d.Summary.Runs = 100
	for _, c := range d.About.Contracts {
		for part := range c.Tranches {
			p := record.Probability{Kind: record.Happens, What: "tranche", Contract: c.Key, Part: part + 1, Date: end.String(), Runs: 100}
			if c.Key == "last" {
				p.In = 70
			}
			d.Probabilities = append(d.Probabilities, p)
		}
	}
	f, err := rightsUsed(d, plot.Words{Name: "rights-used"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.AltText(), "70%") || !strings.Contains(f.AltText(), "Not drawn: the 2 least likely.") {
		t.Errorf("drawn is %q, want what happens in 70 of 100 runs first, and two of fourteen left out", f.AltText())
	}
	if terms := d.tranches(d.About.Contracts[0]); len(terms) != 1 || terms[0].To != end-1 || terms[0].State != plot.Lapsed {
		t.Errorf("the letter takes %+v, want one row that lapses with it", terms)
	}
}

func TestTitlesAgreeWithNamesOfSeveralFirms(t *testing.T) {
	d := &Data{About: record.About{Entities: []record.Entity{{Key: "oracle", Label: "Oracle"}, {Key: "landlords", Label: "European landlords"}}}}
	for title, want := range map[string]string{
		"European landlords holds 40% of capacity in 2032": "European landlords hold 40% of capacity in 2032",
		"Oracle holds 40% of capacity in 2032":             "Oracle holds 40% of capacity in 2032",
	} {
		var w plot.Words
		d.headAt(&w, title, "")
		if w.Title != want {
			t.Errorf("the title is %q, want %q", w.Title, want)
		}
	}
}
