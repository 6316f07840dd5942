package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// watched keeps some columns of every run, month by month: what differences over time are drawn from.
type watched struct {
	columns []int
	values  [][][]float64 // by run, then month, then as columns
}

// watch makes a job keep what charts of its differences draw: the capacity of all owners and the labs' shares.
func (j *job) watch() {
	j.watched = &watched{values: make([][][]float64, j.about.Runs+1)}
	j.watched.columns = append(j.watched.columns, j.find("world", measure.TotalEnergised))
	for _, e := range j.about.Entities {
		if e.Has("lab") {
			j.watched.columns = append(j.watched.columns, j.find(e.Key, measure.MarketShare))
		}
	}
}

// Month implements [record.Sink]. The months of a run come one after the other, from one goroutine.
func (x *watched) Month(run int, _ unit.Month, frame []float64) {
	one := make([]float64, len(x.columns))
	for i, c := range x.columns {
		one[i] = frame[c]
	}
	x.values[run] = append(x.values[run], one)
}

// Event implements [record.Sink].
func (x *watched) Event(record.Event) {}

// of returns a column's values in a run; nil where it was not watched from the start, as in a comparison that was resumed.
func (x *watched) of(run, column, months int) []float64 {
	k := slices.Index(x.columns, column)
	if k < 0 || len(x.values[run]) != months {
		return nil
	}
	var all []float64
	for _, frame := range x.values[run] {
		all = append(all, frame[k])
	}
	return all
}

// mostPanels is how many headline numbers the chart of ranges shows.
const mostPanels = 3

// draw puts the charts of a comparison into its folder and names them.
func (c *comparison) draw(folder *output.Folder) (names []string, err error) {
	reference := c.sides[0]
	meta := plot.Meta{Scenario: reference.name, Hash: c.hash, Seed: reference.job.about.Seed, Runs: reference.job.about.Runs, Version: "v" + output.Version}
	for _, x := range c.sides[1:] {
		meta.Scenario += ", " + c.short(x)
	}
	put := func(f *plot.Figure, err error) error {
		if errors.Is(err, plot.ErrNoData) {
			return nil
		}
		if err != nil {
			return err
		}
		names = append(names, "plots/"+f.Name+".png")
		return putFigure(folder, f, meta)
	}
	if err := put(c.ranges(meta.Footer())); err != nil {
		return names, err
	}
	if err := put(c.overTime(meta)); err != nil {
		return names, err
	}
	for _, x := range c.sides[1:] {
		for _, q := range c.drawnOverTime() {
			if err := put(c.difference(x, q, meta.Footer())); err != nil {
				return names, err
			}
		}
	}
	return names, nil
}

// overTime lays the sides side by side over time.
func (c *comparison) overTime(meta plot.Meta) (*plot.Figure, error) {
	var all []*chart.Data
	var names []string
	for _, x := range c.sides {
		d, err := chart.Read(x.result, nil)
		if err != nil {
			return nil, err
		}
		d.Table = x.table
		all, names = append(all, d), append(names, c.short(x))
	}
	return chart.Variants(all, names, meta)
}

// drawnOverTime are the headline numbers that are watched: capacity, and the share of the first lab that a change names
// or that leads.
func (c *comparison) drawnOverTime() []quantity {
	var all []quantity
	for _, m := range []measure.ID{measure.TotalEnergised, measure.MarketShare} {
		if i := slices.IndexFunc(c.headline, func(q quantity) bool { return q.Metric == m.Def().Name }); i >= 0 {
			all = append(all, c.headline[i])
		}
	}
	return all
}

