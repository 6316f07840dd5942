package sim

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// The second region of the small world, and the maker that is at home there.
const (
	abroad   id.Region = 1
	domestic           = buyer + 1
)

// exporting is a small world whose cloud-d and lab-b build abroad too, under these changes of what may be shipped there.
func exporting(changes ...rule.Change) *Model {
	m := small()
	m.Regions = append(m.Regions, Region{Key: "abroad", Name: "Abroad", Connections: 9000, ConnectionGrowth: 0.15, ConnectionTime: 6, OnsiteShare: 0.3, PowerPrice: 60})
	m.Firms = append(m.Firms, firm.Firm{
		Key: "domestic", Name: "Domestic", Region: abroad, Listed: true, Cash: unit.Dollars(5 * bn), DebtRate: 0.06, DebtTerm: 120,
		Valuation: unit.Dollars(100 * bn), OperatingCashFlow: 5 * bn, Supplier: &firm.Supplier{Shipments: 60_000, Discount: 0.1, Margin: 0.3, Regions: []id.Region{abroad}},
	})
	for _, f := range []id.Firm{cloudD, labB} {
		c := m.Firms[f].Cloud
		c.Regions = []firm.RegionShare{{Key: "us", Share: 0.4}, {Key: "abroad", Share: 0.6}}
		c.Chips = []firm.ChipShare{{Key: "maker", Share: 0.8}, {Key: "domestic", Share: 0.2}}
	}
	if len(changes) > 0 {
		m.Regulation = []rule.Rule{{Key: "regime", Kind: "export-control", Terms: &rule.ExportControl{
			Region: abroad, Reach: "sites", Changes: changes, AccessCut: 0.45, Stranded: 3, DomesticRamp: 0.2, Turns: rule.Turns{Tighten: 0.6, Levy: 0.25, Quota: 40_000},
		}}}
	}
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	return m
}

func terms(m *Model) *rule.ExportControl { return m.Regulation[0].Terms.(*rule.ExportControl) }

// received is the compute shipped abroad in each month of a run.
func received(t *testing.T, m *Model, r rng.Run) (out []float64) {
	t.Helper()
	play(t, m, r, func(w *World, _ unit.Month) {
		out = append(out, w.panel.At(w.m.Layout.Of(measure.ChipsReceived, int(abroad))))
	})
	return out
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

func TestAFreeRegimeIsNone(t *testing.T) {
	free, none := exporting(rule.Change{From: m0 + 3}), exporting()
	a, b := follow(t, NewWorld(free), free, rng.Run{Seed: 1, Index: 3}, false), follow(t, NewWorld(none), none, rng.Run{Seed: 1, Index: 3}, false)
	if !reflect.DeepEqual(a.frames, b.frames) {
		t.Error("a regime under which all may be shipped changes the run")
	}
}

func TestWhatIsDeniedGoesElsewhere(t *testing.T) {
	denied, free := exporting(rule.Change{From: m0 + 3, State: rule.Denied}), exporting()
	for _, m := range []*Model{denied, free} { // so little that each chip sent abroad is missed at home
		m.Firms[maker].Supplier.Shipments = 200_000
	}
	home := func(m *Model) (home, foreign float64) {
		play(t, m, rng.Run{}, func(w *World, month unit.Month) {
			if month > m0+3 && month <= m0+24 {
				home += w.panel.At(w.m.Layout.Of(measure.ChipsReceived, 0))
				foreign += w.panel.At(w.m.Layout.Of(measure.ChipsReceived, 1))
			}
		})
		return home, foreign
	}
	a, x := home(denied)
	b, y := home(free)
	if a <= b || x >= y {
		t.Errorf("shipped at home %.0f and abroad %.0f H100e, without a regime %.0f and %.0f; want more and less", a, x, b, y)
	}
}

// A maker may be let into a region that its own list leaves out.
func TestARegimeTakesThePlaceOfTheMakersRegions(t *testing.T) {
	shut := exporting()
	shut.Firms[maker].Supplier.Regions = []id.Region{0}
	opened := exporting(rule.Change{From: m0 + 1, State: rule.Licensed})
	opened.Firms[maker].Supplier.Regions = []id.Region{0}
	if a, b := sum(received(t, opened, rng.Run{})), sum(received(t, shut, rng.Run{})); a <= 2*b {
		t.Errorf("licensed, %.0f H100e go abroad; by its own list %.0f; want far more", a, b)
	}
}

func TestTheMakerPaysTheLevyOnWhatItSellsThere(t *testing.T) {
	m := exporting(rule.Change{From: m0 + 1, State: rule.Licensed, Levy: 0.25})
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	paid := 0.0
	for month := m.Start + 1; month <= m.Start+12; month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		sold := w.exports[0].sales[w.firms[maker].supplier].dollars[month%quarter]
		levy := get(w, measure.Levies, maker)
		if math.Abs(levy-sold/4) > 0.01 {
			t.Fatalf("%v: a levy of %.2f on sales of %.2f, want a quarter", month, levy, sold)
		}
		paid += levy
	}
	if paid == 0 {
		t.Error("nothing was levied in a year")
	}
	if got := w.books.Balance(maker, ledger.Levy).Dollars(); got > paid+1 || got <= 0 {
		t.Errorf("the books show %.0f of levies this year, the measures %.0f", got, paid)
	}
	if get(w, measure.Levies, domestic) != 0 {
		t.Error("the maker at home there pays too")
	}
}

