package scenarios_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim/contract"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
)

// block is a piece of a manual between fences: its language, its file name if it has one, and its text.
var block = regexp.MustCompile("(?ms)^```(yaml|csv)(?: (\\S+))?\n(.*?)^```$")

// Each YAML block of the manuals that says what it extends is a whole scenario; tables with a file name lie
// beside it.
func TestExamplesOfTheManualsLoadWithoutProblems(t *testing.T) {
	for _, manual := range []string{"README.md", "../README.md"} {
		text := readManual(t, manual)
		found := block.FindAllStringSubmatchIndex(text, -1)
		fs := afero.NewMemMapFs()
		for _, b := range found {
			if b[4] >= 0 {
				writeExample(t, fs, text[b[4]:b[5]], text[b[6]:b[7]])
			}
		}
		whole := 0
		for _, b := range found {
			example := text[b[6]:b[7]]
			if text[b[2]:b[3]] != "yaml" || !strings.HasPrefix(example, "extends:") && !strings.Contains(example, "\nextends:") {
				continue
			}
			whole++
			line := strconv.Itoa(1 + strings.Count(text[:b[6]], "\n"))
			t.Run(filepath.Clean(manual)+":"+line, func(t *testing.T) {
				writeExample(t, fs, "example.yaml", example)
				variants := []string{""}
				for i := 0; i < len(variants); i++ {
					study, problems := scenarios.Load(fs, "example.yaml", variants[i], nil)
					for _, p := range problems {
						t.Errorf("variant %q: %v", variants[i], p)
					}
					if i == 0 && study != nil {
						variants = append(variants, study.Variants...)
					}
				}
			})
		}
		if whole == 0 {
			t.Errorf("%s has no whole scenario", manual)
		}
	}
}

func TestManualNamesEveryKindScenarioAndTable(t *testing.T) {
	text := readManual(t, "README.md")
	var names []string
	for _, k := range contract.Kinds() {
		names = append(names, "**"+k.Name+"**")
	}
	for _, k := range shock.Kinds() {
		names = append(names, "**"+k.Name+"**")
	}
	for _, k := range rule.Kinds() {
		names = append(names, "kind: "+k.Name)
	}
	for _, pattern := range []string{"*.yaml", "data/*.csv"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			names = append(names, "`"+strings.TrimSuffix(filepath.Base(f), ".yaml")+"`")
		}
	}
	for _, name := range names {
		if !strings.Contains(text, name) {
			t.Errorf("README.md does not mention %s", name)
		}
	}
}

// A chapter of the manual that nobody can look up is one that only readers of the repository have.
func TestEveryChapterOfTheManualIsATopic(t *testing.T) {
	text := readManual(t, "README.md")
	if got, want := len(scenarios.Chapters()), strings.Count(text, "\n## "); got != want {
		t.Errorf("%d of %d chapters of README.md are topics of help", got, want)
	}
}

func TestEveryScenarioOfTheLibrarySpeaksForItself(t *testing.T) {
	names := scenarios.Source{FS: afero.NewMemMapFs(), Library: scenarios.Library()}.Names()
	if len(names) == 0 {
		t.Fatal("the library is empty")
	}
	for _, name := range names {
		study, problems := scenarios.Load(afero.NewMemMapFs(), name, "", nil)
		for _, p := range problems {
			t.Errorf("%s: %v", name, p)
		}
		if study == nil {
			continue
		}
		if h := study.Header; h.Title == h.Name || h.Question == "" || h.Notes == "" || h.Extends != "" && (len(h.Source) == 0 || h.Runs == 0) {
			t.Errorf("%s lacks a title, a question, notes, or, as a study of a base, sources and runs: %+v", name, h)
		}
	}
}

func readManual(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func writeExample(t *testing.T, fs afero.Fs, name, text string) {
	t.Helper()
	if err := afero.WriteFile(fs, name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
