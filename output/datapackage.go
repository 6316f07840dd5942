package output

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// resource is a table as datapackage.json describes it (Data Package 2.0, datapackage.org).
type resource struct {
	Name        string  `json:"name"`
	Path        string  `json:"path"`
	Description string  `json:"description"`
	Format      string  `json:"format"`
	MediaType   string  `json:"mediatype"`
	Encoding    string  `json:"encoding,omitempty"`
	Schema      *schema `json:"schema"`
}

type schema struct {
	Fields        []fieldJSON `json:"fields"`
	PrimaryKey    []string    `json:"primaryKey,omitempty"`
	MissingValues []string    `json:"missingValues"`
}

type fieldJSON struct {
	Name        string     `json:"name"`
	Type        string     `json:"type"`
	Unit        string     `json:"unit,omitempty"`
	Description string     `json:"description"`
	Categories  []category `json:"categories,omitempty"`
}

type category struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type dataPackage struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description"`
	Version     string     `json:"version"`
	Resources   []resource `json:"resources"`
}

// tableNotes says once what holds for all tables.
const tableNotes = "CSV files are UTF-8 with line feeds; numbers are the shortest decimals that read back exactly; " +
	"an empty cell has no value. Every column of every month is written, zeros too. " +
	"Text that a spreadsheet could take for a formula, because it begins with = + - @ or a tab, has an apostrophe put before it."

func newResource(file, meaning string, fields []Field, meanings map[string]string) resource {
	ext := path.Ext(file)
	r := resource{
		Name: strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(file, ext), "/", "-")), Path: file,
		Description: meaning, Format: strings.TrimPrefix(ext, "."), Encoding: "utf-8",
		Schema: &schema{MissingValues: []string{""}},
	}
	switch ext {
	case ".csv":
		r.MediaType = "text/csv"
	case ".jsonl":
		r.MediaType = "application/jsonl"
	case ".parquet":
		r.Name += "-parquet" // names are unique within a package
		r.MediaType, r.Encoding = "application/vnd.apache.parquet", ""
	}
	for _, f := range fields {
		field := fieldJSON{Name: f.Name, Type: f.Type, Unit: f.Unit, Description: f.Meaning}
		if f.Name == "metric" {
			for _, name := range slices.Sorted(maps.Keys(meanings)) {
				field.Categories = append(field.Categories, category{name, meanings[name]})
			}
		}
		r.Schema.Fields = append(r.Schema.Fields, field)
		if f.Key {
			r.Schema.PrimaryKey = append(r.Schema.PrimaryKey, f.Name)
		}
	}
	return r
}

// packageName spells a folder's name with the few characters that the standard allows.
func packageName(folder string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToLower(folder))
}

func eventFields() []Field {
	return []Field{
		{"run", "integer", "", "run", false},
		{"date", "yearmonth", "", "month", false},
		{"id", "string", "", "run:date:sequence, unique in a result", true},
		{"kind", "string", "", "such as bid, match, decline, order, release, round, tranche, default", false},
		{"firm", "string", "", "who decided, or to whom it happened; world for the market", false},
		{"with", "string", "", "the counterpart", false},
		{"contract", "string", "", "the contract under which it happened", false},
		{"what", "string", "", "one sentence", false},
		{"why", "array", "", "numbers that decided it: name, value and unit of each", false},
	}
}
