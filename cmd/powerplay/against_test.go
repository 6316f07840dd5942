package main

import (
	"slices"
	"strings"
	"testing"

	"powerplay/scenarios"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// A contract says nothing by its first signature or its last day; what it did between is told with the money.
func TestWhatAContractDidIsCountedWithItsMoney(t *testing.T) {
	paid := func(x float64) []record.Reason {
		return []record.Reason{{Name: "amount", Value: 1e9, Unit: unit.DimUSD}, {Name: "paid under the contract", Value: x, Unit: unit.DimUSD}}
	}
	events := []record.Event{
		{Date: "2026-01", Kind: "sign", Contract: "a", What: "Both sign."},
		{Date: "2026-02", Kind: "tranche", Contract: "b", What: "Other.", Why: paid(0)[:1]},
		{Date: "2026-12", Kind: "take-or-pay", Contract: "a", What: "Meta owes Google $1.0bn.", Why: paid(2e9)},
		{Date: "2027-12", Kind: "take-or-pay", Contract: "a", What: "Meta owes Google $1.0bn.", Why: paid(5e9)},
		{Date: "2028-01", Kind: "end", Contract: "a", What: "It is over."},
	}
	for key, want := range map[string]string{
		"a": "acted twice in the central run, first in 2026-12: Meta owes Google $1.0bn; it paid $5 bn in all",
		"b": "acted once in the central run, first in 2026-02: Other; it paid $1 bn in all",
		"c": "no event under it in the central run",
	} {
		if got := acted(events, change{key: key}); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
}

// That a reservation tells nothing does not say that it does nothing.
func TestWhatBillsEveryMonthIsSaidToDoSo(t *testing.T) {
	for kind, want := range map[string]string{
		"capacity-reservation": "it tells no event of its own; what it bills is in the ledger",
		"first-refusal":        "no event under it in the central run",
	} {
		if got := acted(nil, change{key: "a", kind: kind}); got != want {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
	}
}

func TestListsAreWrittenAsListsAndTheSpreadOfRunsIsNoChange(t *testing.T) {
	read := func(text string) *scenarios.Node {
		n, _ := scenarios.Parse("a.yaml", []byte(text))
		return n
	}
	a := read("design: {jointly: [a, b]}\nfirms: {x: {kinds: [p, q]}}\n")
	b := read("design: {jointly: [a]}\nfirms: {x: {kinds: [p]}}\n")
	lines, _ := otherValues(a, b)
	if want := []string{"firms.x.kinds: [p, q] against [p]"}; !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

// The central run may be the exception: what a right did in the drawn runs is told beside it.
func TestRightsThatActInDrawnRunsAreTold(t *testing.T) {
	x := &side{events: []record.Event{}, table: &record.RunTable{}}
	x.table.Firsts = []record.First{{Kind: "match", Contract: "refusal"}, {Kind: "tranche", Contract: "deal", Part: 1}, {Kind: "tranche", Contract: "deal", Part: 2}}
	for run := range 31 {
		row := record.RunRow{Run: run, Firsts: []unit.Month{record.Never, record.Never, record.Never}}
		if run > 8 {
			row.Firsts[0] = unit.Date(2027, 1)
		}
		if run == 3 {
			row.Firsts[2] = unit.Date(2028, 1)
		}
		x.table.Rows = append(x.table.Rows, row)
	}
	for key, want := range map[string]string{
		"refusal": "no event under it in the central run; exercised in 73% of 30 drawn runs (±18)",
		"deal":    "no event under it in the central run; a tranche paid in 3% of 30 drawn runs (±13)",
		"lease":   "no event under it in the central run",
	} {
		if got := x.deeds(change{key: key}); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
}

// Where contracts, shocks and rules are alike, the values that differ are the answer. A value that is fixed loses its
// range, which says nothing new; and what a scenario says of itself changes nothing.
func TestOtherValuesThatDifferAreListed(t *testing.T) {
	tree := func(text string) *scenarios.Node {
		n, problems := scenarios.Parse("a.yaml", []byte(text))
		if n == nil {
			t.Fatal(problems)
		}
		return n
	}
	a := tree("name: a\nmarket:\n  rent: $11B\n  growth: {mean: 9%, low: 1%}\ncontracts: {x: {kind: loan}}\nuncertain: {market.growth: 1, market.rent: 2, contracts.x.fee: 1}\nend: 2030-12\n")
	b := tree("name: b\nmarket:\n  rent: $11B\n  growth: 20%\ncontracts: {x: {kind: guarantee}}\nuncertain: {market.rent: 3}\n")
	lines, more := otherValues(a, b)
	want := []string{"market.growth: mean: 9% low: 1% against 20%", "uncertain.market.rent: 2 against 3", "end: 2030-12 against none"}
	if !slices.Equal(lines, want) || more != 0 {
		t.Errorf("got %q and %d more, want %q", lines, more, want)
	}
	if lines, more = otherValues(tree("m: {}"), tree("m: {"+strings.Join([]string{"a: 1", "b: 1", "c: 1", "d: 1", "e: 1", "f: 1", "g: 1", "h: 1", "i: 1"}, ", ")+"}")); len(lines) != mostValues || more != 1 {
		t.Errorf("nine values give %d lines and %d more", len(lines), more)
	}
}

// Other terms are named, with what they were.
func TestChangedTermsAreNamed(t *testing.T) {
	tree := func(text string) *scenarios.Node {
		n, _ := scenarios.Parse("a.yaml", []byte(text))
		return n
	}
	got := changedTerms(tree("{kind: first-refusal, until: never, notice: 1 month}"), tree("{kind: first-refusal, until: 2025-10, notice: 1 month, most_share: 40%}"))
	if want := []string{"until: never instead of 2025-10", "most share: none instead of 40%"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Among variants a reader asks for the labs that they concern, large or not.
func TestVariantsTellOfTheLabsThatTheyConcern(t *testing.T) {
	r := &result{job: &job{about: record.About{End: unit.Date(2030, 12)}}}
	for i, key := range []string{"a", "b", "c", "d", "e"} {
		r.about.Entities = append(r.about.Entities, record.Entity{Key: key, Label: key, Roles: "lab"})
		r.columns = append(r.columns, record.Column{Entity: key, Metric: "market_share"})
		stats := record.Stats{N: 2}
		for k := range stats.Quantiles {
			stats.Quantiles[k] = 0.3 - 0.05*float64(i)
		}
		r.summary.Cells = append(r.summary.Cells, record.Cell{Month: r.about.End, Column: i, Stats: stats})
	}
	r.summary.Runs = 2
	tree := func(text string) *side {
		n, _ := scenarios.Parse("a.yaml", []byte(text))
		return &side{about: r.about, tree: n}
	}
	var got []string
	for _, l := range r.labsToTell([]*side{tree("shocks: {}"), tree("shocks: {ban: {kind: ban, lab: e}}")}) {
		got = append(got, l.Entity)
	}
	if want := []string{"a", "b", "c", "e"}; !slices.Equal(got, want) {
		t.Errorf("told of %q, want %q", got, want)
	}
}
