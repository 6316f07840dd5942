package sim

import (
	"math"
	"testing"

	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// struck is a small world with a shock that begins in March 2026; it ends a year later.
func struck(terms shock.Terms) *Model {
	m := small()
	m.End = unit.Date(2027, 3)
	m.Shocks = []shock.Shock{{Key: "strike", Starts: unit.Date(2026, 3), Terms: terms}}
	return m
}

// series plays a model without luck and reads a number at the end of each month.
func series(t *testing.T, m *Model, read func(w *World) float64) map[unit.Month]float64 {
	t.Helper()
	x := map[unit.Month]float64{}
	play(t, m, rng.Run{}, func(w *World, month unit.Month) { x[month] = read(w) })
	return x
}

// happenings counts the events of a model's central run by kind.
func happenings(t *testing.T, m *Model) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, e := range follow(t, NewWorld(m), m, rng.Run{}, true).events {
		n[e.Kind]++
	}
	return n
}

func TestAnOutageLeavesTenantsShortUntilItIsOver(t *testing.T) {
	out := &shock.Outage{Cloud: cloudC, Region: id.NoRegion, Share: 0.7, Lasts: 3}
	delivered := func(w *World) float64 { return w.ties.find(labA, cloudC).delivered }
	with, without := series(t, struck(out), delivered), series(t, small(), delivered)
	for month, want := range map[unit.Month]bool{unit.Date(2026, 2): false, unit.Date(2026, 3): true, unit.Date(2026, 5): true, unit.Date(2026, 6): false} {
		if short := with[month] < without[month]-1; short != want {
			t.Errorf("%v: lab-a gets %.0f MW with the outage and %.0f without; short: %v, want %v", month, with[month], without[month], short, want)
		}
	}
	running := func(w *World) float64 { return get(w, measure.CapacityEnergised, cloudC) }
	live, all := series(t, struck(out), running), series(t, struck(out), func(w *World) float64 { return w.clouds[w.firms[cloudC].cloud].energised })
	if got, want := live[unit.Date(2026, 4)], 0.3*all[unit.Date(2026, 4)]; math.Abs(got-want) > 1e-6 {
		t.Errorf("%.1f MW run in April, want %.1f", got, want)
	}
	if n := happenings(t, struck(out)); n["outage"] != 1 || n["outage-over"] != 1 || n["short"] == 0 {
		t.Errorf("told %d outages, %d ends, %d tenants short", n["outage"], n["outage-over"], n["short"])
	}
}

func TestAnOutageInARegionHitsWhatStandsThere(t *testing.T) {
	m := struck(&shock.Outage{Cloud: id.None, Region: 1, Share: 0.5, Lasts: 3})
	m.Regions = append(m.Regions, m.Regions[0])
	m.Regions[1].Key = "gulf"
	m.Firms[cloudC].Cloud.Regions[0].Share = 0.8
	m.Firms[cloudC].Cloud.Regions = append(m.Firms[cloudC].Cloud.Regions, m.Firms[cloudC].Cloud.Regions[0])
	m.Firms[cloudC].Cloud.Regions[1].Key, m.Firms[cloudC].Cloud.Regions[1].Share = "gulf", 0.2
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		if month != unit.Date(2026, 3) {
			return
		}
		for f, want := range map[id.Firm]float64{cloudC: 0.1, cloudD: 0} { // half of a fifth; none of cloud-d's stands there
			if got := w.clouds[w.firms[f].cloud].out; math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: %v is out of service, want %v", w.name(f), got, want)
			}
		}
	})
}

