package firm

import "powerplay/sim/unit"

// MeansView is what a firm knows of its money when a sum is asked of it at once: a call on a pledge, a loan that
// falls due, a margin call.
type MeansView struct {
	Asked   unit.USD
	Cash    unit.USD
	Kept    unit.USD // cash that it keeps for its own running
	Purse   unit.USD // money set aside for equity; 0 when the sum is for no equity
	Overdue unit.USD // bills that it has left unpaid
	Credit  unit.USD // what lenders would add
}

// Free returns what the firm can spare.
//
//	free = max(cash − kept, min(purse, cash)) + credit − overdue      (11.6)
func (v MeansView) Free() unit.USD {
	return max(0, max(v.Cash-v.Kept, min(v.Purse, v.Cash))+v.Credit-v.Overdue)
}

// Pays reports whether the firm pays: all of it, or nothing.
func (v MeansView) Pays() bool { return v.Free() >= v.Asked }

// Credit returns what lenders would add to a firm's debt: as much as its cash flow before interest covers.
//
//	cash flow/(CoverMinimum·(rate + 12/term)) − debt      (11.6)
//
// cashFlow is in dollars a year, rate the interest on new debt and term the months over which it is repaid.
func (d *Distress) Credit(cashFlow float64, debt unit.USD, rate unit.Rate, term unit.Months) unit.USD {
	service := float64(d.CoverMinimum * (float64(rate) + 12/float64(term)))
	if cashFlow <= 0 || service <= 0 {
		return 0
	}
	return max(0, unit.Dollars(cashFlow/service)-debt)
}
