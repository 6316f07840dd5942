package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// shock moves what no firm decides: the regime and mood of the funding market, dated shocks, and what authorities
// open, decide and decree.
//
//	ln S ← memory·ln S + sd·√(1 − memory²)·z      (6.2)
func (w *World) shock(t unit.Month) {
	f := &w.m.Market.Funding
	memory := float64(f.SentimentMemory)
	z := rng.Normal(w.uniform(rng.Sentiment, 0, t, 0), 0, 1)
	w.mood = float64(memory*w.mood) + float64(f.SentimentSD*num.Pow(max(1e-12, 1-float64(memory*memory)), 0.5)*z)
	hazard := f.StressHazard
	if w.stressed {
		hazard = f.RecoveryHazard
	}
	if rng.Bernoulli(w.uniform(rng.FundingRegime, 0, t, 0), float64(hazard)) {
		w.stressed = !w.stressed
		if w.stressed {
			w.happened(t, "funding-stress", id.None)
		}
		if w.told() {
			what := "The funding market opens again."
			if w.stressed {
				what = "The funding market turns: rounds become hard to close."
			}
			w.tell(t, "funding-regime", id.None, id.None, id.NoContract, what, number("monthly chance", float64(hazard)))
		}
	}
	w.outages(t)
	if w.told() {
		w.tellShocks(t)
	}
	w.review(t)
	w.controlExports(t)
}

// takeFactors takes over what dated shocks multiply in a month.
func (w *World) takeFactors(t unit.Month) {
	w.factors = shock.In(t, w.m.Shocks, id.NoRegion)
	for r := range w.regions {
		w.regions[r].factors = shock.In(t, w.m.Shocks, id.Region(r))
	}
}

// factorIn is the factor on power or its price in a region.
func (w *World) factorIn(r id.Region, on shock.Target) float64 {
	return w.factors[on] * w.regions[r].factors[on]
}

// tellShocks names shocks in the month in which they begin, and in the one after their last.
func (w *World) tellShocks(t unit.Month) {
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		switch x := s.Terms.(type) {
		case *shock.Factor:
			w.tellFactor(s, x, t)
		case *shock.Outage:
			w.tellOutage(s, x, t)
		case *shock.Ban:
			w.tellBan(s, x, t)
		}
	}
}

func (w *World) tellFactor(s *shock.Shock, x *shock.Factor, t unit.Month) {
	on := x.On
	if x.Region != id.NoRegion {
		on += " in " + w.m.Regions[x.Region].Name
	}
	if t == s.Starts {
		w.tellShock(t, "shock", s, id.None, id.None, "Shock "+s.Key+" begins: "+on+" is multiplied by the factor.",
			number("factor", x.Factor), months("lasts", float64(x.Lasts)))
	}
	if t > s.Starts && t == s.Starts+x.Months() {
		w.tellShock(t, "shock-over", s, id.None, id.None, "Shock "+s.Key+" is over: "+on+" is back at its baseline.", number("factor", x.Factor))
	}
}

// tellShock passes an event on that has to do with a shock. It is only called when told.
func (w *World) tellShock(t unit.Month, kind string, s *shock.Shock, f, with id.Firm, what string, why ...Reason) {
	w.tellOf(t, kind, f, with, s.Key, what, why...)
}

// pullBacks lets firms walk away from signed capacity in the month in which the scenario says so.
func (w *World) pullBacks(t unit.Month) {
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		x, ok := s.Terms.(*shock.PullBack)
		if !ok || s.Starts != t || w.firms[x.Firm].failed {
			continue
		}
		gone := w.pullBack(x.Firm, x.Share, t)
		if w.told() {
			w.tellShock(t, "shock", s, x.Firm, id.None, "Shock "+s.Key+": "+w.name(x.Firm)+" gives up "+power(gone)+" of what it has signed and has not got.",
				mw("given up", gone), share("part of what is not in service", float64(x.Share)), months("asks for none for", float64(x.Pause)))
		}
	}
}

// pauses reports whether a firm that has walked away from capacity still wants none.
func (w *World) pauses(f id.Firm, t unit.Month) bool {
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		if x, ok := s.Terms.(*shock.PullBack); ok && x.Firm == f && x.Pauses(t-s.Starts) {
			return true
		}
	}
	return false
}

// sentiment is the multiple that the mood of the market puts on prices.
func (w *World) sentiment() float64 {
	return num.Exp(w.mood) * w.factors[shock.Sentiment]
}
