package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// Claim is the wording around the numbers of a title: "<name> holds 31% of AI model spend in 2032".
type Claim struct {
	Verb string // singular, after a firm's name: "holds", "runs"
	Of   string // after the number, with its preposition: "of AI model spend"; may be empty
}

// standing is a series with its value in the month a title speaks of.
type standing struct {
	name  string
	value float64
}

// standings are the series that have a value in month t, largest first; "other" is no competitor.
func standings(series []Series, t int) []standing {
	var out []standing
	for _, s := range series {
		if t >= 0 && t < len(s.Values) && !math.IsNaN(s.Values[t]) && !strings.EqualFold(s.Key, "other") {
			out = append(out, standing{shorten(s.label()), s.Values[t]})
		}
	}
	slices.SortStableFunc(out, func(a, b standing) int { return cmp.Compare(b.value, a.value) })
	return out
}

// printer formats values as the chart's labels do: one scale and as many decimals for all.
type printer struct {
	scale    scale
	decimals int
}

func printerFor(d unit.Dimension, largest float64) printer {
	s := scaleFor(d, math.Abs(largest))
	return printer{s, decimals(math.Abs(largest) * s.factor)}
}

func (p printer) full(v float64) string { return p.scale.value(v, p.decimals) }

// span prints a range: "46–178 GW", "$10–38 bn".
func (p printer) span(low, high float64) string {
	return p.scale.with(low, p.decimals, "") + "–" + p.scale.bare(high, p.decimals) + p.scale.suffix
}

// LeaderTitle says who leads at the end of one run and who follows: "OpenAI holds 31% of AI model spend in
// 2032, Anthropic 28%". Values that print alike are a tie: "OpenAI and Anthropic each hold …". It is "" when
// no series has a value in the last month.
func LeaderTitle(c Claim, d unit.Dimension, start unit.Month, series []Series) string {
	months := monthsOf(series)
	top := standings(series, months-1)
	if len(top) == 0 {
		return ""
	}
	p := printerFor(d, max(math.Abs(top[0].value), math.Abs(top[len(top)-1].value)))
	date := when(start + unit.Month(months-1))
	first := p.full(top[0].value)
	tied := 1
	for tied < len(top) && p.full(top[tied].value) == first {
		tied++
	}
	switch {
	case tied > 3:
		return join(fmt.Sprintf("%d firms tie at %s", tied, first), c.Of, "in "+date)
	case tied > 1:
		var names []string
		for _, s := range top[:tied] {
			names = append(names, s.name)
		}
		list := strings.Join(names[:tied-1], ", ") + " and " + names[tied-1]
		return join(list, "each", plural(c.Verb), first, c.Of, "in "+date)
	}
	title := join(top[0].name, c.Verb, first, c.Of, "in "+date)
	if len(top) > 1 {
		title += fmt.Sprintf(", %s %s", top[1].name, p.full(top[1].value))
	}
	return title
}

// TotalTitle says what a group comes to at the end of one run and who has most of it: "Named clouds run
// 128 GW in 2032, Google the most at 31". total, one value a month, may be nil for the sum of the series;
// verb is plural.
func TotalTitle(group, verb string, d unit.Dimension, start unit.Month, series []Series, total []float64) string {
	months := monthsOf(series)
	top := standings(series, months-1)
	if len(top) == 0 {
		return ""
	}
	sum := 0.0
	if total != nil {
		sum = total[months-1]
	} else {
		for _, s := range series {
			if v := s.Values[months-1]; !math.IsNaN(v) {
				sum += v
			}
		}
	}
	p := printerFor(d, sum)
	title := join(group, verb, p.full(sum), "in", when(start+unit.Month(months-1)))
	if len(top) == 1 || p.full(top[0].value) == p.full(top[1].value) {
		return title
	}
	return title + fmt.Sprintf(", %s the most at %s", top[0].name, p.scale.bare(top[0].value, p.decimals))
}

// OvertakingTitle says when the leader of the last month took the lead for good in one run: "Anthropic
// overtakes OpenAI in 2027". ok is false when it led throughout, or leads by too little to be seen.
func OvertakingTitle(d unit.Dimension, start unit.Month, series []Series) (title string, ok bool) {
	months := monthsOf(series)
	last := standings(series, months-1)
	if len(last) < 2 {
		return "", false
	}
	p := printerFor(d, last[0].value)
	if p.full(last[0].value) == p.full(last[1].value) {
		return "", false
	}
	for t := months - 2; t >= 0; t-- {
		now := standings(series, t)
		if len(now) == 0 {
			return "", false
		}
		if now[0].name != last[0].name && now[0].value > 0 {
			return fmt.Sprintf("%s overtakes %s in %d", last[0].name, now[0].name, (start + unit.Month(t+1)).Year()), true
		}
	}
	return "", false
}

