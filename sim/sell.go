package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// sell lets customers choose at posted prices, rations them where serving capacity is short, and then sets
// new prices and rents.
func (w *World) sell(t unit.Month) {
	for s := range w.segments {
		w.demand(s, t)
	}
	w.ration(t)
	w.use(t)
	w.reprice(t)
	w.clearRent(t)
}

// demand grows a segment and moves new spend by choice, old spend by inertia.
func (w *World) demand(s int, t unit.Month) {
	g := &w.segments[s]
	z := rng.Normal(w.uniform(rng.Demand, 0, t, s), 0, g.rules.ShockSD)
	factor := w.factors[shock.Demand]
	shock := z + num.Log(factor/w.lastDemand) // a dated shock acts on the level: only its change moves the size
	if s == segments-1 {
		w.lastDemand = factor
	}
	g.size = g.rules.Grow(g.size, w.priceIndexChange(s), shock)
	w.display(s)
	w.openDoors(s, t)
	g.choice.Clear(g.rules)
	w.ban(s, t)
	// What could not be served last month is in size but in nobody's spend, and chooses anew.
	copy(g.before, g.spend)
	keep, pool := g.rules.Renew(g.spend, g.locked, g.choice.Flow, g.size-num.Sum(g.spend))
	w.throughDoors(s, t, keep, pool)
}

// priceIndexChange is the log change of the spend-weighted price of a segment in the last month.
func (w *World) priceIndexChange(s int) float64 {
	g := &w.segments[s]
	sum, total := 0.0, 0.0
	for i := range w.labs {
		sum += float64(g.spend[i] * w.labs[i].priceMove)
		total += g.spend[i]
	}
	return ratio(sum, total)
}

// display sets out what customers choose from.
func (w *World) display(s int) {
	g := &w.segments[s]
	c := g.choice
	last := len(w.labs)
	sum, total := 0.0, 0.0
	for i := range w.labs {
		sum += float64(g.spend[i] * w.labs[i].lnPrice)
		total += g.spend[i]
	}
	mean := 0.0
	if total > 0 {
		mean = sum / total
	}
	open := w.openModel
	for i := range w.labs {
		l := &w.labs[i]
		c.Capability[i] = l.capability
		c.LogPrice[i] = l.lnPrice - mean
		c.Closed[i] = c.Closed[i] || l.gone
		if w.lab(i).OpenWeights && !l.gone {
			open = max(open, l.capability)
		}
	}
	// Open weights keep their discount: their price moves with the mean of the labs' prices.
	c.Capability[last] = open
}

// ration serves what capacity allows. Users who do not pay are turned away first; of paid spend turned away
// a part moves to rivals with room, the rest waits.
func (w *World) ration(t unit.Month) {
	spare := w.weights[:0]
	var lost [segments]float64
	short := false
	for i := range w.labs {
		l := &w.labs[i]
		if l.gone {
			l.serving, l.research = 0, 0
			spare = append(spare, 0)
			continue
		}
		need := w.servingNeed(l, t)
		l.needs.Serving = unit.MW(need)
		serving, research := w.lab(i).Split(unit.MW(w.capacity(l)), l.needs, &w.m.Market.Research)
		l.serving, l.research = float64(serving), float64(research)
		l.served = 1
		if need > 0 {
			l.served = min(1, l.serving/need)
		}
		paid := (w.segments[enterprise].spend[i] + w.segments[consumer].spend[i]) / l.carries() * w.thrift(t)
		// A lab with customers to win lets research give way, down to its floor, reckoned as Split does: a full lab has
		// no room at all, not what rounding leaves, for with it the lab would count among those that share what moves.
		spare = append(spare, max(0, w.capacity(l)-float64(w.capacity(l)*float64(w.m.Market.Research.Floor))-l.serving))
		if paid <= l.serving || paid <= 0 {
			continue
		}
		short = true
		away := 1 - l.serving/paid
		for s := range w.segments {
			g := &w.segments[s]
			lost[s] += float64(g.spend[i] * away)
			g.spend[i] *= 1 - away
			g.choice.Appeal[i] -= g.rules.ServiceFailure
		}
		l.rationed++
		w.happened(t, "ration", l.firm)
		if w.told() && l.rationed%6 == 1 {
			w.tell(t, "ration", l.firm, id.None, id.NoContract, w.name(l.firm)+" turns paying customers away for want of capacity.",
				share("paid spend turned away", away), mw("serving capacity", unit.MW(l.serving)), mw("needed", unit.MW(paid)))
		}
	}
	w.weights = spare
	if short {
		w.spill(lost, spare, t)
	}
}

