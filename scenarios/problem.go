package scenarios

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Severity tells whether a problem stops the work.
type Severity uint8

// An error stops a run; a warning does not, unless --strict asks for it.
const (
	Error Severity = iota
	Warning
)

func (s Severity) String() string { return [...]string{"error", "warning"}[s] }

// MarshalText writes the severity as a word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Place is a further place that a problem is about.
type Place struct {
	Origin
	Text string `json:"text,omitempty"`
}

// Problem is one thing to mend in a scenario: a stable code, where, what, why it matters and how to mend it.
// What and Label name things between backticks; text from files inside them is escaped and cut already.
type Problem struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Origin
	Path    string   `json:"path,omitempty"`
	What    string   `json:"what"`
	Label   string   `json:"label,omitempty"` // said of the underlined text alone
	Width   int      `json:"-"`               // characters to underline; 0 underlines one
	Why     string   `json:"why,omitempty"`
	Hint    string   `json:"hint,omitempty"`
	Snippet string   `json:"snippet,omitempty"` // the line of the file; set by [Sources.Finish]
	Also    []Place  `json:"also,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// Error is the problem on one line.
func (p Problem) Error() string { return p.line() }

// Errors counts the problems that stop the work.
func Errors(problems []Problem) int {
	n := 0
	for _, p := range problems {
		if p.Severity == Error {
			n++
		}
	}
	return n
}

// Sources remembers the text of what was read, so that a problem can show its line, and how each file came
// to be read.
type Sources struct {
	order []string
	lines map[string][]string
	via   map[string]Origin
}

func newSources() *Sources {
	return &Sources{lines: map[string][]string{}, via: map[string]Origin{}}
}

// add remembers a text under the name of its file, or under the note where it came from no file.
func (s *Sources) add(name string, text []byte) {
	if _, ok := s.lines[name]; ok {
		return
	}
	s.order = append(s.order, name)
	s.lines[name] = strings.Split(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n"), "\n")
}

// line returns the text of the line of an origin, or "".
func (s *Sources) line(o Origin) string {
	name := o.File
	if name == "" {
		name = o.Note
	}
	lines := s.lines[name]
	if o.Line < 1 || o.Line > len(lines) {
		return ""
	}
	return lines[o.Line-1]
}

// Finish adds to every problem the line it points at and the way its file was reached, drops warnings that
// repeat or are allowed, and sorts the rest: the scenario's own file first, then by line and column.
func (s *Sources) Finish(problems []Problem, allow []string) []Problem {
	kept := make([]Problem, 0, len(problems))
	seen := map[string]bool{}
	for _, p := range problems {
		if strings.HasPrefix(p.Code, "W") {
			p.Severity = Warning
		}
		if p.Severity == Warning && slices.Contains(allow, p.Code) {
			continue
		}
		id := p.Code + "\x00" + p.Origin.String() + "\x00" + p.Path + "\x00" + p.What
		if seen[id] {
			continue
		}
		seen[id] = true
		if p.Snippet == "" {
			p.Snippet = s.line(p.Origin)
			if via, ok := s.via[p.File]; ok && p.File != "" {
				p.Notes = append(slices.Clip(p.Notes), "through "+via.Note+" at "+Origin{File: via.File, Line: via.Line, Column: via.Column}.String())
			}
			if p.File != "" && p.Note != "" {
				p.Notes = append(slices.Clip(p.Notes), "set by "+p.Note)
			}
		}
		kept = append(kept, p)
	}
	rank := func(p Problem) int {
		name := p.File
		if name == "" {
			name = p.Note
		}
		if i := slices.Index(s.order, name); i >= 0 {
			return i
		}
		return len(s.order)
	}
	slices.SortStableFunc(kept, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
	return kept
}

// shown is how many problems are printed before the rest is only counted.
const shown = 20

// PrintHuman writes problems with their lines underlined, at most twenty.
func PrintHuman(w io.Writer, problems []Problem) error {
	return printMost(w, problems, Problem.human, "\n")
}

// PrintLine writes one problem a line, at most twenty.
func PrintLine(w io.Writer, problems []Problem) error {
	return printMost(w, problems, func(p Problem) string { return p.line() + "\n" }, "")
}

func printMost(w io.Writer, problems []Problem, one func(Problem) string, between string) error {
	var b strings.Builder
	for i, p := range problems[:min(shown, len(problems))] {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(one(p))
	}
	if rest := len(problems) - shown; rest > 0 {
		fmt.Fprintf(&b, "%sand %d more (%d problems in all)\n", between, rest, len(problems))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// PrintJSON writes all problems as one JSON object with their counts.
func PrintJSON(w io.Writer, problems []Problem) error {
	if problems == nil {
		problems = []Problem{}
	}
	errs := Errors(problems)
	return writeJSON(w, map[string]any{"problems": problems, "errors": errs, "warnings": len(problems) - errs})
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// PrintSARIF writes all problems in the Static Analysis Results Interchange Format 2.1.0.
func PrintSARIF(w io.Writer, version string, problems []Problem) error {
	type object = map[string]any
	rules, results := []object{}, []object{}
	seen := map[string]bool{}
	for _, p := range problems {
		if x, ok := Explain(p.Code); ok && !seen[p.Code] {
			seen[p.Code] = true
			rules = append(rules, object{"id": p.Code, "shortDescription": object{"text": x.Title}, "fullDescription": object{"text": x.Text}})
		}
		message := p.What
		if p.Hint != "" {
			message += ". " + p.Hint
		}
		result := object{"ruleId": p.Code, "level": p.Severity.String(), "message": object{"text": message}}
		if p.File != "" {
			place := object{"artifactLocation": object{"uri": p.File}}
			if p.Line > 0 {
				region := object{"startLine": p.Line}
				if p.Column > 0 {
					region["startColumn"] = p.Column
				}
				place["region"] = region
			}
			result["locations"] = []object{{"physicalLocation": place}}
		}
		results = append(results, result)
	}
	return writeJSON(w, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": "powerplay", "version": version, "rules": rules}},
			"columnKind": "unicodeCodePoints", "results": results,
		}},
	})
}

func (p Problem) line() string {
	var b strings.Builder
	if at := p.Origin.String(); at != "" {
		b.WriteString(at + ": ")
	}
	fmt.Fprintf(&b, "%s[%s]: %s", p.Severity, p.Code, p.What)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (%s)", p.Hint)
	}
	return strings.ReplaceAll(b.String(), "`", `"`)
}

func (p Problem) human() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s[%s]: %s\n", p.Severity, p.Code, p.What)
	number := ""
	if p.Snippet != "" && p.File != "" && p.Line > 0 {
		number = strconv.Itoa(p.Line)
	}
	gutter := strings.Repeat(" ", max(2, len(number)))
	arrow := func(at, text string) {
		fmt.Fprintf(&b, "%s--> %s", gutter, at)
		if text != "" {
			b.WriteString("   " + text)
		}
		b.WriteString("\n")
	}
	if at := p.Origin.String(); at != "" || p.Path != "" {
		arrow(at, p.Path)
	}
	for _, place := range p.Also {
		arrow(place.Origin.String(), place.Text)
	}
	if p.Snippet != "" && p.Column > 0 {
		text, indent, width := window(p.Snippet, p.Column-1, p.Width)
		fmt.Fprintf(&b, "%s |\n", gutter)
		fmt.Fprintf(&b, "%*s | %s\n", len(gutter), number, text)
		carets := strings.Repeat(" ", indent) + strings.Repeat("^", width)
		if p.Label != "" {
			carets += " " + p.Label
		}
		fmt.Fprintf(&b, "%s | %s\n%s |\n", gutter, carets, gutter)
	}
	if p.Why != "" {
		fmt.Fprintf(&b, "%s = why:  %s\n", gutter, p.Why)
	}
	if p.Hint != "" {
		fmt.Fprintf(&b, "%s = hint: %s\n", gutter, p.Hint)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "%s = note: %s\n", gutter, n)
	}
	return b.String()
}

// maxShown is how many characters of a file's text are shown at once.
const maxShown = 120

// window returns a line with control characters replaced one for one, cut around the place of interest, and
// where and how wide the underline stands in it.
func window(line string, from, width int) (text string, indent, carets int) {
	runes := []rune(line)
	for i, r := range runes {
		switch {
		case r == '\t':
			runes[i] = ' '
		case !unicode.IsPrint(r):
			runes[i] = '·'
		}
	}
	from = min(max(from, 0), len(runes))
	start, end := 0, len(runes)
	if end > maxShown {
		if from > maxShown-40 {
			start = from - 40
		}
		end = min(end, start+maxShown)
	}
	text = string(runes[start:end])
	indent = from - start
	if start > 0 {
		text, indent = "…"+text, indent+1
	}
	if end < len(runes) {
		text += "…"
	}
	return strings.TrimRight(text, " "), indent, max(1, min(width, end-from))
}

// escape makes text from a file safe to print: control, bidirectional and other invisible characters as
// \u escapes, at most 120 characters.
func escape(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxShown {
			b.WriteString("…")
			break
		}
		switch {
		case r == '`':
			b.WriteByte('\'') // backticks stand for quotation in every message
		case unicode.IsPrint(r) && r != utf8.RuneError:
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// quote sets text from a file off from the words of a message.
func quote(s string) string { return "`" + escape(s) + "`" }

