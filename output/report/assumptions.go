package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// grades are how well founded an assumption can be, the weakest first.
var grades = []string{"assumption", "estimated", "reported", "measured"}

// headlines are what the answer turns on, run by run.
type headlines struct {
	table record.RunTable // its only outcome is the headline
	what  string          // as a condition names it; empty where there is none
	unit  unit.Dimension
}

// headline picks the outcome whose dependence on the inputs is told: the first number that the scenario compares between
// its variants, else the final market share of who most often leads.
func (x *study) headline() headlines {
	var h headlines
	var of func(*record.RunRow) float64
	if len(x.Table.Numbers) > 0 {
		n := x.Table.Numbers[0]
		h.what, h.unit, of = n.Text, n.Unit, func(r *record.RunRow) float64 { return r.Numbers[0] }
	} else if first := x.placed(measure.MarketShare); len(first) > 0 {
		share := measure.MarketShare.Def()
		for i, o := range x.Table.Outcomes {
			if c := x.Table.Columns[o.Column]; c.Entity == first[0].Firm && c.Metric == share.Name && o.Month == x.About.End {
				h.what, h.unit, of = c.Name()+" @ "+o.Month.String(), share.Dim, func(r *record.RunRow) float64 { return r.Outcomes[i] }
			}
		}
	}
	if of == nil {
		return h
	}
	h.table.Inputs = x.Table.Inputs
	for i := range x.Table.Rows {
		r := &x.Table.Rows[i]
		h.table.Rows = append(h.table.Rows, record.RunRow{Run: r.Run, Inputs: r.Inputs, Outcomes: []float64{of(r)}})
	}
	return h
}

// weak is an assumption that a reader should doubt first.
type weak struct {
	record.Assumption
	follow *effect.Follow // what the headline does where it is low and high; nil where that is no more than chance
	own    bool           // it is a term of the clause in question, or names its kind
	joint  bool           // its author has the runs spread over it evenly, as over what matters most
}

// mostWeak is how many of them are told.
const mostWeak = 3

// weakest finds the assumptions with no better ground than judgement that move the headline most, as far as that is more
// than chance. After them come those of the clause in question, which is nil for none, those without a source first; then
// those that the author has the runs spread over evenly, and then those of the widest ranges, as parts of their values.
func (x *study) weakest(asked *Clause) []weak {
	follows := map[string]*effect.Follow{}
	all, _ := effect.Follows(&x.head.table, 0)
	for i := range all {
		follows[x.Table.Inputs[all[i].Input].Path] = &all[i]
	}
	var list []weak
	for _, a := range x.About.Assumptions {
		own := asked != nil && asked.owns(a.Path)
		if a.Grade == grades[0] && (a.Uncertain() || own) || own && a.Source == "" {
			list = append(list, weak{a, follows[a.Path], own, slices.Contains(x.Joint, a.Path)})
		}
	}
	rank := func(w weak) float64 {
		if w.follow == nil {
			return 0
		}
		return math.Abs(w.follow.Rank)
	}
	width := func(w weak) float64 { return (w.High - w.Low) / max(math.Abs(w.Value), math.SmallestNonzeroFloat64) }
	slices.SortStableFunc(list, func(a, b weak) int {
		return cmp.Or(cmp.Compare(rank(b), rank(a)), ahead(a.own, b.own), ahead(a.own && a.Source == "", b.own && b.Source == ""), ahead(a.joint, b.joint), cmp.Compare(width(b), width(a)))
	})
	return list[:min(len(list), mostWeak)]
}

