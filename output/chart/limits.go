package chart

import (
	"math"

	"powerplay/output/plot"
	"powerplay/sim/measure"
)

// binding is what can keep an owner of capacity from having more.
var binding = []struct {
	key, label, color string
	measure           measure.ID
}{
	{"power", "Power", "#2452C0", measure.WaitingForPower},
	{"chips", "Chips", "#8C9614", measure.WaitingForChips},
	{"money", "Money", "#7E0343", measure.WaitingForMoney},
}

// leastBinding is the part of an owner's capacity in service that must wait in a month before something counts as
// binding.
const leastBinding = 0.001

// bindingConstraint shows month by month what keeps each owner from having more capacity: what most of it waits for. Where
// next to nothing waits it has all that it wants, and demand is the limit.
func bindingConstraint(d *Data, w plot.Words) (*plot.Figure, error) {
	owners := d.series(measure.CapacityEnergised, "cloud")
	if len(owners) == 0 {
		return nil, plot.ErrNoData
	}
	months := len(owners[0].Values)
	s := plot.Strip{Start: d.About.Start, Causes: []plot.Cause{}}
	bound, all := make([][]float64, len(binding)), make([]float64, months) // MW of the owners whom each cause binds, and of all
	for k, b := range binding {
		s.Causes = append(s.Causes, plot.Cause{Key: b.key, Label: b.label, Color: b.color})
		bound[k] = make([]float64, months)
	}
	s.Causes = append(s.Causes, plot.Cause{Key: "none", Label: "Demand: nothing else binds"})
	for _, o := range owners {
		row := plot.Bound{Key: o.Key, Label: o.Label}
		waiting := make([][]float64, len(binding))
		for k, b := range binding {
			if waiting[k] = d.column(d.central(), d.find(o.Key, b.measure)); waiting[k] == nil {
				return nil, plot.ErrNoData // a result of a version that did not measure it
			}
		}
		for t := range months {
			cause, most := -1, leastBinding*o.Values[t]
			for k := range binding {
				if v := waiting[k][t]; v > most {
					cause, most = k, v
				}
			}
			all[t] += o.Values[t]
			if cause < 0 {
				row.By = append(row.By, "none")
				continue
			}
			row.By = append(row.By, binding[cause].key)
			bound[cause][t] += o.Values[t]
		}
		s.Firms = append(s.Firms, row)
	}
	for k, b := range binding {
		share := plot.Series{Key: b.key, Label: b.label, Color: b.color}
		for t := range months {
			share.Values = append(share.Values, bound[k][t]/math.Max(1, all[t]))
		}
		s.Share = append(s.Share, share)
	}
	d.head(&w, plot.BindingTitle(s), "What most of each owner's missing capacity waits for, month by month", "on top, the share of capacity in service by what its owners wait for")
	return s.Figure(w)
}
