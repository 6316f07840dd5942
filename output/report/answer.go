package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// answer is three sentences. Where several results share their draws the first two say how they differ; else the first
// says how likely it is what the scenario asks for, or what the numbers come to that it compares, or how likely it is what
// its author expects. Who leads, how much capacity there is and what is the gravest thing to happen follow.
func answer(all []*study, events []incidence) []string {
	first := all[0]
	if said := differencesSaid(all, events); len(said) > 0 {
		return append(said, join(first.leader(), first.total()))
	}
	for _, said := range []string{first.likely(record.Asked), first.numbersSaid(), first.likely(record.Expected)} {
		if said != "" {
			return []string{said, join(first.leader(), first.total()), first.gravest()}
		}
	}
	return []string{first.leader(), first.total(), first.gravest()}
}

// join makes one sentence of two.
func join(a, b string) string {
	return strings.TrimSuffix(a, ".") + "; " + strings.ToLower(b[:1]) + b[1:]
}

// fewestRuns is how many runs tell a median worth a sentence.
const fewestRuns = 20

// mostSaid is how many conditions or numbers one sentence tells.
const mostSaid = 2

// likely tells how likely the first conditions of a kind are.
func (x *study) likely(kind string) string {
	var said []string
	for _, p := range x.Probabilities {
		if p.Kind == kind && len(said) < mostSaid {
			said = append(said, fmt.Sprintf("%s in %s", x.words(p.Statement), chance(p)))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return record.Capital(strings.Join(said, "; ")) + "."
}

// numbersSaid tells what the numbers come to that the scenario compares between its variants, the first of each firm.
func (x *study) numbersSaid() string {
	var said, firms []string
	for i, n := range x.Table.Numbers {
		firm := firmOf(n.Text)
		var values []float64
		for _, r := range x.Table.Rows {
			if v := r.Numbers[i]; r.Run > 0 && !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		if slices.Contains(firms, firm) || len(values) < fewestRuns || len(said) == mostSaid {
			continue
		}
		s := record.Describe(values)
		firms = append(firms, firm)
		said = append(said, fmt.Sprintf("%s is %s in the median, %s in nine of ten", x.words(n.Text), number(s.Quantiles[median], n.Unit),
			span(s.Quantiles[0], s.Quantiles[record.LevelCount-1], n.Unit)))
	}
	if len(said) == 0 {
		return ""
	}
	return record.Capital(fmt.Sprintf("%s of %s.", strings.Join(said, "; "), x.runs()))
}

// firmOf is the firm that a condition speaks of first.
func firmOf(text string) string {
	firm, _, _ := strings.Cut(text, ".")
	return firm
}

// placed are the chances of firms to be the first in a measure in the last month, the likeliest first.
func (x *study) placed(m measure.ID) []record.Probability {
	var all []record.Probability
	for _, p := range x.Probabilities {
		if p.Kind == record.Placed && p.Place == 1 && p.What == m.Def().Name && p.Date == x.About.End.String() && p.In > 0 {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b record.Probability) int { return cmp.Compare(b.In, a.In) })
	return all
}

// leader says who most often has the largest share of the market in the end, and how sure that is.
func (x *study) leader() string {
	date := when(x.About.End)
	if first := x.placed(measure.MarketShare); len(first) > 0 {
		name := x.label(first[0].Firm)
		said := record.Agree(fmt.Sprintf("%s most often {has|have} the largest market share %s, in %s", name, date, chance(first[0])), name)
		if len(first) > 1 {
			said += fmt.Sprintf(", before %s with %s", x.label(first[1].Firm), percent(first[1].Share)) + margin(first[1].In, first[1].Runs, first[1].Interval != nil)
		}
		return said + "."
	}
	best, share := "", 0.0
	for _, e := range x.About.Entities {
		if v, ok := x.last(e.Key, measure.MarketShare); ok && e.Has("lab") && !record.IsRest(e.Key) && v > share {
			best, share = e.Label, v
		}
	}
	if best == "" {
		return fmt.Sprintf("No lab sells models %s.", date)
	}
	return record.Agree(fmt.Sprintf("%s has the largest market share %s, %s.", best, date, number(share, unit.DimShare)), best)
}

// total says how much capacity there is in the end.
func (x *study) total() string {
	date := when(x.About.End)
	if s, ok := x.stats("world", measure.TotalEnergised); ok {
		return fmt.Sprintf("All owners together run %s of AI capacity %s in the median of %s, %s in nine of ten.",
			number(s.Quantiles[median], unit.DimMW), date, x.runs(), plot.FormatRange(s.Quantiles[0], s.Quantiles[record.LevelCount-1], unit.DimMW))
	}
	if v, ok := x.last("world", measure.TotalEnergised); ok {
		return fmt.Sprintf("All owners together run %s of AI capacity %s.", number(v, unit.DimMW), date)
	}
	return fmt.Sprintf("Nothing is known of the capacity %s.", date)
}

// median is the place of the median among the levels of a summary.
var median = slices.Index(levels(), 50)

func levels() []int {
	l := record.Levels()
	return l[:]
}

// stats are those of a measure over all draws in the last month.
func (x *study) stats(entity string, m measure.ID) (record.Stats, bool) {
	return x.statsAt(entity, m, x.About.End)
}

func (x *study) statsAt(entity string, m measure.ID, t unit.Month) (record.Stats, bool) {
	for _, c := range x.Summary.Cells {
		if col := x.Columns[c.Column]; c.Month == t && col.Entity == entity && col.With == "" && col.Metric == m.Def().Name && c.N > 0 {
			return c.Stats, true
		}
	}
	return record.Stats{}, false
}

// last is a measure of the central run in the last month.
func (x *study) last(entity string, m measure.ID) (float64, bool) {
	at := slices.IndexFunc(x.Columns, func(c record.Column) bool { return c.Entity == entity && c.With == "" && c.Metric == m.Def().Name })
	if at < 0 || len(x.Runs) == 0 || len(x.Runs[0].Months) == 0 {
		return 0, false
	}
	values := x.Runs[0].Values[at]
	return values[len(values)-1], true
}

// grave are the kinds of event that end a firm or change its course, the gravest first.
func grave() []struct{ kind, what, several string } {
	return []struct{ kind, what, several string }{
		{"default", "a default", "defaults"},
		{"rescue", "a rescue", "rescues"},
		{"lapse", "the lapse of a tranche", "lapses of tranches"},
		{"round-failed", "a failed funding round", "failed funding rounds"},
		{"funding-stress", "a funding freeze", "funding freezes"},
		{"distress", "a firm short of cash", "times that a firm is short of cash"},
		{"ration", "a lab that turns customers away", "times that a lab turns customers away"},
	}
}

// leastGrave is the share of runs from which an event is worth a sentence.
const leastGrave = 0.05

// gravest says how likely the gravest kind of event is, and whom it befalls most often.
func (x *study) gravest() string {
	end := x.About.End.String()
	for _, g := range grave() {
		var some, whom record.Probability
		for _, p := range x.Probabilities {
			switch {
			case p.Kind != record.Happens || p.What != g.kind || p.Contract != "" || p.Date != end:
			case p.Firm == "":
				some = p
			case p.In > whom.In:
				whom = p
			}
		}
		if some.Share < leastGrave {
			continue
		}
		said := fmt.Sprintf("The gravest chance event is %s: some firm has one by %s in %s", g.what, x.About.End.Words(), chance(some))
		if whom.In > 0 {
			said += fmt.Sprintf(", %s most often, in %s", x.label(whom.Firm), percent(whom.Share)) + margin(whom.In, whom.Runs, whom.Interval != nil)
		}
		return said + "."
	}
	return x.gravestOfCentral()
}

// gravestOfCentral counts the gravest kind of event of the central run.
func (x *study) gravestOfCentral() string {
	for _, g := range grave() {
		n := 0
		for _, e := range x.events {
			if e.Kind == g.kind && e.Run == x.central() {
				n++
			}
		}
		if n == 1 {
			return fmt.Sprintf("The gravest event of the central run is %s.", g.what)
		}
		if n > 1 {
			return fmt.Sprintf("The gravest events of the central run are %d %s.", n, g.several)
		}
	}
	return "No firm comes into distress in the central run."
}

// central is the number of the run whose events are told.
func (x *study) central() int {
	if len(x.Runs) == 0 {
		return 0
	}
	return x.Runs[0].Run
}

// differencesSaid tells the two most telling differences from the first result, of two firms: what a clause does shows best
// where it is left out; then come firms that the question names, numbers that the scenario compares, and what is clear. A
// clear difference in how often a firm defaults weighs as much as one in such a number, one in what happens under a contract
// as much as one in any other.
func differencesSaid(all []*study, events []incidence) []string {
	type telling struct {
		subject, said string
		weight        float64
	}
	var list []telling
	first := all[0]
	base := func(x *study, firm string) float64 { // what a difference weighs by whose it is
		weight := 0.0
		if x.leavesOut(first) {
			weight += 16
		}
		if first.asks(first.label(firm)) {
			weight += 8
		}
		return weight
	}
	const ofCompared, ofClear = 4, 2
	for _, x := range all[1:] {
		if x.Against == nil {
			continue
		}
		for i, d := range slices.Concat(x.Against.Numbers, x.Against.Parties) {
			if d.Differ == 0 {
				continue
			}
			weight := base(x, firmOf(d.What)) + d.sureness() // at most 1
			if d.Clear {
				weight += ofClear
			}
			if i < len(x.Against.Numbers) {
				weight += ofCompared
			}
			list = append(list, telling{firmOf(d.What), x.difference(d, first), weight})
		}
	}
	for _, n := range events {
		if !n.clear {
			continue
		}
		weight := base(n.of, n.subject) + ofClear + n.sureness()
		if n.ofFirm {
			weight += ofCompared
		}
		list = append(list, telling{n.subject + " " + n.kind, n.said(first), weight})
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b telling) int { return cmp.Compare(b.weight, a.weight) })
	said := []string{list[0].said}
	for _, l := range list[1:] {
		if l.subject != list[0].subject {
			return append(said, l.said)
		}
	}
	return said
}

// leavesOut tells whether a result has no clause of the same key as one that the other has.
func (x *study) leavesOut(other *study) bool {
	return slices.ContainsFunc(other.Clauses, func(c Clause) bool {
		return !slices.ContainsFunc(x.Clauses, func(own Clause) bool { return own.Key == c.Key })
	})
}

// sureness is how far most runs agree on the sign.
func (d Difference) sureness() float64 {
	return max(float64(d.Higher), float64(d.Differ-d.Higher)) / float64(d.Differ)
}

// side tells in which direction most runs differ, and in what share of them.
func (x *study) side(d Difference) (way, often string) {
	way, so := "higher", d.Higher
	if 2*d.Higher < d.Differ {
		way, so = "lower", d.Differ-d.Higher
	}
	which := counted(d.Differ, "paired run")
	if d.Differ < d.Runs {
		which = fmt.Sprintf("the %s that differ", counted(d.Differ, "paired run"))
	}
	return way, fmt.Sprintf("%s of %s", percent(float64(so)/float64(d.Differ)), which) + margin(so, d.Differ, x.About.Sampled())
}

// difference says how a number differs from the first result.
func (x *study) difference(d Difference, first *study) string {
	way, often := x.side(d)
	what := x.words(d.What)
	switch {
	case d.Runs == 1:
		return fmt.Sprintf("With %s, %s is %s than in %s in the central run: %s against %s.", x.variant(), what, way, first.variant(), number(d.X, d.Unit), number(d.Y, d.Unit))
	case !d.Clear:
		return fmt.Sprintf("With %s there is no clear difference in %s: it is %s in %s, which chance alone may give.", x.variant(), what, way, often)
	case signed(d.By, 0, d.Unit) == nearZero || 1000*math.Abs(d.By) < max(math.Abs(d.X), math.Abs(d.Y)):
		return fmt.Sprintf("With %s, %s is %s than in %s in %s, by next to nothing in the median.", x.variant(), what, way, first.variant(), often)
	}
	of := ""
	if d.Y != 0 {
		of = fmt.Sprintf(" (of %s)", number(d.Y, d.Unit))
	}
	return fmt.Sprintf("With %s, %s is %s than in %s in %s, by %s in the median%s.", x.variant(), what, way, first.variant(), often,
		strings.TrimLeft(signed(d.By, 0, d.Unit), "+−"), of)
}

// short is how a result is called beside others of its scenario.
func (x *study) short() string { return cmp.Or(x.About.Variant, x.About.Scenario) }

// variant is the same in a sentence.
func (x *study) variant() string { return "“" + x.short() + "”" }