// spill moves spend turned away to labs with room, by their shares of choice.
func (w *World) spill(lost [segments]float64, spare []float64, t unit.Month) {
	for s := range w.segments {
		g := &w.segments[s]
		total := 0.0
		for i := range w.labs {
			if spare[i] > 0 {
				total += g.choice.Flow[i]
			}
		}
		if lost[s] == 0 || total == 0 {
			continue
		}
		move := lost[s] * float64(g.rules.Spill)
		for i := range w.labs {
			if spare[i] <= 0 {
				continue
			}
			l := &w.labs[i]
			room := spare[i] * l.carries() / w.thrift(t)
			take := min(move*g.choice.Flow[i]/total, room)
			g.spend[i] += take
			if spare[i] -= float64(take / l.carries() * w.thrift(t)); take == room {
				spare[i] = 0
			}
			l.serving += float64(take / l.carries() * w.thrift(t))
			l.research = max(0, min(l.research, w.capacity(l)-l.serving)) // the last bit may be missing
		}
	}
}

// thrift is the serving capacity that a dollar of revenue needs in month t, over that of the start. A shock to
// serving efficiency divides it.
func (w *World) thrift(t unit.Month) float64 {
	return w.tables.serving[t-w.m.Start] / w.factors[shock.ServingEfficiency]
}

// use meters what labs and other buyers use of which cloud.
func (w *World) use(t unit.Month) {
	for i := range w.clouds {
		c := &w.clouds[i]
		c.ownUsed, c.lotsUsed, c.spot, c.asked = 0, 0, 0, 0
	}
	for i := range w.labs {
		l := &w.labs[i]
		used := min(w.capacity(l), l.serving+l.research)
		l.used = used
		own := 0.0
		if c := w.firms[l.firm].cloud; c >= 0 {
			own = min(used, w.clouds[c].own) // a lab fills its own cloud first
			w.clouds[c].ownUsed = own
		}
		l.intensity = 0
		if l.rented > 0 {
			l.intensity = (used - own) / l.rented
		}
		l.usedH100e = used * l.density
		l.revenue[enterprise] = w.segments[enterprise].spend[i] / 12
		l.revenue[consumer] = w.segments[consumer].spend[i] / 12
	}
	lots := w.lots
	for i := range lots {
		l := &lots[i]
		if l.Used, l.Billed = l.Delivered, 0; l.Used == 0 {
			continue
		}
		if b := l.Lab; b >= 0 {
			l.Used *= unit.MW(w.labs[b].intensity)
		}
		l.Billed = l.Bill()
		w.clouds[l.Cloud].lotsUsed += float64(l.Used)
	}
	w.spotMarket(t)
}

