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
	size         float64    // MW
	ready        unit.Month // first month in which the next tenant can have it
	contract     id.Contract
}

// pullBack lets a firm walk away from a share of the capacity that it has signed and that is not in service: from
// each of its lots that part of what is not delivered, and of the leased shells that it has not filled the newest.
// It returns what was given up. Sellers offer their part to others in the next procurement; see [World.relet].
//
// Money that the firm has promised to spend stays promised, and own buildings go on: they are no contract.
// Leaving costs nothing here, as with the letters and late sites of D072 and D073. Source: clauses.md 10.
func (w *World) pullBack(f id.Firm, part unit.Share, t unit.Month) unit.MW {
	lots := w.leaveLots(f, float64(part), t)
	shells := w.leaveShells(f, float64(part))
	if gone := lots + shells; gone > 0 && w.told() {
		w.tell(t, "pull-back", f, id.None, id.NoContract, w.name(f)+" walks away from "+power(unit.MW(gone))+" that it has signed and that is not in service.",
			share("part of what is not in service", float64(part)), mw("of lots", unit.MW(lots)), mw("of leased shells", unit.MW(shells)))
	}
	return unit.MW(lots + shells)
}

// leaveLots gives up a part of what a firm's lots have not delivered.
func (w *World) leaveLots(f id.Firm, part float64, t unit.Month) float64 {
	gone := 0.0
	for k := range w.lots {
		if l := &w.lots[k]; l.Buyer == f {
			gone += w.leaveLot(l, part*float64(l.Size-l.Delivered), t)
		}
	}
	return gone
}

// leaveLot takes cut off a lot, at most what is not delivered, and puts it up for the next tenant.
func (w *World) leaveLot(l *market.Lot, cut float64, t unit.Month) float64 {
	cut = min(cut, float64(l.Size-l.Delivered))
	if cut <= 0 {
		return 0
	}
	w.freed = append(w.freed, freed{l.Buyer, l.Seller, cut, max(t+1, l.Start), l.Contract})
	l.Shrink(unit.MW(cut))
	if l.Size < 1e-6 {
		l.End = t - 1
	}
	return cut
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
	w.sweep()
	return part*total - left
}

// unfilled is what a firm has leased of a site and not connected.
func (w *World) unfilled(s *asset.Site, f id.Firm) float64 {
	if s.Owner != f || !s.Leased || s.Stage != asset.Building {
		return 0
	}
	return float64(s.Size - s.Powered)
}

// relet offers what tenants have given up to whoever lacks most, at the landlord's ask, until it is taken or
// nobody lacks any. What is left the landlord has free.
func (w *World) relet(t unit.Month) {
	for _, x := range w.freed {
		for range w.labs {
			if x.size < float64(w.m.Market.Build.MinimumSite) || w.firms[x.seller].failed {
				break
			}
			i, lacks := w.neediest(x)
			if i < 0 {
				break
			}
			size := min(x.size, lacks)
			w.take(x, i, size, lacks, t)
			x.size -= size
		}
	}
	w.freed = w.freed[:0]
}

// neediest is the lab that lacks most of those that could take freed capacity, and what it lacks; -1 if none does.
func (w *World) neediest(x freed) (lab int, lacks float64) {
	lab, lacks = -1, float64(w.m.Market.Build.MinimumSite)
	for i := range w.labs {
		l := &w.labs[i]
		if l.gone || l.distressed || l.firm == x.left || l.firm == x.seller {
			continue
		}
		short := w.lacks(i)
		if short > lacks || lab >= 0 && short == lacks && w.firms[l.firm].luck < w.firms[w.labs[lab].firm].luck {
			lab, lacks = i, short
		}
	}
	return lab, lacks
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

// take signs freed capacity for its next tenant.
func (w *World) take(x freed, i int, size, lacks float64, t unit.Month) {
	l := &w.labs[i]
	c := w.firms[x.seller].cloud
	r := market.Request{Lab: l.firm, Size: unit.MW(size), Start: w.wantedBy(l, t), Months: int(w.m.Market.Compute.Term)}
	o := w.offer(r, c, unit.Rent(w.ask(c)), max(x.ready, r.Start), t)
	w.addLot(o, o.Size, id.NoContract, t)
	l.short -= size
	l.contractedLater += size
	if w.told() {
		w.tell(t, "relet", l.firm, x.seller, x.contract, w.name(l.firm)+" takes "+power(o.Size)+" that "+w.name(x.left)+" has left with "+w.name(x.seller)+", from "+o.Ready.String()+".",
			mw("lacks", unit.MW(lacks)), rent("rent", float64(o.Rent)), rent("market rent", w.rent), months("until delivery", float64(o.Ready-t)))
	}
}
