package scenarios

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"strings"

	"powerplay/sim/unit"
)

// object is a piece of JSON; its keys are written in the order of the alphabet, so the schema is the same
// bytes every time.
type object = map[string]any

// Schema writes the JSON Schema (draft 2020-12) of scenario files for a model's struct type, from the same
// tags by which files are read. It asks for no field, because a file that extends another gives only what it
// changes; whether all is there, only reading can tell. Kinds, and the types among Refs and Custom, are those
// of the decoder.
func (d *Decoder) Schema(model reflect.Type) []byte {
	s := schemaWriter{decoder: d, defs: object{}}
	properties := s.properties(d.shape(model), object{})
	for key, property := range s.properties(d.shape(reflect.TypeFor[Header]()), object{}) {
		properties[key] = property
	}
	properties["name"].(object)["pattern"] = entityKey.String()
	name := object{"type": "string"}
	properties["variants"] = object{
		"type": "object", "description": "named sets of overrides: maps from paths to values",
		"propertyNames": object{"pattern": entityKey.String(), "not": object{"const": AllVariants}},
		"additionalProperties": object{"type": []string{"object", "null"}, "properties": object{"extends": object{
			"anyOf":       []object{name, {"type": "array", "items": name, "uniqueItems": true}},
			"description": "other variants that come first, in their order",
		}}},
	}
	properties["uncertain"] = object{
		"type": "object", "description": "numbers that runs draw: paths with their distributions, such as `1 to 10` for the middle 90%",
		"additionalProperties": object{"type": []string{"string", "object", "null"}},
	}
	root := object{
		"patternProperties": object{`[.\[]`: object{}}, // paths
		"$schema":           "https://json-schema.org/draft/2020-12/schema", "title": "powerplay scenario",
		"type": "object", "properties": properties, "additionalProperties": false, "$defs": s.defs,
	}
	var b bytes.Buffer
	if err := writeJSON(&b, root); err != nil {
		panic("scenarios: " + err.Error())
	}
	return b.Bytes()
}

type schemaWriter struct {
	decoder *Decoder
	defs    object
}

// properties adds the fields of a struct to a map of properties.
func (s schemaWriter) properties(shape *shape, into object) object {
	for _, f := range shape.fields {
		p := s.typ(f.typ, f)
		if f.doc != "" {
			p["description"] = f.doc
		}
		if f.hasDef {
			p["default"] = f.def
		}
		into[f.key] = p
	}
	return into
}

// typ describes a type; the field gives the choices and limits.
func (s schemaWriter) typ(t reflect.Type, f field) object {
	d := s.decoder
	if _, ok := d.Refs[t]; ok {
		return object{"type": "string", "pattern": entityKey.String()}
	}
	switch t {
	case reflect.TypeFor[Statement](), conditionType, testType:
		return object{"type": "string", "examples": []string{"openai.revenue_run_rate >= $60B"}}
	case reflect.TypeFor[Correlation]():
		return object{"type": []string{"string", "number"}, "examples": []string{"60%", "-30%"}}
	case reflect.TypeFor[Axes]():
		return object{
			"type": "object", "examples": []object{{"market.enterprise.growth": 3}},
			"additionalProperties": object{"type": []string{"integer", "array"}},
		}
	case reflect.TypeFor[Design]():
		return object{"anyOf": []object{{"enum": DesignKinds()}, s.block(t)}}
	case reflect.TypeFor[Band]():
		return object{"type": "string", "examples": []string{"over 50%"}}
	}
	if _, ok := d.Custom[t]; ok {
		return object{}
	}
	if kinds, ok := d.Kinds[t]; ok {
		return s.ref(t, "", func() object { return s.oneOf(kinds, nil) })
	}
	if len(f.choice) > 0 && t.Kind() != reflect.Slice {
		return object{"enum": f.choice}
	}
	if dim, ok := unit.Of(t); ok {
		return quantitySchema(dim, f)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.typ(t.Elem(), f)
	case reflect.String:
		return object{"type": []string{"string", "number", "boolean"}} // an unquoted 2026 is text too
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Struct:
		return s.block(t)
	case reflect.Slice:
		return s.list(t, f)
	}
	return object{"type": "integer"}
}

func (s schemaWriter) list(t reflect.Type, f field) object {
	if keyedSlice(t) {
		return object{
			"type": "object", "propertyNames": object{"pattern": entityKey.String()},
			"additionalProperties": object{"anyOf": []object{s.block(t.Elem()), {"type": "null"}}},
		}
	}
	item := s.typ(t.Elem(), f)
	list := object{"type": "array", "items": item}
	_, isRef := s.decoder.Refs[t.Elem()]
	if t.Elem().Kind() == reflect.String || isRef {
		return object{"anyOf": []object{list, item}}
	}
	return list
}

