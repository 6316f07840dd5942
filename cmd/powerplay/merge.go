package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
)

// mergeOptions is what `powerplay merge` can be told.
type mergeOptions struct {
	screenOptions
	parts     []string
	out       string // empty: a name made from the scenario
	plots     string
	maxMemory string
	quiet     bool
	json      bool
	force     bool
}

func mergeCommand(fs afero.Fs, s *streams) *cli.Command {
	run := defaultRunOptions()
	o := mergeOptions{screenOptions: run.screenOptions, plots: run.plots, maxMemory: run.maxMemory}
	return &cli.Command{
		Name: "merge", ArgsUsage: "PART...", Usage: "join the parts that run --shard wrote into one result",
		UsageText: "powerplay run base-2026 --runs 500 --shard 1/2 --out a && powerplay run base-2026 --runs 500 --shard 2/2 --out b\npowerplay merge a b --out both",
		Description: "PART is a folder that `powerplay run --shard` wrote, or one that holds such folders. All parts of a result together, in\n" +
			"any order, become the same bytes as a single run would have written. Parts of several variants, as run --variant all\n" +
			"--shard writes them, become a result of each in FOLDER.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Destination: &o.out, DefaultText: "named after the scenario", Usage: "`FOLDER` of the result"},
			&cli.StringFlag{Name: "plots", Value: o.plots, Destination: &o.plots, Usage: "`WHICH` charts: none, default or all"},
			&cli.StringFlag{Name: "max-memory", Value: o.maxMemory, Destination: &o.maxMemory, Usage: "refuse what needs more memory than `SIZE` in all"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print the summary as JSON"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Destination: &o.quiet, Usage: "print the result folder and errors alone"},
			&cli.BoolFlag{Name: "force", Destination: &o.force, Usage: "replace another result in the folder"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			if o.parts = c.Args().Slice(); len(o.parts) == 0 {
				return &usageError{What: "powerplay merge needs the folders of all parts", Hint: "such as: powerplay merge a b --out both"}
			}
			return merge(c.Context, fs, s, o)
		},
	}
}

// merge joins parts into a result, and tells what came of it as run does.
func merge(ctx context.Context, fs afero.Fs, s *streams, o mergeOptions) error {
	started := time.Now()
	if err := o.apply(s); err != nil {
		return err
	}
	if err := oneOf("plots", o.plots, "none", "default", "all"); err != nil {
		return err
	}
	limit, err := readBytes(o.maxMemory)
	if err != nil {
		return &usageError{What: fmt.Sprintf("`--max-memory` takes a size, not `%s`", o.maxMemory), Hint: "write 500 MB or 4 GB"}
	}
	wholes, err := openParts(fs, o.parts)
	if err != nil {
		return err
	}
	var jobs []*job
	for _, parts := range wholes {
		j, err := partsJob(fs, parts[0], o)
		if err != nil {
			return err
		}
		j.maxMemory = limit
		jobs = append(jobs, j)
	}
	sideBySide(jobs, o.out)
	var done []*result
	for i, j := range jobs {
		r, err := j.join(ctx, fs, wholes[i], started)
		if err != nil {
			return err
		}
		done = append(done, r)
	}
	return conclude(fs, s, runOptions{quiet: o.quiet, json: o.json}, done)
}

// join is to parts what run is to runs.
func (j *job) join(ctx context.Context, fs afero.Fs, parts []*output.Result, started time.Time) (*result, error) {
	r, folder, err := j.begin(fs)
	if err != nil {
		return nil, err
	}
	defer folder.Abort()
	for _, part := range parts {
		err := part.Checkpoint(func(from io.Reader) error {
			saved, _, err := readHead(from)
			if err != nil {
				return err
			}
			return r.keeper.Add(saved, r.with(part.Journal(r.details(folder))))
		})
		if err != nil {
			return nil, err
		}
	}
	if missing := r.keeper.Missing(j.runs); len(missing) > 0 {
		return nil, partsProblem(fmt.Sprintf("run %d is in none of the parts", missing[0]), "", "simulate the parts again")
	}
	if err := r.finish(ctx, folder); err != nil {
		return nil, err
	}
	r.took = time.Since(started)
	if err := folder.Timing(j.timing(started, r.took)); err != nil {
		return nil, err
	}
	return r, folder.Close()
}

// openParts opens the parts of a result, or of one of each variant, in their order: the file's own before its variants.
func openParts(fs afero.Fs, dirs []string) ([][]*output.Result, error) {
	var wholes [][]*output.Result
	for _, dir := range dirs {
		for _, folder := range output.PartsIn(fs, dir) {
			part, err := output.OpenPart(fs, folder)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(wholes, func(of []*output.Result) bool { return of[0].Manifest.Variant == part.Manifest.Variant })
			if i < 0 {
				wholes, i = append(wholes, nil), len(wholes)
			}
			wholes[i] = append(wholes[i], part)
			if err := samePlan(wholes[0][0], wholes[i][0], part); err != nil {
				return nil, err
			}
		}
	}
	for _, parts := range wholes {
		of := ""
		if m := parts[0].Manifest; len(wholes) > 1 {
			of = cmp.Or(m.Variant, m.Scenario) + ": "
		}
		if err := whole(parts, of); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(wholes, func(a, b []*output.Result) int { return cmp.Compare(a[0].Manifest.Variant, b[0].Manifest.Variant) })
	return wholes, nil
}

// samePlan refuses a part that does not belong to the result of another, or whose result does not belong beside that of the
// first part of all.
func samePlan(first, other, part *output.Result) error {
	against, beside := other, other == part
	if beside {
		against = first
	}
	differs := against.Differences(part, beside)
	if len(differs) == 0 {
		return nil
	}
	var why []string
	for _, d := range differs {
		why = append(why, fmt.Sprintf("%s there %s, here %s", d.What, d.Want, d.Got))
	}
	return partsProblem(
		fmt.Sprintf("`%s` is not a part of the same result as `%s`", filepath.ToSlash(part.Dir), filepath.ToSlash(against.Dir)),
		strings.Join(why, "; "), "merge the parts of each result by themselves",
	)
}

// whole puts the parts of a result into their order and says all that is wrong with the set of them, after words on whose they
// are.
func whole(parts []*output.Result, of string) error {
	at := map[int][]string{} // folders by index
	all := 0
	for _, part := range parts {
		p, err := readShard(part.Manifest.Part, nil)
		if err != nil {
			return &output.DamagedError{Path: filepath.Join(part.Dir, "manifest.json"), What: err.Error()}
		}
		at[p.index] = append(at[p.index], "`"+filepath.ToSlash(part.Dir)+"`")
		all = p.count
	}
	var missing, twice []string
	for index := 1; index <= all; index++ {
		switch n := len(at[index]); {
		case n == 0:
			missing = append(missing, strconv.Itoa(index))
		case n > 1:
			twice = append(twice, fmt.Sprintf("%d (%s)", index, strings.Join(at[index], ", ")))
		}
	}
	var wrong []string
	if n := len(missing); n > 0 {
		wrong = append(wrong, fmt.Sprintf("%d of %d parts are missing: %s", n, all, strings.Join(missing[:min(n, 20)], ", ")+moreText(n-20)))
	}
	if n := len(twice); n > 0 {
		wrong = append(wrong, "there are two of part "+strings.Join(twice[:min(n, 8)], ", of part ")+moreText(n-8))
	}
	if len(wrong) > 0 {
		return partsProblem(of+strings.Join(wrong, "; "), "", "name each part once; a part that broke off goes on with --resume")
	}
	slices.SortFunc(parts, func(a, b *output.Result) int {
		p, _ := readShard(a.Manifest.Part, nil)
		q, _ := readShard(b.Manifest.Part, nil)
		return p.index - q.index
	})
	return nil
}

// partsProblem says why parts do not make a whole.
func partsProblem(what, why, hint string) error {
	return &problemsError{problems: []scenarios.Problem{{Code: "E606", What: what, Why: why, Hint: hint}}}
}

// partsJob is the job that a part belongs to. All that is written comes from the part, and not from the files
// that the scenario was read from, which may have changed or lie elsewhere.
func partsJob(fs afero.Fs, part *output.Result, o mergeOptions) (*job, error) {
	study, problems := scenarios.Load(fs, filepath.Join(part.Dir, "scenario.yaml"), "", nil)
	if study == nil {
		return nil, &problemsError{problems: problems}
	}
	text, err := part.Read("scenario.yaml")
	if err != nil {
		return nil, err
	}
	m := &part.Manifest
	study.Variant = m.Variant
	j := &job{study: study, about: part.About, columns: part.Columns}
	if j.head, err = part.RunHead(); err != nil {
		return nil, err
	}
	var h head
	if err = part.Checkpoint(func(r io.Reader) error { _, h, err = readHead(r); return err }); err != nil {
		return nil, err
	}
	j.options = runOptions{scenario: m.Scenario, design: m.Flags["design"], only: m.Flags["only"], sets: h.Sets, keep: h.Keep, plots: o.plots, quiet: o.quiet, json: o.json, ledger: m.Flags["ledger"] != "", force: o.force}
	only, err := readRuns(j.options.only)
	if err != nil {
		return nil, &output.DamagedError{Path: filepath.Join(part.Dir, "manifest.json"), What: err.Error()}
	}
	j.choose(only, m.Runs)
	j.folder = output.Options{
		Version: m.Version, Scenario: text, Kept: j.kept, Inputs: m.Inputs, Silenced: m.Silenced, Force: o.force,
		Flags: map[string]string{}, Meanings: meanings(),
	}
	for name, value := range m.Flags {
		j.folder.Flags[name] = value
	}
	if j.dir = o.out; j.dir == "" {
		j.dir = j.ownDir(j.about.Variant, j.about.Hash)
	}
	return j, nil
}
