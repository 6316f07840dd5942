package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// barred is an offer that an exclusivity kept from a lab.
type barred struct {
	offer market.Offer
	by    id.Contract
}

// weighRights lets events end rights, talks about breaches come to their end, and labs buy themselves out.
func (w *World) weighRights(t unit.Month) {
	d := &w.deals
	for i := range w.labs {
		w.labs[i].shadow = 0
	}
	for n, x := range d.excluders.each {
		if !d.active(n, t) {
			continue
		}
		s := &d.states[n]
		if now := w.now(n, t); x.Over(now, d.contracts[n].Signed) {
			w.giveUp(n, t, "end", "The event that ends "+d.contracts[n].Key+" has come.")
			continue
		}
		if _, talks, settlement := x.Breach(); s.Negotiating() && t >= s.Since.After(talks) {
			w.settle(n, settlement, t)
		}
		w.buyOut(n, t)
	}
	for n := range d.holders.each {
		if d.active(n, t) {
			w.buyOut(n, t)
		}
	}
}

// giveUp ends a right during the run.
func (w *World) giveUp(n id.Contract, t unit.Month, kind, what string, why ...Reason) {
	w.deals.states[n].Ended = true
	if w.told() {
		p := w.deals.parties[n]
		w.tell(t, kind, p[0], p[1], n, what, why...)
	}
}

// bond is an exclusivity that binds a lab when it asks for capacity.
type bond struct {
	contract id.Contract
	terms    contract.Excluder
	stands   contract.Placement // how the lab's signed capacity stands under it
	counted  int                // of the lab's lots, those that are in stands
	room     unit.MW            // left of what the lab asks for
}

// restrain lists the exclusivities that bind a lab in month t, for all that it asks for.
func (w *World) restrain(lab id.Firm, t unit.Month) {
	w.bonds = w.bonds[:0]
	for n, x := range w.deals.excluders.of[lab].each {
		if w.deals.holds(n, t) && !w.looksAway(n, t) {
			w.bonds = append(w.bonds, bond{contract: n, terms: x})
		}
	}
}

// confine reckons what the exclusivities that bind a lab leave of a request to those whom they bar.
func (w *World) confine(r *market.Request, t unit.Month) {
	for i := range w.bonds {
		b := &w.bonds[i]
		w.stand(b, r.Lab)
		p := b.stands
		p.Size, p.Late = r.Size, 1<<10
		if c := w.firms[w.deals.parties[b.contract][1]].cloud; c >= 0 {
			if ready, ok := w.ready(c, float64(r.Size), t, r.Start); ok {
				p.Late = unit.Months(ready - r.Start)
			}
		}
		b.room = b.terms.Room(&w.deals.states[b.contract], p)
	}
}

// room returns how much of an offer the rights of others leave, and the exclusivity that leaves least.
func (w *World) room(o *market.Offer) (room unit.MW, by id.Contract) {
	room, by = o.Size, id.NoContract
	for i := range w.bonds {
		b := &w.bonds[i]
		if b.room < room && b.terms.Bars(o.Lab, o.Seller, w.clouds[w.firms[o.Seller].cloud].main) {
			room, by = b.room, b.contract
		}
	}
	return room, by
}

// placement is how a lab's signed capacity stands under an exclusivity.
func (w *World) placement(lab id.Firm, x contract.Excluder) contract.Placement {
	b := bond{terms: x}
	w.stand(&b, lab)
	return b.stands
}

// stand adds what a lab has signed since the last time to how it stands under an exclusivity.
func (w *World) stand(b *bond, lab id.Firm) {
	for _, k := range w.lotsOf[lab][b.counted:] {
		l := &w.lots[k]
		b.stands.Signed += l.Size
		if !b.terms.Inside(l.Seller) {
			b.stands.Outside += l.Size
		}
	}
	b.counted = len(w.lotsOf[lab])
	l := &w.labs[w.firms[lab].lab]
	b.stands.Serving = unit.Share(ratio(l.serving, l.serving+l.research))
}

// markup is what a seller asks of a lab that must stay with it, above its usual rent.
func (w *World) markup(lab, seller id.Firm, t unit.Month) unit.Share {
	d := &w.deals
	for n, x := range d.excluders.of[lab].each {
		if d.parties[n][1] == seller && d.holds(n, t) {
			return x.Markup()
		}
	}
	return 0
}

