package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/scenarios"
)

// showOptions is what `powerplay show` can be told.
type showOptions struct {
	screenOptions
	scenario string
	variant  string
	sets     []string
	path     string // of the part to show; empty for all
	plain    bool
	json     bool
}

func showCommand(fs afero.Fs, s *streams) *cli.Command {
	o := showOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	var sets cli.StringSlice
	return &cli.Command{
		Name: "show", ArgsUsage: "SCENARIO", Usage: "print a scenario as resolved, with the origin of each value",
		UsageText: "powerplay show base-2026 --path firms.openai\npowerplay show amazon-milestones --variant all-up-front --path contracts",
		Description: "Beside each value stands where it comes from: a line of a file, a row of a table, a variant, or a --set.\n" +
			"`drawn` is the distribution from which runs 1 to N take it; the value is its median. The whole is YAML.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "path", Destination: &o.path, Usage: "`PATH` of the part to show, such as firms.openai.lab"},
			&cli.StringFlag{Name: "variant", Destination: &o.variant, Usage: "`NAME` of a variant"},
			&cli.StringSliceFlag{Name: "set", Destination: &sets, Usage: "`PATH=VALUE` to override; may be repeated"},
			&cli.BoolFlag{Name: "plain", Destination: &o.plain, Usage: "one file that stands alone, as in a result folder"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print values with their origins as JSON"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) (err error) {
			if o.scenario, err = oneArgument(c, "one scenario", "powerplay show base-2026"); err != nil {
				return err
			}
			o.sets = sets.Value()
			return show(c.Context, fs, s, o)
		},
	}
}

func show(_ context.Context, fs afero.Fs, s *streams, o showOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	study, problems := scenarios.Load(fs, o.scenario, o.variant, o.sets)
	if study == nil {
		return &problemsError{problems: problems}
	}
	if len(problems) > 0 {
		_ = s.printProblems(s.err, problems)
	}
	if o.plain {
		_, err := s.out.Write(study.Encode())
		return err
	}
	p := newProvenance(study)
	tree, path := study.Tree, ""
	if o.path != "" {
		tree, path = study.Tree.At(o.path), o.path
		if tree == nil {
			return o.showHead(s, study)
		}
	}
	if o.json {
		return printJSON(s.out, p.values(tree, path))
	}
	w := &showWriter{s: s, from: p}
	if path == "" {
		w.header(study)
	}
	w.node(tree, path, 0, "")
	return w.err
}

// showHead prints what stands in the head of a scenario, beside its world, such as its design: without origins, which only
// values of the world have.
func (o showOptions) showHead(s *streams, study *scenarios.Study) error {
	whole, _ := scenarios.Parse("scenario.yaml", study.Encode())
	n := whole.At(o.path)
	if n == nil {
		return noSuchPath(study.Tree, o.path)
	}
	if o.json {
		all := new(provenance).values(n, o.path)
		for i := range all {
			all[i].Origin = scenarios.Origin{}
		}
		return printJSON(s.out, all)
	}
	_, err := s.out.Write(scenarios.Encode(&scenarios.Node{Kind: scenarios.Map, Children: []*scenarios.Node{n}}))
	return err
}

// noSuchPath tells how far a path leads, and what there is from there on.
func noSuchPath(tree *scenarios.Node, path string) error {
	e := &usageError{What: fmt.Sprintf("the scenario has no `%s`", path)}
	parent := tree
	if at := strings.LastIndex(path, "."); at >= 0 {
		if parent = tree.At(path[:at]); parent == nil {
			return noSuchPath(tree, path[:at])
		}
		path = path[at+1:]
	}
	keys := parent.Keys()
	if best, ok := scenarios.Nearest(path, keys); ok {
		e.Hint = fmt.Sprintf("did you mean `%s`?", best)
	} else if len(keys) > 0 {
		e.Hint = "there is: " + strings.Join(keys, ", ")
	}
	return e
}

// provenance knows of each path where its value comes from.
type provenance struct {
	drawn map[string]scenarios.Uncertain
	facts map[string]scenarios.Fact
	fixed map[string]scenarios.Fixed
}

func newProvenance(study *scenarios.Study) *provenance {
	p := &provenance{map[string]scenarios.Uncertain{}, map[string]scenarios.Fact{}, map[string]scenarios.Fixed{}}
	for _, u := range study.Uncertain {
		p.drawn[u.Path] = u
	}
	for _, f := range study.Facts {
		if f.Used {
			p.facts[f.Path] = f
		}
	}
	for _, f := range study.Fixed {
		p.fixed[f.Path] = f
	}
	return p
}

