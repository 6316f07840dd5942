package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// explainOptions is what `powerplay explain` can be told.
type explainOptions struct {
	screenOptions
	result    string
	number    string // one number to walk back from; empty for events
	firms     []string
	contracts []string
	kinds     []string
	from, to  string
	runs      string // empty: the central run, or the first that was kept; all; or numbers
	limit     int    // -1: as many as fit the reader; 0: all
	count     bool   // kinds with their counts instead of events
	json      bool
	against   string // another result on the same draws
	story     bool   // the run on a page
}

func explainCommand(fsys afero.Fs, s *streams) *cli.Command {
	o := explainOptions{screenOptions: screenOptions{color: "auto", problems: "human"}, limit: -1}
	var firms, contracts, kinds cli.StringSlice
	return &cli.Command{
		Name: "explain", ArgsUsage: "RESULT [NUMBER]", Usage: "say who decided what in a result, when, and on which numbers",
		UsageText: "powerplay run base-2026 --out first && powerplay explain first --kinds\npowerplay explain first --firm openai --kind round --from 2028\npowerplay explain first 'openai.market_share @ 2029-12'\npowerplay explain both/microsoft-rofr --against both/without-microsoft-openai-refusal",
		Description: "RESULT is a folder that `powerplay run` wrote. Filters narrow each other; one filter may list several names. NUMBER is a\n" +
			"measure at a month, the last where none is named: what moved it, what it is made of, which inputs it follows.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "firm", Destination: &firms, Usage: "events of `FIRM`, or with it; may be repeated"},
			&cli.StringSliceFlag{Name: "contract", Destination: &contracts, Usage: "events under `CONTRACT`"},
			&cli.StringSliceFlag{Name: "kind", Destination: &kinds, Usage: "events of a `KIND`, such as round, order or default"},
			&cli.StringFlag{Name: "from", Destination: &o.from, Usage: "from `DATE` on, such as 2028 or 2028-06"},
			&cli.StringFlag{Name: "to", Destination: &o.to, Usage: "up to `DATE`"},
			&cli.StringFlag{Name: "run", Destination: &o.runs, DefaultText: "0, the central run", Usage: "`RUNS` to look at, such as 3 or 0-5, or all that were kept"},
			&cli.IntFlag{Name: "limit", Value: o.limit, Destination: &o.limit, DefaultText: "40 on a terminal, else all", Usage: "at most `N` events; 0 for all"},
			&cli.BoolFlag{Name: "kinds", Destination: &o.count, Usage: "count the events of each kind instead"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print JSON; events one object a line"},
			&cli.BoolFlag{Name: "story", Destination: &o.story, Usage: "tell the run on one page, each sentence with the id of its event"},
			&cli.StringFlag{Name: "against", Destination: &o.against, Usage: "say in words how it differs from `RESULT` on the same draws"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) (err error) {
			if c.Args().Len() == 2 {
				o.result, o.number = c.Args().First(), c.Args().Get(1)
			} else if o.result, err = oneArgument(c, "one result folder and at most one number", "powerplay explain first 'openai.market_share @ 2029-12'"); err != nil {
				return err
			}
			if c.IsSet("limit") && o.limit < 0 {
				return &usageError{What: fmt.Sprintf("`--limit` is %d; it must be at least 0", o.limit), Hint: "0 shows all"}
			}
			o.firms, o.contracts, o.kinds = keysOf(firms.Value()), keysOf(contracts.Value()), keysOf(kinds.Value())
			return explain(c.Context, fsys, s, o)
		},
	}
}

// readerLines is how many events a person is shown at once.
const readerLines = 40

func explain(ctx context.Context, fsys afero.Fs, s *streams, o explainOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	r, err := output.Open(fsys, o.result)
	if err != nil {
		return missingResult(fsys, o.result, err)
	}
	if o.against != "" {
		other, err := output.Open(fsys, o.against)
		if err != nil {
			return missingResult(fsys, o.against, err)
		}
		return against(ctx, s, r, other, o.firms)
	}
	switch {
	case o.number != "" && o.story:
		return &usageError{What: "a number and `--story` exclude each other", Hint: "leave one of them out"}
	case o.number != "":
		return walkTo(ctx, s, r, o)
	case o.story:
		return tellStory(ctx, s, r, o)
	}
	f, err := o.filter(r)
	if err != nil {
		return err
	}
	if o.runs == "" && len(keptRuns(r.Manifest.Kept)) > 1 && !o.json {
		fmt.Fprintf(s.err, "run %d of runs %s; the others: --run 3, --run all\n", f.Runs[0], r.Manifest.Kept)
	}
	if o.count {
		return countKinds(ctx, s, r, f, o.json)
	}
	limit := o.limit
	if limit < 0 {
		limit = 0
		if s.outTTY {
			limit = readerLines
		}
	}
	shown, more := 0, 0
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	for e, err := range r.Events(f) {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case limit > 0 && shown == limit:
			more++
			continue
		}
		shown++
		if o.json {
			err = enc.Encode(e)
		} else {
			err = printEvent(s, e, len(f.Runs) != 1)
		}
		if err != nil {
			return err
		}
	}
	if more > 0 {
		fmt.Fprintf(s.err, "… and %s more: --limit 0 shows all, filters narrow them\n", count(more))
	}
	if shown == 0 {
		return o.nothing(s, r)
	}
	return nil
}

