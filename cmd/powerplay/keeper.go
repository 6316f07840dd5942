package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/afero"

	"powerplay/output"
	"powerplay/sim/ensemble"
)

// checkpointEvery is the time between two checkpoints, unless they take long.
const checkpointEvery = 10 * time.Second

// rest is the time until the next checkpoint after one that took so long: all of them together take a tenth of a job at most.
func rest(every, took time.Duration) time.Duration { return max(every, 9*took) }

// keeper keeps the finished runs of a job safe on disk while others are simulated.
type keeper struct {
	*ensemble.Checkpoint
	job    *job
	folder *output.Folder
	parts  []ensemble.Part
	saved  int // runs in the last checkpoint
}

// head is what a checkpoint says of itself, beside what it holds of the runs.
type head struct {
	output.Identity
	Sets  []string `json:"sets,omitempty"` // values that the command line set
	Keep  string   `json:"keep"`           // which runs the command line keeps
	Ended int      `json:"ended"`          // runs that it holds
	Of    int      `json:"of"`             // runs that the folder is to hold
}

// save writes a checkpoint.
func (k *keeper) save() error {
	ended := 0
	err := k.folder.SaveCheckpoint(func(w io.Writer) (err error) {
		ended, err = k.Save(w, k.head, k.parts)
		return err
	})
	if err == nil {
		k.saved = ended
	}
	return err
}

// saveMore writes a checkpoint if a run has ended since the last one.
func (k *keeper) saveMore() error {
	if k.ended() <= k.saved {
		return nil
	}
	return k.save()
}

// ended counts the job's runs that have ended.
func (k *keeper) ended() int { return k.Count(k.job.mine()) }

func (k *keeper) head(ended int) []byte {
	text, err := json.Marshal(head{k.folder.Identity(), k.job.options.sets, k.job.options.keep, ended, len(k.job.mine())})
	if err != nil {
		panic(fmt.Sprintf("powerplay: the head of a checkpoint: %v", err)) // it is text and numbers
	}
	return text
}

// readHead reads the head of a checkpoint.
func readHead(r io.Reader) (saved *ensemble.Saved, h head, err error) {
	if saved, err = ensemble.ReadCheckpoint(r); err != nil {
		return nil, h, err
	}
	if err := json.Unmarshal(saved.Head, &h); err != nil {
		return nil, h, &ensemble.CheckpointError{Err: err}
	}
	return saved, h, nil
}

// load takes over what an earlier attempt has left.
func (k *keeper) load() error {
	err := k.folder.Checkpoint(func(r io.Reader) error {
		saved, h, err := readHead(r)
		if err != nil {
			return err
		}
		if differs := k.folder.Differs(h.Identity); len(differs) > 0 {
			return &ensemble.CheckpointError{Err: fmt.Errorf("it is of another result: its %s is %s, here it is %s", differs[0].What, differs[0].Want, differs[0].Got)}
		}
		k.saved = h.Ended
		return k.Add(saved, k.parts)
	})
	return k.job.unusable(err)
}

// unusableError is a checkpoint that cannot be gone on with.
type unusableError struct {
	dir, anew string // the folder it is in; the command that begins anew there
	err       *ensemble.CheckpointError
}

func (e *unusableError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *unusableError) Unwrap() error { return e.err }

// why says what is wrong with it: it is of another build or result, or its files are not whole.
func (e *unusableError) why() string {
	if rebuilt, ok := errors.AsType[*rebuiltError](e.err); ok {
		return rebuilt.Error()
	}
	return fmt.Sprintf("checkpoint.bin, or kept.bin beside it, is cut off, damaged or of another result (%v)", e.err.Err)
}

// unusable says in which folder a checkpoint is that cannot be used, and how to begin anew there.
func (j *job) unusable(err error) error {
	if bad, ok := errors.AsType[*ensemble.CheckpointError](err); ok {
		return &unusableError{dir: j.dir, anew: j.command("--out", quoted(j.resumable), "--force"), err: bad}
	}
	return err
}

