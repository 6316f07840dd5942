package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/scenarios"
)

// told lists the problems of the file a.yaml among others, one a line.
func told(t *testing.T, files map[string]string, sets ...string) []string {
	t.Helper()
	fs := afero.NewMemMapFs()
	for name, text := range files {
		if err := afero.WriteFile(fs, name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, problems := scenarios.Load(fs, "a.yaml", "", sets)
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	return lines
}

// What is told of a mistake: all of it that helps, and nothing that follows from it.
func TestAMistakeIsToldOnce(t *testing.T) {
	const base = "extends: base-2026\n"
	const extendsHint = " (write \"extends: base-2026\", or a file such as \"extends: mine.yaml\")"
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"a variant by the word for all of them", base + "variants: {all: {firms.openai.cash: $30B}}\n", []string{
			"a.yaml:2:12: error[E206]: a variant cannot be named \"all\" (choose another name)",
		}},
		{"a variant by the name of a folder elsewhere", base + "variants: {../up: {firms.openai.cash: $30B}}\n", []string{
			"a.yaml:2:12: error[E206]: the name \"../up\" is not lower-case letters, digits and hyphens (write a name such as \"no-deal\"; folders of results carry it)",
		}},
		{"a variant by a name without end", base + "variants: {" + strings.Repeat("x", 65) + ": {firms.openai.cash: $30B}}\n", []string{
			"a.yaml:2:12: error[E206]: the name \"" + strings.Repeat("x", 65) + "\" has 65 characters; the limit is 64 (write a name such as \"no-deal\"; folders of results carry it)",
		}},
		{"a list of firms", base + "firms:\n- openai\n", []string{
			"a.yaml:2:1: error[E201]: \"firms\" is a list, but a map of names to values belongs here",
		}},
		{"all firms taken away", base + "firms: null\n", []string{
			"a.yaml:2:1: error[E205]: \"firms\" is needed and has no default, so it cannot be taken away (give it another value)",
		}},
		{"a base that there is not", "extends: bsae-2026\n", []string{
			"a.yaml:1:10: error[E601]: there is no built-in scenario \"bsae-2026\" (did you mean \"base-2026\"?; a file ends in .yaml)",
		}},
		{"a base in a file that there is not", "extends: b.yaml\n", []string{
			"a.yaml:1:10: error[E601]: there is no file \"b.yaml\" (paths are relative to the file that holds them)",
		}},
		{"itself as a base", "extends: a.yaml\n", []string{
			"a.yaml:1:10: error[E210]: \"extends\" goes in a circle: a.yaml -> a.yaml (remove \"extends\" from one of them)",
		}},
		{"two bases", "extends: [base-2025, base-2026]\n", []string{
			"a.yaml:1:10: error[E201]: \"extends\" is a list, but one name or file belongs here" + extendsHint,
		}},
		{"a base without a name", "extends: ''\n", []string{
			"a.yaml:1:10: error[E201]: \"extends\" names nothing" + extendsHint,
		}},
		{"a path before its block", base + "firms.openai.cash: $30B\nfirms:\n  openai: {cash: $20B}\n", []string{
			"a.yaml:4:12: error[E202]: \"firms.openai.cash\" is given twice in one file (remove one of them)",
		}},
	} {
		if diff := cmp.Diff(tt.want, told(t, map[string]string{"a.yaml": tt.text})); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

// Whatever stands where something else belongs is refused with a reason, or taken for what it says.
func TestAnyShapeInAnyPlaceIsReadOrRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the base two hundred times")
	}
	study, _ := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", nil)
	paths := []string{"variants", "uncertain", "facts", "extends", "variants.x", "uncertain.x", "shocks", "regulation", "firms.openai", "contracts.anthropic-2025-11"}
	for _, header := range strings.Fields("schema name title question runs seed design dependence start end horizon expect ask allow source notes") {
		paths = append(paths, header)
	}
	for _, block := range study.Tree.Children {
		paths = append(paths, block.Key)
	}
	for _, path := range paths {
		keys := strings.Split(path, ".")
		for _, shape := range []string{"x", "1", "''", "null", "[x]", "[null]", "[{a: 1}]", "{}", "{a: null}", "{a: {b: c}}"} {
			text := "extends: base-2026\n" + strings.Join(keys, ": {") + ": " + shape + strings.Repeat("}", len(keys)-1) + "\n"
			fs := afero.NewMemMapFs()
			if err := afero.WriteFile(fs, "a.yaml", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := loads(fs); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

// loads reads a.yaml, and says if that broke off or gave neither a study nor a reason.
func loads(fs afero.Fs) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if study, problems := scenarios.Load(fs, "a.yaml", "", nil); study == nil && len(problems) == 0 {
		return fmt.Errorf("refused without a reason")
	}
	return nil
}
