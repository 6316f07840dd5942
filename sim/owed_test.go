package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// iou is a loan of the fund to lab A that asks for nothing.
type iou struct{ open unit.USD }

func (*iou) Faults() []contract.Fault { return nil }
func (*iou) Roles() []contract.Role   { return nil }
func (*iou) Parties() []id.Firm       { return []id.Firm{fund, labA} }
func (*iou) Debt() (_, _ id.Firm)     { return labA, fund }
func (c *iou) Open(_ unit.Month, s *contract.State) contract.Grant {
	s.Owed = c.open
	return contract.Grant{}
}

func owing(x float64) *Model {
	m := small(contract.Contract{Key: "iou", Signed: unit.Date(2024, 1), Terms: &iou{open: unit.Dollars(x)}})
	m.Firms[labA].Debt, m.Firms[labA].DebtRate, m.Firms[labA].DebtTerm = unit.Dollars(6*bn), 0.12, 60
	return m
}

func TestLendersAskNothingForDebtUnderAContract(t *testing.T) {
	m := owing(3 * bn)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	if w.debt(labA) != unit.Dollars(9*bn) || w.generalDebt(labA) != unit.Dollars(6*bn) {
		t.Fatalf("opens with debt of %v, %v of it general; want $9bn and $6bn", w.debt(labA), w.generalDebt(labA))
	}
	var interest, principal unit.USD
	w.Books().Journal = func(p ledger.Posting) {
		switch {
		case p.From == labA && p.Memo.Kind == "interest":
			interest = p.Amount
		case p.From == labA && p.Memo.Kind == "principal":
			principal = p.Amount
		}
	}
	if err := w.Step(w.m.Start + 1); err != nil {
		t.Fatal(err)
	}
	if want := unit.Dollars(6 * bn * 0.12 / 12); interest != want {
		t.Errorf("pays interest of %v, want that on $6bn: %v", interest, want)
	}
	if principal < unit.Dollars(6*bn/60) || w.generalDebt(labA) != unit.Dollars(6*bn)-principal || w.contractDebt(labA) != unit.Dollars(3*bn) {
		t.Errorf("repays %v; left are %v general and %v under the contract", principal, w.generalDebt(labA), w.contractDebt(labA))
	}
}

func TestACreditorUnderAContractBearsItsOwnLoss(t *testing.T) {
	m := owing(3 * bn)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.defaultLab(w.firms[labA].lab, 0, w.m.Start+1)
	lost := 1 - float64(w.m.Market.Distress.Recovery)
	if got, want := w.books.Balance(fund, ledger.Impairment), unit.Dollars(3*bn).Times(lost); got != want {
		t.Errorf("the fund writes off %v, want %v", got, want)
	}
	if got, want := w.debt(labA), unit.Dollars(9*bn)-unit.Dollars(6*bn).Times(lost)-unit.Dollars(3*bn).Times(lost); got != want {
		t.Errorf("%v of debt are left, want %v", got, want)
	}
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}
