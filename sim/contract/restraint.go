package contract

// Restraint is what a clause takes from the freedom of the first party, so that an authority may act on it.
type Restraint uint8

// The restraints.
const (
	Unrestrained Restraint = iota
	Exclusive              // it may deal with nobody else
	Refusal                // the other party may step into its deals
	Sharing                // a part of its revenue goes to the other party
)

// Restrainer is a clause that an authority may end or, for a share of revenue, cap (State.RateCap).
type Restrainer interface {
	Restrains() Restraint
}

// Restrains implements [Restrainer].
func (c *Exclusivity) Restrains() Restraint { return Exclusive }

// Restrains implements [Restrainer]. A right to be told restrains nobody.
func (c *FirstRefusal) Restrains() Restraint {
	if c.Match == "notify" {
		return Unrestrained
	}
	return Refusal
}

// Restrains implements [Restrainer].
func (c *RevenueShare) Restrains() Restraint { return Sharing }
