package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/afero"
)

// errLocked says that another process holds the lock on a file.
var errLocked = errors.New("locked")

// lock takes the right to write the folder dir, which need not exist, away from all others until unlock is called. It is
// ErrBusy when someone has it. The system gives it back when a process ends, however it ends. What is locked is a file
// beside the folder, as another folder may take the place of this one; a killed process leaves it there, empty, until the
// next one is done. A file system in memory has no lock, nor has one on which no file can be made or locked beside dir.
func lock(fsys afero.Fs, dir string) (unlock func(), err error) {
	none := func() {}
	if _, disk := fsys.(*afero.OsFs); !disk {
		return none, nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, fileError("write", dir, err)
	}
	parent, name := filepath.Split(whole)
	path := filepath.Join(parent, lockName(name))
	if err := makeFolder(fsys, parent); err != nil {
		return nil, fileError("write", dir, blocked(fsys, filepath.Dir(dir), err))
	}
	for {
		file, err := fsys.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return none, nil
		}
		if err := lockFile(file); err != nil {
			_ = file.Close()
			if errors.Is(err, errLocked) {
				return nil, fileError("write", dir, ErrBusy)
			}
			_ = fsys.Remove(path)
			return none, nil
		}
		if stillThere(fsys, file, path) {
			return func() { _ = errors.Join(fsys.Remove(path), file.Close()) }, nil
		}
		_ = file.Close() // whoever had the lock has removed the file: the next one is another
	}
}

// blocked says which file stands where a folder is to be made, if one does; err is why it cannot be.
func blocked(fsys afero.Fs, dir string, err error) error {
	for up := filepath.Dir(dir); ; dir, up = up, filepath.Dir(up) {
		if info, gone := fsys.Stat(dir); gone == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file, not a folder", filepath.ToSlash(dir))
		}
		if up == dir {
			return err
		}
	}
}

// lockName is the name of the file that stands for a folder: one under way, as far as readers of the folder around it go.
func lockName(folder string) string { return ".tmp-" + folder + ".lock" }

// stillThere tells whether an open file is the one of that name.
func stillThere(fsys afero.Fs, file afero.File, path string) bool {
	is, err := file.Stat()
	there, gone := fsys.Stat(path)
	return err == nil && gone == nil && os.SameFile(is, there)
}
