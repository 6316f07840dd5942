package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
)

// estimate is what a job would be and cost.
type estimate struct {
	Scenario  string   `json:"scenario"`
	Variant   string   `json:"variant,omitempty"`
	Hash      string   `json:"hash"`
	Seed      uint64   `json:"seed"`
	Runs      int      `json:"runs"` // simulated, the central run included; with --until at most
	Design    string   `json:"design"`
	Start     string   `json:"start"`
	End       string   `json:"end"`
	Months    int      `json:"months"`
	Firms     []string `json:"firms"`
	Contracts []string `json:"contracts"`
	Drawn     int      `json:"drawn_inputs"`
	inputs    string   // what runs do with all
	Series    int      `json:"series"`
	Folder    string   `json:"folder"`
	State     string   `json:"state,omitempty"` // what there is in the folder, and what the run makes of it
	runs      string   // in words
	Seconds   float64  `json:"seconds"`
	Memory    int64    `json:"memory_bytes"`
	Disk      int64    `json:"disk_bytes"`
	Fixed     []string `json:"fixed,omitempty"` // drawn by a base and given a value by who extends it
}

// What is not done to be measured: a chart, the process before and after this code runs, and giving a file on disk its name
// once its bytes are there.
const (
	diskChart    = 90_000
	secondsChart = 0.08 // of one processor
	secondsStart = 0.01
	secondsFile  = 0.001
)

// dryRun says what would be run. It simulates a few runs to know how long one takes, and writes nothing.
func dryRun(ctx context.Context, fs afero.Fs, s *streams, jobs []*job, o runOptions, loading time.Duration) error {
	defer limitMemory(jobs)()
	var all []estimate
	for _, j := range jobs {
		e, err := j.estimate(ctx, fs)
		if err != nil {
			return err
		}
		e.Seconds += (secondsStart + loading.Seconds()) / float64(len(jobs))
		all = append(all, e)
	}
	if o.quiet && !o.json {
		for _, e := range all {
			fmt.Fprintln(s.out, e.Folder)
		}
		return nil
	}
	if o.json {
		if len(all) == 1 {
			return printJSON(s.out, all[0])
		}
		return printJSON(s.out, all)
	}
	var whole estimate
	for _, e := range all {
		e.print(s.out)
		whole = whole.with(e)
	}
	if len(all) > 1 {
		fmt.Fprintf(s.out, "all of them take %s\n", whole.takes())
	}
	fmt.Fprintln(s.out, "nothing was written")
	return nil
}

// estimate plays a few runs and scales up what they take.
func (j *job) estimate(ctx context.Context, fs afero.Fs) (estimate, error) {
	m := j.study.Model
	e := estimate{
		Scenario: j.about.Scenario, Variant: j.about.Variant, Hash: j.about.Hash, Seed: j.about.Seed, Runs: len(j.mine()), Design: j.about.Design,
		Start: m.Start.String(), End: m.End.String(), Months: int(m.End - m.Start), Drawn: j.study.Drawn(), inputs: j.study.InputsText(),
		Series: len(j.columns), Folder: filepath.ToSlash(j.dir), Firms: []string{}, Contracts: []string{},
	}
	for i := range m.Firms {
		e.Firms = append(e.Firms, m.Firms[i].Key)
	}
	for i := range m.Contracts {
		e.Contracts = append(e.Contracts, m.Contracts[i].Key)
	}
	for _, f := range j.study.Fixed {
		e.Fixed = append(e.Fixed, fixedNote(f))
	}
	e.runs = j.runsWords()
	var err error
	if e.State, err = j.state(fs); err != nil {
		return e, err
	}
	if j.options.until != "" && j.options.out == "" {
		e.Folder = strings.Replace(e.Folder, fmt.Sprintf("-n%d", j.about.Runs), "-n<RUNS>", 1)
	}
	cost, err := j.try(ctx, fs)
	if err != nil {
		return e, err
	}
	charts := float64(len(j.wanted(j.about.Runs)))
	e.Seconds = cost.seconds + charts*secondsChart/float64(runtime.GOMAXPROCS(0))
	e.Disk = cost.disk + int64(charts*diskChart)
	e.Memory = j.memory()
	return e, nil
}

// runsWords says which runs are simulated.
func (j *job) runsWords() string {
	drawn := len(j.mine())
	central := drawn > 0 && j.mine()[0] == 0
	if central {
		drawn--
	}
	most := ""
	if j.options.until != "" {
		most = "at most "
	}
	switch {
	case !central:
		return number1(drawn, "run")
	case drawn == 0:
		return "the central run"
	}
	return most + number1(drawn, "run") + " and the central run"
}

