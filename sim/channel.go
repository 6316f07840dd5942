package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// openChannels notes what reach the lab's channels of the start have: it lies in the fitted appeal.
func (w *World) openChannels() {
	for i := range w.labs {
		for s := range w.segments {
			w.labs[i].reach[s], _ = w.reach(i, s, w.m.Start)
			w.labs[i].reach0[s] = w.labs[i].reach[s]
		}
	}
}

// channel is that of a contract, and whether it sells for a lab in a segment in month t.
func (w *World) channel(n id.Contract, terms contract.Distributor, lab, s int, t unit.Month) (contract.Channel, bool) {
	d := &w.deals
	if !d.holds(n, t) {
		return contract.Channel{}, false
	}
	c := terms.Opens(&d.states[n])
	return c, c.Lab == w.labs[lab].firm && c.Segment == segmentNames[s] && !w.firms[c.Firm].failed
}

// reach is the part of a segment's customers whom a lab's channels reach, who overlap by chance, and the sum of
// what each reaches.
//
//	R = 1 − Π(1 − Reach)
func (w *World) reach(lab, s int, t unit.Month) (all, sum float64) {
	missed := 1.0
	for n, terms := range w.deals.channels.each {
		if c, ok := w.channel(n, terms, lab, s, t); ok {
			missed *= 1 - float64(c.Reach)
			sum += float64(c.Reach)
		}
	}
	return 1 - missed, sum
}

// openDoors sets what channels do to this month's choice in a segment: the utility of reach that was not there at the
// start, and spend that stays where it is.
func (w *World) openDoors(s int, t unit.Month) {
	g := &w.segments[s]
	for i := range w.labs {
		l := &w.labs[i]
		l.reach[s], l.doors[s] = w.reach(i, s, t)
		g.choice.Reach[i] = l.reach[s] - l.reach0[s]
		g.locked[i] = 0
	}
	for n, terms := range w.deals.channels.each {
		for i := range w.labs {
			c, ok := w.channel(n, terms, i, s, t)
			if !ok || w.deals.contracts[n].Signed <= w.m.Start {
				continue
			}
			g.locked[i] += float64(g.spend[i] * w.deals.states[n].Through * float64(c.Lock))
			if w.told() && w.deals.contracts[n].Signed == t {
				w.tell(t, "channel", c.Lab, c.Firm, n, w.name(c.Firm)+" begins to sell the models of "+w.name(c.Lab)+".",
					share("customers it reaches", float64(c.Reach)), share("reached by all of the lab's channels", w.labs[i].reach[s]),
					number("utility", g.rules.DistributionBonus*g.choice.Reach[i]))
			}
		}
	}
}

// throughDoors follows what is spent through each channel when a segment's spend has moved: keep is the part that a
// segment which shrinks leaves of it, pool what chose anew.
//
//	V ← (1 − w·(1 − LockIn))·V + new·R·Reach/ΣReach
func (w *World) throughDoors(s int, t unit.Month, keep, pool float64) {
	g := &w.segments[s]
	moves := float64(g.rules.Switching) / 12
	for n, terms := range w.deals.channels.each {
		if !w.deals.active(n, t) {
			continue
		}
		x := &w.deals.states[n]
		c := terms.Opens(x)
		i := w.firms[c.Lab].lab
		if c.Segment != segmentNames[s] || g.spend[i] <= 0 {
			continue
		}
		locked, won := 0.0, 0.0
		if w.deals.contracts[n].Signed > w.m.Start {
			locked = float64(c.Lock)
		}
		if _, sells := w.channel(n, terms, i, s, t); sells {
			won = float64(pool * g.choice.Flow[i] * w.labs[i].reach[s] * float64(c.Reach) / w.labs[i].doors[s])
		}
		stayed := float64(keep * g.before[i] * x.Through * (1 - float64(moves*(1-locked))))
		x.Through = min(1, (stayed+won)/g.spend[i])
	}
}

// measureChannels reads what was sold through each channel.
func (w *World) measureChannels(t unit.Month) {
	for n, terms := range w.deals.channels.each {
		if !w.deals.active(n, t) {
			continue
		}
		x := &w.deals.states[n]
		c := terms.Opens(x)
		for s := range w.segments {
			if c.Segment == segmentNames[s] {
				w.ties.find(c.Lab, c.Firm).resold += float64(w.labs[w.firms[c.Lab].lab].revenue[s] * x.Through)
			}
		}
	}
}
