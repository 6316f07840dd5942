package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/contract"
	"powerplay/sim/effect"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// valueOptions is what `powerplay value` can be told.
type valueOptions struct {
	runOptions
	contracts []string // each is a list with commas of those that are left out together; empty: all of the scenario by themselves
}

func valueCommand(fs afero.Fs, s *streams) *cli.Command {
	o := valueOptions{runOptions: defaultRunOptions()}
	var seed uint64
	var contracts, sets cli.StringSlice
	return &cli.Command{
		Name: "value", ArgsUsage: "SCENARIO", Usage: "say what each contract is worth to each party, and to their rivals, in dollars",
		UsageText: "powerplay value microsoft-rofr --contract microsoft-openai-refusal\npowerplay value amazon-milestones --runs 100",
		Description: "SCENARIO is a file or a name that `powerplay list` prints, or SCENARIO:VARIANT. A contract's value is the scenario less the\n" +
			"scenario without it, run by run on the same draws, at the end of the horizon, in dollars of that time, not discounted:\n" +
			"firm value is the last price of the whole firm; net worth is cash less debt and stakes in other firms at their last price;\n" +
			"cash earned is operating cash flow less capital expenditure, summed over all months.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "contract", Destination: &contracts, DefaultText: "all", Usage: "values `CONTRACT`; may be repeated; a list with commas goes together"},
			&cli.IntFlag{Name: "runs", Aliases: []string{"n"}, Value: o.runs, Destination: &o.runs, DefaultText: "as the scenario says, else 100", Usage: "`N` drawn runs with and without each contract"},
			&cli.Uint64Flag{Name: "seed", Destination: &seed, DefaultText: "as the scenario says, else 1", Usage: "`SEED` of all draws"},
			&cli.StringSliceFlag{Name: "set", Destination: &sets, Usage: "`PATH=VALUE` to override; may be repeated"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Destination: &o.out, DefaultText: "named after the scenario", Usage: "`FOLDER` of the table"},
			&cli.IntFlag{Name: "workers", Destination: &o.workers, DefaultText: "one a processor", Usage: "`N` runs at a time"},
			&cli.BoolFlag{Name: "json", Destination: &o.json, Usage: "print all values as JSON"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Destination: &o.quiet, Usage: "print the folder and errors alone"},
			&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: "take warnings for errors"},
			&cli.BoolFlag{Name: "force", Destination: &o.force, Usage: "replace another result in the folder"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) (err error) {
			if o.scenario, err = oneArgument(c, "one scenario", "powerplay value microsoft-rofr --contract microsoft-openai-refusal"); err != nil {
				return err
			}
			if c.IsSet("seed") {
				o.seed = &seed
			}
			o.contracts, o.sets, o.typed = contracts.Value(), sets.Value(), s.args
			return valueContracts(c.Context, fs, s, o)
		},
	}
}

// measures of a firm's worth, in the order of their names.
const (
	firmValue = iota
	netWorth
	cashEarned
	worthMeasures // their number
)

func worthName(m int) string {
	return [worthMeasures]string{"firm_value", "net_worth", "cash_earned"}[m]
}

// party is a firm that a contract binds, or all rivals of one.
type party struct {
	firms []string
	term  string // by which the contract names the firm, such as holder; rivals
	role  string // in which it stands there, such as cloud
}

// rivals is the term of those whom no contract names.
const rivals = "rivals"

// name is the firm, or whose rivals.
func (x party) name(label func(string) string) string {
	if x.term == rivals {
		return "rivals, all other " + x.role + "s"
	}
	return fmt.Sprintf("%s (%s)", label(x.firms[0]), x.term)
}

// key names the party in tables.
func (x party) key() string {
	if x.term == rivals {
		return rivals
	}
	return x.firms[0]
}

// worth is what a contract is worth to a party by one measure: the scenario less the scenario without the contract.
type worth struct {
	contract *valued
	party
	measure int
	effect.Difference
	clear bool // more than chance, among all values that are told
}

// valued is what is left out at a time: a contract, or several together.
type valued struct {
	keys, kinds []string
	because     string // why that cannot be done
}

func (c *valued) name() string { return strings.Join(c.keys, " and ") }

