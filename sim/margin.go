package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// pledgedValue is the value of the stake that secures a margin loan, at the company's last price.
func (w *World) pledgedValue(l *contract.Lending) float64 {
	k := l.Collateral.Company
	if x := w.ties.has(l.Borrower, k); x != nil {
		return x.stake * w.firms[k].value
	}
	return 0
}

// testMargin calls for money when a loan has outgrown the shares that secure it. The borrower pays it back to what
// lenders lent on, or shares are sold until it is there:
//
//	called = owed − LoanToValue·value
//	sold   = called/(1 − Haircut − LoanToValue), worth at the last price      (11.7)
func (w *World) testMargin(n id.Contract, l *contract.Lending, s *contract.State, t unit.Month) {
	k, value := &l.Collateral, w.pledgedValue(l)
	if s.Owed.Dollars() <= value*float64(k.CallAbove) {
		return
	}
	x := min(s.Owed, max(0, s.Owed-unit.Dollars(value*float64(k.LoanToValue))))
	view := w.means(l.Borrower, x, false)
	view.Credit = 0 // lenders at large do not pay lenders against shares
	if w.told() {
		w.tell(t, "margin-call", l.Borrower, k.Company, n, "Lenders call "+money(x.Dollars())+" of "+w.name(l.Borrower)+", as its shares of "+w.name(k.Company)+" are worth less.",
			usd("owed", s.Owed.Dollars()), usd("value of the stake", value), share("called above", float64(k.CallAbove)), usd("can spare", view.Free().Dollars()))
	}
	if view.Pays() {
		w.payBack(n, l, s, x)
		return
	}
	sold := min(value, x.Dollars()/(1-float64(k.Haircut)-float64(k.LoanToValue)))
	got := w.sellStake(l.Borrower, k.Company, sold, float64(k.Haircut), n)
	if w.told() {
		w.tell(t, "forced-sale", l.Borrower, k.Company, n, w.name(l.Borrower)+" has to sell "+money(sold)+" of "+w.name(k.Company)+" for "+money(got.Dollars())+".",
			usd("called", x.Dollars()), usd("can spare", view.Free().Dollars()), share("discount", float64(k.Haircut)), share("stake left", w.ties.find(l.Borrower, k.Company).stake))
	}
	w.payBack(n, l, s, min(got, s.Owed))
	if s.Owed > 0 && sold >= value {
		w.defaultLoan(n, l, s, t)
	}
}

// sellStake sells shares of a company that are worth so much at its last price to the public, at a discount, and
// returns what they bring.
func (w *World) sellStake(f, company id.Firm, worth, discount float64, n id.Contract) unit.USD {
	x := w.ties.has(f, company)
	if x == nil || x.stake <= 0 || w.firms[company].value <= 0 {
		return 0
	}
	price := unit.Dollars(worth * (1 - discount))
	w.sellShares(f, company, min(x.stake, worth/w.firms[company].value), price, ledger.Memo{Kind: "forced sale", Contract: n})
	return price
}

// sellShares sells a part of a company, which the holder has, to the public at a price. What it gets beyond their cost
// is a gain on its stake and no revenue. It returns the cost.
func (w *World) sellShares(f, company id.Firm, sold float64, price unit.USD, memo ledger.Memo) (cost unit.USD) {
	x := w.ties.has(f, company)
	cost = min(unit.Dollars((x.invested+x.opening)*sold/x.stake), w.books.Balance(f, ledger.Stakes))
	w.books.Assign(w.outside, f, ledger.Stakes, min(cost, price), memo)
	if gain := price - cost; gain > 0 {
		w.books.Mark(f, gain, memo)
		w.books.Assign(w.outside, f, ledger.Marks, gain, memo)
	} else if gain < 0 {
		w.books.WriteOff(f, company, ledger.Stakes, -gain, memo)
	}
	left := max(0, x.stake-sold)
	x.silent *= ratio(left, x.stake)
	x.stake = left
	x.invested -= cost.Dollars()
	return cost
}
