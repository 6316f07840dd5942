package main

import (
	"sync"

	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// expectations judges what the author of a scenario expects, run by run. Conditions read a panel of closed
// months, and the world of a run is a worker's own, so each run in flight gets a panel that is filled from
// its frames.
type expectations struct {
	study *scenarios.Study
	mu    sync.Mutex
	free  []*trial
	open  map[int]*trial // by run
	ended map[int][]bool // by run: whether each expectation held
}

// trial is a run that is being judged.
type trial struct {
	panel *measure.Panel
	begun bool
	held  []bool
}

func newExpectations(study *scenarios.Study) *expectations {
	return &expectations{study: study, open: map[int]*trial{}, ended: map[int][]bool{}}
}

func (x *expectations) trial(run int) *trial {
	x.mu.Lock()
	defer x.mu.Unlock()
	t := x.open[run]
	if t != nil {
		return t
	}
	if n := len(x.free); n > 0 {
		t, x.free = x.free[n-1], x.free[:n-1]
	} else {
		t = &trial{panel: measure.NewPanel(x.study.Model.Layout), held: make([]bool, len(x.study.Expect))}
	}
	t.begun = false
	clear(t.held)
	x.open[run] = t
	return t
}

// Month implements [record.Sink].
func (x *expectations) Month(run int, m unit.Month, frame []float64) {
	if len(x.study.Expect) == 0 {
		return
	}
	t := x.trial(run)
	if !t.begun {
		t.begun = true
		t.panel.Fill(m, frame)
	} else {
		copy(t.panel.Open(m), frame)
	}
	for i := range x.study.Expect {
		c := &x.study.Expect[i].Compiled
		if due(c, m, x.study.Model.End) && !t.held[i] {
			t.held[i] = c.Holds(t.panel)
		}
	}
}

// due tells whether a condition is to be judged at the close of a month: in the month behind `@`, in any
// month up to the one behind `by`, else in the last.
func due(c *scenarios.Compiled, t, end unit.Month) bool {
	switch {
	case c.By != 0:
		return t <= c.By
	case c.At != 0:
		return t == c.At
	}
	return t == end
}

// Event implements [record.Sink].
func (x *expectations) Event(record.Event) {}

// End implements [record.RunSink].
func (x *expectations) End(run int, _ unit.Month, _ string) { x.close(run, true) }

// Drop implements [record.RunSink].
func (x *expectations) Drop(run int) { x.close(run, false) }

func (x *expectations) close(run int, counts bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	t := x.open[run]
	if t == nil {
		return
	}
	delete(x.open, run)
	x.free = append(x.free, t)
	if counts {
		x.ended[run] = append([]bool(nil), t.held...)
	}
}

// verdict is what became of one expectation.
type verdict struct {
	That    string  `json:"that"`
	HoldsIn string  `json:"holds_in"`
	Because string  `json:"because,omitempty"`
	Held    bool    `json:"held"`
	Share   float64 `json:"share"`            // of runs in which the condition held
	Margin  float64 `json:"margin,omitempty"` // half the width of its 95 % interval
	Runs    int     `json:"runs"`
	Why     string  `json:"not_judged,omitempty"` // why it could not be judged
	judged  bool
}

// verdicts compares the share of runs with the band of each expectation. The central run counts only where
// it is alone.
//
// An expectation that compares variants needs the results of several jobs; it is judged where all of them
// are at hand, in tell, and not here.
func (x *expectations) verdicts(j *job) []verdict {
	var all []verdict
	for i, e := range x.study.Expect {
		v := verdict{That: e.That.Text, HoldsIn: e.HoldsIn.Text, Because: e.Because, judged: true}
		held := 0
		for run, h := range x.ended {
			if run == 0 && len(x.ended) > 1 {
				continue
			}
			v.Runs++
			if h[i] {
				held++
			}
		}
		if v.Runs > 0 {
			v.Share = float64(held) / float64(v.Runs)
		}
		if v.Runs > 1 {
			v.Margin = plot.Margin(v.Share, v.Runs)
		}
		v.Held = e.HoldsIn.Holds(v.Share)
		last := max(e.Compiled.By, e.Compiled.At)
		switch {
		case j.options.only != "":
			v.judged, v.Why = false, "chosen runs are no sample"
		case last > j.about.End:
			v.judged, v.Why = false, "the run ends before "+last.String()
		case v.Runs == 1 && !e.HoldsIn.Holds(0) && !e.HoldsIn.Holds(1):
			v.judged, v.Why = false, "a share of runs needs more than one run"
		}
		all = append(all, v)
	}
	return all
}
