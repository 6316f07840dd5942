package scenarios

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"powerplay/sim/unit"
)

// fault is what is wrong with a piece of text; whoever knows its place makes a [Problem] of it.
type fault struct {
	code, what, label, why, hint string
}

func faultf(code, hint, format string, args ...any) *fault {
	return &fault{code: code, what: fmt.Sprintf(format, args...), hint: hint}
}

// energy is a dimension that no field of the model has, but that is often written for power.
const energy unit.Dimension = "MWh"

// meaning says in words what a dimension measures.
var meaning = map[unit.Dimension]string{
	unit.None:          "a number without a unit",
	unit.DimUSD:        "an amount of money",
	unit.DimUSDPerYear: "money per year",
	unit.DimMW:         "power",
	unit.DimMWIT:       "power of IT equipment alone",
	unit.DimH100e:      "compute",
	unit.DimH100ePerMW: "compute per power",
	unit.DimRent:       "rent, money per power and year",
	unit.DimUSDPerMW:   "money per power",
	unit.DimUSDPerMWh:  "a price of energy",
	unit.DimMonth:      "a date",
	unit.DimMonths:     "a duration",
	unit.DimRate:       "a rate per year",
	unit.DimHazard:     "a chance per month",
	unit.DimShare:      "a share",
	unit.DimPoints:     "points of the capability index",
	unit.DimCount:      "a whole number",
	energy:             "energy",
}

// examples shows how a quantity of each dimension is written.
var examples = map[unit.Dimension][]string{
	unit.None:          {"1.5"},
	unit.DimUSD:        {"$3.5B", "$350M"},
	unit.DimUSDPerYear: {"$9B/yr"},
	unit.DimMW:         {"5 GW", "300 MW"},
	unit.DimMWIT:       {"30 MW IT"},
	unit.DimH100e:      {"1.7M H100e", "30k H100e"},
	unit.DimH100ePerMW: {"895 H100e/MW"},
	unit.DimRent:       {"$11B/GW-yr"},
	unit.DimUSDPerMW:   {"$38B/GW", "$11M/MW"},
	unit.DimUSDPerMWh:  {"$45/MWh"},
	unit.DimMonth:      {"2027-03", "2027"},
	unit.DimMonths:     {"18 months", "5 years"},
	unit.DimRate:       {"40%/yr", "1.9x/yr"},
	unit.DimHazard:     {"2%/month", "20%/yr"},
	unit.DimShare:      {"15%", "0.15"},
	unit.DimPoints:     {"153", "153 points"},
	unit.DimCount:      {"12"},
}

func hintExample(d unit.Dimension) string {
	var quoted []string
	for _, e := range examples[d] {
		quoted = append(quoted, "`"+e+"`")
	}
	return "write it like " + strings.Join(quoted, " or ")
}

// spelling is one way to write a unit behind a number; the number times num/den is in the dimension's unit.
type spelling struct {
	dim      unit.Dimension
	num, den int64
}

// moneyUnits follow a number with a dollar sign, plainUnits any other; both in the form of [normalTail].
var moneyUnits = map[string]spelling{
	"":          {unit.DimUSD, 1, 1},
	"/yr":       {unit.DimUSDPerYear, 1, 1},
	"/month":    {unit.DimUSDPerYear, 12, 1},
	"/GW-yr":    {unit.DimRent, 1, 1},
	"/MW-yr":    {unit.DimRent, 1000, 1},
	"/kW-yr":    {unit.DimRent, 1_000_000, 1},
	"/kW-month": {unit.DimRent, 12_000_000, 1},
	"/GW":       {unit.DimUSDPerMW, 1, 1000},
	"/MW":       {unit.DimUSDPerMW, 1, 1},
	"/kW":       {unit.DimUSDPerMW, 1000, 1},
	"/W":        {unit.DimUSDPerMW, 1_000_000, 1},
	"/GWh":      {unit.DimUSDPerMWh, 1, 1000},
	"/MWh":      {unit.DimUSDPerMWh, 1, 1},
	"/kWh":      {unit.DimUSDPerMWh, 1000, 1},
}

