package scenarios

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"powerplay/sim/id"
)

func toyDecoder() *Decoder {
	return &Decoder{Kinds: toyKinds, Refs: map[reflect.Type]Ref{
		reflect.TypeFor[id.Firm](): {What: "firm"}, reflect.TypeFor[id.Region](): {What: "region"},
	}}
}

// plainJSON turns a tree into what an editor sees of it: numbers, booleans and text.
func plainJSON(n *Node) any {
	switch n.Kind {
	case Map:
		m := map[string]any{}
		for _, c := range n.Children {
			m[c.Key] = plainJSON(c)
		}
		return m
	case List:
		l := []any{}
		for _, c := range n.Children {
			l = append(l, plainJSON(c))
		}
		return l
	case Null:
		return nil
	}
	var v any
	if !n.Quoted && json.Unmarshal([]byte(n.Text), &v) == nil {
		switch v.(type) {
		case float64:
			return json.Number(n.Text)
		case bool:
			return v
		}
	}
	return n.Text
}

func TestTheSchemaAndTheReaderAgree(t *testing.T) {
	text := toyDecoder().Schema(reflect.TypeFor[toy]())
	if again := toyDecoder().Schema(reflect.TypeFor[toy]()); !bytes.Equal(text, again) {
		t.Fatal("the schema is not the same bytes each time")
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, with string) string {
		if !strings.Contains(toyBase, old) {
			t.Fatalf("the base has no %q", old)
		}
		return strings.Replace(toyBase, old, with, 1)
	}
	tests := []struct {
		name, text string
		good       bool
	}{
		{"the base", toyBase, true},
		{"an override of a part", "extends: base-toy\ncontracts: {amazon-anthropic-2026: {upfront: {amount: $6B}}, rofr-1: null}\n", true},
		{"a variant that extends one", "extends: base-toy\nvariants: {late: {extends: no-deal}, no-deal: null}\n", true},
		{"a variant that extends several", "extends: base-toy\nvariants: {late: {extends: [no-deal, all-up-front]}}\n", true},
		{"a path at the top", "extends: base-toy\nmarket.growth: 50%/yr\n", true},
		{"a share as a number", replace("{share: 15%}", "{share: 0.15}"), true},
		{"an unknown field", replace("listed: true", "lsted: true"), false},
		{"an unknown field of a kind", replace("upfront:", "upfrnt:"), false},
		{"an unknown kind", replace("kind: first-refusal", "kind: first-refusall"), false},
		{"a missing unit", replace("cash: $20B", "cash: 20"), false},
		{"a wrong unit", replace("grid: 5 GW", "grid: 5 GWh"), false},
		{"a share above one", replace("{share: 15%}", "{share: 15}"), false},
		{"a name in capitals", replace("openai: {", "OpenAI: {"), false},
		{"a word for a switch", replace("listed: true", "listed: yes"), false},
		{"a block for a value", replace("name: toy", "name: {a: b}"), false},
		{"decimals in a count", replace("name: OpenAI,", "name: OpenAI, staff: 3.5,"), false},
		{"not a choice", replace("capability: 150}", "capability: 150, mode: round}"), false},
	}
	for _, test := range tests {
		n, problems := Parse("a.yaml", []byte(test.text))
		wantNone(t, problems)
		err := schema.Validate(plainJSON(n))
		if (err == nil) != test.good {
			t.Errorf("%s: the schema says %v", test.name, err)
		}
		_, _, problems = loadText(t, test.text)
		if (len(problems) == 0) != test.good {
			t.Errorf("%s: the reader says %v", test.name, places(problems))
		}
	}
}
