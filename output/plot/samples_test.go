package plot

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"powerplay/sim/unit"
)

// The samples are invented but shaped like results, so that charts can be looked at:
//
//	POWERPLAY_LOOK=/tmp/look go test ./output/plot -run TestLook
var sampleMeta = Meta{Scenario: "base-2026", Hash: "3f9a2c71d0b4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e", Seed: 42, Runs: 1000, Version: "v0.3.0"}

func sampleWords(name, title, subtitle string) Words {
	return Words{Name: name, Title: title, Subtitle: subtitle, Footer: sampleMeta.Footer("growth", "lead times", "prices")}
}

var sampleStart = unit.Date(2025, 12)

const sampleMonths = 85 // to December 2032

// sampleShares are eight firms' shares of spend, adding to 1 in each month.
func sampleShares() []Series {
	firms := []struct {
		key, label string
		from, to   float64
		bend       float64
	}{
		{"openai", "OpenAI", 0.38, 0.31, 0.02},
		{"anthropic", "Anthropic", 0.21, 0.28, 0.06},
		{"google", "Google DeepMind", 0.18, 0.17, -0.02},
		{"meta", "Meta", 0.06, 0.05, -0.01},
		{"xai", "xAI", 0.05, 0.07, 0.01},
		{"mistral", "Mistral", 0.03, 0.02, 0},
		{"deepseek", "DeepSeek", 0.05, 0.06, 0.01},
		{"microsoft", "Microsoft", 0.04, 0.04, 0},
	}
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]Series, len(firms))
	walk := make([]float64, len(firms))
	for i, f := range firms {
		out[i] = Series{Key: f.key, Label: f.label, Values: make([]float64, sampleMonths)}
	}
	for t := range sampleMonths {
		x := float64(t) / (sampleMonths - 1)
		sum := 0.0
		for i, f := range firms {
			walk[i] = 0.95*walk[i] + 0.006*r.NormFloat64()
			v := f.from + (f.to-f.from)*x + f.bend*math.Sin(math.Pi*x) + walk[i]*math.Sqrt(f.from)
			out[i].Values[t] = max(v, 0.001)
			sum += out[i].Values[t]
		}
		for i := range out {
			out[i].Values[t] /= sum
		}
	}
	return out
}

// sampleCapacity is the named clouds' capacity in MW, growing to about 130 GW.
func sampleCapacity() []Series {
	firms := []struct {
		key, label string
		from, to   float64
	}{
		{"google", "Google", 3100, 31000},
		{"microsoft", "Microsoft", 3600, 27500},
		{"amazon", "Amazon", 3400, 26000},
		{"meta", "Meta", 2100, 17000},
		{"oracle", "Oracle", 900, 13500},
		{"coreweave", "CoreWeave", 500, 7800},
		{"xai", "xAI", 600, 5200},
	}
	var out []Series
	for k, f := range firms {
		s := Series{Key: f.key, Label: f.label}
		for t := range sampleMonths {
			x := float64(t) / (sampleMonths - 1)
			grown := f.from + (f.to-f.from)/(1+math.Exp(-7*(x-0.55)))
			steps := 1 + 0.02*math.Floor(math.Mod(float64(t)+float64(k)*3, 9)/3)
			s.Values = append(s.Values, grown*steps)
		}
		out = append(out, s)
	}
	return out
}

// sampleRuns are n random walks in logs around a path.
func sampleRuns(n int, base []float64, spread float64, seed uint64) [][]float64 {
	runs := make([][]float64, n)
	for i := range runs {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w, drift := 0.0, r.NormFloat64()*spread/8
		for _, b := range base {
			w += drift/30 + spread*0.02*r.NormFloat64()
			runs[i] = append(runs[i], b*math.Exp(w))
		}
		w0 := runs[i][0] / base[0]
		for t := range runs[i] {
			runs[i][t] /= w0
		}
	}
	return runs
}

// sampleShareRuns are n random walks in log odds around a share.
func sampleShareRuns(n int, base []float64, spread float64, seed uint64) [][]float64 {
	odds := make([]float64, len(base))
	for t, b := range base {
		odds[t] = b / (1 - b)
	}
	runs := sampleRuns(n, odds, spread, seed)
	for _, run := range runs {
		for t, o := range run {
			run[t] = o / (1 + o)
		}
	}
	return runs
}

func sampleSpread(s Series, spread float64, seed uint64) Spread {
	return Spread{Key: s.Key, Label: s.Label, Color: s.Color, Quantiles: QuantilesOf(sampleRuns(1000, s.Values, spread, seed))}
}

