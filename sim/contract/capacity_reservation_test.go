package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/market"
	"powerplay/sim/unit"
)

func TestAReservationBecomesALot(t *testing.T) {
	c := CapacityReservation{
		Buyer: lab, Seller: cloud, Capacity: 1000, Starts: unit.Date(2027, 1), Ramp: 12, Term: 60, Rent: 9e9, Floor: 0.9, Chips: fund,
	}
	now := Now{Month: start, Contract: 6, Rent: 11e9}
	want := market.Lot{
		Buyer: lab, Seller: cloud, Size: 1000, Rent: 9e9, Floor: 0.9, Signed: start,
		Wanted: unit.Date(2027, 1), Start: unit.Date(2027, 1), End: unit.Date(2031, 12), Ramp: 12, Family: fund, Contract: 6,
	}
	if got := c.Reserve(now, nil)[0]; got != want {
		t.Errorf("reserves %+v, want %+v", got, want)
	}
	c.Rent = 0
	if got := c.Reserve(now, nil)[0]; got.Rent != 11e9 {
		t.Errorf("without a price it takes $%v, want the market's $11bn", float64(got.Rent))
	}
}

func TestAReservationServesItsWholeTerm(t *testing.T) {
	for _, tt := range []struct {
		term unit.Months
		want int
	}{{1, 1}, {12, 12}, {12.5, 13}} {
		c := CapacityReservation{Buyer: lab, Seller: cloud, Capacity: 100, Starts: start, Ramp: 1, Term: tt.term}
		lot, months := c.Reserve(Now{}, nil)[0], 0
		for m := start - 5; m < start+50; m++ {
			if lot.Due(m) > 0 {
				months++
			}
		}
		if months != tt.want {
			t.Errorf("a term of %v months is served for %d, want %d", float64(tt.term), months, tt.want)
		}
	}
}

func TestAScheduleIsDeliveredInSteps(t *testing.T) {
	c := CapacityReservation{
		Buyer: lab, Seller: cloud, Capacity: 1000, Starts: start, Ramp: 1, Term: 24, Rent: 9e9,
		Schedule: []Delivery{{start + 2, 250}, {start + 6, 400}, {start + 12, 1000}},
	}
	lots := c.Reserve(Now{Month: start}, nil)
	due := func(m unit.Month) (x unit.MW) {
		for i := range lots {
			x += lots[i].Due(m)
		}
		return x
	}
	for m, want := range map[unit.Month]unit.MW{0: 0, 1: 0, 2: 250, 5: 250, 6: 400, 11: 400, 12: 1000, 23: 1000, 24: 0} {
		if got := due(start + m); got != want {
			t.Errorf("after %d months %v MW are due, want %v", m, got, want)
		}
	}
}

func TestAPartOfTheWholeRentIsPaidAhead(t *testing.T) {
	// At $12bn a gigawatt-year a megawatt-month is $1m.
	whole := CapacityReservation{Buyer: lab, Seller: cloud, Capacity: 1000, Starts: start, Ramp: 1, Term: 12, Rent: 12e9, Floor: 0.5, Prepayment: 0.2}
	ramp, steps, free := whole, whole, whole
	ramp.Ramp = 12
	steps.Schedule = []Delivery{{start, 400}, {start + 6, 1000}}
	free.Prepayment = 0
	tests := []struct {
		name string
		c    CapacityReservation
		want float64 // $m
	}{
		{"a year of 1,000 MW", whole, 0.2 * 12000},
		{"which rise over it", ramp, 0.2 * 6500},
		{"or come in two steps", steps, 0.2 * (400*12 + 600*6)},
		{"nothing where nothing is agreed", free, 0},
	}
	for _, tt := range tests {
		if got := tt.c.Prepaid().Dollars() / 1e6; math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: $%vm are paid ahead, want $%vm", tt.name, got, tt.want)
		}
	}
	// Two months before the start have used $2bn of the $2.4bn.
	for age, want := range map[unit.Month]float64{-5: 2400, 0: 1400, 1: 400, 2: 0, 20: 0} {
		var s State
		whole.Open(start+age, &s)
		if got := s.Ahead.Dollars() / 1e6; got != want {
			t.Errorf("%d months after its first delivery $%vm are left, want $%vm", age, got, want)
		}
	}
}

func TestBillsOfItsOwnLotsUseAPrepayment(t *testing.T) {
	c := goodReservation()
	if now := (Now{Contract: 4}); !c.Covers(now, &market.Lot{Contract: 4}) || c.Covers(now, &market.Lot{Buyer: lab, Seller: cloud, Contract: 5}) {
		t.Error("a prepayment serves other lots than its own")
	}
}

func TestAPrepaymentThatIsLeftGoesBack(t *testing.T) {
	c := goodReservation()
	s := State{Ahead: 700}
	var out Dues
	for k := range unit.Month(14) {
		c.Bill(Now{Month: start + k, Contract: 4}, &s, &Meter{}, &out)
		if k == 11 && len(out.Payments) != 0 {
			t.Errorf("in the last month of service asks for %+v", out.Payments)
		}
	}
	if want := []Payment{{cloud, lab, 700, "prepayment", 4, Back}}; !slices.Equal(out.Payments, want) || s.Ahead != 0 {
		t.Errorf("after the end asks for %+v, want %+v once", out.Payments, want)
	}
}

