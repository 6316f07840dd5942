package plot

import (
	"fmt"
	"math"
	"strings"

	"powerplay/sim/unit"
)

// maxRangePanels is how many measures or dates a page takes.
const maxRangePanels = 6

// Ranges compares scenarios or their variants: for each a dot at the median and a line over the middle 90% of its runs.
type Ranges struct {
	N      int          // runs of each variant
	Ended  int          // of all, runs that ended early
	Rows   []Variant    // at most twelve, drawn in this order
	Panels []RangePanel // one, or up to six measures or dates side by side
}

// Variant is one row of a Ranges, with a colour that it keeps in all panels.
type Variant struct {
	Key, Label, Color string // as in Series
}

func (v Variant) series() Series { return Series{Key: v.Key, Label: v.Label, Color: v.Color} }

// RangePanel is one measure at one date. Panels with the same key share an axis.
type RangePanel struct {
	Key, Label string // as in Series; the label stands above the panel
	Unit       unit.Dimension
	At         unit.Month
	Ranges     []Range // one to a row
}

// Range is what one variant comes to: the 5 %, 50 % and 95 % quantiles of its runs, all NaN where there is none.
type Range struct{ P5, P50, P95 float64 }

func (r Range) missing() bool { return math.IsNaN(r.P50) }

// rangesBody is a Ranges checked and coloured.
type rangesBody struct {
	Ranges
	rowSeries []Series
	hues      []hue
	axes      []valueAxis // of the panels
}

// Figure checks the numbers: quantiles in order, at least two runs.
func (r Ranges) Figure(w Words) (*Figure, error) {
	switch {
	case len(r.Rows) > maxLines || len(r.Panels) > maxRangePanels:
		return nil, fmt.Errorf("plot: %d rows in %d panels; at most %d rows and %d panels", len(r.Rows), len(r.Panels), maxLines, maxRangePanels)
	case len(r.Rows) == 0 || len(r.Panels) == 0:
		return nil, fmt.Errorf("plot: ranges of %d rows in %d panels: %w", len(r.Rows), len(r.Panels), ErrNoData)
	case r.N < 2:
		return nil, fmt.Errorf("plot: a range of %d runs; it needs at least two", r.N)
	}
	b := &rangesBody{Ranges: r}
	for _, v := range r.Rows {
		b.rowSeries = append(b.rowSeries, v.series())
	}
	numbers := map[string][]float64{} // of the panels that share a key, and so an axis
	medians := map[string]float64{}   // largest of them
	seen := map[string]bool{}
	for _, p := range r.Panels {
		id := fmt.Sprint(p.Key, p.At)
		if seen[id] {
			return nil, fmt.Errorf("plot: two panels of %q at %v", p.Key, p.At)
		}
		seen[id] = true
		if err := r.check(p); err != nil {
			return nil, err
		}
		for _, one := range p.Ranges {
			numbers[p.Key] = append(numbers[p.Key], one.P5, one.P95)
			if !one.missing() {
				medians[p.Key] = max(medians[p.Key], math.Abs(one.P50))
			}
		}
	}
	for _, p := range r.Panels {
		lo, hi := bounds(numbers[p.Key])
		a := newValueAxis(p.Unit, lo, hi, true)
		a.decimals = max(a.decimals, decimals(medians[p.Key]*a.scale.factor))
		b.axes = append(b.axes, a)
	}
	var err error
	if b.hues, err = repeatingHues(b.rowSeries); err != nil {
		return nil, err
	}
	return newFigure(w, b)
}

