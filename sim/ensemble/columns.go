package ensemble

import (
	"powerplay/sim"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/record"
)

// column names one column of the layout.
func column(m *sim.Model, c measure.Column) record.Column {
	d := c.Measure.Def()
	out := record.Column{Entity: "world", Metric: d.Name, Unit: d.Dim}
	switch d.Scope {
	case measure.Firm, measure.Pair:
		out.Entity = m.Firms[c.Of].Key
	case measure.Region:
		out.Entity = m.Regions[c.Of].Key
	}
	if c.With != id.None {
		out.With = m.Firms[c.With].Key
	}
	return out
}
