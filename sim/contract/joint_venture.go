package contract

import (
	"fmt"
	"slices"

	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// JointVenture lets members pay what they have pledged into a venture of theirs, call by call.
//
//	call k on member i          = Calls[k].Share × Members[i].Pledge
//	project debt drawn with it  = paid × DebtShare/(1 − DebtShare)
//	right of member i           = Output × (capacity of the venture in service + under way)
//
// A call goes out when its date has come and its condition holds at the last close, after the calls before it. Who
// misses one, and what the others then do, the world decides. Source: clauses.md 11.
type JointVenture struct {
	Venture   id.Firm     `need:"true" doc:"the firm that the members fund; it builds and lets capacity"`
	Members   []Member    `need:"true" doc:"who pays, and for what"`
	Calls     []Call      `need:"true" doc:"when pledges are called, in this order"`
	DebtShare unit.Share  `default:"0%" range:"0,0.95" doc:"part of the venture's money that is project debt, drawn with each call"`
	OnMiss    string      `choice:"dilute,loan,shrink" default:"dilute" doc:"when a member misses a call: its share falls, the others lend it the money, or nobody pays that call"`
	LoanRate  unit.Rate   `default:"12%/yr" range:"0,1" doc:"with on_miss loan: interest that the member owes the others"`
	LoanTerm  unit.Months `default:"24 months" range:"1,360" doc:"with on_miss loan: time after which it is repaid"`
}

// Member is a firm that has pledged capital.
type Member struct {
	Firm   id.Firm    `need:"true" doc:"who pledges"`
	Pledge unit.USD   `need:"true" doc:"capital pledged, over all calls"`
	Output unit.Share `default:"0%" doc:"part of the venture's capacity that is the member's to take first"`
	Lab    id.Firm    `doc:"lab that takes it; the member itself if left out"`
	Veto   bool       `doc:"no call goes out without it; it agrees while the market rent covers the venture's full cost"`
}

// Taker is the lab that uses the member's right to capacity.
func (m *Member) Taker() id.Firm {
	if m.Lab != id.None {
		return m.Lab
	}
	return m.Firm
}

// Call is a part of the pledges that is due at once.
type Call struct {
	Share    unit.Share   `need:"true" doc:"part of each pledge that is called"`
	On       unit.Month   `doc:"month from which it may go out; at once if left out"`
	When     measure.Test `doc:"condition that must hold for it to go out"`
	MissedBy []id.Firm    `doc:"members that miss it, whatever their means"`
}

// maxCalls is the number of calls that a State can tell apart.
const maxCalls = 64

// Faults implements [Clause].
func (c *JointVenture) Faults() []Fault {
	f := append(c.memberFaults(), c.callFaults()...)
	if c.DebtShare >= 1 {
		f = append(f, fault("debt_share", "leaves nothing that members pay", "give less than 100%"))
	}
	return f
}

func (c *JointVenture) memberFaults() []Fault {
	var f []Fault
	output := 0.0
	if len(c.Members) == 0 {
		f = append(f, fault("members", "is empty", "name who pledges"))
	}
	for i, m := range c.Members {
		f = append(f, positive(fmt.Sprintf("members[%d].pledge", i), float64(m.Pledge))...)
		f = append(f, different("venture", fmt.Sprintf("members[%d].firm", i), c.Venture, m.Firm)...)
		if slices.ContainsFunc(c.Members[:i], func(o Member) bool { return o.Firm == m.Firm }) {
			f = append(f, fault(fmt.Sprintf("members[%d].firm", i), "is named twice", "join its pledges"))
		}
		output += float64(m.Output)
	}
	if output > 1+1e-9 {
		f = append(f, fault("members", fmt.Sprintf("have rights to %.4g%% of the capacity", 100*output), "their output must not exceed 100%"))
	}
	return f
}

func (c *JointVenture) callFaults() []Fault {
	var f []Fault
	called := 0.0
	if len(c.Calls) == 0 {
		f = append(f, fault("calls", "is empty", "say when pledges are called"))
	}
	if len(c.Calls) > maxCalls {
		f = append(f, fault("calls", fmt.Sprintf("has %d entries; at most %d can be told apart", len(c.Calls), maxCalls), "join some"))
	}
	for i, k := range c.Calls {
		f = append(f, positive(fmt.Sprintf("calls[%d].share", i), float64(k.Share))...)
		called += float64(k.Share)
		for n, who := range k.MissedBy {
			if !slices.ContainsFunc(c.Members, func(m Member) bool { return m.Firm == who }) {
				f = append(f, fault(fmt.Sprintf("calls[%d].missed_by[%d]", i, n), "is no member", "name one of the members"))
			}
		}
	}
	if called > 1+1e-9 {
		f = append(f, fault("calls", fmt.Sprintf("call %.4g%% of the pledges", 100*called), "their shares must not exceed 100%"))
	}
	return f
}

// Roles implements [Clause].
func (c *JointVenture) Roles() []Role {
	r := []Role{{"venture", c.Venture, asCloud}}
	for i := range c.Members {
		switch m := &c.Members[i]; {
		case m.Lab != id.None:
			r = append(r, Role{fmt.Sprintf("members[%d].lab", i), m.Lab, asLab})
		case m.Output > 0:
			r = append(r, Role{fmt.Sprintf("members[%d].firm", i), m.Firm, asLab})
		}
	}
	return r
}

// Dates implements [Dated].
func (c *JointVenture) Dates() []Date {
	var all []Date
	for i, k := range c.Calls {
		if k.On != 0 {
			all = append(all, Date{fmt.Sprintf("calls[%d].on", i), "the call goes out", k.On})
		}
	}
	return all
}

// Parties implements [Clause].
func (c *JointVenture) Parties() []id.Firm {
	p := []id.Firm{c.Venture}
	for i := range c.Members {
		p = append(p, c.Members[i].Firm)
	}
	return p
}

// Due returns the call that may go out now, the first that is not settled; ok is false if there is none.
func (c *JointVenture) Due(now Now, s *State) (call int, ok bool) {
	for i := range c.Calls {
		if s.Settled(i) {
			continue
		}
		k := &c.Calls[i]
		return i, now.Month >= k.On && (k.When.Holds == nil || k.When.Holds(now.Measures))
	}
	return 0, false
}

// Amount returns what a call asks of a member.
func (c *JointVenture) Amount(call, member int) unit.USD {
	return c.Members[member].Pledge.Times(float64(c.Calls[call].Share))
}

// Pledged returns what a member has promised and has not been called for.
func (c *JointVenture) Pledged(member int, s *State) unit.USD {
	x := c.Members[member].Pledge
	for i := range c.Calls {
		if s.Settled(i) {
			x -= c.Amount(i, member)
		}
	}
	return max(0, x)
}

// Next returns what the next call asks of a member if it may go out by a month, whether or not its condition holds.
func (c *JointVenture) Next(member int, by unit.Month, s *State) unit.USD {
	for i := range c.Calls {
		if s.Settled(i) {
			continue
		}
		if c.Calls[i].On > by {
			break
		}
		return c.Amount(i, member)
	}
	return 0
}

// Draws returns the project debt that is drawn with so much paid by members.
func (c *JointVenture) Draws(paid unit.USD) unit.USD {
	return paid.Times(float64(c.DebtShare) / (1 - float64(c.DebtShare)))
}

// Open implements [Opener]: calls of a date before the start were paid then. Those with a condition stand open.
func (c *JointVenture) Open(start unit.Month, s *State) Grant {
	for i, k := range c.Calls {
		if k.On == 0 || k.On > start || k.When.Holds != nil {
			continue
		}
		s.Settle(i)
		for m := range c.Members {
			s.Paid = s.Paid.Plus(c.Amount(i, m))
		}
	}
	return Grant{}
}
