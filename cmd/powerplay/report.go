package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/report"
	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/record"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
)

// reportOptions is what `powerplay report` can be told.
type reportOptions struct {
	screenOptions
	results   []string
	reference string // folder of the result that others are compared with; empty: see placeOfReference
	out       string
	formats   []string
}

func reportCommand(fsys afero.Fs, s *streams) *cli.Command {
	o := reportOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	formats := "html,md"
	return &cli.Command{
		Name: "report", ArgsUsage: "RESULT [OTHER ...]", Usage: "write a report on a result, or on several side by side",
		UsageText: "powerplay report first\npowerplay report both",
		Description: "One page that works offline (report.html), and a Markdown text beside the pictures of its charts (report.md). Of one\n" +
			"result they go into its folder. Several are compared with one, the reference, run by run where they share their draws:\n" +
			"the scenario itself where the others are its variants, else the first. The folder that run --variant all or compare\n" +
			"wrote stands for all results in it.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Destination: &o.out, DefaultText: "the folder of the one result", Usage: "`FOLDER` of the report"},
			&cli.StringFlag{Name: "reference", Destination: &o.reference, DefaultText: "the scenario itself, else the first", Usage: "`RESULT` that the others are compared with"},
			&cli.StringFlag{Name: "format", Value: formats, Destination: &formats, Usage: "`FORMATS`: html, md, or both"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return &usageError{What: "powerplay report needs a result folder", Hint: "such as: powerplay report first"}
			}
			o.results, o.formats = c.Args().Slice(), strings.Split(formats, ",")
			return writeReport(c.Context, fsys, s, o)
		},
	}
}

func writeReport(ctx context.Context, fsys afero.Fs, s *streams, o reportOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	for _, f := range o.formats {
		if err := oneOf("format", f, "html", "md"); err != nil {
			return err
		}
	}
	if len(o.results) == 1 {
		if inside := resultsIn(fsys, o.results[0]); len(inside) > 0 {
			if o.out == "" {
				o.out = filepath.Join(o.results[0], "report")
			}
			o.results = inside
		}
	}
	if len(o.results) > 1 && o.out == "" {
		return &usageError{What: "a report on several results needs a folder of its own", Hint: "powerplay report " + strings.Join(o.results, " ") + " --out compared"}
	}
	var results []*output.Result
	for _, dir := range o.results {
		r, err := output.Open(fsys, dir)
		if err != nil {
			return missingResult(fsys, dir, err)
		}
		results = append(results, r)
	}
	at, err := placeOfReference(results, o.reference)
	if err != nil {
		return err
	}
	results = slices.Concat(results[at:at+1], results[:at], results[at+1:])
	sources, err := reportSources(ctx, s, results)
	if err != nil {
		return err
	}
	sources[0].Beside = len(sources) == 1 && besideOthers(fsys, results[0])
	document, err := report.New(sources)
	if err != nil {
		return err
	}
	if o.out == "" {
		to, err := output.Amend(fsys, o.results[0])
		if err != nil {
			return err
		}
		defer to.Abort()
		if err := o.write(ctx, s, to, document, sources); err != nil {
			return err
		}
		if err := to.Close(); err != nil {
			return err
		}
	} else {
		if err := freeForReport(fsys, o.out); err != nil {
			return err
		}
		if err := o.write(ctx, s, plainFolder{fsys, o.out}, document, sources); err != nil {
			return err
		}
	}
	for _, f := range o.formats {
		dir := o.out
		if dir == "" {
			dir = o.results[0]
		}
		fmt.Fprintln(s.out, filepath.ToSlash(filepath.Join(dir, "report."+f)))
	}
	return nil
}

// placeOfReference is the place of the result that the others are compared with: the one that is named, else the scenario's own
// where the others are variants of it, else the first.
func placeOfReference(results []*output.Result, named string) (int, error) {
	if named != "" {
		var known []string
		for i, r := range results {
			if filepath.Clean(r.Dir) == filepath.Clean(named) || filepath.Base(r.Dir) == named {
				return i, nil
			}
			known = append(known, filepath.ToSlash(r.Dir))
		}
		e := &usageError{What: fmt.Sprintf("`--reference %s` is none of the results", named), Hint: "results: " + strings.Join(known, ", ")}
		if best, ok := scenarios.Nearest(named, known); ok {
			e.Hint = fmt.Sprintf("did you mean `%s`?", best)
		}
		return 0, e
	}
	own := slices.IndexFunc(results, func(r *output.Result) bool { return r.About.Variant == "" && r.Manifest.Flags["set"] == "" })
	others := slices.ContainsFunc(results, func(r *output.Result) bool { return r.About.Scenario != results[0].About.Scenario })
	if own < 0 || others {
		return 0, nil
	}
	return own, nil
}

