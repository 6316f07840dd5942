package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// wayOut is what a tenant may leave of a lease in a month, and on which terms.
type wayOut struct {
	size   unit.MW
	cost   unit.USD    // of leaving all of that
	notice unit.Months // the whole is left that much later, and the rent until then is the cost
	late   bool        // delivery is so late that leaving is free
	rent   unit.Rent   // of the lease
}

// parting is what happened when a lease was left, for its event.
type parting struct {
	by     id.Firm
	ground string
	size   unit.MW
	paid   unit.USD
	rent   unit.Rent
}

// wayOut finds the way out of a lease in month t: what is late first, then notice, then the cost of the stage.
func (w *World) wayOut(n id.Contract, t unit.Month) wayOut {
	c := w.lease(n)
	stage, promise := w.leaseStage(n, t), w.leasePromise(n)
	x := wayOut{size: promise.Size, cost: c.ExitCost(stage, promise.Rest(t)), rent: promise.Rent}
	if stage < contract.InService {
		return x
	}
	lot := w.leaseLot(n)
	if lot == nil {
		return wayOut{}
	}
	const short = 0.999 // of what is due
	switch {
	case t >= lot.Start.After(c.Grace) && lot.Delivered < lot.Due(t)*short:
		return wayOut{size: lot.Size - lot.Delivered, late: true, rent: lot.Rent}
	case c.Notice > 0 && t >= lot.Start.After(c.Fixed):
		x.notice = c.Notice
		x.cost = promise.Rest(t) - promise.Rest(min(promise.End, t.After(c.Notice)))
	}
	return x
}

// review is the time between two looks at a lease that is signed.
const review = 6

// asked reports whether a tenant looks at a lease in month t: when the next stage is due, and every half-year from
// the signed lease on.
func (w *World) asked(n id.Contract, t unit.Month) bool {
	c, signed := w.lease(n), w.deals.contracts[n].Signed
	lease := c.Reaches(contract.AtLease, signed)
	return t > signed && (t == c.Reaches(c.Stage(t, signed), signed) || t > lease && (t-lease)%review == 0)
}

// judge asks the tenant whether it leaves and, if it stays, the landlord that may give notice.
func (w *World) judge(n id.Contract, t unit.Month) {
	c, out := w.lease(n), w.wayOut(n, t)
	if c.Cancels != 0 {
		if t == c.Cancels {
			w.cancelLease(n, out, t)
		}
		return
	}
	if !w.asked(n, t) {
		return
	}
	v := w.tenantView(n, out, t)
	size, saved := v.Leave()
	if size >= unit.MW(w.m.Market.Build.MinimumSite) {
		cost := w.leave(n, size, out, id.None, t)
		if w.told() {
			w.tellExit(n, parting{c.Tenant, ground(&v, out), size, cost, out.rent}, t, mw("signed beyond its need", max(0, v.Surplus)), usd("saved", saved.Dollars()))
		}
		return
	}
	if c.Mutual && out.notice > 0 {
		w.reclaim(n, out, t)
	}
}

// ground says why a tenant leaves by its own rule.
func ground(v *firm.TenantView, out wayOut) string {
	why := "the market is cheaper"
	if v.Surplus > 0 {
		why = "it has signed more than it needs"
	}
	if out.late {
		why = "delivery is late and " + why
	}
	return why
}

// cancelLease carries out an exit that the scenario gives.
func (w *World) cancelLease(n id.Contract, out wayOut, t unit.Month) {
	c := w.lease(n)
	size := w.leaseSize(n)
	if c.Cancelled > 0 {
		size = min(size, c.Cancelled)
	}
	if out.late && size > out.size { // what stands is left at the cost of the stage
		promise := w.leasePromise(n)
		promise.Size = size - out.size
		out.late, out.cost = false, c.ExitCost(contract.InService, promise.Rest(t))
	}
	out.size = size
	cost := w.leave(n, size, out, c.Next, t)
	if w.told() {
		w.tellExit(n, parting{c.Tenant, "as the scenario has it", size, cost, out.rent}, t)
	}
}

// tenantView gathers what a tenant knows when it asks itself whether to leave.
func (w *World) tenantView(n id.Contract, out wayOut, t unit.Month) firm.TenantView {
	c, promise := w.lease(n), w.leasePromise(n)
	full := max(promise.Start+unit.Month(promise.Ramp), t+unit.Month(w.m.Market.Research.RequestLead))
	promise.Size = out.size
	return firm.TenantView{
		Size: out.size, Whole: out.notice > 0, Surplus: unit.MW(w.surplus(c.Tenant, t, full)), Promised: promise.Rest(t),
		Floor: float64(c.Floor), Rent: promise.Rent, Market: unit.Rent(w.rent), Switching: w.m.Market.Compute.SwitchingCost, Cost: out.cost,
		Free: w.means(c.Tenant, out.cost, false).Free(),
	}
}

