package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// cloudState is the plant of a cloud and what it expects.
type cloudState struct {
	firm      id.Firm
	terms     *firm.Cloud
	energised float64  // MW in service
	compute   float64  // H100e of that
	pipeline  float64  // MW under way
	leased    float64  // MW in leased shells
	noPower   float64  // MW that could take chips this month if they had power
	noChips   float64  // MW that could take chips this month and got none
	works     unit.USD // bought for its sites this month and not yet paid
	bound     float64  // dollars that it was given to build with and has not spent on plant

	// What a survey of its sites adds up, close together:
	supplied float64            // MW under way that take chips under a contract
	saved    float64            // what their chips cost less than the market leader's, MW times share
	spending float64            // dollars of the next twelve months that sites under way will cause
	young    []int32            // places of its sites that were not started at the survey, and of new ones
	leasing  outlook            // when a shell that it leases now is
	change   [ahead + 1]float64 // MW by which what it has free moves in each month, while that is reckoned

	out         float64 // part of what is in service that an outage keeps from running
	outBefore   float64 // the same last month
	stock       []stock // capacity in service by year of commissioning, oldest first
	shells      float64 // MW of buildings whose chips are retired
	services    float64 // MW that its other services would use at the rent of the start
	internal    float64 // MW that they want at today's
	inside      float64 // MW of that which they have
	own         float64 // MW left for its own lab
	kept        float64 // MW of that which the lab used last month, set aside before lots
	ownUsed     float64 // MW that its lab uses of that
	lots        float64 // MW delivered to lots
	hired       float64 // MW that it rents to let on
	hiredH100e  float64 // compute of that
	signed      float64 // MW due to lots
	lotsUsed    float64 // MW of that which buyers use
	spot        float64 // MW let without a contract
	unsold      float64 // MW that it would let and that nobody has taken or guaranteed
	asked       float64 // MW that others ask for, under lots and without a contract
	askedBefore float64
	growth      float64 // of asked, log a month
	noMoney     float64 // MW that it wanted to order this month and could not pay for
	rentLow     int     // months in which market rent stayed below full cost
	orders      int     // sites ordered since the start
	given       float64 // dollars that it was given to build with and has not ordered for
	pooled      bool    // its lab is gone: creditors let the capacity to anybody
	mismatch    float64 // rise of its cost of money for leases shorter than its own obligations, a year
	hurdle      float64
	chips       float64            // annuity of a dollar of chips at that
	shell       float64            // the same of a building
	cost        float64            // full cost of a new gigawatt-year, dollars
	running     float64            // cash cost of running a gigawatt for a year, dollars
	free        [ahead + 1]float64 // MW not promised to anybody, so many months from now
	most        float64            // no more is free in any of these months
	building    outlook            // when a site that it orders now is in service
	sources     []source           // of its chips, in the order of its terms
	regions     []location         // of its sites, likewise
	family      id.Firm            // the maker of most of its new chips
	main        id.Region          // where most of its new sites go
	mix         []float64          // MW in service with the chips of each
	base        []installed        // the same by supplier, those included whose chips come under contracts alone
	built       tally
}

// outlook is what a cloud reckons with at the end of a lead.
type outlook struct {
	lead      unit.Months // until half of what is ordered now is in service
	then      unit.Month  // in which it is
	pipeline  float64     // MW of its sites under way that will be in service by then
	committed float64     // MW that lots will then take
	renting   float64     // MW that it will then rent under lots to let on
}

// tally counts what a cloud has ordered, by the entries of its terms.
type tally struct{ region, maker []float64 }

// location is a region where a cloud builds.
type location struct {
	region id.Region
	share  float64 // of its new sites
}

// source is a maker from which a cloud takes chips.
type source struct {
	maker    id.Firm
	supplier int     // -1 if it makes none
	share    float64 // of the cloud's new capacity
}

