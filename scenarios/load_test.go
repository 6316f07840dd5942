package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim/unit"
)

// onBase loads a scenario that changes base-2026.
func onBase(t *testing.T, text string) []scenarios.Problem {
	t.Helper()
	fs := afero.NewMemMapFs()
	if err := afero.WriteFile(fs, "a.yaml", []byte("name: a\nextends: base-2026\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, problems := scenarios.Load(fs, "a.yaml", "", nil)
	return problems
}

func TestAMistypedKeyOfAnOverrideIsRecognised(t *testing.T) {
	problems := onBase(t, "firms:\n  openia:\n    cash: $1B\n")
	if len(problems) != 1 || problems[0].Code != "E205" || !strings.Contains(problems[0].Hint, "did you mean `openai`?") {
		t.Errorf("%v", problems)
	}
}

func TestContractsThatCannotStandAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"terms out of range and out of order", `
kind: milestone-funding
investor: microsoft
company: mistral
signed: 2026-06
tranches:
  - {amount: -$3B, when: mistral.revenue_run_rate >= $1B, by: 2025-01}
`, []string{"E410 contracts.c.tranches[0].amount", "E407 contracts.c.tranches[0].by"}},
		{"one firm on both sides", `
kind: equity-round
company: mistral
lead: mistral
amount: $1B
pre_money: $10B
signed: 2026-06
closes: 2026-03
`, []string{"E410 contracts.c.lead", "E407 contracts.c.closes"}},
		{"a party without the role", `
kind: capacity-reservation
buyer: openai
seller: nvidia
capacity: 10 MW
term: 12 months
starts: 2027-01
floor: 0%
signed: 2026-06
`, []string{"E408 contracts.c.seller"}},
		{"capacity that is delivered before it is signed", `
kind: capacity-reservation
buyer: openai
seller: oracle
capacity: 10 MW
term: 12 months
starts: 2025-06
floor: 0%
signed: 2026-06
`, []string{"E407 contracts.c.starts"}},
		{"a promise that starts before it is made", `
kind: take-or-pay
buyer: openai
seller: oracle
commitment: $1B
term: 12 months
starts: 2025-06
floor: 80%
signed: 2026-06
`, []string{"E407 contracts.c.starts"}},
		{"ends before it is signed", `
kind: revenue-share
payer: openai
payee: microsoft
rate: 20%
signed: 2026-06
until: 2026-01
`, []string{"E407 contracts.c.until"}},
		{"nothing wrong", `
kind: revenue-share
payer: openai
payee: microsoft
rate: 20%
signed: 2026-06
`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.ReplaceAll(strings.TrimRight(tt.text, "\n"), "\n", "\n    ")
			var got []string
			for _, p := range onBase(t, "contracts:\n  c:"+text+"\n    source: [assumption]\n") {
				got = append(got, p.Code+" "+p.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAPathThatIsSetTwiceIsRefused(t *testing.T) {
	_, problems := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", []string{"firms.openai.cash=$20B", "firms.openai.cash=$60B"})
	if len(problems) != 1 || problems[0].Code != "E202" || problems[0].Note != "--set #2" || problems[0].Hint == "" {
		t.Errorf("%v", problems)
	}
}

// A run of base-2026 ends in 2032-12.
func TestWhatNeedsMonthsBehindTheEndIsWarnedOf(t *testing.T) {
	const late = `
ask:
  - that: openai.market_share > 30% @ 2039-12
  - that: openai.market_share > 30% @ 2032-12
expect:
  - {that: openai.cash > $5B by 2033-01, because: late}
  - {that: openai.cash @ 2033-01, is: higher, in: x, because: late}
variants: {x: {firms.openai.cash: $90B}}
`
	var got []string
	for _, p := range onBase(t, late) {
		if p.Severity != scenarios.Warning {
			t.Errorf("%v stops the run", p)
		}
		got = append(got, p.Code+" "+p.Path)
	}
	if diff := cmp.Diff([]string{"W404 ask[0].that", "W404 expect[0].that", "W404 expect[1].that"}, got); diff != "" {
		t.Error(diff)
	}
	if _, problems := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", []string{"end=2027-12"}); len(problems) > 0 {
		t.Errorf("a run that --set cuts short is warned of: %v", problems)
	}
}

func TestContractsThatClashOrCannotFollowAreRefused(t *testing.T) {
	const azure = `
contracts:
  azure-only: {kind: exclusivity, holder: microsoft, lab: openai, signed: 2026-01, source: [assumption]}
  aws-only: {kind: exclusivity, holder: amazon, lab: openai, signed: 2026-03, until: 2026-08, source: [assumption]%s}
`
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"two exclusivities", strings.Replace(azure, "%s", "", 1), []string{"E411 contracts.aws-only"}},
		{"of which one goes before the other", strings.Replace(azure, "%s", ", precedence: 1", 1), []string{"W402 contracts.aws-only"}},
		{"which is allowed", "allow: [W402]" + strings.Replace(azure, "%s", ", precedence: 1", 1), nil},
		{"of which one is over", strings.Replace(azure, "signed: 2026-01, ", "signed: 2026-01, until: 2026-02, ", 1), nil},
		{"of which one replaces the other", strings.Replace(azure, "%s", ", replaces: [azure-only]", 1), nil},
		{"an exclusivity and a first refusal", strings.Replace(azure, "kind: exclusivity, holder: amazon", "kind: first-refusal, notice: 1 month, holder: amazon", 1), []string{"E411 contracts.aws-only"}},
		{"an amendment of another kind", strings.Replace(azure, "%s", ", amends: microsoft-openai-azure", 1), []string{"E412 contracts.aws-only.amends"}},
		{"an amendment of oneself", strings.Replace(azure, "%s", ", amends: aws-only", 1), []string{"E412 contracts.aws-only.amends"}},
		{"an amendment of what comes later", strings.Replace(azure, "signed: 2026-01, ", "signed: 2026-01, amends: aws-only, ", 1), []string{"E412 contracts.azure-only.amends"}},
		{"an amendment of nothing", strings.Replace(azure, "%s", ", amends: azure-onnly", 1), []string{"E402 contracts.aws-only.amends"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range onBase(t, strings.Replace(tt.text, "%s", "", 1)) {
				got = append(got, p.Code+" "+p.Path)
			}
			for _, want := range tt.want {
				if !slices.Contains(got, want) {
					t.Errorf("problems %v, want %v", got, tt.want)
				}
			}
			if tt.want == nil && len(got) > 0 {
				t.Errorf("problems %v, want none", got)
			}
		})
	}
}

func TestPowerAndChipsThatNoSiteCouldTakeAreRefused(t *testing.T) {
	const power = "\ncontracts:\n  reactor: {kind: power-agreement, buyer: %s, form: nuclear, capacity: 1 GW, starts: 2027, term: 20 years, signed: 2026-03, source: [assumption], region: europe}\n"
	const chips = "\ncontracts:\n  chips: {kind: chip-supply, maker: amazon, capacity: 1 GW, starts: 2027, term: 2 years, signed: 2026-03, source: [assumption], buyer: %s}\n"
	for _, tt := range []struct {
		name, text, who, want string
	}{
		{"power where the buyer builds", power, "microsoft", ""},
		{"power where it does not", power, "xai", "E410 contracts.reactor.region"},
		{"chips of a maker that serves its own tenants", chips, "anthropic", ""},
		{"and no other cloud", chips, "meta", "E410 contracts.chips.maker"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, p := range onBase(t, strings.Replace(tt.text, "%s", tt.who, 1)) {
				got += p.Code + " " + p.Path
			}
			if got != tt.want {
				t.Errorf("problems %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRulesThatCannotStandAreRefused(t *testing.T) {
	const review = "\nregulation:\n  case: {kind: antitrust-review, authority: CMA, holder: microsoft, company: openai, source: [assumption], %s}\n"
	const regime = "\nregulation:\n  first: {kind: export-control, region: china, changes: [{from: 2026-03, state: denied}], source: [assumption]}\n" +
		"  second: {kind: export-control, region: %s, changes: [{from: 2026-06, state: free}], source: [assumption]}\n"
	for _, tt := range []struct {
		name, text, term string
		want             []string
	}{
		{"a review on a date", review, "opens: 2026-03", nil},
		{"a review that nothing opens", review, "chill: 50%", []string{"E410 regulation.case.opens"}},
		{"an outcome that is none", review, "opens: 2026-03, outcome: fine", []string{"E309 regulation.case.outcome"}},
		{"a remedy on a contract of the two", review, "opens: 2026-03, only: [openai-microsoft-share]", nil},
		{"a remedy on a contract of others", review, "opens: 2026-03, only: [anthropic-amazon-share]", []string{"E410 regulation.case.only[0]"}},
		{"a wall around a holder without a lab", strings.Replace(review, "microsoft", "oracle", 1), "opens: 2026-03, outcome: information-wall", []string{"E408 regulation.case.holder"}},
		{"a gate that reads no measure", review, "opens: 2026-03, influence: microsoft.votes_cast(openai) > 20%", []string{"E403 regulation.case.influence"}},
		{"two regimes over the same shipments", regime, "china", []string{"E413 regulation.second.region"}},
		{"two regimes over two regions", regime, "gulf", nil},
		{"two regimes of two makers", regime, "china, makers: [other-suppliers]", nil},
		{"a regime that reaches the owners of another's sites", regime, "rest, reach: owners", []string{"E413 regulation.second.region"}},
		{"a regime that reaches owners without sites there", regime, "gulf, reach: owners", nil},
		{"a maker that makes no chips", regime, "gulf, makers: [oracle]", []string{"E408 regulation.second.makers[0]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range onBase(t, strings.Replace(tt.text, "%s", tt.term, 1)) {
				got = append(got, p.Code+" "+p.Path)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("problems %v, want %v", got, tt.want)
			}
		})
	}
}

func TestQuestionsAreReadAndChecked(t *testing.T) {
	fs := afero.NewMemMapFs()
	write := func(ask string) {
		if err := afero.WriteFile(fs, "a.yaml", []byte("extends: base-2026\nask:\n"+ask), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("  - {that: total_energised > 100 GW and openai.market_share > 30% @ 2030-12, name: big and ahead}\n  - that: xai.cash < $0 by 2027\n")
	study, problems := scenarios.Load(fs, "a.yaml", "", nil)
	if len(problems) > 0 || len(study.Ask) != 2 {
		t.Fatalf("%v: %+v", problems, study)
	}
	if q := study.Ask[0]; q.Name != "big and ahead" || q.Compiled.At != unit.Date(2030, 12) || q.Compiled.Holds == nil {
		t.Errorf("the first question is %+v", q)
	}
	if q := study.Ask[1]; q.Name != "xai.cash < $0 by 2027" || q.Compiled.By != unit.Date(2027, 12) {
		t.Errorf("the second question is %+v", q)
	}
	if text := string(study.Encode()); !strings.Contains(text, "name: big and ahead") {
		t.Error("the resolved scenario has lost its questions")
	}
	for ask, want := range map[string]string{"  - name: x\n": "E205", "  - name: x\nexpect:\n  - because: x\n": "E205", "  - that: openai.cash\n": "E315", "  - that: nobody.cash > $0\n": "E402"} {
		write(ask)
		if _, problems := scenarios.Load(fs, "a.yaml", "", nil); len(problems) == 0 || problems[0].Code != want {
			t.Errorf("%q: %v, want %s", ask, problems, want)
		}
	}
}

// Chips are part of a site's equipment, which is 70 % of the cost in the bases.
func TestChipsCostNoMoreThanAllEquipment(t *testing.T) {
	if problems := onBase(t, "market: {build: {chip_share: 70%}}\n"); len(problems) > 0 {
		t.Errorf("all equipment may be chips, but: %v", problems)
	}
	problems := onBase(t, "market: {build: {chip_share: 71%}}\n")
	if len(problems) != 1 || problems[0].Code != "E409" || problems[0].Path != "market.build.chip_share" {
		t.Errorf("%v, want one E409 at market.build.chip_share", problems)
	}
}
