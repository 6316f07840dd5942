package sim

import (
	"cmp"
	"slices"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

type investorState struct {
	firm   id.Firm
	terms  *firm.Investor
	budget float64  // new money a year, dollars
	purse  unit.USD // money set aside and not yet spent; a year's budget at the start
	calls  unit.USD // what the next calls of its ventures ask of it, if they may come soon
}

// round is a sale of shares between launch and closing.
type round struct {
	lab    int
	want   unit.USD
	opened unit.Month
	closes unit.Month
	rescue bool // at a discount, by a lab in distress
}

// ticket is one investor's part of a round.
type ticket struct {
	investor  int // -1 for an owner that is none
	firm      id.Firm
	amount    unit.USD
	eagerness float64
}

// fund closes rounds, opens new ones, then tests milestones and pays tranches, calls pledges and serves loans.
func (w *World) fund(t unit.Month) {
	w.fillPurses()
	w.reckonCalls(t)
	w.byPurse()
	w.closeRounds(t)
	w.openRounds(t)
	w.releaseHeld(t)
	w.testMilestones(t)
	w.callCapital(t)
	w.serveLoans(t)
}

// fillPurses sets new money aside. Funds get it from their own backers, firms from their cash.
func (w *World) fillPurses() {
	for i := range w.investors {
		v, terms := &w.investors[i], w.investor(i)
		month := unit.Dollars(v.budget / 12)
		v.budget *= 1 + float64(terms.Growth)/12
		if terms.Raises {
			w.books.Issue(w.outside, v.firm, month, ledger.For("fund raising"))
		}
		if v.purse += month; v.purse.Dollars() > 3*v.budget {
			v.purse = unit.Dollars(3 * v.budget)
		}
	}
}

// price is a lab's value before new money.
func (w *World) price(i int) unit.USD {
	l, f := &w.labs[i], &w.m.Market.Funding
	run := 12 * (l.revenue[enterprise] + l.revenue[consumer])
	option := 0.0
	if w.lab(i).Anchor && l.capability >= w.best-optionReach {
		option = l.option
	}
	return f.PreMoney(run, num.Exp(12*l.growth), w.sentiment(), l.capability-w.leading, option)
}

// optionReach is the distance to the frontier within which a lab without revenue has a price.
const optionReach = 8

// leaders is the mean capability of the three best labs.
func (w *World) leaders() float64 {
	var top [3]float64
	for i := range w.labs {
		x := w.labs[i].capability
		if w.labs[i].gone {
			continue
		}
		for k := range top {
			if x > top[k] {
				copy(top[k+1:], top[k:])
				top[k] = x
				break
			}
		}
	}
	return (top[0] + top[1] + top[2]) / 3
}

// openRounds lets labs whose runway is short start a round.
func (w *World) openRounds(t unit.Month) {
	f := &w.m.Market.Funding
	for i := range w.labs {
		l := &w.labs[i]
		if l.gone || l.raising || w.m.Firms[l.firm].Listed {
			continue
		}
		v := firm.RoundView{
			Cash: w.cash(l.firm), SinceLast: unit.Months(t - l.lastRound),
			Funding: w.lab(i).Funding, RunwayTrigger: f.RunwayTrigger, RunwayTarget: f.RunwayTarget, Interval: f.Interval,
		}
		if !v.May() {
			continue
		}
		v.Ahead = unit.Dollars(w.burnAhead(i, t))
		want := v.Raise()
		if want < f.LeastRound {
			continue
		}
		w.openRound(round{lab: i, want: want, opened: t, closes: t.After(f.CloseMonths)})
		if w.told() {
			w.tell(t, "round-opened", l.firm, id.None, id.NoContract, w.name(l.firm)+" opens a round for "+money(want.Dollars())+".",
				usd("cash", v.Cash.Dollars()), usd("burn a month", w.firms[l.firm].meanBurn()), usd("burn a month expected", v.Ahead.Dollars()),
				months("runway that triggers a round", float64(f.RunwayTrigger)))
		}
	}
}

// burnAhead is what a lab expects to burn a month over the coming runway: signed capacity that will be
// delivered is paid for whatever happens to revenue.
func (w *World) burnAhead(i int, t unit.Month) float64 {
	l := &w.labs[i]
	burn := max(0, w.firms[l.firm].meanBurn())
	half := w.m.Market.Funding.RunwayTarget / 2
	then, later := t.After(half), 0.0
	for _, k := range w.lotsOf[l.firm] {
		x := &w.lots[k]
		later += float64(x.Due(then)-x.Delivered) / 1000 * float64(x.Rent) / 12
	}
	s := float64(w.lab(i).StaffShare)
	grown := float64((l.revenue[enterprise] + l.revenue[consumer]) * (num.Exp(float64(w.m.Market.Research.Extrapolation)*l.growth*float64(half)) - 1))
	return max(0, burn+max(0, later)/(1-s)-grown)
}

func (w *World) openRound(r round) {
	w.rounds = append(w.rounds, r)
	w.labs[r.lab].raising = true
}

// closeRounds settles rounds that are due.
func (w *World) closeRounds(t unit.Month) {
	keep := w.rounds[:0]
	for _, r := range w.rounds {
		if r.closes > t {
			keep = append(keep, r)
			continue
		}
		w.labs[r.lab].raising = false
		if !w.labs[r.lab].gone {
			w.closeRound(r, t)
		}
	}
	w.rounds = keep
}

func (w *World) closeRound(r round, t unit.Month) {
	f, l := &w.m.Market.Funding, &w.labs[r.lab]
	pre := w.price(r.lab)
	if r.rescue {
		pre = pre.Times(1 - float64(w.m.Market.Distress.Discount))
	}
	chance := f.SuccessOpen
	if w.stressed {
		chance = f.SuccessStressed
	}
	partners := min(1, float64(chance)*w.factors[shock.Funding])
	all := min(1, partners*w.factors[shock.OutsideFunding])
	sale := f.Size(r.want, pre)
	drawn := w.uniform(rng.Round, w.firms[l.firm].luck, t, 0)
	open := rng.Bernoulli(drawn, all)
	if !open && !rng.Bernoulli(drawn, partners) || sale.Raise < f.LeastRound {
		w.failRound(r, t, "no lead investor is found at this price", max(all, partners), sale.PreMoney)
		return
	}
	got := w.fillTickets(join{company: l.firm, raise: sale.Raise, partners: !open}, t)
	if got < f.LeastRound {
		w.failRound(r, t, "investors have too little money left", float64(chance), sale.PreMoney)
		return
	}
	l.lastRound = t
	l.filled = (l.filled + min(1, got.Dollars()/r.want.Dollars())) / 2
	before := w.firms[l.firm].value
	w.takeTickets(l.firm, sale.PreMoney, id.NoContract, t)
	if w.told() {
		w.tellRound(r, sale.PreMoney, got, before, t)
	}
	w.convertNotes(contract.Round{Company: l.firm, PreMoney: sale.PreMoney, Raised: got}, t)
}

// takeTickets sells shares for the tickets of a round, all at the same price a share; a cloud's ticket brings credits
// and asks for a promise of spend.
func (w *World) takeTickets(company id.Firm, pre unit.USD, c id.Contract, t unit.Month) {
	f := &w.m.Market.Funding
	for _, k := range w.tickets {
		w.buyShares(k.firm, company, k.amount, pre, w.creditPart(k, company), c, "round", t)
		pre = pre.Plus(k.amount)
		if k.investor < 0 {
			continue
		}
		w.investors[k.investor].purse -= k.amount
		if w.investor(k.investor).Strategic && w.sells(k.firm) && w.firms[company].lab >= 0 {
			w.promise(company, k.firm, k.amount.Times(f.SpendCommitment), f.CommitmentTerm, t)
		}
	}
}

// sells reports whether a firm lets capacity.
func (w *World) sells(f id.Firm) bool {
	c := w.firms[f].cloud
	return c >= 0 && w.cloud(c).Sells
}

// creditPart is the part of a ticket that a cloud pays in compute credits.
func (w *World) creditPart(k ticket, company id.Firm) unit.USD {
	if k.investor < 0 || !w.investor(k.investor).Strategic || !w.sells(k.firm) || w.firms[company].lab < 0 {
		return 0
	}
	return k.amount.Times(float64(w.m.Market.Funding.CreditShare))
}

func (w *World) tellRound(r round, pre, raise unit.USD, before float64, t unit.Month) {
	l := &w.labs[r.lab]
	lead := w.tickets[0]
	what := w.name(l.firm) + " raises " + money(raise.Dollars()) + " at " + money(pre.Dollars()) + " pre-money; " + w.name(lead.firm) + " leads."
	w.tell(t, "round", l.firm, lead.firm, id.NoContract, what,
		usd("raised", raise.Dollars()), usd("wanted", r.want.Dollars()), usd("pre-money", pre.Dollars()), usd("last price", before), share("sold", raise.Dollars()/(pre+raise).Dollars()),
		usd("lead's part", lead.amount.Dollars()), number("investors", float64(len(w.tickets))), number("sentiment", w.sentiment()))
	w.tellTickets(l.firm, id.NoContract, t)
}

func (w *World) tellTickets(company id.Firm, c id.Contract, t unit.Month) {
	for _, k := range w.tickets {
		w.tell(t, "ticket", k.firm, company, c, w.name(k.firm)+" puts "+money(k.amount.Dollars())+" into "+w.name(company)+".",
			number("eagerness", k.eagerness), usd("in credits", w.creditPart(k, company).Dollars()))
	}
}

func (w *World) failRound(r round, t unit.Month, why string, chance float64, pre unit.USD) {
	w.happened(t, "round-failed", w.labs[r.lab].firm)
	w.labs[r.lab].filled /= 2
	if w.told() {
		f := w.labs[r.lab].firm
		w.tell(t, "round-failed", f, id.None, id.NoContract, w.name(f)+" fails to close {its|their} round: "+why+".",
			usd("wanted", r.want.Dollars()), usd("pre-money", pre.Dollars()), share("chance of success", chance), number("sentiment", w.sentiment()))
	}
}

// trades reports whether a lab buys from a firm.
func (w *World) trades(lab, f id.Firm) bool {
	x := w.ties.has(lab, f)
	return x != nil && (x.contracted > 0 || x.chips)
}

// join is a number of shares that investors may buy.
type join struct {
	company  id.Firm
	raise    unit.USD
	club     []id.Firm // who has its own part and may buy none of these
	trial    bool      // only to see who would buy
	partners bool      // only those who sell to labs may buy
}

// mostApproached bounds the investors that a company approaches beside its owners.
const mostApproached = 16

// byPurse lists the investors with most to spend, in the order of the model.
func (w *World) byPurse() {
	w.purses = w.purses[:0]
	for i := range w.investors {
		w.purses = append(w.purses, i)
	}
	if len(w.purses) <= mostApproached {
		return
	}
	w.purses = foremost(w.purses, mostApproached, func(a, b *int) int {
		x, y := &w.investors[*a], &w.investors[*b]
		if x.purse != y.purse {
			return cmp.Compare(y.purse, x.purse)
		}
		return compare(w.firms[x.firm].luck, w.firms[y.firm].luck)
	})
	slices.Sort(w.purses)
}

// approached lists the investors that a company asks for money: those with most to spend, and its owners.
func (w *World) approached(company id.Firm) []int {
	if len(w.investors) <= mostApproached {
		return w.purses
	}
	w.asking = append(w.asking[:0], w.purses...)
	for _, k := range w.ties.to[company] {
		if x := &w.ties.list[k]; x.stake > 0 && x.a != w.outside && w.firms[x.a].investor >= 0 {
			w.asking = include(w.asking, w.firms[x.a].investor)
		}
	}
	return w.asking
}

// fillTickets lets investors join a round, the most eager first, and returns what they put in.
func (w *World) fillTickets(j join, t unit.Month) unit.USD {
	company, raise := j.company, j.raise
	w.tickets = w.tickets[:0]
	for _, i := range w.approached(company) {
		v, terms := &w.investors[i], w.investor(i)
		if v.firm == company || w.firms[v.firm].failed || slices.Contains(j.club, v.firm) || j.partners && !terms.Strategic {
			continue
		}
		if now, _ := w.mayNotBuy(v.firm, company); now {
			continue
		}
		x := w.ties.has(v.firm, company)
		view := firm.TicketView{
			Raise: raise, Purse: max(0, min(v.purse, w.cash(v.firm))-v.calls), InvestorCap: w.m.Market.Funding.InvestorCap,
			Owner: x != nil && x.stake > 0, Partner: w.trades(company, v.firm), Rival: w.firms[v.firm].lab >= 0,
		}
		if x != nil {
			view.OwnStake = x.stake
		}
		amount := terms.Ticket(view)
		if x := w.fundingOf(terms); x != 1 {
			amount = min(amount.Times(x), view.Purse)
		}
		if amount <= 0 || w.lockedOut(v.firm, j, amount, t) {
			continue
		}
		noise := 0.8 + float64(0.4*w.uniform(rng.Round, w.firms[v.firm].luck^w.firms[company].luck, t, 1))
		w.tickets = append(w.tickets, ticket{i, v.firm, amount, terms.Eagerness(view) * noise})
	}
	slices.SortFunc(w.tickets, func(a, b ticket) int {
		switch {
		case a.eagerness > b.eagerness:
			return -1
		case a.eagerness < b.eagerness:
			return 1
		}
		return compare(w.firms[a.firm].luck, w.firms[b.firm].luck)
	})
	var got unit.USD
	for k := range w.tickets {
		if got >= raise {
			w.tickets = w.tickets[:k]
			break
		}
		w.tickets[k].amount = min(w.tickets[k].amount, raise-got)
		got += w.tickets[k].amount
	}
	return got
}

// fundingOf is the factor of dated shocks on what an investor puts in.
func (w *World) fundingOf(terms *firm.Investor) float64 {
	if terms.Strategic {
		return w.factors[shock.Funding]
	}
	return w.factors[shock.Funding] * w.factors[shock.OutsideFunding]
}

// buyShares sells new shares of a company: cash, credits, dilution, the new price. It returns what was paid.
func (w *World) buyShares(investor, company id.Firm, amount, pre, credits unit.USD, c id.Contract, kind string, t unit.Month) unit.USD {
	if amount <= 0 {
		return 0
	}
	memo := ledger.Memo{Kind: kind, Contract: c}
	credits = min(credits, amount)
	cash := amount - credits
	if have := w.cash(investor); have < cash && w.borrows(investor) {
		w.books.Borrow(w.outside, investor, cash-have, ledger.For("borrowing"))
	}
	cash = min(cash, max(0, w.cash(investor)))
	w.books.Issue(investor, company, cash, memo)
	if credits > 0 {
		w.books.Grant(investor, company, ledger.Stakes, ledger.PaidIn, credits, memo)
		w.grantCredits(investor, company, credits, t)
	}
	w.dilute(investor, company, cash+credits, pre)
	return cash + credits
}

// dilute writes a purchase into the cap table and marks the company's price.
//
//	sold = amount/(pre + amount);  every stake shrinks by sold, the buyer's then grows by it
func (w *World) dilute(investor, company id.Firm, amount, pre unit.USD) {
	if amount <= 0 {
		return
	}
	sold := amount.Dollars() / (pre.Dollars() + amount.Dollars())
	for _, k := range w.ties.to[company] {
		x := &w.ties.list[k]
		x.stake *= 1 - sold
		x.silent *= 1 - sold
	}
	w.ties.bought(investor, company, amount)
	w.ties.find(investor, company).stake += sold
	f := &w.firms[company]
	f.raised += amount.Dollars()
	f.value = pre.Dollars() + amount.Dollars()
}

// testMilestones lets clauses test what has been measured and moves what they ask for.
func (w *World) testMilestones(t unit.Month) {
	d := &w.deals
	for n, c := range d.testers.each {
		if !d.active(n, t) {
			continue
		}
		w.dues.Clear()
		c.Test(w.now(n, t), &d.states[n], &w.dues)
		for _, r := range w.dues.Rounds {
			w.tryWhole(r, t)
		}
		for _, p := range w.dues.Purchases {
			w.purchaseShares(p, t)
		}
		for _, r := range w.dues.Rounds {
			w.closeAgreed(r, t)
		}
		for _, l := range w.dues.Loans {
			w.moveLoan(l, t)
		}
		for _, x := range w.dues.Issues {
			w.exercise(x, t)
		}
		for _, g := range w.dues.Grants {
			w.moveCredits(g, n)
		}
		for _, l := range w.dues.Lapses {
			w.lapse(l, t)
		}
		w.tellNotes(t, n)
	}
}

func (w *World) lapse(l contract.Lapse, t unit.Month) {
	w.happenedUnder(t, "lapse", l.Firm, l.Contract, l.Part)
	if !w.told() {
		return
	}
	what := "A part of " + w.name(l.Firm) + "'s warrants lapses: "
	if l.Amount > 0 {
		what = "A tranche of " + money(l.Amount.Dollars()) + " for " + w.name(l.Firm) + " lapses: "
	}
	w.tell(t, "lapse", l.Firm, id.None, l.Contract, what+l.Reason+" did not come true in time.",
		usd("amount", l.Amount.Dollars()), number("tranche", float64(l.Part)))
}

// purchaseShares makes the purchase that a contract asks for: at the agreed price or that of the day, cut if the
// investor may and wants to, and held below the investor's ceiling.
func (w *World) purchaseShares(p contract.Purchase, t unit.Month) {
	company := &w.firms[p.Company]
	if company.failed || w.firms[p.Investor].failed {
		return
	}
	if w.hold(p, t) {
		w.count(p, -p.Amount)
		return
	}
	today := w.priceToday(p.Company)
	pre := p.PreMoney
	if pre == 0 {
		pre = today
	}
	pre = pre.Times(1 - float64(p.Discount))
	amount := w.cutTicket(p, pre, today, t)
	within := w.belowCeiling(p, amount, pre)
	over, amount := amount-within, within
	if p.Credits > 0 && amount < p.Amount {
		p.Credits = p.Credits.Times(amount.Dollars() / p.Amount.Dollars())
	}
	if amount > 0 {
		w.happenedUnder(t, "tranche", p.Company, p.Contract, p.Part)
		if w.told() {
			w.tell(t, "tranche", p.Investor, p.Company, p.Contract, w.name(p.Investor)+" pays "+money(amount.Dollars())+" to "+w.name(p.Company)+" ("+p.Kind+") at "+money(pre.Dollars())+" pre-money.",
				usd("amount", amount.Dollars()), usd("in credits", p.Credits.Dollars()), usd("pre-money", pre.Dollars()), usd("last price", company.value))
		}
	}
	before := company.value
	paid := w.buyShares(p.Investor, p.Company, amount, pre, p.Credits, p.Contract, p.Kind, t)
	if p.Nonvoting {
		w.silence(p.Investor, p.Company, paid, pre)
	}
	if p.PreMoney != 0 { // a price agreed long ago does not mark the company down
		company.value = max(company.value, before)
	}
	if i := w.firms[p.Investor].investor; i >= 0 {
		w.investors[i].purse = max(0, w.investors[i].purse-amount)
	}
	w.count(p, paid-p.Amount)
	w.placeExcess(p, over, t)
}

// count adds to what has moved under the contract of a purchase. The clause has counted all that it asked for.
func (w *World) count(p contract.Purchase, x unit.USD) {
	if p.Contract != id.NoContract {
		w.deals.states[p.Contract].Paid += x
	}
}

// priceToday is what a company would be sold at today: a lab by its revenue, others at their last price.
func (w *World) priceToday(f id.Firm) unit.USD {
	var x unit.USD
	if l := w.firms[f].lab; l >= 0 {
		x = max(w.price(l), unit.Dollars(w.firms[f].value/4))
	}
	if x == 0 {
		x = unit.Dollars(max(1, w.firms[f].value))
	}
	return x
}

// moveCredits grants credits outside a round, or takes expired ones back.
func (w *World) moveCredits(g contract.Grant, n id.Contract) {
	if g.Amount >= 0 {
		w.books.Grant(g.Seller, g.Lab, ledger.OtherExpense, ledger.OtherIncome, g.Amount, ledger.Memo{Kind: "credits granted", Contract: n})
		return
	}
	w.books.WriteOff(g.Lab, g.Seller, ledger.Credits, -g.Amount, ledger.Memo{Kind: "credits expired", Contract: n})
}
