package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/afero"
	"github.com/urfave/cli/v2"

	"powerplay/output"
	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/rng"
)

const tiny = "name: tiny\nextends: base-2026\nend: 2026-03\n"

// desk is a command's surroundings in memory.
func desk(t *testing.T, files map[string]string) (afero.Fs, *streams) {
	t.Helper()
	fs := afero.NewMemMapFs()
	for name, text := range files {
		if err := afero.WriteFile(fs, name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return fs, &streams{out: new(bytes.Buffer), err: new(bytes.Buffer), problems: "human"}
}

func tinyJob(t *testing.T, fs afero.Fs, change func(*runOptions)) *job {
	t.Helper()
	o := defaultRunOptions()
	o.scenario, o.out, o.plots = "tiny.yaml", "result", "none"
	if change != nil {
		change(&o)
	}
	study, problems := scenarios.Load(fs, o.scenario, "", nil)
	if study == nil {
		t.Fatal(problems)
	}
	p, err := o.validate()
	if err != nil {
		t.Fatal(err)
	}
	j, err := newJob(study, o, p)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestABrokenLawLeavesTheRunToLookAtAndNoResult(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, func(o *runOptions) { o.runs, o.workers = 3, 1 })
	begun := 0
	j.prepare = func(w *sim.World) {
		if begun++; begun > 2 { // the central run and run 1 are sound
			w.Books().Leak(100)
		}
	}
	_, err := j.run(t.Context(), fs, s)
	code := s.report(fs, j.explain(fs, err))
	if code != codeInvariant {
		t.Fatalf("exit code %d (%v), want %d", code, err, codeInvariant)
	}
	said := s.err.(*bytes.Buffer).String()
	for _, want := range []string{"error[E701]", "run 2: books balance does not hold", "a bug in powerplay, not in your scenario", "result-unusable/bug-2.json", "powerplay run tiny.yaml --seed 1 --only 2"} {
		if !strings.Contains(said, want) {
			t.Errorf("said %q, want %q in it", said, want)
		}
	}
	if is, _ := afero.Exists(fs, "result"); is {
		t.Error("a result was written")
	}
	r, err := output.Open(fs, "result-unusable")
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Manifest.Warnings; len(w) != 1 || !strings.HasPrefix(w[0], "UNUSABLE: run 2: ") {
		t.Errorf("warnings %q", w)
	}
	var bug bugError
	text, err := r.Read("bug-2.json")
	if err != nil || json.Unmarshal(text, &bug) != nil || *bug.Run != 2 || bug.Seed != 1 || !strings.Contains(bug.File, "name: tiny") {
		t.Errorf("report %+v, %v", bug, err)
	}
	if differences, err := output.Verify(fs, "result-unusable"); err != nil || len(differences) > 0 {
		t.Errorf("the record is not whole: %v %v", differences, err)
	}
}

func TestAPanicIsReportedWithWhatIsNeededToSeeItAgain(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, nil)
	j.prepare = func(*sim.World) { panic("no such luck") }
	_, err := j.run(t.Context(), fs, s)
	if code := s.report(fs, j.explain(fs, err)); code != codeBug {
		t.Fatalf("exit code %d (%v), want %d", code, err, codeBug)
	}
	files, _ := afero.Glob(fs, "bug-*.json")
	if len(files) != 1 || !strings.Contains(s.err.(*bytes.Buffer).String(), files[0]) {
		t.Fatalf("reports %v; said %q", files, s.err)
	}
	text, _ := afero.ReadFile(fs, files[0])
	var bug bugError
	if err := json.Unmarshal(text, &bug); err != nil || !strings.Contains(bug.What, "no such luck") || len(bug.Lines) == 0 || *bug.Run != 0 {
		t.Errorf("report %s (%v)", text, err)
	}
}

// stopAt ends the context when the run of that place begins.
func stopAt(j *job, place int, why error) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	begun := 0
	j.prepare = func(*sim.World) {
		if begun++; begun == place {
			cancel(why)
		}
	}
	return ctx
}

