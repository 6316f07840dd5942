package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/output/chart"
	"powerplay/output/plot"
	"powerplay/scenarios"
	"powerplay/sim/unit"
)

// plotOptions is what `powerplay plot` can be told.
type plotOptions struct {
	screenOptions
	result  string
	charts  []string // empty: those that run draws by default
	list    bool
	title   string
	focus   string
	at      string
	profile string
	formats []string
}

func plotCommand(fsys afero.Fs, s *streams) *cli.Command {
	o := plotOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	formats := "png"
	return &cli.Command{
		Name: "plot", ArgsUsage: "RESULT [CHART ...]", Usage: "draw charts of a result again, or others",
		UsageText: "powerplay plot first --list\npowerplay plot first capacity --focus oracle --format svg,pdf",
		Description: "RESULT is a folder that `powerplay run` wrote; nothing is simulated. The files go into its folder plots, each with its\n" +
			"numbers (.csv) and a description (.txt). Without CHART it draws what run draws by default; `all` draws all.",
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "list", Destination: &o.list, Usage: "list the charts that this result has"},
			&cli.StringFlag{Name: "title", Destination: &o.title, Usage: "`TITLE` of the one chart that is drawn; its footer says that it is yours"},
			&cli.StringFlag{Name: "focus", Destination: &o.focus, Usage: "bring `FIRM` forward"},
			&cli.StringFlag{Name: "at", Destination: &o.at, DefaultText: "the end", Usage: "`DATE` of the outcome in the charts inputs and sweep: 2029, or 2029-12"},
			&cli.StringFlag{Name: "profile", Destination: &o.profile, DefaultText: "the chart's own", Usage: "`PAGE`: report, half, tall or print"},
			&cli.StringFlag{Name: "format", Value: formats, Destination: &formats, Usage: "`FORMATS`: png, svg, pdf, or several"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return &usageError{What: "powerplay plot needs a result folder", Hint: "such as: powerplay plot first --list"}
			}
			o.result, o.charts, o.formats = c.Args().First(), c.Args().Tail(), strings.Split(formats, ",")
			return replot(c.Context, fsys, s, o)
		},
	}
}

func replot(ctx context.Context, fsys afero.Fs, s *streams, o plotOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	r, err := output.Open(fsys, o.result)
	if err != nil {
		return missingResult(fsys, o.result, err)
	}
	if o.list {
		return listCharts(s, r)
	}
	look, err := o.look(r)
	if err != nil {
		return err
	}
	charts, err := o.chosen(r)
	if err != nil {
		return err
	}
	data, err := chart.Read(r, charts)
	if err != nil {
		return err
	}
	data.Focus = o.focus
	if data.At, err = o.month(data); err != nil {
		return err
	}
	all, err := o.draw(ctx, fsys, data, charts, look)
	if errors.Is(err, output.ErrReadOnly) {
		return &problemsError{problems: []scenarios.Problem{{
			Code: "E604", What: fmt.Sprintf("`%s` cannot be written: no permission", o.result),
			Why: "charts go into the result that they are of", Hint: "copy the folder to where you may write, and draw there",
		}}}
	}
	if err != nil {
		return err
	}
	return o.tell(fsys, s, charts, all)
}

// draw adds charts to the result.
func (o plotOptions) draw(ctx context.Context, fsys afero.Fs, data *chart.Data, charts []chart.Chart, l look) ([]drawn, error) {
	to, err := output.Amend(fsys, o.result)
	if err != nil {
		return nil, err
	}
	defer to.Abort()
	all, err := drawAll(ctx, data, charts, l, to)
	if err != nil {
		return nil, err
	}
	return all, to.Close()
}

// month is that of the outcome whose causes are looked for; 0 where none is asked for.
func (o plotOptions) month(data *chart.Data) (unit.Month, error) {
	if o.at == "" {
		return 0, nil
	}
	t, ok := data.MonthNamed(o.at)
	if !ok {
		return 0, &usageError{What: fmt.Sprintf("`--at %s` is no month of which the charts that are drawn show outcomes", o.at), Hint: "inputs and sweep do, of ends of years: powerplay plot " + o.result + " inputs --at " + strconv.Itoa(data.About.End.Year())}
	}
	return t, nil
}

