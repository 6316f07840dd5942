package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
)

// exportOptions is what `powerplay export` can be told.
type exportOptions struct {
	screenOptions
	result string
	as     string
	out    string
}

func exportCommand(fsys afero.Fs, s *streams) *cli.Command {
	o := exportOptions{screenOptions: screenOptions{color: "auto", problems: "human"}, as: "iamc"}
	return &cli.Command{
		Name: "export", ArgsUsage: "RESULT", Usage: "write a result in the form of another community",
		UsageText: "powerplay export first --as iamc\npowerplay export first --as iamc --out base-2026.csv",
		Description: "A result's own tables are CSV and Parquet, described in datapackage.json; any tool reads them. iamc is the wide table of\n" +
			"scenario databases: a row for each variable, a column for each year; it goes into the result unless --out says where.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "as", Value: o.as, Destination: &o.as, Usage: "`FORM` of the table: iamc"},
			&cli.StringFlag{Name: "out", Destination: &o.out, DefaultText: "RESULT/iamc.csv", Usage: "`FILE` to write"},
		}, o.screenOptions.flags()...),
		Action: func(c *cli.Context) (err error) {
			if o.result, err = oneArgument(c, "one result folder", "powerplay export first --as iamc"); err != nil {
				return err
			}
			return export(fsys, s, o)
		},
	}
}

func export(fsys afero.Fs, s *streams, o exportOptions) error {
	if err := o.apply(s); err != nil {
		return err
	}
	if err := oneOf("as", o.as, "iamc"); err != nil {
		return err
	}
	r, err := output.Open(fsys, o.result)
	if err != nil {
		return missingResult(fsys, o.result, err)
	}
	if o.out != "" {
		if err := output.WriteFile(fsys, o.out, r.IAMC); err != nil {
			return err
		}
		fmt.Fprintln(s.out, filepath.ToSlash(o.out))
		return nil
	}
	to, err := output.Amend(fsys, o.result)
	if err != nil {
		return err
	}
	defer to.Abort()
	if err := to.File("iamc.csv", r.IAMC); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	fmt.Fprintln(s.out, filepath.ToSlash(filepath.Join(o.result, "iamc.csv")))
	return nil
}
