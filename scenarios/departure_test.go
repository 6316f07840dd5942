package scenarios_test

import (
	"math"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

const withoutAzure = "contracts.azure-openai-use=null"

// otherBusiness is the rest of a firm's business after the first month of the central run.
func otherBusiness(t *testing.T, s *scenarios.Study, key string) unit.USDPerYear {
	t.Helper()
	m := s.Model.Clone()
	w := sim.NewWorld(m)
	for _, in := range s.SimInputs() {
		in.Set(m, in.Central)
	}
	w.Reset(m, rng.Run{})
	if err := w.Step(m.Start + 1); err != nil {
		t.Fatal(err)
	}
	f, ok := m.Find(key)
	rest, closes := w.OtherBusiness(f)
	if !ok || !closes {
		t.Fatalf("%s has no other business", key)
	}
	return rest
}

func shiftOf(t *testing.T, s *scenarios.Study, key string) float64 {
	t.Helper()
	f, ok := s.Model.Find(key)
	if !ok {
		t.Fatalf("there is no %s", key)
	}
	return float64(s.Model.Firms[f].CashFlowShift)
}

func TestOtherBusinessDoesNotMakeGoodAContractLeftOut(t *testing.T) {
	base, without := load(t, "base-2026", ""), load(t, "base-2026", "", withoutAzure)
	for _, key := range []string{"microsoft", "oracle", "nvidia"} {
		if a, b := otherBusiness(t, base, key), otherBusiness(t, without, key); math.Abs(float64(a-b)) > 1 {
			t.Errorf("the rest of %s's business is $%.0f/yr with the contract and $%.0f/yr without", key, a, b)
		}
	}
	if lost := -shiftOf(t, without, "microsoft"); lost < 5e9 || lost > 15e9 {
		t.Errorf("without 1.2 GW let for 11bn a gigawatt, of which 85%% is sure, Microsoft's first month is $%.0f/yr poorer", lost)
	}
	if base.Hash == without.Hash {
		t.Error("both have one hash")
	}
}

func TestADepartureIsWholeInItsFile(t *testing.T) {
	made := load(t, "base-2026", "", withoutAzure)
	fs := afero.NewMemMapFs()
	if err := afero.WriteFile(fs, "made.yaml", made.Encode(), 0o644); err != nil {
		t.Fatal(err)
	}
	read, problems := scenarios.Load(fs, "made.yaml", "", nil)
	if read == nil {
		t.Fatal(problems)
	}
	if !read.SameShifts(made) {
		t.Errorf("Microsoft's cash flow is shifted by %g as made, by %g as read", shiftOf(t, made, "microsoft"), shiftOf(t, read, "microsoft"))
	}
	// What departs from it in turn comes on top, and on the way back nothing is left.
	contract := string(scenarios.Encode(load(t, "base-2026", "").Tree.At("contracts.azure-openai-use")))
	back, problems := scenarios.Load(fs, "made.yaml", "", []string{"contracts.azure-openai-use=" + inline(contract)})
	if back == nil {
		t.Fatal(problems)
	}
	if x := shiftOf(t, back, "microsoft"); math.Abs(x) > 1e6 { // it now stands last, and who stands first is served first
		t.Errorf("with the contract again a shift of $%.0f/yr is left", x)
	}
}

// inline writes a map of plain values on one line.
func inline(yaml string) string {
	tree, _ := scenarios.Parse("contract.yaml", []byte(yaml))
	text := "{"
	for _, c := range tree.Children {
		if c.Kind == scenarios.Scalar && c.Key != "note" {
			text += c.Key + ": " + c.Text + ", "
		}
	}
	return text + "source: [D064]}"
}

func TestOnlyDeparturesInTheFirstMonthShiftCashFlow(t *testing.T) {
	for _, tt := range []struct {
		name, variant string
		sets          []string
		want          bool // a hundred million or more
	}{
		{"base-2026", "", nil, false},
		{"base-2026", "", []string{"end=2027-12"}, false},
		{"base-2026", "", []string{"firms.microsoft.operating_cash_flow=$100B/yr"}, false}, // a fact restated
		{"amazon-milestones", "no-deal", nil, false},                                       // signed later
		{"antitrust", "cap-revenue-share", nil, true},
		{"base-2026", "", []string{withoutAzure, "firms.microsoft.cash_flow_shift=$0/yr"}, false}, // stated
	} {
		if got := shiftOf(t, load(t, tt.name, tt.variant, tt.sets...), "microsoft"); (math.Abs(got) > 1e8) != tt.want {
			t.Errorf("%s %s %v shifts Microsoft's cash flow by %g", tt.name, tt.variant, tt.sets, got)
		}
	}
}
