package sim

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// second is a maker of cheaper chips that no cloud of the small world buys by itself.
const second id.Firm = buyer + 1

func twoMakers(contracts ...contract.Contract) *Model {
	m := small(contracts...)
	m.Firms = append(m.Firms, firm.Firm{
		Key: "second", Name: "Second", Listed: true, Cash: unit.Dollars(5 * bn), Valuation: unit.Dollars(100 * bn), OperatingCashFlow: 5 * bn,
		DebtRate: 0.06, DebtTerm: 120, Supplier: &firm.Supplier{Shipments: 300_000, Margin: 0.5, Discount: 0.2, Density: 1},
	})
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

// supply is a contract of cloud-c for 1.2 GW of the second maker's chips in the two years from March 2026.
func supply(change func(*contract.ChipSupply)) contract.Contract {
	c := &contract.ChipSupply{Maker: second, Buyer: cloudC, Starts: unit.Date(2026, 3), Term: 24, Capacity: 1200}
	change(c)
	return contract.Contract{Key: "supply", Kind: "chip-supply", Signed: unit.Date(2026, 1), Terms: c}
}

func as(*contract.ChipSupply) {}

func TestAContractBringsItsMakersChipsIntoTheBuyersSites(t *testing.T) {
	m := twoMakers(supply(as))
	n := id.Contract(len(m.Contracts) - 1)
	w := after(t, m, 40)
	if got := w.deals.states[n].Taken; math.Abs(got-1200) > 10 {
		t.Errorf("%.0f MW were filled under a contract for 1200", got)
	}
	if got := w.books.Amount(cloudC, ledger.Plant); got <= 0 || w.ties.has(cloudC, second) == nil {
		t.Error("cloud-c paid the second maker nothing")
	}
	if got := w.ties.find(cloudC, second).fitted; got != w.deals.states[n].Taken {
		t.Errorf("%.0f MW count as delivered to cloud-c, want what was filled", got)
	}
	if w.ties.has(cloudD, second) != nil {
		t.Error("cloud-d, which has no contract, bought from the second maker")
	}
}

func TestChipsComeNoFasterThanTheirSchedule(t *testing.T) {
	m := twoMakers(supply(as))
	n := len(m.Contracts) - 1
	play(t, m, rng.Run{Seed: 1, Index: 2}, func(w *World, month unit.Month) {
		if due := w.allotment(id.Contract(n), month).Due; w.deals.states[n].Taken > due+w.maxSite() {
			t.Fatalf("%v: %.0f MW are filled, %.0f due", month, w.deals.states[n].Taken, due)
		}
	})
}

// maxSite is the size of the largest site under way.
func (w *World) maxSite() float64 {
	x := 0.0
	for i := range w.sites {
		x = max(x, float64(w.sites[i].Size))
	}
	return x
}

func TestALabsChipsGoWhereItIsATenant(t *testing.T) {
	tenant := func(c *contract.ChipSupply) { c.Buyer = labA }
	more := contract.Contract{Key: "more", Kind: "capacity-reservation", Signed: unit.Date(2026, 1), Terms: &contract.CapacityReservation{
		Buyer: labA, Seller: cloudD, Capacity: 400, Starts: unit.Date(2027, 1), Ramp: 1, Term: 60, Rent: 11 * bn, Floor: 0.85, Chips: id.None,
	}}
	w := after(t, twoMakers(supply(tenant)), 1)
	if s := w.ties.has(labA, second); s == nil || !s.chips {
		t.Error("lab-a's software does not run on the chips that it has ordered")
	}
	m := twoMakers(supply(tenant), more)
	n := id.Contract(len(m.Contracts) - 2)
	at := map[id.Firm]float64{}
	play(t, m, rng.Run{}, func(w *World, _ unit.Month) {
		for i := range w.sites {
			if s := &w.sites[i]; s.Chips == n {
				at[s.Owner] = max(at[s.Owner], float64(s.Size))
			}
		}
	})
	if at[cloudD] == 0 || at[labB] != 0 {
		t.Errorf("sites with lab-a's chips are up to %v MW by owner, want some of cloud-d, which serves it, and none of lab-b", at)
	}
}

func TestSitesWithPriorityAreFilledFirst(t *testing.T) {
	// Chips are so few that sites wait.
	live := func(change func(*contract.ChipSupply)) float64 {
		m := twoMakers(supply(func(c *contract.ChipSupply) { c.Maker = maker; change(c) }))
		m.Firms[maker].Supplier.Shipments = 200_000
		return after(t, m, 24).deals.states[len(m.Contracts)-1].Taken
	}
	with, without := live(func(c *contract.ChipSupply) { c.Priority = true }), live(as)
	if with <= without {
		t.Errorf("%.0f MW are filled with priority and %.0f without, want more with it", with, without)
	}
}

func TestOfTwoPrioritiesTheHigherPrecedenceGoesFirst(t *testing.T) {
	one, other := supply(func(c *contract.ChipSupply) { c.Priority = true }), supply(func(c *contract.ChipSupply) { c.Priority, c.Buyer = true, cloudD })
	other.Key, other.Precedence = "other", 1
	m := twoMakers(one, other)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	n := id.Contract(len(m.Contracts))
	if got := w.deals.preferred; len(got) != 2 || got[0] != n-1 || got[1] != n-2 {
		t.Errorf("contracts %v go first, want %v before %v", got, n-1, n-2)
	}
}

func TestAMakersPathTakesItTowardsOrAwayFromTheLeader(t *testing.T) {
	m := twoMakers()
	s := m.Firms[second].Supplier
	s.PriceTrend, s.DensityTrend = -0.1, 0.2
	w := after(t, m, 12)
	x := w.firms[second].supplier
	// A year on its compute costs nine tenths of 0.8 of the leader's, and a megawatt of it computes 1.2 of the common's.
	if got, want := w.saving(x), 1-0.8*0.9*1.2; math.Abs(got-want) > 1e-9 {
		t.Errorf("a megawatt of its chips costs %.6f less, want %.6f", got, want)
	}
	if got := w.densityOf(x, m.Start+12) / w.tables.density[12]; math.Abs(got-1.2) > 1e-9 {
		t.Errorf("its compute per megawatt is %.6f of the common, want 1.2", got)
	}
	if got := w.saving(w.firms[maker].supplier); got != 0 {
		t.Errorf("the leader saves %v against itself", got)
	}
}

func TestDevelopingTogetherSpeedsThePathForAll(t *testing.T) {
	joint := supply(func(c *contract.ChipSupply) {
		c.Capacity, c.Starts, c.PriceGain, c.DensityGain = 0, unit.Date(2026, 1), 0.15, 0.1
	})
	w := after(t, twoMakers(joint), 12)
	x := w.firms[second].supplier
	if got, want := w.saving(x), 1-0.8*0.85*1.1; math.Abs(got-want) > 1e-9 {
		t.Errorf("after a year of it a megawatt costs %.6f less, want %.6f", got, want)
	}
}

func TestALabPaysLessRentOnCheaperChipsThatItHasOrdered(t *testing.T) {
	w := after(t, twoMakers(supply(func(c *contract.ChipSupply) { c.Buyer = labA })), 1)
	c := w.firms[cloudC].cloud
	maker, cost := w.tailored(c, labA, w.m.Start+2)
	if maker != second || cost >= 1 {
		t.Errorf("cloud-c would build for lab-a on chips of %v at %.4f of its own cost, want those of %v at less", maker, cost, second)
	}
	if m, same := w.tailored(c, labB, w.m.Start+2); m != w.clouds[c].family || same != 1 {
		t.Errorf("for lab-b, which has ordered none, it would build on %v at %v", m, same)
	}
}

func TestADiscountMakesTheSitesCheaper(t *testing.T) {
	cost := func(discount unit.Share) float64 {
		w := after(t, twoMakers(supply(func(c *contract.ChipSupply) { c.Discount = discount })), 3)
		for i := range w.sites {
			if s := &w.sites[i]; s.Family == second {
				b, cost := &w.m.Market.Build, w.costPerMW(s.Ordered)
				if s.Cost != unit.USDPerMW(cost) || b.Building(float64(s.Cost)) != cost*(1-float64(b.ITShare)) {
					t.Errorf("its building costs %v a megawatt, want %v whoever makes its chips", b.Building(float64(s.Cost)), cost*(1-float64(b.ITShare)))
				}
				return (b.Building(cost) + b.Equipment(cost, s.Saving)) / cost
			}
		}
		t.Fatal("no site takes the second maker's chips")
		return 0
	}
	// The chips' part of the cost is 39 %; the maker's price is a fifth below the leader's, the contract's a quarter less.
	if got, want := cost(0), 1-0.39*0.2; math.Abs(got-want) > 1e-9 {
		t.Errorf("a site costs %.6f of one on the leader's chips, want %.6f", got, want)
	}
	if got, want := cost(0.25), 1-0.39*(1-0.8*0.75); math.Abs(got-want) > 1e-9 {
		t.Errorf("with a discount it costs %.6f, want %.6f", got, want)
	}
}

func TestChipsThatAreNotTakenArePaidFor(t *testing.T) {
	// lab-b's cloud finds sites for a part of 24 GW in a year.
	m := twoMakers(supply(func(c *contract.ChipSupply) { c.Buyer, c.Capacity, c.Term, c.Floor = labB, 24_000, 12, 1 }))
	n := len(m.Contracts) - 1
	w := after(t, m, 13) // to January 2027, a month before the schedule ends
	if got := w.books.Turnover(second, ledger.ChipRevenue); w.deals.states[n].Paid != 0 {
		t.Fatalf("%v was paid before the end of the contract year, with revenue of %v", w.deals.states[n].Paid.Dollars(), got.Dollars())
	}
	if err := w.Step(unit.Date(2027, 2)); err != nil {
		t.Fatal(err)
	}
	s := w.deals.states[n]
	price := w.costPerMW(unit.Date(2027, 2)) * 0.39 * 0.8
	if want := unit.Dollars(s.Forgone * price); s.Paid != want || s.Forgone < 10_000 || s.Forgone+s.Taken > 24_000 {
		t.Errorf("%.0f MW were taken, %.0f paid for with %v, want %v at $%.0f a megawatt", s.Taken, s.Forgone, s.Paid.Dollars(), want.Dollars(), price)
	}
}

func TestASiteIsCutInTwoWithoutLoss(t *testing.T) {
	w := after(t, small(), 1)
	for i := range w.sites {
		s := w.sites[i]
		if s.Live > 0 || s.Size < 100 {
			continue
		}
		sites, size := len(w.sites), s.Size
		first := *w.split(i, 40)
		rest := w.sites[i+1]
		if len(w.sites) != sites+1 || first.Size != 40 || rest.Size != size-40 || first.Powered+rest.Powered != s.Powered || first.Powered > 40 {
			t.Errorf("a site of %v MW with %v connected becomes %+v and %+v", size, s.Powered, first, rest)
		}
	}
}

func TestWhoWaitsTooLongTakesOtherChipsAndLeavesTheContract(t *testing.T) {
	m := twoMakers(supply(as))
	m.Firms[second].Supplier.Shipments = 0
	n := len(m.Contracts) - 1
	x := follow(t, NewWorld(m), m, rng.Run{}, true)
	switched := 0
	for _, e := range x.events {
		if e.Kind == "chip-switch" && e.Firm == cloudC && e.With == maker {
			switched++
		}
	}
	if switched == 0 {
		t.Error("cloud-c waits forever for a maker that ships nothing")
	}
	if w := after(t, m, 60); w.deals.states[n].Taken != 0 || w.ties.find(cloudC, second).fitted != 0 {
		t.Errorf("%v MW count as taken from a maker that ships nothing", w.deals.states[n].Taken)
	}
}

func TestShipmentsFollowOrdersAsFarAsTheyRespond(t *testing.T) {
	supplied := func(response, shipments float64) float64 {
		m := small()
		m.Market.Chips.Response, m.Firms[maker].Supplier.Shipments = response, unit.H100e(shipments)
		w := after(t, m, 36)
		return w.supply
	}
	path := supplied(0, 100_000)
	if got, want := path, 100_000*small().Market.Chips.SupplyFactor(3); math.Abs(got-want) > 1e-6*want {
		t.Errorf("without response %.0f H100e are shipped in a month, want %.0f of the path", got, want)
	}
	if got := supplied(0.5, 100_000); got <= path {
		t.Errorf("short of chips %.0f are shipped with response, want more than the path's %.0f", got, path)
	}
	if got, want := supplied(0.5, 90_000_000), supplied(0, 90_000_000); got >= want {
		t.Errorf("with far too many chips %.0f are shipped, want fewer than the path's %.0f", got, want)
	}
}

func TestAnAmendedSupplyKeepsItsSites(t *testing.T) {
	first := supply(as)
	m := twoMakers(first)
	old := id.Contract(len(m.Contracts) - 1)
	more := supply(func(c *contract.ChipSupply) { c.Capacity = 2400 })
	more.Key, more.Signed, more.Amends = "more", unit.Date(2026, 9), &old
	m = twoMakers(first, more)
	w := after(t, m, 9)
	n := 0
	for i := range w.sites {
		switch s := &w.sites[i]; {
		case s.Chips == old:
			t.Error("a site still waits under the old terms")
		case s.Chips == old+1 && s.Stage != asset.Gone:
			n++
		}
	}
	if n == 0 {
		t.Error("no site waits under the new terms")
	}
}

func TestPriorityFillsASiteNoFasterThanFitOutAllows(t *testing.T) {
	m := twoMakers(supply(func(c *contract.ChipSupply) { c.Maker, c.Priority = maker, true }))
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		for i := range w.sites {
			s, b := &w.sites[i], &m.Market.Build
			step := max(float64(s.Size)*float64(b.PhaseIn), float64(s.Size)*(1-float64(b.PhaseIn))/float64(b.FitOut))
			if s.Chips != id.NoContract && s.Live > 0 && s.Since == month && float64(s.Live) > step+1e-9 {
				t.Errorf("%v: a site of %.0f MW takes %.0f MW in its first month, at most %.0f fit", month, s.Size, s.Live, step)
			}
		}
	})
}