// owns tells whether a path leads to a term of the clause, or to a number of the market that its kind is the first word of,
// such as market.compute.refusal_deterrence for a first refusal.
func (c *Clause) owns(path string) bool {
	parts := strings.Split(path, ".")
	if len(parts) > 2 && parts[0] != "firms" && parts[0] != "market" && parts[1] == c.Key {
		return true
	}
	noun := c.Kind[strings.LastIndex(c.Kind, "-")+1:]
	return noun != "" && parts[0] == "market" && strings.HasPrefix(parts[len(parts)-1]+"_", noun+"_")
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

// weakTexts says of each what it is, its range, and what it does.
func (x *study) weakTexts(list []weak) []string {
	var all []string
	for _, w := range list {
		text := fmt.Sprintf("%s: %s.", x.assumed(w.Path), rangeText(w.Assumption))
		switch f := w.follow; {
		case f != nil:
			n := len(x.head.table.Drawn(0))
			text += fmt.Sprintf(" Where it is low (about %s), %s is %s in the median; where it is high (about %s), %s. Rank correlation %s over %s.",
				number(f.Low, w.Unit), x.words(x.head.what), number(f.AtLow, x.head.unit), number(f.High, w.Unit), number(f.AtHigh, x.head.unit),
				strings.Replace(fmt.Sprintf("%+.2f", f.Rank), "-", "−", 1), counted(n, "run"))
		case w.own:
			text += " It belongs to the clause in question."
		case w.joint:
			text += " The scenario's author counts it among the inputs that matter most."
		default:
			text += " Among the widest ranges, as a part of the value."
		}
		if w.Source == "" {
			text += " No source."
		}
		all = append(all, fmt.Sprintf("%s (%s)", text, w.Path))
	}
	if all == nil {
		return []string{"No assumption is uncertain."}
	}
	return all
}

// assumed words the path of an assumption; a clause goes by its kind.
func (x *study) assumed(path string) string {
	for _, c := range x.Clauses {
		if _, term, is := strings.Cut(path, "."+c.Key+"."); is && c.Kind != "" {
			return record.Capital(strings.ReplaceAll(c.Kind, "-", " ")) + ": " + strings.NewReplacer(".", ", ", "_", " ").Replace(term)
		}
	}
	return record.Capital(x.path(path))
}

// rangeText writes a value with its range, which runs draw from unless they are of a grid, a table or a replication.
func rangeText(a record.Assumption) string {
	if math.IsNaN(a.Value) {
		return "a choice"
	}
	switch {
	case !a.Uncertain():
		return number(a.Value, a.Unit)
	case !a.Drawn:
		return fmt.Sprintf("%s, with a range of %s that these runs do not draw from", number(a.Value, a.Unit), span(a.Low, a.High, a.Unit))
	}
	return fmt.Sprintf("%s, drawn from %s in nine of ten runs", number(a.Value, a.Unit), span(a.Low, a.High, a.Unit))
}

// assumptionBlocks counts the assumptions by grade and names the weakest.
func (x *study) assumptionBlocks(list []weak) []Block {
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
		{List: x.weakTexts(list)},
	}
	if n := len(x.head.table.Rows); x.head.what != "" && n > 1 && !slices.ContainsFunc(list, func(w weak) bool { return w.follow != nil }) {
		blocks = append(blocks, Block{Text: fmt.Sprintf("Over %s, %s follows none of them by more than chance: more runs may tell.", x.runs(), x.words(x.head.what))})
	} else if x.head.what != "" && n > 1 {
		blocks = append(blocks, Block{Text: fmt.Sprintf(
			"Of the numbers that rest on judgement alone, those that %s follows by more than chance come first, by rank correlation; then those of the clause in question, also where they are not uncertain; then those that the scenario's author counts among the inputs that matter most, and has the runs spread over evenly; then the widest ranges.", x.words(x.head.what))})
	}
	return append(blocks, Block{Text: "The appendix lists every one, with its source, and is printed only as far as its tables are open; assumptions.csv beside this report holds the same for other tools."})
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
		t := &Table{Head: []string{"Assumption", "Value", "Range, 90%", "Source and note"}, Form: "lrrl", Folded: true}
		for _, a := range x.About.Assumptions {
			if a.Grade != g && (g != "" || slices.Contains(grades, a.Grade)) {
				continue
			}
			likely, from := "", a.Source
			if a.Uncertain() {
				likely = span(a.Low, a.High, a.Unit)
			}
			if from == "" {
				from = "no source"
			}
			if a.Note != "" {
				from += " — " + a.Note
			}
			t.Rows = append(t.Rows, []string{a.Path, number(a.Value, a.Unit), likely, from})
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
