package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"powerplay/output"
)

func versionCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version", UsageText: "powerplay version\npowerplay --version",
		Action: func(*cli.Context) error {
			_, err := fmt.Fprintln(s.out, "powerplay "+output.Version)
			return err
		},
	}
}
