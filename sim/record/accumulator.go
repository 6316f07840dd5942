package record

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"powerplay/sim/unit"
)

// ExactBudget is the memory in bytes up to which a summary is worked out from every value. Beyond it,
// sketches are the way; which of the two is decided from the planned number of runs, so that shards agree.
const ExactBudget = 128 << 20

// BudgetError says that exact values of so many cells and runs do not fit the budget.
type BudgetError struct {
	Cells, Runs  int
	Need, Budget int64 // bytes
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("exact quantiles of %d cells over %d runs need %d bytes; the limit is %d",
		e.Cells, e.Runs, e.Need, e.Budget)
}

// Accumulator gathers the exact value of every cell of every run and describes them. Each value has its
// own place, so the order in which workers deliver runs cannot matter.
//
// Values lie run by run and not cell by cell: a run then writes one piece of memory from start to end,
// where the other way round each value would touch a cache line of its own. A run's memory is asked for
// when its first month arrives.
type Accumulator struct {
	cells Cells
	rows  [][]uint64 // by run - 1, then by cell; see pack
}

// NewAccumulator returns an empty accumulator for runs 1 to runs. The only error is a *BudgetError, when
// 8 bytes for each cell and run exceed the budget; [ExactBudget] is the usual one.
func NewAccumulator(cells Cells, runs int, budget int64) (*Accumulator, error) {
	count := max(int64(cells.Count()), 1)
	if int64(runs) > budget/8/count {
		need := int64(math.MaxInt64) // what does not fit 64 bits is shown as the largest number
		if int64(runs) < need/8/count {
			need = 8 * count * int64(runs)
		}
		return nil, &BudgetError{Cells: cells.Count(), Runs: runs, Need: need, Budget: budget}
	}
	return &Accumulator{cells: cells, rows: make([][]uint64, max(runs, 0))}, nil
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

// Add stores the cells of one month of a run. Run 0 is passed over. Different runs may be added at once
// from different goroutines. It panics when the run is none of the planned ones.
func (a *Accumulator) Add(run int, t unit.Month, frame []float64) {
	if run == 0 {
		return
	}
	columns, at := a.cells.At(t)
	row := a.row(run)
	for i, col := range columns {
		row[at+i] = pack(frame[col])
	}
}

// row returns a run's memory, made on first use.
func (a *Accumulator) row(run int) []uint64 {
	if run < 1 || run > len(a.rows) {
		panic(fmt.Sprintf("record: run %d is outside 1 to %d", run, len(a.rows)))
	}
	if a.rows[run-1] == nil {
		a.rows[run-1] = make([]uint64, a.cells.Count())
	}
	return a.rows[run-1]
}

// Month is Add, so that an accumulator is a [RunSink].
func (a *Accumulator) Month(run int, t unit.Month, frame []float64) { a.Add(run, t, frame) }

// Event does nothing.
func (a *Accumulator) Event(Event) {}

// End does nothing: the months that a run did not reach stay without a value.
func (a *Accumulator) End(int, unit.Month, string) {}

// Drop forgets a run.
func (a *Accumulator) Drop(run int) {
	if run >= 1 && run <= len(a.rows) {
		a.rows[run-1] = nil
	}
}

// Row returns a copy of a run's cells, NaN where it has no value, or nil when nothing of the run was
// added: what a checkpoint or a shard must keep of a finished run.
func (a *Accumulator) Row(run int) []float64 {
	if run < 1 || run > len(a.rows) || a.rows[run-1] == nil {
		return nil
	}
	values := make([]float64, a.cells.Count())
	for i, b := range a.rows[run-1] {
		values[i] = unpack(b)
	}
	return values
}

// SetRow puts a run back that [Accumulator.Row] returned. It panics when the run is none of the planned
// ones or the number of values is not the number of cells.
func (a *Accumulator) SetRow(run int, values []float64) {
	if len(values) != a.cells.Count() {
		panic(fmt.Sprintf("record: run %d has %d cells, want %d", run, len(values), a.cells.Count()))
	}
	row := a.row(run)
	for i, v := range values {
		row[i] = pack(v)
	}
}

// Summary describes every cell over the runs added so far. It may be called again later; no run may be
// added while it works. It uses as many processors as Go may.
func (a *Accumulator) Summary() Summary {
	s := Summary{Columns: a.cells.Columns, Cells: make([]Cell, a.cells.Count())}
	rows := make([][]uint64, 0, len(a.rows))
	for _, row := range a.rows {
		if row != nil {
			rows = append(rows, row)
		}
	}
	s.Runs = len(rows)
	for t := a.cells.Start; t <= a.cells.End; t++ {
		columns, first := a.cells.At(t)
		for i, col := range columns {
			s.Cells[first+i].Month, s.Cells[first+i].Column = t, col
		}
	}

	// Neighbouring cells share cache lines in every run, so a worker takes a block of them at a time.
	const block = 32
	work := make(chan int)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			var values [block][]float64
			for first := range work {
				n := min(block, len(s.Cells)-first)
				for i := range n {
					values[i] = values[i][:0]
				}
				for _, row := range rows {
					for i, b := range row[first : first+n] {
						values[i] = append(values[i], unpack(b))
					}
				}
				for i := range n {
					s.Cells[first+i].Stats = Describe(values[i])
				}
			}
		})
	}
	for first := 0; first < len(s.Cells); first += block {
		work <- first
	}
	close(work)
	all.Wait()
	return s
}
