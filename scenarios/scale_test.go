package scenarios_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"powerplay/sim"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// times returns a model of n worlds beside each other: every firm and contract n times, in regions that connect n times
// as much, so that the firms of one copy meet those of the others in every market. It shows how cost grows with size.
func times(m *sim.Model, n int) *sim.Model {
	all := m.Clone()
	firms := map[string]bool{}
	for i := range m.Firms {
		firms[m.Firms[i].Key] = true
	}
	for i := range all.Regions {
		all.Regions[i].Connections *= unit.MW(n)
	}
	for k := 1; k < n; k++ {
		c := copier{firms: firms, suffix: fmt.Sprintf("-%d", k+1), firm: id.Firm(k * len(m.Firms)), contract: id.Contract(k * len(m.Contracts))}
		more := m.Clone()
		c.shift(reflect.ValueOf(&more.Firms).Elem())
		c.shift(reflect.ValueOf(&more.Contracts).Elem())
		c.shift(reflect.ValueOf(&more.Regulation).Elem())
		for i := range more.Contracts {
			more.Contracts[i].Key += c.suffix
		}
		for i := range more.Regulation {
			more.Regulation[i].Key += c.suffix
		}
		all.Firms = append(all.Firms, more.Firms...)
		all.Contracts = append(all.Contracts, more.Contracts...)
		all.Regulation = append(all.Regulation, more.Regulation...)
	}
	all.Layout = measure.NewLayout(len(all.Firms), len(all.Regions), sim.Pairs(all))
	return all
}

// copier renames the firms and contracts in a part of a model.
type copier struct {
	firms    map[string]bool
	suffix   string
	firm     id.Firm
	contract id.Contract
}

func (c *copier) shift(v reflect.Value) {
	switch v.Type() {
	case reflect.TypeFor[id.Firm]():
		if f := id.Firm(v.Uint()); f != id.None {
			v.SetUint(uint64(f + c.firm))
		}
		return
	case reflect.TypeFor[id.Contract]():
		if n := id.Contract(v.Uint()); n != id.NoContract {
			v.SetUint(uint64(n + c.contract))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if v.Type().Field(i).Name == "Key" && c.firms[f.String()] {
				f.SetString(f.String() + c.suffix)
				continue
			}
			c.shift(f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.shift(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			c.shift(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() {
			c.shift(v.Elem())
		}
	}
}

// benchGrowth plays so many months of a run of base-2026, made larger.
func benchGrowth(b *testing.B, grow func(*sim.Model) *sim.Model, months int) {
	s := load(b, "base-2026", "")
	m := s.Model.Clone()
	r := drawn(s, m, 1)
	m = grow(m)
	w := sim.NewWorld(m)
	last := m.Start + unit.Month(months)
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(m, r)
		for t := m.Start + 1; t <= last; t++ {
			if err := w.Step(t); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*months), "ns/month")
}

// BenchmarkFirms is the cost of a month with 1, 10 and 100 times the firms, over two years.
func BenchmarkFirms(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("x%d", n), func(b *testing.B) {
			benchGrowth(b, func(m *sim.Model) *sim.Model { return times(m, n) }, 24)
		})
	}
}

// BenchmarkContracts is the cost of a month with 1 and 10 times the contracts between the same firms.
func BenchmarkContracts(b *testing.B) {
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("x%d", n), func(b *testing.B) {
			benchGrowth(b, func(m *sim.Model) *sim.Model { return moreContracts(m, n) }, 24)
		})
	}
}

// BenchmarkHorizon is the cost of a month in a run that is 1 and 10 times as long, in a world that has stopped to grow: seventy
// years of growth would leave the books' bounds.
func BenchmarkHorizon(b *testing.B) {
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("x%d", n), func(b *testing.B) {
			months := n * 84
			benchGrowth(b, func(m *sim.Model) *sim.Model {
				still(reflect.ValueOf(m).Elem())
				m.End = m.Start + unit.Month(months)
				return m
			}, months)
		})
	}
}

// still sets every rate of growth in a model to zero.
func still(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			switch {
			case !v.Type().Field(i).IsExported() || name == "Layout":
			case f.Kind() == reflect.Float64 && (strings.Contains(name, "Growth") || strings.Contains(name, "Inflation") || name == "AlgorithmicProgress"):
				f.SetFloat(0)
			default:
				still(f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			still(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			still(v.Elem())
		}
	}
}

// moreContracts returns the model with each contract n times.
func moreContracts(m *sim.Model, n int) *sim.Model {
	all := m.Clone()
	for k := 1; k < n; k++ {
		c := copier{contract: id.Contract(k * len(m.Contracts))}
		more := m.Clone()
		c.shift(reflect.ValueOf(&more.Contracts).Elem())
		for i := range more.Contracts {
			more.Contracts[i].Key += fmt.Sprintf("-%d", k+1)
		}
		all.Contracts = append(all.Contracts, more.Contracts...)
	}
	return all
}
