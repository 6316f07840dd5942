package measure

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

func TestEveryMeasureHasItsOwnNameAUnitAndAMeaning(t *testing.T) {
	words := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for i, d := range All() {
		if !words.MatchString(d.Name) || seen[d.Name] {
			t.Errorf("measure %d is called %q, which is no name or is taken", i, d.Name)
		}
		seen[d.Name] = true
		if d.Dim == "" || d.Doc == "" {
			t.Errorf("%s has unit %q and meaning %q", d.Name, d.Dim, d.Doc)
		}
		if got, ok := Find(d.Name); !ok || got != ID(i) || got.Def() != d {
			t.Errorf("Find(%q) = %d, %v; want %d", d.Name, got, ok, i)
		}
	}
	if len(seen) != int(count) {
		t.Errorf("%d measures, want %d", len(seen), count)
	}
	for _, name := range []string{"", "Cash", "vibes"} {
		if got, ok := Find(name); ok {
			t.Errorf("Find(%q) = %d, want none", name, got)
		}
	}
}

func TestMeasuresThatConditionsLeanOn(t *testing.T) {
	tests := []struct {
		id    ID
		name  string
		unit  string
		scope string
	}{
		{RevenueRunRate, "revenue_run_rate", "USD/yr", "firm"},
		{CapacityEnergised, "capacity_energised", "MW", "firm"},
		{MarketShareEnterprise, "market_share_enterprise", "share", "firm"},
		{Runway, "runway", "months", "firm"},
		{CircularSharePair, "circular_share", "share", "pair"},
		{CircularShare, "system_circular_share", "share", "world"},
		{RentPerGWYear, "rent", "USD/GW-yr", "world"},
		{PowerQueued, "power_queued", "MW", "region"},
	}
	for _, tt := range tests {
		d := tt.id.Def()
		if d.Name != tt.name || string(d.Dim) != tt.unit || d.Scope.String() != tt.scope {
			t.Errorf("measure %d is %s in %s of a %s, want %s in %s of a %s", tt.id, d.Name, d.Dim, d.Scope, tt.name, tt.unit, tt.scope)
		}
	}
}

func TestALayoutFindsEachOfItsColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		firms, regions := rapid.IntRange(0, 6).Draw(t, "firms"), rapid.IntRange(0, 3).Draw(t, "regions")
		pairs := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) [2]id.Firm {
			return [2]id.Firm{id.Firm(rapid.IntRange(0, 5).Draw(t, "a")), id.Firm(rapid.IntRange(0, 5).Draw(t, "b"))}
		}), 0, 8, func(p [2]id.Firm) [2]id.Firm { return p }).Draw(t, "pairs")
		l := NewLayout(firms, regions, pairs)

		want := 0
		size := map[Scope]int{World: 1, Firm: firms, Region: regions, Pair: len(pairs)}
		for _, d := range All() {
			want += size[d.Scope]
		}
		if len(l.Columns) != want {
			t.Fatalf("%d columns, want %d", len(l.Columns), want)
		}
		for i, c := range l.Columns {
			if got, ok := l.Find(c); !ok || got != i {
				t.Fatalf("column %d is %+v and is found at %d (%v)", i, c, got, ok)
			}
			if i > 0 && c.Measure < l.Columns[i-1].Measure {
				t.Fatalf("column %d has measure %d after %d", i, c.Measure, l.Columns[i-1].Measure)
			}
			scope := c.Measure.Def().Scope
			if got := l.Of(c.Measure, int(c.Of)); scope != Pair && got != i {
				t.Fatalf("column %d is %+v, but Of says %d", i, c, got)
			}
			if (c.With != id.None) != (scope == Pair) {
				t.Fatalf("column %d of scope %v has counterpart %d", i, scope, c.With)
			}
		}
		for _, c := range []Column{
			{Cash, uint16(firms), id.None},
			{PowerQueued, uint16(regions), id.None},
			{Spend, 7, 8},
		} {
			if col, ok := l.Find(c); ok {
				t.Fatalf("with %d firms and %d regions %+v is found at %d, want nowhere", firms, regions, c, col)
			}
		}
	})
}

