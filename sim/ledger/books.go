// Package ledger keeps the books of all firms, in whole cents and double entry. It is the only place where
// money moves.
//
// Debits are positive and credits negative. Every entry debits one account of a firm and credits another of
// the same firm by the same amount, so a firm's accounts always sum to zero, which is to say that its assets
// equal its liabilities and its equity. What passes between two firms is two such entries, one in the books of
// each, and what one then holds of an [Instrument] the other owes, so each instrument sums to zero over all
// firms. The outside world is a firm like the others; the cash that the firms have is cash that it lacks.
//
// Both laws are checked always. Each posting must credit what it debits of an instrument, and by the same amount, and the
// first that does not is remembered; [Books.Check] adds all accounts up anew, and names it.
package ledger

import (
	"fmt"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Books are the books of all firms in one run. They are for one goroutine at a time. Nothing but New, Seal and
// an error's text allocates memory.
type Books struct {
	// Journal, if set, hears of every posting right after it is made, and must not post itself.
	Journal func(Posting)
	// Name, if set, tells the firms' names to error texts.
	Name func(id.Firm) string

	outside id.Firm
	sealed  bool

	books   []book // by firm
	opening []row  // the balances on the first day

	first *Imbalance // the first that a posting caused
	leak  int        // postings until one loses a cent; 0 is never
}

// row is the accounts of one firm; debits are positive.
type row [accounts]unit.USD

// book is what a month touches of one firm, close together.
type book struct {
	flow    [activities]unit.USD // net cash that came in since StartMonth
	balance row
	before  [nominal]unit.USD // income and expenses at StartMonth, closings since then counted
}

// most is what an account holds at most, either way, in cents: no sum of a firm's income and expenses overflows.
const most = 1 << 58

// enter debits one account and credits another. The size that it returns is at most that of what fits if both balances do.
func (own *book) enter(debit, credit Account, x unit.USD) (size uint64) {
	debited := own.balance[debit] + x
	own.balance[debit] = debited
	credited := own.balance[credit] - x
	own.balance[credit] = credited
	return uint64(debited+most) | uint64(credited+most)
}

// fits is the largest size of balances that fit.
const fits = 2*most - 1

// New returns empty books for firms 0 to firms-1. The firm outside, one of them, stands for the world outside
// the model: it takes the other side of opening balances whose counterparty is nobody in particular.
func New(firms int, outside id.Firm) *Books {
	if int(outside) >= firms {
		panic(fmt.Sprintf("ledger: outside is firm %d of %d", outside, firms))
	}
	return &Books{outside: outside, books: make([]book, firms), opening: make([]row, firms)}
}

// Open adds x to the firm's opening balance, counted on the account's own side: Open(f, Debt, x) is x of debt.
// Equity Opening takes the difference, and for an instrument the outside is the counterparty. The outside's own
// balances follow from that and cannot be opened. Opening is over once the books are sealed; to try is a
// programmer's mistake and panics.
func (b *Books) Open(f id.Firm, a Account, x unit.USD) {
	if f == b.outside {
		panic("ledger: opening balances of the outside follow from those of its counterparties")
	}
	b.mustBeOpen()
	x *= unit.USD(a.Class().side())
	b.begin(f, a, x)
	if i := a.Instrument(); i != NoInstrument {
		holder, issuer := i.sides()
		other := issuer
		if a == issuer {
			other = holder
		}
		b.begin(b.outside, other, -x)
	}
}

// OpenClaim adds x to what holder has of an instrument of the issuer on the first day, such as a stake or a
// loan; asset is the holder's account. It differs from Open in that the counterparty is a firm of the model.
func (b *Books) OpenClaim(holder, issuer id.Firm, asset Account, x unit.USD) {
	b.mustBeOpen()
	held, owed := asset.Instrument().sides()
	if held != asset || asset == Cash {
		panic("ledger: " + asset.String() + " is not a claim on a firm")
	}
	b.begin(holder, held, x)
	b.begin(issuer, owed, -x)
}

// begin debits the firm's account by x on the first day, against Opening.
func (b *Books) begin(f id.Firm, a Account, x unit.USD) {
	own := &b.books[f].balance
	own[a] = own[a].Plus(x)
	own[Opening] = own[Opening].Plus(-x)
}

func (b *Books) mustBeOpen() {
	if b.sealed {
		panic("ledger: opening balances are sealed")
	}
}

// Seal ends the opening: the balances now standing are those to which Reset returns.
func (b *Books) Seal() {
	for f := range b.books {
		b.opening[f] = b.books[f].balance
	}
	b.sealed = true
	b.Reset()
}

// Reset returns to the opening balances for another run and forgets the month and any imbalance. A planted Leak stays
// planted.
func (b *Books) Reset() {
	for f := range b.books {
		b.books[f].balance = b.opening[f]
	}
	b.first = nil
	b.StartMonth()
}

// Clear empties the books, opening balances included, for a run that starts from other balances: Open again.
func (b *Books) Clear() {
	clear(b.opening)
	b.sealed = false
	b.Reset()
}

// StartMonth begins a month: Turnover and CashFlow count from here.
func (b *Books) StartMonth() {
	for f := range b.books {
		x := &b.books[f]
		x.flow = [activities]unit.USD{}
		x.before = [nominal]unit.USD(x.balance[ModelRevenue:])
	}
}

// Balance returns what stands in the account, debits positive: cash that is there is positive, and so is an
// expense; a debt or a revenue is negative. See Amount for the everyday sign.
func (b *Books) Balance(f id.Firm, a Account) unit.USD { return b.books[f].balance[a] }

// Amount returns what stands in the account, counted on the account's own side: cash had, debt owed, revenue
// earned and cost borne are all positive.
func (b *Books) Amount(f id.Firm, a Account) unit.USD {
	return b.books[f].balance[a] * unit.USD(a.Class().side())
}

// Turnover returns the sum of the month's entries in an account of income or expense, counted on the account's own side:
// revenue earned in the month is positive, and so is cost borne. Closing a period is no entry of the month.
func (b *Books) Turnover(f id.Firm, a Account) unit.USD {
	own := &b.books[f]
	return (own.balance[a] - own.before[a-ModelRevenue]) * unit.USD(a.Class().side())
}

// CashFlow returns the net cash that came in this month by that activity. Over all activities it is the month's
// change in cash.
func (b *Books) CashFlow(f id.Firm, by Activity) unit.USD { return b.books[f].flow[by] }

// Total returns the sum of the firm's accounts of a class, counted on the class's own side.
func (b *Books) Total(f id.Firm, c Class) unit.USD {
	first, last := c.span()
	return sum(b.books[f].balance[first:last+1]) * unit.USD(c.side())
}

// Profit returns income less expenses since the last closing of the firm's period.
func (b *Books) Profit(f id.Firm) unit.USD { return -sum(b.books[f].balance[ModelRevenue:]) }

// NetWorth returns assets less liabilities, which is equity with the running period's profit.
func (b *Books) NetWorth(f id.Firm) unit.USD { return b.Total(f, Asset) - b.Total(f, Liability) }

// sum adds balances up, eight at a time as there are many.
func sum(x []unit.USD) (s unit.USD) {
	for ; len(x) >= 8; x = x[8:] {
		s += x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7]
	}
	for _, rest := range x {
		s += rest
	}
	return s
}
