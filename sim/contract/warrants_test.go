package contract

import (
	"fmt"
	"math"
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

func TestWarrantsVestWhenCapacityAndPriceAreThere(t *testing.T) {
	// 100·k MW stand at the close of the k-th month from January; the price is 50·k to June and 25 after it.
	layout := measure.NewLayout(3, 0, nil)
	panel := measure.NewPanel(layout)
	mw, price := layout.Of(measure.CapacityEnergised, int(lab)), layout.Of(measure.Valuation, int(rival))
	shut := func(closed unit.Month) {
		k := float64(closed - start + 1)
		frame := panel.Open(closed)
		frame[mw], frame[price] = 100*k, 50*k
		if k > 6 {
			frame[price] = 25
		}
	}
	needs := func(g, p float64) measure.Test {
		return measure.Test{Text: fmt.Sprintf("%v MW and $%v", g, p), Holds: func(x *measure.Panel) bool { return x.At(mw) >= g && x.At(price) >= p }}
	}
	c := Warrants{
		Issuer: rival, Holder: lab, Shares: 160, Total: 1600, Strike: unit.Dollars(4), Expires: start + 11,
		Tranches: []Vesting{
			{0.25, needs(200, 0)},   // February
			{0.25, needs(100, 200)}, // capacity in January, the price in April
			{0.25, needs(800, 300)}, // the price is gone when the capacity comes
			{0.25, needs(1300, 0)},  // a month too late
		},
	}
	type vest struct {
		month, part int
		share       float64
	}
	// 40 of 1640 shares, then 40 of 1680: each part is a part of the shares after it.
	want := []vest{{2, 1, 40.0 / 1640}, {4, 2, 40.0 / 1680}}
	var s State
	var got []vest
	lapsed := 0
	for k := range 16 {
		now := Now{Month: start + unit.Month(k), Contract: 7, Measures: panel}
		shut(now.Month - 1)
		var out Dues
		c.Test(now, &s, &out)
		for _, x := range out.Issues {
			if x.Issuer != rival || x.Holder != lab || x.Pays != unit.Dollars(1) || x.Sells {
				t.Errorf("issues %+v", x)
			}
			got = append(got, vest{k, x.Part, x.Share})
		}
		lapsed += len(out.Lapses)
		if len(out.Lapses) > 0 && k != 13 {
			t.Errorf("lapses in month %d, want when the close after the expiry is read", k)
		}
	}
	if len(got) != len(want) || lapsed != 2 {
		t.Fatalf("vests %+v and %d parts lapse, want %+v and 2", got, lapsed, want)
	}
	for i := range want {
		if got[i].month != want[i].month || got[i].part != want[i].part || math.Abs(got[i].share-want[i].share) > 1e-12 {
			t.Errorf("vests %+v, want %+v", got[i], want[i])
		}
	}
}

func TestAllTranchesTogetherAreTheShare(t *testing.T) {
	always := measure.Test{Holds: func(*measure.Panel) bool { return true }}
	c := Warrants{Issuer: rival, Holder: lab, Share: 0.1, Expires: start + 12, Tranches: []Vesting{{0.5, always}, {0.3, always}, {0.2, always}}}
	var s State
	var out Dues
	c.Test(Now{Month: start}, &s, &out)
	stake := 0.0
	for _, x := range out.Issues {
		stake = stake*(1-x.Share) + x.Share
	}
	if math.Abs(stake-0.1) > 1e-12 {
		t.Errorf("the holder ends with %v of the issuer, want 0.1", stake)
	}
}
