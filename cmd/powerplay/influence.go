package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// influence says which kinds of event can move measures: of the firm, or of both firms of a pair, and of anyone. Those that
// act most directly stand first. Measures of the world and of regions are moved by what anyone does.
type influence struct {
	on          []measure.ID
	own, anyone []string
	received    []string // where there are any, they move the number of the counterpart, and own that of who decides
}

// influences is what explain goes by where it looks for what moved a number. Each measure is in one of them.
func influences() []influence {
	return []influence{
		{
			on: []measure.ID{
				measure.MarketShare, measure.MarketShareEnterprise, measure.MarketShareConsumer, measure.RevenueRunRate, measure.RevenueRunRateEnterprise,
				measure.RevenueRunRateConsumer, measure.Price, measure.GrossMargin, measure.UnmetDemand, measure.ReachEnterprise, measure.ReachConsumer,
				measure.ChannelSales, measure.MarketSize, measure.MarketSizeEnterprise, measure.MarketSizeConsumer, measure.HHI, measure.HHIEnterprise,
				measure.HHIConsumer, measure.HHIOwnerGroup,
			},
			own:    []string{"default", "rescue", "ban", "ban-lifted", "ration", "outage", "short", "release", "price-cut", "channel", "talent", "hire", "distress"},
			anyone: []string{"default", "open-weights", "shock", "release"},
		},
		{
			on:     []measure.ID{measure.Capability, measure.FrontierCapability, measure.ChipAccess},
			own:    []string{"default", "release", "talent", "hire", "distress", "plan"},
			anyone: []string{"open-weights", "export-rule", "release"},
		},
		{
			on: []measure.ID{
				measure.CapacityEnergised, measure.CapacityUnderConstruction, measure.CapacityAnnounced, measure.WaitingForPower, measure.WaitingForChips,
				measure.WaitingForMoney, measure.InstalledBase, measure.DeliveredChips, measure.Compute, measure.HHIComputeOwned, measure.TotalEnergised,
				measure.PowerConnected, measure.PowerQueued, measure.ChipsReceived, measure.ChipSupply, measure.ChipOrders, measure.Capex, measure.TotalCapex,
			},
			own:    []string{"default", "take-over", "outage", "outage-over", "energised", "order", "abandon", "cancel", "power-connected", "ready", "chip-switch", "chip-order", "allot", "relet", "call"},
			anyone: []string{"export-rule", "quota", "shock", "funding-regime"},
		},
		{
			on: []measure.ID{
				measure.CapacityContracted, measure.ContractedCapacity, measure.DeliveredCapacity, measure.CapacityUsed, measure.CapacityOwnUsed, measure.CapacityLet,
				measure.ComputeShare, measure.Utilisation,
				measure.ComputeNeed, measure.ExclusivityPrice, measure.CommitmentsOutstanding, measure.Spend, measure.ComputeRevenue, measure.HHIComputeUsed,
			},
			own: []string{
				"default", "exit", "breach", "match", "partial-match", "counter-offer", "lot", "matched lot", "placed-commitment", "relet", "relief", "pull-back", "lease-exit",
				"lease-stage", "short", "outage", "promise", "recut", "barred", "decline", "buy-out", "take-or-pay", "no-bid", "ration", "plan", "release",
			},
			anyone: []string{"shock", "default"},
		},
		{
			on: []measure.ID{
				measure.Cash, measure.Burn, measure.Runway, measure.OperatingCashFlow, measure.Profit, measure.Revenue, measure.ChipRevenue, measure.SalesOutsideLoop,
				measure.Debt, measure.DebtCover, measure.Pledged, measure.Levies,
			},
			own: []string{
				"default", "rescue", "round", "tranche", "member-loan", "loan", "project-debt", "loan-repaid", "refinanced", "repay", "lend", "convert", "claw-back", "guarantee-called",
				"margin-call", "forced-sale", "sell-down", "buy-out", "prepayment", "take-or-pay", "backstop", "revenue-share", "levy", "write-down", "call", "missed-call", "call-dropped",
				"covenant-breach", "relief", "clearing", "distress", "round-failed", "order", "energised",
			},
			anyone: []string{"shock", "funding-regime"},
		},
		{
			on: []measure.ID{
				measure.Invested, measure.Stake, measure.Votes, measure.CircularSharePair, measure.CircularShare,
				measure.VendorFinanceShare, measure.OpenReviews,
			},
			own: []string{
				"default", "rescue", "round", "tranche", "convert", "vest", "claw-back", "forced-sale", "sell-down", "remedy", "blocked", "held", "review-opened", "review-closed", "capped", "mark",
				"crowded-out", "open-part", "ticket", "call", "round-failed",
			},
			anyone: []string{"funding-regime", "shock"},
		},
		{
			on:       []measure.ID{measure.Valuation, measure.CapitalRaised, measure.CrowdedOut},
			own:      []string{"default", "rescue", "round", "mark", "round-failed"},
			received: []string{"tranche", "convert", "crowded-out", "claw-back", "ticket"},
			anyone:   []string{"funding-regime", "shock", "shock-over", "export-rule"},
		},
		{
			on:     []measure.ID{measure.RentPerGWYear, measure.H100Rental, measure.Sentiment},
			anyone: []string{"funding-regime", "shock", "shock-over", "default", "export-rule", "quota", "pull-back", "relief", "spot", "cancel", "allot", "order"},
		},
	}
}

