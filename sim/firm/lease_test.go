package firm

import (
	"testing"

	"powerplay/sim/unit"
)

func TestATenantLeavesWhatSavesMost(t *testing.T) {
	// 100 MW at $10bn a gigawatt-year for five years: $5bn, all of it due.
	lease := TenantView{Size: 100, Promised: unit.Dollars(5e9), Floor: 1, Rent: 10e9, Market: 10e9, Switching: 0.1, Free: unit.Dollars(100e9)}
	with := func(change func(*TenantView)) TenantView {
		v := lease
		change(&v)
		return v
	}
	tests := []struct {
		name  string
		v     TenantView
		size  unit.MW
		saved float64
	}{
		{"it needs all and the market is no cheaper", lease, 0, 0},
		{"it lacks some", with(func(v *TenantView) { v.Surplus = -50 }), 0, 0},
		{"a surplus costs nothing to leave", with(func(v *TenantView) { v.Surplus = 40 }), 40, 2e9},
		{"at a fifth of the rent", with(func(v *TenantView) { v.Surplus, v.Cost = 40, unit.Dollars(1e9) }), 40, 1.6e9},
		{"and as much as it can pay for", with(func(v *TenantView) { v.Surplus, v.Cost, v.Free = 40, unit.Dollars(1e9), unit.Dollars(0.1e9) }), 10, 0.4e9},
		{"without money it stays", with(func(v *TenantView) { v.Surplus, v.Cost, v.Free = 40, unit.Dollars(1e9), 0 }), 0, 0},
		{"but rent until the notice is over is not asked at once", with(func(v *TenantView) { v.Surplus, v.Cost, v.Free, v.Whole = 100, unit.Dollars(1e9), 0, true }), 100, 4e9},
		{"at full rent it stays", with(func(v *TenantView) { v.Surplus, v.Cost = 40, unit.Dollars(5e9) }), 0, 0},
		{"half the floor, half the saving", with(func(v *TenantView) { v.Surplus, v.Floor, v.Promised = 40, 0.5, unit.Dollars(2.5e9) }), 40, 1e9},
		{"the market is cheaper by more than the change costs", with(func(v *TenantView) { v.Market = 8e9 }), 100, 0.6e9},
		{"and by less", with(func(v *TenantView) { v.Market = 9.2e9 }), 0, 0},
		{"cheaper, and more than it needs", with(func(v *TenantView) { v.Market, v.Surplus = 8e9, 50 }), 100, 2.8e9},
		{"all or nothing: what it must rent anew is dearer", with(func(v *TenantView) { v.Surplus, v.Whole = 5, true }), 0, 0},
		{"all or nothing: most is idle", with(func(v *TenantView) { v.Surplus, v.Whole = 50, true }), 100, 2.25e9},
		{"nothing to leave", TenantView{Surplus: 100, Rent: 1, Floor: 1}, 0, 0},
	}
	for _, tt := range tests {
		size, saved := tt.v.Leave()
		if d := saved.Dollars() - tt.saved; size != tt.size || d > 1 || d < -1 {
			t.Errorf("%s: leaves %v MW and saves %v, want %v MW and %v", tt.name, size, saved.Dollars(), tt.size, tt.saved)
		}
	}
}

func TestALandlordTakesBackWhatAnotherPaysMoreForOrItsLabLacks(t *testing.T) {
	tests := []struct {
		name          string
		market, lacks float64
		want          bool
	}{
		{"the lease is as good", 12.5e9, 0, false},
		{"another pays more", 12.6e9, 0, true},
		{"its lab lacks a part", 10e9, 99, false},
		{"its lab lacks all of it", 10e9, 100, true},
	}
	for _, tt := range tests {
		v := LandlordView{Size: 100, Rent: 10e9, Market: unit.Rent(tt.market), Resale: 0.8, Lacks: unit.MW(tt.lacks)}
		if got := v.Ends(); got != tt.want {
			t.Errorf("%s: ends %v, want %v", tt.name, got, tt.want)
		}
	}
}
