package ensemble

import (
	"context"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Beside plays the runs of two plans side by side, month by month, and hands the told events of both months to see, until
// that has seen enough or the earlier of the two ends comes. Which runs, how many at a time and whom to tell of progress is
// the first plan's to say; both must begin in the same month. Different runs may be seen from different goroutines at once;
// the events last until see returns. The error is that of [Run].
func Beside(ctx context.Context, first, second Plan, see func(run int, t unit.Month, first, second []record.Event) (enough bool)) error {
	told := func(int) bool { return true }
	first.Told, second.Told = told, told
	return first.each(ctx, func() player {
		var a, b month
		x, y := newWorker(&first, &a), newWorker(&second, &b)
		return func(ctx context.Context, run int) (dropped bool, broken *RunError) {
			defer x.caught(&broken)
			a.events, b.events = nil, nil
			for _, w := range []*worker{x, y} {
				if err := w.begin(run); err != nil {
					return false, err
				}
			}
			for !see(run, x.month, a.events, b.events) && x.month < min(x.model.End, y.model.End) {
				if ctx.Err() != nil {
					return true, nil
				}
				a.events, b.events = a.events[:0], b.events[:0]
				for _, w := range []*worker{x, y} {
					if err := w.step(); err != nil {
						return false, err
					}
				}
			}
			return false, nil
		}
	})
}

// month takes the told events of one month.
type month struct{ events []record.Event }

func (m *month) Draw(int, []float64)              {}
func (m *month) Month(int, unit.Month, []float64) {}
func (m *month) End(int, unit.Month, string)      {}
func (m *month) Drop(int)                         {}

// Event keeps an event with words; the same one comes without them too, to be counted.
func (m *month) Event(e record.Event) {
	if e.What != "" {
		m.events = append(m.events, e)
	}
}