// guard saves a checkpoint every so often until release is called, and ends the context that it returns when
// files cannot be written.
func (k *keeper) guard(parent context.Context, every time.Duration) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	if every <= 0 {
		return ctx, func() { cancel(nil) }
	}
	var guard sync.WaitGroup
	guard.Go(func() {
		next := time.NewTimer(every)
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-next.C:
				began := time.Now()
				if err := errors.Join(k.folder.Err(), k.saveMore()); err != nil {
					cancel(err)
				}
				next.Reset(rest(every, time.Since(began)))
			}
		}
	})
	return ctx, func() { cancel(nil); guard.Wait() }
}

// stopped says what became of a job that was broken off, and saves once more what there is. A full disk has
// room for that as a rule, since what was half-written is gone.
func (k *keeper) stopped(why error) error {
	if _, broken := errors.AsType[*ensemble.RunError](why); broken {
		return why
	}
	if _, foreign := errors.AsType[*ensemble.CheckpointError](why); foreign {
		return k.job.unusable(why)
	}
	_ = k.saveMore() // the one before stays as it is
	of := count(len(k.job.mine()))
	fate, hint := fmt.Sprintf("%s of %s runs were done; nothing was written to %s", count(k.ended()), of, k.job.dir), ""
	if k.saved > 0 {
		fate, hint = fmt.Sprintf("%s of %s runs are safe", count(k.saved), of), k.job.again()
	}
	if sig, ok := errors.AsType[*signalError](why); ok {
		if hint != "" {
			fate += "; go on with: " + hint
		}
		return &signalError{signal: sig.signal, what: fate}
	}
	if l, ok := errors.AsType[*limitError](why); ok {
		hints := []string{l.Hint}
		if hint != "" {
			hints = append(hints, "go on with: "+hint)
		}
		return &limitError{Code: l.Code, What: l.What, Why: fate, Hint: strings.TrimPrefix(strings.Join(hints, "; "), "; ")}
	}
	if hint != "" {
		stopped := &stoppedError{err: why, fate: fate, again: hint}
		if errors.Is(why, output.ErrFull) {
			whole, _ := k.job.try(context.Background(), afero.NewMemMapFs()) // without an answer the disk is full all the same
			stopped.needs = whole.disk
		}
		return stopped
	}
	return why
}

// stoppedError is a job that could not go on, though what it has done so far is safe.
type stoppedError struct {
	err         error
	fate, again string
	needs       int64 // bytes that the result takes on a disk that is full; 0 where that is not what is wrong
}

func (e *stoppedError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *stoppedError) Unwrap() error { return e.err }

// begunError says that the folder holds a checkpoint of this very result.
type begunError struct {
	dir, again string
	head
}

func (e *begunError) Error() string { return e.dir + " holds an unfinished result of this very run" }

// begun reads how far an earlier attempt has come.
func (j *job) begun(fs afero.Fs) error {
	e := &begunError{dir: j.dir, again: j.again()}
	err := output.Left(fs, j.dir, func(r io.Reader) (err error) {
		_, e.head, err = readHead(r)
		return err
	})
	if err != nil {
		return j.unusable(err)
	}
	return e
}

// again is the command line that goes on with the job.
func (j *job) again() string { return j.command("--resume", quoted(j.resumable)) }

// command is the command line as it was typed, but for where the result is and what becomes of one that is there.
func (j *job) command(where ...string) string {
	words := []string{"powerplay"}
	for i := 0; i < len(j.options.typed); i++ {
		word := j.options.typed[i]
		name, _, valued := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case !strings.HasPrefix(word, "-"):
			words = append(words, quoted(word))
		case name == "resume" || name == "out" || name == "o":
			if !valued {
				i++
			}
		case name == "force":
		default:
			words = append(words, quoted(word))
		}
	}
	return strings.Join(append(words, where...), " ")
}

// quoted writes a word so that a shell takes it for one.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// mine are the runs that this process simulates, of all that are planned.
func (j *job) mine() []int { return j.shard.of(j.runs) }

// detailed tells whether a run's months and words are needed again at the end: for the files, if it is kept,
// for charts or for the screen.
func (j *job) detailed(run int) bool {
	return j.keeps(run) || slices.Contains(j.shown(), run)
}
