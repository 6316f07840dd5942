package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// goodPlan hires from a rival: $60M at once, $12M a year, from the thirteenth month on $24M.
func goodPlan() *CostPlan {
	return &CostPlan{
		Firm: lab, From: rival, Starts: start, Term: 24, Payment: unit.Dollars(60e6), Onboarding: 4, Pace: 0.2, Points: 1, Retention: 0.5, Setback: 2,
		Costs: []Cost{{start, 12e6}, {start + 12, 24e6}},
	}
}

func TestACostPlanPaysOnceAndThenTheCostInForce(t *testing.T) {
	c := goodPlan()
	tests := []struct {
		name string
		t    unit.Month
		want []unit.USD
	}{
		{"nothing before it starts", start - 1, nil},
		{"the payment and the first month", start, []unit.USD{unit.Dollars(60e6), unit.Dollars(1e6)}},
		{"a twelfth of the yearly rate", start + 11, []unit.USD{unit.Dollars(1e6)}},
		{"the next rate from its month on", start + 12, []unit.USD{unit.Dollars(2e6)}},
		{"the last month of the term", start + 23, []unit.USD{unit.Dollars(2e6)}},
		{"nothing after it", start + 24, nil},
	}
	for _, tt := range tests {
		var s State
		var out Dues
		c.Bill(Now{Month: tt.t}, &s, &Meter{}, &out)
		var got []unit.USD
		sum := unit.USD(0)
		for _, p := range out.Payments {
			got = append(got, p.Amount)
			sum += p.Amount
			if p.From != lab || p.Income != Staffing || p.To != rival && p.To != id.None {
				t.Errorf("%s: %+v, want staff that the lab pays", tt.name, p)
			}
		}
		if !slices.Equal(got, tt.want) || s.Paid != sum {
			t.Errorf("%s: pays %v and counts %v, want %v", tt.name, got, s.Paid, tt.want)
		}
	}
}

func TestWhoIsHiredCountsMoreEachMonthUntilSettledIn(t *testing.T) {
	c := goodPlan()
	tests := []struct {
		name         string
		t            unit.Month
		pace, points float64
	}{
		{"a quarter in the first month of four", start, 0.05, 0.25},
		{"half in the second", start + 1, 0.1, 0.25},
		{"all in the fourth", start + 3, 0.2, 0.25},
		{"after that the pace stays and points come no more", start + 4, 0.2, 0},
		{"to the end of the term", start + 23, 0.2, 0},
	}
	for _, tt := range tests {
		var out Dues
		c.Research(Now{Month: tt.t}, &out)
		e := out.Efforts[0]
		if e.Lab != lab || math.Abs(e.Pace-tt.pace) > 1e-12 || math.Abs(float64(e.Points)-tt.points) > 1e-12 || e.Hold != 0.5 {
			t.Errorf("%s: %+v, want pace %v and %v points", tt.name, e, tt.pace, tt.points)
		}
	}
	for _, month := range []unit.Month{start - 1, start + 24} {
		var out Dues
		if c.Research(Now{Month: month}, &out); len(out.Efforts) != 0 {
			t.Errorf("outside its term the plan does %+v", out.Efforts)
		}
	}
}

func TestTheFirmHiredFromIsSetBackOnceAndItIsTold(t *testing.T) {
	c := goodPlan()
	setback, notes := unit.Points(0), 0
	for month := start - 3; month < start+30; month++ {
		var out Dues
		c.Research(Now{Month: month, Told: true}, &out)
		for _, e := range out.Efforts {
			if e.Lab == rival {
				setback += e.Points
			}
		}
		for _, n := range out.Notes {
			if notes++; n.Kind != "hire" || n.Firm != lab || n.With != rival || month != start {
				t.Errorf("%v: %+v", month, n)
			}
		}
	}
	if setback != -2 || notes != 1 {
		t.Errorf("the rival loses %v points in %d hirings, want 2 in one", -setback, notes)
	}
}

func TestOnlyWhoseResearchChangesMustBeALab(t *testing.T) {
	offices := &CostPlan{Firm: cloud, From: id.None, Starts: start, Term: 12, Costs: []Cost{{start, 12e6}}}
	if r := offices.Roles(); len(r) != 0 || len(offices.Faults()) != 0 {
		t.Errorf("offices of a cloud need %v and have faults %v", r, offices.Faults())
	}
	if r := goodPlan().Roles(); len(r) != 2 || r[0].Firm != lab || r[1].Firm != rival {
		t.Errorf("roles are %v, want both firms to be labs", r)
	}
}

func TestBadTermsOfACostPlan(t *testing.T) {
	tests := []struct {
		name   string
		change func(*CostPlan)
		want   []string
	}{
		{"a plan", func(*CostPlan) {}, nil},
		{"for no time", func(c *CostPlan) { c.Term = 0 }, []string{"term"}},
		{"a negative payment", func(c *CostPlan) { c.Payment = -1 }, []string{"payment"}},
		{"from oneself", func(c *CostPlan) { c.From = lab }, []string{"from"}},
		{"a cost before the start", func(c *CostPlan) { c.Costs[0].From = start - 1 }, []string{"costs[0].from"}},
		{"two costs of one month", func(c *CostPlan) { c.Costs[1].From = start }, []string{"costs[1].from"}},
		{"a setback of nobody", func(c *CostPlan) { c.From = id.None }, []string{"setback"}},
		{"nothing at all", func(c *CostPlan) { *c = CostPlan{Firm: lab, From: id.None, Starts: start, Term: 1} }, []string{"costs"}},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range but(goodPlan(), tt.change).Faults() {
			got = append(got, f.Term)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: faults in %v, want %v", tt.name, got, tt.want)
		}
	}
}
