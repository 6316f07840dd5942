package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/record"
)

// compareOptions is what `powerplay compare` can be told.
type compareOptions struct {
	runOptions          // what all sides have in common
	sides      []string // the reference first: a scenario, or scenario:variant
	with       []string
	attributes string // auto, always or never
	orders     int
	diverges   int // drawn runs in which the first divergence is looked for
}

func compareCommand(fs afero.Fs, s *streams) *cli.Command {
	o := compareOptions{runOptions: defaultRunOptions(), attributes: "auto", orders: 16, diverges: 100}
	o.plots = "none"
	var seed uint64
	var without, with cli.StringSlice
	return &cli.Command{
		Name: "compare", ArgsUsage: "SCENARIO ...", Usage: "say what differs between scenarios, and which change does it, on the same draws",
		UsageText: "powerplay compare base-2026 --without amd-openai-warrants,amd-openai-chips\npowerplay compare microsoft-rofr:no-right microsoft-rofr:always-exercised microsoft-rofr",
		Description: "SCENARIO is a file or a name that `powerplay list` prints, or SCENARIO:VARIANT. The first is the reference. Alone it is\n" +
			"compared with itself under --without and --with, all changes together, or else with each of its variants.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "without", Destination: &without, Usage: "leaves `CONTRACT` out of the reference: one more side; may be repeated"},
			&cli.StringSliceFlag{Name: "with", Destination: &with, Usage: "sets `PATH=VALUE` in that side; may be repeated"},
			&cli.IntFlag{Name: "runs", Aliases: []string{"n"}, Value: o.runs, Destination: &o.runs, DefaultText: "as the reference says, else 100", Usage: "`N` drawn runs of each side"},
			&cli.Uint64Flag{Name: "seed", Destination: &seed, DefaultText: "as the reference says, else 1", Usage: "`SEED` of all draws"},
			&cli.StringFlag{Name: "attribute", Value: o.attributes, Destination: &o.attributes, Usage: "`WHEN` to divide differences among changes: always, never, or auto: up to 3"},
			&cli.IntFlag{Name: "orders", Value: o.orders, Destination: &o.orders, Usage: "with more than 8 changes, divides by `N` drawn orders of them"},
			&cli.IntFlag{Name: "divergence", Value: o.diverges, Destination: &o.diverges, Usage: "looks where the sides part in `N` drawn runs; each costs up to two runs told in full"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Destination: &o.out, DefaultText: "named after the sides", Usage: "`FOLDER` of tables, with the result of each side inside"},
			&cli.StringFlag{Name: "resume", Destination: &o.resume, Usage: "go on with the unfinished `FOLDER`"},
			&cli.StringFlag{Name: "plots", Value: o.plots, Destination: &o.plots, Usage: "`WHICH` charts of each side: none, default or all"},
			&cli.IntFlag{Name: "workers", Destination: &o.workers, DefaultText: "one a processor", Usage: "`N` runs at a time"},
			&cli.StringFlag{Name: "max-memory", Value: o.maxMemory, Destination: &o.maxMemory, Usage: "refuse what needs more memory than `SIZE` in all"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print the comparison as JSON"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Destination: &o.quiet, Usage: "print the folder and errors alone"},
			&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: "take warnings for errors"},
			&cli.BoolFlag{Name: "force", Destination: &o.force, Usage: "replace another result in the folder"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return &usageError{What: "powerplay compare needs a scenario, or several", Hint: "such as: powerplay compare microsoft-rofr microsoft-rofr:no-right"}
			}
			if c.IsSet("seed") {
				o.seed = &seed
			}
			o.sides, o.without, o.with, o.typed = c.Args().Slice(), without.Value(), with.Value(), s.args
			return compareSides(c.Context, fs, s, o)
		},
	}
}

// comparison is scenarios that are compared on the same draws.
type comparison struct {
	options  compareOptions
	dir      string
	sides    []*compared // the reference first
	headline []quantity
	hash     string   // of all sides together
	charts   []string // drawn
	took     time.Duration
}