// valuation is a scenario and its contracts.
type valuation struct {
	options   valueOptions
	dir       string
	job       *job
	contracts []*valued
	worths    []worth
	took      time.Duration
}

func valueContracts(ctx context.Context, fs afero.Fs, s *streams, o valueOptions) error {
	started := time.Now()
	if err := o.apply(s); err != nil {
		return err
	}
	p, err := o.validateDraws()
	if err != nil {
		return err
	}
	if o.runOptions, err = o.named(fs, o.scenario); err != nil {
		return err
	}
	studies, warnings, err := loadStudies(fs, o.runOptions)
	if err != nil {
		return err
	}
	if len(warnings) > 0 && !o.quiet {
		_ = s.printProblems(s.err, warnings)
	}
	v, tree, err := newValuation(studies[0], o, p)
	if err != nil {
		return err
	}
	a := v.job.about
	folder, err := newStudy(fs, v.dir, "value", a, "What contracts are worth in "+a.Title, o.force, map[string]string{
		"contract": strings.Join(o.contracts, "; "), "set": strings.Join(o.sets, "; "),
	})
	if err != nil {
		return err
	}
	defer folder.Abort()
	if err := v.play(ctx, s, tree); err != nil {
		return v.job.explain(fs, err)
	}
	if err := folder.Table("value.csv", "what each contract is worth to whom, run by run on the same draws", valueFields(), v.rows); err != nil {
		return err
	}
	if err := folder.Close(); err != nil {
		return err
	}
	v.took = time.Since(started)
	return v.tell(s)
}

// newValuation makes the job of the scenario as it is. Its own questions give way to those for stakes of all investors: what
// is asked of a pair of firms is measured, and stakes are to be measured with a contract and without it.
func newValuation(study *scenarios.Study, o valueOptions, p plan) (*valuation, *scenarios.Node, error) {
	tree, _ := scenarios.Parse("scenario.yaml", study.Encode())
	if err := knowContracts(study, o.scenario, "contract", o.contracts); err != nil {
		return nil, nil, err
	}
	o.contracts = slices.DeleteFunc(slices.Clone(o.contracts), func(list string) bool { return len(keysOf([]string{list})) == 0 })
	if len(o.contracts) == 0 {
		o.contracts = tree.Child("contracts").Keys()
	}
	if len(o.contracts) == 0 {
		return nil, nil, &usageError{What: fmt.Sprintf("`%s` has no contracts", study.Header.Name), Hint: "powerplay show " + study.Header.Name}
	}
	var err error
	if o.runs, err = drawsOf(study, o.runOptions, p); err != nil {
		return nil, nil, err
	}
	tree = replaced(replaced(tree, []string{"expect"}, nil), []string{"ask"}, stakesAsked(study.Model))
	v := &valuation{options: o, dir: o.out}
	j, err := newJob(study, o.runOptions, p)
	if err != nil {
		return nil, nil, err
	}
	if v.job, err = j.sibling(tree, nil); err != nil {
		return nil, nil, err
	}
	if v.dir == "" {
		v.dir = output.Name("value-"+study.Header.Name, study.Variant, j.about.Hash, j.about.Seed, j.about.Runs)
	}
	for _, list := range o.contracts {
		c := &valued{keys: keysOf([]string{list})}
		for _, k := range c.keys {
			c.kinds = union(c.kinds, []string{tree.Child("contracts").Child(k).Child("kind").Text})
		}
		v.contracts = append(v.contracts, c)
	}
	return v, tree, nil
}

// stakesAsked are questions for the stakes of investors in firms that are not listed, which sell shares in rounds.
func stakesAsked(m *sim.Model) *scenarios.Node {
	questions := &scenarios.Node{Kind: scenarios.List}
	for i := range m.Firms {
		for k := range m.Firms {
			if a, b := &m.Firms[i], &m.Firms[k]; i != k && a.Investor != nil && !b.Listed {
				that := &scenarios.Node{Kind: scenarios.Scalar, Key: "that", Text: fmt.Sprintf("%s.stake(%s) >= 0%%", a.Key, b.Key)}
				questions.Children = append(questions.Children, &scenarios.Node{Kind: scenarios.Map, Children: []*scenarios.Node{that}})
			}
		}
	}
	return questions
}

