package main

import (
	"strings"
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// happened makes an event for tests: its month and id tell it apart.
func happened(id string, t unit.Month, kind, firm, with string, why ...record.Reason) record.Event {
	return record.Event{ID: id, Month: t, Date: t.String(), Kind: kind, Firm: firm, With: with, What: firm + " does it.", Why: why}
}

func TestEveryMeasureHasOneInfluence(t *testing.T) {
	for i, d := range measure.All() {
		n := 0
		for _, x := range influences() {
			for _, m := range x.on {
				if m == measure.ID(i) {
					n++
				}
			}
		}
		if n != 1 {
			t.Errorf("%s is in %d influences, want 1", d.Name, n)
		}
	}
}

func TestMovers(t *testing.T) {
	june := unit.Date(2027, 6)
	size := func(mw float64) record.Reason { return record.Reason{Name: "size", Value: mw, Unit: unit.DimMW} }
	rent := record.Reason{Name: "market rent", Value: 11e9, Unit: unit.DimRent}
	events := []record.Event{
		happened("old", june-justBefore-1, "default", "a", ""),
		happened("release", june-1, "release", "a", "", record.Reason{Name: "capability", Value: 170, Unit: unit.DimPoints}),
		happened("rival", june, "release", "b", ""),
		happened("rival's talent", june, "talent", "b", ""),
		happened("gone", june, "default", "b", ""),
		happened("small lot", june, "lot", "a", "c", size(100), rent),
		happened("large lot", june, "lot", "a", "c", size(500), rent),
		happened("other seller", june, "lot", "a", "d", size(900), rent),
		happened("stranger", june, "lot", "x", "y", size(900), rent),
		happened("money", june, "tranche", "d", "c"),
		happened("late", june+1, "release", "a", ""),
	}
	column := func(entity, with string, m measure.ID) record.Column {
		return record.Column{Entity: entity, With: with, Metric: m.Def().Name}
	}
	tests := []struct {
		name string
		of   record.Column
		want string
	}{
		{"a share: its own release before what rivals do, and no talent of others", column("a", "", measure.MarketShare), "release, gone, rival"},
		{"a pair: what is between the two before what one of them does", column("a", "c", measure.ContractedCapacity), "large lot, other seller, release, gone"},
		{"the world: what anyone does", column("world", "", measure.FrontierCapability), "gone, rival, release, rival's talent"},
		{"a valuation: money that the firm gets, not what it gives", column("c", "", measure.Valuation), "money"},
		{"the giver's valuation", column("d", "", measure.Valuation), ""},
		{"a firm that nothing happened to", column("z", "", measure.Cash), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, m := range movers(events, tt.of, june) {
				got = append(got, m.ID)
			}
			if text := strings.Join(got, ", "); text != tt.want {
				t.Errorf("movers are %s, want %s", text, tt.want)
			}
		})
	}
	lot := movers(events, column("a", "c", measure.ContractedCapacity), june)[0]
	if lot.Like != 1 || lot.Otherwise != "at the market it would have paid $11 bn/GW-yr" {
		t.Errorf("the large lot stands for %d more, and otherwise %q", lot.Like, lot.Otherwise)
	}
}

// What is left of a sum after its parts is told, and none of a number's own makes it up.
func TestCashIsTheSumOfItsParts(t *testing.T) {
	june := unit.Date(2027, 6)
	h := handMade([]unit.Month{june - 1, june}, map[string][]float64{"a.cash": {10e9, 15e9}, "a.operating_cash_flow": {0, -2e9}, "a.capex": {0, 1e9}})
	column, _ := h.Find("a", "cash", "")
	got := map[string]float64{}
	for _, p := range h.parts(column, measure.Cash, june) {
		got[p.Number] = *p.Value
	}
	want := map[string]float64{"a.cash @ 2027-05": 10e9, "a.operating_cash_flow": -2e9, "a.capex": 1e9, "equity, debt, stakes and payments ahead, net": 8e9}
	if len(got) != len(want) {
		t.Errorf("parts are %v", got)
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %v, want %v", name, got[name], v)
		}
	}
}
