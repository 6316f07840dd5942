package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
)

// runOptions is what `powerplay run` can be told.
type runOptions struct {
	screenOptions
	scenario  string
	runs      int     // -1: as the scenario says
	seed      *uint64 // nil: as the scenario says
	design    string  // empty: as the scenario says
	until     string  // empty: as many runs as are said
	out       string  // empty: a name made from the scenario
	sets      []string
	variant   string   // empty: the scenario itself; all: it and each of its variants
	without   []string // contracts that are left out in one more job each
	workers   int      // 0: one a processor
	only      string   // such as 17,203
	shard     string   // such as 3/8, or auto
	resume    string   // a folder to go on with; auto: the one of the result, if it is there
	plots     string
	keep      string
	ledger    bool // every posting of the first run
	maxMemory string
	maxTime   time.Duration
	dryRun    bool
	quiet     bool
	json      bool
	strict    bool
	force     bool
	typed     []string // the command line
}

// defaultRunOptions are those of a command line that names the scenario alone.
func defaultRunOptions() runOptions {
	return runOptions{
		screenOptions: screenOptions{color: "auto", problems: "human"},
		runs:          -1, plots: "default", keep: "sample", maxMemory: "1 GB",
	}
}

func runCommand(fs afero.Fs, s *streams) *cli.Command {
	o := defaultRunOptions()
	var seed uint64
	var sets, without cli.StringSlice
	return &cli.Command{
		Name: "run", ArgsUsage: "SCENARIO", Usage: "simulate a scenario and write a result folder",
		UsageText: "powerplay run base-2026\npowerplay run amazon-milestones --runs 200 --variant all\npowerplay run base-2026 --set 'firms.xai.cash=$5B' --set market.enterprise.growth=60%/yr",
		Description: "SCENARIO is a file or a name that `powerplay list` prints. Run 0, the central run, has every uncertain input at its median;\n" +
			"runs 1 to N draw them. The same scenario, seed and run give the same bytes on any number of workers: a FOLDER that holds this\n" +
			"very result is left as it is, but for charts that are missing. With --variant all or --without, FOLDER holds a result of\n" +
			"each, and powerplay report FOLDER sets them side by side.",
		Flags: append([]cli.Flag{
			&cli.IntFlag{Name: "runs", Aliases: []string{"n"}, Value: o.runs, Destination: &o.runs, DefaultText: "as the scenario says", Usage: "`N` drawn runs; 0 for the central run alone"},
			&cli.Uint64Flag{Name: "seed", Destination: &seed, DefaultText: "as the scenario says, else 1", Usage: "`SEED` of all draws"},
			&cli.StringFlag{Name: "design", Destination: &o.design, DefaultText: "as the scenario says", Usage: "`KIND` of runs: " + strings.Join(scenarios.DesignKinds(), ", ")},
			&cli.StringFlag{Name: "until", Destination: &o.until, Usage: "as many runs as `GOAL` takes: a median known to a half-width, as 'openai.market_share@2030-12=1pp'"},
			&cli.StringSliceFlag{Name: "set", Destination: &sets, Usage: "`PATH=VALUE` to override; may be repeated"},
			&cli.StringFlag{Name: "variant", Destination: &o.variant, Usage: "`NAME` of a variant, or all"},
			&cli.StringSliceFlag{Name: "without", Destination: &without, Usage: "runs the scenario as it is and without `CONTRACT`, on the same draws; a list with commas goes together"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Destination: &o.out, DefaultText: "named after the scenario", Usage: "`FOLDER` of the result"},
			&cli.StringFlag{Name: "only", Destination: &o.only, Usage: "`RUNS` to repeat, such as 17,203, with all their decisions"},
			&cli.StringFlag{Name: "resume", Destination: &o.resume, Usage: "unfinished `FOLDER` to go on with by the same flags, saved every 10 s; auto: begin if there is none"},
			&cli.StringFlag{Name: "shard", Destination: &o.shard, Usage: "simulate `PART` alone, such as 3/8, for powerplay merge; auto: as a job array says"},
			&cli.StringFlag{Name: "plots", Value: o.plots, Destination: &o.plots, Usage: "`WHICH` charts: none, default or all"},
			&cli.StringFlag{Name: "keep", Value: o.keep, Destination: &o.keep, Usage: "`WHICH` runs keep series and events: none, sample (0 to 5) or all"},
			&cli.BoolFlag{Name: "ledger", Destination: &o.ledger, Usage: "write every posting of the central run, or the first of --only, to ledger.csv"},
			&cli.IntFlag{Name: "workers", Destination: &o.workers, DefaultText: "one a processor", Usage: "`N` runs at a time; 0: one a processor"},
			&cli.StringFlag{Name: "max-memory", Value: o.maxMemory, Destination: &o.maxMemory, Usage: "refuse what needs more memory than `SIZE` in all"},
			&cli.DurationFlag{Name: "max-time", Destination: &o.maxTime, DefaultText: "none", Usage: "stop after `TIME`, such as 10m"},
			&cli.BoolFlag{Name: "dry-run", Destination: &o.dryRun, Usage: "say what would be run and what it would cost; write nothing"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print the summary as JSON"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Destination: &o.quiet, Usage: "print the result folder and errors alone"},
			&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: "take warnings for errors"},
			&cli.BoolFlag{Name: "force", Destination: &o.force, Usage: "replace the result in the folder, what was added to it too"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) (err error) {
			if o.scenario, err = oneArgument(c, "one scenario", "powerplay run base-2026"); err != nil {
				return err
			}
			if c.IsSet("seed") {
				o.seed = &seed
			}
			if c.IsSet("runs") && o.runs < 0 {
				return &usageError{What: fmt.Sprintf("`--runs` is %d; it must lie between 0 and %s", o.runs, count(scenarios.MaxRuns)), Hint: "without the flag there are as many as the scenario says"}
			}
			if c.IsSet("max-time") && o.maxTime <= 0 {
				return &usageError{What: fmt.Sprintf("`--max-time` is %v; it must be above zero", o.maxTime), Hint: "give a time such as 10m; without the flag there is no limit"}
			}
			o.sets, o.without, o.typed = sets.Value(), without.Value(), s.args
			return run(c.Context, fs, s, o)
		},
	}
}

// plan is what the options mean, once read.
type plan struct {
	only      []int
	shard     shard
	maxMemory int64
}

// validate reads the options that are text; it changes none of them.
func (o *runOptions) validate() (p plan, err error) {
	if o.runs < -1 || o.runs > scenarios.MaxRuns {
		return p, &usageError{What: fmt.Sprintf("`--runs` is %d; it must lie between 0 and %s", o.runs, count(scenarios.MaxRuns))}
	}
	if o.workers < 0 {
		return p, &usageError{What: fmt.Sprintf("`--workers` is %d; it must be at least 0", o.workers), Hint: "0 is one a processor"}
	}
	if err := oneOf("plots", o.plots, "none", "default", "all"); err != nil {
		return p, err
	}
	if err := oneOf("keep", o.keep, "none", "sample", "all"); err != nil {
		return p, err
	}
	if o.design != "" {
		if err := oneOf("design", o.design, scenarios.DesignKinds()...); err != nil {
			return p, err
		}
	}
	if p.maxMemory, err = readBytes(o.maxMemory); err != nil {
		return p, &usageError{What: fmt.Sprintf("`--max-memory` takes a size, not `%s`", o.maxMemory), Hint: "write 500 MB or 4 GB"}
	}
	if p.only, err = readRuns(o.only); err != nil {
		return p, &usageError{What: "`--only` takes the numbers of runs: " + err.Error(), Hint: "write --only 17,203 or --only 1-20"}
	}
	if p.shard, err = readShard(o.shard, os.Getenv); err != nil {
		return p, err
	}
	switch {
	case p.only != nil && o.keep == "none":
		return p, &usageError{What: "`--only` repeats runs to see their series and decisions, and `--keep none` keeps none", Hint: "leave --keep out"}
	case p.shard.count > 0 && o.plots != "default" && o.plots != "none":
		return p, &usageError{What: "a part has no charts: `--plots` does nothing beside `--shard`", Hint: "say it at the end: powerplay merge PARTS --plots " + o.plots}
	case o.resume != "" && o.force:
		return p, &usageError{What: "`--resume` and `--force` exclude each other", Hint: "--resume goes on with what is there, --force begins anew"}
	case o.resume != "" && o.resume != "auto" && o.out != "" && filepath.Clean(o.out) != filepath.Clean(o.resume):
		return p, &usageError{What: fmt.Sprintf("`--resume %s` goes on in that folder, and `--out` names another", o.resume), Hint: "leave --out out"}
	}
	return p, nil
}

// mostOnly is how many runs a range of them names at most.
const mostOnly = 10_000

// readRuns reads "17,203" and "1-20" into rising numbers without repeats. A text that is not empty names a run.
func readRuns(text string) ([]int, error) {
	var runs []int
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		first, last, ranged := strings.Cut(part, "-")
		a, err := strconv.Atoi(strings.TrimSpace(first))
		b := a
		if err == nil && ranged {
			b, err = strconv.Atoi(strings.TrimSpace(last))
		}
		switch {
		case err == nil && b < a:
			return nil, fmt.Errorf("`%s` goes down", part)
		case err == nil && (a < 0 || b > scenarios.MaxRuns):
			return nil, fmt.Errorf("in `%s` one is not between 0 and %s", part, count(scenarios.MaxRuns))
		case err == nil && b-a >= mostOnly:
			return nil, fmt.Errorf("`%s` are more than %s", part, count(mostOnly))
		case err != nil:
			return nil, fmt.Errorf("`%s` is none", part)
		}
		for ; a <= b; a++ {
			runs = append(runs, a)
		}
	}
	if text != "" && len(runs) == 0 {
		return nil, fmt.Errorf("`%s` names none", text)
	}
	slices.Sort(runs)
	return slices.Compact(runs), nil
}

// readBytes reads a size such as 500 MB.
func readBytes(text string) (int64, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, u := range []struct {
		suffix string
		bytes  float64
	}{{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"", 1}} {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(x > 0) || x*u.bytes > 1<<60 {
			return 0, errors.New("no size")
		}
		return int64(x * u.bytes), nil
	}
	return 0, errors.New("no size")
}

// collectRarely is what the garbage collector lets pile up, in percent of what is in use, while that is a few megabytes: to
// read a scenario and play its central run. For more runs see [job.garbage].
const collectRarely = 400

// run simulates a scenario, or a scenario and its variants, and tells what came of it.
func run(ctx context.Context, fs afero.Fs, s *streams, o runOptions) error {
	started := time.Now()
	usual := debug.SetGCPercent(collectRarely)
	defer debug.SetGCPercent(usual)
	if err := o.apply(s); err != nil {
		return err
	}
	p, err := o.validate()
	if err != nil {
		return err
	}
	if o.resume != "" && o.resume != "auto" {
		if is, err := afero.DirExists(fs, o.resume); err == nil && !is {
			return &output.FileError{Op: "read", Path: o.resume, Err: os.ErrNotExist}
		}
		o.out = o.resume
	}
	if o.maxTime > 0 {
		limit := &limitError{Code: "E508", What: fmt.Sprintf("stopped after %v, the limit of --max-time", o.maxTime), Hint: "give it more time, or fewer --runs"}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.maxTime, limit)
		defer cancel()
	}
	if o.design != "" && o.ownDesign(fs) {
		o.design = ""
	}
	studies, warnings, err := loadStudies(fs, o)
	if err != nil {
		return err
	}
	if len(warnings) > 0 && !o.quiet {
		_ = s.printProblems(s.err, warnings)
	}
	if o.until != "" {
		if o.runs, err = runsUntil(ctx, fs, s, studies, o, p); err != nil {
			return err
		}
	}
	var jobs []*job
	for _, study := range studies {
		j, err := newJob(study, o, p)
		if err != nil {
			return err
		}
		jobs = append(jobs, j)
	}
	sideBySide(jobs, o.out)
	if o.dryRun {
		return dryRun(ctx, fs, s, jobs, o, time.Since(started))
	}
	done, err := runAll(ctx, fs, s, jobs)
	if err != nil {
		return err
	}
	debug.SetGCPercent(usual)
	if p.shard.count > 0 {
		return tellParts(s, o, done)
	}
	return conclude(fs, s, o, done)
}

