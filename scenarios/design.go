package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// MaxJoint is how many inputs a design can spread jointly.
const MaxJoint = 32

// Design is how the runs of a study are spread over its uncertain numbers.
type Design struct {
	Kind    string   `default:"sobol" choice:"sobol,monte-carlo,latin-hypercube,grid,table,replication" doc:"sobol spreads runs evenly, monte-carlo draws each by itself, latin-hypercube spreads a stated number of runs, grid and table state values, replication repeats the inputs of one run"`
	Jointly []string `doc:"with sobol: paths of up to 32 uncertain numbers that are spread evenly over all their combinations, not just each by itself; the most important first; free keeps the place of one that is no longer drawn"`
	Over    Axes     `doc:"with grid: paths with the values that they take, as a list, or with a number of equally likely ones"`
	Points  string   `doc:"with table: a CSV file beside this one; its header names paths, each further row is a run"`
	Others  string   `default:"median" choice:"median,drawn" doc:"with grid and table: what all other uncertain numbers do"`
	Luck    string   `choice:"shared,own" doc:"with grid and table: whether all runs have the luck of run 1, and what else it draws, so that they differ by the stated values alone, or each its own; shared with grid, own with table if left out"`
	Run     int      `default:"0" range:"0,10000000" doc:"with replication: the run whose inputs all runs have; 0 is the central run"`
	DrawnBy string   `default:"sobol" choice:"sobol,monte-carlo,table" doc:"with replication: the kind of design that made that run"`
}

// DesignKinds lists the kinds of design, the usual one first.
func DesignKinds() []string {
	return []string{"sobol", "monte-carlo", "latin-hypercube", "grid", "table", "replication"}
}

// SharesLuck tells whether all runs are played on the luck of one, so that they differ by the stated values alone. The cells
// of a grid are made to be compared; the rows of a table may be a sample that was made elsewhere.
func (d Design) SharesLuck() bool {
	return d.States() && d.Luck == "shared" || d.Kind == "grid" && d.Luck == ""
}

// States tells whether runs are stated rather than drawn, so that shares of them are no probabilities.
func (d Design) States() bool { return d.Kind == "grid" || d.Kind == "table" }

// Axes are the axes of a grid as written: a map from paths to values.
type Axes []*Node

// Axis is one axis of a grid: an input by its place among [Study.Inputs], and the values that it takes.
type Axis struct {
	Input  int
	Values []float64
}

// Rows are the values that a table states, run by run.
type Rows struct {
	Inputs []int // places among Study.Inputs
	Values [][]float64
}

// designBlock writes the short form `design: monte-carlo` out as a map, so that layers merge and paths lead on.
func designBlock(n *Node) *Node {
	if n.Kind != Scalar {
		return n
	}
	kind := &Node{Kind: Scalar, Key: "kind", KeyAt: n.KeyAt, Text: n.Text, Quoted: n.Quoted, Origin: n.Origin}
	return &Node{Kind: Map, Key: n.Key, KeyAt: n.KeyAt, Origin: n.Origin, Children: []*Node{kind}}
}

// loadPoints reads the table that a design names. A text of several lines is the table itself.
func (l *layers) loadPoints(r *Resolved) {
	n := r.meta.At("design.points")
	if n == nil || n.Kind != Scalar {
		return
	}
	r.points = pointsTable{at: n, name: "design.points", text: n.Text}
	if strings.Contains(n.Text, "\n") {
		return
	}
	from := l.documents[0].at
	for _, d := range l.documents {
		if l.name(d.at) == n.Origin.File {
			from = d.at
		}
	}
	at, p := l.relative(from, n.Text)
	var data []byte
	if p == nil {
		data, p = l.load(at)
	}
	if p != nil {
		p.Origin, p.Path, p.Width = n.Origin, "design.points", widthOf(n)
		l.fail(*p)
		r.points.unread = true
		return
	}
	r.points.name, r.points.text = l.name(at), string(data)
}

