package firm

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestExpectedGrowthFollowsWhatIsAsked(t *testing.T) {
	tests := []struct {
		name                   string
		smoothing              unit.Share
		growth, demand, before float64
		want                   float64
	}{
		{"a quarter of the news counts", 0.25, 0.04, 1000 * math.Exp(0.08), 1000, 0.05},
		{"steady growth stays", 0.25, 0.04, 1000 * math.Exp(0.04), 1000, 0.04},
		{"without smoothing the last month is all", 1, 0.04, 1000 * math.Exp(-0.1), 1000, -0.1},
		{"with nothing but memory nothing changes", 0, 0.04, 2000, 1000, 0.04},
		{"a jump counts for a fifth at most", 1, 0, 5000, 1000, 0.2},
		{"and so does a fall", 1, 0, 1, 1000, -0.2},
		{"the first demand is no growth", 0.25, 0.04, 1000, 0, 0.04},
		{"nor is its end", 0.25, 0.04, 0, 1000, 0.04},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Cloud{Smoothing: tt.smoothing}
			if got := c.Expect(tt.growth, tt.demand, tt.before); !near(got, tt.want) {
				t.Errorf("Expect(%v, %v, %v) = %v, want %v", tt.growth, tt.demand, tt.before, got, tt.want)
			}
		})
	}
}

