package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// World is the state of one run. A worker makes one with [NewWorld] and resets it for each run; Step then
// advances it month by month. Entities are indices into its slices, and nothing in a step allocates once the
// slices have grown to the size that a run needs.
type World struct {
	m       *Model
	run     rng.Run
	listen  Listener
	verbose bool
	byKey   map[string]id.Firm
	outside id.Firm // the rest of the economy: customers, builders, staff, lenders, savers
	books   *ledger.Books
	panel   *measure.Panel
	factors shock.Factors

	firms     []firmState
	labs      []labState
	clouds    []cloudState
	investors []investorState
	suppliers []supplierState
	buyers    []buyerState
	regions   []regionState
	segments  [segments]segmentState

	sites        []asset.Site
	lots         []market.Lot
	lotsOf       [][]int32 // places of a buyer's lots
	notices      []notice
	freed        []freed
	rounds       []round
	ties         ties
	arrears      arrears
	clearing     clearing
	pays         []bool // scratch: which members answer a call
	paid         []bool // scratch: which of them, or lenders for them, paid
	deals        deals
	inquiries    []inquiry
	exports      []export
	passages     []passage           // of chips, by maker and by the home and the region of who builds
	held         []contract.Purchase // wait for a review
	dues         contract.Dues
	reading      contract.Meter // of the clause that is billing
	offers       []market.Offer
	bonds        []bond            // scratch: the exclusivities that bind the lab that asks
	owed         []unit.USD        // scratch: what that lab must spend in a month, by cloud
	creditors    []int             // scratch: the clouds for which that is not nothing
	barred       barred            // the best offer that an exclusivity kept from the last request
	asks         func(int) float64 // rent that a cloud asks for: ask, but in tests of rules of bidding
	order        []int             // scratch: an order in which entities act
	sellers      []int             // clouds that let capacity this month
	entitled     []int             // scratch: those with a right to capacity of a venture
	partners     []int             // scratch: those that a lab asks for bids
	purses       []int             // investors with most to spend this month
	asking       []int             // scratch: those that a company approaches
	weights      []float64         // scratch: weights of a choice
	owners       []owner           // scratch: the largest strategic owner of each lab
	outsiders    []ticket          // what investors outside a club would have bought of its round
	club         []id.Firm         // members of the club whose round closes
	tickets      []ticket
	drawn        []float64    // MW that each contract gives to capacity that computes, this month
	tenancy      []float64    // scratch: MW of each cloud's sites that may take chips under a contract
	waiting      []float64    // MW of each contract's sites that have no chips yet
	fillable     []int32      // scratch: places of the sites that could take chips this month
	empty        [][]int32    // scratch: places of each cloud's sites that are empty and free to take any chips
	candidates   []candidate  // scratch: of those, the ones that a contract looks at
	cuts         []int32      // scratch: from which place each site at the end of the list was cut
	left         bool         // leased shells were left since what sites will cost was added up
	rests        []asset.Site // scratch: those sites
	ordered      float64      // MW of sites under way
	onsite       float64      // MW of those that bring their own generation
	powered      []float64    // scratch: MW of each contract's sites that have power and no chips yet
	dueBy        []float64    // scratch: MW of a contract's chips that are due so many months from now
	unplaced     []float64    // MW of each contract's chips for sites ordered now that have none yet
	tables       tables
	rent         float64 // market rent of new capacity, dollars per gigawatt-year
	h100         float64 // spot rent of an H100, dollars an hour
	tight        float64 // log of use over what balanced clouds would have let
	mood         float64 // log sentiment of the funding market
	stressed     bool    // funding market
	supply       float64 // H100e shipped in the month
	wanted       float64 // H100e that ready sites could take in the month
	frontierMove float64 // ECI points by which the frontier moved in the last month
	best         float64 // capability of the best model on sale, ECI points
	leading      float64 // mean capability of the three best labs, ECI points
	openModel    float64 // best model whose weights a shock has published, ECI points
	lastDemand   float64 // demand factor in force last month
	lastServing  float64 // factor on serving efficiency in force last month
	cost         float64 // mean full cost of new capacity, dollars per gigawatt-year
	h100Before   float64 // spot rent of an H100 last month
	seq          int     // events of the month
}

