package main

import (
	"fmt"
	"math"
	"strings"

	"powerplay/output"
	"powerplay/sim/record"
)

// tie is a pair of inputs that were asked to hang together, and how they do.
type tie struct {
	A        string   `json:"a"`
	B        string   `json:"b"`
	Asked    float64  `json:"asked"`
	Achieved *float64 `json:"achieved"` // null where it cannot be said, as in one run, or where one of them does not vary
	source   []string
}

// tied tells how the inputs of runs 1 to N hang together. It draws them again: that costs a small part of what
// a run does, and keeps nothing while they go on.
func (j *job) tied() []tie {
	if len(j.study.Ties) == 0 || !j.drawn {
		return nil
	}
	inputs := j.study.SimInputs()
	design, values := j.design(inputs), make([]float64, len(inputs))
	columns := map[int][]float64{}
	for _, t := range j.study.Ties {
		columns[t.A], columns[t.B] = nil, nil
	}
	for run := 1; run <= j.about.Runs; run++ {
		design.Draw(run, values)
		for i, drawn := range columns {
			columns[i] = append(drawn, values[i])
		}
	}
	var all []tie
	for _, t := range j.study.Ties {
		x := tie{A: inputs[t.A].Path, B: inputs[t.B].Path, Asked: t.Rank, source: t.Source}
		if r := record.RankCorrelation(columns[t.A], columns[t.B]); !math.IsNaN(r) {
			x.Achieved = &r
		}
		all = append(all, x)
	}
	return all
}

// writeTies makes dependence.csv.
func writeTies(folder *output.Folder, all []tie) error {
	if len(all) == 0 {
		return nil
	}
	fields := []output.Field{
		{Name: "a", Type: "string", Meaning: "path of an input", Key: true},
		{Name: "b", Type: "string", Meaning: "path of the input with which it hangs together", Key: true},
		{Name: "asked", Type: "number", Unit: "1", Meaning: "rank correlation in the scenario"},
		{Name: "achieved", Type: "number", Unit: "1", Meaning: "rank correlation over runs 1 to N, Spearman's"},
		{Name: "source", Type: "string", Meaning: "where the scenario has it from"},
	}
	return folder.Table("dependence.csv", "how uncertain numbers hang together, as asked and as drawn", fields, func(rows *output.Rows) error {
		for _, t := range all {
			rows.Text(t.A)
			rows.Text(t.B)
			rows.Number(t.Asked)
			if t.Achieved == nil {
				rows.Empty()
			} else {
				rows.Number(*t.Achieved)
			}
			rows.Text(strings.Join(t.source, "; "))
			if err := rows.End(); err != nil {
				return err
			}
		}
		return nil
	})
}

// tiesText says on a line how the inputs hang together.
func tiesText(all []tie) string {
	var parts []string
	for _, t := range all[:min(2, len(all))] {
		has := "does not vary"
		if t.Achieved != nil {
			has = fmt.Sprintf("%.0f%%", 100**t.Achieved)
		}
		parts = append(parts, fmt.Sprintf("%s and %s: %s (asked: %.0f%%)", t.A, t.B, has, 100*t.Asked))
	}
	return strings.Join(parts, ", ") + moreText(len(all)-2)
}
