package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// fanRuns is the least number of runs from which quantiles are drawn as bands.
const fanRuns = 100

// chart is one picture of a result.
type chart struct {
	name  string // stem of its files
	extra bool   // drawn with --plots all alone
	bands bool   // shows quantiles, so it needs fanRuns runs
	tall  bool   // takes a full page
	draw  func(*result, plot.Words) (*plot.Figure, error)
}

// charts lists the pictures in the order in which they are named to the user: where there are draws, what they
// say comes before one run.
func charts() []chart {
	return []chart{
		{name: "market-share-fan", bands: true, draw: shareFan},
		{name: "capacity-fan", bands: true, draw: capacityFan},
		{name: "market-share", draw: shareArea},
		{name: "capacity", draw: capacityArea},
		{name: "capacity-owners-fan", extra: true, bands: true, tall: true, draw: ownersFan},
		{name: "revenue", extra: true, draw: revenueLines},
		{name: "revenue-fan", extra: true, bands: true, tall: true, draw: revenueFan},
		{name: "capability", extra: true, draw: capabilityLines},
		{name: "market-size-fan", extra: true, bands: true, draw: marketFan},
		{name: "rent", extra: true, draw: rentLine},
		{name: "rent-fan", extra: true, bands: true, draw: rentFan},
	}
}

// chartedMetrics are the measures of which some chart draws every month.
func chartedMetrics() []string {
	var names []string
	for _, m := range []measure.ID{
		measure.MarketShare, measure.CapacityEnergised, measure.RevenueRunRate, measure.Capability,
		measure.TotalEnergised, measure.MarketSize, measure.RentPerGWYear,
	} {
		names = append(names, m.Def().Name)
	}
	return names
}

// wanted are the charts that were asked for, as far as so many draws can show them.
func (j *job) wanted(draws int) (wanted []chart) {
	if j.options.plots == "none" || j.options.only != "" || j.shard.count > 0 {
		return nil
	}
	for _, c := range charts() {
		if (!c.extra || j.options.plots == "all") && (!c.bands || draws >= fanRuns) {
			wanted = append(wanted, c)
		}
	}
	return wanted
}

