package ledger

import (
	"fmt"
	"strconv"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Imbalance is the error that money was created or lost: a firm's accounts, or an instrument over all firms, do
// not sum to zero.
type Imbalance struct {
	Firm       id.Firm    // whose books are off, or id.None when it is an instrument
	Instrument Instrument // what is off, or NoInstrument when it is a firm
	Residual   unit.USD   // the sum that should be zero, debits positive
	Last       Posting    // the posting that did it; nothing if none was seen to
	name       func(id.Firm) string
}

// Error names the sum, and the posting at fault.
func (e *Imbalance) Error() string {
	what := "trial balance"
	if e.Instrument != NoInstrument {
		what = "sum of " + e.Instrument.String() + " over all firms"
	}
	text := fmt.Sprintf("%s is %s, want $0.00", what, dollars(e.Residual))
	if e.Last.Amount != 0 {
		text += fmt.Sprintf(" (last posting: %s)", e.Last.Text(e.name))
	}
	return text
}

// Check is the trial balance. It returns an *Imbalance for the first posting since Reset that created or lost
// money, and otherwise adds all accounts up anew: every firm and every instrument must sum to zero.
func (b *Books) Check() error {
	off := b.first
	if off == nil {
		off = b.trialBalance()
	}
	if off == nil {
		return nil
	}
	return off
}

// trialBalance adds all accounts up and returns the first sum that should be zero and is not, or nil. Instruments are
// named one by one: a loop over them would take longer than all else.
func (b *Books) trialBalance() *Imbalance {
	for f := range b.books {
		if x := sum(b.books[f].balance[:]); x != 0 {
			return &Imbalance{Firm: id.Firm(f), Residual: x, name: b.Name}
		}
	}
	var cash, credits, prepaid, shares, loans, trade unit.USD
	for f := range b.books {
		row := &b.books[f].balance
		cash += row[Cash]
		credits += row[Credits] + row[CreditsOwed]
		prepaid += row[Prepaid] + row[PrepaidOwed]
		shares += row[Stakes] + row[PaidIn]
		loans += row[Lent] + row[Debt]
		trade += row[Receivable] + row[Payable]
	}
	for i, x := range [instruments]unit.USD{Money: cash, ComputeCredits: credits, Prepayment: prepaid, Shares: shares, Loan: loans, Trade: trade} {
		if x != 0 {
			return &Imbalance{Firm: id.None, Instrument: Instrument(i), Residual: x, name: b.Name}
		}
	}
	return nil
}

// dollars writes an amount with its cents and thousands: -$1,600.05.
func dollars(x unit.USD) string {
	sign, n := "", uint64(x)
	if x < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatUint(n/100, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return fmt.Sprintf("%s$%s.%02d", sign, s, n%100)
}
