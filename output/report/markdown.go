package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the document as Markdown with tables as GitHub knows them, and no HTML. Its pictures stand in the
// folders that the sources name.
func (d *Document) Markdown(w io.Writer) error {
	m := new(markdown)
	m.paragraph("# " + escape(d.Title))
	m.paragraph(escape(d.Origin))
	if d.Question != "" {
		m.paragraph("## Question")
		m.paragraph(escape(d.Question))
	}
	m.paragraph("## Answer")
	for _, s := range d.Answer {
		m.paragraph(escape(s))
	}
	m.paragraph(escape(d.Caveat))
	for _, p := range d.Brief {
		m.paragraph("## " + escape(p.Name))
		m.list(p.Text)
	}
	for _, s := range d.Sections {
		m.paragraph("## " + escape(s.Title))
		for _, b := range s.Blocks {
			m.block(b)
		}
	}
	_, err := io.WriteString(w, strings.TrimSuffix(m.String(), "\n"))
	return err
}

type markdown struct{ strings.Builder }

func (m *markdown) paragraph(text string) { m.WriteString(text + "\n\n") }

func (m *markdown) list(items []string) {
	for _, item := range items {
		m.WriteString("- " + escape(item) + "\n")
	}
	m.WriteString("\n")
}

func (m *markdown) block(b Block) {
	if b.Heading != "" {
		m.paragraph("### " + escape(b.Heading))
	}
	if b.Text != "" {
		m.paragraph(escape(b.Text))
	}
	if b.List != nil {
		m.list(b.List)
	}
	if b.Table != nil {
		m.table(b.Table)
	}
	if b.Chart != nil {
		m.paragraph(fmt.Sprintf("![%s](<%s>)", escape(b.Chart.Alt), strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "%0A").Replace(b.Chart.File)))
	}
	if b.Code != "" {
		for _, line := range strings.Split(b.Code, "\n") {
			m.WriteString("    " + line + "\n")
		}
		m.WriteString("\n")
	}
}

func (m *markdown) table(t *Table) {
	m.paragraph(escape(t.Caption))
	row := func(cells []string, of func(i int, cell string) string) {
		m.WriteString("|")
		for i, c := range cells {
			m.WriteString(" " + of(i, c) + " |")
		}
		m.WriteString("\n")
	}
	text := func(_ int, cell string) string { return escape(cell) }
	row(t.Head, text)
	row(t.Head, func(i int, _ string) string {
		if t.Form[i] == 'r' {
			return "---:"
		}
		return "---"
	})
	for _, r := range t.Rows {
		row(r, text)
	}
	m.WriteString("\n")
}

// escape makes a text stand as it is: nothing in it is a mark of Markdown or of HTML, and it keeps to one line.
func escape(text string) string {
	var out strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~&!", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
