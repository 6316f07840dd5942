package contract

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// The firms of these tests.
const (
	lab id.Firm = iota
	cloud
	rival
	fund
)

var start = unit.Date(2026, 1)

// bill runs the months of a clause with the given usage bills and returns what it asks for in each, in dollars.
func bill(c *TakeOrPay, s *State, use ...float64) []float64 {
	asked := make([]float64, len(use))
	var out Dues
	for k, x := range use {
		out.Payments = out.Payments[:0]
		c.Bill(Now{Month: c.Starts + unit.Month(k), Contract: 7}, s, &Meter{UsageBill: unit.Dollars(x)}, &out)
		for _, p := range out.Payments {
			asked[k] += p.Amount.Dollars()
		}
	}
	return asked
}

// months repeats a month's use.
func months(n int, use float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = use
	}
	return x
}

func TestAYearsShortfallIsDueAtItsEnd(t *testing.T) {
	// $2,400 over two years: $100 a month, of which 80 % are due in any case: $960 a year.
	terms := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(2400), Starts: start, Term: 24, Floor: 0.8}
	tests := []struct {
		name          string
		use           []float64
		first, second float64 // asked for after 12 and 24 months
	}{
		{"nothing used pays the floor at the end of each year", months(24, 0), 960, 960},
		{"all used owes nothing", months(24, 100), 0, 0},
		{"just the floor used owes nothing", months(24, 80), 0, 0},
		{"half used owes the rest of the floor", months(24, 50), 360, 360},
		{"a dry half-year is made up by a busy one", append(append(months(6, 0), months(6, 160)...), months(12, 80)...), 0, 0},
		{"a surplus of the first year does not help the second", append(months(12, 500), months(12, 0)...), 0, 960},
		{"a shortfall is paid once", append(months(12, 0), months(12, 80)...), 960, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s := terms, State{}
			for k, got := range bill(&c, &s, tt.use...) {
				want := 0.0
				switch k {
				case 11:
					want = tt.first
				case 23:
					want = tt.second
				}
				if math.Abs(got-want) > 0.12 { // a cent a month
					t.Errorf("use %v: in month %d asks for $%v, want $%v", tt.use, k+1, got, want)
				}
			}
		})
	}
}

func TestAShortfallGoesFromBuyerToSeller(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(1200), Starts: start, Term: 12, Floor: 1}
	var s State
	var out Dues
	for k := range unit.Month(13) {
		c.Bill(Now{Month: start + k, Contract: 7}, &s, &Meter{}, &out)
	}
	want := Payment{From: lab, To: cloud, Amount: unit.Dollars(1200), Kind: "take-or-pay", Contract: 7, Income: Compute}
	if len(out.Payments) != 1 || out.Payments[0] != want {
		t.Errorf("asks for %+v, want one payment %+v", out.Payments, want)
	}
	if s.Paid != unit.Dollars(1200) || s.Owed != 0 {
		t.Errorf("at the end $%v are paid and $%v owed, want $1200 and $0", s.Paid.Dollars(), s.Owed.Dollars())
	}
}

func TestOutsideItsTermNothingIsPromised(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(1200), Starts: start, Term: 12, Floor: 1}
	for _, at := range []unit.Month{start - 1, start + 12, start + 24} {
		var s State
		var out Dues
		c.Bill(Now{Month: at}, &s, &Meter{UsageBill: 500}, &out)
		if len(out.Payments) != 0 || s != (State{}) {
			t.Errorf("%v: asks for %v and remembers %+v, want nothing", at, out.Payments, s)
		}
		if got := c.promised(at, &s); got != 0 {
			t.Errorf("%v: promises $%v, want nothing", at, got.Dollars())
		}
	}
}

func TestAPromiseRisesOverItsRamp(t *testing.T) {
	// Ten months of which four rise: 0.5 + 1.5 + 2.5 + 3.5 = 8 quarters, then six full months: eight in all.
	c := TakeOrPay{Commitment: unit.Dollars(800), Starts: start, Term: 10, Ramp: 4}
	for k, want := range []float64{12.5, 37.5, 62.5, 87.5, 100, 100, 100, 100, 100, 100, 0} {
		if got := c.promised(start+unit.Month(k), new(State)).Dollars(); math.Abs(got-want) > 0.01 {
			t.Errorf("month %d promises $%v, want $%v", k+1, got, want)
		}
	}
}

