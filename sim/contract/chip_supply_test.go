package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/unit"
)

// goodSupply is 240 MW over two years, half of which is paid for whether taken or not.
func goodSupply() *ChipSupply {
	return &ChipSupply{Maker: rival, Buyer: lab, Starts: start, Term: 24, Capacity: 240, Floor: 0.5, Discount: 0.25, PriceGain: 0.1, DensityGain: 0.05}
}

func TestAScheduleOfChipsIsDueInEqualParts(t *testing.T) {
	power := goodSupply()
	compute := but(goodSupply(), func(c *ChipSupply) { c.Capacity, c.Compute = 0, 30_000 })
	tests := []struct {
		name string
		c    *ChipSupply
		t    unit.Month
		want float64
	}{
		{"nothing before it starts", power, start - 1, 0},
		{"a twenty-fourth in the first month", power, start, 10},
		{"half after a year", power, start + 11, 120},
		{"all after two", power, start + 23, 240},
		{"and no more", power, start + 100, 240},
		{"a month's compute", compute, start, 30_000},
		{"of two years in all", compute, start + 50, 720_000},
	}
	for _, tt := range tests {
		a := tt.c.Allot(tt.t)
		if a.Due != tt.want || a.InCompute != (tt.c == compute) || a.Maker != rival || a.Buyer != lab {
			t.Errorf("%s: %+v, want %v due", tt.name, a, tt.want)
		}
	}
}

func TestChipsAreDevelopedTogetherWhileTheScheduleRuns(t *testing.T) {
	c := goodSupply()
	for month, want := range map[unit.Month]unit.Rate{start - 1: 0, start: 0.1, start + 23: 0.1, start + 24: 0} {
		if a := c.Allot(month); a.PriceGain != want || a.DensityGain != want/2 {
			t.Errorf("%v: gains %v and %v, want %v and %v", month, a.PriceGain, a.DensityGain, want, want/2)
		}
	}
}

// At $10M a megawatt less a quarter, a megawatt not taken costs $7.5M.
func TestTheFloorOfAScheduleIsPaidAtTheEndOfEachYear(t *testing.T) {
	tests := []struct {
		name                    string
		t                       unit.Month
		taken, forgone, waiting float64
		want                    float64 // MW paid for
	}{
		{"not within the year", start + 10, 0, 0, 0, 0},
		{"half of the first year's 120 MW", start + 11, 0, 0, 0, 60},
		{"less what was taken", start + 11, 45, 0, 0, 15},
		{"nothing when the floor was taken", start + 11, 60, 0, 0, 0},
		{"sites that wait for the maker count as taken", start + 11, 20, 0, 30, 10},
		{"what was paid for in the first year is not paid for again", start + 23, 0, 60, 0, 60},
		{"what was taken early counts later", start + 23, 100, 0, 0, 20},
		{"nothing after the schedule", start + 35, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		s := State{Taken: tt.taken, Forgone: tt.forgone}
		var out Dues
		goodSupply().Bill(Now{Month: tt.t}, &s, &Meter{ChipPrice: 10e6, Waiting: tt.waiting}, &out)
		got := unit.USD(0)
		for _, p := range out.Payments {
			got += p.Amount
			if p.From != lab || p.To != rival || p.Income != Chips {
				t.Errorf("%s: %+v, want the buyer to pay the maker for chips", tt.name, p)
			}
		}
		if want := unit.Dollars(tt.want * 7.5e6); got != want || s.Paid != want || math.Abs(s.Forgone-tt.forgone-tt.want) > 1e-9 {
			t.Errorf("%s: pays %v and has %v MW forgone, want %v for %v MW more", tt.name, got.Dollars(), s.Forgone, want.Dollars(), tt.want)
		}
	}
}

func TestWhatWasDueBeforeTheStartHasBeenTaken(t *testing.T) {
	var s State
	goodSupply().Open(start+5, &s)
	if s.Taken != 60 {
		t.Errorf("%v MW count as taken after half a year, want 60", s.Taken)
	}
}

func TestBadTermsOfAChipSupply(t *testing.T) {
	tests := []struct {
		name   string
		change func(*ChipSupply)
		want   []string
	}{
		{"a schedule", func(*ChipSupply) {}, nil},
		{"joint development alone", func(c *ChipSupply) { c.Capacity, c.Floor, c.Discount = 0, 0, 0 }, nil},
		{"for no time", func(c *ChipSupply) { c.Term = 0 }, []string{"term"}},
		{"from oneself", func(c *ChipSupply) { c.Maker = lab }, []string{"buyer"}},
		{"a negative volume", func(c *ChipSupply) { c.Capacity, c.Compute = -1, 1 }, []string{"capacity"}},
		{"a volume given twice", func(c *ChipSupply) { c.Compute = 1 }, []string{"compute"}},
		{"a floor of nothing", func(c *ChipSupply) { c.Capacity = 0 }, []string{"capacity"}},
		{"neither volume nor development", func(c *ChipSupply) { *c = ChipSupply{Maker: rival, Buyer: lab, Term: 1} }, []string{"capacity"}},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range but(goodSupply(), tt.change).Faults() {
			got = append(got, f.Term)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: faults in %v, want %v", tt.name, got, tt.want)
		}
	}
}
