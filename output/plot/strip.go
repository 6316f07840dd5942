package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"powerplay/sim/unit"
)

// Strip shows what bound each firm month by month: a row to a firm, coloured and lettered by cause.
type Strip struct {
	Start  unit.Month // of the first month
	Causes []Cause    // at most eight, and one with key "none", where nothing binds
	Firms  []Bound    // the first twelve are drawn
	Share  []Series   // optional: the part of all capacity that each cause binds, keyed as Causes; drawn above the firms
}

// Cause is one thing that can bind.
type Cause struct {
	Key, Label, Color string // as in Series
}

func (c Cause) series() Series { return Series{Key: c.Key, Label: c.Label, Color: c.Color} }

// Bound is one firm's row.
type Bound struct {
	Key, Label string
	By         []string // key of the cause, one a month; empty is missing
}

func (f Bound) name() string { return Series{Key: f.Key, Label: f.Label}.label() }

// none is the key of the cause that is none.
const none = "none"

// stripBody is a Strip checked and coloured.
type stripBody struct {
	Strip
	months  int
	left    int // firms without a row
	hues    map[string]hue
	letters map[string]string // one to a cause
	stack   []Series          // the shares in the order of the causes, the free part on top
}

// Figure checks that every month has a cause that is known, and that the shares do not exceed the whole.
func (b Strip) Figure(w Words) (*Figure, error) {
	if len(b.Firms) == 0 || len(b.Firms[0].By) == 0 {
		return nil, fmt.Errorf("plot: %d firms without a month: %w", len(b.Firms), ErrNoData)
	}
	body := &stripBody{
		Strip: b, months: len(b.Firms[0].By), left: max(0, len(b.Firms)-maxPanels),
		hues: map[string]hue{none: {fill: neutralHue.tints[0], label: muted}}, letters: map[string]string{"": "", none: ""},
	}
	body.Firms = b.Firms[:len(b.Firms)-body.left]
	if err := body.colour(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, f := range b.Firms {
		if seen[f.Key] {
			return nil, fmt.Errorf("plot: key %q names two firms", f.Key)
		}
		seen[f.Key] = true
		if len(f.By) != body.months {
			return nil, fmt.Errorf("plot: firm %q has %d months, %q has %d", f.Key, len(f.By), b.Firms[0].Key, body.months)
		}
		for t, key := range f.By {
			if _, known := body.letters[key]; !known {
				return nil, fmt.Errorf("plot: firm %q is bound by %q at %v, which is no cause", f.Key, key, b.Start+unit.Month(t))
			}
		}
	}
	if err := body.stackShares(); err != nil {
		return nil, err
	}
	return newFigure(w, body)
}

// colour gives each cause its colour and a letter that no other has.
func (b *stripBody) colour() error {
	var named []Series
	taken := map[string]bool{}
	for _, c := range b.Causes {
		if c.Key == none {
			continue
		}
		if b.letters[c.Key] != "" || c.Key == "" {
			return fmt.Errorf("plot: key %q names two causes or none", c.Key)
		}
		named = append(named, c.series())
		letter := letterFor(c.series().label(), taken)
		taken[letter], b.letters[c.Key] = true, letter
	}
	if len(named) > maxBands {
		return fmt.Errorf("plot: %d causes; a reader can tell at most %d apart", len(named), maxBands)
	}
	colours, err := hues(named, func(int) bool { return true })
	if err != nil {
		return err
	}
	for i, c := range named {
		b.hues[c.Key] = colours[i]
	}
	return nil
}

// letterFor picks the first Latin letter of a name that is not taken, else the first digit.
func letterFor(name string, taken map[string]bool) string {
	for _, r := range name {
		if letter := string(unicode.ToUpper(r)); r < 0x180 && unicode.IsLetter(r) && !taken[letter] {
			return letter
		}
	}
	for n := 1; ; n++ {
		if digit := strconv.Itoa(n); !taken[digit] {
			return digit
		}
	}
}

// stackShares orders the shares as the causes are, with what nothing binds on top.
func (b *stripBody) stackShares() error {
	if len(b.Share) == 0 {
		return nil
	}
	if _, err := checkSeries(b.Share); err != nil {
		return err
	}
	sums := make([]float64, b.months)
	for _, s := range b.Share {
		if _, known := b.letters[s.Key]; !known || s.Key == "" || len(s.Values) != b.months {
			return fmt.Errorf("plot: share %q of %d months; want that of a cause, of %d", s.Key, len(s.Values), b.months)
		}
		for t, v := range s.Values {
			if !math.IsNaN(v) {
				sums[t] += v
			}
			if v < 0 || sums[t] > 1+1e-9 {
				return fmt.Errorf("plot: share %q is %g at %v; shares lie between 0 and 1 and add to no more", s.Key, v, b.Start+unit.Month(t))
			}
		}
	}
	rank := map[string]int{none: len(b.Causes)}
	for i, c := range b.Causes {
		if c.Key != none {
			rank[c.Key] = i
		}
	}
	b.stack = slices.Clone(b.Share)
	slices.SortStableFunc(b.stack, func(x, y Series) int { return cmp.Compare(rank[x.Key], rank[y.Key]) })
	return nil
}

func (b *stripBody) kind() string { return "Strip chart" }

func (b *stripBody) notes() []string {
	if b.left == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Not drawn: %s more.", number(float64(b.left), 0))}
}

// The shares take as much height as three firms, and stand off from the firms.
const (
	shareRows = 3
	shareGap  = 14.0 // points
)

func (b *stripBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize, color: ink}
	r = s.legend(r, b.legend(s))
	var names []string
	for _, f := range b.Firms {
		names = append(names, f.name())
	}
	rows, gap, right := len(b.Firms), 0.0, 8.0
	if len(b.stack) > 0 {
		names = append(names, "All capacity")
		rows, gap, right = rows+shareRows, shareGap, s.fonts.width("100%", st)+tickGap
	}
	names, left := s.nameColumn(names, st, s.w/3-marginPt)
	p := panel{s: s, t: monthsAxis(b.Start, b.Start+unit.Month(b.months-1))}
	p.r = Rect{r.X0 + left, max(r.Y0+timeHeight, bottomMin), r.X1 - right, r.Y1}
	pitch, err := s.rowPitch(rows, p.r.height()-gap)
	if err != nil {
		return err
	}
	top := p.r.Y1
	if len(b.stack) > 0 {
		shares := p
		shares.r.Y0 = top - shareRows*pitch
		s.text("label", names[len(b.Firms)], st, alignLeft, r.X0, (shares.r.Y0+top)/2-0.35*st.size)
		b.shares(shares)
		top -= shareRows*pitch + gap
	}
	p.r.Y0 = top - float64(len(b.Firms))*pitch
	for i, f := range b.Firms {
		mid := top - (float64(i)+0.5)*pitch
		s.text("label", names[i], st, alignLeft, r.X0, mid-0.35*st.size)
		b.row(p, f, mid, min(0.82*pitch, 36))
	}
	p.axes(true, 8)
	return nil
}

