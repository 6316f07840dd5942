package sim

import (
	"math"
	"testing"

	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// agreement gives cloud-c 1.2 GW from September 2026 on.
func agreement(change func(*contract.PowerAgreement)) contract.Contract {
	c := &contract.PowerAgreement{Buyer: cloudC, Form: "nuclear", Capacity: 1200, Starts: unit.Date(2026, 9), Ramp: 1, Term: 240, Price: 60}
	change(c)
	return contract.Contract{Key: "power", Kind: "power-agreement", Signed: unit.Date(2026, 2), Terms: c}
}

func same(*contract.PowerAgreement) {}

// slowGrid is a small world whose grid takes five years and has little room.
func slowGrid(contracts ...contract.Contract) *Model {
	m := small(contracts...)
	r := &m.Regions[0]
	r.Connections, r.ConnectionTime, r.OnsiteShare = 600, 60, 0
	m.Market.Build.LeaseShare = 0
	return m
}

// powered is the capacity of a firm's sites under way that has power, with what is in service.
func (w *World) poweredOf(f id.Firm) float64 {
	x := w.clouds[w.firms[f].cloud].energised
	for i := range w.sites {
		if s := &w.sites[i]; s.Owner == f {
			x += float64(s.Powered - s.Live)
		}
	}
	return x
}

func TestAgreedPowerComesOnItsDateWithoutWaitingForTheGrid(t *testing.T) {
	with, without := after(t, slowGrid(agreement(same)), 30), after(t, slowGrid(), 30)
	n := len(with.m.Contracts) - 1
	if got := with.deals.states[n].Taken; got <= 300 || got > 1200 {
		t.Errorf("%.0f MW are connected under an agreement on 1200", got)
	}
	if x, y := with.poweredOf(cloudC), without.poweredOf(cloudC); x < y+200 {
		t.Errorf("cloud-c has power for %.0f MW with the agreement and %.0f without", x, y)
	}
	early := after(t, slowGrid(agreement(same)), 8)
	if got := early.deals.states[n].Taken; got != 0 {
		t.Errorf("%.0f MW are connected before the power is there", got)
	}
}

func TestPowerBesideTheGridLeavesItsRoomToOthers(t *testing.T) {
	room := func(form string) (taken, left float64) {
		m := slowGrid(agreement(func(c *contract.PowerAgreement) { c.Form, c.Starts = form, unit.Date(2026, 2) }))
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		if err := w.Step(m.Start + 1); err != nil {
			t.Fatal(err)
		}
		for i := range w.sites { // every site wants power, all at once
			if s := &w.sites[i]; s.Stage == asset.Building {
				s.Powered, s.Grid = 0, m.Start+1
			}
		}
		if err := w.Step(m.Start + 2); err != nil {
			t.Fatal(err)
		}
		return w.deals.states[len(m.Contracts)-1].Taken, w.regions[0].room
	}
	slot, _ := room("grid-slot")
	gas, _ := room("onsite-gas")
	if slot > 3*600.0/12*1.2 || slot <= 0 {
		t.Errorf("a place in the queue connects %.0f MW in a region with room for about 50 a month", slot)
	}
	if gas <= slot {
		t.Errorf("gas at the site connects %.0f MW, a place in the queue %.0f: want more from what needs no room", gas, slot)
	}
}

func TestOnlyTheBuyersSitesInTheRegionAreBound(t *testing.T) {
	m := slowGrid(agreement(same))
	n := id.Contract(len(m.Contracts) - 1)
	play(t, m, rng.Run{Seed: 1, Index: 2}, func(w *World, month unit.Month) {
		bound := w.deals.states[n].Taken
		for i := range w.sites {
			s := &w.sites[i]
			if s.Power != n {
				continue
			}
			bound += float64(s.Size - s.Powered)
			if s.Owner != cloudC {
				t.Fatalf("%v: a site of %s is promised cloud-c's power", month, w.name(s.Owner))
			}
		}
		if bound > 1200+1e-6 {
			t.Fatalf("%v: %.0f MW are promised of 1200", month, bound)
		}
	})
}

func TestAgreedPowerIsPaidAtItsPriceAndNotAtTheRegions(t *testing.T) {
	// Already running at the start: 1000 MW over the grid at twice the region's price, for the cloud's 4000 MW.
	ppa := agreement(func(c *contract.PowerAgreement) {
		c.Form, c.Capacity, c.Starts, c.Price = "ppa", 1000, unit.Date(2026, 2), 120
	})
	with, without := after(t, small(ppa), 2), after(t, small(), 2)
	month := unit.Date(2026, 2)
	more := with.books.Balance(cloudC, ledger.Energy) - without.books.Balance(cloudC, ledger.Energy)
	price := with.energyPrice(0, month)
	if want := 1000 * (120 - price) * with.hours(); math.Abs(more.Dollars()-want) > 1 {
		t.Errorf("cloud-c pays %.0f more for energy, want 1000 MW at $%.2f above the region's price: %.0f", more.Dollars(), 120-price, want)
	}
}

func TestPowerBesideTheGridSavesItsCapacityCharge(t *testing.T) {
	cost := func(form string) unit.USD {
		old := agreement(func(c *contract.PowerAgreement) {
			c.Form, c.Capacity, c.Starts, c.Price = form, 1000, unit.Date(2024, 2), 60
		})
		old.Signed = unit.Date(2024, 1)
		return after(t, small(old), 1).books.Balance(cloudC, ledger.Energy)
	}
	charge := 1000 * 0.05e6 / 12 // less the part of the month's chips that wears out
	if got := (cost("grid-slot") - cost("nuclear")).Dollars(); math.Abs(got-charge) > 0.01*charge {
		t.Errorf("1000 MW behind the meter cost %.0f less than over the grid, want the common charge of %.0f", got, charge)
	}
}

func TestUnusedPowerIsPaidForAsFarAsItsFloor(t *testing.T) {
	idle := func(floor unit.Share) unit.USD {
		m := small(agreement(func(c *contract.PowerAgreement) {
			c.Capacity, c.Starts, c.Floor = 50_000, unit.Date(2026, 2), floor
		}))
		return after(t, m, 2).deals.states[len(m.Contracts)-1].Paid
	}
	w := after(t, small(), 1)
	if got, want := idle(0.5).Dollars(), 25_000*60*w.hours(); math.Abs(got-want) > 1 {
		t.Errorf("pays %.0f for 50 GW of which it uses little, want half: %.0f", got, want)
	}
	if got, all := idle(0).Dollars(), idle(1).Dollars(); got >= all/10 {
		t.Errorf("without a floor it pays %.0f, with all of it %.0f", got, all)
	}
}

func TestPowerAfterTheEndDoesNothingAndIsTold(t *testing.T) {
	late := agreement(func(c *contract.PowerAgreement) { c.Capacity, c.Starts = 9000, unit.Date(2033, 2) })
	m, plain := slowGrid(late), slowGrid()
	m.Regions[0].ConnectionTime, plain.Regions[0].ConnectionTime = 120, 120 // the power would come sooner than the grid
	x, y := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 1}, true), follow(t, NewWorld(plain), plain, rng.Run{Seed: 1, Index: 1}, true)
	told := 0
	for _, e := range x.events {
		if e.Kind == "power-too-late" && e.Contract == "power" && e.Month == unit.Date(2026, 2) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("it is told %d times that the power comes too late, want once at signing", told)
	}
	last := len(x.frames) - 1
	for i := range y.frames[last] {
		if x.frames[last][i] != y.frames[last][i] {
			t.Fatalf("power of 2033 changes column %d at the end of 2032", i)
		}
	}
}

