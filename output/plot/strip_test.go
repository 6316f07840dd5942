package plot

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"powerplay/sim/unit"
)

func sampleCauses() []Cause {
	return []Cause{{Key: "power", Label: "power"}, {Key: "chips", Label: "chips"}, {Key: "money", Label: "money"}, {Key: "demand", Label: "demand"}, {Key: none, Label: "nothing"}}
}

// sampleStrip has firms whose cause changes every year or so.
func sampleStrip() (*Figure, error) {
	causes := sampleCauses()
	b := Strip{Start: unit.Date(2026, 1), Causes: causes}
	for i, name := range []string{"Microsoft", "Amazon", "Google", "Meta", "Oracle", "CoreWeave", "xAI"} {
		r := rand.New(rand.NewPCG(3, uint64(i)))
		f := Bound{Key: strings.ToLower(name), Label: name}
		for len(f.By) < 84 {
			cause := causes[min(4, int(math.Abs(r.NormFloat64())*1.6+float64(i)/5))].Key
			for range 1 + r.IntN(22) {
				f.By = append(f.By, cause)
			}
		}
		f.By = f.By[:84]
		b.Firms = append(b.Firms, f)
	}
	for _, c := range causes {
		s := Series{Key: c.Key, Label: c.Label, Values: make([]float64, 84)}
		for _, f := range b.Firms {
			for t, key := range f.By {
				if key == c.Key {
					s.Values[t] += 1 / float64(len(b.Firms))
				}
			}
		}
		b.Share = append(b.Share, s)
	}
	return b.Figure(sampleWords("binding-strip", BindingTitle(b), "What binds each cloud's growth, month by month, 2026–2032. Above: share of all their capacity"))
}

func TestStripsOfOddFirmsHaveNoOverlaps(t *testing.T) {
	generated(t, 200, func(g generator) (*Figure, error) {
		months := []int{1, 2, 13, 85, 301}[g.IntN(5)]
		b := Strip{Start: unit.Date(2020+g.IntN(8), 1+g.IntN(12))}
		for i := range 1 + g.IntN(8) {
			b.Causes = append(b.Causes, Cause{Key: fmt.Sprint("c", i), Label: g.name()})
		}
		b.Causes = append(b.Causes, Cause{Key: none, Label: "nothing"})
		for i := range 1 + g.IntN(16) {
			f := Bound{Key: fmt.Sprint("f", i), Label: g.name(), By: make([]string, months)}
			cause := ""
			for m := range f.By {
				if g.IntN(6) == 0 {
					cause = b.Causes[g.IntN(len(b.Causes))].Key
				}
				f.By[m] = cause
			}
			b.Firms = append(b.Firms, f)
		}
		if g.IntN(2) == 0 {
			for _, c := range b.Causes {
				s := Series{Key: c.Key, Label: c.Label, Values: make([]float64, months)}
				for m := range s.Values {
					s.Values[m] = g.Float64() / float64(len(b.Causes))
				}
				b.Share = append(b.Share, s)
			}
		}
		return b.Figure(g.words())
	})
}

func TestStripsRefuseWhatIsNoCause(t *testing.T) {
	firm := func(by ...string) []Bound { return []Bound{{Key: "a", By: by}} }
	causes := []Cause{{Key: "power"}}
	for _, c := range []struct {
		name string
		b    Strip
		want string
	}{
		{"no firms", Strip{Causes: causes}, "nothing to draw"},
		{"no months", Strip{Causes: causes, Firms: firm()}, "nothing to draw"},
		{"an unknown cause", Strip{Causes: causes, Firms: firm("power", "chips")}, "no cause"},
		{"a cause twice", Strip{Causes: append(causes, causes...), Firms: firm("power")}, "two causes"},
		{"a firm twice", Strip{Causes: causes, Firms: append(firm("power"), firm("power")...)}, "two firms"},
		{"rows of unequal length", Strip{Causes: causes, Firms: append(firm("power"), Bound{Key: "b"})}, "0 months"},
		{"nine causes", Strip{Causes: []Cause{{Key: "1"}, {Key: "2"}, {Key: "3"}, {Key: "4"}, {Key: "5"}, {Key: "6"}, {Key: "7"}, {Key: "8"}, {Key: "9"}}, Firms: firm("1")}, "at most 8"},
		{"shares above the whole", Strip{Causes: causes, Firms: firm("power"), Share: []Series{one("power", 1.2)}}, "between 0 and 1"},
		{"the share of what is no cause", Strip{Causes: causes, Firms: firm("power"), Share: []Series{one("chips", 0.2)}}, "want that of a cause"},
	} {
		_, err := c.b.Figure(sampleWords("x", "A title", ""))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(c.want, "nothing") != errors.Is(err, ErrNoData) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func TestEachCauseHasALetterOfItsOwn(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ name, want string }{{"power", "P"}, {"Price", "R"}, {"pp", "1"}, {"电", "2"}, {"élan", "É"}} {
		got := letterFor(c.name, taken)
		if taken[got] = true; got != c.want {
			t.Errorf("%q has the letter %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBindingTitles(t *testing.T) {
	causes := sampleCauses()
	for i := range causes {
		causes[i].Label = strings.ToUpper(causes[i].Key[:1]) + causes[i].Key[1:]
	}
	for want, by := range map[string][]string{
		"Firms wait for power in 50% of months on average, for chips in 25%":   {"power", "power", "chips", none},
		"Firms wait for power and for chips, each in 40% of months on average": {"power", "chips", "chips", "power", none, ""},
		"Firms wait for money in 25% of months on average":                     {none, none, none, "money"},
		"": {none, ""},
	} {
		if got := BindingTitle(Strip{Causes: causes, Firms: []Bound{{Key: "a", By: by}}}); got != want {
			t.Errorf("%v: %q, want %q", by, got, want)
		}
	}
}
