package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// feed brings the power of agreements to their buyers' sites: it binds sites that the agreement serves sooner than the
// grid would, and connects those whose power is there. They wait in no queue; a place in the grid's queue takes the
// region's room before others do, other forms take none.
func (w *World) feed(t unit.Month) {
	if len(w.deals.feeders) == 0 {
		return
	}
	w.unbind(t)
	for n, c := range w.deals.feeders.each {
		f := c.Feed(t)
		if t == max(w.deals.contracts[n].Signed, w.m.Start+1) && f.Starts > w.m.End && w.told() {
			w.tell(t, "power-too-late", f.Buyer, id.None, n, w.name(f.Buyer)+"'s "+power(f.Capacity)+" come in "+f.Starts.String()+", after the last month of the run, and do nothing in it.",
				months("months after the end", float64(f.Starts-w.m.End)))
		}
		if f.Connects && f.Capacity > 0 && f.Starts <= w.m.End && w.deals.active(n, t) && !w.stopped(n) {
			w.bind(n, &f, t)
			w.energise(n, &f, t)
		}
	}
}

// feedOf is what a power agreement gives in month t.
func (w *World) feedOf(n id.Contract, t unit.Month) contract.Feed {
	return w.deals.contracts[n].Terms.(contract.Feeder).Feed(t)
}

// unbind sends sites whose agreement is over before their power came back to the grid, which they ask anew.
func (w *World) unbind(t unit.Month) {
	for i := range w.sites {
		s := &w.sites[i]
		if s.Power == id.NoContract || w.deals.active(s.Power, t) && !w.stopped(s.Power) && w.feedOf(s.Power, t).Capacity > 0 {
			continue
		}
		if s.Power = id.NoContract; s.Powered < s.Size {
			s.Grid = t.After(w.m.Regions[s.Region].ConnectionTime)
		}
	}
}

// bind promises the power of an agreement to sites, in the order of the list: to those that the grid would keep waiting
// beyond their building and the month in which the ramp reaches them, and to those that are due while power stands unused.
// Others stay with the grid, which serves them in time.
func (w *World) bind(n id.Contract, f *contract.Feed, t unit.Month) {
	bound, least := unit.MW(w.deals.states[n].Taken), unit.MW(w.m.Market.Build.MinimumSite)
	for i := range w.sites {
		if s := &w.sites[i]; s.Power == n && s.Stage != asset.Gone {
			bound += s.Size - s.Powered
		}
	}
	for i := 0; i < len(w.sites) && f.Capacity-bound >= least; i++ {
		s := &w.sites[i]
		take := min(s.Size-s.Powered, f.Capacity-bound)
		if s.Owner != f.Buyer || s.Region != f.Region || s.Power != id.NoContract || s.Stage == asset.Gone || take < least {
			continue
		}
		when := f.When(bound + take)
		if s.Grid <= max(t, when, s.Shell) && max(s.Grid, when) > t {
			continue
		}
		if s.Size-s.Powered >= take+least {
			if s.Powered > 0 {
				continue // a site is cut only before it has power
			}
			s = w.split(i, take)
		}
		s.Power, s.Grid, s.Onsite = n, min(s.Grid, max(t, when, s.Shell)), false
		bound += s.Size - s.Powered
	}
}

// energise connects the sites of an agreement whose power is there.
func (w *World) energise(n id.Contract, f *contract.Feed, t unit.Month) {
	r := &w.regions[f.Region]
	for i := range w.sites {
		s := &w.sites[i]
		if s.Power != n || s.Stage == asset.Gone || s.Powered >= s.Size || t < s.Grid {
			continue
		}
		give := float64(s.Size - s.Powered)
		if f.Queued {
			give = min(give, r.room)
			r.room -= give
		}
		s.Powered += unit.MW(give)
		r.connected += give
		w.deals.states[n].Taken += give
		if w.told() && give > 0 {
			w.tell(t, "power-connected", s.Owner, id.None, n, w.name(s.Owner)+" connects "+power(unit.MW(give))+" to the power that it has agreed on.",
				months("months since the site's order", float64(t-s.Ordered)), mw("agreed and running", f.Running), mw("connected under the agreement", unit.MW(w.deals.states[n].Taken)))
		}
	}
}

