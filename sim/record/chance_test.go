package record

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"powerplay/sim/unit"
)

func TestChances(t *testing.T) {
	start := unit.Date(2026, 11)
	c := NewChances(Questions{
		From: start, To: start + 3, Firsts: []First{{Kind: "default"}, {Kind: "default", Firm: "b"}},
		Leads: []Lead{{0, 1}, {1, 0}}, Contests: []Contest{{[]int{0, 1, 2}}}, Extra: 1,
	})
	if want := []unit.Month{start + 1, start + 3}; !slices.Equal(c.YearEnds(), want) {
		t.Fatalf("year ends = %v, want %v", c.YearEnds(), want)
	}
	nan := math.NaN()
	runs := [][][]float64{ // by run and month
		{{9, 0, 0}, {9, 0, 0}, {9, 0, 0}, {9, 0, 0}}, // the central run, which never counts
		{{1, 2, 3}, {1, 2, 3}, {3, 2, 1}, {1, 2, 3}}, // column 0 above 1 for a month: each has overtaken the other
		{{2, 1, 3}, {2, 1, 3}, {2, 1, 3}, {2, 1, 3}}, // 0 leads from the start, and so overtakes nobody
		{{1, 2, 2}, {2, 2, 2}, {1, 2, 2}, {5, nan, 7}},
	}
	for run, frames := range runs {
		for i, frame := range frames {
			c.Month(run, start+unit.Month(i), frame)
		}
		if run != 2 {
			c.Event(Event{Run: run, Month: start + 2, Kind: "default", Firm: "b"})
			c.Event(Event{Run: run, Month: start + unit.Month(run), Kind: "default", Firm: "a"})
			c.Hold(run, 0)
		}
		c.End(run, start+3, "")
	}
	c.Month(4, start, []float64{1, 2, 3})
	c.Event(Event{Run: 4, Month: start, Kind: "default", Firm: "b"})
	c.Drop(4)

	counts := func(f func(t unit.Month) int) (all [4]int) {
		for i := range all {
			all[i] = f(start + unit.Month(i))
		}
		return all
	}
	for _, tt := range []struct {
		name      string
		got, want [4]int
	}{
		{"someone defaults", counts(func(m unit.Month) int { return c.Happened(0, m) }), [4]int{0, 1, 2, 2}},
		{"b defaults", counts(func(m unit.Month) int { return c.Happened(1, m) }), [4]int{0, 0, 2, 2}},
		{"0 overtakes 1", counts(func(m unit.Month) int { return c.Overtook(0, m) }), [4]int{0, 0, 1, 1}},
		{"1 overtakes 0", counts(func(m unit.Month) int { return c.Overtook(1, m) }), [4]int{0, 0, 1, 2}},
		{"0 is first, second, third in 2026", [4]int{c.Placed(0, 0, 0, 1), c.Placed(0, 0, 0, 2), c.Placed(0, 0, 0, 3)}, [4]int{1, 1, 1}},
		{"2 is first, second, third in 2026", [4]int{c.Placed(0, 0, 2, 1), c.Placed(0, 0, 2, 2), c.Placed(0, 0, 2, 3)}, [4]int{2, 0, 1}},
		{"1 has no place at the end where it has no number", [4]int{c.Placed(0, 1, 1, 1), c.Placed(0, 1, 1, 2), c.Placed(0, 1, 1, 3)}, [4]int{0, 1, 1}},
		{"runs, and those in which the extra question holds", [4]int{c.Runs(), c.Held(0)}, [4]int{3, 2}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if got := [2]unit.Month{c.Median(0), c.Median(1)}; got != [2]unit.Month{start + 1, start + 2} {
		t.Errorf("median dates are %v", got)
	}

	alone := NewChances(Questions{From: start, To: start, Extra: 1, Central: true})
	alone.Month(0, start, []float64{1})
	alone.Hold(0, 0)
	alone.End(0, start, "")
	if alone.Runs() != 1 || alone.Held(0) != 1 {
		t.Error("the central run does not count where it is alone")
	}
}

// Wilson's interval covers the true probability in nearly 95 % of 10,000 trials, on average over where the
// truth may lie; the usual p ± 1.96·√(p(1−p)/n) misses that by far for few runs.
func TestIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for _, n := range []int{20, 200, 1000} {
		covered, usual := 0, 0
		const trials = 10_000
		for range trials {
			p := 0.02 + 0.96*r.Float64()
			k := 0
			for range n {
				if r.Float64() < p {
					k++
				}
			}
			if low, high := Wilson(k, n); low <= p && p <= high {
				covered++
			}
			share := float64(k) / float64(n)
			if math.Abs(share-p) <= 1.96*math.Sqrt(share*(1-share)/float64(n)) {
				usual++
			}
		}
		if got := float64(covered) / trials; math.Abs(got-0.95) > 0.01 {
			t.Errorf("%d runs: %.3f of the intervals hold the truth, want 0.95 ± 0.01 (the usual one: %.3f)", n, got, float64(usual)/trials)
		}
	}
	for _, tt := range []struct {
		k, n      int
		low, high float64
	}{{0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {5, 10, 0.2366, 0.7634}, {0, 0, 0, 1}} { // from Wilson's formula by hand
		if low, high := Wilson(tt.k, tt.n); math.Abs(low-tt.low) > 1e-4 || math.Abs(high-tt.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", tt.k, tt.n, low, high, tt.low, tt.high)
		}
	}
}

// Which accumulator is made depends on the planned runs alone, and the sketches' memory not even on those.
func TestBudget(t *testing.T) {
	cells := wide()
	most := ExactBudget / 8 / cells.Count()
	if _, exact := NewAccumulator(cells, most).(*Exact); !exact || !Fits(cells, most) {
		t.Errorf("%d runs are not kept exactly", most)
	}
	if _, sketches := NewAccumulator(cells, most+1).(*Sketches); !sketches || Fits(cells, most+1) {
		t.Errorf("%d runs are kept exactly", most+1)
	}
	if a, b := AccumulatorBytes(cells, most+1), AccumulatorBytes(cells, 10_000_000); a != b || a > 100e6 {
		t.Errorf("sketches of %d cells take %d bytes, of more runs %d; want the same, under 100 MB", cells.Count(), a, b)
	}
	if NewAccumulator(ChooseCells(nil, 0, 0, nil), math.MaxInt) == nil {
		t.Error("no cells at all")
	}
}

// A tranche is told from the others of its contract, and from those of other contracts.
func TestTranchesAreToldApart(t *testing.T) {
	q := Questions{From: 1, To: 2, Firsts: []First{{Kind: "tranche"}, {Kind: "tranche", Contract: "a"}, {Kind: "tranche", Contract: "a", Part: 2}, {Kind: "tranche", Contract: "b", Part: 1}}}
	c := NewChances(q)
	c.Event(Event{Run: 1, Month: 1, Kind: "tranche", Contract: "a", Part: 1})
	c.Event(Event{Run: 2, Month: 2, Kind: "tranche", Contract: "a", Part: 2})
	c.Event(Event{Run: 3, Month: 2, Kind: "tranche", Contract: "b", Part: 1})
	for run := 1; run <= 3; run++ {
		c.End(run, 2, "")
	}
	for i, want := range []int{3, 2, 1, 1} {
		if got := c.Happened(i, 2); got != want {
			t.Errorf("%s in %d runs, want %d", q.Firsts[i].Name(), got, want)
		}
	}
}
