package plot

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
)

// Heights of Liberation Sans above and below the baseline, as parts of the type size.
const (
	ascent  = 0.905
	descent = 0.212
	// leading is the distance of stacked labels from baseline to baseline, as a part of the type size.
	leading = 1.15
)

// typeStyle is how one piece of text is set.
type typeStyle struct {
	size  float64 // points
	bold  bool
	color rgb
}

// fontSet holds the embedded typefaces of one weight: the house face first, then the one for glyphs it lacks.
type fontSet struct{ regular, bold []font.Face }

// fonts parses the embedded typefaces once. A face that does not parse is an error and never replaced by
// another weight, which nobody would notice.
var fonts = sync.OnceValues(func() (*fontSet, error) {
	var set fontSet
	for _, f := range []struct {
		typeface font.Typeface
		weight   stdfont.Weight
		data     []byte
	}{
		{"Liberation", stdfont.WeightNormal, liberationsansregular.TTF},
		{"DejaVu", stdfont.WeightNormal, dejavusans.TTF},
		{"Liberation", stdfont.WeightBold, liberationsansbold.TTF},
		{"DejaVu", stdfont.WeightBold, dejavusansbold.TTF},
	} {
		parsed, err := opentype.Parse(f.data)
		if err != nil {
			return nil, fmt.Errorf("plot: read embedded font %s Sans, weight %d: %w", f.typeface, f.weight, err)
		}
		face := font.Face{Font: font.Font{Typeface: f.typeface, Variant: "Sans", Weight: f.weight}, Face: parsed}
		if f.weight == stdfont.WeightBold {
			set.bold = append(set.bold, face)
		} else {
			set.regular = append(set.regular, face)
		}
	}
	return &set, nil
})

// faces returns the faces of a style in order of preference, at its size.
func (f *fontSet) faces(st typeStyle) []font.Face {
	from := f.regular
	if st.bold {
		from = f.bold
	}
	out := make([]font.Face, len(from))
	for i, face := range from {
		face.Font.Size = font.Points(st.size)
		out[i] = face
	}
	return out
}

// textRun is a part of a text in one face, or one glyph that no face has.
type textRun struct {
	face    font.Face
	text    string
	x       float64 // start, in points from the start of the text
	width   float64
	missing bool // draw a box
}

// runs splits a text by the face that can draw it. The second result is the width of the whole in points.
func (f *fontSet) runs(text string, st typeStyle) ([]textRun, float64) {
	faces := f.faces(st)
	var (
		out  []textRun
		buf  sfnt.Buffer
		last = -1
	)
	for _, r := range text {
		pick := -1
		for i := range faces {
			// The PDF writer knows no character beyond the basic plane, and the formats must look alike.
			if r > 0xFFFF {
				break
			}
			if g, err := faces[i].Face.GlyphIndex(&buf, r); err == nil && g != 0 {
				pick = i
				break
			}
		}
		switch {
		case pick < 0:
			out = append(out, textRun{text: string(r), missing: true})
		case pick == last:
			out[len(out)-1].text += string(r)
		default:
			out = append(out, textRun{face: faces[pick], text: string(r)})
		}
		last = pick
	}
	x := 0.0
	for i := range out {
		out[i].x = x
		if out[i].missing {
			out[i].width = 0.7 * st.size
		} else {
			out[i].width = out[i].face.Width(out[i].text).Points()
		}
		x += out[i].width
	}
	return out, x
}

// width is the measured width of a text in points.
func (f *fontSet) width(text string, st typeStyle) float64 {
	_, w := f.runs(text, st)
	return w
}

// wrap breaks a text at spaces into lines no wider than width. A single word wider than that is cut. Beyond
// limit lines the rest is dropped and the last line ends in an ellipsis; cut tells that something was lost.
func (f *fontSet) wrap(text string, st typeStyle, width float64, limit int) (lines []string, cut bool) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) // not at a space that binds
	line := ""
	for _, word := range words {
		try := strings.TrimPrefix(line+" "+word, " ")
		if f.width(try, st) <= width {
			line = try
			continue
		}
		if line != "" && len(lines) == limit-1 {
			// Cut after a whole word, unless that would lose most of the line.
			if short := line + " …"; f.width(short, st) <= width && f.width(line, st) > width/2 {
				return append(lines, short), true
			}
			return append(lines, f.fit(line+" "+word, st, width)), true
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = f.fit(word, st, width)
		cut = cut || line != word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, cut
}

// balance wraps a text to as few lines as wrap does, but with lines of about the same length, so that no
// word stands alone on the last.
func (f *fontSet) balance(text string, st typeStyle, width float64, limit int) (lines []string, cut bool) {
	lines, cut = f.wrap(text, st, width, limit)
	if cut || len(lines) < 2 {
		return lines, cut
	}
	lo, hi := 0.0, width
	for range 12 {
		mid := (lo + hi) / 2
		if tried, cut := f.wrap(text, st, mid, limit+1); !cut && len(tried) <= len(lines) {
			hi = mid
		} else {
			lo = mid
		}
	}
	lines, cut = f.wrap(text, st, hi, limit)
	return lines, cut
}

// fit cuts a text that is wider than width so that it ends in an ellipsis.
func (f *fontSet) fit(text string, st typeStyle, width float64) string {
	if f.width(text, st) <= width {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if f.width(string(runes[:mid])+"…", st) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:lo]), " ,.;:-") + "…"
}

// maxNameRunes is how much of a scenario's name is printed; the data file has it in full.
const maxNameRunes = 28

// shorten prepares a name for a chart: one line, no control characters, at most 28 characters.
func shorten(name string) string {
	runes := []rune(oneLine(name))
	if len(runes) <= maxNameRunes {
		return string(runes)
	}
	return strings.TrimRight(string(runes[:maxNameRunes-1]), " ") + "…"
}

// bound are words that no line break may part: a month and its year, a number and its unit.
var bound = regexp.MustCompile(`\b((?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|\d+ (?:m|bn|tn|MW|GW|TW)\b)`)

// typographic sets a text as a printer would: a curved apostrophe between letters, and spaces that bind.
func typographic(text string) string {
	runes := []rune(text)
	for i := 1; i+1 < len(runes); i++ {
		if runes[i] == '\'' && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1]) {
			runes[i] = '’'
		}
	}
	return bound.ReplaceAllStringFunc(string(runes), func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") })
}

// oneLine folds white space and drops what cannot be printed.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}
