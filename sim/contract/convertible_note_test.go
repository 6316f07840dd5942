package contract

import (
	"math"
	"slices"
	"testing"

	"powerplay/sim/unit"
)

func TestANoteConvertsAtTheCheaperOfDiscountAndCap(t *testing.T) {
	round := Round{Company: lab, PreMoney: unit.Dollars(1000), Raised: unit.Dollars(200)}
	tests := []struct {
		name   string
		change func(*ConvertibleNote)
		want   float64
	}{
		{"at the round's price", func(*ConvertibleNote) {}, 1000},
		{"a fifth below it", func(c *ConvertibleNote) { c.Discount = 0.2 }, 800},
		{"at a cap below it", func(c *ConvertibleNote) { c.ValuationCap = unit.Dollars(600) }, 600},
		{"a cap above it does nothing", func(c *ConvertibleNote) { c.ValuationCap = unit.Dollars(2000) }, 1000},
		{"the discount when it is cheaper than the cap", func(c *ConvertibleNote) { c.Discount, c.ValuationCap = 0.5, unit.Dollars(600) }, 500},
		{"not in a round that is too small", func(c *ConvertibleNote) { c.MinRound = unit.Dollars(201) }, 0},
		{"in one just large enough", func(c *ConvertibleNote) { c.MinRound = unit.Dollars(200) }, 1000},
		{"not in another company's", func(c *ConvertibleNote) { c.Company = rival }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := but(goodNote(), tt.change).Conversion(round); got != unit.Dollars(tt.want) {
				t.Errorf("converts at $%v, want $%v", got.Dollars(), tt.want)
			}
		})
	}
}

// moves runs a note for some months as if all that it asks for were done.
func moves(c *ConvertibleNote, s *State, from unit.Month, months int) (all []Loan, at []int) {
	for k := range months {
		var out Dues
		c.Test(Now{Month: from + unit.Month(k), Contract: 4, Told: true}, s, &out)
		for _, l := range out.Loans {
			switch l.Move {
			case Lend, Capitalise:
				s.Owed += l.Amount
			case Repay, Convert:
				s.Owed -= l.Amount
			}
			all, at = append(all, l), append(at, k)
		}
	}
	return all, at
}

func TestANoteIsDrawnBearsInterestAndFallsDue(t *testing.T) {
	// $100 in January at 12 % a year: $1 of interest in February. $101 are due in March with $1.01 of that month's.
	note := func(end string) *ConvertibleNote {
		return &ConvertibleNote{
			Investor: cloud, Company: lab, Draws: []Draw{{start, unit.Dollars(100)}}, Interest: 0.12, OwnershipCap: 1,
			Matures: start + 2, AtMaturity: end, ValuationCap: unit.Dollars(500),
		}
	}
	begin := []Loan{{Lend, 100_00, 0, 4}, {Capitalise, 1_00, 0, 4}, {Capitalise, 1_01, 0, 4}}
	for end, last := range map[string][]Loan{
		"repay": {{Repay, 102_01, 0, 4}}, "convert": {{Convert, 102_01, unit.Dollars(500), 4}}, "roll": {{Capitalise, 1_02, 0, 4}},
	} {
		var s State
		got, at := moves(note(end), &s, start, 4)
		if want := append(slices.Clone(begin), last...); !slices.Equal(got, want) {
			t.Errorf("%s: asks for %+v, want %+v", end, got, want)
		}
		if at[0] != 0 || at[1] != 1 || at[2] != 2 {
			t.Errorf("%s: asks in months %v", end, at)
		}
	}
}

func TestANoteOlderThanTheRunIsStillOwed(t *testing.T) {
	c := goodNote() // $100 a year before the run begins and $50 half a year before
	c.Interest = 0.12
	var s State
	c.Open(start+12, &s)
	want := 100*math.Pow(1.01, 12) + 50*math.Pow(1.01, 6)
	if got := s.Owed.Dollars(); math.Abs(got-want) > 0.011 || s.Paid != unit.Dollars(150) {
		t.Errorf("opens with $%v owed and $%v paid, want $%.2f and $150", got, s.Paid.Dollars(), want)
	}
	if got, _ := moves(c, &s, start+13, 2); len(got) != 2 || got[0].Move != Capitalise || got[1].Move != Capitalise {
		t.Errorf("goes on with %+v, want interest alone", got)
	}
}

func TestAShareOfANoteIsOpenUntilItsDraw(t *testing.T) {
	c := goodNote()
	var s State
	c.Open(start+3, &s)
	got, at := moves(c, &s, start+4, 6)
	if s.Paid != unit.Dollars(100) || len(got) != 1 || got[0] != (Loan{Lend, unit.Dollars(50), 0, 4}) || at[0] != 2 {
		t.Errorf("opens with $%v paid and asks for %+v in months %v, want $100 and the second payment in July", s.Paid.Dollars(), got, at)
	}
}
