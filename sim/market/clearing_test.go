package market

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"powerplay/sim/unit"
)

// network makes a network of cash and of debts {debtor, creditor, amount}.
func network(cash []float64, debts ...[3]float64) *Network {
	w := new(Network)
	w.Reset(len(cash))
	for i, x := range cash {
		w.Fund(i, x)
	}
	for _, d := range debts {
		w.Owe(int(d[0]), int(d[1]), d[2])
	}
	return w
}

func TestClearing(t *testing.T) {
	tests := []struct {
		name            string
		recovery        float64
		cash            []float64
		debts           [][3]float64
		greatest, least []float64
	}{
		// A has 60 of 120 and pays each creditor 30. B owes 50 and has 10 + 30, C owes nobody.
		{"what a debtor lacks is missing further on", 1, []float64{60, 10, 0}, [][3]float64{{0, 1, 60}, {0, 2, 60}, {1, 2, 50}}, []float64{60, 40, 0}, []float64{60, 40, 0}},
		// A owes B 100 and C 100, B owes A 150: a = 20 + b, b = 10 + a/2, so a = 60, b = 40.
		{"firms that fail together share what they have", 1, []float64{20, 10, 0}, [][3]float64{{0, 1, 100}, {0, 2, 100}, {1, 0, 150}}, []float64{60, 40, 0}, []float64{60, 40, 0}},
		// Nobody has a cent, and 100 that goes round pays everybody, if it goes.
		{"a circle without money clears at the most and not at the least", 1, []float64{0, 0, 0}, [][3]float64{{0, 1, 100}, {1, 2, 100}, {2, 0, 100}}, []float64{100, 100, 100}, []float64{0, 0, 0}},
		// A cent that enters the circle is enough: it cannot leave, and goes round until all is paid.
		{"a circle with money clears either way", 1, []float64{1, 0, 0}, [][3]float64{{0, 1, 100}, {1, 2, 100}, {2, 0, 100}}, []float64{100, 100, 100}, []float64{100, 100, 100}},
		// Each has 40 and owes the other 100. If both pay, both can. If neither does, each has 40 + p and hands on
		// half of it: p = ½·(40 + p) = 40, and 80 is less than 100, so both fail.
		{"costs of failing leave two ends", 0.5, []float64{40, 40}, [][3]float64{{0, 1, 100}, {1, 0, 100}}, []float64{100, 100}, []float64{40, 40}},
		// Without costs of failing the same two pay in full.
		{"and without them there is one", 1, []float64{40, 40}, [][3]float64{{0, 1, 100}, {1, 0, 100}}, []float64{100, 100}, []float64{100, 100}},
		// A cannot pay C even if B pays A, and hands on half of 50 + 20.
		{"who fails loses on what comes in too", 0.5, []float64{50, 30, 0}, [][3]float64{{0, 2, 100}, {1, 0, 20}}, []float64{35, 20, 0}, []float64{35, 20, 0}},
		{"nobody owes anything", 1, []float64{5, 0}, nil, []float64{0, 0}, []float64{0, 0}},
		{"a debt to oneself is none", 1, []float64{0}, [][3]float64{{0, 0, 9}}, []float64{0}, []float64{0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := network(tt.cash, tt.debts...)
			if got := w.Greatest(tt.recovery); !alike(got, tt.greatest) {
				t.Errorf("greatest %v, want %v", got, tt.greatest)
			}
			if got := w.Least(tt.recovery); !alike(got, tt.least) {
				t.Errorf("least %v, want %v", got, tt.least)
			}
		})
	}
}

func alike(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) < 1e-6*max(1, math.Abs(y)) })
}

// walk is the naive answer: apply the rule again and again, from what is owed down or from nothing up. It may
// not come to rest in time.
func walk(w *Network, recovery float64, from []float64) (p []float64, rests bool) {
	p = slices.Clone(from)
	for range 5000 {
		next := make([]float64, w.n)
		moved := 0.0
		for i := range next {
			have := w.cash[i]
			for j := range p {
				have += w.comes(j, i) * p[j]
			}
			next[i] = w.owed[i]
			if have < enough(w.owed[i]) {
				next[i] = recovery * have
			}
			moved = max(moved, math.Abs(next[i]-p[i]))
		}
		p = next
		if moved < 1e-9 {
			return p, true
		}
	}
	return p, false
}