// installed is capacity in service with the chips of one supplier.
type installed struct {
	supplier int
	tie      int32 // place of the cloud's tie with it, -1 before it buys any
	mw       float64
}

// stock is capacity in service of one age and density.
type stock struct {
	born    unit.Month
	mw      float64
	compute float64
}

type regionState struct {
	room      float64     // MW that can still be connected this month
	returned  float64     // MW that sites had which were given up since the last connections
	connected float64     // MW
	queued    float64     // MW that wait
	received  float64     // H100e shipped to its sites in the month
	ruled     bool        // export regimes are in force over its labs
	access    float64     // what they leave of its labs' compute for research
	lead      unit.Months // mean time until a site that is ordered there has its building and its power
	factors   shock.Factors
}

type supplierState struct {
	firm     id.Firm
	terms    *firm.Supplier
	ready    float64 // H100e that can be shipped this month
	shipped  float64 // H100e in the month
	short    float64 // H100e asked for and not there
	revenue  float64 // dollars in the month
	levy     float64 // dollars due on exports of the month
	stranded float64 // H100e of its stock that nobody can use
	flow     float64 // H100e that came ready in the month
	price    float64 // of its compute over what its discount leaves, against the market leader's
	density  float64 // compute per megawatt of its chips over the common
	pace     pace    // of both, its contracts not counted
	saving   float64 // what a megawatt of its chips costs less than one of the market leader's, as a share
	pressure float64 // orders over shipments, log, smoothed
	reach    float64 // shipments over their path, log
}

// openSites puts the opening capacity into service and the opening pipeline on its way.
func (w *World) openSites() {
	m := w.m
	b := &m.Market.Build
	for i := range w.clouds {
		c, terms := &w.clouds[i], w.cloud(i)
		region, maker, mix := c.built.region, c.built.maker, c.mix
		stocks := c.stock[:0]
		c.built.region = resize(region, len(terms.Regions))
		c.built.maker = resize(maker, len(terms.Chips))
		c.mix = resize(mix, len(terms.Chips))
		clear(c.built.region)
		clear(c.built.maker)
		for _, k := range terms.Cohorts {
			mw := float64(k.Capacity)
			stocks = append(stocks, stock{born: cohortMonth(k.Key, m.Start), mw: mw, compute: mw * float64(k.Density)})
			c.energised += mw
			c.compute += float64(mw * float64(k.Density))
		}
		c.stock = stocks
		for k := range c.mix {
			c.mix[k] = c.energised * float64(terms.Chips[k].Share)
			if x := c.sources[k].supplier; x >= 0 {
				c.installed(x).mw += c.mix[k]
			}
		}
		c.services = c.energised * float64(terms.InternalUse)
		c.internal = c.services
		c.inside = c.internal
		plant := unit.Dollars(c.energised * float64(b.CostPerMW) * openingPlant)
		w.books.Open(c.firm, ledger.Plant, plant)
		w.openPipeline(i, float64(terms.UnderConstruction))
		for _, h := range c.regions {
			w.regions[h.region].connected += float64(c.energised * h.share)
		}
	}
}

// lookUp finds the makers and regions that a cloud's terms name.
func (w *World) lookUp(cloud int) {
	c, terms := &w.clouds[cloud], w.cloud(cloud)
	c.sources, c.regions, c.family, c.main = c.sources[:0], c.regions[:0], id.None, 0
	most := 0.0
	for _, s := range terms.Chips { // the scenario reader refuses unknown makers and regions
		f := w.byKey[s.Key]
		c.sources = append(c.sources, source{f, w.firms[f].supplier, float64(s.Share)})
		if float64(s.Share) > most {
			c.family, most = f, float64(s.Share)
		}
	}
	most = -1
	for _, s := range terms.Regions {
		r, _ := w.m.FindRegion(s.Key)
		c.regions = append(c.regions, location{r, float64(s.Share)})
		if float64(s.Share) > most {
			c.main, most = r, float64(s.Share)
		}
	}
}