func TestAPairIsOrdered(t *testing.T) {
	l := NewLayout(3, 1, [][2]id.Firm{{0, 2}})
	if _, ok := l.Find(Column{Spend, 0, 2}); !ok {
		t.Error("the pair 0, 2 has no column")
	}
	if _, ok := l.Find(Column{Spend, 2, 0}); ok {
		t.Error("the pair 2, 0 has a column, but was not asked for")
	}
}

// smallPanel is a panel of a world of one firm; in each month the firm's cash is the month's number.
func smallPanel() (p *Panel, cash int) {
	l := NewLayout(1, 1, nil)
	return NewPanel(l), l.Of(Cash, 0)
}

func TestAPanelLooksBack(t *testing.T) {
	for _, first := range []unit.Month{unit.Date(2025, 12), unit.Date(2000, 1), unit.Date(1995, 6)} {
		p, cash := smallPanel()
		opening := make([]float64, len(p.Layout.Columns))
		opening[cash] = float64(first)
		p.Fill(first, opening)
		for k := range 2 * Memory {
			now := first + unit.Month(k)
			if k > 0 {
				p.Open(now)[cash] = float64(now)
			}
			if p.Month() != now {
				t.Fatalf("the last closed month is %v, want %v", p.Month(), now)
			}
			if p.At(cash) != float64(now) || p.Frame()[cash] != float64(now) || p.Lag(cash, 0) != float64(now) {
				t.Fatalf("%v: At = %v, Frame = %v, Lag 0 = %v; want %d", now, p.At(cash), p.Frame()[cash], p.Lag(cash, 0), int(now))
			}
			for lag := range Memory {
				// Before the start lies the opening state.
				if got, want := p.Lag(cash, lag), float64(max(first, now-unit.Month(lag))); got != want {
					t.Fatalf("%v, %d months back = %v, want %v", now, lag, got, want)
				}
			}
		}
	}
}

func TestAnOpenedMonthDoesNotTouchTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, cash := smallPanel()
		var history []float64
		start := unit.Month(rapid.IntRange(-50, 400).Draw(t, "start"))
		for k := range rapid.IntRange(1, 100).Draw(t, "months") {
			x := float64(rapid.IntRange(-9, 9).Draw(t, "cash"))
			p.Open(start + unit.Month(k))[cash] = x
			history = append(history, x)
		}
		slices.Reverse(history)
		for lag, want := range history[:min(len(history), Memory)] {
			if got := p.Lag(cash, lag); got != want {
				t.Fatalf("%d months back = %v, want %v", lag, got, want)
			}
		}
	})
}

func TestTheOpeningFrameIsCopied(t *testing.T) {
	p, cash := smallPanel()
	frame := make([]float64, len(p.Layout.Columns))
	frame[cash] = 5
	p.Fill(312, frame)
	frame[cash] = 6
	if p.At(cash) != 5 || p.Lag(cash, Memory-1) != 5 {
		t.Errorf("a frame changed after Fill shows: %v now, %v long ago, want 5", p.At(cash), p.Lag(cash, Memory-1))
	}
}

func TestReadingAPanelAllocatesNothing(t *testing.T) {
	p, cash := smallPanel()
	c := Column{Cash, 0, id.None}
	var sum float64
	month := unit.Date(2026, 1)
	n := testing.AllocsPerRun(100, func() {
		p.Open(month)[cash] = 1
		col, _ := p.Layout.Find(c)
		sum += p.At(col) + p.Lag(col, 12) + p.Frame()[col] + float64(len(Cash.Def().Name))
		month++
	})
	if n != 0 {
		t.Errorf("a month of a panel allocates %v times, want 0 (sum %v)", n, sum)
	}
}

// Words of a flow of money say that it is of a month, wherever its meaning says so; those of a stock do not.
func TestWordsOfFlowsNameTheMonth(t *testing.T) {
	flow := regexp.MustCompile(`\b(in|of) the month\b|\bmean monthly\b`)
	for _, d := range All() {
		if said := strings.HasPrefix(Words(d.Name), "monthly "); said != (d.Dim == unit.DimUSD && flow.MatchString(d.Doc)) {
			t.Errorf("%s reads %q; it is %s", d.Name, Words(d.Name), d.Doc)
		}
	}
}
