// Package output keeps the result of a run as a folder of files that other tools can open: tables as CSV
// and Parquet, decisions as JSON lines, and a manifest with the checksum of everything.
//
// [Create] begins a folder, [Folder] takes what runs yield and writes it, [Folder.Close] puts the manifest
// in as the last file. [Open] reads a folder back, [Verify] checks one, [Amend] adds redrawn charts to one.
// A file appears whole or not at all, and a folder without a manifest is incomplete, as every reader says.
//
// The same [Identity] gives the same bytes in every file but timing.json, on any machine and whatever the
// order in which runs are delivered.
//
// A folder under way may hold checkpoint.bin, from which an attempt with Options.Resume goes on, and kept.bin,
// the [Journal] of the runs that tables and charts show one by one. A part of a result, which Options.Part
// asks for, has these two in place of tables, and is put together with the others from them.
//
// One process at a time writes a folder: Create and Amend refuse the second.
package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/afero"
	"golang.org/x/sync/errgroup"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Options says how a folder is written.
type Options struct {
	Version  string            // of the tool; empty means the constant Version
	Scenario []byte            // text of scenario.yaml, the scenario as resolved; nil leaves the file out
	Kept     []int             // runs whose series and events are written; nil means DefaultKept of about.Runs
	Flags    map[string]string // effective flags that can change results, such as "months": "120"
	Inputs   []Entry           // files that the scenario was read from
	Warnings []string          // so far; Folder.Warn adds more
	Silenced []string          // codes of warnings that the scenario allows
	Meanings map[string]string // meaning of each metric, for the data package
	Force    bool              // replace another result
	Resume   bool              // go on from the checkpoint that an earlier attempt has left, if there is one
	Part     string            // 3/8 makes a part, of which the third of eight is a checkpoint alone; empty makes a result
	Study    string            // compare makes a folder of tables about several results, which may lie in folders inside it
}

// settled fills in what is left open.
func (o Options) settled(about record.About) Options {
	if o.Version == "" {
		o.Version = Version
	}
	if o.Kept == nil {
		o.Kept = DefaultKept(about.Runs)
	}
	o.Kept = slices.Compact(slices.Sorted(slices.Values(o.Kept)))
	return o
}

// DefaultKept lists the runs that are kept unless more are asked for: the central run and the first five.
func DefaultKept(runs int) []int {
	var kept []int
	for run := 0; run <= min(runs, 5); run++ {
		kept = append(kept, run)
	}
	return kept
}

// Folder is a result being written. It is a [record.RunSink]; its methods may be called from several
// goroutines at once. A write that fails stops everything: later calls do nothing, Err and Close tell why.
type Folder struct {
	fs      afero.Fs
	dir     string // where the result will be
	at      string // where it is written: dir, or a neighbour that takes dir's place at the end
	from    string // where a checkpoint may lie: at, or dir with the complete result of the same identity
	made    bool   // dir did not exist before
	opts    Options
	about   record.About
	columns []record.Column
	aboutTo aboutFile

	mu        sync.Mutex
	err       error
	over      bool // closed or given up
	kept      map[int]*keptRun
	next      int // place in opts.Kept of the next run to be written
	series    *seriesWriter
	events    *atomicFile
	eventRows int64
	streams   *streams // into these; nil without runs
	spills    []*spill
	touched   map[string]bool // files begun, for Abort
	outputs   map[string]Entry
	resources map[string]resource
	warnings  []string
	journal   *Journal // nil when nobody asked for it
	unlock    func()   // lets others write
}

// keptRun holds a kept run until all kept runs before it are written: rows are sorted by run, and workers
// finish in any order. The first of those that are not written is, block by block.
type keptRun struct {
	months []unit.Month
	frames []float64 // one after the other
	events []record.Event
	passed int // months that went to the files
	ended  bool
}

