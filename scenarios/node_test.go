package scenarios

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhatIsNotPartOfTheLanguageIsRefusedWhereItStands(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an empty file", "", "E103 a.yaml"},
		{"comments alone", "# nothing\n", "E103 a.yaml"},
		{"a list", "- a\n", "E106 a.yaml:1:1"},
		{"an anchor and its alias", "a: &x 1\nb: *x\n", "E104 a.yaml:1:4; E104 a.yaml:2:4"},
		{"a merge key", "a: 1\n<<: {b: 2}\n", "E104 a.yaml:2:1"},
		{"a tag", "a: !!str 3\n", "E104 a.yaml:1:4"},
		{"a repeated key", "a: 1\né: {b: 1, b: 2}\n", "E202 a.yaml:2:11"},
		{"a second document", "a: 1\n---\nb: 1\n", "E105 a.yaml:2:1"},
		{"an open bracket", "a: [1,\n", "E102 a.yaml:1:7"},
		{"a tab as indentation", "a:\n\tb: 1\n", "E102 a.yaml:2:1"},
		{"a colon in text", "q: who wins: labs\n", "E102 a.yaml:1:12"},
		{"not UTF-8", "a: \xff\n", "E101 a.yaml:1:4"},
		{"a control character", "a: b\x07\n", "E101 a.yaml:1:5"},
		{"a list as key", "? [a]\n: b\n", "E206 a.yaml:1:3"},
		{"nothing behind a key", "a:\nb: null\nc: ~\n", "E213 a.yaml:1:1"},
		{"a colour that is a remark", "a: {color: #2452C0\n}\n", "E213 a.yaml:1:5"},
		{"text in brackets with a comma", "a: {note: one, two}\n", "E213 a.yaml:1:16"},
		{"too deep", "a: " + strings.Repeat("[", 40) + strings.Repeat("]", 40), "E502 a.yaml:1:36"},
	}
	for _, test := range tests {
		_, problems := Parse("a.yaml", []byte(test.text))
		var got []string
		for _, p := range problems {
			got = append(got, p.Code+" "+p.Origin.String())
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, strings.Join(got, "; "), test.want)
		}
	}
	if _, problems := Parse("a.yaml", make([]byte, MaxFileBytes+1)); len(problems) != 1 || problems[0].Code != "E501" {
		t.Errorf("a file over the limit: %v", problems)
	}
}

func TestEveryValueKnowsItsPlace(t *testing.T) {
	n, problems := Parse("a.yaml", []byte("\ufeffa: {é: 1, b: 'x'}\r\nc:\r\n  - d: 2\r\n"))
	wantNone(t, problems)
	for path, want := range map[string]string{"a": "a.yaml:1:4", "a.é": "a.yaml:1:8", "a.b": "a.yaml:1:14", "c[0].d": "a.yaml:3:8"} {
		if got := n.At(path).Origin.String(); got != want {
			t.Errorf("%s stands at %s, want %s", path, got, want)
		}
	}
	if n.At("a.b").Quoted == n.At("a.é").Quoted {
		t.Error("quotes are not told apart")
	}
}

func TestTextFromFilesIsMadeHarmless(t *testing.T) {
	if got := escape("a\x1b[31m\u202eb`"); got != `a\x1b[31m\u202eb'` {
		t.Errorf("escaped: %q", got)
	}
	if got := escape(strings.Repeat("x", 500)); len([]rune(got)) != maxShown+1 {
		t.Errorf("%d characters shown", len([]rune(got)))
	}
	line := strings.Repeat("y", 300) + "HERE" + strings.Repeat("z", 300)
	text, indent, width := window(line, 300, 4)
	if shown := string([]rune(text)[indent : indent+width]); shown != "HERE" {
		t.Errorf("the underline stands below %q", shown)
	}
}

func TestAtMostTwentyProblemsAreShown(t *testing.T) {
	var problems []Problem
	for i := range 25 {
		problems = append(problems, Problem{Code: "E203", Origin: Origin{File: "a.yaml", Line: i + 1, Column: 1}, What: "wrong"})
	}
	var b, sarif, js strings.Builder
	if err := PrintLine(&b, problems); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 21 || !strings.HasSuffix(b.String(), "and 5 more (25 problems in all)\n") {
		t.Errorf("%d lines: %s", n, b.String())
	}
	if PrintSARIF(&sarif, "1", problems) != nil || strings.Count(sarif.String(), `"ruleId"`) != 25 {
		t.Error("SARIF does not hold all problems")
	}
	if PrintJSON(&js, problems) != nil || !strings.Contains(js.String(), `"errors": 25`) {
		t.Error("JSON does not count the errors")
	}
}

func TestNamesAreSuggestedWhenTheyAreNear(t *testing.T) {
	known := []string{"upfront", "tranches", "investor"}
	for got, want := range map[string]string{
		"upfrnt": "did you mean `upfront`?", "tranhces": "did you mean `tranches`?", "cash": "fields: upfront, tranches, investor",
		"lead-investor": "did you mean `investor`?", "est": "fields: upfront, tranches, investor",
	} {
		if h := hintName(got, known, "fields", "help deal"); h != want {
			t.Errorf("%s: %s, want %s", got, h, want)
		}
	}
	var many []string
	for i := range 12 {
		many = append(many, fmt.Sprintf("field-%02d", i))
	}
	if h := hintName("zzz", many, "fields", "help deal"); !strings.HasSuffix(h, "field-07 and 4 more; all: powerplay help deal") {
		t.Error(h)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(toyBase)
	f.Add("a: [1, {b: \"x\\ny\", 'c d': |\n  text\n}]\n")
	f.Add("a:\n- - 1\n  - b: ~\n- {}\n- []\nq: \"a: b # c\"\n1.5: x\n'': y\n")
	f.Add("a: ? \nb: -x\nc: ':x'\n\"\\u2028\": \"\\u0085\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		n, problems := Parse("a.yaml", []byte(text))
		if len(problems) > 0 {
			return
		}
		out := Encode(n)
		again, problems := Parse("a.yaml", out)
		if len(problems) > 0 || !again.Same(n) {
			t.Fatalf("%q came back from %q with %v", text, out, problems)
		}
	})
}
