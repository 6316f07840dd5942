package scenarios_test

import (
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// rewritten loads base-2026 with the text of its file and tables changed.
func rewritten(t *testing.T, change func(file, text string) string) *scenarios.Study {
	t.Helper()
	mem := afero.NewMemMapFs()
	for _, file := range []string{"base-2026.yaml", "data/state-2025.csv", "data/parameters.csv"} {
		text, err := fs.ReadFile(scenarios.Library(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := afero.WriteFile(mem, file, []byte(change(file, string(text))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, problems := scenarios.Load(mem, "base-2026.yaml", "", nil)
	if s == nil {
		t.Fatal(problems)
	}
	return s
}

// parting tells where b first leaves a: each column of a stands in b under another name, and same says which values are
// the same there. It is empty where the two agree to the end.
func parting(a, b *history, runs []int, name func(string) string, same func(c record.Column, x, y float64) bool) string {
	place := map[record.Column]int{}
	for i, c := range b.columns {
		place[c] = i
	}
	for _, run := range runs {
		for k, frame := range a.frames[run] {
			for i, c := range a.columns {
				c.Entity, c.With = name(c.Entity), name(c.With)
				j, ok := place[c]
				if !ok {
					return "there is no " + c.Name()
				}
				if x, y := frame[i], b.frames[run][k][j]; !same(c, x, y) {
					return fmt.Sprintf("run %d, %v: %s is %v, want %v", run, a.start+unit.Month(k), c.Name(), y, x)
				}
			}
		}
	}
	return ""
}

func itself(key string) string { return key }

func bits(_ record.Column, x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }

// idlers are firms that do nothing: without a role, however rich, or with one and zero in everything.
const idlers = `
  idle: {name: Idle, region: us, cash: $0, valuation: $0}
  idle-rich: {name: Idle and rich, region: gulf, cash: $5B, valuation: $9B}
  idle-fund: {name: Idle fund, region: us, cash: $0, valuation: $0, investor: {budget: $0/yr, growth: 0%/yr, taste: 2, raises: true}}
  idle-partner: {name: Idle partner, region: us, cash: $0, valuation: $0, investor: {budget: $0/yr, growth: 0%/yr, taste: 2, strategic: true}}
  idle-maker: {name: Idle maker, region: us, cash: $0, valuation: $0, supplier: {shipments: 0 H100e, discount: 0%, margin: 50%}}
  idle-buyer: {name: Idle buyer, region: us, cash: $0, valuation: $0, buyer: {need: 0 MW, growth: 10%/yr, elasticity: 0.5}}
  idle-cloud:
    {name: Idle cloud, region: us, cash: $0, valuation: $0, listed: true, cloud: {
      sells: true, under_construction: 0 MW, regions: {us: {share: 100%}}, chips: {nvidia: {share: 100%}}, internal_use: 0%,
      internal_growth: 0%/yr, hurdle_rate: 10%/yr, capex_limit: 1, debt_share: 0%, smoothing: 10%, extrapolation: 50%,
      adjust_speed: 10%, preemption: 0, spread_sensitivity: 0.001}}
  idle-lab:
    {name: Idle lab, region: us, cash: $0, valuation: $0, listed: true, lab: {
      funding: business, capability: 0, enterprise: $0/yr, consumer: $0/yr, growth: 0%/yr, enterprise_flow: 0%,
      consumer_flow: 0%, used: 0 MW, serving_share: 50%, research_growth: 0%/yr, staff_share: 0%, release_interval: 6 months,
      access: 0%}}
`

func TestAnInertFirmChangesNoNumberOfAnother(t *testing.T) {
	runs := runsUpTo(4)
	want := playOut(t, load(t, "base-2026", ""), runs, false, nil)
	for _, before := range []string{"\nfirms:\n", "\ncontracts:\n"} { // ahead of all others, and behind them
		with := rewritten(t, func(file, text string) string {
			if before == "\nfirms:\n" {
				return strings.Replace(text, before, "\nfirms:"+idlers, 1)
			}
			return strings.Replace(text, before, idlers+before, 1)
		})
		got := playOut(t, with, runs, false, nil)
		if got.column("idle-lab.cash") < 0 {
			t.Fatal("the firms were not added")
		}
		if at := parting(want, got, runs, itself, bits); at != "" {
			t.Errorf("with inert firms before %q: %s", strings.TrimSpace(before), at)
		}
	}
}

func TestRenamedFirmsKeepTheirNumbers(t *testing.T) {
	runs := runsUpTo(4)
	s := load(t, "base-2026", "")
	name := func(key string) string {
		if _, ok := s.Model.Find(key); !ok {
			return key
		}
		return "firm-" + strconv.Itoa(len(key)) + "-" + key[1:] // in another order, were they sorted
	}
	renamed := rewritten(t, func(file, text string) string {
		for i := range s.Model.Firms {
			key := s.Model.Firms[i].Key
			alone := regexp.MustCompile(`(^|[^-\w])` + key + `($|[^-\w])`)
			for range 2 { // neighbours share what parts them
				text = alone.ReplaceAllString(text, "${1}"+name(key)+"${2}")
			}
			if file == "base-2026.yaml" {
				text = strings.Replace(text, "\n  "+name(key)+":\n", "\n  "+name(key)+":\n    luck: "+key+"\n", 1)
			}
		}
		return text
	})
	want, got := playOut(t, s, runs, true, nil), playOut(t, renamed, runs, true, nil)
	if at := parting(want, got, runs, name, bits); at != "" {
		t.Error(at)
	}
	for _, run := range runs {
		for i, e := range want.events[run] {
			e.Firm, e.With = name(e.Firm), name(e.With)
			e.What = got.events[run][i].What // a condition in it names firms by their keys
			if !reflect.DeepEqual(got.events[run][i], e) {
				t.Fatalf("run %d: got %+v, want %+v", run, got.events[run][i], e)
			}
		}
	}
}

// isMoney reports whether a number counts dollars: it doubles when a dollar is worth half.
func isMoney(d unit.Dimension) bool { return strings.HasPrefix(string(d), "USD") }

// double doubles every amount and price of a model and returns how many there are.
func double(m *sim.Model) int {
	n := 0
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if d, ok := unit.Of(v.Type()); ok && isMoney(d) {
			n++
			if v.CanInt() {
				v.SetInt(2 * v.Int())
			} else {
				v.SetFloat(2 * v.Float())
			}
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Pointer, reflect.Interface:
			if _, columns := v.Interface().(*measure.Layout); !columns && !v.IsNil() {
				walk(v.Elem())
			}
		}
	}
	walk(reflect.ValueOf(m).Elem())
	m.Market.Compute.H100Rental *= 2 // dollars an hour, for which there is no unit
	return n
}

// sumIn is a sum of money that a condition compares with.
var sumIn = regexp.MustCompile(`([<>]=? *\$)([0-9.]+)`)

// Books count whole cents, so doubling all money is also halving the unit in which they count. It changes what is lost to
// rounding and nothing else: prices have no scale of their own, and no decision may hang on the last cent.
func TestMoneyHasNoScale(t *testing.T) {
	conditions := 0
	twice := rewritten(t, func(file, text string) string {
		if file != "base-2026.yaml" {
			return text
		}
		return sumIn.ReplaceAllStringFunc(text, func(sum string) string {
			conditions++
			part := sumIn.FindStringSubmatch(sum)
			x, err := strconv.ParseFloat(part[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			return part[1] + strconv.FormatFloat(2*x, 'g', -1, 64)
		})
	})
	if sums := double(twice.Model.Clone()); sums < 200 || conditions == 0 {
		t.Fatalf("only %d sums and %d conditions were doubled", sums, conditions)
	}
	var largest map[record.Column]float64 // so far in a run: what is left of a large sum is no more exact than it was
	alike := func(c record.Column, x, y float64) bool {
		if c.Unit == unit.DimShare {
			return math.Abs(x-y) <= 1e-6
		}
		least := 1.0 // megawatts, months, chips, points: what is small differs by little
		if isMoney(c.Unit) {
			y, least = y/2, 1e6 // to the dollar
		}
		if c.Metric == "h100_rental" {
			y /= 2
		}
		if math.IsNaN(x) && math.IsNaN(y) { // a lab that is gone has no runway
			return true
		}
		largest[c] = max(largest[c], least, math.Abs(x))
		return math.Abs(x-y) <= 1e-6*largest[c]
	}
	s := load(t, "base-2026", "")
	for _, run := range runsUpTo(20) {
		runs := []int{run} // one at a time: a model is doubled once
		largest = map[record.Column]float64{}
		want := playOut(t, s, runs, false, nil)
		got := playOut(t, twice, runs, false, func(m *sim.Model) { double(m) })
		if at := parting(want, got, runs, itself, alike); at != "" {
			t.Errorf("with all money doubled: %s", at)
		}
	}
}

func TestWhoWatchesChangesNothing(t *testing.T) {
	runs := runsUpTo(4)
	s := load(t, "base-2026", "")
	told, counted := playOut(t, s, runs, true, nil), playOut(t, s, runs, false, nil)
	if len(told.events[0]) <= len(counted.events[0]) {
		t.Fatal("nothing was told")
	}
	if at := parting(told, counted, runs, itself, bits); at != "" {
		t.Errorf("when nobody is told: %s", at)
	}
	alone := newHistory(s.Model) // without anybody who listens, and no sink
	m := s.Model.Clone()
	w := sim.NewWorld(m)
	for _, run := range runs {
		for i, in := range s.SimInputs() {
			in.Set(m, told.draws[run][i])
		}
		w.Reset(m, rng.Run{Seed: 1, Index: uint64(run)})
		alone.Month(run, m.Start, w.Panel().Frame())
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
			alone.Month(run, month, w.Panel().Frame())
		}
	}
	if at := parting(told, alone, runs, itself, bits); at != "" {
		t.Errorf("when nobody listens: %s", at)
	}
}
