//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

import (
	"errors"
	"os"
)

// lockFile cannot lock a file here.
func lockFile(*os.File) error { return errors.ErrUnsupported }
