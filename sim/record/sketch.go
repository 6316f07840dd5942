package record

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A sketch counts the values of one cell in bins. A bin holds the numbers whose float64 begins with the same
// bits: sign, exponent, and as many bits of the fraction as the level of the sketch leaves. Zero has a bin of
// its own, and so have the infinities. A sketch begins with 20 bits of fraction; whenever it holds more than its share of bins, the level
// rises by one, so that each bin joins its neighbour, until they fit. The level is the lowest at which the
// bins of all values fit, hence a matter of the values alone: neither their order nor the parts in which they
// came can change a count. With m bits left, a bin spans the numbers from a to at most a·(1 + 2^−m), and is
// read as 2ab/(a+b), which no number between a and b differs from by more than (b−a)/(b+a) of itself:
//
//	m = 7: 0.4 %     m = 6: 0.8 %     m = 5: 1.5 %     m = 4: 3.0 %     m = 3: 5.9 %
//
// That error holds for every quantile, not only for those far from a collapsed end.
//
// Source: Epicoco, Melle, Cafaro, Pulimeno and Morleo, "UDDSketch: Accurate Tracking of Quantiles in Data
// Streams", IEEE Access 8, 2020, for collapsing all bins alike; Masson, Rim and Lee, "DDSketch", PVLDB 12(12),
// 2019, for the estimate. Bins of leading bits need no logarithm, whose last bit can differ by machine.
type sketch struct {
	sum       exactSum // of the finite values
	low, high float64  // the smallest and the largest value
	n         int32    // values
	zeros     int32    // of them
	below     int32    // of them: −∞
	above     int32    // of them: +∞
	level     uint8    // bits of the key that no longer tell bins apart
	bins      []bin    // rising by key; with room for more
}

// sketchBytes is the memory of a sketch beside its bins.
const sketchBytes = 66*8 + 64

// bin counts values that begin alike.
type bin struct {
	key   uint32 // see keyOf, shifted by the level
	count uint32
}

// sketchBins is how many bins a sketch has at most: what [SketchBudget] leaves for each cell.
func sketchBins(cells Cells) int {
	return min(max(SketchBudget/8/max(cells.Count(), 1), 64), 4096)
}

// keyOf is the first half of a number's bits, turned so that keys rise with numbers.
func keyOf(v float64) uint32 {
	b := uint32(math.Float64bits(v) >> 32)
	if b>>31 != 0 {
		return ^b
	}
	return b | 1<<31
}

// edges are the numbers nearest to and farthest from zero that share a key; negative ones as positive.
func edges(key uint32, level uint8) (near, far float64, negative bool) {
	k := uint64(key)
	if negative = k>>(31-level) == 0; negative {
		k ^= 1<<(32-level) - 1
	}
	first := k << level & (1<<31 - 1)
	last := first + 1<<level
	if last >= 0x7FF00000 { // the first half of an infinity
		return math.Float64frombits(first << 32), math.MaxFloat64, negative
	}
	return math.Float64frombits(first << 32), math.Float64frombits(last << 32), negative
}

// estimate is what a bin is read as, and off bounds its relative error.
func (b bin) estimate(level uint8) (x, off float64) {
	near, far, negative := edges(b.key, level)
	ratio := near / far
	x = near * (2 / (1 + ratio))
	if negative {
		x = -x
	}
	return x, (1 - ratio) / (1 + ratio)
}

