package main

import (
	"math"
	"testing"

	"powerplay/output"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Between the ends of two months a firm's cash moves by what is posted, to the cent, and its revenue is what is posted to
// its accounts of sales.
func TestTheLedgerAddsUpToTheMeasures(t *testing.T) {
	fs, screen := desk(t, map[string]string{"small.yaml": "name: small\nextends: base-2026\nend: 2026-12\n"})
	if err := execute(t.Context(), fs, screen, []string{"run", "small.yaml", "--runs", "0", "--ledger", "--plots", "none", "--out", "result"}); err != nil {
		t.Fatal(err)
	}
	r, err := output.Open(fs, "result")
	if err != nil {
		t.Fatal(err)
	}
	series, err := r.Series(0)
	if err != nil {
		t.Fatal(err)
	}
	type place struct {
		firm    string
		measure measure.ID
		month   unit.Month
	}
	sums := map[place]int64{}
	sales := []ledger.Account{ledger.ModelRevenue, ledger.ComputeRevenue, ledger.ChipRevenue, ledger.ShareIncome}
	err = r.Ledger(func(p record.Posting) error {
		for _, e := range r.About.Entities {
			sums[place{e.Key, measure.Cash, p.Month}] += p.Moves(e.Key, ledger.Cash.String())
			for _, a := range sales {
				if p.Memo != "closing" {
					sums[place{e.Key, measure.Revenue, p.Month}] -= p.Moves(e.Key, a.String())
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	run, compared := series.Runs[0], 0
	for i, c := range series.Columns {
		m, _ := measure.Find(c.Metric)
		if c.With != "" || m != measure.Cash && m != measure.Revenue {
			continue
		}
		for k := 1; k < len(run.Months); k++ {
			want := run.Values[i][k]
			if m == measure.Cash {
				want -= run.Values[i][k-1]
			}
			compared++
			if got := sums[place{c.Entity, m, run.Months[k]}]; got != int64(math.Round(100*want)) {
				t.Fatalf("%s of %s in %v: the postings come to %d cents, the measure to %.2f dollars", c.Metric, c.Entity, run.Months[k], got, want)
			}
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}
