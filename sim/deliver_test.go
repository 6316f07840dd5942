package sim

import (
	"testing"

	"powerplay/sim/contract"
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