var plainUnits = map[string]spelling{
	"":           {unit.None, 1, 1},
	"%":          {unit.DimShare, 1, 100},
	"%/yr":       {unit.DimRate, 1, 100},
	"%/month":    {unit.DimHazard, 1, 100},
	"/yr":        {unit.DimRate, 1, 1},
	"/month":     {unit.DimHazard, 1, 1},
	"x/yr":       {unit.DimRate, 1, 1}, // less one: a growth factor
	"kW":         {unit.DimMW, 1, 1000},
	"MW":         {unit.DimMW, 1, 1},
	"GW":         {unit.DimMW, 1000, 1},
	"TW":         {unit.DimMW, 1_000_000, 1},
	"kW IT":      {unit.DimMWIT, 1, 1000},
	"MW IT":      {unit.DimMWIT, 1, 1},
	"GW IT":      {unit.DimMWIT, 1000, 1},
	"kWh":        {energy, 1, 1000},
	"MWh":        {energy, 1, 1},
	"GWh":        {energy, 1000, 1},
	"TWh":        {energy, 1_000_000, 1},
	"H100e":      {unit.DimH100e, 1, 1},
	"H100e/kW":   {unit.DimH100ePerMW, 1000, 1},
	"H100e/MW":   {unit.DimH100ePerMW, 1, 1},
	"H100e/GW":   {unit.DimH100ePerMW, 1, 1000},
	"day":        {unit.DimMonths, 48, 1461}, // a year of 365.25 days
	"days":       {unit.DimMonths, 48, 1461},
	"week":       {unit.DimMonths, 336, 1461},
	"weeks":      {unit.DimMonths, 336, 1461},
	"month":      {unit.DimMonths, 1, 1},
	"months":     {unit.DimMonths, 1, 1},
	"quarter":    {unit.DimMonths, 3, 1},
	"quarters":   {unit.DimMonths, 3, 1},
	"year":       {unit.DimMonths, 12, 1},
	"years":      {unit.DimMonths, 12, 1},
	"yr":         {unit.DimMonths, 12, 1},
	"yrs":        {unit.DimMonths, 12, 1},
	"point":      {unit.DimPoints, 1, 1},
	"points":     {unit.DimPoints, 1, 1},
	"ECI point":  {unit.DimPoints, 1, 1},
	"ECI points": {unit.DimPoints, 1, 1},
}

// magnitudes are powers of ten that stand directly behind a number; words may follow a space.
var magnitudes = map[string]int64{
	"k": 3, "M": 6, "B": 9, "T": 12, "bn": 9,
	"thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}

var (
	numberForm = regexp.MustCompile(`^-?\$?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?`)
	magForm    = regexp.MustCompile(`^(?:[kMBT]|bn| ?(?:thousand|million|billion|trillion))(?:[^A-Za-z0-9]|$)`)
	oddNumber  = regexp.MustCompile(`(?i)^[-+]?\$?(?:\.?(?:nan|inf|infinity)$|0[0-9]|0x|0o|0b|[0-9.]*_|[0-9]+,[0-9]|[0-9]+\.(?:[^0-9]|$)|\.[0-9]|\+)`)
	dateForm   = regexp.MustCompile(`^[0-9]{4}(?:-[0-9]{2}){1,2}$`)
)

// literal is a number with its unit, taken apart but not yet judged.
type literal struct {
	text   string
	head   string // sign, dollar sign, number and magnitude
	tail   string // the unit as written
	dim    unit.Dimension
	value  *big.Rat // in the unit of dim
	bare   bool     // neither unit nor magnitude
	scaled bool     // with a magnitude but nothing to count
}

// parsed remembers quantities, up to mostParsed of them: loading a scenario looks at each text several times over, to
// check it, to share units within a range, and to draw from it.
var (
	parsed     sync.Map // of literal, by text
	parsedSize atomic.Int32
)

const mostParsed = 1 << 14

// parseLiteral takes a quantity apart. The conversion is exact, so that 15 % is the float nearest to 0.15. The value must not
// be changed.
func parseLiteral(text string) (literal, *fault) {
	if l, ok := parsed.Load(text); ok {
		return l.(literal), nil
	}
	l, f := parseAnew(text)
	if f == nil && parsedSize.Add(1) <= mostParsed {
		parsed.Store(text, l)
	}
	return l, f
}

func parseAnew(text string) (literal, *fault) {
	l := literal{text: text}
	shown := quote(text)
	if len(text) > 80 {
		return l, faultf("E301", "", "%s is too long for a number", shown)
	}
	number := numberForm.FindString(text)
	if number == "" || oddNumber.MatchString(text) {
		if oddNumber.MatchString(text) {
			return l, faultf("E303", "write plain digits with a point for decimals, such as `1000` or `0.5`; a number ends nowhere but in its unit",
				"%s is not written as a number is here", shown)
		}
		return l, faultf("E301", "", "%s is not a number", shown)
	}
	rest := text[len(number):]
	power := int64(0)
	magnitude := ""
	if m := magForm.FindString(rest); m != "" {
		magnitude = strings.TrimRight(m, " /%()\t")
		for name, p := range magnitudes {
			if name == strings.TrimSpace(magnitude) {
				power = p
			}
		}
		if power == 0 { // a boundary that is neither end nor unit
			magnitude = ""
		}
	}
	l.head, l.tail = number+magnitude, rest[len(magnitude):]
	money := strings.Contains(number, "$")
	digits := strings.Replace(number, "$", "", 1)
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		if e, err := strconv.Atoi(digits[i+1:]); err != nil || e > 310 || e < -340 {
			return l, faultf("E303", "", "%s is beyond what a number can hold", shown)
		}
	}
	value, ok := new(big.Rat).SetString(digits)
	if !ok {
		return l, faultf("E301", "", "%s is not a number", shown)
	}
	if power > 0 {
		value.Mul(value, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(power), nil)))
	}
	tail := normalTail(l.tail)
	units := plainUnits
	if money {
		units = moneyUnits
	}
	s, ok := units[tail]
	if !ok {
		return l, unknownUnit(l, tail, money)
	}
	value.Mul(value, big.NewRat(s.num, s.den))
	if tail == "x/yr" {
		value.Sub(value, big.NewRat(1, 1))
	}
	l.dim, l.value = s.dim, value
	l.bare = !money && tail == "" && magnitude == ""
	l.scaled = !money && tail == "" && magnitude != ""
	return l, nil
}

