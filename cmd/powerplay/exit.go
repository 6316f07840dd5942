package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/scenarios"
)

// The exit codes; `powerplay help exit-codes` explains them.
const (
	codeDone        = 0
	codeBug         = 1
	codeUsage       = 2
	codeExpectation = 3
	codeFiles       = 4
	codeLimit       = 5
	codeInvariant   = 6
)

// usageError is a command line that cannot be obeyed.
type usageError struct{ What, Hint string }

func (e *usageError) Error() string { return e.What }

// problemsError is a scenario that cannot be run. Its problems are printed by report unless told is set.
type problemsError struct {
	problems []scenarios.Problem
	told     bool
	strict   bool // warnings count as errors
}

func (e *problemsError) Error() string {
	return fmt.Sprintf("%d problems", len(e.problems))
}

// first is the first problem in a few words.
func (e *problemsError) first() string {
	p := e.problems[0]
	return strings.TrimPrefix(p.Path+": "+p.What, ": ")
}

// code is 2 for a wrong scenario, 4 if nothing is wrong but that a file cannot be read, 5 if nothing but a
// limit.
func (e *problemsError) code() int {
	class := byte(0)
	for _, p := range e.problems {
		if p.Severity == scenarios.Warning && !e.strict {
			continue
		}
		c := byte('2')
		if len(p.Code) > 1 && p.Severity == scenarios.Error {
			c = p.Code[1]
		}
		if class != 0 && class != c {
			return codeUsage
		}
		class = c
	}
	switch class {
	case 0:
		return codeDone
	case '5':
		return codeLimit
	case '6':
		return codeFiles
	}
	return codeUsage
}

// expectationError says that a run is done and an expectation of its scenario does not hold. What did not
// hold stands in the answer already.
type expectationError struct{ missed int }

func (e *expectationError) Error() string {
	return fmt.Sprintf("%d expectations do not hold", e.missed)
}

// limitError says that a limit of the user's refused or stopped the work.
type limitError struct{ Code, What, Why, Hint string }

func (e *limitError) Error() string { return e.What }

// signalError says that the user, or the system, stopped the work.
type signalError struct {
	signal os.Signal
	what   string // what became of the work
}

func (e *signalError) Error() string { return "stopped by " + e.signal.String() }

// invariantError is a run that broke a law of the model.
type invariantError struct {
	what, why string
	report    string // the file that tells how to see it again
	again     string // the command that does
}

func (e *invariantError) Error() string { return e.what }

// bugError is a panic: a mistake in powerplay.
type bugError struct {
	What     string   `json:"what"`
	Version  string   `json:"version"`
	Command  []string `json:"command"`
	Scenario string   `json:"scenario,omitempty"`
	Hash     string   `json:"hash,omitempty"`
	Seed     uint64   `json:"seed,omitempty"`
	Run      *int     `json:"run,omitempty"`
	Month    string   `json:"month,omitempty"`
	Stack    []byte   `json:"-"`
	Lines    []string `json:"stack,omitempty"`
	File     string   `json:"resolved_scenario,omitempty"`
}

func (e *bugError) Error() string { return e.What }

// write leaves a report beside where the user works and returns its name.
func (e *bugError) write(fs afero.Fs) (string, error) {
	sum := sha256.Sum256([]byte(e.What + "\n" + e.Hash + fmt.Sprint(e.Seed)))
	name := "bug-" + hex.EncodeToString(sum[:4]) + ".json"
	return name, output.WriteFile(fs, name, e.encode)
}

func (e *bugError) encode(w io.Writer) error {
	e.Version, e.Command = output.Version, os.Args
	if len(e.Stack) > 0 {
		e.Lines = strings.Split(strings.TrimSpace(strings.ReplaceAll(string(e.Stack), "\t", "  ")), "\n")
	}
	return printJSON(w, e)
}

// untilSignal ends the context at the first Ctrl-C or SIGTERM; a second one stops the program at once.
func untilSignal(parent context.Context) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	arrived := make(chan os.Signal, 2)
	signal.Notify(arrived, os.Interrupt, syscall.SIGTERM)
	go func() {
		sig, ok := <-arrived
		if !ok {
			return
		}
		cancel(&signalError{signal: sig})
		if sig, ok = <-arrived; ok {
			os.Exit((&signalError{signal: sig}).code())
		}
	}()
	return ctx, func() { signal.Stop(arrived); close(arrived); cancel(nil) }
}

func (e *signalError) code() int {
	if e.signal == syscall.SIGTERM {
		return 143
	}
	return 130
}

