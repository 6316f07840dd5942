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
		{Investor: cloud, Company: lab, Amount: unit.Dollars(50), PreMoney: unit.Dollars(900), Credits: unit.Dollars(20), Kind: "equity round", Contract: 5},
		{Investor: rival, Company: lab, Amount: unit.Dollars(25), PreMoney: unit.Dollars(950), Kind: "equity round", Contract: 5},
		{Investor: fund, Company: lab, Amount: unit.Dollars(25), PreMoney: unit.Dollars(975), Kind: "equity round", Contract: 5},
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

func TestAPostMoneyIsThePriceWithTheMoney(t *testing.T) {
	c := goodRound()
	c.PreMoney, c.PostMoney, c.Amount = 0, unit.Dollars(61.5e9), unit.Dollars(3.5e9)
	var s State
	var out Dues
	c.Test(Now{Month: start}, &s, &out)
	if got := out.Purchases[0].PreMoney; got != unit.Dollars(58e9) {
		t.Errorf("is priced at $%v before the money, want $58bn", got.Dollars())
	}
}

func TestAClubTakesWhatItDoesNotLeaveOpen(t *testing.T) {
	c := EquityRound{
		Company: lab, Lead: cloud, Syndicate: []id.Firm{rival, fund}, LeadShare: 0.5, Amount: unit.Dollars(100), PreMoney: unit.Dollars(900),
		Closes: start, OpenShare: 0.2, Nonvoting: []id.Firm{rival}, Caps: []Cap{{Investor: rival, Stake: 0.15, Excess: "note"}},
	}
	var s State
	var out Dues
	c.Test(Now{Month: start, Contract: 5}, &s, &out)
	want := []Purchase{
		{Investor: cloud, Company: lab, Amount: unit.Dollars(40), PreMoney: unit.Dollars(900), Kind: "equity round", Contract: 5},
		{
			Investor: rival, Company: lab, Amount: unit.Dollars(20), PreMoney: unit.Dollars(940), Nonvoting: true,
			Ceiling: Ceiling{0.15, unit.Dollars(20), "note"}, Kind: "equity round", Contract: 5,
		},
		{Investor: fund, Company: lab, Amount: unit.Dollars(20), PreMoney: unit.Dollars(960), Kind: "equity round", Contract: 5},
	}
	if !slices.Equal(out.Purchases, want) {
		t.Errorf("buys %+v, want %+v", out.Purchases, want)
	}
	round := Round{Company: lab, PreMoney: unit.Dollars(900), Raised: unit.Dollars(100), Open: unit.Dollars(20), Club: true, Contract: 5}
	if len(out.Rounds) != 1 || out.Rounds[0] != round {
		t.Errorf("closes %+v, want %+v", out.Rounds, round)
	}
}

func TestAClubFundsNoRivalForItsTime(t *testing.T) {
	c := EquityRound{Company: lab, Lead: cloud, Syndicate: []id.Firm{fund}, Closes: start + 2, Lock: 12}
	tests := []struct {
		name     string
		month    unit.Month
		investor id.Firm
		company  id.Firm
		want     bool
	}{
		{"before it closes", start + 1, cloud, rival, false},
		{"when it closes", start + 2, cloud, rival, true},
		{"the syndicate, too", start + 2, fund, rival, true},
		{"in the last month", start + 13, cloud, rival, true},
		{"after it", start + 14, cloud, rival, false},
		{"the company itself", start + 2, cloud, lab, false},
		{"who is not in the club", start + 2, rival, rival + 9, false},
	}
	for _, tt := range tests {
		if got := c.Locks(Now{Month: tt.month}, nil, tt.investor, tt.company); got != tt.want {
			t.Errorf("%s: locked %v, want %v", tt.name, got, tt.want)
		}
	}
}
