package record

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

// bitsOf lists a summary's numbers bit by bit, so that NaN equals NaN and 0 is not -0.
func bitsOf(s Summary) []uint64 {
	all := []uint64{uint64(s.Runs), math.Float64bits(s.Error)}
	for _, c := range s.Cells {
		all = append(all, uint64(c.Month), uint64(c.Column), uint64(c.N), math.Float64bits(c.Error))
		for _, x := range append([]float64{c.Mean, c.Min, c.Max}, c.Quantiles[:]...) {
			all = append(all, math.Float64bits(x))
		}
	}
	return all
}

// study is a few runs of a small model.
type study struct {
	cells  Cells
	frames [][][]float64 // by run - 1 and month
	start  unit.Month
}

func drawStudy(t *rapid.T) study {
	s := study{start: unit.Date(2026, 11)}
	months := rapid.IntRange(1, 14).Draw(t, "months")
	runs := rapid.IntRange(1, 150).Draw(t, "runs")
	scale := math.Pow(10, float64(rapid.IntRange(-3, 13).Draw(t, "scale")))
	value := rapid.OneOf(
		rapid.Float64Range(-scale, scale), rapid.Float64Range(0, scale), rapid.Float64(),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), scale}),
	)
	seed := rapid.Uint64().Draw(t, "seed")
	some := rapid.SliceOfN(value, 20, 60).Draw(t, "values")
	r := rand.New(rand.NewPCG(seed, 0))
	for range runs {
		var run [][]float64
		for range months {
			run = append(run, []float64{some[r.IntN(len(some))], r.NormFloat64() * scale})
		}
		s.frames = append(s.frames, run)
	}
	s.cells = ChooseCells(frameColumns(), s.start, s.start+unit.Month(months-1), cashOnly)
	return s
}

func (s study) end() unit.Month { return s.cells.End }

func (s study) questions() Questions {
	return Questions{
		From: s.start, To: s.end(), Firsts: []First{{Kind: "default"}, {Kind: "default", Firm: "b"}},
		Leads: []Lead{{0, 1}, {1, 0}}, Contests: []Contest{{[]int{0, 1}}, {[]int{1, 0}}}, Extra: 2,
	}
}

// sinks are one of each kind.
type sinks struct {
	exact    *Exact
	sketches *Sketches
	runs     *Runs
	chances  *Chances
}

func (s study) sinks() sinks {
	head := RunHead{Columns: s.cells.Columns, Inputs: []Input{{Path: "x"}}, Outcomes: YearEnds(s.cells.Columns, s.start, s.end(), cashOnly), Firsts: s.questions().Firsts}
	return sinks{NewExact(s.cells, len(s.frames)), NewSketches(s.cells), NewRuns(head, newShelf()), NewChances(s.questions())}
}

func (k sinks) all() Sinks      { return Sinks{k.exact, k.sketches, k.runs, k.chances} }
func (k sinks) states() []State { return []State{k.exact, k.sketches, k.runs, k.chances} }

// run drives one run.
func (s study) run(k sinks, run int) {
	k.runs.Draw(run, []float64{float64(run) / 7})
	for i, frame := range s.frames[run-1] {
		k.all().Month(run, s.start+unit.Month(i), frame)
		if frame[0] > frame[1] {
			k.all().Event(Event{Run: run, Month: s.start + unit.Month(i), Kind: "default", Firm: []string{"a", "b"}[run%2]})
			k.chances.Hold(run, run%2)
		}
	}
	k.all().End(run, s.end(), []string{"", "", "broke"}[run%3])
}

// told is all that the sinks say.
func (k sinks) told(t *rapid.T) string {
	var rows bytes.Buffer
	if err := k.runs.Each(func(row *RunRow) error { _, err := fmt.Fprintf(&rows, "%+v\n", *row); return err }); err != nil {
		t.Fatal(err)
	}
	c := k.chances
	counts := []int{c.Runs(), c.Held(0), c.Held(1)}
	for m := c.From; m <= c.To; m++ {
		counts = append(counts, c.Happened(0, m), c.Happened(1, m), c.Overtook(0, m), c.Overtook(1, m))
	}
	for end := range c.YearEnds() {
		for contest := range 2 {
			counts = append(counts, c.Placed(contest, end, 0, 1), c.Placed(contest, end, 0, 2), c.Placed(contest, end, 1, 1))
		}
	}
	return fmt.Sprint("exact", bitsOf(k.exact.Summary()), "sketches", bitsOf(k.sketches.Summary()), "counts", counts, "rows", rows.String())
}