// conclude compares what variants came to, tells it, and says whether the expectations hold.
func conclude(fs afero.Fs, s *streams, o runOptions, done []*result) error {
	compared, err := compare(fs, done)
	if err != nil {
		return err
	}
	if err := tell(fs, s, o, done, compared); err != nil {
		return err
	}
	failed := missed(compared)
	for _, r := range done {
		failed += missed(r.judged)
	}
	if failed > 0 {
		return &expectationError{failed}
	}
	return nil
}

// sideBySide puts the results of several jobs into one folder, each under the name of its variant. out is empty for a folder
// named after the scenario.
func sideBySide(jobs []*job, out string) {
	if len(jobs) == 1 {
		return
	}
	if out == "" {
		var hashes []string
		for _, j := range jobs {
			hashes = append(hashes, j.about.Variant+" "+j.about.Hash)
		}
		slices.Sort(hashes) // parts come in another order
		sum := sha256.Sum256([]byte(strings.Join(hashes, "\n")))
		out = jobs[0].ownDir("all", hex.EncodeToString(sum[:]))
	}
	held := int64(0)
	for i, j := range jobs {
		j.named, j.follow, j.held = variantName(j.study), len(jobs)-1-i, held
		j.dir, j.resumable = filepath.Join(out, output.FileName(j.named)), out
		held += j.resultBytes()
	}
}

