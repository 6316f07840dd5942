package record

import "powerplay/sim/unit"

// RunSink is a Sink that wants to know where a run ends. Whoever drives the runs calls, for each run,
// Month and Event from one goroutine at a time, and then End or Drop from that same goroutine. Different
// runs may come from different goroutines at once.
type RunSink interface {
	Sink
	// End says that the run is over. at is its last month; why is empty when it reached the horizon, else
	// one plain sentence on why it ended early.
	End(run int, at unit.Month, why string)
	// Drop says that the run was broken off, as by Ctrl-C: nothing of it may be used.
	Drop(run int)
}

// Sinks hands everything to each of its sinks in turn; End and Drop go to those that are a RunSink.
type Sinks []Sink

// Month hands a frame on.
func (s Sinks) Month(run int, t unit.Month, frame []float64) {
	for _, to := range s {
		to.Month(run, t, frame)
	}
}

// Event hands an event on.
func (s Sinks) Event(e Event) {
	for _, to := range s {
		to.Event(e)
	}
}

// End hands the end of a run on.
func (s Sinks) End(run int, at unit.Month, why string) {
	for _, to := range s {
		if r, ok := to.(RunSink); ok {
			r.End(run, at, why)
		}
	}
}

// Drop tells the sinks to forget a run.
func (s Sinks) Drop(run int) {
	for _, to := range s {
		if r, ok := to.(RunSink); ok {
			r.Drop(run)
		}
	}
}
