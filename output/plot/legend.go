package plot

import "math"

// legendEntry is a sign with its meaning.
type legendEntry struct {
	words string
	draw  func(box Rect) // draws the sign within a box of 16 × 9 points
}

// legend sets signs with their meanings once, above the data, in as few lines as they need and lines of about the same
// length, and returns what is left below them.
func (s *sheet) legend(r Rect, entries []legendEntry) Rect {
	const sign, gap, between = 16.0, 4.0, 14.0
	st := typeStyle{size: s.profile.LabelSize, color: muted}
	words, widths := make([]string, len(entries)), make([]float64, len(entries))
	for i, e := range entries {
		words[i] = s.fit(oneLine(e.words), st, r.width()-sign-gap)
		widths[i] = sign + gap + s.fonts.width(words[i], st) + between
	}
	limit := r.width() + between
	for lines := len(breakRow(widths, limit)); limit > 1 && len(breakRow(widths, limit-1)) == lines; {
		limit--
	}
	y := r.Y1 - st.size - 1
	for _, line := range breakRow(widths, limit) {
		x, mid := r.X0, y+0.35*st.size
		for _, i := range line {
			entries[i].draw(Rect{x, mid - 4.5, x + sign, mid + 4.5})
			s.text("legend", words[i], st, alignLeft, x+sign+gap, y)
			x += widths[i]
		}
		y -= 1.35 * st.size
	}
	return Rect{r.X0, r.Y0, r.X1, y + 1.35*st.size - 8}
}

// breakRow sets items of the given widths in lines no wider than limit, unless one item is, and lists each line's items.
func breakRow(widths []float64, limit float64) [][]int {
	var lines [][]int
	x := math.Inf(1)
	for i, w := range widths {
		if x+w > limit {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], i)
		x += w
	}
	return lines
}

// fit cuts a text to a width and warns of it.
func (s *sheet) fit(text string, st typeStyle, width float64) string {
	short := s.fonts.fit(text, st, width)
	if short != text {
		s.warn("%q is cut to %q on profile %s", text, short, s.profile.Name)
	}
	return short
}

// shapes is how many forms of marker a reader can tell apart.
const shapes = 5

// marker draws one of five small forms, with a white edge that sets it off from what lies below.
func (s *sheet) marker(shape int, c rgb, at pt, radius float64) {
	outline := func(c rgb, r float64) {
		switch shape {
		case 0:
			s.dot(c, at, r)
		case 1: // diamond
			s.fill(c, pt{at.X - 1.2*r, at.Y}, pt{at.X, at.Y - 1.2*r}, pt{at.X + 1.2*r, at.Y}, pt{at.X, at.Y + 1.2*r})
		case 2: // triangle
			s.fill(c, pt{at.X - 1.2*r, at.Y - r}, pt{at.X + 1.2*r, at.Y - r}, pt{at.X, at.Y + 1.2*r})
		case 3: // square
			s.fillRect(c, Rect{at.X - 0.9*r, at.Y - 0.9*r, at.X + 0.9*r, at.Y + 0.9*r})
		default: // triangle on its point
			s.fill(c, pt{at.X - 1.2*r, at.Y + r}, pt{at.X + 1.2*r, at.Y + r}, pt{at.X, at.Y - 1.2*r})
		}
	}
	outline(white, radius+1.3)
	outline(c, radius)
}
