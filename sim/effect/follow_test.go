package effect

import (
	"testing"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Of an input that an outcome falls with, one that does nothing and one that does not vary, only the first is followed.
func TestFollows(t *testing.T) {
	table := func(runs int) *record.RunTable {
		x := &record.RunTable{RunHead: record.RunHead{
			Inputs: []record.Input{{Path: "moves"}, {Path: "idle"}, {Path: "fixed"}, {Path: "words", Words: []string{"a", "b"}}}, Outcomes: []record.Outcome{{Month: unit.Date(2030, 12)}},
		}}
		for run := range runs + 1 {
			v := float64((37 * run) % 101)
			x.Rows = append(x.Rows, record.RunRow{Run: run, Inputs: []float64{v, float64((61 * run * run) % 103), 5, v}, Outcomes: []float64{1000 - v*v}})
		}
		return x
	}
	all, atEnd := Follows(table(100), 0)
	if len(all) != 1 || all[0].Input != 0 || all[0].Rank > -0.999 || atEnd != 20 || !(all[0].AtLow > all[0].AtHigh) {
		t.Errorf("follows %+v with %d runs at either end", all, atEnd)
	}
	if all, atEnd := Follows(table(99), 0); all != nil || atEnd != 0 {
		t.Errorf("99 runs say %+v", all)
	}
}
