package rule

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

const (
	holder id.Firm = iota
	company
)

var start = unit.Date(2026, 1)

// passes is a gate that holds or does not.
func passes(x bool) measure.Test {
	return measure.Test{Holds: func(*measure.Panel) bool { return x }}
}

func review() *AntitrustReview {
	return &AntitrustReview{
		Authority: "CMA", Holder: holder, Company: company, Hazard: 0.02, Length: 15, LengthShape: 4, Chill: 0.8, RemedyChance: 0.07, ArmsLength: 0.5,
		Control: 0.25, Weights: Weights{DropExclusivity: 1, DropFirstRefusal: 1, CapRevenueShare: 1, InformationWall: 1},
	}
}

// terms at fault, by name.
func faults(x Terms) []string {
	var names []string
	for _, f := range x.Faults() {
		names = append(names, f.Term)
	}
	return names
}

// opening is the month in which a review opens in a run, counted from the start; -1 if not within 50 years.
func opening(c *AntitrustReview, run uint64) int {
	var s Case
	for k := range 600 {
		if c.Begin(Now{Month: start + unit.Month(k), Run: rng.Run{Seed: 1, Index: run}, Luck: 7}, &s) {
			return k
		}
	}
	return -1
}

func TestEachBadTermOfAReviewIsFound(t *testing.T) {
	tests := []struct {
		name   string
		change func(*AntitrustReview)
		want   []string
	}{
		{"good terms have none", func(*AntitrustReview) {}, nil},
		{"a firm cannot hold shares of itself", func(c *AntitrustReview) { c.Company = holder }, []string{"company"}},
		{"something must let it open", func(c *AntitrustReview) { c.Hazard = 0 }, []string{"opens"}},
		{"a date and a chance contradict each other", func(c *AntitrustReview) { c.Opens = start }, []string{"hazard"}},
		{"a date of decision needs one of opening", func(c *AntitrustReview) { c.Closes = start }, []string{"closes"}},
		{"it is decided after it opens", func(c *AntitrustReview) { c.Hazard, c.Opens, c.Closes = 0, start, start }, []string{"closes"}},
		{"a chance of a remedy needs a remedy", func(c *AntitrustReview) { c.Weights = Weights{} }, []string{"weights"}},
		{"but not where there is no chance", func(c *AntitrustReview) { c.Weights, c.RemedyChance = Weights{}, 0 }, nil},
		{"nor where the outcome is stated", func(c *AntitrustReview) { c.Weights, c.Outcome = Weights{}, Block }, nil},
	}
	for _, tt := range tests {
		c := review()
		tt.change(c)
		if got := faults(c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: at fault %v, want %v", tt.name, got, tt.want)
		}
	}
	c := review()
	if c.Outcome = InformationWall; len(c.Roles()) != 1 || c.Roles()[0].AnyOf[0] != "lab" {
		t.Errorf("a wall around a lab needs roles %v, want the holder to be a lab", c.Roles())
	}
}

func TestAReviewOpensOnItsDate(t *testing.T) {
	c := review()
	c.Hazard, c.Opens, c.Closes = 0, start+3, start+9
	var s Case
	for k := range 6 {
		now := Now{Month: start + unit.Month(k)}
		if got, want := s.Stage == Waiting && c.Begin(now, &s), k == 3; got != want {
			t.Fatalf("month %d: opens %v, want %v", k, got, want)
		}
	}
	if s.Opened != start+3 || s.Decides != start+9 {
		t.Errorf("open from %v, decided in %v; want %v and %v", s.Opened, s.Decides, start+3, start+9)
	}
}

func TestTheCentralReviewOpensWhenHalfWouldHave(t *testing.T) {
	// ln 2/0.02 = 34.7 months of exposure: the 35th month.
	if got := opening(review(), 0); got != 34 {
		t.Errorf("opens after %d months, want 34", got)
	}
	before, n := 0, 0
	for run := uint64(1); run <= 2000; run++ {
		n++
		if k := opening(review(), run); k >= 0 && k <= 34 {
			before++
		}
	}
	if part := float64(before) / float64(n); math.Abs(part-0.503) > 0.04 {
		t.Errorf("%.3f of runs open within 35 months, want 1 − exp(−0.7) = 0.503", part)
	}
}

func TestWithoutInfluenceNoReviewOpensByChance(t *testing.T) {
	c := review()
	c.Influence = passes(false)
	if got := opening(c, 0); got >= 0 {
		t.Errorf("opens after %d months, want never", got)
	}
	c.Influence = passes(true)
	if got := opening(c, 0); got != 34 {
		t.Errorf("with influence it opens after %d months, want 34", got)
	}
}

