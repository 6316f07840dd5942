package sim

import (
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// resolve deals with firms that run out of money: a lab cuts research (see [firm.LabView.Plan]), gives capacity
// back, seeks a rescue round, is taken over, or defaults; a cloud that cannot serve its debt may default.
func (w *World) resolve(t unit.Month) {
	w.callGuarantees(t)
	for i := range w.labs {
		w.resolveLab(i, t)
	}
	for i := range w.clouds {
		w.resolveCloud(i, t)
	}
}

func (w *World) resolveLab(i int, t unit.Month) {
	l := &w.labs[i]
	terms := w.lab(i)
	if l.gone || terms.Funding != "rounds" || w.m.Firms[l.firm].Listed {
		return
	}
	d := &w.m.Market.Distress
	burn := w.firms[l.firm].meanBurn()
	unpaid := l.unpaid
	l.unpaid = false
	runway := 120.0
	if burn > 0 {
		runway = w.cash(l.firm).Dollars() / burn
	}
	was := l.distressed
	l.distressed = burn > 0 && runway < float64(d.Runway) && (!l.raising || l.rescuing || unpaid)
	if l.distressed && !was {
		w.happened(t, "distress", l.firm)
	}
	switch {
	case !l.distressed:
		l.distressMonths, l.rescuing = 0, false
		return
	case !was && w.told():
		w.tell(t, "distress", l.firm, id.None, id.NoContract, w.name(l.firm)+" runs short of cash and {cuts|cut} research to the floor.",
			usd("cash", w.cash(l.firm).Dollars()), usd("burn a month", burn), months("runway", runway))
	}
	l.distressMonths++
	if !l.raising {
		l.rescuing = true
		want := unit.Dollars(burn * float64(w.m.Market.Funding.RunwayTarget))
		w.openRound(round{lab: i, want: want, opened: t, closes: t.After(w.m.Market.Funding.CloseMonths), rescue: true})
		if w.told() {
			w.tell(t, "round-opened", l.firm, id.None, id.NoContract, w.name(l.firm)+" seeks a rescue round of "+money(want.Dollars())+" at a discount.",
				share("discount", float64(d.Discount)), months("runway", runway))
		}
	}
	if l.distressMonths%reliefMonths == 1 {
		w.relief(i, t)
	}
	if w.overdue(l.firm)-w.cash(l.firm) > unit.Dollars(burn*overdueMonths) {
		w.endLab(i, t)
	}
}

const (
	reliefMonths  = 6 // between two requests for relief
	overdueMonths = 3 // months of burn unpaid at which creditors act
)

// relief asks sellers to take part of what a lab has signed back. A seller agrees if letting it to another
// brings at least what it can expect from a lab that may fail.
//
//	agrees if ResaleValue·market rent ≥ contract rent·Floor·(1 − RescueChance)      (11.2)
func (w *World) relief(i int, t unit.Month) {
	l, d := &w.labs[i], &w.m.Market.Distress
	given := 0.0
	for _, k := range w.lotsOf[l.firm] {
		x := &w.lots[k]
		if x.Delivered <= 0 && x.Start <= t || !w.agrees(x.Rent, x.Floor) {
			continue
		}
		cut := unit.MW(x.Size * unit.MW(d.Haircut))
		x.Size -= cut
		given += float64(cut)
	}
	for n, c := range w.deals.commits.of[l.firm].each { // promises of spend shrink by the same part
		s := &w.deals.states[n]
		if w.deals.active(n, t) && w.agrees(unit.Rent(w.rent), c.Firm()) {
			s.Waived += float64((1 - s.Waived) * float64(d.Haircut))
		}
	}
	if given > 0 && w.told() {
		w.tell(t, "relief", l.firm, id.None, id.NoContract, w.name(l.firm)+" gives back "+power(unit.MW(given))+" of signed capacity.",
			share("part given back", float64(d.Haircut)), rent("market rent", w.rent))
	}
}

// agrees reports whether a seller takes capacity of a distressed lab back.
func (w *World) agrees(paid unit.Rent, floor unit.Share) bool {
	v := firm.ReleaseView{Market: unit.Rent(w.rent), Resale: w.m.Market.Compute.ResaleValue, Rent: paid, Floor: floor, Pays: 1 - float64(w.m.Market.Distress.RescueChance)}
	return v.Agrees()
}

// overdue is what a firm owes beyond payroll that is not yet due.
func (w *World) overdue(f id.Firm) unit.USD {
	var x unit.USD
	for a := range w.arrears.of(f) {
		if !a.payroll {
			x += a.amount
		}
	}
	return x
}

// endLab lets a strategic firm take the lab over, or the lab default.
func (w *World) endLab(i int, t unit.Month) {
	l, d := &w.labs[i], &w.m.Market.Distress
	owed := w.overdue(l.firm)
	buyer := w.rescuer(l.firm, owed)
	if buyer != id.None && rng.Bernoulli(w.uniform(rng.Rescue, w.firms[l.firm].luck, t, 0), float64(d.RescueChance)) {
		price := max(d.LeastPrice, unit.Dollars(w.firms[l.firm].value*(1-float64(d.Discount))*0.1))
		need := owed.Plus(unit.Dollars(max(0, w.firms[l.firm].meanBurn()) * float64(w.m.Market.Funding.RunwayTarget)))
		w.buyShares(buyer, l.firm, min(need, max(0, w.cash(buyer)/2)), price, 0, id.NoContract, "rescue", t)
		w.happened(t, "rescue", l.firm)
		if w.told() {
			w.tell(t, "rescue", l.firm, buyer, id.NoContract, w.name(buyer)+" rescues "+w.name(l.firm)+" from default.",
				usd("overdue", owed.Dollars()), usd("price", price.Dollars()), share("chance of rescue", float64(d.RescueChance)))
		}
		return
	}
	w.defaultLab(i, owed, t)
}

// rescuer is the firm with the largest stake that sells capacity or chips and could pay.
func (w *World) rescuer(lab id.Firm, need unit.USD) id.Firm {
	best, most := id.None, 0.0
	for _, k := range w.ties.to[lab] {
		x := &w.ties.list[k]
		if x.a == w.outside || w.firms[x.a].failed || w.firms[x.a].cloud < 0 && w.firms[x.a].supplier < 0 {
			continue
		}
		if now, _ := w.mayNotBuy(x.a, lab); now {
			continue
		}
		if outranks(x.stake, most) && w.cash(x.a) > need*2 {
			best, most = x.a, x.stake
		}
	}
	return best
}

// defaultLab ends a lab: its lots return to the pool, its creditors write off what it cannot pay, its
// customers choose anew.
func (w *World) defaultLab(i int, owed unit.USD, t unit.Month) {
	l := &w.labs[i]
	l.gone = true
	w.best = w.frontier()
	w.firms[l.firm].failed = true
	w.happened(t, "default", l.firm)
	w.firms[l.firm].value = 0
	w.callOnDefault(l.firm, t)
	for k := range w.lots {
		if w.lots[k].Buyer == l.firm {
			w.lots[k].End = t
		}
	}
	w.dropNotices(l.firm)
	if w.told() {
		w.tellDefault(l.firm, owed, t)
	}
	w.writeOff(l.firm, t)
	if c := w.firms[l.firm].cloud; c >= 0 {
		w.clouds[c].pooled = true
	}
	w.disperse(i)
}

// tellDefault tells of a lab's default and, where firms that cannot pay owe each other, of the range within which
// its creditors could be paid.
func (w *World) tellDefault(f id.Firm, owed unit.USD, t unit.Month) {
	why := []Reason{usd("overdue", owed.Dollars()), usd("cash", w.cash(f).Dollars()), usd("burn a month", w.firms[f].meanBurn())}
	if most, least, ok := w.clearingRange(f); ok {
		why = append(why, usd("most that clears of its bills", most), usd("least that clears of its bills", least))
	}
	w.tell(t, "default", f, id.None, id.NoContract, w.name(f)+" defaults.", why...)
}

// disperse lets the customers of a lab that is gone go where new spend goes.
func (w *World) disperse(lab int) {
	for s := range w.segments {
		g := &w.segments[s]
		left, others := g.spend[lab], 1-g.choice.Flow[lab]
		g.spend[lab] = 0
		g.choice.Closed[lab] = true
		if others <= 0 {
			continue
		}
		for i := range g.spend {
			if i != lab {
				g.spend[i] += float64(left * g.choice.Flow[i] / others)
			}
		}
	}
}

// dropNotices withdraws offers for a lab that is gone.
func (w *World) dropNotices(lab id.Firm) {
	keep := w.notices[:0]
	for _, n := range w.notices {
		if n.offer.Lab != lab {
			keep = append(keep, n)
		}
	}
	w.notices = keep
}

// writeOff cancels what creditors of a failed firm will not get.
func (w *World) writeOff(f id.Firm, t unit.Month) {
	w.arrears.keep(func(a *arrear) bool {
		if a.debtor == f {
			w.books.WriteOff(a.creditor, f, ledger.Receivable, a.amount, ledger.For("default"))
		}
		return a.debtor != f
	})
	lost := 1 - float64(w.m.Market.Distress.Recovery) // lenders keep what its sites are worth to them
	w.books.WriteOff(w.outside, f, ledger.Lent, w.generalDebt(f).Times(lost), ledger.For("default"))
	w.writeOffContracts(f, lost, t)
}

// resolveCloud draws whether a borrower whose cash flow does not cover its debt service defaults. Its sites
// go on under its lenders: capacity stays, debt is cut to what they recover.
func (w *World) resolveCloud(i int, t unit.Month) {
	c, d := &w.clouds[i], &w.m.Market.Distress
	f := &w.firms[c.firm]
	debt := w.generalDebt(c.firm)
	if debt <= 0 || f.lab >= 0 || f.failed {
		return
	}
	// Interest is already paid out of cash flow; cover counts it back.
	cover, _ := w.cover(c.firm)
	if cover >= d.CoverMinimum {
		return
	}
	if !rng.Bernoulli(w.uniform(rng.Default, f.luck, t, 0), float64(d.Hazard)) {
		return
	}
	lost := debt.Times(1 - float64(d.Recovery))
	w.books.WriteOff(w.outside, c.firm, ledger.Lent, lost, ledger.For("default"))
	w.writeOffContracts(c.firm, 1-float64(d.Recovery), t)
	f.value *= float64(d.Recovery)
	w.happened(t, "default", c.firm)
	if w.told() {
		w.tell(t, "default", c.firm, id.None, id.NoContract, w.name(c.firm)+" defaults on {its|their} debt; lenders keep the sites running.",
			number("cash flow over debt service", cover), usd("debt", debt.Dollars()), usd("lost by lenders", lost.Dollars()))
	}
}
