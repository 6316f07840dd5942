package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// maxTerms is how many rows of a timeline a reader can follow.
const maxTerms = 14

// Timeline shows when terms of contracts are in force and what becomes of them: a row each, grouped by kind.
type Timeline struct {
	Start, End unit.Month // first and last month of the time axis
	Terms      []Term     // the first fourteen are drawn, those of a group together
}

// Term is an exclusivity, a right of first refusal, the window of a tranche: anything that holds from one month to another.
type Term struct {
	Key, Label, Color string     // as in Series; without a color all bars are the palette's first
	Group             string     // its kind, as printed: "First refusal"
	From, To          unit.Month // first and last month in which it holds; either may lie outside the axis
	State             TermState
	Marks             []Event // what happens within it: "match", "tranche paid"; at most five different words in a chart
}

// TermState is what becomes of a term.
type TermState int

// The states of a term.
const (
	InForce   TermState = iota // it binds throughout
	Exercised                  // the right was used, the milestone met
	Lapsed                     // it ended unused
	StillOpen                  // it may yet be used when the run ends
)

func (s TermState) String() string {
	return [...]string{"in force", "exercised", "lapsed", "still open"}[s]
}

func (t Term) name() string { return Series{Key: t.Key, Label: t.Label}.label() }

// timelineBody is a Timeline checked, grouped and coloured.
type timelineBody struct {
	Timeline
	left  int // terms without a row
	hues  []hue
	kinds []string // words of the marks, in order of appearance; the place gives the form
}

// Figure checks the terms: each begins before it ends and is seen on the axis, with all its marks.
func (l Timeline) Figure(w Words) (*Figure, error) {
	if len(l.Terms) == 0 {
		return nil, fmt.Errorf("plot: a timeline without terms: %w", ErrNoData)
	}
	if l.End < l.Start {
		return nil, fmt.Errorf("plot: the timeline ends in %v, before it starts in %v", l.End, l.Start)
	}
	seen := map[string]bool{}
	for _, t := range l.Terms {
		if seen[t.Key] {
			return nil, fmt.Errorf("plot: key %q names two terms", t.Key)
		}
		seen[t.Key] = true
		if err := l.checkTerm(t); err != nil {
			return nil, err
		}
	}
	b := &timelineBody{Timeline: l, left: max(0, len(l.Terms)-maxTerms)}
	b.Terms = slices.Clone(l.Terms[:len(l.Terms)-b.left])
	first := map[string]int{} // row in which a group first appears
	for i, t := range b.Terms {
		if _, known := first[t.Group]; !known {
			first[t.Group] = i
		}
	}
	slices.SortStableFunc(b.Terms, func(x, y Term) int { return cmp.Compare(first[x.Group], first[y.Group]) })
	for _, t := range b.Terms {
		h, err := hueNamed(t.Color, categorical()[0])
		if err != nil {
			return nil, fmt.Errorf("term %q: %w", t.Key, err)
		}
		b.hues = append(b.hues, h)
		for _, m := range t.Marks {
			if !slices.Contains(b.kinds, m.Words) {
				b.kinds = append(b.kinds, m.Words)
			}
		}
	}
	if len(b.kinds) > shapes {
		return nil, fmt.Errorf("plot: marks of %d kinds; a timeline takes at most %d", len(b.kinds), shapes)
	}
	return newFigure(w, b)
}

// checkTerm refuses a term that cannot be seen where it is said to be.
func (l Timeline) checkTerm(t Term) error {
	switch {
	case t.State < InForce || t.State > StillOpen:
		return fmt.Errorf("plot: term %q is in state %d, which there is not", t.Key, t.State)
	case t.To < t.From:
		return fmt.Errorf("plot: term %q ends in %v, before it begins in %v", t.Key, t.To, t.From)
	case t.To < l.Start || t.From > l.End:
		return fmt.Errorf("plot: term %q runs from %v to %v, outside the axis from %v to %v", t.Key, t.From, t.To, l.Start, l.End)
	}
	for _, m := range t.Marks {
		if m.Month < l.Start || m.Month > l.End {
			return fmt.Errorf("plot: mark %q of term %q in %v lies outside the axis from %v to %v", m.Words, t.Key, m.Month, l.Start, l.End)
		}
	}
	return nil
}

func (b *timelineBody) kind() string { return "Timeline" }

func (b *timelineBody) notes() []string {
	var notes []string
	if slices.ContainsFunc(b.Terms, func(t Term) bool { return t.To > b.End }) {
		notes = append(notes, "Pointed bars run on.")
	}
	if b.left > 0 {
		notes = append(notes, fmt.Sprintf("Not drawn: %s more.", number(float64(b.left), 0)))
	}
	return notes
}

// markRadius is the size of a marker in points.
const markRadius = 3.0

