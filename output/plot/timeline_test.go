package plot

import (
	"fmt"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

func sampleTimeline() (*Figure, error) {
	date := unit.Date
	refusal, milestone := "First refusal", "Milestone tranches"
	return Timeline{Start: date(2026, 1), End: date(2032, 12), Terms: []Term{
		{Key: "excl-openai", Label: "Microsoft on OpenAI's API", Group: "Exclusivity", From: date(2026, 1), To: date(2032, 12), State: InForce},
		{Key: "excl-xai", Label: "Oracle on xAI", Group: "Exclusivity", From: date(2026, 6), To: date(2028, 5), State: Lapsed, Marks: []Event{{date(2028, 3), "notice"}}},
		{Key: "rofr-openai", Label: "Microsoft on OpenAI", Group: refusal, From: date(2026, 1), To: date(2030, 1), State: Exercised, Marks: []Event{
			{date(2026, 9), "notice"}, {date(2026, 11), "match"}, {date(2028, 2), "notice"}, {date(2028, 3), "decline"},
		}},
		{Key: "rofr-anthropic", Label: "Amazon on Anthropic", Group: refusal, From: date(2027, 4), To: date(2034, 1), State: StillOpen, Marks: []Event{{date(2029, 8), "notice"}, {date(2029, 9), "decline"}}},
		{Key: "rofr-mistral", Label: "Microsoft on Mistral", Group: refusal, From: date(2026, 3), To: date(2028, 2), State: Lapsed},
		{Key: "t1", Label: "Amazon to OpenAI, $35 bn", Group: milestone, From: date(2026, 1), To: date(2028, 11), State: Exercised, Marks: []Event{{date(2028, 6), "tranche paid"}}},
		{Key: "t2", Label: "Nvidia to OpenAI, first GW", Group: milestone, From: date(2026, 7), To: date(2027, 6), State: Exercised, Marks: []Event{{date(2027, 2), "tranche paid"}}},
		{Key: "t3", Label: "Nvidia to OpenAI, second GW", Group: milestone, From: date(2027, 2), To: date(2028, 12), State: Lapsed},
		{Key: "t4", Label: "Google to Anthropic", Group: milestone, From: date(2029, 1), To: date(2033, 6), State: StillOpen},
		{Key: "top1", Label: "OpenAI to Oracle", Group: "Take-or-pay", From: date(2027, 7), To: date(2032, 6), State: InForce, Marks: []Event{{date(2029, 5), "shortfall paid"}, {date(2030, 5), "shortfall paid"}}},
		{Key: "top2", Label: "Meta to CoreWeave", Group: "Take-or-pay", From: date(2026, 1), To: date(2031, 12), State: InForce},
	}}.Figure(sampleWords("terms-timeline", "Three of eight options are exercised by 2032 and three lapse", "Rights and windows between labs, clouds and investors, 2026–2032"))
}

// term draws a term that is seen on an axis of some months, with as many marks of few kinds as it may have.
func (g generator) term(i int, start unit.Month, months int) Term {
	from := start + unit.Month(g.IntN(months)) - unit.Month(g.IntN(2)*g.IntN(40))
	t := Term{
		Key: fmt.Sprint("t", i), Label: g.name(), Group: strings.Repeat("kind of term ", g.IntN(4)),
		From: from, To: max(start, from) + unit.Month(g.IntN(months+20)), State: TermState(g.IntN(4)),
	}
	for range g.IntN(5) {
		t.Marks = append(t.Marks, Event{start + unit.Month(g.IntN(months)), strings.Repeat("long word ", g.IntN(5)) + "."})
	}
	return t
}

func TestTimelinesOfOddTermsHaveNoOverlaps(t *testing.T) {
	generated(t, 200, func(g generator) (*Figure, error) {
		months := []int{1, 2, 13, 85, 301}[g.IntN(5)]
		l := Timeline{Start: unit.Date(2020+g.IntN(8), 1+g.IntN(12))}
		l.End = l.Start + unit.Month(months-1)
		for i := range 1 + g.IntN(18) {
			l.Terms = append(l.Terms, g.term(i, l.Start, months))
		}
		return l.Figure(g.words())
	})
}

func TestTimelinesRefuseWhatCannotBeSeen(t *testing.T) {
	from, to := unit.Date(2026, 1), unit.Date(2027, 12)
	good := Term{Key: "a", From: from, To: to}
	for _, c := range []struct {
		name  string
		terms []Term
		want  string
	}{
		{"no terms", nil, "nothing to draw"},
		{"a key twice", []Term{good, good}, "two terms"},
		{"an end before the beginning", []Term{{Key: "a", From: to, To: from}}, "before it begins"},
		{"a term before the axis", []Term{{Key: "a", From: from - 9, To: from - 1}}, "outside the axis"},
		{"a mark after the axis", []Term{{Key: "a", From: from, To: to, Marks: []Event{{to + 1, "match"}}}}, "outside the axis"},
		{"a state that is none", []Term{{Key: "a", From: from, To: to, State: 9}}, "state 9"},
		{"marks of six kinds", []Term{{Key: "a", From: from, To: to, Marks: []Event{{from, "a"}, {from, "b"}, {from, "c"}, {from, "d"}, {from, "e"}, {from, "f"}}}}, "at most 5"},
	} {
		if _, err := (Timeline{Start: from, End: to, Terms: c.terms}).Figure(sampleWords("x", "A title", "")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func TestTermsOfAGroupStandTogetherAndTheRestAreCounted(t *testing.T) {
	l := Timeline{Start: unit.Date(2026, 1), End: unit.Date(2026, 12)}
	for i := range 16 {
		l.Terms = append(l.Terms, Term{Key: fmt.Sprint(i), Group: []string{"Lease", "Loan"}[i%2], From: l.Start, To: l.End + 1})
	}
	f := built(t)(l.Figure(sampleWords("x", "A title", "")))
	rows := f.Table()
	if len(rows) != maxTerms || rows[1].Series != "2" || rows[0].Value != 13 || rows[7].Label != "Loan: 1" {
		t.Errorf("%d rows %v, want fourteen, the leases of 13 months first", len(rows), rows)
	}
	if notes := strings.Join(f.body.notes(), " "); notes != "Pointed bars run on. Not drawn: 2 more." {
		t.Errorf("notes %q", notes)
	}
}
