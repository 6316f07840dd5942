package plot

import (
	"math"

	"powerplay/sim/unit"
)

// newSpanAxis covers the values from lo to hi and need not hold zero: for marks that start from a line of their own.
func newSpanAxis(d unit.Dimension, lo, hi float64) valueAxis {
	if largest := max(math.Abs(lo), math.Abs(hi)); hi-lo < 1e-4*largest {
		lo, hi = lo-0.05*largest, hi+0.05*largest // ticks closer than that would all read alike
	}
	if hi == lo {
		hi = lo + 1
	}
	p := rangePrinter(d, lo, hi)
	a := valueAxis{unit: d, scale: p.scale, decimals: p.decimals}
	a.place(lo*p.scale.factor, hi*p.scale.factor)
	return a
}

// across is a value axis that runs from left to right, below rows of marks.
type across struct {
	valueAxis
	x0, x1 float64 // where the axis begins and ends, in points
}

// rowEnds is what one row draws: from lo to hi, in the quantity's own unit, with texts at both ends as wide as before and
// after, in points with their distance.
type rowEnds struct{ lo, hi, before, after float64 }

// newAcross makes the axis as wide as the texts beside the marks allow between left and right.
func newAcross(v valueAxis, left, right float64, rows []rowEnds) across {
	a := across{v, 0, 1} // x is then the part of the axis left of a value
	before, after := 0.0, 0.0
	for _, r := range rows {
		before, after = max(before, r.before), max(after, r.after)
	}
	// The axis is at least as wide as with all texts outside; a text needs room outside only beyond what it has within.
	inner := right - left - before - after
	outsideLeft, outsideRight := 0.0, 0.0
	for _, r := range rows {
		outsideLeft = max(outsideLeft, r.before-inner*a.x(r.lo))
		outsideRight = max(outsideRight, r.after-inner*(1-a.x(r.hi)))
	}
	a.x0, a.x1 = left+outsideLeft, right-outsideRight
	return a
}

// x is the position of a value in its own unit.
func (a across) x(v float64) float64 {
	return a.x0 + (a.x1-a.x0)*(v*a.scale.factor-a.lo)/(a.hi-a.lo)
}

// tickOverhang is how far the outer tick labels may stand out of the axis in points.
const tickOverhang = 6.0

// draw sets the axis at the height y. Where not all ticks have room for a label only every second or third has one, the
// first and the last among them.
func (a across) draw(s *sheet, y float64) {
	line := pen{width: 0.8, color: axisGrey, crisp: true}
	s.stroke(line, pt{a.x0, y}, pt{a.x1, y})
	st := typeStyle{size: s.profile.LabelSize, color: muted}
	last := len(a.ticks) - 1
	centre, half := make([]float64, len(a.ticks)), make([]float64, len(a.ticks))
	for i, v := range a.ticks {
		x := a.x(v / a.scale.factor)
		s.stroke(line, pt{x, y}, pt{x, y - 4})
		half[i] = s.fonts.width(a.label(i), st) / 2
		centre[i] = min(max(x, a.x0-tickOverhang+half[i]), a.x1+tickOverhang-half[i])
	}
	crowded := func(every int) bool {
		for i := every; i <= last; i += every {
			if centre[i]-half[i] < centre[i-every]+half[i-every]+6 {
				return true
			}
		}
		return false
	}
	every := 1
	for every < last && (last%every != 0 || crowded(every)) {
		every++
	}
	from := 0
	if crowded(every) {
		from = last // the one with the unit
	}
	for i := from; i <= last; i += every {
		s.text("tick", a.label(i), st, alignCentre, centre[i], y-4-ascent*st.size)
	}
}
