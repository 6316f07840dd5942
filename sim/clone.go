package sim

import (
	"reflect"

	"powerplay/sim/measure"
)

// Clone returns a model that shares no number with m, for a worker of its own. The layout, conditions and
// everything else that never changes are shared.
func (m *Model) Clone() *Model {
	c := deepCopy(reflect.ValueOf(*m)).Interface().(Model)
	c.Layout = m.Layout
	return &c
}

// deepCopy copies structs, slices, pointers and interfaces; functions and layouts are shared.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(deepCopy(v.Index(i)))
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*measure.Layout]() {
			return v
		}
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(deepCopy(v.Elem()))
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(deepCopy(v.Elem()))
		}
	default:
		out.Set(v)
	}
	return out
}
