package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Header is what a scenario says about itself and its runs, beside the model.
type Header struct {
	Schema     int           `default:"1" range:"1,1" doc:"version of the scenario language"`
	Name       string        `doc:"name of the scenario; without it, that of its file"`
	Title      string        `doc:"headline of the report; without it, the name"`
	Question   string        `doc:"the question that the scenario answers"`
	Extends    string        `doc:"scenario that this one starts from: a name of the library or a file beside this one"`
	Facts      []string      `doc:"tables of numbers with their sources, read before this file's own values"`
	Runs       int           `default:"0" range:"0,10000000" doc:"number of drawn runs; 0 is the central run alone"`
	Seed       uint64        `default:"1" doc:"start of the random numbers"`
	Design     Design        `doc:"how the runs are spread over the uncertain numbers: a map, or the name of a kind"`
	Dependence []Dependency  `doc:"uncertain numbers that hang together"`
	Start      unit.Month    `date:"end" doc:"month at whose end the opening state stands"`
	End        unit.Month    `date:"end" doc:"last month simulated"`
	Horizon    unit.Months   `range:"1,600" doc:"length of the run, instead of end"`
	Expect     []Expectation `doc:"what the author expects to see"`
	Ask        []Question    `doc:"what the author wants the probability of"`
	Allow      []string      `doc:"codes of warnings to leave out"`
	Source     []string      `doc:"where the scenario as a whole comes from"`
	Notes      string        `doc:"anything else worth saying"`
}

// Expectation is a statement about the runs that is checked when they are done.
type Expectation struct {
	That    Statement `need:"true" doc:"condition, as anthropic.market_share > openai.market_share by 2029-12, or what happens, as xai defaults by 2030-12; with is, a number, as microsoft.compute_revenue @ 2029-12"`
	HoldsIn Band      `default:"over 50%" doc:"share of runs in which it should hold: over 50%, at least 50%, under 20%, at most 20%, 40% to 60%"`
	Is      string    `choice:"higher,lower,similar" doc:"compares two variants on the same draws: what the number should be in the one against the other"`
	In      string    `doc:"with is: the variant that is looked at; without it, the file itself"`
	Than    string    `doc:"with is: the variant that it is compared with; without it, the file itself"`
	Because string    `doc:"why the author expects it"`
}

// Question is a statement whose probability is told.
type Question struct {
	That Statement `need:"true" doc:"condition, as total_energised > 100 GW and openai.market_share > 30% @ 2030-12"`
	Name string    `doc:"short name; without it, the condition itself"`
}

// Statement is the text of a condition with its place, compiled when the model's layout is known.
type Statement struct {
	Text string
	Node *Node
}

// Band is a range of shares of runs.
type Band struct {
	Text         string
	Low, High    float64
	Above, Below bool // whether Low and High themselves are left out
}

// Holds reports whether a share of runs lies in the band.
func (b Band) Holds(share float64) bool {
	return (share > b.Low || !b.Above && share == b.Low) && (share < b.High || !b.Below && share == b.High)
}

// ReadBand reads a share of runs, such as "over 80%".
func ReadBand(text string) (Band, error) {
	b, f := readBand(text)
	if f != nil {
		return b, errors.New(f.what)
	}
	return b, nil
}

// readBand reads a share of runs.
func readBand(text string) (Band, *fault) {
	const forms = "write `over 50%`, `at least 50%`, `under 20%`, `at most 20%` or `40% to 60%`"
	b := Band{Text: text, Low: 0, High: 1}
	clean := strings.Join(strings.Fields(text), " ")
	if low, high, ok := strings.Cut(clean, " to "); ok {
		texts := shareUnit([]string{low, high})
		var f *fault
		if b.Low, f = readQuantity(texts[0], false, unit.DimShare, "holds_in"); f != nil {
			return b, f
		}
		if b.High, f = readQuantity(texts[1], false, unit.DimShare, "holds_in"); f != nil {
			return b, f
		}
		if b.Low > b.High {
			return b, faultf("E312", "write the low end first", "%s is out of order", quote(text))
		}
		return b, nil
	}
	for _, form := range []struct {
		prefix string
		upper  bool
		open   bool
	}{{">=", false, false}, {"<=", true, false}, {">", false, true}, {"<", true, true}, {"at least ", false, false}, {"at most ", true, false}, {"over ", false, true}, {"under ", true, true}} {
		rest, ok := strings.CutPrefix(clean, form.prefix)
		if !ok {
			continue
		}
		x, f := readQuantity(strings.TrimSpace(rest), false, unit.DimShare, "holds_in")
		if f != nil {
			f.hint = forms
			return b, f
		}
		if form.upper {
			b.High, b.Below = x, form.open
		} else {
			b.Low, b.Above = x, form.open
		}
		return b, nil
	}
	if _, f := readQuantity(clean, false, unit.DimShare, "holds_in"); f != nil {
		f.hint = forms
		return b, f
	}
	return b, faultf("E309", forms, "%s does not say whether at least or at most so many runs", quote(text))
}

// Uncertain is a number of the model that runs draw.
type Uncertain struct {
	Path   string
	Text   string // the distribution as written
	Origin Origin
	Provenance

	pathAt Origin
	stated *Node // a value given in the same file, which the distribution outdoes
	median *Node // what stands in the tree instead
}

// Fixed is a number that a base draws and that a later file, variant or --set gives a value.
type Fixed struct {
	Path string
	By   Origin // the value that counts
	Was  Origin // the distribution that no longer does
}

