package scenarios

import (
	"reflect"

	"powerplay/sim/unit"
)

// Nearest returns the known name that was likely meant, if one is close enough to what was written.
func Nearest(got string, known []string) (name string, ok bool) { return nearest(got, known) }

// ReadMonth reads a date as a scenario does; end makes a bare year its December.
func ReadMonth(text string, end bool) (unit.Month, error) {
	t, f := readDate(text, end)
	if f != nil {
		return 0, Problem{Code: f.code, What: f.what, Why: f.why, Hint: f.hint}
	}
	return t, nil
}

// ReadQuantity reads a quantity as a scenario does, in the unit of its dimension and in dollars for money.
func ReadQuantity(text string, dim unit.Dimension) (float64, error) {
	x, f := readQuantity(text, false, dim, "the value")
	if f != nil {
		return 0, Problem{Code: f.code, What: f.what, Why: f.why, Hint: f.hint}
	}
	return x, nil
}

// Term is one field of a block, as a manual lists it.
type Term struct {
	Key     string
	Type    reflect.Type
	Doc     string
	Unit    string // what its value is, with an example: "power, such as 5 GW"; empty for what is no quantity
	Default string
	Needed  bool // there is no default
	Choice  []string
}

// Terms lists the fields of a struct type that a scenario may set.
func (d *Decoder) Terms(t reflect.Type) []Term {
	var out []Term
	for _, f := range d.shape(t).fields {
		term := Term{Key: f.key, Type: f.typ, Doc: f.doc, Default: f.def, Needed: f.need, Choice: f.choice}
		if dim, ok := unit.Of(f.typ); ok && len(examples[dim]) > 0 {
			term.Unit = meaning[dim] + ", such as " + examples[dim][0]
		}
		out = append(out, term)
	}
	return out
}
