package scenarios_test

import (
	"testing"

	"powerplay/sim"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/unit"
)

func TestBooksOfShippedScenariosBalanceToTheCent(t *testing.T) {
	for _, x := range []struct{ name, variant string }{
		{"base-2026", ""}, {"base-2025", ""}, {"history-2023", ""}, {"history-2023", "growth-as-observed"}, {"history-2023", "through-2026"}, {"microsoft-rofr", ""}, {"microsoft-rofr", "always-exercised"}, {"amazon-milestones", ""}, {"amazon-milestones", "all-up-front"},
	} {
		s := load(t, x.name, x.variant)
		m := s.Model.Clone()
		w := sim.NewWorld(m)
		for index := range 6 {
			w.Reset(m, drawn(s, m, index))
			for month := m.Start + 1; month <= m.End; month++ {
				if err := w.Step(month); err != nil {
					t.Fatalf("%s %s, run %d: %v", x.name, x.variant, index, err)
				}
				if f, cents := residual(w.Books(), len(m.Firms)+1); cents != 0 {
					t.Fatalf("%s %s, run %d, %v: books of firm %d are off by %d cents, want 0", x.name, x.variant, index, month, f, cents)
				}
			}
		}
	}
}

// residual adds every account up anew and returns the first sum that is not zero: of a firm, or of a claim over
// all firms, which stands after the firms.
func residual(b *ledger.Books, firms int) (at int, cents unit.USD) {
	var claims [32]unit.USD
	for f := range firms {
		var sum unit.USD
		for _, a := range ledger.Accounts() {
			x := b.Balance(id.Firm(f), a)
			sum += x
			claims[a.Instrument()] += x
		}
		if sum != 0 {
			return f, sum
		}
	}
	for i, x := range claims[1:] {
		if x != 0 {
			return firms + i, x
		}
	}
	return 0, 0
}
