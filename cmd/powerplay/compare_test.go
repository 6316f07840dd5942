package main

import (
	"fmt"
	"slices"
	"testing"

	"powerplay/scenarios"
	"powerplay/sim/effect"
	"powerplay/sim/record"
)

const itemsA = `start: 2025-12
firms:
  lab: {cash: $1B}
contracts:
  old: {kind: a, lab: lab}
  kept: {kind: a, lab: lab, deal: new}
uncertain:
  contracts.old.notice: 1 to 2
  firms.lab.cash: 1 to 3
expect: [{that: x}]
`

const itemsB = `start: 2026-12
firms:
  lab: {cash: $2B}
  venture: {cash: $1B}
contracts:
  kept: {kind: a, lab: lab, deal: new}
  new: {kind: b, lab: lab, deal: new}
  amended: {kind: b, lab: lab, amends: new}
  joint: {kind: b, lab: venture}
uncertain:
  contracts.new.notice: 1 to 2
  market.growth: 1 to 2
`

func treeOf(t *testing.T, text string) *scenarios.Node {
	t.Helper()
	tree, problems := scenarios.Parse("scenario.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return tree
}

func TestWhatCannotStandAloneIsOneItem(t *testing.T) {
	a, b := &side{tree: treeOf(t, itemsA)}, &side{tree: treeOf(t, itemsB)}
	all := items(a, b)
	var got []string
	for _, x := range all {
		got = append(got, x.String())
	}
	want := []string{"old", "new and amended", "joint and firms.venture", "firms.lab.cash", "market.growth"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: a date is none, and a deal is only a word", got, want)
	}
	none := scenarios.Encode(mixed(a.tree, b.tree, all, 0))
	if want := scenarios.Encode(replaced(a.tree, []string{"expect"}, nil)); string(none) != string(want) {
		t.Errorf("without any item:\n%s", none)
	}
	some := string(scenarios.Encode(mixed(a.tree, b.tree, all, effect.Coalition(0).With(0).With(3))))
	if want := "start: 2025-12\nfirms:\n  lab:\n    cash: $2B\ncontracts:\n  kept:\n    kind: a\n    lab: lab\n    deal: new\nuncertain: {}\n"; some != want {
		t.Errorf("without the old contract and with more cash:\n%s", some)
	}
	if whole := mixed(a.tree, b.tree, all, effect.All(len(all))); len(items(&side{tree: whole}, b)) > 0 {
		t.Errorf("with all items it still differs:\n%s", scenarios.Encode(whole))
	}
}

func TestRunsThatPartAreSummedUp(t *testing.T) {
	under, round := told(2, "notice", "openai", "refusal", "It asks."), told(5, "round", "xai", "", "It raises.")
	all := []divergence{{run: 0, first: &round}, {run: 1, first: &under}, {run: 2, second: &under}, {run: 3, second: &round}, {run: 4}}
	p := partedOf(all)
	label := func(key string) string { return "<" + key + ">" }
	want := "3 of 4 runs part, in 2026-03 in the median (2026-03 to 2026-05), first in `notice` of <openai> under refusal 67%, `round` of <xai> 33%"
	if got := p.text(label); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := partedOf(all[4:]).text(label); got != "none of 1 run parts" {
		t.Errorf("got %q", got)
	}
}

// Each of nine changes adds one; with so many, orders are drawn, and each takes eight ensembles at most.
func TestCoalitionsAreThoseThatAreAsked(t *testing.T) {
	if got := coalitions(3, nil); len(got) != 6 || slices.Contains(got, 0) || slices.Contains(got, effect.All(3)) {
		t.Errorf("of three changes: %v", got)
	}
	orders := effect.Orders(1, 9, 2)
	got := coalitions(9, orders)
	if len(got) > 4*8 {
		t.Errorf("%d ensembles", len(got))
	}
	asked := map[effect.Coalition]bool{0: true, effect.All(9): true}
	for _, c := range got {
		asked[c] = true
	}
	effect.Sampled(orders, func(c effect.Coalition) []float64 {
		if !asked[c] {
			t.Errorf("coalition %b is asked for and not played", c)
		}
		return []float64{0}
	})
}

func TestRunsOfTwoTablesArePairedByNumber(t *testing.T) {
	first, second := tabled(0, 1, 2, 3), tabled(9, 2, 4, 6)
	a := &side{about: record.About{Runs: 3}, table: first}
	all := contrasts(a, &side{table: second}, nil)
	if len(all) != 1 || all[0].Pairs != 3 || all[0].Mean.Value != 2 || all[0].First != 2 || all[0].Second != 4 {
		t.Errorf("got %+v", all)
	}
	q := quantity{first.Columns[0], first.Outcomes[0].Month}
	if got := fmt.Sprint(a.sampled([]quantity{q, {}})); got != "[[1 2 3] [NaN NaN NaN]]" {
		t.Errorf("sampled %s", got)
	}
}
