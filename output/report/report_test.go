package report

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// duel is a small result: two labs that are clouds as well, a right of first refusal between them, and a default.
type duel struct {
	runs        int
	title       string
	label       string  // of the first lab
	first       int     // runs in which it leads
	scale       float64 // of its capacity
	contract    string
	spared      int // first runs in which Beta does not default
	assumptions []record.Assumption
}

func sampleDuel() duel {
	return duel{
		runs: 120, title: "A duel", label: "Alpha", first: 90, scale: 1, contract: "alpha-beta-refusal",
		assumptions: []record.Assumption{
			{Path: "market.growth", Value: 0.6, Low: -0.1, High: 1.4, Unit: unit.DimRate, Drawn: true, Grade: "assumption"},
			{Path: "firms.beta.lab.staff_share", Value: 0.3, Low: 0.2, High: 0.4, Unit: unit.DimShare, Drawn: true, Grade: "assumption", Source: "judgement"},
			{Path: "firms.alpha.cash", Value: 5e9, Low: 4e9, High: 6e9, Unit: unit.DimUSD, Drawn: true, Grade: "reported", Source: "S1 https://example.org/report"},
		},
	}
}

var (
	start = unit.Date(2030, 1)
	end   = unit.Date(2031, 12)
)

func (d duel) about() record.About {
	return record.About{
		Scenario: "duel", Title: d.title, Question: "What does the right of first refusal of Beta do to " + d.label + "?",
		Hash: "3f9a2c71aabbccdd3f9a2c71aabbccdd", Seed: 42, Runs: d.runs, Design: "sobol", Start: start, End: end,
		Entities: []record.Entity{
			{Key: "alpha", Label: d.label, Color: "#2452C0", Roles: "lab, cloud"}, {Key: "beta", Label: "Beta", Color: "#8C9614", Roles: "lab, cloud"},
		},
		Assumptions: d.assumptions,
	}
}

func columns() []record.Column {
	var all []record.Column
	for _, firm := range []string{"alpha", "beta"} {
		for _, m := range []measure.ID{measure.MarketShare, measure.CapacityEnergised} {
			all = append(all, record.Column{Entity: firm, Metric: m.Def().Name, Unit: m.Def().Dim})
		}
	}
	for _, m := range []measure.ID{measure.TotalEnergised, measure.MarketSize} {
		all = append(all, record.Column{Entity: "world", Metric: m.Def().Name, Unit: m.Def().Dim})
	}
	return all
}

// frame is a month of a run; u between 0 and 1 tells its luck.
func (d duel) frame(u float64, t unit.Month) []float64 {
	grown := float64(t-start+1) * (0.5 + u)
	share, a, b := 0.4+0.3*u, 300*grown*d.scale, 200*grown
	return []float64{share, a, 0.9 - share, b, a + b, 1e10 * grown}
}

