package chart

import (
	"powerplay/output"
)

// Kinds lists the kinds of event that charts name.
func Kinds() []string {
	return []string{"default", "rescue", "round", "match", "partial-match", "tranche", "lapse", "end", "buy-out"}
}

// Needs is what a set of charts draws beside quantiles.
type Needs struct {
	Months int  // of the first so many kept runs
	Events bool // of the first run: charts of one run mark them, fans with a few runs as thin lines do not
	Table  bool // of all runs
}

// NeedsOf gathers what charts need.
func NeedsOf(charts []Chart) (n Needs) {
	for _, c := range charts {
		n.Months, n.Events, n.Table = max(n.Months, c.months), n.Events || c.months == 1, n.Table || c.table
	}
	return n
}

// Read takes from a result folder what the given charts draw. Errors are those of [output.Result].
func Read(r *output.Result, charts []Chart) (*Data, error) {
	d := &Data{About: r.About, Columns: r.Columns}
	var err error
	if d.Probabilities, err = r.Probabilities(); err != nil {
		return nil, err
	}
	if r.Manifest.Has("summary.csv") {
		if d.Summary, err = r.Summary(); err != nil {
			return nil, err
		}
	}
	needs := NeedsOf(charts)
	if needs.Table {
		if d.Table, err = r.Runs(); err != nil {
			return nil, err
		}
	}
	if needs.Months == 0 {
		return d, nil
	}
	var runs []int
	for run := range needs.Months {
		runs = append(runs, run)
	}
	s, err := r.Series(runs...)
	if err != nil {
		return nil, err
	}
	d.Runs = s.Runs
	if !needs.Events {
		return d, nil
	}
	for e, err := range r.Events(output.Filter{Runs: []int{d.central()}, Kinds: Kinds()}) {
		if err != nil {
			return nil, err
		}
		d.Events = append(d.Events, e)
	}
	return d, nil
}
