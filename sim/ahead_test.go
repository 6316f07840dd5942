package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// hall is 100 MW that lab-a rents from cloud-c for two years from July 2026: $2bn, of which a fifth is paid ahead.
func hall(change func(*contract.CapacityReservation)) contract.Contract {
	c := &contract.CapacityReservation{
		Buyer: labA, Seller: cloudC, Capacity: 100, Starts: unit.Date(2026, 7), Ramp: 1, Term: 24, Rent: 10 * bn, Floor: 1, Chips: maker, Prepayment: 0.2,
	}
	if change != nil {
		change(c)
	}
	return contract.Contract{Key: "hall", Kind: "capacity-reservation", Signed: unit.Date(2026, 3), Terms: c}
}

// spend is a promise by lab-a to spend $24bn with cloud-d over four years.
func spend(change func(*contract.TakeOrPay)) contract.Contract {
	c := &contract.TakeOrPay{Buyer: labA, Seller: cloudD, Commitment: unit.Dollars(24 * bn), Starts: unit.Date(2026, 3), Term: 48, Floor: 0.9}
	if change != nil {
		change(c)
	}
	return contract.Contract{Key: "spend", Kind: "take-or-pay", Signed: unit.Date(2026, 3), Terms: c}
}

// held is what firms have paid ahead under all contracts, by their states.
func held(w *World) (x unit.USD) {
	for i := range w.deals.states {
		s := &w.deals.states[i]
		x += s.Ahead
		for _, b := range s.MakeUp {
			x += b.Left
		}
	}
	return x
}

// paidAhead is the same by the books of the buyers, and of the sellers.
func paidAhead(w *World) (assets, debts unit.USD) {
	for i := range w.m.Firms {
		assets += w.books.Amount(id.Firm(i), ledger.Prepaid)
		debts += w.books.Amount(id.Firm(i), ledger.PrepaidOwed)
	}
	return assets, debts
}

func TestBillsUseAPrepaymentBeforeCash(t *testing.T) {
	m := small(hall(nil))
	m.End = unit.Date(2028, 12)
	var cash, capacity [2]unit.USD
	month := unit.USD(0)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Contract == 2 && p.From == labA {
			switch {
			case p.FromDebit == ledger.Prepaid:
				cash[0] += p.Amount
			case p.FromCredit == ledger.Prepaid:
				capacity[0] += p.Amount
			case p.FromCredit == ledger.Cash && p.FromDebit == ledger.ComputeCost:
				cash[1] += p.Amount
			}
			if p.FromDebit == ledger.ComputeCost {
				month += p.Amount
			}
		}
	}
	for at := m.Start + 1; at <= m.End; at++ {
		month = 0
		if err := w.Step(at); err != nil {
			t.Fatal(err)
		}
		left := w.books.Amount(labA, ledger.Prepaid)
		want := unit.Dollars(0.4 * bn)
		switch served := at - unit.Date(2026, 6); {
		case at < unit.Date(2026, 3):
			want = 0
		case served > 0: // a month's rent is $83m, so five months and a part are paid for
			want = max(0, want-unit.Rent(10*bn).ForMonth(100)*unit.USD(served))
		}
		if owed := w.books.Amount(cloudC, ledger.PrepaidOwed); left != want || owed != want || w.deals.states[2].Ahead != want {
			t.Fatalf("%v: lab-a has paid $%v ahead, cloud-c owes $%v for it, want $%v", at, left.Dollars(), owed.Dollars(), want.Dollars())
		}
		if at >= unit.Date(2026, 7) && at <= unit.Date(2028, 6) && month != unit.Rent(10*bn).ForMonth(100) {
			t.Errorf("%v: lab-a books $%v of cost, want the month's rent however it is paid", at, month.Dollars())
		}
	}
	if cash[0] != unit.Dollars(0.4*bn) || capacity[0] != cash[0] || math.Abs((cash[0]+cash[1]).Dollars()-2*bn) > 1 {
		t.Errorf("$%v are paid ahead, $%v of that used, and $%v paid later: want $0.4bn, all of it, and $2bn together", cash[0].Dollars(), capacity[0].Dollars(), cash[1].Dollars())
	}
}

func TestAnOlderPrepaymentIsAClaimOnTheFirstDay(t *testing.T) {
	older := hall(func(c *contract.CapacityReservation) { c.Starts = unit.Date(2025, 11) })
	older.Signed = unit.Date(2025, 3)
	m := small(older)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	want := unit.Dollars(0.4*bn) - unit.Rent(10*bn).ForMonth(200)
	if assets, debts := paidAhead(w); math.Abs((assets-want).Dollars()) > 1 || debts != assets {
		t.Errorf("at the start $%v are paid ahead and $%v owed, want $%v: two months are used", assets.Dollars(), debts.Dollars(), want.Dollars())
	}
	residuals(t, w, m.Start)
}

func TestADefaultLeavesAPrepaymentAsAClaim(t *testing.T) {
	m := small(hall(nil))
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for at := m.Start + 1; at <= unit.Date(2028, 12); at++ {
		if at == unit.Date(2026, 5) {
			w.defaultLab(w.firms[labA].lab, 0, at)
		}
		if err := w.Step(at); err != nil {
			t.Fatal(err)
		}
		residuals(t, w, at)
	}
	if assets, debts := w.books.Amount(labA, ledger.Prepaid), w.books.Amount(cloudC, ledger.PrepaidOwed); assets != unit.Dollars(0.4*bn) || debts != assets {
		t.Errorf("after lab-a's default its claim is $%v and cloud-c owes $%v, want $0.4bn", assets.Dollars(), debts.Dollars())
	}
}

