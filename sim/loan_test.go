package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// lent is a loan of $10bn to cloud C from February 2026 for a year, from lenders outside the model.
func lent(change func(*contract.Lending)) contract.Contract {
	l := &contract.Lending{
		Borrower: cloudC, Lender: id.None, Amount: unit.Dollars(10 * bn), Drawn: unit.Date(2026, 2), Maturity: unit.Date(2027, 2), Rate: 0.12,
		Amortisation: "bullet", Purpose: "term", Covenant: contract.Covenant{Cure: 2, OnBreach: "step-up", StepUp: 0.06},
		Refinancing: contract.Refinancing{Chance: 0.75, Extension: 12, StepUp: 0.02},
		Collateral:  contract.Collateral{Company: id.None, LoanToValue: 0.35, CallAbove: 0.5, Haircut: 0.2, Unlisted: 1},
	}
	if change != nil {
		change(l)
	}
	return contract.Contract{Key: "loan", Kind: "loan", Signed: unit.Date(2026, 1), Terms: l}
}

// loanOf gives the state of the first loan.
func (w *World) loanOf() *contract.State { return &w.deals.states[w.deals.loans.group[0].id] }

// paidFor sums the postings of a kind that a firm makes while a model plays to a month.
func paidFor(t *testing.T, m *Model, f id.Firm, kind string, end unit.Month) float64 {
	t.Helper()
	m.End = end
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	sum := 0.0
	w.Books().Journal = func(p ledger.Posting) {
		if p.From == f && p.Memo.Kind == kind {
			sum += p.Amount.Dollars()
		}
	}
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	return sum / bn
}

func TestALoanIsDrawnServedAndRepaid(t *testing.T) {
	for name, lender := range map[string]id.Firm{"from the market": id.None, "from a firm": maker} {
		m := func() *Model { return small(lent(func(l *contract.Lending) { l.Lender = lender })) }
		w := until(t, m(), unit.Date(2026, 2))
		if got := w.loanOf().Owed; got != unit.Dollars(10*bn) || w.contractDebt(cloudC) != got {
			t.Errorf("%s: %v is owed after it is drawn, want $10bn", name, got)
		}
		if got := paidFor(t, m(), cloudC, "loan-interest", unit.Date(2027, 2)); math.Abs(got-1.2) > 1e-6 {
			t.Errorf("%s: interest of $%.3fbn is paid in a year, want 1.2", name, got)
		}
		w = until(t, m(), unit.Date(2027, 2))
		if s := w.loanOf(); s.Owed != 0 || !s.Ended || w.contractDebt(cloudC) != 0 {
			t.Errorf("%s: %+v is left at its end, want nothing", name, s)
		}
		if lender == maker && w.books.Amount(maker, ledger.Lent) != 0 {
			t.Errorf("the maker still holds %v of it", w.books.Amount(maker, ledger.Lent))
		}
	}
}

// poor makes lab A, which nobody lends to, the borrower of a loan that it cannot repay.
func poor(change func(*contract.Lending)) *Model {
	m := small(lent(func(l *contract.Lending) {
		l.Borrower, l.Amount, l.Maturity = labA, unit.Dollars(50*bn), unit.Date(2026, 4)
		if change != nil {
			change(l)
		}
	}))
	m.Firms[labA].Cash = unit.Dollars(5 * bn)
	return m
}

// drained plays a model to the month before its loan of cloud C falls due, takes all money from the borrower and lets
// the loan fall due.
func drained(t *testing.T, change func(*contract.Lending)) *World {
	t.Helper()
	w := until(t, small(lent(change)), unit.Date(2027, 1))
	w.firms[cloudC].cashFlow = 0 // so that lenders at large add nothing
	w.books.Pay(cloudC, w.outside, ledger.OtherExpense, ledger.OtherIncome, w.cash(cloudC), ledger.For("test"))
	w.serveLoans(unit.Date(2027, 2))
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
	return w
}