// spotMarket lets what clouds have left to buyers that are no labs, each cloud the same part of what it offers.
func (w *World) spotMarket(t unit.Month) {
	need := 0.0
	for i := range w.buyers {
		b := &w.buyers[i]
		terms := w.m.Firms[b.firm].Buyer
		rent := num.Pow(w.rent/float64(w.m.Market.Compute.Rent), -terms.Elasticity)
		b.need = float64(float64(terms.Need) * num.Pow(1+float64(terms.Growth), w.years(t)) * rent)
		need += b.need
	}
	idle, letting := 0.0, 0.0
	for i := range w.clouds {
		idle += w.idle(i)
		if w.lets(i) {
			letting += w.clouds[i].live()
		}
	}
	part := 1.0
	if idle > need {
		part = need / idle
	}
	for i := range w.clouds {
		w.clouds[i].spot = w.idle(i) * part
		w.clouds[i].unsold = 0
		if w.lets(i) {
			w.clouds[i].unsold = max(0, w.clouds[i].own-w.clouds[i].ownUsed-w.clouds[i].spot)
		}
		// A cloud reads demand from its lots and from what buyers ask of clouds of its size, met or not.
		w.clouds[i].asked = w.clouds[i].signed
		if letting > 0 && w.lets(i) {
			w.clouds[i].asked += float64(need * w.clouds[i].live() / letting)
		}
	}
	for i := range w.buyers {
		b := &w.buyers[i]
		b.used = b.need
		if need > idle {
			b.used = b.need * idle / need
		}
		if w.told() && t > w.m.Start && t.InYear()%6 == 0 {
			w.tell(t, "spot", b.firm, id.None, id.NoContract, w.name(b.firm)+" rents "+power(unit.MW(b.used))+" on the spot market.",
				mw("wanted at this rent", unit.MW(b.need)), rent("market rent", w.rent))
		}
	}
}

// lets reports whether a cloud lets capacity to others.
func (w *World) lets(i int) bool { return w.cloud(i).Sells || w.clouds[i].pooled }

// idle is what a cloud offers on the spot market.
func (w *World) idle(i int) float64 {
	if !w.lets(i) {
		return 0
	}
	return max(0, w.clouds[i].own-w.clouds[i].ownUsed) * float64(w.cloud(i).Fill)
}

// reprice sets next month's list prices.
func (w *World) reprice(t unit.Month) {
	p := &w.m.Market.Price
	rentMove := num.Log(max(1e-9, w.h100/w.h100Before))
	efficiency := w.factors[shock.ServingEfficiency]
	leap := num.Log(efficiency / w.lastServing) // a dated shock acts on the level of unit cost
	w.lastServing = efficiency
	gain := num.Log(1+float64(p.EfficiencyGain)) * (1 - float64(p.UpgradeShare)) / 12
	dlnCost := rentMove - gain - leap
	for i := range w.labs {
		l := &w.labs[i]
		cut := w.undercut(i, t)
		l.priceMove = p.Change(dlnCost, l.gain, l.lnPrice-l.lnCost, w.contested(i)) - cut
		l.lnCost += dlnCost
		l.lnPrice += l.priceMove
		l.lnCut -= cut + float64(float64(p.CostPassThrough)*leap)
	}
}

// contested reports whether a rival that anybody can buy from stands within two points of a lab.
func (w *World) contested(i int) bool {
	for k := range w.labs {
		l := &w.labs[k]
		d := l.capability - w.labs[i].capability
		if d > -2 && d < 2 && k != i && !l.gone && !(w.segments[enterprise].choice.Closed[k] && w.segments[consumer].choice.Closed[k]) {
			return true
		}
	}
	return false
}

// clearRent moves the market rent by how tight capacity was.
func (w *World) clearRent(t unit.Month) {
	asked, supply, running, cost := 0.0, 0.0, 0.0, 0.0
	for i := range w.clouds {
		c := &w.clouds[i]
		asked += c.internal
		supply += c.live()
		running += float64(c.live() * c.running)
		cost += float64(c.live() * c.cost)
	}
	for i := range w.buyers {
		asked += w.buyers[i].need
	}
	for i := range w.labs { // what a lab would use and could pay for at this rent, whether it has it or not
		l := &w.labs[i]
		asked += float64(min(l.needs.Serving+l.needs.Research, l.needs.Afford))
	}
	w.h100Before = w.h100
	if supply <= 0 {
		return
	}
	cm := &w.m.Market.Compute
	w.tight = cm.Tightness(asked, supply)
	w.cost = cost / supply
	shocked := cm.Balance(w.cost, w.tight) * w.factors[shock.Rent]
	w.rent = cm.NextRent(w.rent, shocked, running/supply)
	// A fixed amount of compute needs ever less power: its rent falls by the trend against that of power.
	trend := num.Exp(num.Log(1+float64(cm.CostTrend)) * w.years(t))
	w.h100 = cm.H100Rental * trend * w.rent / float64(cm.Rent)
}
