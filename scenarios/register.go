package scenarios

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// register is the table of deals in the library. What is written as a source is text, but an id in it, such as
// D142 or S006, names a row of this table.
const register = "data/deals.csv"

// A row begins with its id.
var (
	sourceID = regexp.MustCompile(`\b[DS][0-9]{3}\b`)
	rowID    = regexp.MustCompile(`^[DS][0-9]{3}$`)
)

// cited warns of ids in sources that the register does not have. Without a register nothing can be said.
func (l *layers) cited(uncertain []Uncertain) {
	if l.source.Library == nil {
		return
	}
	table, err := fs.ReadFile(l.source.Library, register)
	if err != nil {
		return
	}
	var rows []string
	for row := range strings.Lines(string(table)) {
		if id, _, _ := strings.Cut(row, ","); rowID.MatchString(id) {
			rows = append(rows, id)
		}
	}
	unknown := map[string][]string{} // ids without a row, by text: many numbers have one source
	check := func(text, path string, at Origin, width int) {
		ids, looked := unknown[text]
		if !looked {
			ids = slices.DeleteFunc(sourceID.FindAllString(text, -1), func(id string) bool { return slices.Contains(rows, id) })
			unknown[text] = ids
		}
		for _, id := range ids {
			l.fail(Problem{
				Code: "W401", Severity: Warning, Origin: at, Path: path, Width: width,
				What: "there is no row " + quote(id) + " in the register of deals", Why: "a reader who looks the source up would find nothing",
				Hint: "the register is " + register + " of the library; `allow: [W401]` keeps ids of your own",
			})
		}
	}
	var walk func(n *Node, path string)
	walk = func(n *Node, path string) {
		for i, c := range n.Children {
			at := joinPath(path, c.Key)
			if n.Kind == List {
				at = path + "[" + strconv.Itoa(i) + "]"
			}
			if c.Kind == Scalar && (c.Key == "source" || n.Kind == List && n.Key == "source") {
				check(c.Text, at, c.Origin, widthOf(c))
			}
			walk(c, at)
		}
	}
	walk(l.tree, "")
	for _, f := range l.facts {
		check(f.Source, f.Path, f.pathAt, utf8.RuneCountInString(f.Path))
	}
	for _, u := range uncertain { // of those in tables, Finish drops what repeats
		check(u.Source, u.Path, u.pathAt, utf8.RuneCountInString(u.Path))
	}
}