func TestABridgeIsRepaidOrExtendedOrLost(t *testing.T) {
	bridge := func(l *contract.Lending) { l.Purpose = "bridge" }
	s := drained(t, bridge).loanOf()
	if s.Due != unit.Date(2028, 2) || s.Margin != 0.02 || s.Owed != unit.Dollars(10*bn) {
		t.Errorf("%+v, want it extended to 2028-02 at two points more", s)
	}
	w := drained(t, func(l *contract.Lending) { bridge(l); l.Refinancing.Chance = 0.4 })
	if want := unit.Dollars(10 * bn).Times(float64(w.m.Market.Distress.Recovery)); w.loanOf().Owed != want {
		t.Errorf("%v is owed after a default, want what lenders recover: %v", w.loanOf().Owed, want)
	}
	w = until(t, small(lent(func(l *contract.Lending) { bridge(l); l.Refinancing.Chance = 0.4 })), unit.Date(2027, 1))
	f := &w.firms[cloudC]
	f.cashFlow, f.reserve = 0, w.cash(cloudC).Dollars() // it can spare nothing, and has what is due
	if w.cash(cloudC) < unit.Dollars(10*bn) {
		t.Fatalf("the borrower has %v and could not pay at all", w.cash(cloudC).Dollars())
	}
	w.serveLoans(unit.Date(2027, 2))
	if s := w.loanOf(); s.Owed != 0 || f.failed {
		t.Errorf("%v of a bridge is left to a borrower that has the money and is refused an extension", s.Owed)
	}
	w = until(t, small(lent(bridge)), unit.Date(2027, 2))
	if s := w.loanOf(); s.Owed != 0 {
		t.Errorf("%v of a bridge is left that the borrower could repay", s.Owed)
	}
	if s := drained(t, nil).loanOf(); s.Owed != 0 { // other loans are repaid with new debt
		t.Errorf("%v of a term loan is left to a firm that can borrow", s.Owed)
	}
}