// report prints an error for its reader and returns the exit code.
func (s *streams) report(fs afero.Fs, err error) int {
	if err == nil {
		return codeDone
	}
	if errors.Is(err, syscall.EPIPE) {
		return codeDone // the reader of our output has seen enough
	}
	if e, ok := errors.AsType[*problemsError](err); ok {
		if !e.told {
			_ = s.printProblems(s.err, e.problems)
		}
		return e.code()
	}
	if _, ok := errors.AsType[*expectationError](err); ok {
		return codeExpectation // the answer has told which
	}
	if e, ok := errors.AsType[*signalError](err); ok {
		fmt.Fprintf(s.err, "stopped by %s: %s\n", map[bool]string{true: "SIGTERM", false: "Ctrl-C"}[e.code() == 143], cmp.Or(e.what, "nothing was written"))
		return e.code()
	}
	if e, ok := errors.AsType[*limitError](err); ok {
		s.fail(scenarios.Problem{Code: e.Code, What: e.What, Why: e.Why, Hint: e.Hint})
		return codeLimit
	}
	if e, ok := errors.AsType[*invariantError](err); ok {
		s.fail(scenarios.Problem{
			Code: "E701", What: e.what + "; this is a bug in powerplay, not in your scenario", Why: e.why,
			Hint: "please report " + e.report + "; it comes again with: " + e.again,
		})
		return codeInvariant
	}
	if e, ok := errors.AsType[*bugError](err); ok {
		name, failed := e.write(fs)
		hint := "please report " + name + ", which holds what is needed to see it again"
		if failed != nil {
			hint = "please report this; no file with the details could be written: " + failed.Error()
		}
		s.fail(scenarios.Problem{Code: "E702", What: "powerplay broke off: " + e.What, Why: "this is a bug in powerplay, not in your scenario", Hint: hint})
		return codeBug
	}
	if e, ok := errors.AsType[*missingError](err); ok {
		s.fail(e.problem())
		return codeFiles
	}
	if e, ok := errors.AsType[*begunError](err); ok {
		s.fail(scenarios.Problem{
			Code: "E607", What: fmt.Sprintf("the folder `%s` holds an unfinished result of this very run", e.dir),
			Why:  fmt.Sprintf("%s of %s runs are safe", count(e.Ended), count(e.Of)),
			Hint: "go on with: " + e.again + "; or begin anew with --force",
		})
		return codeFiles
	}
	if e, ok := errors.AsType[*doneError](err); ok {
		return s.done(e)
	}
	if p, ok := fileProblem(err); ok {
		s.fail(p)
		return codeFiles
	}
	what, hint := err.Error(), ""
	if e, ok := errors.AsType[*usageError](err); ok {
		hint = e.Hint
	}
	s.fail(scenarios.Problem{What: what, Hint: hint})
	return codeUsage
}

// done says that there is nothing to do. Who wants the folder alone gets it.
func (s *streams) done(e *doneError) int {
	if e.json {
		_ = printJSON(s.out, struct {
			Done    bool     `json:"already_done"`
			Folders []string `json:"folders"`
			Drawn   []string `json:"drawn,omitempty"`
		}{true, e.dirs, e.drawn})
		return codeDone
	}
	if e.quiet {
		fmt.Fprintln(s.out, strings.Join(e.dirs, "\n"))
		return codeDone
	}
	for _, dir := range e.dirs {
		fmt.Fprintf(s.err, "already done: %s holds this very result\n", dir)
	}
	for _, file := range e.drawn {
		fmt.Fprintln(s.err, "drawn: "+file)
	}
	if e.next != "" {
		fmt.Fprintln(s.err, "next: "+e.next)
	}
	return codeDone
}

// fail prints one problem that has no place in a scenario.
func (s *streams) fail(p scenarios.Problem) {
	if p.Code != "" || s.problems == "json" || s.problems == "sarif" {
		_ = s.printProblems(s.err, []scenarios.Problem{p})
		return
	}
	line := "error: " + p.What
	switch {
	case p.Hint == "":
	case s.problems == "line":
		line += " (" + p.Hint + ")"
	default:
		line += "\n   = hint: " + p.Hint
	}
	fmt.Fprintln(s.err, line)
}