// openingPlant is the part of the cost of opening capacity not yet written off; an assumption of the books
// alone, no decision reads it.
const openingPlant = 0.6

// cohortMonth is the middle of a cohort's year, such as "2025", or the start for a year not over.
func cohortMonth(year string, start unit.Month) unit.Month {
	y := 0
	for _, c := range year {
		if c < '0' || c > '9' {
			return start
		}
		y = y*10 + int(c-'0')
	}
	return min(start, unit.Date(y, 6))
}

// openPipeline spreads what is under construction evenly over OpeningSpread: the oldest part is being filled
// with chips, the youngest has that long to go.
func (w *World) openPipeline(cloud int, mw float64) {
	const parts = 12
	b := &w.m.Market.Build
	lag := float64(b.BuildLag)
	for k := range parts {
		if mw <= 0 {
			return
		}
		s := w.newSite(cloud, unit.MW(mw/parts), false, w.m.Start, k)
		wait := float64(b.OpeningSpread)*(float64(k)+0.5)/parts - float64(b.FitOut) // oldest first
		age := max(1, lag-wait)
		s.Ordered = w.m.Start - unit.Month(age+0.5)
		s.Shell = w.m.Start.After(unit.Months(max(0, wait)))
		s.Grid = min(s.Grid-unit.Month(age+0.5), s.Shell)
		s.Abandoned = 0
		if wait <= 0 {
			s.Stage, s.Powered = asset.Ready, s.Size
		}
		w.addSite(cloud, s)
	}
}

// newSite makes a site that a cloud builds or leases in month t; index tells its draws from those of the month's others.
func (w *World) newSite(cloud int, size unit.MW, leased bool, t unit.Month, index int) asset.Site {
	m, c := w.m, &w.clouds[cloud]
	region := w.chooseRegion(cloud, float64(size), t)
	s := asset.Site{Owner: c.firm, Size: size, Family: id.None, Chips: id.NoContract, Power: id.NoContract, Leased: leased, Ordered: t, Cost: unit.USDPerMW(w.costPerMW(t))}
	if region >= 0 {
		s.Region = c.regions[region].region
	}
	w.equip(cloud, &s)
	luck := w.firms[c.firm].luck
	draw := func(p rng.Purpose) float64 { return w.uniform(p, luck, t, index) }
	r := &m.Regions[s.Region]
	s.Schedule(t, &m.Market.Build, &m.Market.Power, r.ConnectionTime, r.OnsiteShare, draw, &w.tables.lag, &w.tables.grid)
	return s
}

// chooseRegion chooses where a cloud's next site stands: where it lies furthest below its share, of the regions for
// which it can expect chips if there is one. What is under way at the start stands where it was begun.
func (w *World) chooseRegion(cloud int, size float64, t unit.Month) int {
	locations, built := w.clouds[cloud].regions, w.clouds[cloud].built.region
	share := func(i int) float64 { return locations[i].share }
	if t > w.m.Start {
		region := pickShare(built, size, share, func(i int) bool { return w.expectsChips(cloud, locations[i].region, size, t) })
		if region >= 0 {
			return region
		}
	}
	return pickShare(built, size, share, func(int) bool { return true })
}

// equip chooses the maker of a site's chips, among those that ship to its region.
func (w *World) equip(cloud int, s *asset.Site) {
	c := &w.clouds[cloud]
	share := func(i int) float64 { return c.sources[i].share }
	chosen := pickShare(c.built.maker, float64(s.Size), share, func(i int) bool {
		x := c.sources[i].supplier
		return x >= 0 && w.mayShip(x, s.Owner, s.Region)
	})
	if chosen < 0 {
		return
	}
	from := &c.sources[chosen]
	s.Family, s.Saving = from.maker, w.saving(from.supplier)
}