func TestALabOwesAsABillWhatItCannotRepay(t *testing.T) {
	w := until(t, poor(nil), unit.Date(2026, 3))
	w.m.End = unit.Date(2026, 4)
	spent := w.cash(labA) // it cannot repay what it has lost
	w.books.Pay(labA, w.outside, ledger.OtherExpense, ledger.OtherIncome, spent, ledger.For("test"))
	w.labs[w.firms[labA].lab].revenue = [segments]float64{}
	loan := w.deals.loans.group[0]
	w.repayLoan(loan.id, loan.terms, w.loanOf(), w.loanOf().Owed, unit.Date(2026, 4))
	if got := w.overdue(labA); got != unit.Dollars(50*bn) || w.contractDebt(labA) != 0 {
		t.Errorf("%v is overdue and %v still a loan, want $50bn overdue", got.Dollars(), w.contractDebt(labA).Dollars())
	}
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

func TestWhatABreachedCovenantBrings(t *testing.T) {
	covenant := func(what string) func(*contract.Lending) {
		return func(l *contract.Lending) {
			l.Borrower, l.Maturity = cloudD, unit.Date(2030, 2)
			l.Covenant.OnBreach = what
			l.Covenant.Keep = measure.Test{Text: "never", Holds: func(*measure.Panel) bool { return false }}
		}
	}
	// Drawn in February, it fails in March, and is breached in May.
	w := until(t, small(lent(covenant("step-up"))), unit.Date(2026, 9))
	if s := w.loanOf(); s.Margin != 0.06 || s.Owed != unit.Dollars(10*bn) {
		t.Errorf("step-up: %+v, want six points more, once", s)
	}
	w = until(t, small(lent(covenant("accelerate"))), unit.Date(2026, 4))
	if s := w.loanOf(); s.Owed != unit.Dollars(10*bn) {
		t.Errorf("accelerate: %v is owed before the time to cure is over, want all", s.Owed)
	}
	w = until(t, small(lent(covenant("accelerate"))), unit.Date(2026, 5))
	if s := w.loanOf(); s.Owed != 0 || !s.Ended {
		t.Errorf("accelerate: %+v, want it repaid", s)
	}
	m := small(lent(func(l *contract.Lending) { covenant("take-over")(l); l.Lender = maker }))
	m.Firms[fund].Stakes = append(m.Firms[fund].Stakes, firm.Stake{Key: "cloud-d", Share: 0.4, Cost: unit.Dollars(3 * bn)})
	w = until(t, m, unit.Date(2026, 5))
	if w.stakeOf(maker, cloudD) != 1 || w.stakeOf(fund, cloudD) != 0 || w.contractDebt(cloudD) != 0 {
		t.Errorf("take-over: the lender owns %v, the owner %v, and %v is owed; want all, nothing and nothing",
			w.stakeOf(maker, cloudD), w.stakeOf(fund, cloudD), w.contractDebt(cloudD))
	}
	if got := w.books.Amount(fund, ledger.Impairment); got != unit.Dollars(3*bn) {
		t.Errorf("take-over: the owner writes off %v, want its $3bn", got)
	}
}

func TestAMarginCallIsPaidOrSharesAreSold(t *testing.T) {
	tests := []struct {
		name       string
		cash       float64 // that the fund can spare, $bn
		value      float64 // to which lab A's price falls, from 300
		owed, left float64 // after the call: loan in $bn, stake
	}{
		// 10 % of $300bn is $30bn, of which 35 % may be lent: $10bn. At $180bn the stake of $18bn is below 2·10 = 20:
		// they call 10 − 0.35·18 = 3.7.
		{"paid", 30, 180, 6.3, 0.10},
		// Sold are 3.7/(0.8 − 0.35) = 8.222 of 18, for 6.578: 10 − 6.578 = 3.422 = 0.35·(18 − 8.222).
		{"or sold", 0, 180, 3.422, 0.0543},
		{"not called while half the value covers it", 30, 201, 10, 0.10},
		{"nothing is left of shares that are worth too little", 0, 10, 10 - 0.8, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := small(lent(func(l *contract.Lending) {
				l.Borrower, l.Purpose, l.Collateral.Company, l.Maturity = fund, "margin", labA, unit.Date(2030, 1)
			}))
			m.Firms[fund].Stakes = append(m.Firms[fund].Stakes, firm.Stake{Key: "lab-a", Share: 0.10, Cost: unit.Dollars(12 * bn)})
			w := until(t, m, unit.Date(2026, 2))
			s, loan := w.loanOf(), w.deals.loans.group[0]
			if s.Owed != unit.Dollars(10*bn) {
				t.Fatalf("$%.2fbn are drawn, want 10", s.Owed.Dollars()/bn)
			}
			w.firms[labA].value = tt.value * bn
			w.firms[fund].reserve = w.cash(fund).Dollars() - tt.cash*bn
			w.firms[fund].closes = true
			stake := w.stakeOf(fund, labA)
			w.testMargin(loan.id, loan.terms, s, unit.Date(2026, 3))
			if tt.name == "nothing is left of shares that are worth too little" { // the rest defaults
				if got := w.stakeOf(fund, labA); got != 0 {
					t.Errorf("it keeps %v of the company, want nothing", got)
				}
				return
			}
			if got := s.Owed.Dollars() / bn; math.Abs(got-tt.owed) > 1e-3 {
				t.Errorf("$%.3fbn are owed, want %.3f", got, tt.owed)
			}
			if got := w.stakeOf(fund, labA); math.Abs(got-tt.left*stake/0.10) > 1e-4 {
				t.Errorf("it keeps %.4f of the company, want %.4f", got, tt.left)
			}
			if err := w.books.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLendersMayRefuseSharesWithoutAPublicPrice(t *testing.T) {
	margin := func(chance unit.Share, company id.Firm, key string) *World {
		m := small(lent(func(l *contract.Lending) {
			l.Borrower, l.Purpose, l.Collateral.Company, l.Collateral.Unlisted = fund, "margin", company, chance
		}))
		m.Firms[fund].Stakes = append(m.Firms[fund].Stakes, firm.Stake{Key: key, Share: 0.10, Cost: unit.Dollars(bn)})
		return until(t, m, unit.Date(2026, 2))
	}
	if w := margin(0.3, labA, "lab-a"); !w.loanOf().Ended || w.loanOf().Owed != 0 {
		t.Error("in the central run lenders accept what they accept in three of ten")
	}
	if w := margin(0.3, cloudC, "cloud-c"); w.loanOf().Owed != unit.Dollars(10*bn) {
		t.Error("lenders refuse shares that are listed")
	}
}
