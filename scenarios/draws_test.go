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

// A contract of 2027-03 cannot deliver before, in no run.
func TestDatesThatRunsMayDrawAreTriedBeforehand(t *testing.T) {
	const text = `
contracts:
  c: {kind: capacity-reservation, buyer: openai, seller: oracle, capacity: 10 MW, term: 60 months, floor: 80%, signed: 2027-03, source: [assumption]}
uncertain:
  contracts.c.starts: `
	if problems := onBase(t, text+"uniform(2027-03, 2028-06)\n"); len(problems) > 0 {
		t.Errorf("deliveries after the signing are refused: %v", problems)
	}
	problems := onBase(t, text+"2027-06 (2026-01 to 2028-06)\n")
	if len(problems) != 1 || problems[0].Code != "E414" || !strings.Contains(problems[0].What, "the delivery starts (2024-10) before the contract is signed (2027-03)") {
		t.Errorf("%v", problems)
	}
}
