package scenarios

import (
	"testing"

	"powerplay/sim/unit"
)

func TestWhatHappensToAFirmIsRead(t *testing.T) {
	for text, want := range map[string]struct {
		kind string
		by   unit.Month
	}{
		"openai defaults":                           {"default", 0},
		"openai defaults by 2029":                   {"default", unit.Date(2029, 12)},
		"openai is rescued by 2030-06":              {"rescue", unit.Date(2030, 6)},
		"openai fails to raise a round by  2030-06": {"round-failed", unit.Date(2030, 6)},
	} {
		e, faults := parseStatement(text, toyNames)
		if e == nil || e.happens == nil || e.happens.Kind != want.kind || e.happens.Firm != 0 || e.By != want.by {
			t.Errorf("%s: %+v %v, want %+v", text, e, faults, want)
		}
	}
}

func TestWhatCannotHappenIsRefusedAtItsPlace(t *testing.T) {
	for text, want := range map[string]struct {
		code           string
		offset, length int
	}{
		"opanai defaults by 2029":                      {"E402", 0, 6},
		"openai defaults in 2029":                      {"E314", 16, 7},
		"openai defaults by then":                      {"E308", 16, 7},
		"openai defaults by 2029 and openai.cash > $0": {"E308", 16, 28},
		"openai.defaulted by 2029":                     {"E403", 7, 9},
		"openai explodes by 2029":                      {"E314", 0, 6},
	} {
		_, faults := parseStatement(text, toyNames)
		if len(faults) != 1 || faults[0].Code != want.code || faults[0].Offset != want.offset || faults[0].Length != want.length {
			t.Errorf("%s: %+v, want one %+v", text, faults, want)
		}
	}
}