// ShareTitle says in what part of n runs something happens: what = "Lab A overtakes Lab B by 2029" gives
// "Lab A overtakes Lab B by 2029 in 72% of runs". Within the margin of one half, where as many runs may well go
// the other way, it is "No clear difference between …", with between = "Lab A and Lab B by 2029".
func ShareTitle(what, between string, count, n int) string {
	if n <= 0 {
		return ""
	}
	p := float64(count) / float64(n)
	switch {
	case count == 0:
		return join(what, fmt.Sprintf("in none of %s runs", number(float64(n), 0)))
	case count == n:
		return join(what, fmt.Sprintf("in all %s runs", number(float64(n), 0)))
	case between != "" && math.Abs(p-0.5) <= Margin(count, n):
		percent := scale{factor: 100, suffix: "%"}
		return fmt.Sprintf("No clear difference between %s: %s of runs, give or take %s", between, percent.value(p, 0), percent.bare(Margin(count, n), 0))
	}
	return join(what, "in", scale{factor: 100, suffix: "%"}.value(p, 0), "of runs")
}

// LikeliestTitle names the outcome that most runs end in: what = "leads in 2032" gives "OpenAI leads in 2032
// in 46% of runs, Anthropic in 33%". When the first two are closer than the margin of their difference it
// says that there is no clear one. Outcomes must exclude each other.
//
// The margin of a difference of two shares p and q of the same n runs is 1.96·√((p+q−(p−q)²)/n); for q = 1−p
// that is twice Margin.
func LikeliestTitle(what string, outcomes []Outcome, n int) string {
	named := slices.DeleteFunc(slices.Clone(outcomes), func(o Outcome) bool { return strings.EqualFold(o.Key, "other") })
	if len(named) == 0 || n <= 0 {
		return ""
	}
	slices.SortStableFunc(named, func(a, b Outcome) int { return cmp.Compare(b.Count, a.Count) })
	show := func(o Outcome) string { return scale{factor: 100, suffix: "%"}.value(float64(o.Count)/float64(n), 0) }
	name := func(o Outcome) string { return shorten(o.series().label()) }
	first := ShareTitle(name(named[0])+" "+what, "", named[0].Count, n)
	if len(named) == 1 || named[0].Count == n {
		return first
	}
	p, q := float64(named[0].Count)/float64(n), float64(named[1].Count)/float64(n)
	if p-q <= 1.96*math.Sqrt((p+q-(p-q)*(p-q))/float64(n)) {
		return fmt.Sprintf("No clear difference between %s (%s of runs) and %s (%s)", name(named[0]), show(named[0]), name(named[1]), show(named[1]))
	}
	return first + fmt.Sprintf(", %s in %s", name(named[1]), show(named[1]))
}

// MedianTitle says where one uncertain measure ends: "OpenAI holds 31% of AI model spend in 2032 in the
// median run, 18–44% in nine of ten runs". It is "" when the spread has no values.
func MedianTitle(c Claim, d unit.Dimension, start unit.Month, s Spread) string {
	end, at := s.series().end()
	if at < 0 {
		return ""
	}
	low, high := s.Quantiles.P5[at], s.Quantiles.P95[at]
	p := printerFor(d, max(math.Abs(low), math.Abs(high)))
	return join(shorten(s.series().label()), c.Verb, p.full(end), c.Of, "in", when(start+unit.Month(at)), "in the median run,",
		p.span(low, high), "in nine of ten")
}

// MediansTitle says which of several uncertain firms has the largest final median: "Google's median capacity
// is the largest in 2032 at 31 GW, Oracle's the smallest at 4", with measure = "capacity". When the middle
// 90 % of the first two overlap it claims no order of them: "No clear difference between …".
func MediansTitle(measure string, d unit.Dimension, start unit.Month, spreads []Spread) string {
	type final struct {
		name           string
		low, mid, high float64
		at             int
	}
	var all []final
	for _, s := range spreads {
		if mid, at := s.series().end(); at >= 0 && !strings.EqualFold(s.Key, "other") {
			all = append(all, final{shorten(s.series().label()), s.Quantiles.P5[at], mid, s.Quantiles.P95[at], at})
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b final) int { return cmp.Compare(b.mid, a.mid) })
	first, last := all[0], all[len(all)-1]
	p := printerFor(d, first.mid)
	date := when(start + unit.Month(first.at))
	if len(all) == 1 {
		return fmt.Sprintf("%s has a median %s of %s in %s", first.name, measure, p.full(first.mid), date)
	}
	if all[1].high >= first.low {
		return fmt.Sprintf("%s has the largest median %s in %s, %s, but %s is within reach", first.name, measure, date, p.full(first.mid), all[1].name)
	}
	return fmt.Sprintf("%s has the largest median %s in %s, %s, and %s the smallest, %s", first.name, measure, date,
		p.full(first.mid), last.name, p.full(last.mid))
}

func monthsOf(series []Series) int {
	if len(series) == 0 {
		return 0
	}
	return len(series[0].Values)
}

// plural turns a verb from "she holds" to "they hold".
func plural(verb string) string {
	switch verb {
	case "has":
		return "have"
	case "is":
		return "are"
	}
	for _, sibilant := range []string{"ch", "sh", "ss", "x", "z"} {
		if stem, ok := strings.CutSuffix(verb, "es"); ok && strings.HasSuffix(stem, sibilant) {
			return stem
		}
	}
	return strings.TrimSuffix(verb, "s")
}

// join sets parts in one sentence, leaving out empty ones.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}
