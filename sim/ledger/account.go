package ledger

// Account is a line in a firm's books. All firms keep the same accounts.
type Account uint8

// The chart of accounts. [Account.Doc] says what each holds.
const (
	Cash Account = iota
	Credits
	Prepaid
	Stakes
	Lent
	Receivable
	Plant
	Works
	Marks

	Debt
	CreditsOwed
	PrepaidOwed
	Payable

	PaidIn
	Retained
	Revaluation
	Distributions
	Opening

	ModelRevenue
	ComputeRevenue
	ChipRevenue
	ShareIncome
	InterestIncome
	OtherIncome

	ComputeCost
	SellerShare
	ChipCost
	Staff
	Energy
	Lease
	Depreciation
	Interest
	Impairment
	Levy
	OtherExpense

	accounts // their number

	nominal = accounts - ModelRevenue // the number of those of income and expense, which a closing empties; they come last
)

// Class is one of the five kinds of account.
type Class uint8

// The classes. Assets and expenses grow by debits, the others by credits.
const (
	Asset Class = iota
	Liability
	Equity
	Income
	Expense
)

// String names the class.
func (c Class) String() string {
	return [...]string{"asset", "liability", "equity", "income", "expense"}[c]
}

// Instrument is a claim between firms: what one holds as an asset another owes, so over all firms it sums to
// zero, month after month.
type Instrument uint8

// The instruments. Cash is one of them: the outside world holds the negative of what the firms have.
const (
	NoInstrument   Instrument = iota // the account is the firm's own business
	Money                            // Cash
	ComputeCredits                   // Credits against CreditsOwed
	Prepayment                       // Prepaid against PrepaidOwed
	Shares                           // Stakes, at cost, against PaidIn
	Loan                             // Lent against Debt
	Trade                            // Receivable against Payable

	instruments // their number
)

// String names the instrument as in an [Imbalance].
func (i Instrument) String() string {
	return [...]string{"none", "cash", "credits", "prepayments", "shares", "loans", "trade credit"}[i]
}

// Activity sorts flows of cash as a cash flow statement does.
type Activity uint8

// The activities. The account on the other side of the cash decides.
const (
	Operations Activity = iota // customers, suppliers, staff, interest
	Capex                      // plant and works
	Investing                  // stakes bought and loans made
	Funding                    // equity and debt raised, repaid, distributed
	Prepaying                  // money paid ahead and returned; it is no month's cost

	activities // their number
)

// String names the activity.
func (a Activity) String() string {
	return [...]string{"operations", "capex", "investing", "funding", "prepaying"}[a]
}

type entry struct {
	name       string
	class      Class
	instrument Instrument
	activity   Activity
	doc        string
}

// in looks the account up.
func (a Account) in() *entry { return &chart[a] }

