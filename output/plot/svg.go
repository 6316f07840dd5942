package plot

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
)

// SVG writes the figure as an SVG document with text as text. Fonts are named, not embedded: where Liberation
// Sans is missing, one of the same widths takes its place.
//
// The document holds no element ids, so several may stand in one page, and no style attributes, so that a page may
// forbid them. What belongs to a series stands in groups with data-series, its key, and in a fan data-band:
// p05-p95, p20-p80, p35-p65, p50 or runs. A rect of class time is an area over which time runs from left to right, its
// edges at data-from and data-to in months since the beginning of 2000; the value of a month stands at its end.
func (f *Figure) SVG(w io.Writer, p Profile, meta Meta) error {
	s, err := f.lay(p)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %[1]s %[2]s" role="img" stroke-linejoin="round" font-family="%[3]s">`+"\n",
		short(s.w), short(s.h), families["Liberation"])
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n<!-- %s; %s; scenario SHA-256 %s -->\n",
		html.EscapeString(oneLine(f.Title)), html.EscapeString(f.AltText()), comment(meta.software()), comment(meta.source()), comment(meta.Hash))
	s.writeSVG(&out)
	out.WriteString("</svg>\n")
	if _, err := out.WriteTo(w); err != nil {
		return fmt.Errorf("plot: write %s: %w", f.Name, err)
	}
	return nil
}

// families are what a browser may take for an embedded typeface, those of the same widths first.
var families = map[font.Typeface]string{
	"Liberation": "'Liberation Sans',Arimo,Helvetica,Arial,sans-serif",
	"DejaVu":     "'DejaVu Sans',Verdana,sans-serif",
}

// writeSVG writes the marks, those of one part in a group, and then the areas of time.
func (s *sheet) writeSVG(out *bytes.Buffer) {
	var in part
	for _, m := range s.marks {
		if m.part != in {
			in.end(out)
			in = m.part
			in.begin(out)
		}
		s.writeMark(out, m)
	}
	in.end(out)
	for _, a := range s.areas {
		fmt.Fprintf(out, `<rect class="time" x="%s" y="%s" width="%s" height="%s" fill="none" data-from="%s" data-to="%s"%s/>`+"\n",
			short(a.r.X0), short(s.h-a.r.Y1), short(a.r.width()), short(a.r.height()), short(a.t.first), short(a.t.last), a.data())
	}
}

// data names the part in attributes.
func (p part) data() string {
	text := ""
	if p.series != "" {
		text = fmt.Sprintf(` data-series="%s"`, html.EscapeString(oneLine(p.series)))
	}
	if p.band != "" {
		text += fmt.Sprintf(` data-band="%s"`, p.band)
	}
	return text
}

func (p part) begin(out *bytes.Buffer) {
	if p != (part{}) {
		out.WriteString("<g" + p.data() + ">\n")
	}
}

func (p part) end(out *bytes.Buffer) {
	if p != (part{}) {
		out.WriteString("</g>\n")
	}
}

func (s *sheet) writeMark(out *bytes.Buffer, m mark) {
	x, y := short(m.path[0].X), short(s.h-m.path[0].Y)
	switch {
	case m.text != "":
		style := fmt.Sprintf(`font-size="%s"`, short(m.face.Font.Size.Points()))
		if m.face.Font.Weight > 0 {
			style += ` font-weight="bold"`
		}
		if family := m.face.Font.Typeface; family != "Liberation" {
			style += fmt.Sprintf(` font-family="%s"`, families[family])
		}
		if m.text != strings.TrimSpace(m.text) {
			style += ` xml:space="preserve"`
		}
		fmt.Fprintf(out, `<text x="%s" y="%s" %s fill="%s">%s</text>`, x, y, style, m.pen.color.hex(), html.EscapeString(m.text))
	case m.dot > 0:
		fmt.Fprintf(out, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, x, y, short(m.dot), m.pen.color.hex())
	case m.fill:
		fmt.Fprintf(out, `<path d="%s" fill="%s"/>`, s.pathData(m), m.pen.color.hex())
	default:
		dash := ""
		if m.pen.dash != nil {
			var lengths []string
			for _, d := range m.pen.dash {
				lengths = append(lengths, short(d))
			}
			dash = fmt.Sprintf(` stroke-dasharray="%s"`, strings.Join(lengths, " "))
		}
		fmt.Fprintf(out, `<path d="%s" fill="none" stroke="%s" stroke-width="%s"%s/>`, s.pathData(m), m.pen.color.hex(), short(m.pen.width), dash)
	}
	out.WriteByte('\n')
}

// pathData writes a path as steps from point to point, which takes less room than places. Steps are between rounded
// places, so that they do not drift.
func (s *sheet) pathData(m mark) string {
	var d strings.Builder
	round := func(x float64) float64 { return math.Round(x * 100) }
	var x, y float64
	for i, p := range m.path {
		toX, toY := round(p.X), round(s.h-p.Y)
		d.WriteByte("Ml"[min(i, 1)])
		d.WriteString(short((toX-x)/100) + " " + short((toY-y)/100))
		x, y = toX, toY
	}
	if m.closed {
		d.WriteByte('Z')
	}
	return d.String()
}

// short writes a number to two decimals, a hundredth of a point being less than can be seen.
func short(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) }

// comment makes a text safe inside an XML comment.
func comment(text string) string {
	return strings.ReplaceAll(html.EscapeString(oneLine(text)), "--", "–")
}
