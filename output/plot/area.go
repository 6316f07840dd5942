package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// maxBands is how many bands or coloured lines a reader can tell apart.
const maxBands = 8

// Area is a stacked area chart: who owns how much of a whole over time.
type Area struct {
	Start  unit.Month // of the first value
	Unit   unit.Dimension
	Series []Series  // in order of declaration; one with key "other" is drawn on top in grey
	Focus  string    // key of the series at the bottom; empty keeps the order
	Total  []float64 // the whole, if the series are only the named part of it; the rest joins "other"
	Events []Event
}

// band is one layer of the stack.
type band struct {
	Series
	hue    hue
	focus  bool
	top    []float64 // sum of this band and those below
	folded []string  // labels of the series that "other" holds
}

// areaBody is an Area checked, folded and stacked, bottom first.
type areaBody struct {
	Area
	bands   []band
	total   []float64
	missing bool // some value was missing and counts as zero
}

// Figure checks the numbers and stacks them. Values must not be negative; a missing value counts as zero,
// and the subtitle says so. With more than eight series the smallest are folded into "Other". With a Total
// the difference to it is drawn as "Other"; a total below the sum of its parts is an error.
func (a Area) Figure(w Words) (*Figure, error) {
	months, err := checkSeries(a.Series)
	if err != nil {
		return nil, err
	}
	if err := checkEvents(a.Events); err != nil {
		return nil, err
	}
	b := &areaBody{Area: a}
	sums := make([]float64, len(a.Series)) // over all months, to find the smallest
	parts := make([]float64, months)
	for i, s := range a.Series {
		for t, v := range s.Values {
			if v < 0 {
				return nil, fmt.Errorf("plot: series %q is %g at %v; a stack takes no negative values", s.Key, v, a.Start+unit.Month(t))
			}
			if math.IsNaN(v) {
				b.missing = true
				continue
			}
			sums[i] += v
			parts[t] += v
		}
	}
	rest := make([]float64, months)
	hasRest := false
	if a.Total != nil {
		if len(a.Total) != months {
			return nil, fmt.Errorf("plot: the total has %d values, the series %d", len(a.Total), months)
		}
		for t, v := range a.Total {
			tolerance := 1e-9 * parts[t]
			switch {
			case math.IsNaN(v) || math.IsInf(v, 0):
				return nil, fmt.Errorf("plot: the total is %g at %v", v, a.Start+unit.Month(t))
			case v < parts[t]-tolerance:
				return nil, fmt.Errorf("plot: the total is %g at %v, less than the %g of its parts", v, a.Start+unit.Month(t), parts[t])
			case v > parts[t]+tolerance:
				rest[t] = v - parts[t]
				hasRest = true
			}
		}
	}

	isOther := func(i int) bool { return strings.EqualFold(a.Series[i].Key, "other") }
	named := make([]int, 0, len(a.Series))
	for i := range a.Series {
		if !isOther(i) {
			named = append(named, i)
		} else {
			hasRest = true
		}
	}
	slots := maxBands
	if hasRest || len(named) > maxBands {
		slots--
	}
	bySize := slices.Clone(named)
	slices.SortStableFunc(bySize, func(i, j int) int {
		if fi, fj := a.Series[i].Key == a.Focus, a.Series[j].Key == a.Focus; fi != fj {
			return map[bool]int{true: -1, false: 1}[fi]
		}
		return cmp.Compare(sums[j], sums[i])
	})
	kept := map[int]bool{}
	for _, i := range bySize[:min(slots, len(bySize))] {
		kept[i] = true
	}
	colours, err := hues(a.Series, func(i int) bool { return kept[i] })
	if err != nil {
		return nil, err
	}
	other := band{Series: Series{Key: "other", Label: "Other", Values: rest}, hue: neutralHue}
	for i, s := range a.Series {
		values := make([]float64, months)
		for t, v := range s.Values {
			if !math.IsNaN(v) {
				values[t] = v
			}
		}
		if kept[i] {
			one := band{Series: s, hue: colours[i], focus: s.Key == a.Focus && a.Focus != ""}
			one.Values = values
			if one.focus {
				b.bands = slices.Insert(b.bands, 0, one)
			} else {
				b.bands = append(b.bands, one)
			}
			continue
		}
		for t := range rest {
			rest[t] += values[t]
		}
		if isOther(i) {
			other.Label = s.label()
		} else {
			other.folded = append(other.folded, s.label())
		}
	}
	if hasRest || len(other.folded) > 0 {
		b.bands = append(b.bands, other)
	}
	b.total = make([]float64, months)
	for k := range b.bands {
		b.bands[k].top = make([]float64, months)
		for t, v := range b.bands[k].Values {
			b.total[t] += v
			b.bands[k].top[t] = b.total[t]
		}
	}
	if slices.ContainsFunc(b.total, func(v float64) bool { return v > 1e300 }) {
		return nil, fmt.Errorf("plot: the stack grows beyond 1e300; it cannot be drawn")
	}
	return newFigure(w, b)
}

