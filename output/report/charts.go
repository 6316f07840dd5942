package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// Chart is a chart with its numbers.
type Chart struct {
	Name    string
	File    string // its picture, seen from the Markdown text
	Data    string // its numbers, beside the picture
	Title   string
	Alt     string
	Wide    template.HTML // SVG for a page or a screen
	Narrow  template.HTML // SVG for a telephone
	Series  []Part        // that can be hidden
	Bands   []Part
	Numbers *Grid
}

// Part is a series or a band of a chart.
type Part struct{ Key, Label string }

// Grid is the numbers of a chart, a line for each month.
type Grid struct {
	Columns []GridColumn
	Rows    []GridRow
}

// GridColumn is a series, or one of its quantiles or runs.
type GridColumn struct {
	Part
	Band  string // that it goes with in the drawing
	Words string // which quantile or run it is
}

// GridRow is a month's numbers. A chart without months has one row for each number.
type GridRow struct {
	Name  string
	Month unit.Month
	Cells []string
}

// Charts are what a report shows of so many draws: the default charts, and those that tell who leads, which rights
// hold when, and which inputs matter.
func Charts(runs int) []chart.Chart {
	telling := []string{"leaders", "contract-terms", "inputs"}
	return slices.DeleteFunc(chart.All(), func(c chart.Chart) bool {
		return c.Extra && !slices.Contains(telling, c.Name) || c.Bands && runs < chart.FanRuns
	})
}

// narrowPages are profiles for a telephone, the first choice first: small multiples need more height where there is less
// width.
func narrowPages() []plot.Profile {
	var all []plot.Profile
	for _, width := range []float64{4.2, 5, 5.8} {
		for _, height := range []float64{3.9, 5.4, 7.5} {
			all = append(all, plot.Profile{Name: "narrow", Width: width, Height: height, DPI: 200, LabelSize: 9.5})
		}
	}
	return all
}

// mostCharted is how many results beside the first have their charts in the same document, which is to stay one that can be
// mailed.
const mostCharted = 8

// chartBlocks draws all charts of the first result, and of the others the default ones that tell how sure it is, where there
// are any.
func chartBlocks(all []*study) ([]Block, error) {
	blocks, err := all[0].charts(Charts(all[0].About.Runs))
	for i, x := range all[1:] {
		if err != nil {
			break
		}
		if i == mostCharted {
			blocks = append(blocks, Block{Text: "The charts of the other results stand in a report on each."})
			break
		}
		charts := Charts(x.About.Runs)
		if x.drawn() >= chart.FanRuns {
			charts = slices.DeleteFunc(charts, func(c chart.Chart) bool { return !c.Bands || c.Extra })
		}
		var more []Block
		more, err = x.charts(charts)
		blocks = append(append(blocks, Block{Heading: "The same of " + x.variant()}), more...)
	}
	return blocks, err
}

// charts draws charts; those without a number are left out.
func (x *study) charts(charts []chart.Chart) ([]Block, error) {
	var blocks []Block
	for _, c := range charts {
		f, err := c.Figure(&x.Data, "")
		if errors.Is(err, plot.ErrNoData) {
			continue
		}
		if err != nil {
			return nil, err
		}
		page, _, err := c.Page(f)
		if err != nil {
			blocks = append(blocks, Block{Text: fmt.Sprintf("The chart %s is not drawn: %v.", c.Name, err)})
			continue
		}
		one, err := x.shown(f, x.Plots, page)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, Block{Chart: one})
	}
	return blocks, nil
}

// shown lays a figure out for page and telephone; its picture lies in a folder, seen from the Markdown text.
func (x *study) shown(f *plot.Figure, folder string, p plot.Profile) (one *Chart, err error) {
	stem := folder + "/" + f.Name
	one = &Chart{Name: f.Name, File: stem + ".png", Data: stem + ".csv", Title: f.Title, Alt: f.AltText(), Numbers: newGrid(f.Table())}
	if one.Wide, err = x.svg(f, p); err != nil {
		return nil, err
	}
	narrow := p // where a telephone has no room for it
	for _, page := range narrowPages() {
		if l, err := f.Layout(page); err == nil && len(l.Warnings) == 0 {
			narrow = page
			break
		}
	}
	if one.Narrow, err = x.svg(f, narrow); err != nil {
		return nil, err
	}
	one.parts()
	return one, nil
}

// overTime lays several results over time, where there are draws enough.
func (d *Document) overTime(all []*study) ([]Block, error) {
	var data []*chart.Data
	var names []string
	for _, x := range all {
		data, names = append(data, &x.Data), append(names, x.short())
	}
	meta := all[0].Meta()
	meta.Scenario += fmt.Sprintf(" and %d more", len(all)-1)
	f, err := chart.Variants(data, names, meta)
	if errors.Is(err, plot.ErrNoData) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	one, err := all[0].shown(f, "plots", plot.Report())
	d.Variants = &Drawing{f, meta}
	return []Block{{Heading: "Over time"}, {Chart: one}}, err
}