// pickShare returns the option that lies furthest below its share of what was built, of those that may be taken, and
// counts size to it; -1 if there is none.
func pickShare(built []float64, size float64, share func(int) float64, may func(int) bool) int {
	total := size
	for _, x := range built {
		total += x
	}
	best, most := -1, 0.0
	for i, x := range built {
		part := share(i)
		if part <= 0 {
			continue
		}
		if gap := float64(part*total) - x; (best < 0 || gap > most) && may(i) {
			best, most = i, gap
		}
	}
	if best >= 0 {
		built[best] += size
	}
	return best
}

func (w *World) addSite(cloud int, s asset.Site) {
	c := &w.clouds[cloud]
	s.Cloud = uint16(cloud)
	c.young = append(c.young, int32(len(w.sites)))
	w.sites = append(w.sites, s)
	w.countSite(&s)
	c.pipeline += float64(s.Size)
}

// costPerMW is the capital cost of a megawatt ordered in month t.
func (w *World) costPerMW(t unit.Month) float64 {
	return w.tables.capex[max(0, t-w.m.Start)]
}

// build advances makers and sites: first what wears out, then power, then chips.
func (w *World) build(t unit.Month) {
	w.develop(t)
	w.retire(t)
	w.construct(t)
	w.connect(t)
	w.allot(t)
	w.ship(t)
	w.payPurchases()
	w.survey(t)
}

// retire takes worn-out chips out of service; their buildings stay and can be filled again.
func (w *World) retire(t unit.Month) {
	for i := range w.clouds {
		c := &w.clouds[i]
		before := c.energised
		for k := range c.stock {
			s := &c.stock[k]
			share := w.tables.retired[w.age(s, t, 0)]
			gone := float64(s.mw * share)
			lost := float64(s.compute * share)
			s.mw -= gone
			s.compute -= lost
			c.energised = max(0, c.energised-gone) // sums of parts leave a last bit either way
			c.compute -= lost
			c.shells += gone
		}
		for k := range c.mix { // every maker's chips wear alike
			c.mix[k] *= ratio(c.energised, before)
		}
		for x := range c.base {
			c.base[x].mw *= ratio(c.energised, before)
		}
	}
}

// connect grants power to sites: under agreements, then to those whose connection is due, first come first served, as far as the region's
// grids and plants can connect this month. What a region does not use it keeps for at most a quarter.
func (w *World) connect(t unit.Month) {
	for r := range w.regions {
		terms, s := &w.m.Regions[r], &w.regions[r]
		month := float64(float64(terms.Connections) / 12 * (1 + float64(float64(terms.ConnectionGrowth)*w.years(t))) * w.factorIn(id.Region(r), shock.Power))
		s.room = min(s.room, 2*month) + month + s.returned
		s.returned, s.queued = 0, 0
	}
	w.feed(t)
	for i := range w.clouds {
		w.clouds[i].noPower = 0
	}
	for i := range w.sites {
		s := &w.sites[i]
		if t < min(s.Grid, s.Shell) || s.Stage == asset.Gone || s.Stage == asset.Ready && s.Powered >= s.Size { // nothing is due, nobody is there any more, or all is
			continue
		}
		if s.Powered < s.Size && t >= s.Grid {
			w.grant(s)
		}
		if s.Powered < s.Size && t >= s.Shell {
			w.clouds[s.Cloud].noPower += float64(s.Stalled(&w.m.Market.Build))
		}
		if s.Stage == asset.Building && t >= s.Shell && s.Powered > 0 {
			s.Stage = asset.Ready
			if w.told() {
				w.tell(t, "ready", s.Owner, id.None, id.NoContract, w.name(s.Owner)+" has a building of "+power(s.Size)+" ready for chips.",
					months("months since the order", float64(t-s.Ordered)), mw("connected", s.Powered))
			}
		}
	}
}

// grant connects as much of a site as its region has room for. On-site generation needs no room.
func (w *World) grant(s *asset.Site) {
	r := &w.regions[s.Region]
	want := float64(s.Size - s.Powered)
	give := want
	if !s.Onsite {
		give = min(want, r.room)
		r.room -= give
		r.queued += want - give
	}
	s.Powered += unit.MW(give)
	r.connected += give
}