// missingResult adds to an error about a folder the nearest one that is a result, or the results in it.
func missingResult(fsys afero.Fs, dir string, err error) error {
	if inside := resultsIn(fsys, dir); len(inside) > 0 {
		return &missingError{dir: filepath.ToSlash(dir), inside: inside}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var known []string
	parent := filepath.Dir(filepath.Clean(dir))
	entries, _ := afero.ReadDir(fsys, parent)
	for _, e := range entries {
		if is, _ := afero.Exists(fsys, filepath.Join(parent, e.Name(), "manifest.json")); is {
			known = append(known, filepath.ToSlash(filepath.Join(parent, e.Name())))
		}
	}
	return &missingError{dir: filepath.ToSlash(dir), known: known}
}

// missingError is a result folder that is not there.
type missingError struct {
	dir    string
	known  []string
	inside []string // results that the folder holds, where it is there
}

func (e *missingError) Error() string { return "there is no result folder " + e.dir }

func (e *missingError) problem() scenarios.Problem {
	if len(e.inside) > 0 {
		return scenarios.Problem{
			Code: "E603", What: fmt.Sprintf("`%s` is not a result folder, but holds results", e.dir),
			Hint: "name one of them: " + filepath.ToSlash(strings.Join(e.inside, ", ")) + "; powerplay report takes the whole",
		}
	}
	p := scenarios.Problem{Code: "E601", What: fmt.Sprintf("there is no result folder `%s`", e.dir)}
	if best, ok := scenarios.Nearest(e.dir, e.known); ok {
		p.Hint = fmt.Sprintf("did you mean `%s`?", best)
		return p
	}
	slices.SortStableFunc(e.known, func(a, b string) int { return cmp.Compare(common(b, e.dir), common(a, e.dir)) })
	p.Hint = "powerplay run writes one and names it at its end"
	if n := len(e.known); n > 0 {
		p.Hint = "results here: " + strings.Join(e.known[:min(n, 8)], ", ")
	}
	return p
}

// common is how many letters two names begin with alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// filter turns the flags into a filter, and refuses names that the result does not know.
func (o *explainOptions) filter(r *output.Result) (f output.Filter, err error) {
	var known []string
	for _, e := range r.About.Entities {
		known = append(known, e.Key)
	}
	known = append(known, "world")
	for _, firm := range o.firms {
		if !slices.Contains(known, firm) {
			return f, unknownName("firm", "firms", firm, known)
		}
	}
	f = output.Filter{Firms: o.firms, Contracts: o.contracts, Kinds: o.kinds}
	for _, d := range []struct {
		flag, text string
		end        bool
		to         *unit.Month
	}{{"from", o.from, false, &f.From}, {"to", o.to, true, &f.To}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = scenarios.ReadMonth(d.text, d.end); err != nil {
			return f, &usageError{What: fmt.Sprintf("`--%s` takes a date, not `%s`", d.flag, d.text), Hint: "write 2028 or 2028-06"}
		}
	}
	a := r.About
	switch {
	case f.From > a.End || f.To != 0 && f.To < a.Start:
		return f, &usageError{What: fmt.Sprintf("the result runs from %v to %v", a.Start, a.End), Hint: "give dates within that"}
	case f.To != 0 && f.To < f.From:
		return f, &usageError{What: fmt.Sprintf("`--from` is %v, which is after `--to`, %v", f.From, f.To), Hint: fmt.Sprintf("the result runs from %v to %v", a.Start, a.End)}
	}
	kept := keptRuns(r.Manifest.Kept)
	switch o.runs {
	case "all":
	case "":
		if len(kept) > 0 {
			f.Runs = kept[:1]
		}
	default:
		if f.Runs, err = readRuns(o.runs); err != nil {
			return f, &usageError{What: "`--run` takes the numbers of runs: " + err.Error(), Hint: "write --run 3, --run 0-5 or --run all"}
		}
		for _, run := range f.Runs {
			if run > r.About.Runs {
				return f, &usageError{What: fmt.Sprintf("there is no run %d: the result has %s beside the central run, 0", run, number1(r.About.Runs, "run")), Hint: "kept: " + r.Manifest.Kept}
			}
			if !slices.Contains(kept, run) {
				return f, &usageError{
					What: fmt.Sprintf("the events of run %d were not kept; kept: %s", run, r.Manifest.Kept),
					Hint: fmt.Sprintf("powerplay run %s --seed %d --only %d repeats it with all its decisions", scenarioFlags(r), r.About.Seed, run),
				}
			}
		}
	}
	return f, nil
}

// scenarioFlags names a result's own scenario, in which variants and --set stand, and its design as run takes them.
func scenarioFlags(r *output.Result) string {
	text := quoted(filepath.ToSlash(filepath.Join(r.Dir, "scenario.yaml")))
	if design := r.Manifest.Flags["design"]; design != "" {
		text += " --design " + design
	}
	if strings.HasPrefix(r.About.Design, "latin-hypercube") { // made for its number of runs
		text += fmt.Sprintf(" --runs %d", r.About.Runs)
	}
	return text
}

// keptRuns reads the manifest's list of runs, such as 0-5,17.
func keptRuns(text string) []int {
	if text == "none" {
		return nil
	}
	var runs []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		a, err := strconv.Atoi(first)
		b := a
		if err == nil && ranged {
			b, err = strconv.Atoi(last)
		}
		if err != nil || b-a > scenarios.MaxRuns {
			return runs
		}
		for ; a <= b; a++ {
			runs = append(runs, a)
		}
	}
	return runs
}