// state says what the run finds in its folder and makes of it; the error is the one with which it would be refused.
func (j *job) state(fs afero.Fs) (string, error) {
	if j.options.until != "" {
		return "", nil // which result it is hangs on how many runs it takes
	}
	err := output.Check(fs, j.dir, j.about, j.folder)
	switch {
	case errors.Is(err, output.ErrDone):
		return "holds this very result, which is left as it is", nil
	case errors.Is(err, output.ErrBegun):
		return "", j.begun(fs)
	case err != nil || j.options.resume == "":
		return "", err
	}
	left := new(begunError)
	err = output.Left(fs, j.dir, func(r io.Reader) (err error) {
		_, left.head, err = readHead(r)
		return err
	})
	if err != nil {
		return "", j.unusable(err)
	}
	if left.Ended == 0 {
		return "nothing is there to go on with: all runs are simulated", nil
	}
	return fmt.Sprintf("goes on from a checkpoint with %s of %s runs; what follows is said of all", count(left.Ended), count(left.Of)), nil
}

// What a trial plays: of the kept runs so many at most for each worker, of the others so many for each at first, and more
// until so much time has passed.
const (
	triedKept   = 4
	triedOthers = 4
	triedFor    = 200 * time.Millisecond
)

// cost is what a job takes, but for its charts.
type cost struct {
	seconds float64
	disk    int64 // bytes
}

// try makes the result with a few runs in the place of all, in a temporary folder that it removes, and scales up what grows
// with their number. In memory it would take longer than on a disk, where files grow without being copied.
func (j *job) try(ctx context.Context, fs afero.Fs) (t cost, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(j.garbage()))
	dir, err := afero.TempDir(fs, "", "powerplay-dry-run-")
	if err != nil {
		return t, &output.FileError{Op: "write", Path: os.TempDir(), Err: err}
	}
	defer func() { err = errors.Join(err, fs.RemoveAll(dir)) }()
	few := *j
	few.dir, few.options.plots, few.folder.Resume = filepath.Join(dir, "result"), "none", false
	began := time.Now()
	r, folder, err := few.begin(fs)
	if err != nil {
		return t, err
	}
	defer folder.Abort()
	t.seconds = time.Since(began).Seconds()
	allKept, allOthers := j.divided(j.mine())
	kept, others := allKept, allOthers
	// Charts hold the first of the others; those behind them are like most.
	most := triedOthers * j.workers()
	others = others[max(0, min(len(others)-most, len(j.shown()))):]
	kept = kept[:min(len(kept), triedKept*j.workers())]
	some, each, err := j.tryOthers(ctx, others, r.keeper)
	if err != nil {
		return t, err
	}
	t.seconds += float64(each.Seconds() * float64(len(allOthers)))
	if each, err = j.pace(ctx, kept, r.keeper); err != nil {
		return t, err
	}
	t.seconds += float64(each.Seconds() * float64(len(allKept)))
	played := len(kept) + some
	if j.shard.count == 0 { // before its turn, to know what a row takes: the quickest of three, or a pause would count for each row
		quickest := math.Inf(1)
		for n := 0; n < 3 && err == nil; n++ {
			began = time.Now()
			err = folder.Runs(r.table)
			quickest = min(quickest, time.Since(began).Seconds())
		}
		t.seconds += float64(quickest * float64(len(j.runs)-played) / float64(played))
	}
	began = time.Now()
	if j.shard.count > 0 {
		err = errors.Join(err, r.keeper.save())
	} else {
		err = errors.Join(err, r.finish(ctx, folder))
	}
	if err = errors.Join(err, folder.Close()); err != nil {
		return t, err
	}
	finishing := time.Since(began).Seconds()
	files, size, err := written(fs, few.dir)
	if err != nil {
		return t, err
	}
	if t.disk, err = few.whole(fs, len(allKept), len(kept), played); j.shard.count > 0 {
		finishing *= max(1, float64(t.disk)/float64(size)) // a part is what a checkpoint holds of its runs
	}
	t.seconds += finishing + float64(float64(files)*secondsFile)
	return t, err
}

// written counts the files of a folder and their bytes.
func written(in afero.Fs, dir string) (files int, size int64, err error) {
	err = afero.Walk(in, dir, func(_ string, info fs.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			files++
			size += info.Size()
		}
		return err
	})
	return files, size, err
}

// tryOthers plays runs, twice as many each time, until it has done so for long enough or there are no more. It returns how many
// it played, and the pace of the most of them that were played at once.
func (j *job) tryOthers(ctx context.Context, runs []int, sink ensemble.Sink) (played int, each time.Duration, err error) {
	began := time.Now()
	for n := triedOthers * j.workers(); played < len(runs) && time.Since(began) < triedFor; n *= 2 {
		next := runs[played:min(len(runs), played+n)]
		pace, err := j.pace(ctx, next, sink)
		if err != nil {
			return played, 0, err
		}
		if played == 0 || len(next) == n {
			each = pace
		}
		played += len(next)
	}
	return played, each, nil
}

