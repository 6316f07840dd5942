package scenarios

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// Distribution is what is known of an uncertain number.
type Distribution struct {
	Text     string
	Dim      unit.Dimension
	Quantile func(u float64) float64 // in the unit of Dim, dollars for money; u in (0, 1)
	P05      float64
	Median   float64
	P95      float64
	Words    []string    // of `one of [...]`: a draw is the place of one of them, the median that of the likeliest
	Chances  rng.Chances // of `one of [...]` and of choice
}

var (
	callForm     = regexp.MustCompile(`^([a-z]+)\((.*)\)$`)
	judgedForm   = regexp.MustCompile(`^(.*?) ?\((.+?) to (.+)\)(.*)$`)
	intervalForm = regexp.MustCompile(`^(.+?) to (.+)$`)
)

// families are the distributions that can be named, with how their parameters are written.
var families = map[string]string{
	"normal":      "normal(mean, standard deviation)",
	"lognormal":   "lognormal(median, sigma)",
	"logitnormal": "logitnormal(low to high)",
	"triangular":  "triangular(low, mode, high)",
	"uniform":     "uniform(low, high)",
	"choice":      "choice(a, b, c)",
	"beta":        "beta(a, b)",
	"gamma":       "gamma(mean, standard deviation)",
	"exponential": "exponential(mean)",
}

// ParseDistribution reads the distribution of a number of the given dimension; an empty dimension takes the
// one that the text's own units tell.
//
//	1 to 10              the middle 90 %: lognormal when both are positive, logit-normal for a share
//	                     between 0 and 1, normal when it reaches down to 0 or below
//	11 (9 to 13.5)       a median with its middle 90 %; each side has its own spread
//	normal(9 to 13.5)    an interval with the family said; also lognormal and logitnormal
//	normal(mean, standard deviation), lognormal(median, sigma), gamma(mean, standard deviation),
//	triangular(low, mode, high), uniform(low, high), beta(a, b), exponential(mean), choice(a, b, c)
//
// A unit behind the last number holds for all: `40% to 140% per year`. What falls outside 0 to 1 in a share is cut off there.
func ParseDistribution(text string, dim unit.Dimension) (Distribution, []Fault) {
	d, f := parseDistribution(text, dim, "the value")
	if f != nil {
		return d, []Fault{f.located(0)}
	}
	return d, nil
}

func parseDistribution(text string, want unit.Dimension, field string) (Distribution, *fault) {
	clean := strings.Join(strings.Fields(text), " ")
	p := spread{text: clean, dim: want, field: field}
	if len(clean) > 300 {
		return Distribution{}, faultf("E311", "", "the distribution is too long")
	}
	if inner, ok := strings.CutPrefix(clean, "one of "); ok {
		return oneOf(text, inner)
	}
	q, f := p.read(clean)
	if inner, ok := strings.CutPrefix(clean, "choice("); ok && f != nil && f.code == "E301" {
		words := "one of [" + strings.TrimSuffix(inner, ")") + "]"
		if _, wrong := oneOf(words, strings.TrimPrefix(words, "one of ")); wrong == nil {
			return Distribution{}, faultf("E311", "write "+quote(words), "%s is a choice among numbers", quote("choice"))
		}
	}
	if f != nil {
		if want == "" && p.dim == unit.DimShare && f.code == "E310" {
			f = faultf("E304", "write "+quote(clean+" per year")+" for a growth; a share lies from 0% to 100%", "%s does not say per what time, and is no share", quote(clean))
		}
		if f.label == "" && f.hint == "" {
			f.hint = "write `1 to 10` for the middle 90%, or `3 (1 to 10)` with a median"
		}
		return Distribution{}, f
	}
	if p.dim == unit.DimShare {
		inner := q
		q = func(u float64) float64 { return min(1, max(0, inner(u))) }
	}
	d := Distribution{Text: text, Dim: p.dim, Quantile: q, Chances: p.chances, P05: q(0.05), Median: q(0.5), P95: q(0.95)}
	for _, x := range []float64{d.P05, d.Median, d.P95} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Distribution{}, faultf("E312", "", "%s does not give finite numbers", quote(text))
		}
	}
	return d, nil
}