// value is one value of a scenario with its origin.
type value struct {
	Path   string           `json:"path"`
	Value  string           `json:"value"`
	Origin scenarios.Origin `json:"origin"`
	Drawn  string           `json:"drawn,omitempty"` // the distribution
	Grade  string           `json:"grade,omitempty"`
	Source string           `json:"source,omitempty"`
	Fixed  string           `json:"instead_of,omitempty"` // the distribution that it replaces
}

func (p *provenance) of(n *scenarios.Node, path string) value {
	v := value{Path: path, Value: n.Text, Origin: n.Origin}
	if n.Kind == scenarios.Null {
		v.Value = "null"
	}
	if u, ok := p.drawn[path]; ok {
		v.Drawn, v.Origin, v.Grade, v.Source = u.Text, u.Origin, u.Grade, u.Source
	}
	if f, ok := p.facts[path]; ok && (v.Drawn == "" || v.Grade == "") {
		v.Grade, v.Source = f.Grade, f.Source
	}
	if f, ok := p.fixed[path]; ok {
		v.Fixed = f.Was.String()
	}
	return v
}

// values lists all single values below a node.
func (p *provenance) values(n *scenarios.Node, path string) []value {
	all := []value{}
	if n.Kind == scenarios.Scalar || n.Kind == scenarios.Null || len(n.Children) == 0 {
		return append(all, p.of(n, path))
	}
	for i, c := range n.Children {
		all = append(all, p.values(c, below(n, path, i))...)
	}
	return all
}

// below is the path of a node's child.
func below(n *scenarios.Node, path string, i int) string {
	switch {
	case n.Kind == scenarios.List:
		return fmt.Sprintf("%s[%d]", path, i)
	case path == "":
		return n.Children[i].Key
	}
	return path + "." + n.Children[i].Key
}

// showWriter prints a tree as YAML with origins as remarks.
type showWriter struct {
	s    *streams
	from *provenance
	err  error
}

// remarkColumn is where origins stand, unless a value is longer.
const remarkColumn = 52

func (w *showWriter) line(text, remark string) {
	if w.err != nil {
		return
	}
	if remark != "" {
		text += strings.Repeat(" ", max(2, remarkColumn-utf8.RuneCountInString(text))) + w.remark(remark)
	}
	_, w.err = io.WriteString(w.s.out, text+"\n")
}

func (w *showWriter) header(study *scenarios.Study) {
	h := study.Header
	w.line("# "+h.Name+": "+h.Title, "")
	w.line("# "+h.Question, "")
	for _, f := range study.Files {
		place := ""
		if f.Library {
			place = ", built in"
		}
		w.line(fmt.Sprintf("# from %s%s", f.Name, place), "")
	}
	w.line("# hash "+study.Hash, "")
	w.line("# design "+study.DesignText(study.Header.Runs), "")
	for _, f := range study.Fixed {
		w.line("# "+fixedNote(f), "")
	}
}

// node prints a node; lead is what stands before its first line: its name, or the dash of a list.
func (w *showWriter) node(n *scenarios.Node, path string, depth int, lead string) {
	indent := strings.Repeat("  ", depth)
	if n.Kind == scenarios.Scalar || n.Kind == scenarios.Null || len(n.Children) == 0 {
		v := w.from.of(n, path)
		remark := v.Origin.String()
		if v.Origin.Note != "" && v.Origin.File != "" {
			remark += " " + v.Origin.Note
		}
		if v.Drawn != "" {
			remark = "drawn " + v.Drawn + "  " + remark
		}
		if v.Grade != "" {
			remark += ", " + v.Grade
		}
		if v.Fixed != "" {
			remark += ", instead of a draw at " + v.Fixed
		}
		w.line(indent+lead+scalarText(n), remark)
		return
	}
	if lead != "" {
		w.line(indent+strings.TrimRight(lead, " "), "")
		depth++
	}
	for i, c := range n.Children {
		lead := "- "
		if n.Kind == scenarios.Map {
			lead = keyText(c) + ": "
		}
		w.node(c, below(n, path, i), depth, lead)
	}
}

// remark writes an origin so that YAML takes it for a comment.
func (w *showWriter) remark(words string) string { return w.s.paint(text.Faint, "# "+words) }

// scalarText is a value without children as YAML.
func scalarText(n *scenarios.Node) string {
	alone := *n
	alone.Key = "k"
	line := scenarios.Encode(&scenarios.Node{Kind: scenarios.Map, Children: []*scenarios.Node{&alone}})
	return strings.TrimSuffix(strings.TrimPrefix(string(line), "k: "), "\n")
}

// keyText is a name as YAML.
func keyText(n *scenarios.Node) string {
	empty := &scenarios.Node{Kind: scenarios.Null, Key: n.Key}
	line := scenarios.Encode(&scenarios.Node{Kind: scenarios.Map, Children: []*scenarios.Node{empty}})
	return strings.TrimSuffix(string(line), ": null\n")
}
