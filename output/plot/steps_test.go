package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

// sampleSteps are labs worth more after each round.
func sampleSteps(log bool) (*Figure, error) {
	b := Steps{Start: unit.Date(2026, 1), Unit: unit.DimUSD, Log: log, Focus: "anthropic"}
	for _, lab := range []struct {
		key, label string
		worth      float64
		rounds     map[int]float64 // $ bn, by month
		growth     float64
	}{
		{"openai", "OpenAI", 500, map[int]float64{2: 110, 14: 60, 33: 100, 52: 80, 70: 45}, 1.32},
		{"anthropic", "Anthropic", 350, map[int]float64{1: 30, 9: 25, 20: 50, 36: 70, 55: 90}, 1.45},
		{"xai", "xAI", 200, map[int]float64{4: 20, 16: 15, 40: 30}, 1.2},
		{"mistral", "Mistral", 14, map[int]float64{7: 2, 22: 3.5, 45: 6}, 1.6},
	} {
		s := Series{Key: lab.key, Label: lab.label}
		worth := lab.worth * 1e9
		for m := range 84 {
			if raised := lab.rounds[m]; raised > 0 {
				worth = worth*lab.growth + raised*1e9
				b.Rounds = append(b.Rounds, Round{lab.key, b.Start + unit.Month(m), raised * 1e9})
			}
			s.Values = append(s.Values, worth)
		}
		b.Series = append(b.Series, s)
	}
	w := sampleWords("worth-steps", LeaderTitle(Claim{Verb: "is valued at"}, unit.DimUSD, b.Start, b.Series), "Valuation after the latest round, $ bn and $ tn, nominal, 2026–2032")
	if log {
		w.Name = "worth-log"
	}
	return b.Figure(w)
}

func TestStepsOfOddSeriesHaveNoOverlaps(t *testing.T) {
	generated(t, 200, func(g generator) (*Figure, error) {
		months := []int{1, 2, 13, 85, 301}[g.IntN(5)]
		b := Steps{Start: unit.Date(2020+g.IntN(8), 1+g.IntN(12)), Unit: g.dimension(), Line: g.IntN(2) == 0, Log: g.IntN(2) == 0}
		b.Series = g.series(1+g.IntN(maxBands), months, !b.Log && g.IntN(3) == 0)
		b.Events = g.events(b.Start, months)
		for i, s := range b.Series {
			for m, v := range s.Values {
				if b.Log && v <= 0 {
					b.Series[i].Values[m] = math.Pow(10, g.Float64()*18-3)
				}
				if !math.IsNaN(v) && g.IntN(months) < 3 {
					b.Rounds = append(b.Rounds, Round{s.Key, b.Start + unit.Month(m), math.Pow(10, g.Float64()*15)})
				}
			}
		}
		return b.Figure(g.words())
	})
}

func TestStepsRefuseRoundsOfNothing(t *testing.T) {
	series := []Series{one("a", 1, math.NaN())}
	for _, c := range []struct {
		name string
		b    Steps
		want string
	}{
		{"no series", Steps{}, "nothing to draw"},
		{"nine series", Steps{Series: slices.Concat(series, []Series{{Key: "1", Values: []float64{1, 2}}, {Key: "2", Values: []float64{1, 2}}, {Key: "3", Values: []float64{1, 2}}, {Key: "4", Values: []float64{1, 2}}, {Key: "5", Values: []float64{1, 2}}, {Key: "6", Values: []float64{1, 2}}, {Key: "7", Values: []float64{1, 2}}, {Key: "8", Values: []float64{1, 2}}})}, "at most 8"},
		{"an unknown firm", Steps{Series: series, Rounds: []Round{{"b", 0, 1}}}, "no series of that key"},
		{"a month without a value", Steps{Series: series, Rounds: []Round{{"a", 1, 1}}}, "has a value"},
		{"a month after the last", Steps{Series: series, Rounds: []Round{{"a", 2, 1}}}, "has a value"},
		{"an unknown amount", Steps{Series: series, Rounds: []Round{{"a", 0, math.NaN()}}}, "raises NaN"},
		{"a debt on a log axis", Steps{Series: []Series{one("a", -1)}, Log: true}, "above zero"},
	} {
		if _, err := c.b.Figure(sampleWords("x", "A title", "")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// A page full of numbers tells none: the two largest rounds of each firm are told, and in whose unit they are read.
func TestTheLargestRoundsOfEachAreLabelled(t *testing.T) {
	b := Steps{Unit: unit.DimUSD, Log: true, Series: []Series{{Key: "large", Values: make([]float64, 60)}, {Key: "small", Values: make([]float64, 60)}}}
	for m := range 60 {
		b.Series[0].Values[m], b.Series[1].Values[m] = 3.6e12, 25e9
		if m%7 == 0 {
			raised := 1e9 + 1e8*float64(m)
			b.Rounds = append(b.Rounds, Round{"large", unit.Month(m), raised}, Round{"small", unit.Month(m), raised / 100})
		}
	}
	l, err := built(t)(b.Figure(sampleWords("x", "A title", ""))).Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	var rounds, ends []string
	for _, text := range l.Texts {
		switch text.Name {
		case "round":
			rounds = append(rounds, text.Text)
		case "label":
			ends = append(ends, text.Text)
		}
	}
	if want := []string{"$6.6 bn", "$5.9 bn", "$66 m", "$59 m"}; !slices.Equal(rounds, want) {
		t.Errorf("rounds are told as %q, want %q", rounds, want)
	}
	if want := []string{"small $25 bn", "large $3.6 tn"}; !slices.Equal(ends, want) {
		t.Errorf("values are told as %q, want %q", ends, want)
	}
}

func TestLogAxesHaveFewTicksAtRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{3e9, 40e9, "$2 bn $5 bn $10 bn $20 bn $50 bn"},
		{14e9, 1400e9, "$10 bn $50 bn $100 bn $500 bn $1 tn"},
		{5e9, 5e9, "$2 bn $5 bn $10 bn"},
		{1, 1e15, "$1 $1,000 $1 m $1 bn"},
	} {
		a := newLogAxis(unit.DimUSD, c.lo, c.hi)
		var labels []string
		for i := range a.ticks {
			labels = append(labels, a.label(i))
		}
		if got := strings.Join(labels, " "); !strings.HasPrefix(got, c.want) || len(labels) > 7 {
			t.Errorf("from %g to %g: %s, want %s", c.lo, c.hi, got, c.want)
		}
		if a.part(a.lo) != 0 || a.part(a.hi) != 1 || a.lo > c.lo*a.scale.factor || a.hi < c.hi*a.scale.factor {
			t.Errorf("from %g to %g: the axis runs from %g to %g", c.lo, c.hi, a.lo, a.hi)
		}
	}
}

func TestBoxesKnowTheLinesThatCrossThem(t *testing.T) {
	box := Rect{10, 10, 20, 20}
	for _, c := range []struct {
		path []pt
		want bool
	}{
		{[]pt{{0, 0}, {30, 30}}, true},
		{[]pt{{0, 15}, {12, 15}}, true},
		{[]pt{{15, 12}, {15, 13}}, true},
		{[]pt{{0, 0}, {5, 40}, {40, 40}}, false},
		{[]pt{{0, 22}, {30, 22}}, false},
		{[]pt{{0, 25}, {25, 0}}, true},
		{[]pt{{0, 16}, {16, 0}}, false},
		{[]pt{{15, 15}}, false},
	} {
		if got := box.crossed(c.path); got != c.want {
			t.Errorf("%v crosses %v: %v, want %v", c.path, box, got, c.want)
		}
	}
}
