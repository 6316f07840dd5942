package unit

import (
	"math"
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// panics reports whether f panics.
func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestMoneyIsRoundedToTheNearestCent(t *testing.T) {
	tests := []struct {
		name    string
		dollars float64
		want    USD // cents
	}{
		{"whole dollars", 7, 700},
		{"a cent that binary fractions cannot hold", 0.29, 29},
		{"less than half a cent goes down", 0.124, 12},
		{"half a cent goes up", 0.125, 13},
		{"half a cent owed goes down, away from zero", -0.125, -13},
		{"less than half a cent owed goes to zero", -0.004, 0},
		{"the largest firm of all", 5e12, 500_000_000_000_000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Dollars(tt.dollars); got != tt.want {
				t.Errorf("Dollars(%v) = %d cents, want %d", tt.dollars, got, tt.want)
			}
		})
	}
}

func TestWhatNoBookCanHoldPanics(t *testing.T) {
	tests := []struct {
		name string
		do   func()
		want bool
	}{
		{"90 trillion dollars fit", func() { Dollars(90e12) }, false},
		{"91 trillion do not", func() { Dollars(91e12) }, true},
		{"nor does such a debt", func() { Dollars(-91e12) }, true},
		{"nor what is not a number", func() { Dollars(math.NaN()) }, true},
		{"nor infinity", func() { Dollars(math.Inf(1)) }, true},
		{"ten trillion times nine fits", func() { Dollars(10e12).Times(9) }, false},
		{"ten trillion times ten does not", func() { Dollars(10e12).Times(10) }, true},
		{"times infinity does not", func() { USD(1).Times(math.Inf(1)) }, true},
		{"two amounts beyond 64 bits do not", func() { USD(math.MaxInt64).Plus(1) }, true},
		{"nor do two such debts", func() { USD(math.MinInt64).Plus(-1) }, true},
		{"zero times infinity is no amount", func() { USD(0).Times(math.Inf(1)) }, true},
		{"a rent of 10 trillion a year for 200 GW does not", func() { Rent(10e12).ForMonth(200_000) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := panics(tt.do); got != tt.want {
				t.Errorf("panics: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTimesRoundsHalvesAwayFromZero(t *testing.T) {
	tests := []struct {
		name string
		a    USD
		x    float64
		want USD
	}{
		{"half of a cent is a cent", 1, 0.5, 1},
		{"half of 29 cents is 15, as 14.5 is halfway", 29, 0.5, 15},
		{"half of a debt of 29 cents is 15", -29, 0.5, -15},
		{"a quarter of 57 cents is 14", 57, 0.25, 14},
		{"85 % of $2,000", 200_000, 0.85, 170_000},
		{"a third of a dollar", 100, 1.0 / 3, 33},
		{"nothing of something", 12345, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Times(tt.x); got != tt.want {
				t.Errorf("%d cents × %v = %d, want %d", tt.a, tt.x, got, tt.want)
			}
		})
	}
}

func amount(most int64) *rapid.Generator[USD] {
	return rapid.Custom(func(t *rapid.T) USD { return USD(rapid.Int64Range(-most, most).Draw(t, "cents")) })
}

func TestTimesOneChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amount(maxUSD).Draw(t, "a")
		if got := a.Times(1); got != a {
			t.Fatalf("%d cents × 1 = %d", a, got)
		}
		if got := a.Times(-1); got != -a {
			t.Fatalf("%d cents × -1 = %d, want %d", a, got, -a)
		}
		if got := a.Times(0.5) - a/2; got < -1 || got > 1 {
			t.Fatalf("%d cents × 0.5 = %d, more than a cent from %d", a, a.Times(0.5), a/2)
		}
	})
}

func TestTimesIsWithinHalfACentOfTheExactProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, x := amount(1e14).Draw(t, "a"), rapid.Float64Range(-50, 50).Draw(t, "x")
		exact := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(a)), new(big.Rat).SetFloat64(x))
		off, _ := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(int64(a.Times(x)))).Float64()
		size, _ := exact.Float64()
		if most := 0.5 + math.Abs(size)*0x1p-53; math.Abs(off) > most {
			t.Fatalf("%d cents × %v = %d, off by %v cents, want at most %v", a, x, a.Times(x), off, most)
		}
	})
}

