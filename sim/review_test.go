package sim

import (
	"math"
	"reflect"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// reviewed is a small world in which cloud-d has a stake in lab-a, and a review of it has this outcome.
func reviewed(outcome rule.Outcome, change func(*rule.AntitrustReview), contracts ...contract.Contract) *Model {
	m := small(contracts...)
	m.Firms[cloudD].Stakes = []firm.Stake{{Key: "lab-a", Share: 0.3, Cost: unit.Dollars(6 * bn)}}
	m.Firms[cloudD].Investor = &firm.Investor{Budget: 20 * bn, Taste: 9, Strategic: true}
	terms := &rule.AntitrustReview{
		Authority: "CMA", Holder: cloudD, Company: labA, Opens: m.Start + 2, Closes: m.Start + 8, Length: 15, LengthShape: 4, Outcome: outcome,
		Chill: 0.8, RateCap: 0.05, StakeCap: 0.1, Wall: 0.5, Control: 0.25, ArmsLength: 0.5,
	}
	if change != nil {
		change(terms)
	}
	m.Regulation = []rule.Rule{{Key: "case", Kind: "antitrust-review", Terms: terms}}
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

var (
	right = contract.Contract{Key: "right", Kind: "first-refusal", Signed: unit.Date(2024, 1), Terms: &contract.FirstRefusal{Holder: cloudD, Lab: labA, Notice: 1, Match: "partial"}}
	cut   = contract.Contract{Key: "cut", Kind: "revenue-share", Signed: unit.Date(2024, 1), Terms: &contract.RevenueShare{Payer: labA, Payee: cloudD, Rate: 0.2, Base: "revenue", Segment: "all", Sold: 1}}
)

// kinds counts the events of a run by kind.
func kinds(x *trace) map[string]int {
	n := map[string]int{}
	for _, e := range x.events {
		n[e.Kind]++
	}
	return n
}

func TestAReviewIsOpenFromItsFirstMonthToItsDecision(t *testing.T) {
	m := reviewed(rule.Cleared, nil)
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		want := 0.0
		if month >= m.Start+2 && month < m.Start+8 {
			want = 1
		}
		for _, f := range []int{int(cloudD), int(labA)} {
			if got := w.panel.At(w.m.Layout.Of(measure.OpenReviews, f)); got != want {
				t.Fatalf("%v: %v open reviews of %s, want %v", month, got, m.Firms[f].Key, want)
			}
		}
		if got := get(w, measure.OpenReviews, cloudC); got != 0 {
			t.Fatalf("%v: cloud-c stands in %v reviews, want none", month, got)
		}
	})
}

func TestSharesWithoutVotesKeepAHolderAtArmsLength(t *testing.T) {
	for _, silent := range []bool{false, true} {
		m := reviewed(rule.Drawn, func(c *rule.AntitrustReview) { c.RemedyChance, c.Weights = 0.4, rule.Weights{Block: 1} })
		m.Firms[cloudD].Stakes[0].Nonvoting = silent
		want := map[bool]float64{false: 0.4, true: 0.2}[silent]
		for _, e := range follow(t, NewWorld(m), m, rng.Run{}, true).events {
			if e.Kind != "review-closed" {
				continue
			}
			if got := e.Why[len(e.Why)-1].Value; math.Abs(got-want) > 1e-12 {
				t.Errorf("without votes %v: chance of a remedy %g, want %g", silent, got, want)
			}
			want = 0
		}
		if want != 0 {
			t.Errorf("without votes %v: the review is not closed", silent)
		}
	}
}

func TestAClearedReviewChangesOnlyWhatHappensMeanwhile(t *testing.T) {
	m, without := reviewed(rule.Cleared, nil), reviewed(rule.Cleared, nil)
	without.Regulation = nil
	a, b := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 2}, false), follow(t, NewWorld(without), without, rng.Run{Seed: 1, Index: 2}, false)
	last := len(a.frames) - 1
	if !reflect.DeepEqual(a.frames[last], b.frames[last]) {
		t.Error("no right is held and no standstill ordered, but the review changes the last month")
	}
}

func TestARemedyEndsTheRightForGood(t *testing.T) {
	later := contract.Contract{Key: "later", Kind: "first-refusal", Signed: unit.Date(2028, 1), Terms: &contract.FirstRefusal{Holder: cloudD, Lab: labA, Notice: 1, Match: "partial"}}
	for name, want := range map[rule.Outcome]bool{rule.Cleared: true, rule.DropFirstRefusal: false} {
		m := reviewed(name, nil, right, later)
		x := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 1}, true)
		before, after := 0, 0
		for _, e := range x.events {
			if e.Kind != "notice" {
				continue
			}
			if e.Month < m.Start+8 {
				before++
			} else {
				after++
			}
		}
		if before == 0 || (after > 0) != want {
			t.Errorf("%v: %d notices before the decision, %d after; want some after: %v", name, before, after, want)
		}
	}
}

