package main

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output/chart"
	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

func helpCommand(fs afero.Fs, s *streams) *cli.Command {
	o := screenOptions{color: "auto", problems: "human"}
	return &cli.Command{
		Name: "help", ArgsUsage: "[TOPIC]", Usage: "explain a command, a problem's code, a part of the manual, a kind of contract, a measure",
		UsageText: "powerplay help run\npowerplay help E203\npowerplay help milestone-funding\npowerplay help firms.lab",
		Description: "TOPIC is a command, a code such as E203, a scenario, a kind of contract, shock or regulation, a measure, a block of\n" +
			"scenario files such as firms or market.chips, or one of:\n" + wrapped(strings.Join(general(), ", ")) + ".",
		Flags: o.flags(),
		Action: func(c *cli.Context) error {
			if err := o.apply(s); err != nil {
				return err
			}
			all := commands(fs, s)
			if !c.Args().Present() {
				return printOverview(s.out, all)
			}
			topic, err := oneArgument(c, "one topic", "powerplay help run")
			if err != nil {
				return err
			}
			return help(s.out, all, topic)
		},
	}
}

// topic is a name under which help has something to say.
type topic struct {
	name string
	tell func(io.Writer) error
}

// topics lists all of them; what comes first wins where two share a name.
func topics(all []*cli.Command) []topic {
	var list []topic
	add := func(name string, tell func(io.Writer) error) { list = append(list, topic{name, tell}) }
	for _, c := range all {
		for _, name := range c.Names() {
			add(name, func(w io.Writer) error { return printCommand(w, c) })
		}
	}
	for _, c := range scenarios.Codes() {
		add(c.Code, func(w io.Writer) error { return printCode(w, c) })
	}
	for _, k := range mechanisms() {
		add(k.name, func(w io.Writer) error { return printKind(w, k) })
	}
	for _, name := range builtIn().Names() {
		add(name, func(w io.Writer) error { return printScenario(w, name) })
	}
	for _, d := range measure.All() {
		add(d.Name, func(w io.Writer) error { return printMeasure(w, d) })
	}
	for _, c := range scenarios.Chapters() {
		for _, name := range c.Topics {
			add(name, func(w io.Writer) error { return printChapter(w, c) })
		}
	}
	add("results", printResults)
	for _, f := range resultFiles() {
		for name := range strings.SplitSeq(strings.ReplaceAll(f.names, "`", ""), ", ") {
			add(strings.TrimSuffix(name, "/"), printResults)
		}
	}
	add("measures", printMeasures)
	add("charts", printCharts)
	add("exit-codes", func(w io.Writer) error { _, err := io.WriteString(w, exitCodes); return err })
	add("codes", printCodes)
	return list
}

// help prints what is known under a name, or under the path of one of a list.
func help(w io.Writer, all []*cli.Command, name string) error {
	whole, _, _ := strings.Cut(name, "[")
	list := topics(all)
	var known []string
	for _, t := range list {
		if strings.EqualFold(t.name, whole) {
			return t.tell(w)
		}
		known = append(known, t.name)
	}
	if block, ok := blockAt(name); ok {
		return printBlock(w, name, block)
	}
	e := &usageError{
		What: fmt.Sprintf("there is no help on `%s`", name),
		Hint: "topics: " + strings.Join(known[:len(all)], ", ") + "; " + strings.Join(general(), ", ") +
			"; a code such as E203, a scenario, a kind of contract, shock or regulation, a measure, a block such as firms or market.chips",
	}
	if best, ok := scenarios.Nearest(name, known); ok {
		e.Hint = fmt.Sprintf("did you mean `powerplay help %s`?", best)
	}
	return e
}

// general lists the topics that are about no single thing: the chapters of the manual by their names, results and lists.
func general() []string {
	names := []string{"results", "charts", "measures", "codes", "exit-codes"}
	for _, c := range scenarios.Chapters() {
		names = append(names, c.Topics[0])
	}
	return names
}

// mechanisms lists the kinds of contract, shock and regulation.
func mechanisms() []mechanism {
	var all []mechanism
	for _, k := range contract.Kinds() {
		all = append(all, mechanism{k.Name, k.Doc, reflect.TypeOf(k.New()).Elem(), "contract", reflect.TypeFor[contract.Contract]()})
	}
	for _, k := range shock.Kinds() {
		all = append(all, mechanism{k.Name, k.Doc, reflect.TypeOf(k.New()).Elem(), "shock", reflect.TypeFor[shock.Shock]()})
	}
	for _, k := range rule.Kinds() {
		all = append(all, mechanism{k.Name, k.Doc, reflect.TypeOf(k.New()).Elem(), "rule", reflect.TypeFor[rule.Rule]()})
	}
	return all
}

