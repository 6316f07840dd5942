package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

func TestAScenarioBecomesTheModel(t *testing.T) {
	m, r, problems := loadText(t, toyBase)
	wantNone(t, problems)
	checks := []struct {
		name      string
		got, want any
	}{
		{"start", m.Start, unit.Date(2025, 12)},
		{"firms in file order", []string{m.Firms[0].Key, m.Firms[1].Key, m.Firms[2].Key}, []string{"openai", "anthropic", "amazon"}},
		{"cash", m.Firms[0].Cash, unit.Dollars(20e9)},
		{"a share in percent", m.Firms[2].Stakes[0], toyStake{"anthropic", 0.15}},
		{"an optional block left out", m.Firms[2].Lab == nil, true},
		{"points with their word", m.Firms[1].Lab.Capability, unit.Points(151)},
		{"a default in a block", m.Firms[0].Lab.Share, unit.Share(0.5)},
		{"a default choice", m.Firms[0].Lab.Mode, "rounds"},
		{"no parent is no firm", m.Firms[0].Parent, id.None},
		{"an embedded struct is flat", m.Market.Growth, unit.Rate(0.4)},
		{"run 0 takes the median", fmt.Sprintf("%.6f", m.Market.ECIPerOOM), "7.071068"},
		{"rent", m.Market.Rent, unit.Rent(11e9)},
		{"building cost per MW", m.Market.Cost, unit.USDPerMW(38e6)},
		{"a bare year starts in January", m.Market.Opens, unit.Date(2027, 1)},
		{"kind", m.Contracts[0].Kind, "milestone-funding"},
		{"signed on a day counts as the month", m.Contracts[0].Signed, unit.Date(2026, 4)},
		{"a bare year ends in December", m.Contracts[0].Terms.(*toyMilestones).Tranches[1].By, unit.Date(2028, 12)},
		{"terms", *m.Contracts[1].Terms.(*toyRefusal), toyRefusal{Holder: 2, Lab: 0, Notice: 3}},
		{"header", r.Header.Title, "A toy"},
		{"variants", r.Variants, []string{"all-up-front", "no-deal"}},
	}
	for _, c := range checks {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestConditionsOfTheModelAreBoundToTheirColumns(t *testing.T) {
	m, _, d, problems := load(t, toySource(map[string]string{"a.yaml": toyBase}), "a.yaml", "")
	wantNone(t, problems)
	if diff := cmp.Diff([][2]id.Firm{{1, 2}}, d.Pairs()); diff != "" {
		t.Fatal(diff)
	}
	copied := m.Contracts[0].Terms.(*toyMilestones).Tranches[1] // before Bind, as a builder may
	layout := measure.NewLayout(3, 1, d.Pairs())
	d.Bind(layout)
	panel := measure.NewPanel(layout)
	frame := panel.Open(unit.Date(2026, 1))
	col, _ := layout.Find(measure.Column{Measure: measure.ContractedCapacity, Of: 1, With: 2})
	for _, mw := range []float64{2999, 3000} {
		frame[col] = mw
		if got := copied.When(panel); got != (mw >= 3000) {
			t.Errorf("at %v MW the condition holds: %v", mw, got)
		}
	}
}

func TestTenMistakesAreTenProblemsAtTheirPlaces(t *testing.T) {
	text := `name: mistakes
start: 2025-12
end: 2030-12
regions: {us: {grid: 5}}
firms:
  lab: {name: Lab, region: usa, cash: $3.5B}
  cloud: {name: Cloud, region: us, listed: yes, cashh: $1B}
  chips: {region: us}
market:
  growth: 40%
  it_power: 12 GWh
contracts:
  deal:
    kind: milestone-funding
    signed: 20 April
    investor: cloud
    company: lab
    tranches:
      - {amount: $1B, when: lab.revenue_runrate >= $60B, by: 2027}
  right: {kind: first-refusall, signed: 2026}
`
	_, _, problems := loadText(t, text)
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Code, p.Path))
	}
	want := []string{
		"4:22 E304 regions.us.grid",
		"6:28 E402 firms.lab.region",
		"7:44 E313 firms.cloud.listed",
		"7:49 E203 firms.cloud.cashh",
		"8:3 E205 firms.chips.name",
		"10:11 E304 market.growth",
		"11:13 E305 market.it_power",
		"15:13 E308 contracts.deal.signed",
		"19:33 E403 contracts.deal.tranches[0].when",
		"20:17 E204 contracts.right.kind",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s", diff)
		for _, p := range problems {
			t.Log(p.line())
		}
	}
}

