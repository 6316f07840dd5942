package num

// LogGamma returns ln Γ(x) for x > 0, with an error below 1e-14 × max(1, |ln Γ(x)|). It is +Inf at 0 and at
// +Inf, and NaN for a negative x and for NaN.
//
// Method: Γ(x) = Γ(x+n) / (x(x+1)…(x+n-1)) up to x+n ≥ 10, then Stirling's series (Abramowitz and Stegun,
// 6.1.41), whose first neglected term is 3e-17 there.
func LogGamma(x float64) float64 {
	const halfLn2Pi = 0.91893853320467274178
	if x != x || x < 0 || x == 0 || x > 1e305 {
		return logGammaLimit(x)
	}
	shift := 1.0
	for x < 10 {
		shift *= x
		x++
	}
	z := 1 / float64(x*x)
	s := -691.0/360360 + float64(z*(1.0/156))
	s = 1.0/1188 + float64(z*s)
	s = -1.0/1680 + float64(z*s)
	s = 1.0/1260 + float64(z*s)
	s = -1.0/360 + float64(z*s)
	s = 1.0/12 + float64(z*s)
	return (float64((x-0.5)*Log(x)) - x) + (halfLn2Pi + s/x) - Log(shift)
}

// logGammaLimit answers at the ends of the domain and outside it.
func logGammaLimit(x float64) float64 {
	if x >= 0 {
		return -Log(0)
	}
	return Log(-1)
}
