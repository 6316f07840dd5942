package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// hear plays a model's central run and returns its events under one contract by kind, and the world at the end.
func hear(t *testing.T, m *Model, key string, each func(w *World, month unit.Month)) (*World, map[string][]Event) {
	t.Helper()
	w, x := NewWorld(m), &trace{}
	w.Listen(x, true)
	w.Reset(m, rng.Run{})
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if each != nil {
			each(w, month)
		}
	}
	kinds := map[string][]Event{}
	for _, e := range x.events {
		if e.Contract == key {
			kinds[e.Kind] = append(kinds[e.Kind], e)
		}
	}
	return w, kinds
}

// overbooked is 4 GW that cloud-d, of 1.2 GW and as much under way, owes lab-a from July 2026.
func overbooked(change func(*contract.CapacityReservation)) contract.Contract {
	return hall(func(c *contract.CapacityReservation) {
		c.Seller, c.Capacity, c.Prepayment, c.Floor = cloudD, 4000, 0, 0
		if change != nil {
			change(c)
		}
	})
}

func TestALateSellerPaysDamages(t *testing.T) {
	var damages, want unit.USD
	m := small(overbooked(func(c *contract.CapacityReservation) { c.DelayPenalty, c.ExitBelow = 0.05, 0.9 }))
	m.End = unit.Date(2026, 12)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "delay-penalty" {
			if p.From != cloudD || p.To != labA || p.FromDebit != ledger.OtherExpense || p.ToCredit != ledger.OtherIncome {
				t.Errorf("damages are posted as %+v", p)
			}
			damages += p.Amount
		}
	}
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		for k := range w.lots {
			if l := &w.lots[k]; l.Contract == 2 {
				want += l.Rent.ForMonth(l.Due(month) - l.Delivered).Times(0.05)
			}
		}
	}
	if damages == 0 || damages != want {
		t.Errorf("cloud-d pays $%v for being late, want $%v", damages.Dollars(), want.Dollars())
	}
}

func TestABuyerLeavesALateSellerOnlyWhereThatPays(t *testing.T) {
	tests := []struct {
		name  string
		rent  unit.Rent
		needs bool
		exits bool
	}{
		{"it is dearer than the market", 16 * bn, true, true},
		{"it is cheaper and needed", 2 * bn, true, false},
		{"it is cheaper and not needed", 2 * bn, false, true},
	}
	for _, tt := range tests {
		m := small(overbooked(func(c *contract.CapacityReservation) {
			c.Rent, c.ExitAfter, c.ExitBelow, c.Prepayment = tt.rent, 3, 0.9, 0.1
			if tt.needs {
				c.Buyer = labA
			} else {
				c.Buyer = cloudC // builds more than it is asked for
			}
		}))
		if !tt.needs {
			m.Firms[cloudC].Cloud.UnderConstruction = 20_000
		} else { // it has the money for all that it could use
			m.Firms[labA].Lab.Used = 6000
			m.Firms[labA].Cash = unit.Dollars(400 * bn)
		}
		m.End = unit.Date(2026, 12)
		signed := unit.MW(0)
		w, kinds := hear(t, m, "hall", func(w *World, month unit.Month) {
			signed = 0
			for k := range w.lots {
				if w.lots[k].Contract == 2 {
					signed += w.lots[k].Size
				}
			}
		})
		if exits := len(kinds["exit"]) > 0; exits != tt.exits {
			t.Errorf("%s: exits %v, want %v (%+v)", tt.name, kinds["exit"], tt.exits, kinds["stay"])
			continue
		}
		if !tt.exits {
			if signed != 4000 {
				t.Errorf("%s: %v MW are left of 4,000", tt.name, signed)
			}
			continue
		}
		e := kinds["exit"][0]
		if e.Month != unit.Date(2026, 9) {
			t.Errorf("%s: it leaves in %v, want the third month of delay", tt.name, e.Month)
		}
		if signed >= 4000 {
			t.Errorf("%s: %v MW are left of 4,000", tt.name, signed)
		}
		// What was paid ahead for what is given up has gone back.
		if left := w.deals.states[2].Ahead; left > unit.Dollars(float64(tt.rent)*8*0.1*float64(signed)/4000) {
			t.Errorf("%s: $%v are still paid ahead for %v MW", tt.name, left.Dollars(), signed)
		}
		residuals(t, w, m.End)
	}
}

func TestLeavingAPromiseOfSpendEndsItAndBringsBackWhatWasPaidAhead(t *testing.T) {
	m := small(overbooked(nil), spend(func(c *contract.TakeOrPay) {
		c.Prepayment, c.ExitAfter, c.ExitBelow = 0.1, 2, 0.99
		c.Commitment = unit.Dollars(240 * bn)
	}))
	m.Firms[labA].Cash = unit.Dollars(100 * bn)
	m.End = unit.Date(2027, 12)
	returned := unit.USD(0)
	w := NewWorld(m)
	x := &trace{}
	w.Listen(x, true)
	w.Reset(m, rng.Run{})
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "prepayment" && p.From == cloudD {
			returned += p.Amount
		}
	}
	var left unit.Month
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if w.deals.states[3].Ended && left == 0 {
			left = month
			if returned == 0 || held(w) != 0 {
				t.Errorf("%v: $%v have gone back and $%v are still paid ahead", month, returned.Dollars(), held(w).Dollars())
			}
		}
	}
	if left == 0 {
		t.Fatal("lab-a stays with cloud-d for good")
	}
	for _, e := range x.events {
		if e.Contract == "spend" && e.Kind == "take-or-pay" {
			t.Errorf("%v: a shortfall is due under a promise that was left in %v", e.Month, left)
		}
	}
}

