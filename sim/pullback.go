package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// freed is capacity that its tenant has given up and that its landlord offers to the next one.
type freed struct {
	left, seller id.Firm
	next         id.Firm    // who takes it before others are asked; id.None for nobody
	size         float64    // MW
	ready        unit.Month // first month in which the next tenant can have it
	contract     id.Contract
}

// pullBack lets a firm walk away from a share of the capacity that it has signed and that is not in service: from
// each of its lots and leases that part of what is not delivered, and of the leased shells that it has not filled the
// newest. It returns what was given up. Sellers offer their part to others in the next procurement; see [World.relet].
//
// A lease has its cost of leaving by its stage; other lots and shells are left without cost, as the letters and late
// sites of D072 and D073 were. Money that the firm has promised to spend stays promised, and own buildings go on: they
// are no contract. Source: clauses.md 10.
func (w *World) pullBack(f id.Firm, part unit.Share, t unit.Month) unit.MW {
	leases := w.pullLeases(f, part, t)
	lots := w.leaveLots(f, float64(part), t)
	shells := w.leaveShells(f, float64(part))
	gone := leases + unit.MW(lots+shells)
	if gone > 0 && w.told() {
		w.tell(t, "pull-back", f, id.None, id.NoContract, w.name(f)+" walks away from "+power(gone)+" that {it|they} {has|have} signed and that is not in service.",
			share("part of what is not in service", float64(part)), mw("of leases", leases), mw("of lots", unit.MW(lots)), mw("of leased shells", unit.MW(shells)))
	}
	return gone
}

// leaveLots gives up a part of what a firm's lots that no lease governs have not delivered.
func (w *World) leaveLots(f id.Firm, part float64, t unit.Month) float64 {
	gone := 0.0
	for k := range w.lots {
		l := &w.lots[k]
		if l.Buyer != f || w.deals.isLease(l.Contract) {
			continue
		}
		if cut := float64(part * float64(l.Size-l.Delivered)); cut > 0 {
			w.giveBack(l, unit.MW(cut), max(t+1, l.Start), id.None, t)
			gone += cut
		}
	}
	return gone
}

// giveBack takes capacity off a lot and puts it up for the next tenant, who can have it from month ready on.
func (w *World) giveBack(l *market.Lot, cut unit.MW, ready unit.Month, next id.Firm, t unit.Month) {
	w.freed = append(w.freed, freed{l.Buyer, l.Seller, next, float64(cut), ready, l.Contract})
	w.promiseFree(l, float64(cut), ready, t)
	w.shrink(l, cut, t)
}

// shrink takes cut off a lot, and ends one of which nothing is left.
func (w *World) shrink(l *market.Lot, cut unit.MW, t unit.Month) {
	l.Shrink(cut)
	if l.Size < 1e-6 {
		l.Size, l.End = 0, t
	}
}

// promiseFree corrects what a lot's seller has free from a month on, in the month of a change.
func (w *World) promiseFree(l *market.Lot, change float64, from, t unit.Month) {
	s := &w.clouds[l.Cloud]
	for k := max(0, int(from-t)); k <= ahead; k++ {
		s.free[k] += change
	}
	s.most += max(0, change)
}

// leaveShells gives up the newest of a firm's leased shells that are not ready, up to a part of them all. Their
// landlords are not firms of the model, so nobody offers them again.
func (w *World) leaveShells(f id.Firm, part float64) float64 {
	total := 0.0
	for k := range w.sites {
		total += w.unfilled(&w.sites[k], f)
	}
	left := part * total
	for k := len(w.sites) - 1; k >= 0 && left > 0; k-- {
		s := &w.sites[k]
		cut := min(left, w.unfilled(s, f))
		if cut <= 0 {
			continue
		}
		s.Size -= unit.MW(cut)
		w.clouds[w.firms[f].cloud].pipeline -= cut
		left -= cut
		if s.Size < 1e-6 {
			s.Stage = asset.Gone
		}
	}
	w.left = true
	return float64(part*total) - left
}

// unfilled is what a firm has leased of a site and not connected.
func (w *World) unfilled(s *asset.Site, f id.Firm) float64 {
	if s.Owner != f || !s.Leased || s.Stage != asset.Building {
		return 0
	}
	return float64(s.Size - s.Powered)
}

