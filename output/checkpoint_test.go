package output

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// anyRun lets a state be of whatever runs it is.
var anyRun = record.Ended{Has: func(int) bool { return true }}

// attempt is a result under way whose journal keeps runs 0 and 2.
type attempt struct {
	*Folder
	journal *Journal
}

// save lets a checkpoint be the state of the journal alone.
func (a attempt) save() error {
	return a.SaveCheckpoint(func(w io.Writer) error { return a.journal.SaveState(w, nil) })
}

func (a attempt) load() error {
	return a.Checkpoint(func(r io.Reader) error { return a.journal.AddState(r, anyRun) })
}

func begin(t testing.TB, fsys afero.Fs, dir string, opts Options) attempt {
	t.Helper()
	f, err := Create(fsys, dir, about(3), columns(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return attempt{f, f.Journal(func(run int) bool { return run%2 == 0 }, record.Sinks{f})}
}

func resuming() Options {
	opts := release()
	opts.Kept, opts.Resume = []int{0, 2}, true
	return opts
}

// The kept runs of an attempt that was broken off stand in the result as if they had never been away.
func TestAResultGoesOnFromItsCheckpoint(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		straight := begin(t, fsys, dir+"-straight", resuming())
		for run := range 4 {
			simulate(straight.Folder, run)
		}
		if err := straight.Close(); err != nil {
			t.Fatal(err)
		}

		first := begin(t, fsys, dir, resuming())
		simulate(record.Sinks{first, first.journal}, 2)
		simulate(record.Sinks{first, first.journal}, 3)
		if err := first.save(); err != nil {
			t.Fatal(err)
		}
		// What comes after the checkpoint is lost: here a run that the journal has begun to write.
		if err := appendTo(fsys, filepath.Join(dir, journalFile), "torn"); err != nil {
			t.Fatal(err)
		}
		first.unlock() // as the system does when a process is killed

		opts := resuming()
		opts.Resume = false
		if _, err := Create(fsys, dir, about(3), columns(), opts); !errors.Is(err, ErrBegun) {
			t.Fatalf("the same anew: %v, want ErrBegun", err)
		}
		seen := ""
		if err := Left(fsys, dir, func(r io.Reader) error { text, err := io.ReadAll(r); seen = string(text); return err }); err != nil || !strings.Contains(seen, "sha256") {
			t.Errorf("left: %q, %v", seen, err)
		}

		second := begin(t, fsys, dir, resuming())
		if err := second.load(); err != nil {
			t.Fatal(err)
		}
		simulate(record.Sinks{second, second.journal}, 0)
		if err := second.save(); err != nil {
			t.Fatal(err)
		}
		second.unlock()
		third := begin(t, fsys, dir, resuming())
		if err := third.load(); err != nil {
			t.Fatal(err)
		}
		if err := third.Close(); err != nil {
			t.Fatal(err)
		}
		RemoveCheckpoint(fsys, dir)
		if diff := cmp.Diff(files(t, fsys, dir+"-straight"), files(t, fsys, dir)); diff != "" {
			t.Errorf("not the same result:\n%s", diff)
		}
		if _, err := Create(fsys, dir, about(3), columns(), resuming()); !errors.Is(err, ErrDone) {
			t.Errorf("nothing is left to do: %v, want ErrDone", err)
		}
	})
}

func appendTo(fsys afero.Fs, path, text string) error {
	old, err := afero.ReadFile(fsys, path)
	if err != nil {
		return err
	}
	return afero.WriteFile(fsys, path, append(old, text...), 0o644)
}