// compared is one of them, and what it comes to against the reference.
type compared struct {
	*side
	name        string
	job         *job
	result      *output.Result // its folder, once it has been run
	items       []item
	numbers     []contrast // of all outcomes
	divergences []divergence
	attributed  *attribution // nil where nothing was divided
	because     string       // why not
}

// validate reads the options that are text or counts.
func (o *compareOptions) validate() (p plan, err error) {
	if p, err = o.validateDraws(); err != nil {
		return p, err
	}
	switch {
	case o.orders < 2 || o.orders > 10_000:
		return p, &usageError{What: fmt.Sprintf("`--orders` is %d; it lies between 2 and 10,000", o.orders), Hint: "orders are drawn in pairs, each with its reverse"}
	case o.diverges < 0:
		return p, &usageError{What: fmt.Sprintf("`--divergence` is %d; it is at least 0", o.diverges), Hint: "0 looks in the central run alone"}
	}
	return p, oneOf("attribute", o.attributes, "auto", "always", "never")
}

// validateDraws reads the options of what is paired run by run.
func (o *runOptions) validateDraws() (p plan, err error) {
	if p, err = o.validate(); err == nil && (o.runs == 0 || o.runs == 1) {
		err = &usageError{What: fmt.Sprintf("`--runs` is %d; differences need draws", o.runs), Hint: "give at least 2; intervals of medians need 6"}
	}
	return p, err
}

// drawsOf is how many runs are paired: as the flag says, else the scenario, else a hundred.
func drawsOf(study *scenarios.Study, o runOptions, p plan) (int, error) {
	n, err := runsOf(study, o, p)
	if n < 2 {
		n = 100
	}
	return n, err
}

func compareSides(ctx context.Context, fs afero.Fs, s *streams, o compareOptions) error {
	started := time.Now()
	if err := o.apply(s); err != nil {
		return err
	}
	p, err := o.validate()
	if err != nil {
		return err
	}
	c := &comparison{options: o}
	warnings, err := c.load(fs, p)
	if err != nil {
		return err
	}
	if len(warnings) > 0 && !o.quiet {
		_ = s.printProblems(s.err, warnings)
	}
	folder, err := c.begin(fs)
	if err != nil {
		return err
	}
	defer folder.Abort()
	if err := c.play(ctx, fs, s); err != nil {
		return err
	}
	for _, x := range c.sides[1:] {
		if err := c.against(ctx, s, x); err != nil {
			return x.job.explain(fs, err)
		}
	}
	if err := c.write(folder); err != nil {
		return err
	}
	if c.charts, err = c.draw(folder); err != nil {
		return err
	}
	if err := folder.Close(); err != nil {
		return err
	}
	c.took = time.Since(started)
	return c.tell(s)
}

