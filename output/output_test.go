package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"
	"github.com/spf13/afero"

	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// onBoth runs a test on a file system in memory and on the disk, which differ in what they forgive.
func onBoth(t *testing.T, test func(t *testing.T, fsys afero.Fs, dir string)) {
	t.Run("memory", func(t *testing.T) { test(t, afero.NewMemMapFs(), filepath.FromSlash("/results/r")) })
	t.Run("disk", func(t *testing.T) { test(t, afero.NewOsFs(), filepath.Join(t.TempDir(), "r")) })
}

var start = unit.Date(2026, 11)

func columns() []record.Column {
	return []record.Column{
		{Entity: "world", Metric: "hhi", Unit: unit.None},
		{Entity: "lab-a", Metric: "cash", Unit: unit.DimUSD},
		{Entity: "cloud-b", Metric: "cash", Unit: unit.DimUSD},
		{Entity: "cloud-b", With: "lab-a", Metric: "stake", Unit: unit.DimShare},
	}
}

func about(runs int) record.About {
	return record.About{
		Scenario: "duel", Variant: "no-deal", Title: "A duel", Question: "Who has <more>?",
		Hash: "3f9a2c71aabbccdd", Seed: 42, Runs: runs, Start: start, End: start + 2,
		Entities: []record.Entity{{Key: "lab-a", Label: "Lab A", Color: "#2452C0", Roles: "lab"}},
		Assumptions: []record.Assumption{
			{Path: "market.growth", Value: 0.6, Low: 0.4, High: 1.4, Unit: unit.DimRate, Drawn: true, Grade: "estimated", Source: "S1, \"S2\"", Note: "=HYPERLINK(1)"},
			{Path: "firms.lab-a.cash", Value: 5e9, Low: math.NaN(), High: math.NaN(), Unit: unit.DimUSD, Grade: "reported"},
		},
		History: []record.Observed{{Entity: "lab-a", Metric: "cash", Month: start - 1, Value: 4.5e9, Source: "S3"}},
	}
}

// frame has money to the cent, a fraction without an end, a missing value and a negative zero.
func frame(run int, t unit.Month) []float64 {
	stake := math.NaN()
	if run > 0 {
		stake = math.Copysign(0, -1)
	}
	x := float64(run)*10 + float64(t-start)
	return []float64{2500 + x/3, 5e9 + x + 0.07, -0.1 - x, stake}
}

func event(run int, t unit.Month, kind, firm string) record.Event {
	return record.Event{
		Run: run, Month: t, Kind: kind, Firm: firm, With: "cloud-b", Contract: "deal-1", What: "price < limit & more",
		Why: []record.Reason{{Name: "a < b", Value: 1.5, Unit: unit.None}, {Name: "runway", Value: math.Inf(1), Unit: unit.DimMonths}},
	}
}

func simulate(to record.RunSink, run int) {
	for t := start; t <= start+2; t++ {
		if run == 2 && t == start+2 {
			to.End(run, t-1, "lab-a is insolvent")
			return
		}
		if t == start+1 {
			to.Event(event(run, t, "round", "lab-a"))
			to.Event(event(run, t, "default", "lab-a"))
		}
		to.Month(run, t, frame(run, t))
	}
	to.End(run, start+2, "")
}

// write makes a whole result, its runs delivered in that order.
func write(fsys afero.Fs, dir string, opts Options, order ...int) error {
	f, err := Create(fsys, dir, about(3), columns(), opts)
	if err != nil {
		return err
	}
	defer f.Abort()
	head, sums := tables()
	rows, err := f.RowKeeper(0, head.Width())
	if err != nil {
		return err
	}
	table := record.NewRuns(head, rows)
	for _, run := range order {
		table.Draw(run, []float64{0.5 + float64(run)/7})
		table.Number(run, 0, 1/float64(run))
		simulate(record.Sinks{table, sums, f}, run)
	}
	f.Warn("W301: the second")
	f.Warn("W300: the first")
	return errors.Join(
		f.Runs(table),
		f.Summary(sums.Summary()),
		f.File("plots/cash.txt", func(w io.Writer) error { _, err := io.WriteString(w, "a chart\n"); return err }),
		f.Timing(Timing{Started: "2026-11-22T05:00:00Z", Seconds: 1.5, Workers: 2, Toolchain: "go", Processor: "p"}),
		f.Close(),
	)
}

