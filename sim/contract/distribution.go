package contract

import (
	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Distribution sells a lab's models through another firm: the catalogue of a cloud, an office suite, an assistant.
//
// The channel reaches a part of a segment's customers, who find the lab easier to buy from; what they spend comes
// through it, chooses anew less often, and leaves a part of revenue or gross profit with the channel.
//
//	R   = 1 − Π(1 − Reach) over the lab's channels in the segment
//	u   = … + DistributionBonus·(R now − R at the start)                                       (8.2)
//	V  ← (1 − w·(1 − LockIn))·V + new·R·Reach/ΣReach,   w = Switching/12                       (8.3)
//	due = ResellerShare·base·V/X,   base = the segment's revenue, or that less the cost of serving it
//
// V is what is spent through the channel of the X that is spent with the lab, new what the lab has won in the month.
// Appeal and switching are those of a market with its channels of the day, so a channel in force at the start adds
// nothing to them: it only takes its reach away when it ends. Source: clauses.md 1 and 7; logit_distribution_bonus.
type Distribution struct {
	Lab           id.Firm    `need:"true" doc:"whose models are sold"`
	Channel       id.Firm    `need:"true" doc:"who sells them"`
	Product       string     `choice:"models,api,agents,assistant" default:"models" doc:"what is sold; exclusive rights over a product clash, the market has one product a lab"`
	Segment       string     `choice:"enterprise,consumer" default:"enterprise" doc:"to whom"`
	Reach         unit.Share `need:"true" doc:"part of the segment's customers whom the channel reaches"`
	LockIn        unit.Share `default:"0%" doc:"part of what is spent through the channel that does not choose anew; of channels signed after the start"`
	ResellerShare unit.Share `default:"0%" doc:"part of the base that stays with the channel"`
	Base          string     `choice:"revenue,gross-profit" default:"revenue" doc:"of what it is taken"`
	Sold          unit.Share `default:"0%" doc:"part of the lab's revenue from the segment that comes through the channel from the beginning"`
	Exclusive     bool       `doc:"the lab may sell the product through no other firm"`
}

// Channel is how models reach customers under a clause.
type Channel struct {
	Lab, Firm   id.Firm
	Segment     string
	Reach, Lock unit.Share
}

// Faults implements [Clause].
func (c *Distribution) Faults() []Fault {
	return append(different("lab", "channel", c.Lab, c.Channel), positive("reach", float64(c.Reach))...)
}

// Roles implements [Clause].
func (c *Distribution) Roles() []Role { return []Role{{"lab", c.Lab, asLab}} }

// Parties implements [Clause].
func (c *Distribution) Parties() []id.Firm { return []id.Firm{c.Lab, c.Channel} }

// Claim implements [Claimant].
func (c *Distribution) Claim() Claim {
	return Claim{Lab: c.Lab, Holder: c.Channel, Object: c.Product, Exclusive: c.Exclusive, Sale: !c.Exclusive, Least: 1, Workload: c.Segment}
}

// Opens implements [Distributor].
func (c *Distribution) Opens(s *State) Channel {
	if !s.Started {
		s.Started, s.Through = true, float64(c.Sold)
	}
	return Channel{c.Lab, c.Channel, c.Segment, c.Reach, c.LockIn}
}

// Bill implements [Biller].
func (c *Distribution) Bill(now Now, s *State, m *Meter, out *Dues) {
	base := m.Enterprise
	if c.Segment == "consumer" {
		base = m.Consumer
	}
	if all := m.Enterprise + m.Consumer; c.Base == "gross-profit" && all > 0 {
		base -= m.ServingCost.Times(base.Dollars() / all.Dollars())
	}
	due := base.Times(float64(c.ResellerShare) * s.Through)
	if due <= 0 {
		return
	}
	s.Paid += due
	out.Payments = append(out.Payments, Payment{c.Lab, c.Channel, due, "reseller-share", now.Contract, Share})
}
