package scenarios

import (
	"fmt"
	"math"
	"reflect"

	"powerplay/sim/unit"
)

// Target is a number, a word or a switch of a model, found once by its path and then set without parsing. It holds no
// pointer into the model on which it was found, so it works on every deep copy of it.
type Target struct {
	Path  string
	Dim   unit.Dimension
	Low   float64  // least value that the field allows, or -Inf
	High  float64  // greatest, or +Inf
	Words []string // that the field can be; nil where it is a number

	steps []hop
}

// hop is one step into a value: a field, an element, or through a pointer or interface when neither.
type hop struct {
	field   []int
	element int
	through bool
}

func (t Target) find(root any) reflect.Value {
	v := reflect.ValueOf(root).Elem()
	for _, h := range t.steps {
		switch {
		case h.field != nil:
			v = v.FieldByIndex(h.field)
		case h.through:
			v = v.Elem()
		default:
			v = v.Index(h.element)
		}
	}
	return v
}

// Set stores x, in the unit of Dim and in dollars for money, in the model that root points at. What lies
// beyond Low or High is set to that limit; whole numbers, dates and cents are rounded.
func (t Target) Set(root any, x float64) {
	setQuantity(t.find(root), t.Dim, min(t.High, max(t.Low, x)))
}

// Choose stores one of Words, by its place.
func (t Target) Choose(root any, word int) {
	v := t.find(root)
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(t.Words[word] == "true")
	case v.Kind() == reflect.String:
		v.SetString(t.Words[word])
	case v.CanInt():
		v.SetInt(int64(word))
	default:
		v.SetUint(uint64(word))
	}
}

// Get returns the number in the model that root points at, in the unit of Dim and in dollars for money.
func (t Target) Get(root any) float64 { return getQuantity(t.find(root), t.Dim) }

// Resolve finds the number, word or switch at a path of the model that root points at. The error is a [Problem]
// without a place: a path that leads nowhere (E209), or to something that no run can draw (E305).
func (d *Decoder) Resolve(root any, path string) (Target, error) {
	t := Target{Path: path, Low: math.Inf(-1), High: math.Inf(1)}
	steps, bad := parsePath(path)
	if bad != "" {
		return t, Problem{Code: "E208", Path: path, What: quote(path) + " is not a path: " + bad}
	}
	v := reflect.ValueOf(root)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("scenarios: Resolve in %T, want a pointer to a struct", root))
	}
	v = v.Elem()
	var f field
	nowhere := func(i int, hint string) (Target, error) {
		return t, Problem{
			Code: "E209", Path: path, What: "there is no " + quote(stepsPath(steps[:i+1])) + " in the model",
			Why: "a path that nothing reads would change nothing, and the run would look plausible", Hint: hint,
		}
	}
	for i, s := range steps {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			if v.IsNil() {
				return nowhere(i, quote(stepsPath(steps[:i]))+" is not given")
			}
			v = v.Elem()
			t.steps = append(t.steps, hop{through: true})
		}
		switch {
		case v.Kind() == reflect.Struct && s.key != "":
			found, ok := d.member(&v, &t, s.key)
			if !ok {
				return nowhere(i, hintName(s.key, d.members(v), "fields", "help "+stepsPath(steps[:i])))
			}
			f = found
		case keyedSlice(v.Type()) && s.key != "":
			at := d.shape(v.Type().Elem()).name
			var keys []string
			place := -1
			for j := range v.Len() {
				key := v.Index(j).FieldByIndex(at).String()
				keys = append(keys, key)
				if key == s.key {
					place = j
				}
			}
			if place < 0 {
				return nowhere(i, hintName(s.key, keys, "names", listing(stepsPath(steps[:i]))))
			}
			v = v.Index(place)
			t.steps = append(t.steps, hop{element: place})
		case v.Kind() == reflect.Slice && s.key == "" && !keyedSlice(v.Type()):
			if s.index >= v.Len() {
				return nowhere(i, fmt.Sprintf("the list has %d entries, counted from 0", v.Len()))
			}
			v = v.Index(s.index)
			t.steps = append(t.steps, hop{element: s.index})
		default:
			return nowhere(i, quote(stepsPath(steps[:i]))+" has no parts of that kind")
		}
	}
	switch {
	case v.CanSet() && len(f.choice) > 0 && v.Kind() != reflect.Slice:
		t.Words = f.choice
		return t, nil
	case v.CanSet() && v.Kind() == reflect.Bool:
		t.Words = []string{"false", "true"}
		return t, nil
	}
	dim, ok := unit.Of(v.Type())
	if !ok || !v.CanSet() {
		return t, Problem{Code: "E305", Path: path, What: quote(path) + " is not a number, so it cannot be drawn", Hint: "only quantities, counts, dates, switches and words of a given list can be uncertain"}
	}
	t.Dim = dim
	if dim == unit.DimShare {
		t.Low, t.High = 0, 1
	}
	if f.bounded {
		low, high, hasLow, hasHigh := f.bounds(dim)
		if hasLow {
			t.Low = low
		}
		if hasHigh {
			t.High = high
		}
	}
	return t, nil
}

// member steps into a field, looking among the terms chosen by a kind where the block itself has none.
func (d *Decoder) member(v *reflect.Value, t *Target, key string) (field, bool) {
	s := d.shape(v.Type())
	if f, ok := s.field(key); ok {
		*v = v.FieldByIndex(f.index)
		t.steps = append(t.steps, hop{field: f.index})
		return f, true
	}
	if s.kinds == nil {
		return field{}, false
	}
	terms := v.FieldByIndex(s.kinds)
	if terms.IsNil() || terms.Elem().Kind() != reflect.Pointer {
		return field{}, false
	}
	inner := terms.Elem().Elem()
	f, ok := d.shape(inner.Type()).field(key)
	if !ok {
		return field{}, false
	}
	t.steps = append(t.steps, hop{field: s.kinds}, hop{through: true}, hop{through: true}, hop{field: f.index})
	*v = inner.FieldByIndex(f.index)
	return f, true
}

func (d *Decoder) members(v reflect.Value) []string {
	s := d.shape(v.Type())
	keys := s.keys()
	if s.kinds != nil {
		if terms := v.FieldByIndex(s.kinds); !terms.IsNil() && terms.Elem().Kind() == reflect.Pointer {
			keys = append(keys, d.shape(terms.Elem().Elem().Type()).keys()...)
		}
	}
	return keys
}
