package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// Event is a dated happening that explains a turn in the data.
type Event struct {
	Month unit.Month
	Words string // at most six
}

const (
	maxEvents     = 5
	maxEventWords = 6
)

func checkEvents(events []Event) error {
	if len(events) > maxEvents {
		return fmt.Errorf("plot: %d events; a chart takes at most %d", len(events), maxEvents)
	}
	for _, e := range events {
		if n := len(strings.Fields(e.Words)); n > maxEventWords {
			return fmt.Errorf("plot: event %q has %d words; at most %d", e.Words, n, maxEventWords)
		}
	}
	return nil
}

// placedEvent is an event with the row its words stand in, 0 next to the data, and their left end.
type placedEvent struct {
	Event
	row  int
	x    float64
	text string
}

// placeEvents finds rows above the data so that no words overlap, and how many rows that takes. Events
// outside the time axis are left out.
func (p panel) placeEvents(events []Event) (placed []placedEvent, rows int) {
	st := typeStyle{size: p.s.profile.LabelSize}
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.Month, b.Month) })
	var taken [][]Rect
	for _, e := range events {
		at := monthEnd(e.Month)
		if at < p.t.first || at > p.t.last {
			p.s.warn("event %q of %v lies outside the chart", e.Words, e.Month)
			continue
		}
		text := p.s.fonts.fit(oneLine(e.Words), st, p.r.width())
		w := p.s.fonts.width(text, st)
		x := p.x(at) + 3
		if right := p.s.w - marginPt; x+w > right {
			x = p.x(at) - 3 - w
		}
		x = max(x, p.r.X0)
		// The words keep clear of each other and of the lines of events in rows above them.
		box := Rect{min(x, p.x(at)-2), 0, x + w + 6, 1}
		row := 0
		for ; row < len(taken); row++ {
			if !slices.ContainsFunc(taken[row], box.Overlaps) {
				break
			}
		}
		if row == len(taken) {
			taken = append(taken, nil)
		}
		for below := range row {
			taken[below] = append(taken[below], Rect{p.x(at) - 2, 0, p.x(at) + 2, 1})
		}
		taken[row] = append(taken[row], box)
		placed = append(placed, placedEvent{e, row, x, text})
	}
	return placed, len(taken)
}

// eventRow is the height of one row of event names in points.
func (s *sheet) eventRow() float64 { return 1.2 * s.profile.LabelSize }

// drawEvents draws a dotted line for each event, up to its words.
func (p panel) drawEvents(placed []placedEvent) {
	st := typeStyle{size: p.s.profile.LabelSize, color: ink}
	for _, e := range placed {
		x := p.x(monthEnd(e.Month))
		base := p.r.Y1 + 4 + float64(e.row)*p.s.eventRow()
		p.s.stroke(pen{width: 0.8, color: ink, dash: []float64{1.2, 2.4}, crisp: true}, pt{x, p.r.Y0}, pt{x, base + 0.7*st.size})
		p.s.text("event", e.text, st, alignLeft, e.x, base)
	}
}

// newPanel lays out a chart with a time axis, a column of end labels and events above the data.
func newPanel(s *sheet, body Rect, v valueAxis, t timeAxis, labels []endLabel, events []Event) (panel, gutter, []placedEvent) {
	p := panel{s: s, v: v, t: t}
	p.r = s.inset(body, v, 0, 0)
	g := s.newGutter(labels, p.r.height())
	p.r = s.inset(body, v, g.width, 0)
	placed, rows := p.placeEvents(events)
	if rows > 0 {
		head := float64(rows)*s.eventRow() + 2
		g = s.newGutter(labels, p.r.height()-head)
		p.r = s.inset(body, v, g.width, head)
		placed, _ = p.placeEvents(events)
	}
	return p, g, placed
}
