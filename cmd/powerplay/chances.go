package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"powerplay/output"
	"powerplay/output/plot"
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
		if hasRole(e.Roles, role) && !isRest(e.Key) && len(c.Columns) < mostContenders {
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

// probability is the share of runs in which something is so.
type probability struct {
	Statement string  `json:"statement"` // in plain words, unique
	Kind      string  `json:"kind"`      // asked, event, overtakes, place
	Firm      string  `json:"firm,omitempty"`
	With      string  `json:"with,omitempty"`  // the firm overtaken
	What      string  `json:"what,omitempty"`  // the kind of event, or the measure
	Place     int     `json:"place,omitempty"` // 1 for the first
	When      string  `json:"when"`            // by: at any time up to date; at: at the close of date
	Date      string  `json:"date"`            // a month
	Runs      int     `json:"runs"`            // drawn
	In        int     `json:"in"`              // runs in which it is so
	Share     float64 `json:"share"`           // In / Runs
	Low       float64 `json:"low"`             // 95 % interval
	High      float64 `json:"high"`
}

// Kinds of probability, in the order of the table.
const (
	probAsked     = "asked"
	probEvent     = "event"
	probOvertakes = "overtakes"
	probPlace     = "place"
)

// probabilities lists all that is counted over the draws.
func (r *result) probabilities() []probability {
	var all []probability
	c := r.chances
	add := func(p probability, in int, at unit.Month) {
		p.Runs, p.In, p.Date = c.Runs(), in, at.String()
		if p.Runs > 0 {
			p.Share = float64(in) / float64(p.Runs)
		}
		p.Low, p.High = record.Wilson(in, p.Runs)
		all = append(all, p)
	}
	for i, q := range r.study.Ask {
		p, at := probability{Statement: q.Name, Kind: probAsked, When: "at"}, r.lastMonth()
		switch {
		case q.Compiled.By != 0:
			p.When, at = "by", q.Compiled.By
		case q.Compiled.At != 0:
			at = q.Compiled.At
		}
		if at <= r.lastMonth() {
			add(p, c.Held(len(r.study.Expect)+i), at)
		}
	}
	for i, f := range c.Firsts {
		for _, t := range c.YearEnds() {
			who := "some firm"
			if f.Firm != "" {
				who = r.label(f.Firm)
			}
			add(probability{
				Statement: fmt.Sprintf("%s has a %s by %s", who, strings.ReplaceAll(f.Kind, "-", " "), yearText(t)),
				Kind:      probEvent, Firm: f.Firm, What: f.Kind, When: "by",
			}, c.Happened(i, t), t)
		}
	}
	for i, l := range c.Leads {
		a, b := r.columns[l.A], r.columns[l.B]
		for _, t := range c.YearEnds() {
			add(probability{
				Statement: fmt.Sprintf("%s overtakes %s in %s by %s", r.label(a.Entity), r.label(b.Entity), words(a.Metric), yearText(t)),
				Kind:      probOvertakes, Firm: a.Entity, With: b.Entity, What: a.Metric, When: "by",
			}, c.Overtook(i, t), t)
		}
	}
	for k, contest := range c.Contests {
		for end, t := range c.YearEnds() {
			for i, col := range contest.Columns {
				for place := 1; place <= len(contest.Columns); place++ {
					firm, metric := r.columns[col].Entity, r.columns[col].Metric
					add(probability{
						Statement: fmt.Sprintf("%s is number %d in %s at the end of %s", r.label(firm), place, words(metric), yearText(t)),
						Kind:      probPlace, Firm: firm, What: metric, Place: place, When: "at",
					}, c.Placed(k, end, i, place), t)
				}
			}
		}
	}
	return all
}

// label is a firm as it is printed.
func (j *job) label(key string) string {
	for _, e := range j.about.Entities {
		if e.Key == key {
			return e.Label
		}
	}
	return key
}

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// yearText writes a December as its year.
func yearText(t unit.Month) string {
	if t.YearEnd() {
		return strconv.Itoa(t.Year())
	}
	return t.String()
}

func writeProbabilities(folder *output.Folder, all []probability) error {
	meaning := "how often things happen over runs 1 to N: what the scenario asks, events, who overtakes whom, places at year ends"
	fields := []output.Field{
		{Name: "statement", Type: "string", Meaning: "in plain words", Key: true},
		{Name: "kind", Type: "string", Meaning: "asked by the scenario; event; overtakes: firm closed a month above with, after one in which it did not; place: 1 is the largest"},
		{Name: "firm", Type: "string", Meaning: "the firm; empty for any"},
		{Name: "with", Type: "string", Meaning: "the firm overtaken"},
		{Name: "what", Type: "string", Meaning: "kind of the event, or name of the measure"},
		{Name: "place", Type: "integer", Meaning: "of kind place"},
		{Name: "when", Type: "string", Meaning: "by: at any time up to date; at: at the close of date"},
		{Name: "date", Type: "yearmonth", Meaning: "month"},
		{Name: "runs", Type: "integer", Meaning: "drawn runs"},
		{Name: "in", Type: "integer", Meaning: "runs in which it is so"},
		{Name: "share", Type: "number", Unit: "share", Meaning: "in / runs, the probability as far as these runs tell"},
		{Name: "low", Type: "number", Unit: "share", Meaning: "low end of Wilson's 95 % interval: chance of the draws alone, not of the model"},
		{Name: "high", Type: "number", Unit: "share", Meaning: "its high end"},
	}
	return folder.Table("probabilities.csv", meaning, fields, func(rows *output.Rows) error {
		for _, p := range all {
			for _, text := range []string{p.Statement, p.Kind, p.Firm, p.With, p.What} {
				rows.Text(text)
			}
			if p.Place > 0 {
				rows.Int(int64(p.Place))
			} else {
				rows.Empty()
			}
			rows.Text(p.When)
			rows.Text(p.Date)
			rows.Int(int64(p.Runs))
			rows.Int(int64(p.In))
			rows.Number(p.Share)
			rows.Number(p.Low)
			rows.Number(p.High)
			if err := rows.End(); err != nil {
				return err
			}
		}
		return nil
	})
}

// mostTelling is how many probabilities stand on the screen.
const mostTelling = 5

// telling chooses what stands on the screen: what the scenario asks for; then, in the last month, who is most
// likely to have overtaken the firm that opens as the first in market share, and who is most likely to be the
// first in market share and in capacity.
func (r *result) telling() []probability {
	var asked, rest []probability
	end := r.lastMonth().String()
	likeliest := func(of func(p probability) bool) (best probability, ok bool) {
		some := slices.DeleteFunc(slices.Clone(r.likely), func(p probability) bool { return !of(p) })
		if len(some) == 0 {
			return best, false
		}
		best = slices.MaxFunc(some, func(a, b probability) int { return cmp.Compare(a.In, b.In) })
		return best, best.In > 0
	}
	for _, p := range r.likely {
		if p.Kind == probAsked {
			asked = append(asked, p)
		}
	}
	share, capacity := measure.MarketShare.Def().Name, measure.CapacityEnergised.Def().Name
	opening := ""
	if ends := r.chances.YearEnds(); len(ends) > 0 {
		first, ok := likeliest(func(p probability) bool {
			return p.Kind == probPlace && p.Place == 1 && p.What == share && p.Date == ends[0].String()
		})
		if ok {
			opening = first.Firm
		}
	}
	for _, of := range []func(p probability) bool{
		func(p probability) bool {
			return p.Kind == probOvertakes && p.What == share && p.With == opening && p.Date == end
		},
		func(p probability) bool {
			return p.Kind == probPlace && p.Place == 1 && p.What == share && p.Date == end
		},
		func(p probability) bool {
			return p.Kind == probPlace && p.Place == 1 && p.What == capacity && p.Date == end
		},
	} {
		if p, ok := likeliest(of); ok {
			rest = append(rest, p)
		}
	}
	all := slices.Concat(asked, rest)
	return all[:min(len(all), max(mostTelling, len(asked)))]
}

// text tells how likely it is.
func (p probability) text() string { return p.Statement + ": " + p.shareText() }

func (p probability) shareText() string {
	return fmt.Sprintf("%.0f%% of runs (±%.0f)", 100*p.Share, 100*plot.Margin(p.In, p.Runs))
}
