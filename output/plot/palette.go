package plot

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// rgb is an opaque colour. It satisfies color.Color, so that the drawing backends take it as it is.
type rgb struct{ R, G, B uint8 }

// RGBA returns the colour with full opacity; charts never hold transparency.
func (c rgb) RGBA() (r, g, b, a uint32) {
	return color.NRGBA{c.R, c.G, c.B, 255}.RGBA()
}

// hex writes the colour as in a scenario: #2452C0.
func (c rgb) hex() string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// parseHex reads #RRGGBB.
func parseHex(s string) (rgb, error) {
	if len(s) == 7 && s[0] == '#' {
		if n, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
		}
	}
	return rgb{}, fmt.Errorf("plot: color %q; want six hex digits as in #2452C0", s)
}

// hue is one categorical colour with the shades made from it.
type hue struct {
	fill  rgb    // areas and lines, contrast on white ≥ 3:1
	label rgb    // text, contrast on white ≥ 4.5:1
	tints [3]rgb // bands of a fan, outer to inner, opaque
}

// Neutral colours. Ink is for totals and for the observed past; no mid grey is ever used for data that must
// be told apart, because with deutan sight it cannot be told from teal.
var (
	white      = rgb{0xFF, 0xFF, 0xFF}
	ink        = rgb{0x22, 0x22, 0x22}
	muted      = rgb{0x59, 0x59, 0x59}
	axisGrey   = rgb{0x8C, 0x8C, 0x8C}
	otherGrey  = rgb{0xBD, 0xBD, 0xBD}
	gridGrey   = rgb{0xE3, 0xE3, 0xE3}
	shadeGrey  = rgb{0xF4, 0xF4, 0xF4}
	neutralHue = hue{fill: otherGrey, label: muted, tints: [3]rgb{{0xEC, 0xEC, 0xEC}, {0xD2, 0xD2, 0xD2}, {0xB0, 0xB0, 0xB0}}}
)

// categorical returns the palette in its order: blue, olive, wine, teal, violet, moss, rose, mauve. Fills
// are chosen so that any two can be told apart with normal, protan, deutan and tritan sight;
// palette_test.go measures by how much.
func categorical() []hue {
	fills := []rgb{
		{0x24, 0x52, 0xC0},
		{0x8C, 0x96, 0x14},
		{0x7E, 0x03, 0x43},
		{0x00, 0x9A, 0x85},
		{0xB2, 0x7C, 0xE1},
		{0x4A, 0x4E, 0x08},
		{0xE4, 0x57, 0x7A},
		{0x7E, 0x5C, 0x83},
	}
	hues := make([]hue, len(fills))
	for i, f := range fills {
		hues[i] = hueOf(f)
	}
	return hues
}

// ramp is a palette for sizes: its colours stand at equal steps from 0 to 1, and between them they mix.
type ramp []rgb

// sequential is for amounts: lightness falls steadily from the least to the most.
func sequential() ramp {
	return ramp{{0xE8, 0xF1, 0xFA}, {0xB9, 0xD3, 0xEE}, {0x83, 0xAE, 0xDD}, {0x4F, 0x86, 0xC6}, {0x24, 0x52, 0xC0}, {0x14, 0x30, 0x7A}}
}

// diverging is for differences: zero is in the middle, wine below it and blue above.
func diverging() ramp {
	return ramp{
		{0x7E, 0x03, 0x43}, {0xC0, 0x60, 0x8C}, {0xE7, 0xBF, 0xD0}, {0xF4, 0xF4, 0xF4}, {0xBF, 0xD3, 0xEE}, {0x5E, 0x8A, 0xD6}, {0x1C, 0x3F, 0x96},
	}
}

// at is the colour of a size from 0 to 1.
func (r ramp) at(x float64) rgb {
	steps := min(max(x, 0), 1) * float64(len(r)-1)
	i := min(int(steps), len(r)-2)
	return mix(r[i], r[i+1], steps-float64(i))
}

// textOn is the colour of a text on a tint, with contrast of at least 4.5:1: ink where that is enough, else white
// or black, of which one always is.
func textOn(tint rgb) rgb {
	for _, c := range []rgb{ink, white} {
		if contrast(c, tint) >= 4.5 {
			return c
		}
	}
	return rgb{}
}

// Palette lists the categorical colours in their order, as hex. Give each firm its own in Series.Color, so that
// it keeps it in charts that show only some firms.
func Palette() []string {
	var out []string
	for _, h := range categorical() {
		out = append(out, h.fill.hex())
	}
	return out
}

// hueOf derives the shades of any fill colour: the label is the fill darkened until text in it has contrast
// 4.5:1 on white, the tints are the fill mixed into white at 16, 34 and 56 %.
func hueOf(fill rgb) hue {
	h := hue{fill: fill, label: fill}
	for i, part := range []float64{0.16, 0.34, 0.56} {
		h.tints[i] = mix(white, fill, part)
	}
	for step := 1; contrast(h.label, white) < 4.5; step++ {
		h.label = mix(fill, rgb{}, float64(step)/100)
	}
	return h
}

// hueNamed gives the shades of a colour written as hex, or those of another where none is written.
func hueNamed(color string, otherwise hue) (hue, error) {
	if color == "" {
		return otherwise, nil
	}
	fill, err := parseHex(color)
	if err != nil {
		return hue{}, err
	}
	return hueOf(fill), nil
}

// mix returns (1-part)·a + part·b, channel by channel in sRGB.
func mix(a, b rgb, part float64) rgb {
	ch := func(x, y uint8) uint8 {
		return uint8(math.Round(float64(x) + float64(part*(float64(y)-float64(x)))))
	}
	return rgb{ch(a.R, b.R), ch(a.G, b.G), ch(a.B, b.B)}
}

// blend is where two opaque tints lie over each other: as if both were printed inks.
func blend(a, b rgb) rgb {
	ch := func(x, y uint8) uint8 { return uint8((int(x)*int(y) + 127) / 255) }
	return rgb{ch(a.R, b.R), ch(a.G, b.G), ch(a.B, b.B)}
}

// linear undoes the sRGB transfer curve of one channel; the result lies in [0, 1].
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// luminance is the relative luminance of WCAG 2.2, 0 for black and 1 for white.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// hues gives each series its colour: its own when it has one, else the palette's in order of declaration.
// kept says which series are drawn in colour; a kept series declared beyond the eighth takes the first colour
// that no other kept series uses, and the rest are neutral.
func hues(series []Series, kept func(i int) bool) ([]hue, error) {
	palette := categorical()
	out := make([]hue, len(series))
	used := map[rgb]bool{}
	for i, s := range series { // a colour that one has of its own is no other's
		if !kept(i) || s.Color == "" {
			continue
		}
		var err error
		if out[i], err = hueNamed(s.Color, hue{}); err != nil {
			return nil, fmt.Errorf("series %q: %w", s.Key, err)
		}
		used[out[i].fill] = true
	}
	var late []int
	for i, s := range series {
		switch {
		case !kept(i):
			out[i] = neutralHue
		case s.Color != "":
		case i < len(palette) && !used[palette[i].fill]:
			out[i] = palette[i]
			used[palette[i].fill] = true
		default:
			late = append(late, i)
		}
	}
	for _, i := range late {
		out[i] = neutralHue
		for _, h := range palette {
			if !used[h.fill] {
				out[i] = h
				used[h.fill] = true
				break
			}
		}
	}
	return out, nil
}
