package sim

import (
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/measure"
	"powerplay/sim/unit"
)

// clubOfTheCloud makes cloud C pay 6 billion for shares of lab A, so that the pair has its measures.
func clubOfTheCloud() *Model {
	return small(signed("club", &contract.EquityRound{
		Company: labA, Lead: cloudC, LeadShare: 1, Amount: unit.Dollars(6 * bn), PreMoney: unit.Dollars(100 * bn), Closes: unit.Date(2032, 12),
	}))
}

func TestSalesOutsideTheLoopLeaveOutWhatTheSellersOwnMoneyCovers(t *testing.T) {
	tests := []struct {
		name                    string
		invested, spent, now    float64 // 36 months; the month is the last part of them
		circular, vendor, loose float64
	}{
		{"a quarter of the spend is covered", 6 * bn, 24 * bn, 2 * bn, 1, 0.25, -0.5 * bn},
		{"more money than spend covers all", 30 * bn, 24 * bn, 2 * bn, 0.8, 1, -2 * bn},
		{"without money all is outside", 0, 24 * bn, 2 * bn, 0, 0, 0},
		{"money that is not spent takes nothing off", 6 * bn, 0, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := clubOfTheCloud()
			w := opened(t, m)
			last := january
			w.ties.bought(cloudC, labA, unit.Dollars(tt.invested))
			w.ties.paid(labA, cloudC, unit.Dollars(tt.spent-tt.now))
			w.ties.startMonth(last + 1)
			w.ties.paid(labA, cloudC, unit.Dollars(tt.now))
			frame := make([]float64, len(m.Layout.Columns))
			w.measure(last+1, frame)
			at := func(id measure.ID) float64 {
				col, ok := m.Layout.Find(measure.Column{Measure: id, Of: uint16(cloudC), With: labA})
				if !ok {
					t.Fatal("the pair has no column")
				}
				return frame[col]
			}
			near(t, "circular share", at(measure.CircularSharePair), tt.circular)
			near(t, "vendor finance share", at(measure.VendorFinanceShare), tt.vendor)
			near(t, "circular share of all labs", frame[m.Layout.Of(measure.CircularShare, 0)], tt.circular)

			// The month's books are empty; give the cloud its sales.
			sold := m.Layout.Of(measure.ComputeRevenue, int(cloudC))
			frame[sold] = 5 * bn
			w.measureTies(last+1, frame)
			near(t, "sales outside the loop", frame[m.Layout.Of(measure.SalesOutsideLoop, int(cloudC))]-5*bn, tt.loose)
		})
	}
}
