// Package scenarios is the scenario language: it reads YAML files with the place of every value, lays them
// and what overrides them over each other, turns text into quantities, distributions and conditions, and
// reports everything that does not fit as a [Problem] with its place, its reason and a way to mend it.
//
// A scenario passes through four stages. [Parse] makes a [Node] tree of one file. [Source.Read] merges the
// files that it extends, tables of facts, a variant and --set into a [Resolved]. A [Decoder] fills the
// model's structs from the merged tree, guided by the tags of their fields, so a new field of the model needs
// no code here. [Resolved.Settle] and [Decoder.Bind] tie uncertain numbers and conditions to that model.
package scenarios

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits on what a scenario may hold. They are checked before memory is spent on it.
const (
	MaxFileBytes  = 1 << 20  // one file
	MaxTotalBytes = 16 << 20 // all files of a scenario, tables included
	MaxFiles      = 32
	MaxDepth      = 32
	MaxFirms      = 500
	MaxRegions    = 100
	MaxContracts  = 2000
	MaxEntries    = 10_000 // of any other list or map
	MaxHorizon    = 600    // months
	MaxRuns       = 10_000_000
	MaxExpression = 2048 // characters of a condition
)

// Kind is the shape of a node.
type Kind uint8

// The shapes. Null is a value written `null` or `~`: it removes what it overrides.
const (
	Null Kind = iota
	Scalar
	List
	Map
)

func (k Kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a map of names to values"}[k]
}

// Origin is where a value was written. Lines and columns count characters from 1 and are 0 where unknown.
type Origin struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Note   string `json:"note,omitempty"` // what set it beside the file: "--set #2", "variants.no-deal"
}

// String is the origin as shown to a reader: deal.yaml:14:5, or the note where there is no file.
func (o Origin) String() string {
	switch {
	case o.File == "":
		return o.Note
	case o.Line == 0:
		return o.File
	case o.Column == 0:
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	}
	return fmt.Sprintf("%s:%d:%d", o.File, o.Line, o.Column)
}

// before tells whether a place comes before another of the same file.
func (o Origin) before(other Origin) bool {
	return o.Line < other.Line || o.Line == other.Line && o.Column < other.Column
}

// Node is one value of a scenario as written, before anyone knows what it means. A tree is never changed in
// place once it has been handed out: overrides copy the path that they change.
type Node struct {
	Kind     Kind
	Key      string // its name in the map that holds it
	KeyAt    Origin // where that name stands
	Text     string // of a scalar
	Quoted   bool   // written so that it can only be text: in quotes, as a block, or over several paragraphs
	Children []*Node
	Origin   Origin

	drawn string // the distribution of which the text is the median; empty where the text was written

	// implied marks a map that an override made on its way to something deeper, so that a mistyped key on
	// that way is reported as such and not as an entity without its fields.
	implied bool

	// removed are the entries that overrides took away. One that was never there is kept as well: whether it
	// could have been is only known when the map is decoded.
	removed []removal
}

// removal is an entry of a map that a null took away.
type removal struct {
	key   string
	at    Origin
	found bool // whether it was there
}

// without notes a removal on a map that is not handed out yet.
func (n *Node) without(key string, at Origin, found bool) {
	n.removed = append(slices.Clip(n.removed), removal{key, at, found})
}

// wasRemoved returns where an entry was last taken away.
func (n *Node) wasRemoved(key string) (at Origin, ok bool) {
	for _, r := range n.removed {
		if r.key == key {
			at, ok = r.at, true
		}
	}
	return at, ok
}

// hadRemoved reports whether an entry was there before it was taken away.
func (n *Node) hadRemoved(key string) bool {
	return slices.ContainsFunc(n.removed, func(r removal) bool { return r.key == key && r.found })
}

// Child returns the entry of that name, or nil.
func (n *Node) Child(key string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	for _, c := range n.Children {
		if c.Key == key {
			return c
		}
	}
	return nil
}

// Keys lists the names of a map's entries in the order of the file.
func (n *Node) Keys() []string {
	if n == nil || n.Kind != Map {
		return nil
	}
	return keysOf(n.Children)
}

func keysOf(list []*Node) []string {
	keys := make([]string, len(list))
	for i, n := range list {
		keys[i] = n.Key
	}
	return keys
}

// At returns the node at a path, or nil.
func (n *Node) At(path string) *Node {
	steps, fault := parsePath(path)
	if fault != "" {
		return nil
	}
	return n.at(steps)
}

func (n *Node) at(steps []step) *Node {
	for _, s := range steps {
		switch {
		case n == nil:
			return nil
		case s.key != "":
			n = n.Child(s.key)
		case n.Kind != List || s.index >= len(n.Children):
			return nil
		default:
			n = n.Children[s.index]
		}
	}
	return n
}

