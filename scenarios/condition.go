package scenarios

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// Names are the entities that an expression may speak of, in the order of their ids.
type Names struct {
	Firms   []string
	Regions []string

	unread bool // their declaration is itself wrong
}

// NamesOf lists the firms and regions that a tree declares.
func NamesOf(tree *Node) Names {
	firms, regions := RefTo(tree, "firms", "firm"), RefTo(tree, "regions", "region")
	return Names{Firms: firms.Keys, Regions: regions.Keys, unread: firms.unread || regions.unread}
}

// Fault is a problem in a piece of text. Offset and Length count characters of that text.
type Fault struct {
	Code   string
	Offset int
	Length int
	What   string
	Why    string
	Hint   string
}

func (f *fault) located(offset int) Fault {
	return Fault{Code: f.code, Offset: offset, Length: 1, What: f.what, Why: f.why, Hint: f.hint}
}

// problem places the fault in the file that holds the text.
func (f Fault) problem(s *Sources, n *Node, path string) Problem {
	at, exact := s.within(n, f.Offset)
	p := Problem{Code: f.Code, Origin: at, Path: path, What: f.What, Why: f.Why, Hint: f.Hint, Width: f.Length}
	if !exact {
		p.Width = 1
	}
	return p
}

// within returns where a character of a scalar's text stands in its file. That is only known where the text
// stands on one line as it is, in quotes or not; else exact is false and the place is that of the scalar.
func (s *Sources) within(n *Node, offset int) (o Origin, exact bool) {
	o = n.Origin
	if s == nil || o.Line == 0 || o.Column == 0 {
		return o, false
	}
	line := []rune(s.line(o))
	text := []rune(n.Text)
	for _, skip := range []int{0, 1} {
		from := o.Column - 1 + skip
		if from+len(text) <= len(line) && slices.Equal(line[from:from+len(text)], text) {
			o.Column += skip + min(offset, len(text))
			return o, true
		}
	}
	return o, false
}

// Expr is a parsed expression over measures. It does not yet know in which column a measure stands.
type Expr struct {
	Text string
	By   unit.Month     // the date behind a closing `by`; 0 without one
	At   unit.Month     // the latest date behind an `@`: the month to judge the expression in; 0 without one
	Dim  unit.Dimension // of a number; empty for a condition, and where no dimension of the model fits

	root    *term
	reads   []reading
	logic   bool
	happens *Happening // in place of all these
}

// reading is one column that an expression reads.
type reading struct {
	column measure.Column
	at     unit.Month // 0: the last closed month
}

// Compiled is an expression that can be evaluated. Holds and Value allocate nothing.
type Compiled struct {
	Holds measure.Condition              // of a condition, else nil
	Value func(p *measure.Panel) float64 // of a number, NaN where it is undefined; else nil
	Dim   unit.Dimension
	By    unit.Month
	At    unit.Month
	Pairs [][2]id.Firm // pairs of firms that it mentions

	Happens *Happening // what it says happens by then; Holds and Value are nil
}

// ParseCondition reads text that is true or false at the close of a month.
//
//	anthropic.revenue_run_rate >= $60B and openai.contracted_capacity(microsoft) < 3 GW by 2027-12
//
// It knows firm.measure, firm.measure(other firm), region.measure, a measure of the world with or without
// `world.`, `date`, quantities, + - * / with spaces around the minus, min, max, abs, comparisons, and, or,
// not and parentheses. `@ 2029-12` behind a measure takes its value at the close of that month; at the very
// end, behind something else, it dates all measures. `by 2027-12` may close the condition. What divides by
// zero, or lies in the future or further back than a panel remembers, is undefined, and so is a comparison
// with it; an undefined condition does not hold, and neither does its negation.
func ParseCondition(text string, names Names) (*Expr, []Fault) { return parseExpr(text, names, true) }

// ParseValue reads text that is a number, such as openai.market_share @ 2030-12.
func ParseValue(text string, names Names) (*Expr, []Fault) { return parseExpr(text, names, false) }

// CompileCondition parses a condition and binds it to a layout.
func CompileCondition(text string, names Names, layout *measure.Layout) (Compiled, []Fault) {
	return compile(text, names, layout, true)
}

// CompileValue parses a number and binds it to a layout.
func CompileValue(text string, names Names, layout *measure.Layout) (Compiled, []Fault) {
	return compile(text, names, layout, false)
}

func compile(text string, names Names, layout *measure.Layout, logic bool) (Compiled, []Fault) {
	e, faults := parseExpr(text, names, logic)
	if len(faults) > 0 {
		return Compiled{}, faults
	}
	for _, r := range e.reads {
		if _, ok := layout.Find(r.column); !ok {
			faults = append(faults, Fault{
				Code: "E404", Length: len([]rune(text)),
				What: fmt.Sprintf("no contract joins %s and %s, so the model does not measure this pair", names.Firms[r.column.Of], names.Firms[r.column.With]),
			})
		}
	}
	if len(faults) > 0 {
		return Compiled{}, faults
	}
	return e.Bind(layout), nil
}

