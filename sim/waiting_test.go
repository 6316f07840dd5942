package sim

import (
	"testing"

	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// What keeps a cloud from having more shows in what waits for it, and in nothing else.
func TestWhatBindsACloudShowsInWhatWaits(t *testing.T) {
	total := func(m *Model, of measure.ID) (sum float64) {
		play(t, m, rng.Run{}, func(w *World, month unit.Month) {
			for _, f := range []int{int(labB), int(cloudC), int(cloudD)} {
				sum += w.panel.At(w.m.Layout.Of(of, f))
			}
		})
		return sum
	}
	for _, tt := range []struct {
		name string
		of   measure.ID
		bind func(m *Model)
	}{
		{"power", measure.WaitingForPower, func(m *Model) { m.Regions[0].Connections, m.Regions[0].OnsiteShare = 1, 0 }},
		{"chips", measure.WaitingForChips, func(m *Model) { m.Firms[maker].Supplier.Shipments /= 100 }},
		{"money", measure.WaitingForMoney, func(m *Model) {
			for i := range m.Firms {
				if c := m.Firms[i].Cloud; c != nil {
					c.CapexLimit, c.DebtShare, m.Firms[i].Cash = 0, 0, 0
				}
			}
		}},
	} {
		bound, open := small(), small()
		open.Regions[0].Connections, open.Regions[0].ConnectionTime = 1e6, 1
		tt.bind(bound)
		if free, now := total(open, tt.of), total(bound, tt.of); now < 1000 || now < 5*free {
			t.Errorf("where %s is short %.0f MW-months wait for it, and %.0f where it is not", tt.name, now, free)
		}
	}
}

// Every megawatt in service runs on somebody's chips.
func TestTheInstalledBaseAddsUpToWhatIsInService(t *testing.T) {
	play(t, small(), rng.Run{}, func(w *World, month unit.Month) {
		base, inService := 0.0, 0.0
		for i := range w.firms {
			base += w.panel.At(w.m.Layout.Of(measure.InstalledBase, i))
		}
		for i := range w.clouds {
			inService += w.clouds[i].energised
		}
		if d := base - inService; d > 1e-6*inService || d < -1e-6*inService {
			t.Fatalf("%v: %.3f MW run on somebody's chips, and %.3f are in service", month, base, inService)
		}
	})
}
