package contract

import (
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// goodLease is 100 MW at $12bn a gigawatt-year: $1bn for each ten months in full service.
func goodLease() *LeasePipeline {
	return &LeasePipeline{
		Tenant: lab, Landlord: cloud, Capacity: 100, Letter: 6, Statement: 3, Building: 12, Ramp: 1, Term: 60, Rent: 12e9, Floor: 1, BuildsFrom: "lease",
		Conversion: 0.98, StatementCost: 0.01, LeaseCost: 0.2, ServiceCost: 1, Grace: 3, Next: id.None,
	}
}

func TestALeaseComesToItsStagesInTime(t *testing.T) {
	c := goodLease()
	noLetter := but(goodLease(), func(c *LeasePipeline) { c.Letter = 0 })
	signedAtOnce := but(goodLease(), func(c *LeasePipeline) { c.Letter, c.Statement = 0, 0 })
	tests := []struct {
		name string
		c    *LeasePipeline
		at   unit.Month // after the signing
		want LeaseStage
	}{
		{"a letter at first", c, 0, AtLetter},
		{"still one", c, 5, AtLetter},
		{"then a statement", c, 6, AtStatement},
		{"a lease", c, 9, AtLease},
		{"until it serves", c, 20, AtLease},
		{"and then service", c, 21, InService},
		{"no letter", noLetter, 0, AtStatement},
		{"no statement either", signedAtOnce, 0, AtLease},
	}
	for _, tt := range tests {
		if got := tt.c.Stage(start+tt.at, start); got != tt.want {
			t.Errorf("%s: a %v after %d months, want a %v", tt.name, got, tt.at, tt.want)
		}
	}
}

func TestALandlordBuildsFromTheStageAgreed(t *testing.T) {
	for from, after := range map[string]unit.Month{"letter": 0, "statement": 6, "lease": 9} {
		c := but(goodLease(), func(c *LeasePipeline) { c.BuildsFrom = from })
		if got := c.Builds(start); got != start+after {
			t.Errorf("from the %s on: %v, want %v", from, got, start+after)
		}
		before := c.Reserve(Now{Month: start + after - 1, Signed: start}, nil)
		lots := c.Reserve(Now{Month: start + after, Signed: start, Contract: 7}, nil)
		if len(before) != 0 || len(lots) != 1 {
			t.Fatalf("from the %s on: %d lots before, %d then, want 0 and 1", from, len(before), len(lots))
		}
		l := lots[0]
		if l.Size != 100 || l.Start != start+21 || l.End != start+80 || l.Contract != 7 || l.Rent != 12e9 {
			t.Errorf("from the %s on: %+v", from, l)
		}
		if owed := l.Floor > 0; owed != (from == "lease") {
			t.Errorf("from the %s on: floor %v; rent is owed from the signed lease on", from, l.Floor)
		}
	}
}

func TestLeavingGetsDearerFromStageToStage(t *testing.T) {
	c := goodLease()
	l := c.Lot(start, 0)
	promised := l.Rest(start) // 5 years of 100 MW at $12bn a gigawatt-year
	if promised != unit.Dollars(6e9) {
		t.Fatalf("the lease promises %v, want $6bn", promised.Dollars())
	}
	for stage, want := range map[LeaseStage]float64{AtLetter: 0, AtStatement: 60e6, AtLease: 1.2e9, InService: 6e9} {
		if got := c.ExitCost(stage, promised); got != unit.Dollars(want) {
			t.Errorf("leaving a %v costs %v, want %v", stage, got.Dollars(), want)
		}
	}
}

func TestStatementsTurnIntoLeasesAtTheirRate(t *testing.T) {
	c := but(goodLease(), func(c *LeasePipeline) { c.Conversion = 0.9 })
	lapsed := 0
	for run := range uint64(2000) {
		now := Now{Run: rng.Run{Seed: 1, Index: run}, Luck: rng.Luck("lease")}
		if c.Lapses(now) {
			lapsed++
			if run == 0 {
				t.Error("the central run lets the statement lapse")
			}
		}
	}
	if lapsed < 160 || lapsed > 240 {
		t.Errorf("%d of 2000 statements lapse, want about 200", lapsed)
	}
	if c.Statement = 0; c.Lapses(Now{Run: rng.Run{Seed: 1, Index: 1}}) {
		t.Error("a lease without a statement lapses")
	}
}

func TestAMismatchIsTheLandlordsLongerDebt(t *testing.T) {
	for term, want := range map[unit.Months]float64{0: 0, 48: 0, 60: 0, 204: 12} {
		if got := but(goodLease(), func(c *LeasePipeline) { c.LandlordTerm = term }).Mismatch(60); got != want {
			t.Errorf("a landlord that owes for %v against a lease of 60: %v years, want %v", term, got, want)
		}
	}
}
