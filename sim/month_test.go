package sim

import (
	"slices"
	"strings"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// memos are the kinds of posting in which lab-a pays or owes, in the order of one month.
func memos(t *testing.T, m *Model, months int) []string {
	t.Helper()
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	var kinds []string
	for k := range months {
		if k == months-1 {
			w.Books().Journal = func(p ledger.Posting) {
				if p.From == labA || p.To == labA {
					kinds = append(kinds, p.Memo.Kind)
				}
			}
		}
		if err := w.Step(m.Start + unit.Month(k) + 1); err != nil {
			t.Fatal(err)
		}
	}
	return kinds
}

func TestBillsArePaidInTheOrderOfSeniority(t *testing.T) {
	m := small(
		contract.Contract{Key: "share", Kind: "revenue-share", Signed: unit.Date(2024, 1), Terms: &contract.RevenueShare{Payer: labA, Payee: cloudC, Rate: 0.2, Base: "revenue", Segment: "all", Sold: 1}},
		contract.Contract{Key: "credits", Kind: "compute-credits", Signed: unit.Date(2024, 1), Terms: &contract.ComputeCredits{Seller: cloudC, Lab: labA, Amount: unit.Dollars(3 * bn), Expiry: 24}},
	)
	m.Firms[labA].Debt = unit.Dollars(5 * bn)
	kinds := memos(t, m, 2)
	order := []string{"model sales", "revenue-share", "interest", "arrears", "credits", "capacity", "staff"}
	last := -1
	for i, kind := range order {
		at := slices.Index(kinds, kind)
		if at < 0 {
			t.Fatalf("nothing was posted for %s in %v", kind, kinds)
		}
		if at < last {
			t.Errorf("%s is posted before %s in %v", kind, order[i-1], kinds)
		}
		last = at
	}
}

func TestCreditsArePaidBeforeCash(t *testing.T) {
	credits := contract.Contract{Key: "credits", Kind: "compute-credits", Signed: unit.Date(2024, 1), Terms: &contract.ComputeCredits{Seller: cloudC, Lab: labA, Amount: unit.Dollars(3 * bn), Expiry: 24}}
	with, without := small(credits), small()
	var cash [2]unit.USD
	for i, m := range []*Model{with, without} {
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		if err := w.Step(m.Start + 1); err != nil {
			t.Fatal(err)
		}
		cash[i] = w.cash(labA)
		if left := w.books.Amount(labA, ledger.Credits); i == 0 && left >= unit.Dollars(3*bn) {
			t.Errorf("no credits were used: %v are left of $3B", left.Dollars())
		}
	}
	if cash[0] <= cash[1] {
		t.Errorf("cash is %v with credits and %v without, want more with them", cash[0].Dollars(), cash[1].Dollars())
	}
}

func TestEmptiedBuildingsAreFilledAgain(t *testing.T) {
	m := small()
	var energised [2]float64
	for i := range energised {
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 1, Index: 1})
		for month := m.Start + 1; month <= unit.Date(2030, 12); month++ {
			if i == 1 { // without their shells, chips that wear out must be replaced by new sites
				for k := range w.clouds {
					w.clouds[k].shells = 0
				}
			}
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		energised[i] = get(w, measure.TotalEnergised, 0)
	}
	if energised[0] == energised[1] {
		t.Errorf("refits change nothing: %.0f MW with and without", energised[0])
	}
	t.Logf("in service at the end of 2030: %.0f MW with refits, %.0f MW without", energised[0], energised[1])
}

func TestARightOfFirstRefusalPutsEveryOfferBeforeItsHolder(t *testing.T) {
	right := contract.Contract{Key: "right", Kind: "first-refusal", Signed: unit.Date(2024, 1), Terms: &contract.FirstRefusal{Holder: cloudD, Lab: labA, Notice: 1, Match: "partial"}}
	for _, policy := range []string{"economics", "always", "never"} {
		m := small(right)
		m.Firms[cloudD].Cloud.Refusal = policy
		x := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 1}, true)
		n := map[string]int{}
		for _, e := range x.events {
			n[e.Kind]++
			answer := e.Kind == "match" || e.Kind == "partial-match" || e.Kind == "decline"
			weighed := slices.ContainsFunc(e.Why, func(r Reason) bool { return r.Name == "chance of wanting it" })
			if asPolicy := strings.HasSuffix(e.What, ", as its policy has it."); answer && (asPolicy == weighed || weighed != (policy == "economics")) {
				t.Errorf("%s: %q is told with its chance: %v", policy, e.What, weighed)
			}
		}
		answers := n["match"] + n["partial-match"] + n["decline"]
		if n["notice"] == 0 || answers > n["notice"] || answers < n["notice"]-8 {
			t.Errorf("%s: %d notices and %d answers", policy, n["notice"], answers)
		}
		if policy == "never" && n["decline"] != answers || policy == "always" && n["match"] != answers {
			t.Errorf("%s: %d matches, %d in part, %d declined", policy, n["match"], n["partial-match"], n["decline"])
		}
	}
}
