package scenarios_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// load reads a shipped scenario; a problem that is an error ends the test.
func load(t testing.TB, name, variant string, sets ...string) *scenarios.Study {
	t.Helper()
	s, problems := scenarios.Load(afero.NewMemMapFs(), name, variant, sets)
	if s == nil {
		for _, p := range problems {
			t.Errorf("%s %s %v: %s %s: %s", name, variant, sets, p.Code, p.Path, p.What)
		}
		t.FailNow()
	}
	return s
}

// history is what runs of a model left behind: every frame and every event.
type history struct {
	columns []record.Column
	start   unit.Month
	mu      sync.Mutex
	frames  map[int][][]float64 // by run; the first frame is the opening
	events  map[int][]record.Event
	draws   map[int][]float64
}

func newHistory(m *sim.Model) *history {
	return &history{columns: ensemble.Columns(m), start: m.Start, frames: map[int][][]float64{}, events: map[int][]record.Event{}, draws: map[int][]float64{}}
}

func (h *history) Month(run int, _ unit.Month, frame []float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.frames[run] = append(h.frames[run], slices.Clone(frame))
}

func (h *history) Event(e record.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events[e.Run] = append(h.events[e.Run], e)
}

func (h *history) End(int, unit.Month, string) {}
func (h *history) Drop(int)                    {}

func (h *history) Draw(run int, values []float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.draws[run] = slices.Clone(values)
}

// runsUpTo lists the central run and n drawn ones.
func runsUpTo(n int) []int {
	runs := make([]int, n+1)
	for i := range runs {
		runs[i] = i
	}
	return runs
}

// playOut runs a study; change, if any, alters the model after the draws of each run.
func playOut(t testing.TB, s *scenarios.Study, runs []int, told bool, change func(*sim.Model)) *history {
	t.Helper()
	h := newHistory(s.Model)
	inputs := s.SimInputs()
	if change != nil {
		inputs = append(inputs, sim.Input{Path: "change", Quantile: func(float64) float64 { return 0 }, Set: func(m *sim.Model, _ float64) { change(m) }})
	}
	p := planOf(s, inputs, runs)
	if told {
		p.Told = func(int) bool { return true }
	}
	if err := ensemble.Run(context.Background(), p, h); err != nil {
		t.Fatal(err)
	}
	return h
}

// planOf plays runs drawn as they are unless a scenario says otherwise.
func planOf(s *scenarios.Study, inputs []sim.Input, runs []int) ensemble.Plan {
	sample := ensemble.Sample{Inputs: inputs, Points: ensemble.NewSobol(1, inputs, s.Jointly)}
	for _, g := range s.Groups {
		sample.Dependence = append(sample.Dependence, ensemble.Group{Inputs: g.Inputs, Copula: g.Copula})
	}
	return ensemble.Plan{Model: s.Model, Inputs: inputs, Design: sample, Seed: 1, Runs: runs, Workers: 1}
}

// column finds a column by its name, such as "openai.cash" or "microsoft.stake(openai)".
func (h *history) column(name string) int {
	return slices.IndexFunc(h.columns, func(c record.Column) bool { return c.Name() == name })
}

// mean is the mean over the drawn runs, or the central run's value when there are none, of a column at the
// close of a month.
func (h *history) mean(name string, at unit.Month) float64 {
	col := h.column(name)
	if col < 0 {
		return math.NaN()
	}
	sum, n := 0.0, 0
	for run, frames := range h.frames {
		if run > 0 {
			sum += frames[at-h.start][col]
			n++
		}
	}
	if n == 0 {
		return h.frames[0][at-h.start][col]
	}
	return sum / float64(n)
}

// central is the central run's value.
func (h *history) central(name string, at unit.Month) float64 {
	col := h.column(name)
	if col < 0 {
		panic(fmt.Sprintf("scenarios_test: no column %s", name))
	}
	return h.frames[0][at-h.start][col]
}
