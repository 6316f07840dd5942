package scenarios

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml data/*.csv
var library embed.FS

// Library is the scenarios that ship with the tool, and their tables of facts.
func Library() fs.FS { return library }
