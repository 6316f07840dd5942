package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// Ownership shows who owns one company over time, as parts of the whole, and the rounds that dilute.
type Ownership struct {
	Start   unit.Month // of the first value
	Holders []Series   // shares of the company, in order of declaration; one with key "other" is drawn on top
	Rest    string     // who holds what the holders do not, on top; empty is "Other investors, staff"
	Focus   string     // key of the holder at the bottom; empty keeps the order
	Rounds  []Dilution // the five that dilute most are named
}

// Dilution is a round by which those who do not buy own less.
type Dilution struct {
	Month unit.Month
	Name  string  // as printed beside the dilution; may be empty
	New   float64 // new shares as a part of all after the round, from 0 to 1
}

// ownershipBody is a stacked area with marks.
type ownershipBody struct {
	*areaBody
	rounds []Dilution
}

// Figure checks that the holders own no more than the whole in any month; missing shares count as zero.
func (o Ownership) Figure(w Words) (*Figure, error) {
	months, err := checkSeries(o.Holders)
	if err != nil {
		return nil, err
	}
	a := Area{Start: o.Start, Unit: unit.DimShare, Focus: o.Focus, Total: make([]float64, months)}
	known := make([]float64, months)
	for t := range months {
		a.Total[t] = 1
		for _, s := range o.Holders {
			if v := s.Values[t]; !math.IsNaN(v) {
				known[t] += v
			}
		}
		if known[t] > 1+1e-9 {
			return nil, fmt.Errorf("plot: the holders own %.4g of the company at %v, more than all of it", known[t], o.Start+unit.Month(t))
		}
	}
	a.Series = slices.Clone(o.Holders)
	if !slices.ContainsFunc(a.Series, func(s Series) bool { return strings.EqualFold(s.Key, "other") }) {
		rest := Series{Key: "other", Label: cmp.Or(o.Rest, "Other investors, staff"), Values: make([]float64, months)}
		a.Series = append(a.Series, rest)
	}
	if a.Events, err = o.events(months); err != nil {
		return nil, err
	}
	f, err := a.Figure(w)
	if err != nil {
		return nil, err
	}
	f.body = &ownershipBody{f.body.(*areaBody), o.Rounds}
	return f, nil
}

// events names the rounds that dilute most, in order of time.
func (o Ownership) events(months int) ([]Event, error) {
	last := o.Start + unit.Month(months-1)
	for _, r := range o.Rounds {
		if !(r.New >= 0 && r.New <= 1) || r.Month < o.Start || r.Month > last {
			return nil, fmt.Errorf("plot: round %q sells %g of the company in %v; want 0 to 1 from %v to %v", r.Name, r.New, r.Month, o.Start, last)
		}
	}
	largest := slices.Clone(o.Rounds)
	slices.SortStableFunc(largest, func(x, y Dilution) int { return cmp.Compare(y.New, x.New) })
	largest = largest[:min(maxEvents, len(largest))]
	slices.SortStableFunc(largest, func(x, y Dilution) int { return cmp.Compare(x.Month, y.Month) })
	var events []Event
	for _, r := range largest {
		words := strings.Fields(shorten(r.Name))
		name := strings.Join(words[:min(maxEventWords-1, len(words))], " ")
		events = append(events, Event{r.Month, strings.TrimSpace(name + " " + dilution(r.New))})
	}
	return events, nil
}

// dilution prints how much less those own who do not buy: "−12%".
func dilution(part float64) string {
	text := scale{factor: 100, suffix: "%"}.value(part, 0)
	if part == 0 {
		return text
	}
	return "−" + strings.TrimPrefix(text, "<")
}

func (b *ownershipBody) kind() string { return "Stacked area chart of ownership" }

func (b *ownershipBody) notes() []string {
	notes := b.areaBody.notes()
	switch n := len(b.rounds); {
	case n > maxEvents:
		notes = append(notes, fmt.Sprintf("Dotted: the %d of %d rounds that dilute most, and by how much.", maxEvents, n))
	case n > 0:
		notes = append(notes, "Dotted: rounds, and how much they dilute.")
	}
	return notes
}

func (b *ownershipBody) rows() []Row {
	rows := b.areaBody.rows()
	for _, r := range b.rounds {
		rows = append(rows, Row{"round", oneLine(cmp.Or(r.Name, "round")), r.Month.String(), r.New, unit.DimShare, "dilution"})
	}
	return rows
}

func (b *ownershipBody) summary() string {
	text := b.areaBody.summary()
	var parts []string
	for _, r := range b.rounds {
		parts = append(parts, fmt.Sprintf("%s in %v (%s)", oneLine(cmp.Or(r.Name, "one")), r.Month, dilution(r.New)))
	}
	if len(parts) > 0 {
		text += " Rounds: " + strings.Join(parts, "; ") + "."
	}
	return text
}
