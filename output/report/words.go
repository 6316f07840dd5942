package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"powerplay/output/plot"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// names are the labels of firms by their keys.
type names map[string]string

func newNames(entities []record.Entity) names {
	n := names{}
	for _, e := range entities {
		n[e.Key] = e.Label
	}
	return n
}

func (n names) label(key string) string {
	if l := n[key]; l != "" {
		return l
	}
	return key
}

// list names several firms.
func (n names) list(keys []string) string {
	var all []string
	for _, k := range keys {
		all = append(all, n.label(k))
	}
	return enumerate(all)
}

// enumerate joins words as in a sentence.
func enumerate(words []string) string {
	switch last := len(words) - 1; {
	case last < 1:
		return strings.Join(words, "")
	default:
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
}

// conditions are the parts of a condition that have words of their own: a measure of a firm, a date, a comparison.
var conditions = regexp.MustCompile(`([A-Za-z0-9-]+)\.([a-z_]+)(?:\(([A-Za-z0-9-]+)\))?|(@|\bby) (\d{4}(?:-\d{2})?)|>=|<=|>|<`)

// words turns a condition, or a number as a condition names it, into a sentence's part: "microsoft.compute_revenue @ 2029-11"
// becomes "Microsoft's compute revenue in November 2029", and "xai defaults" is "xAI defaults". What it does not know stays.
func (n names) words(text string) string {
	if who, does, _ := strings.Cut(text, " "); n[who] != "" && isDeed(does) {
		text = record.Agree(n[who]+" "+does, n[who])
	}
	return conditions.ReplaceAllStringFunc(text, func(token string) string {
		m := conditions.FindStringSubmatch(token)
		switch token {
		case ">":
			return "is above"
		case "<":
			return "is below"
		case ">=":
			return "is at least"
		case "<=":
			return "is at most"
		}
		if m[4] != "" {
			return map[bool]string{true: "in ", false: "by "}[m[4] == "@"] + dateText(m[5])
		}
		what := measure.Words(m[2])
		if _, known := measure.Find(m[2]); !known {
			return token
		}
		if m[3] != "" {
			what += map[bool]string{true: " in ", false: " with "}[m[2] == "stake"] + n.label(m[3])
		}
		if m[1] == "world" {
			return what
		}
		return record.Possessive(n.label(m[1])) + " " + what
	})
}

// isDeed tells whether words begin with what may happen to a firm.
func isDeed(words string) bool {
	for _, deed := range record.Deeds() {
		if strings.HasPrefix(words, deed) {
			return true
		}
	}
	return false
}

// dateText writes 2029-11 as November 2029.
func dateText(date string) string {
	var year, month int
	if _, err := fmt.Sscanf(date, "%d-%d", &year, &month); err != nil || month < 1 || month > 12 {
		return date
	}
	return unit.Date(year, month).Words()
}

// when is a year for its end, else a month.
func when(t unit.Month) string {
	if t.YearEnd() {
		return fmt.Sprintf("at the end of %d", t.Year())
	}
	return "in " + t.Words()
}

// groups are the parts of a scenario that go without saying in the name of an assumption.
var groups = []string{"firms", "market", "contracts"}

// path writes the path of a scenario as words: "firms.openai.lab.growth" becomes "OpenAI: lab, growth".
func (n names) path(path string) string {
	parts := strings.Split(path, ".")
	if len(parts) > 1 && slices.Contains(groups, parts[0]) {
		parts = parts[1:]
	}
	head := strings.ReplaceAll(n.label(parts[0]), "_", " ")
	rest := strings.ReplaceAll(strings.Join(parts[1:], ", "), "_", " ")
	if rest == "" {
		return head
	}
	return head + ": " + rest
}

// number prints a quantity with all of its unit, which charts leave to their axes.
func number(v float64, d unit.Dimension) string { return plot.Format(v, 0, d) + per(d) }

// span prints a range in the same way.
func span(low, high float64, d unit.Dimension) string { return plot.FormatRange(low, high, d) + per(d) }

// per is the part of a unit that charts print at their axes alone.
func per(d unit.Dimension) string {
	switch d {
	case "", unit.None, unit.DimCount, unit.DimMonth, unit.DimMonths, unit.DimShare, unit.DimUSD, unit.DimMW, unit.DimMWIT:
		return ""
	case unit.DimUSDPerYear, unit.DimRate:
		return " a year"
	case unit.DimHazard:
		return " a month"
	case unit.DimRent:
		return " per GW-year"
	case unit.DimUSDPerMW:
		return " per MW"
	case unit.DimUSDPerMWh:
		return " per MWh"
	}
	return " " + string(d)
}

// percent prints a share of runs.
func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }

// chance tells in how many runs something is so, with its margin.
func chance(p record.Probability) string {
	return fmt.Sprintf("%s of %s", percent(p.Share), counted(p.Runs, "run")) + margin(p.In, p.Runs, p.Interval != nil)
}

// margin is what stands behind the share of runs in which something is so: " (±8)", or nothing where the runs are no sample.
func margin(in, runs int, sampled bool) string {
	if !sampled {
		return ""
	}
	return fmt.Sprintf(" (±%s)", plot.Points(plot.Margin(in, runs)))
}

const nearZero = "about 0"

// signed prints a difference with its sign, to two digits of the largest beside it. A difference of shares is in points.
func signed(x, largest float64, d unit.Dimension) string {
	size := plot.Format(math.Abs(x), largest, d)
	if d == unit.DimShare {
		size = strings.TrimSuffix(size, "%") + " points"
	}
	if x == 0 || strings.HasPrefix(size, "<") {
		return nearZero
	}
	return map[bool]string{true: "−", false: "+"}[x < 0] + size
}

// spread prints a difference with the range behind it.
func spread(by, low, high float64, d unit.Dimension) string {
	return fmt.Sprintf("%s (%s)", signed(by, max(-low, high, by, -by), d), apart(low, high, d))
}

// apart prints the ends of a range of differences; those of shares are in points.
func apart(low, high float64, d unit.Dimension) string {
	text := plot.FormatRange(low, high, d)
	if d == unit.DimShare {
		text = strings.TrimSuffix(text, "%") + " points"
	}
	return text
}

// counted writes a number with its noun: "1 run", "2,000 runs".
func counted(n int, noun string) string {
	text := plot.Format(float64(n), 1e5, unit.DimCount)
	if n == 1 {
		return text + " " + noun
	}
	return text + " " + noun + "s"
}
