package sim

import (
	"slices"

	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// develop moves each maker's compute per dollar and per megawatt against the market leader's along its path, which
// contracts to develop chips together make steeper.
//
//	price ← price·((1+price_trend)·Π(1−gain))^(1/12),  density ← density·((1+density_trend)·Π(1+gain))^(1/12)
func (w *World) develop(t unit.Month) {
	for i := range w.suppliers {
		w.improve(i, w.suppliers[i].pace)
	}
	for n, c := range w.deals.allots.each {
		if a := c.Allot(t); w.deals.active(n, t) && !w.stopped(n) {
			w.improve(w.firms[a.Maker].supplier, monthly(-float64(a.PriceGain), float64(a.DensityGain)))
		}
	}
}

// farthest bounds how far a maker gets ahead of the market leader or falls behind.
const farthest = 10

// pace is by what a maker's price and density are multiplied in a month.
type pace struct{ price, density float64 }

// monthly is the pace of two yearly rates.
func monthly(price, density float64) pace {
	return pace{num.Exp(num.Log(1+price) / 12), num.Exp(num.Log(1+density) / 12)}
}

// improve moves a maker by a month.
func (w *World) improve(x int, by pace) {
	s := &w.suppliers[x]
	s.price = max(1.0/farthest, min(farthest, s.price*by.price))
	s.density = max(1.0/farthest, min(farthest, s.density*by.density))
	s.saving = w.supplier(x).Saving(s.price, s.density)
}

// saving is what a megawatt of a maker's chips costs now less than one of the market leader's, as a share.
func (w *World) saving(x int) float64 { return w.suppliers[x].saving }

// allotment is what a contract promises of a maker's chips up to month t.
func (w *World) allotment(n id.Contract, t unit.Month) contract.Allotment {
	return w.deals.contracts[n].Terms.(contract.Allocator).Allot(t)
}

// volume is the volume of a contract that a megawatt of its maker's chips is: 1, or compute if it counts in compute.
func (w *World) volume(a *contract.Allotment, t unit.Month) float64 {
	if !a.InCompute {
		return 1
	}
	return w.densityOf(w.firms[a.Maker].supplier, t)
}

// densityOf is the compute per megawatt of chips that a maker ships in month t.
func (w *World) densityOf(x int, t unit.Month) float64 {
	return w.tables.density[t-w.m.Start] * w.suppliers[x].density
}

// allot sets sites aside for chips that contracts promise: of those that will be ready within the lead time of an order
// the oldest, as far as what is due when they are ready has no site yet. The volume comes on top of the owner's own mix.
//
//	part of a site ready in month m = min(size, due(m) − placed, tenancy of its owner)
func (w *World) allot(t unit.Month) {
	if len(w.deals.allots.group) == 0 {
		return
	}
	w.sortEmpty(t)
	for n := range w.deals.allots.each {
		if w.deals.active(n, t) && !w.stopped(n) {
			w.setAside(n, t)
		}
	}
	w.closeRanks()
	w.openOrders(t)
}

// sortEmpty lists each cloud's empty sites that will be ready within the lead time of an order, and adds up what contracts
// have set aside, so that no contract goes over all sites.
func (w *World) sortEmpty(t unit.Month) {
	last := t.After(w.m.Market.Chips.LeadTime)
	w.empty, w.waiting = resize(w.empty, len(w.clouds)), resize(w.waiting, len(w.deals.contracts))
	clear(w.waiting)
	for i := range w.empty {
		w.empty[i] = w.empty[i][:0]
	}
	for i := range w.ties.list {
		w.ties.list[i].setAside = 0
	}
	for i := range w.sites {
		s := &w.sites[i]
		if n := s.Chips; n != id.NoContract && (!w.deals.active(n, t) || w.stopped(n)) {
			s.Chips = id.NoContract // sites of contracts that are over belong to nobody
		}
		switch {
		case s.Stage == asset.Gone:
		case s.Chips != id.NoContract:
			w.countAside(s)
		case s.Live == 0 && max(s.Shell, s.Grid) <= last:
			w.empty[s.Cloud] = append(w.empty[s.Cloud], int32(i))
		}
	}
}

// countAside counts a site to the contract for whose chips it is set aside.
func (w *World) countAside(s *asset.Site) {
	w.waiting[s.Chips] += float64(s.Size - s.Live)
	if x := w.ties.has(w.deals.parties[s.Chips][0], s.Owner); x != nil {
		x.setAside += float64(s.Size - s.Live)
	}
}

// closeRanks puts the rests of sites that were cut behind what they were cut from: chips go by the order of the list.
// Rests of the same site stand in the order in which they were cut.
func (w *World) closeRanks() {
	end := len(w.sites) - len(w.cuts) // of the sites that have not moved yet
	w.rests, w.order = append(w.rests[:0], w.sites[end:]...), w.order[:0]
	for n := range w.cuts {
		w.order = append(w.order, n)
	}
	slices.SortStableFunc(w.order, func(a, b int) int { return int(w.cuts[a]) - int(w.cuts[b]) })
	for left := len(w.order); left > 0; left-- { // from the end, so that each site moves once
		n := w.order[left-1]
		behind := int(w.cuts[n]) + 1
		copy(w.sites[behind+left:], w.sites[behind:end])
		w.sites[behind+left-1] = w.rests[n]
		end = behind
	}
	w.cuts = w.cuts[:0]
}

// openOrders notes what each contract promises of chips for sites ordered now and has no site for yet. Every bid asks.
func (w *World) openOrders(t unit.Month) {
	w.unplaced = resize(w.unplaced, len(w.deals.contracts))
	then := t.After(w.m.Market.Build.BuildLag + w.m.Market.Build.FitOut)
	for n, c := range w.deals.allots.each {
		w.unplaced[n] = 0
		if w.deals.active(n, t) && !w.stopped(n) {
			a := c.Allot(then)
			per := w.volume(&a, t)
			w.unplaced[n] = a.Due/per - w.placed(n, per)
		}
	}
}

// handOver makes the sites of an amended contract those of the one that takes its place.
func (w *World) handOver(from, to id.Contract) {
	for i := range w.sites {
		s := &w.sites[i]
		if s.Chips == from {
			s.Chips = to
		}
		if s.Power == from {
			s.Power = to
		}
	}
}

// setAside finds sites for one contract.
func (w *World) setAside(n id.Contract, t unit.Month) {
	a := w.allotment(n, t)
	x := w.firms[a.Maker].supplier
	if w.firms[a.Buyer].lab >= 0 {
		w.portTo(a.Buyer, a.Maker) // it would not buy what its software does not run on
	}
	saving := w.saving(x)
	saving += float64((1 - saving) * float64(a.Discount))
	per, least := w.volume(&a, t), float64(w.m.Market.Build.MinimumSite)
	placed := w.placed(n, per)
	before := placed
	most := w.allotment(n, t.After(w.m.Market.Chips.LeadTime)).Due / per // what is due adds up: no site of the list is promised more
	w.candidates = w.candidates[:0]
	if most-placed >= least {
		w.listDue(n, per, t)
		w.tenancies(&a, placed, t)
	}
	for k := 0; k < len(w.candidates) && most-placed >= least; k++ {
		s := &w.sites[w.candidates[k].place()]
		ready, c := max(t, s.Shell, s.Grid), s.Cloud
		if s.Chips != id.NoContract || min(w.tenancy[c], float64(s.Size)) < least || !w.mayShip(x, s.Owner, s.Region) {
			continue
		}
		take := min(w.dueBy[ready-t]-placed, w.tenancy[c], float64(s.Size))
		if take < least {
			continue
		}
		if float64(s.Size) >= take+least {
			s = w.cut(k, unit.MW(take))
		}
		s.Chips = n
		s.Family, s.Saving = a.Maker, saving
		w.countAside(s)
		placed += float64(s.Size)
		w.tenancy[c] -= float64(s.Size)
	}
	if w.told() && (placed > 0 && before <= 0 || t.InYear()%6 == 0 && a.Due > 0) {
		w.tellChips(n, &a, placed, t)
	}
}

// listDue lists what is due of a contract's chips in each month of the lead time of an order; per is the volume of a
// megawatt.
func (w *World) listDue(n id.Contract, per float64, t unit.Month) {
	w.dueBy = w.dueBy[:0]
	for m := t; m <= t.After(w.m.Market.Chips.LeadTime); m++ {
		w.dueBy = append(w.dueBy, w.allotment(n, m).Due/per)
	}
}

// tellChips says at the first order and then twice a year how far a schedule is filled.
func (w *World) tellChips(n id.Contract, a *contract.Allotment, placed float64, t unit.Month) {
	s, x, per := &w.deals.states[n], w.firms[a.Maker].supplier, w.volume(a, t)
	w.tell(t, "chip-order", a.Buyer, a.Maker, n, w.name(a.Buyer)+" takes chips of "+w.name(a.Maker)+" for "+power(unit.MW(max(0, placed-s.Forgone/per)))+" of sites.",
		mw("due so far", unit.MW(a.Due/per)), mw("filled so far", unit.MW(s.Taken/per)), mw("paid for and not taken", unit.MW(s.Forgone/per)),
		share("chips cheaper than the market leader's", w.saving(x)), number("compute per MW over the common", w.suppliers[x].density))
}

// placed is the capacity of a contract's schedule that has got a site or was paid for without one; per is the volume of a
// megawatt.
func (w *World) placed(n id.Contract, per float64) float64 {
	return (w.deals.states[n].Taken+w.deals.states[n].Forgone)/per + w.waiting[n]
}

// supplied is the capacity filled under a buyer's chip supplies with a maker.
func (w *World) supplied(buyer, maker id.Firm) float64 {
	mw := 0.0
	for n, c := range w.deals.allots.of[buyer].each {
		if w.deals.parties[n][1] == maker {
			a := c.Allot(w.panelMonth())
			mw += w.deals.states[n].Taken / w.volume(&a, w.panelMonth())
		}
	}
	return mw
}

// tenancies notes how much of each cloud's sites may take chips under a contract: of a cloud that buys all its own, of
// clouds that serve a lab what they have promised it and not yet delivered, less what is set aside for it already. It lists
// which sites to look at where so much has been placed.
func (w *World) tenancies(a *contract.Allotment, placed float64, t unit.Month) {
	w.tenancy = resize(w.tenancy, len(w.clouds))
	if c := w.firms[a.Buyer].cloud; c >= 0 {
		w.tenancy[c] = 1e12
		w.lookAt(c, placed, t)
		return
	}
	for _, o := range w.ties.of[a.Buyer] {
		if f := w.firmOf(o.firm); f != nil && f.cloud >= 0 {
			x := &w.ties.list[o.at]
			if w.tenancy[f.cloud] = x.contracted - x.delivered - x.setAside; w.tenancy[f.cloud] >= float64(w.m.Market.Build.MinimumSite) {
				w.lookAt(f.cloud, placed, t)
			}
		}
	}
	slices.Sort(w.candidates)
}

// candidate is a site that a contract looks at: the place from which it was cut and its own. The rests of a site stand
// behind it in the order in which they were cut.
type candidate uint64

func (w *World) candidate(i int32) candidate { return candidate(w.origin(i))<<32 | candidate(i) }

// place is the site's place in the list.
func (c candidate) place() int32 { return int32(c) }

// lookAt adds a cloud's empty sites to those that a contract looks at, but for sites that will be ready before enough is due
// for them: nearly all, where what is due has been placed.
func (w *World) lookAt(cloud int, placed float64, t unit.Month) {
	least := float64(w.m.Market.Build.MinimumSite)
	for _, i := range w.empty[cloud] {
		if s := &w.sites[i]; s.Chips == id.NoContract && w.dueBy[max(t, s.Shell, s.Grid)-t]-placed >= least {
			w.candidates = append(w.candidates, w.candidate(i))
		}
	}
}

// halve cuts an empty site in two: it keeps the given size, and what it returns is the rest.
func halve(s *asset.Site, size unit.MW) (rest asset.Site) {
	rest = *s
	rest.Size -= size
	rest.Powered = max(0, rest.Powered-size)
	s.Size, s.Powered = size, min(s.Powered, size)
	return rest
}

// cut cuts a site among those that contracts look at. The rest waits at the end of the list until all have looked.
func (w *World) cut(k int, size unit.MW) *asset.Site {
	i, rest := w.candidates[k].place(), int32(len(w.sites))
	from := w.origin(i)
	w.sites = append(w.sites, halve(&w.sites[i], size))
	w.cuts = append(w.cuts, from)
	c := w.sites[i].Cloud
	w.empty[c] = append(w.empty[c], rest)
	w.candidates = slices.Insert(w.candidates, k+1, w.candidate(rest))
	return &w.sites[i]
}

// origin is the place of the site from which the one at a place was cut, or that place.
func (w *World) origin(i int32) int32 {
	if uncut := len(w.sites) - len(w.cuts); int(i) >= uncut {
		return w.cuts[int(i)-uncut]
	}
	return i
}

// split cuts an empty site in two: the first of the given size stands in its place, the rest behind it. It returns the first.
func (w *World) split(i int, size unit.MW) *asset.Site {
	w.sites = slices.Insert(w.sites, i+1, halve(&w.sites[i], size))
	return &w.sites[i]
}

// goesFirst reports whether a site's contract puts it before others in the month's allotment.
func (w *World) goesFirst(s *asset.Site) bool {
	return s.Chips != id.NoContract && slices.Contains(w.deals.preferred, s.Chips)
}

// fillVolume counts chips put into a site to its contract.
func (w *World) fillVolume(s *asset.Site, mw, density float64, t unit.Month) {
	if s.Chips == id.NoContract {
		return
	}
	if a := w.allotment(s.Chips, t); a.InCompute {
		mw *= density
	}
	w.deals.states[s.Chips].Taken += mw
}

// meterChips reads what a supply of chips is billed on: the maker's price, and the sites that wait for it.
func (w *World) meterChips(n id.Contract, c contract.Allocator, t unit.Month) {
	a := c.Allot(t)
	x := w.firms[a.Maker].supplier
	unitVolume := w.volume(&a, t)
	w.reading.ChipPrice = w.m.Market.Build.Chips(w.costPerMW(t), w.saving(x)) / unitVolume
	w.reading.Waiting = float64(w.powered[n] * unitVolume)
}

// tailored returns the maker on whose chips a cloud would build for a lab, and what its cost is then over that on its own
// mix: where the lab has ordered chips for its sites the maker of those, else that of most of its own.
func (w *World) tailored(cloud int, lab id.Firm, t unit.Month) (maker id.Firm, cost float64) {
	if w.firms[lab].cloud >= 0 {
		return w.clouds[cloud].family, 1
	}
	for n, c := range w.deals.allots.of[lab].each {
		if w.unplaced[n] < float64(w.m.Market.Build.MinimumSite) {
			continue
		}
		a := c.Allot(t.After(w.m.Market.Build.BuildLag + w.m.Market.Build.FitOut))
		x := w.firms[a.Maker].supplier
		if !w.mayShip(x, w.clouds[cloud].firm, w.home(cloud)) {
			continue
		}
		saving := w.saving(x)
		built := &w.clouds[cloud]
		return a.Maker, w.fullCost(cloud, saving+float64((1-saving)*float64(a.Discount)), built.running, t) / built.cost
	}
	return w.clouds[cloud].family, 1
}

// home is the region in which most of a cloud's sites stand: the first that it names.
func (w *World) home(cloud int) id.Region {
	c := &w.clouds[cloud]
	if len(c.regions) == 0 {
		return w.firms[c.firm].home
	}
	return c.regions[0].region
}

// yield is the compute of a megawatt on a maker's chips over that of one on the common chip, as the maker ships now.
func (w *World) yield(maker id.Firm) float64 {
	if maker == id.None || w.firms[maker].supplier < 0 {
		return 1
	}
	return w.suppliers[w.firms[maker].supplier].density
}

// respond lets makers' shipments follow orders, slowly: what was asked for beyond a month's flow, or not asked for, is
// averaged over the lead time of an order and moves the flow.
//
//	p ← p + (clip(ln(asked/flow), ±1) − p)/lead,   ln reach ← ln reach + response·p/12
func (w *World) respond() {
	chips := &w.m.Market.Chips
	if chips.Response == 0 {
		return
	}
	for i := range w.suppliers {
		s := &w.suppliers[i]
		p := -1.0
		if asked := s.shipped + s.short; asked > 0 && s.flow > 0 {
			p = max(-1, min(1, num.Log(asked/s.flow)))
		}
		s.pressure += (p - s.pressure) / max(1, float64(chips.LeadTime))
		s.reach = max(-farthestReach, min(farthestReach, s.reach+float64(chips.Response*s.pressure/12)))
	}
}

// farthestReach bounds how far shipments leave their path, in logs: about sevenfold.
const farthestReach = 2
