package record

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Several tells whether a name stands for more than one firm, as "Other labs" does: its verbs stand in the plural. It ends
// in a common noun, which no firm's own name does: "Chinese platforms", but "Goldman Sachs".
func Several(name string) bool {
	last := name[strings.LastIndex(name, " ")+1:]
	return last != name && last != "" && 'a' <= last[0] && last[0] <= 'z' && strings.HasSuffix(last, "s")
}

// Possessive is whose something is.
func Possessive(name string) string {
	if Several(name) {
		return name + "'"
	}
	return name + "'s"
}

// forms are two forms of a word in a sentence, for one firm and for several: {its|their}.
var forms = regexp.MustCompile(`\{([^{}|]*)\|([^{}|]*)\}`)

// Agree makes a sentence that is written for one firm agree with its subject. subject is the name that it may begin with.
// The verb behind the name is put in the plural where it stands for several firms; what else has to agree is written in
// both forms: "Other labs cuts {its|their} price." becomes "Other labs cut their price."
func Agree(sentence, subject string) string {
	rest, found := strings.CutPrefix(sentence, subject+" ")
	form := "$1"
	if found && Several(subject) {
		end := strings.IndexAny(rest+" ", " .")
		sentence, form = subject+" "+Plural(rest[:end])+rest[end:], "$2"
	}
	if !strings.Contains(sentence, "{") {
		return sentence // as most are
	}
	return forms.ReplaceAllString(sentence, form)
}

// Plural turns a verb of the present from "she holds" to "they hold"; what is no such verb, as "may", stays.
func Plural(verb string) string {
	switch verb {
	case "is":
		return "are"
	case "has":
		return "have"
	}
	for _, ending := range []string{"ch", "sh", "ss", "x", "z", "o"} {
		if stem, ok := strings.CutSuffix(verb, "es"); ok && strings.HasSuffix(stem, ending) {
			return stem
		}
	}
	return strings.TrimSuffix(verb, "s")
}

// Capital begins a sentence. A name that is written in its own way, as xAI, stays.
func Capital(text string) string {
	if first, _, _ := strings.Cut(text, " "); strings.ToLower(first) != first {
		return text
	}
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(r)) + text[size:]
}

// Deeds are the verbs of what happens to a firm, by kind of event.
func Deeds() map[string]string {
	return map[string]string{"default": "defaults", "rescue": "is rescued", "round-failed": "fails to raise a round"}
}