func TestAReviewTakesItsLength(t *testing.T) {
	c := review()
	c.Hazard, c.Opens = 0, start
	sum := 0.0
	const runs = 4000
	for run := uint64(1); run <= runs; run++ {
		var s Case
		c.Begin(Now{Month: start, Run: rng.Run{Seed: 1, Index: run}, Luck: 7}, &s)
		sum += float64(s.Decides - s.Opened)
	}
	// Months round up, half a month on average.
	if mean := sum / runs; math.Abs(mean-15.5) > 0.5 {
		t.Errorf("mean length %.2f months, want 15.5", mean)
	}
}

func TestGatesDecideBeforeChance(t *testing.T) {
	sure := func(change func(*AntitrustReview)) *AntitrustReview {
		c := review()
		c.RemedyChance = 1
		change(c)
		return c
	}
	all := Partnership{Votes: 0.3, Objects: [outcomes]bool{DropFirstRefusal: true}}
	tests := []struct {
		name string
		c    *AntitrustReview
		p    Partnership
		want Outcome
	}{
		{"with both gates a sure remedy is ordered", sure(func(*AntitrustReview) {}), all, DropFirstRefusal},
		{"without influence it is cleared", sure(func(c *AntitrustReview) { c.Influence = passes(false) }), all, Cleared},
		{"without jurisdiction too", sure(func(c *AntitrustReview) { c.Jurisdiction = passes(false) }), all, Cleared},
		{"and where there is nothing to act on", sure(func(*AntitrustReview) {}), Partnership{Votes: 0.3}, Cleared},
		{"a stated outcome asks for no gate", sure(func(c *AntitrustReview) { c.Influence, c.Outcome = passes(false), Block }), all, Block},
		{"a stated clearance beats a sure remedy", sure(func(c *AntitrustReview) { c.Outcome = Cleared }), all, Cleared},
		{"in the central run 7 % is no remedy", review(), all, Cleared},
	}
	for _, tt := range tests {
		var s Case
		v := tt.c.Decide(Now{Month: start}, &s, tt.p)
		if v.Outcome != tt.want || s.Outcome != tt.want || s.Stage != Closed {
			t.Errorf("%s: %v (case %v, stage %d), want %v", tt.name, v.Outcome, s.Outcome, s.Stage, tt.want)
		}
	}
}

func TestArmsLengthHalvesTheChance(t *testing.T) {
	tests := []struct {
		name string
		p    Partnership
		want float64
	}{
		{"votes at the line of control", Partnership{Votes: 0.25}, 0.07},
		{"few votes and an exclusive right", Partnership{Votes: 0.14, Exclusive: true}, 0.07},
		{"few votes, nothing exclusive", Partnership{Votes: 0.14}, 0.035},
	}
	for _, tt := range tests {
		var s Case
		if v := review().Decide(Now{Month: start}, &s, tt.p); math.Abs(v.Chance-tt.want) > 1e-12 {
			t.Errorf("%s: chance %g, want %g", tt.name, v.Chance, tt.want)
		}
	}
}

func TestRemediesComeByWeightAmongThoseWithAnObject(t *testing.T) {
	c := review()
	c.RemedyChance, c.Weights = 0.4, Weights{DropExclusivity: 1, DropFirstRefusal: 3, CapRevenueShare: 5}
	p := Partnership{Exclusive: true, Objects: [outcomes]bool{DropExclusivity: true, DropFirstRefusal: true, Block: true}}
	const runs = 20000
	var n [outcomes]int
	for run := uint64(1); run <= runs; run++ {
		var s Case
		n[c.Decide(Now{Month: start, Run: rng.Run{Seed: 1, Index: run}}, &s, p).Outcome]++
	}
	want := [outcomes]float64{Cleared: 0.6, DropExclusivity: 0.1, DropFirstRefusal: 0.3}
	for o := range n {
		if part := float64(n[o]) / runs; math.Abs(part-want[o]) > 0.012 {
			t.Errorf("%v in %.3f of runs, want %.3f", Outcome(o), part, want[o])
		}
	}
}

func TestEachKindHasAnExplanationAndFaultsWithoutTerms(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if seen[k.Name] || k.Doc == "" {
			t.Errorf("%s is listed twice or has no description (%q)", k.Name, k.Doc)
		}
		seen[k.Name] = true
		if len(k.New().Faults()) == 0 {
			t.Errorf("%s without any terms has no fault", k.Name)
		}
	}
}
