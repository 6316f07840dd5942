package record

import "powerplay/sim/unit"

// Posting is a movement in the books of a run: an entry in those of From and, unless To is empty, one in those of To. Each
// debits one account of a firm and credits another of it by the same amount.
type Posting struct {
	Run        int        `json:"run"`
	Month      unit.Month `json:"-"`
	Date       string     `json:"date"`
	Number     int        `json:"number"`      // within the month, from 1
	From       string     `json:"from"`        // key of the firm, or outside
	FromDebit  string     `json:"from_debit"`  // accounts
	FromCredit string     `json:"from_credit"` //
	To         string     `json:"to,omitempty"`
	ToDebit    string     `json:"to_debit,omitempty"`
	ToCredit   string     `json:"to_credit,omitempty"`
	Cents      int64      `json:"amount"`             // positive
	Memo       string     `json:"memo"`               // such as take-or-pay
	Contract   string     `json:"contract,omitempty"` // under which it is due
}

// Moves is by how much the posting moves a firm's account, in cents; debits are positive.
func (p Posting) Moves(firm, account string) int64 {
	var cents int64
	for _, leg := range []struct {
		firm, account string
		cents         int64
	}{{p.From, p.FromDebit, p.Cents}, {p.From, p.FromCredit, -p.Cents}, {p.To, p.ToDebit, p.Cents}, {p.To, p.ToCredit, -p.Cents}} {
		if leg.firm == firm && leg.account == account {
			cents += leg.cents
		}
	}
	return cents
}
