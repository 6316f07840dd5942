package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// export is a regime of export control during a run.
type export struct {
	terms  *rule.ExportControl
	key    string
	luck   uint64
	regime rule.Regime
	covers []bool  // by supplier
	sales  []sales // by supplier
	sent   float64 // H100e under the quota this year
	full   bool    // the quota of the year is used up
	tight  int     // months of quota or denial
}

// sales are a maker's shipments to a region in the last three months.
type sales struct {
	dollars, compute [quarter]float64
	levied           float64 // dollars of levy this year
}

const quarter = 3

func (s *sales) mean() (dollars, compute float64) {
	return num.Sum(s.dollars[:]) / quarter, num.Sum(s.compute[:]) / quarter
}

// openExports takes over the scenario's regimes as they stand at the start.
func (w *World) openExports() {
	w.exports = w.exports[:0]
	for i := range w.m.Regulation {
		r := &w.m.Regulation[i]
		terms, ok := r.Terms.(*rule.ExportControl)
		if !ok {
			continue
		}
		n := len(w.exports)
		var covers []bool
		var old []sales
		if n < cap(w.exports) {
			covers, old = w.exports[:n+1][n].covers[:0], w.exports[:n+1][n].sales[:0]
		}
		e := export{terms: terms, key: r.Key, luck: rng.Luck(r.Key), covers: covers, sales: old}
		for k := range w.suppliers {
			e.covers = append(e.covers, w.falls(terms, w.suppliers[k].firm))
			e.sales = append(e.sales, sales{})
		}
		terms.Turn(rule.Now{Month: w.m.Start, Run: w.run, Luck: e.luck}, &e.regime)
		w.exports = append(w.exports, e)
	}
	w.openPassages()
	w.reckonAccess()
}

// passage is the way of a maker's chips into a region, to owners who are at home in one.
type passage struct {
	open   bool  // the maker may ship
	own    bool  // to its own sites alone
	regime int32 // place of the regime in force over it, -1 if there is none
}

// openPassages reckons all of them, by maker and both regions. A regime takes the place of the maker's own regions.
func (w *World) openPassages() {
	w.passages = w.passages[:0]
	for x := range w.suppliers {
		maker, terms := w.suppliers[x].firm, w.supplier(x)
		for home := range w.regions {
			for r := range w.regions {
				p := passage{terms.ShipsTo(maker, maker, id.Region(r)), terms.OwnOnly, w.inForce(x, id.Region(home), id.Region(r))}
				if p.regime >= 0 {
					p.open = w.exports[p.regime].regime.State != rule.Denied
				}
				w.passages = append(w.passages, p)
			}
		}
	}
}

// inForce returns the place of the regime in force over what a maker ships into a region, -1 if there is none.
func (w *World) inForce(x int, home, r id.Region) int32 {
	for i := range w.exports {
		e := &w.exports[i]
		if e.regime.Acts && e.covers[x] && (e.terms.Region == r || e.terms.Reach == "owners" && e.terms.Region == home) {
			return int32(i)
		}
	}
	return -1
}

// passage returns the way of a maker's chips to an owner's site.
func (w *World) passage(x int, owner id.Firm, r id.Region) *passage {
	return &w.passages[(x*len(w.regions)+int(w.firms[owner].home))*len(w.regions)+int(r)]
}

// falls reports whether a maker's chips fall under a regime.
func (w *World) falls(terms *rule.ExportControl, maker id.Firm) bool {
	for _, f := range terms.Makers {
		if f == maker {
			return true
		}
	}
	return len(terms.Makers) == 0 && w.firms[maker].home != terms.Region
}