// However runs are split among parts, in whatever order they end and the parts are joined, and with others
// still under way or dropped, the sinks say the same to the bit.
func TestPartsInAnyOrderMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStudy(t)
		whole := s.sinks()
		for run := range s.frames {
			s.run(whole, run+1)
		}
		want := whole.told(t)

		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for run := range s.frames {
				if !yield(run + 1) {
					return
				}
			}
		})).Draw(t, "order")
		joined := s.sinks()
		for len(order) > 0 {
			n := rapid.IntRange(1, len(order)).Draw(t, "part")
			part := s.sinks()
			if n < len(order) { // one more has begun, and nobody will know
				part.all().Month(order[n], s.start, s.frames[0][0])
				part.all().Event(Event{Run: order[n], Month: s.start, Kind: "default", Firm: "b"})
				part.runs.Draw(order[n], []float64{3})
				part.chances.Hold(order[n], 0)
				if rapid.Bool().Draw(t, "dropped") {
					part.all().Drop(order[n])
				}
			}
			var all sync.WaitGroup
			for _, run := range order[:n] {
				all.Go(func() { s.run(part, run) })
			}
			all.Wait()
			ended := func(run int) bool { return slices.Contains(order[:n], run) }
			for i, from := range part.states() {
				var state bytes.Buffer
				if err := from.SaveState(&state, ended); err != nil {
					t.Fatal(err)
				}
				state.WriteString("another's")
				if err := joined.states()[i].AddState(&state, Ended{ended, n}); err != nil {
					t.Fatalf("%T: %v", from, err)
				}
				if state.String() != "another's" {
					t.Fatalf("%T reads past its end, up to %q", from, state.String())
				}
			}
			order = order[n:]
		}
		if got := joined.told(t); got != want {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Fatalf("joined, from character %d on:\n%.200s\nwhole:\n%.200s", at, got[at:], want[at:])
		}
	})
}

// A state that is cut off, or of another shape, is an error and never a panic.
func TestBrokenStatesAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStudy(t)
		k := s.sinks()
		n := min(3, len(s.frames))
		for run := range n {
			s.run(k, run+1)
		}
		all := Ended{func(run int) bool { return run >= 1 && run <= n }, n}
		for i, from := range k.states() {
			var state bytes.Buffer
			if err := from.SaveState(&state, func(int) bool { return true }); err != nil {
				t.Fatal(err)
			}
			whole := state.Bytes()
			cut := rapid.IntRange(0, len(whole)-1).Draw(t, "cut")
			if err := s.sinks().states()[i].AddState(bytes.NewReader(whole[:cut]), all); err == nil {
				t.Fatalf("%T takes %d of %d bytes", from, cut, len(whole))
			}
			bent := slices.Clone(whole)
			bent[rapid.IntRange(0, len(bent)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			_ = s.sinks().states()[i].AddState(bytes.NewReader(bent), all) // an error or other numbers: no panic
			other := s.sinks().states()[(i+1)%4]
			if err := other.AddState(bytes.NewReader(whole), all); err == nil {
				t.Fatalf("%T takes a state of %T", other, from)
			}
			more := Ended{all.Has, n + 1}
			if err := s.sinks().states()[i].AddState(bytes.NewReader(whole), more); err == nil {
				t.Fatalf("%T takes %d runs for %d", from, n, n+1)
			}
			if from == State(k.exact) || from == State(k.runs) { // which know their runs by number
				others := Ended{func(run int) bool { return run > 1 }, n}
				if err := s.sinks().states()[i].AddState(bytes.NewReader(whole), others); err == nil {
					t.Fatalf("%T takes run 1, which has not ended", from)
				}
			}
		}
	})
}

// nowhere is a keeper that throws away.
type nowhere struct{}

func (nowhere) Keep(int, []float64)                   {}
func (nowhere) Each(func(int, []float64) error) error { return nil }

// What the sinks hold does not grow with the runs, once their values are too many to be kept.
func TestMemoryDoesNotGrowWithRuns(t *testing.T) {
	cells := ChooseCells(make([]Column, 50), 0, 11, nil)
	sketches := NewSketches(cells)
	runs := NewRuns(RunHead{Columns: cells.Columns, Inputs: make([]Input, 500), Outcomes: YearEnds(cells.Columns, 0, 11, func(Column) bool { return true })}, nowhere{})
	chances := NewChances(Questions{From: 0, To: 11, Leads: []Lead{{0, 1}}, Contests: []Contest{{[]int{0, 1, 2}}}})
	to := Sinks{sketches, runs, chances}
	r := rand.New(rand.NewPCG(9, 9))
	frame := make([]float64, len(cells.Columns))
	held := func(from, last int) uint64 {
		for run := from; run <= last; run++ {
			runs.Draw(run, frame)
			for m := cells.Start; m <= cells.End; m++ {
				for i := range frame {
					frame[i] = r.NormFloat64()
				}
				to.Month(run, m, frame)
			}
			to.End(run, cells.End, "")
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	few := held(1, 200)
	if many := held(201, 4000); many > few+64<<10 {
		t.Errorf("%d bytes are held after 200 runs, %d after 4,000", few, many)
	}
	runtime.KeepAlive(to)
}
