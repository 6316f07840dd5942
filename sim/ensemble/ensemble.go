// Package ensemble runs a model many times: each worker owns a model and a world and reuses them, each run
// depends on the plan, the seed and its number alone, so neither the number of workers nor the order in which
// runs end can change a result. Runs that are to differ by their inputs alone share the luck of one ([Plan].Luck):
// common random numbers.
package ensemble

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
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
	Design   Design            // of the inputs in runs from 1; nil draws each by itself, as MonteCarlo does
	Luck     func(run int) int // number of the run whose luck of the months a run from 1 has; nil leaves each its own
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

// RunError is a run that stopped: it broke an invariant or panicked, a bug in powerplay; or it drew terms that cannot stand, a
// [*sim.DrawError], or its money outgrew the books, a [*unit.TooMuchError].
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

// Run simulates the plan's runs and hands what they yield to sink. When runs break it returns the [RunError] of the first of
// them in the order of the plan, whatever the number of workers: those before it have all ended, those behind it may have. It
// returns ctx's error when that ends before the runs do: runs in flight are then dropped.
func Run(ctx context.Context, p Plan, sink Sink) error {
	return p.each(ctx, func() player { return newWorker(&p, sink).run })
}

// player plays one run after the other. dropped says that a run was given up, because the context ended before it did.
type player func(ctx context.Context, run int) (dropped bool, broken *RunError)

// each hands the plan's runs to players, one a worker. Once a run has broken none behind it is begun; those under way go on, for
// one of them may come before it.
func (p *Plan) each(ctx context.Context, newPlayer func() player) error {
	workers := p.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, len(p.Runs)))
	var next, done atomic.Int64
	var group errgroup.Group
	var first breakdown
	for range workers {
		group.Go(func() error {
			play := newPlayer()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(p.Runs) || first.before(i) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				dropped, broken := play(ctx, p.Runs[i])
				if broken != nil {
					first.note(i, broken)
					return nil
				}
				if dropped {
					return ctx.Err()
				}
				if n := done.Add(1); p.Progress != nil {
					p.Progress(int(n))
				}
			}
		})
	}
	err := group.Wait()
	if first.err != nil {
		return first.err
	}
	return err
}

// breakdown is the first run that broke, in the order of the plan.
type breakdown struct {
	mu    sync.Mutex
	place int
	err   *RunError
}

func (b *breakdown) note(place int, err *RunError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil || place < b.place {
		b.place, b.err = place, err
	}
}

// before tells whether a run before this place has broken.
func (b *breakdown) before(place int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err != nil && b.place < place
}

// worker runs one run after the other in a world of its own.
type worker struct {
	plan   *Plan
	sink   Sink
	model  *sim.Model
	world  *sim.World
	design Design
	values []float64
	number int        // of the run
	month  unit.Month // that is played
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

func (w *worker) run(ctx context.Context, number int) (dropped bool, broken *RunError) {
	defer w.caught(&broken)
	if err := w.begin(number); err != nil {
		return false, err
	}
	for w.month < w.model.End {
		if ctx.Err() != nil {
			w.sink.Drop(number)
			return true, nil
		}
		if err := w.step(); err != nil {
			w.sink.Drop(number)
			return false, err
		}
	}
	w.sink.End(number, w.model.End, "")
	return false, nil
}

// caught makes a panic the error of its run.
func (w *worker) caught(broken **RunError) {
	switch x := recover().(type) {
	case nil:
	case *unit.TooMuchError:
		*broken = &RunError{w.number, w.month, fmt.Errorf("%v: %w", w.month, x), nil}
	default:
		*broken = &RunError{w.number, w.month, fmt.Errorf("%v: panic: %v", w.month, x), debug.Stack()}
	}
}

// begin draws the inputs of a run and puts the world into its opening state.
func (w *worker) begin(number int) *RunError {
	w.number, w.month = number, w.model.Start
	r := rng.Run{Seed: w.plan.Seed, Index: uint64(number)}
	if number == 0 {
		Central(w.plan.Inputs).Draw(number, w.values)
	} else {
		w.design.Draw(number, w.values)
		if w.plan.Luck != nil {
			r.Index = uint64(w.plan.Luck(number))
		}
	}
	for i := range w.plan.Inputs {
		w.plan.Inputs[i].Set(w.model, w.values[i])
	}
	if fault := w.model.Faulty(); fault != nil {
		return &RunError{number, w.month, fault, nil}
	}
	w.sink.Draw(number, w.values)
	w.world.Listen(w, w.plan.Told != nil && w.plan.Told(number))
	w.world.Reset(w.model, r)
	if w.plan.Prepare != nil {
		w.plan.Prepare(w.world)
	}
	w.sink.Month(number, w.month, w.world.Panel().Frame())
	return nil
}

// step plays the next month.
func (w *worker) step() *RunError {
	w.month++
	if err := w.world.Step(w.month); err != nil {
		return &RunError{w.number, w.month, err, nil}
	}
	w.sink.Month(w.number, w.month, w.world.Panel().Frame())
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
		Run: w.number, Month: e.Month, Date: date, ID: strconv.Itoa(w.number) + ":" + date + ":" + strconv.Itoa(e.Seq),
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
