package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// number is one figure of the summary: the median and the middle 90 % of runs 1 to N, or the value of a
// single run.
type number struct {
	Entity string   `json:"entity,omitempty"`
	Label  string   `json:"label,omitempty"`
	Value  float64  `json:"value"` // the median, or the single run's
	P05    *float64 `json:"p05,omitempty"`
	P95    *float64 `json:"p95,omitempty"`
}

// at returns a column's figure in the last month: over all draws where there are any, else in the first run.
func (r *result) at(column int) number {
	var n number
	if r.summary.Runs > 0 {
		for _, c := range slices.Backward(r.summary.Cells) {
			if c.Month != r.lastMonth() {
				break
			}
			if c.Column == column {
				n.Value = c.Quantiles[slices.Index(levels(), 50)]
				if r.summary.Runs > 1 { // a single draw has no range
					n.P05, n.P95 = &c.Quantiles[0], &c.Quantiles[record.LevelCount-1]
				}
			}
		}
		return n
	}
	return r.in(r.runs[0], column)
}

// in returns a column's figure in the last month of a run that is held in memory.
func (r *result) in(run, column int) number {
	values := r.frames.column(run, column)
	return number{Value: values[len(values)-1]}
}

// ranking returns the figures of the firms with a role, largest first; at tells a column's figure. What
// stands for all other firms comes last.
func (r *result) ranking(m measure.ID, role string, at func(column int) number) []number {
	var all []number
	for _, e := range r.about.Entities {
		if !e.Has(role) {
			continue
		}
		n := at(r.find(e.Key, m))
		n.Entity, n.Label = e.Key, e.Label
		if n.Value > 0 {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b number) int {
		if record.IsRest(a.Entity) != record.IsRest(b.Entity) {
			return map[bool]int{true: 1, false: -1}[record.IsRest(a.Entity)]
		}
		return cmp.Compare(b.Value, a.Value)
	})
	return all
}

// happening is a kind of event worth telling on one screen.
type happening struct {
	Kind  string  `json:"kind"`
	Firm  string  `json:"firm,omitempty"`  // empty for any
	Runs  int     `json:"runs,omitempty"`  // in which it happened at least once
	Share float64 `json:"share,omitempty"` // of the runs
	First string  `json:"first,omitempty"` // month of the first, in the median of those runs
	Count int     `json:"count,omitempty"` // in the single run
}

// happenings counts the kinds of event whose first date is known of every run.
func (r *result) happenings() []happening {
	var all []happening
	n := r.chances.Runs()
	for i, f := range r.chances.Firsts {
		h := happening{Kind: f.Kind, Firm: f.Firm}
		in := r.chances.Happened(i, r.lastMonth())
		if in == 0 || f.Contract != "" {
			continue
		}
		h.First = r.chances.Median(i).String()
		if r.drawn || n > 1 {
			h.Runs, h.Share = in, float64(in)/float64(n)
		} else if h.Count = 1; f.Firm == "" {
			h.Count = max(1, r.told.kinds[f.Kind])
		}
		all = append(all, h)
	}
	return all
}

// tell prints what came of the jobs: the answer of `powerplay run`.
func tell(fs afero.Fs, s *streams, o runOptions, done []*result, compared []verdict) error {
	switch {
	case o.json:
		return tellJSON(s.out, done, compared)
	case o.quiet:
		for _, r := range done {
			if _, err := fmt.Fprintln(s.out, filepath.ToSlash(r.dir)); err != nil {
				return err
			}
		}
		return nil
	case len(done) > 1:
		return tellVariants(fs, s, done, compared)
	}
	return done[0].tell(s)
}

// jsonPart is what there is to say of a part to other programs.
type jsonPart struct {
	Scenario string `json:"scenario"`
	Variant  string `json:"variant,omitempty"`
	Hash     string `json:"hash"`
	Seed     uint64 `json:"seed"`
	Part     string `json:"part"`
	Runs     int    `json:"runs"` // of the part
	Of       int    `json:"of"`   // of the whole
	Folder   string `json:"folder"`
}

