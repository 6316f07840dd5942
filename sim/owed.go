package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// debt is all that a firm has borrowed.
func (w *World) debt(f id.Firm) unit.USD { return w.books.Amount(f, ledger.Debt) }

// contractDebt is the part of a firm's debt that contracts carry: they say what it bears and when it ends.
func (w *World) contractDebt(f id.Firm) unit.USD {
	var x unit.USD
	for n, c := range w.deals.debtors.of[f].each {
		if debtor, _ := c.Debt(); debtor == f {
			x += w.deals.states[n].Owed
		}
	}
	return x
}

// generalDebt is the rest, owed to lenders outside the model at the firm's own rate and term.
func (w *World) generalDebt(f id.Firm) unit.USD {
	if len(w.deals.debtors.of[f]) == 0 { // as of most firms
		return w.debt(f)
	}
	return w.debt(f) - w.contractDebt(f)
}

// debtor returns who owes what a contract carries, and to whom.
func (d *deals) debtor(n id.Contract) (debtor, creditor id.Firm) {
	debtor, creditor = d.contracts[n].Terms.(contract.Debtor).Debt()
	if creditor == id.None {
		creditor = d.outside
	}
	return debtor, creditor
}

// writeOffContracts cancels the part of a failed firm's contract debt that its creditors will not get.
func (w *World) writeOffContracts(f id.Firm, lost float64, t unit.Month) {
	for n := range w.deals.debtors.of[f].each {
		debtor, creditor := w.deals.debtor(n)
		s := &w.deals.states[n]
		if debtor != f || s.Owed <= 0 {
			continue
		}
		x := s.Owed.Times(lost)
		w.books.WriteOff(creditor, f, ledger.Lent, x, ledger.Memo{Kind: "default", Contract: n})
		s.Owed -= x
		w.callDebtGuarantees(n, x, t)
	}
}

// moveLoan makes a movement of principal that a clause asks for.
func (w *World) moveLoan(l contract.Loan, t unit.Month) {
	debtor, creditor := w.deals.debtor(l.Contract)
	if l.Amount <= 0 || w.firms[debtor].failed || w.firms[creditor].failed {
		return
	}
	s := &w.deals.states[l.Contract]
	switch l.Move {
	case contract.Lend:
		w.lend(l, t)
	case contract.Capitalise:
		w.books.Capitalise(debtor, creditor, l.Amount, ledger.Memo{Kind: "interest", Contract: l.Contract})
		s.Owed = s.Owed.Plus(l.Amount)
	case contract.Repay:
		x := min(l.Amount, s.Owed)
		s.Owed -= x
		if x > 0 && w.told() {
			w.tell(t, "repay", debtor, creditor, l.Contract, w.name(debtor)+" owes "+w.name(creditor)+" "+money(x.Dollars())+" back now.",
				usd("due", x.Dollars()), usd("cash", w.cash(debtor).Dollars()))
		}
		w.pay(debtor, creditor, ledger.Debt, ledger.Lent, x, ledger.Memo{Kind: "principal", Contract: l.Contract})
	case contract.Convert:
		w.convert(l.Contract, l.Price, t)
	case contract.Unwind:
		w.unwind(l, t)
	}
}

// lend pays a loan out, as far as the creditor has the money or can borrow it.
func (w *World) lend(l contract.Loan, t unit.Month) {
	debtor, creditor := w.deals.debtor(l.Contract)
	if have := w.cash(creditor); have < l.Amount && w.borrows(creditor) {
		w.books.Borrow(w.outside, creditor, l.Amount-have, ledger.For("borrowing"))
	}
	x := min(l.Amount, max(0, w.cash(creditor)))
	w.books.Borrow(creditor, debtor, x, ledger.Memo{Kind: "note", Contract: l.Contract})
	s := &w.deals.states[l.Contract]
	s.Owed, s.Paid = s.Owed.Plus(x), s.Paid.Plus(x)
	if i := w.firms[creditor].investor; i >= 0 {
		w.investors[i].purse = max(0, w.investors[i].purse-x)
	}
	if w.told() {
		w.tell(t, "lend", creditor, debtor, l.Contract, w.name(creditor)+" lends "+w.name(debtor)+" "+money(x.Dollars())+".",
			usd("lent", x.Dollars()), usd("owed now", s.Owed.Dollars()))
	}
}

