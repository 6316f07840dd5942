package num

import "math"

// NormalQuantile returns the z below which a standard normal variable lies with probability p. The relative
// error is below 1e-15 in the middle and 4e-15 in the tails. NormalQuantile(0) is -Inf and NormalQuantile(1)
// is +Inf; outside [0, 1] the result is NaN. It is antisymmetric where 1-p is exact: the quantile of 1-p is
// that of p with the sign turned.
//
// Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
// 37(3), 1988, routine PPND16.
func NormalQuantile(p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return q * poly(r,
			3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
			4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
		) / poly(r,
			1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
			2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
		)
	}
	tail := p
	if q > 0 {
		tail = 1 - p
	}
	if tail == 0 {
		return math.Copysign(math.Inf(1), q)
	}
	r := math.Sqrt(-Log(tail))
	var z float64
	if r <= 5 {
		r -= 1.6
		z = poly(r,
			1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
		) / poly(r,
			1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
			1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
		)
	} else {
		r -= 5
		z = poly(r,
			6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
		) / poly(r,
			1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
		)
	}
	return math.Copysign(z, q)
}

// poly returns c0 + c1·r + … + c7·r⁷ by Horner's rule.
func poly(r, c0, c1, c2, c3, c4, c5, c6, c7 float64) float64 {
	s := c6 + float64(r*c7)
	s = c5 + float64(r*s)
	s = c4 + float64(r*s)
	s = c3 + float64(r*s)
	s = c2 + float64(r*s)
	s = c1 + float64(r*s)
	return c0 + float64(r*s)
}

// NormalProbability returns the probability with which a standard normal variable lies below z, with an absolute error
// below 2e-15 and a relative one below 1e-8 down to z = -37, beyond which it is held.
//
// Source: Hart et al., Computer Approximations, 1968, algorithm 5666, as given by West, "Better approximations to
// cumulative normal functions", Wilmott Magazine, May 2005; in the tails a continued fraction.
func NormalProbability(z float64) float64 {
	x := math.Abs(z)
	if x > 37 {
		x = 37
	}
	density := Exp(-float64(x*x) / 2)
	var tail float64
	if x < 7.07106781186547 {
		tail = density * poly(x,
			220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688, 3.52624965998911e-02, 0,
		) / poly(x,
			440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207, 1.75566716318264, 8.83883476483184e-02,
		)
	} else {
		tail = density / (x + 1/(x+2/(x+3/(x+4/(x+0.65))))) / 2.506628274631
	}
	if z > 0 {
		return 1 - tail
	}
	return tail
}
