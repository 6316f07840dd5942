package ensemble_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/contract"
	"powerplay/sim/ensemble"
	"powerplay/sim/ledger"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// study is base-2026 up to the end of 2027, to be quick.
func study(t testing.TB) *scenarios.Study {
	t.Helper()
	s, problems := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", []string{"end=2027-12"})
	if s == nil {
		t.Fatal(problems)
	}
	return s
}

// yield is all that one run hands to a sink, bit for bit.
type yield struct {
	draws   []float64
	frames  [][]uint64
	events  []record.Event
	ended   unit.Month
	dropped bool
}

type keeper struct {
	mu   sync.Mutex
	runs map[int]*yield
}

func (k *keeper) of(run int) *yield {
	if k.runs[run] == nil {
		k.runs[run] = &yield{}
	}
	return k.runs[run]
}

func (k *keeper) Draw(run int, values []float64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of(run).draws = slices.Clone(values)
}

func (k *keeper) Month(run int, _ unit.Month, frame []float64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	bits := make([]uint64, len(frame))
	for i, x := range frame {
		bits[i] = math.Float64bits(x)
	}
	k.of(run).frames = append(k.of(run).frames, bits)
}

func (k *keeper) Event(e record.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of(e.Run).events = append(k.of(e.Run).events, e)
}

func (k *keeper) End(run int, at unit.Month, _ string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of(run).ended = at
}

func (k *keeper) Drop(run int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of(run).dropped = true
}

func plan(s *scenarios.Study, workers int, runs ...int) ensemble.Plan {
	return ensemble.Plan{Model: s.Model, Inputs: s.SimInputs(), Seed: 7, Runs: runs, Workers: workers, Told: func(run int) bool { return run < 3 }}
}

func kept(t *testing.T, p ensemble.Plan) map[int]*yield {
	t.Helper()
	k := &keeper{runs: map[int]*yield{}}
	if err := ensemble.Run(context.Background(), p, k); err != nil {
		t.Fatal(err)
	}
	return k.runs
}

func TestRunsAreTheSameOnAnyNumberOfWorkers(t *testing.T) {
	s := study(t)
	all := []int{0, 1, 2, 3, 4, 5, 6}
	want := kept(t, plan(s, 1, all...))
	for _, run := range all {
		x := want[run]
		if x == nil || x.ended != s.Model.End || len(x.frames) != int(s.Model.End-s.Model.Start)+1 || len(x.draws) != len(s.Inputs) {
			t.Fatalf("run %d did not come whole", run)
		}
	}
	if len(want[0].events) == 0 || reflect.DeepEqual(want[1].frames, want[2].frames) {
		t.Fatal("nothing is told, or runs draw the same")
	}
	for _, workers := range []int{2, 5} {
		if got := kept(t, plan(s, workers, all...)); !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers give other runs than one", workers)
		}
	}
	if got := kept(t, plan(s, 2, 6, 4, 2, 0, 5, 3, 1)); !reflect.DeepEqual(got, want) {
		t.Error("another order gives other runs")
	}
	for _, run := range []int{0, 3, 6} {
		if got := kept(t, plan(s, 1, run)); !reflect.DeepEqual(got[run], want[run]) {
			t.Errorf("run %d alone is not what it is among others", run)
		}
	}
}

func TestRunsThatShareTheirLuckDifferByTheirInputsAlone(t *testing.T) {
	s := study(t)
	p := plan(s, 2, 0, 1, 2, 3)
	unread := len(p.Inputs)
	p.Inputs = append(p.Inputs, sim.Input{Path: "unread", Set: func(*sim.Model, float64) {}})
	p.Design = ensemble.Grid{Others: ensemble.Central(p.Inputs), Axes: []ensemble.Axis{{Input: unread, Values: []float64{1, 2, 3}}}}
	own := kept(t, p)
	if reflect.DeepEqual(own[1].frames, own[2].frames) {
		t.Fatal("runs 1 and 2 have the same luck each by itself")
	}
	p.Luck = func(int) int { return 1 }
	shared := kept(t, p)
	for run := 1; run <= 3; run++ {
		if shared[run].draws[unread] != float64(run) {
			t.Errorf("run %d has the value %v", run, shared[run].draws[unread])
		}
		if !reflect.DeepEqual(shared[run].frames, own[1].frames) {
			t.Errorf("run %d on the luck of run 1 is not run 1", run)
		}
	}
	if !reflect.DeepEqual(shared[0].frames, own[0].frames) {
		t.Error("the central run has the luck of another")
	}
}

func TestTellingChangesNoNumber(t *testing.T) {
	s := study(t)
	told, silent := plan(s, 1, 0, 1, 2), plan(s, 1, 0, 1, 2)
	silent.Told = nil
	a, b := kept(t, told), kept(t, silent)
	for run := range 3 {
		if !reflect.DeepEqual(a[run].frames, b[run].frames) {
			t.Errorf("run %d differs when its events are told", run)
		}
	}
}

