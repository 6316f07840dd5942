package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"
	"golang.org/x/sync/errgroup"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/contract"
	"powerplay/sim/ensemble"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// job is one scenario, or one variant of it, to be run.
type job struct {
	study     *scenarios.Study
	about     record.About
	columns   []record.Column
	runs      []int  // the numbers of the runs
	shard     shard  // which of them are simulated here
	kept      []int  // of these, runs whose series and events are written
	drawn     bool   // runs 1 to N, so that there are statistics
	dir       string // of the result
	resumable string // what --resume takes to go on with it
	folder    output.Options
	head      record.RunHead // of runs.csv
	options   runOptions
	maxMemory int64
	watched   *watched         // months of some columns of all runs; nil for none
	prepare   func(*sim.World) // a test's way to break a law
	named     string           // among several jobs, else the variant or nothing
	follow    int              // jobs after it
	held      int64            // memory of the results before it
}

func newJob(study *scenarios.Study, o runOptions, p plan) (*job, error) {
	n, err := runsOf(study, o, p)
	if err != nil {
		return nil, err
	}
	seed := study.Header.Seed
	if o.seed != nil {
		seed = *o.seed
	}
	j := &job{study: study, options: o, maxMemory: p.maxMemory, columns: ensemble.Columns(study.Model), shard: p.shard}
	j.choose(p.only, n)
	j.about = study.About(seed, n)
	j.about.Compared = comparisons(study)
	j.named = j.about.Variant
	if j.dir = o.out; j.dir == "" {
		j.dir = j.ownDir(j.about.Variant, j.about.Hash)
	}
	j.resumable = j.dir
	j.folder, j.head = j.folderOptions(), j.runHead()
	return j, nil
}

// choose settles which runs there are and which of them are kept.
func (j *job) choose(only []int, n int) {
	if only != nil {
		j.runs, j.kept = only, only
		return
	}
	j.runs = make([]int, n+1)
	for run := range j.runs {
		j.runs[run] = run
	}
	j.drawn = n > 0
	switch j.options.keep {
	case "none":
		j.kept = []int{}
	case "all":
		j.kept = j.runs
	default:
		j.kept = output.DefaultKept(n)
	}
}

// ownDir is the folder of a result of a variant with a hash where none is named. Flags that make another result of the same
// model, seed and number of runs stand in it.
func (j *job) ownDir(variant, hash string) string {
	dir := output.Name(j.about.Scenario, variant, hash, j.about.Seed, j.about.Runs)
	if design := j.options.design; design != "" {
		dir += "-" + design
	}
	if only := j.options.only; only != "" {
		dir += "-only-" + strings.ReplaceAll(strings.ReplaceAll(only, " ", ""), ",", "_")
	}
	if j.shard.count > 0 {
		dir += fmt.Sprintf("-part-%d-of-%d", j.shard.index, j.shard.count)
	}
	return dir
}

// result is what a finished job leaves in memory for charts and the screen.
type result struct {
	*job
	frames   *frames
	summary  record.Summary // over runs 1 to N; empty without draws
	table    *record.Runs
	chances  *record.Chances
	told     *tally // events of the first run
	judged   []verdict
	ties     []tie
	likely   []record.Probability // empty without draws
	charts   []string
	warnings []string
	took     time.Duration

	accumulator record.Accumulator // nil without draws
	parts       []ensemble.Part    // of a checkpoint, but for the kept runs
	keeper      *keeper
}

// run simulates, and writes the result folder.
func (j *job) run(ctx context.Context, fs afero.Fs, s *streams) (*result, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(j.garbage()))
	started := time.Now()
	r, folder, err := j.begin(fs)
	if err != nil {
		return nil, err
	}
	defer folder.Abort() // nothing is left half-written
	if err := r.keeper.load(); err != nil {
		return nil, err
	}
	if err = j.confirm(ctx, r.table); err == nil {
		err = j.simulate(ctx, s, r.keeper)
	}
	if err != nil {
		return nil, r.keeper.stopped(err)
	}
	if j.shard.count > 0 {
		err = r.keeper.save()
	} else {
		err = r.finish(ctx, folder)
	}
	if err == nil {
		r.took = time.Since(started)
		err = errors.Join(folder.Timing(j.timing(started, r.took)), folder.Close())
	}
	if err != nil {
		return nil, r.keeper.stopped(err)
	}
	r.accumulator, r.parts, r.keeper = nil, nil, nil // their room is the next job's
	return r, nil
}

