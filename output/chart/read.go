package chart

import (
	"powerplay/output"
)

// turning are the kinds of event that charts name.
var turning = []string{"default", "rescue"}

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
	months := 0
	for _, c := range charts {
		months = max(months, c.months)
	}
	if months == 0 {
		return d, nil
	}
	var runs []int
	for run := range months {
		runs = append(runs, run)
	}
	s, err := r.Series(runs...)
	if err != nil {
		return nil, err
	}
	d.Runs = s.Runs
	for e, err := range r.Events(output.Filter{Runs: []int{d.central()}, Kinds: turning}) {
		if err != nil {
			return nil, err
		}
		d.Turns = append(d.Turns, e)
	}
	return d, nil
}
