package plot

import (
	"math"
	"strings"
)

// Type sizes and distances of the page, in points.
const (
	marginPt     = 14.0
	titleSize    = 14.0
	subtitleSize = 10.5
	footerSize   = 8.0
	minSize      = 8.0
	topMin       = 52.0 // from the page's top to the data, at least
	bottomMin    = 42.0 // from the page's bottom to the data, at least
)

// words draws title, subtitle and footer and returns what is left for the chart.
func (s *sheet) words(f *Figure, notes []string) Rect {
	width := s.w - 2*marginPt
	y := s.h - 11
	set := func(role, text string, st typeStyle, limit int, lineHeight float64) {
		lines, cut := s.fonts.balance(typographic(oneLine(text)), st, width, limit)
		if cut {
			s.warn("%s is cut on profile %s: %q", role, s.profile.Name, text)
		}
		for _, line := range lines {
			s.text(role, line, st, alignLeft, marginPt, y-ascent*st.size)
			y -= lineHeight
		}
	}
	set("title", f.Title, typeStyle{titleSize, true, ink}, 2, 16.5)
	y -= 2
	subtitle := f.Subtitle
	for _, n := range notes {
		subtitle = sentence(subtitle, n)
	}
	set("subtitle", stopped(subtitle), typeStyle{subtitleSize, false, muted}, 5, 13)
	top := min(y-6, s.h-topMin)

	var lines []string
	st := typeStyle{footerSize, false, muted}
	for i, text := range f.Footer {
		if i == 1 && f.TitleByUser {
			text += " · title by user"
		}
		wrapped, cut := s.fonts.balance(typographic(oneLine(text)), st, width, 2)
		if cut {
			s.warn("footer is cut on profile %s: %q", s.profile.Name, text)
		}
		lines = append(lines, wrapped...)
	}
	y = 9
	for i := len(lines) - 1; i >= 0; i-- {
		s.text("footer", lines[i], st, alignLeft, marginPt, y)
		y += 10
	}
	return Rect{marginPt, y + 2, s.w - marginPt, top}
}

// sentence joins a note to a subtitle as a sentence of its own.
func sentence(text, note string) string {
	if text == "" {
		return note
	}
	switch text[len(text)-1] {
	case '.', '!', '?', ':':
		return text + " " + note
	}
	return text + ". " + note
}

// stopped ends a text of several sentences with a full stop, and one that is no more than a phrase without.
func stopped(text string) string {
	text = strings.TrimSuffix(text, ".")
	if strings.Contains(text, ". ") {
		text += "."
	}
	return text
}

// panel is a rectangle with a time axis and a value axis.
type panel struct {
	s *sheet
	r Rect
	v valueAxis
	t timeAxis
}

// x is the position of a time, in months as on the time axis.
func (p panel) x(at float64) float64 {
	return p.r.X0 + p.r.width()*(at-p.t.first)/(p.t.last-p.t.first)
}

// y is the position of a value in printed units.
func (p panel) y(v float64) float64 {
	return p.r.Y0 + p.r.height()*p.v.part(v)
}

// at is the position of a value of a month, the value in its own unit.
func (p panel) at(month, v float64) pt { return pt{p.x(month), p.y(v * p.v.scale.factor)} }

const (
	tickGap    = 6.0  // from a tick's label to the data
	timeHeight = 17.0 // from the data's bottom edge to the bottom of the time labels
)

// tickColumn is the width that the value axis needs left of the data.
func (s *sheet) tickColumn(v valueAxis) float64 {
	st := typeStyle{size: s.profile.LabelSize}
	w := 0.0
	for i := range v.ticks {
		w = max(w, s.fonts.width(v.label(i), st))
	}
	return w + tickGap
}

// inset leaves room in the body for axes and labels and returns the rectangle of the data. head is the room
// kept above for the names of events.
func (s *sheet) inset(body Rect, v valueAxis, gutterWidth, head float64) Rect {
	half := 0.6 * s.profile.LabelSize
	right := max(gutterWidth, half*2)
	return Rect{body.X0 + s.tickColumn(v), max(body.Y0+timeHeight, bottomMin), body.X1 - right, body.Y1 - half - head}
}

// grid draws the rules and the labels of the value axis; the rules lie under the data.
func (p panel) grid(labels bool) {
	st := typeStyle{size: p.s.profile.LabelSize, color: muted}
	// In a low panel only every second or third rule is named, counted from the top, which has the unit.
	top := len(p.v.ticks) - 1
	every := 1
	for every < top && p.tightest(every) < leading*st.size {
		every++
	}
	for i, v := range p.v.ticks {
		y := p.y(v)
		p.s.stroke(pen{width: 0.6, color: gridGrey, crisp: true}, pt{p.r.X0, y}, pt{p.r.X1, y})
		if labels && (top-i)%every == 0 {
			p.s.text("tick", p.v.label(i), st, alignRight, p.r.X0-tickGap, y-0.35*st.size)
		}
	}
}

// tightest is the least distance in points between two ticks that are n apart; on a log axis they are not all alike.
func (p panel) tightest(n int) float64 {
	least := math.Inf(1)
	for i, v := range p.v.ticks[n:] {
		least = min(least, p.y(v)-p.y(p.v.ticks[i]))
	}
	return least
}

// axes draws the base line and the time axis over the data. Labels may stand out of the panel by overhang.
func (p panel) axes(timeLabels bool, overhang float64) {
	p.s.areas = append(p.s.areas, timeArea{p.s.part, p.r, p.t})
	line := pen{width: 0.8, color: axisGrey, crisp: true}
	base := p.r.Y0
	if p.v.lo < 0 && p.v.hi > 0 {
		p.s.stroke(pen{width: 1, color: muted, crisp: true}, pt{p.r.X0, p.y(0)}, pt{p.r.X1, p.y(0)})
	}
	p.s.stroke(line, pt{p.r.X0, base}, pt{p.r.X1, base})
	st := typeStyle{size: p.s.profile.LabelSize, color: muted}
	month := p.r.width() / (p.t.last - p.t.first)
	widest := p.s.fonts.width("2000", st)
	ticks, labels := p.t.years(month, widest)
	for _, t := range ticks {
		p.s.stroke(line, pt{p.x(t), base}, pt{p.x(t), base - 4})
	}
	if !timeLabels {
		return
	}
	for _, l := range labels {
		half := p.s.fonts.width(l.text, st) / 2
		x := math.Min(math.Max(p.x(l.at), p.r.X0-overhang+half), math.Min(p.r.X1+overhang, p.s.w-marginPt)-half)
		p.s.text("tick", l.text, st, alignCentre, x, base-4-ascent*st.size)
	}
}