func TestABuyerDoesNotPayForItsMakersDelay(t *testing.T) {
	m := twoMakers(supply(func(c *contract.ChipSupply) { c.Capacity, c.Term, c.Floor = 300, 12, 1 }))
	m.Firms[second].Supplier.Shipments = 0
	m.Market.Chips.LeadTime = 60 // nobody turns to other chips
	if w := after(t, m, 30); w.deals.states[len(m.Contracts)-1].Paid != 0 {
		t.Errorf("cloud-c pays %v for chips that never came, its sites waiting", w.deals.states[len(m.Contracts)-1].Paid.Dollars())
	}
}

func TestChipsUnderContractChangeACloudsCost(t *testing.T) {
	with, without := after(t, twoMakers(supply(as)), 2), after(t, twoMakers(), 2)
	c := with.firms[cloudC].cloud
	if x, y := with.clouds[c].cost, without.clouds[c].cost; x >= y {
		t.Errorf("cloud-c's new capacity costs %.0f a gigawatt-year with cheaper chips on the way, %.0f without", x, y)
	}
}

func TestALabPrefersChipsThatComputeMoreInAMegawatt(t *testing.T) {
	score := func(density float64) float64 {
		m := small()
		m.Firms[maker].Supplier.Density = density
		w := after(t, m, 1)
		r := market.Request{Lab: labA, Size: 100, Start: m.Start + 12, Months: 60}
		c := w.firms[cloudC].cloud
		return w.score(&market.Offer{Request: r, Seller: cloudC, Rent: unit.Rent(w.rent), Ready: m.Start + 12, Family: w.clouds[c].family}, 0)
	}
	if got, want := score(1.5)-score(1), math.Log(1.5); math.Abs(got-want) > 1e-9 {
		t.Errorf("half as much compute again is worth %.6f to a lab, want %.6f", got, want)
	}
}