// Create begins a result in the folder dir, which need not exist.
//
// Where dir already holds a complete result: the same identity is ErrDone, any other is an *ExistsError
// (ErrExists). Force replaces them both. The old result stays in place until the new one is complete. An
// incomplete result of the same identity is begun afresh, but one with a checkpoint is ErrBegun unless Force or
// Resume says what to do with it; a different one needs Force. A folder with anything else in it is ErrForeign,
// with or without Force, and one that another process writes at the time is ErrBusy. Other errors are *FileError.
func Create(fsys afero.Fs, dir string, about record.About, columns []record.Column, opts Options) (*Folder, error) {
	opts = opts.settled(about)
	id := identity(about, opts)
	dir = filepath.Clean(dir)
	f := &Folder{
		fs: fsys, dir: dir, at: dir, opts: opts, about: about, columns: columns,
		aboutTo:  newAboutFile(id, about, columns),
		kept:     map[int]*keptRun{},
		touched:  map[string]bool{"series.csv": true, "series.parquet": true, "events.jsonl": true},
		outputs:  map[string]Entry{},
		warnings: slices.Clone(opts.Warnings), resources: map[string]resource{},
	}
	unlock, err := lock(fsys, dir)
	if err != nil {
		return nil, err
	}
	f.unlock = sync.OnceFunc(unlock)
	if err := f.claim(id); err != nil {
		f.unlock()
		return nil, err
	}
	if f.from == "" {
		f.from = f.at
	}
	if err := f.begin(id); err != nil {
		f.Abort()
		return nil, err
	}
	return f, nil
}

// begin makes the folder, its first file and the files that stream.
func (f *Folder) begin(id Identity) (err error) {
	if _, err = writeFile(f.fs, filepath.Join(f.at, "about.json"), jsonTo(f.aboutTo.aboutHead)); err != nil {
		return err
	}
	if f.opts.Scenario != nil {
		if err = f.put("scenario.yaml", func(w io.Writer) error { _, err := w.Write(f.opts.Scenario); return err }); err != nil {
			return err
		}
	}
	if !f.opts.hasRuns() {
		return nil // a part's months and events wait in the journal for the other parts
	}
	withCSV := int64(len(f.opts.Kept))*int64(f.months())*int64(len(f.columns)) <= seriesCSVRows
	create := func(name string) (*atomicFile, error) { return createAtomic(f.fs, filepath.Join(f.at, name)) }
	if f.series, err = newSeriesWriter(create, f.columns, withCSV, id); err != nil {
		return err
	}
	if f.events, err = create("events.jsonl"); err != nil {
		return err
	}
	f.streams = newStreams(f.failed, f.series.packRows, f.series.writeLines, f.writeEvents)
	return nil
}

// months is the number of months of a run that reaches the horizon.
func (f *Folder) months() int { return max(0, int(f.about.End-f.about.Start)+1) }

// Dir is the folder that the files are written to now. Until Close it can be a neighbour of the one that
// the result will be in; what must survive a killed run, such as a checkpoint, belongs here.
func (f *Folder) Dir() string { return f.at }

// Err returns the error that stopped the writing, or nil.
func (f *Folder) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Keeps tells whether series and events of a run are written.
func (f *Folder) Keeps(run int) bool {
	_, kept := slices.BinarySearch(f.opts.Kept, run)
	return kept
}

// takes tells whether series and events of a run go to files here.
func (f *Folder) takes(run int) bool { return f.opts.hasRuns() && f.Keeps(run) }

// hasRuns tells whether there are files of runs: a part has none, and neither have tables about several results.
func (o *Options) hasRuns() bool { return o.Part == "" && o.Study == "" }

// Month takes a frame of a kept run; frames of other runs are passed over. Money is in dollars; NaN is no
// value. It panics when the frame does not fit the columns or the month does not come after the last one.
func (f *Folder) Month(run int, t unit.Month, frame []float64) {
	if !f.takes(run) {
		return
	}
	if f.add(run, t, frame) {
		f.streams.put(f.nextBlock)
	}
}

// add keeps a month, and tells whether it is the last of a block.
func (f *Folder) add(run int, t unit.Month, frame []float64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return false
	}
	f.series.check(run, frame)
	k := f.run(run)
	if n := len(k.months); n > 0 && k.months[n-1] >= t {
		panic(fmt.Sprintf("output: run %d gives %v after %v", run, t, k.months[n-1]))
	}
	k.months = append(k.months, t)
	k.frames = append(k.frames, frame...)
	return len(k.months)%blockMonths == 0
}

// Event takes an event of a kept run. Events of a run keep the order in which they come. An empty Date is
// filled from Month, an empty ID with run, date and the event's number within them.
func (f *Folder) Event(e record.Event) {
	if !f.takes(e.Run) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		k := f.run(e.Run)
		k.events = append(k.events, e)
	}
}