// chart describes every account. Nothing writes to it.
var chart = [accounts]entry{
	Cash:       {"cash", Asset, Money, Operations, "money in the bank; negative only for the outside world"},
	Credits:    {"credits", Asset, ComputeCredits, Operations, "compute credits held and not yet used"},
	Prepaid:    {"prepaid", Asset, Prepayment, Prepaying, "prepayments made for compute or chips not yet received"},
	Stakes:     {"stakes", Asset, Shares, Investing, "equity of other firms, at cost"},
	Lent:       {"lent", Asset, Loan, Investing, "loans made"},
	Receivable: {"receivable", Asset, Trade, Operations, "billed and not yet received"},
	Plant:      {"plant", Asset, NoInstrument, Capex, "sites and chips in service, at cost less depreciation"},
	Works:      {"works", Asset, NoInstrument, Capex, "sites and chips paid for and not yet in service"},
	Marks:      {"marks", Asset, NoInstrument, Investing, "value of stakes above their cost; negative when below"},

	Debt:        {"debt", Liability, Loan, Funding, "loans taken"},
	CreditsOwed: {"credits_owed", Liability, ComputeCredits, Operations, "compute credits granted and not yet used: deferred revenue"},
	PrepaidOwed: {"prepaid_owed", Liability, Prepayment, Prepaying, "prepayments received and not yet earned"},
	Payable:     {"payable", Liability, Trade, Operations, "bills received and not yet paid"},

	PaidIn:        {"paid_in", Equity, Shares, Funding, "what shareholders paid for their shares"},
	Retained:      {"retained", Equity, NoInstrument, Funding, "profit of closed periods, less distributions"},
	Revaluation:   {"revaluation", Equity, NoInstrument, Operations, "gains on stakes that are marked and not realised"},
	Distributions: {"distributions", Equity, NoInstrument, Funding, "dividends and buybacks of the period"},
	Opening:       {"opening", Equity, NoInstrument, Funding, "what balances the books on the first day"},

	ModelRevenue:   {"model_revenue", Income, NoInstrument, Operations, "sales of models and of what is built on them"},
	ComputeRevenue: {"compute_revenue", Income, NoInstrument, Operations, "rent of compute, credits and prepayments used, shortfalls"},
	ChipRevenue:    {"chip_revenue", Income, NoInstrument, Operations, "sales of accelerators"},
	ShareIncome:    {"share_income", Income, NoInstrument, Operations, "revenue share received"},
	InterestIncome: {"interest_income", Income, NoInstrument, Operations, "interest received"},
	OtherIncome:    {"other_income", Income, NoInstrument, Operations, "all other income, dividends and debts forgiven among it"},

	ComputeCost:  {"compute_cost", Expense, NoInstrument, Operations, "compute rented, however it is paid"},
	SellerShare:  {"seller_share", Expense, NoInstrument, Operations, "revenue share paid"},
	ChipCost:     {"chip_cost", Expense, NoInstrument, Operations, "cost of accelerators sold"},
	Staff:        {"staff", Expense, NoInstrument, Operations, "pay"},
	Energy:       {"energy", Expense, NoInstrument, Operations, "electricity and fuel"},
	Lease:        {"lease", Expense, NoInstrument, Operations, "rent of buildings and powered shells"},
	Depreciation: {"depreciation", Expense, NoInstrument, Operations, "plant used up"},
	Interest:     {"interest", Expense, NoInstrument, Operations, "interest paid or owed"},
	Impairment:   {"impairment", Expense, NoInstrument, Operations, "assets written down"},
	Levy:         {"levy", Expense, NoInstrument, Operations, "taxes and levies"},
	OtherExpense: {"other_expense", Expense, NoInstrument, Operations, "all other expense"},
}

// Accounts lists the chart in its order: assets, liabilities, equity, income, expenses.
func Accounts() []Account {
	all := make([]Account, accounts)
	for i := range all {
		all[i] = Account(i)
	}
	return all
}

// String returns the account's name, such as compute_revenue.
func (a Account) String() string { return a.in().name }

// Doc says in one line what the account holds.
func (a Account) Doc() string { return a.in().doc }

// Class returns the account's class.
func (a Account) Class() Class { return a.in().class }

// Instrument returns the claim that the account is a side of, or NoInstrument.
func (a Account) Instrument() Instrument { return a.in().instrument }

// Activity returns where cash moved against this account belongs in a cash flow statement.
func (a Account) Activity() Activity { return a.in().activity }

// span returns the first and the last account of a class; the chart lists class by class.
func (c Class) span() (first, last Account) {
	switch c {
	case Asset:
		return Cash, Marks
	case Liability:
		return Debt, Payable
	case Equity:
		return PaidIn, Opening
	case Income:
		return ModelRevenue, OtherIncome
	}
	return ComputeCost, OtherExpense
}

// side is +1 for accounts that grow by debits and -1 for those that grow by credits.
func (c Class) side() int64 {
	if c == Asset || c == Expense {
		return 1
	}
	return -1
}

// claims are the accounts of who holds an instrument and of who owes it.
var claims = [instruments]struct{ holder, issuer Account }{
	Money:          {Cash, Cash},
	ComputeCredits: {Credits, CreditsOwed},
	Prepayment:     {Prepaid, PrepaidOwed},
	Shares:         {Stakes, PaidIn},
	Loan:           {Lent, Debt},
	Trade:          {Receivable, Payable},
}

// sides returns the accounts of the one who holds the instrument and of the one who owes it.
func (i Instrument) sides() (holder, issuer Account) {
	if i == NoInstrument {
		panic("ledger: no instrument has no sides")
	}
	return claims[i].holder, claims[i].issuer
}
