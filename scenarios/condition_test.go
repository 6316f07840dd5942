package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

var toyNames = Names{Firms: []string{"openai", "anthropic", "microsoft", "lab-a", "open"}, Regions: []string{"us", "gulf-states"}}

var toyPairs = [][2]id.Firm{{0, 2}}

// toyPanel holds 40 months up to 2030-12 in which only the columns set here are not zero.
func toyPanel() (*measure.Layout, *measure.Panel) {
	layout := measure.NewLayout(len(toyNames.Firms), len(toyNames.Regions), toyPairs)
	p := measure.NewPanel(layout)
	for back := measure.Memory + 2; back >= 0; back-- {
		t := unit.Date(2030, 12) - unit.Month(back)
		frame := p.Open(t)
		set := func(m measure.ID, of int, with id.Firm, x float64) {
			col, ok := layout.Find(measure.Column{Measure: m, Of: uint16(of), With: with})
			if !ok {
				panic("no such column")
			}
			frame[col] = x
		}
		set(measure.RevenueRunRate, 0, id.None, 60e9)
		set(measure.RevenueRunRate, 1, id.None, 30e9+float64(t)*1e6)
		set(measure.MarketShare, 0, id.None, 0.4)
		set(measure.Capability, 0, id.None, 155)
		set(measure.Cash, 3, id.None, 5e9)
		set(measure.Runway, 3, id.None, 18)
		set(measure.CapacityUsed, 0, id.None, 4000)
		set(measure.ContractedCapacity, 0, 2, 2500)
		set(measure.RentPerGWYear, 0, id.None, 11e9)
		set(measure.HHI, 0, id.None, 2600)
		set(measure.PowerConnected, 1, id.None, 7000)
	}
	return layout, p
}

func TestConditionsHoldWhenTheirNumbersSaySo(t *testing.T) {
	layout, p := toyPanel()
	tests := []struct {
		text string
		want bool
	}{
		{"openai.revenue_run_rate >= $60B", true},
		{"openai.revenue_run_rate > $60B/yr", false},
		{"openai.revenue_run_rate >= $60B and openai.contracted_capacity(microsoft) < 3 GW", true},
		{"openai.contracted_capacity(microsoft) >= 2500 MW", true},
		{"openai.market_share > 35%", true},
		{"openai.market_share > 0.45", false},
		{"openai.capability >= 155", true},
		{"openai.capability > 155 points", false},
		{"lab-a.cash == $5B", true},
		{"lab-a.cash - $1B == $4B", true},
		{"-lab-a.cash == -$5B", true},
		{"lab-a.runway >= 18 months", true},
		{"lab-a.runway < 2 years", true},
		{"world.rent == rent", true},
		{"rent < $12M/MW-yr", true},
		{"hhi > 2500", true},
		{"gulf-states.power_connected >= 7 GW", true},
		{"not openai.market_share > 35%", false},
		{"not openai.market_share + 5% > 50%", true},
		{"not (hhi > 2500 and rent > $20B/GW-yr)", true},
		{"hhi > 3000 or openai.cash < $1B and rent > $1B/GW-yr", true},
		{"hhi > 3000 or not hhi > 2000", false},
		{"openai.revenue_run_rate / rent > 5 GW", true}, // 5.45 GW: dollars a year per dollars per GW and year
		{"rent * openai.capacity_used <= $44B/yr", true},
		{"openai.revenue_run_rate / openai.capacity_used / rent > 1.3", true},
		{"2 * lab-a.cash >= $10B", true},
		{"max(openai.cash, lab-a.cash) == $5B", true},
		{"min(openai.market_share, 30%, 50%) == 30%", true},
		{"abs(openai.cash - lab-a.cash) == $5B", true},
		{"anthropic.revenue_run_rate > anthropic.revenue_run_rate @ 2029-12", true},
		{"anthropic.revenue_run_rate @ 2030-12 - anthropic.revenue_run_rate @ 2029-12 == $12M/yr", true},
		{"anthropic.revenue_run_rate @2030 == anthropic.revenue_run_rate@2030-12", true},
		{"openai.market_share > 35% @ 2029-06", true},
		{"openai.market_share > 35% @ 2031-06", false},            // the future is undefined
		{"not openai.market_share > 35% @ 2031-06", false},        // and so is its negation
		{"not openai.market_share > 35% @ 2027-06", false},        // further back than is remembered
		{"openai.market_share > 35% or hhi > 1 @ 2031-06", false}, // the date at the end is everyone's
		{"lab-a.cash / openai.cash > 1", false},                   // divided by zero
		{"not lab-a.cash / openai.cash > 1", false},
		{"lab-a.cash / openai.cash != 1", false},
		{"lab-a.cash / openai.cash > 1 or hhi > 2500", true}, // one side that holds is enough
		{"lab-a.cash / openai.cash > 1 and hhi < 2500", false},
		{"date >= 2030-12 and date < 2031-01", true},
		{"date >= 2030 and date <= 2030", true}, // from its January to its December
		{"date > 2030 or date < 2030", false},
		{"2029 < date and 2031 > date", true},
		{"2030 < date or 2030 > date or 2031 <= date or 2029 >= date", false},
		{"2030 <= date and 2030 >= date", true},
	}
	for _, test := range tests {
		c, faults := CompileCondition(test.text, toyNames, layout)
		if len(faults) > 0 {
			t.Errorf("%s: %+v", test.text, faults)
			continue
		}
		if got := c.Holds(p); got != test.want {
			t.Errorf("%s = %v, want %v", test.text, got, test.want)
		}
	}
}

