package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// january is the first month of the small world.
var january = unit.Date(2026, 1)

// signed is a contract of the first month.
func signed(key string, terms contract.Clause) contract.Contract {
	return contract.Contract{Key: key, Signed: january, Terms: terms}
}

// opened puts a model into its opening state and takes its first month's funding steps alone, so that nothing else
// moves stakes.
func opened(t *testing.T, m *Model) *World {
	t.Helper()
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.books.StartMonth()
	w.ties.startMonth(january)
	return w
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// always and never hold and fail at every close.
var (
	always = measure.Test{Text: "always", Holds: func(*measure.Panel) bool { return true }}
	failed = measure.Test{Text: "never", Holds: func(*measure.Panel) bool { return false }}
)

// clubRound sells 20 of 120 billion of lab A: cloud C takes 15, the rest is open.
func clubRound() *contract.EquityRound {
	return &contract.EquityRound{
		Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(20 * bn), PreMoney: unit.Dollars(100 * bn), Closes: january, OpenShare: 0.25, Lock: 12,
	}
}

func TestWhatAClubLeavesOpenOthersBuyAtItsPrice(t *testing.T) {
	m := small(signed("club", clubRound()))
	m.Market.Funding.InvestorCap = 0.5
	w := opened(t, m)
	w.testMilestones(january)
	near(t, "the lead's stake", w.stake(cloudC, labA), 15.0/120)
	// Fund and maker may each take half of the five billion; the maker joins because lab A uses its chips.
	near(t, "the fund's stake", w.stake(fund, labA), 2.5/120)
	near(t, "the maker's stake", w.stake(maker, labA), 2.5/120)
	// Of a round of twenty each would have taken ten, but the maker lets the fund or the fund the maker only so much.
	near(t, "what the club kept others from buying", w.firms[labA].crowded, 15*bn)
	near(t, "money under the contract", w.deals.states[len(w.m.Contracts)-1].Paid.Dollars(), 20*bn)
	near(t, "value of the company", max(w.firms[labA].value, 120*bn), 300*bn) // the agreed price does not mark it down
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

func TestWithoutAnOpenPartNobodyElseBuys(t *testing.T) {
	terms := clubRound()
	terms.OpenShare = 0
	w := opened(t, small(signed("club", terms)))
	w.testMilestones(january)
	near(t, "the lead's stake", w.stake(cloudC, labA), 20.0/120)
	if x := w.stake(fund, labA); x != 0 {
		t.Errorf("the fund holds %v of a round that is closed to it", x)
	}
	if w.firms[labA].crowded <= 0 {
		t.Error("nobody is crowded out of a club's round")
	}
	terms.Lock = 0 // a plain round keeps nobody out
	w = opened(t, small(signed("round", terms)))
	w.testMilestones(january)
	near(t, "crowded out of a plain round", w.firms[labA].crowded, 0)
}

func TestAMemberOfAClubStaysOutOfRivalsRounds(t *testing.T) {
	terms := clubRound()
	terms.Lead, terms.OpenShare = fund, 0
	w := opened(t, small(signed("club", terms)))
	got := w.fillTickets(join{company: labB, raise: unit.Dollars(10 * bn)}, january)
	for _, k := range w.tickets {
		if k.firm == fund {
			t.Errorf("the fund puts %v into a rival", k.amount.Dollars())
		}
	}
	later := w.fillTickets(join{company: labB, raise: unit.Dollars(10 * bn)}, january+12)
	if later <= got {
		t.Errorf("a rival's round brings %v in the club's time and %v after it, want more after it", got.Dollars(), later.Dollars())
	}
	if own := w.fillTickets(join{company: labA, raise: unit.Dollars(10 * bn)}, january); own <= got {
		t.Errorf("the company itself gets %v, want more than the rival's %v", own.Dollars(), got.Dollars())
	}
}

func TestMoneyAboveACeilingBecomesWhatTheTermsSay(t *testing.T) {
	// Cloud C holds 14 % of a company of 58 bn that raises 3.5 bn, of which cloud C offers all. At a ceiling of 15 %
	// it may buy (0.15·58 − 0.14·58)/0.85 = 0.682 bn.
	const most = (0.15 - 0.14) * 58 / 0.85
	for _, excess := range []string{"refuse", "note", "credits"} {
		terms := &contract.EquityRound{
			Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(3.5 * bn), PostMoney: unit.Dollars(61.5 * bn), Closes: january,
			Caps: []contract.Cap{{Investor: cloudC, Stake: 0.15, Excess: excess}},
		}
		m := small(signed("round", terms))
		m.Firms[cloudC].Stakes = []firm.Stake{{Key: "lab-a", Share: 0.14}}
		w := opened(t, m)
		before := w.cash(labA)
		w.testMilestones(january)
		t.Run(excess, func(t *testing.T) {
			near(t, "the stake", math.Round(w.stake(cloudC, labA)*1e9)/1e9, 0.15)
			over := 3.5 - most
			cash, notes, credits := most, 0.0, 0.0
			switch excess {
			case "note":
				cash, notes = 3.5, over
			case "credits":
				credits = over
			}
			round := func(x unit.USD) float64 { return math.Round(x.Dollars()/1e3) / 1e6 }
			near(t, "cash", round(w.cash(labA)-before), math.Round(cash*1e6)/1e6)
			near(t, "notes", round(w.contractDebt(labA)), math.Round(notes*1e6)/1e6)
			near(t, "credits", round(w.books.Balance(labA, ledger.Credits)), math.Round(credits*1e6)/1e6)
			near(t, "money under the round", round(w.deals.states[2].Paid), math.Round(most*1e6)/1e6)
			if err := w.books.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestANoteBecomesSharesAtTheNextRound(t *testing.T) {
	note := &contract.ConvertibleNote{
		Investor: maker, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(10 * bn)}}, Discount: 0.2, OwnershipCap: 1,
		Nonvoting: true, AtMaturity: "roll",
	}
	round := &contract.EquityRound{Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(20 * bn), PreMoney: unit.Dollars(100 * bn), Closes: january + 1}
	w := opened(t, small(signed("note", note), signed("round", round)))
	before := w.cash(labA)
	w.testMilestones(january)
	near(t, "cash drawn", (w.cash(labA) - before).Dollars(), 10*bn)
	near(t, "owed", w.contractDebt(labA).Dollars(), 10*bn)
	near(t, "a stake before the round", w.stake(maker, labA), 0)
	w.testMilestones(january + 1)
	// A hundred shares, and twenty for 20 bn. The note buys at 0.8 bn a share: 12.5 of 132.5.
	near(t, "the maker's stake", w.stake(maker, labA), 12.5/132.5)
	near(t, "the lead's stake", w.stake(cloudC, labA), 20/132.5)
	near(t, "owed after the round", w.contractDebt(labA).Dollars(), 0)
	near(t, "equity raised", w.firms[labA].raised, 30*bn)
	near(t, "the books' stake", w.books.Balance(maker, ledger.Stakes).Dollars(), 10*bn)
	near(t, "the maker's votes", w.votes(maker, labA), 0)
	near(t, "the lead's votes", w.votes(cloudC, labA), 20.0/120)
	if err := w.books.Check(); err != nil {
		t.Error(err)
	}
}

func TestTheRestOfANoteAboveItsCeilingStaysOwed(t *testing.T) {
	note := &contract.ConvertibleNote{
		Investor: maker, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(30 * bn)}}, OwnershipCap: 0.1, AtMaturity: "roll",
	}
	round := &contract.EquityRound{Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(20 * bn), PreMoney: unit.Dollars(100 * bn), Closes: january}
	w := opened(t, small(signed("note", note), signed("round", round)))
	w.testMilestones(january)
	// x/(120 + x) = 0.1
	near(t, "the stake", math.Round(w.stake(maker, labA)*1e9)/1e9, 0.1)
	near(t, "what stays owed, in millions", math.Round(w.contractDebt(labA).Dollars()/1e6), math.Round((30-120.0/9)*1e3))
}

func TestNotesOfARoundConvertAtOnePriceAShare(t *testing.T) {
	note := func(holder id.Firm) *contract.ConvertibleNote {
		return &contract.ConvertibleNote{
			Investor: holder, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(10 * bn)}}, OwnershipCap: 1, Discount: 0.5, AtMaturity: "roll",
		}
	}
	round := &contract.EquityRound{Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(100 * bn), PreMoney: unit.Dollars(400 * bn), Closes: january}
	w := opened(t, small(signed("first", note(maker)), signed("second", note(fund)), signed("round", round)))
	w.testMilestones(january)
	// Four hundred shares, a hundred for the round and twenty for each note, at a billion and at half of it.
	near(t, "the maker's stake", w.stake(maker, labA), 20.0/540)
	near(t, "the fund's stake", w.stake(fund, labA), 20.0/540)
	near(t, "the lead's stake", w.stake(cloudC, labA), 100.0/540)
	near(t, "the value at the round's price", w.firms[labA].value, 540*bn)
}

