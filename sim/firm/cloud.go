package firm

import (
	"powerplay/sim/market"
	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// Expect returns the smoothed growth of what is asked of a cloud, log a month.
//
//	g ← (1−a)·g + a·ln(D/D₋₁),   a = Smoothing      (3.1)
func (c *Cloud) Expect(growth, demand, before float64) float64 {
	if demand <= 0 || before <= 0 {
		return growth
	}
	a := float64(c.Smoothing)
	change := max(-0.2, min(0.2, num.Log(demand/before)))
	return float64((1-a)*growth) + float64(a*change)
}

// CloudView is what a cloud knows when it invests.
type CloudView struct {
	Lead         unit.Months
	Growth       float64         // of what others ask of it, log a month, smoothed
	Own          unit.MW         // its lab's need at the end of the lead
	Internal     unit.MW         // its other services, at the end of the lead
	Asked        unit.MW         // what others ask of it now, with and without a contract
	Committed    unit.MW         // lots due at the end of the lead
	Energised    unit.MW         // in service
	Pipeline     unit.MW         // under way, or rented to let on at the end of the lead
	Retiring     unit.MW         // going out of service within the lead
	RivalRatio   float64         // rivals' announced over energised capacity
	OwnRatio     float64         // the same of this cloud
	Target       unit.Share      // planned utilisation
	Rent         unit.Rent       // market
	UnitCost     unit.Rent       // full cost at its hurdle rate
	CostPerMW    unit.USDPerMW   // of new sites
	Spending     unit.USDPerYear // capital expenditure of the next 12 months already decided
	CashFlow     unit.USDPerYear // from operations
	Cash         unit.USD        //
	Reserve      unit.USD        // cash that it keeps for its own running
	Contracted   unit.USD        // cost of sites that signed lots and guarantees still need, on which lenders advance DebtShare
	CapexHorizon float64         // part of a new order's cost that falls into the next 12 months
	InService    unit.MW         // of all clouds
	Rivals       unit.MW         // of the others, with what they have announced
	Elasticity   float64         // log rent per log of what is asked for over capacity
}

// Order is what a cloud decides to build, and what decided it.
type Order struct {
	Size   unit.MW
	Wanted unit.MW // capacity wanted at the end of the lead
	Gap    unit.MW // wanted less what is there or under way
	Limit  string  // what held the order down: "", "money" or "rent"
	Lacked unit.MW // of the order that it wanted, what it could not pay for
}

// Invest decides this month's orders.
//
//	expected = asked·exp(x·g·L)                                                                             (3.1)
//	wanted = committed + (own + internal + max(0, expected − committed))/Target + Preemption·(rivals' ratio − own)·energised      (3.2)
//	order  = max(AdjustSpeed·gap, what committed lots lack)      (3.3)
//	cost of orders within 12 months ≤ CapexLimit·cash flow + spare cash + DebtShare·contracted cost − spending decided      (3.4)
//
// Without a promise of rent above full cost only committed lots are built for. A strategic cloud wants no more than
// (3.9) beyond what is committed and its own use.
func (c *Cloud) Invest(v CloudView) Order {
	expected := float64(float64(v.Asked) * num.Exp(float64(c.Extrapolation)*v.Growth*float64(v.Lead)))
	loose := float64(v.Own) + float64(v.Internal) + max(0, expected-float64(v.Committed))
	wanted := loose/float64(v.Target) + float64(v.Committed)
	if lead := v.RivalRatio - v.OwnRatio; lead > 0 {
		wanted += float64(c.Preemption * lead * float64(v.Energised))
	}
	if c.Strategic {
		wanted = max(float64(v.Committed+v.Own+v.Internal), min(wanted, c.bestReply(v, wanted)))
	}
	there := float64(v.Energised + v.Pipeline - v.Retiring)
	o := Order{Wanted: unit.MW(wanted), Gap: unit.MW(wanted - there)}
	if o.Gap <= 0 {
		return o
	}
	firm := max(0, float64(v.Committed+v.Internal+v.Own)-there)
	size := max(float64(c.AdjustSpeed)*float64(o.Gap), min(firm, float64(o.Gap)))
	if v.Rent < v.UnitCost && firm < size && c.Sells && float64(v.Own) < float64(v.Energised)/2 {
		size, o.Limit = firm, "rent"
	}
	room := float64(c.CapexLimit*max(0, float64(v.CashFlow))) + max(0, (v.Cash-v.Reserve).Dollars()) +
		float64(float64(c.DebtShare)*v.Contracted.Dollars()) - float64(v.Spending)
	if most := max(0, room) / (float64(v.CostPerMW) * v.CapexHorizon); most < size {
		o.Lacked = unit.MW(size - most)
		size, o.Limit = most, "money"
	}
	o.Size = unit.MW(size)
	return o
}

// bestReply returns the capacity at the end of the lead, at most that much, at which a cloud that reckons with its
// own effect on the rent earns most beside its rivals:
//
//	x* = argmax (r(rivals + x) − full cost)·x,   r(Q) = r·(exp(x·g·L)·Q₀/Q)^tightness elasticity      (3.9)
//
// r is today's rent and Q₀ the capacity of all clouds in service: what is asked for grows as the cloud expects of
// its own.
func (c *Cloud) bestReply(v CloudView, most float64) float64 {
	if v.InService <= 0 {
		return most
	}
	grown := float64(v.InService) * num.Exp(float64(c.Extrapolation)*v.Growth*float64(v.Lead))
	d := market.Isoelastic{Rent: float64(v.Rent), Quantity: grown, Elasticity: v.Elasticity}
	return market.BestReply(d, float64(v.Rivals), float64(v.UnitCost), most)
}

// Hurdle returns the return a site must promise while capital expenditure exceeds the limit.
//
//	h = HurdleRate + SpreadSensitivity·10·max(0, capex/cash flow − CapexLimit)      (3.4)
func (c *Cloud) Hurdle(capex, cashFlow unit.USDPerYear) float64 {
	const most = 10 // over the limit; also what a firm without cash flow counts as
	over := float64(most)
	if cashFlow > 0 {
		over = max(0, min(most, float64(capex)/float64(cashFlow)-c.CapexLimit))
	}
	return float64(c.HurdleRate) + float64(c.SpreadSensitivity*10*over)
}

// MatchView is what the holder of a right of first refusal knows of an offer.
type MatchView struct {
	Size    unit.MW // of the offer
	Free    unit.MW // own capacity free by the offered date
	Partial bool    // it may take a part
	Chance  float64 // that it wants what it can serve; market.Compute.MatchProbability
	Draw    float64 // uniform
	Caution float64 // chance that it leaves its right unused because an authority looks on
}

// Match answers a notice: how much of the offer the holder takes, 0 for none.
func (c *Cloud) Match(v MatchView) unit.MW {
	dares := 1 - v.Caution
	switch c.Refusal {
	case "never":
		return 0
	case "always":
		if v.Draw >= dares {
			return 0
		}
		return v.Size // it must find the capacity, by building if need be
	}
	size := min(v.Size, max(0, v.Free))
	if size < v.Size && !v.Partial || v.Draw >= v.Chance*dares {
		return 0
	}
	return size
}

// ReleaseView is what a seller knows when a buyer asks to be let off a part of what it has signed.
type ReleaseView struct {
	Market unit.Rent
	Resale unit.Share // of a contract's price that the seller gets by letting to another
	Rent   unit.Rent  // that the buyer has agreed to
	Floor  unit.Share // of it that is due in any case
	Pays   float64    // chance that the buyer pays
}

// Elsewhere is the rent that the capacity would bring if let to another.
func (v ReleaseView) Elsewhere() unit.Rent {
	return unit.Rent(float64(v.Market) * float64(v.Resale))
}

// Expected is the rent that the seller can count on if it insists.
func (v ReleaseView) Expected() unit.Rent {
	return unit.Rent(float64(v.Rent) * float64(v.Floor) * v.Pays)
}

// Agrees decides whether the seller takes the capacity back.
//
//	Resale·Market ≥ Rent·Floor·Pays      (11.2)
func (v ReleaseView) Agrees() bool { return v.Elsewhere() >= v.Expected() }
