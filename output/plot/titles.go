package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Claim is the wording around the numbers of a title: "<name> holds 31% of AI model spend in 2032".
type Claim struct {
	Verb string // singular, after a firm's name: "holds", "runs"
	Of   string // after the number, with its preposition: "of AI model spend"; may be empty
	Rate bool   // the number is a month's, reckoned to a year: it holds at the end of a year, not in it
}

// date says when the number holds.
func (c Claim) date(t unit.Month) string {
	if c.Rate && t.YearEnd() {
		return "at the end of " + When(t)
	}
	return "in " + When(t)
}

// isOther tells a key that stands for all firms without a name, which are no competitor: other, other-labs.
func isOther(key string) bool {
	key = strings.ToLower(key)
	return key == "other" || strings.HasPrefix(key, "other-")
}

// standing is a series with its value in the month a title speaks of.
type standing struct {
	name  string
	value float64
}

// standings are the series that have a value in month t, largest first; the firms without a name are no competitor.
func standings(series []Series, t int) []standing {
	var out []standing
	for _, s := range series {
		if t >= 0 && t < len(s.Values) && !math.IsNaN(s.Values[t]) && !isOther(s.Key) {
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

// rangePrinter shows two digits of the largest of the numbers from lo to hi, and of their range where that is small.
func rangePrinter(d unit.Dimension, lo, hi float64) printer {
	p := printerFor(d, max(math.Abs(lo), math.Abs(hi)))
	p.decimals = rangeDecimals(lo*p.scale.factor, hi*p.scale.factor)
	return p
}

// rangeDecimals is how many decimals that takes for printed numbers.
func rangeDecimals(lo, hi float64) int {
	least := decimals(max(math.Abs(lo), math.Abs(hi)))
	return min(max(least, decimals(hi-lo)), least+2)
}

func (p printer) full(v float64) string { return p.scale.value(v, p.decimals) }

// bare prints a value without its unit.
func (p printer) bare(v float64) string { return p.scale.bare(v, p.decimals) }

// between prints the ends of a range: "46 to 178 GW", "$10 to 38 bn".
func (p printer) between(low, high float64) string {
	return p.scale.with(low, p.decimals, "") + " to " + p.scale.bare(high, p.decimals) + p.scale.suffix
}

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
	date := c.date(start + unit.Month(months-1))
	first := p.full(top[0].value)
	tied := 1
	for tied < len(top) && p.full(top[tied].value) == first {
		tied++
	}
	switch {
	case tied > 3:
		return join(fmt.Sprintf("%d firms tie at %s", tied, first), c.Of, date)
	case tied > 1:
		var names []string
		for _, s := range top[:tied] {
			names = append(names, s.name)
		}
		list := strings.Join(names[:tied-1], ", ") + " and " + names[tied-1]
		verb, more, _ := strings.Cut(c.Verb, " ")
		return join(list, "each", record.Plural(verb), more, first, c.Of, date)
	}
	title := join(top[0].name, c.Verb, first, c.Of, date)
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
	title := join(group, verb, p.full(sum), "in", When(start+unit.Month(months-1)))
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
func LikeliestTitle(what string, outcomes []Outcome, n int) string {
	named := slices.DeleteFunc(slices.Clone(outcomes), func(o Outcome) bool { return isOther(o.Key) })
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
	if !apart(p, q, n) {
		return fmt.Sprintf("No clear difference in who %s: %s in %s of runs, %s in %s", what, name(named[0]), show(named[0]), name(named[1]), show(named[1]))
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
	p := endPrinter(d, s, at)
	return join(shorten(s.series().label()), c.Verb, p.full(end), c.Of, c.date(start+unit.Month(at)), "in the median run,",
		p.span(low, high), "in nine of ten")
}

// endPrinter formats the quantiles of a spread in a month, on the scale of the farthest and with two digits of the median.
func endPrinter(d unit.Dimension, s Spread, at int) printer {
	p := printerFor(d, max(math.Abs(s.Quantiles.P5[at]), math.Abs(s.Quantiles.P95[at])))
	p.decimals = min(p.decimals+1, max(p.decimals, decimals(math.Abs(s.Quantiles.P50[at])*p.scale.factor)))
	return p
}

// FlowTitle says which party gives most to which other: "OpenAI pays Microsoft $52 bn for compute in 2032, 33% of
// $158 bn in all". Amounts that print alike are a tie. It is "" when no two named parties have an amount.
func FlowTitle(c Claim, m Matrix) string {
	type flow struct {
		from, to string
		amount   float64
	}
	var flows []flow
	total, largest := 0.0, 0.0
	for i, line := range m.Amounts {
		for j, v := range line {
			if !(v > 0) {
				continue
			}
			total, largest = total+v, max(largest, v)
			if !isOther(m.Rows[i].Key) && !isOther(m.Cols[j].Key) && m.Cols[j].Key != Own {
				flows = append(flows, flow{shorten(m.Rows[i].label()), shorten(m.Cols[j].label()), v})
			}
		}
	}
	if len(flows) == 0 {
		return ""
	}
	slices.SortStableFunc(flows, func(a, b flow) int { return cmp.Compare(b.amount, a.amount) })
	p := printerFor(m.Unit, largest) // as in the table
	most := p.full(flows[0].amount)
	tied := 1
	for tied < len(flows) && p.full(flows[tied].amount) == most {
		tied++
	}
	pays := func(f flow) string { return join(f.from, c.Verb, f.to) }
	switch {
	case tied > 2:
		return join(fmt.Sprintf("%d amounts tie at %s", tied, most), c.Of, c.date(m.At))
	case tied == 2:
		return join(pays(flows[0]), "as much as", pays(flows[1])+",", most, c.Of, c.date(m.At))
	}
	part := scale{factor: 100, suffix: "%"}.value(flows[0].amount/total, 0)
	all := printer{p.scale, decimals(total * p.scale.factor)}.full(total)
	return join(pays(flows[0]), most, c.Of, c.date(m.At)+",", part, "of", all, "in all")
}

// HeatTitle says between what an outcome lies over a sweep: "OpenAI's share in 2032 runs from 12 to 48% (most with
// Growth 30%/yr, Lead time 12 months)", with measure = "OpenAI's share in 2032". Numbers that differ by no more than the
// margin of a difference, √2 times that of one, show no clear one. It is "" for an empty sweep.
func HeatTitle(measure string, h Heat) string {
	lo, hi := bounds(h.Cells...)
	p := rangePrinter(h.Unit, lo, hi)
	_, most := h.extremes()
	n := 0
	for _, row := range h.Cells {
		for _, v := range row {
			if !math.IsNaN(v) {
				n++
			}
		}
	}
	switch {
	case n == 0:
		return ""
	case p.full(lo) == p.full(hi):
		return fmt.Sprintf("%s is %s in all %d cases", measure, p.full(lo), n)
	case hi-lo <= math.Sqrt2*h.Margin:
		return fmt.Sprintf("No clear difference between %d cases in %s: %s, give or take %s", n, measure, p.between(lo, hi), p.bare(h.Margin))
	}
	title := fmt.Sprintf("%s runs from %s", measure, p.between(lo, hi))
	if math.IsNaN(h.Margin) {
		return title
	}
	return title + fmt.Sprintf(" (most with %s)", most)
}

// DifferenceTitle says in what part of the pairs of runs a variant ends with more or with less than another: "Export
// rule gives less AI capacity in 2032 than Baseline in 83% of runs, 12 GW less in the median". Where about as many pairs
// end above zero as below, there is no clear difference. It is "" when the difference has no values.
func DifferenceTitle(d Difference) string {
	mid, at := Series{Values: d.Quantiles.P50}.end()
	if at < 0 || d.N <= 0 {
		return ""
	}
	a, b := shorten(d.A), shorten(d.B)
	measure := join(oneLine(d.Measure), "in", When(d.Start+unit.Month(at)))
	part := func(count int) string { return scale{factor: 100, suffix: "%"}.value(float64(count)/float64(d.N), 0) }
	count, word := d.Above, "more"
	if d.Below > d.Above {
		count, word = d.Below, "less"
	}
	switch n := float64(d.N); {
	case count == 0:
		return fmt.Sprintf("No difference between %s and %s in %s in any of %s runs", a, b, measure, number(n, 0))
	case !apart(float64(count)/n, float64(d.Above+d.Below-count)/n, d.N):
		return fmt.Sprintf("No clear difference between %s and %s in %s: more in %s of runs, less in %s", a, b, measure, part(d.Above), part(d.Below))
	}
	title := ShareTitle(join(a, "gives", word, measure, "than", b), "", count, d.N)
	if by := d.printer().full(math.Abs(mid)); mid > 0 == (word == "more") && mid != 0 && !strings.HasPrefix(by, "<") {
		title += fmt.Sprintf(", %s %s in the median", by, word)
	}
	return title
}

// TornadoTitle says which input moves an outcome the most: "Lead time moves AI capacity in 2032 the most, 96–161 GW,
// then demand growth, 101–150 GW", with measure = "AI capacity in 2032". Effects that differ by no more than their margin,
// twice that of one outcome, show no clear one. It is "" when no input has a result.
func TornadoTitle(measure string, t Tornado) string {
	inputs := t.sortedSwings()
	if len(inputs) == 0 {
		return ""
	}
	lo, hi := t.bounds()
	p := rangePrinter(t.Unit, lo, hi)
	moves := func(w Swing) (name, span string, size float64) {
		lo, hi := w.ends(t.Base)
		return shorten(w.label()), p.between(lo, hi), hi - lo
	}
	name, span, size := moves(inputs[0])
	if size <= math.Sqrt2*t.Margin {
		return fmt.Sprintf("No clear difference between low and high values of any of %d inputs in %s", len(t.Inputs), measure)
	}
	if len(inputs) == 1 {
		return join(capital(name), "moves", measure, "from", span)
	}
	next, nextSpan, nextSize := moves(inputs[1])
	if size-nextSize <= 2*t.Margin {
		return fmt.Sprintf("No clear difference between %s (%s) and %s (%s) in how far they move %s", name, span, next, nextSpan, measure)
	}
	return fmt.Sprintf("%s moves %s the most, %s, then %s, %s", capital(name), measure, span, next, nextSpan)
}

// RangesTitle says in which variant a measure is highest and in which it is lowest: "AI capacity in 2032 is highest with
// Boom, 161 GW in the median, and lowest with Export rule, 96 GW", with measure = "AI capacity in 2032"; panel counts from 0.
// Medians that differ by no more than the margin of their difference show no clear one. It is "" without values.
//
// The margin of a median is taken as for a normal distribution with the same middle 90%, 1.96·1.2533·(p95−p5)/(3.29·√n),
// and runs as independent; those that share their draws are closer than that, which Difference tells.
func RangesTitle(measure string, r Ranges, panel int) string {
	type entry struct {
		name string
		Range
	}
	var all []entry
	p := r.Panels[panel]
	for i, one := range p.Ranges {
		if !one.missing() {
			all = append(all, entry{shorten(r.Rows[i].series().label()), one})
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(b.P50, a.P50) })
	most, least := all[0], all[len(all)-1]
	show := rangePrinter(p.Unit, least.P50, most.P50)
	margin := math.Hypot(most.P95-most.P5, least.P95-least.P5) * 1.96 * 1.2533 / (3.29 * math.Sqrt(float64(r.N)))
	switch {
	case len(all) == 1:
		return fmt.Sprintf("%s with %s is %s in the median", capital(measure), most.name, show.full(most.P50))
	case show.full(most.P50) == show.full(least.P50) || most.P50-least.P50 <= sameTo*math.Abs(most.P50):
		return fmt.Sprintf("%s has the same median in each of %d variants: %s", capital(measure), len(all), printerFor(p.Unit, most.P50).full(most.P50))
	case most.P50-least.P50 <= margin && len(all) == 2:
		return fmt.Sprintf("No clear difference between %s and %s in %s: medians %s and %s", most.name, least.name, measure, show.full(most.P50), show.full(least.P50))
	case most.P50-least.P50 <= margin:
		return fmt.Sprintf("No clear difference between %d variants in %s: medians %s", len(all), measure, show.between(least.P50, most.P50))
	}
	return fmt.Sprintf("%s is highest with %s, %s in the median, and lowest with %s, %s", capital(measure), most.name, show.full(most.P50), least.name, show.full(least.P50))
}

// sameTo is the part of a number below which a difference is none that a reader would see.
const sameTo = 1e-5

// apart tells whether a share p of n runs is clearly larger than another, q, of the same runs.
//
// The margin of the difference is 1.96·√((p+q−(p−q)²)/n).
func apart(p, q float64, n int) bool { return p-q > 1.96*math.Sqrt((p+q-(p-q)*(p-q))/float64(n)) }

// MediansTitle says which of several uncertain firms has the largest final median and how often it leads in n runs:
// "Google has the largest median capacity in 2032, 31 GW, and leads in 80% of runs, Amazon in 15%", with measure =
// "capacity". Medians alone would not tell: where two firms lead about as often there is no clear leader.
func MediansTitle(measure string, d unit.Dimension, start unit.Month, spreads []Spread, n int) string {
	type final struct {
		name  string
		mid   float64
		leads float64 // share of runs
		at    int
	}
	var all []final
	for _, s := range spreads {
		if mid, at := s.series().end(); at >= 0 && !isOther(s.Key) {
			all = append(all, final{shorten(s.series().label()), mid, float64(s.Leads) / float64(max(1, n)), at})
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b final) int { return cmp.Compare(b.mid, a.mid) })
	first := all[0]
	p := mediansPrinter(d, spreads)
	date := When(start + unit.Month(first.at))
	if len(all) == 1 {
		return fmt.Sprintf("%s has a median %s of %s in %s", first.name, measure, p.full(first.mid), date)
	}
	title := fmt.Sprintf("%s has the largest median %s in %s, %s", first.name, measure, date, p.full(first.mid))
	slices.SortStableFunc(all, func(a, b final) int { return cmp.Compare(b.leads, a.leads) })
	most, next := all[0], all[1]
	percent := func(x float64) string { return scale{factor: 100, suffix: "%"}.value(x, 0) }
	switch {
	case most.leads == 0:
		return title
	case most.leads == 1 && most == first:
		return title + fmt.Sprintf(", and leads in all %s runs", number(float64(n), 0))
	case !apart(most.leads, next.leads, n):
		return fmt.Sprintf("No clear leader by %s in %s: %s leads in %s of runs (median %s), %s in %s (%s)", measure, date,
			most.name, percent(most.leads), p.full(most.mid), next.name, percent(next.leads), p.full(next.mid))
	}
	if most != first {
		return title + fmt.Sprintf(", but %s leads in %s of runs", most.name, percent(most.leads))
	}
	return title + fmt.Sprintf(", and leads in %s of runs, %s in %s", percent(first.leads), next.name, percent(next.leads))
}

// mediansPrinter formats final medians, alike in the title and beside the names: on the scale of the axis, with as many
// decimals as the largest of them needs.
func mediansPrinter(d unit.Dimension, spreads []Spread) printer {
	largest, reach := 0.0, 0.0
	for _, s := range spreads {
		if mid, at := s.series().end(); at >= 0 {
			largest = max(largest, math.Abs(mid))
		}
		lo, hi := bounds(s.Quantiles.P5, s.Quantiles.P95)
		reach = max(reach, math.Abs(lo), math.Abs(hi))
	}
	s := scaleFor(d, reach)
	return printer{s, decimals(largest * s.factor)}
}

func monthsOf(series []Series) int {
	if len(series) == 0 {
		return 0
	}
	return len(series[0].Values)
}

// capital begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// join sets parts in one sentence, leaving out empty ones.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}
