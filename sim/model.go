// Package sim is the engine: a [Model] is a compiled scenario, a [World] its state in one run, and
// [World.Step] the month as a table of contents. MODEL.md beside this file documents the model in ODD form.
package sim

import (
	"powerplay/sim/asset"
	"powerplay/sim/contract"
	"powerplay/sim/firm"
	"powerplay/sim/id"
	"powerplay/sim/market"
	"powerplay/sim/measure"
	"powerplay/sim/rule"
	"powerplay/sim/shock"
	"powerplay/sim/unit"
)

// Model is a compiled scenario: plain numbers and lists, shared by no two workers. Its fields are what a
// scenario file may set: the key is the field's name in snake_case.
type Model struct {
	Start      unit.Month          `need:"true" date:"end" doc:"month at whose end the opening state stands"`
	End        unit.Month          `need:"true" date:"end" doc:"last month simulated"`
	Regions    []Region            `need:"true" doc:"where sites stand, by key"`
	Firms      []firm.Firm         `need:"true" doc:"who decides, by key"`
	Market     Market              `need:"true" doc:"the markets"`
	Contracts  []contract.Contract `doc:"what binds firms, by key"`
	Shocks     []shock.Shock       `doc:"what happens on a date whatever firms decide, by key"`
	Regulation []rule.Rule         `doc:"what authorities do: reviews of partnerships, export regimes, by key"`

	Layout *measure.Layout `key:"-"` // columns of the panel
}

// Region is a part of the world with its own power limit.
type Region struct {
	Key              string         `key:"-" keyed:"true"`
	Name             string         `need:"true" doc:"as printed"`
	Connections      unit.MW        `need:"true" range:"0," doc:"facility power for AI that its grids and plants can connect in a year, at the start"`
	ConnectionGrowth unit.Rate      `need:"true" doc:"growth a year of that"`
	ConnectionTime   unit.Months    `need:"true" doc:"mean wait of a large load for a grid connection"`
	OnsiteShare      unit.Share     `need:"true" doc:"chance that a new site can bring its own generation"`
	PowerPrice       unit.USDPerMWh `need:"true" doc:"price of energy for large loads at the start"`
}

// Market holds the parameters of all markets and of what they trade.
type Market struct {
	Enterprise market.Segment `need:"true" doc:"enterprises that buy model use"`
	Consumer   market.Segment `need:"true" doc:"people who pay for assistants"`
	Price      market.Price   `need:"true" doc:"list prices of models"`
	Compute    market.Compute `need:"true" doc:"rented capacity"`
	Funding    market.Funding `need:"true" doc:"equity in labs"`
	Research   firm.Research  `need:"true" doc:"from compute to capability"`
	Build      asset.Build    `need:"true" doc:"sites"`
	Chips      asset.Chips    `need:"true" doc:"chips"`
	Power      asset.Power    `need:"true" doc:"electricity"`
	Distress   firm.Distress  `need:"true" doc:"firms without money"`
}

// Pairs lists the ordered pairs of firms that pair measures exist for: parties of a contract, and holders
// with companies, in both directions.
func Pairs(m *Model) [][2]id.Firm {
	var pairs [][2]id.Firm
	seen := map[[2]id.Firm]bool{}
	add := func(a, b id.Firm) {
		for _, p := range [][2]id.Firm{{a, b}, {b, a}} {
			if a != b && !seen[p] {
				seen[p] = true
				pairs = append(pairs, p)
			}
		}
	}
	for i := range m.Firms {
		for _, s := range m.Firms[i].Stakes {
			if c, ok := m.Find(s.Key); ok {
				add(id.Firm(i), c)
			}
		}
	}
	for i := range m.Contracts {
		p := m.Contracts[i].Terms.Parties()
		for _, x := range p[1:] {
			add(p[0], x)
		}
	}
	for i := range m.Regulation {
		if r, ok := m.Regulation[i].Terms.(*rule.AntitrustReview); ok {
			add(r.Holder, r.Company)
		}
	}
	return pairs
}