// Free stands in a list of jointly spread numbers for one that is not drawn: it keeps the dimension, so that the others have
// the draws that they have beside it.
const Free = "free"

// drawnJointly leaves out of a design what only the layers of a scenario knew to be drawn once.
func (r *Resolved) drawnJointly(design *Node) *Node {
	return replaced(design, "jointly", func(list *Node) *Node {
		out := *list
		out.Kind, out.Text, out.Children = List, "", nil
		for _, c := range childrenOf(list) {
			if !r.draws(c.Text) {
				c = &Node{Kind: Scalar, Text: Free}
			}
			out.Children = append(out.Children, c)
		}
		return &out
	})
}

// draws tells whether runs draw the number at a path.
func (r *Resolved) draws(path string) bool {
	steps, _ := parsePath(path)
	return slices.ContainsFunc(r.Uncertain, func(u Uncertain) bool { return u.Path == stepsPath(steps) })
}

// replaced returns a map with another value for one of its keys, if it has that key.
func replaced(n *Node, key string, with func(*Node) *Node) *Node {
	if n.Child(key) == nil {
		return n
	}
	out := *n
	out.Children = slices.Clone(n.Children)
	for i, c := range out.Children {
		if c.Key == key {
			out.Children[i] = with(c)
		}
	}
	return &out
}

// settleDesign ties what the design says of single inputs to their places.
func (s *Study) settleDesign(d *Decoder) {
	design := s.Header.Design
	for _, n := range childrenOf(s.meta.At("design.jointly")) {
		if n.Text == Free {
			s.Jointly = append(s.Jointly, -1)
			continue
		}
		i, ok := s.inputAt(d, n, n.Text)
		if ok && i >= 0 && slices.Contains(s.Jointly, i) {
			d.Fault(n, "", "E202", quote(n.Text)+" is given twice", "", "remove one of them")
		}
		s.Jointly = append(s.Jointly, i)
	}
	if n := s.meta.At("design.jointly"); len(s.Jointly) > MaxJoint {
		d.Fault(n, "", "E505", fmt.Sprintf("%d numbers are to be spread jointly; the limit is %d", len(s.Jointly), MaxJoint), "", "keep the most important")
	}
	block := s.meta.Child("design")
	s.checkUnread(d, block)
	before := len(d.problems)
	switch kind := design.Kind; {
	case kind == "grid":
		s.settleGrid(d, block)
	case kind == "table", kind == "replication" && design.DrawnBy == "table":
		if s.points.unread {
			return
		}
		if s.points.at == nil {
			asks := "kind"
			if kind == "replication" {
				asks = "drawn_by"
			}
			s.incomplete(d, block.Child(asks), "a table of runs needs its file, and the design has no `points`", "write `design: {kind: table, points: runs.csv}`, or `--set design.points=runs.csv`")
			return
		}
		var problems []Problem
		s.Table, problems = s.points.read(s.Inputs, s.Uncertain)
		d.problems = append(d.problems, problems...)
		if n := len(s.Table.Values); kind == "replication" && design.Run > n {
			d.Fault(block, "run", "E316", fmt.Sprintf("the table has %s, and run %d is to be repeated", number(n, "run"), design.Run), "", "")
		}
	}
	if len(d.problems) > before {
		return // it is not known how many runs were meant
	}
	if n := s.DesignRuns(); n > 0 && s.Header.Runs > 0 && (s.Header.Runs > n || design.Kind == "grid" && s.Header.Runs != n) {
		d.Fault(s.meta.Child("runs"), "", "E316", fmt.Sprintf("`runs` is %d, but the %s has %s", s.Header.Runs, design.Kind, number(n, "run")), "", fmt.Sprintf("leave `runs` out, or write %d", n))
	}
}

