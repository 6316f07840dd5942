package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"powerplay/scenarios"
	"powerplay/sim/ensemble"
	"powerplay/sim/record"
)

// estimate is what a job would be and cost.
type estimate struct {
	Scenario  string   `json:"scenario"`
	Variant   string   `json:"variant,omitempty"`
	Hash      string   `json:"hash"`
	Seed      uint64   `json:"seed"`
	Runs      int      `json:"runs"` // simulated, the central run included
	Design    string   `json:"design"`
	Start     string   `json:"start"`
	End       string   `json:"end"`
	Months    int      `json:"months"`
	Firms     []string `json:"firms"`
	Contracts []string `json:"contracts"`
	Drawn     int      `json:"drawn_inputs"`
	Series    int      `json:"series"`
	Folder    string   `json:"folder"`
	Seconds   float64  `json:"seconds"`
	Memory    int64    `json:"memory_bytes"`
	Disk      int64    `json:"disk_bytes"`
	Fixed     []string `json:"fixed,omitempty"` // drawn by a base and given a value by who extends it
}

// What the files of a result take, measured on base-2026.
const (
	bytesSeriesRow  = 62  // of series.csv and series.parquet together
	bytesSummaryRow = 190 // of summary.csv
	bytesRunCell    = 15  // of runs.csv
	bytesProbRow    = 146 // of probabilities.csv
	bytesEvent      = 420 // of events.jsonl
	eventsMonth     = 40
	bytesChart      = 90_000
	secondsChart    = 0.25
	bytesProgram    = 60 << 20 // of memory, before the first run
)

// dryRun says what would be run. It simulates a few runs to know how long one takes, and writes nothing.
func dryRun(ctx context.Context, s *streams, jobs []*job, o runOptions) error {
	var all []estimate
	for _, j := range jobs {
		e, err := j.estimate(ctx)
		if err != nil {
			return err
		}
		all = append(all, e)
	}
	if o.json {
		if len(all) == 1 {
			return printJSON(s.out, all[0])
		}
		return printJSON(s.out, all)
	}
	for _, e := range all {
		e.print(s.out)
	}
	fmt.Fprintln(s.out, "nothing was written")
	return nil
}

// nothing is a sink that keeps nothing.
type nothing struct{ record.Sinks }

// Draw implements [ensemble.Sink].
func (nothing) Draw(int, []float64) {}

// estimate measures a short sample and scales it up.
func (j *job) estimate(ctx context.Context) (estimate, error) {
	m := j.study.Model
	e := estimate{
		Scenario: j.about.Scenario, Variant: j.about.Variant, Hash: j.about.Hash, Seed: j.about.Seed, Runs: len(j.runs), Design: j.about.Design,
		Start: m.Start.String(), End: m.End.String(), Months: int(m.End - m.Start), Drawn: len(j.study.Inputs),
		Series: len(j.columns), Folder: filepath.ToSlash(j.dir), Firms: []string{}, Contracts: []string{},
	}
	for i := range m.Firms {
		e.Firms = append(e.Firms, m.Firms[i].Key)
	}
	for i := range m.Contracts {
		e.Contracts = append(e.Contracts, m.Contracts[i].Key)
	}
	for _, f := range j.study.Fixed {
		e.Fixed = append(e.Fixed, fixedNote(f))
	}
	perRun, err := j.sample(ctx)
	if err != nil {
		return e, err
	}
	workers := min(j.workers(), len(j.runs))
	drawn := 0
	for _, c := range charts() {
		if j.options.plots != "none" && (!c.extra || j.options.plots == "all") && (!c.bands || j.about.Runs >= fanRuns) && j.options.only == "" {
			drawn++
		}
	}
	e.Seconds = float64(perRun.Seconds()*math.Ceil(float64(len(j.runs))/float64(workers))) + float64(secondsChart*float64(drawn))
	e.Disk = j.disk() + int64(drawn)*bytesChart
	e.Memory = j.memory()
	return e, nil
}

// disk is what the tables and events of the job take, in bytes.
func (j *job) disk() int64 {
	months := int64(j.about.End - j.about.Start)
	rows := int64(len(j.kept)) * (months + 1) * int64(len(j.columns))
	cells := int64(0)
	if j.drawn {
		cells = int64(j.cells().Count())
	}
	disk := rows*bytesSeriesRow + cells*bytesSummaryRow + int64(j.head.Width()*len(j.runs))*bytesRunCell +
		int64(len(j.kept))*months*eventsMonth*bytesEvent
	if j.drawn {
		disk += j.probabilityRows() * bytesProbRow
	}
	return disk
}

// sample returns the time of one run, from runs of at most half a second in all. The first warms up.
func (j *job) sample(ctx context.Context) (time.Duration, error) {
	one := func(run int) (time.Duration, error) {
		started := time.Now()
		p := j.plan([]int{run})
		p.Workers = 1
		err := ensemble.Run(ctx, p, nothing{})
		return time.Since(started), err
	}
	took, err := one(j.runs[0])
	if err != nil || len(j.runs) == 1 {
		return took, err
	}
	var sum time.Duration
	n := 0
	for ; n < min(10, len(j.runs)-1) && sum < 500*time.Millisecond; n++ {
		d, err := one(j.runs[n+1])
		if err != nil {
			return 0, err
		}
		sum += d
	}
	return sum / time.Duration(n), nil
}

func (e *estimate) print(w io.Writer) {
	name := e.Scenario
	if e.Variant != "" {
		name += "+" + e.Variant
	}
	fmt.Fprintf(w, "%s, %s to %s: %d months, %s runs, seed %d\n", name, e.Start, e.End, e.Months, count(e.Runs), e.Seed)
	t := newTable()
	t.AppendRow(table.Row{"firms", fmt.Sprintf("%d: %s", len(e.Firms), strings.Join(e.Firms, " "))})
	t.AppendRow(table.Row{"contracts", fmt.Sprintf("%d: %s", len(e.Contracts), strings.Join(e.Contracts, " "))})
	t.AppendRow(table.Row{"inputs", fmt.Sprintf("%d are drawn in runs 1 to N: %s", e.Drawn, e.Design)})
	t.AppendRow(table.Row{"series", fmt.Sprintf("%s numbers a month", count(e.Series))})
	for _, f := range e.Fixed {
		t.AppendRow(table.Row{"fixed", f})
	}
	t.AppendRow(table.Row{"takes", fmt.Sprintf("about %s, %s of memory, %s on disk", about(e.Seconds), bytesText(e.Memory), bytesText(e.Disk))})
	t.AppendRow(table.Row{"writes", e.Folder})
	render(w, t)
}

// about is a time as precise as an estimate of it can be.
func about(s float64) string {
	switch {
	case s < 1:
		return "a second"
	case s < 90:
		return fmt.Sprintf("%.0f s", s)
	case s < 90*60:
		return fmt.Sprintf("%.0f min", s/60)
	}
	return fmt.Sprintf("%.0f h", s/3600)
}

// fixedNote tells of a number that runs no longer draw.
func fixedNote(f scenarios.Fixed) string {
	return fmt.Sprintf("%s is drawn by %s, and fixed by %s", f.Path, f.Was, f.By)
}