// Columns lists what the expression reads.
func (e *Expr) Columns() []measure.Column {
	var out []measure.Column
	for _, r := range e.reads {
		if !slices.Contains(out, r.column) {
			out = append(out, r.column)
		}
	}
	return out
}

// Measure returns the one measure that the expression is, and the date behind its `@`, 0 without one; ok is false where it
// is anything else.
func (e *Expr) Measure() (c measure.Column, at unit.Month, ok bool) {
	return e.root.read.column, e.root.read.at, e.root.op == "read"
}

// Pairs lists the pairs of firms whose measures the expression reads.
func (e *Expr) Pairs() [][2]id.Firm {
	var out [][2]id.Firm
	for _, r := range e.reads {
		pair := [2]id.Firm{id.Firm(r.column.Of), r.column.With}
		if r.column.With != id.None && !slices.Contains(out, pair) {
			out = append(out, pair)
		}
	}
	return out
}

// Bind finds the columns of a layout. It panics when one is missing; see [Expr.Pairs].
func (e *Expr) Bind(layout *measure.Layout) Compiled {
	c := Compiled{Dim: e.Dim, By: e.By, At: e.At, Pairs: e.Pairs(), Happens: e.happens}
	if e.happens != nil {
		return c
	}
	if e.logic {
		truth := e.root.truth(layout)
		c.Holds = func(p *measure.Panel) bool { return truth(p) == yes }
	} else {
		c.Value = e.root.number(layout)
		if e.Dim != "" {
			c.Value = scaled(c.Value, e.root.dim.scaleTo(dimensionOf(e.Dim)))
		}
	}
	return c
}

// token is a piece of an expression with its place.
type token struct {
	kind   tokenKind
	text   string
	offset int
	length int
	value  float64        // of a quantity or date
	dim    unit.Dimension // of a quantity
	bare   bool           // a number without a unit
	read   *reading       // of a measure
}

type tokenKind uint8

const (
	word tokenKind = iota
	quantity
	date
	sign
	measured
)

// compiler turns text into terms.
type compiler struct {
	text   []rune
	names  Names
	tokens []token
	faults []Fault
}

func (c *compiler) fault(code string, t token, hint, format string, args ...any) {
	c.faults = append(c.faults, Fault{Code: code, Offset: t.offset, Length: max(1, t.length), What: fmt.Sprintf(format, args...), Hint: hint})
}

func parseExpr(text string, names Names, logic bool) (*Expr, []Fault) {
	c := &compiler{text: []rune(text), names: names}
	if len(c.text) > MaxExpression {
		return nil, []Fault{{Code: "E507", Length: 1, What: fmt.Sprintf("the expression has %d characters; the limit is %d", len(c.text), MaxExpression)}}
	}
	e := &Expr{Text: text, logic: logic}
	c.scan()
	if len(c.faults) == 0 {
		c.dates(e)
	}
	if len(c.faults) == 0 {
		c.references()
	}
	if len(c.faults) == 0 {
		c.settle(e)
	}
	if len(c.faults) == 0 {
		e.root = c.build()
	}
	if len(c.faults) == 0 && e.root.logic() != logic {
		whole := token{length: len(c.text)}
		if logic {
			c.fault("E315", whole, "compare it with something, such as `> 5 GW`", "this is a number, but a condition is true or false")
		} else {
			c.fault("E315", whole, "", "this is true or false, but a number is wanted")
		}
	}
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	if !logic {
		e.Dim = e.root.dim.nearest()
	}
	return e, nil
}

// scan cuts the text into words, quantities, dates and signs.
func (c *compiler) scan() {
	for i := 0; i < len(c.text); {
		r := c.text[i]
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			i = c.scanWord(i)
		case r == '$' || r >= '0' && r <= '9':
			i = c.scanNumber(i)
		default:
			i = c.scanSign(i)
		}
		if len(c.faults) > 0 {
			return
		}
	}
}

func (c *compiler) put(t token, from, to int) int {
	t.offset, t.length = from, to-from
	if t.text == "" {
		t.text = string(c.text[from:to])
	}
	c.tokens = append(c.tokens, t)
	return to
}

func wordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// scanWord takes a name; a hyphen belongs to it where a letter or digit follows at once.
func (c *compiler) scanWord(i int) int {
	end := i
	for end < len(c.text) && (wordRune(c.text[end]) || c.text[end] == '-' && end+1 < len(c.text) && wordRune(c.text[end+1])) {
		end++
	}
	return c.put(token{kind: word}, i, end)
}