func TestWhatACloudOrders(t *testing.T) {
	// A cloud that closes half of its gap a month, plans for 80 % use, projects all of its growth, has 1,000 MW and
	// more money than it can spend. A megawatt costs $40m, half of it within a year: $20m.
	cloud := Cloud{AdjustSpeed: 0.5, Extrapolation: 1, CapexLimit: 1, DebtShare: 0.5, Preemption: 0.1, Sells: true}
	view := CloudView{Lead: 20, Energised: 1000, Target: 0.8, Rent: 12e9, UnitCost: 10e9, CostPerMW: 40e6, CapexHorizon: 0.5, CashFlow: 1e15}
	tests := []struct {
		name   string
		change func(*Cloud, *CloudView)
		wanted unit.MW
		size   unit.MW
		limit  string
	}{
		{"a cloud of which nobody asks anything wants nothing", func(*Cloud, *CloudView) {}, 0, 0, ""},
		{"800 MW asked for at 80 % are just what it has", func(_ *Cloud, v *CloudView) { v.Asked = 800 }, 1000, 0, ""},
		{"it closes half of its gap", func(_ *Cloud, v *CloudView) { v.Asked = 1200 }, 1500, 250, ""},
		{"what is under way counts", func(_ *Cloud, v *CloudView) { v.Asked, v.Pipeline = 1200, 300 }, 1500, 100, ""},
		{"so does what wears out", func(_ *Cloud, v *CloudView) { v.Asked, v.Pipeline, v.Retiring = 1200, 300, 100 }, 1500, 150, ""},
		{"growth is projected over the lead", func(_ *Cloud, v *CloudView) { v.Asked, v.Growth = 800, math.Ln2/20 }, 2000, 500, ""},
		{"or half of it", func(c *Cloud, v *CloudView) { c.Extrapolation, v.Asked, v.Growth = 0.5, 800, math.Ln2/10 }, 2000, 500, ""},
		{"what is asked under contract is not asked twice", func(_ *Cloud, v *CloudView) { v.Asked, v.Committed = 800, 400 }, 900, 0, ""},
		{"its lab and other services take room too", func(_ *Cloud, v *CloudView) { v.Own, v.Internal, v.Asked = 400, 400, 400 }, 1500, 250, ""},
		{"committed lots are built for in full", func(_ *Cloud, v *CloudView) { v.Committed = 1400 }, 1400, 400, ""},
		{"rivals that announce more draw it on", func(_ *Cloud, v *CloudView) { v.Asked, v.RivalRatio, v.OwnRatio = 800, 3, 1 }, 1200, 100, ""},
		{"even by a little", func(_ *Cloud, v *CloudView) { v.Asked, v.RivalRatio, v.OwnRatio = 800, 1.5, 1 }, 1050, 25, ""},
		{"rivals that announce less do not hold it back", func(_ *Cloud, v *CloudView) { v.Asked, v.RivalRatio, v.OwnRatio = 1200, 1, 3 }, 1500, 250, ""},

		// Beside rivals' 1,000 MW it earns most with x = 1,200: r(2,200)·(1 − ½·1,200/2,200) = cost.
		{"a strategic cloud spares the rent", func(c *Cloud, v *CloudView) {
			c.Strategic, v.Asked, v.InService, v.Rivals, v.Elasticity, v.Rent = true, 1200, 2000, 1000, 0.5, unit.Rent(13.75e9*math.Sqrt(1.1))
		}, 1200, 100, ""},
		{"but keeps its promises", func(c *Cloud, v *CloudView) {
			c.Strategic, v.Committed, v.InService, v.Rivals, v.Elasticity = true, 1400, 2000, 1000, 0.5
		}, 1400, 400, ""},

		{"below cost it builds for nobody unnamed", func(_ *Cloud, v *CloudView) { v.Asked, v.Rent = 1200, 9e9 }, 1500, 0, "rent"},
		{"at cost it does build", func(_ *Cloud, v *CloudView) { v.Asked, v.Rent = 1200, 10e9 }, 1500, 250, ""},
		{"only for what it has promised", func(_ *Cloud, v *CloudView) { v.Asked, v.Committed, v.Rent = 2000, 1100, 9e9 }, 2225, 100, "rent"},
		{"rent is no matter to a cloud that sells nothing", func(c *Cloud, v *CloudView) { c.Sells, v.Asked, v.Rent = false, 1200, 9e9 }, 1500, 250, ""},
		{"nor to one whose own lab takes half of it", func(_ *Cloud, v *CloudView) { v.Own, v.Asked, v.Rent = 500, 700, 9e9 }, 1500, 250, ""},
		{"but to one whose lab takes two fifths", func(_ *Cloud, v *CloudView) { v.Own, v.Asked, v.Rent = 400, 800, 9e9 }, 1500, 0, "rent"},

		{"cash flow pays up to the limit", func(_ *Cloud, v *CloudView) { v.Asked, v.CashFlow = 1200, 2e9 }, 1500, 100, "money"},
		{"less what is spent already", func(_ *Cloud, v *CloudView) { v.Asked, v.CashFlow, v.Spending = 1200, 3e9, 1e9 }, 1500, 100, "money"},
		{"a loss pays for nothing", func(_ *Cloud, v *CloudView) { v.Asked, v.CashFlow = 1200, -2e9 }, 1500, 0, "money"},
		{"cash beyond the reserve pays too", func(_ *Cloud, v *CloudView) {
			v.Asked, v.CashFlow, v.Cash, v.Reserve = 1200, 1e9, unit.Dollars(3e9), unit.Dollars(2e9)
		}, 1500, 100, "money"},
		{"a reserve that is not there takes nothing off", func(_ *Cloud, v *CloudView) {
			v.Asked, v.CashFlow, v.Cash, v.Reserve = 1200, 2e9, unit.Dollars(3e9), unit.Dollars(9e9)
		}, 1500, 100, "money"},
		{"lenders advance half of what is contracted", func(_ *Cloud, v *CloudView) { v.Asked, v.CashFlow, v.Contracted = 1200, 0, unit.Dollars(4e9) }, 1500, 100, "money"},
		{"overspent is spent", func(_ *Cloud, v *CloudView) { v.Asked, v.CashFlow, v.Spending = 1200, 1e9, 9e9 }, 1500, 0, "money"},
		{"money can bind below what rent leaves", func(_ *Cloud, v *CloudView) {
			v.Asked, v.Committed, v.Rent, v.CashFlow = 2000, 1100, 9e9, 1e9
		}, 2225, 50, "money"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, v := cloud, view
			tt.change(&c, &v)
			got := c.Invest(v)
			if !near(float64(got.Wanted), float64(tt.wanted)) || !near(float64(got.Size), float64(tt.size)) || got.Limit != tt.limit {
				t.Errorf("%+v: wants %v MW and orders %v (limit %q), want %v, %v (%q)", v, got.Wanted, got.Size, got.Limit, tt.wanted, tt.size, tt.limit)
			}
			if gap := tt.wanted - 1000 - v.Pipeline + v.Retiring; !near(float64(got.Gap), float64(gap)) {
				t.Errorf("gap = %v MW, want %v", got.Gap, gap)
			}
		})
	}
}

