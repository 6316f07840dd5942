package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// walk leads from a number of a result back to the postings, decisions, inputs and sources behind it.
type walk struct {
	Number   string         `json:"number"`
	Date     string         `json:"date"`
	Meaning  string         `json:"meaning"`
	Unit     unit.Dimension `json:"unit"`
	Run      int            `json:"run"`
	Value    *float64       `json:"value"`     // null where it has none
	Over     *spread        `json:"over_runs"` // null without draws
	Since    string         `json:"since"`     // from when on its moves are looked at
	Before   *float64       `json:"before"`    // the number then
	Moves    []move         `json:"moves"`
	Parts    []part         `json:"made_of"`
	SetBy    *record.Event  `json:"set_by,omitempty"` // the last event that set it anew
	Inputs   *inputs        `json:"inputs"`           // null where runs.csv does not hold the number
	Postings *postings      `json:"postings"`         // null without a ledger of the run

	column record.Column
	posted bool // postings make it
}

// spread is a number over the drawn runs, at the month of the summary that is nearest.
type spread struct {
	Runs   int     `json:"runs"`
	Date   string  `json:"date"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"` // of the middle 90 %
	High   float64 `json:"high"`
}

// move is a month in which a number changed much.
type move struct {
	Date   string  `json:"date"`
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Movers []mover `json:"could_be_by"`
}

// part is a number that another is made of.
type part struct {
	Number string         `json:"number"`
	Value  *float64       `json:"value"`
	Unit   unit.Dimension `json:"unit"`
	Year   *float64       `json:"a_year_before"` // null before the start
}

// inputs are those that a number follows over the drawn runs.
type inputs struct {
	Date    string   `json:"date"`
	Looked  int      `json:"looked_at"`
	AtEnd   int      `json:"runs_at_either_end"` // 0: too few runs to say
	Drivers []driver `json:"follows"`
}

// driver is an input that a number follows by more than chance.
type driver struct {
	Path   string         `json:"path"`
	Rank   float64        `json:"rank_correlation"`
	Low    float64        `json:"low"` // the input in the fifth of the runs in which it is lowest, median
	High   float64        `json:"high"`
	AtLow  float64        `json:"at_low"` // the number there
	AtHigh float64        `json:"at_high"`
	Unit   unit.Dimension `json:"unit"`
	Range  [2]float64     `json:"range"` // 5 and 95 %
	Grade  string         `json:"grade"`
	Source string         `json:"source"`
}

// postings are those of a month to the accounts that a number is read from.
type postings struct {
	Count   int      `json:"count"`
	Sum     int64    `json:"sum"` // by how much the accounts grew, cents
	Largest []posted `json:"largest"`
}

type posted struct {
	record.Posting
	Grows int64 `json:"grows"` // by how much, cents
}

// How far a walk looks, and how much of what it finds is shown: what fits on a screen.
const (
	walkMonths   = 24
	walkMoves    = 3
	walkMovers   = 2
	walkReasons  = 4
	walkFirms    = 5
	walkDrivers  = 4
	walkPostings = 5
)

// walkTo explains one number of a run.
func walkTo(ctx context.Context, s *streams, r *output.Result, o explainOptions) error {
	column, month, err := askedNumber(r, o.number)
	if err != nil {
		return err
	}
	h, err := o.history(ctx, r, month)
	if err != nil {
		return err
	}
	w, err := h.walk(r, column, month)
	if err != nil {
		return err
	}
	if o.json {
		return printJSON(s.out, w)
	}
	return w.print(s, r)
}

// askedNumber reads openai.market_share @ 2029-12 against a result; without a date it is that of the last month.
func askedNumber(r *output.Result, text string) (column int, month unit.Month, err error) {
	wrong := func(what, hint string) (int, unit.Month, error) {
		return 0, 0, &usageError{What: fmt.Sprintf("`%s`: %s", text, what), Hint: hint}
	}
	tree, err := readScenario(r)
	if err != nil {
		return 0, 0, err
	}
	names := scenarios.NamesOf(tree)
	e, faults := scenarios.ParseValue(text, names)
	if len(faults) > 0 {
		return wrong(faults[0].What, faults[0].Hint)
	}
	asked, month, ok := e.Measure()
	if !ok {
		return wrong("this is no number of a result by itself", "write one measure, such as 'openai.market_share @ 2029-12'")
	}
	if month == 0 {
		month = r.About.End
	}
	if month < r.About.Start || month > r.About.End {
		return wrong(fmt.Sprintf("the result runs from %v to %v", r.About.Start, r.About.End), fmt.Sprintf("write a date such as @ %v", r.About.End))
	}
	c := record.Column{Entity: "world", Metric: asked.Measure.Def().Name}
	switch asked.Measure.Def().Scope {
	case measure.Firm:
		c.Entity = names.Firms[asked.Of]
	case measure.Region:
		c.Entity = names.Regions[asked.Of]
	case measure.Pair:
		c.Entity, c.With = names.Firms[asked.Of], names.Firms[asked.With]
	}
	var pairs []string
	for i, has := range r.Columns {
		if has.Entity == c.Entity && has.Metric == c.Metric {
			if has.With == c.With {
				return i, month, nil
			}
			pairs = append(pairs, has.Name())
		}
	}
	return wrong(fmt.Sprintf("no contract joins %s and %s, so the result does not measure this pair", c.Entity, c.With), "it has "+strings.Join(pairs, ", "))
}