func TestCtrlCKeepsWhatIsDoneAndSaysHowToGoOn(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	options := func(o *runOptions) {
		o.runs, o.workers, o.sets = 50, 1, []string{"firms.xai.cash=$5B"}
		o.typed = []string{"run", "tiny.yaml", "-n", "50", "-o", "result", "--set", "firms.xai.cash=$5B", "--force"}
	}
	j := tinyJob(t, fs, options)
	_, err := j.run(stopAt(j, 5, &signalError{signal: syscall.SIGINT}), fs, s)
	if code := s.report(fs, j.explain(fs, err)); code != 130 {
		t.Fatalf("exit code %d (%v), want 130", code, err)
	}
	again := "powerplay run tiny.yaml -n 50 --set 'firms.xai.cash=$5B' --resume result"
	if got, want := s.err.(*bytes.Buffer).String(), "stopped by Ctrl-C: 4 of 51 runs are safe; go on with: "+again+"\n"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if _, err := output.Open(fs, "result"); !errors.Is(err, output.ErrIncomplete) {
		t.Errorf("what is left opens as a result: %v", err)
	}

	// The same command again does not throw away what is safe.
	fresh := tinyJob(t, fs, options)
	_, err = fresh.run(t.Context(), fs, s)
	s.err.(*bytes.Buffer).Reset()
	if code := s.report(fs, err); code != codeFiles || !strings.Contains(s.err.(*bytes.Buffer).String(), "4 of 51 runs are safe") || !strings.Contains(s.err.(*bytes.Buffer).String(), again) {
		t.Errorf("exit code %d, said %q", code, s.err)
	}

	// Another run does not go on from there.
	other := tinyJob(t, fs, func(o *runOptions) { options(o); o.resume, o.runs = "result", 51 })
	_, err = other.run(t.Context(), fs, s)
	s.err.(*bytes.Buffer).Reset()
	if code := s.report(fs, err); code != codeFiles || !strings.Contains(s.err.(*bytes.Buffer).String(), "holds an unfinished result of another run") || !strings.Contains(s.err.(*bytes.Buffer).String(), "runs there 50, now 51") {
		t.Errorf("exit code %d, said %q", code, s.err)
	}

	resumed := tinyJob(t, fs, func(o *runOptions) { options(o); o.resume = "result" })
	var simulated atomic.Int32
	resumed.prepare = func(*sim.World) { simulated.Add(1) }
	if _, err := resumed.run(t.Context(), fs, s); err != nil || simulated.Load() != 3+47 {
		t.Errorf("%d runs were simulated (%v), want 3 to see that they come out as before, and the 47 that were missing", simulated.Load(), err)
	}
}

func TestWithoutAFinishedRunThereIsNothingToGoOnFrom(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	j := tinyJob(t, fs, func(o *runOptions) { o.runs, o.workers = 50, 1 })
	_, err := j.run(stopAt(j, 1, &limitError{Code: "E508", What: "stopped", Hint: "give it more time"}), fs, s)
	if code := s.report(fs, err); code != codeLimit {
		t.Fatalf("exit code %d (%v), want %d", code, err, codeLimit)
	}
	if got := s.err.(*bytes.Buffer).String(); !strings.Contains(got, "0 of 51 runs were done; nothing was written to result") || strings.Contains(got, "go on") {
		t.Errorf("said %q", got)
	}
	if is, _ := afero.Exists(fs, "result"); is {
		t.Error("something is left in the folder")
	}
}

func TestASystemSignalHasItsOwnCode(t *testing.T) {
	fs, s := desk(t, nil)
	if code := s.report(fs, &signalError{signal: syscall.SIGTERM}); code != 143 {
		t.Errorf("exit code %d, want 143", code)
	}
}

// fullDisk lets only so many bytes be written.
type fullDisk struct {
	afero.Fs
	left *atomic.Int64
}

func (d fullDisk) OpenFile(name string, flag int, perm fs.FileMode) (afero.File, error) {
	f, err := d.Fs.OpenFile(name, flag, perm)
	return fullFile{f, d.left}, err
}

type fullFile struct {
	afero.File
	left *atomic.Int64
}

func (f fullFile) Write(p []byte) (int, error) {
	if n := int64(len(p)); f.left.Add(-n) < 0 {
		f.left.Add(n)
		return 0, syscall.ENOSPC
	}
	return f.File.Write(p)
}

