package contract

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func TestAShareOfWhatIsSold(t *testing.T) {
	// $300 of enterprise and $100 of consumer revenue, which together cost $200 to serve: $150 and $50.
	m := Meter{Enterprise: unit.Dollars(300), Consumer: unit.Dollars(100), ServingCost: unit.Dollars(200), UsageBill: unit.Dollars(999)}
	tests := []struct {
		name string
		c    RevenueShare
		want float64
	}{
		{"a fifth of everything", RevenueShare{Rate: 0.2, Sold: 1, Segment: "all", Base: "revenue"}, 80},
		{"of enterprises alone", RevenueShare{Rate: 0.2, Sold: 1, Segment: "enterprise", Base: "revenue"}, 60},
		{"of consumers alone", RevenueShare{Rate: 0.2, Sold: 1, Segment: "consumer", Base: "revenue"}, 20},
		{"of the half that a reseller sells", RevenueShare{Rate: 0.2, Sold: 0.5, Segment: "all", Base: "revenue"}, 40},
		{"of gross profit", RevenueShare{Rate: 0.2, Sold: 1, Segment: "all", Base: "gross-profit"}, 40},
		{"of the gross profit on enterprises", RevenueShare{Rate: 0.2, Sold: 1, Segment: "enterprise", Base: "gross-profit"}, 30},
		{"of the gross profit on consumers", RevenueShare{Rate: 0.2, Sold: 1, Segment: "consumer", Base: "gross-profit"}, 10},
		{"up to its cap", RevenueShare{Rate: 0.2, Sold: 1, Segment: "all", Base: "revenue", Cap: unit.Dollars(70)}, 70},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			var out Dues
			tt.c.Payer, tt.c.Payee = lab, cloud
			tt.c.Bill(Now{Contract: 4}, &s, &m, &out)
			want := Payment{lab, cloud, unit.Dollars(tt.want), "revenue-share", 4, Share}
			if len(out.Payments) != 1 || out.Payments[0] != want {
				t.Errorf("asks for %+v, want %+v", out.Payments, want)
			}
			if s.Paid != want.Amount {
				t.Errorf("remembers $%v paid, want $%v", s.Paid.Dollars(), tt.want)
			}
		})
	}
}

func TestWithoutAProfitThereIsNothingToShare(t *testing.T) {
	c := RevenueShare{Payer: lab, Payee: cloud, Rate: 0.2, Sold: 1, Base: "gross-profit"}
	for name, m := range map[string]Meter{
		"serving costs more than it brings": {Enterprise: 100, Consumer: 100, ServingCost: 300},
		"nothing is sold":                   {},
		"nothing is sold, but served":       {ServingCost: 300},
	} {
		var s State
		var out Dues
		if c.Bill(Now{}, &s, &m, &out); len(out.Payments) != 0 || s != (State{}) {
			t.Errorf("%s: asks for %v, want nothing", name, out.Payments)
		}
	}
}

func TestSharesStopAtTheCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := RevenueShare{
			Payer: lab, Payee: cloud, Rate: unit.Share(rapid.Float64Range(0.01, 1).Draw(t, "rate")), Sold: 1,
			Cap: unit.USD(rapid.Int64Range(0, 1e12).Draw(t, "cap")),
		}
		var s State
		paid, earned := unit.USD(0), unit.USD(0)
		for range 30 {
			m := Meter{Enterprise: unit.USD(rapid.Int64Range(0, 1e12).Draw(t, "revenue"))}
			var out Dues
			c.Bill(Now{}, &s, &m, &out)
			for _, p := range out.Payments {
				if p.Amount <= 0 || p.Amount > m.Enterprise {
					t.Fatalf("asks for %d cents of %d", p.Amount, m.Enterprise)
				}
				paid += p.Amount
			}
			earned += m.Enterprise
		}
		want := float64(earned) * float64(c.Rate)
		if c.Cap > 0 {
			want = min(want, float64(c.Cap))
			if paid > c.Cap {
				t.Fatalf("pays %d cents, over its cap of %d", paid, c.Cap)
			}
		}
		if math.Abs(float64(paid)-want) > 30 || s.Paid != paid {
			t.Fatalf("pays %d cents and remembers %d, want %v within a cent a month", paid, s.Paid, want)
		}
	})
}

func TestTheRateFallsAlongItsPath(t *testing.T) {
	// D090: a fifth, to be halved by 2030.
	c := RevenueShare{Payer: lab, Payee: cloud, Rate: 0.2, Sold: 1, Rates: []RateFrom{{start + 2, 0.15}, {start + 4, 0.1}, {start + 5, 0}}}
	var s State
	for k, want := range []float64{200, 200, 150, 150, 100, 0} {
		var out Dues
		c.Bill(Now{Month: start + unit.Month(k), Told: true}, &s, &Meter{Enterprise: unit.Dollars(1000)}, &out)
		got := 0.0
		for _, p := range out.Payments {
			got += p.Amount.Dollars()
		}
		if changes := k == 2 || k == 4 || k == 5; got != want || len(out.Notes) == 1 != changes {
			t.Errorf("month %d: $%v of $1,000 and notes %+v, want $%v", k+1, got, out.Notes, want)
		}
	}
	if dates := c.Dates(); len(dates) != 3 || dates[1].Month != start+4 || dates[1].Term != "rates[1].from" {
		t.Errorf("dates %+v, want those of the three rates", dates)
	}
}

func TestTheLastPaymentUnderACapIsToldOnce(t *testing.T) {
	c := RevenueShare{Payer: lab, Payee: cloud, Rate: 0.5, Sold: 1, Cap: unit.Dollars(120)}
	var s State
	for k, want := range []struct {
		pays  float64
		notes int
	}{{50, 0}, {50, 0}, {20, 1}, {0, 0}} {
		var out Dues
		c.Bill(Now{Month: start + unit.Month(k), Told: true}, &s, &Meter{Consumer: unit.Dollars(100)}, &out)
		got := 0.0
		for _, p := range out.Payments {
			got += p.Amount.Dollars()
		}
		if got != want.pays || len(out.Notes) != want.notes {
			t.Errorf("month %d: pays $%v with %d notes, want $%v with %d", k+1, got, len(out.Notes), want.pays, want.notes)
		}
	}
}
