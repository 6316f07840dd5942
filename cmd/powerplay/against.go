package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"powerplay/output"
	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// against says in words how a result differs from another on the same draws: what was changed, where the central runs
// part, what happens more or less often, and which numbers end up where.
func against(ctx context.Context, s *streams, a, b *output.Result, firms []string) error {
	if a.About.Seed != b.About.Seed || a.About.Start != b.About.Start {
		return &usageError{
			What: fmt.Sprintf("%s and %s do not share their draws", a.Dir, b.Dir), Hint: "compare results of one seed and one start: powerplay run SCENARIO --without CONTRACT writes two",
		}
	}
	parties, err := tellChanges(s, a, b)
	if err != nil {
		return err
	}
	if len(firms) > 0 {
		parties = firms
	}
	if err := tellParting(ctx, s, a, b); err != nil {
		return err
	}
	return tellOutcomes(s, a, b, parties)
}

// title names a result by its scenario and variant.
func title(r *output.Result) string {
	if r.About.Variant == "" {
		return r.About.Scenario
	}
	return r.About.Scenario + ", " + r.About.Variant
}

// tellChanges lists what one scenario has and the other has not, and returns the firms that it concerns.
func tellChanges(s *streams, a, b *output.Result) (parties []string, err error) {
	fmt.Fprintln(s.out, s.paint(text.Bold, title(a)+" against "+title(b)))
	var trees [2]*scenarios.Node
	for i, r := range []*output.Result{a, b} {
		data, err := r.Read("scenario.yaml")
		if err != nil {
			return nil, err
		}
		if trees[i], _ = scenarios.Parse("scenario.yaml", data); trees[i] == nil {
			return nil, fmt.Errorf("%s: scenario.yaml cannot be read", r.Dir)
		}
	}
	changed := false
	for _, block := range []string{"contracts", "shocks", "regulation"} {
		x, y := trees[0].Child(block), trees[1].Child(block)
		for _, key := range union(x.Keys(), y.Keys()) {
			p, q := x.Child(key), y.Child(key)
			what := ""
			switch {
			case q == nil:
				what = "only the first has it"
			case p == nil:
				what, p = "only the second has it", q
			case string(scenarios.Encode(p)) != string(scenarios.Encode(q)):
				what = "other terms"
			default:
				continue
			}
			changed = true
			kind := ""
			if k := p.Child("kind"); k != nil {
				kind = k.Text + " "
			}
			fmt.Fprintf(s.out, "  %s%s: %s\n", kind, key, what)
			parties = union(parties, entitiesIn(p, a.About.Entities))
		}
	}
	if !changed {
		fmt.Fprintln(s.out, "  the same contracts, shocks and rules; other values differ")
	}
	return parties, nil
}

// union joins lists of names, each name once, in order of appearance.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// entitiesIn lists the firms that a block names.
func entitiesIn(n *scenarios.Node, entities []record.Entity) []string {
	var out []string
	for _, c := range n.Children {
		if c.Kind == scenarios.Scalar && slices.ContainsFunc(entities, func(e record.Entity) bool { return e.Key == c.Text && e.Roles != "region" }) {
			out = union(out, []string{c.Text})
		}
		out = union(out, entitiesIn(c, entities))
	}
	return out
}

// tellParting finds the first month in which the central runs tell different things, and counts what differs.
func tellParting(ctx context.Context, s *streams, a, b *output.Result) error {
	var kept [2][]record.Event
	for i, r := range []*output.Result{a, b} {
		runs := keptRuns(r.Manifest.Kept)
		if len(runs) == 0 {
			fmt.Fprintln(s.out, "\nno events were kept, so where the runs part cannot be told")
			return nil
		}
		for e, err := range r.Events(output.Filter{Runs: runs[:1]}) {
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if e.Kind != "sign" { // that the one has a contract more is said already
				kept[i] = append(kept[i], e)
			}
		}
	}
	first, second := parting(kept[0], kept[1])
	if first == nil && second == nil {
		fmt.Fprintln(s.out, "\nthe central runs tell the same story")
		return nil
	}
	fmt.Fprintln(s.out, "\nthe central runs part here")
	for i, e := range []*record.Event{first, second} {
		fmt.Fprintf(s.out, "%s\n  ", [2]string{"first:", "second:"}[i])
		if e == nil {
			fmt.Fprintln(s.out, "nothing more happens")
			continue
		}
		if err := printEvent(s, *e, false); err != nil {
			return err
		}
	}
	if d := counts(kept[0], kept[1]); len(d) > 0 {
		fmt.Fprintln(s.out, "\nevents that are more or fewer, first against second:", strings.Join(d, ", "))
	}
	return nil
}