// relet offers what tenants have given up to whoever lacks most, at the landlord's ask, until it is taken or
// nobody lacks any. What its own lab lacks the landlord keeps; what is left it has free.
func (w *World) relet(t unit.Month) {
	for _, x := range w.freed {
		if i := w.successor(x); i >= 0 {
			w.take(x, i, x.size, t)
			continue
		}
		if l := w.firms[x.seller].lab; l >= 0 {
			x.size -= max(0, w.lacks(l))
		}
		for range w.labs {
			if x.size < float64(w.m.Market.Build.MinimumSite) || w.firms[x.seller].failed {
				break
			}
			i, size := w.neediest(x, t)
			if i < 0 {
				break
			}
			x.size -= w.take(x, i, size, t)
		}
	}
	w.freed = w.freed[:0]
}

// successor is the lab that a scenario names as the next tenant, -1 if it names none that goes on.
func (w *World) successor(x freed) int {
	if x.next == id.None || w.firms[x.next].failed || w.firms[x.seller].failed {
		return -1
	}
	return w.firms[x.next].lab
}

// neediest is the lab that lacks most of those that could take freed capacity, and how much it would take; -1 if none
// does. An exclusivity of another cloud leaves a lab only its room.
func (w *World) neediest(x freed, t unit.Month) (lab int, size float64) {
	least := float64(w.m.Market.Build.MinimumSite)
	lab = -1
	most := least
	for i := range w.labs {
		l := &w.labs[i]
		lacks := w.lacks(i)
		if l.gone || l.distressed || l.firm == x.left || l.firm == x.seller || lacks < most {
			continue
		}
		if lab >= 0 && lacks == most && w.firms[l.firm].luck > w.firms[w.labs[lab].firm].luck {
			continue // by luck, so that renaming or reordering firms changes nothing
		}
		o := w.again(x, i, lacks, t)
		w.restrain(l.firm, t)
		w.confine(&o.Request, t)
		if room, _ := w.room(&o); float64(room) >= least {
			lab, most, size = i, lacks, float64(room)
		}
	}
	return lab, size
}

// again is freed capacity as an offer to its next tenant.
func (w *World) again(x freed, i int, size float64, t unit.Month) market.Offer {
	l, c := &w.labs[i], w.firms[x.seller].cloud
	r := market.Request{Lab: l.firm, Size: unit.MW(min(x.size, size)), Start: w.wantedBy(l, t), Months: int(w.m.Market.Compute.Term)}
	family, _ := w.tailored(c, l.firm, t)
	o := market.Offer{Request: r, Seller: x.seller, Rent: unit.Rent(w.ask(c)), Ready: max(x.ready, r.Start), Family: family}
	o.Score = w.score(&o, w.deals.minimum(l.firm, x.seller, t))
	return o
}

// lacks is what a lab will need and has not signed. A firm that lets capacity asks for no bids, yet takes what
// lies before it if its own sites will not serve what it has promised and its lab.
func (w *World) lacks(i int) float64 {
	l := &w.labs[i]
	c := w.firms[l.firm].cloud
	if c < 0 || !w.cloud(c).Sells {
		return l.short
	}
	lead := min(ahead, int(w.m.Market.Research.RequestLead))
	return min(float64(l.needs.Later), -w.clouds[c].free[lead]) - l.contractedLater
}

// take signs freed capacity for its next tenant and returns how much.
func (w *World) take(x freed, i int, size float64, t unit.Month) float64 {
	l, lacks := &w.labs[i], w.lacks(i)
	o := w.again(x, i, size, t)
	w.addLot(o, o.Size, id.NoContract, t)
	l.short -= float64(o.Size)
	l.contractedLater += float64(o.Size)
	if w.told() {
		w.tell(t, "relet", l.firm, x.seller, x.contract, w.name(l.firm)+" takes "+power(o.Size)+" that "+w.name(x.left)+" has left with "+w.name(x.seller)+", from "+o.Ready.String()+".",
			mw("lacks", unit.MW(max(0, lacks))), rent("rent", float64(o.Rent)), rent("market rent", w.rent), months("until delivery", float64(o.Ready-t)))
	}
	return float64(o.Size)
}
