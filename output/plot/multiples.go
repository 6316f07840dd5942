package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"powerplay/sim/unit"
)

// maxPanels is how many small charts a page takes.
const maxPanels = 12

// flatPart is the part of the axis that a panel must reach somewhere: on one of a hundred points as much as the line of
// its median is thick, below which nothing but a flat line would be seen.
const flatPart = 0.02

// Multiples are small fan charts with shared axes, one to a firm, the largest final median first.
type Multiples struct {
	Start  unit.Month // of the first value
	Unit   unit.Dimension
	N      int      // runs behind the quantiles
	Ended  int      // of these, runs that ended early
	Cap    float64  // what the measure cannot exceed, where that stands for no number: 0 for none, see below
	Panels []Spread // at most twelve are drawn, the largest, and none that would look empty
}

// multiplesBody is a Multiples checked, sorted and coloured.
type multiplesBody struct {
	Multiples
	hues []hue
	all  int // panels before the smallest were left out
	// reference names the first panel where its median stands behind the others' and gaps are joined; empty for none.
	reference string
	v         valueAxis
	t         timeAxis
}

// Figure checks the numbers as Fan does. Small multiples need at least 100 runs.
func (m Multiples) Figure(w Words) (*Figure, error) {
	months, err := checkSpreads(m.Panels, m.N, m.Start)
	if err != nil {
		return nil, err
	}
	if m.N < fewRuns {
		return nil, fmt.Errorf("plot: small multiples of %d runs; a fan needs at least %d", m.N, fewRuns)
	}
	var medians []Series
	for _, s := range m.Panels {
		medians = append(medians, s.series())
	}
	colours, err := repeatingHues(medians)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(m.Panels))
	final := make([]float64, len(m.Panels))
	for i := range order {
		order[i] = i
		if final[i], _ = medians[i].end(); math.IsNaN(final[i]) {
			final[i] = math.Inf(-1)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(final[j], final[i]) })
	b := &multiplesBody{Multiples: m, all: len(m.Panels)}
	b.Panels = nil
	var all [][]float64
	for _, s := range m.Panels {
		all = append(all, s.Quantiles.P5, s.Quantiles.P95)
	}
	_, reach := bounds(all...)
	all = nil
	for _, i := range order {
		q := m.Panels[i].Quantiles
		lo, hi := bounds(q.P5, q.P95)
		if flat := max(-lo, hi) < flatPart*reach; flat || len(b.Panels) == maxPanels {
			continue
		}
		b.Panels = append(b.Panels, m.Panels[i])
		b.hues = append(b.hues, colours[i])
		all = append(all, q.P5, q.P95)
	}
	lo, hi := bounds(all...)
	b.v = newValueAxis(m.Unit, lo, hi, true)
	b.v.decimals = mediansPrinter(m.Unit, m.Panels).decimals
	b.t = newTimeAxis(m.Start, m.Start+unit.Month(months-1))
	return newFigure(w, b)
}

// repeatingHues gives every series a colour. Beyond eight they repeat, for charts that name each series where it stands:
// there colour only helps to find it again.
func repeatingHues(series []Series) ([]hue, error) {
	colours, err := hues(series, func(int) bool { return true })
	if err != nil {
		return nil, err
	}
	palette := categorical()
	for i := range colours {
		if colours[i] == neutralHue {
			colours[i] = palette[i%len(palette)]
		}
	}
	return colours, nil
}

func (b *multiplesBody) kind() string { return "Small multiples of fan charts" }

func (b *multiplesBody) notes() []string {
	var notes []string
	switch n := len(b.Panels); {
	case n == b.all:
	case b.reference != "":
		notes = append(notes, fmt.Sprintf("Not drawn: %d more.", b.all-n))
	case n == 1:
		notes = append(notes, fmt.Sprintf("The largest of %d.", b.all))
	default:
		notes = append(notes, fmt.Sprintf("The %d largest of %d.", len(b.Panels), b.all))
	}
	notes = append(notes, endedNote(b.Ended)...)
	if b.reference != "" && slices.ContainsFunc(b.Panels, Spread.gaps) {
		notes = append(notes, "Quantiles of year ends, joined by straight lines.")
	}
	if !b.v.startsAtZero() {
		notes = append(notes, axisNote)
	}
	return notes
}

// behind is how the median of the reference is drawn in the panels of the others.
func behind() pen { return pen{width: 1.2, color: ink, dash: []float64{2, 2}} }

// panelGap is the distance between small charts in points.
const panelGap = 16.0

