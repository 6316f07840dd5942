// Package unit gives the model's quantities as types, so that power is not added to money and a stock is
// not taken for a flow.
//
// Money is [USD], whole cents. Everything else is a float64 in the unit that the type's comment names; a
// bare float64 in the model is a number without a unit. [Of] tells the [Dimension] of a type, which is how
// scenario files, tables and charts know what a number means.
package unit

import (
	"fmt"
	"math"
	"reflect"
)

// Quantities of the model. The comment gives the unit in which the number is held.
type (
	// USD is an amount of money in whole cents, nominal US dollars.
	USD int64
	// USDPerYear is a run rate in dollars a year: a month's amount times twelve, not booked revenue.
	USDPerYear float64
	// MW is facility power in megawatts: chips, servers, cooling and losses at peak.
	MW float64
	// MWIT is the power of IT equipment alone, in megawatts; see [MW.IT].
	MWIT float64
	// H100e is compute in units of one Nvidia H100's dense 8-bit throughput.
	H100e float64
	// H100ePerMW is the compute of a cohort of chips per facility megawatt.
	H100ePerMW float64
	// Rent is the price of rented compute in dollars per gigawatt (facility) and year.
	Rent float64
	// USDPerMW is a cost of building, in dollars per facility megawatt.
	USDPerMW float64
	// USDPerMWh is a price of energy.
	USDPerMWh float64
	// Month counts months since January 2000, which is month 0.
	Month int32
	// Months is a duration in months; a fraction is allowed where a delay is drawn.
	Months float64
	// Rate is a proportional change a year: 0.4 is 40 % a year.
	Rate float64
	// Hazard is an expected number of events a month.
	Hazard float64
	// Share is a fraction, 0 to 1.
	Share float64
	// Points is a capability on the Epoch Capabilities Index (ECI).
	Points float64
)

// Dimension says what a number measures and in which unit it is written in tables.
type Dimension string

// The dimensions of all quantities, spelled as in the unit column of every table.
const (
	None          Dimension = "1"
	DimUSD        Dimension = "USD"
	DimUSDPerYear Dimension = "USD/yr"
	DimMW         Dimension = "MW"
	DimMWIT       Dimension = "MW IT"
	DimH100e      Dimension = "H100e"
	DimH100ePerMW Dimension = "H100e/MW"
	DimRent       Dimension = "USD/GW-yr"
	DimUSDPerMW   Dimension = "USD/MW"
	DimUSDPerMWh  Dimension = "USD/MWh"
	DimMonth      Dimension = "date"
	DimMonths     Dimension = "months"
	DimRate       Dimension = "1/yr"
	DimHazard     Dimension = "1/month"
	DimShare      Dimension = "share"
	DimPoints     Dimension = "ECI points"
	DimCount      Dimension = "count"
)

var dimensions = map[reflect.Type]Dimension{
	reflect.TypeFor[USD]():        DimUSD,
	reflect.TypeFor[USDPerYear](): DimUSDPerYear,
	reflect.TypeFor[MW]():         DimMW,
	reflect.TypeFor[MWIT]():       DimMWIT,
	reflect.TypeFor[H100e]():      DimH100e,
	reflect.TypeFor[H100ePerMW](): DimH100ePerMW,
	reflect.TypeFor[Rent]():       DimRent,
	reflect.TypeFor[USDPerMW]():   DimUSDPerMW,
	reflect.TypeFor[USDPerMWh]():  DimUSDPerMWh,
	reflect.TypeFor[Month]():      DimMonth,
	reflect.TypeFor[Months]():     DimMonths,
	reflect.TypeFor[Rate]():       DimRate,
	reflect.TypeFor[Hazard]():     DimHazard,
	reflect.TypeFor[Share]():      DimShare,
	reflect.TypeFor[Points]():     DimPoints,
	reflect.TypeFor[float64]():    None,
	reflect.TypeFor[int]():        DimCount,
}

// Of returns the dimension of a quantity's Go type; ok is false if the type is no quantity.
func Of(t reflect.Type) (d Dimension, ok bool) {
	d, ok = dimensions[t]
	return d, ok
}

