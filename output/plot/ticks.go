package plot

import (
	"math"
	"slices"
	"strconv"

	"powerplay/sim/unit"
)

// valueAxis is the vertical axis. lo and hi bound it in printed units; ticks lie within.
type valueAxis struct {
	unit     unit.Dimension
	scale    scale
	lo, hi   float64
	ticks    []float64
	places   int // decimals of the ticks
	decimals int // of values printed beside names
	log      bool
}

// newValueAxis covers the values from lo to hi, in the quantity's own unit. The axis starts at zero unless
// the values are all far from it, or the quantity is an index whose zero means nothing, and mayFloat allows.
func newValueAxis(d unit.Dimension, lo, hi float64, mayFloat bool) valueAxis {
	a := valueAxis{unit: d, scale: scaleFor(d, max(math.Abs(lo), math.Abs(hi)))}
	lo, hi = lo*a.scale.factor, hi*a.scale.factor
	a.decimals = decimals(max(math.Abs(lo), math.Abs(hi)))
	floats := mayFloat && hi > lo && (lo > 0.75*hi && lo > 0 || hi < 0.75*lo && hi < 0 || d == unit.DimPoints && lo > 0)
	if !floats {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if hi == lo {
		hi = lo + 1
	}
	a.place(lo, hi)
	if floats && a.lo > 0 {
		a.decimals = max(a.decimals, a.places)
	}
	return a
}

// newLogAxis covers the positive values from lo to hi, in the quantity's own unit, with equal ratios at equal distances.
// The ticks stand at 1, 2 and 5 × 10ⁿ, or as many of them as make at most seven.
func newLogAxis(d unit.Dimension, lo, hi float64) valueAxis {
	a := valueAxis{unit: d, scale: scaleFor(d, hi), log: true}
	lo, hi = lo*a.scale.factor, hi*a.scale.factor
	first, last := int(math.Floor(math.Log10(lo)))-1, int(math.Ceil(math.Log10(hi)))+1
	ticks := func(every int, digits ...float64) (out []float64) {
		for n := first; n <= last; n++ {
			for _, digit := range digits {
				// A quotient of whole powers is the nearest number to its name; 5 × 10⁻¹ as a product is not always 0.5.
				if v := digit * math.Pow10(max(n, 0)) / math.Pow10(max(-n, 0)); n%every == 0 {
					out = append(out, v)
				}
			}
		}
		return out
	}
	fine := ticks(1, 1, 2, 5)
	for i, v := range fine {
		if v <= lo {
			a.lo = v
		}
		if v >= hi && a.hi == 0 {
			a.hi = v
			if a.hi == a.lo {
				a.lo, a.hi = fine[i-1], fine[i+1]
			}
		}
	}
	within := func(all []float64) []float64 {
		return slices.DeleteFunc(all, func(v float64) bool { return v < a.lo || v > a.hi })
	}
	a.ticks = within(fine)
	if len(a.ticks) > 7 {
		a.ticks = within(ticks(1, 1, 5))
	}
	for every := 1; len(a.ticks) > 7; every++ {
		a.ticks = within(ticks(every, 1))
	}
	return a
}

// part is where a printed value stands on the axis, from 0 at its lower end to 1 at its upper.
func (a *valueAxis) part(v float64) float64 {
	if a.log {
		return math.Log(v/a.lo) / math.Log(a.hi/a.lo)
	}
	return (v - a.lo) / (a.hi - a.lo)
}

// value prints a quantity as beside a name. On a log axis each has a unit that fits it and two digits, for they may differ
// by magnitudes.
func (a *valueAxis) value(v float64) string {
	if a.log {
		return Format(v, 0, a.unit)
	}
	return a.scale.value(v, a.decimals)
}

// place chooses 4 to 7 ticks at 1, 2 or 5 × 10ⁿ. The top tick may lie above the data, which wastes paper, or
// a little below, which leaves the top of the data without a rule; the cheaper of the two wins.
func (a *valueAxis) place(lo, hi float64) {
	span := hi - lo
	magnitude := int(math.Floor(math.Log10(span)))
	best := math.Inf(1)
	for n := magnitude - 2; n <= magnitude+1; n++ {
		for _, digit := range []float64{1, 2, 5} {
			step := digit * math.Pow(10, float64(n))
			bottom := math.Floor(lo/step + 1e-9)
			reach := hi / step
			for _, top := range []float64{math.Ceil(reach - 1e-9), math.Floor(reach + 1e-9)} {
				count := top - bottom + 1
				if count < 4 || count > 7 {
					continue
				}
				cost := 0.03 * math.Abs(count-5.5)
				cost += (lo/step - bottom) / (reach - bottom)
				if over := reach - top; over > 0 {
					cost += 0.02 + 0.3*over
				} else {
					cost += -over / (top - bottom)
				}
				if cost < best-1e-12 {
					best = cost
					a.ticks = a.ticks[:0]
					for i := range int(count) {
						a.ticks = append(a.ticks, (bottom+float64(i))*step)
					}
					a.places = max(0, -n)
				}
			}
		}
	}
	a.lo = min(a.ticks[0], lo)
	a.hi = a.ticks[len(a.ticks)-1]
	if over := hi - a.hi; over > 1e-9*span {
		a.hi = hi + 0.02*span
	}
}

// label is the text of tick i; only the top tick carries the unit. On a log axis each bears the magnitude that fits it:
// $5 bn, not 0.005.
func (a *valueAxis) label(i int) string {
	if a.log {
		v := a.ticks[i] / a.scale.factor
		own := scaleFor(a.unit, v)
		if i == len(a.ticks)-1 {
			own.suffix = own.tick
		}
		return own.value(v, max(0, -int(math.Floor(math.Log10(v*own.factor)+1e-9))))
	}
	plain := scale{factor: 1}
	if i == len(a.ticks)-1 {
		plain.prefix, plain.suffix = a.scale.prefix, a.scale.tick
	}
	places := a.places
	if a.ticks[i] == 0 {
		places = 0
	}
	return plain.value(a.ticks[i], places)
}

// startsAtZero reports whether zero is on the axis.
func (a *valueAxis) startsAtZero() bool { return a.lo <= 0 && a.hi >= 0 }

// timeAxis is the horizontal axis. Positions count months from January 2000; the value of a month stands at
// its end, so that December's value stands where the next year begins.
type timeAxis struct{ first, last float64 }

// newTimeAxis covers the months from first to last, both included.
func newTimeAxis(first, last unit.Month) timeAxis {
	a := timeAxis{monthEnd(first), monthEnd(last)}
	if first == last {
		a.first -= 0.5
		a.last += 0.5
	}
	return a
}

// monthEnd is where the value of a month stands.
func monthEnd(m unit.Month) float64 { return float64(m) + 1 }

// yearLabel is a year's name and the position of its centre.
type yearLabel struct {
	text string
	at   float64
}

// years returns the positions of the ticks, one where each year begins, and the labels, at most eight, each
// in the middle of its year; a year cut by the axis is named in the middle of what is seen of it, if there
// is room. month is the width of one month and label that of a year's name, in points.
func (a timeAxis) years(month, label float64) (ticks []float64, labels []yearLabel) {
	yearOf := func(pos float64) int { return int(math.Floor(pos/12)) + 2000 }
	start := func(year int) float64 { return float64(unit.Date(year, 1)) }
	if a.last-a.first <= 1 {
		at := (a.first + a.last) / 2
		return nil, []yearLabel{{unit.Month(math.Ceil(at) - 1).Words(), at}}
	}
	from, to := yearOf(a.first), yearOf(a.last-1e-9)
	for y := from; y <= to+1; y++ {
		if x := start(y); x >= a.first && x <= a.last {
			ticks = append(ticks, x)
		}
	}
	if len(ticks) > 60 {
		ticks = nil
	}
	seen := func(y int) (mid, width float64) {
		lo, hi := max(start(y), a.first), min(start(y+1), a.last)
		return (lo + hi) / 2, hi - lo
	}
	for _, step := range []int{1, 2, 3, 5, 10, 20, 50, 100, 200, 500} {
		if step == 3 && to-from > 9 {
			continue // over longer times round years read better
		}
		labels = labels[:0]
		phase := from
		if _, w := seen(from); w < 12 && from < to {
			phase++
		}
		if step >= 5 {
			phase = 0
		}
		for y := from; y <= to; y++ {
			mid, w := seen(y)
			// With every year named a cut year needs room of its own; with some named it may borrow its neighbour's.
			need := label + 4
			if step > 1 {
				need = label / 2
			}
			if (y-phase)%step == 0 && (w >= 12 || w*month >= need) {
				labels = append(labels, yearLabel{strconv.Itoa(y), mid})
			}
		}
		if len(labels) <= 8 && (len(labels) < 2 || 12*float64(step)*month >= label+8) {
			break
		}
	}
	if len(labels) == 0 {
		mid, widest := 0.0, -1.0
		best := from
		for y := from; y <= to; y++ {
			if m, w := seen(y); w > widest {
				best, mid, widest = y, m, w
			}
		}
		labels = append(labels, yearLabel{strconv.Itoa(best), mid})
	}
	return ticks, labels
}

// When names the date of a finding: the year alone for its December, else the month too.
func When(m unit.Month) string {
	if m.YearEnd() {
		return strconv.Itoa(m.Year())
	}
	return m.Words()
}
