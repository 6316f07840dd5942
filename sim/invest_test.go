package sim

import (
	"testing"

	"powerplay/sim/firm"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func TestCloudsThatReckonWithTheirOwnEffectBuildLessAndLetDearer(t *testing.T) {
	var energised, rent [2]float64
	for i := range energised {
		m := small()
		m.End = unit.Date(2030, 12)
		for k := range m.Firms {
			if c := m.Firms[k].Cloud; c != nil {
				c.Strategic = i == 1
			}
		}
		w := play(t, m, rng.Run{Seed: 1, Index: 1}, nil)
		energised[i], rent[i] = get(w, measure.TotalEnergised, 0), get(w, measure.RentPerGWYear, 0)
	}
	if energised[1] >= energised[0] || rent[1] <= rent[0] {
		t.Errorf("%.0f MW at %.3g instead of %.0f MW at %.3g, want less capacity at a higher rent", energised[1], rent[1], energised[0], rent[0])
	}
}

func TestCloudsPlanWithTheLeadOfTheirRegions(t *testing.T) {
	lead := func(change func(m *Model)) unit.Months {
		m := small()
		m.Regions = append(m.Regions, m.Regions[0])
		m.Regions[1].Key, m.Regions[1].ConnectionTime = "far", 120
		change(m)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		return w.clouds[w.firms[cloudC].cloud].building.lead
	}
	share := func(far unit.Share) func(m *Model) {
		return func(m *Model) {
			m.Firms[cloudC].Cloud.Regions = []firm.RegionShare{{Key: "us", Share: 1 - far}, {Key: "far", Share: far}}
		}
	}
	near, half, far := lead(share(0)), lead(share(0.5)), lead(share(1))
	if near < 19 || far < near+20 || half < (near+far)/2-1e-9 || half > (near+far)/2+1e-9 {
		t.Errorf("leads are %v, %v and %v months with none, half and all of the sites where the grid is slow", near, half, far)
	}
	soon := lead(func(m *Model) { m.Regions[0].ConnectionTime = 0.1 })
	if b := small().Market.Build; soon != b.BuildLag+b.FitOut/2 {
		t.Errorf("where power is there at once the lead is %v months, want that of building and half the fit-out", soon)
	}
}

// leasedBy is what a cloud leases in the first month of a changed world, and what it would order for the end of the lead of
// a lease.
func leasedBy(t *testing.T, change func(m *Model), open func(w *World)) (mw, orders float64) {
	m := small()
	change(m)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	open(w)
	at := m.Start + 1
	w.begin(at)
	w.survey(at)
	w.forecast(at)
	w.reckonPromised(at)
	i := w.firms[cloudC].cloud
	orders = float64(w.cloud(i).Invest(w.cloudView(i, &w.clouds[i].leasing, w.rivals(), at)).Size)
	before := len(w.sites)
	w.fillSoon(i, w.rivals(), at)
	for _, s := range w.sites[before:] {
		if s.Leased {
			mw += float64(s.Size)
		} else if !s.Refit {
			t.Errorf("site %+v is neither leased nor a refit", s)
		}
		if s.Grid > s.Shell {
			t.Errorf("site %+v waits for power", s)
		}
	}
	return mw, orders
}

// A cloud leases for what it lacks soon: not for what its own sites and emptied buildings will serve in time.
func TestShellsAreLeasedForWhatComesTooLateOtherwise(t *testing.T) {
	leased := func(change func(m *Model)) (mw, orders float64) { return leasedBy(t, change, func(*World) {}) }
	needs := func(m *Model) {
		c := &m.Firms[cloudC]
		c.Cash, c.Cloud.InternalUse, c.Cloud.InternalGrowth = unit.Dollars(5000*bn), 1, 2
	}
	mw, orders := leased(needs)
	if share := mw / orders; orders < 5000 || share < 0.2999 || share > 0.3001 {
		t.Errorf("%.0f MW are leased where %.0f would be ordered, want three tenths", mw, orders)
	}
	if mw, _ := leased(func(m *Model) { needs(m); m.Market.Build.LeaseShare = 0 }); mw != 0 {
		t.Errorf("%.0f MW are leased with a share of nothing", mw)
	}
	soon := func(m *Model) {
		needs(m)
		m.Firms[cloudC].Cloud.UnderConstruction, m.Market.Build.OpeningSpread = 20_000, 6
	}
	if mw, orders := leased(soon); mw != 0 || orders > 0 {
		t.Errorf("%.0f MW are leased of %.0f where sites under way come in time", mw, orders)
	}
	emptied := func(w *World) { w.clouds[w.firms[cloudC].cloud].shells = 1e5 }
	if mw, orders := leasedBy(t, needs, emptied); mw != 0 || orders < 5000 {
		t.Errorf("%.0f MW of %.0f are leased beside emptied buildings of its own", mw, orders)
	}
	late := func(m *Model) {
		needs(m)
		m.Firms[cloudC].Cloud.UnderConstruction, m.Market.Build.OpeningSpread = 20_000, 120
	}
	if mw, _ := leased(late); mw == 0 {
		t.Error("nothing is leased where sites under way come years later")
	}
}
