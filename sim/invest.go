package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// invest lets every cloud order capacity, as far as its financing test allows, or cancel when rent stays
// below cost.
func (w *World) invest(t unit.Month) {
	if w.left {
		w.survey(t)
	}
	w.reckonPromised(t)
	all := w.rivals()
	gone := 0.0
	for i := range w.clouds {
		c := &w.clouds[i]
		if w.firms[c.firm].failed {
			continue
		}
		pauses := w.pauses(c.firm, t)
		if !pauses {
			w.fillSoon(i, all, t)
		}
		v := w.cloudView(i, &c.building, all, t)
		o := w.cloud(i).Invest(v)
		c.noMoney = float64(o.Lacked)
		if !pauses {
			w.placeOrders(i, o, v, t)
			w.buildGiven(i, v, t)
		}
		gone += w.cancel(i, v, t)
	}
	if gone > 0 {
		w.survey(t)
	}
}

// industry is what all clouds have in service, and under way or announced beyond it, MW.
type industry struct{ energised, announced float64 }

// rivals adds up what all clouds have.
func (w *World) rivals() (all industry) {
	for i := range w.clouds {
		all.energised += w.clouds[i].energised
		all.announced += w.clouds[i].pipeline + float64(w.cloud(i).Announced)
	}
	return all
}

// cloudView gathers what a cloud knows when it decides about what stands at the end of one of its leads. What is reckoned
// of all clouds at once must have been.
func (w *World) cloudView(i int, o *outlook, all industry, t unit.Month) firm.CloudView {
	c, terms, f := &w.clouds[i], w.cloud(i), &w.firms[w.clouds[i].firm]
	b := &w.m.Market.Build
	own := 0.0
	if f.lab >= 0 {
		own = float64(w.labs[f.lab].needs.Later) - w.labs[f.lab].contractedLater
	}
	committed, hired := o.committed, o.renting
	if w.leasesToLet(c.firm) {
		hired += w.leased(c.firm, t, o.then)
	}
	others := max(1, all.energised-c.energised)
	v := firm.CloudView{
		Lead: o.lead, Growth: c.growth, Own: unit.MW(max(0, own)),
		Internal: unit.MW(c.internal * (1 + float64(terms.InternalGrowth)*float64(o.lead)/12)),
		Asked:    unit.MW(c.asked), Committed: unit.MW(committed), Energised: unit.MW(c.energised),
		Pipeline: unit.MW(float64(o.pipeline*(1-float64(b.AbandonShare))) + hired), Retiring: unit.MW(w.retiring(c, t, o.lead)),
		RivalRatio: (all.announced - c.pipeline - float64(terms.Announced)) / others, OwnRatio: ratio(c.pipeline+float64(terms.Announced), c.energised),
		Target: w.m.Market.Compute.TargetUtilisation, Rent: unit.Rent(w.rent), UnitCost: unit.Rent(c.cost),
		CostPerMW: unit.USDPerMW(w.costPerMW(t)), CashFlow: unit.USDPerYear(f.cashFlow), Cash: w.cash(c.firm), Reserve: unit.Dollars(f.reserve),
		Spending: unit.USDPerYear(c.spending + float64(12*f.other)), CapexHorizon: min(1, 12/float64(o.lead)),
		InService: unit.MW(all.energised), Rivals: unit.MW(all.energised - c.energised + all.announced - c.pipeline - float64(terms.Announced)),
		Elasticity: w.m.Market.Compute.TightnessElasticity,
	}
	if !f.closes { // a firm that lives from investors' money spends what it has over its budget horizon
		v.CashFlow = 0
		v.Reserve = unit.Dollars(max(0, f.meanBurn()) * float64(w.m.Market.Distress.Runway))
	}
	v.Reserve += unit.Dollars(max(0, c.bound-float64(v.Spending))) // what it was given to build with is spent in time
	let := committed + w.secured(c.firm, t, o.then)
	lacking := max(0, let-c.energised-o.pipeline-hired)
	v.Contracted = unit.Dollars((lacking + min(let, o.pipeline)) * float64(v.CostPerMW))
	return v
}