// Same reports whether two trees say the same, wherever they were written.
func (n *Node) Same(m *Node) bool {
	if n == nil || m == nil {
		return n == m
	}
	if n.Kind != m.Kind || n.Key != m.Key || n.Text != m.Text || n.Quoted != m.Quoted || len(n.Children) != len(m.Children) {
		return false
	}
	for i, c := range n.Children {
		if !c.Same(m.Children[i]) {
			return false
		}
	}
	return true
}

// Parse reads one YAML or JSON document. The root is a map unless a problem says otherwise. Refused are
// anchors, aliases, merge keys and tags (extends and overrides do their work, and can be shown with their
// origin), repeated keys, second documents, and what exceeds the limits. The problems come without snippets.
func Parse(file string, data []byte) (*Node, []Problem) {
	n, problems := parse(Origin{File: file, Line: 1, Column: 1}, data)
	if n != nil && n.Kind != Map {
		problems = append(problems, Problem{
			Code: "E106", Origin: n.Origin, What: "a scenario is a map of names to values, and this is " + n.Kind.String(),
			Hint: "start with a line such as `name: my-scenario`",
		})
		n = nil
	}
	return n, problems
}

// parse reads any document; at tells how its positions are to be called.
func parse(at Origin, data []byte) (*Node, []Problem) {
	place := func(line, column int) Origin {
		o := at
		o.Line = at.Line + line - 1
		o.Column = column
		if line == 1 {
			o.Column += at.Column - 1
		}
		return o
	}
	nowhere := Origin{File: at.File, Note: at.Note}
	if len(data) > MaxFileBytes {
		return nil, []Problem{{
			Code: "E501", Origin: nowhere, What: fmt.Sprintf("the file has %d bytes; the limit is %d", len(data), MaxFileBytes),
			Hint: "split it with `extends`, or move numbers to a table under `facts`",
		}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line, column, bad := firstBadByte(data); bad != "" {
		return nil, []Problem{{
			Code: "E101", Origin: place(line, column), What: "the file is not plain UTF-8 text: it holds " + bad,
			Hint: "save it as UTF-8 in a text editor",
		}}
	}
	var doc yaml.Node
	limits := loaderlimits.New(loaderlimits.DepthValue(MaxDepth), loaderlimits.AliasNone())
	if err := yaml.Load(data, &doc, yaml.WithPlugin(limits)); err != nil {
		return nil, []Problem{syntaxProblem(err, data, place, nowhere)}
	}
	r := reader{place: place}
	root := r.read(doc.Content[0], 0)
	return root, r.problems
}

// firstBadByte finds what no text editor would have written: broken UTF-8 or control characters.
func firstBadByte(data []byte) (line, column int, bad string) {
	line, column = 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return line, column, fmt.Sprintf("the byte 0x%02x", data[i])
		case r == '\n':
			line, column = line+1, 0
		case r != '\t' && r != '\r' && r != '\u0085' && unicode.IsControl(r):
			return line, column, fmt.Sprintf("the control character %U", r)
		}
		i += size
		column++
	}
	return 0, 0, ""
}

func syntaxProblem(err error, data []byte, place func(line, column int) Origin, nowhere Origin) Problem {
	p := Problem{Code: "E102", Origin: nowhere}
	var first *yaml.LoadError
	message := err.Error()
	if errors.As(err, &first) {
		message = first.Message
		if first.Mark.Line > 0 {
			lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
			line, column := first.Mark.Line, first.Mark.Column
			if line > len(lines) { // the parser stands behind the last line when something was not closed
				line = len(lines)
				column = utf8.RuneCountInString(lines[line-1]) + 1
			}
			p.Origin = place(line, column)
		}
	}
	switch {
	case strings.Contains(message, "no documents"):
		p.Code, p.What, p.Hint = "E103", "the file is empty", "begin with a line such as `extends: base-2026`; `powerplay help scenarios` shows a first file"
	case strings.Contains(message, "found multiple"):
		p.Code, p.What = "E105", "the file holds a second document after a line `---`"
		p.Hint = "keep one scenario a file"
		if line := secondDocument(data); line > 0 {
			p.Origin = place(line, 1)
		}
	case strings.Contains(message, "max depth"):
		p.Code, p.What = "E502", fmt.Sprintf("values are nested more than %d deep", MaxDepth)
	case strings.Contains(message, "cannot start any token"):
		p.What = "YAML cannot read this character at the start of a value"
		p.Hint = "indent with spaces, not tabs; text that starts with > @ % or ` stands in quotes"
	case strings.Contains(message, "mapping values are not allowed"):
		p.What = "a second `: ` on one line, or a line that is indented too far"
		p.Hint = "put text that holds a colon in quotes"
	case strings.Contains(message, "unknown anchor"):
		p.Code, p.What, p.Hint = "E104", "anchors and aliases (`&`, `*`) are not part of the scenario language", hintNoAnchors
	default:
		p.What = "YAML cannot read this: " + message
		p.Hint = "look for a bracket or quote that is not closed, or for uneven indentation, here or just above"
	}
	return p
}