// load reads all sides, and says what is wrong with any of them.
func (c *comparison) load(fs afero.Fs, p plan) (warnings []scenarios.Problem, err error) {
	o := c.options
	var wanted []runOptions
	for _, name := range o.sides {
		if is, _ := afero.Exists(fs, filepath.Join(name, "manifest.json")); is {
			return nil, &usageError{What: fmt.Sprintf("`%s` is a result, and powerplay compare runs scenarios", name), Hint: "of two results, powerplay explain ONE --against OTHER says where they part, and powerplay report ONE OTHER --out FOLDER sets them side by side"}
		}
		one, err := o.named(fs, name)
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, one)
	}
	if len(o.without)+len(o.with) > 0 {
		wanted = append(wanted, o.changed(wanted[0]))
	}
	var studies []*scenarios.Study
	var wrong []scenarios.Problem
	for i := 0; i < len(wanted); i++ {
		one, warned, err := loadStudies(fs, wanted[i])
		if e, ok := errors.AsType[*problemsError](err); ok {
			wrong = append(wrong, e.problems...)
			studies = append(studies, nil)
			continue
		} else if err != nil {
			return nil, err
		}
		studies = append(studies, one[0])
		warnings = append(warnings, warned...)
		if len(wanted) > 1 {
			continue
		}
		if len(one[0].Variants) == 0 {
			return nil, &usageError{What: fmt.Sprintf("there is nothing to compare `%s` with", o.sides[0]), Hint: "name another scenario, or leave a contract out with --without, or change a value with --with"}
		}
		for _, v := range one[0].Variants {
			other := wanted[0]
			other.variant = v
			wanted = append(wanted, other)
		}
	}
	if studies[0] != nil {
		if err := knowContracts(studies[0], wanted[0].scenario, "without", o.without); err != nil {
			return nil, err
		}
	}
	if len(wrong) > 0 {
		return nil, &problemsError{problems: distinct(wrong), strict: o.strict}
	}
	if err := c.makeJobs(studies, wanted, p); err != nil {
		return nil, err
	}
	for _, x := range c.sides[1:] {
		if p, same := sameModel(c.sides[0].name, x.name, c.sides[0].job.about, x.job.about); same {
			warnings = append(warnings, p)
		}
	}
	if o.strict && len(warnings) > 0 {
		return nil, &problemsError{problems: distinct(warnings), strict: true}
	}
	return distinct(warnings), nil
}

// named are the options with a scenario by its name, or scenario:variant, which is one.
func (o *runOptions) named(fs afero.Fs, name string) (runOptions, error) {
	one := *o
	one.without, one.scenario = nil, name
	if i := strings.LastIndex(name, ":"); i > 0 {
		if is, _ := afero.Exists(fs, name); !is {
			one.scenario, one.variant = name[:i], name[i+1:]
		}
	}
	if one.variant == scenarios.AllVariants {
		return one, &usageError{What: fmt.Sprintf("`%s` is several scenarios, and one belongs here", name), Hint: "name one variant; powerplay compare takes a scenario that stands alone with each of its variants"}
	}
	return one, nil
}

// changed is the reference with all that the command line changes in it.
func (o *compareOptions) changed(one runOptions) runOptions {
	one.sets = nil
	for _, key := range keysOf(o.without) {
		one.sets = append(one.sets, "contracts."+key+"=null")
	}
	one.sets = append(one.sets, o.with...)
	return one
}

// sideName names a side as its folder is named.
func (o *compareOptions) sideName(study *scenarios.Study, one runOptions) string {
	name := study.Header.Name
	if study.Variant != "" {
		name += "+" + study.Variant
	}
	if len(one.sets) == 0 {
		return name
	}
	keys := keysOf(o.without)
	for _, set := range o.with {
		path, _, _ := strings.Cut(set, "=")
		keys = append(keys, strings.TrimSpace(path))
	}
	const most = 2
	more := ""
	if len(keys) > most {
		more = fmt.Sprintf("-and-%d-more", len(keys)-most)
	}
	word := "without-"
	if len(o.without) == 0 {
		word = "with-"
	}
	return name + "+" + word + strings.Join(keys[:min(most, len(keys))], "-") + more
}

