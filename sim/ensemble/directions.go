package ensemble

// directions are what each bit of a place adds, modulo 2, to the 32 binary digits of a Sobol' sequence.
type directions [32]uint32

// at returns the digits at a place of the sequence.
func (d *directions) at(place uint32) (digits uint32) {
	for bit := 0; place != 0; bit++ {
		digits ^= d[bit] * (place & 1)
		place >>= 1
	}
	return digits
}

// newDirections returns those of a dimension counted from 0.
//
// Source: Bratley and Fox, "Algorithm 659", ACM Transactions on Mathematical Software 14(1), 1988.
func newDirections(dimension int) *directions {
	var v directions
	if dimension == 0 { // the van der Corput sequence
		for bit := range v {
			v[bit] = 1 << (31 - bit)
		}
		return &v
	}
	p := joeKuo()[dimension-1]
	for bit := range v {
		if bit < p.degree {
			v[bit] = p.first[bit] << (31 - bit)
			continue
		}
		v[bit] = v[bit-p.degree] ^ v[bit-p.degree]>>p.degree
		for k := 1; k < p.degree; k++ {
			v[bit] ^= v[bit-k] * (p.middle >> (p.degree - 1 - k) & 1)
		}
	}
	return &v
}

// primitive is a primitive polynomial over the two bits, and the odd numbers from which a dimension starts.
type primitive struct {
	degree int
	middle uint32   // its coefficients without the first and the last, which are 1
	first  []uint32 // as many as its degree, the i-th below 2^i
}

// joeKuo lists the dimensions from the second to the 32nd.
//
// Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM Journal on
// Scientific Computing 30(5), 2008: their table new-joe-kuo-6.21201, columns s, a and m_i.
func joeKuo() []primitive {
	return []primitive{
		{1, 0, []uint32{1}},                        // 2
		{2, 1, []uint32{1, 3}},                     // 3
		{3, 1, []uint32{1, 3, 1}},                  // 4
		{3, 2, []uint32{1, 1, 1}},                  // 5
		{4, 1, []uint32{1, 1, 3, 3}},               // 6
		{4, 4, []uint32{1, 3, 5, 13}},              // 7
		{5, 2, []uint32{1, 1, 5, 5, 17}},           // 8
		{5, 4, []uint32{1, 1, 5, 5, 5}},            // 9
		{5, 7, []uint32{1, 1, 7, 11, 19}},          // 10
		{5, 11, []uint32{1, 1, 5, 1, 1}},           // 11
		{5, 13, []uint32{1, 1, 1, 3, 11}},          // 12
		{5, 14, []uint32{1, 3, 5, 5, 31}},          // 13
		{6, 1, []uint32{1, 3, 3, 9, 7, 49}},        // 14
		{6, 13, []uint32{1, 1, 1, 15, 21, 21}},     // 15
		{6, 16, []uint32{1, 3, 1, 13, 27, 49}},     // 16
		{6, 19, []uint32{1, 1, 1, 15, 7, 5}},       // 17
		{6, 22, []uint32{1, 3, 1, 15, 13, 25}},     // 18
		{6, 25, []uint32{1, 1, 5, 5, 19, 61}},      // 19
		{7, 1, []uint32{1, 3, 7, 11, 23, 15, 103}}, // 20
		{7, 4, []uint32{1, 3, 7, 13, 13, 15, 69}},  // 21
		{7, 7, []uint32{1, 1, 3, 13, 7, 35, 63}},   // 22
		{7, 8, []uint32{1, 3, 5, 9, 1, 25, 53}},    // 23
		{7, 14, []uint32{1, 3, 1, 13, 9, 35, 107}}, // 24
		{7, 19, []uint32{1, 3, 1, 5, 27, 61, 31}},  // 25
		{7, 21, []uint32{1, 1, 5, 11, 19, 41, 61}}, // 26
		{7, 28, []uint32{1, 3, 5, 3, 3, 13, 69}},   // 27
		{7, 31, []uint32{1, 1, 7, 13, 1, 19, 1}},   // 28
		{7, 32, []uint32{1, 3, 7, 5, 13, 19, 59}},  // 29
		{7, 37, []uint32{1, 1, 3, 9, 25, 29, 41}},  // 30
		{7, 41, []uint32{1, 3, 5, 13, 23, 1, 55}},  // 31
		{7, 42, []uint32{1, 3, 7, 3, 13, 59, 17}},  // 32
	}
}
