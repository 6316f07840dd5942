package record

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"powerplay/sim/unit"
)

// shelf is a keeper in memory.
type shelf struct {
	mu   sync.Mutex
	rows map[int][]float64
}

func newShelf() *shelf { return &shelf{rows: map[int][]float64{}} }

func (s *shelf) Keep(run int, row []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[run] = slices.Clone(row)
}

func (s *shelf) Each(visit func(int, []float64) error) error {
	for _, run := range slices.Sorted(maps.Keys(s.rows)) {
		if err := visit(run, s.rows[run]); err != nil {
			return err
		}
	}
	return nil
}

func rowsOf(t *testing.T, r *Runs) (all []RunRow) {
	t.Helper()
	err := r.Each(func(row *RunRow) error {
		one := *row
		one.Inputs, one.Outcomes = slices.Clone(row.Inputs), slices.Clone(row.Outcomes)
		one.Firsts, one.Numbers = slices.Clone(row.Firsts), slices.Clone(row.Numbers)
		all = append(all, one)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRuns(t *testing.T) {
	start := unit.Date(2026, 11)
	columns := frameColumns()
	head := RunHead{
		Columns: columns, Inputs: []Input{{Path: "x"}}, Outcomes: YearEnds(columns, start, start+2, cashOnly),
		Firsts: []First{{Kind: "default"}, {Kind: "default", Firm: "b"}}, Numbers: []Number{{Text: "cash"}},
	}
	if got := head.Outcomes[0].Name(columns) + " " + head.Outcomes[1].Name(columns); got != "a.cash@2026 a.cash@2027-01" {
		t.Errorf("outcomes are called %s", got)
	}
	if got := head.Firsts[0].Name() + " " + head.Firsts[1].Name(); got != "first_default b.first_default" {
		t.Errorf("dates are called %s", got)
	}
	runs := NewRuns(head, newShelf())
	runs.Draw(1, []float64{0.3})
	for i := range 3 {
		runs.Month(1, start+unit.Month(i), []float64{float64(i), 0})
	}
	runs.Event(Event{Run: 1, Month: start + 2, Kind: "default", Firm: "b"})
	runs.Event(Event{Run: 1, Month: start + 1, Kind: "default", Firm: "a"})
	runs.Number(1, 0, 7)
	runs.Draw(2, []float64{9})
	runs.Drop(2)
	runs.Draw(0, []float64{0.5}) // under way to the end
	if got := rowsOf(t, runs); len(got) != 0 {
		t.Errorf("before any run ended: %+v", got)
	}
	runs.End(1, start+2, "")
	want := []RunRow{{Run: 1, Inputs: []float64{0.3}, Outcomes: []float64{1, 2}, Firsts: []unit.Month{start + 1, start + 2}, Numbers: []float64{7}, End: start + 2}}
	if got := rowsOf(t, runs); !reflect.DeepEqual(got, want) {
		t.Errorf("rows = %+v, want %+v", got, want)
	}
	runs.Draw(3, []float64{1})
	runs.Event(Event{Run: 3, Month: start, Kind: "default", Firm: "a"})
	runs.End(3, start, "broke")
	if got := rowsOf(t, runs)[1]; got.Why != "broke" || got.End != start || got.Outcomes[0] == got.Outcomes[0] || got.Firsts[1] != Never {
		t.Errorf("a run that ended early, in used memory: %+v", got)
	}
}

// drawn counts those of n runs from the first one on that are not the central run.
func drawn(first, n int) int {
	if first == 0 {
		return n - 1
	}
	return n
}

// Two parts may give the same reason, or different ones, in different order.
func TestPartsKeepTheirReasons(t *testing.T) {
	head := RunHead{}
	whole := NewRuns(head, newShelf())
	for _, part := range [][]string{{"broke", "sold", ""}, {"", "sold", "broke"}} {
		p := NewRuns(head, newShelf())
		for _, why := range part {
			run := whole.Len() + p.Len()
			p.End(run, unit.Month(run), why)
		}
		var state bytes.Buffer
		if err := p.SaveState(&state, func(int) bool { return true }); err != nil {
			t.Fatal(err)
		}
		first := whole.Len()
		if err := whole.AddState(&state, Ended{func(run int) bool { return run >= first && run < first+len(part) }, drawn(first, len(part))}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, row := range rowsOf(t, whole) {
		got = append(got, row.Why)
	}
	if want := []string{"broke", "sold", "", "", "sold", "broke"}; !slices.Equal(got, want) {
		t.Errorf("reasons = %q, want %q", got, want)
	}
}
