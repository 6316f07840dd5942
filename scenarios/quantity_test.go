package scenarios

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

func TestQuantitiesAreReadInTheirUnit(t *testing.T) {
	tests := []struct {
		text string
		dim  unit.Dimension
		want float64
	}{
		{"$3.5B", unit.DimUSD, 3.5e9},
		{"$350M", unit.DimUSD, 350e6},
		{"$1.2T", unit.DimUSD, 1.2e12},
		{"$900k", unit.DimUSD, 900e3},
		{"$5", unit.DimUSD, 5},
		{"-$2B", unit.DimUSD, -2e9},
		{"$2.5 billion", unit.DimUSD, 2.5e9},
		{"$0.07", unit.DimUSD, 0.07},
		{"$9B/yr", unit.DimUSDPerYear, 9e9},
		{"$9B per year", unit.DimUSDPerYear, 9e9},
		{"$1B/month", unit.DimUSDPerYear, 12e9},
		{"5 GW", unit.DimMW, 5000},
		{"300 MW", unit.DimMW, 300},
		{"300MW", unit.DimMW, 300},
		{"30 MW IT", unit.DimMWIT, 30},
		{"1 GW-IT", unit.DimMWIT, 1000},
		{"$11B/GW-yr", unit.DimRent, 11e9},
		{"$11B per GW and", unit.DimRent, math.NaN()},
		{"$11B per GW per year", unit.DimRent, 11e9},
		{"$38B/GW", unit.DimUSDPerMW, 38e6},
		{"$11M/MW", unit.DimUSDPerMW, 11e6},
		{"$45/MWh", unit.DimUSDPerMWh, 45},
		{"$0.045/kWh", unit.DimUSDPerMWh, 45},
		{"1.7M H100e", unit.DimH100e, 1.7e6},
		{"30k H100e", unit.DimH100e, 30e3},
		{"895 H100e/MW", unit.DimH100ePerMW, 895},
		{"18 months", unit.DimMonths, 18},
		{"5 years", unit.DimMonths, 60},
		{"1 month", unit.DimMonths, 1},
		{"128 weeks", unit.DimMonths, 128.0 * 7 * 48 / 1461},
		{"2027", unit.DimMonth, float64(unit.Date(2027, 1))},
		{"2027-03", unit.DimMonth, float64(unit.Date(2027, 3))},
		{"2027-03-31", unit.DimMonth, float64(unit.Date(2027, 3))},
		{"2027-02-30", unit.DimMonth, math.NaN()},
		{"40%/yr", unit.DimRate, 0.4},
		{"40% per year", unit.DimRate, 0.4},
		{"1.9x/yr", unit.DimRate, 0.9},
		{"0.5x per year", unit.DimRate, -0.5},
		{"2%/month", unit.DimHazard, 0.02},
		{"24%/yr", unit.DimHazard, 0.02},
		{"15%", unit.DimShare, 0.15},
		{"0.15", unit.DimShare, 0.15},
		{"15 %", unit.DimShare, 0.15},
		{"153", unit.DimPoints, 153},
		{"153 points", unit.DimPoints, 153},
		{"-1.5", unit.None, -1.5},
		{"1e-6", unit.None, 1e-6},
		{"12", unit.DimCount, 12},
		{"12 GWh", unit.DimMW, math.NaN()},
		{"5", unit.DimMW, math.NaN()},
		{"5 gw", unit.DimMW, math.NaN()},
		{"40%", unit.DimRate, math.NaN()},
		{"2%/month", unit.DimRate, math.NaN()},
		{"101%", unit.DimShare, math.NaN()},
		{"$5B", unit.DimUSDPerYear, math.NaN()},
		{"$5m", unit.DimUSD, math.NaN()},
		{"3.5B", unit.DimUSD, math.NaN()},
		{"$91T", unit.DimUSD, math.NaN()},
		{"1,000", unit.None, math.NaN()},
		{".5", unit.None, math.NaN()},
		{"0x10", unit.None, math.NaN()},
		{"", unit.None, math.NaN()},
		{"1e999", unit.None, math.NaN()},
	}
	for _, test := range tests {
		got, f := readQuantity(test.text, false, test.dim, "value")
		switch {
		case f != nil && !math.IsNaN(test.want):
			t.Errorf("%q as %s: %s, want %v", test.text, test.dim, f.what, test.want)
		case f == nil && math.IsNaN(test.want):
			t.Errorf("%q as %s = %v, want a refusal", test.text, test.dim, got)
		case f == nil && got != test.want:
			t.Errorf("%q as %s = %v, want %v", test.text, test.dim, got, test.want)
		}
	}
}