// anyPromise draws terms without faults.
func anyPromise(t *rapid.T, fractions bool) *TakeOrPay {
	c := &TakeOrPay{
		Buyer: lab, Seller: cloud, Starts: start,
		Commitment: unit.USD(rapid.Int64Range(1, 1e14).Draw(t, "commitment")),
		Term:       unit.Months(rapid.IntRange(1, 150).Draw(t, "term")),
		Floor:      unit.Share(rapid.Float64Range(0, 1).Draw(t, "floor")),
	}
	if fractions {
		c.Term = unit.Months(rapid.Float64Range(1, 150).Draw(t, "term"))
		c.Ramp = c.Term * unit.Months(rapid.Float64Range(0, 1).Draw(t, "ramp"))
	} else {
		c.Ramp = unit.Months(rapid.IntRange(0, int(c.Term)).Draw(t, "ramp"))
	}
	if faults := c.Faults(); len(faults) > 0 {
		t.Fatalf("%+v has faults %v", c, faults)
	}
	return c
}

func TestAPromiseAddsUpToTheCommitment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyPromise(t, rapid.Bool().Draw(t, "parts of months"))
		var s State
		sum, last, n := unit.USD(0), unit.USD(0), math.Ceil(float64(c.Term))
		for k := range unit.Month(n) {
			p := c.promised(start+k, &s)
			if full := k+1 <= unit.Month(c.Term); full && p < last-1 {
				t.Fatalf("month %d promises %d cents, less than the %d before", k+1, p, last)
			}
			sum, last = sum+p, p
		}
		if off := math.Abs(float64(sum - c.Commitment)); off > n {
			t.Fatalf("%v months with a ramp of %v promise %d cents in all, want %d within a cent a month", c.Term, c.Ramp, sum, c.Commitment)
		}
	})
}

func TestWhoUsesNothingPaysTheFloorOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyPromise(t, rapid.Bool().Draw(t, "parts of months"))
		s := State{Waived: rapid.SampledFrom([]float64{0, 0.25, 1}).Draw(t, "waived")}
		n := int(math.Ceil(float64(c.Term)))
		promised := c.Outstanding(start-1, &s)
		paid := unit.USD(0)
		for _, x := range bill(c, &s, months(n+12, 0)...) {
			paid += unit.Dollars(x)
		}
		want := float64(c.Commitment) * float64(c.Floor) * (1 - s.Waived)
		if math.Abs(float64(paid)-want) > float64(n)+1 {
			t.Fatalf("pays %d cents, want %v within a cent a month", paid, want)
		}
		if math.Abs(float64(promised)-want) > 2 {
			t.Fatalf("outstanding before the start are %d cents, want %v", promised, want)
		}
		if s.Owed != 0 || s.Paid != paid {
			t.Fatalf("at the end %d cents are owed and %d paid, want 0 and %d", s.Owed, s.Paid, paid)
		}
	})
}

func TestUseAndShortfallTogetherReachTheFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyPromise(t, false)
		n := int(c.Term)
		var s State
		used, floor := 0.0, 0.0
		months := float64(0)
		for k := range n {
			use := rapid.Float64Range(0, 2).Draw(t, "use") * c.promised(start+unit.Month(k), &s).Dollars()
			floor += c.promised(start+unit.Month(k), &s).Dollars() * float64(c.Floor)
			used += unit.Dollars(use).Dollars()
			months++
			var out Dues
			c.Bill(Now{Month: start + unit.Month(k)}, &s, &Meter{UsageBill: unit.Dollars(use)}, &out)
			closes := (k+1)%12 == 0 || k+1 == n
			asked := 0.0
			for _, p := range out.Payments {
				asked += p.Amount.Dollars()
			}
			want := 0.0
			if closes {
				want = max(0, floor-used)
				used, floor = 0, 0
			}
			if math.Abs(asked-want) > 0.01*months+1e-9*want {
				t.Fatalf("month %d asks for $%v, want $%v", k+1, asked, want)
			}
			if closes {
				months = 0
			}
		}
	})
}

