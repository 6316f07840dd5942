package main

import (
	"go/scanner"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
)

// Whatever command a hint, a text or the manual names is one, and so is what it asks help for.
func TestEveryCommandThatIsNamedExists(t *testing.T) {
	all := commands(afero.NewMemMapFs(), &streams{})
	var known []string
	for _, c := range all {
		known = append(known, c.Names()...)
	}
	named := regexp.MustCompile(`\bpowerplay ([a-z]+)(?: ([a-zA-Z0-9.-]*[a-zA-Z0-9]))?`)
	prose := []string{"broke", "scenario", "simulates", "writes", "has", "into", "does"}
	check := func(where, text string) {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			command, topic := m[1], m[2]
			switch {
			case slices.Contains(prose, command):
			case !slices.Contains(known, command):
				t.Errorf("%s: there is no command in %q", where, m[0])
			case command == "help" && topic != "" && topic != strings.ToUpper(topic) && help(io.Discard, all, topic) != nil:
				t.Errorf("%s: there is no help in %q", where, m[0])
			}
		}
	}
	for _, c := range scenarios.Codes() {
		check(c.Code, c.Text)
		check(c.Code, c.Wrong+"\n"+c.Right)
	}
	for _, pattern := range []string{"*.go", "../../scenarios/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				for _, text := range literals(t, file) {
					check(file, text)
				}
			}
		}
	}
	for _, pattern := range []string{"../../README.md", "../../scenarios/README.md", "../../scenarios/manual/*.md"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			check(file, string(text))
		}
	}
}

// literals are the strings of a file of Go.
func literals(t *testing.T, file string) (texts []string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile(file, -1, len(source)), source, nil, 0)
	for {
		_, kind, text := s.Scan()
		switch kind {
		case token.EOF:
			return texts
		case token.STRING:
			text, err := strconv.Unquote(text)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
}
