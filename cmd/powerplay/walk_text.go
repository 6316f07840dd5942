package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"powerplay/output"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// print tells the walk on one screen.
func (w *walk) print(s *streams, r *output.Result) error {
	show := func(v *float64) string {
		if v == nil {
			return "none"
		}
		return figure(*v, w.Unit)
	}
	fmt.Fprintf(s.out, "%s\n  %s\n", s.paint(text.Bold, fmt.Sprintf("%s @ %s: %s in %s", w.Number, w.Date, show(w.Value), runText(w.Run))), w.Meaning)
	if o := w.Over; o != nil {
		at := ""
		if o.Date != w.Date {
			at = " in " + o.Date
		}
		fmt.Fprintf(s.out, "  over %s%s: median %s, 90%% of runs from %s to %s\n", number1(o.Runs, "run"), at, show(&o.Median), show(&o.Low), show(&o.High))
	}
	most := ""
	if len(w.Moves) == walkMoves {
		most = fmt.Sprintf(" (the %d months of most change)", walkMoves)
	}
	fmt.Fprintf(s.out, "\nhow it moved from %s, %s%s, and what was decided or happened then that can move it\n", w.Since, show(w.Before), most)
	switch {
	case w.Since == w.Date:
		fmt.Fprintln(s.out, "  it is of the opening state, as the scenario gives it")
	case len(w.Moves) == 0:
		fmt.Fprintln(s.out, "  it did not move")
	}
	for _, m := range w.Moves {
		m.print(s, w.Unit)
	}
	w.printParts(s)
	w.printInputs(s)
	w.printPostings(s, r)
	if key := w.contract(r); key != "" {
		fmt.Fprintf(s.out, "\nthe same without %s: powerplay compare %s --without %s\n", key, r.About.Scenario, key)
	}
	return nil
}

// runText names a run.
func runText(run int) string {
	if run == 0 {
		return "the central run"
	}
	return fmt.Sprintf("run %d", run)
}

// contract is the first of the scenario's contracts under which something happened that can have moved the number.
func (w *walk) contract(r *output.Result) string {
	for _, m := range w.Moves {
		for _, x := range m.Movers {
			if slices.ContainsFunc(r.About.Contracts, func(c record.Contract) bool { return c.Key == x.Contract }) {
				return x.Contract
			}
		}
	}
	return ""
}

func (m move) print(s *streams, d unit.Dimension) {
	sign := "+"
	if m.To < m.From {
		sign = "-"
	}
	fmt.Fprintf(s.out, "  %s  %s%s to %s\n", m.Date, sign, distance(m.To-m.From, d), figure(m.To, d))
	if len(m.Movers) == 0 {
		fmt.Fprintln(s.out, "    nothing that was decided or happened then could move it")
	}
	for _, c := range m.Movers[:min(len(m.Movers), walkMovers)] {
		like := ""
		if c.Like > 0 {
			like = fmt.Sprintf(" (and %s more like it)", count(c.Like))
		}
		fmt.Fprintf(s.out, "    %s  %s%s\n", c.ID, c.What, like)
		short := c.Event
		short.Why = short.Why[:min(len(short.Why), walkReasons)]
		why := whyText(short)
		if c.Otherwise != "" {
			why += "; otherwise: " + c.Otherwise
		}
		if c.Contract != "" {
			why += "; under " + c.Contract
		}
		if why != "" {
			fmt.Fprintf(s.out, "      %s\n", s.paint(text.Faint, strings.TrimPrefix(why, "; ")))
		}
	}
	if more := len(m.Movers) - walkMovers; more > 0 {
		fmt.Fprintf(s.out, "      and %s\n", number1(more, "other"))
	}
}

func (w *walk) printParts(s *streams) {
	if len(w.Parts) == 0 && w.SetBy == nil {
		return
	}
	fmt.Fprintln(s.out, "\nwhat it is made of")
	if w.SetBy != nil {
		fmt.Fprintf(s.out, "  %s  %s\n", w.SetBy.ID, w.SetBy.What)
	}
	t := newTable()
	for _, p := range w.Parts {
		row := table.Row{"  " + p.Number, "none", ""}
		if p.Value != nil {
			row[1] = figure(*p.Value, p.Unit)
		}
		if p.Year != nil {
			row[2] = "a year before " + figure(*p.Year, p.Unit)
		}
		t.AppendRow(row)
	}
	render(s.out, t)
}

func (w *walk) printInputs(s *streams) {
	fmt.Fprint(s.out, "\ninputs that it follows")
	switch in := w.Inputs; {
	case w.Over == nil:
		fmt.Fprintln(s.out, ": many runs tell, such as powerplay run with --runs 200")
	case in == nil:
		fmt.Fprintln(s.out, ": runs.csv does not hold this number of each run")
	case in.AtEnd == 0:
		fmt.Fprintln(s.out, ": too few runs to say; 100 and more tell")
	case len(in.Drivers) == 0:
		fmt.Fprintf(s.out, ": none of %s by more than chance in %s; more runs tell smaller effects\n", count(in.Looked), in.Date)
	default:
		fmt.Fprintf(s.out, " by more than chance in %s: %d of %s\n", in.Date, len(in.Drivers), count(in.Looked))
		for _, d := range in.Drivers[:min(len(in.Drivers), walkDrivers)] {
			way := "raises"
			if d.Rank < 0 {
				way = "lowers"
			}
			fmt.Fprintf(s.out, "  %s %s it: %s at %s, %s at %s\n", d.Path, way, figure(d.AtLow, w.Unit), figure(d.Low, d.Unit), figure(d.AtHigh, w.Unit), figure(d.High, d.Unit))
			fmt.Fprintf(s.out, "    %s\n", s.paint(text.Faint, strings.TrimSuffix(fmt.Sprintf("range %s to %s, %s: %s", figure(d.Range[0], d.Unit), figure(d.Range[1], d.Unit), d.Grade, d.Source), ": ")))
		}
		if more := len(in.Drivers) - walkDrivers; more > 0 {
			fmt.Fprintf(s.out, "  and %d more: --json\n", more)
		}
	}
}

func (w *walk) printPostings(s *streams, r *output.Result) {
	switch p := w.Postings; {
	case !w.posted:
	case p == nil:
		fmt.Fprintf(s.out, "\npostings: powerplay run %s --seed %d --only %d --ledger writes them\n", scenarioFlags(r), r.About.Seed, w.Run)
	case p.Count == 0:
		fmt.Fprintln(s.out, "\npostings of the month to the accounts behind it: none")
	default:
		fmt.Fprintf(s.out, "\npostings of the month to the accounts behind it: %s, %s in all\n", count(p.Count), cents(p.Sum))
		t := newTable()
		for _, x := range p.Largest {
			t.AppendRow(table.Row{"  " + cents(x.Grows), postingText(x.Posting)})
		}
		render(s.out, t)
	}
}

// cents writes an amount of the ledger.
func cents(x int64) string { return signed(float64(x)/100, float64(max(x, -x))/100, unit.DimUSD) }

// postingText says from where the money comes and what it becomes.
func postingText(p record.Posting) string {
	to := p.To + "/" + p.ToCredit
	if p.To == "" {
		to = p.From + "/" + p.FromDebit
	}
	under := ""
	if p.Contract != "" {
		under = ", " + p.Contract
	}
	return fmt.Sprintf("%s/%s to %s (%s%s)", p.From, p.FromCredit, to, p.Memo, under)
}
