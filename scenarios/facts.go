package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"powerplay/sim/unit"
)

// Provenance says where a number comes from.
type Provenance struct {
	Grade  string // measured, reported, estimated, assumption; may be empty
	Source string
	Note   string
	AsOf   string
}

// Fact is a row of a data table: a path, its value and where that comes from.
type Fact struct {
	Path   string
	Value  string // as a scenario would write it
	Low    string // 5 % point, may be empty
	High   string // 95 % point, may be empty
	Origin Origin // of the value
	Provenance
	Used bool // whether the resolved scenario takes the number from this row

	distribution string // text of the distribution, empty where the row has no range
	node         *Node
	pathAt       Origin
}

// grades of a fact, from the firmest.
var grades = []string{"measured", "reported", "estimated", "assumption"}

// startFacts is the hint for a table without a header.
const startFacts = "start with the line path,value,low,high,unit,as_of,grade,source,note"

var factColumns = []string{"path", "value", "low", "high", "unit", "as_of", "grade", "source", "note", "kind"}

// ParseFacts reads a table of facts: comma-separated, with a header line that names at least path and value.
// A value without a unit takes that of the column unit. A row whose low and high differ is uncertain, with
// the value as its median. A row graded as an assumption without a range is a warning (W302).
func ParseFacts(file string, data []byte) ([]Fact, []Problem) {
	t := table{file: file}
	if len(data) > MaxFileBytes {
		return nil, []Problem{{Code: "E501", Origin: Origin{File: file}, What: fmt.Sprintf("the table has %d bytes; the limit is %d", len(data), MaxFileBytes)}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line, column, bad := firstBadByte(data); bad != "" {
		return nil, []Problem{{Code: "E101", Origin: Origin{File: file, Line: line, Column: column}, What: "the table is not plain UTF-8 text: it holds " + bad, Hint: "save it as UTF-8"}}
	}
	t.lines = strings.Split(string(data), "\n")
	t.csv = csv.NewReader(bytes.NewReader(data))
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	return t.read()
}

type table struct {
	file     string
	csv      *csv.Reader
	lines    []string
	columns  []string
	facts    []Fact
	problems []Problem
}

func (t *table) read() ([]Fact, []Problem) {
	header, err := t.csv.Read()
	if err != nil {
		t.broken(err, startFacts)
		return nil, t.problems
	}
	if t.foreign(header) {
		return nil, t.problems
	}
	for i, name := range header {
		name = strings.TrimSpace(name)
		switch {
		case !slices.Contains(factColumns, name):
			t.fault(i, "E211", "unknown column "+quote(name), hintName(name, factColumns, "columns", ""))
		case slices.Contains(t.columns, name):
			t.fault(i, "E211", "the column "+quote(name)+" stands twice", "remove one")
		}
		t.columns = append(t.columns, name)
	}
	for _, name := range factColumns[:2] {
		if !slices.Contains(t.columns, name) {
			t.fault(0, "E211", "the column "+quote(name)+" is missing", startFacts)
		}
	}
	if len(t.problems) > 0 {
		return nil, t.problems
	}
	first := map[string]Origin{}
	for {
		record, err := t.csv.Read()
		if err == io.EOF {
			return t.facts, t.problems
		}
		if err != nil {
			t.broken(err, startFacts)
			return t.facts, t.problems
		}
		if len(t.facts) >= MaxEntries {
			t.fault(0, "E505", fmt.Sprintf("the table has more than %d rows", MaxEntries), "")
			return t.facts, t.problems
		}
		if !t.foreign(record) {
			t.row(record, first)
		}
	}
}

func (t *table) broken(err error, start string) {
	p := Problem{Code: "E211", Origin: Origin{File: t.file}, What: "the table cannot be read: " + err.Error(), Hint: "fields that hold a comma or a quote stand in double quotes"}
	var at *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		p.What, p.Hint = "the table is empty", start
	case errors.As(err, &at):
		p.What = "the table cannot be read: " + at.Err.Error()
		p.Line, p.Column = at.Line, t.character(at.Line, at.Column)
	}
	t.problems = append(t.problems, p)
}

// character turns the byte column of a line into one that counts characters.
func (t *table) character(line, column int) int {
	if line < 1 || line > len(t.lines) {
		return 0
	}
	text := t.lines[line-1]
	return utf8.RuneCountInString(text[:min(max(column-1, 0), len(text))]) + 1
}

func (t *table) place(field int) Origin {
	line, column := t.csv.FieldPos(field)
	return Origin{File: t.file, Line: line, Column: t.character(line, column)}
}

func (t *table) fault(field int, code, what, hint string) {
	t.problems = append(t.problems, Problem{Code: code, Origin: t.place(field), What: what, Hint: hint})
}

// foreign reports a line of a table that another program would take for one: with other separators, or a remark.
func (t *table) foreign(record []string) bool {
	first := strings.TrimSpace(record[0])
	separator := ""
	for _, s := range []struct{ sign, name string }{{";", "semicolons"}, {"\t", "tabs"}} {
		if len(record) == 1 && strings.Contains(record[0], s.sign) {
			separator = s.name
		}
	}
	switch {
	case strings.HasPrefix(first, "#"):
		t.fault(0, "E211", "the line begins with #, and a table has no remarks", "take the line out; a column `note` of a table of facts holds remarks")
	case separator != "":
		t.fault(0, "E211", "the columns are separated by "+separator, "separate them by commas: save the table as comma-separated text (CSV)")
	default:
		return false
	}
	return true
}

func (t *table) row(record []string, first map[string]Origin) {
	if len(record) > len(t.columns) {
		t.fault(len(t.columns), "E211", fmt.Sprintf("the row has %d fields, the header %d", len(record), len(t.columns)), "a field that holds a comma stands in double quotes")
		return
	}
	place := map[string]int{}
	get := func(name string) string {
		i := slices.Index(t.columns, name)
		place[name] = max(0, min(i, len(record)-1))
		if i < 0 || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	f := Fact{
		Path: get("path"), Value: get("value"), Low: get("low"), High: get("high"),
		Provenance: Provenance{Grade: get("grade"), Source: get("source"), Note: get("note"), AsOf: get("as_of")},
	}
	if f.Path == "" && f.Value == "" {
		return // an empty line of a spreadsheet
	}
	steps, bad := parsePath(f.Path)
	switch {
	case bad != "":
		t.fault(place["path"], "E208", quote(f.Path)+" is not a path: "+bad, "write it like `firms.lab-a.cash`")
		return
	case f.Value == "":
		t.fault(place["value"], "E213", quote(f.Path)+" has no value", "give one, or remove the row")
		return
	case f.Grade != "" && !slices.Contains(grades, f.Grade):
		t.fault(place["grade"], "E309", "unknown grade "+quote(f.Grade), hintName(f.Grade, grades, "grades", ""))
		return
	case (f.Low == "") != (f.High == ""):
		t.fault(place["low"], "E312", "a range needs both low and high", "")
		return
	}
	if f.AsOf != "" {
		if _, bad := readDate(f.AsOf, true); bad != nil {
			t.fault(place["as_of"], bad.code, bad.what, bad.hint)
			return
		}
	}
	f.Path = stepsPath(steps)
	f.Origin, f.pathAt = t.place(place["value"]), t.place(place["path"])
	if at, ok := first[f.Path]; ok {
		p := Problem{Code: "E202", Origin: t.place(place["path"]), Path: f.Path, What: quote(f.Path) + " is given twice in one table", Hint: "remove one of the rows", Also: also(at, "first given here")}
		t.problems = append(t.problems, p)
		return
	}
	first[f.Path] = f.Origin
	if u := get("unit"); u != "" {
		f.Value, f.Low, f.High = withUnit(f.Value, u), withUnit(f.Low, u), withUnit(f.High, u)
	}
	t.spread(&f, get("kind"), place)
	f.node = &Node{Kind: Scalar, Text: f.Value, Quoted: !plainSafe(f.Value), Origin: f.Origin}
	t.facts = append(t.facts, f)
}

// spread gives the fact its distribution, if the row has a range.
func (t *table) spread(f *Fact, kind string, place map[string]int) {
	if f.Low == f.High {
		if f.Grade == "assumption" {
			if l, bad := parseLiteral(f.Value); bad == nil && l.value != nil {
				t.problems = append(t.problems, Problem{Code: "W302", Severity: Warning, Origin: f.Origin, Path: f.Path, What: "the assumption " + quote(f.Path) + " has no range", Why: "runs would differ as if this number were certain", Hint: "give low and high"})
			}
		}
		return
	}
	texts := shareUnit([]string{f.Low, f.Value, f.High})
	low, value, high := texts[0], texts[1], texts[2]
	switch kind {
	case "":
		f.distribution = value + " (" + low + " to " + high + ")"
	case "normal", "lognormal", "logitnormal":
		f.distribution = kind + "(" + value + " (" + low + " to " + high + "))"
	case "uniform":
		f.distribution = "uniform(" + low + ", " + high + ")"
	case "triangular":
		f.distribution = "triangular(" + low + ", " + value + ", " + high + ")"
	default:
		known := []string{"lognormal", "logitnormal", "normal", "triangular", "uniform"}
		t.fault(place["kind"], "E311", "unknown distribution "+quote(kind), hintName(kind, known, "kinds", ""))
		return
	}
	if _, bad := parseDistribution(f.distribution, "", f.Path); bad != nil {
		at := place["value"]
		if bad.code == "E312" {
			at = place["low"]
		}
		t.fault(at, bad.code, bad.what, bad.hint)
		f.distribution = ""
	}
}

// withUnit writes a bare number of a table with the unit of its row, which is spelled as in the unit column
// of every table or as in a scenario.
func withUnit(text, u string) string {
	l, bad := parseLiteral(text)
	if text == "" || bad != nil || !l.bare {
		return text
	}
	switch d := unit.Dimension(u); d {
	case unit.None, unit.DimShare, unit.DimCount, unit.DimPoints:
		return text
	case unit.DimRate, unit.DimHazard:
		return l.head + strings.TrimPrefix(u, "1")
	}
	if tail, money := strings.CutPrefix(u, "USD"); money {
		if rest, negative := strings.CutPrefix(l.head, "-"); negative {
			return "-$" + rest + tail
		}
		return "$" + l.head + tail
	}
	return joinUnit(l.head, u)
}