func unknownName(what, plural, name string, known []string) error {
	e := &usageError{What: fmt.Sprintf("the result knows no %s `%s`", what, name)}
	if best, ok := scenarios.Nearest(name, known); ok {
		e.Hint = fmt.Sprintf("did you mean `%s`?", best)
	} else {
		e.Hint = plural + ": " + strings.Join(known, ", ")
	}
	return e
}

// nothing tells why no event was shown: a name that is in no event is a mistake, an empty month is not.
func (o *explainOptions) nothing(s *streams, r *output.Result) error {
	if r.Manifest.Kept == "none" {
		return keepsNothing()
	}
	var kinds, contracts []string
	for e, err := range r.Events(output.Filter{}) {
		if err != nil {
			return err
		}
		if !slices.Contains(kinds, e.Kind) {
			kinds = append(kinds, e.Kind)
		}
		if e.Contract != "" && !slices.Contains(contracts, e.Contract) {
			contracts = append(contracts, e.Contract)
		}
	}
	slices.Sort(kinds)
	slices.Sort(contracts)
	for _, k := range o.kinds {
		if !slices.Contains(kinds, k) {
			return unknownName("kind of event", "kinds of event", k, kinds)
		}
	}
	for _, c := range o.contracts {
		if !slices.Contains(contracts, c) {
			return unknownName("contract with events", "contracts with events", c, contracts)
		}
	}
	fmt.Fprintln(s.err, "no event fits all of these filters; --kinds counts what there is")
	return nil
}