func TestADenialStrandsWhatWasMadeAhead(t *testing.T) {
	m := exporting(rule.Change{From: m0 + 1, State: rule.Licensed}, rule.Change{From: m0 + 8, State: rule.Denied})
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	lost := 0.0
	w.Books().Journal = func(p ledger.Posting) {
		if p.Memo.Kind == "stranded chips" {
			lost += p.Amount.Dollars()
		}
	}
	var want float64
	for month := m.Start + 1; month <= m.Start+12; month++ {
		if month == m.Start+8 {
			dollars, _ := w.exports[0].sales[w.firms[maker].supplier].mean()
			want = 3 * dollars * (1 - 0.6)
		}
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	if want == 0 || math.Abs(lost-want) > 1 {
		t.Errorf("written off %.0f, want three months of sales there at cost, %.0f", lost, want)
	}
}

func TestStrandedChipsAreLostToEverybody(t *testing.T) {
	supply := func(stranded unit.Months) (had, made float64) {
		m := exporting(rule.Change{From: m0 + 1, State: rule.Licensed}, rule.Change{From: m0 + 8, State: rule.Denied})
		terms(m).Stranded = stranded
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		s := &w.suppliers[w.firms[maker].supplier]
		for month := m.Start + 1; month <= m.Start+8; month++ {
			_, compute := w.exports[0].sales[w.firms[maker].supplier].mean()
			made = float64(stranded) * compute
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		return s.ready + s.shipped, made
	}
	without, _ := supply(0)
	with, made := supply(1)
	if made == 0 || math.Abs(without-with-made) > 1 {
		t.Errorf("%.0f H100e are there to ship, %.0f if nothing strands; want %.0f fewer", with, without, made)
	}
}

func TestTheRegionsOwnMakerGrowsBehindTheWall(t *testing.T) {
	var w *World
	var supply [2]float64
	for i, ramp := range []unit.Rate{0, 0.2} {
		m := exporting(rule.Change{From: m0 + 1, State: rule.Denied})
		terms(m).DomesticRamp = ramp
		w = NewWorld(m)
		w.Reset(m, rng.Run{})
		for month := m.Start + 1; month <= m.Start+12; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
		}
		supply[i] = get(w, measure.ChipSupply, 0)
	}
	if own := 60_000 * w.tables.supply[12]; math.Abs(supply[1]-supply[0]-0.2*own) > 1 {
		t.Errorf("%.0f H100e are supplied with its growth and %.0f without, want a fifth of its %.0f more", supply[1], supply[0], own)
	}
	if got := w.ramp(domestic); math.Abs(got-1.2) > 1e-9 {
		t.Errorf("after twelve months its shipments are × %g, want 1.2", got)
	}
	if got := w.ramp(maker); got != 1 {
		t.Errorf("the foreign maker's are × %g, want 1", got)
	}
}

func TestLabsAtHomeThereLoseCompute(t *testing.T) {
	m := exporting(rule.Change{From: m0 + 2, State: rule.Denied}, rule.Change{From: m0 + 4, State: rule.Licensed})
	m.Firms[labB].Region, m.Firms[labB].Lab.ChipAccess = abroad, 0.9
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	for k, want := range []float64{0.9, 0.55, 0.55, 0.85} {
		if err := w.Step(m.Start + 1 + unit.Month(k)); err != nil {
			t.Fatal(err)
		}
		if got := get(w, measure.ChipAccess, labB); math.Abs(got-want) > 1e-12 {
			t.Errorf("month %d: access %g, want %g", k+1, got, want)
		}
		if got := get(w, measure.ChipAccess, labA); got != 1 {
			t.Errorf("month %d: the lab elsewhere has access %g, want 1", k+1, got)
		}
	}
}

func TestARegimeCanReachWhatItsFirmsOwnElsewhere(t *testing.T) {
	shipped := func(reach string) float64 {
		m := exporting(rule.Change{From: m0 + 1, State: rule.Denied})
		m.Firms[labB].Region, terms(m).Reach = abroad, reach
		w := play(t, m, rng.Run{}, nil)
		return get(w, measure.Compute, labB)
	}
	if sites, owners := shipped("sites"), shipped("owners"); owners >= sites {
		t.Errorf("its compute is %.0f H100e where owners are reached, %.0f where sites are; want less", owners, sites)
	}
}

// Whatever is decreed or comes by chance, nothing goes where it is denied, and no year's quota is exceeded.
func TestNoRegimeIsBroken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var changes []rule.Change
		at := m0
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			at += unit.Month(rapid.IntRange(1, 10).Draw(t, "gap"))
			x := rule.Change{From: at, State: rule.State(rapid.IntRange(0, 3).Draw(t, "state")), Notice: unit.Months(rapid.IntRange(0, 4).Draw(t, "notice"))}
			if x.State == rule.Quota {
				x.Quota = unit.H100e(rapid.Float64Range(1, 300_000).Draw(t, "quota"))
			}
			changes = append(changes, x)
		}
		m := exporting(changes...)
		terms(m).Turns.Rate = unit.Hazard(rapid.Float64Range(0, 1).Draw(t, "turns"))
		terms(m).Reach = rapid.SampledFrom([]string{"sites", "owners"}).Draw(t, "reach")
		m.Firms[maker].Supplier.Shipments = unit.H100e(rapid.Float64Range(1e4, 3e6).Draw(t, "chips"))
		m.End = m0 + 48
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: rapid.Uint64().Draw(t, "seed"), Index: rapid.Uint64Range(0, 3).Draw(t, "run")})
		foreign := w.firms[maker].supplier
		year, last := 0.0, rule.Regime{}
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
			e := &w.exports[0]
			if month.InYear() == 1 || e.regime != last {
				year = 0
			}
			last = e.regime
			sent := e.sales[foreign].compute[month%quarter]
			year += sent
			switch {
			case e.regime.State == rule.Denied && sent > 0:
				t.Fatalf("%v: %g H100e are shipped although it is denied", month, sent)
			case e.regime.State == rule.Quota && year > e.regime.Quota*(1+1e-9):
				t.Fatalf("%v: %g H100e are shipped in the year, over the quota of %g", month, year, e.regime.Quota)
			}
		}
	})
}

