package contract

import (
	"math"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func TestAnExclusivityLeavesTheRoomThatItsScopeAllows(t *testing.T) {
	tests := []struct {
		name   string
		clause Exclusivity
		state  State
		at     Placement
		want   unit.MW // room, worked out by hand
	}{
		{"full keeps all", Exclusivity{Scope: "full", Workload: "all"}, State{}, Placement{Size: 100, Signed: 1000}, 0},
		// At least 60 % with the holder: x ≤ (0.4·1000 − 300)/0.6.
		{"primary leaves the rest", Exclusivity{Scope: "primary", LeastShare: 0.6, Workload: "all"}, State{}, Placement{Size: 500, Signed: 1000, Outside: 300}, 166.66667},
		{"which may be more than is offered", Exclusivity{Scope: "primary", LeastShare: 0.6, Workload: "all"}, State{}, Placement{Size: 100, Signed: 1000, Outside: 300}, 100},
		{"or used up", Exclusivity{Scope: "primary", LeastShare: 0.6, Workload: "all"}, State{}, Placement{Size: 100, Signed: 1000, Outside: 450}, 0},
		// 30 % of the need serves customers, so 70 % is free: (0.7·1000 − 100)/0.3.
		{"only what serves customers is meant", Exclusivity{Scope: "full", Workload: "serving"}, State{}, Placement{Size: 5000, Signed: 1000, Outside: 100, Serving: 0.3}, 2000},
		{"only research is meant", Exclusivity{Scope: "full", Workload: "research"}, State{}, Placement{Size: 5000, Signed: 1000, Outside: 100, Serving: 0.3}, 285.71429},
		{"the holder delivers in time", Exclusivity{Scope: "full", Workload: "all", UnlessShort: true, Patience: 6}, State{}, Placement{Size: 100, Late: 6}, 0},
		{"the holder is too late", Exclusivity{Scope: "full", Workload: "all", UnlessShort: true, Patience: 6}, State{}, Placement{Size: 100, Late: 7}, 100},
		// A fifth was conceded: (0.2·1000 − 150)/0.8.
		{"what was conceded stays conceded", Exclusivity{Scope: "full", Workload: "all"}, State{Waived: 0.2}, Placement{Size: 100, Signed: 1000, Outside: 150}, 62.5},
		{"nothing while a breach is settled", Exclusivity{Scope: "primary", LeastShare: 0.1, Workload: "all"}, State{Size: 50}, Placement{Size: 100, Signed: 1000}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.clause.Room(&tt.state, tt.at); math.Abs(float64(got-tt.want)) > 1e-4 {
				t.Errorf("room for %+v is %v, want %v", tt.at, float64(got), float64(tt.want))
			}
		})
	}
}

func TestAnExclusivityBarsOthersThanHolderAndCarveOuts(t *testing.T) {
	c := Exclusivity{Holder: cloud, Lab: lab, Object: "compute", CarveOuts: []id.Firm{fund}, Regions: []id.Region{2}}
	tests := []struct {
		name        string
		lab, seller id.Firm
		region      id.Region
		want        bool
	}{
		{"a rival in the region", lab, rival, 2, true},
		{"a rival elsewhere", lab, rival, 1, false},
		{"the holder", lab, cloud, 2, false},
		{"a carve-out", lab, fund, 2, false},
		{"a rival of another lab", fund, rival, 2, false},
	}
	for _, tt := range tests {
		if got := c.Bars(tt.lab, tt.seller, tt.region); got != tt.want {
			t.Errorf("%s: barred: %v, want %v", tt.name, got, tt.want)
		}
	}
	c.Object = "api"
	if c.Bars(lab, rival, 2) {
		t.Error("exclusive sale of a product bars compute")
	}
}

