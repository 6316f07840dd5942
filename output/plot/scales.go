package plot

import (
	"math"
	"strconv"
	"strings"

	"powerplay/sim/unit"
)

// scale turns a quantity into the numbers a chart prints: 128,000 MW become 128 GW, 0.31 becomes 31%.
type scale struct {
	factor float64 // printed number = value × factor
	prefix string  // "$"
	suffix string  // after a value beside a name: " GW", "%", " bn"
	tick   string  // after the top tick, where the unit stands in full: " bn/yr"
}

// rung is one magnitude of a unit: it serves values from floor on.
type rung struct {
	floor, factor float64
	name          string
}

// scaleFor picks the magnitude that suits the largest absolute value drawn.
func scaleFor(d unit.Dimension, largest float64) scale {
	watts := func(of string) []rung {
		return []rung{{0, 1e3, " kW" + of}, {1, 1, " MW" + of}, {1e3, 1e-3, " GW" + of}, {1e6, 1e-6, " TW" + of}}
	}
	large := []rung{{0, 1, ""}, {1e6, 1e-6, " m"}, {1e9, 1e-9, " bn"}, {1e12, 1e-12, " tn"}}
	pick := func(ladder []rung) rung {
		best := ladder[0]
		for _, r := range ladder {
			if largest >= r.floor*(1-1e-12) {
				best = r
			}
		}
		return best
	}
	money := func(per string) scale {
		r := pick(large)
		return scale{r.factor, "$", r.name, r.name + per}
	}
	number := func(of string) scale {
		r := pick(large)
		return scale{r.factor, "", r.name, r.name + of}
	}
	switch d {
	case unit.DimMW, unit.DimMWIT:
		r := pick(watts(strings.TrimPrefix(string(d), "MW")))
		if largest*r.factor >= 1e6 {
			more := number("")
			return scale{more.factor, "", more.suffix + " MW", more.tick + " MW"}
		}
		return scale{r.factor, "", r.name, r.name}
	case unit.DimUSD:
		return money("")
	case unit.DimUSDPerYear:
		return money("/yr")
	case unit.DimRent:
		return money("/GW-yr")
	case unit.DimUSDPerMW:
		return money("/MW")
	case unit.DimUSDPerMWh:
		return money("/MWh")
	case unit.DimShare:
		return scale{100, "", "%", "%"}
	case unit.DimRate:
		return scale{100, "", "%", "%/yr"}
	case unit.DimHazard:
		return scale{100, "", "%", "%/month"}
	case unit.DimMonths:
		return scale{1, "", " months", " months"}
	case unit.DimPoints:
		return number(" ECI")
	case unit.None, unit.DimCount, unit.DimMonth, "":
		return number("")
	default:
		return number(" " + string(d))
	}
}

// decimals is how many decimals show two digits of the largest printed number.
func decimals(largest float64) int {
	if !(largest > 0) {
		return 0
	}
	return max(0, 1-int(math.Floor(math.Log10(largest)+1e-9)))
}

// value prints a quantity with its unit, as beside a name: "31%", "−$2.4 bn", "<1 GW".
func (s scale) value(v float64, decimals int) string {
	return s.with(v, decimals, s.suffix)
}

// bare prints a quantity on the scale without its unit.
func (s scale) bare(v float64, decimals int) string {
	b := s
	b.prefix = ""
	return b.with(v, decimals, "")
}

func (s scale) with(v float64, decimals int, suffix string) string {
	x := v * s.factor
	sign := ""
	switch {
	case x < 0:
		sign, x = "−", -x
	case x == 0:
		x = 0 // and not −0, which prints a sign
	}
	if least := math.Pow(10, -float64(decimals)); x > 0 && x <= least/2 && decimals <= maxDecimals {
		// A small part is not nothing; one half rounds to the even digit, which is 0.
		if sign != "" {
			return "0" + suffix
		}
		return "<" + s.prefix + number(least, decimals) + suffix
	}
	return sign + s.prefix + number(x, decimals) + suffix
}

// maxDecimals is where printed numbers turn to powers of ten.
const maxDecimals = 5

// number prints a number that is not negative, with thousands separators.
func number(x float64, decimals int) string {
	if decimals > maxDecimals || x >= 1e15 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if part != "" {
		b.WriteString("." + part)
	}
	return b.String()
}

// Format prints one quantity as a chart's label would: two digits of the magnitude of largest, with the
// unit. With a largest of 0 the value itself sets the magnitude.
func Format(v, largest float64, d unit.Dimension) string {
	if largest == 0 {
		largest = math.Abs(v)
	}
	s := scaleFor(d, largest)
	return s.value(v, decimals(largest*s.factor))
}

// FormatFine prints as Format does, with one digit more, as a table does.
func FormatFine(v, largest float64, d unit.Dimension) string {
	p := printerFor(d, largest)
	return p.scale.value(v, p.decimals+1)
}

// FormatSpread prints a middle value with its range, on the scale of the former: "78 GW (44–114 GW)".
func FormatSpread(mid, low, high float64, d unit.Dimension) string {
	s := scaleFor(d, math.Abs(mid))
	p := printer{s, decimals(max(math.Abs(low), math.Abs(high)) * s.factor)}
	return p.full(mid) + " (" + p.span(low, high) + ")"
}

// FormatRange prints the ends of a range on one scale: "46–178 GW", "−5 to 45%".
func FormatRange(low, high float64, d unit.Dimension) string {
	p := printerFor(d, max(math.Abs(low), math.Abs(high)))
	if low < 0 {
		return p.between(low, high)
	}
	return p.span(low, high)
}