func TestEventsTellEachTurn(t *testing.T) {
	m := exporting(
		rule.Change{From: m0 + 1, State: rule.Licensed, Levy: 0.25}, rule.Change{From: m0 + 10, State: rule.Denied, Notice: 2},
		rule.Change{From: m0 + 20, State: rule.Quota, Quota: 20_000},
	)
	x := follow(t, NewWorld(m), m, rng.Run{}, true)
	n := kinds(x)
	for kind, want := range map[string]int{"export-rule": 3, "export-notice": 1, "write-down": 1} {
		if n[kind] != want {
			t.Errorf("%d events %s, want %d", n[kind], kind, want)
		}
	}
	if n["levy"] == 0 || n["quota"] == 0 {
		t.Errorf("%d events levy and %d quota, want some of each", n["levy"], n["quota"])
	}
	for _, e := range x.events {
		if e.Kind == "export-rule" && e.Contract != "regime" {
			t.Errorf("%s is told under %q, want the rule's key", fmt.Sprint(e), e.Contract)
		}
	}
}

func TestAStepUnderRulesAllocatesNothing(t *testing.T) {
	m := exporting(rule.Change{From: m0 + 1, State: rule.Quota, Quota: 20_000}, rule.Change{From: m0 + 30, State: rule.Denied})
	m.Regulation = append(m.Regulation, reviewed(rule.DropFirstRefusal, nil).Regulation...)
	m.Layout = measure.NewLayout(len(m.Firms), len(m.Regions), Pairs(m))
	w := NewWorld(m)
	least := 1e9
	for range 4 {
		least = min(least, testing.AllocsPerRun(1, func() { run(t, w, m, rng.Run{Seed: 1, Index: 2}) }))
	}
	if least > float64(m.End-m.Start)/20 {
		t.Errorf("a run allocates %.0f times when it is played again, want 0", least)
	}
}

func TestNoSiteIsOrderedForWhichThereAreNoChips(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change rule.Change
		shut   bool
	}{
		{"free", rule.Change{From: m0 + 1}, false},
		{"denied", rule.Change{From: m0 + 1, State: rule.Denied}, true},
		{"a quota that is spoken for", rule.Change{From: m0 + 1, State: rule.Quota, Quota: 100}, true},
		{"a quota with room", rule.Change{From: m0 + 1, State: rule.Quota, Quota: 1e9}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := exporting(tt.change)
			for _, f := range []id.Firm{cloudD, labB} { // nobody else's chips will do
				m.Firms[f].Cloud.Chips = []firm.ChipShare{{Key: "maker", Share: 1}}
			}
			ordered := 0
			play(t, m, rng.Run{}, func(w *World, month unit.Month) {
				for i := range w.sites {
					if s := &w.sites[i]; s.Region == abroad && s.Ordered == month && month > m0+1 && !s.Refit {
						ordered++
					}
				}
			})
			if shut := ordered == 0; shut != tt.shut {
				t.Errorf("%d sites ordered abroad", ordered)
			}
		})
	}
}
