package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// serveLoans pays loans out, tests what secures them and takes principal that is due. Interest is billed.
func (w *World) serveLoans(t unit.Month) {
	d := &w.deals
	for n, l := range d.loans.each {
		if !d.active(n, t) {
			continue
		}
		s := &d.states[n]
		if !s.Started {
			if t >= l.Drawn {
				w.drawLoan(n, l, s, t)
			}
			continue
		}
		if s.Owed <= 0 || w.firms[l.Borrower].failed {
			continue
		}
		if l.Purpose == "margin" {
			w.testMargin(n, l, s, t)
		}
		w.testCovenant(n, l, s, t)
		if x := l.Instalment(t, s); x > 0 && !s.Ended {
			w.repayLoan(n, l, s, x, t)
		}
	}
}

// lender is who has a claim under a loan.
func (w *World) lender(l *contract.Lending) id.Firm {
	if l.Lender == id.None {
		return w.outside
	}
	return l.Lender
}

// drawLoan pays a loan out: against shares at most what they carry, and only if lenders accept them; from a firm at
// most what it has or can borrow.
func (w *World) drawLoan(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	s.Started = true
	x, from := l.Amount, w.lender(l)
	if w.failed(l.Borrower) || w.failed(l.Lender) {
		s.Ended = true
		return
	}
	if k := &l.Collateral; l.Purpose == "margin" {
		value := w.pledgedValue(l)
		x = min(x, unit.Dollars(value*float64(k.LoanToValue)))
		now := w.now(n, t)
		if u := now.Uniform(0); !w.m.Firms[k.Company].Listed && !rng.Bernoulli(u, float64(k.Unlisted)) || x <= 0 {
			s.Ended = true
			if w.told() {
				w.tell(t, "loan-refused", l.Borrower, k.Company, n, "Lenders refuse "+w.name(l.Borrower)+" a loan against its shares of "+w.name(k.Company)+".",
					usd("asked for", l.Amount.Dollars()), usd("value of the stake", value), share("chance that they accept shares without a public price", float64(k.Unlisted)))
			}
			return
		}
	}
	if from != w.outside {
		x = w.afford(from, x)
	}
	w.books.Borrow(from, l.Borrower, x, ledger.Memo{Kind: "loan", Contract: n})
	s.Owed = x
	switch i := w.firms[l.Borrower].investor; {
	case l.Purpose == "project":
		w.drawProject(l.Borrower, x, 0, n, t)
	case l.Purpose != "term" && i >= 0: // an investor borrows against what it holds to buy more
		w.investors[i].purse += x
	}
	if w.told() {
		w.tell(t, "loan", l.Borrower, l.Lender, n, w.name(l.Borrower)+" draws a "+l.Purpose+" loan of "+money(x.Dollars())+" from "+w.name(from)+".",
			usd("amount agreed", l.Amount.Dollars()), months("due in", float64(l.Maturity-t)), share("interest a year", float64(l.Rate)), usd("debt", w.debt(l.Borrower).Dollars()))
	}
}

// lendDuring signs a loan during the run, drawn at once, as another contract provides.
func (w *World) lendDuring(terms contract.Lending, under id.Contract, t unit.Month) {
	d := &w.deals
	l := d.lent.next()
	*l = terms
	l.Amount = w.afford(l.Lender, l.Amount)
	n := d.add(contract.Contract{Key: signedInRun, Kind: "loan", Signed: t, Terms: l}, l.Borrower, l.Lender)
	d.states[n] = contract.State{Started: true, Owed: l.Amount}
	w.books.Borrow(l.Lender, l.Borrower, l.Amount, ledger.Memo{Kind: "member loan", Contract: n})
	if w.told() {
		w.tell(t, "member-loan", l.Lender, l.Borrower, under, w.name(l.Lender)+" lends "+w.name(l.Borrower)+" "+money(l.Amount.Dollars())+" for its part of the call.",
			share("interest a year", float64(l.Rate)), months("due in", float64(l.Maturity-t)), usd("cash of the borrower", w.cash(l.Borrower).Dollars()))
	}
}

// repayLoan takes principal that is due. A bridge at its end is repaid from what the borrower can spare, or extended;
// other loans are repaid from all the cash there is, and from new debt if lenders cover the borrower.
func (w *World) repayLoan(n id.Contract, l *contract.Lending, s *contract.State, x unit.USD, t unit.Month) {
	f := l.Borrower
	if l.Purpose == "bridge" && t >= l.End(s) && !w.means(f, x, false).Pays() {
		w.refinance(n, l, s, x, t)
		return
	}
	w.payBack(n, l, s, x)
	switch {
	case s.Owed <= 0:
		s.Ended = true
		if w.told() {
			w.tell(t, "loan-repaid", f, l.Lender, n, w.name(f)+" repays {its|their} loan.", usd("last payment", x.Dollars()), usd("interest paid", s.Paid.Dollars()), usd("cash left", w.cash(f).Dollars()))
		}
	case l.Instalment(t, s) > 0 && w.cash(f) <= 0: // it had less than was due
		w.defaultLoan(n, l, s, t)
	}
}

// payBack repays as much of x as the borrower has, or can borrow from lenders at large.
func (w *World) payBack(n id.Contract, l *contract.Lending, s *contract.State, x unit.USD) {
	f := l.Borrower
	paid := w.afford(f, x)
	w.books.Repay(f, w.lender(l), paid, ledger.Memo{Kind: "loan principal", Contract: n})
	s.Owed -= paid
}

