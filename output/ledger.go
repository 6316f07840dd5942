package output

import (
	"fmt"
	"strconv"

	"powerplay/sim/record"
)

func ledgerFields() []Field {
	return []Field{
		{"run", "integer", "", "run", true},
		{"date", "yearmonth", "", "month", true},
		{"number", "integer", "", "place within the month, from 1 on", true},
		{"from", "string", "", "firm whose books the first entry is in; outside for the rest of the economy", false},
		{"from_debit", "string", "", "its account that is debited", false},
		{"from_credit", "string", "", "its account that is credited", false},
		{"to", "string", "", "firm whose books the second entry is in; empty where money moves within one firm", false},
		{"to_debit", "string", "", "its account that is debited", false},
		{"to_credit", "string", "", "its account that is credited", false},
		{"amount", "integer", "cents", "what each entry debits and credits", false},
		{"memo", "string", "", "why, such as take-or-pay", false},
		{"contract", "string", "", "the contract under which it is due", false},
	}
}

// Ledger writes ledger.csv: every posting of a run, in the order in which they are made.
func (f *Folder) Ledger(write func(put func(record.Posting)) error) error {
	return f.Table("ledger.csv", "every movement in the books of one run, opening balances left out", ledgerFields(), func(rows *Rows) error {
		var failed error
		err := write(func(p record.Posting) {
			rows.Int(int64(p.Run))
			rows.Month(p.Month)
			rows.Int(int64(p.Number))
			for _, text := range []string{p.From, p.FromDebit, p.FromCredit, p.To, p.ToDebit, p.ToCredit} {
				rows.Text(text)
			}
			rows.Int(p.Cents)
			rows.Text(p.Memo)
			rows.Text(p.Contract)
			failed = rows.End() // the first error stays
		})
		if err != nil {
			return err
		}
		return failed
	})
}

// Ledger reads ledger.csv row by row; a result has one where the run was asked for it.
func (r *Result) Ledger(visit func(record.Posting) error) error {
	return r.rows("ledger.csv", len(ledgerFields()), func(cells []string) (err error) {
		var p record.Posting
		if p.Run, err = strconv.Atoi(cells[0]); err != nil {
			return fmt.Errorf("%q is not a run", cells[0])
		}
		if p.Month, err = parseMonth(cells[1]); err != nil {
			return err
		}
		if p.Number, err = strconv.Atoi(cells[2]); err != nil {
			return fmt.Errorf("%q is not a place", cells[2])
		}
		if p.Cents, err = strconv.ParseInt(cells[9], 10, 64); err != nil {
			return fmt.Errorf("%q is not an amount in cents", cells[9])
		}
		p.Date = p.Month.String()
		for i, to := range []*string{&p.From, &p.FromDebit, &p.FromCredit, &p.To, &p.ToDebit, &p.ToCredit, nil, &p.Memo, &p.Contract} {
			if to != nil {
				*to = unguard(cells[3+i])
			}
		}
		return visit(p)
	})
}