// runAll runs one job after the other, unless it finds all of them done. Their checkpoints go once all are done: to go on
// with the second, the runs of the first are needed again.
func runAll(ctx context.Context, fs afero.Fs, s *streams, jobs []*job) (done []*result, err error) {
	defer func() {
		if err == nil || errors.As(err, new(*doneError)) {
			for _, j := range jobs {
				output.RemoveCheckpoint(fs, j.dir)
			}
		}
	}()
	open := func(j *job) bool { return !j.done(fs) }
	if !jobs[0].options.force && !slices.ContainsFunc(jobs, open) {
		return nil, leave(ctx, fs, jobs)
	}
	return runEach(ctx, fs, s, jobs)
}

// runEach runs one job after the other.
func runEach(ctx context.Context, fs afero.Fs, s *streams, jobs []*job) (done []*result, err error) {
	defer limitMemory(jobs)()
	for _, j := range jobs {
		if !j.options.force && j.done(fs) {
			j.folder.Force, j.folder.Resume = true, true // it is written again, from its checkpoint if that is still there
		}
		r, err := j.run(ctx, fs, s)
		if err != nil {
			return nil, j.explain(fs, err)
		}
		done = append(done, r)
	}
	return done, nil
}

// variantName names a study among the variants of its scenario.
func variantName(s *scenarios.Study) string {
	if s.Variant == "" {
		return s.Header.Name
	}
	return s.Variant
}

