package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/record"
)

// side is one of two results that are compared on the same draws.
type side struct {
	about  record.About
	tree   *scenarios.Node // the scenario as it was run
	table  *record.RunTable
	events []record.Event // of the central run; nil where none were kept
}

// name says which scenario and variant it is.
func (x *side) name() string {
	if x.about.Variant == "" {
		return x.about.Scenario
	}
	return x.about.Scenario + ", " + x.about.Variant
}

// against says in words how a result differs from another on the same draws: what was changed, what that did, where the
// central runs part, what happens more or less often, and which numbers end up where.
func against(ctx context.Context, s *streams, a, b *output.Result, firms []string) error {
	if !sameDraws(a, b) {
		return &usageError{
			What: fmt.Sprintf("%s and %s do not share their draws", a.Dir, b.Dir), Hint: "compare results of one seed, start and design: powerplay run SCENARIO --without CONTRACT writes two",
		}
	}
	if p, same := sameModel(a.Dir, b.Dir, a.About, b.About); same {
		_ = s.printProblems(s.err, []scenarios.Problem{p})
	}
	first, err := readSide(ctx, a)
	if err != nil {
		return err
	}
	second, err := readSide(ctx, b)
	if err != nil {
		return err
	}
	names := [2]string{first.name(), second.name()}
	if names[0] == names[1] { // changed on the command line, as the folders tell
		names = [2]string{filepath.Base(a.Dir), filepath.Base(b.Dir)}
	}
	fmt.Fprintln(s.out, s.paint(text.Bold, names[0]+" against "+names[1]))
	changed := changes(first, second)
	tellChanges(s, first, second, changed)
	if err := tellParting(s, first, second, changed); err != nil {
		return err
	}
	if len(firms) == 0 {
		firms = changed.parties()
	}
	tellOutcomes(s, first, second, firms, sentences{ours: 8, others: 4, unclear: 3})
	return nil
}

// sameDraws tells whether each run of two results has the same luck in both.
func sameDraws(a, b *output.Result) bool {
	return a.About.Seed == b.About.Seed && a.About.Start == b.About.Start && a.About.Design == b.About.Design
}

// sameModel warns of two results that are the same: nothing can differ between them.
func sameModel(first, second string, a, b record.About) (warning scenarios.Problem, same bool) {
	if a.Hash != b.Hash || a.Seed != b.Seed || a.Runs != b.Runs {
		return warning, false
	}
	return scenarios.Problem{
		Code: "W403", Severity: scenarios.Warning, What: fmt.Sprintf("%s and %s are the same model with the same seed and runs, so nothing differs", first, second),
		Hint: "compare with a variant, as SCENARIO:VARIANT, or with a change: --without CONTRACT, --with PATH=VALUE",
	}, true
}

// readSide reads of a result what is compared.
func readSide(ctx context.Context, r *output.Result) (*side, error) {
	x := &side{about: r.About}
	var err error
	if x.tree, err = readScenario(r); err != nil {
		return nil, err
	}
	if x.table, err = r.Runs(); err != nil {
		return nil, err
	}
	runs := keptRuns(r.Manifest.Kept)
	if len(runs) == 0 {
		return x, nil
	}
	x.events = []record.Event{}
	for e, err := range r.Events(output.Filter{Runs: runs[:1]}) {
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		x.events = append(x.events, e)
	}
	return x, nil
}

// readScenario reads the scenario as it was run.
func readScenario(r *output.Result) (*scenarios.Node, error) {
	data, err := r.Read("scenario.yaml")
	if err != nil {
		return nil, err
	}
	tree, _ := scenarios.Parse("scenario.yaml", data)
	if tree == nil {
		return nil, fmt.Errorf("%s: scenario.yaml cannot be read", r.Dir)
	}
	return tree, nil
}

// change is a contract, a shock or a rule that two scenarios do not have alike.
type change struct {
	block     string // of the scenario
	key, kind string
	signed    string // month of a contract's signature as dates are written; empty for others
	in        [2]bool
	parties   []string // firms that it names in either
}

type changeList []change

// changes lists the contracts, shocks and rules that two scenarios do not have alike.
func changes(a, b *side) changeList {
	var all changeList
	for _, block := range blocks() {
		x, y := a.tree.Child(block), b.tree.Child(block)
		for _, key := range union(x.Keys(), y.Keys()) {
			p, q := x.Child(key), y.Child(key)
			if p != nil && q != nil && string(scenarios.Encode(p)) == string(scenarios.Encode(q)) {
				continue
			}
			c := change{block: block, key: key, in: [2]bool{p != nil, q != nil}}
			for _, n := range []*scenarios.Node{q, p} {
				if n == nil {
					continue
				}
				if kind := n.Child("kind"); kind != nil {
					c.kind = kind.Text
				}
				if signed := n.Child("signed"); signed != nil {
					c.signed = signed.Text[:min(len(signed.Text), len("2026-01"))] // a day counts as its month
				}
				c.parties = union(c.parties, entitiesIn(n, a.about.Entities))
			}
			all = append(all, c)
		}
	}
	return all
}

