package main

import (
	"math"
	"slices"
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
	open  map[int]*trial  // by run
	ended map[int]outcome // by run
}

// outcome is what one run says of the expectations.
type outcome struct {
	held   []bool    // each condition
	values []float64 // each number that is compared between variants
}

// trial is a run that is being judged.
type trial struct {
	panel *measure.Panel
	begun bool
	outcome
}

func newExpectations(study *scenarios.Study) *expectations {
	return &expectations{study: study, open: map[int]*trial{}, ended: map[int]outcome{}}
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
		t = &trial{panel: measure.NewPanel(x.study.Model.Layout)}
	}
	t.begun = false
	t.held, t.values = make([]bool, len(x.study.Expect)), make([]float64, len(x.study.Pairs))
	for i := range t.values {
		t.values[i] = math.NaN()
	}
	x.open[run] = t
	return t
}

// Month implements [record.Sink].
func (x *expectations) Month(run int, m unit.Month, frame []float64) {
	if len(x.study.Expect)+len(x.study.Pairs) == 0 {
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
	for i := range x.study.Pairs {
		if c := &x.study.Pairs[i].Compiled; due(c, m, x.study.Model.End) {
			t.values[i] = c.Value(t.panel)
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
		x.ended[run] = t.outcome
	}
}

// verdict is what became of one expectation.
type verdict struct {
	That       string  `json:"that"`
	Is         string  `json:"is,omitempty"`   // of a comparison: higher, lower, similar
	In         string  `json:"in,omitempty"`   // the variant looked at
	Than       string  `json:"than,omitempty"` // and the one that it is compared with
	HoldsIn    string  `json:"holds_in"`
	Because    string  `json:"because,omitempty"`
	Held       bool    `json:"held"`
	Unclear    bool    `json:"unclear,omitempty"` // the share lies within its margin of the band's edge
	Share      float64 `json:"share"`             // of runs in which it holds
	Margin     float64 `json:"margin,omitempty"`  // half the width of its 95 % interval
	Runs       int     `json:"runs"`
	Difference *number `json:"difference,omitempty"` // of a comparison: that in the one less that in the other
	Unit       string  `json:"unit,omitempty"`
	Why        string  `json:"not_judged,omitempty"` // why it could not be judged
	judged     bool
}

// judge compares the share of runs in which an expectation holds with its band. last is the month that it
// needs.
func (v *verdict) judge(j *job, band scenarios.Band, held int, last unit.Month) {
	v.judged = true
	if v.Runs > 0 {
		v.Share = float64(held) / float64(v.Runs)
	}
	if v.Runs > 1 {
		v.Margin = plot.Margin(v.Share, v.Runs)
	}
	v.Held = band.Holds(v.Share)
	low, high := max(0, v.Share-v.Margin), min(1, v.Share+v.Margin)
	touches, inside := low <= band.High && high >= band.Low, band.Holds(low) && band.Holds(high)
	v.Unclear = v.Runs > 1 && touches && !inside
	switch {
	case j.options.only != "":
		v.Why = "chosen runs are no sample"
	case last > j.about.End:
		v.Why = "the run ends before " + last.String()
	case v.Runs == 0:
		v.Why = "no run has a value"
	case v.Runs == 1 && !band.Holds(0) && !band.Holds(1):
		v.Why = "a share of runs needs more than one run"
	}
	if v.Why != "" {
		v.judged, v.Held, v.Unclear = false, false, false
	}
}

// counted tells whether a run counts: the central run does so only where it is alone.
func (x *expectations) counted(run int) bool { return run != 0 || len(x.ended) == 1 }

// verdicts judges the conditions on single runs.
func (x *expectations) verdicts(j *job) []verdict {
	all := []verdict{}
	for i, e := range x.study.Expect {
		v := verdict{That: e.That.Text, HoldsIn: e.HoldsIn.Text, Because: e.Because}
		held := 0
		for run, o := range x.ended {
			if !x.counted(run) {
				continue
			}
			v.Runs++
			if o.held[i] {
				held++
			}
		}
		v.judge(j, e.HoldsIn, held, max(e.Compiled.By, e.Compiled.At))
		all = append(all, v)
	}
	return all
}

// similar is how much two numbers may differ, as a part of the larger, and still be called similar.
const similar = 0.05

// compare judges the expectations that compare variants, run by run on the same draws.
func compare(done []*result) []verdict {
	all := []verdict{}
	of := map[string]*result{} // by variant; empty for the file itself
	for _, r := range done {
		of[r.about.Variant] = r
	}
	for i, e := range done[0].study.Pairs {
		a, b := of[e.In], of[e.Than]
		if a == nil || b == nil {
			continue
		}
		v := verdict{
			That: e.That.Text, Is: e.Is, In: variantName(a.study), Than: variantName(b.study), HoldsIn: e.HoldsIn.Text,
			Because: e.Because, Unit: string(e.Compiled.Dim),
		}
		held := 0
		var differences []float64
		for run := range a.table.Rows {
			x, okX := a.judged.ended[run]
			y, okY := b.judged.ended[run]
			if !okX || !okY || !a.judged.counted(run) || math.IsNaN(x.values[i]) || math.IsNaN(y.values[i]) {
				continue
			}
			v.Runs++
			differences = append(differences, x.values[i]-y.values[i])
			if holds(e.Is, x.values[i], y.values[i]) {
				held++
			}
		}
		if v.Runs > 0 {
			stats := record.Describe(differences)
			v.Difference = &number{Value: stats.Quantiles[slices.Index(levels(), 50)]}
			if v.Runs > 1 {
				v.Difference.P05, v.Difference.P95 = &stats.Quantiles[0], &stats.Quantiles[record.LevelCount-1]
			}
		}
		v.judge(a.job, e.HoldsIn, held, e.Compiled.At)
		all = append(all, v)
	}
	return all
}

// levels are the quantile levels of every summary, in percent.
func levels() []int {
	l := record.Levels()
	return l[:]
}

// holds tells whether x is to y as an expectation says.
func holds(is string, x, y float64) bool {
	switch is {
	case "higher":
		return x > y
	case "lower":
		return x < y
	}
	return math.Abs(x-y) <= similar*max(math.Abs(x), math.Abs(y))
}
