package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Bars show how likely outcomes are: the share of runs that end in each, with its margin.
type Bars struct {
	N      int       // runs
	Ended  int       // of these, runs that ended early
	Chosen bool      // the runs are no sample, so a share of them has no margin
	Bars   []Outcome // at most twelve; drawn by falling share, one with key "other" last
	Focus  string    // key of the outcome whose label is bold; empty for none
}

// Outcome is one thing that can happen in a run.
type Outcome struct {
	Key, Label, Color string // as in Series; without a color all bars are the palette's first
	Count             int    // runs in which it happens
}

func (o Outcome) series() Series { return Series{Key: o.Key, Label: o.Label, Color: o.Color} }

// Margin is how far the 95 % interval of a share reaches from it, on the longer side, for what happens in k of n runs.
func Margin(k, n int) float64 {
	low, high := record.Wilson(k, n)
	p := float64(k) / float64(n)
	return max(p-low, high-p)
}

// Points writes a margin in percentage points: 3. Below one half it takes a decimal, so that none reads as no margin.
func Points(margin float64) string {
	switch points := 100 * margin; {
	case points >= 0.5:
		return strconv.FormatFloat(points, 'f', 0, 64)
	case points >= 0.05:
		return strconv.FormatFloat(points, 'f', 1, 64)
	default:
		return "<0.1"
	}
}

// barsBody is a Bars checked, sorted and coloured.
type barsBody struct {
	Bars
	hues []hue
}

// Figure checks the counts, which lie between 0 and N.
func (b Bars) Figure(w Words) (*Figure, error) {
	if len(b.Bars) == 0 || b.N <= 0 {
		return nil, fmt.Errorf("plot: %d outcomes of %d runs: %w", len(b.Bars), b.N, ErrNoData)
	}
	if len(b.Bars) > maxPanels {
		return nil, fmt.Errorf("plot: %d outcomes; a bar chart takes at most %d", len(b.Bars), maxPanels)
	}
	seen := map[string]bool{}
	for _, o := range b.Bars {
		if o.Count < 0 || o.Count > b.N {
			return nil, fmt.Errorf("plot: outcome %q happens in %d of %d runs", o.Key, o.Count, b.N)
		}
		if seen[o.Key] {
			return nil, fmt.Errorf("plot: key %q names two outcomes", o.Key)
		}
		seen[o.Key] = true
	}
	body := &barsBody{Bars: b}
	body.Bars.Bars = slices.Clone(b.Bars)
	slices.SortStableFunc(body.Bars.Bars, func(x, y Outcome) int {
		if ox, oy := strings.EqualFold(x.Key, "other"), strings.EqualFold(y.Key, "other"); ox != oy {
			return map[bool]int{true: 1, false: -1}[ox]
		}
		return cmp.Compare(y.Count, x.Count)
	})
	for _, o := range body.Bars.Bars {
		own := categorical()[0]
		if strings.EqualFold(o.Key, "other") {
			own = neutralHue
		}
		h, err := hueNamed(o.Color, own)
		if err != nil {
			return nil, fmt.Errorf("outcome %q: %w", o.Key, err)
		}
		body.hues = append(body.hues, h)
	}
	return newFigure(w, body)
}

func (b *barsBody) kind() string { return "Bar chart" }

func (b *barsBody) notes() []string {
	runs := number(float64(b.N), 0)
	note := fmt.Sprintf("Whiskers: 95%% margin of %s runs.", runs)
	if b.Chosen {
		note = fmt.Sprintf("No margins: the %s runs are chosen, no sample.", runs)
	}
	return append([]string{note}, endedNote(b.Ended)...)
}

// interval is that of a share of runs, the share alone where it has none.
func (b *barsBody) interval(count int) (low, high float64) {
	if b.Chosen {
		p := float64(count) / float64(b.N)
		return p, p
	}
	return record.Wilson(count, b.N)
}

// share prints a share of runs with its margin in points; none and all are named instead.
func (b *barsBody) share(count int) string {
	switch count {
	case 0:
		return "0% (no run)"
	case b.N:
		return "100% (every run)"
	}
	p := float64(count) / float64(b.N)
	s := scale{factor: 100, suffix: "%"}
	places := 0
	if b.Chosen {
		return s.value(p, places)
	}
	if Margin(count, b.N) < 0.005 {
		places = 1
	}
	return s.value(p, places) + " ± " + s.bare(Margin(count, b.N), places)
}

func (b *barsBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize}
	bars := b.Bars.Bars
	pitch, err := s.rowPitch(len(bars), r.height()-8)
	if err != nil {
		return err
	}
	thick := min(0.6*pitch, 36)
	focus := -1
	names, values := make([]string, len(bars)), 0.0
	for i, o := range bars {
		names[i] = o.series().label()
		if o.Key == b.Focus && b.Focus != "" {
			focus = i
		}
		values = max(values, s.fonts.width(b.share(o.Count), typeStyle{size: st.size, bold: i == focus}))
	}
	column := s.newRowNames(names, focus, pitch, s.w/3-marginPt) // values stand right of the whiskers
	x0 := r.X0 + column.width + 8
	reach := 0.0 // largest share with its margin
	for _, o := range bars {
		_, high := b.interval(o.Count)
		reach = max(reach, high)
	}
	if reach == 0 {
		reach = 1
	}
	perShare := (r.X1 - values - 8 - x0) / reach
	top := r.Y1 - 4
	for i, o := range bars {
		mid := top - (float64(i)+0.5)*pitch
		p := float64(o.Count) / float64(b.N)
		below, above := b.interval(o.Count)
		end := x0 + p*perShare
		s.fillRect(b.hues[i].fill, Rect{x0, mid - thick/2, end, mid + thick/2})
		low, high := x0+below*perShare, x0+above*perShare
		if above > below {
			// White on the bar, ink on the paper, so that both halves are seen.
			on := white
			if contrast(b.hues[i].fill, white) < 3 {
				on = ink
			}
			s.stroke(pen{width: 1, color: on, crisp: true}, pt{low, mid}, pt{end, mid})
			s.stroke(pen{width: 1, color: on, crisp: true}, pt{low, mid - 3}, pt{low, mid + 3})
			s.stroke(pen{width: 1, color: ink, crisp: true}, pt{end, mid}, pt{high, mid})
			s.stroke(pen{width: 1, color: ink, crisp: true}, pt{high, mid - 3}, pt{high, mid + 3})
		}
		column.set(s, i, x0-8, mid)
		style := typeStyle{size: st.size, bold: i == focus, color: ink}
		s.text("value", b.share(o.Count), style, alignLeft, max(high, end)+6, mid-0.35*st.size)
	}
	s.stroke(pen{width: 0.8, color: axisGrey, crisp: true}, pt{x0, top}, pt{x0, top - pitch*float64(len(bars))})
	return nil
}

func (b *barsBody) rows() []Row {
	var rows []Row
	for _, o := range b.Bars.Bars {
		p := float64(o.Count) / float64(b.N)
		label := o.series().label()
		rows = append(rows, Row{o.Key, label, "", p, unit.DimShare, ""})
		if !b.Chosen {
			rows = append(rows, Row{o.Key, label, "", Margin(o.Count, b.N), unit.DimShare, "margin"})
		}
		rows = append(rows, Row{o.Key, label, "", float64(o.Count), unit.DimCount, "runs"})
	}
	return rows
}

func (b *barsBody) summary() string {
	var parts []string
	for _, o := range b.Bars.Bars {
		parts = append(parts, fmt.Sprintf("%s %s", o.series().label(), b.share(o.Count)))
	}
	return strings.Join(parts, "; ") + "."
}
