package output

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// IAMC writes a result as the wide table of the Integrated Assessment Modeling Consortium: a row for each variable, a column
// for each year. A stock is that of December, a flow that month's.
//
//	Model,Scenario,Region,Variable,Unit,2026,2027,…
//	powerplay 0.3.0,base-2026,World,Capacity Energised|Google|50.0th Percentile,MW,3500,…
//
// Quantiles over runs 1 to N follow the community's naming; a variable without one is the central run's. A measure between
// two firms names both. Measures of regions stand under their region, all others under World.
func (r *Result) IAMC(w io.Writer) error {
	years, place := r.yearEnds()
	t := iamcTable{Result: r, years: years, place: place, labels: map[string]string{}}
	for _, e := range r.About.Entities {
		t.labels[e.Key] = clean(e.Label)
	}
	var lines []iamcLine
	if runs := r.Manifest.Kept; len(runs) > 0 {
		s, err := r.Series(0)
		if err != nil {
			return err
		}
		if run, ok := s.Of(0); ok {
			lines = append(lines, t.central(run)...)
		}
	}
	if r.Manifest.Has("summary.csv") {
		s, err := r.Summary()
		if err != nil {
			return err
		}
		lines = append(lines, t.quantiles(s)...)
	}
	slices.SortStableFunc(lines, func(a, b iamcLine) int {
		return strings.Compare(a.region+"\x00"+a.variable, b.region+"\x00"+b.variable)
	})
	return t.write(w, lines)
}

// yearEnds are the years that end within the run, and the place of each Decembers' column.
func (r *Result) yearEnds() (years []int, place map[unit.Month]int) {
	place = map[unit.Month]int{}
	for t := r.About.Start; t <= r.About.End; t++ {
		if t.YearEnd() {
			place[t] = len(years)
			years = append(years, t.Year())
		}
	}
	return years, place
}

type iamcTable struct {
	*Result
	years  []int
	place  map[unit.Month]int
	labels map[string]string
}

type iamcLine struct {
	region, variable string
	unit             unit.Dimension
	values           []float64 // by year; NaN is missing
}

// line begins a row for a column.
func (t *iamcTable) line(c record.Column, suffix string) iamcLine {
	region, parts := "World", []string{title(c.Metric)}
	for _, key := range []string{c.Entity, c.With} {
		switch i := slices.IndexFunc(t.About.Entities, func(e record.Entity) bool { return e.Key == key }); {
		case i >= 0 && t.About.Entities[i].Roles == "region":
			region = t.labels[key]
		case i >= 0:
			parts = append(parts, strings.ReplaceAll(t.labels[key], "|", "/")) // the bar parts a variable's levels
		}
	}
	if suffix != "" {
		parts = append(parts, suffix)
	}
	values := make([]float64, len(t.years))
	for i := range values {
		values[i] = math.NaN()
	}
	return iamcLine{region, strings.Join(parts, "|"), c.Unit, values}
}

// title writes a measure's name in words: Capacity Energised.
func title(metric string) string {
	words := strings.Split(metric, "_")
	for i, w := range words {
		if w == "hhi" {
			words[i] = "HHI"
		} else if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// central gives the rows of the central run.
func (t *iamcTable) central(run Run) []iamcLine {
	var lines []iamcLine
	for i, c := range t.Columns {
		l := t.line(c, "")
		for k, m := range run.Months {
			if at, ok := t.place[m]; ok {
				l.values[at] = run.Values[i][k]
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// shownLevels are the quantiles of the table, in per cent.
var shownLevels = []int{5, 25, 50, 75, 95}

// quantiles gives the rows over runs 1 to N.
func (t *iamcTable) quantiles(s record.Summary) []iamcLine {
	lines := make([]iamcLine, len(t.Columns)*len(shownLevels))
	for i, c := range t.Columns {
		for k, level := range shownLevels {
			lines[i*len(shownLevels)+k] = t.line(c, fmt.Sprintf("%d.0th Percentile", level))
		}
	}
	levels := record.Levels()
	for _, c := range s.Cells {
		at, ok := t.place[c.Month]
		if !ok {
			continue
		}
		for k, level := range shownLevels {
			lines[c.Column*len(shownLevels)+k].values[at] = c.Quantiles[slices.Index(levels[:], level)]
		}
	}
	return lines
}

func (t *iamcTable) write(w io.Writer, lines []iamcLine) error {
	var b []byte
	b = append(b, "Model,Scenario,Region,Variable,Unit"...)
	for _, y := range t.years {
		b = fmt.Appendf(b, ",%d", y)
	}
	b = append(b, '\n')
	scenario := t.About.Scenario
	if t.About.Variant != "" {
		scenario += "+" + t.About.Variant
	}
	for _, l := range lines {
		for i, cell := range []string{"powerplay " + t.Manifest.Version, scenario, l.region, l.variable, string(l.unit)} {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, clean(cell))
		}
		for _, v := range l.values {
			b = append(b, ',')
			b = appendNumber(b, v)
		}
		b = append(b, '\n')
		if len(b) > 1<<16 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err := w.Write(b)
	return err
}
