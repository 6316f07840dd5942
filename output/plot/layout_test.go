package plot

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

// faults lists text boxes that overlap, leave the page or are set too small.
func faults(l Layout) []string {
	var out []string
	for i, a := range l.Texts {
		if a.Rect.X0 < 0 || a.Rect.Y0 < 0 || a.Rect.X1 > l.Width || a.Rect.Y1 > l.Height {
			out = append(out, fmt.Sprintf("%s %q leaves the page: %.1f", a.Name, a.Text, a.Rect))
		}
		if a.Size < minSize {
			out = append(out, fmt.Sprintf("%s %q is set in %g pt", a.Name, a.Text, a.Size))
		}
		for _, b := range l.Texts[:i] {
			if a.Rect.Overlaps(b.Rect) {
				out = append(out, fmt.Sprintf("%s %q overlaps %s %q: %.1f %.1f", a.Name, a.Text, b.Name, b.Text, a.Rect, b.Rect))
			}
		}
	}
	return out
}

// tooSmall tells whether a profile is refused for another that is larger, or all are for numbers of absurd length.
func tooSmall(p Profile, err error) bool {
	return p.Name != "tall" && strings.Contains(err.Error(), "; use profile ") || strings.Contains(err.Error(), "; use fewer ")
}

func TestSamplesHaveNoOverlaps(t *testing.T) {
	for _, f := range sampleFigures(t) {
		for _, p := range Profiles() {
			l, err := f.Layout(p)
			if err != nil && !tooSmall(p, err) {
				t.Error(err)
			}
			for _, fault := range faults(l) {
				t.Errorf("%s %s: %s", f.Name, p.Name, fault)
			}
		}
	}
}

// generator draws the odd cases that a scenario can give.
type generator struct{ *rand.Rand }

func (g generator) name() string {
	alphabets := []string{"abcdefghij klmnop qrstuvw xyz", "WMWMWM WMW", "iiillliii", "ÄÖüß éà", "北京 智谱", "Ωλπ Σ", "🚀ab c", "a'b", "A\tB\n\x00"}
	letters := []rune(alphabets[g.IntN(len(alphabets))])
	name := make([]rune, 1+g.IntN(60))
	for i := range name {
		name[i] = letters[g.IntN(len(letters))]
	}
	return string(name)
}

func (g generator) dimension() unit.Dimension {
	all := []unit.Dimension{
		unit.None, unit.DimUSD, unit.DimUSDPerYear, unit.DimMW, unit.DimMWIT, unit.DimH100e, unit.DimRent,
		unit.DimUSDPerMW, unit.DimUSDPerMWh, unit.DimMonths, unit.DimRate, unit.DimHazard, unit.DimShare, unit.DimPoints, unit.DimCount,
		unit.DimH100ePerMW, unit.DimMonth,
	}
	return all[g.IntN(len(all))]
}

// values draws 0 to 1e15 in every magnitude, ties, constants and gaps; signed adds values below zero.
func (g generator) values(months int, signed bool) []float64 {
	out := make([]float64, months)
	size := math.Pow(10, g.Float64()*18-3)
	kind := g.IntN(6)
	level := g.Float64() * size
	for t := range out {
		switch kind {
		case 0:
			out[t] = 0
		case 1:
			out[t] = size // ties between series are likely to share a power of ten
		case 2:
			out[t] = level * (1 + 0.001*g.Float64())
		default:
			level = math.Abs(level + size*0.1*g.NormFloat64())
			out[t] = min(level, 1e15)
		}
		if signed && g.IntN(2) == 0 {
			out[t] = -out[t]
		}
		if kind == 5 && g.IntN(3) == 0 {
			out[t] = math.NaN()
		}
	}
	return out
}

func (g generator) series(n, months int, signed bool) []Series {
	out := make([]Series, n)
	for i := range out {
		out[i] = Series{Key: fmt.Sprint("s", i), Label: g.name(), Values: g.values(months, signed)}
	}
	return out
}

