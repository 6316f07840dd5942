package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// deliver divides each cloud's capacity in service: first what its other services and its own lab had last
// month, then lots in the order of their signature; of the rest its other services and its customers take what
// they lack, each in proportion, its lab's research the remainder, and what that leaves the spot market. So a
// cloud that has promised too much leaves its tenants short before itself.
func (w *World) deliver(t unit.Month) {
	w.expireLots(t)
	services := w.m.Market.Compute.Internal(w.rent)
	for i := range w.clouds {
		c, terms := &w.clouds[i], w.cloud(i)
		if t > w.m.Start {
			c.services *= 1 + float64(terms.InternalGrowth)/12
			c.internal = float64(c.services * services)
			c.inside = min(c.inside, c.internal)
		}
		c.kept = c.ownUsed
		if c.out > c.outBefore { // an outage hits all who use the cloud alike
			still := (1 - c.out) / (1 - c.outBefore)
			c.inside, c.kept = float64(c.inside*still), float64(c.kept*still)
		}
		live := c.live()
		had := c.inside + c.kept
		c.own = max(0, live-had)
		if had > live { // then its lots get nothing at all, not what rounding leaves of the parts
			c.inside, c.kept = c.inside*live/had, c.kept*live/had
		}
		c.lots, c.signed, c.hired, c.hiredH100e = 0, 0, 0, 0
	}
	for i := range w.ties.list {
		w.ties.list[i].contracted, w.ties.list[i].delivered, w.ties.list[i].due = 0, 0, 0
	}
	clear(w.deals.served)
	for i := range w.labs {
		w.labs[i].rented, w.labs[i].contracted, w.labs[i].paid = 0, 0, 0
	}
	letsOn := false
	for i := range w.lots {
		l := &w.lots[i]
		x, due := &w.ties.list[l.Pair], float64(l.Due(t))
		x.contracted += float64(l.Size)
		x.due += due
		w.clouds[w.firms[l.Seller].cloud].signed += due
		if b := w.firms[l.Buyer].lab; b >= 0 {
			w.labs[b].contracted += float64(l.Size)
		}
		if l.Delivered = 0; due > 0 {
			w.give(l, due)
		}
		letsOn = letsOn || l.LetOn
	}
	if letsOn {
		w.sublet(t)
	}
	for i := range w.lots {
		w.deals.serve(&w.lots[i], t)
	}
	for i := range w.clouds {
		w.shareRest(&w.clouds[i])
	}
	if w.told() {
		w.tellShort(t)
	}
	for i := range w.labs {
		l := &w.labs[i]
		l.density = w.density(l)
		if c := w.firms[l.firm].cloud; c >= 0 { // sites of its own cost the same whether used or not
			l.paid += w.clouds[c].own
		}
	}
}

// give delivers what is still due under a lot, as far as its seller has it. What a cloud rents to let on is as its own.
func (w *World) give(l *market.Lot, due float64) {
	c := &w.clouds[w.firms[l.Seller].cloud]
	mw := min(due, c.own)
	l.Delivered += unit.MW(mw)
	c.own -= mw
	c.lots += mw
	w.ties.list[l.Pair].delivered += mw
	if b := l.Lab; b >= 0 {
		w.labs[b].rented += mw
		w.labs[b].paid += float64(mw * float64(l.Floor))
	}
	if l.LetOn {
		tenant := &w.clouds[w.firms[l.Buyer].cloud]
		tenant.own += mw
		tenant.hired += mw
		tenant.hiredH100e += float64(mw * c.density())
	}
}

// leasesToLet reports whether what a firm leases is for its customers rather than its lab.
func (w *World) leasesToLet(f id.Firm) bool {
	x := &w.firms[f]
	return x.cloud >= 0 && (x.lab < 0 || w.cloud(x.cloud).Sells)
}

// sublet delivers to the tenants of clouds that rent what their own sites could not.
func (w *World) sublet(t unit.Month) {
	for i := range w.lots {
		if l := &w.lots[i]; w.clouds[w.firms[l.Seller].cloud].hired > 0 && l.Delivered < l.Due(t) {
			w.give(l, float64(l.Due(t)-l.Delivered))
		}
	}
}

// shareRest divides what a cloud has left after its lots between its other services and its lab.
func (w *World) shareRest(c *cloudState) {
	services, customers := max(0, c.internal-c.inside), 0.0
	if l := w.firms[c.firm].lab; l >= 0 {
		customers = max(0, float64(w.labs[l].needs.Serving)-c.kept)
	}
	take := min(services, c.own)
	if services+customers > c.own {
		take = c.own * ratio(services, services+customers)
	}
	c.inside += take
	c.own = max(0, c.own-take) + c.kept
}

// expireLots drops lots whose service is over. A lab in need has asked for their renewal before.
func (w *World) expireLots(t unit.Month) {
	keep := 0
	for i := range w.lots {
		if w.lots[i].End >= t {
			if keep < i {
				w.lots[keep] = w.lots[i]
			}
			keep++
		}
	}
	if keep < len(w.lots) {
		w.lots = w.lots[:keep]
		w.indexLots(0)
	}
}

// lookUpLot notes in a new lot what every phase asks of it and never changes.
func (w *World) lookUpLot(l *market.Lot) {
	x := &w.firms[l.Buyer]
	l.Pair = w.ties.find(l.Buyer, l.Seller).place
	l.LetOn = x.cloud >= 0 && (x.lab < 0 || w.leasesToLet(l.Buyer) && w.deals.isLease(l.Contract))
	if l.Lab = int32(x.lab); l.LetOn {
		l.Lab = -1
	}
}

// indexLots takes lots from a place in the list on into the lists of their buyers; from 0 on it makes these anew.
func (w *World) indexLots(from int) {
	if from == 0 {
		for f := range w.lotsOf {
			w.lotsOf[f] = w.lotsOf[f][:0]
		}
	}
	for k := from; k < len(w.lots); k++ {
		f := w.lots[k].Buyer
		w.lotsOf[f] = append(w.lotsOf[f], int32(k))
	}
}

// capacity is what a lab can use now: its own cloud's share and what it rents.
func (w *World) capacity(l *labState) float64 {
	own := 0.0
	if c := w.firms[l.firm].cloud; c >= 0 {
		own = w.clouds[c].own
	}
	return own + l.rented
}

// density is the mean compute per megawatt of a lab's capacity.
func (w *World) density(l *labState) float64 {
	var mw, compute float64
	if c := w.firms[l.firm].cloud; c >= 0 {
		mw, compute = w.clouds[c].own, w.clouds[c].own*w.clouds[c].density()
	}
	for _, o := range w.ties.of[l.firm] {
		x := &w.ties.list[o.at]
		if x.delivered > 0 {
			mw += x.delivered
			compute += float64(x.delivered * w.clouds[w.firms[x.b].cloud].density())
		}
	}
	if mw <= 0 || compute <= 0 { // or nothing but what rounding left of worn-out chips
		return float64(w.m.Market.Chips.Density)
	}
	return compute / mw
}

// density is the compute per megawatt of a cloud's fleet and of what it rents.
func (c *cloudState) density() float64 {
	if c.energised+c.hired <= 0 {
		return 0
	}
	return (c.compute + c.hiredH100e) / (c.energised + c.hired)
}
