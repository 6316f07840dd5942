package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// Ref is the entities that a type of reference can name, in the order of their ids.
type Ref struct {
	What string   // one of them in words: "firm"
	Keys []string // the id of Keys[i] is i
	At   []Origin // where each is declared; may be shorter

	unread bool // the block that declares them is itself wrong, so no name can be judged
}

// RefTo lists the entities declared under a key of the tree, such as "firms".
func RefTo(tree *Node, key, what string) Ref {
	r := Ref{What: what}
	block := tree.Child(key)
	if _, gone := tree.wasRemoved(key); gone && block == nil {
		r.unread = true
	}
	if block != nil {
		r.unread = block.Kind != Map
		for _, c := range block.Children {
			if c.implied {
				continue // a mistyped override must not declare what it names
			}
			r.Keys = append(r.Keys, c.Key)
			r.At = append(r.At, c.KeyAt)
		}
	}
	return r
}

// Decoder turns a tree of text into the model's structs and reports everything that does not fit. It knows
// no particular struct: the rules stand in tags (see [field]) and in its own fields.
type Decoder struct {
	Names   Names                                                 // firms and regions that conditions may speak of
	Refs    map[reflect.Type]Ref                                  // by type of reference, such as id.Firm
	Kinds   map[reflect.Type]Kinds                                // by interface type
	Custom  map[reflect.Type]func(*Decoder, *Node, reflect.Value) // what no rule covers
	Sources *Sources                                              // places conditions within their line; may be nil

	root     *Node // of the tree that Decode was given
	problems []Problem
	path     []string
	deal     string // kind of the contract, shock or rule that is being read; empty outside one
	shapes   map[reflect.Type]*shape
	tests    []*boundTest
}

// boundTest is a condition of the model. It is called through this pointer, so that it can be bound to the
// columns after the structs that hold it were copied about.
type boundTest struct {
	expr  *Expr
	holds measure.Condition
}

// Decode fills the struct that into points at from a map. What is absent gets its default. After problems
// the struct is incomplete and must not be used.
func (d *Decoder) Decode(tree *Node, into any) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("scenarios: Decode into %T, want a pointer to a struct", into))
	}
	d.root = tree
	d.Value(tree, v.Elem())
}

// Problems returns what was found so far, without snippets; see [Sources.Finish].
func (d *Decoder) Problems() []Problem { return slices.Clone(d.problems) }

// Path is the path of the value being read.
func (d *Decoder) Path() string { return strings.Join(d.path, "") }

// Fault reports a problem at a node; term is a path below it and may be empty. It is placed at the deepest
// part of the path that the scenario gives. It may be called from Custom, and after Decode with
// any node of the tree.
func (d *Decoder) Fault(n *Node, term, code, what, why, hint string) {
	p := Problem{Code: code, What: what, Why: why, Hint: hint, Path: d.Path()}
	if p.Path == "" && n != nil { // after the walk: a check of the caller
		p.Path, _ = pathTo(d.root, n)
	}
	at, keyed := n, false
	if term != "" {
		p.Path = joinPath(p.Path, term)
		if steps, bad := parsePath(term); bad == "" {
			for i := range steps {
				next := n.at(steps[:i+1])
				if next == nil {
					break
				}
				at, keyed = next, true
			}
		}
	}
	if at != nil {
		p.Origin = at.Origin
		p.Width = utf8.RuneCountInString(at.Text)
		if at.Kind != Scalar && at.KeyAt.Line > 0 && (keyed || term == "") {
			p.Origin, p.Width = at.KeyAt, utf8.RuneCountInString(at.Key)
		}
	}
	d.problems = append(d.problems, p)
}

// pathTo searches a tree for a node and returns its path.
func pathTo(root, n *Node) (path string, ok bool) {
	if root == n {
		return "", true
	}
	if root == nil {
		return "", false
	}
	for i, c := range root.Children {
		if below, ok := pathTo(c, n); ok {
			here := c.Key
			if root.Kind == List {
				here = "[" + strconv.Itoa(i) + "]"
			}
			if below == "" {
				return here, true
			}
			return joinPath(here, below), true
		}
	}
	return "", false
}

