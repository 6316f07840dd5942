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

// reckonSite adds what a site will cost in the next twelve months to its owner's spending, what of it will be in service at
// the end of the lead of a lease, and to what will be free what chips will fill of it: from when its shell and its grid are
// there in equal parts over its fit-out.
func (c *cloudState) reckonSite(s *asset.Site, t unit.Month, b *asset.Build) {
	left, step, wait := float64(s.Size-s.Live), float64(s.Size)/float64(b.FitOut), max(s.Shell, s.Grid)-t
	if s.Stage == asset.Building && s.Shell > max(t, s.Ordered) && !s.Leased {
		c.spending += b.Building(float64(s.Size)*float64(s.Cost)) * float64(min(12, s.Shell-t)) / float64(s.Shell-s.Ordered)
	}
	late := max(0, wait)
	if months := c.leasing.then - t - late; months >= 0 { // of filling
		c.leasing.pipeline += min(left, step*float64(months+1))
	}
	if late < 12 {
		part := min(1, float64(12-late)/float64(b.FitOut))
		c.spending += float64(b.Equipment(left*float64(s.Cost), s.Saving) * part)
	}
	c.fillFrom(wait, left, step)
}

// fillFrom notes for each month by how much more of a site will be filled, so many months from now on. What could be filled
// already is filled in the next month, beside that month's part.
func (c *cloudState) fillFrom(wait unit.Month, left, step float64) {
	months := 1.0 // of filling
	if wait < 1 {
		wait, months = 1, 2
	}
	if wait > ahead {
		return
	}
	change, filled := c.change[wait:], 0.0
	for k := range change {
		then := float64(step * months)
		if then >= left {
			change[k] += left - filled
			return
		}
		change[k] += then - filled
		filled = then
		months++
	}
}
