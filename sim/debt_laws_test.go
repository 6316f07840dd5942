package sim

import (
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// indebted is any world with a venture, loans of each purpose and guarantees of each cover, their terms drawn.
func indebted(t *rapid.T) *Model {
	m := anyWorld(t)
	size := func(name string) unit.USD { return unit.Dollars(bn * rapid.Float64Range(0.1, 200).Draw(t, name)) }
	share := func(name string) unit.Share { return unit.Share(rapid.Float64Range(0, 1).Draw(t, name)) }
	covenant := contract.Covenant{
		Cure: 2, StepUp: 0.02, OnBreach: rapid.SampledFrom([]string{"step-up", "accelerate", "take-over"}).Draw(t, "on breach"),
		Keep: measure.Test{Text: "cover", Holds: func(p *measure.Panel) bool { return p.At(p.Layout.Of(measure.DebtCover, int(cloudD))) > 1 }},
	}
	loan := func(borrower, lender id.Firm, purpose string, change func(*contract.Lending)) contract.Contract {
		c := lent(func(l *contract.Lending) {
			l.Borrower, l.Lender, l.Purpose, l.Amount = borrower, lender, purpose, size(purpose)
			l.Maturity, l.Refinancing.Chance = unit.Date(2028, 6), share("extended")
			l.Amortisation = rapid.SampledFrom([]string{"bullet", "even"}).Draw(t, "amortisation")
			if change != nil {
				change(l)
			}
		})
		c.Key = purpose
		return c
	}
	v := venture(func(v *contract.JointVenture) {
		v.OnMiss, v.DebtShare = rapid.SampledFrom([]string{"dilute", "loan", "shrink"}).Draw(t, "on miss"), 0.9*share("debt")
		for i := range v.Members {
			v.Members[i].Pledge = size("pledge")
		}
		v.Members[0].Output, v.Members[0].Lab = share("output"), labA
	})
	m.Firms[fund].Stakes = append(m.Firms[fund].Stakes, firm.Stake{Key: "lab-a", Share: 0.1, Cost: unit.Dollars(5 * bn)})
	m.Contracts = append(m.Contracts, v,
		loan(labA, maker, "term", nil),
		loan(cloudD, id.None, "project", func(l *contract.Lending) { l.Covenant = covenant }),
		loan(cloudC, fund, "bridge", nil),
		loan(fund, id.None, "margin", func(l *contract.Lending) { l.Collateral.Company = labA }),
		backing("rent", cloudC, size("cap")), backing("debt", maker, size("cap")), backing("residual", cloudD, size("cap")),
	)
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

// backing is a guarantee of lab B for lab A.
func backing(covers string, to id.Firm, most unit.USD) contract.Contract {
	return contract.Contract{Key: "backing-" + covers, Kind: "guarantee", Signed: unit.Date(2026, 1), Terms: &contract.Guarantee{
		Guarantor: labB, Debtor: labA, Beneficiary: to, Covers: covers, Cap: most, Grace: 1, Value: most, Term: 96,
	}}
}

func TestBooksHoldWhereEverybodyOwesEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := indebted(t)
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: rapid.Uint64().Draw(t, "seed"), Index: rapid.Uint64Range(0, 5).Draw(t, "run")})
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
			lawful(t, w, month)
			for f := range w.firms {
				if x := w.generalDebt(id.Firm(f)); x < -100 {
					t.Fatalf("%v: contracts carry more of the debt of %s than it has, by %d cents", month, w.m.Firms[f].Key, -x)
				}
			}
		}
	})
}

func TestAnIndebtedWorldAllocatesNothing(t *testing.T) {
	m := small(venture(func(v *contract.JointVenture) { v.OnMiss, v.Calls[0].MissedBy = "loan", []id.Firm{fund} }),
		lent(func(l *contract.Lending) { l.Purpose = "bridge" }), backing("rent", cloudC, unit.Dollars(bn)))
	w := NewWorld(m)
	least := testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) })
	for range 3 {
		least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 3}) }))
	}
	if least > float64(m.End-m.Start)/20 {
		t.Errorf("a run allocates %.0f times when it is played again, want 0", least)
	}
}
