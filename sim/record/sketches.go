package record

import (
	"io"
	"math"
	"sync"

	"powerplay/sim/unit"
)

// pendingRows is how many ended runs wait until they are counted together: a sketch is then fetched from
// memory once for all of them.
const pendingRows = 64

// Sketches is the [Accumulator] whose memory does not depend on the number of runs: counts, smallest,
// largest and mean are exact, quantiles come from a sketch of each cell. For base-2026, 17,830 cells at two
// workers, reckoned:
//
//	bins       17,830 × 448 × 8 B     64 MB at most, whatever the number of runs; 33 MB in 1,200
//	sketches   17,830 × 592 B         11 MB, of which 9.4 the exact sums
//	rows       17,830 × 8 B × (64+2)  9 MB, of runs that wait and runs under way
//
// With the program and the scenario (31 MB) and the six runs that charts draw, the whole of `run base-2026
// --plots none` peaks at 149 MB with 1,200 runs, a scenario of half a year at 72 MB with 20,000 (measured). At 1,120
// runs, nearly the most of base-2026 that [Exact] holds, the peak is 168 MB.
//
// With so many bins a cell whose values stay within a factor of 80 is off by at most 0.8 %, one that spans four
// powers of ten by 1.5 to 3 %, one that changes sign by 3 to 6 %. In 3,000 runs of base-2026 it is nothing in
// half of the rows, at most 0.8 % in nine of ten, 3 % in 99 of 100, and 5.9 % at worst: a row is nearly exact
// until it has more different values than bins.
//
// DataDog's DDSketch was weighed instead. At 1 % it takes 460 counts of eight bytes for four powers of ten, and
// as many again on the other side of zero, hence about the same memory; but its stores either grow with the
// range of the values or give up the error of the lowest quantiles, and its bins come from math.Log, which has
// code of its own on some processors.
type Sketches struct {
	cells    Cells
	share    int // bins a sketch may hold
	sketches []sketch
	rows     *flight[[]float64]

	mu      sync.Mutex
	runs    int         // that have ended
	pending [][]float64 // of them, not yet counted

	stripes []sync.Mutex // one for each block of cells
}

// NewSketches returns an empty accumulator.
func NewSketches(cells Cells) *Sketches {
	n, share := cells.Count(), sketchBins(cells)
	return &Sketches{
		cells: cells, share: share, sketches: make([]sketch, n),
		rows:    newRows(n),
		stripes: make([]sync.Mutex, (n+cellBlock-1)/cellBlock),
	}
}

// Month stores the cells of one month of a run until the run ends.
func (a *Sketches) Month(run int, t unit.Month, frame []float64) {
	if run == 0 {
		return
	}
	columns, at := a.cells.At(t)
	row := a.rows.of(run)[at:]
	for i, col := range columns {
		row[i] = frame[col]
	}
}

// Event does nothing.
func (a *Sketches) Event(Event) {}

// Drop forgets a run.
func (a *Sketches) Drop(run int) { a.rows.drop(run) }

// End counts a run, or has it wait until enough others have ended.
func (a *Sketches) End(run int, _ unit.Month, _ string) {
	row, ok := a.rows.land(run)
	if !ok {
		return
	}
	a.mu.Lock()
	a.runs++
	a.pending = append(a.pending, row)
	var full [][]float64
	if len(a.pending) == pendingRows {
		full, a.pending = a.pending, nil
	}
	a.mu.Unlock()
	a.fold(full)
}

// fold counts rows in all sketches. Several goroutines may do so at once.
func (a *Sketches) fold(rows [][]float64) {
	if len(rows) == 0 {
		return
	}
	var room foldRoom
	var values [cellBlock][]float64
	for i := range values {
		values[i] = make([]float64, len(rows))
	}
	for stripe := range a.stripes {
		first := stripe * cellBlock
		n := min(cellBlock, len(a.sketches)-first)
		for i, row := range rows {
			for j, v := range row[first : first+n] {
				values[j][i] = v
			}
		}
		a.stripes[stripe].Lock()
		for j := range n {
			a.sketches[first+j].add(values[j], a.share, &room)
		}
		a.stripes[stripe].Unlock()
	}
	a.rows.reuse(rows...)
}

