package sim

import (
	"cmp"
	"math"
	"slices"

	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

func firmID(i int) id.Firm { return id.Firm(i) }

// openUse derives each lab's opening split of compute and what its spend needs, from what it used at the start.
func (w *World) openUse() {
	r := &w.m.Market.Research
	for i := range w.labs {
		l, terms := &w.labs[i], w.lab(i)
		luck := w.firms[l.firm].luck
		used := float64(terms.Used)
		serving := float64(used * float64(terms.ServingShare))
		l.research0 = used - serving
		l.density0 = l.density
		spend := w.segments[enterprise].spend[i] + w.segments[consumer].spend[i]
		paid := float64(min(serving, spend/float64(r.RevenuePerGWServing)*1000))
		l.free0 = serving - paid
		l.paidPerMW = float64(r.RevenuePerGWServing) / 1000
		if paid > 0 && spend > 0 {
			l.paidPerMW = spend / paid
		}
		l.lnCost = num.Log(w.rent / 1000 / l.paidPerMW)
		l.needs = firm.Needs{Serving: unit.MW(serving), Research: unit.MW(l.research0), Later: unit.MW(used)}
		l.served, l.filled = 1, 1
		// The model on sale is older than today's research by the time since its release and by the flagship
		// run before it; both lie in E₀, or capability would stand still at first.
		pace := num.Log(1+float64(terms.ResearchGrowth)) / 12
		wait := float64(float64(terms.ReleaseInterval) * w.uniform(rng.Release, luck, w.m.Start, 1))
		age := float64(terms.ReleaseInterval) - wait
		l.runCompute = l.research0 * l.density0 * w.chipAccess(i) / (1 + float64(pace*float64(r.RunLength)))
		l.effort0 = w.effort(l) - age*(pace+num.Log(1+float64(r.AlgorithmicProgress))/12)/ln10
		l.nextRelease = w.m.Start.After(unit.Months(wait))
		l.capability, l.capability0, l.imitation = float64(terms.Capability), float64(terms.Capability), float64(terms.Capability)
		l.option = rng.LogNormal(w.uniform(rng.Option, luck, 0, 0), w.m.Market.Funding.OptionValue.Dollars(), w.m.Market.Funding.OptionSD)
		l.lastRound = w.m.Start - unit.Month(w.m.Market.Funding.Interval)
		l.revenue[enterprise], l.revenue[consumer] = w.segments[enterprise].spend[i]/12, w.segments[consumer].spend[i]/12
		s, q := terms.Split(unit.MW(w.capacity(l)), l.needs, r)
		l.serving, l.research = float64(s), float64(q)
	}
	w.best, w.leading = w.frontier(), w.leaders()
}

// closeOpening measures the opening state, which stands for all months before the start.
func (w *World) closeOpening() {
	w.use(w.m.Start)
	total := 0.0
	for i := range w.clouds {
		w.clouds[i].askedBefore = w.clouds[i].asked
		w.clouds[i].growth = w.clouds[i].pastGrowth(w.m.Start)
		w.clouds[i].cost, w.clouds[i].running = w.unitCost(i, w.m.Start)
		w.cost += float64(w.clouds[i].cost * w.clouds[i].energised)
		total += w.clouds[i].energised
	}
	w.cost = ratio(w.cost, total)
	for i := range w.firms {
		s := &w.firms[i]
		s.operating, s.capex = s.opening/12, s.capexYear/12
	}
	w.openPayroll()
	w.measure(w.m.Start, w.panel.Open(w.m.Start))
	w.panel.Fill(w.m.Start, w.panel.Frame())
}

// openPayroll owes labs' staff the last month before the start, so that the first month is like any other.
func (w *World) openPayroll() {
	for i := range w.labs {
		w.labs[i].computeBill = 0
	}
	for i := range w.lots {
		if l := &w.lots[i]; l.Lab >= 0 {
			w.labs[l.Lab].computeBill += l.Billed.Dollars()
		}
	}
	for i := range w.clouds {
		if l := w.firms[w.clouds[i].firm].lab; l >= 0 {
			w.labs[l].computeBill += float64(w.clouds[i].ownUsed / 1000 * w.clouds[i].cost / 12)
		}
	}
	w.billStaff()
}

// pastGrowth is the growth of a cloud's capacity in the year before the start, log a month: what it expects
// of demand before it has seen any.
func (c *cloudState) pastGrowth(start unit.Month) float64 {
	young := 0.0
	for _, s := range c.stock {
		if s.born.Year() == start.Year() {
			young += s.mw
		}
	}
	if young <= 0 || young >= c.energised {
		return 0
	}
	return min(mostGrowth, num.Log(c.energised/(c.energised-young))/12)
}

// mostGrowth bounds what a cloud expects, log a month: fourfold in a year.
const mostGrowth = 0.1155

// close marks values, writes off plant and measures the month.
func (w *World) close(t unit.Month) {
	wear, sentiment := 1/float64(w.m.Market.Build.AccountingLife), w.sentiment()
	for i := range w.firms {
		w.closeFirm(i, wear, sentiment, t)
	}
	w.measure(t, w.panel.Open(t))
}

// closeFirm writes off the month's part of a firm's plant, adds the month to its year, and marks the value of a listed firm.
func (w *World) closeFirm(i int, wear, sentiment float64, t unit.Month) {
	f, s, terms := id.Firm(i), &w.firms[i], &w.m.Firms[i]
	if plant := w.books.Balance(f, ledger.Plant); plant > 0 {
		w.books.Within(f, ledger.Depreciation, ledger.Plant, plant.Times(wear), ledger.For("depreciation"))
	}
	s.operating = w.operating(f).Dollars()
	s.capex = -w.books.CashFlow(f, ledger.Capex).Dollars()
	s.capexYear += (float64(12*s.capex) - s.capexYear) / 12
	s.cashFlow += (float64(12*s.operating) - s.cashFlow) / 12
	if terms.Listed && s.opening > 0 && t > w.m.Start {
		s.value = s.valueBase * sentiment * max(0.1, s.cashFlow/s.opening)
		if w.makesChips(f) {
			s.value *= w.factors[shock.ChipValuation]
		}
	}
	// A listed firm with more cash than it started with pays its owners; so money does not pile up.
	if terms.Listed && w.debt(f) == 0 {
		keep := terms.Cash.Plus(s.purse(w))
		if spare := w.cash(f) - keep; spare > 0 {
			w.books.Distribute(f, w.outside, spare/12, ledger.For("dividends and buy-backs"))
		}
	}
}

// makesChips reports whether chips are a firm's business, and neither models nor capacity are.
func (w *World) makesChips(f id.Firm) bool {
	s := &w.firms[f]
	return s.supplier >= 0 && s.lab < 0 && s.cloud < 0
}

// purse is what a firm has set aside for equity.
func (s *firmState) purse(w *World) unit.USD {
	if s.investor < 0 {
		return 0
	}
	return w.investors[s.investor].purse
}

// measure writes every measure of the month into frame, which has one entry a column of the layout.
func (w *World) measure(t unit.Month, frame []float64) {
	lay := w.m.Layout
	clear(frame)
	w.measureLots(t, frame) // before labs, whose contracted capacity is what they rent, not what they let
	w.measureLabs(frame)
	w.measureClouds(frame)
	for i := range w.firms {
		w.measureFirm(i, t, frame)
	}
	w.measureReviews(frame)
	w.measureChannels(t)
	w.measureTies(t, frame)
	w.measureWorld(frame)
	for r := range w.regions {
		frame[lay.Of(measure.PowerConnected, r)] = w.regions[r].connected
		frame[lay.Of(measure.PowerQueued, r)] = w.regions[r].queued
		frame[lay.Of(measure.ChipsReceived, r)] = w.regions[r].received
	}
}

func (w *World) measureLabs(frame []float64) {
	lay := w.m.Layout
	var total [segments]float64
	compute := 0.0
	for i := range w.labs {
		total[enterprise] += w.segments[enterprise].spend[i]
		total[consumer] += w.segments[consumer].spend[i]
		compute += w.labs[i].usedH100e
	}
	for i := range w.labs {
		l := &w.labs[i]
		f := int(l.firm)
		e, c := w.segments[enterprise].spend[i], w.segments[consumer].spend[i]
		frame[lay.Of(measure.MarketShare, f)] = ratio(e+c, total[enterprise]+total[consumer])
		frame[lay.Of(measure.MarketShareEnterprise, f)] = ratio(e, total[enterprise])
		frame[lay.Of(measure.MarketShareConsumer, f)] = ratio(c, total[consumer])
		frame[lay.Of(measure.RevenueRunRate, f)] = e + c
		frame[lay.Of(measure.RevenueRunRateEnterprise, f)] = e
		frame[lay.Of(measure.RevenueRunRateConsumer, f)] = c
		frame[lay.Of(measure.ComputeShare, f)] = ratio(l.usedH100e, compute)
		frame[lay.Of(measure.CapacityUsed, f)] = l.used
		frame[lay.Of(measure.ReachEnterprise, f)], frame[lay.Of(measure.ReachConsumer, f)] = l.reach[enterprise], l.reach[consumer]
		frame[lay.Of(measure.CapacityContracted, f)] = l.contracted
		frame[lay.Of(measure.UnmetDemand, f)] = 1 - l.served
		frame[lay.Of(measure.ComputeNeed, f)] = float64(l.needs.Serving + l.needs.Research)
		frame[lay.Of(measure.ExclusivityPrice, f)] = l.shadow
		frame[lay.Of(measure.Price, f)] = num.Exp(l.lnPrice)
		frame[lay.Of(measure.Capability, f)] = l.capability
		frame[lay.Of(measure.ChipAccess, f)] = w.chipAccess(i)
		if w.firms[f].cloud < 0 {
			frame[lay.Of(measure.Utilisation, f)] = ratio(l.used, w.capacity(l))
		}
		revenue := l.revenue[enterprise] + l.revenue[consumer]
		l.shared = w.books.Turnover(l.firm, ledger.SellerShare).Dollars()
		cost := float64(ratio(l.serving, l.used)*l.computeBill) + l.shared
		if revenue > 0 {
			frame[lay.Of(measure.GrossMargin, f)] = 1 - cost/revenue
		}
		if l.gone {
			frame[lay.Of(measure.Capability, f)] = 0
		}
	}
}

func (w *World) measureClouds(frame []float64) {
	lay := w.m.Layout
	for i := range w.clouds {
		c := &w.clouds[i]
		f := int(c.firm)
		frame[lay.Of(measure.CapacityUnderConstruction, f)] = c.pipeline
		frame[lay.Of(measure.WaitingForPower, f)] = c.noPower
		frame[lay.Of(measure.WaitingForChips, f)] = max(0, c.noChips) // what others' chips filled leaves a last bit
		frame[lay.Of(measure.WaitingForMoney, f)] = c.noMoney
		for _, b := range c.base {
			frame[lay.Of(measure.InstalledBase, int(w.suppliers[b.supplier].firm))] += b.mw
		}
		frame[lay.Of(measure.CapacityAnnounced, f)] = c.pipeline + float64(w.cloud(i).Announced)
		frame[lay.Of(measure.CapacityEnergised, f)] = c.live()
		frame[lay.Of(measure.Compute, f)] = float64(c.compute * (1 - c.out))
		frame[lay.Of(measure.Utilisation, f)] = ratio(c.inside+c.lotsUsed+c.spot+c.ownUsed, c.live()+c.hired)
		frame[lay.Of(measure.CapacityOwnUsed, f)] = c.ownUsed
		frame[lay.Of(measure.CapacityLet, f)] = c.lots + c.spot
	}
}

// measureLots adds up what is asked of lots: what sellers have let, the chips that buyers use, and the minimum payments
// still promised: the floors of lots, and what promises of spend ask for beyond the floors between the same two firms while
// they last, for one rent serves both.
//
//	outstanding = Σ floors + Σ over pairs max(0, Σ promises − floors until the last of them ends)
func (w *World) measureLots(t unit.Month, frame []float64) {
	outstanding, let := frame[w.m.Layout.Of(measure.CommitmentsOutstanding, 0):], frame[w.m.Layout.Of(measure.CapacityContracted, 0):]
	w.addPromises(t)
	w.fitOwn()
	lots, all := w.lots, w.ties.list
	for i := range lots {
		l := &lots[i]
		let[l.Seller] += float64(l.Size)
		floors := l.Rest(t)
		outstanding[l.Buyer] += floors.Dollars()
		if x := &all[l.Pair]; x.promised > 0 {
			x.promised -= floors - l.Rest(x.until)
		}
		if l.Chips >= 0 && l.Buyer != l.Seller {
			all[l.Chips].fitted += float64(l.Delivered)
		}
	}
	for i := range all {
		x := &all[i]
		if x.promised > 0 {
			outstanding[x.a] += x.promised.Dollars()
		}
		x.promised, x.until = 0, 0
	}
	w.fitSupplied()
}

// addPromises adds up what is still to be paid of promises of spend, and until when.
func (w *World) addPromises(t unit.Month) {
	for n, c := range w.deals.commits.each {
		if w.deals.active(n, t) {
			x := w.deals.tie(n, &w.ties)
			if x == nil {
				x = w.ties.find(w.deals.parties[n][0], w.deals.parties[n][1])
			}
			x.promised = x.promised.Plus(c.Outstanding(t, &w.deals.states[n]))
			x.until = max(x.until, t, min(w.deals.ends[n], c.Last()))
		}
	}
}

// panelMonth is the month being closed.
func (w *World) panelMonth() unit.Month { return w.panel.Month() }

// measureFirm writes what is measured of every firm. The frame is clear: what most firms have none of is written for the
// others alone.
func (w *World) measureFirm(i int, t unit.Month, frame []float64) {
	lay, f, s, b := w.m.Layout, id.Firm(i), &w.firms[i], w.books
	set := func(m measure.ID, x float64) { frame[lay.Of(m, i)] = x }
	models, compute := b.Turnover(f, ledger.ModelRevenue), b.Turnover(f, ledger.ComputeRevenue)
	chips, shares := b.Turnover(f, ledger.ChipRevenue), b.Turnover(f, ledger.ShareIncome)
	if models|compute|chips|shares != 0 {
		set(measure.Revenue, (models + compute + chips + shares).Dollars())
		set(measure.ComputeRevenue, compute.Dollars())
		set(measure.ChipRevenue, chips.Dollars())
	}
	cash := w.cash(f).Dollars()
	set(measure.Cash, cash)
	set(measure.Debt, w.debt(f).Dollars())
	cover := mostCover
	if x, ok := w.cover(f); ok {
		cover = max(-mostCover, min(mostCover, x))
	}
	set(measure.DebtCover, cover)
	if len(w.deals.ventures.of[f]) > 0 {
		set(measure.Pledged, w.pledged(f, t).Dollars())
	}
	set(measure.OperatingCashFlow, s.operating)
	set(measure.Capex, s.capex)
	burn := s.meanBurn()
	set(measure.Burn, burn)
	set(measure.Runway, runway(cash, burn))
	if s.lab >= 0 && w.labs[s.lab].gone {
		set(measure.Runway, math.NaN()) // it burns nothing, which is no long life
	}
	set(measure.Profit, b.Profit(f).Dollars())
	set(measure.Valuation, s.value)
	set(measure.CapitalRaised, s.raised)
	if levy := b.Turnover(f, ledger.Levy); levy != 0 {
		set(measure.Levies, levy.Dollars())
	}
	set(measure.CrowdedOut, s.crowded)
}

// mostCover bounds the measure of debt service cover either way.
const mostCover = 10.0

// mostRunway bounds the measure of runway in months: cash that lasts longer is as good as endless.
const mostRunway = 120.0

// runway is how many months cash lasts at what is burnt a month.
func runway(cash, burn float64) float64 {
	if burn <= 0 {
		return mostRunway
	}
	return min(mostRunway, cash/burn)
}

func (w *World) measureWorld(frame []float64) {
	lay := w.m.Layout
	set := func(m measure.ID, x float64) { frame[lay.Of(m, 0)] = x }
	set(measure.FrontierCapability, w.frontier())
	e, c := num.Sum(w.segments[enterprise].spend[:len(w.labs)]), num.Sum(w.segments[consumer].spend[:len(w.labs)])
	set(measure.MarketSize, e+c)
	set(measure.MarketSizeEnterprise, e)
	set(measure.MarketSizeConsumer, c)
	set(measure.HHI, hhi(w.ofLabs(measure.MarketShare, frame)))
	set(measure.HHIEnterprise, hhi(w.ofLabs(measure.MarketShareEnterprise, frame)))
	set(measure.HHIConsumer, hhi(w.ofLabs(measure.MarketShareConsumer, frame)))
	set(measure.HHIComputeUsed, hhi(w.ofLabs(measure.ComputeShare, frame)))
	set(measure.HHIComputeOwned, hhi(w.ofClouds(measure.CapacityEnergised, frame)))
	set(measure.HHIOwnerGroup, w.groupHHI(frame))
	set(measure.RentPerGWYear, w.rent)
	set(measure.H100Rental, w.h100)
	set(measure.ChipSupply, w.supply)
	set(measure.ChipOrders, w.wanted)
	set(measure.Sentiment, w.sentiment())
	set(measure.TotalEnergised, num.Sum(w.ofClouds(measure.CapacityEnergised, frame)))
	capex := 0.0
	for i := range w.clouds {
		capex += w.firms[w.clouds[i].firm].capex
	}
	set(measure.TotalCapex, capex)
}

// ofLabs lists a measure that only labs have, lab by lab.
func (w *World) ofLabs(m measure.ID, frame []float64) []float64 {
	w.weights = w.weights[:0]
	for i := range w.labs {
		w.weights = append(w.weights, frame[w.m.Layout.Of(m, int(w.labs[i].firm))])
	}
	return w.weights
}

// ofClouds lists a measure that only clouds have, cloud by cloud.
func (w *World) ofClouds(m measure.ID, frame []float64) []float64 {
	w.weights = w.weights[:0]
	for i := range w.clouds {
		w.weights = append(w.weights, frame[w.m.Layout.Of(m, int(w.clouds[i].firm))])
	}
	return w.weights
}

// hhi is the Herfindahl-Hirschman index of shares, which need not sum to one.
//
//	HHI = Σ (100·share)²      (13)
func hhi(x []float64) float64 {
	total, sum := num.Sum(x), 0.0
	if total <= 0 {
		return 0
	}
	for _, v := range x {
		s := 100 * v / total
		sum += float64(s * s)
	}
	return sum
}

// groupHHI counts each lab with its largest strategic owner that is a cloud or supplier, if one holds a tenth.
func (w *World) groupHHI(frame []float64) float64 {
	const strategic = 0.10
	w.owners = w.owners[:0]
	for i := range w.labs {
		w.owners = append(w.owners, owner{firm: w.labs[i].firm})
	}
	for k := range w.ties.list {
		x := &w.ties.list[k]
		if x.stake < strategic || x.a == w.outside || x.b == w.outside || w.firms[x.a].cloud < 0 && w.firms[x.a].supplier < 0 {
			continue
		}
		if l := w.firms[x.b].lab; l >= 0 && outranks(x.stake, w.owners[l].stake) {
			w.owners[l] = owner{firm: x.a, stake: x.stake}
		}
	}
	for i, share := range w.ofLabs(measure.MarketShare, frame) {
		w.owners[i].share = share
	}
	slices.SortStableFunc(w.owners, func(a, b owner) int { return cmp.Compare(a.firm, b.firm) })
	w.weights = w.weights[:0]
	for k, x := range w.owners {
		if k == 0 || x.firm != w.owners[k-1].firm {
			w.weights = append(w.weights, 0)
		}
		w.weights[len(w.weights)-1] += x.share
	}
	return hhi(w.weights)
}

// owner is the firm with which a lab counts, what that owns of it, and the lab's market share.
type owner struct {
	firm         id.Firm
	stake, share float64
}

// firmOf is the state of a firm of the model, nil for the outside.
func (w *World) firmOf(f id.Firm) *firmState {
	if f == w.outside {
		return nil
	}
	return &w.firms[f]
}