func TestUseCountsForOnePromiseOnly(t *testing.T) {
	// $100 a month for a year, half of it due in any case.
	terms := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(1200), Starts: start, Term: 12, Floor: 0.5}
	tests := []struct {
		name      string
		use       float64 // in the first month
		used, rid float64 // by the clause, and what it leaves to others
	}{
		{"what is used is counted", 80, 80, 0},
		{"up to the floor of the year", 600, 600, 0},
		{"what is beyond is left to the next clause", 1500, 600, 900},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			m := Meter{UsageBill: unit.Dollars(tt.use)}
			terms.Bill(Now{Month: start}, &s, &m, new(Dues))
			if s.Paid != unit.Dollars(tt.used) || m.UsageBill != unit.Dollars(tt.rid) {
				t.Errorf("of $%v used $%v are counted and $%v left, want $%v and $%v", tt.use, s.Paid.Dollars(), m.UsageBill.Dollars(), tt.used, tt.rid)
			}
			if want := unit.Dollars(50 - tt.used); s.Owed != want {
				t.Errorf("after $%v of use the year owes $%v, want $%v", tt.use, s.Owed.Dollars(), want.Dollars())
			}
		})
	}

	// Two promises to one seller share what is used there, and each is filled to its floor.
	first, second := terms, terms
	var s1, s2 State
	var out Dues
	left := unit.USD(0)
	for k := range unit.Month(12) {
		m := Meter{UsageBill: unit.Dollars(90)}
		first.Bill(Now{Month: start + k}, &s1, &m, &out)
		second.Bill(Now{Month: start + k}, &s2, &m, &out)
		left += m.UsageBill
	}
	asked := unit.USD(0)
	for _, p := range out.Payments {
		asked += p.Amount
	}
	if counted := s1.Paid + s2.Paid - asked; counted+left != unit.Dollars(1080) {
		t.Errorf("of $1,080 used $%v are counted and $%v left over", counted.Dollars(), left.Dollars())
	}
	if least := unit.Dollars(600); s1.Paid < least || s2.Paid < least {
		t.Errorf("paid under the two promises: $%v and $%v, want at least a floor of $600 each", s1.Paid.Dollars(), s2.Paid.Dollars())
	}
}

func TestWhatIsWaivedIsNotPromised(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(1200), Starts: start, Term: 12, Floor: 0.5}
	s := State{Waived: 0.25}
	if got := c.promised(start, &s); got != unit.Dollars(75) {
		t.Errorf("three quarters of $100 a month = $%v, want $75", got.Dollars())
	}
	if got := c.Outstanding(start-1, &s); got != unit.Dollars(450) {
		t.Errorf("outstanding = $%v, want half of $900", got.Dollars())
	}
	if got := bill(&c, &s, months(12, 0)...)[11]; got != 450 {
		t.Errorf("nothing used pays $%v, want half of $900", got)
	}

	// What fell due before the waiver is still paid: four months of $50.
	s = State{}
	bill(&c, &s, months(4, 0)...)
	s.Waived = 1
	var out Dues
	for k := unit.Month(4); k < 12; k++ {
		c.Bill(Now{Month: start + k}, &s, &Meter{}, &out)
	}
	if len(out.Payments) != 1 || out.Payments[0].Amount != unit.Dollars(200) {
		t.Errorf("waived after four months: asks for %v, want $200", out.Payments)
	}
}

func TestWhatIsStillOutstanding(t *testing.T) {
	// $100 a month for three years, half of it due in any case: $600 a year.
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(3600), Starts: start, Term: 36, Floor: 0.5}
	tests := []struct {
		name string
		use  []float64
		want float64
	}{
		{"before the start all floors", nil, 1800},
		{"in mid-year with nothing used the year's floor is still to be paid", months(6, 0), 1800},
		{"what was used counts towards it", months(6, 50), 1500},
		{"a surplus covers the rest of its year", months(6, 100), 1200},
		{"but not the years to come", months(6, 1000), 1200},
		{"after a year two are left, whatever was used", months(12, 1000), 1200},
		{"and when nothing was", months(12, 0), 1200},
		{"after two and a half years without use, the last year's", months(30, 0), 600},
		{"at the end nothing", months(36, 0), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			bill(&c, &s, tt.use...)
			if got := c.Outstanding(start+unit.Month(len(tt.use))-1, &s).Dollars(); math.Abs(got-tt.want) > 0.01 {
				t.Errorf("outstanding = $%v, want $%v", got, tt.want)
			}
		})
	}
	if got := c.Outstanding(start+23, new(State)).Dollars(); got != 600 {
		t.Errorf("a contract that is two years old when a run starts has $%v outstanding, want $600", got)
	}
	if got := c.Outstanding(start+400, new(State)); got != 0 {
		t.Errorf("long after the end $%v are outstanding, want none", got.Dollars())
	}
}

