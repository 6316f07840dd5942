package market

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// Compute is the market for rented capacity.
type Compute struct {
	Rent                 unit.Rent   `need:"true" range:"1000000," doc:"market rent of a multi-year contract at the start"`
	H100Rental           float64     `need:"true" range:"0.001,1000" doc:"spot rent of one H100 at the start, dollars an hour"`
	TightnessElasticity  float64     `need:"true" range:"0,10" doc:"log rent per log of what is asked for over what balanced clouds would let"`
	AdjustSpeed          float64     `need:"true" range:"0,1" doc:"part of the log gap to the balanced rent closed in a month"`
	CostTrend            unit.Rate   `need:"true" range:"-0.99,10" doc:"change a year of the rent of a fixed amount of compute when that of power stands still"`
	TargetUtilisation    unit.Share  `need:"true" doc:"utilisation that clouds plan for"`
	TakeOrPay            unit.Share  `need:"true" doc:"share of a lot's rent that is due whether used or not"`
	Term                 unit.Months `need:"true" doc:"length of a newly signed lot"`
	MaxLot               unit.MW     `need:"true" doc:"larger requests are split into lots of this size"`
	BidMarkup            float64     `need:"true" range:"0,2" doc:"mark-up of rent over full cost in a balanced market"`
	BidProbability       unit.Share  `need:"true" doc:"chance that a seller who could serve prepares a bid"`
	SwitchingCost        float64     `need:"true" range:"0,1" doc:"cost of a cloud new to the lab, share of the rent"`
	PortingCost          unit.Months `need:"true" doc:"productive time lost with a chip family new to the lab"`
	DelayPenalty         float64     `need:"true" range:"0,1" doc:"worth of one month earlier delivery, share of the rent"`
	ChoiceNoise          float64     `need:"true" range:"0,1" doc:"scale of what the score of an offer leaves out, log points"`
	RefusalDeterrence    unit.Share  `need:"true" doc:"fall in the chance that a rival bids while a right of first refusal is live"`
	RefusalShading       float64     `need:"true" range:"0,1" doc:"rise of rivals' prices while a right of first refusal is live, log points"`
	MatchNoise           float64     `need:"true" range:"0.001,1" doc:"scale of the holder's decision, share of the lot's value"`
	StrategicValue       float64     `need:"true" range:"0,1" doc:"worth to a right's holder of keeping a lot's workload, share of its rent"`
	ResaleValue          unit.Share  `need:"true" doc:"share of a contract's price that the seller gets by letting the capacity to another"`
	InternalElasticity   float64     `default:"1" range:"0,5" doc:"log of what clouds' other services use per log of rent, without its sign"`
	CommitmentPreference float64     `need:"true" range:"0,1" doc:"score of a seller with whom spend is promised and not yet used"`
}

// Request is a lab's call for capacity.
type Request struct {
	Lab    id.Firm
	Size   unit.MW
	Start  unit.Month // wanted by
	Months int        // term
}

// Offer is a seller's answer to a request.
type Offer struct {
	Request
	Seller id.Firm
	Rent   unit.Rent
	Ready  unit.Month
	Family id.Firm // maker of the chips
	Score  float64 // the lab's utility; see Score
	Bids   int     // offers that the request drew, this one included
}

// Lot is signed capacity: what a buyer may use and must pay.
type Lot struct {
	Buyer, Seller id.Firm
	Family        id.Firm // maker of the chips; id.None if any
	Contract      id.Contract
	Size          unit.MW  // contracted
	Delivered     unit.MW  // energised for the buyer
	Used          unit.MW  // used in the month
	Billed        unit.USD // rent of the month
	Rent          unit.Rent
	Floor         unit.Share // share of the rent of delivered capacity that is due whether used or not
	Start, End    unit.Month // service from Start through End
	Wanted        unit.Month // the buyer could use it from then on; until Start it waits
	Signed        unit.Month
	Ramp          int // months over which delivery is due, from Start

	// What the world has looked up.
	Cloud  int32 // cloud that gives it
	Lab    int32 // lab that uses it, -1 if none does
	Pair   int32 // its two firms' place in the world's list of pairs
	Chips  int32 // that of its buyer and the maker of its chips, -1 if any maker will do
	LetOn  bool  // the buyer lets it on
	Served bool  // its contract may ask how well it is served
}

// Due returns the capacity that the seller must have delivered in month t: a straight ramp from Start.
func (l *Lot) Due(t unit.Month) unit.MW {
	if t < l.Start || t > l.End {
		return 0
	}
	if l.Ramp <= 1 {
		return l.Size
	}
	return l.Size * unit.MW(min(1, float64(t-l.Start+1)/float64(l.Ramp)))
}

