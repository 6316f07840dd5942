package rule

import (
	"fmt"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/measure"
	"powerplay/sim/num"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// AntitrustReview is an authority's look into what one firm holds in another: shares, and rights over its dealings.
//
//	opens     on its date, or when the sum of the hazards of the months with influence reaches −ln(1 − u)      (12.1)
//	decision  after gamma(LengthShape) of mean Length
//	chance    RemedyChance, times ArmsLength if votes < Control and there is no exclusive right                (12.2)
//
// Each u is drawn once. If a gate does not hold at the close before the decision, the authority clears the
// partnership whatever was drawn: so the UK's ended, for want of control or of jurisdiction (D044, D054, D083).
// Else it orders a remedy with the chance above, among those for which it finds an object, by weight. An outcome
// that the scenario states is neither drawn nor tested. Source: clauses.md 12; model-notes 12.
type AntitrustReview struct {
	Authority    string        `need:"true" doc:"who reviews, such as FTC, CMA or EC; a word for the reader"`
	Holder       id.Firm       `need:"true" doc:"who holds shares or rights"`
	Company      id.Firm       `need:"true" doc:"the firm in which it holds them"`
	Only         []id.Contract `doc:"contracts between the two on which a remedy may act; all if empty"`
	Opens        unit.Month    `doc:"month in which it opens; without it, by the hazard"`
	Hazard       unit.Hazard   `default:"0%/month" range:"0,1" doc:"chance a month that it opens while influence holds"`
	Influence    measure.Test  `doc:"first gate, such as microsoft.votes(openai) >= 15%; without it, it counts as passed"`
	Jurisdiction measure.Test  `doc:"second gate, such as openai.market_share >= 25%; without it, it counts as passed"`
	Length       unit.Months   `default:"15 months" range:"0.5,120" doc:"mean time from opening to decision"`
	LengthShape  float64       `default:"4" range:"0.1,1000" doc:"shape of the gamma distribution of that time; the higher, the less spread"`
	Closes       unit.Month    `doc:"month of the decision, where it is known; replaces the length"`
	Chill        unit.Share    `default:"80%" doc:"part of their use that is left of exclusivity and first refusal while it is open"`
	Standstill   bool          `doc:"the holder buys no shares of the company while it is open"`
	Outcome      Outcome       `choice:"drawn,cleared,drop-exclusivity,drop-first-refusal,cap-revenue-share,sell-down,block,information-wall" default:"drawn" doc:"how it ends"`
	RemedyChance unit.Share    `default:"7%" doc:"with outcome drawn: chance of a remedy if both gates hold"`
	ArmsLength   unit.Share    `default:"50%" doc:"what is left of that chance when the holder has votes below control and no exclusive right"`
	Control      unit.Share    `default:"25%" doc:"share of the company's votes at which the holder no longer stands at arm's length"`
	Weights      Weights       `doc:"with outcome drawn: how likely each remedy is against the others"`
	RateCap      unit.Share    `default:"10%" doc:"with cap-revenue-share: highest rate that is left"`
	StakeCap     unit.Share    `default:"15%" doc:"with sell-down: share of the company that the holder may keep"`
	Wall         unit.Share    `default:"50%" doc:"with information-wall: part that the holder's lab loses of what it learns from the frontier"`
}

// Weights are how likely each remedy is against the others. The notes name the first three and the wall; no case
// has ended with the others.
type Weights struct {
	DropExclusivity  float64 `default:"1" range:"0,1000" doc:"end of exclusivity"`
	DropFirstRefusal float64 `default:"1" range:"0,1000" doc:"end of first refusal"`
	CapRevenueShare  float64 `default:"1" range:"0,1000" doc:"a lower share of revenue"`
	SellDown         float64 `default:"0" range:"0,1000" doc:"sale of shares"`
	Block            float64 `default:"0" range:"0,1000" doc:"no more purchases of shares"`
	InformationWall  float64 `default:"1" range:"0,1000" doc:"what the holder may not learn"`
}

// Outcome is how a review ends.
type Outcome uint8

// The outcomes, in the order of their scenario names. All after Cleared are remedies.
const (
	Drawn Outcome = iota // by chance; no case ends so
	Cleared
	DropExclusivity
	DropFirstRefusal
	CapRevenueShare
	SellDown
	Block
	InformationWall
	outcomes // their number
)

// String is the scenario's name of the outcome.
func (o Outcome) String() string {
	return [outcomes]string{"drawn", "cleared", "drop-exclusivity", "drop-first-refusal", "cap-revenue-share", "sell-down", "block", "information-wall"}[o]
}

// of gives the weight of a remedy.
func (w *Weights) of(o Outcome) float64 {
	return [outcomes]float64{
		DropExclusivity: w.DropExclusivity, DropFirstRefusal: w.DropFirstRefusal, CapRevenueShare: w.CapRevenueShare,
		SellDown: w.SellDown, Block: w.Block, InformationWall: w.InformationWall,
	}[o]
}

// Faults implements [Terms].
func (c *AntitrustReview) Faults() []contract.Fault {
	var f []contract.Fault
	if c.Holder == c.Company {
		f = append(f, fault("company", "is the same firm as holder", "a review is of what one firm holds in another"))
	}
	switch {
	case c.Opens == 0 && c.Hazard <= 0:
		f = append(f, fault("opens", "nothing lets the review open", "give opens a date, or a hazard such as 2%/month"))
	case c.Opens != 0 && c.Hazard > 0:
		f = append(f, fault("hazard", "the review opens on a date and by chance", "give one of the two"))
	}
	switch {
	case c.Closes != 0 && c.Opens == 0:
		f = append(f, fault("closes", "the decision has a date and the opening has none", "give opens a date too"))
	case c.Closes != 0 && c.Closes <= c.Opens:
		f = append(f, fault("closes", fmt.Sprintf("the decision (%v) is no later than the opening (%v)", c.Closes, c.Opens), "give a later month"))
	}
	total := 0.0
	for o := DropExclusivity; o < outcomes; o++ {
		total += c.Weights.of(o)
	}
	if c.Outcome == Drawn && c.RemedyChance > 0 && total <= 0 {
		f = append(f, fault("weights", "a remedy may be ordered, but each has the weight 0", "give one a weight, or set remedy_chance to 0%"))
	}
	return f
}

// Roles implements [Terms].
func (c *AntitrustReview) Roles() []contract.Role {
	if c.Outcome == InformationWall {
		return []contract.Role{{Term: "holder", Firm: c.Holder, AnyOf: []string{"lab"}}}
	}
	return nil
}

// Case is what must be remembered of a review during a run.
type Case struct {
	Stage    Stage
	Opened   unit.Month
	Decides  unit.Month
	Exposure float64 // sum of the hazards of the months with influence
	Outcome  Outcome // once it is closed
}

// Stage is how far a case has come.
type Stage uint8

// The stages, in order.
const (
	Waiting Stage = iota
	Open
	Closed
)

// The parts of a case that are drawn once.
const (
	drawOpening = iota
	drawLength
	drawOutcome
)

// Begin opens a case that is due and reports whether it did.
func (c *AntitrustReview) Begin(now Now, s *Case) bool {
	opened := c.Opens
	if opened == 0 {
		if holds(c.Influence, now.Measures) {
			s.Exposure += float64(c.Hazard)
		}
		if s.Exposure <= 0 || s.Exposure < -num.Log(1-now.uniform(rng.Review, 0, drawOpening)) {
			return false
		}
		opened = now.Month
	}
	if opened > now.Month {
		return false
	}
	s.Stage, s.Opened, s.Decides = Open, opened, c.Closes
	if s.Decides == 0 {
		length := rng.Gamma(now.uniform(rng.Review, 0, drawLength), c.LengthShape, float64(c.Length)/c.LengthShape)
		s.Decides = max(opened+1, opened.After(unit.Months(length)))
	}
	return true
}

// holds reports whether a gate is passed; one that is not given always is.
func holds(t measure.Test, p *measure.Panel) bool { return t.Holds == nil || t.Holds(p) }

// Partnership is what an authority finds between the two firms.
type Partnership struct {
	Votes     float64        // share of the company's votes that the holder has
	Exclusive bool           // it has an exclusivity or a right of first refusal over the company
	Objects   [outcomes]bool // remedies for which there is something to act on
}

// Verdict is a decision with what it rested on.
type Verdict struct {
	Outcome      Outcome
	Stated       bool    // by the scenario: nothing below was asked
	Influence    bool    // first gate
	Jurisdiction bool    // second gate
	Chance       float64 // of a remedy
}

// Decide closes a case.
func (c *AntitrustReview) Decide(now Now, s *Case, p Partnership) Verdict {
	v := Verdict{Outcome: c.Outcome, Stated: c.Outcome != Drawn}
	if !v.Stated {
		v.Influence, v.Jurisdiction = holds(c.Influence, now.Measures), holds(c.Jurisdiction, now.Measures)
		v.Outcome, v.Chance = Cleared, c.chance(p)
		if u := now.uniform(rng.Review, 0, drawOutcome); v.Influence && v.Jurisdiction && u >= 1-v.Chance {
			v.Outcome = c.remedy((u-(1-v.Chance))/v.Chance, &p)
		}
	}
	s.Stage, s.Outcome = Closed, v.Outcome
	return v
}

// chance is that of a remedy, if both gates hold.
func (c *AntitrustReview) chance(p Partnership) float64 {
	if p.Votes < float64(c.Control) && !p.Exclusive {
		return float64(float64(c.RemedyChance) * float64(c.ArmsLength))
	}
	return float64(c.RemedyChance)
}

// remedy picks one that has an object, by weight; without any, the partnership is cleared.
func (c *AntitrustReview) remedy(u float64, p *Partnership) Outcome {
	total := 0.0
	for o := DropExclusivity; o < outcomes; o++ {
		if p.Objects[o] {
			total += c.Weights.of(o)
		}
	}
	best := Cleared
	for o, sum := DropExclusivity, 0.0; o < outcomes; o++ {
		x := c.Weights.of(o)
		if !p.Objects[o] || x <= 0 {
			continue
		}
		best = o
		if sum += x; float64(u*total) < sum {
			break
		}
	}
	return best
}
