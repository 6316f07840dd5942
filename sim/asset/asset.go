// Package asset holds sites and the chips in them: how long they take to build, how they slip, when they
// go into service, how much compute they give and when they are retired.
package asset

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Build says what capacity costs and how long it takes.
type Build struct {
	CostPerMW      unit.USDPerMW `need:"true" doc:"capital cost per facility megawatt, chips included"`
	CostInflation  unit.Rate     `need:"true" doc:"rise of that cost a year"`
	ITShare        unit.Share    `need:"true" key:"it_share" doc:"share of the cost that is chips, servers and network"`
	ChipShare      unit.Share    `need:"true" doc:"share of the cost that goes to the maker of the chips, at the market leader's price; part of it_share"`
	OpexPerMW      unit.USDPerMW `need:"true" doc:"operating cost a year per facility megawatt, energy left out"`
	BuildLag       unit.Months   `need:"true" range:"1,240" doc:"mean time from order to a building ready for chips"`
	OpeningSpread  unit.Months   `need:"true" range:"1,120" doc:"time over which what is under construction at the start comes into service"`
	LagShape       float64       `need:"true" range:"1,100" doc:"shape of the gamma distribution of that time; higher is more regular"`
	FitOut         unit.Months   `need:"true" range:"1,60" doc:"time to fill a ready building with chips"`
	LeaseShare     unit.Share    `need:"true" doc:"part of what a cloud lacks within the lead of a lease that shells which stand already can take"`
	LeaseLag       unit.Months   `need:"true" range:"0,60" doc:"mean time from lease to a shell ready for chips, with power"`
	PhaseIn        unit.Share    `need:"true" doc:"share of a site that goes live at first power"`
	SlipShare      unit.Share    `need:"true" doc:"chance that a site slips"`
	SlipLength     unit.Months   `need:"true" doc:"mean length of a slip"`
	AbandonShare   unit.Share    `need:"true" doc:"chance that a site is given up before it is ready"`
	ChipLife       unit.Months   `need:"true" range:"6,360" doc:"economic life of chips"`
	ShellLife      unit.Months   `need:"true" range:"12,720" doc:"economic life of buildings and power equipment"`
	SiteSize       unit.MW       `need:"true" range:"1,10000" doc:"orders are placed in sites of at most this size"`
	CancelShare    unit.Share    `need:"true" doc:"share of unstarted sites cancelled when rent stays below cost"`
	MinimumSite    unit.MW       `need:"true" range:"0.1,1000" doc:"smaller gaps are left to the next month"`
	AccountingLife unit.Months   `need:"true" range:"12,240" doc:"life over which books write off chips"`
}

// Chips says how much compute the world's fabs ship and how dense it is.
type Chips struct {
	SupplyGrowth  unit.Rate       `need:"true" doc:"growth a year of compute shipped, at the start"`
	GrowthFade    unit.Rate       `need:"true" range:"-1,0" doc:"change a year of the part of that growth that is more chips: -30%/yr lets it fall by three tenths each year"`
	LeadTime      unit.Months     `need:"true" doc:"order to rack"`
	Response      float64         `default:"0" range:"0,3" doc:"growth a year of a maker's shipments for each log point by which orders exceed them"`
	DensityGrowth unit.Rate       `need:"true" doc:"growth a year of compute per megawatt of newly shipped chips"`
	Density       unit.H100ePerMW `need:"true" doc:"compute per facility megawatt of chips shipped at the start"`
}

// DensityAt returns the compute per megawatt of chips shipped so many years after the start.
//
//	density(t) = Density × (1+DensityGrowth)^years      (4.1)
func (c *Chips) DensityAt(years float64) unit.H100ePerMW {
	return c.Density * unit.H100ePerMW(num.Pow(1+float64(c.DensityGrowth), years))
}

