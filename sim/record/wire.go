package record

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A state is written as words of eight bytes, low byte first. The first word is a tag that names the sink
// and the version of its form. A state ends by itself: nothing behind it is read.

// saver writes the words of a state; the first error is kept.
type saver struct {
	to  *bufio.Writer
	err error
}

func newSaver(w io.Writer, tag string) *saver {
	s := &saver{to: bufio.NewWriterSize(w, 1<<16)}
	_, s.err = s.to.WriteString(tag)
	return s
}

func (s *saver) words(all ...uint64) {
	for _, x := range all {
		if s.err != nil {
			return
		}
		_, s.err = s.to.Write(binary.LittleEndian.AppendUint64(s.to.AvailableBuffer(), x))
	}
}

func (s *saver) end() error {
	if s.err != nil {
		return s.err
	}
	return s.to.Flush()
}

// loader reads the words of a state; after the first error all words are zero.
type loader struct {
	from  io.Reader
	bytes []byte
	read  []uint64
	err   error
}

func newLoader(r io.Reader, tag string) *loader {
	l := &loader{from: r}
	text := make([]byte, len(tag))
	if _, err := io.ReadFull(r, text); err != nil {
		l.fail("it ends early: %w", err)
	} else if string(text) != tag {
		l.fail("it begins with %q, not %q", text, tag)
	}
	return l
}

// words returns the next n words, which last until the next call.
func (l *loader) words(n int) []uint64 {
	if cap(l.read) < n {
		l.read, l.bytes = make([]uint64, n), make([]byte, 8*n)
	}
	l.read = l.read[:n]
	clear(l.read)
	if l.err != nil {
		return l.read
	}
	if _, err := io.ReadFull(l.from, l.bytes[:8*n]); err != nil {
		l.fail("it ends early: %w", err)
		return l.read
	}
	for i := range l.read {
		l.read[i] = binary.LittleEndian.Uint64(l.bytes[8*i:])
	}
	return l.read
}

func (l *loader) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf("record: state does not fit: "+format, args...)
	}
}

// text writes a text of any length as its length and its bytes, filled up with zeros.
func (s *saver) text(x string) {
	s.words(uint64(len(x)))
	for i := 0; i < len(x); i += 8 {
		var word [8]byte
		copy(word[:], x[i:])
		s.words(binary.LittleEndian.Uint64(word[:]))
	}
}

// maxText bounds the length of a text in a state, in bytes.
const maxText = 1 << 16

func (l *loader) text() string {
	n := l.words(1)[0]
	if n > maxText {
		l.fail("it holds a text of %d bytes", n)
		n = 0
	}
	l.words(int(n+7) / 8)
	return string(l.bytes[:n])
}
