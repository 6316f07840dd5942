package scenarios_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/firm"
	"powerplay/sim/unit"
)

// setting is a shipped scenario in which a row of the table is tried.
type setting struct {
	name, variant string
	sets          []string
}

var (
	base       = setting{name: "base-2026"}
	slump      = setting{name: "base-2026", sets: []string{"shocks.slump={kind: factor, on: rent, starts: 2027-01, lasts: 24 months, factor: 0.4, source: [assumption]}"}}
	unbacked   = setting{name: "base-2026", sets: []string{"contracts.nvidia-coreweave-backstop=null", "shocks.slump={kind: factor, on: rent, starts: 2027-01, lasts: 24 months, factor: 0.4, source: [assumption]}"}}
	hardship   = setting{name: "base-2026", sets: []string{"market.funding.success_open=0%", "market.funding.success_stressed=0%"}}
	rofr       = setting{name: "microsoft-rofr", variant: "never-given-up"}
	milestones = setting{name: "amazon-milestones"}
	risky      = setting{name: "base-2026", sets: []string{"market.distress.hazard=10%/month"}}
	promised   = setting{name: "base-2026", sets: []string{"contracts.test={kind: take-or-pay, buyer: openai, seller: google, commitment: $60B, signed: 2026-03, starts: 2026-04, term: 60 months, floor: 90%, prepayment: 20%, make_up: 24 months, indexation: 3%/yr, recut: 55%, source: [assumption]}"}}
	reserved   = setting{name: "base-2026", sets: []string{"contracts.test={kind: capacity-reservation, buyer: openai, seller: coreweave, capacity: 2 GW, signed: 2026-02, starts: 2026-12, schedule: [{by: 2026-12, capacity: 500 MW}, {by: 2027-12, capacity: 2 GW}], term: 6 years, rent: $11B/GW-yr, floor: 85%, delay_penalty: 20%, option: {capacity: 1 GW, rent: $9B/GW-yr, until: 2028, fee: 5%}, source: [assumption]}"}}
	overbooked = setting{name: "base-2026", sets: []string{"contracts.test={kind: capacity-reservation, buyer: openai, seller: coreweave, capacity: 5 GW, signed: 2026-02, starts: 2026-06, term: 6 years, rent: $13B/GW-yr, floor: 85%, exit_after: 6 months, source: [assumption]}"}}
	gifted     = setting{name: "base-2026", sets: []string{"contracts.test={kind: compute-credits, seller: google, lab: anthropic, amount: $6B, expiry: 24 months, discount: 25%, signed: 2026-02, source: [assumption]}"}}
	falling    = setting{name: "base-2026", sets: []string{"contracts.openai-microsoft-share.rates=[{from: 2026-04, rate: 10%}]"}}
	catalogue  = setting{name: "base-2026", sets: []string{"contracts.microsoft-openai-api=null", "contracts.test={kind: distribution, lab: openai, channel: amazon, reach: 40%, lock_in: 90%, signed: 2026-01, source: [assumption]}"}}
)

// part is something that the model claims to simulate, and how to take it out of a shipped scenario.
//
// Each want names a number and how it must move when the part is out: "openai.price @ 2026-12 >" that the
// central run has a higher one; ~ before the name takes the mean of the drawn runs instead, ~ at the end asks
// for a change of either sign; events:kind counts events of all runs; any takes, of some thirty numbers that
// the scenario's readers look at, the one that moves most.
type part struct {
	name, off string
	in        setting // base if empty
	sets      []string
	without   string // kind of contract of which the scenario loses all
	change    func(*sim.Model)
	want      []string
	mute      string // why nothing moves yet, where that is so
}

// least is the relative change that counts as one; what rounding alone does stays far below it.
const least = 1e-4

func each(m *sim.Model, f func(*firm.Firm)) {
	for i := range m.Firms {
		f(&m.Firms[i])
	}
}

func clouds(f func(*firm.Cloud)) func(*sim.Model) {
	return func(m *sim.Model) {
		each(m, func(x *firm.Firm) {
			if x.Cloud != nil {
				f(x.Cloud)
			}
		})
	}
}

func labs(f func(*firm.Lab)) func(*sim.Model) {
	return func(m *sim.Model) {
		each(m, func(x *firm.Firm) {
			if x.Lab != nil {
				f(x.Lab)
			}
		})
	}
}

func suppliers(f func(*firm.Supplier)) func(*sim.Model) {
	return func(m *sim.Model) {
		each(m, func(x *firm.Firm) {
			if x.Supplier != nil {
				f(x.Supplier)
			}
		})
	}
}

func investors(f func(*firm.Investor)) func(*sim.Model) {
	return func(m *sim.Model) {
		each(m, func(x *firm.Firm) {
			if x.Investor != nil {
				f(x.Investor)
			}
		})
	}
}

func regions(f func(*sim.Region)) func(*sim.Model) {
	return func(m *sim.Model) {
		for i := range m.Regions {
			f(&m.Regions[i])
		}
	}
}

