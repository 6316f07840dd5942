package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// delivered is what lab-a gets from cloud-d in mid-2026, of 2 GW, and what cloud-d has free a year on.
func delivered(t *testing.T, contracts ...contract.Contract) (mw, free float64) {
	t.Helper()
	contracts = append([]contract.Contract{{Key: "to-lab", Kind: "capacity-reservation", Signed: unit.Date(2026, 1), Terms: &contract.CapacityReservation{
		Buyer: labA, Seller: cloudD, Capacity: 2000, Starts: unit.Date(2026, 2), Ramp: 1, Term: 60, Rent: 11 * bn, Floor: 1,
	}}}, contracts...)
	m := small(contracts...)
	m.End = unit.Date(2026, 6)
	w := play(t, m, rng.Run{}, nil)
	for k := range w.lots {
		if l := &w.lots[k]; l.Buyer == labA && l.Seller == cloudD {
			mw += float64(l.Delivered)
		}
	}
	if x := get(w, measure.Utilisation, cloudD); x > 1 {
		t.Errorf("cloud-d uses %g of what it has", x)
	}
	return mw, w.clouds[w.firms[cloudD].cloud].free[12]
}

func TestACloudLetsOnWhatItRents(t *testing.T) {
	lease := letter(func(c *contract.LeasePipeline) {
		c.Tenant, c.Landlord, c.Capacity, c.Letter, c.Statement, c.Building, c.Ramp = cloudD, cloudC, 600, 0, 0, 1, 1
		c.Cancels = unit.Date(2032, 12)
	})
	alone, free := delivered(t)
	with, freeWith := delivered(t, lease)
	if d := with - alone; d < 550 || d > 600.001 {
		t.Errorf("with 600 MW rented from cloud-c, cloud-d delivers %g MW more, want about 600 MW", d)
	}
	if freeWith <= free {
		t.Errorf("cloud-d reckons with %g MW free in a year, %g MW without the lease", freeWith, free)
	}
}

func TestATenantThatLetsOnLeavesWhatItsOwnPlanDoesNotWant(t *testing.T) {
	lease := letter(func(c *contract.LeasePipeline) { c.Tenant, c.Landlord, c.Capacity = cloudD, cloudC, 600 })
	m := small(lease)
	m.Firms[buyer].Buyer.Need = 0
	m.Firms[cloudD].Cloud.UnderConstruction = 8000
	if at := events(t, m, "letter"); at["lease-exit"] != unit.Date(2026, 4) {
		t.Errorf("with 8 GW under way cloud-d leaves its letter in %v, want 2026-04", at["lease-exit"])
	}
}

func TestDearCapacityLeavesACloudsOtherServices(t *testing.T) {
	wish := func(elasticity float64) (want, inside float64) {
		m := small()
		m.Market.Compute.InternalElasticity = elasticity
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		if err := w.Step(m.Start + 1); err != nil {
			t.Fatal(err)
		}
		w.rent = 2 * float64(m.Market.Compute.Rent)
		w.deliver(m.Start + 2)
		c := &w.clouds[w.firms[cloudC].cloud]
		return c.internal, c.inside
	}
	rigid, had := wish(0)
	want, has := wish(1)
	if d := want/rigid - 0.5; d < -1e-9 || d > 1e-9 {
		t.Errorf("at twice the rent other services want %g MW, %g MW at any rent; want half", want, rigid)
	}
	if has > want || has >= had {
		t.Errorf("they want %g MW and keep %g MW, %g MW at any rent", want, has, had)
	}
}

// What a lab does on capacity of its own costs what the capacity costs: staff are not dearer where others would rent it.
func TestScarceRentRaisesNoCostOfOwnUse(t *testing.T) {
	staff := func(rent float64) float64 {
		m := small()
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		if err := w.Step(m.Start + 1); err != nil {
			t.Fatal(err)
		}
		w.rent *= rent
		w.billCapacity(m.Start + 2)
		for i := range w.labs {
			if l := &w.labs[i]; w.firms[l.firm].cloud >= 0 && w.clouds[w.firms[l.firm].cloud].ownUsed > 0 && l.rented == 0 {
				return l.computeBill
			}
		}
		t.Fatal("no lab has a cloud of its own")
		return 0
	}
	if as, dear := staff(1), staff(10); as != dear || as <= 0 {
		t.Errorf("own use is reckoned at %g, at %g when rent is ten times as high", as, dear)
	}
}

func TestServiceCountsOnceWhatACloudDeliversInTwoSteps(t *testing.T) {
	m := small(
		letter(func(c *contract.LeasePipeline) { // what its own sites lack cloud-d gives from what it rents
			c.Tenant, c.Landlord, c.Capacity, c.Letter, c.Statement, c.Building, c.Ramp = cloudD, cloudC, 600, 0, 0, 1, 1
			c.Cancels = unit.Date(2032, 12)
		}),
		contract.Contract{Key: "to-lab", Kind: "capacity-reservation", Signed: unit.Date(2026, 1), Terms: &contract.CapacityReservation{
			Buyer: labA, Seller: cloudD, Capacity: 2000, Starts: unit.Date(2026, 2), Ramp: 1, Term: 60, Rent: 11 * bn, Floor: 1, DelayPenalty: 0.1,
		}},
	)
	m.End = unit.Date(2026, 6)
	w := play(t, m, rng.Run{}, nil)
	n := id.Contract(len(m.Contracts) - 1)
	for k := range w.lots {
		if l := &w.lots[k]; l.Contract == n {
			want := contract.Service{Due: 2000, Delivered: l.Delivered, Late: l.Rent.ForMonth(2000 - l.Delivered)}
			if got := w.deals.served[n]; got != want || want.Late == 0 {
				t.Errorf("the contract is served %+v, want %+v", got, want)
			}
		}
	}
	if w.clouds[w.firms[cloudD].cloud].hired == 0 {
		t.Error("cloud-d lets nothing on")
	}
}
