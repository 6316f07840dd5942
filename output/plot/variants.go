package plot

import (
	"fmt"
	"math"
	"slices"

	"powerplay/sim/unit"
)

// Variants lay one measure of several variants side by side over time: small fan charts with shared axes in the order
// given, each with the median of the first, the reference, behind its own. How far variants differ run by run on the same
// draws is a [Difference]'s to tell.
type Variants struct {
	Start  unit.Month // of the first value
	Unit   unit.Dimension
	N      int      // runs behind the quantiles
	Panels []Spread // the reference first; at most twelve are drawn. What is missing between two values lies on a straight line
}

// Figure checks the numbers as Multiples does. It takes two variants to compare.
func (v Variants) Figure(w Words) (*Figure, error) {
	if len(v.Panels) < 2 {
		return nil, fmt.Errorf("plot: %d variants to compare: %w", len(v.Panels), ErrNoData)
	}
	months, err := checkSpreads(v.Panels, v.N, v.Start)
	if err != nil {
		return nil, err
	}
	if v.N < fewRuns {
		return nil, fmt.Errorf("plot: variants of %d runs; a fan needs at least %d", v.N, fewRuns)
	}
	b := &multiplesBody{Multiples: Multiples{Start: v.Start, Unit: v.Unit, N: v.N}, all: len(v.Panels), reference: shorten(v.Panels[0].series().label())}
	b.Panels = slices.Clone(v.Panels[:min(len(v.Panels), maxPanels)])
	var medians []Series
	var all [][]float64
	for _, s := range b.Panels {
		medians = append(medians, s.series())
		all = append(all, s.Quantiles.P5, s.Quantiles.P95)
	}
	if b.hues, err = repeatingHues(medians); err != nil {
		return nil, err
	}
	lo, hi := bounds(all...)
	b.v = newValueAxis(v.Unit, lo, hi, true)
	least, most := finals(medians)
	b.v.decimals = rangeDecimals(least*b.v.scale.factor, most*b.v.scale.factor) // as in the title
	b.t = newTimeAxis(v.Start, v.Start+unit.Month(months-1))
	return newFigure(w, b)
}

// finals are the least and the greatest last value.
func finals(series []Series) (least, most float64) {
	var last []float64
	for _, s := range series {
		end, _ := s.end()
		last = append(last, end)
	}
	return bounds(last)
}

// joined fills what is missing between two values along a straight line.
func joined(values []float64) []float64 {
	out := slices.Clone(values)
	last := -1
	for t, v := range values {
		if math.IsNaN(v) {
			continue
		}
		for k := last + 1; last >= 0 && k < t; k++ {
			out[k] = values[last] + (v-values[last])*float64(k-last)/float64(t-last)
		}
		last = t
	}
	return out
}

// joined is the same of all quantiles.
func (q Quantiles) joined() Quantiles {
	return Quantiles{joined(q.P5), joined(q.P20), joined(q.P35), joined(q.P50), joined(q.P65), joined(q.P80), joined(q.P95)}
}

// gaps tells whether values are missing between two others.
func (s Spread) gaps() bool {
	_, last := s.series().end()
	first := slices.IndexFunc(s.Quantiles.P50, func(v float64) bool { return !math.IsNaN(v) })
	return first >= 0 && slices.ContainsFunc(s.Quantiles.P50[first:last+1], math.IsNaN)
}