func TestProblemsReadAsTheManualShowsThem(t *testing.T) {
	text := `name: deal
start: 2025-12
end: 2030-12
regions: {us: {grid: 5 GW}}
firms:
  cloud: {name: Cloud, region: us}
  lab: {name: Lab, region: us}
contracts:
  cloud-lab-2026:
    kind: milestone-funding
    signed: 2026
    investor: cloud
    company: lab
    upfrnt: {amount: $5B, pre_money: $350B}
`
	_, _, problems := loadText(t, text)
	var human, line strings.Builder
	if err := PrintHuman(&human, problems); err != nil {
		t.Fatal(err)
	}
	if err := PrintLine(&line, problems); err != nil {
		t.Fatal(err)
	}
	want := "error[E203]: unknown field `upfrnt`\n" +
		"  --> a.yaml:14:5   contracts.cloud-lab-2026.upfrnt\n" +
		"   |\n" +
		"14 |     upfrnt: {amount: $5B, pre_money: $350B}\n" +
		"   |     ^^^^^^ not a field of the kind milestone-funding\n" +
		"   |\n" +
		"   = why:  a field that nothing reads would change nothing, and the run would look plausible\n" +
		"   = hint: did you mean `upfront`?\n"
	if diff := cmp.Diff(want, human.String()); diff != "" {
		t.Error(diff)
	}
	want = "a.yaml:14:5: error[E203]: unknown field \"upfrnt\" (did you mean \"upfront\"?)\n"
	if diff := cmp.Diff(want, line.String()); diff != "" {
		t.Error(diff)
	}
}

func TestValuesThatDoNotFitAreRefused(t *testing.T) {
	tests := []struct {
		name, set, code, what string
	}{
		{"a number in quotes", `firms.openai.staff="3"`, "E302", "stands in quotes"},
		{"decimals in a count", `firms.openai.staff=3.7`, "E307", "not a whole number"},
		{"an octal number", `firms.openai.staff=010`, "E303", "not written as a number"},
		{"an underscore", `firms.openai.staff=1_000`, "E303", "not written as a number"},
		{"not a number", `market.eci_per_oom=.nan`, "E303", "not written as a number"},
		{"infinity", `market.eci_per_oom=.inf`, "E303", "not written as a number"},
		{"yes is text", `firms.openai.listed=yes`, "E313", "neither true nor false"},
		{"beyond its range", `firms.openai.cash=-$2B`, "E310", "must be at least $0"},
		{"a share above one", `firms.amazon.stakes.anthropic.share=15`, "E310", "outside 0 to 1"},
		{"a rate without a time", `market.growth=40%`, "E304", "does not say per what time"},
		{"money for money per year", `market.ceiling=$9B`, "E305", "an amount of money"},
		{"power for IT power", `market.it_power=30 MW`, "E305", "power of IT equipment"},
		{"not a choice", `firms.openai.lab.mode=round`, "E309", "is not a choice"},
		{"a list for a block", `market=[1]`, "E201", "a list"},
		{"a value for a list of entities", `firms=3`, "E201", "a single value"},
		{"no kind", `contracts.new={signed: 2026}`, "E205", "missing field `kind`"},
		{"an unknown firm", `contracts.rofr-1.holder=amazn`, "E402", "names a firm that does not exist"},
		{"a name in capitals", `firms.Lab-A={name: A}`, "E206", "lower-case"},
		{"null in a list", `firms.openai.weights=[1, null]`, "E213", "has no value"},
		{"a typo on the way", `firms.opnai.cash=$1B`, "E209", "there is no `firms.opnai` to change"},
		{"removing nothing", `contracts.rofr-2=null`, "E209", "to remove"},
		{"removing from what is not there", `contracts.rofr-2.notice=null`, "E209", "there is no `contracts.rofr-2` to remove"},
		{"removing a field that no block has", `market.grwth=null`, "E209", "there is no `market.grwth` to remove"},
		{"removing what is needed", `firms.openai.name=null`, "E205", "`firms.openai.name` is needed and has no default"},
		{"removing the start", `start=null`, "E205", "`start` is needed and has no default"},
		{"beyond the end of a list", `contracts.amazon-anthropic-2026.tranches[5].amount=$1B`, "E209", "to change"},
		{"a condition with a date beside its field", `contracts.amazon-anthropic-2026.tranches[0].when=openai.cash > $1B by 2027`, "E314", "no `by`"},
		{"an unfinished path", `firms..cash=$1B`, "E208", "not a path"},
		{"no value", `firms.openai.cash=`, "E208", "no value"},
		{"overriding variants", `variants.no-deal={}`, "E209", "cannot be overridden"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, problems := loadText(t, toyBase, test.set)
			if len(problems) != 1 || problems[0].Code != test.code || !strings.Contains(problems[0].What, test.what) {
				t.Errorf("--set %s: want one %s with %q, got:", test.set, test.code, test.what)
				for _, p := range problems {
					t.Log(p.line())
				}
				return
			}
			if p := problems[0]; p.Note != "--set #1" || p.Snippet != test.set {
				t.Errorf("the problem stands at %+v with the line %q", p.Origin, p.Snippet)
			}
		})
	}
}