// svg draws a figure for a page. Its texts are escaped by the plot package, so the page takes it as it is. The namespace,
// which a page knows by itself, is left out.
func (x *study) svg(f *plot.Figure, p plot.Profile) (template.HTML, error) {
	var out bytes.Buffer
	if err := f.SVG(&out, p, x.Meta()); err != nil {
		return "", err
	}
	return template.HTML(strings.Replace(out.String(), ` xmlns="http://www.w3.org/2000/svg"`, "", 1)), nil //nolint:gosec // see above
}

// bandWords are the bands of a fan that can be hidden.
func bandWords() []Part {
	return []Part{{"p05-p95", "middle 90%"}, {"p20-p80", "middle 60%"}, {"p35-p65", "middle 30%"}, {"p50", "median"}, {"runs", "single runs"}}
}

// parts lists what the drawing names, so that it can be hidden: several series, and bands.
func (c *Chart) parts() {
	has := func(attribute, key string) bool {
		return strings.Contains(string(c.Wide), fmt.Sprintf(`%s="%s"`, attribute, template.HTMLEscapeString(key)))
	}
	for _, col := range c.Numbers.Columns {
		if has("data-series", col.Key) && !slices.Contains(c.Series, col.Part) {
			c.Series = append(c.Series, col.Part)
		}
	}
	if len(c.Series) < 2 {
		c.Series = nil
	}
	for _, b := range bandWords() {
		if has("data-band", b.Key) {
			c.Bands = append(c.Bands, b)
		}
	}
}

// Heading says what the rows are.
func (g *Grid) Heading() string {
	if len(g.Rows) > 0 && g.Rows[0].Month == record.Never {
		return "Item"
	}
	return "Month"
}

// newGrid turns a chart's numbers from long to wide. Where several series have quantiles only the median and the middle
// 90 % are kept; the chart's CSV has all.
func newGrid(rows []plot.Row) *Grid {
	series := map[string]bool{}
	largest := map[unit.Dimension]float64{}
	for _, r := range rows {
		series[r.Series] = true
		largest[r.Unit] = max(largest[r.Unit], r.Value, -r.Value)
	}
	g := new(Grid)
	columns, months := map[GridColumn]int{}, map[string]int{}
	for _, r := range rows {
		if len(series) > 1 && strings.HasPrefix(r.Band, "p") && !slices.Contains([]string{"p05", "p50", "p95"}, r.Band) {
			continue
		}
		c := GridColumn{Part{r.Series, r.Label}, drawnIn(r.Band), quantileWords(r.Band)}
		if r.Date == "" {
			c = GridColumn{Words: "value"}
		}
		if _, known := columns[c]; !known {
			columns[c] = len(g.Columns)
			g.Columns = append(g.Columns, c)
		}
		name := r.Date
		if name == "" {
			name = strings.TrimSpace(r.Label + " " + r.Band)
		}
		if _, known := months[name]; !known {
			months[name] = len(g.Rows)
			g.Rows = append(g.Rows, GridRow{Name: name, Month: monthOf(r.Date)})
		}
		row := &g.Rows[months[name]]
		for len(row.Cells) <= columns[c] {
			row.Cells = append(row.Cells, "")
		}
		row.Cells[columns[c]] = plot.FormatFine(r.Value, largest[r.Unit], r.Unit)
	}
	for i := range g.Rows {
		for len(g.Rows[i].Cells) < len(g.Columns) {
			g.Rows[i].Cells = append(g.Rows[i].Cells, "")
		}
	}
	slices.SortStableFunc(g.Rows, func(a, b GridRow) int { return cmp.Compare(a.Month, b.Month) })
	return g
}

// monthOf reads 2029-11; what is no month is record.Never.
func monthOf(date string) unit.Month {
	var year, month int
	if _, err := fmt.Sscanf(date, "%d-%d", &year, &month); err != nil {
		return record.Never
	}
	return unit.Date(year, month)
}

// drawnIn is the band of the drawing that a quantile or a run goes with.
func drawnIn(band string) string {
	if strings.HasPrefix(band, "run ") {
		return "runs"
	}
	for _, b := range bandWords() {
		if band != "" && slices.Contains(strings.Split(b.Key, "-"), band) {
			return b.Key
		}
	}
	return ""
}

// quantileWords tell what a band of a chart's data is.
func quantileWords(band string) string {
	switch {
	case band == "p50":
		return "median"
	case strings.HasPrefix(band, "p"):
		return strings.TrimPrefix(strings.TrimPrefix(band, "p"), "0") + "th percentile"
	}
	return band
}
