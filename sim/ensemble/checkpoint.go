package ensemble

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Checkpoint stands before the sink of an ensemble and knows which runs it holds. What the sink knows of them
// can be saved at any time, while other runs go on, and added to a new sink later: to go on with an ensemble
// that was broken off, or to join parts of one that were simulated apart.
type Checkpoint struct {
	Sink
	runs  []int           // planned, rising
	ended []atomic.Uint64 // a bit for each place in runs
	mu    sync.RWMutex    // a run ends under the read lock; what is saved is saved under the other
}

// NewCheckpoint returns a checkpoint of which no run has ended. runs are all that the whole ensemble plans,
// rising, also those that are simulated elsewhere.
func NewCheckpoint(sink Sink, runs []int) *Checkpoint {
	return &Checkpoint{Sink: sink, runs: runs, ended: make([]atomic.Uint64, (len(runs)+63)/64)}
}

// Part is a piece of what a sink knows, under a name that is unique within it.
type Part struct {
	Name string
	record.State
}

// CheckpointError says that what was read is not a whole checkpoint of an ensemble such as this one.
type CheckpointError struct{ Err error }

// Error implements error.
func (e *CheckpointError) Error() string { return "the checkpoint cannot be used: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *CheckpointError) Unwrap() error { return e.Err }

// End implements [record.RunSink]: a run has ended for the sink and for the checkpoint, or for neither.
func (c *Checkpoint) End(run int, at unit.Month, why string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.Sink.End(run, at, why)
	if i, planned := slices.BinarySearch(c.runs, run); planned {
		c.end(i)
	}
}

// end notes that the run at a place has ended, and tells whether it had before.
func (c *Checkpoint) end(place int) (before bool) {
	bit := uint64(1) << (place % 64)
	return c.ended[place/64].Or(bit)&bit != 0
}

func (c *Checkpoint) hasEnded(place int) bool { return c.ended[place/64].Load()>>(place%64)&1 != 0 }

// Has tells whether a run has ended.
func (c *Checkpoint) Has(run int) bool {
	i, planned := slices.BinarySearch(c.runs, run)
	return planned && c.hasEnded(i)
}

// Count is the number of the runs that have ended.
func (c *Checkpoint) Count(runs []int) (ended int) {
	for _, run := range runs {
		if c.Has(run) {
			ended++
		}
	}
	return ended
}

// Missing returns those of the runs that have not ended: runs itself where none has.
func (c *Checkpoint) Missing(runs []int) []int {
	ended := c.Count(runs)
	if ended == 0 {
		return runs
	}
	missing := make([]int, 0, len(runs)-ended)
	for _, run := range runs {
		if !c.Has(run) {
			missing = append(missing, run)
		}
	}
	return missing
}

// Save writes head, by which a reader can tell what ensemble this is, the runs that have ended, and what is
// known of them. It returns their number. No run ends meanwhile.
func (c *Checkpoint) Save(w io.Writer, head func(ended int) []byte, parts []Part) (ended int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	count, bits := binary.LittleEndian.AppendUint32(nil, uint32(len(c.runs))), make([]byte, (len(c.runs)+7)/8)
	for i := range c.runs {
		if c.hasEnded(i) {
			bits[i/8] |= 1 << (i % 8)
			ended++
		}
	}
	s := newSectionWriter(w)
	put := func(name string, text []byte) {
		_ = s.section(name, func(w io.Writer) error { _, err := w.Write(text); return err }) // close tells
	}
	put("head", head(ended))
	put("runs", append(count, bits...))
	for _, p := range parts {
		if err := s.section(p.Name, func(w io.Writer) error { return p.SaveState(w, c.Has) }); err != nil {
			return 0, err
		}
	}
	return ended, s.close()
}

// Saved is a checkpoint of which the head has been read.
type Saved struct {
	Head     []byte
	sections *sectionReader
}

// maxHead bounds the head of a checkpoint in bytes.
const maxHead = 1 << 20

// ReadCheckpoint reads the head of a checkpoint. The error is a *CheckpointError.
func ReadCheckpoint(r io.Reader) (*Saved, error) {
	sections, err := newSectionReader(r)
	if err != nil {
		return nil, &CheckpointError{err}
	}
	s := &Saved{sections: sections}
	err = sections.section("head", func(r io.Reader) (err error) {
		s.Head, err = io.ReadAll(io.LimitReader(r, maxHead))
		return err
	})
	if err != nil {
		return nil, &CheckpointError{err}
	}
	return s, nil
}

// Add takes over the runs of a checkpoint, and what it knows of them into parts, which must be those that it
// was saved with. None of its runs may have ended here. After an error, which is a *CheckpointError, neither c
// nor the parts may be used any more.
func (c *Checkpoint) Add(s *Saved, parts []Part) error {
	if err := c.add(s.sections, parts); err != nil {
		return &CheckpointError{err}
	}
	return nil
}

func (c *Checkpoint) add(s *sectionReader, parts []Part) error {
	bits := make([]byte, (len(c.runs)+7)/8)
	err := s.section("runs", func(r io.Reader) error {
		var count uint32
		if err := binary.Read(r, binary.LittleEndian, &count); err != nil {
			return err
		}
		if int(count) != len(c.runs) {
			return fmt.Errorf("it is of %d runs, not of %d", count, len(c.runs))
		}
		_, err := io.ReadFull(r, bits)
		return err
	})
	if err != nil {
		return err
	}
	ended := record.Ended{Has: func(run int) bool {
		i, planned := slices.BinarySearch(c.runs, run)
		return planned && bits[i/8]>>(i%8)&1 != 0
	}}
	for _, run := range c.runs {
		if run > 0 && ended.Has(run) {
			ended.Drawn++
		}
	}
	for _, p := range parts {
		add := func(r io.Reader) error { return p.AddState(r, ended) }
		if err := s.section(p.Name, add); err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	for i, run := range c.runs {
		if ended.Has(run) && c.end(i) {
			return errors.New("some of its runs are there already")
		}
	}
	return nil
}
