package record

import (
	"fmt"
	"io"
	"math"
	"slices"

	"powerplay/sim/unit"
)

// Exact is the [Accumulator] that keeps every value. Each has its own place, so the order in which workers
// deliver runs cannot matter.
//
// Values lie run by run and not cell by cell: a run then writes one piece of memory from start to end,
// where the other way round each value would touch a cache line of its own. A run's memory is asked for
// when its first month arrives.
type Exact struct {
	cells Cells
	rows  []exactRow // by run - 1
}

// exactRow is what is known of one run.
type exactRow struct {
	values []uint64 // by cell; see pack
	ended  bool
}

// NewExact returns an empty accumulator for runs 1 to runs.
func NewExact(cells Cells, runs int) *Exact {
	return &Exact{cells: cells, rows: make([]exactRow, max(runs, 0))}
}

// empty is how a missing value is told from a number: values are stored relative to it, so that memory
// fresh from the system, all zero, reads as "no value" and need not be written before it is used.
const empty = 0x7FF8000000000001

func pack(v float64) uint64 {
	switch {
	case v != v:
		return 0
	case v == 0:
		v = 0 // drops the sign of a negative zero
	}
	return math.Float64bits(v) ^ empty
}

func unpack(b uint64) float64 { return math.Float64frombits(b ^ empty) }

// Month stores the cells of one month of a run. It panics when the run is none of the planned ones.
func (a *Exact) Month(run int, t unit.Month, frame []float64) {
	if run == 0 {
		return
	}
	columns, at := a.cells.At(t)
	row := a.row(run)
	if row.values == nil {
		row.values = make([]uint64, a.cells.Count())
	}
	to := row.values[at : at+len(columns)]
	for i, col := range columns {
		to[i] = pack(frame[col])
	}
}

func (a *Exact) row(run int) *exactRow {
	if run < 1 || run > len(a.rows) {
		panic(fmt.Sprintf("record: run %d is outside 1 to %d", run, len(a.rows)))
	}
	return &a.rows[run-1]
}

// Event does nothing.
func (a *Exact) Event(Event) {}

// End makes a run count: the months that it did not reach stay without a value.
func (a *Exact) End(run int, _ unit.Month, _ string) {
	if run != 0 {
		a.row(run).ended = true
	}
}

// Drop forgets a run.
func (a *Exact) Drop(run int) {
	if run != 0 {
		*a.row(run) = exactRow{}
	}
}

// Summary implements [Accumulator].
func (a *Exact) Summary() Summary {
	rows := make([][]uint64, 0, len(a.rows))
	for _, row := range a.rows {
		if row.ended && row.values != nil {
			rows = append(rows, row.values)
		}
	}
	return summarise(a.cells, len(rows), func() func([]Cell, int) {
		var d describer
		var values [cellBlock][]float64
		for i := range values {
			values[i] = make([]float64, len(rows))
		}
		return func(block []Cell, first int) {
			for run, row := range rows {
				for i, b := range row[first : first+len(block)] {
					values[i][run] = unpack(b)
				}
			}
			for i := range block {
				block[i].Stats = d.describe(values[i])
			}
		}
	})
}

const exactTag = "exact v1"

// SaveState implements [State].
func (a *Exact) SaveState(w io.Writer, ended func(run int) bool) error {
	counts := func(i int) bool { return a.rows[i].ended && a.rows[i].values != nil && ended(i+1) }
	n := 0
	for i := range a.rows {
		if counts(i) {
			n++
		}
	}
	s := newSaver(w, exactTag)
	s.words(uint64(a.cells.Count()), uint64(len(a.rows)), uint64(n))
	for i := range a.rows {
		if counts(i) {
			s.words(uint64(i + 1))
			s.words(a.rows[i].values...)
		}
	}
	return s.end()
}

// AddState implements [State].
func (a *Exact) AddState(r io.Reader) error {
	l := newLoader(r, exactTag)
	shape := [3]uint64(l.words(3))
	if shape[0] != uint64(a.cells.Count()) || shape[1] != uint64(len(a.rows)) {
		l.fail("it holds %d cells of %d runs, not %d of %d", shape[0], shape[1], a.cells.Count(), len(a.rows))
	}
	for range shape[2] {
		run := l.words(1)[0]
		if run < 1 || run > uint64(len(a.rows)) || a.rows[run-1].ended {
			l.fail("run %d comes twice or is none of 1 to %d", run, len(a.rows))
			break
		}
		a.rows[run-1] = exactRow{values: slices.Clone(l.words(a.cells.Count())), ended: true}
		if l.err != nil {
			break
		}
	}
	return l.err
}
