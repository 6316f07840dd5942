package main

import (
	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"
)

func explainCommand(fs afero.Fs, s *streams) *cli.Command  { return &cli.Command{Name: "explain"} }
func listCommand(s *streams) *cli.Command                  { return &cli.Command{Name: "list"} }
func showCommand(fs afero.Fs, s *streams) *cli.Command     { return &cli.Command{Name: "show"} }
func validateCommand(fs afero.Fs, s *streams) *cli.Command { return &cli.Command{Name: "validate"} }
func schemaCommand(s *streams) *cli.Command                { return &cli.Command{Name: "schema"} }
func helpCommand(fs afero.Fs, s *streams) *cli.Command     { return &cli.Command{Name: "help"} }
func versionCommand(s *streams) *cli.Command               { return &cli.Command{Name: "version"} }
