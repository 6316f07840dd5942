package sim

import (
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

// debt is all that a firm has borrowed.
func (w *World) debt(f id.Firm) unit.USD { return w.books.Amount(f, ledger.Debt) }

// contractDebt is the part of a firm's debt that contracts carry: they say what it bears and when it ends.
func (w *World) contractDebt(f id.Firm) unit.USD {
	var x unit.USD
	for _, n := range w.deals.debtors {
		if debtor, _ := w.deals.debtor(n); debtor == f {
			x += w.deals.states[n].Owed
		}
	}
	return x
}

// generalDebt is the rest, owed to lenders outside the model at the firm's own rate and term.
func (w *World) generalDebt(f id.Firm) unit.USD { return w.debt(f) - w.contractDebt(f) }

// debtor returns who owes what a contract carries, and to whom.
func (d *deals) debtor(n id.Contract) (debtor, creditor id.Firm) {
	return d.contracts[n].Terms.(contract.Debtor).Debt()
}

// writeOffContracts cancels the part of a failed firm's contract debt that its creditors will not get.
func (w *World) writeOffContracts(f id.Firm, lost float64) {
	for _, n := range w.deals.debtors {
		debtor, creditor := w.deals.debtor(n)
		s := &w.deals.states[n]
		if debtor != f || s.Owed <= 0 {
			continue
		}
		x := s.Owed.Times(lost)
		w.books.WriteOff(creditor, f, ledger.Lent, x, ledger.Memo{Kind: "default", Contract: n})
		s.Owed -= x
	}
}