func (f *Folder) run(run int) *keptRun {
	k := f.kept[run]
	if k == nil {
		k = &keptRun{frames: make([]float64, 0, f.months()*len(f.columns))}
		f.kept[run] = k
	}
	if k.ended {
		panic(fmt.Sprintf("output: run %d goes on after its end", run))
	}
	return k
}

// End says that a run is over, so that it can be written as soon as those before it are. Runs that never
// end are held in memory until Close writes them. at and why are for other sinks.
func (f *Folder) End(run int, at unit.Month, why string) {
	if !f.takes(run) {
		return
	}
	f.mu.Lock()
	failed := f.err != nil
	if !failed {
		f.run(run).ended = true
	}
	f.mu.Unlock()
	if !failed {
		f.streams.put(f.nextBlock)
	}
}

// Drop forgets a run that was broken off, unless it has ended. One of which months are in files already spoils them, and
// stops the writing.
func (f *Folder) Drop(run int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.kept[run]
	if k == nil || k.ended {
		return
	}
	delete(f.kept, run)
	if k.passed > 0 {
		_ = f.stop(fmt.Errorf("run %d was broken off", run))
	}
}

// nextBlock takes the next months to be written, if there are so many or their run has ended. With the last ones the
// memory of the run goes.
func (f *Folder) nextBlock() (b block, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil || f.next == len(f.opts.Kept) {
		return b, false
	}
	b.run = f.opts.Kept[f.next]
	k := f.kept[b.run]
	if k == nil || !k.ended && len(k.months) < k.passed+blockMonths {
		return b, false
	}
	last := min(k.passed+blockMonths, len(k.months))
	b.months, b.frames = k.months[k.passed:last], k.frames[k.passed*len(f.columns):last*len(f.columns)]
	k.passed = last
	if k.ended && last == len(k.months) {
		b.events = k.events
		*k = keptRun{ended: true}
		f.next++
	}
	return b, true
}

// writeEvents adds events of a run to events.jsonl.
func (f *Folder) writeEvents(b block) error {
	count := map[string]int{} // events so far, by date
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	var written record.EventLine
	for _, e := range b.events {
		if e.Date == "" {
			e.Date = e.Month.String()
		}
		count[e.Date]++
		if e.ID == "" {
			e.ID = fmt.Sprintf("%d:%s:%d", b.run, e.Date, count[e.Date])
		}
		line.Reset()
		written.Set(e)
		if err := enc.Encode(&written); err != nil {
			return err
		}
		if _, err := f.events.Write(line.Bytes()); err != nil {
			return err
		}
		f.eventRows++
	}
	return nil
}

// stop keeps the first error.
func (f *Folder) stop(err error) error {
	if err != nil && f.err == nil {
		f.err = fileError("write", f.dir, err)
	}
	return f.err
}

// failed is [Folder.stop] for those who do not hold the folder.
func (f *Folder) failed(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.stop(err)
}

// HasSeriesCSV reports whether the kept runs stand in series.csv too; beyond a million values they stand in
// series.parquet alone.
func (f *Folder) HasSeriesCSV() bool { return f.series != nil && f.series.csv != nil }

// Warn adds a warning to the manifest. Warnings are sorted there, so that workers may report in any order.
func (f *Folder) Warn(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.warnings = append(f.warnings, text)
}

// Summary writes summary.csv. The columns must be those given to Create.
func (f *Folder) Summary(s record.Summary) error {
	if len(s.Columns) != len(f.columns) {
		panic(fmt.Sprintf("output: the summary has %d columns, want %d", len(s.Columns), len(f.columns)))
	}
	meaning := "mean, range and quantiles of each measure over runs 1 to N"
	if s.Error > 0 {
		meaning += fmt.Sprintf("; mean, min and max are exact, quantiles come from sketches and are off by at most %.1f %% of the values that they lie between, in most rows by less: see column error", 100*s.Error)
	}
	err := f.Table("summary.csv", meaning, summaryFields(), writeSummary(s))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aboutTo.Summary = &summaryJSON{Runs: s.Runs, Error: finite(s.Error)}
	return err
}

// RowKeeper keeps a row of width numbers for each run in a file of the folder, until the folder is closed or
// given up. first is the lowest number of a run. The error is a *FileError.
func (f *Folder) RowKeeper(first, width int) (record.RowKeeper, error) {
	s, err := newSpill(f.fs, f.at, first, width)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spills = append(f.spills, s)
	return s, nil
}

