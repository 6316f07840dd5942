package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
)

// wanted are the charts that were asked for, as far as so many draws can show them.
func (j *job) wanted(draws int) (wanted []chart.Chart) {
	if j.options.plots == "none" || j.options.only != "" || j.shard.count > 0 {
		return nil
	}
	for _, c := range chart.All() {
		if (!c.Extra || j.options.plots == "all") && (!c.Bands || draws >= chart.FanRuns) {
			wanted = append(wanted, c)
		}
	}
	return wanted
}

// data is what charts are drawn from.
func (r *result) data(charts []chart.Chart) (*chart.Data, error) {
	d := &chart.Data{
		About: r.about, Columns: r.columns, Summary: r.summary, Probabilities: r.likely, Runs: r.frames.all(), Events: r.told.named,
	}
	if !chart.NeedsOf(charts).Table {
		return d, nil
	}
	table, err := r.table.All()
	d.Table = table
	return d, err
}

// draw puts the charts that were asked for into the folder.
func (r *result) draw(ctx context.Context, folder *output.Folder) error {
	wanted := r.wanted(r.summary.Runs)
	if len(wanted) == 0 {
		return nil
	}
	data, err := r.data(wanted)
	if err != nil {
		return err
	}
	drawn, err := drawAll(ctx, data, wanted, look{formats: []string{"png"}}, folder)
	for _, d := range drawn {
		r.charts = append(r.charts, d.files...)
		for _, w := range d.warnings {
			r.warn(folder, w)
		}
	}
	return err
}

// warn tells the manifest and the user.
func (r *result) warn(folder *output.Folder, text string) {
	folder.Warn(text)
	r.warnings = append(r.warnings, text)
}

// files takes the files of charts: a result under way, or one that is amended.
type files interface {
	File(name string, write func(io.Writer) error) error
}

// look is how charts are drawn.
type look struct {
	title   string        // by the user; empty lets the chart state its finding
	profile *plot.Profile // nil for the chart's own
	formats []string      // png, svg, pdf
}

// drawn is what became of a chart.
type drawn struct {
	files    []string // pictures; none when it has no number to draw, or could not be drawn
	warnings []string
	empty    error // why it has no number to draw
}

// drawAll draws charts side by side and puts them into a folder.
func drawAll(ctx context.Context, data *chart.Data, charts []chart.Chart, l look, to files) ([]drawn, error) {
	all := make([]drawn, len(charts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range charts {
		group.Go(func() (err error) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			all[i], err = drawOne(data, c, l, to)
			return err
		})
	}
	return all, group.Wait()
}

// drawOne writes a chart as pictures, numbers and words. A chart without a number is left out; one that cannot be drawn is
// a warning, because the numbers of the run are worth having all the same.
func drawOne(data *chart.Data, c chart.Chart, l look, to files) (done drawn, err error) {
	failed := func(err error) (drawn, error) {
		return drawn{warnings: []string{c.Name + ": not drawn: " + err.Error()}}, nil
	}
	figure, err := c.Figure(data, l.title)
	if errors.Is(err, plot.ErrNoData) {
		return drawn{empty: err}, nil
	}
	if err != nil {
		return failed(err)
	}
	profile, layout, err := c.Page(figure)
	if l.profile != nil {
		profile = *l.profile
		layout, err = figure.Layout(profile)
	}
	if err != nil {
		return failed(err)
	}
	for _, w := range layout.Warnings {
		done.warnings = append(done.warnings, c.Name+": "+w)
	}
	draw := map[string]func(io.Writer, plot.Profile, plot.Meta) error{"png": figure.PNG, "svg": figure.SVG, "pdf": figure.PDF}
	stem := "plots/" + c.Name
	for _, format := range l.formats {
		done.files = append(done.files, stem+"."+format)
		if err := to.File(stem+"."+format, func(w io.Writer) error { return draw[format](w, profile, data.Meta()) }); err != nil {
			return drawn{}, err
		}
	}
	if err := to.File(stem+".csv", figure.CSV); err != nil {
		return drawn{}, err
	}
	return done, to.File(stem+".txt", func(w io.Writer) error { _, err := fmt.Fprintln(w, figure.AltText()); return err })
}

// putFigure writes a figure that is of several results as a picture, numbers and words.
func putFigure(to files, f *plot.Figure, meta plot.Meta) error {
	stem := "plots/" + f.Name
	return errors.Join(
		to.File(stem+".png", func(w io.Writer) error { return f.PNG(w, plot.Report(), meta) }),
		to.File(stem+".csv", f.CSV),
		to.File(stem+".txt", func(w io.Writer) error { _, err := fmt.Fprintln(w, f.AltText()); return err }),
	)
}

// find returns the place of a column, or -1.
func (j *job) find(entity string, m measure.ID) int {
	name := m.Def().Name
	return slices.IndexFunc(j.columns, func(c record.Column) bool {
		return c.Entity == entity && c.Metric == name && c.With == ""
	})
}
