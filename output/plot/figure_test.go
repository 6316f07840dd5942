package plot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"powerplay/sim/unit"
)

func TestStacksAddUpToTheTotal(t *testing.T) {
	shares, capacity := sampleShares(), sampleCapacity()
	twelve := append([]Series{}, shares...)
	for i := range 4 {
		twelve = append(twelve, Series{Key: string(rune('p' + i)), Values: scaled(shares[i].Values, 0.1)})
	}
	world := make([]float64, sampleMonths)
	for t := range world {
		world[t] = 200_000
	}
	for _, c := range []struct {
		name  string
		chart Area
		bands int
	}{
		{"eight firms are eight bands", Area{Unit: unit.DimShare, Series: shares}, 8},
		{"twelve firms are seven bands and the rest", Area{Unit: unit.DimShare, Series: twelve, Focus: "p"}, 8},
		{"a total adds the rest", Area{Unit: unit.DimMW, Series: capacity, Total: world}, 8},
	} {
		f := built(t)(c.chart.Figure(sampleWords("x", "A title", "")))
		want := make(map[string]float64)
		for _, s := range c.chart.Series {
			for m, v := range s.Values {
				want[(c.chart.Start + unit.Month(m)).String()] += v
			}
		}
		if c.chart.Total != nil {
			for m, v := range c.chart.Total {
				want[(c.chart.Start + unit.Month(m)).String()] = v
			}
		}
		got, names := make(map[string]float64), map[string]bool{}
		for _, r := range f.Table() {
			got[r.Date] += r.Value
			names[r.Series] = true
		}
		if len(names) != c.bands {
			t.Errorf("%s: %d bands, want %d", c.name, len(names), c.bands)
		}
		if c.chart.Focus != "" && f.Table()[0].Series != c.chart.Focus {
			t.Errorf("%s: %q is at the bottom, want the focus %q", c.name, f.Table()[0].Series, c.chart.Focus)
		}
		for date := range want {
			if math.Abs(got[date]-want[date]) > 1e-9*want[date] {
				t.Errorf("%s: bands of %s add to %g, want %g", c.name, date, got[date], want[date])
			}
		}
		body := f.body.(*areaBody)
		for m, v := range body.bands[len(body.bands)-1].top {
			if v != body.total[m] {
				t.Errorf("%s: the top edge is %g in month %d, the total %g", c.name, v, m, body.total[m])
			}
		}
	}
}

func TestFanBandsHoldTheirShareOfRuns(t *testing.T) {
	runs := sampleRuns(1000, sampleCapacity()[0].Values, 1, 5)
	q := QuantilesOf(runs)
	for _, c := range []struct {
		low, high []float64
		want      float64
	}{{q.P5, q.P95, 0.9}, {q.P20, q.P80, 0.6}, {q.P35, q.P65, 0.3}} {
		for m := 1; m < sampleMonths; m++ {
			in := 0
			for _, run := range runs {
				if run[m] >= c.low[m] && run[m] <= c.high[m] {
					in++
				}
			}
			if got := float64(in) / 1000; math.Abs(got-c.want) > 2.0/1000 {
				t.Fatalf("the middle %g holds %g of the runs in month %d", c.want, got, m)
			}
		}
	}
	// Type 7 on 1, 2, 3, 4, 10: the 80 % quantile lies 0.2 between 4 and 10.
	five := QuantilesOf([][]float64{{10}, {1}, {4}, {2}, {3}, {math.NaN()}})
	if five.P50[0] != 3 || math.Abs(five.P80[0]-5.2) > 1e-12 {
		t.Errorf("quantiles of 1 2 3 4 10: %v, %v; want 3 and 5.2", five.P50[0], five.P80[0])
	}
}