func TestADistributionInPlaceOfAValueIsToldWhereItBelongs(t *testing.T) {
	for _, test := range []struct{ path, text string }{
		{"firms.openai.cash", "$20B ($10B to $30B)"},
		{"contracts.amazon-anthropic-2026.tranches[1].amount", "$5B to $10B"},
		{"contracts.rofr-1.signed", "2026-02 (2026-01 to 2026-06)"},
		{"market.growth", "triangular(20%, 40%, 50%/yr)"},
	} {
		_, _, problems := loadText(t, toyBase, test.path+"="+test.text)
		if len(problems) != 1 || !strings.Contains(problems[0].Hint, "`--set 'uncertain."+test.path+"="+test.text+"'`") {
			t.Errorf("%s: %v", test.path, problems)
			continue
		}
		_, set, _ := strings.Cut(problems[0].Hint, "--set '")
		set, _, _ = strings.Cut(set, "'")
		_, r, problems := loadText(t, toyBase, set)
		wantNone(t, withoutCode("W301", problems))
		if len(r.Uncertain) != 2 {
			t.Errorf("--set '%s' draws %v", set, r.Uncertain)
		}
	}
	_, _, problems := loadText(t, strings.Replace(toyBase, "cash: $20B", "cash: $20B ($10B to $30B)", 1))
	if len(problems) != 1 || !strings.Contains(problems[0].Hint, "`firms.openai.cash: $20B ($10B to $30B)`") {
		t.Errorf("%v", problems)
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		if seen[c.Code] || c.Title == "" || c.Text == "" || (c.Wrong == "") != (c.Right == "") && c.Code != "E103" {
			t.Errorf("%s is not explained as it should", c.Code)
		}
		seen[c.Code] = true
	}
	if _, ok := Explain("E999"); ok {
		t.Error("E999 is explained")
	}
}

func TestChecksOfTheCallerArePlacedInTheFile(t *testing.T) {
	_, r, d, problems := load(t, toySource(map[string]string{"a.yaml": toyBase}), "a.yaml", "")
	wantNone(t, problems)
	contract := r.Tree.At("contracts.amazon-anthropic-2026")
	d.Fault(contract, "tranches[1].by", "E407", "falls due too early", "", "")
	d.Fault(contract, "upfront.credits", "E410", "has no credits", "", "") // not given: at the block that lacks it
	var got []string
	for _, p := range r.Finish(d.Problems()) {
		got = append(got, p.Origin.String()+" "+p.Path+" "+strings.TrimSpace(p.Snippet))
	}
	want := []string{
		"a.yaml:20:5 contracts.amazon-anthropic-2026.upfront.credits upfront: {amount: $5B, pre_money: $350B}",
		"a.yaml:23:81 contracts.amazon-anthropic-2026.tranches[1].by - {amount: $10B, when: anthropic.contracted_capacity(amazon) >= 3 GW, by: 2028}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheCallerCanReadWhatNoRuleCovers(t *testing.T) {
	type colour struct{ R, G, B uint8 }
	type shock interface{ any }
	type storm struct {
		Force float64 `need:"true"`
	}
	var into struct {
		Colour colour
		Shocks []shock
		One    shock
		Limit  *unit.MW
		Style  uint8 `choice:"solid,dashed"`
	}
	d := Decoder{
		Custom: map[reflect.Type]func(*Decoder, *Node, reflect.Value){
			reflect.TypeFor[colour](): func(d *Decoder, n *Node, v reflect.Value) {
				var c colour
				if _, err := fmt.Sscanf(n.Text, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
					d.Fault(n, "", "E301", "is no colour", "", "")
				}
				v.Set(reflect.ValueOf(c))
			},
		},
		Kinds: map[reflect.Type]Kinds{reflect.TypeFor[shock](): {{"storm", "wind", func() any { return new(storm) }}}},
	}
	n, problems := Parse("a.yaml", []byte("colour: '#2452C0'\nshocks: [{kind: storm, force: 2}]\none: {kind: storm, force: 3}\nlimit: 5 GW\nstyle: dashed\n"))
	wantNone(t, problems)
	d.Decode(n, &into)
	wantNone(t, d.Problems())
	if into.Colour.G != 0x52 || into.Shocks[0].(*storm).Force != 2 || into.One.(*storm).Force != 3 || *into.Limit != 5000 || into.Style != 1 {
		t.Errorf("%+v", into)
	}
}