func (s schemaWriter) block(t reflect.Type) object {
	shape := s.decoder.shape(t)
	if shape.kinds == nil {
		return s.ref(t, "", func() object {
			return object{"type": "object", "properties": s.properties(shape, object{}), "additionalProperties": false}
		})
	}
	return s.ref(t, "", func() object { return s.oneOf(s.decoder.Kinds[shape.terms], shape) })
}

// oneOf lists the kinds of a block, each with the fields that all share, and the block of an override, which
// may leave its kind to what it overrides.
func (s schemaWriter) oneOf(kinds Kinds, common *shape) object {
	options := []object{{"type": "object", "not": object{"required": []string{"kind"}}}}
	for _, k := range kinds {
		properties := object{}
		if common != nil {
			s.properties(common, properties)
		}
		s.properties(s.decoder.shape(reflect.TypeOf(k.New()).Elem()), properties)
		properties["kind"] = object{"const": k.Name, "description": k.Doc}
		options = append(options, object{
			"title": k.Name, "description": k.Doc, "type": "object", "properties": properties,
			"required": []string{"kind"}, "additionalProperties": false,
		})
	}
	return object{"oneOf": options}
}

// ref writes a definition once and refers to it. Types without a name are written in place.
func (s schemaWriter) ref(t reflect.Type, suffix string, write func() object) object {
	if t.Name() == "" {
		return write()
	}
	name := path.Base(t.PkgPath()) + "." + t.Name() + suffix
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = object{} // against a type that holds itself
		s.defs[name] = write()
	}
	return object{"$ref": "#/$defs/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
}

const (
	numberPattern = `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?`
	moneyPattern  = `^-?\$(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?(k|M|B|T|bn| ?(thousand|million|billion|trillion))?`
	perPattern    = `( ?/ ?| per | a )`
	yearPattern   = `(yr|year|y|annum|month|mo)`
)

// patterns are what the text of a quantity looks like; reading it has the last word.
var patterns = map[unit.Dimension]string{
	unit.DimUSD:        moneyPattern + `$`,
	unit.DimUSDPerYear: moneyPattern + perPattern + yearPattern + `$`,
	unit.DimRent:       moneyPattern + perPattern + `(GW|MW|kW)(-|` + perPattern + `)` + yearPattern + `$`,
	unit.DimUSDPerMW:   moneyPattern + perPattern + `(GW|MW|kW|W)$`,
	unit.DimUSDPerMWh:  moneyPattern + perPattern + `(GWh|MWh|kWh)$`,
	unit.DimMW:         `^` + numberPattern + ` ?(kW|MW|GW|TW)$`,
	unit.DimMWIT:       `^` + numberPattern + ` ?(kW|MW|GW)[ -]IT$`,
	unit.DimH100e:      `^` + numberPattern + `(k|M|B|T|bn| ?(thousand|million|billion|trillion))? ?H100(e|s|es)?$`,
	unit.DimH100ePerMW: `^` + numberPattern + ` ?H100e?` + perPattern + `(kW|MW|GW)$`,
	unit.DimMonths:     `^` + numberPattern + ` ?(days?|weeks?|months?|quarters?|years?|yrs?)$`,
	unit.DimRate:       `^` + numberPattern + `(%|x)?` + perPattern + `(yr|year|y|annum)$`,
	unit.DimHazard:     `^` + numberPattern + `%?` + perPattern + yearPattern + `$`,
	unit.DimShare:      `^` + numberPattern + `%$`,
	unit.DimPoints:     `^` + numberPattern + ` ?(ECI )?points?$`,
	unit.DimMonth:      `^[0-9]{4}(-[0-9]{2}){0,2}$`,
}

func quantitySchema(dim unit.Dimension, f field) object {
	text := object{"type": "string", "pattern": patterns[dim]}
	number := object{"type": "number"}
	low, high, hasLow, hasHigh := f.bounds(dim)
	if hasLow {
		number["minimum"] = low
	}
	if hasHigh {
		number["maximum"] = high
	}
	var q object
	switch dim {
	case unit.None:
		return number
	case unit.DimCount:
		number["type"] = "integer"
		return number
	case unit.DimShare:
		if !hasLow {
			number["minimum"] = 0
		}
		if !hasHigh {
			number["maximum"] = 1
		}
		q = object{"anyOf": []object{number, text}}
	case unit.DimPoints:
		q = object{"anyOf": []object{number, text}}
	case unit.DimMonth:
		q = object{"anyOf": []object{{"type": "integer", "minimum": 2000, "maximum": 2150}, text}}
	default:
		q = text
	}
	q["title"] = fmt.Sprintf("%s, such as %s", meaning[dim], examples[dim][0])
	q["examples"] = examples[dim]
	return q
}
