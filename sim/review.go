package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// inquiry is an authority's look into a partnership during a run.
type inquiry struct {
	terms *rule.AntitrustReview
	key   string
	luck  uint64
	file  rule.Case
	quiet bool // decided before the start: its remedy is part of the opening state
}

// openInquiries takes over the scenario's reviews.
func (w *World) openInquiries() {
	w.inquiries, w.held = w.inquiries[:0], w.held[:0]
	for i := range w.m.Regulation {
		r := &w.m.Regulation[i]
		if terms, ok := r.Terms.(*rule.AntitrustReview); ok {
			w.inquiries = append(w.inquiries, inquiry{terms: terms, key: r.Key, luck: rng.Luck(r.Key)})
		}
	}
}

// review lets authorities open and decide their cases, and then holds firms to what was ordered.
func (w *World) review(t unit.Month) {
	for i := range w.inquiries {
		r := &w.inquiries[i]
		now := rule.Now{Month: t, Measures: w.panel, Run: w.run, Luck: r.luck}
		if r.file.Stage == rule.Waiting && r.terms.Begin(now, &r.file) {
			r.quiet = r.file.Decides <= w.m.Start
			if w.told() && r.file.Opened == t {
				w.tellReview(r, t)
			}
		}
		if r.file.Stage == rule.Open && t >= r.file.Decides {
			w.decideReview(r, now)
		}
		if r.file.Stage == rule.Closed {
			w.enforce(r, t)
		}
	}
}

// decideReview closes a case and carries out what is done once.
func (w *World) decideReview(r *inquiry, now rule.Now) {
	p := w.partnership(r, now.Month)
	v := r.terms.Decide(now, &r.file, p)
	if w.told() && !r.quiet {
		w.tellVerdict(r, v, p, now.Month)
	}
	if v.Outcome == rule.SellDown && !r.quiet {
		w.sellDown(r, now.Month)
	}
}

// partnership is what an authority finds between the two firms of a review.
func (w *World) partnership(r *inquiry, t unit.Month) rule.Partnership {
	var p rule.Partnership
	p.Votes = w.votes(r.terms.Holder, r.terms.Company)
	for n := range w.deals.contracts {
		switch w.restraint(r, id.Contract(n), t) {
		case contract.Exclusive:
			p.Exclusive, p.Objects[rule.DropExclusivity] = true, true
		case contract.Refusal:
			p.Exclusive, p.Objects[rule.DropFirstRefusal] = true, true
		case contract.Sharing:
			p.Objects[rule.CapRevenueShare] = true
		}
	}
	p.Objects[rule.SellDown] = w.stake(r.terms.Holder, r.terms.Company) > float64(r.terms.StakeCap)
	p.Objects[rule.Block] = w.firms[r.terms.Holder].investor >= 0
	p.Objects[rule.InformationWall] = w.firms[r.terms.Holder].lab >= 0
	return p
}

// votes is the share of a company's votes that a holder has; shares without votes count on neither side.
func (w *World) votes(holder, company id.Firm) float64 {
	if x := w.ties.has(holder, company); x != nil {
		return ratio(x.stake-x.silent, 1-w.silentShares()[company])
	}
	return 0
}

// stake is the share of a company that a holder has.
func (w *World) stake(holder, company id.Firm) float64 {
	if x := w.ties.has(holder, company); x != nil {
		return x.stake
	}
	return 0
}

// restraint is what a contract takes from the company of a review in favour of its holder, if a remedy may act on it.
func (w *World) restraint(r *inquiry, n id.Contract, t unit.Month) contract.Restraint {
	d, x := &w.deals, r.terms
	c, ok := d.contracts[n].Terms.(contract.Restrainer)
	if !ok || !d.active(n, t) || d.parties[n] != [2]id.Firm{x.Company, x.Holder} {
		return contract.Unrestrained
	}
	for _, only := range x.Only {
		if only == n {
			return c.Restrains()
		}
	}
	if len(x.Only) > 0 {
		return contract.Unrestrained
	}
	return c.Restrains()
}

// enforce holds the two firms of a closed case to its remedy, in contracts of the day and later ones.
func (w *World) enforce(r *inquiry, t unit.Month) {
	if r.file.Outcome == rule.InformationWall {
		if l := w.firms[r.terms.Holder].lab; l >= 0 {
			w.labs[l].walled = max(w.labs[l].walled, float64(r.terms.Wall))
		}
		return
	}
	against := aim(r.file.Outcome)
	if against == contract.Unrestrained {
		return
	}
	for i := range w.deals.contracts {
		if n := id.Contract(i); w.restraint(r, n, t) == against {
			w.curb(r, n, t)
		}
	}
}

// aim is the restraint that a remedy acts on, if it acts on contracts.
func aim(o rule.Outcome) contract.Restraint {
	switch o {
	case rule.DropExclusivity:
		return contract.Exclusive
	case rule.DropFirstRefusal:
		return contract.Refusal
	case rule.CapRevenueShare:
		return contract.Sharing
	}
	return contract.Unrestrained
}

// curb ends a contract, or caps a share of revenue.
func (w *World) curb(r *inquiry, n id.Contract, t unit.Month) {
	s := &w.deals.states[n]
	if limit := float64(r.terms.RateCap); r.file.Outcome == rule.CapRevenueShare && limit > 0 {
		if s.RateCap > 0 && s.RateCap <= limit {
			return
		}
		s.RateCap = limit
		if w.told() {
			p := w.deals.parties[n]
			w.tell(t, "rate-capped", p[0], p[1], n, w.name(p[0])+" pays "+w.name(p[1])+" no more than the rate that "+r.terms.Authority+" leaves.", share("highest rate", limit))
		}
		return
	}
	w.endContract(n, t)
	s.Ended = true
}

