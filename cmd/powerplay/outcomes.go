package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// apart is a number at a year end in two results, run by run.
type apart struct {
	column record.Column
	month  unit.Month
	x, y   float64 // medians, or the central run's
	by     float64 // of the runs that differ, the median of the first less the second
	low    float64 // of the same differences, the 5 % quantile
	high   float64 // and the 95 % one
	runs   int     // paired runs
	differ int     // of them, those in which the two are not the same
	higher int     // of these, those in which the first is higher
	size   float64 // by, as a part of the largest number of its kind in that month
	clear  bool    // more than chance, see clearOnes
}

// sentences is how many are said of the parties to what was changed, of others, and of what is no clear difference.
type sentences struct{ ours, others, unclear int }

const (
	leastMove   = 0.005 // part of a number that counts as a difference
	fewestClear = 6     // with fewer runs that differ, all on one side happens by chance in more than one of twenty pairs
)

// tellOutcomes compares the numbers of year ends, run by run.
func tellOutcomes(s *streams, a, b *side, parties []string, most sentences) {
	ours, others := outcomesApart(a.table, b.table, parties)
	if len(ours)+len(others) == 0 {
		fmt.Fprintln(s.out, "\nno number of a year end differs by as much as half a per cent")
		return
	}
	var shown, unclear []apart
	for _, list := range []struct {
		all  []apart
		most int
	}{{ours, most.ours}, {others, most.others}} {
		n := 0
		for _, d := range list.all {
			switch {
			case d.clear && n < list.most:
				n++
				shown = append(shown, d)
			case !d.clear && len(unclear) < most.unclear:
				unclear = append(unclear, d)
			}
		}
	}
	fmt.Fprintln(s.out, "\nnumbers at the end of a year")
	for _, d := range shown {
		fmt.Fprintf(s.out, "  %v  %s\n", d.month, d.sentence(&a.about))
	}
	if len(unclear) == 0 {
		return
	}
	switch d := unclear[0]; {
	case len(shown) == 0 && d.runs < fewestClear:
		fmt.Fprintf(s.out, "no clear difference: %s cannot show one\n", number1(d.runs, "run"))
	default:
		fmt.Fprintln(s.out, "no clear difference, as likely chance:")
	}
	for _, d := range unclear {
		fmt.Fprintf(s.out, "  %v  %s\n", d.month, d.sentence(&a.about))
	}
}

// outcomesApart lists what differs, of the parties and of others: clear differences first, then by size. A column stands
// there once: at the last month where it differs clearly then, else at the year end at which it differs most.
func outcomesApart(x, y *record.RunTable, parties []string) (ours, others []apart) {
	all := pairOutcomes(x, y)
	last := unit.Month(math.MinInt32)
	for _, d := range all {
		last = max(last, d.month)
		if slices.Contains(parties, d.column.Entity) {
			ours = append(ours, d)
		} else if d.size > leastMove { // half a per cent of a small firm is no news
			others = append(others, d)
		}
	}
	return oneEach(ours, last), oneEach(others, last)
}

// oneEach keeps the most telling year end of each column, and puts what is clear first and then the largest.
func oneEach(list []apart, last unit.Month) []apart {
	clearOnes(list)
	first := func(p bool) int { return map[bool]int{true: 0, false: 1}[p] }
	slices.SortStableFunc(list, func(a, b apart) int {
		return cmp.Or(cmp.Compare(first(a.clear), first(b.clear)), cmp.Compare(first(a.month == last), first(b.month == last)), cmp.Compare(b.size, a.size))
	})
	seen := map[record.Column]bool{}
	list = slices.DeleteFunc(list, func(d apart) bool {
		again := seen[d.column]
		seen[d.column] = true
		return again
	})
	slices.SortStableFunc(list, func(a, b apart) int {
		return cmp.Or(cmp.Compare(first(a.clear), first(b.clear)), cmp.Compare(b.size, a.size))
	})
	return list
}

// clearOnes marks what is more than chance at 95 %, by the sign test on the runs that differ and for all numbers together.
// The central run alone is no matter of chance.
func clearOnes(list []apart) {
	var chances []float64
	for _, d := range list {
		chances = append(chances, effect.SignTest(d.higher, d.differ))
	}
	for i, is := range effect.Holm(chances, 0.05) {
		list[i].clear = is || list[i].runs == 1
	}
}