func tables() (record.RunHead, record.Accumulator) {
	every := func(c record.Column) bool { return c.Metric == "cash" }
	head := record.RunHead{
		Columns: columns(), Inputs: []record.Input{{Path: "market.growth", Unit: unit.DimRate}},
		Outcomes: record.YearEnds(columns(), start, start+2, every),
		Firsts:   []record.First{{Kind: "default"}, {Kind: "default", Firm: "cloud-b"}},
		Numbers:  []record.Number{{Text: "cloud-b.cash @ 2026-12", Unit: unit.DimUSD}},
	}
	return head, record.NewAccumulator(record.ChooseCells(columns(), start, start+2, every), 3)
}

// The error of sketches is a part of the values that a quantile lies between, not of the quantile: between a loss and a profit
// that can be any part of it.
func TestTheDataPackageSaysOfWhatTheErrorIsAPart(t *testing.T) {
	f, err := Create(afero.NewMemMapFs(), "r", about(3), columns(), release())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	if err := f.Summary(record.Summary{Columns: columns(), Runs: 3, Error: 0.008}); err != nil {
		t.Fatal(err)
	}
	if got, want := f.resources["summary.csv"].Description, "off by at most 0.8 % of the values that they lie between"; !strings.Contains(got, want) {
		t.Errorf("summary.csv is described as %q, which should say %q", got, want)
	}
}

// release has a version that is not in progress, so that ErrDone applies and golden bytes last.
func release() Options {
	return Options{
		Version: "9.9.9", Scenario: []byte("name: duel\n"), Flags: map[string]string{"months": "3"}, Silenced: []string{"W302"},
		Inputs:   []Entry{{Path: "duel.yaml", Size: 11, SHA256: "aa"}},
		Meanings: map[string]string{"cash": "cash at month end", "hhi": "concentration"},
	}
}

