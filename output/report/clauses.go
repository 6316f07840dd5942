package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"powerplay/sim/record"
)

// What the clause is called that the document speaks of, by why it does.
const (
	inQuestion = "The clause in question" // the results differ in it, or the title or the question names its kind
	ofParties  = "The clause of the firms in question that acted most"
	actedMost  = "The clause that acted most"
)

// Weights of a clause. Those of why it is chosen are above any number of events.
const (
	perParty   = 1 << 24 // a firm that the title or the question names
	whereNamed = 1 << 28
	whereApart = 1 << 29
)

// clauseInQuestion finds the clause that the document is about, and what to call it: one that the results do not have alike,
// else the one whose kind and parties the title and the question name, else the one under which most happened. It is -1
// where there is none.
func (x *study) clauseInQuestion(all []*study) (at int, called string) {
	best, most := -1, 0
	for i, c := range x.Clauses {
		if score := x.relevance(c, all); score > most {
			best, most = i, score
		}
	}
	switch {
	case most >= whereNamed:
		return best, inQuestion
	case most >= perParty:
		return best, ofParties
	}
	return best, actedMost
}

// relevance weighs a clause for clauseInQuestion.
func (x *study) relevance(c Clause, all []*study) int {
	score := min(len(x.under(c)), perParty-1)
	if x.namesKind(c.Kind) {
		score += whereNamed
	}
	for _, p := range c.Parties {
		if x.asks(x.label(p)) {
			score += perParty
		}
	}
	for _, other := range all[1:] {
		same := slices.ContainsFunc(other.Clauses, func(o Clause) bool { return o.Key == c.Key && slices.Equal(o.Terms, c.Terms) })
		if !same {
			return score + whereApart
		}
	}
	return score
}

// asks tells whether the title or the question speaks of something.
func (x *study) asks(what string) bool {
	return strings.Contains(x.asked(), strings.ToLower(what))
}

// asked is the title and the question.
func (x *study) asked() string { return strings.ToLower(x.About.Title + " " + x.About.Question) }

// namesKind tells whether the title or the question has all words of a kind, be it in the plural.
func (x *study) namesKind(kind string) bool {
	words := strings.FieldsFunc(x.asked(), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, part := range strings.Split(kind, "-") {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, part) }) {
			return false
		}
	}
	return true
}

// under are the events under a clause, but for the everyday ones.
func (x *study) under(c Clause) []record.Event {
	var all []record.Event
	for _, e := range x.events {
		if e.Contract == c.Key && !e.BeginsOrEnds() {
			all = append(all, e)
		}
	}
	return all
}

// title names a clause and its parties.
func (x *study) title(c Clause) string {
	text := record.Capital(strings.ReplaceAll(c.Kind, "-", " "))
	if len(c.Parties) > 0 {
		text += ": " + x.list(c.Parties)
	}
	return fmt.Sprintf("%s (%s)", text, c.Key)
}

// clauseText tells what the clause in question is and what it did.
func (x *study) clauseText(at int) []string {
	if at < 0 {
		return []string{"The scenario has no contract that acted."}
	}
	c := x.Clauses[at]
	said := []string{x.title(c) + ". " + record.Capital(strings.TrimSuffix(c.Doc, ".")) + "."}
	return append(said, x.deeds(c))
}

