package contract

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// energised is a panel of closed months in which a lab's energised capacity grows by 100 MW a month from the
// month after zero, and the condition that it has reached some size.
func energised(zero unit.Month) (panel *measure.Panel, upTo func(unit.Month), reaches func(mw float64) measure.Test) {
	layout := measure.NewLayout(2, 0, nil)
	panel = measure.NewPanel(layout)
	col := layout.Of(measure.CapacityEnergised, int(lab))
	upTo = func(closed unit.Month) { panel.Open(closed)[col] = 100 * float64(closed-zero) }
	reaches = func(mw float64) measure.Test {
		return measure.Test{
			Text:  fmt.Sprintf("lab.capacity_energised >= %v MW", mw),
			Holds: func(p *measure.Panel) bool { return p.At(col) >= mw },
		}
	}
	return panel, upTo, reaches
}

// paid is what a clause did in a month: purchases in dollars, and lapses.
type paid struct {
	month  int // months after the signature
	part   int
	amount float64
	kind   string
}

// run tests a clause each month from its signature on and lists what it asks for.
func run(c *MilestoneFunding, s *State, months int, panel *measure.Panel, shut func(unit.Month)) (bought, lapsed []paid) {
	for k := range months {
		now := Now{Month: start + unit.Month(k), Contract: 3, Measures: panel}
		shut(now.Month - 1)
		var out Dues
		c.Test(now, s, &out)
		for _, p := range out.Purchases {
			bought = append(bought, paid{k, p.Part, p.Amount.Dollars(), p.Kind})
		}
		for _, l := range out.Lapses {
			lapsed = append(lapsed, paid{k, l.Part, l.Amount.Dollars(), l.Reason})
		}
	}
	return bought, lapsed
}

func same(a, b []paid) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].month != b[i].month || a[i].part != b[i].part || a[i].amount != b[i].amount || b[i].kind != "" && a[i].kind != b[i].kind {
			return false
		}
	}
	return true
}

func TestMilestones(t *testing.T) {
	// At the close of the k-th month after December 2025 100·k MW are energised. So 300 MW stand at the close of
	// March 2026, which the test of April reads: three months after the signature of January.
	panel, shut, reaches := energised(start - 1)
	up := Upfront{Amount: unit.Dollars(50)}
	tranche := func(mw float64, by unit.Month) Tranche {
		return Tranche{Amount: unit.Dollars(100), When: reaches(mw), By: by}
	}
	tests := []struct {
		name    string
		c       MilestoneFunding
		paid    []paid
		lapsed  []paid
		settled int // parts, the money up front included
	}{
		{"money up front is paid once, at once", MilestoneFunding{Upfront: up}, []paid{{0, 0, 50, "upfront"}}, nil, 1},
		{
			"a milestone is paid once, the month after it is closed",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+12)}},
			[]paid{{3, 1, 100, "tranche"}},
			nil, 2,
		},
		{
			"what holds from the start is paid at once",
			MilestoneFunding{Tranches: []Tranche{tranche(0, start+12)}},
			[]paid{{0, 1, 100, "tranche"}},
			nil, 2,
		},
		{
			"the close of the last month counts",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+2)}},
			[]paid{{3, 1, 100, "tranche"}},
			nil, 2,
		},
		{
			"a month too late lapses when the date's close is read",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+1)}, OnMiss: "lapse"},
			nil,
			[]paid{{2, 1, 100, "lab.capacity_energised >= 300 MW"}},
			2,
		},
		{
			"or shrinks and is paid then",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+1)}, OnMiss: "shrink", ShrinkTo: 0.25},
			[]paid{{2, 1, 25, "tranche, shrunk"}},
			nil, 2,
		},
		{
			"shrinking to nothing pays nothing",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+1)}, OnMiss: "shrink"},
			nil, nil, 2,
		},
		{
			"or is tested again and paid in full when it holds",
			MilestoneFunding{Tranches: []Tranche{tranche(300, start+1)}, OnMiss: "retest", RetestMonths: 6},
			[]paid{{3, 1, 100, "tranche"}},
			nil, 2,
		},
		{
			"the last retest counts",
			MilestoneFunding{Tranches: []Tranche{tranche(800, start+1)}, OnMiss: "retest", RetestMonths: 6},
			[]paid{{8, 1, 100, "tranche"}},
			nil, 2,
		},
		{
			"after it the tranche lapses",
			MilestoneFunding{Tranches: []Tranche{tranche(900, start+1)}, OnMiss: "retest", RetestMonths: 6},
			nil,
			[]paid{{8, 1, 100, ""}},
			2,
		},
		{
			"each tranche has its own milestone",
			MilestoneFunding{Upfront: up, Tranches: []Tranche{tranche(200, start+12), tranche(500, start+12), tranche(9999, start+12)}},
			[]paid{{0, 0, 50, "upfront"}, {2, 1, 100, ""}, {5, 2, 100, ""}},
			[]paid{{13, 3, 100, ""}},
			4,
		},
		{
			"two milestones of a month are both paid",
			MilestoneFunding{Tranches: []Tranche{tranche(200, start+12), tranche(150, start+12)}},
			[]paid{{2, 1, 100, ""}, {2, 2, 100, ""}},
			nil, 3,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			tt.c.Investor, tt.c.Company = cloud, lab
			bought, lapsed := run(&tt.c, &s, 24, panel, shut)
			if !same(bought, tt.paid) {
				t.Errorf("pays %v, want %v", bought, tt.paid)
			}
			if !same(lapsed, tt.lapsed) {
				t.Errorf("lapses %v, want %v", lapsed, tt.lapsed)
			}
			sum := 0.0
			for _, p := range bought {
				sum += p.amount
			}
			if s.Paid != unit.Dollars(sum) {
				t.Errorf("remembers $%v paid, want $%v", s.Paid.Dollars(), sum)
			}
			for i := range tt.settled + 1 {
				if got := s.Settled(i); got != (i < tt.settled) {
					t.Errorf("part %d settled: %v, want %v", i, got, i < tt.settled)
				}
			}
		})
	}
}

