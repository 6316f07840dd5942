package sim

import (
	"math"
	"strings"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

var (
	long   = unit.Date(2024, 1)
	stayed = contract.Exclusivity{Holder: cloudC, Lab: labA, Object: "compute", Scope: "full", Workload: "all"}
)

func bind(key, kind string, terms contract.Clause) contract.Contract {
	return contract.Contract{Key: key, Kind: kind, Signed: long, Terms: terms}
}

// told plays a run and counts its events.
func told(t *testing.T, m *Model) (w *World, events []Event, count map[string]int) {
	t.Helper()
	w = NewWorld(m)
	x := follow(t, w, m, rng.Run{Seed: 1, Index: 1}, true)
	count = map[string]int{}
	for _, e := range x.events {
		count[e.Kind]++
	}
	return w, x.events, count
}

func TestAnExclusivityKeepsALabWithItsHolder(t *testing.T) {
	signed := func(m *Model) (inside, outside int) {
		_, events, _ := told(t, m)
		for _, e := range events {
			if e.Kind == "lot" && e.Firm == labA {
				if e.With == cloudC {
					inside++
				} else {
					outside++
				}
			}
		}
		return inside, outside
	}
	if _, outside := signed(small()); outside == 0 {
		t.Fatal("without the clause nothing is signed elsewhere, so the test shows nothing")
	}
	m := small(bind("only", "exclusivity", &stayed))
	inside, outside := signed(m)
	if inside == 0 || outside > 0 {
		t.Errorf("%d lots with the holder and %d with others, want some and none", inside, outside)
	}
	w, events, count := told(t, m)
	if count["barred"] == 0 {
		t.Error("no offer of others is barred")
	}
	for _, e := range events {
		for _, r := range e.Why {
			if e.Kind == "barred" && (strings.Contains(r.Name, "breaks") || strings.Contains(r.Name, "talks")) {
				t.Fatalf("an exclusivity that is never broken is told with %q", r.Name)
			}
		}
	}
	top := 0.0
	w.Reset(m, rng.Run{Seed: 1, Index: 1})
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		top = max(top, get(w, measure.ExclusivityPrice, labA))
	}
	if top <= 0 {
		t.Error("its shadow price is never above zero")
	}
}

// A served gigawatt carries ever more revenue as serving gets thriftier, but a lot no more than the lab has.
func TestWhatNobodyMayServeIsWorthNoMoreThanTheLabSells(t *testing.T) {
	m := small(bind("only", "exclusivity", &stayed))
	w := NewWorld(m)
	w.Reset(m, rng.Run{Seed: 1, Index: 1})
	lab := w.firms[labA].lab
	w.segments[enterprise].spend[lab], w.segments[consumer].spend[lab] = 3e9, 2e9
	w.labs[lab].paidPerMW = 1e12
	w.barred.by, w.barred.offer = id.Contract(len(m.Contracts)-1), market.Offer{Request: market.Request{Lab: labA, Size: 250, Months: 48}, Rent: 12e9}
	if w.breaks(-1, m.Start+1); math.Abs(w.labs[lab].shadow-8e9) > 1 {
		t.Errorf("shadow price %g, want 5bn over a quarter of a gigawatt less 12bn of rent", w.labs[lab].shadow)
	}
}

func TestACarveOutIsFree(t *testing.T) {
	open := stayed
	open.CarveOuts = []id.Firm{cloudD, labB} // the creditors of a failed lab let its sites
	_, _, count := told(t, small(bind("only", "exclusivity", &open)))
	if count["barred"] > 0 {
		t.Errorf("%d offers are barred although all other sellers are carved out", count["barred"])
	}
}