// Resolved is a scenario with everything that it extends and everything that changes it.
type Resolved struct {
	Header    Header
	Variant   string   // the chosen one, or empty
	Variants  []string // all that could be chosen, in the order of the file
	Tree      *Node    // the model, with start and end; every value has its origin
	Uncertain []Uncertain
	Facts     []Fact // in the order of reading
	Fixed     []Fixed
	Files     []File
	Sources   *Sources

	meta   *Node           // the header's entries
	drawn  map[string]bool // paths that some layer made uncertain
	points pointsTable     // of the design
}

// headerKeys are the top-level names that are not part of the model. Start and end are both: the model
// wants them too.
var headerKeys = []string{
	"schema", "name", "title", "question", "extends", "facts", "runs", "seed", "design", "dependence", "start", "end", "horizon",
	"variants", "uncertain", "expect", "ask", "allow", "source", "notes",
}

// ownKeys are what a scenario says of itself: they are not inherited, because they do not speak of the one
// that extends it.
var ownKeys = []string{"name", "title", "question", "runs", "expect", "ask", "source", "notes"}

// Read finds a scenario by file or library name, lays its file over what it extends, then the variant, then
// the arguments of --set in their order, and takes the header off. Later wins; every value keeps its origin.
// The problems are all that can be found without knowing the model, sorted, with snippets; errors among them
// mean that the result must not be used, and it is nil when a file could not be read: what the others lack may stand in it.
func (s Source) Read(name, variant string, sets []string) (*Resolved, []Problem) {
	l := &layers{files: files{source: s, sources: newSources()}}
	root, p := l.open(name)
	if p != nil {
		return nil, []Problem{*p}
	}
	if !l.chain(root, nil, nil) {
		return nil, l.sources.Finish(l.problems, nil)
	}
	r := l.resolve(variant, sets)
	return r, l.sources.Finish(l.problems, r.Header.Allow)
}

// Finish adds lines and notes to problems that were found with what was read, drops the warnings that the
// scenario allows, and sorts them.
func (r *Resolved) Finish(problems []Problem) []Problem {
	return r.Sources.Finish(problems, r.Header.Allow)
}

// Decoder returns a decoder for the model of this scenario, with its firms, regions and contracts as names.
func (r *Resolved) Decoder() *Decoder {
	return &Decoder{
		Names: NamesOf(r.Tree),
		Refs: map[reflect.Type]Ref{
			reflect.TypeFor[id.Firm]():     RefTo(r.Tree, "firms", "firm"),
			reflect.TypeFor[id.Region]():   RefTo(r.Tree, "regions", "region"),
			reflect.TypeFor[id.Contract](): RefTo(r.Tree, "contracts", "contract"),
		},
		Sources: r.Sources,
	}
}

// document is one file of the chain of extends, the scenario's own first.
type document struct {
	at   location
	root *Node
}

// layers builds a scenario from the bottom up.
type layers struct {
	files
	merger
	documents []document
	tree      *Node
	uncertain map[string]*Uncertain
	drawn     map[string]bool // paths that ever were among them
	variants  []*Node
	facts     []Fact
	fixed     []Fixed
}

func (l *layers) fail(p Problem) { l.problems = append(l.problems, p) }

// chain reads a file and what it extends; from is what names the file, nil for the scenario's own. It tells whether all of
// them could be read.
func (l *layers) chain(at location, from *Node, trail []location) bool {
	data, p := l.load(at)
	if p != nil {
		return l.breaks(from, *p)
	}
	name := l.name(at)
	if from != nil {
		via := from.Origin
		via.Note = "extends"
		l.sources.via[name] = via
	}
	root, problems := Parse(name, data)
	l.problems = append(l.problems, problems...)
	if root == nil {
		return false
	}
	l.documents = append(l.documents, document{at, root})
	base := root.Child("extends")
	if base == nil || base.Kind == Null {
		return true
	}
	if base.Kind != Scalar || base.Text == "" {
		what := "`extends` is " + base.Kind.String() + ", but one name or file belongs here"
		if base.Kind == Scalar {
			what = "`extends` names nothing"
		}
		return l.breaks(base, Problem{Code: "E201", What: what, Hint: "write `extends: base-2026`, or a file such as `extends: mine.yaml`"})
	}
	var next location
	if isFile(base.Text) {
		if next, p = l.relative(at, base.Text); p != nil {
			return l.breaks(base, *p)
		}
	} else {
		var ok bool
		if next, ok = l.builtIn(base.Text); !ok {
			return l.breaks(base, Problem{
				Code: "E601", What: "there is no built-in scenario " + quote(base.Text),
				Hint: hintName(base.Text, l.source.Names(), "built-in scenarios", "list") + "; a file ends in .yaml",
			})
		}
	}
	trail = append(slices.Clip(trail), at)
	if i := slices.Index(trail, next); i >= 0 {
		var names []string
		for _, t := range append(trail[i:], next) {
			names = append(names, l.name(t))
		}
		return l.breaks(l.documents[i].root.Child("extends"), Problem{
			Code: "E210", What: "`extends` goes in a circle: " + escape(strings.Join(names, " -> ")), Hint: "remove `extends` from one of them",
		})
	}
	return l.chain(next, base, trail)
}

// breaks reports why what a file extends cannot be read, and is false.
func (l *layers) breaks(extends *Node, p Problem) bool {
	if extends != nil {
		p.Origin, p.Path, p.Width = extends.Origin, "extends", widthOf(extends)
	}
	l.fail(p)
	return false
}

