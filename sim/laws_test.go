package sim

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// anyWorld is a small world with numbers drawn far around those of small.
func anyWorld(t *rapid.T) *Model {
	m := small()
	between := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
	times := func(name string, x, factor float64) float64 {
		return x * math.Pow(factor, between(name, -1, 1))
	}
	b, f, c, r := &m.Market.Build, &m.Market.Funding, &m.Market.Compute, &m.Market.Research
	b.BuildLag = unit.Months(between("build lag", 1, 60))
	b.OpeningSpread = unit.Months(between("opening spread", 1, 40))
	b.FitOut = unit.Months(between("fit-out", 1, 12))
	b.SlipShare, b.AbandonShare = unit.Share(between("slip", 0, 1)), unit.Share(between("abandon", 0, 0.6))
	b.LeaseShare, b.PhaseIn = unit.Share(between("lease", 0, 1)), unit.Share(between("phase-in", 0, 1))
	b.ChipLife = unit.Months(between("chip life", 12, 120))
	b.MinimumSite = unit.MW(between("least site", 1, 200))
	b.CostPerMW = unit.USDPerMW(times("cost", 29e6, 3))
	m.Market.Chips.SupplyGrowth = unit.Rate(between("supply growth", -0.5, 3))
	m.Market.Chips.LeadTime = unit.Months(between("chip lead", 0, 18))
	m.Regions[0].Connections = unit.MW(times("power", 9000, 20))
	m.Regions[0].ConnectionTime = unit.Months(between("grid", 0.1, 60))
	f.SuccessOpen = unit.Share(between("success", 0, 1))
	f.StressHazard = unit.Hazard(between("stress", 0, 0.3))
	f.MultipleBase = between("multiple", 0, 40)
	f.SentimentSD, f.CreditShare = between("mood", 0, 1), unit.Share(between("credits", 0, 1))
	f.MaxDilution = unit.Share(between("dilution", 0.02, 0.5))
	c.Rent = unit.Rent(times("rent", 11*bn, 3))
	c.TightnessElasticity, c.AdjustSpeed = between("tightness", 0, 5), between("speed", 0, 1)
	c.BidProbability, c.TakeOrPay = unit.Share(between("bids", 0, 1)), unit.Share(between("floor", 0, 1))
	c.MaxLot = unit.MW(times("lot", 500, 20))
	r.AlgorithmicProgress, r.ReleaseNoise = unit.Rate(between("algorithms", 0, 6)), between("release noise", 0, 6)
	r.Floor, r.ComputeShareOfBudget = unit.Share(between("research", 0, 0.8)), unit.Share(between("budget", 0.1, 1))
	m.Market.Distress.Runway = unit.Months(between("distress", 0, 12))
	m.Market.Distress.Hazard = unit.Hazard(between("default", 0, 0.2))
	m.Market.Distress.RescueChance = unit.Share(between("rescue", 0, 1))
	for _, g := range []*unit.Rate{&m.Market.Enterprise.Growth, &m.Market.Consumer.Growth} {
		*g = unit.Rate(between("demand", -0.5, 2))
	}
	m.Market.Enterprise.Switching, m.Market.Consumer.Spill = unit.Rate(between("switching", 0, 1)), unit.Share(between("spill", 0, 1))
	m.Market.Consumer.OpenFlow = unit.Share(between("open", 0, 0.5))
	m.Firms[labB].Lab.OpenWeights = rapid.Bool().Draw(t, "open weights")
	m.Firms[labA].Lab.Anchor = rapid.Bool().Draw(t, "anchor")
	m.Firms[labA].Lab.Used = unit.MW(between("used", 10, 3000))
	m.Shocks = []shock.Shock{
		{Key: "dark", Starts: m.Start + unit.Month(rapid.IntRange(0, 12).Draw(t, "outage")), Terms: &shock.Outage{
			Cloud: rapid.SampledFrom([]id.Firm{labB, cloudC, id.None}).Draw(t, "dark"), Share: unit.Share(between("out", 0, 1)), Lasts: unit.Months(between("lasts", 0, 12)), Returns: 3,
		}},
		{Key: "ban", Starts: m.Start + 5, Terms: &shock.Ban{Lab: labA, Segment: "all", Share: unit.Share(between("banned", 0, 1)), PhaseOut: unit.Months(between("phase-out", 0, 6))}},
		{Key: "open", Starts: m.Start + 8, Terms: &shock.OpenWeightRelease{Lab: labB, Behind: unit.Points(between("behind", -10, 20)), Absorbed: 0.5, Markdown: 0.2, Mark: 0.2, Recovers: 6}},
	}
	for _, i := range []id.Firm{labA, labB, cloudC, cloudD, fund, maker} {
		m.Firms[i].Cash = unit.Dollars(times("cash", m.Firms[i].Cash.Dollars(), 20))
	}
	m.Firms[fund].Investor.Budget = unit.USDPerYear(times("fund", 60*bn, 20))
	m.Firms[maker].Supplier.Shipments = unit.H100e(times("chips", 900_000, 10))
	m.Firms[buyer].Buyer.Need = unit.MW(times("buyers", 2500, 10))
	return m
}

func TestLawsHoldInAnyWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyWorld(t)
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: rapid.Uint64().Draw(t, "seed"), Index: rapid.Uint64Range(0, 5).Draw(t, "run")})
		for month := m.Start; ; {
			lawful(t, w, month)
			if month++; month > m.End {
				return
			}
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// lawful checks what the columns of a month must satisfy in every world.
func lawful(t *rapid.T, w *World, month unit.Month) {
	t.Helper()
	frame := w.panel.Frame()
	for i, x := range frame {
		c := w.m.Layout.Columns[i]
		if c.Measure == measure.Runway {
			lab := w.firms[c.Of].lab
			if none := lab >= 0 && w.labs[lab].gone; none != math.IsNaN(x) {
				t.Fatalf("%v: runway of %d is %g; a lab that is gone has none, and it alone", month, c.Of, x)
			}
			continue
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("%v: %s of %d is %g", month, c.Measure.Def().Name, c.Of, x)
		}
	}
	firms := len(w.m.Firms)
	of := func(m measure.ID) []float64 { return frame[w.m.Layout.Of(m, 0):w.m.Layout.Of(m, firms)] }
	for _, m := range []measure.ID{measure.MarketShare, measure.MarketShareEnterprise, measure.MarketShareConsumer, measure.ComputeShare} {
		if sum := num.Sum(of(m)); sum != 0 && math.Abs(sum-1) > 1e-9 {
			t.Fatalf("%v: %s sums to %g, want 1", month, m.Def().Name, sum)
		}
	}
	for _, m := range []measure.ID{
		measure.CapacityEnergised, measure.CapacityUsed, measure.CapacityContracted, measure.CapacityUnderConstruction, measure.Cash, measure.Debt,
		measure.Valuation, measure.Capex, measure.ComputeRevenue, measure.ChipRevenue, measure.CommitmentsOutstanding, measure.Price, measure.Capability,
	} {
		for i, x := range of(m) {
			if x < -1e-3 {
				t.Fatalf("%v: %s of %s is %g, want none below zero", month, m.Def().Name, w.m.Firms[i].Key, x)
			}
		}
	}
	for _, m := range []measure.ID{measure.UnmetDemand, measure.Utilisation, measure.MarketShare} {
		for i, x := range of(m) {
			if x < -1e-9 || x > 1+1e-9 {
				t.Fatalf("%v: %s of %s is %g, want 0 to 1", month, m.Def().Name, w.m.Firms[i].Key, x)
			}
		}
	}
	if x := get(w, measure.RentPerGWYear, 0); x <= 0 {
		t.Fatalf("%v: rent is %g", month, x)
	}
	usedSomewhere(t, w, month)
}

// usedSomewhere checks that what a lab uses stands in its own sites or is rented, and that a cloud lets what tenants have of it
// and no more than there is.
func usedSomewhere(t *rapid.T, w *World, month unit.Month) {
	t.Helper()
	const rounding = 1e-6
	for i := range w.labs {
		l := &w.labs[i]
		used, own := get(w, measure.CapacityUsed, l.firm), get(w, measure.CapacityOwnUsed, l.firm)
		if own > used+rounding || used > own+l.rented+rounding {
			t.Fatalf("%v: %s uses %g MW, of that %g MW of its own, and rents %g MW", month, w.m.Firms[l.firm].Key, used, own, l.rented)
		}
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		own, let, delivered := get(w, measure.CapacityOwnUsed, c.firm), get(w, measure.CapacityLet, c.firm), 0.0
		for k := range w.lots {
			if w.lots[k].Seller == c.firm {
				delivered += float64(w.lots[k].Delivered)
			}
		}
		if let < delivered-rounding || own+let > float64((c.live()+c.hired)*(1+1e-9))+rounding {
			t.Fatalf("%v: of %g MW %s uses %g MW and lets %g MW, of which tenants have %g MW", month, c.live()+c.hired, w.m.Firms[c.firm].Key, own, let, delivered)
		}
	}
}

// inOtherMoney multiplies every number of a model that is an amount or price in dollars.
func inOtherMoney(m *Model, factor float64) {
	money := map[reflect.Type]bool{
		reflect.TypeFor[unit.USDPerYear](): true, reflect.TypeFor[unit.Rent](): true,
		reflect.TypeFor[unit.USDPerMW](): true, reflect.TypeFor[unit.USDPerMWh](): true,
	}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[*measure.Layout]():
		case v.Type() == reflect.TypeFor[unit.USD]():
			v.SetInt(int64(float64(v.Int()) * factor))
		case money[v.Type()]:
			v.SetFloat(v.Float() * factor)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil():
			walk(v.Elem())
		}
	}
	walk(reflect.ValueOf(m).Elem())
	m.Market.Compute.H100Rental *= factor
}

func TestMoneyIsAVeil(t *testing.T) {
	m, twice := small(), small()
	inOtherMoney(twice, 2)
	var shares [][3]float64
	play(t, m, rng.Run{}, func(w *World, _ unit.Month) {
		shares = append(shares, [3]float64{get(w, measure.MarketShare, labA), get(w, measure.ComputeShare, labA), get(w, measure.TotalEnergised, 0)})
	})
	k := 0
	play(t, twice, rng.Run{}, func(w *World, month unit.Month) {
		got := [3]float64{get(w, measure.MarketShare, labA), get(w, measure.ComputeShare, labA), get(w, measure.TotalEnergised, 0)}
		for i, want := range shares[k] {
			if math.Abs(got[i]-want) > 1e-6*max(1, want) {
				t.Fatalf("%v: with all money doubled %s is %.9g, want %.9g", month, [3]string{"lab-a's market share", "its share of compute", "capacity in service"}[i], got[i], want)
			}
		}
		k++
	})
}