func TestANoteWaitsForARoundLargeEnough(t *testing.T) {
	note := &contract.ConvertibleNote{
		Investor: maker, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(5 * bn)}}, OwnershipCap: 1, MinRound: unit.Dollars(25 * bn), AtMaturity: "roll",
	}
	round := &contract.EquityRound{Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(20 * bn), PreMoney: unit.Dollars(100 * bn), Closes: january}
	w := opened(t, small(signed("note", note), signed("round", round)))
	w.testMilestones(january)
	near(t, "owed", w.contractDebt(labA).Dollars(), 5*bn)
}

func TestMarketRoundsConvertNotesToo(t *testing.T) {
	note := &contract.ConvertibleNote{Investor: maker, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(5 * bn)}}, OwnershipCap: 1, AtMaturity: "roll"}
	converted := 0
	for run := range uint64(8) {
		w := play(t, small(signed("note", note)), rng.Run{Seed: 1, Index: run}, nil)
		if w.contractDebt(labA) == 0 && w.stake(maker, labA) > 0 {
			converted++
		}
	}
	if converted < 4 {
		t.Errorf("the note converts in %d of 8 runs", converted)
	}
}

func TestMoneyTakenBackIsOwedForTheShares(t *testing.T) {
	funding := func(miss string) *contract.MilestoneFunding {
		return &contract.MilestoneFunding{
			Investor: cloudC, Company: labA, Upfront: contract.Upfront{Amount: unit.Dollars(20 * bn), PreMoney: unit.Dollars(180 * bn)}, OnMiss: miss, DebtTerm: 24,
			Tranches: []contract.Tranche{{Amount: unit.Dollars(10 * bn), When: failed, By: january}},
		}
	}
	for miss, owed := range map[string]float64{"debt": 20 * bn, "repay": 0} {
		m := small(signed("funding", funding(miss)))
		m.Firms[fund].Stakes = []firm.Stake{{Key: "lab-a", Share: 0.3}}
		w := opened(t, m)
		start := w.cash(labA)
		w.testMilestones(january)
		near(t, "the stake", w.stake(cloudC, labA), 0.1)
		w.testMilestones(january + 1)
		near(t, miss+": the stake after the miss", w.stake(cloudC, labA), 0)
		near(t, miss+": the fund's stake after it", w.stake(fund, labA), 0.3)
		near(t, miss+": owed", w.contractDebt(labA).Dollars(), owed)
		near(t, miss+": cash", (w.cash(labA) - start).Dollars(), owed)
		near(t, miss+": stakes in the books", w.books.Balance(cloudC, ledger.Stakes).Dollars(), 0)
		if err := w.books.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestAnInvestorCutsWhatIsDearerThanTheMarket(t *testing.T) {
	for _, tt := range []struct {
		name         string
		agreed, pays float64
	}{{"agreed far above the day's price", 5000, 10}, {"and far below it", 1, 30}} {
		funding := &contract.MilestoneFunding{
			Investor: cloudC, Company: labA, OnMiss: "option", ShrinkTo: 1.0 / 3,
			Tranches: []contract.Tranche{{Amount: unit.Dollars(30 * bn), When: failed, By: january - 1, PreMoney: unit.Dollars(tt.agreed * bn)}},
		}
		w := opened(t, small(signed("funding", funding)))
		before := w.cash(labA)
		w.testMilestones(january)
		near(t, tt.name+": pays", (w.cash(labA) - before).Dollars(), tt.pays*bn)
		near(t, tt.name+": remembers", w.deals.states[2].Paid.Dollars(), tt.pays*bn)
	}
}

func TestARepricedTrancheBuysMore(t *testing.T) {
	funding := &contract.MilestoneFunding{
		Investor: cloudC, Company: labA, OnMiss: "reprice", PriceCut: 0.25,
		Tranches: []contract.Tranche{{Amount: unit.Dollars(10 * bn), When: failed, By: january - 1, PreMoney: unit.Dollars(120 * bn)}},
	}
	w := opened(t, small(signed("funding", funding)))
	w.testMilestones(january)
	near(t, "the stake", w.stake(cloudC, labA), 10.0/100)
}

func TestVestedWarrantsDiluteTheIssuerAndPayTheHolderThatSells(t *testing.T) {
	for _, sells := range []bool{false, true} {
		warrants := &contract.Warrants{
			Issuer: maker, Holder: labA, Share: 0.1, Strike: unit.Dollars(1e6), Expires: january + 12, Sells: sells,
			Tranches: []contract.Vesting{{Part: 0.5, When: always}, {Part: 0.5, When: failed}},
		}
		m := small(signed("warrants", warrants))
		m.Firms[fund].Stakes = []firm.Stake{{Key: "maker", Share: 0.2}}
		w := opened(t, m)
		before, operations := w.cash(labA), w.books.CashFlow(labA, ledger.Operations)
		w.testMilestones(january)
		// A tenth is one new share for nine old ones; half of it is 0.5 of 9.5 shares.
		const part = 0.5 / 9.5
		near(t, "the fund's stake in the issuer", w.stake(fund, maker), 0.2*(1-part))
		held, gain := part, -0.5e6
		if sells {
			held, gain = 0, 4000*bn*part-0.5e6
		}
		near(t, "the holder's stake", w.stake(labA, maker), held)
		near(t, "its cash, to the dollar", math.Round((w.cash(labA) - before).Dollars()), math.Round(gain))
		near(t, "its cash from operations", (w.books.CashFlow(labA, ledger.Operations) - operations).Dollars(), 0)
		near(t, "marks left", w.books.Balance(labA, ledger.Marks).Dollars(), 0)
		if err := w.books.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestChipsDeliveredAreOwnSitesAndRentedCapacity(t *testing.T) {
	m := small()
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	fitted := func(a, b id.Firm) float64 {
		w.ties.find(a, b)
		w.measureLots(w.panelMonth(), make([]float64, len(m.Layout.Columns)))
		return w.ties.find(a, b).fitted
	}
	near(t, "lab A's, in its two reservations", fitted(labA, maker), 1500)
	for _, f := range []id.Firm{cloudC, cloudD, labB} {
		near(t, w.name(f)+"'s chips", fitted(f, maker), w.clouds[w.firms[f].cloud].energised)
	}
	near(t, "a fund's chips", fitted(labA, fund), 0)
	for month := january; month < january+60; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		for i := range w.clouds { // with one maker all that is in service is its
			c := &w.clouds[i]
			if got := c.mix[0]; math.Abs(got-c.energised) > 1e-6*c.energised {
				t.Fatalf("%v: %s has %v MW of the maker's chips of %v MW", month, w.name(c.firm), got, c.energised)
			}
		}
	}
}

func TestEquityClausesKeepTheBooksAndTheLaws(t *testing.T) {
	round := clubRound()
	round.Closes, round.Caps = january+6, []contract.Cap{{Investor: cloudC, Stake: 0.05, Excess: "note"}}
	model := func(miss string) *Model {
		return small(
			signed("club", round),
			signed("note", &contract.ConvertibleNote{
				Investor: maker, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(4 * bn)}, {On: january + 20, Amount: unit.Dollars(9 * bn)}},
				Interest: 0.08, Discount: 0.2, OwnershipCap: 0.04, Matures: january + 40, AtMaturity: "repay",
			}),
			signed("funding", &contract.MilestoneFunding{
				Investor: cloudD, Company: labA, Upfront: contract.Upfront{Amount: unit.Dollars(2 * bn)}, OnMiss: miss, ShrinkTo: 0.3, PriceCut: 0.3, DebtRate: 0.1, DebtTerm: 6,
				Tranches: []contract.Tranche{
					{Amount: unit.Dollars(5 * bn), By: january + 24, Events: []contract.Event{{What: "a listing", Hazard: 0.3, Chance: 0.8, Delay: 3}}},
					{Amount: unit.Dollars(5 * bn), By: january + 30, When: failed},
				},
			}),
			signed("warrants", &contract.Warrants{
				Issuer: maker, Holder: labA, Share: 0.1, Strike: unit.Dollars(1e6), Expires: january + 60, Sells: true,
				Tranches: []contract.Vesting{{Part: 0.5, When: always}, {Part: 0.5, When: failed}},
			}),
		)
	}
	for k, miss := range []string{"lapse", "shrink", "retest", "reprice", "option", "repay", "debt"} {
		for run := range uint64(4) {
			play(t, model(miss), rng.Run{Seed: uint64(k), Index: run}, func(w *World, month unit.Month) { residuals(t, w, month) })
		}
	}
}

func TestAnAuthorityHoldsConversionsAndWhatIsCountedAsPaid(t *testing.T) {
	note := &contract.ConvertibleNote{
		Investor: cloudD, Company: labA, Draws: []contract.Draw{{On: january, Amount: unit.Dollars(5 * bn)}}, OwnershipCap: 1, AtMaturity: "roll",
	}
	round := func(lead id.Firm) *contract.EquityRound {
		return &contract.EquityRound{Company: labA, Lead: lead, LeadShare: 1, Amount: unit.Dollars(2 * bn), PreMoney: unit.Dollars(300 * bn), Closes: january + 2}
	}
	m := reviewed(rule.Cleared, func(c *rule.AntitrustReview) { c.Standstill = true }, signed("note", note), signed("held", round(cloudD)), signed("free", round(cloudC)))
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		decided := month >= m.Start+8
		if paid := w.deals.states[3].Paid; month >= january+2 && (paid > 0) != decided {
			t.Fatalf("%v: %v of the held round count as paid", month, paid.Dollars())
		}
		if owed := w.contractDebt(labA); month < m.Start+8 && owed != unit.Dollars(5*bn) {
			t.Fatalf("%v: %v are owed while the authority looks, want all of the note", month, owed.Dollars())
		}
	})
}

func TestASellDownTakesSharesWithoutVotesInProportion(t *testing.T) {
	m := reviewed(rule.SellDown, func(c *rule.AntitrustReview) { c.Opens, c.Closes = m0+1, m0+2 })
	m.Firms[cloudD].Stakes[0].Nonvoting = true
	w := play(t, m, rng.Run{}, nil)
	near(t, "votes of shares without votes", w.votes(cloudD, labA), 0)
}
