package record

import (
	"math"
	"slices"

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
	// Error bounds the relative error of the quantiles: 0 when they are exact, such as 0.01 for a sketch.
	Error float64
}

// Cell is one column at one month.
type Cell struct {
	Month  unit.Month
	Column int // place in Summary.Columns
	Stats
}

// Stats describes the values of one cell over the runs. N counts the runs that have a value: a run that
// ended early, or whose value is no number, is left out. When N is 0 everything else is NaN.
type Stats struct {
	N              int
	Mean, Min, Max float64
	Quantiles      [LevelCount]float64 // in the order of Levels
}

// Describe returns the statistics of the values in the order of the runs; a NaN is a run without a value.
// It sorts values in place. Quantiles are of type 7 (Hyndman and Fan, "Sample Quantiles in Statistical
// Packages", The American Statistician 50(4), 1996): linear between order statistics, with the smallest
// value at level 0 and the largest at level 100.
//
// The mean adds the values in the order given, so that the same runs give the same bits.
func Describe(values []float64) Stats {
	values = slices.DeleteFunc(values, math.IsNaN)
	n := len(values)
	if n == 0 {
		s := Stats{Mean: math.NaN(), Min: math.NaN(), Max: math.NaN()}
		for i := range s.Quantiles {
			s.Quantiles[i] = math.NaN()
		}
		return s
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	slices.Sort(values)
	s := Stats{N: n, Min: values[0], Max: values[n-1]}
	// Rounding can push the mean of equal values past them by one bit, which a reader takes for an error.
	s.Mean = min(max(sum/float64(n), s.Min), s.Max)
	for i, percent := range Levels() {
		s.Quantiles[i] = quantile(values, percent)
	}
	return s
}

// quantile is the type-7 quantile of sorted values. The place among them is reckoned in whole hundredths,
// so that a level that meets an order statistic returns exactly that value.
func quantile(sorted []float64, percent int) float64 {
	at := (len(sorted) - 1) * percent
	i, rest := at/100, at%100
	a := sorted[i]
	if rest == 0 || a == sorted[i+1] {
		return a
	}
	h := float64(rest) / 100
	return a + float64(h*(sorted[i+1]-a)) // rounded before the sum: no processor may fuse the two
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
