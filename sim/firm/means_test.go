package firm

import (
	"testing"

	"powerplay/sim/unit"
)

func TestWhetherAFirmPaysAtOnce(t *testing.T) {
	d := unit.Dollars
	tests := []struct {
		name string
		v    MeansView
		free unit.USD
		pays bool
	}{
		{"from cash beyond what it keeps", MeansView{Asked: d(6), Cash: d(10), Kept: d(4)}, d(6), true},
		{"not from what it keeps", MeansView{Asked: d(7), Cash: d(10), Kept: d(4)}, d(6), false},
		{"from money set aside for equity", MeansView{Asked: d(8), Cash: d(10), Kept: d(4), Purse: d(8)}, d(8), true},
		{"if it has the cash", MeansView{Asked: d(12), Cash: d(10), Kept: d(4), Purse: d(20)}, d(10), false},
		{"bills come first", MeansView{Asked: d(6), Cash: d(10), Kept: d(4), Overdue: d(1)}, d(5), false},
		{"lenders add what they would", MeansView{Asked: d(9), Cash: d(10), Kept: d(4), Credit: d(3)}, d(9), true},
		{"more than it has is owed", MeansView{Asked: 0, Cash: d(1), Overdue: d(5)}, 0, true},
	}
	for _, tt := range tests {
		if free, pays := tt.v.Free(), tt.v.Pays(); free != tt.free || pays != tt.pays {
			t.Errorf("%s: %+v spares %v and pays: %v, want %v and %v", tt.name, tt.v, free, pays, tt.free, tt.pays)
		}
	}
}

func TestLendersAddWhatCashFlowCovers(t *testing.T) {
	d := Distress{CoverMinimum: 1.25}
	// A dollar of debt at 10 % over ten years takes 20 cents a year, 25 with the cover: $100 carry $400.
	if got, want := d.Credit(100, unit.Dollars(150), 0.10, 120), unit.Dollars(250); got != want {
		t.Errorf("they add %v, want %v", got, want)
	}
	if got := d.Credit(100, unit.Dollars(500), 0.10, 120); got != 0 {
		t.Errorf("they add %v to a firm that owes too much, want nothing", got)
	}
	if got := d.Credit(-1, 0, 0.10, 120); got != 0 {
		t.Errorf("they add %v to a loss, want nothing", got)
	}
}