var tailWords = strings.NewReplacer(
	" per ", "/", " a ", "/", " an ", "/", " / ", "/", "/ ", "/", " /", "/",
	"facility power", "", "GW-year", "GW-yr", "MW-year", "MW-yr", "kW-year", "kW-yr", "-mo", "-mo",
)

// normalTail brings the ways to write one unit to one spelling: " per year", "/year" and " a year" to "/yr".
func normalTail(tail string) string {
	tail = tailWords.Replace(" " + strings.Join(strings.Fields(tail), " "))
	tail = strings.TrimSpace(tail)
	parts := strings.Split(tail, "/")
	for i := 1; i < len(parts); i++ {
		switch p := strings.TrimSpace(parts[i]); p {
		case "year", "y", "annum":
			parts[i] = "yr"
		case "mo", "mth":
			parts[i] = "month"
		default:
			parts[i] = p
		}
	}
	if n := len(parts); n == 3 && (parts[2] == "yr" || parts[2] == "month") { // /GW/yr
		parts = []string{parts[0], parts[1] + "-" + parts[2]}
	}
	tail = strings.Join(parts, "/")
	switch tail {
	case "H100", "H100s", "H100es":
		return "H100e"
	case "H100/MW":
		return "H100e/MW"
	}
	if p, ok := strings.CutSuffix(tail, "-IT"); ok {
		tail = p + " IT"
	}
	return tail
}

func unknownUnit(l literal, tail string, money bool) *fault {
	f := faultf("E306", "", "%s has an unknown unit: %s", quote(l.text), quote(strings.TrimSpace(l.tail)))
	units := plainUnits
	if money {
		units = moneyUnits
	}
	for spelled := range units { // at most one differs by case alone, so the order of the map cannot show
		if spelled != "" && strings.EqualFold(spelled, tail) {
			f.hint = "did you mean " + quote(joinUnit(l.head, spelled)) + "?"
			return f
		}
	}
	switch {
	case tail == "x":
		f.what = quote(l.text) + " does not say per what time"
		f.hint = "write " + quote(l.head+"x/yr")
	case tail == "m" || tail == "b" || tail == "bln" || tail == "mn" || tail == "K" || tail == "t":
		f.hint = "thousand is `k`, million `M`, billion `B`, trillion `T`"
	case strings.Contains(strings.ToUpper(tail), "USD") || strings.Contains(tail, "dollar") || strings.Contains(tail, "€") || strings.Contains(tail, "EUR"):
		f.hint = "money is written in US dollars, such as `$3.5B`"
	default:
		f.hint = "units: $, %, %/yr, %/month, MW, GW, MW IT, H100e, H100e/MW, months, years, $/yr, $/GW, $/GW-yr, $/MWh"
		if money {
			f.hint = "behind an amount: k, M, B or bn, T, or thousand, million, billion, trillion; then nothing, or /yr, /GW, /GW-yr, /MW, /MWh"
		}
	}
	return f
}

// joinUnit sets a unit behind a number as it is usually written.
func joinUnit(head, unit string) string {
	if unit == "" || strings.HasPrefix(unit, "/") || strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "x") {
		return head + unit
	}
	return head + " " + unit
}

