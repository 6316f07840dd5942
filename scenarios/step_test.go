package scenarios_test

import (
	"testing"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/rng"
)

// drawn sets the inputs of a study in a copy of its model as run number index has them.
func drawn(s *scenarios.Study, m *sim.Model, index int) rng.Run {
	r := rng.Run{Seed: 1, Index: uint64(index)}
	for _, in := range s.SimInputs() {
		u := 0.5
		if index != 0 {
			u = r.Uniform(rng.Input, in.Luck, 0, 0)
		}
		in.Set(m, in.Quantile(u))
	}
	return r
}

// steps plays a whole run.
func steps(tb testing.TB, w *sim.World, m *sim.Model, r rng.Run) {
	w.Reset(m, r)
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			tb.Fatal(err)
		}
	}
}

func TestAStepOfBase2026AllocatesNothing(t *testing.T) {
	s := load(t, "base-2026", "")
	m := s.Model.Clone()
	for _, index := range []int{0, 1} {
		r := drawn(s, m, index)
		w := sim.NewWorld(m)
		w.Listen(nil, false)
		// AllocsPerRun plays once before it counts, so that slices have grown.
		least := testing.AllocsPerRun(1, func() { steps(t, w, m, r) })
		for range 3 {
			least = min(least, testing.AllocsPerRun(1, func() { steps(t, w, m, r) }))
		}
		// The runtime allocates now and then on a busy machine; a step that did would do it each month.
		if n := least; n > float64(m.End-m.Start)/20 {
			t.Errorf("run %d allocates %.0f times when it is played again, want 0", index, n)
		}
	}
}

// BenchmarkStep is the cost of a month of base-2026 without a listener.
func BenchmarkStep(b *testing.B) {
	s := load(b, "base-2026", "")
	m := s.Model.Clone()
	r := drawn(s, m, 1)
	w := sim.NewWorld(m)
	steps(b, w, m, r)
	b.ReportAllocs()
	month := m.End
	for b.Loop() {
		if month == m.End {
			b.StopTimer()
			w.Reset(m, r)
			month = m.Start
			b.StartTimer()
		}
		month++
		if err := w.Step(month); err != nil {
			b.Fatal(err)
		}
	}
}
