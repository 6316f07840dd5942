package chart

import (
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
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
	table  bool   // draws from the table of all runs
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
		{Name: "capital-flows", Doc: "who pays whom for compute and chips, and what comes back", months: 1, draw: capitalFlows},
		{Name: "binding-constraint", Doc: "what keeps each owner from more capacity: power, chips, money or demand", months: 1, draw: bindingConstraint},
		{Name: "capacity-owners-fan", Doc: "how sure is the capacity of each owner", Extra: true, Bands: true, Tall: true, draw: ownersFan},
		{Name: "revenue", Doc: "what customers pay each lab", Extra: true, months: 1, draw: revenueLines},
		{Name: "revenue-fan", Doc: "how sure is what customers pay each lab", Extra: true, Bands: true, Tall: true, draw: revenueFan},
		{Name: "capability", Doc: "how good each lab's best model is", Extra: true, months: 1, draw: capabilityLines},
		{Name: "market-size-fan", Doc: "how sure is spend on AI models", Extra: true, Bands: true, months: 1 + thinRuns, draw: marketFan},
		{Name: "leaders", Doc: "how likely each lab is to lead in the end", Extra: true, Bands: true, draw: leaders},
		{Name: "market-share-lines", Doc: "how the labs' shares move against each other", Extra: true, months: 1, draw: shareLines},
		{Name: "market-share-enterprise", Doc: "who has which share of what enterprises spend", Extra: true, months: 1, draw: enterpriseArea},
		{Name: "market-share-consumer", Doc: "who has which share of what consumers spend", Extra: true, months: 1, draw: consumerArea},
		{Name: "capacity-stages", Doc: "what is in service, under construction, contracted and announced", Extra: true, months: 1, draw: stages},
		{Name: "chip-makers", Doc: "on whose chips capacity runs", Extra: true, months: 1, draw: chipMakers},
		{Name: "compute-users", Doc: "who rents whose capacity", Extra: true, months: 1, draw: computeUsers},
		{Name: "capacity-flows", Doc: "from which owners capacity in service goes to whom", Extra: true, months: 1, draw: capacityFlows},
		{Name: "valuations", Doc: "what companies that raise money are worth", Extra: true, months: 1, draw: valuations},
		{Name: "cash-fan", Doc: "how sure is the labs' cash", Extra: true, Bands: true, Tall: true, draw: cashFan},
		{Name: "runway-fan", Doc: "how long the labs' cash lasts", Extra: true, Bands: true, Tall: true, draw: runwayFan},
		{Name: "ownership", Doc: "who owns the company in focus, or the most valuable one that raises money", Extra: true, months: 1, draw: ownership},
		{Name: "contract-terms", Doc: "which rights hold when, and what becomes of them", Extra: true, months: 1, table: true, draw: contractTerms},
		{Name: "rights-used", Doc: "how likely tranches are paid and rights exercised", Extra: true, Bands: true, draw: rightsUsed},
		{Name: "inputs", Doc: "which inputs matter for capacity, or for the share of the firm in focus", Extra: true, Bands: true, table: true, draw: inputsTornado},
		{Name: "sweep", Doc: "the same over the two inputs that a grid varies", Extra: true, table: true, draw: sweep},
		{Name: "concentration", Doc: "how concentrated markets are", Extra: true, months: 1, draw: concentration},
		{Name: "rent", Doc: "what new capacity costs to rent", Extra: true, months: 1, draw: rentLine},
		{Name: "rent-fan", Doc: "how sure is the rent of new capacity", Extra: true, Bands: true, months: 1 + thinRuns, draw: rentFan},
	}
}