// write makes the result.
func (d duel) write(fsys afero.Fs, dir string) error {
	f, err := output.Create(fsys, dir, d.about(), columns(), output.Options{Scenario: []byte("name: duel\n")})
	if err != nil {
		return err
	}
	defer f.Abort()
	head := record.RunHead{
		Columns: columns(), Inputs: []record.Input{{Path: "market.growth", Unit: unit.DimRate}, {Path: "firms.beta.lab.staff_share", Unit: unit.DimShare}},
		Outcomes: record.YearEnds(columns(), start, end, func(record.Column) bool { return true }),
		Firsts:   []record.First{{Kind: "default", Firm: "beta"}},
	}
	rows, err := f.RowKeeper(0, head.Width())
	if err != nil {
		return err
	}
	table := record.NewRuns(head, rows)
	sums := record.NewAccumulator(record.ChooseCells(columns(), start, end, func(record.Column) bool { return true }), d.runs)
	for run := 0; run <= d.runs; run++ {
		u := math.Mod(float64(run)*0.618034, 1)
		to := record.Sinks{table, f}
		if run > 0 {
			to = append(to, sums)
		}
		table.Draw(run, []float64{u, math.Mod(float64(run)*0.414214, 1)})
		to.Event(record.Event{Run: run, Month: start + 3, Kind: "match", Firm: "beta", With: "alpha", Contract: d.contract, What: "Beta matches an offer to " + d.label + ".", Why: []record.Reason{{Name: "size", Value: 120, Unit: unit.DimMW}}})
		if run == 0 || run > d.spared {
			to.Event(record.Event{Run: run, Month: start + 9, Kind: "default", Firm: "beta", What: "Beta defaults."})
		}
		for t := start; t <= end; t++ {
			to.Month(run, t, d.frame(u, t))
		}
		to.End(run, end, "")
	}
	chances := []record.Probability{
		d.chance(record.Probability{Statement: "alpha.market_share > 50% @ 2031-12", Kind: record.Expected, When: "at"}, 100),
		d.chance(record.Probability{Statement: "some firm defaults by 2031", Kind: record.Happens, What: "default", When: "by"}, 30),
		d.chance(record.Probability{Statement: "Beta defaults by 2031", Kind: record.Happens, What: "default", Firm: "beta", When: "by"}, 24),
		d.chance(record.Probability{Statement: d.label + " leads", Kind: record.Placed, Place: 1, Firm: "alpha", What: "market_share", When: "at"}, d.first),
		d.chance(record.Probability{Statement: "Beta leads", Kind: record.Placed, Place: 1, Firm: "beta", What: "market_share", When: "at"}, d.runs-d.first),
	}
	if d.runs > 0 {
		err = errors.Join(f.Summary(sums.Summary()), f.Probabilities(chances))
	}
	return errors.Join(err, f.Runs(table), f.Close())
}

func (d duel) chance(p record.Probability, in int) record.Probability {
	p.Date, p.Runs, p.In = end.String(), d.runs, in
	p.Share = float64(in) / float64(d.runs)
	low, high := record.Wilson(in, d.runs)
	p.Interval = &record.Interval{Low: low, High: high}
	return p
}

// source opens the result as cmd does.
func (d duel) source(t testing.TB) Source {
	t.Helper()
	fsys := afero.NewMemMapFs()
	if err := d.write(fsys, "r"); err != nil {
		t.Fatal(err)
	}
	r, err := output.Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	return Source{
		Result: r, Plots: "plots", Replay: []string{"powerplay run scenario.yaml --seed 42 --runs 120 --out again"},
		Clauses: []Clause{
			{Key: "lease", Kind: "lease", Doc: "rent"},
			{Key: d.contract, Kind: "first-refusal", Doc: "the holder may match an offer", Parties: []string{"beta", "alpha"}, Terms: []Term{{"notice", "1 month"}}, Without: "--without " + d.contract},
		},
		Expected: []Expected{{"alpha.market_share > 50% @ 2031-12", "over 70%", "it grows", "held"}},
	}
}

func document(t testing.TB, sources ...Source) (d *Document, page, text string) {
	t.Helper()
	d, err := New(sources)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(d.HTML(&a), d.Markdown(&b)); err != nil {
		t.Fatal(err)
	}
	return d, a.String(), b.String()
}

// golden compares with testdata; UPDATE=1 rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = "testdata/" + name
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestMarkdownOfOneResult(t *testing.T) {
	_, _, text := document(t, sampleDuel().source(t))
	golden(t, "one.md", text)
}

func TestMarkdownOfTwoResults(t *testing.T) {
	first, second := sampleDuel(), sampleDuel()
	second.scale = 1.5
	other := second.source(t)
	other.Plots = "result-2/plots"
	other.Against = &Against{
		Changes: []string{"first-refusal alpha-beta-refusal left out"},
		Parties: []Difference{{What: "alpha.capacity_energised @ 2031-12", Unit: unit.DimMW, X: 10800, Y: 7200, By: 3600, Low: 1800, High: 5400, Runs: 120, Differ: 120, Higher: 120, Clear: true}},
		Others:  []Difference{{What: "world.market_size @ 2031-12", Unit: unit.DimUSDPerYear, By: 1e9, Runs: 120, Differ: 60, Higher: 33}},
	}
	_, _, text := document(t, first.source(t), other)
	golden(t, "two.md", text)
}

