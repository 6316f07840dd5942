package sim

import (
	"strings"
	"testing"

	"powerplay/sim/id"
)

// What stands for several firms is told of in the plural, whatever happens to it.
func TestFirmsOfSeveralAreToldOfInThePlural(t *testing.T) {
	m := small()
	for _, f := range []id.Firm{labA, labB} {
		m.Firms[f].Name = "Other labs"
	}
	for _, f := range []id.Firm{cloudC, cloudD} {
		m.Firms[f].Name = "Other clouds"
	}
	_, events, _ := told(t, m)
	verbs := 0
	for _, e := range events {
		if strings.ContainsAny(e.What, "{}|") || strings.Contains(e.What, "labs's") || strings.Contains(e.What, "clouds's") {
			t.Errorf("it is told that %q", e.What)
		}
		for _, name := range []string{"Other labs ", "Other clouds "} {
			rest, is := strings.CutPrefix(e.What, name)
			verb, _, _ := strings.Cut(rest, " ")
			if is && strings.HasSuffix(strings.TrimSuffix(verb, "."), "s") {
				t.Errorf("it is told that %q", e.What)
			}
			if is {
				verbs++
			}
		}
	}
	if verbs == 0 {
		t.Error("nothing is told of them")
	}
}
