package num

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

const precision = 220 // bits of the reference

// bigExp sums the series of e^x, after halving x until it is small.
func bigExp(x *big.Float) *big.Float {
	const halvings = 16
	r := new(big.Float).SetPrec(precision+40).SetMantExp(x, -halvings)
	sum, term := big.NewFloat(1).SetPrec(precision+40), big.NewFloat(1).SetPrec(precision+40)
	for n := int64(1); n < 60; n++ {
		term.Mul(term, r)
		term.Quo(term, new(big.Float).SetInt64(n))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog improves math.Log by Halley's iteration, which triples the digits each time.
func bigLog(x *big.Float) *big.Float {
	f, _ := x.Float64()
	y := big.NewFloat(math.Log(f)).SetPrec(precision + 40)
	for range 2 {
		e := bigExp(y)
		d, s := new(big.Float).Sub(x, e), new(big.Float).Add(x, e)
		d.Quo(d, s)
		y.Add(y, d.Add(d, d))
	}
	return y
}

func exact(x float64) *big.Float { return big.NewFloat(x).SetPrec(precision + 40) }

// ulps returns the distance of got from want in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	ulp := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	d := new(big.Float).Sub(exact(got), want)
	d.Quo(d, exact(ulp))
	f, _ := d.Abs(d).Float64()
	return f
}

// worst draws arguments with a fixed seed and returns the greatest error in ulp and where it was.
func worst(t *testing.T, name string, bound float64, draw func(*rand.Rand) []float64, f func([]float64) float64, ref func([]float64) *big.Float) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var most float64
	var at []float64
	for range 3000 {
		x := draw(r)
		if e := ulps(f(x), ref(x)); e > most {
			most, at = e, x
		}
	}
	t.Logf("%s: at most %.3f ulp, at %v", name, most, at)
	if most >= bound {
		t.Errorf("%s(%v) = %v is off by %.3f ulp, want less than %v", name, at, f(at), most, bound)
	}
}

func between(lo, hi float64) func(*rand.Rand) []float64 {
	return func(r *rand.Rand) []float64 { return []float64{lo + (hi-lo)*r.Float64()} }
}

func positive(r *rand.Rand) []float64 {
	return []float64{math.Exp(-700 + 1400*r.Float64())}
}

func TestErrorsStayWithinTheDocumentedBounds(t *testing.T) {
	one := func(f func(float64) float64) func([]float64) float64 {
		return func(x []float64) float64 { return f(x[0]) }
	}
	exp := func(x []float64) *big.Float { return bigExp(exact(x[0])) }
	log := func(x []float64) *big.Float { return bigLog(exact(x[0])) }
	ln10 := bigLog(exact(10))
	log10 := func(x []float64) *big.Float { y := log(x); return y.Quo(y, ln10) }
	pow := func(x []float64) *big.Float { y := log(x); return bigExp(y.Mul(y, exact(x[1]))) }
	logistic := func(x []float64) *big.Float {
		e := bigExp(exact(-x[0]))
		return new(big.Float).SetPrec(precision).Quo(exact(1), e.Add(e, exact(1)))
	}

	worst(t, "Exp", 1, between(-700, 700), one(Exp), exp)
	worst(t, "Exp near 0", 1, between(-1, 1), one(Exp), exp)
	worst(t, "Log", 1, positive, one(Log), log)
	worst(t, "Log near 1", 1, between(0.5, 2), one(Log), log)
	worst(t, "Log10", 0.51, positive, one(Log10), log10)
	worst(t, "Log10 near 1", 0.51, between(0.5, 2), one(Log10), log10)
	worst(t, "Logistic", 3, between(-700, 700), one(Logistic), logistic)
	worst(t, "Logistic near 0", 3, between(-5, 5), one(Logistic), logistic)
	worst(t, "Pow", 1, func(r *rand.Rand) []float64 {
		x := positive(r)[0]
		return []float64{x, (1400*r.Float64() - 700) / math.Log(x)}
	}, func(x []float64) float64 { return Pow(x[0], x[1]) }, pow)
	worst(t, "Pow near 1", 1, func(r *rand.Rand) []float64 {
		x := 1 + 1e-6*(r.Float64()-0.5)
		return []float64{x, (1400*r.Float64() - 700) / math.Log(x)}
	}, func(x []float64) float64 { return Pow(x[0], x[1]) }, pow)
	worst(t, "Pow of a growth factor", 1, func(r *rand.Rand) []float64 {
		return []float64{0.2 + 5*r.Float64(), 20*r.Float64() - 10}
	}, func(x []float64) float64 { return Pow(x[0], x[1]) }, pow)
}

