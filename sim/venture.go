package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// venture gives the terms of a joint venture.
func (d *deals) venture(n id.Contract) *contract.JointVenture {
	return d.contracts[n].Terms.(*contract.JointVenture)
}

// callCapital lets joint ventures call what their members have pledged, at most one call a month each.
func (w *World) callCapital(t unit.Month) {
	d := &w.deals
	for n, v := range d.ventures.each {
		if !d.active(n, t) || w.firms[v.Venture].failed {
			continue
		}
		call, ok := v.Due(w.now(n, t), &d.states[n])
		if !ok || w.vetoed(n, t) {
			continue
		}
		d.states[n].Settle(call)
		w.callMembers(n, call, t)
	}
}

// vetoed reports whether a member holds a call back: it does while the rent does not cover the venture's full cost.
func (w *World) vetoed(n id.Contract, t unit.Month) bool {
	v := w.deals.venture(n)
	c := &w.clouds[w.firms[v.Venture].cloud]
	for i := range v.Members {
		m := &v.Members[i]
		if !m.Veto || w.firms[m.Firm].failed || w.rent >= c.cost {
			continue
		}
		if w.told() && int(t)%6 == 0 {
			w.tell(t, "veto", m.Firm, v.Venture, n, w.name(m.Firm)+" vetoes the next call of "+w.name(v.Venture)+".",
				rent("market rent", w.rent), rent("full cost of the venture", c.cost))
		}
		return true
	}
	return false
}

// callMembers asks each member for its part of a call. If some miss it, the contract says what the others do.
func (w *World) callMembers(n id.Contract, call int, t unit.Month) {
	v := w.deals.venture(n)
	paying, missing := unit.USD(0), unit.USD(0) // pledges called of those who pay, and money that is missed
	w.pays, w.paid = resize(w.pays, len(v.Members)), resize(w.paid, len(v.Members))
	clear(w.paid)
	for i := range v.Members {
		x := v.Amount(call, i)
		if w.pays[i] = w.meets(n, call, i, x, t); w.pays[i] {
			paying += x
		} else {
			missing += x
			w.deals.states[n].Missed |= 1 << call
		}
	}
	if missing > 0 && v.OnMiss == "shrink" {
		if w.told() {
			w.tell(t, "call-dropped", v.Venture, id.None, n, w.name(v.Venture)+" drops a call and shrinks by it.", usd("dropped", (paying+missing).Dollars()), usd("missed", missing.Dollars()))
		}
		return
	}
	called := unit.USD(0)
	for i := range v.Members {
		x := v.Amount(call, i)
		if w.pays[i] || v.OnMiss == "loan" && w.lendTo(n, call, i, x, paying, t) {
			w.payIn(n, i, x, t)
			called += x
			w.paid[i] = true
		}
	}
	w.tellCall(n, call, t)
	w.deals.states[n].Paid += called
	w.drawProject(v.Venture, called, v.Draws(called), n, t)
}

// meets decides whether a member pays its part of a call.
func (w *World) meets(n id.Contract, call, member int, x unit.USD, t unit.Month) bool {
	v := w.deals.venture(n)
	m := &v.Members[member]
	view := w.means(m.Firm, x, true)
	pays := view.Pays() && !w.firms[m.Firm].failed
	for _, f := range v.Calls[call].MissedBy {
		pays = pays && f != m.Firm
	}
	if !pays && w.told() {
		w.tell(t, "missed-call", m.Firm, v.Venture, n, w.name(m.Firm)+" misses a call of "+w.name(v.Venture)+" for "+money(x.Dollars())+".",
			usd("called", x.Dollars()), usd("cash", view.Cash.Dollars()), usd("kept for its own running", view.Kept.Dollars()),
			usd("set aside for equity", view.Purse.Dollars()), usd("overdue", view.Overdue.Dollars()), usd("credit", view.Credit.Dollars()))
	}
	return pays
}

// means gathers what a firm knows of its money when x is asked of it at once.
func (w *World) means(f id.Firm, x unit.USD, equity bool) firm.MeansView {
	v := firm.MeansView{Asked: x, Cash: w.cash(f), Kept: w.kept(f), Overdue: w.overdue(f)}
	if i := w.firms[f].investor; i >= 0 && equity {
		v.Purse = w.investors[i].purse
	}
	if w.borrows(f) {
		terms := &w.m.Firms[f]
		v.Credit = w.m.Market.Distress.Credit(w.firms[f].cashFlow+w.interest(f), w.debt(f), terms.DebtRate, terms.DebtTerm)
	}
	return v
}