// pace plays runs as the job would, and returns the time from the end of one to that of the next. The first of
// each worker warms up.
func (j *job) pace(ctx context.Context, runs []int, sink ensemble.Sink) (time.Duration, error) {
	if len(runs) == 0 {
		return 0, nil
	}
	started := time.Now()
	var mu sync.Mutex
	var ends []time.Time
	p := j.plan(runs)
	p.Workers, p.Told = j.workers(), j.told
	p.Progress = func(int) {
		mu.Lock()
		defer mu.Unlock()
		ends = append(ends, time.Now())
	}
	if err := ensemble.Run(ctx, p, sink); err != nil {
		return 0, err
	}
	last := len(ends) - 1
	if warm := p.Workers - 1; warm < last {
		return ends[last].Sub(ends[warm]) / time.Duration(last-warm), nil
	}
	return ends[last].Sub(started) / time.Duration(len(ends)), nil
}

// whole is what the files of a result take of which few holds those of a trial: with that many of the kept runs and
// that many runs in all.
func (j *job) whole(few afero.Fs, kept, keptThere, runsThere int) (total int64, err error) {
	times := func(size int64, all, there int) int64 {
		return int64(float64(size) * float64(all) / float64(max(1, there)))
	}
	runs := len(j.mine())
	// A part holds the months of runs that charts draw, kept or not.
	for _, run := range j.mine() {
		if j.shard.count > 0 && j.detailed(run) && !j.keeps(run) {
			total += j.frames()
		}
	}
	err = afero.Walk(few, j.dir, func(path string, info fs.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		size := info.Size()
		switch filepath.Base(path) {
		case "series.csv", "series.parquet", "events.jsonl":
			size = times(size, kept, keptThere)
		case "kept.bin": // stays in a part alone
			if size = times(size, kept, keptThere); j.shard.count == 0 {
				size = 0
			}
		case "checkpoint.bin":
			size = int64(runs*8*j.head.Width()) + j.counted()
			if !record.Fits(j.cells(), j.about.Runs) {
				size -= j.counted() * 3 / 5 // bins that hold nothing are not written
			}
		case "runs.csv":
			text, err := afero.ReadFile(few, path)
			if err != nil {
				return err
			}
			head := int64(bytes.IndexByte(text, '\n'))
			size = head + times(size-head, runs, runsThere)
		}
		total += size
		return nil
	})
	return total, err
}

func (e estimate) print(w io.Writer) {
	name := e.Scenario
	if e.Variant != "" {
		name += "+" + e.Variant
	}
	fmt.Fprintf(w, "%s, %s to %s: %s, %s, seed %d\n", name, e.Start, e.End, number1(e.Months, "month"), e.runs, e.Seed)
	t := newTable()
	t.AppendRow(table.Row{"firms", fmt.Sprintf("%d: %s", len(e.Firms), strings.Join(e.Firms, " "))})
	t.AppendRow(table.Row{"contracts", fmt.Sprintf("%d: %s", len(e.Contracts), strings.Join(e.Contracts, " "))})
	t.AppendRow(table.Row{"inputs", fmt.Sprintf("%s in runs 1 to N: %s", e.inputs, e.Design)})
	t.AppendRow(table.Row{"series", fmt.Sprintf("%s numbers a month", count(e.Series))})
	for _, f := range e.Fixed {
		t.AppendRow(table.Row{"fixed", f})
	}
	t.AppendRow(table.Row{"takes", e.takes()})
	t.AppendRow(table.Row{"writes", e.Folder})
	if e.State != "" {
		t.AppendRow(table.Row{"there", e.State})
	}
	render(w, t)
}

// with is what a job costs together with one behind it.
func (e estimate) with(next estimate) estimate {
	return estimate{Seconds: e.Seconds + next.Seconds, Memory: max(e.Memory, next.Memory), Disk: e.Disk + next.Disk}
}

// takes says what the job costs.
func (e estimate) takes() string {
	return fmt.Sprintf("about %s, %s of memory, %s on disk", about(e.Seconds), bytesText(e.Memory), bytesText(e.Disk))
}

// about is a time as precise as an estimate of it can be.
func about(s float64) string {
	switch {
	case s < 1:
		return "a second"
	case s < 90:
		return fmt.Sprintf("%.0f s", s)
	case s < 90*60:
		return fmt.Sprintf("%.0f min", s/60)
	}
	return fmt.Sprintf("%.0f h", s/3600)
}

// fixedNote tells of a number that runs no longer draw.
func fixedNote(f scenarios.Fixed) string {
	return fmt.Sprintf("%s is drawn by %s, and fixed by %s", f.Path, f.Was, f.By)
}
