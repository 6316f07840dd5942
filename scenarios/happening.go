package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"powerplay/sim/id"
	"powerplay/sim/record"
)

// Happening is an event that befalls a firm. Expectations and questions may speak of one, as `openai defaults by 2030-12`:
// it leaves no measure behind that a condition could compare.
type Happening struct {
	Kind string // of the event
	Firm id.Firm
}

// parseStatement reads what an expectation or a question says of a single run: that something happens to a firm, or a condition.
func parseStatement(text string, names Names) (*Expr, []Fault) {
	who, does, _ := strings.Cut(text, " ")
	for kind, verb := range record.Deeds() {
		if rest, ok := strings.CutPrefix(does, verb); ok && (rest == "" || rest[0] == ' ') {
			return parseHappening(text, who, kind, strings.TrimSpace(rest), names)
		}
	}
	return ParseCondition(text, names)
}

// parseHappening reads what stands around the verb: a firm, and behind it nothing or a date.
func parseHappening(text, who, kind, rest string, names Names) (*Expr, []Fault) {
	e := &Expr{Text: text, happens: &Happening{Kind: kind}}
	var faults []Fault
	if i := slices.Index(names.Firms, who); i >= 0 {
		e.happens.Firm = id.Firm(i)
	} else {
		faults = append(faults, Fault{
			Code: "E402", Length: utf8.RuneCountInString(who), What: "there is no firm " + quote(who),
			Hint: hintName(who, names.Firms, "firms", listing("firms")),
		})
	}
	date, dated := strings.CutPrefix(rest, "by ")
	at := Fault{Code: "E314", Offset: utf8.RuneCountInString(text) - utf8.RuneCountInString(rest), Length: max(1, utf8.RuneCountInString(rest))}
	switch by, f := readDate(strings.TrimSpace(date), true); {
	case rest == "":
	case !dated:
		at.What = fmt.Sprintf("what happens to a firm stands alone, or before `by` and a date, not before %s", quote(rest))
		at.Hint = fmt.Sprintf("write `%s %s by 2030-12`", who, record.Deeds()[kind])
		faults = append(faults, at)
	case f != nil:
		at.Code, at.What, at.Hint = f.code, f.what, f.hint
		faults = append(faults, at)
	default:
		e.By = by
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return e, nil
}
