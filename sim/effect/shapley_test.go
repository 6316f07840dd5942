package effect_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/effect"
	"powerplay/sim/num"
)

// one is a game of one run.
func one(worth func(effect.Coalition) float64) func(effect.Coalition) []float64 {
	return func(c effect.Coalition) []float64 { return []float64{worth(c)} }
}

func additive(c effect.Coalition) float64 {
	sum := 10.0
	for i := range 5 {
		if c.Has(i) {
			sum += float64(i)
		}
	}
	return sum
}

func TestEachAdditiveChangeIsWorthWhatItAdds(t *testing.T) {
	for i, values := range effect.Shapley(5, one(additive)) {
		near(t, "exact", values[0], float64(i), 1e-12)
	}
	values, errors := effect.Sampled(effect.Orders(1, 5, 3), one(additive))
	for i := range values {
		near(t, "sampled", values[i][0], float64(i), 1e-12)
		near(t, "error", errors[i], 0, 1e-12)
	}
}

// Two changes worth 2 and 4 alone and 12 together share the 6 that they bring about together.
func TestAnInteractionIsShared(t *testing.T) {
	game := one(func(c effect.Coalition) float64 { return []float64{0, 2, 4, 12}[c] })
	got := effect.Shapley(2, game)
	if got[0][0] != 5 || got[1][0] != 7 {
		t.Errorf("got %v, want 5 and 7", got)
	}
	got, _ = effect.Sampled(effect.Orders(7, 2, 1), game) // an order and its reverse are all there are
	if got[0][0] != 5 || got[1][0] != 7 {
		t.Errorf("sampled %v, want 5 and 7", got)
	}
}

// A glove game: the left glove is worth a pair with either of the two right ones. Shapley: 2/3, 1/6, 1/6.
func TestTheGloveGame(t *testing.T) {
	got := effect.Shapley(3, one(func(c effect.Coalition) float64 {
		if c.Has(0) && (c.Has(1) || c.Has(2)) {
			return 1
		}
		return 0
	}))
	for i, want := range []float64{2. / 3, 1. / 6, 1. / 6} {
		near(t, "value", got[i][0], want, 1e-15)
	}
}

// What changes are worth sums to what they do together, trillions of dollars to the cent.
func TestValuesSumToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, runs := rapid.IntRange(1, 8).Draw(t, "changes"), rapid.IntRange(1, 3).Draw(t, "runs")
		worth := make([][]float64, 1<<k)
		for c := range worth {
			worth[c] = rapid.SliceOfN(rapid.Float64Range(-1e12, 1e12), runs, runs).Draw(t, "worth") // dollars
		}
		of := func(c effect.Coalition) []float64 { return worth[c] }
		sampled, _ := effect.Sampled(effect.Orders(3, k, 4), of)
		for _, values := range [][][]float64{effect.Shapley(k, of), sampled} {
			for run := range runs {
				total := worth[effect.All(k)][run] - worth[0][run]
				var parts []float64
				for i := range values {
					parts = append(parts, values[i][run])
				}
				if by := math.Abs(num.Sum(parts) - total); by > 0.005 {
					t.Errorf("the parts are %v off a total of %v", by, total)
				}
			}
		}
	})
}

// The sampled values of a game in which everything matters lie within some standard errors of the exact ones.
func TestSampledValuesAreNearTheExact(t *testing.T) {
	game := one(func(c effect.Coalition) float64 {
		x := float64(uint64(c)*2654435761%1009) / 1009
		return x * x
	})
	exact := effect.Shapley(6, game)
	sampled, errors := effect.Sampled(effect.Orders(11, 6, 64), game)
	for i := range exact {
		if errors[i] <= 0 || errors[i] > 0.1 {
			t.Errorf("error of %d: %v", i, errors[i])
		}
		near(t, "value", sampled[i][0], exact[i][0], 4*errors[i])
	}
}

func TestOrdersComeWithTheirReverse(t *testing.T) {
	orders := effect.Orders(5, 9, 4)
	for i := 0; i < len(orders); i += 2 {
		back := slices.Clone(orders[i+1])
		slices.Reverse(back)
		if sorted := slices.Sorted(slices.Values(orders[i])); !slices.Equal(orders[i], back) || !slices.Equal(sorted, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}) {
			t.Errorf("order %v with %v", orders[i], orders[i+1])
		}
	}
	if !slices.EqualFunc(orders[:2], effect.Orders(5, 9, 1), slices.Equal) {
		t.Error("more orders begin otherwise")
	}
}
