package plot

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG writes the figure as an SVG document with text as text. Fonts are named, not embedded: where Liberation
// Sans is missing, one of the same widths takes its place. The document holds no element ids, so several may
// stand in one page.
func (f *Figure) SVG(w io.Writer, p Profile, meta Meta) error {
	s, err := f.lay(p)
	if err != nil {
		return err
	}
	c := vgsvg.New(vg.Length(s.w), vg.Length(s.h))
	s.draw(c, 0)
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		return fmt.Errorf("plot: encode %s: %w", f.Name, err)
	}
	text := out.String()
	text = strings.ReplaceAll(text, "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arimo,Helvetica,Arial,sans-serif;")
	text = strings.ReplaceAll(text, "font-family:DejaVu Sans;", "font-family:'DejaVu Sans',Verdana,sans-serif;")
	// The root gets what the backend has no word for: a name for screen readers, and round joins, without
	// which steep lines grow spikes.
	open := strings.Index(text, "<svg")
	end := open + strings.Index(text[open:], ">")
	head := fmt.Sprintf(` role="img" stroke-linejoin="round">`+"\n<title>%s</title>\n<desc>%s</desc>\n<!-- %s; %s; scenario SHA-256 %s -->",
		html.EscapeString(oneLine(f.Title)), html.EscapeString(f.AltText()), comment(meta.software()), comment(meta.source()), comment(meta.Hash))
	if _, err := io.WriteString(w, text[:end]+head+text[end+1:]); err != nil {
		return fmt.Errorf("plot: write %s: %w", f.Name, err)
	}
	return nil
}

// comment makes a text safe inside an XML comment.
func comment(text string) string {
	return strings.ReplaceAll(html.EscapeString(oneLine(text)), "--", "–")
}
