package ensemble_test

import (
	"bytes"
	"encoding/gob"
	"errors"
	"io"
	"maps"
	"sync"
	"testing"

	"powerplay/sim/ensemble"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// counter is the smallest sink with a state: the last month of each run that ended.
type counter struct {
	mu   sync.Mutex
	ends map[int]unit.Month
}

func (*counter) Draw(int, []float64)              {}
func (*counter) Month(int, unit.Month, []float64) {}
func (*counter) Event(record.Event)               {}
func (*counter) Drop(int)                         {}

func (c *counter) End(run int, at unit.Month, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends[run] = at
}

func (c *counter) SaveState(w io.Writer, ended func(int) bool) error {
	saved := map[int]unit.Month{}
	for run, at := range c.ends {
		if ended(run) {
			saved[run] = at
		}
	}
	return gob.NewEncoder(w).Encode(saved)
}

func (c *counter) AddState(r io.Reader, _ record.Ended) error {
	var saved map[int]unit.Month
	if err := gob.NewDecoder(r).Decode(&saved); err != nil {
		return err
	}
	maps.Copy(c.ends, saved)
	return nil
}

// large is a part of many pieces.
type large struct{ text []byte }

func (l large) SaveState(w io.Writer, _ func(int) bool) error { _, err := w.Write(l.text); return err }

func (l large) AddState(r io.Reader, _ record.Ended) error {
	text, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(text, l.text) {
		err = errors.New("another text")
	}
	return err
}

func newCounted(runs ...int) (*ensemble.Checkpoint, *counter, []ensemble.Part) {
	c := &counter{ends: map[int]unit.Month{}}
	text := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	return ensemble.NewCheckpoint(c, runs), c, []ensemble.Part{{Name: "ends", State: c}, {Name: "text", State: large{text}}}
}

func save(t *testing.T, c *ensemble.Checkpoint, parts []ensemble.Part) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.Save(&b, func(int) []byte { return []byte("what it is") }, parts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func add(c *ensemble.Checkpoint, parts []ensemble.Part, text []byte) error {
	s, err := ensemble.ReadCheckpoint(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return c.Add(s, parts)
}

func TestACheckpointHoldsTheRunsThatEnded(t *testing.T) {
	runs := []int{0, 1, 2, 3, 4, 5, 6, 7, 17, 203}
	a, _, parts := newCounted(runs...)
	a.End(3, 7, "")
	a.End(203, 9, "")
	text := save(t, a, parts)
	b, ends, parts := newCounted(runs...)
	if err := add(b, parts, text); err != nil {
		t.Fatal(err)
	}
	if !b.Has(3) || !b.Has(203) || b.Has(4) || len(b.Missing(runs)) != 8 || ends.ends[203] != 9 {
		t.Errorf("missing %v, ends %v", b.Missing(runs), ends.ends)
	}
	if err := add(b, parts, text); err == nil {
		t.Error("the same runs are added twice")
	}
	for _, planned := range [][]int{append(runs, 204), runs[:9]} {
		other, _, parts := newCounted(planned...)
		if err := add(other, parts, text); err == nil {
			t.Errorf("a checkpoint of %d runs is taken for one of %d", len(runs), len(planned))
		}
	}
}

// No damage goes unnoticed: any byte changed, or any end missing.
func TestADamagedCheckpointIsRefused(t *testing.T) {
	a, _, parts := newCounted(0, 1, 2)
	a.End(1, 7, "")
	text := save(t, a, parts)
	try := func(what string, at int, text []byte) {
		b, _, parts := newCounted(0, 1, 2)
		err := add(b, parts, text)
		if _, ok := errors.AsType[*ensemble.CheckpointError](err); !ok {
			t.Fatalf("%s at byte %d: %v, want a CheckpointError", what, at, err)
		}
	}
	step := 1
	for at := 0; at < len(text); at += step {
		changed := bytes.Clone(text)
		changed[at] ^= 0x10
		try("changed", at, changed)
		try("cut off", at, text[:at])
		if at > 400 {
			step = 9_973
		}
	}
}

func TestAnUnwritableCheckpointIsAnError(t *testing.T) {
	a, _, parts := newCounted(0, 1, 2)
	size := len(save(t, a, parts))
	for at := 0; at < size; at += 1_000 {
		w := &limited{left: at}
		if _, err := a.Save(w, func(int) []byte { return nil }, parts); !errors.Is(err, io.ErrShortWrite) {
			t.Fatalf("no room after %d bytes: %v", at, err)
		}
	}
}

type limited struct{ left int }

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// Whatever the moment at which a checkpoint is saved, it holds whole runs, and those missing make it the
// same as if it had never been saved.
func TestACheckpointIsWholeAtAnyMoment(t *testing.T) {
	s := study(t)
	var runs []int
	for run := range 40 {
		runs = append(runs, run)
	}
	a, first, parts := newCounted(runs...)
	p := plan(s, 4, runs...)
	var mu sync.Mutex
	var saved [][]byte
	p.Progress = func(int) {
		mu.Lock()
		defer mu.Unlock()
		saved = append(saved, save(t, a, parts))
	}
	if err := ensemble.Run(t.Context(), p, a); err != nil {
		t.Fatal(err)
	}
	for _, text := range saved {
		b, ends, parts := newCounted(runs...)
		if err := add(b, parts, text); err != nil {
			t.Fatal(err)
		}
		for _, run := range b.Missing(runs) {
			b.End(run, s.Model.End, "")
		}
		if !maps.Equal(ends.ends, first.ends) {
			t.Fatalf("ends %v", ends.ends)
		}
	}
}

// A checkpoint may come from anywhere: it may be refused, but nothing panics.
func FuzzCheckpoint(f *testing.F) {
	c := &counter{ends: map[int]unit.Month{}}
	a := ensemble.NewCheckpoint(c, []int{0, 1, 2})
	a.End(1, 7, "")
	var b bytes.Buffer
	if _, err := a.Save(&b, func(int) []byte { return []byte("{}") }, []ensemble.Part{{Name: "ends", State: c}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		c := &counter{ends: map[int]unit.Month{}}
		_ = add(ensemble.NewCheckpoint(c, []int{0, 1, 2}), []ensemble.Part{{Name: "ends", State: c}}, text) // refusing is fine
	})
}
