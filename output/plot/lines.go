package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"powerplay/sim/unit"
)

// Lines is a line chart of a few series, named at their right ends.
type Lines struct {
	Start   unit.Month // of the first value
	Unit    unit.Dimension
	Series  []Series  // more than eight: the focus, or else the eight largest, in colour and the rest grey; minor ones are the last to get a colour
	Focus   string    // key of the series drawn heavier; empty for none
	History []History // drawn in ink; the simulated part is then shaded
	Events  []Event
}

// History is the observed past of one series.
type History struct {
	Series string // key
	Label  string
	Points []Point
}

// Point is one observed value, in the chart's unit.
type Point struct {
	Month unit.Month
	Value float64
}

// dashes are the line patterns that tell crossing lines apart, in points on and off.
func dashes() [][]float64 { return [][]float64{nil, {6, 3}, {2, 2}} }

// linesBody is a Lines checked and coloured.
type linesBody struct {
	Lines
	hues   []hue
	dash   []int
	colour []bool
	v      valueAxis
	t      timeAxis
}

// Figure checks the numbers. Missing values leave gaps; a series that ends early is labelled with the month
// of its last value. The axis may start above zero when all values are far from it; the subtitle says so.
func (l Lines) Figure(w Words) (*Figure, error) {
	months, err := checkSeries(l.Series)
	if err != nil {
		return nil, err
	}
	if err := checkEvents(l.Events); err != nil {
		return nil, err
	}
	b := &linesBody{Lines: l, colour: make([]bool, len(l.Series))}
	focused := slices.ContainsFunc(l.Series, func(s Series) bool { return s.Key == l.Focus && l.Focus != "" })
	order := make([]int, len(l.Series))
	size := make([]float64, len(l.Series))
	var all [][]float64
	for i, s := range l.Series {
		order[i] = i
		for _, v := range s.Values {
			if !math.IsNaN(v) {
				size[i] += math.Abs(v) / float64(months)
			}
		}
		all = append(all, s.Values)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if a, b := l.Series[i].Minor, l.Series[j].Minor; a != b {
			return map[bool]int{true: 1, false: -1}[a]
		}
		return cmp.Compare(size[j], size[i])
	})
	for k, i := range order {
		b.colour[i] = len(l.Series) <= maxBands || (focused && l.Series[i].Key == l.Focus) || (!focused && k < maxBands)
	}
	if b.hues, err = hues(l.Series, func(i int) bool { return b.colour[i] }); err != nil {
		return nil, err
	}
	first, observed, err := observations(l.History, l.Start)
	if err != nil {
		return nil, err
	}
	lo, hi := bounds(append(all, observed)...)
	b.v = newValueAxis(l.Unit, lo, hi, true)
	b.t = newTimeAxis(first, l.Start+unit.Month(months-1))
	b.dash = crossingDashes(l.Series, b.colour)
	return newFigure(w, b)
}

// crossingDashes gives each coloured series the first pattern that no earlier one it crosses has.
func crossingDashes(series []Series, coloured []bool) []int {
	out := make([]int, len(series))
	for i := range series {
		if !coloured[i] {
			continue
		}
		var used [3]int
		for j := range i {
			if coloured[j] && cross(series[i].Values, series[j].Values) {
				used[out[j]]++
			}
		}
		out[i] = slices.Index(used[:], slices.Min(used[:]))
	}
	return out
}

// cross reports whether one series is both above and below the other.
func cross(a, b []float64) bool {
	above, below := false, false
	for t := range a {
		above = above || a[t] > b[t]
		below = below || a[t] < b[t]
	}
	return above && below
}

func (b *linesBody) kind() string { return "Line chart" }

func (b *linesBody) notes() []string {
	var notes []string
	if len(b.History) > 0 {
		notes = append(notes, "Black: observed; shaded: simulated.")
	}
	if !b.v.startsAtZero() {
		notes = append(notes, axisNote)
	}
	return notes
}

// observations returns the values observed, which the axis must span too, and the first month to draw.
func observations(history []History, start unit.Month) (first unit.Month, values []float64, err error) {
	first = start
	for _, h := range history {
		for _, o := range h.Points {
			if math.IsNaN(o.Value) || math.Abs(o.Value) > 1e300 {
				return first, nil, fmt.Errorf("plot: observed value of %q at %v is %g", h.Series, o.Month, o.Value)
			}
			first = min(first, o.Month)
			values = append(values, o.Value)
		}
	}
	return first, values, nil
}