// ranges shows where the headline numbers lie on each side.
func (c *comparison) ranges(footer [2]string) (*plot.Figure, error) {
	r := plot.Ranges{N: c.sides[0].job.about.Runs}
	for _, x := range c.sides {
		r.Rows = append(r.Rows, plot.Variant{Key: x.name, Label: c.short(x)})
	}
	label := c.sides[0].job.label
	for _, q := range c.headline[:min(mostPanels, len(c.headline))] {
		p := plot.RangePanel{Key: q.Name(), Label: record.Capital(q.whose(label)), Unit: q.Unit, At: q.month}
		for _, x := range c.sides {
			d := record.Describe(x.sampled([]quantity{q})[0])
			p.Ranges = append(p.Ranges, plot.Range{P5: level(d, 5), P50: level(d, 50), P95: level(d, 95)})
		}
		r.Panels = append(r.Panels, p)
	}
	if len(r.Panels) == 0 {
		return nil, plot.ErrNoData
	}
	first := c.headline[0]
	date := " in " + first.month.Words()
	if slices.ContainsFunc(r.Panels, func(p plot.RangePanel) bool { return p.At != first.month }) {
		date = ""
	}
	return r.Figure(plot.Words{
		Name: "ranges", Title: plot.RangesTitle(fmt.Sprintf("%s in %d", first.whose(label), first.month.Year()), r, 0),
		Subtitle: "Headline numbers of each side" + date + ", on the same draws.", Footer: footer,
	})
}

// short is a side's name, without the scenario's where all sides are of one.
func (c *comparison) short(x *compared) string {
	for _, other := range c.sides {
		if other.about.Scenario != x.about.Scenario {
			return x.name
		}
	}
	if name, ok := strings.CutPrefix(x.name, x.about.Scenario+"+"); ok {
		return name
	}
	return x.name
}

// level is a quantile of values.
func level(d record.Stats, percent int) float64 {
	levels := record.Levels()
	return d.Quantiles[slices.Index(levels[:], percent)]
}

// difference shows how a number differs from the reference over time, run by run.
func (c *comparison) difference(x *compared, q quantity, footer [2]string) (*plot.Figure, error) {
	a, b := x.job, c.sides[0].job
	label := b.label
	months := int(min(a.about.End, b.about.End)-b.about.Start) + 1
	d := plot.Difference{Start: b.about.Start, Unit: q.Unit, Key: q.Metric, Measure: q.whose(label), A: c.short(x), B: c.short(c.sides[0])}
	at := [2]int{slices.Index(a.columns, q.Column), slices.Index(b.columns, q.Column)}
	byMonth := make([][]float64, months)
	level, most := 0.0, 0.0 // of the number, of its difference
	for run := 1; run <= b.about.Runs; run++ {
		u, v := a.watched.of(run, at[0], int(a.about.End-a.about.Start)+1), b.watched.of(run, at[1], int(b.about.End-b.about.Start)+1)
		if u == nil || v == nil {
			return nil, plot.ErrNoData
		}
		d.N++
		one := make([]float64, months)
		for t := range months {
			one[t] = u[t] - v[t]
			level, most = max(level, math.Abs(u[t]), math.Abs(v[t])), max(most, math.Abs(one[t]))
			byMonth[t] = append(byMonth[t], one[t])
		}
		d.Runs = append(d.Runs, one)
		if last := one[months-1]; last > 0 {
			d.Above++
		} else if last < 0 {
			d.Below++
		}
	}
	if d.N == 0 || most < visiblePart*level {
		return nil, plot.ErrNoData
	}
	if d.N >= fewPairs {
		d.Runs = nil
	}
	to := map[int]*[]float64{5: &d.Quantiles.P5, 20: &d.Quantiles.P20, 35: &d.Quantiles.P35, 50: &d.Quantiles.P50, 65: &d.Quantiles.P65, 80: &d.Quantiles.P80, 95: &d.Quantiles.P95}
	for _, values := range byMonth {
		s := record.Describe(values)
		for i, percent := range record.Levels() {
			if values := to[percent]; values != nil {
				*values = append(*values, s.Quantiles[i])
			}
		}
	}
	name := "difference-" + output.FileName(q.Name())
	if len(c.sides) > 2 {
		name += "-" + output.FileName(x.name)
	}
	return d.Figure(plot.Words{
		Name: name, Title: plot.DifferenceTitle(d), Footer: footer,
		Subtitle: fmt.Sprintf("%s in %s less that in %s, run by run on the same draws.", record.Capital(d.Measure), d.A, d.B),
	})
}

// fewPairs is the number of pairs below which each is drawn in place of quantiles.
const fewPairs = 100