func TestABanMovesCustomersToTheOthers(t *testing.T) {
	ban := &shock.Ban{Lab: labA, Segment: "enterprise", Share: 0.3, PhaseOut: 3, Lasts: 6}
	read := func(s, lab int) func(w *World) float64 {
		return func(w *World) float64 { return w.segments[s].spend[lab] }
	}
	a, b := series(t, struck(ban), read(enterprise, 0)), series(t, struck(ban), read(enterprise, 1))
	a0, b0 := series(t, small(), read(enterprise, 0)), series(t, small(), read(enterprise, 1))
	end := unit.Date(2026, 5)
	if left := a[end] / a0[end]; left < 0.67 || left > 0.71 { // of what came during the phase-out a little leaves too
		t.Errorf("%.3f of lab-a's enterprise spend is left after the phase-out, want about 0.7", left)
	}
	if lost, won := a0[end]-a[end], b[end]-b0[end]; won < 0.8*lost {
		t.Errorf("lab-a loses $%.2fbn a year and lab-b wins $%.2fbn", lost/bn, won/bn)
	}
	if c, c0 := series(t, struck(ban), read(consumer, 0)), series(t, small(), read(consumer, 0)); math.Abs(c[unit.Date(2026, 3)]/c0[unit.Date(2026, 3)]-1) > 1e-9 {
		t.Error("consumers leave too, though the ban is on enterprises")
	}
	if n := happenings(t, struck(ban)); n["ban"] != 1 || n["ban-lifted"] != 1 {
		t.Errorf("told %d bans and %d liftings, want one each", n["ban"], n["ban-lifted"])
	}
}

func TestPublishedWeightsReachBuyersRivalsAndMarks(t *testing.T) {
	open := func(terms shock.Terms) *Model {
		m := struck(terms)
		m.Market.Enterprise.OpenFlow = 0.05
		m.Firms[labB].Lab.Capability, m.Firms[labB].Lab.OpenWeights = 140, true // behind lab-a's 153, and of its own research it will stay there
		if terms == nil {
			m.Shocks = nil
		}
		return m
	}
	release := &shock.OpenWeightRelease{Lab: labB, Behind: 2, Absorbed: 0.5, Markdown: 0.2, Mark: 0.17, Recovers: 6}
	at := unit.Date(2026, 3)
	compare := func(name string, month unit.Month, read func(w *World) float64, low, high float64) {
		t.Helper()
		with, without := series(t, open(release), read), series(t, open(nil), read)
		if x := with[month] / without[month]; x < low || x > high {
			t.Errorf("%s in %v: %.4g with the release over %.4g without, a ratio of %.4f; want %v to %v", name, month, with[month], without[month], x, low, high)
		}
	}
	compare("spend on open weights", at, func(w *World) float64 { return w.segments[enterprise].spend[2] }, 1.001, 2)
	compare("lab-a's list price", at, func(w *World) float64 { return get(w, measure.Price, labA) }, 0.8, 0.87) // three quarters of 20 %, 2 points ahead
	compare("the maker's value", at, func(w *World) float64 { return w.firms[maker].value }, 0.829, 0.831)
	compare("the maker's cash", at, func(w *World) float64 { return w.cash(maker).Dollars() }, 1, 1)
	compare("the maker's value, half a year on", at+6, func(w *World) float64 { return w.firms[maker].value }, 0.95, 1.05)
	if n := happenings(t, open(release)); n["open-weights"] != 1 || n["price-cut"] != 1 || n["mark"] != 1 {
		t.Errorf("told %v", n)
	}
}

func TestRivalsLearnFromPublishedWeights(t *testing.T) {
	m := struck(&shock.OpenWeightRelease{Lab: labB, Behind: 0, Absorbed: 0.5})
	m.Firms[labA].Lab.Capability = 100
	x := series(t, m, func(w *World) float64 { return w.labs[0].imitation })
	// It closes half of the gap beside what following closes in any month.
	frontier := 152.0
	if before, after := frontier-x[unit.Date(2026, 2)], frontier-x[unit.Date(2026, 3)]; after > 0.5*before {
		t.Errorf("lab-a is %.1f points behind in February and %.1f in March, want at most half", before, after)
	}
}