// refinance asks the lenders of a bridge that cannot be repaid to extend it.
func (w *World) refinance(n id.Contract, l *contract.Lending, s *contract.State, x unit.USD, t unit.Month) {
	r, v := &l.Refinancing, w.means(l.Borrower, x, false)
	now := w.now(n, t)
	if !rng.Bernoulli(w.uniform(rng.Rescue, now.Luck, t, 0), float64(r.Chance)) {
		if w.cash(l.Borrower) >= x { // what it keeps for its own running goes before it defaults
			w.accelerate(n, l, s, t)
		} else {
			w.defaultLoan(n, l, s, t)
		}
		return
	}
	s.Due = t.After(r.Extension)
	s.Margin += r.StepUp
	if w.told() {
		w.tell(t, "refinanced", l.Borrower, l.Lender, n, w.name(l.Borrower)+" cannot repay "+money(x.Dollars())+" and {has its|have their} loan extended at "+percent(float64(l.Rate+s.Margin))+" a year.",
			usd("due", x.Dollars()), usd("can spare", v.Free().Dollars()), share("chance that lenders extend", float64(r.Chance)), months("extended by", float64(r.Extension)))
	}
}

// testCovenant acts when a covenant has failed for longer than the time to cure.
func (w *World) testCovenant(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	breached, first := l.Breached(w.now(n, t), s)
	if first && w.told() {
		w.tell(t, "covenant", l.Borrower, l.Lender, n, w.name(l.Borrower)+" no longer {keeps|keep} the covenant "+l.Covenant.Keep.Text+".",
			usd("owed", s.Owed.Dollars()), months("time to cure", float64(l.Covenant.Cure)))
	}
	if !breached || s.Missed != 0 {
		return
	}
	s.Missed = 1 // until it holds again
	if w.told() {
		w.tell(t, "covenant-breach", l.Borrower, l.Lender, n, w.name(l.Borrower)+" breaches the covenant "+l.Covenant.Keep.Text+": "+consequence(l)+".",
			usd("owed", s.Owed.Dollars()), months("failing for", float64(t-s.Since)), usd("cash", w.cash(l.Borrower).Dollars()))
	}
	switch l.Covenant.OnBreach {
	case "step-up":
		s.Margin += l.Covenant.StepUp
	case "accelerate":
		w.accelerate(n, l, s, t)
	case "take-over":
		w.takeOver(n, l, s, t)
	}
}

func consequence(l *contract.Lending) string {
	switch l.Covenant.OnBreach {
	case "accelerate":
		return "all is due at once"
	case "take-over":
		return "the lender takes it over"
	}
	return "the rate rises by " + percent(float64(l.Covenant.StepUp))
}

// accelerate makes all of a loan due.
func (w *World) accelerate(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	w.payBack(n, l, s, s.Owed)
	if s.Owed > 0 {
		w.defaultLoan(n, l, s, t)
		return
	}
	s.Ended = true
}

// defaultLoan ends in a loss what a borrower cannot repay. A lab that lives from investors owes the rest as a bill,
// and its creditors may end it; of others' debt lenders write off what they do not recover and extend the rest, and
// the borrower has no money left for equity.
func (w *World) defaultLoan(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	f, to := l.Borrower, w.lender(l)
	owed := s.Owed
	w.happened(t, "default", f)
	lost := owed.Times(1 - float64(w.m.Market.Distress.Recovery))
	if x := &w.firms[f]; x.lab >= 0 && !x.closes {
		lost = 0
		w.books.Accrue(f, to, ledger.Debt, ledger.Lent, owed, ledger.Memo{Kind: "loan overdue", Contract: n})
		w.arrears.add(arrear{debtor: f, creditor: to, amount: owed, senior: true})
		w.labs[x.lab].unpaid = true
		s.Owed, s.Ended = 0, true
	} else {
		w.books.WriteOff(to, f, ledger.Lent, lost, ledger.Memo{Kind: "default", Contract: n})
		s.Owed -= lost
		s.Due = t.After(l.Refinancing.Extension)
		x.value *= float64(w.m.Market.Distress.Recovery)
		if x.investor >= 0 {
			w.investors[x.investor].purse = 0
		}
	}
	if w.told() {
		w.tell(t, "default", f, l.Lender, n, w.name(f)+" defaults on {its|their} loan.", usd("owed", owed.Dollars()), usd("lost by the lender", lost.Dollars()), usd("cash", w.cash(f).Dollars()))
	}
	w.callDebtGuarantees(n, lost, t)
}

// takeOver turns a loan into all shares of the borrower: its owners lose theirs.
func (w *World) takeOver(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	f, to := l.Borrower, w.lender(l)
	for i := range w.ties.list {
		x := &w.ties.list[i]
		if x.b != f || x.a == to || x.stake <= 0 {
			continue
		}
		w.books.WriteOff(x.a, f, ledger.Stakes, unit.Dollars(x.invested+x.opening), ledger.Memo{Kind: "taken over", Contract: n})
		x.invested, x.opening, x.stake, x.silent = 0, 0, 0, 0
	}
	owed := s.Owed
	w.books.Convert(to, f, owed, ledger.Memo{Kind: "taken over", Contract: n})
	w.ties.find(to, f).stake = 1
	w.ties.bought(to, f, owed)
	w.firms[f].value = owed.Dollars()
	w.firms[f].raised += owed.Dollars()
	s.Owed, s.Ended = 0, true
	if w.told() {
		w.tell(t, "take-over", f, l.Lender, n, w.name(to)+" takes "+w.name(f)+" over for what it is owed.", usd("debt turned into shares", owed.Dollars()))
	}
}