// row draws a firm's months; those of one cause in a run are one cell, lettered where there is room.
func (b *stripBody) row(p panel, f Bound, mid, thick float64) {
	for from, to := 0, 0; from < b.months; from = to + 1 {
		for to = from; to+1 < b.months && f.By[to+1] == f.By[from]; {
			to++
		}
		if f.By[from] == "" {
			continue
		}
		x0, x1 := p.span(b.Start+unit.Month(from), b.Start+unit.Month(to))
		p.s.fillRect(b.hues[f.By[from]].fill, Rect{x0, mid - thick/2, x1, mid + thick/2})
		if to+1 < b.months { // greys alone would not part all pairs of colours
			p.s.stroke(pen{width: edgeWidth, color: white, crisp: true}, pt{x1, mid - thick/2}, pt{x1, mid + thick/2})
		}
		b.letter(p.s, f.By[from], Rect{x0, mid - thick/2, x1, mid + thick/2})
	}
}

// letter sets a cause's letter in the middle of a cell that is wide enough for it.
func (b *stripBody) letter(s *sheet, cause string, cell Rect) {
	fill := b.hues[cause].fill
	st := typeStyle{size: minSize, bold: true, color: textOn(fill)}
	if w := s.fonts.width(b.letters[cause], st); cell.width() < w+2.5 || cell.height() < (ascent+descent)*minSize {
		return
	}
	s.text("letter", b.letters[cause], st, alignCentre, (cell.X0+cell.X1)/2, (cell.Y0+cell.Y1)/2-0.36*st.size)
}

// shares draws the part of capacity that each cause binds, as steps stacked to 100 %.
func (b *stripBody) shares(p panel) {
	st := typeStyle{size: p.s.profile.LabelSize, color: muted}
	p.v = newValueAxis(unit.DimShare, 0, 1, false)
	for _, tick := range []float64{0, 50, 100} {
		p.s.text("tick", strconv.Itoa(int(tick))+"%", st, alignLeft, p.r.X1+tickGap, p.y(tick)-0.35*st.size)
		p.s.stroke(pen{width: 0.6, color: gridGrey, crisp: true}, pt{p.r.X0, p.y(tick)}, pt{p.r.X1 + 3, p.y(tick)})
	}
	tops := make([][]float64, len(b.stack))
	sum := make([]float64, b.months)
	for k, one := range b.stack {
		for t, v := range one.Values {
			if !math.IsNaN(v) {
				sum[t] += v
			}
		}
		tops[k] = slices.Clone(sum)
	}
	// From the top down, each over the whole below it: no seam shows the paper between two bands.
	for k, one := range slices.Backward(b.stack) {
		var path []pt
		for t, v := range tops[k] {
			path = append(path, p.at(float64(b.Start)+float64(t), v), p.at(monthEnd(b.Start+unit.Month(t)), v))
		}
		p.s.fill(b.hues[one.Key].fill, append(path, pt{p.r.X1, p.r.Y0}, pt{p.r.X0, p.r.Y0})...)
		p.s.stroke(pen{width: edgeWidth / 2, color: white}, path...)
	}
	for k, one := range b.stack {
		b.letter(p.s, one.Key, b.widest(p, tops, k))
	}
	p.s.stroke(pen{width: 0.8, color: axisGrey, crisp: true}, pt{p.r.X0, p.r.Y0}, pt{p.r.X1, p.r.Y0})
}