// tellParts prints where parts of results are, and what to do with them.
func tellParts(s *streams, o runOptions, done []*result) error {
	var all []jsonPart
	for _, r := range done {
		all = append(all, jsonPart{
			r.about.Scenario, r.about.Variant, r.about.Hash, r.about.Seed, r.shard.String(), len(r.mine()), len(r.runs), filepath.ToSlash(r.dir),
		})
	}
	switch {
	case o.json && len(all) == 1:
		return printJSON(s.out, all[0])
	case o.json:
		return printJSON(s.out, all)
	}
	for i, r := range done {
		p := all[i]
		if o.quiet {
			fmt.Fprintln(s.out, p.Folder)
			continue
		}
		if p.Runs == 0 {
			fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("part %s of %s has no run: there are more parts than the %s (seed %d) -> %s", p.Part, r.name(), number1(p.Of, "run"), p.Seed, p.Folder)))
			continue
		}
		fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("part %s of %s: %s of %s runs (seed %d) in %s -> %s", p.Part, r.name(), count(p.Runs), count(p.Of), p.Seed, seconds(r.took), p.Folder)))
	}
	if o.quiet {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "  next  %s\n", done[0].next())
	return err
}

// tell prints the summary of one job, at most fifteen lines.
func (r *result) tell(s *streams) error {
	fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("%s of %s (seed %d) in %s -> %s", r.runsText(), r.name(), r.about.Seed, seconds(r.took), filepath.ToSlash(r.dir))))
	r.tellRankings(s)
	t := newTable()
	if r.summary.Runs == 0 && r.options.only == "" {
		t.AppendRow(table.Row{"one path", chart.Central + "; --runs 100 tells the spread"})
	}
	total := r.at(r.find("world", measure.TotalEnergised))
	size := r.at(r.find("world", measure.MarketSize))
	first := r.frames.column(r.runs[0], r.find("world", measure.MarketSize))[0]
	if r.drawn || len(r.runs) == 1 {
		t.AppendRow(table.Row{"all capacity", total.text(unit.DimMW, 0)})
		t.AppendRow(table.Row{"spend on models", size.text(unit.DimUSDPerYear, 0) + " a year, from " + plot.Format(first, 0, unit.DimUSD)})
	}
	if h := r.happenings(); len(h) > 0 && (r.drawn || len(r.runs) == 1) {
		t.AppendRow(table.Row{"what happened", r.happeningsText(h)})
	}
	for _, p := range r.telling() {
		t.AppendRow(table.Row{"chance", p.Statement + ": " + shareText(p)})
	}
	for _, v := range r.judged {
		t.AppendRow(table.Row{"expected", v.text(s)})
	}
	if n := len(r.study.Pairs); n > 0 {
		t.AppendRow(table.Row{"compared", fmt.Sprintf("%s of variants: --variant all judges them", number1(n, "expectation"))})
	}
	if len(r.ties) > 0 {
		t.AppendRow(table.Row{"correlation", tiesText(r.ties)})
	}
	t.AppendRow(table.Row{"books", r.booksText()})
	if r.summary.Error > 0 {
		t.AppendRow(table.Row{"quantiles", fmt.Sprintf("from sketches, off by at most %s of the values that they lie between; summary.csv tells for each row", percentText(r.summary.Error))})
	}
	if len(r.charts) > 0 {
		t.AppendRow(table.Row{"look at", strings.Join(r.charts[:min(2, len(r.charts))], ", ") + moreText(len(r.charts)-2) + r.fansText()})
	}
	t.AppendRow(table.Row{"next", "powerplay explain " + filepath.ToSlash(r.dir) + r.nextQuestion()})
	render(s.out, t)
	for _, w := range r.warnings {
		fmt.Fprintln(s.err, "warning:", w)
	}
	return nil
}

