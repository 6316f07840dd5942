package plot

import (
	"fmt"
	"math"
	"strings"

	"powerplay/sim/unit"
)

// Heat is a heat map: what an outcome comes to for each pair of values of two inputs that a study sweeps.
type Heat struct {
	Key, Label string         // of the outcome, as in Series
	Unit       unit.Dimension // of the outcome
	X, Y       Input          // across and up, at most twelve values each
	Cells      [][]float64    // Cells[j][i] belongs to Y.Values[j] and X.Values[i]; NaN is a gap
	Difference bool           // the outcome is a difference: its colours part at zero
	Margin     float64        // how far the 95% interval of a number reaches from it, in Unit; 0 when the numbers are exact, NaN when it is not known
}

// Input is one axis of a sweep.
type Input struct {
	Key, Label string // as in Series
	Unit       unit.Dimension
	Values     []float64 // rising
	Words      []string  // the values in words, in their order; nil for numbers
}

func (in Input) label() string { return Series{Key: in.Key, Label: in.Label}.label() }

// printer shows the values with the fewest decimals that change no step between two of them by more than a hundredth.
func (in Input) printer() printer {
	lo, hi := bounds(in.Values)
	largest := max(math.Abs(lo), math.Abs(hi))
	p := printer{scale: scaleFor(in.Unit, largest)}
	step := largest
	for i := 1; i < len(in.Values); i++ {
		step = min(step, in.Values[i]-in.Values[i-1])
	}
	for ; p.decimals < maxDecimals; p.decimals++ {
		off := 0.0
		for _, v := range in.Values {
			x := v * p.scale.factor * math.Pow(10, float64(p.decimals))
			off = max(off, math.Abs(x-math.Round(x)))
		}
		if off <= 0.005*step*p.scale.factor*math.Pow(10, float64(p.decimals)) {
			break
		}
	}
	return p
}

// ticks are the values as they stand at the axis, its unit being in the name of the axis.
func (in Input) ticks() []string {
	if in.Words != nil {
		return in.Words
	}
	var texts []string
	p := in.printer()
	for _, v := range in.Values {
		texts = append(texts, p.bare(v))
	}
	return texts
}

// named is the name of the axis with the unit of its values; words have none.
func (in Input) named() string {
	name := capital(shorten(in.label()))
	if in.Words != nil {
		return name
	}
	return in.printer().scale.named(name)
}

// at names one value: "Lead time 12 months".
func (in Input) at(i int) string {
	if in.Words != nil {
		return join(shorten(in.label()), in.Words[i])
	}
	p := in.printer()
	return join(shorten(in.label()), p.scale.with(in.Values[i], p.decimals, p.scale.tick))
}

// heatBody is a Heat checked.
type heatBody struct {
	Heat
	lo, hi float64 // least and greatest number
	print  printer
	gaps   bool
}

// Figure checks the numbers: as many as the inputs have pairs of values, none of them infinite.
func (h Heat) Figure(w Words) (*Figure, error) {
	for _, in := range []Input{h.X, h.Y} {
		if in.Words != nil && len(in.Words) != len(in.Values) {
			return nil, fmt.Errorf("plot: input %q has %d words for %d values", in.Key, len(in.Words), len(in.Values))
		}
		if len(in.Values) > maxLines {
			return nil, fmt.Errorf("plot: input %q has %d values; a heat map takes at most %d", in.Key, len(in.Values), maxLines)
		}
		before := math.Inf(-1)
		for _, v := range in.Values {
			if !(v > before) || math.Abs(v) > 1e300 {
				return nil, fmt.Errorf("plot: values of input %q are %v; they must rise", in.Key, in.Values)
			}
			before = v
		}
	}
	b := &heatBody{Heat: h}
	found := false
	if len(h.Cells) != len(h.Y.Values) {
		return nil, fmt.Errorf("plot: %d rows of numbers for %d values of %q", len(h.Cells), len(h.Y.Values), h.Y.Key)
	}
	for j, row := range h.Cells {
		if len(row) != len(h.X.Values) {
			return nil, fmt.Errorf("plot: row %d has %d numbers for %d values of %q", j, len(row), len(h.X.Values), h.X.Key)
		}
		for i, v := range row {
			if math.Abs(v) > 1e300 {
				return nil, fmt.Errorf("plot: %s is %g at %s and %s; it cannot be drawn", h.Key, v, h.X.at(i), h.Y.at(j))
			}
			b.gaps = b.gaps || math.IsNaN(v)
			found = found || !math.IsNaN(v)
		}
	}
	if !found {
		return nil, fmt.Errorf("plot: a sweep without a number: %w", ErrNoData)
	}
	b.lo, b.hi = bounds(h.Cells...)
	b.print = rangePrinter(h.Unit, b.lo, b.hi)
	return newFigure(w, b)
}

func (h Heat) label() string { return Series{Key: h.Key, Label: h.Label}.label() }

func (b *heatBody) kind() string { return "Heat map" }

func (b *heatBody) notes() []string {
	var notes []string
	if b.Margin > 0 {
		notes = append(notes, fmt.Sprintf("Numbers: ± %s (95%% margin).", b.print.bare(b.Margin)))
	}
	if b.gaps {
		notes = append(notes, "Hatched: no result.")
	}
	return notes
}