// kept is the cash that a firm keeps for its own running.
func (w *World) kept(f id.Firm) unit.USD {
	if s := &w.firms[f]; !s.closes {
		return unit.Dollars(max(0, s.meanBurn()) * float64(w.m.Market.Distress.Runway))
	}
	return unit.Dollars(w.firms[f].reserve)
}

// payIn lets a member pay its part: new shares at what was paid for the old ones, so that stakes follow money paid.
func (w *World) payIn(n id.Contract, member int, x unit.USD, t unit.Month) {
	v := w.deals.venture(n)
	m, venture := &v.Members[member], &w.firms[v.Venture]
	before := venture.value
	w.buyShares(m.Firm, v.Venture, x, unit.Dollars(venture.raised), 0, n, "capital call", t)
	venture.value = before + x.Dollars()
	if i := w.firms[m.Firm].investor; i >= 0 {
		w.investors[i].purse = max(0, w.investors[i].purse-x)
	}
}

// tellCall tells what each member paid, once all have: stakes are settled only then.
func (w *World) tellCall(n id.Contract, call int, t unit.Month) {
	v := w.deals.venture(n)
	for i := range v.Members {
		m, x := &v.Members[i], v.Amount(call, i)
		if !w.paid[i] || !w.told() {
			continue
		}
		w.tell(t, "call", m.Firm, v.Venture, n, w.name(m.Firm)+" pays "+money(x.Dollars())+" into "+w.name(v.Venture)+".",
			usd("pledged", m.Pledge.Dollars()), usd("left of the pledge", v.Pledged(i, &w.deals.states[n]).Dollars()),
			share("stake after it", w.ties.find(m.Firm, v.Venture).stake), usd("cash left", w.cash(m.Firm).Dollars()))
	}
}

// lendTo lets the members that pay lend another its part, each in proportion to its own; it reports whether they can.
// A member that has failed gets nothing.
func (w *World) lendTo(n id.Contract, call, member int, x, paying unit.USD, t unit.Month) bool {
	v := w.deals.venture(n)
	borrower := v.Members[member].Firm
	if paying <= 0 || w.firms[borrower].failed {
		return false
	}
	lent := func(i int) unit.USD { return x.Times(float64(v.Amount(call, i)) / float64(paying)) }
	for i := range v.Members {
		if f := v.Members[i].Firm; w.pays[i] && !w.means(f, v.Amount(call, i)+lent(i), true).Pays() {
			return false
		}
	}
	left := x
	for i := range v.Members {
		if !w.pays[i] {
			continue
		}
		y := left.Times(float64(v.Amount(call, i)) / float64(paying)) // the last takes what is left
		left, paying = left-y, paying-v.Amount(call, i)
		if y > 0 {
			w.lendDuring(contract.Lending{
				Borrower: borrower, Lender: v.Members[i].Firm, Amount: y, Drawn: t, Maturity: t.After(v.LoanTerm), Rate: v.LoanRate,
				Amortisation: "bullet", Purpose: "term", Refinancing: contract.Refinancing{Extension: v.LoanTerm}, Collateral: contract.Collateral{Company: id.None},
			}, n, t)
		}
	}
	return true
}

// drawProject gives a venture or project the money that it builds with: what its members paid is there, and lenders
// add debt.
func (w *World) drawProject(f id.Firm, paid, debt unit.USD, n id.Contract, t unit.Month) {
	if debt > 0 {
		w.books.Borrow(w.outside, f, debt, ledger.Memo{Kind: "project debt", Contract: n})
		if w.told() {
			w.tell(t, "project-debt", f, id.None, n, w.name(f)+" draws "+money(debt.Dollars())+" of project debt.", usd("paid by members", paid.Dollars()), usd("debt", w.debt(f).Dollars()))
		}
	}
	if i := w.firms[f].cloud; i >= 0 {
		w.clouds[i].given += (paid + debt).Dollars()
		w.clouds[i].bound += (paid + debt).Dollars()
	}
}

