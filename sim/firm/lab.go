package firm

import (
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// LabView is what a lab knows when it plans: its own books and use, and posted prices.
type LabView struct {
	Years        float64         // since the start
	Lead         unit.Months     // until capacity asked for now would serve
	Revenue      unit.USDPerYear // run rate, partners' shares taken off
	Growth       float64         // of revenue, log a month, smoothed
	Serving      unit.MW         // what serving all customers takes now
	Research     unit.MW         // research capacity of the start
	Density      float64         // compute per megawatt over that of the start
	Cash         unit.USD        //
	Business     unit.USDPerYear // what the firm's other business can put in
	Equity       unit.USDPerYear // new equity that it counts on
	Rent         unit.Rent       // cost of a gigawatt-year to this lab
	Paid         unit.MW         // capacity that must be paid for whether used or not
	Distressed   bool
	Extrapolated float64  // share of growth projected over the lead
	Thrift       float64  // serving capacity that a dollar of revenue needs at the end of the lead, over that now
	Wish         num.Base // 1 + ResearchGrowth
}

// Needs is the compute a lab wants.
type Needs struct {
	Serving   unit.MW // for customers, now
	Research  unit.MW // for research, now
	Later     unit.MW // both, at the end of the lead
	Afford    unit.MW // what it can pay for at the end of the lead
	MoneyRuns bool    // Afford is what limits Later
}

// Plan says what compute the lab wants now and at the end of the lead.
//
//	serving(t+L)  = serving·exp(x·g·L)·(1+ServingPowerGrowth)^(L/12)
//	research(t)   = research₀·((1+ResearchGrowth)^t / density(t)),   at least Floor of the whole
//	later         = min(serving + research at t+L, ComputeShareOfBudget·budget/rent)      (2.1)
//	budget        = revenue·exp(x·g·L) + max(12·cash/BudgetHorizon, new equity) + what the other business puts in
//
// Cash and new equity are not added: what is raised becomes cash before it is spent. A lab in distress cuts
// research to the floor, but not below what it must pay for anyway.
func (v *LabView) Plan(r *Research) Needs {
	years := float64(v.Lead) / 12
	growth := num.Exp(v.Extrapolated * v.Growth * float64(v.Lead))
	var n Needs
	n.Serving = v.Serving
	n.Research = v.research(v.Years, r, n.Serving)
	serving := unit.MW(float64(v.Serving) * growth * v.Thrift)
	research := v.research(v.Years+years, r, serving)
	budget := float64(float64(v.Revenue)*growth) + max(12*v.Cash.Dollars()/float64(r.BudgetHorizon), float64(v.Equity)) + float64(v.Business)
	n.Afford = unit.MW(max(0, budget) * float64(r.ComputeShareOfBudget) / float64(v.Rent) * 1000)
	n.Later = serving + research
	if n.Afford < n.Later {
		n.Later, n.MoneyRuns = n.Afford, true
	}
	return n
}

// research returns the research capacity that the lab would like so many years after the start.
func (v *LabView) research(years float64, r *Research, serving unit.MW) unit.MW {
	floor := serving * unit.MW(float64(r.Floor)/(1-float64(r.Floor)))
	want := unit.MW(float64(v.Research) * v.Wish.Pow(years) / v.Density)
	if v.Distressed {
		return max(floor, min(want, v.Paid-serving))
	}
	return max(floor, want)
}

// Split divides capacity between customers and research. Customers come first, but research keeps Floor of
// the whole; what neither wants stays idle.
func (l *Lab) Split(capacity unit.MW, n Needs, r *Research) (serving, research unit.MW) {
	research = min(n.Research, capacity*unit.MW(r.Floor))
	serving = min(n.Serving, capacity-research)
	research = min(n.Research, capacity-serving)
	return serving, research
}

// RoundView is what a lab knows when it decides about a round.
type RoundView struct {
	Cash          unit.USD
	Ahead         unit.USD // burn a month that it expects over the coming runway
	SinceLast     unit.Months
	Funding       string
	RunwayTrigger unit.Months
	RunwayTarget  unit.Months
	Interval      unit.Months
}

// May reports whether the lab can raise money at all now, whatever it burns.
func (v RoundView) May() bool { return v.Funding == "rounds" && v.SinceLast >= v.Interval }

// Raise returns the money that a lab wants from a round now; 0 opens none.
//
//	raise = max(0, burn ahead × RunwayTarget − cash)   if cash/burn ahead < RunwayTrigger      (6.1)
func (v RoundView) Raise() unit.USD {
	if !v.May() || v.Ahead <= 0 {
		return 0
	}
	if v.Cash.Dollars() >= float64(v.RunwayTrigger)*v.Ahead.Dollars() {
		return 0
	}
	return max(0, v.Ahead.Times(float64(v.RunwayTarget))-v.Cash)
}

// FreedomView is what a lab knows when it may buy itself out of a right over its compute.
type FreedomView struct {
	Burden  unit.USD // what the right costs it a year: dearer and later capacity, offers refused
	Years   float64  // that it weighs
	Price   unit.USD // at which the holder gives the right up
	Paid    string   // cash, commitment or equity
	Planned unit.USD // with a commitment: what it would spend with the holder anyway
	Cash    unit.USD
}

// BuysFreedom reports whether the lab pays the price of a right: when its burden over the years is more, and cash, if
// it is to be paid in cash, is twice the price.
//
//	Burden·Years > Price − Planned
func (l *Lab) BuysFreedom(v FreedomView) bool {
	if v.Paid == "cash" && v.Cash/2 < v.Price {
		return false
	}
	return float64(v.Burden)*v.Years > max(0, float64(v.Price-v.Planned))
}
