package plot

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

// sampleOwnership is a company whose founders and staff are diluted by six rounds.
func sampleOwnership() (*Figure, error) {
	o := Ownership{Start: unit.Date(2025, 12), Rest: "Staff and others"}
	names := []string{"Foundation", "Microsoft", "SoftBank", "Nvidia", "Amazon"}
	parts := []float64{0.26, 0.27, 0.11, 0.01, 0}
	for i, name := range names {
		o.Holders = append(o.Holders, Series{Key: strings.ToLower(name), Label: name, Values: nil})
		for m := range sampleMonths {
			for _, r := range []struct {
				month, buyer int
				sold         float64
			}{{3, 4, 0.06}, {4, 3, 0.04}, {16, 2, 0.05}, {30, 3, 0.03}, {45, 4, 0.09}, {66, 2, 0.02}} {
				if m == r.month {
					parts[i] *= 1 - r.sold
					if i == r.buyer {
						parts[i] += r.sold
					}
					if i == 0 {
						o.Rounds = append(o.Rounds, Dilution{o.Start + unit.Month(m), fmt.Sprintf("Round %d", len(o.Rounds)+1), r.sold})
					}
				}
			}
			o.Holders[i].Values = append(o.Holders[i].Values, parts[i])
		}
	}
	return o.Figure(sampleWords("openai-owners", LeaderTitle(Claim{Verb: "owns", Of: "of OpenAI"}, unit.DimShare, o.Start, o.Holders),
		"Shares of OpenAI by holder, percent, 2025–2032"))
}

func TestOwnersOfOddSharesHaveNoOverlaps(t *testing.T) {
	generated(t, 200, func(g generator) (*Figure, error) {
		months := []int{1, 2, 13, 85, 301}[g.IntN(5)]
		o := Ownership{Start: unit.Date(2020+g.IntN(8), 1+g.IntN(12)), Rest: g.name()}
		n := 1 + g.IntN(12)
		o.Holders = g.series(n, months, false)
		for i := range o.Holders {
			for m := range months {
				o.Holders[i].Values[m] = g.Float64() / float64(n)
			}
		}
		for range g.IntN(9) {
			o.Rounds = append(o.Rounds, Dilution{o.Start + unit.Month(g.IntN(months)), g.name(), g.Float64()})
		}
		return o.Figure(g.words())
	})
}

func TestOwnersHoldTheWholeAndNoMore(t *testing.T) {
	f := built(t)(sampleOwnership())
	sums := map[string]float64{}
	for _, r := range f.Table() {
		if r.Band == "" {
			sums[r.Date] += r.Value
		}
	}
	for date, sum := range sums {
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("the owners of %s hold %g, want 1", date, sum)
		}
	}
	if text := f.AltText(); !strings.Contains(text, "the 5 of 6 rounds that dilute most") || !strings.Contains(text, "Round 6 in 2031-06 (−2%)") {
		t.Errorf("alternative text %q", text)
	}
	for _, c := range []struct {
		name string
		o    Ownership
		want string
	}{
		{"no holders", Ownership{}, "nothing to draw"},
		{"more than the whole", Ownership{Holders: []Series{one("a", 0.6), one("b", 0.5)}}, "more than all of it"},
		{"a negative share", Ownership{Holders: []Series{one("a", -0.1)}}, "no negative values"},
		{"a round that sells more than all", Ownership{Holders: []Series{one("a", 1)}, Rounds: []Dilution{{0, "A", 1.2}}}, "want 0 to 1"},
		{"a round after the end", Ownership{Holders: []Series{one("a", 1)}, Rounds: []Dilution{{1, "A", 0.2}}}, "want 0 to 1"},
	} {
		_, err := c.o.Figure(sampleWords("x", "A title", ""))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(c.want, "nothing") != errors.Is(err, ErrNoData) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}
