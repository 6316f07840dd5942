package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// weight says how much a kind of event matters in a story: as much as gravity says where it is the largest of its kind in the
// run, and half of that where it is of no size.
type weight struct {
	kind    string
	gravity float64
	size    string                  // the reason that says how large it is; empty: all are alike
	only    func(record.Event) bool // nil: all of the kind
	tail    string                  // what is added to its words
	numbers []string                // reasons that are added to them
}

// weights lists what stories tell.
func weights() []weight {
	atFrontier := func(e record.Event) bool {
		c, ok := reasonOf(e, "capability")
		f, known := reasonOf(e, "frontier")
		return ok && known && c.Value >= f.Value
	}
	return []weight{
		{kind: "default", gravity: 10, numbers: []string{"overdue", "debt", "owed", "lost by lenders"}},
		{kind: "take-over", gravity: 9, size: "debt turned into shares", numbers: []string{"debt turned into shares"}},
		{kind: "rescue", gravity: 9, size: "price", numbers: []string{"overdue", "price"}},
		{kind: "shock", gravity: 8, numbers: []string{"factor", "given up", "lasts"}},
		{kind: "open-weights", gravity: 8, numbers: []string{"capability", "best on sale"}},
		{kind: "outage", gravity: 8, size: "out of service"},
		{kind: "ban", gravity: 8, size: "spent with it by the segment", numbers: []string{"part of the segment"}},
		{kind: "export-rule", gravity: 8, numbers: []string{"levy", "quota a year"}},
		{kind: "blocked", gravity: 7, size: "amount"},
		{kind: "remedy", gravity: 7},
		{kind: "breach", gravity: 7, size: "shadow price", numbers: []string{"shadow price"}},
		{kind: "exit", gravity: 7, size: "given up if it leaves", numbers: []string{"given up if it leaves"}},
		{kind: "buy-out", gravity: 7, size: "price", numbers: []string{"price"}},
		{kind: "guarantee-called", gravity: 7, size: "loss"},
		{kind: "match", gravity: 7, numbers: []string{"offered rent", "worth of the lot"}},
		{kind: "partial-match", gravity: 6, numbers: []string{"offered rent", "worth of the lot"}},
		{kind: "round", gravity: 7, size: "raised"},
		{kind: "tranche", gravity: 7, size: "amount"},
		{kind: "round-failed", gravity: 6, size: "wanted", numbers: []string{"wanted"}},
		{kind: "release", gravity: 5, size: "gain", only: atFrontier, tail: ", the best of all", numbers: []string{"capability"}},
		{kind: "funding-regime", gravity: 5},
		{kind: "distress", gravity: 5, size: "burn a month", numbers: []string{"cash", "burn a month"}},
		{kind: "lapse", gravity: 4, size: "amount"},
		{kind: "ration", gravity: 4, size: "needed", numbers: []string{"paid spend turned away"}},
		{kind: "lot", gravity: 4, size: "size", numbers: []string{"rent"}},
		{kind: "placed-commitment", gravity: 4, size: "size", numbers: []string{"rent"}},
		{kind: "pull-back", gravity: 4, size: "of lots"},
		{kind: "vest", gravity: 4, size: "worth", numbers: []string{"worth"}},
		{kind: "project-debt", gravity: 3, size: "debt"},
		{kind: "loan", gravity: 3, size: "amount agreed"},
	}
}

const (
	storyLines  = 30 // sentences on a page, beside its heading and its end
	storyAlike  = 2  // sentences about one kind of event in a year
	overtaking  = "overtaking"
	firstPlace  = 8    // gravity of overtaking the first
	otherPlace  = 5    // of overtaking another of the first three
	clearlyOver = 0.01 // by so much of the market one firm must lead to be ahead of another
)

// telling is a line of a story.
type telling struct {
	Date   string  `json:"date"`
	Text   string  `json:"text"`
	ID     string  `json:"id"` // of the event, or else the number, as explain takes it
	Weight float64 `json:"weight"`

	kind, firm string
}

// tellStory tells a run on a page, year by year.
func tellStory(ctx context.Context, s *streams, r *output.Result, o explainOptions) error {
	h, err := o.history(ctx, r, r.About.End)
	if err != nil {
		return err
	}
	story := chosen(slices.Concat(tellings(h.events), h.overtakings(r.About.Entities)))
	if o.json {
		return printJSON(s.out, story)
	}
	fmt.Fprintf(s.out, "%s, %s, %v to %v: its gravest and largest events, each with its id\n", r.About.Scenario, runText(h.run.Run), r.About.Start, r.About.End)
	year := ""
	for _, x := range story {
		head := x.Date[:4]
		if head == year {
			head = "    "
		} else {
			year = head
		}
		fmt.Fprintf(s.out, "%s  %s [%s]\n", head, x.Text, x.ID)
	}
	fmt.Fprintln(s.out, h.standing(r.About.Entities))
	return nil
}

// tellings are sentences of the events that stories tell, with their weight:
//
//	weight = gravity · (1 + size / largest of the kind in the run) / 2
func tellings(events []record.Event) []telling {
	rules, largest := weights(), map[string]float64{}
	ruleOf := func(e record.Event) (weight, bool) {
		i := slices.IndexFunc(rules, func(w weight) bool { return w.kind == e.Kind })
		if i < 0 || rules[i].only != nil && !rules[i].only(e) {
			return weight{}, false
		}
		return rules[i], true
	}
	for _, e := range events {
		if w, ok := ruleOf(e); ok {
			r, _ := reasonOf(e, w.size)
			largest[e.Kind] = max(largest[e.Kind], r.Value)
		}
	}
	var all []telling
	for _, e := range events {
		w, ok := ruleOf(e)
		if !ok {
			continue
		}
		part := 1.0
		if most := largest[e.Kind]; most > 0 {
			r, _ := reasonOf(e, w.size)
			part = r.Value / most
		}
		all = append(all, telling{Date: e.Date, Text: w.words(e), ID: e.ID, Weight: w.gravity * (1 + part) / 2, kind: e.Kind, firm: e.Firm})
	}
	return all
}