// The segments of the product market.
const (
	enterprise = iota
	consumer
	segments
)

// segmentNames are those of the scenario language.
var segmentNames = [segments]string{"enterprise", "consumer"}

// firmState is what every firm carries.
type firmState struct {
	luck      uint64
	home      id.Region
	lab       int // index into labs, -1 without the role; likewise the others
	cloud     int
	investor  int
	supplier  int
	buyer     int
	closes    bool    // the rest of its business makes up its reported cash flow
	business  float64 // dollars a month from the rest of its business
	growth    float64 // of that, log a year, this month
	fading    float64 // factor on that growth, a month
	cashFlow  float64 // from operations, dollars a year, smoothed over twelve months
	opening   float64 // the same at the start
	burn      [3]float64
	value     float64 // last price, dollars
	valueBase float64 // of a listed firm at the start
	raised    float64 // equity received since it began, dollars
	crowded   float64 // equity that a club kept others from buying since the start, dollars
	other     float64 // capital expenditure that is not AI, dollars a month
	operating float64 // cash flow from operations of the month, dollars
	capex     float64 // of the month, AI and other, dollars
	capexYear float64 // smoothed, dollars a year
	reserve   float64 // cash kept for its own running, dollars
	failed    bool
	usedAhead unit.USD // of what was paid ahead, earned in the month less used
}

type segmentState struct {
	choice *market.Choice
	spend  []float64 // dollars a year, one a lab, open weights last
	before []float64 // the same before this month's choice
	locked []float64 // of that, what does not choose anew
	size   float64   // dollars a year, spend that waits for capacity included
	rules  *market.Segment
	start  float64 // size at the start
}

// tables hold what depends on the month or an age alone.
type tables struct {
	density []float64      // compute per megawatt of chips shipped so many months after the start
	supply  []float64      // compute shipped over that of the start
	serving []float64      // capacity that a customer takes over that at the start, so many months after it
	thrift  num.Base       // of that, the factor a year
	ahead   float64        // and that over the lead with which labs plan
	capex   []float64      // capital cost of a megawatt ordered so many months after the start, dollars
	retired []float64      // share of chips retired in a month, by age in months
	lag     rng.GammaTable // for building times
	grid    rng.GammaTable // for grid connections
}

// Listener hears what happens in a run.
type Listener interface {
	// Happened hears of the few kinds of event whose first date is counted over all runs; see [Counted]. c is the contract
	// under which it happened, or id.NoContract, part the tranche, from 1 on, or 0.
	Happened(t unit.Month, kind string, f id.Firm, c id.Contract, part int)
	// Tell hears of each event in the order in which things happen, with its words and numbers.
	Tell(Event)
}

// NewWorld makes room for a model's runs. The layout of the model must be set.
func NewWorld(m *Model) *World {
	firms := len(m.Firms)
	w := &World{outside: id.Firm(firms), byKey: make(map[string]id.Firm, firms)}
	w.deals.outside = w.outside
	w.books = ledger.New(firms+1, w.outside)
	w.books.Name = func(f id.Firm) string {
		if f == w.outside {
			return "outside"
		}
		return w.m.Firms[f].Key
	}
	w.panel = measure.NewPanel(m.Layout)
	w.firms = make([]firmState, firms)
	labs := 0
	for i := range m.Firms {
		w.byKey[m.Firms[i].Key] = id.Firm(i)
		if m.Firms[i].Lab != nil {
			labs++
		}
	}
	for s := range w.segments {
		w.segments[s].choice = market.NewChoice(labs + 1)
		w.segments[s].spend, w.segments[s].before, w.segments[s].locked = make([]float64, labs+1), make([]float64, labs+1), make([]float64, labs+1)
	}
	w.regions = make([]regionState, len(m.Regions))
	w.lotsOf = make([][]int32, firms)
	w.arrears.last = make([]int32, firms)
	w.ties.init(firms+1, m.Layout)
	w.deals.learn(m.Contracts, firms+1)
	w.asks = w.ask
	return w
}

