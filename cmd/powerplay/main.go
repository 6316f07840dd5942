// Powerplay simulates the race to build AI infrastructure: labs, clouds, chip suppliers and investors, month
// by month, under the contracts that bind them. This package wires flags, files and the screen to the
// packages that do the work; there is one file for each command.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"
)

func main() { os.Exit(start(checkpointEvery)) }

// start runs the program on the machine's own files and terminal and returns its exit code.
func start(checkpointEvery time.Duration) (code int) {
	s := newStreams(os.Stdout, os.Stderr, os.Getenv)
	s.checkpointEvery = checkpointEvery
	fs := afero.NewOsFs()
	ctx, release := untilSignal(context.Background())
	defer release()
	defer func() {
		if x := recover(); x != nil {
			code = s.report(fs, &bugError{What: fmt.Sprint(x), Stack: debug.Stack()})
		}
	}()
	return s.report(fs, execute(ctx, fs, s, os.Args[1:]))
}

// commands lists what powerplay can do, in the order of its help.
func commands(fs afero.Fs, s *streams) []*cli.Command {
	return []*cli.Command{
		runCommand(fs, s), mergeCommand(fs, s), compareCommand(fs, s), valueCommand(fs, s), explainCommand(fs, s), plotCommand(fs, s), reportCommand(fs, s), exportCommand(fs, s), listCommand(fs, s), showCommand(fs, s), validateCommand(fs, s),
		schemaCommand(s), helpCommand(fs, s), versionCommand(s),
	}
}

// execute finds the command that args name and runs it.
func execute(ctx context.Context, fs afero.Fs, s *streams, args []string) error {
	all := commands(fs, s)
	s.args = args
	if len(args) == 0 {
		return printOverview(s.out, all)
	}
	switch args[0] {
	case "--help", "-h":
		return printOverview(s.out, all)
	case "--version", "-v":
		args = []string{"version"}
	}
	at := slices.IndexFunc(all, func(c *cli.Command) bool { return c.HasName(args[0]) })
	if at < 0 {
		return unknownCommand(args[0], all)
	}
	c := all[at]
	sorted, help, err := arrange(c, args[1:])
	if err != nil {
		return err
	}
	if help {
		return printCommand(s.out, c)
	}
	app := &cli.App{
		Name: "powerplay", Commands: all, HideHelp: true, HideVersion: true,
		Writer: io.Discard, ErrWriter: io.Discard, // what there is to say is said by streams
		DisableSliceFlagSeparator: true, // a value of --set is taken whole, commas and all
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              func(_ *cli.Context, err error, _ bool) error { return flagError(c, err) },
	}
	c.OnUsageError, c.HideHelp = app.OnUsageError, true // else an argument `help` is taken for a command, which says nothing
	return app.RunContext(ctx, append([]string{"powerplay", c.Name}, sorted...))
}
