package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/record"
)

// grades are how well founded an assumption can be, the weakest first.
var grades = []string{"assumption", "estimated", "reported", "measured"}

// mostRows bounds the runs of which inputs are held beside the headline outcome: more tell nothing new.
const mostRows = 5000

// inputTable is what was drawn in each run, with the outcome that the answer turns on.
type inputTable struct {
	inputs       []record.Input
	drawn        [][]float64 // by input, then by run
	outcome      []float64   // by run
	what         string      // the outcome, as a condition names it
	numbers      []record.Number
	numbersDrawn [][]float64 // by number, then by run
}

// headline picks the outcome whose dependence on the inputs is told: the first number that the scenario compares between
// its variants, else the final market share of who most often leads.
func (x *study) headline() func(head *record.RunHead) (what string, of func(*record.RunRow) float64) {
	return func(head *record.RunHead) (string, func(*record.RunRow) float64) {
		if len(head.Numbers) > 0 {
			return head.Numbers[0].Text, func(r *record.RunRow) float64 { return r.Numbers[0] }
		}
		firm := ""
		if first := x.placed(measure.MarketShare); len(first) > 0 {
			firm = first[0].Firm
		}
		for i, o := range head.Outcomes {
			if c := head.Columns[o.Column]; c.Entity == firm && c.Metric == measure.MarketShare.Def().Name && o.Month == x.About.End {
				return c.Name() + " @ " + o.Month.String(), func(r *record.RunRow) float64 { return r.Outcomes[i] }
			}
		}
		return "", nil
	}
}

// readInputs reads of the drawn runs what is needed to rank the inputs.
func readInputs(r *output.Result, headline func(*record.RunHead) (string, func(*record.RunRow) float64)) (*inputTable, error) {
	t := new(inputTable)
	if !r.Manifest.Has("runs.csv") {
		return t, nil
	}
	head, err := r.RunHead()
	if err != nil {
		return nil, err
	}
	t.inputs, t.drawn = head.Inputs, make([][]float64, len(head.Inputs))
	t.numbers, t.numbersDrawn = head.Numbers, make([][]float64, len(head.Numbers))
	what, of := headline(&head)
	if t.what = what; of == nil {
		return t, nil
	}
	_, err = r.EachRun(func(row *record.RunRow) error {
		if v := of(row); row.Run > 0 && len(t.outcome) < mostRows && !math.IsNaN(v) {
			t.outcome = append(t.outcome, v)
			for i, u := range row.Inputs {
				t.drawn[i] = append(t.drawn[i], u)
			}
			for i, v := range row.Numbers {
				t.numbersDrawn[i] = append(t.numbersDrawn[i], v)
			}
		}
		return nil
	})
	return t, err
}

// weak is an assumption that a reader should doubt first.
type weak struct {
	record.Assumption
	effect float64 // rank correlation with the headline outcome; NaN where it is not known
	clear  bool    // beyond what chance gives among so many inputs
	joint  bool    // its author spreads it evenly over the runs, for it matters most
}

// weakList are the weakest assumptions.
type weakList struct {
	what  string // the headline outcome
	runs  int    // that the effects come from
	least float64
	all   []weak
}

// mostWeak is how many of them are told.
const mostWeak = 3

// fewestRuns is how many runs a correlation needs to be worth a look.
const fewestRuns = 20

// weakest finds the assumptions with no better ground than judgement that move the headline outcome most: those clearly
// beyond chance, then those that the author has the runs spread over evenly. Where no run tells it takes those that are
// drawn from the widest ranges, as a part of their values.
func (x *study) weakest() weakList {
	l := weakList{what: x.table.what, runs: len(x.table.outcome)}
	effects := map[string]float64{}
	if l.runs >= fewestRuns {
		for i, in := range x.table.inputs {
			if r := record.RankCorrelation(x.table.drawn[i], x.table.outcome); !math.IsNaN(r) {
				effects[in.Path] = r
			}
		}
		// Under chance alone a rank correlation is nearly normal with deviation 1/√(n−1); among m of them one goes beyond the
		// quantile at 5 % / m, after Bonferroni, in one case of twenty.
		l.least = num.NormalQuantile(1-0.025/float64(max(1, len(effects)))) / math.Sqrt(float64(l.runs-1))
	}
	for _, a := range x.About.Assumptions {
		if a.Grade != grades[0] || !a.Drawn {
			continue
		}
		w := weak{Assumption: a, effect: math.NaN(), joint: slices.Contains(x.Joint, a.Path)}
		if r, known := effects[a.Path]; known {
			w.effect, w.clear = r, math.Abs(r) > l.least
		}
		l.all = append(l.all, w)
	}
	width := func(w weak) float64 { return (w.High - w.Low) / max(math.Abs(w.Value), math.SmallestNonzeroFloat64) }
	size := func(w weak) float64 {
		if len(effects) == 0 {
			return width(w)
		}
		if math.IsNaN(w.effect) {
			return -1
		}
		return math.Abs(w.effect)
	}
	slices.SortStableFunc(l.all, func(a, b weak) int {
		return cmp.Or(ahead(a.clear, b.clear), ahead(a.joint && len(effects) > 0, b.joint && len(effects) > 0), cmp.Compare(size(b), size(a)))
	})
	l.all = l.all[:min(len(l.all), mostWeak)]
	return l
}

