package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// consider puts a choice before the party to which a contract leaves it.
func (w *World) consider(a *contract.Ask, n id.Contract, t unit.Month) {
	switch a.Choice {
	case contract.Leave:
		w.considerLeaving(a, n, t)
	case contract.Recut:
		w.considerRecut(a, n, t)
	}
}

// considerLeaving lets the buyer of a contract whose seller is late decide whether it stays.
func (w *World) considerLeaving(a *contract.Ask, n id.Contract, t unit.Month) {
	p := w.deals.parties[n]
	v := firm.LeaveView{Lacks: unit.MW(w.lacksFor(p[0])), Market: unit.Rent(w.rent), Switching: w.m.Market.Compute.SwitchingCost}
	later := t + 1 + unit.Month(w.m.Market.Research.RequestLead)
	for k := range w.lots {
		if l := &w.lots[k]; l.Contract == n && l.Delivered < l.Size {
			lost := max(0, unit.MW(promisedBy(l, later))-l.Delivered)
			v.Rent += unit.Rent(float64(l.Rent) * float64(lost))
			v.Lost += lost
		}
	}
	if v.Lost > 0 {
		v.Rent /= unit.Rent(v.Lost)
	}
	leaves := v.Leaves()
	if w.told() && (leaves || w.deals.states[n].Late%6 == 0) {
		kind, what := "stay", w.name(p[0])+" stays with "+w.name(p[1])+" although it is late."
		if leaves {
			kind, what = "exit", w.name(p[0])+" leaves "+w.name(p[1])+" for being late."
		}
		w.tell(t, kind, p[0], p[1], n, what, append(a.Why,
			mw("given up if it leaves", v.Lost), mw("lacks if it stays", v.Lacks), rent("contract rent", float64(v.Rent)), rent("market rent", w.rent))...)
	}
	if leaves {
		w.leaveLate(n, t)
	}
}

// leaveLate gives up what a contract has not delivered, and with it a promise of spend. What is in service stays on its
// terms. What was paid ahead for the rest goes back, shortfalls that could not be made up too. The seller has nothing to
// let to others: it is what it lacks.
func (w *World) leaveLate(n id.Contract, t unit.Month) {
	s := &w.deals.states[n]
	var all, kept unit.MW
	for k := range w.lots {
		l := &w.lots[k]
		if l.Contract != n {
			continue
		}
		all += l.Size
		kept += l.Delivered
		w.shrink(l, l.Size-l.Delivered, t)
	}
	_, spend := w.deals.contracts[n].Terms.(contract.Committer)
	if spend || kept <= 0 {
		for i := range s.MakeUp {
			s.Ahead += s.MakeUp[i].Left
			s.MakeUp[i].Left = 0
		}
		s.Ended = true
		w.returnAhead(n, s.Ahead)
		return
	}
	w.returnAhead(n, s.Ahead.Times(float64((all-kept)/all)))
}

// considerRecut lets the seller of a promise of spend decide whether it lets the buyer off a part of it.
func (w *World) considerRecut(a *contract.Ask, n id.Contract, t unit.Month) {
	p, s := w.deals.parties[n], &w.deals.states[n]
	v := firm.ReleaseView{
		Market: unit.Rent(w.rent), Resale: w.m.Market.Compute.ResaleValue, Rent: w.rentBetween(p[0], p[1]), Floor: a.Floor, Pays: w.chanceToPay(p[0]),
	}
	agrees := v.Agrees()
	if w.told() {
		kind, what := "recut-refused", w.name(p[1])+" holds "+w.name(p[0])+" to a promise of spend."
		if agrees {
			kind, what = "recut", w.name(p[1])+" lets "+w.name(p[0])+" off a part of a promise of spend."
		}
		w.tell(t, kind, p[1], p[0], n, what, append(a.Why, share("part asked for", float64(a.Part)),
			rent("would bring elsewhere", float64(v.Elsewhere())), rent("expected of the buyer", float64(v.Expected())), share("chance that it pays", v.Pays))...)
	}
	if agrees {
		s.Waived += float64((1 - s.Waived) * float64(a.Part))
	}
}

// rentBetween is the mean rent that a buyer has agreed with a seller, the market's where there is no lot.
func (w *World) rentBetween(buyer, seller id.Firm) unit.Rent {
	size, sum := 0.0, 0.0
	for _, k := range w.lotsOf[buyer] {
		if l := &w.lots[k]; l.Seller == seller {
			size += float64(l.Size)
			sum += float64(float64(l.Size) * float64(l.Rent))
		}
	}
	if size <= 0 {
		return unit.Rent(w.rent)
	}
	return unit.Rent(sum / size)
}

