package chart

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

// missingBelow is a value above zero, or NaN.
func missingBelow(v float64) float64 {
	if v > 0 {
		return v
	}
	return math.NaN()
}

// contractTerms shows when exclusivities, rights of first refusal and the windows of tranches hold in the central run, and
// what becomes of them.
func contractTerms(d *Data, w plot.Words) (*plot.Figure, error) {
	var asked []plot.Term // of the tranches that the scenario asks about
	var about string
	l := plot.Timeline{Start: d.About.Start, End: d.About.End}
	for _, c := range d.inQuestionFirst() { // a chart of too many leaves out the last
		until := c.Until
		if until == 0 {
			until = d.About.End + 1
		}
		if until < l.Start || c.Signed > l.End {
			continue
		}
		switch c.Kind {
		case "exclusivity", "first-refusal":
			l.Terms = append(l.Terms, d.right(c, until))
		case "milestone-funding":
			tranches := d.tranches(c)
			l.Terms = append(l.Terms, tranches...)
			if d.asks(c) && len(tranches) > 1 && asked == nil {
				asked, about = tranches, fmt.Sprintf("%d tranches of %s for %s", len(tranches), d.label(c.From), d.label(c.To))
			}
		}
	}
	if len(l.Terms) == 0 {
		return nil, plot.ErrNoData
	}
	terms, noun := l.Terms, fmt.Sprintf("%d contract terms", len(l.Terms))
	if len(asked) > 0 {
		terms, noun = asked, about
	}
	d.head(&w, termsTitle(terms, noun),
		"Exclusivities, rights of first refusal and windows in which milestones earn tranches, without warrants and rounds paid in parts")
	return l.Figure(w)
}

// inQuestionFirst lists the contracts: those whose parties the scenario's title and question name, then those signed after
// its start, which it adds to its base, then those of the opening state.
func (d *Data) inQuestionFirst() []record.Contract {
	place := func(c record.Contract) int {
		switch {
		case d.asks(c):
			return 0
		case c.Signed > d.About.Start:
			return 1
		}
		return 2
	}
	return slices.SortedStableFunc(slices.Values(d.About.Contracts), func(a, b record.Contract) int { return cmp.Compare(place(a), place(b)) })
}

// asks tells whether the scenario's title and question name both parties of a contract.
func (d *Data) asks(c record.Contract) bool {
	return c.To != "" && d.names(c.From) && d.names(c.To)
}

// names tells whether the scenario's title and question name a firm.
func (d *Data) names(firm string) bool {
	return strings.Contains(strings.ToLower(d.About.Title+" "+d.About.Question), strings.ToLower(d.label(firm)))
}

// termsTitle says what becomes of the terms, which all names: "Of 5 contract terms 2 are exercised and 3 lapse".
func termsTitle(terms []plot.Term, all string) string {
	count := map[plot.TermState]int{}
	for _, t := range terms {
		count[t.State]++
	}
	used := "exercised"
	if !slices.ContainsFunc(terms, func(t plot.Term) bool { return t.Group != tranchesGroup }) {
		used = "paid"
	}
	var parts []string
	for _, x := range []struct {
		state     plot.TermState
		one, many string
	}{
		{plot.InForce, "binds", "bind"}, {plot.Exercised, "is " + used, "are " + used}, {plot.Lapsed, "lapses", "lapse"}, {plot.StillOpen, "stays open", "stay open"},
	} {
		switch k := count[x.state]; {
		case k == 1 && len(terms) == 1 && x.state == plot.Lapsed:
			return terms[0].Group + " of " + terms[0].Label + " lapses unused"
		case k == 1 && len(terms) == 1:
			return terms[0].Group + " of " + terms[0].Label + " " + x.one
		case k == 1:
			parts = append(parts, "1 "+x.one)
		case k > 1:
			parts = append(parts, fmt.Sprintf("%d %s", k, x.many))
		}
	}
	list := strings.Join(parts[:len(parts)-1], ", ")
	if list != "" {
		list += " and "
	}
	return fmt.Sprintf("Of %s %s", all, list+parts[len(parts)-1])
}

// right is an exclusivity or a right of first refusal.
func (d *Data) right(c record.Contract, until unit.Month) plot.Term {
	t := plot.Term{
		Key: c.Key, Label: d.label(c.To) + " over " + d.label(c.From), Group: kindText(c.Kind), From: c.Signed, To: until, State: plot.StillOpen,
	}
	if c.Kind == "exclusivity" {
		t.State = plot.InForce
	}
	for _, e := range d.Events {
		if e.Contract != c.Key {
			continue
		}
		switch e.Kind {
		case "match", "partial-match":
			t.State = plot.Exercised
			t.Marks = append(t.Marks, plot.Event{Month: e.Month, Words: "offer matched"})
		case "end", "buy-out":
			t.To = max(t.From, min(t.To, e.Month))
		}
	}
	if t.State == plot.StillOpen && t.To < d.About.End {
		t.State = plot.Lapsed
	}
	return t
}

// tranchesGroup is under what tranches stand in a chart of terms.
const tranchesGroup = "Tranches"

