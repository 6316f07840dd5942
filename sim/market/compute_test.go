package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// near reports whether two numbers agree to one part in a billion.
func near(a, b float64) bool { return within(a, b, 1e-9*max(1, math.Abs(b))) }

// within reports whether two numbers lie that close; nothing is close to what is no number.
func within(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestDeliveryRisesAlongTheRamp(t *testing.T) {
	start := unit.Date(2026, 3)
	tests := []struct {
		name string
		ramp int
		at   unit.Month
		want unit.MW
	}{
		{"nothing is due before the start", 4, start - 1, 0},
		{"a quarter in the first of four months", 4, start, 100},
		{"three quarters in the third", 4, start + 2, 300},
		{"all in the fourth", 4, start + 3, 400},
		{"and from then on", 4, start + 11, 400},
		{"half in the first of two", 2, start, 200},
		{"nothing after the end", 4, start + 12, 0},
		{"all at once without a ramp", 0, start, 400},
		{"a ramp of one month is none", 1, start, 400},
		{"a ramp longer than the lot never gets there", 24, start + 11, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Lot{Size: 400, Start: start, End: start + 11, Ramp: tt.ramp}
			if got := l.Due(tt.at); !near(float64(got), float64(tt.want)) {
				t.Errorf("400 MW from %v, ramp %d: due in %v = %v MW, want %v", l.Start, tt.ramp, tt.at, got, tt.want)
			}
		})
	}
}

func TestALotThatShrinksKeepsWhatIsDueAndItsPace(t *testing.T) {
	month := unit.Date(2027, 6)
	tests := []struct {
		name string
		lot  Lot
		cut  unit.MW
		size unit.MW
		ramp int
		due  [3]unit.MW // now, a month and a year later
	}{
		{"half of a ramp of a year, half-way", Lot{Size: 1200, Ramp: 12, Start: month - 5, End: month + 60}, 300, 900, 9, [3]unit.MW{600, 700, 900}},
		{"all that is to come", Lot{Size: 1200, Ramp: 12, Start: month - 5, End: month + 60}, 600, 600, 6, [3]unit.MW{600, 600, 600}},
		{"a lot without a ramp", Lot{Size: 100, Ramp: 1, Start: month + 1, End: month + 60}, 40, 60, 1, [3]unit.MW{0, 60, 60}},
		{"more than there is", Lot{Size: 100, Ramp: 1, Start: month, End: month + 60}, 140, 0, 1, [3]unit.MW{0, 0, 0}},
	}
	for _, tt := range tests {
		l := tt.lot
		l.Shrink(tt.cut)
		got := [3]unit.MW{l.Due(month), l.Due(month + 1), l.Due(month + 12)}
		if l.Size != tt.size || l.Ramp != tt.ramp || got != tt.due {
			t.Errorf("%s: %v MW over %d months with %v due, want %v MW over %d with %v", tt.name, l.Size, l.Ramp, got, tt.size, tt.ramp, tt.due)
		}
	}
}

func TestALotPaysForUseOrItsFloor(t *testing.T) {
	tests := []struct {
		name            string
		delivered, used unit.MW
		floor           unit.Share
		want            unit.USD
	}{
		{"all used pays all", 100, 100, 0.85, unit.Dollars(100e6)},
		{"nothing used pays the floor on what is delivered", 100, 0, 0.85, unit.Dollars(85e6)},
		{"below the floor pays the floor", 100, 60, 0.85, unit.Dollars(85e6)},
		{"above the floor pays for use", 100, 90, 0.85, unit.Dollars(90e6)},
		{"what is not delivered costs nothing", 0, 0, 0.85, 0},
		{"without a floor only use counts", 100, 10, 0, unit.Dollars(10e6)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// $12bn a gigawatt-year is $1m a megawatt-month.
			l := Lot{Size: 200, Delivered: tt.delivered, Used: tt.used, Rent: 12e9, Floor: tt.floor}
			if got := l.Bill(); got != tt.want {
				t.Errorf("bill for %v of %v MW used, floor %v = $%v, want $%v", tt.used, tt.delivered, tt.floor, got.Dollars(), tt.want.Dollars())
			}
		})
	}
}

