package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/unit"
)

// bill turns the month's use into dues and dues into postings. The order is that of seniority:
// customers pay, partners take their shares, lenders, last month's arrears, capacity, staff, plant.
func (w *World) bill(t unit.Month) {
	w.billCustomers()
	w.billClauses(&w.deals.billers.before, t)
	w.billLenders()
	w.billArrears(t)
	w.billCapacity(t)
	w.meterPower(t)
	w.billClauses(&w.deals.billers.after, t)
	w.billStaff()
	w.billPlant(t)
	w.billBusiness(t)
}

// pay moves cash as far as the payer has it. A firm that can borrow borrows the rest; a lab that cannot owes it.
func (w *World) pay(from, to id.Firm, cost, income ledger.Account, x unit.USD, m ledger.Memo) {
	if x <= 0 {
		return
	}
	have := w.cash(from)
	if have < x && w.borrows(from) {
		w.books.Borrow(w.outside, from, x-have, ledger.For("borrowing"))
		have = x
	}
	if have >= x {
		w.books.Pay(from, to, cost, income, x, m)
		return
	}
	paid := max(0, have)
	rest := x - paid
	w.books.Pay(from, to, cost, income, paid, m)
	w.books.Accrue(from, to, cost, income, rest, m)
	w.arrears.add(arrear{debtor: from, creditor: to, amount: rest, senior: cost == ledger.Interest})
	if l := w.firms[from].lab; l >= 0 {
		w.labs[l].unpaid = true
	}
}

// borrows reports whether lenders cover a firm's shortfalls: those with a business behind them and clouds.
func (w *World) borrows(f id.Firm) bool {
	s := &w.firms[f]
	return !s.failed && (s.closes || s.cloud >= 0 && s.lab < 0)
}

// billCustomers books what customers pay for models. Sales through a cloud's catalogue are booked gross; the
// seller's part follows as a revenue share.
func (w *World) billCustomers() {
	for i := range w.labs {
		l := &w.labs[i]
		for s := range l.revenue {
			l.booked[s] = unit.Dollars(l.revenue[s])
			w.books.Pay(w.outside, l.firm, ledger.OtherExpense, ledger.ModelRevenue, l.booked[s], ledger.For("model sales"))
		}
		l.servingCost = unit.Dollars(l.serving / 1000 * w.rent / 12)
	}
}

// billClauses lets clauses ask for payments: shares of revenue before capacity is billed, minimum payments and
// running costs after.
func (w *World) billClauses(clauses *group[contract.Biller], t unit.Month) {
	d := &w.deals
	for n, c := range clauses.each {
		if !d.active(n, t) || w.stopped(n) {
			continue
		}
		w.dues.Clear()
		x := d.tie(n, &w.ties)
		w.meter(n, x)
		switch c := c.(type) {
		case *contract.Backstop:
			w.meterBackstop(c)
		case contract.Allocator:
			w.meterChips(n, c, t)
		case contract.Feeder:
			w.meterAgreement(n, c, t)
		}
		c.Bill(w.now(n, t), &d.states[n], &w.reading, &w.dues)
		if x != nil {
			x.rentLeft = w.reading.UsageBill.Dollars()
		}
		if guarantee, ok := c.(*contract.Backstop); ok {
			w.clouds[w.firms[guarantee.Cloud].cloud].unsold = float64(w.reading.Unsold)
		}
		for i := range w.dues.Payments {
			w.payDue(&w.dues.Payments[i], n, t)
		}
		for i := range w.dues.Asks {
			w.consider(&w.dues.Asks[i], n, t)
		}
		w.tellNotes(t, n)
	}
}

// leastTold is the least amount due under a clause that is told as an event: words count millions. A year's promise is rounded
// to cents once and each month's bill under it too, so a floor that is used up may leave a cent or two; those are posted alone.
const leastTold unit.USD = 500_000_00

