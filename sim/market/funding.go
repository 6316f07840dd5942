package market

import (
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// Funding is the market for equity in labs.
type Funding struct {
	MultipleBase      float64     `need:"true" range:"0,200" doc:"price over run-rate revenue of a lab that does not grow"`
	GrowthElasticity  float64     `need:"true" range:"0,3" doc:"log multiple per log growth factor"`
	CapabilityPremium float64     `need:"true" range:"0,1" doc:"log price per ECI point above the mean of the leading labs"`
	OptionValue       unit.USD    `need:"true" range:"1," doc:"worth of a lab near the frontier without revenue, backed by an anchor"`
	OptionSD          float64     `need:"true" range:"0,3" doc:"log standard deviation of that worth between labs"`
	RunwayTrigger     unit.Months `need:"true" doc:"runway below which a lab opens a round"`
	RunwayTarget      unit.Months `need:"true" doc:"runway that a round should buy"`
	CloseMonths       unit.Months `need:"true" doc:"time from launch to cash"`
	Interval          unit.Months `need:"true" doc:"least time between a lab's rounds"`
	SuccessOpen       unit.Share  `need:"true" doc:"chance that a round closes in an open market"`
	SuccessStressed   unit.Share  `need:"true" doc:"chance that a round closes in a stressed market"`
	StressHazard      unit.Hazard `need:"true" range:"0,1" doc:"chance a month that the market turns from open to stressed"`
	RecoveryHazard    unit.Hazard `need:"true" range:"0,1" doc:"chance a month that it opens again"`
	SentimentSD       float64     `need:"true" range:"0,2" doc:"standard deviation of log sentiment"`
	SentimentMemory   unit.Share  `need:"true" doc:"part of log sentiment that lasts a month"`
	MaxDilution       unit.Share  `need:"true" range:"0.01,0.9" doc:"largest share sold in a round; the raise is cut to it"`
	InvestorCap       unit.Share  `need:"true" doc:"largest part of a round that one investor takes"`
	SpendCommitment   float64     `need:"true" range:"0,20" doc:"cloud spend promised per dollar of strategic money"`
	CommitmentTerm    unit.Months `need:"true" range:"1,600" doc:"time over which that spend is promised"`
	CreditShare       unit.Share  `need:"true" doc:"share of a cloud's investment that is paid in compute credits"`
	CreditExpiry      unit.Months `need:"true" doc:"life of those credits"`
	LeastRound        unit.USD    `default:"$10M" range:"1," doc:"least sum for which investors meet"`
}

// PreMoney returns the price of a lab before new money.
//
//	V = sentiment × (run rate × MultipleBase × g^GrowthElasticity × exp(CapabilityPremium·lead) + option)      (6.2)
//
// runRate is in dollars a year; growth is the yearly growth factor of the run rate, held to 0.5 to 10; lead
// is the lab's capability over the mean of the leading labs in ECI points, held to ±10; option is the worth
// of a lab without revenue.
func (f *Funding) PreMoney(runRate, growth, sentiment, lead, option float64) unit.USD {
	g := max(0.5, min(10, growth))
	v := float64(runRate * f.MultipleBase * num.Pow(g, f.GrowthElasticity) * num.Exp(f.CapabilityPremium*max(-10, min(10, lead))))
	return unit.Dollars(min(mostValue, sentiment*(v+option)))
}

// mostValue bounds a price so that sums of money stay within what the books can hold: fifty trillion dollars.
const mostValue = 5e13

// Round is a priced sale of new shares.
type Round struct {
	PreMoney unit.USD
	Raise    unit.USD
}

// PostMoney is the price after the new money.
func (r Round) PostMoney() unit.USD { return r.PreMoney.Plus(r.Raise) }

// Dilution is the share of the company that the round sells.
func (r Round) Dilution() float64 { return r.Raise.Dollars() / r.PostMoney().Dollars() }

// Size returns the round that a company wanting so much at this price can do: cut to MaxDilution.
func (f *Funding) Size(want, pre unit.USD) Round {
	// raise/(pre+raise) ≤ d  ⇔  raise ≤ pre·d/(1−d)
	d := float64(f.MaxDilution)
	return Round{PreMoney: pre, Raise: unit.Dollars(min(want.Dollars(), pre.Dollars()*d/(1-d), mostValue/2))}
}
