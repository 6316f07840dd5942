package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim"
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
	kept      []int  // of these, runs whose series and events are written
	drawn     bool   // runs 1 to N, so that there are statistics
	dir       string // of the result
	options   runOptions
	maxMemory int64
	prepare   func(*sim.World) // a test's way to break a law
}

func newJob(study *scenarios.Study, o runOptions, p plan) *job {
	n, seed := o.runs, study.Header.Seed
	if n < 0 {
		n = study.Header.Runs
	}
	if o.seed != nil {
		seed = *o.seed
	}
	j := &job{study: study, options: o, maxMemory: p.maxMemory, columns: ensemble.Columns(study.Model)}
	switch {
	case p.only != nil:
		n = max(n, p.only[len(p.only)-1])
		j.runs, j.kept = p.only, p.only
	default:
		for run := range n + 1 {
			j.runs = append(j.runs, run)
		}
		j.drawn = n > 0
		switch o.keep {
		case "none":
			j.kept = []int{}
		case "all":
			j.kept = j.runs
		default:
			j.kept = output.DefaultKept(n)
		}
	}
	j.about = study.About(seed, n)
	j.dir = o.out
	if j.dir == "" {
		j.dir = output.Name(j.about.Scenario, j.about.Variant, j.about.Hash, seed, n)
		if p.only != nil {
			j.dir += "-only-" + strings.ReplaceAll(strings.ReplaceAll(o.only, " ", ""), ",", "-")
		}
	}
	return j
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
	charts   []string
	warnings []string
	took     time.Duration
}

// run simulates, and writes the result folder.
func (j *job) run(ctx context.Context, fs afero.Fs, s *streams) (*result, error) {
	started := time.Now()
	if need := j.memory(); need > j.maxMemory {
		return nil, &limitError{
			Code: "E503",
			What: fmt.Sprintf("this run needs about %s of memory; the limit is %s", bytesText(need), bytesText(j.maxMemory)),
			Why:  fmt.Sprintf("%s to start with, and %s for what it says of %s numbers", bytesText(bytesProgram), bytesText(need-bytesProgram), count(j.cells().Count())),
			Hint: "raise --max-memory, or ask for a shorter time",
		}
	}
	r := &result{job: j, frames: newFrames(j.shown())}
	folder, err := output.Create(fs, j.dir, j.about, j.columns, j.folderOptions())
	if errors.Is(err, output.ErrDone) {
		return nil, &doneError{j.dir}
	}
	if err != nil {
		return nil, err
	}
	defer folder.Abort() // nothing is left half-written

	head := j.runHead()
	keeper, err := folder.RowKeeper(j.runs[0], head.Width())
	if err != nil {
		return nil, err
	}
	r.table = record.NewRuns(head, keeper)
	r.chances = record.NewChances(j.questions())
	r.told = newTally(j.runs[0])
	sinks := tee{runs: r.table, chances: r.chances, folder: folder, others: record.Sinks{r.frames, newExpectations(j.study, r.chances, r.table), r.told}}
	var accumulator record.Accumulator
	if j.drawn {
		accumulator = record.NewAccumulator(j.cells(), j.about.Runs)
		sinks.others = append(sinks.others, accumulator)
	}
	if err := j.simulate(ctx, s, sinks); err != nil {
		return nil, err
	}
	r.judged = r.verdicts()
	if j.drawn {
		r.summary = accumulator.Summary()
		if err := folder.Summary(r.summary); err != nil {
			return nil, err
		}
	}
	if err := folder.Runs(r.table); err != nil {
		return nil, err
	}
	if len(r.frames.runs) > 0 && !folder.HasSeriesCSV() {
		r.warn(folder, "series.csv is left out: more than a million values; series.parquet holds them")
	}
	if err := r.draw(ctx, folder); err != nil {
		return nil, err
	}
	r.took = time.Since(started)
	if err := folder.Timing(j.timing(started, r.took)); err != nil {
		return nil, err
	}
	return r, folder.Close()
}

// simulate drives the runs into the sinks and shows how far they are.
func (j *job) simulate(ctx context.Context, s *streams, sinks tee) error {
	progress := newProgress(s, len(j.runs), j.options.quiet, j.about)
	kept := func(run int) bool { _, is := slices.BinarySearch(j.kept, run); return is }
	p := j.plan(j.runs)
	p.Workers, p.Progress = j.options.workers, progress.done
	p.Told = func(run int) bool { return kept(run) || run == j.runs[0] }
	err := ensemble.Run(ctx, p, sinks)
	progress.end()
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil && ctx.Err() != nil {
		return j.stopped(context.Cause(ctx), progress.count())
	}
	return err
}

// plan is what all ways of running a job have in common.
func (j *job) plan(runs []int) ensemble.Plan {
	return ensemble.Plan{Model: j.study.Model, Inputs: j.study.SimInputs(), Seed: j.about.Seed, Runs: runs, Prepare: j.prepare}
}

// stopped says what became of a job that was broken off.
func (j *job) stopped(why error, done int) error {
	what := fmt.Sprintf("%d of %d runs were done; nothing was written to %s", done, len(j.runs), j.dir)
	if sig, ok := errors.AsType[*signalError](why); ok {
		return &signalError{signal: sig.signal, what: what}
	}
	if l, ok := errors.AsType[*limitError](why); ok {
		return &limitError{Code: l.Code, What: l.What, Why: what, Hint: l.Hint}
	}
	return why
}

