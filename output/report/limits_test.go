package report

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The limits of a report are those that the model's documentation numbers, in its order: a weakness that is added, renamed or
// mended there is one here.
func TestLimitsAreTheKnownWeaknesses(t *testing.T) {
	model, err := os.ReadFile("../../sim/MODEL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(model), "**Trusted least, most important first.**")
	list, _, _ := strings.Cut(after, "\n**")
	heads := regexp.MustCompile(`(?m)^\d+\. ([^.:]+)[.:]`).FindAllStringSubmatch(list, -1)
	lines := strings.Split(strings.ToLower(strings.TrimSpace(limits)), "\n")
	if len(heads) == 0 || len(lines) < 1+len(heads)+2 {
		t.Fatalf("%d weaknesses are numbered, and %d limits told; one comes before them and two follow", len(heads), len(lines))
	}
	for i, head := range heads {
		for word := range strings.FieldsSeq(strings.ToLower(head[1])) {
			if word = strings.Trim(word, "’'"); len(word) > 3 && !strings.Contains(lines[1+i], strings.TrimSuffix(word, "s")) {
				t.Errorf("weakness %d is %q, and limit %d does not speak of %q: %s", i+1, head[1], i+2, word, lines[1+i])
			}
		}
	}
	if n := len(lines) - 1 - len(heads); n != 2 {
		t.Errorf("%d limits follow the %d weaknesses, want two", n, len(heads))
	}
}
