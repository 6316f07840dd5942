package plot

import (
	"math"
	"testing"
)

// lab is a colour in CIELAB under D65.
type lab struct{ L, a, b float64 }

// labOf converts linear sRGB channels in [0, 1].
func labOf(r, g, b float64) lab {
	x := (0.4124564*r + 0.3575761*g + 0.1804375*b) / 0.95047
	y := 0.2126729*r + 0.7151522*g + 0.0721750*b
	z := (0.0193339*r + 0.1191920*g + 0.9503041*b) / 1.08883
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	return lab{116*f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))}
}

// ciede2000 is the colour difference of Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula:
// Implementation Notes, Supplementary Test Data, and Mathematical Observations", Color Research and
// Application 30(1), 2005.
func ciede2000(p, q lab) float64 {
	const deg = math.Pi / 180
	meanC := (math.Hypot(p.a, p.b) + math.Hypot(q.a, q.b)) / 2
	g := 0.5 * (1 - math.Sqrt(math.Pow(meanC, 7)/(math.Pow(meanC, 7)+math.Pow(25, 7))))
	a1, a2 := (1+g)*p.a, (1+g)*q.a
	c1, c2 := math.Hypot(a1, p.b), math.Hypot(a2, q.b)
	hue := func(b, a float64) float64 {
		if a == 0 && b == 0 {
			return 0
		}
		return math.Mod(math.Atan2(b, a)/deg+360, 360)
	}
	h1, h2 := hue(p.b, a1), hue(q.b, a2)
	dh := h2 - h1
	switch {
	case c1*c2 == 0:
		dh = 0
	case dh > 180:
		dh -= 360
	case dh < -180:
		dh += 360
	}
	dL, dC, dH := q.L-p.L, c2-c1, 2*math.Sqrt(c1*c2)*math.Sin(dh/2*deg)
	L, C := (p.L+q.L)/2, (c1+c2)/2
	h := h1 + h2
	if c1*c2 != 0 {
		switch {
		case math.Abs(h1-h2) <= 180:
			h /= 2
		case h < 360:
			h = (h + 360) / 2
		default:
			h = (h - 360) / 2
		}
	}
	t := 1 - 0.17*math.Cos((h-30)*deg) + 0.24*math.Cos(2*h*deg) + 0.32*math.Cos((3*h+6)*deg) - 0.20*math.Cos((4*h-63)*deg)
	turn := 30 * math.Exp(-math.Pow((h-275)/25, 2))
	rc := 2 * math.Sqrt(math.Pow(C, 7)/(math.Pow(C, 7)+math.Pow(25, 7)))
	sl := 1 + 0.015*math.Pow(L-50, 2)/math.Sqrt(20+math.Pow(L-50, 2))
	sc, sh := 1+0.045*C, 1+0.015*C*t
	rt := -math.Sin(2*turn*deg) * rc
	return math.Sqrt(math.Pow(dL/sl, 2) + math.Pow(dC/sc, 2) + math.Pow(dH/sh, 2) + rt*(dC/sc)*(dH/sh))
}

// sights simulate how people see colour, as matrices over linear sRGB: severity 1.0 of Machado, Oliveira and
// Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009.
var sights = map[string][3][3]float64{
	"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func seen(c rgb, m [3][3]float64) lab {
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var out [3]float64
	for i := range out {
		for j := range in {
			out[i] += m[i][j] * in[j]
		}
		out[i] = min(max(out[i], 0), 1)
	}
	return labOf(out[0], out[1], out[2])
}

func TestColourDifferenceMatchesPublishedPairs(t *testing.T) {
	// Pairs 1, 4, 7, 13, 17 and 25 of the supplementary data of Sharma et al.
	for _, c := range []struct {
		p, q lab
		want float64
	}{
		{lab{50, 2.6772, -79.7751}, lab{50, 0, -82.7485}, 2.0425},
		{lab{50, -1.3802, -84.2814}, lab{50, 0, -82.7485}, 1.0000},
		{lab{50, 0, 0}, lab{50, -1, 2}, 2.3669},
		{lab{50, -0.001, 2.49}, lab{50, 0.0009, -2.49}, 4.8045},
		{lab{50, 2.5, 0}, lab{73, 25, -18}, 27.1492},
		{lab{60.2574, -34.0099, 36.2677}, lab{60.4626, -34.1751, 39.4387}, 1.2644},
	} {
		if got := ciede2000(c.p, c.q); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("difference of %v and %v = %.4f, want %.4f", c.p, c.q, got, c.want)
		}
	}
}

