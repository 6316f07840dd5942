package sim

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
)

// run plays one whole run without anybody listening.
func run(tb testing.TB, w *World, m *Model, r rng.Run) {
	w.Reset(m, r)
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			tb.Fatal(err)
		}
	}
}

func TestAStepAllocatesNothingOnceSlicesHaveGrown(t *testing.T) {
	m := small()
	m.Shocks = []shock.Shock{
		{Key: "dark", Starts: m.Start + 3, Terms: &shock.Outage{Cloud: cloudC, Region: id.NoRegion, Share: 0.3, Lasts: 4, Returns: 4}},
		{Key: "ban", Starts: m.Start + 5, Terms: &shock.Ban{Lab: labA, Segment: "all", Share: 0.2, PhaseOut: 6}},
		{Key: "open", Starts: m.Start + 8, Terms: &shock.OpenWeightRelease{Lab: labB, Behind: 2, Absorbed: 0.5, Markdown: 0.2, Mark: 0.2, Recovers: 6}},
	}
	for _, index := range []uint64{0, 3} {
		w := NewWorld(m)
		w.Listen(nil, false)
		// The first run, which AllocsPerRun does not count, lets the slices grow; the second is measured.
		least := testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: index}) })
		for range 3 {
			least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: index}) }))
		}
		// The runtime allocates now and then on a busy machine; a step that did would do it each month.
		if n := least; n > float64(m.End-m.Start)/20 {
			t.Errorf("run %d allocates %.0f times when it is played again, want 0", index, n)
		}
	}
}

// BenchmarkStep is the cost of a month of the small world.
func BenchmarkStep(b *testing.B) {
	m := small()
	w := NewWorld(m)
	run(b, w, m, rng.Run{Seed: 1, Index: 1})
	b.ReportAllocs()
	month := m.End
	for b.Loop() {
		if month == m.End {
			b.StopTimer()
			w.Reset(m, rng.Run{Seed: 1, Index: 1})
			month = m.Start
			b.StartTimer()
		}
		month++
		if err := w.Step(month); err != nil {
			b.Fatal(err)
		}
	}
}