// payDue makes a payment that a clause asks for.
func (w *World) payDue(due *contract.Payment, n id.Contract, t unit.Month) {
	with := due.To
	if with == id.None {
		due.To = w.outside
	}
	cost, income := accounts(due.Income)
	memo := ledger.Memo{Kind: due.Kind, Contract: n}
	if due.Income == contract.Earned {
		w.useUp(due.From, due.To, due.Amount, memo)
	} else {
		w.pay(due.From, due.To, cost, income, due.Amount, memo)
	}
	if due.Income.Spent() {
		w.ties.paid(due.From, due.To, due.Amount)
	}
	if w.told() && due.Amount >= leastTold && (due.Income.Yearly() || t.YearEnd()) {
		w.tell(t, due.Kind, due.From, with, n, w.name(due.From)+" owes "+w.name(with)+" "+money(due.Amount.Dollars())+" ("+due.Kind+").",
			usd("amount", due.Amount.Dollars()), usd("paid under the contract", w.deals.states[n].Paid.Dollars()))
	}
}

// accounts are those that a payment under a clause moves, beside cash.
func accounts(i contract.Income) (cost, income ledger.Account) {
	switch i {
	case contract.Share:
		return ledger.SellerShare, ledger.ShareIncome
	case contract.Staffing:
		return ledger.Staff, ledger.OtherIncome
	case contract.Ahead:
		return ledger.Prepaid, ledger.PrepaidOwed
	case contract.Back:
		return ledger.PrepaidOwed, ledger.Prepaid
	case contract.Damages:
		return ledger.OtherExpense, ledger.OtherIncome
	case contract.Chips:
		return ledger.OtherExpense, ledger.ChipRevenue
	case contract.Interest:
		return ledger.Interest, ledger.InterestIncome
	case contract.Energy:
		return ledger.Energy, ledger.OtherIncome
	}
	return ledger.ComputeCost, ledger.ComputeRevenue
}

// stopped reports whether a clause asks for nothing more because a party has failed. People who were hired stay when
// the firm that they came from is gone, and who has borrowed goes on to owe.
func (w *World) stopped(n id.Contract) bool {
	p := w.deals.parties[n]
	if w.failed(p[0]) || !w.failed(p[1]) {
		return w.failed(p[0])
	}
	switch w.deals.contracts[n].Terms.(type) {
	case contract.Recruiter, *contract.Lending:
		return false
	}
	return true
}

// failed reports whether a firm has defaulted. Whoever stands outside the model has not.
func (w *World) failed(f id.Firm) bool { return f != id.None && w.firms[f].failed }

// meter reads what a clause may bill on; x is what its two firms have with each other, nil if that is nothing. Usage that
// an earlier clause has counted is gone.
func (w *World) meter(n id.Contract, x *tie) {
	m := &w.reading
	*m = contract.Meter{Own: w.deals.served[n]}
	if l := w.firms[w.deals.parties[n][0]].lab; l >= 0 {
		lab := &w.labs[l]
		m.Enterprise, m.Consumer, m.ServingCost = lab.booked[enterprise], lab.booked[consumer], lab.servingCost
	}
	if x != nil {
		m.UsageBill = unit.Dollars(x.rentLeft)
		m.Between = contract.Service{Due: unit.MW(x.due), Delivered: unit.MW(x.delivered)}
	}
}

// billLenders takes interest, then principal, of the debt that no contract carries.
func (w *World) billLenders() {
	for i := range w.firms {
		f, terms := id.Firm(i), &w.m.Firms[i]
		debt := w.generalDebt(f)
		if debt <= 0 {
			continue
		}
		w.pay(f, w.outside, ledger.Interest, ledger.InterestIncome, debt.Times(w.debtRate(f)/12), ledger.For("interest"))
		due := min(debt, debt.Times(1/float64(terms.DebtTerm)))
		if spare := w.cash(f) - unit.Dollars(w.firms[i].reserve+w.boundTo(f)); spare > due {
			due = min(debt, max(due, spare/12)) // cash beyond need pays debt down
		}
		if have := w.cash(f); have >= due { // lenders roll over what cannot be repaid
			w.books.Repay(f, w.outside, due, ledger.For("principal"))
		}
	}
}