// afford refuses a job that needs more memory than it may have.
func (j *job) afford() error {
	if need := j.memory(); need > j.maxMemory {
		return &limitError{
			Code: "E503",
			What: fmt.Sprintf("this run needs about %s of memory; the limit is %s", bytesText(need), bytesText(j.maxMemory)),
			Why:  fmt.Sprintf("%s to start with, and %s for what it says of %s numbers", bytesText(bytesProgram), bytesText(need-bytesProgram), count(j.cells().Count())),
			Hint: "raise --max-memory, or ask for a shorter time",
		}
	}
	return nil
}

// begin makes the folder, and the sinks that runs are driven into.
func (j *job) begin(fs afero.Fs) (*result, *output.Folder, error) {
	if err := j.afford(); err != nil {
		return nil, nil, err
	}
	folder, err := output.Create(fs, j.dir, j.about, j.columns, j.folder)
	switch {
	case errors.Is(err, output.ErrDone):
		return nil, nil, &doneError{dirs: []string{filepath.ToSlash(j.dir)}, next: j.next(), quiet: j.options.quiet, json: j.options.json}
	case errors.Is(err, output.ErrBegun):
		return nil, nil, j.begun(fs)
	case err != nil:
		return nil, nil, err
	}
	first := 0 // places of runs that are simulated elsewhere would be holes, read through at each checkpoint
	if mine := j.mine(); len(mine) > 0 {
		first = mine[0]
	}
	rows, err := folder.RowKeeper(first, j.head.Width())
	if err != nil {
		folder.Abort()
		return nil, nil, err
	}
	folder.Announce(j.head)
	r := &result{
		job: j, frames: newFrames(j.shown(), j.months()), told: newTally(j.runs[0]),
		table: record.NewRuns(j.head, rows), chances: record.NewChances(j.questions()),
	}
	journal := folder.Journal(j.detailed, r.details(folder))
	sinks := tee{
		runs: r.table, chances: r.chances, expected: newExpectations(j.study, r.chances, r.table), folder: folder,
		others: record.Sinks{r.frames, r.told, journal},
	}
	if j.watched != nil {
		sinks.others = append(sinks.others, j.watched)
	}
	r.parts = []ensemble.Part{{Name: "runs", State: r.table}, {Name: "chances", State: r.chances}}
	if j.drawn {
		r.accumulator = record.NewAccumulator(j.cells(), j.about.Runs)
		sinks.others = append(sinks.others, r.accumulator)
		r.parts = append(r.parts, ensemble.Part{Name: "summary", State: r.accumulator})
	}
	r.keeper = &keeper{Checkpoint: ensemble.NewCheckpoint(sinks, j.runs), job: j, folder: folder, parts: r.with(journal)}
	return r, folder, nil
}

// details are the sinks that need the months and words of chosen runs, and have no state of their own.
func (r *result) details(folder *output.Folder) record.Sinks {
	return record.Sinks{folder, r.frames, r.told}
}

// with are the parts of a checkpoint whose kept runs lie in a journal.
func (r *result) with(journal *output.Journal) []ensemble.Part {
	return append(slices.Clip(r.parts), ensemble.Part{Name: "kept", State: journal})
}

