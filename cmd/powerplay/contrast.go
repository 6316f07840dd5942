package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"powerplay/output"
	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// contrast is how a number of a year end differs between the reference and a side.
type contrast struct {
	quantity
	headline bool
	effect.Difference
	clear bool // more than chance, among all headline numbers of its month, or all others
}

// visiblePart is the part of a number below which a difference from it is told as none: no table or chart shows so many digits of
// the number itself, and rounding to cents alone can make as much.
const visiblePart = 1e-5

// visible is the contrast without differences that nobody would see beside the numbers; some tells whether any is left.
func (d contrast) visible() (seen contrast, some bool) {
	least := visiblePart * max(math.Abs(d.First), math.Abs(d.Second))
	for _, x := range []*float64{&d.Median.Value, &d.Median.Low, &d.Median.High, &d.Mean.Value, &d.Mean.Low, &d.Mean.High, &d.Low, &d.High} {
		if math.Abs(*x) < least {
			*x = 0
		}
		some = some || *x != 0 && !math.IsNaN(*x)
	}
	return d, some
}

// contrasts compares all numbers that two sides share.
func contrasts(a, b *side, headline []quantity) []contrast {
	at := map[quantity]int{}
	for k, o := range b.table.Outcomes {
		at[quantity{b.table.Columns[o.Column], o.Month}] = k
	}
	type family struct {
		headline bool
		month    unit.Month
	}
	var all []contrast
	families := map[family][]int{}
	for i, o := range a.table.Outcomes {
		q := quantity{a.table.Columns[o.Column], o.Month}
		k, shared := at[q]
		if !shared {
			continue
		}
		x, y := paired(a.table, b.table, i, k)
		c := contrast{quantity: q, Difference: effect.Compare(x, y)}
		c.headline = slices.ContainsFunc(headline, func(h quantity) bool { return h.Column == q.Column })
		f := family{c.headline, c.month}
		families[f] = append(families[f], len(all))
		all = append(all, c)
	}
	for _, list := range families {
		var chances []float64
		for _, i := range list {
			chances = append(chances, all[i].Chance)
		}
		for n, is := range effect.Holm(chances, 0.05) {
			all[list[n]].clear = is
		}
	}
	return all
}

// sampled reads numbers of the drawn runs from the table.
func (x *side) sampled(wanted []quantity) [][]float64 {
	var all [][]float64
	for _, q := range wanted {
		values := slices.Repeat([]float64{math.NaN()}, x.about.Runs)
		i := slices.IndexFunc(x.table.Outcomes, func(o record.Outcome) bool { return o.Month == q.month && x.table.Columns[o.Column] == q.Column })
		for _, row := range x.table.Rows {
			if i >= 0 && row.Run > 0 {
				values[row.Run-1] = measure.Known(q.Metric, row.Outcomes[i])
			}
		}
		all = append(all, values)
	}
	return all
}

// How many firms stand on the screen: those that the changes name, and leaders of the reference.
const (
	mostParties   = 4
	headLeaders   = 3
	mostAttribute = 4 // numbers that a table of shares shows
)

// headlines are the numbers that a comparison speaks of, at the last year end that all sides share: of the world, of the
// firms that the changes name, and of those that lead in the reference. Which they are does not hang on what came of the
// changes.
func (c *comparison) headlines() []quantity {
	a := c.sides[0]
	last := unit.Month(0)
	for _, o := range a.table.Outcomes {
		shared := true
		for _, x := range c.sides[1:] {
			shared = shared && o.Month <= x.about.End && (o.Month.YearEnd() || o.Month == x.about.End)
		}
		if shared {
			last = max(last, o.Month)
		}
	}
	var all []quantity
	add := func(firm string, metrics ...measure.ID) {
		for _, m := range metrics {
			i := slices.IndexFunc(a.table.Outcomes, func(o record.Outcome) bool {
				col := a.table.Columns[o.Column]
				return o.Month == last && col.Entity == firm && col.With == "" && col.Metric == m.Def().Name
			})
			if i < 0 {
				continue
			}
			if q := (quantity{a.table.Columns[a.table.Outcomes[i].Column], last}); !slices.Contains(all, q) {
				all = append(all, q)
			}
		}
	}
	add("world", measure.MarketSize, measure.TotalEnergised)
	var parties []string
	for _, x := range c.sides[1:] {
		parties = union(parties, changes(a.side, x.side).parties())
	}
	for _, firm := range parties[:min(mostParties, len(parties))] {
		add(firm, measure.MarketShare, measure.RevenueRunRate, measure.Valuation, measure.Cash, measure.CapacityEnergised, measure.ComputeRevenue)
	}
	for _, lead := range []struct {
		role string
		by   measure.ID
	}{{"lab", measure.MarketShare}, {"cloud", measure.CapacityEnergised}} {
		for _, firm := range a.leaders(lead.role, lead.by, last) {
			add(firm, lead.by)
		}
	}
	return all
}

