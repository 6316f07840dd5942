package sim

import (
	"cmp"
	"slices"
	"strings"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// notice is an offer that lies before the holder of a right of first refusal.
type notice struct {
	offer    market.Offer
	holder   id.Firm
	contract id.Contract
	place    int // of the right among those in line
	index    int // of the offer among the lab's of its month
	decide   unit.Month
	draw     float64
}

// lotsAMonth bounds the lots that one lab asks for in one month; a larger gap is closed over several.
const lotsAMonth = 4

// leastRequest is the part of what a lab uses below which a gap is not worth a round of bids.
const leastRequest = 0.03

// procure moves leases through their stages, lets buyers call what they hold options on, labs take what others have
// given up and ask for capacity, clouds bid, and holders of rights answer.
func (w *World) procure(t unit.Month) {
	w.pullBacks(t)
	w.weighRights(t)
	w.answer(t)
	w.byGap()
	w.leases(t)
	w.callOptions(t)
	w.relet(t)
	w.bySellers()
	for _, i := range w.order {
		if w.pauses(w.labs[i].firm, t) {
			continue
		}
		w.placePromised(i, t)
		w.request(i, t)
	}
}

// gap is the capacity that a lab will need and has not signed. What its own cloud gives comes first; the rest
// is rented with the headroom of the planned utilisation. A firm that lets capacity builds for its own lab
// instead of renting; what it rents all the same stands in a contract of the scenario.
//
//	gap = (need − own cloud)/TargetUtilisation − signed      (2.1)
func (w *World) gap(i int) float64 {
	l := &w.labs[i]
	l.rents = 0
	need := float64(l.needs.Later)
	if c := w.firms[l.firm].cloud; c >= 0 {
		if w.cloud(c).Sells {
			return 0
		}
		need -= w.ownLater(c)
	}
	l.rents = max(0, need/float64(w.m.Market.Compute.TargetUtilisation))
	return l.rents - l.contractedLater - l.pending
}

// wantedBy is the month in which the need for a lab's next lot arises: its need grows evenly over the lead, and
// what it has signed serves the first part.
func (w *World) wantedBy(l *labState, t unit.Month) unit.Month {
	now := min(l.rents, l.rented)
	have := l.rents - l.short
	part := 0.0
	if l.rents > now {
		part = max(0, min(1, (have-now)/(l.rents-now)))
	}
	return t + 1 + unit.Month(part*float64(w.m.Market.Research.RequestLead))
}

// ownLater is the capacity that a cloud's own lab will have from it at the lab's lead.
func (w *World) ownLater(cloud int) float64 {
	return w.ownIn(cloud, int(w.m.Market.Research.RequestLead))
}

// ownIn is the same so many months from now.
func (w *World) ownIn(cloud, later int) float64 {
	c := &w.clouds[cloud]
	k := min(ahead, later)
	l := &w.labs[w.firms[c.firm].lab]
	// free[k] has the lab's own later need taken off.
	return max(0, c.free[k]+max(float64(l.needs.Later), c.ownUsed))
}

// byGap orders labs by what they lack, the neediest first.
func (w *World) byGap() {
	now := w.panel.Month() + 1
	later := now + unit.Month(w.m.Market.Research.RequestLead)
	for i := range w.labs {
		f, x := w.labs[i].firm, 0.0
		if !w.leasesToLet(f) {
			x = w.leased(f, now, later)
		}
		for _, k := range w.lotsOf[f] {
			if l := &w.lots[k]; !l.LetOn {
				x += promisedBy(l, later)
			}
		}
		w.labs[i].contractedLater = x
	}
	w.order, w.weights = w.order[:0], resize(w.weights, len(w.labs))
	for i := range w.labs {
		w.labs[i].short = w.gap(i)
		w.weights[i] = w.labs[i].short
		w.order = append(w.order, i)
	}
	slices.SortFunc(w.order, func(a, b int) int {
		switch x, y := w.weights[a], w.weights[b]; {
		case x > y:
			return -1
		case x < y:
			return 1
		default: // by luck, so that renaming or reordering firms changes nothing
			return compare(w.firms[w.labs[a].firm].luck, w.firms[w.labs[b].firm].luck)
		}
	})
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// request asks for bids until the lab's gap is closed or the month's lots are out.
func (w *World) request(i int, t unit.Month) {
	l := &w.labs[i]
	least := max(float64(w.m.Market.Build.MinimumSite), leastRequest*l.used)
	if l.gone || l.distressed || l.short < least {
		return
	}
	w.restrain(l.firm, t) // what binds it and what it owes is the same for all its requests
	w.minimums(l.firm, t, t)
	for n := 0; n < lotsAMonth && l.short >= least; n++ {
		size := min(l.short, float64(w.m.Market.Compute.MaxLot))
		r := market.Request{Lab: l.firm, Size: unit.MW(size), Start: w.wantedBy(l, t), Months: int(w.m.Market.Compute.Term)}
		signed := w.auction(r, t, n)
		if signed <= 0 {
			return
		}
		l.short -= signed
	}
}

// auction takes bids for a request, lets the lab choose and the holders of rights answer; it returns the capacity that
// was signed or put before a holder.
func (w *World) auction(r market.Request, t unit.Month, n int) float64 {
	w.bids(r, t, n, w.deals.holder(w, r, t))
	best := -1
	if len(w.offers) > 0 {
		best = w.choose(r, t, n)
	}
	if w.barred.by != id.NoContract && w.breaks(best, t) {
		w.place(w.barred.offer, t, n, 0)
		return float64(w.barred.offer.Size)
	}
	if best < 0 {
		if w.told() {
			w.tell(t, "no-bid", r.Lab, id.None, id.NoContract, w.name(r.Lab)+" finds nobody who can serve "+power(r.Size)+".",
				rent("market rent", w.rent))
		}
		return 0
	}
	o := w.offers[best]
	o.Bids = len(w.offers)
	w.place(o, t, n, 0)
	return float64(o.Size)
}

// place puts an offer before the next right in line that covers it, from place k on, and signs it if there is none.
func (w *World) place(o market.Offer, t unit.Month, n, k int) {
	for ; k < len(w.deals.holders); k++ {
		if c, h, wait, ok := w.deals.claim(w, o, t, k); ok {
			w.notify(notice{offer: o, holder: h, contract: c, place: k, index: n, decide: t.After(wait)}, wait, t)
			return
		}
	}
	under, _ := w.outputRight(o.Lab, o.Seller, t)
	w.sign(o, o.Size, under, t, "lot")
}

// mostAsked bounds the clouds that a lab asks beside those it deals with.
const mostAsked = 16

// bySellers lists the clouds that let capacity and would ask least of anybody, in the order of the model.
func (w *World) bySellers() {
	w.sellers = w.sellers[:0]
	for i := range w.clouds {
		if w.lets(i) {
			w.sellers = append(w.sellers, i)
		}
	}
	if len(w.sellers) <= mostAsked { // all are asked
		return
	}
	w.weights = resize(w.weights, len(w.clouds))
	for _, i := range w.sellers {
		w.weights[i] = w.asks(i)
	}
	w.sellers = foremost(w.sellers, mostAsked, func(a, b *int) int {
		if w.weights[*a] != w.weights[*b] {
			return cmp.Compare(w.weights[*a], w.weights[*b])
		}
		return compare(w.firms[w.clouds[*a].firm].luck, w.firms[w.clouds[*b].firm].luck)
	})
	slices.Sort(w.sellers) // which of them bid is drawn in the order of the model
}

// invited lists the clouds that a lab asks for bids: the cheapest, and those that it deals with.
func (w *World) invited(lab id.Firm) []int {
	if len(w.sellers) < mostAsked {
		return w.sellers
	}
	w.partners = append(w.partners[:0], w.sellers...)
	for _, o := range w.ties.of[lab] {
		if f := w.firmOf(o.firm); f != nil && f.cloud >= 0 && w.lets(f.cloud) {
			w.partners = include(w.partners, f.cloud)
		}
	}
	return w.partners
}

// include puts a number into a sorted list that does not have it yet.
func include(list []int, x int) []int {
	if k, found := slices.BinarySearch(list, x); !found {
		list = slices.Insert(list, k, x)
	}
	return list
}

// bids collects the offers of all clouds that could serve, prepare a bid and are not barred, incumbents and cheapest
// first, at most eight. An offer for which an exclusivity leaves little room is cut to it.
func (w *World) bids(r market.Request, t unit.Month, n int, holder id.Firm) {
	w.offers = w.offers[:0]
	w.barred = barred{by: id.NoContract}
	w.confine(&r, t)
	least := min(float64(r.Size), float64(w.m.Market.Build.MinimumSite))
	for _, i := range w.invited(r.Lab) {
		if !w.bid(i, &r, t, n, holder) {
			continue
		}
		last := len(w.offers) - 1
		o := &w.offers[last]
		room, by := w.room(o)
		if float64(room) < least {
			if w.barred.by == id.NoContract || o.Score > w.barred.offer.Score {
				w.barred = barred{*o, by}
			}
			w.offers = w.offers[:last]
			continue
		}
		o.Size = room
	}
	if len(w.offers) > maxBidders {
		w.offers = foremost(w.offers, maxBidders, func(a, b *market.Offer) int { return cmp.Compare(b.Score, a.Score) })
	}
}

// foremost sorts the first n of a list to its front and returns them; the rest is lost. Of equals those that came first
// go before.
func foremost[T any](list []T, n int, order func(a, b *T) int) []T {
	for i := range list {
		k := min(i, n)
		for k > 0 && order(&list[i], &list[k-1]) < 0 {
			k--
		}
		if k == n {
			continue
		}
		x := list[i]
		copy(list[k+1:min(i+1, n)], list[k:])
		list[k] = x
	}
	return list[:n]
}

const maxBidders = 8

// bid lets a cloud answer a request with an offer; it reports false if the cloud prepares none or could not serve.
func (w *World) bid(cloud int, r *market.Request, t unit.Month, n int, holder id.Firm) bool {
	c, cm := &w.clouds[cloud], &w.m.Market.Compute
	if !w.lets(cloud) || c.firm == r.Lab {
		return false
	}
	chance := float64(cm.BidProbability)
	shade := 0.0
	if holder != id.None && c.firm != holder {
		chance *= 1 - float64(cm.RefusalDeterrence)
		shade = cm.RefusalShading
	}
	luck := w.firms[c.firm].luck ^ w.firms[r.Lab].luck
	if _, right := w.outputRight(r.Lab, c.firm, t); right <= 0 && !rng.Bernoulli(w.uniform(rng.Bid, luck, t, n), chance) {
		return false
	}
	ready, ok := w.ready(cloud, float64(r.Size)+w.heldBack(cloud, r.Lab, t), t, r.Start)
	if !ok {
		return false
	}
	family, cost := w.tailored(cloud, r.Lab, t)
	price := w.asks(cloud) * cost * num.Exp(shade) * (1 + float64(w.markup(r.Lab, c.firm, t)))
	w.offers = append(w.offers, market.Offer{Request: *r, Seller: c.firm, Rent: unit.Rent(price), Ready: ready, Family: family})
	o := &w.offers[len(w.offers)-1]
	o.Score = w.score(o, w.owed[cloud])
	return true
}

// ask is the rent that a cloud asks for: the market's, scaled by how its cost compares, never below running.
//
//	p = c·r/c̄      (2.3)
func (w *World) ask(cloud int) float64 {
	c := &w.clouds[cloud]
	if w.cost <= 0 { // nothing is in service anywhere yet
		return max(c.running, w.rent)
	}
	return max(c.running, c.cost*w.rent/w.cost)
}

// score is a lab's utility of an offer of a seller with whom it must spend what it owes this month.
func (w *World) score(o *market.Offer, owed unit.USD) float64 {
	x := w.ties.has(o.Lab, o.Seller)
	newCloud := x == nil || x.contracted == 0
	newChips := o.Family != id.None
	if newChips {
		y := w.ties.has(o.Lab, o.Family)
		newChips = y == nil || !y.chips
	}
	paid := 0.0
	if x != nil {
		paid = x.rentBill
	}
	return w.m.Market.Compute.Score(o.Rent/unit.Rent(w.yield(o.Family)), unit.Rent(w.rent), newCloud, newChips, owed > unit.Dollars(paid), int(o.Ready-o.Start))
}

// rentPaid is the rent that a lab paid a seller last month.
func (w *World) rentPaid(lab, seller id.Firm) float64 {
	if x := w.ties.has(lab, seller); x != nil {
		return x.rentBill
	}
	return 0
}

// portTo notes that a lab's software runs on a maker's chips, or will by the time they come. It returns the place of
// their tie, -1 if any maker will do.
func (w *World) portTo(lab, maker id.Firm) int32 {
	if maker == id.None {
		return -1
	}
	x := w.ties.find(lab, maker)
	x.chips = true
	return x.place
}

// ready returns the first month, not before wanted, in which a cloud has so much free, building if need be; ok
// is false when nothing is free in time and it cannot finance a site.
func (w *World) ready(cloud int, size float64, t, wanted unit.Month) (unit.Month, bool) {
	c := &w.clouds[cloud]
	build := max(wanted, t.After(c.building.lead+unit.Months(w.m.Market.Build.FitOut/2)))
	if size > c.most {
		return build, w.canFinance(cloud, size, t)
	}
	k := max(1, int(wanted-t))
	for ; k <= min(ahead, int(build-t)); k++ {
		if c.free[k] >= size {
			return t + unit.Month(k), true
		}
	}
	if w.canFinance(cloud, size, t) {
		return build, true
	}
	for ; k <= ahead; k++ {
		if c.free[k] >= size {
			return t + unit.Month(k), true
		}
	}
	return build, false
}

// choose returns the index of the offer that the lab takes: the best in the central run, else by a logit over
// the scores, since a score leaves things out.
func (w *World) choose(r market.Request, t unit.Month, n int) int {
	best := 0
	for i := range w.offers {
		if w.offers[i].Score > w.offers[best].Score {
			best = i
		}
	}
	if w.run.Index == 0 || len(w.offers) == 1 {
		return best
	}
	w.weights = w.weights[:0]
	for i := range w.offers {
		w.weights = append(w.weights, num.Exp((w.offers[i].Score-w.offers[best].Score)/max(1e-6, w.m.Market.Compute.ChoiceNoise)))
	}
	return rng.Categorical(w.uniform(rng.Choice, w.firms[r.Lab].luck, t, n), w.weights)
}

// notify puts an offer before the holder of a right.
func (w *World) notify(n notice, wait unit.Months, t unit.Month) {
	o := n.offer
	n.draw = w.uniform(rng.Match, w.firms[n.holder].luck^w.firms[o.Lab].luck, t, n.index)
	w.notices = append(w.notices, n)
	w.labs[w.firms[o.Lab].lab].pending += float64(o.Size)
	w.burden(n, wait)
	if w.told() {
		w.tell(t, "notice", o.Lab, n.holder, n.contract, w.name(o.Lab)+" puts an offer of "+w.name(o.Seller)+" for "+power(o.Size)+" before "+w.name(n.holder)+".",
			rent("offered rent", float64(o.Rent)), months("ready in", float64(o.Ready-t)), months("time to decide", float64(wait)))
	}
	if wait <= 0 {
		w.answer(t)
	}
}

// answer lets holders decide on the notices that are due: match in full, in part, or decline.
func (w *World) answer(t unit.Month) {
	for i := 0; i < len(w.notices); {
		n := w.notices[i]
		if n.decide > t {
			i++
			continue
		}
		w.notices = slices.Delete(w.notices, i, i+1)
		w.decide(n, t)
	}
}

// decide takes one holder's decision and signs what follows from it. What it leaves goes to the next right in line.
func (w *World) decide(n notice, t unit.Month) {
	o := n.offer
	w.labs[w.firms[o.Lab].lab].pending -= float64(o.Size)
	size := unit.MW(0)
	if w.firms[n.holder].cloud >= 0 && w.deals.holds(n.contract, t) {
		rule, discount := w.deals.answer(n.contract)
		if rule == contract.Notify {
			size = w.counter(n, t)
		} else {
			size = w.match(n, rule, discount, t)
		}
	}
	if rest := o.Size - size; rest > unit.MW(1e-6) {
		o.Size = rest
		w.place(o, t, n.index, n.place+1)
	}
}

// match lets the holder of a right take an offer, or a part of it, at its rent less the discount that the right gives.
//
// What the lot is worth to the holder: its rent, the workload kept, and the share of the lab's equity whose compute it
// secures. What it costs: the full cost, or what the capacity would fetch elsewhere.
func (w *World) match(n notice, rule contract.MatchRule, discount unit.Share, t unit.Month) unit.MW {
	i, o, cm := w.firms[n.holder].cloud, n.offer, &w.m.Market.Compute
	o.Rent *= unit.Rent(1 - discount)
	full, _ := w.unitCost(i, t)
	stake := 0.0
	if x := w.ties.has(n.holder, o.Lab); x != nil {
		stake = x.stake
	}
	value := float64(float64(o.Rent) * (1 + float64(cm.StrategicValue*(1+stake))))
	cost := max(full, w.rent*num.Exp(max(0, w.tight))*float64(cm.ResaleValue))
	free := w.clouds[i].free[min(ahead, max(1, int(o.Ready-t)))]
	if free < float64(o.Size) {
		cost = float64(cost * (1 + cm.BidMarkup)) // it would have to turn others away
	}
	v := firm.MatchView{
		Size: o.Size, Free: unit.MW(free), Partial: rule == contract.Partial,
		Chance: cm.MatchProbability(value, cost, float64(o.Rent)), Draw: n.draw, Caution: w.caution(n.holder, o.Lab),
	}
	size := w.cloud(i).Match(v)
	if size > 0 && size < unit.MW(w.m.Market.Build.MinimumSite) {
		size = 0
	}
	if w.told() {
		w.tellAnswer(n, v, size, value, cost, t)
	}
	if size > 0 {
		w.happenedUnder(t, "match", n.holder, n.contract, 0)
		o.Seller, o.Family = n.holder, w.clouds[i].family
		w.sign(o, size, n.contract, t, "matched lot")
	}
	return size
}

// counter lets a holder that is only told of an offer bid as well; the lab takes the better one.
func (w *World) counter(n notice, t unit.Month) unit.MW {
	i, o := w.firms[n.holder].cloud, n.offer
	ready, ok := w.ready(i, float64(o.Size), t, o.Start)
	mine := o
	if ok {
		family, cost := w.tailored(i, o.Lab, t)
		mine = market.Offer{Request: o.Request, Seller: n.holder, Rent: unit.Rent(w.asks(i) * cost), Ready: ready, Family: family}
		mine.Score = w.score(&mine, w.deals.minimum(o.Lab, n.holder, t))
		ok = mine.Score > o.Score
	}
	if w.told() {
		kind, what := "let-pass", w.name(n.holder)+" hears of "+w.name(o.Seller)+"'s offer of "+power(o.Size)+" to "+w.name(o.Lab)+" and {has|have} none that is better."
		if ok {
			kind, what = "counter-offer", w.name(n.holder)+" outbids "+w.name(o.Seller)+"'s offer of "+power(o.Size)+" to "+w.name(o.Lab)+"."
		}
		w.tell(t, kind, n.holder, o.Lab, n.contract, what,
			rent("offered rent", float64(o.Rent)), rent("its own rent", float64(mine.Rent)), number("score of the offer", o.Score), number("score of its own", mine.Score))
	}
	if !ok {
		return 0
	}
	w.sign(mine, o.Size, n.contract, t, "lot")
	return o.Size
}

func (w *World) tellAnswer(n notice, v firm.MatchView, size unit.MW, value, cost float64, t unit.Month) {
	kind, what := "decline", w.name(n.holder)+" declines to match "+w.name(n.offer.Seller)+"'s offer of "+power(n.offer.Size)+" to "+w.name(n.offer.Lab)+"."
	switch {
	case size >= n.offer.Size:
		kind, what = "match", w.name(n.holder)+" matches "+w.name(n.offer.Seller)+"'s offer of "+power(n.offer.Size)+" to "+w.name(n.offer.Lab)+"."
	case size > 0:
		kind, what = "partial-match", w.name(n.holder)+" takes "+power(size)+" of "+w.name(n.offer.Seller)+"'s offer of "+power(n.offer.Size)+" to "+w.name(n.offer.Lab)+"."
	}
	why := []Reason{mw("free by the offered date", v.Free), rent("worth of the lot", value), rent("cost of serving it", cost), rent("offered rent", float64(n.offer.Rent))}
	switch w.cloud(w.firms[n.holder].cloud).Refusal { // a policy does not weigh the numbers, which may speak against it
	case "always", "never":
		what = strings.TrimSuffix(what, ".") + ", as its policy has it."
	default:
		why = append(why, share("chance of wanting it", v.Chance))
	}
	w.tell(t, kind, n.holder, n.offer.Lab, n.contract, what, why...)
}

// sign makes a lot of an offer.
func (w *World) sign(o market.Offer, size unit.MW, c id.Contract, t unit.Month, kind string) {
	w.addLot(o, size, c, t)
	if w.told() {
		w.tell(t, kind, o.Lab, o.Seller, c, w.name(o.Lab)+" signs "+power(size)+" with "+w.name(o.Seller)+" from "+o.Ready.String()+".",
			mw("size", size), rent("rent", float64(o.Rent)), rent("market rent", w.rent), number("score", o.Score), number("bids", float64(o.Bids)),
			months("term", float64(o.Months)))
	}
}

// addLot enters signed capacity and takes it off what its seller has free.
func (w *World) addLot(o market.Offer, size unit.MW, c id.Contract, t unit.Month) {
	w.enter(market.Lot{
		Buyer: o.Lab, Seller: o.Seller, Size: size, Rent: o.Rent, Floor: w.m.Market.Compute.TakeOrPay, Signed: t,
		Wanted: o.Start, Start: o.Ready, End: o.Ready + unit.Month(o.Months) - 1, Ramp: 1, Family: o.Family, Contract: c,
	}, t)
}

// enter adds a lot that begins in full, and takes it off what its seller has free.
func (w *World) enter(l market.Lot, t unit.Month) {
	w.lookUpLot(&l)
	l.Chips = w.portTo(l.Buyer, l.Family)
	w.lots = append(w.lots, l)
	w.indexLots(len(w.lots) - 1)
	w.promiseFree(&l, -float64(l.Size), l.Start, t)
}

// placePromised turns spend that the lab has promised a seller and not yet placed into lots with that seller:
// the money is due anyway.
func (w *World) placePromised(i int, t unit.Month) {
	l := &w.labs[i]
	if l.gone || l.distressed {
		return
	}
	later := t + unit.Month(w.m.Market.Research.RequestLead)
	owed := w.minimums(l.firm, t, later)
	least := max(float64(w.m.Market.Build.MinimumSite), leastRequest*l.used)
	for n := range w.deals.commits.of[l.firm].each {
		seller := w.deals.parties[n][1]
		j := w.firms[seller].cloud
		if j < 0 {
			continue
		}
		worth := float64(owed[j].Dollars() * 12 / w.rent * 1000)
		owed[j] = 0        // at the first of all promises to a seller
		if worth < least { // whatever is placed
			continue
		}
		size := min(worth-w.lotsBetween(l.firm, seller, later), float64(w.m.Market.Compute.MaxLot))
		if size < least {
			continue
		}
		ready, ok := w.ready(j, size, t, t+1)
		if !ok {
			continue
		}
		family, cost := w.tailored(j, l.firm, t)
		r := market.Request{Lab: l.firm, Size: unit.MW(size), Start: t + 1, Months: int(w.m.Market.Compute.Term)}
		o := market.Offer{Request: r, Seller: seller, Rent: unit.Rent(w.asks(j) * cost), Ready: ready, Family: family, Bids: 1}
		o.Score = w.score(&o, w.deals.minimum(l.firm, seller, t))
		w.sign(o, r.Size, n, t, "placed-commitment")
		l.short -= size
	}
}

// lotsBetween is the capacity that a buyer has from a seller in month t or has ordered.
func (w *World) lotsBetween(buyer, seller id.Firm, t unit.Month) float64 {
	x := 0.0
	for _, k := range w.lotsOf[buyer] {
		if l := &w.lots[k]; l.Seller == seller {
			x += promisedBy(l, t)
		}
	}
	return x
}

// promisedBy is what a lot gives in month t. A lot that begins later than it was wanted, for want of a site, counts in
// full: who waits for it does not order it again.
func promisedBy(l *market.Lot, t unit.Month) float64 {
	switch {
	case t >= l.Start:
		return float64(l.Due(t))
	case t >= l.Wanted:
		return float64(l.Size)
	}
	return 0
}
