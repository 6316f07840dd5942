package ledger

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// The firms of most tests.
const (
	lab id.Firm = iota
	cloud
	fund
	world
	firms
)

func name(f id.Firm) string { return [...]string{"lab", "cloud", "fund", "world"}[f] }

// start returns sealed books: the lab has $1,000 of cash, the cloud $5,000 and plant of $8,000 on a loan of
// $6,000, and the fund $20,000 and a stake in the lab that cost $300.
func start() *Books {
	b := New(int(firms), world)
	b.Name = name
	b.Open(lab, Cash, unit.Dollars(1000))
	b.Open(cloud, Cash, unit.Dollars(5000))
	b.Open(cloud, Plant, unit.Dollars(8000))
	b.Open(cloud, Debt, unit.Dollars(6000))
	b.Open(fund, Cash, unit.Dollars(20000))
	b.OpenClaim(fund, lab, Stakes, unit.Dollars(300))
	b.Seal()
	return b
}

// sheet is what a firm's books show, by account and on the account's own side, in dollars, zeros left out.
func sheet(b *Books, f id.Firm) map[string]float64 {
	m := map[string]float64{}
	for _, a := range Accounts() {
		if x := b.Amount(f, a); x != 0 {
			m[a.String()] = x.Dollars()
		}
	}
	return m
}

type amounts = map[string]float64

func TestOpeningBalancesHaveTheirOtherSide(t *testing.T) {
	b := start()
	want := map[id.Firm]amounts{
		lab:   {"cash": 1000, "paid_in": 300, "opening": 700},
		cloud: {"cash": 5000, "plant": 8000, "debt": 6000, "opening": 7000},
		fund:  {"cash": 20000, "stakes": 300, "opening": 20300},
		world: {"cash": -26000, "lent": 6000, "opening": -20000},
	}
	for f := range firms {
		if diff := cmp.Diff(want[f], sheet(b, f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name(f), diff)
		}
	}
	if err := b.Check(); err != nil {
		t.Error(err)
	}
}

