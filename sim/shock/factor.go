package shock

import (
	"math"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Factor multiplies one part of the baseline for a time, power and its price in one region if it names one.
type Factor struct {
	On     string      `need:"true" choice:"demand,chip-supply,power,rent,sentiment,algorithms,funding,outside-funding,serving-efficiency,energy-price,chip-valuation" doc:"what it changes"`
	Region id.Region   `doc:"with power and energy-price: where; without it, everywhere"`
	Lasts  unit.Months `need:"true" doc:"how long it acts"`
	Factor float64     `need:"true" range:"0.01,100" doc:"what the baseline is multiplied by while it acts"`
}

// Target is a part of the baseline that shocks can change.
type Target uint8

// The targets, in the order of their scenario names.
const (
	Demand            Target = iota // level of spend on models
	ChipSupply                      // compute shipped
	Power                           // power that regions connect
	Rent                            // market rent
	Sentiment                       // mood of the funding market
	Algorithms                      // speed of algorithmic progress
	Funding                         // chance that a round closes, and what each investor puts in
	OutsideFunding                  // the same of investors who sell nothing to labs
	ServingEfficiency               // revenue served by a unit of capacity
	EnergyPrice                     // price of energy
	ChipValuation                   // market value of listed chip makers
	Targets                         // their number
)

var names = [Targets]string{
	"demand", "chip-supply", "power", "rent", "sentiment", "algorithms", "funding", "outside-funding", "serving-efficiency", "energy-price", "chip-valuation",
}

// Of returns the target of a scenario name; ok is false for an unknown one.
func Of(name string) (t Target, ok bool) {
	for i, n := range names {
		if n == name {
			return Target(i), true
		}
	}
	return 0, false
}

// Factors are the multipliers in force in one month, 1 where no shock acts.
type Factors [Targets]float64

// Faults implements [Terms].
func (s *Factor) Faults() []Fault {
	f := positive("lasts", float64(s.Lasts))
	if on, _ := Of(s.On); s.Region != id.NoRegion && on != Power && on != EnergyPrice {
		f = append(f, fault("region", s.On+" is the same everywhere", "leave the region out"))
	}
	return f
}

// Roles implements [Terms].
func (s *Factor) Roles() []Role { return nil }

// Months is the number of months in which it acts.
func (s *Factor) Months() unit.Month { return unit.Month(math.Ceil(float64(s.Lasts))) }

// Change implements [Changer].
func (s *Factor) Change(age unit.Month) (on Target, where id.Region, by float64) {
	on, ok := Of(s.On)
	if !ok || !within(age, s.Lasts) {
		return on, s.Region, 1
	}
	return on, s.Region, s.Factor
}
