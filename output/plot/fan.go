package plot

import (
	"fmt"
	"math"
	"slices"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// fewRuns is how many runs make a fan honest; with fewer the runs themselves are drawn.
const fewRuns = 100

// Quantiles are those of one measure over many runs, one value a month in each.
type Quantiles struct {
	P5, P20, P35, P50, P65, P80, P95 []float64
}

// levels lists the quantiles from low to high with their names in data files.
func (q Quantiles) levels() []struct {
	name   string
	values []float64
} {
	return []struct {
		name   string
		values []float64
	}{{"p05", q.P5}, {"p20", q.P20}, {"p35", q.P35}, {"p50", q.P50}, {"p65", q.P65}, {"p80", q.P80}, {"p95", q.P95}}
}

// bands lists the ranges between quantiles from wide to narrow, each with its name.
func (q Quantiles) bands() []struct {
	name      string
	low, high []float64
} {
	return []struct {
		name      string
		low, high []float64
	}{{middle90, q.P5, q.P95}, {"p20-p80", q.P20, q.P80}, {"p35-p65", q.P35, q.P65}}
}

// QuantilesOf computes the quantiles of runs, runs[i][t] being the value of run i in month t, with linear
// interpolation between order statistics (type 7). Missing values are left out; a month without any is NaN.
//
// Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996.
func QuantilesOf(runs [][]float64) Quantiles {
	if len(runs) == 0 {
		return Quantiles{}
	}
	months := len(runs[0])
	out := make([][]float64, 7)
	for k := range out {
		out[k] = make([]float64, months)
	}
	sample := make([]float64, 0, len(runs))
	for t := range months {
		sample = sample[:0]
		for _, run := range runs {
			if v := run[t]; !math.IsNaN(v) {
				sample = append(sample, v)
			}
		}
		slices.Sort(sample)
		for k, p := range []float64{0.05, 0.20, 0.35, 0.50, 0.65, 0.80, 0.95} {
			out[k][t] = quantile(sample, p)
		}
	}
	return Quantiles{out[0], out[1], out[2], out[3], out[4], out[5], out[6]}
}

// quantile interpolates in a sorted sample; it is NaN when the sample is empty.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := float64(len(sorted)-1) * p
	i := int(h)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + float64((h-float64(i))*(sorted[i+1]-sorted[i]))
}

// Spread is one uncertain measure: the quantiles of its runs.
type Spread struct {
	Key, Label, Color string // as in Series
	Quantiles         Quantiles
	Ends              string // what stands beside its name in small multiples; empty for its final median
	Leads             int    // runs in which it is the largest of those drawn in the last month; MediansTitle tells it
}

func (s Spread) series() Series {
	return Series{Key: s.Key, Label: s.Label, Color: s.Color, Values: s.Quantiles.P50}
}

// Fan is a fan chart: how uncertain a measure is over time.
type Fan struct {
	Start   unit.Month // of the first value
	Unit    unit.Dimension
	N       int      // runs behind the quantiles
	Ended   int      // of these, runs that ended early
	Spreads []Spread // one, or two, which are drawn with their 90% bands only
	// Runs are single runs drawn as thin lines, one value a month: runs 1 to 5 beside the bands of one
	// spread, or, with N below 100, all runs in place of the bands.
	Runs    [][]float64
	History []History
	Events  []Event
}

// fanBody is a Fan checked and coloured.
type fanBody struct {
	Fan
	hues []hue
	v    valueAxis
	t    timeAxis
}