func anyNetwork(t *rapid.T, n int) (cash []float64, debts [][3]float64) {
	for range n {
		x := 0.0
		if rapid.Bool().Draw(t, "has cash") {
			x = float64(rapid.IntRange(0, 100_000).Draw(t, "cash"))
		}
		cash = append(cash, x)
	}
	for range rapid.IntRange(0, 2*n).Draw(t, "debts") {
		i, j := rapid.IntRange(0, n-1).Draw(t, "debtor"), rapid.IntRange(0, n-1).Draw(t, "creditor")
		debts = append(debts, [3]float64{float64(i), float64(j), float64(rapid.IntRange(1, 200_000).Draw(t, "amount"))})
	}
	return cash, debts
}

func TestClearingIsWhatTheRuleComesToRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cash, debts := anyNetwork(t, rapid.IntRange(1, 6).Draw(t, "firms"))
		recovery := rapid.SampledFrom([]float64{1, 0.9, 0.5, 0}).Draw(t, "recovery")
		w := network(cash, debts...)
		top, bottom := slices.Clone(w.Greatest(recovery)), slices.Clone(w.Least(recovery))
		alike := func(a, b []float64) bool {
			return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) < 1 })
		}
		if want, rests := walk(w, recovery, w.owed); rests && !alike(top, want) {
			t.Fatalf("greatest %v, want %v", top, want)
		}
		if want, rests := walk(w, recovery, make([]float64, w.n)); rests && !alike(bottom, want) {
			t.Fatalf("least %v, want %v", bottom, want)
		}
		for i := range top {
			if bottom[i] > top[i]+1e-3 || top[i] > w.owed[i] || bottom[i] < 0 {
				t.Fatalf("firm %d pays %g at the least and %g at the most of %g", i, bottom[i], top[i], w.owed[i])
			}
		}
	})
}

func TestClaimsArePaidToTheCent(t *testing.T) {
	tests := []struct {
		name   string
		cash   []unit.USD
		claims []Claim
		want   []unit.USD
	}{
		{"in full", []unit.USD{100, 0}, []Claim{{Debtor: 0, Creditor: 1, Amount: 100}}, []unit.USD{100}},
		// 101 cents on 200: 50.5 and 50.5.
		{"in proportion, cut to cents", []unit.USD{101, 0, 0}, []Claim{{0, 1, 100, 0}, {0, 2, 100, 0}}, []unit.USD{50, 50}},
		{"a circle without money", []unit.USD{0, 0}, []Claim{{0, 1, 70, 0}, {1, 0, 70, 0}}, []unit.USD{70, 70}},
		{"of nothing", []unit.USD{0, 0}, []Claim{{0, 1, 70, 0}}, []unit.USD{0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			new(Network).Clear(tt.claims, tt.cash)
			for i, c := range tt.claims {
				if c.Paid != tt.want[i] {
					t.Errorf("claim %d is paid %d, want %d", i, c.Paid, tt.want[i])
				}
			}
		})
	}
}

func TestNobodyPaysMoreThanItHasButForCentsOfRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dollars, debts := anyNetwork(t, rapid.IntRange(1, 8).Draw(t, "firms"))
		scale := rapid.SampledFrom([]float64{1, 100, 12_345_678}).Draw(t, "scale")
		cash := make([]unit.USD, len(dollars))
		left := make([]unit.USD, len(dollars))
		for i, x := range dollars {
			cash[i] = unit.USD(x * scale)
			left[i] = cash[i]
		}
		var claims []Claim
		for _, d := range debts {
			claims = append(claims, Claim{Debtor: int(d[0]), Creditor: int(d[1]), Amount: unit.USD(d[2] * scale)})
		}
		new(Network).Clear(claims, cash)
		short := make([]bool, len(cash))
		for _, c := range claims {
			if c.Paid < 0 || c.Paid > c.Amount {
				t.Fatalf("%d of %d cents are paid", c.Paid, c.Amount)
			}
			left[c.Debtor] -= c.Paid
			left[c.Creditor] += c.Paid
			short[c.Debtor] = short[c.Debtor] || c.Paid < c.Amount
		}
		for i, x := range left {
			if x < -unit.USD(len(claims)) {
				t.Fatalf("firm %d is left with %d cents after %d payments", i, x, len(claims))
			}
			if short[i] && x > unit.USD(len(claims)) {
				t.Fatalf("firm %d does not pay in full and keeps %d cents", i, x)
			}
		}
	})
}

func TestClearingAgainAllocatesNothing(t *testing.T) {
	w := new(Network)
	cash := []unit.USD{2000, 1000, 0}
	claims := []Claim{{0, 1, 10_000, 0}, {0, 2, 10_000, 0}, {1, 0, 15_000, 0}}
	w.Clear(claims, cash)
	w.Least(0.5)
	if n := testing.AllocsPerRun(100, func() { w.Clear(claims, cash); w.Least(0.5) }); n != 0 {
		t.Errorf("clearing allocates %v times, want 0", n)
	}
}