func TestAPullBackComesOnItsDate(t *testing.T) {
	m := small(campus())
	m.End = unit.Date(2026, 6)
	m.Shocks = []shock.Shock{{Key: "leave", Starts: unit.Date(2026, 3), Terms: &shock.PullBack{Firm: labA, Share: 0.4}}}
	left := series(t, m, func(w *World) float64 {
		for k := range w.lots { // the campus comes first of what lab-a has not got
			if l := &w.lots[k]; l.Buyer == labA && l.Start == unit.Date(2029, 1) {
				return float64(l.Size)
			}
		}
		return 0
	})
	for month, want := range map[unit.Month]float64{unit.Date(2026, 2): 1000, unit.Date(2026, 3): 600, unit.Date(2026, 6): 600} {
		if got := left[month]; math.Abs(got-want) > 1e-6 {
			t.Errorf("%v: %.0f MW of the campus are left, want %.0f", month, got, want)
		}
	}
	if n := happenings(t, m); n["pull-back"] != 1 || n["shock"] != 1 {
		t.Errorf("told %d pull-backs under %d shocks, want one each", n["pull-back"], n["shock"])
	}
}

func TestWeightsOncePublishedStayOnOffer(t *testing.T) {
	m := struck(&shock.OpenWeightRelease{Lab: labA, Behind: 0}) // it publishes no other model
	m.Market.Enterprise.OpenFlow = 0.05
	m.Firms[labB].Lab.Capability, m.Firms[labB].Lab.OpenWeights = 140, true
	best := series(t, m, func(w *World) float64 { return w.segments[enterprise].choice.Capability[2] })
	if before, after, later := best[unit.Date(2026, 2)], best[unit.Date(2026, 3)], best[m.End]; before > 150 || after < 153 || later < after {
		t.Errorf("buyers can run a model of %.1f points in February, %.1f in March and %.1f at the end; want lab-a's from March on", before, after, later)
	}
}

func TestAnOutageTakesAsMuchFromItsOwnLab(t *testing.T) {
	m := struck(&shock.Outage{Cloud: labB, Region: id.NoRegion, Share: 0.25, Lasts: 3})
	at := unit.Date(2026, 3)
	kept := series(t, m, func(w *World) float64 { return w.clouds[w.firms[labB].cloud].kept })
	used := series(t, m, func(w *World) float64 { return w.clouds[w.firms[labB].cloud].ownUsed })
	if got, want := kept[at], 0.75*used[at-1]; math.Abs(got-want) > 1e-6 {
		t.Errorf("before its tenants are served its lab keeps %.1f MW, want three quarters of what it had, %.1f", got, want)
	}
}

func TestACloudPromisesNothingThatIsOut(t *testing.T) {
	free := func(months int) func(w *World) float64 {
		return func(w *World) float64 { return w.clouds[w.firms[cloudC].cloud].free[months] }
	}
	out := &shock.Outage{Cloud: cloudC, Region: id.NoRegion, Share: 0.5, Lasts: 6}
	at := unit.Date(2026, 3)
	calm := small()
	calm.End = at
	for months, want := range map[int]bool{1: true, 5: true, 6: false} { // half of its plant is back from the sixth month on
		with, without := series(t, struck(out), free(months))[at], series(t, calm, free(months))[at]
		if less := with < without-1000; less != want {
			t.Errorf("%d months ahead %.0f MW are free with the outage and %.0f without; far less: %v, want %v", months, with, without, less, want)
		}
	}
}

func TestAFirmThatPausesSignsAndOrdersNothing(t *testing.T) {
	for f, kinds := range map[id.Firm][]string{labA: {"lot", "placed-commitment"}, cloudC: {"order"}} {
		m := struck(&shock.PullBack{Firm: f, Share: 0.1, Pause: 9})
		busy := small()
		busy.End = m.End
		count := func(m *Model) int {
			n := 0
			for _, e := range follow(t, NewWorld(m), m, rng.Run{}, true).events {
				if e.Firm == f && e.Month >= unit.Date(2026, 3) && e.Month < unit.Date(2026, 12) && (e.Kind == kinds[0] || e.Kind == kinds[len(kinds)-1]) {
					n++
				}
			}
			return n
		}
		if with, without := count(m), count(busy); with != 0 || without == 0 {
			t.Errorf("%s: %v come %d times in the pause and %d times without, want none and some", m.Firms[f].Key, kinds, with, without)
		}
	}
}

