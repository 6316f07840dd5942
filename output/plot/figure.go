// Package plot draws charts that stand alone: each says what it shows, what was found, how sure the model is
// and which run made it, even when pasted into someone else's report.
//
// The package knows nothing of a simulation. It takes labelled numbers ([Area], [Lines], [Fan], [Multiples], [Bars],
// [Timeline], [Strip], [Steps], [Ownership], [Sankey], [Matrix], [Heat], [Ranges], [Tornado], [Difference]) and words,
// checks both, and gives a [Figure], which draws itself on any [Profile] as PNG, SVG or PDF from one layout in points, and
// hands out the drawn numbers and an alternative text.
// Titles come from rules over the numbers: see [LeaderTitle] and its neighbours.
//
// The same figure drawn twice gives the same pixels. A figure may be drawn by several goroutines at once.
package plot

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"powerplay/sim/unit"
)

// ErrNoData is the error of a chart that was given no number to draw.
var ErrNoData = errors.New("nothing to draw")

// Words are the texts of a chart.
type Words struct {
	Name        string    // stem of its files: market-share
	Title       string    // the finding, one sentence with the number
	Subtitle    string    // what is drawn: measure, unit, who, period; the chart adds what its bands mean
	Footer      [2]string // which run made it, and what it rests on; see Meta.Footer
	TitleByUser bool      // the title is the user's own claim; the footer says so
}

// Meta tells which run a chart came from. It goes into the file's metadata and, through Footer, on the page.
type Meta struct {
	Scenario string // name of the scenario, with its variant
	Hash     string // SHA-256 of the resolved scenario, hex
	Seed     uint64
	Runs     int    // 0 or 1: the central run
	Version  string // of the program: v0.3.0
}

// Footer returns the two lines that stand under every chart. assumptions are the few that matter most.
func (m Meta) Footer(assumptions ...string) [2]string {
	runs := "central run"
	if m.Runs > 1 {
		runs = number(float64(m.Runs), 0) + " runs"
	}
	first := []string{"Scenario " + m.Scenario, m.Hash[:min(12, len(m.Hash))], fmt.Sprintf("seed %d", m.Seed), runs, m.software()}
	second := "Model output, not a forecast."
	if len(assumptions) > 0 {
		second += " Main assumptions: " + strings.Join(assumptions, ", ") + " (see assumptions.csv)"
	}
	return [2]string{strings.Join(first, " · "), second}
}

func (m Meta) software() string { return strings.TrimSpace("powerplay " + m.Version) }

func (m Meta) source() string { return fmt.Sprintf("Scenario %s, seed %d", m.Scenario, m.Seed) }

// Series is one named sequence of monthly values.
type Series struct {
	Key    string    // as in data files
	Label  string    // as printed; empty prints the key
	Color  string    // hex as "#2452C0"; empty takes the palette's in order of declaration
	Values []float64 // one a month, in the chart's unit; NaN is missing
	Minor  bool      // has no colour of its own: where there are too many lines it is among the first to be thin and grey
}

func (s Series) label() string {
	if l := oneLine(s.Label); l != "" {
		return l
	}
	return oneLine(s.Key)
}

// end returns the last value that is not missing and its index, or NaN and -1.
func (s Series) end() (float64, int) {
	for i := len(s.Values) - 1; i >= 0; i-- {
		if !math.IsNaN(s.Values[i]) {
			return s.Values[i], i
		}
	}
	return math.NaN(), -1
}

// Row is one drawn number.
type Row struct {
	Series string // key
	Label  string // in full
	Date   string // month as 2026-04; empty when the number has none
	Value  float64
	Unit   unit.Dimension
	Band   string // empty; p05 to p95 in fans; run 1; observed
}

// Figure is a chart ready to be drawn.
type Figure struct {
	Words
	body body
}

// body is what is particular to a kind of chart.
type body interface {
	// draw fills the rectangle between subtitle and footer.
	draw(s *sheet, r Rect) error
	// notes are sentences that the subtitle must carry for the chart to be honest.
	notes() []string
	rows() []Row
	// kind names the chart: "Stacked area chart".
	kind() string
	// summary tells start, end and range of what is drawn.
	summary() string
}

func newFigure(w Words, b body) (*Figure, error) {
	if oneLine(w.Title) == "" {
		return nil, fmt.Errorf("plot: chart %q has no title", w.Name)
	}
	return &Figure{w, b}, nil
}

// lay lays the figure out on a profile. A chart of a few rows takes no more of the page's height than they fill.
func (f *Figure) lay(p Profile) (*sheet, error) {
	s, err := f.layFull(p)
	if err != nil || s.spare < 1 {
		return s, err
	}
	p.Height -= math.Floor(s.spare) / 72
	return f.layFull(p)
}

// leastBody is how low the part of the page between subtitle and footer may become, in points.
const leastBody = 60

