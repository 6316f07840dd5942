package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// maxLines is how many rows a heat map, a tornado or a table of ranges takes.
const maxLines = 12

// maxParties is how many rows, and how many columns, a matrix takes: what fits on profile report below two lines of title.
const maxParties = 10

// Matrix is a table of amounts that go from one party to another: who pays whom, who uses whose capacity. Unlike a
// flow diagram it can show money that goes round in a circle.
type Matrix struct {
	Unit       unit.Dimension
	At         unit.Month  // of the amounts, or the last month of their period
	From, To   string      // what rows and columns are: "Payer", "Payee"
	Rows, Cols []Party     // in any order; one with key "other" is drawn last, a column [Own] holds what rows have of themselves
	Amounts    [][]float64 // Amounts[i][j] goes from Rows[i] to Cols[j]; 0 and NaN leave the cell blank
	Note       string      // stands below the table, as the share that goes round in a circle; may be empty
}

// Own is the key of a column of what each row has of its own, which no title takes for another party.
const Own = "own"

// Amount is what goes from one party to another, by their keys; 0 where either is none of them.
func (m Matrix) Amount(from, to string) float64 {
	i := slices.IndexFunc(m.Rows, func(p Party) bool { return p.Key == from })
	j := slices.IndexFunc(m.Cols, func(p Party) bool { return p.Key == to })
	if i < 0 || j < 0 {
		return 0
	}
	return m.Amounts[i][j]
}

// Party is one row or column of a matrix.
type Party struct {
	Key, Label string // as in Series
}

func (p Party) label() string { return Series{Key: p.Key, Label: p.Label}.label() }

// matrixLine is a row or a column as drawn.
type matrixLine struct {
	Party
	folded []string // labels of the parties that "other" holds
}

// inData is the label with all parties it stands for.
func (l matrixLine) inData() string {
	if len(l.folded) == 0 {
		return l.label()
	}
	return l.label() + " (with " + strings.Join(l.folded, ", ") + ")"
}

// matrixBody is a Matrix checked, sorted and folded.
type matrixBody struct {
	Matrix
	lines, columns []matrixLine
	cells          [][]float64 // with totals in one more row and one more column
	most           float64     // largest amount that is no total
	print          printer
}

// Figure checks the amounts, which must not be negative, and sorts rows and columns by their totals. Parties without
// any amount are left out. Beyond ten the smallest are folded into "Other", so that totals hold.
func (m Matrix) Figure(w Words) (*Figure, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	rowSums, colSums := make([]float64, len(m.Rows)), make([]float64, len(m.Cols))
	for i, line := range m.Amounts {
		for j, v := range line {
			if v > 0 {
				rowSums[i] += v
				colSums[j] += v
			}
		}
	}
	b := &matrixBody{Matrix: m}
	var rowAt, colAt []int
	b.lines, rowAt = fold(m.Rows, rowSums)
	b.columns, colAt = fold(m.Cols, colSums)
	if len(b.lines) == 0 {
		return nil, fmt.Errorf("plot: %d × %d parties without an amount: %w", len(m.Rows), len(m.Cols), ErrNoData)
	}
	rows, cols := len(b.lines), len(b.columns)
	b.cells = make([][]float64, rows+1)
	for i := range b.cells {
		b.cells[i] = make([]float64, cols+1)
	}
	for i, line := range m.Amounts {
		for j, v := range line {
			if v > 0 {
				b.cells[rowAt[i]][colAt[j]] += v
			}
		}
	}
	for i := range rows {
		for j := range cols {
			v := b.cells[i][j]
			b.most = max(b.most, v)
			b.cells[i][cols] += v
			b.cells[rows][j] += v
			b.cells[rows][cols] += v
		}
	}
	if b.cells[rows][cols] > 1e300 {
		return nil, fmt.Errorf("plot: the amounts add to more than 1e300; they cannot be drawn")
	}
	b.print = printerFor(m.Unit, b.most)
	return newFigure(w, b)
}

func (m Matrix) check() error {
	for _, side := range [][]Party{m.Rows, m.Cols} {
		seen := map[string]bool{}
		for _, p := range side {
			if seen[p.Key] || p.Key == "total" {
				return fmt.Errorf("plot: key %q names two rows or columns of a matrix", p.Key)
			}
			seen[p.Key] = true
		}
	}
	if len(m.Amounts) != len(m.Rows) {
		return fmt.Errorf("plot: %d rows of amounts for %d parties", len(m.Amounts), len(m.Rows))
	}
	for i, line := range m.Amounts {
		if len(line) != len(m.Cols) {
			return fmt.Errorf("plot: row %q has %d amounts for %d columns", m.Rows[i].Key, len(line), len(m.Cols))
		}
		for j, v := range line {
			if v < 0 || v > 1e300 {
				return fmt.Errorf("plot: %g goes from %q to %q; a matrix takes no negative and no infinite amounts", v, m.Rows[i].Key, m.Cols[j].Key)
			}
		}
	}
	return nil
}

// fold sorts parties by their sums, the largest first and "other" last, and tells for each the line it went to. Those
// without a sum have none.
func fold(parties []Party, sums []float64) (lines []matrixLine, at []int) {
	other := matrixLine{Party: Party{"other", "Other"}}
	hasOther := false
	var order []int
	for i, p := range parties {
		switch {
		case sums[i] == 0:
		case strings.EqualFold(p.Key, "other"):
			other.Label, hasOther = p.label(), true
		default:
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(sums[j], sums[i]) })
	slots := maxParties
	if hasOther || len(order) > maxParties {
		slots--
	}
	at = make([]int, len(parties)) // "other" where nothing else is said
	for i := range at {
		at[i] = min(len(order), slots)
	}
	for k, i := range order {
		if k < slots {
			at[i] = k
			lines = append(lines, matrixLine{Party: parties[i]})
		} else {
			other.folded = append(other.folded, parties[i].label())
		}
	}
	if hasOther || len(other.folded) > 0 {
		lines = append(lines, other)
	}
	return lines, at
}