// scanNumber takes a date or a number with the longest unit that makes sense behind it.
func (c *compiler) scanNumber(i int) int {
	rest := string(c.text[i:min(len(c.text), i+60)])
	for _, size := range []int{10, 7} {
		if len(rest) >= size && dateForm.MatchString(rest[:size]) && (len(rest) == size || !wordRune(rune(rest[size])) && rest[size] != '-') {
			m, f := readDate(rest[:size], false)
			if f != nil {
				c.faults = append(c.faults, Fault{Code: f.code, Offset: i, Length: size, What: f.what, Hint: f.hint})
				return i
			}
			return c.put(token{kind: date, value: float64(m)}, i, i+size)
		}
	}
	number := numberForm.FindString(rest)
	if number == "" {
		c.fault("E314", token{offset: i, length: 1}, "write money like `$60B`", "a number is missing here")
		return i
	}
	for end := len(rest); end >= len(number); end-- {
		if end < len(rest) && (wordRune(rune(rest[end])) || rest[end] == '%') {
			continue // within a word
		}
		if end > len(number) && (rest[end-1] == ' ' || rest[end-1] == '/' || rest[end-1] == '-') {
			continue
		}
		l, f := parseLiteral(rest[:end])
		if f != nil || l.scaled {
			continue
		}
		x, _ := l.value.Float64()
		return c.put(token{kind: quantity, value: x, dim: l.dim, bare: l.bare}, i, i+end)
	}
	end := len(number)
	for end < len(rest) && (wordRune(rune(rest[end])) || rest[end] == '%') {
		end++
	}
	hint := "write quantities like `$60B`, `3 GW`, `30%` or `18 months`"
	if _, f := parseLiteral(rest[:end]); f != nil && f.hint != "" {
		hint = f.hint
	}
	c.fault("E306", token{offset: i, length: end}, hint, "%s is not a quantity", quote(rest[:end]))
	return i
}

func (c *compiler) scanSign(i int) int {
	two := string(c.text[i:min(len(c.text), i+2)])
	at := token{offset: i, length: 1}
	switch two {
	case ">=", "<=", "==", "!=":
		return c.put(token{kind: sign}, i, i+2)
	case "&&":
		c.fault("E314", at, "write `and`", "`&&` is not part of the language")
		return i
	case "||":
		c.fault("E314", at, "write `or`", "`||` is not part of the language")
		return i
	case "=>", "=<":
		c.fault("E314", at, "write `>=` or `<=`", "%s is not a comparison", quote(two))
		return i
	}
	switch c.text[i] {
	case '>', '<', '+', '-', '*', '/', '(', ')', ',', '.', '@':
		return c.put(token{kind: sign}, i, i+1)
	case '=':
		c.fault("E314", at, "write `==`", "a single `=` does not compare")
	case '!':
		c.fault("E314", at, "write `not`", "`!` is not part of the language")
	case '≥', '≤':
		c.fault("E314", at, "write `>=` or `<=`", "%s is not part of the language", quote(string(c.text[i])))
	default:
		c.fault("E314", at, "", "%s has no meaning here", quote(string(c.text[i])))
	}
	return i
}

func (c *compiler) at(i int) token {
	if i >= 0 && i < len(c.tokens) {
		return c.tokens[i]
	}
	return token{offset: len(c.text), length: 1, kind: sign}
}

// dateAt reads the token as a date, where a bare year is its December.
func (c *compiler) dateAt(i int) (unit.Month, bool) {
	t := c.at(i)
	if t.kind == date {
		return unit.Month(t.value), true
	}
	if t.kind == quantity && t.bare && t.length == 4 {
		if m, f := readDate(t.text, true); f == nil {
			return m, true
		}
	}
	c.fault("E314", t, hintExample(unit.DimMonth), "a date is missing here")
	return 0, false
}

// dates takes a closing `by date` off.
func (c *compiler) dates(e *Expr) {
	for i, t := range c.tokens {
		if t.kind != word || t.text != "by" {
			continue
		}
		m, ok := c.dateAt(i + 1)
		switch {
		case !ok:
		case i+2 != len(c.tokens):
			c.fault("E314", t, "move it to the end", "`by` and its date stand at the very end")
		default:
			e.By = m
			c.tokens = c.tokens[:i]
		}
		return
	}
}

// functions are what an expression can call.
var functions = []string{"min", "max", "abs"}

// references joins words, points, counterparts and dates to measures.
func (c *compiler) references() {
	var out []token
	for i := 0; i < len(c.tokens); {
		t := c.tokens[i]
		calls := c.at(i+1).text == "("
		switch {
		case t.kind != word || t.text == "and" || t.text == "or" || t.text == "not" || calls && slices.Contains(functions, t.text):
			out = append(out, t)
			i++
		default:
			m, next := c.reference(i)
			if len(c.faults) > 0 {
				return
			}
			out = append(out, m)
			i = next
		}
	}
	c.tokens = out
}