// draw puts the charts that were asked for into the folder.
func (r *result) draw(ctx context.Context, folder *output.Folder) error {
	wanted := r.wanted(r.summary.Runs)
	drawn := make([]bool, len(wanted))
	warnings := make([][]string, len(wanted))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range wanted {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			var err error
			drawn[i], warnings[i], err = r.drawOne(c, folder)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, c := range wanted {
		if drawn[i] {
			r.charts = append(r.charts, "plots/"+c.name+".png")
		}
		for _, w := range warnings[i] {
			r.warn(folder, c.name+": "+w)
		}
	}
	return nil
}

// warn tells the manifest and the user.
func (r *result) warn(folder *output.Folder, text string) {
	folder.Warn(text)
	r.warnings = append(r.warnings, text)
}

// drawOne writes a chart as picture, numbers and words. A chart without a number is left out; one that
// cannot be drawn is a warning, because the numbers of the run are worth having all the same.
func (r *result) drawOne(c chart, folder *output.Folder) (drawn bool, warnings []string, err error) {
	meta := plot.Meta{Scenario: r.name(), Hash: r.about.Hash, Seed: r.about.Seed, Runs: r.about.Runs, Version: "v" + output.Version}
	figure, err := c.draw(r, plot.Words{Name: c.name, Footer: meta.Footer(r.mainAssumptions()...)})
	if errors.Is(err, plot.ErrNoData) {
		return false, nil, nil
	}
	if err != nil {
		return false, []string{"not drawn: " + err.Error()}, nil
	}
	profile := plot.Report()
	if c.tall {
		profile = plot.Tall()
	}
	layout, err := figure.Layout(profile)
	if err != nil {
		return false, []string{"not drawn: " + err.Error()}, nil
	}
	for _, f := range []struct {
		extension string
		write     func(io.Writer) error
	}{
		{".png", func(w io.Writer) error { return figure.PNG(w, profile, meta) }},
		{".csv", figure.CSV},
		{".txt", func(w io.Writer) error { _, err := fmt.Fprintln(w, figure.AltText()); return err }},
	} {
		if err := folder.File("plots/"+c.name+f.extension, f.write); err != nil {
			return false, nil, err
		}
	}
	return true, layout.Warnings, nil
}

// mainAssumptions names the groups of uncertain inputs that matter most, as far as the scenario draws them.
func (r *result) mainAssumptions() []string {
	var names []string
	for _, g := range []struct{ prefix, words string }{
		{"market.enterprise.", "growth of demand"}, {"market.build.", "lead times"}, {"market.compute.", "price of compute"},
	} {
		if slices.ContainsFunc(r.about.Assumptions, func(a record.Assumption) bool { return a.Drawn && strings.HasPrefix(a.Path, g.prefix) }) {
			names = append(names, g.words)
		}
	}
	return names
}

// find returns the place of a column, or -1.
func (j *job) find(entity string, m measure.ID) int {
	name := m.Def().Name
	return slices.IndexFunc(j.columns, func(c record.Column) bool {
		return c.Entity == entity && c.Metric == name && c.With == ""
	})
}

// series returns a measure of the central run for each firm with a role, in the order of the scenario.
// Firms for which it is zero throughout are left out.
func (r *result) series(m measure.ID, role string) []plot.Series {
	var all []plot.Series
	for _, e := range r.about.Entities {
		if !hasRole(e.Roles, role) {
			continue
		}
		values := r.frames.column(r.runs[0], r.find(e.Key, m))
		for t, v := range values {
			values[t] = known(m.Def().Name, v)
		}
		if slices.ContainsFunc(values, func(v float64) bool { return v != 0 && !math.IsNaN(v) }) {
			color := r.colorOf(e)
			all = append(all, plot.Series{Key: e.Key, Label: e.Label, Color: color, Values: values, Minor: color == restColor})
		}
	}
	return all
}

// stacked returns series for a stack: firms without a colour of their own join the rest on top.
func (r *result) stacked(m measure.ID, role string) []plot.Series {
	all := r.series(m, role)
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

// isRest tells an entity that stands for all firms without a name, by the convention of the library: it is
// called other-labs, other-clouds and so on. It is no competitor in titles and rankings.
func isRest(key string) bool { return strings.HasPrefix(key, "other-") }

// Colours that no firm has: sums, and the firms without a name.
const (
	sumColor  = "#222222"
	restColor = "#595959"
)

// colorOf is an entity's colour. Where the scenario gives some firms a colour, all others share a grey, so that
// no firm borrows another's from chart to chart.
func (r *result) colorOf(e record.Entity) string {
	if e.Color != "" {
		return e.Color
	}
	given := slices.ContainsFunc(r.about.Entities, func(x record.Entity) bool { return x.Color != "" })
	if given || isRest(e.Key) {
		return restColor
	}
	return ""
}

// turns are the defaults and rescues of the central run that explain a break in a chart of firms with a role.
func (r *result) turns(role string) []plot.Event {
	names := map[string]record.Entity{}
	for _, e := range r.about.Entities {
		names[e.Key] = e
	}
	var all []plot.Event
	for _, e := range r.told.turns {
		f := names[e.Firm]
		if !hasRole(f.Roles, role) {
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
func (r *result) world(run int, m measure.ID) []float64 {
	return r.frames.column(run, r.find(m.Def().Scope.String(), m))
}

// quantiles returns those of a column, one value a month.
func (r *result) quantiles(column int) plot.Quantiles {
	var q plot.Quantiles
	to := map[int]*[]float64{5: &q.P5, 20: &q.P20, 35: &q.P35, 50: &q.P50, 65: &q.P65, 80: &q.P80, 95: &q.P95}
	for _, c := range r.summary.Cells {
		if c.Column != column {
			continue
		}
		for i, level := range record.Levels() {
			if values := to[level]; values != nil {
				*values = append(*values, c.Quantiles[i])
			}
		}
	}
	return q
}

// spreads returns the quantiles of a measure for each firm with a role whose median is not zero throughout.
func (r *result) spreads(m measure.ID, role string) []plot.Spread {
	var all []plot.Spread
	for _, e := range r.about.Entities {
		if !hasRole(e.Roles, role) {
			continue
		}
		q := r.quantiles(r.find(e.Key, m))
		if slices.ContainsFunc(q.P95, func(v float64) bool { return v != 0 && !math.IsNaN(v) }) {
			all = append(all, plot.Spread{Key: e.Key, Label: e.Label, Color: r.colorOf(e), Quantiles: q, Leads: r.leads(e.Key, m, role)})
		}
	}
	return all
}

// leads is the number of runs in which a firm is the largest of those with its role in the last month.
func (r *result) leads(firm string, m measure.ID, role string) int {
	for k, x := range contests() {
		if x.measure != m || x.role != role {
			continue
		}
		if i := slices.Index(r.chances.Contests[k].Columns, r.find(firm, m)); i >= 0 {
			return r.chances.Placed(k, len(r.chances.YearEnds())-1, i, 1)
		}
	}
	return 0
}

// period writes the months that a chart spans.
func (r *result) period() string { return monthText(r.about.Start) + " to " + monthText(r.about.End) }

func monthText(t unit.Month) string {
	names := []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	return fmt.Sprintf("%s %d", names[t.InYear()-1], t.Year())
}

// central heads a chart of the central run. Where there are draws too, the title says which of them it shows: its
// figures differ from the medians over the draws.
func (r *result) central(w *plot.Words, title, subtitle string) {
	if r.summary.Runs > 0 {
		title = "Central run: " + title
	}
	w.Title = title
	w.Subtitle = subtitle + ", " + r.period() + "; every uncertain input at its median"
}

func shareArea(r *result, w plot.Words) (*plot.Figure, error) {
	labs := r.stacked(measure.MarketShare, "lab")
	r.central(&w, plot.LeaderTitle(plot.Claim{Verb: "holds", Of: "of spend on AI models"}, unit.DimShare, r.about.Start, labs), "Share of what customers pay for AI models, by lab")
	whole := make([]float64, len(r.world(r.runs[0], measure.MarketSize)))
	for t := range whole {
		for _, s := range labs {
			whole[t] += s.Values[t]
		}
		whole[t] = max(1, whole[t]) // what is missing to all is open models that nobody here sells
	}
	return plot.Area{Start: r.about.Start, Unit: unit.DimShare, Series: labs, Total: whole, Events: r.turns("lab")}.Figure(w)
}

func capacityArea(r *result, w plot.Words) (*plot.Figure, error) {
	owners := r.stacked(measure.CapacityEnergised, "cloud")
	r.central(&w, plot.TotalTitle("All owners", "run", unit.DimMW, r.about.Start, owners, nil), "AI capacity in service by owner, gigawatts of facility power")
	return plot.Area{Start: r.about.Start, Unit: unit.DimMW, Series: owners, Events: r.turns("cloud")}.Figure(w)
}

func shareFan(r *result, w plot.Words) (*plot.Figure, error) {
	labs := r.spreads(measure.MarketShare, "lab")
	w.Title = plot.MediansTitle("share of spend on AI models", unit.DimShare, r.about.Start, labs, r.summary.Runs)
	w.Subtitle = "Share of what customers pay for AI models, " + r.period() + "."
	return r.multiples(labs, unit.DimShare, w)
}

func ownersFan(r *result, w plot.Words) (*plot.Figure, error) {
	owners := r.spreads(measure.CapacityEnergised, "cloud")
	w.Title = plot.MediansTitle("capacity", unit.DimMW, r.about.Start, owners, r.summary.Runs)
	w.Subtitle = "AI capacity in service by owner, gigawatts of facility power, " + r.period() + "."
	return r.multiples(owners, unit.DimMW, w)
}

func revenueFan(r *result, w plot.Words) (*plot.Figure, error) {
	labs := r.spreads(measure.RevenueRunRate, "lab")
	w.Title = plot.MediansTitle("revenue run rate", unit.DimUSDPerYear, r.about.Start, labs, r.summary.Runs)
	w.Subtitle = "What customers pay for the lab's models, a month times twelve, nominal dollars, " + r.period() + "."
	return r.multiples(labs, unit.DimUSDPerYear, w)
}

func (r *result) multiples(panels []plot.Spread, d unit.Dimension, w plot.Words) (*plot.Figure, error) {
	return plot.Multiples{Start: r.about.Start, Unit: d, N: r.summary.Runs, Panels: panels}.Figure(w)
}

func capacityFan(r *result, w plot.Words) (*plot.Figure, error) {
	s := r.worldSpread(measure.TotalEnergised, "All owners")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "run"}, unit.DimMW, r.about.Start, s)
	w.Subtitle = "AI capacity in service, all owners, gigawatts of facility power, " + r.period() + "."
	return r.fan(measure.TotalEnergised, s, w)
}

func marketFan(r *result, w plot.Words) (*plot.Figure, error) {
	s := r.worldSpread(measure.MarketSize, "Customers")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "pay", Of: "a year for AI models", Rate: true}, unit.DimUSDPerYear, r.about.Start, s)
	w.Subtitle = "Spend on AI models, a month times twelve, nominal dollars, " + r.period() + "."
	return r.fan(measure.MarketSize, s, w)
}

func rentFan(r *result, w plot.Words) (*plot.Figure, error) {
	s := r.worldSpread(measure.RentPerGWYear, "Rent")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "is", Of: "per gigawatt-year"}, unit.DimRent, r.about.Start, s)
	w.Subtitle = "Market rent of new capacity per gigawatt of facility power and year, nominal dollars, " + r.period() + "."
	return r.fan(measure.RentPerGWYear, s, w)
}