// parties are those that any of some contracts binds, and then their rivals: all others of the roles in which these stand
// there.
func (v *valuation) parties(tree *scenarios.Node, keys []string) []party {
	m := v.job.study.Model
	var all []party
	var bound, roles []string
	for _, key := range keys {
		for _, x := range v.bound(tree, key) {
			if x.role != "" {
				roles = union(roles, []string{x.role})
			}
			if !slices.Contains(bound, x.firms[0]) {
				bound = append(bound, x.firms[0])
				all = append(all, x)
			}
		}
	}
	for _, role := range roles {
		x := party{term: rivals, role: role}
		for i := range m.Firms {
			if f := &m.Firms[i]; f.Has(role) && !slices.Contains(bound, f.Key) {
				x.firms = append(x.firms, f.Key)
			}
		}
		if len(x.firms) > 0 {
			all = append(all, x)
		}
	}
	return all
}

// bound are the firms that a contract binds, by the terms that name them and the roles in which they stand there.
func (v *valuation) bound(tree *scenarios.Node, key string) (all []party) {
	m := v.job.study.Model
	terms := m.Contracts[slices.IndexFunc(m.Contracts, func(c contract.Contract) bool { return c.Key == key })].Terms
	for _, f := range terms.Parties() {
		if f == id.None {
			continue
		}
		firm := &m.Firms[f]
		x := party{firms: []string{firm.Key}}
		for _, c := range tree.Child("contracts").Child(key).Children {
			if x.term == "" && mentions(c, firm.Key) {
				x.term = c.Key
			}
		}
		known := append([]string{x.term}, strings.Split(firm.Roles(), ", ")...)
		for _, r := range terms.Roles() {
			if r.Firm == f {
				known = slices.Concat(r.AnyOf, known)
			}
		}
		if i := slices.IndexFunc(known, firm.Has); i >= 0 {
			x.role = known[i]
		}
		all = append(all, x)
	}
	return all
}

// play plays the scenario, and then without each of the contracts.
func (v *valuation) play(ctx context.Context, s *streams, tree *scenarios.Node) error {
	v.job.named, v.job.follow = "with all contracts", len(v.contracts)
	with := newWealth(v.job)
	if err := v.job.play(ctx, s, with); err != nil {
		return err
	}
	for i, c := range v.contracts {
		var sets []string
		for _, key := range c.keys {
			sets = append(sets, "contracts."+key+"=null")
		}
		j, err := v.job.sibling(tree, sets)
		if wrong, ok := errors.AsType[*problemsError](err); ok {
			c.because = wrong.first()
			continue
		} else if err != nil {
			return err
		}
		j.named, j.follow = "without "+c.name(), len(v.contracts)-1-i
		without := newWealth(j)
		if err := j.play(ctx, s, without); err != nil {
			return err
		}
		for _, x := range v.parties(tree, c.keys) {
			for m := range worthMeasures {
				v.worths = append(v.worths, worth{contract: c, party: x, measure: m, Difference: effect.Compare(without.of(x.firms, m), with.of(x.firms, m))})
			}
		}
	}
	var chances []float64
	for _, x := range v.worths {
		chances = append(chances, x.Chance)
	}
	for i, is := range effect.Holm(chances, 0.05) {
		v.worths[i].clear = is
	}
	return nil
}

// wealth is what firms are worth at the end of each drawn run. Each run has its own place, so workers need no lock.
type wealth struct {
	idle
	start, end unit.Month
	firms      []holder
	values     [][worthMeasures][]float64 // by firm, then by run
}

// holder is where the numbers of a firm stand in a frame; -1 for none.
type holder struct {
	key                                 string
	value, cash, debt, operating, capex int
	stakes                              []struct{ share, value int } // in other firms
}

func newWealth(j *job) *wealth {
	w := &wealth{start: j.about.Start, end: j.about.End}
	for _, e := range j.about.Entities {
		if e.Roles == "region" {
			continue
		}
		h := holder{
			key: e.Key, value: j.find(e.Key, measure.Valuation), cash: j.find(e.Key, measure.Cash), debt: j.find(e.Key, measure.Debt),
			operating: j.find(e.Key, measure.OperatingCashFlow), capex: j.find(e.Key, measure.Capex),
		}
		for i, c := range j.columns {
			if c.Entity == e.Key && c.Metric == measure.Stake.Def().Name {
				h.stakes = append(h.stakes, struct{ share, value int }{i, j.find(c.With, measure.Valuation)})
			}
		}
		w.firms = append(w.firms, h)
		var values [worthMeasures][]float64
		for m := range values {
			values[m] = make([]float64, j.about.Runs)
		}
		w.values = append(w.values, values)
	}
	return w
}

