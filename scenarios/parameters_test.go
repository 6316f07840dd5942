package scenarios_test

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// leaves lists the paths of all numbers of a model, in its own order.
func leaves(m *sim.Model) []string {
	var paths []string
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() && v.Type() != reflect.TypeFor[*measure.Layout]() {
				walk(v.Elem(), path)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				key := f.Tag.Get("key")
				switch {
				case !f.IsExported(), f.Tag.Get("keyed") == "true":
				case f.Anonymous: // terms that kinds share
					walk(v.Field(i), path)
				case key == "-" && f.Type.Kind() == reflect.Interface: // a contract's terms stand beside its other keys
					walk(v.Field(i), path)
				case key == "-":
				case key != "":
					walk(v.Field(i), dotted(path, key))
				default:
					walk(v.Field(i), dotted(path, snake(f.Name)))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				e := v.Index(i)
				if e.Kind() == reflect.Struct && e.FieldByName("Key").IsValid() {
					walk(e, dotted(path, e.FieldByName("Key").String()))
				} else {
					walk(e, path+"["+strconv.Itoa(i)+"]")
				}
			}
		case reflect.Float64, reflect.Int, reflect.Int64:
			paths = append(paths, path)
		}
	}
	walk(reflect.ValueOf(*m), "")
	return paths
}

func dotted(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// snake turns the name of a field into its key.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 && (unicode.IsLower(rune(name[i-1])) || i+1 < len(name) && unicode.IsLower(rune(name[i+1]))) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// silent are numbers that base-2026 gives and that change no frame, with the reason.
var silent = []struct{ path, why string }{
	{`^firms\.[^.]+\.debt_(rate|term)$`, "a firm without debt, or whose repayments are borrowed again"},
	{`^firms\.[^.]+\.cash_flow_(growth|fade|shift)$`, "a firm without another business"},
	{`^firms\.[^.]+\.capex_ai_share$`, "a firm without capital expenditure"},
	{`^firms\.[^.]+\.stakes\.[^.]+\.spend$`, "spend beyond what was invested, or nothing invested, leaves the circular share as it is"},
	{`^firms\.(meta|xai|mistral|deepseek)\.cloud\.(debt_share|smoothing|extrapolation|preemption|fill|adjust_speed)$`, "a cloud that lets nothing"},
	{`^firms\.stargate\.cloud\.internal_(use|growth)$`, "nothing in service at the start"},
	{`^market\.compute\.(refusal_deterrence|refusal_shading|match_noise|strategic_value)$`, "no right of first refusal in force"},
	{`^market\.funding\.least_round$`, "no lab wants or gets so little"},
	{`^market\.distress\.least_price$`, "no lab worth so little is taken over"},
	{`^market\.(enterprise|consumer)\.distribution_bonus$`, "no channel opens or ends"},
	{`^contracts\.iren-microsoft-2025\.exit_after$`, "the seller is in time"},
	{`^contracts\.microsoft-openai-api\.ends_hazard$`, "nobody else sells the interface in the base"},
	{`^contracts\.(nvidia-openai-letter|amd-openai-warrants)\.tranches\[[5-9]\]\.`, "so much is not delivered in time"},
	{`^contracts\.amd-openai-chips\.floor$`, "more is taken"},
	{`^contracts\.google-(terawulf|cipher)\.cap$`, "Anthropic pays its rent"},
}

// TestEveryParameterActs changes each number of base-2026, in the central run and in five drawn
// ones, until some column moves by more than rounding would move it.
func TestEveryParameterActs(t *testing.T) {
	if testing.Short() {
		t.Skip("plays a thousand numbers")
	}
	s := load(t, "base-2026", "")
	d := scenarios.ModelDecoder(s.Resolved)
	m := s.Model.Clone()
	w := sim.NewWorld(m)
	const runs = 6
	var before [runs][][]float64
	for index := range before {
		w.Reset(m, drawn(s, m, index))
		before[index] = append(before[index], append([]float64(nil), w.Panel().Frame()...))
		for month := m.Start + 1; month <= m.End; month++ {
			if err := w.Step(month); err != nil {
				t.Fatal(err)
			}
			before[index] = append(before[index], append([]float64(nil), w.Panel().Frame()...))
		}
	}
	tried, heard := 0, make([]bool, len(silent))
	for _, path := range leaves(s.Model) {
		if path == "start" || path == "end" || strings.HasSuffix(path, ".luck") {
			continue
		}
		if strings.HasPrefix(path, "contracts.") && s.Tree.At(path) == nil {
			continue // a term that the contract does not use
		}
		target, err := d.Resolve(m, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		tried++
		acts := false
		factors := []float64{1.3, 0.7}
		if strings.HasPrefix(path, "market.") || strings.Contains(path, ".cloud.") { // limits that bind only when they are tight, hazards of what is rare
			factors = append(factors, 0.02, 20)
		}
		for _, factor := range factors {
			for index := 0; index < runs && !acts; index++ {
				r := drawn(s, m, index)
				x := target.Get(m)
				y := otherwise(target, x, factor)
				target.Set(m, y)
				acts = y != x && moves(w, m, r, before[index])
				target.Set(m, x)
			}
		}
		why := ""
		for i := range silent {
			if regexp.MustCompile(silent[i].path).MatchString(path) {
				why = silent[i].why
				heard[i] = heard[i] || !acts
				break
			}
		}
		switch {
		case !acts && why == "":
			t.Errorf("%s changes nothing", path)
		case !acts:
			t.Logf("%s changes nothing: %s", path, why)
		}
	}
	for i, h := range heard {
		if !h {
			t.Logf("every number that matches %s acts; it can go from the list of silent ones", silent[i].path)
		}
	}
	if tried < 900 {
		t.Errorf("only %d numbers were tried", tried)
	}
}

// otherwise is another value of a number that its range allows.
func otherwise(target scenarios.Target, x, factor float64) float64 {
	y := x * factor
	switch {
	case target.Dim == unit.DimMonth:
		y = x + math.Copysign(7, factor-1)
	case x != 0:
	case target.Dim == unit.DimUSD || target.Dim == unit.DimUSDPerYear || target.Dim == unit.DimRent:
		y = 5e9
	case target.Dim == unit.DimMW:
		y = 3000
	default:
		y = 0.3
	}
	return math.Max(target.Low, math.Min(target.High, y))
}

// moves plays a run until a column differs from before by more than rounding; a run that breaks off counts.
// A difference that begins as rounding and grows is none.
func moves(w *sim.World, m *sim.Model, r rng.Run, before [][]float64) bool {
	w.Reset(m, r)
	for month := m.Start; ; {
		differs := false
		for i, x := range w.Panel().Frame() {
			if y := before[month-m.Start][i]; x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
				if math.Abs(x-y) > 1e-12*math.Max(math.Abs(x), math.Abs(y)) && !(m.Layout.Columns[i].Measure.Def().Dim == unit.DimUSD && math.Abs(x-y) < 0.02) {
					return true
				}
				differs = true
			}
		}
		if month++; differs || month > m.End {
			return false
		}
		if w.Step(month) != nil {
			return true
		}
	}
}