// parting returns the first event of each list that the other does not have at its place.
func parting(a, b []record.Event) (first, second *record.Event) {
	n := 0
	for n < len(a) && n < len(b) && a[n].Month == b[n].Month && a[n].What == b[n].What && a[n].Contract == b[n].Contract && slices.Equal(a[n].Why, b[n].Why) {
		n++
	}
	if n < len(a) {
		first = &a[n]
	}
	if n < len(b) {
		second = &b[n]
	}
	return first, second
}

// counts compares how often kinds of event happen, the largest difference first.
func counts(a, b []record.Event) []string {
	type tally struct {
		kind string
		n    [2]int
	}
	var all []tally
	for i, list := range [][]record.Event{a, b} {
		for k := range list {
			at := slices.IndexFunc(all, func(t tally) bool { return t.kind == list[k].Kind })
			if at < 0 {
				all, at = append(all, tally{kind: list[k].Kind}), len(all)
			}
			all[at].n[i]++
		}
	}
	apart := func(t tally) int { return max(t.n[0]-t.n[1], t.n[1]-t.n[0]) }
	slices.SortStableFunc(all, func(x, y tally) int { return apart(y) - apart(x) })
	var out []string
	for _, t := range all[:min(len(all), 8)] {
		if apart(t) > 0 {
			out = append(out, fmt.Sprintf("%s %d against %d", t.kind, t.n[0], t.n[1]))
		}
	}
	return out
}

// apart is an outcome in both results.
type apart struct {
	column record.Column
	x, y   float64 // medians, or the central run's
	share  float64 // of paired runs that differ: those in which the first is higher
	runs   int     // paired runs
	differ int     // of them, those in which the two are not the same
	moved  float64 // difference over the larger
	clear  bool    // the share of runs lies beyond its margin from one half, on the side of the medians
}

// The measures that words speak of, and how many sentences there are.
var spokenOf = []measure.ID{
	measure.MarketShare, measure.RevenueRunRate, measure.ComputeRevenue, measure.ChipRevenue, measure.CapacityUsed, measure.CapacityContracted, measure.CapacityEnergised,
	measure.ContractedCapacity, measure.Capability, measure.Cash, measure.Debt, measure.Valuation, measure.CapitalRaised, measure.CommitmentsOutstanding,
	measure.Stake, measure.CircularSharePair, measure.HHI, measure.RentPerGWYear, measure.TotalEnergised, measure.MarketSize,
}

const (
	sentencesOfParties = 8
	sentencesOfOthers  = 4
	unclearSentences   = 3
	leastMove          = 0.005 // part of a number that counts as a difference
)

// tellOutcomes compares the last month's numbers, run by run.
func tellOutcomes(s *streams, a, b *output.Result, parties []string) error {
	x, err := a.Runs()
	if err != nil {
		return err
	}
	y, err := b.Runs()
	if err != nil {
		return err
	}
	var ours, others []apart
	last := min(a.About.End, b.About.End)
	for _, d := range outcomesApart(x, y, last) {
		if slices.Contains(parties, d.column.Entity) {
			ours = append(ours, d)
		} else {
			others = append(others, d)
		}
	}
	if len(ours)+len(others) == 0 {
		fmt.Fprintf(s.out, "\nin %v no number differs by as much as half a per cent\n", last)
		return nil
	}
	fmt.Fprintf(s.out, "\nin %v\n", last)
	unclear := 0
	shown := slices.Concat(ours[:min(len(ours), sentencesOfParties)], others[:min(len(others), sentencesOfOthers)])
	slices.SortStableFunc(shown, clearFirst)
	for _, d := range shown {
		if !d.clear && unclear == 0 {
			fmt.Fprintln(s.out, "no clear difference, as likely chance:")
		}
		if !d.clear {
			unclear++
		}
		if d.clear || unclear <= unclearSentences {
			fmt.Fprintln(s.out, "  "+d.sentence(a.About.Entities))
		}
	}
	return nil
}