// disconnect takes the power of a site that will not be built back: its region can connect as much anew, unless the site had
// its own generation, and what an agreement brought goes to the next of its buyer's sites.
func (w *World) disconnect(s *asset.Site, t unit.Month) {
	r, mw, queued := &w.regions[s.Region], float64(s.Powered), !s.Onsite
	if n := s.Power; n != id.NoContract {
		w.deals.states[n].Taken = max(0, w.deals.states[n].Taken-mw) // the grid may have connected a part of it before
		queued = w.feedOf(n, t).Queued
	}
	if queued {
		r.returned += mw
	}
	r.connected -= mw
	s.Powered = 0
}

// meterPower reads how much power each agreement gives to capacity that computes. What an agreement connects is used as far
// as its sites are filled and their chips have not worn out; what a purchase over the grid covers is the rest of its buyer's
// capacity in the region, by the region's share of its sites.
func (w *World) meterPower(t unit.Month) {
	w.drawn = resize(w.drawn, len(w.deals.contracts))
	clear(w.drawn)
	for _, connects := range [2]bool{true, false} {
		for n, a := range w.deals.feeders.each {
			f := a.Feed(t)
			if f.Connects != connects || f.Running <= 0 || !w.deals.active(n, t) || w.stopped(n) {
				continue
			}
			c := &w.clouds[w.firms[f.Buyer].cloud]
			mw := float64(f.Running)
			if connects {
				mw = min(mw, w.filled(n)*ratio(c.live(), c.energised+c.shells))
			}
			left := c.live() * w.regionShare(c, f.Region)
			for k, other := range w.deals.feeders.each {
				if g := other.Feed(t); k != n && g.Buyer == f.Buyer && g.Region == f.Region {
					left -= w.drawn[k]
				}
			}
			w.drawn[n] = max(0, min(mw, left))
		}
	}
}

// filled is the capacity connected under an agreement whose chips are in.
func (w *World) filled(n id.Contract) float64 {
	x := w.deals.states[n].Taken
	for i := range w.sites {
		if s := &w.sites[i]; s.Power == n {
			x -= float64(s.Powered - s.Live)
		}
	}
	return max(0, x)
}

// regionShare is the part of a cloud's sites that stands in a region.
func (w *World) regionShare(c *cloudState, r id.Region) float64 {
	for _, x := range c.regions {
		if x.region == r {
			return x.share
		}
	}
	return 0
}

// hours is the load of a megawatt in a month, in megawatt-hours.
func (w *World) hours() float64 { return hoursPerYear / 12 * float64(w.m.Market.Power.LoadFactor) }

// meterAgreement reads what an agreement on power is billed on.
func (w *World) meterAgreement(n id.Contract, c contract.Feeder, t unit.Month) {
	w.reading.Power, w.reading.Hours = unit.MW(w.drawn[n]), w.hours()
	w.reading.EnergyPrice = unit.USDPerMWh(w.energyPrice(c.Feed(t).Region, t))
}

// displaced is what a cloud does not pay at the region's prices in a month because agreements give it power: energy, and
// away from the grid the common charge for capacity.
func (w *World) displaced(c *cloudState, t unit.Month) float64 {
	x := 0.0
	for n, a := range w.deals.feeders.each {
		f := a.Feed(t)
		if f.Buyer != c.firm {
			continue
		}
		rate := float64(w.energyPrice(f.Region, t) * w.hours())
		if !f.Grid {
			rate += float64(w.m.Market.Power.CapacityCharge) / 12
		}
		x += float64(w.drawn[n] * rate)
	}
	return x
}
