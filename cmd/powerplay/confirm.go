package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"powerplay/output"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
)

// confirm simulates a few of the runs that a checkpoint holds again: the first, the one in the middle and the last. They
// come out as they did, unless another build wrote the checkpoint, and a version that is worked on is many builds.
func (j *job) confirm(ctx context.Context, table *record.Runs) error {
	run, err := j.changed(ctx, table.Each)
	if err == nil && run >= 0 {
		err = &ensemble.CheckpointError{Err: &rebuiltError{run}}
	}
	return err
}

// rebuiltError says that a run comes out otherwise than it did.
type rebuiltError struct{ run int }

func (e *rebuiltError) Error() string {
	return fmt.Sprintf("run %d comes out otherwise now: another build of %s simulated it", e.run, output.Version)
}

// changed simulates a few runs again, the first, the one in the middle and the last of those that each visits, and returns
// the first that comes out otherwise now, or -1.
func (j *job) changed(ctx context.Context, each func(func(*record.RunRow) error) error) (run int, err error) {
	run = -1
	var ended []int
	if err := each(func(r *record.RunRow) error { ended = append(ended, r.Run); return nil }); err != nil || len(ended) == 0 {
		return run, err
	}
	few := slices.Compact([]int{ended[0], ended[len(ended)/2], ended[len(ended)-1]})
	today := record.NewRuns(j.head, &fewRows{byRun: map[int][]float64{}})
	p := j.plan(few)
	p.Workers = j.options.workers
	if err := ensemble.Run(ctx, p, today); ctx.Err() != nil {
		return run, context.Cause(ctx)
	} else if err != nil {
		return run, err
	}
	again, err := today.All()
	if err != nil {
		return run, err
	}
	return run, each(func(was *record.RunRow) error {
		i, one := slices.BinarySearch(few, was.Run)
		if one && run < 0 && !sameRun(was, &again.Rows[i]) {
			run = was.Run
		}
		return nil
	})
}

// sameRun tells whether a run came out twice alike, as far as a row of runs.csv tells and but for the numbers that
// expectations compare.
func sameRun(a, b *record.RunRow) bool {
	alike := func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }
	return slices.EqualFunc(a.Inputs, b.Inputs, alike) && slices.EqualFunc(a.Outcomes, b.Outcomes, alike) &&
		slices.Equal(a.Firsts, b.Firsts) && a.End == b.End
}

// fewRows keeps the rows of a few runs in memory. It is a [record.RowKeeper].
type fewRows struct {
	mu    sync.Mutex
	byRun map[int][]float64
}

// Keep implements [record.RowKeeper].
func (r *fewRows) Keep(run int, row []float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byRun[run] = slices.Clone(row)
}

// Each implements [record.RowKeeper].
func (r *fewRows) Each(visit func(run int, row []float64) error) error {
	for _, run := range slices.Sorted(maps.Keys(r.byRun)) {
		if err := visit(run, r.byRun[run]); err != nil {
			return err
		}
	}
	return nil
}
