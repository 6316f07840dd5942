package plot

import (
	"cmp"
	"fmt"
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
			b = block{
				first: last.first, n: last.n + b.n, size: last.size + b.size,
				sum: last.sum + b.sum - float64(b.n)*last.size,
			}
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
	part
	name  string // "" prints the value alone
	value string
	y     float64 // where it would like to stand, as a value on the axis, in printed units
	color rgb
	bold  bool
	rank  float64 // labels of lowest rank are dropped first when there is no room for all; 0 has no leader
	extra bool    // no series' name: dropped without a word
	lines []string
}

// nameAlways is the rank of a label without which a mark could not be told from another.
const nameAlways = math.MaxFloat64

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

// farthest is how many line heights a label of a lesser series may stand from its line.
const farthest = 2.5

// newGutter breaks labels into lines so that all fit a column of at most 110 pt and the height of the data.
// Names get two lines if there is room, one if there is not; when even that fails the lowest ranks go. So do
// lesser series whose labels crowd until leaders cannot be followed. One label counts what was left out.
func (p panel) newGutter(labels []endLabel) gutter {
	style := typeStyle{size: p.s.profile.LabelSize}
	if len(labels) == 0 {
		return gutter{style: style}
	}
	pitch := leading * style.size
	room := int((p.r.height() + pitch) / pitch) // half a line may stand out above and below the data
	ranked := slices.Clone(labels)
	slices.SortStableFunc(ranked, func(a, b endLabel) int { return cmp.Compare(b.rank, a.rank) })
	for kept := len(ranked); ; kept-- {
		shown := slices.Clone(ranked[:kept])
		rest, left := countLabel(ranked[kept:])
		if left > 0 {
			shown = append(shown, rest)
		}
		if len(shown) > room && kept > 0 {
			continue
		}
		g := p.breakLabels(shown, style, room)
		if kept > 0 && ranked[kept-1].rank < nameAlways {
			if _, moved := p.placeLabels(g); moved > farthest*pitch {
				continue
			}
		}
		if left > 0 {
			p.s.warn("%d of %d series are not named on profile %s; the data file names all", left, len(labels), p.s.profile.Name)
		}
		return g
	}
}

// countLabel stands for the labels left out; n is how many series they name.
func countLabel(out []endLabel) (label endLabel, n int) {
	for _, l := range out {
		if !l.extra {
			n++
			label.y += l.y
		}
	}
	label.name, label.color, label.y = fmt.Sprintf("and %d more", n), muted, label.y/float64(max(n, 1))
	return label, n
}

// breakLabels sets each label in one line or two, of which there may be room in all.
func (p panel) breakLabels(labels []endLabel, style typeStyle, room int) gutter {
	g := gutter{labels: labels, style: style}
	widest := min(gutterMax, 0.3*p.s.w) - leaderWidth
	lines := 0
	for i, l := range g.labels {
		g.labels[i].lines = p.s.breakLabel(l, style, widest)
		lines += len(g.labels[i].lines)
	}
	for i, l := range g.labels {
		if n := len(l.lines); lines > room && n > 1 {
			g.labels[i].lines = []string{p.s.clipLabel(l, style, widest)}
			lines -= n - 1
		}
	}
	for _, l := range g.labels {
		for _, line := range l.lines {
			g.width = max(g.width, p.s.fonts.width(line, l.style(style)))
		}
	}
	g.width = min(max(g.width+leaderWidth, gutterMin), gutterMax)
	return g
}

// placedLabel is a label with the height it would like and the one it got, in points.
type placedLabel struct {
	endLabel
	want, at float64
}

// placeLabels finds a height for every label, from the lowest up, and how far the farthest had to move.
func (p panel) placeLabels(g gutter) (placed []placedLabel, moved float64) {
	pitch := leading * g.style.size
	for _, l := range g.labels {
		placed = append(placed, placedLabel{endLabel: l, want: p.y(l.y)})
	}
	slices.SortStableFunc(placed, func(a, b placedLabel) int { return cmp.Compare(a.want, b.want) })
	want, height := make([]float64, len(placed)), make([]float64, len(placed))
	for i, l := range placed {
		want[i], height[i] = l.want, pitch*float64(len(l.lines))
	}
	at, ok := spread(want, height, p.r.Y0-pitch/2, p.r.Y1+pitch/2)
	if !ok {
		panic("plot: labels do not fit the height they were broken for")
	}
	for i := range placed {
		placed[i].at = at[i]
		moved = max(moved, math.Abs(at[i]-want[i]))
	}
	return placed, moved
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
	// The break that gives the narrowest column.
	var best []string
	narrowest := width
	for n := len(words); n > 0; n-- {
		first := strings.Join(words[:n], " ")
		second := strings.TrimSpace(strings.Join(words[n:], " ") + " " + l.value)
		if w := max(s.fonts.width(first, st), s.fonts.width(second, st)); w <= narrowest {
			best, narrowest = []string{first, second}, w-0.01
		}
	}
	if best != nil {
		return best
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
	size := g.style.size
	pitch := leading * size
	placed, moved := p.placeLabels(g)
	leaders := moved > 0.35*size
	x := p.r.X1 + labelGap
	if leaders {
		x = p.r.X1 + leaderWidth
	}
	for _, l := range placed {
		if leaders && math.Abs(l.at-l.want) > 0.1*size && l.rank > 0 {
			thin := pen{width: 0.6, color: axisGrey}
			p.s.stroke(thin, pt{p.r.X1 + 1.5, l.want}, pt{p.r.X1 + 4, l.want}, pt{x - 4, l.at}, pt{x - 2, l.at})
		}
		// The middle of the small letters stands at the height of the point.
		y := l.at + pitch*float64(len(l.lines)-1)/2 - 0.35*size
		p.s.of(l.series, l.band, func() {
			for _, line := range l.lines {
				p.s.text("label", line, l.style(g.style), alignLeft, x, y)
				y -= pitch
			}
		})
	}
}
