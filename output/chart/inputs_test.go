package chart

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// drawnFrom is a result of so many runs whose outcome an input moves as told; a second input moves nothing.
func drawnFrom(runs int, outcome func(x float64, run int) float64) *Data {
	end := unit.Date(2032, 12)
	d := &Data{About: record.About{Start: unit.Date(2025, 12), End: end}}
	d.Columns = []record.Column{{Entity: "world", Metric: measure.TotalEnergised.Def().Name, Unit: unit.DimMW}}
	d.Table = &record.RunTable{RunHead: record.RunHead{
		Columns:  d.Columns,
		Inputs:   []record.Input{{Path: "market.build.chip_life", Unit: unit.DimMonths}, {Path: "firms.openai.cash", Unit: unit.DimUSD}},
		Outcomes: []record.Outcome{{Column: 0, Month: end}},
	}}
	for run := range runs + 1 {
		x := float64((run*37)%runs) / float64(runs)
		d.Table.Rows = append(d.Table.Rows, record.RunRow{Run: run, Inputs: []float64{40 + 20*x, 1e9 * float64((run*61)%runs)}, Outcomes: []float64{outcome(x, run)}})
	}
	return d
}

// Only an input that the outcome follows is drawn, at the medians of its fifths.
func TestATornadoShowsWhatMatters(t *testing.T) {
	f, err := inputsTornado(drawnFrom(500, func(x float64, run int) float64 { return 100e3 + 50e3*x }), plot.Words{Name: "inputs"})
	if err != nil {
		t.Fatal(err)
	}
	rows := f.Table()
	for _, r := range rows {
		if r.Series == "firms.openai.cash" {
			t.Errorf("an input that moves nothing is drawn: %+v", r)
		}
	}
	want := map[string]float64{"low": 105e3, "high": 145e3}
	for band, v := range want {
		found := false
		for _, r := range rows {
			found = found || r.Series == "market.build.chip_life" && r.Value > v-200 && r.Value < v+200
		}
		if !found {
			t.Errorf("no outcome near %v at the %s end; rows %+v", v, band, rows)
		}
	}
	if _, err := inputsTornado(drawnFrom(500, func(_ float64, run int) float64 { return float64((run*97)%500) * 100 }), plot.Words{Name: "inputs"}); err == nil {
		t.Error("an outcome that follows nothing is drawn")
	}
}

// The outcome is that of the month asked for, if runs know it.
func TestATornadoIsOfTheMonthAskedFor(t *testing.T) {
	d := drawnFrom(500, func(x float64, run int) float64 { return 100e3 + 50e3*x })
	d.Table.Outcomes = append(d.Table.Outcomes, record.Outcome{Column: 0, Month: unit.Date(2029, 12)})
	for i := range d.Table.Rows {
		d.Table.Rows[i].Outcomes = append(d.Table.Rows[i].Outcomes, 40e3+d.Table.Rows[i].Outcomes[0]/10)
	}
	for _, name := range []string{"2029", "2029-12"} {
		var ok bool
		if d.At, ok = d.MonthNamed(name); !ok || d.At != unit.Date(2029, 12) {
			t.Fatalf("%s is %v, %v", name, d.At, ok)
		}
	}
	f, err := inputsTornado(d, plot.Words{Name: "inputs"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Chip life moves AI capacity in 2029 from 50.5 to 54.5 GW"; f.Title != want || !strings.Contains(f.Subtitle, "December 2029") {
		t.Errorf("%q, %q; want %q", f.Title, f.Subtitle, want)
	}
	for _, name := range []string{"2030", "2029-06", ""} {
		if month, ok := d.MonthNamed(name); ok {
			t.Errorf("%q is %v", name, month)
		}
	}
}

// A grid of two inputs is a heat map of its cells; a sample is none.
func TestASweepIsOfTwoInputs(t *testing.T) {
	d := drawnFrom(9, func(float64, int) float64 { return 0 })
	for i := range d.Table.Rows {
		k := max(0, i-1)
		d.Table.Rows[i].Inputs = []float64{float64(10 + k%3), float64(1e9 * (1 + k/3))}
		d.Table.Rows[i].Outcomes[0] = float64(1000 * (10*(k/3) + k%3))
	}
	f, err := sweep(d, plot.Words{Name: "sweep"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(f.Title, "most with") || !strings.Contains(f.Subtitle, "one run for each pair") {
		t.Errorf("of single runs it says %q, %q", f.Title, f.Subtitle)
	}
	seen := map[string]bool{}
	for _, r := range f.Table() {
		seen[fmt.Sprint(r.Value)] = true
	}
	if !seen["21000"] || !seen["12000"] {
		t.Errorf("cells are missing: %v", seen)
	}
	d.Table.Inputs[0].Words = slices.Repeat([]string{"seldom", "often"}, 7)
	if words, err := sweep(d, plot.Words{Name: "sweep"}); err != nil || !strings.Contains(words.Table()[1].Band, "market.build.chip_life=often") {
		t.Errorf("of words it shows %v, %v", words.Table(), err)
	}
	if !strings.Contains(f.Subtitle, "cells differ by chance too") {
		t.Errorf("of runs with luck of their own it says %q", f.Subtitle)
	}
	d.About.Design = "grid of 9 runs over 2 inputs, " + record.SharedLuck
	if f, err = sweep(d, plot.Words{Name: "sweep"}); err != nil || !strings.Contains(f.Subtitle, "all on the same luck") {
		t.Errorf("of runs with one luck it says %q, %v", f.Subtitle, err)
	}
	if _, err := sweep(drawnFrom(200, func(x float64, _ int) float64 { return x }), plot.Words{Name: "sweep"}); err == nil {
		t.Error("a sample of two inputs is drawn as a sweep")
	}
}

func TestPathsAreWrittenForReaders(t *testing.T) {
	d := &Data{About: record.About{Entities: []record.Entity{{Key: "openai", Label: "OpenAI"}}}}
	for path, want := range map[string]string{
		"market.build.chip_life": "chip life", "market.enterprise.growth": "enterprise growth", "firms.openai.cash": "OpenAI cash", "market.build.cost_per_mw": "cost per MW",
	} {
		if got := d.pathText(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestATornadoSaysThatNothingMatters(t *testing.T) {
	_, err := inputsTornado(drawnFrom(500, func(x float64, run int) float64 { return 100e3 }), plot.Words{Name: "inputs"})
	if want := "none of the 2 inputs moves AI capacity by more than chance in 500 runs"; !errors.Is(err, plot.ErrNoData) || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}
