package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"powerplay/sim/record"
)

// faulty is a file system that fails from the n-th call of one kind on.
type faulty struct {
	afero.Fs
	call string // write, sync, close, chmod, rename, create
	from int
	err  error
	seen *atomic.Int64
	once bool // only that one call fails
}

func (f faulty) fault(call string) error {
	if call != f.call {
		return nil
	}
	seen := int(f.seen.Add(1))
	if seen <= f.from || f.once && seen > f.from+1 {
		return nil
	}
	return f.err
}

func (f faulty) OpenFile(name string, flag int, perm os.FileMode) (afero.File, error) {
	if flag&os.O_CREATE != 0 {
		if err := f.fault("create"); err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	file, err := f.Fs.OpenFile(name, flag, perm)
	return faultyFile{file, f}, err
}

func (f faulty) Create(name string) (afero.File, error) {
	return f.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

func (f faulty) Chmod(name string, mode os.FileMode) error {
	if err := f.fault("chmod"); err != nil {
		return err
	}
	return f.Fs.Chmod(name, mode)
}

func (f faulty) Rename(old, to string) error {
	if err := f.fault("rename"); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: to, Err: err}
	}
	return f.Fs.Rename(old, to)
}

// faultyFile has every way to write under control: io.WriteString and io.Copy look for the shortcuts.
type faultyFile struct {
	afero.File
	fs faulty
}

func (f faultyFile) write(write func() (int, error)) (int, error) {
	if err := f.fs.fault("write"); err != nil {
		return 0, &fs.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	return write()
}

func (f faultyFile) Write(p []byte) (int, error) {
	return f.write(func() (int, error) { return f.File.Write(p) })
}

func (f faultyFile) WriteString(s string) (int, error) {
	return f.write(func() (int, error) { return f.File.WriteString(s) })
}

func (f faultyFile) WriteAt(p []byte, at int64) (int, error) {
	return f.write(func() (int, error) { return f.File.WriteAt(p, at) })
}

func (f faultyFile) ReadFrom(r io.Reader) (int64, error) {
	n, err := f.write(func() (int, error) {
		n, err := io.Copy(struct{ io.Writer }{f.File}, r)
		return int(n), err
	})
	return int64(n), err
}

func (f faultyFile) Truncate(size int64) error {
	_, err := f.write(func() (int, error) { return 0, f.File.Truncate(size) })
	return err
}

func (f faultyFile) Sync() error {
	if err := f.fs.fault("sync"); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f faultyFile) Close() error {
	err := f.File.Close()
	if fault := f.fs.fault("close"); fault != nil {
		return fault
	}
	return err
}

// Whatever fails and whenever it does, an old result stays whole, or there is a new one that is whole.
func TestFaultsLeaveAWholeResult(t *testing.T) {
	faults := []struct {
		call string
		err  error
		is   error
	}{
		{"write", syscall.ENOSPC, ErrFull},
		{"sync", syscall.EIO, syscall.EIO},
		{"close", syscall.EDQUOT, ErrFull},
		{"chmod", syscall.EPERM, ErrReadOnly},
		{"rename", syscall.EXDEV, syscall.EXDEV},
		{"create", syscall.EROFS, ErrReadOnly},
	}
	for _, fault := range faults {
		t.Run(fault.call, func(t *testing.T) {
			onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
				for from := 0; ; from++ {
					if from > 200 {
						t.Fatal("the result is never finished")
					}
					bad := faulty{fsys, fault.call, from, fault.err, new(atomic.Int64), false}
					err := write(bad, dir, release(), 0, 1)
					if err == nil {
						break // as many calls as a result needs
					}
					if !errors.Is(err, fault.is) {
						t.Fatalf("from call %d: %v does not match %v", from, err, fault.is)
					}
					if _, ok := errors.AsType[*FileError](err); !ok {
						t.Fatalf("from call %d: %T is no FileError", from, err)
					}
					if there, _ := afero.Exists(fsys, dir); there {
						t.Fatalf("from call %d: left %v", from, names(t, fsys, dir))
					}
				}
				before := files(t, fsys, dir)
				opts := release()
				opts.Flags, opts.Force = nil, true
				for from := 0; ; from++ {
					// Were every rename to fail, the old folder could not be put back either.
					bad := faulty{fsys, fault.call, from, fault.err, new(atomic.Int64), fault.call == "rename"}
					err := write(bad, dir, opts, 0, 1, 2)
					if err == nil {
						break
					}
					if diff := cmp.Diff(before, files(t, fsys, dir)); diff != "" {
						t.Fatalf("from call %d, %v: the old result changed:\n%s", from, err, diff)
					}
					entries, _ := afero.ReadDir(fsys, filepath.Dir(dir))
					if len(entries) != 1 {
						t.Fatalf("from call %d: %d entries beside the result, want none", from, len(entries)-1)
					}
				}
				if d, err := Verify(fsys, dir); err != nil || len(d) != 0 {
					t.Errorf("verify: %v, %v", d, err)
				}
			})
		})
	}
}

