package contract

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

func TestARoundIsPaidAtItsClosing(t *testing.T) {
	terms := EquityRound{
		Company: lab, Lead: cloud, Syndicate: []id.Firm{rival, fund}, LeadShare: 0.5, CreditShare: 0.4,
		Amount: unit.Dollars(100), PreMoney: unit.Dollars(900), Closes: start + 3,
	}
	var s State
	var out Dues
	for k := range unit.Month(6) {
		terms.Test(Now{Month: start + k, Contract: 5}, &s, &out)
		if want := k >= 3; (len(out.Purchases) > 0) != want {
			t.Fatalf("%v: bought %v, want it only from %v on", start+k, out.Purchases, terms.Closes)
		}
	}
	// The lead pays $50, $20 of it in credits; the syndicate halves the rest; each pays on what is in.
	want := []Purchase{
		{cloud, lab, unit.Dollars(50), unit.Dollars(900), unit.Dollars(20), "equity round", 5, 0},
		{rival, lab, unit.Dollars(25), unit.Dollars(950), 0, "equity round", 5, 0},
		{fund, lab, unit.Dollars(25), unit.Dollars(975), 0, "equity round", 5, 0},
	}
	if !slices.Equal(out.Purchases, want) {
		t.Errorf("buys %+v, want %+v", out.Purchases, want)
	}
	if s.Paid != terms.Amount {
		t.Errorf("remembers $%v paid, want $100", s.Paid.Dollars())
	}
}

func TestARoundThatClosedBeforeTheRunIsHistory(t *testing.T) {
	c := EquityRound{Company: lab, Lead: cloud, LeadShare: 1, Amount: unit.Dollars(100), PreMoney: unit.Dollars(900), Closes: start}
	for _, tt := range []struct {
		name   string
		opened unit.Month
		buys   int
	}{
		{"closed in the month of the opening state", start, 0},
		{"closed before it", start + 1, 0},
		{"closes a month after it", start - 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			if g := c.Open(tt.opened, &s); g != (Grant{}) {
				t.Errorf("opens with the grant %+v, want none", g)
			}
			var out Dues
			for k := range unit.Month(12) {
				c.Test(Now{Month: tt.opened + 1 + k}, &s, &out)
			}
			if len(out.Purchases) != tt.buys || s.Paid != c.Amount {
				t.Errorf("%d purchases and $%v paid, want %d and $100", len(out.Purchases), s.Paid.Dollars(), tt.buys)
			}
		})
	}
}

func TestARoundsPartsAreTheAmountAndAllPayOnePrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := EquityRound{
			Company: lab, Lead: 10, Closes: start, LeadShare: unit.Share(rapid.Float64Range(0, 1).Draw(t, "lead")),
			Amount:   unit.USD(rapid.Int64Range(1, 1e13).Draw(t, "amount")),
			PreMoney: unit.USD(rapid.Int64Range(1e8, 1e14).Draw(t, "pre-money")),
		}
		c.CreditShare = unit.Share(rapid.Float64Range(0, 1).Draw(t, "credits"))
		for i := range rapid.IntRange(0, 9).Draw(t, "syndicate") {
			c.Syndicate = append(c.Syndicate, id.Firm(11+i))
		}
		if len(c.Syndicate) == 0 {
			c.LeadShare = 1
		}
		var s State
		var out Dues
		c.Test(Now{Month: start}, &s, &out)
		c.Test(Now{Month: start + 1}, &s, &out)

		if len(out.Purchases) != 1+len(c.Syndicate) {
			t.Fatalf("%d purchases by a lead and %d others", len(out.Purchases), len(c.Syndicate))
		}
		sum := unit.USD(0)
		shares, price := 1e9, float64(c.PreMoney)/1e9 // a billion shares before the round
		least, most := unit.USD(math.MaxInt64), unit.USD(0)
		for i, p := range out.Purchases {
			if p.Amount < 0 || p.Credits < 0 || p.Credits > p.Amount || i > 0 && p.Credits != 0 {
				t.Fatalf("purchase %d is %+v", i, p)
			}
			if each := float64(p.PreMoney) / shares; math.Abs(each/price-1) > 1e-9 {
				t.Fatalf("investor %d pays %v a share, the lead %v", i, each, price)
			}
			shares += float64(p.Amount) / price
			sum += p.Amount
			if i > 0 {
				least, most = min(least, p.Amount), max(most, p.Amount)
			}
		}
		if sum != c.Amount {
			t.Fatalf("parts sum to %d cents, want %d", sum, c.Amount)
		}
		if len(c.Syndicate) > 0 && most-least > 1 {
			t.Fatalf("parts of the syndicate lie between %d and %d cents, want them equal", least, most)
		}
		sold, want := 1-1e9/shares, float64(c.Amount)/float64(c.PreMoney+c.Amount)
		if math.Abs(sold-want) > 1e-9 {
			t.Fatalf("sells %v of the company, want amount/(pre-money + amount) = %v", sold, want)
		}
	})
}