// shown are the runs whose frames charts draw: the central run and runs 1 to 5.
func (j *job) shown() []int { return j.runs[:min(len(j.runs), 6)] }

// everyMonth tells which columns charts draw, so that a summary holds all their months.
func everyMonth(c record.Column) bool { return slices.Contains(chartedMetrics(), c.Metric) }

// cells are what a summary holds.
func (j *job) cells() record.Cells {
	return record.ChooseCells(j.columns, j.about.Start, j.about.End, everyMonth)
}

// memory is what the job takes at most, in bytes. It does not depend on the number of runs once their values
// no longer fit [record.ExactBudget]: rows of runs.csv wait on disk, and of frames only those are held that
// charts draw and those of kept runs that wait for an earlier one.
func (j *job) memory() int64 {
	frame := 8 * int64(len(j.columns))
	months := int64(j.about.End-j.about.Start) + 1
	workers := int64(min(j.workers(), len(j.runs)))
	waiting := min(int64(len(j.kept)), workers)
	need := bytesProgram + frame*months*(int64(len(j.shown()))+waiting) + workers*(measure.Memory*frame+8*int64(len(j.study.Inputs)))
	if j.drawn {
		need += record.AccumulatorBytes(j.cells(), j.about.Runs)
	}
	return need
}

// workers is the number of runs at a time.
func (j *job) workers() int {
	if j.options.workers == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return j.options.workers
}

// questions are what is counted over the runs.
func (j *job) questions() record.Questions {
	return record.Questions{
		From: j.about.Start, To: j.about.End, Firsts: j.firsts(), Extra: len(j.study.Expect), Central: !j.drawn,
	}
}

// firsts are the events whose first date is kept of each run.
func (j *job) firsts() []record.First {
	var firsts []record.First
	for _, kind := range sim.Counted() {
		firsts = append(firsts, record.First{Kind: kind})
	}
	for _, e := range j.about.Entities {
		if hasRole(e.Roles, "lab") || hasRole(e.Roles, "cloud") {
			firsts = append(firsts, record.First{Kind: "default", Firm: e.Key})
		}
	}
	return firsts
}

// runHead says what runs.csv holds of each run.
func (j *job) runHead() record.RunHead {
	head := record.RunHead{Columns: j.columns, Firsts: j.firsts(), Numbers: comparedNumbers(j.study)}
	for _, in := range j.study.Inputs {
		head.Inputs = append(head.Inputs, record.Input{Path: in.Path, Unit: in.Target.Dim})
	}
	roles := map[string]string{}
	for _, e := range j.about.Entities {
		roles[e.Key] = e.Roles
	}
	head.Outcomes = record.YearEnds(j.columns, j.about.Start, j.about.End, func(c record.Column) bool {
		role, ok := outcomeMetrics()[c.Metric]
		return ok && (role == "" || hasRole(roles[c.Entity], role))
	})
	return head
}

// outcomeMetrics are what runs.csv holds of each year end, with the role of the firms it is kept of.
func outcomeMetrics() map[string]string {
	names := map[string]string{}
	for m, role := range map[measure.ID]string{
		measure.MarketShare: "lab", measure.RevenueRunRate: "lab", measure.Valuation: "lab", measure.Capability: "lab",
		measure.CapacityEnergised: "cloud", measure.MarketSize: "", measure.TotalEnergised: "", measure.TotalCapex: "",
		measure.RentPerGWYear: "", measure.HHI: "", measure.CircularShare: "", measure.FrontierCapability: "",
	} {
		names[m.Def().Name] = role
	}
	return names
}

func hasRole(roles, role string) bool {
	return slices.Contains(strings.Split(roles, ", "), role)
}

func (j *job) folderOptions() output.Options {
	o := output.Options{
		Scenario: j.study.Encode(), Kept: j.kept, Silenced: j.study.Header.Allow, Force: j.options.force,
		Meanings: map[string]string{}, Flags: map[string]string{"plots": j.options.plots},
	}
	if len(j.options.sets) > 0 {
		o.Flags["set"] = strings.Join(j.options.sets, "; ")
	}
	if j.options.only != "" {
		o.Flags["only"] = j.options.only
	}
	for _, d := range measure.All() {
		o.Meanings[d.Name] = d.Doc
	}
	for _, f := range j.study.Files {
		o.Inputs = append(o.Inputs, output.Entry{Path: f.Name, Size: int64(f.Bytes), SHA256: f.SHA256})
	}
	return o
}

func (j *job) timing(started time.Time, took time.Duration) output.Timing {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return output.Timing{
		Started: started.UTC().Format(time.RFC3339), Seconds: took.Seconds(), Workers: j.workers(),
		Toolchain: runtime.Version(), Processor: runtime.GOOS + "/" + runtime.GOARCH, Memory: int64(m.Sys),
	}
}

// doneError says that the folder holds this very result.
type doneError struct{ dir string }

func (e *doneError) Error() string { return e.dir + " holds this very result" }

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

// keepWreck repeats a run that broke a law and keeps what it yields up to there, apart from any result and
// marked as unusable.
func (j *job) keepWreck(fs afero.Fs, broken *ensemble.RunError, bug *bugError) (dir string, err error) {
	o := j.folderOptions()
	o.Kept, o.Force = []int{broken.Run}, true
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