// check refuses what a panel cannot show.
func (r Ranges) check(p RangePanel) error {
	if len(p.Ranges) != len(r.Rows) {
		return fmt.Errorf("plot: panel %q has %d ranges for %d rows", p.Key, len(p.Ranges), len(r.Rows))
	}
	medians := make([]Series, len(r.Rows))
	for i, one := range p.Ranges {
		medians[i] = Series{Key: r.Rows[i].Key, Values: []float64{one.P50}}
		ordered := one.P5 <= one.P50 && one.P50 <= one.P95 && max(-one.P5, one.P95) <= 1e300
		if none := one.missing() && math.IsNaN(one.P5) && math.IsNaN(one.P95); !ordered && !none {
			return fmt.Errorf("plot: %q of %q has quantiles %g, %g and %g; they must rise and be finite", p.Key, r.Rows[i].Key, one.P5, one.P50, one.P95)
		}
	}
	_, err := checkSeries(medians)
	return err
}

func (b *rangesBody) kind() string { return "Dot-and-range chart" }

func (b *rangesBody) notes() []string {
	notes := append([]string{fmt.Sprintf("Dots: medians; lines: middle 90%% of %s runs.", number(float64(b.N), 0))}, endedNote(b.Ended)...)
	for _, a := range b.axes {
		if !a.startsAtZero() {
			if len(b.axes) > 1 {
				return append(notes, "Not all axes start at zero.")
			}
			return append(notes, axisNote)
		}
	}
	return notes
}

// texts are what is printed at the left end, the dot and the right end of a range.
func (b *rangesBody) texts(panel, row int) (low, mid, high string) {
	one, a := b.Panels[panel].Ranges[row], b.axes[panel]
	if one.missing() {
		return "", "no values", ""
	}
	mid = a.scale.value(one.P50, a.decimals)
	if one.P5 == one.P95 {
		return "", mid, ""
	}
	return a.scale.bare(one.P5, a.decimals), mid, a.scale.bare(one.P95, a.decimals)
}

const (
	dotGap     = 6.0  // from the end of a range to its number
	lineGap    = 8.0  // between a panel and the one below
	rangeWidth = 48.0 // least width of the drawn ranges in points
)

func (b *rangesBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize, color: muted}
	need, head := 0.0, 0.0 // width of a panel, height of the names above
	ends := make([][]rowEnds, len(b.Panels))
	for k, p := range b.Panels {
		for i, one := range p.Ranges {
			if one.missing() {
				continue
			}
			low, mid, high := b.texts(k, i)
			row := rowEnds{one.P5, one.P95, s.fonts.width(low, st) + dotGap, s.fonts.width(high, st) + dotGap}
			ends[k] = append(ends[k], row)
			need = max(need, row.before+row.after+rangeWidth, s.fonts.width(mid, typeStyle{size: st.size, bold: true}))
		}
		if p.Label != "" {
			head = 1.4 * st.size
		}
	}
	var names []string
	for _, one := range b.rowSeries {
		names = append(names, one.label())
	}
	least := 2.3 * st.size // a number above each dot must clear those of the row above
	column := s.newRowNames(names, -1, 1.01*least, s.w/4)
	x0 := r.X0 + column.width + 8
	bottom := max(r.Y0, bottomMin-timeHeight)
	w, h, pitch := 0.0, 0.0, 0.0
	columns := 0
	// Panels stand side by side only as far as their rows would else be close.
	for c := 1; c <= len(b.Panels) && pitch < 3*st.size; c++ {
		lines := (len(b.Panels) + c - 1) / c
		wide := (r.X1 - x0 - panelGap*float64(c-1)) / float64(c)
		high := (r.Y1 - bottom - lineGap*float64(lines-1)) / float64(lines)
		if wide >= need {
			columns, w = c, wide
			pitch = min((high-head-timeHeight)/float64(len(b.Rows)), 4.5*st.size)
			h = head + pitch*float64(len(b.Rows)) + timeHeight
		}
	}
	lines := (len(b.Panels) + columns - 1) / max(1, columns)
	s.spare = r.Y1 - bottom - h*float64(lines) - lineGap*float64(lines-1)
	if pitch < least {
		cure := "use profile " + s.larger()
		if s.profile.Name == Tall().Name {
			cure = "use fewer panels"
		}
		return fmt.Errorf("%d rows in %d panels would be too close to read; %s", len(b.Rows), len(b.Panels), cure)
	}
	for k, p := range b.Panels {
		left := x0 + float64(k%columns)*(w+panelGap)
		top := r.Y1 - float64(k/columns)*(h+lineGap)
		a := newAcross(b.axes[k], left, left+w, ends[k])
		heading := typeStyle{size: st.size, bold: true, color: ink}
		s.text("label", s.fit(typographic(shorten(p.Label)), heading, w), heading, alignLeft, left, top-ascent*st.size)
		for i := range b.Rows {
			mid := top - head - (float64(i)+0.5)*pitch - 0.57*st.size
			if k%columns == 0 {
				column.set(s, i, x0-8, mid)
			}
			b.drawRange(s, k, i, a, Rect{left, mid, left + w, mid})
		}
		a.draw(s, top-h+timeHeight)
	}
	return nil
}