// files reads a folder as path → content, timing.json left out.
func files(t testing.TB, fsys afero.Fs, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := afero.Walk(fsys, dir, func(path string, info fs.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		text, err := afero.ReadFile(fsys, path)
		if filepath.ToSlash(rel) != "timing.json" {
			all[filepath.ToSlash(rel)] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestResultReadsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		if err := write(fsys, dir, release(), 0, 1, 2, 3); err != nil {
			t.Fatal(err)
		}
		r, err := Open(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		want := about(3)
		if diff := cmp.Diff(want, r.About, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("about (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(columns(), r.Columns); diff != "" {
			t.Errorf("columns (-want +got):\n%s", diff)
		}
		if got, want := r.Manifest.Warnings, []string{"W300: the first", "W301: the second"}; !slices.Equal(got, want) {
			t.Errorf("warnings = %q, want %q", got, want)
		}
		if text, err := r.Read("scenario.yaml"); err != nil || string(text) != "name: duel\n" {
			t.Errorf("scenario.yaml = %q, %v", text, err)
		}

		s, err := r.Series()
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Runs) != 4 || len(s.Runs[2].Months) != 2 {
			t.Fatalf("%d runs, run 2 has %d months; want 4 and 2", len(s.Runs), len(s.Runs[2].Months))
		}
		for _, run := range s.Runs {
			for i, m := range run.Months {
				for col, want := range frame(run.Run, m) {
					if got := run.Values[col][i]; got != want && !(got != got && want != want) {
						t.Errorf("run %d %v %s = %v, want %v", run.Run, m, s.Columns[col].Name(), got, want)
					}
				}
			}
		}
		if col, ok := s.Find("cloud-b", "stake", "lab-a"); !ok || col != 3 {
			t.Errorf("stake stands at %d, %v; want 3", col, ok)
		}
		if one, err := r.Series(3); err != nil || len(one.Runs) != 1 || one.Runs[0].Run != 3 {
			t.Errorf("one run: %+v, %v", one, err)
		}

		head, sums := tables()
		for run := range 4 {
			simulate(sums, run)
		}
		got, err := r.Summary()
		if diff := cmp.Diff(sums.Summary(), got, cmpopts.EquateNaNs()); err != nil || diff != "" {
			t.Errorf("summary, %v (-want +got):\n%s", err, diff)
		}
		runs, err := r.Runs()
		if err != nil || len(runs.Rows) != 4 {
			t.Fatalf("%d runs, %v; want 4", len(runs.Rows), err)
		}
		if diff := cmp.Diff(head, runs.RunHead); diff != "" {
			t.Errorf("head of the runs (-want +got):\n%s", diff)
		}
		third := record.RunRow{
			Run: 2, Inputs: []float64{0.5 + 2.0/7}, Outcomes: []float64{frame(2, start+1)[1], math.NaN(), frame(2, start+1)[2], math.NaN()},
			Firsts: []unit.Month{start + 1, record.Never}, Numbers: []float64{0.5}, End: start + 1, Why: "lab-a is insolvent",
		}
		if diff := cmp.Diff(third, runs.Rows[2], cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("run 2 (-want +got):\n%s", diff)
		}
		if d, err := Verify(fsys, dir); err != nil || len(d) != 0 {
			t.Errorf("a fresh result differs: %v, %v", d, err)
		}
	})
}

func TestEventsAreFiltered(t *testing.T) {
	fsys := afero.NewMemMapFs()
	if err := write(fsys, "r", release(), 0, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	r, err := Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		filter Filter
		want   int
	}{
		{"no limit gives all", Filter{}, 8},
		{"one kind", Filter{Kinds: []string{"default"}}, 4},
		{"one kind of two runs", Filter{Kinds: []string{"default"}, Runs: []int{1, 3}}, 2},
		{"a counterpart counts as a firm", Filter{Firms: []string{"cloud-b"}}, 8},
		{"a firm that did nothing", Filter{Firms: []string{"lab-z"}}, 0},
		{"a contract", Filter{Contracts: []string{"deal-1"}}, 8},
		{"both ends of the dates are included", Filter{From: start + 1, To: start + 1}, 8},
		{"before anything happened", Filter{To: start}, 0},
		{"after it", Filter{From: start + 2}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for e, err := range r.Events(tt.filter) {
				if err != nil {
					t.Fatal(err)
				}
				if e.Month != start+1 {
					t.Errorf("month %v, want %v", e.Month, start+1)
				}
				n++
			}
			if n != tt.want {
				t.Errorf("%d events, want %d", n, tt.want)
			}
		})
	}
	for e, err := range r.Events(Filter{Runs: []int{2}, Kinds: []string{"default"}}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.ID != "2:2026-12:2" || e.Why[0].Name != "a < b" || !math.IsNaN(e.Why[1].Value) {
			t.Errorf("event = %+v", e)
		}
	}
}

// Who asks for the first runs alone is told all the same when something behind them was changed.
func TestEventsBehindTheChosenRunsAreChecked(t *testing.T) {
	fsys := afero.NewMemMapFs()
	if err := write(fsys, "r", release(), 0, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	r, err := Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	first := func() (all []record.Event, err error) {
		for e, err := range r.Events(Filter{Runs: []int{0}}) {
			if err != nil {
				return all, err
			}
			all = append(all, e)
		}
		return all, nil
	}
	if all, err := first(); err != nil || len(all) == 0 || slices.ContainsFunc(all, func(e record.Event) bool { return e.Run != 0 }) {
		t.Errorf("%d events of the first run, %v", len(all), err)
	}
	text, err := afero.ReadFile(fsys, "r/events.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)-2] = ' '
	if err := afero.WriteFile(fsys, "r/events.jsonl", text, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := first(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a change in the last line: %v", err)
	}
}

// The order in which workers deliver runs leaves no trace, and neither does the file system.
func TestSameRunsGiveSameBytes(t *testing.T) {
	var want map[string]string
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
			if err := write(fsys, dir, release(), order...); err != nil {
				t.Fatal(err)
			}
			got := files(t, fsys, dir)
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("order %v (-want +got):\n%s", order, diff)
			}
		})
	}
}

