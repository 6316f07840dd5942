package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/effect"
	"powerplay/sim/ensemble"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// How a difference is divided among the items that are changed.
const (
	exactItems = 8  // up to so many all coalitions are played, beyond that orders are drawn
	cheapItems = 3  // up to so many it is done unasked
	mostItems  = 63 // that a coalition can hold
)

// quantity is a number of a comparison: a column at a month.
type quantity struct {
	record.Column
	month unit.Month
}

// attribution is what each item adds to a difference.
type attribution struct {
	items     []item
	pairs     int // of orders that were drawn; 0 where all coalitions were played
	ensembles int // simulated for it
	shares    []shares
}

// shares are those of the items in the difference of one number.
type shares struct {
	quantity
	total effect.Estimate   // of the means
	parts []effect.Estimate // by item; they sum to the total
	error []float64         // standard errors of having drawn few orders; nil where all coalitions were played
}

// part is what an item adds, with an interval for having played some runs and drawn some orders.
func (s *shares) part(i int) effect.Estimate {
	e := s.parts[i]
	if s.error != nil {
		runs, orders := (e.High-e.Low)/2, 1.96*s.error[i]
		half := math.Sqrt(float64(runs*runs) + float64(orders*orders))
		e.Low, e.High = e.Value-half, e.Value+half
	}
	return e
}

// coalitions lists which ensembles an attribution takes, but for the two sides themselves, which are there.
func coalitions(k int, orders [][]int) []effect.Coalition {
	var all []effect.Coalition
	if orders == nil {
		for c := range effect.All(k) {
			if c != 0 {
				all = append(all, c)
			}
		}
		return all
	}
	for _, order := range orders {
		made := effect.Coalition(0)
		for _, i := range order[:k-1] {
			if made = made.With(i); !slices.Contains(all, made) {
				all = append(all, made)
			}
		}
	}
	return all
}

// attribute divides the differences between two sides among the items that are changed. The two have been sampled already.
func (c *comparison) attribute(ctx context.Context, s *streams, a, b *compared, all []item) (*attribution, error) {
	k := len(all)
	out := &attribution{items: all}
	var orders [][]int
	if k > exactItems {
		out.pairs = c.options.orders / 2
		orders = effect.Orders(a.about.Seed, k, out.pairs)
	}
	departs, err := departsFrom(a, b, all)
	if err != nil {
		return nil, err
	}
	made := coalitions(k, orders)
	out.ensembles = len(made)
	worths := map[effect.Coalition][][]float64{0: a.sampled(c.headline), effect.All(k): b.sampled(c.headline)}
	for n, coalition := range made {
		j, err := mixedJob(a, b, all, coalition)
		if err != nil {
			return nil, err
		}
		if departs {
			j.study.Depart(a.job.study)
		}
		j.named, j.follow = fmt.Sprintf("attribution, ensemble %d", n+1), len(made)-1-n
		if worths[coalition], err = j.sample(ctx, s, c.headline); err != nil {
			return nil, err
		}
	}
	for n, q := range c.headline {
		worth := func(c effect.Coalition) []float64 { return worths[c][n] }
		x := shares{quantity: q}
		var values [][]float64
		if orders == nil {
			values = effect.Shapley(k, worth)
		} else {
			values, x.error = effect.Sampled(orders, worth)
		}
		var total []float64
		parts := make([][]float64, k)
		for run := range worth(0) {
			if slices.ContainsFunc(values, func(v []float64) bool { return math.IsNaN(v[run]) }) {
				continue // one of the coalitions has no value
			}
			total = append(total, worth(effect.All(k))[run]-worth(0)[run])
			for i := range values {
				parts[i] = append(parts[i], values[i][run])
			}
		}
		x.total = effect.Mean(total)
		for i := range parts {
			x.parts = append(x.parts, effect.Mean(parts[i]))
		}
		out.shares = append(out.shares, x)
	}
	return out, nil
}

// departsFrom tells whether the books of a side close as those of a departure from the reference, and not on facts of its
// own; what lies between the two then departs too.
func departsFrom(a, b *compared, all []item) (bool, error) {
	whole, err := mixedJob(a, b, all, effect.All(len(all)))
	if err != nil {
		return false, err
	}
	whole.study.Depart(a.job.study)
	return whole.study.SameShifts(b.job.study), nil
}

// mixedJob is the job of the reference with some of the items as they are in a side.
func mixedJob(a, b *compared, all []item, made effect.Coalition) (*job, error) {
	j, err := a.job.sibling(mixed(a.tree, b.tree, all, made), nil)
	if wrong, ok := errors.AsType[*problemsError](err); ok {
		var missing []string
		for i, x := range all {
			if !made.Has(i) {
				missing = append(missing, x.String())
			}
		}
		return nil, &apartError{made: bits.OnesCount64(uint64(made)), missing: missing, why: wrong.first()}
	}
	return j, err
}