// deeds tells what was done under a clause: in how many of the kept runs, first in which, and how likely it is over all.
func (x *study) deeds(c Clause) string {
	under := x.under(c)
	if len(under) == 0 {
		return fmt.Sprintf("No event stands under it in the %s kept with their events.", counted(x.kept, "run"))
	}
	runs, central := map[int]bool{}, 0
	counts := map[string]int{}
	for _, e := range under {
		runs[e.Run] = true
		counts[e.Kind]++
		if e.Run == x.central() {
			central++
		}
	}
	kinds := make([]string, 0, len(counts))
	for k := range counts {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	for i, k := range kinds {
		kinds[i] = fmt.Sprintf("%s %d", k, counts[k])
	}
	said := fmt.Sprintf("It acted in %d of the %s kept with their events (%s), %s in the central run.", len(runs), counted(x.kept, "run"), strings.Join(kinds, ", "), times(central))
	if x.kept == 1 {
		said = fmt.Sprintf("It acted %s in the central run (%s).", times(central), strings.Join(kinds, ", "))
	}
	var likely []string
	for _, p := range x.Probabilities {
		if p.Kind == record.Happens && p.Contract == c.Key && p.Date == x.About.End.String() {
			likely = append(likely, fmt.Sprintf("%s in %s", p.Statement, chance(p)))
		}
	}
	if likely != nil {
		said += " Over all draws: " + strings.Join(likely, "; ") + "."
	}
	return said + fmt.Sprintf(" First: %s, run %d: %s", under[0].Month.Words(), under[0].Run, under[0].What)
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// comparing says that one result cannot tell what a clause changes, and which commands do: on the results beside it, else on
// new ones of the same draws.
func (x *study) comparing(at int) []Block {
	const cannot = "This report is on one result. What a clause changes shows only beside another result on the same draws. "
	switch {
	case x.Beside:
		return []Block{{Text: cannot + "Results of the same file, seed and runs lie beside this one; in its folder, this compares them:"}, {Code: "powerplay report .."}}
	case at < 0:
		return nil
	}
	runs := ""
	if x.drawn() > 1 {
		runs = fmt.Sprintf(" --runs %d", x.drawn())
	}
	return []Block{
		{Text: fmt.Sprintf("%sIn its folder, these make one without %s, and compare the two:", cannot, x.Clauses[at].Key)},
		{Code: fmt.Sprintf("powerplay compare scenario.yaml %s --seed %d%s --out compared\npowerplay report compared", x.Clauses[at].Without, x.About.Seed, runs)},
	}
}

// clauseBlocks tells the terms of the clause in question, and lists all clauses.
func (x *study) clauseBlocks(at int) []Block {
	var blocks []Block
	if at >= 0 {
		c := x.Clauses[at]
		t := &Table{Caption: "Its terms, as the scenario states them", Head: []string{"Term", "Value"}, Form: "wl"}
		for _, term := range c.Terms {
			t.Rows = append(t.Rows, []string{strings.ReplaceAll(term.Name, "_", " "), term.Text})
		}
		blocks = append(blocks, Block{Heading: x.title(c)}, Block{Text: record.Capital(strings.TrimSuffix(c.Doc, ".")) + "."}, Block{Text: x.deeds(c)}, Block{Table: t})
	}
	t := &Table{Caption: "Contracts, shocks and rules of the scenario", Head: []string{"Name", "Kind", "Parties", "Events in the central run"}, Form: "wwlr"}
	for _, c := range x.Clauses {
		t.Rows = append(t.Rows, []string{c.Key, strings.ReplaceAll(c.Kind, "-", " "), x.list(c.Parties), fmt.Sprint(x.acted[c.Key])})
	}
	if len(t.Rows) > 0 {
		blocks = append(blocks, Block{Table: t})
	}
	return blocks
}

// Bounds of what is told of events.
const (
	mostOfKind = 3  // of one kind
	mostEvents = 12 // in all
	mostWhy    = 4  // numbers behind one
)

// eventBlocks tells the gravest events of the central run and the largest of each kind, and what was done under the clause
// in question, if need be in the first kept run in which something was.
func (x *study) eventBlocks(at int) []Block {
	var told []record.Event
	add := func(events []record.Event, most int) {
		for _, e := range events {
			if most > 0 && len(told) < mostEvents && !slices.ContainsFunc(told, func(o record.Event) bool { return o.ID == e.ID }) {
				told = append(told, e)
				most--
			}
		}
	}
	if at >= 0 {
		if under := x.under(x.Clauses[at]); len(under) > 0 {
			run := under[0].Run
			add(slices.DeleteFunc(under, func(e record.Event) bool { return e.Run != run }), mostOfKind)
		}
	}
	for _, kind := range append(graveKinds(), "tranche", "match", "round", "take-or-pay") {
		var some []record.Event
		for _, e := range x.events {
			if e.Kind == kind && e.Run == x.central() {
				some = append(some, e)
			}
		}
		slices.SortStableFunc(some, func(a, b record.Event) int { return cmp.Compare(amount(b), amount(a)) })
		add(some, mostOfKind)
	}
	if len(told) == 0 {
		return []Block{{Text: "No event was kept with this result."}}
	}
	slices.SortStableFunc(told, func(a, b record.Event) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.ID, b.ID)) })
	t := &Table{Caption: "The gravest events, and the largest of each kind", Head: []string{"Date", "What happened", "On which numbers", "Event"}, Form: "wllw"}
	for _, e := range told {
		t.Rows = append(t.Rows, []string{e.Month.String(), e.What, reasons(e), e.ID})
	}
	text := "From the central run, in which every uncertain input stands at its median."
	if slices.ContainsFunc(told, func(e record.Event) bool { return e.Run != x.central() }) {
		text += " Where nothing happens in it under the clause in question, the first run in which something does speaks for it. The number before the colon is the run."
	}
	return []Block{{Text: text}, {Table: t}, {Text: "powerplay explain tells every other decision."}}
}

func graveKinds() []string {
	var kinds []string
	for _, g := range grave() {
		kinds = append(kinds, g.kind)
	}
	return kinds
}

// amount is the largest sum of money behind an event.
func amount(e record.Event) float64 {
	most := 0.0
	for _, r := range e.Why {
		if r.Unit == "USD" {
			most = max(most, r.Value)
		}
	}
	return most
}

// reasons writes the first numbers behind an event.
func reasons(e record.Event) string {
	var all []string
	for _, r := range e.Why[:min(len(e.Why), mostWhy)] {
		all = append(all, r.Name+" "+number(r.Value, r.Unit))
	}
	return strings.Join(all, " · ")
}