// Workers deliver runs at the same time.
func TestWorkersAtOnce(t *testing.T) {
	one, many := afero.NewMemMapFs(), afero.NewMemMapFs()
	for _, fsys := range []afero.Fs{one, many} {
		f, err := Create(fsys, "r", about(3), columns(), release())
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for run := range 4 {
			work := func() {
				simulate(f, run)
				name := fmt.Sprintf("plots/%d.txt", run)
				if err := f.File(name, func(w io.Writer) error { _, err := io.WriteString(w, name); return err }); err != nil {
					t.Error(err)
				}
				f.Warn(name)
			}
			if fsys == many {
				all.Go(work)
			} else {
				work()
			}
		}
		all.Wait()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(files(t, one, "r"), files(t, many, "r")); diff != "" {
		t.Errorf("workers change the result (-one +many):\n%s", diff)
	}
}

// A scenario's names reach the files clean and come back as they were.
func TestHostileNames(t *testing.T) {
	fsys := afero.NewMemMapFs()
	hostile := []record.Column{
		{Entity: "=cmd|' /C calc'!A0", Metric: "a,b", Unit: "1"},
		{Entity: "'=x", With: "@y", Metric: "line\nbreak", Unit: "\"u\""},
	}
	f, err := Create(fsys, "r", about(0), hostile, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.Month(0, start, []float64{1, 2})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(files(t, fsys, "r")["series.csv"], "\n") {
		for _, cell := range strings.Split(line, ",") {
			if cell = strings.Trim(cell, `"`); cell != "" && strings.ContainsRune("=@+", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	r, err := Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Series(); err != nil || !slices.Equal(r.Columns, hostile) {
		t.Errorf("columns = %q, %v", r.Columns, err)
	}
}

// The golden folder shows what a result looks like; the Parquet file's checksum stands in its manifest.
func TestGolden(t *testing.T) {
	fsys := afero.NewMemMapFs()
	if err := write(fsys, "r", release(), 0, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	got := files(t, fsys, "r")
	delete(got, "series.parquet")
	golden := filepath.Join("testdata", "golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		for name, text := range got {
			if err := WriteFile(afero.NewOsFs(), filepath.Join(golden, name), func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(files(t, afero.NewOsFs(), golden), got); diff != "" {
		t.Errorf("UPDATE_GOLDEN=1 go test ./output rewrites (-want +got):\n%s", diff)
	}
}

// A table too large for CSV is in Parquet alone and reads back the same.
func TestParquetEqualsCSV(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		if err := write(fsys, dir, release(), 0, 1, 2, 3); err != nil {
			t.Fatal(err)
		}
		r, err := Open(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		fromCSV, err := r.Series()
		if err != nil {
			t.Fatal(err)
		}
		r.Manifest.Outputs = slices.DeleteFunc(r.Manifest.Outputs, func(e Entry) bool { return e.Path == "series.csv" })
		fromParquet, err := r.Series()
		if diff := cmp.Diff(fromCSV, fromParquet, cmpopts.EquateNaNs()); err != nil || diff != "" {
			t.Errorf("%v (-csv +parquet):\n%s", err, diff)
		}
		some, err := r.Series(0, 2)
		want := &Series{Columns: fromCSV.Columns, Runs: []Run{fromCSV.Runs[0], fromCSV.Runs[2]}}
		if diff := cmp.Diff(want, some, cmpopts.EquateNaNs()); err != nil || diff != "" {
			t.Errorf("%v (-those of all +some):\n%s", err, diff)
		}

		text, err := afero.ReadFile(fsys, filepath.Join(dir, "series.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		pack, err := parquet.OpenFile(strings.NewReader(string(text)), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]string{"scenario_sha256": "3f9a2c71aabbccdd", "seed": "42", "version": "9.9.9"} {
			if got, _ := pack.Lookup(key); got != want {
				t.Errorf("metadata %s = %q, want %q", key, got, want)
			}
		}
		for _, field := range pack.Schema().Fields() {
			if field.Optional() != (field.Name() == "value") {
				t.Errorf("column %s optional: %v", field.Name(), field.Optional())
			}
		}
	})
}

func TestLargeSeriesAreParquetAlone(t *testing.T) {
	fsys := afero.NewMemMapFs()
	wide := make([]record.Column, seriesCSVRows/3+1)
	for i := range wide {
		wide[i] = record.Column{Entity: fmt.Sprint("e", i), Metric: "m", Unit: unit.None}
	}
	a := about(0)
	f, err := Create(fsys, "r", a, wide, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.Month(0, start, make([]float64, len(wide)))
	if f.HasSeriesCSV() {
		t.Error("says that there is a series.csv")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	if r.Manifest.Has("series.csv") || !r.Manifest.Has("series.parquet") {
		t.Errorf("outputs = %v", r.Manifest.Outputs)
	}
	if s, err := r.Series(); err != nil || len(s.Runs) != 1 || len(s.Runs[0].Values) != len(wide) {
		t.Errorf("series: %v", err)
	}
}

// Months of a run are written while it goes on. Once some are in the files, it cannot be begun anew.
func TestARunThatIsBrokenOffWhileItIsWrittenStopsTheResult(t *testing.T) {
	for _, tt := range []struct {
		months int
		stops  bool
	}{{blockMonths - 1, false}, {blockMonths, true}} {
		f, err := Create(afero.NewMemMapFs(), "r", about(3), columns(), release())
		if err != nil {
			t.Fatal(err)
		}
		for m := range unit.Month(tt.months) {
			f.Month(0, start+m, frame(0, start+m))
		}
		f.Drop(0)
		if stopped := f.Err() != nil; stopped != tt.stops {
			t.Errorf("broken off after %d months: %v, want an error: %v", tt.months, f.Err(), tt.stops)
		}
		simulate(f, 0)
		if err := f.Close(); (err != nil) != tt.stops {
			t.Errorf("broken off after %d months and closed: %v, want an error: %v", tt.months, err, tt.stops)
		}
		f.Abort()
	}
}

// Runs that are not kept, or were broken off, leave nothing.
func TestOnlyKeptRunsAreWritten(t *testing.T) {
	fsys := afero.NewMemMapFs()
	opts := release()
	opts.Kept = []int{3, 1}
	f, err := Create(fsys, "r", about(3), columns(), opts)
	if err != nil {
		t.Fatal(err)
	}
	simulate(f, 0)
	simulate(f, 3)
	f.Month(1, start, frame(1, start))
	f.Drop(1)
	simulate(f, 1)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(fsys, "r")
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Series()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Runs) != 2 || s.Runs[0].Run != 1 || len(s.Runs[0].Months) != 3 || s.Runs[1].Run != 3 {
		t.Errorf("runs = %+v", s.Runs)
	}
	if r.Manifest.Kept != "1,3" {
		t.Errorf("kept = %q", r.Manifest.Kept)
	}
	if _, err := r.Summary(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a summary that was never written: %v", err)
	}
	if _, err := r.Runs(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a run table that was never written: %v", err)
	}
}

func TestFoldersAreNotOverwritten(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		note := filepath.Join(dir, "notes", "mine.txt")
		siblings := func() []string {
			entries, err := afero.ReadDir(fsys, filepath.Dir(dir))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return names
		}
		if err := write(fsys, dir, release(), 0, 1); err != nil {
			t.Fatal(err)
		}
		if err := afero.WriteFile(fsys, note, []byte("mine"), 0o644); err == nil {
			t.Log("memory forgives a missing folder")
		} else if err := errors.Join(fsys.MkdirAll(filepath.Dir(note), 0o755), afero.WriteFile(fsys, note, []byte("mine"), 0o644)); err != nil {
			t.Fatal(err)
		}
		before := files(t, fsys, dir)

		if err := write(fsys, dir, release(), 0, 1); !errors.Is(err, ErrDone) {
			t.Errorf("the same again: %v, want ErrDone", err)
		}
		other := release()
		other.Flags = map[string]string{"months": "4"}
		err := write(fsys, dir, other, 0, 1)
		if exists, ok := errors.AsType[*ExistsError](err); !ok || !errors.Is(err, ErrExists) || errors.Is(err, ErrIncomplete) ||
			len(exists.Differs) != 1 || exists.Differs[0].What != "--months" {
			t.Errorf("other flags: %v", err)
		}
		if diff := cmp.Diff(before, files(t, fsys, dir)); diff != "" {
			t.Errorf("a refusal changed the folder:\n%s", diff)
		}

		other.Force = true
		f, err := Create(fsys, dir, about(3), columns(), other)
		if err != nil {
			t.Fatal(err)
		}
		simulate(f, 0)
		if diff := cmp.Diff(before, files(t, fsys, dir)); diff != "" {
			t.Errorf("the old result is not in place while the new one is written:\n%s", diff)
		}
		f.Abort()
		if diff := cmp.Diff(before, files(t, fsys, dir)); diff != "" || len(siblings()) != 1 {
			t.Errorf("Abort left %v:\n%s", siblings(), diff)
		}
		if err := write(fsys, dir, other, 0, 1, 2); err != nil {
			t.Fatal(err)
		}
		after := files(t, fsys, dir)
		if after["notes/mine.txt"] != "mine" {
			t.Error("the user's notes are gone")
		}
		if after["manifest.json"] == before["manifest.json"] || len(siblings()) != 1 {
			t.Errorf("not replaced, or left over: %v", siblings())
		}
		if d, err := Verify(fsys, dir); err != nil || len(d) != 1 || d[0].Path != "notes/mine.txt" {
			t.Errorf("verify: %v, %v", d, err)
		}
	})
}

func TestVersionInProgressIsLeftAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		opts := release()
		opts.Version = "1.0.0-dev"
		if err := write(fsys, dir, opts, 0, 1); err != nil {
			t.Fatal(err)
		}
		if err := write(fsys, dir, opts, 0, 1); !errors.Is(err, ErrDone) {
			t.Errorf("the same again: %v, want ErrDone", err)
		}
		released := release()
		if err := write(fsys, dir, released, 0); !errors.Is(err, ErrExists) {
			t.Errorf("another version: %v, want ErrExists", err)
		}
	})
}

func TestForeignFoldersAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		file := filepath.Join(dir, "thesis.docx")
		if err := errors.Join(fsys.MkdirAll(dir, 0o755), afero.WriteFile(fsys, file, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
		opts := release()
		opts.Force = true
		if err := write(fsys, dir, opts, 0); !errors.Is(err, ErrForeign) {
			t.Errorf("error = %v, want ErrForeign", err)
		}
		if got := files(t, fsys, dir); len(got) != 1 {
			t.Errorf("the folder now holds %v", slices.Collect(maps.Keys(got)))
		}
		if _, err := Open(fsys, dir); !errors.Is(err, ErrNoResult) {
			t.Errorf("open: %v, want ErrNoResult", err)
		}
		if _, err := Open(fsys, file); err == nil {
			t.Error("a file opens as a result")
		}
		if _, err := Open(fsys, dir+"-x"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open: %v, want fs.ErrNotExist", err)
		}
	})
}

// A killed process cannot clean up: what it leaves says that it is incomplete, and is begun afresh.
func TestIncompleteFolder(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		f, err := Create(fsys, dir, about(3), columns(), release())
		if err != nil {
			t.Fatal(err)
		}
		simulate(f, 0)
		f.unlock() // as the system does when a process is killed
		for name := range files(t, fsys, dir) {
			if name == "manifest.json" {
				t.Error("the manifest is there before the end")
			}
		}
		if _, err := Open(fsys, dir); !errors.Is(err, ErrIncomplete) {
			t.Errorf("open: %v, want ErrIncomplete", err)
		}
		if _, err := Verify(fsys, dir); !errors.Is(err, ErrIncomplete) {
			t.Errorf("verify: %v, want ErrIncomplete", err)
		}
		if _, err := Amend(fsys, dir); !errors.Is(err, ErrIncomplete) {
			t.Errorf("amend: %v, want ErrIncomplete", err)
		}
		checkpoint := filepath.Join(f.Dir(), "checkpoint")
		if err := afero.WriteFile(fsys, checkpoint, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		other := release()
		other.Flags = nil
		if err := write(fsys, dir, other, 0); !errors.Is(err, ErrExists) || !errors.Is(err, ErrIncomplete) {
			t.Errorf("another result: %v, want ErrExists and ErrIncomplete", err)
		}
		if err := write(fsys, dir, release(), 0); err != nil {
			t.Fatal(err)
		}
		d, err := Verify(fsys, dir)
		if err != nil || len(d) != 1 || d[0].Path != "checkpoint" {
			t.Errorf("verify: %v, %v; want the checkpoint alone", d, err)
		}
	})
}

func TestAbortLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		f, err := Create(fsys, dir, about(3), columns(), release())
		if err != nil {
			t.Fatal(err)
		}
		simulate(f, 0)
		if err := f.File("plots/a/b.txt", func(w io.Writer) error { return nil }); err != nil {
			t.Fatal(err)
		}
		f.Abort()
		if there, _ := afero.Exists(fsys, dir); there {
			t.Errorf("left: %v", files(t, fsys, dir))
		}
		if err := f.Close(); err == nil {
			t.Error("Close after Abort succeeds")
		}
	})
}

