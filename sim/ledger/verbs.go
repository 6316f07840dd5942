package ledger

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Accrue is Pay without the cash: the debtor owes it to the creditor from now on.
func (b *Books) Accrue(debtor, creditor id.Firm, cost, income Account, x unit.USD, m Memo) {
	b.transfer(debtor, creditor, cost, Payable, Receivable, income, x, m)
}

// Settle pays in cash what was accrued.
func (b *Books) Settle(debtor, creditor id.Firm, x unit.USD, m Memo) {
	b.Pay(debtor, creditor, Payable, Receivable, x, m)
}

// Grant is Pay in compute credits: the cloud books as cost what it gets for them (Stakes when it takes shares,
// OtherExpense when it gives them away), the lab books as gain what it gives (PaidIn, or OtherIncome).
func (b *Books) Grant(cloud, lab id.Firm, cost, gain Account, x unit.USD, m Memo) {
	b.transfer(cloud, lab, cost, CreditsOwed, Credits, gain, x, m)
}

// Redeem uses credits: they become the lab's cost of compute and the cloud's revenue.
func (b *Books) Redeem(lab, cloud id.Firm, x unit.USD, m Memo) {
	b.transfer(lab, cloud, ComputeCost, Credits, CreditsOwed, ComputeRevenue, x, m)
}

// Prepay pays in cash for what is delivered later.
func (b *Books) Prepay(buyer, seller id.Firm, x unit.USD, m Memo) {
	b.Pay(buyer, seller, Prepaid, PrepaidOwed, x, m)
}

// Deliver uses up a prepayment: it becomes the buyer's cost and the seller's income.
func (b *Books) Deliver(buyer, seller id.Firm, cost, income Account, x unit.USD, m Memo) {
	b.transfer(buyer, seller, cost, Prepaid, PrepaidOwed, income, x, m)
}

// Issue sells new shares for cash.
func (b *Books) Issue(investor, company id.Firm, x unit.USD, m Memo) {
	b.Pay(investor, company, Stakes, PaidIn, x, m)
}

// Award gives new shares for what is no money, such as a right given up: an expense of the company and income of who
// gets them.
func (b *Books) Award(company, holder id.Firm, x unit.USD, m Memo) {
	b.transfer(company, holder, OtherExpense, PaidIn, Stakes, OtherIncome, x, m)
}

// Borrow pays a loan out to the borrower.
func (b *Books) Borrow(lender, borrower id.Firm, x unit.USD, m Memo) {
	b.Pay(lender, borrower, Lent, Debt, x, m)
}

// Repay pays principal back.
func (b *Books) Repay(borrower, lender id.Firm, x unit.USD, m Memo) {
	b.Pay(borrower, lender, Debt, Lent, x, m)
}

// Capitalise adds interest to principal instead of paying it.
func (b *Books) Capitalise(borrower, lender id.Firm, x unit.USD, m Memo) {
	b.transfer(borrower, lender, Interest, Debt, Lent, InterestIncome, x, m)
}

// Convert turns a loan into new shares, at the book value of the loan.
func (b *Books) Convert(lender, company id.Firm, x unit.USD, m Memo) {
	b.transfer(lender, company, Stakes, Lent, Debt, PaidIn, x, m)
}

// Unwind takes a sale of shares back: what was paid for them becomes a loan.
func (b *Books) Unwind(company, investor id.Firm, x unit.USD, m Memo) {
	b.transfer(company, investor, PaidIn, Debt, Lent, Stakes, x, m)
}

// Distribute pays a dividend.
func (b *Books) Distribute(company, owner id.Firm, x unit.USD, m Memo) {
	b.Pay(company, owner, Distributions, OtherIncome, x, m)
}

// Assign hands a claim on a third firm over for cash at its book value; asset is its account, such as Stakes or
// Receivable. A price above or below is a second posting: Pay with Marks and OtherIncome, or a discount paid
// back as Impairment.
func (b *Books) Assign(buyer, seller id.Firm, asset Account, x unit.USD, m Memo) {
	b.Pay(buyer, seller, asset, asset, x, m)
}

// Sell hands shares over at a price of at least their cost. The gain is the seller's income, but its cash comes from
// investing, not from operations.
func (b *Books) Sell(buyer, seller id.Firm, cost, price unit.USD, m Memo) {
	b.Assign(buyer, seller, Stakes, cost, m)
	b.Mark(seller, price-cost, m)
	b.Pay(buyer, seller, Marks, Marks, price-cost, m)
	b.Within(seller, Revaluation, OtherIncome, price-cost, m)
}

// WriteOff cancels x of a claim on both sides; asset is the holder's account. The holder bears an impairment.
// To the issuer a cancelled debt is income, and cancelled shares are retained.
func (b *Books) WriteOff(holder, issuer id.Firm, asset Account, x unit.USD, m Memo) {
	held, owed := asset.Instrument().sides()
	if held != asset || asset == Cash {
		panic("ledger: " + asset.String() + " is not a claim on a firm")
	}
	gain := OtherIncome
	if owed == PaidIn {
		gain = Retained
	}
	b.transfer(holder, issuer, Impairment, asset, owed, gain, x, m)
}

// Mark changes the carrying value of stakes above cost by x, which may be negative: a gain or loss that no cash
// has confirmed. It is no claim on anyone.
func (b *Books) Mark(f id.Firm, x unit.USD, m Memo) {
	if x < 0 {
		b.Within(f, Revaluation, Marks, -x, m)
		return
	}
	b.Within(f, Marks, Revaluation, x, m)
}