// finish writes what all runs say together.
func (r *result) finish(ctx context.Context, folder *output.Folder) error {
	r.judged = r.verdicts()
	var tables errgroup.Group
	tables.Go(func() error { return folder.Runs(r.table) })
	if r.drawn {
		r.summary = r.accumulator.Summary()
		tables.Go(func() error { return folder.Summary(r.summary) })
		r.likely = r.probabilities()
		tables.Go(func() error { return folder.Probabilities(r.likely) })
	}
	if err := tables.Wait(); err != nil {
		return err
	}
	r.ties = r.tied()
	if err := writeTies(folder, r.ties); err != nil {
		return err
	}
	if r.options.ledger {
		if err := r.writeLedger(ctx, folder); err != nil {
			return err
		}
	}
	if len(r.frames.runs) > 0 && !folder.HasSeriesCSV() {
		r.warn(folder, "series.csv is left out: more than a million values; series.parquet holds them")
	}
	return r.draw(ctx, folder)
}

// simulate drives the runs that are missing into the sinks, and shows how far they are.
func (j *job) simulate(ctx context.Context, s *streams, k *keeper) error {
	missing := k.Missing(j.mine())
	progress := newProgress(s, j, len(j.mine()), len(missing))
	ctx, release := k.guard(ctx, s.checkpointEvery)
	defer release()
	p := j.plan(missing)
	p.Workers, p.Progress = j.options.workers, progress.done
	p.Told = j.told
	err := ensemble.Run(ctx, p, k)
	progress.end()
	if _, broken := errors.AsType[*ensemble.RunError](err); !broken && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// keeps tells whether a run's series and events are written.
func (j *job) keeps(run int) bool { _, kept := slices.BinarySearch(j.kept, run); return kept }

// divided parts runs into those that are kept and the others.
func (j *job) divided(runs []int) (kept, others []int) {
	for _, run := range runs {
		if j.keeps(run) {
			kept = append(kept, run)
		} else {
			others = append(others, run)
		}
	}
	return kept, others
}

// told tells whether a run's events have words and reasons: the first run's stand on the screen.
func (j *job) told(run int) bool { return j.keeps(run) || run == j.runs[0] }

// plan is what all ways of running a job have in common.
func (j *job) plan(runs []int) ensemble.Plan {
	inputs := j.study.SimInputs()
	return ensemble.Plan{Model: j.study.Model, Inputs: inputs, Design: j.design(inputs), Luck: j.luck(), Seed: j.about.Seed, Runs: runs, Prepare: j.prepare}
}

// shown are the runs whose frames charts draw: the central run and runs 1 to 5.
func (j *job) shown() []int { return j.runs[:min(len(j.runs), 6)] }

// cells are what a summary holds.
func (j *job) cells() record.Cells {
	return record.ChooseCells(j.columns, j.about.Start, j.about.End, chart.EveryMonth(j.about))
}

// What a job takes of memory beside the numbers that it holds, measured on the library. The collector leaves a
// part of what is no longer in use lying, so all is taken a seventh higher.
const (
	bytesProgram = 23 << 20
	bytesCode    = 18 << 20 // of them those that the collector does not count
	bytesResult  = 8 << 20  // a scenario as read, and the words of its result
	bytesRun     = 9        // the number of a run, and whether it has ended
	bytesCell    = 200      // of a summary
	bytesPacked  = 60       // a row that waits to be packed into series.parquet
	bytesChart   = 7 << 20  // a chart while it is drawn
	bytesFan     = 20 << 20 // one with bands
	bytesGarbage = 14 << 20 // what nobody uses any more
	bytesLeast   = 52 << 20 // of any job: held to less, the collector would be at work all the time
	toldFrames   = 8        // a run with words and reasons, under way, as a multiple of its frames
)

// months are those of a run that reaches the horizon.
func (j *job) months() int { return int(j.about.End-j.about.Start) + 1 }

// frames is the memory of one run's months, in bytes.
func (j *job) frames() int64 { return 8 * int64(len(j.columns)) * int64(j.months()) }

// counted is the memory of what a summary counts of the runs here. Sketches of columns that take few values take
// little room for bins, and zeros take next to none: about half of the numbers of a scenario of the library are.
func (j *job) counted() int64 {
	if !j.drawn {
		return 0
	}
	runs := len(j.mine())
	if !record.Fits(j.cells(), j.about.Runs) {
		runs = j.about.Runs
	}
	return record.AccumulatorBytes(j.cells(), runs) / 2
}

// resultBytes is the memory of what stays of the job when it is done, in bytes.
func (j *job) resultBytes() int64 {
	n := bytesResult + j.frames()*int64(len(j.shown()))
	if j.drawn {
		n += bytesCell * int64(j.cells().Count())
	}
	return n
}

// memory is what the job takes at its height, in bytes, and the collector is held to that. But for their
// numbers it does not depend on the number of runs once their values no longer fit [record.ExactBudget]: rows of runs.csv wait
// on disk, and of frames only those are held that charts draw and those of runs under way.
func (j *job) memory() int64 {
	mine := j.mine()
	kept, _ := j.divided(mine)
	workers := int64(min(j.workers(), len(mine)))
	detailed := int64(max(len(kept), min(len(mine), len(j.shown()))))
	need := bytesProgram + j.held + j.resultBytes() + j.counted() + bytesRun*int64(len(j.runs)) +
		workers*8*int64(measure.Memory*len(j.columns)+len(j.study.Inputs)) +
		min(workers, detailed)*toldFrames*j.frames() +
		output.JournalBytes(detailed*j.frames())
	if j.shard.count == 0 {
		need += bytesPacked * output.PackedRows(int64(len(kept))*j.frames()/8)
	}
	if j.study.Header.Design.Kind == "latin-hypercube" {
		need += 4 * int64(j.about.Runs) * int64(len(j.study.Inputs))
	}
	atOnce := min(len(j.wanted(j.about.Runs)), runtime.GOMAXPROCS(0))
	if j.about.Runs >= chart.FanRuns {
		need += int64(atOnce) * bytesFan
	} else {
		need += int64(atOnce) * bytesChart
	}
	return max(need+need/7, bytesLeast)
}

// limitMemory holds the process to what the jobs take one after the other, until release is called. Left to itself, the
// collector lets what nobody uses any more grow as large as what is in use.
func limitMemory(jobs []*job) (release func()) {
	most := int64(0)
	for _, j := range jobs {
		most = max(most, j.memory())
	}
	before := debug.SetMemoryLimit(most - bytesCode)
	return func() { debug.SetMemoryLimit(before) }
}

// garbage is what the collector lets pile up beside what the job holds, in percent of that. One that holds much makes
// little: to collect that often costs next to nothing.
func (j *job) garbage() int {
	return int(min(max(100*bytesGarbage/(j.counted()+j.resultBytes()), 12), collectRarely))
}

// workers is the number of runs at a time.
func (j *job) workers() int {
	if j.options.workers == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return j.options.workers
}

// firsts are the events whose first date is kept of each run.
func (j *job) firsts() []record.First {
	var firsts []record.First
	for _, kind := range sim.Counted() {
		firsts = append(firsts, record.First{Kind: kind})
	}
	for _, e := range j.about.Entities {
		if e.Has("lab") || e.Has("cloud") {
			firsts = append(firsts, record.First{Kind: "default", Firm: e.Key})
		}
		if e.Has("lab") { // clouds are not rescued, and live from their business
			firsts = append(firsts, record.First{Kind: "rescue", Firm: e.Key}, record.First{Kind: "round-failed", Firm: e.Key})
		}
	}
	for _, c := range j.study.Model.Contracts {
		switch terms := c.Terms.(type) {
		case *contract.MilestoneFunding:
			for i := range terms.Tranches {
				firsts = append(firsts, record.First{Kind: "tranche", Contract: c.Key, Part: i + 1})
			}
		case contract.Holder:
			firsts = append(firsts, record.First{Kind: "match", Contract: c.Key})
		}
	}
	return firsts
}

// runHead says what runs.csv holds of each run.
func (j *job) runHead() record.RunHead {
	head := record.RunHead{Columns: j.columns, Firsts: j.firsts(), Numbers: comparedNumbers(j.study)}
	for _, in := range j.study.Inputs {
		head.Inputs = append(head.Inputs, record.Input{Path: in.Path, Unit: in.Target.Dim, Words: in.Distribution.Words})
	}
	entities := map[string]record.Entity{}
	for _, e := range j.about.Entities {
		entities[e.Key] = e
	}
	metrics := outcomeMetrics()
	head.Outcomes = record.YearEnds(j.columns, j.about.Start, j.about.End, func(c record.Column) bool {
		of, ok := metrics[c.Metric]
		return ok && c.With == "" && (of == nil || slices.ContainsFunc(of, entities[c.Entity].Has))
	})
	return head
}

// outcomeMetrics are what runs.csv holds of each year end, with the roles of the firms it is kept of. Results are compared
// by them, so what contracts move is among them.
func outcomeMetrics() map[string][]string {
	lab, cloud := []string{"lab"}, []string{"cloud"}
	names := map[string][]string{}
	for m, roles := range map[measure.ID][]string{
		measure.MarketShare: lab, measure.RevenueRunRate: lab, measure.Valuation: lab, measure.Capability: lab, measure.CapacityUsed: lab,
		measure.Cash: lab, measure.CapitalRaised: lab, measure.CommitmentsOutstanding: lab, measure.Debt: {"lab", "cloud"},
		measure.CapacityEnergised: cloud, measure.ComputeRevenue: cloud, measure.MarketSize: nil, measure.TotalEnergised: nil, measure.TotalCapex: nil,
		measure.RentPerGWYear: nil, measure.HHI: nil, measure.CircularShare: nil, measure.FrontierCapability: nil,
	} {
		names[m.Def().Name] = roles
	}
	return names
}

func (j *job) folderOptions() output.Options {
	o := output.Options{
		Scenario: j.study.Encode(), Kept: j.kept, Silenced: j.study.Header.Allow, Force: j.options.force,
		Resume: j.options.resume != "", Meanings: meanings(), Flags: map[string]string{},
	}
	if j.shard.count > 0 {
		o.Part = j.shard.String() // whose charts are drawn when all are together
	}
	if len(j.options.sets) > 0 {
		o.Flags["set"] = strings.Join(j.options.sets, "; ")
	}
	if j.options.only != "" {
		o.Flags["only"] = j.options.only
	}
	if j.options.design != "" {
		o.Flags["design"] = j.options.design
	}
	if j.options.ledger {
		o.Flags["ledger"] = "true"
	}
	for _, f := range j.study.Files {
		o.Inputs = append(o.Inputs, output.Entry{Path: f.Name, Size: int64(f.Bytes), SHA256: f.SHA256})
	}
	return o
}

// meanings says of each measure what it is.
func meanings() map[string]string {
	all := map[string]string{}
	for _, d := range measure.All() {
		all[d.Name] = d.Doc
	}
	return all
}

func (j *job) timing(started time.Time, took time.Duration) output.Timing {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return output.Timing{
		Started: started.UTC().Format(time.RFC3339), Seconds: took.Seconds(), Workers: j.workers(),
		Toolchain: runtime.Version(), Processor: runtime.GOOS + "/" + runtime.GOARCH, Memory: int64(m.Sys),
	}
}

// missed counts the expectations that do not hold.
func missed(all []verdict) int {
	n := 0
	for _, v := range all {
		if v.judged && !v.Held && !v.Unclear {
			n++
		}
	}
	return n
}

// explain turns what stopped a job into words for the user; a broken invariant and a panic leave a report.
func (j *job) explain(fs afero.Fs, err error) error {
	broken, ok := errors.AsType[*ensemble.RunError](err)
	if !ok {
		return err
	}
	if drawn, wrong := errors.AsType[*sim.DrawError](err); wrong {
		return j.misdrawn(broken, drawn)
	}
	if much, outgrown := errors.AsType[*unit.TooMuchError](err); outgrown {
		return j.outgrown(broken, much)
	}
	bug := &bugError{
		What: broken.Error(), Scenario: j.name(), Hash: j.about.Hash, Seed: j.about.Seed, Run: &broken.Run,
		Month: broken.Month.String(), Stack: broken.Stack, File: string(j.study.Encode()),
	}
	law, isLaw := errors.AsType[*sim.InvariantError](err)
	if !isLaw {
		return bug
	}
	again := fmt.Sprintf("powerplay run %s --seed %d --only %d", j.options.scenario, j.about.Seed, broken.Run)
	if j.about.Variant != "" {
		again += " --variant " + j.about.Variant
	}
	if j.options.design != "" {
		again += " --design " + j.options.design
	}
	if j.study.Header.Design.Kind == "latin-hypercube" {
		again += fmt.Sprintf(" --runs %d", j.about.Runs)
	}
	for _, set := range j.options.sets {
		again += " --set '" + set + "'"
	}
	e := &invariantError{what: fmt.Sprintf("%v, run %d: %s does not hold", law.Month, broken.Run, law.Law), why: law.Error(), again: again}
	dir, failed := j.keepWreck(fs, broken, bug)
	e.report = dir
	if failed != nil {
		e.report = "this; the run's own record could not be written: " + failed.Error()
	}
	return e
}

// misdrawn says that a run has drawn what its contract cannot stand.
func (j *job) misdrawn(broken *ensemble.RunError, drawn *sim.DrawError) error {
	p := scenarios.Problem{
		Code: "E414", Path: drawn.Path, What: fmt.Sprintf("run %d draws what cannot stand: `%s` %s", broken.Run, drawn.Path, drawn.What),
		Hint: "give what is drawn there a distribution that keeps clear of it, such as `uniform(low, high)`",
	}
	return &problemsError{problems: []scenarios.Problem{p}}
}

// outgrown says that money of a run has outgrown the books.
func (j *job) outgrown(broken *ensemble.RunError, much *unit.TooMuchError) error {
	e := &limitError{
		Code: "E509", What: fmt.Sprintf("run %d of %s stops in %v: %v", broken.Run, j.name(), broken.Month, much),
		Why:  "a growth rate, a size or a price of the scenario lets money grow beyond all bounds",
		Hint: "look for a number with a digit too many",
	}
	if last := broken.Month - 1; last > j.about.Start {
		e.Hint += fmt.Sprintf("; with --set end=%v it plays up to there, and valuations show who outgrows the others", last)
	}
	return e
}

// keepWreck repeats a run that broke a law and keeps what it yields up to there, apart from any result and
// marked as unusable.
func (j *job) keepWreck(fs afero.Fs, broken *ensemble.RunError, bug *bugError) (dir string, err error) {
	o := j.folderOptions()
	o.Kept, o.Force, o.Resume, o.Part = []int{broken.Run}, true, false, ""
	o.Warnings = []string{"UNUSABLE: " + broken.Error()}
	about := j.about
	about.Title = "UNUSABLE: a law of the model broke in run " + strconv.Itoa(broken.Run)
	dir = j.dir + "-unusable"
	folder, err := output.Create(fs, dir, about, j.columns, o)
	if err != nil {
		return "", err
	}
	defer folder.Abort()
	p := j.plan([]int{broken.Run})
	p.Told = func(int) bool { return true }
	if again := ensemble.Run(context.Background(), p, wreck{folder, broken.Error()}); again == nil {
		bug.What += " (and not when the run was repeated alone)"
	}
	name := fmt.Sprintf("bug-%d.json", broken.Run)
	if err := folder.File(name, bug.encode); err != nil {
		return "", err
	}
	return filepath.ToSlash(filepath.Join(dir, name)), folder.Close()
}

// name is the scenario with its variant, and says when the command line changed it.
func (j *job) name() string {
	name := j.about.Scenario
	if j.about.Variant != "" {
		name += "+" + j.about.Variant
	}
	if n := len(j.options.sets); n > 0 {
		name += fmt.Sprintf(" with %d %s set", n, map[bool]string{true: "value", false: "values"}[n == 1])
	}
	return name
}

// lastMonth is the month that the summary speaks of.
func (j *job) lastMonth() unit.Month { return j.about.End }