func TestTheHolderAsksMoreOfALabThatMustStay(t *testing.T) {
	rents := func(premium unit.Share) (sum float64, n int) {
		c := stayed
		c.Premium = premium
		m := small(bind("only", "exclusivity", &c))
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 1, Index: 1})
		for month := m.Start + 1; month <= m.Start+24; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		for _, l := range w.lots {
			if l.Buyer == labA && l.Seller == cloudC && l.Signed == m.Start+1 {
				sum, n = sum+float64(l.Rent), n+1
			}
		}
		return sum / float64(max(1, n)), n
	}
	without, n := rents(0)
	with, _ := rents(0.1)
	if n == 0 || math.Abs(with/without-1.1) > 1e-9 {
		t.Errorf("%d lots of the first month at a mean of $%.4g without and $%.4g with a premium of 10 %%, want the ratio 1.1", n, without, with)
	}
}

func TestABreachOpensTalksAndEndsInSpendPromised(t *testing.T) {
	c := stayed
	c.BreachAbove, c.Renegotiation, c.Settlement = 0.0001, 6, 0.5
	_, events, count := told(t, small(bind("only", "exclusivity", &c)))
	if count["breach"] == 0 || count["settlement"] == 0 {
		t.Fatalf("%d breaches and %d settlements, want some", count["breach"], count["settlement"])
	}
	var breach, settled unit.Month
	for _, e := range events {
		switch {
		case e.Kind == "breach" && breach == 0:
			breach = e.Month
		case e.Kind == "settlement" && settled == 0:
			settled = e.Month
		case breach > 0 && settled == 0 && e.Kind == "breach":
			t.Errorf("a second breach in %v while the first is being settled", e.Month)
		}
	}
	if settled != breach+6 {
		t.Errorf("the breach of %v is settled in %v, want six months later", breach, settled)
	}
	promised := false
	for _, e := range events {
		promised = promised || e.Kind == "promise" && e.Month == settled && e.Firm == labA && e.With == cloudC
	}
	if !promised {
		t.Error("no spend is promised at the settlement")
	}
	if count["end"] > 0 {
		t.Error("a breach ended the contract")
	}
}

func TestALabBuysItselfOutWhenTheRightCostsMore(t *testing.T) {
	for _, paid := range []string{"cash", "commitment", "equity"} {
		for price, want := range map[unit.USD]bool{unit.Dollars(1e6): true, unit.Dollars(1e14 / 2): false} {
			c := stayed
			c.Waiver = contract.Waiver{Price: price, Paid: paid, Term: 60}
			m := small(bind("only", "exclusivity", &c))
			w, events, count := told(t, m)
			if got := count["buy-out"] == 1; got != want {
				t.Errorf("%s of $%.0f: bought out: %v (%d times), want %v", paid, price.Dollars(), got, count["buy-out"], want)
				continue
			}
			if !want {
				continue
			}
			var at unit.Month
			for _, e := range events {
				if e.Kind == "buy-out" {
					at = e.Month
				}
				if at > 0 && e.Kind == "barred" {
					t.Errorf("%s: an offer is barred in %v, after the right was bought out in %v", paid, e.Month, at)
				}
			}
			switch paid {
			case "commitment":
				if count["promise"] == 0 {
					t.Error("no spend was promised for the right")
				}
			case "equity":
				if got := w.books.Amount(cloudC, ledger.Stakes); got < price {
					t.Errorf("the holder has shares of $%.0f, want the price of $%.0f among them", got.Dollars(), price.Dollars())
				}
			}
		}
	}
}