func TestWhatIsGivenUpNoLongerTakesChips(t *testing.T) {
	w := after(t, twoMakers(supply(as)), 3)
	c := &w.clouds[w.firms[cloudC].cloud]
	all := c.supplied
	for i := range w.sites {
		s := &w.sites[i]
		if s.Chips == id.NoContract || s.Owner != cloudC {
			continue
		}
		left := float64(s.Size - s.Live)
		s.Stage = asset.Gone
		w.survey(w.panelMonth())
		if math.Abs(all-left-c.supplied) > 1e-9 {
			t.Errorf("of %.0f MW with chips under contract %.0f MW are given up and %.0f left", all, left, c.supplied)
		}
		return
	}
	t.Fatal("no site takes chips under the contract")
}

// everything is a contract of each kind that touches chips, power and people.
func everything() []contract.Contract {
	return []contract.Contract{
		supply(func(c *contract.ChipSupply) { c.Priority, c.Floor, c.Discount, c.PriceGain = true, 0.5, 0.1, 0.1 }),
		agreement(func(c *contract.PowerAgreement) { c.Form, c.Floor, c.Ramp = "grid-slot", 0.8, 12 }),
		hiring(func(c *contract.CostPlan) {
			c.Payment, c.Pace, c.Points, c.Retention, c.Setback = unit.Dollars(bn), 0.2, 1, 0.5, 1
			c.Costs = []contract.Cost{{From: unit.Date(2026, 3), Rate: bn}}
		}),
	}
}

