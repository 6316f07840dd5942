package plot

import (
	"fmt"
	"image"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// Profile is a size of page. Layout is done in points, so one profile looks alike at any resolution.
type Profile struct {
	Name          string
	Width, Height float64 // inches
	DPI           int     // of the PNG
	LabelSize     float64 // points; direct labels, ticks and notes
}

// Report is one chart across a page, 1600 × 900 pixels.
func Report() Profile { return Profile{"report", 8, 4.5, 200, 10} }

// Half is one of two charts side by side, 960 × 720 pixels.
func Half() Profile { return Profile{"half", 4.8, 3.6, 200, 9.5} }

// Tall is a full page for small multiples, 1600 × 2000 pixels.
func Tall() Profile { return Profile{"tall", 8, 10, 200, 10} }

// Print is the report's chart for journals, 2400 × 1350 pixels.
func Print() Profile { return Profile{"print", 8, 4.5, 300, 10} }

// Profiles lists all sizes, the default first.
func Profiles() []Profile { return []Profile{Report(), Half(), Tall(), Print()} }

// ProfileNamed finds a profile by its name.
func ProfileNamed(name string) (Profile, error) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("plot: no profile %q; there are report, half, tall and print", name)
}

// Rect is a rectangle in points with the origin at the page's bottom left.
type Rect struct{ X0, Y0, X1, Y1 float64 }

func (r Rect) width() float64  { return r.X1 - r.X0 }
func (r Rect) height() float64 { return r.Y1 - r.Y0 }

// Overlaps reports whether two rectangles share more than a hair (0.01 pt).
func (r Rect) Overlaps(o Rect) bool {
	const hair = 0.01
	return r.X0 < o.X1-hair && o.X0 < r.X1-hair && r.Y0 < o.Y1-hair && o.Y0 < r.Y1-hair
}

// TextBox is one piece of text where it was set.
type TextBox struct {
	Name string // role on the page: title, tick, label, …
	Text string
	Rect Rect
	Size float64 // points
}

// Layout tells where the text of a chart stands, and what a reader should be warned about.
type Layout struct {
	Width, Height float64 // points
	Texts         []TextBox
	Warnings      []string // text that had to be cut, glyphs that no font has
}

// pt is a position in points.
type pt struct{ X, Y float64 }

// pen is how a line is drawn.
type pen struct {
	width float64 // points
	color rgb
	dash  []float64 // points on, points off; nil is solid
	crisp bool      // horizontal or vertical rule: align to whole pixels when drawn as a picture
}

// mark is one thing drawn on a sheet: a filled shape, a stroked path, a dot or a run of text.
type mark struct {
	pen    pen
	path   []pt
	closed bool
	fill   bool
	dot    float64 // radius of a dot at path[0]
	text   string
	face   font.Face
	part   part
}

// part names what a mark belongs to, so that a page can show and hide it. Axes, titles and notes belong to nothing.
type part struct {
	series string // key
	band   string // p05-p95, p20-p80, p35-p65, p50 or runs in a fan; empty for all else
}

// timeArea is where time runs from left to right: a page finds the month under a pointer in it.
type timeArea struct {
	part
	r Rect
	t timeAxis
}

// sheet collects the marks of one chart in points. It is laid out once and then drawn by any backend, which
// is why PNG, SVG and PDF look alike.
type sheet struct {
	profile Profile
	w, h    float64
	fonts   *fontSet
	marks   []mark
	part    part // of the marks that come next
	areas   []timeArea
	layout  Layout
	warned  map[string]bool
	spare   float64 // height in points that the rows of the chart leave empty
}

func newSheet(p Profile) (*sheet, error) {
	if !(p.Width > 0 && p.Height > 0 && p.DPI > 0 && p.LabelSize >= minSize) {
		return nil, fmt.Errorf("plot: profile %+v; width, height and dpi must be positive, labels at least %g pt", p, minSize)
	}
	set, err := fonts()
	if err != nil {
		return nil, err
	}
	s := &sheet{profile: p, w: 72 * p.Width, h: 72 * p.Height, fonts: set, warned: map[string]bool{}}
	s.layout.Width, s.layout.Height = s.w, s.h
	s.fill(white, pt{0, 0}, pt{s.w, 0}, pt{s.w, s.h}, pt{0, s.h})
	return s, nil
}

// warn records a warning once.
func (s *sheet) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !s.warned[text] {
		s.warned[text] = true
		s.layout.Warnings = append(s.layout.Warnings, text)
	}
}

// of draws what belongs to a series, or to a band of its.
func (s *sheet) of(series, band string, draw func()) {
	before := s.part
	s.part = part{series, band}
	draw()
	s.part = before
}

func (s *sheet) mark(m mark) {
	m.part = s.part
	s.marks = append(s.marks, m)
}

func (s *sheet) fill(c rgb, path ...pt) {
	if len(path) > 2 {
		s.mark(mark{pen: pen{color: c}, path: path, closed: true, fill: true})
	}
}

func (s *sheet) fillRect(c rgb, r Rect) {
	s.fill(c, pt{r.X0, r.Y0}, pt{r.X1, r.Y0}, pt{r.X1, r.Y1}, pt{r.X0, r.Y1})
}

func (s *sheet) stroke(p pen, path ...pt) {
	if len(path) > 1 {
		s.mark(mark{pen: p, path: path})
	}
}

