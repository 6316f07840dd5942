package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// exercise issues the shares of warrants that have vested. The owners are diluted; the value of a share is not asked
// after, for the holder pays next to nothing. A holder that sells gets it from buyers outside the model.
func (w *World) exercise(x contract.Issue, t unit.Month) {
	issuer := &w.firms[x.Issuer]
	if issuer.failed || w.firms[x.Holder].failed {
		return
	}
	memo := ledger.Memo{Kind: "warrants", Contract: x.Contract}
	if have := w.cash(x.Holder); have < x.Pays && w.borrows(x.Holder) {
		w.books.Borrow(w.outside, x.Holder, x.Pays-have, ledger.For("borrowing"))
	}
	pays := min(x.Pays, max(0, w.cash(x.Holder)))
	w.books.Issue(x.Holder, x.Issuer, pays, memo)
	issuer.raised += pays.Dollars()
	for i := range w.ties.list {
		if k := &w.ties.list[i]; k.b == x.Issuer {
			k.stake *= 1 - x.Share
			k.silent *= 1 - x.Share
		}
	}
	worth := unit.Dollars(issuer.value * x.Share)
	sells := x.Sells && worth >= pays
	if sells {
		w.books.Sell(w.outside, x.Holder, pays, worth, memo)
	} else {
		w.ties.bought(x.Holder, x.Issuer, pays)
		w.ties.find(x.Holder, x.Issuer).stake += x.Share
	}
	s := &w.deals.states[x.Contract]
	s.Paid = s.Paid.Plus(pays)
	if w.told() {
		what := w.name(x.Holder) + "'s warrants on " + percent(x.Share) + " of " + w.name(x.Issuer) + " vest"
		if sells {
			what += ", and it sells the shares"
		}
		w.tell(t, "vest", x.Holder, x.Issuer, x.Contract, what+".", share("of the issuer", x.Share), usd("worth", worth.Dollars()), usd("paid for them", pays.Dollars()),
			usd("value of the issuer", issuer.value), number("tranche", float64(x.Part)), mw("chips delivered", unit.MW(w.ties.find(x.Holder, x.Issuer).fitted)))
	}
}
