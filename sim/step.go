package sim

import (
	"fmt"

	"powerplay/sim/unit"
)

// Step advances the world by one month. The order of the lines is the model; MODEL.md argues for it.
//
// The error is a broken invariant, an [*InvariantError], or a [*unit.TooMuchError] where the scenario lets money grow beyond
// what books hold; the latter may come as a panic too. A default, a shortfall or a missed milestone is an outcome.
func (w *World) Step(t unit.Month) error {
	w.begin(t)
	w.shock(t)   // dated shocks, funding regime, sentiment; authorities
	w.observe(t) // last month's closed books; expectations
	w.build(t)   // power, sites and chips whose lead time has run; retirement
	w.deliver(t) // energised capacity to lots and own use
	w.plan(t)    // compute the labs want, capacity the clouds want
	w.procure(t) // requests, offers, notices and matches, signing
	w.invest(t)  // orders that pass the financing test
	w.train(t)   // algorithmic progress, releases, catch-up
	w.sell(t)    // demand, rationing, use; then new prices and rents

	w.bill(t)    // clauses and lots turn use into dues, dues into postings, senior first
	w.fund(t)    // rounds, then milestones and tranches
	w.resolve(t) // relief, rescue or default
	w.close(t)   // depreciation, marks, measures

	if err := w.audit(t); err != nil {
		return fmt.Errorf("%v: %w", t, err)
	}
	return nil
}

// begin opens the month's books.
func (w *World) begin(t unit.Month) {
	w.seq = 0
	if t.InYear() == 1 {
		for i := range w.firms {
			w.books.ClosePeriod(firmID(i))
		}
	}
	for i := range w.firms {
		w.firms[i].usedAhead = 0
	}
	w.books.StartMonth()
	w.ties.startMonth(t)
	w.takeFactors(t)
	w.signContracts(t)
}