// tranches are the windows in which a contract's tranches can be earned.
func (d *Data) tranches(c record.Contract) []plot.Term {
	paidIn := func(i int) unit.Month { return d.first(record.First{Kind: "tranche", Contract: c.Key, Part: i + 1}) }
	none := true
	for i := range c.Tranches {
		none = none && paidIn(i) == record.Never
	}
	if none && endsBefore(c) {
		return []plot.Term{{
			Key: c.Key, Label: fmt.Sprintf("%s–%s, all %d", d.label(c.From), d.label(c.To), len(c.Tranches)),
			Group: tranchesGroup, From: c.Signed, To: c.Until, State: plot.Lapsed,
		}}
	}
	var all []plot.Term
	for i, by := range c.Tranches {
		t := plot.Term{
			Key: fmt.Sprintf("%s-%d", c.Key, i+1), Label: d.trancheText(c, i+1),
			Group: tranchesGroup, From: c.Signed, To: max(c.Signed, by), State: plot.Lapsed,
		}
		if t.To < d.About.Start {
			continue
		}
		if t.To > d.About.End {
			t.State = plot.StillOpen
		}
		if paid := paidIn(i); paid != record.Never {
			t.State = plot.Exercised
			t.Marks = []plot.Event{{Month: paid, Words: "tranche paid"}}
			t.To = max(t.To, paid)
		}
		all = append(all, t)
	}
	return all
}

// endsBefore tells of a contract, such as a letter that another replaces, that it ends before any of its tranches is due.
func endsBefore(c record.Contract) bool {
	return c.Until != 0 && len(c.Tranches) > 1 && c.Until < slices.Min(c.Tranches)
}

// trancheText names a tranche, short enough to be printed in full.
func (d *Data) trancheText(c record.Contract, part int) string {
	return fmt.Sprintf("%s–%s tranche %d", d.label(c.From), d.label(c.To), part)
}

// first is the month of the first event of a kind in the central run.
func (d *Data) first(f record.First) unit.Month {
	if d.Table != nil && len(d.Table.Rows) > 0 {
		if i := slices.Index(d.Table.Firsts, f); i >= 0 {
			return d.Table.Rows[0].Firsts[i]
		}
	}
	return record.Never
}

// kindText writes the kind of a contract as it is printed.
func kindText(kind string) string {
	return record.Capital(strings.ReplaceAll(kind, "-", " "))
}

// rightText names a right in a sentence: "right of first refusal".
func rightText(kind string) string {
	if kind == "first-refusal" {
		return "right of first refusal"
	}
	return strings.ReplaceAll(kind, "-", " ")
}

// rightsUsed shows in what part of the runs each tranche is paid and each right of first refusal exercised by the end.
func rightsUsed(d *Data, w plot.Words) (*plot.Figure, error) {
	b := plot.Bars{N: d.Summary.Runs, Chosen: !d.About.Sampled(), Focus: d.Focus}
	told, asked := map[string]string{}, map[string]bool{} // what happens, and whether the scenario asks about it, by key of its bar
	for _, p := range d.Probabilities {
		if p.Kind != record.Happens || p.Contract == "" || p.Date != d.About.End.String() {
			continue
		}
		c := slices.IndexFunc(d.About.Contracts, func(c record.Contract) bool { return c.Key == p.Contract })
		if c < 0 {
			continue
		}
		x := d.About.Contracts[c]
		if p.In == 0 && endsBefore(x) {
			continue
		}
		o := plot.Outcome{Key: fmt.Sprintf("%s-%d", p.Contract, p.Part), Label: d.label(x.To) + " over " + d.label(x.From), Count: p.In}
		asked[o.Key] = d.asks(x)
		told[o.Key] = fmt.Sprintf("%s %s over %s is exercised", record.Possessive(d.label(x.To)), rightText(x.Kind), d.label(x.From))
		if p.Part > 0 {
			o.Label = d.trancheText(x, p.Part)
			told[o.Key] = o.Label + " is paid"
		}
		b.Bars = append(b.Bars, o)
	}
	if len(b.Bars) == 0 {
		return nil, plot.ErrNoData
	}
	more := keepLikeliest(&b)
	likeliest := b.Bars[max(0, slices.IndexFunc(b.Bars, func(o plot.Outcome) bool { return asked[o.Key] }))]
	b.Focus = cmp.Or(b.Focus, likeliest.Key)
	w.Title = plot.ShareTitle(fmt.Sprintf("%s by %d", told[likeliest.Key], d.About.End.Year()), "", likeliest.Count, b.N)
	w.Subtitle = "Share of runs in which tranches are paid and rights of first refusal exercised at least once, " + d.period() + "." + more
	return b.Figure(w)
}

// leaders shows in what part of the runs each lab is the first in market share in the last month.
func leaders(d *Data, w plot.Words) (*plot.Figure, error) {
	b := plot.Bars{N: d.Summary.Runs, Chosen: !d.About.Sampled(), Focus: d.Focus}
	for _, e := range d.About.Entities {
		if n := d.leads(e.Key, measure.MarketShare); n > 0 {
			b.Bars = append(b.Bars, plot.Outcome{Key: e.Key, Label: e.Label, Color: d.colorOf(e), Count: n})
		}
	}
	more := keepLikeliest(&b)
	w.Title = plot.LikeliestTitle(fmt.Sprintf("leads the market for AI models in %d", d.About.End.Year()), b.Bars, b.N)
	w.Subtitle = "Share of runs in which a lab has the largest share of spend on AI models in " + d.About.End.Words() + "." + more
	return b.Figure(w)
}

// mostBars is how many outcomes a bar chart takes.
const mostBars = 12

// keepLikeliest leaves as many bars as a chart takes, the likeliest first, and says how many others there are.
func keepLikeliest(b *plot.Bars) (more string) {
	slices.SortStableFunc(b.Bars, func(x, y plot.Outcome) int { return cmp.Compare(y.Count, x.Count) })
	if less := len(b.Bars) - mostBars; less > 0 {
		b.Bars, more = b.Bars[:mostBars], fmt.Sprintf(" Not drawn: the %d least likely.", less)
	}
	return more
}
