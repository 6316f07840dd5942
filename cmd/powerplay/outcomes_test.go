package main

import (
	"slices"
	"strings"
	"testing"

	"powerplay/sim/effect"
	"powerplay/sim/measure"
	"powerplay/sim/record"
	"powerplay/sim/unit"
)

// tabled returns the runs of a result whose one outcome takes these values, the central run first.
func tabled(values ...float64) *record.RunTable {
	t := &record.RunTable{RunHead: record.RunHead{
		Columns:  []record.Column{{Entity: "xai", Metric: measure.Valuation.Def().Name, Unit: unit.DimUSD}},
		Outcomes: []record.Outcome{{Column: 0, Month: unit.Date(2032, 12)}},
	}}
	for i, x := range values {
		t.Rows = append(t.Rows, record.RunRow{Run: i, Outcomes: []float64{x}})
	}
	return t
}

// beside returns tables whose runs are those of several, one column each.
func beside(columns []record.Column, months []unit.Month, tables ...*record.RunTable) *record.RunTable {
	all := &record.RunTable{RunHead: record.RunHead{Columns: columns}}
	for i, t := range tables {
		all.Outcomes = append(all.Outcomes, record.Outcome{Column: i, Month: months[i]})
		for run, row := range t.Rows {
			if i == 0 {
				all.Rows = append(all.Rows, record.RunRow{Run: run})
			}
			all.Rows[run].Outcomes = append(all.Rows[run].Outcomes, row.Outcomes...)
		}
	}
	return all
}

func TestRunsThatEndAlikeSayNothingOfWhichIsHigher(t *testing.T) {
	central := []float64{5}
	alike := slices.Repeat([]float64{3}, 20) // both failed, say
	first := tabled(slices.Concat(central, alike, slices.Repeat([]float64{9}, 21))...)
	second := tabled(slices.Concat(central, alike, slices.Repeat([]float64{1}, 21))...)
	ours, _ := outcomesApart(first, second, []string{"xai"})
	if len(ours) != 1 {
		t.Fatalf("got %+v, want one difference", ours)
	}
	d := ours[0]
	if !d.clear || d.higher != 21 || d.runs != 41 || d.differ != 21 || d.by != 8 {
		t.Errorf("got %+v, want all of the 21 runs that differ", d)
	}
	if got := d.sentence(new(record.About)); !strings.Contains(got, "xai's valuation is higher in 100% of 21 runs that differ (85 to 100), by $8 in the median run; the medians of the two are $9 against $1") {
		t.Errorf("it says %q", got)
	}
	if got := d.sentence(&record.About{Design: "grid of 41 runs over 2 inputs"}); !strings.Contains(got, "in 100% of 21 runs that differ, by") {
		t.Errorf("of runs that are no sample it says %q", got)
	}
	if ours, others := outcomesApart(first, first, nil); len(ours)+len(others) > 0 {
		t.Errorf("a result differs from itself by %+v", others)
	}
}

// The median can be higher although most runs are lower. What most pairs do is the difference; the medians then are left
// out, for they would contradict it.
func TestTheDirectionIsThatOfMostPairs(t *testing.T) {
	xs, ys := []float64{0}, []float64{0}
	for i := range 30 {
		x := float64(100 + i)
		if i < 20 {
			xs, ys = append(xs, x), append(ys, x+2)
		} else {
			xs, ys = append(xs, x+100), append(ys, x-40)
		}
	}
	first, second := tabled(xs...), tabled(ys...)
	d := pairs(first, second, 0, 0)
	if d.x <= d.y || d.by != -2 || d.higher != 10 {
		t.Fatalf("got %+v, want a higher median and lower pairs", d)
	}
	d.column, d.clear = first.Columns[0], true
	if got, want := d.sentence(new(record.About)), "xai's valuation is lower in 67% of 30 runs (49 to 81), by $2 in the median run"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	d.clear = false
	if got := d.sentence(new(record.About)); strings.Contains(got, " is ") {
		t.Errorf("what may be chance is claimed: %q", got)
	}
	d.x = d.y
	if got := d.sentence(new(record.About)); strings.Contains(got, "medians") {
		t.Errorf("equal medians are told: %q", got)
	}
}

