package plot

// rowNames holds the names left of the rows of a chart, broken into lines.
type rowNames struct {
	styles []typeStyle
	lines  [][]string
	width  float64 // of the widest line, in points
}

// newRowNames breaks names into lines of at most widest points: two where rows that are pitch points apart have
// room for them, else one. The row in focus is bold; -1 is none.
func (s *sheet) newRowNames(names []string, focus int, pitch, widest float64) rowNames {
	size := s.profile.LabelSize
	most := 1
	if pitch > 2*leading*size {
		most = 2
	}
	c := rowNames{styles: make([]typeStyle, len(names)), lines: make([][]string, len(names))}
	for i, name := range names {
		name = shorten(name)
		c.styles[i] = typeStyle{size, i == focus, ink}
		var cut bool
		if c.lines[i], cut = s.fonts.wrap(name, c.styles[i], widest, most); cut {
			s.warn("%q is cut on profile %s", name, s.profile.Name)
		}
		for _, line := range c.lines[i] {
			c.width = max(c.width, s.fonts.width(line, c.styles[i]))
		}
	}
	return c
}

// set draws name i so that it ends at x and its middle stands at the height mid.
func (c rowNames) set(s *sheet, i int, x, mid float64) {
	pitch := leading * c.styles[i].size
	y := mid + pitch*float64(len(c.lines[i])-1)/2 - 0.35*c.styles[i].size
	for _, line := range c.lines[i] {
		s.text("label", line, c.styles[i], alignRight, x, y)
		y -= pitch
	}
}
