package scenarios_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim/ensemble"
	"powerplay/sim/unit"
)

// Flags of TestDigests; `go test ./scenarios -run TestDigests -update` renews the file when the model or a base has
// changed. The rest serves another processor, or a build for one: -keep writes what was played here, -against names the
// first number there that is not the same.
var (
	update   = flag.Bool("update", false, "renew the digests")
	digests  = flag.String("digests", filepath.Join("testdata", "digests.txt"), "file of digests to compare with")
	drawnTo  = flag.Int("drawn", 3, "last of the drawn runs that are played")
	variants = flag.Bool("variants", false, "play every variant too")
	keep     = flag.String("keep", "", "folder to write frames and events to")
	against  = flag.String("against", "", "folder of another build's frames and events")
)

// played is all that runs of a scenario yield: frames as bits, run by run, month by month and column by column, and
// events as lines.
type played struct{ frames, events []byte }

func (h *history) bytes(runs []int) played {
	var p played
	for _, run := range runs {
		for _, frame := range h.frames[run] {
			for _, x := range frame {
				p.frames = binary.LittleEndian.AppendUint64(p.frames, math.Float64bits(x))
			}
		}
		for _, e := range h.events[run] {
			line, err := json.Marshal(e)
			if err != nil {
				panic(err)
			}
			p.events = append(append(p.events, line...), '\n')
		}
	}
	return p
}

func (p played) digest() string {
	return fmt.Sprintf("%x", sha256.Sum256(slices.Concat(p.frames, p.events)))
}

// first names the first thing in p that is not as in want.
func (p played) first(want played, h *history, runs []int) string {
	n := len(h.columns)
	months := len(h.frames[runs[0]])
	for i := 0; i+8 <= min(len(p.frames), len(want.frames)); i += 8 {
		x, y := binary.LittleEndian.Uint64(p.frames[i:]), binary.LittleEndian.Uint64(want.frames[i:])
		if x != y {
			k := i / 8
			return fmt.Sprintf("run %d, %v, %s: %v (%#x), want %v (%#x)", runs[k/n/months], h.start+unit.Month(k/n%months), h.columns[k%n].Name(),
				math.Float64frombits(x), x, math.Float64frombits(y), y)
		}
	}
	if len(p.frames) != len(want.frames) {
		return fmt.Sprintf("%d bytes of frames, want %d", len(p.frames), len(want.frames))
	}
	a, b := slices.Collect(bytes.Lines(p.events)), slices.Collect(bytes.Lines(want.events))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return fmt.Sprintf("event %swant %s", a[i], b[i])
		}
	}
	return fmt.Sprintf("%d events, want %d", len(a), len(b))
}

// one names a scenario and a variant as the file of digests does.
func one(name, variant string) string { return strings.TrimSuffix(name+"/"+variant, "/") }

