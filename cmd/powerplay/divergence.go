package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"powerplay/output"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// divergence is where the same run of two scenarios first tells different things; without events they never do.
type divergence struct {
	run           int
	first, second *record.Event // nil where the one tells nothing like the other
}

// event is what happens there, in whichever of the two has it.
func (d *divergence) event() *record.Event {
	if d.first != nil {
		return d.first
	}
	return d.second
}

// diverge plays the first runs of two jobs side by side, each until the two part.
func diverge(ctx context.Context, s *streams, a, b *job, runs int, changed changeList) ([]divergence, error) {
	first, second := a.plan(a.runs[:min(runs, len(a.runs))]), b.plan(nil)
	progress := newProgress(s, b, len(first.Runs), len(first.Runs))
	defer progress.end()
	first.Workers, first.Progress = a.options.workers, progress.done
	all := make([]divergence, len(first.Runs)) // run i is the i-th, so workers need no lock
	for run := range all {
		all[run].run = run
	}
	err := ensemble.Beside(ctx, first, second, func(run int, _ unit.Month, x, y []record.Event) bool {
		p, q := parting(x, y, changed)
		if p == nil && q == nil {
			return false
		}
		d := &all[run]
		for _, e := range []struct {
			from *record.Event
			to   **record.Event
		}{{p, &d.first}, {q, &d.second}} {
			if e.from != nil {
				kept := *e.from
				*e.to = &kept
			}
		}
		return true
	})
	return all, stopped(ctx, err)
}

// parted is where runs first part, all together.
type parted struct {
	Runs   int      `json:"runs"`
	Part   int      `json:"part"`            // of them, those that do
	Median string   `json:"month,omitempty"` // of the first difference, in the median
	From   string   `json:"from,omitempty"`  // and the middle 90 %
	To     string   `json:"to,omitempty"`
	Often  []origin `json:"most_often,omitempty"`
}

// origin is what differs first: a kind of event of a firm, perhaps under a contract.
type origin struct {
	Firm     string `json:"firm"`
	Kind     string `json:"kind"`
	Contract string `json:"contract,omitempty"`
	Runs     int    `json:"runs"`
}

func (o origin) text(label func(string) string) string {
	text := fmt.Sprintf("`%s` of %s", o.Kind, label(o.Firm))
	if o.Contract != "" {
		text += " under " + o.Contract
	}
	return text
}

// mostOrigins is how many of the first differences are named.
const mostOrigins = 3

// partedOf sums up where drawn runs part; the central run is not one of them.
func partedOf(all []divergence) parted {
	var p parted
	var months []float64
	for _, d := range all {
		if d.run == 0 {
			continue
		}
		p.Runs++
		e := d.event()
		if e == nil {
			continue
		}
		p.Part++
		months = append(months, float64(e.Month))
		o := origin{Firm: e.Firm, Kind: e.Kind, Contract: e.Contract}
		i := slices.IndexFunc(p.Often, func(x origin) bool { return x.Firm == o.Firm && x.Kind == o.Kind && x.Contract == o.Contract })
		if i < 0 {
			p.Often, i = append(p.Often, o), len(p.Often)
		}
		p.Often[i].Runs++
	}
	if p.Part == 0 {
		return p
	}
	stats := record.Describe(months)
	at := func(level int) string { return unit.Month(stats.Quantiles[slices.Index(levels(), level)]).String() }
	p.Median, p.From, p.To = at(50), at(5), at(95)
	slices.SortStableFunc(p.Often, func(x, y origin) int {
		return cmp.Or(cmp.Compare(y.Runs, x.Runs), cmp.Compare(x.Firm, y.Firm), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Contract, y.Contract))
	})
	p.Often = p.Often[:min(mostOrigins, len(p.Often))]
	return p
}

// text says in two lines where runs part.
func (p parted) text(label func(string) string) string {
	if p.Part == 0 {
		return "none of " + number1(p.Runs, "run") + " parts"
	}
	var often []string
	for _, o := range p.Often {
		often = append(often, fmt.Sprintf("%s %.0f%%", o.text(label), 100*float64(o.Runs)/float64(p.Part)))
	}
	return fmt.Sprintf("%s of %s part, in %s in the median (%s to %s), first in %s", count(p.Part), number1(p.Runs, "run"), p.Median, p.From, p.To, strings.Join(often, ", "))
}

// divergenceFields describe divergence.csv.
func divergenceFields() []output.Field {
	return []output.Field{
		{Name: "side", Type: "string", Meaning: "what is compared with the reference", Key: true},
		{Name: "run", Type: "integer", Meaning: "number of the run; 0 is the central run", Key: true},
		{Name: "date", Type: "yearmonth", Meaning: "first month in which the two tell different things; empty where they never do"},
		{Name: "firm", Type: "string", Meaning: "who decided, or to whom it happened"},
		{Name: "kind", Type: "string", Meaning: "kind of event"},
		{Name: "contract", Type: "string", Meaning: "the contract under which it happened"},
		{Name: "reference_event", Type: "string", Meaning: "what happens in the reference; empty where nothing like it does"},
		{Name: "side_event", Type: "string", Meaning: "what happens in the side"},
	}
}

func (d *divergence) row(side string, rows *output.Rows) error {
	rows.Text(side)
	rows.Int(int64(d.run))
	if e := d.event(); e != nil {
		rows.Month(e.Month)
		rows.Text(e.Firm)
		rows.Text(e.Kind)
		rows.Text(e.Contract)
	} else {
		for range 4 {
			rows.Empty()
		}
	}
	for _, e := range []*record.Event{d.first, d.second} {
		if e == nil {
			rows.Empty()
		} else {
			rows.Text(e.What)
		}
	}
	return rows.End()
}
