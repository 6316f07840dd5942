package output

import (
	"io"
	"path/filepath"
	"slices"
	"sync"

	"github.com/spf13/afero"
)

// Amendment adds files to a complete result, or replaces earlier ones: charts drawn anew, a report. The
// tables cannot be amended.
type Amendment struct {
	fs       afero.Fs
	dir      string
	manifest *Manifest
	mu       sync.Mutex
	files    map[string]*atomicFile
	unlock   func() // lets others write
}

// Amend begins an amendment, which ends with Close or Abort; errors are those of [Open], and ErrBusy while another process
// writes the folder.
func Amend(fsys afero.Fs, dir string) (*Amendment, error) {
	a := &Amendment{fs: fsys, dir: dir, files: map[string]*atomicFile{}}
	if is, err := afero.DirExists(fsys, dir); is && err == nil {
		if a.unlock, err = lock(fsys, dir); err != nil {
			return nil, err
		}
	}
	m, err := readManifest(fsys, dir)
	if err == nil && m.Part != "" {
		err = fileError("write", dir, ErrPart)
	}
	if err != nil {
		a.Abort()
		return nil, err
	}
	a.manifest = m
	return a, nil
}

// File writes a file aside; it appears at Close. It may be called from several goroutines at once. The
// name follows the rules of [Folder.File].
func (a *Amendment) File(name string, write func(io.Writer) error) error {
	if reserved(name) {
		return &FileError{"write", name, ErrUnfit}
	}
	if err := localName(name); err != nil {
		return &FileError{"write", name, err}
	}
	f, err := createAtomic(a.fs, filepath.Join(a.dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.discard()
		return fileError("write", f.path, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.files[name].discard()
	a.files[name] = f
	return nil
}

// Close makes the files appear and renews the manifest. Each file is whole at any time; a process killed
// in between leaves some of them new, which Verify reports until the amendment is repeated. On an error the
// files that have not appeared are removed.
func (a *Amendment) Close() error {
	defer a.Abort()
	names := make([]string, 0, len(a.files))
	for name := range a.files {
		names = append(names, name)
	}
	slices.Sort(names)
	var first error
	for _, name := range names {
		e, err := a.files[name].commit()
		if err != nil {
			first = err
			break
		}
		e.Path = name
		a.manifest.Outputs = slices.DeleteFunc(a.manifest.Outputs, func(old Entry) bool { return old.Path == name })
		a.manifest.Outputs = append(a.manifest.Outputs, e)
	}
	// What has appeared belongs into the manifest even when a later file failed.
	if err := writeManifest(a.fs, a.dir, *a.manifest); first == nil {
		first = err
	}
	return first
}

// Abort removes the files that have not appeared. After Close it does nothing.
func (a *Amendment) Abort() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, f := range a.files {
		f.discard()
	}
	clear(a.files)
	if a.unlock != nil {
		a.unlock()
		a.unlock = nil
	}
}
