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

// Pay moves cash. The payer books it as cost, which may be any account that grows by debits, such as Plant; the
// payee books it as income, which may be any that grows by credits. Nothing else moves cash.
func (b *Books) Pay(from, to id.Firm, cost, income Account, x unit.USD, m Memo) {
	if x <= 0 {
		b.mustNotBeNegative(Posting{from, to, cost, Cash, Cash, income, x, m})
		return
	}
	payer, payee := &b.books[from], &b.books[to]
	size := payer.enter(cost, Cash, x)
	size |= payee.enter(Cash, income, x)
	payer.flow[activity[cost]] -= x
	payee.flow[activity[income]] += x
	if doubt := instrument[cost] != instrument[income]; doubt || size > fits || b.leak > 0 || b.Journal != nil {
		b.posted(Posting{from, to, cost, Cash, Cash, income, x, m}, size, doubt)
	}
}

// Within moves x inside one firm's books. Accounts of an instrument cannot be moved alone: Within(f, Impairment,
// Lent, x, m) would forget that someone still owes, and Check reports it.
func (b *Books) Within(f id.Firm, debit, credit Account, x unit.USD, m Memo) {
	if x <= 0 {
		b.mustNotBeNegative(Posting{From: f, To: id.None, FromDebit: debit, FromCredit: credit, Amount: x, Memo: m})
		return
	}
	size := b.books[f].enter(debit, credit, x)
	if doubt := instrument[debit] != instrument[credit]; doubt || size > fits || b.leak > 0 || b.Journal != nil {
		b.posted(Posting{From: f, To: id.None, FromDebit: debit, FromCredit: credit, Amount: x, Memo: m}, size, doubt)
	}
}

// transfer makes one entry in each of two firms' books, and moves no cash: from gives, to receives. As a rule what from
// credits to debits, and the other way round. Both firms may be the same.
func (b *Books) transfer(from, to id.Firm, fromDebit, fromCredit, toDebit, toCredit Account, x unit.USD, m Memo) {
	if x <= 0 {
		b.mustNotBeNegative(Posting{from, to, fromDebit, fromCredit, toDebit, toCredit, x, m})
		return
	}
	size := b.books[from].enter(fromDebit, fromCredit, x)
	size |= b.books[to].enter(toDebit, toCredit, x)
	doubt := instrument[fromCredit] != instrument[toDebit] || instrument[fromDebit] != instrument[toCredit]
	if doubt || size > fits || b.leak > 0 || b.Journal != nil {
		b.posted(Posting{from, to, fromDebit, fromCredit, toDebit, toCredit, x, m}, size, doubt)
	}
}

// mustNotBeNegative panics at an amount below zero, a programmer's mistake; nothing is no posting.
func (b *Books) mustNotBeNegative(p Posting) {
	if p.Amount < 0 {
		panic(fmt.Sprintf("ledger: a movement of %s: %s", dollars(p.Amount), p.Text(b.Name)))
	}
}

// posted looks into a posting that somebody wants to hear of, that left balances of a size that does not fit, or that may
// have created or lost money: only then all accounts are added up.
func (b *Books) posted(p Posting, size uint64, doubt bool) {
	mustFit(size, p.Amount)
	if leaks := b.drip(&p); b.first == nil && (leaks || doubt) {
		if b.first = b.trialBalance(); b.first != nil {
			b.first.Last = p
		}
	}
	if b.Journal != nil {
		b.Journal(p)
	}
}

// mustFit panics when a movement of x has left balances that outgrow the books.
func mustFit(size uint64, x unit.USD) {
	if size > fits {
		panic(&unit.TooMuchError{Dollars: unit.USD(most).Dollars() + x.Dollars()})
	}
}

// ClosePeriod ends the firm's accounting period: income, expenses and distributions go to Retained and begin
// again at zero.
func (b *Books) ClosePeriod(f id.Firm) {
	own := &b.books[f]
	for a := Distributions; a < accounts; a++ {
		if own.balance[a] != 0 && a != Opening {
			b.retain(f, a)
		}
	}
}

// retain empties an account into Retained, which is no entry of the month.
func (b *Books) retain(f id.Firm, a Account) {
	own, debit, credit, x := &b.books[f], Retained, a, b.Balance(f, a)
	if a >= ModelRevenue {
		own.before[a-ModelRevenue] -= x
	}
	if x < 0 {
		debit, credit, x = a, Retained, -x
	}
	mustFit(own.enter(debit, credit, x), x)
	if b.Journal != nil {
		b.Journal(Posting{From: f, To: id.None, FromDebit: debit, FromCredit: credit, Amount: x, Memo: For("closing")})
	}
}

// Leak is for tests: the n-th posting from now loses one cent, so that a test can see it found. Zero plants
// nothing.
func (b *Books) Leak(n int) { b.leak = n }

// drip takes a cent away from what a posting has credited if a leak is due, and reports whether it has.
func (b *Books) drip(p *Posting) bool {
	if b.leak == 0 {
		return false
	}
	if b.leak--; b.leak > 0 {
		return false
	}
	if p.Inside() {
		b.books[p.From].balance[p.FromCredit]++
	} else {
		b.books[p.To].balance[p.ToCredit]++
	}
	return true
}
