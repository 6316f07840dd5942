package shock

import (
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// OpenWeightRelease lets a lab publish the weights of a model near the frontier. Buyers can run it themselves, labs
// behind it learn from it, labs not far ahead cut their prices, and the market marks chip makers down for a time.
//
// Source: S008, D061 and D071, DeepSeek R1 in January 2025: 17 percent of Nvidia's value in a day. How much rivals
// learn and how far they cut are assumptions.
type OpenWeightRelease struct {
	Lab      id.Firm     `need:"true" doc:"who publishes"`
	Behind   unit.Points `need:"true" range:"-20,60" doc:"how far the model stands behind the best on sale; below zero, ahead of it"`
	Absorbed unit.Share  `default:"50%" doc:"part of their gap to it that labs behind it close with their next release"`
	Markdown unit.Share  `default:"10%" range:"0,0.9" doc:"fall of the list price of a lab whose best model is no better; less for one ahead of it, nothing from 8 points on"`
	Mark     unit.Share  `default:"17%" range:"0,0.95" doc:"fall of the market value of firms whose only business is chips"`
	Recovers unit.Months `default:"6 months" range:"0,120" doc:"time over which those values come back evenly"`
}

// Faults implements [Terms].
func (s *OpenWeightRelease) Faults() []Fault { return nil }

// Roles implements [Terms].
func (s *OpenWeightRelease) Roles() []Role { return []Role{{"lab", s.Lab, []string{"lab"}}} }

// Change implements [Changer]: the mark on makers' values.
//
//	1 − Mark·(1 − age/Recovers)
func (s *OpenWeightRelease) Change(age unit.Month) (on Target, where id.Region, by float64) {
	left := 0.0
	if age == 0 {
		left = 1
	} else if s.Recovers > 0 {
		left = max(0, 1-float64(age)/float64(s.Recovers))
	}
	return ChipValuation, id.NoRegion, 1 - float64(float64(s.Mark)*left)
}

// tier is the lead, in ECI points, from which buyers see another class of model; the width of the frontier tier of
// the choice between models.
const tier = 8

// Cut returns the fall of the log list price of a lab whose best model leads the open one by so many points.
//
//	−ln(1 − Markdown)·clip(1 − lead/8, 0, 1)
func (s *OpenWeightRelease) Cut(lead float64) float64 {
	return -float64(num.Log(1-float64(s.Markdown)) * max(0, min(1, 1-float64(lead/tier))))
}