func TestWrongConditionsAreRefusedAtTheirPlace(t *testing.T) {
	tests := []struct{ text, code, at string }{
		{"opnai.cash > $1B", "E402", "opnai"},
		{"openai.csh > $1B", "E403", "csh"},
		{"openai.cash > 5 GW", "E315", ">"},
		{"openai.cash > 5", "E304", "5"},
		{"openai.cash = $5B", "E314", "="},
		{"openai.cash > $5B && hhi > 1", "E314", "&"},
		{"openai.cash", "E315", "openai.cash"},
		{"openai.cash > $5B and rent", "E315", "rent"},
		{"openai.cash + openai.market_share > $5B", "E315", "+"},
		{"openai.contracted_capacity > 1 GW", "E404", "openai.contracted_capacity"},
		{"openai.contracted_capacity(nobody) > 1 GW", "E402", "nobody"},
		{"openai.cash(microsoft) > $1B", "E404", "microsoft"},
		{"us.cash > $1B", "E404", "us.cash"},
		{"openai.power_connected > 1 GW", "E404", "openai.power_connected"},
		{"openai.rent > $1B/GW-yr", "E404", "openai.rent"},
		{"cash > $1B", "E404", "cash"},
		{"openai > $1B", "E314", "openai"},
		{"lab-a.cash-5 > $1B", "E403", "cash-5"},
		{"openai.cash > $5X", "E306", "$5X"},
		{"openai.cash > 12 GWh", "E315", ">"},
		{"(openai.cash > $5B", "E314", ""},
		{"openai.cash > ", "E314", ""},
		{"openai.cash $5B", "E314", "$5B"},
		{"1 < hhi < 3", "E314", "<"},
		{"openai.cash > $5B by", "E314", ""},
		{"openai.cash > $5B by 2027-13", "E308", "2027-13"},
		{"by 2027 openai.cash > $5B", "E314", "by"},
		{"openai.cash @ > $5B", "E314", ">"},
		{"(openai.cash > $5B @ 2027) and hhi > 1", "E314", "@"},
		{"openai.cash @ 2027-01 > openai.cash @ 2031-01", "E405", "openai"},
		{"openai.cash > $5B @ 2028-01 by 2029", "E405", "openai"},
		{"openai.cash[0] > 1", "E314", "["},
		{"len(openai.cash) > 1", "E403", "len"},
		{"min(openai.cash) > $1B", "E314", "min"},
		{"min(openai.cash, 3 GW) > $1B", "E315", "min"},
		{"date + date > 2027-01", "E315", "+"},
		{"date == 2027", "E304", "2027"},
		{"date > 20", "E308", "20"},
		{"openai.revenue > $3B/month", "E315", ">"},
		{"\"a\" == \"b\"", "E314", "\""},
		{strings.Repeat("hhi > 1 and ", 200), "E507", "hhi"},
		{"", "E314", ""},
		{"anthropic.stake(openai) > 5%", "E404", "anthropic"},
	}
	layout, _ := toyPanel()
	for _, test := range tests {
		_, faults := CompileCondition(test.text, toyNames, layout)
		if len(faults) != 1 {
			t.Errorf("%s: %+v, want one fault", test.text, faults)
			continue
		}
		f := faults[0]
		rest := string([]rune(test.text)[min(f.Offset, len([]rune(test.text))):])
		if f.Code != test.code || !strings.HasPrefix(rest, test.at) || test.at == "" && rest != "" {
			t.Errorf("%s: %s %q at %q, want %s at %q", test.text, f.Code, f.What, rest, test.code, test.at)
		}
	}
}

func TestAMonthsMoneyIsNotARate(t *testing.T) {
	for text, want := range map[string]string{
		"openai.revenue > $3B/month":            "write `$3B`",
		"openai.revenue > $36B per year":        "write `openai.revenue * 12` and `$36B`",
		"$36B/yr < openai.spend(microsoft) / 1": "write `openai.spend(microsoft) / 1 * 12` and `$36B`",
	} {
		_, faults := ParseCondition(text, toyNames)
		if len(faults) != 1 || !strings.HasSuffix(faults[0].Hint, "are one month's money: "+want) {
			t.Errorf("%s: %+v", text, faults)
		}
	}
}

