package firm

import (
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

func TestAFirmIsCalledByItsRoles(t *testing.T) {
	tests := []struct {
		firm Firm
		want string
	}{
		{Firm{}, ""},
		{Firm{Lab: &Lab{}}, "lab"},
		{Firm{Buyer: &Buyer{}, Cloud: &Cloud{}}, "cloud, buyer"},
		{Firm{Lab: &Lab{}, Cloud: &Cloud{}, Investor: &Investor{}, Supplier: &Supplier{}, Buyer: &Buyer{}}, "lab, cloud, investor, supplier, buyer"},
	}
	for _, tt := range tests {
		if got := tt.firm.Roles(); got != tt.want {
			t.Errorf("roles = %q, want %q", got, tt.want)
		}
	}
}

func TestWhatAnInvestorPutsIn(t *testing.T) {
	// A round of $10bn, of which one investor takes at most 40 %; the purse holds $6bn.
	view := TicketView{Raise: unit.Dollars(10e9), Purse: unit.Dollars(6e9), InvestorCap: 0.4}
	tests := []struct {
		name      string
		strategic bool
		change    func(*TicketView)
		want      float64
	}{
		{"a fund joins up to the cap", false, func(*TicketView) {}, 4e9},
		{"or up to its purse", false, func(v *TicketView) { v.Purse = unit.Dollars(1e9) }, 1e9},
		{"an empty purse gives nothing", false, func(v *TicketView) { v.Purse = 0 }, 0},
		{"and an overdrawn one takes nothing", false, func(v *TicketView) { v.Purse = unit.Dollars(-1e9) }, 0},
		{"a strategic investor has no business with a stranger", true, func(*TicketView) {}, 0},
		{"but with its customer", true, func(v *TicketView) { v.Partner = true }, 4e9},
		{"or with a company it owns a part of", true, func(v *TicketView) { v.Owner = true }, 4e9},
		{"below 30 % it goes on", true, func(v *TicketView) { v.Owner, v.OwnStake = true, 0.29 }, 4e9},
		{"at 30 % it stops", true, func(v *TicketView) { v.Owner, v.Partner, v.OwnStake = true, true, 0.30 }, 0},
		{"a fund does not", false, func(v *TicketView) { v.Owner, v.OwnStake = true, 0.6 }, 4e9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i, v := Investor{Strategic: tt.strategic}, view
			tt.change(&v)
			if got := i.Ticket(v); got != unit.Dollars(tt.want) {
				t.Errorf("%+v: puts in $%v, want $%v", v, got.Dollars(), tt.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		cents := func(name string) unit.USD { return unit.USD(rapid.Int64Range(-1e12, 1e13).Draw(t, name)) }
		i := Investor{Strategic: rapid.Bool().Draw(t, "strategic")}
		v := TicketView{
			Raise: max(0, cents("raise")), Purse: cents("purse"), InvestorCap: unit.Share(rapid.Float64Range(0, 1).Draw(t, "cap")),
			Owner: rapid.Bool().Draw(t, "owner"), Partner: rapid.Bool().Draw(t, "partner"),
		}
		if got := i.Ticket(v); got < 0 || got > v.Raise || got > max(0, v.Purse) {
			t.Fatalf("%+v: puts in %d cents", v, got)
		}
	})
}

func TestInsidersAreEagerAndRivalsAreNot(t *testing.T) {
	i := Investor{Taste: 2}
	tests := []struct {
		name string
		view TicketView
		want float64
	}{
		{"a stranger has its taste", TicketView{}, 2},
		{"an owner a quarter more", TicketView{Owner: true}, 2.5},
		{"a rival a fifth less", TicketView{Rival: true}, 1.6},
		{"an owner that competes neither", TicketView{Owner: true, Rival: true}, 2},
	}
	for _, tt := range tests {
		if got := i.Eagerness(tt.view); !near(got, tt.want) {
			t.Errorf("%s: eagerness %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestWhereChipsMayGo(t *testing.T) {
	const maker, other = id.Firm(1), id.Firm(2)
	tests := []struct {
		name   string
		s      Supplier
		owner  id.Firm
		region id.Region
		want   bool
	}{
		{"anywhere if no region is named", Supplier{}, other, 4, true},
		{"to a region that is", Supplier{Regions: []id.Region{0, 4}}, other, 4, true},
		{"not to another", Supplier{Regions: []id.Region{0, 4}}, other, 3, false},
		{"its own cloud gets chips that others do not", Supplier{OwnOnly: true}, maker, 4, true},
		{"and others do not", Supplier{OwnOnly: true}, other, 4, false},
		{"its own cloud is bound by export rules as well", Supplier{OwnOnly: true, Regions: []id.Region{0}}, maker, 4, false},
	}
	for _, tt := range tests {
		if got := tt.s.ShipsTo(maker, tt.owner, tt.region); got != tt.want {
			t.Errorf("%s: %+v ships to firm %d in region %d: %v, want %v", tt.name, tt.s, tt.owner, tt.region, got, tt.want)
		}
	}
}

func TestDecidingAllocatesNothing(t *testing.T) {
	c, l, i, s := Cloud{AdjustSpeed: 0.1, CapexLimit: 1, Refusal: "economics"}, Lab{}, Investor{Taste: 1}, Supplier{Regions: []id.Region{0, 1}}
	r := Research{BudgetHorizon: 24, ComputeShareOfBudget: 0.5, Floor: 0.2}
	var sum float64
	n := testing.AllocsPerRun(100, func() {
		o := c.Invest(CloudView{Asked: 1000, Target: 0.8, CostPerMW: 40e6, CapexHorizon: 0.5, CashFlow: 1e12})
		sum += float64(o.Size) + c.Hurdle(100, 100) + c.Expect(0.1, 110, 100) + float64(c.Match(MatchView{Size: 100, Free: 100, Chance: 1}))
		v := LabView{Lead: 12, Revenue: 1e9, Serving: 100, Research: 100, Density: 1, Rent: 10e9, Thrift: 0.8, Wish: num.BaseOf(2)}
		needs := v.Plan(&r)
		a, b := l.Split(150, needs, &r)
		sum += float64(a + b)
		sum += RoundView{Ahead: 1, Funding: "rounds", RunwayTarget: 24}.Raise().Dollars()
		sum += i.Ticket(TicketView{Raise: 100, Purse: 50, InvestorCap: 0.5}).Dollars() + i.Eagerness(TicketView{Owner: true})
		if s.ShipsTo(1, 2, 1) {
			sum++
		}
	})
	if n != 0 {
		t.Errorf("a month of decisions allocates %v times, want 0 (sum %v)", n, sum)
	}
}
