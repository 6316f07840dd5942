package sim

import "powerplay/sim/id"

// countChips adds new capacity to what a cloud has in service with a maker's chips.
func (w *World) countChips(c *cloudState, maker id.Firm, mw float64) {
	for k, x := range w.m.Firms[c.firm].Cloud.Chips {
		if f, ok := w.m.Find(x.Key); ok && f == maker {
			c.mix[k] += mw
		}
	}
}

// chipsOf is the capacity in service with a maker's chips for a buyer: all in its own sites, whoever uses it, and
// what it rents, each lot counted wholly for the maker that it names; or what was filled under its chip supplies with the
// maker, if that is more.
func (w *World) chipsOf(buyer, maker id.Firm) float64 {
	if w.firms[maker].supplier < 0 {
		return 0
	}
	mw := 0.0
	if c := w.firms[buyer].cloud; c >= 0 {
		for k, x := range w.cloud(c).Chips {
			if f, ok := w.m.Find(x.Key); ok && f == maker {
				mw += w.clouds[c].mix[k]
			}
		}
	}
	for i := range w.lots {
		if l := &w.lots[i]; l.Buyer == buyer && l.Seller != buyer && l.Family == maker {
			mw += float64(l.Delivered)
		}
	}
	return max(mw, w.supplied(buyer, maker))
}