func (g generator) spreads(n, months int) []Spread {
	out := make([]Spread, n)
	for i := range out {
		runs := make([][]float64, 20)
		base := g.values(months, g.IntN(4) == 0)
		for k := range runs {
			runs[k] = make([]float64, months)
			factor := math.Exp(0.3 * g.NormFloat64())
			for t, b := range base {
				runs[k][t] = b * factor
			}
		}
		out[i] = Spread{Key: fmt.Sprint("s", i), Label: g.name(), Quantiles: QuantilesOf(runs)}
	}
	return out
}

func (g generator) events(start unit.Month, months int) []Event {
	out := make([]Event, g.IntN(6))
	for i := range out {
		words := strings.Fields(strings.Repeat("milestone ", 1+g.IntN(4)))
		out[i] = Event{start + unit.Month(g.IntN(months+2)), strings.Join(words, " ")}
	}
	return out
}

func (g generator) words() Words {
	return Words{
		Name: "case", Title: strings.Repeat(g.name()+" ", 1+g.IntN(3)) + ".", Subtitle: strings.Repeat("measure, unit, who ", 1+g.IntN(6)),
		Footer: sampleMeta.Footer("growth", "lead times"), TitleByUser: g.IntN(2) == 0,
	}
}

// figure draws one case of the first kinds.
func (g generator) figure() (*Figure, error) {
	months := []int{1, 2, 7, 13, 61, 85, 121, 301}[g.IntN(8)]
	start := unit.Date(2020+g.IntN(8), 1+g.IntN(12))
	d := g.dimension()
	w := g.words()
	n := 1 + g.IntN(12)
	switch g.IntN(5) {
	case 0:
		a := Area{Start: start, Unit: d, Series: g.series(n, months, false), Events: g.events(start, months)}
		a.Focus = a.Series[g.IntN(n)].Key
		return a.Figure(w)
	case 1:
		l := Lines{Start: start, Unit: d, Series: g.series(n, months, g.IntN(2) == 0), Events: g.events(start, months)}
		if g.IntN(2) == 0 {
			l.Focus = l.Series[g.IntN(n)].Key
		}
		if g.IntN(3) == 0 {
			l.History = []History{{"s0", "x", []Point{{start - 30, g.Float64()}, {start - 7, g.Float64()}}}}
		}
		return l.Figure(w)
	case 2:
		return Fan{Start: start, Unit: d, N: 500, Spreads: g.spreads(1+g.IntN(2), months), Events: g.events(start, months)}.Figure(w)
	case 3:
		return Multiples{Start: start, Unit: d, N: 500, Panels: g.spreads(n, months)}.Figure(w)
	}
	b := Bars{N: 1 + g.IntN(2000)}
	for i := range n {
		b.Bars = append(b.Bars, Outcome{fmt.Sprint("o", i), g.name(), "", g.IntN(b.N + 1)})
	}
	return b.Figure(w)
}

func TestNoTextOverlapsOrLeavesThePageInGeneratedCases(t *testing.T) {
	generated(t, 400, generator.figure)
}