// boundTo is the cash that a firm was given to build with.
func (w *World) boundTo(f id.Firm) float64 {
	if i := w.firms[f].cloud; i >= 0 {
		return w.clouds[i].bound
	}
	return 0
}

// billArrears pays what older months left unpaid: first come first served, or where firms that cannot pay owe each
// other all at once; see [World.clearArrears].
func (w *World) billArrears(t unit.Month) {
	if w.entangled() {
		w.clearArrears(t)
	} else {
		w.payArrears()
	}
	w.arrears.keep(func(a *arrear) bool {
		if a.amount <= 0 {
			return false
		}
		if w.firms[a.debtor].failed { // creditors of an estate get what it takes in, and no more
			w.books.WriteOff(a.creditor, a.debtor, ledger.Receivable, a.amount, ledger.For("default"))
			return false
		}
		a.payroll = false // now it is late
		if l := w.firms[a.debtor].lab; l >= 0 {
			w.labs[l].unpaid = true
		}
		return true
	})
}

// payArrears pays bills in the order in which they came.
func (w *World) payArrears() {
	for i := range w.arrears.list {
		a := &w.arrears.list[i]
		paid := max(0, min(a.amount, w.cash(a.debtor)))
		if paid < a.amount && w.borrows(a.debtor) {
			w.books.Borrow(w.outside, a.debtor, a.amount-paid, ledger.For("borrowing"))
			paid = a.amount
		}
		w.books.Settle(a.debtor, a.creditor, paid, ledger.For("arrears"))
		a.amount -= paid
	}
}

// billCapacity bills lots and spot capacity; in each bill credits are used first, then what was paid ahead, then cash, for
// all lots between two firms that stand under no contract at once.
func (w *World) billCapacity(t unit.Month) {
	for i := range w.ties.list {
		w.ties.list[i].rentBill, w.ties.list[i].credited, w.ties.list[i].ahead = 0, false, false
	}
	for i := range w.labs {
		w.labs[i].computeBill = 0
	}
	d := &w.deals
	d.ahead.pick(d.prepayers, func(n id.Contract) bool { return d.states[n].Ahead > 0 && d.active(n, t) })
	d.unspent.pick(d.crediters, func(n id.Contract) bool { return d.states[n].Owed > 0 && d.active(n, t) })
	for n := range d.ahead.each {
		p := d.parties[n]
		w.ties.find(p[0], p[1]).ahead = true
	}
	for n := range d.unspent.each {
		p := d.parties[n]
		w.ties.find(p[1], p[0]).credited = true
	}
	lots := w.lots
	for i := range lots {
		if l := &lots[i]; l.Billed > 0 {
			w.billLot(l, t)
		}
	}
	for i := range w.ties.list {
		x := &w.ties.list[i]
		if x.rentLeft = x.rentBill; x.lotsDue > 0 {
			w.pay(x.a, x.b, ledger.ComputeCost, ledger.ComputeRevenue, x.lotsDue, ledger.For("capacity"))
			x.lotsDue = 0
		}
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		if l := w.firms[c.firm].lab; l >= 0 { // own use is a cost to the lab's reckoning, never revenue: what the capacity costs, whatever others pay for theirs
			w.labs[l].computeBill += c.ownUsed / 1000 * c.cost / 12
		}
	}
	w.billSpot()
}

