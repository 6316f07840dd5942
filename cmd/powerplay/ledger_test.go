package main

import (
	"math"
	"testing"

	"powerplay/output"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// A flow is what is posted in the month to the accounts that it is read from, to the cent, and a stock moves by that.
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
	stock := map[measure.ID]bool{
		measure.Cash: true, measure.Debt: true,
		measure.Revenue: false, measure.ComputeRevenue: false, measure.ChipRevenue: false, measure.Spend: false, measure.Levies: false,
	}
	type place struct {
		column int
		month  unit.Month
	}
	sums := map[place]int64{}
	err = r.Ledger(func(p record.Posting) error {
		for i, c := range series.Columns {
			if m, _ := measure.Find(c.Metric); p.Memo != "closing" && touches(p, c) {
				for _, a := range accountsOf(m) {
					sums[place{i, p.Month}] += growth(p, c.Entity, a)
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
		holds, ok := stock[m]
		if !ok {
			continue
		}
		for k := 1; k < len(run.Months); k++ {
			want := run.Values[i][k]
			if holds {
				want -= run.Values[i][k-1]
			}
			compared++
			if got := sums[place{i, run.Months[k]}]; got != int64(math.Round(100*want)) {
				t.Errorf("%s in %v: the postings come to %d cents, the measure to %.2f dollars", c.Name(), run.Months[k], got, want)
			}
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}