// Figure checks the numbers: from two runs on, quantiles in order, at most two spreads. Below 100 runs bands
// would promise more than is known, so Runs must hold every run and is drawn instead.
func (f Fan) Figure(w Words) (*Figure, error) {
	if len(f.Spreads) > 2 {
		return nil, fmt.Errorf("plot: %d spreads in one fan chart; at most two, or use small multiples", len(f.Spreads))
	}
	months, err := checkSpreads(f.Spreads, f.N, f.Start)
	if err != nil {
		return nil, err
	}
	if err := checkEvents(f.Events); err != nil {
		return nil, err
	}
	switch {
	case len(f.Runs) > 0 && len(f.Spreads) > 1:
		return nil, fmt.Errorf("plot: single runs are drawn beside one spread, not two")
	case f.N < fewRuns && len(f.Spreads) == 1 && len(f.Runs) != f.N:
		return nil, fmt.Errorf("plot: with %d runs, fewer than %d, all runs are drawn; got %d", f.N, fewRuns, len(f.Runs))
	case f.N >= fewRuns && len(f.Runs) > 5:
		return nil, fmt.Errorf("plot: %d single runs beside a fan; at most 5", len(f.Runs))
	}
	for i, run := range f.Runs {
		if len(run) != months {
			return nil, fmt.Errorf("plot: run %d has %d values, the quantiles %d", i+1, len(run), months)
		}
		if slices.ContainsFunc(run, func(v float64) bool { return math.Abs(v) > 1e300 }) {
			return nil, fmt.Errorf("plot: run %d holds a value that cannot be drawn", i+1)
		}
	}
	b := &fanBody{Fan: f}
	var medians []Series
	var all [][]float64
	for _, s := range f.Spreads {
		medians = append(medians, s.series())
		all = append(all, s.Quantiles.P5, s.Quantiles.P50, s.Quantiles.P95)
	}
	if b.hues, err = hues(medians, func(int) bool { return true }); err != nil {
		return nil, err
	}
	all = append(all, f.Runs...)
	first, observed, err := observations(f.History, f.Start)
	if err != nil {
		return nil, err
	}
	lo, hi := bounds(append(all, observed)...)
	b.v = newValueAxis(f.Unit, lo, hi, true)
	b.t = newTimeAxis(first, f.Start+unit.Month(months-1))
	return newFigure(w, b)
}

// checkSpreads refuses spreads that no fan can show.
func checkSpreads(spreads []Spread, runs int, start unit.Month) (months int, err error) {
	var medians []Series
	for _, s := range spreads {
		medians = append(medians, s.series())
	}
	if months, err = checkSeries(medians); err != nil {
		return 0, err
	}
	if runs < 2 {
		return 0, fmt.Errorf("plot: a fan of %d runs; draw one run as a line", runs)
	}
	for _, s := range spreads {
		levels := s.Quantiles.levels()
		for _, l := range levels {
			if len(l.values) != months {
				return 0, fmt.Errorf("plot: %s of %q has %d values, the median %d", l.name, s.Key, len(l.values), months)
			}
		}
		for t := range months {
			before := math.Inf(-1)
			gaps := 0
			for _, l := range levels {
				v := l.values[t]
				if math.IsNaN(v) {
					gaps++
					continue
				}
				if v < before || math.Abs(v) > 1e300 {
					return 0, fmt.Errorf("plot: %s of %q is %g at %v, the quantile below it %g", l.name, s.Key, v, start+unit.Month(t), before)
				}
				before = v
			}
			if gaps != 0 && gaps != len(levels) {
				return 0, fmt.Errorf("plot: %q has some quantiles but not all at %v", s.Key, start+unit.Month(t))
			}
		}
	}
	return months, nil
}

func (b *fanBody) kind() string { return "Fan chart" }

// bandsNote says what line and bands mean.
func bandsNote(n, spreads int) string {
	runs := number(float64(n), 0)
	switch {
	case n < fewRuns:
		return fmt.Sprintf("Thick line: median; thin lines: all %s runs.", runs)
	case spreads > 1:
		return fmt.Sprintf("Lines: medians; bands: middle 90%% of %s runs.", runs)
	}
	return fmt.Sprintf("Line: median; bands: middle 30%%, 60%% and 90%% of %s runs.", runs)
}

// endedNote counts the runs that stopped before the end.
func endedNote(ended int) []string {
	if ended == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Ended early: %s.", number(float64(ended), 0))}
}

