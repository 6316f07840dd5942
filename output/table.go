package output

import (
	"fmt"
	"strconv"

	"powerplay/sim/unit"
)

// Field describes a column of a table, in the words of the data package.
type Field struct {
	Name    string
	Type    string // integer, number, string, boolean or yearmonth
	Unit    string // of a number; empty where it has none
	Meaning string // one line
	Key     bool   // part of what tells rows apart
}

// Rows writes a table as CSV: UTF-8, line feeds, shortest exact numbers. The cells of a row are written in
// the order of the fields and closed by End, which panics when one is missing or too many. The first error
// is kept and returned by End and by the table as a whole.
type Rows struct {
	file  *atomicFile
	line  []byte
	cells int // of the row so far
	want  int
	count int64
}

func newRows(file *atomicFile, fields []Field) *Rows {
	r := &Rows{file: file, want: len(fields), count: -1}
	for _, f := range fields {
		r.Text(f.Name)
	}
	_ = r.End() // file keeps the error
	return r
}

func (r *Rows) next() {
	if r.cells > 0 {
		r.line = append(r.line, ',')
	}
	r.cells++
}

// Text writes a text cell.
func (r *Rows) Text(s string) { r.next(); r.line = appendText(r.line, clean(s)) }

// Number writes a number; NaN is an empty cell.
func (r *Rows) Number(v float64) { r.next(); r.line = appendNumber(r.line, v) }

// Int writes a whole number.
func (r *Rows) Int(v int64) { r.next(); r.line = strconv.AppendInt(r.line, v, 10) }

// Flag writes true or false.
func (r *Rows) Flag(v bool) { r.next(); r.line = strconv.AppendBool(r.line, v) }

// Month writes a month such as 2026-04.
func (r *Rows) Month(t unit.Month) { r.next(); r.line = append(r.line, t.String()...) }

// Empty writes a cell without a value.
func (r *Rows) Empty() { r.next() }

// End closes the row.
func (r *Rows) End() error {
	if r.cells != r.want {
		panic(fmt.Sprintf("output: row %d has %d cells, want %d", r.count+1, r.cells, r.want))
	}
	r.line = append(r.line, '\n')
	_, err := r.file.Write(r.line)
	r.line, r.cells = r.line[:0], 0
	r.count++
	return err
}
