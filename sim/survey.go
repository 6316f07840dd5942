package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// survey goes over the sites under way once: it drops those that are done, keeping the order of the rest, and adds up what
// plans, bids and bills of the month ask of them. What is ordered in a month counts from the next survey on.
func (w *World) survey(t unit.Month) {
	w.left = false
	w.ordered, w.onsite = 0, 0
	w.powered = resize(w.powered, len(w.deals.contracts))
	clear(w.powered)
	for i := range w.clouds {
		c := &w.clouds[i]
		c.supplied, c.saved, c.spending, c.young, c.leasing.pipeline = 0, 0, 0, c.young[:0], 0
		c.leasing.then = t.After(c.leasing.lead)
		clear(c.change[:])
	}
	b, keep := &w.m.Market.Build, 0
	for i := range w.sites {
		s := &w.sites[i]
		if s.Stage != asset.Building && s.Stage != asset.Ready {
			continue
		}
		if keep < i { // a site is a large thing to copy
			w.sites[keep] = *s
			s = &w.sites[keep]
		}
		c := &w.clouds[s.Cloud]
		if s.Stage == asset.Building && t-s.Ordered <= unstarted {
			c.young = append(c.young, int32(keep))
		}
		keep++
		w.countSite(s)
		if s.Chips != id.NoContract {
			w.countUnder(s, c)
		}
		c.reckonSite(s, t, b)
		c.expectSite(s, t, b)
	}
	w.sites = w.sites[:keep]
}

// countSite counts a site to those under way.
func (w *World) countSite(s *asset.Site) {
	w.ordered += float64(s.Size)
	if s.Onsite {
		w.onsite += float64(s.Size)
	}
}

// countUnder counts a site to what its owner has under way that takes chips under contracts, and to the power that waits for
// those of its contract.
func (w *World) countUnder(s *asset.Site, c *cloudState) {
	c.supplied += float64(s.Size - s.Live)
	c.saved += float64(float64(s.Size-s.Live) * s.Saving)
	if s.Stage == asset.Ready {
		w.powered[s.Chips] += float64(s.Powered - s.Live)
	}
}

// reckonSite adds what a site will cost in the next twelve months to its owner's spending, and what of it will be in service
// at the end of the lead of a lease.
func (c *cloudState) reckonSite(s *asset.Site, t unit.Month, b *asset.Build) {
	left, wait := float64(s.Size-s.Live), max(0, max(s.Shell, s.Grid)-t)
	if s.Stage == asset.Building && s.Shell > max(t, s.Ordered) && !s.Leased {
		c.spending += b.Building(float64(s.Size)*float64(s.Cost)) * min(12, float64(s.Shell-t)) / float64(s.Shell-s.Ordered)
	}
	if months := c.leasing.then - t - wait; months >= 0 { // of filling
		c.leasing.pipeline += min(left, float64(s.Size)/float64(b.FitOut)*float64(months+1))
	}
	if wait < 12 {
		part := min(1, float64(12-wait)/float64(b.FitOut))
		c.spending += float64(b.Equipment(left*float64(s.Cost), s.Saving) * part)
	}
}

// expectSite counts what chips will fill of a site, in equal parts over its fit-out from when its shell and its grid are there.
func (c *cloudState) expectSite(s *asset.Site, t unit.Month, b *asset.Build) {
	first, months := int(max(s.Shell, s.Grid)-t), 1.0 // of filling
	if first < 1 {
		first, months = 1, 2
	}
	if first > ahead {
		return
	}
	step, left, filled := float64(s.Size)/float64(b.FitOut), float64(s.Size-s.Live), 0.0
	change := c.change[first:]
	for k := range change {
		then := min(left, float64(step*months))
		change[k] += then - filled
		if filled = then; filled >= left {
			return
		}
		months++
	}
}
