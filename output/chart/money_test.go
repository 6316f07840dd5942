package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

func TestConcentrationIsGraded(t *testing.T) {
	for to, want := range map[float64]string{
		2368: "Spend on AI models is highly concentrated in 2032: an index of 2,368, from 2,473",
		1800: "Spend on AI models is moderately concentrated in 2032: an index of 1,800, from 2,473",
		900:  "Spend on AI models is little concentrated in 2032: an index of 900, from 2,473",
	} {
		if got := concentrationTitle(2473, to, unit.Date(2032, 12)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Whose shares are drawn is whom the scenario asks about, though another is worth more; without a question, who is worth most.
func TestOwnershipIsOfTheCompanyInQuestion(t *testing.T) {
	d := &Data{Runs: []output.Run{{Months: []unit.Month{0}}}}
	for i, name := range []string{"OpenAI", "Anthropic", "Mistral"} {
		key := []string{"openai", "anthropic", "mistral"}[i]
		d.About.Entities = append(d.About.Entities, record.Entity{Key: key, Label: name})
		d.Columns = append(d.Columns, record.Column{Entity: key, Metric: measure.Valuation.Def().Name})
		d.Runs[0].Values = append(d.Runs[0].Values, []float64{[]float64{9e11, 5e11, 1e10}[i]})
		d.Events = append(d.Events, record.Event{Kind: "round", Firm: key})
	}
	if got := d.company(); got != "openai" {
		t.Errorf("without a question it is %q", got)
	}
	d.About.Question = "Does staged money slow Anthropic or Mistral?"
	if got := d.company(); got != "anthropic" {
		t.Errorf("of the two in question it is %q", got)
	}
	d.Events = slices.Delete(d.Events, 1, 2)
	if got := d.company(); got != "mistral" {
		t.Errorf("of those in question that raise money it is %q", got)
	}
}

// A lab's runway is told of the runs in which it is there, and as no number where a third of these burn no cash.
func TestARunwayIsToldOfTheRunsThatHaveOne(t *testing.T) {
	end := unit.Date(2032, 12)
	d := &Data{About: record.About{Start: end, End: end}, Summary: record.Summary{Runs: 100}}
	d.Columns = []record.Column{{Entity: "xai", Metric: measure.Runway.Def().Name, Unit: unit.DimMonths}}
	for _, c := range []struct {
		there    int
		mid, p65 float64
		want     string
	}{
		{100, 13, 20, "13 months"},
		{38, 13, 20, "13 months, gone in 62%"},
		{38, 90, endless, "often burns none, gone in 62%"},
		{100, endless, endless, "burns none"},
		{0, math.NaN(), math.NaN(), "gone in all runs"},
	} {
		d.Summary.Cells = []record.Cell{{Month: end, Stats: record.Stats{N: c.there}}}
		s := plot.Spread{Key: "xai", Quantiles: plot.Quantiles{P50: []float64{c.mid}, P65: []float64{c.p65}}}
		if got := d.runwayEnds(s); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Whose cash lasts shortest is claimed only where the middle runs of two labs lie apart.
func TestShortestRunwayIsClaimedWhenApart(t *testing.T) {
	lab := func(name string, low, mid, high float64) plot.Spread {
		return plot.Spread{Key: strings.ToLower(name), Label: name, Quantiles: plot.Quantiles{P20: []float64{low}, P50: []float64{mid}, P80: []float64{high}}}
	}
	for want, labs := range map[string][]plot.Spread{
		"No lab's cash lasts clearly shortest at the end of 2032: Alpha 12 months in the median run, Beta 13": {lab("Beta", 5, 13, 90), lab("Alpha", 4, 12, 80)},
		"Alpha's cash lasts shortest: 12 months at the end of 2032 in the median run":                         {lab("Beta", 25, 33, 90), lab("Alpha", 4, 12, 20)},
		"No lab burns cash at the end of 2032 in the median run":                                              {lab("Beta", 25, endless, endless)},
	} {
		if got := shortestTitle(labs, unit.Date(2032, 12)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
