package rng

import (
	"fmt"
	"math"

	"powerplay/sim/num"
)

// Copula makes numbers hang together that were uniform between 0 and 1 and independent. Each stays exactly uniform; the
// first stays what it was.
//
// It is the Gaussian copula: the numbers become normal, are mixed by the Cholesky factor of their correlations,
// and become uniform again.
type Copula struct {
	factor [][]float64 // lower triangle, by row
}

// CorrelationError says that no numbers can hang together as asked.
type CorrelationError struct {
	Row     int // the first that does not go with those before it
	Percent int // its correlations with those could be at most so many hundredths of what they are, below 100
}

// Error implements error.
func (e *CorrelationError) Error() string {
	return fmt.Sprintf("the correlations of number %d with those before it cannot hold together", e.Row)
}

// NewCopula returns the copula with these rank correlations, Spearman's, a symmetric table. The only error is a
// *[CorrelationError].
//
// Source: for rank correlations of normal variables, ρ = 6/π arcsin(r/2): Kruskal, "Ordinal measures of association",
// Journal of the American Statistical Association 53, 1958.
func NewCopula(rank [][]float64) (*Copula, error) {
	c := &Copula{factor: make([][]float64, len(rank))}
	for i := range rank {
		row := c.row(i, rank[i][:i], 1)
		if row == nil {
			return nil, &CorrelationError{Row: i, Percent: c.reach(i, rank[i][:i])}
		}
		c.factor[i] = row
	}
	return c, nil
}

// row returns row i of the factor for so large a part of the rank correlations with those before, or nil where there is none.
func (c *Copula) row(i int, rank []float64, part float64) []float64 {
	row := make([]float64, i+1)
	var length float64 // of the row so far, squared
	for j := range i {
		s := float64(2 * sine(float64(math.Pi/6*float64(part*rank[j]))))
		for k := range j {
			s -= float64(row[k] * c.factor[j][k])
		}
		row[j] = s / c.factor[j][j]
		length += float64(row[j] * row[j])
	}
	if length > 1-1e-9 {
		return nil
	}
	row[i] = math.Sqrt(1 - length)
	return row
}

// reach returns the most hundredths of the rank correlations for which there is a row i. They are tried, for they are no
// multiple of the correlations that the factor is made of.
func (c *Copula) reach(i int, rank []float64) int {
	percent := 99
	for percent > 0 && c.row(i, rank, float64(percent)/100) == nil {
		percent--
	}
	return percent
}

// sine returns the sine of an x within ±π/6, to the last bits, by its series.
func sine(x float64) float64 {
	sum, term := x, x
	for n := 2.0; n <= 18; n += 2 {
		term = -term * float64(x*x) / float64(n*(n+1))
		sum += term
	}
	return sum
}

// Apply mixes the numbers at the places, as many as the copula has, in u.
func (c *Copula) Apply(u []float64, places []int) {
	for i := len(places) - 1; i > 0; i-- { // from the last, for each needs only those before it as they were
		var z float64
		for j, at := range places[:i+1] {
			z += float64(c.factor[i][j] * num.NormalQuantile(u[at]))
		}
		u[places[i]] = min(max(num.NormalProbability(z), 0x1p-53), 1-0x1p-53)
	}
}