var parts = []part{
	{name: "dated shock: demand", off: "added, half for a year", sets: []string{"shocks.test={kind: factor, on: demand, starts: 2026-06, lasts: 12 months, factor: 0.5, source: [assumption]}"}, want: []string{"world.market_size @ 2026-12 <", "world.rent @ 2026-12 <"}},
	{name: "dated shock: chip supply", off: "added, a fifth for a year", sets: []string{"shocks.test={kind: factor, on: chip-supply, starts: 2026-06, lasts: 12 months, factor: 0.2, source: [assumption]}"}, want: []string{"world.chip_supply @ 2026-12 <", "world.total_energised @ 2026-12 <"}},
	{name: "dated shock: power", off: "added, a hundredth for a year", sets: []string{"shocks.test={kind: factor, on: power, starts: 2026-06, lasts: 12 months, factor: 0.01, source: [assumption]}"}, want: []string{"us.power_connected @ 2026-12 <", "us.power_queued @ 2026-12 >", "world.total_energised @ 2027-03 <"}},
	{name: "dated shock: rent", off: "added, half for a year", sets: []string{"shocks.test={kind: factor, on: rent, starts: 2026-06, lasts: 12 months, factor: 0.5, source: [assumption]}"}, want: []string{"world.rent @ 2026-12 <", "world.h100_rental @ 2026-12 <"}},
	{name: "dated shock: sentiment", off: "added, half for a year", sets: []string{"shocks.test={kind: factor, on: sentiment, starts: 2026-06, lasts: 12 months, factor: 0.5, source: [assumption]}"}, want: []string{"world.sentiment @ 2026-12 <", "google.valuation @ 2026-12 <"}},
	{name: "dated shock: algorithms", off: "added, a hundredth for a year", sets: []string{"shocks.test={kind: factor, on: algorithms, starts: 2026-06, lasts: 12 months, factor: 0.01, source: [assumption]}"}, want: []string{"world.frontier_capability @ 2027-05 <"}},
	{name: "dated shock: funding", off: "added, a fifth for a year", sets: []string{"shocks.test={kind: factor, on: funding, starts: 2026-06, lasts: 12 months, factor: 0.2, source: [assumption]}"}, want: []string{"openai.capital_raised @ 2027-06 <", "events:round-failed >"}},
	{name: "dated shock: outside funding", off: "added, a fifth for a year", sets: []string{"shocks.test={kind: factor, on: outside-funding, starts: 2026-06, lasts: 12 months, factor: 0.2, source: [assumption]}"}, want: []string{"openai.capital_raised @ 2027-06 <", "events:shock >"}},
	{name: "dated shock: serving efficiency", off: "added, threefold for a year", sets: []string{"shocks.test={kind: factor, on: serving-efficiency, starts: 2026-06, lasts: 12 months, factor: 3, source: [assumption]}"}, want: []string{"openai.compute_need @ 2026-07 <", "anthropic.price @ 2026-07 <"}},
	{name: "dated shock: energy price", off: "added, threefold for a year", sets: []string{"shocks.test={kind: factor, on: energy-price, starts: 2026-06, lasts: 12 months, factor: 3, source: [assumption]}"}, want: []string{"other-clouds.operating_cash_flow @ 2026-07 <"}},
	{name: "dated shock: chip valuation", off: "added, half for a year", sets: []string{"shocks.test={kind: factor, on: chip-valuation, starts: 2026-06, lasts: 12 months, factor: 0.5, source: [assumption]}"}, want: []string{"nvidia.valuation @ 2026-12 <", "events:shock-over >"}},
	{name: "shock: open-weight-release", off: "added, DeepSeek at 1 point", sets: []string{"shocks.test={kind: open-weight-release, lab: deepseek, behind: 1 point, starts: 2026-06, source: [assumption]}"}, want: []string{"deepseek.capability @ 2026-06 >", "openai.price @ 2026-06 <", "nvidia.valuation @ 2026-06 <"}},
	{name: "shock: outage", off: "added, 70 % of Amazon for half a year", sets: []string{"shocks.test={kind: outage, cloud: amazon, share: 70%, starts: 2026-06, lasts: 6 months, source: [assumption]}"}, want: []string{"amazon.capacity_energised @ 2026-07 <", "anthropic.delivered_capacity(amazon) @ 2026-07 <", "world.rent @ 2026-10 >"}},
	{name: "shock: ban", off: "added, a tenth of Anthropic's enterprises", sets: []string{"shocks.test={kind: ban, lab: anthropic, share: 10%, starts: 2026-06, phase_out: 6 months, source: [assumption]}"}, want: []string{"anthropic.market_share_enterprise @ 2026-12 <", "openai.market_share_enterprise @ 2026-12 >"}},
	{name: "shock: pull-back", off: "added, half of OpenAI's", sets: []string{"shocks.test={kind: pull-back, firm: openai, share: 50%, starts: 2026-06, source: [assumption]}"}, want: []string{"openai.capacity_contracted @ 2026-09 <", "events:pull-back >"}},
	{name: "regulation: review", off: "added, caps OpenAI's share of revenue", sets: []string{"regulation.test={kind: antitrust-review, authority: CMA, holder: microsoft, company: openai, opens: 2026-02, closes: 2026-06, outcome: cap-revenue-share, rate_cap: 5%, source: [assumption]}"}, want: []string{"openai.gross_margin @ 2026-08 >", "events:remedy >"}},
	{name: "regulation: review by chance", off: "added, one a year with a sure remedy", sets: []string{"regulation.test={kind: antitrust-review, authority: CMA, holder: microsoft, company: openai, hazard: 10%/month, length: 6 months, remedy_chance: 100%, source: [assumption]}"}, want: []string{"events:review-opened >", "events:remedy >", "openai.cash @ 2028-12 ~"}},
	{name: "regulation: export control", off: "added, nothing goes to China", sets: []string{"regulation.test={kind: export-control, region: china, changes: [{from: 2026-03, state: denied}], source: [assumption]}"}, want: []string{"china.chips_received @ 2026-05 <", "other-clouds.capacity_energised @ 2027-06 <"}},
	{name: "sentiment", off: "sentiment_sd 0", sets: []string{"market.funding.sentiment_sd=0"}, want: []string{"~world.sentiment @ 2027-12 ~"}},
	{name: "funding regime", off: "stress_hazard 0", sets: []string{"market.funding.stress_hazard=0%/month"}, want: []string{"events:funding-stress <"}},
	{name: "demand noise", off: "shock_sd 0", sets: []string{"market.enterprise.shock_sd=0", "market.consumer.shock_sd=0"}, want: []string{"~world.market_size @ 2026-12 ~"}},
	{name: "expectations of labs", off: "extrapolation 0", sets: []string{"market.research.extrapolation=0%"}, want: []string{"anthropic.capacity_contracted @ 2026-12 <"}},
	{name: "expectations of clouds", off: "extrapolation 0", change: clouds(func(c *firm.Cloud) { c.Extrapolation = 0 }), want: []string{"world.total_energised @ 2028-12 <"}},
	{name: "forecast smoothing", off: "smoothing 0", change: clouds(func(c *firm.Cloud) { c.Smoothing = 0 }), want: []string{"any ~"}},
	{name: "pre-emption", off: "preemption 0", change: clouds(func(c *firm.Cloud) { c.Preemption = 0 }), want: []string{"any ~"}},
	{name: "planned lead", off: "37 months", sets: []string{"market.build.build_lag=37 months"}, want: []string{"world.total_energised @ 2028-12 <"}},
	{name: "building lag", off: "a month", sets: []string{"market.build.build_lag=1 month", "market.build.opening_spread=1 month"}, want: []string{"world.total_energised @ 2026-06 >"}},
	{name: "spread of lags", off: "lag_shape 100", sets: []string{"market.build.lag_shape=100"}, want: []string{"world.total_energised @ 2027-12 ~"}},
	{name: "slip", off: "slip_share 0", sets: []string{"market.build.slip_share=0%"}, want: []string{"~world.total_energised @ 2027-12 >"}},
	{name: "giving up sites", off: "abandon_share 0", sets: []string{"market.build.abandon_share=0%"}, want: []string{"~world.total_energised @ 2028-06 ~", "events:abandon <"}},
	{name: "leased shells", off: "lease_share 0", sets: []string{"market.build.lease_share=0%"}, want: []string{"world.total_energised @ 2027-06 <"}},
	{name: "phase-in", off: "phase_in 0", sets: []string{"market.build.phase_in=0%"}, want: []string{"world.total_energised @ 2026-01 <"}},
	{name: "fit-out", off: "a month", sets: []string{"market.build.fit_out=1 month"}, want: []string{"any ~"}},
	{name: "retirement", off: "chip_life 360 months", sets: []string{"market.build.chip_life=360 months"}, want: []string{"world.total_energised @ 2027-12 >", "world.chip_orders @ 2031-12 <"}},
	{name: "chip supply", off: "unlimited", change: suppliers(func(s *firm.Supplier) { s.Shipments = 1e8 }), want: []string{"world.chip_orders @ 2026-06 ~", "world.total_energised @ 2026-06 >"}},
	{name: "chip stock", off: "lead_time 0", sets: []string{"market.chips.lead_time=0 months"}, want: []string{"any ~"}},
	{name: "chip density", off: "density_growth 0", sets: []string{"market.chips.density_growth=0%/yr"}, want: []string{"google.compute @ 2028-12 <"}},
	{name: "export regions", off: "all makers ship everywhere", change: suppliers(func(s *firm.Supplier) { s.Regions = nil }), want: []string{"any ~"}},
	{name: "power limits", off: "unlimited", change: regions(func(r *sim.Region) { r.Connections = 1e7 }), want: []string{"us.power_queued @ 2026-06 <", "world.total_energised @ 2026-12 >"}},
	{name: "grid wait", off: "none", change: regions(func(r *sim.Region) { r.ConnectionTime = 0.01 }), want: []string{"any ~"}},
	{name: "on-site generation", off: "none", change: regions(func(r *sim.Region) { r.OnsiteShare = 0 }), want: []string{"~us.power_queued @ 2026-12 >"}},
	{name: "premium of on-site energy", off: "0", sets: []string{"market.power.onsite_premium=0"}, want: []string{"~deepseek.operating_cash_flow @ 2026-06 >", "~stargate.operating_cash_flow @ 2026-06 >"}},
	{name: "energy price", off: "0", sets: []string{"market.power.floor=$0/MWh"}, change: regions(func(r *sim.Region) { r.PowerPrice = 0 }), want: []string{"world.rent @ 2026-12 <"}},
	{name: "need: research growth", off: "0", change: labs(func(l *firm.Lab) { l.ResearchGrowth = 0 }), want: []string{"openai.compute_need @ 2027-12 <"}},
	{name: "need: research floor", off: "0", sets: []string{"market.research.floor=0%"}, want: []string{"any ~"}},
	{name: "need: thrift of serving", off: "0", sets: []string{"market.research.serving_power_growth=0%/yr"}, want: []string{"openai.compute_need @ 2026-12 >"}},
	{name: "need: money", off: "no budget", change: func(m *sim.Model) { m.Market.Research.ComputeShareOfBudget = 100 }, want: []string{"openai.capacity_contracted @ 2026-12 >"}},
	{name: "need: parents' money", off: "parent_share 0", sets: []string{"market.research.parent_share=0%"}, want: []string{"google.capacity_used @ 2027-12 <"}},
	{name: "need: expected equity", off: "equity_share 0", sets: []string{"market.research.equity_share=0%"}, want: []string{"anthropic.capacity_contracted @ 2026-12 <"}},
	{name: "procurement", off: "nobody bids", sets: []string{"market.compute.bid_probability=0%"}, want: []string{"anthropic.capacity_contracted @ 2027-06 <", "events:lot <"}},
	{name: "size of lots", off: "50 MW", sets: []string{"market.compute.max_lot=50 MW"}, want: []string{"any ~"}},
	{name: "switching cost", off: "0", sets: []string{"market.compute.switching_cost=0"}, want: []string{"any ~"}},
	{name: "porting cost", off: "0", sets: []string{"market.compute.porting_cost=0 months"}, want: []string{"any ~"}},
	{name: "delay penalty", off: "0", sets: []string{"market.compute.delay_penalty=0"}, want: []string{"any ~"}},
	{name: "noise of choice", off: "0", sets: []string{"market.compute.choice_noise=0"}, want: []string{"any ~"}},
	{name: "preference for promised seller", off: "0", sets: []string{"market.compute.commitment_preference=0"}, want: []string{"any ~"}},
	{name: "floor of lots", off: "take_or_pay 0", sets: []string{"market.compute.take_or_pay=0%"}, want: []string{"any ~"}},
	{name: "mark-up", off: "0", sets: []string{"market.compute.bid_markup=0"}, want: []string{"world.rent @ 2026-12 <"}},
	{name: "investment", off: "adjust_speed 0", change: clouds(func(c *firm.Cloud) { c.AdjustSpeed = 0 }), want: []string{"world.total_energised @ 2028-06 <"}},
	{name: "financing test", off: "capex_limit 0", change: clouds(func(c *firm.Cloud) { c.CapexLimit = 0 }), want: []string{"world.total_energised @ 2028-06 <"}},
	{name: "lenders", off: "debt_share 0", change: clouds(func(c *firm.Cloud) { c.DebtShare = 0 }), want: []string{"any ~"}},
	{name: "spread over the limit", off: "0", change: clouds(func(c *firm.Cloud) { c.SpreadSensitivity = 0 }), want: []string{"any ~"}},
	{name: "hurdle", off: "20 %", change: clouds(func(c *firm.Cloud) { c.HurdleRate = 0.2 }), want: []string{"world.rent @ 2027-06 >"}},
	{name: "spot offers", off: "fill 0", change: clouds(func(c *firm.Cloud) { c.Fill = 0 }), want: []string{"other-clouds.compute_revenue @ 2026-12 <"}},
	{name: "internal use", off: "growth 0", change: clouds(func(c *firm.Cloud) { c.InternalGrowth = 0 }), want: []string{"microsoft.compute_revenue @ 2027-11 ~", "world.rent @ 2027-12 <"}},
	{name: "algorithmic progress", off: "0", sets: []string{"market.research.algorithmic_progress=0%/yr"}, want: []string{"world.frontier_capability @ 2027-12 <"}},
	{name: "own research", off: "compute_elasticity 0", sets: []string{"market.research.compute_elasticity=0"}, want: []string{"openai.capability @ 2028-12 <"}},
	{name: "spill-over of ideas", off: "0", sets: []string{"market.research.spillover=0%"}, want: []string{"any ~"}},
	{name: "scaling", off: "points_per_oom 0.01", sets: []string{"market.research.points_per_oom=0.01"}, want: []string{"world.frontier_capability @ 2027-12 <"}},
	{name: "noise of releases", off: "0", sets: []string{"market.research.release_noise=0"}, want: []string{"~world.frontier_capability @ 2027-12 <"}},
	{name: "releases", off: "every 36 months", change: labs(func(l *firm.Lab) { l.ReleaseInterval = 36 }), want: []string{"world.frontier_capability @ 2026-12 <", "events:release <"}},
	{name: "loss of talent", off: "0", sets: []string{"market.research.talent_hazard=0%/month"}, want: []string{"events:talent <", "any ~"}},
	{name: "catch-up", off: "half-life 120 months, access 0", sets: []string{"market.research.diffusion_half_life=120 months"}, change: labs(func(l *firm.Lab) { l.Access = 0 }), want: []string{"mistral.capability @ 2027-12 <"}},
	{name: "export rules on chips", off: "chip_access 1", change: labs(func(l *firm.Lab) { l.ChipAccess = 1 }), want: []string{"any ~"}},
	{name: "growth of demand", off: "0", sets: []string{"market.enterprise.growth=0%/yr", "market.consumer.growth=0%/yr"}, want: []string{"world.market_size @ 2027-12 <"}},
	{name: "ceiling of demand", off: "near today", sets: []string{"market.enterprise.ceiling=$40B/yr", "market.consumer.ceiling=$30B/yr"}, want: []string{"world.market_size @ 2029-12 <"}},
	{name: "elasticity of demand", off: "0", sets: []string{"market.enterprise.elasticity=0", "market.consumer.elasticity=0"}, want: []string{"any ~"}},
	{name: "logit: quality", off: "0", sets: []string{"market.enterprise.quality_weight=0", "market.consumer.quality_weight=0"}, want: []string{"anthropic.market_share @ 2027-12 ~", "mistral.market_share @ 2027-12 ~"}},
	{name: "logit: price", off: "0", sets: []string{"market.enterprise.price_weight=0", "market.consumer.price_weight=0"}, want: []string{"any ~"}},
	{name: "logit: nests", off: "0", sets: []string{"market.enterprise.nest_correlation=0%", "market.consumer.nest_correlation=0%"}, want: []string{"anthropic.market_share @ 2026-12 ~"}},
	{name: "inertia", off: "all chooses anew each year", sets: []string{"market.enterprise.switching=100%/yr", "market.consumer.switching=100%/yr"}, want: []string{"anthropic.market_share @ 2026-12 >"}},
	{name: "open weights", off: "0", sets: []string{"market.enterprise.open_flow=0%", "market.consumer.open_flow=0%"}, want: []string{"openai.revenue_run_rate @ 2030-12 ~"}},
	{name: "rationing", off: "no loss of appeal", in: rofr, sets: []string{"market.enterprise.service_failure=0", "market.consumer.service_failure=0"}, want: []string{"any ~"}},
	{name: "spill", off: "0", in: rofr, sets: []string{"market.enterprise.spill=0%", "market.consumer.spill=0%"}, want: []string{"any ~"}},
	{name: "pricing: cost", off: "0", sets: []string{"market.price.cost_pass_through=0%"}, want: []string{"openai.price @ 2026-12 >", "world.market_size @ 2026-12 <"}},
	{name: "pricing: competition", off: "0", sets: []string{"market.price.competition_markdown=0"}, want: []string{"openai.price @ 2026-12 >"}},
	{name: "pricing: releases", off: "0", sets: []string{"market.price.release_markup=0"}, want: []string{"openai.price @ 2026-12 <"}},
	{name: "pricing: efficiency", off: "0", sets: []string{"market.price.efficiency_gain=0%/yr"}, want: []string{"openai.price @ 2026-12 >"}},
	{name: "market rent", off: "rigid", sets: []string{"market.compute.adjust_speed=0"}, want: []string{"any ~"}},
	{name: "other services' response to rent", off: "0", sets: []string{"market.compute.internal_elasticity=0"}, want: []string{"any ~"}},
	{name: "tightness", off: "0", sets: []string{"market.compute.tightness_elasticity=0"}, want: []string{"any ~"}},
	{name: "cost trend of compute", off: "0", sets: []string{"market.compute.cost_trend=0%/yr"}, want: []string{"world.h100_rental @ 2026-12 >"}},
	{name: "billing: staff", off: "0", change: labs(func(l *firm.Lab) { l.StaffShare = 0 }), want: []string{"openai.burn @ 2026-06 <", "openai.operating_cash_flow @ 2026-06 >"}},
	{name: "billing: interest", off: "0", change: func(m *sim.Model) { each(m, func(f *firm.Firm) { f.DebtRate = 0 }) }, want: []string{"coreweave.debt @ 2026-12 <"}},
	{name: "other business", off: "growth 0", change: func(m *sim.Model) { each(m, func(f *firm.Firm) { f.CashFlowGrowth = 0 }) }, want: []string{"microsoft.operating_cash_flow @ 2027-12 <"}},
	{name: "other capex", off: "0", change: func(m *sim.Model) { each(m, func(f *firm.Firm) { f.CapexAIShare = 1 }) }, want: []string{"microsoft.capex @ 2026-06 <"}},
	{name: "makers' margin", off: "0", change: suppliers(func(s *firm.Supplier) { s.Margin = 0 }), want: []string{"nvidia.operating_cash_flow @ 2027-12 ~"}},
	{name: "makers' discount", off: "0", change: suppliers(func(s *firm.Supplier) { s.Discount = 0 }), want: []string{"google.capex @ 2026-03 ~"}},
	{name: "rounds", off: "all fail", sets: []string{"market.funding.success_open=0%", "market.funding.success_stressed=0%"}, want: []string{"openai.capital_raised @ 2026-12 <", "openai.capacity_used @ 2027-12 <", "events:round-failed >"}},
	{name: "dilution", off: "at most 2 %", sets: []string{"market.funding.max_dilution=2%"}, want: []string{"anthropic.capital_raised @ 2026-12 <"}},
	{name: "interval of rounds", off: "60 months", sets: []string{"market.funding.interval=60 months"}, want: []string{"events:round-opened <"}},
	{name: "time to close", off: "0", sets: []string{"market.funding.close_months=0 months"}, want: []string{"any ~"}},
	{name: "investors", off: "no budgets", change: investors(func(v *firm.Investor) { v.Budget = 0 }), want: []string{"openai.capital_raised @ 2026-12 <", "events:default >"}},
	{name: "size of tickets", off: "whole rounds", sets: []string{"market.funding.investor_cap=100%"}, want: []string{"any ~"}},
	{name: "price: revenue multiple", off: "0", sets: []string{"market.funding.multiple_base=0"}, want: []string{"openai.valuation @ 2026-12 <"}},
	{name: "price: growth", off: "0", sets: []string{"market.funding.growth_elasticity=0"}, want: []string{"openai.valuation @ 2026-12 <"}},
	{name: "price: capability", off: "0", sets: []string{"market.funding.capability_premium=0"}, want: []string{"any ~"}},
	{name: "price: option value", off: "$1", sets: []string{"market.funding.option_value=$1"}, want: []string{"xai.valuation @ 2026-12 <"}},
	{name: "strategic money", off: "none strategic", change: investors(func(v *firm.Investor) { v.Strategic = false }), want: []string{"openai.commitments_outstanding @ 2027-12 <", "events:take-or-pay <"}},
	{name: "spending commitments", off: "0", sets: []string{"market.funding.spend_commitment=0"}, want: []string{"openai.commitments_outstanding @ 2027-12 <"}},
	{name: "credits of strategic money", off: "0", sets: []string{"market.funding.credit_share=0%"}, want: []string{"any ~", "events:credits <"}},
	{name: "expiry of credits", off: "1 month", sets: []string{"market.funding.credit_expiry=1 month"}, want: []string{"any ~"}},
	{name: "distress", off: "runway 0", sets: []string{"market.distress.runway=0 months"}, want: []string{"events:distress <", "events:relief <"}},
	{name: "relief", off: "haircut 0", sets: []string{"market.distress.haircut=0%"}, want: []string{"events:relief <", "openai.capacity_contracted @ 2028-12 ~"}},
	{name: "rescue rounds", off: "no discount", sets: []string{"market.distress.discount=0%"}, want: []string{"any ~"}},
	{name: "rescue", off: "never", in: hardship, sets: []string{"market.distress.rescue_chance=0%"}, want: []string{"events:rescue <", "events:default >"}},
	{name: "default of clouds", off: "hazard 0", in: risky, sets: []string{"market.distress.hazard=0%/month"}, want: []string{"events:default <"}},
	{name: "test of cover", off: "never", in: risky, sets: []string{"market.distress.cover_minimum=0"}, want: []string{"events:default <"}},
	{name: "lenders' recovery", off: "0", in: risky, sets: []string{"market.distress.recovery=0%"}, want: []string{"~coreweave.debt @ 2026-12 <"}},
	{name: "cancelling", off: "never, rent halved", in: slump, sets: []string{"market.build.cancel_share=0%"}, want: []string{"events:cancel <"}},
	{name: "other buyers", off: "none", sets: []string{"firms.other-buyers.buyer.need=0 MW"}, want: []string{"world.rent @ 2026-12 <", "other-clouds.compute_revenue @ 2026-12 <"}},
	{name: "right of first refusal", off: "none", in: rofr, sets: []string{"contracts.microsoft-openai-refusal=null"}, want: []string{"events:notice <", "events:match <", "microsoft.compute_revenue @ 2027-11 ~"}},
	{name: "notice", off: "0", in: rofr, sets: []string{"contracts.microsoft-openai-refusal.notice=0 months"}, want: []string{"openai.capacity_contracted @ 2026-12 ~"}},
	{name: "part of an offer", off: "full only", in: rofr, sets: []string{"contracts.microsoft-openai-refusal.match=full"}, want: []string{"events:partial-match <"}},
	{name: "match", off: "always", in: rofr, sets: []string{"firms.microsoft.cloud.refusal=always"}, want: []string{"events:match >", "events:decline <"}},
	{name: "decline", off: "always", in: rofr, sets: []string{"firms.microsoft.cloud.refusal=never"}, want: []string{"events:match <"}},
	{name: "rivals bid less", off: "deterrence 0", in: rofr, sets: []string{"market.compute.refusal_deterrence=0%"}, want: []string{"events:no-bid <"}},
	{name: "rivals bid dearer", off: "shading 0", in: rofr, sets: []string{"market.compute.refusal_shading=0"}, want: []string{"~openai.capacity_contracted @ 2027-12 ~"}},
	{name: "strategic value of a lot", off: "0", in: rofr, sets: []string{"market.compute.strategic_value=0"}, want: []string{"any ~"}},
	{name: "noise of matching", off: "1", in: rofr, sets: []string{"market.compute.match_noise=1"}, want: []string{"any ~"}},
	{name: "milestones", off: "no tranches", in: milestones, sets: []string{"contracts.amazon-anthropic-2026.tranches=[]"}, want: []string{"events:lapse <", "anthropic.capital_raised @ 2032-12 ~"}},
	{name: "clause: milestone-funding", off: "removed", in: milestones, sets: []string{"contracts.amazon-anthropic-2026=null"}, want: []string{"amazon.stake(anthropic) @ 2026-06 <", "anthropic.cash @ 2026-06 <"}},
	{name: "clause: capacity-reservation, new", off: "removed", in: milestones, sets: []string{"contracts.amazon-anthropic-capacity=null"}, want: []string{"anthropic.contracted_capacity(amazon) @ 2027-12 <"}},
	{name: "clause: take-or-pay, new", off: "removed", in: promised, sets: []string{"contracts.test=null"}, want: []string{"openai.commitments_outstanding @ 2026-06 <", "openai.contracted_capacity(google) @ 2027-06 <"}},
	{name: "clause: capacity-reservation", off: "all removed", without: "capacity-reservation", want: []string{"oracle.capacity_energised @ 2029-12 ~", "openai.capacity_used @ 2026-01 <"}},
	{name: "delivery in steps", off: "all at once", in: reserved, sets: []string{"contracts.test.schedule=null"}, want: []string{"openai.cash @ 2027-04 ~"}},
	{name: "damages for delay", off: "none", in: reserved, sets: []string{"contracts.test.delay_penalty=0%"}, want: []string{"events:delay-penalty <"}},
	{name: "exit of late sellers", off: "never", in: overbooked, sets: []string{"contracts.test.exit_after=0 months"}, want: []string{"events:exit <", "openai.contracted_capacity(coreweave) @ 2027-06 >"}},
	{name: "option on capacity", off: "none", in: reserved, sets: []string{"contracts.test.option=null"}, want: []string{"openai.contracted_capacity(coreweave) @ 2027-06 <", "any ~"}},
	{name: "prepayment", off: "none", in: promised, sets: []string{"contracts.test.prepayment=0%"}, want: []string{"google.cash @ 2026-03 <", "openai.cash @ 2026-03 >"}},
	{name: "make-up", off: "none", in: promised, sets: []string{"contracts.test.make_up=0 months"}, want: []string{"google.compute_revenue @ 2027-03 >"}},
	{name: "indexation", off: "none", in: promised, sets: []string{"contracts.test.indexation=0%/yr"}, want: []string{"openai.commitments_outstanding @ 2026-06 <"}},
	{name: "recut", off: "none", in: promised, sets: []string{"contracts.test.recut=0%"}, want: []string{"events:recut <", "~openai.commitments_outstanding @ 2027-06 >"}},
	{name: "discount of credits", off: "none", in: gifted, sets: []string{"contracts.test.discount=0%"}, want: []string{"google.compute_revenue @ 2026-06 >"}},
	{name: "path of a share's rate", off: "the first for good", in: falling, sets: []string{"contracts.openai-microsoft-share.rates=null"}, want: []string{"openai.gross_margin @ 2026-06 <"}},
	{name: "clause: take-or-pay", off: "all removed", without: "take-or-pay", want: []string{"openai.commitments_outstanding @ 2026-01 <", "any ~"}},
	{name: "clause: revenue-share", off: "all removed", without: "revenue-share", want: []string{"openai.gross_margin @ 2026-06 >", "openai.operating_cash_flow @ 2026-06 >"}},
	{name: "clause: equity-round", off: "all removed", without: "equity-round", want: []string{"anthropic.cash @ 2026-03 <", "anthropic.capital_raised @ 2026-03 <"}},
	{name: "clause: equity-round, a club's", off: "added, SoftBank's for Anthropic", sets: []string{"contracts.test={kind: equity-round, company: anthropic, lead: softbank, amount: $20B, post_money: $380B, signed: 2026-01, closes: 2026-02, open_share: 20%, lock: 1 year, source: [assumption]}"}, want: []string{"anthropic.crowded_out @ 2026-02 >", "softbank.invested(openai) @ 2026-12 <", "events:locked >"}},
	{name: "clause: milestone-funding, an event", off: "added, Nvidia to OpenAI", sets: []string{"contracts.test={kind: milestone-funding, investor: nvidia, company: openai, signed: 2026-01, tranches: [{amount: $10B, events: [{what: a listing, hazard: 200%/yr}], by: 2027-12}], source: [assumption]}"}, want: []string{"nvidia.invested(openai) @ 2027-12 >", "events:trigger >"}},
	{name: "clause: milestone-funding, money back", off: "added, Microsoft to OpenAI", sets: []string{"contracts.test={kind: milestone-funding, investor: microsoft, company: openai, signed: 2026-01, upfront: {amount: $10B}, on_miss: debt, tranches: [{amount: $1B, when: openai.market_share >= 99%, by: 2026-06}], source: [assumption]}"}, want: []string{"openai.debt @ 2026-07 >", "events:claw-back >"}},
	{name: "clause: convertible-note", off: "added, Amazon to Anthropic", sets: []string{"contracts.test={kind: convertible-note, investor: amazon, company: anthropic, draws: [{on: 2026-02, amount: $5B}], signed: 2026-02, source: [assumption]}"}, want: []string{"anthropic.debt @ 2026-02 >", "anthropic.cash @ 2026-02 >", "events:convert >"}},
	{name: "clause: warrants", off: "added, AMD's for Meta", sets: []string{"contracts.test={kind: warrants, issuer: amd, holder: meta, share: 10%, expires: 2031-02, sells: true, tranches: [{part: 100%, when: meta.delivered_chips(amd) >= 100 MW}], signed: 2026-02, source: [assumption]}"}, want: []string{"meta.cash @ 2026-03 >", "events:vest >"}},
	{name: "clause: compute-credits", off: "added, Amazon to Anthropic", sets: []string{"contracts.test={kind: compute-credits, seller: amazon, lab: anthropic, amount: $5B, expiry: 36 months, signed: 2026-01, source: [assumption]}"}, want: []string{"anthropic.cash @ 2026-12 >", "amazon.cash @ 2026-06 <"}},
	{name: "supply that answers orders", off: "response 0.5", sets: []string{"market.chips.response=0.5"}, want: []string{"world.chip_supply @ 2028-12 ~", "~world.rent @ 2031-12 ~"}},
	{name: "makers' paths", off: "TPUs a tenth cheaper and denser each year", sets: []string{"firms.broadcom.supplier.price_trend=-10%/yr", "firms.broadcom.supplier.density_trend=10%/yr"}, want: []string{"google.compute @ 2028-12 >", "google.capacity_energised @ 2028-12 ~"}},
	{name: "clause: power-agreement", off: "added, Microsoft in Europe", sets: []string{"contracts.test={kind: power-agreement, buyer: microsoft, region: europe, form: onsite-gas, capacity: 1.5 GW, starts: 2026-06, term: 15 years, price: $130/MWh, signed: 2026-01, source: [assumption]}"}, want: []string{"microsoft.capacity_energised @ 2028-12 >", "events:power-connected >"}},
	{name: "clause: power-agreement, price", off: "added, Amazon at $112.5", sets: []string{"contracts.test={kind: power-agreement, buyer: amazon, region: us, form: ppa, capacity: 1.92 GW, starts: 2026-04, term: 15 years, price: $112.5/MWh, signed: 2026-01, source: [D167]}"}, want: []string{"amazon.operating_cash_flow @ 2026-04 <"}},
	{name: "clause: chip-supply", off: "added, AMD to Meta", sets: []string{"contracts.test={kind: chip-supply, maker: amd, buyer: meta, starts: 2026-07, term: 5 years, capacity: 6 GW, priority: true, signed: 2026-01, source: [assumption]}"}, want: []string{"amd.chip_revenue @ 2027-06 >", "any ~"}},
	{name: "clause: cost-plan", off: "added, OpenAI from Google", sets: []string{"contracts.test={kind: cost-plan, firm: openai, from: google, starts: 2026-01, term: 5 years, payment: $3B, pace: 20%, retention: 50%, setback: 3, signed: 2026-01, source: [assumption]}"}, want: []string{"openai.burn @ 2026-03 >", "openai.capability @ 2028-12 >", "google.capability @ 2026-12 <"}},
	{name: "clause: distribution", off: "added, Amazon sells OpenAI's models", sets: []string{"contracts.microsoft-openai-api=null", "contracts.test={kind: distribution, lab: openai, channel: amazon, reach: 40%, lock_in: 30%, reseller_share: 20%, signed: 2026-01, source: [assumption]}"}, want: []string{"openai.market_share_enterprise @ 2026-12 >", "openai.reach_enterprise @ 2026-12 >", "openai.channel_sales(amazon) @ 2026-12 >", "events:channel >", "events:reseller-share >"}},
	{name: "utility of distribution", off: "0", in: catalogue, sets: []string{"market.enterprise.distribution_bonus=0"}, want: []string{"openai.market_share_enterprise @ 2026-12 <"}},
	{name: "lock-in of distribution", off: "0", in: catalogue, sets: []string{"contracts.test.lock_in=0%"}, want: []string{"~openai.market_share_enterprise @ 2027-12 ~"}},
	{name: "clause: lease-pipeline", off: "added, OpenAI at Oracle, left to Microsoft", sets: []string{"contracts.test={kind: lease-pipeline, tenant: openai, landlord: oracle, capacity: 1 GW, letter: 0 months, building: 18 months, term: 60 months, landlord_term: 180 months, cancels: 2026-06, next: microsoft, signed: 2026-01, source: [assumption]}"}, want: []string{"events:lease-stage >", "events:lease-exit >", "oracle.compute_revenue @ 2026-06 >", "microsoft.capacity_contracted @ 2026-12 >"}},
	{name: "clause: backstop", off: "added, Nvidia for CoreWeave", in: unbacked, sets: []string{"contracts.test={kind: backstop, guarantor: nvidia, cloud: coreweave, capacity: 1 GW, amount: $6.3B, rent: $10B/GW-yr, signed: 2026-01, source: [assumption]}"}, want: []string{"events:backstop >", "coreweave.compute_revenue @ 2026-02 >"}},
	{name: "clause: first-refusal", off: "added, Microsoft over OpenAI", sets: []string{"contracts.test={kind: first-refusal, holder: microsoft, lab: openai, notice: 1 month, signed: 2026-01, source: [assumption]}"}, want: []string{"events:notice >", "any ~"}},
}