const axisNote = "The axis does not start at zero."

func (b *linesBody) draw(s *sheet, r Rect) error {
	var labels []endLabel
	lastMonth := len(b.Series[0].Values) - 1
	for i, one := range b.Series {
		end, at := one.end()
		if at < 0 {
			s.warn("series %q has no values", one.Key)
			continue
		}
		focus := one.Key == b.Focus && b.Focus != ""
		label := endLabel{
			name: shorten(one.label()), value: b.v.scale.value(end, b.v.decimals), y: end * b.v.scale.factor,
			color: b.hues[i].label, bold: focus, rank: 1 + math.Abs(end),
		}
		if at < lastMonth {
			label.value += " in " + (b.Start + unit.Month(at)).String()
		}
		if b.colour[i] {
			label.rank = nameAlways
		}
		labels = append(labels, label)
	}
	p, g, events, err := newPanel(s, r, b.v, b.t, labels, b.Events)
	if err != nil {
		return err
	}
	if len(b.History) > 0 {
		p.shade(b.Start)
	}
	p.grid(true)
	p.axes(true, tickGap)
	// Grey lines lie lowest and the focus on top.
	layer := func(i int) int {
		switch {
		case !b.colour[i]:
			return 0
		case b.Series[i].Key != b.Focus:
			return 1
		}
		return 2
	}
	for z := range 3 {
		for i := len(b.Series) - 1; i >= 0; i-- {
			if layer(i) != z {
				continue
			}
			width := 2.0
			if z == 2 {
				width = 2.5
			}
			if z == 0 {
				width = 1.2
			}
			p.line(b.Start, b.Series[i].Values, pen{width: width, color: b.hues[i].fill, dash: dashes()[b.dash[i]]})
			if end, at := b.Series[i].end(); at >= 0 && at < lastMonth {
				from := p.at(monthEnd(b.Start+unit.Month(at)), end)
				s.dot(b.hues[i].fill, from, 2.5)
				s.stroke(pen{width: 0.6, color: axisGrey, dash: []float64{1.2, 2.4}}, from, pt{p.r.X1, from.Y})
			}
		}
	}
	p.history(b.History)
	p.drawEvents(events)
	p.drawGutter(g)
	return nil
}

// line strokes a series from gap to gap; a value alone between gaps is a dot.
func (p panel) line(start unit.Month, values []float64, with pen) {
	var path []pt
	flush := func() {
		if len(path) == 1 {
			p.s.dot(with.color, path[0], max(1.5, with.width))
		}
		p.s.stroke(with, path...)
		path = nil
	}
	for t, v := range values {
		if math.IsNaN(v) {
			flush()
			continue
		}
		path = append(path, p.at(monthEnd(start+unit.Month(t)), v))
	}
	flush()
}

// shade tints the part of the chart that is simulated.
func (p panel) shade(from unit.Month) {
	p.s.fillRect(shadeGrey, Rect{p.x(max(monthEnd(from), p.t.first)), p.r.Y0, p.r.X1, p.r.Y1})
}

// history draws observed values as dots of ink joined by a thin line.
func (p panel) history(all []History) {
	for _, h := range all {
		points := slices.Clone(h.Points)
		slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.Month, b.Month) })
		var path []pt
		for _, o := range points {
			at := p.at(monthEnd(o.Month), o.Value)
			path = append(path, at)
			p.s.dot(ink, at, 2)
		}
		p.s.stroke(pen{width: 1, color: ink}, path...)
	}
}

func historyRows(all []History, d unit.Dimension) []Row {
	var rows []Row
	for _, h := range all {
		for _, o := range h.Points {
			rows = append(rows, Row{h.Series, h.Label, o.Month.String(), o.Value, d, "observed"})
		}
	}
	return rows
}

func (b *linesBody) rows() []Row {
	var rows []Row
	for _, s := range b.Series {
		rows = append(rows, rowsOf(s.Key, s.label(), b.Start, s.Values, b.Unit, "")...)
	}
	return append(rows, historyRows(b.History, b.Unit)...)
}

func (b *linesBody) summary() string { return summarize(b.Start, b.Series, b.Unit) }