// reference reads one measure from token i on and returns the token behind it.
func (c *compiler) reference(i int) (token, int) {
	first := c.at(i)
	entity, name := token{text: "world"}, first
	next := i + 1
	if c.at(next).text == "." && c.at(next).kind == sign {
		entity, name = first, c.at(next+1)
		next += 2
		if name.kind != word {
			c.fault("E314", name, "write it like `openai.revenue_run_rate`", "the name of a measure is missing behind the point")
			return token{}, next
		}
	}
	t := token{kind: measured, offset: first.offset, length: name.offset + name.length - first.offset}
	t.text = string(c.text[t.offset : t.offset+t.length])
	if entity.length == 0 && name.text == "date" {
		t.dim = unit.DimMonth
		return t, next
	}
	m, def, ok := c.measure(name, entity)
	if !ok {
		return token{}, next
	}
	t.dim = def.Dim
	t.read = &reading{column: measure.Column{Measure: m, With: id.None}}
	if def.Scope != measure.World || entity.text != "world" {
		at, ok := c.entity(entity, name, def)
		if !ok {
			return token{}, next
		}
		t.read.column.Of = at
	}
	if c.at(next).text == "(" {
		other := c.at(next + 1)
		if other.kind != word || c.at(next+2).text != ")" {
			c.fault("E314", other, "write it like `openai.contracted_capacity(microsoft)`", "the name of one firm belongs between the parentheses")
			return token{}, next
		}
		with := slices.Index(c.names.Firms, other.text)
		switch {
		case def.Scope != measure.Pair:
			c.fault("E404", other, "write `"+t.text+"`", "%s is measured for %s alone, without a counterpart", quote(name.text), scopeWords[def.Scope])
			return token{}, next
		case with < 0:
			c.fault("E402", other, hintName(other.text, c.names.Firms, "firms", listing("firms")), "there is no firm %s", quote(other.text))
			return token{}, next
		}
		t.read.column.With = id.Firm(with)
		next += 3
		last := c.at(next - 1)
		t.length = last.offset + last.length - t.offset
	} else if def.Scope == measure.Pair {
		c.fault("E404", t, "write it like `"+escape(t.text)+"(microsoft)`", "%s is measured between two firms; the second is missing", quote(name.text))
		return token{}, next
	}
	if c.at(next).text == "@" && c.at(next).kind == sign {
		at, ok := c.dateAt(next + 1)
		if !ok {
			return token{}, next
		}
		t.read.at = at
		next += 2
	}
	return t, next
}

var scopeWords = map[measure.Scope]string{
	measure.World: "the world", measure.Firm: "firms", measure.Region: "regions", measure.Pair: "pairs of firms",
}

// measure finds a measure by its name; two measures can share a name where their scopes differ.
func (c *compiler) measure(name, entity token) (measure.ID, measure.Def, bool) {
	for i, d := range measure.All() {
		if d.Name == name.text {
			return measure.ID(i), d, true
		}
	}
	var known []string
	isFirm, isRegion := slices.Contains(c.names.Firms, entity.text), slices.Contains(c.names.Regions, entity.text)
	for _, d := range measure.All() {
		inScope := d.Scope == measure.World
		if isFirm {
			inScope = d.Scope == measure.Firm || d.Scope == measure.Pair
		} else if isRegion {
			inScope = d.Scope == measure.Region
		}
		if inScope {
			known = append(known, d.Name)
		}
	}
	switch {
	case entity.length == 0 && (slices.Contains(c.names.Firms, name.text) || slices.Contains(c.names.Regions, name.text)):
		c.fault("E314", name, "write it like `"+name.text+".cash`; powerplay list measures has them all", "%s is a name without a measure", quote(name.text))
	case strings.ContainsAny(name.text, "-"):
		c.fault("E403", name, "minus stands between spaces", "there is no measure %s", quote(name.text))
	default:
		hint := hintName(name.text, known, "measures", "list measures")
		if strings.HasPrefix(name.text, "default") || strings.HasPrefix(name.text, "rescue") {
			hint = "an event is no measure; an expectation or a question says `openai defaults by 2030-12`, or `is rescued`"
		}
		c.fault("E403", name, hint, "there is no measure %s", quote(name.text))
	}
	return 0, measure.Def{}, false
}

// entity finds whose measure it is.
func (c *compiler) entity(e, name token, def measure.Def) (uint16, bool) {
	if e.length == 0 {
		c.fault("E404", name, "write it like `openai."+name.text+"`", "%s is measured for %s; whose is meant?", quote(name.text), scopeWords[def.Scope])
		return 0, false
	}
	list, what := c.names.Firms, "firm"
	switch def.Scope {
	case measure.World:
		list, what = []string{"world"}, "world"
	case measure.Region:
		list, what = c.names.Regions, "region"
	}
	if i := slices.Index(list, e.text); i >= 0 {
		return uint16(i), true
	}
	known := e.text == "world" || slices.Contains(c.names.Firms, e.text) || slices.Contains(c.names.Regions, e.text)
	if known {
		hint := ""
		if def.Scope == measure.World {
			hint = "write `" + name.text + "`"
		}
		c.fault("E404", token{offset: e.offset, length: name.offset + name.length - e.offset}, hint,
			"%s is measured for %s, not for %s", quote(name.text), scopeWords[def.Scope], quote(e.text))
		return 0, false
	}
	c.fault("E402", e, hintName(e.text, list, what+"s", listing(what+"s")), "there is no %s %s", what, quote(e.text))
	return 0, false
}