// resolve applies all layers.
func (l *layers) resolve(variant string, sets []string) *Resolved {
	l.tree = &Node{Kind: Map, Origin: l.documents[0].root.Origin}
	l.uncertain, l.drawn = map[string]*Uncertain{}, map[string]bool{}
	for i := len(l.documents) - 1; i >= 0; i-- {
		l.document(l.documents[i], i == 0)
	}
	r := &Resolved{Variant: variant, Sources: l.sources}
	r.Variants = keysOf(l.variants)
	if variant != "" {
		l.variant(variant)
	}
	set := map[string]Origin{}
	for i, arg := range sets {
		o, problems := ParseSet(arg, i+1)
		l.sources.add(o.Origin.Note, []byte(arg))
		l.problems = append(l.problems, problems...)
		if before, twice := set[o.Path]; twice && o.Path != "" {
			l.fail(Problem{
				Code: "E202", Origin: o.Origin, Path: o.Path, Width: utf8.RuneCountInString(o.Path), What: quote(o.Path) + " is set twice",
				Why: "only one of two values can count", Hint: "keep one; to compare two values, write each as a variant", Also: also(before, "the first"),
			})
		}
		set[o.Path] = o.Origin
		if o.Node != nil {
			l.overrides([]Override{o})
		}
	}
	l.finish(r)
	return r
}

// AllVariants stands, where a variant is chosen, for the scenario and all its variants; no variant has this name.
const AllVariants = "all"

// offer adds the variants of a file. One of the same name as in a base replaces it, null takes it away.
func (l *layers) offer(block *Node) {
	if block.Kind != Map {
		l.fail(Problem{Code: "E201", Origin: block.Origin, Path: "variants", What: "`variants` is " + block.Kind.String() + ", but " + Map.String() + " belongs here"})
		return
	}
	for _, v := range block.Children {
		i := slices.IndexFunc(l.variants, func(old *Node) bool { return old.Key == v.Key })
		switch {
		case v.Key == AllVariants:
			l.fail(Problem{
				Code: "E206", Origin: v.KeyAt, Path: "variants." + v.Key, Width: utf8.RuneCountInString(v.Key), What: "a variant cannot be named " + quote(v.Key),
				Why: "`--variant all` means the file and all its variants", Hint: "choose another name",
			})
		case !isName(v.Key):
			l.fail(Problem{
				Code: "E206", Origin: v.KeyAt, Path: "variants." + v.Key, Width: utf8.RuneCountInString(v.Key), What: notName(v.Key),
				Hint: "write a name such as `no-deal`; folders of results carry it",
			})
		case v.Kind == Null && i >= 0:
			l.variants = slices.Delete(l.variants, i, i+1)
		case v.Kind != Map:
			l.fail(Problem{Code: "E201", Origin: v.Origin, Path: "variants." + v.Key, What: "the variant " + quote(v.Key) + " is " + v.Kind.String() + ", but a map of paths to values belongs here"})
		case i >= 0:
			l.variants[i] = v
		default:
			l.variants = append(l.variants, v)
		}
	}
}

func (l *layers) variant(name string) {
	i := slices.IndexFunc(l.variants, func(v *Node) bool { return v.Key == name })
	if i < 0 {
		l.fail(Problem{Code: "E212", What: "there is no variant " + quote(name), Hint: hintName(name, keysOf(l.variants), "variants", "")})
		return
	}
	l.lay(l.variants[i], nil, map[string]bool{})
}

// lay applies a variant, on top of those that it extends. One that several extend counts once, where it comes first.
func (l *layers) lay(v *Node, trail []string, laid map[string]bool) {
	v = noted(v, "variants."+v.Key)
	trail = append(trail, v.Key)
	for _, n := range l.extended(v) {
		at := Problem{Origin: n.Origin, Path: "variants." + v.Key + ".extends", Width: widthOf(n)}
		i := slices.IndexFunc(l.variants, func(other *Node) bool { return other.Key == n.Text })
		first := slices.Index(trail, n.Text)
		switch {
		case i < 0:
			at.Code, at.What = "E212", "there is no variant "+quote(n.Text)
			at.Why, at.Hint = "a variant starts from the file, and extends other variants alone", hintName(n.Text, keysOf(l.variants), "variants", "")
			l.fail(at)
		case first >= 0:
			at.Code, at.What = "E210", "`extends` goes in a circle: "+escape(strings.Join(append(trail[first:], n.Text), " -> "))
			at.Hint = "remove " + quote(n.Text) + " here, or `extends` from another of them"
			if n.Text == v.Key {
				at.Hint = "remove it; to build on a variant that a base has under this name, choose another name"
			}
			l.fail(at)
		case !laid[n.Text]:
			l.lay(l.variants[i], trail, laid)
		}
	}
	laid[v.Key] = true
	v.Children = slices.DeleteFunc(v.Children, func(c *Node) bool { return c.Key == "extends" })
	var list []Override
	for _, o := range overridesOf(v) {
		if first, _, _ := strings.Cut(o.Path, "."); first == "seed" || first == "runs" || first == "design" {
			l.fail(Problem{
				Code: "E209", Origin: o.Origin, Path: o.Path, Width: utf8.RuneCountInString(o.Path), What: "a variant cannot set " + quote(o.Path),
				Why: "variants are compared run by run, on the same draws", Hint: "write it at the top of the file, for all variants",
			})
			continue
		}
		list = append(list, o)
	}
	l.overrides(list)
}

