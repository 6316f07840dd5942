package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// Tornado shows which assumption matters: how far each input moves one outcome, the largest effect first.
type Tornado struct {
	Key, Label string         // of the outcome, as in Series
	Unit       unit.Dimension // of the outcome
	Base       float64        // the outcome with every input at its base value; with Runs the median of all runs
	Inputs     []Swing        // at most twelve are drawn, the largest
	Runs       int            // where all inputs vary, how many runs lie at either end of one: their median is drawn; 0 where the rest keep their base values
	Margin     float64        // how far the 95% interval of an outcome reaches from it, in Unit; 0 when outcomes are exact
}

// Swing is what one input does to the outcome while all others keep their base values.
type Swing struct {
	Key, Label    string // as in Series
	Unit          unit.Dimension
	Low, High     float64 // values of the input
	AtLow, AtHigh float64 // the outcome there; NaN when there is no result
}

func (w Swing) label() string { return Series{Key: w.Key, Label: w.Label}.label() }

// ends are the least and the greatest outcome that the input leads to, from base on.
func (w Swing) ends(base float64) (lo, hi float64) {
	return min(base, w.AtLow, w.AtHigh), max(base, w.AtLow, w.AtHigh)
}

// sortedSwings are the inputs that have both results, the largest effect first.
func (t Tornado) sortedSwings() []Swing {
	size := func(w Swing) float64 {
		lo, hi := w.ends(t.Base)
		return hi - lo
	}
	drawn := slices.DeleteFunc(slices.Clone(t.Inputs), func(w Swing) bool { return math.IsNaN(size(w)) })
	slices.SortStableFunc(drawn, func(a, b Swing) int { return cmp.Compare(size(b), size(a)) })
	return drawn
}

// bounds are the least and the greatest outcome of all.
func (t Tornado) bounds() (lo, hi float64) {
	lo, hi = t.Base, t.Base
	for _, w := range t.sortedSwings() {
		a, b := w.ends(t.Base)
		lo, hi = min(lo, a), max(hi, b)
	}
	return lo, hi
}

// tornadoBody is a Tornado checked and sorted.
type tornadoBody struct {
	Tornado
	v          valueAxis
	all, empty int // inputs given, and those without a result
}

// Figure checks the numbers. Inputs without a result at one end are not drawn but counted.
func (t Tornado) Figure(w Words) (*Figure, error) {
	if math.IsNaN(t.Base) || math.Abs(t.Base) > 1e300 {
		return nil, fmt.Errorf("plot: the base outcome %q is %g; it cannot be drawn", t.Key, t.Base)
	}
	seen := map[string]bool{}
	for _, in := range t.Inputs {
		if seen[in.Key] {
			return nil, fmt.Errorf("plot: key %q names two inputs", in.Key)
		}
		seen[in.Key] = true
		if !(in.Low < in.High) || max(-in.Low, in.High, math.Abs(in.AtLow), math.Abs(in.AtHigh)) > 1e300 {
			return nil, fmt.Errorf("plot: input %q goes from %g to %g, the outcome from %g to %g; low must lie below high and all be finite",
				in.Key, in.Low, in.High, in.AtLow, in.AtHigh)
		}
	}
	b := &tornadoBody{Tornado: t, all: len(t.Inputs)}
	b.Inputs = t.sortedSwings()
	b.empty = b.all - len(b.Inputs)
	if len(b.Inputs) == 0 {
		return nil, fmt.Errorf("plot: %d inputs without a result: %w", b.all, ErrNoData)
	}
	b.Inputs = b.Inputs[:min(len(b.Inputs), maxLines)]
	lo, hi := b.bounds()
	b.v = newSpanAxis(t.Unit, lo, hi)
	return newFigure(w, b)
}

func (b *tornadoBody) kind() string { return "Tornado chart" }

func (b *tornadoBody) notes() []string {
	notes := []string{"One input at a time at its low (olive) or high (blue) value, the rest at base."}
	if b.Runs > 0 {
		notes[0] = fmt.Sprintf("Median of the %s runs in which an input is lowest (olive) and highest (blue), the rest varying.", number(float64(b.Runs), 0))
	}
	if n := len(b.Inputs); n+b.empty < b.all {
		notes = append(notes, fmt.Sprintf("The %d largest of %d.", n, b.all))
	}
	if b.empty > 0 {
		notes = append(notes, fmt.Sprintf("Without a result: %d.", b.empty))
	}
	return notes
}

// values prints the low and the high value of an input alike, with their unit.
func (w Swing) values() (low, high string) {
	in := Input{Unit: w.Unit, Values: []float64{w.Low, w.High}}
	p := in.printer()
	show := func(v float64) string { return p.scale.with(v, p.decimals, p.scale.tick) }
	return show(w.Low), show(w.High)
}

