package rng

import (
	"errors"
	"math"
	"slices"
	"testing"
)

func TestACopulaKeepsItsMarginsAndMeetsItsRankCorrelations(t *testing.T) {
	rank := [][]float64{{1, 0.6, -0.3}, {0.6, 1, 0.2}, {-0.3, 0.2, 1}}
	c, err := NewCopula(rank)
	if err != nil {
		t.Fatal(err)
	}
	const n = 20_000
	columns := make([][]float64, 3)
	for i := range n {
		b := Run{Seed: 1, Index: uint64(i)}.Block(Input, 1, 0, 0)
		u := b[:]
		first := u[2]
		c.Apply(u, []int{2, 0, 1})
		if u[2] != first {
			t.Fatal("the first number changed")
		}
		for k, at := range []int{2, 0, 1} {
			columns[k] = append(columns[k], u[at])
		}
		if u[3] != b[3] {
			t.Fatal("a number that is not named changed")
		}
	}
	for i, x := range columns {
		// Kolmogorov and Smirnov: the largest distance to uniform exceeds 1.95/√n once in a thousand
		sorted := slices.Sorted(slices.Values(x))
		worst := 0.0
		for k, u := range sorted {
			worst = max(worst, math.Abs(u-float64(k)/n), math.Abs(u-float64(k+1)/n))
		}
		if worst > 1.95/math.Sqrt(n) {
			t.Errorf("number %d is off from uniform by %.4f", i, worst)
		}
		for j := range i {
			var r float64 // of uniform numbers, which is that of their ranks
			for k := range n {
				r += 12 * (x[k] - 0.5) * (columns[j][k] - 0.5) / n
			}
			if math.Abs(r-rank[i][j]) > 0.03 {
				t.Errorf("numbers %d and %d have the rank correlation %.3f, want %g", j, i, r, rank[i][j])
			}
		}
	}
}

func TestCorrelationsThatCannotHoldTogetherAreRefused(t *testing.T) {
	_, err := NewCopula([][]float64{{1, 0.9, 0}, {0.9, 1, 0.9}, {0, 0.9, 1}})
	wrong, ok := errors.AsType[*CorrelationError](err)
	if !ok || wrong.Row != 2 || !(wrong.Reach > 0.3 && wrong.Reach < 0.5) {
		t.Errorf("got %+v, want the third to be refused", err)
	}
}

func TestTheSineIsThatOfTheStandardLibrary(t *testing.T) {
	for x := -math.Pi / 6; x <= math.Pi/6; x += 0.001 {
		if got, want := sine(x), math.Sin(x); math.Abs(got-want) > 2e-16 {
			t.Errorf("sine(%v) = %v, want %v", x, got, want)
		}
	}
}
