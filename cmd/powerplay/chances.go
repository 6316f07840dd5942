package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// contest is a measure in which firms with a role are ranked.
type contest struct {
	measure measure.ID
	role    string
	duels   bool // who overtakes whom is counted too
}

// contests lists what every ensemble ranks, for probabilities and for titles that say who leads.
func contests() []contest {
	return []contest{
		{measure.MarketShare, "lab", true},
		{measure.CapacityEnergised, "cloud", true},
		{measure.ComputeRevenue, "cloud", false},
		{measure.RevenueRunRate, "lab", false},
	}
}

// mostContenders bounds the firms of a contest, because places and duels grow with their square: the first
// of the scenario.
const mostContenders = 20

// contest lists the columns of the firms that are ranked; what stands for all other firms competes with
// nobody.
func (j *job) contest(m measure.ID, role string) record.Contest {
	var c record.Contest
	for _, e := range j.about.Entities {
		if e.Has(role) && !record.IsRest(e.Key) && len(c.Columns) < mostContenders {
			c.Columns = append(c.Columns, j.find(e.Key, m))
		}
	}
	return c
}

// questions are what is counted over the runs. The extra ones are the conditions that the scenario expects,
// then those that it asks for.
func (j *job) questions() record.Questions {
	q := record.Questions{
		From: j.about.Start, To: j.about.End, Firsts: j.firsts(), Extra: len(j.study.Expect) + len(j.study.Ask), Central: !j.drawn,
	}
	for _, c := range contests() {
		contest := j.contest(c.measure, c.role)
		q.Contests = append(q.Contests, contest)
		if !c.duels {
			continue
		}
		for _, a := range contest.Columns {
			for _, b := range contest.Columns {
				if a != b {
					q.Leads = append(q.Leads, record.Lead{A: a, B: b})
				}
			}
		}
	}
	return q
}

// probabilities lists all that is counted over the draws.
func (r *result) probabilities() []record.Probability {
	var all []record.Probability
	c := r.chances
	add := func(p record.Probability, in int, at unit.Month) {
		p.Runs, p.In, p.Date = c.Runs(), in, at.String()
		if p.Runs > 0 {
			p.Share = float64(in) / float64(p.Runs)
		}
		if r.about.Sampled() {
			low, high := record.Wilson(in, p.Runs)
			p.Interval = &record.Interval{Low: low, High: high}
		}
		all = append(all, p)
	}
	condition := func(p record.Probability, of *scenarios.Compiled, in int) {
		at := r.lastMonth()
		p.When = "at"
		switch {
		case of.By != 0:
			p.When, at = "by", of.By
		case of.Happens != nil:
			p.When = "by"
		case of.At != 0:
			at = of.At
		}
		told := slices.ContainsFunc(all, func(o record.Probability) bool { return o.Statement == p.Statement })
		if at <= r.lastMonth() && !told {
			add(p, in, at)
		}
	}
	for i, q := range r.study.Ask {
		condition(record.Probability{Statement: q.Name, Kind: record.Asked}, &q.Compiled, c.Held(len(r.study.Expect)+i))
	}
	for i, e := range r.study.Expect {
		condition(record.Probability{Statement: e.That.Text, Kind: record.Expected}, &e.Compiled, c.Held(i))
	}
	for i, f := range c.Firsts {
		for _, t := range c.YearEnds() {
			add(record.Probability{
				Statement: r.happensText(f) + " by " + yearText(t),
				Kind:      record.Happens, Firm: f.Firm, What: f.Kind, Contract: f.Contract, Part: f.Part, When: "by",
			}, c.Happened(i, t), t)
		}
	}
	for i, l := range c.Leads {
		a, b := r.columns[l.A], r.columns[l.B]
		for _, t := range c.YearEnds() {
			add(record.Probability{
				Statement: r.said(a.Entity, fmt.Sprintf("overtakes %s in %s by %s", r.label(b.Entity), words(a.Metric), yearText(t))),
				Kind:      record.Overtakes, Firm: a.Entity, With: b.Entity, What: a.Metric, When: "by",
			}, c.Overtook(i, t), t)
		}
	}
	for k, contest := range c.Contests {
		for end, t := range c.YearEnds() {
			for i, col := range contest.Columns {
				for place := 1; place <= len(contest.Columns); place++ {
					firm, metric := r.columns[col].Entity, r.columns[col].Metric
					add(record.Probability{
						Statement: r.said(firm, fmt.Sprintf("is number %d in %s at the end of %s", place, words(metric), yearText(t))),
						Kind:      record.Placed, Firm: firm, What: metric, Place: place, When: "at",
					}, c.Placed(k, end, i, place), t)
				}
			}
		}
	}
	return all
}