// leaders are the firms with a role that lead in a measure, in the median of the runs.
func (x *side) leaders(role string, m measure.ID, t unit.Month) []string {
	type leader struct {
		firm string
		size float64
	}
	var all []leader
	for _, e := range x.about.Entities {
		if !e.Has(role) || record.IsRest(e.Key) {
			continue
		}
		for _, c := range x.table.Columns {
			if c.Entity == e.Key && c.With == "" && c.Metric == m.Def().Name {
				all = append(all, leader{e.Key, median(x.sampled([]quantity{{c, t}})[0])})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b leader) int { return cmp.Compare(b.size, a.size) })
	var firms []string
	for _, l := range all[:min(headLeaders, len(all))] {
		firms = append(firms, l.firm)
	}
	return firms
}

// what is the measure in words, with its counterpart.
func (q quantity) what(label func(string) string) string {
	if q.With != "" {
		return measure.Words(q.Metric) + " (" + label(q.With) + ")"
	}
	return measure.Words(q.Metric)
}

// words name the number in a table: "Microsoft, market share".
func (q quantity) words(label func(string) string) string {
	if q.Entity == "world" {
		return q.what(label)
	}
	return label(q.Entity) + ", " + q.what(label)
}

// whose names the number in a sentence: "Microsoft's market share".
func (q quantity) whose(label func(string) string) string {
	if q.Entity == "world" {
		return q.what(label)
	}
	return record.Possessive(label(q.Entity)) + " " + q.what(label)
}

// bandText writes a difference with bounds, in one unit.
func bandText(middle, low, high float64, d unit.Dimension) string {
	if math.IsNaN(low) || math.IsNaN(high) {
		return signed(middle, math.Abs(middle), d)
	}
	largest := max(math.Abs(low), math.Abs(high))
	text, lower, upper := signed(middle, largest, d), signed(low, largest, d), signed(high, largest, d)
	switch { // one of the three bears the unit
	case text == nearZero && lower == nearZero && upper == nearZero:
		return nearZero
	case text != nearZero:
		lower, upper = bareSigned(lower), bareSigned(upper)
	case upper != nearZero:
		lower = bareSigned(lower)
	default:
		upper = bareSigned(upper)
	}
	return fmt.Sprintf("%s (%s to %s)", text, lower, upper)
}

func estimateText(e effect.Estimate, d unit.Dimension) string {
	return bandText(e.Value, e.Low, e.High, d)
}

// rangeText writes the middle 90 % of the differences.
func rangeText(d effect.Difference, dim unit.Dimension) string {
	if math.IsNaN(d.Low) {
		return "none"
	}
	largest := max(math.Abs(d.Low), math.Abs(d.High))
	lower, upper := signed(d.Low, largest, dim), signed(d.High, largest, dim)
	switch {
	case lower == nearZero && upper == nearZero:
		return nearZero
	case upper == nearZero:
		return lower + " to " + bareSigned(upper)
	}
	return bareSigned(lower) + " to " + upper
}

// higherText says in which part of the pairs that differ the second is higher.
func higherText(d effect.Difference) string {
	if d.Differ == 0 {
		return "never differs"
	}
	text := fmt.Sprintf("%.0f%%", 100*float64(d.Higher)/float64(d.Differ))
	if d.Differ < d.Pairs {
		text += " of " + count(d.Differ)
	}
	return text
}

// clearJudges says what the verdict is about.
const clearJudges = "it judges the direction of most runs, not size: a few runs can move a mean off zero where the direction is noise"

// verdictText tells a difference from noise.
func (s *streams) verdictText(sure bool) string {
	if sure {
		return s.paint(text.FgGreen, "clear")
	}
	return s.paint(text.Faint, "noise")
}

// tell prints the comparison.
func (c *comparison) tell(s *streams) error {
	switch o := c.options; {
	case o.json:
		return printJSON(s.out, c.json())
	case o.quiet:
		_, err := fmt.Fprintln(s.out, filepath.ToSlash(c.dir))
		return err
	}
	a := c.sides[0]
	fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("%s of each of %d sides (seed %d), the same draws in each, in %s -> %s",
		number1(c.options.runs, "run"), len(c.sides), a.about.Seed, seconds(c.took), filepath.ToSlash(c.dir))))
	fmt.Fprintf(s.out, "the reference is %s; a difference is the side less the reference\n", a.name)
	for _, x := range c.sides[1:] {
		fmt.Fprintf(s.out, "\n%s\n", s.paint(text.Bold, x.name))
		tellChanges(s, a.side, x.side, changes(a.side, x.side))
		c.tellNumbers(s, x)
		x.tellDivergence(s)
		x.tellAttribution(s)
	}
	if len(c.charts) > 0 {
		fmt.Fprintf(s.out, "\nlook at: %s in %s\n", strings.Join(c.charts, ", "), filepath.ToSlash(c.dir))
	}
	_, err := fmt.Fprintf(s.out, "next: powerplay explain %s --against %s\n", filepath.ToSlash(a.job.dir), filepath.ToSlash(c.sides[1].job.dir))
	return err
}

