package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// valuations shows what companies that raise money are worth, and the rounds that made it so.
func valuations(d *Data, w plot.Words) (*plot.Figure, error) {
	s := plot.Steps{Start: d.About.Start, Unit: unit.DimUSD, Focus: d.Focus, Log: true, Events: d.turns("lab")}
	raised := map[string]bool{}
	for _, e := range d.Events {
		if amount, ok := reason(e, "raised"); e.Kind == "round" && ok {
			raised[e.Firm] = true
			s.Rounds = append(s.Rounds, plot.Round{Series: e.Firm, Month: e.Month, Raised: amount})
		}
	}
	s.Series = slices.DeleteFunc(d.series(measure.Valuation, "lab"), func(x plot.Series) bool { return !raised[x.Key] })
	s.Series = s.Series[:min(len(s.Series), mostLines)]
	for i := range s.Series {
		for t, v := range s.Series[i].Values {
			s.Series[i].Values[t] = missingBelow(v)
		}
	}
	s.Rounds = slices.DeleteFunc(s.Rounds, func(r plot.Round) bool {
		i := slices.IndexFunc(s.Series, func(x plot.Series) bool { return x.Key == r.Series })
		return i < 0 || !(s.Series[i].Values[r.Month-s.Start] > 0)
	})
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "is worth"}, unit.DimUSD, d.About.Start, s.Series), "Post-money value of companies that raise money, nominal dollars")
	return s.Figure(w)
}

// mostLines is how many lines a chart names.
const mostLines = 8

func cashFan(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.spreads(measure.Cash, "lab")
	w.Title = plot.MediansTitle("cash", unit.DimUSD, d.About.Start, labs, d.Summary.Runs)
	w.Subtitle = "Cash at month end, nominal dollars, " + d.period() + "."
	return d.multiples(labs, unit.DimUSD, w)
}

// runwayFan shows how long cash lasts in the runs in which a lab is there. At the top of the scale are runs that burn none.
func runwayFan(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := slices.DeleteFunc(d.spreads(measure.Runway, "lab"), func(s plot.Spread) bool { return slices.Min(s.Quantiles.P20) >= endless })
	w.Title = shortestTitle(labs, d.About.End)
	for i := range labs {
		labs[i].Ends = d.runwayEnds(labs[i])
	}
	w.Subtitle = "Cash over what is burnt a month in runs in which the lab is not gone, " + d.period() +
		". At the top: runs that burn none; no line where a third do. Parents keep labs of theirs at six months."
	return plot.Multiples{Start: d.About.Start, Unit: unit.DimMonths, N: d.Summary.Runs, Panels: labs, Cap: endless}.Figure(w)
}

// runwayEnds says how long a lab's cash lasts in the end, and in what part of the runs it is gone.
func (d *Data) runwayEnds(s plot.Spread) string {
	last := len(s.Quantiles.P50) - 1
	text := fmt.Sprintf("%.0f months", s.Quantiles.P50[last])
	switch {
	case math.IsNaN(s.Quantiles.P50[last]):
		return "gone in all runs"
	case s.Quantiles.P50[last] >= endless:
		text = "burns none"
	case s.Quantiles.P65[last] >= endless:
		text = "often burns none"
	}
	column := d.find(s.Key, measure.Runway)
	for _, c := range d.Summary.Cells {
		if c.Column == column && c.Month == d.About.End && c.N < d.Summary.Runs {
			text += fmt.Sprintf(", gone in %.0f%%", 100*(1-float64(c.N)/float64(d.Summary.Runs)))
		}
	}
	return text
}

// shortestTitle names the lab whose cash lasts shortest in the median run, where the middle 60 % of its runs lies below that of
// the next lab: months that overlap tell of no order.
func shortestTitle(labs []plot.Spread, end unit.Month) string {
	burning := slices.DeleteFunc(slices.Clone(labs), func(s plot.Spread) bool {
		n := len(s.Quantiles.P50)
		return n == 0 || !(s.Quantiles.P50[n-1] < endless) || record.IsRest(s.Key)
	})
	last := func(values []float64) float64 { return values[len(values)-1] }
	slices.SortStableFunc(burning, func(a, b plot.Spread) int { return cmp.Compare(last(a.Quantiles.P50), last(b.Quantiles.P50)) })
	if len(burning) == 0 {
		return fmt.Sprintf("No lab burns cash at the end of %d in the median run", end.Year())
	}
	least := burning[0]
	months := last(least.Quantiles.P50)
	if len(burning) > 1 && last(least.Quantiles.P80) >= last(burning[1].Quantiles.P20) {
		return fmt.Sprintf("No lab's cash lasts clearly shortest at the end of %d: %s %.0f months in the median run, %s %.0f",
			end.Year(), least.Label, months, burning[1].Label, last(burning[1].Quantiles.P50))
	}
	return fmt.Sprintf("%s cash lasts shortest: %.0f months at the end of %d in the median run", record.Possessive(least.Label), months, end.Year())
}

// endless is the runway of a firm that burns no cash.
const endless = 120

// concentration shows the Herfindahl-Hirschman indices.
func concentration(d *Data, w plot.Words) (*plot.Figure, error) {
	var lines []plot.Series
	for _, x := range []struct {
		m     measure.ID
		label string
	}{
		{measure.HHI, "Model spend"},
		{measure.HHIOwnerGroup, "Model spend with owners"},
		{measure.HHIComputeUsed, "Compute used"},
		{measure.HHIComputeOwned, "Capacity owned"},
	} {
		if values := d.world(d.central(), x.m); len(values) > 0 {
			lines = append(lines, plot.Series{Key: x.m.Def().Name, Label: x.label, Values: values})
		}
	}
	if len(lines) == 0 {
		return nil, plot.ErrNoData
	}
	first := lines[0].Values
	d.head(&w, concentrationTitle(first[0], first[len(first)-1], d.About.End),
		"Herfindahl-Hirschman index, the sum of squared shares in per cent", "above 1,800 a market counts as highly concentrated", "with owners: each lab counted with its largest strategic owner")
	return plot.Lines{Start: d.About.Start, Unit: unit.None, Series: lines}.Figure(w)
}

// concentrationTitle says how concentrated spend on models is in the end.
//
// Source: U.S. Department of Justice and Federal Trade Commission, Merger Guidelines, 2023, guideline 1: markets
// with more than 1,800 are highly concentrated; those between 1,000 and that are moderately so.
func concentrationTitle(from, to float64, end unit.Month) string {
	how := "little"
	switch {
	case to > 1800:
		how = "highly"
	case to >= 1000:
		how = "moderately"
	}
	show := func(v float64) string { return plot.Format(v, 1e4, unit.None) }
	return fmt.Sprintf("Spend on AI models is %s concentrated in %d: an index of %s, from %s", how, end.Year(), show(to), show(from))
}
