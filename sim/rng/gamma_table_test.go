package rng

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestATableGivesTheQuantilesOfItsGammaDistribution(t *testing.T) {
	var g GammaTable
	rapid.Check(t, func(t *rapid.T) {
		shape := rapid.Float64Range(1, 100).Draw(t, "shape")
		g.Set(shape)
		for range 20 {
			u := rapid.OneOf(rapid.Float64Range(1e-9, 1-1e-9), rapid.Float64Range(1e-9, 1e-3)).Draw(t, "u")
			if got, want := g.Quantile(u), Gamma(u, shape, 1/shape); math.Abs(got-want) > 1e-5 {
				t.Fatalf("shape %v: quantile of %v is %v, want %v", shape, u, got, want)
			}
		}
	})
}

func BenchmarkGammaTable(b *testing.B) {
	var g GammaTable
	g.Set(6)
	u := 0.0
	for b.Loop() {
		if u += 0.01237; u >= 1 {
			u -= 0.99999
		}
		g.Quantile(u)
	}
}
