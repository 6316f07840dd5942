package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// payAhead pays what a contract asks for at its signing: to the seller a liability until capacity is delivered for it.
func (w *World) payAhead(n id.Contract, x unit.USD, t unit.Month) {
	p := w.deals.parties[n]
	if x <= 0 || w.firms[p[0]].failed || w.firms[p[1]].failed {
		return
	}
	if w.told() {
		w.tell(t, "prepayment", p[0], p[1], n, w.name(p[0])+" pays "+w.name(p[1])+" "+money(x.Dollars())+" ahead.",
			usd("paid ahead", x.Dollars()), usd("cash", w.cash(p[0]).Dollars()))
	}
	w.pay(p[0], p[1], ledger.Prepaid, ledger.PrepaidOwed, x, ledger.Memo{Kind: "prepayment", Contract: n})
	w.deals.states[n].Ahead = x
}

// returnAhead pays a part of what was paid ahead back to the buyer.
func (w *World) returnAhead(n id.Contract, x unit.USD) {
	p := w.deals.parties[n]
	w.deals.states[n].Ahead -= x
	w.pay(p[1], p[0], ledger.PrepaidOwed, ledger.Prepaid, x, ledger.Memo{Kind: "prepayment", Contract: n})
}

// closeAhead ends what was paid ahead under a contract that is over. Prepayments go back; shortfalls that were not made
// up are the seller's. Where one of the two has failed all of it stays a claim.
func (w *World) closeAhead(n id.Contract) {
	s, p := &w.deals.states[n], w.deals.parties[n]
	if w.failed(p[0]) || w.failed(p[1]) {
		return
	}
	w.returnAhead(n, s.Ahead)
	for i := range s.MakeUp {
		w.useUp(p[0], p[1], s.MakeUp[i].Left, ledger.Memo{Kind: "make-up expired", Contract: n})
		s.MakeUp[i].Left = 0
	}
}

// useUp turns what was paid ahead into the buyer's cost and the seller's revenue.
func (w *World) useUp(buyer, seller id.Firm, x unit.USD, m ledger.Memo) {
	if x <= 0 {
		return
	}
	w.books.Deliver(buyer, seller, ledger.ComputeCost, ledger.ComputeRevenue, x, m)
	w.firms[buyer].usedAhead -= x
	w.firms[seller].usedAhead += x
}

// operating is a firm's cash flow from operations in the month. What is paid ahead counts in the months that use it: in
// that of its payment it would look like a burn that goes on, and to the seller like earnings that do.
func (w *World) operating(f id.Firm) unit.USD {
	return w.books.CashFlow(f, ledger.Operations) + w.firms[f].usedAhead
}