func TestALeapInServingEfficiencyFreesCapacity(t *testing.T) {
	m := struck(&shock.Factor{On: "serving-efficiency", Region: id.NoRegion, Lasts: 24, Factor: 2})
	calm := small()
	calm.End = m.End
	at := unit.Date(2026, 3)
	need := func(w *World) float64 { return w.thrift(at) }
	if with, without := series(t, m, need)[at], series(t, calm, need)[at]; math.Abs(with-without/2) > 1e-12 {
		t.Errorf("a dollar needs %v of the capacity of the start, want half of %v", with, without)
	}
	price := func(w *World) float64 { return get(w, measure.Price, labA) }
	// A third of what is saved reaches list prices: 0.35·ln 2.
	if with, without := series(t, m, price)[at], series(t, calm, price)[at]; math.Abs(with/without-math.Exp(-0.35*math.Ln2)) > 1e-9 {
		t.Errorf("the list price is %v with the leap and %v without", with, without)
	}
	// What reaches list prices is used anew.
	carries := func(w *World) float64 { return w.labs[0].carries() / w.labs[0].paidPerMW }
	if got := series(t, m, carries)[at]; math.Abs(got-math.Exp(-0.35*math.Ln2)) > 1e-12 {
		t.Errorf("a megawatt carries %v of what it would at the old list price, want %v", got, math.Exp(-0.35*math.Ln2))
	}
}

func TestACutInPricesTakesCapacity(t *testing.T) {
	x := &shock.OpenWeightRelease{Lab: labB, Behind: -10, Markdown: 0.1} // ahead of all, so that none leads it
	carries := func(w *World) float64 { return w.labs[0].carries() / w.labs[0].paidPerMW }
	got := series(t, struck(x), carries)
	for at, want := range map[unit.Month]float64{unit.Date(2026, 1): 1, unit.Date(2026, 6): 0.9} {
		if math.Abs(got[at]-want) > 1e-12 {
			t.Errorf("%v: a megawatt carries %v of what it would at the old list price, want %v", at, got[at], want)
		}
	}
}

func TestAShockOfOneRegionsPowerLeavesTheOthers(t *testing.T) {
	room := func(where id.Region) [2]float64 {
		m := exporting()
		m.Shocks = []shock.Shock{{Key: "grid", Starts: unit.Date(2026, 3), Terms: &shock.Factor{On: "power", Region: where, Lasts: 12, Factor: 0.1}}}
		m.End = unit.Date(2026, 12)
		w := play(t, m, rng.Run{}, func(*World, unit.Month) {})
		return [2]float64{w.regions[0].connected, w.regions[abroad].connected}
	}
	all, home, none := room(id.NoRegion), room(0), room(abroad+1)
	if home[0] >= none[0] || home[1] < none[1] {
		t.Errorf("connected %v with the shock at home, %v without it", home, none)
	}
	if all[1] >= none[1] {
		t.Errorf("connected %v with the shock everywhere, %v without it", all, none)
	}
}

func TestPartnersStayWhenOutsidersLeave(t *testing.T) {
	put := func(on string) (outsider, partner float64) {
		m := struck(&shock.Factor{On: on, Region: id.NoRegion, Lasts: 24, Factor: 0.05})
		m.Firms[cloudC].Investor = &firm.Investor{Budget: 20 * bn, Taste: 1, Strategic: true}
		for run := range uint64(10) {
			play(t, m, rng.Run{Seed: 1, Index: run}, func(w *World, month unit.Month) {
				if month == m.End {
					outsider += w.ties.find(fund, labA).invested
					partner += w.ties.find(cloudC, labA).invested
				}
			})
		}
		return outsider, partner
	}
	outsider, partner := put("outside-funding")
	_, frozen := put("funding")
	outsiders, _ := put("demand")
	if partner <= 3*frozen {
		t.Errorf("the partner puts in %.3g when only outsiders leave and %.3g when all do", partner, frozen)
	}
	if outsider >= outsiders/3 {
		t.Errorf("outsiders put in %.3g although they leave, %.3g else", outsider, outsiders)
	}
}
