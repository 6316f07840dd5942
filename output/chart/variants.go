package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// VariantsName is the stem of the files of [Variants].
const VariantsName = "variants"

// Variants lays results of the same months and draws side by side over time, in the measure that the scenario of the first, the
// reference, asks about. Others that have no quantiles of it are left out. names are those of the results; meta is that of the
// comparison. The error is [plot.ErrNoData] where the reference or all others cannot be drawn.
func Variants(all []*Data, names []string, meta plot.Meta) (*plot.Figure, error) {
	first := all[0]
	of, ok := first.asked()
	if !ok {
		return nil, plot.ErrNoData
	}
	v := plot.Variants{Start: first.About.Start, Unit: of.Unit, N: first.Summary.Runs}
	color := sumColor
	for _, e := range first.About.Entities {
		if e.Key == of.Entity {
			color = first.colorOf(e)
		}
	}
	var drawn []*Data
	var medians []float64 // in the last month
	for i, d := range all {
		column := slices.Index(d.Columns, of)
		if column < 0 || d.Summary.Runs < FanRuns || !sameAxis(d.About, first.About) {
			if d == first {
				return nil, plot.ErrNoData
			}
			continue
		}
		key := names[i]
		for n := 2; slices.ContainsFunc(v.Panels, func(s plot.Spread) bool { return s.Key == key }); n++ {
			key = fmt.Sprintf("%s-%d", names[i], n)
		}
		q := d.quantiles(column)
		v.Panels = append(v.Panels, plot.Spread{Key: key, Label: names[i], Color: color, Quantiles: q})
		medians = append(medians, q.P50[len(q.P50)-1])
		v.N = min(v.N, d.Summary.Runs)
		drawn = append(drawn, d)
	}
	if len(v.Panels) < 2 {
		return nil, plot.ErrNoData
	}
	what := first.what(of)
	title := fmt.Sprintf("No clear difference from %s in %s in %d", v.Panels[0].Label, what, first.About.End.Year())
	if apart := clearly(drawn, of); len(apart) > 0 {
		farthest := slices.MaxFunc(apart, func(a, b int) int {
			return cmp.Compare(math.Abs(medians[a]-medians[0]), math.Abs(medians[b]-medians[0]))
		})
		way, x, y := "higher", medians[farthest], medians[0]
		if x < y {
			way = "lower"
		}
		show := func(value float64) string { return plot.Format(value, min(math.Abs(x), math.Abs(y)), of.Unit) }
		title = fmt.Sprintf("With %s %s in %d is clearly %s, %s in the median against %s", v.Panels[farthest].Label, what, first.About.End.Year(), way, show(x), show(y))
	}
	return v.Figure(plot.Words{
		Name: VariantsName, Footer: meta.Footer(first.mainAssumptions()...), Title: title,
		Subtitle: record.Capital(what) + unitText(of.Unit) + ", " + first.period() + ", on the same draws.",
	})
}

// clearly lists the results whose column ends clearly higher or lower than that of the first: run by run, by the sign test with
// Holm's correction, as comparisons judge. Where a result comes without its runs, the middle 60 % of the two must lie apart.
func clearly(all []*Data, of record.Column) (apart []int) {
	var paired []int
	var chances []float64
	first := all[0].atEnd(of)
	for i, d := range all[1:] {
		second := d.atEnd(of)
		if n := min(len(first), len(second)); n > 0 {
			paired, chances = append(paired, i+1), append(chances, effect.Compare(first[:n], second[:n]).Chance)
			continue
		}
		p, q := all[0].quantiles(slices.Index(all[0].Columns, of)), d.quantiles(slices.Index(d.Columns, of))
		if last := len(p.P50) - 1; p.P80[last] < q.P20[last] || q.P80[last] < p.P20[last] {
			apart = append(apart, i+1)
		}
	}
	for k, stands := range effect.Holm(chances, 0.05) {
		if stands {
			apart = append(apart, paired[k])
		}
	}
	return apart
}

// atEnd returns a column's value in the last month of each drawn run, NaN where a run has none; nil where runs are not known.
func (d *Data) atEnd(of record.Column) []float64 {
	if d.Table == nil {
		return nil
	}
	at := slices.IndexFunc(d.Table.Outcomes, func(o record.Outcome) bool { return o.Month == d.About.End && d.Table.Columns[o.Column] == of })
	if at < 0 {
		return nil
	}
	values := slices.Repeat([]float64{math.NaN()}, d.About.Runs)
	for _, r := range d.Table.Drawn(at) {
		values[r.Run-1] = r.Outcomes[at]
	}
	return values
}

// sameAxis tells whether two results share months and draws.
func sameAxis(a, b record.About) bool {
	return a.Start == b.Start && a.End == b.End && a.Seed == b.Seed && a.Design == b.Design
}

// asked is what the scenario asks about: the first measure that it compares between its variants, else the market share of the
// lab that most often leads.
func (d *Data) asked() (of record.Column, ok bool) {
	if d.Table != nil {
		for _, n := range d.Table.Numbers {
			name, _, _ := strings.Cut(n.Text, " @ ")
			if i := slices.IndexFunc(d.Columns, func(c record.Column) bool { return c.Name() == name }); i >= 0 {
				return d.Columns[i], true
			}
		}
	}
	most := 0
	for _, e := range d.About.Entities {
		if i := d.find(e.Key, measure.MarketShare); i >= 0 && d.leads(e.Key, measure.MarketShare) > most {
			most, of, ok = d.leads(e.Key, measure.MarketShare), d.Columns[i], true
		}
	}
	return of, ok
}

// what names a column in a sentence: "Microsoft's market share".
func (d *Data) what(c record.Column) string {
	what := measure.Words(c.Metric)
	if c.With != "" {
		what += " with " + d.label(c.With)
	}
	if c.Entity == "world" {
		return what
	}
	return record.Possessive(d.label(c.Entity)) + " " + what
}

// unitText says in what a subtitle's measure is, where its ticks may leave a doubt.
func unitText(d unit.Dimension) string {
	switch d {
	case unit.DimUSD, unit.DimUSDPerYear:
		return ", nominal dollars"
	case unit.DimMW:
		return ", gigawatts of facility power"
	}
	return ""
}
