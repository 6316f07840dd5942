package contract

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

func goodLoan() *Lending {
	return &Lending{
		Borrower: lab, Lender: fund, Amount: unit.Dollars(1200), Drawn: start, Maturity: start + 12, Rate: 0.10, Amortisation: "bullet", Purpose: "term",
		Collateral: Collateral{Company: id.None, LoanToValue: 0.35, CallAbove: 0.5, Haircut: 0.2},
	}
}

func TestALoanBearsInterestOnWhatIsOpen(t *testing.T) {
	c, s := goodLoan(), State{Owed: unit.Dollars(1200)}
	var out Dues
	c.Bill(Now{Month: start + 1}, &s, nil, &out)
	s.Margin = 0.02
	c.Bill(Now{Month: start + 2}, &s, nil, &out)
	s.Owed = 0
	c.Bill(Now{Month: start + 3}, &s, nil, &out)
	if len(out.Payments) != 2 || out.Payments[0].Amount != unit.Dollars(10) || out.Payments[1].Amount != unit.Dollars(12) {
		t.Errorf("asks for %+v, want $10, then $12 at a dearer rate, then nothing", out.Payments)
	}
	if p := out.Payments[0]; p.From != lab || p.To != fund || p.Income != Interest {
		t.Errorf("asks for %+v, want interest from the lab to the fund", p)
	}
}

func TestPrincipalIsDue(t *testing.T) {
	even := but(goodLoan(), func(c *Lending) { c.Amortisation = "even" })
	tests := []struct {
		name  string
		c     *Lending
		month unit.Month
		s     State
		want  float64
	}{
		{"nothing of a bullet before its end", goodLoan(), start + 11, State{Owed: unit.Dollars(1200)}, 0},
		{"all of it then", goodLoan(), start + 12, State{Owed: unit.Dollars(1200)}, 1200},
		{"later if it was extended", goodLoan(), start + 12, State{Owed: unit.Dollars(1200), Due: start + 24}, 0},
		{"a twelfth of twelve months", even, start + 1, State{Owed: unit.Dollars(1200)}, 100},
		{"half of what two months have left", even, start + 11, State{Owed: unit.Dollars(300)}, 150},
		{"the rest at the end", even, start + 12, State{Owed: unit.Dollars(7)}, 7},
		{"nothing in the month in which it is drawn", even, start, State{Owed: unit.Dollars(1200)}, 0},
	}
	for _, tt := range tests {
		if got := tt.c.Instalment(tt.month, &tt.s); got != unit.Dollars(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got.Dollars(), tt.want)
		}
	}
}

func TestServiceOfTheNextYear(t *testing.T) {
	long := but(goodLoan(), func(c *Lending) { c.Maturity = start + 48 })
	even := but(goodLoan(), func(c *Lending) { c.Maturity, c.Amortisation = start+48, "even" })
	tests := []struct {
		name                string
		c                   *Lending
		interest, principal float64
	}{
		{"all is due within a year", goodLoan(), 120, 1200},
		{"interest alone of a long bullet", long, 120, 0},
		{"a quarter of four years", even, 120, 300},
	}
	for _, tt := range tests {
		i, p := tt.c.Service(start, &State{Owed: unit.Dollars(1200)})
		if i != unit.Dollars(tt.interest) || p != unit.Dollars(tt.principal) {
			t.Errorf("%s: %v and %v, want %v and %v", tt.name, i.Dollars(), p.Dollars(), tt.interest, tt.principal)
		}
	}
}

func TestACovenantIsBreachedAfterTheTimeToCure(t *testing.T) {
	kept := true
	c := but(goodLoan(), func(c *Lending) {
		c.Covenant = Covenant{Cure: 3, Keep: measure.Test{Holds: func(*measure.Panel) bool { return kept }}}
	})
	var s State
	at := func(n unit.Month) (bool, bool) { return c.Breached(Now{Month: start + n}, &s) }
	if breached, first := at(0); breached || first {
		t.Error("a covenant that holds is breached")
	}
	kept = false
	if breached, first := at(1); breached || !first {
		t.Error("the first month that fails is a breach, or is not noted")
	}
	if breached, _ := at(3); breached {
		t.Error("it is breached before three months are over")
	}
	if breached, first := at(4); !breached || first {
		t.Error("it is not breached after three months")
	}
	kept = true
	at(5)
	kept = false
	if breached, first := at(6); breached || !first {
		t.Error("a cured covenant does not begin anew")
	}
	if breached, _ := goodLoan().Breached(Now{Month: start}, &s); breached {
		t.Error("a loan without a covenant is breached")
	}
}

func TestALoanOlderThanTheStartOpensWithWhatIsLeft(t *testing.T) {
	tests := []struct {
		name string
		c    *Lending
		want float64
		over bool
	}{
		{"a bullet in full", goodLoan(), 1200, false},
		{"of even payments what months are left", but(goodLoan(), func(c *Lending) { c.Amortisation = "even" }), 900, false},
		{"one that is repaid is over", but(goodLoan(), func(c *Lending) { c.Drawn, c.Maturity = start-24, start }), 0, true},
	}
	for _, tt := range tests {
		var s State
		tt.c.Open(start+3, &s)
		if s.Owed != unit.Dollars(tt.want) || s.Ended != tt.over || !s.Started {
			t.Errorf("%s: opens with %+v, want %v owed", tt.name, s, tt.want)
		}
	}
	var s State
	if goodLoan().Open(start-1, &s); s.Started {
		t.Error("a loan drawn later is drawn at the start")
	}
}