func keepsNothing() error {
	return &usageError{What: "the result keeps no events", Hint: "run again without --keep none"}
}

// printEvent writes an event as a sentence and the numbers behind it.
func printEvent(s *streams, e record.Event, withRun bool) error {
	head := e.Date
	if withRun {
		head = fmt.Sprintf("run %d  %s", e.Run, e.Date)
	}
	under := ""
	if e.Contract != "" && !strings.Contains(e.What, e.Contract) {
		under = s.paint(text.Faint, "  under "+e.Contract)
	}
	kind := fmt.Sprintf("%-13s", e.Kind)
	if _, err := fmt.Fprintf(s.out, "%s  %s %s%s\n", head, s.paint(text.Bold, kind), e.What, under); err != nil {
		return err
	}
	if len(e.Why) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "%s  %s\n", strings.Repeat(" ", len(head)), s.paint(text.Faint, whyText(e)))
	return err
}

// whyText writes the numbers behind an event.
func whyText(e record.Event) string {
	var why []string
	for _, r := range e.Why {
		why = append(why, r.Name+" "+figure(r.Value, r.Unit))
	}
	return strings.Join(why, " · ")
}

// magnitude is the letter that a scenario writes for millions, billions or trillions of dollars.
var magnitude = regexp.MustCompile(`^(-?\$[\d.]+)([MBT])`)

// figure writes a quantity as a scenario would, to four digits, dollars as charts and sentences do: $35.3 bn.
func figure(v float64, d unit.Dimension) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "none"
	}
	if math.Abs(v) < 1e-9 {
		v = 0 // what is left of a difference
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	short := scenarios.Format(v, d)
	if m := magnitude.FindStringSubmatch(short); m != nil {
		short = m[1] + map[string]string{"M": " m", "B": " bn", "T": " tn"}[m[2]] + short[len(m[0]):]
	}
	if d == unit.DimPoints {
		short += " points"
	}
	return short
}

// countKinds tells how many events of each kind there are, of whom and when.
func countKinds(ctx context.Context, s *streams, r *output.Result, f output.Filter, asJSON bool) error {
	type kind struct {
		Kind        string         `json:"kind"`
		Events      int            `json:"events"`
		First, Last string         `json:"-"`
		From        string         `json:"from"`
		To          string         `json:"to"`
		Firms       map[string]int `json:"firms"`
	}
	found := map[string]*kind{}
	for e, err := range r.Events(f) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		k := found[e.Kind]
		if k == nil {
			k = &kind{Kind: e.Kind, From: e.Date, To: e.Date, Firms: map[string]int{}}
			found[e.Kind] = k
		}
		k.Events++
		k.Firms[e.Firm]++
		k.From, k.To = min(k.From, e.Date), max(k.To, e.Date)
	}
	all := make([]*kind, 0, len(found))
	for _, k := range found {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b *kind) int { return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Kind, b.Kind)) })
	if asJSON {
		return printJSON(s.out, all)
	}
	t := newTable()
	t.AppendRow(table.Row{"kind", "events", "from", "to", "most often"})
	for _, k := range all {
		firms := make([]string, 0, len(k.Firms))
		for firm := range k.Firms {
			firms = append(firms, firm)
		}
		slices.SortFunc(firms, func(a, b string) int { return cmp.Or(cmp.Compare(k.Firms[b], k.Firms[a]), cmp.Compare(a, b)) })
		for i := range firms {
			firms[i] = fmt.Sprintf("%s %s", firms[i], count(k.Firms[firms[i]]))
		}
		t.AppendRow(table.Row{k.Kind, count(k.Events), k.From, k.To, strings.Join(firms[:min(3, len(firms))], ", ")})
	}
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}})
	render(s.out, t)
	return nil
}

// printJSON writes a value for other programs.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