// history is one run: its numbers and what happened in it.
type history struct {
	*output.Series
	run    output.Run
	events []record.Event
}

// history reads the one run that is asked for, its events up to a month.
func (o *explainOptions) history(ctx context.Context, r *output.Result, until unit.Month) (*history, error) {
	f, err := o.filter(r)
	switch {
	case err != nil:
		return nil, err
	case len(f.Firms)+len(f.Contracts)+len(f.Kinds) > 0 || f.From != 0 || f.To != 0 || o.count || o.limit >= 0:
		return nil, &usageError{What: "filters choose events; they do nothing beside a number or --story", Hint: "leave them out, or leave the number out to list events"}
	case r.Manifest.Kept == "none":
		return nil, keepsNothing()
	case len(f.Runs) != 1:
		return nil, &usageError{What: "this is told of one run, and its months must be kept", Hint: "kept runs: " + r.Manifest.Kept + "; write --run 3"}
	}
	f.To = until
	series, err := r.Series(f.Runs...)
	if err != nil {
		return nil, err
	}
	h := &history{Series: series}
	var ok bool
	if h.run, ok = series.Of(f.Runs[0]); !ok {
		return nil, fmt.Errorf("%s holds no months of run %d", r.Dir, f.Runs[0])
	}
	for e, err := range r.Events(f) {
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		h.events = append(h.events, e)
	}
	return h, nil
}

// at is a column's value at the close of a month; NaN where there is none.
func (h *history) at(column int, t unit.Month) float64 {
	i, ok := slices.BinarySearch(h.run.Months, t)
	if !ok {
		return math.NaN()
	}
	return measure.Known(h.Columns[column].Metric, h.run.Values[column][i])
}

// walk gathers what is behind a number.
func (h *history) walk(r *output.Result, column int, t unit.Month) (*walk, error) {
	c := h.Columns[column]
	m, _ := measure.Find(c.Metric)
	since := max(t-walkMonths, r.About.Start)
	w := &walk{
		Number: c.Name(), Date: t.String(), Meaning: m.Def().Doc, Unit: c.Unit, Run: h.run.Run, Value: finite(h.at(column, t)),
		Since: since.String(), Before: finite(h.at(column, since)), Moves: h.moves(column, since, t), Parts: h.parts(column, m, t), column: c,
	}
	w.SetBy = h.last(c.Entity, makeupOf(m).set)
	if err := w.look(r, column, t); err != nil {
		return nil, err
	}
	return w, w.book(r, m, t)
}

// moves are the months of the largest changes, in their order, with what could have made each.
func (h *history) moves(column int, since, t unit.Month) []move {
	all := []move{}
	for k := since + 1; k <= t; k++ {
		if from, to := h.at(column, k-1), h.at(column, k); from != to && !math.IsNaN(to-from) {
			all = append(all, move{Date: k.String(), From: from, To: to, Movers: movers(h.events, h.Columns[column], k)})
		}
	}
	slices.SortStableFunc(all, func(a, b move) int { return cmp.Compare(math.Abs(b.To-b.From), math.Abs(a.To-a.From)) })
	all = all[:min(len(all), walkMoves)]
	slices.SortFunc(all, func(a, b move) int { return cmp.Compare(a.Date, b.Date) })
	return all
}

// parts are the numbers that a number is made of.
func (h *history) parts(column int, m measure.ID, t unit.Month) []part {
	c, made := h.Columns[column], makeupOf(m)
	all := []part{}
	add := func(entity, with string, m measure.ID, t unit.Month) float64 {
		i, ok := h.Find(entity, m.Def().Name, with)
		if !ok {
			return 0
		}
		all = append(all, part{h.Columns[i].Name(), finite(h.at(i, t)), m.Def().Dim, finite(h.at(i, t-12))})
		return h.at(i, t)
	}
	for _, p := range made.parts {
		switch scope := p.Def().Scope; {
		case p == m:
		case scope == measure.World:
			add("world", "", p, t)
		case scope == measure.Firm && c.With != "":
			add(c.Entity, "", p, t)
			add(c.With, "", p, t)
		default:
			add(c.Entity, c.With, p, t)
		}
	}
	rest := h.at(column, t)
	for _, x := range made.terms {
		at := t
		if x.before {
			at--
		}
		rest -= float64(x.sign * add(c.Entity, c.With, x.measure, at))
		if x.before && len(all) > 0 {
			all[len(all)-1].Number += " @ " + at.String()
		}
	}
	if made.rest != "" && !math.IsNaN(rest) { // there is no month before the opening state
		all = append(all, part{Number: made.rest, Value: finite(math.Round(100*rest) / 100), Unit: c.Unit})
	}
	if made.firms != m {
		all = append(all, h.largest(made.firms, t)...)
	}
	return all
}