func (b *areaBody) kind() string { return "Stacked area chart" }

func (b *areaBody) notes() []string {
	var notes []string
	if b.missing {
		notes = append(notes, "Missing values count as zero.")
	}
	return notes
}

// edgeWidth is the width in points of the white edge between two bands. Where a band is thin its edges are, too: at most
// half of its thickness, so that it neither vanishes under them nor loses them from one month to the next.
const edgeWidth = 0.8

func (b *areaBody) draw(s *sheet, r Rect) error {
	_, hi := bounds(b.total)
	v := newValueAxis(b.Unit, 0, hi, false)
	last := len(b.total) - 1
	t := newTimeAxis(b.Start, b.Start+unit.Month(last))
	var labels []endLabel
	for _, band := range b.bands {
		end := band.Values[last]
		labels = append(labels, endLabel{
			part: part{series: band.Key}, name: shorten(band.label()), value: v.scale.value(end, v.decimals),
			y: (band.top[last] - end/2) * v.scale.factor, color: band.hue.label, bold: band.focus, rank: nameAlways,
		})
	}
	if b.Unit != unit.DimShare && len(b.bands) > 1 {
		labels = append(labels, endLabel{
			name: "Total", value: v.scale.value(b.total[last], v.decimals),
			y: b.total[last] * v.scale.factor, color: ink, bold: true, rank: 1, extra: true,
		})
	}
	p, g, events, err := newPanel(s, r, v, t, labels, b.Events)
	if err != nil {
		return err
	}
	p.grid(true)
	b.fill(p)
	p.axes(true, tickGap)
	p.drawEvents(events)
	p.drawGutter(g)
	return nil
}

// fill draws the bands and the white edges between them.
func (b *areaBody) fill(p panel) {
	months := len(b.total)
	xs := make([]float64, months)
	for t := range xs {
		xs[t] = monthEnd(b.Start + unit.Month(t))
	}
	below := make([]float64, months)
	// A single month is drawn as wide as the axis.
	if months == 1 {
		xs = []float64{p.t.first, p.t.last}
	}
	value := func(vs []float64, t int) float64 { return vs[min(t, months-1)] }
	for _, band := range b.bands {
		var path []pt
		for t, x := range xs {
			path = append(path, p.at(x, value(band.top, t)))
		}
		for t := len(xs) - 1; t >= 0; t-- {
			path = append(path, p.at(xs[t], value(below, t)))
		}
		p.s.of(band.Key, "", func() { p.s.fill(band.hue.fill, path...) })
		below = band.top
	}
	perPoint := (p.v.hi - p.v.lo) / p.r.height() / p.v.scale.factor
	for k, band := range b.bands[:len(b.bands)-1] {
		var upper, lower []pt
		for t, x := range xs {
			thin := min(value(band.Values, t), value(b.bands[k+1].Values, t)) / perPoint
			half := min(edgeWidth, thin/2) / 2
			at := p.at(x, value(band.top, t))
			upper, lower = append(upper, pt{at.X, at.Y + half}), append(lower, pt{at.X, at.Y - half})
		}
		slices.Reverse(lower)
		p.s.fill(white, append(upper, lower...)...)
	}
}

func (b *areaBody) rows() []Row {
	var rows []Row
	for _, band := range b.bands {
		label := band.label()
		if len(band.folded) > 0 {
			label += " (with " + strings.Join(band.folded, ", ") + ")"
		}
		rows = append(rows, rowsOf(band.Key, label, b.Start, band.Values, b.Unit, "")...)
	}
	return rows
}

func (b *areaBody) summary() string {
	var series []Series
	for _, band := range b.bands {
		series = append(series, band.Series)
	}
	text := summarize(b.Start, series, b.Unit)
	if b.Unit == unit.DimShare {
		return text
	}
	_, hi := bounds(b.total)
	last := len(b.total) - 1
	return text + fmt.Sprintf(" Total from %s to %s.", Format(b.total[0], hi, b.Unit), Format(b.total[last], hi, b.Unit))
}