// extended lists the names of the variants that a variant extends.
func (l *layers) extended(v *Node) []*Node {
	n := v.Child("extends")
	if n == nil || n.Kind == Null {
		return nil
	}
	list := n.Children
	if n.Kind == Scalar {
		list = []*Node{n}
	}
	path := "variants." + v.Key + ".extends"
	if n.Kind == Map || slices.ContainsFunc(list, func(c *Node) bool { return c.Kind != Scalar }) {
		l.fail(Problem{
			Code: "E201", Origin: n.Origin, Path: path, What: "`extends` is " + n.Kind.String() + ", but names of variants belong here",
			Hint: "write `extends: no-deal` or `extends: [no-deal, late]`, and settings beside it",
		})
		return nil
	}
	for i, c := range list {
		if first := slices.IndexFunc(list, func(other *Node) bool { return other.Text == c.Text }); first < i {
			l.fail(Problem{
				Code: "E202", Origin: c.Origin, Path: path, Width: widthOf(c), What: quote(c.Text) + " is given twice in one list",
				Hint: "remove one of them", Also: also(list[first].Origin, "first given here"),
			})
		}
	}
	return list
}

// document applies the facts of a file, then the file.
func (l *layers) document(d document, last bool) {
	if list := d.root.Child("facts"); list != nil {
		l.tables(d.at, list)
	}
	body, paths := *d.root, *d.root
	body.Children, paths.Children = nil, nil
	var uncertain *Node
	for _, c := range d.root.Children {
		switch {
		case c.Key == "uncertain":
			uncertain = c
		case c.Key == "variants":
			l.offer(c)
		case c.Key == "extends" || c.Key == "facts":
		case slices.Contains(ownKeys, c.Key) && !last:
		case strings.ContainsAny(c.Key, ".["):
			paths.Children = append(paths.Children, c)
		case c.Key == "design":
			body.Children = append(body.Children, designBlock(c))
		default:
			body.Children = append(body.Children, c)
		}
	}
	plain, drawn := l.sorted(overridesOf(&paths))
	l.apply(func(tree *Node) *Node {
		tree = l.merge(tree, &body)
		given := &body // by this file so far
		for _, o := range plain {
			if path, first, second := common(o.Path, given.At(o.Path), o.Node); first != nil {
				l.givenTwice(path, first, second)
			}
			given = new(merger).apply(given, o)
			tree = l.merger.apply(tree, o)
		}
		return tree
	}, append(l.distributions(uncertain), drawn...))
}

// common finds the first value that two trees give under the same path, or nil.
func common(path string, a, b *Node) (where string, first, second *Node) {
	if a == nil {
		return "", nil, nil
	}
	if a.Kind != Map || b.Kind != Map {
		return path, a, b
	}
	for _, c := range b.Children {
		if where, first, second = common(joinPath(path, c.Key), a.Child(c.Key), c); first != nil {
			return where, first, second
		}
	}
	return "", nil, nil
}

// givenTwice reports a value that a file gives in a block and as a path, at the later place.
func (l *layers) givenTwice(path string, first, second *Node) {
	if second.KeyAt.before(first.KeyAt) {
		first, second = second, first
	}
	l.fail(Problem{
		Code: "E202", Origin: second.KeyAt, Path: path, Width: utf8.RuneCountInString(second.Key), What: quote(path) + " is given twice in one file",
		Hint: "remove one of them", Also: also(first.KeyAt, "first given here"),
	})
}

func (l *layers) tables(from location, list *Node) {
	names := list.Children
	if list.Kind == Scalar {
		names = []*Node{list}
	}
	for _, n := range names {
		if n.Kind != Scalar {
			l.fail(Problem{Code: "E201", Origin: n.Origin, Path: "facts", What: "a table is named by its file"})
			continue
		}
		at, p := l.relative(from, n.Text)
		var data []byte
		if p == nil {
			data, p = l.load(at)
		}
		if p != nil {
			p.Origin, p.Path, p.Width = n.Origin, "facts", widthOf(n)
			l.fail(*p)
			continue
		}
		facts, problems := ParseFacts(l.name(at), data)
		l.problems = append(l.problems, problems...)
		l.facts = append(l.facts, facts...)
		var drawn []*Uncertain
		for _, f := range facts {
			if f.distribution != "" {
				drawn = append(drawn, &Uncertain{Path: f.Path, Text: f.distribution, Origin: f.Origin, Provenance: f.Provenance, pathAt: f.pathAt})
			}
		}
		l.apply(func(tree *Node) *Node {
			for _, f := range facts {
				tree = l.merger.apply(tree, Override{Path: f.Path, Node: f.node, Origin: f.pathAt})
			}
			return tree
		}, drawn)
	}
}

// overrides applies a variant or a --set.
func (l *layers) overrides(list []Override) {
	plain, drawn := l.sorted(list)
	l.apply(func(tree *Node) *Node {
		for _, o := range plain {
			tree = l.merger.apply(tree, o)
		}
		return tree
	}, drawn)
}

// sorted tells overrides of values from those of distributions.
func (l *layers) sorted(list []Override) (plain []Override, drawn []*Uncertain) {
	for _, o := range list {
		first, rest, _ := strings.Cut(o.Path, ".")
		switch first {
		case "uncertain":
			drawn = append(drawn, l.distribution(rest, o.Node, o.Origin)...)
		case "extends", "facts", "variants":
			l.fail(Problem{Code: "E209", Origin: o.Origin, Path: o.Path, What: quote(first) + " cannot be overridden", Why: "it was read before any override counts", Hint: "write a scenario that extends this one"})
		case "design":
			if o.Path == first {
				o.Node = designBlock(o.Node)
			}
			plain = append(plain, o)
		default:
			plain = append(plain, o)
		}
	}
	return plain, drawn
}

