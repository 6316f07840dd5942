package output

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync"

	"github.com/spf13/afero"
)

// spill keeps a row of numbers for each run in a file of the folder, so that memory does not grow with the
// number of runs. It is a [record.RowKeeper]. Each run has a place of its own in the file, hence runs may
// end in any order; places of runs that never end are holes. The file goes when the folder is closed.
type spill struct {
	fs    afero.Fs
	file  afero.File
	first int // number of the run whose place comes first
	width int // numbers in a row

	mu   sync.Mutex
	line []byte
	last int // number of the last run kept
	err  error
}

// inUse marks a place that holds a row; a hole reads as zeros.
const inUse = 1

func newSpill(fsys afero.Fs, dir string, first, width int) (*spill, error) {
	file, err := afero.TempFile(fsys, dir, tempPattern)
	if err != nil {
		return nil, fileError("write", dir, err)
	}
	return &spill{fs: fsys, file: file, first: first, width: width, last: first - 1, line: make([]byte, 8*(width+1))}, nil
}

// Keep implements [record.RowKeeper].
func (s *spill) Keep(run int, row []float64) {
	if len(row) != s.width || run < s.first {
		panic(fmt.Sprintf("output: run %d has a row of %d numbers; want %d, from run %d on", run, len(row), s.width, s.first))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	s.last = max(s.last, run)
	binary.LittleEndian.PutUint64(s.line, inUse)
	for i, x := range row {
		binary.LittleEndian.PutUint64(s.line[8*(i+1):], math.Float64bits(x))
	}
	if _, err := s.file.WriteAt(s.line, int64(run-s.first)*int64(len(s.line))); err != nil {
		s.err = fileError("write", s.file.Name(), err)
	}
}

// Each implements [record.RowKeeper]. No row may be kept while it works.
func (s *spill) Each(visit func(run int, row []float64) error) error {
	if s.err == nil && s.file == nil {
		return fileError("read", "the rows of runs.csv", os.ErrClosed)
	}
	if s.err != nil {
		return s.err
	}
	read := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, math.MaxInt64), 1<<18)
	line := make([]byte, len(s.line))
	row := make([]float64, s.width)
	for run := s.first; run <= s.last; run++ {
		if _, err := io.ReadFull(read, line); err != nil {
			return fileError("read", s.file.Name(), err)
		}
		if binary.LittleEndian.Uint64(line) != inUse {
			continue
		}
		for i := range row {
			row[i] = math.Float64frombits(binary.LittleEndian.Uint64(line[8*(i+1):]))
		}
		if err := visit(run, row); err != nil {
			return err
		}
	}
	return nil
}

// remove throws the file away.
func (s *spill) remove() {
	if s.file == nil {
		return
	}
	_ = errors.Join(s.file.Close(), s.fs.Remove(s.file.Name())) // a rerun sweeps up what is left
	s.file = nil
}