// resultsIn lists the results in a folder that is none itself, as run --variant all and compare write them: the file's own
// before its variants. There are none in a result.
func resultsIn(fsys afero.Fs, dir string) []string {
	if _, err := output.Open(fsys, dir); err == nil {
		return nil
	}
	var own, variants []string
	entries, _ := afero.ReadDir(fsys, dir)
	for _, e := range entries {
		r, err := output.Open(fsys, filepath.Join(dir, e.Name()))
		switch {
		case err != nil:
		case r.About.Variant == "":
			own = append(own, r.Dir)
		default:
			variants = append(variants, r.Dir)
		}
	}
	return append(own, variants...)
}

// besideOthers tells whether other results of a result's file, seed and runs lie in the folder that it lies in.
func besideOthers(fsys afero.Fs, r *output.Result) bool {
	return slices.ContainsFunc(resultsIn(fsys, filepath.Dir(r.Dir)), func(dir string) bool {
		other, err := output.Open(fsys, dir)
		return err == nil && other.About.Scenario == r.About.Scenario && other.About.Hash != r.About.Hash && other.About.Runs == r.About.Runs && sameDraws(r, other)
	})
}

// write writes the report in each format; Markdown takes pictures with it.
func (o reportOptions) write(ctx context.Context, s *streams, to files, document *report.Document, sources []report.Source) error {
	forms := map[string]func(io.Writer) error{"html": document.HTML, "md": document.Markdown}
	for _, f := range o.formats {
		if err := to.File("report."+f, forms[f]); err != nil {
			return err
		}
	}
	if !slices.Contains(o.formats, "md") {
		return nil
	}
	if v := document.Variants; v != nil {
		if err := putFigure(to, v.Figure, v.Meta); err != nil {
			return err
		}
	}
	for _, source := range sources {
		charts := report.Charts(source.Result.About.Runs)
		data, err := chart.Read(source.Result, charts)
		if err != nil {
			return err
		}
		drawn, err := drawAll(ctx, data, charts, look{formats: []string{"png"}}, under{to, strings.TrimSuffix(source.Plots, "plots")})
		if err != nil {
			return err
		}
		for _, d := range drawn {
			for _, w := range d.warnings {
				fmt.Fprintln(s.err, s.paint(text.FgYellow, "warning:"), w)
			}
		}
	}
	return nil
}

// under puts files into a folder of another.
type under struct {
	files
	folder string // with its slash; empty for the other itself
}

func (u under) File(name string, write func(io.Writer) error) error {
	return u.files.File(u.folder+name, write)
}

// plainFolder takes files of a report on several results.
type plainFolder struct {
	fs  afero.Fs
	dir string
}

func (f plainFolder) File(name string, write func(io.Writer) error) error {
	return output.WriteFile(f.fs, filepath.Join(f.dir, filepath.FromSlash(name)), write)
}

// freeForReport refuses a folder that holds something else than an earlier report.
func freeForReport(fsys afero.Fs, dir string) error {
	entries, err := afero.ReadDir(fsys, dir)
	if err != nil || len(entries) == 0 {
		return nil // it is made when the first file is written
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "report.") {
			return nil
		}
	}
	return &output.FileError{Op: "write", Path: dir, Err: output.ErrForeign}
}

// reportSources adds to results what the texts of their scenarios tell, and how they differ from the first.
func reportSources(ctx context.Context, s *streams, results []*output.Result) ([]report.Source, error) {
	var all []report.Source
	var sides []*side
	for i, r := range results {
		x, err := readSide(ctx, r)
		if err != nil {
			return nil, err
		}
		source := report.Source{Result: r, Clauses: clausesOf(x), Joint: joint(x), Replay: replay(r), Plots: "plots"}
		if source.Expected, err = judgedExpectations(x, r); err != nil {
			return nil, err
		}
		if len(results) > 1 {
			source.Plots = fmt.Sprintf("result-%d/plots", i+1)
		}
		if sides = append(sides, x); i > 0 && sameDraws(results[0], r) {
			if p, same := sameModel(results[0].Dir, r.Dir, results[0].About, r.About); same {
				_ = s.printProblems(s.err, []scenarios.Problem{p})
			}
			source.Against = againstFirst(x, sides[0])
		}
		all = append(all, source)
	}
	all[0].Compared = judgedComparisons(results, sides)
	return all, nil
}

