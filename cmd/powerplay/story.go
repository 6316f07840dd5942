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
	asked   bool                    // told only under a contract that the scenario asks about
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
		{kind: "sign", gravity: 4, asked: true},
		{kind: "end", gravity: 4, asked: true},
		{kind: "decline", gravity: 3, asked: true},
		{kind: "barred", gravity: 6},
		{kind: "settlement", gravity: 6},
		{kind: "match", gravity: 7, numbers: []string{"offered rent", "worth of the lot"}},
		{kind: "partial-match", gravity: 6, numbers: []string{"offered rent", "worth of the lot"}},
		{kind: "round", gravity: 7, size: "raised"},
		{kind: "tranche", gravity: 7, size: "amount"},
		{kind: "round-failed", gravity: 6, size: "wanted", numbers: []string{"wanted"}},
		{kind: "release", gravity: 5, size: "gain", only: atFrontier, tail: " and takes the lead", numbers: []string{"capability"}},
		{kind: "funding-regime", gravity: 5},
		{kind: "distress", gravity: 5, size: "burn a month", numbers: []string{"cash", "burn a month"}},
		{kind: "take-or-pay", gravity: 5, size: "amount"},
		{kind: "lapse", gravity: 5, size: "amount"},
		{kind: "option-lapse", gravity: 5, size: "not called"},
		{kind: "lease-exit", gravity: 5, size: "signed beyond its need"},
		{kind: "backstop-spent", gravity: 5},
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
	storyLines  = 30  // sentences on a page, beside its heading and its end
	storyAlike  = 2   // sentences about one kind of event in a year
	storyKind   = 5   // sentences about one kind of event in all
	inQuestion  = 2   // as much more weighs what happens under a contract that the scenario asks about
	unnamed     = 0.5 // as much less weighs what firms without a name do
	overtaking  = "overtaking"
	firstPower  = "first-power"
	newPower    = 5    // gravity of the first capacity of an owner, and of the first to have so much
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
	place      int // among all that could be told
}

// tellStory tells a run on a page, year by year.
func tellStory(ctx context.Context, s *streams, r *output.Result, o explainOptions) error {
	h, err := o.history(ctx, r, r.About.End)
	if err != nil {
		return err
	}
	best := h.best(measure.Capability, r.About.Entities)
	story := chosen(slices.Concat(tellings(h.events, r.About, best), h.overtakings(r.About.Entities), h.firstPower(r.About.Entities)))
	if o.json {
		return printJSON(s.out, story)
	}
	fmt.Fprintf(s.out, "%s, %s, %v to %v: what mattered most, each with its id\n", r.About.Scenario, runText(h.run.Run), r.About.Start, r.About.End)
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
//
// twice that under a contract that the scenario asks about, half for firms without a name. Of releases only those are told
// by which the lead goes to another lab than best, which has it when the run begins.
func tellings(events []record.Event, about record.About, best string) []telling {
	rules, largest := weights(), map[string]float64{}
	asked, used := askedContracts(about), map[string]bool{} // contracts; used: rights that were exercised so far
	ruleOf := func(e record.Event) (weight, bool) {
		i := slices.IndexFunc(rules, func(w weight) bool { return w.kind == e.Kind })
		if i < 0 || rules[i].only != nil && !rules[i].only(e) || rules[i].asked && asked[e.Contract] == "" {
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
		if !ok || e.Kind == "release" && e.Firm == best {
			continue
		}
		switch kind := asked[e.Contract]; {
		case e.Kind == "release":
			best = e.Firm
		case e.Kind == "match" || e.Kind == "partial-match":
			used[e.Contract] = true
		case e.Kind == "end" && kind == "first-refusal" && !used[e.Contract]:
			w.tail = "; the right was never exercised"
		}
		if asked[e.Contract] != "" {
			w.gravity *= inQuestion
		}
		if record.IsRest(e.Firm) {
			w.gravity *= unnamed
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

// askedContracts are the kinds, by key, of the contracts whose parties the scenario's title and question both name.
func askedContracts(about record.About) map[string]string {
	asked, text := map[string]string{}, strings.ToLower(about.Title+" "+about.Question)
	named := func(firm string) bool {
		return firm != "" && strings.Contains(text, strings.ToLower(labelOf(about.Entities, firm)))
	}
	for _, c := range about.Contracts {
		if named(c.From) && named(c.To) {
			asked[c.Key] = c.Kind
		}
	}
	return asked
}

// best is the firm that leads in a measure when the run begins.
func (h *history) best(m measure.ID, entities []record.Entity) string {
	firm, most := "", 0.0
	for _, i := range h.of(m, entities, "lab") {
		if v := h.at(i, h.run.Months[0]); v > most {
			firm, most = h.Columns[i].Entity, v
		}
	}
	return firm
}

// firstPower are the months in which an owner that began without has its first capacity in service, and in which one is the
// first to have 1, 2, 5, 10 GW and so on.
func (h *history) firstPower(entities []record.Entity) []telling {
	var all []telling
	tell := func(column int, t unit.Month, words string, weight float64) {
		c := h.Columns[column]
		all = append(all, telling{
			Date: t.String(), ID: fmt.Sprintf("%s @ %v", c.Name(), t), Weight: weight, kind: firstPower, firm: c.Entity,
			Text: record.Agree(labelOf(entities, c.Entity)+" "+words, labelOf(entities, c.Entity)),
		})
	}
	columns, reached := h.of(measure.CapacityEnergised, entities, "cloud"), 0.0
	for k, t := range h.run.Months {
		for _, i := range columns {
			switch v := h.at(i, t); {
			case k > 0 && v > 0 && h.at(i, t-1) == 0 && h.at(i, h.run.Months[0]) == 0 && !slices.ContainsFunc(all, func(x telling) bool { return x.firm == h.Columns[i].Entity }):
				tell(i, t, "has its first capacity in service, "+figure(v, unit.DimMW), newPower)
			case k > 0 && roundBelow(v) > reached:
				tell(i, t, "is the first owner with "+figure(roundBelow(v), unit.DimMW)+" in service", newPower)
			}
			reached = max(reached, roundBelow(h.at(i, t)))
		}
	}
	return all
}

// roundBelow is the largest of 1, 2 and 5 × 10ⁿ GW, n ≥ 0, that is not above a capacity in MW; 0 below 1 GW.
func roundBelow(mw float64) float64 {
	best := 0.0
	for power := 1000.0; power <= mw; power *= 10 {
		for _, digit := range []float64{1, 2, 5} {
			if digit*power <= mw {
				best = digit * power
			}
		}
	}
	return best
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
// most two about a kind, of which there are five in all; in the order in which things happened.
func chosen(all []telling) []telling {
	var page []telling
	for i := range all {
		all[i].place = i
	}
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
		if alike[x.kind] == storyKind {
			continue
		}
		if len(page) == storyLines || years[year] >= max(1, storyLines/len(years)) || alike[kind] == storyAlike || told[who] {
			continue
		}
		years[year]++
		alike[kind]++
		alike[x.kind]++
		told[who] = true
		page = append(page, x)
	}
	slices.SortFunc(page, func(a, b telling) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.place, b.place)) })
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
