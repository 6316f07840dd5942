package main

import (
	"fmt"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/ensemble"
)

// design is how the runs of a job are spread over its inputs.
func (j *job) design(inputs []sim.Input) ensemble.Design {
	d, seed := j.study.Header.Design, j.about.Seed
	drawn := func(kind string) ensemble.Design {
		sample := ensemble.Sample{Inputs: inputs, Points: ensemble.NewSobol(seed, inputs, j.study.Jointly)}
		for _, g := range j.study.Groups {
			sample.Dependence = append(sample.Dependence, ensemble.Group{Inputs: g.Inputs, Copula: g.Copula})
		}
		switch kind {
		case "monte-carlo":
			sample.Points = ensemble.MonteCarlo{Seed: seed, Inputs: inputs}
		case "latin-hypercube":
			sample.Points = ensemble.NewLatinHypercube(seed, inputs, j.about.Runs)
		}
		return sample
	}
	var others ensemble.Design = ensemble.Central(inputs)
	if d.Others == "drawn" {
		others = drawn("sobol")
	}
	table := func(others ensemble.Design) ensemble.Design {
		return ensemble.Table{Others: others, Inputs: j.study.Table.Inputs, Rows: j.study.Table.Values}
	}
	stated := table
	if d.Kind == "grid" {
		stated = j.grid
	}
	switch {
	case d.SharesLuck():
		return stated(ensemble.Replication{Of: 1, Was: others})
	case d.States():
		return stated(others)
	case d.Kind == "replication" && d.Run == 0:
		return ensemble.Central(inputs)
	case d.Kind == "replication" && d.DrawnBy == "table":
		return ensemble.Replication{Of: d.Run, Was: table(others)}
	case d.Kind == "replication":
		return ensemble.Replication{Of: d.Run, Was: drawn(d.DrawnBy)}
	}
	return drawn(d.Kind)
}

// luck tells whose luck of the months a run has: run 1's where all share it, else its own.
func (j *job) luck() func(run int) int {
	if !j.study.Header.Design.SharesLuck() {
		return nil
	}
	return func(int) int { return 1 }
}

// grid is the design that runs through all combinations of what the scenario lists.
func (j *job) grid(others ensemble.Design) ensemble.Design {
	g := ensemble.Grid{Others: others}
	for _, a := range j.study.Axes {
		g.Axes = append(g.Axes, ensemble.Axis{Input: a.Input, Values: a.Values})
	}
	return g
}

// runsOf is how many runs a study has: as the flag says, else the scenario, else its design. A design that is made for a
// number of runs refuses another.
func runsOf(study *scenarios.Study, o runOptions, p plan) (int, error) {
	n, own := o.runs, study.DesignRuns()
	if n < 0 {
		if n = study.Header.Runs; n == 0 {
			n = own
		}
	}
	kind, last := study.Header.Design.Kind, 0
	if p.only != nil {
		last = p.only[len(p.only)-1]
	}
	switch {
	case kind == "grid" && n != 0 && n != own:
		return 0, &usageError{What: fmt.Sprintf("`--runs` is %d, but the grid has %d combinations", n, own), Hint: "leave --runs out; --only repeats some of its runs"}
	case own > 0 && max(n, last) > own:
		return 0, &usageError{What: fmt.Sprintf("run %d is asked for, but the %s has %d", max(n, last), kind, own), Hint: fmt.Sprintf("ask for at most %d", own)}
	case kind == "latin-hypercube" && last > n:
		return 0, &usageError{What: fmt.Sprintf("run %d is asked for, but the latin-hypercube is one of %d runs", last, n), Hint: "give the number of its runs with --runs"}
	case o.runs >= 0 && last > o.runs:
		return 0, &usageError{What: fmt.Sprintf("`--only` asks for run %d, and `--runs` says that there are %d", last, o.runs), Hint: "leave --runs out, or ask for less"}
	}
	return max(n, last), nil
}