func (b *matrixBody) kind() string { return "Matrix" }

// notes say why printed numbers may not add up to their total.
func (b *matrixBody) notes() []string {
	printed := func(v float64) float64 {
		return math.Round(v * b.print.scale.factor * math.Pow(10, float64(b.print.decimals)))
	}
	last := len(b.columns)
	for _, line := range b.cells {
		sum := 0.0
		for _, v := range line[:last] {
			sum += printed(v)
		}
		if sum != printed(line[last]) {
			return []string{"Totals are of numbers before rounding."}
		}
	}
	return nil
}

// Limits of a cell in points; wider and higher ones only push names and numbers apart. A wide cell may be a square.
const (
	widestCell  = 100.0
	highestCell = 50.0
	totalGap    = 4.0 // between the cells and their totals
)

func (b *matrixBody) draw(s *sheet, r Rect) error {
	size := s.profile.LabelSize
	line := leading * size
	st := typeStyle{size: size, color: muted}
	note, cut := s.fonts.balance(typographic(oneLine(b.Note)), st, r.width(), 2)
	if cut {
		s.warn("note is cut on profile %s: %q", s.profile.Name, b.Note)
	}
	rows, cols := len(b.lines), len(b.columns)
	var lineNames, colNames []string
	for _, l := range b.lines {
		lineNames = append(lineNames, l.label())
	}
	for _, l := range b.columns {
		colNames = append(colNames, shorten(l.label()))
	}
	names := s.newRowNames(append(lineNames, "Total"), rows, 0, s.w/4)
	from := s.fit(shorten(b.From), st, s.w/4)
	x0 := r.X0 + max(names.width, s.fonts.width(from, st)) + 6
	w := min((r.X1-x0-totalGap)/float64(cols+1), widestCell)
	var numbers []string
	for i := range b.cells {
		for j := range b.cells[i] {
			numbers = append(numbers, b.number(i, j))
		}
	}
	numberSize, err := s.numberSize(numbers, w)
	if err != nil {
		return err
	}
	top := s.newHeads(append(colNames, "Total"), w, 2)
	y1 := r.Y1 - line - top.height()
	bottom := max(r.Y0+6, bottomMin-line) + line*float64(len(note))
	h := min((y1-bottom-totalGap)/float64(rows+1), max(w, highestCell))
	if h < line {
		return fmt.Errorf("%d rows would be too close to read; use profile %s", rows, s.larger())
	}

	s.text("axis", s.fit(b.print.scale.named(shorten(b.To)), st, r.X1-x0), st, alignLeft, x0, r.Y1-ascent*size)
	s.text("axis", from, st, alignRight, x0-6, y1+2+descent*size)
	// The totals stand a little apart.
	x := func(j int) float64 { return x0 + w*float64(j) + totalGap*float64(j/cols) }
	y := func(i int) float64 { return y1 - h*float64(i) - totalGap*float64(i/rows) }
	for j := range cols + 1 {
		top.set(s, j, x(j)+w/2, y1)
	}
	for i := range rows + 1 {
		names.set(s, i, x0-6, y(i)-h/2)
		if i > 0 {
			s.stroke(pen{width: 0.6, color: gridGrey, crisp: true}, pt{x0, y(i)}, pt{x(cols) + w, y(i)}) // leads the eye over blank cells
		}
		for j := range cols + 1 {
			if v := b.cells[i][j]; v > 0 {
				tint := shadeGrey
				if i < rows && j < cols {
					tint = sequential().at(v / b.most)
				}
				s.cell(Rect{x(j), y(i) - h, x(j) + w, y(i)}, tint, b.number(i, j), numberSize)
			}
		}
	}
	for k, text := range note {
		s.text("note", text, st, alignLeft, r.X0, y(rows)-h-3-line*float64(k+1))
	}
	return nil
}

// number prints the amount of a cell without its unit; nothing prints nothing.
func (b *matrixBody) number(i, j int) string {
	if b.cells[i][j] == 0 {
		return ""
	}
	return b.print.bare(b.cells[i][j])
}

// rows name the payer as series and the payee as band; "total" stands for all of them.
func (b *matrixBody) rows() []Row {
	total := matrixLine{Party: Party{"total", "Total"}}
	var rows []Row
	for i, from := range append(slices.Clone(b.lines), total) {
		for j, to := range append(slices.Clone(b.columns), total) {
			if v := b.cells[i][j]; v > 0 {
				rows = append(rows, Row{from.Key, from.inData() + " to " + to.inData(), b.At.String(), v, b.Unit, to.Key})
			}
		}
	}
	return rows
}

func (b *matrixBody) summary() string {
	total := len(b.columns)
	var parts []string
	for i, from := range b.lines {
		to := slices.Index(b.cells[i], slices.Max(b.cells[i][:total]))
		parts = append(parts, fmt.Sprintf("%s %s, the largest part, %s, to %s", from.label(), b.print.full(b.cells[i][total]),
			b.print.full(b.cells[i][to]), b.columns[to].label()))
	}
	text := fmt.Sprintf("Total %s. By %s: %s.", b.print.full(b.cells[len(b.lines)][total]), cmp.Or(strings.ToLower(oneLine(b.From)), "row"), strings.Join(parts, "; "))
	if note := oneLine(b.Note); note != "" {
		text = sentence(text, note)
	}
	return text
}