func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// retiring is the capacity that goes out of service within the lead.
func (w *World) retiring(c *cloudState, t unit.Month, lead unit.Months) float64 {
	x := 0.0
	for k := range c.stock {
		s := &c.stock[k]
		x += float64(s.mw * min(1, w.tables.retired[w.age(s, t, int(lead/2))]*float64(lead)))
	}
	return x
}

// wear is the share of a cloud's capacity that goes out of service in a month.
func (w *World) wear(c *cloudState, t unit.Month) float64 {
	if c.energised <= 0 {
		return 0
	}
	return w.retiring(c, t, 1) / c.energised
}

// age is the place in the table of retirement of capacity that is so many months older than in month t.
func (w *World) age(s *stock, t unit.Month, later int) int {
	return min(len(w.tables.retired)-1, int(t-s.born)+later)
}

// reckonPromised adds up for each cloud what lots will take of it at the end of its leads, and what it will rent to let on.
func (w *World) reckonPromised(t unit.Month) {
	for i := range w.clouds {
		c := &w.clouds[i]
		c.building.pipeline = c.pipeline // older than what it orders now, so most of it comes before
		for _, o := range []*outlook{&c.building, &c.leasing} {
			o.then, o.committed, o.renting = t.After(o.lead), 0, 0
		}
	}
	lots, clouds := w.lots, w.clouds
	for i := range lots {
		l := &lots[i]
		c := &clouds[l.Cloud]
		c.building.committed += float64(l.Due(c.building.then))
		c.leasing.committed += float64(l.Due(c.leasing.then))
		if l.LetOn {
			c = &clouds[w.firms[l.Buyer].cloud]
			c.building.renting += float64(l.Due(c.building.then))
			c.leasing.renting += float64(l.Due(c.leasing.then))
		}
	}
}

// fillSoon lets a cloud order for what it will lack before a new site of its own could be there: chips for its emptied
// buildings, and for a part of the rest shells that stand already and that it leases.
//
//	leased = lease_share·(order of (3.3) at the lead of a lease − emptied buildings), without the cost of buildings      (3.12)
func (w *World) fillSoon(i int, all industry, t unit.Month) {
	c, b := &w.clouds[i], &w.m.Market.Build
	v := w.cloudView(i, &c.leasing, all, t)
	v.CostPerMW = unit.USDPerMW(b.Equipment(float64(v.CostPerMW), 0))
	o := w.cloud(i).Invest(v)
	filled := w.refit(i, float64(o.Size), t)
	leased := float64((float64(o.Size) - filled) * float64(b.LeaseShare))
	if leased >= float64(b.MinimumSite) {
		if w.told() {
			w.tellLease(c.firm, unit.MW(leased), o, v, t)
		}
		w.startSites(i, leased, true, t)
		filled += leased
	}
	cost := float64(filled * float64(v.CostPerMW))
	c.spending += float64(cost * v.CapexHorizon)
	c.given = max(0, c.given-cost)
	c.building.pipeline = c.pipeline
}

func (w *World) tellLease(f id.Firm, size unit.MW, o firm.Order, v firm.CloudView, t unit.Month) {
	w.tell(t, "lease-shells", f, id.None, id.NoContract,
		w.name(f)+" {leases|lease} shells for "+power(size)+", part of the "+power(o.Gap)+" that {it|they} will lack before {a site of its|sites of their} own could stand.",
		mw("wanted at the end of the lead", o.Wanted), mw("in service", v.Energised), mw("in service by then besides", v.Pipeline), mw("lots due", v.Committed),
		rent("market rent", float64(v.Rent)), rent("full cost", float64(v.UnitCost)))
}

// placeOrders places a cloud's orders: emptied buildings first, then sites of at most SiteSize.
func (w *World) placeOrders(i int, o firm.Order, v firm.CloudView, t unit.Month) {
	b := &w.m.Market.Build
	c := &w.clouds[i]
	size := float64(o.Size)
	if w.told() && o.Gap > unit.MW(b.MinimumSite) && (o.Limit != "" && int(t)%6 == 0 || size >= float64(b.MinimumSite)) {
		w.tellOrder(c.firm, o, v, t)
	}
	if size < float64(b.MinimumSite) {
		return
	}
	c.given = max(0, c.given-float64(size*float64(v.CostPerMW)))
	w.startSites(i, size-w.refit(i, size, t), false, t)
}