// swingEnd is one end of an input's bar, with what is printed there.
type swingEnd struct {
	outcome float64
	value   string
	hue     hue
}

// bar tells what stands at the left and at the right end. Where both values move the outcome the same way, the lesser
// effect is told on the other side of the base line, so that no two texts meet.
func (w Swing) bar() (left, right swingEnd) {
	low, high := w.values()
	palette := categorical()
	left, right = swingEnd{w.AtLow, low, palette[1]}, swingEnd{w.AtHigh, high, palette[0]}
	if w.AtLow > w.AtHigh {
		left, right = right, left
	}
	return left, right
}

func (b *tornadoBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize}
	line := leading * st.size
	top, bottom := r.Y1-line-4, max(r.Y0+timeHeight, bottomMin)
	pitch, err := s.rowPitch(len(b.Inputs), top-bottom)
	if err != nil {
		return err
	}
	bottom = top - pitch*float64(len(b.Inputs))
	names := make([]string, len(b.Inputs))
	rows := make([]rowEnds, len(b.Inputs))
	const gap = 5.0 // between a bar and the value at its end
	for i, in := range b.Inputs {
		names[i] = capital(in.label())
		left, right := in.bar()
		lo, hi := in.ends(b.Base)
		rows[i] = rowEnds{lo, hi, s.fonts.width(left.value, st) + gap, s.fonts.width(right.value, st) + gap}
	}
	column := s.newRowNames(names, -1, pitch, s.w/3-marginPt)
	a := newAcross(b.v, r.X0+column.width+9, r.X1, rows)
	if a.x1-a.x0 < 80 {
		return fmt.Errorf("names and values leave %.0f pt for the bars; use profile %s", a.x1-a.x0, s.larger())
	}
	base := a.x(b.Base)
	for i, in := range b.Inputs {
		mid := top - (float64(i)+0.5)*pitch
		thick := min(0.6*pitch, 28) / 2
		column.set(s, i, r.X0+column.width, mid)
		left, right := in.bar()
		for k, end := range []swingEnd{left, right} {
			x, low, high := a.x(end.outcome), mid-thick, mid+thick
			// Two effects on the same side share the thickness of the bar, the lesser outcome above.
			if (left.outcome-b.Base)*(right.outcome-b.Base) > 0 {
				low, high = mid-thick*float64(k), mid+thick*float64(1-k)
			}
			s.fillRect(end.hue.fill, Rect{min(base, x), low, max(base, x), high})
		}
		y := mid - 0.35*st.size
		x := min(base, a.x(left.outcome)) - gap
		s.stroke(pen{width: 0.6, color: gridGrey, crisp: true}, pt{r.X0 + column.width + gap, mid}, pt{max(x-rows[i].before, r.X0+column.width+gap), mid})
		s.text("value", left.value, typeStyle{size: st.size, color: left.hue.label}, alignRight, x, y)
		s.text("value", right.value, typeStyle{size: st.size, color: right.hue.label}, alignLeft, max(base, a.x(right.outcome))+gap, y)
	}
	s.stroke(pen{width: 1, color: ink, crisp: true}, pt{base, top + 2}, pt{base, bottom})
	heading := typeStyle{size: st.size, bold: true, color: ink}
	text := b.middle() + " " + b.v.scale.value(b.Base, b.v.decimals)
	half := s.fonts.width(text, heading) / 2
	s.text("label", text, heading, alignCentre, min(max(base, r.X0+half), r.X1-half), r.Y1-ascent*st.size)
	a.draw(s, bottom)
	return nil
}

// middle is what the outcome is called from which the bars set out.
func (b *tornadoBody) middle() string {
	if b.Runs > 0 {
		return "Median"
	}
	return "Base"
}

// rows have for each input its two values and the outcome at each.
func (b *tornadoBody) rows() []Row {
	rows := []Row{{b.Key, Series{Key: b.Key, Label: b.Label}.label(), "", b.Base, b.Unit, "base"}}
	for _, in := range b.Inputs {
		rows = append(rows,
			Row{in.Key, in.label(), "", in.Low, in.Unit, "low"},
			Row{in.Key, in.label(), "", in.AtLow, b.Unit, "outcome at low"},
			Row{in.Key, in.label(), "", in.High, in.Unit, "high"},
			Row{in.Key, in.label(), "", in.AtHigh, b.Unit, "outcome at high"})
	}
	return rows
}

func (b *tornadoBody) summary() string {
	show := func(v float64) string { return b.v.scale.value(v, b.v.decimals) }
	var parts []string
	for _, in := range b.Inputs {
		low, high := in.values()
		parts = append(parts, fmt.Sprintf("%s %s at %s and %s at %s", in.label(), show(in.AtLow), low, show(in.AtHigh), high))
	}
	return fmt.Sprintf("%s %s. %s.", b.middle(), show(b.Base), capital(strings.Join(parts, "; ")))
}