// TestCentsRoundAsMathDoes tries what lies next to halves, where a sum that is itself rounded could mislead.
func TestCentsRoundAsMathDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1-maxUSD, maxUSD-1).Draw(t, "whole") >> rapid.IntRange(0, 53).Draw(t, "shift")
		half := float64(whole) + 0.5
		for _, c := range []float64{half, math.Nextafter(half, maxUSD), math.Nextafter(half, -maxUSD), float64(whole)} {
			if got, want := cents(c), USD(math.Round(c)); got != want {
				t.Fatalf("%v cents are rounded to %d, want %d", c, got, want)
			}
		}
	})
}

func TestDollarsAndBackIsTheSameAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amount(1e15).Draw(t, "a")
		if got := Dollars(a.Dollars()); got != a {
			t.Fatalf("%d cents are $%v and come back as %d", a, a.Dollars(), got)
		}
	})
}

func TestPlusIsExactOrPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := USD(rapid.Int64().Draw(t, "a")), USD(rapid.Int64().Draw(t, "b"))
		sum := new(big.Int).Add(big.NewInt(int64(a)), big.NewInt(int64(b)))
		if did := panics(func() { a.Plus(b) }); did == sum.IsInt64() {
			t.Fatalf("%d + %d panics: %v, want %v", a, b, did, !sum.IsInt64())
		}
		if sum.IsInt64() && int64(a.Plus(b)) != sum.Int64() {
			t.Fatalf("%d + %d = %d, want %v", a, b, a.Plus(b), sum)
		}
	})
	if got := USD(math.MaxInt64).Plus(0); got != math.MaxInt64 {
		t.Errorf("the largest amount plus nothing = %d", got)
	}
}

func TestRatesMeetQuantities(t *testing.T) {
	tests := []struct {
		name      string
		got, want float64
	}{
		{"a run rate of $12bn a year is $1bn a month", USDPerYear(12e9).PerMonth().Dollars(), 1e9},
		{"a third of a cent a month is nothing", USDPerYear(0.04).PerMonth().Dollars(), 0},
		{"$1bn in a month is a run rate of $12bn", float64(Dollars(1e9).Annualised()), 12e9},
		{"1,400 MW of facility feed 1,000 MW of IT at an overhead of 1.4", float64(MW(1400).IT(1.4)), 1000},
		{"1,000 MW of IT need 1,400 MW of facility", float64(MWIT(1000).Facility(1.4)), 1400},
		{"500 MW at $12bn a GW-year cost $0.5bn a month", Rent(12e9).ForMonth(500).Dollars(), 0.5e9},
		{"no capacity costs nothing", Rent(12e9).ForMonth(0).Dollars(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if math.Abs(tt.got-tt.want) > 1e-9*math.Abs(tt.want) {
				t.Errorf("got %v, want %v", tt.got, tt.want)
			}
		})
	}
}

func TestARunRateGivesItsMonthBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amount(1e13).Draw(t, "a")
		if got := a.Annualised().PerMonth(); got != a {
			t.Fatalf("%d cents a month are $%v a year, and that is %d cents a month", a, a.Annualised(), got)
		}
		p, overhead := rapid.Float64Range(0, 1e5).Draw(t, "mw"), rapid.Float64Range(1, 2).Draw(t, "overhead")
		if got := float64(MW(p).IT(overhead).Facility(overhead)); math.Abs(got-p) > 1e-9*p {
			t.Fatalf("%v MW at an overhead of %v come back as %v", p, overhead, got)
		}
	})
}

func TestMonthsFollowTheCalendar(t *testing.T) {
	tests := []struct {
		name        string
		year, month int
		count       Month
		text        string
		yearEnd     bool
	}{
		{"the first month of the count", 2000, 1, 0, "2000-01", false},
		{"the end of the first year", 2000, 12, 11, "2000-12", true},
		{"the opening of base-2026", 2025, 12, 311, "2025-12", true},
		{"the month after", 2026, 1, 312, "2026-01", false},
		{"the month before the count", 1999, 12, -1, "1999-12", true},
		{"the first of the year before", 1999, 1, -12, "1999-01", false},
		{"a year earlier still", 1998, 12, -13, "1998-12", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Date(tt.year, tt.month)
			if m != tt.count {
				t.Errorf("Date(%d, %d) = %d, want %d", tt.year, tt.month, int(m), int(tt.count))
			}
			if m.Year() != tt.year || m.InYear() != tt.month {
				t.Errorf("month %d is %d of %d, want %d of %d", int(m), m.InYear(), m.Year(), tt.month, tt.year)
			}
			if m.String() != tt.text {
				t.Errorf("month %d is written %q, want %q", int(m), m.String(), tt.text)
			}
			if m.YearEnd() != tt.yearEnd {
				t.Errorf("%v ends a year: %v, want %v", m, m.YearEnd(), tt.yearEnd)
			}
		})
	}
}

func TestEveryMonthHasOneDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Month(rapid.Int32Range(-1200, 12000).Draw(t, "month"))
		if n := m.InYear(); n < 1 || n > 12 {
			t.Fatalf("month %d is number %d of its year", int(m), n)
		}
		if got := Date(m.Year(), m.InYear()); got != m {
			t.Fatalf("month %d is %v, which is month %d", int(m), m, int(got))
		}
		if next := m + 1; m.YearEnd() != (next.Year() == m.Year()+1) {
			t.Fatalf("%v ends its year: %v, but %v follows", m, m.YearEnd(), next)
		}
		later := m + Month(rapid.Int32Range(-600, 600).Draw(t, "later"))
		if got := later.Years(m); math.Abs(got*12-float64(later-m)) > 1e-9 {
			t.Fatalf("from %v to %v are %v years, want %d/12", m, later, got, int(later-m))
		}
	})
}

func TestFractionsOfAMonthAreWaitedForInFull(t *testing.T) {
	from := Date(2026, 11)
	tests := []struct {
		name string
		wait Months
		want Month
	}{
		{"no wait", 0, Date(2026, 11)},
		{"whole months cross the year's end", 2, Date(2027, 1)},
		{"what takes 4.2 months is there in the fifth", 4.2, Date(2027, 4)},
		{"a day is a month", 0.03, Date(2026, 12)},
		{"thirty tenths are three months, whatever the last bit says", 30 * Months(math.Nextafter(0.1, 1)), Date(2027, 2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := from.After(tt.wait); got != tt.want {
				t.Errorf("%v months after %v is %v, want %v", float64(tt.wait), from, got, tt.want)
			}
		})
	}
}

func TestEveryQuantityNamesItsUnit(t *testing.T) {
	tests := []struct {
		quantity any
		want     string // the unit column of every table
	}{
		{USD(0), "USD"},
		{USDPerYear(0), "USD/yr"},
		{MW(0), "MW"},
		{MWIT(0), "MW IT"},
		{H100e(0), "H100e"},
		{H100ePerMW(0), "H100e/MW"},
		{Rent(0), "USD/GW-yr"},
		{USDPerMW(0), "USD/MW"},
		{USDPerMWh(0), "USD/MWh"},
		{Month(0), "date"},
		{Months(0), "months"},
		{Rate(0), "1/yr"},
		{Hazard(0), "1/month"},
		{Share(0), "share"},
		{Points(0), "ECI points"},
		{float64(0), "1"},
		{int(0), "count"},
	}
	for _, tt := range tests {
		typ := reflect.TypeOf(tt.quantity)
		if got, ok := Of(typ); !ok || string(got) != tt.want {
			t.Errorf("the unit of %v is %q (known: %v), want %q", typ, got, ok, tt.want)
		}
	}
	if len(tests) != len(dimensions) {
		t.Errorf("%d quantities are tested, but %d have a unit", len(tests), len(dimensions))
	}
	for _, x := range []any{"text", true, int64(1), float32(1), struct{}{}} {
		if got, ok := Of(reflect.TypeOf(x)); ok {
			t.Errorf("%T is no quantity, but has the unit %q", x, got)
		}
	}
}

func TestArithmeticAllocatesNothing(t *testing.T) {
	var sink USD
	n := testing.AllocsPerRun(100, func() {
		sink = Dollars(1.5).Times(2).Plus(USDPerYear(12).PerMonth()).Plus(Rent(1e9).ForMonth(100))
		sink += USD(Date(2026, 1).After(3.5).Year())
	})
	if n != 0 {
		t.Errorf("a sum of money allocates %v times, want 0 (sum %d)", n, sink)
	}
}