// distributions reads a block `uncertain`, whose names are paths and may be nested.
func (l *layers) distributions(n *Node) []*Uncertain {
	if n == nil || n.Kind == Null {
		return nil
	}
	if n.Kind != Map {
		l.fail(Problem{Code: "E201", Origin: n.Origin, Path: "uncertain", What: "`uncertain` is " + n.Kind.String() + ", but " + Map.String() + " belongs here", Hint: "write paths with their distributions: `market.growth: 30% to 50% per year`"})
		return nil
	}
	var out []*Uncertain
	for _, c := range n.Children {
		out = append(out, l.distribution(c.Key, c, c.KeyAt)...)
	}
	return out
}

// distribution reads one entry: text, a map with `range` and where it comes from, null to fix the number at
// its median, or a map of further paths.
func (l *layers) distribution(path string, n *Node, at Origin) []*Uncertain {
	where := joinPath("uncertain", path)
	if n.Kind == Map && n.Child("range") == nil {
		var out []*Uncertain
		for _, c := range n.Children {
			out = append(out, l.distribution(strings.TrimPrefix(joinPath(path, c.Key), "."), c, c.KeyAt)...)
		}
		return out
	}
	steps, bad := parsePath(path)
	if bad != "" {
		l.fail(Problem{Code: "E208", Origin: at, Path: where, What: quote(path) + " is not a path: " + bad})
		return nil
	}
	u := &Uncertain{Path: stepsPath(steps), Origin: n.Origin, pathAt: at}
	switch n.Kind {
	case Null:
		return []*Uncertain{u} // no text: remove
	case List:
		l.fail(Problem{Code: "E201", Origin: n.Origin, Path: where, What: "a distribution is text such as `1 to 10`, and this is a list"})
		return nil
	case Scalar:
		u.Text = n.Text
	case Map:
		var entry struct {
			Range  string `need:"true"`
			Grade  string `choice:"measured,reported,estimated,assumption"`
			Source string
			Note   string
			AsOf   string
		}
		d := Decoder{path: []string{where}}
		d.Value(n, reflect.ValueOf(&entry).Elem())
		l.problems = append(l.problems, d.problems...)
		if len(d.problems) > 0 {
			return nil
		}
		n = n.Child("range")
		u.Text, u.Origin = entry.Range, n.Origin
		u.Provenance = Provenance{Grade: entry.Grade, Source: entry.Source, Note: entry.Note, AsOf: entry.AsOf}
	}
	if _, f := parseDistribution(u.Text, "", steps[len(steps)-1].key); f != nil {
		l.fail(Problem{Code: f.code, Origin: u.Origin, Path: where, What: f.what, Why: f.why, Hint: f.hint, Width: utf8.RuneCountInString(u.Text)})
		return nil
	}
	return []*Uncertain{u}
}

// apply lays one layer over the tree: its values, then its distributions. A value drops the distribution of
// an earlier layer at the same path; a distribution outdoes a value of its own layer.
func (l *layers) apply(change func(*Node) *Node, drawn []*Uncertain) {
	before := l.tree
	l.tree = change(before)
	l.settleEnd(before)
	for _, path := range sortedPaths(l.uncertain) {
		u := l.uncertain[path]
		now := l.tree.At(path)
		if now == u.median {
			continue
		}
		delete(l.uncertain, path)
		f := Fixed{Path: path, Was: u.Origin}
		if now != nil {
			f.By = now.Origin
			l.fixed = append(l.fixed, f)
		}
	}
	for _, u := range drawn {
		old := l.uncertain[u.Path]
		if u.Text == "" {
			if old == nil {
				l.fail(Problem{Code: "E209", Origin: u.Origin, Path: "uncertain." + u.Path, What: quote(u.Path) + " is not uncertain, so there is nothing to remove", Hint: hintName(u.Path, sortedPaths(l.uncertain), "uncertain paths", listing("uncertain"))})
			}
			delete(l.uncertain, u.Path)
			continue
		}
		now := l.tree.At(u.Path)
		if now != nil && now != before.At(u.Path) {
			u.stated = now
		}
		l.fixed = slices.DeleteFunc(l.fixed, func(f Fixed) bool { return f.Path == u.Path })
		d, _ := parseDistribution(u.Text, "", u.Path)
		u.median = &Node{Kind: Scalar, Text: d.central(), Origin: u.Origin, drawn: u.Text}
		faults := len(l.problems)
		l.tree = l.merger.apply(l.tree, Override{Path: u.Path, Node: u.median, Origin: u.pathAt})
		if len(l.problems) > faults {
			continue
		}
		u.median = l.tree.At(u.Path)
		l.uncertain[u.Path], l.drawn[u.Path] = u, true
	}
}

// settleEnd keeps `end` and `horizon` from contradicting each other: the one that a later layer gives counts.
func (l *layers) settleEnd(before *Node) {
	end, horizon := l.tree.Child("end"), l.tree.Child("horizon")
	if end == nil || horizon == nil {
		return
	}
	newEnd, newHorizon := end != before.Child("end"), horizon != before.Child("horizon")
	drop := "end"
	switch {
	case newEnd && newHorizon:
		l.fail(Problem{Code: "E214", Origin: horizon.KeyAt, Path: "horizon", Width: len("horizon"), What: "both `end` and `horizon` are given", Hint: "keep one of them", Also: also(end.KeyAt, "end")})
	case newEnd:
		drop = "horizon"
	}
	changed := *l.tree
	changed.Children = slices.DeleteFunc(slices.Clone(l.tree.Children), func(c *Node) bool { return c.Key == drop })
	l.tree = &changed
}

