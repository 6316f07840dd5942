package sim

import (
	"math"
	"testing"

	"powerplay/sim/contract"
	"powerplay/sim/id"
	"powerplay/sim/ledger"
	"powerplay/sim/measure"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// venture is a joint venture of the fund and cloud C in cloud D: $30bn in two calls, two thirds of it the fund's.
func venture(change func(*contract.JointVenture)) contract.Contract {
	v := &contract.JointVenture{
		Venture: cloudD, OnMiss: "dilute", DebtShare: 0.5, LoanRate: 0.12, LoanTerm: 24,
		Members: []contract.Member{{Firm: fund, Pledge: unit.Dollars(20 * bn), Lab: id.None}, {Firm: cloudC, Pledge: unit.Dollars(10 * bn), Lab: id.None}},
		Calls:   []contract.Call{{Share: 0.5, On: unit.Date(2026, 2)}, {Share: 0.5, On: unit.Date(2027, 2)}},
	}
	if change != nil {
		change(v)
	}
	return contract.Contract{Key: "venture", Kind: "joint-venture", Signed: unit.Date(2026, 1), Terms: v}
}

// until plays the central run of a model to a month.
func until(t *testing.T, m *Model, end unit.Month) *World {
	t.Helper()
	m.End = end
	return play(t, m, rng.Run{}, nil)
}

func (w *World) stakeOf(a, b id.Firm) float64 { return w.ties.find(a, b).stake }

func TestMembersOwnAVentureByWhatTheyPaid(t *testing.T) {
	tests := []struct {
		name        string
		change      func(*contract.JointVenture)
		fund, cloud float64 // stakes
		paid        float64 // of the first call, $bn
		lent        float64 // by cloud C to the fund, $bn
	}{
		{"all pay", nil, 2. / 3, 1. / 3, 15, 0},
		{"who misses is diluted", func(v *contract.JointVenture) { v.Calls[0].MissedBy = []id.Firm{fund} }, 0, 1, 5, 0},
		{"or owes the others its part", func(v *contract.JointVenture) { v.Calls[0].MissedBy, v.OnMiss = []id.Firm{fund}, "loan" }, 2. / 3, 1. / 3, 15, 10},
		{"or nobody pays", func(v *contract.JointVenture) { v.Calls[0].MissedBy, v.OnMiss = []id.Firm{fund}, "shrink" }, 0, 0, 0, 0},
		{"a veto holds the call back", func(v *contract.JointVenture) { v.Members[0].Veto = true }, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := small(venture(tt.change))
			if tt.name == "a veto holds the call back" {
				m.Firms[cloudD].Cloud.HurdleRate = 0.9 // so that no rent covers its cost
			}
			w := until(t, m, unit.Date(2026, 2))
			if a, b := w.stakeOf(fund, cloudD), w.stakeOf(cloudC, cloudD); math.Abs(a-tt.fund) > 1e-9 || math.Abs(b-tt.cloud) > 1e-9 {
				t.Errorf("they own %.3f and %.3f, want %.3f and %.3f", a, b, tt.fund, tt.cloud)
			}
			if got := w.books.Amount(cloudD, ledger.PaidIn).Dollars() / bn; math.Abs(got-tt.paid) > 1e-6 {
				t.Errorf("$%.3fbn are paid in, want %v", got, tt.paid)
			}
			if got := w.books.Amount(cloudC, ledger.Lent).Dollars() / bn; math.Abs(got-tt.lent) > 1e-6 {
				t.Errorf("cloud C has lent $%.3fbn, want %v", got, tt.lent)
			}
			if got := w.clouds[w.firms[cloudD].cloud].bound / bn; math.Abs(got-2*tt.paid) > 1e-6 {
				t.Errorf("$%.3fbn are there to build with, want as much debt as equity: %v", got, 2*tt.paid)
			}
			left := 20.0
			if tt.name != "a veto holds the call back" {
				left = 10
			}
			if got := get(w, measure.Pledged, fund) / bn; got != left {
				t.Errorf("the fund's pledge stands at $%vbn, want %v", got, left)
			}
		})
	}
}

func TestACallTellsStakesOnceAllHavePaid(t *testing.T) {
	m := small(venture(nil))
	m.End = unit.Date(2026, 2)
	_, kinds := hear(t, m, "venture", nil)
	told := kinds["call"]
	if len(told) != 2 {
		t.Fatalf("%d calls are told, want one of each member", len(told))
	}
	for i, want := range []float64{2. / 3, 1. / 3} {
		if got := told[i].Why[2].Value; math.Abs(got-want) > 1e-9 {
			t.Errorf("member %d is said to hold %.3f, want %.3f", i, got, want)
		}
	}
}