// number prints a cell without its unit, a difference with its sign.
func (b *heatBody) number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	text := b.print.bare(v)
	if b.Difference {
		return signed(text, v)
	}
	return text
}

// signed sets a plus before the text of a number above zero.
func signed(text string, v float64) string {
	if v > 0 && !strings.HasPrefix(text, "<") {
		return "+" + text
	}
	return text
}

// tint is the colour of a number: from the least to the greatest, or from loss to gain.
func (b *heatBody) tint(v float64) rgb {
	if reach := max(-b.lo, b.hi); b.Difference && reach > 0 {
		return diverging().at(0.5 + v/reach/2)
	}
	switch {
	case b.Difference:
		return diverging().at(0.5)
	case b.hi == b.lo:
		return sequential().at(0.2)
	}
	return sequential().at((v - b.lo) / (b.hi - b.lo))
}

func (b *heatBody) draw(s *sheet, r Rect) error {
	size := s.profile.LabelSize
	line := leading * size
	st := typeStyle{size: size, color: muted}
	ticks, up := b.X.ticks(), b.Y.ticks()
	left := 0.0
	for _, text := range up {
		left = max(left, s.fonts.width(text, st))
	}
	x0, y1 := r.X0+left+tickGap, r.Y1-line-4
	bottom := max(r.Y0, bottomMin-line) + 2*line + 6
	w := (r.X1 - x0) / float64(len(b.X.Values))
	h := min((y1-bottom)/float64(len(b.Y.Values)), max(w, highestCell))
	if h < line {
		return fmt.Errorf("%d rows would be too close to read; use profile %s", len(b.Y.Values), s.larger())
	}
	var numbers []string
	for _, row := range b.Cells {
		for _, v := range row {
			numbers = append(numbers, b.number(v))
		}
	}
	numberSize, err := s.numberSize(numbers, w)
	if err != nil {
		return err
	}
	tickSize, err := s.numberSize(ticks, w)
	if err != nil {
		return err
	}

	x1, y0 := x0+w*float64(len(ticks)), y1-h*float64(len(b.Y.Values))
	top := r.Y1 - ascent*size
	half := (r.X1 - r.X0 - 12) / 2
	s.text("axis", s.fit(typographic(b.Y.named()), st, half), st, alignLeft, r.X0, top)
	outcome := s.fit(typographic(b.print.scale.named(shorten(b.label()))), st, half)
	s.text("axis", outcome, st, alignRight, max(x1, r.X0+2*half), top)
	for j, row := range b.Cells {
		y := y0 + h*float64(j)
		s.text("tick", up[j], st, alignRight, x0-tickGap, y+h/2-0.35*size)
		for i, v := range row {
			box := Rect{x0 + w*float64(i), y, x0 + w*float64(i+1), y + h}
			if math.IsNaN(v) {
				s.hatch(box)
				continue
			}
			s.cell(box, b.tint(v), b.number(v), numberSize)
		}
	}
	below := y0 - 3 - ascent*size
	for i, text := range ticks {
		s.text("tick", text, typeStyle{size: tickSize, color: muted}, alignCentre, x0+w*(float64(i)+0.5), below)
	}
	name := s.fit(typographic(b.X.named()), st, r.width())
	centre := max((x0+x1)/2, r.X0+s.fonts.width(name, st)/2)
	s.text("axis", name, st, alignCentre, min(centre, r.X1-s.fonts.width(name, st)/2), below-line)
	return nil
}

// hatch marks a cell that has no number with thin lines from the lower left to the upper right.
func (s *sheet) hatch(r Rect) {
	const apart = 5.0
	r = Rect{r.X0 + cellGap, r.Y0 + cellGap, r.X1 - cellGap, r.Y1 - cellGap}
	for at := apart - r.height(); at < r.width(); at += apart {
		from, to := max(at, 0), min(at+r.height(), r.width())
		s.stroke(pen{width: 0.6, color: otherGrey}, pt{r.X0 + from, r.Y0 + from - at}, pt{r.X0 + to, r.Y0 + to - at})
	}
}

// rows name the values of the inputs as band: "growth=0.3 refusal=never".
func (b *heatBody) rows() []Row {
	var rows []Row
	for j, row := range b.Cells {
		for i, v := range row {
			if !math.IsNaN(v) {
				rows = append(rows, Row{b.Key, b.label(), "", v, b.Unit, b.X.equals(i) + " " + b.Y.equals(j)})
			}
		}
	}
	return rows
}

// equals writes one value as a data file has it.
func (in Input) equals(i int) string {
	if in.Words != nil {
		return in.Key + "=" + in.Words[i]
	}
	return fmt.Sprintf("%s=%g", in.Key, in.Values[i])
}

func (b *heatBody) summary() string {
	least, most := b.extremes()
	return fmt.Sprintf("Lowest %s (%s), highest %s (%s).", b.print.full(b.lo), least, b.print.full(b.hi), most)
}

// extremes tells where the least and the greatest number stand.
func (h Heat) extremes() (least, most string) {
	lo, hi := bounds(h.Cells...)
	for j, row := range h.Cells {
		for i, v := range row {
			at := h.X.at(i) + ", " + h.Y.at(j)
			if v == lo && least == "" {
				least = at
			}
			if v == hi && most == "" {
				most = at
			}
		}
	}
	return least, most
}