// Month implements [record.Sink].
func (w *wealth) Month(run int, t unit.Month, frame []float64) {
	for i := range w.firms {
		h, values := &w.firms[i], &w.values[i]
		if t > w.start {
			values[cashEarned][run-1] += frame[h.operating] - frame[h.capex]
		}
		if t < w.end {
			continue
		}
		values[firmValue][run-1] = frame[h.value]
		worth := frame[h.cash] - frame[h.debt]
		for _, s := range h.stakes {
			worth += float64(frame[s.share] * frame[s.value])
		}
		values[netWorth][run-1] = worth
	}
}

// of sums what firms are worth, by run.
func (w *wealth) of(firms []string, m int) []float64 {
	var sum []float64
	for i := range w.firms {
		if !slices.Contains(firms, w.firms[i].key) {
			continue
		}
		if sum == nil {
			sum = make([]float64, len(w.values[i][m]))
		}
		for run, x := range w.values[i][m] {
			sum[run] += x
		}
	}
	return sum
}

// How many contracts are told in full, and how many values of more of them.
const (
	mostInFull = 3
	mostWorths = 20
)

// tell prints the values: all of a few contracts, or of many those that are clear.
func (v *valuation) tell(s *streams) error {
	switch o := v.options; {
	case o.json:
		return printJSON(s.out, v.json())
	case o.quiet:
		_, err := fmt.Fprintln(s.out, filepath.ToSlash(v.dir))
		return err
	}
	a := v.job.about
	fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("%s with and without each of %s of %s (seed %d), the same draws in each, in %s -> %s",
		number1(a.Runs, "run"), v.each(), v.job.name(), a.Seed, seconds(v.took), filepath.ToSlash(v.dir))))
	fmt.Fprintf(s.out, "dollars at the end of %v, not discounted; a value is the scenario less the scenario without the contract\n", a.End)
	shown, more := v.worths, 0
	if len(v.contracts) > mostInFull {
		shown = slices.DeleteFunc(slices.Clone(v.worths), func(x worth) bool { return !x.clear })
		slices.SortStableFunc(shown, func(x, y worth) int { return cmp.Compare(math.Abs(y.Mean.Value), math.Abs(x.Mean.Value)) })
		more = max(0, len(shown)-mostWorths)
		shown = shown[:len(shown)-more]
	}
	t := newTable()
	t.AppendRow(table.Row{"contract", "to", "worth in", "median (95%)", "90% of runs", "mean (95%)", "higher in", ""})
	var last worth
	for _, x := range shown {
		contract, who := x.contract.name(), x.name(v.job.label)
		if x.contract == last.contract { // said already
			contract = ""
			if who == last.name(v.job.label) {
				who = ""
			}
		}
		last = x
		t.AppendRow(table.Row{
			contract, who, words(worthName(x.measure)), estimateText(x.Median, unit.DimUSD), rangeText(x.Difference, unit.DimUSD), estimateText(x.Mean, unit.DimUSD),
			higherText(x.Difference), s.verdictText(x.clear),
		})
	}
	if len(shown) > 0 {
		render(s.out, t)
	} else {
		fmt.Fprintln(s.out, "no value is clear")
	}
	if len(v.contracts) > mostInFull {
		fmt.Fprintf(s.out, "%s clear of %s values; value.csv has all\n", count(len(shown)+more), count(len(v.worths)))
		if unclear := v.unclear(); len(unclear) > 0 { // a scenario's own contracts come after those it extends
			fmt.Fprintf(s.out, "of no clear worth to anyone: %s\n", strings.Join(unclear, ", "))
			fmt.Fprintf(s.out, "numbers of one: powerplay value %s --contract %s\n", v.options.scenario, unclear[len(unclear)-1])
		}
	}
	for _, c := range v.contracts {
		if c.because != "" {
			fmt.Fprintf(s.out, "%s cannot be left out alone: %s\n", c.name(), c.because)
		}
	}
	_, err := fmt.Fprintf(s.out, "clear: so uneven a split of the runs is no chance at 5%%, among %s (sign test, Holm)\n%s\n", number1(len(v.worths), "value"), clearJudges)
	return err
}