// ahead sorts what is so before what is not.
func ahead(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// texts says of each what it is, its range, and what it does.
func (l weakList) texts(x *study) []string {
	var all []string
	for _, w := range l.all {
		text := fmt.Sprintf("%s (%s): %s.", x.path(w.Path), w.Path, rangeText(w.Assumption))
		switch {
		case math.IsNaN(w.effect):
			text += " Among the widest ranges, as a part of the value."
		case w.clear:
			text += fmt.Sprintf(" The higher it is, the %s %s: rank correlation %s over %s, clearly more than chance.", way(w.effect), x.words(l.what), twoDigits(w.effect), counted(l.runs, "run"))
		default:
			text += fmt.Sprintf(" Rank correlation with %s %s over %s, which chance alone may give among %s.", x.words(l.what), twoDigits(w.effect), counted(l.runs, "run"), counted(len(x.table.inputs), "input"))
		}
		if w.Source == "" {
			text += " No source."
		}
		all = append(all, text)
	}
	if all == nil {
		return []string{"No assumption is drawn."}
	}
	return all
}

func way(effect float64) string {
	if effect < 0 {
		return "lower"
	}
	return "higher"
}

func twoDigits(x float64) string { return strings.Replace(fmt.Sprintf("%+.2f", x), "-", "−", 1) }

// rangeText writes a value with the range that it is drawn from.
func rangeText(a record.Assumption) string {
	if math.IsNaN(a.Value) {
		return "a choice"
	}
	if !a.Drawn {
		return number(a.Value, a.Unit)
	}
	return fmt.Sprintf("%s, drawn from %s in nine of ten runs", number(a.Value, a.Unit), plot.FormatRange(a.Low, a.High, a.Unit))
}

// assumptionBlocks counts the assumptions by grade and names the weakest.
func (x *study) assumptionBlocks(l weakList) []Block {
	all := x.About.Assumptions
	if len(all) == 0 {
		return nil
	}
	t := &Table{Caption: "Numbers that the scenario rests on, by how well they are founded", Head: []string{"Grade", "Numbers", "Drawn between runs", "Without a source"}, Form: "wrrr"}
	row := func(name string, of func(record.Assumption) bool) int {
		n, drawn, bare := 0, 0, 0
		for _, a := range all {
			if of(a) {
				n++
				drawn += map[bool]int{true: 1}[a.Drawn]
				bare += map[bool]int{true: 1}[a.Source == ""]
			}
		}
		if n > 0 {
			t.Rows = append(t.Rows, []string{name, fmt.Sprint(n), fmt.Sprint(drawn), fmt.Sprint(bare)})
		}
		return bare
	}
	for _, g := range grades {
		row(g, func(a record.Assumption) bool { return a.Grade == g })
	}
	row("without a grade", func(a record.Assumption) bool { return !slices.Contains(grades, a.Grade) })
	bare := row("all", func(record.Assumption) bool { return true })
	blocks := []Block{
		{Text: fmt.Sprintf("The scenario rests on %s; %s.", counted(len(all), "number"), lacking(bare))},
		{Table: t},
		{Heading: "The weakest"},
		{List: l.texts(x)},
	}
	if l.least > 0 {
		blocks = append(blocks, Block{Text: fmt.Sprintf(
			"Ranked by rank correlation with %s over %s, among what rests on judgement alone; where chance may give it, what the scenario spreads its runs over evenly comes first. With %s, chance alone takes some correlation beyond ±%.2f in one report of twenty.",
			x.words(l.what), counted(l.runs, "run"), counted(len(x.table.inputs), "drawn input"), l.least)})
	}
	return append(blocks, Block{Text: "The appendix lists every one, with its source; assumptions.csv beside this report holds the same for other tools."})
}

// lacking tells how many numbers have no source.
func lacking(n int) string {
	if n == 0 {
		return "each names a source"
	}
	if n == 1 {
		return "1 of them has no source"
	}
	return fmt.Sprintf("%d of them have no source", n)
}

// appendixBlocks lists every assumption, a table for each grade.
func (x *study) appendixBlocks() []Block {
	var blocks []Block
	for _, g := range append(slices.Clone(grades), "") {
		t := &Table{Head: []string{"Assumption", "Value", "Range of draws", "Source and note"}, Form: "lrrl", Folded: true}
		for _, a := range x.About.Assumptions {
			if a.Grade != g && (g != "" || slices.Contains(grades, a.Grade)) {
				continue
			}
			drawn, from := "", a.Source
			if a.Drawn {
				drawn = plot.FormatRange(a.Low, a.High, a.Unit)
			}
			if from == "" {
				from = "no source"
			}
			if a.Note != "" {
				from += " — " + a.Note
			}
			t.Rows = append(t.Rows, []string{a.Path, number(a.Value, a.Unit), drawn, from})
		}
		if len(t.Rows) > 0 {
			name := g
			if g == "" {
				name = "without a grade"
			}
			t.Caption = fmt.Sprintf("Grade %s: %s", name, counted(len(t.Rows), "number"))
			blocks = append(blocks, Block{Table: t})
		}
	}
	return blocks
}