// breaks weighs the best offer that an exclusivity bars against the best that it allows, -1 if there is none, and
// reports whether the lab signs the barred one all the same.
//
//	shadow price = (score barred − score allowed)·market rent, or the revenue of a served gigawatt, at most all that
//	               customers pay the lab over the lot, less the rent
func (w *World) breaks(best int, t unit.Month) bool {
	o, n := &w.barred.offer, w.barred.by
	lab := w.firms[o.Lab].lab
	l := &w.labs[lab]
	paid := w.segments[enterprise].spend[lab] + w.segments[consumer].spend[lab]
	shadow := float64(min(l.carries()/w.thrift(t), paid/float64(o.Size))*1000) - float64(o.Rent)
	if best >= 0 {
		shadow = (o.Score - w.offers[best].Score) * w.rent
	}
	if shadow <= 0 {
		return false
	}
	l.shadow = max(l.shadow, shadow)
	s := &w.deals.states[n]
	s.Burden = s.Burden.Plus(unit.Dollars(shadow * float64(o.Size) / 1000 * float64(o.Months) / 12))
	x := w.deals.contracts[n].Terms.(contract.Excluder)
	above, talks, _ := x.Breach()
	breach := above > 0 && !s.Negotiating() && shadow > float64(above)*w.rent
	if breach {
		s.Size, s.Since = o.Size, t
	}
	if w.told() {
		holder := w.deals.parties[n][1]
		kind, what := "barred", w.name(o.Lab)+" may not take "+power(o.Size)+" of "+w.name(o.Seller)+": it must stay with "+w.name(holder)+"."
		if breach {
			kind, what = "breach", w.name(o.Lab)+" takes "+power(o.Size)+" of "+w.name(o.Seller)+" although it must stay with "+w.name(holder)+"; they begin to renegotiate."
		}
		why := []Reason{rent("shadow price", shadow), rent("barred rent", float64(o.Rent)), rent("market rent", w.rent)}
		if above > 0 { // else it never breaks, and talks are not to be had
			why = append(why, rent("shadow price above which it breaks", float64(above)*w.rent), months("length of the talks", float64(talks)))
		}
		w.tell(t, kind, o.Lab, holder, n, what, why...)
	}
	return breach
}

// settle ends the talks after a breach: the lab promises spend, and keeps what it has signed elsewhere.
func (w *World) settle(n id.Contract, part unit.Share, t unit.Month) {
	d := &w.deals
	s, p := &d.states[n], d.parties[n]
	x := d.contracts[n].Terms.(contract.Excluder)
	at := w.placement(p[0], x)
	s.Waived = max(s.Waived, ratio(float64(at.Outside), float64(at.Signed)))
	years := float64(w.m.Market.Compute.Term) / 12
	amount := unit.Dollars(float64(part) * float64(s.Size) / 1000 * w.rent * years)
	s.Size = 0
	if w.told() {
		w.tell(t, "settlement", p[0], p[1], n, w.name(p[0])+" and "+w.name(p[1])+" settle: what is signed elsewhere stays, for spend promised.",
			usd("spend promised", amount.Dollars()), share("part of signed capacity that may stand elsewhere", s.Waived))
	}
	if amount > 0 {
		w.promise(p[0], p[1], amount, w.m.Market.Funding.CommitmentTerm, t)
	}
}

// burden adds to a right's cost what a notice costs the lab: the wait, and rivals' dearer bids.
func (w *World) burden(n notice, wait unit.Months) {
	cm := &w.m.Market.Compute
	part := float64(cm.DelayPenalty * float64(wait))
	if rule, _ := w.deals.answer(n.contract); rule != contract.Notify {
		part += cm.RefusalShading
	}
	s := &w.deals.states[n.contract]
	s.Burden = s.Burden.Plus(unit.Dollars(part * float64(n.offer.Rent) * float64(n.offer.Size) / 1000 * float64(n.offer.Months) / 12))
}

// mostYears bounds how far ahead a lab looks when it weighs what a right costs it.
const mostYears = 5

// buyOut lets a lab buy itself out of a right whose holder names a price, when the right costs it more.
func (w *World) buyOut(n id.Contract, t unit.Month) {
	d := &w.deals
	s, p := &d.states[n], d.parties[n]
	s.Burden -= s.Burden / 12
	x, ok := d.contracts[n].Terms.(contract.Waivable)
	if !ok || x.BuyOut().Price <= 0 || t < x.BuyOut().From || w.labs[w.firms[p[0]].lab].gone {
		return
	}
	price := x.BuyOut()
	v := firm.FreedomView{
		Burden: s.Burden, Years: min(mostYears, float64(d.ends[n]-t)/12), Price: price.Price, Paid: price.Paid, Cash: w.cash(p[0]),
	}
	if price.Paid == "commitment" { // what it would buy there anyway is no cost
		v.Planned = unit.Dollars(w.rentPaid(p[0], p[1]) * float64(price.Term))
	}
	if !w.lab(w.firms[p[0]].lab).BuysFreedom(v) {
		return
	}
	w.giveUp(n, t, "buy-out", w.name(p[0])+" buys {itself|themselves} out of "+d.contracts[n].Key+".",
		usd("cost of the right a year", s.Burden.Dollars()), number("years that it weighs", v.Years), usd("price", price.Price.Dollars()),
		usd("spend with the holder planned anyway", v.Planned.Dollars()))
	memo := ledger.Memo{Kind: "buy-out", Contract: n}
	switch price.Paid {
	case "cash":
		w.pay(p[0], p[1], ledger.OtherExpense, ledger.OtherIncome, price.Price, memo)
	case "equity":
		w.books.Award(p[0], p[1], price.Price, memo)
		w.dilute(p[1], p[0], price.Price, unit.Dollars(max(1, w.firms[p[0]].value)))
	default:
		w.promise(p[0], p[1], price.Price, price.Term, t)
	}
}