// Listen sets who hears of what happens; nil for nobody. Words are made only if told is set: they cost more
// than the simulation.
func (w *World) Listen(l Listener, told bool) { w.listen, w.verbose = l, told && l != nil }

// Panel gives the measures of the closed months.
func (w *World) Panel() *measure.Panel { return w.panel }

// Books gives the ledger, for the journal and for tests.
func (w *World) Books() *ledger.Books { return w.books }

// Reset puts the world into the opening state of the model for a run. The model's numbers may have changed
// since the last Reset, its shape must not.
func (w *World) Reset(m *Model, r rng.Run) {
	w.m, w.run = m, r
	w.seq = 0
	w.sites, w.lots, w.notices, w.rounds = w.sites[:0], w.lots[:0], w.notices[:0], w.rounds[:0]
	w.arrears.reset()
	w.freed = w.freed[:0]
	w.indexLots(0)
	w.rent, w.h100 = float64(m.Market.Compute.Rent), m.Market.Compute.H100Rental
	w.tight, w.mood, w.stressed, w.supply, w.wanted = 0, 0, false, 0, 0
	w.frontierMove, w.h100Before, w.cost, w.openModel = 0, w.h100, 0, 0
	w.books.Clear()
	w.ties.reset()
	for i := range m.Layout.Columns {
		if c := m.Layout.Columns[i]; c.Measure == measure.Stake { // every pair that is measured has one
			w.ties.find(id.Firm(c.Of), c.With)
		}
	}
	w.openRegions()
	w.lastDemand, w.lastServing = w.factors[shock.Demand], w.factors[shock.ServingEfficiency]
	w.makeTables()
	w.openFirms()
	w.openLeads()
	w.openStakes()
	w.openDeals()
	w.openInquiries()
	w.openExports()
	w.openSites()
	w.books.Seal()
	w.openMarket()
	w.openChannels()
	w.deliver(m.Start)
	w.openUse()
	w.closeOpening()
}

func (w *World) makeTables() {
	m := w.m
	months := int(m.End-m.Start) + 1
	t := &w.tables
	t.density = resize(t.density, months+1)
	t.supply = resize(t.supply, months+1)
	t.serving = resize(t.serving, months+1)
	t.capex = resize(t.capex, months+1)
	t.thrift = num.BaseOf(1 + float64(m.Market.Research.ServingPowerGrowth))
	t.ahead = t.thrift.Pow(float64(m.Market.Research.RequestLead) / 12)
	for i := range t.density {
		t.density[i] = float64(m.Market.Chips.DensityAt(float64(i) / 12))
		t.supply[i] = m.Market.Chips.SupplyFactor(float64(i) / 12)
		t.capex[i] = float64(m.Market.Build.CostPerMW) * (1 + float64(float64(m.Market.Build.CostInflation)*(float64(i)/12)))
		t.serving[i] = t.thrift.Pow(float64(i) / 12)
	}
	t.retired = resize(t.retired, months+240)
	for i := range t.retired {
		t.retired[i] = m.Market.Build.RetiredShare(float64(i))
	}
	t.lag.Set(m.Market.Build.LagShape)
	t.grid.Set(m.Market.Power.ConnectionSpread)
}

func (w *World) openRegions() {
	for i := range w.regions {
		w.regions[i] = regionState{}
	}
	w.takeFactors(w.m.Start)
}

