package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// clearing is the memory in which debts of firms to each other are cleared.
type clearing struct {
	net    market.Network
	claims []market.Claim
	of     []int      // index of each claim's arrear
	cash   []unit.USD // a firm, the outside last
	due    []unit.USD // what it owes
	locked []bool     // has senior bills that it cannot pay
}

// entangled reports whether a firm that cannot pay what it owes owes another that cannot: then it matters who
// pays first, and nobody does.
func (w *World) entangled() bool {
	c := &w.clearing
	c.due = resize(c.due, len(w.firms)+1)
	clear(c.due)
	for _, a := range w.arrears.list {
		c.due[a.debtor] += a.amount
	}
	for _, a := range w.arrears.list {
		if w.fails(a.debtor) && a.creditor != w.outside && w.fails(a.creditor) {
			return true
		}
	}
	return false
}

// fails reports whether a firm owes more than it has, and nobody lends it the rest.
func (w *World) fails(f id.Firm) bool { return w.clearing.due[f] > w.cash(f) && !w.borrows(f) }

// clearArrears pays bills of firms that owe each other all at once, those of lenders first: within a rank every
// debtor pays its creditors in proportion, as much as it can if the others do (11.5). A firm that owes lenders
// more than it has pays nobody else. What is not paid stays owed.
//
// Payments in part are cut to whole cents. Where that leaves a firm a cent or two short of what it passes on, the
// outside pays them, booked as rounding.
func (w *World) clearArrears(t unit.Month) {
	c := &w.clearing
	c.locked = resize(c.locked, len(w.firms)+1)
	clear(c.locked)
	for _, senior := range [...]bool{true, false} {
		w.loadClaims(senior)
		for i := range c.cash {
			c.cash[i] = 0
			if f := id.Firm(i); f != w.outside {
				c.cash[i] = w.cash(f)
				if w.borrows(f) { // it has what it owes
					c.cash[i] = max(c.cash[i], c.due[i])
				}
			}
		}
		c.net.Clear(c.claims, c.cash)
		if w.told() {
			w.tellClearing(t)
		}
		for k, x := range c.claims {
			a := &w.arrears.list[c.of[k]]
			w.books.Settle(a.debtor, a.creditor, x.Paid, ledger.For("arrears"))
			a.amount -= x.Paid
			c.locked[a.debtor] = c.locked[a.debtor] || senior && a.amount > 0
		}
		w.coverCents()
	}
}

// loadClaims lists the bills of a rank that firms may pay, and what each firm owes of it.
func (w *World) loadClaims(senior bool) {
	c := &w.clearing
	c.claims, c.of = c.claims[:0], c.of[:0]
	c.cash = resize(c.cash, len(w.firms)+1)
	clear(c.due)
	for k, a := range w.arrears.list {
		if a.senior == senior && !c.locked[a.debtor] && a.amount > 0 {
			c.claims = append(c.claims, market.Claim{Debtor: int(a.debtor), Creditor: int(a.creditor), Amount: a.amount})
			c.of = append(c.of, k)
			c.due[a.debtor] += a.amount
		}
	}
}

// coverCents lets firms that have paid more than they had borrow it, and gives the others the cents of rounding.
func (w *World) coverCents() {
	for i := range w.firms {
		f := id.Firm(i)
		short := -w.cash(f)
		switch {
		case short <= 0:
		case w.borrows(f):
			w.books.Borrow(w.outside, f, short, ledger.For("borrowing"))
		default:
			w.books.Pay(w.outside, f, ledger.OtherExpense, ledger.OtherIncome, short, ledger.For("rounding"))
		}
	}
}

// tellClearing tells what each firm that cannot pay in full pays, and what it would if failing cost it what a
// default does and nobody could count on money that comes only if all pay: the least that clears.
func (w *World) tellClearing(t unit.Month) {
	c := &w.clearing
	least := c.net.Least(float64(w.m.Market.Distress.Recovery))
	for i := range w.firms {
		f, paid := id.Firm(i), unit.USD(0)
		for _, x := range c.claims {
			if x.Debtor == i {
				paid += x.Paid
			}
		}
		if c.due[i] > 0 && paid < c.due[i] {
			w.tell(t, "clearing", f, id.None, id.NoContract, w.name(f)+" pays "+money(paid.Dollars())+" of what {it|they} {owes|owe} firms that cannot pay either.",
				usd("owed", c.due[i].Dollars()), usd("paid, the most that clears", paid.Dollars()), usd("least that clears if failing has its costs", least[i]/100))
		}
	}
}

// clearingRange returns the most and the least that a firm's unpaid bills would bring if all debts among firms
// were cleared now and failing had its costs; ok is false unless it owes a firm that cannot pay, or is owed by one.
func (w *World) clearingRange(f id.Firm) (most, least float64, ok bool) {
	if !w.entangled() {
		return 0, 0, false
	}
	c := &w.clearing
	c.net.Reset(len(w.firms) + 1)
	for i := range w.firms {
		c.net.Fund(i, float64(w.cash(id.Firm(i))))
		if w.borrows(id.Firm(i)) {
			c.net.Fund(i, float64(c.due[i]))
		}
	}
	for _, a := range w.arrears.list {
		c.net.Owe(int(a.debtor), int(a.creditor), float64(a.amount))
		ok = ok || a.debtor == f && a.creditor != w.outside && w.fails(a.creditor) || a.creditor == f && w.fails(a.debtor)
	}
	recovery := float64(w.m.Market.Distress.Recovery)
	most = c.net.Greatest(recovery)[f] / 100
	return most, c.net.Least(recovery)[f] / 100, ok
}
