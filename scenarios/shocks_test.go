package scenarios_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShocksThatCannotStandAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"a kind that nobody knows", "kind: earthquake, share: 10%", []string{"E204 shocks.s.kind"}},
		{"a term of another kind", "kind: ban, lab: openai, share: 10%, factor: 2", []string{"E203 shocks.s.factor"}},
		{"a lab that is none", "kind: ban, lab: nvidia, share: 10%", []string{"E408 shocks.s.lab"}},
		{"a cloud that is none", "kind: outage, cloud: openai, share: 10%, lasts: 3 months", []string{"E408 shocks.s.cloud"}},
		{"an outage of nobody", "kind: outage, share: 10%, lasts: 3 months", []string{"E410 shocks.s.cloud"}},
		{"an outage where the cloud has nothing", "kind: outage, cloud: coreweave, region: gulf, share: 10%, lasts: 3 months", []string{"E410 shocks.s.region"}},
		{"a ban lifted before it is carried out", "kind: ban, lab: openai, share: 10%, phase_out: 6 months, lasts: 3 months", []string{"E410 shocks.s.phase_out"}},
		{"a factor without time", "kind: factor, on: rent, factor: 2, lasts: 0 months", []string{"E410 shocks.s.lasts"}},
		{"nothing wrong", "kind: outage, region: gulf, share: 10%, lasts: 3 months", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range onBase(t, "shocks:\n  s: {"+tt.text+", starts: 2026-06, source: [assumption]}\n") {
				got = append(got, p.Code+" "+p.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