func (b *multiplesBody) draw(s *sheet, r Rect) error {
	size := s.profile.LabelSize
	r = s.legend(r, b.legend(s))
	left := s.tickColumn(b.v)
	body := Rect{r.X0 + left, max(r.Y0+timeHeight, bottomMin), r.X1 - 4, r.Y1}
	name := 1.5 * size // above each panel
	columns := 0
	for _, least := range []float64{b.widestName(s), leastPanel} { // names are whole where fewer columns leave them room
		if columns == 0 {
			columns = columnsFor(len(b.Panels), body.width(), body.height(), name, least)
		}
	}
	if columns == 0 {
		return fmt.Errorf("%d panels would be too small to read; use profile tall", len(b.Panels))
	}
	rows := (len(b.Panels) + columns - 1) / columns
	w := (body.width() - panelGap*float64(columns-1)) / float64(columns)
	h := (body.height() - panelGap*float64(rows-1)) / float64(rows)
	for i, one := range b.Panels {
		column, row := i%columns, i/columns
		x0 := body.X0 + float64(column)*(w+panelGap)
		y0 := body.Y1 - float64(row)*(h+panelGap) - h
		p := panel{s, Rect{x0, y0, x0 + w, y0 + h - name}, b.v, b.t}
		lowest := i+columns >= len(b.Panels)
		p.grid(column == 0)
		if b.reference != "" {
			one.Quantiles = one.Quantiles.joined()
		}
		p.bands(b.Start, one, b.hues[i].tints)
		s.of(one.Key, "", func() { p.axes(lowest, 0) })
		s.of(one.Key, "p50", func() { p.line(b.Start, b.below(one.Quantiles), pen{width: 2, color: b.hues[i].fill}) })
		if b.reference != "" && i > 0 {
			p.line(b.Start, joined(b.Panels[0].Quantiles.P50), behind())
		}
		label, st := b.label(i), typeStyle{size: size}
		s.of(one.Key, "", func() {
			s.text("label", s.clipLabel(label, st, w), label.style(st), alignLeft, x0, p.r.Y1+0.5*size)
		})
	}
	return nil
}

// below is a median with gaps where a third of the runs or more are at the cap: so near to them it leaps to and fro. An
// island between two gaps is no line either.
func (b *multiplesBody) below(q Quantiles) []float64 {
	if b.Cap == 0 {
		return q.P50
	}
	line, last := slices.Clone(q.P50), -1 // the last gap
	for t := range line {
		if q.P65[t] >= b.Cap {
			if t-last <= island {
				copy(line[last+1:t], slices.Repeat([]float64{math.NaN()}, t-last-1))
			}
			line[t], last = math.NaN(), t
		}
	}
	return line
}

// island is how many months between two gaps are too few for a line.
const island = 6

// label names a panel and its final median.
func (b *multiplesBody) label(i int) endLabel {
	series := b.Panels[i].series()
	label := endLabel{name: shorten(series.label()), value: "no values", color: b.hues[i].label, bold: true}
	if end, at := series.end(); at >= 0 {
		label.value = b.v.scale.value(end, b.v.decimals)
	}
	if ends := b.Panels[i].Ends; ends != "" {
		label.value = ends
	}
	return label
}

// widestName is the width that the names of all panels need, in points.
func (b *multiplesBody) widestName(s *sheet) float64 {
	widest := leastPanel
	for i := range b.Panels {
		label := b.label(i)
		widest = max(widest, s.fonts.width(typographic(label.name+" "+label.value), label.style(typeStyle{size: s.profile.LabelSize})))
	}
	return widest
}

// leastPanel is how narrow a panel may become, in points.
const leastPanel = 60.0

// columnsFor picks the number of columns that gives panels closest to a shape of 3 to 2 and at least as wide as least, without
// orphans where it can. It is 0 when the panels would be too small whatever the number.
func columnsFor(n int, width, height, name, least float64) int {
	best, cost := 0, math.Inf(1)
	for c := 1; c <= n; c++ {
		rows := (n + c - 1) / c
		w := (width - panelGap*float64(c-1)) / float64(c)
		h := (height-panelGap*float64(rows-1))/float64(rows) - name
		if w < least || h < 30 {
			continue
		}
		empty := float64(c*rows-n) / float64(n)
		if x := math.Abs(math.Log(w/h/1.5)) + 2.8*empty; x < cost {
			best, cost = c, x
		}
	}
	return best
}

// legend explains line and bands in greys.
func (b *multiplesBody) legend(s *sheet) []legendEntry {
	entries := []legendEntry{{"median", func(box Rect) {
		mid := (box.Y0 + box.Y1) / 2
		s.stroke(pen{width: 2, color: muted}, pt{box.X0, mid}, pt{box.X1, mid})
	}}}
	if b.reference != "" {
		entries = append(entries, legendEntry{"median of " + b.reference, func(box Rect) {
			mid := (box.Y0 + box.Y1) / 2
			s.stroke(behind(), pt{box.X0, mid}, pt{box.X1, mid})
		}})
	}
	for i, words := range []string{"middle 30%", "60%", "90% of " + number(float64(b.N), 0) + " runs"} {
		entries = append(entries, legendEntry{words, func(box Rect) { s.fillRect(neutralHue.tints[2-i], box) }})
	}
	return entries
}

func (b *multiplesBody) rows() []Row {
	var rows []Row
	for _, s := range b.Panels {
		rows = append(rows, s.rows(b.Start, b.Unit)...)
	}
	return rows
}

func (b *multiplesBody) summary() string { return summarizeSpreads(b.Start, b.Panels, b.Unit) }
