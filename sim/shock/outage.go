package shock

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Outage takes capacity out of service for a time: a strike, a fire, a flood, a grid that is down.
//
//	out(age) = Share                                         for Lasts months,
//	         = Share·(1 − (age − Lasts)/Returns), at least 0  after them
//
// Source: D215, the first attack on a cloud's sites; that it was two of a region's three zones, not how long they
// stayed dark.
type Outage struct {
	Cloud   id.Firm     `doc:"whose capacity; without it, that of every cloud in the region"`
	Region  id.Region   `doc:"where it stands; without it, wherever the cloud has any"`
	Share   unit.Share  `need:"true" doc:"part of that capacity which is out of service"`
	Lasts   unit.Months `need:"true" doc:"how long all of it is"`
	Returns unit.Months `default:"0 months" range:"0,120" doc:"time after that over which it comes back evenly; 0 is at once"`
}

// Faults implements [Terms].
func (s *Outage) Faults() []Fault {
	f := append(positive("share", float64(s.Share)), positive("lasts", float64(s.Lasts))...)
	if s.Cloud == id.None && s.Region == id.NoRegion {
		f = append(f, Fault{"cloud", "neither a cloud nor a region is named", "nothing would go dark", "name a cloud, a region, or both"})
	}
	return f
}

// Roles implements [Terms].
func (s *Outage) Roles() []Role { return []Role{{"cloud", s.Cloud, []string{"cloud"}}} }

// Out returns the part of what it hits that is out of service age months after its beginning.
func (s *Outage) Out(age unit.Month) float64 {
	switch past := float64(age) - float64(s.Lasts); {
	case age < 0:
		return 0
	case past < 0:
		return float64(s.Share)
	case s.Returns > 0:
		return max(0, float64(s.Share)*(1-past/float64(s.Returns)))
	}
	return 0
}
