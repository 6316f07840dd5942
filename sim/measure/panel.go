package measure

import (
	"math"

	"powerplay/sim/id"
	"powerplay/sim/unit"
)

// Column is one measured number: a measure of an entity, and of its counterpart for a pair measure.
type Column struct {
	Measure ID
	Of      uint16  // index of the firm or region; 0 for the world
	With    id.Firm // counterpart of a pair measure, else id.None
}

// Layout is the order of all columns of a model. It is made once and shared by all runs.
type Layout struct {
	Columns []Column
	firms   int
	regions int
	start   [count]int         // first column of each measure
	pairs   map[[2]id.Firm]int // place of each pair within a pair measure
}

// NewLayout lists the columns of a model with so many firms and regions: each measure in the order of
// [All], and within it each entity in the order of the model. Pair measures exist for the given pairs only.
func NewLayout(firms, regions int, pairs [][2]id.Firm) *Layout {
	l := &Layout{firms: firms, regions: regions, pairs: map[[2]id.Firm]int{}}
	for i, d := range All() {
		m := ID(i)
		l.start[m] = len(l.Columns)
		switch d.Scope {
		case World:
			l.Columns = append(l.Columns, Column{m, 0, id.None})
		case Firm:
			for f := range firms {
				l.Columns = append(l.Columns, Column{m, uint16(f), id.None})
			}
		case Region:
			for r := range regions {
				l.Columns = append(l.Columns, Column{m, uint16(r), id.None})
			}
		case Pair:
			for k, p := range pairs {
				l.pairs[p] = k
				l.Columns = append(l.Columns, Column{m, uint16(p[0]), p[1]})
			}
		}
	}
	return l
}

// Find returns the place of a column; ok is false for a pair that no contract joins.
func (l *Layout) Find(c Column) (col int, ok bool) {
	switch All()[c.Measure].Scope {
	case World:
		return l.start[c.Measure], true
	case Firm:
		return l.start[c.Measure] + int(c.Of), int(c.Of) < l.firms
	case Region:
		return l.start[c.Measure] + int(c.Of), int(c.Of) < l.regions
	default:
		k := l.Pair(id.Firm(c.Of), c.With)
		return l.Of(c.Measure, k), k >= 0
	}
}

// Pair returns the place of a pair of firms within each pair measure, for [Layout.Of]; -1 for a pair that no contract
// joins.
func (l *Layout) Pair(of, with id.Firm) int {
	if k, ok := l.pairs[[2]id.Firm{of, with}]; ok {
		return k
	}
	return -1
}

// Of returns the place of a world measure, or of the measure of firm, region or pair number i.
func (l *Layout) Of(m ID, i int) int { return l.start[m] + i }

// Panel holds the measures at the close of the last months: what everyone in the model may know.
type Panel struct {
	Layout *Layout
	month  unit.Month // the last closed month
	first  unit.Month // for what was before it stands the state at its close
	frames [Memory][]float64
}

// Memory is the number of closed months that a panel remembers: three years, the window of circular share.
const Memory = 37

// NewPanel returns a panel without a closed month.
func NewPanel(l *Layout) *Panel {
	p := &Panel{Layout: l, first: math.MinInt32}
	for i := range p.frames {
		p.frames[i] = make([]float64, len(l.Columns))
	}
	return p
}

// Open returns the frame of month t for writing and makes it the last closed month. The frame keeps the
// values of the month that it overwrites: the writer sets every column.
func (p *Panel) Open(t unit.Month) []float64 {
	p.month = t
	return p.frames[slot(t)]
}

// Fill makes a frame that of month t and of all months before it, as the history of a model that starts then.
func (p *Panel) Fill(t unit.Month, frame []float64) {
	p.first = t
	copy(p.Open(t), frame)
}

// slot is the frame that month t is kept in; months before 2000 are negative.
func slot(t unit.Month) int { return (int(t)%Memory + Memory) % Memory }

// Month is the last closed month.
func (p *Panel) Month() unit.Month { return p.month }

// At returns a column's value at the close of the last month.
func (p *Panel) At(col int) float64 { return p.frames[slot(p.month)][col] }

// Lag returns a column's value lag months before the last close; lag must lie in 0 to Memory-1.
func (p *Panel) Lag(col, lag int) float64 {
	return p.frames[slot(max(p.first, p.month-unit.Month(lag)))][col]
}

// Frame returns all columns at the close of the last month; it must not be kept or changed.
func (p *Panel) Frame() []float64 { return p.frames[slot(p.month)] }

// Condition tells whether something holds at the close of the last month. It neither allocates nor changes
// anything.
type Condition func(*Panel) bool

// Test is a condition with the words of its author.
type Test struct {
	Text  string
	Holds Condition
}