func TestSitesOfAnAgreementThatEndsAskTheGridAnew(t *testing.T) {
	c := agreement(func(c *contract.PowerAgreement) { c.Starts = unit.Date(2027, 1) })
	c.Until = unit.Date(2026, 6)
	m := slowGrid(c)
	n := id.Contract(len(m.Contracts) - 1)
	bound := 0
	w := after(t, m, 6)
	for i := range w.sites {
		if w.sites[i].Power == n {
			bound++
		}
	}
	was := map[unit.Month]bool{}
	for i := range w.sites {
		if s := &w.sites[i]; s.Power == n {
			was[s.Ordered] = true
		}
	}
	if err := w.Step(unit.Date(2026, 7)); err != nil {
		t.Fatal(err)
	}
	for i := range w.sites {
		s := &w.sites[i]
		if s.Power == n {
			t.Error("a site still counts on an agreement that is over")
		}
		if s.Owner == cloudC && was[s.Ordered] && s.Grid == unit.Date(2027, 1) {
			t.Error("a site still expects the agreement's date")
		}
	}
	if bound == 0 || w.deals.states[n].Taken != 0 {
		t.Errorf("%d sites counted on it and %.0f MW were connected", bound, w.deals.states[n].Taken)
	}
}

func TestASiteStaysWithAGridThatIsSooner(t *testing.T) {
	late := agreement(func(c *contract.PowerAgreement) { c.Capacity, c.Starts = 20_000, unit.Date(2029, 1) })
	with, without := after(t, small(late), 12), after(t, small(), 12)
	if x, y := with.poweredOf(cloudC), without.poweredOf(cloudC); x != y {
		t.Errorf("waiting for power of 2029 cloud-c has power for %.0f MW, else for %.0f", x, y)
	}
}

func TestAnAgreementFeedsOneRegionAlone(t *testing.T) {
	m := slowGrid(agreement(func(c *contract.PowerAgreement) { c.Region = 1 }))
	m.Regions = append(m.Regions, m.Regions[0])
	m.Regions[1].Key = "north"
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	if w := after(t, m, 20); w.deals.states[len(m.Contracts)-1].Taken != 0 {
		t.Errorf("%.0f MW in the US are connected to power in the north", w.deals.states[len(m.Contracts)-1].Taken)
	}
}

