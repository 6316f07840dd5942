package plot

import (
	"fmt"

	"powerplay/sim/unit"
)

// monthsAxis covers whole months, from the beginning of the first to the end of the last, for marks that last a month.
func monthsAxis(first, last unit.Month) timeAxis { return timeAxis{float64(first), monthEnd(last)} }

// span is the stretch of the horizontal axis that the months from first to last take, cut at the axis.
func (p panel) span(first, last unit.Month) (x0, x1 float64) {
	return p.x(max(float64(first), p.t.first)), p.x(min(monthEnd(last), p.t.last))
}

// nameColumn cuts names to at most limit points and returns them with the width that they take, gap included; that is
// nothing where all are empty.
func (s *sheet) nameColumn(names []string, st typeStyle, limit float64) (cut []string, width float64) {
	for _, name := range names {
		name = s.fit(typographic(shorten(name)), st, limit)
		cut = append(cut, name)
		if name != "" {
			width = max(width, s.fonts.width(name, st)+8)
		}
	}
	return cut, width
}

// rowPitch is the height of each of n rows of equal height that must hold a line of text, in points. What is too high for so
// few rows is to spare.
func (s *sheet) rowPitch(n int, height float64) (float64, error) {
	pitch := height / float64(n)
	if pitch < leading*s.profile.LabelSize {
		return 0, fmt.Errorf("%d rows would be too close to name; use profile %s", n, s.larger())
	}
	pitch = min(pitch, 5*s.profile.LabelSize)
	s.spare = height - pitch*float64(n)
	return pitch, nil
}

// larger names the profile to use when this one is too small.
func (s *sheet) larger() string {
	if s.profile.Name == Half().Name {
		return Report().Name
	}
	return Tall().Name
}
