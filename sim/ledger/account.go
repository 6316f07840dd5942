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

// chart describes every account. Nothing writes to it, nor to the tables below.
var chart = [accounts]struct{ name, doc string }{
	Cash:       {"cash", "money in the bank; negative only for the outside world"},
	Credits:    {"credits", "compute credits held and not yet used"},
	Prepaid:    {"prepaid", "prepayments made for compute or chips not yet received"},
	Stakes:     {"stakes", "equity of other firms, at cost"},
	Lent:       {"lent", "loans made"},
	Receivable: {"receivable", "billed and not yet received"},
	Plant:      {"plant", "sites and chips in service, at cost less depreciation"},
	Works:      {"works", "sites and chips paid for and not yet in service"},
	Marks:      {"marks", "value of stakes above their cost; negative when below"},

	Debt:        {"debt", "loans taken"},
	CreditsOwed: {"credits_owed", "compute credits granted and not yet used: deferred revenue"},
	PrepaidOwed: {"prepaid_owed", "prepayments received and not yet earned"},
	Payable:     {"payable", "bills received and not yet paid"},

	PaidIn:        {"paid_in", "what shareholders paid for their shares"},
	Retained:      {"retained", "profit of closed periods, less distributions"},
	Revaluation:   {"revaluation", "gains on stakes that are marked and not realised"},
	Distributions: {"distributions", "dividends and buybacks of the period"},
	Opening:       {"opening", "what balances the books on the first day"},

	ModelRevenue:   {"model_revenue", "sales of models and of what is built on them"},
	ComputeRevenue: {"compute_revenue", "rent of compute, credits and prepayments used, shortfalls"},
	ChipRevenue:    {"chip_revenue", "sales of accelerators"},
	ShareIncome:    {"share_income", "revenue share received"},
	InterestIncome: {"interest_income", "interest received"},
	OtherIncome:    {"other_income", "all other income, dividends and debts forgiven among it"},

	ComputeCost:  {"compute_cost", "compute rented, however it is paid"},
	SellerShare:  {"seller_share", "revenue share paid"},
	ChipCost:     {"chip_cost", "cost of accelerators sold"},
	Staff:        {"staff", "pay"},
	Energy:       {"energy", "electricity and fuel"},
	Lease:        {"lease", "rent of buildings and powered shells"},
	Depreciation: {"depreciation", "plant used up"},
	Interest:     {"interest", "interest paid or owed"},
	Impairment:   {"impairment", "assets written down"},
	Levy:         {"levy", "taxes and levies"},
	OtherExpense: {"other_expense", "all other expense"},
}

// instrument is the claim that an account is a side of. The tables stand alone because every posting asks them.
var instrument = [accounts]Instrument{
	Cash:        Money,
	Credits:     ComputeCredits,
	Prepaid:     Prepayment,
	Stakes:      Shares,
	Lent:        Loan,
	Receivable:  Trade,
	Debt:        Loan,
	CreditsOwed: ComputeCredits,
	PrepaidOwed: Prepayment,
	Payable:     Trade,
	PaidIn:      Shares,
}

// activity is that of accounts which belong to no operations.
var activity = [accounts]Activity{
	Prepaid:       Prepaying,
	Stakes:        Investing,
	Lent:          Investing,
	Plant:         Capex,
	Works:         Capex,
	Marks:         Investing,
	Debt:          Funding,
	PrepaidOwed:   Prepaying,
	PaidIn:        Funding,
	Retained:      Funding,
	Distributions: Funding,
	Opening:       Funding,
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
func (a Account) String() string { return chart[a].name }

// Doc says in one line what the account holds.
func (a Account) Doc() string { return chart[a].doc }

// Class returns the account's class; the chart lists class by class.
func (a Account) Class() Class {
	switch {
	case a <= Marks:
		return Asset
	case a <= Payable:
		return Liability
	case a <= Opening:
		return Equity
	case a <= OtherIncome:
		return Income
	}
	return Expense
}

// Instrument returns the claim that the account is a side of, or NoInstrument.
func (a Account) Instrument() Instrument { return instrument[a] }

// Activity returns where cash moved against this account belongs in a cash flow statement.
func (a Account) Activity() Activity { return activity[a] }

// span returns the first and the last account of a class.
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