func TestTheCentralRunTakesTheMedianOfEachInput(t *testing.T) {
	s := study(t)
	got := kept(t, plan(s, 1, 0))[0].draws
	for i, in := range s.Inputs {
		if want := in.Distribution.Quantile(0.5); got[i] != want {
			t.Errorf("%s is %g in run 0, want %g", in.Path, got[i], want)
		}
	}
}

// Words and switches are drawn like numbers, and a world that is used again goes by those of its run alone.
func TestRulesAreDrawnLikeNumbers(t *testing.T) {
	s, problems := scenarios.Load(afero.NewMemMapFs(), "export-controls", "", []string{
		"end=2027-12",
		"uncertain.firms.microsoft.cloud.refusal=one of [economics 40%, always 30%, never 30%]",
		"uncertain.firms.amazon.cloud.strategic=one of [true, false]",
		"uncertain.firms.xai.lab.anchor=one of [true 50%, false 50%]",
		"uncertain.firms.mistral.lab.funding=one of [rounds, parent, business]",
		"uncertain.firms.google.cloud.sells=one of [true 80%, false 20%]",
		"uncertain.regulation.export-china.reach=one of [sites, owners]",
		"regulation.export-china.changes=[{from: 2026-02, state: licensed}]",
		"uncertain.regulation.export-china.changes[0].state=one of [free, licensed, denied]",
	})
	if s == nil {
		t.Fatal(problems)
	}
	runs := []int{1, 2, 3, 4, 5, 6, 7, 8}
	again := kept(t, plan(s, 1, runs...))
	seen := map[string]map[float64]bool{}
	for _, run := range runs {
		if alone := kept(t, plan(s, 1, run)); !reflect.DeepEqual(alone[run], again[run]) {
			t.Errorf("run %d alone is not what it is after others", run)
		}
		for i, in := range s.Inputs {
			if in.Distribution.Words != nil {
				if seen[in.Path] == nil {
					seen[in.Path] = map[float64]bool{}
				}
				seen[in.Path][again[run].draws[i]] = true
			}
		}
	}
	for path, words := range seen {
		if len(words) < 2 {
			t.Errorf("%s is the same in all runs", path)
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d choices are drawn, want 7", len(seen))
	}
}

// Two variants that lack one input each, one of them spread jointly, draw all the others alike, bit for bit.
func TestVariantsShareTheDrawsOfTheirCommonInputs(t *testing.T) {
	const runs = 20
	drawn := func(without string) map[string]map[string][]float64 {
		s, problems := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", []string{"uncertain." + without + "=null"})
		if s == nil {
			t.Fatal(problems)
		}
		inputs, places := s.SimInputs(), slices.Index(s.Jointly, -1)
		if (places >= 0) != (without == "market.enterprise.growth") {
			t.Fatalf("without %s dimension %d is free", without, places)
		}
		by := map[string]map[string][]float64{}
		for kind, points := range map[string]ensemble.Points{
			"monte-carlo":     ensemble.MonteCarlo{Seed: 5, Inputs: inputs},
			"sobol":           ensemble.NewSobol(5, inputs, nil),
			"sobol, jointly":  ensemble.NewSobol(5, inputs, s.Jointly),
			"latin-hypercube": ensemble.NewLatinHypercube(5, inputs, runs),
		} {
			by[kind] = map[string][]float64{}
			values := make([]float64, len(inputs))
			for run := 1; run <= runs; run++ {
				ensemble.Sample{Inputs: inputs, Points: points}.Draw(run, values)
				for i, in := range inputs {
					by[kind][in.Path] = append(by[kind][in.Path], values[i])
				}
			}
		}
		return by
	}
	a, b := drawn("market.enterprise.growth"), drawn("firms.openai.cash")
	for kind := range a {
		common := 0
		for path, values := range a[kind] {
			if other, ok := b[kind][path]; ok {
				common++
				if !slices.Equal(values, other) {
					t.Errorf("%s: %s is drawn differently where another input is missing", kind, path)
				}
			}
		}
		if common != len(a[kind])-1 || common < 500 {
			t.Errorf("%s: %d inputs are common of %d", kind, common, len(a[kind]))
		}
	}
}

func TestALostCentArrivesAsARunError(t *testing.T) {
	p := plan(study(t), 2, 0, 1, 2, 3)
	p.Prepare = func(w *sim.World) { w.Books().Leak(500) }
	k := &keeper{runs: map[int]*yield{}}
	err := ensemble.Run(context.Background(), p, k)
	var run *ensemble.RunError
	var broken *sim.InvariantError
	var off *ledger.Imbalance
	if !errors.As(err, &run) || !errors.As(err, &broken) || !errors.As(err, &off) {
		t.Fatalf("got %v, want a RunError of an InvariantError of an Imbalance", err)
	}
	if run.Month != broken.Month || off.Residual != 1 && off.Residual != -1 || off.Last.Amount <= 0 {
		t.Errorf("run %d in %v: %v off by %d cents at %+v", run.Run, run.Month, broken.Month, off.Residual, off.Last)
	}
	if x := k.runs[run.Run]; !x.dropped || x.ended != 0 {
		t.Errorf("the broken run ended in %v, dropped: %v; want it dropped", x.ended, x.dropped)
	}
}

func TestAPanicArrivesAsARunErrorWithItsStack(t *testing.T) {
	p := plan(study(t), 1, 4)
	p.Prepare = func(*sim.World) { panic("planted") }
	err := ensemble.Run(context.Background(), p, &keeper{runs: map[int]*yield{}})
	var run *ensemble.RunError
	if !errors.As(err, &run) || run.Run != 4 || len(run.Stack) == 0 {
		t.Fatalf("got %v, want a RunError of run 4 with a stack", err)
	}
}

// breaking is a sink in which run 5 breaks in its last month, and the two behind it long before.
type breaking struct {
	*keeper
	last unit.Month
}

func (b breaking) Month(run int, t unit.Month, frame []float64) {
	if run == 5 && t == b.last || run > 5 && t > b.last-20 {
		panic("planted")
	}
	b.keeper.Month(run, t, frame)
}

// Of several runs that break the first in the order of the plan is told, however many workers there are and whichever of them
// breaks first.
func TestTheFirstOfTheBrokenRunsIsTold(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 8} {
		p := plan(study(t), workers, 1, 2, 3, 4, 5, 6, 7, 8)
		k := &keeper{runs: map[int]*yield{}}
		err := ensemble.Run(context.Background(), p, breaking{k, p.Model.End})
		var run *ensemble.RunError
		if !errors.As(err, &run) || run.Run != 5 {
			t.Fatalf("%d workers: got %v, want run 5", workers, err)
		}
		for _, before := range p.Runs[:4] {
			if k.runs[before].ended == 0 {
				t.Errorf("%d workers: run %d has not ended", workers, before)
			}
		}
	}
}