func sortedPaths(m map[string]*Uncertain) []string {
	paths := make([]string, 0, len(m))
	for p := range m {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// finish splits the merged tree into header and model.
func (l *layers) finish(r *Resolved) {
	meta := &Node{Kind: Map, Origin: l.tree.Origin}
	model := &Node{Kind: Map, Origin: l.tree.Origin}
	root := l.documents[0].root
	for _, key := range []string{"extends", "facts"} {
		if c := root.Child(key); c != nil && c.Kind != Null {
			meta.Children = append(meta.Children, c)
		}
	}
	for _, c := range l.tree.Children {
		switch {
		case slices.Contains(headerKeys, c.Key):
			meta.Children = append(meta.Children, c)
		default:
			model.Children = append(model.Children, c)
		}
	}
	for _, gone := range l.tree.removed {
		if slices.Contains(headerKeys, gone.key) {
			meta.removed = append(meta.removed, gone)
		}
		if !slices.Contains(headerKeys, gone.key) || gone.key == "start" || gone.key == "end" {
			model.removed = append(model.removed, gone)
		}
	}
	d := Decoder{Custom: headerReaders, Sources: l.sources}
	d.Decode(meta, &r.Header)
	l.problems = append(l.problems, d.problems...)
	r.meta = meta
	r.Tree, r.drawn = model, l.drawn
	l.loadPoints(r)
	for _, c := range []struct {
		code string
		n    *Node
	}{{"start", meta.Child("start")}, {"end", meta.Child("end")}} {
		if c.n != nil {
			model.Children = append(model.Children, c.n)
		}
	}
	l.period(r, meta, model)
	l.allowed(meta)
	l.count(model)
	l.named(&r.Header, meta.Child("name"))
	for _, path := range sortedPaths(l.uncertain) {
		u := l.uncertain[path]
		u.median = l.tree.At(path)
		r.Uncertain = append(r.Uncertain, *u)
	}
	l.cited(r.Uncertain)
	r.Fixed = l.fixed
	r.Files = l.read
	r.Facts = l.facts
	for i := range r.Facts {
		f := &r.Facts[i]
		now := l.tree.At(f.Path)
		f.Used = now != nil && now.Origin == f.Origin
	}
}

// named settles name and title. Without either, the file gives them.
func (l *layers) named(h *Header, given *Node) {
	file := l.name(l.documents[0].at)
	file = strings.TrimSuffix(file[strings.LastIndex(file, "/")+1:], extension(file))
	h.Title = cmp.Or(h.Title, h.Name, file)
	if given == nil || given.Kind != Scalar {
		h.Name = nameFrom(file)
		return
	}
	if !isName(given.Text) {
		l.fail(Problem{
			Code: "E206", Origin: given.Origin, Path: "name", Width: widthOf(given), What: notName(given.Text),
			Why: "folders of results carry it", Hint: "write a name such as " + quote(nameFrom(given.Text)) + "; a `title` can hold any text",
		})
	}
}

func extension(name string) string {
	if i := strings.LastIndex(name, "."); i > strings.LastIndex(name, "/") {
		return name[i:]
	}
	return ""
}

// period settles start, end and horizon.
func (l *layers) period(r *Resolved, meta, model *Node) {
	h := &r.Header
	if at := meta.Child("horizon"); at != nil {
		if meta.Child("start") == nil {
			l.fail(Problem{Code: "E406", Origin: at.KeyAt, Path: "horizon", Width: len("horizon"), What: "`horizon` needs a `start`"})
		}
		h.End = h.Start.After(h.Horizon) // after a faulty horizon only there so that it is not reported as missing
		model.Children = append(model.Children, &Node{Kind: Scalar, Key: "end", KeyAt: at.KeyAt, Text: h.End.String(), Origin: at.Origin})
	}
	end := meta.Child("end")
	if end == nil || h.Start == 0 || h.End == 0 {
		return
	}
	switch months := int(h.End - h.Start); {
	case months <= 0:
		l.fail(Problem{Code: "E406", Origin: end.Origin, Path: "end", Width: widthOf(end), What: fmt.Sprintf("the run ends (%v) before it starts (%v)", h.End, h.Start), Also: also(meta.Child("start").Origin, "start")})
	case months > MaxHorizon:
		l.fail(Problem{Code: "E506", Origin: end.Origin, Path: "end", Width: widthOf(end), What: fmt.Sprintf("the run has %d months; the limit is %d", months, MaxHorizon), Hint: "ten years are 120 months"})
	}
}

// allowed checks the codes of warnings to leave out.
func (l *layers) allowed(meta *Node) {
	n := meta.Child("allow")
	if n == nil {
		return
	}
	list := n.Children
	if n.Kind == Scalar {
		list = []*Node{n}
	}
	var known []string
	for _, c := range codes {
		if strings.HasPrefix(c.Code, "W") {
			known = append(known, c.Code)
		}
	}
	for _, c := range list {
		if c.Kind == Scalar && !strings.HasPrefix(c.Text, "W") {
			l.fail(Problem{Code: "E309", Origin: c.Origin, Path: "allow", Width: widthOf(c), What: quote(c.Text) + " is not the code of a warning", Hint: hintName(c.Text, known, "warnings", "help codes")})
		}
	}
}

// count bounds the model before anything is built from it.
func (l *layers) count(model *Node) {
	for _, limit := range []struct {
		key  string
		most int
	}{{"firms", MaxFirms}, {"regions", MaxRegions}, {"contracts", MaxContracts}} {
		n := model.Child(limit.key)
		if n == nil || n.Kind != Map {
			continue // the decoder says so
		}
		if len(n.Children) > limit.most {
			l.fail(Problem{Code: "E505", Origin: n.KeyAt, Path: limit.key, Width: len(limit.key), What: fmt.Sprintf("the scenario has %d %s; the limit is %d", len(n.Children), limit.key, limit.most)})
		}
		if limit.key == "contracts" {
			continue
		}
		for _, c := range n.Children {
			if c.Key[0] < 'a' || c.Key[0] > 'z' {
				if entityKey.MatchString(c.Key) { // otherwise the decoder says so
					l.fail(Problem{Code: "E206", Origin: c.KeyAt, Path: limit.key + "." + c.Key, Width: utf8.RuneCountInString(c.Key), What: "the name " + quote(c.Key) + " does not start with a letter", Why: "conditions could not tell it from a number"})
				}
			}
		}
	}
}

// headerReaders read the header's own types.
var headerReaders = map[reflect.Type]func(*Decoder, *Node, reflect.Value){
	reflect.TypeFor[Statement](): func(d *Decoder, n *Node, v reflect.Value) {
		if d.wants(n, Scalar) {
			v.Set(reflect.ValueOf(Statement{Text: n.Text, Node: n}))
		}
	},
	reflect.TypeFor[Band](): func(d *Decoder, n *Node, v reflect.Value) {
		if !d.wants(n, Scalar) {
			return
		}
		b, f := readBand(n.Text)
		if f != nil {
			d.scalar(n, f)
			return
		}
		v.Set(reflect.ValueOf(b))
	},
	reflect.TypeFor[Correlation](): func(d *Decoder, n *Node, v reflect.Value) {
		if !d.wants(n, Scalar) {
			return
		}
		c, f := readCorrelation(n.Text)
		if f != nil {
			d.scalar(n, f)
			return
		}
		v.SetFloat(float64(c))
	},
	reflect.TypeFor[Axes](): func(d *Decoder, n *Node, v reflect.Value) {
		if d.wants(n, Map) && d.few(n) {
			v.Set(reflect.ValueOf(Axes(n.Children)))
		}
	},
}

// Input is a number or a word that runs draw, tied to its place in the model.
type Input struct {
	Path         string
	Target       Target
	Distribution Distribution
	Provenance
	Origin Origin
}

// Settle ties every uncertain path to the decoded model that root points at, sets it to its median, which is
// what run 0 uses, and writes that median into the tree. The decoder is the one that read the model. Its
// problems are added to those of the decoder.
func (r *Resolved) Settle(d *Decoder, root any) []Input {
	var inputs []Input
	m := &merger{}
	for i := range r.Uncertain {
		u := &r.Uncertain[i]
		report := func(p Problem) {
			p.Origin, p.Path, p.Width = u.Origin, u.Path, utf8.RuneCountInString(u.Text)
			d.problems = append(d.problems, p)
		}
		t, err := d.Resolve(root, u.Path)
		if err != nil {
			var p Problem
			errors.As(err, &p)
			report(p)
			continue
		}
		dist, f := parseDistribution(u.Text, t.Dim, u.Path)
		if f != nil {
			report(Problem{Code: f.code, What: f.what, Why: f.why, Hint: f.hint})
			continue
		}
		if t.Words != nil || dist.Words != nil {
			if wrong := mismatch(u, t, dist); wrong.Code != "" {
				report(wrong)
				continue
			}
			if u.stated != nil && u.stated.Kind == Scalar && !slices.Contains(t.Words, u.stated.Text) {
				d.problems = append(d.problems, Problem{
					Code: "E309", Origin: u.stated.Origin, Path: u.Path, Width: widthOf(u.stated),
					What: quote(u.stated.Text) + " is not a choice for " + quote(u.Path), Hint: hintName(u.stated.Text, t.Words, "choices", ""),
				})
				continue
			}
			if u.stated != nil && u.stated.Kind == Scalar && u.stated.Text != dist.central() {
				d.problems = append(d.problems, Problem{
					Code: "W301", Severity: Warning, Origin: u.stated.Origin, Path: u.Path, Width: widthOf(u.stated),
					What: fmt.Sprintf("%s is given as %s, but run 0 uses the likeliest of its words, %s", quote(u.Path), quote(u.stated.Text), quote(dist.central())),
					Hint: "leave the value out", Also: also(u.Origin, "the words"),
				})
			}
			t.Choose(root, slices.Index(t.Words, dist.central()))
			inputs = append(inputs, Input{Path: u.Path, Target: t, Distribution: dist, Provenance: u.Provenance, Origin: u.Origin})
			continue
		}
		if dist.P05 < t.Low || dist.P95 > t.High {
			report(Problem{Code: "E310", What: fmt.Sprintf("the middle 90%% of %s, %s to %s, reaches beyond its range, %s", quote(u.Path), Format(dist.P05, t.Dim), Format(dist.P95, t.Dim), rangeText(t))})
			continue
		}
		if u.stated != nil && u.stated.Kind == Scalar {
			x, f := readQuantity(u.stated.Text, u.stated.Quoted, t.Dim, u.Path)
			if f != nil { // nothing uses the value, and yet it was meant
				d.problems = append(d.problems, Problem{Code: f.code, Origin: u.stated.Origin, Path: u.Path, Width: widthOf(u.stated), What: f.what, Why: f.why, Hint: f.hint})
				continue
			}
			if math.Abs(x-dist.Median) > 0.005*math.Max(math.Abs(x), math.Abs(dist.Median)) {
				d.problems = append(d.problems, Problem{
					Code: "W301", Severity: Warning, Origin: u.stated.Origin, Path: u.Path, Width: widthOf(u.stated),
					What: fmt.Sprintf("%s is given as %s, but run 0 uses the median of its distribution, %s", quote(u.Path), quote(u.stated.Text), Format(dist.Median, t.Dim)),
					Hint: medianHint(u), Also: also(u.Origin, "the distribution"),
				})
			}
		}
		t.Set(root, dist.Median)
		node := &Node{Kind: Scalar, Text: Format(t.Get(root), t.Dim), Origin: u.Origin}
		if u.Path != "start" && u.Path != "end" {
			r.Tree = m.apply(r.Tree, Override{Path: u.Path, Node: node, Origin: u.Origin})
		}
		inputs = append(inputs, Input{Path: u.Path, Target: t, Distribution: dist, Provenance: u.Provenance, Origin: u.Origin})
	}
	return inputs
}

// mismatch says why a word cannot be drawn in this way; its code is empty where it can.
func mismatch(u *Uncertain, t Target, dist Distribution) Problem {
	switch {
	case t.Words == nil:
		return Problem{Code: "E305", What: quote(u.Path) + " is a number, and words are given", Hint: "write `choice(1, 2, 5)` for equal chances"}
	case dist.Words == nil:
		return Problem{Code: "E305", What: quote(u.Path) + " is no number, but one of a list of words", Hint: "write " + quote("one of ["+strings.Join(t.Words, ", ")+"]")}
	}
	for _, w := range dist.Words {
		if !slices.Contains(t.Words, w) {
			return Problem{Code: "E309", What: quote(w) + " is not a choice for " + quote(u.Path), Hint: hintName(w, t.Words, "choices", "")}
		}
	}
	return Problem{}
}

// medianHint says how a stated value becomes the median of a distribution, or makes way for it.
func medianHint(u *Uncertain) string {
	call := callForm.FindStringSubmatch(u.Text)
	switch {
	case call == nil || strings.Contains(call[2], " to "):
		return "write the median into the distribution, such as `3 (1 to 10)`"
	case u.stated.Origin == u.Origin: // a row of a table
		return "leave the column `kind` empty, and the value is the median"
	}
	return "the median of " + quote(call[1]) + " follows from its other numbers: leave the value out, or make it the median: " + quote(u.stated.Text+" (low to high)")
}

func rangeText(t Target) string {
	switch {
	case math.IsInf(t.Low, 0):
		return "at most " + Format(t.High, t.Dim)
	case math.IsInf(t.High, 0):
		return "at least " + Format(t.Low, t.Dim)
	}
	return Format(t.Low, t.Dim) + " to " + Format(t.High, t.Dim)
}

// Encode writes the resolved scenario as one file that stands alone: the header, the model with every
// override in place, and what is uncertain. Reading it gives the same model.
func (r *Resolved) Encode() []byte {
	out := &Node{Kind: Map}
	add := func(n *Node) { out.Children = append(out.Children, n) }
	add(&Node{Kind: Scalar, Key: "schema", Text: "1"})
	add(&Node{Kind: Scalar, Key: "name", Text: r.Header.Name, Quoted: !plainSafe(r.Header.Name)})
	for _, key := range []string{"title", "question", "runs", "seed", "design", "dependence", "allow", "source", "notes", "expect", "ask"} {
		c := r.meta.Child(key)
		switch key {
		case "expect":
			c = withoutComparisons(c)
		case "design":
			c = r.drawnJointly(r.Header.Design.within(r.points.within(c)))
		case "dependence":
			c = r.drawnTies(c)
		}
		if c != nil {
			add(c)
		}
	}
	for _, key := range []string{"start", "end"} {
		if c := r.Tree.Child(key); c != nil {
			add(c)
		}
	}
	for _, c := range r.Tree.Children {
		if c.Key != "start" && c.Key != "end" {
			add(c)
		}
	}
	if len(r.Uncertain) > 0 {
		block := &Node{Kind: Map, Key: "uncertain"}
		text := func(key, value string) *Node {
			return &Node{Kind: Scalar, Key: key, Text: value, Quoted: !plainSafe(value)}
		}
		for _, u := range r.Uncertain {
			entry := text(u.Path, u.Text)
			if u.Provenance != (Provenance{}) {
				entry = &Node{Kind: Map, Key: u.Path, Children: []*Node{text("range", u.Text)}}
				for _, p := range [][2]string{{"grade", u.Grade}, {"source", u.Source}, {"note", u.Note}, {"as_of", u.AsOf}} {
					if p[1] != "" {
						entry.Children = append(entry.Children, text(p[0], p[1]))
					}
				}
			}
			block.Children = append(block.Children, entry)
		}
		add(block)
	}
	return Encode(out)
}

// withoutComparisons leaves out the expectations that compare variants: a resolved scenario has none.
func withoutComparisons(expect *Node) *Node {
	if expect == nil || expect.Kind != List {
		return expect
	}
	out := *expect
	out.Children = slices.DeleteFunc(slices.Clone(expect.Children), func(c *Node) bool { return c.Child("is") != nil })
	if len(out.Children) == 0 {
		return nil
	}
	return &out
}
