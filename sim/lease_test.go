package sim

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// letter is 400 MW that lab-a may have from cloud-d: a letter of intent of January 2026, a statement in April, a lease
// in June and capacity in December 2027.
func letter(change func(*contract.LeasePipeline)) contract.Contract {
	c := &contract.LeasePipeline{
		Tenant: labA, Landlord: cloudD, Capacity: 400, Letter: 3, Statement: 2, Building: 18, Ramp: 6, Term: 60, Floor: 1, BuildsFrom: "lease",
		Conversion: 0.98, StatementCost: 0.01, LeaseCost: 0.2, ServiceCost: 1, Grace: 3, Next: id.None, MismatchSpread: 0.001,
	}
	if change != nil {
		change(c)
	}
	return contract.Contract{Key: "letter", Kind: "lease-pipeline", Signed: unit.Date(2026, 1), Terms: c}
}

// events are those of a contract, by kind and date.
func events(t *testing.T, m *Model, key string) map[string]unit.Month {
	t.Helper()
	x := follow(t, NewWorld(m), m, rng.Run{}, true)
	at := map[string]unit.Month{}
	for _, e := range x.events {
		if e.Contract == key {
			at[e.Kind] = e.Month
		}
	}
	return at
}

func TestALandlordBuildsForALeaseFromItsStageOn(t *testing.T) {
	for from, want := range map[string]unit.Month{"letter": unit.Date(2026, 1), "statement": unit.Date(2026, 4), "lease": unit.Date(2026, 6)} {
		m := small(letter(func(c *contract.LeasePipeline) { c.BuildsFrom = from; c.Cancels = unit.Date(2032, 12) }))
		m.End = unit.Date(2026, 12)
		first := unit.Month(0)
		owed := unit.Month(0)
		play(t, m, rng.Run{}, func(w *World, month unit.Month) {
			l := w.leaseLot(2)
			if l != nil && first == 0 {
				first = month
			}
			if l != nil && owed == 0 && l.Rest(month) > 0 {
				owed = month
			}
		})
		if first != want || owed != unit.Date(2026, 6) {
			t.Errorf("from the %s on: cloud-d builds from %v and rent is owed from %v, want %v and 2026-06", from, first, owed, want)
		}
	}
}

func TestATenantPaysTheCostOfTheStageItLeaves(t *testing.T) {
	for _, tt := range []struct {
		name    string
		cancels unit.Month
		share   float64 // of the rent promised
	}{
		{"a letter", unit.Date(2026, 3), 0}, {"a statement", unit.Date(2026, 5), 0.01}, {"a lease", unit.Date(2027, 6), 0.2},
	} {
		m := small(letter(func(c *contract.LeasePipeline) { c.Cancels, c.Rent = tt.cancels, 12*bn }))
		m.End = unit.Date(2027, 12)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		var paid unit.USD
		w.Books().Journal = func(p ledger.Posting) {
			if p.Memo.Kind == "lease exit" && p.From == labA && p.To == cloudD {
				paid += p.Amount
			}
		}
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		// 400 MW at $12bn a gigawatt-year for 60 months; the ramp of six takes 2.5 months of full rent.
		promised := 0.4 * 12 * bn * (60 - 2.5) / 12
		if want := tt.share * promised; math.Abs(paid.Dollars()-want) > 1e6 {
			t.Errorf("%s: lab-a pays %.4g to leave, want %.4g", tt.name, paid.Dollars(), want)
		}
		if w.leaseLot(2) != nil || !w.deals.states[2].Ended {
			t.Errorf("%s: the lease goes on", tt.name)
		}
	}
}

func TestATenantLeavesByItsRuleWhatItDoesNotNeed(t *testing.T) {
	m := small(letter(nil), campus(), letter(nil))
	m.Contracts[3].Terms.(*contract.CapacityReservation).Capacity = 8000
	m.Contracts[3].Terms.(*contract.CapacityReservation).Starts = unit.Date(2027, 6)
	m.Contracts[4].Key = "second"
	at := events(t, m, "letter")
	if at["lease-exit"] != unit.Date(2026, 4) {
		t.Errorf("with 8 GW signed elsewhere lab-a leaves its letter in %v, want 2026-04 when the statement is due", at["lease-exit"])
	}
	needy := small(letter(nil))
	needy.Firms[labA].Cash *= 10
	if at = events(t, needy, "letter"); at["lease-stage"] != unit.Date(2027, 12) {
		t.Errorf("a lab that needs the capacity comes to its last stage in %v, want 2027-12", at["lease-stage"])
	}
}

