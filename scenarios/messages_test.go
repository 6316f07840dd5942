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

// spread is a file with one uncertain number.
func spread(entry string) string { return "extends: base-2026\nuncertain: {" + entry + "}\n" }

// A scenario without a name has one that folders can carry.
func TestAFileGivesItsScenarioAName(t *testing.T) {
	for file, want := range map[string]string{"Mein Fall (2).yaml": "mein-fall-2", "gold_run.yaml": "gold_run", "b/deal.yaml": "deal", "_.yaml": "scenario"} {
		fs := afero.NewMemMapFs()
		if err := afero.WriteFile(fs, file, []byte("extends: base-2026\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		study, problems := scenarios.Load(fs, file, "", nil)
		if study == nil || study.Header.Name != want {
			t.Errorf("%s: %v, want the name %s", file, problems, want)
		}
	}
}

// What is told of a mistake: all of it that helps, and nothing that follows from it.
func TestAMistakeIsToldOnce(t *testing.T) {
	const base = "extends: base-2026\n"
	const unread = " (take it out; it belongs to "
	const tied = base + "dependence:\n  - {between: [market.enterprise.growth, firms.openai.cash], rank_correlation: %s}\n"
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
		{"a path to a block, and the block", base + "firms.openai: {cash: $30B}\nfirms: {openai: {lab: {used: 10 MW}, cash: $20B}}\n", []string{
			"a.yaml:3:38: error[E202]: \"firms.openai.cash\" is given twice in one file (remove one of them)",
		}},
		{"a path to a block, and one into it", base + "firms.openai: {cash: $30B}\nfirms.openai.cash: $20B\n", []string{
			"a.yaml:3:1: error[E202]: \"firms.openai.cash\" is given twice in one file (remove one of them)",
		}},
		{"a number fixed that hangs together with another", base + "firms.openai.cash: $20B\ndependence:\n  - {between: [market.enterprise.growth, firms.openai.cash], rank_correlation: 60%}\n", []string{
			"a.yaml:4:42: warning[W303]: \"firms.openai.cash\" is not drawn any more, so that \"market.enterprise.growth\" hangs together with it has no part in the runs (take the pair out, or leave both numbers uncertain)",
		}},
		{"a correlation beyond one", fmt.Sprintf(tied, "-160%"), []string{
			"a.yaml:3:80: error[E310]: a rank correlation of \"-160%\" is outside of -99% to 99% (where one number decides another, make only the first uncertain)",
		}},
		{"correlations without a gap that contradict each other", fmt.Sprintf(tied, "90%") + "  - {between: [market.enterprise.growth, market.consumer.growth], rank_correlation: 90%}\n  - {between: [market.consumer.growth, firms.openai.cash], rank_correlation: -90%}\n", []string{
			"a.yaml:5:15: error[E318]: the correlations between \"market.enterprise.growth, firms.openai.cash, market.consumer.growth\" cannot hold together (make those of \"market.consumer.growth\" weaker: at most 22% of what they are)",
		}},
		{"a rule that cannot hang together so closely", base + "uncertain: {firms.microsoft.cloud.refusal: 'one of [economics 80%, always 20%]'}\ndependence:\n  - {between: [firms.openai.cash, firms.microsoft.cloud.refusal], rank_correlation: 70%}\n", []string{
			"a.yaml:4:85: error[E318]: \"firms.microsoft.cloud.refusal\" takes so few values that its rank correlation here reaches 68% at most (ask for no more than 68%, or make the chances of its values more even)",
		}},
		{"a choice of one", base + "uncertain: {firms.openai.cash: choice($30B)}\ndependence:\n  - {between: [firms.openai.cash, market.enterprise.growth], rank_correlation: 10%}\n", []string{
			"a.yaml:4:80: error[E318]: \"firms.openai.cash\" always takes the same value, so nothing hangs together with it (take the pair out, or give it another distribution)",
		}},
		{"a rule that can", base + "uncertain: {firms.microsoft.cloud.refusal: 'one of [economics 80%, always 20%]'}\ndependence:\n  - {between: [firms.openai.cash, firms.microsoft.cloud.refusal], rank_correlation: 68%}\n", nil},
		{"a table that there is not", base + "design: {kind: table, points: runs.csv}\n", []string{
			"a.yaml:2:31: error[E601]: there is no file \"runs.csv\" (paths are relative to the file that holds them)",
		}},
		{"a table with semicolons", base + "design: {kind: table, points: semicolons.csv}\n", []string{
			"semicolons.csv:1:1: error[E211]: the columns are separated by semicolons (separate them by commas: save the table as comma-separated text (CSV))",
		}},
		{"a table with a remark", base + "design: {kind: table, points: remark.csv}\n", []string{
			"remark.csv:2:1: error[E211]: the line begins with #, and a table has no remarks (take the line out; a column \"note\" of a table of facts holds remarks)",
		}},
		{"facts with semicolons", base + "facts: semicolons.csv\n", []string{
			"semicolons.csv:1:1: error[E211]: the columns are separated by semicolons (separate them by commas: save the table as comma-separated text (CSV))",
		}},
		{"a grid over nothing", base + "runs: 3\ndesign: grid\n", []string{
			"a.yaml:3:9: error[E316]: a grid needs paths with their values, and the design has none under \"over\" (write \"design: {kind: grid, over: {market.enterprise.growth: [40%/yr, 80%/yr], firms.openai.cash: 3}}\")",
		}},
		{"a table without its file", base + "design: {kind: replication, drawn_by: table}\n", []string{
			"a.yaml:2:39: error[E316]: a table of runs needs its file, and the design has no \"points\" (write \"design: {kind: table, points: runs.csv}\", or \"--set design.points=runs.csv\")",
		}},
		{"fields of other designs", base + "design: {kind: monte-carlo, over: {firms.openai.cash: 3}, run: 5, others: drawn}\n", []string{
			"a.yaml:2:29: error[E203]: \"over\" is not read by a design of the kind monte-carlo" + unread + "grid)",
			"a.yaml:2:59: error[E203]: \"run\" is not read by a design of the kind monte-carlo" + unread + "replication)",
			"a.yaml:2:67: error[E203]: \"others\" is not read by a design of the kind monte-carlo" + unread + "grid and table)",
		}},
		{"a value of a grid given twice", base + "design: {kind: grid, over: {firms.openai.cash: [$30B, $30.0B]}}\n", []string{
			"a.yaml:2:55: error[E202]: \"firms.openai.cash\" takes \"$30.0B\" twice (remove one of them; to repeat a run under other luck, take the kind replication)",
		}},
		{"a range without its unit", spread("firms.openai.cash: 33 to 45"), []string{
			"a.yaml:2:32: error[E304]: \"33 to 45\" needs a unit: \"cash\" is an amount of money (write \"$33B to $45B\", in the unit that is meant)",
		}},
		{"a family without its unit", spread("market.build.build_lag: normal(14 to 30)"), []string{
			"a.yaml:2:37: error[E304]: \"normal(14 to 30)\" needs a unit: \"build_lag\" is a duration (write \"normal(14 to 30 months)\", in the unit that is meant)",
		}},
		{"a range in another unit", spread("firms.openai.cash: 5 GW to 8 GW"), []string{
			"a.yaml:2:32: error[E305]: unit does not fit: \"5 GW to 8 GW\" is power, but \"cash\" is an amount of money (write it like \"$3.5B\" or \"$350M\")",
		}},
		{"a growth without its time", spread("market.enterprise.growth: 40% to 90%"), []string{
			"a.yaml:2:39: error[E304]: \"40% to 90%\" does not say per what time: \"growth\" is a rate per year (write \"40% to 90%/yr\", in the unit that is meant)",
		}},
		{"a growth beyond a share without its time", spread("market.enterprise.growth: 40% to 140%"), []string{
			"a.yaml:2:39: error[E304]: \"40% to 140%\" does not say per what time, and is no share (write \"40% to 140% per year\" for a growth; a share lies from 0% to 100%)",
		}},
		{"a value of another unit beside a distribution", base + "firms.openai.cash: 20 GW\nuncertain: {firms.openai.cash: $33B to $45B}\n", []string{
			"a.yaml:2:20: error[E305]: unit does not fit: \"20 GW\" is power, but \"firms.openai.cash\" is an amount of money (write it like \"$3.5B\" or \"$350M\")",
		}},
		{"a word that is none beside a rule", base + "firms.microsoft.cloud.refusal: sometimes\nuncertain: {firms.microsoft.cloud.refusal: 'one of [always, never]'}\n", []string{
			"a.yaml:2:32: error[E309]: \"sometimes\" is not a choice for \"firms.microsoft.cloud.refusal\" (choices: economics, always, never)",
		}},
		{"words in a choice among numbers", spread("firms.microsoft.cloud.refusal: 'choice(always, never)'"), []string{
			"a.yaml:2:44: error[E311]: \"choice\" is a choice among numbers (write \"one of [always, never]\")",
		}},
		{"an open parenthesis", spread("firms.openai.cash: normal($1B to $2B"), []string{
			"a.yaml:2:32: error[E311]: \"normal($1B to $2B\" has a parenthesis that is not closed (write it like \"normal(1 to 10)\" or \"3 (1 to 10)\")",
		}},
		{"a comparison that there is not", base + "variants: {x: {firms.openai.cash: $30B}}\nexpect:\n  - {that: openai.cash, is: larger, in: x}\n", []string{
			"a.yaml:4:29: error[E309]: \"larger\" is not a choice for \"is\" (choices: higher, lower, similar)",
		}},
		{"a share of runs on neither side", base + "expect:\n  - {that: openai.cash > $1B, holds_in: 50%}\n", []string{
			"a.yaml:3:41: error[E309]: \"50%\" does not say whether at least or at most so many runs (write \"over 50%\", \"at least 50%\", \"under 20%\", \"at most 20%\" or \"40% to 60%\")",
		}},
		{"a loan due as it is drawn", base + "contracts.x: {kind: loan, borrower: softbank, amount: $4B, drawn: 2026-03, maturity: 2026-03, rate: 7%/yr, signed: 2026-03, source: [assumption]}\n", []string{
			"a.yaml:2:86: error[E410]: \"maturity\": lies before the money has been used for a month (give a later month)",
		}},
		{"a name that is a folder elsewhere", "name: ../escaped\n" + base, []string{
			"a.yaml:1:7: error[E206]: the name \"../escaped\" is not lower-case letters, digits and hyphens (write a name such as \"escaped\"; a \"title\" can hold any text)",
		}},
		{"a name of two words", "name: Two Words\n" + base, []string{
			"a.yaml:1:7: error[E206]: the name \"Two Words\" is not lower-case letters, digits and hyphens (write a name such as \"two-words\"; a \"title\" can hold any text)",
		}},
		{"an amount in quotes, as JSON has it", base + "firms.openai.cash: \"$5B\"\n", nil},
		{"a bare number in quotes", "runs: \"100\"\n" + base, []string{
			"a.yaml:1:7: error[E302]: \"100\" stands in quotes, so it is text and not a number (remove the quotes)",
		}},
	} {
		files := map[string]string{
			"a.yaml": tt.text, "semicolons.csv": "path;value\nfirms.openai.cash;$30B\n", "remark.csv": "firms.openai.cash\n# rich\n$30B\n",
		}
		if diff := cmp.Diff(tt.want, told(t, files)); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

// A design keeps what a later layer has no use for, and its scenario stands alone without it.
func TestALaterKindOfDesignLeavesTheFieldsOfAnEarlierOne(t *testing.T) {
	files := map[string]string{
		"a.yaml": "extends: b.yaml\ndesign: monte-carlo\n",
		"b.yaml": "extends: base-2026\ndesign: {kind: grid, over: {firms.openai.cash: 3}}\n",
	}
	if got := told(t, files); got != nil {
		t.Error(got)
	}
	if got := told(t, files, "design.kind=sobol"); got != nil {
		t.Error(got)
	}
	fs := afero.NewMemMapFs()
	for name, text := range files {
		if err := afero.WriteFile(fs, name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	study, _ := scenarios.Load(fs, "a.yaml", "", nil)
	if got := told(t, map[string]string{"a.yaml": string(study.Encode())}); got != nil {
		t.Errorf("as resolved: %v", got)
	}
}

// Whatever stands where something else belongs is refused with a reason, or taken for what it says.
func TestAnyShapeInAnyPlaceIsReadOrRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the base two hundred times")
	}
	study, _ := scenarios.Load(afero.NewMemMapFs(), "base-2026", "", nil)
	paths := []string{"variants", "uncertain", "facts", "extends", "variants.x", "uncertain.x", "shocks", "regulation", "firms.openai", "contracts.anthropic-2025-11"}
	paths = append(paths, strings.Fields("schema name title question runs seed design dependence start end horizon expect ask allow source notes")...)
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
