package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// field is one key of a block: a field of the model with what its tags say.
//
// The tags are: key:"name" (the key, else the field's name in snake_case; "-" leaves the field out),
// doc:"meaning", default:"text as a scenario would write it", need:"true", range:"low,high" inclusive, in the
// unit of the type (dollars for money) and either side may be empty, choice:"a,b,c", date:"end" (a bare year
// is its December), keyed:"true" on the field Key of an entity (its name in the map that holds it).
type field struct {
	key     string
	index   []int
	typ     reflect.Type
	doc     string
	def     string
	hasDef  bool
	need    bool
	end     bool
	choice  []string
	low     string
	high    string
	bounded bool
}

// shape is what a struct looks like in a scenario.
type shape struct {
	fields []field
	name   []int // the field that takes the entity's own key; nil if it has none
	kinds  []int // the field that takes the terms chosen by the key `kind`; nil if there are none
	terms  reflect.Type
}

func (s *shape) field(key string) (field, bool) {
	for _, f := range s.fields {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

func (s *shape) keys() []string {
	keys := make([]string, len(s.fields))
	for i, f := range s.fields {
		keys[i] = f.key
	}
	return keys
}

// Kinds lists what an interface of the model can hold; a scenario chooses one by the key `kind`.
type Kinds []struct {
	Name string
	Doc  string
	New  func() any // a pointer to a struct, which takes the remaining keys
}

func (k Kinds) names() []string {
	names := make([]string, len(k))
	for i, kind := range k {
		names[i] = kind.Name
	}
	return names
}

func (k Kinds) find(name string) (fresh func() any, ok bool) {
	for _, kind := range k {
		if kind.Name == name {
			return kind.New, true
		}
	}
	return nil, false
}

var (
	conditionType = reflect.TypeFor[measure.Condition]()
	testType      = reflect.TypeFor[measure.Test]()
)

// shapeOf lists the keys of a struct type. A field whose interface type is in kinds is flattened: its terms
// stand beside the other keys of the block. It panics on tags that contradict themselves, which is a
// mistake in the program and not in a scenario.
func shapeOf(t reflect.Type, kinds map[reflect.Type]Kinds) *shape {
	s := &shape{}
	s.add(t, nil, kinds)
	seen := map[string]bool{}
	for _, f := range s.fields {
		if seen[f.key] {
			panic(fmt.Sprintf("scenarios: %v has two fields with the key %s", t, f.key))
		}
		seen[f.key] = true
	}
	return s
}

func (s *shape) add(t reflect.Type, index []int, kinds map[reflect.Type]Kinds) {
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(append([]int(nil), index...), i)
		tag := sf.Tag
		if _, ok := kinds[sf.Type]; ok && sf.Type.Kind() == reflect.Interface && sf.IsExported() && tag.Get("key") == "-" {
			s.kinds, s.terms = at, sf.Type
			continue
		}
		if tag.Get("keyed") == "true" {
			if sf.Type.Kind() != reflect.String {
				panic(fmt.Sprintf("scenarios: the keyed field of %v is no string", t))
			}
			s.name = at
			continue
		}
		key := tag.Get("key")
		switch {
		case key == "-":
			continue
		case sf.Anonymous && sf.Type.Kind() == reflect.Struct && key == "":
			s.add(sf.Type, at, kinds)
			continue
		case !sf.IsExported():
			continue
		case key == "":
			key = snake(sf.Name)
		}
		f := field{
			key: key, index: at, typ: sf.Type, doc: tag.Get("doc"),
			need: tag.Get("need") == "true", end: tag.Get("date") == "end",
		}
		f.def, f.hasDef = tag.Lookup("default")
		if c := tag.Get("choice"); c != "" {
			f.choice = strings.Split(c, ",")
		}
		if r, ok := tag.Lookup("range"); ok {
			f.low, f.high, f.bounded = strings.Cut(r, ",")
			if !f.bounded {
				panic(fmt.Sprintf("scenarios: range %q of %v.%s has no comma", r, t, sf.Name))
			}
		}
		s.fields = append(s.fields, f)
	}
}

// bounds returns the range of a field in the unit of its dimension.
func (f field) bounds(d unit.Dimension) (low, high float64, hasLow, hasHigh bool) {
	read := func(text string) (float64, bool) {
		text = strings.TrimSpace(text)
		if text == "" {
			return 0, false
		}
		if l, fault := parseLiteral(text); fault == nil && l.bare {
			x, _ := l.value.Float64()
			return x, true
		}
		x, fault := readQuantity(text, false, d, f.key)
		if fault != nil {
			panic(fmt.Sprintf("scenarios: range of %s: %s", f.key, fault.what))
		}
		return x, true
	}
	low, hasLow = read(f.low)
	high, hasHigh = read(f.high)
	return low, high, hasLow, hasHigh
}

// keyedSlice tells whether a type is a list of entities that a scenario writes as a map from key to entity.
func keyedSlice(t reflect.Type) bool {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return false
	}
	for i := range t.Elem().NumField() {
		if t.Elem().Field(i).Tag.Get("keyed") == "true" {
			return true
		}
	}
	return false
}

// snake turns a Go name into a key: RunRate to run_rate, ShockSD to shock_sd.
func snake(name string) string {
	var b strings.Builder
	r := []rune(name)
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) {
			after := !unicode.IsUpper(r[i-1])
			before := i+1 < len(r) && unicode.IsLower(r[i+1]) && unicode.IsUpper(r[i-1])
			if after || before {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