func TestLateCapacityIsLeftWithoutCost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		grace unit.Months
		free  bool
	}{{"late beyond the grace", 3, true}, {"within it", 24, false}} {
		m := small(letter(func(c *contract.LeasePipeline) {
			c.Building, c.Capacity, c.Grace, c.Cancels, c.Cancelled = 2, 3000, tt.grace, unit.Date(2027, 3), 100
		}))
		m.Firms[cloudD].Cloud.UnderConstruction = 0 // most of it will not be ready for years
		m.End = unit.Date(2027, 3)
		w := play(t, m, rng.Run{}, nil)
		if paid := w.deals.states[2].Paid; (paid == 0) != tt.free || math.Abs(float64(w.leaseSize(2))-2900) > 1e-6 {
			t.Errorf("%s: lab-a pays %v to leave 100 MW and keeps %v MW", tt.name, paid.Dollars(), w.leaseSize(2))
		}
	}
}

func TestNoticeEndsServiceAfterItsTime(t *testing.T) {
	m := small(letter(func(c *contract.LeasePipeline) {
		c.Letter, c.Statement, c.Building, c.Ramp, c.Notice, c.Cancels = 0, 0, 2, 1, 3, unit.Date(2026, 6)
	}))
	m.End = unit.Date(2026, 12)
	served := map[unit.Month]bool{}
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		for k := range w.lots {
			served[month] = served[month] || w.lots[k].Contract == 2 && w.lots[k].Delivered > 0
		}
	})
	for month, want := range map[unit.Month]bool{unit.Date(2026, 3): true, unit.Date(2026, 6): true, unit.Date(2026, 9): true, unit.Date(2026, 10): false} {
		if served[month] != want {
			t.Errorf("%v: served %v, want %v: notice of June runs to September", month, served[month], want)
		}
	}
}

func TestALeaseGoesToTheNextTenantThatTheScenarioNames(t *testing.T) {
	for _, cancels := range []unit.Month{unit.Date(2026, 2), unit.Date(2027, 1)} { // a letter, and a lease
		m := small(letter(func(c *contract.LeasePipeline) { c.Cancels, c.Next = cancels, labB }))
		x := follow(t, NewWorld(m), m, rng.Run{}, true)
		i := slices.IndexFunc(x.events, func(e Event) bool { return e.Kind == "relet" && e.Contract == "letter" })
		if i < 0 || x.events[i].Firm != labB || x.events[i].With != cloudD || x.events[i].Month != cancels {
			t.Errorf("left in %v: lab-b does not take the lease at once", cancels)
		}
	}
}

func TestAPullBackLeavesLeasesAtTheCostOfTheirStage(t *testing.T) {
	m := small(letter(func(c *contract.LeasePipeline) { c.Cancels = unit.Date(2032, 12) }))
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for month := m.Start + 1; month <= unit.Date(2026, 12); month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	lots := undelivered(w, labA)
	got := w.pullBack(labA, 0.5, unit.Date(2027, 1))
	if size := w.leaseSize(2); math.Abs(float64(size)-200) > 1e-6 || w.deals.states[2].Paid <= 0 {
		t.Errorf("%v MW of the lease are left and %v was paid, want 200 MW at a cost", size, w.deals.states[2].Paid)
	}
	if math.Abs(float64(got)-lots/2) > 1e-6 {
		t.Errorf("half of %g MW not in service: %v MW were left", lots, got)
	}
}

func TestAMismatchRaisesTheLandlordsCostOfMoney(t *testing.T) {
	cost, hurdle := map[unit.Months]float64{}, map[unit.Months]float64{}
	for _, term := range []unit.Months{0, 180} {
		m := small(letter(func(c *contract.LeasePipeline) { c.LandlordTerm = term; c.Cancels = unit.Date(2032, 12) }))
		m.End = unit.Date(2026, 7)
		w := play(t, m, rng.Run{}, func(w *World, month unit.Month) {
			if month < unit.Date(2026, 6) && w.clouds[w.firms[cloudD].cloud].mismatch != 0 {
				t.Errorf("%v: a spread before the lease is signed", month)
			}
		})
		cost[term], hurdle[term] = w.debtRate(cloudD), w.clouds[w.firms[cloudD].cloud].hurdle
	}
	// Ten years at 0.1 % on 400 MW of about 2.7 GW.
	if rise := cost[180] - cost[0]; rise < 0.001 || rise > 0.002 {
		t.Errorf("interest rises by %g, want about 0.0015", rise)
	}
	if rise := hurdle[180] - hurdle[0]; rise < 0.001 || rise > 0.003 {
		t.Errorf("the hurdle rate rises by %g, want about 0.0015", rise)
	}
}

