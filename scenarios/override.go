package scenarios

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// step is one part of a path: a key, or the place in a list counted from 0.
type step struct {
	key   string
	index int
}

// parsePath takes a path such as contracts.top-3.tranches[1].amount apart; bad says what is wrong with it.
func parsePath(path string) (steps []step, bad string) {
	if path == "" || len(path) > 500 {
		return nil, "a path is one or more names joined by points"
	}
	steps = make([]step, 0, 1+strings.Count(path, ".")+strings.Count(path, "["))
	rest := path
	for first := true; rest != ""; first = false {
		if strings.HasPrefix(rest, "[") && !first {
			number, after, ok := strings.Cut(rest[1:], "]")
			i, err := strconv.Atoi(number)
			if !ok || err != nil || i < 0 || i > MaxEntries || strconv.Itoa(i) != number {
				return nil, "a place in a list is a whole number from 0 in brackets, such as [1]"
			}
			steps = append(steps, step{index: i})
			rest = after
			continue
		}
		if !first {
			if !strings.HasPrefix(rest, ".") {
				return nil, "after ] comes a point or another bracket"
			}
			rest = rest[1:]
		}
		end := strings.IndexAny(rest, ".[]")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 || strings.TrimSpace(rest[:end]) != rest[:end] {
			return nil, "a path is names joined by single points"
		}
		steps = append(steps, step{key: rest[:end]})
		rest = rest[end:]
	}
	if len(steps) > MaxDepth {
		return nil, "the path is too deep"
	}
	return steps, ""
}

func stepsPath(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.key == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i == 0:
			b.WriteString(s.key)
		default:
			b.WriteString("." + s.key)
		}
	}
	return b.String()
}

func joinPath(base, more string) string {
	if base == "" || strings.HasPrefix(more, "[") {
		return base + more
	}
	return base + "." + more
}

// Override sets, merges or removes what stands at a path. Maps merge key by key, a list or a value is
// replaced whole, Null removes.
type Override struct {
	Path   string
	Node   *Node
	Origin Origin // where the path was written
}

// ParseSet reads the argument of --set, path=value, where value is YAML on one line. The number is its place
// among all --set, from 1.
func ParseSet(arg string, number int) (Override, []Problem) {
	note := "--set #" + strconv.Itoa(number)
	origin := Origin{Note: note, Line: 1, Column: 1}
	o := Override{Origin: origin}
	path, value, ok := strings.Cut(arg, "=")
	if !ok || strings.TrimSpace(path) == "" {
		return o, []Problem{{Code: "E208", Origin: origin, What: "an override is a path, an equals sign and a value", Hint: "write it like --set 'firms.lab-a.cash=$2B'"}}
	}
	o.Path = strings.TrimSpace(path)
	if strings.TrimSpace(value) == "" {
		return o, []Problem{{Code: "E208", Origin: origin, Path: o.Path, What: "the override gives no value", Hint: "write " + quote(o.Path+"=null") + " to remove what stands there; in a shell, put the whole in single quotes so that $ stays"}}
	}
	at := origin
	at.Column = utf8.RuneCountInString(path) + 2
	node, problems := parse(at, []byte(value))
	o.Node = node
	return o, problems
}

// keyAt is where a step of the path stands.
func (o Override) keyAt(steps []step, depth int) Origin {
	at := o.Origin
	if before := stepsPath(steps[:depth]); before != "" && at.Column > 0 && strings.HasPrefix(o.Path, before+".") {
		at.Column += utf8.RuneCountInString(before) + 1
	}
	return at
}

// merger applies overrides to a tree and keeps what goes wrong.
type merger struct {
	problems []Problem
}

// apply returns the tree with one override applied; the old tree is left as it was.
func (m *merger) apply(tree *Node, o Override) *Node {
	steps, bad := parsePath(o.Path)
	if bad != "" {
		m.problems = append(m.problems, Problem{Code: "E208", Origin: o.Origin, What: quote(o.Path) + " is not a path: " + bad, Hint: "write it like `contracts.cloud-lab-2026.tranches[1].amount`"})
		return tree
	}
	return m.set(tree, steps, 0, o)
}

func (m *merger) set(n *Node, steps []step, depth int, o Override) *Node {
	if depth == len(steps) {
		value := o.Node
		if n != nil {
			value = withKey(value, n.Key, o.Origin)
		}
		return m.merge(n, value)
	}
	s := steps[depth]
	here := stepsPath(steps[:depth])
	removing := o.Node.Kind == Null
	if n == nil {
		if s.key == "" || removing {
			m.nothing(nil, steps, depth, o)
			return nil
		}
		n = &Node{Kind: Map, Origin: o.keyAt(steps, depth-1), implied: true}
	}
	if s.key != "" && n.Kind != Map || s.key == "" && n.Kind != List {
		want := Map
		if s.key == "" {
			want = List
		}
		m.problems = append(m.problems, Problem{
			Code: "E209", Origin: o.Origin, Path: o.Path, What: quote(here) + " is " + n.Kind.String() + ", not " + want.String(),
			Also: also(n.Origin, "stands here"),
		})
		return n
	}
	changed := *n
	changed.Children = slices.Clone(n.Children)
	if s.key == "" {
		if s.index >= len(n.Children) {
			m.nothing(n, steps, depth, o)
			return n
		}
		child := m.set(n.Children[s.index], steps, depth+1, o)
		if child == nil {
			changed.Children = slices.Delete(changed.Children, s.index, s.index+1)
		} else {
			changed.Children[s.index] = child
		}
		return &changed
	}
	i := slices.IndexFunc(n.Children, func(c *Node) bool { return c.Key == s.key })
	if i < 0 {
		if removing && depth < len(steps)-1 {
			m.nothing(n, steps, depth, o)
			return n
		}
		if removing {
			changed.without(s.key, o.keyAt(steps, depth), false)
			return &changed
		}
		child := m.set(nil, steps, depth+1, o)
		if child == nil {
			return n
		}
		changed.Children = append(changed.Children, withKey(child, s.key, o.keyAt(steps, depth)))
		return &changed
	}
	child := m.set(n.Children[i], steps, depth+1, o)
	if child == nil {
		changed.Children = slices.Delete(changed.Children, i, i+1)
		changed.without(s.key, o.keyAt(steps, depth), true)
	} else {
		changed.Children[i] = child
	}
	return &changed
}