// pairOutcomes pairs every outcome that two tables share and that differs, and sets its size against the largest of its kind.
func pairOutcomes(x, y *record.RunTable) []apart {
	type place struct {
		column record.Column
		month  unit.Month
	}
	type kind struct {
		metric string
		month  unit.Month
	}
	at := map[place]int{}
	for k, o := range y.Outcomes {
		at[place{y.Columns[o.Column], o.Month}] = k
	}
	var all []apart
	largest := map[kind]float64{}
	for i, o := range x.Outcomes {
		c := x.Columns[o.Column]
		k, shared := at[place{c, o.Month}]
		if !shared {
			continue
		}
		d := pairs(x, y, i, k)
		d.column, d.month = c, o.Month
		if size := max(math.Abs(d.x), math.Abs(d.y)); size > largest[kind{c.Metric, o.Month}] {
			largest[kind{c.Metric, o.Month}] = size
		}
		if math.Abs(d.by) > leastMove*max(math.Abs(d.x), math.Abs(d.y)) {
			all = append(all, d)
		}
	}
	for i := range all {
		by := math.Abs(all[i].by)
		all[i].size = by / max(by, largest[kind{all[i].column.Metric, all[i].month}])
	}
	return all
}

// pairs compares an outcome run by run; without drawn runs the central one stands alone.
func pairs(x, y *record.RunTable, i, k int) apart { return apartIn(paired(x, y, i, k)) }

// apartIn compares a number in the first of two results, by run, with the same in the second.
func apartIn(xs, ys []float64) apart {
	var d apart
	var by []float64
	for n, v := range xs {
		if v > ys[n] {
			d.higher++
		}
		if v != ys[n] {
			by = append(by, v-ys[n])
		}
	}
	if d.runs, d.differ = len(xs), len(by); d.differ == 0 {
		return d
	}
	d.x, d.y = median(xs), median(ys)
	apart := record.Describe(by)
	d.by, d.low, d.high = apart.Quantiles[slices.Index(levels(), 50)], apart.Quantiles[0], apart.Quantiles[record.LevelCount-1]
	return d
}

// paired lists an outcome in the runs in which both tables have it.
func paired(x, y *record.RunTable, i, k int) (xs, ys []float64) {
	metric := x.Columns[x.Outcomes[i].Column].Metric
	return pairedBy(x, y, func(p, q *record.RunRow) (v, w float64) {
		return measure.Known(metric, p.Outcomes[i]), measure.Known(metric, q.Outcomes[k])
	})
}

// pairedBy lists what of tells of a run in both, for the runs in which it is a number in both.
func pairedBy(x, y *record.RunTable, of func(p, q *record.RunRow) (v, w float64)) (xs, ys []float64) {
	n := min(len(x.Rows), len(y.Rows))
	for row := range n {
		p, q := &x.Rows[row], &y.Rows[row]
		if p.Run != q.Run || p.Run == 0 && n > 1 {
			continue
		}
		v, w := of(p, q)
		if !math.IsNaN(v) && !math.IsNaN(w) {
			xs, ys = append(xs, v), append(ys, w)
		}
	}
	return xs, ys
}

func median(values []float64) float64 {
	return record.Describe(values).Quantiles[slices.Index(levels(), 50)]
}

// sentence says what the number is in both. Where the difference may be chance it claims no direction.
func (d *apart) sentence(about *record.About) string {
	label := func(key string) string { return labelOf(about.Entities, key) }
	what := measure.Words(d.column.Metric)
	if d.column.With != "" {
		what += " (" + label(d.column.With) + ")"
	}
	if d.column.Entity == "world" {
		what = record.Capital(what)
	} else {
		what = record.Possessive(label(d.column.Entity)) + " " + what
	}
	way, so := "higher", d.higher
	if d.by < 0 {
		way, so = "lower", d.differ-d.higher
	}
	both := figure(d.x, d.column.Unit) + " against " + figure(d.y, d.column.Unit)
	if d.runs == 1 {
		return fmt.Sprintf("%s is %s: %s", what, way, both)
	}
	which := number1(d.differ, "run")
	if d.differ < d.runs {
		which += " that differ"
	}
	often := fmt.Sprintf("%s in %.0f%% of %s", way, 100*float64(so)/float64(d.differ), which)
	if about.Sampled() {
		low, high := record.Wilson(so, d.differ)
		often += fmt.Sprintf(" (%.0f to %.0f)", 100*low, 100*high)
	}
	switch {
	case !d.clear && d.x == d.y: // most runs end alike, such as without debt
		return what + ": " + often
	case !d.clear:
		return fmt.Sprintf("%s: %s; the medians of the two are %s", what, often, both)
	}
	said := fmt.Sprintf("%s is %s, by %s in the median run", what, often, distance(d.by, d.column.Unit))
	if (d.x-d.y)*d.by > 0 { // the medians of the two may lie the other way round than most pairs
		said += "; the medians of the two are " + both
	}
	return said
}

// labelOf is the printed name of a firm or region; a key that is none is its own.
func labelOf(entities []record.Entity, key string) string {
	if i := slices.IndexFunc(entities, func(e record.Entity) bool { return e.Key == key }); i >= 0 {
		return entities[i].Label
	}
	return key
}

// distance writes how far apart two quantities are. A difference of shares is no share.
func distance(by float64, d unit.Dimension) string {
	text := figure(math.Abs(by), d)
	if d == unit.DimShare {
		return strings.TrimSuffix(text, "%") + " points"
	}
	return text
}
