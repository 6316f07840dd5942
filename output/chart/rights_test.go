package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Where more labs lead than a page takes, those that lead most often are drawn, wherever they stand in the file.
func TestTheLikeliestLeadersAreDrawn(t *testing.T) {
	d := &Data{About: record.About{Start: unit.Date(2030, 1), End: unit.Date(2032, 12)}}
	d.Summary.Runs = 200
	for i := range mostBars + 2 {
		e := record.Entity{Key: fmt.Sprint("lab-", i), Label: fmt.Sprint("Lab ", i), Roles: "lab"}
		d.About.Entities = append(d.About.Entities, e)
		d.Probabilities = append(d.Probabilities, record.Probability{
			Kind: record.Placed, Place: 1, Firm: e.Key, What: measure.MarketShare.Def().Name, Date: d.About.End.String(), In: 2 + 3*i, Runs: 200,
		})
	}
	f, err := leaders(d, plot.Words{Name: "leaders"})
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for _, r := range f.Table() {
		drawn[r.Series] = true
	}
	if drawn["lab-0"] || drawn["lab-1"] || !drawn["lab-2"] || !drawn["lab-13"] || !strings.HasSuffix(f.Subtitle, "Not drawn: the 2 least likely.") {
		t.Errorf("drawn are %v under %q, want all but the two least likely", drawn, f.Subtitle)
	}
	if want := "No clear difference in who leads the market for AI models in 2032: Lab 13 in 20% of runs, Lab 12 in 19%"; f.Title != want {
		t.Errorf("the title is %q, want %q", f.Title, want)
	}
}