func TestARemedyIsHeldToTheContractsItNames(t *testing.T) {
	other := contract.Contract{Key: "other", Kind: "revenue-share", Signed: unit.Date(2024, 1), Terms: &contract.RevenueShare{Payer: labA, Payee: cloudD, Rate: 0.1, Base: "revenue", Segment: "all", Sold: 1}}
	m := reviewed(rule.CapRevenueShare, nil, cut, other)
	m.Regulation[0].Terms.(*rule.AntitrustReview).Only = append(m.Regulation[0].Terms.(*rule.AntitrustReview).Only, 3) // the second share
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for month := m.Start + 1; month <= m.Start+9; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := w.deals.states[2].RateCap, w.deals.states[3].RateCap; a != 0 || b != 0.05 {
		t.Errorf("rates capped at %g and %g, want 0 (no cap) and 0.05", a, b)
	}
}

func TestACapLowersTheShareOfRevenue(t *testing.T) {
	m := reviewed(rule.CapRevenueShare, nil, cut)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for month := m.Start + 1; month <= m.Start+10; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		rate := 0.2
		if month >= m.Start+8 {
			rate = 0.05
		}
		got := w.books.Turnover(labA, ledger.SellerShare).Dollars() / w.books.Turnover(labA, ledger.ModelRevenue).Dollars()
		if math.Abs(got-rate) > 1e-6 {
			t.Fatalf("%v: the share is %.4f of revenue, want %.2f", month, got, rate)
		}
	}
}

func TestAHolderSellsDownAtTheLastPrice(t *testing.T) {
	m := reviewed(rule.SellDown, func(c *rule.AntitrustReview) { c.Opens, c.Closes = m0+1, m0+2 })
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	if err := w.Step(m.Start + 1); err != nil {
		t.Fatal(err)
	}
	stake, value := w.stake(cloudD, labA), w.firms[labA].value
	var cash float64
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "sell-down" && p.To == cloudD {
			cash += p.Amount.Dollars()
		}
	}
	held := w.books.Balance(cloudD, ledger.Stakes).Dollars()
	if err := w.Step(m.Start + 2); err != nil {
		t.Fatal(err)
	}
	if got := w.stake(cloudD, labA); got != 0.1 {
		t.Errorf("it keeps %.3f, want 0.1", got)
	}
	if want := (stake - 0.1) * value; math.Abs(cash-want) > 1 {
		t.Errorf("it gets %.0f, want %.0f for %.3f of %.0f", cash, want, stake-0.1, value)
	}
	if got, want := w.books.Balance(cloudD, ledger.Stakes).Dollars(), held*0.1/stake; math.Abs(got-want) > 1 {
		t.Errorf("stakes stand at %.0f, want the cost of what is left, %.0f", got, want)
	}
	for month := m.Start + 3; month <= m.Start+40; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		if got := w.stake(cloudD, labA); got > 0.1+1e-9 {
			t.Fatalf("%v: it has bought back up to %.3f", month, got)
		}
	}
}

// m0 is the start of the small world.
var m0 = unit.Date(2025, 12)

func TestAPurchaseWaitsForTheReviewOrIsBlocked(t *testing.T) {
	round := contract.Contract{Key: "round", Kind: "equity-round", Signed: m0 + 1, Terms: &contract.EquityRound{Company: labA, Lead: cloudD, LeadShare: 1, Amount: unit.Dollars(2 * bn), PreMoney: unit.Dollars(300 * bn), Closes: m0 + 4}}
	paid := func(outcome rule.Outcome, standstill bool) (month unit.Month) {
		m := reviewed(outcome, func(c *rule.AntitrustReview) { c.Standstill = standstill }, round)
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		w.Books().Journal = func(p ledger.Posting) {
			if p.Memo.Kind == "equity round" && month == 0 {
				month = w.panel.Month() + 1
			}
		}
		for t1 := m.Start + 1; t1 <= m.Start+20; t1++ {
			if err := w.Step(t1); err != nil {
				t.Fatal(err)
			}
		}
		return month
	}
	tests := []struct {
		name       string
		outcome    rule.Outcome
		standstill bool
		want       unit.Month
	}{
		{"without a standstill it is paid when it is due", rule.Cleared, false, m0 + 4},
		{"with one it waits for the decision", rule.Cleared, true, m0 + 8},
		{"and never comes if that is a block", rule.Block, true, 0},
		{"a block later than the purchase does not undo it", rule.Block, false, m0 + 4},
	}
	for _, tt := range tests {
		if got := paid(tt.outcome, tt.standstill); got != tt.want {
			t.Errorf("%s: paid in %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestABlockedHolderJoinsNoRound(t *testing.T) {
	tickets := func(outcome rule.Outcome) int {
		m := reviewed(outcome, func(c *rule.AntitrustReview) { c.Opens, c.Closes, c.StakeCap = m0+1, m0+2, 0.3 })
		m.Firms[cloudD].Stakes[0].Share = 0.05
		n := 0
		for run := range uint64(4) {
			for _, e := range follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: run}, true).events {
				if e.Kind == "ticket" && e.Firm == cloudD && e.With == labA {
					n++
				}
			}
		}
		return n
	}
	if n := tickets(rule.Cleared); n == 0 {
		t.Error("a cleared holder joins no round either")
	}
	if n := tickets(rule.Block); n != 0 {
		t.Errorf("a blocked holder joins %d rounds", n)
	}
}

func TestRightsAreUsedLessWhileAnAuthorityLooks(t *testing.T) {
	matches := func(chill unit.Share) (n int) {
		m := reviewed(rule.Cleared, func(c *rule.AntitrustReview) { c.Opens, c.Closes, c.Chill = m0+1, m0+100, chill }, right)
		m.Firms[cloudD].Cloud.Refusal = "always"
		for run := uint64(1); run < 6; run++ {
			n += kinds(follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: run}, true))["match"]
		}
		return n
	}
	all, some, none := matches(1), matches(0.5), matches(0)
	if none != 0 || some == 0 || some >= all {
		t.Errorf("%d matches without chill, %d at a half, %d at nothing left; want them to fall to none", all, some, none)
	}
}

