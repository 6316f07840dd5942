package report

import (
	"fmt"
	"slices"
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// mostEnds is how many year ends stand beside each other.
const mostEnds = 4

// mostFirms is how many firms have a table of their own where results are compared.
const mostFirms = 4

// compare sets several results side by side: what differs between their scenarios, medians with ranges at year ends, and
// the differences run by run.
func compare(all []*study) []Block {
	blocks := []Block{{Table: changesTable(all)}}
	blocks = append(blocks, levelBlocks(all)...)
	var paired []*study
	for _, x := range all[1:] {
		if x.Against != nil {
			paired = append(paired, x)
		}
	}
	if len(paired) == 0 {
		blocks = append(blocks, Block{Text: "These results do not share their draws (seed, start and design differ), so they cannot be compared run by run."})
	} else {
		blocks = append(blocks, Block{Heading: "Run by run, on the same draws"}, Block{Text: fmt.Sprintf(
			"Each run of a result is set against the run of %s with the same draws. Differ: runs in which the number is not the same in both. “Clear” is what is more than chance at 95%%, by the sign test over the runs that differ, corrected after Holm for how many numbers are looked at.", all[0].variant())})
		if t := numbersTable(all[0], paired); len(t.Rows) > 0 {
			blocks = append(blocks, Block{Table: t})
		}
		for _, x := range paired {
			blocks = append(blocks, x.clearBlocks(all[0])...)
		}
	}
	return blocks
}

// changesTable tells what each scenario has otherwise than the first.
func changesTable(all []*study) *Table {
	t := &Table{Caption: "What is compared", Head: []string{"Result", "What differs from " + all[0].variant(), "Runs", "Scenario (SHA-256)"}, Form: "wlrw"}
	for i, x := range all {
		what := "the reference, with which the others are compared"
		switch {
		case x.Against != nil && len(x.Against.Changes) > 0:
			what = strings.Join(x.Against.Changes, "; ")
		case x.Against != nil:
			what = "nothing"
		case i > 0:
			what = "other draws"
		}
		t.Rows = append(t.Rows, []string{x.name(), what, fmt.Sprint(x.drawn()), x.About.Hash[:min(12, len(x.About.Hash))]})
	}
	return t
}

// levelBlocks tabulates measures at year ends: of the world, and the market shares of the leading labs.
func levelBlocks(all []*study) []Block {
	first := all[0]
	var ends []unit.Month
	for t := first.About.End; t > first.About.Start && len(ends) < mostEnds; t-- {
		if t == first.About.End || t.YearEnd() && (first.About.End.Year()-t.Year())%2 == 0 {
			ends = append(ends, t)
		}
	}
	slices.Reverse(ends)
	blocks := []Block{{Heading: "Levels"}, {Text: "Medians, with the range of nine in ten runs behind them, or the value of a single run."}}
	add := func(caption, entity string, m measure.ID) {
		t := &Table{Caption: caption, Head: []string{"Result"}, Form: "w" + strings.Repeat("r", len(ends))}
		for _, end := range ends {
			t.Head = append(t.Head, record.Capital(strings.TrimPrefix(strings.TrimPrefix(when(end), "at the "), "in ")))
		}
		for _, x := range all {
			row := []string{x.short()}
			for _, end := range ends {
				row = append(row, x.levelAt(entity, m, end))
			}
			t.Rows = append(t.Rows, row)
		}
		blocks = append(blocks, Block{Table: t})
	}
	add("Spend on AI models a year", "world", measure.MarketSize)
	add("AI capacity in service, all owners", "world", measure.TotalEnergised)
	for i, p := range first.placed(measure.MarketShare) {
		if i < mostFirms {
			add("Market share of "+first.label(p.Firm), p.Firm, measure.MarketShare)
		}
	}
	return blocks
}

// levelAt is a measure in a month: its median and range over all draws, else of the central run.
func (x *study) levelAt(entity string, m measure.ID, t unit.Month) string {
	if s, ok := x.statsAt(entity, m, t); ok {
		return plot.FormatSpread(s.Quantiles[median], s.Quantiles[0], s.Quantiles[record.LevelCount-1], m.Def().Dim)
	}
	if v, ok := x.last(entity, m); ok && t == x.About.End {
		return number(v, m.Def().Dim)
	}
	return "–"
}

// numbersTable tells the differences in the numbers that the scenario compares.
func numbersTable(first *study, paired []*study) *Table {
	t := differencesTable("Numbers that the scenario compares, less those of " + first.variant())
	for i := range paired[0].Against.Numbers {
		for _, x := range paired {
			if i < len(x.Against.Numbers) {
				t.Rows = append(t.Rows, x.differenceRow(x.Against.Numbers[i]))
			}
		}
	}
	return t
}

func differencesTable(caption string) *Table {
	return &Table{
		Caption: caption, Head: []string{"Number", "Result", "Direction", "Median difference (nine in ten)", "Clear?"},
		Form: "lwlrw",
	}
}

func (x *study) differenceRow(d Difference) []string {
	row := []string{record.Capital(x.words(d.What)), x.short()}
	if d.Differ == 0 {
		return append(row, fmt.Sprintf("the same in all %s", counted(d.Runs, "run")), "0", "")
	}
	way, often := x.side(d)
	size := signed(d.By, 0, d.Unit)
	if d.Runs > 1 {
		size = spread(d.By, d.Low, d.High, d.Unit)
	}
	return append(row, way+" in "+often, size, map[bool]string{true: "clear", false: "may be chance"}[d.Clear])
}

// Bounds of what is told of the differences of one result.
const (
	mostOfParties = 6
	mostOfOthers  = 3
)

// clearBlocks tells the clear differences of a result at year ends, of the firms concerned and of others.
func (x *study) clearBlocks(first *study) []Block {
	t := differencesTable(fmt.Sprintf("Clear differences at year ends: %s less %s", x.variant(), first.variant()))
	for _, list := range []struct {
		all  []Difference
		most int
	}{{x.Against.Parties, mostOfParties}, {x.Against.Others, mostOfOthers}} {
		for _, d := range list.all {
			if d.Clear && list.most > 0 {
				list.most--
				t.Rows = append(t.Rows, x.differenceRow(d))
			}
		}
	}
	if len(t.Rows) == 0 {
		return []Block{{Text: fmt.Sprintf("With %s no number of a year end differs clearly from %s.", x.variant(), first.variant())}}
	}
	return []Block{{Table: t}}
}