func must(t testing.TB, f *Figure, err error) *Figure {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sampleFigures has one figure and more of each kind.
func sampleFigures(t testing.TB) []*Figure {
	shares, capacity := sampleShares(), sampleCapacity()
	holds := Claim{Verb: "holds", Of: "of AI model spend"}
	var out []*Figure
	add := func(f *Figure, err error) { out = append(out, must(t, f, err)) }

	add(Area{Start: sampleStart, Unit: unit.DimShare, Series: shares, Focus: "anthropic"}.Figure(sampleWords("share-area",
		LeaderTitle(holds, unit.DimShare, sampleStart, shares), "Share of AI model spend by lab, percent, 2025–2032")))
	add(Lines{Start: sampleStart, Unit: unit.DimShare, Series: shares, Focus: "anthropic"}.Figure(sampleWords("share-lines",
		LeaderTitle(holds, unit.DimShare, sampleStart, shares), "Share of AI model spend by lab, percent, 2025–2032")))
	total := make([]float64, sampleMonths)
	for t := range total {
		for _, s := range capacity {
			total[t] += s.Values[t]
		}
	}
	world := make([]float64, sampleMonths)
	for t := range world {
		world[t] = 1.08 * total[t]
	}
	add(Area{Start: sampleStart, Unit: unit.DimMW, Series: capacity, Total: world, Events: []Event{
		{unit.Date(2027, 6), "Grid queue opens"}, {unit.Date(2028, 1), "Export rule tightened"}, {unit.Date(2031, 9), "Milestone tranche paid"},
	}}.Figure(sampleWords("capacity-area", TotalTitle("Named clouds", "run", unit.DimMW, sampleStart, capacity, nil),
		"AI compute capacity, gigawatts of facility power, 2025–2032")))

	runs := sampleShareRuns(1000, shares[0].Values, 2.2, 1)
	openai := Spread{Key: "openai", Label: "OpenAI", Quantiles: QuantilesOf(runs)}
	anthropic := Spread{Key: "anthropic", Label: "Anthropic", Quantiles: QuantilesOf(sampleShareRuns(1000, shares[1].Values, 2, 2))}
	add(Fan{Start: sampleStart, Unit: unit.DimShare, N: 1000, Ended: 12, Spreads: []Spread{openai}, Runs: runs[:5]}.Figure(sampleWords("share-fan",
		MedianTitle(holds, unit.DimShare, sampleStart, openai), "OpenAI's share of AI model spend, percent, 2025–2032")))
	google := sampleSpread(capacity[0], 1.2, 3)
	add(Fan{
		Start: sampleStart, Unit: unit.DimMW, N: 1000, Spreads: []Spread{google}, History: []History{{"google", "Google", []Point{
			{unit.Date(2023, 12), 1400}, {unit.Date(2024, 6), 1750}, {unit.Date(2024, 12), 2200}, {unit.Date(2025, 6), 2700}, {unit.Date(2025, 12), 3150},
		}}},
	}.Figure(sampleWords("capacity-fan", MedianTitle(Claim{Verb: "runs", Of: "of AI compute"}, unit.DimMW, sampleStart, google),
		"Google's AI compute capacity, gigawatts of facility power, 2023–2032")))
	add(Fan{Start: sampleStart, Unit: unit.DimShare, N: 1000, Spreads: []Spread{openai, anthropic}}.Figure(sampleWords("two-fans",
		ShareTitle("OpenAI leads Anthropic in 2032", "OpenAI and Anthropic in 2032", 520, 1000), "Share of AI model spend, percent, 2025–2032")))
	add(Fan{Start: sampleStart, Unit: unit.DimShare, N: 40, Spreads: []Spread{{Key: "openai", Label: "OpenAI", Quantiles: QuantilesOf(runs[:40])}}, Runs: runs[:40]}.Figure(sampleWords("few-runs",
		"OpenAI ends between 14% and 62% in 40 runs", "OpenAI's share of AI model spend, percent, 2025–2032")))

	var panels []Spread
	extra := []Series{
		{Key: "nebius", Label: "Nebius", Values: scaled(capacity[5].Values, 0.3)},
		{Key: "crusoe", Label: "Crusoe", Values: scaled(capacity[6].Values, 0.5)},
		{Key: "apple", Label: "Apple", Values: scaled(capacity[6].Values, 0.25)},
	}
	for i, s := range append(capacity, extra...) {
		panels = append(panels, sampleSpread(s, 0.8+0.05*float64(i), uint64(10+i)))
	}
	panels[0].Leads, panels[1].Leads = 640, 290
	add(Multiples{Start: sampleStart, Unit: unit.DimMW, N: 1000, Ended: 12, Panels: panels}.Figure(sampleWords("capacity-multiples",
		MediansTitle("capacity", unit.DimMW, sampleStart, panels, 1000), "AI compute capacity by cloud, gigawatts of facility power, 2025–2032")))

	outcomes := []Outcome{
		{"power", "Grid power", "", 412},
		{"chips", "Accelerators and memory", "", 287},
		{"capital", "Capital", "", 164},
		{"demand", "Demand", "", 121},
		{"other", "Other", "", 16},
	}
	add(Bars{N: 1000, Ended: 12, Bars: outcomes}.Figure(sampleWords("binding-bars",
		LikeliestTitle("binds most in 2032", outcomes, 1000), "What limits AI compute in December 2032")))

	money := make([]Series, 3)
	for i, label := range []string{"OpenAI", "Anthropic", "xAI"} {
		money[i] = Series{Key: label, Label: label}
		for t := range sampleMonths {
			x := float64(t) / (sampleMonths - 1)
			money[i].Values = append(money[i].Values, 1e9*(-8*float64(3-i)*math.Sin(2.6*x)+x*x*40*float64(i)))
		}
	}
	add(Lines{Start: sampleStart, Unit: unit.DimUSDPerYear, Series: money}.Figure(sampleWords("cash-lines",
		"xAI turns cash positive before Anthropic", "Free cash flow, $ bn a year, nominal, 2025–2032")))

	twelve := append([]Series{}, shares...)
	for i, label := range []string{"A rather long laboratory name that goes on", "Cohere", "AI21", "Thinking Machines Laboratories"} {
		twelve = append(twelve, Series{Key: fmt.Sprint("x", i), Label: label, Values: scaled(shares[i+3].Values, 0.6+0.1*float64(i))})
	}
	add(Lines{Start: sampleStart, Unit: unit.DimShare, Series: twelve, Focus: "openai"}.Figure(sampleWords("twelve-lines",
		"Anthropic overtakes OpenAI in 2029 in a run with twelve laboratories of which four have names that are much too long", "Share of AI model spend by lab, percent, 2025–2032")))
	ended := []Series{shares[0], {Key: "x", Label: "Inflection", Values: append([]float64{}, shares[4].Values...)}, shares[2]}
	for t := 40; t < sampleMonths; t++ {
		ended[1].Values[t] = math.NaN()
	}
	for t := 20; t < 24; t++ {
		ended[0].Values = append([]float64{}, ended[0].Values...)
		ended[0].Values[t] = math.NaN()
	}
	add(Lines{
		Start: sampleStart, Unit: unit.DimShare, Series: ended, Events: []Event{{sampleStart + 39, "Inflection defaults"}},
		History: []History{
			{"openai", "OpenAI", []Point{{unit.Date(2023, 12), 0.55}, {unit.Date(2024, 6), 0.50}, {unit.Date(2024, 12), 0.45}, {unit.Date(2025, 6), 0.40}}},
			{"google", "Google", []Point{{unit.Date(2023, 12), 0.11}, {unit.Date(2024, 12), 0.14}, {unit.Date(2025, 6), 0.17}}},
		},
	}.Figure(sampleWords("ended-lines", "Inflection defaults in March 2029", "Share of AI model spend by lab, percent, 2023–2032")))
	eci := []Series{{Key: "a", Label: "OpenAI"}, {Key: "b", Label: "Google DeepMind"}, {Key: "c", Label: "DeepSeek"}}
	for i := range eci {
		for t := range 60 {
			eci[i].Values = append(eci[i].Values, 150-3*float64(i)+0.35*float64(t)+2*math.Floor(float64(t+4*i)/9))
		}
	}
	add(Lines{Start: unit.Date(2026, 3), Unit: unit.DimPoints, Series: eci}.Figure(sampleWords("capability-lines",
		"OpenAI's best model scores 183 in February 2031", "Capability of each lab's best model, Epoch Capabilities Index (ECI) points")))
	for _, draw := range []func() (*Figure, error){
		sampleTimeline, sampleStrip, sampleOwnership, sampleSankey,
		func() (*Figure, error) { return sampleSteps(false) }, func() (*Figure, error) { return sampleSteps(true) },
	} {
		add(draw())
	}
	return append(out, sampleStudies(t)...)
}

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

// TestLook writes the samples where POWERPLAY_LOOK says, for eyes to judge.
func TestLook(t *testing.T) {
	dir := os.Getenv("POWERPLAY_LOOK")
	if dir == "" {
		t.Skip("POWERPLAY_LOOK names no folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range sampleFigures(t) {
		for _, p := range Profiles() {
			var png, svg, pdf bytes.Buffer
			if err := f.PNG(&png, p, sampleMeta); err != nil {
				t.Log(err)
				continue
			}
			l, _ := f.Layout(p)
			t.Log(f.Name, p.Name, png.Len(), l.Warnings)
			stem := filepath.Join(dir, f.Name+"-"+p.Name)
			keep(t, stem+".png", png.Bytes())
			if p.Name != "report" {
				continue
			}
			if err := f.SVG(&svg, p, sampleMeta); err != nil {
				t.Fatal(err)
			}
			if err := f.PDF(&pdf, p, sampleMeta); err != nil {
				t.Fatal(err)
			}
			keep(t, stem+".svg", svg.Bytes())
			keep(t, stem+".pdf", pdf.Bytes())
			keep(t, stem+".txt", []byte(f.AltText()))
		}
	}
}

// keep writes a sample to be looked at.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
