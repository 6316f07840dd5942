package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// sold is a contract under which cloud-c sells lab-a's models to half of all enterprises.
func sold(signed, until unit.Month) contract.Contract {
	return contract.Contract{Key: "catalogue", Kind: "distribution", Signed: signed, Until: until, Terms: &contract.Distribution{
		Lab: labA, Channel: cloudC, Product: "models", Segment: "enterprise", Reach: 0.5, Base: "revenue",
	}}
}

// elsewhere is a second such channel, cloud-d.
func elsewhere(exclusive bool, precedence int) contract.Contract {
	c := sold(unit.Date(2026, 3), 0)
	c.Key, c.Precedence = "elsewhere", precedence
	c.Terms = &contract.Distribution{Lab: labA, Channel: cloudD, Product: "models", Segment: "enterprise", Reach: 0.2, Base: "revenue", Exclusive: exclusive}
	return c
}

func short(m *Model) *Model { m.End = unit.Date(2027, 3); return m }

func enterpriseOf(lab int) func(w *World) float64 {
	return func(w *World) float64 { return w.segments[enterprise].spend[lab] }
}

func flowOf(lab int) func(w *World) float64 {
	return func(w *World) float64 { return w.segments[enterprise].choice.Flow[lab] }
}

func TestAChannelOpenedDuringTheRunWinsNewSpend(t *testing.T) {
	opened := unit.Date(2026, 3)
	with, without := series(t, short(small(sold(opened, 0))), flowOf(0)), series(t, short(small()), flowOf(0))
	if with[opened-1] != without[opened-1] {
		t.Error("it acts before it is signed")
	}
	// Utility rises by 0.4·0.5; in one nest of two models of correlation 0.4 the odds rise by exp(0.2/0.6).
	odds := func(f float64) float64 { return f / (1 - f) }
	if got, want := odds(with[opened])/odds(without[opened]), math.Exp(0.2/0.6); math.Abs(got-want) > 1e-9 {
		t.Errorf("the odds of new spend rise by %.6f, want %.6f", got, want)
	}
	if n := happenings(t, short(small(sold(opened, 0)))); n["channel"] != 1 {
		t.Errorf("told %d channels, want one", n["channel"])
	}
}

func TestAChannelOfTheStartCountsOnlyWhenItEnds(t *testing.T) {
	last := unit.Date(2026, 8)
	old := sold(unit.Date(2024, 1), last)
	old.Terms.(*contract.Distribution).LockIn = 0.5
	with, without := series(t, short(small(old)), flowOf(0)), series(t, short(small()), flowOf(0))
	for month := unit.Date(2026, 1); month <= last; month++ {
		if with[month] != without[month] {
			t.Fatalf("%v: share of new spend %v with the channel that was there, %v without", month, with[month], without[month])
		}
	}
	if with[last+1] > without[last+1]-0.02 {
		t.Errorf("share of new spend is %.3f after it has ended and %.3f without it, want less", with[last+1], without[last+1])
	}
}

func TestSpendThroughAChannelGrowsAndPaysItsShare(t *testing.T) {
	c := sold(unit.Date(2026, 3), 0)
	c.Terms.(*contract.Distribution).ResellerShare = 0.1
	m := short(small(c))
	col := m.Layout
	through := series(t, m, func(w *World) float64 {
		i, _ := col.Find(measure.Column{Measure: measure.ChannelSales, Of: uint16(labA), With: cloudC})
		return w.panel.At(i)
	})
	paid := series(t, m, func(w *World) float64 { return w.deals.states[2].Paid.Dollars() })
	for month := unit.Date(2026, 4); month <= m.End; month++ {
		if through[month] <= through[month-1] {
			t.Errorf("%v: $%.0fm goes through it, less than the month before", month, through[month]/1e6)
		}
		if got, want := paid[month]-paid[month-1], 0.1*through[month]; math.Abs(got-want) > 0.02 {
			t.Errorf("%v: $%.2f stays with it, want $%.2f", month, got, want)
		}
	}
	if x := series(t, m, func(w *World) float64 { return w.deals.states[2].Through })[m.End]; x < 0.2 || x > 0.5 {
		t.Errorf("after a year %.2f of spend goes through it, want towards its reach of a half", x)
	}
}

func TestLockedSpendDoesNotChooseAnew(t *testing.T) {
	loyal := func(lock unit.Share) float64 {
		c := sold(unit.Date(2026, 3), 0)
		c.Terms.(*contract.Distribution).LockIn, c.Terms.(*contract.Distribution).Sold = lock, 1
		m := short(small(c))
		m.Market.Enterprise.Switching, m.Firms[labA].Lab.EnterpriseFlow, m.Firms[labB].Lab.EnterpriseFlow = 1, 0.2, 0.8 // lab-a loses ground
		return series(t, m, enterpriseOf(0))[m.End]
	}
	if free, locked := loyal(0), loyal(0.9); locked < 1.02*free {
		t.Errorf("lab-a keeps $%.2fbn a year without a lock and $%.2fbn with one", free/bn, locked/bn)
	}
}

func TestChannelsOverlapByChanceAndYieldToExclusiveOnes(t *testing.T) {
	at := unit.Date(2026, 4)
	reach := func(w *World) float64 { return get(w, measure.ReachEnterprise, labA) }
	for _, tt := range []struct {
		name string
		more []contract.Contract
		want float64
	}{
		{"one", nil, 0.5},
		{"two", []contract.Contract{elsewhere(false, 0)}, 0.6},
		{"one that an exclusive one of higher precedence bars", []contract.Contract{elsewhere(true, 1)}, 0.2},
	} {
		all := append([]contract.Contract{sold(unit.Date(2026, 3), 0)}, tt.more...)
		if got := series(t, short(small(all...)), reach)[at]; math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: reach %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAChannelWhoseFirmFailsReachesNobody(t *testing.T) {
	m := short(small(sold(unit.Date(2026, 3), 0)))
	w := NewWorld(m)
	x := map[id.Firm]float64{}
	for _, failed := range []id.Firm{id.None, cloudC} {
		w.Reset(m, rng.Run{})
		for month := m.Start + 1; month <= unit.Date(2026, 6); month++ {
			if failed != id.None && month == unit.Date(2026, 5) {
				w.firms[failed].failed = true
			}
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		x[failed] = get(w, measure.ReachEnterprise, labA)
	}
	if x[id.None] != 0.5 || x[cloudC] != 0 {
		t.Errorf("reach is %v with the channel and %v when it has failed", x[id.None], x[cloudC])
	}
}