// scalar reports what is wrong with the text of a node.
func (d *Decoder) scalar(n *Node, f *fault) {
	d.problems = append(d.problems, Problem{
		Code: f.code, Origin: n.Origin, Path: d.Path(), What: f.what, Why: f.why, Hint: f.hint, Label: f.label,
		Width: widthOf(n),
	})
}

func widthOf(n *Node) int {
	w := utf8.RuneCountInString(n.Text)
	if n.Quoted {
		w += 2
	}
	return w
}

func (d *Decoder) enter(step string) { d.path = append(d.path, step) }
func (d *Decoder) leave()            { d.path = d.path[:len(d.path)-1] }

func (d *Decoder) enterKey(key string) {
	if len(d.path) > 0 {
		key = "." + key
	}
	d.enter(key)
}

// name is the last key of the path, as messages name the value.
func (d *Decoder) name() string {
	if len(d.path) == 0 {
		return "the scenario"
	}
	last := d.path[len(d.path)-1]
	if strings.HasPrefix(last, "[") && len(d.path) > 1 {
		return strings.TrimPrefix(d.path[len(d.path)-2], ".") + last
	}
	return strings.TrimPrefix(last, ".")
}

func (d *Decoder) shape(t reflect.Type) *shape {
	if s, ok := d.shapes[t]; ok {
		return s
	}
	if d.shapes == nil {
		d.shapes = map[reflect.Type]*shape{}
	}
	s := shapeOf(t, d.Kinds)
	d.shapes[t] = s
	return s
}

// Value reads a node into a settable value of any supported type.
func (d *Decoder) Value(n *Node, v reflect.Value) { d.value(n, v, field{}) }

func (d *Decoder) value(n *Node, v reflect.Value, f field) {
	t := v.Type()
	if custom, ok := d.Custom[t]; ok {
		custom(d, n, v)
		return
	}
	if t.Kind() == reflect.Pointer {
		if n.Kind == Null {
			return
		}
		v.Set(reflect.New(t.Elem()))
		d.value(n, v.Elem(), f)
		return
	}
	if n.Kind == Null {
		d.Fault(n, "", "E213", quote(d.name())+" has no value", "", "give one, or remove the line")
		return
	}
	switch {
	case t == conditionType, t == testType:
		d.condition(n, v)
	case d.Kinds[t] != nil:
		d.kind(n, v)
	case keyedSlice(t):
		d.entities(n, v)
	case t.Kind() == reflect.Slice:
		d.list(n, v, f)
	case t.Kind() == reflect.Struct:
		if n.Kind == Scalar && strings.HasSuffix(d.Path(), "]") {
			d.Fault(n, "", "E201", fmt.Sprintf("%s is %s, but %s belongs here", quote(d.name()), n.Kind, Map), "", "write "+quote("{"+d.shape(t).fields[0].key+": "+n.Text+"}"))
			return
		}
		if d.wants(n, Map) {
			d.block(n, v, nil)
		}
	default:
		if d.wants(n, Scalar) {
			d.text(n, v, f)
		}
	}
}

// wants reports a node of another shape than wanted.
func (d *Decoder) wants(n *Node, k Kind) bool {
	if n.Kind == k {
		return true
	}
	d.Fault(n, "", "E201", fmt.Sprintf("%s is %s, but %s belongs here", quote(d.name()), n.Kind, k), "", "")
	return false
}

