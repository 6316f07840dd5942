package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// openWeights publishes the models that labs give away this month. Buyers may run them from now on, whatever becomes
// of the lab; labs behind them learn.
//
//	C = max(C before, frontier − Behind);   followed ← followed + Absorbed·(C − followed) for labs below it
func (w *World) openWeights(t unit.Month, frontier float64) {
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		x, ok := s.Terms.(*shock.OpenWeightRelease)
		if !ok || s.Starts != t || w.labs[w.firms[x.Lab].lab].gone {
			continue
		}
		l := &w.labs[w.firms[x.Lab].lab]
		before, c := l.capability, max(l.capability, frontier-float64(x.Behind))
		l.capability, l.imitation = c, max(l.imitation, c)
		w.openModel = max(w.openModel, c)
		for k := range w.labs {
			f := &w.labs[k]
			f.imitation += float64(float64(x.Absorbed) * max(0, c-f.imitation))
		}
		if w.told() {
			w.tellRelease(s, x, before, frontier, t)
		}
	}
}

// undercut is the fall of a lab's log list price in a month in which open weights come near it.
func (w *World) undercut(lab int, t unit.Month) float64 {
	cut := 0.0
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		if x, ok := s.Terms.(*shock.OpenWeightRelease); ok && s.Starts == t && !w.labs[w.firms[x.Lab].lab].gone {
			cut += x.Cut(w.labs[lab].capability - w.labs[w.firms[x.Lab].lab].capability)
		}
	}
	return cut
}

// tellRelease names the model, the labs that it makes cheaper, and the makers whose value it marks down.
func (w *World) tellRelease(s *shock.Shock, x *shock.OpenWeightRelease, before, frontier float64, t unit.Month) {
	l := &w.labs[w.firms[x.Lab].lab]
	w.tellShock(t, "open-weights", s, x.Lab, id.None, w.name(x.Lab)+" publishes the weights of a model near the frontier.",
		points("capability", l.capability), points("its best before", before), points("best on sale", frontier), share("part of the gap that labs behind it close", float64(x.Absorbed)))
	for k := range w.labs {
		if f := &w.labs[k]; f.firm != x.Lab && !f.gone && x.Cut(f.capability-l.capability) > 0 {
			w.tellShock(t, "price-cut", s, f.firm, x.Lab, w.name(f.firm)+" cuts {its|their} list price against open weights.",
				number("fall of the log price", x.Cut(f.capability-l.capability)), points("lead over the open model", f.capability-l.capability))
		}
	}
	for k := range w.suppliers {
		f := w.suppliers[k].firm
		if v := w.firms[f].value; w.makesChips(f) && w.m.Firms[f].Listed && x.Mark > 0 {
			w.tellShock(t, "mark", s, f, x.Lab, w.name(f)+"'s market value falls; no cash moves.",
				usd("value before", v), usd("fall", float64(v*float64(x.Mark))), months("comes back over", float64(x.Recovers)))
		}
	}
}