func TestMovements(t *testing.T) {
	d := unit.Dollars
	m := For("test")
	tests := []struct {
		name string
		do   func(*Books)
		want map[id.Firm]amounts // changes against the opening, on each account's own side
	}{
		{
			"a lab pays rent for compute in cash",
			func(b *Books) { b.Pay(lab, cloud, ComputeCost, ComputeRevenue, d(400), m) },
			map[id.Firm]amounts{
				lab:   {"cash": -400, "compute_cost": 400},
				cloud: {"cash": 400, "compute_revenue": 400},
			},
		},
		{
			"customers pay from the world outside",
			func(b *Books) { b.Pay(world, lab, OtherExpense, ModelRevenue, d(50), m) },
			map[id.Firm]amounts{
				lab:   {"cash": 50, "model_revenue": 50},
				world: {"cash": -50, "other_expense": 50},
			},
		},
		{
			"credits granted against shares are not cash, and are revenue when used",
			func(b *Books) {
				b.Grant(cloud, lab, Stakes, PaidIn, d(1000), m)
				b.Redeem(lab, cloud, d(250), m)
			},
			map[id.Firm]amounts{
				lab:   {"credits": 750, "paid_in": 1000, "compute_cost": 250},
				cloud: {"stakes": 1000, "credits_owed": 750, "compute_revenue": 250},
			},
		},
		{
			"a prepayment is revenue when it is delivered",
			func(b *Books) {
				b.Prepay(lab, cloud, d(500), m)
				b.Deliver(lab, cloud, ComputeCost, ComputeRevenue, d(100), m)
			},
			map[id.Firm]amounts{
				lab:   {"cash": -500, "prepaid": 400, "compute_cost": 100},
				cloud: {"cash": 500, "prepaid_owed": 400, "compute_revenue": 100},
			},
		},
		{
			"shares issued for cash are a stake at cost",
			func(b *Books) { b.Issue(fund, lab, d(2000), m) },
			map[id.Firm]amounts{
				lab:  {"cash": 2000, "paid_in": 2000},
				fund: {"cash": -2000, "stakes": 2000},
			},
		},
		{
			"a loan is repaid in part, with interest",
			func(b *Books) {
				b.Borrow(fund, cloud, d(900), m)
				b.Repay(cloud, fund, d(300), m)
				b.Pay(cloud, fund, Interest, InterestIncome, d(9), m)
			},
			map[id.Firm]amounts{
				cloud: {"cash": 591, "debt": 600, "interest": 9},
				fund:  {"cash": -591, "lent": 600, "interest_income": 9},
			},
		},
		{
			"a bill is owed, then settled in part, the rest written off",
			func(b *Books) {
				b.Accrue(lab, cloud, ComputeCost, ComputeRevenue, d(100), m)
				b.Settle(lab, cloud, d(60), m)
				b.WriteOff(cloud, lab, Receivable, d(40), m)
			},
			map[id.Firm]amounts{
				lab:   {"cash": -60, "compute_cost": 100, "other_income": 40},
				cloud: {"cash": 60, "compute_revenue": 100, "impairment": 40},
			},
		},
		{
			"shares that are written off leave no paid-in capital",
			func(b *Books) { b.WriteOff(fund, lab, Stakes, d(300), m) },
			map[id.Firm]amounts{
				lab:  {"paid_in": -300, "retained": 300},
				fund: {"stakes": -300, "impairment": 300},
			},
		},
		{
			"a stake sold on passes at cost",
			func(b *Books) { b.Assign(cloud, fund, Stakes, d(300), m) },
			map[id.Firm]amounts{
				cloud: {"cash": -300, "stakes": 300},
				fund:  {"cash": 300, "stakes": -300},
			},
		},
		{
			"marks up and down are no one's debt",
			func(b *Books) {
				b.Mark(fund, d(500), m)
				b.Mark(fund, -d(100), m)
			},
			map[id.Firm]amounts{fund: {"marks": 400, "revaluation": 400}},
		},
		{
			"a dividend",
			func(b *Books) { b.Distribute(lab, fund, d(10), m) },
			map[id.Firm]amounts{
				lab:  {"cash": -10, "distributions": -10},
				fund: {"cash": 10, "other_income": 10},
			},
		},
		{
			"plant is built, put in service and used up",
			func(b *Books) {
				b.Pay(cloud, world, Works, OtherIncome, d(120), m)
				b.Within(cloud, Plant, Works, d(120), m)
				b.Within(cloud, Depreciation, Plant, d(2), m)
			},
			map[id.Firm]amounts{
				cloud: {"cash": -120, "plant": 118, "depreciation": 2},
				world: {"cash": 120, "other_income": 120},
			},
		},
		{
			"a firm's lab that rents from its own cloud leaves the firm's cash alone",
			func(b *Books) { b.Pay(cloud, cloud, ComputeCost, ComputeRevenue, d(70), m) },
			map[id.Firm]amounts{cloud: {"compute_cost": 70, "compute_revenue": 70}},
		},
		{
			"a movement of nothing",
			func(b *Books) { b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 0, m) },
			map[id.Firm]amounts{},
		},
		{
			"a closed period is retained",
			func(b *Books) {
				b.Pay(lab, cloud, ComputeCost, ComputeRevenue, d(400), m)
				b.Pay(world, lab, OtherExpense, ModelRevenue, d(500), m)
				b.Distribute(lab, fund, d(30), m)
				b.ClosePeriod(lab)
				b.ClosePeriod(cloud)
			},
			map[id.Firm]amounts{
				lab:   {"cash": 70, "retained": 70},
				cloud: {"cash": 400, "retained": 400},
				fund:  {"cash": 30, "other_income": 30},
				world: {"cash": -500, "other_expense": 500},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := start()
			tt.do(b)
			for f := range firms {
				got := amounts{}
				for _, a := range Accounts() {
					x := b.Amount(f, a) - b.opening[f][a]*unit.USD(a.Class().side())
					if x != 0 {
						got[a.String()] = x.Dollars()
					}
				}
				want := tt.want[f]
				if want == nil {
					want = amounts{}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name(f), diff)
				}
			}
			if err := b.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheMonthsFlows(t *testing.T) {
	d := unit.Dollars
	m := For("test")
	b := start()
	b.Pay(world, lab, OtherExpense, ModelRevenue, d(999), m) // last month's
	b.StartMonth()
	b.Pay(world, lab, OtherExpense, ModelRevenue, d(100), m)
	b.Pay(lab, cloud, ComputeCost, ComputeRevenue, d(30), m)
	b.Pay(lab, world, Plant, OtherIncome, d(40), m)
	b.Issue(fund, lab, d(500), m)
	b.Distribute(lab, fund, d(5), m)
	b.Grant(cloud, lab, OtherExpense, OtherIncome, d(70), m)
	b.ClosePeriod(lab)

	for by, want := range map[Activity]float64{Operations: 70, Capex: -40, Investing: 0, Funding: 495} {
		if got, want := b.CashFlow(lab, by), d(want); got != want {
			t.Errorf("the lab's %v brought %d cents, want %d", by, got, want)
		}
	}
	if got, want := b.CashFlow(fund, Investing), d(-500); got != want {
		t.Errorf("the fund's investing is %d cents, want %d", got, want)
	}
	if got, want := b.Turnover(lab, ModelRevenue), d(100); got != want {
		t.Errorf("model revenue of the month is %d cents, want %d", got, want)
	}
	b.StartMonth()
	if flow, sales := b.CashFlow(lab, Operations), b.Turnover(lab, ModelRevenue); flow != 0 || sales != 0 {
		t.Errorf("a month without postings has a cash flow of %d cents and sales of %d, want 0", flow, sales)
	}
}

func TestNetWorthIsEquityAndProfit(t *testing.T) {
	b := start()
	b.Pay(cloud, world, Energy, OtherIncome, unit.Dollars(400), For("energy"))
	if got, want := b.Profit(cloud), unit.Dollars(-400); got != want {
		t.Errorf("profit %d cents, want %d", got, want)
	}
	if got, want := b.NetWorth(cloud), unit.Dollars(6600); got != want {
		t.Errorf("net worth %d cents, want %d", got, want)
	}
	if got, want := b.NetWorth(cloud), b.Total(cloud, Equity)+b.Profit(cloud); got != want {
		t.Errorf("net worth %d cents, but equity and profit are %d", got, want)
	}
}

func TestALostCentIsNamed(t *testing.T) {
	d := unit.Dollars
	tests := []struct {
		name string
		do   func(*Books)
		want string
	}{
		{
			"in a posting between firms",
			func(b *Books) {
				b.Leak(2)
				b.Pay(world, lab, OtherExpense, ModelRevenue, d(5000), For("sales"))
				b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 0, For("nothing, so not counted"))
				b.Pay(lab, cloud, ComputeCost, ComputeRevenue, d(1600), Memo{"take-or-pay", 3})
				b.Pay(world, lab, OtherExpense, ModelRevenue, d(7), For("sales"))
			},
			"trial balance is $0.01, want $0.00 (last posting: lab/cash → cloud/compute_revenue $1,600.00 (take-or-pay))",
		},
		{
			"in a posting between firms that moves no cash",
			func(b *Books) {
				b.Leak(1)
				b.Accrue(lab, cloud, Energy, OtherIncome, d(3), For("bill"))
			},
			"trial balance is $0.01, want $0.00 (last posting: lab/payable → cloud/other_income $3.00 (bill))",
		},
		{
			"in a posting within a firm",
			func(b *Books) {
				b.Leak(1)
				b.Within(cloud, Depreciation, Plant, d(1234567.89), For("depreciation"))
			},
			"trial balance is $0.01, want $0.00 (last posting: cloud/plant → cloud/depreciation $1,234,567.89 (depreciation))",
		},
		{
			"a claim that only its holder forgets",
			func(b *Books) { b.Within(fund, Impairment, Stakes, d(300), For("write-off")) },
			"sum of shares over all firms is -$300.00, want $0.00 (last posting: fund/stakes → fund/impairment $300.00 (write-off))",
		},
		{
			"cash that one firm makes",
			func(b *Books) { b.Within(lab, Cash, OtherIncome, 5, For("printing")) },
			"sum of cash over all firms is $0.05, want $0.00 (last posting: lab/other_income → lab/cash $0.05 (printing))",
		},
		{
			"a balance changed behind the books' back",
			func(b *Books) { b.books[lab].balance[Cash]++ },
			"trial balance is $0.01, want $0.00",
		},
		{
			"two balances changed so that the firm's sum still is zero",
			func(b *Books) { b.books[lab].balance[Cash]++; b.books[lab].balance[Plant]-- },
			"sum of cash over all firms is $0.01, want $0.00",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := start()
			tt.do(b)
			err := b.Check()
			var off *Imbalance
			if !errors.As(err, &off) {
				t.Fatalf("Check() = %v, want an *Imbalance", err)
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			b.Reset()
			if err := b.Check(); err != nil {
				t.Errorf("after Reset: %v", err)
			}
		})
	}
}

func TestFirmsWithoutNamesAreNumbered(t *testing.T) {
	p := Posting{From: 2, To: 7, FromDebit: Lent, FromCredit: Cash, ToDebit: Cash, ToCredit: Debt, Amount: 100000, Memo: For("loan")}
	if got, want := p.Text(nil), "firm 2/cash → firm 7/debt $1,000.00 (loan)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgrammersMistakesPanic(t *testing.T) {
	tests := []struct {
		name string
		do   func(*Books)
		want string
	}{
		{"a negative amount", func(b *Books) { b.Pay(lab, cloud, Staff, OtherIncome, -1, For("x")) }, "ledger: a movement of -$0.01"},
		{"an amount that does not fit", func(b *Books) {
			b.Pay(world, lab, OtherExpense, ModelRevenue, math.MaxInt64-1, For("x"))
		}, "do not fit"},
		{"a debit that does not fit", func(b *Books) { b.Within(lab, Energy, Payable, most, For("x")) }, "do not fit"},
		{"a credit that does not fit", func(b *Books) { b.Accrue(lab, cloud, Energy, OtherIncome, most+1, For("x")) }, "do not fit"},
		{"what two pay to one, which does not fit", func(b *Books) {
			b.Pay(world, lab, OtherExpense, ModelRevenue, most/2, For("x"))
			b.Pay(fund, lab, OtherExpense, ModelRevenue, most/2+1, For("x"))
		}, "do not fit"},
		{"what two owe to one, which does not fit", func(b *Books) {
			b.Accrue(world, lab, OtherExpense, ModelRevenue, most/2, For("x"))
			b.Accrue(fund, lab, OtherExpense, ModelRevenue, most/2+1, For("x"))
		}, "do not fit"},
		{"a profit that does not fit", func(b *Books) {
			for _, a := range []Account{Plant, Works, Energy} {
				b.Pay(world, lab, OtherExpense, ModelRevenue, most/2, For("x"))
				b.Pay(lab, world, a, OtherIncome, most/2, For("x"))
				b.Pay(world, lab, OtherExpense, ModelRevenue, 1, For("x"))
				b.ClosePeriod(lab)
				b.ClosePeriod(world)
			}
		}, "do not fit"},
		{"opening after Seal", func(b *Books) { b.Open(lab, Cash, 1) }, "ledger: opening balances are sealed"},
		{"opening a claim after Seal", func(b *Books) { b.OpenClaim(fund, lab, Lent, 1) }, "ledger: opening balances are sealed"},
		{"opening the outside", func(b *Books) { b.Clear(); b.Open(world, Cash, 1) }, "ledger: opening balances of the outside"},
		{"opening a claim that is none", func(b *Books) { b.Clear(); b.OpenClaim(fund, lab, Plant, 1) }, "ledger: no instrument"},
		{"opening cash as a claim", func(b *Books) { b.Clear(); b.OpenClaim(fund, lab, Cash, 1) }, "ledger: cash is not a claim"},
		{"writing off the wrong side", func(b *Books) { b.WriteOff(fund, lab, Debt, 1, For("x")) }, "ledger: debt is not a claim"},
		{"an outside that is no firm", func(*Books) { New(3, 3) }, "ledger: outside is firm 3 of 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, tt.want) {
					t.Errorf("panic %q, want one with %q", got, tt.want)
				}
			}()
			tt.do(start())
		})
	}
}

