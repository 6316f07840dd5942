package plot

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// spread moves items apart as little as possible, in the least-squares sense, so that none overlap and all
// lie within [lo, hi]. want holds the centres that the items would like, in rising order; height their
// sizes. It returns the centres given, and false when the items do not fit.
func spread(want, height []float64, lo, hi float64) ([]float64, bool) {
	type block struct {
		first, n  int
		sum, size float64 // sum of wanted starts, size of the block
		start     float64
	}
	total := 0.0
	for _, h := range height {
		total += h
	}
	if total > hi-lo+1e-9 {
		return nil, false
	}
	var blocks []block
	settle := func(b *block) {
		b.start = min(max(b.sum/float64(b.n), lo), hi-b.size)
	}
	for i := range want {
		b := block{first: i, n: 1, sum: want[i] - height[i]/2, size: height[i]}
		settle(&b)
		// Items that would overlap move as one from then on; pooling neighbours like this is optimal.
		for len(blocks) > 0 && blocks[len(blocks)-1].start+blocks[len(blocks)-1].size > b.start {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			b = block{first: last.first, n: last.n + b.n, size: last.size + b.size,
				sum: last.sum + b.sum - float64(b.n)*last.size}
			settle(&b)
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, len(want))
	for _, b := range blocks {
		at := b.start
		for i := b.first; i < b.first+b.n; i++ {
			out[i] = at + height[i]/2
			at += height[i]
		}
	}
	return out, true
}

// endLabel is a name with its value at the right end of a line or band.
type endLabel struct {
	name  string // "" prints the value alone
	value string
	y     float64 // where it would like to stand, as a value on the axis, in printed units
	color rgb
	bold  bool
	rank  float64 // labels of lowest rank are dropped first when there is no room for all
	lines []string
}

const (
	gutterMin   = 60.0
	gutterMax   = 110.0
	labelGap    = 5.0  // from the data's right edge to its label
	leaderWidth = 13.0 // the same when some label was moved and needs a leader
)

// gutter is the column of labels to the right of the data.
type gutter struct {
	width  float64 // points, gap included
	labels []endLabel
	style  typeStyle
}

// newGutter breaks labels into lines so that all fit a column of at most 110 pt and the given height.
// Names get two lines if there is room, one if there is not; when even that fails the lowest ranks go.
func (s *sheet) newGutter(labels []endLabel, height float64) gutter {
	g := gutter{labels: slices.Clone(labels), style: typeStyle{size: s.profile.LabelSize}}
	if len(labels) == 0 {
		return g
	}
	pitch := leading * g.style.size
	room := int((height + pitch) / pitch) // half a line may stand out above and below the data
	if room < len(g.labels) {
		slices.SortStableFunc(g.labels, func(a, b endLabel) int { return cmp.Compare(b.rank, a.rank) })
		s.warn("no room to name %d of %d series on profile %s; the data file names all", len(g.labels)-room, len(g.labels), s.profile.Name)
		g.labels = g.labels[:max(room, 0)]
	}
	widest := min(gutterMax, 0.3*s.w) - leaderWidth
	lines := 0
	for i := range g.labels {
		g.labels[i].lines = s.breakLabel(g.labels[i], g.style, widest)
		lines += len(g.labels[i].lines)
	}
	for i := range g.labels {
		if lines <= room {
			break
		}
		if n := len(g.labels[i].lines); n > 1 {
			g.labels[i].lines = []string{s.clipLabel(g.labels[i], g.style, widest)}
			lines -= n - 1
		}
	}
	for _, l := range g.labels {
		for _, line := range l.lines {
			g.width = max(g.width, s.fonts.width(line, l.style(g.style)))
		}
	}
	g.width = min(max(g.width+leaderWidth, gutterMin), gutterMax)
	return g
}

func (l endLabel) style(st typeStyle) typeStyle {
	st.bold, st.color = l.bold, l.color
	return st
}

// breakLabel sets "name value" in one line if it fits, else in two with the value at the end.
func (s *sheet) breakLabel(l endLabel, st typeStyle, width float64) []string {
	st = l.style(st)
	whole := strings.TrimSpace(l.name + " " + l.value)
	if s.fonts.width(whole, st) <= width {
		return []string{whole}
	}
	words := strings.Fields(l.name)
	// The longest first line that leaves a second line that fits.
	for n := len(words); n > 0; n-- {
		first := strings.Join(words[:n], " ")
		second := strings.TrimSpace(strings.Join(words[n:], " ") + " " + l.value)
		if s.fonts.width(first, st) <= width && s.fonts.width(second, st) <= width && (n < len(words) || len(words) == 1) {
			return []string{first, second}
		}
	}
	if name := s.fonts.fit(l.name, st, width); s.fonts.width(l.value, st) <= width {
		return []string{name, l.value}
	}
	return []string{s.fonts.fit(whole, st, width)}
}

// clipLabel cuts the name so that it stands in one line with its value.
func (s *sheet) clipLabel(l endLabel, st typeStyle, width float64) string {
	st = l.style(st)
	tail := " " + l.value
	name := s.fonts.fit(l.name, st, width-s.fonts.width(tail, st))
	if name != l.name {
		s.warn("%q is cut to %q on profile %s", l.name, name, s.profile.Name)
	}
	if name == "…" {
		return s.fonts.fit(l.value, st, width)
	}
	return name + tail
}

// drawGutter sets the labels right of the data and joins those that moved to where they belong.
func (p panel) drawGutter(g gutter) {
	if len(g.labels) == 0 {
		return
	}
	size := g.style.size
	pitch := leading * size
	order := make([]int, len(g.labels))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.labels[a].y, g.labels[b].y) })
	want, height := make([]float64, len(order)), make([]float64, len(order))
	for k, i := range order {
		want[k] = p.y(g.labels[i].y)
		height[k] = pitch * float64(len(g.labels[i].lines))
	}
	at, ok := spread(want, height, p.r.Y0-pitch/2, p.r.Y1+pitch/2)
	if !ok {
		panic("plot: labels do not fit the height they were broken for")
	}
	moved := false
	for k := range order {
		moved = moved || math.Abs(at[k]-want[k]) > 0.35*size
	}
	x := p.r.X1 + labelGap
	if moved {
		x = p.r.X1 + leaderWidth
	}
	for k, i := range order {
		l := g.labels[i]
		if moved && math.Abs(at[k]-want[k]) > 0.1*size {
			thin := pen{width: 0.6, color: axisGrey}
			p.s.stroke(thin, pt{p.r.X1 + 1.5, want[k]}, pt{p.r.X1 + 4, want[k]}, pt{x - 4, at[k]}, pt{x - 2, at[k]})
		}
		// The middle of the small letters stands at the height of the point.
		y := at[k] + pitch*float64(len(l.lines)-1)/2 - 0.35*size
		for _, line := range l.lines {
			p.s.text("label", line, l.style(g.style), alignLeft, x, y)
			y -= pitch
		}
	}
}
