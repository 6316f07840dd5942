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
	b.dash = crossingDashes(l.Series, b.hues, b.colour)
	return newFigure(w, b)
}

// crossingDashes gives each coloured series the first pattern that no earlier one has which it crosses or shares its hue with.
func crossingDashes(series []Series, hues []hue, coloured []bool) []int {
	out := make([]int, len(series))
	for i := range series {
		if !coloured[i] {
			continue
		}
		var used [3]int
		for j := range i {
			if coloured[j] && (hues[i] == hues[j] || cross(series[i].Values, series[j].Values)) {
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
	for i, one := range b.Series {
		label, at := b.v.endLabel(one, b.Start, b.hues[i])
		if at < 0 {
			s.warn("series %q has no values", one.Key)
			continue
		}
		label.bold = one.Key == b.Focus && b.Focus != ""
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
			s.of(b.Series[i].Key, "", func() {
				p.line(b.Start, b.Series[i].Values, pen{width: width, color: b.hues[i].fill, dash: dashes()[b.dash[i]]})
				p.stop(b.Series[i], b.Start, b.hues[i].fill)
			})
		}
	}
	p.history(b.History)
	p.drawEvents(events)
	p.drawGutter(g)
	return nil
}

// endLabel names a series at its end, with the month if that is not the chart's. at is -1 when it has no values.
func (a *valueAxis) endLabel(s Series, start unit.Month, h hue) (l endLabel, at int) {
	end, at := s.end()
	if at < 0 {
		return endLabel{}, at
	}
	l = endLabel{part: part{series: s.Key}, name: shorten(s.label()), value: a.value(end), y: end * a.scale.factor, color: h.label, rank: 1 + math.Abs(end)}
	if at < len(s.Values)-1 {
		l.value += " in " + (start + unit.Month(at)).String()
	}
	return l, at
}

// stop marks where a series ends before the chart does, and leads from there to its label.
func (p panel) stop(s Series, start unit.Month, c rgb) {
	if end, at := s.end(); at >= 0 && at < len(s.Values)-1 {
		from := p.at(monthEnd(start+unit.Month(at)), end)
		p.s.dot(c, from, 2.5)
		p.s.stroke(pen{width: 0.6, color: axisGrey, dash: []float64{1.2, 2.4}}, from, pt{p.r.X1, from.Y})
	}
}

// line strokes a series from gap to gap; a value alone between gaps is a dot.
func (p panel) line(start unit.Month, values []float64, with pen) {
	for _, path := range p.paths(start, values, false) {
		p.path(path, with)
	}
}

// path strokes a path; one of a single point is a dot.
func (p panel) path(path []pt, with pen) {
	if len(path) == 1 {
		p.s.dot(with.color, path[0], max(1.5, with.width))
	}
	p.s.stroke(with, path...)
}

// paths are the points of a series, a path from gap to gap. In steps a value holds until the next stands.
func (p panel) paths(start unit.Month, values []float64, steps bool) (paths [][]pt) {
	gap := true
	for t, v := range values {
		if math.IsNaN(v) {
			gap = true
			continue
		}
		if gap {
			paths, gap = append(paths, nil), false
		}
		last, at := &paths[len(paths)-1], p.at(monthEnd(start+unit.Month(t)), v)
		if n := len(*last); steps && n > 0 && (*last)[n-1].Y != at.Y {
			*last = append(*last, pt{at.X, (*last)[n-1].Y})
		}
		*last = append(*last, at)
	}
	return paths
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
