package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestASegmentGrowsTowardsItsCeiling(t *testing.T) {
	twice := math.Pow(2, 1.0/12) // the month of a year that doubles
	tests := []struct {
		name                 string
		segment              Segment
		size, dlnPrice, luck float64
		want                 float64
	}{
		{"far below the ceiling a year's growth is a year's", Segment{Growth: 1, Ceiling: 1e18}, 100, 0, 0, 100 * twice},
		{"halfway the rate is half", Segment{Growth: 1, Ceiling: 200}, 100, 0, 0, 100 * math.Sqrt(twice)},
		{"at the ceiling growth ends", Segment{Growth: 1, Ceiling: 100}, 100, 0, 0, 100},
		{"above it spend shrinks", Segment{Growth: 1, Ceiling: 100}, 200, 0, 0, 200 / twice},
		{"but never faster than it grew", Segment{Growth: 1, Ceiling: 100}, 1000, 0, 0, 1000 / twice},
		{"half the price doubles use and leaves spend at an elasticity of one", Segment{Ceiling: 1e18, Elasticity: 1}, 100, -math.Ln2, 0, 100},
		{"twice the price quarters use and halves spend at two", Segment{Ceiling: 1e18, Elasticity: 2}, 100, math.Ln2, 0, 50},
		{"a fall of prices that growth contains moves nothing", Segment{Ceiling: 1e18, Elasticity: 2, PriceTrend: -0.5}, 100, math.Log(0.5) / 12, 0, 100},
		{"where it fails to come, spend is lost", Segment{Ceiling: 1e18, Elasticity: 13, PriceTrend: -0.5}, 100, 0, 0, 50},
		{"cheaper tokens draw spend up", Segment{Ceiling: 1e18, Elasticity: 2}, 100, -math.Ln2, 0, 200},
		{"by half as much halfway to the ceiling", Segment{Ceiling: 200, Elasticity: 2}, 100, -math.Ln2, 0, 100 * math.Sqrt2},
		{"and not beyond it", Segment{Ceiling: 100, Elasticity: 2}, 100, -math.Ln2, 0, 100},
		{"dearer ones lose spend at any size", Segment{Ceiling: 100, Elasticity: 2}, 100, math.Ln2, 0, 50},
		{"luck is log points", Segment{Ceiling: 1e18}, 100, 0, math.Log(1.1), 110},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.segment.Grow(tt.size, tt.dlnPrice, tt.luck); !near(got, tt.want) {
				t.Errorf("Grow(%v, %v, %v) = %v, want %v", tt.size, tt.dlnPrice, tt.luck, got, tt.want)
			}
		})
	}
}

// market draws a segment and models in it, of which at least one, the last, is on offer.
func anyMarket(t *rapid.T) (*Segment, *Choice) {
	n := rapid.IntRange(2, 7).Draw(t, "models")
	s := &Segment{
		QualityWeight: rapid.Float64Range(0, 1).Draw(t, "quality"),
		PriceWeight:   rapid.Float64Range(0, 3).Draw(t, "price"),
	}
	s.NestCorrelation = shareOf(rapid.Float64Range(0, 0.95).Draw(t, "nest"))
	c := NewChoice(n)
	for i := range n {
		c.Appeal[i] = rapid.Float64Range(-3, 3).Draw(t, "appeal")
		c.Capability[i] = rapid.Float64Range(120, 160).Draw(t, "capability")
		c.LogPrice[i] = rapid.Float64Range(-2, 2).Draw(t, "ln price")
		c.Closed[i] = i < n-1 && rapid.IntRange(0, 4).Draw(t, "closed") == 0
	}
	c.Sort()
	return s, c
}

// nestedLogit is the textbook's formula: the chance of the tier times the chance of the model in it.
func nestedLogit(s *Segment, c *Choice) []float64 {
	n := len(c.Flow)
	best := 0.0
	for i := range n {
		if !c.Closed[i] {
			best = max(best, c.Capability[i])
		}
	}
	lambda := 1 - float64(s.NestCorrelation)
	tiers := map[bool]float64{}
	scaled := make([]float64, n)
	for i := range n {
		if c.Closed[i] {
			continue
		}
		u := c.Appeal[i] + s.QualityWeight*(c.Capability[i]-best) - s.PriceWeight*c.LogPrice[i]
		scaled[i] = math.Exp(u / lambda)
		tiers[c.Capability[i] >= best-8] += scaled[i]
	}
	both := 0.0
	for _, x := range tiers {
		both += math.Pow(x, lambda)
	}
	p := make([]float64, n)
	for i := range n {
		if tier := tiers[c.Capability[i] >= best-8]; !c.Closed[i] && tier > 0 {
			p[i] = math.Pow(tier, lambda) / both * scaled[i] / tier
		}
	}
	return p
}