// Remove gives back what a file has taken.
func (d fullDisk) Remove(name string) error {
	if info, err := d.Stat(name); err == nil {
		d.left.Add(info.Size())
	}
	return d.Fs.Remove(name)
}

func TestAFullDiskIsCalledThat(t *testing.T) {
	mem, s := desk(t, map[string]string{"tiny.yaml": tiny})
	fs := fullDisk{mem, new(atomic.Int64)}
	fs.left.Store(300_000)
	j := tinyJob(t, mem, nil)
	_, err := j.run(t.Context(), fs, s)
	if code := s.report(mem, j.explain(mem, err)); code != codeFiles || !strings.Contains(s.err.(*bytes.Buffer).String(), "the disk is full") {
		t.Fatalf("exit code %d (%v), said %q", code, err, s.err)
	}
	if is, _ := afero.Exists(mem, filepath.Join("result", "manifest.json")); is {
		t.Error("the result looks whole")
	}
}

// A disk that fills up at the end still holds all that was simulated.
func TestAFullDiskKeepsTheRuns(t *testing.T) {
	mem, s := desk(t, map[string]string{"tiny.yaml": tiny})
	options := func(o *runOptions) { o.runs, o.keep = 20, "none" }
	safe := 0
	for room := int64(0); ; room += 100_000 {
		full := fullDisk{mem, new(atomic.Int64)}
		full.left.Store(room)
		j := tinyJob(t, mem, func(o *runOptions) { options(o); o.resume, o.typed = "auto", []string{"run", "tiny.yaml"} })
		_, err := j.run(t.Context(), full, s)
		if err == nil {
			break
		}
		said := s.err.(*bytes.Buffer)
		said.Reset()
		if code := s.report(mem, err); code != codeFiles || !strings.Contains(said.String(), "the disk is full") {
			t.Fatalf("room for %d bytes: exit code %d (%v), said %q", room, code, err, said)
		}
		if strings.Contains(said.String(), "21 of 21 runs are safe; nothing is half-written") {
			safe++
			if !strings.Contains(said.String(), "free about ") || !strings.Contains(said.String(), "then: powerplay run tiny.yaml --resume result") {
				t.Errorf("said %q", said)
			}
		}
	}
	if safe == 0 {
		t.Error("no full disk left all runs")
	}
	straight, done := tinyJob(t, mem, options), map[string]bool{}
	straight.dir = "straight"
	if _, err := straight.run(t.Context(), mem, s); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"runs.csv", "summary.csv", "events.jsonl", "series.csv", "about.json"} {
		a, _ := afero.ReadFile(mem, filepath.Join("straight", name))
		b, _ := afero.ReadFile(mem, filepath.Join("result", name))
		if done[name] = bytes.Equal(a, b) && len(b) > 0 || name == "events.jsonl"; !done[name] {
			t.Errorf("%s is not the same", name)
		}
	}
}

