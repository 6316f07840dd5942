package main

import (
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/measure"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// listOptions is what `powerplay list` can be told.
type listOptions struct {
	screenOptions
	what string // scenarios, measures, contracts, shocks or regulation
	json bool
}

func listCommand(s *streams) *cli.Command {
	o := listOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	return &cli.Command{
		Name: "list", ArgsUsage: "[scenarios | measures | contracts | shocks | regulation]", Usage: "list scenarios, measures, or kinds of mechanism",
		UsageText:   "powerplay list\npowerplay list measures",
		Description: "Scenarios can be run by their name. Measures are what conditions, tables and charts speak of. Kinds go into `kind:`.",
		Flags:       append([]cli.Flag{&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print JSON"}}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			o.what = "scenarios"
			if c.Args().Present() {
				var err error
				if o.what, err = oneArgument(c, "scenarios, measures, contracts, shocks or regulation", "powerplay list measures"); err != nil {
					return err
				}
			}
			return list(s, o)
		},
	}
}

func list(s *streams, o listOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	switch o.what {
	case "scenarios":
		return listScenarios(s, o.json)
	case "measures":
		return listMeasures(s, o.json)
	case "contracts":
		var all []kindEntry
		for _, k := range contract.Kinds() {
			all = append(all, kindEntry{k.Name, k.Doc})
		}
		return listKinds(s, all, o.json)
	case "shocks":
		var all []kindEntry
		for _, k := range shock.Kinds() {
			all = append(all, kindEntry{k.Name, k.Doc})
		}
		return listKinds(s, all, o.json)
	case "regulation":
		var all []kindEntry
		for _, k := range rule.Kinds() {
			all = append(all, kindEntry{k.Name, k.Doc})
		}
		return listKinds(s, all, o.json)
	}
	e := &usageError{What: fmt.Sprintf("there is no list of `%s`", o.what), Hint: "lists: scenarios, measures, contracts, shocks, regulation"}
	if best, ok := scenarios.Nearest(o.what, []string{"scenarios", "measures", "contracts", "shocks", "regulation"}); ok {
		e.Hint = fmt.Sprintf("did you mean `powerplay list %s`?", best)
	}
	return e
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
	if asJSON {
		return printJSON(s.out, all)
	}
	t := newTable()
	t.AppendRow(table.Row{"written as", "unit", "meaning"})
	for _, e := range all {
		name := map[string]string{"firm": "FIRM.%s", "pair": "FIRM.%s(OTHER)", "region": "REGION.%s", "world": "world.%s"}[e.Scope]
		u := string(e.Unit)
		if e.Unit == unit.None {
			u = ""
		}
		t.AppendRow(table.Row{fmt.Sprintf(name, e.Name), u, e.Doc})
	}
	render(s.out, t)
	return nil
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
