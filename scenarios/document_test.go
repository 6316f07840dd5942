package scenarios

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/sim/unit"
)

// codes lists problems as "code place".
func places(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimSpace(p.Code+" "+p.Origin.String()))
	}
	return out
}

func withoutCode(code string, problems []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Code == code })
}

func TestLaterLayersWinAndKeepTheirOrigin(t *testing.T) {
	s := toySource(map[string]string{"p/a.yaml": `name: a
extends: base-toy
firms: {openai: {cash: $30B}}
market: {rent: $12B/GW-yr}
variants:
  poor: {firms.openai.cash: $1B}
`})
	m, r, _, problems := load(t, s, "p/a.yaml", "poor", "market.rent=$13B/GW-yr", "contracts.rofr-1.notice=6 months")
	wantNone(t, problems)
	if m.Firms[0].Cash != unit.Dollars(1e9) || m.Market.Rent != 13e9 || m.Contracts[1].Terms.(*toyRefusal).Notice != 6 {
		t.Errorf("cash %v, rent %v", m.Firms[0].Cash, m.Market.Rent)
	}
	for path, want := range map[string]Origin{
		"firms.openai.name": {File: "base-toy.yaml", Line: 9, Column: 18},
		"firms.openai.cash": {File: "p/a.yaml", Line: 6, Column: 29, Note: "variants.poor"},
		"market.rent":       {Note: "--set #1", Line: 1, Column: 13},
	} {
		if got := r.Tree.At(path).Origin; got != want {
			t.Errorf("%s comes from %+v, want %+v", path, got, want)
		}
	}
	if diff := cmp.Diff([]string{"all-up-front", "no-deal", "poor"}, r.Variants); diff != "" {
		t.Error(diff)
	}
	if len(r.Files) != 2 || !r.Files[1].Library || len(r.Files[0].SHA256) != 64 {
		t.Errorf("files: %+v", r.Files)
	}
}

