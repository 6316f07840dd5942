// Package firm holds the firms and the rules by which they decide: labs, clouds, suppliers of chips and
// investors. A rule is given what its firm may know and returns what it wants; it moves nothing itself.
// All rules of a role stand in the role's file.
package firm

import (
	"strings"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Firm owns one set of books and has any of the roles lab, cloud, investor, supplier, buyer.
type Firm struct {
	Key               string          `key:"-" keyed:"true"`
	Name              string          `need:"true" doc:"as printed in tables and charts"`
	Color             string          `doc:"colour in every chart, as #2452C0"`
	Luck              string          `doc:"key whose random draws the firm gets; its own if empty"`
	Region            id.Region       `need:"true" doc:"home region"`
	Listed            bool            `doc:"has a market price; funds itself from its business, debt and cash"`
	Cash              unit.USD        `need:"true" range:"0," doc:"cash and marketable securities at the start"`
	Debt              unit.USD        `default:"$0" range:"0," doc:"interest-bearing debt that its AI business must serve"`
	DebtRate          unit.Rate       `default:"6%/yr" range:"0,1" doc:"interest on that debt and on new debt"`
	DebtTerm          unit.Months     `default:"120 months" range:"6,600" doc:"time over which debt is repaid"`
	Valuation         unit.USD        `need:"true" range:"0," doc:"value at the last priced round, or market value"`
	CapitalRaised     unit.USD        `default:"$0" range:"0," doc:"equity received up to the start"`
	OperatingCashFlow unit.USDPerYear `default:"$0/yr" doc:"reported cash flow from operations of the last year, all businesses"`
	CashFlowShift     unit.USDPerYear `default:"$0/yr" doc:"what a departure from the facts of the start adds to that: worked out for variants, --set, --with and --without"`
	CashFlowGrowth    unit.Rate       `default:"0%/yr" doc:"growth a year of the cash flow that is not AI, in the first year"`
	CashFlowFade      unit.Share      `default:"100%" doc:"what is left of that growth a year later"`
	Capex             unit.USDPerYear `default:"$0/yr" doc:"reported capital expenditure of the last year, all businesses"`
	CapexAIShare      unit.Share      `default:"100%" key:"capex_ai_share" doc:"part of it that is AI capacity"`
	Stakes            []Stake         `doc:"shares of other firms held at the start, by company"`
	Lab               *Lab            `doc:"trains and sells models"`
	Cloud             *Cloud          `doc:"owns capacity"`
	Investor          *Investor       `doc:"buys new shares"`
	Supplier          *Supplier       `doc:"makes chips"`
	Buyer             *Buyer          `doc:"rents capacity for other uses than models of its own"`
}

// Stake is a holding at the start. Its key is the company.
type Stake struct {
	Key       string     `key:"-" keyed:"true"`
	Share     unit.Share `need:"true" doc:"part of the company"`
	Nonvoting bool       `doc:"the shares carry no votes"`
	Cost      unit.USD   `default:"$0" doc:"money paid for it in the 36 months before the start, for circular shares"`
	Spend     unit.USD   `default:"$0" doc:"money that the company spent with the holder in those months"`
}

// RoleNames are the words for what a firm can be, in the order of the blocks.
func RoleNames() []string { return []string{"lab", "cloud", "investor", "supplier", "buyer"} }

// Has reports whether the firm has the role of that name.
func (f *Firm) Has(role string) bool {
	switch role {
	case "lab":
		return f.Lab != nil
	case "cloud":
		return f.Cloud != nil
	case "investor":
		return f.Investor != nil
	case "supplier":
		return f.Supplier != nil
	case "buyer":
		return f.Buyer != nil
	}
	return false
}

// Roles names the firm's roles, such as "lab, cloud".
func (f *Firm) Roles() string {
	var r []string
	for _, role := range RoleNames() {
		if f.Has(role) {
			r = append(r, role)
		}
	}
	return strings.Join(r, ", ")
}

// Lab trains models and sells them.
type Lab struct {
	Capability      unit.Points     `need:"true" range:"0,1000" doc:"best released model at the start"`
	Enterprise      unit.USDPerYear `need:"true" range:"0," doc:"run-rate revenue from enterprises at the start"`
	Consumer        unit.USDPerYear `need:"true" range:"0," doc:"run-rate revenue from consumers at the start"`
	Growth          unit.Rate       `need:"true" doc:"growth of its run rate in the year before the start"`
	EnterpriseFlow  unit.Share      `need:"true" doc:"share of new enterprise spend that it wins at the start"`
	ConsumerFlow    unit.Share      `need:"true" doc:"share of new consumer spend that it wins at the start"`
	Used            unit.MW         `need:"true" range:"0," doc:"facility power its models use at the start, own and rented"`
	ServingShare    unit.Share      `need:"true" range:"0.01,0.99" doc:"part of its compute that serves customers at the start"`
	ResearchGrowth  unit.Rate       `need:"true" doc:"growth a year of the research compute it would like"`
	StaffShare      unit.Share      `need:"true" range:"0,0.95" doc:"staff, sales and data, share of its total cash cost"`
	OpenWeights     bool            `doc:"publishes its weights"`
	ReleaseInterval unit.Months     `need:"true" range:"1,36" doc:"time between releases"`
	Access          unit.Share      `need:"true" doc:"share of the frontier's movement that it absorbs without scale of its own"`
	ChipAccess      unit.Share      `default:"100%" doc:"share of the compute it pays for that export rules let it use"`
	Funding         string          `choice:"rounds,parent,business" default:"rounds" doc:"who pays for losses: new investors, a parent, or the firm's other business"`
	Anchor          bool            `doc:"has a backer that gives it a price without revenue"`
}

// Cloud owns capacity, uses it for its own models and lets the rest.
type Cloud struct {
	Cohorts           []Cohort      `doc:"capacity in service at the start, by year of commissioning"`
	UnderConstruction unit.MW       `need:"true" range:"0," doc:"capacity started and not in service at the start"`
	Announced         unit.MW       `default:"0 MW" doc:"announced for after that; shown, and weighed by rivals, but not built by itself"`
	Regions           []RegionShare `need:"true" doc:"where new sites go"`
	Chips             []ChipShare   `need:"true" doc:"makers of the chips in new sites"`
	InternalUse       unit.Share    `need:"true" doc:"part of the capacity in service at the start that its other services use"`
	InternalGrowth    unit.Rate     `need:"true" doc:"growth a year of that use"`
	HurdleRate        unit.Rate     `need:"true" range:"0.01,1" doc:"return that a new site must promise"`
	CapexLimit        float64       `need:"true" range:"0,10" doc:"capital expenditure over operating cash flow above which money gets dear"`
	DebtShare         unit.Share    `need:"true" doc:"part of a contracted site's cost that lenders advance"`
	Smoothing         unit.Share    `need:"true" doc:"weight of the newest month in its demand forecast"`
	Extrapolation     unit.Share    `need:"true" doc:"part of recent growth that it projects over the build lag"`
	AdjustSpeed       unit.Share    `need:"true" doc:"part of the capacity gap ordered in a month"`
	Preemption        float64       `need:"true" range:"0,5" doc:"response of wanted capacity to rivals' announced capacity"`
	SpreadSensitivity float64       `need:"true" range:"0,0.1" doc:"rise of the hurdle rate for each 0.1 of capex over the limit"`
	Refusal           string        `choice:"economics,always,never" default:"economics" doc:"how it answers under a right of first refusal"`
	Sells             bool          `doc:"lets capacity to others"`
	Fill              unit.Share    `default:"100%" doc:"part of its idle capacity that it offers on the spot market"`
	Strategic         bool          `doc:"builds no more than pays when its own capacity lowers the rent, rather than all that it expects to be asked for"`
}

// Cohort is capacity by year of commissioning. Its key is the year, such as 2025.
type Cohort struct {
	Key      string          `key:"-" keyed:"true"`
	Capacity unit.MW         `need:"true" range:"0," doc:"facility power in service"`
	Density  unit.H100ePerMW `need:"true" doc:"compute per megawatt"`
}

// RegionShare is the part of a cloud's new sites that goes to a region. Its key is the region.
type RegionShare struct {
	Key   string     `key:"-" keyed:"true"`
	Share unit.Share `need:"true" doc:"part of new sites"`
}

// ChipShare is the part of a cloud's new sites that takes a maker's chips. Its key is the maker.
type ChipShare struct {
	Key   string     `key:"-" keyed:"true"`
	Share unit.Share `need:"true" doc:"part of new sites"`
}

// Investor buys new shares.
type Investor struct {
	Budget    unit.USDPerYear `need:"true" range:"0," doc:"new money a year for equity in labs"`
	Growth    unit.Rate       `need:"true" range:"-0.9,1" doc:"growth a year of that budget"`
	Strategic bool            `doc:"sells to labs, and asks for a spending commitment"`
	Taste     float64         `need:"true" range:"0,10" doc:"how eagerly it joins a round; the most eager leads"`
	Raises    bool            `doc:"gets its budget from its own backers rather than from its cash"`
}

// Supplier makes chips.
type Supplier struct {
	Shipments    unit.H100e  `need:"true" range:"0," doc:"compute shipped a month at the start"`
	Discount     unit.Share  `need:"true" doc:"how much cheaper its compute is than the market leader's, at the start"`
	PriceTrend   unit.Rate   `default:"0%/yr" range:"-0.9,2" doc:"change a year of the price of its compute over the market leader's"`
	Density      float64     `default:"1" range:"0.1,10" doc:"compute per megawatt of its chips over that of the common chip, at the start"`
	DensityTrend unit.Rate   `default:"0%/yr" range:"-0.9,2" doc:"change a year of that"`
	OwnOnly      bool        `doc:"ships only to its own cloud"`
	Regions      []id.Region `doc:"regions it may ship to; all if empty"`
	Margin       unit.Share  `need:"true" doc:"part of its chip revenue that stays after costs"`
}

// Buyer rents capacity for uses other than models of its own.
type Buyer struct {
	Need       unit.MW   `need:"true" range:"0," doc:"capacity wanted at the start and at the rent of the start"`
	Growth     unit.Rate `need:"true" doc:"growth a year of that need"`
	Elasticity float64   `need:"true" range:"0,5" doc:"fall of the need in per cent for a rise of rent by one per cent"`
}

// Research is how compute turns into capability; see Lab.
type Research struct {
	AlgorithmicProgress  unit.Rate   `need:"true" doc:"growth a year of effective compute from better algorithms, for a lab with mean research compute"`
	ComputeElasticity    float64     `need:"true" range:"0,2" doc:"log algorithmic progress per log of own research compute over the mean"`
	Spillover            unit.Share  `need:"true" doc:"part of the best lab's algorithmic lead absorbed in a year"`
	PointsPerOOM         unit.Points `need:"true" range:"0.001,1000" key:"points_per_oom" doc:"capability gained for ten times the effective compute"`
	RunLength            unit.Months `need:"true" range:"0.5,24" doc:"length of the flagship run"`
	DiffusionHalfLife    unit.Months `need:"true" range:"1,120" doc:"time in which a follower closes half of its remaining gap"`
	ReleaseNoise         float64     `need:"true" range:"0,20" doc:"standard deviation of a release, ECI points"`
	TalentHazard         unit.Hazard `need:"true" range:"0,1" doc:"chance a month that a lab loses key people"`
	TalentLoss           unit.Points `need:"true" doc:"mean setback when it does"`
	Floor                unit.Share  `need:"true" range:"0,0.95" doc:"least part of compute that a lab keeps for research"`
	RevenuePerGWServing  unit.Rent   `need:"true" key:"revenue_per_gw_serving" doc:"run-rate revenue that a gigawatt of serving capacity carries at the start"`
	ServingPowerGrowth   unit.Rate   `need:"true" range:"-0.99,10" doc:"change a year of serving capacity needed per dollar of revenue"`
	BudgetHorizon        unit.Months `need:"true" range:"1,600" doc:"time over which a lab is ready to spend the cash it holds"`
	Extrapolation        unit.Share  `need:"true" doc:"part of recent growth that a lab projects when it asks for capacity"`
	RequestLead          unit.Months `need:"true" range:"1,60" doc:"how far ahead a lab asks for capacity"`
	ParentShare          unit.Share  `need:"true" doc:"part of its cash flow from operations that a firm with other business puts at its lab's disposal"`
	EquityShare          unit.Share  `need:"true" doc:"new equity a year that a lab without a parent counts on, share of its value"`
	ComputeShareOfBudget unit.Share  `need:"true" doc:"largest part of what a lab can spend that it puts into compute"`
}

// Distress is what happens to a firm that runs out of money.
type Distress struct {
	Runway       unit.Months `need:"true" doc:"months of cash below which a lab cuts, asks for relief, or is sold"`
	Haircut      unit.Share  `need:"true" doc:"part of contracted capacity given back in a renegotiation"`
	Discount     unit.Share  `need:"true" doc:"price cut in a rescue round"`
	RescueChance unit.Share  `need:"true" doc:"chance that a strategic firm takes the lab over before it defaults"`
	CoverMinimum float64     `need:"true" range:"0,5" doc:"cash flow over debt service below which a borrower may default"`
	Hazard       unit.Hazard `need:"true" range:"0,1" doc:"chance a month of default while cover is below the minimum"`
	Recovery     unit.Share  `need:"true" doc:"part of debt on chips that lenders recover"`
	LeastPrice   unit.USD    `default:"$1M" range:"1," doc:"price of a lab that is worth less when it is taken over"`
}