func (w *World) billLot(l *market.Lot, t unit.Month) {
	x, bill, credits := &w.ties.list[l.Pair], l.Billed, unit.USD(0)
	if x.credited {
		used, cut := w.useCredits(l, bill, t)
		credits, bill = used, bill-cut
	}
	dollars := bill.Dollars()
	x.rentBill += dollars
	w.ties.spent(x, bill)
	if b := l.Lab; b >= 0 {
		w.labs[b].computeBill += dollars
	}
	rest := bill - credits
	if x.ahead {
		rest -= w.useAhead(l, rest, t)
	}
	if l.Contract == id.NoContract {
		x.lotsDue = x.lotsDue.Plus(rest)
		return
	}
	w.pay(l.Buyer, l.Seller, ledger.ComputeCost, ledger.ComputeRevenue, rest, ledger.Memo{Kind: "capacity", Contract: l.Contract})
}

// useCredits pays as much of a lot's bill as credits cover, and returns what was used of them and what the bill is cut
// by because they pay at a lower price.
func (w *World) useCredits(l *market.Lot, bill unit.USD, t unit.Month) (used, cut unit.USD) {
	for _, c := range w.deals.unspent {
		n, s := c.id, &w.deals.states[c.id]
		if w.deals.parties[n] != [2]id.Firm{l.Seller, l.Buyer} || s.Owed <= 0 {
			continue // this is asked for every lot
		}
		x, less := c.terms.Credit(w.now(n, t), s, l.Seller, l.Buyer, bill-used-cut)
		w.books.Redeem(l.Buyer, l.Seller, x, ledger.Memo{Kind: "credits", Contract: n})
		used, cut = used+x, cut+less
	}
	return used, cut
}

// useAhead pays as much of a lot's bill as was paid ahead for it, and returns that.
func (w *World) useAhead(l *market.Lot, bill unit.USD, t unit.Month) (used unit.USD) {
	for n, c := range w.deals.ahead.each {
		s := &w.deals.states[n]
		if w.deals.parties[n] != [2]id.Firm{l.Buyer, l.Seller} || s.Ahead <= 0 || !c.Covers(w.now(n, t), l) {
			continue
		}
		x := min(bill-used, s.Ahead)
		w.useUp(l.Buyer, l.Seller, x, ledger.Memo{Kind: "prepayment", Contract: n})
		s.Ahead -= x
		used += x
	}
	return used
}

// billSpot bills spot capacity to the buyers in proportion to what they use. It is traded anonymously: clouds sell to the
// market and buyers buy from it, so that not every buyer has an entry with every cloud.
func (w *World) billSpot() {
	total, sold := 0.0, 0.0
	for i := range w.buyers {
		total += w.buyers[i].used
	}
	if total <= 0 {
		return
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		sold += c.spot
		w.books.Pay(w.outside, c.firm, ledger.ComputeCost, ledger.ComputeRevenue, unit.Rent(w.rent).ForMonth(unit.MW(c.spot)), ledger.For("spot capacity"))
	}
	for i := range w.buyers {
		b := &w.buyers[i]
		bill := unit.Rent(w.rent).ForMonth(unit.MW(sold * b.used / total))
		// A buyer's customers pay for what it rents: it is the explicit rest of demand, not a business of its own.
		w.books.Pay(w.outside, b.firm, ledger.OtherExpense, ledger.OtherIncome, bill, ledger.For("spot capacity"))
		w.books.Pay(b.firm, w.outside, ledger.ComputeCost, ledger.ComputeRevenue, bill, ledger.For("spot capacity"))
	}
}

// billStaff accrues staff, sales and data as a share of a lab's total cash cost; it is paid next month.
//
//	staff = StaffShare/(1 − StaffShare) × compute bill
func (w *World) billStaff() {
	for i := range w.labs {
		l := &w.labs[i]
		if l.gone {
			continue
		}
		s := float64(w.lab(i).StaffShare)
		x := unit.Dollars(l.computeBill * s / (1 - s))
		w.books.Accrue(l.firm, w.outside, ledger.Staff, ledger.OtherIncome, x, ledger.For("staff"))
		if x > 0 {
			w.arrears.add(arrear{debtor: l.firm, creditor: w.outside, amount: x, payroll: true})
		}
	}
}

