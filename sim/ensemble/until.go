package ensemble

import (
	"context"
	"errors"
	"math"
	"sync"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Target is the number that a study waits for: a column of the frame, at the close of a month.
type Target struct {
	Column int
	Month  unit.Month
	// Narrow says whether the median is known well enough, by its bounds.
	Narrow func(low, middle, high float64) bool
}

// Until simulates the plan's runs, which rise from 1, until the median of the target is known well enough, and keeps
// nothing else. It looks at runs 1 to n as soon as all of them have ended, for each n in turn, so neither the number of
// workers nor who ends first has a part in how many it takes. reached is false when the plan has too few runs.
func Until(ctx context.Context, p Plan, target Target) (runs int, median *Median, reached bool, err error) {
	enough := errors.New("enough runs")
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	u := &until{Target: target, values: map[int]float64{}, ended: map[int]bool{}, stop: func() { stop(enough) }}
	err = Run(ctx, p, u)
	if u.reached && errors.Is(context.Cause(ctx), enough) {
		err = nil
	}
	return u.runs, &u.median, u.reached, err
}

// until is the sink that looks.
type until struct {
	Target
	stop func()

	mu      sync.Mutex
	values  map[int]float64 // of runs that are not looked at yet
	ended   map[int]bool
	runs    int // looked at
	median  Median
	reached bool
}

// Draw implements [Sink].
func (u *until) Draw(int, []float64) {}

// Month implements [record.Sink].
func (u *until) Month(run int, t unit.Month, frame []float64) {
	if t == u.Target.Month {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.values[run] = frame[u.Column]
	}
}

// Event implements [record.Sink].
func (u *until) Event(record.Event) {}

// End implements [record.RunSink].
func (u *until) End(run int, _ unit.Month, _ string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ended[run] = true
	for !u.reached && u.ended[u.runs+1] {
		u.runs++
		value, ok := u.values[u.runs]
		if !ok {
			value = math.NaN() // the run ended before that month
		}
		u.median.Add(value)
		delete(u.values, u.runs)
		delete(u.ended, u.runs)
		if u.reached = u.Narrow(u.median.Interval()); u.reached {
			u.stop()
		}
	}
}

// Drop implements [record.RunSink].
func (u *until) Drop(run int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.values, run)
}
