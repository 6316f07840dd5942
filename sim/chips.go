package sim

import "powerplay/sim/id"

// countChips adds new capacity to what a cloud has in service with a maker's chips.
func (c *cloudState) countChips(maker id.Firm, mw float64) {
	for k := range c.sources {
		if c.sources[k].maker == maker {
			c.mix[k] += mw
		}
	}
}

// installed is what a cloud has in service with a supplier's chips. The pointer holds until the next call.
func (c *cloudState) installed(supplier int) *installed {
	for k := range c.base { // few suppliers serve one cloud
		if c.base[k].supplier == supplier {
			return &c.base[k]
		}
	}
	c.base = append(c.base, installed{supplier: supplier, tie: -1})
	return &c.base[len(c.base)-1]
}

// fitOwn begins to reckon the capacity in service with a maker's chips for a buyer: all in its own sites, whoever uses
// it. What it rents follows, each lot counted wholly for the maker that it names; see [World.measureLots].
func (w *World) fitOwn() {
	for i := range w.ties.list {
		w.ties.list[i].fitted = 0
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		for k := range c.sources {
			if x := w.ties.has(c.firm, c.sources[k].maker); x != nil {
				x.fitted += c.mix[k]
			}
		}
	}
}

// fitSupplied takes what was filled under chip supplies with the maker, where that is more.
func (w *World) fitSupplied() {
	for n := range w.deals.allots.each {
		p := w.deals.parties[n]
		if x := w.ties.has(p[0], p[1]); x != nil {
			x.fitted = max(x.fitted, w.supplied(p[0], p[1]))
		}
	}
}
