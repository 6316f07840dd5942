package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// ban keeps customers from labs that they may not use: what they would have given it goes to the others on offer by
// their shares of choice, and within the phase-out so does what they spend with it.
//
//	f_i ← f_i·(1 − b),   f_j ← f_j·(1 + b·f_i/(1 − f_i))
//
// A ban older than the run lies in the shares to which appeal was fitted.
func (w *World) ban(s int, t unit.Month) {
	for i := range w.m.Shocks {
		x := &w.m.Shocks[i]
		b, ok := x.Terms.(*shock.Ban)
		if !ok || x.Starts <= w.m.Start || !b.Covers(segmentNames[s]) {
			continue
		}
		lab := w.firms[b.Lab].lab
		g := &w.segments[s]
		flow := g.choice.Flow
		shut, away := b.Shut(t-x.Starts), float64(g.spend[lab]*b.Leave(t-x.Starts))
		others := 1 - flow[lab]
		if shut <= 0 || others <= 0 {
			continue
		}
		g.spend[lab] -= away
		moved := shut * flow[lab] / others
		flow[lab] *= 1 - shut
		for k := range flow {
			if k != lab {
				g.spend[k] += float64(away * flow[k] / others)
				flow[k] *= 1 + moved
			}
		}
	}
}

// tellBan names a ban that begins or ends.
func (w *World) tellBan(s *shock.Shock, b *shock.Ban, t unit.Month) {
	l := &w.labs[w.firms[b.Lab].lab]
	if l.gone || s.Starts <= w.m.Start {
		return
	}
	stake := 0.0
	for k := range w.segments {
		if b.Covers(segmentNames[k]) {
			stake += w.segments[k].spend[w.firms[b.Lab].lab]
		}
	}
	switch {
	case t == s.Starts:
		w.tellShock(t, "ban", s, b.Lab, id.None, "Some of "+w.name(b.Lab)+"'s customers may no longer use its models.",
			share("part of the segment", float64(b.Share)), runRate("spent with it by the segment", stake), months("to leave it", float64(b.PhaseOut)))
	case t > s.Starts && b.Shut(t-1-s.Starts) > 0 && b.Shut(t-s.Starts) == 0:
		w.tellShock(t, "ban-lifted", s, b.Lab, id.None, "The ban on "+w.name(b.Lab)+"'s models is lifted; who left chooses anew in time.",
			share("part of the segment", float64(b.Share)), runRate("spent with it by the segment", stake))
	}
}