func (b *timelineBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize, color: ink}
	r = s.legend(r, b.legend(s))
	groups, names := make([]string, len(b.Terms)), make([]string, len(b.Terms))
	for i, t := range b.Terms {
		names[i] = t.name()
		if i == 0 || t.Group != b.Terms[i-1].Group {
			groups[i] = oneLine(t.Group)
		}
	}
	heading := typeStyle{size: st.size, bold: true, color: ink}
	groups, left := s.nameColumn(groups, heading, 0.17*s.w)
	names, width := s.nameColumn(names, st, 0.26*s.w)
	p := panel{s: s, t: monthsAxis(b.Start, b.End)}
	p.r = Rect{r.X0 + left + width, max(r.Y0+timeHeight, bottomMin), r.X1 - 8, r.Y1}
	pitch, err := s.rowPitch(len(b.Terms), p.r.height())
	if err != nil {
		return err
	}
	p.r.Y0 = p.r.Y1 - pitch*float64(len(b.Terms))
	thick := min(0.66*pitch, 20)
	for i, t := range b.Terms {
		mid := p.r.Y1 - (float64(i)+0.5)*pitch
		if groups[i] != "" && i > 0 {
			s.stroke(pen{width: 0.8, color: axisGrey, crisp: true}, pt{r.X0, mid + pitch/2}, pt{p.r.X1, mid + pitch/2})
		}
		s.stroke(pen{width: 0.6, color: gridGrey, crisp: true}, pt{p.r.X0, mid}, pt{p.r.X1, mid})
		s.text("label", groups[i], heading, alignLeft, r.X0, mid-0.35*st.size)
		s.text("label", names[i], st, alignLeft, r.X0+left, mid-0.35*st.size)
		x0, x1 := p.span(t.From, t.To)
		s.termBar(t.State, b.hues[i], Rect{x0, mid - thick/2, x1, mid + thick/2}, t.To > b.End)
		b.marks(p, t, mid)
	}
	p.axes(true, 8)
	return nil
}

// termBar draws a bar whose form tells the state of its term; one that runs on beyond the axis ends in a point.
func (s *sheet) termBar(state TermState, h hue, r Rect, runsOn bool) {
	r.X1 = max(r.X1, r.X0+1.5)
	path := []pt{{r.X0, r.Y0}, {r.X1, r.Y0}, {r.X1, r.Y1}, {r.X0, r.Y1}, {r.X0, r.Y0}}
	if point := min(5, r.width()/2); runsOn {
		path = []pt{{r.X0, r.Y0}, {r.X1 - point, r.Y0}, {r.X1, (r.Y0 + r.Y1) / 2}, {r.X1 - point, r.Y1}, {r.X0, r.Y1}, {r.X0, r.Y0}}
	}
	edge := pen{width: 1, color: h.fill}
	inside := white
	switch state {
	case InForce:
		inside = h.tints[2]
	case Exercised:
		inside = h.fill
	case Lapsed:
	case StillOpen:
		inside = h.tints[0]
		edge.dash = []float64{2, 2}
	}
	s.fill(inside, path...)
	s.stroke(edge, path...)
}

// marks draws what happens within a term. Those of about the same month stand side by side, as far as there is room.
func (b *timelineBody) marks(p panel, t Term, mid float64) {
	marks := slices.Clone(t.Marks)
	slices.SortStableFunc(marks, func(x, y Event) int { return cmp.Compare(x.Month, y.Month) })
	want, size := make([]float64, len(marks)), make([]float64, len(marks))
	for i, m := range marks {
		x0, x1 := p.span(m.Month, m.Month)
		want[i], size[i] = (x0+x1)/2, 2*markRadius+1
	}
	at, ok := spread(want, size, p.r.X0, p.r.X1)
	if !ok {
		at = want
	}
	for i, m := range marks {
		p.s.marker(slices.Index(b.kinds, m.Words), ink, pt{at[i], mid}, markRadius)
	}
}

// legend explains the states and the marks that occur.
func (b *timelineBody) legend(s *sheet) []legendEntry {
	var entries []legendEntry
	for state := InForce; state <= StillOpen; state++ {
		if slices.ContainsFunc(b.Terms, func(t Term) bool { return t.State == state }) {
			entries = append(entries, legendEntry{state.String(), func(box Rect) {
				s.termBar(state, categorical()[0], box, false)
			}})
		}
	}
	for i, words := range b.kinds {
		entries = append(entries, legendEntry{words, func(box Rect) {
			s.marker(i, ink, pt{(box.X0 + box.X1) / 2, (box.Y0 + box.Y1) / 2}, markRadius)
		}})
	}
	return entries
}

func (b *timelineBody) rows() []Row {
	var rows []Row
	for _, t := range b.Terms {
		label := strings.TrimPrefix(oneLine(t.Group)+": "+t.name(), ": ")
		rows = append(rows, Row{t.Key, label, t.From.String(), float64(t.To - t.From + 1), unit.DimMonths, t.State.String()})
		for _, m := range t.Marks {
			rows = append(rows, Row{t.Key, label, m.Month.String(), 1, unit.DimCount, m.Words})
		}
	}
	return rows
}

func (b *timelineBody) summary() string {
	var parts []string
	for _, t := range b.Terms {
		part := fmt.Sprintf("%s from %v to %v, %v", t.name(), t.From, t.To, t.State)
		if t.Group != "" {
			part = oneLine(t.Group) + ", " + part
		}
		for _, m := range t.Marks {
			part += fmt.Sprintf(", %s in %v", oneLine(m.Words), m.Month)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ") + "."
}
