package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func shareOf(x float64) unit.Share { return unit.Share(x) }
func rateOf(x float64) unit.Rate   { return unit.Rate(x) }

func TestTheWorthOfALab(t *testing.T) {
	tests := []struct {
		name                                     string
		f                                        Funding
		runRate, growth, sentiment, lead, option float64
		want                                     float64 // dollars
	}{
		{"without growth it is the multiple", Funding{MultipleBase: 14, GrowthElasticity: 0.5}, 10e9, 1, 1, 0, 0, 140e9},
		{"fourfold growth doubles it at an elasticity of a half", Funding{MultipleBase: 14, GrowthElasticity: 0.5}, 10e9, 4, 1, 0, 0, 280e9},
		{"growth counts up to tenfold", Funding{MultipleBase: 10, GrowthElasticity: 1}, 1e9, 50, 1, 0, 0, 100e9},
		{"and a collapse down to a half", Funding{MultipleBase: 10, GrowthElasticity: 1}, 1e9, 0.1, 1, 0, 0, 5e9},
		{"a mood of one half halves it", Funding{MultipleBase: 14}, 10e9, 1, 0.5, 0, 0, 70e9},
		{"ten points ahead at 0.1 are a factor e", Funding{MultipleBase: 14, CapabilityPremium: 0.1}, 10e9, 1, 1, 10, 0, 140e9 * math.E},
		{"more than ten points count as ten", Funding{MultipleBase: 14, CapabilityPremium: 0.1}, 10e9, 1, 1, 40, 0, 140e9 * math.E},
		{"ten behind divide by e", Funding{MultipleBase: 14, CapabilityPremium: 0.1}, 10e9, 1, 1, -40, 0, 140e9 / math.E},
		{"without revenue the option is all", Funding{MultipleBase: 14}, 0, 1, 1, 0, 60e9, 60e9},
		{"the option is added to what revenue is worth", Funding{MultipleBase: 14}, 10e9, 1, 1, 0, 60e9, 200e9},
		{"no price is above fifty trillion", Funding{MultipleBase: 200, GrowthElasticity: 3}, 10e12, 10, 1, 0, 0, 50e12},
		{"and shares the mood", Funding{MultipleBase: 14}, 10e9, 1, 0.5, 0, 60e9, 100e9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.f.PreMoney(tt.runRate, tt.growth, tt.sentiment, tt.lead, tt.option).Dollars()
			if !within(got, tt.want, 1e-9*tt.want+0.01) {
				t.Errorf("worth $%v, want $%v", got, tt.want)
			}
		})
	}
}

// The checks of model-notes (6.2) against OpenAI's 500 and Anthropic's 350 billion of autumn 2025.
func TestTheWorthOfTheTwoLabsOf2025(t *testing.T) {
	f := Funding{MultipleBase: 14, GrowthElasticity: 0.5}
	for _, tt := range []struct {
		name            string
		runRate, growth float64
		want            float64 // billion
	}{{"OpenAI", 20e9, 3.3, 509}, {"Anthropic", 9e9, 9, 378}} {
		if got := f.PreMoney(tt.runRate, tt.growth, 1, 0, 0).Dollars() / 1e9; !within(got, tt.want, 0.5) {
			t.Errorf("%s is worth $%.1fbn, want $%vbn", tt.name, got, tt.want)
		}
	}
}

func TestARoundIsCutToTheLargestDilution(t *testing.T) {
	tests := []struct {
		name      string
		want, pre float64
		raise     float64
		dilution  float64
	}{
		{"what is wanted fits", 10e9, 90e9, 10e9, 0.1},
		{"at 20 % a company worth 80 raises 20", 50e9, 80e9, 20e9, 0.2},
		{"and exactly that when it asks for it", 20e9, 80e9, 20e9, 0.2},
		{"a company worth nothing raises nothing", 50e9, 0, 0, 0},
	}
	f := Funding{MaxDilution: 0.2}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := f.Size(unit.Dollars(tt.want), unit.Dollars(tt.pre))
			if r.Raise != unit.Dollars(tt.raise) || r.PreMoney != unit.Dollars(tt.pre) {
				t.Errorf("wants $%v at $%v: raises $%v at $%v, want $%v", tt.want, tt.pre, r.Raise.Dollars(), r.PreMoney.Dollars(), tt.raise)
			}
			if r.PostMoney() != unit.Dollars(tt.pre+tt.raise) {
				t.Errorf("post-money = $%v, want $%v", r.PostMoney().Dollars(), tt.pre+tt.raise)
			}
			if r.Raise > 0 && !near(r.Dilution(), tt.dilution) {
				t.Errorf("sells %v, want %v", r.Dilution(), tt.dilution)
			}
		})
	}
}

func TestNoRoundSellsMoreThanItMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Funding{MaxDilution: shareOf(rapid.Float64Range(0.01, 0.9).Draw(t, "most"))}
		want := unit.USD(rapid.Int64Range(1, 1e13).Draw(t, "want"))
		pre := unit.USD(rapid.Int64Range(1e8, 1e14).Draw(t, "pre"))
		r := f.Size(want, pre)
		if r.Raise > want || r.Raise < 0 {
			t.Fatalf("wanted %d cents, raises %d", want, r.Raise)
		}
		// A cent more would be too much, but for half a cent of rounding.
		cent := 1 / float64(pre)
		if r.Dilution() > float64(f.MaxDilution)+cent/2+1e-12 {
			t.Fatalf("wanting %d cents at %d sells %v, want at most %v", want, pre, r.Dilution(), f.MaxDilution)
		}
		if r.Raise < want && r.Dilution() < float64(f.MaxDilution)-cent/2-1e-12 {
			t.Fatalf("a round cut to %d of %d cents sells %v, want all of %v", r.Raise, want, r.Dilution(), f.MaxDilution)
		}
	})
}

func TestNoRoundIsAboveHalfTheGreatestPrice(t *testing.T) {
	f := Funding{MaxDilution: 0.9}
	if got := f.Size(unit.Dollars(90e12), unit.Dollars(50e12)).Raise; got != unit.Dollars(25e12) {
		t.Errorf("wanting $90tn at $50tn with nine tenths for sale raises $%v, want $25tn", got.Dollars())
	}
}
