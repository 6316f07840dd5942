package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

// yearEnds are spreads that are known at each December alone.
func yearEnds(names ...string) Variants {
	v := Variants{Start: unit.Date(2026, 12), Unit: unit.DimMW, N: 200}
	for i, name := range names {
		s := Spread{Key: name, Label: name}
		for t := range 37 {
			x := math.NaN()
			if t%12 == 0 {
				x = 1000 * float64(1+t/12) * float64(1+i)
			}
			for _, values := range []*[]float64{&s.Quantiles.P5, &s.Quantiles.P20, &s.Quantiles.P35, &s.Quantiles.P50, &s.Quantiles.P65, &s.Quantiles.P80, &s.Quantiles.P95} {
				*values = append(*values, x)
				x *= 1.1
			}
		}
		v.Panels = append(v.Panels, s)
	}
	return v
}

// Variants stand in the order given, the reference in each panel, and every name is whole; what lies between year ends is
// drawn and told, but is no number.
func TestVariantsStandBesideTheirReference(t *testing.T) {
	f := built(t)(yearEnds("microsoft-rofr", "always-exercised", "never-exercised", "never-given-up", "no-right").Figure(sampleWords("variants", "A title", "")))
	l, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, text := range l.Texts {
		if text.Name == "label" {
			labels = append(labels, text.Text)
		}
	}
	want := []string{"microsoft-rofr 5 GW", "always-exercised 11 GW", "never-exercised 16 GW", "never-given-up 21 GW", "no-right 27 GW"}
	if labels = slices.DeleteFunc(labels, func(s string) bool { return !strings.HasSuffix(s, " GW") }); !slices.Equal(labels, want) {
		t.Errorf("panels are %q, want %q", labels, want)
	}
	if !slices.ContainsFunc(l.Texts, func(b TextBox) bool { return b.Text == "median of microsoft-rofr" }) {
		t.Error("the legend does not name the reference")
	}
	if !strings.Contains(f.AltText(), "Quantiles of year ends, joined by straight lines.") {
		t.Errorf("%q does not tell that gaps are joined", f.AltText())
	}
	if n := len(f.Table()); n != 5*7*4 {
		t.Errorf("%d numbers, want seven quantiles of four year ends of five variants", n)
	}
	if joined := joined([]float64{math.NaN(), 1, math.NaN(), 3, math.NaN()}); joined[2] != 2 || !math.IsNaN(joined[0]) || !math.IsNaN(joined[4]) {
		t.Errorf("joined are %v", joined)
	}
}

func TestVariantsOfOddSpreadsHaveNoOverlaps(t *testing.T) {
	generated(t, 100, func(g generator) (*Figure, error) {
		months := []int{1, 2, 13, 85}[g.IntN(4)]
		return Variants{Start: unit.Date(2025, 12), Unit: g.dimension(), N: 500, Panels: g.spreads(2+g.IntN(maxPanels), months)}.Figure(g.words())
	})
}

func TestVariantsThatCannotBeCompared(t *testing.T) {
	few := yearEnds("a", "b")
	few.N = 20
	for name, c := range map[string]struct {
		v    Variants
		want string
	}{
		"one variant": {yearEnds("a"), "nothing to draw"},
		"few runs":    {few, "at least 100"},
		"one twice":   {yearEnds("a", "a"), "names two"},
	} {
		if _, err := c.v.Figure(sampleWords("x", "A title", "")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}