// add counts values in at most so many bins; NaN is passed over. room lends memory.
func (s *sketch) add(values []float64, share int, room *foldRoom) {
	own, keys := s.bins, room.keys[:0] // keys that no bin has yet
	for i, b := range own {
		room.at[b.key%uint32(len(room.at))] = int32(i)
	}
	if s.n == 0 {
		s.low, s.high = math.Inf(1), math.Inf(-1)
	}
	for _, v := range values {
		if v != v {
			continue
		}
		if v == 0 {
			v = 0 // drops the sign of a negative zero
		}
		s.n++
		if v < s.low {
			s.low = v
		}
		if v > s.high {
			s.high = v
		}
		switch {
		case v == 0:
			s.zeros++
		case v < -math.MaxFloat64:
			s.below++
		case v > math.MaxFloat64:
			s.above++
		default:
			s.sum.add(v)
			k := keyOf(v) >> s.level
			if i := room.find(own, k); i >= 0 {
				own[i].count++
			} else {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	more := room.bins[:0]
	for _, k := range keys {
		if n := len(more); n > 0 && more[n-1].key == k {
			more[n-1].count++
		} else {
			more = append(more, bin{k, 1})
		}
	}
	if n := len(own) + len(more); n <= share { // they have no key in common
		s.merge(more, n, share)
	} else {
		s.count(more, share)
	}
	room.keys, room.bins = keys, more
}

// foldRoom is memory that one goroutine lends to one sketch after the other.
type foldRoom struct {
	keys []uint32
	bins []bin
	at   [1 << 12]int32 // by the last bits of a key: the bin that may have it
}

// find returns the place of a key's bin, or -1. Of bins whose last bits are alike, the place of the last one stands in at:
// where that is none of them, there is no such bin, and where it is another one, the key is searched for.
func (r *foldRoom) find(bins []bin, key uint32) int {
	slot := key % uint32(len(r.at))
	i := int(r.at[slot])
	switch {
	case i >= len(bins) || bins[i].key%uint32(len(r.at)) != slot:
		return -1
	case bins[i].key == key:
		return i
	}
	if i, found := slices.BinarySearchFunc(bins, key, func(b bin, k uint32) int { return cmp.Compare(b.key, k) }); found {
		return i
	}
	return -1
}

// join adds what another sketch of the same cell holds, which is used up.
func (s *sketch) join(o *sketch, share int) {
	if o.n == 0 {
		return
	}
	if s.n == 0 {
		s.low, s.high = o.low, o.high
	}
	s.low, s.high = min(s.low, o.low), max(s.high, o.high)
	s.n, s.zeros, s.below, s.above = s.n+o.n, s.zeros+o.zeros, s.below+o.below, s.above+o.above
	s.sum.join(&o.sum)
	if s.level < o.level {
		s.bins = coarsen(s.bins, o.level-s.level)
		s.level = o.level
	} else {
		o.bins = coarsen(o.bins, s.level-o.level)
	}
	s.count(o.bins, share)
}

// count merges bins of the sketch's level into its own. more is used up.
func (s *sketch) count(more []bin, share int) {
	union, rise := fit(s.bins, more, share)
	if rise > 0 {
		s.level += rise
		s.bins, more = coarsen(s.bins, rise), coarsen(more, rise)
	}
	s.merge(more, union, share)
}

// merge merges more into the bins, from the largest down so that they stay in place; union is how many there then are.
func (s *sketch) merge(more []bin, union, share int) {
	own := s.bins
	if union > cap(own) {
		room := share
		if union <= fewBins {
			room = fewBins
		}
		s.bins = append(make([]bin, 0, room), own...)
	}
	s.bins = s.bins[:union]
	n, to := len(own), union
	for k := len(more) - 1; k >= 0; k-- {
		m := more[k]
		for ; n > 0 && s.bins[n-1].key > m.key; n-- {
			to--
			s.bins[to] = s.bins[n-1]
		}
		if n > 0 && s.bins[n-1].key == m.key {
			n--
			m.count += s.bins[n].count
		}
		to--
		s.bins[to] = m
	}
}

// fewBins is the room that a sketch has for bins until it takes all that it may: a cell that takes more values than this
// takes very many as a rule.
const fewBins = 64

// fit returns by how many bits keys must be cut at least so that the union of a and b has at most room bins, and how many
// it then has. Two neighbours fall together as soon as the highest bit in which they differ is cut.
func fit(a, b []bin, room int) (union int, rise uint8) {
	if len(a)+len(b) == 0 {
		return 0, 0
	}
	var apart [33]int // neighbours in the union, by the number of bits that hold all in which they differ
	for last, first := uint32(0), true; len(a)+len(b) > 0; first = false {
		key := uint32(0)
		if len(b) == 0 || len(a) > 0 && a[0].key < b[0].key {
			key, a = a[0].key, a[1:]
		} else {
			key, b = b[0].key, b[1:]
		}
		if !first {
			apart[bits.Len32(key^last)]++
		}
		last = key
	}
	union = 1
	for _, n := range apart[1:] {
		union += n
	}
	for union > room {
		rise++
		union -= apart[rise]
	}
	return union, rise
}

// coarsen drops so many of the last bits of every key, and joins bins whose keys are then alike.
func coarsen(bins []bin, cut uint8) []bin {
	n := 0
	for _, b := range bins {
		b.key >>= cut
		if n > 0 && bins[n-1].key == b.key {
			bins[n-1].count += b.count
		} else {
			bins[n] = b
			n++
		}
	}
	return bins[:n]
}

// stats describes the values.
func (s *sketch) stats() Stats {
	if s.n == 0 {
		return nothing()
	}
	n := int(s.n)
	d := Stats{N: n, Min: s.low, Max: s.high, Mean: meanOf(&s.sum, n, s.low, s.high)}
	if s.low == s.high {
		for i := range d.Quantiles {
			d.Quantiles[i] = s.low
		}
		return d
	}
	w := walk{sketch: s, before: int(s.below)}
	for _, b := range s.bins {
		_, off := b.estimate(s.level)
		d.Error = max(d.Error, off)
		if b.key>>(31-s.level) == 0 {
			w.negative++
		}
	}
	ranks, hundredths := ranksOf(n)
	for q, h := range hundredths {
		a := w.at(ranks[2*q])
		ahead := w // the upper rank may lie behind the lower one of the next level
		d.Quantiles[q] = between(a, ahead.at(ranks[2*q+1]), h)
	}
	return d
}

// walk goes through the values of a sketch from the smallest up.
type walk struct {
	*sketch
	negative int  // bins below zero
	i        int  // the bin it stands before
	zero     bool // it has gone past zero
	before   int  // values passed
}

// at returns the value of a rank, counted from 0, that is not lower than the last one asked for.
func (w *walk) at(rank int) float64 {
	switch {
	case rank == 0:
		return w.low
	case rank == int(w.n)-1:
		return w.high
	case rank < int(w.below):
		return math.Inf(-1)
	case rank >= int(w.n-w.above):
		return math.Inf(1)
	}
	for {
		if w.i == w.negative && !w.zero {
			if rank < w.before+int(w.zeros) {
				return 0
			}
			w.before, w.zero = w.before+int(w.zeros), true
		}
		b := w.bins[w.i]
		if rank < w.before+int(b.count) {
			x, _ := b.estimate(w.level)
			return min(max(x, w.low), w.high)
		}
		w.before += int(b.count)
		w.i++
	}
}