func TestAPaymentNamesItsPartiesPriceAndCredits(t *testing.T) {
	panel, shut, reaches := energised(start - 1)
	c := MilestoneFunding{
		Investor: cloud, Company: lab, CreditShare: 0.4, Upfront: Upfront{Amount: unit.Dollars(50), PreMoney: unit.Dollars(900)},
		Tranches: []Tranche{{Amount: unit.Dollars(100), When: reaches(0), By: start}},
	}
	shut(start - 1)
	var s State
	var out Dues
	c.Test(Now{Month: start, Contract: 3, Measures: panel}, &s, &out)
	want := []Purchase{
		{Investor: cloud, Company: lab, Amount: unit.Dollars(50), PreMoney: unit.Dollars(900), Credits: unit.Dollars(20), Kind: "upfront", Contract: 3},
		{Investor: cloud, Company: lab, Amount: unit.Dollars(100), Credits: unit.Dollars(40), Kind: "tranche", Contract: 3, Part: 1},
	}
	if len(out.Purchases) != 2 || out.Purchases[0] != want[0] || out.Purchases[1] != want[1] {
		t.Errorf("buys %+v, want %+v", out.Purchases, want)
	}
}

func TestMissesAreRemembered(t *testing.T) {
	panel, shut, reaches := energised(start - 1)
	for _, miss := range []string{"lapse", "shrink"} {
		c := MilestoneFunding{OnMiss: miss, Tranches: []Tranche{
			{Amount: 100, When: reaches(9999), By: start + 3}, {Amount: 100, When: reaches(100), By: start + 3}, {Amount: 100, When: reaches(9999), By: start + 3},
		}}
		var s State
		run(&c, &s, 12, panel, shut)
		if want := uint64(1<<1 | 1<<3); s.Missed != want {
			t.Errorf("on a miss %s: missed parts = %b, want the first and the third tranche (%b)", miss, s.Missed, want)
		}
	}
}