func TestWhatALotStillPromises(t *testing.T) {
	start := unit.Date(2026, 1)
	tests := []struct {
		name  string
		ramp  int
		after unit.Month
		want  float64 // months of the full floor
	}{
		{"before the start it is the whole term", 0, start - 7, 12},
		{"a ramp of one month takes nothing off", 1, start - 1, 12},
		{"after the first month one is less", 1, start, 11},
		{"a ramp of four months takes off 3/4 + 2/4 + 1/4", 4, start - 1, 10.5},
		{"halfway up, 1/4 is still to come off", 4, start + 1, 9.75},
		{"at the top nothing is", 4, start + 3, 8},
		{"in the last month but one a month is left", 4, start + 10, 1},
		{"at the end nothing is left", 4, start + 11, 0},
		{"nor later", 4, start + 30, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// 100 MW × $24bn a gigawatt-year × 50 % = $100m a month.
			l := Lot{Size: 100, Rent: 24e9, Floor: 0.5, Start: start, End: start + 11, Ramp: tt.ramp}
			if got, want := l.Rest(tt.after), unit.Dollars(tt.want*100e6); got != want {
				t.Errorf("ramp %d, after %v: $%v, want $%v", tt.ramp, tt.after, got.Dollars(), want.Dollars())
			}
		})
	}
}

var anyLot = rapid.Custom(func(t *rapid.T) Lot {
	l := Lot{
		Size:  unit.MW(rapid.Float64Range(0.1, 5000).Draw(t, "size")),
		Rent:  unit.Rent(rapid.Float64Range(1e9, 30e9).Draw(t, "rent")),
		Floor: unit.Share(rapid.Float64Range(0, 1).Draw(t, "floor")),
		Start: unit.Date(2026, rapid.IntRange(1, 24).Draw(t, "start")),
		Ramp:  rapid.IntRange(0, 60).Draw(t, "ramp"),
	}
	l.End = l.Start + unit.Month(rapid.IntRange(0, 120).Draw(t, "term")) - 1
	l.Delivered = l.Size * unit.MW(rapid.Float64Range(0, 1).Draw(t, "delivered"))
	l.Used = l.Delivered * unit.MW(rapid.Float64Range(0, 1).Draw(t, "used"))
	return l
})

func TestLotsKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLot.Draw(t, "lot")
		at := l.Start + unit.Month(rapid.IntRange(-24, 150).Draw(t, "at"))

		if due := l.Due(at); due < 0 || due > l.Size {
			t.Fatalf("%v of %v MW are due in %v", due, l.Size, at)
		}
		if now, next := l.Due(at), l.Due(at+1); next < now && at < l.End {
			t.Fatalf("due falls from %v to %v MW after %v, before the end (%v)", now, next, at, l.End)
		}
		// What is still promised is the sum of the floors of the months to come.
		sum := 0.0
		for m := at + 1; m <= l.End; m++ {
			sum += float64(l.Rent) / 12 / 1000 * float64(l.Due(m)) * float64(l.Floor)
		}
		if got := l.Rest(at).Dollars(); !within(got, sum, 0.01+1e-9*sum) {
			t.Fatalf("after %v the lot promises $%.2f, want $%.2f, the sum of its floors", at, got, sum)
		}
		if l.Rest(at) < l.Rest(at+1) {
			t.Fatalf("what is promised rises from $%v to $%v in %v", l.Rest(at).Dollars(), l.Rest(at+1).Dollars(), at+1)
		}
		bill := l.Bill()
		if all := l.Rent.ForMonth(l.Delivered); bill > all {
			t.Fatalf("the bill of $%v is above the rent of all that is delivered, $%v", bill.Dollars(), all.Dollars())
		}
		if least := max(l.Rent.ForMonth(l.Used), l.Rent.ForMonth(l.Delivered*unit.MW(l.Floor))); bill != least {
			t.Fatalf("the bill is $%v, want the greater of use and floor, $%v", bill.Dollars(), least.Dollars())
		}
	})
}

