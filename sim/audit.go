package sim

import (
	"fmt"

	"powerplay/sim/num"
	"powerplay/sim/unit"
)

// InvariantError is a broken law of the model: a bug in powerplay, not in a scenario.
type InvariantError struct {
	Month unit.Month
	Law   string // what must hold
	Got   string // what was found
	Err   error  // what the ledger found, if it was the ledger
}

// Error implements error.
func (e *InvariantError) Error() string {
	if e.Err != nil {
		return "audit: " + e.Err.Error()
	}
	return "audit: " + e.Law + ": " + e.Got
}

// Unwrap gives the ledger's error.
func (e *InvariantError) Unwrap() error { return e.Err }

// audit checks the laws of the model; it runs every month of every run. The error is an [*InvariantError], or a
// [*unit.TooMuchError] where money has outgrown all bounds.
func (w *World) audit(t unit.Month) error {
	if err := w.books.Check(); err != nil {
		return &InvariantError{Month: t, Law: "books balance", Err: err}
	}
	for i := range w.firms {
		if c := w.books.Balance(firmID(i), 0); c < 0 {
			return w.broken(t, "no firm has negative cash", "%s has %d cents", w.m.Firms[i].Key, c)
		}
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		used := c.inside + c.lots + c.ownUsed + c.spot
		if used > float64((c.live()+c.hired)*(1+1e-9))+1e-6 || c.energised < -1e-6 || c.compute < -1e-3 || c.pipeline < -1e-3 {
			return w.broken(t, "capacity allotted is in service", "%s allots %g MW of %g MW (%g MW under way)", w.m.Firms[c.firm].Key, used, c.live()+c.hired, c.pipeline)
		}
		sum := 0.0
		for k := range c.stock {
			sum += c.stock[k].mw
		}
		if d := sum - c.energised; d > 1e-3 || d < -1e-3 {
			return w.broken(t, "cohorts add up to capacity", "%s has %g MW in cohorts of %g MW", w.m.Firms[c.firm].Key, sum, c.energised)
		}
	}
	for i := range w.labs {
		l := &w.labs[i]
		if l.used > float64(w.capacity(l)*(1+1e-9))+1e-6 || !(l.serving >= 0) || !(l.research >= 0) {
			return w.broken(t, "labs use capacity that they have", "%s uses %g MW of %g MW", w.m.Firms[l.firm].Key, l.used, w.capacity(l))
		}
	}
	for s := range w.segments {
		g := &w.segments[s]
		if d := num.Sum(g.choice.Flow) - 1; d > 1e-9 || d < -1e-9 {
			return w.broken(t, "shares of new spend sum to one", "segment %d sums to one %+g", s, d)
		}
		for i, x := range g.spend {
			if x > mostSpend {
				return &unit.TooMuchError{Dollars: x}
			}
			if !(x >= 0) {
				return w.broken(t, "spend is not negative", "entry %d of segment %d is %g", i, s, x)
			}
		}
	}
	return w.auditStakes(t)
}

// mostSpend on the models of one lab leaves room for the sums that are made of it, dollars a year.
const mostSpend = 1e13

// auditStakes checks that no company is sold more than once, and tranches not beyond what was promised.
func (w *World) auditStakes(t unit.Month) error {
	sum := resize(w.weights, len(w.firms)+1)
	w.weights = sum
	clear(sum)
	for i := range w.ties.list {
		x := &w.ties.list[i]
		if x.stake < 0 {
			return w.broken(t, "no stake is negative", "%s holds %g of %s", w.name(x.a), x.stake, w.name(x.b))
		}
		sum[x.b] += x.stake
	}
	for i := range w.firms {
		if sum[i] > 1+1e-9 {
			return w.broken(t, "stakes sum to at most one", "those in %s sum to %g", w.m.Firms[i].Key, sum[i])
		}
	}
	for n, p := range w.deals.promisers.each {
		if paid := w.deals.states[n].Paid; paid > p.Promised() {
			return w.broken(t, "tranches paid are within what was promised", "%s paid %d of %d cents", w.deals.contracts[n].Key, paid, p.Promised())
		}
	}
	return nil
}

// promiser is a clause with a total that its payments must not exceed.
type promiser interface{ Promised() unit.USD }

func (w *World) broken(t unit.Month, law, format string, args ...any) error {
	return &InvariantError{Month: t, Law: law, Got: fmt.Sprintf(format, args...)}
}
