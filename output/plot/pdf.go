package plot

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// PDF writes the figure as a page of its size, with text as text and the fonts' used glyphs embedded. The
// document's date is fixed, so that equal figures give equal files.
func (f *Figure) PDF(w io.Writer, p Profile, meta Meta) error {
	s, err := f.lay(p)
	if err != nil {
		return err
	}
	c := newPDFCanvas(s.w, s.h)
	c.doc.SetTitle(oneLine(f.Title), true)
	c.doc.SetSubject(f.AltText(), true)
	c.doc.SetCreator(meta.software(), true)
	c.doc.SetKeywords(fmt.Sprintf("%s, scenario SHA-256 %s", meta.source(), meta.Hash), true)
	s.draw(c, 0)
	if err := c.doc.Output(w); err != nil {
		return fmt.Errorf("plot: write %s: %w", f.Name, err)
	}
	return nil
}

// pdfCanvas is a gonum/plot backend. The library's own knows only Western European characters, dates its
// files and orders fonts at random; this one embeds Unicode subsets and is repeatable.
type pdfCanvas struct {
	doc    *fpdf.Fpdf
	height float64
	loaded map[string]bool
}

var _ vg.Canvas = (*pdfCanvas)(nil)

func newPDFCanvas(w, h float64) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: w, Ht: h}})
	epoch := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	doc.SetCreationDate(epoch)
	doc.SetModificationDate(epoch)
	doc.SetCatalogSort(true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	doc.SetLineJoinStyle("round")
	return &pdfCanvas{doc: doc, height: h, loaded: map[string]bool{}}
}

func (c *pdfCanvas) SetLineWidth(w vg.Length) { c.doc.SetLineWidth(w.Points()) }

func (c *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	dash := make([]float64, len(pattern))
	for i, d := range pattern {
		dash[i] = d.Points()
	}
	c.doc.SetDashPattern(dash, offset.Points())
}

func (c *pdfCanvas) SetColor(clr color.Color) {
	r, g, b, _ := clr.RGBA()
	c.doc.SetFillColor(int(r>>8), int(g>>8), int(b>>8))
	c.doc.SetDrawColor(int(r>>8), int(g>>8), int(b>>8))
	c.doc.SetTextColor(int(r>>8), int(g>>8), int(b>>8))
}

func (c *pdfCanvas) Stroke(p vg.Path) { c.path(p, "D") }
func (c *pdfCanvas) Fill(p vg.Path)   { c.path(p, "F") }

func (c *pdfCanvas) path(p vg.Path, how string) {
	at := func(q vg.Point) (x, y float64) { return q.X.Points(), c.height - q.Y.Points() }
	for _, step := range p {
		x, y := at(step.Pos)
		switch step.Type {
		case vg.MoveComp:
			c.doc.MoveTo(x, y)
		case vg.LineComp:
			c.doc.LineTo(x, y)
		case vg.CurveComp:
			x1, y1 := at(step.Control[0])
			x2, y2 := at(step.Control[1])
			c.doc.CurveBezierCubicTo(x1, y1, x2, y2, x, y)
		case vg.CloseComp:
			c.doc.ClosePath()
		}
	}
	c.doc.DrawPath(how)
}

func (c *pdfCanvas) FillString(f font.Face, at vg.Point, text string) {
	name := f.Name()
	if !c.loaded[name] {
		c.loaded[name] = true
		var raw bytes.Buffer
		if _, err := f.Face.WriteSourceTo(nil, &raw); err != nil {
			c.doc.SetError(fmt.Errorf("plot: read font %s: %w", name, err))
			return
		}
		c.doc.AddUTF8FontFromBytes(name, "", raw.Bytes())
	}
	c.doc.SetFont(name, "", f.Font.Size.Points())
	c.doc.Text(at.X.Points(), c.height-at.Y.Points(), text)
}

// The rest of the interface is what a sheet never asks for.

func (c *pdfCanvas) Rotate(float64) { panic("plot: pdf canvas does not rotate") }

func (c *pdfCanvas) Translate(vg.Point) { panic("plot: pdf canvas does not translate") }

func (c *pdfCanvas) Scale(float64, float64) { panic("plot: pdf canvas does not scale") }

func (c *pdfCanvas) Push() { panic("plot: pdf canvas keeps no stack") }

func (c *pdfCanvas) Pop() { panic("plot: pdf canvas keeps no stack") }

func (c *pdfCanvas) DrawImage(vg.Rectangle, image.Image) { panic("plot: pdf canvas draws no pictures") }
