package output

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/afero"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// journalFile is where a folder keeps chosen runs while others are simulated, and in a part for good.
const journalFile = "kept.bin"

// Journal keeps the months and events of chosen runs, one behind the other in a file that only grows, so that
// they need not be simulated again. It is a [record.RunSink] and a [record.State]: what a checkpoint holds of
// it is how far the file counts. Whatever lies behind that, be it torn, does not.
type Journal struct {
	fs     afero.Fs
	path   string
	width  int                // numbers in a frame
	months int                // frames in a run that reaches the horizon
	keeps  func(run int) bool // which runs it keeps
	to     record.RunSink     // takes the runs that AddState finds

	mu      sync.Mutex
	open    map[int]*journalRun // runs under way
	file    afero.File          // nil until something is written
	pending []*journalRun       // runs that are not in the file yet
	held    int                 // bytes of their frames
	loose   bool                // something in the file may not be on disk yet
	size    int64               // of the runs in the file
	sum     hash.Hash           // of them
	err     error
}

// journalRun is one run as the journal holds it.
type journalRun struct {
	Run    int
	Months []unit.Month
	Frames []byte // numbers, one month after the other
	Events []record.Event
	Values []uint64 // bits of the reasons' values: gob takes a negative zero for nothing
	End    unit.Month
	Why    string
}

// journalBuffer is how much of frames a journal holds in memory between checkpoints, in bytes: with few kept runs and none
// of the seconds after which a checkpoint is saved, nothing is encoded and there is no file at all.
const journalBuffer = 8 << 20

// JournalBytes is the memory that a journal takes at most for runs with so many bytes of frames.
func JournalBytes(frames int64) int64 { return min(frames+frames/4, journalBuffer+journalBuffer/2) }

// Journal returns the folder's journal of the runs that keeps tells of. Runs that an earlier attempt has left
// there go to to.
func (f *Folder) Journal(keeps func(run int) bool, to record.RunSink) *Journal {
	f.journal = &Journal{
		fs: f.fs, path: filepath.Join(f.from, journalFile), width: len(f.columns), months: f.months(), keeps: keeps, to: to,
		open: map[int]*journalRun{}, sum: sha256.New(),
	}
	return f.journal
}

// Journal returns the journal of a part, for reading.
func (r *Result) Journal(to record.RunSink) *Journal {
	return &Journal{fs: r.fs, path: r.path(journalFile), width: len(r.Columns), to: to, sum: sha256.New()}
}

// of returns a run under way; nil when it is not kept.
func (j *Journal) of(run int) *journalRun {
	if !j.keeps(run) {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.open[run]
	if r == nil {
		r = &journalRun{Run: run, Frames: make([]byte, 0, 8*j.width*j.months)}
		j.open[run] = r
	}
	return r
}

// Month implements [record.Sink].
func (j *Journal) Month(run int, t unit.Month, frame []float64) {
	if r := j.of(run); r != nil {
		r.Months = append(r.Months, t)
		for _, x := range frame {
			r.Frames = binary.LittleEndian.AppendUint64(r.Frames, math.Float64bits(x))
		}
	}
}

// Event implements [record.Sink].
func (j *Journal) Event(e record.Event) {
	if r := j.of(e.Run); r != nil {
		r.Events = append(r.Events, e)
		for _, why := range e.Why {
			r.Values = append(r.Values, math.Float64bits(why.Value))
		}
	}
}

// End implements [record.RunSink].
func (j *Journal) End(run int, at unit.Month, why string) {
	r := j.of(run)
	if r == nil {
		return
	}
	r.End, r.Why = at, why
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.open, run)
	if j.err != nil {
		return
	}
	j.pending = append(j.pending, r)
	if j.held += len(r.Frames); j.held > journalBuffer {
		j.stop(j.flush())
	}
}

// Drop implements [record.RunSink].
func (j *Journal) Drop(run int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.open, run)
}

// stop keeps the first error.
func (j *Journal) stop(err error) {
	if j.err == nil {
		j.err = fileError("write", j.path, err)
	}
}

