package scenarios_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
)

// Who takes the hint of a refusal at its word has correlations that hold together.
func TestTheHintOfCorrelationsThatCannotHoldIsAccepted(t *testing.T) {
	said := regexp.MustCompile(`at most (\d+)% of what they are`)
	problems := func(rank float64) []scenarios.Problem {
		fs := afero.NewMemMapFs()
		text := fmt.Sprintf(`name: tied
extends: base-2026
dependence:
  - {between: [market.enterprise.growth, market.consumer.growth], rank_correlation: %[1]g%%}
  - {between: [firms.openai.cash, market.consumer.growth], rank_correlation: %[1]g%%}
`, rank)
		if err := afero.WriteFile(fs, "tied.yaml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, found := scenarios.Load(fs, "tied.yaml", "", nil)
		return found
	}
	refused := problems(90)
	if scenarios.Errors(refused) != 1 || refused[0].Code != "E318" {
		t.Fatalf("%v, want E318 alone", refused)
	}
	m := said.FindStringSubmatch(refused[0].Hint)
	if m == nil {
		t.Fatalf("the hint %q gives no correlation", refused[0].Hint)
	}
	part, _ := strconv.ParseFloat(m[1], 64)
	if found := problems(90 * part / 100); len(found) > 0 {
		t.Errorf("%s: %v", refused[0].Hint, found)
	}
	if found := problems(90 * (part + 2) / 100); len(found) == 0 {
		t.Errorf("%s, and two more are accepted too", refused[0].Hint)
	}
}