func TestAnExclusivityIsHeldToLessWhileAnAuthorityLooksAndNotAtAllAfterARemedy(t *testing.T) {
	// What lab-a signs with cloud-c, where it has no stake to keep it, although it must stay with cloud-d.
	outside := func(outcome rule.Outcome, closes unit.Month, chill unit.Share) (before, after int) {
		m := reviewed(outcome, func(c *rule.AntitrustReview) { c.Opens, c.Closes, c.Chill = m0+1, closes, chill }, bind("only", "exclusivity", &contract.Exclusivity{
			Holder: cloudD, Lab: labA, Object: "compute", Scope: "full", Workload: "all",
		}))
		for run := uint64(1); run < 6; run++ {
			for _, e := range follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: run}, true).events {
				switch {
				case e.Kind != "lot" || e.Firm != labA || e.With == cloudD:
				case e.Month < closes:
					before++
				default:
					after++
				}
			}
		}
		return before, after
	}
	if before, after := outside(rule.Cleared, m0+12, 1); before+after != 0 {
		t.Errorf("without chill and remedy %d and %d lots are signed elsewhere, want none", before, after)
	}
	if before, after := outside(rule.DropExclusivity, m0+12, 1); before != 0 || after == 0 {
		t.Errorf("%d lots elsewhere before the remedy and %d after, want some only after", before, after)
	}
	if before, _ := outside(rule.Cleared, m0+100, 0.2); before == 0 {
		t.Error("with a chill no lot is signed elsewhere while the authority looks")
	}
}

func TestAWallKeepsTheHoldersLabFromTheFrontier(t *testing.T) {
	var gap [2]float64
	for i, outcome := range []rule.Outcome{rule.Cleared, rule.InformationWall} {
		m := reviewed(outcome, func(c *rule.AntitrustReview) { c.Holder, c.Opens, c.Closes, c.Wall = labB, m0+1, m0+2, 1 })
		m.Firms[labB].Lab.Used = 20 // so that it lives from following
		w := play(t, m, rng.Run{}, nil)
		gap[i] = w.frontier() - w.labs[w.firms[labB].lab].capability
	}
	if gap[1] <= gap[0] {
		t.Errorf("behind a wall it is %.2f points off the frontier, without %.2f; want more", gap[1], gap[0])
	}
}

func TestAReviewDecidedBeforeTheStartIsSilentAndLasts(t *testing.T) {
	m := reviewed(rule.DropFirstRefusal, func(c *rule.AntitrustReview) { c.Opens, c.Closes = m0-20, m0-5 }, right)
	x := kinds(follow(t, NewWorld(m), m, rng.Run{}, true))
	if x["review-opened"]+x["remedy"]+x["notice"] != 0 {
		t.Errorf("events %v, want neither the review nor notices under the right that it ended", x)
	}
	down := reviewed(rule.SellDown, func(c *rule.AntitrustReview) { c.Opens, c.Closes = m0-20, m0-5 })
	w := NewWorld(down)
	w.Reset(down, rng.Run{})
	if err := w.Step(m0 + 1); err != nil {
		t.Fatal(err)
	}
	if got := w.stake(cloudD, labA); got != 0.3 {
		t.Errorf("a sale of the past leaves %.2f, want the opening stake of 0.3", got)
	}
}
