package main

import (
	"testing"

	"powerplay/sim/effect"
)

// What rounding to cents does to a market of hundreds of billions is no difference, and a part of a row that nobody would see
// is none either.
func TestDifferencesThatNobodySeesAreNone(t *testing.T) {
	d := contrast{Difference: effect.Difference{
		First: 567.3e9, Second: 567.3e9, Low: -4e3, High: 2e4,
		Median: effect.Estimate{Value: -23, Low: -526, High: 266}, Mean: effect.Estimate{Value: 3e3, Low: -1e3, High: 6e3},
	}}
	if seen, some := d.visible(); some {
		t.Errorf("of next to nothing %+v is seen", seen)
	}
	d.High = 11e9
	seen, some := d.visible()
	if !some || seen.High != 11e9 || seen.Low != 0 || seen.Median.Low != 0 {
		t.Errorf("seen are %+v, %v", seen, some)
	}
}

func TestHowManyTimesTheRunsIsNotSaidBeyondReason(t *testing.T) {
	for x, want := range map[float64]string{1e13: "over 10,000", 3204: "3,200", 46.4: "46", 6.13: "6.1"} {
		if got := timesText(x); got != want {
			t.Errorf("%g is %q, want %q", x, got, want)
		}
	}
}