// controlExports lets regimes change before anything is shipped.
func (w *World) controlExports(t unit.Month) {
	turned := false
	for i := range w.exports {
		e := &w.exports[i]
		if t.InYear() == 1 {
			e.sent, e.full = 0, false
			for k := range e.sales {
				e.sales[k].levied = 0
			}
		}
		was := e.regime
		if e.terms.Turn(rule.Now{Month: t, Measures: w.panel, Run: w.run, Luck: e.luck}, &e.regime) {
			e.sent, e.full, turned = 0, false, true
			if w.told() {
				w.tellRegime(e, &was, t)
			}
			if e.regime.State == rule.Denied && was.State != rule.Denied {
				w.strand(e, t)
			}
		}
		if w.told() {
			if x := e.terms.Announced(t); x != nil {
				w.tellOf(t, "export-notice", id.None, id.None, e.key, "A change of what may be shipped to "+w.m.Regions[e.terms.Region].Name+" is announced: "+x.State.String()+".",
					months("notice", float64(x.Notice)), share("levy", float64(x.Levy)), reason("quota a year", float64(x.Quota), unit.DimH100e))
			}
		}
		if e.regime.Restricts() {
			e.tight++
		}
		for k := range e.sales {
			e.sales[k].dollars[t%quarter], e.sales[k].compute[t%quarter] = 0, 0
		}
	}
	if turned {
		w.openPassages()
	}
	w.reckonAccess()
}

// strand writes off what makers had made for a region to which they may ship no longer.
//
//	loss = Stranded × mean sales there of the last three months × (1 − margin)
func (w *World) strand(e *export, t unit.Month) {
	for x := range w.suppliers {
		dollars, compute := e.sales[x].mean()
		s := &w.suppliers[x]
		loss := unit.Dollars(float64(e.terms.Stranded) * dollars * (1 - float64(w.supplier(x).Margin)))
		if !e.covers[x] || loss <= 0 {
			continue
		}
		s.stranded += float64(float64(e.terms.Stranded) * compute)
		w.pay(s.firm, w.outside, ledger.Impairment, ledger.OtherIncome, loss, ledger.For("stranded chips"))
		if w.told() {
			w.tellOf(t, "write-down", s.firm, id.None, e.key, w.name(s.firm)+" writes off chips made for "+w.m.Regions[e.terms.Region].Name+" for "+money(loss.Dollars())+".",
				usd("sold there in a month", dollars), months("months made ahead", float64(e.terms.Stranded)), reason("compute lost", s.stranded, unit.DimH100e))
		}
	}
}

// regime returns the regime in force over what a maker ships to an owner's site, nil if there is none.
func (w *World) regime(x int, owner id.Firm, r id.Region) *export {
	if i := w.passage(x, owner, r).regime; i >= 0 {
		return &w.exports[i]
	}
	return nil
}

// mayShip reports whether a maker may ship to an owner's site.
func (w *World) mayShip(x int, owner id.Firm, r id.Region) bool {
	p := w.passage(x, owner, r)
	return p.open && (!p.own || w.suppliers[x].firm == owner)
}

// expectsChips reports whether a cloud can expect chips for a site that it orders in a region now: some maker on its
// list may ship there, and a quota is not spoken for by what is under way.
//
//	(sites under way in the region + size)·density ≤ quota·lead of its sites/12
func (w *World) expectsChips(cloud int, r id.Region, size float64, t unit.Month) bool {
	owner := w.clouds[cloud].firm
	for _, from := range w.clouds[cloud].sources {
		x := from.supplier
		if x < 0 || !w.mayShip(x, owner, r) {
			continue
		}
		e := w.regime(x, owner, r)
		if e == nil || e.regime.State != rule.Quota {
			return true
		}
		want := (w.underWay(r) + size) * w.densityOf(x, t)
		if want <= float64(e.regime.Quota*float64(w.regions[r].lead)/12) {
			return true
		}
	}
	return false
}

// underWay is the power of all sites in a region that still want chips.
func (w *World) underWay(r id.Region) float64 {
	mw := 0.0
	for i := range w.sites {
		if s := &w.sites[i]; s.Region == r && s.Stage != asset.Gone {
			mw += float64(s.Size - s.Live)
		}
	}
	return mw
}