// readQuantity reads text as a quantity of a dimension and returns it in the dimension's unit, dollars for
// money. Field names the value in messages.
func readQuantity(text string, quoted bool, want unit.Dimension, field string) (float64, *fault) {
	text = strings.TrimSpace(text)
	if want == unit.DimMonth {
		m, f := readDate(text, false)
		return float64(m), f
	}
	l, f := parseLiteral(text)
	if f != nil {
		if f.code == "E301" {
			f.hint = hintExample(want)
		}
		return 0, f
	}
	if quoted && l.bare {
		return 0, faultf("E302", "remove the quotes", "%s stands in quotes, so it is text and not a number", quote(text))
	}
	if dateForm.MatchString(text) {
		return 0, faultf("E305", hintExample(want), "%s is a date, but %s is %s", quote(text), quote(field), meaning[want])
	}
	if f := fits(l, want, field); f != nil {
		return 0, f
	}
	value := new(big.Rat).Set(l.value)
	if want == unit.DimHazard && l.dim == unit.DimRate {
		value.Quo(value, big.NewRat(12, 1))
	}
	x, _ := value.Float64()
	switch {
	case math.IsInf(x, 0):
		return 0, faultf("E303", "", "%s is beyond what a number can hold", quote(text))
	case want == unit.DimUSD && math.Abs(x) > maxDollars:
		return 0, faultf("E310", "", "%s is more than the books can hold: at most $90T", quote(text))
	case want == unit.DimCount && (!value.IsInt() || math.Abs(x) > 1<<53):
		return 0, faultf("E307", "write it without decimals", "%s is not a whole number", quote(text))
	case want == unit.DimShare && (x < 0 || x > 1):
		f := faultf("E310", "", "share %s is outside 0 to 1", quote(text))
		if l.bare && x > 1 && x <= 100 {
			f.hint = fmt.Sprintf("write `%s%%` or `%s`", l.head, plainDecimal(x, -2))
		} else {
			f.hint = "a share lies from 0% to 100%"
		}
		return 0, f
	}
	return x, nil
}

// maxDollars is a little below what [unit.Dollars] can hold.
const maxDollars = 90e12

// fits reports why a literal cannot stand where a dimension is wanted, or nil.
func fits(l literal, want unit.Dimension, field string) *fault {
	got := l.dim
	if l.scaled {
		f := faultf("E304", hintExample(want), "%s does not say of what", quote(l.text))
		if want == unit.DimUSD || want == unit.DimUSDPerYear || want == unit.DimRent || want == unit.DimUSDPerMW {
			f.hint = "money starts with a dollar sign: " + hintExample(want)
		}
		return f
	}
	switch {
	case got == want,
		want == unit.DimShare && l.bare,
		want == unit.DimPoints && l.bare,
		want == unit.DimCount && l.bare,
		want == unit.DimHazard && got == unit.DimRate:
		return nil
	case l.bare:
		f := faultf("E304", "", "%s needs a unit: %s is %s", quote(l.text), quote(field), meaning[want])
		switch want {
		case unit.DimUSD:
			f.hint = "write " + quote("$"+l.head) + ", or with k, M, B or T: `$3.5B`"
		case unit.DimMW:
			f.hint = "write " + quote(l.head+" MW") + " or " + quote(l.head+" GW")
		case unit.DimMonths:
			f.hint = "write " + quote(l.head+" months") + " or " + quote(l.head+" years")
		case unit.DimRate:
			f.hint = "write " + quote(plainRat(l.value, 2)+"%/yr")
		default:
			f.hint = hintExample(want)
		}
		return f
	case want == unit.DimRate && got == unit.DimShare:
		return faultf("E304", "write "+quote(l.text+"/yr"), "%s does not say per what time: %s is %s", quote(l.text), quote(field), meaning[want])
	}
	f := faultf("E305", hintExample(want), "unit does not fit: %s is %s, but %s is %s", quote(l.text), meaning[got], quote(field), meaning[want])
	switch {
	case got == energy && want == unit.DimMW:
		f.hint = "write " + quote(strings.TrimSuffix(l.text, "h")) + " if power was meant"
	case got == unit.DimMW && want == unit.DimMWIT:
		f.hint = "write " + quote(l.text+" IT") + " if the IT equipment alone was meant"
	case got == unit.DimMWIT && want == unit.DimMW:
		f.hint = "capacity counts whole facilities, cooling included: about 1.2 to 1.4 times the IT power"
	case got == unit.DimUSD && want == unit.DimUSDPerYear:
		f.hint = "write " + quote(l.text+"/yr")
	case got == unit.DimShare && want == unit.None:
		f.hint = "write " + quote(plainRat(l.value, 0))
	}
	return f
}