// clausesOf lists the contracts, shocks and rules of a scenario.
func clausesOf(x *side) []report.Clause {
	docs := map[string]string{}
	for _, k := range contract.Kinds() {
		docs[k.Name] = k.Doc
	}
	for _, k := range shock.Kinds() {
		docs[k.Name] = k.Doc
	}
	for _, k := range rule.Kinds() {
		docs[k.Name] = k.Doc
	}
	var all []report.Clause
	for _, block := range blocks() {
		for _, key := range x.tree.Child(block).Keys() {
			n := x.tree.Child(block).Child(key)
			c := report.Clause{Key: key, Parties: entitiesIn(n, x.about.Entities), Without: "--with " + quoted(block+"."+key+"=null")}
			if block == "contracts" {
				c.Without = "--without " + quoted(key)
			}
			for _, term := range n.Children {
				text := termText(term)
				if term.Key == "kind" {
					c.Kind, c.Doc = text, docs[text]
					continue
				}
				c.Terms = append(c.Terms, report.Term{Name: term.Key, Text: text})
			}
			all = append(all, c)
		}
	}
	return all
}

// termText writes a term as a reader would.
func termText(n *scenarios.Node) string {
	switch n.Kind {
	case scenarios.Scalar:
		return n.Text
	case scenarios.List:
		var items []string
		for _, c := range n.Children {
			items = append(items, termText(c))
		}
		return strings.Join(items, ", ")
	}
	var items []string
	for _, c := range n.Children {
		items = append(items, c.Key+": "+termText(c))
	}
	return "{" + strings.Join(items, ", ") + "}"
}

// joint lists the inputs that a scenario has its runs spread over evenly.
func joint(x *side) []string {
	var paths []string
	if design := x.tree.Child("design"); design != nil && design.Child("jointly") != nil {
		for _, n := range design.Child("jointly").Children {
			paths = append(paths, n.Text)
		}
	}
	return paths
}

// judgedExpectations sets what a scenario's author expects of single runs against the chances of a result.
func judgedExpectations(x *side, r *output.Result) ([]report.Expected, error) {
	chances, err := r.Probabilities()
	if err != nil {
		return nil, err
	}
	list := x.tree.Child("expect")
	if list == nil {
		return nil, nil
	}
	var all []report.Expected
	for _, n := range list.Children {
		text := func(key string) string {
			if c := n.Child(key); c != nil {
				return c.Text
			}
			return ""
		}
		e := report.Expected{That: text("that"), HoldsIn: cmp.Or(text("holds_in"), usualBand), Because: text("because")}
		i := slices.IndexFunc(chances, func(p record.Probability) bool { return p.Kind == record.Expected && p.Statement == e.That })
		band, err := scenarios.ReadBand(e.HoldsIn)
		if i < 0 || err != nil {
			continue
		}
		v := verdict{Runs: chances[i].Runs}
		v.judge(evidenceOf(r), band, chances[i].In, r.About.End)
		e.Verdict = v.plain()
		all = append(all, e)
	}
	return all, nil
}

func evidenceOf(r *output.Result) evidence {
	return evidence{r.Manifest.Flags["only"] != "", r.About.Sampled(), r.About.End}
}

