package contract

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// CostPlan is what a firm spends on people beyond the staff that its compute implies: senior hires, offices, or a
// licence that brings another firm's team. It pays once in the month of Starts, then the cost in force, and its
// research gets faster while the newcomers settle in.
//
//	cost(t)  = the rate of the last entry of Costs up to t, a twelfth a month      from Starts for Term
//	pace(t)  = Pace × min(1, months since Starts, this one included / Onboarding)
//	points   = Points/Onboarding a month for Onboarding months, once and for good
//
// What is paid is staff in the books, on top of the staff that a lab's compute brings. Source: clauses.md 12 for
// licences with a team; the effects on research are assumptions.
type CostPlan struct {
	Firm       id.Firm     `need:"true" doc:"who pays and hires"`
	From       id.Firm     `doc:"firm that it hires from, if that is one of the scenario; it gets the payment"`
	Starts     unit.Month  `need:"true" doc:"month of the payment and first month of costs and effects"`
	Term       unit.Months `need:"true" range:"1,600" doc:"how long costs and effects last"`
	Payment    unit.USD    `default:"$0" doc:"paid once: a licence, a waiver, bonuses for staying"`
	Costs      []Cost      `doc:"operating cost on top of the firm's staff; each entry holds until the next"`
	Pace       unit.Share  `default:"0%" doc:"rise of the pace of the firm's algorithmic progress"`
	Points     unit.Points `default:"0" range:"0,20" doc:"capability that its research gains once"`
	Onboarding unit.Months `default:"6 months" range:"1,60" doc:"time until the newcomers count in full"`
	Retention  unit.Share  `default:"0%" doc:"fall of the chance that the firm loses key people"`
	Setback    unit.Points `default:"0" range:"0,20" doc:"capability that the research of the firm hired from loses"`
}

// Cost is an operating cost from a month on.
type Cost struct {
	From unit.Month      `need:"true" doc:"first month"`
	Rate unit.USDPerYear `need:"true" range:"0," doc:"cost, such as $25M/month"`
}

// Faults implements [Clause].
func (c *CostPlan) Faults() []Fault {
	f := append(positive("term", float64(c.Term)), notNegative("payment", float64(c.Payment))...)
	if c.From != id.None {
		f = append(f, different("firm", "from", c.Firm, c.From)...)
	}
	for i, k := range c.Costs {
		switch {
		case k.From < c.Starts:
			f = append(f, fault(fmt.Sprintf("costs[%d].from", i), fmt.Sprintf("lies (%v) before the plan starts (%v)", k.From, c.Starts), "give a later month, or start earlier"))
		case i > 0 && k.From <= c.Costs[i-1].From:
			f = append(f, fault(fmt.Sprintf("costs[%d].from", i), fmt.Sprintf("is not later (%v) than that of the entry above (%v)", k.From, c.Costs[i-1].From), "order the entries by month"))
		}
	}
	if c.Setback > 0 && c.From == id.None {
		f = append(f, fault("setback", "nobody is named from whom the firm hires", "give `from`"))
	}
	if c.Payment <= 0 && len(c.Costs) == 0 && !c.researches() {
		f = append(f, fault("costs", "there is neither a cost nor an effect", "give payment, costs, pace, points or retention"))
	}
	return f
}

// researches reports whether the plan changes the firm's own research.
func (c *CostPlan) researches() bool { return c.Pace > 0 || c.Points > 0 || c.Retention > 0 }

// Roles implements [Clause]: research is a lab's.
func (c *CostPlan) Roles() []Role {
	var r []Role
	if c.researches() {
		r = append(r, Role{"firm", c.Firm, asLab})
	}
	if c.Setback > 0 {
		r = append(r, Role{"from", c.From, asLab})
	}
	return r
}

// Dates implements [Dated].
func (c *CostPlan) Dates() []Date { return []Date{{"starts", "the plan starts", c.Starts}} }

// Parties implements [Clause].
func (c *CostPlan) Parties() []id.Firm {
	if c.From == id.None {
		return []id.Firm{c.Firm}
	}
	return []id.Firm{c.Firm, c.From}
}

// runs reports whether the plan costs and acts in month t.
func (c *CostPlan) runs(t unit.Month) bool { return t >= c.Starts && t < c.Starts.After(c.Term) }

// rate is the operating cost in force in month t, dollars a year.
func (c *CostPlan) rate(t unit.Month) unit.USDPerYear {
	x := unit.USDPerYear(0)
	for _, k := range c.Costs {
		if t >= k.From {
			x = k.Rate
		}
	}
	return x
}

// Bill asks for the payment in the first month, and for the cost in each.
func (c *CostPlan) Bill(now Now, s *State, _ *Meter, out *Dues) {
	if now.Month == c.Starts && c.Payment > 0 {
		out.Payments = append(out.Payments, Payment{c.Firm, c.From, c.Payment, "hiring payment", now.Contract, Staffing})
		s.Paid += c.Payment
	}
	if cost := c.rate(now.Month).PerMonth(); cost > 0 && c.runs(now.Month) {
		out.Payments = append(out.Payments, Payment{c.Firm, id.None, cost, "cost-plan", now.Contract, Staffing})
		s.Paid += cost
	}
}

// Research implements [Recruiter].
func (c *CostPlan) Research(now Now, out *Dues) {
	if !c.runs(now.Month) {
		return
	}
	n := float64(now.Month-c.Starts) + 1
	settled := min(1, n/float64(c.Onboarding))
	gain := float64(c.Points) * (settled - min(1, (n-1)/float64(c.Onboarding)))
	if c.researches() {
		out.Efforts = append(out.Efforts, Effort{Lab: c.Firm, Pace: float64(c.Pace) * settled, Hold: c.Retention, Points: unit.Points(gain)})
	}
	if now.Month != c.Starts {
		return
	}
	if c.Setback > 0 {
		out.Efforts = append(out.Efforts, Effort{Lab: c.From, Points: -c.Setback})
	}
	if now.Told {
		c.note(now, out)
	}
}

// note tells of the plan's first month.
func (c *CostPlan) note(now Now, out *Dues) {
	what := "begins to spend more on people"
	if c.From != id.None {
		what = "hires from {with}"
	}
	out.Notes = append(out.Notes, Note{Kind: "hire", Firm: c.Firm, With: c.From, What: what, Why: []record.Reason{
		{Name: "paid once", Value: c.Payment.Dollars(), Unit: unit.DimUSD},
		{Name: "cost at first", Value: float64(c.rate(now.Month)), Unit: unit.DimUSDPerYear},
		{Name: "faster algorithms", Value: float64(c.Pace), Unit: unit.DimShare},
		{Name: "points gained", Value: float64(c.Points), Unit: unit.DimPoints},
		{Name: "fewer losses of people", Value: float64(c.Retention), Unit: unit.DimShare},
		{Name: "setback of the firm hired from", Value: float64(c.Setback), Unit: unit.DimPoints},
	}})
}
