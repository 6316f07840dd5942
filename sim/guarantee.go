package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// callGuarantees calls the guarantees of tenants and borrowers that have left bills unpaid for too long, and of
// tenants that have left.
func (w *World) callGuarantees(t unit.Month) {
	d := &w.deals
	for n, g := range d.guarantees.each {
		if !d.active(n, t) || w.firms[g.Guarantor].failed {
			continue
		}
		s := &d.states[n]
		switch {
		case g.Covers == "residual":
			w.testResidual(n, g, s, t)
		case g.Late(t, w.unpaidTo(g), s):
			w.payBills(n, g, s, t)
		}
	}
}

// beneficiary is who is paid under a guarantee.
func (w *World) beneficiary(g *contract.Guarantee) id.Firm {
	if g.Beneficiary == id.None {
		return w.outside
	}
	return g.Beneficiary
}

// guarantees reports whether an unpaid bill falls under a guarantee: to a lender interest and principal, to a landlord
// all else.
func (w *World) guarantees(g *contract.Guarantee, a *arrear) bool {
	return a.debtor == g.Debtor && a.creditor == w.beneficiary(g) && !a.payroll && a.senior == (g.Covers == "debt")
}

// unpaidTo is what a debtor owes a beneficiary in unpaid bills.
func (w *World) unpaidTo(g *contract.Guarantee) unit.USD {
	var x unit.USD
	for a := range w.arrears.of(g.Debtor) {
		if w.guarantees(g, a) {
			x += a.amount
		}
	}
	return x
}

// afford returns how much of x a firm can pay; it borrows if lenders cover it.
func (w *World) afford(f id.Firm, x unit.USD) unit.USD {
	if have := w.cash(f); have < x && w.borrows(f) {
		w.books.Borrow(w.outside, f, x-have, ledger.For("borrowing"))
	}
	return max(0, min(x, w.cash(f)))
}

// payBills lets a guarantor pay a debtor's unpaid bills. The creditor's claim passes to it.
func (w *World) payBills(n id.Contract, g *contract.Guarantee, s *contract.State, t unit.Month) {
	overdue := w.unpaidTo(g)
	left := w.afford(g.Guarantor, g.Pays(overdue, s))
	if left <= 0 {
		return
	}
	paid := left
	for k := 0; k < len(w.arrears.list) && left > 0; k++ {
		a := w.arrears.list[k]
		if !w.guarantees(g, &a) {
			continue
		}
		x := min(left, a.amount)
		left -= x
		w.books.Assign(g.Guarantor, a.creditor, ledger.Receivable, x, ledger.Memo{Kind: "guarantee", Contract: n})
		w.arrears.list[k].amount -= x
		a.creditor, a.amount = g.Guarantor, x
		w.arrears.add(a)
	}
	w.arrears.keep(func(a *arrear) bool { return a.amount > 0 })
	s.Paid += paid
	w.tellGuarantee(n, g, overdue, paid, t)
}

// coverLoss lets a guarantor make good a loss that leaves it no claim on anybody.
func (w *World) coverLoss(n id.Contract, g *contract.Guarantee, s *contract.State, loss unit.USD, t unit.Month) {
	paid := w.afford(g.Guarantor, g.Pays(loss, s))
	w.books.Pay(g.Guarantor, w.beneficiary(g), ledger.Impairment, ledger.OtherIncome, paid, ledger.Memo{Kind: "guarantee", Contract: n})
	s.Paid += paid
	w.tellGuarantee(n, g, loss, paid, t)
}

func (w *World) tellGuarantee(n id.Contract, g *contract.Guarantee, loss, paid unit.USD, t unit.Month) {
	if w.told() && loss > 0 {
		w.tell(t, "guarantee-called", g.Guarantor, g.Debtor, n, w.name(g.Guarantor)+" pays "+money(paid.Dollars())+" for "+w.name(g.Debtor)+" under its guarantee ("+g.Covers+").",
			usd("loss", loss.Dollars()), usd("cap", g.Cap.Dollars()), usd("paid in all", w.deals.states[n].Paid.Dollars()), usd("cash left", w.cash(g.Guarantor).Dollars()))
	}
}

// testResidual calls a guarantee of residual value when the tenant has left the landlord: it makes up for what the
// plant lacks of the guaranteed value. The plant is worth what its rent earns, let to another.
//
//	loss = guaranteed·max(0, 1 − ResaleValue·rent/full cost)      (11.8)
func (w *World) testResidual(n id.Contract, g *contract.Guarantee, s *contract.State, t unit.Month) {
	stays := false
	for _, k := range w.lotsOf[g.Debtor] {
		l := &w.lots[k]
		stays = stays || l.Seller == g.Beneficiary && l.End > t
	}
	if stays {
		s.Started = true
		return
	}
	if !s.Started {
		return
	}
	s.Ended = true
	c := &w.clouds[w.firms[g.Beneficiary].cloud]
	value := g.Guaranteed(w.deals.contracts[n].Signed, t)
	loss := value.Times(max(0, 1-float64(float64(w.m.Market.Compute.ResaleValue)*ratio(w.rent, c.cost))))
	w.coverLoss(n, g, s, loss, t)
	if w.told() && loss <= 0 {
		w.tell(t, "guarantee-ends", g.Guarantor, g.Debtor, n, w.name(g.Debtor)+" leaves and the plant is worth what was guaranteed.",
			usd("guaranteed", value.Dollars()), rent("market rent", w.rent), rent("full cost", c.cost))
	}
}

// callOnDefault calls the guarantees of a lab that defaults: for its unpaid bills, and for the rent still promised less
// what another tenant pays. What a lender loses on the loan itself is called when it is written off.
func (w *World) callOnDefault(f id.Firm, t unit.Month) {
	d := &w.deals
	for n, g := range d.guarantees.each {
		s := &d.states[n]
		if g.Debtor != f || g.Covers == "residual" || !d.active(n, t) || w.firms[g.Guarantor].failed {
			continue
		}
		if w.unpaidTo(g) > 0 {
			w.payBills(n, g, s, t)
		}
		if g.Covers == "rent" {
			w.coverLoss(n, g, s, unit.Dollars(w.rentLost(g, t)), t)
		}
	}
}

// rentLost is what a landlord loses of the rent that a tenant has promised, the capacity let to another.
func (w *World) rentLost(g *contract.Guarantee, t unit.Month) float64 {
	x := 0.0
	for _, k := range w.lotsOf[g.Debtor] {
		if l := &w.lots[k]; l.Seller == g.Beneficiary {
			x += float64(l.Rest(t).Dollars() * max(0, 1-float64(float64(w.m.Market.Compute.ResaleValue)*ratio(w.rent, float64(l.Rent)))))
		}
	}
	return x
}

// callDebtGuarantees lets guarantors make good what a lender loses on a loan.
func (w *World) callDebtGuarantees(loan id.Contract, lost unit.USD, t unit.Month) {
	d := &w.deals
	debtor, creditor := w.deals.debtor(loan)
	for n, g := range d.guarantees.each {
		if lost > 0 && g.Covers == "debt" && g.Debtor == debtor && w.beneficiary(g) == creditor && d.active(n, t) && !w.firms[g.Guarantor].failed {
			w.coverLoss(n, g, &d.states[n], lost, t)
		}
	}
}