// Announce says in about.json what runs.csv will hold: a part leaves the rows themselves to the whole.
func (f *Folder) Announce(head record.RunHead) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aboutTo.RunTable = newRunTableJSON(&head)
}

// Runs writes runs.csv: a row for each run of t that ended. The columns must be those given to Create.
func (f *Folder) Runs(t *record.Runs) error {
	if len(t.Columns) != len(f.columns) {
		panic(fmt.Sprintf("output: the run table has %d columns, want %d", len(t.Columns), len(f.columns)))
	}
	f.Announce(t.RunHead)
	return f.Table("runs.csv", "one row a run: how it ended, inputs drawn, outcomes, first dates of events", runFields(&t.RunHead), writeRuns(t))
}

// Table writes a table of its own, described in the data package. The name ends in .csv. Rows must be
// written sorted.
func (f *Folder) Table(name, meaning string, fields []Field, write func(*Rows) error) error {
	if filepath.Ext(name) != ".csv" {
		panic("output: table " + name + " does not end in .csv")
	}
	f.describe(name, meaning, fields)
	return f.table(name, fields, write)
}

// describe says in the data package what a table holds.
func (f *Folder) describe(name, meaning string, fields []Field) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.resources[name] = newResource(name, meaning, fields, f.opts.Meanings)
}

// table writes a table.
func (f *Folder) table(name string, fields []Field, write func(*Rows) error) error {
	var rows *Rows
	e, err := f.file(name, func(w io.Writer) error {
		rows = newRows(w.(*atomicFile), fields)
		return write(rows)
	})
	if err != nil {
		return err
	}
	e.Rows = new(rows.count)
	f.list(name, e)
	return nil
}

// list adds a file to the manifest.
func (f *Folder) list(name string, e Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.Path = name
	f.outputs[name] = e
}

// File writes any other file of the result, such as plots/market_share.png; the name has forward slashes.
// A name that leaves the folder, or belongs to a file of the folder's own, is ErrUnfit.
func (f *Folder) File(name string, write func(io.Writer) error) error {
	if reserved(name) {
		return &FileError{"write", name, ErrUnfit}
	}
	return f.put(name, write)
}

func (f *Folder) put(name string, write func(io.Writer) error) error {
	e, err := f.file(name, write)
	if err == nil {
		f.list(name, e)
	}
	return err
}

func (f *Folder) file(name string, write func(io.Writer) error) (Entry, error) {
	if err := localName(name); err != nil {
		return Entry{}, &FileError{"write", name, err}
	}
	f.mu.Lock()
	err := f.err
	f.touched[name] = true
	f.mu.Unlock()
	if err != nil {
		return Entry{}, err
	}
	e, err := writeFile(f.fs, filepath.Join(f.at, filepath.FromSlash(name)), write)
	if err != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		return e, f.stop(err)
	}
	return e, nil
}

// ownFiles are the names that the folder writes itself. Case does not tell files apart everywhere.
var ownFiles = []string{
	"about.json", "assumptions.csv", "datapackage.json", "events.jsonl", "ledger.csv", "manifest.json", "probabilities.csv", "runs.csv",
	"scenario.yaml", "series.csv", "series.parquet", "summary.csv", "timing.json",
}

func reserved(name string) bool {
	return slices.ContainsFunc(ownFiles, func(own string) bool { return strings.EqualFold(own, name) })
}

// Timing writes timing.json, which the manifest does not list.
func (f *Folder) Timing(t Timing) error {
	_, err := f.file("timing.json", t.write)
	return err
}

// Close writes what is left, the manifest last, and puts the folder in its place. After an error the sinks
// still know what they know, so that a checkpoint can be saved before Abort, unless the result was complete
// and only the very last sync failed. A second call returns the first one's error. Nothing else may be called
// at the same time, and nothing but Abort after success.
func (f *Folder) Close() error {
	if f.over {
		return f.err
	}
	if err := f.finish(); err != nil {
		return f.stop(err)
	}
	f.over = true
	f.unlock()
	f.journal.close()
	return f.err
}

