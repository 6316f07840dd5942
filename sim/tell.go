package sim

import (
	"fmt"
	"strings"

	"powerplay/sim/id"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Event is a decision or a happening, with the numbers behind it.
type Event struct {
	Month    unit.Month
	Seq      int    // counts events within the month, from 1
	Kind     string // see Kinds of events in MODEL.md
	Firm     id.Firm
	With     id.Firm
	Contract string // key of the contract, the shock or the rule under which it happened
	What     string // one sentence
	Why      []Reason
}

// Reason is a number on which a decision rested.
type Reason = record.Reason

// told reports whether anybody wants words. Callers ask first, so that words cost nothing when nobody does.
func (w *World) told() bool { return w.verbose }

// Counted lists the kinds of event that a listener hears of in every run.
func Counted() []string {
	return []string{"default", "rescue", "distress", "round-failed", "tranche", "lapse", "match", "ration", "funding-stress"}
}

// happened tells of a counted event.
func (w *World) happened(t unit.Month, kind string, f id.Firm) {
	w.happenedUnder(t, kind, f, id.NoContract, 0)
}

// happenedUnder is happened for an event of a contract, or of a tranche of it.
func (w *World) happenedUnder(t unit.Month, kind string, f id.Firm, c id.Contract, part int) {
	if w.listen != nil {
		w.listen.Happened(t, kind, f, c, part)
	}
}

// tell passes an event on. It is only called when told.
func (w *World) tell(t unit.Month, kind string, f, with id.Firm, c id.Contract, what string, why ...Reason) {
	w.seq++
	w.listen.Tell(Event{t, w.seq, kind, f, with, w.ContractKey(c), w.agreeing(what), why})
}

// ContractKey is the key of a contract, one signed in the run among them; empty for id.NoContract.
func (w *World) ContractKey(c id.Contract) string {
	if c == id.NoContract {
		return ""
	}
	return w.deals.contracts[c].Key
}

// tellOf is tell for what happens under a rule or another entry of the scenario that is no contract.
func (w *World) tellOf(t unit.Month, kind string, f, with id.Firm, key, what string, why ...Reason) {
	w.seq++
	w.listen.Tell(Event{t, w.seq, kind, f, with, key, w.agreeing(what), why})
}

// agreeing puts a sentence about the firm with whose name it begins in the plural where the name stands for several firms.
// So sentences are written once, for one firm; see [record.Agree] for words that follow later.
func (w *World) agreeing(what string) string {
	subject := ""
	for i := range w.m.Firms {
		name := w.m.Firms[i].Name
		if !record.Several(name) {
			continue
		}
		what = strings.ReplaceAll(what, name+"'s", record.Possessive(name))
		if strings.HasPrefix(what, name) {
			subject = name
		}
	}
	return record.Agree(what, subject)
}

// name is a firm's printed name.
func (w *World) name(f id.Firm) string {
	if f == w.outside || f == id.None {
		return "the market"
	}
	return w.m.Firms[f].Name
}

// tellNotes passes on what a clause has noted.
func (w *World) tellNotes(t unit.Month, n id.Contract) {
	for _, x := range w.dues.Notes {
		w.tell(t, x.Kind, x.Firm, x.With, n, w.name(x.Firm)+" "+strings.ReplaceAll(x.What, "{with}", w.name(x.With))+".", x.Why...)
	}
}

func usd(name string, x float64) Reason     { return reason(name, x, unit.DimUSD) }
func mw(name string, x unit.MW) Reason      { return reason(name, float64(x), unit.DimMW) }
func share(name string, x float64) Reason   { return reason(name, x, unit.DimShare) }
func rent(name string, x float64) Reason    { return reason(name, x, unit.DimRent) }
func months(name string, x float64) Reason  { return reason(name, x, unit.DimMonths) }
func number(name string, x float64) Reason  { return reason(name, x, unit.None) }
func points(name string, x float64) Reason  { return reason(name, x, unit.DimPoints) }
func runRate(name string, x float64) Reason { return reason(name, x, unit.DimUSDPerYear) }

func reason(name string, x float64, u unit.Dimension) Reason {
	return Reason{Name: name, Value: x, Unit: u}
}

// money writes dollars for a sentence: $3.5 bn.
func money(x float64) string {
	switch a := max(x, -x); {
	case a >= 1e12:
		return fmt.Sprintf("$%.2f tn", x/1e12)
	case a >= 1e9:
		return fmt.Sprintf("$%.1f bn", x/1e9)
	default:
		return fmt.Sprintf("$%.0f m", x/1e6)
	}
}

// percent writes a share for a sentence: 4.25%.
func percent(x float64) string { return fmt.Sprintf("%.2f%%", 100*x) }

// power writes capacity for a sentence: 1.2 GW, 300 MW.
func power(p unit.MW) string {
	if p >= 1000 {
		return fmt.Sprintf("%.1f GW", float64(p)/1000)
	}
	return fmt.Sprintf("%.0f MW", float64(p))
}