// reading is the number that a want is about.
func (h *history) reading(t *testing.T, want string) float64 {
	t.Helper()
	if kind, ok := strings.CutPrefix(want, "events:"); ok {
		n := 0
		for _, events := range h.events {
			for _, e := range events {
				if e.Kind == kind && e.What != "" || e.Kind == kind && kind == "funding-stress" {
					n++
				}
			}
		}
		return float64(n)
	}
	name, date, _ := strings.Cut(want, " @ ")
	var year, month int
	if _, err := fmt.Sscanf(date, "%d-%d", &year, &month); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	if drawn, ok := strings.CutPrefix(name, "~"); ok {
		return h.mean(drawn, unit.Date(year, month))
	}
	return h.central(name, unit.Date(year, month))
}

// looked are the numbers among which any chooses.
var looked = strings.Fields("openai.market_share anthropic.market_share google.market_share meta.market_share mistral.market_share xai.market_share " +
	"openai.capacity_used anthropic.capacity_used google.capacity_used xai.capacity_used deepseek.capacity_used " +
	"openai.capacity_contracted anthropic.capacity_contracted mistral.capacity_contracted " +
	"microsoft.capacity_energised oracle.capacity_energised coreweave.capacity_energised other-clouds.capacity_energised " +
	"microsoft.capacity_under_construction openai.valuation xai.valuation " +
	"world.rent world.total_energised world.market_size world.frontier_capability deepseek.capability mistral.capability xai.capability nvidia.chip_revenue")

