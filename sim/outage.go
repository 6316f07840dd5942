package sim

import (
	"powerplay/sim/id"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// live is the capacity of a cloud that is in service and runs.
func (c *cloudState) live() float64 { return float64(c.energised * (1 - c.out)) }

// outages sets what part of each cloud's capacity is out of service.
func (w *World) outages(t unit.Month) {
	for i := range w.clouds {
		c := &w.clouds[i]
		c.outBefore, c.out = c.out, w.out(i, t, t)
	}
}

// out is the part of a cloud's capacity that outages known in month t keep out of service in a later month. Outages
// that meet do so by chance.
//
//	1 − Π(1 − part of the cloud that is hit·out)
//
// A cloud's capacity stands in its regions by their shares in its new sites.
func (w *World) out(cloud int, t, later unit.Month) float64 {
	up := 1.0
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		if o, ok := s.Terms.(*shock.Outage); ok && t >= s.Starts {
			up *= 1 - float64(w.hit(cloud, o)*o.Out(later-s.Starts))
		}
	}
	return 1 - up
}

// hit is the part of a cloud's capacity that stands where an outage is.
func (w *World) hit(cloud int, o *shock.Outage) float64 {
	if o.Cloud != id.None && o.Cloud != w.clouds[cloud].firm {
		return 0
	}
	if o.Region == id.NoRegion {
		return 1
	}
	part := 0.0
	for _, r := range w.cloud(cloud).Regions {
		if r.Key == w.m.Regions[o.Region].Key {
			part += float64(r.Share)
		}
	}
	return part
}

// tellOutage names the clouds that an outage hits, and says when all of it is back.
func (w *World) tellOutage(s *shock.Shock, o *shock.Outage, t unit.Month) {
	for i := range w.clouds {
		c := &w.clouds[i]
		part := w.hit(i, o)
		if part <= 0 || c.energised <= 0 {
			continue
		}
		dark := unit.MW(c.energised * part * o.Out(t-s.Starts))
		switch {
		case t == s.Starts:
			w.tellShock(t, "outage", s, c.firm, id.None, w.name(c.firm)+" loses "+power(dark)+" for a time.", mw("out of service", dark),
				mw("in service before", unit.MW(c.energised)), share("part of it that stands there", part), months("lasts", float64(o.Lasts)), months("then returns over", float64(o.Returns)))
		case t > s.Starts && dark == 0 && o.Out(t-1-s.Starts) > 0:
			w.tellShock(t, "outage-over", s, c.firm, id.None, w.name(c.firm)+" has all of {its|their} capacity back.", mw("in service", unit.MW(c.live())))
		}
	}
}

// tellShort says which tenants a cloud leaves short in the month in which an outage begins.
func (w *World) tellShort(t unit.Month) {
	for i := range w.m.Shocks {
		s := &w.m.Shocks[i]
		o, ok := s.Terms.(*shock.Outage)
		if !ok || s.Starts != t {
			continue
		}
		for k := range w.ties.list {
			x := &w.ties.list[k]
			seller := w.firmOf(x.b)
			if x.contracted <= 0 || seller == nil || seller.cloud < 0 || w.hit(seller.cloud, o) <= 0 {
				continue
			}
			due := 0.0
			for n := range w.lots {
				if l := &w.lots[n]; l.Buyer == x.a && l.Seller == x.b {
					due += float64(l.Due(t))
				}
			}
			if due > x.delivered {
				w.tellShock(t, "short", s, x.a, x.b, w.name(x.a)+" gets "+power(unit.MW(due-x.delivered))+" less from "+w.name(x.b)+" than it has signed.",
					mw("due", unit.MW(due)), mw("delivered", unit.MW(x.delivered)))
			}
		}
	}
}