// settle counts the runs that wait, and lets the memory of their rows go.
func (a *Sketches) settle() {
	a.mu.Lock()
	rows := a.pending
	a.pending = nil
	a.mu.Unlock()
	a.fold(rows)
	a.rows.release()
}

// Summary implements [Accumulator].
func (a *Sketches) Summary() Summary {
	a.settle()
	return summarise(a.cells, a.runs, func() func([]Cell, int) {
		return func(block []Cell, first int) {
			for i := range block {
				block[i].Stats = a.sketches[first+i].stats()
			}
		}
	})
}

const sketchTag = "sketch 1"

// SaveState implements [State]. Which runs ended tells of cannot be told apart any more: they must be those
// whose End was called.
func (a *Sketches) SaveState(w io.Writer, _ func(run int) bool) error {
	a.settle()
	s := newSaver(w, sketchTag)
	s.words(uint64(len(a.sketches)), uint64(a.share), uint64(a.runs))
	for i := range a.sketches {
		k := &a.sketches[i]
		first, last := k.sum.span()
		s.words(uint64(k.n), uint64(k.zeros), uint64(k.below), uint64(k.above), math.Float64bits(k.low), math.Float64bits(k.high),
			uint64(k.level), uint64(len(k.bins)), uint64(first), uint64(last))
		for _, d := range k.sum[first:last] {
			s.words(uint64(d))
		}
		for _, b := range k.bins {
			s.words(uint64(b.key)<<32 | uint64(b.count))
		}
	}
	return s.end()
}

// AddState implements [State].
func (a *Sketches) AddState(r io.Reader, ended Ended) error {
	l := newLoader(r, sketchTag)
	shape := l.words(3)
	if shape[0] != uint64(len(a.sketches)) || shape[1] != uint64(a.share) {
		l.fail("it holds %d sketches of %d bins, not %d of %d", shape[0], shape[1], len(a.sketches), a.share)
	}
	if shape[2] != uint64(ended.Drawn) {
		l.fail("it is of %d runs, not of %d", shape[2], ended.Drawn)
	}
	a.runs += ended.Drawn
	more := make([]bin, a.share)
	for i := range a.sketches {
		o := sketch{bins: more}
		if err := o.load(l); err != nil {
			return err
		}
		a.sketches[i].join(&o, a.share)
	}
	return l.err
}

// load reads a sketch whose bins fit its own, which are overwritten.
func (s *sketch) load(l *loader) error {
	head := [10]uint64(l.words(10))
	whole := func(i int) int32 {
		if head[i] > math.MaxInt32 {
			l.fail("a sketch counts %d", head[i])
			return 0
		}
		return int32(head[i])
	}
	s.n, s.zeros, s.below, s.above = whole(0), whole(1), whole(2), whole(3)
	s.low, s.high = math.Float64frombits(head[4]), math.Float64frombits(head[5])
	if head[6] > 31 || head[7] > uint64(len(s.bins)) || head[8] > head[9] || head[9] > uint64(len(s.sum)) {
		l.fail("a sketch is of level %d, with %d bins and digits %d to %d", head[6], head[7], head[8], head[9])
	}
	if l.err != nil {
		return l.err
	}
	s.level, s.bins = uint8(head[6]), s.bins[:head[7]]
	for i, d := range l.words(int(head[9] - head[8])) {
		s.sum[int(head[8])+i] = int64(d)
	}
	total := int64(s.zeros) + int64(s.below) + int64(s.above)
	for i, x := range l.words(len(s.bins)) {
		b := bin{uint32(x >> 32), uint32(x)}
		s.bins[i] = b
		total += int64(b.count)
		if b.count == 0 || uint64(b.key) >= 1<<(32-s.level) || i > 0 && b.key <= s.bins[i-1].key {
			l.fail("the bins of a sketch do not rise")
			return l.err
		}
	}
	if l.err == nil && total != int64(s.n) {
		l.fail("a sketch of %d values counts %d", s.n, total)
	}
	return l.err
}