// blocks are the parts of a scenario whose entries act by themselves and leave events under their keys.
func blocks() []string { return []string{"contracts", "shocks", "regulation"} }

// parties are the firms that the changes concern.
func (l changeList) parties() []string {
	var all []string
	for _, c := range l {
		all = union(all, c.parties)
	}
	return all
}

// changedTerms lists the terms of a contract, a shock or a rule that differ, each as it is in the first and in the second.
func changedTerms(p, q *scenarios.Node) []string {
	var all []string
	for _, key := range union(p.Keys(), q.Keys()) {
		if a, b := p.Child(key), q.Child(key); a == nil || b == nil || !a.Same(b) {
			all = append(all, fmt.Sprintf("%s: %s instead of %s", strings.ReplaceAll(key, "_", " "), valueText(a), valueText(b)))
		}
	}
	return all
}

// has tells whether events under a key are events of a change.
func (l changeList) has(key string) bool {
	return slices.ContainsFunc(l, func(c change) bool { return c.key == key })
}

// tellChanges says what one scenario has and the other has not, and what that did in the central run.
func tellChanges(s *streams, a, b *side, changed changeList) {
	for _, c := range changed {
		what := "other terms"
		switch {
		case !c.in[1]:
			what = "only the first has it"
		case !c.in[0]:
			what = "only the second has it"
		}
		fmt.Fprintf(s.out, "  %s: %s\n", strings.TrimSpace(c.kind+" "+c.key), what)
		var did [2]string
		for i, x := range []*side{a, b} {
			if c.in[i] {
				did[i] = x.deeds(c)
			}
		}
		if did[0] == did[1] {
			did[0], did[1] = "", "in both "+did[1]
		}
		for i, text := range did {
			switch {
			case text == "":
			case c.in[0] && c.in[1] && did[0] != "":
				fmt.Fprintf(s.out, "    in the %s %s\n", [2]string{"first", "second"}[i], text)
			default:
				fmt.Fprintf(s.out, "    %s\n", text)
			}
		}
		if c.in[0] != c.in[1] && c.signed != "" && c.signed <= a.about.Start.String() {
			fmt.Fprintf(s.out, "    signed in %s: what it did until the start in %v stays in both, as stakes, shares and cash; only what follows departs\n", c.signed, a.about.Start)
		}
	}
	lines, more := otherValues(a.tree, b.tree)
	for _, line := range lines {
		fmt.Fprintln(s.out, "  "+line)
	}
	switch {
	case more > 0:
		fmt.Fprintf(s.out, "  and %s more\n", number1(more, "value"))
	case len(changed)+len(lines) == 0:
		fmt.Fprintln(s.out, "  the same scenario")
	}
}

// deeds says what was done under a contract, a shock or a rule in the central run, and in which part of the drawn runs it was
// used; empty where nothing is known of either.
func (x *side) deeds(c change) string {
	var said []string
	if x.events != nil {
		said = append(said, acted(x.events, c))
	}
	if used := x.used(c.key); used != "" {
		said = append(said, used)
	}
	return strings.Join(said, "; ")
}

// used says in which part of the drawn runs a right was exercised or a tranche paid, as far as the table of runs dates it.
func (x *side) used(key string) string {
	verb := ""
	var dated []int // places among what is dated of each run
	for i, f := range x.table.Firsts {
		if f.Contract != key {
			continue
		}
		dated, verb = append(dated, i), "exercised"
		if f.Part > 0 {
			verb = "a tranche paid"
		}
	}
	in, n := 0, 0
	for _, row := range x.table.Rows {
		if row.Run == 0 {
			continue
		}
		n++
		if slices.ContainsFunc(dated, func(i int) bool { return row.Firsts[i] != record.Never }) {
			in++
		}
	}
	if verb == "" || n == 0 {
		return ""
	}
	said := fmt.Sprintf("%s in %.0f%% of %s", verb, 100*float64(in)/float64(n), number1(n, "drawn run"))
	if x.about.Sampled() {
		said += fmt.Sprintf(" (±%s)", plot.Points(plot.Margin(in, n)))
	}
	return said
}