func TestTheRightOfHigherPrecedenceIsAskedFirst(t *testing.T) {
	first := bind("of-d", "first-refusal", &contract.FirstRefusal{Holder: cloudD, Lab: labA, Notice: 0, Match: "partial"})
	second := bind("of-c", "first-refusal", &contract.FirstRefusal{Holder: cloudC, Lab: labA, Notice: 0, Match: "partial"})
	for _, tt := range []struct {
		name   string
		d, c   int
		policy [2]string // of D and C
		want   string    // key of the contract under which the first lot is matched
	}{
		{"D before C", 2, 1, [2]string{"always", "always"}, "of-d"},
		{"C before D", 1, 2, [2]string{"always", "always"}, "of-c"},
	} {
		first.Precedence, second.Precedence = tt.d, tt.c
		m := small(first, second)
		// A third cloud whose offers both may match.
		m.Firms[cloudD].Cloud.Refusal, m.Firms[cloudC].Cloud.Refusal = tt.policy[0], tt.policy[1]
		third := m.Firms[cloudD]
		cloud := *third.Cloud
		third.Key, third.Name, third.Cloud = "cloud-e", "Cloud E", &cloud
		cloud.UnderConstruction = 5000
		m.Firms = append(m.Firms, third)
		m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 1})
		var seen listening
		w.Listen(&seen, true)
		w.lots = w.lots[:0]
		w.place(market.Offer{Request: market.Request{Lab: labA, Size: 100, Start: m.Start + 1, Months: 60}, Seller: id.Firm(len(m.Firms) - 1), Rent: 12e9, Ready: m.Start + 3}, m.Start+1, 0, 0)
		if len(w.lots) == 0 || seen.contract("match") != tt.want {
			t.Errorf("%s: %d lots, matched under %q, want %q", tt.name, len(w.lots), seen.contract("match"), tt.want)
		}
	}
}

// listening keeps what it is told.
type listening struct{ events []Event }

func (l *listening) Happened(unit.Month, string, id.Firm, id.Contract, int) {}
func (l *listening) Tell(e Event)                                           { l.events = append(l.events, e) }

func (l *listening) contract(kind string) string {
	for _, e := range l.events {
		if e.Kind == kind {
			return e.Contract
		}
	}
	return ""
}

func TestWhatOneRightDeclinesGoesToTheNext(t *testing.T) {
	high := bind("high", "first-refusal", &contract.FirstRefusal{Holder: cloudC, Lab: labA, Match: "partial"})
	high.Precedence = 1
	low := bind("low", "first-refusal", &contract.FirstRefusal{Holder: cloudD, Lab: labA, Match: "partial"})
	m := small(low, high)
	m.Firms[cloudC].Cloud.Refusal, m.Firms[cloudD].Cloud.Refusal = "never", "always"
	w := NewWorld(m)
	w.Reset(m, rng.Run{Seed: 1})
	var seen listening
	w.Listen(&seen, true)
	w.place(market.Offer{Request: market.Request{Lab: labA, Size: 100, Start: m.Start + 1, Months: 60}, Seller: labB, Rent: 12e9, Ready: m.Start + 3}, m.Start+1, 0, 0)
	var kinds []string
	for _, e := range seen.events {
		kinds = append(kinds, e.Kind+" "+e.Contract)
	}
	if got := strings.Join(kinds, ", "); !strings.HasPrefix(got, "notice high, decline high, notice low, match low") {
		t.Errorf("events: %s; want the high one to decline and the low one to match", got)
	}
}

func TestARightToBeToldDetersNobodyAndMatchesNothing(t *testing.T) {
	m := small(bind("told", "first-refusal", &contract.FirstRefusal{Holder: cloudD, Lab: labA, Notice: 1, Match: "notify"}))
	w, _, count := told(t, m)
	if count["notice"] == 0 || count["counter-offer"]+count["let-pass"] == 0 {
		t.Errorf("%d notices, %d counter-offers, %d let pass", count["notice"], count["counter-offer"], count["let-pass"])
	}
	if n := count["match"] + count["partial-match"] + count["decline"]; n > 0 {
		t.Errorf("the holder answers %d times as if it could match", n)
	}
	if h := w.deals.holder(w, market.Request{Lab: labA, Size: 100}, m.Start+1); h != id.None {
		t.Errorf("rivals see firm %d as the holder of a right, want nobody", h)
	}
}

