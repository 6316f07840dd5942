package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output/chart"
	"powerplay/scenarios"
	"powerplay/sim/firm"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// listOptions is what `powerplay list` can be told.
type listOptions struct {
	screenOptions
	what     string // one of listed
	scenario string // whose entries are listed; empty for what the tool knows
	json     bool
}

// listed are the words that `powerplay list` takes: first what the tool knows, then what stands in a scenario.
func listed() (known, inScenario []string) {
	return []string{"scenarios", "measures", "charts", "contracts", "shocks", "regulation"},
		[]string{"firms", "regions", "contracts", "shocks", "regulation", "variants", "uncertain"}
}

func listCommand(fs afero.Fs, s *streams) *cli.Command {
	o := listOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	known, inScenario := listed()
	return &cli.Command{
		Name: "list", ArgsUsage: "[WHAT [SCENARIO]]", Usage: "list scenarios, measures, charts, kinds of mechanism, or what stands in a scenario",
		UsageText: "powerplay list\npowerplay list measures\npowerplay list firms base-2026",
		Description: "WHAT is " + strings.Join(known, ", ") + ": scenarios can be run by their\n" +
			"name, measures are what conditions, tables and charts speak of, and kinds go into `kind:`. Of a SCENARIO it is\n" +
			strings.Join(inScenario, ", ") + ".",
		Flags: append([]cli.Flag{&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print JSON"}}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			o.what, o.scenario = cmp.Or(c.Args().Get(0), "scenarios"), c.Args().Get(1)
			if c.Args().Len() > 2 {
				return &usageError{What: "powerplay list takes what to list, and a scenario", Hint: "such as: powerplay list firms base-2026"}
			}
			return list(fs, s, o)
		},
	}
}

func list(fs afero.Fs, s *streams, o listOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	known, inScenario := listed()
	if !slices.Contains(known, o.what) && o.scenario == "" && slices.Contains(inScenario, o.what) {
		o.scenario = "base-2026"
	}
	if o.scenario != "" {
		known = inScenario
	}
	if !slices.Contains(known, o.what) {
		return noSuchList(o)
	}
	if o.scenario != "" {
		return listEntries(fs, s, o)
	}
	switch o.what {
	case "scenarios":
		return listScenarios(s, o.json)
	case "measures":
		return listMeasures(s, o.json)
	case "charts":
		return listAllCharts(s, o.json)
	}
	var all []kindEntry
	for _, k := range mechanisms() {
		if o.what == k.what+"s" || o.what == "regulation" && k.what == "rule" {
			all = append(all, kindEntry{k.name, k.doc})
		}
	}
	return listKinds(s, all, o.json)
}

// noSuchList says what can be listed.
func noSuchList(o listOptions) error {
	known, inScenario := listed()
	e := &usageError{What: fmt.Sprintf("there is no list of `%s`", o.what), Hint: "lists: " + strings.Join(known, ", ") + "; of a scenario: " + strings.Join(inScenario, ", ")}
	if o.scenario != "" {
		e.What = fmt.Sprintf("there is no list of `%s` of a scenario", o.what)
	}
	if best, ok := scenarios.Nearest(o.what, slices.Concat(known, inScenario)); ok && best != o.what {
		e.Hint = fmt.Sprintf("did you mean `powerplay list %s`?", strings.TrimSpace(best+" "+o.scenario))
	}
	return e
}

// entry is what a scenario has under a name.
type entry struct {
	Key  string   `json:"key"`
	What string   `json:"what,omitempty"` // its name or kind; the distribution of what is drawn
	Of   []string `json:"of,omitempty"`   // a firm's roles, or the firms that it names
}

// listEntries lists what stands in a scenario. It is read only as far as that: one whose values are wrong has names too.
func listEntries(fs afero.Fs, s *streams, o listOptions) error {
	r, problems := scenarios.Source{FS: fs, Library: scenarios.Library()}.Read(o.scenario, "", nil)
	if r == nil || r.Tree == nil {
		return &problemsError{problems: problems}
	}
	all := []entry{}
	switch o.what {
	case "variants":
		for _, name := range r.Variants {
			all = append(all, entry{Key: name})
		}
	case "uncertain":
		for _, u := range r.Uncertain {
			all = append(all, entry{Key: u.Path, What: u.Text})
		}
	default:
		all = entriesOf(r.Tree, o.what)
	}
	if o.json {
		return printJSON(s.out, all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(s.out, "%s has no %s\n", o.scenario, o.what)
		return err
	}
	t := newTable()
	for _, e := range all {
		t.AppendRow(table.Row{e.Key, e.What, strings.Join(e.Of, ", ")})
	}
	render(s.out, t)
	one := "--path " + o.what + "." + all[0].Key
	switch o.what {
	case "variants":
		one = "--variant " + all[0].Key
	case "uncertain":
		one = "--path " + all[0].Key
	}
	_, err := fmt.Fprintf(s.out, "\nmore of one: powerplay show %s %s\n", o.scenario, one)
	return err
}

// entriesOf lists the entries of a block of a scenario.
func entriesOf(tree *scenarios.Node, block string) []entry {
	var firms []record.Entity
	for _, key := range tree.Child("firms").Keys() {
		firms = append(firms, record.Entity{Key: key})
	}
	all := []entry{}
	named := tree.Child(block)
	if named == nil {
		return all
	}
	for _, n := range named.Children {
		e := entry{Key: n.Key}
		for _, key := range []string{"name", "kind"} {
			if c := n.Child(key); c != nil {
				e.What = c.Text
			}
		}
		if block != "firms" {
			e.Of = entitiesIn(n, firms)
		} else {
			e.Of = slices.DeleteFunc(n.Keys(), func(key string) bool { return !slices.Contains(firm.RoleNames(), key) })
		}
		all = append(all, e)
	}
	return all
}

// builtIn reads the library and nothing else: a user's file must not hide a scenario from its list.
func builtIn() scenarios.Source {
	return scenarios.Source{FS: afero.NewMemMapFs(), Library: scenarios.Library()}
}

func listScenarios(s *streams, asJSON bool) error {
	type entry struct {
		Name     string   `json:"name"`
		Title    string   `json:"title"`
		Question string   `json:"question"`
		Extends  string   `json:"extends,omitempty"`
		Start    string   `json:"start"`
		End      string   `json:"end"`
		Runs     int      `json:"runs"`
		Variants []string `json:"variants"`
	}
	var all []entry
	source := builtIn()
	for _, name := range source.Names() {
		r, problems := source.Read(name, "", nil)
		if r == nil || scenarios.Errors(problems) > 0 {
			return &problemsError{problems: problems}
		}
		h := r.Header
		variants := r.Variants
		if variants == nil {
			variants = []string{}
		}
		all = append(all, entry{name, h.Title, h.Question, h.Extends, h.Start.String(), h.End.String(), h.Runs, variants})
	}
	if asJSON {
		return printJSON(s.out, all)
	}
	t := newTable()
	for _, e := range all {
		t.AppendRow(table.Row{e.Name, e.Title})
	}
	render(s.out, t)
	_, err := fmt.Fprintln(s.out, "\nquestion, variants and findings of one: powerplay help microsoft-rofr; next: powerplay run base-2026 --out first")
	return err
}

func listMeasures(s *streams, asJSON bool) error {
	if !asJSON {
		return printMeasures(s.out)
	}
	type entry struct {
		Name  string         `json:"name"`
		Unit  unit.Dimension `json:"unit"`
		Scope string         `json:"scope"`
		Doc   string         `json:"meaning"`
	}
	var all []entry
	for _, d := range measure.All() {
		all = append(all, entry{d.Name, d.Dim, d.Scope.String(), d.Doc})
	}
	return printJSON(s.out, all)
}

func listAllCharts(s *streams, asJSON bool) error {
	if !asJSON {
		return printCharts(s.out)
	}
	type entry struct {
		Name    string `json:"name"`
		Doc     string `json:"meaning"`
		Default bool   `json:"default"`
	}
	var all []entry
	for _, c := range chart.All() {
		all = append(all, entry{c.Name, c.Doc, !c.Extra})
	}
	return printJSON(s.out, all)
}

// kindEntry is a kind of contract, shock or regulation in a list.
type kindEntry struct {
	Kind string `json:"kind"`
	Doc  string `json:"meaning"`
}

func listKinds(s *streams, all []kindEntry, asJSON bool) error {
	if asJSON {
		return printJSON(s.out, all)
	}
	t := newTable()
	for _, k := range all {
		t.AppendRow(table.Row{k.Kind, k.Doc})
	}
	render(s.out, t)
	_, err := fmt.Fprintf(s.out, "\nfields and an example: powerplay help %s\n", all[0].Kind)
	return err
}
