package firm

import "powerplay/sim/id"

// ShipsTo reports whether the supplier may ship to a region and an owner.
func (s *Supplier) ShipsTo(maker, owner id.Firm, r id.Region) bool {
	if s.OwnOnly && maker != owner {
		return false
	}
	for _, x := range s.Regions {
		if x == r {
			return true
		}
	}
	return len(s.Regions) == 0
}

// Saving is what a megawatt of its chips costs less than one of the market leader's, as a share.
//
//	saving = 1 − (1 − Discount)·price·density
//
// price is that of a unit of its compute over what Discount alone leaves, density its compute per megawatt over the
// common: a chip that computes more per megawatt costs more per megawatt. With both 1 it is Discount.
func (s *Supplier) Saving(price, density float64) float64 {
	d := float64(s.Discount)
	return d + float64((1-d)*(1-float64(price*density)))
}
