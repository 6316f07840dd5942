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
	for i := range w.labs {
		w.labs[i].rented, w.labs[i].paid = 0, 0
	}
	w.deliverLots(t)
	for i := range w.clouds {
		w.shareRest(&w.clouds[i])
	}
	if w.told() {
		w.tellShort(t)
	}
	for i := range w.labs {
		l := &w.labs[i]
		l.density = w.density(l)
		l.contracted = w.contracted(l.firm)
		if c := w.firms[l.firm].cloud; c >= 0 { // sites of its own cost the same whether used or not
			l.paid += w.clouds[c].own
		}
	}
}

// deliverLots goes over the lots once: it gives each what is due, notes what it will take in months to come, and drops those
// whose service is over. A lab in need has asked for their renewal before.
func (w *World) deliverLots(t unit.Month) {
	clear(w.deals.served)
	over, letsOn := false, false
	lots, clouds, all := w.lots, w.clouds, w.ties.list
	for i := range lots {
		l := &lots[i]
		if l.End < t {
			over = true
			continue
		}
		c, x, due := &clouds[l.Cloud], &all[l.Pair], float64(l.Due(t))
		c.signed += due
		c.expectLot(l, due, t, -1)
		x.contracted += float64(l.Size)
		x.due += due
		if l.Delivered = 0; due > 0 {
			w.give(l, c, x, due)
		}
		if l.LetOn {
			clouds[w.firms[l.Buyer].cloud].expectLot(l, due, t, +1)
			letsOn = true
		}
		if l.Served {
			w.deals.serve(l, t)
		}
	}
	if over {
		w.expireLots(t)
	}
	if letsOn {
		w.sublet(t)
	}
}

// give delivers what is still due under a lot, as far as its seller has it, and counts it for its pair. What a cloud rents to
// let on is as its own.
func (w *World) give(l *market.Lot, c *cloudState, x *tie, due float64) {
	mw := min(due, c.own)
	l.Delivered += unit.MW(mw)
	c.own -= mw
	c.lots += mw
	x.delivered += mw
	if l.Lab >= 0 {
		lab := &w.labs[l.Lab]
		lab.rented += mw
		lab.paid += float64(mw * float64(l.Floor))
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
	clear(w.deals.served)
	for i := range w.lots {
		l := &w.lots[i]
		if c := &w.clouds[l.Cloud]; c.hired > 0 && l.Delivered < l.Due(t) {
			w.give(l, c, &w.ties.list[l.Pair], float64(l.Due(t)-l.Delivered))
		}
		if l.Served {
			w.deals.serve(l, t)
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

// expireLots drops lots whose service is over.
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
	l.Pair, l.Cloud = w.ties.find(l.Buyer, l.Seller).place, int32(w.firms[l.Seller].cloud)
	l.Served = l.Contract != id.NoContract && !w.deals.quiet(l.Contract)
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

// contracted is what a firm has signed as a buyer.
func (w *World) contracted(f id.Firm) float64 {
	x := 0.0
	for _, k := range w.lotsOf[f] {
		x += float64(w.lots[k].Size)
	}
	return x
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