func TestExpressionsTellWhatTheyRead(t *testing.T) {
	e, faults := ParseCondition("openai.contracted_capacity(microsoft) > 1 GW and anthropic.stake(lab-a) > 5% and rent > $1B/GW-yr by 2029", toyNames)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if diff := cmp.Diff([][2]id.Firm{{0, 2}, {1, 3}}, e.Pairs()); diff != "" {
		t.Error(diff)
	}
	if len(e.Columns()) != 3 || e.By != unit.Date(2029, 12) || e.At != 0 {
		t.Errorf("%+v", e)
	}
	e, _ = ParseCondition("openai.market_share > anthropic.market_share @ 2030-06", toyNames)
	if e.At != unit.Date(2030, 6) {
		t.Errorf("judged at %v", e.At)
	}
}

func TestValuesHaveADimension(t *testing.T) {
	layout, p := toyPanel()
	tests := []struct {
		text string
		dim  unit.Dimension
		want float64
	}{
		{"openai.market_share@2030-12", unit.DimShare, 0.4},
		{"openai.revenue_run_rate / 2", unit.DimUSDPerYear, 30e9},
		{"openai.revenue_run_rate / rent * 1", unit.DimMW, 60e9 / 11e9 * 1000},
		{"openai.contracted_capacity(microsoft) * rent", unit.DimUSDPerYear, 2500 * 11e6},
		{"lab-a.cash / openai.cash", unit.None, math.NaN()},
	}
	for _, test := range tests {
		c, faults := CompileValue(test.text, toyNames, layout)
		if len(faults) > 0 {
			t.Errorf("%s: %+v", test.text, faults)
			continue
		}
		got := c.Value(p)
		if c.Dim != test.dim || !(math.Abs(got-test.want) <= 1e-9*test.want || math.IsNaN(got) && math.IsNaN(test.want)) {
			t.Errorf("%s = %v %q, want %v %q", test.text, got, c.Dim, test.want, test.dim)
		}
	}
	if _, faults := CompileValue("hhi > 1", toyNames, layout); len(faults) != 1 || faults[0].Code != "E315" {
		t.Errorf("a condition as a number: %+v", faults)
	}
}

func TestEvaluationAllocatesNothing(t *testing.T) {
	layout, p := toyPanel()
	c, faults := CompileCondition("not (openai.revenue_run_rate * 2 >= $60B and max(openai.cash, lab-a.cash, $1B) - $2B < $3B) or anthropic.cash @ 2029-12 / openai.cash > 1", toyNames, layout)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if n := testing.AllocsPerRun(100, func() { c.Holds(p) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestPrecedenceAgreesWithParentheses compares a flat chain of and, or and not with the same chain in which
// every part is in parentheses.
func TestPrecedenceAgreesWithParentheses(t *testing.T) {
	layout, p := toyPanel()
	rapid.Check(t, func(t *rapid.T) {
		atoms := []string{"hhi > 2500", "hhi > 2700", "lab-a.cash / openai.cash > 1", "openai.cash + $1B < $2B"}
		flat, nested, or := "", "", []string(nil)
		for i := range rapid.IntRange(1, 4).Draw(t, "ors") {
			var and []string
			for range rapid.IntRange(1, 3).Draw(t, "ands") {
				atom := rapid.SampledFrom(atoms).Draw(t, "atom")
				if rapid.Bool().Draw(t, "not") {
					and = append(and, "not "+atom)
					atom = "(not (" + atom + "))"
				} else {
					and = append(and, atom)
					atom = "(" + atom + ")"
				}
				if nested != "" && len(and) > 1 {
					nested = "(" + nested + " and " + atom + ")"
				} else {
					nested = atom
				}
			}
			or = append(or, nested)
			nested = ""
			if i > 0 {
				flat += " or "
			}
			flat += strings.Join(and, " and ")
		}
		grouped := or[0]
		for _, o := range or[1:] {
			grouped = "(" + grouped + " or " + o + ")"
		}
		a, f1 := CompileCondition(flat, toyNames, layout)
		b, f2 := CompileCondition(grouped, toyNames, layout)
		if len(f1)+len(f2) > 0 || a.Holds(p) != b.Holds(p) {
			t.Fatalf("%s\n%s\n%v %v", flat, grouped, f1, f2)
		}
	})
}

func FuzzCondition(f *testing.F) {
	f.Add("openai.revenue_run_rate >= $60B and not openai.contracted_capacity(microsoft) < 3 GW by 2027-12")
	f.Add("max(rent, $1B/GW-yr) * 2 - rent@2029 > -$5B/GW-yr @ 2030")
	f.Add("((hhi))) >= 1 or abs(-hhi) != 3,2")
	layout, p := toyPanel()
	f.Fuzz(func(t *testing.T, text string) {
		for _, logic := range []bool{true, false} {
			c, faults := compile(text, toyNames, layout, logic)
			n := len([]rune(text))
			for _, x := range faults {
				if x.Offset < 0 || x.Offset > n || x.Code == "" || x.What == "" {
					t.Fatalf("%q: %+v", text, x)
				}
			}
			switch {
			case len(faults) > 0:
			case logic:
				c.Holds(p)
			default:
				c.Value(p)
			}
		}
	})
}
