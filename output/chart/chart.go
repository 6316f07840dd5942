package chart

import (
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// FanRuns is the least number of runs from which quantiles are drawn as bands.
const FanRuns = 100

// thinRuns is how many drawn runs, the first ones, stand as thin lines in a fan.
const thinRuns = 5

// Chart is one picture of a result.
type Chart struct {
	Name   string // stem of its files
	Doc    string // the question it answers
	Extra  bool   // not among the default ones
	Bands  bool   // shows quantiles, so it needs FanRuns runs
	Tall   bool   // takes a full page
	months int    // the first so many kept runs are drawn month by month
	draw   func(*Data, plot.Words) (*plot.Figure, error)
}

// All lists the charts in the order in which they are named to the user: where there are draws, what they say comes before
// one run.
func All() []Chart {
	return []Chart{
		{Name: "market-share-fan", Doc: "how sure are the labs' shares of spend on AI models", Bands: true, draw: shareFan},
		{Name: "capacity-fan", Doc: "how sure is the capacity of all owners", Bands: true, months: 1 + thinRuns, draw: capacityFan},
		{Name: "market-share", Doc: "who has which share of spend on AI models", months: 1, draw: shareArea},
		{Name: "capacity", Doc: "who owns how much capacity in service", months: 1, draw: capacityArea},
		{Name: "capacity-owners-fan", Doc: "how sure is the capacity of each owner", Extra: true, Bands: true, Tall: true, draw: ownersFan},
		{Name: "revenue", Doc: "what customers pay each lab", Extra: true, months: 1, draw: revenueLines},
		{Name: "revenue-fan", Doc: "how sure is what customers pay each lab", Extra: true, Bands: true, Tall: true, draw: revenueFan},
		{Name: "capability", Doc: "how good each lab's best model is", Extra: true, months: 1, draw: capabilityLines},
		{Name: "market-size-fan", Doc: "how sure is spend on AI models", Extra: true, Bands: true, months: 1 + thinRuns, draw: marketFan},
		{Name: "rent", Doc: "what new capacity costs to rent", Extra: true, months: 1, draw: rentLine},
		{Name: "rent-fan", Doc: "how sure is the rent of new capacity", Extra: true, Bands: true, months: 1 + thinRuns, draw: rentFan},
	}
}

// Metrics are the measures of which some chart draws every month.
func Metrics() []string {
	var names []string
	for _, m := range []measure.ID{
		measure.MarketShare, measure.CapacityEnergised, measure.RevenueRunRate, measure.Capability,
		measure.TotalEnergised, measure.MarketSize, measure.RentPerGWYear,
	} {
		names = append(names, m.Def().Name)
	}
	return names
}

// Figure draws a chart of a result; [plot.ErrNoData] where it has no number to draw. A title given here is the user's own
// claim, in place of the finding.
func (c Chart) Figure(d *Data, title string) (*plot.Figure, error) {
	f, err := c.draw(d, plot.Words{Name: c.Name, Footer: d.Meta().Footer(d.mainAssumptions()...)})
	if err == nil && title != "" {
		f.Title, f.TitleByUser = title, true
	}
	return f, err
}

// Profile is the page that the chart takes unless another is asked for.
func (c Chart) Profile() plot.Profile {
	if c.Tall {
		return plot.Tall()
	}
	return plot.Report()
}

// head heads a chart of the central run. Where there are draws too, the title says which of them it shows: its
// figures differ from the medians over the draws.
func (d *Data) head(w *plot.Words, title, subtitle string) {
	if d.Summary.Runs > 0 {
		title = "Central run: " + title
	}
	w.Title = title
	w.Subtitle = subtitle + ", " + d.period() + "; every uncertain input at its median"
}

func shareArea(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.stacked(measure.MarketShare, "lab")
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "holds", Of: "of spend on AI models"}, unit.DimShare, d.About.Start, labs), "Share of what customers pay for AI models, by lab")
	whole := make([]float64, len(d.world(d.central(), measure.MarketSize)))
	for t := range whole {
		for _, s := range labs {
			whole[t] += s.Values[t]
		}
		whole[t] = max(1, whole[t]) // what is missing to all is open models that nobody here sells
	}
	return plot.Area{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimShare, Series: labs, Total: whole, Events: d.turns("lab")}.Figure(w)
}

func capacityArea(d *Data, w plot.Words) (*plot.Figure, error) {
	owners := d.stacked(measure.CapacityEnergised, "cloud")
	d.head(&w, plot.TotalTitle("All owners", "run", unit.DimMW, d.About.Start, owners, nil), "AI capacity in service by owner, gigawatts of facility power")
	return plot.Area{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimMW, Series: owners, Events: d.turns("cloud")}.Figure(w)
}

