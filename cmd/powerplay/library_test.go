package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Each scenario of the library runs with all its variants and holds what it expects: here with few runs, so that only
// clear misses count; with POWERPLAY_FULL=1 with all that it asks for, which takes some minutes.
func TestScenariosOfTheLibraryHoldWhatTheyExpect(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a small ensemble for each scenario and variant")
	}
	source := builtIn()
	for _, name := range source.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, problems := source.Read(name, "", nil)
			if r == nil {
				t.Fatal(problems)
			}
			args := []string{"run", name, "--plots", "none", "--keep", "none", "--out", "result", "--strict"}
			if len(r.Variants) > 0 {
				args = append(args, "--variant", "all")
			}
			if os.Getenv("POWERPLAY_FULL") == "" {
				args = append(args, "--runs", "16")
			}
			fs, screen := desk(t, nil)
			if err := execute(t.Context(), fs, screen, args); err != nil {
				t.Errorf("%v\n%s", err, screen.out)
			}
		})
	}
}

// What a contract does is told in words: explain names it, where the runs with and without it part, and which numbers
// end up elsewhere.
func TestARunWithoutAContractIsExplainedInWords(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a small ensemble twice")
	}
	fs, screen := desk(t, nil)
	if err := execute(t.Context(), fs, screen, []string{"run", "amazon-milestones", "--without", "amazon-anthropic-capacity", "--runs", "10", "--plots", "none", "--out", "both"}); err != nil {
		t.Fatalf("%v\n%s", err, screen.out)
	}
	screen.out.(*bytes.Buffer).Reset()
	if err := execute(t.Context(), fs, screen, []string{"explain", "both/amazon-milestones", "--against", "both/without-amazon-anthropic-capacity"}); err != nil {
		t.Fatal(err)
	}
	said := screen.out.(*bytes.Buffer).String()
	for _, want := range []string{"capacity-reservation amazon-anthropic-capacity: only the first has it", "the central runs part here", "Anthropic's"} {
		if !strings.Contains(said, want) {
			t.Errorf("explained as\n%s\nwant %q in it", said, want)
		}
	}
}