func TestAScenarioSpeaksForItselfAlone(t *testing.T) {
	base := strings.Replace(toyBase, "title: A toy\n", `title: A toy
question: Who?
notes: none
source: [S001]
runs: 50
seed: 7
allow: [W302]
expect: [{that: openai.cash > $1B}]
`, 1)
	s := toySource(map[string]string{"base.yaml": base, "mine.yaml": "extends: base.yaml\n"})
	_, r, _, problems := load(t, s, "mine.yaml", "")
	wantNone(t, problems)
	got := r.Header
	want := Header{
		Schema: 1, Name: "mine", Title: "mine", Extends: "base.yaml", // its own
		Seed: 7, Design: Design{Kind: "sobol", Others: "median", DrawnBy: "sobol"}, Allow: []string{"W302"}, Start: unit.Date(2025, 12), End: unit.Date(2030, 12), // the base's
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestVariantsReplaceListsAndRemoveBlocks(t *testing.T) {
	s := toySource(nil)
	m, _, _, problems := load(t, s, "base-toy", "all-up-front")
	wantNone(t, problems)
	if terms := m.Contracts[0].Terms.(*toyMilestones); terms.Upfront.Amount != unit.Dollars(25e9) || len(terms.Tranches) != 0 || terms.Upfront.PreMoney != unit.Dollars(350e9) {
		t.Errorf("all-up-front: %+v", terms)
	}
	m, _, _, problems = load(t, s, "base-toy", "no-deal")
	wantNone(t, problems)
	if len(m.Contracts) != 1 {
		t.Errorf("no-deal has %d contracts", len(m.Contracts))
	}
}

func TestAVariantStandsOnThoseThatItExtends(t *testing.T) {
	s := toySource(map[string]string{"a.yaml": `extends: base-toy
variants:
  rich: {firms.openai.cash: $30B, uncertain.market.growth: 30% (20% to 60%) per year}
  steady: {market.growth: 50%/yr, firms.openai.cash: $40B}
  rich-and-steady: {extends: [rich, steady]}
  steady-and-rich: {extends: [steady, rich], firms.anthropic.cash: $10B}
  poorer: {extends: steady-and-rich, firms.openai.cash: $1B}
  gone: {extends: [no-deal, gone-too]}
  gone-too: {extends: no-deal, contracts.amazon-anthropic-2026: null, contracts.rofr-1: null}
  alone: {extends: null}
`})
	type state struct {
		openai, anthropic unit.USD
		growth            float64
		drawn, contracts  int
	}
	for variant, want := range map[string]state{
		"rich-and-steady": {40e11, 9e11, 0.5, 1, 2},
		"steady-and-rich": {30e11, 10e11, 0.3, 2, 2},
		"poorer":          {1e11, 10e11, 0.3, 2, 2},
		"gone":            {20e11, 9e11, 0.4, 1, 0},
		"alone":           {20e11, 9e11, 0.4, 1, 2},
	} {
		m, r, _, problems := load(t, s, "a.yaml", variant)
		wantNone(t, withoutCode("W301", problems))
		if got := (state{m.Firms[0].Cash, m.Firms[1].Cash, float64(m.Market.Growth), len(r.Uncertain), len(m.Contracts)}); got != want {
			t.Errorf("%s: got %+v, want %+v", variant, got, want)
		}
	}
	_, r, _, _ := load(t, s, "a.yaml", "poorer")
	if got := r.Tree.At("firms.anthropic.cash").Origin; got != (Origin{File: "a.yaml", Line: 6, Column: 68, Note: "variants.steady-and-rich"}) {
		t.Errorf("the cash comes from %v (%s)", got, got.Note)
	}
}

func TestAVariantExtendsWhatItCan(t *testing.T) {
	s := toySource(map[string]string{"a.yaml": `extends: base-toy
variants:
  late: {extends: no-deal-2}
  itself: {extends: [no-deal, itself]}
  a: {extends: b}
  b: {extends: [c]}
  c: {extends: a}
  twice: {extends: [all-up-front, all-up-front]}
  block: {extends: {no-deal: true}}
  nested: {extends: [[no-deal]]}
  base: {extends: base-toy}
  in-a-block: {extends: [in-a-block-too]}
  in-a-block-too: {contracts.rofr-2.notice: 2 months}
`})
	for variant, want := range map[string]string{
		"late": "E212 a.yaml:3:19", "itself": "E210 a.yaml:4:31", "a": "E210 a.yaml:7:16", "b": "E210 a.yaml:5:16", "twice": "E202 a.yaml:8:35",
		"block": "E201 a.yaml:9:20", "nested": "E201 a.yaml:10:21", "base": "E212 a.yaml:11:19", "in-a-block": "E209 a.yaml:13:30",
	} {
		_, _, _, problems := load(t, s, "a.yaml", variant)
		if got := strings.Join(places(problems), "; "); got != want {
			t.Errorf("%s: got %q, want %q", variant, got, want)
		}
	}
	_, _, _, problems := load(t, s, "a.yaml", "b")
	if got, want := problems[0].What+"; "+problems[0].Hint, "`extends` goes in a circle: b -> c -> a -> b; remove `b` here, or `extends` from another of them"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, _, _, problems = load(t, s, "a.yaml", "twice", "variants.a.extends=c")
	if got := places(problems); len(got) != 2 || !strings.HasPrefix(got[1], "E209") {
		t.Errorf("--set of a variant: %v", got)
	}
}

func TestRemovingWhatStandsAtItsDefaultChangesNothing(t *testing.T) {
	_, want, problems := loadText(t, toyBase)
	wantNone(t, problems)
	for _, set := range []string{"firms.openai.staff=null", "market.rent=null", "title=null", "firms.openai.partners=~"} {
		_, got, problems := loadText(t, toyBase, set)
		wantNone(t, problems)
		if set != "title=null" && string(got.Encode()) != string(want.Encode()) {
			t.Errorf("--set %s changed the scenario", set)
		}
	}
	m, _, _, problems := load(t, toySource(map[string]string{"a.yaml": "extends: base-toy\nmarket: {rent: null, growth: null}\nquestion: null\n"}), "a.yaml", "")
	wantNone(t, problems)
	if m.Market.Rent != 11e9 || m.Market.Growth != 0.4 {
		t.Errorf("%+v", m.Market)
	}
}

func TestRemovingWhatIsNeededIsRefusedThoughATableAloneDeclaredIt(t *testing.T) {
	s := toySource(map[string]string{
		"state.csv": "path,value\nfirms.openai.lab.capability,150\n",
		"a.yaml":    "facts: state.csv\nstart: 2025\nend: 2030\nfirms: {openai: {name: OpenAI}}\n",
	})
	_, _, _, problems := load(t, s, "a.yaml", "", "firms.openai.lab.capability=null")
	if len(problems) != 1 || problems[0].Code != "E205" || problems[0].Note != "--set #1" || problems[0].Path != "firms.openai.lab.capability" {
		t.Errorf("%+v", problems)
	}
}

func TestPathsAtTheTopOfAFileAreOverrides(t *testing.T) {
	m, r, _, problems := load(t, toySource(map[string]string{"a.yaml": `extends: base-toy
firms.openai: {cash: $30B}
contracts.amazon-anthropic-2026.tranches[1].amount: $20B
contracts.rofr-1: null
market: {rent: $12B/GW-yr}
market.growth: 50%/yr
uncertain.market.growth: 30% (20% to 60%) per year
uncertain: {market.density: 800 to 1000 H100e/MW}
`}), "a.yaml", "")
	wantNone(t, withoutCode("W301", problems))
	if m.Firms[0].Cash != unit.Dollars(30e9) || m.Contracts[0].Terms.(*toyMilestones).Tranches[1].Amount != unit.Dollars(20e9) || len(m.Contracts) != 1 || m.Market.Rent != 12e9 {
		t.Errorf("%+v", m)
	}
	if len(r.Uncertain) != 3 || m.Market.Growth != 0.3 {
		t.Errorf("growth %v, uncertain %+v", m.Market.Growth, r.Uncertain)
	}
	for text, want := range map[string]string{
		"contracts.rofr-2.notice: 2 months":               "E209 a.yaml:2:11",
		"market.grwth: 40%/yr":                            "E203 a.yaml:2:8",
		"variants.no-deal: {}":                            "E209 a.yaml:2:1",
		"market..growth: 40%/yr":                          "E208 a.yaml:2:1",
		"market: {growth: 40%/yr}\nmarket.growth: 50%/yr": "E202 a.yaml:3:1",
	} {
		_, _, _, problems := load(t, toySource(map[string]string{"a.yaml": "extends: base-toy\n" + text + "\n"}), "a.yaml", "")
		if got := strings.Join(places(problems), "; "); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestPathsInsideBlocksAreToldWhereTheyStand(t *testing.T) {
	for text, want := range map[string]string{
		"contracts: {rofr-1.notice: 2 months}": "E206 a path stands at the top of the file: `contracts.rofr-1.notice`",
		"firms: {openai: {lab.share: 40%}}":    "E203 a path stands at the top of the file: `firms.openai.lab.share`",
	} {
		_, _, _, problems := load(t, toySource(map[string]string{"a.yaml": "extends: base-toy\n" + text + "\n"}), "a.yaml", "")
		if len(problems) != 1 || problems[0].Code+" "+problems[0].Hint != want {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

func TestAVariantLeavesTheDrawsAlone(t *testing.T) {
	s := toySource(map[string]string{"a.yaml": "extends: base-toy\nvariants:\n  other-luck: {seed: 2, runs: 9, market.growth: 50%/yr, design: grid, design.kind: grid}\n"})
	_, _, _, problems := load(t, s, "a.yaml", "other-luck")
	if got := strings.Join(places(problems), "; "); got != "E209 a.yaml:3:16; E209 a.yaml:3:25; E209 a.yaml:3:57; E209 a.yaml:3:71" {
		t.Errorf("%s: %v", got, problems)
	}
	_, r, _, problems := load(t, s, "a.yaml", "", "seed=2", "runs=9")
	wantNone(t, problems)
	if r.Header.Seed != 2 || r.Header.Runs != 9 {
		t.Errorf("%+v", r.Header)
	}
}

func TestAnotherKindReplacesTheWholeBlock(t *testing.T) {
	m, _, problems := loadText(t, toyBase, "contracts.amazon-anthropic-2026={kind: first-refusal, signed: 2026, holder: amazon, lab: anthropic, notice: 1 month}")
	wantNone(t, problems)
	if m.Contracts[0].Kind != "first-refusal" {
		t.Error(m.Contracts[0].Kind)
	}
}

func TestAnOverrideInTheFileNamesTheWayToItsBase(t *testing.T) {
	s := toySource(map[string]string{"a.yaml": "extends: b.yaml\n", "b.yaml": "start: 2025\nend: 2030\nfirms: {x: {name: X, csh: $1B}}\n"})
	_, _, _, problems := load(t, s, "a.yaml", "")
	if len(problems) != 1 || len(problems[0].Notes) != 1 || problems[0].Notes[0] != "through extends at a.yaml:1:10" {
		t.Errorf("%+v", problems)
	}
}

func TestWhatAScenarioMayReadIsBounded(t *testing.T) {
	many := map[string]string{}
	for i := range 40 {
		many[string(rune('a'+i/26))+string(rune('a'+i%26))+".yaml"] = "extends: " + string(rune('a'+(i+1)/26)) + string(rune('a'+(i+1)%26)) + ".yaml\n"
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a circle", map[string]string{"a.yaml": "name: a\nextends: b.yaml\n", "b.yaml": "extends: c.yaml", "c.yaml": "extends: a.yaml"}, "E210 a.yaml:2:10"},
		{"itself", map[string]string{"a.yaml": "extends: a.yaml\n"}, "E210 a.yaml:1:10"},
		{"above the project", map[string]string{"a.yaml": "extends: ../b.yaml\n", "../b.yaml": "a: 1"}, "E602 a.yaml:1:10"},
		{"an absolute path", map[string]string{"a.yaml": "extends: /etc/b.yaml\n"}, "E602 a.yaml:1:10"},
		{"a file that is not there", map[string]string{"a.yaml": "extends: b.yaml\n"}, "E601 a.yaml:1:10"},
		{"a library name that is not there", map[string]string{"a.yaml": "extends: base-tyo\n"}, "E601 a.yaml:1:10"},
		{"a table above the project", map[string]string{"a.yaml": "facts: ../t.csv\n"}, "E602 a.yaml:1:8"},
	}
	for _, test := range tests {
		_, problems := toySource(test.files).Read("a.yaml", "", nil)
		if got := strings.Join(places(problems), "; "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if _, problems := toySource(many).Read("aa.yaml", "", nil); len(problems) != 1 || problems[0].Code != "E504" {
		t.Errorf("a long chain: %v", places(problems))
	}
	if _, problems := toySource(nil).Read("base-tyo", "", nil); len(problems) != 1 || problems[0].Code != "E601" || problems[0].Hint != "did you mean `base-toy`?" {
		t.Errorf("a mistyped name: %+v", problems)
	}
}

func TestLinksThatLeaveTheProjectAreRefused(t *testing.T) {
	dir := t.TempDir()
	project, outside := filepath.Join(dir, "project"), filepath.Join(dir, "outside")
	for _, d := range []string{filepath.Join(project, "sub"), outside} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(outside, "b.yaml"), "notes: secret\n")
	write(filepath.Join(project, "c.yaml"), "notes: fine\n")
	links := map[string]string{"file.yaml": "../outside/b.yaml", "folder": "../outside", "inside.yaml": "sub/../c.yaml"}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(project, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for base, want := range map[string]string{"file.yaml": "E602", "folder/b.yaml": "E602", "inside.yaml": "", "sub/../c.yaml": ""} {
		write(filepath.Join(project, "a.yaml"), "extends: "+base+"\n")
		_, problems := Source{FS: afero.NewOsFs()}.Read(filepath.Join(project, "a.yaml"), "", nil)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Code
		}
		if got != want {
			t.Errorf("extends %s: got %q, want %q", base, got, want)
		}
	}
}

const toyFacts = `path,value,low,high,unit,as_of,grade,source,note
firms.openai.cash,$41B,$35B,$50B,,2025-12-31,reported,S012,
firms.amazon.stakes.anthropic.share,0.16,,,share,2025,estimated,S025,
market.density,895,800,1000,H100e/MW,2025,measured,"Epoch, 2025",
market.growth,60%/yr,,,,,assumption,us,
`

func TestFactsAreOverridesWithASource(t *testing.T) {
	s := toySource(map[string]string{"data/state.csv": toyFacts, "a.yaml": "name: a\nfacts: data/state.csv\nextends: base-toy\n"})
	m, r, d, problems := load(t, s, "a.yaml", "")
	if got := places(problems); !reflect.DeepEqual(got, []string{"W302 data/state.csv:5:15"}) {
		t.Fatalf("%v", got)
	}
	if m.Firms[0].Cash != unit.Dollars(41e9) || m.Firms[2].Stakes[0].Share != 0.16 || m.Market.Density != 895 {
		t.Errorf("%+v", m)
	}
	if got := r.Tree.At("firms.amazon.stakes.anthropic.share").Origin.String(); got != "data/state.csv:3:37" {
		t.Errorf("the share comes from %s", got)
	}
	var paths []string
	for _, u := range r.Uncertain {
		paths = append(paths, u.Path+" "+u.Text)
	}
	want := []string{"firms.openai.cash $41B ($35B to $50B)", "market.density 895 H100e/MW (800 H100e/MW to 1000 H100e/MW)", "market.eci_per_oom 5 to 10"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
	inputs := r.Settle(d, m)
	if q := inputs[0].Distribution; inputs[0].Grade != "reported" || math.Abs(q.P05-35e9) > 1 || q.Median != 41e9 || math.Abs(q.P95-50e9) > 1 {
		t.Errorf("%+v", inputs[0])
	}
	if len(d.Problems()) > 0 {
		t.Error(d.Problems())
	}
}

func TestSourcesThatTheRegisterLacksAreWarnings(t *testing.T) {
	files := map[string]string{
		"t.csv": "path,value,low,high,source\nfirms.openai.cash,$41B,$35B,$50B,page 3; D001 and D002\n",
		"a.yaml": `extends: base-toy
facts: t.csv
source: [S001, D003, "a page, 404"]
firms: {openai: {source: D004}}
uncertain: {market.rent: {range: $9B to $13B/GW-yr, source: S005}}
`,
	}
	s := toySource(files)
	_, _, _, problems := load(t, s, "a.yaml", "")
	wantNone(t, withoutCode("W301", problems)) // without a register
	s.Library.(fstest.MapFS)["data/deals.csv"] = &fstest.MapFile{Data: []byte("id,date,detail\nD001,2025-01,a deal\nS001,2025-02,\"a deal\nD003\"\n")}
	_, r, _, problems := load(t, s, "a.yaml", "")
	want := []string{"W401 a.yaml:3:16", "W401 a.yaml:4:26", "W401 a.yaml:5:13", "W401 t.csv:2:1"}
	if diff := cmp.Diff(want, places(withoutCode("W301", problems))); diff != "" {
		t.Error(diff, problems)
	}
	if len(r.Files) != 3 {
		t.Errorf("the register counts as read: %+v", r.Files)
	}
	_, _, _, problems = load(t, s, "a.yaml", "", "allow=[W301, W401]")
	wantNone(t, problems)
}

func TestTheFileOutdoesItsFacts(t *testing.T) {
	s := toySource(map[string]string{
		"data/state.csv": toyFacts,
		"a.yaml":         strings.Replace(toyBase, "name: toy\n", "name: toy\nfacts: [data/state.csv]\nallow: [W302]\n", 1),
	})
	m, r, _, problems := load(t, s, "a.yaml", "")
	wantNone(t, problems)
	if m.Firms[0].Key != "openai" || m.Firms[1].Key != "anthropic" || m.Firms[2].Key != "amazon" {
		t.Error("the table, which comes first, changed the order of the firms")
	}
	if m.Firms[0].Cash != unit.Dollars(20e9) || m.Market.Growth != 0.4 {
		t.Errorf("cash %v, growth %v", m.Firms[0].Cash, m.Market.Growth)
	}
	if r.Facts[0].Used || !r.Facts[2].Used {
		t.Errorf("used: %v, %v", r.Facts[0].Used, r.Facts[2].Used)
	}
	for _, u := range r.Uncertain {
		if u.Path == "firms.openai.cash" {
			t.Error("a fact's range outlived its value")
		}
	}
	want := []Fixed{{Path: "firms.openai.cash", By: Origin{File: "a.yaml", Line: 11, Column: 44}, Was: Origin{File: "data/state.csv", Line: 2, Column: 19}}}
	if diff := cmp.Diff(want, r.Fixed); diff != "" {
		t.Error(diff)
	}
}

func TestWrongTablesAreReportedByRow(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "E211 t.csv"},
		{"an unknown column", "path,valeu\n", "E211 t.csv:1:6; E211 t.csv:1:1"},
		{"a bad path", "path,value\n.a,1\n", "E208 t.csv:2:1"},
		{"no value", "path,value\na.b,\n", "E213 t.csv:2:5"},
		{"a path twice", "path,value\na.b,1\na.b,2\n", "E202 t.csv:3:1"},
		{"half a range", "path,value,low,high\na.b,1,0.5,\n", "E312 t.csv:2:7"},
		{"out of order", "path,value,low,high\na.b,1,2,3\n", "E312 t.csv:2:7"},
		{"an unknown grade", "path,value,grade\na.b,1,sure\n", "E309 t.csv:2:7"},
		{"an open quote", "path,value\na.b,\"1\n", "E211 t.csv:2:7"},
		{"too many fields", "path,value\na.b,1,2\n", "E211 t.csv:2:7"},
		{"an unknown distribution", "path,value,low,high,kind\na.b,2,1,3,bell\n", "E311 t.csv:2:11"},
	}
	for _, test := range tests {
		_, problems := ParseFacts("t.csv", []byte(test.text))
		if got := strings.Join(places(problems), "; "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSettingAnUncertainNumberFixesIt(t *testing.T) {
	m, r, problems := loadText(t, toyBase, "market.eci_per_oom=6")
	wantNone(t, problems)
	if m.Market.ECIPerOOM != 6 || len(r.Uncertain) != 0 {
		t.Errorf("%v, %v", m.Market.ECIPerOOM, r.Uncertain)
	}
	if len(r.Fixed) != 1 || r.Fixed[0].By.Note != "--set #1" {
		t.Errorf("%+v", r.Fixed)
	}
	m, r, problems = loadText(t, toyBase, "uncertain.market.eci_per_oom=uniform(6, 8)")
	wantNone(t, problems)
	if len(r.Uncertain) != 1 || m.Market.ECIPerOOM != 7 {
		t.Errorf("%v, %v", m.Market.ECIPerOOM, r.Uncertain)
	}
	m, r, problems = loadText(t, toyBase, "uncertain.market.eci_per_oom=null")
	wantNone(t, problems)
	if len(r.Uncertain) != 0 || math.Abs(m.Market.ECIPerOOM-7.07) > 0.01 {
		t.Errorf("%v, %v", m.Market.ECIPerOOM, r.Uncertain)
	}
}

func TestUncertaintyIsCheckedAgainstTheModel(t *testing.T) {
	tests := []struct{ name, entry, want string }{
		{"a path that nothing reads", "market.grwth: 1 to 2", "E203 a.yaml:30:10"},
		{"a unit that does not fit", "market.growth: 1 GW to 2 GW", "E305 a.yaml:30:18"},
		{"beyond the field's range", "market.growth: 400% to 800% per year", "E310 a.yaml:30:18"},
		{"text", "firms.openai.name: 1 to 2", "E305 a.yaml:30:22"},
		{"out of order", "market.growth: 50% to 30% per year", "E312 a.yaml:30:18"},
		{"no distribution", "market.growth: often", "E311 a.yaml:30:18"},
		{"a stated value that does not count", "market.growth: 100% to 140% per year", "W301 a.yaml:13:11"},
	}
	for _, test := range tests {
		_, _, problems := loadText(t, toyBase+"  "+test.entry+"\n")
		if got := strings.Join(places(problems), "; "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAStatedValueIsToldHowToBecomeTheMedian(t *testing.T) {
	table := "path,value,low,high,kind\nmarket.growth,40%/yr,20%/yr,140%/yr,"
	for _, test := range []struct{ entry, table, want string }{
		{"market.growth: 100% to 140% per year", "", "write the median into the distribution, such as `3 (1 to 10)`"},
		{"market.growth: lognormal(100% to 140% per year)", "", "write the median into the distribution, such as `3 (1 to 10)`"},
		{"market.growth: triangular(20%, 40%, 140%/yr)", "", "the median of `triangular` follows from its other numbers: leave the value out, or make it the median: `40%/yr (low to high)`"},
		{"market.growth: uniform(20%, 140%/yr)", "", "the median of `uniform` follows from its other numbers: leave the value out, or make it the median: `40%/yr (low to high)`"},
		{"", table + "triangular\n", "leave the column `kind` empty, and the value is the median"},
		{"", table + "uniform\n", "leave the column `kind` empty, and the value is the median"},
	} {
		files := map[string]string{"a.yaml": "extends: base-toy\nmarket: {growth: 40%/yr}\nuncertain: {" + strings.Replace(test.entry, ": ", ": \"", 1) + "\"}\n"}
		if test.table != "" {
			files = map[string]string{"a.yaml": "extends: base-toy\nfacts: t.csv\n", "t.csv": test.table}
		}
		_, _, _, problems := load(t, toySource(files), "a.yaml", "")
		if len(problems) != 1 || problems[0].Code != "W301" || problems[0].Hint != test.want {
			t.Errorf("%s%s: %v", test.entry, test.table, problems)
		}
	}
}

func TestHeadersAreReadAndChecked(t *testing.T) {
	text := strings.Replace(toyBase, "end: 2030-12", "horizon: 5 years\nruns: 500\nexpect:\n  - {that: openai.cash > $1B by 2029, holds_in: at least 60%, because: it is rich}", 1)
	m, r, problems := loadText(t, text)
	wantNone(t, problems)
	if m.End != unit.Date(2030, 12) || r.Header.End != m.End || r.Header.Runs != 500 {
		t.Errorf("%+v", r.Header)
	}
	e := r.Header.Expect[0]
	if e.That.Text != "openai.cash > $1B by 2029" || !e.HoldsIn.Holds(0.6) || e.HoldsIn.Holds(0.59) {
		t.Errorf("%+v", e)
	}
	m, _, problems = loadText(t, text, "end=2027-12")
	wantNone(t, problems)
	if m.End != unit.Date(2027, 12) {
		t.Error("a later end does not outdo a horizon")
	}
	for set, want := range map[string]string{
		"schema=2": "E310", "runs=-1": "E310", "end=2020": "E406", "end=2090": "E506", "end={a: 1}": "E201",
		"allow=[E203]": "E309", "horizon=3": "E304",
	} {
		_, _, problems := loadText(t, toyBase, set)
		if len(problems) == 0 || problems[0].Code != want {
			t.Errorf("%s: %v, want %s", set, places(problems), want)
		}
	}
}

func TestBandsOfShares(t *testing.T) {
	tests := []struct {
		text    string
		in, out float64
	}{
		{"> 50%", 0.51, 0.5},
		{"over 50%", 0.51, 0.5},
		{"at least 50%", 0.5, 0.49},
		{"<= 20%", 0.2, 0.21},
		{"under 20%", 0.19, 0.2},
		{"40% to 60%", 0.6, 0.61},
		{"40 to 60%", 0.4, 0.39},
	}
	for _, test := range tests {
		b, f := readBand(test.text)
		if f != nil || !b.Holds(test.in) || b.Holds(test.out) {
			t.Errorf("%s: %+v, %v", test.text, b, f)
		}
	}
	for _, bad := range []string{"often", "60% to 40%", "150%", "> 5 GW", "75%"} {
		if _, f := readBand(bad); f == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}

func TestAResolvedScenarioReadsBackTheSame(t *testing.T) {
	s := toySource(map[string]string{"data/state.csv": toyFacts, "a.yaml": "name: a\nfacts: data/state.csv\nextends: base-toy\nallow: W302\n"})
	m, r, _, problems := load(t, s, "a.yaml", "all-up-front", "firms.openai.name='3'")
	wantNone(t, problems)
	out := r.Encode()
	m2, r2, _, problems := load(t, toySource(map[string]string{"scenario.yaml": string(out)}), "scenario.yaml", "")
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", places(problems), out)
	}
	m.Market.Trigger, m2.Market.Trigger = m2.Market.Trigger, m.Market.Trigger
	if diff := cmp.Diff(m, m2, cmp.AllowUnexported(toyMarket{}, toyCommon{})); diff != "" {
		t.Error(diff)
	}
	if again := r2.Encode(); string(again) != string(out) {
		t.Error(cmp.Diff(string(out), string(again)))
	}
}

func TestNumbersAreSetOnCopiesOfTheModel(t *testing.T) {
	m, _, d, problems := load(t, toySource(map[string]string{"a.yaml": toyBase}), "a.yaml", "")
	wantNone(t, problems)
	other, _, _, _ := load(t, toySource(map[string]string{"a.yaml": toyBase}), "a.yaml", "")
	tests := []struct {
		path      string
		dim       unit.Dimension
		set, want float64
	}{
		{"firms.anthropic.cash", unit.DimUSD, 1234.567, 1234.57},
		{"firms.anthropic.cash", unit.DimUSD, -5, 0}, // cut at the field's range
		{"firms.anthropic.lab.share", unit.DimShare, 0.25, 0.25},
		{"firms.anthropic.staff", unit.DimCount, 7.6, 8},
		{"firms.amazon.stakes.anthropic.share", unit.DimShare, 2, 1},
		{"market.growth", unit.DimRate, 0.7, 0.7},
		{"contracts.rofr-1.notice", unit.DimMonths, 4.5, 4.5},
		{"contracts.rofr-1.signed", unit.DimMonth, 320.4, 320},
		{"contracts.amazon-anthropic-2026.tranches[1].amount", unit.DimUSD, 3e9, 3e9},
	}
	for _, test := range tests {
		target, err := d.Resolve(m, test.path)
		if err != nil || target.Dim != test.dim {
			t.Errorf("%s: %v, %v", test.path, target.Dim, err)
			continue
		}
		before := target.Get(m)
		target.Set(other, test.set)
		if got := target.Get(other); got != test.want {
			t.Errorf("%s: set to %v, reads %v, want %v", test.path, test.set, got, test.want)
		}
		if target.Get(m) != before {
			t.Errorf("%s: setting a copy changed the original", test.path)
		}
	}
	for path, want := range map[string]string{
		"market.grwth": "E209", "firms.nobody.cash": "E209", "firms.amazon.lab.share": "E209", "firms.openai.name": "E305",
		"firms": "E305", "firms[0].cash": "E209", "contracts.rofr-1.amount": "E209", "a..b": "E208",
		"contracts.amazon-anthropic-2026.tranches[9].amount": "E209", "market.growth.x": "E209",
	} {
		_, err := d.Resolve(m, path)
		if p, ok := err.(Problem); !ok || p.Code != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(toyBase, "", "firms.openai.cash=$1B")
	f.Add("extends: base-toy\nuncertain: {a.b: {range: 1 to 2, grade: measured}, c: {d: 5 to 6}}\n", "no-deal", "a[1].b={c: null}")
	f.Add("variants: {x: {a: {b.c: null}}}\nexpect: [{that: a, holds_in: 3}]\nhorizon: 3 months\nstart: 2025\n", "x", "uncertain.a.b=null")
	f.Fuzz(func(t *testing.T, text, variant, set string) {
		m, r, _, problems := load(t, toySource(map[string]string{"a.yaml": text}), "a.yaml", variant, set)
		if Errors(problems) > 0 {
			for _, p := range problems {
				_ = p.human()
			}
			return
		}
		out := r.Encode()
		m2, r2, _, problems := load(t, toySource(map[string]string{"a.yaml": string(out)}), "a.yaml", "")
		if Errors(problems) > 0 || string(r2.Encode()) != string(out) || len(m.Firms) != len(m2.Firms) {
			t.Fatalf("%q became %q, which has %v", text, out, places(problems))
		}
	})
}
