package contract

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// goodBackstop pays $1bn a month for each full gigawatt that stays unsold, for at most 100 MW and $1bn.
func goodBackstop() *Backstop {
	return &Backstop{Guarantor: fund, Cloud: cloud, Capacity: 100, Amount: unit.Dollars(1e9), Rent: 12e9, Tenant: id.None}
}

func TestAGuarantorPaysTheRentOfWhatStaysUnsold(t *testing.T) {
	ofTenant := but(goodBackstop(), func(c *Backstop) { c.Tenant = lab })
	tests := []struct {
		name           string
		c              *Backstop
		unsold, rented unit.MW
		paid           float64 // before
		want           float64
		left           unit.MW // unsold for the next guarantor
	}{
		{"all is let", goodBackstop(), 0, 0, 0, 0, 0},
		{"a part is not", goodBackstop(), 40, 0, 0, 40e6, 0},
		{"more than is guaranteed", goodBackstop(), 150, 0, 0, 100e6, 50},
		{"the total is near", goodBackstop(), 100, 0, 970e6, 30e6, 0},
		{"the total is reached", goodBackstop(), 100, 0, 1e9, 0, 100},
		{"its tenant stays", ofTenant, 150, 100, 0, 0, 150},
		{"its tenant rents a part", ofTenant, 150, 70, 0, 30e6, 120},
		{"its tenant is gone, others have come", ofTenant, 20, 0, 0, 20e6, 0},
	}
	for _, tt := range tests {
		s := State{Paid: unit.Dollars(tt.paid)}
		m := Meter{Unsold: tt.unsold, Rented: tt.rented}
		var out Dues
		tt.c.Bill(Now{Month: start}, &s, &m, &out)
		got := unit.USD(0)
		for _, p := range out.Payments {
			if p.From != fund || p.To != cloud {
				t.Errorf("%s: %v pays %v", tt.name, p.From, p.To)
			}
			got += p.Amount
		}
		if got != unit.Dollars(tt.want) || m.Unsold != tt.left || s.Paid != unit.Dollars(tt.paid+tt.want) {
			t.Errorf("%s: pays %v of %v MW, %v MW stay; want %v and %v MW", tt.name, got.Dollars(), tt.unsold, m.Unsold, tt.want, tt.left)
		}
	}
}

func TestTheLastPaymentOfAGuaranteeIsTold(t *testing.T) {
	for _, paid := range []float64{0, 950e6} {
		s := State{Paid: unit.Dollars(paid)}
		var out Dues
		goodBackstop().Bill(Now{Month: start, Told: true}, &s, &Meter{Unsold: 100}, &out)
		if told := len(out.Notes) == 1; told != (paid > 0) {
			t.Errorf("after %v: told %v", paid, told)
		}
	}
}

func TestLendersCountAGuaranteeForWhatItStillPays(t *testing.T) {
	tests := []struct {
		name         string
		paid, rented float64
		want         unit.MW
	}{
		{"a year's rent of 83 MW", 0, 0, 1000.0 / 12},
		{"half of it", 0.5e9, 0, 500.0 / 12},
		{"nothing", 1e9, 0, 0},
		{"what its tenant has left", 0, 60, 40},
		{"its tenant has signed for itself", 0, 100, 0},
	}
	for _, tt := range tests {
		if got := goodBackstop().Secures(&State{Paid: unit.Dollars(tt.paid)}, unit.MW(tt.rented)); got-tt.want > 1e-9 || tt.want-got > 1e-9 {
			t.Errorf("%s: %v MW, want %v MW", tt.name, got, tt.want)
		}
	}
}