func TestOddDataIsDrawnOrRefused(t *testing.T) {
	nan := math.NaN()
	series := func(values ...float64) []Series { return []Series{one("a", values...)} }
	spread := func(low, mid, high float64) []Spread { return []Spread{flat("a", low, mid, high)} }
	w := sampleWords("x", "A title", "")
	for _, c := range []struct {
		name string
		make func() (*Figure, error)
		want string // part of the error; empty: it is drawn
	}{
		{"no series", func() (*Figure, error) { return Lines{}.Figure(w) }, "nothing to draw"},
		{"a series without values", func() (*Figure, error) { return Area{Series: series()}.Figure(w) }, "nothing to draw"},
		{"all missing", func() (*Figure, error) { return Lines{Series: series(nan, nan)}.Figure(w) }, "nothing to draw"},
		{"one point", func() (*Figure, error) { return Lines{Series: series(5)}.Figure(w) }, ""},
		{"one month stacked", func() (*Figure, error) { return Area{Series: series(5)}.Figure(w) }, ""},
		{"one month of a fan", func() (*Figure, error) { return Fan{N: 100, Spreads: spread(1, 2, 3)}.Figure(w) }, ""},
		{"constant", func() (*Figure, error) { return Lines{Series: series(5, 5, 5)}.Figure(w) }, ""},
		{"zero", func() (*Figure, error) { return Area{Series: series(0, 0)}.Figure(w) }, ""},
		{"negative line", func() (*Figure, error) { return Lines{Series: series(-5, -6)}.Figure(w) }, ""},
		{"negative band", func() (*Figure, error) { return Area{Series: series(1, -6)}.Figure(w) }, "no negative values"},
		{"gaps", func() (*Figure, error) { return Lines{Series: series(1, nan, 3, nan)}.Figure(w) }, ""},
		{"gaps in a stack", func() (*Figure, error) { return Area{Series: series(1, nan, 3)}.Figure(w) }, ""},
		{"huge", func() (*Figure, error) { return Lines{Series: series(1e15, 3e15)}.Figure(w) }, ""},
		{"infinite", func() (*Figure, error) { return Lines{Series: series(1, math.Inf(1))}.Figure(w) }, "cannot be drawn"},
		{"unequal lengths", func() (*Figure, error) {
			return Lines{Series: []Series{one("a", 1), one("b", 1, 2)}}.Figure(w)
		}, "one a month"},
		{"a key twice", func() (*Figure, error) { return Lines{Series: []Series{one("a", 1), one("a", 2)}}.Figure(w) }, "two series"},
		{"a total below its parts", func() (*Figure, error) { return Area{Series: series(5), Total: []float64{4}}.Figure(w) }, "less than"},
		{"quantiles out of order", func() (*Figure, error) { return Fan{N: 100, Spreads: spread(3, 2, 3)}.Figure(w) }, "quantile below"},
		{"a fan of one run", func() (*Figure, error) { return Fan{N: 1, Spreads: spread(1, 2, 3)}.Figure(w) }, "as a line"},
		{"a fan of few runs without them", func() (*Figure, error) { return Fan{N: 20, Spreads: spread(1, 2, 3)}.Figure(w) }, "all runs"},
		{"small multiples of few runs", func() (*Figure, error) { return Multiples{N: 20, Panels: spread(1, 2, 3)}.Figure(w) }, "at least 100"},
		{"more runs than there are", func() (*Figure, error) { return Bars{N: 5, Bars: []Outcome{{Key: "a", Count: 6}}}.Figure(w) }, "6 of 5"},
		{"no runs", func() (*Figure, error) { return Bars{Bars: []Outcome{{Key: "a"}}}.Figure(w) }, "nothing to draw"},
		{"no outcome ever", func() (*Figure, error) { return Bars{N: 5, Bars: []Outcome{{Key: "a"}}}.Figure(w) }, ""},
		{"too many events", func() (*Figure, error) { return Lines{Series: series(1), Events: make([]Event, 6)}.Figure(w) }, "at most 5"},
		{"no title", func() (*Figure, error) { return Lines{Series: series(1)}.Figure(Words{Name: "x"}) }, "no title"},
	} {
		f, err := c.make()
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
			}
			if strings.Contains(c.want, "nothing") && !errors.Is(err, ErrNoData) {
				t.Errorf("%s: %v is not ErrNoData", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := f.PNG(io.Discard, Half(), Meta{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSubtitlesSayWhatThePictureCannot(t *testing.T) {
	w := sampleWords("x", "A title", "Measure, unit")
	high := built(t)(Lines{Unit: unit.DimPoints, Series: []Series{one("a", 150, 160)}}.Figure(w))
	gaps := built(t)(Area{Series: []Series{one("a", 1, math.NaN())}}.Figure(w))
	fan := built(t)(Fan{N: 1000, Ended: 12, Spreads: []Spread{flat("a", 1, 2, 3)}}.Figure(w))
	for _, c := range []struct {
		f    *Figure
		want string
	}{
		{high, "The axis does not start at zero."},
		{gaps, "Missing values count as zero."},
		{fan, "bands: middle 30%, 60% and 90% of 1,000 runs. Ended early: 12."},
	} {
		l, err := c.f.Layout(Tall())
		if err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, box := range l.Texts {
			if box.Name == "subtitle" {
				text = append(text, box.Text)
			}
		}
		if got := strings.Join(text, " "); !strings.Contains(got, c.want) {
			t.Errorf("subtitle %q, want it to say %q", got, c.want)
		}
	}
}

func TestAUsersTitleIsMarked(t *testing.T) {
	w := sampleWords("x", "My claim", "")
	w.TitleByUser = true
	l, err := built(t)(Lines{Series: []Series{one("a", 1)}}.Figure(w)).Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	for _, box := range l.Texts {
		if box.Name == "footer" && strings.Contains(box.Text, "title by user") {
			return
		}
	}
	t.Errorf("no footer says that the title is the user's: %v", l.Texts)
}

func TestFooterNamesTheRun(t *testing.T) {
	got := sampleMeta.Footer("growth", "lead times", "prices")
	want := [2]string{
		"Scenario base-2026 · 3f9a2c71d0b4 · seed 42 · 1,000 runs · powerplay v0.3.0",
		"Model output, not a forecast. Main assumptions: growth, lead times, prices (see assumptions.csv)",
	}
	if got != want {
		t.Errorf("footer %q, want %q", got, want)
	}
}

func TestPNGDescribesItself(t *testing.T) {
	for _, f := range sampleFigures(t) {
		var out bytes.Buffer
		if err := f.PNG(&out, Report(), sampleMeta); err != nil {
			t.Fatal(err)
		}
		if out.Len() > 300_000 {
			t.Errorf("%s has %d bytes, want at most 300,000", f.Name, out.Len())
		}
		texts, kinds := map[string]string{}, map[string][]byte{}
		for b := out.Bytes()[8:]; len(b) > 0; {
			n := binary.BigEndian.Uint32(b)
			kind, data := string(b[4:8]), b[8:8+n]
			kinds[kind] = data
			if kind == "iTXt" {
				key, rest, _ := strings.Cut(string(data), "\x00")
				texts[key] = strings.TrimPrefix(rest, "\x00\x00\x00\x00")
			}
			b = b[12+n:]
		}
		if h := kinds["IHDR"]; h[8] != 8 || h[9] != 2 {
			t.Errorf("%s: %d bits, colour type %d; want 8-bit RGB without alpha", f.Name, h[8], h[9])
		}
		if p := kinds["pHYs"]; binary.BigEndian.Uint32(p) != 7874 || p[8] != 1 {
			t.Errorf("%s: pHYs %v, want 7874 a metre (200 dpi)", f.Name, p)
		}
		if _, timed := kinds["tIME"]; timed {
			t.Errorf("%s has a time chunk", f.Name)
		}
		for key, want := range map[string]string{
			"Title": f.Title, "Description": f.AltText(), "Source": "Scenario base-2026, seed 42",
			"Software": "powerplay v0.3.0", "Scenario-SHA256": sampleMeta.Hash, "Seed": "42",
		} {
			if texts[key] != want {
				t.Errorf("%s: chunk %s is %q, want %q", f.Name, key, texts[key], want)
			}
		}
		picture, err := png.Decode(&out)
		if err != nil || picture.Bounds().Dx() != 1600 || picture.Bounds().Dy() > 900 {
			t.Errorf("%s: %v, %v; want 1600 × 900, or less with few rows", f.Name, picture.Bounds(), err)
		}
	}
}

func TestEqualFiguresGiveEqualFiles(t *testing.T) {
	digest := func(f *Figure) [3][32]byte {
		var out [3][32]byte
		for i, write := range []func(io.Writer) error{
			func(w io.Writer) error { return f.PNG(w, Half(), sampleMeta) },
			func(w io.Writer) error { return f.SVG(w, Half(), sampleMeta) },
			func(w io.Writer) error { return f.PDF(w, Half(), sampleMeta) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Error(err)
			}
			out[i] = sha256.Sum256(b.Bytes())
		}
		return out
	}
	anew := sampleFigures(t)
	for i, f := range sampleFigures(t) {
		if _, err := f.Layout(Half()); err != nil && tooSmall(Half(), err) {
			continue
		}
		want := digest(f)
		// Eight at once, half of them the same figure and half one made anew.
		again := anew[i]
		got := make([][3][32]byte, 8)
		var wait sync.WaitGroup
		for k := range got {
			wait.Go(func() {
				if k%2 == 0 {
					got[k] = digest(f)
				} else {
					got[k] = digest(again)
				}
			})
		}
		wait.Wait()
		for k := range got {
			if got[k] != want {
				t.Errorf("%s differs when drawn again (PNG, SVG, PDF equal: %v)", f.Name,
					[3]bool{got[k][0] == want[0], got[k][1] == want[1], got[k][2] == want[2]})
			}
		}
		if testing.Short() {
			break
		}
	}
}

func TestSVGIsWellFormedAndKeepsText(t *testing.T) {
	for _, f := range sampleFigures(t) {
		var out bytes.Buffer
		if err := f.SVG(&out, Report(), sampleMeta); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if !strings.Contains(text, "seed 42 · 1,000 runs") || !strings.Contains(text, "<title>") {
			t.Errorf("%s: the footer is not text, or there is no title element", f.Name)
		}
	}
	hostile := sampleWords("x", `</title><script>alert("1 & 2")</script>`, "--> ]]>")
	var out bytes.Buffer
	if err := built(t)(Lines{Series: []Series{{Key: "a", Label: "<b>&amp;</b>", Values: []float64{1}}}}.Figure(hostile)).SVG(&out, Report(), Meta{Scenario: "a -- b"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<script") {
		t.Error("the title's markup reached the document")
	}
	for d := xml.NewDecoder(&out); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A page shows and hides what belongs to a series or a band, and forbids style attributes.
func TestSVGNamesItsParts(t *testing.T) {
	found := map[string]int{}
	for _, f := range sampleFigures(t) {
		var out bytes.Buffer
		if err := f.SVG(&out, Tall(), sampleMeta); err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"style=", " id=", "NaN"} {
			if strings.Contains(out.String(), never) {
				t.Errorf("%s: the document holds %q", f.Name, never)
			}
		}
		for _, part := range []string{` data-series="`, ` data-band="p05-p95"`, ` data-band="p50"`, ` data-band="runs"`, `class="time"`} {
			found[part] += strings.Count(out.String(), part)
		}
	}
	for part, n := range found {
		if n == 0 {
			t.Errorf("no sample holds %s", part)
		}
	}
}

func TestBandsStayApartInGreyscale(t *testing.T) {
	f := built(t)(Area{Start: sampleStart, Unit: unit.DimShare, Series: sampleShares()}.Figure(sampleWords("x", "A title", "")))
	s, err := f.lay(Report())
	if err != nil {
		t.Fatal(err)
	}
	picture := s.picture()
	lightness := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		return seen(rgb{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}, sights["normal"]).L
	}
	fills := map[rgb]bool{}
	for _, h := range categorical() {
		fills[h.fill] = true
	}
	// Down the middle of the chart, an edge lighter than both neighbours lies between any two bands.
	var last rgb
	lightest, bands := 0.0, 0
	for y := range picture.Bounds().Dy() {
		p := picture.RGBAAt(800, y)
		c := rgb{p.R, p.G, p.B}
		lightest = max(lightest, lightness(p))
		if !fills[c] {
			continue
		}
		if c != last {
			bands++
			if darker := max(lightness(last), lightness(c)); last != (rgb{}) && lightest < darker+10 && math.Abs(lightness(last)-lightness(c)) < 10 {
				t.Errorf("%s and %s differ by %.1f in lightness and have no edge", last.hex(), c.hex(), lightness(last)-lightness(c))
			}
		}
		last, lightest = c, 0
	}
	if bands != 8 {
		t.Errorf("%d bands down the middle, want 8", bands)
	}
}

func TestCSVIsLongForm(t *testing.T) {
	f := built(t)(Lines{Start: unit.Date(2026, 1), Unit: unit.DimMW, Series: []Series{one("a, b", 1.5, math.NaN(), 3)}}.Figure(sampleWords("x", "A title", "")))
	var out bytes.Buffer
	if err := f.CSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"series", "label", "date", "value", "unit", "band"}, {"a, b", "a, b", "2026-01", "1.5", "MW", ""}, {"a, b", "a, b", "2026-03", "3", "MW", ""}}
	for i := range want {
		if len(rows) != len(want) || strings.Join(rows[i], "|") != strings.Join(want[i], "|") {
			t.Fatalf("rows %q, want %q", rows, want)
		}
	}
}

func TestAltTextTellsTheFindingAndTheNumbers(t *testing.T) {
	f := built(t)(Lines{Start: unit.Date(2026, 1), Unit: unit.DimShare, Series: []Series{{Key: "a", Label: "OpenAI", Values: []float64{0.4, 0.3}}}}.Figure(
		sampleWords("x", "OpenAI falls to 30%", "Share of spend, percent")))
	want := "Line chart: OpenAI falls to 30%. Share of spend, percent. OpenAI from 40% in 2026-01 to 30% in 2026-02. Lowest 30%, highest 40%."
	if got := f.AltText(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func BenchmarkPNG(b *testing.B) {
	for _, f := range sampleFigures(b) {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				if err := f.PNG(io.Discard, Report(), sampleMeta); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVector(b *testing.B) {
	f := sampleFigures(b)[2]
	b.Run("svg", func(b *testing.B) {
		for b.Loop() {
			if err := f.SVG(io.Discard, Report(), sampleMeta); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pdf", func(b *testing.B) {
		for b.Loop() {
			if err := f.PDF(io.Discard, Report(), sampleMeta); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A panel whose band would lie on the axis says nothing; the subtitle counts it.
func TestFlatPanelsAreFoldedAway(t *testing.T) {
	panel := func(key string, high float64) Spread {
		s := Spread{Key: key, Label: key}
		for _, q := range []*[]float64{&s.Quantiles.P5, &s.Quantiles.P20, &s.Quantiles.P35, &s.Quantiles.P50, &s.Quantiles.P65, &s.Quantiles.P80, &s.Quantiles.P95} {
			*q = []float64{high / 2, high}
		}
		return s
	}
	f, err := Multiples{
		Start: unit.Date(2032, 11), Unit: unit.DimMW, N: 100, Panels: []Spread{panel("google", 30_000), panel("mistral", 9), panel("oracle", 4000)},
	}.Figure(Words{Name: "x", Title: "x"})
	if err != nil {
		t.Fatal(err)
	}
	body := f.body.(*multiplesBody)
	if len(body.Panels) != 2 || body.Panels[1].Key != "oracle" || body.notes()[0] != "The 2 largest of 3." {
		t.Errorf("%d panels, %q", len(body.Panels), body.notes())
	}
}

// The numbers beside the names are medians: they show the digits that the title shows, not those of the axis.
func TestPanelsAndTitleShowTheSameDigits(t *testing.T) {
	s := Spread{Key: "openai", Label: "OpenAI", Quantiles: Quantiles{P5: []float64{1e9}, P20: []float64{2e9}, P35: []float64{3e9}, P50: []float64{4.7e9}, P65: []float64{6e9}, P80: []float64{8e9}, P95: []float64{15e9}}}
	title := MediansTitle("revenue run rate", unit.DimUSDPerYear, unit.Date(2025, 12), []Spread{s}, 100)
	f, err := Multiples{Start: unit.Date(2025, 12), Unit: unit.DimUSDPerYear, N: 100, Panels: []Spread{s}}.Figure(Words{Name: "x", Title: title})
	if err != nil {
		t.Fatal(err)
	}
	layout, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(title, "$4.7 bn") || !slices.ContainsFunc(layout.Texts, func(b TextBox) bool { return b.Name == "label" && strings.Contains(b.Text, "$4.7 bn") }) {
		t.Errorf("the title says %q, the panel %+v", title, layout.Texts)
	}
}

// A band that grows thin keeps its edges, thinner than itself, from the first month to the last.
func TestEdgesDoNotBlink(t *testing.T) {
	series := []Series{{Key: "a", Values: make([]float64, 60)}, {Key: "b", Values: make([]float64, 60)}, {Key: "c", Values: make([]float64, 60)}}
	for m := range 60 {
		series[0].Values[m], series[1].Values[m], series[2].Values[m] = 50, 1+0.9*math.Sin(float64(m)), 50
	}
	f, err := Area{Start: unit.Date(2026, 1), Unit: unit.DimMW, Series: series}.Figure(Words{Name: "x", Title: "x"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.lay(Report())
	if err != nil {
		t.Fatal(err)
	}
	edges := 0
	for _, m := range s.marks {
		if m.fill && m.pen.color == white && len(m.path) == 120 {
			edges++
			for i := range 60 {
				if thick := m.path[i].Y - m.path[119-i].Y; thick <= 0 || thick > edgeWidth+1e-9 {
					t.Fatalf("the edge is %.3f pt thick in month %d", thick, i)
				}
			}
		}
	}
	if edges != 2 {
		t.Errorf("%d edges of 60 months, want 2", edges)
	}
}

// Firms that have a colour of their own are drawn in it before others are drawn in grey.
func TestMinorLinesAreTheFirstToGoGrey(t *testing.T) {
	var series []Series
	for i := range 10 {
		series = append(series, Series{Key: fmt.Sprint(i), Color: Palette()[i%8], Values: []float64{float64(i)}, Minor: i >= 7})
	}
	f, err := Lines{Start: unit.Date(2026, 1), Unit: unit.DimMW, Series: series}.Figure(Words{Name: "x", Title: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if got := f.body.(*linesBody).colour; !slices.Equal(got, []bool{true, true, true, true, true, true, true, false, false, true}) {
		t.Errorf("coloured are %v, want the seven that have a colour and the largest minor one", got)
	}
}

// Firms without a colour of their own share a grey: what tells their lines apart is the pattern, whether they cross or not.
func TestLinesOfOneHueDifferInPattern(t *testing.T) {
	series := []Series{
		{Key: "a", Color: "#595959", Values: []float64{3, 3}},
		{Key: "b", Color: "#2452C0", Values: []float64{2, 2}},
		{Key: "c", Color: "#595959", Values: []float64{1, 1}},
	}
	all := func(int) bool { return true }
	colours, err := hues(series, all)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := crossingDashes(series, colours, []bool{true, true, true}), []int{0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("the patterns are %v, want %v", got, want)
	}
}

// A subtitle of one phrase takes no full stop; one of sentences ends with one.
func TestSubtitlesOfSentencesEndWithAFullStop(t *testing.T) {
	for _, x := range [][2]string{
		{"Share of spend, 2026 to 2032.", "Share of spend, 2026 to 2032"},
		{"Share of spend. Thin lines: runs", "Share of spend. Thin lines: runs."},
		{"$1.5 bn at most", "$1.5 bn at most"},
		{"", ""},
	} {
		if got := stopped(x[0]); got != x[1] {
			t.Errorf("%q is set as %q, want %q", x[0], got, x[1])
		}
	}
}

func TestNoLineBreaksInsideADate(t *testing.T) {
	set, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	text := typographic(oneLine("Spend on models to December 2025, a total of $4.7 bn and $159 bn more"))
	st := typeStyle{size: 10}
	for width := 60.0; width < 250; width += 3 {
		lines, _ := set.wrap(text, st, width, 9)
		for _, line := range lines {
			if strings.HasSuffix(line, "December") || strings.HasSuffix(line, "$4.7") || strings.HasSuffix(line, "$159") {
				t.Errorf("at %g pt a line ends in %q", width, line)
			}
		}
	}
}

// Where thin runs reach a magnitude farther than the bands, the numbers at the end are those of the title all the same.
func TestAFanPrintsAsItsTitle(t *testing.T) {
	s := Spread{Key: "spend", Label: "Customers"}
	for i, values := range []*[]float64{&s.Quantiles.P5, &s.Quantiles.P20, &s.Quantiles.P35, &s.Quantiles.P50, &s.Quantiles.P65, &s.Quantiles.P80, &s.Quantiles.P95} {
		*values = []float64{1e9, []float64{147e9, 200e9, 300e9, 410e9, 500e9, 700e9, 955e9}[i]}
	}
	title := MedianTitle(Claim{Verb: "pay", Of: "a year"}, unit.DimUSDPerYear, unit.Date(2032, 11), s)
	f := built(t)(Fan{Start: unit.Date(2032, 11), Unit: unit.DimUSDPerYear, N: 200, Spreads: []Spread{s}, Runs: [][]float64{{1e9, 1.3e12}}}.Figure(sampleWords("fan", title, "")))
	l, err := f.Layout(Report())
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, b := range l.Texts {
		if b.Name == "label" {
			text += b.Text + " "
		}
	}
	for _, want := range []string{"$410 bn", "$147 bn", "$955 bn"} {
		if !strings.Contains(text, want) {
			t.Errorf("labels are %q under %q, want %s", text, title, want)
		}
	}
}
