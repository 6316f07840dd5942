package scenarios

import (
	"math"
	"testing"

	"powerplay/sim/unit"
)

func TestDistributionsMeetTheirQuantiles(t *testing.T) {
	tests := []struct {
		text             string
		dim              unit.Dimension
		p05, median, p95 float64
	}{
		{"1 to 10", unit.None, 1, math.Sqrt(10), 10},
		{"-1 to 10", unit.None, -1, 4.5, 10},
		{"10% to 30%", unit.DimShare, 0.1, 0.179129, 0.3},
		{"0.1 to 0.3", unit.DimShare, 0.1, 0.179129, 0.3},
		{"0% to 30%", unit.DimShare, 0, 0.15, 0.3},
		{"11 (9 to 13.5)", unit.None, 9, 11, 13.5},
		{"$11B (9 to 13.5)", unit.DimUSD, math.NaN(), 0, 0},
		{"11 (9 to 13.5) GW", unit.DimMW, 9000, 11000, 13500},
		{"40% to 140% per year", unit.DimRate, 0.4, math.Sqrt(0.56), 1.4},
		{"1.4x to 2.4x per year", unit.DimRate, 0.4, math.Sqrt(0.56), 1.4},
		{"10 to 20%/yr", unit.DimRate, 0.1, math.Sqrt(0.02), 0.2},
		{"$1B to $3B", unit.DimUSD, 1e9, math.Sqrt(3) * 1e9, 3e9},
		{"$9B/GW-yr to $13B/GW-yr", unit.DimRent, 9e9, math.Sqrt(117) * 1e9, 13e9},
		{"$9B to $13B per GW per year", unit.DimRent, 9e9, math.Sqrt(117) * 1e9, 13e9},
		{"30k to 50k H100e", unit.DimH100e, 30e3, math.Sqrt(1500) * 1e3, 50e3},
		{"12%/yr to 24%/yr", unit.DimHazard, 0.01, math.Sqrt(2) / 100, 0.02},
		{"2027-01 to 2029-01", unit.DimMonth, 324, 336, 348},
		{"normal(9 to 13)", unit.None, 9, 11, 13},
		{"lognormal(11 (9 to 13.5))", unit.None, 9, 11, 13.5},
		{"normal(10, 2)", unit.None, 10 - 2*1.6448536, 10, 10 + 2*1.6448536},
		{"normal(10 GW, 2 GW)", unit.DimMW, 10000 - 2000*1.6448536, 10000, 10000 + 2000*1.6448536},
		{"normal(2028-01, 6 months)", unit.DimMonth, 336 - 6*1.6448536, 336, 336 + 6*1.6448536},
		{"lognormal(10, 0.5)", unit.None, 10 * math.Exp(-0.5*1.6448536), 10, 10 * math.Exp(0.5*1.6448536)},
		{"uniform(10, 20 months)", unit.DimMonths, 10.5, 15, 19.5},
		{"triangular(0, 1, 2)", unit.None, math.Sqrt(0.1), 1, 2 - math.Sqrt(0.1)},
		{"choice(3, 1, 2)", unit.DimCount, 1, 2, 3},
		{"beta(1, 1)", unit.DimShare, 0.05, 0.5, 0.95},
		{"exponential(10 months)", unit.DimMonths, -10 * math.Log(0.95), 10 * math.Ln2, -10 * math.Log(0.05)},
		{"gamma(1, 1)", unit.None, -math.Log(0.95), math.Ln2, -math.Log(0.05)},
		{"10 to 1", unit.None, math.NaN(), 0, 0},
		{"5 to 5", unit.None, math.NaN(), 0, 0},
		{"20 (9 to 13)", unit.None, math.NaN(), 0, 0},
		{"lognormal(-1 to 5)", unit.None, math.NaN(), 0, 0},
		{"normal(1, -1)", unit.None, math.NaN(), 0, 0},
		{"uniform(2, 1)", unit.None, math.NaN(), 0, 0},
		{"uniform(1, 2, 3)", unit.None, math.NaN(), 0, 0},
		{"gamma(1, 100)", unit.None, math.NaN(), 0, 0},
		{"beta(0, 1)", unit.DimShare, math.NaN(), 0, 0},
		{"beta(1, 1)", unit.DimMW, math.NaN(), 0, 0},
		{"bell(1, 2)", unit.None, math.NaN(), 0, 0},
		{"1 GW to 2 GW", unit.DimUSD, math.NaN(), 0, 0},
		{"10% to 130%", unit.DimShare, math.NaN(), 0, 0},
		{"7", unit.None, math.NaN(), 0, 0},
		{"", unit.None, math.NaN(), 0, 0},
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-5*math.Max(1, math.Abs(b)) }
	for _, test := range tests {
		d, faults := ParseDistribution(test.text, test.dim)
		if bad := len(faults) > 0; bad != math.IsNaN(test.p05) {
			t.Errorf("%q as %s: %+v %v", test.text, test.dim, d, faults)
			continue
		}
		if len(faults) == 0 && (!near(d.P05, test.p05) || !near(d.Median, test.median) || !near(d.P95, test.p95)) {
			t.Errorf("%q as %s: %v, %v, %v; want %v, %v, %v", test.text, test.dim, d.P05, d.Median, d.P95, test.p05, test.median, test.p95)
		}
	}
}

func TestUnitsTellTheDimensionWhereNoFieldDoes(t *testing.T) {
	for text, want := range map[string]unit.Dimension{
		"1 to 10": unit.None, "5 GW to 6 GW": unit.DimMW, "40% to 140% per year": unit.DimRate, "beta(2, 3)": unit.DimShare,
		"2027-01 to 2029-01": unit.DimMonth, "$1B ($0.5B to $2B)": unit.DimUSD, "10% to 20%": unit.DimShare,
	} {
		if d, f := ParseDistribution(text, ""); len(f) > 0 || d.Dim != want {
			t.Errorf("%q is %s (%v), want %s", text, d.Dim, f, want)
		}
	}
}

func FuzzDistribution(f *testing.F) {
	for _, text := range []string{"1 to 10", "11 (9 to 13.5) GW", "normal(1, 2)", "choice(1,2,3)", "beta(2, 3)", "gamma(3, 1)", "$1B to $3B/yr"} {
		f.Add(text, 0.3)
	}
	f.Fuzz(func(t *testing.T, text string, u float64) {
		for dim := range examples {
			d, faults := ParseDistribution(text, dim)
			if len(faults) > 0 {
				continue
			}
			if !(d.P05 <= d.Median && d.Median <= d.P95) {
				t.Fatalf("%q as %s: %v, %v, %v", text, dim, d.P05, d.Median, d.P95)
			}
			if u > 0 && u < 1 {
				_ = d.Quantile(u)
			}
			_ = Format(d.Median, dim)
		}
	})
}

func TestAMedianOutsideOfItsRangeIsCalledThat(t *testing.T) {
	for text, want := range map[string]string{
		"80% (85% to 95%)": "the median of 80% lies outside of its range, 85% to 95%",
		"90% (95% to 85%)": "the range is out of order: 95% to 85%",
	} {
		_, faults := ParseDistribution(text, unit.DimShare)
		if len(faults) != 1 || faults[0].Code != "E312" || faults[0].What != want {
			t.Errorf("%s: %+v, want %q", text, faults, want)
		}
	}
}
