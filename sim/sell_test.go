package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func TestRivalsDriveListPricesToCostAndNoFurther(t *testing.T) {
	m := small()
	m.Market.Price.CompetitionMarkdown = 0.18 // nine tenths a year
	atCost := 0
	play(t, m, rng.Run{}, func(w *World, month unit.Month) {
		for i := range w.labs {
			l := &w.labs[i]
			if l.priceMove < -0.01 && l.lnPrice < l.lnCost-1e-9 {
				t.Fatalf("%v: lab %d cuts its price by %.3f to %.3f, below its cost of %.3f", month, i, -l.priceMove, l.lnPrice, l.lnCost)
			}
			if d := l.lnPrice - l.lnCost; d > -1e-9 && d < 1e-9 {
				atCost++
			}
		}
	})
	if atCost < 12 {
		t.Errorf("a price stands at cost in %d months, want a year or more: the rivals are as good as each other", atCost)
	}
}

func TestTheWorkloadOfARightIsWhatTheLabRuns(t *testing.T) {
	x := contract.Exclusivity{Holder: cloudC, Lab: labA, Object: "compute", Scope: "full", Workload: "serving"}
	m := small(bind("serving", "exclusivity", &x))
	w := play(t, m, rng.Run{}, func(*World, unit.Month) {})
	l := &w.labs[0]
	before := w.placement(labA, &x).Serving
	l.needs.Research *= 100 // it wishes for more than it could ever have
	after := w.placement(labA, &x).Serving
	if want := unit.Share(l.serving / l.used); before != after || before < want-1e-9 || before > want+1e-9 {
		t.Errorf("serving is %.3f and with a larger wish for research %.3f of what the right is about, want %.3f both times", before, after, want)
	}
}