// startSites starts sites of at most SiteSize, built or leased.
func (w *World) startSites(i int, size float64, leased bool, t unit.Month) {
	c, b := &w.clouds[i], &w.m.Market.Build
	for n := 0; size >= float64(b.MinimumSite) && n < sitesAMonth; n++ {
		part := min(size, float64(b.SiteSize))
		w.addSite(i, w.newSite(i, unit.MW(part), leased, t, c.orders))
		c.orders++
		size -= part
	}
}

// sitesAMonth bounds the sites that one cloud starts in a month.
const sitesAMonth = 12

func (w *World) tellOrder(f id.Firm, o firm.Order, v firm.CloudView, t unit.Month) {
	what := w.name(f) + " orders " + power(o.Size) + "."
	if o.Limit != "" {
		what = w.name(f) + " orders " + power(o.Size) + " of the " + power(o.Gap) + " that {it|they} {lacks|lack}: " + o.Limit + " is the limit."
	}
	w.tell(t, "order", f, id.None, id.NoContract, what,
		mw("wanted at the end of the lead", o.Wanted), mw("in service", v.Energised), mw("under way", v.Pipeline), mw("lots due", v.Committed),
		mw("own lab", v.Own), rent("market rent", float64(v.Rent)), rent("full cost", float64(v.UnitCost)),
		runRate("cash flow", float64(v.CashFlow)), runRate("spending decided", float64(v.Spending)), usd("cash", v.Cash.Dollars()))
}

// lowMonths is how long rent must stay below full cost before unstarted sites are cancelled.
const lowMonths = 3

// cancel gives up part of what is not started when rent stays below full cost and nothing signed needs it, and returns
// its power.
func (w *World) cancel(i int, v firm.CloudView, t unit.Month) float64 {
	c := &w.clouds[i]
	if w.rent >= c.carries() || !w.cloud(i).Sells {
		c.rentLow = 0
		return 0
	}
	c.rentLow++
	if c.rentLow < lowMonths {
		return 0
	}
	c.rentLow = 0
	room := max(0, float64(v.Energised+v.Pipeline-v.Committed-v.Internal-v.Own)) * float64(w.m.Market.Build.CancelShare)
	gone := 0.0
	for k := len(c.young) - 1; k >= 0 && room > 0; k-- {
		s := &w.sites[c.young[k]]
		if s.Stage != asset.Building || float64(s.Size) > room {
			continue
		}
		w.abandon(s, t)
		room -= float64(s.Size)
		gone += float64(s.Size)
	}
	if gone > 0 && w.told() {
		w.tell(t, "cancel", c.firm, id.None, id.NoContract, w.name(c.firm)+" cancels "+power(unit.MW(gone))+" not yet started: rent stays below cost.",
			rent("market rent", w.rent), rent("full cost", c.cost))
	}
	return gone
}

// carries is the rent that a site must promise for a cloud to go on with it before it is started.
func (c *cloudState) carries() float64 { return c.running + float64((c.cost-c.running)*cancelMargin) }

const (
	unstarted    = 6    // months since the order in which a site can be cancelled at little cost
	cancelMargin = 0.75 // part of capital cost that rent must cover for a cloud to go on
)

// canFinance reports whether a cloud could build so much for a new tenant. Lenders advance DebtShare of it.
func (w *World) canFinance(i int, size float64, t unit.Month) bool {
	c, terms, f := &w.clouds[i], w.cloud(i), &w.firms[w.clouds[i].firm]
	if f.failed {
		return false
	}
	cost := size * w.costPerMW(t) * (1 - float64(terms.DebtShare))
	year := cost * min(1, 12/float64(c.building.lead))
	room := float64(terms.CapexLimit*max(0, f.cashFlow)) + max(0, w.cash(c.firm).Dollars()-f.reserve) - c.spending - float64(12*f.other)
	return room >= year
}
