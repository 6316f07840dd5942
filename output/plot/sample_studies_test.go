package plot

import (
	"fmt"
	"math"
	"testing"

	"powerplay/sim/unit"
)

// sampleFlows are invented payments of a year in USD, among parties of which some both pay and are paid.
func sampleFlows() Matrix {
	labels := []string{"OpenAI", "Anthropic", "Google DeepMind", "xAI", "Meta", "Mistral", "Microsoft", "Amazon", "Google", "Oracle", "CoreWeave", "NVIDIA", "Broadcom", "SoftBank"}
	m := Matrix{
		Unit: unit.DimUSD, At: unit.Date(2032, 12), From: "Payer", To: "Payee",
		Note: "Of each $100 paid, $14 comes back to its payer within the year through other parties.",
	}
	for _, l := range labels {
		m.Rows = append(m.Rows, Party{l, l})
	}
	m.Cols = m.Rows
	for i := range labels {
		line := make([]float64, len(labels))
		for j := range labels {
			if x := math.Sin(float64(7*i+3*j*j) + 0.5); i != j && (j > 5 || i > 5 && j < 2) && x > 0.1 {
				line[j] = 60e9 * x * x * math.Exp(-0.12*float64(i+j-6))
			}
		}
		m.Amounts = append(m.Amounts, line)
	}
	return m
}

// sampleStudies has the charts that compare runs, scenarios and parties rather than months.
func sampleStudies(t testing.TB) []*Figure {
	var out []*Figure
	add := func(f *Figure, err error) { out = append(out, must(t, f, err)) }
	flows := sampleFlows()
	add(flows.Figure(sampleWords("payments-matrix", FlowTitle(Claim{Verb: "pays", Of: "for compute and chips"}, flows),
		"Payments between parties, $ bn, nominal, 2032; darker is more")))
	few := Matrix{
		Unit: unit.DimMW, At: unit.Date(2032, 12), From: "User", To: "Owner",
		Rows:    []Party{{"openai", "OpenAI"}, {"anthropic", "Anthropic"}, {"google", "Google DeepMind"}},
		Cols:    []Party{{"microsoft", "Microsoft"}, {"amazon", "Amazon"}, {"google", "Google"}, {"other", "Other clouds"}},
		Amounts: [][]float64{{14_200, 0, 2100, 6400}, {800, 11_900, 9700, math.NaN()}, {0, 0, 24_800, 0}},
	}
	add(few.Figure(sampleWords("capacity-matrix", "Google DeepMind uses 25 GW of Google's capacity in 2032, 35% of all in use",
		"AI compute capacity in use by lab and owner, gigawatts of facility power, December 2032")))
	for _, h := range sampleSweeps() {
		add(h.Figure(sampleWords("sweep-"+h.Key, HeatTitle(h.Label+" in 2032", h), "Median of 400 runs for each pair of values")))
	}
	for _, n := range []int{1000, 24} {
		d := sampleDifference(n)
		add(d.Figure(sampleWords(fmt.Sprint("difference-", n), DifferenceTitle(d),
			"AI capacity with the export rule less that without, gigawatts of facility power, 2025–2032")))
	}
	tornado := sampleTornado()
	add(tornado.Figure(sampleWords("tornado", TornadoTitle("AI capacity in 2032", tornado),
		"Median AI compute capacity of all owners in December 2032, gigawatts of facility power")))
	ranges := sampleRanges()
	add(ranges.Figure(sampleWords("ranges-measures", RangesTitle("AI capacity in 2032", ranges, 0), "Five scenarios with the same seeds")))
	ranges = sampleRanges()
	ranges.Panels = ranges.Panels[:1]
	ranges.Panels[0].Label = ""
	add(ranges.Figure(sampleWords("ranges", RangesTitle("AI capacity in 2032", ranges, 0),
		"AI compute capacity of all owners, gigawatts of facility power, December 2032")))
	return out
}