// settle takes off an `@ date` that closes the expression and dates what has no date yet.
func (c *compiler) settle(e *Expr) {
	n := len(c.tokens)
	var all unit.Month
	if n >= 2 && c.tokens[n-2].text == "@" && c.tokens[n-2].kind == sign {
		m, ok := c.dateAt(n - 1)
		if !ok {
			return
		}
		all = m
		c.tokens = c.tokens[:n-2]
	}
	var first unit.Month
	for i := range c.tokens {
		t := &c.tokens[i]
		if t.kind == sign && t.text == "@" {
			c.fault("E314", *t, "write it like `openai.market_share @ 2030-12`", "`@` stands behind a measure, or at the very end")
			return
		}
		if t.read == nil {
			continue
		}
		if t.read.at == 0 {
			t.read.at = all
		}
		if at := t.read.at; at != 0 {
			e.At = max(e.At, at)
			if first == 0 || at < first {
				first = at
			}
		}
		e.reads = append(e.reads, *t.read)
	}
	switch {
	case e.At-first >= measure.Memory:
		c.fault("E405", token{length: len(c.text)}, fmt.Sprintf("a model remembers %d months", measure.Memory-1), "the dates %v and %v lie too far apart", first, e.At)
	case e.At != 0 && e.By != 0:
		c.fault("E405", token{length: len(c.text)}, "keep `@` to judge one month, `by` to ask whether it ever holds until then", "a condition has either `@` or `by`")
	}
}

// build lets the expression library find out what belongs to what. It sees plain identifiers alone.
func (c *compiler) build() *term {
	var b strings.Builder
	from := map[int]int{} // place in the rewritten text to token
	for i, t := range c.tokens {
		from[b.Len()] = i
		switch {
		case t.kind == measured || t.kind == quantity || t.kind == date:
			fmt.Fprintf(&b, "q%d ", i)
		case t.kind == word && slices.Contains(functions, t.text):
			b.WriteString("call_" + t.text + " ")
		default:
			b.WriteString(t.text + " ")
		}
	}
	tree, err := parser.ParseWithConfig(b.String(), &conf.Config{MaxNodes: 400})
	if err != nil {
		var at *file.Error
		place := token{offset: len(c.text), length: 1}
		if errors.As(err, &at) {
			best := -1
			for o, i := range from {
				if o <= at.From && o > best {
					best, place = o, c.tokens[i]
				}
			}
			if at.From >= b.Len()-1 {
				place = token{offset: len(c.text), length: 1}
			}
		}
		if strings.Contains(err.Error(), "maximum allowed nodes") {
			c.fault("E507", place, "", "the expression has too many parts")
			return nil
		}
		c.fault("E314", place, "look for a missing operator, value or parenthesis; `and`, `or`, `not` join conditions", "the expression cannot be read from here on")
		return nil
	}
	return c.term(hoist(tree.Node), from)
}

// hoist lets `not` reach over the comparison behind it; the library binds it tighter than that.
func hoist(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		n.Node = hoist(n.Node)
	case *ast.CallNode:
		for i := range n.Arguments {
			n.Arguments[i] = hoist(n.Arguments[i])
		}
	case *ast.BinaryNode:
		n.Left, n.Right = hoist(n.Left), hoist(n.Right)
		if n.Operator == "and" || n.Operator == "or" || n.Operator == "&&" {
			return n
		}
		if not, ok := n.Left.(*ast.UnaryNode); ok && not.Operator == "not" {
			n.Left = not.Node
			not.Node = hoist(n)
			return not
		}
	}
	return n
}

// truth is a condition's state in three-valued logic: what rests on an undefined number is unknown.
type truth uint8

const (
	no truth = iota
	yes
	unknown
)

// term is a checked part of an expression.
type term struct {
	op       string // and, or, not, a comparison, + - * / neg min max abs, or const, read, date
	args     []*term
	value    float64
	read     reading
	dim      dimension
	literal  bool // a quantity as written, so that its unit may be read kindly
	bare     bool // a number written without a unit
	from, to int  // characters of the text
}

func (t *term) logic() bool {
	switch t.op {
	case "and", "or", "not", ">", "<", ">=", "<=", "==", "!=":
		return true
	}
	return false
}

func (t *term) place() token { return token{offset: t.from, length: t.to - t.from} }

// term checks a node of the library's tree: kinds, dimensions and names.
func (c *compiler) term(n ast.Node, from map[int]int) *term {
	where := token{offset: 0, length: len(c.text)}
	if n != nil {
		if i, ok := from[n.Location().From]; ok {
			where = c.tokens[i]
		}
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return c.leaf(where)
	case *ast.UnaryNode:
		x := c.term(n.Node, from)
		if x == nil {
			return nil
		}
		t := &term{op: n.Operator, args: []*term{x}, dim: x.dim, literal: x.literal, bare: x.bare, from: min(where.offset, x.from), to: x.to}
		switch {
		case n.Operator == "not" && x.logic():
			return t
		case n.Operator == "-" && !x.logic() && !x.dim.date:
			t.op = "neg"
			return t
		case n.Operator == "+" && !x.logic():
			return x
		}
		c.fault("E315", where, "", "%s does not go with what follows it", quote(n.Operator))
		return nil
	case *ast.BinaryNode:
		l, r := c.term(n.Left, from), c.term(n.Right, from)
		if l == nil || r == nil {
			return nil
		}
		if n.Operator == "&&" { // how the library writes a < b < c
			c.fault("E314", where, "write it as two comparisons joined by `and`", "comparisons cannot be chained")
			return nil
		}
		return c.binary(n.Operator, l, r, where)
	case *ast.CallNode:
		return c.call(n, from, where)
	}
	c.fault("E314", where, "", "this is not part of the language")
	return nil
}