// billPlant pays for energy and for running sites, and the makers' costs of chips.
func (w *World) billPlant(t unit.Month) {
	onsite := 1 + float64(w.m.Market.Power.OnsitePremium*(ratio(w.onsite, w.ordered)*energyPart)) // sites under way stand for the fleet
	for i := range w.clouds {
		c := &w.clouds[i]
		running := c.running * onsite
		x := unit.Dollars(c.live()/1000*running/12 - w.displaced(c, t))
		w.pay(c.firm, w.outside, ledger.Energy, ledger.OtherIncome, x, ledger.For("power and operations"))
		// A landlord asks for the annuity of the building at the tenant's hurdle rate.
		b := &w.m.Market.Build
		shell := b.Building(float64(b.CostPerMW)) * c.shell
		w.pay(c.firm, w.outside, ledger.Lease, ledger.OtherIncome, unit.Dollars(c.leased*shell/12), ledger.For("lease"))
	}
	for i := range w.suppliers {
		s := &w.suppliers[i]
		cost := unit.Dollars(s.revenue * (1 - float64(w.supplier(i).Margin)))
		w.pay(s.firm, w.outside, ledger.ChipCost, ledger.OtherIncome, cost, ledger.For("chip production"))
	}
	w.billLevies(t)
}

// energyPart is the part of running cost that is energy, to which the on-site premium applies.
const energyPart = 0.4

// billBusiness adds the rest of each firm's business: in the first month what is missing to its reported cash
// flow, later that sum grown. It also pays for the firm's other investment, and gives parents' money to labs
// that live from a parent.
func (w *World) billBusiness(t unit.Month) {
	for i := range w.firms {
		f, s, terms := id.Firm(i), &w.firms[i], &w.m.Firms[i]
		if s.hasBusiness() {
			if t == w.m.Start+1 {
				s.business = (s.opening+float64(terms.CashFlowShift))/12 - w.operating(f).Dollars()
			} else if s.business > 0 {
				s.business *= 1 + s.growth/12
				s.growth *= s.fading
			}
			w.takeBusiness(f, unit.Dollars(s.business))
		}
		s.other *= 1 + s.growth/12
		if s.failed {
			continue
		}
		w.pay(f, w.outside, ledger.Plant, ledger.OtherIncome, unit.Dollars(s.other), ledger.For("other capex"))
		if terms.Lab != nil && terms.Lab.Funding == "parent" {
			w.parent(f)
		}
	}
}

// hasBusiness tells whether a firm has a rest of its business.
func (s *firmState) hasBusiness() bool { return s.closes && s.buyer < 0 }

// OtherBusiness is the cash flow of the rest of a firm's business; ok is false for a firm whose books do not close on
// reported cash flow.
func (w *World) OtherBusiness(f id.Firm) (rest unit.USDPerYear, ok bool) {
	s := &w.firms[f]
	return unit.USDPerYear(12 * s.business), s.hasBusiness()
}

// fade turns what is left of a growth rate after a year into a monthly factor, to first order.
func fade(year float64) float64 { return 1 - (1-year)/12 }

func (w *World) takeBusiness(f id.Firm, x unit.USD) {
	if x >= 0 {
		w.books.Pay(w.outside, f, ledger.OtherExpense, ledger.OtherIncome, x, ledger.For("other business"))
		return
	}
	w.pay(f, w.outside, ledger.OtherExpense, ledger.OtherIncome, -x, ledger.For("other business"))
}

// parent tops a lab up to six months of what it burns.
func (w *World) parent(f id.Firm) {
	const keep = 6
	want := unit.Dollars(max(0, w.firms[f].meanBurn()*keep)) - w.cash(f)
	if want > 0 {
		w.books.Issue(w.outside, f, want, ledger.For("parent"))
		w.firms[f].raised += want.Dollars()
	}
}