// ship allots the month's chips to ready sites: first to those that a contract puts first, then in the order of the list.
func (w *World) ship(t unit.Month) {
	month := int(t - w.m.Start)
	w.supply, w.wanted = 0, 0
	for i := range w.suppliers {
		s, terms := &w.suppliers[i], w.supplier(i)
		flow := float64(float64(terms.Shipments) * w.tables.supply[month] * w.factors[shock.ChipSupply] * w.ramp(s.firm) * num.Exp(s.reach))
		// Unsold chips wait for at most the lead time of an order.
		s.ready = min(s.ready, flow*float64(w.m.Market.Chips.LeadTime)) + flow
		lost := min(s.ready, s.stranded)
		s.ready, s.stranded = s.ready-lost, s.stranded-lost
		s.shipped, s.short, s.revenue, s.levy, s.flow = 0, 0, 0, 0, flow
		w.supply += flow
	}
	for i := range w.regions {
		w.regions[i].received = 0
	}
	for i := range w.clouds {
		w.clouds[i].noChips = 0
	}
	w.listFillable()
	for _, n := range w.deals.preferred {
		for _, i := range w.fillable {
			if s := &w.sites[i]; s.Chips == n {
				w.serve(t, s)
			}
		}
	}
	for _, i := range w.fillable {
		if s := &w.sites[i]; !w.goesFirst(s) {
			w.serve(t, s)
		}
	}
	w.substitute(t)
	w.respond()
	if w.told() && t.InYear()%6 == 0 {
		w.tellShipments(t)
	}
}

// listFillable lists the sites that could take chips this month.
func (w *World) listFillable() {
	w.fillable = w.fillable[:0]
	for i := range w.sites {
		if s := &w.sites[i]; s.Stage == asset.Ready && s.Powered > s.Live {
			w.fillable = append(w.fillable, int32(i))
		}
	}
}

// serve puts into a site what its maker has ready.
func (w *World) serve(t unit.Month, s *asset.Site) {
	room := s.Room(&w.m.Market.Build)
	if room <= 0 || s.Family == id.None {
		return
	}
	x := w.firms[s.Family].supplier
	density := w.densityOf(x, t)
	w.wanted += float64(float64(room) * density)
	give := 0.0
	if w.mayShip(x, s.Owner, s.Region) {
		give = w.onHand(x, s, float64(room), density)
		w.suppliers[x].short += float64((float64(room) - give) * density)
	}
	w.clouds[s.Cloud].noChips += float64(room) - give
	if give > 0 {
		w.install(t, s, unit.MW(give), density, x)
	}
}

// onHand is how many megawatts of a site a maker can fill with what it has ready and may ship. Less than a watt is what
// rounding left of a month's chips: a site that took it would count as begun.
func (w *World) onHand(x int, s *asset.Site, room, density float64) float64 {
	const watt = 1e-6
	give := room
	if ready := w.suppliers[x].ready / density; ready < give {
		give = ready
	}
	if e := w.regime(x, s.Owner, s.Region); e != nil && e.regime.State == rule.Quota {
		give = min(give, max(0, e.regime.Quota-e.sent)/density)
	}
	if give < watt {
		return 0
	}
	return give
}

// substitute lets sites that have waited for the lead time of an order take the chips of another of their
// owner's makers that has some left. Such a site is none of the contract any more under which its chips were ordered.
func (w *World) substitute(t unit.Month) {
	for _, i := range w.fillable {
		s := &w.sites[i]
		room := s.Room(&w.m.Market.Build)
		if room <= 0 || s.Since == t || float64(t-max(s.Shell, s.Grid, s.Since)) < float64(w.m.Market.Chips.LeadTime) {
			continue
		}
		for _, from := range w.clouds[s.Cloud].sources {
			f, x := from.maker, from.supplier
			if f == s.Family || x < 0 || !w.mayShip(x, s.Owner, s.Region) {
				continue
			}
			density := w.densityOf(x, t)
			if give := w.onHand(x, s, float64(room), density); give > 0 {
				w.tellSwitch(t, s, f)
				s.Family, s.Saving, s.Chips = f, w.saving(x), id.NoContract
				w.clouds[s.Cloud].noChips -= give
				w.install(t, s, unit.MW(give), density, x)
				break
			}
		}
	}
}

