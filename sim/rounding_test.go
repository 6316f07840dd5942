package sim

import (
	"testing"

	"powerplay/sim/asset"
	"powerplay/sim/unit"
)

// What rounding leaves decides nothing. Each of these once did.

func TestAWindowThatHasEmptiedHoldsNothing(t *testing.T) {
	w := opened(t, small())
	for k := range unit.Month(7) { // tenths of a dollar, which floating point cannot add up and take off again
		w.ties.startMonth(january + k)
		w.ties.bought(cloudC, labA, unit.Dollars(0.1*float64(k+1)))
		w.ties.paid(labA, cloudC, unit.Dollars(0.7))
	}
	for k := range unit.Month(window) {
		w.ties.startMonth(january + 7 + k)
	}
	x := w.ties.find(cloudC, labA)
	if invested, spent := x.bothWays(w.ties.back(x), openingWeight(window)); invested != 0 || spent != 0 {
		t.Errorf("an empty window holds $%g invested and $%g spent", invested, spent)
	}
}

func TestALabThatPaysOutAllItTakesBurnsNothing(t *testing.T) {
	f := firmState{burn: [3]float64{-36076884.93, -71746387.74, 107823272.67}}
	if x := f.meanBurn(); x != 0 {
		t.Errorf("it burns $%g a month", x)
	}
}

func TestOwnersWhoBoughtAlikeRankAlike(t *testing.T) {
	half := 0.1 + 0.2
	if outranks(half, 0.3) || outranks(0.3, half) || !outranks(0.31, half) {
		t.Error("the last digit of a stake ranks its holder")
	}
}

func TestASoldOutMakerBeginsNoSite(t *testing.T) {
	w := opened(t, small())
	site := asset.Site{Owner: cloudC, Family: maker, Size: 100, Powered: 100, Stage: asset.Ready}
	for _, tt := range []struct{ ready, want float64 }{{1e-9, 0}, {45_000, 50}, {1e6, 100}} {
		w.suppliers[0].ready = tt.ready
		if got := w.onHand(0, &site, 100, 900); got != tt.want {
			t.Errorf("%g H100e fill %g MW of 100, want %g", tt.ready, got, tt.want)
		}
	}
}
