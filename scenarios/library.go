package scenarios

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml data/*.csv
var library embed.FS

//go:embed manual/*.md
var manual embed.FS

// Library is the scenarios that ship with the tool, and their tables of facts.
func Library() fs.FS { return library }

// Page is the manual's page on a kind of contract, shock or regulation, in Markdown: what it is, how it acts, and an
// example that is a whole scenario. ok is false if there is none.
func Page(kind string) (text string, ok bool) {
	b, err := manual.ReadFile("manual/" + kind + ".md")
	return string(b), err == nil
}
