package sim

import (
	"slices"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/rule"
	"powerplay/sim/unit"
)

// What a world keeps so that a month need not look it up or reckon it anew is what looking it up and reckoning it gives.
func TestWhatIsKeptIsWhatWouldBeLookedUp(t *testing.T) {
	for _, reach := range []string{"sites", "owners"} {
		m := exporting(rule.Change{From: unit.Date(2027, 1), State: rule.Denied}, rule.Change{From: unit.Date(2029, 1), State: rule.Licensed, Levy: 0.2})
		terms(m).Reach = reach
		m.Firms[maker].Supplier.PriceTrend, m.Firms[maker].Supplier.DensityTrend = -0.2, 0.3
		m.Contracts = append(m.Contracts, contract.Contract{
			Key: "spend", Kind: "take-or-pay", Signed: m.Start + 3, Terms: &contract.TakeOrPay{Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(10 * bn), Starts: m.Start + 3, Term: 48, Floor: 0.8},
		})
		for index := range uint64(3) {
			play(t, m, rng.Run{Seed: 1, Index: index}, func(w *World, month unit.Month) {
				if month == m.Start+40 { // as if it had defaulted
					w.defaultLab(0, 0, month)
				}
				if month == m.Start+20 { // as if much were given back
					w.promiseFree(&w.lots[0], 1e6, month+1, month)
				}
				checkKept(t, w, month)
			})
		}
	}
}

func checkKept(t *testing.T, w *World, month unit.Month) {
	t.Helper()
	if got, want := w.best, w.frontier(); got != want {
		t.Fatalf("%v: the best model has %v points, want %v", month, got, want)
	}
	for x := range w.suppliers {
		s := &w.suppliers[x]
		if want := w.supplier(x).Saving(s.price, s.density); s.saving != want {
			t.Fatalf("%v: chips of %s save %v, want %v", month, w.name(s.firm), s.saving, want)
		}
		for i := range w.clouds {
			f, terms := w.clouds[i].firm, w.supplier(x)
			for r := range w.regions {
				got, want := w.regime(x, f, id.Region(r)), anyRegime(w, x, f, id.Region(r))
				if got != want {
					t.Fatalf("%v: what %s ships to %s in region %d falls under %p, want %p", month, w.name(s.firm), w.name(f), r, got, want)
				}
				may := terms.ShipsTo(s.firm, f, id.Region(r))
				if want != nil {
					may = want.regime.State != rule.Denied && (!terms.OwnOnly || s.firm == f)
				}
				if got := w.mayShip(x, f, id.Region(r)); got != may {
					t.Fatalf("%v: %s may ship to %s in region %d: %v, want %v", month, w.name(s.firm), w.name(f), r, got, may)
				}
			}
		}
	}
	for i := range w.clouds {
		c := &w.clouds[i]
		if free := slices.Max(c.free[:]); free > c.most {
			t.Fatalf("%v: %s has %v MW free in a month, want %v at most", month, w.name(c.firm), free, c.most)
		}
		for k, from := range c.sources {
			if share := float64(w.cloud(i).Chips[k].Share); from.supplier != w.firms[from.maker].supplier || from.share != share {
				t.Fatalf("%v: %s takes %v of its chips of supplier %d, want %v of %d", month, w.name(c.firm), from.share, from.supplier, share, w.firms[from.maker].supplier)
			}
		}
		for _, b := range c.base {
			if x := w.ties.has(c.firm, w.suppliers[b.supplier].firm); b.tie >= 0 && (x == nil || x.place != b.tie) {
				t.Fatalf("%v: the tie of %s with supplier %d is not at %d", month, w.name(c.firm), b.supplier, b.tie)
			}
		}
	}
	for i := range w.lots {
		l := &w.lots[i]
		pair, chips := &w.ties.list[l.Pair], int32(-1)
		if l.Family != id.None {
			chips = w.ties.has(l.Buyer, l.Family).place
		}
		if pair.a != l.Buyer || pair.b != l.Seller || l.Chips != chips {
			t.Fatalf("%v: lot %d knows the ties %d and %d, want %d for its chips", month, i, l.Pair, l.Chips, chips)
		}
	}
	for n, k := range w.deals.ties {
		if p := w.deals.parties[n]; k >= 0 && (w.ties.list[k].a != p[0] || w.ties.list[k].b != p[1]) {
			t.Fatalf("%v: contract %d has the tie at %d, which is not that of its parties", month, n, k)
		}
	}
}

// anyRegime looks for the regime over a shipment among all.
func anyRegime(w *World, x int, owner id.Firm, r id.Region) *export {
	for i := range w.exports {
		e := &w.exports[i]
		if e.regime.Acts && e.covers[x] && (e.terms.Region == r || e.terms.Reach == "owners" && w.firms[owner].home == e.terms.Region) {
			return e
		}
	}
	return nil
}
