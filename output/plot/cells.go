package plot

import (
	"fmt"
	"strings"
)

// cellGap is the white between two cells in points.
const cellGap = 1.2

// cell fills a rectangle with a tint and sets a number in its middle.
func (s *sheet) cell(r Rect, tint rgb, number string, size float64) {
	const half = cellGap / 2
	s.fillRect(tint, Rect{r.X0 + half, r.Y0 + half, r.X1 - half, r.Y1 - half})
	s.text("value", number, typeStyle{size: size, color: textOn(tint)}, alignCentre, (r.X0+r.X1)/2, (r.Y0+r.Y1)/2-0.35*size)
}

// numberSize is the size of type in which all numbers fit cells of the given width: the profile's, or as little
// below it as need be. The error names what would help.
func (s *sheet) numberSize(texts []string, width float64) (float64, error) {
	size, widest, longest := s.profile.LabelSize, 0.0, ""
	for _, text := range texts {
		if w := s.fonts.width(text, typeStyle{size: size}); w > widest {
			widest, longest = w, text
		}
	}
	if room := width - cellGap - 3; widest > room {
		size *= max(room, 0) / widest
	}
	switch {
	case size >= minSize:
		return size, nil
	case s.profile.Width < Report().Width:
		return 0, fmt.Errorf("cells of %.0f pt are too narrow for numbers like %s; use profile report", width, longest)
	}
	return 0, fmt.Errorf("cells of %.0f pt are too narrow for numbers like %s; use fewer columns", width, longest)
}

// heads are the names above columns: in one tier where they fit their columns, else in two, every other name in the
// higher one with a thin line down to its column. No text is turned.
type heads struct {
	style []typeStyle
	lines [][]string
	tiers int
	lower float64 // height of the lower tier in points
	upper float64 // of the upper, 0 when there is none
}

// newHeads breaks names for columns of the given width, in at most most lines. The last one, the total, is bold.
func (s *sheet) newHeads(names []string, width float64, most int) heads {
	for tiers := 1; ; tiers++ {
		h := heads{tiers: tiers}
		room := float64(tiers)*width - 8
		fits := true
		for i, name := range names {
			st := typeStyle{s.profile.LabelSize, i == len(names)-1, ink}
			lines, cut := s.fonts.wrap(name, st, room, most)
			fits = fits && !cut
			if cut && tiers == 2 {
				s.warn("%q is cut on profile %s", name, s.profile.Name)
			}
			h.style, h.lines = append(h.style, st), append(h.lines, lines)
			height := leading * st.size * float64(len(lines))
			if h.up(i) {
				h.upper = max(h.upper, height)
			} else {
				h.lower = max(h.lower, height)
			}
		}
		if fits || tiers == 2 {
			return h
		}
	}
}

// up tells whether name i stands in the higher tier. The first does, clear of what is left of the columns.
func (h heads) up(i int) bool { return h.tiers == 2 && i%2 == 0 }

// height is that of all tiers in points, with the distance to the columns.
func (h heads) height() float64 { return h.lower + h.upper + 4 }

// set draws name i in the middle of its column, over a column that begins at the height top.
func (h heads) set(s *sheet, i int, x, top float64) {
	st := h.style[i]
	pitch := leading * st.size
	y := top + 2 + descent*st.size
	if h.up(i) {
		y += h.lower
		s.stroke(pen{width: 0.6, color: axisGrey, crisp: true}, pt{x, top + 2}, pt{x, y - descent*st.size - 0.5})
	}
	for k := len(h.lines[i]) - 1; k >= 0; k-- {
		s.text("label", h.lines[i][k], st, alignCentre, x, y)
		y += pitch
	}
}

// named says what numbers are that are printed without their unit: "Payee, $ bn".
func (s scale) named(name string) string {
	return strings.Trim(name+", "+strings.TrimSpace(s.prefix+s.tick), ", ")
}