const hintNoAnchors = "use `extends`, or write the value again"

// secondDocument returns the line of the `---` behind the first content, or 0.
func secondDocument(data []byte) int {
	content := false
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimRight(line, "\r")
		separator := line == "---" || strings.HasPrefix(line, "--- ")
		if separator && content {
			return i + 1
		}
		if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") && !strings.HasPrefix(t, "%") {
			content = true
		}
	}
	return 0
}

type reader struct {
	place    func(line, column int) Origin
	problems []Problem
}

func (r *reader) fault(code string, at Origin, what, hint string) {
	r.problems = append(r.problems, Problem{Code: code, Origin: at, What: what, Hint: hint})
}

func (r *reader) read(y *yaml.Node, depth int) *Node {
	n := &Node{Origin: r.place(y.Line, y.Column)}
	if y.Anchor != "" || y.Kind == yaml.AliasNode {
		r.fault("E104", n.Origin, "anchors and aliases (`&`, `*`) are not part of the scenario language", hintNoAnchors)
	}
	if y.Style&yaml.TaggedStyle != 0 {
		r.fault("E104", n.Origin, "tags such as "+quote(y.Tag)+" are not part of the scenario language", "leave the tag out")
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Map
		r.readMap(n, y, depth)
	case yaml.SequenceNode:
		n.Kind = List
		for _, c := range y.Content {
			n.Children = append(n.Children, r.read(c, depth+1))
		}
	case yaml.ScalarNode:
		plain := y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
		// what cannot be written without quotes on one line is text, however it was written
		n.Kind, n.Text, n.Quoted = Scalar, y.Value, !plain || !plainSafe(y.Value)
		if plain && y.ShortTag() == "!!null" {
			n.Kind, n.Text = Null, ""
		}
	}
	return n
}

func (r *reader) readMap(n *Node, y *yaml.Node, depth int) {
	seen := map[string]Origin{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		at := r.place(key.Line, key.Column)
		if key.Kind != yaml.ScalarNode || key.Value == "" || key.ShortTag() == "!!null" || strings.ContainsAny(key.Value, "\n\r\u2028\u2029\u0085") {
			r.fault("E206", at, "a name in a map is one word of text", "")
			continue
		}
		if key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 || key.ShortTag() == "!!merge" {
			r.fault("E104", at, "anchors, tags and merge keys (`<<`) are not part of the scenario language", hintNoAnchors)
			continue
		}
		if first, ok := seen[key.Value]; ok {
			r.problems = append(r.problems, Problem{
				Code: "E202", Origin: at, Width: utf8.RuneCountInString(key.Value),
				What: quote(key.Value) + " is given twice in one map", Label: "given again",
				Why:  "only one of the two can count, and a reader would not know which",
				Hint: "remove one of them", Also: []Place{{Origin: first, Text: "first given here"}},
			})
			continue
		}
		seen[key.Value] = at
		if y.Content[i+1].Value == "" && y.Content[i+1].ShortTag() == "!!null" {
			r.problems = append(r.problems, Problem{
				Code: "E213", Origin: at, Width: utf8.RuneCountInString(key.Value), What: quote(key.Value) + " has nothing behind it",
				Why:  "YAML takes text that starts with # for a remark, so a value may have been lost",
				Hint: "give a value, with quotes if it starts with #; `null` takes away what was set before",
			})
			continue
		}
		child := r.read(y.Content[i+1], depth+1)
		child.Key, child.KeyAt = key.Value, at
		n.Children = append(n.Children, child)
	}
}

// entityKey is the form of the names that a scenario gives to firms, regions, contracts and the like. They
// start with a letter so that an expression can tell them from numbers, and hold no point so that they fit
// into a path.
var entityKey = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)

// longestName is how many characters a name may have.
const longestName = 64

func isName(s string) bool { return entityKey.MatchString(s) && len(s) <= longestName }

// notName says what is wrong with a name.
func notName(s string) string {
	if entityKey.MatchString(s) {
		return fmt.Sprintf("the name %s has %d characters; the limit is %d", quote(s), len(s), longestName)
	}
	return "the name " + quote(s) + " is not lower-case letters, digits and hyphens"
}

var noName = regexp.MustCompile(`[^a-z0-9]+`)

// nameFrom makes a name of any text, such as that of a file.
func nameFrom(s string) string {
	if isName(s) {
		return s
	}
	s = strings.Trim(noName.ReplaceAllString(strings.ToLower(s), "-"), "-")
	return cmp.Or(strings.TrimRight(s[:min(len(s), longestName)], "-"), "scenario")
}
