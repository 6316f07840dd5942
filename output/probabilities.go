package output

import (
	"fmt"
	"math"
	"strconv"

	"powerplay/sim/record"
)

func probabilityFields() []Field {
	return []Field{
		{"statement", "string", "", "in plain words", true},
		{"kind", "string", "", "asked by the scenario; expected by its author; event; overtakes: firm closed a month above with, after one in which it did not; place: 1 is the largest", false},
		{"firm", "string", "", "the firm; empty for any", false},
		{"with", "string", "", "the firm overtaken", false},
		{"what", "string", "", "kind of the event, or name of the measure", false},
		{"contract", "string", "", "of an event that belongs to one", false},
		{"part", "integer", "", "its tranche, from 1 on", false},
		{"place", "integer", "", "of kind place", false},
		{"when", "string", "", "by: at any time up to date; at: at the close of date", false},
		{"date", "yearmonth", "", "month", false},
		{"runs", "integer", "", "drawn runs", false},
		{"in", "integer", "", "runs in which it is so", false},
		{"share", "number", "share", "in / runs, the probability as far as these runs tell", false},
		{"low", "number", "share", "low end of Wilson's 95 % interval: chance of the draws alone, not of the model; empty where runs are chosen, not drawn", false},
		{"high", "number", "share", "its high end", false},
	}
}

// Probabilities writes probabilities.csv.
func (f *Folder) Probabilities(all []record.Probability) error {
	meaning := "how often things happen over runs 1 to N: what the scenario asks and expects, events, who overtakes whom, places at year ends"
	if !f.about.Sampled() {
		meaning += "; low and high are empty, for the runs of a grid or a table are chosen: they are no sample, and no interval of chance goes with a share of them"
	}
	return f.Table("probabilities.csv", meaning, probabilityFields(), func(rows *Rows) error {
		for _, p := range all {
			for _, text := range []string{p.Statement, p.Kind, p.Firm, p.With, p.What, p.Contract} {
				rows.Text(text)
			}
			for _, n := range []int{p.Part, p.Place} {
				if n > 0 {
					rows.Int(int64(n))
				} else {
					rows.Empty()
				}
			}
			rows.Text(p.When)
			rows.Text(p.Date)
			rows.Int(int64(p.Runs))
			rows.Int(int64(p.In))
			rows.Number(p.Share)
			if p.Interval != nil {
				rows.Number(p.Low)
				rows.Number(p.High)
			} else {
				rows.Empty()
				rows.Empty()
			}
			if err := rows.End(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Probabilities reads probabilities.csv; a result without draws has none.
func (r *Result) Probabilities() ([]record.Probability, error) {
	if !r.Manifest.Has("probabilities.csv") {
		return nil, nil
	}
	var all []record.Probability
	err := r.rows("probabilities.csv", len(probabilityFields()), func(cells []string) (err error) {
		p := record.Probability{
			Statement: unguard(cells[0]), Kind: unguard(cells[1]), Firm: unguard(cells[2]), With: unguard(cells[3]), What: unguard(cells[4]),
			Contract: unguard(cells[5]), When: unguard(cells[8]), Date: cells[9],
		}
		for _, n := range []struct {
			at int
			to *int
		}{{6, &p.Part}, {7, &p.Place}, {10, &p.Runs}, {11, &p.In}} {
			if *n.to, err = strconv.Atoi(cells[n.at]); err != nil && cells[n.at] != "" {
				return fmt.Errorf("%q is no count", cells[n.at])
			}
		}
		var interval record.Interval
		for i, to := range []*float64{&p.Share, &interval.Low, &interval.High} {
			if *to, err = parseNumber(cells[12+i]); err != nil {
				return err
			}
		}
		if !math.IsNaN(interval.Low) {
			p.Interval = &interval
		}
		all = append(all, p)
		return nil
	})
	return all, err
}
