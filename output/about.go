package output

import (
	"fmt"
	"io"
	"strconv"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// aboutHead begins about.json. It is the first file of a folder, so that an unfinished folder can be told from a
// stranger's.
type aboutHead struct {
	Format string `json:"format"`
	Identity
}

// aboutFile is about.json once the result is complete: all that redrawing and reporting need beside the tables.
type aboutFile struct {
	aboutHead
	Title     string              `json:"title"`
	Question  string              `json:"question"`
	Entities  []record.Entity     `json:"entities"`
	Contracts []contractJSON      `json:"contracts"`
	History   []observedJSON      `json:"history"`
	Compared  []record.Comparison `json:"compared,omitempty"`
	Columns   []columnJSON        `json:"columns"`
	Summary   *summaryJSON        `json:"summary,omitempty"`
	RunTable  *runTableJSON       `json:"runs_table,omitempty"`
}

type columnJSON struct {
	Entity string         `json:"entity"`
	With   string         `json:"with,omitempty"`
	Metric string         `json:"metric"`
	Unit   unit.Dimension `json:"unit"`
}

type observedJSON struct {
	Entity string `json:"entity"`
	Metric string `json:"metric"`
	Date   string `json:"date"`
	Value  finite `json:"value"`
	Source string `json:"source"`
}

type contractJSON struct {
	Key      string   `json:"key"`
	Kind     string   `json:"kind"`
	From     string   `json:"from"`
	To       string   `json:"to,omitempty"`
	Signed   string   `json:"signed"`
	Until    string   `json:"until,omitempty"`
	Tranches []string `json:"tranches,omitempty"`
}

func newContractJSON(c record.Contract) contractJSON {
	j := contractJSON{Key: c.Key, Kind: c.Kind, From: c.From, To: c.To, Signed: c.Signed.String()}
	if c.Until != 0 {
		j.Until = c.Until.String()
	}
	for _, t := range c.Tranches {
		j.Tranches = append(j.Tranches, t.String())
	}
	return j
}

func (j *contractJSON) decode() (c record.Contract, err error) {
	c = record.Contract{Key: j.Key, Kind: j.Kind, From: j.From, To: j.To}
	if c.Signed, err = parseMonth(j.Signed); err != nil {
		return c, err
	}
	if j.Until != "" {
		if c.Until, err = parseMonth(j.Until); err != nil {
			return c, err
		}
	}
	for _, date := range j.Tranches {
		t, err := parseMonth(date)
		if err != nil {
			return c, err
		}
		c.Tranches = append(c.Tranches, t)
	}
	return c, nil
}

type summaryJSON struct {
	Runs  int    `json:"runs"`
	Error finite `json:"relative_error"` // of the quantiles, the largest of any row; 0 when exact
}

type runTableJSON struct {
	Inputs   []record.Input  `json:"inputs"`
	Outcomes []outcomeJSON   `json:"outcomes"`
	Firsts   []record.First  `json:"firsts"`
	Numbers  []record.Number `json:"numbers,omitempty"`
}

type outcomeJSON struct {
	Column int    `json:"column"` // place in columns
	Date   string `json:"date"`
}

func newAboutFile(id Identity, about record.About, columns []record.Column) aboutFile {
	a := aboutFile{
		aboutHead: aboutHead{resultFormat, id}, Title: about.Title, Question: about.Question, Entities: about.Entities,
		Contracts: []contractJSON{}, History: []observedJSON{}, Columns: []columnJSON{}, Compared: about.Compared,
	}
	for _, c := range about.Contracts {
		a.Contracts = append(a.Contracts, newContractJSON(c))
	}
	for _, o := range about.History {
		a.History = append(a.History, observedJSON{o.Entity, o.Metric, o.Month.String(), finite(o.Value), o.Source})
	}
	for _, c := range columns {
		a.Columns = append(a.Columns, columnJSON{clean(c.Entity), clean(c.With), clean(c.Metric), unit.Dimension(clean(string(c.Unit)))})
	}
	return a
}

func newRunTableJSON(t *record.RunHead) *runTableJSON {
	j := &runTableJSON{Inputs: t.Inputs, Outcomes: []outcomeJSON{}, Firsts: t.Firsts, Numbers: t.Numbers}
	for _, o := range t.Outcomes {
		j.Outcomes = append(j.Outcomes, outcomeJSON{o.Column, o.Month.String()})
	}
	return j
}

// decode gives back what newAboutFile took, all but the assumptions.
func (a *aboutFile) decode() (about record.About, columns []record.Column, err error) {
	about = record.About{
		Scenario: a.Scenario, Variant: a.Variant, Title: a.Title, Question: a.Question, Hash: a.Hash,
		Seed: a.Seed, Runs: a.Runs, Design: a.Design, Entities: a.Entities, Compared: a.Compared,
	}
	if about.Start, err = parseMonth(a.Start); err != nil {
		return about, nil, fmt.Errorf("start: %w", err)
	}
	if about.End, err = parseMonth(a.End); err != nil {
		return about, nil, fmt.Errorf("end: %w", err)
	}
	for _, j := range a.Contracts {
		c, err := j.decode()
		if err != nil {
			return about, nil, fmt.Errorf("contract %s: %w", j.Key, err)
		}
		about.Contracts = append(about.Contracts, c)
	}
	for _, o := range a.History {
		t, err := parseMonth(o.Date)
		if err != nil {
			return about, nil, fmt.Errorf("history: %w", err)
		}
		about.History = append(about.History, record.Observed{Entity: o.Entity, Metric: o.Metric, Month: t, Value: float64(o.Value), Source: o.Source})
	}
	for _, c := range a.Columns {
		columns = append(columns, record.Column{Entity: c.Entity, With: c.With, Metric: c.Metric, Unit: c.Unit})
	}
	return about, columns, nil
}

// outcomes gives back the table's outcomes, each of a column that exists.
func (j *runTableJSON) outcomes(columns int) ([]record.Outcome, error) {
	var all []record.Outcome
	for _, o := range j.Outcomes {
		t, err := parseMonth(o.Date)
		if err != nil {
			return nil, err
		}
		if o.Column < 0 || o.Column >= columns {
			return nil, fmt.Errorf("an outcome names column %d of %d", o.Column, columns)
		}
		all = append(all, record.Outcome{Column: o.Column, Month: t})
	}
	return all, nil
}

func assumptionFields() []Field {
	return []Field{
		{"path", "string", "", "where the scenario holds the number", true},
		{"value", "number", "see column unit", "central value", false},
		{"low", "number", "see column unit", "5 % quantile of its distribution; the value itself where it has none", false},
		{"high", "number", "see column unit", "95 % quantile", false},
		{"unit", "string", "", "unit of the numbers", false},
		{"drawn", "boolean", "", "each of runs 1 to N draws it anew; else they take the central value, or what a grid, a table or a replication gives it: see runs.csv", false},
		{"grade", "string", "", "how well founded: measured, reported, estimated or assumption", false},
		{"source", "string", "", "where it comes from", false},
		{"note", "string", "", "remark", false},
	}
}

func writeAssumptions(all []record.Assumption) func(*Rows) error {
	return func(r *Rows) error {
		for _, a := range all {
			r.Text(a.Path)
			r.Number(a.Value)
			r.Number(a.Low)
			r.Number(a.High)
			r.Text(string(a.Unit))
			r.Flag(a.Drawn)
			r.Text(a.Grade)
			r.Text(a.Source)
			r.Text(a.Note)
			if err := r.End(); err != nil {
				return err
			}
		}
		return nil
	}
}

func readAssumption(cells []string) (a record.Assumption, err error) {
	a = record.Assumption{
		Path: unguard(cells[0]), Unit: unit.Dimension(unguard(cells[4])), Grade: unguard(cells[6]),
		Source: unguard(cells[7]), Note: unguard(cells[8]),
	}
	for i, to := range []*float64{&a.Value, &a.Low, &a.High} {
		if *to, err = parseNumber(cells[1+i]); err != nil {
			return a, err
		}
	}
	a.Drawn, err = strconv.ParseBool(cells[5])
	return a, err
}

// Timing is what the clock and the machine had to do with a run. It goes to timing.json, which no checksum
// covers, because it differs each time.
type Timing struct {
	Started   string  `json:"started"` // RFC 3339
	Seconds   float64 `json:"seconds"` // wall clock
	Workers   int     `json:"workers"`
	Toolchain string  `json:"toolchain"` // such as go1.26.8
	Processor string  `json:"processor"` // such as linux/amd64, or the model's name
	Memory    int64   `json:"memory_bytes,omitempty"`
}

func (t Timing) write(w io.Writer) error { return jsonTo(t)(w) }