func (f *Folder) finish() error {
	if err := errors.Join(f.endRuns(), f.adopt()); err != nil {
		return err
	}
	var files errgroup.Group
	if f.opts.Study == "" {
		fields := assumptionFields()
		f.describe("assumptions.csv", "the numbers that the scenario rests on", fields)
		files.Go(func() error { return f.table("assumptions.csv", fields, writeAssumptions(f.about.Assumptions)) })
	}
	if f.opts.hasRuns() {
		f.describeStreams()
		files.Go(f.finishStreams)
	}
	described := f.dataPackage()
	files.Go(func() error { return f.put("datapackage.json", jsonTo(described)) })
	files.Go(func() error { return f.put("about.json", jsonTo(f.aboutTo)) })
	if err := files.Wait(); err != nil {
		return err
	}
	m := Manifest{Identity: f.aboutTo.Identity, Silenced: f.opts.Silenced, Inputs: f.opts.Inputs}
	m.Warnings = slices.Sorted(slices.Values(f.warnings))
	for _, e := range f.outputs {
		m.Outputs = append(m.Outputs, e) // writeManifest sorts
	}
	if err := writeManifest(f.fs, f.at, m); err != nil {
		return err
	}
	f.removeSpills()
	if f.at == f.dir {
		f.over = true
		return syncDir(f.fs, filepath.Dir(f.dir))
	}
	return f.takePlace()
}

// endRuns ends the kept runs that have not, and lists what a part keeps of runs.
func (f *Folder) endRuns() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	if f.opts.Part != "" {
		if e := f.journal.entry(); e.Size > 0 {
			f.outputs[journalFile] = e
		}
	}
	for _, run := range f.opts.Kept[f.next:] {
		if f.kept[run] == nil {
			f.kept[run] = &keptRun{}
		}
		f.kept[run].ended = true
	}
	return nil
}

// describeStreams says what the files hold that stream.
func (f *Folder) describeStreams() {
	const everything = "every measure of every month of the kept runs"
	if f.HasSeriesCSV() {
		f.describe("series.csv", everything, seriesFields())
	}
	f.describe("series.parquet", everything, seriesFields())
	f.describe("events.jsonl", "decisions and happenings of the kept runs, with the numbers behind them", eventFields())
}

// finishStreams makes the files appear that stream.
func (f *Folder) finishStreams() error {
	f.streams.put(f.nextBlock)
	if err := f.streams.end(); err != nil {
		return err
	}
	var files errgroup.Group
	finish := func(name string, rows int64, commit func() (Entry, error)) {
		files.Go(func() error {
			e, err := commit()
			if err == nil {
				e.Rows = &rows
				f.list(name, e)
			}
			return err
		})
	}
	if f.HasSeriesCSV() {
		finish("series.csv", f.series.count, f.series.csv.commit)
	}
	finish("series.parquet", f.series.count, f.series.commitPacked)
	finish("events.jsonl", f.eventRows, f.events.commit)
	return files.Wait()
}

func (f *Folder) dataPackage() dataPackage {
	p := dataPackage{
		Schema:      "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:        packageName(Name(f.about.Scenario, f.about.Variant, f.about.Hash, f.about.Seed, f.about.Runs)),
		Title:       f.about.Title,
		Description: strings.TrimSpace(f.about.Question + " " + tableNotes),
		Version:     f.opts.Version,
	}
	for _, r := range f.resources {
		p.Resources = append(p.Resources, r)
	}
	slices.SortFunc(p.Resources, func(a, b resource) int { return strings.Compare(a.Path, b.Path) })
	return p
}

// Abort gives the result up and removes what was written. Files that others put into the folder, such as a
// checkpoint, stay, and so does about.json beside them, which tells whose they are. After Close it does
// nothing, so it may be deferred.
func (f *Folder) Abort() {
	_ = f.streams.end()
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.unlock()
	if f.over {
		return
	}
	f.over = true
	f.discardStreams()
	f.removeSpills()
	if f.err == nil {
		f.err = &FileError{"write", f.dir, errors.New("given up")}
	}
	f.journal.close()
	if f.at != f.dir && !hasCheckpoint(f.fs, f.at) {
		discard(f.fs, f.at) // a neighbour that is of no use to anyone
		return
	}
	f.clear()
}

// discardStreams throws away what streams.
func (f *Folder) discardStreams() {
	if f.series != nil {
		f.series.discard()
	}
	f.events.discard()
}

func (f *Folder) removeSpills() {
	for _, s := range f.spills {
		s.remove()
	}
	f.spills = nil
}

func checksum(text []byte) string {
	if text == nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
