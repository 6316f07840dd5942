package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// tryWhole finds out before a club pays who else would have joined if all of its round were open to the market.
func (w *World) tryWhole(r contract.Round, t unit.Month) {
	w.club, w.outsiders, w.tickets = w.club[:0], w.outsiders[:0], w.tickets[:0]
	if !r.Club || w.firms[r.Company].failed {
		return
	}
	for _, p := range w.dues.Purchases {
		w.club = append(w.club, p.Investor)
	}
	w.fillTickets(join{company: r.Company, raise: r.Raised, trial: true}, t)
	for _, k := range w.tickets {
		if !w.inClub(k.firm) {
			w.outsiders = append(w.outsiders, k)
		}
	}
	w.tickets = w.tickets[:0]
}

func (w *World) inClub(f id.Firm) bool {
	for _, x := range w.club {
		if x == f {
			return true
		}
	}
	return false
}

// closeAgreed ends a round that a contract agreed once its parties have paid: others buy what is open to them, at the
// same price a share, and the company's notes convert.
func (w *World) closeAgreed(r contract.Round, t unit.Month) {
	f := &w.firms[r.Company]
	if f.failed {
		return
	}
	in := w.deals.states[r.Contract].Paid - r.Open // the clause has counted all of it
	if r.Open > 0 {
		before := f.value
		got := w.fillTickets(join{company: r.Company, raise: r.Open, club: w.club}, t)
		w.takeTickets(r.Company, r.PreMoney.Plus(in), r.Contract, t)
		f.value = max(f.value, before)
		in += got
		w.tellOpen(r, got, t)
	}
	w.deals.states[r.Contract].Paid = in
	w.crowdOut(r, t)
	r.Raised = in
	w.convertNotes(r, t)
}

func (w *World) tellOpen(r contract.Round, got unit.USD, t unit.Month) {
	if !w.told() {
		return
	}
	would := 0.0
	for _, k := range w.outsiders {
		would += k.amount.Dollars()
	}
	w.tell(t, "open-part", r.Company, id.None, r.Contract, w.name(r.Company)+" sells "+money(got.Dollars())+" of the "+money(r.Open.Dollars())+" that its club leaves to others.",
		usd("left open", r.Open.Dollars()), usd("bought by others", got.Dollars()), usd("they would have bought of the whole", would), number("investors", float64(len(w.tickets))))
	w.tellTickets(r.Company, r.Contract, t)
}

// crowdOut counts what investors outside a club would have bought of its round and could not.
//
//	crowded out = Σ max(0, ticket in an open round of the same size and price − ticket in the open part)
func (w *World) crowdOut(r contract.Round, t unit.Month) {
	for _, k := range w.outsiders {
		got := unit.USD(0)
		for _, x := range w.tickets {
			if x.firm == k.firm {
				got = x.amount
			}
		}
		if got >= k.amount {
			continue
		}
		lost := (k.amount - got).Dollars()
		w.firms[r.Company].crowded += lost
		if w.told() {
			w.tell(t, "crowded-out", k.firm, r.Company, r.Contract, w.name(k.firm)+" would have put "+money(k.amount.Dollars())+" into "+w.name(r.Company)+" and {gets|get} "+money(got.Dollars())+" of its round.",
				usd("ticket in an open round", k.amount.Dollars()), usd("ticket left by the club", got.Dollars()), usd("crowded out", lost), number("eagerness", k.eagerness))
		}
	}
}

// lockedOut reports whether an investor's promise to another company keeps it out of a lab's round.
func (w *World) lockedOut(investor id.Firm, j join, amount unit.USD, t unit.Month) bool {
	d := &w.deals
	if w.firms[j.company].lab < 0 {
		return false
	}
	for n, c := range d.lockers.of[investor].each {
		if !d.active(n, t) || !c.Locks(w.now(n, t), &d.states[n], investor, j.company) {
			continue
		}
		if w.told() && !j.trial {
			w.tell(t, "locked", investor, j.company, n, w.name(investor)+" stays out of the round of "+w.name(j.company)+", as {it|they} promised.",
				usd("ticket without the promise", amount.Dollars()))
		}
		return true
	}
	return false
}