// blockAt finds the fields of a block of scenarios by its path. Names that a scenario gives may stand in it or be left out,
// and so may the block that it belongs to: firms.openai.lab, firms.lab and lab are the same.
func blockAt(path string) (block reflect.Type, ok bool) {
	d := scenarios.ModelDecoder(nil)
	for _, under := range []string{"", "firms.", "market."} {
		block = reflect.TypeFor[sim.Model]()
		named := false // the step is no field, and may be a name
		for step := range strings.SplitSeq(under+path, ".") {
			step, _, _ = strings.Cut(step, "[")
			terms := d.Terms(block)
			i := slices.IndexFunc(terms, func(t scenarios.Term) bool { return t.Key == step })
			if ok = i >= 0 || named; !ok {
				break
			}
			if i >= 0 {
				block = blockOf(terms[i].Type)
			}
			if ok = block.Kind() == reflect.Struct; !ok {
				break
			}
			named = under == "" && i >= 0 && terms[i].Type.Kind() == reflect.Slice
		}
		if ok {
			return block, true
		}
	}
	return nil, false
}

// blockOf is the block that a field is, holds or lists.
func blockOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func printBlock(w io.Writer, path string, block reflect.Type) error {
	t := newTable()
	appendTerms(t, scenarios.ModelDecoder(nil), block, "")
	render(w, t)
	_, err := fmt.Fprintf(w, "\nthe fields of %s; their values: powerplay show base-2026 --path PATH\n", path)
	return err
}

func printChapter(w io.Writer, c scenarios.Chapter) error {
	_, err := fmt.Fprintf(w, "%s\nmore topics: powerplay help %s\n", c.Text, strings.Join(general(), ", "))
	return err
}

func printMeasures(w io.Writer) error {
	t := newTable()
	t.AppendRow(table.Row{"written as", "unit", "meaning"})
	for _, d := range measure.All() {
		name := map[measure.Scope]string{measure.Firm: "FIRM.%s", measure.Pair: "FIRM.%s(OTHER)", measure.Region: "REGION.%s", measure.World: "world.%s"}[d.Scope]
		u := string(d.Dim)
		if d.Dim == unit.None {
			u = ""
		}
		t.AppendRow(table.Row{fmt.Sprintf(name, d.Name), u, d.Doc})
	}
	render(w, t)
	return nil
}

// printCharts lists all charts; a result has those that its runs and firms have numbers for.
func printCharts(w io.Writer) error {
	t := newTable()
	for _, c := range chart.All() {
		t.AppendRow(table.Row{c.Name, c.Doc, map[bool]string{true: "", false: "by default"}[c.Extra]})
	}
	render(w, t)
	_, err := fmt.Fprintf(w, "\nthose of a result: powerplay plot RESULT --list; spread over runs, as in a fan, needs %d runs\n", chart.FanRuns)
	return err
}

// resultFiles says what lies in a result folder.
func resultFiles() []struct{ names, what string } {
	return []struct{ names, what string }{
		{"`plots/`", "the charts, each as PNG with its numbers (`.csv`) and its words (`.txt`)"},
		{"`summary.csv`", "quantiles, means and counts over all drawn runs: every month of what charts draw, year ends of the rest"},
		{"`runs.csv`", "every run by itself: what it drew, numbers at year ends, when each grave event first came"},
		{"`series.csv`, `series.parquet`", "every number of every month, of the runs that are kept: 0, the central one, to 5 (`--keep`)"},
		{"`events.jsonl`", "what was decided or happened in the kept runs, with the numbers behind it"},
		{"`probabilities.csv`", "how likely events and orders of firms are, with their intervals"},
		{"`assumptions.csv`", "every number that the result rests on: value, range, grade, source"},
		{"`scenario.yaml`", "the scenario as it was run, whole: `powerplay run RESULT/scenario.yaml` repeats it"},
		{"`about.json`, `manifest.json`, `timing.json`", "what the result is of, which files it has with their digests, how long it took"},
		{"`datapackage.json`", "each table and column described, with units ([Data Package](https://datapackage.org))"},
	}
}

