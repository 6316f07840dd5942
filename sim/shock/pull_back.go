package shock

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// PullBack lets a firm walk away from a part of the capacity that it has signed and that is not in service.
//
// Source: D072, D073 and D080, Microsoft in early 2025; clauses.md 10.
type PullBack struct {
	Firm  id.Firm     `need:"true" doc:"who walks away"`
	Share unit.Share  `need:"true" doc:"part of what it has signed and has not got"`
	Pause unit.Months `default:"6 months" range:"0,120" doc:"time from then on in which it asks for no capacity and orders no site"`
}

// Faults implements [Terms].
func (s *PullBack) Faults() []Fault { return positive("share", float64(s.Share)) }

// Pauses reports whether the firm still asks for nothing age months after it has walked away.
func (s *PullBack) Pauses(age unit.Month) bool { return within(age, s.Pause) }

// Roles implements [Terms].
func (s *PullBack) Roles() []Role { return []Role{{"firm", s.Firm, []string{"lab", "cloud"}}} }