// block reads a map into a struct; more are the fields of the terms that share the map, with their value.
func (d *Decoder) block(n *Node, v reflect.Value, skip []string) {
	s := d.shape(v.Type())
	if s.name != nil {
		v.FieldByIndex(s.name).SetString(n.Key)
	}
	parts := []part{{s, v}}
	label := "not a field of " + d.blockName()
	if s.kinds != nil {
		if terms, kind, ok := d.chosen(n, s.terms); ok {
			v.FieldByIndex(s.kinds).Set(terms)
			parts = append(parts, part{d.shape(terms.Elem().Type()), terms.Elem()})
			label = "not a field of the kind " + kind
			d.deal = kind
			defer func() { d.deal = "" }()
		} else {
			d.fields(n, parts, nil)
			return // without a kind, no other key can be judged
		}
		if _, ok := s.field("kind"); !ok {
			skip = append(slices.Clip(skip), "kind")
		}
	}
	d.unknown(n, parts, skip, label)
	d.fields(n, parts, skip)
}

type part struct {
	shape *shape
	value reflect.Value
}

func (d *Decoder) unknown(n *Node, parts []part, skip []string, label string) {
	var keys []string
	for _, p := range parts {
		keys = append(keys, p.shape.keys()...)
	}
	keys = append(keys, skip...)
	command := "help " + d.topic()
	d.neverThere(n, keys, "fields", command)
	if len(d.path) == 0 {
		keys = append(slices.Clone(headerKeys), keys...) // what the header's reader has taken
	}
	for _, c := range n.Children {
		if slices.Contains(keys, c.Key) {
			continue
		}
		d.enterKey(c.Key)
		d.problems = append(d.problems, Problem{
			Code: "E203", Origin: c.KeyAt, Path: d.Path(), What: "unknown field " + quote(c.Key),
			Label: label, Width: utf8.RuneCountInString(c.Key),
			Why:  "a field that nothing reads would change nothing, and the run would look plausible",
			Hint: d.hintPath(c.Key, hintName(c.Key, keys, "fields", command)),
		})
		d.leave()
	}
}

// hintPath tells where a name that is a path can stand, for any other name the hint given.
func (d *Decoder) hintPath(key, hint string) string {
	if strings.ContainsAny(key, ".[") {
		return "a path stands at the top of the file: " + quote(d.Path())
	}
	return hint
}

// neverThere reports what overrides took away although nothing declared it and, unlike a field that stands at
// its default, nothing could have: known are the names that could.
func (d *Decoder) neverThere(n *Node, known []string, what, command string) {
	for _, gone := range n.removed {
		if n.hadRemoved(gone.key) || n.Child(gone.key) != nil || slices.Contains(known, gone.key) {
			continue
		}
		d.enterKey(gone.key)
		d.problems = append(d.problems, Problem{
			Code: "E209", Origin: gone.at, Path: d.Path(), Width: utf8.RuneCountInString(gone.key), What: "there is no " + quote(d.Path()) + " to remove",
			Why:  "null takes away what was set before, and nothing sets this",
			Hint: hintName(gone.key, known, what, command),
		})
		d.leave()
	}
}

// topic is what powerplay help has on the fields of the block that is being read.
func (d *Decoder) topic() string {
	switch {
	case d.deal != "":
		return d.deal
	case len(d.path) == 0:
		return "files"
	}
	return d.Path()
}

func (d *Decoder) blockName() string {
	if len(d.path) == 0 {
		return "a scenario"
	}
	return d.Path()
}

// fields reads the entries that a block gives and fills in or reports those that it leaves out.
func (d *Decoder) fields(n *Node, parts []part, skip []string) {
	var missing []string
	for _, p := range parts {
		for _, f := range p.shape.fields {
			v := p.value.FieldByIndex(f.index)
			c := n.Child(f.key)
			if c == nil || slices.Contains(skip, f.key) {
				missing = append(missing, d.absent(n, v, f)...)
				continue
			}
			d.enterKey(f.key)
			d.value(c, v, f)
			d.leave()
		}
	}
	d.missing(n, missing)
}