// chanceToPay is what the others can know of a buyer's means: a firm with a business or a parent pays, a lab that
// lives from rounds if the next one succeeds, and in distress if nobody needs to rescue it.
func (w *World) chanceToPay(f id.Firm) float64 {
	i := w.firms[f].lab
	if i < 0 || w.lab(i).Funding != "rounds" || w.m.Firms[f].Listed {
		return 1
	}
	chance := float64(w.m.Market.Funding.SuccessOpen)
	if w.stressed {
		chance = float64(w.m.Market.Funding.SuccessStressed)
	}
	if w.labs[i].distressed {
		chance *= 1 - float64(w.m.Market.Distress.RescueChance)
	}
	return chance
}

// lacksFor is the capacity that a firm will need and has not signed; below zero it has some to spare.
func (w *World) lacksFor(f id.Firm) float64 {
	s := &w.firms[f]
	switch {
	case s.lab >= 0:
		return w.lacks(s.lab)
	case s.cloud >= 0:
		return -w.clouds[s.cloud].free[min(ahead, int(w.m.Market.Research.RequestLead))]
	case s.buyer >= 0:
		return w.buyers[s.buyer].need - w.buyers[s.buyer].used
	}
	return 0
}

// callOptions lets the buyers of options call capacity, before anybody asks the market.
func (w *World) callOptions(t unit.Month) {
	for n, c := range w.deals.options.each {
		if !w.deals.active(n, t) {
			continue
		}
		l, ok := c.Call(w.now(n, t), &w.deals.states[n])
		if !ok || w.firms[l.Buyer].failed || w.firms[l.Seller].failed {
			continue
		}
		if b := w.firms[l.Buyer].lab; b < 0 || !w.labs[b].distressed {
			w.considerCall(l, n, t)
		}
	}
}

// considerCall lets the buyer of an option decide whether it calls what it lacks, at most l.
func (w *World) considerCall(l market.Lot, n id.Contract, t unit.Month) {
	lacks := unit.MW(w.lacksFor(l.Buyer))
	size := min(l.Size, lacks)
	if size < min(l.Size, unit.MW(w.m.Market.Build.MinimumSite)) {
		return
	}
	l.Size, l.Wanted, l.End = size, t, min(l.End, w.deals.ends[n])
	if l.Family == id.None {
		l.Family = w.clouds[w.firms[l.Seller].cloud].family
	}
	v := firm.CallView{Strike: l.Rent, Market: unit.Rent(w.rent), Sooner: w.sooner(&l, t), DelayPenalty: w.m.Market.Compute.DelayPenalty}
	if x := w.ties.has(l.Buyer, l.Seller); x == nil || x.contracted == 0 {
		v.Switching = w.m.Market.Compute.SwitchingCost
	}
	if !v.Calls() {
		return
	}
	w.enter(l, t)
	w.deals.states[n].Called += size
	if b := w.firms[l.Buyer].lab; b >= 0 {
		w.labs[b].short -= float64(size)
		w.labs[b].contractedLater += float64(size)
	}
	if w.told() {
		w.tell(t, "call", l.Buyer, l.Seller, n, w.name(l.Buyer)+" calls "+power(size)+" under its option with "+w.name(l.Seller)+", from "+l.Start.String()+".",
			mw("lacks", lacks), rent("agreed rent", float64(l.Rent)), rent("market rent", w.rent), months("sooner than elsewhere", float64(v.Sooner)))
	}
}

// sooner is by how many months a lot would be in service before another cloud could serve its buyer, counted from the
// month in which the buyer needs it; at most as far as clouds look ahead.
func (w *World) sooner(l *market.Lot, t unit.Month) unit.Months {
	needed := l.Start
	if b := w.firms[l.Buyer].lab; b >= 0 {
		needed = max(needed, w.wantedBy(&w.labs[b], t))
	}
	first := needed + ahead
	for i := 0; i < len(w.clouds) && first > needed; i++ {
		if c := &w.clouds[i]; !w.lets(i) || c.firm == l.Buyer || c.firm == l.Seller {
			continue
		}
		if ready, ok := w.ready(i, float64(l.Size), t, t+1); ok {
			first = min(first, ready)
		}
	}
	return unit.Months(max(0, first-needed))
}
