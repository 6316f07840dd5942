// Package ensemble runs a model many times: each worker owns a model and a world and reuses them, each run
// depends on the seed and its number alone, so neither the number of workers nor the order in which runs end
// can change a result.
package ensemble

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"powerplay/sim"
	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Plan says what is run.
type Plan struct {
	Model    *sim.Model
	Inputs   []sim.Input
	Design   Design // of the inputs in runs from 1; nil draws each by itself, as MonteCarlo does
	Seed     uint64
	Runs     []int          // numbers of the runs; 0 is the central run, in which nothing is drawn
	Workers  int            // 0 takes one a processor
	Told     func(int) bool // runs whose events are told with words and reasons; nil for none
	Progress func(done int) // called after each run, from any worker; may be nil
	Prepare  func(*sim.World)
}

// Sink takes what runs yield. Different runs may come from different goroutines at once.
type Sink interface {
	record.RunSink
	// Draw takes a run's inputs in the order of Plan.Inputs, before its first month.
	Draw(run int, values []float64)
}

// RunError is a run that broke an invariant or panicked: a bug in powerplay.
type RunError struct {
	Run   int
	Month unit.Month
	Err   error
	Stack []byte // of a panic
}

// Error implements error.
func (e *RunError) Error() string { return fmt.Sprintf("run %d: %v", e.Run, e.Err) }

// Unwrap gives the cause.
func (e *RunError) Unwrap() error { return e.Err }

// Run simulates the plan's runs and hands what they yield to sink. It returns the first [RunError] by number
// of the run, or ctx's error when that ends before the runs do: runs in flight are then dropped.
func Run(ctx context.Context, p Plan, sink Sink) error {
	workers := p.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, len(p.Runs)))
	var next, done atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	broken := make([]*RunError, len(p.Runs))
	for range workers {
		group.Go(func() error {
			w := newWorker(&p, sink)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(p.Runs) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if broken[i] = w.run(ctx, p.Runs[i]); broken[i] != nil {
					return broken[i]
				}
				if w.dropped {
					return ctx.Err()
				}
				if n := done.Add(1); p.Progress != nil {
					p.Progress(int(n))
				}
			}
		})
	}
	err := group.Wait()
	for _, b := range broken {
		if b != nil {
			return b
		}
	}
	return err
}

// worker runs one run after the other in a world of its own.
type worker struct {
	plan   *Plan
	sink   Sink
	model  *sim.Model
	world  *sim.World
	design Design
	values []float64
	number int // of the run
	// dropped says that the last run was given up, because the context ended before it did.
	dropped bool
}

func newWorker(p *Plan, sink Sink) *worker {
	m := p.Model.Clone()
	w := &worker{plan: p, sink: sink, model: m, world: sim.NewWorld(m), values: make([]float64, len(p.Inputs))}
	w.design = p.Design
	if w.design == nil {
		w.design = Sample{Inputs: p.Inputs, Points: MonteCarlo{p.Seed, p.Inputs}}
	}
	return w
}

func (w *worker) run(ctx context.Context, number int) (broken *RunError) {
	t := w.model.Start
	defer func() {
		if x := recover(); x != nil {
			broken = &RunError{number, t, fmt.Errorf("%v: panic: %v", t, x), debug.Stack()}
		}
	}()
	w.number = number
	r := rng.Run{Seed: w.plan.Seed, Index: uint64(number)}
	if number == 0 {
		Central(w.plan.Inputs).Draw(number, w.values)
	} else {
		w.design.Draw(number, w.values)
	}
	for i := range w.plan.Inputs {
		w.plan.Inputs[i].Set(w.model, w.values[i])
	}
	w.sink.Draw(number, w.values)
	w.world.Listen(w, w.plan.Told != nil && w.plan.Told(number))
	w.world.Reset(w.model, r)
	if w.plan.Prepare != nil {
		w.plan.Prepare(w.world)
	}
	w.sink.Month(number, t, w.world.Panel().Frame())
	for t++; t <= w.model.End; t++ {
		if ctx.Err() != nil {
			w.sink.Drop(number)
			w.dropped = true
			return nil
		}
		if err := w.world.Step(t); err != nil {
			w.sink.Drop(number)
			return &RunError{number, t, err, nil}
		}
		w.sink.Month(number, t, w.world.Panel().Frame())
	}
	w.sink.End(number, w.model.End, "")
	return nil
}

// Happened implements [sim.Listener]. The event it makes has no words: it is to be counted, in runs that are
// told in full as in all others, because not every kind that is counted is told under that same name.
func (w *worker) Happened(t unit.Month, kind string, f id.Firm, c id.Contract, part int) {
	e := record.Event{Run: w.number, Month: t, Kind: kind, Firm: w.key(f), Part: part}
	if int(c) < len(w.model.Contracts) { // else one that firms have signed in the run
		e.Contract = w.model.Contracts[c].Key
	}
	w.sink.Event(e)
}

// Tell implements [sim.Listener].
func (w *worker) Tell(e sim.Event) {
	with := ""
	if e.With != id.None {
		with = w.key(e.With)
	}
	date := e.Month.String()
	w.sink.Event(record.Event{
		Run: w.number, Month: e.Month, Date: date, ID: fmt.Sprintf("%d:%s:%d", w.number, date, e.Seq),
		Kind: e.Kind, Firm: w.key(e.Firm), With: with, Contract: e.Contract, What: e.What, Why: slices.Clone(e.Why),
	})
}

// key is a firm's scenario key; the world stands for no firm.
func (w *worker) key(f id.Firm) string {
	if int(f) >= len(w.model.Firms) {
		return "world"
	}
	return w.model.Firms[f].Key
}

// Columns describes the frames of a model's runs.
func Columns(m *sim.Model) []record.Column {
	columns := make([]record.Column, len(m.Layout.Columns))
	for i, c := range m.Layout.Columns {
		columns[i] = column(m, c)
	}
	return columns
}
