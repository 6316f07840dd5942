package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/scenarios"
)

// validateOptions is what `powerplay validate` can be told.
type validateOptions struct {
	screenOptions
	files  []string
	sets   []string
	strict bool
}

func validateCommand(fs afero.Fs, s *streams) *cli.Command {
	o := validateOptions{screenOptions: screenOptions{color: "auto", problems: "human"}}
	var sets cli.StringSlice
	return &cli.Command{
		Name: "validate", ArgsUsage: "FILE ...", Usage: "list all problems of scenarios at once",
		UsageText:   "powerplay validate deal.yaml\npowerplay validate *.yaml --problems line",
		Description: "Each FILE is read with everything it extends, and so is each of its variants. Nothing is run.",
		Flags: append([]cli.Flag{
			&cli.StringSliceFlag{Name: "set", Destination: &sets, Usage: "`PATH=VALUE` to override; may be repeated"},
			&cli.BoolFlag{Name: "strict", Destination: &o.strict, Usage: "take warnings for errors"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) error {
			o.files, o.sets = c.Args().Slice(), sets.Value()
			if len(o.files) == 0 {
				return &usageError{What: "powerplay validate needs a file", Hint: "such as: powerplay validate deal.yaml"}
			}
			return validate(c.Context, fs, s, o)
		},
	}
}

// validate prints the problems of all files: here they are the answer, so they go to out.
func validate(ctx context.Context, fs afero.Fs, s *streams, o validateOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	var all []scenarios.Problem
	for _, file := range o.files {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		all = append(all, problemsOf(fs, file, o.sets)...)
	}
	if len(all) > 0 || s.problems == "json" || s.problems == "sarif" {
		if err := s.printProblems(s.out, all); err != nil {
			return err
		}
	}
	if s.problems == "human" {
		errs := scenarios.Errors(all)
		line := "no problems in " + number1(len(o.files), "file")
		if len(all) > 0 {
			line = fmt.Sprintf("\n%s, %s in %s", number1(errs, "error"), number1(len(all)-errs, "warning"), number1(len(o.files), "file"))
		}
		fmt.Fprintln(s.out, line)
	}
	return &problemsError{problems: all, told: true, strict: o.strict}
}

// problemsOf reads a scenario and each of its variants.
func problemsOf(fs afero.Fs, file string, sets []string) []scenarios.Problem {
	_, all := scenarios.Load(fs, file, "", sets)
	r, _ := scenarios.Source{FS: fs, Library: scenarios.Library()}.Read(file, "", sets)
	if r == nil {
		return all
	}
	for _, variant := range r.Variants {
		_, more := scenarios.Load(fs, file, variant, sets)
		for _, p := range more {
			if !slices.ContainsFunc(all, func(q scenarios.Problem) bool { return q.Error() == p.Error() }) {
				p.Notes = append(slices.Clip(p.Notes), "in the variant "+variant)
				all = append(all, p)
			}
		}
	}
	return r.Finish(all) // sorted as a whole
}

// number1 writes a count with its noun.
func number1(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}
