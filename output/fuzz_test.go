package output

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"
)

// readAll asks a folder for everything; it may refuse, it may not panic.
func readAll(fsys afero.Fs, dir string) {
	_, _ = Verify(fsys, dir)
	r, err := Open(fsys, dir)
	if err != nil {
		return
	}
	_, _ = r.Series()
	_, _ = r.Series(1)
	_, _ = r.Summary()
	_, _ = r.Runs()
	for _, err := range r.Events(Filter{Runs: []int{1}}) {
		_ = err // refusing is fine
	}
}

// FuzzReader replaces one file of a good folder by hostile bytes: once as they are, as a torn folder would
// have them, and once with a manifest that vouches for them, as a hostile one would.
func FuzzReader(f *testing.F) {
	good := afero.NewMemMapFs()
	if err := write(good, "r", release(), 0, 1, 2, 3); err != nil {
		f.Fatal(err)
	}
	names := []string{"manifest.json", "about.json", "assumptions.csv", "series.csv", "summary.csv", "runs.csv", "events.jsonl", "series.parquet"}
	whole := files(f, good, "r")
	for i, name := range names {
		text := []byte(whole[name])
		f.Add(uint8(i), text)
		f.Add(uint8(i), text[:len(text)/2])
		f.Add(uint8(i), bytes.ReplaceAll(text, []byte("0"), []byte("-1")))
		f.Add(uint8(i), bytes.ReplaceAll(text, []byte("\n"), []byte("\"\n")))
		f.Add(uint8(i), []byte{})
		f.Add(uint8(i), []byte("null"))
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		name := names[int(which)%len(names)]
		fsys := afero.NewCopyOnWriteFs(afero.NewReadOnlyFs(good), afero.NewMemMapFs())
		put := func(name string, text []byte) {
			if err := afero.WriteFile(fsys, filepath.Join("r", name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		put(name, text)
		readAll(fsys, "r")
		if name == "manifest.json" || name == "series.parquet" {
			return // a manifest vouches for nothing of itself; the Parquet library is not ours to fuzz
		}
		m, err := readManifest(good, "r")
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Outputs {
			if e := &m.Outputs[i]; e.Path == name {
				e.Size, e.SHA256 = int64(len(text)), checksum(append([]byte{}, text...))
			}
		}
		vouched, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		put("manifest.json", vouched)
		readAll(fsys, "r")
	})
}
