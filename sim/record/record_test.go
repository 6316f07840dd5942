package record

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"powerplay/sim/unit"
)

func TestDescribe(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		values []float64
		want   Stats
	}{
		{"0 to 100 in any order meets every level", shuffled(101), Stats{101, 50, 0, 100, [9]float64{5, 20, 25, 35, 50, 65, 75, 80, 95}, 0}},
		{"between two values a quantile is linear", []float64{10, 0}, Stats{2, 5, 0, 10, [9]float64{0.5, 2, 2.5, 3.5, 5, 6.5, 7.5, 8, 9.5}, 0}},
		{"one value is every quantile", []float64{7}, Stats{1, 7, 7, 7, [9]float64{7, 7, 7, 7, 7, 7, 7, 7, 7}, 0}},
		{"runs without a value do not count", []float64{nan, 7, nan}, Stats{1, 7, 7, 7, [9]float64{7, 7, 7, 7, 7, 7, 7, 7, 7}, 0}},
		{"equal values have no mean beyond them", []float64{0.1, 0.1, 0.1}, Stats{3, 0.1, 0.1, 0.1, [9]float64{.1, .1, .1, .1, .1, .1, .1, .1, .1}, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Describe(slices.Clone(tt.values)); got != tt.want {
				t.Errorf("Describe = %+v, want %+v", got, tt.want)
			}
		})
	}
	if s := Describe([]float64{nan}); s.N != 0 || s.Mean == s.Mean || s.Quantiles[4] == s.Quantiles[4] {
		t.Errorf("of no value: %+v, want NaN", s)
	}
}

func shuffled(n int) []float64 {
	values := make([]float64, n)
	for i, v := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		values[i] = float64(v)
	}
	return values
}

func frameColumns() []Column {
	return []Column{{Entity: "a", Metric: "cash", Unit: unit.DimUSD}, {Entity: "world", Metric: "hhi", Unit: unit.None}}
}

func cashOnly(c Column) bool { return c.Metric == "cash" }

func TestChooseCells(t *testing.T) {
	start := unit.Date(2026, 11)
	cells := ChooseCells(frameColumns(), start, start+3, cashOnly)
	want := [][]int{{0}, {0, 1}, {0}, {0, 1}} // December and the last month hold all
	at := 0
	for i, columns := range want {
		got, first := cells.At(start + unit.Month(i))
		if !slices.Equal(got, columns) || first != at {
			t.Errorf("%v: columns %v from %d, want %v from %d", start+unit.Month(i), got, first, columns, at)
		}
		at += len(columns)
	}
	if cells.Count() != at {
		t.Errorf("%d cells, want %d", cells.Count(), at)
	}
	if got, _ := cells.At(start - 1); got != nil {
		t.Errorf("before the start: %v", got)
	}
}

// A replication draws the luck of its runs, whatever design its inputs come from.
func TestRunsOfAGridAndATableAreNoSample(t *testing.T) {
	for design, want := range map[string]bool{
		"sobol, 14 inputs jointly": true, "monte-carlo": true, "latin-hypercube of 20 runs": true,
		"grid of 6 runs over 2 inputs": false, "table of 2 runs over 2 inputs": false,
		"replication of the central run": true, "replication of run 3 (table of 5 runs over 2 inputs)": true,
	} {
		if a := (About{Design: design}); a.Sampled() != want {
			t.Errorf("the runs of %q are a sample: %v", design, a.Sampled())
		}
	}
}

func TestColumnName(t *testing.T) {
	for want, c := range map[string]Column{
		"openai.cash":             {Entity: "openai", Metric: "cash"},
		"microsoft.stake(openai)": {Entity: "microsoft", Metric: "stake", With: "openai"},
	} {
		if got := c.Name(); got != want {
			t.Errorf("name = %s, want %s", got, want)
		}
	}
}

func TestReasonsSurviveJSON(t *testing.T) {
	for value, want := range map[float64]string{1.5: `{"name":"a < b","value":1.5,"unit":"USD"}`, math.Inf(1): `{"name":"a < b","value":null,"unit":"USD"}`} {
		text, err := Reason{"a < b", value, unit.DimUSD}.MarshalJSON()
		if err != nil || string(text) != want {
			t.Errorf("%v is written %s, %v; want %s", value, text, err, want)
		}
		var back Reason
		if err := json.Unmarshal(text, &back); err != nil || back.Name != "a < b" || back.Value != value && !math.IsNaN(back.Value) {
			t.Errorf("%s is read as %+v, %v", text, back, err)
		}
	}
}

// A line reads as the event itself would, whatever the same memory held before.
func TestALineOfAFileSaysWhatTheEventSays(t *testing.T) {
	reasons := []Reason{{"a < b", 1.5, unit.DimUSD}, {"none", math.NaN(), unit.DimUSD}, {"all", math.Inf(-1), unit.DimUSD}}
	var line EventLine
	for i := len(reasons); i >= 0; i-- {
		e := Event{Run: 3, Date: "2027-06", ID: "3:2027-06:1", Kind: "bid", Firm: "xai", What: "bids", Why: reasons[:i]}
		line.Set(e)
		got, err := json.Marshal(&line)
		want, _ := json.Marshal(e)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
}
