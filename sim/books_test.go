package sim

import (
	"errors"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// residuals adds all accounts up by firm and all claims by instrument, without the ledger's own check.
func residuals(t *testing.T, w *World, month unit.Month) {
	t.Helper()
	var claims [16]unit.USD
	for f := range len(w.m.Firms) + 1 {
		var sum unit.USD
		for _, a := range ledger.Accounts() {
			x := w.books.Balance(id.Firm(f), a)
			sum += x
			claims[a.Instrument()] += x
		}
		if sum != 0 {
			t.Fatalf("%v: books of %s are off by %d cents, want 0", month, w.name(id.Firm(f)), sum)
		}
	}
	for i, x := range claims[1:] {
		if x != 0 {
			t.Fatalf("%v: %v are off by %d cents over all firms, want 0", month, ledger.Instrument(i+1), x)
		}
	}
}

func TestBooksBalanceToTheCentEveryMonth(t *testing.T) {
	for run := range uint64(40) {
		play(t, small(), rng.Run{Seed: 3, Index: run}, func(w *World, month unit.Month) { residuals(t, w, month) })
	}
}

func TestALostCentStopsTheRunAndNamesThePosting(t *testing.T) {
	for _, n := range []int{1, 2, 40, 150} {
		m := small()
		r := rng.Run{Seed: 1, Index: 4}
		// The same run without a leak tells which posting is the n-th, and in which month it falls.
		w := NewWorld(m)
		w.Reset(m, r)
		var posted []ledger.Posting
		w.Books().Journal = func(p ledger.Posting) {
			if p.Memo.Kind != "closing" { // the end of a year moves nothing between firms, and a leak passes it by
				posted = append(posted, p)
			}
		}
		due := m.Start
		for len(posted) < n {
			due++
			if err := w.Step(due); err != nil {
				t.Fatal(err)
			}
		}
		w = NewWorld(m)
		w.Reset(m, r)
		w.Books().Leak(n)
		var err error
		month := m.Start
		for err == nil && month < m.End {
			month++
			err = w.Step(month)
		}
		var broken *InvariantError
		var off *ledger.Imbalance
		if !errors.As(err, &broken) || !errors.As(err, &off) {
			t.Fatalf("leak in posting %d: the run ended with %v, want an InvariantError that wraps an Imbalance", n, err)
		}
		if broken.Month != due || month != due {
			t.Errorf("leak in posting %d: found in %v after %v, want %v", n, broken.Month, month, due)
		}
		if off.Residual != 1 && off.Residual != -1 {
			t.Errorf("leak in posting %d: residual is %d cents, want one", n, off.Residual)
		}
		if off.Last != posted[n-1] {
			t.Errorf("leak in posting %d: blamed %+v, want %+v", n, off.Last, posted[n-1])
		}
	}
}