// tellSwitch says that a site set aside for one maker's chips takes another's.
func (w *World) tellSwitch(t unit.Month, s *asset.Site, to id.Firm) {
	if s.Chips == id.NoContract || !w.told() {
		return
	}
	w.tell(t, "chip-switch", s.Owner, to, s.Chips, w.name(s.Owner)+" no longer {waits|wait} for chips of "+w.name(s.Family)+" for "+power(s.Size-s.Live)+" and {takes|take} "+w.name(to)+"'s.",
		months("waited", float64(t-max(s.Shell, s.Grid, s.Since))), mw("filled so far", s.Live))
}

// tellShipments says twice a year what each maker shipped and to how many it could not.
func (w *World) tellShipments(t unit.Month) {
	for i := range w.suppliers {
		s := &w.suppliers[i]
		what := w.name(s.firm) + " ships to every site that is ready."
		if s.short > 0 {
			what = w.name(s.firm) + " allots {its|their} chips by date of order; some sites wait."
		}
		w.tell(t, "allot", s.firm, id.None, id.NoContract, what, reason("shipped in the month", s.shipped, unit.DimH100e),
			reason("asked for beyond it", s.short, unit.DimH100e), reason("left in stock", s.ready, unit.DimH100e))
	}
}

// install puts chips into a site: the maker is paid, the rest of the equipment bought.
func (w *World) install(t unit.Month, s *asset.Site, give unit.MW, density float64, x int) {
	sup := &w.suppliers[x]
	sup.ready -= float64(float64(give) * density)
	sup.shipped += float64(float64(give) * density)
	c := &w.clouds[s.Cloud]
	b := &w.m.Market.Build
	cost := float64(give) * float64(s.Cost)
	chips := unit.Dollars(b.Chips(cost, s.Saving))
	c.buyWorks(unit.Dollars(b.Equipment(cost, s.Saving)) - chips)
	if s.Owner == s.Family { // its own chips cost what making them costs
		chips = chips.Times(1 - float64(w.supplier(x).Margin))
	} else {
		sup.revenue += chips.Dollars()
	}
	base := c.installed(x)
	w.buyChips(c, base, chips)
	w.declare(t, x, s.Owner, s.Region, float64(float64(give)*density), chips.Dollars())
	w.fillVolume(s, float64(give), density, t)
	before := s.Live
	s.Install(t, give)
	c.energised += float64(s.Live - before)
	c.compute += float64(float64(give) * density)
	c.pipeline -= float64(s.Live - before)
	c.countChips(s.Family, float64(s.Live-before))
	base.mw += float64(s.Live - before)
	w.addStock(c, t, float64(s.Live-before), float64(give)*density)
	if s.Leased {
		c.leased += float64(s.Live - before)
	}
	if s.Stage == asset.Live && w.told() {
		w.tell(t, "energised", s.Owner, s.Family, id.NoContract, w.name(s.Owner)+" completes "+power(s.Size)+" with chips of "+w.name(s.Family)+".",
			months("months since the order", float64(t-s.Ordered)), number("compute per MW, H100e", density))
	}
}

// addStock counts new capacity to the stock of its year.
func (w *World) addStock(c *cloudState, t unit.Month, mw, compute float64) {
	if n := len(c.stock); n > 0 && c.stock[n-1].born.Year() == t.Year() && c.stock[n-1].born > w.m.Start {
		c.stock[n-1].mw += mw
		c.stock[n-1].compute += compute
		return
	}
	c.stock = append(c.stock, stock{born: max(t, w.m.Start+1), mw: mw, compute: compute})
}

