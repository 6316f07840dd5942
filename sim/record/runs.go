package record

import (
	"fmt"
	"math"
	"strings"

	"powerplay/sim/unit"
)

// Never stands for the date of what did not happen.
const Never unit.Month = math.MinInt32

// RunTable holds one row a run: the inputs drawn, outcomes at chosen months, the first dates of events, and
// how the run ended. Each run has a row of its own, so different runs may be filled at once.
type RunTable struct {
	Columns  []Column  // the frame's columns
	Inputs   []Input   // what was drawn
	Outcomes []Outcome // what is kept of the frames
	Firsts   []First   // events whose first date is kept
	Rows     []RunRow  // by run, 0 to N; only rows with Done belong to the table
	at       map[unit.Month][]int
}

// Input names a drawn input by its scenario path.
type Input struct {
	Path string         `json:"path"`
	Unit unit.Dimension `json:"unit"`
}

// Outcome is a column at a month.
type Outcome struct {
	Column int // place in RunTable.Columns
	Month  unit.Month
}

// First asks for the first month of an event of that kind; an empty Firm means any.
type First struct {
	Kind string `json:"kind"`
	Firm string `json:"firm,omitempty"`
}

// RunRow is one run.
type RunRow struct {
	Run      int
	Inputs   []float64    // as drawn, in the order of RunTable.Inputs; NaN when not told
	Outcomes []float64    // NaN when the run did not get there
	Firsts   []unit.Month // Never when it did not happen
	Done     bool         // the run ended, at the horizon or before
	End      unit.Month   // its last month
	Why      string       // why it ended early; empty when it reached the horizon
}

// Name is the outcome's heading: "openai.cash@2027" for a December, "openai.cash@2027-06" for another month.
func (o Outcome) Name(columns []Column) string {
	when := o.Month.String()
	if o.Month.YearEnd() {
		when = strings.TrimSuffix(when, "-12")
	}
	return columns[o.Column].Name() + "@" + when
}

// Name is the heading of the date: "first_default", "openai.first_default".
func (f First) Name() string {
	name := "first_" + strings.ReplaceAll(f.Kind, "-", "_")
	if f.Firm != "" {
		name = f.Firm + "." + name
	}
	return name
}

// YearEnds lists the outcomes of the chosen columns at every December and at the last month, by column and
// then by month.
func YearEnds(columns []Column, start, end unit.Month, chosen func(Column) bool) []Outcome {
	var all []Outcome
	for i, c := range columns {
		if !chosen(c) {
			continue
		}
		for t := start; t <= end; t++ {
			if t.YearEnd() || t == end {
				all = append(all, Outcome{Column: i, Month: t})
			}
		}
	}
	return all
}

// NewRunTable returns a table for runs 0 to runs with no row filled. It panics when an outcome names a
// column that does not exist.
func NewRunTable(columns []Column, inputs []Input, outcomes []Outcome, firsts []First, runs int) *RunTable {
	t := &RunTable{
		Columns: columns, Inputs: inputs, Outcomes: outcomes, Firsts: firsts,
		Rows: make([]RunRow, runs+1), at: map[unit.Month][]int{},
	}
	for i, o := range outcomes {
		if o.Column < 0 || o.Column >= len(columns) {
			panic(fmt.Sprintf("record: outcome %d names column %d of %d", i, o.Column, len(columns)))
		}
		t.at[o.Month] = append(t.at[o.Month], i)
	}
	for run := range t.Rows {
		t.Drop(run)
	}
	return t
}

// Drop empties a run's row.
func (r *RunTable) Drop(run int) {
	row := RunRow{
		Run:      run,
		Inputs:   make([]float64, len(r.Inputs)),
		Outcomes: make([]float64, len(r.Outcomes)),
		Firsts:   make([]unit.Month, len(r.Firsts)),
	}
	for i := range row.Inputs {
		row.Inputs[i] = math.NaN()
	}
	for i := range row.Outcomes {
		row.Outcomes[i] = math.NaN()
	}
	for i := range row.Firsts {
		row.Firsts[i] = Never
	}
	r.Rows[run] = row
}

// Draw stores the inputs of a run, in the order of Inputs.
func (r *RunTable) Draw(run int, values []float64) { copy(r.Rows[run].Inputs, values) }

// Month stores the outcomes of a month.
func (r *RunTable) Month(run int, t unit.Month, frame []float64) {
	for _, i := range r.at[t] {
		r.Rows[run].Outcomes[i] = frame[r.Outcomes[i].Column]
	}
}

// Event stores the event's month where it is the first of its kind.
func (r *RunTable) Event(e Event) {
	for i, f := range r.Firsts {
		if e.Kind != f.Kind || f.Firm != "" && e.Firm != f.Firm {
			continue
		}
		if first := &r.Rows[e.Run].Firsts[i]; *first == Never || e.Month < *first {
			*first = e.Month
		}
	}
}

// End marks a run as done.
func (r *RunTable) End(run int, at unit.Month, why string) {
	row := &r.Rows[run]
	row.Done, row.End, row.Why = true, at, why
}