// heads are the headline numbers at the last year end.
func (c *comparison) heads(x *compared) []contrast {
	var all []contrast
	for _, q := range c.headline {
		if i := slices.IndexFunc(x.numbers, func(d contrast) bool { return d.quantity == q }); i >= 0 {
			all = append(all, x.numbers[i])
		}
	}
	return all
}

func (c *comparison) tellNumbers(s *streams, x *compared) {
	heads := c.heads(x)
	if len(heads) == 0 {
		fmt.Fprintln(s.out, "  no year end is shared")
		return
	}
	t := newTable()
	t.AppendRow(table.Row{heads[0].month.String(), "reference", "median difference (95%)", "90% of runs", "mean (95%)", "higher in", ""})
	var saved []float64
	for _, d := range heads {
		d, some := d.visible()
		if !some {
			t.AppendRow(table.Row{d.words(x.job.label), figure(d.First, d.Unit), "no difference"})
			continue
		}
		t.AppendRow(table.Row{
			d.words(x.job.label), figure(d.First, d.Unit), estimateText(d.Median, d.Unit), rangeText(d.Difference, d.Unit), estimateText(d.Mean, d.Unit),
			higherText(d.Difference), s.verdictText(d.clear),
		})
		if !math.IsNaN(d.Reduction) {
			saved = append(saved, d.Reduction)
		}
	}
	render(s.out, t)
	if earlier := c.clearEarlier(x); earlier != "" {
		fmt.Fprintln(s.out, "  clear at earlier year ends: "+earlier)
	}
	fmt.Fprintf(s.out, "  clear: so uneven a split of the runs is no chance at 5%%, among %s (sign test, Holm)\n", number1(len(heads), "number"))
	fmt.Fprintln(s.out, "  "+clearJudges)
	if len(saved) > 0 {
		fmt.Fprintf(s.out, "  common random numbers: independent draws would take %s times the runs for such intervals of means (%s to %s)\n",
			timesText(median(slices.Clone(saved))), timesText(slices.Min(saved)), timesText(slices.Max(saved)))
	}
}