// oneOf reads `[always, never]` or `[always 70%, never 30%]`: a choice among words.
func oneOf(text, inner string) (Distribution, *fault) {
	const form = "write `one of [always, never]`, or with chances `one of [always 70%, never 30%]`"
	body, opened := strings.CutPrefix(inner, "[")
	body, closed := strings.CutSuffix(body, "]")
	d := Distribution{Text: text, Dim: unit.None}
	if !opened || !closed {
		return d, faultf("E311", form, "%s is not a choice among words", quote(text))
	}
	parts := strings.Split(body, ",")
	weights := make([]float64, len(parts))
	weighed, sum := 0, 0.0
	for i, part := range parts {
		word, chance, has := strings.Cut(strings.TrimSpace(part), " ")
		if word == "" || slices.Contains(d.Words, word) {
			return d, faultf("E312", form, "%s names a word twice, or leaves one out", quote(text))
		}
		d.Words = append(d.Words, word)
		weights[i] = 1 / float64(len(parts))
		if has {
			var f *fault
			if weights[i], f = readQuantity(chance, false, unit.DimShare, word); f != nil {
				return d, f
			}
			weighed++
		}
		sum += weights[i]
	}
	if len(parts) < 2 || weighed > 0 && weighed < len(parts) || sum < 0.999 || sum > 1.001 {
		return d, faultf("E312", form, "%s needs at least two words, and chances for all or for none, which sum to 100%%", quote(text))
	}
	likeliest := 0
	for i, w := range weights {
		if w > weights[likeliest] {
			likeliest = i
		}
		if w > 0 {
			d.Chances = append(d.Chances, w/sum)
		}
	}
	d.Quantile = func(u float64) float64 { return float64(rng.Categorical(u, weights)) }
	d.P05, d.Median, d.P95 = d.Quantile(0.05), float64(likeliest), d.Quantile(0.95)
	return d, nil
}

// central is the text of what the central run takes.
func (d Distribution) central() string {
	if d.Words != nil {
		return d.Words[int(d.Median)]
	}
	return Format(d.Median, d.Dim)
}

// spread reads one distribution.
type spread struct {
	text    string
	dim     unit.Dimension
	field   string
	chances rng.Chances // of a choice
	again   bool        // another way to write the text is tried
}

func (p *spread) read(text string) (func(float64) float64, *fault) {
	if open := strings.Count(text, "(") - strings.Count(text, ")"); open != 0 {
		what := map[bool]string{true: "closed", false: "opened"}[open > 0]
		return nil, faultf("E311", "write it like `normal(1 to 10)` or `3 (1 to 10)`", "%s has a parenthesis that is not %s", quote(text), what)
	}
	if m := callForm.FindStringSubmatch(text); m != nil {
		return p.call(m[1], m[2])
	}
	if m := judgedForm.FindStringSubmatch(text); m != nil && m[1] != "" {
		x, f := p.quantities(m[2]+m[4], m[1]+m[4], m[3]+m[4])
		if f != nil {
			return nil, f
		}
		return p.judged("", x[1], x[0], x[2])
	}
	if m := intervalForm.FindStringSubmatch(text); m != nil {
		x, f := p.quantities(m[1], m[2])
		if f != nil {
			return nil, f
		}
		return p.interval("", x[0], x[1])
	}
	return nil, faultf("E311", "write `1 to 10` for the middle 90%, `3 (1 to 10)` with a median, or a family such as `triangular(1, 3, 10)`",
		"%s is not a distribution", quote(text))
}

// judged spreads each side of a median by itself.
func (p *spread) judged(family string, median, low, high float64) (func(float64) float64, *fault) {
	switch {
	case !(low < high):
		return nil, faultf("E312", "write the median first, then the low end and the high end", "the range is out of order: %s to %s", p.show(low), p.show(high))
	case median < low || median > high:
		return nil, faultf("E312", "give a median inside of the range, or a wider range", "the median of %s lies outside of its range, %s to %s",
			p.show(median), p.show(low), p.show(high))
	}
	switch family = p.family(family, low, high); {
	case family == "lognormal" && low <= 0:
		return nil, faultf("E312", "use normal", "a lognormal distribution needs a range above zero")
	case family == "logitnormal" && (low <= 0 || high >= 1):
		return nil, faultf("E312", "use normal", "a logit-normal distribution needs a range between 0 and 1")
	case family == "lognormal":
		return func(u float64) float64 { return rng.SplitLogNormal(u, median, low, high) }, nil
	case family == "logitnormal":
		return func(u float64) float64 { return rng.SplitLogitNormal(u, median, low, high) }, nil
	}
	return func(u float64) float64 { return rng.SplitNormal(u, median, low, high) }, nil
}