func (b *fanBody) notes() []string {
	notes := []string{bandsNote(b.N, len(b.Spreads))}
	if n := len(b.Runs); n > 0 && b.N >= fewRuns {
		text := "Thin line: run 1."
		if n > 1 {
			text = fmt.Sprintf("Thin lines: runs 1–%d.", n)
		}
		notes = append(notes, text)
	}
	if len(b.History) > 0 {
		notes = append(notes, "Black: observed; shaded: simulated.")
	}
	notes = append(notes, endedNote(b.Ended)...)
	if !b.v.startsAtZero() {
		notes = append(notes, axisNote)
	}
	return notes
}

func (b *fanBody) draw(s *sheet, r Rect) error {
	var labels []endLabel
	for i, one := range b.Spreads {
		end, at := one.series().end()
		show := b.printer(one, at)
		label := endLabel{
			part: part{series: one.Key}, name: shorten(one.series().label()), value: show(end), y: end * b.v.scale.factor,
			color: b.hues[i].label, bold: len(b.Spreads) == 1, rank: nameAlways,
		}
		low, high := one.Quantiles.P5[at], one.Quantiles.P95[at]
		if len(b.Spreads) > 1 {
			label.value += fmt.Sprintf(" (%s–%s)", b.v.scale.bare(low, b.v.decimals), b.v.scale.bare(high, b.v.decimals))
		} else if b.N >= fewRuns && high > low {
			labels = append(labels,
				endLabel{part: part{one.Key, middle90}, name: "95th percentile", value: show(high), y: high * b.v.scale.factor, color: muted, rank: 2, extra: true},
				endLabel{part: part{one.Key, middle90}, name: "5th percentile", value: show(low), y: low * b.v.scale.factor, color: muted, rank: 1, extra: true})
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
	for i, one := range b.Spreads {
		if b.N >= fewRuns && len(b.Spreads) == 1 {
			p.bands(b.Start, one, b.hues[i].tints)
		}
	}
	if b.N >= fewRuns && len(b.Spreads) == 2 {
		p.twoBands(b.Start, b.Spreads[0], b.Spreads[1], b.hues[0].tints[0], b.hues[1].tints[0])
		for i, one := range b.Spreads {
			p.edges(b.Start, one, pen{width: 0.8, color: b.hues[i].fill, dash: dashes()[i]})
		}
	}
	p.axes(true, tickGap)
	thin := b.hues[0].label
	if b.N < fewRuns {
		thin = b.hues[0].tints[2] // many lines must not hide the median
	}
	s.of(b.Spreads[0].Key, "runs", func() {
		for _, run := range b.Runs {
			p.line(b.Start, run, pen{width: 0.7, color: thin})
		}
	})
	for i, one := range b.Spreads {
		s.of(one.Key, "p50", func() {
			p.line(b.Start, one.Quantiles.P50, pen{width: 2.5, color: b.hues[i].fill, dash: dashes()[i]})
		})
	}
	p.history(b.History)
	p.drawEvents(events)
	p.drawGutter(g)
	return nil
}

// printer formats what stands at the end of a spread. Of one alone it does so as its title: thin runs may reach a magnitude
// farther than its bands.
func (b *fanBody) printer(one Spread, at int) func(float64) string {
	if len(b.Spreads) > 1 || b.N < fewRuns || at < 0 {
		return func(v float64) string { return b.v.scale.value(v, b.v.decimals) }
	}
	return endPrinter(b.Unit, one, at).full
}

// middle90 names the widest band.
const middle90 = "p05-p95"

// bands fills the middle 90, 60 and 30 %, the wider under the narrower, all opaque.
func (p panel) bands(start unit.Month, one Spread, tints [3]rgb) {
	for i, band := range one.Quantiles.bands() {
		p.s.of(one.Key, band.name, func() { p.between(tints[i], start, band.low, band.high) })
	}
}

// twoBands fills the middle 90 % of two spreads, and where they lie over each other a mix of both colours.
func (p panel) twoBands(start unit.Month, first, second Spread, ca, cb rgb) {
	a, b := first.Quantiles, second.Quantiles
	p.s.of(first.Key, middle90, func() { p.between(ca, start, a.P5, a.P95) })
	p.s.of(second.Key, middle90, func() { p.between(cb, start, b.P5, b.P95) })
	low, high := make([]float64, len(a.P5)), make([]float64, len(a.P5))
	for t := range low {
		low[t], high[t] = max(a.P5[t], b.P5[t]), min(a.P95[t], b.P95[t])
		if high[t] < low[t] {
			low[t], high[t] = math.NaN(), math.NaN()
		}
	}
	p.s.of("", middle90, func() { p.between(blend(ca, cb), start, low, high) })
}

// edges outlines the middle 90 % of a spread, so that it can be followed below another.
func (p panel) edges(start unit.Month, one Spread, with pen) {
	p.s.of(one.Key, middle90, func() {
		p.line(start, one.Quantiles.P5, with)
		p.line(start, one.Quantiles.P95, with)
	})
}

// between fills from low to high.
func (p panel) between(c rgb, start unit.Month, low, high []float64) {
	for _, path := range p.ribbons(start, low, high) {
		p.s.fill(c, path...)
	}
}

// ribbons are the outlines of what lies between low and high, with a break where either is missing. A month alone
// between gaps is a column of four points' width.
func (p panel) ribbons(start unit.Month, low, high []float64) (paths [][]pt) {
	for from := 0; from < len(low); from++ {
		if math.IsNaN(low[from]) || math.IsNaN(high[from]) {
			continue
		}
		to := from
		for to+1 < len(low) && !math.IsNaN(low[to+1]) && !math.IsNaN(high[to+1]) {
			to++
		}
		var path []pt
		for t := from; t <= to; t++ {
			path = append(path, p.at(monthEnd(start+unit.Month(t)), high[t]))
		}
		for t := to; t >= from; t-- {
			path = append(path, p.at(monthEnd(start+unit.Month(t)), low[t]))
		}
		if from == to {
			a, z := path[1], path[0]
			path = []pt{{a.X - 2, a.Y}, {a.X + 2, a.Y}, {a.X + 2, z.Y}, {a.X - 2, z.Y}}
		}
		paths = append(paths, path)
		from = to
	}
	return paths
}

func (s Spread) rows(start unit.Month, d unit.Dimension) []Row {
	var rows []Row
	for _, l := range s.Quantiles.levels() {
		rows = append(rows, rowsOf(s.Key, s.series().label(), start, l.values, d, l.name)...)
	}
	return rows
}

func (b *fanBody) rows() []Row {
	var rows []Row
	for _, s := range b.Spreads {
		rows = append(rows, s.rows(b.Start, b.Unit)...)
	}
	for i, run := range b.Runs {
		rows = append(rows, rowsOf(b.Spreads[0].Key, b.Spreads[0].series().label(), b.Start, run, b.Unit, fmt.Sprintf("run %d", i+1))...)
	}
	return append(rows, historyRows(b.History, b.Unit)...)
}

func (b *fanBody) summary() string { return summarizeSpreads(b.Start, b.Spreads, b.Unit) }

// summarizeSpreads tells the medians and the 90% ranges at the end.
func summarizeSpreads(start unit.Month, spreads []Spread, d unit.Dimension) string {
	var medians []Series
	text := ""
	for _, s := range spreads {
		m := s.series()
		medians = append(medians, m)
		end, at := m.end()
		if at >= 0 {
			low, high := s.Quantiles.P5[at], s.Quantiles.P95[at]
			largest := max(math.Abs(low), math.Abs(high), math.Abs(end))
			text += " In nine of ten runs " + record.Agree(fmt.Sprintf("%s ends between %s and %s.", m.label(), Format(low, largest, d), Format(high, largest, d)), m.label())
		}
	}
	return "Medians: " + summarize(start, medians, d) + text
}
