package output

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"syscall"
)

// What can be wrong with a result folder; test with errors.Is. The typed errors below say more.
var (
	ErrFull       = errors.New("the disk is full")
	ErrReadOnly   = errors.New("no permission to write")
	ErrDone       = errors.New("already done: the folder holds this very result")
	ErrBegun      = errors.New("the folder holds a checkpoint of this very result")
	ErrBusy       = errors.New("another process is writing the folder")
	ErrExists     = errors.New("the folder holds another result")
	ErrForeign    = errors.New("the folder is not a result folder, and not empty")
	ErrNameless   = errors.New("the folder holds a checkpoint, but its about.json is missing or cannot be read")
	ErrNoResult   = errors.New("not a result folder")
	ErrIncomplete = errors.New("the result is incomplete: it has no manifest.json")
	ErrPart       = errors.New("the folder holds a part of a result")
	ErrWhole      = errors.New("the folder holds a whole result, not a part of one")
	ErrStudy      = errors.New("the folder holds tables about several results")
	ErrDamaged    = errors.New("the result is damaged")
	ErrUnfit      = errors.New("the name cannot stand in a result folder")
)

// FileError says which operation on which path failed, and why. errors.Is matches [ErrFull] and
// [ErrReadOnly] by the cause.
type FileError struct {
	Op   string // such as read, write, replace
	Path string
	Err  error
}

func (e *FileError) Error() string {
	cause := e.Err
	if p, ok := errors.AsType[*fs.PathError](cause); ok {
		cause = p.Err // its own operation and path would repeat ours
	}
	return fmt.Sprintf("%s %s: %v", e.Op, e.Path, cause)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Is matches the sentinels that stand for what operating systems call by different names.
func (e *FileError) Is(target error) bool {
	switch target {
	case ErrFull:
		return full(e.Err)
	case ErrReadOnly:
		return e.Op != "read" && (errors.Is(e.Err, fs.ErrPermission) || errors.Is(e.Err, syscall.EROFS))
	}
	return false
}

// full tells a full disk, or a user's quota used up, which is the same to the user.
func full(err error) bool {
	code, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		return false
	}
	if runtime.GOOS == "windows" {
		return code == 112 || code == 39 // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL
	}
	return code == syscall.ENOSPC || code == syscall.EDQUOT
}

// fileError wraps a cause; nil stays nil.
func fileError(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*FileError](err); ok || errors.Is(err, ErrDamaged) {
		return err // what it says of a file that was read is nearer to the cause
	}
	return &FileError{Op: op, Path: path, Err: err}
}

// ExistsError says that a folder holds something that may not be overwritten, and in what it differs from
// what was to be written. It matches ErrExists, and ErrIncomplete when the folder has no manifest.
type ExistsError struct {
	Dir        string
	Incomplete bool
	Differs    []Difference // Path is empty; Want is what the folder holds, Got what was to be written
}

func (e *ExistsError) Error() string {
	var parts []string
	for _, d := range e.Differs {
		parts = append(parts, fmt.Sprintf("%s %s, not %s", d.What, d.Want, d.Got))
	}
	return fmt.Sprintf("%s holds another result: %s", e.Dir, strings.Join(parts, "; "))
}

// Is matches ErrExists and, for an incomplete folder, ErrIncomplete.
func (e *ExistsError) Is(target error) bool {
	return target == ErrExists || e.Incomplete && target == ErrIncomplete
}

// DamagedError says where a file of a result is not what it should be. It matches ErrDamaged.
type DamagedError struct {
	Path string
	Line int // from 1; 0 when unknown
	What string
}

func (e *DamagedError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.What)
	}
	return fmt.Sprintf("%s: %s", e.Path, e.What)
}

// Is matches ErrDamaged.
func (e *DamagedError) Is(target error) bool { return target == ErrDamaged }

// Difference is one thing that is not as expected.
type Difference struct {
	Path string // file within the folder, with forward slashes
	What string // such as missing, size, checksum, rows, extra
	Want string
	Got  string
}

// String puts the difference in one line.
func (d Difference) String() string {
	switch {
	case d.Want == "" && d.Got == "":
		return d.Path + ": " + d.What
	default:
		return fmt.Sprintf("%s: %s is %s, want %s", d.Path, d.What, d.Got, d.Want)
	}
}