// convertNotes turns notes of a company into shares when it has closed a priced round. Their shares come on top of the
// round's, at the price a share that their terms give.
func (w *World) convertNotes(r contract.Round, t unit.Month) {
	if r.Raised <= 0 { // an authority has held all of it
		return
	}
	d := &w.deals
	post := r.PreMoney.Plus(r.Raised).Dollars() // all shares at the round's price, those of notes included as they come
	for n, c := range d.convertibles.each {
		debtor, creditor := d.debtor(n)
		if debtor != r.Company || d.states[n].Owed <= 0 || !d.active(n, t) || w.firms[creditor].failed {
			continue
		}
		if now, _ := w.mayNotBuy(creditor, debtor); now { // it stays a note while an authority looks at it
			continue
		}
		if price := c.Conversion(r); price > 0 {
			sold := w.convert(n, unit.Dollars(post*price.Dollars()/r.PreMoney.Dollars()), t)
			post /= 1 - sold
		}
	}
}

// convert turns what is owed under a note into shares at a value of the company before them, up to the creditor's
// ceiling, and returns the part of the company that the new shares are.
func (w *World) convert(n id.Contract, value unit.USD, t unit.Month) float64 {
	debtor, creditor := w.deals.debtor(n)
	s, f := &w.deals.states[n], &w.firms[debtor]
	most, nonvoting := w.deals.contracts[n].Terms.(contract.Converter).Shares()
	x := w.belowCeiling(contract.Purchase{Investor: creditor, Company: debtor, Ceiling: contract.Ceiling{Stake: most}}, s.Owed, value)
	sold := x.Dollars() / (value + x).Dollars()
	if x > 0 {
		before := f.value
		w.books.Convert(creditor, debtor, x, ledger.Memo{Kind: "conversion", Contract: n})
		w.dilute(creditor, debtor, x, value)
		f.value = max(before/(1-sold), 1) // a share keeps its price
		if nonvoting {
			w.silence(creditor, debtor, x, value)
		}
		s.Owed -= x
	}
	if w.told() {
		w.tell(t, "convert", creditor, debtor, n, w.name(creditor)+"'s note turns into "+percent(sold)+" of "+w.name(debtor)+".",
			usd("converted", x.Dollars()), usd("value at conversion", value.Dollars()), share("new shares", sold),
			share("stake", w.ties.find(creditor, debtor).stake), share("ceiling", float64(most)), usd("still owed", s.Owed.Dollars()))
	}
	return sold
}

// unwind takes shares back that were sold under a contract: what was paid for them is owed from now on. Shares are
// not told apart, so the investor gives the part of its stake that the money is of all that it put in.
func (w *World) unwind(l contract.Loan, t unit.Month) {
	company, investor := w.deals.debtor(l.Contract)
	tie := w.ties.find(investor, company)
	in := tie.invested + tie.opening
	x := unit.Dollars(min(l.Amount.Dollars(), in))
	if x <= 0 {
		return
	}
	part := x.Dollars() / in
	gone := float64(tie.stake * part)
	tie.stake, tie.silent, tie.invested = tie.stake-gone, float64(tie.silent*(1-part)), tie.invested-x.Dollars()
	for i := range w.ties.list {
		if k := &w.ties.list[i]; k.b == company {
			k.stake /= 1 - gone
			k.silent /= 1 - gone
		}
	}
	f, s := &w.firms[company], &w.deals.states[l.Contract]
	f.raised, f.value = f.raised-x.Dollars(), float64(f.value*(1-gone))
	s.Owed, s.Paid = s.Owed.Plus(x), s.Paid-x
	w.books.Unwind(company, investor, x, ledger.Memo{Kind: "claw-back", Contract: l.Contract})
	if w.told() {
		w.tell(t, "claw-back", investor, company, l.Contract, w.name(investor)+" gives "+percent(gone)+" of "+w.name(company)+" back and is owed its "+money(x.Dollars())+".",
			usd("owed", s.Owed.Dollars()), share("shares given back", gone), usd("all that it had put in", in))
	}
}

// interest is what a firm's debt bears in a year.
func (w *World) interest(f id.Firm) float64 {
	interest, _ := w.debtService(f)
	return interest
}

// debtService is the interest of a year on a firm's debt, and the interest and principal that are due in a year.
func (w *World) debtService(f id.Firm) (interest, service float64) {
	if general := w.generalDebt(f).Dollars(); general != 0 {
		rate := w.debtRate(f)
		interest, service = float64(general*rate), general*(rate+12/float64(w.m.Firms[f].DebtTerm))
	}
	for n, l := range w.deals.loans.of[f].each {
		bears, falls := l.Service(w.panelMonth(), &w.deals.states[n])
		interest += bears.Dollars()
		service += (bears + falls).Dollars()
	}
	return interest, service
}

// cover is a firm's cash flow before interest over the interest and principal that are due in a year; ok is false for
// a firm without debt.
//
//	cover = (cash flow + interest)/(interest + principal)      (11.4)
func (w *World) cover(f id.Firm) (x float64, ok bool) {
	interest, service := w.debtService(f)
	if service <= 0 {
		return 0, false
	}
	return (w.firms[f].cashFlow + interest) / service, true
}