// readDate reads a year, a month or a day, which counts as its month. A bare year is its January, or its
// December where it ends something.
func readDate(text string, end bool) (unit.Month, *fault) {
	bad := func(what string) (unit.Month, *fault) {
		return 0, faultf("E308", hintExample(unit.DimMonth)+" or `2027-03-31`", "%s %s", quote(text), what)
	}
	layout, ok := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(text)]
	if !ok {
		return bad("is not a date")
	}
	day, err := time.Parse(layout, text)
	switch {
	case err != nil:
		return bad("is not a date of the calendar")
	case day.Year() < 2000 || day.Year() > 2150:
		return bad("is outside the years 2000 to 2150")
	case len(text) == 4 && end:
		return unit.Date(day.Year(), 12), nil
	}
	return unit.Date(day.Year(), int(day.Month())), nil
}

// Format writes a value as a scenario does, in the shortest text that reads back as the same value. Money
// is in dollars, a date in months since 2000. It panics on what is no number.
func Format(value float64, d unit.Dimension) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		panic(fmt.Sprintf("scenarios: cannot write %v", value))
	}
	if value == 0 {
		value = 0 // no minus sign before zero
	}
	switch d {
	case unit.DimUSD:
		return money(value, 0)
	case unit.DimUSDPerYear:
		return money(value, 0) + "/yr"
	case unit.DimRent:
		return money(value, 0) + "/GW-yr"
	case unit.DimUSDPerMW:
		return money(value, 3) + "/GW"
	case unit.DimUSDPerMWh:
		return money(value, 0) + "/MWh"
	case unit.DimMW:
		return power(value)
	case unit.DimMWIT:
		return power(value) + " IT"
	case unit.DimH100e:
		return scaledDecimal(value, 0) + " H100e"
	case unit.DimH100ePerMW:
		return plainDecimal(value, 0) + " H100e/MW"
	case unit.DimMonth:
		return unit.Month(math.Round(value)).String()
	case unit.DimMonths:
		if value == 1 {
			return "1 month"
		}
		return plainDecimal(value, 0) + " months"
	case unit.DimRate:
		return plainDecimal(value, 2) + "%/yr"
	case unit.DimHazard:
		return plainDecimal(value, 2) + "%/month"
	case unit.DimShare:
		return plainDecimal(value, 2) + "%"
	}
	return plainDecimal(value, 0)
}

func money(dollars float64, shift int) string {
	text := scaledDecimal(dollars, shift)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		return "-$" + rest
	}
	return "$" + text
}

func power(mw float64) string {
	if math.Abs(mw) >= 1000 {
		return plainDecimal(mw, -3) + " GW"
	}
	return plainDecimal(mw, 0) + " MW"
}

// scaledDecimal writes x × 10^shift with the magnitude that leaves one to three digits before the point.
func scaledDecimal(x float64, shift int) string {
	_, _, exponent := decimal(x)
	exponent += shift
	for _, m := range []struct {
		letter string
		power  int
	}{{"T", 12}, {"B", 9}, {"M", 6}, {"k", 3}} {
		if x != 0 && exponent >= m.power {
			return plainDecimal(x, shift-m.power) + m.letter
		}
	}
	return plainDecimal(x, shift)
}

// decimal returns the shortest decimal digits that read back as x: ±d.ddd × 10^exponent.
func decimal(x float64) (sign, digits string, exponent int) {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	mantissa, power, _ := strings.Cut(text, "e")
	exponent, _ = strconv.Atoi(power)
	if rest, negative := strings.CutPrefix(mantissa, "-"); negative {
		sign, mantissa = "-", rest
	}
	return sign, strings.Replace(mantissa, ".", "", 1), exponent
}

// plainDecimal writes x × 10^shift. The shift moves the point in the digits, so nothing is rounded.
func plainDecimal(x float64, shift int) string {
	sign, digits, exponent := decimal(x)
	if x == 0 {
		return "0"
	}
	exponent += shift
	switch {
	case exponent < -9 || exponent > 20:
		if len(digits) > 1 {
			digits = digits[:1] + "." + digits[1:]
		}
		return sign + digits + "e" + strconv.Itoa(exponent)
	case exponent < 0:
		return sign + "0." + strings.Repeat("0", -exponent-1) + digits
	case exponent+1 >= len(digits):
		return sign + digits + strings.Repeat("0", exponent+1-len(digits))
	}
	return sign + digits[:exponent+1] + "." + digits[exponent+1:]
}

func plainRat(r *big.Rat, shift int) string {
	x, _ := r.Float64()
	return plainDecimal(x, shift)
}