func (w *World) openFirms() {
	m := w.m
	w.labs, w.clouds, w.investors, w.suppliers, w.buyers = w.labs[:0], w.clouds[:0], w.investors[:0], w.suppliers[:0], w.buyers[:0]
	for i := range m.Firms {
		f, id := &m.Firms[i], id.Firm(i)
		key := f.Luck
		if key == "" {
			key = f.Key
		}
		s := &w.firms[i]
		*s = firmState{luck: rng.Luck(key), home: f.Region, lab: -1, cloud: -1, investor: -1, supplier: -1, buyer: -1}
		if f.Lab != nil {
			s.lab = len(w.labs)
			w.labs = append(w.labs, labState{firm: id, terms: f.Lab, wish: num.BaseOf(1 + float64(f.Lab.ResearchGrowth))})
		}
		if f.Cloud != nil {
			s.cloud = len(w.clouds)
			w.clouds = append(w.clouds, w.emptyCloud(id, f.Cloud))
		}
		if f.Investor != nil {
			s.investor = len(w.investors)
			w.investors = append(w.investors, investorState{firm: id, terms: f.Investor, budget: float64(f.Investor.Budget), purse: unit.Dollars(float64(f.Investor.Budget))})
		}
		if f.Supplier != nil {
			s.supplier = len(w.suppliers)
			w.suppliers = append(w.suppliers, supplierState{
				firm: id, terms: f.Supplier, price: 1, density: f.Supplier.Density, saving: f.Supplier.Saving(1, f.Supplier.Density),
				pace: monthly(float64(f.Supplier.PriceTrend), float64(f.Supplier.DensityTrend)),
			})
		}
		if f.Buyer != nil {
			s.buyer = len(w.buyers)
			w.buyers = append(w.buyers, buyerState{firm: id})
		}
		s.closes = f.Listed || f.Lab == nil || f.Lab.Funding == "business"
		s.growth, s.fading = num.Log(1+float64(f.CashFlowGrowth)), fade(float64(f.CashFlowFade))
		s.cashFlow, s.opening = float64(f.OperatingCashFlow), float64(f.OperatingCashFlow)
		for k := range s.burn {
			s.burn[k] = -float64(f.OperatingCashFlow) / 12
		}
		s.value, s.valueBase, s.raised = f.Valuation.Dollars(), f.Valuation.Dollars(), f.CapitalRaised.Dollars()
		s.other = float64(f.Capex) * (1 - float64(f.CapexAIShare)) / 12
		s.capexYear = float64(f.Capex)
		s.reserve = f.Cash.Dollars() / 2
		w.books.Open(id, ledger.Cash, f.Cash)
		w.books.Open(id, ledger.Debt, f.Debt)
	}
	for i := range w.clouds {
		w.lookUp(i)
	}
	w.weights = resize(w.weights, len(w.firms)+1)
	w.byPurse()
}

// openLeads reckons how long before half of a new site is in service, for what a cloud builds, by its regions, and for what
// it leases. Firms know how long sites take on average.
func (w *World) openLeads() {
	b := &w.m.Market.Build
	half := unit.Months(b.FitOut / 2)
	for r := range w.regions {
		terms := &w.m.Regions[r]
		w.regions[r].lead = b.Lead(&w.m.Market.Power, terms.ConnectionTime, terms.OnsiteShare, &w.tables.lag, &w.tables.grid)
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		c.leasing.lead = b.LeaseLag + half
		c.building.lead = half
		for _, at := range c.regions {
			c.building.lead += unit.Months(at.share * float64(w.regions[at.region].lead))
		}
		if len(c.regions) == 0 {
			c.building.lead += b.BuildLag
		}
	}
}

// emptyCloud is the next cloud's state, with the memory that it had in the last run.
func (w *World) emptyCloud(f id.Firm, terms *firm.Cloud) cloudState {
	c := cloudState{firm: f, terms: terms}
	if n := len(w.clouds); n < cap(w.clouds) {
		old := &w.clouds[:n+1][n]
		c.stock, c.young, c.built, c.sources, c.regions, c.mix, c.base = old.stock[:0], old.young[:0], old.built, old.sources, old.regions, old.mix, old.base[:0]
	}
	return c
}

