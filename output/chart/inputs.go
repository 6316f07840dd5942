package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// outcome is the number whose causes are looked for: the market share of the firm in focus, else the capacity of all
// owners, in the month asked for of each run.
func (d *Data) outcome() (at int, label string, m measure.ID) {
	entity, label, m := "world", "AI capacity", measure.TotalEnergised
	if d.Focus != "" {
		entity, label, m = d.Focus, record.Possessive(d.label(d.Focus))+" share", measure.MarketShare
	}
	column := d.find(entity, m)
	return slices.Index(d.Table.Outcomes, record.Outcome{Column: column, Month: d.month()}), label, m
}

// month is that of the outcome: the last unless another is asked for.
func (d *Data) month() unit.Month { return cmp.Or(d.At, d.About.End) }

// MonthNamed finds a month of which the outcomes of all runs are known by its name: 2029-12, or 2029 for the end of that year. ok is
// false where there is none, and where no chart that was read shows outcomes.
func (d *Data) MonthNamed(name string) (t unit.Month, ok bool) {
	if d.Table == nil {
		return 0, false
	}
	for _, o := range d.Table.Outcomes {
		if o.Month.String() == name || o.Month.YearEnd() && strconv.Itoa(o.Month.Year()) == name {
			return o.Month, true
		}
	}
	return 0, false
}

// UnmovedError says that an outcome follows no input by more than chance; it is a [plot.ErrNoData].
type UnmovedError struct {
	Outcome      string // printed name
	Inputs, Runs int
}

// Error implements error.
func (e *UnmovedError) Error() string {
	return fmt.Sprintf("none of the %d inputs moves %s by more than chance in %d runs", e.Inputs, e.Outcome, e.Runs)
}

// Unwrap makes it one of the charts that have nothing to draw.
func (e *UnmovedError) Unwrap() error { return plot.ErrNoData }

// inputsTornado shows which inputs matter: what the outcome is, in the middle run, where an input is low and where it is
// high.
func inputsTornado(d *Data, w plot.Words) (*plot.Figure, error) {
	at, label, m := d.outcome()
	if at < 0 {
		return nil, plot.ErrNoData
	}
	follows, n := effect.Follows(d.Table, at)
	switch {
	case n == 0:
		return nil, plot.ErrNoData
	case len(follows) == 0:
		return nil, &UnmovedError{Outcome: label, Inputs: len(d.Table.Inputs), Runs: len(d.Table.Drawn(at))}
	}
	var all []float64
	for _, r := range d.Table.Drawn(at) {
		all = append(all, r.Outcomes[at])
	}
	t := plot.Tornado{Key: m.Def().Name, Label: label, Unit: m.Def().Dim, Base: middle(all), Margin: medianMargin(all, n)}
	for _, f := range follows {
		in := d.Table.Inputs[f.Input]
		t.Inputs = append(t.Inputs, plot.Swing{Key: in.Path, Label: d.pathText(in.Path), Unit: in.Unit, Low: f.Low, High: f.High, AtLow: f.AtLow, AtHigh: f.AtHigh})
	}
	w.Title = plot.TornadoTitle(fmt.Sprintf("%s in %s", label, plot.When(d.month())), t)
	t.Runs = n
	w.Subtitle = fmt.Sprintf("Inputs that %s in %s follows by more than chance, %d of %d.", label, d.month().Words(), len(t.Inputs), len(d.Table.Inputs))
	return t.Figure(w)
}

// middle is the median.
func middle(values []float64) float64 {
	levels := record.Levels()
	return record.Describe(values).Quantiles[slices.Index(levels[:], 50)]
}

// medianMargin is how far the 95 % interval of a median of n such values reaches from it, to the normal approximation:
//
//	1.96·√(π/2)·sd/√n
func medianMargin(values []float64, n int) float64 {
	mean, sum := record.Describe(values).Mean, 0.0
	for _, v := range values {
		sum += float64((v - mean) * (v - mean))
	}
	return 1.96 * math.Sqrt(math.Pi/2) * math.Sqrt(sum/float64(len(values))) / math.Sqrt(float64(n))
}