func TestAnAnnuityPaysBackOneDollar(t *testing.T) {
	tests := []struct {
		name       string
		h, n, want float64
	}{
		{"without interest it is a fifth for five years", 0, 5, 0.2},
		{"one year at 10 % is all of it and the interest", 0.10, 1, 1.1},
		{"two years at 100 % are 1/(1/2 + 1/4)", 1, 2, 4.0 / 3},
	}
	for _, tt := range tests {
		if got := Annuity(tt.h, tt.n); !near(got, tt.want) {
			t.Errorf("%s: Annuity(%v, %v) = %v, want %v", tt.name, tt.h, tt.n, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		h, n := rapid.Float64Range(1e-6, 1).Draw(t, "h"), rapid.IntRange(1, 40).Draw(t, "years")
		worth, discount := 0.0, 1.0
		for range n {
			discount /= 1 + h
			worth += discount
		}
		if got := Annuity(h, float64(n)) * worth; !within(got, 1, 1e-8) {
			t.Fatalf("Annuity(%v, %d) = %v is worth %v today, want 1", h, n, Annuity(h, float64(n)), got)
		}
	})
}

func TestAnAnnuityMeetsItsLimitWithoutInterest(t *testing.T) {
	for _, h := range []float64{0, 1e-12, 1e-9, 2e-9, 1e-7} {
		if got := Annuity(h, 5); !within(got, 0.2, 1e-6) {
			t.Errorf("Annuity(%v, 5) = %v, want about 1/5", h, got)
		}
	}
}

// The costs of model-notes (2.2): $38bn a gigawatt of IT, 70 % of it chips, shells for 14 years, $0.9bn a year to run.
func TestFullCostOfAGigawattYear(t *testing.T) {
	tests := []struct {
		name    string
		h, life float64
		want    float64 // $bn, to one decimal
	}{
		{"a hyperscaler at 11 % with chips for five years", 0.11, 5, 9.7},
		{"chips that last half a year less", 0.11, 4.5, 10.3},
		{"15 %", 0.15, 5, 10.8},
		{"a neocloud at 20 %", 0.20, 5, 12.3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := UnitCost(0.7*38e9, Annuity(tt.h, tt.life), 0.3*38e9, Annuity(tt.h, 14), 0.9e9) / 1e9; !within(got, tt.want, 0.05) {
				t.Errorf("cost at %v over %v years = $%.2fbn, want $%.1fbn", tt.h, tt.life, got, tt.want)
			}
		})
	}
}

func TestTightnessIsZeroInABalancedMarket(t *testing.T) {
	c := Compute{TargetUtilisation: 0.8}
	tests := []struct {
		name              string
		use, supply, want float64
	}{
		{"use at the planned utilisation", 800, 1000, 0},
		{"everything asked for twice over", 1600, 1000, math.Ln2},
		{"half of what clouds plan to let", 400, 1000, -math.Ln2},
		{"no supply says nothing", 800, 0, 0},
		{"no use says nothing", 0, 1000, 0},
	}
	for _, tt := range tests {
		if got := c.Tightness(tt.use, tt.supply); !near(got, tt.want) {
			t.Errorf("%s: Tightness(%v, %v) = %v, want %v", tt.name, tt.use, tt.supply, got, tt.want)
		}
	}
}

func TestRentRestsAtTheCostOfEntry(t *testing.T) {
	c := Compute{BidMarkup: 0.25, TightnessElasticity: 2, AdjustSpeed: 0.5}
	e := math.E
	tests := []struct {
		name      string
		got, want float64
	}{
		{"a balanced market pays cost and mark-up", c.Balance(8, 0), 10},
		{"a tight one pays more by the elasticity", c.Balance(8, 0.5), 10 * e},
		{"a slack one less", c.Balance(8, -0.5), 10 / e},
		{"a shortage beyond e-fold adds no more", c.Balance(8, 3), 10 * e * e},
		{"nor does a glut take off", c.Balance(8, -3), 10 / e / e},
		{"rent in balance stays", c.NextRent(10, 10, 1), 10},
		{"half of the log gap of 4 is 2", c.NextRent(10, 40, 1), 20},
		{"and as much downwards", c.NextRent(40, 10, 1), 20},
		{"never below the cost of running", c.NextRent(10, 1, 6), 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !near(tt.got, tt.want) {
				t.Errorf("got %v, want %v", tt.got, tt.want)
			}
		})
	}
}

func TestRentFindsItsBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Compute{AdjustSpeed: rapid.Float64Range(0, 1).Draw(t, "speed")}
		rent := rapid.Float64Range(1e9, 50e9).Draw(t, "rent")
		balance := rapid.Float64Range(1e9, 50e9).Draw(t, "balance")
		next := c.NextRent(rent, balance, 0)
		if next < min(rent, balance)*(1-1e-12) || next > max(rent, balance)*(1+1e-12) {
			t.Fatalf("rent %v goes to %v, past its balance %v", rent, next, balance)
		}
		before, after := math.Log(balance/rent), math.Log(balance/next)
		if !near(after, before*(1-c.AdjustSpeed)) {
			t.Fatalf("the log gap %v becomes %v, want %v", before, after, before*(1-c.AdjustSpeed))
		}
	})
}