func printResults(w io.Writer) error {
	t := newTable()
	for _, f := range resultFiles() {
		t.AppendRow(table.Row{strings.ReplaceAll(f.names, "`", ""), strings.ReplaceAll(f.what, "`", "")})
	}
	render(w, t)
	_, err := fmt.Fprintln(w, "\nread it: powerplay explain RESULT, powerplay report RESULT, powerplay plot RESULT --list")
	return err
}

// printOverview is the help of the program as a whole.
func printOverview(w io.Writer, all []*cli.Command) error {
	fmt.Fprint(w, `  powerplay run base-2026 --out first
  powerplay explain first --firm openai --kind round

powerplay simulates the race to build AI infrastructure: labs, clouds, chip suppliers and investors, month by
month, under the contracts that bind them. A scenario file goes in; tables, charts and reasons come out.

`)
	t := newTable()
	for _, c := range all {
		t.AppendRow(table.Row{c.Name, c.Usage})
	}
	render(w, t)
	_, err := fmt.Fprint(w, "\nmore: powerplay help COMMAND, powerplay help E203, powerplay help milestone-funding\n"+
		wrapped("topics: "+strings.Join(general(), ", "))+"\n")
	return err
}

// printCommand is the help of a command: two examples, what it does, its flags.
func printCommand(w io.Writer, c *cli.Command) error {
	for line := range strings.SplitSeq(c.UsageText, "\n") {
		fmt.Fprintln(w, "  "+line)
	}
	usage := "powerplay " + c.Name
	if c.ArgsUsage != "" {
		usage += " " + c.ArgsUsage
	}
	if len(c.Flags) > 0 {
		usage += " [flags]"
	}
	fmt.Fprintf(w, "\n%s: %s\n", usage, c.Usage)
	if c.Description != "" {
		fmt.Fprintln(w, c.Description)
	}
	if len(c.Flags) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	t := newTable()
	for _, f := range c.Flags {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		name := "--" + f.Names()[0]
		for _, short := range f.Names()[1:] {
			name = "-" + short + ", " + name
		}
		words := d.GetUsage()
		if _, after, ok := strings.Cut(words, "`"); ok {
			if value, _, ok := strings.Cut(after, "`"); ok {
				name += " " + value
			}
		}
		words = strings.ReplaceAll(words, "`", "")
		switch def := strings.Trim(d.GetDefaultText(), `"`); {
		case def != "" && d.TakesValue() && def != "0s":
			words += " (default: " + def + ")"
		}
		t.AppendRow(table.Row{name, words})
	}
	render(w, t)
	return nil
}

// printCode explains a problem's code with a wrong and a right example.
func printCode(w io.Writer, c scenarios.Code) error {
	fmt.Fprintf(w, "%s: %s\n\n%s\n", c.Code, c.Title, c.Text)
	for _, example := range []struct{ head, text string }{{"wrong", c.Wrong}, {"right", c.Right}} {
		if example.text == "" {
			continue
		}
		fmt.Fprintf(w, "\n%s:\n", example.head)
		for line := range strings.SplitSeq(example.text, "\n") {
			fmt.Fprintln(w, "  "+line)
		}
	}
	return nil
}

func printCodes(w io.Writer) error {
	t := newTable()
	for _, c := range scenarios.Codes() {
		t.AppendRow(table.Row{c.Code, c.Title})
	}
	render(w, t)
	_, err := fmt.Fprintln(w, "\none of them at length: powerplay help E203")
	return err
}

// printScenario is what a scenario of the library asks, how it can be run, and what was found.
func printScenario(w io.Writer, name string) error {
	r, problems := builtIn().Read(name, "", nil)
	if r == nil || scenarios.Errors(problems) > 0 {
		return &problemsError{problems: problems}
	}
	h := r.Header
	runs := "central run"
	if h.Runs > 0 {
		runs = count(h.Runs) + " runs"
	}
	from := ""
	if h.Extends != "" {
		from = ", from " + h.Extends
	}
	fmt.Fprintf(w, "%s: %s\n\n%s\n%v to %v, %s%s\n", name, h.Title, h.Question, h.Start, h.End, runs, from)
	if len(r.Variants) > 0 {
		fmt.Fprintf(w, "variants: %s\n", strings.Join(r.Variants, ", "))
	}
	if len(h.Source) > 0 {
		fmt.Fprintf(w, "sources: %s\n", strings.Join(h.Source, ", "))
	}
	for part := range strings.SplitSeq(strings.TrimSpace(h.Notes), "\n") {
		fmt.Fprintf(w, "\n%s\n", wrapped(part))
	}
	all := ""
	if len(r.Variants) > 0 {
		all = " --variant all"
	}
	_, err := fmt.Fprintf(w, "\nnext: powerplay run %s%s, powerplay show %s\n", name, all, name)
	return err
}