// A title says which right is used, not only over whom.
func TestTheTitleNamesTheRight(t *testing.T) {
	d := &Data{About: record.About{Start: unit.Date(2030, 1), End: unit.Date(2032, 12), Entities: []record.Entity{{Key: "cloud", Label: "Cloud"}, {Key: "lab", Label: "Lab"}}}}
	d.About.Contracts = []record.Contract{{Key: "refusal", Kind: "first-refusal", From: "lab", To: "cloud"}}
	d.Summary.Runs = 200
	d.Probabilities = []record.Probability{{Kind: record.Happens, What: "match", Contract: "refusal", Date: d.About.End.String(), In: 148, Runs: 200}}
	f, err := rightsUsed(d, plot.Words{Name: "rights-used"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Cloud's right of first refusal over Lab is exercised by 2032 in 74% of runs"; f.Title != want {
		t.Errorf("the title is %q, want %q", f.Title, want)
	}
}

// Of all contracts the one that the scenario asks about gives a chart its title, even where others are likelier.
func TestTitlesSpeakOfTheContractInQuestion(t *testing.T) {
	end := unit.Date(2032, 12)
	d := &Data{About: record.About{Title: "Amazon funds Anthropic", Start: unit.Date(2030, 1), End: end}}
	for _, name := range []string{"Amazon", "Anthropic", "Nvidia", "OpenAI"} {
		d.About.Entities = append(d.About.Entities, record.Entity{Key: strings.ToLower(name), Label: name})
	}
	d.Summary.Runs = 200
	d.Table = &record.RunTable{}
	row := record.RunRow{}
	for _, c := range []record.Contract{
		{Key: "letter", From: "nvidia", To: "openai", Tranches: []unit.Month{end}},
		{Key: "deal", From: "amazon", To: "anthropic", Tranches: []unit.Month{end - 12, end - 6}},
	} {
		c.Kind, c.Signed = "milestone-funding", d.About.Start
		d.About.Contracts = append(d.About.Contracts, c)
		for i := range c.Tranches {
			in, paid := 180-40*len(d.Probabilities), record.Never
			if i == 0 {
				paid = end - 20
			}
			d.Probabilities = append(d.Probabilities, record.Probability{Kind: record.Happens, What: "tranche", Contract: c.Key, Part: i + 1, Date: end.String(), In: in, Runs: 200})
			d.Table.Firsts = append(d.Table.Firsts, record.First{Kind: "tranche", Contract: c.Key, Part: i + 1})
			row.Firsts = append(row.Firsts, paid)
		}
	}
	d.Table.Rows = []record.RunRow{row}
	for name, want := range map[string]string{
		"rights-used":    "Amazon–Anthropic tranche 1 is paid by 2032 in 70% of runs",
		"contract-terms": "Central run: Of 2 tranches of Amazon for Anthropic 1 is paid and 1 lapses",
	} {
		c := All()[slices.IndexFunc(All(), func(c Chart) bool { return c.Name == name })]
		f, err := c.Figure(d, "")
		if err != nil {
			t.Fatal(err)
		}
		if f.Title != want {
			t.Errorf("%s: %q, want %q", name, f.Title, want)
		}
	}
}

// What owners let is the finding of a chart of flows from owners to users; their own use is no party.
func TestTheTitleOfCapacityFlowsIsWhatOwnersLet(t *testing.T) {
	users := plot.Matrix{
		Rows: []plot.Party{{Key: "a", Label: "Anthropic"}, {Key: "o", Label: "OpenAI"}}, Cols: []plot.Party{{Key: "amazon", Label: "Amazon"}, {Key: "m", Label: "Microsoft"}},
		Amounts: [][]float64{{5000, 0}, {0, 1000}},
	}
	if got, want := lettingTitle(users, 96000, unit.Date(2032, 12)), "Owners let 6 GW of 96 GW to firms tied to them in 2032, the largest part, 5 GW, by Amazon to Anthropic"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := lettingTitle(plot.Matrix{}, 96000, unit.Date(2032, 12)), "Owners let none of their 96 GW to firms tied to them in 2032"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A chart of more terms than there are rows keeps those of the contract that the scenario asks about.
func TestTheContractInQuestionHasARow(t *testing.T) {
	d := &Data{About: record.About{Title: "Microsoft may match offers to OpenAI", Start: unit.Date(2030, 1), End: unit.Date(2032, 12)}}
	for _, name := range []string{"Microsoft", "OpenAI", "Oracle"} {
		d.About.Entities = append(d.About.Entities, record.Entity{Key: strings.ToLower(name), Label: name})
	}
	for i := range 40 {
		d.About.Contracts = append(d.About.Contracts, record.Contract{Key: fmt.Sprint("other-", i), Kind: "exclusivity", From: "oracle", To: "microsoft", Signed: d.About.Start})
	}
	d.About.Contracts = append(d.About.Contracts, record.Contract{Key: "asked", Kind: "first-refusal", From: "openai", To: "microsoft", Signed: d.About.Start})
	f, err := contractTerms(d, plot.Words{Name: "contract-terms"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(f.Table(), func(r plot.Row) bool { return r.Series == "asked" }) {
		t.Error("the right that the title speaks of has no row")
	}
}

// Where there are more terms than a chart takes, those that a scenario adds to its base are drawn, whatever its title says.
func TestWhatAScenarioAddsIsDrawnBeforeWhatStoodAlready(t *testing.T) {
	d := &Data{About: record.About{Start: unit.Date(2029, 12), End: unit.Date(2032, 12), Entities: []record.Entity{{Key: "cloud", Label: "Cloud"}, {Key: "lab", Label: "Lab"}}}}
	for i := range 30 {
		d.About.Contracts = append(d.About.Contracts, record.Contract{Key: fmt.Sprint("old-", i), Kind: "exclusivity", From: "lab", To: "cloud", Signed: unit.Date(2029, 12)})
	}
	d.About.Contracts = append(d.About.Contracts, record.Contract{Key: "own", Kind: "first-refusal", From: "lab", To: "cloud", Signed: unit.Date(2030, 3)})
	f, err := contractTerms(d, plot.Words{Name: "contract-terms"})
	if err != nil {
		t.Fatal(err)
	}
	if all := f.Table(); len(all) >= 31 || !slices.ContainsFunc(all, func(r plot.Row) bool { return r.Series == "own" }) {
		t.Errorf("of 31 terms %d are drawn, and not the scenario's own", len(all))
	}
}
