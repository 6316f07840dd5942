package effect

import (
	"math"
	"math/bits"
	"slices"

	"powerplay/sim/rng"
)

// Coalition is some of several changes made together: bit i stands for change i.
type Coalition uint64

// All is the coalition of all of k changes.
func All(k int) Coalition { return 1<<k - 1 }

// With is the coalition with one change more.
func (c Coalition) With(i int) Coalition { return c | 1<<i }

// Has tells whether a change is made.
func (c Coalition) Has(i int) bool { return c>>i&1 == 1 }

// Shapley divides what k changes do together among them, run by run: the value of a change is what it adds to those made
// before it, in the mean over all orders in which they can be made.
//
//	φ(i) = Σ over c without i of |c|!·(k−1−|c|)!/k! · (worth(c with i) − worth(c))
//
// worth gives a number under the changes of a coalition, one value a run; it is asked for all 2^k of them. The values of
// a run sum to worth(all) − worth(none) but for rounding: amounts of a trillion dollars to the cent.
//
// Source: L. S. Shapley, "A Value for n-Person Games", Contributions to the Theory of Games II, Princeton 1953.
func Shapley(k int, worth func(Coalition) []float64) [][]float64 {
	weight := make([]float64, k) // by the size of c
	for size := range weight {
		weight[size] = 1 / float64(k)
		for j := range size { // size!·(k−1−size)!/(k−1)!
			weight[size] = weight[size] * float64(j+1) / float64(k-1-j)
		}
	}
	values := make([][]float64, k)
	for i := range values {
		values[i] = make([]float64, len(worth(0)))
		for c := range All(k) {
			if c.Has(i) {
				continue
			}
			without, with := worth(c), worth(c.With(i))
			for run := range values[i] {
				values[i][run] += float64(weight[bits.OnesCount64(uint64(c))] * (with[run] - without[run]))
			}
		}
	}
	return values
}

// Orders draws orders in which k changes can be made, in pairs: an order and its reverse, so that who is early in the one
// is late in the other. The same seed gives the same orders, and more pairs begin with those of fewer.
//
// Source: Mitchell, Cooper, Frank and Holmes, "Sampling Permutations for Shapley Value Estimation", Journal of Machine
// Learning Research 23, 2022: antithetic sampling.
func Orders(seed uint64, k, pairs int) [][]int {
	var all [][]int
	for pair := range pairs {
		order := make([]int, k)
		for i := range order { // an order by insertion: each place is as likely
			draw := rng.Run{Seed: seed, Index: uint64(pair)}.Uniform(rng.Order, 0, 0, i)
			at := int(draw * float64(i+1))
			copy(order[at+1:], order[at:i])
			order[at] = i
		}
		back := slices.Clone(order)
		slices.Reverse(back)
		all = append(all, order, back)
	}
	return all
}

// Sampled estimates what [Shapley] gives, from pairs of orders instead of all. In each order what the changes add sums to
// the whole, and so do the means over the orders. Errors are the standard errors of the values' means over the runs that
// come from looking at so few orders; they are NaN for a single pair.
func Sampled(orders [][]int, worth func(Coalition) []float64) (values [][]float64, errors []float64) {
	k, runs := len(orders[0]), len(worth(0))
	values, errors = make([][]float64, k), make([]float64, k)
	means := make([][]float64, k) // of each pair
	for i := range values {
		values[i], means[i] = make([]float64, runs), make([]float64, len(orders)/2)
	}
	for n, order := range orders {
		made := Coalition(0)
		for _, i := range order {
			before, after := worth(made), worth(made.With(i))
			made = made.With(i)
			for run := range runs {
				adds := after[run] - before[run]
				values[i][run] += adds / float64(len(orders))
				means[i][n/2] += adds / float64(2*runs)
			}
		}
	}
	for i := range errors {
		errors[i] = math.Sqrt(variance(means[i]) / float64(len(means[i])))
	}
	return values, errors
}
