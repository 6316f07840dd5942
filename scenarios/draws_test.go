package scenarios_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
)

// A round of $3.5 bn, whose post-money value runs draw.
func TestWhatRunsMayDrawIsTriedBeforehand(t *testing.T) {
	for _, tt := range []struct {
		name, distribution string
		want               []string // in the message; nil where it stands
	}{
		{"ends above", "uniform($50B, $100B)", nil},
		{"the low end is less than the round", "uniform($1B, $100B)", []string{"E414", `post_money" is $1.1B, `, "is no more than the money raised"}},
		{"one in a thousand is", "lognormal($20B, 0.6)", []string{"E414"}},
		{"one in ten thousand is", "lognormal($20B, 0.48)", nil},
	} {
		fs := afero.NewMemMapFs()
		text := "name: draws\nextends: anthropic-series-e\nuncertain:\n  contracts.anthropic-series-e.post_money: " + tt.distribution + "\n"
		if err := afero.WriteFile(fs, "draws.yaml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		study, problems := scenarios.Load(fs, "draws.yaml", "", nil)
		if tt.want == nil {
			if study == nil {
				t.Errorf("%s: %v", tt.name, problems)
			} else if m := study.Model; m.Faulty() != nil {
				t.Errorf("%s: the numbers that were tried are left in the model: %v", tt.name, m.Faulty())
			}
			continue
		}
		if len(problems) != 1 {
			t.Errorf("%s: %d problems, want one: %v", tt.name, len(problems), problems)
			continue
		}
		said := problems[0].Error()
		for _, w := range tt.want {
			if !strings.Contains(said, w) {
				t.Errorf("%s: %q does not say %q", tt.name, said, w)
			}
		}
	}
}
