package rng

import (
	"math"
	"testing"

	"powerplay/sim/record"
)

// What takes few values hangs together as asked as well, or it is told how closely it can.
func TestNumbersOfFewValuesHaveTheRankCorrelationThatIsWanted(t *testing.T) {
	even := Chances{1. / 3, 1. / 3, 1. / 3}
	for _, tt := range []struct {
		name string
		a, b Chances
		want float64
		most float64 // 0: it can be
	}{
		{"two numbers", nil, nil, 0.6, 0},
		{"a rule that mostly says one thing", Chances{0.8, 0.2}, nil, 0.6, 0},
		{"the other way round", nil, Chances{0.8, 0.2}, -0.6, 0},
		{"three words", even, nil, 0.9, 0},
		{"two rules", Chances{0.5, 0.5}, even, 0.7, 0},
		{"more than the words tell apart", Chances{0.8, 0.2}, nil, 0.7, 0.69}, // √(1 - 0.8³ - 0.2³) = 0.693
		{"rules that both mostly say the first", Chances{0.8, 0.2}, Chances{0.8, 0.2}, -0.5, -0.25},
		{"one word", Chances{1}, nil, 0.1, 0},
	} {
		rank, most, ok := UniformRank(tt.want, tt.a, tt.b)
		if !ok {
			if math.Abs(most-tt.most) > 0.01 || tt.most == 0 && len(tt.a) > 1 {
				t.Errorf("%s: %.3f cannot be, but %.3f; want %.3f", tt.name, tt.want, most, tt.most)
			}
			continue
		}
		if seen := sampledRank(t, rank, tt.a, tt.b); math.Abs(seen-tt.want) > 0.01 || tt.most != 0 {
			t.Errorf("%s: %.3f of uniform numbers comes to %.3f, want %.3f", tt.name, rank, seen, tt.want)
		}
	}
}

// sampledRank draws two numbers and returns their rank correlation.
func sampledRank(t *testing.T, rank float64, a, b Chances) float64 {
	t.Helper()
	c, err := NewCopula([][]float64{{1, rank}, {rank, 1}})
	if err != nil {
		t.Fatal(err)
	}
	const draws = 100_000
	x, y := make([]float64, draws), make([]float64, draws)
	for i := range x {
		luck := Run{Seed: 3, Index: uint64(i)}
		u := []float64{luck.Uniform(Input, 1, 0, 0), luck.Uniform(Input, 2, 0, 0)}
		c.Apply(u, []int{0, 1})
		x[i], y[i] = u[0], u[1]
		if a != nil {
			x[i] = float64(Categorical(u[0], a))
		}
		if b != nil {
			y[i] = float64(Categorical(u[1], b))
		}
	}
	return record.RankCorrelation(x, y)
}
