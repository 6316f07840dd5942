package scenarios_test

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
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
				case key == "-" && f.Type.Kind() == reflect.Interface: // a contract's terms stand beside its other keys
					walk(v.Field(i), path)
				case key == "-":
				case key != "":
					walk(v.Field(i), join(path, key))
				default:
					walk(v.Field(i), join(path, snake(f.Name)))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				e := v.Index(i)
				if e.Kind() == reflect.Struct && e.FieldByName("Key").IsValid() {
					walk(e, join(path, e.FieldByName("Key").String()))
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

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

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

var _ = time.Now

func TestScratch(t *testing.T) {
	s := load(t, "base-2026", "")
	m := s.Model
	d := scenarios.ModelDecoder(s.Resolved)
	start := time.Now()
	inputs := s.SimInputs()
	draw := func(m *sim.Model, run uint64) rng.Run {
		r := rng.Run{Seed: 1, Index: run}
		for i := range inputs {
			u := 0.5
			if run != 0 {
				u = r.Uniform(rng.Input, inputs[i].Luck, 0, 0)
			}
			inputs[i].Set(m, inputs[i].Quantile(u))
		}
		return r
	}
	const runs = 3
	var base [runs][][]float64
	w := sim.NewWorld(m)
	for run := range base {
		w.Reset(m, draw(m, uint64(run)))
		for at := m.Start; ; {
			base[run] = append(base[run], append([]float64(nil), w.Panel().Frame()...))
			if at++; at > m.End {
				break
			}
			if err := w.Step(at); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Log("base", time.Since(start), "columns", len(m.Layout.Columns))
	core := map[int]bool{}
	for i, c := range m.Layout.Columns {
		switch c.Measure {
		case measure.MarketShare, measure.RentPerGWYear, measure.CapacityEnergised, measure.CapacityUsed, measure.Capability, measure.Price:
			core[i] = true
		}
	}
	paths := leaves(m)
	t.Log(len(paths), "leaves")
	base0 := s.Model.Clone()
	n := 0
	for _, p := range paths {
		if p == "start" || p == "end" {
			continue
		}
		target, err := d.Resolve(m, p)
		if err != nil {
			t.Log("UNRESOLVED", p, err)
			continue
		}
		x := target.Get(base0)
		var tier [2]int // months of first effect +1
		var rel float64
		for _, factor := range []float64{1.3, 0.7} {
			to := x * factor
			if x == 0 {
				to = 0.3
				if strings.Contains(p, "cash") || strings.Contains(p, "debt")  { to = 5e9 }
				if strings.Contains(p, "capacity") || strings.Contains(p, "announced")  { to = 3000 }
			}
			if target.Dim == unit.DimMonth { to = x + 7 }
			to = math.Max(target.Low, math.Min(target.High, to))
			if to == x {
				continue
			}
			for run := range base {
				c := m
				r := draw(c, uint64(run))
				target.Set(c, to)
				if factor != 1.3 && tier[1] != 0 { continue }
				w.Reset(c, r)
				for at := m.Start; ; {
					f, b := w.Panel().Frame(), base[run][at-m.Start]
					for i := range f {
						if f[i] != b[i] && math.Abs(f[i]-b[i]) > 1e-12*math.Abs(b[i]) {
							if tier[0] == 0 {
								tier[0] = int(at-m.Start) + 1
							}
							if core[i] && at > m.Start && tier[1] == 0 && math.Abs(f[i]-b[i]) > 1e-9*math.Abs(b[i]) {
								tier[1] = int(at-m.Start) + 1
								rel = f[i]/b[i] - 1
							}
						}
					}
					if tier[1] > 0 {
						break
					}
					if at++; at > m.End {
						break
					}
					if err := w.Step(at); err != nil {
						t.Log("BROKEN", p, to, err)
						break
					}
				}
				target.Set(c, x)
				if tier[1] > 0 {
					break
				}
			}
		}
		n++
		if tier[0] == 0 {
			t.Log("DEAD", p, x)
		} else if tier[1] == 0 {
			t.Log("BOOKS ONLY", p, x, tier)
		}
		_ = rel
	}
	t.Log(n, time.Since(start))
}
