package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"powerplay/sim/record"
)

// claim decides whether the folder may be written, and where: into dir itself when it is new, empty or
// unfinished, into a neighbour when it holds a complete result.
func (f *Folder) claim(id Identity) error {
	if f.opts.Resume {
		tidy(f.fs, f.dir, id)
	}
	prepare, err := f.decide(id)
	if err != nil {
		return err
	}
	return prepare()
}

// Check returns the error with which [Create] would refuse the folder dir, or nil. It changes nothing.
func Check(fsys afero.Fs, dir string, about record.About, opts Options) error {
	opts = opts.settled(about)
	dir = filepath.Clean(dir)
	f := &Folder{fs: fsys, dir: dir, at: dir, opts: opts}
	_, err := f.decide(identity(about, opts))
	return err
}

// decide looks at what is in the folder and returns what prepares it, unless it may not be written.
func (f *Folder) decide(id Identity) (prepare func() error, err error) {
	entries, err := afero.ReadDir(f.fs, f.dir)
	entries = slices.DeleteFunc(entries, func(e fs.FileInfo) bool { return temporary(e.Name()) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return func() error { f.made = true; return nil }, nil
	case err != nil:
		return nil, fileError("write", f.dir, err)
	case len(entries) == 0:
		return func() error { f.clearUnfinished(); return nil }, nil // a process may have been killed over the very first file
	}

	if m, err := readManifest(f.fs, f.dir); err == nil {
		differs := m.differences(id)
		left := f.left(id)
		switch {
		case left != "" && f.opts.Resume:
			return func() error { f.at = left; f.clearUnfinished(); return nil }, nil
		case left != "" && !f.opts.Force:
			return nil, fileError("write", f.dir, ErrBegun)
		case len(differs) == 0 && !f.opts.Force:
			return nil, fileError("write", f.dir, ErrDone)
		case len(differs) > 0 && !f.opts.Force:
			return nil, &ExistsError{Dir: f.dir, Differs: differs}
		case len(differs) == 0 && f.opts.Resume:
			return func() error { f.from = f.dir; return f.neighbour() }, nil
		}
		return f.neighbour, nil
	}
	was := begun(f.fs, f.dir)
	switch {
	case was == nil && f.opts.Study != "" && !slices.ContainsFunc(entries, func(e fs.FileInfo) bool { return begun(f.fs, filepath.Join(f.dir, e.Name())) == nil }):
		return func() error { return nil }, nil // the results of an attempt that was broken off
	case was == nil && !isCheckpoint(f.fs, f.dir):
		return nil, fileError("write", f.dir, ErrForeign)
	case was == nil && !f.opts.Force:
		return nil, fileError("write", f.dir, ErrNameless)
	case was == nil:
		return func() error { removeCheckpoint(f.fs, f.dir); f.clearUnfinished(); return nil }, nil
	}
	if differs := was.differences(id); len(differs) > 0 && !f.opts.Force {
		return nil, &ExistsError{Dir: f.dir, Incomplete: true, Differs: differs}
	} else if len(differs) == 0 && !f.opts.Resume && !f.opts.Force && hasCheckpoint(f.fs, f.dir) {
		return nil, fileError("write", f.dir, ErrBegun)
	}
	return func() error {
		if !f.opts.Resume {
			removeCheckpoint(f.fs, f.dir)
		}
		f.clearUnfinished()
		return nil
	}, nil
}

// tidy clears up after a process that was killed while a new result took the place of an old one: a complete
// one moves in where nothing stands, and what is of no use goes.
func tidy(fsys afero.Fs, dir string, id Identity) {
	same := func(at string) bool {
		m, err := readManifest(fsys, at)
		return err == nil && len(m.differences(id)) == 0
	}
	for _, at := range neighbours(fsys, dir, newMark) {
		if there, err := afero.Exists(fsys, dir); err == nil && !there && same(at) && fsys.Rename(at, dir) == nil {
			continue
		}
		if was := begun(fsys, at); (was == nil || len(was.differences(id)) == 0) && !hasCheckpoint(fsys, at) {
			discard(fsys, at)
		}
	}
	for _, at := range neighbours(fsys, dir, oldMark) {
		if same(dir) {
			discard(fsys, at)
		}
	}
}

// Marks in the hidden names of folders beside a result: one that is to take its place, and one that has lost it.
const (
	newMark = ".new-"
	oldMark = ".old-"
)

// neighbours are the folders beside dir whose names bear a mark.
func neighbours(fsys afero.Fs, dir, mark string) []string {
	entries, _ := afero.ReadDir(fsys, filepath.Dir(dir))
	var all []string
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), "."+filepath.Base(dir)+mark) {
			all = append(all, filepath.Join(filepath.Dir(dir), e.Name()))
		}
	}
	return all
}