// What a clause does shows best where it is left out, however large the difference that other terms of it make.
func TestTheAnswerIsAboutTheClauseItself(t *testing.T) {
	other, without := sampleDuel().source(t), sampleDuel().source(t)
	without.Clauses = without.Clauses[:1]
	difference := func(by float64) *Against {
		return &Against{Numbers: []Difference{{What: "alpha.market_share @ 2031-12", Unit: unit.DimShare, Y: 0.4, By: by, Low: -0.03, High: 0.08, Runs: 120, Differ: 120, Higher: 80, Clear: true}}}
	}
	other.Against, without.Against = difference(0.05), difference(0.01)
	doc, _, text := document(t, sampleDuel().source(t), other, without)
	if want := "by 1.0 points in the median (of 40%)"; !strings.Contains(doc.Answer[0], want) {
		t.Errorf("%q does not say %q", doc.Answer[0], want)
	}
	if want := "+5.0 points (−3.0 to 8.0 points)"; !strings.Contains(text, want) {
		t.Errorf("the table of differences does not say %q", want)
	}
}

// Who asks whether a clause sinks a firm wants to know in how many runs it sinks.
func TestGraveEventsAreCompared(t *testing.T) {
	for _, test := range []struct {
		name   string
		spared int
		paired bool
		answer string
		row    string
	}{
		{"more than chance", 30, true, "With “duel”, Beta defaults by 2031 in 75% (±8) of 120 runs, with “duel” in 100% (±3); on the same draws in 0 runs with the former alone, in 30 runs with the latter alone.", "| 75% (±8) | 100% (±3) | 0, 30 | clear |"},
		{"chance", 3, true, "", "| 98% (±5) | 100% (±3) | 0, 3 | may be chance |"},
		{"other draws", 30, false, "With “duel”, Beta defaults by 2031 in 75% (±8) of 120 runs, with “duel” in 100% (±3).", "| 75% (±8) | 100% (±3) | other draws | clear |"},
		{"the same", 0, true, "", "What befalls Beta and Alpha, or happens under their contracts, does so in the same runs of every result."},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sampleDuel()
			d.spared = test.spared
			other := d.source(t)
			if test.paired {
				other.Against = new(Against)
			}
			doc, _, text := document(t, sampleDuel().source(t), other)
			if said := strings.Join(doc.Answer, " "); strings.Contains(said, "Beta defaults by 2031 in") != (test.answer != "") || !strings.Contains(said, test.answer) {
				t.Errorf("the answer is %q, which should tell %q", said, test.answer)
			}
			if !strings.Contains(text, test.row) {
				t.Errorf("no row is %q", test.row)
			}
		})
	}
}

// The central run alone has no margin, and the report says so.
func TestCentralRunClaimsNoProbability(t *testing.T) {
	d := sampleDuel()
	d.runs = 0
	doc, page, _ := document(t, d.source(t))
	if !strings.Contains(doc.Caveat, "one run") {
		t.Errorf("the caveat is %q", doc.Caveat)
	}
	if said := strings.Join(doc.Answer, " "); strings.Contains(said, "±") || !strings.Contains(said, "Alpha") && !strings.Contains(said, "Beta") {
		t.Errorf("the answer is %q", said)
	}
	if !strings.Contains(page, "<figure") {
		t.Error("no chart is shown")
	}
}

