package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// goodPower is 120 MW of nuclear power that comes over a year, at $80 a megawatt-hour.
func goodPower() *PowerAgreement {
	return &PowerAgreement{Buyer: cloud, Form: "nuclear", Capacity: 120, Starts: start, Ramp: 12, Term: 24, Price: 80, CapacityCharge: 12_000, Floor: 0.5}
}

func TestPowerComesAlongItsRampAndGoesWithItsTerm(t *testing.T) {
	c := goodPower()
	tests := []struct {
		name string
		t    unit.Month
		want unit.MW
	}{
		{"none before it starts", start - 1, 0},
		{"a twelfth in the first month", start, 10},
		{"all after a year", start + 11, 120},
		{"to the last month of the term", start + 23, 120},
		{"none after it", start + 24, 0},
	}
	for _, tt := range tests {
		if got := c.Feed(tt.t).Running; got != tt.want {
			t.Errorf("%s: %v MW, want %v", tt.name, got, tt.want)
		}
	}
	f := c.Feed(start)
	for mw, want := range map[unit.MW]unit.Month{5: start, 10: start, 11: start + 1, 60: start + 5, 120: start + 11} {
		if got := f.When(mw); got != want {
			t.Errorf("%v MW are there in %v, want %v", mw, got, want)
		}
		if c.running(want) < mw-1e-9 {
			t.Errorf("in %v only %v MW run, want %v", want, c.running(want), mw)
		}
	}
	if c.Feed(start+24).Capacity != 0 {
		t.Error("an agreement that has run out still promises power")
	}
}

func TestEachFormOfPowerSaysWhatItBrings(t *testing.T) {
	tests := []struct {
		form                   string
		connects, queued, grid bool
	}{
		{"grid-slot", true, true, true},
		{"onsite-gas", true, false, false},
		{"nuclear", true, false, false},
		{"ppa", false, false, true},
	}
	for _, tt := range tests {
		f := but(goodPower(), func(c *PowerAgreement) { c.Form = tt.form }).Feed(start)
		if f.Connects != tt.connects || f.Queued != tt.queued || f.Grid != tt.grid {
			t.Errorf("%s: %+v", tt.form, f)
		}
	}
}

// With 600 hours of load a month a megawatt costs $48,000 at $80; the charge is $1,000 a month for each that runs.
func TestPowerIsPaidForAsUsedAndAtLeastItsFloor(t *testing.T) {
	tests := []struct {
		name   string
		change func(*PowerAgreement)
		t      unit.Month
		used   unit.MW
		want   float64
	}{
		{"nothing before it starts", func(*PowerAgreement) {}, start - 1, 0, 0},
		{"what is used, and the charge", func(*PowerAgreement) {}, start + 11, 100, 100*48_000 + 120*1000},
		{"half of it when little is used", func(*PowerAgreement) {}, start + 11, 20, 60*48_000 + 120*1000},
		{"only of what runs", func(*PowerAgreement) {}, start, 0, 5*48_000 + 10*1000},
		{"nothing after the term", func(*PowerAgreement) {}, start + 24, 100, 0},
		{"at a price that rises", func(c *PowerAgreement) { c.Escalator = 0.1 }, start + 12, 100, 100*52_800 + 120*1000},
		{"at the region's price without one", func(c *PowerAgreement) { c.Price = 0 }, start + 11, 100, 100*30_000 + 120*1000},
	}
	for _, tt := range tests {
		var s State
		var out Dues
		but(goodPower(), tt.change).Bill(Now{Month: tt.t}, &s, &Meter{Power: tt.used, Hours: 600, EnergyPrice: 50}, &out)
		got := unit.USD(0)
		for _, p := range out.Payments {
			got += p.Amount
			if p.From != cloud || p.To != id.None || p.Income != Energy {
				t.Errorf("%s: %+v, want energy that the cloud pays to the outside", tt.name, p)
			}
		}
		if math.Abs(got.Dollars()-tt.want) > 0.01 || s.Paid != got {
			t.Errorf("%s: pays %v and counts %v, want %v", tt.name, got.Dollars(), s.Paid.Dollars(), tt.want)
		}
	}
}

func TestPowerThatRanBeforeTheStartFeedsWhatIsThere(t *testing.T) {
	var s State
	if goodPower().Open(start+5, &s); s.Taken != 60 {
		t.Errorf("%v MW are in use at the start, want 60", s.Taken)
	}
	s = State{}
	if but(goodPower(), func(c *PowerAgreement) { c.Form = "ppa" }).Open(start+5, &s); s.Taken != 0 {
		t.Errorf("a purchase over the grid has connected %v MW", s.Taken)
	}
}

func TestBadTermsOfAPowerAgreement(t *testing.T) {
	tests := []struct {
		name   string
		change func(*PowerAgreement)
		want   []string
	}{
		{"an agreement", func(*PowerAgreement) {}, nil},
		{"of nothing", func(c *PowerAgreement) { c.Capacity = 0 }, []string{"capacity"}},
		{"for no time", func(c *PowerAgreement) { c.Term, c.Ramp = 0, 0 }, []string{"term"}},
		{"that ramps beyond its term", func(c *PowerAgreement) { c.Ramp = 25 }, []string{"ramp"}},
		{"a purchase without a price", func(c *PowerAgreement) { c.Form, c.Price = "ppa", 0 }, []string{"price"}},
		{"a place in the queue without one", func(c *PowerAgreement) { c.Form, c.Price = "grid-slot", 0 }, nil},
		{"a rise of no price", func(c *PowerAgreement) { c.Form, c.Price, c.Escalator = "grid-slot", 0, 0.02 }, []string{"escalator"}},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range but(goodPower(), tt.change).Faults() {
			got = append(got, f.Term)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: faults in %v, want %v", tt.name, got, tt.want)
		}
	}
}
