package rng

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// distribution is a quantile function with the moments that it must have.
type distribution struct {
	name           string
	quantile       func(u float64) float64
	mean, variance float64
}

func distributions() []distribution {
	lognormal := distuv.LogNormal{Mu: math.Log(3), Sigma: 0.5}
	triangle := distuv.NewTriangle(1, 7, 2, nil)
	return []distribution{
		{"uniform", func(u float64) float64 { return Range(u, 2, 5) }, 3.5, 9. / 12},
		{"normal", func(u float64) float64 { return Normal(u, 3, 2) }, 3, 4},
		{"log-normal", func(u float64) float64 { return LogNormal(u, 3, 0.5) }, lognormal.Mean(), lognormal.Variance()},
		{"exponential", func(u float64) float64 { return Exponential(u, 4) }, 4, 16},
		{"triangular", func(u float64) float64 { return Triangular(u, 1, 2, 7) }, triangle.Mean(), triangle.Variance()},
		{"gamma", func(u float64) float64 { return Gamma(u, 2.5, 2) }, 5, 10},
		{"gamma of a small shape", func(u float64) float64 { return Gamma(u, 0.3, 1) }, 0.3, 0.3},
		{"beta", func(u float64) float64 { return Beta(u, 2, 3) }, 0.4, 0.04},
		{"U-shaped beta", func(u float64) float64 { return Beta(u, 0.5, 0.5) }, 0.5, 0.125},
		{"symmetric split normal", func(u float64) float64 { return SplitNormal(u, 1, 1-z95, 1+z95) }, 1, 1},
		{"symmetric split log-normal", func(u float64) float64 {
			return SplitLogNormal(u, 3, 3*math.Exp(-z95/2), 3*math.Exp(z95/2))
		}, lognormal.Mean(), lognormal.Variance()},
		{"event", func(u float64) float64 {
			if Bernoulli(u, 0.3) {
				return 1
			}
			return 0
		}, 0.3, 0.21},
		{"category", func(u float64) float64 { return float64(Categorical(u, []float64{1, 0, 2, 1})) }, 1.75, 1.1875},
	}
}

// Both the mean and the variance over evenly spread u, which is the integral of the quantile function by the
// midpoint rule, and those of keyed draws, which must lie within five standard errors.
func TestMomentsAreThoseOfTheDistribution(t *testing.T) {
	const n = 20000
	for _, d := range distributions() {
		t.Run(d.name, func(t *testing.T) {
			var mean, variance, drawn float64
			r := Run{Seed: 5, Index: 6}
			for i := range n {
				x := d.quantile((float64(i) + 0.5) / n)
				mean += x / n
				variance += (x - d.mean) * (x - d.mean) / n
				drawn += d.quantile(r.Uniform(Talent, Luck(d.name), 0, i)) / n
			}
			if math.Abs(mean-d.mean) > 0.001*math.Sqrt(d.variance) {
				t.Errorf("mean %v, want %v", mean, d.mean)
			}
			if math.Abs(variance-d.variance) > 0.01*d.variance {
				t.Errorf("variance %v, want %v", variance, d.variance)
			}
			if math.Abs(drawn-d.mean) > 5*math.Sqrt(d.variance/n) {
				t.Errorf("mean of draws %v, want %v", drawn, d.mean)
			}
		})
	}
}

func TestQuantilesRiseWithU(t *testing.T) {
	all := append(distributions(),
		distribution{name: "skew split normal", quantile: func(u float64) float64 { return SplitNormal(u, 1, 0.9, 5) }},
		distribution{name: "skew split log-normal", quantile: func(u float64) float64 { return SplitLogNormal(u, 1, 0.2, 1.1) }},
		distribution{name: "skew split logit-normal", quantile: func(u float64) float64 { return SplitLogitNormal(u, 0.9, 0.2, 0.95) }},
	)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) float64 {
			return float64(rapid.Uint64Range(0, 1<<52-1).Draw(t, label)<<1|1) * 0x1p-53
		}
		u, v := draw("u"), draw("v")
		u, v = min(u, v), max(u, v)
		for _, d := range all {
			x, y := d.quantile(u), d.quantile(v)
			if d.name == "event" {
				x, y = y, x // happens for low u
			}
			if x > y+1e-10*math.Abs(y) { // the solver's error
				t.Fatalf("%s: %v at u = %v, and less, %v, at %v", d.name, x, u, y, v)
			}
		}
	})
}