// pathText writes the path of an input as it is printed: "OpenAI cash" for firms.openai.cash, "chip life" for
// market.build.chip_life.
func (d *Data) pathText(path string) string {
	steps := strings.Split(path, ".")
	switch steps[0] {
	case "market":
		if steps = steps[1:]; len(steps) > 1 && !slices.Contains([]string{"enterprise", "consumer", "chips", "power"}, steps[0]) {
			steps = steps[1:] // the rest says it all
		}
	case "firms", "contracts", "regions", "shocks", "regulation":
		if steps = steps[1:]; len(steps) > 0 {
			steps[0] = d.label(steps[0])
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(steps, " "), "_", " "), " mw", " MW")
}

// sweep shows the outcome over the two inputs that a grid varies.
func sweep(d *Data, w plot.Words) (*plot.Figure, error) {
	at, label, m := d.outcome()
	if at < 0 {
		return nil, plot.ErrNoData
	}
	rows := d.Table.Drawn(at)
	axes, ok := d.varied(rows)
	if !ok {
		return nil, plot.ErrNoData
	}
	h := plot.Heat{Key: m.Def().Name, Label: label, Unit: m.Def().Dim}
	for k, to := range []*plot.Input{&h.X, &h.Y} {
		in := d.Table.Inputs[axes[k].input]
		*to = plot.Input{Key: in.Path, Label: d.pathText(in.Path), Unit: in.Unit, Values: axes[k].values, Words: axes[k].words(in)}
	}
	most := 0 // runs behind a cell
	for _, y := range h.Y.Values {
		line := make([]float64, len(h.X.Values))
		for i, x := range h.X.Values {
			var found []float64
			for _, r := range rows {
				if r.Inputs[axes[0].input] == x && r.Inputs[axes[1].input] == y {
					found = append(found, r.Outcomes[at])
				}
			}
			line[i], most = math.NaN(), max(most, len(found))
			if len(found) > 0 {
				line[i] = middle(found)
			}
		}
		h.Cells = append(h.Cells, line)
	}
	w.Subtitle = fmt.Sprintf("Median of %s in %s for each pair of values of two inputs.", label, d.month().Words())
	if most == 1 {
		h.Margin = math.NaN() // single runs have none that is known
		chance := ": cells differ by chance too"
		if d.About.SharesLuck() {
			chance = ", all on the same luck"
		}
		w.Subtitle = fmt.Sprintf("%s in %s, one run for each pair of values of two inputs%s.", record.Capital(label), d.month().Words(), chance)
	}
	w.Title = plot.HeatTitle(fmt.Sprintf("%s in %s", label, plot.When(d.month())), h)
	return h.Figure(w)
}

// axis is an input with the values that it takes.
type axis struct {
	input  int
	values []float64 // rising
}

// words are the values of an input that is drawn among words; nil for one of numbers.
func (a axis) words(in record.Input) []string {
	if in.Words == nil {
		return nil
	}
	words := make([]string, len(a.values))
	for i, v := range a.values {
		words[i] = in.Words[int(v)]
	}
	return words
}

// mostValues is how many values of an input make a sweep rather than a sample.
const mostValues = 12

// varied finds the two inputs that the runs vary, each over a few values; ok is false when there are not just two.
func (d *Data) varied(rows []*record.RunRow) (axes [2]axis, ok bool) {
	n := 0
	for i := range d.Table.Inputs {
		var values []float64
		for _, r := range rows {
			if k, found := slices.BinarySearch(values, r.Inputs[i]); !found {
				if values = slices.Insert(values, k, r.Inputs[i]); len(values) > mostValues {
					return axes, false
				}
			}
		}
		if len(values) < 2 {
			continue
		}
		if n == 2 {
			return axes, false
		}
		axes[n] = axis{i, values}
		n++
	}
	return axes, n == 2
}