// incomplete reports what a design lacks, at the word that asks for it.
func (s *Study) incomplete(d *Decoder, at *Node, what, hint string) {
	d.problems = append(d.problems, Problem{Code: "E316", Origin: at.Origin, Path: "design", Width: widthOf(at), What: what, Hint: hint})
}

// designFields are the fields of a design that some kinds do not read, and the kinds that do. What is spread jointly stays
// where it is, for the kind is often chosen anew.
var designFields = map[string][]string{
	"over": {"grid"}, "points": {"table"}, "others": {"grid", "table"}, "luck": {"grid", "table"}, "run": {"replication"}, "drawn_by": {"replication"},
}

// readBy tells whether a kind of design reads a field.
func readBy(design Design, field string) bool {
	kinds, some := designFields[field]
	ofTable := design.Kind == "replication" && design.DrawnBy == "table" && (field == "points" || field == "others")
	return !some || ofTable || slices.Contains(kinds, design.Kind)
}

// checkUnread reports fields that the kind of design does not read. Those of a base or a file stay where a later layer chooses
// another kind.
func (s *Study) checkUnread(d *Decoder, block *Node) {
	kind := block.Child("kind")
	for _, n := range childrenOf(block) {
		if readBy(s.Header.Design, n.Key) || kind != nil && s.later(kind.Origin, n.Origin) {
			continue
		}
		d.problems = append(d.problems, Problem{
			Code: "E203", Origin: n.KeyAt, Path: "design." + n.Key, Width: utf8.RuneCountInString(n.Key),
			What: fmt.Sprintf("%s is not read by a design of the kind %s", quote(n.Key), s.Header.Design.Kind),
			Why:  "a field that nothing reads would change nothing, and the run would look plausible",
			Hint: "take it out; it belongs to " + strings.Join(designFields[n.Key], " and "),
		})
	}
}

// later tells whether one place stands in a later layer than another: a --set behind all files, a file behind what it
// extends.
func (s *Study) later(a, b Origin) bool {
	layer := func(o Origin) int { return slices.IndexFunc(s.Files, func(f File) bool { return f.Name == o.File }) }
	return layer(a) < layer(b)
}

// within leaves out of a design what its kind does not read.
func (d Design) within(block *Node) *Node {
	if block == nil {
		return nil
	}
	out := *block
	out.Children = slices.DeleteFunc(slices.Clone(block.Children), func(c *Node) bool { return !readBy(d, c.Key) })
	return &out
}

// inputAt returns the place of an input among those that the scenario draws, or -1 where a later layer has fixed it or
// taken it away. What no layer ever drew is a mistake.
func (s *Study) inputAt(d *Decoder, n *Node, path string) (place int, ok bool) {
	steps, bad := parsePath(path)
	if bad != "" {
		d.Fault(n, "", "E208", quote(path)+" is not a path: "+bad, "", "")
		return -1, false
	}
	i := slices.IndexFunc(s.Inputs, func(in Input) bool { return in.Path == stepsPath(steps) })
	if i < 0 && !s.drawn[stepsPath(steps)] {
		d.Fault(n, "", "E317", quote(path)+" is not uncertain", "", notDrawn(path, s.Uncertain))
		return -1, false
	}
	return i, true
}

// checkDrawn reports what the design and the dependences name and no layer ever drew: that can be told even of a scenario
// whose values cannot be read.
func (s *Study) checkDrawn(d *Decoder) {
	for _, dep := range childrenOf(s.meta.Child("dependence")) {
		for _, n := range childrenOf(dep.Child("between")) {
			s.inputAt(d, n, n.Text)
		}
	}
	for _, n := range childrenOf(s.meta.At("design.jointly")) {
		if n.Text != Free {
			s.inputAt(d, n, n.Text)
		}
	}
	for _, n := range s.Header.Design.Over {
		s.inputAt(d, n, n.Key)
	}
}