// construct pays for buildings under way and lets sites die that were given up.
func (w *World) construct(t unit.Month) {
	b := &w.m.Market.Build
	for i := range w.sites {
		s := &w.sites[i]
		if s.Stage != asset.Building {
			continue
		}
		if s.Abandoned != 0 && t >= s.Abandoned {
			w.abandon(s, t)
			if w.told() {
				w.tell(t, "abandon", s.Owner, id.None, id.NoContract, w.name(s.Owner)+" gives up a site of "+power(s.Size)+".",
					share("chance a site is given up", float64(b.AbandonShare)))
			}
			continue
		}
		if t > s.Shell || t <= s.Ordered || s.Leased {
			continue
		}
		month := unit.Dollars(b.Building(float64(s.Size)*float64(s.Cost)) / float64(s.Shell-s.Ordered))
		w.clouds[s.Cloud].buyWorks(month)
	}
}

// abandon ends a site that will not be built.
func (w *World) abandon(s *asset.Site, t unit.Month) {
	s.Stage = asset.Gone
	w.clouds[s.Cloud].pipeline -= float64(s.Size)
	w.disconnect(s, t)
}

// buyWorks notes works and equipment that a cloud buys for its sites this month.
func (c *cloudState) buyWorks(x unit.USD) {
	if x > 0 {
		c.draw(x)
		c.works = c.works.Plus(x)
	}
}

// buyChips notes chips that a cloud buys of a maker this month.
func (w *World) buyChips(c *cloudState, of *installed, x unit.USD) {
	if x <= 0 {
		return
	}
	c.draw(x)
	if of.tie < 0 {
		of.tie = w.portTo(c.firm, w.suppliers[of.supplier].firm)
	}
	tie := &w.ties.list[of.tie]
	tie.bought = tie.bought.Plus(x)
}

// draw takes what a cloud pays for plant off what it was given to build with.
func (c *cloudState) draw(x unit.USD) {
	if c.bound > 0 {
		c.bound = max(0, c.bound-x.Dollars())
	}
}

// payPurchases pays for plant, all that a cloud has bought of one seller at once. What cash does not cover is borrowed, or
// for a maker's chips owed.
func (w *World) payPurchases() {
	for i := range w.clouds {
		c := &w.clouds[i]
		w.pay(c.firm, w.outside, ledger.Plant, ledger.OtherIncome, c.works, ledger.For("capex"))
		c.works = 0
	}
	for i := range w.ties.list {
		x := &w.ties.list[i]
		if x.bought <= 0 {
			continue
		}
		w.ties.spent(x, x.bought)
		to, income := x.b, ledger.ChipRevenue
		if x.a == x.b { // a cloud that makes its own chips pays its foundry
			to, income = w.outside, ledger.OtherIncome
		}
		w.pay(x.a, to, ledger.Plant, income, x.bought, ledger.For("chips"))
		x.bought = 0
	}
}

// refit orders chips for emptied buildings, at most so much, and returns for how much: no new building, no new connection.
func (w *World) refit(cloud int, most float64, t unit.Month) float64 {
	c := &w.clouds[cloud]
	mw := min(most, c.shells)
	if mw < float64(w.m.Market.Build.MinimumSite) {
		return 0
	}
	s := asset.Site{
		Owner: c.firm, Family: id.None, Chips: id.NoContract, Power: id.NoContract, Size: unit.MW(mw), Powered: unit.MW(mw), Stage: asset.Ready, Refit: true,
		Ordered: t, Shell: t, Grid: t, Cost: unit.USDPerMW(w.costPerMW(t)),
	}
	if len(c.regions) > 0 { // its emptied buildings stand where most of its sites do
		s.Region = c.regions[0].region
	}
	w.equip(cloud, &s)
	c.shells -= mw
	w.addSite(cloud, s)
	return mw
}