// tellRankings prints who leads: over all draws, or in each of a few chosen runs.
func (r *result) tellRankings(s *streams) {
	t := newTable()
	row := func(label string, m measure.ID, role string, at func(int) number) {
		all := r.ranking(m, role, at)
		all = all[:min(len(all), map[bool]int{true: 4, false: 5}[r.summary.Runs > 0])]
		line := table.Row{label}
		for _, n := range all {
			line = append(line, n.Label+" "+n.text(m.Def().Dim, all[0].Value))
		}
		t.AppendRow(line)
	}
	end := r.lastMonth().String()
	if r.options.only == "" || len(r.runs) == 1 {
		row("market share, "+end, measure.MarketShare, "lab", r.at)
		row("in service, "+end, measure.CapacityEnergised, "cloud", r.at)
		render(s.out, t)
		return
	}
	for i, run := range r.runs {
		if i == 4 {
			fmt.Fprintf(s.err, "and %d more runs: see runs.csv\n", len(r.runs)-i)
			break
		}
		in := func(column int) number { return r.in(run, column) }
		row(fmt.Sprintf("run %d, market share, %s", run, end), measure.MarketShare, "lab", in)
		row(fmt.Sprintf("run %d, in service, %s", run, end), measure.CapacityEnergised, "cloud", in)
	}
	render(s.out, t)
}

// percentText writes a small part to two digits.
func percentText(x float64) string { return fmt.Sprintf("%.2g %%", 100*x) }