// timesText writes how many times the runs; from ten thousand on the number says no more than that.
func timesText(x float64) string {
	switch {
	case x >= 10_000:
		return "over 10,000"
	case x >= 100:
		return count(int(math.Round(x/10) * 10))
	}
	return fmt.Sprintf("%.2g", x)
}

// mostEarlier is how many numbers are told that differ clearly before the last year end.
const mostEarlier = 4

// clearEarlier names the headline numbers whose difference is clear at a year end before the last, where it is clearest.
func (c *comparison) clearEarlier(x *compared) string {
	var said []string
	more := 0
	for _, q := range c.headline {
		var best *contrast
		for i := range x.numbers {
			d := &x.numbers[i]
			if _, some := d.visible(); some && d.Column == q.Column && d.month < q.month && d.clear && (best == nil || d.Chance < best.Chance) {
				best = d
			}
		}
		switch {
		case best == nil:
		case len(said) == mostEarlier:
			more++
		default:
			said = append(said, fmt.Sprintf("%s in %v, %s", q.words(x.job.label), best.month, signed(best.Median.Value, math.Abs(best.Median.Value), best.Unit)))
		}
	}
	if more > 0 {
		said = append(said, fmt.Sprintf("and %s more", count(more)))
	}
	return strings.Join(said, "; ")
}

func (x *compared) tellDivergence(s *streams) {
	if d := x.divergences[0]; d.event() == nil {
		fmt.Fprintln(s.out, "  the central runs tell the same story")
	} else {
		e := d.event()
		in := "in both, otherwise"
		switch {
		case d.second == nil:
			in = "in the reference alone"
		case d.first == nil:
			in = "in this side alone"
		}
		o := origin{Firm: e.Firm, Kind: e.Kind, Contract: e.Contract}
		fmt.Fprintf(s.out, "  the central runs part in %s at %s, %s: %s\n", e.Date, o.text(x.job.label), in, e.What)
	}
	if p := partedOf(x.divergences); p.Runs > 0 {
		fmt.Fprintln(s.out, "  "+p.text(x.job.label))
	}
}

func (x *compared) tellAttribution(s *streams) {
	if x.attributed == nil {
		if x.because != "" {
			fmt.Fprintln(s.out, "  attribution: "+x.because)
		}
		return
	}
	all := x.attributed
	var shown []shares
	for _, sure := range []bool{true, false} { // what is clear first
		for _, q := range all.shares {
			i := slices.IndexFunc(x.numbers, func(d contrast) bool { return d.quantity == q.quantity })
			if len(shown) < mostAttribute && x.numbers[i].clear == sure && x.numbers[i].Differ > 0 {
				shown = append(shown, q)
			}
		}
	}
	t := newTable()
	head, total := table.Row{"mean difference due to"}, table.Row{"total"}
	rows := make([]table.Row, len(all.items))
	for i, item := range all.items {
		rows[i] = table.Row{item.String()}
	}
	for _, q := range shown {
		head = append(head, q.words(x.job.label))
		for i := range rows {
			rows[i] = append(rows[i], estimateText(q.part(i), q.Unit))
		}
		total = append(total, estimateText(q.total, q.Unit))
	}
	t.AppendRow(head)
	t.AppendRows(rows)
	t.AppendRow(total)
	render(s.out, t)
	how := fmt.Sprintf("Shapley values over all %s coalitions", count(1<<len(all.items)))
	if all.pairs > 0 {
		how = fmt.Sprintf("Shapley values over %d drawn orders of the %d changes, whose error the intervals hold", 2*all.pairs, len(all.items))
	}
	fmt.Fprintf(s.out, "  %s: %s more of %s\n", how, number1(all.ensembles, "ensemble"), number1(x.about.Runs, "run"))
}

