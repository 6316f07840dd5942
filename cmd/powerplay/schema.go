package main

import (
	"reflect"

	"github.com/urfave/cli/v2"

	"powerplay/scenarios"
	"powerplay/sim"
)

func schemaCommand(s *streams) *cli.Command {
	o := screenOptions{color: "auto", problems: "human"}
	return &cli.Command{
		Name: "schema", Usage: "print the JSON Schema of scenario files, for editors",
		UsageText: "powerplay schema > scenario.schema.json\npowerplay schema | jq '.properties.firms'",
		Description: "The schema is draft 2020-12. An editor with a YAML language server takes it from a first line such as\n" +
			"  # yaml-language-server: $schema=./scenario.schema.json",
		Flags: o.flags(),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return &usageError{What: "powerplay schema takes no argument", Hint: "powerplay schema > scenario.schema.json"}
			}
			if err := o.apply(s); err != nil {
				return err
			}
			_, err := s.out.Write(scenarios.ModelDecoder(nil).Schema(reflect.TypeFor[sim.Model]()))
			return err
		},
	}
}