// SupplyFactor returns compute shipped in a month over that of the start.
//
//	ln factor = ln(1+DensityGrowth)·years + ln((1+SupplyGrowth)/(1+DensityGrowth)) × (f^years − 1)/ln f,   f = 1+GrowthFade      (3.8)
//
// The first part is better chips, the second more of them, counted in the power that they take. What fades is the
// second, as packaging capacity is built out; by a constant factor a year, so its integral is that of an exponential.
// Shipments of power come to rest at a level: fabs do not shut while their chips get denser.
func (c *Chips) SupplyFactor(years float64) float64 {
	better := num.Log(1 + float64(c.DensityGrowth))
	more := num.Log(1+float64(c.SupplyGrowth)) - better
	f := 1 + float64(c.GrowthFade)
	if f > 1-1e-7 { // where (f^years − 1)/ln f is years, to seven digits
		return num.Exp((better + more) * years)
	}
	lf := num.Log(max(f, 0.01))
	return num.Exp(float64(better*years) + more*(num.Exp(lf*years)-1)/lf)
}

// Power says how sites come to their electricity.
type Power struct {
	OnsiteLead       unit.Months    `need:"true" doc:"time to on-site generation"`
	OnsitePremium    float64        `need:"true" range:"0,5" doc:"extra cost of its energy over the grid's, share"`
	LoadFactor       unit.Share     `need:"true" doc:"mean over contracted power"`
	PriceGrowth      unit.Rate      `need:"true" doc:"rise a year of energy prices"`
	CapacityCharge   unit.USDPerMW  `need:"true" doc:"capacity price a year per megawatt"`
	ConnectionSpread float64        `need:"true" range:"1,100" doc:"shape of the gamma distribution of grid connection times"`
	Floor            unit.USDPerMWh `need:"true" doc:"no region's energy is cheaper"`
}

// Stage is how far a site has come.
type Stage uint8

// The stages of a site, in order. A site being built waits for building and grid at once.
const (
	Building Stage = iota
	Ready          // building and connection stand; chips may go in
	Live           // full
	Gone           // abandoned, cancelled or retired
)

// Site is a block of capacity with one owner, region and chip family.
type Site struct {
	Owner     id.Firm
	Family    id.Firm     // maker of its chips
	Chips     id.Contract // under which they are bought; id.NoContract if under none
	Power     id.Contract // that brings its power; likewise
	Region    id.Region
	Stage     Stage
	Onsite    bool          // has its own generation
	Refit     bool          // an existing building whose chips are replaced
	Leased    bool          // a landlord's building: no capital cost, but a rent
	Cloud     uint16        // the owner's place among the world's clouds
	Ordered   unit.Month    // when the owner committed
	Shell     unit.Month    // building done
	Grid      unit.Month    // connection due; granted when the region has room
	Since     unit.Month    // first chips in service
	Abandoned unit.Month    // month in which it is given up; 0 never
	Size      unit.MW       // as ordered
	Powered   unit.MW       // connected to power
	Live      unit.MW       // with chips in service
	Cost      unit.USDPerMW // capital cost at order, on the market leader's chips
	Saving    float64       // what its own chips cost less than those, as a share
}

// Draw gives the uniforms that decide a new site's lags, each in (0, 1), by what they are for.
type Draw func(rng.Purpose) float64

// Distribution is what a lag is drawn from: its u-quantile, over the mean.
type Distribution interface{ Quantile(u float64) float64 }

// Schedule sets the dates of a new site, leased or not.
//
//	building = gamma(BuildLag) + [slip]·exponential(SlipLength);  power = min(grid, on-site)      (3.5, 3.6, 5.1)
//
// A leased shell waits gamma(LeaseLag) instead, for its power too: its landlord has asked for the grid long before.
// connection is the region's mean time to a grid connection, onsite the chance that on-site generation is
// available there, lag a gamma distribution of shape Build.LagShape and grid one of shape ConnectionSpread. What cannot
// matter is not drawn: the length of a slip that does not come, or on-site generation that would come after the grid.
func (s *Site) Schedule(t unit.Month, b *Build, p *Power, connection unit.Months, onsite unit.Share, draw Draw, lag, grid Distribution) {
	mean := b.BuildLag
	if s.Leased {
		mean = b.LeaseLag
	}
	// Draws cost least side by side: those that always matter are made at once.
	lasts, slips, connects, ends := draw(rng.BuildLag), draw(rng.Slip), draw(rng.PowerLag), draw(rng.Abandon)
	build := float64(float64(mean) * lag.Quantile(lasts))
	if rng.Bernoulli(slips, float64(b.SlipShare)) {
		build += rng.Exponential(draw(rng.SlipLength), float64(b.SlipLength))
	}
	wait := float64(connection) * grid.Quantile(connects)
	if float64(p.OnsiteLead) < wait && rng.Bernoulli(draw(rng.OnSite), float64(onsite)) {
		wait, s.Onsite = float64(p.OnsiteLead), true
	}
	if s.Leased {
		wait = min(wait, build)
	}
	s.Ordered = t
	s.Shell = t.After(unit.Months(build))
	s.Grid = t.After(unit.Months(wait))
	if rng.Bernoulli(ends, float64(b.AbandonShare)) {
		s.Abandoned = t.After(unit.Months(build / 2))
	}
}