// lineWidth is how wide running text is printed.
const lineWidth = 110

// wrapped breaks running text into lines.
func wrapped(words string) string {
	lines := strings.Split(text.WrapSoft(words, lineWidth), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

func printMeasure(w io.Writer, d measure.Def) error {
	form := map[measure.Scope]string{measure.Firm: "openai.%s", measure.Pair: "openai.%s(microsoft)", measure.Region: "us.%s", measure.World: "world.%s"}[d.Scope]
	u := ", in " + string(d.Dim)
	if d.Dim == unit.None {
		u = ""
	}
	of := map[measure.Scope]string{measure.Firm: "of a firm", measure.Pair: "of a firm towards another", measure.Region: "of a region", measure.World: "of the world"}[d.Scope]
	_, err := fmt.Fprintf(w, "%s: %s\n\n  %s%s; written %s\n", d.Name, d.Doc, of, u, fmt.Sprintf(form, d.Name))
	return err
}

// mechanism is a kind of contract, shock or regulation: its own terms and those of the block that it stands in.
type mechanism struct {
	name, doc string
	terms     reflect.Type
	what      string // contract, shock or rule
	block     reflect.Type
}

// printKind explains a mechanism: its page of the manual and every field.
func printKind(w io.Writer, k mechanism) error {
	page, ok := scenarios.Page(k.name)
	if !ok {
		page = k.name + ": " + k.doc + "\n"
	}
	fmt.Fprintln(w, page)
	d := scenarios.ModelDecoder(nil)
	t := newTable()
	appendTerms(t, d, k.terms, "")
	t.AppendRow(table.Row{""})
	t.AppendRow(table.Row{"of every " + k.what + ":"})
	appendTerms(t, d, k.block, "")
	render(w, t)
	return nil
}

// appendTerms adds a row for each field of a block, and for the fields of blocks within it.
func appendTerms(t table.Writer, d *scenarios.Decoder, block reflect.Type, indent string) {
	for _, term := range d.Terms(block) {
		words := term.Doc
		if len(term.Choice) > 0 {
			words += ": " + strings.Join(term.Choice, ", ")
		}
		switch {
		case term.Needed:
			words += " (needed)"
		case term.Default != "":
			words += " (default: " + term.Default + ")"
		}
		inner, list := term.Type, ""
		if inner.Kind() == reflect.Slice {
			inner, list = inner.Elem(), "list of "
		}
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		isBlock := inner.Kind() == reflect.Struct && inner != reflect.TypeFor[measure.Test]()
		what := list + typeText(inner, term)
		switch {
		case isBlock && list != "":
			what = "list of blocks"
		case isBlock:
			what = "block"
		}
		t.AppendRow(table.Row{indent + term.Key, what, words})
		if isBlock {
			appendTerms(t, d, inner, indent+"  ")
		}
	}
}

// typeText says what a field takes.
func typeText(t reflect.Type, term scenarios.Term) string {
	switch {
	case t == reflect.TypeFor[measure.Test]():
		return "a condition"
	case t == reflect.TypeFor[id.Firm]():
		return "a firm"
	case t == reflect.TypeFor[id.Region]():
		return "a region"
	case t == reflect.TypeFor[id.Contract]():
		return "a contract"
	case len(term.Choice) > 0:
		return "a word"
	case term.Unit != "":
		return term.Unit
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "text"
}

const exitCodes = `0         done; warnings allowed (--strict makes those of a scenario 2), and a goal of --until that --runs does not reach
1         a mistake in powerplay; a report file is written and named
2         wrong usage or a wrong scenario; nothing was run
3         the run finished, but an expectation of the scenario did not hold
4         reading or writing failed: missing file, no permission, disk full
5         refused or stopped by a limit on memory, time or size
6         an invariant broke, such as the books; no result is kept
130, 143  stopped by Ctrl-C, by SIGTERM; finished runs are kept, and --resume goes on
`
