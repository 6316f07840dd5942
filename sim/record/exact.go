package record

import (
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"

	"powerplay/sim/unit"
)

// Exact is the [Accumulator] that keeps every value. Each has its own place, so the order in which workers
// deliver runs cannot matter.
//
// Values lie run by run and not cell by cell: a run then writes one piece of memory from start to end,
// where the other way round each value would touch a cache line of its own. Zeros take a bit: a maker of chips
// has no market share, and of the cells of base-2026 half are zero in a run.
type Exact struct {
	cells Cells
	open  *flight[[]float64] // by cell; NaN where there is no value
	rows  []exactRow         // by run - 1
}

// exactRow is a run that has ended: which of its cells are not zero, and their values.
type exactRow struct {
	filled []uint64 // a bit a cell, 64 a word
	before []uint32 // values of the words before each
	values []uint64 // the bits of each
}

// NewExact returns an empty accumulator for runs 1 to runs.
func NewExact(cells Cells, runs int) *Exact {
	return &Exact{cells: cells, open: newRows(cells.Count()), rows: make([]exactRow, max(runs, 0))}
}

// newRows holds the cells of runs that are under way, NaN until they have a value.
func newRows(cells int) *flight[[]float64] {
	return newFlight(func() []float64 { return make([]float64, cells) }, func(row []float64) {
		for i := range row {
			row[i] = math.NaN()
		}
	})
}

// Month stores the cells of one month of a run until the run ends. It panics when the run is none of the planned ones.
func (a *Exact) Month(run int, t unit.Month, frame []float64) {
	if run == 0 {
		return
	}
	a.row(run)
	columns, at := a.cells.At(t)
	row := a.open.of(run)[at:]
	for i, col := range columns {
		row[i] = frame[col]
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
	if values, ok := a.open.land(run); ok {
		*a.row(run) = packed(values)
		a.open.reuse(values)
	}
}

// packed leaves the zeros of a run out.
func packed(values []float64) exactRow {
	n := 0
	for _, v := range values {
		if v != 0 { // nor is what is missing
			n++
		}
	}
	words := (len(values) + 63) / 64
	row := exactRow{filled: make([]uint64, words), before: make([]uint32, words), values: make([]uint64, 0, n)}
	for i, v := range values {
		if i%64 == 0 {
			row.before[i/64] = uint32(len(row.values))
		}
		if v != 0 {
			row.filled[i/64] |= 1 << (i % 64)
			row.values = append(row.values, math.Float64bits(v))
		}
	}
	return row
}

// unpack gives the values of a block of cells of a run to as many series, at the run's place.
func (row *exactRow) unpack(first int, series [][]float64, place int) {
	word, shift := row.filled[first/64], first%64 // a block lies within a word
	at := int(row.before[first/64]) + bits.OnesCount64(word&(1<<shift-1))
	for i := range series {
		series[i][place] = 0
		if word>>(shift+i)&1 != 0 {
			series[i][place] = math.Float64frombits(row.values[at])
			at++
		}
	}
}

// Drop forgets a run that has not ended.
func (a *Exact) Drop(run int) { a.open.drop(run) }

// Summary implements [Accumulator].
func (a *Exact) Summary() Summary {
	a.open.release() // no run goes on
	rows := make([]*exactRow, 0, len(a.rows))
	for i := range a.rows {
		if a.rows[i].filled != nil {
			rows = append(rows, &a.rows[i])
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
				row.unpack(first, values[:len(block)], run)
			}
			for i := range block {
				block[i].Stats = d.describe(values[i])
			}
		}
	})
}

const exactTag = "exact v2"

// SaveState implements [State].
func (a *Exact) SaveState(w io.Writer, ended func(run int) bool) error {
	counts := func(i int) bool { return a.rows[i].filled != nil && ended(i+1) }
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
			s.words(a.rows[i].filled...)
			s.words(a.rows[i].values...)
		}
	}
	return s.end()
}

// AddState implements [State].
func (a *Exact) AddState(r io.Reader, ended Ended) error {
	l := newLoader(r, exactTag)
	shape := [3]uint64(l.words(3))
	if shape[0] != uint64(a.cells.Count()) || shape[1] != uint64(len(a.rows)) {
		l.fail("it holds %d cells of %d runs, not %d of %d", shape[0], shape[1], a.cells.Count(), len(a.rows))
	}
	if shape[2] != uint64(ended.Drawn) {
		l.fail("it holds %d runs, not %d", shape[2], ended.Drawn)
	}
	for range shape[2] {
		run := l.words(1)[0]
		if run < 1 || run > uint64(len(a.rows)) || a.rows[run-1].filled != nil || !ended.Has(int(run)) {
			l.fail("run %d comes twice, has not ended or is none of 1 to %d", run, len(a.rows))
		}
		if l.err != nil {
			break
		}
		row := a.load(l)
		if l.err != nil {
			break
		}
		a.rows[run-1] = row
	}
	return l.err
}

// load reads a run that SaveState wrote.
func (a *Exact) load(l *loader) (row exactRow) {
	n := a.cells.Count()
	row.filled = slices.Clone(l.words((n + 63) / 64))
	if rest := n % 64; rest != 0 && row.filled[len(row.filled)-1]>>rest != 0 {
		l.fail("a run has more than %d cells", n)
	}
	values := 0
	for _, word := range row.filled {
		row.before = append(row.before, uint32(values))
		values += bits.OnesCount64(word)
	}
	row.values = slices.Clone(l.words(values))
	return row
}