// layFull lays the figure out on all of a profile's height.
func (f *Figure) layFull(p Profile) (*sheet, error) {
	s, err := newSheet(p)
	if err != nil {
		return nil, err
	}
	r := s.words(f, f.body.notes())
	if r.height() < leastBody {
		return nil, fmt.Errorf("plot: %s: title, subtitle and footer leave no room for the chart on profile %s", f.Name, p.Name)
	}
	if err := f.body.draw(s, r); err != nil {
		return nil, fmt.Errorf("plot: %s on profile %s: %w", f.Name, p.Name, err)
	}
	s.spare = min(s.spare, r.height()-leastBody-1) // a point for rounding
	return s, nil
}

// Layout tells where the text stands on a profile, and its warnings.
func (f *Figure) Layout(p Profile) (Layout, error) {
	s, err := f.lay(p)
	if err != nil {
		return Layout{}, err
	}
	return s.layout, nil
}

// Table returns the drawn numbers in their own units, in long form; missing values have no row.
func (f *Figure) Table() []Row { return f.body.rows() }

// CSV writes the drawn numbers with the header series,label,date,value,unit,band.
func (f *Figure) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"series", "label", "date", "value", "unit", "band"}}
	for _, r := range f.Table() {
		rows = append(rows, []string{r.Series, r.Label, r.Date, strconv.FormatFloat(r.Value, 'g', -1, 64), string(r.Unit), r.Band})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("plot: write data of %s: %w", f.Name, err)
	}
	return nil
}

// AltText describes the chart to who cannot see it: its kind, the finding, what is plotted, and the numbers
// at start and end.
func (f *Figure) AltText() string {
	text := f.body.kind() + ": " + oneLine(f.Title)
	for _, part := range append([]string{oneLine(f.Subtitle)}, append(f.body.notes(), f.body.summary())...) {
		if part != "" {
			text = sentence(text, part)
		}
	}
	return text
}

// checkSeries refuses what no chart can draw: no series, unequal lengths, keys given twice, infinities.
func checkSeries(series []Series) (months int, err error) {
	seen := map[string]bool{}
	found := false
	for i, s := range series {
		if seen[s.Key] {
			return 0, fmt.Errorf("plot: key %q names two series", s.Key)
		}
		seen[s.Key] = true
		if i > 0 && len(s.Values) != len(series[0].Values) {
			return 0, fmt.Errorf("plot: series %q has %d values, %q has %d; want one a month in each",
				s.Key, len(s.Values), series[0].Key, len(series[0].Values))
		}
		for t, v := range s.Values {
			if math.Abs(v) > 1e300 {
				return 0, fmt.Errorf("plot: series %q holds %g at month %d; it cannot be drawn", s.Key, v, t)
			}
			found = found || !math.IsNaN(v)
		}
	}
	if !found {
		return 0, fmt.Errorf("plot: %d series without a value: %w", len(series), ErrNoData)
	}
	return len(series[0].Values), nil
}

// bounds returns the least and greatest value that is not missing, or 0 and 0.
func bounds(values ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, vs := range values {
		for _, v := range vs {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		return 0, 0
	}
	return lo, hi
}

// rowsOf lists a series' numbers month by month.
func rowsOf(key, label string, start unit.Month, values []float64, d unit.Dimension, band string) []Row {
	var rows []Row
	for t, v := range values {
		if !math.IsNaN(v) {
			rows = append(rows, Row{key, label, (start + unit.Month(t)).String(), v, d, band})
		}
	}
	return rows
}

// summarize tells how each series begins and ends, for the alternative text, all in the unit of the largest.
func summarize(start unit.Month, series []Series, d unit.Dimension) string {
	lo, hi := boundsOf(series)
	largest := max(math.Abs(lo), math.Abs(hi))
	return summarizeAs(start, series, func(v float64) string { return Format(v, largest, d) })
}

// boundsOf returns the least and greatest value of all series.
func boundsOf(series []Series) (lo, hi float64) {
	var all [][]float64
	for _, s := range series {
		all = append(all, s.Values)
	}
	return bounds(all...)
}

// summarizeAs is summarize with each value as show prints it.
func summarizeAs(start unit.Month, series []Series, show func(float64) string) string {
	var parts []string
	for _, s := range series {
		last, i := s.end()
		if i < 0 {
			parts = append(parts, s.label()+" has no values")
			continue
		}
		first := 0
		for math.IsNaN(s.Values[first]) {
			first++
		}
		parts = append(parts, fmt.Sprintf("%s from %s in %s to %s in %s", s.label(), show(s.Values[first]), start+unit.Month(first), show(last), start+unit.Month(i)))
	}
	lo, hi := boundsOf(series)
	return strings.Join(parts, "; ") + fmt.Sprintf(". Lowest %s, highest %s.", show(lo), show(hi))
}