func TestASellerRecutsAPromiseWhereOthersBringMore(t *testing.T) {
	for _, tt := range []struct {
		resale unit.Share
		waived float64
	}{{0, 0}, {1, 0.5}} {
		m := small(spend(func(c *contract.TakeOrPay) { c.Buyer, c.Recut, c.RecutBelow = buyer, 0.5, 0.5 })) // it rents nothing from cloud-d under a lot
		m.Market.Compute.ResaleValue = tt.resale
		m.End = unit.Date(2027, 6)
		w, kinds := hear(t, m, "spend", nil)
		if got := w.deals.states[2].Waived; got != tt.waived {
			t.Errorf("with a resale value of %v %v of the promise is waived, want %v", tt.resale, got, tt.waived)
		}
		if cut, refused := len(kinds["recut"]), len(kinds["recut-refused"]); cut+refused != 1 || cut == 1 != (tt.waived > 0) {
			t.Errorf("with a resale value of %v: %d recuts and %d refusals", tt.resale, cut, refused)
		}
	}
}

func TestThoseWhoLiveFromRoundsMayNotPay(t *testing.T) {
	m := small()
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	d := float64(m.Market.Distress.RescueChance)
	for _, tt := range []struct {
		name                 string
		stressed, distressed bool
		want                 float64
	}{
		{"while the funding market is open", false, false, 0.92},
		{"while it is shut", true, false, 0.45},
		{"in distress", true, true, 0.45 * (1 - d)},
	} {
		w.stressed, w.labs[w.firms[labA].lab].distressed = tt.stressed, tt.distressed
		if got := w.chanceToPay(labA); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s lab-a pays with chance %v, want %v", tt.name, got, tt.want)
		}
	}
	if w.chanceToPay(labB) != 1 || w.chanceToPay(cloudC) != 1 {
		t.Error("a firm with a business may not pay")
	}
}

func TestAnOptionIsCalledWhereItIsNeededAndCheap(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rent  unit.Rent
		needs bool
		calls bool
	}{
		{"below the market", 6 * bn, true, true},
		{"below it, but nothing is lacking", 6 * bn, false, false},
		{"far above it", 60 * bn, true, false},
	} {
		m := small(hall(func(c *contract.CapacityReservation) {
			c.Option = contract.CallOption{Capacity: 300, Rent: tt.rent, Until: unit.Date(2027, 6), Lead: 12, Fee: 0.1}
		}))
		m.End = unit.Date(2027, 8)
		if !tt.needs {
			m.Firms[labA].Lab.Used = 100 // of the 1,500 MW that it rents
		}
		called := unit.MW(0)
		w, kinds := hear(t, m, "hall", nil)
		for k := range w.lots {
			if l := &w.lots[k]; l.Contract == 2 && l.Rent == tt.rent {
				called += l.Size
			}
		}
		if calls := len(kinds["call"]) > 0; calls != tt.calls || called != w.deals.states[2].Called || called > 300 || calls != (called > 0) {
			t.Errorf("%s: called %v MW in %v, want calls %v", tt.name, called, kinds["call"], tt.calls)
		}
		if lapses := len(kinds["option-lapse"]) > 0; lapses != (called < 300) {
			t.Errorf("%s: lapses %v after %v MW were called", tt.name, lapses, called)
		}
	}
}

func TestASteppedDeliveryServesWhenItIsDueAndNotBefore(t *testing.T) {
	m := small(hall(func(c *contract.CapacityReservation) {
		c.Prepayment, c.Schedule = 0, []contract.Delivery{{By: unit.Date(2026, 7), Capacity: 40}, {By: unit.Date(2027, 7), Capacity: 100}}
	}))
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	if err := w.Step(m.Start + 1); err != nil {
		t.Fatal(err)
	}
	w.signContracts(unit.Date(2026, 3))
	for at, want := range map[unit.Month]float64{unit.Date(2026, 6): 0, unit.Date(2026, 7): 40, unit.Date(2027, 6): 40, unit.Date(2027, 7): 100} {
		got := 0.0
		for k := range w.lots {
			if l := &w.lots[k]; l.Contract == 2 {
				got += promisedBy(l, at)
			}
		}
		if got != want {
			t.Errorf("lab-a counts on %v MW in %v, want %v", got, at, want)
		}
	}
	// Capacity that waits for a site counts from the month in which it was wanted.
	late := market.Lot{Size: 50, Wanted: unit.Date(2026, 3), Start: unit.Date(2027, 1), End: unit.Date(2030, 1), Ramp: 1}
	if promisedBy(&late, unit.Date(2026, 2)) != 0 || promisedBy(&late, unit.Date(2026, 3)) != 50 {
		t.Error("a lot that waits for its site is ordered again")
	}
}
