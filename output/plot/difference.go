package plot

import (
	"fmt"
	"math"
	"strings"

	"powerplay/sim/unit"
)

// Difference shows over time what one variant brings over another: the quantiles of A − B over pairs of runs that share
// their draws, which tells more than two fans side by side.
type Difference struct {
	Start     unit.Month // of the first value
	Unit      unit.Dimension
	Key       string    // of the measure, in data files
	Measure   string    // its name: "AI capacity"
	A, B      string    // names of the variants
	N         int       // pairs of runs behind the quantiles
	Ended     int       // of these, pairs of which a run ended early
	Quantiles Quantiles // of A − B, pair by pair
	// Above and Below count the pairs whose last difference is more, and less, than zero; DifferenceTitle tells them.
	Above, Below int
	Runs         [][]float64 // with fewer than 100 pairs the difference of each, one value a month
	Events       []Event
}

// differenceBody is a Difference checked. It is a fan around zero.
type differenceBody struct {
	fanBody
	a string // the variant that more and less refer to
}

// Figure checks the numbers as Fan does. With fewer than 100 pairs it draws them all in place of the bands.
func (d Difference) Figure(w Words) (*Figure, error) {
	if d.Above < 0 || d.Below < 0 || d.Above+d.Below > d.N {
		return nil, fmt.Errorf("plot: of %d pairs %d end above zero and %d below", d.N, d.Above, d.Below)
	}
	spread := Spread{Key: d.Key, Label: join(oneLine(d.A), "less", oneLine(d.B)+":", oneLine(d.Measure)), Quantiles: d.Quantiles}
	f, err := Fan{
		Start: d.Start, Unit: d.Unit, N: d.N, Ended: d.Ended, Runs: d.Runs, Events: d.Events,
		Spreads: []Spread{spread},
	}.Figure(w)
	if err != nil {
		return nil, err
	}
	fan := f.body.(*fanBody)
	lo, hi := bounds(append([][]float64{d.Quantiles.P5, d.Quantiles.P95}, d.Runs...)...)
	fan.v = newValueAxis(d.Unit, lo, hi, false)
	fan.v.inPoints()
	fan.v.decimals = d.printer().decimals
	return newFigure(w, &differenceBody{*fan, shorten(d.A)})
}

// printer formats differences at the end with two digits of the larger end of the band: a median near zero has no more
// than those decimals, and reads as none.
func (d Difference) printer() printer {
	v := valueAxis{unit: d.Unit}
	lo, hi := bounds(d.Quantiles.P5, d.Quantiles.P95)
	v.scale = scaleFor(d.Unit, max(math.Abs(lo), math.Abs(hi)))
	v.inPoints()
	reach := 0.0
	if _, at := (Series{Values: d.Quantiles.P50}).end(); at >= 0 {
		reach = max(math.Abs(d.Quantiles.P5[at]), math.Abs(d.Quantiles.P95[at]))
	}
	return printer{v.scale, decimals(reach * v.scale.factor)}
}

// inPoints calls a difference of shares what it is: points of per cent, not a part of anything.
func (a *valueAxis) inPoints() {
	if a.unit == unit.DimShare {
		a.scale.suffix, a.scale.tick = " points", " points"
	}
}

func (b *differenceBody) kind() string { return "Chart of a paired difference" }

func (b *differenceBody) notes() []string {
	lines := fmt.Sprintf("Line: median; bands: middle 30%%, 60%% and 90%% of %s pairs of runs.", number(float64(b.N), 0))
	if b.N < fewRuns {
		lines = fmt.Sprintf("Thick line: median; thin lines: all %s pairs of runs.", number(float64(b.N), 0))
	}
	return append([]string{fmt.Sprintf("Blue: more with %s; wine: less.", b.a), lines}, endedNote(b.Ended)...)
}

func (b *differenceBody) draw(s *sheet, r Rect) error {
	key, q := b.Spreads[0].Key, b.Spreads[0].Quantiles
	mid, at := b.Spreads[0].series().end()
	label := func(name string, v, rank float64) endLabel {
		return endLabel{
			name: name, value: b.value(v), y: v * b.v.scale.factor,
			color: muted, rank: rank, extra: true,
		}
	}
	median := label("Median", mid, nameAlways)
	median.color, median.bold, median.extra = ink, true, false
	labels := []endLabel{median}
	if b.N >= fewRuns && q.P95[at] > q.P5[at] {
		labels = append(labels, label("95th percentile", q.P95[at], 2), label("5th percentile", q.P5[at], 1))
	}
	p, g, events, err := newPanel(s, r, b.v, b.t, labels, b.Events)
	if err != nil {
		return err
	}
	palette := diverging()
	more, less := hueOf(palette[len(palette)-1]), hueOf(palette[0])
	p.grid(true)
	if b.N >= fewRuns {
		for i, band := range q.bands() {
			s.of(key, band.name, func() {
				for _, path := range p.ribbons(b.Start, band.low, band.high) {
					s.fill(more.tints[i], cutAt(path, p.y(0), true)...)
					s.fill(less.tints[i], cutAt(path, p.y(0), false)...)
				}
			})
		}
	}
	p.axes(true, tickGap)
	s.of(key, "runs", func() {
		for _, run := range b.Runs {
			end, _ := Series{Values: run}.end()
			with := pen{width: 0.7, color: more.tints[2]}
			if end < 0 {
				with.color = less.tints[2]
			}
			p.line(b.Start, run, with)
		}
	})
	s.of(key, "p50", func() { p.line(b.Start, q.P50, pen{width: 2.5, color: ink}) })
	p.drawEvents(events)
	p.drawGutter(g)
	return nil
}

// value prints a difference with its sign. One that rounds to nothing is about none, to whichever side.
func (b *differenceBody) value(v float64) string {
	text := b.v.scale.value(math.Abs(v), b.v.decimals)
	switch {
	case v == 0 || strings.HasPrefix(text, "<"):
		return "about 0"
	case v > 0:
		return "+" + text
	}
	return "−" + text
}

// cutAt returns the part of a closed path that lies above the height y, or the part below it.
func cutAt(path []pt, y float64, above bool) []pt {
	inside := func(p pt) bool { return p.Y >= y == above }
	var out []pt
	for i, to := range path {
		from := path[(i+len(path)-1)%len(path)]
		if inside(from) != inside(to) {
			out = append(out, pt{from.X + (to.X-from.X)*(y-from.Y)/(to.Y-from.Y), y})
		}
		if inside(to) {
			out = append(out, to)
		}
	}
	return out
}
