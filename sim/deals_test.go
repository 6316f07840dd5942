package sim

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// first is the id of the first contract that a test adds to the small world, which has two of its own.
const first id.Contract = 2

func TestAContractActsFromItsSignatureToItsEnd(t *testing.T) {
	signed := unit.Date(2027, 1)
	share := func(change func(*contract.Contract)) contract.Contract {
		c := contract.Contract{Key: "share", Kind: "revenue-share", Signed: signed, Terms: &contract.RevenueShare{Payer: labA, Payee: cloudC, Rate: 0.1, Sold: 1}}
		change(&c)
		return c
	}
	tests := []struct {
		name string
		c    contract.Contract
		at   unit.Month
		want bool
	}{
		{"not before it is signed", share(func(*contract.Contract) {}), signed - 1, false},
		{"from the month of signature", share(func(*contract.Contract) {}), signed, true},
		{"without an end for ever", share(func(*contract.Contract) {}), signed + 1000, true},
		{"in its last month", share(func(c *contract.Contract) { c.Until = signed + 6 }), signed + 6, true},
		{"no more after it", share(func(c *contract.Contract) { c.Until = signed + 6 }), signed + 7, false},
	}
	for _, tt := range tests {
		m := small(tt.c)
		w := NewWorld(m)
		w.Reset(m, rng.Run{Seed: 1})
		if got := w.deals.active(first, tt.at); got != tt.want {
			t.Errorf("%s: acts in %v: %v, want %v", tt.name, tt.at, got, tt.want)
		}
	}
}

func TestContractsJoinEveryGroup(t *testing.T) {
	d := &NewWorld(small()).deals
	listed := map[uintptr]bool{}
	for _, g := range d.groups {
		listed[reflect.ValueOf(g).Pointer()] = true
	}
	picked := []string{"ahead", "unspent"} // anew each month, of a group
	v := reflect.ValueOf(d).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !reflect.PointerTo(f.Type).Implements(reflect.TypeFor[grouping]()) || slices.Contains(picked, f.Name) {
			continue
		}
		if !listed[v.Field(i).Addr().Pointer()] {
			t.Errorf("learn does not list %s: no contract joins it", f.Name)
		}
	}
}

// The story of Microsoft and OpenAI in the small world: an exclusivity, a first refusal in its place, which is amended
// and then given up for spend promised.
func TestContractsReplaceAndAmendEachOther(t *testing.T) {
	second := first + 1
	chain := []contract.Contract{
		{Key: "only", Kind: "exclusivity", Signed: long, Terms: &contract.Exclusivity{Holder: cloudC, Lab: labA, Object: "compute", Scope: "full", Workload: "all"}},
		{Key: "right", Kind: "first-refusal", Signed: unit.Date(2026, 12), Replaces: []id.Contract{first}, Terms: &contract.FirstRefusal{Holder: cloudC, Lab: labA, Notice: 1, Match: "full"}},
		{Key: "milder", Kind: "first-refusal", Signed: unit.Date(2027, 12), Amends: &second, Terms: &contract.FirstRefusal{Holder: cloudC, Lab: labA, Notice: 1, Match: "notify"}},
		{Key: "spend", Kind: "take-or-pay", Signed: unit.Date(2028, 12), Replaces: []id.Contract{first + 2}, Terms: &contract.TakeOrPay{Buyer: labA, Seller: cloudC, Commitment: unit.Dollars(bn), Starts: unit.Date(2029, 1), Term: 36, Floor: 1}},
	}
	_, events, _ := told(t, small(chain...))
	begun, last := map[string]unit.Month{}, map[string]unit.Month{}
	for _, e := range events {
		key := e.Kind + " " + e.Contract
		if begun[key] == 0 {
			begun[key] = e.Month
		}
		last[key] = e.Month
	}
	for key, want := range map[string]unit.Month{
		"sign right": unit.Date(2026, 12), "end only": unit.Date(2026, 12), "amend milder": unit.Date(2027, 12), "end right": unit.Date(2027, 12),
		"sign spend": unit.Date(2028, 12), "end milder": unit.Date(2028, 12),
	} {
		if begun[key] != want {
			t.Errorf("%q happens in %v, want %v", key, begun[key], want)
		}
	}
	for _, tt := range []struct {
		key      string
		from, to unit.Month
	}{
		{"barred only", unit.Date(2025, 12), unit.Date(2026, 11)},
		{"notice right", unit.Date(2026, 12), unit.Date(2027, 11)},
		{"notice milder", unit.Date(2027, 12), unit.Date(2028, 11)},
	} {
		if begun[tt.key] < tt.from || last[tt.key] > tt.to {
			t.Errorf("%q happens from %v to %v, want within %v to %v", tt.key, begun[tt.key], last[tt.key], tt.from, tt.to)
		}
	}
}