// quantityFields describe the cells of a quantity.
func quantityFields() []output.Field {
	return []output.Field{
		{Name: "entity", Type: "string", Meaning: "firm or region; world", Key: true},
		{Name: "with", Type: "string", Meaning: "counterpart of a measure of pairs", Key: true},
		{Name: "metric", Type: "string", Meaning: "name of the measure", Key: true},
		{Name: "unit", Type: "string", Meaning: "unit of the values"},
		{Name: "date", Type: "yearmonth", Meaning: "month at whose end it stands", Key: true},
	}
}

func (q quantity) cells(rows *output.Rows) {
	rows.Text(q.Entity)
	rows.Text(q.With)
	rows.Text(q.Metric)
	rows.Text(string(q.Unit))
	rows.Month(q.month)
}

// differenceFields describe the cells of a difference.
func differenceFields() []output.Field {
	return []output.Field{
		{Name: "pairs", Type: "integer", Meaning: "runs in which both have a value"},
		{Name: "differ", Type: "integer", Meaning: "of them, runs in which the two are not the same"},
		{Name: "higher", Type: "integer", Meaning: "of these, runs in which the second is higher"},
		{Name: "median", Type: "number", Meaning: "median of the differences"},
		{Name: "median_low", Type: "number", Meaning: "95 % interval of the median, between order statistics; empty under six runs"},
		{Name: "median_high", Type: "number", Meaning: "95 % interval of the median"},
		{Name: "p05", Type: "number", Meaning: "5 % quantile of the differences"},
		{Name: "p95", Type: "number", Meaning: "95 % quantile of the differences"},
		{Name: "mean", Type: "number", Meaning: "mean of the differences"},
		{Name: "mean_low", Type: "number", Meaning: "95 % interval of the mean, Student's"},
		{Name: "mean_high", Type: "number", Meaning: "95 % interval of the mean"},
		{Name: "chance", Type: "number", Meaning: "of a split between higher and lower as uneven as this by luck alone: the sign test"},
		{Name: "clear", Type: "boolean", Meaning: "more than chance at 5 %, after Holm's correction for all numbers looked at together"},
		{Name: "variance_reduction", Type: "number", Meaning: "how many times as many runs independent draws would take for the same interval of the mean"},
	}
}

func differenceCells(rows *output.Rows, d effect.Difference, sure bool) {
	for _, n := range []int{d.Pairs, d.Differ, d.Higher} {
		rows.Int(int64(n))
	}
	for _, v := range []float64{d.Median.Value, d.Median.Low, d.Median.High, d.Low, d.High, d.Mean.Value, d.Mean.Low, d.Mean.High, d.Chance} {
		rows.Number(v)
	}
	rows.Flag(sure)
	rows.Number(d.Reduction)
}

// contrastFields describe compare.csv.
func contrastFields() []output.Field {
	return slices.Concat(
		[]output.Field{{Name: "side", Type: "string", Meaning: "what is compared with the reference", Key: true}}, quantityFields(),
		[]output.Field{
			{Name: "headline", Type: "boolean", Meaning: "one of the numbers that the comparison speaks of; they are corrected together, the others of a month together"},
			{Name: "reference", Type: "number", Meaning: "median in the reference"},
			{Name: "value", Type: "number", Meaning: "median in the side"},
		}, differenceFields())
}

func (d *contrast) row(side string, rows *output.Rows) error {
	rows.Text(side)
	d.cells(rows)
	rows.Flag(d.headline)
	rows.Number(d.First)
	rows.Number(d.Second)
	differenceCells(rows, d.Difference, d.clear)
	return rows.End()
}