// ownDesign tells whether the design that the command line names is the one that all scenarios have which it runs.
func (o *runOptions) ownDesign(fs afero.Fs) bool {
	variants := []string{o.variant}
	if o.variant == scenarios.AllVariants {
		variants = []string{""}
	}
	for i := 0; i < len(variants); i++ {
		r, problems := scenarios.Source{FS: fs, Library: scenarios.Library()}.Read(o.scenario, variants[i], o.sets)
		if r == nil || scenarios.Errors(problems) > 0 || r.Header.Design.Kind != o.design {
			return false
		}
		if o.variant == scenarios.AllVariants && i == 0 {
			variants = append(variants, r.Variants...)
		}
	}
	return true
}

// loadStudies reads the scenario, or it and all its variants, or it and itself without contracts, and refuses what has
// problems.
func loadStudies(fs afero.Fs, o runOptions) (studies []*scenarios.Study, warnings []scenarios.Problem, err error) {
	if len(o.without) > 0 {
		return loadWithout(fs, o)
	}
	sets := o.sets
	if o.design != "" {
		sets = append(slices.Clip(sets), "design.kind="+o.design)
	}
	variants := []string{o.variant}
	if o.variant == scenarios.AllVariants {
		variants = []string{""}
	}
	for i := 0; i < len(variants); i++ {
		study, problems := scenarios.Load(fs, o.scenario, variants[i], sets)
		if o.design != "" {
			blameDesign(problems, len(sets))
		}
		if scenarios.Errors(problems) > 0 || o.strict && len(problems) > 0 {
			return nil, nil, &problemsError{problems: problems, strict: o.strict}
		}
		if o.variant == scenarios.AllVariants && i == 0 {
			if err := nameable(study, o.scenario); err != nil {
				return nil, nil, err
			}
			variants = append(variants, study.Variants...)
		}
		studies = append(studies, study)
		for _, p := range problems {
			if !slices.ContainsFunc(warnings, func(q scenarios.Problem) bool { return q.Error() == p.Error() }) {
				warnings = append(warnings, p)
			}
		}
	}
	return studies, warnings, nil
}