// Sixteen of twenty heads are rare, and no surprise among a hundred tries.
func TestWhatIsClearAloneIsChanceAmongMany(t *testing.T) {
	few := []apart{{higher: 16, differ: 20, runs: 20}}
	if clearOnes(few); !few[0].clear {
		t.Errorf("16 of 20 have chance %.3f", effect.SignTest(16, 20))
	}
	many := []apart{few[0]}
	for range 99 {
		many = append(many, apart{higher: 11, differ: 20, runs: 20})
	}
	if clearOnes(many); many[0].clear {
		t.Error("16 of 20 are clear among a hundred numbers")
	}
	if three := []apart{{higher: 3, differ: 3, runs: 3}}; true {
		if clearOnes(three); three[0].clear {
			t.Error("three of three runs are clear")
		}
	}
}

func TestFewerRunsThanTheFewestShowNothing(t *testing.T) {
	if effect.SignTest(fewestClear, fewestClear) > 0.05 || effect.SignTest(fewestClear-1, fewestClear-1) <= 0.05 {
		t.Errorf("%d runs are not the fewest that show a difference", fewestClear)
	}
}

// The end is told where it differs clearly, else the year that differs most; large differences come before those of firms
// too small to matter, which are told only of the parties.
func TestDifferencesAreToldOnceAndByTheirSize(t *testing.T) {
	early, late := unit.Date(2030, 12), unit.Date(2032, 12)
	capacity := func(firm string) record.Column {
		return record.Column{Entity: firm, Metric: measure.CapacityEnergised.Def().Name, Unit: unit.DimMW}
	}
	columns := []record.Column{capacity("google"), capacity("google"), capacity("mistral"), capacity("oracle"), capacity("oracle")}
	months := []unit.Month{early, late, late, early, late}
	runs := func(x float64) *record.RunTable { return tabled(slices.Repeat([]float64{x}, 41)...) }
	first := beside(columns, months, runs(9000), runs(10000), runs(6), runs(3000), runs(5000))
	second := beside(columns, months, runs(8000), runs(9900), runs(10), runs(1000), runs(5000))
	var got []string
	_, others := outcomesApart(first, second, nil)
	for _, d := range others {
		got = append(got, d.column.Entity+" "+d.month.String())
	}
	if want := []string{"oracle 2030-12", "google 2032-12"}; !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
	}
	if ours, _ := outcomesApart(first, second, []string{"mistral"}); len(ours) != 1 || ours[0].by != -4 {
		t.Errorf("of a small party %+v is told", ours)
	}
}

func TestAFirmThatLeftHasNoCapability(t *testing.T) {
	first, second := tabled(100, 120, 0, 130), tabled(100, 110, 125, 120)
	first.Columns[0].Metric, second.Columns[0].Metric = "capability", "capability"
	if d := pairs(first, second, 0, 0); d.runs != 2 || d.by != 10 {
		t.Errorf("got %+v, want two runs in which both have a model", d)
	}
}

func TestNamesOfSeveralFirmsAndMeasuresAreWrittenAsWords(t *testing.T) {
	d := apart{column: record.Column{Entity: "other-labs", Metric: "capability", Unit: unit.DimPoints}, x: 2, y: 1, by: 1, higher: 1, differ: 1, runs: 1}
	if got := d.sentence(&record.About{Entities: []record.Entity{{Key: "other-labs", Label: "Other labs"}}}); got != "Other labs' capability is higher: 2 points against 1 points" {
		t.Errorf("it says %q", got)
	}
	d.column = record.Column{Entity: "world", Metric: "hhi", Unit: unit.None}
	if got := d.sentence(new(record.About)); !strings.HasPrefix(got, "HHI is higher") {
		t.Errorf("it says %q", got)
	}
	d.column.Metric = "rent"
	if got := d.sentence(new(record.About)); !strings.HasPrefix(got, "Rent is higher") {
		t.Errorf("it says %q", got)
	}
}