func TestADamagedCheckpointIsCalledThat(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	options := func(o *runOptions) { o.runs, o.workers, o.resume = 50, 1, "auto" }
	j := tinyJob(t, fs, options)
	if _, err := j.run(stopAt(j, 5, &signalError{signal: syscall.SIGINT}), fs, s); err == nil {
		t.Fatal("not stopped")
	}
	path := filepath.Join("result", "checkpoint.bin")
	text, err := afero.ReadFile(fs, path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := afero.WriteFile(fs, path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = tinyJob(t, fs, options).run(t.Context(), fs, s)
	s.err.(*bytes.Buffer).Reset()
	said := s.err.(*bytes.Buffer)
	if code := s.report(fs, err); code != codeFiles || !strings.Contains(said.String(), "error[E605]: the checkpoint in `result` cannot be used") || !strings.Contains(said.String(), "begin anew: powerplay --out result --force") {
		t.Errorf("exit code %d, said %q", code, said)
	}
	if _, err := tinyJob(t, fs, func(o *runOptions) { options(o); o.resume, o.force = "", true }).run(t.Context(), fs, s); err != nil {
		t.Errorf("begun anew: %v", err)
	}
}

// A checkpoint says of which result it is: one that was put into another folder is refused, however well it fits.
func TestACheckpointOfAnotherResultIsRefused(t *testing.T) {
	fs, s := desk(t, map[string]string{
		"tiny.yaml":  tiny + "expect:\n  - {that: openai.market_share > anthropic.market_share @ 2026-02, holds_in: over 1%}\n",
		"other.yaml": tiny + "expect:\n  - {that: anthropic.market_share > openai.market_share @ 2026-02, holds_in: over 1%}\n",
	})
	options := func(o *runOptions) { o.runs, o.workers, o.resume = 50, 1, "auto" }
	one, two := tinyJob(t, fs, options), tinyJob(t, fs, func(o *runOptions) { options(o); o.scenario, o.out = "other.yaml", "other" })
	for _, j := range []*job{one, two} {
		if _, err := j.run(stopAt(j, 9, &signalError{signal: syscall.SIGINT}), fs, s); err == nil {
			t.Fatal("not stopped")
		}
	}
	for _, name := range []string{"checkpoint.bin", "kept.bin"} {
		text, err := afero.ReadFile(fs, filepath.Join("result", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := afero.WriteFile(fs, filepath.Join("other", name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	two = tinyJob(t, fs, func(o *runOptions) { options(o); o.scenario, o.out = "other.yaml", "other" })
	_, err := two.run(t.Context(), fs, s)
	s.err.(*bytes.Buffer).Reset()
	said := s.err.(*bytes.Buffer)
	if code := s.report(fs, err); code != codeFiles || !strings.Contains(said.String(), "error[E605]: the checkpoint in `other` cannot be used") ||
		!strings.Contains(said.String(), "it is of another result: its text of the scenario") {
		t.Errorf("exit code %d, said %q", code, said)
	}
}

// A version that is worked on is many builds: what one has left, another that simulates otherwise does not go on from.
func TestACheckpointOfAnotherBuildIsRefused(t *testing.T) {
	fs, s := desk(t, map[string]string{"tiny.yaml": tiny})
	options := func(o *runOptions) { o.runs, o.workers, o.resume = 50, 1, "auto" }
	other := tinyJob(t, fs, options)
	ctx := stopAt(other, 9, &signalError{signal: syscall.SIGINT})
	stop, begun := other.prepare, 0
	other.prepare = func(w *sim.World) {
		stop(w)
		if begun++; begun == 8 { // the last run that ends has another luck
			w.Reset(other.study.Model, rng.Run{Seed: 99, Index: 7})
		}
	}
	if _, err := other.run(ctx, fs, s); err == nil {
		t.Fatal("not stopped")
	}
	_, err := tinyJob(t, fs, options).run(t.Context(), fs, s)
	s.err.(*bytes.Buffer).Reset()
	said := s.err.(*bytes.Buffer)
	if code := s.report(fs, err); code != codeFiles || !strings.Contains(said.String(), "error[E605]: the checkpoint in `result` cannot be used") ||
		!strings.Contains(said.String(), "run 7 comes out otherwise now: another build of "+output.Version) {
		t.Errorf("exit code %d, said %q", code, said)
	}
}

func TestFlagsStandAnywhere(t *testing.T) {
	c := runCommand(nil, nil)
	tests := []struct {
		name, args, want string
	}{
		{"before the argument", "--runs 3 base", "--runs 3 -- base"},
		{"behind it", "base --runs 3", "--runs 3 -- base"},
		{"with an equals sign", "base --runs=3 -q", "--runs=3 -q -- base"},
		{"a switch takes no value", "--quiet base", "--quiet -- base"},
		{"a value may begin with a hyphen", "base --set -1", "--set -1 -- base"},
		{"after two hyphens all are arguments", "--quiet -- --runs", "--quiet -- --runs"},
	}
	for _, test := range tests {
		got, help, err := arrange(c, strings.Fields(test.args))
		if err != nil || help || strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q gives %q (%v), want %q", test.name, test.args, got, err, test.want)
		}
	}
}

func TestEveryCommandHasTwoExamplesAndFitsOneScreen(t *testing.T) {
	fs, s := desk(t, nil)
	for _, c := range commands(fs, s) {
		var b bytes.Buffer
		if err := printCommand(&b, c); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(lines) > 34 {
			t.Errorf("the help of %s has %d lines", c.Name, len(lines))
		}
		for _, line := range lines {
			if len([]rune(line)) > 130 {
				t.Errorf("%s: a line of %d characters: %s", c.Name, len([]rune(line)), line)
			}
		}
		for _, example := range lines[:2] {
			if !strings.HasPrefix(strings.TrimSpace(example), "powerplay ") {
				t.Errorf("the help of %s begins with %q, not with an example", c.Name, example)
			}
		}
		for _, f := range c.Flags {
			if d, ok := f.(cli.DocGenerationFlag); ok && d.TakesValue() != strings.Contains(d.GetUsage(), "`") {
				t.Errorf("%s --%s: the value is named wrongly in %q", c.Name, f.Names()[0], d.GetUsage())
			}
		}
	}
}

func TestRunNumbers(t *testing.T) {
	for text, want := range map[string][]int{"17,203": {17, 203}, "3, 1-2,2": {1, 2, 3}, "": nil, "0": {0}} {
		if got, err := readRuns(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q reads as %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"x", "-1", "5-3", "1-", "1-99999999", "1.5", ",", " "} {
		if got, err := readRuns(text); err == nil {
			t.Errorf("%q reads as %v", text, got)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{"1 GB": 1e9, "500mb": 5e8, "1.5 kB": 1500, "64": 64} {
		if got, err := readBytes(text); err != nil || got != want {
			t.Errorf("%q reads as %d (%v), want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "big", "-1 GB", "1 PB", "NaN", "0"} {
		if got, err := readBytes(text); err == nil {
			t.Errorf("%q reads as %d", text, got)
		}
	}
	for n, want := range map[int64]string{12: "12 bytes", 1500: "1.5 kB", 195e6: "195 MB", 4e9: "4.0 GB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
}

func TestComparisons(t *testing.T) {
	for _, test := range []struct {
		is   string
		x, y float64
		want bool
	}{{"higher", 2, 1, true}, {"higher", 1, 1, false}, {"lower", 1, 2, true}, {"similar", 100, 96, true}, {"similar", 100, 94, false}, {"similar", 0, 0, true}} {
		if got := holds(test.is, test.x, test.y); got != test.want {
			t.Errorf("%g is %s than %g: %t, want %t", test.x, test.is, test.y, got, test.want)
		}
	}
}

func TestProblemsDecideTheExitCode(t *testing.T) {
	for _, test := range []struct {
		codes  string
		strict bool
		want   int
	}{{"E203", false, 2}, {"E601", false, 4}, {"E501", false, 5}, {"E601 E203", false, 2}, {"W301", false, 0}, {"W301", true, 2}, {"W301 E603", false, 4}, {"", false, 0}} {
		e := &problemsError{strict: test.strict}
		for code := range strings.FieldsSeq(test.codes) {
			p := scenarios.Problem{Code: code}
			if code[0] == 'W' {
				p.Severity = scenarios.Warning
			}
			e.problems = append(e.problems, p)
		}
		if got := e.code(); got != test.want {
			t.Errorf("%q, strict %t: exit code %d, want %d", test.codes, test.strict, got, test.want)
		}
	}
}

func TestErrorsOfFilesSayWhatToDo(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{&output.FileError{Op: "write", Path: "r", Err: syscall.ENOSPC}, "the disk is full"},
		{&output.FileError{Op: "write", Path: "r", Err: syscall.EACCES}, "--out"},
		{&output.FileError{Op: "read", Path: "r", Err: output.ErrIncomplete}, "--resume auto goes on"},
		{fmt.Errorf("open: %w", &output.DamagedError{Path: "r/series.csv", What: "torn"}), "torn"},
	} {
		_, s := desk(t, nil)
		if code := s.report(nil, test.err); code != codeFiles || !strings.Contains(s.err.(*bytes.Buffer).String(), test.want) {
			t.Errorf("%v: exit code %d, said %q, want %q", test.err, code, s.err, test.want)
		}
	}
	_, s := desk(t, nil)
	if code := s.report(nil, errors.New("odd")); code != codeUsage {
		t.Errorf("exit code %d", code)
	}
}

func TestCheckpointsTakeATenthOfAJobAtMost(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{0: 10 * time.Second, time.Second: 10 * time.Second, 2 * time.Second: 18 * time.Second} {
		if got := rest(10*time.Second, took); got != want {
			t.Errorf("after a checkpoint of %v the next one comes in %v, want %v", took, got, want)
		}
	}
}