// maxUSD leaves room so that a sum of a thousand largest amounts still fits 64 bits.
const maxUSD = math.MaxInt64 / 1024

// TooMuchError is an amount that no book of this model may hold: money of a scenario has outgrown all bounds.
type TooMuchError struct{ Dollars float64 }

// Error implements error.
func (e *TooMuchError) Error() string {
	return fmt.Sprintf("%.3g dollars do not fit: books hold %.0f trillion at most", e.Dollars, float64(maxUSD)/100e12)
}

// Dollars returns an amount of money, rounded to the nearest cent, halves away from zero. It panics when
// the amount is not a number, and with a [*TooMuchError] when it exceeds ±$90 trillion.
func Dollars(x float64) USD { return cents(float64(x * 100)) }

func cents(c float64) USD {
	if !(math.Abs(c) <= maxUSD) {
		if math.IsNaN(c) {
			panic("unit: an amount of money is not a number")
		}
		panic(&TooMuchError{c / 100})
	}
	if c < 0 {
		return USD(c - belowHalf)
	}
	return USD(c + belowHalf)
}

// belowHalf is the number before one half. Adding it, with the sign of what it is added to, and cutting off what stands
// behind the point rounds to the nearest whole number, halves away from zero: the sum of n + ½ and it is rounded to
// n + 1, and that of any number below n + ½ stays below n + 1.
const belowHalf = 0.49999999999999994

// Dollars returns the amount in dollars.
func (a USD) Dollars() float64 { return float64(a) / 100 }

// Times returns a × x rounded to the nearest cent, halves away from zero. It panics when the product does not fit.
func (a USD) Times(x float64) USD { return cents(float64(float64(a) * x)) }

// Plus returns a + b. It panics when the sum does not fit.
func (a USD) Plus(b USD) USD {
	c := a + b
	if (a^c)&(b^c) < 0 { // the sum has neither sign
		panic(&TooMuchError{a.Dollars() + b.Dollars()})
	}
	return c
}

// PerMonth is the amount of one month at this run rate.
func (r USDPerYear) PerMonth() USD { return Dollars(float64(r) / 12) }

// Annualised is the run rate of one month's amount.
func (a USD) Annualised() USDPerYear { return USDPerYear(a.Dollars() * 12) }

// IT returns the IT power that a facility of this peak power feeds, with overhead = facility / IT.
func (p MW) IT(overhead float64) MWIT { return MWIT(float64(p) / overhead) }

// Facility returns the facility power that this IT power needs, with overhead = facility / IT.
func (p MWIT) Facility(overhead float64) MW { return MW(float64(p) * overhead) }

// ForMonth is the rent of a capacity for one month.
func (r Rent) ForMonth(p MW) USD { return Dollars(float64(r) / 12 * float64(p) / 1000) }

// Date returns the month of a year, counting January as 1.
func Date(year, month int) Month { return Month((year-2000)*12 + month - 1) }

// Year returns the calendar year, such as 2026.
func (m Month) Year() int { return 2000 + int(floorDiv(int32(m), 12)) }

// InYear returns the month of the year, 1 to 12.
func (m Month) InYear() int { return int(int32(m)-floorDiv(int32(m), 12)*12) + 1 }

// YearEnd reports whether the month is a December.
func (m Month) YearEnd() bool { return m.InYear() == 12 }

// Years returns the time from then to m in years; it is negative when m comes first.
func (m Month) Years(since Month) float64 { return float64(m-since) / 12 }

// After returns the month d later, with fractions rounded up: what takes 4.2 months is there in the fifth.
func (m Month) After(d Months) Month { return m + Month(math.Ceil(float64(d)-1e-9)) }

// String writes the month as in every table: 2026-04.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.InYear()) }

// Words writes the month as in a sentence: June 2032.
func (m Month) Words() string {
	names := [...]string{
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	}
	return fmt.Sprintf("%s %d", names[m.InYear()-1], m.Year())
}

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