func TestLimitsAndSpecialArguments(t *testing.T) {
	inf, nan, tiny := math.Inf(1), math.NaN(), math.SmallestNonzeroFloat64
	tests := []struct {
		name      string
		got, want float64
	}{
		{"Exp(0)", Exp(0), 1},
		{"Exp(1)", Exp(1), math.E},
		{"Exp(+Inf)", Exp(inf), inf},
		{"Exp(-Inf)", Exp(-inf), 0},
		{"Exp(NaN)", Exp(nan), nan},
		{"Exp of a subnormal", Exp(tiny), 1},
		{"Exp of the greatest argument is finite", Exp(709.782712893384), 1.7976931348622732e+308},
		{"Exp overflows", Exp(709.7827128933841), inf},
		{"Exp(1e300)", Exp(1e300), inf},
		{"Exp of the least argument is the least number", Exp(-745.1332191019411), tiny},
		{"Exp underflows", Exp(-745.1332191019412), 0},
		{"Exp into the subnormals", Exp(-740), math.Exp(-740)},
		{"Exp at the edge of the normal numbers", Exp(-708.4), math.Exp(-708.4)},
		{"Log(1)", Log(1), 0},
		{"Log(0)", Log(0), -inf},
		{"Log(-0)", Log(math.Copysign(0, -1)), -inf},
		{"Log(-1)", Log(-1), nan},
		{"Log(-Inf)", Log(-inf), nan},
		{"Log(+Inf)", Log(inf), inf},
		{"Log(NaN)", Log(nan), nan},
		{"Log of the least number", Log(tiny), -744.4400719213812},
		{"Log of the greatest number", Log(math.MaxFloat64), 709.782712893384},
		{"Log10(0)", Log10(0), -inf},
		{"Log10(-1)", Log10(-1), nan},
		{"Log10(+Inf)", Log10(inf), inf},
		{"Log10 of the least number", Log10(tiny), -323.3062153431158},
		{"Pow(2, 3)", Pow(2, 3), 8},
		{"Pow(2, 0.5)", Pow(2, 0.5), math.Sqrt2},
		{"Pow(10, -3)", Pow(10, -3), 1e-3},
		{"Pow(1.37, 1) is itself", Pow(1.37, 1), 1.37},
		{"Pow(NaN, 0)", Pow(nan, 0), 1},
		{"Pow(1, NaN)", Pow(1, nan), 1},
		{"Pow(1, +Inf)", Pow(1, inf), 1},
		{"Pow(NaN, 2)", Pow(nan, 2), nan},
		{"Pow(2, NaN)", Pow(2, nan), nan},
		{"Pow(-2, 2): no negative base", Pow(-2, 2), nan},
		{"Pow(0, 2)", Pow(0, 2), 0},
		{"Pow(0, -2)", Pow(0, -2), inf},
		{"Pow(+Inf, 0.1)", Pow(inf, 0.1), inf},
		{"Pow(+Inf, -0.1)", Pow(inf, -0.1), 0},
		{"Pow(+Inf, 2)", Pow(inf, 2), inf},
		{"Pow(2, +Inf)", Pow(2, inf), inf},
		{"Pow(2, -Inf)", Pow(2, -inf), 0},
		{"Pow(0.5, +Inf)", Pow(0.5, inf), 0},
		{"Pow(0.5, -Inf)", Pow(0.5, -inf), inf},
		{"Pow overflows", Pow(10, 308.3), inf},
		{"Pow underflows", Pow(10, -324), 0},
		{"Pow with an enormous exponent", Pow(2, 1e300), inf},
		{"Pow with a tiny exponent", Pow(1e10, 1e-300), 1},
		{"Pow of a subnormal", Pow(0x1p-1072, 0.125), 0x1p-134},
		{"Pow into the subnormals", Pow(2, -1070.5), math.Pow(2, -1070.5)},
		{"Pow to the greatest power of two", Pow(2, 1023), 0x1p1023},
		{"Logistic(0)", Logistic(0), 0.5},
		{"Logistic(+Inf)", Logistic(inf), 1},
		{"Logistic(-Inf)", Logistic(-inf), 0},
		{"Logistic(-1000)", Logistic(-1000), 0},
		{"Logistic(NaN)", Logistic(nan), nan},
		{"LogGamma(0)", LogGamma(0), inf},
		{"LogGamma(+Inf)", LogGamma(inf), inf},
		{"LogGamma(-1)", LogGamma(-1), nan},
		{"LogGamma(NaN)", LogGamma(nan), nan},
		{"NormalQuantile(0)", NormalQuantile(0), -inf},
		{"NormalQuantile(0.5)", NormalQuantile(0.5), 0},
		{"NormalQuantile(1)", NormalQuantile(1), inf},
		{"NormalQuantile(-0.1)", NormalQuantile(-0.1), nan},
		{"NormalQuantile(1.1)", NormalQuantile(1.1), nan},
		{"NormalQuantile(NaN)", NormalQuantile(nan), nan},
		{"Sum of nothing", Sum(nil), 0},
		{"Sum goes from first to last", Sum([]float64{1, 0x1p53, 1}), 0x1p53},
	}
	for _, tt := range tests {
		if tt.got != tt.want && !(math.IsNaN(tt.got) && math.IsNaN(tt.want)) {
			t.Errorf("%s = %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestABaseHasThePowersOfItsNumber(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	r := rand.New(rand.NewPCG(7, 8))
	special := []float64{0, 0.5, 1, 2, -1, -3, inf, -inf, nan, 0x1p-1072, 1e300, 1.37}
	for k := range 5000 {
		x, y := 10*r.Float64(), float64(40*r.Float64())-20
		if k < len(special)*len(special) {
			x, y = special[k/len(special)], special[k%len(special)]
		}
		b := BaseOf(x)
		if got, want := b.Pow(y), Pow(x, y); math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("base %v to the power of %v is %v, want %v", x, y, got, want)
		}
	}
}

func TestLog10OfAPowerOfTenIsWhole(t *testing.T) {
	p := 1.0
	for n := range 23 { // 10^22 is the last that a float64 holds exactly
		if got := Log10(p); got != float64(n) {
			t.Errorf("Log10(1e%d) = %v, want %d", n, got, n)
		}
		p *= 10
	}
}

// The quantile of a tail probability, put back into the complementary error function, must give it again. A
// relative error e of z moves the tail by about z²·e, which sets the tolerance.
func TestNormalQuantileInvertsTheNormalDistribution(t *testing.T) {
	for _, exponent := range []float64{-0.31, -0.5, -1, -1.5, -2, -3, -5, -8, -11, -12, -16, -30, -100, -300} {
		p := math.Pow(10, exponent)
		z := NormalQuantile(p)
		back := math.Erfc(-z/math.Sqrt2) / 2
		if rel := math.Abs(back/p - 1); rel > 4e-15*(1+z*z) {
			t.Errorf("NormalQuantile(%g) = %v has probability %g, off by %.1e of it", p, z, back, rel)
		}
	}
	for p := 0.001; p < 0.5; p += 0.001 {
		want := math.Sqrt2 * math.Erfinv(2*p-1)
		if got := NormalQuantile(p); math.Abs(got-want) > 2e-15*math.Max(1, math.Abs(want)) {
			t.Errorf("NormalQuantile(%g) = %v, want %v", p, got, want)
		}
	}
	// Wichura gives these percentage points with the algorithm.
	for p, want := range map[float64]float64{0.25: -0.6744897501960817, 1e-3: -3.090232306167813, 1e-20: -9.262340089798408} {
		if got := NormalQuantile(p); math.Abs(got/want-1) > 1e-15 {
			t.Errorf("NormalQuantile(%g) = %v, want %v", p, got, want)
		}
	}
}

func TestNormalProbabilityInvertsItsQuantile(t *testing.T) {
	for z := -36.0; z <= 8; z += 0.01 {
		want := math.Erfc(-z/math.Sqrt2) / 2
		if got := NormalProbability(z); math.Abs(got-want) > 2e-15 || math.Abs(got-want) > 1e-8*want {
			t.Errorf("the probability below %g is %v, want %v", z, got, want)
		}
	}
	for _, p := range []float64{1e-12, 0.001, 0.3, 0.5, 0.75, 0.9999} {
		if got := NormalProbability(NormalQuantile(p)); math.Abs(got-p) > 1e-8*p {
			t.Errorf("the probability below the quantile of %v is %v", p, got)
		}
	}
}

func TestNormalQuantileIsAntisymmetricAndRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := float64(rapid.Uint64Range(0, 1<<52-1).Draw(t, "a")<<1|1) * 0x1p-53
		b := float64(rapid.Uint64Range(0, 1<<52-1).Draw(t, "b")<<1|1) * 0x1p-53
		if got, want := NormalQuantile(1-a), -NormalQuantile(a); got != want {
			t.Fatalf("NormalQuantile(1-%v) = %v, want %v", a, got, want)
		}
		if b-a > 1e-12 && NormalQuantile(a) >= NormalQuantile(b) {
			t.Fatalf("NormalQuantile falls from %v to %v", a, b)
		}
	})
}

func TestLogGammaAgreesWithTheStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		x := math.Exp(-20 + 35*r.Float64())
		want, _ := math.Lgamma(x)
		if got := LogGamma(x); math.Abs(got-want) > 1e-14*math.Max(1, math.Abs(want)) {
			t.Fatalf("LogGamma(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestSoftmaxGivesShares(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		name    string
		u, want []float64
	}{
		{"equal utilities share equally", []float64{3, 3, 3, 3}, []float64{0.25, 0.25, 0.25, 0.25}},
		{"an option e times as good sells e times as much", []float64{1, 0}, []float64{math.E / (1 + math.E), 1 / (1 + math.E)}},
		{"huge utilities do not overflow", []float64{1e9, 1e9}, []float64{0.5, 0.5}},
		{"an option that is not on offer gets nothing", []float64{-inf, 2}, []float64{0, 1}},
		{"nothing on offer, nothing sold", []float64{-inf, -inf}, []float64{0, 0}},
		{"no options", nil, nil},
		{"a NaN spoils all", []float64{1, math.NaN(), 2}, []float64{math.NaN(), math.NaN(), math.NaN()}},
		{"an infinite utility spoils all", []float64{inf, 1}, []float64{math.NaN(), math.NaN()}},
	}
	for _, tt := range tests {
		got := append([]float64(nil), tt.u...)
		Softmax(got, got)
		for i := range got {
			if math.IsNaN(tt.want[i]) != math.IsNaN(got[i]) || math.Abs(got[i]-tt.want[i]) > 1e-15 {
				t.Errorf("%s: Softmax(%v) = %v, want %v", tt.name, tt.u, got, tt.want)
				break
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Softmax of slices of different length did not panic")
		}
	}()
	Softmax(make([]float64, 1), make([]float64, 2))
}

func TestSharesSumToOneAndShiftingAllUtilitiesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// multiples of 1/64 in a small range, so that the shift itself is exact
		u := rapid.SliceOfN(rapid.Int64Range(-2000, 2000), 1, 20).Draw(t, "u")
		shift := float64(rapid.Int64Range(-1000, 1000).Draw(t, "shift"))
		a, b := make([]float64, len(u)), make([]float64, len(u))
		for i, v := range u {
			a[i] = float64(v) / 64
			b[i] = a[i] + shift
		}
		Softmax(a, a)
		Softmax(b, b)
		if s := Sum(a); math.Abs(s-1) > 1e-14 {
			t.Fatalf("shares sum to %v, want 1", s)
		}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("share %d is %v, and %v after a shift of %v", i, a[i], b[i], shift)
			}
		}
	})
}