func TestColoursCanBeToldApartWithEverySight(t *testing.T) {
	least := func(hues []hue) (float64, string) {
		best, where := math.Inf(1), ""
		for name, m := range sights {
			for i := range hues {
				for j := range i {
					if d := ciede2000(seen(hues[i].fill, m), seen(hues[j].fill, m)); d < best {
						best, where = d, name+" "+hues[i].fill.hex()+" "+hues[j].fill.hex()
					}
				}
			}
		}
		return best, where
	}
	for _, c := range []struct {
		n    int
		want float64
	}{{6, 16.7}, {8, 12.5}} {
		got, where := least(categorical()[:c.n])
		t.Logf("first %d: %.2f (%s)", c.n, got, where)
		if got < c.want-0.05 {
			t.Errorf("the first %d colours differ by %.2f at least (%s), want %.1f", c.n, got, where, c.want)
		}
	}
}

func TestColoursStandOutFromPaper(t *testing.T) {
	for i, h := range categorical() {
		if c := contrast(h.fill, white); c < 3 {
			t.Errorf("fill %d %s has contrast %.2f, want 3", i+1, h.fill.hex(), c)
		}
		if c := contrast(h.label, white); c < 4.5 {
			t.Errorf("label %d %s has contrast %.2f, want 4.5", i+1, h.label.hex(), c)
		}
	}
	for _, c := range []rgb{ink, muted} {
		if got := contrast(c, white); got < 4.5 {
			t.Errorf("text colour %s has contrast %.2f, want 4.5", c.hex(), got)
		}
	}
}

func TestShadesAreThoseOfTheStyleGuide(t *testing.T) {
	want := []struct {
		label string
		tints [3]string
	}{
		{"#2452C0", [3]string{"#DCE3F5", "#B5C4EA", "#849EDC"}},
		{"#727B0E", [3]string{"#EDEED9", "#D8DBAF", "#BFC47B"}},
		{"#7E0343", [3]string{"#EAD7E1", "#D3A9BF", "#B77296"}},
		{"#008472", [3]string{"#D6EFEB", "#A8DDD6", "#70C6BB"}},
		{"#8E62B5", [3]string{"#F3EAFA", "#E5D2F5", "#D4B6EE"}},
		{"#4A4E08", [3]string{"#E2E3D7", "#C1C3AB", "#9A9C75"}},
		{"#C54A69", [3]string{"#FBE4EA", "#F6C6D2", "#F0A1B5"}},
		{"#7E5C83", [3]string{"#EAE5EB", "#D3C8D5", "#B7A4BA"}},
	}
	near := func(a, b rgb, by int) bool {
		d := func(x, y uint8) bool { return int(x)-int(y) <= by && int(y)-int(x) <= by }
		return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B)
	}
	for i, h := range categorical() {
		if c, _ := parseHex(want[i].label); !near(h.label, c, 6) {
			t.Errorf("label %d is %s, want about %s", i+1, h.label.hex(), want[i].label)
		}
		for k, tint := range h.tints {
			if c, _ := parseHex(want[i].tints[k]); !near(tint, c, 1) {
				t.Errorf("tint %d of %d is %s, want %s", k, i+1, tint.hex(), want[i].tints[k])
			}
		}
	}
}

func TestFanTintsStepDownInLightness(t *testing.T) {
	for _, h := range categorical() {
		last := 100.0
		for _, c := range append(h.tints[:], h.fill) {
			L := seen(c, sights["normal"]).L
			if last-L < 5 {
				t.Errorf("%s of %s is only %.1f darker than the band around it", c.hex(), h.fill.hex(), last-L)
			}
			last = L
		}
	}
}

func TestAFirmKeepsItsColourWhenOthersAreFolded(t *testing.T) {
	series := make([]Series, 10)
	for i := range series {
		series[i] = Series{Key: string(rune('a' + i))}
	}
	all, err := hues(series[:8], func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	// Series 2 and 3 give way to 8 and 9, which take colours nobody uses.
	some, err := hues(series, func(i int) bool { return i != 2 && i != 3 })
	if err != nil {
		t.Fatal(err)
	}
	used := map[rgb]int{}
	for i, h := range some {
		switch {
		case i == 2 || i == 3:
			if h != neutralHue {
				t.Errorf("series %d is %s, want neutral", i, h.fill.hex())
			}
			continue
		case i < 8 && h != all[i]:
			t.Errorf("series %d changed colour from %s to %s", i, all[i].fill.hex(), h.fill.hex())
		}
		if j, twice := used[h.fill]; twice {
			t.Errorf("series %d and %d are both %s", i, j, h.fill.hex())
		}
		used[h.fill] = i
	}
	if _, err := hues([]Series{{Key: "x", Color: "blue"}}, func(int) bool { return true }); err == nil {
		t.Error("color blue was taken; want an error that asks for hex digits")
	}
}