// missing reports all fields that a block lacks as one problem: a block begun and left is one mistake. What an
// override took away is another.
func (d *Decoder) missing(n *Node, needed []string) {
	var keys []string
	for _, key := range needed {
		first, _, _ := strings.Cut(key, ".")
		at, removed := n.wasRemoved(first)
		if !removed {
			keys = append(keys, key)
			continue
		}
		d.problems = append(d.problems, Problem{
			Code: "E205", Origin: at, Path: joinPath(d.Path(), key), Width: utf8.RuneCountInString(first),
			What: quote(joinPath(d.Path(), key)) + " is needed and has no default, so it cannot be taken away",
			Hint: "give it another value",
		})
	}
	if len(keys) == 0 {
		return
	}
	if n.implied {
		d.Fault(n, "", "E209", "there is no "+quote(d.Path())+" to change", "an override of something that nothing declares would change nothing", "declare it first, or correct the path")
		return
	}
	what := "missing field " + quote(keys[0])
	if len(keys) > 1 {
		named := keys[:min(len(keys), 4)]
		what = "missing fields `" + strings.Join(named, "`, `") + "`"
		if rest := len(keys) - len(named); rest > 0 {
			what += fmt.Sprintf(" and %d more", rest)
		}
	}
	p := Problem{Code: "E205", Origin: n.Origin, Path: joinPath(d.Path(), keys[0]), What: what + " in " + d.blockName(), Hint: "these fields have no default"}
	if len(keys) == 1 {
		p.Hint = "this field has no default"
	}
	if len(d.path) == 0 {
		p.Hint += "; `extends: base-2026` starts from a world that has them"
	} else {
		p.Hint += ": powerplay help " + d.topic()
	}
	if n.KeyAt.Line > 0 {
		p.Origin, p.Width = n.KeyAt, utf8.RuneCountInString(n.Key)
	}
	if meant, ok := d.inheritedName(n); ok {
		p.Hint += "; if it is nothing new, did you mean " + quote(meant) + "?"
	}
	d.problems = append(d.problems, p)
}

// inheritedName returns the neighbour from another file whose name is nearly that of n: a mistyped key of an
// override begins something new.
func (d *Decoder) inheritedName(n *Node) (string, bool) {
	parent := parentOf(d.root, n)
	if parent == nil || parent.Kind != Map {
		return "", false
	}
	var names []string
	for _, c := range parent.Children {
		if c.KeyAt.File != n.KeyAt.File {
			names = append(names, c.Key)
		}
	}
	return nearest(n.Key, names)
}

// parentOf finds the node that holds n, or nil.
func parentOf(root, n *Node) *Node {
	if root == nil {
		return nil
	}
	for _, c := range root.Children {
		if c == n {
			return root
		}
		if p := parentOf(c, n); p != nil {
			return p
		}
	}
	return nil
}