func TestGammaAgreesWithGonum(t *testing.T) {
	for _, shape := range []float64{0.05, 0.1, 0.5, 1, 1.5, 2.5, 10, 100, 1000, 10000} {
		ref := distuv.Gamma{Alpha: shape, Beta: 1}
		for _, u := range []float64{0x1p-53, 1e-12, 1e-6, 0.001, 0.05, 0.3, 0.4999, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6, 1 - 0x1p-40, 1 - 0x1p-53} {
			x := Gamma(u, shape, 1)
			if x == 0 {
				if ref.CDF(1e-300) < u {
					t.Errorf("Gamma(%v, %v) = 0, but the quantile is above 1e-300", u, shape)
				}
				continue
			}
			// The error in x is that in its probability over the density; distuv's own quantile is not as good
			// in the tails as its distribution function.
			tail, want := ref.CDF(x), u
			if u >= 0.5 {
				tail, want = ref.Survival(x), 1-u
			}
			if rel := (tail - want) / (ref.Prob(x) * x); math.Abs(rel) > 1e-10 {
				t.Errorf("Gamma(%v, %v) = %v has tail %v, want %v: off by %.1e of it", u, shape, x, tail, want, rel)
			}
			if want := ref.Quantile(u); u > 1e-6 && u < 1-1e-6 && shape >= 0.5 && math.Abs(x/want-1) > 1e-9 {
				t.Errorf("Gamma(%v, %v) = %v, gonum has %v", u, shape, x, want)
			}
		}
	}
}

func TestBetaAgreesWithGonum(t *testing.T) {
	shapes := []float64{0.05, 0.3, 1, 2, 5, 40, 1000, 10000}
	for _, a := range shapes {
		for _, b := range shapes {
			ref := distuv.Beta{Alpha: a, Beta: b}
			for _, u := range []float64{0x1p-53, 1e-9, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-9} {
				u = 1 - (1 - u) // so that 1-u is exact
				x := Beta(u, a, b)
				if mirrored := Beta(1-u, b, a); math.Abs(x+mirrored-1) > 1e-9*min(x, mirrored)+1e-15 {
					t.Errorf("Beta(%v, %v, %v) = %v, but %v with the ends swapped", u, a, b, x, mirrored)
				}
				if x == 0 && ref.CDF(1e-299) < u {
					t.Errorf("Beta(%v, %v, %v) = 0, but the quantile is above 1e-300", u, a, b)
				}
				if x == 0 || 1-x < 1e-12 { // the test cannot see farther: gonum takes x, not 1-x
					continue
				}
				tail, want := ref.CDF(x), u
				if u > 0.5 && x > 0.5 { // gonum's Survival loses a small x in 1-x
					tail, want = ref.Survival(x), 1-u
				}
				rel := (tail - want) / (ref.Prob(x) * x)
				// what half a bit of x moves 1-x by is not the solver's
				if math.Abs(rel) > 1e-9+1e-16/(1-x) {
					t.Errorf("Beta(%v, %v, %v) = %v has tail %v, want %v: off by %.1e of it", u, a, b, x, tail, want, rel)
				}
			}
		}
	}
}

