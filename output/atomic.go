package output

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/afero"
)

// tempPattern names files that are being written. They lie in the folder of the file they become, because
// a rename is atomic only within one file system.
const tempPattern = ".tmp-*"

// temporary tells whether a file was under way when its writer was killed.
func temporary(base string) bool {
	return strings.HasPrefix(base, strings.TrimSuffix(tempPattern, "*"))
}

// Entry is a file as the manifest lists it.
type Entry struct {
	Path   string `json:"path"` // within the folder, with forward slashes; for inputs as the user gave it
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
	Rows   *int64 `json:"rows,omitempty"` // of tables, heading not counted
}

// WriteFile writes a file whole or not at all: under another name first, then synced, then renamed. On any
// error the old content stays and nothing is left behind; the error is a *FileError. Missing folders are
// made.
func WriteFile(fsys afero.Fs, path string, write func(io.Writer) error) error {
	if _, err := writeFile(fsys, path, write); err != nil {
		return err
	}
	return syncDir(fsys, filepath.Dir(path))
}

// writeFile leaves it to its caller to sync the folder, once for many files.
func writeFile(fsys afero.Fs, path string, write func(io.Writer) error) (Entry, error) {
	f, err := createAtomic(fsys, path)
	if err != nil {
		return Entry{}, err
	}
	if err := write(f); err != nil {
		f.discard()
		return Entry{}, fileError("write", path, err)
	}
	return f.commit()
}

// atomicFile is a file under way: bytes are buffered, counted and hashed as they pass. After the first
// error every call returns that error.
type atomicFile struct {
	fs   afero.Fs
	path string // where it will be
	temp afero.File
	buf  *bufio.Writer
	sum  hash.Hash
	size int64
	err  error
}

func createAtomic(fsys afero.Fs, path string) (*atomicFile, error) {
	dir := filepath.Dir(path)
	if err := makeFolder(fsys, dir); err != nil {
		return nil, fileError("write", path, err)
	}
	temp, err := afero.TempFile(fsys, dir, tempPattern)
	if err != nil {
		return nil, fileError("write", path, err)
	}
	f := &atomicFile{fs: fsys, path: path, temp: temp, sum: sha256.New()}
	f.buf = bufio.NewWriterSize(io.MultiWriter(temp, f.sum), 1<<16)
	return f, nil
}

// Write adds bytes.
func (f *atomicFile) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.buf.Write(p)
	f.size += int64(n)
	if err != nil {
		f.err = fileError("write", f.path, err)
	}
	return n, f.err
}

// commit makes the file appear: its bytes are on disk, its name is once the folder is synced. On an error it is gone, as
// after discard.
func (f *atomicFile) commit() (Entry, error) {
	if f.err == nil {
		f.err = fileError("write", f.path, f.buf.Flush())
	}
	if f.err == nil {
		f.err = fileError("write", f.path, f.temp.Sync())
	}
	if f.err != nil {
		f.discard()
		return Entry{}, f.err
	}
	name := f.temp.Name()
	err := f.temp.Close()
	f.temp = nil
	if err == nil {
		err = f.fs.Chmod(name, 0o644) // temporary files are made for their owner's eyes alone
	}
	if err == nil {
		err = f.fs.Rename(name, f.path)
	}
	if err != nil {
		f.err = fileError("write", f.path, err)
		_ = f.fs.Remove(name)
		return Entry{}, f.err
	}
	f.err = fileError("write", f.path, os.ErrClosed)
	return Entry{Size: f.size, SHA256: hex.EncodeToString(f.sum.Sum(nil))}, nil
}

// discard removes what was written so far. It does nothing after commit.
func (f *atomicFile) discard() {
	if f == nil || f.temp == nil {
		return
	}
	name := f.temp.Name()
	_ = f.temp.Close()
	_ = f.fs.Remove(name)
	f.temp = nil
	if f.err == nil {
		f.err = fileError("write", f.path, os.ErrClosed)
	}
}

// makeFolder makes a folder and those around it that are missing, and makes their names last through a power cut.
func makeFolder(fsys afero.Fs, dir string) error {
	var missing []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if there, err := afero.Exists(fsys, at); there || err != nil || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	if err := fsys.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, at := range missing {
		if err := syncDir(fsys, filepath.Dir(at)); err != nil {
			return err
		}
	}
	return nil
}

// syncDir makes renames within a folder last through a power cut. File systems in memory have nothing to
// sync, Windows cannot sync a folder, and some network file systems say that they will not.
func syncDir(fsys afero.Fs, dir string) error {
	if _, disk := fsys.(*afero.OsFs); !disk || runtime.GOOS == "windows" {
		return nil
	}
	d, err := fsys.Open(dir)
	if err != nil {
		return fileError("sync", dir, err)
	}
	err = errors.Join(d.Sync(), d.Close())
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return fileError("sync", dir, err)
}