// interval puts the median where both sides are alike on the family's own scale.
func (p *spread) interval(family string, low, high float64) (func(float64) float64, *fault) {
	if !(low < high) {
		return nil, faultf("E312", "write the low end first; a number without doubt needs no distribution", "the range runs from %s to %s", p.show(low), p.show(high))
	}
	median := low + float64((high-low)/2)
	switch p.family(family, low, high) {
	case "lognormal":
		if low > 0 {
			median = float64(math.Sqrt(low) * math.Sqrt(high))
		}
	case "logitnormal":
		if low > 0 && high < 1 {
			odds := float64(math.Sqrt(low/(1-low)) * math.Sqrt(high/(1-high)))
			median = odds / (1 + odds)
		}
	}
	return p.judged(family, median, low, high)
}

// family chooses by the nature of the number when the scenario does not.
func (p *spread) family(named string, low, high float64) string {
	switch {
	case named != "":
		return named
	case p.dim == unit.DimMonth || low <= 0:
		return "normal"
	case p.dim == unit.DimShare && high < 1:
		return "logitnormal"
	case p.dim == unit.DimShare:
		return "normal"
	}
	return "lognormal"
}

func (p *spread) call(family, inside string) (func(float64) float64, *fault) {
	form, known := families[family]
	if !known {
		var names []string
		for name := range families {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil, faultf("E311", hintName(family, names, "families", ""), "unknown distribution %s", quote(family))
	}
	if strings.Contains(inside, " to ") {
		if family != "normal" && family != "lognormal" && family != "logitnormal" {
			return nil, faultf("E311", "write "+quote(form), "%s takes no range", quote(family))
		}
		if m := judgedForm.FindStringSubmatch(inside); m != nil && m[1] != "" {
			x, f := p.quantities(m[2]+m[4], m[1]+m[4], m[3]+m[4])
			if f != nil {
				return nil, f
			}
			return p.judged(family, x[1], x[0], x[2])
		}
		m := intervalForm.FindStringSubmatch(inside)
		if m == nil {
			return nil, faultf("E311", "write "+quote(family+"(1 to 10)"), "%s is not a range", quote(inside))
		}
		x, f := p.quantities(m[1], m[2])
		if f != nil {
			return nil, f
		}
		return p.interval(family, x[0], x[1])
	}
	args := strings.Split(inside, ",")
	for i := range args {
		args[i] = strings.TrimSpace(args[i])
	}
	wrong := func(why string) (func(float64) float64, *fault) {
		return nil, faultf("E312", "write "+quote(form), "%s %s", quote(family+"("+inside+")"), why)
	}
	if want := strings.Count(form, ",") + 1; family != "choice" && len(args) != want {
		return wrong("has the wrong number of parameters")
	}
	switch family {
	case "logitnormal":
		return wrong("needs a range")
	case "lognormal":
		x, f := p.quantities(args[0])
		if f != nil {
			return nil, f
		}
		sigma, f := readQuantity(args[1], false, unit.None, "sigma")
		if f != nil {
			return nil, f
		}
		if x[0] <= 0 || sigma <= 0 {
			return wrong("needs a median and a sigma above zero")
		}
		median := x[0]
		return func(u float64) float64 { return rng.LogNormal(u, median, sigma) }, nil
	case "beta":
		a, f := readQuantity(args[0], false, unit.None, "a")
		if f != nil {
			return nil, f
		}
		b, f := readQuantity(args[1], false, unit.None, "b")
		if f != nil {
			return nil, f
		}
		if p.dim == "" {
			p.dim = unit.DimShare
		}
		if p.dim != unit.DimShare && p.dim != unit.None {
			return nil, faultf("E305", "", "a beta distribution gives shares, but %s is %s", quote(p.field), meaning[p.dim])
		}
		if a < 0.05 || b < 0.05 || a > 1e4 || b > 1e4 {
			return wrong("needs parameters from 0.05 to 10,000")
		}
		return func(u float64) float64 { return rng.Beta(u, a, b) }, nil
	case "normal":
		if p.dim == unit.DimMonth || p.dim == "" && dateForm.MatchString(args[0]) {
			p.dim = unit.DimMonth
			m, f := readDate(args[0], false)
			if f != nil {
				return nil, f
			}
			sd, f := readQuantity(args[1], false, unit.DimMonths, "standard deviation")
			if f != nil {
				return nil, f
			}
			if sd <= 0 {
				return wrong("needs a standard deviation above zero")
			}
			return func(u float64) float64 { return rng.Normal(u, float64(m), sd) }, nil
		}
	}
	x, f := p.quantities(args...)
	if f != nil {
		return nil, f
	}
	switch family {
	case "normal":
		if x[1] <= 0 {
			return wrong("needs a standard deviation above zero")
		}
		return func(u float64) float64 { return rng.Normal(u, x[0], x[1]) }, nil
	case "gamma":
		shape, scale := float64((x[0]/x[1])*(x[0]/x[1])), float64(x[1]*(x[1]/x[0]))
		if x[0] <= 0 || x[1] <= 0 || shape < 0.05 || shape > 1e4 {
			return wrong("needs a mean above zero and a standard deviation from a hundredth to four times it")
		}
		return func(u float64) float64 { return rng.Gamma(u, shape, scale) }, nil
	case "exponential":
		if x[0] <= 0 {
			return wrong("needs a mean above zero")
		}
		return func(u float64) float64 { return rng.Exponential(u, x[0]) }, nil
	case "uniform":
		if !(x[0] < x[1]) {
			return wrong("is out of order")
		}
		return func(u float64) float64 { return rng.Range(u, x[0], x[1]) }, nil
	case "triangular":
		if !(x[0] <= x[1] && x[1] <= x[2] && x[0] < x[2]) {
			return wrong("is out of order")
		}
		return func(u float64) float64 { return rng.Triangular(u, x[0], x[1], x[2]) }, nil
	}
	slices.Sort(x) // so that the quantile rises with u
	for i := range x {
		if i > 0 && x[i] == x[i-1] {
			p.chances[len(p.chances)-1] += 1 / float64(len(x))
		} else {
			p.chances = append(p.chances, 1/float64(len(x)))
		}
	}
	return func(u float64) float64 { return x[min(len(x)-1, max(0, int(u*float64(len(x)))))] }, nil
}

// quantities reads numbers that share a unit, which may stand behind the last one alone, and settles the
// dimension if none was asked for.
func (p *spread) quantities(texts ...string) ([]float64, *fault) {
	texts = shareUnit(texts)
	if p.dim == "" {
		p.dim = unit.None
		for _, t := range texts {
			if dateForm.MatchString(t) {
				p.dim = unit.DimMonth
			} else if l, f := parseLiteral(t); f == nil && !l.bare {
				p.dim = l.dim
			}
		}
	}
	x := make([]float64, len(texts))
	for i, t := range texts {
		var f *fault
		if x[i], f = readQuantity(t, false, p.dim, p.field); f != nil {
			return nil, p.misfit(t, f)
		}
	}
	return x, nil
}

// misfit speaks of the whole distribution where the unit of one of its numbers is missing or does not fit.
func (p *spread) misfit(text string, f *fault) *fault {
	l, bad := parseLiteral(text)
	if p.again || bad != nil || f.code != "E304" && f.code != "E305" || dateForm.MatchString(text) {
		return f
	}
	l.text = p.text
	whole := fits(l, p.dim, p.field)
	if with, ok := p.withUnit(); ok {
		whole.hint = "write " + quote(with) + ", in the unit that is meant"
	} else {
		whole.hint = hintExample(p.dim)
	}
	return whole
}

var plainNumber = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?%?`)

// withUnit returns the distribution with a usual unit behind its numbers, if that makes it one.
func (p *spread) withUnit() (text string, ok bool) {
	if len(examples[p.dim]) == 0 {
		return "", false
	}
	usual, _ := parseLiteral(examples[p.dim][0])
	tail := strings.TrimLeft(usual.head, "$-0123456789.") + usual.tail
	for _, text := range []string{
		p.text + usual.tail, p.text + strings.TrimPrefix(usual.tail, "%"), strings.TrimSuffix(p.text, ")") + usual.tail + ")",
		plainNumber.ReplaceAllStringFunc(p.text, func(number string) string { return "$" + number + tail }),
	} {
		again := spread{text: text, dim: p.dim, field: p.field, again: true}
		if _, f := again.read(text); f == nil {
			return text, true
		}
	}
	return "", false
}

// shareUnit gives numbers without a unit that of the last number that has one.
func shareUnit(texts []string) []string {
	var from literal
	for i := len(texts) - 1; i >= 0 && from.tail == ""; i-- {
		if l, f := parseLiteral(texts[i]); f == nil && l.tail != "" {
			from = l
		}
	}
	out := slices.Clone(texts)
	if from.tail == "" {
		return out
	}
	tails := []string{from.tail, strings.TrimLeft(strings.TrimSpace(from.tail), "%x")}
	for i, t := range texts {
		if l, f := parseLiteral(t); f == nil && l.dim == from.dim {
			continue
		}
		for _, tail := range tails {
			if l, f := parseLiteral(t + tail); f == nil && l.dim == from.dim {
				out[i] = t + tail
				break
			}
		}
	}
	return out
}

func (p *spread) show(x float64) string { return Format(x, p.dim) }