// hintName tells which of the known names was likely meant, or lists eight of them, and behind what command of powerplay's
// all are; what is their plural, such as "firms". Without a command it lists them all.
func hintName(got string, known []string, what, command string) string {
	if best, ok := nearest(got, known); ok {
		return "did you mean " + quote(best) + "?"
	}
	switch {
	case len(known) == 0:
		return "there are no " + what + " here"
	case len(known) <= 8 || command == "":
		return what + ": " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("%s: %s and %d more; all: powerplay %s", what, strings.Join(known[:8], ", "), len(known)-8, command)
}

// listing is what lists all that stands under a path of a scenario.
func listing(path string) string {
	switch path {
	case "":
		return "show SCENARIO"
	case "firms", "regions", "contracts", "shocks", "regulation", "uncertain":
		return "list " + path + " SCENARIO"
	}
	return "show SCENARIO --path " + path
}

// nearest returns the name at the smallest edit distance, if that is at most 2 and less than half of what
// was written; else the only one that is a part of what was written, or has it as a part.
func nearest(got string, known []string) (best string, ok bool) {
	if utf8.RuneCountInString(got) > 64 {
		return "", false
	}
	least := 3
	for _, k := range known {
		if len(k) > 64 {
			continue
		}
		limit := min(2, max(1, utf8.RuneCountInString(got)/2))
		if d := distance(strings.ToLower(got), k); d <= limit && d < least {
			best, least = k, d
		}
	}
	if least == 3 {
		best = within(got, known)
	}
	return best, best != ""
}

// leastShared is how many letters a name and what was written have to have in common to be taken for each other.
const leastShared = 4

// within returns the only name that is a part of what was written, or of which that is a part.
func within(got string, known []string) (only string) {
	got = strings.ToLower(got)
	for _, k := range known {
		if min(len(k), len(got)) < leastShared || !strings.Contains(k, got) && !strings.Contains(got, k) {
			continue
		}
		if only != "" {
			return ""
		}
		only = k
	}
	return only
}

// distance counts the letters to insert, delete, replace or swap with their neighbour that turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}