func TestAPrepaymentGoesBackWhenItsContractIsReplacedAndOnWhenItIsAmended(t *testing.T) {
	for _, amend := range []bool{false, true} {
		later := hall(func(c *contract.CapacityReservation) { c.Rent, c.Prepayment = 9*bn, 0 })
		later.Key, later.Signed = "later", unit.Date(2026, 5)
		old := id.Contract(2)
		if amend {
			later.Amends = &old
		} else {
			later.Replaces = []id.Contract{old}
		}
		m := small(hall(nil), later)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		for at := m.Start + 1; at <= unit.Date(2026, 7); at++ {
			if err := w.Step(at); err != nil {
				t.Fatal(err)
			}
			assets, debts := paidAhead(w)
			want := unit.USD(0)
			switch {
			case at == unit.Date(2026, 7) && amend: // the new contract's first bill
				want = unit.Dollars(0.4*bn) - unit.Rent(9*bn).ForMonth(100)
			case at >= unit.Date(2026, 3) && (amend || at < later.Signed):
				want = unit.Dollars(0.4 * bn)
			}
			if assets != want || debts != want || held(w) != want {
				t.Errorf("amended %v, %v: $%v are paid ahead, $%v owed, $%v remembered, want $%v", amend, at, assets.Dollars(), debts.Dollars(), held(w).Dollars(), want.Dollars())
			}
		}
	}
}

// What contracts remember of money paid ahead is what the books hold, whatever happens: shortfalls made up or not,
// exits, recuts and contracts that end early. Firms that have failed are left out: theirs stays a claim.
func TestWhatContractsRememberIsInTheBooks(t *testing.T) {
	// Half as much is promised from year to year, so a first year's shortfall is made up by the second's use.
	falls := spend(func(c *contract.TakeOrPay) {
		c.Seller, c.Commitment, c.Term, c.Floor, c.Indexation, c.MakeUp = cloudC, unit.Dollars(54*bn), 36, 1, -0.5, 24
	})
	falls.Key, falls.Until = "falls", unit.Date(2028, 4)
	idle := spend(func(c *contract.TakeOrPay) { c.Buyer, c.Commitment, c.MakeUp = buyer, unit.Dollars(4*bn), 12 })
	idle.Key = "idle"
	kinds := map[string]int{}
	for run := range uint64(30) {
		m := small(hall(func(c *contract.CapacityReservation) {
			c.Seller, c.Capacity, c.DelayPenalty, c.ExitAfter, c.ExitBelow = cloudD, 2000, 0.1, 4, 0.9
		}), spend(func(c *contract.TakeOrPay) {
			c.Prepayment, c.MakeUp, c.Indexation, c.Recut, c.RecutBelow, c.ExitAfter, c.ExitBelow = 0.2, 24, 0.03, 0.5, 0.5, 30, 0.5
		}), falls, idle)
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 5, Index: run})
		w.Books().Journal = func(p ledger.Posting) { kinds[p.Memo.Kind]++ }
		for at := m.Start + 1; at <= m.End && !w.firms[labA].failed; at++ {
			if err := w.Step(at); err != nil {
				t.Fatal(err)
			}
			residuals(t, w, at)
			if assets, debts := paidAhead(w); assets != held(w) || debts != assets {
				t.Fatalf("run %d, %v: $%v are paid ahead and $%v owed; contracts remember $%v", run, at, assets.Dollars(), debts.Dollars(), held(w).Dollars())
			}
		}
	}
	for _, kind := range []string{"prepayment", "take-or-pay", "make-up", "make-up expired", "delay-penalty"} {
		if kinds[kind] == 0 {
			t.Errorf("nothing was posted for %s in any run", kind)
		}
	}
}

func TestMonthsWithAllTermsOfComputeContractsAllocateNothing(t *testing.T) {
	m := small(hall(func(c *contract.CapacityReservation) {
		c.Seller, c.Capacity, c.DelayPenalty, c.ExitAfter, c.ExitBelow = cloudD, 500, 0.1, 4, 0.9
		c.Option = contract.CallOption{Capacity: 500, Rent: 10 * bn, Until: unit.Date(2032, 12), Lead: 12, Fee: 0.1}
	}), spend(func(c *contract.TakeOrPay) {
		c.Prepayment, c.MakeUp, c.Indexation, c.Recut, c.RecutBelow, c.ExitAfter, c.ExitBelow = 0.2, 24, 0.03, 0.5, 0.5, 6, 0.5
	}))
	w := NewWorld(m)
	w.Listen(nil, false)
	least := testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) })
	for range 3 {
		least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) }))
	}
	if least > float64(m.End-m.Start)/20 {
		t.Errorf("a run allocates %.0f times when it is played again, want 0", least)
	}
}

func TestMoneyPaidAheadIsNeitherBurnNorEarnings(t *testing.T) {
	var burn, business, flow [2]float64
	for i, part := range []unit.Share{0, 0.2} {
		c := hall(func(c *contract.CapacityReservation) { c.Prepayment, c.Starts = part, unit.Date(2026, 2) })
		c.Signed = unit.Date(2026, 1) // in the first month, which shows what the rest of a firm's business brings
		m := small(c)
		m.End = unit.Date(2026, 4) // bills of two months have used some of it
		w := play(t, m, rng.Run{}, nil)
		burn[i], business[i], flow[i] = get(w, measure.Burn, labA), w.firms[cloudC].business, w.firms[cloudC].cashFlow
	}
	if burn[0] != burn[1] || business[0] != business[1] || flow[0] != flow[1] {
		t.Errorf("lab-a's burn is $%v and with a prepayment $%v, cloud-c's other business brings $%v and $%v, its cash flow is $%v and $%v",
			burn[0], burn[1], business[0], business[1], flow[0], flow[1])
	}
}
