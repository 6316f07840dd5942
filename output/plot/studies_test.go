package plot

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

func (g generator) parties(n int) []Party {
	out := make([]Party, n)
	for i := range out {
		out[i] = Party{fmt.Sprint("p", i), g.name()}
	}
	if g.IntN(3) == 0 {
		out[g.IntN(n)].Key = "other"
	}
	return out
}

func (g generator) matrix(d unit.Dimension, w Words) (*Figure, error) {
	m := Matrix{Unit: d, At: unit.Date(2032, 12), From: "Payer", To: g.name(), Rows: g.parties(1 + g.IntN(16)), Cols: g.parties(1 + g.IntN(16))}
	for range m.Rows {
		m.Amounts = append(m.Amounts, g.values(len(m.Cols), false))
	}
	if g.IntN(2) == 0 {
		m.Note = strings.Repeat(g.name()+" ", 1+g.IntN(4))
	}
	return m.Figure(w)
}

func (g generator) input(n int) Input {
	in := Input{Key: g.name(), Label: g.name(), Unit: g.dimension()}
	size := math.Pow(10, g.Float64()*16-1)
	for i := range n {
		in.Values = append(in.Values, size*(float64(i-g.IntN(2))+0.3*g.Float64()*float64(g.IntN(2))))
	}
	slices.Sort(in.Values)
	in.Values = slices.Compact(in.Values)
	return in
}

func (g generator) heat(d unit.Dimension, w Words) (*Figure, error) {
	h := Heat{Key: "outcome", Label: g.name(), Unit: d, X: g.input(1 + g.IntN(12)), Y: g.input(1 + g.IntN(12)), Difference: g.IntN(2) == 0, Margin: g.Float64()}
	for range h.Y.Values {
		h.Cells = append(h.Cells, g.values(len(h.X.Values), h.Difference))
	}
	return h.Figure(w)
}

func (g generator) difference(dim unit.Dimension, w Words) (*Figure, error) {
	months := []int{1, 2, 13, 85}[g.IntN(4)]
	d := Difference{Start: unit.Date(2026, 1+g.IntN(12)), Unit: dim, Key: "k", Measure: g.name(), A: g.name(), B: g.name(), N: 3 + 497*g.IntN(2)}
	d.Quantiles = g.spreads(1, months)[0].Quantiles
	for range d.N % 100 {
		d.Runs = append(d.Runs, g.values(months, true))
	}
	d.Events = g.events(d.Start, months)
	return d.Figure(w)
}

func (g generator) ranges(_ unit.Dimension, w Words) (*Figure, error) {
	r := Ranges{N: 2 + g.IntN(1000), Ended: g.IntN(3)}
	for i := range 1 + g.IntN(12) {
		r.Rows = append(r.Rows, Variant{Key: fmt.Sprint("v", i), Label: g.name()})
	}
	for k := range 1 + g.IntN(6) {
		p := RangePanel{Key: fmt.Sprint("m", k), Unit: g.dimension()}
		if g.IntN(3) > 0 {
			p.Label = g.name()
		}
		for _, v := range g.values(len(r.Rows), g.IntN(2) == 0) {
			wide := g.Float64() * math.Abs(v) * float64(g.IntN(2))
			p.Ranges = append(p.Ranges, Range{v - g.Float64()*wide, v, v + g.Float64()*wide})
		}
		r.Panels = append(r.Panels, p)
	}
	return r.Figure(w)
}

func (g generator) tornado(d unit.Dimension, w Words) (*Figure, error) {
	t := Tornado{Key: "outcome", Label: g.name(), Unit: d, Base: g.values(1, true)[0]}
	if math.IsNaN(t.Base) {
		t.Base = 0
	}
	outcomes := g.values(40, g.IntN(2) == 0)
	for i := range 1 + g.IntN(16) {
		low := g.values(1, true)[0]
		if math.IsNaN(low) {
			low = 0.5
		}
		t.Inputs = append(t.Inputs, Swing{fmt.Sprint("i", i), g.name(), g.dimension(), low, low + (1+math.Abs(low))*g.Float64(), outcomes[2*i], outcomes[2*i+1]})
	}
	return t.Figure(w)
}

