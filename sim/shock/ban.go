package shock

import (
	"math"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Ban keeps a group of customers from a lab: a government's agencies, a company's subsidiaries. The group spends like
// the segment as a whole, so its part of the segment is its part of the lab's customers.
//
// Source: S009 (SoftBank's companies and DeepSeek), D211 (United States agencies and Anthropic, six months to leave).
type Ban struct {
	Lab      id.Firm     `need:"true" doc:"whose models they may not use"`
	Segment  string      `choice:"enterprise,consumer,all" default:"enterprise" doc:"where the group buys"`
	Share    unit.Share  `need:"true" doc:"the group's part of the segment's spend"`
	PhaseOut unit.Months `default:"0 months" range:"0,60" doc:"time in which those who use the lab leave it evenly; 0 is at once"`
	Lasts    unit.Months `default:"0 months" range:"0,600" doc:"how long the ban stands; 0 is for good"`
}

// Faults implements [Terms].
func (s *Ban) Faults() []Fault {
	f := positive("share", float64(s.Share))
	if s.Lasts > 0 && s.PhaseOut > s.Lasts {
		f = append(f, fault("phase_out", "is longer than the ban stands", "shorten it, or let the ban last longer"))
	}
	return f
}

// Roles implements [Terms].
func (s *Ban) Roles() []Role { return []Role{{"lab", s.Lab, []string{"lab"}}} }

// Covers reports whether the group buys in a segment.
func (s *Ban) Covers(segment string) bool { return s.Segment == "all" || s.Segment == segment }

// Shut returns the part of the segment that does not choose the lab age months after the beginning.
func (s *Ban) Shut(age unit.Month) float64 {
	if age < 0 || s.Lasts > 0 && !within(age, s.Lasts) {
		return 0
	}
	return float64(s.Share)
}

// Leave returns the part of what the lab's customers then spend with it that leaves in that month.
//
//	(b/n) / (1 − b·age/n),   b = Share, n months of phase-out
//
// so that after n months 1 − b of what was spent at the beginning is left, if nothing else moves it.
func (s *Ban) Leave(age unit.Month) float64 {
	n := max(1, math.Ceil(float64(s.PhaseOut)))
	if age < 0 || float64(age) >= n {
		return 0
	}
	b := float64(s.Share)
	return min(1, b/n/(1-float64(b*float64(age)/n)))
}