// acted says how often a contract, a shock or a rule did something in a run, what it did first, and what was paid under it.
func acted(events []record.Event, c change) string {
	n, first := 0, ""
	paid, told := 0.0, false
	for _, e := range events {
		if e.Contract != c.key || e.BeginsOrEnds() {
			continue
		}
		if n++; n == 1 {
			first = e.Date + ": " + strings.TrimSuffix(e.What, ".")
		}
		for _, r := range e.Why {
			switch {
			case r.Name == "paid under the contract" || r.Name == "paid in all": // up to then, all its payments together
				paid, told = r.Value, true
			case !told && (e.Kind == "tranche" && r.Name == "amount" || r.Name == "lent" || r.Name == "paid ahead"):
				paid += r.Value
			}
		}
	}
	switch {
	case n == 0 && bills(c.kind):
		return "it tells no event of its own; what it bills is in the ledger"
	case n == 0:
		return "no event under it in the central run"
	}
	text := fmt.Sprintf("acted %s in the central run, first in %s", times(n), first)
	if paid > 0 {
		text += "; it paid " + figure(paid, "USD") + " in all"
	}
	return text
}

// bills tells of a kind of contract that it bills, of which there are no events.
func bills(kind string) bool {
	return slices.ContainsFunc(contract.Kinds(), func(k contract.Kind) bool {
		_, is := k.New().(contract.Biller)
		return is && k.Name == kind
	})
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return count(n) + " times"
}

// mostValues is how many changed values are listed.
const mostValues = 8

// otherPaths lists the values that differ outside of contracts, shocks and rules, each by the keys that lead to it. What a
// scenario says of itself, where its numbers come from and how runs are spread changes nothing.
func otherPaths(a, b *scenarios.Node) [][]string {
	idle := append(blocks(), "name", "title", "question", "notes", "source", "extends", "variants", "expect", "assumptions", "allow", "runs", "schema", "design")
	var all [][]string
	var walk func(path []string, x, y *scenarios.Node)
	walk = func(path []string, x, y *scenarios.Node) {
		switch {
		case x != nil && y != nil && x.Same(y):
			return
		case x != nil && y != nil && x.Kind == scenarios.Map && y.Kind == scenarios.Map:
			for _, key := range union(x.Keys(), y.Keys()) {
				if len(path) > 0 && key != scenarios.ShiftKey || len(path) == 0 && !slices.Contains(idle, key) {
					walk(append(slices.Clip(path), key), x.Child(key), y.Child(key))
				}
			}
			return
		}
		all = append(all, path)
	}
	walk(nil, a, b)
	return all
}

// descend returns the node to which keys lead, or nil.
func descend(n *scenarios.Node, path []string) *scenarios.Node {
	for _, key := range path {
		n = n.Child(key)
	}
	return n
}

// within tells whether one path leads to another or to a part of it.
func within(path, whole string) bool {
	rest, is := strings.CutPrefix(path, whole)
	return is && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// otherValues writes the first of the values that differ outside of contracts, shocks and rules, and counts those beyond.
func otherValues(a, b *scenarios.Node) (lines []string, more int) {
	listed := blocks()
	for _, keys := range otherPaths(a, b) {
		path := strings.Join(keys, ".")
		if value, is := strings.CutPrefix(path, "uncertain."); is && slices.ContainsFunc(listed, func(p string) bool { return within(value, p) }) {
			continue // a value that is fixed or gone has no range: that says nothing new
		}
		if len(lines) == mostValues {
			more++
			continue
		}
		listed = append(listed, path)
		lines = append(lines, fmt.Sprintf("%s: %s against %s", path, valueText(descend(a, keys)), valueText(descend(b, keys))))
	}
	return lines, more
}

// valueText writes a value on one line.
func valueText(n *scenarios.Node) string {
	const most = 60
	switch {
	case n == nil:
		return "none"
	case n.Kind == scenarios.Scalar:
		return n.Text
	}
	text := string(scenarios.Encode(n))
	if n.Kind == scenarios.List {
		var each []string
		for _, c := range n.Children {
			each = append(each, valueText(c))
		}
		text = "[" + strings.Join(each, ", ") + "]"
	}
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// union joins lists of names, each name once, in order of appearance.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// entitiesIn lists the firms that a block names.
func entitiesIn(n *scenarios.Node, entities []record.Entity) []string {
	var out []string
	for _, c := range n.Children {
		if c.Kind == scenarios.Scalar && slices.ContainsFunc(entities, func(e record.Entity) bool { return e.Key == c.Text && e.Roles != "region" }) {
			out = union(out, []string{c.Text})
		}
		out = union(out, entitiesIn(c, entities))
	}
	return out
}