// A result that is to replace another is written beside it, and so is its checkpoint.
func TestAReplacementGoesOnToo(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		if err := write(fsys, dir, release(), 0, 1); err != nil {
			t.Fatal(err)
		}
		before := files(t, fsys, dir)
		opts := resuming()
		opts.Resume, opts.Force = false, true
		first := begin(t, fsys, dir, opts)
		simulate(record.Sinks{first, first.journal}, 2)
		if err := first.save(); err != nil {
			t.Fatal(err)
		}
		first.Abort()
		if diff := cmp.Diff(before, files(t, fsys, dir)); diff != "" {
			t.Errorf("the old result changed:\n%s", diff)
		}
		opts.Force = false
		if _, err := Create(fsys, dir, about(3), columns(), opts); !errors.Is(err, ErrBegun) {
			t.Errorf("without --force: %v, want ErrBegun", err)
		}
		second := begin(t, fsys, dir, resuming())
		if err := second.load(); err != nil {
			t.Fatal(err)
		}
		if err := second.Close(); err != nil {
			t.Fatal(err)
		}
		RemoveCheckpoint(fsys, dir)
		if d, err := Verify(fsys, dir); err != nil || len(d) > 0 {
			t.Errorf("verify: %v, %v", d, err)
		}
		if entries, _ := afero.ReadDir(fsys, filepath.Dir(dir)); len(entries) != 1 {
			t.Errorf("%d entries beside the result", len(entries)-1)
		}
	})
}

// Force begins anew, and what an attempt without a checkpoint has left is swept away.
func TestForceForgetsACheckpoint(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		first := begin(t, fsys, dir, resuming())
		simulate(record.Sinks{first, first.journal}, 2)
		if err := first.save(); err != nil {
			t.Fatal(err)
		}
		first.Abort()
		if got := files(t, fsys, dir); len(got) != 3 || got[checkpointFile] == "" || got["about.json"] == "" {
			t.Errorf("Abort leaves %v", names(t, fsys, dir))
		}
		opts := resuming()
		opts.Resume, opts.Force = false, true
		second := begin(t, fsys, dir, opts)
		if got := files(t, fsys, dir); got[checkpointFile] != "" || got[journalFile] != "" {
			t.Errorf("left %v", names(t, fsys, dir))
		}
		second.Abort()
		if there, _ := afero.Exists(fsys, dir); there && second.made {
			t.Errorf("left %v", names(t, fsys, dir))
		}
	})
}

// A part is a checkpoint that stays: it cannot be taken for a result, and holds what the whole needs.
func TestAPartIsACheckpointWithAManifest(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		opts := release()
		opts.Part = "2/3"
		part := begin(t, fsys, dir, opts)
		simulate(record.Sinks{part, part.journal}, 1)
		simulate(record.Sinks{part, part.journal}, 2)
		part.journal.Event(record.Event{Run: 4, Why: []record.Reason{{Name: "nothing", Value: math.Copysign(0, -1)}, {Name: "none", Value: math.NaN()}}})
		part.journal.End(4, start, "")
		if err := errors.Join(part.save(), part.Close()); err != nil {
			t.Fatal(err)
		}
		RemoveCheckpoint(fsys, dir) // takes none from a part
		if d, err := Verify(fsys, dir); err != nil || len(d) > 0 {
			t.Errorf("verify: %v, %v", d, err)
		}
		if _, err := Open(fsys, dir); !errors.Is(err, ErrPart) {
			t.Errorf("open: %v, want ErrPart", err)
		}
		if _, err := Amend(fsys, dir); !errors.Is(err, ErrPart) {
			t.Errorf("amend: %v, want ErrPart", err)
		}
		r, err := OpenPart(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		got, want := &kept{}, &kept{}
		if err := r.Checkpoint(func(from io.Reader) error { return r.Journal(record.Sinks{got}).AddState(from, anyRun) }); err != nil {
			t.Fatal(err)
		}
		simulate(want, 2)
		want.Event(record.Event{Run: 4, Why: []record.Reason{{Name: "nothing", Value: math.Copysign(0, -1)}, {Name: "none", Value: math.NaN()}}})
		want.End(4, start, "")
		slices.Sort(want.told) // months and events come one kind after the other
		slices.Sort(got.told)
		if diff := cmp.Diff(want.told, got.told); diff != "" {
			t.Errorf("run 2 came back as another:\n%s", diff)
		}
		if err := write(fsys, dir+"-whole", release(), 0, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenPart(fsys, dir+"-whole"); !errors.Is(err, ErrWhole) {
			t.Errorf("a whole result opens as a part: %v", err)
		}
	})
}