func shareFan(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.spreads(measure.MarketShare, "lab")
	w.Title = plot.MediansTitle("share of spend on AI models", unit.DimShare, d.About.Start, labs, d.Summary.Runs)
	w.Subtitle = "Share of what customers pay for AI models, " + d.period() + "."
	return d.multiples(labs, unit.DimShare, w)
}

func ownersFan(d *Data, w plot.Words) (*plot.Figure, error) {
	owners := d.spreads(measure.CapacityEnergised, "cloud")
	w.Title = plot.MediansTitle("capacity", unit.DimMW, d.About.Start, owners, d.Summary.Runs)
	w.Subtitle = "AI capacity in service by owner, gigawatts of facility power, " + d.period() + "."
	return d.multiples(owners, unit.DimMW, w)
}

func revenueFan(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.spreads(measure.RevenueRunRate, "lab")
	w.Title = plot.MediansTitle("revenue run rate", unit.DimUSDPerYear, d.About.Start, labs, d.Summary.Runs)
	w.Subtitle = "What customers pay for the lab's models, a month times twelve, nominal dollars, " + d.period() + "."
	return d.multiples(labs, unit.DimUSDPerYear, w)
}

func (d *Data) multiples(panels []plot.Spread, u unit.Dimension, w plot.Words) (*plot.Figure, error) {
	return plot.Multiples{Start: d.About.Start, Unit: u, N: d.Summary.Runs, Panels: panels}.Figure(w)
}

func capacityFan(d *Data, w plot.Words) (*plot.Figure, error) {
	s := d.worldSpread(measure.TotalEnergised, "All owners")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "run"}, unit.DimMW, d.About.Start, s)
	w.Subtitle = "AI capacity in service, all owners, gigawatts of facility power, " + d.period() + "."
	return d.fan(measure.TotalEnergised, s, w)
}

func marketFan(d *Data, w plot.Words) (*plot.Figure, error) {
	s := d.worldSpread(measure.MarketSize, "Customers")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "pay", Of: "a year for AI models", Rate: true}, unit.DimUSDPerYear, d.About.Start, s)
	w.Subtitle = "Spend on AI models, a month times twelve, nominal dollars, " + d.period() + "."
	return d.fan(measure.MarketSize, s, w)
}

func rentFan(d *Data, w plot.Words) (*plot.Figure, error) {
	s := d.worldSpread(measure.RentPerGWYear, "Rent")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "is", Of: "per gigawatt-year"}, unit.DimRent, d.About.Start, s)
	w.Subtitle = "Market rent of new capacity per gigawatt of facility power and year, nominal dollars, " + d.period() + "."
	return d.fan(measure.RentPerGWYear, s, w)
}

func (d *Data) worldSpread(m measure.ID, label string) plot.Spread {
	return plot.Spread{Key: m.Def().Name, Label: label, Color: sumColor, Quantiles: d.quantiles(d.find("world", m))}
}

// fan draws one spread with the first drawn runs as thin lines.
func (d *Data) fan(m measure.ID, s plot.Spread, w plot.Words) (*plot.Figure, error) {
	f := plot.Fan{Start: d.About.Start, Unit: m.Def().Dim, N: d.Summary.Runs, Spreads: []plot.Spread{s}}
	for run := 1; run <= thinRuns; run++ {
		f.Runs = append(f.Runs, d.world(run, m))
	}
	return f.Figure(w)
}

func revenueLines(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.series(measure.RevenueRunRate, "lab")
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "sells models at", Of: "a year", Rate: true}, unit.DimUSDPerYear, d.About.Start, labs), "What customers pay for the lab's models, a month times twelve, nominal dollars")
	return plot.Lines{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimUSDPerYear, Series: labs, Events: d.turns("lab")}.Figure(w)
}

func capabilityLines(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.series(measure.Capability, "lab")
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "reaches", Of: "on the capability index"}, unit.DimPoints, d.About.Start, labs), "Best released model on the Epoch Capabilities Index, by lab")
	return plot.Lines{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimPoints, Series: labs, Events: d.turns("lab")}.Figure(w)
}

func rentLine(d *Data, w plot.Words) (*plot.Figure, error) {
	rent := []plot.Series{{Key: "rent", Label: "Rent", Color: sumColor, Values: d.world(d.central(), measure.RentPerGWYear)}}
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "is", Of: "per gigawatt-year"}, unit.DimRent, d.About.Start, rent), "Rent of new capacity per gigawatt of facility power and year, nominal dollars")
	return plot.Lines{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimRent, Series: rent}.Figure(w)
}