func TestNoCloudOrdersMoreThanItsGapOrItsMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := func(name string, most float64) float64 { return rapid.Float64Range(0, most).Draw(t, name) }
		mw := func(name string) unit.MW { return unit.MW(x(name, 5000)) }
		c := Cloud{
			AdjustSpeed: unit.Share(x("speed", 1)), Extrapolation: unit.Share(x("extrapolation", 1)), CapexLimit: x("limit", 2),
			DebtShare: unit.Share(x("debt share", 1)), Preemption: x("preemption", 1), Sells: rapid.Bool().Draw(t, "sells"),
		}
		v := CloudView{
			Lead: unit.Months(x("lead", 40)), Growth: x("growth", 0.1) - 0.05, Own: mw("own"), Internal: mw("internal"), Asked: mw("asked"),
			Committed: mw("committed"), Energised: mw("energised"), Pipeline: mw("pipeline"), RivalRatio: x("rivals", 3), OwnRatio: x("own ratio", 3),
			Target: unit.Share(0.5 + x("target", 0.5)), Rent: unit.Rent(x("rent", 20e9)), UnitCost: unit.Rent(x("cost", 20e9)), CostPerMW: 40e6,
			Spending: unit.USDPerYear(x("spending", 100e9)), CashFlow: unit.USDPerYear(x("cash flow", 200e9) - 50e9),
			Cash: unit.Dollars(x("cash", 50e9)), Reserve: unit.Dollars(x("reserve", 50e9)), Contracted: unit.Dollars(x("contracted", 50e9)),
			CapexHorizon: 0.1 + x("horizon", 0.9),
		}
		o := c.Invest(v)
		if o.Size < 0 || float64(o.Size) > max(0, float64(o.Gap))*(1+1e-9) {
			t.Fatalf("orders %v MW for a gap of %v", o.Size, o.Gap)
		}
		cost := float64(o.Size) * float64(v.CostPerMW) * v.CapexHorizon
		room := c.CapexLimit*max(0, float64(v.CashFlow)) + max(0, v.Cash.Dollars()-v.Reserve.Dollars()) +
			float64(c.DebtShare)*v.Contracted.Dollars() - float64(v.Spending)
		if cost > max(0, room)*(1+1e-9)+1 {
			t.Fatalf("orders for $%v within a year with $%v at hand", cost, room)
		}
		if least := v.Committed + v.Own + v.Internal; o.Wanted < least-1e-6 {
			t.Fatalf("wants %v MW, less than the %v that are spoken for", o.Wanted, least)
		}
		if o.Limit == "" && float64(o.Size) < float64(c.AdjustSpeed)*float64(o.Gap)-1e-6 {
			t.Fatalf("nothing limits it, but of a gap of %v MW it orders %v, not %v of it", o.Gap, o.Size, c.AdjustSpeed)
		}
		v.Pipeline += 100
		if less := c.Invest(v); less.Size > o.Size+1e-6 {
			t.Fatalf("100 MW more under way take the order from %v to %v MW", o.Size, less.Size)
		}
	})
}

func TestMoneyGetsDearBeyondTheLimit(t *testing.T) {
	c := Cloud{HurdleRate: 0.11, CapexLimit: 0.8, SpreadSensitivity: 0.005}
	tests := []struct {
		name            string
		capex, cashFlow unit.USDPerYear
		want            float64
	}{
		{"below the limit it is the hurdle rate", 50, 100, 0.11},
		{"at the limit too", 80, 100, 0.11},
		{"two tenths over it are twice the sensitivity", 100, 100, 0.12},
		{"ten times over and more stops counting", 5000, 100, 0.61},
		{"without cash flow it is as dear as that", 50, 0, 0.61},
		{"and with a loss", 50, -10, 0.61},
	}
	for _, tt := range tests {
		if got := c.Hurdle(tt.capex, tt.cashFlow); !near(got, tt.want) {
			t.Errorf("%s: Hurdle(%v, %v) = %v, want %v", tt.name, tt.capex, tt.cashFlow, got, tt.want)
		}
	}
}

func TestHowAHolderAnswersANotice(t *testing.T) {
	tests := []struct {
		name    string
		refusal string
		view    MatchView
		want    unit.MW
	}{
		{"it takes what it wants and has", "economics", MatchView{Size: 500, Free: 800, Chance: 0.7, Draw: 0.6}, 500},
		{"what it does not want it leaves", "economics", MatchView{Size: 500, Free: 800, Chance: 0.7, Draw: 0.7}, 0},
		{"it takes the part it has", "economics", MatchView{Size: 500, Free: 200, Partial: true, Chance: 0.7, Draw: 0.6}, 200},
		{"or nothing if it must take all", "economics", MatchView{Size: 500, Free: 200, Chance: 0.7, Draw: 0.6}, 0},
		{"with just enough it takes all", "economics", MatchView{Size: 500, Free: 500, Chance: 0.7, Draw: 0.6}, 500},
		{"what it owes to others is no room", "economics", MatchView{Size: 500, Free: -300, Partial: true, Chance: 1, Draw: 0.6}, 0},
		{"always is always, room or not", "always", MatchView{Size: 500, Free: -300, Chance: 0, Draw: 0.9}, 500},
		{"never is never", "never", MatchView{Size: 500, Free: 800, Chance: 1, Draw: 0.1}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Cloud{Refusal: tt.refusal}
			if got := c.Match(tt.view); got != tt.want {
				t.Errorf("%s, %+v: takes %v MW, want %v", tt.refusal, tt.view, got, tt.want)
			}
		})
	}
}
