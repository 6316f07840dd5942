package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
)

// example is the scenario of a manual page.
var example = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// Each page of the manual shows its mechanism in a scenario of a few lines, beside a variant without it. What the
// page expects of the two must hold: without the mechanism's effect both would be the same.
func TestManualPagesShowWhatTheirMechanismDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a small ensemble for each page")
	}
	var kinds []string
	for _, k := range contract.Kinds() {
		kinds = append(kinds, k.Name)
	}
	for _, k := range shock.Kinds() {
		kinds = append(kinds, k.Name)
	}
	for _, k := range rule.Kinds() {
		kinds = append(kinds, k.Name)
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			page, ok := scenarios.Page(kind)
			if !ok {
				t.Fatalf("no page: write scenarios/manual/%s.md", kind)
			}
			text := example.FindStringSubmatch(page)
			if text == nil {
				t.Fatal("the page has no example")
			}
			if !strings.Contains(text[1], "kind: "+kind+"\n") || !strings.Contains(text[1], "than: without") {
				t.Fatal("the example does not compare the mechanism with a variant without it")
			}
			fs, screen := desk(t, map[string]string{"example.yaml": text[1]})
			err := execute(t.Context(), fs, screen, []string{"run", "--variant", "all", "--plots", "none", "--out", "result", "example.yaml"})
			if err != nil {
				screen.report(fs, err)
				t.Fatalf("%s%s", screen.err, screen.out)
			}
			r, err := output.Open(fs, "result/example")
			if err != nil {
				t.Fatal(err)
			}
			acted := map[string]bool{}
			for e, err := range r.Events(output.Filter{Contracts: []string{"example"}}) {
				if err != nil {
					t.Fatal(err)
				}
				acted[e.Kind] = true
			}
			delete(acted, "sign")
			if len(acted) == 0 {
				t.Error("nothing happens under the contract, shock or rule `example` that an event would tell; a monthly payment is told in December")
			}
		})
	}
}

// The README's table of a result is what help tells of one.
func TestTheReadmeTellsOfResultsWhatHelpDoes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range resultFiles() {
		if row := fmt.Sprintf("| %s | %s |\n", f.names, f.what); !strings.Contains(string(text), row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
}
