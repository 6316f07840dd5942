package record

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func TestDescribe(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		values []float64
		want   Stats
	}{
		{"0 to 100 in any order meets every level", shuffled(101), Stats{101, 50, 0, 100, [9]float64{5, 20, 25, 35, 50, 65, 75, 80, 95}}},
		{"between two values a quantile is linear", []float64{10, 0}, Stats{2, 5, 0, 10, [9]float64{0.5, 2, 2.5, 3.5, 5, 6.5, 7.5, 8, 9.5}}},
		{"one value is every quantile", []float64{7}, Stats{1, 7, 7, 7, [9]float64{7, 7, 7, 7, 7, 7, 7, 7, 7}}},
		{"runs without a value do not count", []float64{nan, 7, nan}, Stats{1, 7, 7, 7, [9]float64{7, 7, 7, 7, 7, 7, 7, 7, 7}}},
		{"equal values have no mean beyond them", []float64{0.1, 0.1, 0.1}, Stats{3, 0.1, 0.1, 0.1, [9]float64{.1, .1, .1, .1, .1, .1, .1, .1, .1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Describe(slices.Clone(tt.values)); got != tt.want {
				t.Errorf("Describe = %+v, want %+v", got, tt.want)
			}
		})
	}
	if s := Describe([]float64{nan}); s.N != 0 || s.Mean == s.Mean || s.Quantiles[4] == s.Quantiles[4] {
		t.Errorf("of no value: %+v, want NaN", s)
	}
}

func shuffled(n int) []float64 {
	values := make([]float64, n)
	for i, v := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		values[i] = float64(v)
	}
	return values
}

func frameColumns() []Column {
	return []Column{{Entity: "a", Metric: "cash", Unit: unit.DimUSD}, {Entity: "world", Metric: "hhi", Unit: unit.None}}
}

func cashOnly(c Column) bool { return c.Metric == "cash" }

func TestChooseCells(t *testing.T) {
	start := unit.Date(2026, 11)
	cells := ChooseCells(frameColumns(), start, start+3, cashOnly)
	want := [][]int{{0}, {0, 1}, {0}, {0, 1}} // December and the last month hold all
	at := 0
	for i, columns := range want {
		got, first := cells.At(start + unit.Month(i))
		if !slices.Equal(got, columns) || first != at {
			t.Errorf("%v: columns %v from %d, want %v from %d", start+unit.Month(i), got, first, columns, at)
		}
		at += len(columns)
	}
	if cells.Count() != at {
		t.Errorf("%d cells, want %d", cells.Count(), at)
	}
	if got, _ := cells.At(start - 1); got != nil {
		t.Errorf("before the start: %v", got)
	}
}

// Any order of runs, any number of workers, and a detour through a checkpoint give the same summary; each
// cell agrees with a plain reckoning.
func TestAccumulatorForgetsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := unit.Date(2026, 11)
		months := rapid.IntRange(1, 14).Draw(t, "months")
		runs := rapid.IntRange(1, 20).Draw(t, "runs")
		end := start + unit.Month(months-1)
		value := rapid.OneOf(rapid.Float64Range(-1e12, 1e12), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1)}))
		frames := rapid.SliceOfN(rapid.SliceOfN(value, 2, 2), months*runs, months*runs).Draw(t, "frames")
		cells := ChooseCells(frameColumns(), start, end, cashOnly)

		a, err := NewAccumulator(cells, runs, ExactBudget)
		if err != nil {
			t.Fatal(err)
		}
		add := func(a *Accumulator, run int) {
			for i := range months {
				a.Add(run, start+unit.Month(i), frames[(run-1)*months+i])
			}
		}
		for run := 1; run <= runs; run++ {
			add(a, run)
		}
		a.Add(0, start, []float64{1e9, 1e9}) // the central run never counts
		want := a.Summary()

		b, _ := NewAccumulator(cells, runs, ExactBudget)
		var all sync.WaitGroup
		for run := runs; run >= 1; run-- {
			all.Go(func() { add(b, run) })
		}
		all.Wait()
		c, _ := NewAccumulator(cells, runs, ExactBudget)
		for run := 1; run <= runs; run++ {
			c.SetRow(run, b.Row(run))
		}
		for _, got := range []Summary{b.Summary(), c.Summary()} {
			if !same(want, got) {
				t.Fatalf("summary = %v, want %v", got, want)
			}
		}

		for _, cell := range want.Cells {
			var values []float64
			for run := range runs {
				if v := frames[run*months+int(cell.Month-start)][cell.Column]; v == v {
					values = append(values, v)
				}
			}
			if cell.N != len(values) {
				t.Fatalf("n = %d, want %d", cell.N, len(values))
			}
			if cell.N > 0 && (cell.Min != slices.Min(values) || cell.Max != slices.Max(values)) {
				t.Fatalf("range %v to %v of %v", cell.Min, cell.Max, values)
			}
		}
	})
}

// same compares bit by bit, so that NaN equals NaN and 0 is not -0.
func same(a, b Summary) bool {
	bits := func(s Summary) (all []uint64) {
		for _, c := range s.Cells {
			all = append(all, uint64(c.Month), uint64(c.Column), uint64(c.N), math.Float64bits(c.Mean), math.Float64bits(c.Min), math.Float64bits(c.Max))
			for _, q := range c.Quantiles {
				all = append(all, math.Float64bits(q))
			}
		}
		return all
	}
	return a.Runs == b.Runs && slices.Equal(bits(a), bits(b))
}

