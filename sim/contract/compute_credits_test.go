package contract

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func TestCreditsAreGrantedUsedAndExpire(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 3}
	var s State
	var out Dues
	// A month bills first and tests its clauses after.
	steps := []struct {
		name             string
		bill, used, left float64
		grants           []Grant
	}{
		{"granted in the month of signing, after its bill", 0, 0, 100, []Grant{{cloud, lab, unit.Dollars(100), 9}}},
		{"a small bill is all credits", 30, 30, 70, nil},
		{"credits before cash again", 45, 45, 25, nil},
		{"the third month's bill is the last; the rest expires", 20, 20, 0, []Grant{{cloud, lab, unit.Dollars(-5), 9}}},
		{"nothing is left", 50, 0, 0, nil},
		{"and nothing expires twice", 50, 0, 0, nil},
	}
	for k, step := range steps {
		now := Now{Month: start + unit.Month(k), Contract: 9}
		out.Grants = out.Grants[:0]
		if got, cut := c.Credit(now, &s, cloud, lab, unit.Dollars(step.bill)); got.Dollars() != step.used || cut != 0 {
			t.Errorf("%s: of a bill of $%v credits cover $%v and $%v is cut, want $%v and nothing", step.name, step.bill, got.Dollars(), cut.Dollars(), step.used)
		}
		c.Test(now, &s, &out)
		if !slices.Equal(out.Grants, step.grants) || s.Owed.Dollars() != step.left {
			t.Errorf("%s: grants %v and leaves $%v, want %v and $%v", step.name, out.Grants, s.Owed.Dollars(), step.grants, step.left)
		}
	}
	if s.Paid != unit.Dollars(95) {
		t.Errorf("$%v were used in all, want $95", s.Paid.Dollars())
	}
}

func TestCreditsOfARoundThatAreUsedUpAreOver(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 12}
	for _, tt := range []struct {
		name string
		luck uint64
		left unit.USD
		want bool
	}{
		{"of a round and used up", 0, 0, true},
		{"of a round and not used up", 0, 1, false},
		{"of the scenario", 7, 0, false},
	} {
		s := State{Started: true, Owed: tt.left, Since: start}
		c.Test(Now{Month: start + 1, Luck: tt.luck}, &s, new(Dues))
		if s.Ended != tt.want {
			t.Errorf("%s: over %v, want %v", tt.name, s.Ended, tt.want)
		}
	}
}

func TestABillLargerThanTheCreditsTakesThemAll(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 12}
	s := State{Started: true, Owed: unit.Dollars(60)}
	if got, _ := c.Credit(Now{Month: start}, &s, cloud, lab, unit.Dollars(1000)); got != unit.Dollars(60) || s.Owed != 0 {
		t.Errorf("credits cover $%v and $%v are left, want $60 and none", got.Dollars(), s.Owed.Dollars())
	}
}

func TestCreditsAreGoodAtOneSellerForOneLab(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 12}
	s := State{Started: true, Owed: c.Amount}
	if got, _ := c.Credit(Now{}, &s, rival, lab, unit.Dollars(10)); got != 0 {
		t.Errorf("at another seller they cover $%v, want nothing", got.Dollars())
	}
	if got, _ := c.Credit(Now{}, &s, cloud, rival, unit.Dollars(10)); got != 0 {
		t.Errorf("for another lab they cover $%v, want nothing", got.Dollars())
	}
	if s.Owed != c.Amount {
		t.Errorf("$%v are left, want all of $100", s.Owed.Dollars())
	}
}

func TestCreditsThatAreOlderThanTheRun(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(100), Expiry: 6}
	var s State
	if got, want := c.Open(start, &s), (Grant{Seller: cloud, Lab: lab, Amount: c.Amount}); got != want {
		t.Errorf("opens with %+v, want %+v", got, want)
	}
	var out Dues
	c.Test(Now{Month: start + 1}, &s, &out)
	if len(out.Grants) != 0 {
		t.Errorf("grants %v again", out.Grants)
	}
	if got, _ := c.Credit(Now{Month: start + 1}, &s, cloud, lab, unit.Dollars(40)); got != unit.Dollars(40) {
		t.Errorf("credits cover $%v of $40", got.Dollars())
	}
}