// buildGiven lets a cloud order sites for the money that it was given to build with and has not placed an order for. One
// that lets capacity waits while the rent would not carry a site that is not started.
//
//	order = money given and not ordered for/cost per MW      (3.10)
func (w *World) buildGiven(i int, v firm.CloudView, t unit.Month) {
	c := &w.clouds[i]
	size := c.given / float64(v.CostPerMW)
	if size < float64(w.m.Market.Build.MinimumSite) || w.cloud(i).Sells && w.rent < c.carries() {
		return
	}
	if w.told() {
		w.tell(t, "order", c.firm, id.None, w.source(c.firm, t), w.name(c.firm)+" orders "+power(unit.MW(size))+" for the money that it was given to build with.",
			usd("given and not ordered for", c.given), usd("given and not spent", c.bound), rent("market rent", w.rent), rent("full cost", c.cost))
	}
	w.placeOrders(i, firm.Order{Size: unit.MW(size)}, v, t)
}

// source is the contract that gives a cloud money to build with.
func (w *World) source(f id.Firm, t unit.Month) id.Contract {
	for n, v := range w.deals.ventures.of[f].each {
		if v.Venture == f && w.deals.active(n, t) {
			return n
		}
	}
	for n, l := range w.deals.loans.of[f].each {
		if l.Purpose == "project" && w.deals.active(n, t) {
			return n
		}
	}
	return id.NoContract
}

// pledged is what a firm has promised to ventures and has not been called for.
func (w *World) pledged(f id.Firm, t unit.Month) unit.USD {
	var x unit.USD
	for n, v := range w.deals.ventures.of[f].each {
		for i := range v.Members {
			if v.Members[i].Firm == f && w.deals.active(n, t) {
				x += v.Pledged(i, &w.deals.states[n])
			}
		}
	}
	return x
}

// callsAhead is how far ahead a firm sets money aside for calls on its pledges, in months.
const callsAhead = 12

// reckonCalls adds up for each investor what the next calls of its ventures ask of it, if they may come soon: it keeps that
// out of other companies' rounds.
func (w *World) reckonCalls(t unit.Month) {
	for i := range w.investors {
		w.investors[i].calls = 0
	}
	for n, v := range w.deals.ventures.each {
		if !w.deals.active(n, t) {
			continue
		}
		for i := range v.Members {
			if k := w.firms[v.Members[i].Firm].investor; k >= 0 {
				w.investors[k].calls += v.Next(i, t+callsAhead, &w.deals.states[n])
			}
		}
	}
}

// outputRight returns the venture contract under which a lab may take capacity of a cloud first, and how much of it
// the lab has not taken yet.
func (w *World) outputRight(lab, venture id.Firm, t unit.Month) (n id.Contract, left float64) {
	n = id.NoContract
	for k, v := range w.deals.ventures.of[venture].each {
		if v.Venture != venture || !w.deals.active(k, t) {
			continue
		}
		for i := range v.Members {
			if m := &v.Members[i]; m.Output > 0 && m.Taker() == lab {
				c := &w.clouds[w.firms[venture].cloud]
				left += float64(float64(m.Output) * (c.energised + c.pipeline))
				n = k
			}
		}
	}
	if left > 0 {
		left -= w.lotsBetween(lab, venture, t+unit.Month(w.m.Market.Research.RequestLead))
	}
	if left <= 0 {
		return id.NoContract, 0
	}
	return n, left
}

// heldBack is the capacity of a cloud that labs with a right to it have not taken and still lack, the lab that asks
// left out: others get only what members leave.
func (w *World) heldBack(cloud int, asking id.Firm, t unit.Month) float64 {
	held := 0.0
	for _, i := range w.takers(w.clouds[cloud].firm) {
		l := &w.labs[i]
		if l.firm == asking || l.gone || l.short <= 0 {
			continue
		}
		_, left := w.outputRight(l.firm, w.clouds[cloud].firm, t)
		held += min(left, l.short)
	}
	return held
}

// takers lists the labs that may have a right to capacity of a venture, in the order of the model.
func (w *World) takers(venture id.Firm) []int {
	w.entitled = w.entitled[:0]
	for _, v := range w.deals.ventures.of[venture].each {
		for i := range v.Members {
			if l := w.firms[v.Members[i].Taker()].lab; l >= 0 && v.Members[i].Output > 0 {
				w.entitled = include(w.entitled, l)
			}
		}
	}
	return w.entitled
}