// judgedComparisons judges what the author expects of one variant against another, where both are among the results and
// share their draws.
func judgedComparisons(results []*output.Result, sides []*side) []report.Compared {
	find := func(variant string) int {
		return slices.IndexFunc(results, func(r *output.Result) bool {
			return r.About.Variant == variant && r.About.Scenario == results[0].About.Scenario && r.Manifest.Flags["set"] == results[0].Manifest.Flags["set"]
		})
	}
	var all []report.Compared
	for _, e := range results[0].About.Compared {
		a, b := find(e.In), find(e.Than)
		band, err := scenarios.ReadBand(e.HoldsIn)
		if a < 0 || b < 0 || err != nil || !sameDraws(results[a], results[b]) {
			continue
		}
		x, y := sides[a].table, sides[b].table
		named := func(n record.Number) bool { return n.Text == e.That }
		i, k := slices.IndexFunc(x.Numbers, named), slices.IndexFunc(y.Numbers, named)
		if i < 0 || k < 0 {
			continue
		}
		v := verdict{Is: e.Is}
		held := v.pair(pairedBy(x, y, func(p, q *record.RunRow) (v, w float64) { return p.Numbers[i], q.Numbers[k] }))
		v.judge(evidenceOf(results[a]), band, held, 0) // what lies beyond the end has no value
		c := report.Compared{
			Expected: report.Expected{That: e.That, HoldsIn: e.HoldsIn, Because: e.Because, Verdict: v.plain()},
			Is:       e.Is, In: cmp.Or(e.In, results[a].About.Scenario), Than: cmp.Or(e.Than, results[b].About.Scenario),
			Runs: v.Runs, Held: held, Unit: x.Numbers[i].Unit,
		}
		if d := v.Difference; d != nil {
			c.By = d.Value
			if d.P05 != nil {
				c.Low, c.High = *d.P05, *d.P95
			}
		}
		all = append(all, c)
	}
	return all
}

// replay are commands that make a result again: from its own scenario, and by name where that is one of the library.
func replay(r *output.Result) []string {
	settings := fmt.Sprintf("--seed %d --runs %d", r.About.Seed, r.About.Runs)
	design := ""
	if d := r.Manifest.Flags["design"]; d != "" {
		design = " --design " + quoted(d)
	}
	all := []string{"powerplay run scenario.yaml " + settings + design + " --out again"}
	if !slices.Contains(builtIn().Names(), r.About.Scenario) || strings.Contains(r.About.Variant, "without-") {
		return all
	}
	again := "powerplay run " + r.About.Scenario
	if r.About.Variant != "" {
		again += " --variant " + quoted(r.About.Variant)
	}
	for set := range strings.SplitSeq(r.Manifest.Flags["set"], "; ") {
		if set != "" {
			again += " --set " + quoted(set)
		}
	}
	return append(all, again+" "+settings+design)
}

// againstFirst tells how a result differs from the first, run by run.
func againstFirst(x, first *side) *report.Against {
	changed := changes(x, first)
	out := new(report.Against)
	for _, c := range changed {
		what := "with other terms"
		switch {
		case !c.in[1]:
			what = "added"
		case !c.in[0]:
			what = "left out"
		default:
			if terms := changedTerms(x.tree.Child(c.block).Child(c.key), first.tree.Child(c.block).Child(c.key)); len(terms) > 0 {
				what = "with " + strings.Join(terms, ", ")
			}
		}
		out.Changes = append(out.Changes, strings.TrimSpace(c.kind+" "+c.key)+" "+what)
	}
	lines, more := otherValues(x.tree, first.tree)
	out.Changes = append(out.Changes, lines...)
	if more > 0 {
		out.Changes = append(out.Changes, "and "+number1(more, "value")+" more")
	}
	ours, others := outcomesApart(x.table, first.table, changed.parties())
	out.Parties, out.Others = reported(ours), reported(others)
	out.Numbers = numbersApart(x.table, first.table)
	return out
}

// reported are differences at year ends as a report takes them.
func reported(list []apart) []report.Difference {
	var all []report.Difference
	for _, d := range list {
		all = append(all, d.reported(d.column.Name()+" @ "+d.month.String()))
	}
	return all
}

func (d *apart) reported(what string) report.Difference {
	return report.Difference{
		What: what, Unit: d.column.Unit, X: d.x, Y: d.y, By: d.by, Low: d.low, High: d.high,
		Runs: d.runs, Differ: d.differ, Higher: d.higher, Clear: d.clear,
	}
}

// numbersApart compares the numbers that a scenario compares between its variants, as far as two tables share them.
func numbersApart(x, y *record.RunTable) []report.Difference {
	var list []apart
	var names []string
	for i, n := range x.Numbers {
		k := slices.Index(y.Numbers, n)
		if k < 0 {
			continue
		}
		d := apartIn(pairedBy(x, y, func(p, q *record.RunRow) (v, w float64) { return p.Numbers[i], q.Numbers[k] }))
		d.column.Unit = n.Unit
		list, names = append(list, d), append(names, n.Text)
	}
	clearOnes(list)
	var all []report.Difference
	for i := range list {
		all = append(all, list[i].reported(names[i]))
	}
	return all
}
