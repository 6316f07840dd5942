package record

import (
	"math"

	"powerplay/sim/unit"
)

// LevelCount is the number of quantiles in every summary.
const LevelCount = 9

// Levels returns the quantile levels of every summary in percent, rising: the median, and the edges of the
// middle 30, 50, 60 and 90 %.
func Levels() [LevelCount]int { return [...]int{5, 20, 25, 35, 50, 65, 75, 80, 95} }

// Summary is what all drawn runs say together, cell by cell; a cell is a column at a month. Run 0, the
// central run, is never part of it.
type Summary struct {
	Columns []Column
	Runs    int    // runs that took part
	Cells   []Cell // by month, then by column
	// Error is the largest error of any cell's quantiles; see [Stats].
	Error float64
}

// Cell is one column at one month.
type Cell struct {
	Month  unit.Month
	Column int // place in Summary.Columns
	Stats
}

// Stats describes the values of one cell over the runs. N counts the runs that have a value: a run that
// ended early, or whose value is no number, is left out. When N is 0 everything but the error is NaN.
//
// The mean is the exact sum of the values, rounded once, divided by N: the same bits in whatever order and
// parts the values came, and whether or not the quantiles are exact. Smallest and largest are exact always.
type Stats struct {
	N              int
	Mean, Min, Max float64
	Quantiles      [LevelCount]float64 // in the order of Levels
	// Error bounds how far each value that a quantile is made of may be off, as a part of that value: 0 when
	// quantiles are exact.
	Error float64
}

// nothing describes no value.
func nothing() Stats {
	s := Stats{Mean: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	for i := range s.Quantiles {
		s.Quantiles[i] = math.NaN()
	}
	return s
}

// Describe returns the statistics of the values; a NaN is a run without a value. It reorders values.
// Quantiles are of type 7 (Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
// Statistician 50(4), 1996): linear between order statistics, with the smallest value at level 0 and the
// largest at level 100.
func Describe(values []float64) Stats {
	var d describer
	return d.describe(values)
}

// describer describes one cell after the other in the same memory.
type describer struct {
	chooser
	sum exactSum
}

func (d *describer) describe(values []float64) Stats {
	s := Stats{Min: math.Inf(1), Max: math.Inf(-1)}
	d.sum = exactSum{}
	kept := values[:0]
	for _, v := range values {
		if v != v {
			continue
		}
		if v == 0 {
			v = 0 // drops the sign of a negative zero
		}
		kept = append(kept, v)
		if v < s.Min {
			s.Min = v
		}
		if v > s.Max {
			s.Max = v
		}
		if !math.IsInf(v, 0) {
			d.sum.add(v)
		}
	}
	s.N = len(kept)
	if s.N == 0 {
		return nothing()
	}
	s.Mean = meanOf(&d.sum, s.N, s.Min, s.Max)
	ranks, hundredths := ranksOf(s.N)
	var at [2 * LevelCount]float64
	d.choose(kept, s.Min, s.Max, ranks[:], at[:])
	for i, h := range hundredths {
		s.Quantiles[i] = between(at[2*i], at[2*i+1], h)
	}
	return s
}

// meanOf is the mean of n values between low and high, of which sum holds the finite ones.
func meanOf(sum *exactSum, n int, low, high float64) float64 {
	if math.IsInf(low, 0) || math.IsInf(high, 0) {
		return low + high // an infinity, or NaN where both occur
	}
	// Rounding can push the mean of equal values past them by one bit, which a reader takes for an error.
	return min(max(sum.mean(n), low), high)
}

// ranksOf returns, for each level, the two order statistics of n values that the quantile lies between,
// counted from 0, and how many hundredths of the way it has gone from the lower to the upper one: whole ones,
// so that a level that meets an order statistic returns exactly that value. Ranks never fall.
func ranksOf(n int) (ranks [2 * LevelCount]int, hundredths [LevelCount]int) {
	for i, percent := range Levels() {
		at := (n - 1) * percent
		low := at / 100
		ranks[2*i], ranks[2*i+1] = low, min(low+1, n-1)
		hundredths[i] = at % 100
	}
	return ranks, hundredths
}

// between is the number that lies so many hundredths of the way from a up to b. Any part of an infinite value outweighs a
// finite one, so between the two lies the infinite one; between both infinities lies no number.
func between(a, b float64, hundredths int) float64 {
	if hundredths == 0 || a == b || math.IsInf(a, -1) && !math.IsInf(b, 1) {
		return a
	}
	h := float64(hundredths) / 100
	return a + float64(h*(b-a)) // rounded before the sum: no processor may fuse the two
}

// Cells chooses which cells a summary holds.
type Cells struct {
	Columns []Column
	Start   unit.Month
	End     unit.Month
	columns [][]int // by month since Start: the columns held, rising
	offset  []int   // by month since Start: cells of earlier months
	count   int
}

// ChooseCells holds every month of the columns for which every is true, as charts need, and the Decembers
// and the last month of all others, as tables need. A nil every stands for no column. It panics when End
// comes before Start.
func ChooseCells(columns []Column, start, end unit.Month, every func(Column) bool) Cells {
	if end < start {
		panic("record: the last month comes before the first")
	}
	var always, drawn []int
	for i, c := range columns {
		always = append(always, i)
		if every != nil && every(c) {
			drawn = append(drawn, i)
		}
	}
	c := Cells{Columns: columns, Start: start, End: end}
	for t := start; t <= end; t++ {
		held := drawn
		if t.YearEnd() || t == end {
			held = always
		}
		c.columns = append(c.columns, held)
		c.offset = append(c.offset, c.count)
		c.count += len(held)
	}
	return c
}

// Count is the number of cells.
func (c Cells) Count() int { return c.count }

// At returns the columns held at month t, rising, and the place of the first of them among all cells. It
// returns no column for a month outside Start to End. The slice must not be changed.
func (c Cells) At(t unit.Month) (columns []int, first int) {
	if t < c.Start || t > c.End {
		return nil, 0
	}
	return c.columns[t-c.Start], c.offset[t-c.Start]
}
