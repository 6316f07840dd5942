package sim

import (
	"reflect"
	"slices"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// deals are the contracts of a run: the scenario's, then those that firms sign during it. Contracts are
// grouped by the phase in which their clause acts.
type deals struct {
	contracts []contract.Contract
	states    []contract.State
	served    []contract.Service // what each contract's own lots should give and give
	parties   [][2]id.Firm       // who promises, and to whom
	ties      []int32            // place of what those two have with each other, -1 until somebody has asked
	bound     [][]id.Firm        // all parties of the scenario's contracts, looked up once
	luck      []uint64           // of the scenario's contracts' keys
	closes    []unit.Month       // last month in which each of them can act, one that takes its place counted
	above     [][]id.Contract    // the contracts of the scenario that clash with each and go before it
	signed    []unit.Month       // first month in which it acts
	ends      []unit.Month       // last month in which it acts
	outside   id.Firm            // whom a debtor owes that names no creditor

	groups       []grouping                  // all of these: a new one is listed in learn
	joins        map[reflect.Type][]grouping // those that take clauses of a type
	reservers    group[contract.Reserver]
	options      options
	prepayers    group[contract.Prepayer]
	holders      group[contract.Holder] // those that go before others first
	excluders    firmGroup[contract.Excluder]
	crediters    group[contract.Crediter]
	billers      billers
	testers      group[contract.Tester]
	commits      firmGroup[contract.Committer]
	debtors      partyGroup[contract.Debtor]
	recruits     group[contract.Recruiter]
	channels     group[contract.Distributor]
	allots       firmGroup[contract.Allocator]
	feeders      group[contract.Feeder]
	convertibles group[contract.Converter]
	lockers      partyGroup[contract.Locker]
	promisers    group[promiser]
	loans        firmGroup[*contract.Lending]
	ventures     partyGroup[*contract.JointVenture]
	guarantees   group[*contract.Guarantee]
	backstops    partyGroup[*contract.Backstop]
	leases       firmGroup[*contract.LeasePipeline]

	preferred []id.Contract            // of the allots, those whose sites go first, in their order
	ahead     group[contract.Prepayer] // of the prepayers, those under which something is left when bills are made
	unspent   group[contract.Crediter] // likewise of the crediters

	promised pool[contract.TakeOrPay]
	granted  pool[contract.ComputeCredits]
	noted    pool[contract.ConvertibleNote]
	lent     pool[contract.Lending]
}

// learn looks up once what never changes of the scenario's contracts.
func (d *deals) learn(contracts []contract.Contract, firms int) {
	d.excluders.of, d.commits.of = make([]group[contract.Excluder], firms), make([]group[contract.Committer], firms)
	d.allots.of, d.ventures.of = make([]group[contract.Allocator], firms), make([]group[*contract.JointVenture], firms)
	d.debtors.of, d.loans.of = make([]group[contract.Debtor], firms), make([]group[*contract.Lending], firms)
	d.lockers.of, d.backstops.of = make([]group[contract.Locker], firms), make([]group[*contract.Backstop], firms)
	d.leases.of = make([]group[*contract.LeasePipeline], firms)
	d.joins = map[reflect.Type][]grouping{}
	d.groups = []grouping{
		&d.reservers, &d.options, &d.prepayers, &d.holders, &d.excluders, &d.crediters, &d.billers, &d.testers, &d.commits, &d.debtors, &d.recruits,
		&d.channels, &d.allots, &d.feeders, &d.convertibles, &d.lockers, &d.promisers, &d.loans, &d.ventures, &d.guarantees, &d.backstops, &d.leases,
	}
	for i := range contracts {
		p := append(contracts[i].Terms.Parties(), id.None) // who stands outside the model has no name in it
		d.bound = append(d.bound, p)
		d.luck = append(d.luck, rng.Luck(contracts[i].Key))
	}
	d.above = make([][]id.Contract, len(contracts))
	for i := range contracts {
		for k := range contracts {
			_, asked := contracts[i].Terms.(contract.Holder)
			_, before := contracts[k].Terms.(contract.Holder)
			if asked && before { // holders of first refusals are asked one after the other
				continue
			}
			if contracts[k].Precedence > contracts[i].Precedence && contract.Contradict(contracts[i].Terms, contracts[k].Terms) {
				d.above[i] = append(d.above[i], id.Contract(k))
			}
		}
	}
}

// openDeals takes over the scenario's contracts. What was paid or granted before the start is part of the
// opening state, so clauses that are older than it only act from now on.
func (w *World) openDeals() {
	d := &w.deals
	d.contracts, d.states, d.served, d.parties = d.contracts[:0], d.states[:0], d.served[:0], d.parties[:0]
	d.signed, d.ends, d.ties = d.signed[:0], d.ends[:0], d.ties[:0]
	d.closes, d.preferred = contract.Ends(w.m.Contracts, d.closes[:0]), d.preferred[:0]
	d.promised.used, d.granted.used, d.noted.used, d.lent.used = 0, 0, 0, 0
	for _, g := range d.groups {
		g.reset()
	}
	for i := range w.m.Contracts {
		d.add(w.m.Contracts[i], d.bound[i][0], d.bound[i][1])
	}
	for n, a := range d.allots.each {
		if a.Allot(d.contracts[n].Signed).First {
			d.preferred = append(d.preferred, n)
		}
	}
	before := func(a, b id.Contract) int { return d.contracts[b].Precedence - d.contracts[a].Precedence }
	slices.SortStableFunc(d.preferred, before)
	slices.SortStableFunc(d.holders, func(a, b entry[contract.Holder]) int { return before(a.id, b.id) })
	for n := range d.contracts {
		c := &d.contracts[n]
		if !d.active(id.Contract(n), w.m.Start) {
			continue
		}
		if o, ok := c.Terms.(contract.Opener); ok {
			if g := o.Open(w.m.Start, &d.states[n]); g.Amount > 0 {
				w.books.OpenClaim(g.Lab, g.Seller, ledger.Credits, g.Amount)
			}
			if x := d.states[n].Ahead; x > 0 {
				w.books.OpenClaim(d.parties[n][0], d.parties[n][1], ledger.Prepaid, x)
			}
		}
		if _, ok := c.Terms.(contract.Debtor); ok { // on top of the debt that the scenario gives the firm
			debtor, creditor := w.deals.debtor(id.Contract(n))
			w.books.OpenClaim(creditor, debtor, ledger.Lent, d.states[n].Owed)
		}
	}
	for n := range d.reservers.each {
		if d.active(n, w.m.Start) {
			w.reserve(n, w.m.Start)
		}
	}
}

// add takes a contract in, between the firm that promises and the one it promises to, and returns its id.
func (d *deals) add(c contract.Contract, from, to id.Firm) id.Contract {
	n := id.Contract(len(d.contracts))
	d.contracts = append(d.contracts, c)
	d.states = append(d.states, contract.State{})
	d.served = append(d.served, contract.Service{})
	end := contract.Never
	if len(d.ends) < len(d.bound) {
		end = d.closes[len(d.ends)]
	}
	d.signed, d.ends = append(d.signed, c.Signed), append(d.ends, end)
	d.parties, d.ties = append(d.parties, [2]id.Firm{from, to}), append(d.ties, -1)
	parties := d.parties[n][:]
	if int(n) < len(d.bound) {
		parties = d.bound[n]
	}
	for _, g := range d.joined(c.Terms) {
		if !d.idle(n, g) {
			g.add(n, parties, c.Terms)
		}
	}
	return n
}

// idle reports whether a contract never acts in a group that takes its kind: it asks for nothing, and takes over nothing that
// was paid ahead.
func (d *deals) idle(n id.Contract, g grouping) bool {
	switch c := &d.contracts[n]; g {
	case &d.billers:
		return d.quiet(n)
	case &d.prepayers:
		return c.Amends == nil && c.Terms.(contract.Prepayer).Prepaid() <= 0
	}
	return false
}

// quiet reports whether a contract asks for no payment but the rent of its lots, nor takes over one that may have.
func (d *deals) quiet(n id.Contract) bool {
	c := &d.contracts[n]
	quieter, ok := c.Terms.(contract.Quieter)
	return ok && c.Amends == nil && quieter.Quiet()
}

// joined lists the groups that a clause joins. Firms sign contracts every month, and a clause belongs to few groups.
func (d *deals) joined(c contract.Clause) []grouping {
	kind := reflect.TypeOf(c)
	groups, known := d.joins[kind]
	if !known {
		groups = slices.DeleteFunc(slices.Clone(d.groups), func(g grouping) bool { return !g.takes(c) })
		d.joins[kind] = groups
	}
	return groups
}

// tie returns what the parties of a contract have with each other, nil if that is nothing.
func (d *deals) tie(n id.Contract, all *ties) *tie {
	if d.ties[n] < 0 {
		x := all.has(d.parties[n][0], d.parties[n][1])
		if x == nil {
			return nil
		}
		d.ties[n] = x.place
	}
	return &all.list[d.ties[n]]
}

// active reports whether a contract acts in month t: it is signed, and neither over nor given up.
func (d *deals) active(n id.Contract, t unit.Month) bool {
	return t >= d.signed[n] && t <= d.ends[n] && !d.states[n].Ended
}

// holds reports whether a right acts in month t and none that goes before it contradicts it.
func (d *deals) holds(n id.Contract, t unit.Month) bool {
	if !d.active(n, t) {
		return false
	}
	if int(n) < len(d.above) {
		for _, k := range d.above[n] {
			if d.active(k, t) {
				return false
			}
		}
	}
	return true
}

// now is what a clause may know in month t.
func (w *World) now(n id.Contract, t unit.Month) contract.Now {
	now := contract.Now{Month: t, Start: w.m.Start, Signed: w.deals.signed[n], Contract: n, Rent: unit.Rent(w.rent), Measures: w.panel, Told: w.told(), Run: w.run}
	if int(n) < len(w.deals.luck) {
		now.Luck = w.deals.luck[n]
	}
	return now
}

// signContracts brings the scenario's contracts of month t into force, and those whose place they take out of it.
func (w *World) signContracts(t unit.Month) {
	d := &w.deals
	scenario := len(w.m.Contracts)
	for i, last := range d.ends[:scenario] {
		if last == t-1 && d.signed[i] < t {
			w.endContract(id.Contract(i), t)
		}
	}
	signing := false
	for i, first := range d.signed[:scenario] {
		if first != t || d.ends[i] < t {
			continue
		}
		signing = true
		n, c := id.Contract(i), &d.contracts[i]
		if c.Amends != nil {
			old := &d.states[*c.Amends]
			d.states[n] = *old
			d.states[n].Ended = false
			old.Owed, old.Ahead, old.MakeUp = 0, 0, [5]contract.Batch{} // it is owed under the new terms now
			w.handOver(*c.Amends, n)
		}
		if w.told() {
			w.tellSigning(n, t)
			w.tellClash(n, t)
		}
		if p, ok := c.Terms.(contract.Prepayer); ok && c.Amends == nil {
			w.payAhead(n, p.Prepaid(), t)
		}
	}
	if !signing {
		return
	}
	for n := range d.reservers.each {
		if d.signed[n] == t && d.active(n, t) {
			w.reserve(n, t)
		}
	}
}

// endContract drops what a contract that is over from month t on has set aside.
func (w *World) endContract(n id.Contract, t unit.Month) {
	d := &w.deals
	if _, ok := d.contracts[n].Terms.(contract.Reserver); ok {
		for k := range w.lots {
			if l := &w.lots[k]; l.Contract == n {
				l.End = min(l.End, t-1)
			}
		}
	}
	if !d.amended(n, t) {
		w.closeAhead(n)
	}
	if w.told() && !d.states[n].Ended {
		p := d.parties[n]
		between := "between " + w.name(p[0]) + " and " + w.name(p[1])
		if p[1] == id.None {
			between = "of " + w.name(p[0])
		}
		w.tell(t, "end", p[0], p[1], n, "The contract "+d.contracts[n].Key+" "+between+" is over.")
	}
}

// tellClash names the contracts in force that promise to others what one just signed promises.
func (w *World) tellClash(n id.Contract, t unit.Month) {
	d := &w.deals
	for k := range w.m.Contracts {
		other := id.Contract(k)
		first := slices.Contains(d.above[n], other)
		if other == n || !d.active(other, t) || !first && !slices.Contains(d.above[other], n) {
			continue
		}
		holds, waits := n, other
		if first {
			holds, waits = other, n
		}
		p := d.parties[n]
		w.tell(t, "clash", p[0], d.parties[other][1], n, d.contracts[n].Key+" promises "+w.name(p[1])+" what "+d.contracts[other].Key+" promises "+
			w.name(d.parties[other][1])+": by precedence "+d.contracts[holds].Key+" holds and "+d.contracts[waits].Key+" waits.",
			number("precedence of "+d.contracts[n].Key, float64(d.contracts[n].Precedence)),
			number("precedence of "+d.contracts[other].Key, float64(d.contracts[other].Precedence)))
	}
}

// amended reports whether a contract goes on under new terms that are signed in month t.
func (d *deals) amended(n id.Contract, t unit.Month) bool {
	for i := range d.bound {
		if c := &d.contracts[i]; c.Amends != nil && *c.Amends == n && c.Signed == t {
			return true
		}
	}
	return false
}

// serve counts a lot to the service of the contract that it belongs to.
func (d *deals) serve(l *market.Lot, t unit.Month) {
	x, due := &d.served[l.Contract], l.Due(t)
	x.Due += due
	x.Delivered += l.Delivered
	if late := due - l.Delivered; late > 0 {
		x.Late += l.Rent.ForMonth(late)
	}
}

func (w *World) tellSigning(n id.Contract, t unit.Month) {
	d := &w.deals
	c, p := &d.contracts[n], d.parties[n]
	who, signs, amends := w.name(p[0])+" and "+w.name(p[1]), " sign ", " amend "
	if p[1] == id.None {
		who, signs, amends = w.name(p[0]), " signs ", " amends "
	}
	if c.Amends != nil {
		w.tell(t, "amend", p[0], p[1], n, who+amends+d.contracts[*c.Amends].Key+": it goes on as "+c.Key+".", usd("paid before", d.states[n].Paid.Dollars()))
		return
	}
	what := who + signs + c.Key + " (" + c.Kind + ")"
	for i, old := range c.Replaces {
		what += [2]string{", in place of ", " and "}[min(i, 1)] + d.contracts[old].Key
	}
	w.tell(t, "sign", p[0], p[1], n, what+".")
}

// reserve sets the capacity of a reservation aside.
func (w *World) reserve(n id.Contract, t unit.Month) {
	c := &w.deals.contracts[n]
	first := len(w.lots)
	w.lots = c.Terms.(contract.Reserver).Reserve(w.now(n, t), w.lots)
	keep := w.lots[:first]
	for _, l := range w.lots[first:] {
		l.Signed, l.Wanted = c.Signed, l.Start
		if w.deals.isLease(n) {
			l.Size = w.leaseSize(n)
		}
		l.End = min(l.End, w.deals.ends[n])
		if w.firms[l.Seller].cloud < 0 || l.End <= t || w.firms[l.Buyer].failed {
			continue // the scenario reader refuses a seller that is no cloud
		}
		if l.Family == id.None {
			l.Family = w.clouds[w.firms[l.Seller].cloud].family
		}
		l.Chips = w.portTo(l.Buyer, l.Family)
		w.lookUpLot(&l)
		keep = append(keep, l)
	}
	w.lots = keep
	w.indexLots(first)
}

// holder returns who would have first call on a request and may match, id.None if nobody.
func (d *deals) holder(w *World, r market.Request, t unit.Month) id.Firm {
	o := market.Offer{Request: r, Seller: id.None}
	for k := range d.holders {
		if n, h, _, ok := d.claim(w, o, t, k); ok && h != id.None {
			if rule, _ := d.answer(n); rule != contract.Notify {
				return h
			}
		}
	}
	return id.None
}

// claim reports whether the right at place k of those in force covers an offer.
func (d *deals) claim(w *World, o market.Offer, t unit.Month, k int) (c id.Contract, holder id.Firm, notice unit.Months, ok bool) {
	n := d.holders[k].id
	if !d.holds(n, t) {
		return id.NoContract, id.None, 0, false
	}
	h, wait, claims := d.holders[k].terms.Claims(w.now(n, t), &d.states[n], o)
	return n, h, wait, claims
}

func (d *deals) answer(n id.Contract) (contract.MatchRule, unit.Share) {
	return d.contracts[n].Terms.(contract.Holder).Answer()
}

// minimum is the spend of month t that a lab owes a seller whether it uses anything or not.
func (d *deals) minimum(lab, seller id.Firm, t unit.Month) unit.USD {
	var x unit.USD
	for n, c := range d.commits.of[lab].each {
		if d.parties[n][1] == seller && d.active(n, t) {
			x += c.Minimum(t, &d.states[n])
		}
	}
	return x
}

// minimums is the spend of a later month that a lab owes each cloud whether it uses anything or not, over all promises
// in force in month t. It holds until the next call.
func (w *World) minimums(lab id.Firm, t, later unit.Month) []unit.USD {
	d := &w.deals
	w.owed = resize(w.owed, len(w.clouds))
	for _, j := range w.creditors { // of the lab before: few of all clouds
		w.owed[j] = 0
	}
	w.creditors = w.creditors[:0]
	for n, c := range d.commits.of[lab].each {
		if j := w.firms[d.parties[n][1]].cloud; j >= 0 && d.active(n, t) {
			w.owed[j] += c.Minimum(later, &d.states[n])
			w.creditors = append(w.creditors, j)
		}
	}
	return w.owed
}

// promise signs a spending commitment that a lab gives for money or for freedom.
func (w *World) promise(lab, seller id.Firm, amount unit.USD, term unit.Months, t unit.Month) {
	d := &w.deals
	terms := d.promised.next()
	*terms = contract.TakeOrPay{
		Buyer: lab, Seller: seller, Commitment: amount, Starts: t + 1, Term: term,
		Ramp: term / 2, Floor: w.m.Market.Compute.TakeOrPay,
	}
	n := d.add(contract.Contract{Key: signedInRun, Kind: "take-or-pay", Signed: t + 1, Terms: terms}, lab, seller)
	if w.told() {
		w.tell(t, "promise", lab, seller, n, w.name(lab)+" promises "+w.name(seller)+" to spend "+money(amount.Dollars())+" with it.",
			usd("promised", amount.Dollars()), months("term", float64(terms.Term)), share("due whether used or not", float64(terms.Floor)))
	}
}

// signedInRun is the key of contracts that firms sign during a run.
const signedInRun = "signed-in-run"

// grantCredits gives a lab compute credits as part of a round.
func (w *World) grantCredits(seller, lab id.Firm, amount unit.USD, t unit.Month) {
	d := &w.deals
	terms := d.granted.next()
	*terms = contract.ComputeCredits{Seller: seller, Lab: lab, Amount: amount, Expiry: w.m.Market.Funding.CreditExpiry}
	n := d.add(contract.Contract{Key: signedInRun, Kind: "compute-credits", Signed: t, Terms: terms}, seller, lab)
	d.states[n] = contract.State{Started: true, Owed: amount, Since: t}
	if w.told() {
		w.tell(t, "credits", seller, lab, n, w.name(seller)+" pays "+money(amount.Dollars())+" of its part in compute credits.",
			usd("credits", amount.Dollars()), months("expire after", float64(terms.Expiry)))
	}
}
