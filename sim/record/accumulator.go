package record

import (
	"runtime"
	"sync"
)

// ExactBudget is the memory in bytes, at eight for each cell and run, up to which a summary is worked out from every value.
// Zeros take a bit, so of base-2026 it needs half of that. Beyond it, [Sketches] do. Which of the two is decided from the
// planned number of runs, so that shards agree.
const ExactBudget = 160_000_000

// SketchBudget is the memory in bytes that the bins of all sketches take at most.
const SketchBudget = 64_000_000

// Accumulator gathers the values of cells over runs 1 to N and describes them. A run counts from its End on;
// run 0 is passed over. Neither the order in which runs end nor the parts that they are gathered in can
// change what comes out.
type Accumulator interface {
	RunSink
	State
	// Summary describes every cell over the runs that have ended. It may be called again later; no run may
	// go on while it works. It uses as many processors as Go may.
	Summary() Summary
}

// NewAccumulator returns an empty accumulator for runs 1 to runs: [Exact] where every value fits
// [ExactBudget], else [Sketches].
func NewAccumulator(cells Cells, runs int) Accumulator {
	if Fits(cells, runs) {
		return NewExact(cells, runs)
	}
	return NewSketches(cells)
}

// Fits tells whether 8 bytes for each cell and run fit [ExactBudget].
func Fits(cells Cells, runs int) bool {
	return int64(runs) <= ExactBudget/8/max(int64(cells.Count()), 1)
}

// AccumulatorBytes is the memory that [NewAccumulator]'s choice takes at most.
func AccumulatorBytes(cells Cells, runs int) int64 {
	n := int64(cells.Count())
	open := 8 * n * int64(runtime.GOMAXPROCS(0)) // runs under way
	if Fits(cells, runs) {
		return (8*n+n*12/64)*int64(runs) + open
	}
	return n*(sketchBytes+8*int64(sketchBins(cells))) + 8*n*pendingRows + open
}

// summarise fills the cells of a summary, a block of neighbouring ones at a time: describe is called from
// several goroutines with blocks that do not overlap.
func summarise(cells Cells, runs int, describe func() func(block []Cell, first int)) Summary {
	s := Summary{Columns: cells.Columns, Cells: make([]Cell, cells.Count()), Runs: runs}
	for t := cells.Start; t <= cells.End; t++ {
		columns, first := cells.At(t)
		for i, col := range columns {
			s.Cells[first+i].Month, s.Cells[first+i].Column = t, col
		}
	}
	work := make(chan int)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		one := describe()
		all.Go(func() {
			for first := range work {
				one(s.Cells[first:min(first+cellBlock, len(s.Cells))], first)
			}
		})
	}
	for first := 0; first < len(s.Cells); first += cellBlock {
		work <- first
	}
	close(work)
	all.Wait()
	for i := range s.Cells {
		s.Error = max(s.Error, s.Cells[i].Error)
	}
	return s
}

// cellBlock is the number of neighbouring cells that are worked on together: they share cache lines in every
// run, and their values over a thousand runs fit a processor's cache.
const cellBlock = 32
