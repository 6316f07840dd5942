// Package shock holds dated changes to the baseline. A shock never edits the baseline: it gives the factor
// in force in a month, so applying it twice cannot compound it and ending it needs no undoing.
package shock

import "powerplay/sim/unit"

// Shock multiplies one part of the baseline for a time.
type Shock struct {
	Key    string      `key:"-" keyed:"true"`
	On     string      `need:"true" choice:"demand,chip-supply,power,rent,sentiment,algorithms" doc:"what it changes"`
	Starts unit.Month  `need:"true" doc:"first month"`
	Lasts  unit.Months `need:"true" doc:"how long it acts"`
	Factor float64     `need:"true" range:"0.01,100" doc:"what the baseline is multiplied by while it acts"`
	Source []string    `need:"true" doc:"rows of the fact tables, or the word assumption"`
	Note   string      `doc:"what it stands for"`
}

// Target is a part of the baseline that shocks can change.
type Target uint8

// The targets, in the order of their scenario names.
const (
	Demand     Target = iota // level of spend on models
	ChipSupply               // compute shipped
	Power                    // power that regions connect
	Rent                     // market rent
	Sentiment                // mood of the funding market
	Algorithms               // speed of algorithmic progress
	Targets                  // their number
)

var names = [Targets]string{"demand", "chip-supply", "power", "rent", "sentiment", "algorithms"}

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

// In returns the factors of month t. Shocks on one target multiply.
func In(t unit.Month, shocks []Shock) Factors {
	var f Factors
	for i := range f {
		f[i] = 1
	}
	for i := range shocks {
		s := &shocks[i]
		if target, ok := Of(s.On); ok && t >= s.Starts && float64(t-s.Starts) < float64(s.Lasts) {
			f[target] *= s.Factor
		}
	}
	return f
}
