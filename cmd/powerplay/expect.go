package main

import (
	"math"
	"slices"
	"sync"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// expectations tells, run by run, which conditions hold that a scenario expects or asks for, and what the
// numbers come to that it compares between variants. What is said to happen to a firm holds when it does. Conditions read a panel of closed months, and the world of a run is a worker's
// own, so each run in flight gets a panel that is filled from its frames.
type expectations struct {
	conditions []scenarios.Compiled // those expected, then those asked for
	numbers    []scenarios.Compiled // those compared
	places     []int                // of these among the numbers of runs
	firms      []string             // keys
	last       unit.Month           // of the run
	layout     *measure.Layout
	chances    *record.Chances // counts the conditions: its extra questions
	runs       *record.Runs    // takes the numbers
	mu         sync.Mutex
	free       []*trial
	open       map[int]*trial // by run
}

// trial is a run that is being judged.
type trial struct {
	panel *measure.Panel
	begun bool
	held  []bool // each condition
}

func newExpectations(study *scenarios.Study, chances *record.Chances, runs *record.Runs) *expectations {
	x := &expectations{last: study.Model.End, layout: study.Model.Layout, chances: chances, runs: runs, open: map[int]*trial{}}
	for i := range study.Model.Firms {
		x.firms = append(x.firms, study.Model.Firms[i].Key)
	}
	for _, e := range study.Expect {
		x.conditions = append(x.conditions, e.Compiled)
	}
	for _, q := range study.Ask {
		x.conditions = append(x.conditions, q.Compiled)
	}
	for _, e := range study.Pairs {
		x.numbers = append(x.numbers, e.Compiled)
		x.places = append(x.places, slices.Index(runs.Numbers, comparedNumber(e)))
	}
	return x
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
		t = &trial{panel: measure.NewPanel(x.layout), held: make([]bool, len(x.conditions))}
	}
	t.begun = false
	clear(t.held)
	x.open[run] = t
	return t
}