func TestALandlordOwesOnForWhatItsTenantHasLeft(t *testing.T) {
	owes := func(cancels unit.Month, term unit.Months) float64 {
		m := small(letter(func(c *contract.LeasePipeline) {
			c.LandlordTerm, c.Term, c.Cancels, c.Cancelled = 180, term, cancels, 100
		}))
		m.End = unit.Date(2027, 1)
		m.Market.Compute.Term = 60
		w := play(t, m, rng.Run{}, nil)
		s := &w.clouds[w.firms[cloudD].cloud]
		return w.mismatch(2, m.End) * (s.energised + s.pipeline)
	}
	// 400 MW at 0.1 % a year for each of 3 years of mismatch; of the 100 MW left the next tenant signs for 5 of the 15.
	for _, tt := range []struct {
		name    string
		cancels unit.Month
		want    float64
	}{
		{"nothing left", unit.Date(2032, 12), 0.001 * 3 * 400},
		{"a signed lease", unit.Date(2026, 9), 0.001 * (3*300 + 10*100)},
		{"a letter", unit.Date(2026, 3), 0.001 * 3 * 300},
	} {
		if got := owes(tt.cancels, 144); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: a rise of %g for a megawatt in all, want %g", tt.name, got, tt.want)
		}
	}
}

// A cloud that sells leases for its customers: its lab has no more of it, its room to sell and its plan do.
func TestACloudThatSellsLetsOnWhatItLeases(t *testing.T) {
	for _, sells := range []bool{true, false} {
		m := small(letter(func(c *contract.LeasePipeline) {
			c.Tenant, c.Letter, c.Statement, c.Building, c.Ramp, c.Cancels = labB, 0, 0, 2, 1, unit.Date(2032, 12)
		}))
		m.Firms[labB].Cloud.Sells = sells
		m.End = unit.Date(2026, 9)
		w := play(t, m, rng.Run{}, nil)
		cloud, lab := &w.clouds[w.firms[labB].cloud], &w.labs[w.firms[labB].lab]
		if sells != (cloud.hired > 100) || sells == (lab.rented > 100) {
			t.Errorf("sells %v: the cloud has %g MW to let on, the lab %g MW", sells, cloud.hired, lab.rented)
		}
	}
}

// burdened is a small world with leases that end in every way, a guarantee and a cloud that lets on what it rents.
func burdened() *Model {
	m := small(
		letter(nil), letter(func(c *contract.LeasePipeline) { c.Cancels, c.Next, c.Cancelled = unit.Date(2027, 3), labB, 100 }),
		letter(func(c *contract.LeasePipeline) {
			c.Tenant, c.Landlord, c.Letter, c.Statement, c.Building = cloudD, cloudC, 0, 0, 2
		}),
		letter(func(c *contract.LeasePipeline) { c.Landlord, c.Building, c.Notice, c.Mutual = labB, 2, 3, true }),
		letter(func(c *contract.LeasePipeline) {
			c.Landlord, c.Tenant, c.BuildsFrom, c.Conversion = cloudC, labB, "letter", 0.3
		}),
		backstop(id.None),
	)
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	for i := range m.Contracts {
		m.Contracts[i].Key += string(rune('a' + i)) // each with luck of its own
	}
	return m
}

func TestLeasesAndGuaranteesBreakNoLaw(t *testing.T) {
	kinds := map[string]int{}
	for run := range uint64(20) {
		m := burdened()
		x := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: run}, true)
		for _, e := range x.events {
			kinds[e.Kind]++
		}
	}
	for _, kind := range []string{"lease-stage", "lease-exit", "relet", "backstop"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s in 20 runs", kind)
		}
	}
}

func TestAMonthOfLeasesAllocatesNothing(t *testing.T) {
	m := burdened()
	w := NewWorld(m)
	w.Listen(nil, false)
	least := testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) })
	for range 3 {
		least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) }))
	}
	if least > float64(m.End-m.Start)/20 {
		t.Errorf("a run with leases allocates %.0f times when it is played again, want 0", least)
	}
}

func TestALandlordThatFindsABetterUseGivesNotice(t *testing.T) {
	m := small(letter(func(c *contract.LeasePipeline) {
		c.Landlord, c.Letter, c.Statement, c.Building, c.Ramp, c.Notice, c.Mutual, c.Rent = cloudC, 0, 0, 1, 1, 3, true, 2*bn
	}))
	m.Firms[labA].Cash *= 10
	x := follow(t, NewWorld(m), m, rng.Run{}, true)
	i := slices.IndexFunc(x.events, func(e Event) bool { return e.Kind == "lease-exit" })
	if i < 0 || x.events[i].Firm != cloudC || x.events[i].With != labA {
		t.Fatal("a landlord that gets a fifth of the market rent stays")
	}
	for _, r := range x.events[i].Why {
		if r.Name == "cost of leaving" && r.Value != 0 {
			t.Errorf("notice costs %v", r.Value)
		}
	}
}