func (w *World) openStakes() {
	for i := range w.m.Firms {
		for _, s := range w.m.Firms[i].Stakes {
			c, ok := w.byKey[s.Key]
			if !ok {
				continue // the scenario reader refuses unknown companies
			}
			t := w.ties.find(id.Firm(i), c)
			t.stake = float64(s.Share)
			if s.Nonvoting {
				t.silent = t.stake
			}
			t.opening = s.Cost.Dollars()
			w.ties.find(c, id.Firm(i)).openingSpend = s.Spend.Dollars()
			w.books.OpenClaim(id.Firm(i), c, ledger.Stakes, s.Cost)
		}
	}
	w.cutStakes()
}

// cutStakes scales drawn stakes of a company down where they sum to more than all of it.
func (w *World) cutStakes() {
	sum := w.weights[:len(w.firms)+1]
	clear(sum)
	for i := range w.ties.list {
		sum[w.ties.list[i].b] += w.ties.list[i].stake
	}
	for i := range w.ties.list {
		if x := &w.ties.list[i]; sum[x.b] > 1 {
			x.stake /= sum[x.b]
			x.silent /= sum[x.b]
		}
	}
}

// Find returns the firm of that key.
func (m *Model) Find(key string) (id.Firm, bool) {
	for i := range m.Firms {
		if m.Firms[i].Key == key {
			return id.Firm(i), true
		}
	}
	return id.None, false
}

// FindRegion returns the region of that key.
func (m *Model) FindRegion(key string) (id.Region, bool) {
	for i := range m.Regions {
		if m.Regions[i].Key == key {
			return id.Region(i), true
		}
	}
	return 0, false
}

func (w *World) openMarket() {
	m := w.m
	w.segments[enterprise].rules = &m.Market.Enterprise
	w.segments[consumer].rules = &m.Market.Consumer
	last := len(w.labs)
	var flow [segments][]float64
	for s := range w.segments {
		g := &w.segments[s]
		flow[s] = w.weights[:last+1]
		best := 0.0
		for i := range w.labs {
			l := w.lab(i)
			g.spend[i] = float64([segments]unit.USDPerYear{l.Enterprise, l.Consumer}[s])
			flow[s][i] = float64([segments]unit.Share{l.EnterpriseFlow, l.ConsumerFlow}[s])
			g.choice.Capability[i] = float64(l.Capability)
			g.choice.LogPrice[i] = 0
			g.choice.Closed[i] = flow[s][i] <= 0 && g.spend[i] <= 0
			if l.OpenWeights {
				best = max(best, float64(l.Capability))
			}
		}
		open := float64(g.rules.OpenFlow)
		g.choice.Capability[last], g.choice.LogPrice[last] = best, 0
		g.choice.Closed[last] = best == 0 || open == 0
		// The labs' shares are given as parts of what they win together.
		won := num.Sum(flow[s][:last])
		for i := range flow[s][:last] {
			flow[s][i] *= ratio(1-open, won)
		}
		flow[s][last] = open
		g.choice.Fit(g.rules, flow[s])
		g.spend[last] = num.Sum(g.spend[:last]) * open / (1 - open)
		g.size = num.Sum(g.spend)
		g.start = g.size
	}
}

// lab, cloud, investor, supplier and buyer give the terms of a role by its index.
func (w *World) lab(i int) *firm.Lab           { return w.labs[i].terms }
func (w *World) cloud(i int) *firm.Cloud       { return w.clouds[i].terms }
func (w *World) investor(i int) *firm.Investor { return w.investors[i].terms }
func (w *World) supplier(i int) *firm.Supplier { return w.suppliers[i].terms }

// uniform draws for a firm, or with luck 0 for the world. The central run has no luck: each of its draws is
// the median, so chances below one half do not happen and those above do.
func (w *World) uniform(p rng.Purpose, luck uint64, t unit.Month, index int) float64 {
	if w.run.Index == 0 {
		return 0.5
	}
	return w.run.Uniform(p, luck, t, index)
}

// years is the time since the start.
func (w *World) years(t unit.Month) float64 { return t.Years(w.m.Start) }

// cash is what a firm has.
func (w *World) cash(f id.Firm) unit.USD { return w.books.Balance(f, ledger.Cash) }

func resize[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}