func TestTheJournalHearsEveryPosting(t *testing.T) {
	b := start()
	var got []string
	b.Journal = func(p Posting) { got = append(got, p.Text(name)) }
	b.Issue(fund, lab, unit.Dollars(10), For("round"))
	b.Within(cloud, Depreciation, Plant, unit.Dollars(2), For("depreciation"))
	b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 0, For("nothing"))
	b.Pay(lab, cloud, ComputeCost, ComputeRevenue, unit.Dollars(3), For("rent"))
	b.ClosePeriod(cloud)
	want := []string{
		"fund/cash → lab/paid_in $10.00 (round)",
		"cloud/plant → cloud/depreciation $2.00 (depreciation)",
		"lab/cash → cloud/compute_revenue $3.00 (rent)",
		"cloud/retained → cloud/compute_revenue $3.00 (closing)",
		"cloud/depreciation → cloud/retained $2.00 (closing)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestClearOpensTheBooksAgain(t *testing.T) {
	b := start()
	b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 100, For("rent"))
	b.Clear()
	b.Open(lab, Cash, unit.Dollars(7))
	b.Seal()
	b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 100, For("rent"))
	b.Reset()
	if diff := cmp.Diff(amounts{"cash": 7, "opening": 7}, sheet(b, lab)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(amounts{}, sheet(b, cloud)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTheChartIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Accounts() {
		if a.String() == "" || a.Doc() == "" || seen[a.String()] {
			t.Errorf("account %d has no name, no doc, or the name of another: %q", a, a)
		}
		seen[a.String()] = true
		if i := a.Instrument(); i != NoInstrument {
			if holder, issuer := i.sides(); a != holder && a != issuer {
				t.Errorf("%v is no side of %v", a, i)
			}
		}
	}
	for i := NoInstrument + 1; i < instruments; i++ {
		holder, issuer := i.sides()
		if holder.Instrument() != i || issuer.Instrument() != i {
			t.Errorf("%v has sides %v and %v, which belong to another", i, holder, issuer)
		}
	}
	for a := range activities {
		if a.String() == "" {
			t.Errorf("activity %d has no name", a)
		}
	}
}

// The oracle is naive: it knows which verbs move cash, and nothing else.
func TestAnySequenceOfMovementsKeepsAllSumsAtZero(t *testing.T) {
	m := For("any")
	verbs := []func(b *Books, from, to id.Firm, x unit.USD) (cash bool){
		func(b *Books, from, to id.Firm, x unit.USD) bool {
			b.Pay(from, to, ComputeCost, ComputeRevenue, x, m)
			return true
		},
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Prepay(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Issue(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Borrow(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Repay(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Settle(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Assign(from, to, Stakes, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Distribute(from, to, x, m); return true },
		func(b *Books, from, to id.Firm, x unit.USD) bool {
			b.Accrue(from, to, Energy, OtherIncome, x, m)
			return false
		},
		func(b *Books, from, to id.Firm, x unit.USD) bool {
			b.Grant(from, to, Stakes, PaidIn, x, m)
			return false
		},
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.Redeem(from, to, x, m); return false },
		func(b *Books, from, to id.Firm, x unit.USD) bool {
			b.Deliver(from, to, Plant, ChipRevenue, x, m)
			return false
		},
		func(b *Books, from, to id.Firm, x unit.USD) bool { b.WriteOff(from, to, Lent, x, m); return false },
		func(b *Books, from, _ id.Firm, x unit.USD) bool { b.Mark(from, x-1000, m); return false },
		func(b *Books, from, _ id.Firm, x unit.USD) bool {
			b.Within(from, Depreciation, Plant, x, m)
			return false
		},
		func(b *Books, from, _ id.Firm, _ unit.USD) bool { b.ClosePeriod(from); return false },
	}
	b := start()
	rapid.Check(t, func(t *rapid.T) {
		b.Reset()
		var cash, opening [firms]unit.USD
		for f := range firms {
			cash[f] = b.Amount(f, Cash)
			opening[f] = cash[f]
		}
		firm := rapid.Uint16Range(0, uint16(firms)-1)
		for range rapid.IntRange(0, 60).Draw(t, "movements") {
			from, to := id.Firm(firm.Draw(t, "from")), id.Firm(firm.Draw(t, "to"))
			x := unit.USD(rapid.Int64Range(0, 1e15).Draw(t, "cents"))
			if verbs[rapid.IntRange(0, len(verbs)-1).Draw(t, "verb")](b, from, to, x) {
				cash[from] -= x
				cash[to] += x
			}
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
		}
		for f := range firms {
			if got := b.Amount(f, Cash); got != cash[f] {
				t.Fatalf("%s has %d cents, want %d", name(f), got, cash[f])
			}
			var flow unit.USD
			for by := range activities {
				flow += b.CashFlow(f, by)
			}
			if got := cash[f] - opening[f]; flow != got {
				t.Fatalf("flows of %s sum to %d cents, but its cash changed by %d", name(f), flow, got)
			}
			if got, want := b.NetWorth(f), b.Total(f, Equity)+b.Profit(f); got != want {
				t.Fatalf("%s: assets less liabilities are %d cents, equity and profit %d", name(f), got, want)
			}
		}
	})
}

func TestNothingAllocates(t *testing.T) {
	b := start()
	heard := 0
	b.Journal = func(Posting) { heard++ }
	if n := testing.AllocsPerRun(100, func() {
		b.Reset()
		b.StartMonth()
		b.Pay(lab, cloud, ComputeCost, ComputeRevenue, 100, Memo{"take-or-pay", 1})
		b.Within(cloud, Depreciation, Plant, 100, For("depreciation"))
		b.Grant(cloud, lab, Stakes, PaidIn, 50, For("credits"))
		b.Redeem(lab, cloud, 20, For("credits"))
		b.ClosePeriod(lab)
		if b.Check() != nil || b.NetWorth(lab) == 0 {
			t.Error("books are off")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func BenchmarkPay(b *testing.B) {
	books := start()
	for b.Loop() {
		books.Pay(lab, cloud, ComputeCost, ComputeRevenue, 1, For("rent"))
	}
}

func BenchmarkCheckThirtyFirms(b *testing.B) {
	books := New(30, 29)
	for b.Loop() {
		if err := books.Check(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResetThirtyFirms(b *testing.B) {
	books := New(30, 29)
	for b.Loop() {
		books.Reset()
	}
}

func TestClassesSpanTheirAccounts(t *testing.T) {
	seen := 0
	for c := Asset; c <= Expense; c++ {
		first, last := c.span()
		for a := first; a <= last; a++ {
			if seen++; a.Class() != c {
				t.Errorf("%v stands among the accounts of %v", a, c)
			}
		}
	}
	if seen != int(accounts) {
		t.Errorf("the classes span %d accounts of %d", seen, accounts)
	}
}

// The trial balance names the instruments one by one; this tells when there is one more.
func TestEachInstrumentIsWatched(t *testing.T) {
	for i := NoInstrument + 1; i < instruments; i++ {
		holder, issuer := i.sides()
		for _, a := range []Account{holder, issuer} {
			b := New(2, 1)
			b.books[0].balance[a], b.books[0].balance[Retained] = 1, -1
			var off *Imbalance
			if !errors.As(b.Check(), &off) || off.Instrument != i {
				t.Errorf("a cent too much of %v as %v is not seen", i, a)
			}
		}
	}
}

// The oracle counts, for each instrument, what is debited less what is credited.
func TestNoClaimIsMovedAlone(t *testing.T) {
	sides := []Account{Plant}
	for i := NoInstrument + 1; i < instruments; i++ {
		holder, issuer := i.sides()
		sides = append(sides, holder, issuer)
	}
	try := func(do func(*Books), debits, credits []Account) {
		t.Helper()
		var net [instruments]int
		for k := range debits {
			net[debits[k].Instrument()]++
			net[credits[k].Instrument()]--
		}
		b := start()
		do(b)
		if even := net == [instruments]int{}; even != (b.first == nil) || even != (b.Check() == nil) {
			t.Errorf("debits of %v, credits of %v: found %v, the trial balance says %v", debits, credits, b.first, b.Check())
		}
	}
	m := For("test")
	for _, x := range sides {
		for _, y := range sides {
			try(func(b *Books) { b.Within(lab, x, y, 1, m) }, []Account{x}, []Account{y})
			try(func(b *Books) { b.Pay(lab, cloud, x, y, 1, m) }, []Account{x, Cash}, []Account{Cash, y})
			for _, v := range sides {
				for _, z := range sides {
					try(func(b *Books) { b.transfer(lab, cloud, x, y, v, z, 1, m) }, []Account{x, v}, []Account{y, z})
				}
			}
		}
	}
}