// drawRange sets one range with its numbers on the line from the left to the right end of row.
func (b *rangesBody) drawRange(s *sheet, panel, i int, a across, row Rect) {
	size := s.profile.LabelSize
	one, hue := b.Panels[panel].Ranges[i], b.hues[i]
	low, mid, high := b.texts(panel, i)
	st := typeStyle{size: size, color: muted}
	if one.missing() {
		s.text("value", mid, st, alignCentre, (row.X0+row.X1)/2, row.Y0+0.8*size)
		return
	}
	x0, x, x1 := a.x(one.P5), a.x(one.P50), a.x(one.P95)
	guide := pen{width: 0.6, color: gridGrey, crisp: true}
	from, to := x0-1.5*dotGap-s.fonts.width(low, st), x1+1.5*dotGap+s.fonts.width(high, st)
	s.stroke(guide, pt{min(a.x0, from), row.Y0}, pt{from, row.Y0})
	s.stroke(guide, pt{to, row.Y0}, pt{max(a.x1, to), row.Y0})
	s.stroke(pen{width: 3, color: hue.tints[2]}, pt{x0, row.Y0}, pt{x1, row.Y0})
	s.dot(hue.fill, pt{x, row.Y0}, 4.5)
	y := row.Y0 - 0.35*size
	s.text("value", low, st, alignRight, x0-dotGap, y)
	s.text("value", high, st, alignLeft, x1+dotGap, y)
	bold := typeStyle{size: size, bold: true, color: hue.label}
	half := s.fonts.width(mid, bold) / 2
	s.text("value", mid, bold, alignCentre, min(max(x, row.X0+half), row.X1-half), row.Y0+0.8*size)
}

// rows are named for the variant, with several measures for the measure and the variant: "capacity/baseline".
func (b *rangesBody) rows() []Row {
	var rows []Row
	for _, p := range b.Panels {
		for i, one := range p.Ranges {
			if one.missing() {
				continue
			}
			key, label := b.rowSeries[i].Key, b.rowSeries[i].label()
			if p.Key != "" {
				key, label = p.Key+"/"+key, join(label+":", Series{Key: p.Key, Label: p.Label}.label())
			}
			for _, q := range []struct {
				name  string
				value float64
			}{{"p05", one.P5}, {"p50", one.P50}, {"p95", one.P95}} {
				rows = append(rows, Row{key, label, p.At.String(), q.value, p.Unit, q.name})
			}
		}
	}
	return rows
}

func (b *rangesBody) summary() string {
	var panels []string
	for k, p := range b.Panels {
		var parts []string
		for i, one := range b.rowSeries {
			low, mid, high := b.texts(k, i)
			if low != "" {
				mid += " (" + low + " to " + high + ")"
			}
			parts = append(parts, one.label()+" "+mid)
		}
		panels = append(panels, strings.TrimPrefix(oneLine(p.Label)+": ", ": ")+strings.Join(parts, "; ")+".")
	}
	return "Medians, and in brackets the middle of nine in ten runs. " + strings.Join(panels, " ")
}