// generated lays out figures from odd data on every profile. A page may be too small for one, and says which is not.
func generated(t *testing.T, cases int, draw func(generator) (*Figure, error)) {
	t.Helper()
	if testing.Short() {
		cases /= 10
	}
	drawn := map[string]int{}
	for seed := range uint64(cases) {
		f, err := draw(generator{rand.New(rand.NewPCG(seed, 1))})
		if errors.Is(err, ErrNoData) {
			continue
		}
		if err != nil {
			t.Fatalf("case %d: %v", seed, err)
		}
		for _, p := range Profiles() {
			l, err := f.Layout(p)
			if err != nil {
				if p.Name != "half" && !tooSmall(p, err) {
					t.Errorf("case %d: %v", seed, err)
				}
				continue
			}
			drawn[f.body.kind()+" "+p.Name]++
			for _, fault := range faults(l) {
				t.Errorf("case %d (%s, %s): %s", seed, f.body.kind(), p.Name, fault)
			}
		}
		if seed%8 == 0 {
			for _, write := range []func() error{
				func() error { return f.PNG(discard{}, Report(), sampleMeta) },
				func() error { return f.SVG(discard{}, Report(), sampleMeta) },
				func() error { return f.PDF(discard{}, Report(), sampleMeta) },
			} {
				if err := write(); err != nil && !tooSmall(Report(), err) {
					t.Errorf("case %d: %v", seed, err)
				}
			}
		}
		f.AltText()
		f.Table()
	}
	t.Log(drawn)
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func TestSpreadKeepsLabelsApartAndInOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		n := 1 + r.IntN(12)
		want, height := make([]float64, n), make([]float64, n)
		sum := 0.0
		for i := range want {
			want[i] = r.Float64() * 200
			height[i] = 11.5 * float64(1+r.IntN(2))
			sum += height[i]
		}
		sortFloats(want)
		at, ok := spread(want, height, 0, 220)
		if ok != (sum <= 220) {
			t.Fatalf("seed %d: %g pt of labels in 220 pt: ok = %v", seed, sum, ok)
		}
		for i := range at {
			if at[i]-height[i]/2 < -1e-9 || at[i]+height[i]/2 > 220+1e-9 {
				t.Errorf("seed %d: label %d at %g of height %g leaves [0, 220]", seed, i, at[i], height[i])
			}
			if i > 0 && at[i]-height[i]/2 < at[i-1]+height[i-1]/2-1e-9 {
				t.Errorf("seed %d: labels %d and %d overlap", seed, i-1, i)
			}
		}
	}
}

func TestSpreadMovesAsLittleAsPossible(t *testing.T) {
	for _, c := range []struct {
		name       string
		want, good []float64
	}{
		{"labels with room stay", []float64{10, 40, 90}, []float64{10, 40, 90}},
		{"a pair parts evenly", []float64{50, 50}, []float64{45, 55}},
		{"a pair at the edge is pushed in", []float64{0, 1}, []float64{5, 15}},
		{"a third joins the pair", []float64{50, 50, 58}, []float64{42.666667, 52.666667, 62.666667}},
	} {
		height := make([]float64, len(c.want))
		for i := range height {
			height[i] = 10
		}
		got, ok := spread(c.want, height, 0, 100)
		for i := range c.good {
			if !ok || math.Abs(got[i]-c.good[i]) > 1e-6 {
				t.Errorf("%s: %v became %v, want %v", c.name, c.want, got, c.good)
				break
			}
		}
	}
}

func sortFloats(v []float64) {
	for i := range v {
		for j := range i {
			if v[i] < v[j] {
				v[i], v[j] = v[j], v[i]
			}
		}
	}
}

func TestGlyphsThatNoFontHasBecomeBoxesWithAWarning(t *testing.T) {
	f := built(t)(Lines{Unit: unit.None, Series: []Series{{Key: "a", Label: "北京 Ω 𝔸", Values: []float64{1, 2}}}}.Figure(sampleWords("x", "A title", "")))
	l, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Warnings) != 3 || !strings.Contains(l.Warnings[0], "U+5317") {
		t.Errorf("warnings %q, want one for each of 北, 京 and 𝔸; Liberation or DejaVu have the Ω", l.Warnings)
	}
	for _, write := range []func() error{
		func() error { return f.SVG(discard{}, Report(), sampleMeta) }, func() error { return f.PDF(discard{}, Report(), sampleMeta) },
	} {
		if err := write(); err != nil {
			t.Error(err)
		}
	}
}

func TestLongNamesAreCutOnThePageAndWholeInTheData(t *testing.T) {
	long := "The International Consortium for Large Models"
	f := built(t)(Lines{Unit: unit.None, Series: []Series{{Key: "a", Label: long, Values: []float64{1, 2}}}}.Figure(sampleWords("x", "A title", "")))
	l, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	for _, box := range l.Texts {
		if strings.Contains(box.Text, "Models") {
			t.Errorf("the page has %q, want at most 28 characters", box.Text)
		}
	}
	if got := f.Table()[0].Label; got != long {
		t.Errorf("the data names %q, want %q", got, long)
	}
}

func built(t testing.TB) func(*Figure, error) *Figure {
	return func(f *Figure, err error) *Figure { return must(t, f, err) }
}
