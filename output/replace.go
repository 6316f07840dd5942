package output

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"
)

// claim decides whether the folder may be written, and where: into dir itself when it is new, empty or
// unfinished, into a neighbour when it holds a complete result.
func (f *Folder) claim(id Identity) error {
	entries, err := afero.ReadDir(f.fs, f.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.made = true
		return nil
	case err != nil:
		return fileError("write", f.dir, err)
	case len(entries) == 0:
		return nil
	}

	if m, err := readManifest(f.fs, f.dir); err == nil {
		differs := m.differences(id)
		if len(differs) == 0 && !inProgress(id.Version) && !f.opts.Force {
			return fileError("write", f.dir, ErrDone)
		}
		if len(differs) > 0 && !f.opts.Force {
			return &ExistsError{Dir: f.dir, Differs: differs}
		}
		return f.neighbour()
	}
	was := begun(f.fs, f.dir)
	if was == nil {
		return fileError("write", f.dir, ErrForeign)
	}
	if differs := was.differences(id); len(differs) > 0 && !f.opts.Force {
		return &ExistsError{Dir: f.dir, Incomplete: true, Differs: differs}
	}
	f.clearUnfinished()
	return nil
}

// neighbour makes the folder that will take dir's place. It lies beside dir: a folder can be renamed within
// one file system only.
func (f *Folder) neighbour() error {
	base := filepath.Base(f.dir)
	if base == "." || base == ".." || base == string(filepath.Separator) {
		return fileError("replace", f.dir, errors.New("give the folder by its name, so that a new one can take its place"))
	}
	at, err := afero.TempDir(f.fs, filepath.Dir(f.dir), "."+base+".new-")
	if err != nil {
		return fileError("write", f.dir, err)
	}
	if err := f.fs.Chmod(at, 0o755); err != nil {
		_ = f.fs.RemoveAll(at)
		return fileError("write", f.dir, err)
	}
	f.at = at
	return nil
}

// takePlace renames the old folder away and the new one in, and then removes the old one. A process killed
// between the two renames leaves both folders, complete, under hidden names beside the place.
func (f *Folder) takePlace() error {
	parent := filepath.Dir(f.dir)
	base := "." + filepath.Base(f.dir)
	old := filepath.Join(parent, strings.Replace(filepath.Base(f.at), base+".new-", base+".old-", 1))
	if err := f.fs.Rename(f.dir, old); err != nil {
		return fileError("replace", f.dir, err)
	}
	if err := f.fs.Rename(f.at, f.dir); err != nil {
		if back := f.fs.Rename(old, f.dir); back != nil {
			err = fmt.Errorf("%w; and the old result cannot be put back, it is now %s", err, old)
		}
		return fileError("replace", f.dir, err)
	}
	f.at, f.over = f.dir, true
	// From here on nothing can spoil the new result: an old folder that cannot be removed is a blemish.
	f.keepStrangers(old)
	_ = f.fs.RemoveAll(old)
	return syncDir(f.fs, parent)
}

// keepStrangers moves what the user put into the old folder, such as notes, into the new one, unless the
// new one has a file of that name. The old folder's own files are those in its manifest.
func (f *Folder) keepStrangers(old string) {
	m, err := readManifest(f.fs, old)
	if err != nil {
		return
	}
	_ = afero.Walk(f.fs, old, func(path string, info fs.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(old, path)
		if err != nil {
			return nil
		}
		name := filepath.ToSlash(rel)
		if m.Has(name) || reserved(name) || temporary(filepath.Base(rel)) {
			return nil
		}
		to := filepath.Join(f.dir, rel)
		if taken, err := afero.Exists(f.fs, to); err == nil && !taken && f.fs.MkdirAll(filepath.Dir(to), 0o755) == nil {
			_ = f.fs.Rename(path, to)
		}
		return nil
	})
}

// clearUnfinished removes the files of an attempt that did not come to its end. A checkpoint stays, and so
// does about.json, which is overwritten next and until then tells whose folder it is.
func (f *Folder) clearUnfinished() {
	for _, name := range append(slices.Clone(ownFiles), "report.html", "report.md") {
		if name != "about.json" {
			_ = f.fs.Remove(filepath.Join(f.dir, name))
		}
	}
	_ = f.fs.RemoveAll(filepath.Join(f.dir, "plots"))
	entries, _ := afero.ReadDir(f.fs, f.dir)
	for _, e := range entries {
		if temporary(e.Name()) {
			_ = f.fs.Remove(filepath.Join(f.dir, e.Name()))
		}
	}
}

// clear removes what this Folder put into dir; about.json stays beside what others put there.
func (f *Folder) clear() {
	dirs := map[string]bool{}
	for name := range f.touched {
		if name == "about.json" {
			continue
		}
		path := filepath.Join(f.dir, filepath.FromSlash(name))
		_ = f.fs.Remove(path)
		for d := filepath.Dir(path); len(d) > len(f.dir); d = filepath.Dir(d) {
			dirs[d] = true
		}
	}
	_ = f.fs.Remove(filepath.Join(f.dir, "manifest.json"))
	deepestFirst := make([]string, 0, len(dirs))
	for d := range dirs {
		deepestFirst = append(deepestFirst, d)
	}
	slices.SortFunc(deepestFirst, func(a, b string) int { return len(b) - len(a) })
	for _, d := range deepestFirst {
		f.removeEmpty(d)
	}
	if entries, err := afero.ReadDir(f.fs, f.dir); err == nil && len(entries) == 1 && entries[0].Name() == "about.json" {
		_ = f.fs.Remove(filepath.Join(f.dir, "about.json"))
	}
	if f.made {
		f.removeEmpty(f.dir)
	}
}

// removeEmpty looks first: a file system in memory removes full folders too.
func (f *Folder) removeEmpty(dir string) {
	if entries, err := afero.ReadDir(f.fs, dir); err == nil && len(entries) == 0 {
		_ = f.fs.Remove(dir)
	}
}