// What the prose says follows the data.
func TestProseFollowsTheData(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*duel)
		want   []string
	}{
		{"as it is", func(*duel) {}, []string{"Alpha most often has the largest market share at the end of 2031, in 75% of 120 runs (±8), before Beta with 25% (±8)", "run 12 GW"}},
		{"another leader", func(d *duel) { d.first = 12 }, []string{"Beta most often has the largest market share at the end of 2031, in 90% of 120 runs (±7)"}},
		{"twice the capacity", func(d *duel) { d.scale = 3.5 }, []string{"run 30 GW"}},
		{"another name", func(d *duel) { d.label = "Omega" }, []string{"Omega most often", "Beta matches an offer to Omega"}},
		{"no source", func(d *duel) { d.assumptions[1].Source = "" }, []string{"rests on 3 numbers; 2 of them have no source"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sampleDuel()
			test.change(&d)
			_, page, text := document(t, d.source(t))
			for _, want := range test.want {
				if !strings.Contains(page, want) || !strings.Contains(text, want) {
					t.Errorf("%q is not in the page, or not in the Markdown", want)
				}
			}
		})
	}
}

// The input that moves the outcome is the weakest; of what is drawn beside it no effect is claimed.
func TestWeakestAssumptionMovesTheOutcome(t *testing.T) {
	doc, _, _ := document(t, sampleDuel().source(t))
	weak := doc.Brief[1].Text
	if len(weak) != 2 || !strings.Contains(weak[0], "market.growth") || !strings.Contains(weak[0], "is 43% in the median; where it is high (about 90% a year), 67%") || !strings.HasSuffix(weak[0], "No source. (market.growth)") ||
		!strings.Contains(weak[1], "staff_share") || strings.Contains(weak[1], "orrelation") {
		t.Errorf("the weakest are %q", weak)
	}
}

// A number of the clause itself is doubted before one of the widest range that does nothing.
func TestTheClauseInQuestionIsDoubtedBeforeWhatDoesNothing(t *testing.T) {
	d := sampleDuel()
	d.assumptions = append(slices.Clone(d.assumptions),
		record.Assumption{Path: "market.refusal_deterrence", Value: 0.2, Low: 0.19, High: 0.21, Unit: unit.DimShare, Drawn: true, Grade: "assumption", Source: "judgement"},
		record.Assumption{Path: "contracts.alpha-beta-refusal.notice", Value: 1, Unit: unit.DimMonth},
		record.Assumption{Path: "contracts.alpha-beta-refusal.share", Value: 1, Unit: unit.DimShare, Grade: "reported", Source: "S1"})
	doc, _, _ := document(t, d.source(t))
	for i, want := range []string{"Growth: 60%", "First refusal: notice: 1.0. It belongs to the clause in question. No source. (contracts.alpha-beta-refusal.notice)", "Refusal deterrence: 20%"} {
		if weak := doc.Brief[1].Text; len(weak) != mostWeak || !strings.HasPrefix(weak[i], want) {
			t.Errorf("%d of the weakest is not %q: %q", i, want, weak)
		}
	}
}

// The heading of a clause claims no more than why it was chosen.
func TestTheClauseIsHeadedByWhyItWasChosen(t *testing.T) {
	for _, test := range []struct{ name, title, label, want string }{
		{"its kind is named", "A duel about first refusals", "Alpha", inQuestion},
		{"a firm is named", "Alpha, for one", "Alpha", ofParties},
		{"no word names it", "Who is first?", "Gamma", actedMost},
	} {
		d := sampleDuel()
		d.title, d.label = test.title, test.label
		x := d.source(t)
		x.Result.About.Question = ""
		if doc, _, _ := document(t, x); doc.Brief[0].Name != test.want {
			t.Errorf("%s: the clause is headed %q", test.name, doc.Brief[0].Name)
		}
	}
	d := sampleDuel()
	d.title = "Who is first?"
	first, other := d.source(t), d.source(t)
	first.Result.About.Question, other.Against = "", new(Against)
	other.Clauses = other.Clauses[:1]
	if doc, _, _ := document(t, first, other); doc.Brief[0].Name != inQuestion {
		t.Errorf("a clause that the results differ in is headed %q", doc.Brief[0].Name)
	}
}

