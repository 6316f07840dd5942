// Package market holds what firms and clauses exchange (a request, an offer, a lot, a round) and how each
// market clears. Its functions are pure: numbers in, numbers out. Each parameter stands beside the equation
// that uses it; equations are numbered as in sim/MODEL.md.
package market

import (
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// Segment is one group of customers of AI models: enterprises or consumers.
type Segment struct {
	Growth            unit.Rate       `need:"true" doc:"growth of spend a year far below the ceiling, at constant prices"`
	Ceiling           unit.USDPerYear `need:"true" doc:"spend at which growth ends"`
	Elasticity        float64         `need:"true" range:"0,5" doc:"fall of use in per cent for a price rise of one per cent; spend falls by one point less"`
	QualityWeight     float64         `need:"true" range:"0,1" doc:"utility of one ECI point"`
	PriceWeight       float64         `need:"true" range:"0,10" doc:"utility lost per log point of price"`
	Switching         unit.Rate       `need:"true" range:"0,1" doc:"share of existing spend that chooses anew in a year"`
	NestCorrelation   unit.Share      `need:"true" range:"0,0.95" doc:"how alike buyers find models of the same quality tier: 0 not at all"`
	OpenFlow          unit.Share      `need:"true" range:"0,0.95" doc:"share of new spend that goes to open weights run by the buyer, at the start"`
	ServiceFailure    float64         `need:"true" range:"0,1" doc:"utility lost for each month in which a lab turns customers away"`
	Spill             unit.Share      `need:"true" doc:"part of the spend turned away that moves to a rival; the rest waits"`
	ShockSD           float64         `need:"true" range:"0,1" doc:"standard deviation of a month's log growth that nothing here explains"`
	DistributionBonus float64         `default:"0.4" range:"0,5" doc:"utility of a model to customers whom a channel of its lab reaches"`
	PriceTrend        unit.Rate       `need:"true" range:"-0.99,10" doc:"change a year of list prices that Growth already contains"`
}

// Grow returns the spend of a segment after one month.
//
//	pull = ln(1+Growth)/12 − (Elasticity−1)·(dlnPrice − ln(1+PriceTrend)/12)
//	size × exp(max(0, pull)·max(−1, 1 − size/Ceiling) + min(0, pull) + shock)      (8.1)
//
// size is in dollars a year; dlnPrice is the month's log change of the price index. Growth was seen while prices fell,
// so only a departure from their trend moves demand once more. Whatever draws spend up, growth or cheap tokens, fills the
// same room below the ceiling: customers have no more to spend because they get more for it.
func (s *Segment) Grow(size, dlnPrice, shock float64) float64 {
	room := max(-1, 1-size/float64(s.Ceiling))
	surprise := dlnPrice - num.Log(1+float64(s.PriceTrend))/12
	pull := num.Log(1+float64(s.Growth))/12 - float64((s.Elasticity-1)*surprise)
	return size * num.Exp(float64(max(0, pull)*room)+min(0, pull)+shock)
}

// Choice is a logit over the models on offer in one segment. Its slices have one entry a model; the last
// entry is open weights that buyers run themselves. It is reused from month to month.
type Choice struct {
	Appeal     []float64 // utility that quality and price do not explain
	Capability []float64 // ECI points
	LogPrice   []float64 // log of the price over its spend-weighted mean
	Reach      []float64 // part of customers whom the lab's channels reach, over that of the start
	Closed     []bool    // not on offer: no model, no capacity, or gone
	Flow       []float64 // result: shares of new spend, summing to 1
	utility    []float64
	behind     []bool // stands below the frontier tier; see Sort
}

// NewChoice makes room for n models, open weights included.
func NewChoice(n int) *Choice {
	f := make([]float64, 6*n)
	return &Choice{
		Appeal: f[0:n:n], Capability: f[n : 2*n : 2*n], LogPrice: f[2*n : 3*n : 3*n],
		Flow: f[3*n : 4*n : 4*n], utility: f[4*n : 5*n : 5*n], Reach: f[5*n:], Closed: make([]bool, n), behind: make([]bool, n),
	}
}

// tierWidth is the distance to the frontier, in ECI points, within which a model counts as frontier tier.
const tierWidth = 8

// Clear fills Flow with the nested-logit shares of new spend.
//
//	u = Appeal + QualityWeight·(C − Cmax) − PriceWeight·ln(P/Pmean) + DistributionBonus·Reach      (8.2)
//
// The frontier tier, as [Choice.Sort] found it, is one nest, all others a second; within a nest utilities
// are divided by 1 − NestCorrelation. Source: McFadden, "Modelling the Choice of Residential Location",
// 1978, for the nested logit.
func (c *Choice) Clear(s *Segment) {
	top := c.frontier()
	for i := range c.utility {
		c.utility[i] = c.Appeal[i] + s.explained(c, i, top) + float64(s.DistributionBonus*c.Reach[i])
	}
	lambda := 1 - float64(s.NestCorrelation)
	var best [2]float64
	best[0], best[1] = -1e300, -1e300
	for i, u := range c.utility {
		if n := c.nest(i); !c.Closed[i] && u > best[n] {
			best[n] = u
		}
	}
	var sum [2]float64
	for i, u := range c.utility {
		if c.Closed[i] {
			c.Flow[i] = 0
			continue
		}
		n := c.nest(i)
		c.Flow[i] = num.Exp((u - best[n]) / lambda)
		sum[n] += c.Flow[i]
	}
	var inclusive [2]float64
	for n := range sum {
		if sum[n] > 0 {
			inclusive[n] = best[n] + float64(lambda*num.Log(sum[n]))
		} else {
			inclusive[n] = -1e300
		}
	}
	high := max(inclusive[0], inclusive[1])
	var weight [2]float64
	for n := range weight {
		if sum[n] > 0 {
			weight[n] = num.Exp(inclusive[n] - high)
		}
	}
	total := weight[0] + weight[1]
	for i := range c.Flow {
		if n := c.nest(i); sum[n] > 0 {
			c.Flow[i] *= weight[n] / total / sum[n]
		}
	}
}

// Fit sets Appeal so that Clear returns the given flow shares at the current quality and prices.
//
//	Appeal_i = ln f_i − NestCorrelation·ln(f_i / f_nest) − explained_i
//
// Source: Berry, "Estimating Discrete-Choice Models of Product Differentiation", RAND Journal of Economics
// 25(2), 1994, equation 27. A model with no flow gets the appeal of one in a hundred thousand.
func (c *Choice) Fit(s *Segment, flow []float64) {
	c.Sort()
	top := c.frontier()
	var nest [2]float64
	for i, f := range flow {
		if !c.Closed[i] {
			nest[c.nest(i)] += max(f, leastFlow)
		}
	}
	for i, f := range flow {
		if c.Closed[i] { // nobody chooses it, nor does it take anything off the others
			c.Appeal[i] = 0
			continue
		}
		f = max(f, leastFlow)
		c.Appeal[i] = num.Log(f) - float64(float64(s.NestCorrelation)*num.Log(f/nest[c.nest(i)])) - s.explained(c, i, top)
	}
}

const leastFlow = 1e-5

func (s *Segment) explained(c *Choice, i int, top float64) float64 {
	return float64(s.QualityWeight*(c.Capability[i]-top)) - float64(s.PriceWeight*c.LogPrice[i])
}

func (c *Choice) frontier() float64 {
	top := 0.0
	for i, x := range c.Capability {
		if !c.Closed[i] {
			top = max(top, x)
		}
	}
	return top
}

func (c *Choice) nest(i int) int {
	if c.behind[i] {
		return 1
	}
	return 0
}

// Sort divides models into the frontier tier, those within eight points of the best on offer, and the rest. It is
// done once, when appeal is fitted: a model that changed its tier would jump from one share to another although
// neither its quality nor its price did.
func (c *Choice) Sort() {
	top := c.frontier()
	for i, x := range c.Capability {
		c.behind[i] = x < top-tierWidth
	}
}

// Renew moves one month's spend: what is new and what chooses anew goes by flow, the rest stays.
//
//	X_i ← X_i − w·(X_i − Λ_i) + (w·Σ(X − Λ) + growth)·f_i,   w = Switching/12      (8.3)
//
// spend, locked (Λ: what does not choose anew) and flow have one entry a model, open weights last, in dollars a year;
// growth is the month's change of the segment's size. When the segment shrinks, every model keeps the same part of
// what it had. Renew returns that part, and what chose a model.
func (s *Segment) Renew(spend, locked, flow []float64, growth float64) (keep, pool float64) {
	w := float64(s.Switching) / 12
	total := num.Sum(spend)
	keep = 1
	if growth < 0 && total > 0 {
		keep = max(0, 1+growth/total)
		for i := range spend {
			spend[i] *= keep
		}
		total, growth = total*keep, 0
	}
	pool = float64(w*(total-float64(keep*num.Sum(locked)))) + growth
	for i := range spend {
		spend[i] = float64((1-w)*spend[i]) + float64(w*keep*locked[i]) + float64(pool*flow[i])
	}
	return keep, pool
}

// Price is the rule by which a lab changes the list price of its best model.
type Price struct {
	CostPassThrough     unit.Share `need:"true" doc:"share of a change in unit cost that reaches the list price"`
	CompetitionMarkdown float64    `need:"true" range:"0,1" doc:"log points cut a month while a rival stands within two ECI points"`
	ReleaseMarkup       float64    `need:"true" range:"0,1" doc:"log points added per ECI point when a better model is released"`
	EfficiencyGain      unit.Rate  `need:"true" doc:"growth a year of output per unit of compute at fixed capability"`
	UpgradeShare        unit.Share `need:"true" doc:"share of that gain which buyers spend on larger models and longer answers"`
}

// Change returns the log change of a list price in a month.
//
//	dlnP = CostPassThrough·dlnk + ReleaseMarkup·gain − min(CompetitionMarkdown, max(0, margin))·[rival within 2 points]      (9.2)
//
// dlnCost is the log change of unit cost, gain the ECI points of a release in the month, margin the log of the price over
// unit cost before the rivals' answer: competition drives a price down to cost and no further (Bertrand).
func (p *Price) Change(dlnCost, gain, margin float64, contested bool) float64 {
	d := float64(float64(p.CostPassThrough)*dlnCost) + float64(p.ReleaseMarkup*gain)
	if contested {
		d -= min(p.CompetitionMarkdown, max(0, margin+d-dlnCost))
	}
	return d
}