// kept writes down what it is told, exactly.
type kept struct{ told []string }

func (k *kept) Month(run int, t unit.Month, frame []float64) { k.tell("month", run, t, frame) }
func (k *kept) Event(e record.Event)                         { k.tell("event", e) }
func (k *kept) End(run int, at unit.Month, why string)       { k.tell("end", run, at, why) }
func (k *kept) Drop(run int)                                 { k.tell("drop", run) }
func (k *kept) tell(what ...any)                             { k.told = append(k.told, fmt.Sprintln(what...)) }

// No damage of the journal goes unnoticed.
func TestADamagedJournalIsRefused(t *testing.T) {
	fsys, dir := afero.NewMemMapFs(), filepath.FromSlash("/r")
	first := begin(t, fsys, dir, resuming())
	simulate(record.Sinks{first, first.journal}, 2)
	if err := first.save(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, journalFile)
	whole, err := afero.ReadFile(fsys, path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(at int, text []byte) {
		if err := afero.WriteFile(fsys, path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := begin(t, fsys, dir, resuming()).load(); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d of %d: %v, want ErrDamaged", at, len(whole), err)
		}
	}
	for at := 0; at < len(whole); at += 7 {
		changed := slices.Clone(whole)
		changed[at] ^= 4
		try(at, changed)
		try(at, whole[:at])
	}
}

// A disk that is full at any write of a checkpoint leaves the one before, and the attempt can go on from it.
func TestAFullDiskLeavesTheCheckpointBefore(t *testing.T) {
	for _, call := range []string{"write", "sync", "close", "chmod", "rename", "create"} {
		t.Run(call, func(t *testing.T) {
			onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
				first := begin(t, fsys, dir, resuming())
				simulate(record.Sinks{first, first.journal}, 0)
				if err := first.save(); err != nil {
					t.Fatal(err)
				}
				first.Abort()
				failed := 0
				for from := 0; ; from++ {
					bad := faulty{fsys, call, 0, syscall.ENOSPC, new(atomic.Int64), false}
					bad.from = 1 << 30
					second := begin(t, &bad, dir, resuming())
					if err := second.load(); err != nil {
						t.Fatalf("from call %d: %v", from, err)
					}
					simulate(record.Sinks{second, second.journal}, 2)
					bad.seen.Store(0)
					bad.from = from
					err := second.save()
					second.Abort()
					if err == nil {
						break
					}
					failed++
					if !errors.Is(err, ErrFull) {
						t.Fatalf("from call %d: %v does not match ErrFull", from, err)
					}
					if got := files(t, fsys, dir); len(got) != 3 {
						t.Fatalf("from call %d: left %v", from, names(t, fsys, dir))
					}
				}
				if failed == 0 {
					t.Error("nothing failed")
				}
				third := begin(t, fsys, dir, resuming())
				got := &kept{}
				third.journal.to = record.Sinks{got}
				if err := third.load(); err != nil || !strings.Contains(strings.Join(got.told, "\n"), "end 2") {
					t.Errorf("%v: %v", err, got.told)
				}
			})
		})
	}
}

// What a checkpoint counts on is on disk, though a full buffer has gone to the file before.
func TestAJournalIsOnDiskBeforeItIsCountedOn(t *testing.T) {
	lost := errors.New("power cut")
	fsys := faulty{Fs: afero.NewMemMapFs(), call: "sync", err: lost, seen: &atomic.Int64{}}
	frame := make([]float64, journalBuffer/8+1)
	j := &Journal{
		fs: fsys, path: "kept.bin", width: len(frame), months: 1, keeps: func(int) bool { return true },
		open: map[int]*journalRun{}, sum: sha256.New(),
	}
	j.Month(1, start, frame)
	j.End(1, start, "")
	if len(j.pending) > 0 {
		t.Fatal("the buffer is not full")
	}
	if err := j.SaveState(io.Discard, nil); !errors.Is(err, lost) {
		t.Errorf("%v, want that the file could not be brought to the disk", err)
	}
}