// makeJobs makes a job of each side, all with the same runs and seed, and checks that they share their draws.
func (c *comparison) makeJobs(studies []*scenarios.Study, wanted []runOptions, p plan) error {
	first := studies[0]
	var err error
	if c.options.runs, err = drawsOf(first, c.options.runOptions, p); err != nil {
		return err
	}
	if c.options.seed == nil {
		c.options.seed = &first.Header.Seed
	}
	hash := sha256.New()
	for i, study := range studies {
		if err := shareDraws(first, study); err != nil {
			return err
		}
		o := wanted[i]
		o.runs, o.seed, o.resume = c.options.runs, c.options.seed, "auto"
		if o.force {
			o.resume = ""
		}
		j, err := newJob(study, o, p)
		if err != nil {
			return err
		}
		j.watch()
		x := &compared{name: c.options.sideName(study, o), job: j}
		for n := 2; slices.ContainsFunc(c.sides, func(y *compared) bool { return y.name == x.name }); n++ {
			x.name = strings.TrimSuffix(x.name, "-"+strconv.Itoa(n-1)) + "-" + strconv.Itoa(n)
		}
		j.named, j.follow = x.name, len(studies)-1-i
		for _, before := range c.sides {
			j.held += before.job.resultBytes() + before.job.tableBytes()
		}
		c.sides = append(c.sides, x)
		fmt.Fprintf(hash, "%s %s\n", x.name, j.about.Hash)
	}
	if c.dir = c.options.out; c.options.resume != "" && c.options.resume != "auto" {
		c.dir = c.options.resume
	}
	if c.dir == "" {
		c.dir = output.Name("compare-"+c.sides[0].name, "", hex.EncodeToString(hash.Sum(nil)), *c.options.seed, c.options.runs)
	}
	for _, x := range c.sides {
		x.job.dir, x.job.resumable = filepath.Join(c.dir, x.name), c.dir
	}
	return nil
}

// tableBytes is the memory of the rows of a job's runs.
func (j *job) tableBytes() int64 { return 8 * int64(j.head.Width()) * int64(len(j.runs)) }

// shareDraws refuses studies whose runs would not be drawn alike.
func shareDraws(a, b *scenarios.Study) error {
	unlike := func(what string) error {
		return &usageError{What: fmt.Sprintf("`%s` and `%s` do not share their draws: %s", a.Header.Name, b.Header.Name, what), Hint: "compare scenarios that extend the same base"}
	}
	switch {
	case a.Model.Start != b.Model.Start:
		return unlike(fmt.Sprintf("one starts in %v, the other in %v", a.Model.Start, b.Model.Start))
	case a.Header.Design.Kind != b.Header.Design.Kind:
		return unlike(fmt.Sprintf("the design of one is %s, of the other %s", a.Header.Design.Kind, b.Header.Design.Kind))
	case a.Header.Design.SharesLuck() != b.Header.Design.SharesLuck():
		return unlike("all runs of one have the luck of run 1, those of the other each its own")
	}
	places := func(s *scenarios.Study) map[string]int {
		at := map[string]int{}
		for dimension, i := range s.Jointly {
			if i >= 0 {
				at[s.Inputs[i].Path] = dimension
			}
		}
		return at
	}
	other := places(b)
	for _, i := range a.Jointly {
		if i < 0 {
			continue
		}
		path := a.Inputs[i].Path
		if at, shared := other[path]; shared && at != places(a)[path] {
			return unlike(fmt.Sprintf("`design.jointly` has `%s` at another place", path))
		}
	}
	return nil
}

// distinct leaves out problems that are told already.
func distinct(problems []scenarios.Problem) []scenarios.Problem {
	var all []scenarios.Problem
	for _, p := range problems {
		if !slices.ContainsFunc(all, func(q scenarios.Problem) bool { return q.Error() == p.Error() }) {
			all = append(all, p)
		}
	}
	return all
}

// begin claims the folder before anything is simulated.
func (c *comparison) begin(fs afero.Fs) (*output.Folder, error) {
	about := c.sides[0].job.about
	hash := sha256.New()
	var names []string
	for _, x := range c.sides {
		fmt.Fprintln(hash, x.job.about.Hash)
		names = append(names, x.name)
	}
	c.hash = hex.EncodeToString(hash.Sum(nil))
	about.Hash = c.hash
	return newStudy(fs, c.dir, "compare", about, "Comparison of "+strings.Join(names, ", "), c.options.force, map[string]string{
		"sides": strings.Join(names, "; "), "attribute": c.options.attributes, "orders": strconv.Itoa(c.options.orders),
		"divergence": strconv.Itoa(c.options.diverges),
	})
}

