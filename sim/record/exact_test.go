package record

import (
	"bytes"
	"io"
	"math"
	"slices"
	"sync"
	"testing"
)

// Zeros and missing values are no numbers that are kept, yet all are described as if they were.
func TestZerosTakeNoRoom(t *testing.T) {
	const columns, runs = 150, 40
	cells := ChooseCells(make([]Column, columns), 11, 11, cashOnly)
	value := func(run, column int) float64 {
		switch {
		case (run+column)%3 == 0:
			return 0
		case (run+column)%3 == 1:
			return math.Copysign(0, -1)
		case run*column%7 == 0:
			return math.NaN()
		}
		return float64(run) - float64(column)/8
	}
	a, kept := NewExact(cells, runs), 0
	for run := 1; run <= runs; run++ {
		frame := make([]float64, columns)
		for i := range frame {
			if frame[i] = value(run, i); frame[i] != 0 {
				kept++
			}
		}
		a.Month(run, 11, frame)
		a.End(run, 11, "")
	}
	stored := 0
	for i := range a.rows {
		stored += cap(a.rows[i].values)
	}
	if cells.Count() != columns || stored != kept {
		t.Errorf("%d values of %d cells are kept, want %d of %d", stored, cells.Count(), kept, columns)
	}
	var state bytes.Buffer
	if err := a.SaveState(&state, func(int) bool { return true }); err != nil {
		t.Fatal(err)
	}
	again := NewExact(cells, runs)
	if err := again.AddState(&state, Ended{func(int) bool { return true }, runs}); err != nil {
		t.Fatal(err)
	}
	want := Summary{Cells: slices.Clone(a.Summary().Cells), Runs: runs}
	for i := range want.Cells {
		var values []float64
		for run := 1; run <= runs; run++ {
			values = append(values, value(run, i))
		}
		want.Cells[i].Stats = Describe(values)
	}
	for name, got := range map[string]Summary{"as gathered": a.Summary(), "saved and read": again.Summary()} {
		if !slices.Equal(bitsOf(got), bitsOf(want)) {
			t.Errorf("%s the cells are described as other values than theirs", name)
		}
	}
}

// Runs may be dropped while others are saved.
func TestExactIsSavedWhileRunsAreDropped(t *testing.T) {
	const runs = 200
	a := NewExact(ChooseCells(make([]Column, 3), 0, 11, nil), runs)
	frame := []float64{1, 2, 3}
	for run := 1; run <= runs; run++ {
		a.Month(run, 0, frame)
	}
	var both sync.WaitGroup
	both.Go(func() {
		for run := 1; run <= runs; run++ {
			a.Drop(run)
		}
	})
	if err := a.SaveState(io.Discard, func(int) bool { return true }); err != nil {
		t.Error(err)
	}
	both.Wait()
}