func names(t *testing.T, fsys afero.Fs, dir string) (all []string) {
	for name := range files(t, fsys, dir) {
		all = append(all, name)
	}
	return all
}

// One failed write of a file leaves its old content, and only that.
func TestWriteFileIsAtomic(t *testing.T) {
	put := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	for _, call := range []string{"write", "sync", "close", "chmod", "rename", "create"} {
		onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
			path := filepath.Join(dir, "f")
			if err := WriteFile(fsys, path, put("old")); err != nil {
				t.Fatal(err)
			}
			if err := WriteFile(faulty{fsys, call, 0, syscall.ENOSPC, new(atomic.Int64), false}, path, put("new")); !errors.Is(err, ErrFull) {
				t.Errorf("%s: %v, want ErrFull", call, err)
			}
			if err := WriteFile(fsys, path, func(io.Writer) error { return io.ErrUnexpectedEOF }); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %v, want the callback's error", call, err)
			}
			if got := files(t, fsys, dir); len(got) != 1 || got["f"] != "old" {
				t.Errorf("%s: folder holds %v", call, got)
			}
			if info, err := fsys.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

// After a failed write the runs still going on are told nothing and do no harm; Err says why.
func TestFolderStopsAtTheFirstError(t *testing.T) {
	seen := new(atomic.Int64)
	f, err := Create(faulty{afero.NewMemMapFs(), "write", 3, syscall.ENOSPC, seen, false}, "r", about(3), columns(), release())
	if err != nil {
		t.Fatal(err)
	}
	for run := range 4 {
		simulate(f, run)
	}
	big := strings.Repeat("x", 1<<20)
	if err := f.File("big.txt", func(w io.Writer) error { _, err := io.WriteString(w, big); return err }); err != nil {
		t.Fatal(err) // the third write
	}
	if err := f.File("more.txt", func(w io.Writer) error { _, err := io.WriteString(w, big); return err }); !errors.Is(err, ErrFull) {
		t.Fatalf("error = %v, want ErrFull", err)
	}
	simulate(f, 3)
	if err := f.Summary(record.Summary{Columns: columns()}); !errors.Is(err, ErrFull) {
		t.Errorf("summary: %v, want ErrFull", err)
	}
	if !errors.Is(f.Err(), ErrFull) || !errors.Is(f.Close(), ErrFull) || !errors.Is(f.Close(), ErrFull) {
		t.Errorf("Err = %v", f.Err())
	}
}

func TestReadOnlyFileSystem(t *testing.T) {
	err := write(afero.NewReadOnlyFs(afero.NewMemMapFs()), "r", release(), 0)
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("error = %v, want ErrReadOnly", err)
	}
	if os.Geteuid() == 0 {
		return // root may write anywhere
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := write(afero.NewOsFs(), filepath.Join(dir, "r"), release(), 0); !errors.Is(err, ErrReadOnly) {
		t.Errorf("error = %v, want ErrReadOnly", err)
	}
}

func TestFileErrorText(t *testing.T) {
	err := fileError("write", "r/series.csv", &fs.PathError{Op: "write", Path: "r/.tmp-123", Err: syscall.ENOSPC})
	if got, want := err.Error(), "write r/series.csv: "+syscall.ENOSPC.Error(); got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
}
