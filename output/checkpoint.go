package output

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"powerplay/sim/record"
)

// checkpointFile is what a folder holds of a run that was broken off, so that it can go on. In a part it stays,
// and the manifest lists it: a part is a checkpoint at which all its runs have ended.
const checkpointFile = "checkpoint.bin"

// checkpointMark is what every checkpoint begins with, whatever its format.
const checkpointMark = "powerplay-checkpoint/"

// Identity is what the result is, as about.json and the manifest have it.
func (f *Folder) Identity() Identity { return f.aboutTo.Identity }

// Differs lists in what another identity departs from the result's own.
func (f *Folder) Differs(other Identity) []Difference { return other.differences(f.Identity()) }

// SaveCheckpoint writes a checkpoint in place of the last one, which stays if that fails. It can be called
// after an error of other files, which then make room for it, but not after Close or Abort.
func (f *Folder) SaveCheckpoint(write func(io.Writer) error) error {
	if f.from != f.at {
		return nil // it lies beside the old result, and holds every run already
	}
	if f.Err() != nil {
		_ = f.streams.end()
		f.mu.Lock()
		f.shed()
		f.mu.Unlock()
	}
	e, err := writeFile(f.fs, filepath.Join(f.at, checkpointFile), write)
	if err != nil {
		return err
	}
	if err := syncDir(f.fs, f.at); err != nil {
		return err
	}
	e.Path = checkpointFile
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opts.Part != "" {
		f.outputs[checkpointFile] = e
	}
	return nil
}

// Checkpoint hands the checkpoint that an earlier attempt has left to read. Without Options.Resume, or when
// there is none, it does nothing.
func (f *Folder) Checkpoint(read func(io.Reader) error) error {
	if !f.opts.Resume {
		return nil
	}
	return readCheckpoint(f.fs, f.from, read)
}

func readCheckpoint(fsys afero.Fs, dir string, read func(io.Reader) error) error {
	path := filepath.Join(dir, checkpointFile)
	file, err := fsys.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileError("read", path, err)
	}
	defer file.Close()
	return read(file)
}

// Left hands read the checkpoint for which [Create] said ErrBegun.
func Left(fsys afero.Fs, dir string, read func(io.Reader) error) error {
	for _, at := range append(neighbours(fsys, filepath.Clean(dir), newMark), filepath.Clean(dir)) {
		if hasCheckpoint(fsys, at) {
			return readCheckpoint(fsys, at, read)
		}
	}
	return nil
}

// RemoveCheckpoint takes the checkpoint out of a complete result, where there is one. A part keeps its own.
func RemoveCheckpoint(fsys afero.Fs, dir string) {
	m, err := readManifest(fsys, dir)
	if err == nil && m.Part == "" {
		removeCheckpoint(fsys, dir)
	}
}

// removeCheckpoint removes the checkpoint first: what it counts on goes after it.
func removeCheckpoint(fsys afero.Fs, dir string) {
	_ = fsys.Remove(filepath.Join(dir, checkpointFile))
	_ = fsys.Remove(filepath.Join(dir, journalFile))
}

func hasCheckpoint(fsys afero.Fs, dir string) bool {
	is, err := afero.Exists(fsys, filepath.Join(dir, checkpointFile))
	return is && err == nil
}

// isCheckpoint tells whether a folder holds a checkpoint by what it says of itself: others too have files of that name.
func isCheckpoint(fsys afero.Fs, dir string) bool {
	is := false
	_ = readCheckpoint(fsys, dir, func(r io.Reader) error {
		head := make([]byte, len(checkpointMark))
		_, err := io.ReadFull(r, head)
		is = err == nil && string(head) == checkpointMark
		return err
	})
	return is
}

// Done tells whether a folder holds the complete result that [Create] would begin. With Options.Resume it
// clears up first after a process that was killed.
func Done(fsys afero.Fs, dir string, about record.About, opts Options) bool {
	id := identity(about, opts.settled(about))
	if dir = filepath.Clean(dir); opts.Resume {
		if unlock, err := lock(fsys, dir); err == nil {
			tidy(fsys, dir, id)
			unlock()
		}
	}
	m, err := readManifest(fsys, dir)
	return err == nil && len(m.differences(id)) == 0
}

// left returns the neighbour in which an earlier attempt at this result has left a checkpoint, or "".
func (f *Folder) left(id Identity) string {
	for _, at := range neighbours(f.fs, f.dir, newMark) {
		if was := begun(f.fs, at); was != nil && len(was.differences(id)) == 0 && hasCheckpoint(f.fs, at) {
			return at
		}
	}
	return ""
}

// OpenPart reads what a part of a result says of itself; errors are those of [Open], and ErrWhole for a whole
// result.
func OpenPart(fsys afero.Fs, dir string) (*Result, error) {
	r, err := open(fsys, dir)
	if err == nil && r.Manifest.Part == "" {
		return nil, fileError("read", dir, ErrWhole)
	}
	return r, err
}

// PartsIn lists the folders within dir that hold parts, finished or not, or hold the parts of several variants; dir alone when
// it is one, or holds none.
func PartsIn(fsys afero.Fs, dir string) []string {
	if begun(fsys, dir) != nil {
		return []string{dir}
	}
	in := func(dir string) (parts, others []string) {
		entries, _ := afero.ReadDir(fsys, dir)
		for _, e := range entries {
			inner := filepath.Join(dir, e.Name())
			switch was := begun(fsys, inner); {
			case was != nil && was.Part != "":
				parts = append(parts, inner)
			case was == nil && e.IsDir():
				others = append(others, inner)
			}
		}
		return parts, others
	}
	parts, others := in(dir)
	for _, other := range others {
		more, _ := in(other)
		parts = append(parts, more...)
	}
	if parts == nil {
		return []string{dir}
	}
	return parts
}

// Checkpoint hands the checkpoint of a part to read.
func (r *Result) Checkpoint(read func(io.Reader) error) error {
	c, err := r.open(checkpointFile)
	if err != nil {
		return err
	}
	return c.finish(read(c.read), 0)
}

// Differences lists in what a result departs from another one of which both are to be parts; beside says that they are to be
// parts of results of variants, whose models may differ.
func (r *Result) Differences(other *Result, beside bool) []Difference {
	a, b := r.Manifest.Identity, other.Manifest.Identity
	if beside {
		a.Variant, a.Hash, a.Text = b.Variant, b.Hash, b.Text
	}
	_, a.Part, _ = strings.Cut(a.Part, "/")
	_, b.Part, _ = strings.Cut(b.Part, "/")
	differs := a.differences(b)
	for i := range differs {
		if differs[i].What == "part" {
			differs[i].What = "number of parts"
		}
	}
	return differs
}