func (r *result) worldSpread(m measure.ID, label string) plot.Spread {
	return plot.Spread{Key: m.Def().Name, Label: label, Color: sumColor, Quantiles: r.quantiles(r.find("world", m))}
}

// fan draws one spread with runs 1 to 5 as thin lines.
func (r *result) fan(m measure.ID, s plot.Spread, w plot.Words) (*plot.Figure, error) {
	f := plot.Fan{Start: r.about.Start, Unit: m.Def().Dim, N: r.summary.Runs, Spreads: []plot.Spread{s}}
	for run := 1; run <= 5; run++ {
		f.Runs = append(f.Runs, r.world(run, m))
	}
	return f.Figure(w)
}

func revenueLines(r *result, w plot.Words) (*plot.Figure, error) {
	labs := r.series(measure.RevenueRunRate, "lab")
	r.central(&w, plot.LeaderTitle(plot.Claim{Verb: "sells models at", Of: "a year", Rate: true}, unit.DimUSDPerYear, r.about.Start, labs), "What customers pay for the lab's models, a month times twelve, nominal dollars")
	return plot.Lines{Start: r.about.Start, Unit: unit.DimUSDPerYear, Series: labs, Events: r.turns("lab")}.Figure(w)
}

func capabilityLines(r *result, w plot.Words) (*plot.Figure, error) {
	labs := r.series(measure.Capability, "lab")
	r.central(&w, plot.LeaderTitle(plot.Claim{Verb: "reaches", Of: "on the capability index"}, unit.DimPoints, r.about.Start, labs), "Best released model on the Epoch Capabilities Index, by lab")
	return plot.Lines{Start: r.about.Start, Unit: unit.DimPoints, Series: labs, Events: r.turns("lab")}.Figure(w)
}

func rentLine(r *result, w plot.Words) (*plot.Figure, error) {
	rent := []plot.Series{{Key: "rent", Label: "Rent", Color: sumColor, Values: r.world(r.runs[0], measure.RentPerGWYear)}}
	r.central(&w, plot.LeaderTitle(plot.Claim{Verb: "is", Of: "per gigawatt-year"}, unit.DimRent, r.about.Start, rent), "Rent of new capacity per gigawatt of facility power and year, nominal dollars")
	return plot.Lines{Start: r.about.Start, Unit: unit.DimRent, Series: rent}.Figure(w)
}
