package output

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/afero"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Result is a complete result folder, open for reading. Every method that reads a file checks it against
// the manifest: one that was changed or torn is a *DamagedError (ErrDamaged), one that the result does not
// hold is a *FileError of fs.ErrNotExist.
type Result struct {
	Dir      string
	Manifest Manifest
	About    record.About
	Columns  []record.Column
	fs       afero.Fs
	about    aboutFile
}

// Open reads what a folder says of itself: its manifest, what it is about and its assumptions. A folder
// that is missing or cannot be read is a *FileError; one without a manifest matches ErrIncomplete, or
// ErrNoResult when it is no result at all, ErrPart when it is a part of one, ErrStudy when it is about several; a damaged
// one is a *DamagedError.
func Open(fsys afero.Fs, dir string) (*Result, error) {
	r, err := open(fsys, dir)
	if err == nil && r.Manifest.Part != "" {
		return nil, fileError("read", dir, ErrPart)
	}
	return r, err
}

func open(fsys afero.Fs, dir string) (*Result, error) {
	m, err := readManifest(fsys, dir)
	if err != nil {
		return nil, err
	}
	if m.Study != "" {
		return nil, fileError("read", dir, ErrStudy)
	}
	r := &Result{Dir: dir, Manifest: *m, fs: fsys}
	text, err := r.Read("about.json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &r.about); err != nil {
		return nil, &DamagedError{Path: r.path("about.json"), What: err.Error()}
	}
	if r.About, r.Columns, err = r.about.decode(); err != nil {
		return nil, &DamagedError{Path: r.path("about.json"), What: err.Error()}
	}
	err = r.rows("assumptions.csv", len(assumptionFields()), func(cells []string) error {
		a, err := readAssumption(cells)
		r.About.Assumptions = append(r.About.Assumptions, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Result) path(name string) string { return filepath.Join(r.Dir, filepath.FromSlash(name)) }

// checked reads a file and compares it, at its end, with the manifest.
type checked struct {
	file afero.File
	read io.Reader
	sum  hash.Hash
	want Entry
	path string
}

func (r *Result) open(name string) (*checked, error) {
	e, ok := r.Manifest.output(name)
	if !ok {
		return nil, fileError("read", r.path(name), fs.ErrNotExist)
	}
	file, err := r.fs.Open(r.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamagedError{Path: r.path(name), What: "the file is missing"}
	}
	if err != nil {
		return nil, fileError("read", r.path(name), err)
	}
	c := &checked{file: file, sum: sha256.New(), want: e, path: r.path(name)}
	info, err := file.Stat()
	switch {
	case err != nil:
		err = fileError("read", c.path, err)
	case !info.Mode().IsRegular():
		err = &DamagedError{Path: c.path, What: "not a file"}
	case info.Size() != e.Size:
		err = &DamagedError{Path: c.path, What: fmt.Sprintf("has %d bytes, the manifest says %d", info.Size(), e.Size)}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	c.read = bufio.NewReaderSize(io.TeeReader(file, c.sum), 1<<16)
	return c, nil
}

// finish closes the file. What a parser found wrong matters less than that the file is not the one that was
// written, so the checksum is looked at first. line is where the parser was, 0 when unknown.
func (c *checked) finish(found error, line int) error {
	defer c.file.Close()
	if _, err := io.Copy(io.Discard, c.read); err != nil {
		return fileError("read", c.path, err)
	}
	if hex.EncodeToString(c.sum.Sum(nil)) != c.want.SHA256 {
		return &DamagedError{Path: c.path, What: "the file was changed since it was written: its checksum is not the manifest's"}
	}
	if found == nil {
		return nil
	}
	if _, ok := errors.AsType[*FileError](found); ok {
		return found
	}
	return &DamagedError{Path: c.path, Line: line, What: found.Error()}
}

// Read returns a file of at most 32 MiB whole, such as scenario.yaml.
func (r *Result) Read(name string) ([]byte, error) {
	c, err := r.open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(c.read, maxJSON+1))
	if err == nil && len(text) > maxJSON {
		err = fmt.Errorf("larger than %d bytes", maxJSON)
	}
	if err := c.finish(err, 0); err != nil {
		return nil, err
	}
	return text, nil
}

// rows reads a CSV table of that many columns, the heading left out. cells are used again for the next row.
func (r *Result) rows(name string, columns int, row func(cells []string) error) error {
	c, err := r.open(name)
	if err != nil {
		return err
	}
	lines := csv.NewReader(c.read)
	lines.FieldsPerRecord, lines.ReuseRecord = columns, true
	line := 0
	for first := true; err == nil; first = false {
		var cells []string
		if cells, err = lines.Read(); err != nil {
			break
		}
		if !first {
			if err = row(cells); err != nil {
				line, _ = lines.FieldPos(0)
			}
		}
	}
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		line, err = parse.Line, parse.Err
	} else if errors.Is(err, io.EOF) {
		err = nil
	}
	return c.finish(err, line)
}

// Series are the frames of the kept runs, by column.
type Series struct {
	Columns []record.Column
	Runs    []Run // by number
}

// Run is one run's history.
type Run struct {
	Run    int
	Months []unit.Month
	Values [][]float64 // by column, then by month; NaN where there is no value; money in dollars
}

// Find returns the place of a column; ok is false when there is none. with is empty but for measures
// between two firms.
func (s *Series) Find(entity, metric, with string) (column int, ok bool) {
	column = slices.IndexFunc(s.Columns, func(c record.Column) bool {
		return c.Entity == entity && c.Metric == metric && c.With == with
	})
	return column, column >= 0
}

// Of returns a run; ok is false when it was not kept, or not read.
func (s *Series) Of(run int) (r Run, ok bool) {
	i, ok := slices.BinarySearchFunc(s.Runs, run, func(r Run, run int) int { return r.Run - run })
	if !ok {
		return Run{}, false
	}
	return s.Runs[i], true
}

// Series reads the chosen kept runs, or all when none is named: all from series.csv where the table was not too large for
// it, some from series.parquet, which takes less time.
func (r *Result) Series(runs ...int) (*Series, error) {
	s := &seriesReader{Series: Series{Columns: r.Columns}, wanted: runs}
	var err error
	if r.Manifest.Has("series.csv") && !(len(runs) > 0 && r.Manifest.Has("series.parquet")) {
		err = r.rows("series.csv", len(seriesFields()), func(cells []string) error {
			run, err := strconv.Atoi(cells[0])
			if err != nil {
				return fmt.Errorf("%q is not a run", cells[0])
			}
			v, err := parseNumber(cells[5])
			if err != nil {
				return err
			}
			return readFrames(s, run, cells[1], unguard(cells[2]), unguard(cells[3]), unguard(cells[4]), v)
		})
	} else {
		err = r.parquetRows(s)
	}
	if err == nil && s.next != 0 {
		err = &DamagedError{Path: r.path("series"), What: "the last month is not whole"}
	}
	if err != nil {
		return nil, err
	}
	return &s.Series, nil
}

// seriesReader puts rows back into frames. Rows come in the one order that the writer knows.
type seriesReader struct {
	Series
	wanted []int
	run    int
	skip   bool
	date   string
	month  unit.Month
	next   int // column of the next row; 0 begins a month
	begun  bool
}

// readFrames takes the next row of a table; the error is [io.EOF] behind the last run that is wanted.
func readFrames[text string | []byte](s *seriesReader, run int, date, entity, with, metric text, v float64) error {
	if len(s.Columns) == 0 {
		return errors.New("a row, though the result has no columns")
	}
	if s.next == 0 {
		t, err := parseMonth(string(date))
		if err != nil {
			return err
		}
		switch {
		case len(s.wanted) > 0 && run > slices.Max(s.wanted):
			return io.EOF
		case !s.begun || run > s.run:
			s.run, s.begun = run, true
			s.skip = len(s.wanted) > 0 && !slices.Contains(s.wanted, run)
			if !s.skip {
				s.Runs = append(s.Runs, Run{Run: run, Values: make([][]float64, len(s.Columns))})
			}
		case run < s.run || t <= s.month:
			return errors.New("rows are not sorted")
		}
		s.date, s.month = string(date), t
		if !s.skip {
			now := &s.Runs[len(s.Runs)-1]
			now.Months = append(now.Months, t)
		}
	}
	if c := &s.Columns[s.next]; run != s.run || string(date) != s.date || string(entity) != c.Entity || string(with) != c.With || string(metric) != c.Metric {
		return fmt.Errorf("row of %q of %q in %s of run %d, want %s in %s of run %d", metric, entity, date, run, c.Name(), s.date, s.run)
	}
	if !s.skip {
		now := &s.Runs[len(s.Runs)-1]
		now.Values[s.next] = append(now.Values[s.next], v)
	}
	s.next = (s.next + 1) % len(s.Columns)
	return nil
}

// Summary reads summary.csv.
func (r *Result) Summary() (record.Summary, error) {
	s := record.Summary{Columns: r.Columns}
	if r.about.Summary != nil {
		s.Runs, s.Error = r.about.Summary.Runs, float64(r.about.Summary.Error)
	}
	places := map[record.Column]int{}
	for i, c := range r.Columns {
		places[c] = i
	}
	err := r.rows("summary.csv", len(summaryFields()), func(cells []string) (err error) {
		var c record.Cell
		if c.Month, err = parseMonth(cells[0]); err != nil {
			return err
		}
		col := record.Column{
			Entity: unguard(cells[1]), With: unguard(cells[2]), Metric: unguard(cells[3]), Unit: unit.Dimension(unguard(cells[4])),
		}
		place, ok := places[col]
		if !ok {
			return fmt.Errorf("%s in %s is no column of this result", col.Name(), col.Unit)
		}
		c.Column = place
		if c.N, err = strconv.Atoi(cells[5]); err != nil {
			return fmt.Errorf("%q is not a count", cells[5])
		}
		numbers := []*float64{&c.Mean, &c.Min}
		for i := range c.Quantiles {
			numbers = append(numbers, &c.Quantiles[i])
		}
		for i, to := range append(numbers, &c.Max, &c.Error) {
			if *to, err = parseNumber(cells[6+i]); err != nil {
				return err
			}
		}
		s.Cells = append(s.Cells, c)
		return nil
	})
	if err != nil {
		return record.Summary{}, err
	}
	return s, nil
}

// Runs reads runs.csv as a whole.
func (r *Result) Runs() (*record.RunTable, error) {
	t := new(record.RunTable)
	head, err := r.EachRun(func(row *record.RunRow) error {
		t.Rows = append(t.Rows, row.Clone())
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.RunHead = head
	return t, nil
}

// RunHead says what runs.csv holds, or in a part what it will hold.
func (r *Result) RunHead() (head record.RunHead, err error) {
	if r.about.RunTable == nil {
		return head, fileError("read", r.path("runs.csv"), fs.ErrNotExist)
	}
	outcomes, err := r.about.RunTable.outcomes(len(r.Columns))
	if err != nil {
		return head, &DamagedError{Path: r.path("about.json"), What: err.Error()}
	}
	head = record.RunHead{
		Columns: r.Columns, Inputs: r.about.RunTable.Inputs, Outcomes: outcomes, Firsts: r.about.RunTable.Firsts,
		Numbers: r.about.RunTable.Numbers,
	}
	return head, nil
}

// EachRun reads runs.csv row by row, by number of the run; a row lasts until visit returns.
func (r *Result) EachRun(visit func(*record.RunRow) error) (record.RunHead, error) {
	head, err := r.RunHead()
	if err != nil {
		return head, err
	}
	row := record.RunRow{
		Inputs: make([]float64, len(head.Inputs)), Outcomes: make([]float64, len(head.Outcomes)),
		Firsts: make([]unit.Month, len(head.Firsts)), Numbers: make([]float64, len(head.Numbers)),
	}
	return head, r.rows("runs.csv", len(runFields(&head)), func(cells []string) (err error) {
		if row.Run, err = strconv.Atoi(cells[0]); err != nil {
			return fmt.Errorf("%q is not a run", cells[0])
		}
		if row.End, err = parseMonth(cells[3]); err != nil {
			return err
		}
		row.Why = unguard(cells[4])
		cells = cells[5:]
		numbers := func(to []float64) {
			for i := range to {
				if err == nil {
					to[i], err = parseNumber(cells[i])
				}
			}
			cells = cells[len(to):]
		}
		for i, in := range head.Inputs { // a word becomes its place among all
			if k := slices.Index(in.Words, unguard(cells[i])); k >= 0 {
				cells[i] = strconv.Itoa(k)
			}
		}
		numbers(row.Inputs)
		numbers(row.Outcomes)
		for i := range row.Firsts {
			row.Firsts[i] = record.Never
			if err == nil && cells[i] != "" {
				row.Firsts[i], err = parseMonth(cells[i])
			}
		}
		cells = cells[len(row.Firsts):]
		if numbers(row.Numbers); err != nil {
			return err
		}
		return visit(&row)
	})
}

// Filter chooses events; what is left empty does not limit.
type Filter struct {
	Runs      []int
	Firms     []string // the deciding firm or its counterpart
	Contracts []string
	Kinds     []string
	From, To  unit.Month // both included
}

func (f Filter) matches(e *record.Event) bool {
	in := func(list []string, names ...string) bool {
		return len(list) == 0 || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(list, n) })
	}
	return (len(f.Runs) == 0 || slices.Contains(f.Runs, e.Run)) &&
		in(f.Firms, e.Firm, e.With) && in(f.Contracts, e.Contract) && in(f.Kinds, e.Kind) &&
		(f.From == 0 || e.Month >= f.From) && (f.To == 0 || e.Month <= f.To)
}

// maxEvent bounds the length of one event in bytes.
const maxEvent = 16 << 20

// Events reads the decision log in its order: by run, and within a run as things happened. It stops after
// the first error, which comes with an empty event; the log's checksum is known only at its end.
func (r *Result) Events(f Filter) iter.Seq2[record.Event, error] {
	return func(yield func(record.Event, error) bool) {
		c, err := r.open("events.jsonl")
		if err != nil {
			yield(record.Event{}, err)
			return
		}
		lines := bufio.NewScanner(c.read)
		lines.Buffer(nil, maxEvent)
		line := 0
		for lines.Scan() {
			line++
			e, err := readEvent(lines.Bytes())
			if err != nil {
				yield(record.Event{}, c.finish(err, line))
				return
			}
			if len(f.Runs) > 0 && e.Run > slices.Max(f.Runs) {
				break
			}
			if f.matches(&e) && !yield(e, nil) {
				c.file.Close()
				return
			}
		}
		if err := c.finish(lines.Err(), line+1); err != nil {
			yield(record.Event{}, err)
		}
	}
}

func readEvent(line []byte) (e record.Event, err error) {
	if err = json.Unmarshal(bytes.TrimSpace(line), &e); err == nil {
		e.Month, err = parseMonth(e.Date)
	}
	return e, err
}