// asked sums what a clause asks for in a month by what it is to the one who gets it.
func asked(out *Dues) map[Income]float64 {
	sums := map[Income]float64{}
	for _, p := range out.Payments {
		sums[p.Income] += p.Amount.Dollars()
	}
	return sums
}

func TestAnIndexedPromiseRisesFromYearToYear(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(3600), Starts: start, Term: 36, Floor: 0.5, Indexation: 0.1}
	for k, want := range map[unit.Month]float64{-1: 0, 0: 100, 11: 100, 12: 110, 23: 110, 24: 121, 35: 121, 36: 0} {
		if got := c.promised(start+k, new(State)).Dollars(); math.Abs(got-want) > 0.01 {
			t.Errorf("month %d promises $%v, want $%v", k+1, got, want)
		}
	}
	if got := c.Outstanding(start-1, new(State)).Dollars(); math.Abs(got-0.5*12*331) > 0.01 {
		t.Errorf("outstanding before the start = $%v, want half of $3,972", got)
	}
	if got := bill(&c, new(State), months(36, 0)...); math.Abs(got[11]-600) > 0.12 || math.Abs(got[23]-660) > 0.12 || math.Abs(got[35]-726) > 0.12 {
		t.Errorf("shortfalls of $%v, $%v and $%v, want $600, $660 and $726", got[11], got[23], got[35])
	}
}

func TestAPromiseIndexedByNothingIsThatWithoutIndexation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := anyPromise(t, true)
		tiny := *plain
		tiny.Indexation = 1e-15
		n := rapid.Float64Range(-20, 170).Draw(t, "from")
		m := n + rapid.Float64Range(0, 100).Draw(t, "for")
		if a, b := plain.part(n, m), tiny.part(n, m); math.Abs(a-b) > 1e-9 {
			t.Fatalf("from %v to %v months the promise is %v, and %v when counted year by year", n, m, a, b)
		}
	})
}

func TestShortfallsUseWhatWasPaidAheadBeforeCash(t *testing.T) {
	// $960 a year are due in any case; $480 were paid ahead, of which other bills have used $80.
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(2400), Starts: start, Term: 24, Floor: 0.8, Prepayment: 0.2}
	if got := c.Prepaid(); got != unit.Dollars(480) {
		t.Fatalf("$%v are paid ahead, want $480", got.Dollars())
	}
	s := State{Ahead: unit.Dollars(400)}
	if got := c.Outstanding(start-1, &s).Dollars(); got != 1520 {
		t.Errorf("outstanding = $%v, want $1,920 less the $400 paid ahead", got)
	}
	var out Dues
	for k := range unit.Month(12) {
		c.Bill(Now{Month: start + k}, &s, &Meter{UsageBill: unit.Dollars(30)}, &out)
	}
	if got := asked(&out); got[Earned] != 400 || got[Compute] != 200 || s.Ahead != 0 {
		t.Errorf("a shortfall of $600 takes %v and leaves $%v ahead, want $400 earned and $200 in cash", got, s.Ahead.Dollars())
	}
}

func TestOfAnOlderPrepaymentTheFloorsUpToTheStartAreUsed(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(2400), Starts: start, Term: 24, Floor: 0.8, Prepayment: 0.2}
	for age, want := range map[unit.Month]float64{-9: 480, -1: 480, 0: 400, 1: 320, 5: 0, 30: 0} {
		var s State
		c.Open(start+age, &s)
		if s.Ahead.Dollars() != want {
			t.Errorf("a run that starts %d months after the first has $%v left, want $%v", age, s.Ahead.Dollars(), want)
		}
	}
}

