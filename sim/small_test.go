package sim

import (
	"testing"

	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// The firms of the small world.
const (
	labA id.Firm = iota
	labB
	cloudC
	cloudD
	fund
	maker
	buyer
)

const bn = 1e9

// small is a world of two labs, two clouds, a fund, a maker of chips and other buyers, with numbers of the
// order of the end of 2025.
func small(contracts ...contract.Contract) *Model {
	m := &Model{
		Start: unit.Date(2025, 12), End: unit.Date(2032, 12),
		Regions: []Region{{Key: "us", Name: "US", Connections: 9000, ConnectionGrowth: 0.15, ConnectionTime: 24, OnsiteShare: 0.3, PowerPrice: 60}},
		Firms: []firm.Firm{
			{Key: "lab-a", Name: "Lab A", Cash: unit.Dollars(20 * bn), Valuation: unit.Dollars(300 * bn), Lab: &firm.Lab{
				Capability: 153, Growth: 2.4, Enterprise: 8 * bn, Consumer: 12 * bn, EnterpriseFlow: 0.6, ConsumerFlow: 0.6, Used: 1500, ServingShare: 0.45,
				ResearchGrowth: 1.2, StaffShare: 0.35, ReleaseInterval: 4, Access: 0.4, ChipAccess: 1, Funding: "rounds",
			}},
			{
				Key: "lab-b", Name: "Lab B", Listed: true, Cash: unit.Dollars(90 * bn), Valuation: unit.Dollars(3000 * bn), OperatingCashFlow: 160 * bn,
				CashFlowGrowth: 0.15, CashFlowFade: 0.7, Capex: 90 * bn, CapexAIShare: 0.7,
				Lab: &firm.Lab{
					Capability: 152, Growth: 1, Enterprise: 6 * bn, Consumer: 3 * bn, EnterpriseFlow: 0.4, ConsumerFlow: 0.4, Used: 1200, ServingShare: 0.45,
					ResearchGrowth: 1.0, StaffShare: 0.35, ReleaseInterval: 4, Access: 0.4, ChipAccess: 1, Funding: "business",
				},
				Cloud: smallCloud(4000, 3000),
			},
			{
				Key: "cloud-c", Name: "Cloud C", Listed: true, Cash: unit.Dollars(100 * bn), Valuation: unit.Dollars(2400 * bn), OperatingCashFlow: 140 * bn,
				CashFlowGrowth: 0.15, CashFlowFade: 0.7, Capex: 110 * bn, CapexAIShare: 0.7, Cloud: smallCloud(4000, 3500),
			},
			{
				Key: "cloud-d", Name: "Cloud D", Listed: true, Cash: unit.Dollars(10 * bn), Debt: unit.Dollars(20 * bn), DebtRate: 0.08, DebtTerm: 120,
				Valuation: unit.Dollars(100 * bn), OperatingCashFlow: 10 * bn, CashFlowGrowth: 0.1, CashFlowFade: 0.7, Capex: 20 * bn, CapexAIShare: 1, Cloud: smallCloud(1200, 1500),
			},
			{Key: "fund", Name: "Fund", Cash: unit.Dollars(40 * bn), Valuation: unit.Dollars(50 * bn), Investor: &firm.Investor{Budget: 60 * bn, Growth: 0.1, Taste: 1, Raises: true}},
			{
				Key: "maker", Name: "Maker", Listed: true, Cash: unit.Dollars(60 * bn), Valuation: unit.Dollars(4000 * bn), OperatingCashFlow: 80 * bn,
				Supplier: &firm.Supplier{Shipments: 900_000, Margin: 0.6, Density: 1}, Investor: &firm.Investor{Budget: 10 * bn, Taste: 1, Strategic: true},
			},
			{Key: "buyer", Name: "Other buyers", Buyer: &firm.Buyer{Need: 2500, Growth: 0.4, Elasticity: 0.5}},
		},
		Market: Market{
			Enterprise: smallSegment(0.9, 600*bn), Consumer: smallSegment(0.7, 300*bn),
			Price: market.Price{CostPassThrough: 0.35, CompetitionMarkdown: 0.02, ReleaseMarkup: 0.01, EfficiencyGain: 3, UpgradeShare: 0.8},
			Compute: market.Compute{
				Rent: 11 * bn, H100Rental: 1.7, TightnessElasticity: 1.5, AdjustSpeed: 0.15, CostTrend: -0.25, TargetUtilisation: 0.8,
				TakeOrPay: 0.85, Term: 60, MaxLot: 500, BidMarkup: 0.1, BidProbability: 0.8, SwitchingCost: 0.06, PortingCost: 4, DelayPenalty: 0.03,
				ChoiceNoise: 0.1, RefusalDeterrence: 0.25, RefusalShading: 0.03, MatchNoise: 0.06, StrategicValue: 0.05, ResaleValue: 0.8,
				CommitmentPreference: 0.1,
			},
			Funding: market.Funding{
				MultipleBase: 14, GrowthElasticity: 0.5, CapabilityPremium: 0.01, OptionValue: unit.Dollars(60 * bn), OptionSD: 0.7,
				RunwayTrigger: 12, RunwayTarget: 18, CloseMonths: 3, Interval: 6, SuccessOpen: 0.92, SuccessStressed: 0.45, StressHazard: 0.015,
				RecoveryHazard: 0.08, SentimentSD: 0.2, SentimentMemory: 0.9, MaxDilution: 0.2, InvestorCap: 0.35, SpendCommitment: 2,
				CommitmentTerm: 60, CreditShare: 0.35, CreditExpiry: 24, LeastRound: unit.Dollars(10e6),
			},
			Research: firm.Research{
				AlgorithmicProgress: 2, ComputeElasticity: 0.3, Spillover: 0.35, PointsPerOOM: 11, RunLength: 4,
				DiffusionHalfLife: 8, ReleaseNoise: 1.5, TalentHazard: 0.01, TalentLoss: 2, Floor: 0.35, RevenuePerGWServing: 22 * bn,
				ServingPowerGrowth: -0.25, BudgetHorizon: 18, ParentShare: 0.35, EquityShare: 0.08, Extrapolation: 0.6, RequestLead: 12, ComputeShareOfBudget: 0.65,
			},
			Build: asset.Build{
				CostPerMW: 29e6, CostInflation: 0.03, ITShare: 0.7, ChipShare: 0.39, OpexPerMW: 0.6e6, BuildLag: 19, OpeningSpread: 19, LagShape: 9, FitOut: 5,
				LeaseShare: 0.3, LeaseLag: 9, PhaseIn: 0.25, SlipShare: 0.26, SlipLength: 6, AbandonShare: 0.05, ChipLife: 54, ShellLife: 168, SiteSize: 500, CancelShare: 0.25,
				MinimumSite: 10, AccountingLife: 72,
			},
			Chips:    asset.Chips{SupplyGrowth: 1.2, GrowthFade: -0.3, LeadTime: 9, DensityGrowth: 0.25, Density: 900},
			Power:    asset.Power{OnsiteLead: 15, OnsitePremium: 0.4, LoadFactor: 0.8, PriceGrowth: 0.03, CapacityCharge: 0.05e6, ConnectionSpread: 9, Floor: 20},
			Distress: firm.Distress{Runway: 4, Haircut: 0.3, Discount: 0.3, RescueChance: 0.5, CoverMinimum: 1.2, Hazard: 0.006, Recovery: 0.55, LeastPrice: unit.Dollars(1e6)},
		},
		Contracts: append([]contract.Contract{
			{Key: "a-c", Kind: "capacity-reservation", Signed: unit.Date(2024, 1), Terms: &contract.CapacityReservation{
				Buyer: labA, Seller: cloudC, Capacity: 1200, Starts: unit.Date(2024, 1), Ramp: 1, Term: 60, Rent: 11 * bn, Floor: 0.85, Chips: maker,
			}},
			{Key: "a-d", Kind: "capacity-reservation", Signed: unit.Date(2024, 1), Terms: &contract.CapacityReservation{
				Buyer: labA, Seller: cloudD, Capacity: 300, Starts: unit.Date(2024, 1), Ramp: 1, Term: 48, Rent: 11 * bn, Floor: 0.85, Chips: maker,
			}},
		}, contracts...),
	}
	for i := range m.Firms { // the defaults of the scenario language
		if f := &m.Firms[i]; f.DebtTerm == 0 {
			f.DebtRate, f.DebtTerm = 0.06, 120
		}
	}
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

func smallSegment(growth unit.Rate, ceiling unit.USDPerYear) market.Segment {
	return market.Segment{
		Growth: growth, Ceiling: ceiling, Elasticity: 1.1, QualityWeight: 0.1, PriceWeight: 1, Switching: 0.1,
		NestCorrelation: 0.4, OpenFlow: 0, DistributionBonus: 0.4, ServiceFailure: 0.02, Spill: 0.6, ShockSD: 0.01, PriceTrend: -0.15,
	}
}

func smallCloud(energised, building unit.MW) *firm.Cloud {
	return &firm.Cloud{
		Cohorts:           []firm.Cohort{{Key: "2024", Capacity: energised / 2, Density: 560}, {Key: "2025", Capacity: energised / 2, Density: 800}},
		UnderConstruction: building, Regions: []firm.RegionShare{{Key: "us", Share: 1}}, Chips: []firm.ChipShare{{Key: "maker", Share: 1}},
		InternalUse: 0.2, InternalGrowth: 0.2, HurdleRate: 0.11, CapexLimit: 1.05, DebtShare: 0.7, Smoothing: 0.15, Extrapolation: 0.6, AdjustSpeed: 0.12,
		Preemption: 0.2, SpreadSensitivity: 0.0015, Refusal: "economics", Sells: true, Fill: 1,
	}
}

// play runs a model to its end and stops the test at a broken invariant.
func play(t *testing.T, m *Model, r rng.Run, each func(w *World, month unit.Month)) *World {
	t.Helper()
	w := NewWorld(m)
	w.Reset(m, r)
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if each != nil {
			each(w, month)
		}
	}
	return w
}

// get reads a firm's measure at the last close.
func get(w *World, m measure.ID, f id.Firm) float64 { return w.panel.At(w.m.Layout.Of(m, int(f))) }

func TestSmallWorldRunsToItsEnd(t *testing.T) {
	for run := range uint64(50) {
		play(t, small(), rng.Run{Seed: 1, Index: run}, nil)
	}
}