// outcomesApart lists what differs in a month, what differs clearly first, then the largest move.
func outcomesApart(x, y *record.RunTable, at unit.Month) []apart {
	var all []apart
	for i, o := range x.Outcomes {
		c := x.Columns[o.Column]
		id, known := measure.Find(c.Metric)
		if o.Month != at || !known || !slices.Contains(spokenOf, id) {
			continue
		}
		k := slices.IndexFunc(y.Outcomes, func(p record.Outcome) bool { return p.Month == at && y.Columns[p.Column] == c })
		if k < 0 {
			continue
		}
		if d, ok := pairs(x, y, i, k); ok {
			d.column = c
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b apart) int {
		switch {
		case a.clear != b.clear:
			return clearFirst(a, b)
		case math.Abs(a.moved) > math.Abs(b.moved):
			return -1
		case math.Abs(a.moved) < math.Abs(b.moved):
			return 1
		}
		return 0
	})
	return all
}

// clearFirst orders clear differences before others.
func clearFirst(a, b apart) int {
	switch {
	case a.clear == b.clear:
		return 0
	case a.clear:
		return -1
	}
	return 1
}

// pairs compares an outcome run by run; without drawn runs the central one stands alone. ok is false when it hardly
// differs.
func pairs(x, y *record.RunTable, i, k int) (d apart, ok bool) {
	var xs, ys []float64
	for run := range min(len(x.Rows), len(y.Rows)) {
		p, q := &x.Rows[run], &y.Rows[run]
		if p.Run != q.Run || math.IsNaN(p.Outcomes[i]) || math.IsNaN(q.Outcomes[k]) || p.Run == 0 && min(len(x.Rows), len(y.Rows)) > 1 {
			continue
		}
		xs, ys = append(xs, p.Outcomes[i]), append(ys, q.Outcomes[k])
		if p.Outcomes[i] > q.Outcomes[k] {
			d.share++
		}
		if p.Outcomes[i] != q.Outcomes[k] {
			d.differ++
		}
	}
	if d.runs = len(xs); d.differ == 0 {
		return d, false
	}
	d.share /= float64(d.differ)
	middle := slices.Index(levels(), 50)
	d.x, d.y = record.Describe(xs).Quantiles[middle], record.Describe(ys).Quantiles[middle]
	if scale := max(math.Abs(d.x), math.Abs(d.y)); scale > 0 {
		d.moved = (d.x - d.y) / scale
	}
	d.clear = d.runs == 1 || math.Abs(d.share-0.5) > plot.Margin(d.share, d.differ) && (d.share > 0.5) == (d.moved > 0)
	return d, math.Abs(d.moved) > leastMove
}

// sentence says what the number is in both.
func (d *apart) sentence(entities []record.Entity) string {
	label := func(key string) string {
		if i := slices.IndexFunc(entities, func(e record.Entity) bool { return e.Key == key }); i >= 0 {
			return entities[i].Label
		}
		return key
	}
	what := strings.ReplaceAll(d.column.Metric, "_", " ")
	if d.column.With != "" {
		what += " (" + label(d.column.With) + ")"
	}
	if d.column.Entity != "world" {
		what = label(d.column.Entity) + "'s " + what
	}
	way := "higher"
	if d.x < d.y {
		way = "lower"
	}
	said := fmt.Sprintf("%s is %s: %s against %s", what, way, figure(d.x, d.column.Unit), figure(d.y, d.column.Unit))
	if d.runs == 1 {
		return said
	}
	share := d.share
	if way == "lower" {
		share = 1 - share
	}
	which := ""
	if d.differ < d.runs {
		which = " that differ"
	}
	return fmt.Sprintf("%s in the median; %s in %.0f %% of %s runs%s (margin %.0f)", said, way, 100*share, count(d.differ), which, 100*plot.Margin(share, d.differ))
}