// flush writes the pending runs to the file. The file may be longer than what counts of it: a process was
// killed behind its last checkpoint.
func (j *Journal) flush() error {
	if j.file == nil {
		file, err := j.fs.OpenFile(j.path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		j.file = file
		if err := file.Truncate(j.size); err != nil {
			return err
		}
		if _, err := file.Seek(j.size, io.SeekStart); err != nil {
			return err
		}
	}
	for _, r := range j.pending {
		j.loose = true
		text, err := r.encode()
		if err != nil {
			return err
		}
		if _, err := j.file.Write(text); err != nil {
			return err
		}
		j.size += int64(len(text))
		j.sum.Write(text)
	}
	j.pending, j.held = nil, 0
	return nil
}

// encode writes a run behind its length.
func (r *journalRun) encode() ([]byte, error) {
	var text bytes.Buffer
	text.Grow(len(r.Frames) + len(r.Frames)/4)
	text.Write(make([]byte, 8)) // room for the length
	if err := gob.NewEncoder(&text).Encode(r); err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint64(text.Bytes(), uint64(text.Len()-8))
	return text.Bytes(), nil
}

// settle brings all runs to the disk. A full buffer may have gone to the file before.
func (j *Journal) settle() error {
	if len(j.pending) > 0 {
		if err := j.flush(); err != nil {
			return err
		}
	}
	if !j.loose {
		return nil
	}
	j.loose = false
	return j.file.Sync()
}

// mark says how far the file counts.
type mark struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// SaveState implements [record.State]: the runs so far are on disk when it returns.
func (j *Journal) SaveState(w io.Writer, _ func(run int) bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.stop(j.settle())
	}
	if j.err != nil {
		return j.err
	}
	return json.NewEncoder(w).Encode(mark{j.size, hex.EncodeToString(j.sum.Sum(nil))})
}

// AddState implements [record.State]: it hands the runs in the file on.
func (j *Journal) AddState(r io.Reader, ended record.Ended) error {
	var m mark
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return err
	}
	if m.Size == 0 {
		return nil
	}
	file, err := j.fs.Open(j.path)
	if err != nil {
		return fileError("read", j.path, err)
	}
	defer file.Close()
	if n, err := io.CopyN(j.sum, file, m.Size); err != nil {
		return &DamagedError{Path: j.path, What: fmt.Sprintf("it has %d bytes, and the checkpoint counts %d", n, m.Size)}
	}
	if hex.EncodeToString(j.sum.Sum(nil)) != m.SHA256 {
		return &DamagedError{Path: j.path, What: "its checksum is not the checkpoint's"}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fileError("read", j.path, err)
	}
	for runs := bufio.NewReaderSize(file, 1<<16); j.size < m.Size; {
		n, err := j.replay(runs, m.Size-j.size, ended)
		if err != nil {
			return &DamagedError{Path: j.path, What: err.Error()}
		}
		j.size += n
	}
	return nil
}

// replay reads one run, one of those that ended, of at most left bytes with its length, and hands it on. It returns its size.
func (j *Journal) replay(from io.Reader, left int64, ended record.Ended) (int64, error) {
	var head [8]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint64(head[:])
	if left < 8 || n > uint64(left-8) {
		return 0, errors.New("a length in it is impossible")
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, from, int64(n)); err != nil {
		return 0, err
	}
	var r journalRun
	if err := gob.NewDecoder(&text).Decode(&r); err != nil {
		return 0, err
	}
	if !ended.Has(r.Run) {
		return 0, fmt.Errorf("run %d in it has not ended", r.Run)
	}
	if len(r.Frames) != 8*j.width*len(r.Months) {
		return 0, fmt.Errorf("run %d is of another shape", r.Run)
	}
	frame := make([]float64, j.width)
	for i, t := range r.Months {
		for k := range frame {
			frame[k] = math.Float64frombits(binary.LittleEndian.Uint64(r.Frames[8*(i*j.width+k):]))
		}
		j.to.Month(r.Run, t, frame)
	}
	for _, e := range r.Events {
		for i := range e.Why {
			if len(r.Values) == 0 {
				return 0, fmt.Errorf("run %d lacks values", r.Run)
			}
			e.Why[i].Value, r.Values = math.Float64frombits(r.Values[0]), r.Values[1:]
		}
		j.to.Event(e)
	}
	j.to.End(r.Run, r.End, r.Why)
	return 8 + int64(n), nil
}

// entry is the journal's file as a manifest lists it.
func (j *Journal) entry() Entry {
	return Entry{Path: journalFile, Size: j.size, SHA256: hex.EncodeToString(j.sum.Sum(nil))}
}

// close lets go of the file.
func (j *Journal) close() {
	if j != nil && j.file != nil {
		j.file.Close()
	}
}