// look is how charts are drawn.
func (o plotOptions) look(r *output.Result) (look, error) {
	l := look{title: o.title}
	for _, f := range o.formats {
		if err := oneOf("format", f, "png", "svg", "pdf"); err != nil {
			return l, err
		}
		l.formats = append(l.formats, f)
	}
	if o.profile != "" {
		var names []string
		for _, p := range plot.Profiles() {
			names = append(names, p.Name)
		}
		if err := oneOf("profile", o.profile, names...); err != nil {
			return l, err
		}
		p, err := plot.ProfileNamed(o.profile)
		if err != nil {
			return l, err
		}
		l.profile = &p
	}
	if o.focus != "" {
		var keys []string
		for _, e := range r.About.Entities {
			keys = append(keys, e.Key)
		}
		if err := oneOf("focus", o.focus, keys...); err != nil {
			return l, err
		}
	}
	return l, nil
}

// chosen are the charts to draw. One that is named must be one that the result can show.
func (o plotOptions) chosen(r *output.Result) ([]chart.Chart, error) {
	all := available(r)
	var chosen []chart.Chart
	switch {
	case len(o.charts) == 0:
		for _, c := range all {
			if !c.Extra {
				chosen = append(chosen, c)
			}
		}
	case slices.Equal(o.charts, []string{"all"}):
		chosen = all
	default:
		for _, name := range o.charts {
			i := slices.IndexFunc(all, func(c chart.Chart) bool { return c.Name == name })
			if i < 0 {
				return nil, noChart(name, all)
			}
			if !slices.ContainsFunc(chosen, func(c chart.Chart) bool { return c.Name == name }) {
				chosen = append(chosen, all[i])
			}
		}
	}
	if o.title != "" && len(chosen) != 1 {
		return nil, &usageError{What: fmt.Sprintf("`--title` is for one chart, and %s are drawn", count(len(chosen))), Hint: "name the chart: powerplay plot " + o.result + " capacity --title '...'"}
	}
	return chosen, nil
}

// available are the charts that so many draws can show.
func available(r *output.Result) []chart.Chart {
	return slices.DeleteFunc(chart.All(), func(c chart.Chart) bool { return c.Bands && r.About.Runs < chart.FanRuns })
}

// noChart says why a chart cannot be drawn.
func noChart(name string, available []chart.Chart) error {
	var names []string
	for _, c := range available {
		names = append(names, c.Name)
	}
	e := &usageError{What: fmt.Sprintf("there is no chart `%s`", name), Hint: "charts: " + strings.Join(names, ", ")}
	if slices.ContainsFunc(chart.All(), func(c chart.Chart) bool { return c.Name == name }) {
		e.What = fmt.Sprintf("`%s` shows quantiles, and this result has less than %d runs", name, chart.FanRuns)
	} else if best, ok := scenarios.Nearest(name, names); ok {
		e.Hint = fmt.Sprintf("did you mean `%s`?", best)
	}
	return e
}

func listCharts(s *streams, r *output.Result) error {
	t := newTable()
	for _, c := range available(r) {
		when := ""
		if !c.Extra {
			when = "by default"
		}
		t.AppendRow(table.Row{c.Name, c.Doc, when})
	}
	_, err := io.WriteString(s.out, t.Render()+"\n")
	return err
}

// tell names the files. A chart without numbers that was asked for by its name is an error, though the others are drawn.
func (o plotOptions) tell(fsys afero.Fs, s *streams, charts []chart.Chart, all []drawn) error {
	var empty []string
	named := len(o.charts) > 0 && !slices.Equal(o.charts, []string{"all"})
	for i, d := range all {
		for _, f := range d.files {
			fmt.Fprintln(s.out, filepath.ToSlash(filepath.Join(o.result, f)))
		}
		if d.empty != nil && named {
			empty = append(empty, charts[i].Name+": not drawn: "+o.emptiness(fsys, charts[i].Name, d.empty))
		}
		for _, w := range d.warnings {
			fmt.Fprintln(s.err, s.paint(text.FgYellow, "warning:"), w)
		}
	}
	if len(empty) > 0 {
		return &usageError{What: strings.Join(empty, "; "), Hint: "powerplay help charts says what each shows; without names all are drawn that have numbers"}
	}
	return nil
}

// emptiness says why a chart has nothing to draw, and that a picture of it from before is as it was.
func (o plotOptions) emptiness(fsys afero.Fs, name string, empty error) string {
	why := "the result has no numbers for it"
	if e, ok := errors.AsType[*chart.UnmovedError](empty); ok {
		why = e.Error()
	}
	for _, format := range o.formats {
		old := "plots/" + name + "." + format
		if is, _ := afero.Exists(fsys, filepath.Join(o.result, old)); is {
			why += "; " + old + " from before is left as it is"
		}
	}
	return why
}
