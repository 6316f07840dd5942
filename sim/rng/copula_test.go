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
	if !ok || wrong.Row != 2 || wrong.Percent < 30 || wrong.Percent > 50 {
		t.Errorf("got %+v, want the third to be refused", err)
	}
}

// What a refusal says of how large the correlations could be is so: by one hundredth more they would be refused again.
func TestCorrelationsHoldAsFarAsTheirRefusalSays(t *testing.T) {
	for _, tt := range []struct{ between, first, second float64 }{{0, 0.9, 0.9}, {0.9, 0, 0.9}, {0.9, 0.9, -0.9}, {-0.5, 0.99, 0.3}, {0.99, 0, 0.99}} {
		holds := func(percent int) error {
			a, b := tt.first*float64(percent)/100, tt.second*float64(percent)/100
			_, err := NewCopula([][]float64{{1, tt.between, a}, {tt.between, 1, b}, {a, b, 1}})
			return err
		}
		wrong, ok := errors.AsType[*CorrelationError](holds(100))
		if !ok {
			t.Fatalf("%+v holds together", tt)
		}
		if holds(wrong.Percent) != nil || holds(wrong.Percent+1) == nil {
			t.Errorf("%+v: %d %% is said to be the most; that gives %v, and one more %v", tt, wrong.Percent, holds(wrong.Percent), holds(wrong.Percent+1))
		}
	}
}

func TestTheSineIsThatOfTheStandardLibrary(t *testing.T) {
	for x := -math.Pi / 6; x <= math.Pi/6; x += 0.001 {
		if got, want := sine(x), math.Sin(x); math.Abs(got-want) > 2e-16 {
			t.Errorf("sine(%v) = %v, want %v", x, got, want)
		}
	}
}
