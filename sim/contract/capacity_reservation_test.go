package contract

import (
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
		Start: unit.Date(2027, 1), End: unit.Date(2031, 12), Ramp: 12, Family: fund, Contract: 6,
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