// cutTicket is what an investor pays where its contract lets it pay less; see [firm.OptionView].
func (w *World) cutTicket(p contract.Purchase, agreed, today unit.USD, t unit.Month) unit.USD {
	if p.Least <= 0 {
		return p.Amount
	}
	v := firm.OptionView{Amount: p.Amount, Least: p.Least, Agreed: agreed, Today: today, Means: max(0, w.cash(p.Investor))}
	if w.borrows(p.Investor) {
		v.Means = max(v.Means, p.Amount)
	}
	pays := v.Pays()
	if w.told() {
		kind, what := "honour", " pays in full though it could cut to "+money(p.Least.Dollars())
		if pays < p.Amount {
			kind, what = "cut", " cuts its payment of "+money(p.Amount.Dollars())+" to "+money(pays.Dollars())
		}
		w.tell(t, kind, p.Investor, p.Company, p.Contract, w.name(p.Investor)+what+".", usd("amount", p.Amount.Dollars()), usd("least", p.Least.Dollars()),
			usd("agreed price", agreed.Dollars()), usd("price today", today.Dollars()), usd("gain from paying in full", v.Gain()), usd("means", v.Means.Dollars()))
	}
	return pays
}

// belowCeiling is how much of a purchase leaves the investor at or below its ceiling.
//
//	x ≤ (ceiling·(pre + later) − stake·pre)/(1 − ceiling),   so that (stake·pre + x)/(pre + x + later) ≤ ceiling
func (w *World) belowCeiling(p contract.Purchase, amount, pre unit.USD) unit.USD {
	most := float64(p.Ceiling.Stake)
	if most <= 0 || most >= 1 {
		return amount
	}
	free := (float64(most*(pre+p.Ceiling.Later).Dollars()) - float64(w.stake(p.Investor, p.Company)*pre.Dollars())) / (1 - most)
	return min(amount, unit.Dollars(max(0, free)))
}

// placeExcess deals with money that would have lifted an investor above its ceiling.
func (w *World) placeExcess(p contract.Purchase, over unit.USD, t unit.Month) {
	if over <= 0 {
		return
	}
	if w.told() {
		become := map[string]string{"refuse": "are not taken", "note": "are lent as a note", "credits": "come as compute credits"}[p.Ceiling.Excess]
		w.tell(t, "capped", p.Investor, p.Company, p.Contract, w.name(p.Investor)+" reaches its ceiling in "+w.name(p.Company)+": "+money(over.Dollars())+" "+become+".",
			usd("above the ceiling", over.Dollars()), share("ceiling", float64(p.Ceiling.Stake)), usd("offered", p.Amount.Dollars()))
	}
	switch p.Ceiling.Excess {
	case "note":
		w.lendExcess(p, over, t)
	case "credits":
		w.books.Grant(p.Investor, p.Company, ledger.OtherExpense, ledger.OtherIncome, over, ledger.Memo{Kind: "credits granted", Contract: p.Contract})
		w.grantCredits(p.Investor, p.Company, over, t)
	}
}

// lendExcess lends what may not become shares, as a note without interest that converts at later rounds up to the
// same ceiling.
func (w *World) lendExcess(p contract.Purchase, x unit.USD, t unit.Month) {
	d := &w.deals
	terms := d.noted.next()
	*terms = contract.ConvertibleNote{Investor: p.Investor, Company: p.Company, OwnershipCap: p.Ceiling.Stake, Nonvoting: p.Nonvoting, AtMaturity: "roll"}
	n := d.add(contract.Contract{Key: signedInRun, Kind: "convertible-note", Signed: t, Terms: terms}, p.Investor, p.Company)
	w.moveLoan(contract.Loan{Move: contract.Lend, Amount: x, Contract: n}, t)
}

// silence takes the votes off shares just bought for so much at a price.
func (w *World) silence(investor, company id.Firm, paid, pre unit.USD) {
	if paid > 0 {
		w.ties.find(investor, company).silent += paid.Dollars() / (pre.Dollars() + paid.Dollars())
	}
}

// silentShares sums by company the shares without votes.
func (w *World) silentShares() []float64 {
	sum := resize(w.weights, len(w.firms)+1)
	w.weights = sum
	clear(sum)
	for i := range w.ties.list {
		sum[w.ties.list[i].b] += w.ties.list[i].silent
	}
	return sum
}