// each counts what is left out at a time.
func (v *valuation) each() string {
	if slices.ContainsFunc(v.contracts, func(c *valued) bool { return len(c.keys) > 1 }) {
		return number1(len(v.contracts), "group") + " of contracts"
	}
	return number1(len(v.contracts), "contract")
}

// unclear lists the contracts that could be left out and have no clear value to anyone.
func (v *valuation) unclear() (keys []string) {
	for _, c := range v.contracts {
		if c.because == "" && !slices.ContainsFunc(v.worths, func(x worth) bool { return x.contract == c && x.clear }) {
			keys = append(keys, strings.Join(c.keys, ","))
		}
	}
	return keys
}

// valueFields describe value.csv.
func valueFields() []output.Field {
	return slices.Concat([]output.Field{
		{Name: "contract", Type: "string", Meaning: "key of the contract; keys with `and` between of those left out together", Key: true},
		{Name: "kind", Type: "string", Meaning: "kind of contract"},
		{Name: "party", Type: "string", Meaning: "a firm that the contract binds; rivals: the sum of all other firms of its role", Key: true},
		{Name: "term", Type: "string", Meaning: "by which the contract names the firm"},
		{Name: "role", Type: "string", Meaning: "in which the firm stands there", Key: true},
		{Name: "measure", Type: "string", Meaning: "firm_value: last price of the whole firm; net_worth: cash less debt and stakes in other firms at their last price; cash_earned: operating cash flow less capital expenditure of all months", Key: true},
		{Name: "unit", Type: "string", Meaning: "dollars at the end of the horizon, not discounted"},
		{Name: "without", Type: "number", Meaning: "median without the contract"},
		{Name: "with", Type: "number", Meaning: "median with it"},
	}, differenceFields())
}

func (v *valuation) rows(rows *output.Rows) error {
	for _, x := range v.worths {
		for _, text := range []string{x.contract.name(), strings.Join(x.contract.kinds, " and "), x.key(), x.term, x.role, worthName(x.measure), string(unit.DimUSD)} {
			rows.Text(text)
		}
		rows.Number(x.First)
		rows.Number(x.Second)
		differenceCells(rows, x.Difference, x.clear)
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}

// jsonWorth is a worth for other programs.
type jsonWorth struct {
	Contract string         `json:"contract"`
	Kind     string         `json:"kind"`
	Party    string         `json:"party"`
	Term     string         `json:"term"`
	Role     string         `json:"role"`
	Measure  string         `json:"measure"`
	Without  *float64       `json:"without"`
	With     *float64       `json:"with"`
	Value    jsonDifference `json:"value"`
}

// jsonValuation is what `powerplay value` says, for other programs.
type jsonValuation struct {
	Scenario string            `json:"scenario"`
	Variant  string            `json:"variant,omitempty"`
	Hash     string            `json:"hash"`
	Seed     uint64            `json:"seed"`
	Runs     int               `json:"runs"`
	End      string            `json:"end"`
	Folder   string            `json:"folder"`
	Values   []jsonWorth       `json:"values"`
	Left     map[string]string `json:"not_left_out,omitempty"` // contracts, and why
}

func (v *valuation) json() jsonValuation {
	a := v.job.about
	out := jsonValuation{
		Scenario: a.Scenario, Variant: a.Variant, Hash: a.Hash, Seed: a.Seed, Runs: a.Runs, End: a.End.String(), Folder: filepath.ToSlash(v.dir), Values: []jsonWorth{},
		Left: map[string]string{},
	}
	for _, x := range v.worths {
		out.Values = append(out.Values, jsonWorth{
			x.contract.name(), strings.Join(x.contract.kinds, " and "), x.key(), x.term, x.role, worthName(x.measure), finite(x.First), finite(x.Second), differenceJSON(x.Difference, x.clear),
		})
	}
	for _, c := range v.contracts {
		if c.because != "" {
			out.Left[c.name()] = c.because
		}
	}
	return out
}
