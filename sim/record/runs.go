package record

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"powerplay/sim/unit"
)

// Never stands for the date of what did not happen.
const Never unit.Month = math.MinInt32

// RunHead says what a table of runs holds of each.
type RunHead struct {
	Columns  []Column  // the frame's columns
	Inputs   []Input   // what was drawn
	Outcomes []Outcome // what is kept of the frames
	Firsts   []First   // events whose first date is kept
	Numbers  []Number  // what expressions over the run come to
}

// Number is an expression over a run, in the words of its author.
type Number struct {
	Text string         `json:"text"`
	Unit unit.Dimension `json:"unit"`
}

// RunTable holds one row a run: the inputs drawn, outcomes at chosen months, the first dates of events, and
// how the run ended. It is what a result is read into; while runs are made, [Runs] takes them.
type RunTable struct {
	RunHead
	Rows []RunRow // runs that ended, rising
}

// Drawn lists the drawn runs that have an outcome, rising.
func (t *RunTable) Drawn(outcome int) []*RunRow {
	var rows []*RunRow
	for i := range t.Rows {
		if r := &t.Rows[i]; r.Run > 0 && !math.IsNaN(r.Outcomes[outcome]) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Input names a drawn input by its scenario path.
type Input struct {
	Path  string         `json:"path"`
	Unit  unit.Dimension `json:"unit"`
	Words []string       `json:"words,omitempty"` // of a choice: a draw is the place of one of them
}

// Outcome is a column at a month.
type Outcome struct {
	Column int // place in RunHead.Columns
	Month  unit.Month
}

// First asks for the first month of an event of that kind; an empty Firm or Contract means any, and Part 0 any tranche.
type First struct {
	Kind     string `json:"kind"`
	Firm     string `json:"firm,omitempty"`
	Contract string `json:"contract,omitempty"`
	Part     int    `json:"part,omitempty"`
}

// RunRow is one run.
type RunRow struct {
	Run      int
	Inputs   []float64    // as drawn, in the order of RunHead.Inputs; NaN when not told
	Outcomes []float64    // NaN when the run did not get there
	Firsts   []unit.Month // Never when it did not happen
	Numbers  []float64    // NaN where undefined
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
	if f.Contract != "" {
		name = f.Contract + "." + name
	}
	if f.Part > 0 {
		name += fmt.Sprintf("_%d", f.Part)
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

// RowKeeper keeps a row of numbers of each run that ended, outside memory where there may be many. The first
// error stops it; whoever made it learns of it.
type RowKeeper interface {
	// Keep takes a run's row, once; it does not keep the slice. Different runs may come at once, in any order.
	Keep(run int, row []float64)
	// Each visits the rows in the order of their runs. It stops at the first error, its own or visit's. The
	// row lasts until visit returns.
	Each(visit func(run int, row []float64) error) error
}

// Runs makes the row of each run and hands it to a keeper when the run ends, so that it holds in memory only
// those under way. It is a [RunSink] and a [State].
type Runs struct {
	RunHead
	keeper RowKeeper
	rows   *flight[[]float64]
	at     map[unit.Month][]int // outcomes of a month

	mu   sync.Mutex
	n    int            // runs that ended
	whys []string       // the sentences on why a run ended early
	why  map[string]int // their places
}

// A kept row: the last month, 1 + the place of why the run ended early, then inputs, outcomes, first dates and numbers.
const rowHead = 2

// Width is the number of numbers in a kept row.
func (h *RunHead) Width() int {
	return rowHead + len(h.Inputs) + len(h.Outcomes) + len(h.Firsts) + len(h.Numbers)
}

// NewRuns returns a sink whose rows go to keeper. It panics when an outcome names a column that does not
// exist.
func NewRuns(head RunHead, keeper RowKeeper) *Runs {
	r := &Runs{RunHead: head, keeper: keeper, at: map[unit.Month][]int{}, why: map[string]int{}}
	for i, o := range head.Outcomes {
		if o.Column < 0 || o.Column >= len(head.Columns) {
			panic(fmt.Sprintf("record: outcome %d names column %d of %d", i, o.Column, len(head.Columns)))
		}
		r.at[o.Month] = append(r.at[o.Month], i)
	}
	r.rows = newFlight(func() []float64 { return make([]float64, head.Width()) }, func(row []float64) {
		for i := range row {
			row[i] = math.NaN()
		}
	})
	return r
}

// parts cuts a kept row.
func (h *RunHead) parts(row []float64) (inputs, outcomes, firsts, numbers []float64) {
	cut := func(n int) (part []float64) {
		part, row = row[:n], row[n:]
		return part
	}
	cut(rowHead)
	return cut(len(h.Inputs)), cut(len(h.Outcomes)), cut(len(h.Firsts)), row
}

// Draw stores the inputs of a run, in the order of Inputs.
func (r *Runs) Draw(run int, values []float64) {
	inputs, _, _, _ := r.parts(r.rows.of(run))
	copy(inputs, values)
}

// Month stores the outcomes of a month.
func (r *Runs) Month(run int, t unit.Month, frame []float64) {
	if len(r.at[t]) == 0 {
		return
	}
	_, outcomes, _, _ := r.parts(r.rows.of(run))
	for _, i := range r.at[t] {
		outcomes[i] = frame[r.Outcomes[i].Column]
	}
}

// Event stores the event's month where it is the first of its kind.
func (r *Runs) Event(e Event) {
	var firsts []float64
	for i, f := range r.Firsts {
		if !f.of(e) {
			continue
		}
		if firsts == nil {
			_, _, firsts, _ = r.parts(r.rows.of(e.Run))
		}
		if !(firsts[i] <= float64(e.Month)) {
			firsts[i] = float64(e.Month)
		}
	}
}

// Number stores what the expression Numbers[i] comes to in a run.
func (r *Runs) Number(run, i int, v float64) {
	_, _, _, numbers := r.parts(r.rows.of(run))
	numbers[i] = v
}

// of tells whether an event is one that is asked for.
func (f First) of(e Event) bool {
	return e.Kind == f.Kind && (f.Firm == "" || e.Firm == f.Firm) && (f.Contract == "" || e.Contract == f.Contract) && (f.Part == 0 || e.Part == f.Part)
}

// End hands the run's row on.
func (r *Runs) End(run int, at unit.Month, why string) {
	r.rows.of(run) // a run of which nothing was told has a row too
	row, _ := r.rows.land(run)
	row[0], row[1] = float64(at), 0
	r.mu.Lock()
	r.n++
	if why != "" {
		row[1] = float64(r.place(why))
	}
	r.mu.Unlock()
	r.keeper.Keep(run, row)
	r.rows.reuse(row)
}

// place returns 1 + the place of a sentence; the caller holds the lock.
func (r *Runs) place(why string) int {
	if r.why[why] == 0 {
		r.whys = append(r.whys, why)
		r.why[why] = len(r.whys)
	}
	return r.why[why]
}

// Drop forgets a run.
func (r *Runs) Drop(run int) { r.rows.drop(run) }

// Len is the number of runs that ended.
func (r *Runs) Len() int { return r.n }

// Each visits the rows in the order of their runs; a row lasts until visit returns.
func (r *Runs) Each(visit func(*RunRow) error) error {
	row := RunRow{Firsts: make([]unit.Month, len(r.Firsts))}
	return r.keeper.Each(func(run int, kept []float64) error {
		row.Run, row.End, row.Why = run, unit.Month(kept[0]), ""
		if i := int(kept[1]); i > 0 {
			row.Why = r.whys[i-1]
		}
		var firsts []float64
		row.Inputs, row.Outcomes, firsts, row.Numbers = r.parts(kept)
		for i, m := range firsts {
			row.Firsts[i] = Never
			if m == m {
				row.Firsts[i] = unit.Month(m)
			}
		}
		return visit(&row)
	})
}

// All gathers the rows in memory.
func (r *Runs) All() (*RunTable, error) {
	t := &RunTable{RunHead: r.RunHead}
	err := r.Each(func(row *RunRow) error {
		t.Rows = append(t.Rows, row.Clone())
		return nil
	})
	return t, err
}

// Clone copies a row that lasts only while it is visited.
func (r *RunRow) Clone() RunRow {
	one := *r
	one.Inputs, one.Outcomes = slices.Clone(r.Inputs), slices.Clone(r.Outcomes)
	one.Firsts, one.Numbers = slices.Clone(r.Firsts), slices.Clone(r.Numbers)
	return one
}

const runsTag = "runs   1"

// SaveState implements [State].
func (r *Runs) SaveState(w io.Writer, ended func(run int) bool) error {
	s := newSaver(w, runsTag)
	s.words(uint64(r.Width()), uint64(len(r.whys)))
	for _, why := range r.whys {
		s.text(why)
	}
	err := r.keeper.Each(func(run int, row []float64) error {
		if !ended(run) {
			return nil
		}
		s.words(uint64(run) + 1)
		for _, x := range row {
			s.words(math.Float64bits(x))
		}
		return s.err
	})
	s.words(0)
	return errors.Join(err, s.end())
}

// AddState implements [State].
func (r *Runs) AddState(from io.Reader, ended Ended) error {
	l := newLoader(from, runsTag)
	head := [2]uint64(l.words(2))
	if head[0] != uint64(r.Width()) || head[1] > maxWhys {
		l.fail("its rows have %d numbers, not %d, and %d reasons", head[0], r.Width(), head[1])
		return l.err
	}
	var places []float64
	for range head[1] {
		places = append(places, float64(r.place(l.text())))
	}
	row, drawn := make([]float64, r.Width()), 0
	for {
		place := l.words(1)[0]
		if place == 0 && drawn != ended.Drawn {
			l.fail("it has rows of %d runs, not of %d", drawn, ended.Drawn)
		}
		if place == 0 || l.err != nil {
			return l.err
		}
		run := int(place - 1)
		if !ended.Has(run) {
			l.fail("it has a row of run %d, which has not ended", run)
			return l.err
		}
		if run > 0 {
			drawn++
		}
		for i, b := range l.words(len(row)) {
			row[i] = math.Float64frombits(b)
		}
		if why := row[1]; why != 0 {
			if !(why >= 1 && why <= float64(len(places))) {
				l.fail("run %d ended for reason %g of %d", run, why, len(places))
			} else {
				row[1] = places[int(why)-1]
			}
		}
		if l.err != nil {
			return l.err
		}
		r.n++
		r.keeper.Keep(run, row)
	}
}

// maxWhys bounds the number of reasons that a state may tell.
const maxWhys = 1 << 16