// EveryMonth tells the columns of which some chart draws quantiles of every month.
func EveryMonth(about record.About) func(record.Column) bool {
	roles := map[string]string{} // by measure: of whom it is drawn; empty for the world
	for _, x := range []struct {
		m    measure.ID
		role string
	}{
		{measure.MarketShare, "lab"},
		{measure.RevenueRunRate, "lab"},
		{measure.Cash, "lab"},
		{measure.Runway, "lab"},
		{measure.CapacityEnergised, "cloud"},
		{measure.TotalEnergised, ""},
		{measure.MarketSize, ""},
		{measure.RentPerGWYear, ""},
	} {
		roles[x.m.Def().Name] = x.role
	}
	has := map[string]record.Entity{}
	for _, e := range about.Entities {
		has[e.Key] = e
	}
	return func(c record.Column) bool {
		role, drawn := roles[c.Metric]
		return drawn && (role == "" || has[c.Entity].Has(role))
	}
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

// Page lays a figure of the chart out on its own page, or on a full one where it has no room there.
func (c Chart) Page(f *plot.Figure) (p plot.Profile, l plot.Layout, err error) {
	for _, p = range []plot.Profile{c.Profile(), plot.Tall()} {
		if l, err = f.Layout(p); err == nil {
			break
		}
	}
	return p, l, err
}

// Central says what the central run is. It is one run without accidents and not the middle of the draws, see [Data.beside].
const Central = "uncertain inputs at their median, unlikely events left out"

// head heads a chart of the central run. Where there are draws too, the title says which of them it shows: its
// figures differ from the medians over the draws. What the chart's terms mean follows the period.
func (d *Data) head(w *plot.Words, title, subtitle string, terms ...string) {
	d.headAt(w, title, strings.Join(append([]string{subtitle + ", " + d.period()}, terms...), "; "))
}

// headAt is head for a chart whose subtitle says when its numbers hold.
func (d *Data) headAt(w *plot.Words, title, subtitle string) {
	title = d.agree(title)
	if d.Summary.Runs > 0 {
		title = "Central run: " + title
	}
	w.Title = title
	w.Subtitle = subtitle + "; " + Central
}

// agree puts the verb of a title into the plural where the title begins with a name that stands for several firms.
func (d *Data) agree(title string) string {
	for _, e := range d.About.Entities {
		title = record.Agree(title, e.Label)
	}
	return title
}

func shareArea(d *Data, w plot.Words) (*plot.Figure, error) {
	return d.shares(measure.MarketShare, "spend on AI models", "Share of what customers pay for AI models, by lab", w)
}

// shares stacks the labs' shares of a market.
func (d *Data) shares(m measure.ID, of, subtitle string, w plot.Words) (*plot.Figure, error) {
	labs := d.stacked(m, "lab")
	if len(labs) == 0 {
		return nil, plot.ErrNoData
	}
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "holds", Of: "of " + of}, unit.DimShare, d.About.Start, labs), subtitle)
	w.Subtitle += d.beside(d.numbers(m, "lab"))
	whole := make([]float64, len(labs[0].Values))
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
	total := finding{"All owners", d.find("world", measure.TotalEnergised)}
	w.Subtitle += d.beside(append([]finding{total}, d.numbers(measure.CapacityEnergised, "cloud")...))
	return plot.Area{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimMW, Series: owners, Events: d.turns("cloud")}.Figure(w)
}

func shareLines(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.series(measure.MarketShare, "lab")
	title, overtaken := plot.OvertakingTitle(unit.DimShare, d.About.Start, labs)
	if !overtaken {
		title = plot.LeaderTitle(plot.Claim{Verb: "holds", Of: "of spend on AI models"}, unit.DimShare, d.About.Start, labs)
	}
	d.head(&w, title, "Share of what customers pay for AI models, by lab")
	w.Subtitle += d.beside(d.numbers(measure.MarketShare, "lab"))
	return plot.Lines{Start: d.About.Start, Focus: d.Focus, Unit: unit.DimShare, Series: labs, Events: d.turns("lab")}.Figure(w)
}

func enterpriseArea(d *Data, w plot.Words) (*plot.Figure, error) {
	return d.shares(measure.MarketShareEnterprise, "enterprise spend on AI models", "Share of what enterprises pay for AI models, by lab", w)
}

func consumerArea(d *Data, w plot.Words) (*plot.Figure, error) {
	return d.shares(measure.MarketShareConsumer, "consumer spend on AI models", "Share of what consumers pay for AI models, by lab", w)
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
	w.Subtitle = "What customers pay for each lab's models, a month times twelve, nominal dollars, " + d.period() + "."
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
	s := d.worldSpread(measure.MarketSize, "Spend")
	w.Title = plot.MedianTitle(plot.Claim{Verb: "on AI models is", Of: "a year", Rate: true}, unit.DimUSDPerYear, d.About.Start, s)
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

// fan draws one spread with the first drawn runs, where they were kept, as thin lines.
func (d *Data) fan(m measure.ID, s plot.Spread, w plot.Words) (*plot.Figure, error) {
	f := plot.Fan{Start: d.About.Start, Unit: m.Def().Dim, N: d.Summary.Runs, Spreads: []plot.Spread{s}}
	for run := 1; run <= thinRuns; run++ {
		if path := d.world(run, m); len(path) > 0 {
			f.Runs = append(f.Runs, path)
		}
	}
	return f.Figure(w)
}

func revenueLines(d *Data, w plot.Words) (*plot.Figure, error) {
	labs := d.series(measure.RevenueRunRate, "lab")
	d.head(&w, plot.LeaderTitle(plot.Claim{Verb: "sells models for", Of: "a year", Rate: true}, unit.DimUSDPerYear, d.About.Start, labs), "What customers pay for each lab's models, a month times twelve, nominal dollars")
	w.Subtitle += d.beside(d.numbers(measure.RevenueRunRate, "lab"))
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
