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

// credits are $3bn that cloud-c gives lab-a in March 2026, good for so many months.
func credits(expiry unit.Months, discount unit.Share) contract.Contract {
	return contract.Contract{Key: "credits", Kind: "compute-credits", Signed: unit.Date(2026, 3), Terms: &contract.ComputeCredits{
		Seller: cloudC, Lab: labA, Amount: unit.Dollars(3 * bn), Expiry: expiry, Discount: discount,
	}}
}

func TestCreditsAreDeferredRevenueUntilTheyAreUsedOrExpire(t *testing.T) {
	for _, tt := range []struct {
		expiry  unit.Months
		expires bool
	}{{12, false}, {1, true}} { // a month's rent is between $1bn and $2bn
		m := small(credits(tt.expiry, 0))
		m.End = unit.Date(2026, 8)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		var revenue, impaired, gained unit.USD
		w.Books().Journal = func(p ledger.Posting) {
			if p.Memo.Contract != 2 {
				return
			}
			switch {
			case p.ToCredit == ledger.ComputeRevenue:
				revenue += p.Amount
			case p.FromDebit == ledger.Impairment:
				impaired += p.Amount
				gained += p.Amount
				if p.To != cloudC || p.ToCredit != ledger.OtherIncome {
					t.Errorf("expired credits are posted as %+v", p)
				}
			}
		}
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
			residuals(t, w, month)
			granted := unit.USD(0)
			if month >= unit.Date(2026, 3) {
				granted = unit.Dollars(3 * bn)
			}
			held, owed := w.books.Amount(labA, ledger.Credits), w.books.Amount(cloudC, ledger.CreditsOwed)
			if held != owed || held != granted-revenue-impaired {
				t.Fatalf("%v: lab-a holds $%v and cloud-c owes $%v of $%v granted, $%v used and $%v expired",
					month, held.Dollars(), owed.Dollars(), granted.Dollars(), revenue.Dollars(), impaired.Dollars())
			}
		}
		if revenue+impaired != unit.Dollars(3*bn) || impaired > 0 != tt.expires || gained != impaired {
			t.Errorf("of credits for %v months $%v are revenue and $%v expired", tt.expiry, revenue.Dollars(), impaired.Dollars())
		}
	}
}

func TestADiscountMakesCreditsLastLonger(t *testing.T) {
	spent := func(discount unit.Share) (spend, left, billed float64) {
		m := small(credits(24, discount))
		m.End = unit.Date(2026, 4)
		w := play(t, m, rng.Run{}, nil)
		for k := range w.lots {
			if l := &w.lots[k]; l.Buyer == labA && l.Seller == cloudC {
				billed += l.Bill().Dollars()
			}
		}
		return w.ties.has(labA, cloudC).spend, w.books.Amount(labA, ledger.Credits).Dollars(), billed
	}
	full, left, _ := spent(0)
	cut, more, list := spent(0.25)
	if math.Abs(full-list) > 1 || math.Abs(cut-0.75*list) > 1 {
		t.Errorf("of a month's rent of $%v lab-a spends $%v without a discount and $%v with one of a quarter", list, full, cut)
	}
	if math.Abs((more-left)-0.25*list) > 1 {
		t.Errorf("a month's bill leaves $%v of the credits, and $%v with the discount", left, more)
	}
}

// fifth is a share of a fifth of what the payer sells.
func fifth(key string, change func(*contract.RevenueShare)) contract.Contract {
	c := &contract.RevenueShare{Payer: labA, Payee: labB, Rate: 0.2, Base: "revenue", Segment: "all", Sold: 1}
	change(c)
	return contract.Contract{Key: key, Kind: "revenue-share", Signed: unit.Date(2024, 1), Terms: c}
}

func TestSharesOfRevenueFlowBothWaysAndEndWithTheirContract(t *testing.T) {
	there := fifth("there", func(*contract.RevenueShare) {})
	back := fifth("back", func(c *contract.RevenueShare) {
		c.Payer, c.Payee, c.Rates = labB, labA, []contract.RateFrom{{From: unit.Date(2026, 4), Rate: 0.1}}
	})
	there.Until = unit.Date(2026, 6)
	m := small(there, back)
	m.End = unit.Date(2026, 9)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	var paid [2]unit.USD
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "revenue-share" {
			paid[p.Memo.Contract-2] += p.Amount
		}
	}
	for month := m.Start + 1; month <= m.End; month++ {
		paid = [2]unit.USD{}
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		want := [2]float64{0.2, 0.2}
		if month > there.Until {
			want[0] = 0
		}
		if month >= unit.Date(2026, 4) {
			want[1] = 0.1
		}
		for i, payer := range []id.Firm{labA, labB} {
			revenue := get(w, measure.RevenueRunRate, payer) / 12
			if got := paid[i].Dollars(); math.Abs(got-want[i]*revenue) > 1 {
				t.Errorf("%v: %s pays $%v of $%v, want %v of it", month, w.name(payer), got, revenue, want[i])
			}
		}
	}
}
