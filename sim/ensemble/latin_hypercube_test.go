package ensemble

import "testing"

func TestEachSliceOfAHypercubeHoldsOneRun(t *testing.T) {
	for _, runs := range []int{1, 2, 7, 100} {
		l := NewLatinHypercube(1, several(5), runs)
		held := map[[2]int]bool{}
		u := make([]float64, 5)
		for run := 1; run <= runs; run++ {
			l.Point(run, u)
			for i, x := range u {
				held[[2]int{i, int(x * float64(runs))}] = true
			}
		}
		if len(held) != 5*runs {
			t.Errorf("%d runs lie in %d slices of 5 inputs, want %d", runs, len(held), 5*runs)
		}
	}
}

// Two runs go to any two slices, each pair equally often: chi-square over the 30 ordered pairs of six slices, with a limit
// that a fair order exceeds once in ten thousand.
func TestAHypercubesOrderIsAFairPermutation(t *testing.T) {
	const runs, trials = 6, 30_000
	count := map[[4]uint32]int{}
	for seed := range uint64(trials) {
		order := NewLatinHypercube(seed, named("a"), runs).slices[0]
		for _, two := range [][2]uint32{{0, 1}, {2, 3}, {1, 5}, {0, 4}} {
			count[[4]uint32{two[0], two[1], order[two[0]], order[two[1]]}]++
		}
	}
	chi := map[[2]uint32]float64{}
	for pair, n := range count {
		d := float64(n) - trials/30.0
		chi[[2]uint32{pair[0], pair[1]}] += d * d / (trials / 30.0)
	}
	for two, x := range chi {
		if x > 65 {
			t.Errorf("runs %d and %d: chi-square of 29 degrees of freedom is %.0f, want at most 65", two[0]+1, two[1]+1, x)
		}
	}
	if len(count) != 4*30 {
		t.Errorf("%d pairs occur, want %d", len(count), 4*30)
	}
}

func TestAnotherNumberOfRunsIsAnotherHypercube(t *testing.T) {
	a, b := NewLatinHypercube(1, named("a"), 50).slices[0], NewLatinHypercube(1, named("a"), 51).slices[0]
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	if same > 10 {
		t.Errorf("%d of 50 runs keep their slice", same)
	}
}
