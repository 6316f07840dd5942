package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"powerplay/sim/unit"
)

// Steps show what a few firms are worth, and the rounds in which they raised money.
type Steps struct {
	Start  unit.Month // of the first value
	Unit   unit.Dimension
	Series []Series // at most eight
	Focus  string   // key of the series drawn heavier; empty for none
	Rounds []Round
	Line   bool // values move every month and are joined by lines; else each holds until the next
	Log    bool // equal ratios at equal distances; the subtitle says so
	Events []Event
}

// Round is money raised in a month in which the series has a value.
type Round struct {
	Series string // key
	Month  unit.Month
	Raised float64 // USD
}

// stepsBody is a Steps checked and coloured.
type stepsBody struct {
	Steps
	hues []hue
	dash []int
	v    valueAxis
	t    timeAxis
}

// Figure checks the numbers and that each round is that of a value. A log axis takes only values above zero.
func (b Steps) Figure(w Words) (*Figure, error) {
	months, err := checkSeries(b.Series)
	if err != nil {
		return nil, err
	}
	if err := checkEvents(b.Events); err != nil {
		return nil, err
	}
	if len(b.Series) > maxBands {
		return nil, fmt.Errorf("plot: %d series in steps; a reader can tell at most %d apart", len(b.Series), maxBands)
	}
	var all [][]float64
	coloured := make([]bool, len(b.Series))
	for i, s := range b.Series {
		all = append(all, s.Values)
		coloured[i] = true
	}
	for _, r := range b.Rounds {
		i, t := slices.IndexFunc(b.Series, func(s Series) bool { return s.Key == r.Series }), int(r.Month-b.Start)
		if i < 0 || t < 0 || t >= months || math.IsNaN(b.Series[i].Values[t]) {
			return nil, fmt.Errorf("plot: a round of %q in %v, where no series of that key has a value", r.Series, r.Month)
		}
		if !(r.Raised >= 0 && r.Raised <= 1e300) {
			return nil, fmt.Errorf("plot: the round of %q in %v raises %g", r.Series, r.Month, r.Raised)
		}
	}
	body := &stepsBody{Steps: b, t: newTimeAxis(b.Start, b.Start+unit.Month(months-1))}
	if body.hues, err = hues(b.Series, func(int) bool { return true }); err != nil {
		return nil, err
	}
	body.dash = crossingDashes(b.Series, body.hues, coloured)
	if last := b.Start + unit.Month(months-1); slices.ContainsFunc(b.Rounds, func(r Round) bool { return r.Month == last }) {
		body.t.last++ // its dot stands clear of the name
	}
	lo, hi := bounds(all...)
	switch {
	case !b.Log:
		body.v = newValueAxis(b.Unit, lo, hi, true)
	case lo <= 0:
		return nil, fmt.Errorf("plot: a value of %g on a log axis, which takes only values above zero", lo)
	default:
		body.v = newLogAxis(b.Unit, lo, min(1.5*hi, math.MaxFloat64)) // room for a label above the highest
	}
	return newFigure(w, body)
}

func (b *stepsBody) kind() string {
	if b.Line {
		return "Line chart with rounds"
	}
	return "Step chart with rounds"
}

func (b *stepsBody) notes() []string {
	var notes []string
	if len(b.Rounds) > 0 {
		notes = append(notes, fmt.Sprintf("Dots: rounds, the wider the more they raised; in figures the %d largest of each, where there is room.", mostRaised))
	}
	switch {
	case b.Log:
		notes = append(notes, "Logarithmic axis.")
	case !b.v.startsAtZero():
		notes = append(notes, axisNote)
	}
	return notes
}

func (b *stepsBody) draw(s *sheet, r Rect) error {
	var labels []endLabel
	for i, one := range b.Series {
		label, at := b.v.endLabel(one, b.Start, b.hues[i])
		if at < 0 {
			s.warn("series %q has no values", one.Key)
			continue
		}
		label.bold = one.Key == b.Focus && b.Focus != ""
		label.rank = nameAlways
		labels = append(labels, label)
	}
	p, g, events, err := newPanel(s, r, b.v, b.t, labels, b.Events)
	if err != nil {
		return err
	}
	p.grid(true)
	p.axes(true, tickGap)
	var drawn [][]pt // lines that no label may lie on
	for i, one := range b.Series {
		with := pen{width: 2, color: b.hues[i].fill, dash: dashes()[b.dash[i]]}
		if one.Key == b.Focus {
			with.width = 2.5
		}
		paths := p.paths(b.Start, one.Values, !b.Line)
		drawn = append(drawn, paths...)
		s.of(one.Key, "", func() {
			for _, path := range paths {
				p.path(path, with)
			}
			p.stop(one, b.Start, b.hues[i].fill)
		})
	}
	for _, e := range events {
		drawn = append(drawn, []pt{{e.line, p.r.Y0}, {e.line, s.h}})
	}
	p.drawEvents(events)
	p.drawGutter(g)
	b.rounds(p, drawn)
	return nil
}

// mostRaised is how many rounds of a series are told in figures.
const mostRaised = 2

// Radius of the dot of a round in points: its area follows what was raised, up to the widest.
const (
	leastDot = 1.8
	widest   = 4.5
)