// words are those of an event, with the numbers that the rule adds and the contract under which it happened.
func (w weight) words(e record.Event) string {
	text := strings.TrimSuffix(e.What, ".") + w.tail
	var numbers []string
	for _, name := range w.numbers {
		if r, ok := reasonOf(e, name); ok {
			numbers = append(numbers, name+" "+figure(r.Value, r.Unit))
		}
	}
	if len(numbers) > 0 {
		text += " (" + strings.Join(numbers, ", ") + ")"
	}
	if e.Contract != "" && e.Contract != "signed-in-run" && !strings.Contains(text, e.Contract) {
		text += " under " + e.Contract
	}
	return text
}

// overtakings are the months in which one of the three largest labs passes another in market share, and stays ahead until
// it leads clearly. What could have moved the first stands with it.
func (h *history) overtakings(entities []record.Entity) []telling {
	var all []telling
	ahead := map[[2]int]int{} // by pair of columns: 1 while the first leads, -1 while the second does
	columns := h.of(measure.MarketShare, entities, "lab")
	for _, t := range h.run.Months {
		for i, a := range columns {
			for _, b := range columns[i+1:] {
				x, y, pair := h.at(a, t), h.at(b, t), [2]int{a, b}
				lead := 0
				switch {
				case x-y > clearlyOver:
					lead = 1
				case y-x > clearlyOver:
					lead = -1
				}
				if lead == 0 || lead == ahead[pair] {
					continue
				}
				was := ahead[pair]
				ahead[pair] = lead
				first, second := a, b
				if lead < 0 {
					first, second = b, a
				}
				if place := h.place(first, columns, t); was != 0 && place <= 2 {
					all = append(all, h.overtaking(first, second, place, t, entities))
				}
			}
		}
	}
	return all
}

// overtaking tells that a lab has passed another.
func (h *history) overtaking(first, second, place int, t unit.Month, entities []record.Entity) telling {
	c := h.Columns[first]
	x := telling{Date: t.String(), ID: fmt.Sprintf("%s @ %v", c.Name(), t), Weight: otherPlace, kind: overtaking, firm: c.Entity}
	if place == 1 {
		x.Weight = firstPlace
	}
	name := labelOf(entities, c.Entity)
	x.Text = record.Agree(fmt.Sprintf("%s overtakes %s in market share, %s to %s", name, labelOf(entities, h.Columns[second].Entity), figure(h.at(first, t), c.Unit), figure(h.at(second, t), c.Unit)), name)
	for _, m := range movers(h.events, c, t) {
		if m.Firm == c.Entity {
			x.Text, x.ID = x.Text+", after this: "+strings.TrimSuffix(m.What, "."), m.ID
			break
		}
	}
	return x
}

// of are the columns of a measure of the named firms with a role.
func (h *history) of(m measure.ID, entities []record.Entity, role string) []int {
	var columns []int
	for _, e := range entities {
		if i, ok := h.Find(e.Key, m.Def().Name, ""); ok && e.Has(role) && !record.IsRest(e.Key) {
			columns = append(columns, i)
		}
	}
	return columns
}

// place is that of a column among others in a month: 1 is the largest.
func (h *history) place(column int, among []int, t unit.Month) int {
	place := 1
	for _, i := range among {
		if h.at(i, t) > h.at(column, t) {
			place++
		}
	}
	return place
}

// chosen is the page: each year has as many lines, those of the largest weight, one about a kind of event of a firm and at
// most two about a kind, in the order in which things happened.
func chosen(all []telling) []telling {
	var page []telling
	slices.SortStableFunc(all, func(a, b telling) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Date, b.Date))
	})
	years := map[string]int{}
	for _, x := range all {
		years[x.Date[:4]] = 0
	}
	alike, told := map[string]int{}, map[string]bool{}
	for _, x := range all {
		year := x.Date[:4]
		kind, who := year+x.kind, year+x.kind+" "+x.firm
		if len(page) == storyLines || years[year] >= max(1, storyLines/len(years)) || alike[kind] == storyAlike || told[who] {
			continue
		}
		years[year]++
		alike[kind]++
		told[who] = true
		page = append(page, x)
	}
	slices.SortStableFunc(page, func(a, b telling) int { return cmp.Compare(a.Date, b.Date) })
	return page
}

// standing says where firms stand at the end.
func (h *history) standing(entities []record.Entity) string {
	end := h.run.Months[len(h.run.Months)-1]
	var parts []string
	for _, q := range []struct {
		measure measure.ID
		role    string
		words   string
	}{
		{measure.MarketShare, "lab", "of what customers pay for models"}, {measure.CapacityEnergised, "cloud", "of capacity in service"}, {measure.CapitalRaised, "lab", "of equity received"},
	} {
		columns := h.of(q.measure, entities, q.role)
		slices.SortStableFunc(columns, func(a, b int) int { return cmp.Compare(h.at(b, end), h.at(a, end)) })
		var firms []string
		for _, i := range columns[:min(3, len(columns))] {
			firms = append(firms, labelOf(entities, h.Columns[i].Entity)+" "+figure(h.at(i, end), h.Columns[i].Unit))
		}
		parts = append(parts, q.words+" "+strings.Join(firms, ", "))
	}
	return fmt.Sprintf("At the end, in %v, the first three have %s.", end, strings.Join(parts, "; "))
}