// declare counts a shipment under its regime and sets the levy on it aside.
func (w *World) declare(t unit.Month, x int, owner id.Firm, r id.Region, compute, dollars float64) {
	w.regions[r].received += compute
	e := w.regime(x, owner, r)
	if e == nil {
		return
	}
	s := &e.sales[x]
	e.sent += compute
	s.compute[t%quarter] += compute
	if owner == w.suppliers[x].firm { // its own chips are no sale
		return
	}
	s.dollars[t%quarter] += dollars
	levy := float64(e.regime.Levy * dollars)
	w.suppliers[x].levy += levy
	s.levied += levy
}

// ramp is the factor on the shipments of a maker at home in a region that others may not serve freely.
//
//	(1 + DomesticRamp)^(months of quota or denial/12)
func (w *World) ramp(maker id.Firm) float64 {
	factor := 1.0
	for i := range w.exports {
		if e := &w.exports[i]; e.tight > 0 && w.firms[maker].home == e.terms.Region {
			factor *= num.Pow(1+float64(e.terms.DomesticRamp), float64(e.tight)/12)
		}
	}
	return factor
}

// reckonAccess reckons what regimes leave of the research compute of a region's labs: the mean over the makers that fall
// under one, by what they ship. It is the same for all of them.
func (w *World) reckonAccess() {
	for r := range w.regions {
		left, all := 0.0, 0.0
		for x := range w.suppliers {
			for i := range w.exports {
				if e := &w.exports[i]; e.regime.Acts && e.covers[x] && e.terms.Region == id.Region(r) {
					left += float64(float64(w.supplier(x).Shipments) * e.terms.Access(&e.regime))
					all += float64(w.supplier(x).Shipments)
					break
				}
			}
		}
		w.regions[r].ruled, w.regions[r].access = all > 0, ratio(left, all)
	}
}

// chipAccess is the part of its compute that a lab can use for research: what the regimes over its home leave, or the
// lab's own where none is in force.
func (w *World) chipAccess(i int) float64 {
	if home := &w.regions[w.firms[w.labs[i].firm].home]; home.ruled {
		return home.access
	}
	return float64(w.lab(i).ChipAccess)
}

// billLevies lets makers pay what they owe on the month's exports.
func (w *World) billLevies(t unit.Month) {
	for x := range w.suppliers {
		s := &w.suppliers[x]
		w.pay(s.firm, w.outside, ledger.Levy, ledger.OtherIncome, unit.Dollars(s.levy), ledger.For("export levy"))
	}
	if !w.told() {
		return
	}
	for i := range w.exports {
		e := &w.exports[i]
		region := w.m.Regions[e.terms.Region].Name
		if e.regime.State == rule.Quota && e.sent >= e.regime.Quota*(1-1e-9) && !e.full {
			e.full = true
			w.tellOf(t, "quota", id.None, id.None, e.key, "The year's quota of chips for "+region+" is used up.", reason("quota a year", e.regime.Quota, unit.DimH100e))
		}
		for x := range e.sales {
			if s := &e.sales[x]; t.YearEnd() && s.levied > 0 {
				f := w.suppliers[x].firm
				w.tellOf(t, "levy", f, id.None, e.key, w.name(f)+" has paid "+money(s.levied)+" this year on chips for "+region+".", usd("levies", s.levied), share("levy now", e.regime.Levy))
			}
		}
	}
}

func (w *World) tellRegime(e *export, was *rule.Regime, t unit.Month) {
	s := &e.regime
	what := "What may be shipped to " + w.m.Regions[e.terms.Region].Name + " is " + s.State.String() + " from now on"
	if was.Acts {
		what += "; it was " + was.State.String()
	}
	w.tellOf(t, "export-rule", id.None, id.None, e.key, what+".",
		share("levy", s.Levy), reason("quota a year", s.Quota, unit.DimH100e), share("research compute of labs there", e.terms.Access(s)))
}
