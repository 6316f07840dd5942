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
	Last       Posting    // the posting that did it, or the last before it was seen
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

// verify compares the running sums that the posting touched with zero and keeps the first that is not.
func (b *Books) verify(p *Posting) {
	off := b.books[p.From].residual
	if p.To != id.None {
		off |= b.books[p.To].residual
	}
	s := &b.ofInstrument // a loop would take as long as the posting
	off |= s[Money] | s[ComputeCredits] | s[Prepayment] | s[Shares] | s[Loan] | s[Trade]
	if off != 0 {
		b.first = b.residual()
	}
}

// residual describes the first running sum that is not zero, or nil.
func (b *Books) residual() *Imbalance {
	for f := range b.books {
		if s := b.books[f].residual; s != 0 {
			return &Imbalance{id.Firm(f), NoInstrument, s, b.last, b.Name}
		}
	}
	for i := NoInstrument + 1; i < instruments; i++ {
		if s := b.ofInstrument[i]; s != 0 {
			return &Imbalance{id.None, i, s, b.last, b.Name}
		}
	}
	return nil
}

// Check is the trial balance. It returns an *Imbalance for the first posting since Reset that created or lost
// money, and otherwise adds all accounts up anew: every firm and every instrument must sum to zero.
func (b *Books) Check() error {
	if b.first != nil {
		return b.first
	}
	var sums [instruments]unit.USD
	for f := range b.books {
		var sum unit.USD
		row := &b.books[f].balance
		for _, x := range row {
			sum += x
		}
		if sum != 0 {
			return &Imbalance{id.Firm(f), NoInstrument, sum, b.last, b.Name}
		}
		for i := NoInstrument + 1; i < instruments; i++ {
			c := claims[i]
			if sums[i] += row[c.holder]; c.issuer != c.holder {
				sums[i] += row[c.issuer]
			}
		}
	}
	for i := NoInstrument + 1; i < instruments; i++ {
		if sums[i] != 0 {
			return &Imbalance{id.None, i, sums[i], b.last, b.Name}
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