func (c *compiler) leaf(t token) *term {
	leaf := &term{from: t.offset, to: t.offset + t.length, dim: dimensionOf(t.dim)}
	switch {
	case t.kind == measured && t.read == nil:
		leaf.op = "date"
	case t.kind == measured:
		leaf.op, leaf.read = "read", *t.read
	case t.kind == date:
		leaf.op, leaf.value, leaf.dim, leaf.literal = "const", t.value, dimensionOf(unit.DimMonth), true
	case t.kind == quantity:
		leaf.op, leaf.value, leaf.literal, leaf.bare = "const", t.value, true, t.bare
	default:
		c.fault("E314", t, "", "%s has no meaning here", quote(t.text))
		return nil
	}
	return leaf
}

func (c *compiler) call(n *ast.CallNode, from map[int]int, where token) *term {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	name := ""
	if ok {
		name = strings.TrimPrefix(callee.Value, "call_")
	}
	if !slices.Contains(functions, name) {
		c.fault("E314", where, "functions: "+strings.Join(functions, ", "), "a parenthesis cannot stand behind this")
		return nil
	}
	if want := len(n.Arguments); name == "abs" && want != 1 || name != "abs" && want < 2 {
		c.fault("E314", where, "", "%s has the wrong number of values", quote(name))
		return nil
	}
	t := &term{op: name, from: where.offset, to: where.offset + where.length}
	for i, a := range n.Arguments {
		x := c.term(a, from)
		if x == nil {
			return nil
		}
		if x.logic() || x.dim.date {
			c.fault("E315", x.place(), "", "%s takes numbers", quote(name))
			return nil
		}
		t.to = x.to
		if i > 0 && !c.agree(t.args[0], x, where, name) {
			return nil
		}
		t.args = append(t.args, x)
	}
	t.dim = t.args[0].dim
	return t
}

func (c *compiler) binary(op string, l, r *term, where token) *term {
	t := &term{op: op, args: []*term{l, r}, from: l.from, to: r.to}
	switch op {
	case "and", "or":
		for _, x := range t.args {
			if !x.logic() {
				c.fault("E315", x.place(), "compare it with something, such as `> 5 GW`", "%s joins conditions, and this is a number", quote(op))
				return nil
			}
		}
		return t
	}
	for _, x := range t.args {
		if x.logic() {
			c.fault("E315", x.place(), "", "%s takes numbers, and this is true or false", quote(op))
			return nil
		}
	}
	switch op {
	case ">", "<", ">=", "<=", "==", "!=", "+", "-":
		if !c.agree(l, r, where, op) {
			return nil
		}
		t.dim = l.dim
		if (op == "+" || op == "-") && l.dim.date {
			c.fault("E315", where, "compare dates with `date >= 2028-01`", "dates are compared, not added")
			return nil
		}
		return t
	case "*", "/":
		if l.dim.date || r.dim.date {
			c.fault("E315", where, "", "dates are compared, not multiplied")
			return nil
		}
		t.dim = l.dim.times(r.dim, op == "/")
		return t
	}
	c.fault("E314", where, "", "%s is not part of the language", quote(op))
	return nil
}

// agree reports two numbers that cannot be compared or added, and reads the unit of a number as written
// kindly where only one reading makes sense: `$60B` beside a run rate is $60B a year, and 150 beside a
// capability is 150 points.
func (c *compiler) agree(l, r *term, where token, op string) bool {
	if l.dim.same(r.dim) {
		return true
	}
	hint := ""
	for i, x := range [2][2]*term{{l, r}, {r, l}} {
		written, other := x[0], x[1]
		if !written.literal {
			continue
		}
		switch {
		case written.bare && other.dim.date && written.op == "const":
			return c.year(written, op, i == 0)
		case written.bare && other.dim.same(dimensionOf(unit.DimPoints)),
			written.dim.same(dimensionOf(unit.DimUSD)) && other.dim.same(dimensionOf(unit.DimUSDPerYear)):
			written.dim = other.dim
			for _, inner := range written.args {
				inner.dim = other.dim
			}
			return true
		case written.bare:
			c.fault("E304", written.place(), "write a quantity like `"+other.dim.example()+"`", "this number needs a unit: the other side of %s is %s", quote(op), other.dim)
			return false
		case written.dim.same(dimensionOf(unit.DimUSDPerYear)) && other.dim.same(dimensionOf(unit.DimUSD)):
			hint = "revenue, spend, capex and the like are one month's money: "
			switch q, f := parseLiteral(string(c.text[written.from:written.to])); {
			case f != nil:
				hint += "leave the time out"
			case normalTail(q.tail) == "/month":
				hint += "write " + quote(q.head)
			default:
				hint += "write " + quote(string(c.text[other.from:other.to])+" * 12") + " and " + quote(q.head)
			}
		}
	}
	c.fault("E315", where, hint, "units do not fit: %s is %s, but %s is %s", quote(string(c.text[l.from:l.to])), l.dim, quote(string(c.text[r.from:r.to])), r.dim)
	return false
}