// notDrawn is the hint for a path that no run draws.
func notDrawn(path string, drawn []Uncertain) string {
	var paths []string
	for _, u := range drawn {
		paths = append(paths, u.Path)
	}
	if best, ok := nearest(path, paths); ok {
		return "did you mean " + quote(best) + "?"
	}
	return "give it a distribution under `uncertain`"
}

func (s *Study) settleGrid(d *Decoder, block *Node) {
	if len(s.Header.Design.Over) == 0 {
		at := block.Child("over")
		if at == nil {
			at = block.Child("kind")
		}
		s.incomplete(d, at, "a grid needs paths with their values, and the design has none under `over`", "write `design: {kind: grid, over: {market.enterprise.growth: [40%/yr, 80%/yr], firms.openai.cash: 3}}`")
		return
	}
	runs := 1
	for _, n := range s.Header.Design.Over {
		i, ok := s.inputAt(d, n, n.Key)
		if !ok {
			continue
		}
		if i < 0 {
			d.Fault(n, "", "E317", quote(n.Key)+" is fixed, so a grid cannot vary it", "", "take it out of the grid")
			continue
		}
		a := Axis{Input: i, Values: s.Inputs[i].axis(d, n)}
		s.Axes = append(s.Axes, a)
		if runs *= max(1, len(a.Values)); runs > MaxRuns {
			d.Fault(n, "", "E505", fmt.Sprintf("the grid has more than %d combinations", MaxRuns), "", "take fewer values")
			return
		}
	}
}

// axis reads the values of one axis: a list of them, or how many equally likely ones.
func (in Input) axis(d *Decoder, n *Node) (values []float64) {
	if n.Kind == Scalar {
		x, f := readQuantity(n.Text, n.Quoted, unit.DimCount, n.Key)
		if f == nil && (x < 2 || x > MaxEntries) {
			f = faultf("E310", "", "%s has %s values; a number of them is 2 to %d", quote(n.Key), n.Text, MaxEntries)
		}
		if f != nil {
			d.scalar(n, f)
			return nil
		}
		count := int(x)
		if words := in.Distribution.Words; words != nil {
			d.Fault(n, "", "E316", quote(n.Key)+" has words, which are not counted", "", "list them: ["+strings.Join(words, ", ")+"]")
			return nil
		}
		for k := range count {
			values = append(values, in.Distribution.Quantile((float64(k)+0.5)/float64(count)))
		}
		if different := len(slices.Compact(slices.Clone(values))); different < count {
			d.Fault(n, "", "E316", fmt.Sprintf("%s has no %d values that are equally likely and different", quote(n.Key), count), "", "list them, or take fewer")
		}
		return values
	}
	for _, c := range childrenOf(n) {
		x, f := in.read(c.Text, c.Quoted)
		if f != nil {
			d.problems = append(d.problems, Problem{Code: f.code, Origin: c.Origin, Path: "design.over." + n.Key, What: f.what, Why: f.why, Hint: f.hint, Width: widthOf(c)})
			continue
		}
		if slices.Contains(values, x) {
			d.problems = append(d.problems, Problem{
				Code: "E202", Origin: c.Origin, Path: "design.over." + n.Key, Width: widthOf(c), What: fmt.Sprintf("%s takes %s twice", quote(n.Key), quote(c.Text)),
				Why: "a grid takes each combination once", Hint: "remove one of them; to repeat a run under other luck, take the kind replication",
			})
			continue
		}
		values = append(values, x)
	}
	if len(childrenOf(n)) == 0 {
		d.Fault(n, "", "E316", quote(n.Key)+" has no values", "", "give a list, or a number of equally likely values")
	}
	return values
}

// read turns a text into a value that the input can take.
func (in Input) read(text string, quoted bool) (float64, *fault) {
	if words := in.Distribution.Words; words != nil {
		i := slices.Index(words, text)
		if i < 0 {
			return 0, faultf("E309", hintName(text, words, "choices", ""), "%s is not one of those that %s is drawn from", quote(text), quote(in.Path))
		}
		return float64(i), nil
	}
	x, f := readQuantity(text, quoted, in.Target.Dim, in.Path)
	if f == nil && (x < in.Target.Low || x > in.Target.High) {
		f = faultf("E310", "", "%s is %s; its range is %s", quote(in.Path), Format(x, in.Target.Dim), rangeText(in.Target))
	}
	return x, f
}

