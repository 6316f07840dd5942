package output

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/spf13/afero"

	"powerplay/sim/record"
)

// Verify compares a folder with its manifest: every file is there, has its size, its checksum and its
// number of rows, its tables can be read, and nothing lies about that the manifest does not know. It
// reports all differences, by path; none means that the folder is as it was written. The error tells why
// nothing could be compared, as for [Open].
func Verify(fsys afero.Fs, dir string) ([]Difference, error) {
	m, err := readManifest(fsys, dir)
	if err != nil {
		return nil, err
	}
	var all []Difference
	r := &Result{Dir: dir, Manifest: *m, fs: fsys}
	for _, e := range m.Outputs {
		all = append(all, r.verify(e)...)
	}
	if len(all) == 0 && m.Study == "" {
		all = r.readable()
	}
	extra, err := strangers(fsys, dir, m)
	if err != nil {
		return nil, err
	}
	all = append(all, extra...)
	slices.SortStableFunc(all, func(a, b Difference) int {
		if a.Path < b.Path {
			return -1
		} else if a.Path > b.Path {
			return 1
		}
		return 0
	})
	return all, nil
}

// verify compares one file with its entry.
func (r *Result) verify(e Entry) []Difference {
	file := r.path(e.Path)
	info, err := lstat(r.fs, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []Difference{{Path: e.Path, What: "missing"}}
	case err != nil:
		return []Difference{{Path: e.Path, What: fileError("read", file, err).Error()}}
	case !info.Mode().IsRegular():
		return []Difference{{Path: e.Path, What: "kind", Want: "a file", Got: info.Mode().Type().String()}}
	case info.Size() != e.Size:
		return []Difference{{e.Path, "size", fmt.Sprintf("%d bytes", e.Size), fmt.Sprintf("%d bytes", info.Size())}}
	}
	c, err := r.open(e.Path)
	if err != nil {
		return []Difference{{Path: e.Path, What: problem(err)}}
	}
	rows, counted, err := int64(0), true, error(nil)
	switch path.Ext(e.Path) {
	case ".csv":
		rows, err = countCSV(c.read)
	case ".jsonl":
		rows, err = countLines(c.read)
	default:
		counted = false
	}
	err = c.finish(err, 0)
	if e.Path == "series.parquet" && err == nil {
		rows, err = countParquet(r.fs, file, e.Size)
		counted = true
	}
	switch {
	case err != nil:
		return []Difference{{Path: e.Path, What: problem(err)}}
	case counted && e.Rows != nil && rows != *e.Rows:
		return []Difference{{e.Path, "rows", strconv.FormatInt(*e.Rows, 10), strconv.FormatInt(rows, 10)}}
	}
	return nil
}

// problem is an error's text without the path, which stands before it.
func problem(err error) string {
	d, ok := errors.AsType[*DamagedError](err)
	switch {
	case !ok:
		return err.Error()
	case d.Line > 0:
		return fmt.Sprintf("line %d: %s", d.Line, d.What)
	default:
		return d.What
	}
}

// readable reads the tables as plot and explain do, which checks what a checksum cannot: that they agree
// with one another.
func (r *Result) readable() []Difference {
	full, err := open(r.fs, r.Dir)
	if err != nil {
		return []Difference{{Path: "about.json", What: problem(err)}}
	}
	var all []Difference
	note := func(name string, err error) {
		if err != nil {
			all = append(all, Difference{Path: name, What: problem(err)})
		}
	}
	if m := full.Manifest.differences(full.about.Identity); len(m) > 0 {
		all = append(all, Difference{Path: "about.json", What: m[0].What, Want: m[0].Want, Got: m[0].Got})
	}
	if full.Manifest.Has("series.csv") || full.Manifest.Has("series.parquet") {
		_, err = full.Series()
		note("series", err)
	}
	if full.Manifest.Has("summary.csv") {
		_, err = full.Summary()
		note("summary.csv", err)
	}
	if full.Manifest.Has("runs.csv") {
		_, err = full.Runs()
		note("runs.csv", err)
	}
	if full.Manifest.Has("ledger.csv") {
		note("ledger.csv", full.Ledger(func(record.Posting) error { return nil }))
	}
	if full.Manifest.Has("events.jsonl") {
		for _, err := range full.Events(Filter{}) {
			note("events.jsonl", err)
		}
	}
	return all
}

// strangers lists the files that the manifest does not know.
func strangers(fsys afero.Fs, dir string, m *Manifest) ([]Difference, error) {
	var all []Difference
	err := afero.Walk(fsys, dir, func(file string, info fs.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if info.IsDir() {
			if m.Study != "" && file != dir && begun(fsys, file) != nil {
				return filepath.SkipDir // a result of its own
			}
			return nil
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if name != "manifest.json" && name != "timing.json" && !m.Has(name) {
			all = append(all, Difference{Path: name, What: "extra: not in the manifest"})
		}
		return nil
	})
	return all, fileError("read", dir, err)
}

// lstat does not follow links where the file system can tell them.
func lstat(fsys afero.Fs, name string) (fs.FileInfo, error) {
	if l, ok := fsys.(afero.Lstater); ok {
		info, _, err := l.LstatIfPossible(name)
		return info, err
	}
	return fsys.Stat(name)
}

func countCSV(r io.Reader) (rows int64, err error) {
	lines := csv.NewReader(r)
	lines.ReuseRecord = true
	for rows = -1; ; rows++ {
		if _, err = lines.Read(); err == io.EOF {
			return rows, nil
		} else if err != nil {
			return rows, err
		}
	}
}

func countLines(r io.Reader) (rows int64, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxEvent)
	for lines.Scan() {
		rows++
	}
	return rows, lines.Err()
}

func countParquet(fsys afero.Fs, name string, size int64) (rows int64, err error) {
	file, err := fsys.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	defer func() {
		if p := recover(); p != nil {
			err = &DamagedError{Path: name, What: fmt.Sprint(p)}
		}
	}()
	pack, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return 0, &DamagedError{Path: name, What: err.Error()}
	}
	return pack.NumRows(), nil
}