func TestChipsPowerAndPeopleKeepTheBooks(t *testing.T) {
	for run := range uint64(20) {
		m := twoMakers(everything()...)
		m.Market.Chips.Response, m.Market.Build.AbandonShare = 0.5, 0.3
		play(t, m, rng.Run{Seed: 5, Index: run}, func(w *World, month unit.Month) { residuals(t, w, month) })
	}
}

func TestChipsPowerAndPeopleAllocateNothing(t *testing.T) {
	m := twoMakers(everything()...)
	w := NewWorld(m)
	w.Listen(nil, false)
	least := math.Inf(1)
	for range 4 {
		least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) }))
	}
	if least > float64(m.End-m.Start)/20 {
		t.Errorf("a run allocates %.0f times when it is played again, want 0", least)
	}
}

// What contracts cut off sites stands in the end where it would if each rest had been put behind its site at once.
func TestRestsOfSitesStandBehindWhatTheyWereCutFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &World{clouds: make([]cloudState, 1), empty: make([][]int32, 1), firms: []firmState{{cloud: 0}}}
		for i := range rapid.IntRange(1, 6).Draw(t, "sites") {
			w.sites = append(w.sites, asset.Site{Size: 100, Ordered: unit.Month(i), Chips: id.NoContract})
			w.candidates = append(w.candidates, w.candidate(int32(i)))
		}
		plain := &World{sites: slices.Clone(w.sites)}
		for n := range rapid.IntRange(0, 8).Draw(t, "cuts") {
			i := rapid.IntRange(0, len(plain.sites)-1).Draw(t, "which")
			site, part := plain.sites[i], plain.sites[i].Size*unit.MW(0.31+0.01*float64(n)) // no two pieces are alike
			if site.Chips != id.NoContract {
				continue // what a contract has is not cut again
			}
			plain.split(i, part).Chips = 0
			w.cut(slices.IndexFunc(w.candidates, func(c candidate) bool { return w.sites[c.place()] == site }), part).Chips = 0
		}
		w.closeRanks()
		if !slices.Equal(w.sites, plain.sites) {
			t.Fatalf("the list is %v, want %v", w.sites, plain.sites)
		}
	})
}