func TestAShortfallIsMadeUpByLaterUseAboveTheFloor(t *testing.T) {
	// The first year is $360 short of its floor of $960. Of the second year's $1,200 those above the floor of $960, from
	// the tenth month on, take $240 back; the other $120 are the seller's once twelve months have gone.
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(3600), Starts: start, Term: 36, Floor: 0.8, MakeUp: 12}
	use := append(append(months(12, 50), months(12, 100)...), months(12, 100)...)
	want := map[int]map[Income]float64{11: {Ahead: 360}, 21: {Back: 40}, 22: {Back: 100}, 23: {Back: 100}, 24: {Earned: 120}}
	var s State
	held := 0.0
	for k, x := range use {
		var out Dues
		c.Bill(Now{Month: start + unit.Month(k)}, &s, &Meter{UsageBill: unit.Dollars(x)}, &out)
		got := asked(&out)
		for _, income := range []Income{Compute, Ahead, Back, Earned} {
			if math.Abs(got[income]-want[k][income]) > 0.12 {
				t.Errorf("month %d: asks for %v, want %v", k+1, got, want[k])
			}
		}
		held += got[Ahead] - got[Back] - got[Earned]
		if left := s.MakeUp[0].Left.Dollars(); math.Abs(left-held) > 1e-9 {
			t.Errorf("month %d: $%v can be made up, and $%v are held for it", k+1, left, held)
		}
	}
}

func TestShortfallsAreMadeUpInTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyPromise(t, false)
		c.MakeUp = unit.Months(rapid.IntRange(1, 60).Draw(t, "make-up"))
		var s State
		s.Ahead = c.Prepaid()
		held := unit.USD(0)
		for k := range int(c.Term) + 70 {
			use := rapid.Float64Range(0, 2).Draw(t, "use") * c.promised(start+unit.Month(k), &s).Dollars()
			var out Dues
			c.Bill(Now{Month: start + unit.Month(k)}, &s, &Meter{UsageBill: unit.Dollars(use)}, &out)
			for _, p := range out.Payments {
				switch p.Income {
				case Ahead:
					held += p.Amount
				case Back, Earned:
					held -= p.Amount
				}
			}
			left, until := unit.USD(0), unit.Month(0)
			for _, b := range s.MakeUp {
				if left += b.Left; b.Left > 0 && b.Until < until {
					t.Fatalf("month %d: batches %v are not in order", k, s.MakeUp)
				}
				until = b.Until
			}
			if left != held {
				t.Fatalf("month %d: %d cents are held and %d can be made up", k, held, left)
			}
		}
		if held != 0 {
			t.Fatalf("long after the end %d cents are held", held)
		}
	})
}

func TestAYearOfLittleUseLetsTheBuyerAskForARecut(t *testing.T) {
	// $600 a year are due in any case.
	terms := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(2400), Starts: start, Term: 24, Floor: 0.5, Recut: 0.55, RecutBelow: 0.5}
	tests := []struct {
		name string
		use  float64 // a month
		asks []int   // months in which the buyer asks
	}{
		{"nothing used", 0, []int{11}}, // after the last year nothing is left to be let off
		{"just less than half of the floor", 24.9, []int{11}},
		{"half of it", 25, nil},
		{"all of it", 50, nil},
	}
	for _, tt := range tests {
		var s State
		var asks []int
		for k := range 24 {
			var out Dues
			terms.Bill(Now{Month: start + unit.Month(k)}, &s, &Meter{UsageBill: unit.Dollars(tt.use)}, &out)
			for _, a := range out.Asks {
				if a.Choice != Recut || a.Part != 0.55 || a.Floor != 0.5 {
					t.Errorf("%s: asks %+v", tt.name, a)
				}
				asks = append(asks, k)
			}
		}
		if !slices.Equal(asks, tt.asks) {
			t.Errorf("%s: asks in months %v, want %v", tt.name, asks, tt.asks)
		}
	}
}

func TestABuyerWithAPromiseMayLeaveALateSeller(t *testing.T) {
	c := TakeOrPay{Buyer: lab, Seller: cloud, Commitment: unit.Dollars(2400), Starts: start, Term: 24, Floor: 0.5, Exit: Exit{ExitBelow: 0.5, ExitAfter: 2}}
	var s State
	asks := func(at unit.Month, delivered unit.MW) int {
		var out Dues
		c.Bill(Now{Month: at}, &s, &Meter{Between: Service{Due: 100, Delivered: delivered}}, &out)
		return len(out.Asks)
	}
	for k, want := range []int{0, 1, 1} {
		if got := asks(start+unit.Month(k), 49); got != want {
			t.Errorf("late for %d months: %d asks, want %d", k+1, got, want)
		}
	}
	if asks(start+3, 50) != 0 || s.Late != 0 {
		t.Error("with half of it in service, as agreed, the seller is still late")
	}
	if asks(start+24, 0) != 0 {
		t.Error("after the term the buyer may leave")
	}
}
