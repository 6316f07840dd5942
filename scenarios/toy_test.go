package scenarios

import (
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/spf13/afero"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// toy is a small model that follows the conventions of the real one.
type toy struct {
	Start     unit.Month    `need:"true" date:"end"`
	End       unit.Month    `need:"true" date:"end"`
	Regions   []toyRegion   `doc:"where sites stand"`
	Firms     []toyFirm     `need:"true" doc:"who decides"`
	Market    toyMarket     `doc:"the market"`
	Contracts []toyContract `doc:"what binds firms"`

	Layout *measure.Layout `key:"-"`
}

type toyRegion struct {
	Key  string  `key:"-" keyed:"true"`
	Grid unit.MW `need:"true" range:"0,"`
}

type toyFirm struct {
	Key      string      `key:"-" keyed:"true"`
	Name     string      `need:"true" doc:"as printed"`
	Region   id.Region   `doc:"home"`
	Parent   id.Firm     `doc:"owner; no firm if left out"`
	Cash     unit.USD    `default:"$0" range:"0," doc:"cash at the start"`
	Listed   bool        `doc:"has a market price"`
	Staff    int         `default:"100" range:"1,1000000"`
	Stakes   []toyStake  `doc:"shares of others"`
	Lab      *toyLab     `doc:"trains models"`
	Weights  []float64   `doc:"a list of numbers"`
	Partners []id.Firm   `doc:"friends"`
	Source   []string    `doc:"where it comes from"`
	Life     unit.Months `default:"18 months"`
	_        int         // what is not exported is no field
}

type toyStake struct {
	Key   string     `key:"-" keyed:"true"`
	Share unit.Share `need:"true"`
}

type toyLab struct {
	Capability unit.Points `need:"true" doc:"ECI"`
	Share      unit.Share  `default:"50%" range:"0.01,0.99"`
	Mode       string      `choice:"rounds,parent" default:"rounds"`
}

type toyCommon struct {
	Growth unit.Rate `default:"40%/yr" range:"-0.5,3" doc:"growth of spend"`
}

type toyMarket struct {
	toyCommon
	ECIPerOOM float64         `key:"eci_per_oom" default:"7.5"`
	Rent      unit.Rent       `default:"$11B/GW-yr"`
	Ceiling   unit.USDPerYear `default:"$900B/yr"`
	Cost      unit.USDPerMW   `default:"$38B/GW"`
	Hazard    unit.Hazard     `default:"1%/month"`
	Fleet     unit.H100e      `default:"1.7M H100e"`
	ITPower   unit.MWIT       `key:"it_power" default:"30 MW IT"`
	Density   unit.H100ePerMW `default:"895 H100e/MW"`
	Energy    unit.USDPerMWh  `default:"$45/MWh"`
	Opens     unit.Month      `default:"2027"`
	Trigger   measure.Test    `doc:"when the market closes"`
}

type toyContract struct {
	Key    string     `key:"-" keyed:"true"`
	Kind   string     `need:"true"`
	Signed unit.Month `need:"true"`
	Terms  toyClause  `key:"-"`
}

type toyClause interface{ Parties() []id.Firm }

type toyMilestones struct {
	Investor id.Firm `need:"true"`
	Company  id.Firm `need:"true"`
	Upfront  toyMoney
	Tranches []toyTranche
}

type toyMoney struct {
	Amount   unit.USD `default:"$0"`
	PreMoney unit.USD `default:"$0"`
}

type toyTranche struct {
	Amount unit.USD          `need:"true"`
	When   measure.Condition `need:"true"`
	By     unit.Month        `need:"true" date:"end"`
}

type toyRefusal struct {
	Holder id.Firm     `need:"true"`
	Lab    id.Firm     `need:"true"`
	Notice unit.Months `need:"true"`
}

func (c *toyMilestones) Parties() []id.Firm { return []id.Firm{c.Investor, c.Company} }
func (c *toyRefusal) Parties() []id.Firm    { return []id.Firm{c.Holder, c.Lab} }

var toyKinds = map[reflect.Type]Kinds{
	reflect.TypeFor[toyClause](): {
		{"milestone-funding", "money in tranches", func() any { return new(toyMilestones) }},
		{"first-refusal", "a right to match", func() any { return new(toyRefusal) }},
	},
}

const toyBase = `schema: 1
name: toy
title: A toy
start: 2025-12
end: 2030-12
regions:
  us: {grid: 5 GW}
firms:
  openai: {name: OpenAI, region: us, cash: $20B, lab: {capability: 150}}
  anthropic: {name: Anthropic, region: us, cash: $9B, lab: {capability: 151 points, share: 0.4}}
  amazon: {name: Amazon, region: us, cash: $80B, listed: true, stakes: {anthropic: {share: 15%}}}
market:
  growth: 40%/yr
contracts:
  amazon-anthropic-2026:
    kind: milestone-funding
    signed: 2026-04-20
    investor: amazon
    company: anthropic
    upfront: {amount: $5B, pre_money: $350B}
    tranches:
      - {amount: $10B, when: anthropic.revenue_run_rate >= $60B, by: 2027-12}
      - {amount: $10B, when: anthropic.contracted_capacity(amazon) >= 3 GW, by: 2028}
  rofr-1: {kind: first-refusal, signed: 2026, holder: amazon, lab: openai, notice: 3 months}
variants:
  all-up-front: {contracts.amazon-anthropic-2026.upfront.amount: $25B, contracts.amazon-anthropic-2026.tranches: []}
  no-deal: {contracts.amazon-anthropic-2026: null}
uncertain:
  market.eci_per_oom: 5 to 10
`

// toySource serves files from memory, with one built-in scenario.
func toySource(files map[string]string) Source {
	s := Source{FS: afero.NewMemMapFs(), Library: fstest.MapFS{"base-toy.yaml": {Data: []byte(toyBase)}}}
	for name, text := range files {
		if err := afero.WriteFile(s.FS, name, []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	return s
}

// load reads and decodes a toy scenario.
func load(t *testing.T, s Source, name, variant string, sets ...string) (*toy, *Resolved, *Decoder, []Problem) {
	t.Helper()
	r, problems := s.Read(name, variant, sets)
	if r == nil {
		return nil, nil, nil, problems
	}
	d := r.Decoder()
	d.Kinds = toyKinds
	model := new(toy)
	d.Decode(r.Tree, model)
	if Errors(problems) == 0 && Errors(d.Problems()) == 0 {
		r.Settle(d, model)
	}
	return model, r, d, r.Sources.Finish(append(problems, d.Problems()...), r.Header.Allow)
}

func loadText(t *testing.T, text string, sets ...string) (*toy, *Resolved, []Problem) {
	t.Helper()
	m, r, _, p := load(t, toySource(map[string]string{"a.yaml": text}), "a.yaml", "", sets...)
	return m, r, p
}

func wantNone(t *testing.T, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		t.Errorf("unexpected: %s\n%s", p.line(), p.human())
	}
	if len(problems) > 0 {
		t.FailNow()
	}
}