func TestFlowsAreThoseOfTheNestedLogit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		if s.NestCorrelation > 0.9 {
			s.NestCorrelation = 0.9 // the naive formula overflows beyond
		}
		want := nestedLogit(s, c)
		c.Clear(s)
		for i, f := range c.Flow {
			if !within(f, want[i], 1e-9) {
				t.Fatalf("flows are %v, want %v", c.Flow, want)
			}
		}
	})
}

func TestFlowsSumToOneAndClosedModelsGetNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		c.Clear(s)
		sum := 0.0
		for i, f := range c.Flow {
			if f < 0 || c.Closed[i] && f != 0 {
				t.Fatalf("model %d (closed: %v) gets %v", i, c.Closed[i], f)
			}
			sum += f
		}
		if !within(sum, 1, 1e-12) {
			t.Fatalf("flows %v sum to %v, want 1", c.Flow, sum)
		}
	})
}

// frontierTier lists which models stand in the frontier tier.
func frontierTier(c *Choice) (in [8]bool) {
	top := 0.0
	for i, x := range c.Capability {
		if !c.Closed[i] {
			top = max(top, x)
		}
	}
	for i, x := range c.Capability {
		in[i] = x >= top-tierWidth
	}
	return in
}

func TestBuyersPreferBetterCheaperAndNearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		i := len(c.Flow) - 1
		c.Clear(s)
		before, tiers := c.Flow[i], frontierTier(c)

		by := rapid.Float64Range(0, 5).Draw(t, "by")
		c.Capability[i] += by
		if c.Clear(s); frontierTier(c) == tiers && c.Flow[i] < before-1e-12 {
			t.Fatalf("%v points more take the flow from %v to %v", by, before, c.Flow[i])
		}
		c.Capability[i] -= by

		c.LogPrice[i] += by
		if c.Clear(s); c.Flow[i] > before+1e-12 {
			t.Fatalf("a price %v log points higher takes the flow from %v to %v", by, before, c.Flow[i])
		}
		c.LogPrice[i] -= by

		c.Appeal[i] += by
		if c.Clear(s); c.Flow[i] < before-1e-12 {
			t.Fatalf("appeal %v greater takes the flow from %v to %v", by, before, c.Flow[i])
		}
	})
}

func TestChoicesThatCanBeCheckedByHand(t *testing.T) {
	tests := []struct {
		name       string
		nest       float64
		capability []float64
		appeal     []float64
		closed     []bool
		want       []float64
	}{
		{"like models share alike", 0, []float64{150, 150, 150, 150}, []float64{0, 0, 0, 0}, nil, []float64{0.25, 0.25, 0.25, 0.25}},
		{"ln 3 of appeal is three times the flow", 0, []float64{150, 150}, []float64{math.Log(3), 0}, nil, []float64{0.75, 0.25}},
		{"ten points at 0.1 a point are e times the flow", 0, []float64{150, 140}, []float64{0, 0}, nil, []float64{math.E / (1 + math.E), 1 / (1 + math.E)}},
		{"what is closed is nobody's choice", 0, []float64{150, 150, 150}, []float64{9, 0, 0}, []bool{true, false, false}, []float64{0, 0.5, 0.5}},
		{"a closed model is no frontier", 0.5, []float64{190, 150, 150}, []float64{9, 0, 0}, []bool{true, false, false}, []float64{0, 0.5, 0.5}},
		{"in one tier close substitutes part further: ln 2 becomes 4 to 1", 0.5, []float64{150, 150}, []float64{math.Log(2), 0}, nil, []float64{0.8, 0.2}},
		{"eight points behind is still the frontier tier", 0.5, []float64{150, 142}, []float64{math.Log(2), 0.8}, nil, []float64{0.8, 0.2}},
		{
			"two twins count for √2, not for two, against a lone model", 0.5,
			[]float64{150, 150, 141.9},
			[]float64{0, 0, 0.81},
			nil,
			[]float64{math.Sqrt2 / 2 / (1 + math.Sqrt2), math.Sqrt2 / 2 / (1 + math.Sqrt2), 1 / (1 + math.Sqrt2)},
		},
		{"nothing on offer, nothing chosen", 0.5, []float64{150, 150}, []float64{0, 0}, []bool{true, true}, []float64{0, 0}},
		{"thousands of log points below nothing it is still a choice", 0.5, []float64{150, 150}, []float64{-5000, -5000}, nil, []float64{0.5, 0.5}},
		{"a thousand log points apart is all or nothing", 0.9, []float64{150, 150}, []float64{1000, 0}, nil, []float64{1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Segment{QualityWeight: 0.1, NestCorrelation: shareOf(tt.nest)}
			c := NewChoice(len(tt.want))
			copy(c.Capability, tt.capability)
			copy(c.Appeal, tt.appeal)
			copy(c.Closed, tt.closed)
			c.Sort()
			c.Clear(s)
			for i := range tt.want {
				if !near(c.Flow[i], tt.want[i]) {
					t.Fatalf("flows = %v, want %v", c.Flow, tt.want)
				}
			}
		})
	}
}