func TestAccumulatorKeepsItsBudget(t *testing.T) {
	cells := ChooseCells(frameColumns(), 0, 0, nil)
	if _, err := NewAccumulator(cells, 10, 160); err != nil {
		t.Errorf("2 cells × 10 runs × 8 bytes fit 160: %v", err)
	}
	_, err := NewAccumulator(cells, 11, 160)
	if over, ok := errors.AsType[*BudgetError](err); !ok || over.Need != 176 {
		t.Errorf("error = %v, want one of 176 bytes", err)
	}
	if _, err := NewAccumulator(cells, math.MaxInt, ExactBudget); err == nil {
		t.Error("any number of runs is taken")
	}
}

func TestDroppedRunsDoNotCount(t *testing.T) {
	a, err := NewAccumulator(ChooseCells(frameColumns(), 0, 0, nil), 2, ExactBudget)
	if err != nil {
		t.Fatal(err)
	}
	a.Add(1, 0, []float64{1, 1})
	a.Add(2, 0, []float64{9, 9})
	a.Drop(2)
	if s := a.Summary(); s.Runs != 1 || s.Cells[0].Max != 1 || a.Row(2) != nil {
		t.Errorf("summary = %+v", s)
	}
}

func TestRunTable(t *testing.T) {
	start := unit.Date(2026, 11)
	columns := frameColumns()
	outcomes := YearEnds(columns, start, start+2, cashOnly)
	if got := outcomes[0].Name(columns) + " " + outcomes[1].Name(columns); got != "a.cash@2026 a.cash@2027-01" {
		t.Errorf("outcomes are called %s", got)
	}
	firsts := []First{{Kind: "default"}, {Kind: "default", Firm: "b"}}
	if got := firsts[0].Name() + " " + firsts[1].Name(); got != "first_default b.first_default" {
		t.Errorf("dates are called %s", got)
	}
	table := NewRunTable(columns, []Input{{Path: "x"}}, outcomes, firsts, 1)
	table.Draw(1, []float64{0.3})
	for i := range 3 {
		table.Month(1, start+unit.Month(i), []float64{float64(i), 0})
	}
	table.Event(Event{Run: 1, Month: start + 2, Kind: "default", Firm: "b"})
	table.Event(Event{Run: 1, Month: start + 1, Kind: "default", Firm: "a"})
	table.End(1, start+2, "")
	want := RunRow{Run: 1, Inputs: []float64{0.3}, Outcomes: []float64{1, 2}, Firsts: []unit.Month{start + 1, start + 2}, Done: true, End: start + 2}
	if got := table.Rows[1]; !reflect.DeepEqual(got, want) {
		t.Errorf("row = %+v, want %+v", got, want)
	}
	if table.Rows[0].Done || table.Rows[0].Firsts[0] != Never {
		t.Errorf("run 0 never ran: %+v", table.Rows[0])
	}
	table.Drop(1)
	if table.Rows[1].Done {
		t.Error("a dropped run is done")
	}
}

func TestColumnName(t *testing.T) {
	for want, c := range map[string]Column{
		"openai.cash":             {Entity: "openai", Metric: "cash"},
		"microsoft.stake(openai)": {Entity: "microsoft", Metric: "stake", With: "openai"},
	} {
		if got := c.Name(); got != want {
			t.Errorf("name = %s, want %s", got, want)
		}
	}
}

func TestReasonsSurviveJSON(t *testing.T) {
	for value, want := range map[float64]string{1.5: `{"name":"a < b","value":1.5,"unit":"USD"}`, math.Inf(1): `{"name":"a < b","value":null,"unit":"USD"}`} {
		text, err := Reason{"a < b", value, unit.DimUSD}.MarshalJSON()
		if err != nil || string(text) != want {
			t.Errorf("%v is written %s, %v; want %s", value, text, err, want)
		}
		var back Reason
		if err := json.Unmarshal(text, &back); err != nil || back.Name != "a < b" || back.Value != value && !math.IsNaN(back.Value) {
			t.Errorf("%s is read as %+v, %v", text, back, err)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	columns := make([]Column, 500)
	for i := range columns {
		columns[i].Metric = []string{"cash", "a", "b", "c"}[i%4]
	}
	cells := ChooseCells(columns, 0, 83, cashOnly)
	frame := make([]float64, len(columns))
	a, _ := NewAccumulator(cells, 1000, ExactBudget)
	b.ReportMetric(float64(cells.Count()), "cells")
	for i := 0; b.Loop(); i++ {
		run := i%1000 + 1
		for t := range unit.Month(84) {
			a.Add(run, t, frame)
		}
	}
}

func BenchmarkSummary(b *testing.B) {
	columns := make([]Column, 500)
	for i := range columns {
		columns[i].Metric = []string{"cash", "a", "b", "c"}[i%4]
	}
	a, _ := NewAccumulator(ChooseCells(columns, 0, 83, cashOnly), 1000, ExactBudget)
	frame := make([]float64, len(columns))
	for run := 1; run <= 1000; run++ {
		for t := range unit.Month(84) {
			for i := range frame {
				frame[i] = rand.Float64()
			}
			a.Add(run, t, frame)
		}
	}
	for b.Loop() {
		a.Summary()
	}
}