// Lead returns how long it takes on average until a site that its owner builds has its building and its power: what the
// owner plans with. A slip is what nobody has planned for.
//
//	lead = E max(building, power),   building and power as in [Site.Schedule]      (3.11)
//
// The mean is taken over ten values of either time, all as likely.
func (b *Build) Lead(p *Power, connection unit.Months, onsite unit.Share, lag, grid Distribution) unit.Months {
	const values = 10
	var waits [values]float64
	for k := range waits {
		waits[k] = float64(float64(connection) * grid.Quantile((float64(k)+0.5)/values))
	}
	late := 0.0 // of the power after the building, in all pairs
	for i := range values {
		build := float64(float64(b.BuildLag) * lag.Quantile((float64(i)+0.5)/values))
		for _, wait := range waits {
			own := min(wait, float64(p.OnsiteLead))
			late += float64((1-float64(onsite))*max(0, wait-build)) + float64(float64(onsite)*max(0, own-build))
		}
	}
	return b.BuildLag + unit.Months(late/(values*values))
}

// Building returns what of a capital cost goes to building and power equipment.
func (b *Build) Building(cost float64) float64 { return cost * (1 - float64(b.ITShare)) }

// Chips returns what of a capital cost goes to the maker of the chips, if they cost so much less than the market leader's as a
// share. They are part of the equipment.
//
//	cost·chip_share·(1 − saving)
func (b *Build) Chips(cost, saving float64) float64 {
	return cost * float64(min(b.ChipShare, b.ITShare)) * (1 - saving)
}

// Equipment returns what of a capital cost goes to chips, servers and network. The price of chips moves their part of it alone.
//
//	cost·(it_share − chip_share·saving)
func (b *Build) Equipment(cost, saving float64) float64 {
	return cost * (float64(b.ITShare) - float64(float64(min(b.ChipShare, b.ITShare))*saving))
}

// Room returns how much of a site may receive chips this month: PhaseIn of it at first, then equal parts
// over FitOut, never more than is connected.
func (s *Site) Room(b *Build) unit.MW {
	room := s.Powered - s.Live
	if s.Stage != Ready || room <= 0 {
		return 0
	}
	if step := unit.MW(s.step(b)); step < room {
		return step
	}
	return room
}

// step is how much of a site can be filled in a month.
func (s *Site) step(b *Build) float64 {
	step := float64(s.Size) * (1 - float64(b.PhaseIn)) / float64(b.FitOut)
	if s.Live == 0 {
		step = max(step, float64(s.Size)*float64(b.PhaseIn))
	}
	return step
}

// Stalled returns what a site whose building stands could take in chips this month and cannot for want of power.
func (s *Site) Stalled(b *Build) unit.MW {
	step := s.step(b)
	return unit.MW(min(step, float64(s.Size-s.Live)) - max(0, min(step, float64(s.Powered-s.Live))))
}

// Install puts chips into a site, which is live when it is full.
func (s *Site) Install(t unit.Month, mw unit.MW) {
	if s.Live == 0 && mw > 0 {
		s.Since = t
	}
	s.Live += mw
	if s.Live >= s.Size-1e-6 {
		s.Live, s.Stage = s.Size, Live
	}
}

// RetiredShare returns the share of a site's chips that wears out in a month when it is age months old.
//
// The hazard rises linearly with age and gives the mean ChipLife L: with hazard h(a) = 2·c·a the survival is
// exp(−c·a²), whose mean is √(π/c)/2, so c = π/(4·L²).      (4.2)
func (b *Build) RetiredShare(age float64) float64 {
	const quarterPi = 0.7853981633974483
	c := quarterPi / (float64(b.ChipLife) * float64(b.ChipLife))
	return -num.Exp(-c*(float64(2*age)+1)) + 1
}
