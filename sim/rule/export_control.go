package rule

import (
	"fmt"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// ExportControl says what some makers may ship to a region. It takes the place of their `regions` there from its
// first change on, and of nothing before.
//
//	access of labs at home in the region = 1 − AccessCut·rung/3,   free 0, licensed 1, quota 2, denied 3      (12.5)
//
// After the last dated change further ones may come by chance, a rung at a time: with 1 − exp(−Rate) a month, up
// with Tighten, else down. Source: clauses.md 14; model-notes 12.
type ExportControl struct {
	Region       id.Region   `need:"true" doc:"where the chips would go"`
	Makers       []id.Firm   `doc:"whose chips fall under it; if empty, those of all makers that are not at home in the region"`
	Reach        string      `choice:"sites,owners" default:"sites" doc:"sites in the region, or also those that its firms own elsewhere"`
	Changes      []Change    `need:"true" doc:"what is decreed, in the order of dates"`
	Turns        Turns       `doc:"further changes by chance, after the last date"`
	AccessCut    unit.Share  `default:"45%" doc:"part of their compute that labs at home in the region lose for research when shipments are denied"`
	Stranded     unit.Months `default:"3 months" range:"0,24" doc:"shipments to the region that a maker has made ahead and must write off when they are denied"`
	DomesticRamp unit.Rate   `default:"20%/yr" range:"0,5" doc:"extra growth of the region's own makers while shipments are denied or held to a quota"`
}

// Change is a decree.
type Change struct {
	From   unit.Month  `need:"true" doc:"month in which it is announced"`
	State  State       `need:"true" choice:"free,licensed,quota,denied" doc:"what may be shipped from then on"`
	Levy   unit.Share  `default:"0%" doc:"part of the price of what is shipped that the maker pays, under a licence or a quota"`
	Quota  unit.H100e  `default:"0 H100e" range:"0," doc:"with quota: compute that all makers together may ship in a calendar year"`
	Notice unit.Months `default:"0 months" range:"0,36" doc:"time until it takes effect; it never does if another change comes first"`
}

// Turns are changes by chance.
type Turns struct {
	Rate    unit.Hazard `default:"0%/month" range:"0,10" doc:"rate of changes; some 20%/month was seen from 2022 to 2025"`
	Tighten unit.Share  `default:"60%" doc:"part of them that tighten"`
	Levy    unit.Share  `default:"25%" doc:"levy when one leads to licences"`
	Quota   unit.H100e  `default:"0 H100e" range:"0," doc:"quota a year when one leads to a quota"`
}

// State is a rung of a regime: the higher, the less may be shipped.
type State uint8

// The states, in the order of their scenario names.
const (
	Free State = iota
	Licensed
	Quota
	Denied
)

// String is the scenario's name of the state.
func (s State) String() string { return [...]string{"free", "licensed", "quota", "denied"}[s] }

// Faults implements [Terms].
func (c *ExportControl) Faults() []contract.Fault {
	var f []contract.Fault
	if len(c.Changes) == 0 {
		f = append(f, fault("changes", "the regime has no change, so it is never in force", "give one, such as {from: 2026-07, state: denied}"))
	}
	for i, x := range c.Changes {
		at := func(key string) string { return fmt.Sprintf("changes[%d].%s", i, key) }
		if i > 0 && x.From <= c.Changes[i-1].From {
			f = append(f, fault(at("from"), fmt.Sprintf("%v is no later than the change before it", x.From), "put the changes in the order of their dates, one a month"))
		}
		if x.Levy > 0 && x.State != Licensed && x.State != Quota {
			f = append(f, fault(at("levy"), "a levy needs a licence or a quota, and the state is "+x.State.String(), "choose the state licensed, or leave the levy out"))
		}
		if (x.Quota > 0) != (x.State == Quota) {
			f = append(f, fault(at("quota"), "a quota needs the state quota, and that state a quota", "give both or neither"))
		}
	}
	if c.Turns.Rate > 0 && c.Turns.Quota <= 0 {
		f = append(f, fault("turns.quota", "changes by chance can lead to a quota, and none is given", "give the compute a year, such as 500k H100e"))
	}
	return f
}

// Roles implements [Terms].
func (c *ExportControl) Roles() []contract.Role {
	var r []contract.Role
	for i, f := range c.Makers {
		r = append(r, contract.Role{Term: fmt.Sprintf("makers[%d]", i), Firm: f, AnyOf: []string{"supplier"}})
	}
	return r
}

// Regime is what must be remembered of an export control during a run: what is in force.
type Regime struct {
	Acts  bool // a change has taken effect
	State State
	Levy  float64 // part of the price of what is shipped
	Quota float64 // H100e a calendar year
	place int     // of the dated change
}

// Turn brings the regime to where it stands in a month and reports whether that is new.
func (c *ExportControl) Turn(now Now, s *Regime) bool {
	i := c.inForce(now.Month)
	if i < 0 {
		return false
	}
	if !s.Acts || i != s.place {
		x := &c.Changes[i]
		*s = Regime{Acts: true, State: x.State, Levy: float64(x.Levy), Quota: float64(x.Quota), place: i}
		return true
	}
	if now.Month <= c.last() || c.Turns.Rate <= 0 {
		return false
	}
	if !rng.Bernoulli(now.uniform(rng.ExportRule, now.Month, 0), 1-num.Exp(-float64(c.Turns.Rate))) {
		return false
	}
	return c.step(s, rng.Bernoulli(now.uniform(rng.ExportRule, now.Month, 1), float64(c.Turns.Tighten)))
}

// step moves the regime by a rung and reports whether there was one.
func (c *ExportControl) step(s *Regime, up bool) bool {
	switch {
	case up && s.State < Denied:
		s.State++
	case !up && s.State > Free:
		s.State--
	default:
		return false
	}
	s.Levy, s.Quota = 0, 0
	switch s.State {
	case Licensed:
		s.Levy = float64(c.Turns.Levy)
	case Quota:
		s.Quota = float64(c.Turns.Quota)
	}
	return true
}

// inForce is the place of the dated change in force in month t, -1 before the first. A change that is still
// under notice when the next is announced never takes effect, as the tiers of January 2025 (D059, D091).
func (c *ExportControl) inForce(t unit.Month) int {
	place := -1
	for i := range c.Changes {
		x := &c.Changes[i]
		effect := x.From.After(x.Notice)
		if overtaken := i+1 < len(c.Changes) && c.Changes[i+1].From < effect; effect <= t && !overtaken {
			place = i
		}
	}
	return place
}

// last is the month in which the last dated change takes effect.
func (c *ExportControl) last() unit.Month {
	x := &c.Changes[len(c.Changes)-1]
	return x.From.After(x.Notice)
}

// Announced returns the change that is announced in month t and takes effect later, nil if there is none.
func (c *ExportControl) Announced(t unit.Month) *Change {
	for i := range c.Changes {
		if x := &c.Changes[i]; x.From == t && x.From.After(x.Notice) > t {
			return x
		}
	}
	return nil
}

// Access is the part of their compute that labs at home in the region can use for research.
func (c *ExportControl) Access(s *Regime) float64 {
	return 1 - float64(float64(c.AccessCut)*float64(s.State)/3)
}

// Restricts reports whether the regime makes room for the region's own makers.
func (s *Regime) Restricts() bool { return s.Acts && s.State >= Quota }
