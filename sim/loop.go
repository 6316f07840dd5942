package sim

import (
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// bothWays returns what an investor put into a company in the window and what the company spent with it, credits
// included. back is what the company has with the investor, nil if that is nothing; keep is the weight of what was before
// the start.
func (x *tie) bothWays(back *tie, keep float64) (invested, spent float64) {
	invested = x.investSum.Dollars() + float64(x.opening*keep)
	if back != nil {
		spent = back.spentSum.Dollars() + float64(back.openingSpend*keep)
	}
	return invested, spent
}

// measureTies writes what firms have with each other, and how much of it goes round: for pairs, for all labs together, and
// for each firm what it sells without the circular legs. Of a month's spend of a company with its investor these leave
// out the part that the investor's equity of 36 months covers.
//
//	circular share       = min(invested, spent)/invested over 36 months      (13)
//	vendor finance share = min(invested, spent)/spent
//	of all labs          = Σ min(invested, spent) over pairs / Σ equity of all labs
//	sales outside        = compute and chips sold − Σ over buyers spend·vendor finance share
//
// A leg through a third firm, such as a chip maker's money that a lab spends with a cloud, is not seen.
func (w *World) measureTies(t unit.Month, frame []float64) {
	lay := w.m.Layout
	compute, chips := frame[lay.Of(measure.ComputeRevenue, 0):], frame[lay.Of(measure.ChipRevenue, 0):]
	outside := frame[lay.Of(measure.SalesOutsideLoop, 0):]
	for i := range w.firms {
		outside[i] = compute[i] + chips[i]
	}
	silent, keep := w.silentShares(), openingWeight(t-w.m.Start)
	equity, circular := 0.0, 0.0 // of labs
	for k := range w.ties.list {
		x := &w.ties.list[k]
		back := w.ties.back(x)
		invested, spent := x.bothWays(back, keep)
		round := min(invested, spent)
		if f := w.firmOf(x.b); f != nil && f.lab >= 0 {
			equity += invested
			circular += round
		}
		if back != nil && back.spend > 0 && x.a != w.outside {
			outside[x.a] = max(0, outside[x.a]-float64(back.spend*ratio(round, spent)))
		}
		if x.pair < 0 {
			continue
		}
		put := func(m measure.ID, v float64) { frame[lay.Of(m, int(x.pair))] = v }
		put(measure.Stake, x.stake)
		put(measure.ContractedCapacity, x.contracted)
		put(measure.DeliveredCapacity, x.delivered)
		put(measure.DeliveredChips, x.fitted)
		put(measure.Votes, ratio(x.stake-x.silent, 1-silent[x.b]))
		put(measure.Spend, x.spend)
		put(measure.ChannelSales, x.resold)
		put(measure.Invested, x.invested+x.opening)
		put(measure.CircularSharePair, ratio(round, invested))
		put(measure.VendorFinanceShare, ratio(round, spent))
	}
	frame[lay.Of(measure.CircularShare, 0)] = ratio(circular, equity)
}
