package main

import (
	"github.com/urfave/cli/v2"
	"io"
)

func printOverview(w io.Writer, all []*cli.Command) error { return nil }
func printCommand(w io.Writer, c *cli.Command) error      { return nil }
