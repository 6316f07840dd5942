package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/afero"

	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/ensemble"
	"powerplay/sim/unit"
)

// mostRuns is how many runs --until makes at most where --runs says nothing.
const mostRuns = 10_000

// goal is what --until asks for: the median of a number, known to a half-width.
type goal struct {
	name     string
	column   int
	month    unit.Month
	unit     unit.Dimension
	half     float64 // in the unit of the column, or a part of the median
	relative bool
}

// readGoal reads openai.market_share@2030-12=1pp against the columns of a job.
func (j *job) readGoal(text string) (goal, error) {
	g := goal{}
	wrong := func(what, hint string) (goal, error) {
		return g, &usageError{What: "`--until` " + what, Hint: hint}
	}
	const form = "write --until 'openai.market_share@2030-12=1pp': a number, a month, and half the width of its interval"
	at := strings.LastIndex(text, "=")
	if at < 0 {
		return wrong(fmt.Sprintf("takes a number and a half-width, not `%s`", text), form)
	}
	number, half := strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+1:])
	name, date, dated := strings.Cut(number, "@")
	name, g.month = strings.TrimSpace(name), j.about.End
	if dated {
		var err error
		if g.month, err = scenarios.ReadMonth(strings.TrimSpace(date), true); err != nil {
			return wrong(err.Error(), form)
		}
	}
	if g.month < j.about.Start || g.month > j.about.End {
		return wrong(fmt.Sprintf("names %v, and the scenario runs from %v to %v", g.month, j.about.Start, j.about.End), form)
	}
	var names []string
	for _, c := range j.columns {
		names = append(names, c.Name())
	}
	if g.column = slices.Index(names, name); g.column < 0 {
		g.column = slices.Index(names, "world."+name)
	}
	if g.column < 0 {
		hint := "powerplay list measures"
		if best, ok := scenarios.Nearest(name, names); ok {
			hint = fmt.Sprintf("did you mean `%s`?", best)
		}
		return wrong(fmt.Sprintf("names `%s`, which no run records", name), hint)
	}
	g.name, g.unit = fmt.Sprintf("%s @ %v", name, g.month), j.columns[g.column].Unit
	points, isPoints := strings.CutSuffix(half, "pp")
	percent, isPercent := strings.CutSuffix(half, "%")
	switch share := g.unit == unit.DimShare; {
	case isPoints && !share:
		return wrong(fmt.Sprintf("asks for `%s`, and %s is no share", half, name), "give a part of the median, such as 5%, or an amount in its unit")
	case isPoints || isPercent:
		x, err := strconv.ParseFloat(strings.TrimSpace(points[:min(len(points), len(percent))]), 64)
		if err != nil {
			return wrong(fmt.Sprintf("cannot read `%s`", half), form)
		}
		g.half, g.relative = x/100, !share
	default:
		x, err := scenarios.ReadQuantity(half, g.unit)
		if p, ok := errors.AsType[scenarios.Problem](err); ok {
			return wrong(fmt.Sprintf("cannot read `%s`: %s", half, p.What), p.Hint)
		}
		g.half = x
	}
	if !(g.half > 0) || math.IsInf(g.half, 1) {
		return wrong(fmt.Sprintf("asks for a half-width of `%s`", half), "give one above zero, and not infinite")
	}
	return g, nil
}

// narrow tells whether bounds are as close as the goal asks: infinite ones never are, not even to a part of an infinite median.
func (g goal) narrow(low, middle, high float64) bool {
	half := g.half
	if g.relative {
		half *= math.Abs(middle)
	}
	width := high - low
	return width/2 <= half && !math.IsInf(width, 1)
}

// text says what is known of the median after so many runs.
func (g goal) text(runs int, m *ensemble.Median, reached bool) string {
	low, middle, high := m.Interval()
	if math.IsInf(low, 0) {
		return fmt.Sprintf("%s are too few to bound the median of %s: raise --runs", number1(runs, "run"), g.name)
	}
	largest := max(math.Abs(low), math.Abs(high))
	show := func(x float64) string { return plot.Format(x, largest, g.unit) }
	text := fmt.Sprintf("the median of %s is %s, between %s and %s after %s", g.name, show(middle), show(low), show(high), number1(runs, "run"))
	if !reached {
		text += "; that is NOT as close as --until asks: raise --runs"
	}
	return text
}

// runsUntil finds how many runs the goal takes in every one of the studies, at most as many as --runs says. It plays them
// without keeping anything, for what a result holds depends on how many runs it has; it is then made by as many.
func runsUntil(ctx context.Context, fs afero.Fs, s *streams, studies []*scenarios.Study, o runOptions, p plan) (int, error) {
	switch {
	case o.only != "":
		return 0, &usageError{What: "`--until` and `--only` exclude each other", Hint: "repeat runs of the result that --until makes"}
	case p.shard.count > 0:
		return 0, &usageError{What: "`--until` and `--shard` exclude each other", Hint: "let --until tell on one machine how many runs it takes, and shard these"}
	case o.runs == 0:
		return 0, &usageError{What: "`--until` needs drawn runs, and `--runs 0` makes none", Hint: "leave --runs out, or say how many runs --until may make at most"}
	}
	if o.runs < 0 {
		o.runs = mostRuns
	}
	runs := 1
	for _, study := range studies {
		if kind := study.Header.Design.Kind; kind != "monte-carlo" {
			return 0, &usageError{
				What: fmt.Sprintf("`--until` cannot judge the runs of the design %s", kind),
				Hint: "add --design monte-carlo: how close a median is known can be said after any number of runs only where each is drawn by itself",
			}
		}
		j, err := newJob(study, o, p)
		if err != nil {
			return 0, err
		}
		g, err := j.readGoal(o.until)
		if err != nil {
			return 0, err
		}
		if o.dryRun {
			return o.runs, nil
		}
		if err := j.afford(); err != nil {
			return 0, err
		}
		n, err := j.wait(ctx, s, g)
		if err != nil {
			return 0, j.explain(fs, err)
		}
		runs = max(runs, n)
	}
	return runs, nil
}

// wait returns how many runs of the job the goal takes.
func (j *job) wait(ctx context.Context, s *streams, g goal) (int, error) {
	drawn := j.runs[1:]
	progress := newProgress(s, j, len(drawn), len(drawn))
	plan := j.plan(drawn)
	plan.Workers, plan.Progress = j.options.workers, progress.done
	n, median, reached, err := ensemble.Until(ctx, plan, ensemble.Target{Column: g.column, Month: g.month, Narrow: g.narrow})
	progress.end()
	if _, broken := errors.AsType[*ensemble.RunError](err); !broken && ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if err == nil && (!j.options.quiet || !reached) {
		fmt.Fprintf(s.err, "%s: %s\n", variantName(j.study), g.text(n, median, reached))
	}
	return n, err
}
