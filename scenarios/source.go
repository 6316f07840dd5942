package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"
)

// Source is where scenarios come from.
type Source struct {
	FS      afero.Fs // the user's files
	Library fs.FS    // the built-in scenarios: name.yaml and the tables that they list; may be nil
}

// File is one file that a scenario was read from.
type File struct {
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Bytes   int    `json:"bytes"`
	Library bool   `json:"library,omitempty"` // built into the binary
}

// Names lists the scenarios of the library.
func (s Source) Names() []string {
	var names []string
	if s.Library != nil {
		found, _ := fs.Glob(s.Library, "*.yaml")
		for _, f := range found {
			names = append(names, strings.TrimSuffix(f, ".yaml"))
		}
	}
	slices.Sort(names)
	return names
}

// files reads within one project folder and the library, and counts what it reads.
type files struct {
	source  Source
	project string // folder of the scenario that was asked for
	sources *Sources
	read    []File
	total   int
}

// location is a file inside the project or the library.
type location struct {
	library bool
	path    string // slashes, relative to the project folder or the library
}

func (f *files) name(l location) string {
	if l.library {
		return l.path
	}
	return filepath.ToSlash(filepath.Join(f.project, filepath.FromSlash(l.path)))
}

// isFile tells a file's path from a name of the library.
func isFile(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return strings.ContainsAny(name, `/\`)
}

// open finds the scenario that the user asks for.
func (f *files) open(name string) (location, *Problem) {
	if info, err := f.source.FS.Stat(name); err == nil && !info.IsDir() {
		f.project = filepath.Dir(name)
		return location{path: filepath.Base(name)}, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) && isFile(name) {
		return location{}, &Problem{Code: "E603", What: quote(name) + " cannot be read: " + reason(err)}
	}
	if l, ok := f.builtIn(strings.TrimSuffix(name, ".yaml")); ok && !strings.ContainsAny(name, `/\`) {
		return l, nil
	}
	if is, err := afero.DirExists(f.source.FS, name); is && err == nil {
		return location{}, f.folder(name)
	}
	p := &Problem{Code: "E601", What: "there is no scenario " + quote(name)}
	known := f.source.Names()
	if list, err := afero.ReadDir(f.source.FS, filepath.Dir(name)); err == nil {
		for _, info := range list {
			if !info.IsDir() && isFile(info.Name()) {
				known = append(known, filepath.ToSlash(filepath.Join(filepath.Dir(name), info.Name())))
			}
		}
	}
	p.Hint = hintName(name, known, "files and built-in scenarios", "list")
	if file := name + ".yaml"; slices.Contains(known, file) {
		p.Hint = "did you mean " + quote(file) + "?"
	}
	return location{}, p
}

// folder says which file to name in place of a folder. In a result that is the scenario as it was run.
func (f *files) folder(name string) *Problem {
	p := &Problem{Code: "E601", What: quote(name) + " is a folder, not a scenario", Hint: "name a file in it"}
	file := filepath.Join(name, "scenario.yaml")
	if is, err := afero.Exists(f.source.FS, file); is && err == nil {
		p.Hint = "it holds " + quote(filepath.ToSlash(file))
	}
	return p
}

func (f *files) builtIn(name string) (location, bool) {
	if f.source.Library == nil || !fs.ValidPath(name+".yaml") {
		return location{}, false
	}
	_, err := fs.Stat(f.source.Library, name+".yaml")
	return location{library: true, path: name + ".yaml"}, err == nil
}

// relative finds what a file names: a path beside it, or beside it in the library.
func (f *files) relative(from location, name string) (location, *Problem) {
	slashed := strings.ReplaceAll(name, `\`, "/")
	if path.IsAbs(slashed) || filepath.IsAbs(name) || len(slashed) > 1 && slashed[1] == ':' {
		return location{}, &Problem{Code: "E602", What: quote(name) + " is an absolute path", Hint: "write it relative to this file"}
	}
	to := path.Join(path.Dir(from.path), slashed)
	if to == ".." || strings.HasPrefix(to, "../") {
		return location{}, &Problem{Code: "E602", What: quote(name) + " leaves the project folder", Hint: "move the file into the folder of the scenario that is run"}
	}
	if from.library {
		return location{library: true, path: to}, nil
	}
	l := location{path: to}
	if !f.exists(l) {
		if inLibrary := path.Clean(slashed); f.source.Library != nil && fs.ValidPath(inLibrary) {
			if info, err := fs.Stat(f.source.Library, inLibrary); err == nil && !info.IsDir() {
				return location{library: true, path: inLibrary}, nil
			}
		}
	}
	return l, f.followLinks(l, name)
}

func (f *files) exists(l location) bool {
	_, err := f.source.FS.Stat(filepath.Join(f.project, filepath.FromSlash(l.path)))
	return err == nil
}

// followLinks refuses a path that a link leads out of the project folder. Each part is looked at before the
// next, as the system does when it opens the file.
func (f *files) followLinks(l location, shownAs string) *Problem {
	lstat, can := f.source.FS.(afero.Lstater)
	readlink, reads := f.source.FS.(afero.LinkReader)
	if !can || !reads {
		return nil
	}
	leaves := &Problem{Code: "E602", What: quote(shownAs) + " is a link that leaves the project folder", Hint: "copy the file into the folder of the scenario that is run"}
	todo := strings.Split(l.path, "/")
	at := "."
	for hops := 0; len(todo) > 0; {
		next := path.Join(at, todo[0])
		todo = todo[1:]
		if next == ".." || strings.HasPrefix(next, "../") {
			return leaves
		}
		info, looked, err := lstat.LstatIfPossible(filepath.Join(f.project, filepath.FromSlash(next)))
		if err != nil || !looked || info.Mode()&os.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := readlink.ReadlinkIfPossible(filepath.Join(f.project, filepath.FromSlash(next)))
		if hops++; err != nil || hops > 40 || filepath.IsAbs(target) {
			return leaves
		}
		todo = append(strings.Split(filepath.ToSlash(target), "/"), todo...)
	}
	return nil
}

// load reads a file within the limits on size and number.
func (f *files) load(l location) ([]byte, *Problem) {
	name := f.name(l)
	if len(f.read) >= MaxFiles {
		return nil, &Problem{Code: "E504", What: fmt.Sprintf("the scenario reads more than %d files", MaxFiles)}
	}
	var in io.ReadCloser
	var err error
	if l.library {
		in, err = f.source.Library.Open(l.path)
	} else {
		in, err = f.source.FS.Open(filepath.Join(f.project, filepath.FromSlash(l.path)))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Problem{Code: "E601", What: "there is no file " + quote(name), Hint: "paths are relative to the file that holds them"}
	}
	if err != nil {
		return nil, &Problem{Code: "E603", What: quote(name) + " cannot be read: " + reason(err)}
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, MaxFileBytes+1))
	if err != nil {
		return nil, &Problem{Code: "E603", What: quote(name) + " cannot be read: " + reason(err)}
	}
	f.total += len(data)
	switch {
	case len(data) > MaxFileBytes:
		return nil, &Problem{Code: "E501", What: fmt.Sprintf("%s is larger than %d bytes", quote(name), MaxFileBytes), Hint: "split it with `extends`, or move numbers to a table under `facts`"}
	case f.total > MaxTotalBytes:
		return nil, &Problem{Code: "E501", What: fmt.Sprintf("the files of the scenario hold more than %d bytes", MaxTotalBytes)}
	}
	sum := sha256.Sum256(data)
	f.read = append(f.read, File{Name: name, SHA256: hex.EncodeToString(sum[:]), Bytes: len(data), Library: l.library})
	f.sources.add(name, data)
	return data, nil
}

// reason is why the system refused, without the path that the message names already.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}
