package output

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/afero"

	"powerplay/sim/record"
)

// resultFormat names the layout of a result folder. It changes when a reader of the old one could not read
// the new one.
const resultFormat = "powerplay-result/1"

// Identity is what makes a result this result: the same identity gives the same bytes. Nothing in it
// depends on the clock, the machine or the number of workers.
type Identity struct {
	Version  string            `json:"version"` // of the tool
	Scenario string            `json:"scenario"`
	Variant  string            `json:"variant,omitempty"`
	Hash     string            `json:"hash"`                    // SHA-256 of the resolved model, hex
	Text     string            `json:"scenario_file,omitempty"` // SHA-256 of scenario.yaml, hex
	Seed     uint64            `json:"seed"`
	Runs     int               `json:"runs"`
	Design   string            `json:"design,omitempty"` // how runs are spread over the drawn inputs
	Kept     string            `json:"kept"`             // runs with series and events: "0-5", "17,203", "none"
	Start    string            `json:"start"`
	End      string            `json:"end"`
	Flags    map[string]string `json:"flags,omitempty"` // effective flags that can change results
	Part     string            `json:"part,omitempty"`  // 3/8: the folder holds the third of eight parts of the result
	Study    string            `json:"study,omitempty"` // compare: the folder holds tables about several results
}