func TestAnExclusivityEndsWithItsEvent(t *testing.T) {
	never := measure.Test{Holds: func(*measure.Panel) bool { return false }}
	now := Now{Month: start + 24, Start: start, Run: rng.Run{Index: 0}}
	// The central run has the event at its median: ln 2/0.5 = 1.39 years.
	for _, tt := range []struct {
		after  unit.Month
		hazard unit.Rate
		want   bool
	}{{16, 0.5, false}, {17, 0.5, true}, {24, 0, false}} {
		now.Month = start + tt.after
		if got := (&Exclusivity{EndsWhen: never, EndsHazard: tt.hazard}).Over(now, start-50); got != tt.want {
			t.Errorf("%d months at %v a year: over: %v, want %v", tt.after, float64(tt.hazard), got, tt.want)
		}
	}
	holds := measure.Test{Holds: func(*measure.Panel) bool { return true }}
	if !(&Exclusivity{EndsWhen: holds}).Over(now, start) {
		t.Error("its condition holds and it goes on")
	}
}

func TestClaimsClashWhereBothCannotHold(t *testing.T) {
	full := func(holder id.Firm) *Exclusivity {
		return &Exclusivity{Holder: holder, Lab: lab, Object: "compute", Scope: "full", Workload: "all"}
	}
	primary := func(holder id.Firm, least unit.Share) *Exclusivity {
		return &Exclusivity{Holder: holder, Lab: lab, Object: "compute", Scope: "primary", LeastShare: least, Workload: "all"}
	}
	carved := full(cloud)
	carved.CarveOuts = []id.Firm{rival}
	serving, research := full(cloud), full(rival)
	serving.Workload, research.Workload = "serving", "research"
	east, west := full(cloud), full(rival)
	east.Regions, west.Regions = []id.Region{0, 1}, []id.Region{2}
	api, agents := full(cloud), full(rival)
	api.Object, agents.Object = "api", "agents"
	models := full(cloud)
	models.Object = "models"
	other := full(rival)
	other.Lab = fund
	right := &FirstRefusal{Holder: rival, Lab: lab, Match: "partial"}
	told := &FirstRefusal{Holder: rival, Lab: lab, Match: "notify"}
	tests := []struct {
		name string
		a, b Clause
		want bool
	}{
		{"two full exclusivities", full(cloud), full(rival), true},
		{"of one holder", full(cloud), full(cloud), false},
		{"of two labs", full(cloud), other, false},
		{"full and primary", full(cloud), primary(rival, 0.3), true},
		{"two primaries that leave each other room", primary(cloud, 0.5), primary(rival, 0.5), false},
		{"two primaries that want more than all", primary(cloud, 0.6), primary(rival, 0.5), true},
		{"a carve-out for the other", carved, full(rival), false},
		{"other workloads", serving, research, false},
		{"other regions", east, west, false},
		{"other products", api, agents, false},
		{"all models and one product", models, agents, true},
		{"all models and compute", models, full(rival), false},
		{"full exclusivity and a first refusal", full(cloud), right, true},
		{"primary exclusivity and a first refusal", primary(cloud, 0.6), right, false},
		{"full exclusivity and a right to be told", full(cloud), told, false},
		{"two first refusals", &FirstRefusal{Holder: cloud, Lab: lab}, right, true},
		{"exclusivity and a round", full(cloud), &EquityRound{}, false},
	}
	for _, tt := range tests {
		if got, back := Contradict(tt.a, tt.b), Contradict(tt.b, tt.a); got != tt.want || back != tt.want {
			t.Errorf("%s: contradict: %v (and %v the other way), want %v", tt.name, got, back, tt.want)
		}
	}
}

func TestAClashLastsWhileBothAreInForce(t *testing.T) {
	first := id.Contract(0)
	contracts := []Contract{
		{Key: "old", Signed: start, Terms: &Exclusivity{Holder: cloud, Lab: lab, Scope: "full", Workload: "all"}},
		{Key: "new", Signed: start + 12, Terms: &Exclusivity{Holder: rival, Lab: lab, Scope: "full", Workload: "all"}},
		{Key: "amended", Signed: start + 14, Amends: &first, Terms: &Exclusivity{Holder: cloud, Lab: lab, Scope: "primary", LeastShare: 0.1, Workload: "all"}},
	}
	got := Clashes(contracts)
	want := []Clash{{0, 1, start + 12, start + 13}, {1, 2, start + 14, Never}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("clashes %v, want %v", got, want)
	}
}
