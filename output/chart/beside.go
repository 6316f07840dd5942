package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"powerplay/sim/measure"
	"powerplay/sim/record"
)

// finding is a number of the central run that a chart shows.
type finding struct {
	of     string // whose it is, as printed
	column int
}

// mostBeside is how many numbers a subtitle places among the draws.
const mostBeside = 3

// numbers are those of a measure for each firm with a role that has a colour of its own, the largest at the end first: all others
// are small, and stacks put them together.
func (d *Data) numbers(m measure.ID, role string) []finding {
	var all []finding
	for _, e := range d.About.Entities {
		if c := d.find(e.Key, m); e.Has(role) && !record.IsRest(e.Key) && d.colorOf(e) != restColor && d.last(c) > 0 {
			all = append(all, finding{e.Label, c})
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return cmp.Compare(d.last(b.column), d.last(a.column)) })
	return all
}

// last is a column's value in the last month of the central run; 0 where it is not known.
func (d *Data) last(column int) float64 {
	values := d.column(d.central(), column)
	if len(values) == 0 {
		return 0
	}
	return values[len(values)-1]
}

// beside is a sentence that says which of the central run's numbers end outside the middle 60 % of the draws, at most
// [mostBeside] of them; it is empty where none does, or where runs are too few to tell.
func (d *Data) beside(all []finding) string {
	if d.Summary.Runs < FanRuns {
		return ""
	}
	var parts []string
	for _, f := range all {
		switch place := d.place(f.column); {
		case place == "" || len(parts) == mostBeside:
		case len(parts) == 0: // verb and runs are said once
			parts = append(parts, record.Agree(fmt.Sprintf("%s ends %s of %d runs", f.of, place, d.Summary.Runs), f.of))
		default:
			parts = append(parts, f.of+" "+place)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ". " + strings.Join(parts, ", ")
}

// place says than in what part of the draws the central run ends higher or lower in a column: "higher than in 80%". It is empty
// within the middle 60 %.
func (d *Data) place(column int) string {
	q, v := d.quantiles(column), d.last(column)
	end := len(q.P50) - 1
	switch {
	case v > q.P95[end]:
		return "higher than in 95%"
	case v > q.P80[end]:
		return "higher than in 80%"
	case v < q.P5[end]:
		return "lower than in 95%"
	case v < q.P20[end]:
		return "lower than in 80%"
	}
	return ""
}