func TestVerifyReportsEveryDifference(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		if err := write(fsys, dir, release(), 0, 1, 2, 3); err != nil {
			t.Fatal(err)
		}
		change := func(name string, edit func(string) string) {
			path := filepath.Join(dir, filepath.FromSlash(name))
			text, err := afero.ReadFile(fsys, path)
			if err == nil {
				err = afero.WriteFile(fsys, path, []byte(edit(string(text))), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		change("series.csv", func(s string) string { return strings.Replace(s, "2500", "2501", 1) })
		change("series.parquet", func(s string) string { return s[:len(s)/2] })
		change("events.jsonl", func(s string) string { return s + "{}\n" })
		if err := errors.Join(fsys.Remove(filepath.Join(dir, "runs.csv")),
			afero.WriteFile(fsys, filepath.Join(dir, "stray.txt"), nil, 0o644)); err != nil {
			t.Fatal(err)
		}
		d, err := Verify(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range d {
			got = append(got, d.Path)
		}
		if want := []string{"events.jsonl", "runs.csv", "series.csv", "series.parquet", "stray.txt"}; !slices.Equal(got, want) {
			t.Errorf("differences = %v, want in %v", d, want)
		}

		r, err := Open(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Series(); !errors.Is(err, ErrDamaged) {
			t.Errorf("series: %v, want ErrDamaged", err)
		}
		if _, err := r.Runs(); !errors.Is(err, ErrDamaged) {
			t.Errorf("runs: %v, want ErrDamaged", err)
		}
		for _, err := range r.Events(Filter{}) {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("events: %v, want ErrDamaged", err)
			}
		}
	})
}

func TestVerifyDoesNotFollowLinks(t *testing.T) {
	fsys, dir := afero.NewOsFs(), filepath.Join(t.TempDir(), "r")
	if err := write(fsys, dir, release(), 0); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "runs.csv")
	if err := os.Rename(name, dir+".csv"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir+".csv", name); err != nil {
		t.Skip(err)
	}
	if d, err := Verify(fsys, dir); err != nil || len(d) != 1 || d[0].What != "kind" {
		t.Errorf("verify: %v, %v", d, err)
	}
}

func TestAmend(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		if err := write(fsys, dir, release(), 0); err != nil {
			t.Fatal(err)
		}
		put := func(text string) func(io.Writer) error {
			return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
		}
		a, err := Amend(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(a.File("plots/cash.txt", put("new")), a.File("report.html", put("<p>"))); err != nil {
			t.Fatal(err)
		}
		if err := a.File("Series.csv", put("")); !errors.Is(err, ErrUnfit) {
			t.Errorf("a table was amended: %v", err)
		}
		if got := files(t, fsys, dir)["plots/cash.txt"]; got != "a chart\n" {
			t.Errorf("before Close: %q", got)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		got := files(t, fsys, dir)
		if got["plots/cash.txt"] != "new" || got["report.html"] != "<p>" {
			t.Errorf("after Close: %q, %q", got["plots/cash.txt"], got["report.html"])
		}
		if d, err := Verify(fsys, dir); err != nil || len(d) != 0 {
			t.Errorf("verify: %v, %v", d, err)
		}
		b, err := Amend(fsys, dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.File("plots/x.txt", func(io.Writer) error { return syscall.EIO }); !errors.Is(err, syscall.EIO) {
			t.Errorf("error = %v, want EIO", err)
		}
		b.Abort()
		if diff := cmp.Diff(got, files(t, fsys, dir)); diff != "" {
			t.Errorf("an amendment given up left:\n%s", diff)
		}
	})
}

func TestUnfitNames(t *testing.T) {
	f, err := Create(afero.NewMemMapFs(), "r", about(0), columns(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "../x", "/x", "a/../x", `a\x`, "c:x", "manifest.json", "MANIFEST.json", "a\nb", ".tmp-1", "a//b"} {
		err := f.File(name, func(io.Writer) error { return nil })
		if !errors.Is(err, ErrUnfit) {
			t.Errorf("%q: %v, want ErrUnfit", name, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Errorf("a refused name spoiled the result: %v", err)
	}
}

func TestName(t *testing.T) {
	tests := []struct{ scenario, variant, hash, want string }{
		{"base-2026", "", "3f9a2c71ffff", "base-2026-3f9a2c71-s42-n1000"},
		{"base-2026", "no-deal", "3f9a2c71", "base-2026+no-deal-3f9a2c71-s42-n1000"},
		{"../etc/passwd", "a b", "3f", "etc-passwd+a-b-3f-s42-n1000"},
		{"", "", "", "scenario--s42-n1000"},
		{"Zürich 2030", "", "12345678", "Zürich-2030-12345678-s42-n1000"},
		{strings.Repeat("ü", 100), "", "12345678", strings.Repeat("ü", 40) + "-12345678-s42-n1000"},
	}
	for _, tt := range tests {
		if got := Name(tt.scenario, tt.variant, tt.hash, 42, 1000); got != tt.want {
			t.Errorf("Name(%q, %q) = %q, want %q", tt.scenario, tt.variant, got, tt.want)
		}
	}
}

func TestCells(t *testing.T) {
	for _, v := range []float64{0, 1, -1, 0.1, 1.0 / 3, 5e9 + 0.07, 9.007199254740991e13, 1e21, 1e300, 5e-324, 1e-6, math.Inf(1), math.Inf(-1), math.NaN()} {
		text := string(appendNumber(nil, v))
		if got, err := parseNumber(text); err != nil || got != v && !(got != got && v != v) {
			t.Errorf("%v came back from %q as %v, %v", v, text, got, err)
		}
	}
	for v, want := range map[float64]string{5e9 + 0.07: "5000000000.07", 1e20: "100000000000000000000", math.Copysign(0, -1): "0", 1e-7: "1e-07"} {
		if got := string(appendNumber(nil, v)); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
	for text, want := range map[string]string{
		"plain": "plain", "=1+1": "'=1+1", "-5": "'-5", "@x": "'@x", "+x": "'+x", "\tx": "\"'\tx\"", "'=x": "''=x", "'tis": "'tis", `a"b,c`: `"a""b,c"`, "": "",
	} {
		got := string(appendText(nil, text))
		if strings.Contains(got, "\t") {
			got, want = strings.Trim(got, `"`), strings.Trim(want, `"`)
		}
		if got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
		if back := unguard(guard(text)); back != text {
			t.Errorf("%q came back as %q", text, back)
		}
	}
	if got := clean("a\r\nb\rc\x00\xff"); got != "a\nb\nc\uFFFD\uFFFD" {
		t.Errorf("clean = %q", got)
	}
}

// A folder of tables about several results holds these inside: while it is made, when it was broken off, and afterwards.
func TestTablesAboutResultsHoldTheseInside(t *testing.T) {
	study := Options{Study: "compare", Kept: []int{}}
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		all := filepath.Join(dir, "all")
		begin := func() *Folder {
			t.Helper()
			f, err := Create(fsys, all, about(3), nil, study)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		broken := begin()
		if err := write(fsys, filepath.Join(all, "side"), release(), 0, 1, 2, 3); err != nil {
			t.Fatal(err)
		}
		broken.Abort()
		for n := range 2 { // over what was broken off, then over what is there
			study.Force = n > 0
			f := begin()
			err := f.Table("compare.csv", "what differs", []Field{{Name: "x", Type: "number", Meaning: "a number"}}, func(rows *Rows) error {
				rows.Number(1)
				return rows.End()
			})
			if err = errors.Join(err, f.Close()); err != nil {
				t.Fatal(err)
			}
			if differs, err := Verify(fsys, all); len(differs) > 0 || err != nil {
				t.Errorf("it verifies with %v, %v", differs, err)
			}
			if _, err := Open(fsys, filepath.Join(all, "side")); err != nil {
				t.Error(err)
			}
			if _, err := Open(fsys, all); !errors.Is(err, ErrStudy) {
				t.Errorf("it opens as a result: %v", err)
			}
		}
		if files(t, fsys, all)["series.csv"] != "" {
			t.Error("it has months of its own")
		}
		if err := errors.Join(
			fsys.MkdirAll(filepath.Join(dir, "mine"), 0o700), afero.WriteFile(fsys, filepath.Join(dir, "mine", "letter.txt"), []byte("dear"), 0o600),
		); err != nil {
			t.Fatal(err)
		}
		if _, err := Create(fsys, filepath.Join(dir, "mine"), about(3), nil, study); !errors.Is(err, ErrForeign) {
			t.Errorf("a folder of somebody else's is taken: %v", err)
		}
	})
}