func TestOtherServicesUseLessWhenRentRises(t *testing.T) {
	for _, tt := range []struct{ elasticity, rent, want float64 }{
		{1, 11e9, 1}, {1, 22e9, 0.5}, {1, 5.5e9, 2}, {2, 22e9, 0.25}, {0, 99e9, 1},
	} {
		c := Compute{Rent: 11e9, InternalElasticity: tt.elasticity}
		if got := c.Internal(tt.rent); !near(got, tt.want) {
			t.Errorf("elasticity %v, rent %v: use is %v of the wish, want %v", tt.elasticity, tt.rent, got, tt.want)
		}
	}
}

func TestAnOffersScore(t *testing.T) {
	c := Compute{SwitchingCost: 0.06, PortingCost: 3, DelayPenalty: 0.02, CommitmentPreference: 0.1}
	tests := []struct {
		name              string
		rent              unit.Rent
		cloud, chips, due bool
		wait              int
		want              float64
	}{
		{"an old friend at the market's rent in time", 10e9, false, false, false, 0, 0},
		{"twice the rent", 20e9, false, false, false, 0, -math.Ln2},
		{"half the rent", 5e9, false, false, false, 0, math.Ln2},
		{"a cloud that is new", 10e9, true, false, false, 0, -0.06},
		{"chips that are new cost three of twelve months", 10e9, false, true, false, 0, -0.25},
		{"spend that is promised anyway", 10e9, false, false, true, 0, 0.1},
		{"five months late", 10e9, false, false, false, 5, -0.10},
		{"early is no better than in time", 10e9, false, false, false, -5, 0},
		{"all of it", 20e9, true, true, true, 5, -math.Ln2 - 0.06 - 0.25 + 0.1 - 0.1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.Score(tt.rent, 10e9, tt.cloud, tt.chips, tt.due, tt.wait); !near(got, tt.want) {
				t.Errorf("score = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAHolderMatchesWhatIsWorthMoreThanItCosts(t *testing.T) {
	c := Compute{MatchNoise: 0.1} // a scale of 2 at a price of 20
	tests := []struct {
		name        string
		value, cost float64
		want        float64
	}{
		{"worth its cost is a coin's toss", 10, 10, 0.5},
		{"one scale above", 12, 10, 1 / (1 + math.Exp(-1))},
		{"one scale below", 8, 10, 1 / (1 + math.Exp(1))},
		{"far above is sure", 110, 10, 1},
		{"far below is out of the question", -90, 10, 0},
	}
	for _, tt := range tests {
		if got := c.MatchProbability(tt.value, tt.cost, 20); !near(got, tt.want) {
			t.Errorf("%s: chance with value %v and cost %v at price 20 = %v, want %v", tt.name, tt.value, tt.cost, got, tt.want)
		}
	}
}

func TestTheMonthsArithmeticAllocatesNothing(t *testing.T) {
	c := Compute{TargetUtilisation: 0.8, MatchNoise: 0.1, AdjustSpeed: 0.1}
	l := Lot{Size: 400, Start: 312, End: 371, Ramp: 12, Rent: 11e9, Floor: 0.85, Family: id.None}
	f := Funding{MultipleBase: 14, GrowthElasticity: 0.5, MaxDilution: 0.2}
	s := Segment{Growth: 0.8, Ceiling: 1e12, Switching: 0.1, NestCorrelation: 0.5}
	p := Price{CostPassThrough: 0.3}
	choice, spend := NewChoice(4), make([]float64, 4)
	flow := []float64{0.4, 0.3, 0.2, 0.1}
	var sum float64
	n := testing.AllocsPerRun(100, func() {
		sum += float64(l.Due(320)) + l.Bill().Dollars() + l.Rest(320).Dollars()
		sum += UnitCost(0.7*38e9, Annuity(0.1, 5), 0.3*38e9, Annuity(0.1, 14), 1e9) + c.NextRent(10, c.Balance(8, c.Tightness(8, 10)), 1)
		sum += c.Score(10, 10, true, true, true, 1) + c.MatchProbability(11, 10, 10)
		sum += f.Size(1e12, f.PreMoney(20e9, 3, 1, 0, 0)).Dilution() + p.Change(0.1, 1, 1, true)
		choice.Fit(&s, flow)
		choice.Clear(&s)
		s.Renew(spend, make([]float64, len(spend)), choice.Flow, s.Grow(1e9, 0, 0)-1e9)
	})
	if n != 0 {
		t.Errorf("a month of markets allocates %v times, want 0 (sum %v)", n, sum)
	}
}
