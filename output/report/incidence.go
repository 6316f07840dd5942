package report

import (
	"cmp"
	"fmt"
	"slices"

	"powerplay/sim/effect"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// incidence is in how many drawn runs an event happens that the tables of runs date, in a result and in the first one.
type incidence struct {
	of          *study
	kind        string // of the event
	subject     string // key of the firm, or of the contract, that it befalls
	ofFirm      bool
	what        string // "OpenAI defaults by 2032"
	here, there int    // runs in which it happens, in the result and in the first
	runs, base  int    // drawn runs of either
	sampled     bool   // the runs of both are a sample
	paired      bool   // run by run on the same draws
	alone       [2]int // paired runs in which it happens in the result alone, and in the first alone
	clear       bool   // more than chance
}

// incidences sets against the first result how often events befall firms and happen under their contracts, in each other
// result in which that is not the same.
func incidences(all []*study, firms []string) []incidence {
	first := all[0]
	var list []incidence
	for _, x := range all[1:] {
		until := min(x.About.End, first.About.End)
		var own []incidence
		for i, f := range first.Table.Firsts {
			what := first.happens(f, until)
			if k := slices.Index(x.Table.Firsts, f); k >= 0 && what != "" && first.befalls(f, firms) {
				n := incidence{of: x, kind: f.Kind, subject: f.Firm + f.Contract, ofFirm: f.Firm != "", what: what, sampled: x.About.Sampled() && first.About.Sampled(), paired: x.Against != nil}
				n.count(x.Table, first.Table, k, i, until)
				if n.here != n.there || n.alone != [2]int{} {
					own = append(own, n)
				}
			}
		}
		markClear(own)
		list = append(list, own...)
	}
	return list
}

// happens words an event that is dated; empty where no chance of it is told.
func (x *study) happens(f record.First, until unit.Month) string {
	for _, p := range x.Probabilities {
		if p.Kind == record.Happens && p.Date == until.String() && (record.First{Kind: p.What, Firm: p.Firm, Contract: p.Contract, Part: p.Part}) == f {
			return p.Statement
		}
	}
	return ""
}

// befalls tells whether an event concerns one of the firms, itself or by a contract of its.
func (x *study) befalls(f record.First, firms []string) bool {
	concerns := func(firm string) bool { return slices.Contains(firms, firm) }
	return concerns(f.Firm) || slices.ContainsFunc(x.Clauses, func(c Clause) bool {
		return c.Key == f.Contract && slices.ContainsFunc(c.Parties, concerns)
	})
}

// count counts runs; k and i are the places of the event in the tables of the result and of the first.
func (n *incidence) count(x, first *record.RunTable, k, i int, until unit.Month) {
	in := func(r *record.RunRow, place int) bool {
		return r.Firsts[place] != record.Never && r.Firsts[place] <= until
	}
	tally := func(t *record.RunTable, place int) (with, runs int) {
		for row := range t.Rows {
			if r := &t.Rows[row]; r.Run > 0 {
				runs++
				with += map[bool]int{true: 1}[in(r, place)]
			}
		}
		return with, runs
	}
	n.here, n.runs = tally(x, k)
	n.there, n.base = tally(first, i)
	if !n.paired {
		return
	}
	for row := range min(len(x.Rows), len(first.Rows)) {
		p, q := &x.Rows[row], &first.Rows[row]
		if p.Run != q.Run || p.Run == 0 {
			continue
		}
		switch own, other := in(p, k), in(q, i); {
		case own && !other:
			n.alone[0]++
		case other && !own:
			n.alone[1]++
		}
	}
}

// markClear marks what is more than chance at 95 %: in paired runs by the sign test on those in which the event happens in
// one of the two alone, which is McNemar's, for all events of a result together; else where the intervals of both shares lie
// apart, which asks for more.
func markClear(list []incidence) {
	chances := make([]float64, len(list))
	for i, n := range list {
		chances[i] = effect.SignTest(n.alone[0], n.alone[0]+n.alone[1])
	}
	for i, sure := range effect.Holm(chances, 0.05) {
		n := &list[i]
		n.clear = n.paired && sure
		if !n.paired && n.sampled {
			low, high := record.Wilson(n.here, n.runs)
			lower, upper := record.Wilson(n.there, n.base)
			n.clear = low > upper || high < lower
		}
	}
}

// sureness is how far the runs that differ agree; 0 where runs are not paired.
func (n *incidence) sureness() float64 {
	if n.alone == [2]int{} {
		return 0
	}
	return float64(max(n.alone[0], n.alone[1])) / float64(n.alone[0]+n.alone[1])
}

// share is a part of the runs with its margin.
func (x *study) share(in, runs int) string {
	if runs == 0 {
		return "–"
	}
	return percent(float64(in)/float64(runs)) + margin(in, runs, x.About.Sampled())
}

// said tells of an event in a sentence.
func (n *incidence) said(first *study) string {
	text := fmt.Sprintf("With %s, %s in %s of %s, with %s in %s", n.of.variant(), n.what, n.of.share(n.here, n.runs), counted(n.runs, "run"), first.variant(), first.share(n.there, n.base))
	if n.paired {
		text += fmt.Sprintf("; on the same draws in %s with the former alone, in %s with the latter alone", counted(n.alone[0], "run"), counted(n.alone[1], "run"))
	}
	return text + "."
}

// mostIncidences is how many rows tell of events, the clear ones first.
const mostIncidences = 16

// incidenceBlocks tabulates how often events befall the firms concerned.
func incidenceBlocks(list []incidence, first *study, firms []string) []Block {
	if len(firms) == 0 || first.drawn() == 0 {
		return nil
	}
	about := "What befalls " + first.list(firms) + ", or happens under their contracts"
	if len(list) == 0 {
		return []Block{{Heading: "Grave events"}, {Text: about + ", does so in the same runs of every result."}}
	}
	t := &Table{
		Caption: about + ", less what is the same everywhere", Head: []string{"Event", "Result", "Runs with it", "In " + first.short(), "Only in this, only in the first", "Clear?"}, Form: "lwrrrw",
	}
	rest := slices.Clone(list)
	slices.SortStableFunc(rest, func(a, b incidence) int { return cmp.Or(ahead(a.clear, b.clear), cmp.Compare(a.what, b.what)) })
	for _, n := range rest[:min(len(rest), mostIncidences)] {
		alone := "other draws"
		if n.paired {
			alone = fmt.Sprintf("%d, %d", n.alone[0], n.alone[1])
		}
		t.Rows = append(t.Rows, []string{
			n.what, n.of.short(), n.of.share(n.here, n.runs), first.share(n.there, n.base), alone,
			map[bool]string{true: "clear", false: "may be chance"}[n.clear],
		})
	}
	text := "In which part of the drawn runs an event happens. On the same draws, “clear” is what is more than chance at 95%, by the sign test over the runs in which it happens in one of the two alone, corrected after Holm; on others, shares whose intervals lie apart."
	if more := len(rest) - len(t.Rows); more > 0 {
		text += fmt.Sprintf(" Less clear ones are left out: %s.", counted(more, "row"))
	}
	return []Block{{Heading: "Grave events"}, {Text: text}, {Table: t}}
}

// concerned are the firms of the clause in question, which is nil for none, those that the title and the question name, and
// those of the numbers that the scenario compares.
func (x *study) concerned(asked *Clause) []string {
	var firms []string
	if asked != nil {
		firms = slices.Clone(asked.Parties)
	}
	for _, e := range x.About.Entities {
		compared := slices.ContainsFunc(x.Table.Numbers, func(n record.Number) bool { return firmOf(n.Text) == e.Key })
		if e.Roles != "region" && (compared || x.asks(e.Label)) && !slices.Contains(firms, e.Key) {
			firms = append(firms, e.Key)
		}
	}
	return firms
}