func TestQuantitiesAreWrittenAsAnalystsDo(t *testing.T) {
	tests := []struct {
		value float64
		dim   unit.Dimension
		want  string
	}{
		{3.5e9, unit.DimUSD, "$3.5B"},
		{-2e9, unit.DimUSD, "-$2B"},
		{0.07, unit.DimUSD, "$0.07"},
		{0, unit.DimUSD, "$0"},
		{11e9, unit.DimRent, "$11B/GW-yr"},
		{38e6, unit.DimUSDPerMW, "$38B/GW"},
		{5000, unit.DimMW, "5 GW"},
		{300, unit.DimMW, "300 MW"},
		{30, unit.DimMWIT, "30 MW IT"},
		{1.7e6, unit.DimH100e, "1.7M H100e"},
		{1, unit.DimMonths, "1 month"},
		{0.4, unit.DimRate, "40%/yr"},
		{0.07, unit.DimShare, "7%"},
		{153, unit.DimPoints, "153"},
		{float64(unit.Date(2027, 3)), unit.DimMonth, "2027-03"},
		{1e-12, unit.None, "1e-12"},
	}
	for _, test := range tests {
		if got := Format(test.value, test.dim); got != test.want {
			t.Errorf("Format(%v, %s) = %q, want %q", test.value, test.dim, got, test.want)
		}
	}
}

func TestWhatIsWrittenReadsBackAsTheSameValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for dim := range examples {
			x := rapid.Float64Range(-1e12, 1e12).Draw(t, "x")
			if rapid.Bool().Draw(t, "small") {
				x /= 1e12
			}
			switch dim {
			case unit.DimShare:
				x = math.Abs(math.Mod(x, 1))
			case unit.DimCount:
				x = math.Round(x)
			case unit.DimMonth:
				x = math.Round(math.Abs(math.Mod(x, 1200)))
			}
			text := Format(x, dim)
			got, f := readQuantity(text, false, dim, "value")
			if f != nil || got != x {
				t.Fatalf("%v as %s was written %q and read as %v (%v)", x, dim, text, got, f)
			}
		}
	})
}

func TestExamplesOfUnitsAreReadable(t *testing.T) {
	for dim, texts := range examples {
		for _, text := range texts {
			if _, f := readQuantity(text, false, dim, "value"); f != nil {
				t.Errorf("%s: %q: %s", dim, text, f.what)
			}
		}
	}
}

func FuzzQuantity(f *testing.F) {
	for _, texts := range examples {
		for _, text := range texts {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for dim := range examples {
			x, fault := readQuantity(text, false, dim, "value")
			if fault != nil {
				continue
			}
			if got, again := readQuantity(Format(x, dim), false, dim, "value"); again != nil || got != x {
				t.Fatalf("%q as %s is %v, written %q, read as %v (%v)", text, dim, x, Format(x, dim), got, again)
			}
		}
	})
}

// A multiplier that there is not is answered with all that there are.
func TestAnUnknownMultiplierIsAnsweredWithAll(t *testing.T) {
	_, f := parseAnew("$20Q")
	if f == nil {
		t.Fatal("$20Q is read")
	}
	for name := range magnitudes {
		if !slices.Contains(strings.FieldsFunc(f.hint, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }), name) {
			t.Errorf("the hint does not name %q: %s", name, f.hint)
		}
	}
}
