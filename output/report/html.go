package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// HTML writes the document as one page. Its policy forbids everything but its own style sheet and its own script, so no
// name in it can load or run anything. Without the script all of it can be read; with it charts tell their values under a
// pointer or with the arrow keys, and their series and bands can be hidden.
//
// The charts are the drawings of package plot, so that they look as in print, and the script takes the values from the
// table of each chart: what a reader sees in one is what stands in the other.
func (d *Document) HTML(w io.Writer) error {
	page, err := template.New("page").Parse(pageText)
	if err != nil {
		return fmt.Errorf("report: the page's template: %w", err)
	}
	return page.Execute(w, struct {
		*Document
		Policy template.HTMLAttr
		Style  template.CSS
		Script template.JS
	}{
		d, template.HTMLAttr(fmt.Sprintf(`content="default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"`, source(pageStyle), source(pageScript))), //nolint:gosec // hashes of our own files
		template.CSS(pageStyle), template.JS(pageScript), //nolint:gosec // our own files
	})
}

// source names a text by its hash, as a policy does.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