func TestAnEndedContextStopsTheRuns(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := plan(study(t), 2, 0, 1, 2, 3, 4, 5, 6, 7)
	p.Progress = func(done int) {
		if done == 2 {
			cancel()
		}
	}
	k := &keeper{runs: map[int]*yield{}}
	if err := ensemble.Run(ctx, p, k); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	for run, x := range k.runs {
		if x.ended == 0 && !x.dropped {
			t.Errorf("run %d was neither ended nor dropped", run)
		}
	}
}

// Two plans side by side tell what each of them tells alone, month by month; a run that has been seen enough ends.
func TestPlansAreSeenSideBySide(t *testing.T) {
	s := study(t)
	both := plan(s, 2, 0, 1, 2)
	both.Told = func(int) bool { return true }
	alone := kept(t, both)
	var mu sync.Mutex
	seen, last := map[int][]record.Event{}, map[int]unit.Month{}
	other := plan(s, 1)
	other.Seed++
	err := ensemble.Beside(t.Context(), both, other, func(run int, t unit.Month, first, second []record.Event) bool {
		mu.Lock()
		defer mu.Unlock()
		seen[run] = append(seen[run], first...)
		last[run] = t
		return run == 1 && t == s.Model.Start+3
	})
	if err != nil {
		t.Fatal(err)
	}
	if last[0] != s.Model.End || last[1] != s.Model.Start+3 {
		t.Errorf("seen until %v", last)
	}
	for run, events := range seen {
		var told []record.Event
		for _, e := range alone[run].events {
			if e.What != "" && e.Month <= last[run] {
				told = append(told, e)
			}
		}
		if !reflect.DeepEqual(events, told) || len(told) == 0 {
			t.Errorf("run %d: %d events side by side, %d alone", run, len(events), len(told))
		}
	}
}

// A run that draws terms which cannot stand is not played, alone or beside another.
func TestARunWhoseDrawsCannotStandIsNotPlayed(t *testing.T) {
	p := plan(study(t), 1, 0)
	p.Inputs = append(p.Inputs, sim.Input{Path: "broken", Set: func(m *sim.Model, _ float64) {
		for i := range m.Contracts {
			if c, ok := m.Contracts[i].Terms.(*contract.TakeOrPay); ok {
				c.Commitment = -1
			}
		}
	}})
	sound := plan(study(t), 1, 0)
	see := func(int, unit.Month, []record.Event, []record.Event) bool { return true }
	for how, err := range map[string]error{
		"alone":  ensemble.Run(t.Context(), p, &keeper{runs: map[int]*yield{}}),
		"first":  ensemble.Beside(t.Context(), p, sound, see),
		"second": ensemble.Beside(t.Context(), sound, p, see),
	} {
		if _, faulty := errors.AsType[*sim.DrawError](err); !faulty {
			t.Errorf("%s: %v, want what is wrong with the draws", how, err)
		}
	}
}
