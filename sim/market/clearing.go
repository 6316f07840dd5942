package market

import (
	"math"

	"powerplay/sim/unit"
)

// Network is what n firms owe each other and have to pay it with. Amounts are in one unit of money, such as
// cents, and not negative; all debts rank equally, seniority is the caller's. Its memory is kept from one
// clearing to the next, and no argument is.
//
// What debtors pay is a vector p with
//
//	p[i] = owed[i]                                      if cash[i] + Σⱼ share[j][i]·p[j] ≥ owed[i]
//	p[i] = recovery·(cash[i] + Σⱼ share[j][i]·p[j])     else      (11.5)
//
// where share[j][i] is the part of what j owes that it owes to i: each debtor pays its creditors in proportion.
// A recovery below 1 is what is left of a firm's means when it fails. More than one vector may satisfy this, for
// whether a firm can pay depends on whether others do; all lie between a greatest and a least.
//
// Sources: Eisenberg and Noe, "Systemic Risk in Financial Systems", Management Science 47(2), 2001 (recovery 1,
// the fictitious default algorithm); Rogers and Veraart, "Failure and Rescue in an Interbank Network",
// Management Science 59(4), 2013 (recovery below 1, where the two ends differ).
type Network struct {
	n       int
	cash    []float64
	owed    []float64
	due     []float64 // n×n: due[j·n+i] is what j owes i
	paid    []float64
	whole   []bool // can pay in full
	capped  []bool // pays in full in a solution of partial
	reached []bool // money can come to it
	failed  []int  // the firms whose payments are solved for, in order
	matrix  []float64
	unknown []float64
}

// Reset empties the network and makes room for n firms.
func (w *Network) Reset(n int) {
	w.n = n
	w.cash, w.owed, w.paid = zeroed(w.cash, n), zeroed(w.owed, n), zeroed(w.paid, n)
	w.due = zeroed(w.due, n*n)
	w.whole, w.capped, w.reached = zeroed(w.whole, n), zeroed(w.capped, n), zeroed(w.reached, n)
}

func zeroed[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	x = x[:n]
	clear(x)
	return x
}

// Fund gives firm i so much more to pay with.
func (w *Network) Fund(i int, x float64) { w.cash[i] += x }

// Owe adds a debt. A firm owes itself nothing.
func (w *Network) Owe(debtor, creditor int, x float64) {
	if debtor == creditor {
		return
	}
	w.owed[debtor] += x
	w.due[debtor*w.n+creditor] += x
}

// Greatest returns the most that all firms can pay, by firm: nobody fails whom the payments of others save. The
// result holds until the next call.
//
// It begins with everybody paying in full, takes out who cannot, solves for what those pay, and goes on while
// that makes others fail: at most n+1 times.
func (w *Network) Greatest(recovery float64) []float64 {
	for i := range w.n {
		w.whole[i], w.reached[i] = true, true
		w.paid[i] = w.owed[i]
	}
	for changed := true; changed; {
		changed = false
		for i := range w.n {
			if w.whole[i] && w.owed[i] > 0 && w.means(i) < enough(w.owed[i]) {
				w.whole[i], changed = false, true
			}
		}
		if changed {
			w.solve(w.whole, recovery)
		}
	}
	return w.paid
}

// Least returns the least that clears: nobody is saved by money that comes only if it is saved. The result holds
// until the next call.
//
// It begins with nobody paying in full, finds what they pay then, and lets those pay in full who can on that:
// at most n+1 times.
func (w *Network) Least(recovery float64) []float64 {
	for i := range w.n {
		w.whole[i] = w.owed[i] == 0
	}
	for changed := true; changed; {
		w.reach()
		w.partial(recovery)
		changed = false
		for i := range w.n {
			if !w.whole[i] && w.means(i) >= enough(w.owed[i]) {
				w.whole[i], changed = true, true
			}
		}
	}
	return w.paid
}

// enough is what counts as owed in full: sums and solutions are rounded.
func enough(owed float64) float64 { return owed - float64(1e-12*owed) - 1e-6 }

// means is what firm i has if the others pay what stands in paid.
func (w *Network) means(i int) float64 {
	x := w.cash[i]
	for j := range w.n {
		x += float64(w.comes(j, i) * w.paid[j])
	}
	return x
}

// comes is the part of what j pays that goes to i.
func (w *Network) comes(j, i int) float64 {
	if w.owed[j] <= 0 {
		return 0
	}
	return w.due[j*w.n+i] / w.owed[j]
}