// DesignRuns is the number of runs that the design has by itself, or 0 where it takes any number.
func (s *Study) DesignRuns() int {
	switch s.Header.Design.Kind {
	case "grid":
		n := 1
		for _, a := range s.Axes {
			n *= len(a.Values)
		}
		return n
	case "table":
		return len(s.Table.Values)
	}
	return 0
}

// stated tells whether the grid or the table has values for an input.
func (s *Study) stated(input int) bool {
	if s.Header.Design.Kind == "table" {
		return slices.Contains(s.Table.Inputs, input)
	}
	return slices.ContainsFunc(s.Axes, func(a Axis) bool { return a.Input == input })
}

// Draws tells whether each of runs 1 to N draws an input anew.
func (s *Study) Draws(input int) bool {
	switch design := s.Header.Design; {
	case design.Kind == "replication":
		return false
	case design.States():
		return design.Others == "drawn" && !design.SharesLuck() && !s.stated(input)
	}
	return true
}

// Drawn is how many inputs each of runs 1 to N draws anew.
func (s *Study) Drawn() int {
	n := 0
	for i := range s.Inputs {
		if s.Draws(i) {
			n++
		}
	}
	return n
}

// InputsText says what runs 1 to N do with the inputs: "570 drawn", "0 drawn, 2 stated, 568 at the central value".
func (s *Study) InputsText() string {
	stated := 0
	for i := range s.Inputs {
		if s.stated(i) {
			stated++
		}
	}
	design, rest := s.Header.Design, "at the central value"
	switch {
	case design.Kind == "replication" && design.Run > 0:
		rest = fmt.Sprintf("as in run %d", design.Run)
	case design.Others == "drawn":
		rest = "drawn once for all"
	}
	parts := []string{fmt.Sprintf("%d drawn", s.Drawn())}
	tell := func(count int, what string) {
		if count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, what))
		}
	}
	tell(stated, "stated")
	tell(len(s.Inputs)-stated-s.Drawn(), rest)
	return strings.Join(parts, ", ")
}

// DesignText names the design of so many runs, with all that is not said by the scenario's text.
func (s *Study) DesignText(runs int) string {
	design, luck := s.Header.Design, ""
	if design.SharesLuck() {
		luck = ", " + record.SharedLuck
	}
	text := func(kind string) string {
		switch {
		case kind == "sobol" && len(s.Jointly) > 0:
			return fmt.Sprintf("sobol, %s jointly", number(len(s.Jointly), "input"))
		case kind == "latin-hypercube":
			return fmt.Sprintf("latin-hypercube of %s", number(runs, "run"))
		case kind == "grid":
			return fmt.Sprintf("grid of %s over %s", number(s.DesignRuns(), "run"), number(len(s.Axes), "input")) + luck
		case kind == "table":
			return fmt.Sprintf("table of %s over %s", number(len(s.Table.Values), "run"), number(len(s.Table.Inputs), "input")) + luck
		}
		return kind
	}
	switch {
	case design.Kind == "replication" && design.Run == 0:
		return "replication of the central run"
	case design.Kind == "replication":
		return fmt.Sprintf("replication of run %d (%s)", design.Run, text(design.DrawnBy))
	}
	return text(design.Kind)
}

// number counts things in words: 1 run, 12 runs.
func number(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// childrenOf is nil for no node; a single value stands for a list of one.
func childrenOf(n *Node) []*Node {
	switch {
	case n == nil || n.Kind == Null:
		return nil
	case n.Kind == Scalar:
		return []*Node{n}
	}
	return n.Children
}