// sampleTornado has fifteen inputs, of which one moves the outcome the same way at both ends.
func sampleTornado() Tornado {
	t := Tornado{Key: "capacity", Label: "AI capacity", Unit: unit.DimMW, Base: 128_000, Margin: 1200}
	for i, in := range []Swing{
		{"growth", "Demand growth", unit.DimRate, 0.2, 0.45, 101_000, 158_000},
		{"lead", "Lead time of grid power", unit.DimMonths, 18, 60, 161_000, 90_000},
		{"price", "Price of electricity", unit.DimUSDPerMWh, 38, 95, 131_000, 119_500},
		{"chips", "Cost of an accelerator", unit.DimUSD, 18_000, 42_000, 139_000, 118_000},
		{"capital", "Cost of capital", unit.DimRate, 0.07, 0.13, 136_000, 115_000},
		{"efficiency", "Gain in chip efficiency", unit.DimRate, 0.15, 0.4, 120_000, 131_000},
		{"export", "Export licences", unit.DimShare, 0, 1, 126_500, 129_000},
		{"life", "Useful life of accelerators", unit.DimMonths, 36, 84, 125_000, 123_500},
	} {
		t.Inputs = append(t.Inputs, in)
		if i < 7 {
			t.Inputs = append(t.Inputs, Swing{fmt.Sprint("minor", i), fmt.Sprint("Minor assumption ", i+1), unit.None, 0.5, 1.5, 128_000 - 300*float64(i), 128_000 + 500*float64(i)})
		}
	}
	return t
}

// sampleRanges are five scenarios by three measures.
func sampleRanges() Ranges {
	r := Ranges{N: 1000, Ended: 12, Rows: []Variant{
		{"base", "Baseline", ""}, {"boom", "Demand boom", ""}, {"rule", "Export rule", ""}, {"grid", "Slow grid connection", ""}, {"bust", "Funding bust", ""},
	}}
	at := unit.Date(2032, 12)
	measure := func(key, label string, d unit.Dimension, size float64, medians ...float64) {
		p := RangePanel{Key: key, Label: label, Unit: d, At: at}
		for i, m := range medians {
			p.Ranges = append(p.Ranges, Range{size * m * (0.72 - 0.02*float64(i)), size * m, size * m * (1.35 + 0.03*float64(i))})
		}
		r.Panels = append(r.Panels, p)
	}
	measure("capacity", "AI capacity", unit.DimMW, 1000, 128, 161, 117, 92, 71)
	measure("spend", "Spend on models", unit.DimUSDPerYear, 1e9, 640, 910, 590, 470, 260)
	measure("share", "OpenAI’s share", unit.DimShare, 0.01, 31, 29, 33, 32, 24)
	return r
}

// sampleDifference is what a rule takes from capacity in n pairs of runs, a little at first and more in the end.
func sampleDifference(n int) Difference {
	d := Difference{Start: sampleStart, Unit: unit.DimMW, Key: "capacity", Measure: "AI capacity", A: "Export rule", B: "Baseline", N: n, Events: []Event{{unit.Date(2028, 1), "Export rule tightened"}}}
	base := sampleCapacity()[0].Values
	var pairs [][]float64
	for i, run := range sampleRuns(n, base, 0.8, 21) {
		lift := 0.35 + 0.4*math.Sin(float64(i))
		for t, v := range run {
			run[t] = (v - base[t]) * 0.5
			if t > 25 {
				run[t] -= lift * 0.4 * (base[t] - base[25])
			}
		}
		if last := run[len(run)-1]; last > 0 {
			d.Above++
		} else {
			d.Below++
		}
		pairs = append(pairs, run)
	}
	d.Quantiles = QuantilesOf(pairs)
	if n < fewRuns {
		d.Runs = pairs
	}
	return d
}

// sampleSweeps are a level with gaps and a difference, over the growth of demand and a lead time.
func sampleSweeps() []Heat {
	growth := Input{Key: "growth", Label: "Demand growth", Unit: unit.DimRate, Values: []float64{0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}}
	lead := Input{Key: "lead-time", Label: "Lead time", Unit: unit.DimMonths, Values: []float64{12, 18, 24, 30, 36}}
	level := Heat{Key: "capacity", Label: "AI capacity", Unit: unit.DimMW, X: growth, Y: lead, Margin: 2500}
	difference := Heat{Key: "difference", Label: "Change in OpenAI's share", Unit: unit.DimShare, X: growth, Y: lead, Difference: true, Margin: 0.008}
	for j, months := range lead.Values {
		var a, b []float64
		for i, g := range growth.Values {
			a = append(a, 60_000*math.Exp(3.2*g)*(1.4-months/70))
			b = append(b, 0.11*math.Sin(9*(g-0.22))-0.0035*(months-24))
			if i+j == 0 || i == 6 && j > 2 {
				a[i] = math.NaN()
			}
		}
		level.Cells, difference.Cells = append(level.Cells, a), append(difference.Cells, b)
	}
	return []Heat{level, difference}
}
