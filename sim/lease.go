package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// leases lets tenants leave and landlords give notice, and moves every lease that goes on through its stages.
func (w *World) leases(t unit.Month) {
	d := &w.deals
	for n, c := range d.leases.each {
		if !d.active(n, t) {
			continue
		}
		if w.firms[c.Tenant].failed || w.firms[c.Landlord].failed || t > w.leasePromise(n).End {
			d.states[n].Ended = true // its lot went with the firm, or its term is over
			continue
		}
		w.judge(n, t)
		if d.active(n, t) {
			w.advance(n, t)
		}
	}
}

func (w *World) lease(n id.Contract) *contract.LeasePipeline {
	return w.deals.contracts[n].Terms.(*contract.LeasePipeline)
}

// isLease reports whether a lot's contract is a lease.
func (d *deals) isLease(n id.Contract) bool {
	if n == id.NoContract {
		return false
	}
	_, ok := d.contracts[n].Terms.(*contract.LeasePipeline)
	return ok
}

// leaseStage is how far a lease had come before month t, in which it may come to its next stage.
func (w *World) leaseStage(n id.Contract, t unit.Month) contract.LeaseStage {
	return w.lease(n).Stage(t-1, w.deals.contracts[n].Signed)
}

// leaseSize is what a tenant has not left.
func (w *World) leaseSize(n id.Contract) unit.MW {
	return unit.MW(float64(w.lease(n).Capacity) * (1 - w.deals.states[n].Waived))
}

// leaseLot is the lot of a lease, nil before the landlord builds and after all was left.
func (w *World) leaseLot(n id.Contract) *market.Lot {
	for _, k := range w.lotsOf[w.lease(n).Tenant] {
		if l := &w.lots[k]; l.Contract == n && l.Size > 0 {
			return l
		}
	}
	return nil
}

// leasePromise is what a lease gives and costs from its service on, at the rent agreed or, before there is one, at
// the market's.
func (w *World) leasePromise(n id.Contract) market.Lot {
	l := w.lease(n).Lot(w.deals.contracts[n].Signed, unit.Rent(w.rent))
	if have := w.leaseLot(n); have != nil && have.Floor > 0 {
		l.Rent = have.Rent
	}
	l.Size = w.leaseSize(n)
	return l
}

// leased is what leases for which no landlord builds in month now will give a tenant in month t: it plans with them
// from the letter on.
func (w *World) leased(tenant id.Firm, now, t unit.Month) float64 {
	x, d := 0.0, &w.deals
	for n, c := range d.leases.of[tenant].each {
		if d.active(n, now) && now < c.Builds(d.contracts[n].Signed) {
			l := w.leasePromise(n)
			x += float64(l.Due(t))
		}
	}
	return x
}

// advance carries out what belongs to the stage that a lease comes to in month t: the landlord begins to build, rent
// is owed. A statement of qualification may lapse instead.
func (w *World) advance(n id.Contract, t unit.Month) {
	c, signed := w.lease(n), w.deals.contracts[n].Signed
	stage := c.Stage(t, signed)
	if t == signed || t != c.Reaches(stage, signed) {
		return
	}
	if t == c.Reaches(contract.AtLease, signed) && c.Lapses(w.now(n, t)) {
		out := wayOut{size: w.leaseSize(n), rent: w.leasePromise(n).Rent}
		w.leave(n, out.size, out, id.None, t)
		if w.told() {
			w.tellExit(n, parting{c.Tenant, "it does not become a lease", out.size, 0, out.rent}, t, share("chance that it would", float64(c.Conversion)))
		}
		return
	}
	if t == c.Builds(signed) {
		w.buildFor(n, t)
	}
	if l := w.leaseLot(n); l != nil && stage >= contract.AtLease && l.Floor == 0 {
		l.Rent, l.Floor = w.leasePromise(n).Rent, c.Floor
	}
	if w.told() {
		w.tellStage(n, stage, t)
	}
}

// buildFor makes a lot of a lease: from now on its landlord counts the capacity as let.
func (w *World) buildFor(n id.Contract, t unit.Month) {
	w.reserve(n, t)
	if l := w.leaseLot(n); l != nil {
		w.promiseFree(l, -float64(l.Size), max(t+1, l.Start), t)
	}
}

func (w *World) tellStage(n id.Contract, stage contract.LeaseStage, t unit.Month) {
	c := w.lease(n)
	l := w.leasePromise(n)
	why := []Reason{months("until its first capacity", float64(max(0, l.Start-t))), rent("rent", float64(l.Rent)), rent("market rent", w.rent)}
	if x := w.mismatch(n, t); x > 0 && stage == contract.AtLease {
		why = append(why, months("the landlord owes for", float64(c.LandlordTerm)), months("the tenant owes for", float64(c.Term)), reason("rise of the landlord's cost of money", x, unit.DimRate))
	}
	w.tell(t, "lease-stage", c.Tenant, c.Landlord, n, w.name(c.Tenant)+" has a "+stage.String()+" with "+w.name(c.Landlord)+" for "+power(l.Size)+".", why...)
}

// mismatches reckons by how much leases that end before their landlords' own obligations raise the landlords' cost
// of money.
func (w *World) mismatches(t unit.Month) {
	for i := range w.clouds {
		w.clouds[i].mismatch = 0
	}
	for n, c := range w.deals.leases.each {
		w.clouds[w.firms[c.Landlord].cloud].mismatch += w.mismatch(n, t)
	}
}

// mismatch is what one lease adds from its signature to its end. Of what the tenant has left the landlord goes on
// owing, and the next tenant signs for the term of the market.
//
//	spread·(max(0, landlord's term − term)·part kept + max(0, landlord's term − market term)·part left)
//	part = min(1, size/(energised + under way))                                        (3.10)
func (w *World) mismatch(n id.Contract, t unit.Month) float64 {
	c, d := w.lease(n), &w.deals
	signed := d.contracts[n].Signed
	if c.Stage(t, signed) < contract.AtLease || t > c.Lot(signed, 0).End {
		return 0
	}
	s := &w.clouds[w.firms[c.Landlord].cloud]
	has := s.energised + s.pipeline
	years := float64(c.Mismatch(w.m.Market.Compute.Term) * min(1, ratio(float64(d.states[n].Left), has)))
	if d.active(n, t) {
		years += float64(c.Mismatch(c.Term) * min(1, ratio(float64(w.leaseSize(n)), has)))
	}
	return float64(c.MismatchSpread) * years
}

// debtRate is the interest that lenders ask of a firm, a year.
func (w *World) debtRate(f id.Firm) float64 {
	rate := float64(w.m.Firms[f].DebtRate)
	if c := w.firms[f].cloud; c >= 0 {
		rate += w.clouds[c].mismatch
	}
	return rate
}