func TestAMemberWithoutMeansMissesItsCall(t *testing.T) {
	m := small(venture(nil))
	m.Firms[fund].Cash, m.Firms[fund].Investor.Budget = unit.Dollars(bn), bn
	w := until(t, m, unit.Date(2026, 2))
	if a, b := w.stakeOf(fund, cloudD), w.stakeOf(cloudC, cloudD); a != 0 || b != 1 {
		t.Errorf("they own %.3f and %.3f, want the fund with its $1bn to miss a call of $10bn", a, b)
	}
}

func TestMembersKeepTheirNextCallOutOfRounds(t *testing.T) {
	// The fund's purse is $40bn, its calls of February 2026 and 2027 are $10bn each.
	month := unit.Date(2026, 1)
	for _, tt := range []struct {
		name   string
		change func(*contract.JointVenture)
		want   float64 // the fund's ticket, $bn
	}{
		{"the call of next month is kept", nil, 30},
		{"one at a time", func(v *contract.JointVenture) { v.Calls[1].On = month + 2 }, 30},
		{"also a year ahead", func(v *contract.JointVenture) { v.Calls[0].On, v.Calls[1].On = month+12, month+20 }, 30},
		{"later ones are not", func(v *contract.JointVenture) { v.Calls[0].On, v.Calls[1].On = month+13, month+20 }, 40},
	} {
		m := small(venture(tt.change))
		m.Market.Funding.InvestorCap = 1
		w := NewWorld(m)
		w.Reset(m, rng.Run{})
		w.reckonCalls(month)
		w.fillTickets(join{company: labA, raise: unit.Dollars(500 * bn), trial: true}, month)
		got := 0.0
		for _, k := range w.tickets {
			if k.firm == fund {
				got = k.amount.Dollars() / bn
			}
		}
		if math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: the fund puts $%.3fbn into a round, want %v", tt.name, got, tt.want)
		}
	}
}

func TestWhatMembersPayIsBuilt(t *testing.T) {
	var energised [2]float64
	for i := range energised {
		v := venture(nil)
		if i == 1 {
			v.Signed = unit.Date(2040, 1)
		}
		w := until(t, small(v), unit.Date(2031, 1))
		energised[i] = get(w, measure.CapacityEnergised, cloudD)
	}
	if energised[0] < energised[1]+300 {
		t.Errorf("%.0f MW stand with $60bn from members and lenders, %.0f MW without, want hundreds more", energised[0], energised[1])
	}
}

func TestOthersGetWhatMembersLeave(t *testing.T) {
	right := venture(func(v *contract.JointVenture) {
		v.Members[0].Output, v.Members[0].Lab = 1, labA
	})
	m := small(right)
	w := NewWorld(m)
	w.Reset(m, rng.Run{})
	w.byGap()
	l, c := &w.labs[w.firms[labA].lab], w.firms[cloudD].cloud
	l.short = 5000
	month := unit.Date(2026, 1)
	n, left := w.outputRight(labA, cloudD, month)
	d := &w.clouds[c]
	if want := d.energised + d.pipeline - 300; n == id.NoContract || math.Abs(left-want) > 1e-6 { // it rents 300 MW already
		t.Errorf("lab A may take %.0f MW, want all but its own 300: %.0f", left, want)
	}
	if got := w.heldBack(c, labB, month); math.Abs(got-left) > 1e-6 {
		t.Errorf("%.0f MW are held back from lab B, want %.0f", got, left)
	}
	if got := w.heldBack(c, labA, month); got != 0 {
		t.Errorf("%.0f MW are held back from who has the right, want none", got)
	}
	l.short = 100
	if got := w.heldBack(c, labB, month); got != 100 {
		t.Errorf("%.0f MW are held back for a lab that lacks 100, want 100", got)
	}
	if _, none := w.outputRight(labB, cloudD, month); none != 0 {
		t.Errorf("lab B may take %.0f MW first, want none", none)
	}
}

func TestALabWithARightTakesCapacityThatOthersWouldGet(t *testing.T) {
	// Cloud D is small and dear, so that it seldom wins lab A; a right brings it an offer each time, and keeps room.
	var taken [2]float64
	for i := range taken {
		m := small(venture(func(v *contract.JointVenture) {
			v.Members[0].Output, v.Members[0].Lab = unit.Share(1-i), labA
		}))
		m.Market.Compute.BidProbability = 0.2
		m.End = unit.Date(2029, 12)
		for run := range uint64(10) {
			w := play(t, m, rng.Run{Seed: 1, Index: run + 1}, nil)
			taken[i] += w.ties.find(labA, cloudD).contracted / 10
		}
	}
	if taken[0] < taken[1]+100 {
		t.Errorf("lab A has %.0f MW of cloud D with a right to all of it and %.0f MW without, want hundreds more", taken[0], taken[1])
	}
}
