package scenarios

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// pointsTable is the text of a table of runs.
type pointsTable struct {
	at   *Node  // what names it in the scenario; nil where there is none
	name string // of its file
	text string

	unread bool // because its file cannot be read
}

// within puts the text of the table where a design names its file, so that the scenario stands alone.
func (p pointsTable) within(design *Node) *Node {
	if p.at == nil {
		return design
	}
	return replaced(design, "points", func(n *Node) *Node {
		return &Node{Kind: Scalar, Key: n.Key, Text: strings.TrimRight(p.text, "\r\n") + "\n", Quoted: true}
	})
}

// read ties the columns to inputs and turns the cells into their values. Cells are written as in a scenario, with
// their units.
func (p pointsTable) read(inputs []Input, drawn []Uncertain) (Rows, []Problem) {
	data := bytes.TrimPrefix([]byte(p.text), []byte("\ufeff"))
	t := table{file: p.name, lines: strings.Split(string(data), "\n"), csv: csv.NewReader(bytes.NewReader(data))}
	if line, column, bad := firstBadByte(data); bad != "" {
		return Rows{}, []Problem{{Code: "E101", Origin: Origin{File: p.name, Line: line, Column: column}, What: "the table is not plain UTF-8 text: it holds " + bad, Hint: "save it as UTF-8"}}
	}
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	const hint = "start with a line of paths of uncertain numbers, such as market.enterprise.growth,firms.openai.cash"
	header, err := t.csv.Read()
	if err != nil {
		t.broken(err, hint)
		return Rows{}, t.problems
	}
	if t.foreign(header) {
		return Rows{}, t.problems
	}
	var rows Rows
	for i, name := range header {
		path := strings.TrimSpace(name)
		if steps, bad := parsePath(path); bad == "" {
			path = stepsPath(steps)
		}
		at := slices.IndexFunc(inputs, func(in Input) bool { return in.Path == path })
		switch {
		case at < 0:
			t.fault(i, "E317", "the column "+quote(path)+" is not uncertain", notDrawn(path, drawn))
		case slices.Contains(rows.Inputs, at):
			t.fault(i, "E202", "the column "+quote(path)+" stands twice", "remove one")
		}
		rows.Inputs = append(rows.Inputs, at)
	}
	if len(t.problems) > 0 {
		return Rows{}, t.problems
	}
	for {
		record, err := t.csv.Read()
		if err == io.EOF {
			if len(rows.Values) == 0 && len(t.problems) == 0 {
				t.problems = append(t.problems, Problem{Code: "E211", Origin: Origin{File: p.name, Line: 1, Column: 1}, What: "the table has no row, so it makes no run", Hint: "write a row for each run"})
			}
			return rows, t.problems
		}
		if err != nil {
			t.broken(err, hint)
			return rows, t.problems
		}
		if t.foreign(record) {
			continue
		}
		if len(record) != len(header) {
			t.fault(min(len(record)-1, len(header)), "E211", fmt.Sprintf("the row has %s, the header %d", number(len(record), "field"), len(header)), "a field that holds a comma stands in double quotes")
			continue
		}
		values := make([]float64, len(record))
		for i, text := range record {
			var f *fault
			if text = strings.TrimSpace(text); text == "" {
				f = faultf("E213", "give one", "%s has no value", quote(inputs[rows.Inputs[i]].Path))
			} else {
				values[i], f = inputs[rows.Inputs[i]].read(text, false)
			}
			if f != nil {
				t.fault(i, f.code, f.what, f.hint)
			}
		}
		rows.Values = append(rows.Values, values)
	}
}
