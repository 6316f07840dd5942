// Package chart says which charts a result has: which of its numbers each draws, and the finding that its title states. It
// reads a result that a run has just made or one that lies in a folder alike, so both are drawn the same.
package chart

import (
	"math"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Data is what charts are drawn from.
type Data struct {
	About         record.About
	Columns       []record.Column
	Summary       record.Summary // over runs 1 to N; empty without draws
	Probabilities []record.Probability
	Runs          []output.Run     // whose months are known, by number; the first is the central run
	Events        []record.Event   // of the first run, of the kinds that charts name; see Kinds
	Table         *record.RunTable // what runs.csv holds; nil when no chart asks for it
	At            unit.Month       // of the outcome whose causes are looked for; 0 for the last month
	Focus         string           // key of the firm that is brought forward; empty for none
}

// Meta tells which result a chart comes from.
func (d *Data) Meta() plot.Meta {
	return plot.Meta{Scenario: d.name(), Hash: d.About.Hash, Seed: d.About.Seed, Runs: d.About.Runs, Version: "v" + output.Version}
}

// name is the scenario with its variant.
func (d *Data) name() string {
	if d.About.Variant == "" {
		return d.About.Scenario
	}
	return d.About.Scenario + "+" + d.About.Variant
}

// mainAssumptions names the groups of uncertain inputs that matter most, as far as the scenario has them.
func (d *Data) mainAssumptions() []string {
	var names []string
	for _, g := range []struct{ prefix, words string }{
		{"market.enterprise.", "growth of demand"}, {"market.build.", "lead times"}, {"market.compute.", "price of compute"},
	} {
		if slices.ContainsFunc(d.About.Assumptions, func(a record.Assumption) bool { return a.Uncertain() && strings.HasPrefix(a.Path, g.prefix) }) {
			names = append(names, g.words)
		}
	}
	return names
}

// find returns the place of a column, or -1.
func (d *Data) find(entity string, m measure.ID) int {
	name := m.Def().Name
	return slices.IndexFunc(d.Columns, func(c record.Column) bool {
		return c.Entity == entity && c.Metric == name && c.With == ""
	})
}

// measures tells whether a result holds a measure of anything.
func (d *Data) measures(m measure.ID) bool {
	return slices.ContainsFunc(d.Columns, func(c record.Column) bool { return c.Metric == m.Def().Name })
}

// column returns a column's values in a run, one a month; nil where the run is not known.
func (d *Data) column(run, column int) []float64 {
	for _, r := range d.Runs {
		if r.Run == run && column >= 0 {
			return slices.Clone(r.Values[column])
		}
	}
	return nil
}

// central is the number of the run that charts of one run show.
func (d *Data) central() int {
	if len(d.Runs) == 0 {
		return 0
	}
	return d.Runs[0].Run
}

// series returns a measure of the central run for each firm with a role, in the order of the scenario.
// Firms for which it is zero throughout are left out.
func (d *Data) series(m measure.ID, role string) []plot.Series {
	var all []plot.Series
	for _, e := range d.About.Entities {
		if !e.Has(role) {
			continue
		}
		values := d.column(d.central(), d.find(e.Key, m))
		for t, v := range values {
			values[t] = measure.Known(m.Def().Name, v)
		}
		if slices.ContainsFunc(values, func(v float64) bool { return v != 0 && !math.IsNaN(v) }) {
			color := d.colorOf(e)
			all = append(all, plot.Series{Key: e.Key, Label: e.Label, Color: color, Values: values, Minor: color == restColor})
		}
	}
	return all
}

// stacked returns series for a stack: firms without a colour of their own join the rest on top.
func (d *Data) stacked(m measure.ID, role string) []plot.Series {
	all := d.series(m, role)
	named := slices.DeleteFunc(slices.Clone(all), func(s plot.Series) bool { return s.Minor })
	if len(named) == len(all) {
		return all
	}
	other := plot.Series{Key: "other", Label: "Other", Values: make([]float64, len(all[0].Values))}
	for _, s := range all {
		if s.Minor {
			for t, v := range s.Values {
				other.Values[t] += v
			}
		}
	}
	return append(named, other)
}

// Colours that no firm has: sums, and the firms without a name.
const (
	sumColor  = "#222222"
	restColor = "#595959"
)

// colorOf is an entity's colour. Where the scenario gives some firms a colour, all others share a grey, so that
// no firm borrows another's from chart to chart.
func (d *Data) colorOf(e record.Entity) string {
	if e.Color != "" {
		return e.Color
	}
	given := slices.ContainsFunc(d.About.Entities, func(x record.Entity) bool { return x.Color != "" })
	if given || record.IsRest(e.Key) {
		return restColor
	}
	return ""
}

// turns are the defaults and rescues of the central run that explain a break in a chart of firms with a role.
func (d *Data) turns(role string) []plot.Event {
	names := map[string]record.Entity{}
	for _, e := range d.About.Entities {
		names[e.Key] = e
	}
	var all []plot.Event
	for _, e := range d.Events {
		if e.Kind != "default" && e.Kind != "rescue" {
			continue
		}
		f := names[e.Firm]
		if !f.Has(role) {
			continue
		}
		words := f.Label + " defaults"
		if e.Kind == "rescue" {
			words = f.Label + " is rescued"
		}
		words = record.Agree(words, f.Label)
		if len(strings.Fields(words)) <= 6 && len(all) < 5 {
			all = append(all, plot.Event{Month: e.Month, Words: words})
		}
	}
	return all
}

// world returns a measure of the world in a run.
func (d *Data) world(run int, m measure.ID) []float64 {
	return d.column(run, d.find(m.Def().Scope.String(), m))
}

// quantiles returns those of a column, one value a month, NaN where the summary has none: of most columns it holds year ends.
func (d *Data) quantiles(column int) plot.Quantiles {
	var q plot.Quantiles
	to := map[int]*[]float64{5: &q.P5, 20: &q.P20, 35: &q.P35, 50: &q.P50, 65: &q.P65, 80: &q.P80, 95: &q.P95}
	for _, values := range to {
		*values = slices.Repeat([]float64{math.NaN()}, int(d.About.End-d.About.Start)+1)
	}
	for _, c := range d.Summary.Cells {
		if c.Column != column {
			continue
		}
		for i, level := range record.Levels() {
			if values := to[level]; values != nil {
				(*values)[c.Month-d.About.Start] = c.Quantiles[i]
			}
		}
	}
	return q
}

// spreads returns the quantiles of a measure for each firm with a role whose median is not zero throughout.
func (d *Data) spreads(m measure.ID, role string) []plot.Spread {
	var all []plot.Spread
	for _, e := range d.About.Entities {
		if !e.Has(role) {
			continue
		}
		q := d.quantiles(d.find(e.Key, m))
		if slices.ContainsFunc(q.P95, func(v float64) bool { return v != 0 && !math.IsNaN(v) }) {
			all = append(all, plot.Spread{Key: e.Key, Label: e.Label, Color: d.colorOf(e), Quantiles: q, Leads: d.leads(e.Key, m)})
		}
	}
	return all
}

// leads is the number of runs in which a firm is the first in a measure in the last month.
func (d *Data) leads(firm string, m measure.ID) int {
	last := d.About.End.String()
	for _, p := range d.Probabilities {
		if p.Kind == record.Placed && p.Place == 1 && p.Firm == firm && p.What == m.Def().Name && p.Date == last {
			return p.In
		}
	}
	return 0
}

// period writes the months that a chart spans.
func (d *Data) period() string { return d.About.Start.Words() + " to " + d.About.End.Words() }
