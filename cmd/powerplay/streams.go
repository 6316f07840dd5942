package main

import (
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"powerplay/output"
	"powerplay/scenarios"
)

// streams are where a command writes: out takes the answer and nothing else, err all other words.
type streams struct {
	out, err       io.Writer
	outTTY, errTTY bool // whether a person reads along
	plain          bool // the environment asks for no colour
	color          bool // on out
	problems       string
	args           []string // the command line
	// checkpointEvery is the time between two checkpoints; 0 saves none while a run goes on.
	checkpointEvery time.Duration
}

// newStreams looks once at what stands behind two files.
func newStreams(out, err *os.File, getenv func(string) string) *streams {
	s := &streams{
		out: out, err: err, problems: "human",
		outTTY: term.IsTerminal(int(out.Fd())), errTTY: term.IsTerminal(int(err.Fd())),
		plain: getenv("NO_COLOR") != "" || getenv("TERM") == "dumb",
	}
	s.setColor("auto")
	return s
}

func (s *streams) setColor(when string) {
	s.color = when == "always" || when == "auto" && s.outTTY && !s.plain
}

// paint colours text where colours are wanted. The library's own switch is one for the whole program, so it
// is not asked.
func (s *streams) paint(c text.Color, words string) string {
	if !s.color {
		return words
	}
	return c.EscapeSeq() + words + text.Reset.EscapeSeq()
}

// printProblems writes problems in the form that was asked for.
func (s *streams) printProblems(w io.Writer, problems []scenarios.Problem) error {
	switch s.problems {
	case "line":
		return scenarios.PrintLine(w, problems)
	case "json":
		return scenarios.PrintJSON(w, problems)
	case "sarif":
		return scenarios.PrintSARIF(w, output.Version, problems)
	}
	return scenarios.PrintHuman(w, problems)
}
