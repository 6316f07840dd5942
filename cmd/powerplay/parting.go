package main

import (
	"fmt"
	"slices"
	"strings"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// tellParting says in which month the central runs first tell different things, and counts what differs from there.
func tellParting(s *streams, a, b *side, changed changeList) error {
	if a.events == nil || b.events == nil {
		fmt.Fprintln(s.out, "\nno events were kept, so where the runs part cannot be told")
		return nil
	}
	first, second := parting(a.events, b.events, changed)
	if first == nil && second == nil {
		fmt.Fprintln(s.out, "\nthe central runs tell the same story")
		return nil
	}
	fmt.Fprintln(s.out, "\nthe central runs part here")
	for i, e := range []*record.Event{first, second} {
		fmt.Fprintf(s.out, "%s\n  ", [2]string{"first:", "second:"}[i])
		if e == nil {
			fmt.Fprintln(s.out, "nothing like it in that month")
			continue
		}
		if err := printEvent(s, *e, false); err != nil {
			return err
		}
	}
	if d := counts(a.events, b.events); len(d) > 0 {
		fmt.Fprintln(s.out, "\nwhat happens more or less often in the central run, first against second:", strings.Join(d, ", "))
	}
	return nil
}

// story is an event as it is printed: two that read alike are the same.
func story(e record.Event) string {
	return strings.Join([]string{e.Date, e.Kind, e.What, e.Contract, e.Firm, whyText(e)}, "|")
}

// parting returns what is told in the first month in which two runs do not tell the same: one event that only one of them
// has, and its counterpart in the other, nil where there is none. Events under what was changed come before others.
func parting(a, b []record.Event, changed changeList) (first, second *record.Event) {
	x, y := without(a, b), without(b, a)
	month := unit.Month(1 << 30)
	for _, list := range [][]record.Event{x, y} {
		if len(list) > 0 {
			month = min(month, list[0].Month)
		}
	}
	in := func(list []record.Event) []record.Event {
		list = slices.DeleteFunc(list, func(e record.Event) bool { return e.Month != month })
		slices.SortStableFunc(list, func(p, q record.Event) int {
			switch p, q := changed.has(p.Contract), changed.has(q.Contract); {
			case p == q:
				return 0
			case p:
				return -1
			}
			return 1
		})
		return list
	}
	x, y = in(x), in(y)
	like := func(list []record.Event, e record.Event) *record.Event {
		same := func(o record.Event) bool { return o.Firm == e.Firm && o.Contract == e.Contract }
		i := slices.IndexFunc(list, func(o record.Event) bool { return same(o) && o.Kind == e.Kind })
		if i < 0 && e.Contract != "" { // a rule that clears in the one may order a remedy in the other
			i = slices.IndexFunc(list, same)
		}
		if i < 0 {
			return nil
		}
		return &list[i]
	}
	switch {
	case len(x) == 0 && len(y) == 0:
		return nil, nil
	case len(x) == 0 || len(y) > 0 && changed.has(y[0].Contract) && !changed.has(x[0].Contract):
		return like(x, y[0]), &y[0]
	}
	return &x[0], like(y, x[0])
}

// without lists the events of a run that another does not have, both in the order of the months.
func without(events, others []record.Event) []record.Event {
	told := map[string]int{}
	for _, e := range others {
		told[story(e)]++
	}
	var left []record.Event
	for _, e := range events {
		if key := story(e); told[key] > 0 {
			told[key]--
		} else if !e.BeginsOrEnds() {
			left = append(left, e)
		}
	}
	return left
}

// mostCounts is how many kinds of event are compared.
const mostCounts = 8

// counts compares how often things happen: first what ends a firm or nearly does, then the largest difference.
func counts(a, b []record.Event) []string {
	type tally struct {
		kind string
		n    [2]int
	}
	var all []tally
	for i, list := range [][]record.Event{a, b} {
		for _, e := range list {
			if e.BeginsOrEnds() {
				continue
			}
			at := slices.IndexFunc(all, func(t tally) bool { return t.kind == e.Kind })
			if at < 0 {
				all, at = append(all, tally{kind: e.Kind}), len(all)
			}
			all[at].n[i]++
		}
	}
	grave := func(kind string) int { // smaller is graver
		order := []string{"default", "rescue", "distress"}
		if at := slices.Index(order, kind); at >= 0 {
			return at
		}
		return len(order)
	}
	apart := func(t tally) int { return max(t.n[0]-t.n[1], t.n[1]-t.n[0]) }
	slices.SortStableFunc(all, func(x, y tally) int {
		if d := grave(x.kind) - grave(y.kind); d != 0 {
			return d
		}
		return apart(y) - apart(x)
	})
	var out []string
	for _, t := range all {
		if apart(t) > 0 && len(out) < mostCounts {
			out = append(out, fmt.Sprintf("%s %d against %d", several(t.kind), t.n[0], t.n[1]))
		}
	}
	return out
}

// happeningWords names the kinds of event that matter most, one and several of them, by their weight.
func happeningWords() []struct{ kind, one, several string } {
	return []struct{ kind, one, several string }{
		{"default", "default", "defaults"},
		{"rescue", "rescue", "rescues"},
		{"tranche", "tranche paid", "tranches paid"},
		{"lapse", "tranche or warrant lapsed", "tranches or warrants lapsed"},
		{"match", "right used", "rights used"},
		{"round-failed", "failed round", "failed rounds"},
		{"funding-stress", "funding freeze", "funding freezes"},
		{"distress", "firm short of cash", "times a firm short of cash"},
		{"ration", "month of rationing", "months of rationing"},
	}
}

// several names a kind of event in the plural; kinds without words of their own go by their name, as in --kind.
func several(kind string) string {
	for _, w := range happeningWords() {
		if w.kind == kind {
			return w.several
		}
	}
	return "`" + kind + "`"
}