// newStudy begins a folder of tables about several results.
func newStudy(fs afero.Fs, dir, kind string, about record.About, title string, force bool, flags map[string]string) (*output.Folder, error) {
	about.Title = title
	folder, err := output.Create(fs, dir, about, nil, output.Options{Study: kind, Kept: []int{}, Force: force, Meanings: meanings(), Flags: flags})
	if errors.Is(err, output.ErrDone) {
		return nil, &doneError{dirs: []string{filepath.ToSlash(dir)}, next: "look at the tables in it; --force makes them anew and tells what they say"}
	}
	return folder, err
}

// play runs the sides and reads back what each of their runs came to.
func (c *comparison) play(ctx context.Context, fs afero.Fs, s *streams) (err error) {
	var jobs []*job
	for _, x := range c.sides {
		jobs = append(jobs, x.job)
	}
	if _, err = runEach(ctx, fs, s, jobs); err != nil {
		return err
	}
	for _, x := range c.sides {
		output.RemoveCheckpoint(fs, x.job.dir)
		if x.result, err = output.Open(fs, x.job.dir); err != nil {
			return err
		}
		if x.side, err = readSide(ctx, x.result); err != nil {
			return err
		}
	}
	return nil
}

// against says what a side comes to against the reference.
func (c *comparison) against(ctx context.Context, s *streams, x *compared) (err error) {
	reference := c.sides[0]
	if c.headline == nil {
		c.headline = c.headlines()
	}
	x.numbers = contrasts(reference.side, x.side, c.headline)
	x.items = items(reference.side, x.side)
	if x.divergences, err = diverge(ctx, s, reference.job, x.job, c.options.diverges+1, changes(reference.side, x.side)); err != nil {
		return err
	}
	k := len(x.items)
	more := 1<<min(k, mostItems) - 2
	if k > exactItems {
		more = c.options.orders * (k - 1)
	}
	need := 8 * int64(more) * int64(len(c.headline)) * int64(c.options.runs)
	switch {
	case c.options.attributes == "never":
	case k == 0:
	case k == 1:
		x.because = "one change is the whole difference"
	case k > mostItems:
		x.because = fmt.Sprintf("%d changes are too many to divide a difference among", k)
	case c.options.attributes == "auto" && k > cheapItems:
		x.because = fmt.Sprintf("%d changes: --attribute always divides the differences among them, by %s ensembles more", k, count(more))
	case need > reference.job.maxMemory:
		x.because = fmt.Sprintf("it takes %s of memory: raise --max-memory, or ask for fewer --runs", bytesText(need))
	default:
		x.attributed, err = c.attribute(ctx, s, reference, x, x.items)
		if apart, ok := errors.AsType[*apartError](err); ok {
			x.because, err = apart.Error(), nil
		}
	}
	return err
}

// write makes the tables.
func (c *comparison) write(folder *output.Folder) error {
	each := func(write func(*compared, *output.Rows) error) func(*output.Rows) error {
		return func(rows *output.Rows) error {
			for _, x := range c.sides[1:] {
				if err := write(x, rows); err != nil {
					return err
				}
			}
			return nil
		}
	}
	err := folder.Table("compare.csv", "how numbers of year ends differ from the reference, run by run on the same draws", contrastFields(), each(func(x *compared, rows *output.Rows) error {
		for i := range x.numbers {
			if err := x.numbers[i].row(x.name, rows); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		return err
	}
	err = folder.Table("divergence.csv", "where each run first tells something else than in the reference", divergenceFields(), each(func(x *compared, rows *output.Rows) error {
		for i := range x.divergences {
			if err := x.divergences[i].row(x.name, rows); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil || !slices.ContainsFunc(c.sides, func(x *compared) bool { return x.attributed != nil }) {
		return err
	}
	return folder.Table("attribution.csv", "the differences of headline numbers, divided among what is changed", attributionFields(), each(func(x *compared, rows *output.Rows) error {
		if x.attributed == nil {
			return nil
		}
		return x.attributed.rows(x.name, rows)
	}))
}