// rounds marks the rounds and prints what the largest of each series raised, where no text, dot or line is in the way.
func (b *stepsBody) rounds(p panel, drawn [][]pt) {
	st := typeStyle{size: p.s.profile.LabelSize}
	rounds := slices.Clone(b.Rounds)
	slices.SortStableFunc(rounds, func(x, y Round) int { return cmp.Compare(y.Raised, x.Raised) })
	at, series, told := make([]pt, len(rounds)), make([]int, len(rounds)), make([]int, len(b.Series))
	radius := make([]float64, len(rounds))
	var taken []Rect
	for i, r := range rounds {
		series[i] = slices.IndexFunc(b.Series, func(s Series) bool { return s.Key == r.Series })
		at[i] = p.at(monthEnd(r.Month), b.Series[series[i]].Values[r.Month-b.Start])
		radius[i] = max(leastDot, widest*math.Sqrt(r.Raised/max(1, rounds[0].Raised)))
		taken = append(taken, Rect{at[i].X - radius[i], at[i].Y - radius[i], at[i].X + radius[i], at[i].Y + radius[i]})
		p.s.marker(0, b.hues[series[i]].fill, at[i], radius[i])
	}
	for _, text := range p.s.layout.Texts {
		taken = append(taken, text.Rect)
	}
	left := 0
	for i, r := range rounds {
		if told[series[i]]++; told[series[i]] > mostRaised {
			continue
		}
		text := Format(r.Raised, 0, unit.DimUSD)
		box, ok := p.free(at[i], radius[i]+1, p.s.fonts.width(text, st), st.size, taken, drawn)
		if !ok {
			left++
			continue
		}
		taken = append(taken, box)
		st.color = b.hues[series[i]].label
		p.s.text("round", text, st, alignLeft, box.X0, box.Y0+descent*st.size)
	}
	if left > 0 {
		p.s.warn("%d of the largest rounds are not labelled on profile %s; the data file has all", left, p.s.profile.Name)
	}
}

// free finds room for a text as near to a point: above it where a step leaves room, then around it, then a line farther,
// from where nothing may part it from the point.
func (p panel) free(at pt, near, width, size float64, taken []Rect, lines [][]pt) (Rect, bool) {
	const apart = 3.0
	height := (ascent + descent) * size
	for _, far := range []float64{0, height} {
		up, down := at.Y+near, at.Y-near-height-far
		for _, corner := range []pt{
			{at.X - width - near, up},
			{at.X - width/2, up},
			{at.X + near, down},
			{at.X + near, up},
			{at.X - width/2, down},
			{at.X - width - near, down},
		} {
			x := min(max(corner.X, p.r.X0+2), p.r.X1-width)
			room := Rect{x, corner.Y, x + width, corner.Y + height + far}
			wide := Rect{room.X0 - apart, room.Y0, room.X1 + apart, room.Y1}
			inside := room.X0 >= p.r.X0 && room.X1 <= p.r.X1 && room.Y0 > p.r.Y0 && room.Y1 <= p.r.Y1+size/2
			if !inside || slices.ContainsFunc(taken, wide.Overlaps) || slices.ContainsFunc(lines, wide.crossed) {
				continue
			}
			if corner.Y == up {
				room.Y0 += far
			}
			return Rect{room.X0, room.Y0, room.X1, room.Y0 + height}, true
		}
	}
	return Rect{}, false
}

// crossed tells whether a path passes through the rectangle, or within a point of it.
func (r Rect) crossed(path []pt) bool {
	r = Rect{r.X0 - 1, r.Y0 - 1, r.X1 + 1, r.Y1 + 1}
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		// The part of the segment, from 0 to 1, that lies between the sides, and of that the part between top and bottom.
		from, to := 0.0, 1.0
		for _, side := range [][3]float64{{a.X, b.X - a.X, r.X0}, {-a.X, a.X - b.X, -r.X1}, {a.Y, b.Y - a.Y, r.Y0}, {-a.Y, a.Y - b.Y, -r.Y1}} {
			start, step, limit := side[0], side[1], side[2]
			switch {
			case step > 0:
				from = max(from, (limit-start)/step)
			case step < 0:
				to = min(to, (limit-start)/step)
			case start < limit:
				from = 2
			}
		}
		if from <= to {
			return true
		}
	}
	return false
}

func (b *stepsBody) rows() []Row {
	var rows []Row
	for _, s := range b.Series {
		rows = append(rows, rowsOf(s.Key, s.label(), b.Start, s.Values, b.Unit, "")...)
		for _, r := range b.Rounds {
			if r.Series == s.Key {
				rows = append(rows, Row{s.Key, s.label(), r.Month.String(), r.Raised, unit.DimUSD, "round"})
			}
		}
	}
	return rows
}

func (b *stepsBody) summary() string {
	text := summarize(b.Start, b.Series, b.Unit)
	if b.Log {
		text = summarizeAs(b.Start, b.Series, b.v.value)
	}
	if len(b.Rounds) == 0 {
		return text
	}
	sum, largest := 0.0, b.Rounds[0]
	for _, r := range b.Rounds {
		sum += r.Raised
		if r.Raised > largest.Raised {
			largest = r
		}
	}
	return text + fmt.Sprintf(" Rounds: %d, which raise %s, the largest %s in %v.", len(b.Rounds),
		Format(sum, 0, unit.DimUSD), Format(largest.Raised, 0, unit.DimUSD), largest.Month)
}
