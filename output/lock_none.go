//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

import (
	"errors"

	"github.com/spf13/afero"
)

// lockFile cannot lock a file here.
func lockFile(afero.File) error { return errors.ErrUnsupported }