func TestPricesCountByTheirWeight(t *testing.T) {
	tests := []struct {
		name  string
		price float64 // log of the first of two models' price, over that of the second
		want  float64 // its flow
	}{
		{"the same price halves the market", 0, 0.5},
		{"twice the price at a weight of two is a quarter of the odds", math.Log(2), 0.2},
		{"half the price four times", -math.Log(2), 0.8},
	}
	for _, tt := range tests {
		s, c := &Segment{PriceWeight: 2}, NewChoice(2)
		copy(c.Capability, []float64{150, 150})
		c.LogPrice[0] = tt.price
		if c.Clear(s); !near(c.Flow[0], tt.want) {
			t.Errorf("%s: flow = %v, want %v", tt.name, c.Flow[0], tt.want)
		}
	}
}

func TestAppealIsWhatExplainsTheOpeningFlows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		want, sum := make([]float64, len(c.Flow)), 0.0
		for i := range want {
			c.Closed[i] = false
			want[i] = rapid.Float64Range(leastFlow, 1).Draw(t, "flow")
			sum += want[i]
		}
		for i := range want {
			want[i] = max(leastFlow, want[i]/sum)
		}
		c.Fit(s, want)
		c.Clear(s)
		for i := range want {
			if !within(c.Flow[i], want[i], 1e-4) || !within(c.Flow[i]/want[i], 1, 1e-3) {
				t.Fatalf("fitted to %v, cleared at %v", want, c.Flow)
			}
		}
	})
}

func TestFlowsThatSumToOneComeBackExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		clear(c.Closed)
		want := make([]float64, len(c.Flow))
		rest := 1.0
		for i := range want {
			want[i] = rest * rapid.Float64Range(0.01, 0.6).Draw(t, "part")
			if i == len(want)-1 {
				want[i] = rest
			}
			rest -= want[i]
		}
		c.Fit(s, want)
		c.Clear(s)
		for i := range want {
			if !within(c.Flow[i], want[i], 1e-10) {
				t.Fatalf("fitted to %v, cleared at %v", want, c.Flow)
			}
		}
	})
}

func TestAModelNobodyBuysKeepsAChance(t *testing.T) {
	s, c := &Segment{QualityWeight: 0.1, NestCorrelation: 0.4}, NewChoice(3)
	copy(c.Capability, []float64{150, 149, 130})
	c.Fit(s, []float64{1, 0, 0})
	c.Clear(s)
	for i, want := range []float64{1, 1e-5, 1e-5} {
		if !within(c.Flow[i]/want, 1, 1e-4) {
			t.Errorf("flows fitted to 1, 0, 0 = %v; want about 1, 1/100,000, 1/100,000", c.Flow)
		}
	}
}

func TestSpendMovesByInertiaAndChoice(t *testing.T) {
	tests := []struct {
		name      string
		switching float64 // a year
		spend     []float64
		flow      []float64
		growth    float64
		want      []float64
	}{
		{"without switching and growth all stays", 0, []float64{60, 40}, []float64{0, 1}, 0, []float64{60, 40}},
		{"new spend goes by choice", 0, []float64{60, 40}, []float64{0.25, 0.75}, 20, []float64{65, 55}},
		{"a twelfth of 12 % chooses anew each month", 0.12, []float64{100, 0}, []float64{0, 1}, 0, []float64{99, 1}},
		{"both together", 0.12, []float64{100, 0}, []float64{0.5, 0.5}, 10, []float64{104.5, 5.5}},
		{"when the segment shrinks all lose in proportion", 0, []float64{60, 40}, []float64{1, 0}, -50, []float64{30, 20}},
		{"and what is left still switches", 0.12, []float64{100, 0}, []float64{0, 1}, -50, []float64{49.5, 0.5}},
		{"it cannot shrink below nothing", 0, []float64{60, 40}, []float64{1, 0}, -500, []float64{0, 0}},
		{"an empty segment starts by choice", 0.12, []float64{0, 0}, []float64{0.25, 0.75}, 100, []float64{25, 75}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Segment{Switching: rateOf(tt.switching)}
			got := append([]float64(nil), tt.spend...)
			s.Renew(got, make([]float64, len(got)), tt.flow, tt.growth)
			for i := range got {
				if !near(got[i], tt.want[i]) {
					t.Fatalf("spend %v with flow %v and growth %v becomes %v, want %v", tt.spend, tt.flow, tt.growth, got, tt.want)
				}
			}
		})
	}
}

