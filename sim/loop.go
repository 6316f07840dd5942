package sim

import (
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// bothWays returns what an investor put into a company in the window and what the company spent with it, credits
// included.
//
//	circular share       = min(invested, spent)/invested over 36 months      (13)
//	vendor finance share = min(invested, spent)/spent
func (t *ties) bothWays(x *tie, age unit.Month) (invested, spent float64) {
	keep := openingWeight(age)
	invested = x.investSum.Dollars() + float64(x.opening*keep)
	if back := t.back(x); back != nil {
		spent = back.spentSum.Dollars() + float64(back.openingSpend*keep)
	}
	return invested, spent
}

// systemCircular is the part of labs' equity of the last 36 months that went back to the investor as spend.
//
//	Σ min(invested, spent) over pairs / Σ equity of all labs      (13)
func (w *World) systemCircular(t unit.Month) float64 {
	all, back := 0.0, 0.0
	for k := range w.ties.list {
		x := &w.ties.list[k]
		if w.firmOf(x.b) == nil || w.firmOf(x.b).lab < 0 {
			continue
		}
		invested, spent := w.ties.bothWays(x, t-w.m.Start)
		all += invested
		back += min(invested, spent)
	}
	return ratio(back, all)
}

// measureSales writes what firms sell without the circular legs: each month's spend of a company with its investor
// counts but for the part that the investor's equity of 36 months covers.
//
//	outside = compute and chips sold − Σ over buyers spend·vendor finance share      (13)
//
// A leg through a third firm, such as a chip maker's money that a lab spends with a cloud, is not seen.
func (w *World) measureSales(t unit.Month, frame []float64) {
	lay := w.m.Layout
	compute, chips := frame[lay.Of(measure.ComputeRevenue, 0):], frame[lay.Of(measure.ChipRevenue, 0):]
	outside := frame[lay.Of(measure.SalesOutsideLoop, 0):]
	for i := range w.firms {
		outside[i] = compute[i] + chips[i]
	}
	for k := range w.ties.list {
		x := &w.ties.list[k]
		back := w.ties.back(x)
		if x.a == w.outside || back == nil || back.spend <= 0 {
			continue
		}
		invested, spent := w.ties.bothWays(x, t-w.m.Start)
		outside[x.a] = max(0, outside[x.a]-float64(back.spend*ratio(min(invested, spent), spent)))
	}
}