// blameDesign places problems of the --set that stands for --design there.
func blameDesign(problems []scenarios.Problem, set int) {
	for i := range problems {
		if p := &problems[i]; p.Note == fmt.Sprintf("--set #%d", set) {
			p.Note, p.Snippet = "--design", ""
		}
	}
}

// nameable refuses to run all variants of a scenario that has none, or one of the scenario's own name: each result has a
// folder of its name.
func nameable(study *scenarios.Study, scenario string) error {
	switch {
	case len(study.Variants) == 0:
		return &usageError{What: fmt.Sprintf("`%s` has no variants", scenario), Hint: "leave --variant out"}
	case slices.Contains(study.Variants, study.Header.Name):
		return &usageError{What: fmt.Sprintf("`%s` has a variant of its own name, `%s`, so their results would stand in one folder", scenario, study.Header.Name), Hint: "give the scenario another `name`"}
	}
	return nil
}

// loadWithout reads the scenario as it is, and once for each list of contracts that are to be left out.
func loadWithout(fs afero.Fs, o runOptions) (studies []*scenarios.Study, warnings []scenarios.Problem, err error) {
	if o.variant == scenarios.AllVariants {
		return nil, nil, &usageError{What: "`--without` and `--variant all` exclude each other", Hint: "name one variant, or none"}
	}
	for _, list := range append([]string{""}, o.without...) {
		one := o
		one.without = nil
		one.sets = slices.Clone(o.sets)
		name := o.variant
		for _, key := range keysOf([]string{list}) {
			one.sets = append(one.sets, "contracts."+key+"=null")
			name = strings.TrimPrefix(name+"-without-"+key, "-")
		}
		study, warned, err := loadStudies(fs, one)
		if err != nil {
			return nil, nil, err
		}
		if list == "" {
			if err := knowContracts(study[0], o.scenario, "without", o.without); err != nil {
				return nil, nil, err
			}
		}
		study[0].Variant = name
		studies = append(studies, study...)
		warnings = append(warnings, warned...)
	}
	return studies, warnings, nil
}

// knowContracts refuses contracts that a flag names and the scenario, which the user calls by a name, does not have.
func knowContracts(study *scenarios.Study, called, flag string, lists []string) error {
	tree, _ := scenarios.Parse("scenario.yaml", study.Encode())
	known := tree.Child("contracts").Keys()
	var wrong, meant []string
	for _, key := range keysOf(lists) {
		if slices.Contains(known, key) {
			continue
		}
		wrong = append(wrong, "`"+key+"`")
		if best, ok := scenarios.Nearest(key, known); ok {
			meant = append(meant, "`"+best+"`")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	e := &usageError{
		What: fmt.Sprintf("`--%s` names %s that `%s` does not have: %s", flag, map[bool]string{true: "a contract", false: "contracts"}[len(wrong) == 1], study.Header.Name, strings.Join(wrong, ", ")),
		Hint: "all: powerplay list contracts " + quoted(called),
	}
	if len(meant) > 0 {
		e.Hint = "did you mean " + strings.Join(meant, ", ") + "?"
	}
	return e
}

// keysOf takes the values of a repeated flag apart, each of which may list several names: none has a comma in it.
func keysOf(lists []string) []string {
	var keys []string
	for _, list := range lists {
		for key := range strings.SplitSeq(list, ",") {
			if key = strings.TrimSpace(key); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