func TestASellerThatIsLatePays(t *testing.T) {
	c := but(goodReservation(), func(c *CapacityReservation) { c.DelayPenalty, c.Exit = 0.2, Exit{ExitBelow: 0.9, ExitAfter: 3} })
	onTime := Service{Due: 100, Delivered: 90, Late: unit.Dollars(50)} // what is agreed counts as on time
	late := Service{Due: 100, Delivered: 89, Late: unit.Dollars(55)}
	var s State
	for k, month := range []struct {
		name string
		own  Service
		pays float64
		note bool
		asks bool
	}{
		{"on time", onTime, 0, false, false},
		{"late for the first month", late, 11, true, false},
		{"on time again", onTime, 0, false, false},
		{"late anew", late, 11, true, false},
		{"for two months", late, 11, false, false},
		{"for three the buyer may leave", late, 11, false, true},
		{"and may think again", late, 11, false, true},
	} {
		var out Dues
		c.Bill(Now{Month: start + unit.Month(k), Contract: 4, Told: true}, &s, &Meter{Own: month.own, Between: late}, &out)
		want := []Payment{{cloud, lab, unit.Dollars(month.pays), "delay-penalty", 4, Damages}}
		if month.pays == 0 {
			want = nil
		}
		if !slices.Equal(out.Payments, want) || len(out.Notes) == 1 != month.note || len(out.Asks) == 1 != month.asks {
			t.Errorf("%s: asks for %+v, leaves the notes %+v and asks %+v", month.name, out.Payments, out.Notes, out.Asks)
		}
	}
}

func TestAnOptionIsHeldForAFeeCalledInPartsAndLapses(t *testing.T) {
	// 50 MW at $12bn a gigawatt-year are $50m a month, of which a tenth is the fee.
	c := optional(func(o *CallOption) { o.Rent, o.Until = 12e9, start+10 })
	c.Floor, c.Chips = 0.7, fund
	var s State
	fee := func(at unit.Month) (float64, int) {
		var out Dues
		c.Bill(Now{Month: at, Told: true}, &s, &Meter{}, &out)
		if len(out.Payments) == 0 {
			return 0, len(out.Notes)
		}
		return out.Payments[0].Amount.Dollars() / 1e6, len(out.Notes)
	}
	if got, _ := fee(start); got != 5 {
		t.Errorf("the fee is $%vm, want $5m", got)
	}
	want := market.Lot{
		Buyer: lab, Seller: cloud, Size: 50, Rent: 12e9, Floor: 0.7, Signed: start + 4, Wanted: start + 10, Start: start + 10, End: start + 21, Ramp: 1, Family: fund, Contract: 4,
	}
	if got, ok := c.Call(Now{Month: start + 4, Contract: 4}, &s); !ok || got != want {
		t.Errorf("calls %+v (%v), want %+v", got, ok, want)
	}
	s.Called = 20
	if got, ok := c.Call(Now{Month: start + 10}, &s); !ok || got.Size != 30 {
		t.Errorf("after 20 MW %v MW can be called in the last month (%v), want 30", got.Size, ok)
	}
	if got, notes := fee(start + 10); got != 3 || notes != 1 {
		t.Errorf("in the last month the fee on 30 MW is $%vm with %d notes, want $3m and the word that it lapses", got, notes)
	}
	if _, ok := c.Call(Now{Month: start + 11}, &s); ok {
		t.Error("it can be called after its last month")
	}
	if got, notes := fee(start + 11); got != 0 || notes != 0 {
		t.Errorf("after its end the fee is $%vm with %d notes, want nothing", got, notes)
	}
	s.Called = 50
	if _, ok := c.Call(Now{Month: start}, &s); ok {
		t.Error("more can be called than was agreed")
	}
}

func TestAReservationIsQuietUnlessItsTermsAskForMoreThanRent(t *testing.T) {
	plain := CapacityReservation{Buyer: lab, Seller: cloud, Capacity: 100, Starts: start, Ramp: 1, Term: 24, Rent: 9e9, Floor: 0.9}
	late := Meter{Own: Service{Due: 100, Delivered: 10, Late: 5000}}
	for _, tt := range []struct {
		name   string
		change func(*CapacityReservation)
		want   bool
	}{
		{"rent alone stands in its lot", func(*CapacityReservation) {}, true},
		{"damages are asked for", func(c *CapacityReservation) { c.DelayPenalty = 0.1 }, false},
		{"a right to leave is tested when it bills", func(c *CapacityReservation) { c.ExitAfter = 6 }, false},
		{"what is left of a prepayment goes back", func(c *CapacityReservation) { c.Prepayment = 0.2 }, false},
		{"an option has its fee", func(c *CapacityReservation) { c.Option.Capacity = 50 }, false},
	} {
		c := plain
		tt.change(&c)
		if got := c.Quiet(); got != tt.want {
			t.Errorf("%s: quiet is %v, want %v", tt.name, got, tt.want)
		}
	}
	var s State
	var out Dues
	for m := start; m < start+30; m++ {
		plain.Bill(Now{Month: m}, &s, &late, &out)
	}
	if len(out.Payments)+len(out.Asks) > 0 {
		t.Errorf("a quiet reservation asks for %+v and %+v", out.Payments, out.Asks)
	}
}