// discard removes a folder, its manifest first: what a killed process leaves of it does not look complete.
func discard(fsys afero.Fs, dir string) {
	_ = fsys.Remove(filepath.Join(dir, "manifest.json"))
	_ = fsys.RemoveAll(dir)
}

// neighbour makes the folder that will take dir's place. It lies beside dir: a folder can be renamed within
// one file system only.
func (f *Folder) neighbour() error {
	base := filepath.Base(f.dir)
	if base == "." || base == ".." || base == string(filepath.Separator) {
		return fileError("replace", f.dir, errors.New("give the folder by its name, so that a new one can take its place"))
	}
	at, err := afero.TempDir(f.fs, filepath.Dir(f.dir), "."+base+newMark)
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
	old := filepath.Join(parent, strings.Replace(filepath.Base(f.at), base+newMark, base+oldMark, 1))
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
	discard(f.fs, old)
	return syncDir(f.fs, parent)
}

// adopt takes over what was added to a complete result, such as a report, where the very same result takes its place to go on
// with others.
func (f *Folder) adopt() error {
	if !f.opts.Resume || f.opts.Part != "" || f.at == f.dir {
		return nil
	}
	m, err := readManifest(f.fs, f.dir)
	if err != nil || len(m.differences(f.aboutTo.Identity)) > 0 {
		return nil
	}
	for _, e := range m.Outputs {
		if _, made := f.outputs[e.Path]; made || reserved(e.Path) {
			continue
		}
		text, err := afero.ReadFile(f.fs, filepath.Join(f.dir, filepath.FromSlash(e.Path)))
		if err != nil {
			continue // the user has removed it
		}
		if err := f.put(e.Path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return err
		}
	}
	return nil
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
			_ = f.fs.Remove(filepath.Join(f.at, name))
		}
	}
	_ = f.fs.RemoveAll(filepath.Join(f.at, "plots"))
	entries, _ := afero.ReadDir(f.fs, f.at)
	for _, e := range entries {
		if temporary(e.Name()) {
			_ = f.fs.Remove(filepath.Join(f.at, e.Name()))
		}
	}
}

// clear removes what this Folder put there; about.json stays beside a checkpoint and what others put there.
func (f *Folder) clear() {
	if !hasCheckpoint(f.fs, f.at) {
		removeCheckpoint(f.fs, f.at) // the journal alone is of no use
	}
	f.shed()
	if entries, err := afero.ReadDir(f.fs, f.at); err == nil && len(entries) == 1 && entries[0].Name() == "about.json" {
		_ = f.fs.Remove(filepath.Join(f.at, "about.json"))
	}
	if f.made {
		f.removeEmpty(f.dir)
	}
}

// shed removes the files that are written again by an attempt that goes on.
func (f *Folder) shed() {
	f.discardStreams()
	dirs := map[string]bool{}
	for name := range f.touched {
		if name == "about.json" {
			continue
		}
		path := filepath.Join(f.at, filepath.FromSlash(name))
		_ = f.fs.Remove(path)
		for d := filepath.Dir(path); len(d) > len(f.at); d = filepath.Dir(d) {
			dirs[d] = true
		}
	}
	_ = f.fs.Remove(filepath.Join(f.at, "manifest.json"))
	deepestFirst := make([]string, 0, len(dirs))
	for d := range dirs {
		deepestFirst = append(deepestFirst, d)
	}
	slices.SortFunc(deepestFirst, func(a, b string) int { return len(b) - len(a) })
	for _, d := range deepestFirst {
		f.removeEmpty(d)
	}
}

// removeEmpty looks first: a file system in memory removes full folders too.
func (f *Folder) removeEmpty(dir string) {
	if entries, err := afero.ReadDir(f.fs, dir); err == nil && len(entries) == 0 {
		_ = f.fs.Remove(dir)
	}
}
