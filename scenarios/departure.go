package scenarios

import (
	"fmt"
	"math"
	"slices"

	"powerplay/sim"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// ShiftKey is the key of a firm's CashFlowShift, which follows from what else a scenario changes.
const ShiftKey = "cash_flow_shift"

// Depart makes a study a departure from another: what its changes earn or cost a firm in the first month moves the
// firm's cash flow, and not the rest of its business, which stays what it is in the other study. Without this, other
// business would make good for ever what a contract left out would have paid, for books close on reported cash flow.
//
//	cash_flow_shift = that of the other + model's own cash flow of the first month, a year, here less there
//
// Numbers are those of the central runs, to the dollar. A shift that the study states itself is left alone; so is
// everything where the two do not start in the same month, or where a first month stops, as its run will tell.
func (s *Study) Depart(from *Study) {
	if s.Model.Start != from.Model.Start {
		return
	}
	here, ok := ownCashFlow(s)
	if !ok {
		return
	}
	there, ok := ownCashFlow(from)
	if !ok {
		return
	}
	shifts := func(s *Study, key string) *Node { return s.Tree.Child("firms").Child(key).Child(ShiftKey) }
	for i := range s.Model.Firms {
		f := &s.Model.Firms[i]
		k, both := from.Model.Find(f.Key)
		if stated := shifts(s, f.Key); !both || stated != nil && !stated.Same(shifts(from, f.Key)) {
			continue
		}
		if more := math.Round(here[i] - there[k]); more != 0 {
			f.CashFlowShift += unit.USDPerYear(more)
			s.Tree = (&merger{}).apply(s.Tree, Override{
				Path: joinPath("firms", f.Key) + "." + ShiftKey, Origin: Origin{Note: "worked out from the first month"},
				Node: &Node{Kind: Scalar, Key: ShiftKey, Text: yearly(f.CashFlowShift)},
			})
		}
	}
	s.Hash = s.hash()
}

// yearly writes whole dollars a year as a scenario states them.
func yearly(x unit.USDPerYear) string {
	if x < 0 {
		return "-" + yearly(-x)
	}
	return fmt.Sprintf("$%.0f/yr", float64(x))
}

// ownCashFlow is what the model's own business yields each firm in the first month of the central run, dollars a year; nothing
// for firms whose books do not close on reported cash flow. ok is false where a run will stop in that month.
func ownCashFlow(s *Study) (each []float64, ok bool) {
	m := s.Model.Clone()
	for _, in := range s.SimInputs() {
		in.Set(m, in.Central)
	}
	defer func() {
		if x := recover(); x != nil {
			if _, outgrown := x.(*unit.TooMuchError); !outgrown {
				panic(x)
			}
			each, ok = nil, false
		}
	}()
	w := sim.NewWorld(m)
	w.Reset(m, rng.Run{}) // the central run, whose draws are the same for every seed
	if err := w.Step(m.Start + 1); err != nil {
		return nil, false
	}
	for i := range m.Firms {
		own := 0.0
		if rest, closes := w.OtherBusiness(id.Firm(i)); closes {
			own = float64(m.Firms[i].OperatingCashFlow + m.Firms[i].CashFlowShift - rest)
		}
		each = append(each, own)
	}
	return each, true
}

// SameShifts tells whether two studies shift the cash flow of each firm alike.
func (s *Study) SameShifts(other *Study) bool {
	return slices.EqualFunc(s.Model.Firms, other.Model.Firms, func(a, b firm.Firm) bool {
		return a.Key == b.Key && a.CashFlowShift == b.CashFlowShift
	})
}