// fileProblem tells what is wrong with a result folder or with a file, and what to do about it.
func fileProblem(err error) (p scenarios.Problem, ok bool) {
	p = scenarios.Problem{Code: "E603", What: err.Error()}
	file, isFile := errors.AsType[*output.FileError](err)
	if isFile {
		p.What = fmt.Sprintf("cannot %s `%s`: %v", file.Op, file.Path, cause(file))
		if file.Op != "read" {
			p.Code = "E604"
		}
	}
	exists, isExists := errors.AsType[*output.ExistsError](err)
	checkpoint, isCheckpoint := errors.AsType[*unusableError](err)
	switch {
	case isCheckpoint:
		p.Code, p.What = "E605", fmt.Sprintf("the checkpoint in `%s` cannot be used", checkpoint.dir)
		p.Why, p.Hint = checkpoint.why(), "begin anew: "+checkpoint.anew
	case isExists:
		p.Code, p.What = "E604", fmt.Sprintf("the folder `%s` holds another result", exists.Dir)
		if exists.Incomplete {
			p.What = fmt.Sprintf("the folder `%s` holds an unfinished result of another run", exists.Dir)
		}
		var differs []string
		for _, d := range exists.Differs {
			differs = append(differs, fmt.Sprintf("%s there %s, now %s", d.What, d.Want, d.Got))
		}
		p.Why = strings.Join(differs, "; ")
		p.Hint = "choose another folder with --out, or replace it with --force"
		if exists.Incomplete {
			p.Hint = "go on with the scenario and flags that it was begun with, choose another folder with --out, or replace it with --force"
		}
	case errors.Is(err, output.ErrBusy):
		p.Code, p.What = "E608", fmt.Sprintf("another process is writing the folder `%s`", file.Path)
		p.Why, p.Hint = "two that write one folder would take each other's files for their own", "wait for it to end, or choose another folder with --out"
	case errors.Is(err, output.ErrNameless):
		p.Code, p.What = "E604", fmt.Sprintf("`%s` holds a checkpoint, but its about.json is missing or cannot be read", file.Path)
		p.Why, p.Hint = "about.json says of which result the checkpoint is", fmt.Sprintf("put about.json back, or begin anew with --out %s --force", quoted(file.Path))
	case errors.Is(err, output.ErrForeign):
		p.Code, p.What = "E604", fmt.Sprintf("`%s` is not a result folder and not empty", file.Path)
		p.Why, p.Hint = "nothing of yours is ever overwritten", "choose another folder with --out"
	case errors.Is(err, output.ErrFull):
		p.What = fmt.Sprintf("the disk is full: `%s` cannot be written", file.Path)
		p.Why, p.Hint = "nothing is half-written", "free some space, or write to another disk with --out; --keep none needs least"
	case errors.Is(err, output.ErrReadOnly):
		p.Hint = "choose a folder you may write to with --out"
	case errors.Is(err, output.ErrIncomplete):
		p.What = fmt.Sprintf("the result in `%s` is incomplete: it has no manifest.json", file.Path)
		p.Hint = "the run that wrote it was broken off: the same command with --resume auto goes on with it"
	case errors.Is(err, output.ErrPart):
		p.What, p.Hint = fmt.Sprintf("`%s` is a part of a result", file.Path), "join all parts: powerplay merge PARTS --out RESULT"
	case errors.Is(err, output.ErrStudy):
		p.What, p.Hint = fmt.Sprintf("`%s` holds tables about several results", file.Path), "name one of the results in it"
	case errors.Is(err, output.ErrWhole):
		p.What, p.Hint = fmt.Sprintf("`%s` is a whole result, not a part of one", file.Path), "powerplay run --shard 3/8 writes a part"
	case errors.Is(err, output.ErrNoResult):
		p.What, p.Hint = fmt.Sprintf("`%s` is not a result folder", file.Path), "powerplay run writes one and names it at its end"
	case errors.Is(err, output.ErrDamaged):
		p.Why, p.Hint = "the result is not as it was written", "make it anew: the command that made it, with --force"
	case isFile && errors.Is(err, os.ErrNotExist) && file.Op == "read":
		p.Code, p.What = "E601", fmt.Sprintf("there is no result folder `%s`", file.Path)
	case isFile:
	default:
		path, is := errors.AsType[*os.PathError](err)
		if !is {
			return p, false
		}
		p.What = fmt.Sprintf("cannot %s `%s`: %v", path.Op, filepath.ToSlash(path.Path), path.Err)
		if path.Op == "write" {
			p.Code = "E604"
		}
	}
	if e, ok := errors.AsType[*stoppedError](err); ok {
		p.Why, p.Hint = e.fate+"; nothing is half-written", "go on with: "+e.again
		if e.needs > 0 {
			p.Hint = fmt.Sprintf("free about %s, then: %s", bytesText(e.needs), e.again)
		}
	}
	return p, true
}

// cause is the innermost reason of a failed operation, without paths that the message names already.
func cause(e *output.FileError) error {
	if p, ok := errors.AsType[*os.PathError](e.Err); ok {
		return p.Err
	}
	return e.Err
}
