package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"powerplay/scenarios"
)

// arrange puts a command's flags before its arguments, because cli/v2 takes what stands behind the first
// argument for arguments too, in silence. It goes by the definitions of the flags: only these tell whether
// the next word is a value. A flag that the command does not have is a usage error; help is true when the
// user asks for it.
func arrange(c *cli.Command, args []string) (sorted []string, help bool, err error) {
	var flags, rest []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			rest = append(rest, a)
			continue
		}
		name, _, valued := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if name == "help" || name == "h" {
			return nil, true, nil
		}
		f := findFlag(c, name)
		if f == nil {
			return nil, false, unknownFlag(c, name)
		}
		flags = append(flags, a)
		if valued || !takesValue(f) {
			continue
		}
		if i+1 == len(args) {
			return nil, false, &usageError{What: fmt.Sprintf("--%s needs a value", f.Names()[0]), Hint: "powerplay help " + c.Name}
		}
		i++
		flags = append(flags, args[i])
	}
	return slices.Concat(flags, []string{"--"}, rest), false, nil
}

func findFlag(c *cli.Command, name string) cli.Flag {
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

func unknownFlag(c *cli.Command, name string) error {
	e := &usageError{What: fmt.Sprintf("`powerplay %s` has no flag `--%s`", c.Name, name), Hint: "all flags: powerplay help " + c.Name}
	var known []string
	for _, f := range c.Flags {
		known = append(known, f.Names()...)
	}
	if best, ok := scenarios.Nearest(name, known); ok {
		e.Hint = fmt.Sprintf("did you mean `--%s`?", best)
	}
	return e
}

func unknownCommand(name string, all []*cli.Command) error {
	e := &usageError{What: fmt.Sprintf("there is no command `%s`", name)}
	if strings.HasPrefix(name, "-") {
		e = &usageError{What: fmt.Sprintf("`%s` stands before the command", name), Hint: "write the command first: powerplay run base-2026 " + name}
		return e
	}
	var known []string
	for _, c := range all {
		known = append(known, c.Names()...)
	}
	if best, ok := scenarios.Nearest(name, known); ok {
		e.Hint = fmt.Sprintf("did you mean `powerplay %s`?", best)
	} else {
		e.Hint = "commands: " + strings.Join(known, ", ")
	}
	return e
}

var badValue = regexp.MustCompile(`^invalid value "(.*)" for flag -([^:]*): (?s:.*)$`)

// flagError puts what cli/v2 says of a flag's value into words for who wrote it.
func flagError(c *cli.Command, err error) error {
	e := &usageError{What: err.Error(), Hint: "powerplay help " + c.Name}
	m := badValue.FindStringSubmatch(err.Error())
	if m == nil {
		return e
	}
	wanted := "another value"
	number, _ := strings.CutPrefix(m[1], "-")
	whole := number != "" && strings.Trim(number, "0123456789") == ""
	switch findFlag(c, m[2]).(type) {
	case *cli.Uint64Flag:
		wanted = "a whole number, such as 200"
		if whole {
			wanted = fmt.Sprintf("a whole number between 0 and %d", uint64(math.MaxUint64))
		}
	case *cli.IntFlag:
		wanted = "a whole number, such as 200"
		if whole {
			wanted = "a smaller whole number, such as 200"
		}
	case *cli.DurationFlag:
		wanted = "a time, such as 90s or 10m"
	case *cli.BoolFlag:
		wanted = "true or false, or stands alone"
	}
	e.What = fmt.Sprintf("`--%s` takes %s, not `%s`", m[2], wanted, m[1])
	return e
}

// oneArgument returns the only argument of a command.
func oneArgument(c *cli.Context, what, example string) (string, error) {
	switch c.Args().Len() {
	case 1:
		return c.Args().First(), nil
	case 0:
		return "", &usageError{What: fmt.Sprintf("powerplay %s needs %s", c.Command.Name, what), Hint: "such as: " + example}
	}
	return "", &usageError{
		What: fmt.Sprintf("powerplay %s takes %s, and there are %d: %s", c.Command.Name, what, c.Args().Len(), strings.Join(c.Args().Slice(), " ")),
		Hint: "a text with spaces or a $ in it goes into single quotes",
	}
}

// oneOf checks a flag that takes one of a few words.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	e := &usageError{What: fmt.Sprintf("`--%s` takes %s, not `%s`", flag, strings.Join(words, ", "), value)}
	if best, ok := scenarios.Nearest(value, words); ok {
		e.Hint = fmt.Sprintf("did you mean `%s`?", best)
	}
	return e
}

// screenOptions are the flags that every command has: how it talks, not what it does.
type screenOptions struct {
	color    string
	problems string
}

func (o *screenOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "problems", Value: "human", Destination: &o.problems, Usage: "`FORM` of problems: human, line, json or sarif"},
		&cli.StringFlag{Name: "color", Value: "auto", Destination: &o.color, Usage: "`WHEN` to use colour: auto, always or never"},
	}
}

// apply makes the streams talk as the flags say.
func (o *screenOptions) apply(s *streams) error {
	if err := oneOf("problems", o.problems, "human", "line", "json", "sarif"); err != nil {
		return err
	}
	if err := oneOf("color", o.color, "auto", "always", "never"); err != nil {
		return err
	}
	s.problems = o.problems
	s.setColor(o.color)
	return nil
}
