package plot

import (
	"fmt"
	"math"
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

// placedEvent is an event with the row its words stand in, 0 next to the data. Positions are in points.
type placedEvent struct {
	Event
	row      int
	text     string
	x, width float64 // of the words
	line     float64
}

// placeEvents finds rows above the data so that no words overlap each other or another event's line, and how
// many rows that takes. Events outside the time axis are left out.
func (p panel) placeEvents(events []Event) (placed []placedEvent, rows int) {
	st := typeStyle{size: p.s.profile.LabelSize}
	for _, e := range events {
		at := monthEnd(e.Month)
		if at < p.t.first || at > p.t.last {
			p.s.warn("event %q of %v lies outside the chart", e.Words, e.Month)
			continue
		}
		// Words stand right of their line, or left of it where there is more room.
		right, left := p.s.w-marginPt-p.x(at)-3, p.x(at)-3-marginPt
		words := typographic(oneLine(e.Words))
		text := p.s.fonts.fit(words, st, max(left, right))
		if text != words {
			p.s.warn("event %q is cut to %q on profile %s", words, text, p.s.profile.Name)
		}
		w := p.s.fonts.width(text, st)
		x := p.x(at) + 3
		if w > right {
			x = p.x(at) - 3 - w
		}
		placed = append(placed, placedEvent{Event: e, x: x, width: w, line: p.x(at), text: text})
	}
	// The rows depend on the order in which events take them; with at most five all orders can be tried.
	var best []int
	least := math.MaxInt
	permute(len(placed), func(order []int) {
		if got, cost := stackEvents(placed, order); cost < least {
			best, least = got, cost
		}
	})
	if len(placed) == 0 {
		return nil, 0
	}
	rows = 0
	for i := range placed {
		placed[i].row = best[i]
		rows = max(rows, best[i]+1)
	}
	return placed, rows
}

// stackEvents gives events, in the given order, the lowest row that is free, and returns the number of rows.
// A line that cannot but run through words costs as much as five rows.
func stackEvents(events []placedEvent, order []int) (row []int, cost int) {
	const gap = 6.0
	row = make([]int, len(events))
	highest := 0
	for k, i := range order {
		e := events[i]
		for free := false; !free; {
			free = true
			for _, j := range order[:k] {
				o := events[j]
				words := row[j] == row[i] && e.x < o.x+o.width+gap && o.x < e.x+e.width+gap
				line := row[j] > row[i] && e.x-2 < o.line && o.line < e.x+e.width+2
				if words || line {
					free = false
					row[i]++
					break
				}
			}
		}
		for _, j := range order[:k] {
			if o := events[j]; row[j] < row[i] && o.x-2 < e.line && e.line < o.x+o.width+2 {
				cost += maxEvents
			}
		}
		highest = max(highest, row[i])
	}
	return row, cost + highest + 1
}

// permute calls f with every order of 0 to n-1.
func permute(n int, f func(order []int)) {
	order := make([]int, 0, n)
	used := make([]bool, n)
	var next func()
	next = func() {
		if len(order) == n {
			f(order)
			return
		}
		for i := range n {
			if !used[i] {
				used[i] = true
				order = append(order, i)
				next()
				order = order[:len(order)-1]
				used[i] = false
			}
		}
	}
	next()
}

// eventBase is how far above the data the lowest row of event names stands, in points: clear of the end
// labels, which may stand out by half a line.
func (s *sheet) eventBase() float64 { return (leading/2 + descent + 0.05) * s.profile.LabelSize }

// eventRow is the height of one row of event names in points.
func (s *sheet) eventRow() float64 { return 1.2 * s.profile.LabelSize }

// drawEvents draws a dotted line for each event, up to its words.
func (p panel) drawEvents(placed []placedEvent) {
	st := typeStyle{size: p.s.profile.LabelSize, color: ink}
	for _, e := range placed {
		base := p.r.Y1 + p.s.eventBase() + float64(e.row)*p.s.eventRow()
		p.s.stroke(pen{width: 0.8, color: ink, dash: []float64{1.2, 2.4}, crisp: true}, pt{e.line, p.r.Y0}, pt{e.line, base + 0.7*st.size})
		p.s.text("event", e.text, st, alignLeft, e.x, base)
	}
}

// leastHeight is how low the data of a chart may become, in points.
const leastHeight = 40

// newPanel lays out a chart with a time axis, a column of end labels and events above the data. It is an
// error if words leave no room for the data.
func newPanel(s *sheet, body Rect, v valueAxis, t timeAxis, labels []endLabel, events []Event) (panel, gutter, []placedEvent, error) {
	p := panel{s: s, v: v, t: t}
	var (
		g      gutter
		placed []placedEvent
	)
	// The names of events take height from the labels, and the labels take width from the names of events.
	for rows, more := 0, true; more; {
		head := 0.0
		if rows > 0 {
			head = s.eventBase() + float64(rows)*s.eventRow() - 0.5*s.profile.LabelSize
		}
		p.r = s.inset(body, v, gutterMin, head)
		if p.r.height() >= leastHeight {
			g = p.newGutter(labels)
			p.r = s.inset(body, v, g.width, head)
		}
		if p.r.height() < leastHeight || p.r.width() < leastHeight {
			return p, g, nil, fmt.Errorf("words leave %.0f × %.0f pt for the data", p.r.width(), p.r.height())
		}
		var need int
		placed, need = p.placeEvents(events)
		more = need > rows
		rows = max(rows, need)
	}
	return p, g, placed, nil
}