// reach marks the firms that money can come to: those with cash, those that pay in full, and whom they pay. A
// circle of firms that owe only each other and have nothing pays nothing at the least.
func (w *Network) reach() {
	for i := range w.n {
		w.reached[i] = w.cash[i] > 0 || w.whole[i] && w.owed[i] > 0
	}
	for changed := true; changed; {
		changed = false
		for j := range w.n {
			for i := range w.n {
				if w.reached[j] && !w.reached[i] && w.due[j*w.n+i] > 0 {
					w.reached[i], changed = true, true
				}
			}
		}
	}
}

// partial sets what firms pay when those that are not whole pay recovery of their means, at most what they owe.
// Among firms that money reaches this has one solution, which is sought from above.
func (w *Network) partial(recovery float64) {
	for i := range w.n {
		w.capped[i] = w.whole[i] || w.reached[i]
		w.paid[i] = 0
		if w.capped[i] {
			w.paid[i] = w.owed[i]
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range w.n {
			if w.capped[i] && !w.whole[i] && recovery*w.means(i) < enough(w.owed[i]) {
				w.capped[i], changed = false, true
			}
		}
		if changed {
			w.solve(w.capped, recovery)
		}
	}
}

// solve sets what the firms pay that money reaches and that do not pay in full, given that the full pay all:
//
//	p = recovery·(cash + Σ from the full + Σ from each other)
func (w *Network) solve(full []bool, recovery float64) {
	w.failed = w.failed[:0]
	for i := range w.n {
		if !full[i] && w.reached[i] {
			w.failed = append(w.failed, i)
		}
	}
	k := len(w.failed)
	w.matrix, w.unknown = zeroed(w.matrix, k*k), zeroed(w.unknown, k)
	for r, i := range w.failed {
		w.matrix[r*k+r] = 1
		b := w.cash[i]
		for j := range w.n {
			if full[j] {
				b += float64(w.comes(j, i) * w.owed[j])
			}
		}
		w.unknown[r] = recovery * b
		for c, j := range w.failed {
			w.matrix[r*k+c] -= float64(recovery * w.comes(j, i))
		}
	}
	eliminate(w.matrix, w.unknown)
	for r, i := range w.failed {
		w.paid[i] = max(0, min(w.owed[i], w.unknown[r]))
	}
}

// eliminate solves a·x = b in place by elimination with the largest pivot of each column; the result stands in b.
// A column without a pivot, which only rounding can leave, makes its unknown zero.
func eliminate(a, b []float64) {
	n := len(b)
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r*n+c]) > math.Abs(a[pivot*n+c]) {
				pivot = r
			}
		}
		if math.Abs(a[pivot*n+c]) < 1e-13 {
			continue
		}
		for k := range n {
			a[c*n+k], a[pivot*n+k] = a[pivot*n+k], a[c*n+k]
		}
		b[c], b[pivot] = b[pivot], b[c]
		for r := range n {
			if r == c || a[r*n+c] == 0 {
				continue
			}
			f := a[r*n+c] / a[c*n+c]
			for k := c; k < n; k++ {
				a[r*n+k] -= float64(f * a[c*n+k])
			}
			b[r] -= float64(f * b[c])
		}
	}
	for c := range n {
		if math.Abs(a[c*n+c]) < 1e-13 {
			b[c] = 0
			continue
		}
		b[c] /= a[c*n+c]
	}
}

// Claim is a debt between two firms of a network, in cents.
type Claim struct {
	Debtor, Creditor int
	Amount           unit.USD
	Paid             unit.USD // set by Clear
}

// Clear sets what each claim is paid if every debtor pays as much as the greatest vector says, its creditors in
// proportion, and loses nothing by paying late. cash has an entry a firm.
//
// A payment in part is cut to whole cents, so a firm that passes such payments on may promise up to a cent more
// for each than it gets. Those cents are the caller's to find: taken off payments, they would go round a circle
// of debts until nothing is left.
func (w *Network) Clear(claims []Claim, cash []unit.USD) {
	w.Reset(len(cash))
	for i, x := range cash {
		w.Fund(i, float64(x))
	}
	for _, c := range claims {
		w.Owe(c.Debtor, c.Creditor, float64(c.Amount))
	}
	p := w.Greatest(1)
	for i := range claims {
		c := &claims[i]
		c.Paid = c.Amount
		if d := c.Debtor; !w.whole[d] { // so it owes something
			c.Paid = unit.USD(math.Floor(float64(float64(c.Amount)*(p[d]/w.owed[d])) + 1e-3))
		}
	}
}