// jsonEstimate is an estimate for other programs; null where there is none.
type jsonEstimate struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func estimateJSON(e effect.Estimate) jsonEstimate {
	return jsonEstimate{finite(e.Value), finite(e.Low), finite(e.High)}
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// jsonDifference is a difference for other programs.
type jsonDifference struct {
	Pairs     int          `json:"pairs"`
	Differ    int          `json:"differ"`
	Higher    int          `json:"higher"`
	Median    jsonEstimate `json:"median"`
	P05       *float64     `json:"p05"`
	P95       *float64     `json:"p95"`
	Mean      jsonEstimate `json:"mean"`
	Chance    float64      `json:"chance"`
	Clear     bool         `json:"clear"`
	Reduction *float64     `json:"variance_reduction"`
}

func differenceJSON(d effect.Difference, sure bool) jsonDifference {
	return jsonDifference{
		Pairs: d.Pairs, Differ: d.Differ, Higher: d.Higher, Median: estimateJSON(d.Median), P05: finite(d.Low), P95: finite(d.High),
		Mean: estimateJSON(d.Mean), Chance: d.Chance, Clear: sure, Reduction: finite(d.Reduction),
	}
}

type jsonQuantity struct {
	Entity string         `json:"entity"`
	With   string         `json:"with,omitempty"`
	Metric string         `json:"metric"`
	Unit   unit.Dimension `json:"unit"`
	Date   string         `json:"date"`
}

func (q quantity) json() jsonQuantity {
	return jsonQuantity{q.Entity, q.With, q.Metric, q.Unit, q.month.String()}
}

type jsonContrast struct {
	jsonQuantity
	Reference  *float64       `json:"reference"`
	Value      *float64       `json:"value"`
	Difference jsonDifference `json:"difference"`
}

type jsonShare struct {
	jsonQuantity
	Items  map[string]jsonEstimate `json:"items"`
	Errors map[string]float64      `json:"order_errors,omitempty"`
	Total  jsonEstimate            `json:"total"`
}

type jsonSide struct {
	Name        string         `json:"name"`
	Scenario    string         `json:"scenario"`
	Variant     string         `json:"variant,omitempty"`
	Hash        string         `json:"hash"`
	Folder      string         `json:"folder"`
	Changed     []string       `json:"changed"`
	Numbers     []jsonContrast `json:"numbers,omitempty"`
	Central     *record.Event  `json:"central_run_parts_at,omitempty"`
	Divergence  *parted        `json:"divergence,omitempty"`
	Attribution []jsonShare    `json:"attribution,omitempty"`
	Ensembles   int            `json:"attribution_ensembles,omitempty"`
	Because     string         `json:"not_attributed,omitempty"`
}

type jsonComparison struct {
	Runs      int        `json:"runs"`
	Seed      uint64     `json:"seed"`
	Design    string     `json:"design"`
	Folder    string     `json:"folder"`
	Reference jsonSide   `json:"reference"`
	Sides     []jsonSide `json:"sides"`
}

func (c *comparison) json() jsonComparison {
	a := c.sides[0].about
	out := jsonComparison{Runs: a.Runs, Seed: a.Seed, Design: a.Design, Folder: filepath.ToSlash(c.dir)}
	for i, x := range c.sides {
		j := jsonSide{
			Name: x.name, Scenario: x.about.Scenario, Variant: x.about.Variant, Hash: x.about.Hash, Folder: filepath.ToSlash(x.job.dir),
			Changed: []string{}, Because: x.because,
		}
		if i == 0 {
			out.Reference = j
			continue
		}
		for _, item := range x.items {
			j.Changed = append(j.Changed, item.String())
		}
		for _, d := range c.heads(x) {
			j.Numbers = append(j.Numbers, jsonContrast{d.json(), finite(d.First), finite(d.Second), differenceJSON(d.Difference, d.clear)})
		}
		j.Central = x.divergences[0].event()
		parted := partedOf(x.divergences)
		j.Divergence = &parted
		if x.attributed != nil {
			j.Ensembles = x.attributed.ensembles
			for _, q := range x.attributed.shares {
				share := jsonShare{jsonQuantity: q.json(), Items: map[string]jsonEstimate{}, Total: estimateJSON(q.total)}
				for n, item := range x.items {
					share.Items[item.String()] = estimateJSON(q.parts[n])
					if q.error != nil {
						if share.Errors == nil {
							share.Errors = map[string]float64{}
						}
						share.Errors[item.String()] = q.error[n]
					}
				}
				j.Attribution = append(j.Attribution, share)
			}
		}
		out.Sides = append(out.Sides, j)
	}
	return out
}