func also(o Origin, text string) []Place {
	if o.String() == "" {
		return nil
	}
	return []Place{{Origin: o, Text: text}}
}

// nothing reports a path on which there is nothing to change or remove.
func (m *merger) nothing(n *Node, steps []step, depth int, o Override) {
	p := Problem{
		Code: "E209", Origin: o.Origin, Path: o.Path, Width: utf8.RuneCountInString(o.Path),
		What: "there is no " + quote(stepsPath(steps[:depth+1])) + " to change",
		Why:  "an override of something that nothing declares would change nothing",
	}
	if o.Node.Kind == Null {
		p.What = "there is no " + quote(stepsPath(steps[:depth+1])) + " to remove"
	}
	switch {
	case steps[depth].key == "" && n != nil:
		p.Hint = "the list has " + strconv.Itoa(len(n.Children)) + " entries, counted from 0; write the whole list to make it longer"
	case n != nil:
		p.Hint = hintName(steps[depth].key, n.Keys(), "names", listing(stepsPath(steps[:depth])))
	}
	m.problems = append(m.problems, p)
}

// merge lays one tree over another: map by map, everything else replaced. Either may be nil; so is the result
// where the upper one removes.
func (m *merger) merge(under, over *Node) *Node {
	switch {
	case over == nil:
		return under
	case over.Kind == Null:
		return nil
	case over.Kind != Map:
		return over
	case under == nil || under.Kind != Map || otherKind(under, over):
		under = &Node{Kind: Map, Key: over.Key, KeyAt: over.KeyAt, Origin: over.Origin, implied: true}
	}
	merged := *under
	if !over.implied {
		// the override speaks for itself; what was only implied so far is now declared
		merged.implied = false
		if under.implied {
			merged.KeyAt, merged.Origin = over.KeyAt, over.Origin
		}
	}
	merged.Children = slices.Clone(under.Children)
	for _, c := range over.Children {
		i := slices.IndexFunc(merged.Children, func(u *Node) bool { return u.Key == c.Key })
		if i < 0 {
			if child := m.merge(nil, c); child != nil {
				merged.Children = append(merged.Children, child)
			} else {
				merged.without(c.Key, c.KeyAt, false)
			}
			continue
		}
		before := merged.Children[i]
		child := m.merge(before, c)
		switch {
		case child == nil:
			merged.Children = slices.Delete(merged.Children, i, i+1)
			merged.without(c.Key, c.KeyAt, true)
		case before.implied && !child.implied:
			// ids follow the order in which a file declares its entities, not that of a table that came first
			merged.Children = append(slices.Delete(merged.Children, i, i+1), child)
		default:
			merged.Children[i] = child
		}
	}
	return &merged
}

// otherKind reports that two blocks are of different kinds, so that the fields of one make no sense in the other.
func otherKind(under, over *Node) bool {
	a, b := under.Child("kind"), over.Child("kind")
	return a != nil && b != nil && a.Kind == Scalar && b.Kind == Scalar && a.Text != b.Text
}

func withKey(n *Node, key string, at Origin) *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Key, c.KeyAt = key, at
	return &c
}

// noted returns the tree with a note on every origin, such as the variant that it belongs to.
func noted(n *Node, note string) *Node {
	c := *n
	c.Origin.Note, c.KeyAt.Note = note, note
	c.Children = make([]*Node, len(n.Children))
	for i, child := range n.Children {
		c.Children[i] = noted(child, note)
	}
	return &c
}

// overridesOf reads a map whose names may be paths, as under variants, into overrides in the order of the file.
func overridesOf(n *Node) []Override {
	var out []Override
	var walk func(n *Node, path string)
	walk = func(n *Node, path string) {
		for _, c := range n.Children {
			at := joinPath(path, c.Key)
			if c.Kind == Map && len(c.Children) > 0 && hasPaths(c) {
				walk(c, at)
				continue
			}
			out = append(out, Override{Path: at, Node: c, Origin: c.KeyAt})
		}
	}
	walk(n, "")
	return out
}

// hasPaths reports whether a name somewhere in the tree is a path of several steps.
func hasPaths(n *Node) bool {
	for _, c := range n.Children {
		if n.Kind == Map && strings.ContainsAny(c.Key, ".[") || hasPaths(c) {
			return true
		}
	}
	return false
}

func roundInt(x float64) int64 { return int64(math.Round(x)) }