func TestPowerIsDrawnOnceOnly(t *testing.T) {
	// Two purchases of 3 GW each for a cloud with 4 GW.
	ppa := func(key string) contract.Contract {
		c := agreement(func(c *contract.PowerAgreement) { c.Form, c.Capacity, c.Starts = "ppa", 3000, unit.Date(2026, 1) })
		c.Key, c.Signed = key, unit.Date(2026, 1)
		return c
	}
	w := after(t, small(ppa("one"), ppa("two")), 1)
	n := len(w.m.Contracts)
	live := w.clouds[w.firms[cloudC].cloud].live()
	if one, two := w.drawn[n-2], w.drawn[n-1]; one != 3000 || math.Abs(two-(live-3000)) > 1e-6 {
		t.Errorf("the purchases cover %.0f and %.0f MW of %.0f in service, want all of it once", one, two, live)
	}
}

func TestSitesWithoutChipsDrawNoPower(t *testing.T) {
	m := slowGrid(agreement(same))
	n := len(m.Contracts) - 1
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		empty := 0.0
		for i := range w.sites {
			if s := &w.sites[i]; int(s.Power) == n {
				empty += float64(s.Powered - s.Live)
			}
		}
		if got, most := w.drawn[n], w.deals.states[n].Taken-empty; got > most+1e-6 {
			t.Fatalf("%v: %.0f MW are drawn, of %.0f MW connected %.0f have no chips", month, got, w.deals.states[n].Taken, empty)
		}
	})
}

// waiting is a world at whose end of March 2026 two sites of cloud-c want power of a region that has none left: the first has
// all of its own and is given up in April if it is to be.
func waiting(t *testing.T, given bool, contracts ...contract.Contract) (w *World, first, second *asset.Site) {
	t.Helper()
	m := slowGrid(contracts...)
	m.Regions[0].Connections = 1e-6
	w = after(t, m, 3)
	w.regions[0].room = 0
	var two []*asset.Site
	for i := range w.sites {
		s := &w.sites[i]
		if s.Powered = s.Size; s.Stage != asset.Building {
			continue
		}
		s.Powered, s.Grid, s.Shell, s.Abandoned, s.Onsite = 0, unit.Date(2040, 1), unit.Date(2040, 1), 0, false
		if s.Owner == cloudC && len(two) < 2 {
			s.Size = 100
			two = append(two, s)
		}
	}
	first, second = two[0], two[1]
	first.Powered, first.Grid, second.Grid = first.Size, unit.Date(2026, 3), unit.Date(2026, 4)
	if given {
		first.Abandoned = unit.Date(2026, 4)
	}
	return w, first, second
}

func TestAGivenUpSiteLeavesItsPowerToTheNext(t *testing.T) {
	for _, given := range []bool{false, true} {
		w, _, second := waiting(t, given)
		ordered, connected := second.Ordered, w.regions[0].connected
		if err := w.Step(unit.Date(2026, 4)); err != nil {
			t.Fatal(err)
		}
		want := unit.MW(0)
		if given {
			want = 100
		}
		for i := range w.sites {
			if s := &w.sites[i]; s.Owner == cloudC && s.Size == 100 && s.Ordered == ordered && s.Grid == unit.Date(2026, 4) && math.Abs(float64(s.Powered-want)) > 1e-3 {
				t.Errorf("given up: %v: the next site has %.0f MW, want %.0f", given, s.Powered, want)
			}
		}
		if now := w.regions[0].connected; math.Abs(now-connected) > 1e-3 {
			t.Errorf("given up: %v: the region has %.3f MW connected, want %.3f as before", given, now, connected)
		}
	}
}

func TestAGivenUpSiteTakesNoMorePower(t *testing.T) {
	w, first, second := waiting(t, true)
	first.Powered, second.Grid = 0, unit.Date(2040, 1)
	w.regions[0].room, w.m.Regions[0].Connections = 100, 600
	connected := w.regions[0].connected
	if err := w.Step(unit.Date(2026, 4)); err != nil {
		t.Fatal(err)
	}
	if now := w.regions[0].connected; now != connected {
		t.Errorf("%.0f MW are connected for nobody", now-connected)
	}
}

func TestAnAgreementsPowerIsFreeAgainWhereASiteIsGivenUp(t *testing.T) {
	w, first, _ := waiting(t, true, agreement(func(c *contract.PowerAgreement) { c.Form, c.Capacity, c.Starts = "onsite-gas", 100, unit.Date(2026, 2) }))
	n := id.Contract(len(w.m.Contracts) - 1)
	for i := range w.sites {
		w.sites[i].Power = id.NoContract
	}
	first.Power, w.deals.states[n].Taken = n, 100
	if err := w.Step(unit.Date(2026, 4)); err != nil {
		t.Fatal(err)
	}
	if got := w.filled(n); got != 0 {
		t.Errorf("%.0f MW under the agreement count as filled where the only site that had its power was given up", got)
	}
	if err := w.Step(unit.Date(2026, 5)); err != nil {
		t.Fatal(err)
	}
	if got := w.deals.states[n].Taken; got != 100 {
		t.Errorf("%.0f MW of the agreement are connected a month later, want all 100 at another site", got)
	}
}
