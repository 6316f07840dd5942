package rng

import "powerplay/sim/num"

// GammaTable gives the quantiles of one gamma distribution of mean 1 to whoever needs thousands of them. The cube root of a
// gamma variate is nearly normal (Wilson and Hilferty), so as a function of the normal quantile it is nearly a straight
// line: a cubic through four of its values, a quarter of a standard deviation apart, is off by less than a hundred
// thousandth of the mean: minutes of the years that a site takes to build.
type GammaTable struct {
	shape float64
	root  [nodes]float64 // cube roots of the quantiles at −reach, −reach + 1/perSD, …, reach
}

const (
	reach  = 5 // standard deviations; beyond them, once in two million draws, Gamma is asked
	perSD  = 4
	nodes  = 2*reach*perSD + 1
	thirds = 1.0 / 3
)

// Set makes the table that of a shape.
func (g *GammaTable) Set(shape float64) {
	if shape == g.shape {
		return
	}
	g.shape = shape
	for k := range g.root {
		z := float64(k-nodes/2) / perSD
		g.root[k] = num.Exp(num.Log(Gamma(num.NormalProbability(z), shape, 1/shape)) * thirds)
	}
}

// Quantile returns the u-quantile of the table's distribution.
func (g *GammaTable) Quantile(u float64) float64 {
	at := float64((num.NormalQuantile(u) + reach) * perSD)
	if !(at >= 1 && at < nodes-2) {
		return Gamma(u, g.shape, 1/g.shape)
	}
	k := int(at)
	f := at - float64(k)
	y := g.root[k-1 : k+3]
	// Lagrange's cubic through the four neighbours, f of the way from the second to the third.
	a, b, c := f+1, f-1, f-2
	root := float64(-f*b*c/6*y[0]) + float64(a*b*c/2*y[1]) - float64(a*f*c/2*y[2]) + float64(a*f*b/6*y[3])
	return max(0, root*root*root)
}