func TestKnownQuantiles(t *testing.T) {
	tests := []struct {
		name      string
		got, want float64
	}{
		{"the gamma of shape 1 is exponential", Gamma(0.3, 1, 2), Exponential(0.3, 2)},
		{"the beta of shapes 1, 1 is uniform", Beta(0.3, 1, 1), 0.3},
		{"the beta of shapes 2, 1 is a square root", Beta(0.09, 2, 1), 0.3},
		{"the arcsine distribution", Beta(0.25, 0.5, 0.5), math.Pow(math.Sin(math.Pi/8), 2)},
		{"the chi-square of 10 degrees at 5 %", Gamma(0.95, 5, 2), 18.307038053275146},
		{"half of all exponential waits are over after ln 2", Exponential(0.5, 12), 12 * math.Ln2},
		{"the triangle's peak", Triangular(0.25, 0, 1, 4), 1},
		{"a triangle of one point", Triangular(0.3, 2, 2, 2), 2},
		{"a triangle that starts at its peak", Triangular(0.75, 1, 1, 3), 2},
		{"a triangle that ends at its peak", Triangular(0.25, 1, 3, 3), 2},
		{"no spread is the mean", Normal(0.9, 3, 0), 3},
		{"a normal at one sigma", Normal(0.8413447460685429, 10, 2), 12},
		{"the median of a log-normal", LogNormal(0.5, 7, 2), 7},
		{"no scale is nothing", Gamma(0.3, 2, 0), 0},
	}
	for _, tt := range tests {
		if math.Abs(tt.got-tt.want) > 1e-12*math.Max(1, math.Abs(tt.want)) {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestIntervalsMeetTheirThreeQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) float64 { return rapid.Float64Range(0, 1).Draw(t, label) }
		p05 := 0.01 + 0.4*draw("p05")
		median := p05 + 0.3*draw("median")
		p95 := median + 0.25*draw("p95")
		for name, q := range map[string]func(u, median, p05, p95 float64) float64{
			"SplitNormal": SplitNormal, "SplitLogNormal": SplitLogNormal, "SplitLogitNormal": SplitLogitNormal,
		} {
			if got := q(0.5, median, p05, p95); got != median {
				t.Fatalf("%s: median %v, want exactly %v", name, got, median)
			}
			if got := q(0.05, median, p05, p95); math.Abs(got/p05-1) > 1e-13 {
				t.Fatalf("%s: 5 %% quantile %v, want %v", name, got, p05)
			}
			if got := q(0.95, median, p05, p95); math.Abs(got/p95-1) > 1e-13 {
				t.Fatalf("%s: 95 %% quantile %v, want %v", name, got, p95)
			}
			near := math.Abs(q(0.5+1e-9, median, p05, p95)-median) + math.Abs(q(0.5-1e-9, median, p05, p95)-median)
			if near > 1e-7 {
				t.Fatalf("%s jumps by %v at its median", name, near)
			}
		}
		if got := SplitLogitNormal(0x1p-53, median, p05, p95); got < 0 {
			t.Fatalf("a share of %v", got)
		}
		if got := SplitLogitNormal(1-0x1p-53, median, p05, p95); got > 1 {
			t.Fatalf("a share of %v", got)
		}
	})
}

func TestCategoriesOfNoWeightNeverComeUp(t *testing.T) {
	weights := []float64{0, 0.1, 0, 0.2, 0.3, 0}
	counts := make([]int, len(weights))
	for i := range 600 {
		counts[Categorical((float64(i)+0.5)/600, weights)]++
	}
	if diff := cmp.Diff([]int{0, 100, 0, 200, 300, 0}, counts); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, u := range []float64{0x1p-53, 1 - 0x1p-53} {
		if got := Categorical(u, weights); weights[got] == 0 {
			t.Errorf("Categorical(%v) = %d, a category of weight 0", u, got)
		}
	}
}

func TestCertaintiesAreCertain(t *testing.T) {
	for _, u := range []float64{0x1p-53, 0.5, 1 - 0x1p-53} {
		if Bernoulli(u, 0) || !Bernoulli(u, 1) {
			t.Errorf("at u = %v an impossible event happens or a certain one does not", u)
		}
	}
}

func TestParametersOutsideTheDomainPanic(t *testing.T) {
	nan := math.NaN()
	for name, draw := range map[string]func(){
		"an empty range":                 func() { Range(0.5, 2, 1) },
		"a negative deviation":           func() { Normal(0.5, 0, -1) },
		"no deviation":                   func() { Normal(0.5, 0, nan) },
		"a log-normal around 0":          func() { LogNormal(0.5, 0, 1) },
		"a negative mean":                func() { Exponential(0.5, -1) },
		"a peak outside":                 func() { Triangular(0.5, 0, 2, 1) },
		"a probability above 1":          func() { Bernoulli(0.5, 1.1) },
		"no categories":                  func() { Categorical(0.5, nil) },
		"a negative weight":              func() { Categorical(0.5, []float64{-1, 3}) },
		"weights of NaN":                 func() { Categorical(0.5, []float64{1, nan}) },
		"a tiny shape":                   func() { Gamma(0.5, 0.01, 1) },
		"a huge shape":                   func() { Beta(0.5, 1, 1e5) },
		"an interval in disorder":        func() { SplitNormal(0.5, 1, 2, 3) },
		"a positive quantity around 0":   func() { SplitLogNormal(0.5, 1, 0, 3) },
		"a share that reaches certainty": func() { SplitLogitNormal(0.5, 0.5, 0.1, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			draw()
		})
	}
}
