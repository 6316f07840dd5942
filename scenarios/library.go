package scenarios

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.yaml data/*.csv
var library embed.FS

//go:embed README.md manual/*.md
var manual embed.FS

// Library is the scenarios that ship with the tool, and their tables of facts.
func Library() fs.FS { return library }

// Page is the manual's page on a kind of contract, shock or regulation, in Markdown: what it is, how it acts, and an
// example that is a whole scenario. ok is false if there is none.
func Page(kind string) (text string, ok bool) {
	b, err := manual.ReadFile("manual/" + kind + ".md")
	return string(b), err == nil
}

// Chapter is a part of the manual of scenario files, in Markdown.
type Chapter struct {
	Topics []string // what a reader would look it up under; the first is its name
	Text   string
}

// Chapters are the parts of the manual, in its order.
func Chapters() []Chapter {
	text, err := manual.ReadFile("README.md")
	if err != nil {
		panic("scenarios: " + err.Error()) // it is built in
	}
	var all []Chapter
	for part := range strings.SplitSeq(string(text), "\n## ") {
		heading, _, _ := strings.Cut(part, "\n")
		if topics := topicsOf(heading); topics != nil {
			all = append(all, Chapter{topics, "## " + strings.TrimSpace(part) + "\n"})
		}
	}
	return all
}

// topicsOf lists what a heading of the manual is looked up under; nil for one that is none.
func topicsOf(heading string) []string {
	return map[string][]string{
		"A first file":        {"scenarios", "first-file"},
		"What a file holds":   {"files", "scenario-file", "keys"},
		"Quantities":          {"quantities", "units"},
		"Uncertain numbers":   {"uncertain", "uncertainty", "distributions"},
		"How runs are spread": {"design", "designs", "dependence"},
		"Changing a scenario": {"variants", "overrides", "paths"},
		"Conditions":          {"conditions"},
		"Expectations":        {"expect", "expectations"},
		"What a change does, and what a contract is worth": {"differences"},
		"Probabilities":            {"ask", "probabilities"},
		"Contracts":                {"contracts"},
		"Shocks":                   {"shocks"},
		"Regulation":               {"regulation"},
		"Facts tables and sources": {"facts", "sources"},
		"How problems look":        {"problems", "limits"},
		"The library":              {"library"},
	}[heading]
}