// largest are the firms with most of a measure.
func (h *history) largest(m measure.ID, t unit.Month) []part {
	var all []part
	for i, c := range h.Columns {
		if v := h.at(i, t); c.Metric == m.Def().Name && v > 0 {
			all = append(all, part{c.Name(), finite(v), c.Unit, finite(h.at(i, t-12))})
		}
	}
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Compare(*b.Value, *a.Value) })
	return all[:min(len(all), walkFirms)]
}

// last is the latest event that set a number of a firm; nil for none.
func (h *history) last(firm string, setters []setter) *record.Event {
	for i := len(h.events) - 1; i >= 0; i-- {
		e := &h.events[i]
		if slices.Contains(setters, setter{e.Kind, false}) && e.Firm == firm || slices.Contains(setters, setter{e.Kind, true}) && e.With == firm {
			return e
		}
	}
	return nil
}

// look says what all drawn runs say of the number: where it lies, and which inputs it follows.
func (w *walk) look(r *output.Result, column int, t unit.Month) error {
	if r.About.Runs == 0 || !r.Manifest.Has("summary.csv") {
		return nil
	}
	summary, err := r.Summary()
	if err != nil {
		return err
	}
	for _, cell := range summary.Cells { // by month: the first that is not before t, else the last
		if cell.Column == column && cell.N > 0 && (w.Over == nil || w.Over.Date < w.Date) {
			q := cell.Quantiles
			w.Over = &spread{cell.N, cell.Month.String(), q[slices.Index(levels(), 50)], q[0], q[len(q)-1]}
		}
	}
	table, err := r.Runs()
	if err != nil {
		return err
	}
	outcome := -1
	for i, o := range table.Outcomes {
		if o.Column == column && (outcome < 0 || table.Outcomes[outcome].Month < t) {
			outcome = i
		}
	}
	if outcome < 0 {
		return nil
	}
	follows, atEnd := effect.Follows(table, outcome)
	w.Inputs = &inputs{Date: table.Outcomes[outcome].Month.String(), Looked: len(table.Inputs), AtEnd: atEnd, Drivers: []driver{}}
	for _, f := range follows {
		d := driver{Path: table.Inputs[f.Input].Path, Unit: table.Inputs[f.Input].Unit, Rank: f.Rank, Low: f.Low, High: f.High, AtLow: f.AtLow, AtHigh: f.AtHigh}
		if i := slices.IndexFunc(r.About.Assumptions, func(a record.Assumption) bool { return a.Path == d.Path }); i >= 0 {
			a := r.About.Assumptions[i]
			d.Range, d.Grade, d.Source = [2]float64{a.Low, a.High}, a.Grade, a.Source
		}
		w.Inputs.Drivers = append(w.Inputs.Drivers, d)
	}
	slices.SortStableFunc(w.Inputs.Drivers, func(a, b driver) int { return cmp.Compare(math.Abs(b.Rank), math.Abs(a.Rank)) })
	return nil
}

// book finds the postings of the month to the accounts that the number is read from.
func (w *walk) book(r *output.Result, m measure.ID, t unit.Month) error {
	accounts := accountsOf(m)
	w.posted = accounts != nil
	if !w.posted || !r.Manifest.Has("ledger.csv") {
		return nil
	}
	found, other := &postings{Largest: []posted{}}, false
	err := r.Ledger(func(p record.Posting) error {
		other = p.Run != w.Run
		if other || p.Month != t || p.Memo == "closing" || !touches(p, w.column) {
			return nil
		}
		var grows int64
		for _, a := range accounts {
			grows += growth(p, w.column.Entity, a)
		}
		if grows != 0 {
			found.Count++
			found.Sum += grows
			found.Largest = append(found.Largest, posted{p, grows})
		}
		return nil
	})
	if err != nil || other {
		return err
	}
	slices.SortStableFunc(found.Largest, func(a, b posted) int { return cmp.Compare(b.Cents, a.Cents) })
	found.Largest = found.Largest[:min(len(found.Largest), walkPostings)]
	w.Postings = found
	return nil
}

// touches tells whether a posting is in the books of a column's firm and, for a pair, in those of its counterpart too.
func touches(p record.Posting, c record.Column) bool {
	party := func(firm string) bool { return firm == p.From || firm == p.To }
	return party(c.Entity) && (c.With == "" || party(c.With))
}
