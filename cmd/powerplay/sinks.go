package main

import (
	"maps"
	"slices"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// tee hands what runs yield to those who count, to the folder and to whoever else listens.
type tee struct {
	runs     *record.Runs
	chances  *record.Chances
	expected *expectations
	folder   *output.Folder
	others   record.Sinks
}

// Draw implements [ensemble.Sink].
func (t tee) Draw(run int, values []float64) { t.runs.Draw(run, values) }

// Month implements [record.Sink].
func (t tee) Month(run int, m unit.Month, frame []float64) {
	t.runs.Month(run, m, frame)
	t.chances.Month(run, m, frame)
	t.expected.Month(run, m, frame)
	t.folder.Month(run, m, frame)
	t.others.Month(run, m, frame)
}

// Event implements [record.Sink]. An event without words is only counted: the same one comes with words
// where somebody listens.
func (t tee) Event(e record.Event) {
	if e.What == "" {
		t.runs.Event(e)
		t.chances.Event(e)
		t.expected.Event(e)
		return
	}
	t.folder.Event(e)
	t.others.Event(e)
}

// End implements [record.RunSink].
func (t tee) End(run int, at unit.Month, why string) {
	t.runs.End(run, at, why)
	t.expected.End(run, at, why)
	t.chances.End(run, at, why)
	t.folder.End(run, at, why)
	t.others.End(run, at, why)
}

// Drop implements [record.RunSink].
func (t tee) Drop(run int) {
	t.runs.Drop(run)
	t.chances.Drop(run)
	t.expected.Drop(run)
	t.folder.Drop(run)
	t.others.Drop(run)
}

// frames holds the months of a few runs, for charts and the screen.
type frames struct {
	months int // of a run that reaches the horizon
	runs   map[int]*output.Run
}

func newFrames(runs []int, months int) *frames {
	f := &frames{months: months, runs: map[int]*output.Run{}}
	for _, run := range runs {
		f.runs[run] = &output.Run{Run: run} // made now, so that workers need no lock
	}
	return f
}

// Month implements [record.Sink].
func (f *frames) Month(run int, t unit.Month, frame []float64) {
	r := f.runs[run]
	if r == nil {
		return
	}
	if r.Values == nil {
		all := make([]float64, len(frame)*f.months)
		for i := range frame {
			r.Values = append(r.Values, all[i*f.months:i*f.months:(i+1)*f.months])
		}
	}
	r.Months = append(r.Months, t)
	for i, v := range frame {
		r.Values[i] = append(r.Values[i], v)
	}
}

// Event implements [record.Sink].
func (f *frames) Event(record.Event) {}

// column returns a column's values in a run, one a month.
func (f *frames) column(run, column int) []float64 {
	if r := f.runs[run]; r != nil && r.Values != nil {
		return r.Values[column]
	}
	return nil
}

// all lists the runs by number.
func (f *frames) all() []output.Run {
	var all []output.Run
	for _, run := range slices.Sorted(maps.Keys(f.runs)) {
		all = append(all, *f.runs[run])
	}
	return all
}

// tally counts the events of one run by kind, and keeps those that charts name.
type tally struct {
	run   int
	kinds map[string]int
	named []record.Event // of the kinds that charts name
}

func newTally(run int) *tally { return &tally{run: run, kinds: map[string]int{}} }

// Month implements [record.Sink].
func (t *tally) Month(int, unit.Month, []float64) {}

// Event implements [record.Sink]. All events of a run come from one goroutine.
func (t *tally) Event(e record.Event) {
	if e.Run != t.run {
		return
	}
	t.kinds[e.Kind]++
	if slices.Contains(chart.Kinds(), e.Kind) {
		t.named = append(t.named, e)
	}
}

// wreck keeps what a run yields up to the month in which it breaks a law.
type wreck struct {
	*output.Folder
	why string
}

// Draw implements [ensemble.Sink].
func (wreck) Draw(int, []float64) {}

// Event implements [record.Sink].
func (w wreck) Event(e record.Event) {
	if e.What != "" {
		w.Folder.Event(e)
	}
}

// Drop implements [record.RunSink]: here a run that was broken off is the one to look at.
func (w wreck) Drop(run int) { w.End(run, 0, w.why) }