// surplus is what a tenant has signed for month later beyond what it will then need to rent; below zero it lacks some.
// A firm that lets capacity has a surplus if its own plan wants less than it will have.
func (w *World) surplus(f id.Firm, t, later unit.Month) float64 {
	i, c := w.firms[f].lab, w.firms[f].cloud
	if c >= 0 && (i < 0 || w.cloud(c).Sells) {
		w.reckonPromised(t)
		v := w.cloudView(c, &w.clouds[c].building, w.rivals(), t)
		return -float64(w.cloud(c).Invest(v).Gap)
	}
	v := w.labView(i, t)
	v.Lead = unit.Months(later - t)
	v.Thrift = w.tables.thrift.Pow(float64(v.Lead) / 12)
	need := float64(v.Plan(&w.m.Market.Research).Later)
	if c >= 0 {
		need -= w.ownIn(c, int(later-t))
	}
	signed := w.leased(f, t, later)
	for _, k := range w.lotsOf[f] {
		signed += float64(w.lots[k].Due(later))
	}
	return signed - max(0, need/float64(w.m.Market.Compute.TargetUtilisation))
}

// reclaim lets a landlord give its tenant notice.
func (w *World) reclaim(n id.Contract, out wayOut, t unit.Month) {
	c, lot := w.lease(n), w.leaseLot(n)
	v := firm.LandlordView{Size: out.size, Rent: lot.Rent, Market: unit.Rent(w.rent), Resale: w.m.Market.Compute.ResaleValue}
	if l := w.firms[c.Landlord].lab; l >= 0 {
		v.Lacks = unit.MW(w.lacks(l))
	}
	if !v.Ends() {
		return
	}
	w.leave(n, out.size, out, id.None, t)
	if w.told() {
		w.tellExit(n, parting{c.Landlord, "it has a better use", out.size, 0, out.rent}, t, mw("its own lab lacks", max(0, v.Lacks)))
	}
}

// leave ends so much of a lease: the tenant pays, the landlord has the capacity back and offers it. It returns what
// the tenant pays at once.
func (w *World) leave(n id.Contract, size unit.MW, out wayOut, next id.Firm, t unit.Month) unit.USD {
	c, s := w.lease(n), &w.deals.states[n]
	s.Waived += float64(size / c.Capacity)
	if w.leaseStage(n, t) >= contract.AtLease {
		s.Left += size
	}
	if w.leaseSize(n) < 1e-6 {
		s.Ended = true
	}
	lot := w.leaseLot(n)
	if lot != nil && out.notice > 0 {
		lot.End = min(lot.End, t.After(out.notice))
		w.freed = append(w.freed, freed{c.Tenant, c.Landlord, next, float64(size), lot.End + 1, n})
		w.promiseFree(lot, float64(size), lot.End+1, t)
		return 0
	}
	start := max(t+1, c.Reaches(contract.InService, w.deals.contracts[n].Signed))
	if lot != nil {
		w.giveBack(lot, size, start, next, t)
	} else if next != id.None { // it takes over what is planned, as the scenario has it
		w.freed = append(w.freed, freed{c.Tenant, c.Landlord, next, float64(size), start, n})
	}
	if out.size <= 0 {
		return 0
	}
	cost := out.cost.Times(float64(size / out.size))
	w.pay(c.Tenant, c.Landlord, ledger.ComputeCost, ledger.ComputeRevenue, cost, ledger.Memo{Kind: "lease exit", Contract: n})
	w.ties.paid(c.Tenant, c.Landlord, cost)
	s.Paid += cost
	return cost
}

func (w *World) tellExit(n id.Contract, x parting, t unit.Month, why ...Reason) {
	c := w.lease(n)
	with, does := c.Landlord, " leaves "
	if x.by == c.Landlord {
		with, does = c.Tenant, " takes back "
	}
	what := w.name(x.by) + does + power(x.size) + " of its " + w.leaseStage(n, t).String() + " with " + w.name(with) + ": " + x.ground + "."
	why = append(why, usd("cost of leaving", x.paid.Dollars()), rent("rent", float64(x.rent)), rent("market rent", w.rent), mw("kept of the lease", w.leaseSize(n)))
	w.tell(t, "lease-exit", x.by, with, n, what, why...)
}

// pullLeases leaves a part of what a firm's leases have not delivered, and returns how much.
func (w *World) pullLeases(f id.Firm, part unit.Share, t unit.Month) unit.MW {
	var gone unit.MW
	for n, c := range w.deals.leases.of[f].each {
		if !w.deals.active(n, t) {
			continue
		}
		open := w.leaseSize(n)
		if l := w.leaseLot(n); l != nil {
			open -= l.Delivered
		}
		size := unit.MW(float64(open) * float64(part))
		if size <= 0 {
			continue
		}
		out := w.wayOut(n, t)
		if out.notice > 0 { // notice ends service; this has not begun
			promise := w.leasePromise(n)
			out = wayOut{size: promise.Size, rent: promise.Rent, cost: c.ExitCost(w.leaseStage(n, t), promise.Rest(t))}
		}
		cost := w.leave(n, size, out, id.None, t)
		gone += size
		if w.told() {
			w.tellExit(n, parting{f, "it pulls back", size, cost, out.rent}, t)
		}
	}
	return gone
}