// year reads a bare year beside a date: in `date > 2027` and `date <= 2027` it is its December, in
// `date >= 2027` and `date < 2027` its January. swapped tells that the year stands first.
func (c *compiler) year(written *term, op string, swapped bool) bool {
	var end bool
	switch op {
	case ">", "<=":
		end = !swapped
	case "<", ">=":
		end = swapped
	default:
		c.fault("E304", written.place(), "write a month like `2027-12`", "a year has twelve months, and %s needs one", quote(op))
		return false
	}
	m, f := readDate(string(c.text[written.from:written.to]), end)
	if f != nil {
		c.fault(f.code, written.place(), f.hint, "%s", f.what)
		return false
	}
	written.value, written.dim, written.bare = float64(m), dimensionOf(unit.DimMonth), false
	return true
}

// dimension is a product of powers of base quantities, times a scale.
type dimension struct {
	exp   [5]int8 // USD, MW, MW of IT, years, H100e; see bases
	point int8    // capability points
	date  bool
	scale float64 // how many of the base product one unit is
	model unit.Dimension
}

var bases = [5]string{"USD", "MW", "MW IT", "yr", "H100e"}

func dimensionOf(d unit.Dimension) dimension {
	x := dimension{scale: 1, model: d}
	switch d {
	case unit.DimUSD:
		x.exp = [5]int8{1}
	case unit.DimUSDPerYear:
		x.exp = [5]int8{0: 1, 3: -1}
	case unit.DimMW:
		x.exp = [5]int8{1: 1}
	case unit.DimMWIT:
		x.exp = [5]int8{2: 1}
	case unit.DimH100e:
		x.exp = [5]int8{4: 1}
	case unit.DimH100ePerMW:
		x.exp = [5]int8{4: 1, 1: -1}
	case unit.DimRent:
		x.exp, x.scale = [5]int8{0: 1, 1: -1, 3: -1}, 1.0/1000
	case unit.DimUSDPerMW:
		x.exp = [5]int8{0: 1, 1: -1}
	case unit.DimUSDPerMWh:
		x.exp, x.scale = [5]int8{0: 1, 1: -1, 3: -1}, 8766
	case energy:
		x.exp, x.scale = [5]int8{1: 1, 3: 1}, 1.0/8766
	case unit.DimMonths:
		x.exp, x.scale = [5]int8{3: 1}, 1.0/12
	case unit.DimRate:
		x.exp = [5]int8{3: -1}
	case unit.DimHazard:
		x.exp, x.scale = [5]int8{3: -1}, 12
	case unit.DimPoints:
		x.point = 1
	case unit.DimMonth:
		x.date = true
	}
	return x
}

func (d dimension) same(e dimension) bool {
	return d.exp == e.exp && d.point == e.point && d.date == e.date
}

func (d dimension) times(e dimension, divide bool) dimension {
	plain := dimension{scale: 1}
	if e.same(plain) {
		return d
	}
	p := dimension{exp: d.exp, point: d.point, scale: d.scale}
	for i := range p.exp {
		if divide {
			p.exp[i] -= e.exp[i]
		} else {
			p.exp[i] += e.exp[i]
		}
	}
	if divide {
		p.point -= e.point
		p.scale = d.scale / e.scale
	} else {
		p.point += e.point
		p.scale = float64(d.scale * e.scale)
	}
	return p
}

// modelDimensions are those in which an expression can result, the usual one of each nature first.
var modelDimensions = []unit.Dimension{
	unit.None, unit.DimUSD, unit.DimUSDPerYear, unit.DimMW, unit.DimMWIT, unit.DimH100e, unit.DimH100ePerMW,
	unit.DimRent, unit.DimUSDPerMW, unit.DimUSDPerMWh, unit.DimMonths, unit.DimRate, unit.DimHazard, unit.DimPoints,
}

// known returns the model's dimension of that unit, or the empty one.
func (d dimension) known() unit.Dimension {
	if d.model != "" {
		return d.model
	}
	for _, known := range modelDimensions {
		if k := dimensionOf(known); k.same(d) && k.scale == d.scale {
			return known
		}
	}
	return ""
}

// nearest returns the model's dimension of that nature, in whatever unit, or the empty one.
func (d dimension) nearest() unit.Dimension {
	if known := d.known(); known != "" {
		return known
	}
	for _, known := range modelDimensions {
		if dimensionOf(known).same(d) {
			return known
		}
	}
	return ""
}

