package output

import (
	"fmt"

	"powerplay/sim/record"
)

func summaryFields() []Field {
	fields := []Field{
		{"date", "yearmonth", "", "month; a flow covers it, a stock is dated at its end", true},
		{"entity", "string", "", "firm or region, or world", true},
		{"with", "string", "", "counterpart of a measure between two firms, else empty", true},
		{"metric", "string", "", "name of the measure", true},
		{"unit", "string", "", "unit of the numbers that follow n", false},
		{"n", "integer", "", "runs that have a value; runs that ended earlier are left out", false},
		{"mean", "number", "see column unit", "mean over the runs", false},
		{"min", "number", "see column unit", "smallest value", false},
	}
	for _, level := range record.Levels() {
		fields = append(fields, Field{
			fmt.Sprintf("p%02d", level), "number", "see column unit",
			fmt.Sprintf("%d %% quantile (type 7: linear between order statistics)", level), false,
		})
	}
	return append(fields,
		Field{"max", "number", "see column unit", "largest value", false},
		Field{"error", "number", "1", "how far a quantile may be off, as a part of the values that it lies between; 0 where quantiles are exact", false},
	)
}

func writeSummary(s record.Summary) func(*Rows) error {
	return func(r *Rows) error {
		for _, c := range s.Cells {
			col := s.Columns[c.Column]
			r.Month(c.Month)
			r.Text(col.Entity)
			r.Text(col.With)
			r.Text(col.Metric)
			r.Text(string(col.Unit))
			r.Int(int64(c.N))
			r.Number(c.Mean)
			r.Number(c.Min)
			for _, q := range c.Quantiles {
				r.Number(q)
			}
			r.Number(c.Max)
			r.Number(c.Error)
			if err := r.End(); err != nil {
				return err
			}
		}
		return nil
	}
}

// fixed columns of runs.csv, before the inputs.
func runFields(t *record.RunHead) []Field {
	fields := []Field{
		{"run", "integer", "", "run", true},
		{"kind", "string", "", "central for run 0, every uncertain input at its median: leave it out of statistics; draw for all others", false},
		{"state", "string", "", "completed, or ended early", false},
		{"last", "yearmonth", "", "last month of the run", false},
		{"why", "string", "", "why it ended early", false},
	}
	for _, in := range t.Inputs {
		f := Field{clean(in.Path), "number", string(in.Unit), "input as drawn", false}
		if in.Words != nil {
			f.Type, f.Unit = "string", ""
		}
		fields = append(fields, f)
	}
	for _, o := range t.Outcomes {
		fields = append(fields, Field{
			clean(o.Name(t.Columns)), "number", string(t.Columns[o.Column].Unit), "outcome; empty when the run ended before", false,
		})
	}
	for _, f := range t.Firsts {
		fields = append(fields, Field{clean(f.Name()), "yearmonth", "", "month of the first event of this kind; empty when there was none", false})
	}
	for _, n := range t.Numbers {
		fields = append(fields, Field{clean(n.Text), "number", string(n.Unit), "number that an expectation compares between variants; empty where it is undefined", false})
	}
	return fields
}

const (
	kindCentral = "central"
	kindDraw    = "draw"
	stateWhole  = "completed"
	stateEarly  = "ended early"
)

func writeRuns(t *record.Runs) func(*Rows) error {
	return func(r *Rows) error {
		return t.Each(func(row *record.RunRow) error {
			r.Int(int64(row.Run))
			if row.Run == 0 {
				r.Text(kindCentral)
			} else {
				r.Text(kindDraw)
			}
			if row.Why == "" {
				r.Text(stateWhole)
			} else {
				r.Text(stateEarly)
			}
			r.Month(row.End)
			r.Text(row.Why)
			for i, v := range row.Inputs {
				if words := t.Inputs[i].Words; words != nil && v == v {
					r.Text(words[int(v)])
				} else {
					r.Number(v)
				}
			}
			for _, v := range row.Outcomes {
				r.Number(v)
			}
			for _, m := range row.Firsts {
				if m == record.Never {
					r.Empty()
				} else {
					r.Month(m)
				}
			}
			for _, v := range row.Numbers {
				r.Number(v)
			}
			return r.End()
		})
	}
}