// differences lists in what a folder's identity departs from the wanted one: first flags, which say most to who typed them.
// Checksums are told where nothing else differs.
func (has Identity) differences(want Identity) []Difference {
	var all []Difference
	compare := func(what, has, want string) {
		if has != want {
			all = append(all, Difference{What: what, Want: cmp.Or(has, "none"), Got: cmp.Or(want, "none")})
		}
	}
	names := slices.Collect(maps.Keys(has.Flags))
	for name := range want.Flags {
		if _, both := has.Flags[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		compare("--"+name, cmp.Or(has.Flags[name], "not given"), cmp.Or(want.Flags[name], "not given"))
	}
	compare("version", has.Version, want.Version)
	compare("scenario", has.Scenario, want.Scenario)
	compare("variant", has.Variant, want.Variant)
	compare("seed", strconv.FormatUint(has.Seed, 10), strconv.FormatUint(want.Seed, 10))
	compare("runs", strconv.Itoa(has.Runs), strconv.Itoa(want.Runs))
	compare("design", has.Design, want.Design)
	compare("kept runs", has.Kept, want.Kept)
	compare("start", has.Start, want.Start)
	compare("end", has.End, want.End)
	compare("part", has.Part, want.Part)
	compare("study", has.Study, want.Study)
	if len(all) > 0 {
		return all
	}
	if has.Hash != want.Hash {
		compare("model, checksum", short(has.Hash), short(want.Hash))
	} else if has.Text != want.Text {
		compare("text of the scenario, checksum", short(has.Text), short(want.Text))
	}
	return all
}

// short is as much of a checksum as tells it from another.
func short(checksum string) string { return checksum[:min(8, len(checksum))] }

// identity gathers the identity of what a caller is about to write.
func identity(about record.About, opts Options) Identity {
	var flags map[string]string
	if len(opts.Flags) > 0 {
		flags = map[string]string{}
		for name, value := range opts.Flags {
			flags[clean(name)] = clean(value) // as JSON will give them back
		}
	}
	return Identity{
		Version: opts.Version, Scenario: clean(about.Scenario), Variant: clean(about.Variant), Hash: about.Hash,
		Text: checksum(opts.Scenario), Seed: about.Seed, Runs: about.Runs, Design: clean(about.Design), Kept: ranges(opts.Kept),
		Start: about.Start.String(), End: about.End.String(), Flags: flags, Part: opts.Part, Study: clean(opts.Study),
	}
}

// ranges writes rising run numbers as "0-5,17".
func ranges(runs []int) string {
	var parts []string
	for i := 0; i < len(runs); {
		j := i
		for j+1 < len(runs) && runs[j+1] == runs[j]+1 {
			j++
		}
		part := strconv.Itoa(runs[i])
		if j > i {
			part += "-" + strconv.Itoa(runs[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ",")
}

// Manifest is manifest.json, written last: what the result is, what went in and every file that came out,
// with its checksum. It holds no clock and no fact about the machine; those are in timing.json.
type Manifest struct {
	Format string `json:"format"`
	Identity
	Warnings []string `json:"warnings,omitempty"`
	Silenced []string `json:"silenced,omitempty"` // codes of warnings that the scenario allows
	Inputs   []Entry  `json:"inputs,omitempty"`
	Outputs  []Entry  `json:"outputs"` // by path; all but manifest.json and timing.json
}

// output finds a file by its path.
func (m *Manifest) output(name string) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(m.Outputs, name, func(e Entry, s string) int { return strings.Compare(e.Path, s) })
	if !ok {
		return Entry{}, false
	}
	return m.Outputs[i], true
}

// Has tells whether the result holds a file, such as "summary.csv" or "plots/market_share.png".
func (m *Manifest) Has(name string) bool { _, ok := m.output(name); return ok }

// writeManifest makes what the manifest lists outlast a power cut, and then the manifest.
func writeManifest(fsys afero.Fs, dir string, m Manifest) error {
	m.Format = resultFormat
	slices.SortFunc(m.Outputs, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	folders := map[string]bool{}
	for _, e := range m.Outputs {
		folders[path.Dir(e.Path)] = true
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		if err := syncDir(fsys, filepath.Join(dir, filepath.FromSlash(folder))); err != nil {
			return err
		}
	}
	return WriteFile(fsys, filepath.Join(dir, "manifest.json"), jsonTo(m))
}

// jsonTo writes a value as indented JSON without turning < and > into escapes.
func jsonTo(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
}

// readManifest reads and checks manifest.json. Without one the error matches ErrIncomplete, or ErrNoResult
// when the folder does not look like a result either.
func readManifest(fsys afero.Fs, dir string) (*Manifest, error) {
	name := filepath.Join(dir, "manifest.json")
	m := new(Manifest)
	err := readJSON(fsys, name, m)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		if info, stat := fsys.Stat(dir); stat != nil {
			return nil, fileError("read", dir, stat)
		} else if !info.IsDir() {
			return nil, fileError("read", dir, ErrNoResult)
		}
		if begun(fsys, dir) == nil {
			return nil, fileError("read", dir, ErrNoResult)
		}
		return nil, fileError("read", dir, ErrIncomplete)
	}
	if err != nil {
		return nil, err
	}
	if m.Format != resultFormat {
		return nil, &DamagedError{Path: name, What: fmt.Sprintf("format is %.40q; this version reads %q", m.Format, resultFormat)}
	}
	slices.SortStableFunc(m.Outputs, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	for i, e := range m.Outputs {
		if err := localName(e.Path); err != nil {
			return nil, &DamagedError{Path: name, What: err.Error()}
		}
		if i > 0 && m.Outputs[i-1].Path == e.Path {
			return nil, &DamagedError{Path: name, What: fmt.Sprintf("%s is listed twice", e.Path)}
		}
	}
	return m, nil
}

// begun returns the identity that a folder was begun with, or nil if it is no result folder.
func begun(fsys afero.Fs, dir string) *Identity {
	var a aboutHead
	if readJSON(fsys, filepath.Join(dir, "about.json"), &a) != nil || a.Format != resultFormat {
		return nil
	}
	return &a.Identity
}

// maxJSON bounds the JSON files of a result: a folder may come from anywhere.
const maxJSON = 32 << 20

func readJSON(fsys afero.Fs, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fileError("read", name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxJSON+1))
	if err != nil {
		return fileError("read", name, err)
	}
	if len(text) > maxJSON {
		return &DamagedError{Path: name, What: fmt.Sprintf("larger than %d bytes", maxJSON)}
	}
	if err := json.Unmarshal(text, into); err != nil {
		return &DamagedError{Path: name, What: fmt.Sprintf("the file is cut off or damaged (%v)", err)}
	}
	return nil
}

// localName refuses names that could leave the folder, or mean another file on another system.
func localName(name string) error {
	bad := !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) ||
		strings.ContainsAny(name, `\:`) || strings.HasPrefix(path.Base(name), ".")
	for _, r := range name {
		bad = bad || r < ' '
	}
	if bad {
		return fmt.Errorf("%.80q: %w", name, ErrUnfit)
	}
	return nil
}
