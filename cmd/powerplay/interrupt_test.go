package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/afero"

	"powerplay/output"
)

// hasty is the program with a checkpoint every few milliseconds.
func hasty() { os.Exit(start(15 * time.Millisecond)) }

// TestInterruptions breaks runs off at random moments, by kill -9 and by signals, and goes on until they are
// done: the bytes are those of a run that was left in peace, and no file is ever torn. A few interruptions as
// a rule; POWERPLAY_FULL=1 makes it two hundred.
func TestInterruptions(t *testing.T) {
	wanted := 9
	if os.Getenv("POWERPLAY_FULL") != "" {
		wanted = 200
	} else if testing.Short() {
		wanted = 3
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte("name: tiny\nextends: base-2026\nend: 2026-09\nvariants:\n  rich: {firms.xai.cash: $50B}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	kinds := [][]string{
		{"--runs", "150", "--plots", "none"},
		{"--runs", "110", "--keep", "all", "--plots", "none"},
		{"--runs", "120"},
		{"--runs", "60", "--variant", "all", "--plots", "none"},
		{"--runs", "150", "--shard", "2/3"},
	}
	seed := uint64(time.Now().UnixNano())
	luck := rand.New(rand.NewPCG(seed, 0))
	t.Logf("luck of %d", seed)
	interrupted, began := 0, 0
	for round := 0; interrupted < wanted; round++ {
		args := kinds[round%len(kinds)]
		straight, torn := filepath.Join(dir, fmt.Sprint("straight-", round)), filepath.Join(dir, fmt.Sprint("torn-", round))
		started := time.Now()
		if text, err := command(dir, args, "--out", straight).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		took := time.Since(started)
		for done := false; !done && interrupted < wanted; {
			c := command(dir, args, "--out", torn, "--resume", "auto")
			var said bytes.Buffer
			c.Stdout, c.Stderr = &said, &said
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			signal := []os.Signal{syscall.SIGKILL, syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM}[luck.IntN(4)]
			timer := time.AfterFunc(time.Duration(luck.Int64N(int64(took))), func() { _ = c.Process.Signal(signal) })
			err := c.Wait()
			timer.Stop()
			switch code := c.ProcessState.ExitCode(); {
			case err == nil:
				done = true
			case code != -1 && code != 130 && code != 143:
				t.Fatalf("exit code %d: %s", code, &said)
			default:
				interrupted++
				if holdsCheckpoint(t, torn) {
					began++
				}
			}
		}
		if text, err := command(dir, args, "--out", torn, "--resume", "auto").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		for _, line := range differences(straight, torn) {
			t.Error(line)
		}
		if t.Failed() {
			t.FailNow()
		}
		_ = os.RemoveAll(straight)
		_ = os.RemoveAll(torn)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left beside the results: %v", left)
	}
	t.Logf("%d interruptions, %d of them with a checkpoint to go on from", interrupted, began)
	if began == 0 && wanted > 5 {
		t.Error("no interruption met a checkpoint")
	}
}

// While one process writes a folder another is told to wait; when the first is killed the folder is free.
func TestOneProcessAtATimeWritesAFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte("name: tiny\nextends: base-2026\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"--runs", "9000", "--keep", "none", "--plots", "none", "--out", "result", "--resume", "auto"}
	first := command(dir, args)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	about := filepath.Join(dir, "result", "about.json")
	for _, err := os.Stat(about); err != nil; _, err = os.Stat(about) {
		time.Sleep(time.Millisecond)
	}
	text, _ := command(dir, args).CombinedOutput()
	if !strings.Contains(string(text), "error[E608]: another process is writing the folder `result`") {
		t.Errorf("said %q", text)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	text, _ = command(dir, append(args, "--max-time", "1ms")).CombinedOutput()
	if !strings.Contains(string(text), "error[E508]") {
		t.Errorf("after a kill: said %q", text)
	}
}

func command(dir string, args []string, more ...string) *exec.Cmd {
	c := exec.Command("powerplay-hasty", slices.Concat([]string{"run", "tiny.yaml", "--quiet"}, args, more)...)
	c.Dir = dir
	return c
}

// holdsCheckpoint looks for torn files in what an interruption has left, in result folders and beside them,
// and tells whether there is a checkpoint.
func holdsCheckpoint(t *testing.T, dir string) (found bool) {
	t.Helper()
	disk := afero.NewOsFs()
	folders, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+"*"))
	for _, root := range append(folders, dir) {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".tmp-") {
				return nil
			}
			switch d.Name() {
			case "checkpoint.bin":
				found = true
				err = output.Left(disk, filepath.Dir(path), func(r io.Reader) error { _, h, err := readHead(r); return errors.Join(err, wholeHead(h)) })
			case "manifest.json":
				var differences []output.Difference
				differences, err = output.Verify(disk, filepath.Dir(path))
				for _, d := range differences {
					if !strings.HasPrefix(d.What, "extra") {
						err = errors.New(d.String())
					}
				}
			}
			if err != nil {
				t.Errorf("%s is torn: %v", path, err)
			}
			return nil
		})
	}
	return found
}

func wholeHead(h head) error {
	if h.Ended < 1 || h.Ended > h.Of || h.Hash == "" {
		return fmt.Errorf("the head says %+v", h)
	}
	return nil
}

// differences compares all bytes of two folders but those of timing.json.
func differences(a, b string) (all []string) {
	x, errX := contents(a)
	y, errY := contents(b)
	if err := errors.Join(errX, errY); err != nil {
		return []string{err.Error()}
	}
	for name := range y {
		if _, both := x[name]; !both {
			all = append(all, fmt.Sprintf("%s holds %s too", b, name))
		}
	}
	for name, text := range x {
		switch other, both := y[name]; {
		case !both:
			all = append(all, fmt.Sprintf("%s does not hold %s", b, name))
		case other != text:
			all = append(all, fmt.Sprintf("%s differs between %s and %s", name, a, b))
		}
	}
	return all
}

func contents(dir string) (map[string]string, error) {
	all := map[string]string{}
	return all, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "timing.json" {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = string(text)
		return err
	})
}