// Shrink takes cut off the lot. The pace of delivery stays: what is due today is still due, and the ramp ends
// sooner.
func (l *Lot) Shrink(cut unit.MW) {
	rest := max(0, l.Size-cut)
	if l.Size > 0 {
		l.Ramp = max(1, int(float64(l.Ramp)*float64(rest/l.Size)))
	}
	l.Size = rest
}

// Bill returns the month's rent: the floor on what is delivered, or what is used if that is more.
//
//	rent/12 × max(Used, Floor·Delivered)      (2b)
func (l *Lot) Bill() unit.USD {
	return l.Rent.ForMonth(max(l.Used, unit.MW(float64(l.Floor)*float64(l.Delivered))))
}

// Rest returns the payments still promised under the lot after month t: the floor on what will be due.
func (l *Lot) Rest(t unit.Month) unit.USD {
	next := max(t+1, l.Start)
	if next > l.End {
		return 0
	}
	months := float64(l.End - next + 1)                       // in full
	if top := l.Start + unit.Month(l.Ramp) - 1; next <= top { // on the ramp due rises evenly: its mean times its months
		top = min(top, l.End)
		mean := (float64(next-l.Start+1) + float64(top-l.Start+1)) / 2 / float64(l.Ramp)
		months = float64(l.End-top) + float64(float64(top-next+1)*mean)
	}
	return unit.Dollars(float64(l.Rent) / 12 / 1000 * float64(l.Size) * months * float64(l.Floor))
}

// Annuity returns the yearly payment that returns one dollar of cost over n years at h a year.
//
//	A(h, n) = h / (1 − (1+h)^−n)      (2.2)
func Annuity(h, n float64) float64 {
	if h < 1e-9 {
		return 1 / n
	}
	return h / (1 - num.Pow(1+h, -n))
}

// UnitCost returns a seller's full cost of a gigawatt-year.
//
//	equipment·chips + building·shell + opex      (2.2)
//
// equipment and building are in dollars per facility gigawatt, opex in dollars per gigawatt-year; chips and shell are the
// annuities of their lives at the seller's hurdle rate.
func UnitCost(equipment, chips, building, shell, opex float64) float64 {
	return float64(equipment*chips) + float64(building*shell) + opex
}

// Tightness returns the log of how far use exceeds what balanced clouds would have let.
func (c *Compute) Tightness(use, supply float64) float64 {
	if use <= 0 || supply <= 0 {
		return 0
	}
	return num.Log(use / (supply * float64(c.TargetUtilisation)))
}

// Balance returns the rent at which a market of the given tightness would rest.
//
//	r* = cost × (1 + BidMarkup) × exp(TightnessElasticity·tightness)      (4.3)
//
// cost is the mean full cost of new capacity. The rent of model-notes (4.3) moves by tightness alone and has
// no anchor; here entry at full cost is the anchor, and tightness the distance from it.
func (c *Compute) Balance(cost, tightness float64) float64 {
	return cost * (1 + c.BidMarkup) * num.Exp(c.TightnessElasticity*max(-1, min(1, tightness)))
}

// NextRent returns the market rent a month on: it closes AdjustSpeed of the log gap to balance, and never falls
// below the cash cost of running.
func (c *Compute) NextRent(rent, balance, running float64) float64 {
	return max(running, rent*num.Exp(c.AdjustSpeed*num.Log(balance/rent)))
}

// Internal returns what a cloud's other services use at a rent of what they would use at that of the start.
//
//	(r/r₀)^−InternalElasticity
//
// Capacity that serves a firm's own products could serve a tenant or its lab: what it costs is the market rent.
func (c *Compute) Internal(rent float64) float64 {
	return num.Pow(rent/float64(c.Rent), -c.InternalElasticity)
}

// Score returns a lab's utility of an offer, in log points of rent.
//
//	u = −ln(rent/r) − SwitchingCost·[new cloud] − PortingCost/12·[new chips] − DelayPenalty·wait + CommitmentPreference·[unused promise]      (2.4)
//
// r is the market rent; wait counts months after the wanted start.
func (c *Compute) Score(rent, market unit.Rent, newCloud, newChips, promised bool, wait int) float64 {
	u := -num.Log(float64(rent) / float64(market))
	if newCloud {
		u -= c.SwitchingCost
	}
	if newChips {
		u -= float64(c.PortingCost) / 12
	}
	if promised {
		u += c.CommitmentPreference
	}
	return u - float64(c.DelayPenalty*float64(max(0, wait)))
}

// MatchProbability returns the chance that the holder of a right of first refusal matches an offer.
//
//	1 / (1 + exp(−(value − cost)/(MatchNoise·price)))      (2.7)
//
// value, cost and price are dollars per gigawatt-year: what the lot is worth to the holder, what serving it
// costs, and the rent it would receive.
func (c *Compute) MatchProbability(value, cost, price float64) float64 {
	return num.Logistic((value - cost) / (c.MatchNoise * price))
}
