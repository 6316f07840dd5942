package main

import (
	"strings"
	"testing"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

func told(month int, kind, firm, contract, what string, why ...record.Reason) record.Event {
	t := unit.Date(2026, 1) + unit.Month(month)
	return record.Event{Month: t, Date: t.String(), Kind: kind, Firm: firm, Contract: contract, What: what, Why: why}
}

// What both runs tell in a month is no difference, though the lists do not run side by side.
func TestRunsPartAtWhatOnlyOneOfThemTells(t *testing.T) {
	called := told(1, "guarantee-called", "google", "guarantee", "Google pays.")
	failed := told(1, "default", "xai", "", "xAI defaults.")
	ready := told(1, "ready", "google", "", "Google has a building.")
	first, second := parting([]record.Event{called, failed, ready}, []record.Event{failed, ready}, nil)
	if first == nil || first.What != called.What || second != nil {
		t.Errorf("they part at %v and %v, want the guarantee and nothing like it", first, second)
	}
}

func TestRunsPartAtTheCounterpartOfAnEvent(t *testing.T) {
	cash := func(x float64) record.Reason { return record.Reason{Name: "cash", Value: x, Unit: unit.DimUSD} }
	five, six := told(2, "round", "openai", "", "OpenAI raises $5bn."), told(2, "round", "openai", "", "OpenAI raises $6bn.")
	other := told(2, "order", "meta", "", "Meta orders 1 MW.")
	end := told(0, "end", "meta", "lease", "The lease is over.")
	same, alike := told(1, "plan", "xai", "", "xAI plans.", cash(1.00001e9)), told(1, "plan", "xai", "", "xAI plans.", cash(1.00002e9))
	first, second := parting([]record.Event{end, same, five}, []record.Event{alike, other, six}, nil)
	if first == nil || second == nil || first.What != five.What || second.What != six.What {
		t.Errorf("they part at %v and %v, want the two rounds: an end says nothing, and what is printed alike is alike", first, second)
	}
	clears, orders := told(2, "review-closed", "google", "review", "It clears."), told(2, "remedy", "google", "review", "It orders.")
	if first, second = parting([]record.Event{clears}, []record.Event{orders}, nil); first == nil || second == nil || second.What != orders.What {
		t.Errorf("they part at %v and %v, want the two outcomes of one review", first, second)
	}
	under := told(2, "match", "microsoft", "refusal", "Microsoft matches.")
	first, second = parting([]record.Event{five}, []record.Event{six, under}, changeList{{key: "refusal"}})
	if first != nil || second == nil || second.What != under.What {
		t.Errorf("they part at %v and %v, want what happens under the contract that was changed", first, second)
	}
}

func TestDefaultsAreCountedBeforeWhatHappensOften(t *testing.T) {
	var many []record.Event
	for i := range 9 {
		for range 10 + i {
			many = append(many, told(1, strings.Repeat("x", i+1), "a", "", ""))
		}
	}
	got := counts(append(many, told(2, "default", "xai", "", "")), nil)
	if len(got) != mostCounts || got[0] != "defaults 1 against 0" || got[1] != "`xxxxxxxxx` 18 against 0" {
		t.Errorf("got %q", got)
	}
}