// influenceOn finds what can move a measure.
func influenceOn(m measure.ID) influence {
	all := influences()
	return all[slices.IndexFunc(all, func(x influence) bool { return slices.Contains(x.on, m) })]
}

// rank is how directly a kind of event can move a number: 0 is most; ok is false where it cannot.
func (x influence) rank(e record.Event, c record.Column, scope measure.Scope) (rank int, ok bool) {
	party := func(firm string) bool {
		switch {
		case firm == "":
			return false
		case x.received == nil:
			return firm == e.Firm || firm == e.With
		case slices.Contains(x.received, e.Kind):
			return firm == e.With
		}
		return firm == e.Firm
	}
	kinds := slices.Concat(x.own, x.received, x.anyone)
	first := 0
	switch {
	case scope == measure.World || scope == measure.Region || party(c.Entity) && (c.With == "" || party(c.With)):
	case c.With != "" && (party(c.Entity) || party(c.With)):
		first = len(kinds)
	default:
		kinds, first = x.anyone, 2*len(kinds)
	}
	at := slices.Index(kinds, e.Kind)
	return first + at, at >= 0
}

// mover is an event that could have moved a number.
type mover struct {
	record.Event
	Like      int    `json:"like_it,omitempty"`   // more events of that kind between the same firms
	Otherwise string `json:"otherwise,omitempty"` // what the other option would have come to
}

// justBefore is how many months before a change an event can lie that moved it: customers and builders take their time.
const justBefore = 2

// movers are the events of a month and of those just before it that could have moved a number, those that act most directly
// first. Of several of a kind between the same firms the one with the largest first number stands for all.
func movers(events []record.Event, c record.Column, t unit.Month) []mover {
	m, _ := measure.Find(c.Metric)
	by := influenceOn(m)
	type ranked struct {
		mover
		rank int
	}
	var all []ranked
	for _, e := range events {
		rank, ok := by.rank(e, c, m.Def().Scope)
		if !ok || e.Month < t-justBefore || e.Month > t {
			continue
		}
		i := slices.IndexFunc(all, func(x ranked) bool { return x.Kind == e.Kind && x.Firm == e.Firm && x.With == e.With })
		switch {
		case i < 0:
			all = append(all, ranked{mover{Event: e, Otherwise: otherwise(e)}, rank})
		case size(e) > size(all[i].Event):
			all[i].mover = mover{e, all[i].Like + 1, otherwise(e)}
		default:
			all[i].Like++
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.Month, a.Month), cmp.Compare(size(b.Event), size(a.Event)))
	})
	out := []mover{}
	for _, x := range all {
		out = append(out, x.mover)
	}
	return out
}

// size is the first number of an event.
func size(e record.Event) float64 {
	if len(e.Why) == 0 || math.IsNaN(e.Why[0].Value) {
		return 0
	}
	return math.Abs(e.Why[0].Value)
}

// reasonOf finds a number behind an event.
func reasonOf(e record.Event, name string) (r record.Reason, ok bool) {
	i := slices.IndexFunc(e.Why, func(r record.Reason) bool { return r.Name == name && !math.IsNaN(r.Value) })
	if i < 0 {
		return r, false
	}
	return e.Why[i], true
}

// otherwise says what the option that was not taken would have come to, where an event's numbers tell it.
func otherwise(e record.Event) string {
	for _, x := range []struct{ kind, reason, words string }{
		{"lot", "market rent", "at the market it would have paid %s"},
		{"matched lot", "market rent", "at the market it would have paid %s"},
		{"placed-commitment", "market rent", "at the market it would have paid %s"},
		{"relet", "market rent", "at the market it would have paid %s"},
		{"call", "market rent", "at the market it would have paid %s"},
		{"order", "market rent", "rented from others it would cost %s"},
		{"cancel", "market rent", "built, it would have brought %s"},
		{"match", "offered rent", "not matched, it would have gone elsewhere at %s"},
		{"partial-match", "offered rent", "not matched, it would have gone elsewhere at %s"},
		{"decline", "worth of the lot", "matched, it would have been worth %s"},
		{"counter-offer", "offered rent", "the offer that it outbids stood at %s"},
		{"let-pass", "its own rent", "its own bid would have been %s"},
		{"barred", "barred rent", "free to choose, it would have paid %s"},
		{"exit", "lacks if it stays", "staying, it would have lacked %s"},
		{"stay", "given up if it leaves", "leaving, it would have given up %s"},
		{"recut", "would bring elsewhere", "let to others it would bring %s"},
		{"recut-refused", "would bring elsewhere", "let to others it would bring %s"},
		{"lease-exit", "saved", "staying would have cost %s"},
		{"buy-out", "cost of the right a year", "kept, the right would have cost %s a year"},
		{"release", "from following", "following others alone would have brought %s"},
		{"round", "last price", "at the last price it would have been worth %s"},
		{"tranche", "last price", "at the last price it would have been worth %s"},
		{"round-failed", "wanted", "closed, it would have brought %s"},
		{"rescue", "overdue", "without it %s stayed unpaid"},
		{"refinanced", "due", "not extended, %s would have been due"},
		{"locked", "ticket without the promise", "without its promise it would have put in %s"},
		{"crowded-out", "ticket in an open round", "in an open round it would have put in %s"},
		{"open-part", "they would have bought of the whole", "without the club others would have bought %s"},
	} {
		if r, ok := reasonOf(e, x.reason); ok && x.kind == e.Kind {
			return fmt.Sprintf(x.words, figure(r.Value, r.Unit))
		}
	}
	return ""
}