// sibling is the job of another scenario with the same options, as many runs and the same seed. The error is a
// *problemsError where that scenario cannot stand.
func (j *job) sibling(tree *scenarios.Node, sets []string) (*job, error) {
	fs := afero.NewMemMapFs()
	if err := afero.WriteFile(fs, "scenario.yaml", scenarios.Encode(tree), 0o600); err != nil {
		return nil, err
	}
	study, problems := scenarios.Load(fs, "scenario.yaml", "", sets)
	if study == nil {
		return nil, &problemsError{problems: slices.DeleteFunc(problems, func(p scenarios.Problem) bool { return p.Severity == scenarios.Warning })}
	}
	o := j.options
	o.runs, o.seed = j.about.Runs, &j.about.Seed
	return newJob(study, o, plan{maxMemory: j.maxMemory})
}

// apartError says that some of the changes cannot be made without the others.
type apartError struct {
	made    int
	missing []string
	why     string
}

func (e *apartError) Error() string {
	return fmt.Sprintf("%d of the changes cannot be made without %v: %s", e.made, e.missing, e.why)
}

// sample plays the drawn runs of a job and returns some of its numbers, each by run.
func (j *job) sample(ctx context.Context, s *streams, wanted []quantity) ([][]float64, error) {
	to := &sampler{at: map[unit.Month][]place{}}
	for i, q := range wanted {
		if column := slices.Index(j.columns, q.Column); column >= 0 {
			to.at[q.month] = append(to.at[q.month], place{i, column, q.Metric})
		}
		to.values = append(to.values, slices.Repeat([]float64{math.NaN()}, j.about.Runs))
	}
	return to.values, j.play(ctx, s, to)
}

// play simulates the drawn runs of a job and keeps no result.
func (j *job) play(ctx context.Context, s *streams, to ensemble.Sink) error {
	drawn := j.runs[1:]
	progress := newProgress(s, j, len(drawn), len(drawn))
	defer progress.end()
	p := j.plan(drawn)
	p.Workers, p.Progress = j.options.workers, progress.done
	return stopped(ctx, ensemble.Run(ctx, p, to))
}

// stopped prefers why the context ended to what an ensemble says of it.
func stopped(ctx context.Context, err error) error {
	if sig, ok := errors.AsType[*signalError](context.Cause(ctx)); ok && err != nil {
		return &signalError{signal: sig.signal, what: "no table was written"}
	}
	return err
}

// idle passes over what a sink does not want to know.
type idle struct{}

func (idle) Draw(int, []float64)              {}
func (idle) Month(int, unit.Month, []float64) {}
func (idle) Event(record.Event)               {}
func (idle) End(int, unit.Month, string)      {}
func (idle) Drop(int)                         {}

// sampler keeps some numbers of runs from 1. Each has its own place, so workers need no lock.
type sampler struct {
	idle
	at     map[unit.Month][]place
	values [][]float64
}

// place is where a number comes from and where it goes.
type place struct {
	to, column int
	metric     string
}

// Month implements [record.Sink].
func (x *sampler) Month(run int, t unit.Month, frame []float64) {
	for _, p := range x.at[t] {
		x.values[p.to][run-1] = measure.Known(p.metric, frame[p.column])
	}
}

// attributionFields describe attribution.csv.
func attributionFields() []output.Field {
	return append([]output.Field{{Name: "side", Type: "string", Meaning: "what is compared with the reference", Key: true}},
		append(quantityFields(), []output.Field{
			{Name: "item", Type: "string", Meaning: "contract, shock, rule or value that is changed; total for all together", Key: true},
			{Name: "mean", Type: "number", Meaning: "Shapley value of the item in the difference of means, side less reference, in the number's unit"},
			{Name: "mean_low", Type: "number", Meaning: "95 % interval over the runs"},
			{Name: "mean_high", Type: "number", Meaning: "95 % interval over the runs"},
			{Name: "order_error", Type: "number", Meaning: "standard error of having drawn some orders of the items; empty where all coalitions were played"},
		}...)...)
}

func (x *attribution) rows(side string, rows *output.Rows) error {
	for _, s := range x.shares {
		for i := range len(x.items) + 1 {
			rows.Text(side)
			s.quantity.cells(rows)
			e, wrong := s.total, math.NaN()
			if i < len(x.items) {
				rows.Text(x.items[i].String())
				e = s.parts[i]
				if s.error != nil {
					wrong = s.error[i]
				}
			} else {
				rows.Text("total")
			}
			for _, v := range []float64{e.Value, e.Low, e.High, wrong} {
				rows.Number(v)
			}
			if err := rows.End(); err != nil {
				return err
			}
		}
	}
	return nil
}
