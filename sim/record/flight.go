package record

import "sync"

// flight holds what is known of the runs that are under way. What a run leaves is used again by a later one,
// so memory grows with the number of workers, not of runs.
type flight[T any] struct {
	fresh func() T // makes the memory of a run
	empty func(T)  // forgets what it held

	mu   sync.Mutex
	open map[int]T
	free []T
}

func newFlight[T any](fresh func() T, empty func(T)) *flight[T] {
	return &flight[T]{fresh: fresh, empty: empty, open: map[int]T{}}
}

// of returns a run's memory, empty when it is asked for the first time.
func (f *flight[T]) of(run int) T {
	f.mu.Lock()
	x, ok := f.open[run]
	if ok {
		f.mu.Unlock()
		return x
	}
	if n := len(f.free); n > 0 {
		x, f.free = f.free[n-1], f.free[:n-1]
	} else {
		x = f.fresh()
	}
	f.open[run] = x
	f.mu.Unlock()
	f.empty(x)
	return x
}

// land takes a run out; ok is false when nothing is known of it.
func (f *flight[T]) land(run int) (x T, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, ok = f.open[run]
	delete(f.open, run)
	return x, ok
}

// reuse gives memory back that nobody reads any more.
func (f *flight[T]) reuse(all ...T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.free = append(f.free, all...)
}

// release lets go of the memory that no run uses.
func (f *flight[T]) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.free = nil
}

// drop forgets a run.
func (f *flight[T]) drop(run int) {
	if x, ok := f.land(run); ok {
		f.reuse(x)
	}
}
