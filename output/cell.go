package output

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"powerplay/sim/unit"
)

// appendNumber writes the shortest decimal that reads back as the same number. Not a number is an empty
// cell; an infinity is INF, as the Data Package standard spells it.
func appendNumber(to []byte, v float64) []byte {
	switch {
	case v != v:
		return to
	case v == 0:
		return append(to, '0') // also for a negative zero
	case math.IsInf(v, 1):
		return append(to, "INF"...)
	case math.IsInf(v, -1):
		return append(to, "-INF"...)
	}
	// Plain digits as far as they stay readable; money never gets an exponent, as no book holds $1e21.
	if a := math.Abs(v); a < 1e-6 || a >= 1e21 {
		return strconv.AppendFloat(to, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(to, v, 'f', -1, 64)
}

// parseNumber reads what appendNumber wrote.
func parseNumber(s string) (float64, error) {
	if s == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return v, nil
}

// appendText writes a text cell, guarded and quoted where needed. s must be clean.
func appendText(to []byte, s string) []byte {
	s = guard(s)
	if !strings.ContainsAny(s, ",\"\n") && strings.TrimSpace(s) == s {
		return append(to, s...)
	}
	to = append(to, '"')
	to = append(to, strings.ReplaceAll(s, `"`, `""`)...)
	return append(to, '"')
}

// clean makes text fit for every table: valid UTF-8, lines ended by a line feed alone, no NUL.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.ContainsAny(s, "\r\x00") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(s)
	}
	return s
}

// risky tells whether a spreadsheet might take the text for a formula, once any apostrophes before it are
// off.
func risky(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte("=+-@\t", s[0]) >= 0
}

// guard puts an apostrophe before text that a spreadsheet would run as a formula, so that a name in a
// scenario cannot act on the reader's machine. unguard takes exactly that apostrophe off again.
func guard(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if risky(s) && s[0] == '\'' {
		return s[1:]
	}
	return s
}

// parseMonth reads what unit.Month.String writes: 2026-04.
func parseMonth(s string) (unit.Month, error) {
	if len(s) == 7 && s[4] == '-' && strings.Trim(s[:4]+s[5:], "0123456789") == "" {
		year, _ := strconv.Atoi(s[:4])
		month, _ := strconv.Atoi(s[5:])
		if month >= 1 && month <= 12 {
			return unit.Date(year, month), nil
		}
	}
	return 0, fmt.Errorf("%q is not a month such as 2026-04", s)
}

// finite is a number in a JSON file; JSON has no NaN and no infinity, so those become null.
type finite float64

// MarshalJSON writes the number, or null when it is not finite.
func (f finite) MarshalJSON() ([]byte, error) {
	if v := float64(f); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(f), 'g', -1, 64), nil
}

// UnmarshalJSON reads a number; null becomes NaN.
func (f *finite) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*f = finite(math.NaN())
		return nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	*f = finite(v)
	return err
}