func TestSameResultSameBytes(t *testing.T) {
	_, page, text := document(t, sampleDuel().source(t))
	_, again, textAgain := document(t, sampleDuel().source(t))
	if page != again || text != textAgain {
		t.Error("a second report on the same result differs")
	}
}

// The page can load nothing, and is of a size that can be mailed.
func TestPageNeedsNothingElse(t *testing.T) {
	_, page, _ := document(t, sampleDuel().source(t))
	for _, want := range []string{"default-src 'none'; style-src 'sha256-", "script-src 'sha256-", `lang="en"`, "<h1>A duel</h1>", "<summary>", `aria-pressed="true"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, load := range []string{`(?i)\b(src|srcset|data|poster|action|formaction|background)\s*=`, `(?i)\bhref="[^#]`, `(?i)<(link|img|iframe|object|embed|form|base|image|use)\b`, `(?i)@import|url\(`, ` style="`, ` on[a-z]+="`} {
		if found := regexp.MustCompile(load).FindString(strings.Replace(page, pageScript, "", 1)); found != "" {
			t.Errorf("the page holds %q", found)
		}
	}
	if len(page) > 5e6 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

const hostile = `</script></title></svg><img src=x onerror="window.struck=1"><script>window.struck=1</script> [a](javascript:1) | *b*`

func hostileDuel() duel {
	d := sampleDuel()
	d.title, d.label, d.contract = hostile, hostile, hostile
	d.assumptions = append(slices.Clone(d.assumptions), record.Assumption{Path: "x." + hostile, Value: 1, Grade: "assumption", Source: hostile, Note: hostile})
	return d
}

func TestNamesAreNeverMarkup(t *testing.T) {
	_, page, text := document(t, hostileDuel().source(t))
	if n := strings.Count(page, "<script>"); n != 1 {
		t.Errorf("the page has %d scripts", n)
	}
	if strings.Contains(page, "<img") || strings.Contains(page, "struck=1</script>") {
		t.Error("a name became markup in the page")
	}
	if raw := regexp.MustCompile(`(^|[^\\])[<\[]`).FindString(strings.ReplaceAll(strings.ReplaceAll(text, "![", ""), "](<", "")); raw != "" && !strings.Contains(codeOf(text), raw) {
		t.Errorf("a name became a mark in the Markdown: %q", raw)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "| ") && strings.Count(line, " | ") > 5 {
			t.Errorf("a name broke a table: %s", line)
		}
	}
}

// codeOf is what of a Markdown text is to be copied.
func codeOf(text string) string {
	var code []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "    ") {
			code = append(code, line)
		}
	}
	return strings.Join(code, "\n")
}

func TestAUnitStandsOnce(t *testing.T) {
	for got, want := range map[string]string{
		number(24, unit.DimMonths): "24 months", span(2, 18, unit.DimMonths): "2–18 months", number(3, unit.DimPoints): "3.0 ECI points",
	} {
		if got != want {
			t.Errorf("%q is written, want %q", got, want)
		}
	}
}

func TestWordsOfConditions(t *testing.T) {
	n := names{"microsoft": "Microsoft", "openai": "OpenAI", "other-labs": "Other labs"}
	for text, want := range map[string]string{
		"microsoft.compute_revenue @ 2029-11":                                "Microsoft's monthly compute revenue in November 2029",
		"openai.contracted_capacity(microsoft) < openai.capacity_contracted": "OpenAI's contracted capacity with Microsoft is below OpenAI's capacity contracted",
		"world.market_size >= $1T by 2030":                                   "market size is at least $1T by 2030",
		"other-labs.market_share > 30% @ 2030-12":                            "Other labs' market share is above 30% in December 2030",
		"microsoft defaults by 2030":                                         "Microsoft defaults by 2030", "other-labs fails to raise a round": "Other labs fail to raise a round",
		"a lab needs 1.5 GW": "a lab needs 1.5 GW",
		fmt.Sprintf("openai.%s(%s) @ 2030-06", "contracted_capacity", "unknown"): "OpenAI's contracted capacity with unknown in June 2030",
	} {
		if got := n.words(text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}