// TestDigests plays every scenario of the library and compares each number and each word with what was seen before: the
// same seed gives the same bits on every processor, and whoever changes them finds out.
func TestDigests(t *testing.T) {
	want := map[string]string{}
	if text, err := os.ReadFile(*digests); err == nil {
		for line := range strings.Lines(string(text)) {
			if key, digest, ok := cutLast(strings.TrimSpace(line)); ok && line[0] != '#' {
				want[key] = digest
			}
		}
	} else if !*update {
		t.Fatal(err)
	}
	runs := runsUpTo(*drawnTo)
	lines := []string{"# SHA-256 of all frames and events: scenario, drawn runs beside the central one, digest.", "# go test ./scenarios -run TestDigests -update"}
	for _, name := range (scenarios.Source{FS: afero.NewMemMapFs(), Library: scenarios.Library()}).Names() {
		names := []string{""}
		if *variants {
			names = append(names, load(t, name, "").Variants...)
		}
		for _, variant := range names {
			s := load(t, name, variant)
			h := playOut(t, s, runs, true, nil)
			p := h.bytes(runs)
			key := one(name, variant) + " " + strconv.Itoa(*drawnTo)
			lines = append(lines, key+" "+p.digest())
			if *keep != "" {
				p.write(t, filepath.Join(*keep, strings.ReplaceAll(one(name, variant), "/", "+")))
			}
			if *update || want[key] == p.digest() {
				continue
			}
			t.Errorf("%s: other bits than those of %s: %s", key, *digests, p.where(t, filepath.Join(*against, strings.ReplaceAll(one(name, variant), "/", "+")), h, runs))
		}
	}
	if *update {
		if err := os.WriteFile(*digests, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if len(want) != len(lines)-2 {
		t.Errorf("%s has %d lines, want one for each of %d", *digests, len(want), len(lines)-2)
	}
}

func cutLast(line string) (before, after string, ok bool) {
	i := strings.LastIndexByte(line, ' ')
	if i < 0 {
		return "", "", false
	}
	return line[:i], line[i+1:], true
}

// write keeps what was played, for another build to compare with.
func (p played) write(t *testing.T, stem string) {
	t.Helper()
	for end, data := range map[string][]byte{".frames": p.frames, ".events": p.events} {
		if err := os.WriteFile(stem+end, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// where tells how p differs from what another build kept.
func (p played) where(t *testing.T, stem string, h *history, runs []int) string {
	t.Helper()
	if *against == "" {
		return "if the model or a base has changed, renew the file with -update and say why in the commit; else -keep what the old code plays and compare -against it"
	}
	var want played
	var err error
	if want.frames, err = os.ReadFile(stem + ".frames"); err == nil {
		want.events, err = os.ReadFile(stem + ".events")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.first(want, h, runs)
}

// TestRunsDoNotDependOnWhoPlaysThem splits runs over workers and over plans, as shards and resumed runs are split.
func TestRunsDoNotDependOnWhoPlaysThem(t *testing.T) {
	s := load(t, "base-2026", "")
	runs := runsUpTo(8)
	want := playOut(t, s, runs, true, nil).bytes(runs).digest()
	for _, c := range []struct {
		name    string
		workers int
		parts   [][]int
	}{
		{"two workers", 2, [][]int{runs}},
		{"seven workers", 7, [][]int{runs}},
		{"backwards", 2, [][]int{{8, 7, 6, 5, 4, 3, 2, 1, 0}}},
		{"halves", 1, [][]int{{0, 1, 2, 3}, {4, 5, 6, 7, 8}}},
		{"every third run, the last part first", 2, [][]int{{2, 5, 8}, {1, 4, 7}, {0, 3, 6}}},
		{"each run alone", 1, [][]int{{8}, {3}, {0}, {1}, {7}, {2}, {4}, {6}, {5}}},
	} {
		h := newHistory(s.Model)
		for _, part := range c.parts {
			p := planOf(s, s.SimInputs(), part)
			p.Workers, p.Told = c.workers, func(int) bool { return true }
			if err := ensemble.Run(context.Background(), p, h); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.bytes(runs).digest(); got != want {
			t.Errorf("%s: the runs are not those of one worker in order", c.name)
		}
	}
}

// A difference is named by run, month and column.
func TestTheFirstDifferenceIsNamed(t *testing.T) {
	s := load(t, "base-2026", "", "end=2026-06")
	runs := runsUpTo(2)
	h := playOut(t, s, runs, true, nil)
	want := h.bytes(runs)
	for _, tt := range []struct {
		name, want string
		spoil      func(p *played)
	}{
		{"a number", "run 1, 2026-02, " + h.columns[3].Name() + ": ", func(p *played) {
			p.frames[8*((7+2)*len(h.columns)+3)] ^= 1 // a run has seven months, the opening one included
		}},
		{"a word", "event ", func(p *played) { p.events[len(p.events)/2] ^= 1 }},
		{"a missing event", " events, want ", func(p *played) {
			p.events = p.events[:1+bytes.LastIndexByte(p.events[:len(p.events)-1], '\n')]
		}},
	} {
		other := played{slices.Clone(want.frames), slices.Clone(want.events)}
		tt.spoil(&other)
		if got := other.first(want, h, runs); !strings.Contains(got, tt.want) || other.digest() == want.digest() {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
