package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"
)

// weighed is the program; its last word on stderr is the most memory that it had, in kB, where Linux tells.
func weighed() {
	code := start(checkpointEvery)
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Fprintln(os.Stderr, strings.Fields(peak)[0])
		}
	}
	os.Exit(code)
}

// A dry run foretells disk within a factor of 1.2 and memory within 1.5. Time, which is to be within 2, hangs on
// who else uses the machine: with POWERPLAY_FULL=1 the factors of more jobs are printed, and these among them.
func TestADryRunForetellsWhatARunTakes(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates much, and a race detector takes memory of its own")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"tiny.yaml": tiny + "variants:\n  rich: {firms.xai.cash: $50B}\n  poor: {firms.xai.cash: $1B}\n",
		"half.yaml": "name: half\nextends: base-2026\nend: 2026-06\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	jobs := []string{
		"tiny.yaml --runs 0",
		"tiny.yaml --runs 120 --plots none --keep none",
		"tiny.yaml --runs 120 --plots all",
		"tiny.yaml --runs 30 --plots none --variant all",
		"tiny.yaml --runs 200 --shard 2/3 --keep all",
		"base-2026 --runs 8 --plots none",
	}
	full := os.Getenv("POWERPLAY_FULL") != ""
	if full {
		jobs = append(jobs,
			"base-2026 --runs 0",
			"base-2026 --runs 0 --plots all",
			"base-2026 --runs 20",
			"base-2026 --runs 20 --keep none --plots none",
			"base-2026 --runs 20 --keep all --plots all",
			"base-2026 --runs 200",
			"base-2026 --runs 200 --keep all --plots none",
			"base-2026 --runs 200 --keep none --plots none --workers 1",
			"base-2026 --runs 1000",
			"base-2026 --runs 1000 --keep none --plots all",
			"tiny.yaml --runs 1000",
			"half.yaml --runs 4000 --plots none",
			"half.yaml --runs 20000 --plots none",
			"half.yaml --runs 12000 --shard 2/3 --keep none",
			"amazon-milestones --runs 50 --variant all",
			"half.yaml --runs 60 --shard 1/3 --keep none",
			"base-2026 --runs 500 --only 17,203",
			"history-2023 --runs 100",
			"closed-loop --runs 200 --design latin-hypercube",
		)
		t.Log("foretold / taken:  time  memory  disk")
	}
	for i, args := range jobs {
		told := foretold(t, dir, args)
		out := filepath.Join(dir, fmt.Sprint("job-", i))
		c := exec.Command("powerplay-weighed", append(strings.Fields("run "+args), "--quiet", "--out", out)...)
		c.Dir = dir
		var said bytes.Buffer
		c.Stderr = &said
		started := time.Now()
		if err := c.Run(); err != nil {
			t.Fatalf("%s: %v: %s", args, err, &said)
		}
		took := time.Since(started).Seconds()
		busy := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		var peak int64
		words := strings.Fields(said.String())
		if len(words) > 0 {
			_, _ = fmt.Sscan(words[len(words)-1], &peak)
		}
		memory, disk := float64(told.Memory)/1024/float64(peak), float64(told.Disk)/float64(sizeOf(t, out))
		if full {
			t.Logf("%-58s %5.2f %5.2f %5.2f   of %.1f s (processors: %.1f s), %s, %s", args, told.Seconds/took, memory, disk, took, busy.Seconds(), bytesText(peak*1024), bytesText(sizeOf(t, out)))
		}
		if disk < 1/1.2 || disk > 1.2 {
			t.Errorf("%s: %d bytes on disk are foretold, %.2f times what there are", args, told.Disk, disk)
		}
		if peak > 0 && (memory < 1/1.5 || memory > 1.5) {
			t.Errorf("%s: %d bytes of memory are foretold, %.2f times what it had", args, told.Memory, memory)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
	}
}

// foretold is what a dry run says of the jobs of a command line together.
func foretold(t *testing.T, dir, args string) (all estimate) {
	t.Helper()
	c := exec.Command("powerplay", append(strings.Fields("run "+args), "--dry-run", "--json")...)
	c.Dir = dir
	text, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	if !bytes.HasPrefix(text, []byte("[")) {
		text = fmt.Appendf(nil, "[%s]", text)
	}
	var each []estimate
	if err := json.Unmarshal(text, &each); err != nil {
		t.Fatal(err)
	}
	for _, e := range each {
		all = all.with(e)
	}
	return all
}

// sizeOf is what the files in a folder take, in bytes.
func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADryRunRefusesWhatARunWould(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, func(o *runOptions) { o.runs, o.maxMemory = 20, "10 MB" })
	err := dryRun(t.Context(), fs, s, []*job{j}, j.options, 0)
	if limit, ok := errors.AsType[*limitError](err); !ok || limit.Code != "E503" {
		t.Errorf("%v, want that it needs too much memory", err)
	}
}

// What a trial writes is gone when it is over, and when it is broken off.
func TestADryRunLeavesNoFile(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		want error
	}{{"to its end", t.Context(), nil}, {"broken off", over, context.Canceled}} {
		fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
		j := tinyJob(t, fs, func(o *runOptions) { o.runs = 20 })
		if err := dryRun(c.ctx, fs, s, []*job{j}, j.options, 0); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		left, err := afero.Glob(fs, filepath.Join(os.TempDir(), "powerplay-*"))
		if there, _ := afero.Exists(fs, j.dir); there || err != nil || len(left) > 0 {
			t.Errorf("%s: %q are left, the result is there: %v, %v", c.name, left, there, err)
		}
	}
}
