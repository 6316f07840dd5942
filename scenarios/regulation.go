package scenarios

import (
	"fmt"
	"slices"

	"powerplay/sim"
	"powerplay/sim/id"
	"powerplay/sim/rule"
)

// checkRules reports terms of regulation that cannot stand, each by itself and against the others.
func (s *Study) checkRules(d *Decoder) {
	all := s.Tree.Child("regulation")
	for i := range s.Model.Regulation {
		r := &s.Model.Regulation[i]
		at := all.Child(r.Key)
		for _, x := range r.Terms.Roles() {
			s.checkRole(d, at, x, "rule")
		}
		for _, f := range r.Terms.Faults() {
			d.Fault(at, f.Term, "E410", quote(f.Term)+": "+f.What, f.Why, f.Hint)
		}
		switch x := r.Terms.(type) {
		case *rule.AntitrustReview:
			s.checkReview(d, x, at)
		case *rule.ExportControl:
			s.checkExports(d, i, x, at)
		}
	}
}

// checkReview reports contracts that a remedy is held to and that do not join the two firms.
func (s *Study) checkReview(d *Decoder, r *rule.AntitrustReview, at *Node) {
	for n, k := range r.Only {
		c := &s.Model.Contracts[k]
		if p := c.Terms.Parties(); !slices.Contains(p, r.Holder) || !slices.Contains(p, r.Company) {
			d.Fault(at, fmt.Sprintf("only[%d]", n), "E410", fmt.Sprintf("%s is not between %s and %s", quote(c.Key), quote(s.Model.Firms[r.Holder].Key), quote(s.Model.Firms[r.Company].Key)),
				"a remedy acts on what binds the two firms under review", "name a contract of the two, or leave `only` out")
		}
	}
}

// checkExports reports a regime that decides over shipments of which an earlier one does, and owners' sites that
// two would reach.
func (s *Study) checkExports(d *Decoder, i int, c *rule.ExportControl, at *Node) {
	for k := range s.Model.Regulation[:i] {
		other, ok := s.Model.Regulation[k].Terms.(*rule.ExportControl)
		if !ok || other.Region != c.Region && !follows(s.Model, c, other.Region) && !follows(s.Model, other, c.Region) {
			continue
		}
		for f := range s.Model.Firms {
			if covers(s.Model, c, id.Firm(f)) && covers(s.Model, other, id.Firm(f)) {
				d.Fault(at, "region", "E413", fmt.Sprintf("%s decides over chips of %s for some of the same sites", quote(s.Model.Regulation[k].Key), quote(s.Model.Firms[f].Key)),
					"only one regime can say whether they are shipped", "give the two other makers or regions, or put their changes into one")
				return
			}
		}
	}
}

// follows reports whether a regime reaches sites in another region: those of owners at home in its own.
func follows(m *sim.Model, c *rule.ExportControl, abroad id.Region) bool {
	if c.Reach != "owners" {
		return false
	}
	for i := range m.Firms {
		f := &m.Firms[i]
		if f.Cloud == nil || f.Region != c.Region {
			continue
		}
		for _, share := range f.Cloud.Regions {
			if r, ok := m.FindRegion(share.Key); ok && r == abroad {
				return true
			}
		}
	}
	return false
}

// covers reports whether a maker's chips fall under a regime.
func covers(m *sim.Model, c *rule.ExportControl, f id.Firm) bool {
	if len(c.Makers) > 0 {
		return slices.Contains(c.Makers, f)
	}
	return m.Firms[f].Supplier != nil && m.Firms[f].Region != c.Region
}