func TestAHolderMatchesAtItsDiscount(t *testing.T) {
	m := small(bind("right", "first-refusal", &contract.FirstRefusal{Holder: cloudD, Lab: labA, Match: "full", Discount: 0.1}))
	m.Firms[cloudD].Cloud.Refusal = "always"
	w := NewWorld(m)
	w.Reset(m, rng.Run{Seed: 1})
	w.lots = w.lots[:0]
	w.place(market.Offer{Request: market.Request{Lab: labA, Size: 100, Start: m.Start + 1, Months: 60}, Seller: cloudC, Rent: 10e9, Ready: m.Start + 3}, m.Start+1, 0, 0)
	if len(w.lots) != 1 || w.lots[0].Seller != cloudD || math.Abs(float64(w.lots[0].Rent)-9e9) > 1 {
		t.Errorf("lots %+v, want one with the holder at nine tenths of the offered rent", w.lots)
	}
}

// A right of first refusal in a first-price sale between two buyers whose values are uniform on (0, 1), mirrored to
// a lab that buys from two clouds: a seller of value v is a cloud of cost 1 − v, its bid b an asked rent of 1 − b.
// Without the right both bid half their value, and the sale brings max(v, v′)/2, on average 1/3. With it the rival
// still bids half its value, and the holder takes the lot whenever its own value is more: the sale brings 1/4, the
// holder gains 7/24, the rival 1/12. Source: Bikhchandani, Lippman and Reade (2005).
func TestARightOfFirstRefusalInAFirstPriceSale(t *testing.T) {
	const (
		unitRent = 1e9
		trials   = 60_000
		holder   = cloudC
		rival    = cloudD
	)
	sale := func(right bool) (paid, holderGain, rivalGain float64) {
		m := small()
		if right {
			m = small(bind("right", "first-refusal", &contract.FirstRefusal{Holder: holder, Lab: labA, Match: "full"}))
		}
		cm, b := &m.Market.Compute, &m.Market.Build
		cm.BidProbability, cm.RefusalDeterrence, cm.RefusalShading, cm.StrategicValue, cm.ResaleValue = 1, 0, 0, 0, 0
		cm.SwitchingCost, cm.PortingCost, cm.DelayPenalty, cm.CommitmentPreference, cm.MatchNoise = 0, 0, 0, 0, 0.001
		b.CostPerMW, m.Market.Power.CapacityCharge, m.Market.Power.Floor, m.Regions[0].PowerPrice = 0, 0, 0, 0
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 1}) // the central run: no noise in choices
		month := m.Start + 1
		w.plan(month)
		draw := rng.Run{Seed: 7, Index: 1}
		var value [maker]float64
		w.asks = func(cloud int) float64 {
			f := w.clouds[cloud].firm
			if right && f == holder {
				return 1e6 * unitRent // it waits for the rival's bid
			}
			return unitRent * (1 - value[f]/2)
		}
		for k := range trials {
			u := draw.Block(rng.Choice, 0, 0, k)
			value[holder], value[rival] = u[0], u[1]
			b.OpexPerMW = unit.USDPerMW((1 - value[holder]) * unitRent / 1000)
			for i := range w.clouds {
				for n := range w.clouds[i].free {
					w.clouds[i].free[n], w.clouds[i].most = 1e9, 1e9
				}
			}
			w.lots = w.lots[:0]
			w.bySellers()
			w.labs[0].short = 100
			w.request(0, month)
			lot := w.lots[0]
			price := 1 - float64(lot.Rent)/unitRent
			paid += price / trials
			if lot.Seller == holder {
				holderGain += (value[holder] - price) / trials
			} else {
				rivalGain += (value[rival] - price) / trials
			}
		}
		return paid, holderGain, rivalGain
	}
	near := func(name string, got, want float64) {
		t.Logf("%s: %.4f, theory %.4f", name, got, want)
		if math.Abs(got-want) > 0.004 { // four standard errors of the mean of 60,000 draws
			t.Errorf("%s is %.4f, want %.4f", name, got, want)
		}
	}
	paid, _, _ := sale(false)
	near("revenue without the right", paid, 1.0/3)
	paid, first, second := sale(true)
	near("revenue with it", paid, 1.0/4)
	near("the holder's gain", first, 7.0/24)
	near("the rival's gain", second, 1.0/12)
}