// widest is a box of a letter's width within a band of the shares: in the middle of the longest stretch over which the
// band is about as thick as anywhere.
func (b *stripBody) widest(p panel, tops [][]float64, k int) Rect {
	need := min(b.months, int(math.Ceil(12/(p.r.width()/float64(b.months))))) // months
	var boxes []Rect
	thickest := 0.0
	for from := 0; from+need <= b.months; from++ {
		low, high := 0.0, 1.0
		for t := from; t < from+need; t++ {
			if k > 0 {
				low = max(low, tops[k-1][t])
			}
			high = min(high, tops[k][t])
		}
		x0, x1 := p.span(b.Start+unit.Month(from), b.Start+unit.Month(from+need-1))
		boxes = append(boxes, Rect{x0, p.y(100 * low), x1, p.y(100 * high)})
		thickest = max(thickest, boxes[from].height())
	}
	best, longest := 0, 0
	for from, to := 0, 0; from < len(boxes); from = to + 1 {
		for to = from; to < len(boxes) && boxes[to].height() >= 0.9*thickest; {
			to++
		}
		if to-from > longest {
			best, longest = (from+to)/2, to-from
		}
	}
	return boxes[best]
}

// legend explains the causes that occur.
func (b *stripBody) legend(s *sheet) []legendEntry {
	var entries []legendEntry
	for _, c := range b.Causes {
		binds := func(f Bound) bool { return slices.Contains(f.By, c.Key) }
		shared := func(one Series) bool { return one.Key == c.Key }
		if slices.ContainsFunc(b.Firms, binds) || slices.ContainsFunc(b.stack, shared) {
			entries = append(entries, legendEntry{c.series().label(), func(box Rect) {
				s.fillRect(b.hues[c.Key].fill, box)
				b.letter(s, c.Key, box)
			}})
		}
	}
	return entries
}

func (b *stripBody) rows() []Row {
	var rows []Row
	for _, f := range b.Firms {
		for t, cause := range f.By {
			if cause != "" {
				rows = append(rows, Row{f.Key, f.name(), (b.Start + unit.Month(t)).String(), 1, unit.DimCount, cause})
			}
		}
	}
	for _, s := range b.stack {
		rows = append(rows, rowsOf(s.Key, s.label(), b.Start, s.Values, unit.DimShare, "share of capacity")...)
	}
	return rows
}

func (b *stripBody) summary() string {
	var parts []string
	for _, f := range b.Firms {
		var causes []string
		for _, c := range ranking(b.Causes, []Bound{f}) {
			causes = append(causes, fmt.Sprintf("%s in %d", c.label, c.months))
		}
		parts = append(parts, fmt.Sprintf("%s of %d months: %s", f.name(), b.months, strings.Join(causes, ", ")))
	}
	text := strings.Join(parts, "; ") + "."
	if len(b.stack) > 0 {
		text += " Shares of capacity: " + summarize(b.Start, b.stack, unit.DimShare)
	}
	return text
}

// tally is a cause with the months in which it binds.
type tally struct {
	label  string
	months int
	free   bool // it stands for nothing
}

// ranking counts the months that each cause binds the firms, the commonest first; causes that never do are left out.
func ranking(causes []Cause, firms []Bound) []tally {
	var out []tally
	for _, c := range causes {
		n := tally{label: c.series().label(), free: c.Key == none}
		for _, f := range firms {
			for _, key := range f.By {
				if key == c.Key {
					n.months++
				}
			}
		}
		if n.months > 0 {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b tally) int { return cmp.Compare(b.months, a.months) })
	return out
}

// BindingTitle names what binds the firms most often: "Firms wait for power in 43% of months on
// average, for chips in 22%". It is "" when nothing ever binds.
func BindingTitle(b Strip) string {
	all := 0
	for _, f := range b.Firms {
		for _, key := range f.By {
			if key != "" {
				all++
			}
		}
	}
	top := slices.DeleteFunc(ranking(b.Causes, b.Firms), func(c tally) bool { return c.free })
	if len(top) == 0 {
		return ""
	}
	share := func(c tally) string {
		return scale{factor: 100, suffix: "%"}.value(float64(c.months)/float64(all), 0)
	}
	name := func(c tally) string { return strings.ToLower(shorten(c.label)) } // a cause is no proper name
	switch {
	case len(top) == 1:
		return fmt.Sprintf("Firms wait for %s in %s of months on average", name(top[0]), share(top[0]))
	case share(top[0]) == share(top[1]):
		return fmt.Sprintf("Firms wait for %s and for %s, each in %s of months on average", name(top[0]), name(top[1]), share(top[0]))
	}
	return fmt.Sprintf("Firms wait for %s in %s of months on average, for %s in %s", name(top[0]), share(top[0]), name(top[1]), share(top[1]))
}