// String says in words what the dimension measures.
func (d dimension) String() string {
	if words, ok := meaning[d.known()]; ok {
		return words
	}
	var over, under []string
	for i, e := range d.exp {
		for range e {
			over = append(over, bases[i])
		}
		for range -e {
			under = append(under, bases[i])
		}
	}
	for range d.point {
		over = append(over, "points")
	}
	for range -d.point {
		under = append(under, "points")
	}
	text := strings.Join(over, " x ")
	if text == "" {
		text = "1"
	}
	for _, u := range under {
		text += " per " + u
	}
	return "in " + text
}

func (d dimension) example() string {
	if e := examples[d.known()]; len(e) > 0 {
		return e[0]
	}
	return "$3.5B"
}

// scaleTo returns the factor from the unit of d to that of e, 1 where they are the same.
func (d dimension) scaleTo(e dimension) float64 {
	if d.scale == e.scale {
		return 1
	}
	return d.scale / e.scale
}

func (t *term) number(layout *measure.Layout) func(*measure.Panel) float64 {
	switch t.op {
	case "const":
		x := t.value
		return func(*measure.Panel) float64 { return x }
	case "date":
		return func(p *measure.Panel) float64 { return float64(p.Month()) }
	case "read":
		return readColumn(layout, t.read)
	}
	args := make([]func(*measure.Panel) float64, len(t.args))
	for i, a := range t.args {
		args[i] = a.number(layout)
		if t.op != "*" && t.op != "/" {
			args[i] = scaled(args[i], a.dim.scaleTo(t.dim))
		}
	}
	a := args[0]
	switch t.op {
	case "neg":
		return func(p *measure.Panel) float64 { return -a(p) }
	case "abs":
		return func(p *measure.Panel) float64 { return math.Abs(a(p)) }
	case "min", "max":
		largest := t.op == "max"
		return func(p *measure.Panel) float64 {
			x := args[0](p)
			for _, next := range args[1:] {
				if largest {
					x = max(x, next(p))
				} else {
					x = min(x, next(p))
				}
			}
			return x
		}
	}
	b := args[1]
	switch t.op {
	case "+":
		return func(p *measure.Panel) float64 { return a(p) + b(p) }
	case "-":
		return func(p *measure.Panel) float64 { return a(p) - b(p) }
	case "*":
		return func(p *measure.Panel) float64 { return float64(a(p) * b(p)) }
	case "/":
		return func(p *measure.Panel) float64 {
			over, under := a(p), b(p)
			if under == 0 {
				return math.NaN()
			}
			return over / under
		}
	}
	panic("scenarios: no number " + t.op)
}

func scaled(f func(*measure.Panel) float64, by float64) func(*measure.Panel) float64 {
	if by == 1 {
		return f
	}
	return func(p *measure.Panel) float64 { return float64(f(p) * by) }
}

func readColumn(layout *measure.Layout, r reading) func(*measure.Panel) float64 {
	col, ok := layout.Find(r.column)
	if !ok {
		panic(fmt.Sprintf("scenarios: the layout has no column %+v", r.column))
	}
	if r.at == 0 {
		return func(p *measure.Panel) float64 { return p.At(col) }
	}
	return func(p *measure.Panel) float64 {
		lag := int(p.Month() - r.at)
		if lag < 0 || lag >= measure.Memory {
			return math.NaN()
		}
		return p.Lag(col, lag)
	}
}

func (t *term) truth(layout *measure.Layout) func(*measure.Panel) truth {
	switch t.op {
	case "not":
		a := t.args[0].truth(layout)
		return func(p *measure.Panel) truth {
			switch a(p) {
			case yes:
				return no
			case no:
				return yes
			}
			return unknown
		}
	case "and":
		a, b := t.args[0].truth(layout), t.args[1].truth(layout)
		return func(p *measure.Panel) truth {
			x := a(p)
			if x == no {
				return no
			}
			if y := b(p); y != yes {
				return y
			}
			return x
		}
	case "or":
		a, b := t.args[0].truth(layout), t.args[1].truth(layout)
		return func(p *measure.Panel) truth {
			x := a(p)
			if x == yes {
				return yes
			}
			if y := b(p); y != no {
				return y
			}
			return x
		}
	}
	// one side in the unit of the other; which one decides nothing but the last bit
	l := t.args[0].number(layout)
	r := scaled(t.args[1].number(layout), t.args[1].dim.scaleTo(t.args[0].dim))
	compare := comparisons[t.op]
	return func(p *measure.Panel) truth {
		x, y := l(p), r(p)
		if math.IsNaN(x) || math.IsNaN(y) {
			return unknown
		}
		if compare(x, y) {
			return yes
		}
		return no
	}
}

var comparisons = map[string]func(x, y float64) bool{
	">":  func(x, y float64) bool { return x > y },
	"<":  func(x, y float64) bool { return x < y },
	">=": func(x, y float64) bool { return x >= y },
	"<=": func(x, y float64) bool { return x <= y },
	"==": func(x, y float64) bool { return x == y },
	"!=": func(x, y float64) bool { return x != y },
}