func moreText(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// fansText says why draws left no chart of their spread.
func (r *result) fansText() string {
	if n := r.summary.Runs; n > 0 && n < chart.FanRuns {
		return fmt.Sprintf("; charts of the spread need %d runs", chart.FanRuns)
	}
	return ""
}

// runsText says what was run.
func (r *result) runsText() string {
	switch {
	case r.options.only != "" && len(r.runs) == 1:
		return "run " + r.options.only
	case r.options.only != "":
		return "runs " + r.options.only
	case !r.drawn:
		return "central run"
	case r.about.Runs == 1:
		return "1 run"
	}
	return count(r.about.Runs) + " runs"
}

// booksText is the money line. It is no figure of speech: a run whose books are off by a cent in any month
// is stopped and never gets here.
func (r *result) booksText() string {
	months := int(r.about.End - r.about.Start)
	done := r.table.Len()
	if done == 1 {
		return fmt.Sprintf("balanced to the cent in %d of %d months", months, months)
	}
	among := ""
	if r.drawn {
		among = ", the central run among them"
	}
	return fmt.Sprintf("balanced to the cent in %s of %s runs%s", count(done), count(len(r.runs)), among)
}

// nextQuestion is a filter that shows something of interest.
func (r *result) nextQuestion() string {
	for _, kind := range []string{"default", "rescue", "tranche", "lapse", "match", "round-failed"} {
		if r.told.kinds[kind] > 0 {
			return " --kind " + kind
		}
	}
	return " --kinds"
}

// happeningsText names the four kinds of event that matter most, and the firms to which they happen most.
func (r *result) happeningsText(all []happening) string {
	var parts []string
	for _, kind := range happeningWords() {
		i := slices.IndexFunc(all, func(h happening) bool { return h.Kind == kind.kind && h.Firm == "" })
		switch {
		case i < 0 || len(parts) == 4:
		case all[i].Count == 1:
			parts = append(parts, fmt.Sprintf("1 %s (%s)", kind.one, strings.TrimPrefix(r.whoText(all, kind.kind)+", "+all[i].First, ", ")))
		case all[i].Count > 1:
			parts = append(parts, fmt.Sprintf("%d %s (from %s)", all[i].Count, kind.several, all[i].First))
		default:
			who := r.whoText(all, kind.kind)
			if who != "" {
				who = " (" + who + ")"
			}
			parts = append(parts, fmt.Sprintf("%s in %.0f%% of runs%s", kind.one, 100*all[i].Share, who))
		}
	}
	return strings.Join(parts, ", ")
}

// whoText names the three firms to which a kind of event happens in most runs.
func (r *result) whoText(all []happening, kind string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(h happening) bool { return h.Kind != kind || h.Firm == "" })
	slices.SortStableFunc(all, func(a, b happening) int { return cmp.Compare(b.Share, a.Share) })
	var parts []string
	for _, h := range all[:min(3, len(all))] {
		name := h.Firm
		for _, e := range r.about.Entities {
			if e.Key == h.Firm {
				name = e.Label
			}
		}
		if h.Count == 0 {
			name += fmt.Sprintf(" %.0f%%", 100*h.Share)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}

func (v verdict) text(s *streams) string {
	if !v.judged {
		return v.That + ": " + v.word(s)
	}
	return fmt.Sprintf("%s: %s; expect %s: %s", v.That, v.shareText(), v.HoldsIn, v.word(s))
}

// unusualBand names the share of runs that a comparison is expected to hold in, unless it is the usual half.
func (v verdict) unusualBand() string {
	if v.HoldsIn == "" || v.HoldsIn == usualBand {
		return ""
	}
	return ", expect " + v.HoldsIn
}

// shareText tells in how many runs it holds.
func (v verdict) shareText() string {
	switch {
	case v.Runs == 0:
		return "none"
	case v.Runs == 1:
		return map[bool]string{true: "true in this run", false: "false in this run"}[v.Share == 1]
	}
	text := fmt.Sprintf("%.0f%% of runs", 100*v.Share)
	if v.Margin > 0 {
		text += fmt.Sprintf(" (±%s)", plot.Points(v.Margin))
	}
	return text
}

// word is the verdict itself.
func (v verdict) word(s *streams) string {
	switch {
	case !v.judged:
		return v.plain()
	case v.Unclear: // more runs would tell
		return s.paint(text.FgYellow, v.plain())
	case v.Held:
		return s.paint(text.FgGreen, v.plain())
	}
	return s.paint(text.FgRed, v.plain())
}

// plain is the verdict without color.
func (v verdict) plain() string {
	switch {
	case !v.judged:
		return "not judged, " + v.Why
	case v.Unclear:
		return "unclear"
	case v.Held:
		return "held"
	}
	return "NOT held"
}

// differenceText writes how far apart two variants are: the median of the runs, and the middle 90 %.
func (v verdict) differenceText() string {
	if v.Difference == nil {
		return ""
	}
	d, x := unit.Dimension(v.Unit), v.Difference
	if x.P05 == nil {
		return signed(x.Value, math.Abs(x.Value), d)
	}
	return bandText(x.Value, *x.P05, *x.P95, d)
}

const nearZero = "about 0"

// signed writes a difference with its sign, to two digits of the largest that stands beside it.
func signed(x, largest float64, d unit.Dimension) string {
	size := plot.Format(math.Abs(x), largest, d)
	if d == unit.DimShare {
		size = strings.TrimSuffix(size, "%") + " points" // a difference of shares is no share
	}
	if x == 0 || strings.HasPrefix(size, "<") || largest == 0 {
		return nearZero
	}
	return map[bool]string{true: "-", false: "+"}[x < 0] + size
}

// bareSigned takes the unit off a difference whose neighbour has it.
func bareSigned(s string) string {
	if s == nearZero {
		return "0"
	}
	return s[:1] + bare(s[1:])
}

// tellVariants compares what came of the variants of a scenario.
func tellVariants(fs afero.Fs, s *streams, done []*result, compared []verdict) error {
	first := done[0]
	fmt.Fprintln(s.out, s.paint(text.Bold, fmt.Sprintf("%s of each of %d variants of %s (seed %d), the same draws in each", first.runsText(), len(done), first.about.Scenario, first.about.Seed)))
	t := newTable()
	end := first.lastMonth().String()
	head := table.Row{end, "spend on models", "in service"}
	sides, err := sidesOf(fs, done)
	if err != nil {
		return err
	}
	labs := first.labsToTell(sides)
	for i, l := range labs {
		head = append(head, map[bool]string{true: "market share of ", false: "of "}[i == 0]+l.Label)
	}
	t.AppendRow(head)
	for _, r := range done {
		row := table.Row{
			variantName(r.study), r.at(r.find("world", measure.MarketSize)).text(unit.DimUSDPerYear, 0),
			r.at(r.find("world", measure.TotalEnergised)).text(unit.DimMW, 0),
		}
		for _, l := range labs {
			row = append(row, r.at(r.find(l.Entity, measure.MarketShare)).text(unit.DimShare, 0))
		}
		t.AppendRow(row)
	}
	render(s.out, t)
	if len(compared) > 0 {
		t = newTable()
		t.AppendRow(table.Row{"expected of variants", "", "holds in", "", "difference"})
		for _, v := range compared {
			what := v.Is + " in " + v.In + " than in " + v.Than
			if v.Is == "similar" {
				what = "similar in " + v.In + " and " + v.Than
			}
			t.AppendRow(table.Row{v.That, what, v.shareText() + v.unusualBand(), v.word(s), v.differenceText()})
		}
		render(s.out, t)
	}
	for i, v := range first.judged {
		t = newTable()
		t.AppendRow(table.Row{"expected " + v.HoldsIn, v.That})
		for _, r := range done {
			own := r.judged[i]
			t.AppendRow(table.Row{"  " + variantName(r.study), own.shareText() + "  " + own.word(s)})
		}
		render(s.out, t)
	}
	if len(first.options.without) > 0 {
		for _, x := range sides[1:] {
			fmt.Fprintf(s.out, "\n%s\n", s.paint(text.Bold, sides[0].name()+" against "+x.name()))
			tellOutcomes(s, sides[0], x, changes(sides[0], x).parties(), sentences{ours: 5, others: 2, unclear: 2})
		}
	}
	for i, q := range first.study.Ask {
		t = newTable()
		t.AppendRow(table.Row{"chance", q.Name})
		for _, r := range done {
			if i < len(r.likely) && r.likely[i].Statement == q.Name {
				t.AppendRow(table.Row{"  " + variantName(r.study), shareText(r.likely[i])})
			}
		}
		render(s.out, t)
	}
	for _, r := range done {
		fmt.Fprintf(s.out, "  -> %s\n", filepath.ToSlash(r.dir))
	}
	fmt.Fprintf(s.out, "  next: powerplay report %s\n", filepath.ToSlash(filepath.Dir(first.dir)))
	fmt.Fprintf(s.out, "        powerplay explain %s --against %s\n", filepath.ToSlash(first.dir), filepath.ToSlash(done[1].dir))
	return nil
}

// sidesOf are results as sides to be compared, without their events. Rows of runs are read back from the folders only
// where they are asked for, so that memory does not grow with the variants.
func sidesOf(fs afero.Fs, done []*result) ([]*side, error) {
	var all []*side
	for _, r := range done {
		x := &side{about: r.about}
		x.tree, _ = scenarios.Parse("scenario.yaml", r.study.Encode())
		if len(r.options.without) > 0 {
			folder, err := output.Open(fs, r.dir)
			if err != nil {
				return nil, err
			}
			if x.table, err = folder.Runs(); err != nil {
				return nil, err
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// How many labs have a column where variants are compared: the largest, and with them those concerned.
const (
	leaders  = 3
	mostLabs = 5
)

// labsToTell are the largest labs, and those that variants change something of: a reader asks for them.
func (r *result) labsToTell(sides []*side) []number {
	var parties []string
	for _, x := range sides[1:] {
		parties = union(parties, changes(sides[0], x).parties())
	}
	var told []number
	for _, l := range r.ranking(measure.MarketShare, "lab", r.at) {
		if len(told) < leaders || slices.Contains(parties, l.Entity) && len(told) < mostLabs {
			told = append(told, l)
		}
	}
	return told
}

// text writes a figure with its band; largest sets the number of digits, 0 takes the figure itself.
func (n number) text(d unit.Dimension, largest float64) string {
	if math.IsNaN(n.Value) {
		return "none"
	}
	if n.P05 == nil {
		return plot.Format(n.Value, largest, d)
	}
	scale := max(largest, *n.P95)
	return fmt.Sprintf("%s (%s to %s)", plot.Format(n.Value, scale, d), bare(plot.Format(*n.P05, scale, d)), bare(plot.Format(*n.P95, scale, d)))
}

// bare takes the unit off a figure whose neighbour has it.
func bare(s string) string {
	return strings.TrimLeft(strings.TrimRightFunc(s, func(r rune) bool { return r < '0' || r > '9' }), "$")
}

func newTable() table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "  ", ""
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	return t
}

func render(w io.Writer, t table.Writer) {
	if out := t.Render(); out != "" {
		fmt.Fprintln(w, out)
	}
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f min", d.Minutes())
}

// count writes a whole number with thousands separators.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// bytesText writes a size coarsely.
func bytesText(n int64) string {
	x := float64(n)
	if n == 1 {
		return "1 byte"
	}
	for _, u := range []string{"bytes", "kB", "MB", "GB", "TB"} {
		if x < 1000 || u == "TB" {
			if x < 10 && u != "bytes" {
				return fmt.Sprintf("%.1f %s", x, u)
			}
			return fmt.Sprintf("%.0f %s", x, u)
		}
		x /= 1000
	}
	panic("powerplay: unreachable")
}

// jsonResult is the summary for other programs.
type jsonResult struct {
	Scenario     string               `json:"scenario"`
	Variant      string               `json:"variant,omitempty"`
	Question     string               `json:"question,omitempty"`
	Hash         string               `json:"hash"`
	Seed         uint64               `json:"seed"`
	Runs         int                  `json:"runs"`
	Design       string               `json:"design"`
	Dependence   []tie                `json:"dependence,omitempty"`
	Start        string               `json:"start"`
	End          string               `json:"end"`
	Folder       string               `json:"folder"`
	MarketShare  []number             `json:"market_share"`
	Capacity     []number             `json:"capacity_energised_mw"`
	Total        number               `json:"total_energised_mw"`
	MarketSize   number               `json:"market_size_usd_per_year"`
	Error        float64              `json:"quantile_error"` // the largest, as a part of the value; 0 where exact
	Happenings   []happening          `json:"happenings"`
	Expectations []verdict            `json:"expectations"`
	Probable     []record.Probability `json:"probabilities,omitempty"` // the most telling; probabilities.csv has all
	Balanced     bool                 `json:"books_balanced"`
	Charts       []string             `json:"charts"`
	Warnings     []string             `json:"warnings,omitempty"`
}

func (r *result) json() jsonResult {
	j := jsonResult{
		Scenario: r.about.Scenario, Variant: r.about.Variant, Question: r.about.Question, Hash: r.about.Hash,
		Seed: r.about.Seed, Runs: r.about.Runs, Design: r.about.Design, Dependence: r.ties, Start: r.about.Start.String(), End: r.about.End.String(), Folder: filepath.ToSlash(r.dir),
		MarketShare: r.ranking(measure.MarketShare, "lab", r.at), Capacity: r.ranking(measure.CapacityEnergised, "cloud", r.at),
		Total: r.at(r.find("world", measure.TotalEnergised)), MarketSize: r.at(r.find("world", measure.MarketSize)),
		Happenings: r.happenings(), Expectations: r.judged, Probable: r.telling(), Error: r.summary.Error, Balanced: true, Charts: r.charts, Warnings: r.warnings,
	}
	return j
}

func tellJSON(w io.Writer, done []*result, compared []verdict) error {
	if len(done) == 1 {
		return printJSON(w, done[0].json())
	}
	var all []jsonResult
	for _, r := range done {
		all = append(all, r.json())
	}
	return printJSON(w, map[string]any{"variants": all, "compared": compared})
}