// most names the number of looked that moves most from one history to the other within two years.
func most(before, after *history) string {
	name, size := looked[0]+" @ 2026-12", 0.0
	for _, n := range looked {
		if before.column(n) < 0 || after.column(n) < 0 { // not every scenario has every firm
			continue
		}
		for _, at := range []unit.Month{unit.Date(2026, 12), unit.Date(2027, 11)} {
			for _, drawn := range []string{"", "~"} {
				x, y := before.central(n, at), after.central(n, at)
				if drawn != "" {
					x, y = before.mean(n, at), after.mean(n, at)
				}
				if d := math.Abs(y-x) / math.Max(math.Abs(x), math.Abs(y)); d > size {
					name, size = fmt.Sprintf("%s%s @ %v", drawn, n, at), d
				}
			}
		}
	}
	return name
}

// drawnRuns is how many runs beside the central one a row is tried in.
const drawnRuns = 5

func TestNothingIsDecor(t *testing.T) {
	if testing.Short() {
		t.Skip("plays each shipped scenario a hundred times")
	}
	runs := runsUpTo(drawnRuns)
	before := map[string]*history{}
	for _, p := range parts {
		if p.in.name == "" {
			p.in = base
		}
		key := fmt.Sprint(p.in)
		whole := load(t, p.in.name, p.in.variant, p.in.sets...)
		if before[key] == nil {
			before[key] = playOut(t, whole, runs, true, nil)
		}
		sets := over(p.in.sets, p.sets)
		if p.without != "" {
			sets = append(sets, without(whole, p.without)...)
		}
		after := playOut(t, load(t, p.in.name, p.in.variant, sets...), runs, true, p.change)
		for _, want := range p.want {
			want, sign := want[:strings.LastIndex(want, " ")], want[strings.LastIndex(want, " ")+1:]
			if want == "any" {
				want = most(before[key], after)
			}
			x, y := before[key].reading(t, want), after.reading(t, want)
			t.Logf("| %s | %s | %s | %.4g | %.4g |", p.name, p.off, want, x, y)
			moved := math.Abs(y-x) > least*math.Abs(x)
			if p.mute != "" {
				if moved {
					t.Errorf("%s acts now; its note says: %s", p.name, p.mute)
				}
				continue
			}
			if !moved || sign == ">" && y < x || sign == "<" && y > x {
				t.Errorf("%s, %s: %s goes from %.6g to %.6g, want %s", p.name, p.off, want, x, y, map[string]string{">": "more", "<": "less", "~": "a change"}[sign])
			}
		}
	}
}

// over lists overrides with others before them where both name a path. What the first add, null takes out again.
func over(first, second []string) []string {
	names := func(sets []string, path string) bool {
		return slices.ContainsFunc(sets, func(set string) bool { return strings.HasPrefix(set, path+"=") })
	}
	var sets []string
	for _, set := range first {
		if path, _, _ := strings.Cut(set, "="); !names(second, path) {
			sets = append(sets, set)
		}
	}
	for _, set := range second {
		if path, value, _ := strings.Cut(set, "="); value != "null" || !names(first, path) {
			sets = append(sets, set)
		}
	}
	return sets
}

// without lists the overrides that take all contracts of a kind out of a scenario.
func without(s *scenarios.Study, kind string) []string {
	var sets []string
	for i := range s.Model.Contracts {
		if c := &s.Model.Contracts[i]; c.Kind == kind {
			sets = append(sets, "contracts."+c.Key+"=null")
		}
	}
	return sets
}