func TestNothingAllocates(t *testing.T) {
	u := []float64{1, 2, 3}
	x := 1.7
	if n := testing.AllocsPerRun(100, func() {
		b := BaseOf(x)
		x = Pow(Exp(Log(x)), 1.01) + b.Pow(1.3) + Log10(x) + Logistic(x) + NormalQuantile(0.3) + LogGamma(2)
		x = 1.7 + 0*x
		Softmax(u, u)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// The bits themselves, so that a change of result is seen on any machine that runs the tests.
func TestBitsAreTheSameEverywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var digest uint64
	mix := func(x float64) { digest = (digest ^ math.Float64bits(x)) * 0x100000001b3 }
	for range 20000 {
		x := r.Float64()
		mix(Exp(float64(100*x) - 50))
		mix(Log(x))
		mix(Log10(x))
		mix(Pow(5*x, float64(8*x)-4))
		mix(Logistic(float64(20*x) - 10))
		mix(NormalQuantile(x))
		mix(LogGamma(30 * x))
	}
	if want := uint64(0x4f28d9775dff58c8); digest != want {
		t.Errorf("digest %#016x, want %#016x", digest, want)
	}
}

func BenchmarkExp(b *testing.B) {
	for b.Loop() {
		sink = Exp(1.234)
	}
}

func BenchmarkLog(b *testing.B) {
	for b.Loop() {
		sink = Log(1.234)
	}
}

func BenchmarkPow(b *testing.B) {
	for b.Loop() {
		sink = Pow(1.234, 5.6)
	}
}

func BenchmarkNormalQuantile(b *testing.B) {
	for b.Loop() {
		sink = NormalQuantile(0.2)
	}
}

var sink float64
