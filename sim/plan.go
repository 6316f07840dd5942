package sim

import (
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/num"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// labState is a lab's models, compute and plans.
type labState struct {
	firm            id.Firm
	terms           *firm.Lab
	needs           firm.Needs
	wish            num.Base // growth factor a year of the research compute that it would like
	observed        bool
	growth          float64 // of revenue, log a month, smoothed
	rented          float64 // MW delivered under lots
	paid            float64 // MW that must be paid for whether used or not
	contracted      float64 // MW signed
	contractedLater float64 // MW due at the lab's lead
	rents           float64 // MW that it will need to rent
	short           float64 // MW that it will need and has not signed
	pending         float64 // MW put before the holder of a right, not yet decided
	shadow          float64 // what the best barred offer of the month was worth above the best allowed one, dollars per gigawatt-year
	serving         float64 // MW that serves customers
	research        float64 // MW in research
	used            float64 // MW, both
	usedH100e       float64
	research0       float64 // MW at the start
	density         float64 // compute per megawatt of its capacity
	density0        float64 // the same at the start
	paidPerMW       float64 // run rate carried by a megawatt of serving capacity at the start
	free0           float64 // MW that served users who do not pay, at the start
	served          float64 // share of demand served, 1 when all
	pace            float64 // factor that contracts put on the pace of its algorithms, this month
	losing          float64 // factor that they put on the chance of losing key people
	runCompute      float64 // H100e of research, smoothed over a flagship run
	algorithms      float64 // log of algorithmic level over the start's
	effort0         float64 // log10 effective compute of the opening model
	imitation       float64 // capability reached by following the frontier
	capability      float64 // best released model
	capability0     float64
	nextRelease     unit.Month
	lnPrice         float64 // list price over that of the start, log
	lnCut           float64 // part of that which dated shocks have moved
	lnCost          float64 // unit cost over the list price of the start, log
	gain            float64 // ECI points of this month's release
	priceMove       float64 // log change of the list price in the last month
	intensity       float64 // used part of rented capacity
	rationed        int     // months in which it turned paying customers away
	lastRound       unit.Month
	raising         bool    // in a round that has not closed
	filled          float64 // part of what it asked for that its rounds brought, the last counting half
	option          float64 // worth without revenue, dollars
	distressed      bool
	unpaid          bool               // left a bill unpaid this month
	distressMonths  int                // since it ran short of cash
	rescuing        bool               // seeks a round at a discount
	gone            bool               // defaulted: sells nothing
	walled          float64            // part of its access that an authority has taken
	revenue         [segments]float64  // dollars in the month
	booked          [segments]unit.USD // the same as it is booked
	servingCost     unit.USD           // rent of what served it, likewise
	reach           [segments]float64  // part of customers whom its channels reach
	reach0          [segments]float64  // the same at the start
	doors           [segments]float64  // sum of what each of them reaches
	shared          float64            // dollars of the last month's revenue that went to partners
	computeBill     float64            // dollars in the month, paid and imputed
}

type buyerState struct {
	firm id.Firm
	need float64 // MW
	used float64 // MW
}

// plan asks every lab what compute it wants and reckons what every cloud has promised.
func (w *World) plan(t unit.Month) {
	for i := range w.labs {
		w.planLab(i, t)
	}
	w.forecast(t)
}

func (w *World) planLab(i int, t unit.Month) {
	l := &w.labs[i]
	if l.gone {
		l.needs = firm.Needs{}
		return
	}
	v := w.labView(i, t)
	l.needs = v.Plan(&w.m.Market.Research)
	if w.told() && l.needs.MoneyRuns && int(t)%6 == 0 {
		w.tell(t, "plan", l.firm, id.None, id.NoContract, w.name(l.firm)+" plans for the capacity {it|they} can pay for, less than {it|they} would use.",
			mw("can pay for", l.needs.Afford), mw("serving now", l.needs.Serving), mw("in research now", unit.MW(l.research)), rent("market rent", w.rent))
	}
}

// labView gathers what a lab knows when it plans.
func (w *World) labView(i int, t unit.Month) firm.LabView {
	l, r := &w.labs[i], &w.m.Market.Research
	f := &w.firms[l.firm]
	business, equity := 0.0, 0.0
	switch w.lab(i).Funding {
	case "business":
		business = float64(r.ParentShare) * max(0, f.cashFlow)
	case "rounds":
		equity = float64(r.EquityShare) * f.value * l.filled
	}
	return firm.LabView{
		Years: w.years(t), Lead: r.RequestLead, Revenue: unit.USDPerYear(12 * (l.revenue[enterprise] + l.revenue[consumer] - l.shared)),
		Growth: l.growth, Serving: unit.MW(w.servingNeed(l, t)), Research: unit.MW(l.research0), Density: l.density / l.density0,
		Cash: w.cash(l.firm), Business: unit.USDPerYear(business), Equity: unit.USDPerYear(equity), Rent: unit.Rent(w.rent), Paid: unit.MW(l.paid), Distressed: l.distressed,
		Extrapolated: float64(r.Extrapolation), Thrift: w.tables.ahead, Wish: l.wish,
	}
}

// servingNeed is the capacity that serving all of a lab's customers and free users takes in month t.
//
//	need = (paid spend/carried + free₀·consumer market/start)·(1+ServingPowerGrowth)^years      (8.4)
func (w *World) servingNeed(l *labState, t unit.Month) float64 {
	i := w.firms[l.firm].lab
	spend := w.segments[enterprise].spend[i] + w.segments[consumer].spend[i]
	users := 0.0
	if c := &w.segments[consumer]; c.start > 0 {
		users = l.free0 * c.size / c.start
	}
	return (spend/l.carries() + users) * w.thrift(t)
}

// carries is the run rate that a megawatt of serving capacity carries but for the trend. Where a shock has cut list
// prices a dollar buys more service, and takes more capacity.
//
//	carried = paidPerMW·exp(cut of the log price)
func (l *labState) carries() float64 { return l.paidPerMW * num.Exp(l.lnCut) }

// ahead is how many months clouds look ahead when they promise capacity.
const ahead = 60

// forecast reckons for each cloud what it will have free: capacity in service, what will become ready, less
// what its other services, its lab and signed lots will take. Sites and lots have been noted; see [World.survey] and
// [World.deliverLots].
func (w *World) forecast(t unit.Month) {
	w.mismatches(t)
	for i := range w.notices {
		n := &w.notices[i]
		w.clouds[w.firms[n.offer.Seller].cloud].expect(max(0, n.offer.Ready-t), -float64(n.offer.Size))
	}
	for i := range w.clouds {
		w.addUp(i, t)
		w.clouds[i].cost, w.clouds[i].running = w.unitCost(i, t)
	}
}

// addUp reckons what a cloud will have free from what it has and from the changes noted for each month. What is promised
// from a month on must stay free after it.
func (w *World) addUp(i int, t unit.Month) {
	c := &w.clouds[i]
	own := 0.0
	if l := w.firms[c.firm].lab; l >= 0 {
		own = float64(w.labs[l].needs.Later)
	}
	now, lead := c.ownUsed, float64(w.m.Market.Research.RequestLead)
	start := c.energised - c.internal - now
	wear, other, lab := float64(c.energised*w.wear(c, t)), c.internal*float64(w.cloud(i).InternalGrowth)/12, max(0, own-now)/lead
	sum := 0.0
	for k := range c.free { // its lab grows over the lead, the rest goes on
		months, grown := float64(k), lead
		if months < lead {
			grown = months
		}
		sum += c.change[k]
		c.free[k] = start - float64((wear+other)*months) - float64(lab*grown) + sum
	}
	if c.out > 0 {
		for k := range c.free {
			c.free[k] -= float64(c.energised * w.out(i, t, t+unit.Month(k)))
		}
	}
	least := c.free[ahead]
	c.most = least
	for k := ahead - 1; k >= 0; k-- {
		if c.free[k] < least {
			least = c.free[k]
		}
		c.free[k] = least
	}
}

// expect changes what a cloud will have free by so much from month k on, which is not past.
func (c *cloudState) expect(k unit.Month, mw float64) {
	if k <= ahead {
		c.change[k] += mw
	}
}

// expectLot counts what is due under a lot now, in month t, and later: sign is -1 for its seller, +1 for a buyer that lets it
// on.
func (c *cloudState) expectLot(l *market.Lot, due float64, t unit.Month, sign float64) {
	c.change[0] += float64(sign * due)
	full := l.Start + unit.Month(max(1, l.Ramp)) - 1 // the first month in which all of it is due
	for m := max(t+1, l.Start); m <= full && m <= min(l.End, t+ahead); m++ {
		then := float64(l.Due(m))
		c.expect(m-t, float64(sign*(then-due)))
		due = then
	}
	c.expect(l.End+1-t, -float64(sign*due))
}

// unitCost is a cloud's full cost of a new gigawatt-year at its present hurdle rate, and what running it
// takes in cash.
func (w *World) unitCost(i int, t unit.Month) (full, running float64) {
	saving := 0.0
	for _, from := range w.clouds[i].sources {
		if from.supplier >= 0 {
			saving += float64(from.share * w.saving(from.supplier))
		}
	}
	if c := &w.clouds[i]; c.supplied > 0 { // of what is under way a part takes chips under contracts
		part := c.supplied / max(c.supplied, c.pipeline)
		saving += float64(part * (c.saved/c.supplied - saving))
	}
	running = w.runningCost(i, t)
	w.reckonAnnuities(i)
	return w.fullCost(i, saving, running, t), running
}

// reckonAnnuities reckons what a cloud's money costs it at its present hurdle rate.
func (w *World) reckonAnnuities(i int) {
	c, b := &w.clouds[i], &w.m.Market.Build
	hurdle := w.cloud(i).Hurdle(unit.USDPerYear(w.firms[c.firm].capexYear), unit.USDPerYear(w.firms[c.firm].cashFlow)) + c.mismatch
	if hurdle == c.hurdle && c.chips > 0 { // as in most months
		return
	}
	c.hurdle = hurdle
	c.chips, c.shell = market.Annuity(c.hurdle, float64(b.ChipLife)/12), market.Annuity(c.hurdle, float64(b.ShellLife)/12)
}

// runningCost is what running a new gigawatt for a year takes in cash.
func (w *World) runningCost(i int, t unit.Month) float64 {
	price := 0.0
	for _, h := range w.clouds[i].regions {
		price += float64(h.share * w.energyPrice(h.region, t))
	}
	p := &w.m.Market.Power
	return float64(float64(w.m.Market.Build.OpexPerMW)*1000) + float64(price*hoursPerYear*1000*float64(p.LoadFactor)) + float64(float64(p.CapacityCharge)*1000)
}

// fullCost is what a new gigawatt-year costs on chips that cost so much less than the market leader's.
func (w *World) fullCost(i int, saving, running float64, t unit.Month) float64 {
	c, b := &w.clouds[i], &w.m.Market.Build
	capex := w.costPerMW(t) * 1000
	return market.UnitCost(b.Equipment(capex, saving), c.chips, b.Building(capex), c.shell, running)
}

const hoursPerYear = 8760

// energyPrice is what a region's energy costs in month t.
func (w *World) energyPrice(r id.Region, t unit.Month) float64 {
	p := &w.m.Market.Power
	return max(float64(p.Floor), float64(w.m.Regions[r].PowerPrice)*(1+float64(float64(p.PriceGrowth)*max(0, w.years(t))))) * w.factorIn(r, shock.EnergyPrice)
}