// study draws one case of a chart that compares runs, scenarios or parties.
func (g generator) study() (*Figure, error) {
	kinds := []func(unit.Dimension, Words) (*Figure, error){g.matrix, g.heat, g.difference, g.ranges, g.tornado}
	return kinds[g.IntN(len(kinds))](g.dimension(), g.words())
}

func TestNoTextOverlapsOrLeavesThePageInGeneratedStudies(t *testing.T) {
	generated(t, 300, generator.study)
}

func TestOddStudiesAreDrawnOrRefused(t *testing.T) {
	nan, w := math.NaN(), sampleWords("x", "A title", "")
	ab := []Party{{"a", "A"}, {"b", ""}}
	matrix := func(amounts ...[]float64) func(Words) (*Figure, error) {
		return Matrix{Rows: ab, Cols: ab, Amounts: amounts}.Figure
	}
	heat := func(row ...float64) func(Words) (*Figure, error) {
		return Heat{Key: "o", X: Input{Key: "x", Values: []float64{1, 2}}, Y: Input{Key: "y", Values: []float64{3}}, Cells: [][]float64{row}}.Figure
	}
	difference := func(low, mid, high float64) func(Words) (*Figure, error) {
		return Difference{N: 100, Quantiles: flat("", low, mid, high).Quantiles}.Figure
	}
	ranges := func(all ...Range) func(Words) (*Figure, error) {
		return Ranges{N: 100, Rows: []Variant{{Key: "a"}, {Key: "b"}}[:len(all)], Panels: []RangePanel{{Ranges: all}}}.Figure
	}
	tornado := func(base float64, inputs ...Swing) func(Words) (*Figure, error) {
		return Tornado{Base: base, Inputs: inputs}.Figure
	}
	for _, c := range []struct {
		name string
		make func(Words) (*Figure, error)
		want string // part of the error; empty: it is drawn
	}{
		{"an empty matrix", Matrix{}.Figure, "nothing to draw"},
		{"a matrix of nothing", matrix([]float64{0, nan}, []float64{0, 0}), "nothing to draw"},
		{"one amount", matrix([]float64{0, 5}, []float64{nan, 0}), ""},
		{"constant amounts", matrix([]float64{5, 5}, []float64{5, 5}), ""},
		{"huge amounts", matrix([]float64{1e15, 1}, []float64{1e15, 0}), ""},
		{"a negative amount", matrix([]float64{1, -1}, []float64{0, 0}), "no negative"},
		{"an infinite amount", matrix([]float64{1, math.Inf(1)}, []float64{0, 0}), "infinite"},
		{"a row too short", matrix([]float64{1, 1}, []float64{0}), "1 amounts for 2 columns"},
		{"a row too few", matrix([]float64{1, 1}), "1 rows of amounts for 2 parties"},
		{"a party twice", Matrix{Rows: []Party{{"a", ""}, {"a", ""}}}.Figure, "names two"},
		{"an empty sweep", Heat{}.Figure, "nothing to draw"},
		{"a sweep without results", heat(nan, nan), "nothing to draw"},
		{"one result", heat(nan, 1), ""},
		{"a constant sweep", heat(5, 5), ""},
		{"a sweep of zeros", heat(0, 0), ""},
		{"a negative sweep", heat(-5, -3), ""},
		{"a huge sweep", heat(1e15, -1e15), ""},
		{"an infinite result", heat(1, math.Inf(-1)), "cannot be drawn"},
		{"a sweep of unequal rows", heat(1), "1 numbers for 2 values"},
		{"values that do not rise", Heat{X: Input{Values: []float64{2, 1}}}.Figure, "must rise"},
		{"too many values", Heat{X: Input{Values: make([]float64, 13)}}.Figure, "at most 12"},
		{"an empty difference", Difference{N: 100}.Figure, "nothing to draw"},
		{"a difference all missing", difference(nan, nan, nan), "nothing to draw"},
		{"a month of a difference", difference(-1, 2, 3), ""},
		{"a constant difference", difference(0, 0, 0), ""},
		{"a negative difference", difference(-3, -2, -1), ""},
		{"a huge difference", difference(-1e15, 0, 1e15), ""},
		{"quantiles out of order", difference(3, 2, 3), "quantile below"},
		{"more signs than pairs", Difference{N: 5, Above: 4, Below: 2}.Figure, "of 5 pairs 4"},
		{"few pairs without them", Difference{N: 5, Quantiles: flat("", 1, 2, 3).Quantiles}.Figure, "all runs"},
		{"no ranges", Ranges{N: 5}.Figure, "nothing to draw"},
		{"ranges all missing", ranges(Range{nan, nan, nan}), "nothing to draw"},
		{"one range", ranges(Range{1, 2, 3}), ""},
		{"one of two ranges", ranges(Range{1, 2, 3}, Range{nan, nan, nan}), ""},
		{"a constant range", ranges(Range{0, 0, 0}), ""},
		{"negative ranges", ranges(Range{-3, -2, -1}), ""},
		{"huge ranges", ranges(Range{-1e15, 0, 1e15}, Range{1e15, 1e15, 1e15}), ""},
		{"an infinite range", ranges(Range{1, 2, math.Inf(1)}), "be finite"},
		{"a range out of order", ranges(Range{3, 2, 3}), "must rise"},
		{"half a range", ranges(Range{1, nan, 3}), "must rise"},
		{"ranges of one run", Ranges{N: 1, Rows: make([]Variant, 1), Panels: make([]RangePanel, 1)}.Figure, "at least two"},
		{"no inputs", tornado(1), "nothing to draw"},
		{"inputs without results", tornado(1, Swing{High: 1, AtLow: nan}), "nothing to draw"},
		{"one input", tornado(5, Swing{High: 1, AtLow: 4, AtHigh: 6}), ""},
		{"an input without effect", tornado(5, Swing{High: 1, AtLow: 5, AtHigh: 5}), ""},
		{"effects one way", tornado(-5, Swing{High: 1, AtLow: -6, AtHigh: -7}), ""},
		{"huge effects", tornado(1e15, Swing{Low: -1e15, High: 1e15, AtLow: -1e15, AtHigh: 1e15 + 1}), ""},
		{"an outcome of zero", tornado(0, Swing{High: 1}), ""},
		{"an infinite effect", tornado(1, Swing{High: 1, AtLow: math.Inf(-1)}), "be finite"},
		{"low above high", tornado(1, Swing{Low: 2, High: 1}), "below high"},
		{"no base", tornado(nan, Swing{High: 1}), "base outcome"},
	} {
		f, err := c.make(w)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(c.want, "nothing") != errors.Is(err, ErrNoData) {
				t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := f.PNG(discard{}, Half(), Meta{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// shown are the texts of one role on the report's page.
func shown(t *testing.T, f *Figure, role string) []string {
	t.Helper()
	l, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, box := range l.Texts {
		if box.Name == role {
			out = append(out, box.Text)
		}
	}
	return out
}

func TestMatrixFoldsTheSmallestAndKeepsTheTotals(t *testing.T) {
	m := Matrix{Unit: unit.DimUSD, At: unit.Date(2032, 12)}
	want := 0.0
	for i := range 15 {
		m.Rows = append(m.Rows, Party{Key: fmt.Sprint("from", i)})
		m.Cols = append(m.Cols, Party{Key: fmt.Sprint("to", i)})
		line := make([]float64, 15)
		for j := range line {
			line[j] = 1e9 * float64(i*j)
			want += line[j]
		}
		m.Amounts = append(m.Amounts, line)
	}
	f := built(t)(m.Figure(sampleWords("x", "A title", "")))
	cells, rows, columns := 0.0, 0.0, 0.0
	payers := map[string]bool{}
	for _, r := range f.Table() {
		switch {
		case r.Series == "total" && r.Band == "total":
			if r.Value != want {
				t.Errorf("total %g, want %g", r.Value, want)
			}
		case r.Series == "total":
			columns += r.Value
		case r.Band == "total":
			rows += r.Value
			payers[r.Series] = true
		default:
			cells += r.Value
		}
	}
	if cells != want || rows != want || columns != want || len(payers) != maxParties || payers["from0"] || !payers["other"] {
		t.Errorf("cells %g, rows %g, columns %g of payers %v; want %g in each and 12 payers, the smallest in other", cells, rows, columns, payers, want)
	}
	if got := shown(t, f, "value"); len(got) != len(f.Table()) {
		t.Errorf("%d numbers are drawn, %d are in the data", len(got), len(f.Table()))
	}
}

func TestDrawnAmountsAreThoseOfTheData(t *testing.T) {
	m := Matrix{
		Unit: unit.DimMW, Rows: []Party{{"a", "A"}, {"b", "B"}, {"c", "C"}}, Cols: []Party{{"x", "X"}, {"other", "Rest"}},
		Amounts: [][]float64{{1000, 12_000}, {math.NaN(), 40_000}, {0, 0}},
	}
	f := built(t)(m.Figure(sampleWords("x", "A title", "")))
	want := []string{"40", "40", "1", "12", "13", "1", "52", "53"} // B, then A, then the totals; C has nothing
	if got := shown(t, f, "value"); !slices.Equal(got, want) {
		t.Errorf("drawn are %v, want %v", got, want)
	}
	if got := shown(t, f, "axis"); got[0] != "GW" {
		t.Errorf("the unit is %q, want GW", got)
	}
}

func TestMatrixOwnsUpToRounding(t *testing.T) {
	for amount, want := range map[float64]int{2000: 0, 2400: 1} {
		m := Matrix{Unit: unit.DimMW, Rows: []Party{{"a", ""}}, Cols: []Party{{"x", ""}, {"y", ""}, {"z", ""}}, Amounts: [][]float64{{amount, amount, 50_000}}}
		if got := built(t)(m.Figure(sampleWords("x", "A title", ""))).body.notes(); len(got) != want {
			t.Errorf("%g, %g and 50,000 MW: notes %q, want %d", amount, amount, got, want)
		}
	}
}

func TestFlowTitles(t *testing.T) {
	c := Claim{Verb: "pays", Of: "for compute"}
	for _, x := range []struct {
		a, b, other float64
		want        string
	}{
		{50e9, 30e9, 20e9, "A pays Y $50 bn for compute in 2032, 50% of $100 bn in all"},
		{50e9, 49.9e9, 90e9, "A pays Y as much as B pays X, $50 bn for compute in 2032"},
		{0, 0, 90e9, ""},
	} {
		m := Matrix{
			Unit: unit.DimUSD, At: unit.Date(2032, 12), Rows: []Party{{"a", "A"}, {"b", "B"}, {"other", "Other"}}, Cols: []Party{{"x", "X"}, {"y", "Y"}},
			Amounts: [][]float64{{0, x.a}, {x.b, 0}, {x.other, 0}},
		}
		if got := FlowTitle(c, m); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}

func sweep(margin float64, cells ...float64) Heat {
	return Heat{
		Key: "share", Unit: unit.DimShare, Margin: margin, Cells: [][]float64{cells},
		X: Input{Key: "growth", Label: "Growth", Unit: unit.DimRate, Values: []float64{0.1, 0.125}}, Y: Input{Key: "lead", Unit: unit.DimMonths, Values: []float64{24}},
	}
}

func TestHeatTitlesRespectTheMargin(t *testing.T) {
	for _, c := range []struct {
		margin, a, b float64
		want         string
	}{
		{0.02, 0.12, 0.48, "The share runs from 12 to 48% (most with Growth 12.5%/yr, lead 24 months)"},
		{0.02, 0.41, 0.435, "No clear difference between 2 cases in The share: 41.0 to 43.5%, give or take 2.0"},
		{0, 0.41, 0.41, "The share is 41% in all 2 cases"},
		{0, math.NaN(), math.NaN(), ""},
	} {
		if got := HeatTitle("The share", sweep(c.margin, c.a, c.b)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDrawnSweepIsThatOfTheData(t *testing.T) {
	h := sweep(0.02, -0.12, 0.48)
	h.Difference = true
	f := built(t)(h.Figure(sampleWords("x", "A title", "")))
	if got, want := shown(t, f, "value"), []string{"−12", "+48"}; !slices.Equal(got, want) {
		t.Errorf("drawn are %v, want %v", got, want)
	}
	if got, want := shown(t, f, "tick"), []string{"24", "10.0", "12.5"}; !slices.Equal(got, want) {
		t.Errorf("the axes read %v, want %v", got, want)
	}
	if got, want := f.Table()[1], (Row{"share", "share", "", 0.48, unit.DimShare, "growth=0.125 lead=24"}); got != want {
		t.Errorf("the data have %v, want %v", got, want)
	}
}

func TestASweepOverWordsShowsTheWords(t *testing.T) {
	h := sweep(0.02, 0.12, 0.48)
	h.X = Input{Key: "refusal", Label: "Microsoft refusal", Values: []float64{1, 2}, Words: []string{"always", "never"}}
	f := built(t)(h.Figure(sampleWords("x", "A title", "")))
	if got, want := shown(t, f, "tick"), []string{"24", "always", "never"}; !slices.Equal(got, want) {
		t.Errorf("the axes read %v, want %v", got, want)
	}
	if got, want := f.Table()[1].Band, "refusal=never lead=24"; got != want {
		t.Errorf("the data have %q, want %q", got, want)
	}
	if got, want := f.AltText(), "highest 48% (Microsoft refusal never, lead 24 months)"; !strings.Contains(got, want) {
		t.Errorf("the words are %q, want %q", got, want)
	}
}

func TestDifferenceTitlesRespectTheMargin(t *testing.T) {
	for _, c := range []struct {
		above, below int
		mid          float64
		want         string
	}{
		{170, 830, -12e3, "Rule gives less capacity in 2032 than Base in 83% of runs, 12 GW less in the median"},
		{1000, 0, 12e3, "Rule gives more capacity in 2032 than Base in all 1,000 runs, 12 GW more in the median"},
		{520, 480, 1e3, "No clear difference between Rule and Base in capacity in 2032: more in 52% of runs, less in 48%"},
		{300, 10, 0, "Rule gives more capacity in 2032 than Base in 30% of runs"},
		{0, 0, 0, "No difference between Rule and Base in capacity in 2032 in any of 1,000 runs"},
		{1, 2, math.NaN(), ""},
	} {
		d := Difference{Start: unit.Date(2032, 12), Unit: unit.DimMW, Measure: "capacity", A: "Rule", B: "Base", N: 1000, Above: c.above, Below: c.below}
		d.Quantiles = flat("", c.mid, c.mid, c.mid).Quantiles
		if got := DifferenceTitle(d); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A difference of shares is in points; its ends have the digits of the band, and a median within their last is about none.
func TestDifferencesArePrintedAsFarAsTheyAreKnown(t *testing.T) {
	d := Difference{Start: unit.Date(2032, 12), Unit: unit.DimShare, Key: "k", Measure: "market share", A: "Rule", B: "Base", N: 200, Above: 150, Below: 50}
	for i, values := range []*[]float64{&d.Quantiles.P5, &d.Quantiles.P20, &d.Quantiles.P35, &d.Quantiles.P50, &d.Quantiles.P65, &d.Quantiles.P80, &d.Quantiles.P95} {
		*values = []float64{[]float64{-0.049127, -0.01, -0.001, 0.000033, 0.001, 0.01, 0.060255}[i]}
	}
	title := DifferenceTitle(d)
	if want := "Rule gives more market share in 2032 than Base in 75% of runs"; title != want {
		t.Errorf("%q, want %q", title, want)
	}
	l, err := built(t)(d.Figure(sampleWords("x", title, ""))).Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, b := range l.Texts {
		if b.Name == "label" {
			labels = append(labels, b.Text)
		}
	}
	text := strings.Join(labels, " ")
	for _, want := range []string{"+6.0 points", "Median about 0", "−4.9 points"} {
		if !strings.Contains(text, want) {
			t.Errorf("labels are %q, want %s", labels, want)
		}
	}
}

func TestTornadoTitlesRespectTheMargin(t *testing.T) {
	growth, lead := Swing{Key: "Growth", AtLow: 100e3, AtHigh: 150e3}, Swing{Key: "Lead", AtLow: 161e3, AtHigh: 110e3}
	for _, c := range []struct {
		margin float64
		inputs []Swing
		want   string
	}{
		{0.2e3, []Swing{growth, lead}, "Lead moves capacity the most, 110 to 161 GW, then Growth, 100 to 150 GW"},
		{1e3, []Swing{growth, lead}, "No clear difference between Lead (110 to 161 GW) and Growth (100 to 150 GW) in how far they move capacity"},
		{40e3, []Swing{growth, lead}, "No clear difference between low and high values of any of 2 inputs in capacity"},
		{0, []Swing{lead}, "Lead moves capacity from 110 to 161 GW"},
		{0, nil, ""},
	} {
		if got := TornadoTitle("capacity", Tornado{Unit: unit.DimMW, Base: 128e3, Inputs: c.inputs, Margin: c.margin}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTornadoSortsAndCountsItsInputs(t *testing.T) {
	f := built(t)(sampleTornado().Figure(sampleWords("x", "A title", "")))
	labels := shown(t, f, "label")
	if labels[0] != "Lead time of grid power" || labels[len(labels)-1] != "Base 128 GW" {
		t.Errorf("labels %v, want the largest effect first and the base last", labels)
	}
	if got := f.body.notes(); got[1] != "The 12 largest of 15." {
		t.Errorf("notes %q, want them to count the rest", got)
	}
	if got := shown(t, f, "value")[:2]; !slices.Equal(got, []string{"60 months", "18 months"}) {
		t.Errorf("the ends read %v, want the values of the input", got)
	}
	if got := len(f.Table()); got != 1+4*12 {
		t.Errorf("%d rows of data, want the base and four for each input", got)
	}
}

// Where both values move the outcome the same way, both bars are seen.
func TestEffectsOnOneSideShareTheBar(t *testing.T) {
	for _, c := range []struct {
		atLow, atHigh float64
		share         bool
	}{{120, 140, true}, {90, 110, false}, {60, 80, true}, {130, 130, true}, {100, 140, false}} {
		f := built(t)(Tornado{Base: 100, Inputs: []Swing{{Low: 1, High: 2, AtLow: c.atLow, AtHigh: c.atHigh}}}.Figure(sampleWords("x", "A title", "")))
		s, err := f.lay(Report())
		if err != nil {
			t.Fatal(err)
		}
		var bars []float64 // their middles
		for _, m := range s.marks {
			if m.fill && (m.pen.color == categorical()[0].fill || m.pen.color == categorical()[1].fill) && m.dot == 0 {
				bars = append(bars, (m.path[0].Y+m.path[2].Y)/2)
			}
		}
		if len(bars) != 2 || (bars[0] != bars[1]) != c.share {
			t.Errorf("outcomes %g and %g around 100: bars at the heights %v", c.atLow, c.atHigh, bars)
		}
	}
}

func TestRangesTitlesRespectTheMargin(t *testing.T) {
	spread := func(mid float64) Range { return Range{mid - 20e3, mid, mid + 20e3} } // the margin of a median is 0.94 GW
	for _, c := range []struct {
		ranges []Range
		want   string
	}{
		{[]Range{spread(128e3), spread(96e3)}, "Capacity is highest with A, 128 GW in the median, and lowest with B, 96 GW"},
		{[]Range{spread(128e3), spread(129e3)}, "No clear difference between B and A in capacity: medians 129.0 GW and 128.0 GW"},
		{[]Range{spread(128e3), spread(129e3), spread(128e3)}, "No clear difference between 3 variants in capacity: medians 128.0 to 129.0 GW"},
		{[]Range{spread(128e3), spread(128e3 + 1e-3)}, "Capacity has the same median in each of 2 variants: 128 GW"},
		{[]Range{spread(128e3), {math.NaN(), math.NaN(), math.NaN()}}, "Capacity with A is 128 GW in the median"},
		{nil, ""},
	} {
		rows := []Variant{{Key: "A"}, {Key: "B"}, {Key: "C"}}[:len(c.ranges)]
		if got := RangesTitle("capacity", Ranges{N: 1000, Rows: rows, Panels: []RangePanel{{Unit: unit.DimMW, Ranges: c.ranges}}}, 0); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDrawnRangesAreThoseOfTheData(t *testing.T) {
	r := sampleRanges()
	f := built(t)(r.Figure(sampleWords("x", "A title", "")))
	if got, want := shown(t, f, "value")[:3], []string{"92", "173", "128 GW"}; !slices.Equal(got, want) {
		t.Errorf("the first range reads %v, want %v", got, want)
	}
	if got, want := f.Table()[1], (Row{"capacity/base", "Baseline: AI capacity", "2032-12", 128_000, unit.DimMW, "p50"}); got != want {
		t.Errorf("the data have %v, want %v", got, want)
	}
	if got := len(f.Table()); got != 3*5*3 {
		t.Errorf("%d rows of data, want three for each of 15 ranges", got)
	}
}

// What lies above zero is filled in one colour and what lies below in the other, and together they are the whole band.
func TestBandsAreCutAtZero(t *testing.T) {
	area := func(path []pt) float64 {
		sum := 0.0
		for i, a := range path {
			b := path[(i+1)%len(path)]
			sum += (a.X*b.Y - b.X*a.Y) / 2
		}
		return math.Abs(sum)
	}
	band := []pt{{0, 4}, {10, 6}, {20, -2}, {20, -6}, {10, -4}, {0, 2}}
	above, below := cutAt(band, 0, true), cutAt(band, 0, false)
	for _, p := range above {
		if p.Y < 0 {
			t.Errorf("%v is below zero", p)
		}
	}
	if got, want := area(above)+area(below), area(band); math.Abs(got-want) > 1e-9 {
		t.Errorf("the parts have %g, the whole %g", got, want)
	}
	if cutAt(band, 10, true) != nil || len(cutAt(band, 10, false)) != len(band) {
		t.Error("a band below the cut is not left whole")
	}
}

func TestTextOnTintsCanBeRead(t *testing.T) {
	for name, r := range map[string]ramp{"sequential": sequential(), "diverging": diverging()} {
		for i := range 1001 {
			tint := r.at(float64(i) / 1000)
			if got := contrast(textOn(tint), tint); got < 4.5 {
				t.Errorf("%s, %s: text has contrast %.2f, want 4.5", name, tint.hex(), got)
			}
		}
	}
	for i := range 50 {
		if a, b := sequential().at(float64(i)/50), sequential().at(float64(i+1)/50); a.luminance() <= b.luminance() {
			t.Errorf("%s is no lighter than %s, which stands for more", a.hex(), b.hex())
		}
	}
}
