package ledger

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Memo says why money moves. Kind should be a constant, so that a memo costs nothing.
type Memo struct {
	Kind     string      // such as take-or-pay
	Contract id.Contract // under which it is due, or id.NoContract
}

// For is the memo of a movement under no contract.
func For(kind string) Memo { return Memo{kind, id.NoContract} }

// Posting is a movement: an entry in the books of From and, unless To is id.None, one in the books of To. Both
// may be in the same books, as when a firm's lab rents from its own cloud.
type Posting struct {
	From, To              id.Firm // To is id.None when the movement is within one firm
	FromDebit, FromCredit Account
	ToDebit, ToCredit     Account
	Amount                unit.USD // positive
	Memo                  Memo
}

// Inside tells whether the posting stays within the books of one firm.
func (p Posting) Inside() bool { return p.To == id.None }

// Text writes the posting from where the money comes to what it becomes:
//
//	lab/cash → cloud/compute_revenue $1,600.00 (take-or-pay)
//
// name tells the firms' names; nil numbers them.
func (p Posting) Text(name func(id.Firm) string) string {
	if name == nil {
		name = func(f id.Firm) string { return fmt.Sprintf("firm %d", f) }
	}
	to, into := p.To, p.ToCredit
	if p.Inside() {
		to, into = p.From, p.FromDebit
	}
	return fmt.Sprintf("%s/%v → %s/%v %s (%s)", name(p.From), p.FromCredit, name(to), into, dollars(p.Amount), p.Memo.Kind)
}

// Within moves x inside one firm's books. Accounts of an instrument cannot be moved alone: Within(f, Impairment,
// Lent, x, m) would forget that someone still owes, and Check reports it.
func (b *Books) Within(f id.Firm, debit, credit Account, x unit.USD, m Memo) {
	b.post(&Posting{From: f, To: id.None, FromDebit: debit, FromCredit: credit, Amount: x, Memo: m})
}

// Transfer makes one entry in each of two firms' books: from gives, to receives. The other verbs of two firms
// are Transfers with the usual accounts. Both firms may be the same.
func (b *Books) Transfer(from, to id.Firm, fromDebit, fromCredit, toDebit, toCredit Account, x unit.USD, m Memo) {
	b.post(&Posting{from, to, fromDebit, fromCredit, toDebit, toCredit, x, m})
}

// post makes the entries of a posting and checks that nothing was created by them. A negative amount is a
// programmer's mistake and panics, as does a balance that does not fit; nothing is no posting.
func (b *Books) post(p *Posting) {
	if p.Amount <= 0 {
		if p.Amount < 0 {
			panic(fmt.Sprintf("ledger: a movement of %s: %s", dollars(p.Amount), p.Text(b.Name)))
		}
		return
	}
	kept := p.Amount
	if b.leak > 0 {
		if b.leak--; b.leak == 0 {
			kept--
		}
	}
	if p.To == id.None {
		b.pair(p.From, p.FromDebit, p.FromCredit, p.Amount, kept)
	} else {
		b.pair(p.From, p.FromDebit, p.FromCredit, p.Amount, p.Amount)
		b.pair(p.To, p.ToDebit, p.ToCredit, p.Amount, kept)
	}
	b.last = *p
	if b.first == nil {
		b.verify(p)
	}
	if b.Journal != nil {
		b.Journal(*p)
	}
}

// pair makes one entry. kept differs from x only where a leak is planted.
func (b *Books) pair(f id.Firm, debit, credit Account, x, kept unit.USD) {
	own, to, from := &b.books[f], debit.in(), credit.in()
	own.balance[debit] = own.balance[debit].Plus(x)
	own.balance[credit] = own.balance[credit].Plus(-kept)
	own.residual += x - kept
	b.ofInstrument[to.instrument] += x
	b.ofInstrument[from.instrument] -= kept
	switch {
	case debit == credit:
	case debit == Cash:
		in := &own.cashIn[from.activity]
		*in = in.Plus(x)
	case credit == Cash:
		out := &own.cashOut[to.activity]
		*out = out.Plus(x)
	}
}

// leg debits one account by x without a movement of the month; a negative x credits it.
func (b *Books) leg(f id.Firm, a Account, x unit.USD) {
	own := &b.books[f]
	own.balance[a] = own.balance[a].Plus(x)
	own.residual += x
	b.before[f][a] += x
	b.ofInstrument[a.Instrument()] += x
}

// ClosePeriod ends the firm's accounting period: income, expenses and distributions go to Retained and begin
// again at zero.
func (b *Books) ClosePeriod(f id.Firm) {
	for a := range accounts {
		if c := a.Class(); c != Income && c != Expense && a != Distributions {
			continue
		}
		x := b.Balance(f, a)
		if x == 0 {
			continue
		}
		b.leg(f, a, -x)
		b.leg(f, Retained, x)
		b.last = Posting{From: f, To: id.None, FromDebit: a, FromCredit: Retained, Amount: x, Memo: For("closing")}
		if x > 0 {
			b.last.FromDebit, b.last.FromCredit = Retained, a
		} else {
			b.last.Amount = -x
		}
		if b.Journal != nil {
			b.Journal(b.last)
		}
	}
}

// Leak is for tests: the n-th posting from now loses one cent, so that a test can see it found. Zero plants
// nothing.
func (b *Books) Leak(n int) { b.leak = n }
