package sim

import (
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

func TestCloudsThatReckonWithTheirOwnEffectBuildLessAndLetDearer(t *testing.T) {
	var energised, rent [2]float64
	for i := range energised {
		m := small()
		m.End = unit.Date(2030, 12)
		for k := range m.Firms {
			if c := m.Firms[k].Cloud; c != nil {
				c.Strategic = i == 1
			}
		}
		w := play(t, m, rng.Run{Seed: 1, Index: 1}, nil)
		energised[i], rent[i] = get(w, measure.TotalEnergised, 0), get(w, measure.RentPerGWYear, 0)
	}
	if energised[1] >= energised[0] || rent[1] <= rent[0] {
		t.Errorf("%.0f MW at %.3g instead of %.0f MW at %.3g, want less capacity at a higher rent", energised[1], rent[1], energised[0], rent[0])
	}
}
