package record

import (
	"math"
	"slices"
)

// chooser finds order statistics without sorting all values. It keeps its memory from one cell to the next.
type chooser struct {
	bucket []uint8
	chosen []float64
}

const (
	buckets   = 256
	sortBelow = 64 // values that are sorted at once
	deepest   = 3  // distributions within distributions, before the rest is sorted
)

// choose sets out[i] to the value of rank ranks[i], counted from 0, among the values, which lie between low
// and high. ranks rise. It reorders values at most.
//
// Values are dealt to buckets of equal width, and only buckets that hold a wanted rank are looked into. Which
// bucket a value falls in never falls as the value rises, and nothing else matters to what comes out: the
// order statistics themselves.
func (c *chooser) choose(values []float64, low, high float64, ranks []int, out []float64) {
	c.bucket = slices.Grow(c.bucket[:0], len(values))[:len(values)]
	if need := deepest * len(values); len(c.chosen) < need {
		c.chosen = make([]float64, need)
	}
	c.within(values, c.chosen, low, high, 0, ranks, out, 0)
}

// within is choose for values of which so many smaller ones lie elsewhere.
func (c *chooser) within(values, room []float64, low, high float64, smaller int, ranks []int, out []float64, depth int) {
	scale := buckets / (high - low)
	if len(values) <= sortBelow || depth == deepest || !(scale > 0 && scale <= math.MaxFloat64) {
		slices.Sort(values)
		for i, rank := range ranks {
			out[i] = values[rank-smaller]
		}
		return
	}
	var count [buckets]int
	bucket := c.bucket[:len(values)]
	for i, v := range values {
		b := uint8(min(int((v-low)*scale), buckets-1))
		bucket[i] = b
		count[b]++
	}
	type group struct{ bucket, before, first, ranks int }
	var groups [2 * LevelCount]group
	n, b, before, gathered, i := 0, 0, smaller, 0, 0
	var to [buckets]int32 // 1 + place of the group in which a bucket's values are gathered; 0 for nobody
	for i < len(ranks) {
		for ; before+count[b] <= ranks[i]; b++ {
			before += count[b]
		}
		g := group{bucket: b, before: before, first: gathered}
		for ; i < len(ranks) && ranks[i] < before+count[b]; i++ {
			g.ranks++
		}
		groups[n] = g
		n++
		to[b] = int32(n)
		gathered += count[b]
	}
	var filled [2*LevelCount + 1]int
	for g := range n {
		filled[g+1] = groups[g].first
	}
	for i, v := range values {
		if g := to[bucket[i]]; g > 0 {
			room[filled[g]] = v
			filled[g]++
		}
	}
	done := 0
	for g := range n {
		first, size := groups[g].first, count[groups[g].bucket]
		part := room[first : first+size]
		wanted := ranks[done : done+groups[g].ranks]
		c.within(part, room[gathered:], slices.Min(part), slices.Max(part), groups[g].before, wanted, out[done:], depth+1)
		done += len(wanted)
	}
}