// caution is the chance that a holder leaves a right over a company unused because an authority looks on.
//
//	1 − Π Chill over open reviews      (12.3)
func (w *World) caution(holder, company id.Firm) float64 {
	left := 1.0
	for i := range w.inquiries {
		if r := &w.inquiries[i]; r.file.Stage == rule.Open && r.terms.Holder == holder && r.terms.Company == company {
			left = float64(left * float64(r.terms.Chill))
		}
	}
	return 1 - left
}

// looksAway reports whether the holder of an exclusivity leaves it unused for a month because an authority looks on.
func (w *World) looksAway(n id.Contract, t unit.Month) bool {
	p := w.deals.parties[n]
	caution := w.caution(p[1], p[0])
	return caution > 0 && rng.Bernoulli(w.uniform(rng.Review, w.firms[p[1]].luck^w.firms[p[0]].luck, t, 0), caution)
}

// measureReviews counts the open reviews that each firm stands in.
func (w *World) measureReviews(frame []float64) {
	for i := range w.inquiries {
		r := &w.inquiries[i]
		if r.file.Stage != rule.Open {
			continue
		}
		frame[w.m.Layout.Of(measure.OpenReviews, int(r.terms.Holder))]++
		if r.terms.Company != r.terms.Holder {
			frame[w.m.Layout.Of(measure.OpenReviews, int(r.terms.Company))]++
		}
	}
}

// mayNotBuy reports whether an investor may not buy shares of a company now: for good, or until a review is over.
func (w *World) mayNotBuy(investor, company id.Firm) (now, forGood bool) {
	for i := range w.inquiries {
		r := &w.inquiries[i]
		if r.terms.Holder != investor || r.terms.Company != company {
			continue
		}
		forGood = forGood || r.file.Stage == rule.Closed && (r.file.Outcome == rule.Block || r.file.Outcome == rule.SellDown)
		now = now || r.file.Stage == rule.Open && r.terms.Standstill
	}
	return now || forGood, forGood
}

// hold keeps a purchase that a review does not let happen now, or drops it, and reports whether it did.
func (w *World) hold(p contract.Purchase, t unit.Month) bool {
	now, forGood := w.mayNotBuy(p.Investor, p.Company)
	if !now {
		return false
	}
	if !forGood {
		w.held = append(w.held, p)
	}
	if w.told() {
		kind, what := "held", " must wait with "
		if forGood {
			kind, what = "blocked", " may not put in "
		}
		w.tell(t, kind, p.Investor, p.Company, p.Contract, w.name(p.Investor)+what+money(p.Amount.Dollars())+" for shares of "+w.name(p.Company)+".", usd("amount", p.Amount.Dollars()))
	}
	return true
}

// releaseHeld lets purchases happen that waited for a review which is over.
func (w *World) releaseHeld(t unit.Month) {
	keep := w.held[:0]
	for _, p := range w.held {
		switch now, forGood := w.mayNotBuy(p.Investor, p.Company); {
		case now && !forGood:
			keep = append(keep, p)
		default:
			w.count(p, p.Amount)
			w.purchaseShares(p, t)
		}
	}
	w.held = keep
}

// sellDown makes a holder sell shares of the company to the public at the last price, down to what it may keep.
func (w *World) sellDown(r *inquiry, t unit.Month) {
	f, company := r.terms.Holder, r.terms.Company
	x := w.ties.has(f, company)
	if x == nil || x.stake <= float64(r.terms.StakeCap) {
		return
	}
	sold := x.stake - float64(r.terms.StakeCap)
	price := unit.Dollars(sold * w.firms[company].value)
	before := x.stake
	cost := w.sellShares(f, company, sold, price, ledger.For("sell-down"))
	if w.told() {
		w.tellOf(t, "sell-down", f, company, r.key, w.name(f)+" sells shares of "+w.name(company)+" for "+money(price.Dollars())+".",
			share("stake before", before), share("stake left", x.stake), usd("value of the company", w.firms[company].value), usd("cost of what is sold", cost.Dollars()))
	}
}

func (w *World) tellReview(r *inquiry, t unit.Month) {
	x := r.terms
	w.tellOf(t, "review-opened", x.Holder, x.Company, r.key, x.Authority+" opens a review of what "+w.name(x.Holder)+" holds in "+w.name(x.Company)+".",
		share("votes", w.votes(x.Holder, x.Company)), share("use that is left of rights", float64(x.Chill)), months("months to the decision", float64(r.file.Decides-t)))
}

func (w *World) tellVerdict(r *inquiry, v rule.Verdict, p rule.Partnership, t unit.Month) {
	x := r.terms
	kind, what := "review-closed", x.Authority+" clears what "+w.name(x.Holder)+" holds in "+w.name(x.Company)
	switch {
	case v.Outcome != rule.Cleared:
		kind, what = "remedy", x.Authority+" orders a remedy for "+w.name(x.Holder)+" and "+w.name(x.Company)+": "+v.Outcome.String()
	case v.Stated:
	case !v.Influence:
		what += ": no influence is found"
	case !v.Jurisdiction:
		what += ": it has no jurisdiction"
	}
	why := []Reason{months("months since it opened", float64(t-r.file.Opened)), share("votes", p.Votes)}
	if !v.Stated {
		why = append(why, share("chance of a remedy", v.Chance))
	}
	w.tellOf(t, kind, x.Holder, x.Company, r.key, what+".", why...)
}
