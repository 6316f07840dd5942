package sim

import (
	"math"

	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// observe turns last month's closed measures into what firms expect. Nobody looks into another's books here:
// a firm reads its own measures and posted prices.
func (w *World) observe(unit.Month) {
	for i := range w.labs {
		l := &w.labs[i]
		now := w.own(measure.RevenueRunRate, int(l.firm), 0)
		before := w.own(measure.RevenueRunRate, int(l.firm), 1)
		l.expect(now, before, float64(w.lab(i).Growth))
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		c.growth = w.cloud(i).Expect(c.growth, c.asked, c.askedBefore)
		c.askedBefore = c.asked
	}
	for i := range w.firms {
		f := &w.firms[i]
		f.burn[2], f.burn[1] = f.burn[1], f.burn[0]
		f.burn[0] = -f.operating + f.capexAtRisk()
	}
}

// own reads a measure of a firm, lag months before the last close.
func (w *World) own(m measure.ID, firm, lag int) float64 {
	return w.panel.Lag(w.m.Layout.Of(m, firm), lag)
}

// capexAtRisk counts capital expenditure as burn for a firm that does not live from another business.
func (f *firmState) capexAtRisk() float64 {
	if f.closes {
		return 0
	}
	return f.capex
}

// meanBurn is the cash used a month before funding, dollars; negative when cash comes in. It is reckoned to the cent: a
// lab that pays out all it takes burns nothing, whatever rounding leaves of the sum.
func (f *firmState) meanBurn() float64 {
	return math.Round((f.burn[0]+f.burn[1]+f.burn[2])*100/3) / 100
}

// smoothing is the weight of the newest month in a lab's view of its own growth.
const smoothing = 0.15

// expect updates the lab's view of the growth of its revenue, log a month. first is its growth in the year
// before the start.
func (l *labState) expect(now, before, first float64) {
	if !l.observed {
		l.observed = true
		l.growth = num.Log(1+first) / 12
		return
	}
	if now > 0 && before > 0 {
		change := max(-0.3, min(0.3, num.Log(now/before)))
		l.growth = float64((1-smoothing)*l.growth) + float64(smoothing*change)
	}
}