func TestCreditsNeverExceedTheGrantAndExpireToTheCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ComputeCredits{
			Seller: cloud, Lab: lab, Amount: unit.USD(rapid.Int64Range(1, 1e12).Draw(t, "amount")),
			Expiry: unit.Months(rapid.Float64Range(0.5, 40).Draw(t, "expiry")),
		}
		var s State
		used, granted, expired := unit.USD(0), unit.USD(0), unit.USD(0)
		for k := range 45 {
			now := Now{Month: start + unit.Month(k)}
			bill := unit.USD(rapid.Int64Range(0, 1e11).Draw(t, "bill"))
			x, _ := c.Credit(now, &s, cloud, lab, bill)
			if x < 0 || x > bill {
				t.Fatalf("month %d: credits cover %d of a bill of %d cents", k, x, bill)
			}
			if used += x; x < bill && granted > 0 && used < c.Amount && expired == 0 {
				t.Fatalf("month %d: %d of %d cents are paid in cash while %d of credits are left", k, bill-x, bill, c.Amount-used)
			}
			var out Dues
			c.Test(now, &s, &out)
			for _, g := range out.Grants {
				if g.Amount > 0 {
					granted += g.Amount
				} else {
					expired -= g.Amount
					if float64(k) < float64(c.Expiry) || float64(k) >= float64(c.Expiry)+1 {
						t.Fatalf("credits for %v months expire %d months after they were granted", c.Expiry, k)
					}
				}
			}
		}
		if granted != c.Amount || used+expired != c.Amount || s.Owed != 0 || s.Paid != used {
			t.Fatalf("of %d cents %d were granted, %d used, %d expired; %d are left", c.Amount, granted, used, expired, s.Owed)
		}
	})
}

func TestWhatCreditsPayForIsCheaper(t *testing.T) {
	c := ComputeCredits{Seller: cloud, Lab: lab, Amount: unit.Dollars(1000), Expiry: 12, Discount: 0.25}
	tests := []struct {
		name                  string
		left, bill, used, cut float64
	}{
		{"a bill of $100 takes $75 of credits", 1000, 100, 75, 25},
		{"the last $30 pay for $40", 30, 100, 30, 10},
		{"with none left there is no cut", 0, 100, 0, 0},
	}
	for _, tt := range tests {
		s := State{Started: true, Owed: unit.Dollars(tt.left)}
		used, cut := c.Credit(Now{}, &s, cloud, lab, unit.Dollars(tt.bill))
		if used.Dollars() != tt.used || cut.Dollars() != tt.cut || s.Owed.Dollars() != tt.left-tt.used {
			t.Errorf("%s: uses $%v, cuts $%v and leaves $%v", tt.name, used.Dollars(), cut.Dollars(), s.Owed.Dollars())
		}
	}
}

func TestCreditsAndTheirCutNeverExceedTheBill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ComputeCredits{Seller: cloud, Lab: lab, Discount: unit.Share(rapid.Float64Range(0, 0.9).Draw(t, "discount"))}
		s := State{Started: true, Owed: unit.USD(rapid.Int64Range(0, 1e12).Draw(t, "left"))}
		left, bill := s.Owed, unit.USD(rapid.Int64Range(1, 1e12).Draw(t, "bill"))
		used, cut := c.Credit(Now{}, &s, cloud, lab, bill)
		if used < 0 || cut < 0 || used+cut > bill || used > left || s.Owed != left-used {
			t.Fatalf("of a bill of %d cents %d are paid and %d cut with %d of credits", bill, used, cut, left)
		}
		if used < left && used+cut != bill {
			t.Fatalf("%d of %d cents are left for cash while there are credits", bill-used-cut, bill)
		}
	})
}