func TestLockedSpendStays(t *testing.T) {
	s := Segment{Switching: rateOf(0.12)}
	tests := []struct {
		name       string
		growth     float64
		want       []float64
		keep, pool float64
	}{
		{"a hundredth of the 40 that are free moves", 0, []float64{99.6, 0.4}, 1, 0.4},
		{"and of the 20 in a segment that halves", -50, []float64{49.8, 0.2}, 0.5, 0.2},
	}
	for _, tt := range tests {
		got := []float64{100, 0}
		keep, pool := s.Renew(got, []float64{60, 0}, []float64{0, 1}, tt.growth)
		if !near(got[0], tt.want[0]) || !near(got[1], tt.want[1]) || !near(keep, tt.keep) || !near(pool, tt.pool) {
			t.Errorf("%s: spend %v, kept %v, chose %v; want %v, %v, %v", tt.name, got, keep, pool, tt.want, tt.keep, tt.pool)
		}
	}
}

func TestReachCountsAsUtility(t *testing.T) {
	c := NewChoice(2)
	s := Segment{DistributionBonus: 0.4}
	c.Reach[0] = 0.5
	c.Clear(&s)
	// e^0.2 against 1.
	if want := math.Exp(0.2) / (1 + math.Exp(0.2)); !near(c.Flow[0], want) {
		t.Errorf("a model that half of all customers have at hand wins %v, want %v", c.Flow[0], want)
	}
}

func TestSpendIsNeitherMadeNorLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := anyMarket(t)
		s.Switching = rateOf(rapid.Float64Range(0, 1).Draw(t, "switching"))
		c.Clear(s)
		spend, total := make([]float64, len(c.Flow)), 0.0
		for i := range spend {
			spend[i] = rapid.Float64Range(0, 1e11).Draw(t, "spend")
			total += spend[i]
		}
		growth := total * rapid.Float64Range(-1, 3).Draw(t, "growth")
		locked := make([]float64, len(spend))
		for i := range locked {
			locked[i] = spend[i] * rapid.Float64Range(0, 1).Draw(t, "locked")
		}
		s.Renew(spend, locked, c.Flow, growth)
		sum := 0.0
		for _, x := range spend {
			if x < 0 {
				t.Fatalf("spend %v is negative somewhere", spend)
			}
			sum += x
		}
		if !within(sum, total+growth, 1e-9*(total+math.Abs(growth))) {
			t.Fatalf("spend of %v and growth of %v become %v, want %v", total, growth, sum, total+growth)
		}
	})
}

func TestListPricesFollowCostQualityAndRivals(t *testing.T) {
	p := Price{CostPassThrough: 0.4, ReleaseMarkup: 0.01, CompetitionMarkdown: 0.02}
	tests := []struct {
		name       string
		cost, gain float64
		margin     float64
		contested  bool
		want       float64
	}{
		{"nothing happens", 0, 0, 1, false, 0},
		{"two fifths of a cost cut are passed on", -0.1, 0, 1, false, -0.04},
		{"five points more carry five hundredths", 0, 5, 1, false, 0.05},
		{"a rival nearby cuts two hundredths", 0, 0, 1, true, -0.02},
		{"all at once", -0.1, 5, 1, true, -0.01},
		{"no price is cut below cost", 0, 0, 0.01, true, -0.01},
		{"nor one that stands below it", 0, 0, -0.5, true, 0},
		{"but what a cheaper month leaves is", -0.02, 0, 0, true, -0.02},
	}
	for _, tt := range tests {
		if got := p.Change(tt.cost, tt.gain, tt.margin, tt.contested); !near(got, tt.want) {
			t.Errorf("%s: Change(%v, %v, %v, %v) = %v, want %v", tt.name, tt.cost, tt.gain, tt.margin, tt.contested, got, tt.want)
		}
	}
}

func TestAModelThatRisesIntoTheFrontierTierLosesNothing(t *testing.T) {
	s := &Segment{QualityWeight: 0.14, NestCorrelation: 0.4}
	c := NewChoice(3)
	copy(c.Capability, []float64{150, 141.9, 149})
	c.Fit(s, []float64{0.5, 0.2, 0.3})
	c.Clear(s)
	before := c.Flow[1]
	c.Capability[1] = 142.1
	if c.Clear(s); c.Flow[1] < before || c.Flow[1] > before+0.01 {
		t.Errorf("0.2 points more take the flow from %v to %v, want a little more", before, c.Flow[1])
	}
}
