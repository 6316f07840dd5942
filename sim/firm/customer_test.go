package firm

import "testing"

func TestABuyerLeavesALateSellerWhenItLosesNothing(t *testing.T) {
	// 100 MW are late, agreed at $11bn. Another seller costs 6 % more than its rent.
	tests := []struct {
		name string
		v    LeaveView
		want bool
	}{
		{"it has 100 MW to spare", LeaveView{Lost: 100, Lacks: -100, Rent: 11e9, Market: 20e9}, true},
		{"it has 99 MW to spare, and others are dearer", LeaveView{Lost: 100, Lacks: -99, Rent: 11e9, Market: 11e9}, false},
		{"others are a tenth cheaper", LeaveView{Lost: 100, Lacks: 50, Rent: 11e9, Market: 9.9e9, Switching: 0.06}, true},
		{"others are cheaper by less than a change costs", LeaveView{Lost: 100, Lacks: 50, Rent: 11e9, Market: 10.5e9, Switching: 0.06}, false},
		{"nothing that is late would be given up", LeaveView{Lacks: 50, Market: 11e9}, true},
	}
	for _, tt := range tests {
		if got := tt.v.Leaves(); got != tt.want {
			t.Errorf("%s: leaves %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAnOptionIsCalledWhenItIsCheaperOrSooner(t *testing.T) {
	tests := []struct {
		name string
		v    CallView
		want bool
	}{
		{"below the market", CallView{Strike: 10e9, Market: 11e9}, true},
		{"at the market", CallView{Strike: 11e9, Market: 11e9}, false},
		{"above it", CallView{Strike: 12e9, Market: 11e9}, false},
		{"a tenth above it, but four months sooner", CallView{Strike: 12.1e9, Market: 11e9, Sooner: 4, DelayPenalty: 0.03}, true},
		{"a tenth above it and three months sooner", CallView{Strike: 12.1e9, Market: 11e9, Sooner: 3, DelayPenalty: 0.03}, false},
		{"below it by less than a new seller costs", CallView{Strike: 10.5e9, Market: 11e9, Switching: 0.06}, false},
	}
	for _, tt := range tests {
		if got := tt.v.Calls(); got != tt.want {
			t.Errorf("%s: calls %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestASellerReleasesABuyerWhenOthersBringMore(t *testing.T) {
	// Let to another, capacity brings 80 % of the market's $10bn. Of the buyer the floor can be expected.
	tests := []struct {
		name string
		v    ReleaseView
		want bool
	}{
		{"a buyer that surely pays a floor of 85 %", ReleaseView{Market: 10e9, Resale: 0.8, Rent: 10e9, Floor: 0.85, Pays: 1}, false},
		{"one that pays in nine of ten cases", ReleaseView{Market: 10e9, Resale: 0.8, Rent: 10e9, Floor: 0.85, Pays: 0.9}, true},
		{"a floor of 80 %", ReleaseView{Market: 10e9, Resale: 0.8, Rent: 10e9, Floor: 0.8, Pays: 1}, true},
		{"a market that has risen by a tenth", ReleaseView{Market: 11e9, Resale: 0.8, Rent: 10e9, Floor: 0.85, Pays: 1}, true},
	}
	for _, tt := range tests {
		if got := tt.v.Agrees(); got != tt.want {
			t.Errorf("%s: agrees %v ($%v elsewhere, $%v expected), want %v", tt.name, got, tt.v.Elsewhere(), tt.v.Expected(), tt.want)
		}
	}
}