// absent gives a field its default and returns the keys of what is needed and has none.
func (d *Decoder) absent(parent *Node, v reflect.Value, f field) []string {
	switch {
	case f.need:
		return []string{f.key}
	case f.hasDef:
		before := len(d.problems)
		d.enterKey(f.key)
		d.value(&Node{Kind: Scalar, Key: f.key, Text: f.def, Origin: parent.Origin}, v, f)
		d.leave()
		if len(d.problems) > before && d.problems[before].Code != "E402" {
			panic(fmt.Sprintf("scenarios: default %q of %s: %s", f.def, f.key, d.problems[before].What))
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Uint8, reflect.Uint16:
		if _, ok := d.Refs[v.Type()]; ok { // no entity; zero would be the first one
			v.SetUint(1<<(8*v.Type().Size()) - 1)
		}
	case reflect.Struct:
		if v.Type() == testType {
			return nil
		}
		if _, ok := d.Custom[v.Type()]; ok {
			return nil
		}
		var missing []string
		for _, inner := range d.shape(v.Type()).fields {
			for _, key := range d.absent(parent, v.FieldByIndex(inner.index), inner) {
				missing = append(missing, f.key+"."+key)
			}
		}
		return missing
	}
	return nil
}

// entities reads a map from key to entity into a list, in the order of the file.
func (d *Decoder) entities(n *Node, v reflect.Value) {
	if !d.wants(n, Map) || !d.few(n) {
		return
	}
	list := listing(d.Path())
	d.neverThere(n, declared(n), "names", list)
	v.Set(reflect.MakeSlice(v.Type(), len(n.Children), len(n.Children)))
	for i, c := range n.Children {
		d.enterKey(c.Key)
		switch {
		case c.implied:
			d.problems = append(d.problems, Problem{
				Code: "E209", Origin: c.Origin, Path: d.Path(), What: "there is no " + quote(d.Path()) + " to change",
				Why:  "an override of something that nothing declares would change nothing",
				Hint: hintName(c.Key, declared(n), "names", list),
			})
		case !isName(c.Key):
			d.problems = append(d.problems, Problem{
				Code: "E206", Origin: c.KeyAt, Path: d.Path(), Width: utf8.RuneCountInString(c.Key),
				What: notName(c.Key),
				Hint: d.hintPath(c.Key, "write a name such as `cloud-b`; a field `name` can hold the name as printed"),
			})
		case c.Kind == Null:
			d.Value(c, v.Index(i))
		case d.wants(c, Map):
			d.block(c, v.Index(i), nil)
		}
		d.leave()
	}
}

func declared(n *Node) []string {
	var keys []string
	for _, c := range n.Children {
		if !c.implied {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

func (d *Decoder) few(n *Node) bool {
	if len(n.Children) <= MaxEntries {
		return true
	}
	d.Fault(n, "", "E505", fmt.Sprintf("%s has %d entries; the limit is %d", quote(d.name()), len(n.Children), MaxEntries), "", "")
	return false
}

func (d *Decoder) list(n *Node, v reflect.Value, f field) {
	elem := v.Type().Elem()
	_, isRef := d.Refs[elem]
	if n.Kind == Scalar && (elem.Kind() == reflect.String || isRef) {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		d.value(n, v.Index(0), f)
		return
	}
	if !d.wants(n, List) || !d.few(n) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Children), len(n.Children)))
	for i, c := range n.Children {
		d.enter("[" + strconv.Itoa(i) + "]")
		d.value(c, v.Index(i), f)
		d.leave()
	}
}

// kind reads a map into the type that its key `kind` chooses.
func (d *Decoder) kind(n *Node, v reflect.Value) {
	if !d.wants(n, Map) {
		return
	}
	terms, _, ok := d.chosen(n, v.Type())
	if !ok {
		return
	}
	v.Set(terms)
	d.block(n, terms.Elem(), []string{"kind"})
}

// chosen makes the terms that a block's key `kind` names.
func (d *Decoder) chosen(n *Node, iface reflect.Type) (terms reflect.Value, kind string, ok bool) {
	c := n.Child("kind")
	if c == nil {
		d.missing(n, []string{"kind"})
		return terms, "", false
	}
	kinds := d.Kinds[iface]
	if c.Kind == Scalar {
		if fresh, found := kinds.find(c.Text); found {
			return reflect.ValueOf(fresh()), c.Text, true
		}
	}
	d.enterKey("kind")
	d.problems = append(d.problems, Problem{
		Code: "E204", Origin: c.Origin, Path: d.Path(), Width: widthOf(c),
		What: "unknown kind " + quote(c.Text), Hint: hintName(c.Text, kinds.names(), "kinds", "list "+d.path[0]),
	})
	d.leave()
	return terms, "", false
}

// text reads a scalar.
func (d *Decoder) text(n *Node, v reflect.Value, f field) {
	t := v.Type()
	if ref, ok := d.Refs[t]; ok {
		d.reference(n, v, ref)
		return
	}
	if len(f.choice) > 0 {
		d.choice(n, v, f)
		return
	}
	if dim, ok := unit.Of(t); ok {
		d.quantity(n, v, f, dim)
		return
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(n.Text)
	case reflect.Bool:
		if n.Quoted || (n.Text != "true" && n.Text != "false") {
			hint := "write `true` or `false`"
			d.scalar(n, faultf("E313", hint, "%s is neither true nor false", quote(n.Text)))
			return
		}
		v.SetBool(n.Text == "true")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.whole(n, v, f)
	default:
		panic(fmt.Sprintf("scenarios: no rule reads %v at %s", t, d.Path()))
	}
}

func (d *Decoder) quantity(n *Node, v reflect.Value, f field, dim unit.Dimension) {
	var x float64
	var wrong *fault
	if dim == unit.DimMonth {
		var m unit.Month
		m, wrong = readDate(strings.TrimSpace(n.Text), f.end)
		x = float64(m)
	} else {
		x, wrong = readQuantity(n.Text, n.Quoted, dim, d.name())
	}
	if wrong == nil && f.bounded {
		wrong = outside(x, f, dim, d.name())
	}
	if wrong != nil && n.drawn != "" { // a median that nobody wrote
		if _, no := parseDistribution(n.drawn, dim, d.name()); no != nil {
			wrong = no
		}
		d.scalar(&Node{Text: n.drawn, Origin: n.Origin}, wrong)
		return
	}
	if wrong != nil {
		_, no := parseDistribution(n.Text, dim, d.name())
		switch looksDrawn := strings.Contains(n.Text, " to ") || strings.Contains(n.Text, "("); {
		case no == nil:
			wrong.hint = "a distribution belongs under `uncertain`: " + quote(d.Path()+": "+n.Text)
			if n.Origin.File == "" {
				wrong.hint = "a distribution belongs under `uncertain`: " + quote("--set 'uncertain."+d.Path()+"="+n.Text+"'")
			}
		case looksDrawn && (wrong.code == "E301" || wrong.code == "E306"):
			wrong.hint = "a range or a distribution belongs under `uncertain:`"
		}
		d.scalar(n, wrong)
		return
	}
	setQuantity(v, dim, x)
}

// outside reports a value beyond the range of its field.
func outside(x float64, f field, dim unit.Dimension, name string) *fault {
	low, high, hasLow, hasHigh := f.bounds(dim)
	if (!hasLow || x >= low) && (!hasHigh || x <= high) {
		return nil
	}
	limit := ""
	switch {
	case hasLow && hasHigh:
		limit = "lie in " + Format(low, dim) + " to " + Format(high, dim)
	case hasLow:
		limit = "be at least " + Format(low, dim)
	default:
		limit = "be at most " + Format(high, dim)
	}
	return faultf("E310", "", "%s is %s; it must %s", quote(name), Format(x, dim), limit)
}

// setQuantity stores a value given in the unit of its dimension, dollars for money; whole types round.
func setQuantity(v reflect.Value, dim unit.Dimension, x float64) {
	switch {
	case dim == unit.DimUSD:
		v.SetInt(int64(unit.Dollars(min(max(x, -maxDollars), maxDollars))))
	case v.CanInt():
		v.SetInt(roundInt(x))
	default:
		v.SetFloat(x)
	}
}

// getQuantity is the inverse of setQuantity.
func getQuantity(v reflect.Value, dim unit.Dimension) float64 {
	switch {
	case dim == unit.DimUSD:
		return unit.USD(v.Int()).Dollars()
	case v.CanInt():
		return float64(v.Int())
	}
	return v.Float()
}

func (d *Decoder) whole(n *Node, v reflect.Value, f field) {
	l, wrong := parseLiteral(strings.TrimSpace(n.Text))
	switch {
	case wrong != nil:
		if wrong.code == "E301" {
			wrong.hint = "write a whole number such as `12`"
		}
	case n.Quoted:
		wrong = faultf("E302", "remove the quotes", "%s stands in quotes, so it is text and not a number", quote(n.Text))
	case !l.bare || !l.value.IsInt():
		wrong = faultf("E307", "write it without unit and decimals", "%s is not a whole number", quote(n.Text))
	case v.CanInt() && (!l.value.Num().IsInt64() || v.OverflowInt(l.value.Num().Int64())),
		v.CanUint() && (!l.value.Num().IsUint64() || v.OverflowUint(l.value.Num().Uint64())):
		wrong = faultf("E310", "", "%s is outside of what %s can hold", quote(n.Text), quote(d.name()))
	}
	if wrong == nil && f.bounded {
		x, _ := l.value.Float64()
		wrong = outside(x, f, unit.DimCount, d.name())
	}
	if wrong != nil {
		d.scalar(n, wrong)
		return
	}
	if v.CanInt() {
		v.SetInt(l.value.Num().Int64())
	} else {
		v.SetUint(l.value.Num().Uint64())
	}
}

// choice reads one of the words of a field's tag: as text, or as its place in the list for a number type.
func (d *Decoder) choice(n *Node, v reflect.Value, f field) {
	i := slices.Index(f.choice, n.Text)
	if i < 0 {
		d.scalar(n, faultf("E309", hintName(n.Text, f.choice, "choices", ""), "%s is not a choice for %s", quote(n.Text), quote(d.name())))
		return
	}
	switch {
	case v.Kind() == reflect.String:
		v.SetString(n.Text)
	case v.CanInt():
		v.SetInt(int64(i))
	case v.CanUint():
		v.SetUint(uint64(i))
	default:
		panic(fmt.Sprintf("scenarios: choice tag on %v", v.Type()))
	}
}

func (d *Decoder) reference(n *Node, v reflect.Value, ref Ref) {
	if i := slices.Index(ref.Keys, n.Text); i >= 0 {
		v.SetUint(uint64(i))
		return
	}
	if ref.unread {
		return
	}
	hint := hintName(n.Text, ref.Keys, ref.What+"s", listing(ref.What+"s"))
	if best, ok := nearest(n.Text, ref.Keys); ok {
		if i := slices.Index(ref.Keys, best); i < len(ref.At) && ref.At[i].File != "" {
			hint = "did you mean " + quote(best) + " (" + ref.At[i].String() + ")?"
		}
	}
	d.scalar(n, faultf("E402", hint, "%s names a %s that does not exist: %s", quote(d.name()), ref.What, quote(n.Text)))
}

// condition reads text that is true or false at a month's close.
func (d *Decoder) condition(n *Node, v reflect.Value) {
	if !d.wants(n, Scalar) || d.Names.unread {
		return
	}
	expr, faults := ParseCondition(n.Text, d.Names)
	if len(faults) == 0 && expr.By != 0 {
		faults = append(faults, Fault{Code: "E314", Offset: len([]rune(n.Text)), What: "a condition of the model has no `by`", Hint: "the last date stands in a field of its own"})
	}
	d.Faults(n, faults)
	if len(faults) > 0 {
		return
	}
	test := &boundTest{expr: expr}
	d.tests = append(d.tests, test)
	holds := measure.Condition(func(p *measure.Panel) bool { return test.holds(p) })
	if v.Type() == testType {
		v.Set(reflect.ValueOf(measure.Test{Text: n.Text, Holds: holds}))
		return
	}
	v.Set(reflect.ValueOf(holds))
}

// Faults reports what is wrong with the expression in a node.
func (d *Decoder) Faults(n *Node, faults []Fault) {
	for _, f := range faults {
		d.problems = append(d.problems, f.problem(d.Sources, n, d.Path()))
	}
}

// Pairs lists the pairs of firms whose measures the model's conditions read. The layout of a model must
// have a column for each.
func (d *Decoder) Pairs() [][2]id.Firm {
	var pairs [][2]id.Firm
	for _, t := range d.tests {
		for _, p := range t.expr.Pairs() {
			if !slices.Contains(pairs, p) {
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// Bind ties the conditions of everything that was decoded to the columns of a layout; until then they must
// not be called. It panics if the layout lacks one of [Decoder.Pairs].
func (d *Decoder) Bind(layout *measure.Layout) {
	for _, t := range d.tests {
		t.holds = t.expr.Bind(layout).Holds
	}
}
