package ensemble

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A checkpoint is a line that names the format, and then named sections, one after the other. What a section
// holds is cut into pieces of at most pieceSize bytes, each behind its length and before its checksum, so
// that nothing is believed before it is checked, and nothing need fit into memory:
//
//	section = piece of the name, pieces of what it holds, an empty piece
//	end     = an empty piece where a name would be
const (
	magic     = "powerplay-checkpoint/1\n"
	pieceSize = 1 << 16
)

// castagnoli is the polynomial that processors have an instruction for.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// sectionWriter writes sections. The first error stays, and every call returns it.
type sectionWriter struct {
	to    io.Writer
	piece []byte // of the section at hand: room for the length, then what it holds
	sum   *crc32.Table
	err   error
}

func newSectionWriter(w io.Writer) *sectionWriter {
	s := &sectionWriter{to: w, piece: make([]byte, 4, 4+pieceSize+4), sum: castagnoli()}
	_, s.err = io.WriteString(w, magic)
	return s
}

// section writes what fill gives it under a name.
func (s *sectionWriter) section(name string, fill func(io.Writer) error) error {
	if _, err := io.WriteString(s, name); err != nil {
		return err
	}
	s.flush()
	if err := fill(s); err != nil && s.err == nil {
		s.err = err
	}
	if len(s.piece) > 4 {
		s.flush()
	}
	s.flush() // an empty one
	return s.err
}

// Write implements [io.Writer] for the section at hand.
func (s *sectionWriter) Write(p []byte) (n int, err error) {
	for n < len(p) && s.err == nil {
		room := 4 + pieceSize - len(s.piece)
		if room == 0 {
			s.flush()
			continue
		}
		room = min(room, len(p)-n)
		s.piece = append(s.piece, p[n:n+room]...)
		n += room
	}
	return n, s.err
}

// flush writes the piece at hand, be it empty.
func (s *sectionWriter) flush() {
	if s.err != nil {
		return
	}
	binary.LittleEndian.PutUint32(s.piece, uint32(len(s.piece)-4))
	s.piece = binary.LittleEndian.AppendUint32(s.piece, crc32.Checksum(s.piece, s.sum))
	_, s.err = s.to.Write(s.piece)
	s.piece = s.piece[:4]
}

// close writes the end.
func (s *sectionWriter) close() error {
	s.flush()
	return s.err
}

// sectionReader reads what sectionWriter wrote.
type sectionReader struct {
	from  *bufio.Reader
	piece []byte
	left  []byte // of the piece at hand
	over  bool   // the section at hand has no more pieces
	sum   *crc32.Table
}

func newSectionReader(r io.Reader) (*sectionReader, error) {
	s := &sectionReader{from: bufio.NewReaderSize(r, 2*pieceSize), piece: make([]byte, 4+pieceSize+4), sum: castagnoli()}
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(s.from, head); err != nil || string(head) != magic {
		return nil, errors.New("it does not begin as a checkpoint does")
	}
	return s, nil
}

// next reads a piece; it is empty at the end of a section and at the end of all.
func (s *sectionReader) next() error {
	if _, err := io.ReadFull(s.from, s.piece[:4]); err != nil {
		return torn(err)
	}
	n := binary.LittleEndian.Uint32(s.piece)
	if n > pieceSize {
		return errors.New("a length in it is impossible")
	}
	if _, err := io.ReadFull(s.from, s.piece[4:4+n+4]); err != nil {
		return torn(err)
	}
	if crc32.Checksum(s.piece[:4+n], s.sum) != binary.LittleEndian.Uint32(s.piece[4+n:]) {
		return errors.New("a checksum in it is wrong")
	}
	s.left, s.over = s.piece[4:4+n], n == 0
	return nil
}

// torn calls the end of a file too early by its name; other errors stay as they are.
func torn(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("its end is missing")
	}
	return err
}

// section begins the section of that name and hands what it holds to take, which must read all of it.
func (s *sectionReader) section(name string, take func(io.Reader) error) error {
	if err := s.next(); err != nil {
		return err
	}
	if string(s.left) != name {
		return fmt.Errorf("it holds %.40q where %q belongs", s.left, name)
	}
	if err := s.next(); err != nil {
		return err
	}
	if err := take(s); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if n, err := io.Copy(io.Discard, s); err != nil || n > 0 {
		return errors.Join(err, fmt.Errorf("%s holds more than was read", name))
	}
	return nil
}

// Read implements [io.Reader] for the section at hand.
func (s *sectionReader) Read(p []byte) (int, error) {
	for len(s.left) == 0 && !s.over {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	if s.over {
		return 0, io.EOF
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

// end reads the end of all.
func (s *sectionReader) end() error {
	if err := s.next(); err != nil {
		return err
	}
	if !s.over {
		return fmt.Errorf("it goes on with %.40q behind its last section", s.left)
	}
	return nil
}