// Month implements [record.Sink].
func (x *expectations) Month(run int, m unit.Month, frame []float64) {
	if len(x.conditions)+len(x.numbers) == 0 {
		return
	}
	t := x.trial(run)
	if !t.begun {
		t.begun = true
		t.panel.Fill(m, frame)
	} else {
		copy(t.panel.Open(m), frame)
	}
	for i := range x.conditions {
		c := &x.conditions[i]
		if c.Happens == nil && due(c, m, x.last) && !t.held[i] && c.Holds(t.panel) {
			t.held[i] = true
			x.chances.Hold(run, i)
		}
	}
	for i := range x.numbers {
		if c := &x.numbers[i]; due(c, m, x.last) {
			x.runs.Number(run, x.places[i], c.Value(t.panel))
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
func (x *expectations) Event(e record.Event) {
	for i := range x.conditions {
		c := &x.conditions[i]
		if h := c.Happens; h != nil && h.Kind == e.Kind && x.firms[h.Firm] == e.Firm && (c.By == 0 || e.Month <= c.By) {
			x.chances.Hold(e.Run, i)
		}
	}
}

// End implements [record.RunSink].
func (x *expectations) End(run int, _ unit.Month, _ string) { x.Drop(run) }

// Drop implements [record.RunSink].
func (x *expectations) Drop(run int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if t := x.open[run]; t != nil {
		delete(x.open, run)
		x.free = append(x.free, t)
	}
}

// comparedNumbers lists the numbers that expectations compare between variants, each once.
func comparedNumbers(study *scenarios.Study) []record.Number {
	var all []record.Number
	for _, e := range study.Pairs {
		if n := comparedNumber(e); !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// comparisons are those expectations, as a result keeps them.
func comparisons(study *scenarios.Study) []record.Comparison {
	var all []record.Comparison
	for _, e := range study.Pairs {
		all = append(all, record.Comparison{That: e.That.Text, Is: e.Is, In: e.In, Than: e.Than, HoldsIn: e.HoldsIn.Text, Because: e.Because})
	}
	return all
}

func comparedNumber(e scenarios.BoundExpectation) record.Number {
	return record.Number{Text: e.That.Text, Unit: e.Compiled.Dim}
}

// usualBand is the share of runs in which an expectation should hold where its author gives none.
const usualBand = "over 50%"

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
	Margin     float64 `json:"margin,omitempty"`  // how far its 95 % interval reaches, on the longer side; 0 where there is none
	Runs       int     `json:"runs"`
	Difference *number `json:"difference,omitempty"` // of a comparison: that in the one less that in the other
	Unit       string  `json:"unit,omitempty"`
	Why        string  `json:"not_judged,omitempty"` // why it could not be judged
	judged     bool
}

// evidence is what is known of the runs that a verdict rests on.
type evidence struct {
	chosen  bool       // they are single runs that someone picked
	sampled bool       // see [record.About.Sampled]
	end     unit.Month // of each
}

func (j *job) evidence() evidence {
	return evidence{j.options.only != "", j.about.Sampled(), j.about.End}
}

// judge compares the share of runs in which an expectation holds with its band. last is the month that it
// needs.
func (v *verdict) judge(of evidence, band scenarios.Band, held int, last unit.Month) {
	v.judged = true
	if v.Runs > 0 {
		v.Share = float64(held) / float64(v.Runs)
	}
	low, high := v.Share, v.Share
	if v.Runs > 1 && of.sampled {
		v.Margin = plot.Margin(held, v.Runs)
		low, high = record.Wilson(held, v.Runs)
	}
	v.Held = band.Holds(v.Share)
	v.Unclear = v.Runs > 1 && unclear(band, low, high)
	switch {
	case of.chosen:
		v.Why = "chosen runs are no sample"
	case last > of.end:
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

// unclear tells whether a share that lies between two others may lie inside of a band as well as outside.
func unclear(band scenarios.Band, low, high float64) bool {
	touches, inside := low <= band.High && high >= band.Low, band.Holds(low) && band.Holds(high)
	return touches && !inside
}

// verdicts judges the conditions on single runs.
func (r *result) verdicts() []verdict {
	all := []verdict{}
	for i, e := range r.study.Expect {
		v := verdict{That: e.That.Text, HoldsIn: e.HoldsIn.Text, Because: e.Because, Runs: r.chances.Runs()}
		v.judge(r.evidence(), e.HoldsIn, r.chances.Held(i), max(e.Compiled.By, e.Compiled.At))
		all = append(all, v)
	}
	return all
}

// similar is how much two numbers may differ, as a part of the larger, and still be called similar.
const similar = 0.05

// compare judges the expectations that compare variants, run by run on the same draws. It reads the numbers
// back from the folders, so that memory does not grow with the variants.
func compare(fs afero.Fs, done []*result) ([]verdict, error) {
	all := []verdict{}
	if len(done) == 1 || len(done[0].about.Compared) == 0 {
		return all, nil
	}
	numbers := map[string][][]float64{} // by variant, number and run; empty for the file itself
	of := map[string]*result{}
	for _, r := range done {
		var err error
		if numbers[r.about.Variant], err = r.numbers(fs); err != nil {
			return nil, err
		}
		of[r.about.Variant] = r
	}
	for _, e := range done[0].about.Compared {
		a, b := of[e.In], of[e.Than]
		band, err := scenarios.ReadBand(e.HoldsIn)
		if err != nil {
			return nil, err
		}
		if a == nil || b == nil {
			continue
		}
		i := slices.IndexFunc(a.head.Numbers, func(n record.Number) bool { return n.Text == e.That })
		v := verdict{
			That: e.That, Is: e.Is, In: variantName(a.study), Than: variantName(b.study), HoldsIn: e.HoldsIn,
			Because: e.Because, Unit: string(a.head.Numbers[i].Unit),
		}
		held := v.pair(numbers[e.In][i], numbers[e.Than][i])
		v.judge(a.evidence(), band, held, 0) // what lies beyond the end has no value
		all = append(all, v)
	}
	return all, nil
}

// pair sets a number against the same in another variant, run by run, and counts the runs in which it is as expected. NaN is
// no value.
func (v *verdict) pair(xs, ys []float64) (held int) {
	var differences []float64
	for k, x := range xs {
		if y := ys[k]; !math.IsNaN(x) && !math.IsNaN(y) {
			v.Runs++
			differences = append(differences, x-y)
			if holds(v.Is, x, y) {
				held++
			}
		}
	}
	if v.Runs > 0 {
		stats := record.Describe(differences)
		v.Difference = &number{Value: stats.Quantiles[slices.Index(levels(), 50)]}
		if v.Runs > 1 {
			v.Difference.P05, v.Difference.P95 = &stats.Quantiles[0], &stats.Quantiles[record.LevelCount-1]
		}
	}
	return held
}

// numbers reads what the compared numbers come to, by number and then by run, from the result folder. The
// central run stands for itself alone.
func (r *result) numbers(fs afero.Fs) ([][]float64, error) {
	folder, err := output.Open(fs, r.dir)
	if err != nil {
		return nil, err
	}
	all := make([][]float64, len(r.head.Numbers))
	_, err = folder.EachRun(func(row *record.RunRow) error {
		if row.Run != 0 || len(r.runs) == 1 {
			for i, v := range row.Numbers {
				all[i] = append(all[i], v)
			}
		}
		return nil
	})
	return all, err
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