// happens says what the kinds of event that are counted are, whomever they befall.
func happens() map[string]string {
	all := map[string]string{
		"distress": "some firm runs short of cash", "tranche": "some tranche is paid", "lapse": "some tranche or warrant lapses",
		"match": "some right is exercised", "ration": "some firm turns customers away", "funding-stress": "funding freezes",
	}
	for kind, deed := range record.Deeds() {
		all[kind] = "some firm " + deed
	}
	return all
}

// happensText says what a counted event is.
func (j *job) happensText(f record.First) string {
	switch {
	case f.Contract != "" && f.Part > 0:
		return fmt.Sprintf("%s %d of %s is paid", f.Kind, f.Part, f.Contract)
	case f.Contract != "":
		return f.Contract + " is exercised"
	case f.Firm != "":
		return j.said(f.Firm, record.Deeds()[f.Kind])
	}
	return happens()[f.Kind]
}

// said is a sentence about a firm: its name, then words that are written for one firm.
func (j *job) said(key, words string) string {
	name := j.label(key)
	return record.Agree(name+" "+words, name)
}

// label is a firm as it is printed.
func (j *job) label(key string) string { return labelOf(j.about.Entities, key) }

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// yearText writes a December as its year.
func yearText(t unit.Month) string {
	if t.YearEnd() {
		return strconv.Itoa(t.Year())
	}
	return t.String()
}

// mostTelling is how many probabilities stand on the screen.
const mostTelling = 5

// telling chooses what stands on the screen: what the scenario asks for; then, in the last month, who is most
// likely to have overtaken the firm that opens as the first in market share, and who is most likely to be the
// first in market share and in capacity.
func (r *result) telling() []record.Probability {
	var asked, rest []record.Probability
	end := r.lastMonth().String()
	likeliest := func(of func(p record.Probability) bool) (best record.Probability, ok bool) {
		some := slices.DeleteFunc(slices.Clone(r.likely), func(p record.Probability) bool { return !of(p) })
		if len(some) == 0 {
			return best, false
		}
		best = slices.MaxFunc(some, func(a, b record.Probability) int { return cmp.Compare(a.In, b.In) })
		return best, best.In > 0
	}
	for _, p := range r.likely {
		if p.Kind == record.Asked {
			asked = append(asked, p)
		}
	}
	share, capacity := measure.MarketShare.Def().Name, measure.CapacityEnergised.Def().Name
	opening := ""
	if ends := r.chances.YearEnds(); len(ends) > 0 {
		first, ok := likeliest(func(p record.Probability) bool {
			return p.Kind == record.Placed && p.Place == 1 && p.What == share && p.Date == ends[0].String()
		})
		if ok {
			opening = first.Firm
		}
	}
	for _, of := range []func(p record.Probability) bool{
		func(p record.Probability) bool {
			return p.Kind == record.Overtakes && p.What == share && p.With == opening && p.Date == end
		},
		func(p record.Probability) bool {
			return p.Kind == record.Placed && p.Place == 1 && p.What == share && p.Date == end
		},
		func(p record.Probability) bool {
			return p.Kind == record.Placed && p.Place == 1 && p.What == capacity && p.Date == end
		},
	} {
		if p, ok := likeliest(of); ok {
			rest = append(rest, p)
		}
	}
	all := slices.Concat(asked, rest)
	return all[:min(len(all), max(mostTelling, len(asked)))]
}

// shareText tells how likely something is.
func shareText(p record.Probability) string {
	text := fmt.Sprintf("%.0f%% of runs", 100*p.Share)
	if p.Interval != nil {
		text += fmt.Sprintf(" (±%s)", plot.Points(plot.Margin(p.In, p.Runs)))
	}
	return text
}