func (s *sheet) dot(c rgb, at pt, radius float64) {
	s.mark(mark{pen: pen{color: c}, path: []pt{at}, dot: radius, fill: true})
}

// align is which end of a text stands at its position.
type align float64

const (
	alignLeft   align = 0
	alignCentre align = 0.5
	alignRight  align = 1
)

// text sets one line with its baseline at (x, y) and records its box under the given role.
func (s *sheet) text(role, text string, st typeStyle, a align, x, y float64) {
	if text == "" {
		return
	}
	runs, w := s.fonts.runs(text, st)
	x -= float64(a) * w
	for _, r := range runs {
		if !r.missing {
			s.mark(mark{pen: pen{color: st.color}, path: []pt{{x + r.x, y}}, text: r.text, face: r.face})
			continue
		}
		s.warn("no embedded font has the character %q (%U); a box stands for it", r.text, []rune(r.text)[0])
		x0, x1, y1 := x+r.x+0.06*st.size, x+r.x+r.width-0.06*st.size, y+0.7*st.size
		s.mark(mark{
			pen: pen{color: st.color, width: 0.06 * st.size}, closed: true,
			path: []pt{{x0, y}, {x1, y}, {x1, y1}, {x0, y1}},
		})
	}
	s.layout.Texts = append(s.layout.Texts, TextBox{
		Name: role, Text: text, Size: st.size,
		Rect: Rect{x, y - descent*st.size, x + w, y + ascent*st.size},
	})
}

// draw replays the marks on a backend. dpi is that of a picture, or 0 for vector formats.
func (s *sheet) draw(c vg.Canvas, dpi float64) {
	for _, m := range s.marks {
		c.SetColor(m.pen.color)
		if m.text != "" {
			c.FillString(m.face, vg.Point{X: vg.Length(m.path[0].X), Y: vg.Length(m.path[0].Y)}, m.text)
			continue
		}
		if m.pen.crisp && dpi > 0 {
			m = m.onPixels(dpi)
		}
		path := m.vgPath()
		if m.fill {
			c.Fill(path)
			continue
		}
		c.SetLineWidth(vg.Length(m.pen.width))
		dash := make([]vg.Length, len(m.pen.dash))
		for i, d := range m.pen.dash {
			dash[i] = vg.Length(d)
		}
		c.SetLineDash(dash, 0)
		c.Stroke(path)
	}
}

// onPixels moves a rule so that both its edges fall on pixel edges; rules of one width then look alike.
func (m mark) onPixels(dpi float64) mark {
	px := dpi / 72
	w := max(1, math.Round(m.pen.width*px))
	m.pen.width = w / px
	off := math.Mod(w, 2) / 2
	snap := func(v float64) float64 { return (math.Round(v*px-off) + off) / px }
	path := make([]pt, len(m.path))
	horizontal := len(m.path) == 2 && m.path[0].Y == m.path[1].Y
	for i, p := range m.path {
		if horizontal {
			path[i] = pt{p.X, snap(p.Y)}
		} else {
			path[i] = pt{snap(p.X), p.Y}
		}
	}
	m.path = path
	return m
}

// vgPath turns the path to the form of gonum's backends. A dot is four cubic curves, because backends do
// not agree on arcs.
func (m mark) vgPath() vg.Path {
	at := func(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(y)} }
	var path vg.Path
	if m.dot > 0 {
		x, y, r := m.path[0].X, m.path[0].Y, m.dot
		k := 0.5523 * r // control distance of a quarter circle
		path.Move(at(x+r, y))
		path.CubeTo(at(x+r, y+k), at(x+k, y+r), at(x, y+r))
		path.CubeTo(at(x-k, y+r), at(x-r, y+k), at(x-r, y))
		path.CubeTo(at(x-r, y-k), at(x-k, y-r), at(x, y-r))
		path.CubeTo(at(x+k, y-r), at(x+r, y-k), at(x+r, y))
		path.Close()
		return path
	}
	for i, p := range m.path {
		if i == 0 {
			path.Move(at(p.X, p.Y))
		} else {
			path.Line(at(p.X, p.Y))
		}
	}
	if m.closed {
		path.Close()
	}
	return path
}

// picture draws the sheet as an opaque picture at the profile's resolution.
func (s *sheet) picture() *image.RGBA {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(s.w), vg.Length(s.h)), vgimg.UseDPI(s.profile.DPI))
	s.draw(c, float64(s.profile.DPI))
	picture := c.Image().(*image.RGBA)
	s.calm(picture)
	return picture
}

// calm rounds the channels of soft edges to multiples of 8, which no eye sees and which halves the file.
// Colours that the chart draws with stay exact.
func (s *sheet) calm(picture *image.RGBA) {
	exact := map[rgb]bool{}
	for _, m := range s.marks {
		exact[m.pen.color] = true
	}
	var last, calmed rgb
	for i := 0; i < len(picture.Pix); i += 4 {
		p := picture.Pix[i : i+3 : i+3]
		if c := (rgb{p[0], p[1], p[2]}); c != last || i == 0 {
			last, calmed = c, c
			if !exact[c] {
				round := func(v uint8) uint8 { return uint8(min(255, (int(v)+4)/8*8)) }
				calmed = rgb{round(c.R), round(c.G), round(c.B)}
			}
		}
		p[0], p[1], p[2] = calmed.R, calmed.G, calmed.B
	}
}
