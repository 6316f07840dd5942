package contract

import (
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Exit lets a buyer leave a seller that is late for long. Whether it does is the buyer's choice.
//
//	late if in service < ExitBelow × due
//
// Source: clauses.md 3 and 9 (IREN's contract can end when delivery targets are missed, D155).
type Exit struct {
	ExitBelow unit.Share  `default:"90%" doc:"share of the capacity due by now that must be in service; with less the seller is late"`
	ExitAfter unit.Months `default:"0 months" doc:"months in a row of lateness after which the buyer may leave; 0 months is never"`
}

func (e *Exit) faults() []Fault { return notNegative("exit_after", float64(e.ExitAfter)) }

// watch counts the months of lateness in a row, and asks the buyer in each from the last that it must bear.
func (e *Exit) watch(now Now, x Service, s *State, out *Dues) {
	if float64(x.Delivered) >= float64(e.ExitBelow)*float64(x.Due) {
		s.Late = 0
		return
	}
	s.Late++
	if e.ExitAfter <= 0 || float64(s.Late) < float64(e.ExitAfter) {
		return
	}
	ask := Ask{Choice: Leave}
	if now.Told {
		ask.Why = append(x.reasons(), record.Reason{Name: "months late", Value: float64(s.Late), Unit: unit.DimMonths})
	}
	out.Asks = append(out.Asks, ask)
}

// reasons tells of a service in numbers.
func (x Service) reasons() []record.Reason {
	return []record.Reason{
		{Name: "due by now", Value: float64(x.Due), Unit: unit.DimMW},
		{Name: "in service", Value: float64(x.Delivered), Unit: unit.DimMW},
	}
}