func TestAFundingOlderThanTheRunHasPaidItsUpfront(t *testing.T) {
	panel, shut, reaches := energised(start - 1)
	c := MilestoneFunding{Upfront: Upfront{Amount: unit.Dollars(50)}, Tranches: []Tranche{{Amount: unit.Dollars(100), When: reaches(300), By: start + 6}}}
	var s State
	if g := c.Open(start, &s); g != (Grant{}) {
		t.Errorf("opens with the grant %+v, want none", g)
	}
	if s.Paid != unit.Dollars(50) {
		t.Errorf("opens with $%v paid, want $50", s.Paid.Dollars())
	}
	if bought, _ := run(&c, &s, 12, panel, shut); !same(bought, []paid{{3, 1, 100, "tranche"}}) {
		t.Errorf("pays %v, want the tranche alone", bought)
	}
	if s.Paid != c.Promised() {
		t.Errorf("$%v are paid of $%v promised", s.Paid.Dollars(), c.Promised().Dollars())
	}
}

func TestAFundingNeverPaysMoreThanItPromised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		panel, shut, _ := energised(start - 1)
		c := MilestoneFunding{
			Investor: cloud, Company: lab,
			Upfront:      Upfront{Amount: unit.USD(rapid.Int64Range(0, 1e12).Draw(t, "upfront"))},
			OnMiss:       rapid.SampledFrom([]string{"lapse", "shrink", "retest"}).Draw(t, "on miss"),
			ShrinkTo:     unit.Share(rapid.Float64Range(0, 1).Draw(t, "shrink to")),
			RetestMonths: unit.Months(rapid.IntRange(0, 12).Draw(t, "retest")),
			CreditShare:  unit.Share(rapid.Float64Range(0, 1).Draw(t, "credits")),
		}
		by := start
		holds := make([]bool, rapid.IntRange(1, maxTranches).Draw(t, "tranches"))
		for i := range holds {
			by += unit.Month(rapid.IntRange(0, 2).Draw(t, "by"))
			c.Tranches = append(c.Tranches, Tranche{
				Amount: unit.USD(rapid.Int64Range(1, 1e12).Draw(t, "amount")), By: by,
				When: measure.Test{Holds: func(*measure.Panel) bool { return holds[i] }},
			})
		}
		if faults := c.Faults(); len(faults) > 0 {
			t.Fatalf("drawn with faults %v", faults)
		}
		var s State
		if rapid.Bool().Draw(t, "older than the run") {
			c.Open(start, &s)
		}
		total, seen := s.Paid, map[int]bool{}
		for k := range int(by-start) + 24 {
			for i := range holds {
				holds[i] = rapid.IntRange(0, 30).Draw(t, "holds") == 0
			}
			var out Dues
			shut(start + unit.Month(k) - 1)
			c.Test(Now{Month: start + unit.Month(k), Measures: panel}, &s, &out)
			for _, p := range out.Purchases {
				if p.Amount <= 0 || p.Credits < 0 || p.Credits > p.Amount {
					t.Fatalf("month %d: buys %+v", k, p)
				}
				if seen[p.Part] {
					t.Fatalf("month %d: part %d is settled twice", k, p.Part)
				}
				seen[p.Part] = true
				total += p.Amount
			}
			for _, l := range out.Lapses {
				if seen[l.Part] {
					t.Fatalf("month %d: part %d is settled twice", k, l.Part)
				}
				seen[l.Part] = true
			}
		}
		if total != s.Paid || total > c.Promised() {
			t.Fatalf("pays %d cents and remembers %d; promised are %d", total, s.Paid, c.Promised())
		}
		for part := range len(c.Tranches) + 1 {
			if !s.Settled(part) {
				t.Fatalf("part %d is open long after its date", part)
			}
		}
	})
}

func TestCreditsOfAFundingAreACentExactShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := MilestoneFunding{
			Upfront:     Upfront{Amount: unit.USD(rapid.Int64Range(1, 1e13).Draw(t, "amount"))},
			CreditShare: unit.Share(rapid.Float64Range(0, 1).Draw(t, "share")),
		}
		var s State
		var out Dues
		c.Test(Now{Month: start}, &s, &out)
		want := float64(c.Upfront.Amount) * float64(c.CreditShare)
		if got := float64(out.Purchases[0].Credits); math.Abs(got-want) > 0.51 {
			t.Fatalf("of %d cents %v are credits, want %v", c.Upfront.Amount, got, want)
		}
	})
}
