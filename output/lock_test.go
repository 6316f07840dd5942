package output

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"
)

// A folder has one writer at a time, and no trace of that is left.
func TestAFolderHasOneWriterAtATime(t *testing.T) {
	disk, in := afero.NewOsFs(), t.TempDir()
	dir := filepath.Join(in, "deep", "result")
	busy := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, ErrBusy) {
			t.Errorf("%s: %v, want ErrBusy", what, err)
		}
	}
	first := begin(t, disk, dir, release())
	_, err := Create(disk, dir, about(3), columns(), release())
	busy("a second writer", err)
	other := begin(t, disk, dir+"-2", release())
	other.Abort()
	for run := range 4 {
		simulate(first.Folder, run)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	amended, err := Amend(disk, dir)
	if err != nil {
		t.Fatalf("after the first is done: %v", err)
	}
	_, err = Amend(disk, dir)
	busy("a second amendment", err)
	opts := release()
	opts.Force = true
	_, err = Create(disk, dir, about(3), columns(), opts)
	busy("a writer beside an amendment", err)
	if err := amended.Close(); err != nil {
		t.Fatal(err)
	}
	begin(t, disk, dir, opts).Abort()
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("beside the result there are %v", left)
	}
}

// What a killed process leaves of its lock keeps nobody out.
func TestADeadWriterKeepsNobodyOut(t *testing.T) {
	disk, dir := afero.NewOsFs(), filepath.Join(t.TempDir(), "result")
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), lockName("result")), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	begin(t, disk, dir, release()).Abort()
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}
