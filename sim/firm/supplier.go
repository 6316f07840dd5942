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
