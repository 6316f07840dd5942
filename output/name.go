package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is the default name of a result folder: <scenario>[+variant]-<hash8>-s<seed>-n<runs>. hash is that
// of the resolved model, in hex. Characters that a file system or a shell may not like become hyphens.
func Name(scenario, variant, hash string, seed uint64, runs int) string {
	name := FileName(scenario)
	if name == "" {
		name = "scenario"
	}
	if v := FileName(variant); v != "" {
		name += "+" + v
	}
	return fmt.Sprintf("%s-%s-s%d-n%d", name, FileName(hash[:min(8, len(hash))]), seed, runs)
}

// FileName makes a name fit for a file: it keeps letters, digits, dots, underscores and hyphens. It does not begin with a dot, which would
// hide the folder, nor with a hyphen, which would make it look like a flag.
func FileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
			return r
		}
		return '-'
	}, s)
	const limit = 80 // bytes, to the next whole letter; file systems allow 255 for the whole name
	for i := range s {
		if i >= limit {
			s = s[:i]
			break
		}
	}
	return strings.Trim(s, ".-")
}
