package main

import (
	"fmt"
	"math"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// A firm of two columns of cash flow and a tenth of another: worth 5 − 2 + a tenth of 40, and 3 + 3 earned after the start.
func TestTheWorthOfAFirmByHand(t *testing.T) {
	column := func(firm string, m measure.ID, with string) record.Column {
		return record.Column{Entity: firm, With: with, Metric: m.Def().Name}
	}
	start := unit.Date(2025, 12)
	j := &job{about: record.About{Start: start, End: start + 2, Runs: 1, Entities: []record.Entity{{Key: "a", Roles: "lab"}, {Key: "b", Roles: "lab"}, {Key: "us", Roles: "region"}}}}
	values := map[record.Column]float64{
		column("a", measure.Valuation, ""): 90, column("a", measure.Cash, ""): 5, column("a", measure.Debt, ""): 2,
		column("a", measure.OperatingCashFlow, ""): 4, column("a", measure.Capex, ""): 1, column("a", measure.Stake, "b"): 0.1,
		column("b", measure.Valuation, ""): 40, column("b", measure.Cash, ""): 1, column("b", measure.Debt, ""): 0,
		column("b", measure.OperatingCashFlow, ""): 0, column("b", measure.Capex, ""): 0,
	}
	var frame []float64
	for c, x := range values {
		j.columns, frame = append(j.columns, c), append(frame, x)
	}
	w := newWealth(j)
	for month := start; month <= start+2; month++ {
		w.Month(1, month, frame)
	}
	for m, want := range []float64{firmValue: 90, netWorth: 7, cashEarned: 6} {
		if got := w.of([]string{"a"}, m); got[0] != want {
			t.Errorf("%s: %v, want %v", worthName(m), got[0], want)
		}
	}
	if got := w.of([]string{"a", "b"}, firmValue); got[0] != 130 {
		t.Errorf("of both: %v", got[0])
	}
}

func TestPartiesStandInTheirRolesAndRivalsBeside(t *testing.T) {
	study, problems := scenarios.Load(afero.NewMemMapFs(), "amazon-milestones", "", nil)
	if study == nil {
		t.Fatal(problems)
	}
	v := &valuation{job: &job{study: study}}
	tree, _ := scenarios.Parse("scenario.yaml", study.Encode())
	var got []string
	for _, x := range v.parties(tree, []string{"amazon-anthropic-2026"}) {
		got = append(got, fmt.Sprintf("%s %s %s", x.key(), x.term, x.role))
		for _, f := range x.firms {
			if x.term == rivals && (f == "amazon" || f == "anthropic") {
				t.Errorf("%s is its own rival", f)
			}
		}
	}
	if want := "[amazon investor investor anthropic company lab rivals rivals investor rivals rivals lab]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestDifferencesBearTheirUnitOnce(t *testing.T) {
	none := math.NaN()
	for _, tt := range []struct {
		e    effect.Estimate
		want string
	}{
		{effect.Estimate{Value: 3e9, Low: -1e9, High: 7e9}, "+$3.0 bn (-1.0 to +7.0)"},
		{effect.Estimate{Value: 0, Low: -1e9, High: 7e9}, "about 0 (-1.0 to +$7.0 bn)"},
		{effect.Estimate{Value: 0, Low: -7e9, High: 0}, "about 0 (-$7.0 bn to 0)"},
		{effect.Estimate{Value: 3e9, Low: none, High: none}, "+$3.0 bn"},
		{effect.Estimate{}, "about 0"},
	} {
		if got := estimateText(tt.e, unit.DimUSD); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