func TestAnAmendedContractGoesOnWhereItStood(t *testing.T) {
	old := first
	capped := func(most unit.USD) *contract.RevenueShare {
		return &contract.RevenueShare{Payer: labA, Payee: cloudC, Rate: 0.2, Base: "revenue", Segment: "all", Sold: 1, Cap: most}
	}
	// Lab A earns some $1.7bn a month: the first cap of $1bn is reached within three months, so that $0.5bn are left of the second.
	m := small(
		contract.Contract{Key: "share", Kind: "revenue-share", Signed: long, Terms: capped(unit.Dollars(1 * bn))},
		contract.Contract{Key: "more", Kind: "revenue-share", Signed: unit.Date(2026, 7), Amends: &old, Terms: capped(unit.Dollars(1.5 * bn))},
	)
	w, _, _ := told(t, m)
	if got := w.deals.states[first+1].Paid; got != unit.Dollars(1.5*bn) {
		t.Errorf("paid under the amended contract: $%.3gbn, want the new cap of $1.5bn, the older payments counted", got.Dollars()/bn)
	}
	if got := w.deals.states[first].Paid; got != unit.Dollars(1*bn) {
		t.Errorf("paid under the old one: $%.3gbn, want $1bn", got.Dollars()/bn)
	}
}

func TestAReplacedReservationGivesItsCapacityBack(t *testing.T) {
	reserve := func(key string, mw unit.MW, signed unit.Month, replaces ...id.Contract) contract.Contract {
		return contract.Contract{Key: key, Kind: "capacity-reservation", Signed: signed, Replaces: replaces, Terms: &contract.CapacityReservation{Buyer: labA, Seller: cloudC, Capacity: mw, Starts: unit.Date(2026, 1), Ramp: 1, Term: 60, Floor: 1}}
	}
	m := small(reserve("old", 77, long), reserve("new", 33, unit.Date(2026, 6), first))
	w := NewWorld(m)
	w.Reset(m, rng.Run{Seed: 1})
	for month := m.Start + 1; month <= unit.Date(2026, 7); month++ {
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
		var sizes []string
		for _, l := range w.lots {
			if l.Contract >= first && l.Contract != id.NoContract {
				sizes = append(sizes, w.deals.contracts[l.Contract].Key)
			}
		}
		want := "old"
		if month >= unit.Date(2026, 6) {
			want = "new"
		}
		if got := strings.Join(sizes, " "); got != want {
			t.Errorf("%v: lots of %q, want %q", month, got, want)
		}
	}
}

func TestOfTwoClashingExclusivitiesTheHigherPrecedenceHolds(t *testing.T) {
	only := func(key string, holder id.Firm, rank int, signed unit.Month) contract.Contract {
		return contract.Contract{Key: key, Kind: "exclusivity", Signed: signed, Precedence: rank, Terms: &contract.Exclusivity{Holder: holder, Lab: labA, Object: "compute", Scope: "full", Workload: "all"}}
	}
	for _, tt := range []struct {
		c, d int
		want id.Firm
	}{{1, 0, cloudC}, {0, 1, cloudD}} {
		_, events, count := told(t, small(only("with-c", cloudC, tt.c, long), only("with-d", cloudD, tt.d, unit.Date(2026, 3))))
		if count["clash"] != 1 {
			t.Errorf("%d clashes are told, want 1", count["clash"])
		}
		for _, e := range events {
			if e.Kind == "lot" && e.Firm == labA && e.Month >= unit.Date(2026, 3) && e.With != tt.want {
				t.Errorf("precedence %d and %d: in %v the lab signs with firm %d, want %d", tt.c, tt.d, e.Month, e.With, tt.want)
			}
		}
	}
}
