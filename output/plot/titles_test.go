package plot

import (
	"math"
	"testing"

	"powerplay/sim/unit"
)

func one(key string, values ...float64) Series { return Series{Key: key, Label: key, Values: values} }

func TestLeaderTitles(t *testing.T) {
	holds := Claim{Verb: "holds", Of: "of AI model spend"}
	nov := unit.Date(2032, 11) // two values: November and December
	for _, c := range []struct {
		name   string
		series []Series
		want   string
	}{
		{
			"first and second are named",
			[]Series{one("Anthropic", 0, 0.28), one("OpenAI", 0, 0.31), one("xAI", 0, 0.1)},
			"OpenAI holds 31% of AI model spend in 2032, Anthropic 28%",
		},
		{
			"what prints alike is a tie",
			[]Series{one("A", 0, 0.311), one("B", 0, 0.312), one("C", 0, 0.1)},
			"B and A each hold 31% of AI model spend in 2032",
		},
		{
			"many ties are counted",
			[]Series{one("A", 0, 0.25), one("B", 0, 0.25), one("C", 0, 0.25), one("D", 0, 0.25)},
			"4 firms tie at 25% of AI model spend in 2032",
		},
		{"the rest is no competitor", []Series{one("Other", 0, 0.6), one("A", 0, 0.4)}, "A holds 40% of AI model spend in 2032"},
		{"nor are the other labs", []Series{one("other-labs", 0, 0.6), one("A", 0, 0.4)}, "A holds 40% of AI model spend in 2032"},
		{"a missing firm does not lead", []Series{one("A", 0, math.NaN()), one("B", 0, 0.4)}, "B holds 40% of AI model spend in 2032"},
		{"without data there is no claim", []Series{one("A", 0, math.NaN())}, ""},
	} {
		if got := LeaderTitle(holds, unit.DimShare, nov, c.series); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	got := LeaderTitle(Claim{Verb: "runs", Of: ""}, unit.DimMW, unit.Date(2032, 6), []Series{one("Google", 31_000)})
	if want := "Google runs 31 GW in June 2032"; got != want {
		t.Errorf("a month that ends no year: %q, want %q", got, want)
	}
}

func TestTotalTitles(t *testing.T) {
	clouds := []Series{one("Google", 31_000), one("Microsoft", 27_000), one("Other", 70_000)}
	if got, want := TotalTitle("Named clouds", "run", unit.DimMW, unit.Date(2032, 12), clouds, nil), "Named clouds run 128 GW in 2032, Google the most at 31"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOvertakingTitles(t *testing.T) {
	start := unit.Date(2027, 11)
	for _, c := range []struct {
		name string
		a, b []float64
		want string
	}{
		{"the month after the last lead lost counts", []float64{3, 3, 1}, []float64{2, 2, 4}, "B overtakes A in 2028"},
		{"a lead lost and won again counts once", []float64{1, 3, 1}, []float64{2, 2, 4}, "B overtakes A in 2028"},
		{"who led throughout overtakes nobody", []float64{3, 3, 3}, []float64{2, 2, 2}, ""},
		{"a lead too small to print is none", []float64{30, 20, 30}, []float64{20, 30, 30.1}, ""},
	} {
		got, ok := OvertakingTitle(unit.None, start, []Series{one("A", c.a...), one("B", c.b...)})
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestShareTitlesRespectTheMargin(t *testing.T) {
	for _, c := range []struct {
		count, n int
		want     string
	}{
		{720, 1000, "A overtakes B by 2029 in 72% of runs"},
		{520, 1000, "No clear difference between A and B by 2029: 52% of runs, give or take 3"},
		{532, 1000, "A overtakes B by 2029 in 53% of runs"}, // the margin is 3.09 points
		{60, 100, "A overtakes B by 2029 in 60% of runs"},
		{59, 100, "No clear difference between A and B by 2029: 59% of runs, give or take 10"},
		{0, 1000, "A overtakes B by 2029 in none of 1,000 runs"},
		{1000, 1000, "A overtakes B by 2029 in all 1,000 runs"},
		{0, 0, ""},
	} {
		if got := ShareTitle("A overtakes B by 2029", "A and B by 2029", c.count, c.n); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.count, c.n, got, c.want)
		}
	}
}

func TestLikeliestTitlesRespectTheMarginOfTheDifference(t *testing.T) {
	for _, c := range []struct {
		a, b, n int
		want    string
	}{
		{460, 330, 1000, "A leads in 2032 in 46% of runs, B in 33%"},
		{400, 360, 1000, "No clear difference in who leads in 2032: A in 40% of runs, B in 36%"},
		{1000, 0, 1000, "A leads in 2032 in all 1,000 runs"},
	} {
		got := LikeliestTitle("leads in 2032", []Outcome{{Key: "B", Count: c.b}, {Key: "A", Count: c.a}, {Key: "other", Count: 900}}, c.n)
		if got != c.want {
			t.Errorf("%d and %d of %d: %q, want %q", c.a, c.b, c.n, got, c.want)
		}
	}
}

func flat(key string, low, mid, high float64) Spread {
	return Spread{Key: key, Label: key, Quantiles: Quantiles{[]float64{low}, []float64{low}, []float64{low}, []float64{mid}, []float64{high}, []float64{high}, []float64{high}}}
}

func TestMedianTitles(t *testing.T) {
	end := unit.Date(2032, 12)
	if got, want := MedianTitle(Claim{Verb: "holds", Of: "of spend"}, unit.DimShare, end, flat("A", 0.18, 0.31, 0.44)),
		"A holds 31% of spend in 2032 in the median run, 18–44% in nine of ten"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Bands that overlap do not make a rival: what counts is in how many runs it comes first.
// The sign of a currency stands before the first of two numbers, the magnitude behind the second.
func TestEndsOfARangeShareTheirUnit(t *testing.T) {
	for _, x := range []struct {
		d         unit.Dimension
		low, high float64
		want      string
	}{
		{unit.DimUSD, 414e9, 431e9, "$414 to 431 bn"},
		{unit.DimMW, 46e3, 178e3, "46 to 178 GW"},
		{unit.DimShare, -0.05, 0.45, "−5 to 45%"},
	} {
		if got := printerFor(x.d, x.high).between(x.low, x.high); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}

func TestTitlesOfMediansSayHowOftenWhoLeads(t *testing.T) {
	for _, c := range []struct {
		name  string
		a, b  int
		other string
		want  string
	}{
		{"a clear leader", 800, 150, "C", "A has the largest median capacity in 2032, 31 GW, and leads in 80% of runs, B in 15%"},
		{"one that is never beaten", 1000, 0, "C", "A has the largest median capacity in 2032, 31 GW, and leads in all 1,000 runs"},
		{"two that lead about as often", 460, 440, "C", "No clear leader by capacity in 2032: A leads in 46% of runs (median 31 GW), B in 44% (28 GW)"},
		{"medians that deceive", 300, 600, "C", "A has the largest median capacity in 2032, 31 GW, but B leads in 60% of runs"},
		{"the firms without a name compete with nobody", 800, 150, "other-clouds", "A has the largest median capacity in 2032, 31 GW, and leads in 80% of runs, B in 15%"},
	} {
		a, b, other := flat("A", 20_000, 31_000, 44_000), flat("B", 3000, 28_000, 50_000), flat(c.other, 1, 2, 3)
		if c.other != "C" {
			other = flat(c.other, 1, 99_000, 99_999)
		}
		a.Leads, b.Leads = c.a, c.b
		if got := MediansTitle("capacity", unit.DimMW, unit.Date(2032, 12), []Spread{b, a, other}, 1000); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got, want := MediansTitle("capacity", unit.DimMW, unit.Date(2032, 12), []Spread{flat("A", 1e3, 4700, 90_000), flat("B", 1, 2, 3)}, 100), "A has the largest median capacity in 2032, 4.7 GW"; got != want {
		t.Errorf("without ranks: %q, want %q", got, want)
	}
}

// A December's revenue times twelve is the rate at the end of the year, not what the year brought.
func TestRatesHoldAtTheEndOfAYear(t *testing.T) {
	c := Claim{Verb: "sells models at", Of: "a year", Rate: true}
	for want, end := range map[string]unit.Month{
		"OpenAI sells models at $6.3 bn a year at the end of 2025": unit.Date(2025, 12),
		"OpenAI sells models at $6.3 bn a year in June 2025":       unit.Date(2025, 6),
	} {
		if got := LeaderTitle(c, unit.DimUSDPerYear, end, []Series{one("OpenAI", 6.3e9)}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got, want := LeaderTitle(c, unit.DimUSDPerYear, unit.Date(2025, 12), []Series{one("A", 6e9), one("B", 6e9)}), "A and B each sell models at $6.0 bn a year at the end of 2025"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
