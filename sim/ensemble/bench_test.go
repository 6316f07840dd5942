package ensemble_test

import (
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// BenchmarkRuns is the cost of whole runs of base-2026 on one worker: with nothing kept, with the summaries of an ensemble,
// and with every month and told event handed out.
func BenchmarkRuns(b *testing.B) {
	s, problems := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", nil)
	if s == nil {
		b.Fatal(problems)
	}
	columns := ensemble.Columns(s.Model)
	cells := record.ChooseCells(columns, s.Model.Start, s.Model.End, nil)
	for _, kind := range []struct {
		name string
		sink func(runs int) record.RunSink
		told bool
	}{
		{"none", func(int) record.RunSink { return &taker{} }, false},
		{"summary", func(runs int) record.RunSink { return record.NewAccumulator(cells, runs) }, false},
		{"full", func(int) record.RunSink { return &taker{copies: true} }, true},
	} {
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				const runs = 20
				p := ensemble.Plan{Model: s.Model, Inputs: s.SimInputs(), Seed: 1, Workers: 1}
				for run := range runs {
					p.Runs = append(p.Runs, run+1)
				}
				if kind.told {
					p.Told = func(int) bool { return true }
				}
				if err := ensemble.Run(b.Context(), p, drawless{kind.sink(runs)}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(20*b.N)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}

// taker takes all that runs yield, and copies it if it is to keep it.
type taker struct {
	copies bool
	kept   []float64
	events int
}

func (c *taker) Month(_ int, _ unit.Month, frame []float64) {
	if c.copies {
		c.kept = append(c.kept, frame...)
	}
}
func (c *taker) Event(record.Event)          { c.events++ }
func (c *taker) End(int, unit.Month, string) {}
func (c *taker) Drop(int)                    {}

// drawless passes the inputs of runs over.
type drawless struct{ record.RunSink }

func (drawless) Draw(int, []float64) {}
