package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"powerplay/sim/unit"
)

// What a reader can follow in a flow chart.
const (
	maxColumns     = 4
	maxColumnNodes = 12
	maxLinks       = 30
	smallPart      = 0.01 // links below this part of the whole are merged
)

// Sankey shows what flows one way between firms: power, chips or money. A node stands one column right of the last of
// those that supply it.
type Sankey struct {
	Unit    unit.Dimension
	Columns []string // headings, left to right; nil for none
	Nodes   []Node
	Flows   []Flow
}

// Node is a firm or place that a flow leaves or reaches.
type Node struct {
	Key, Label, Color string // as in Series; without a color only what sends something takes one of the palette
}

func (n Node) series() Series { return Series{Key: n.Key, Label: n.Label, Color: n.Color} }

// Flow is an amount that goes from one node to another, not negative, in the chart's unit.
type Flow struct {
	From, To string // keys
	Value    float64
}

// stage is a node with its column and what goes in and out.
type stage struct {
	Node
	column  int
	in, out float64
	hue     hue
	rest    bool // it stands for what is merged
}

func (n stage) size() float64 { return max(n.in, n.out) }

// terminal tells whether a flow begins or ends here.
func (n stage) terminal() bool { return n.in == 0 || n.out == 0 }

// link joins two stages.
type link struct {
	from, to int
	value    float64
}

// sankeyBody is a Sankey checked, put in columns and merged.
type sankeyBody struct {
	Sankey
	stages  []stage
	links   []link
	total   float64 // of what enters the chart
	columns int
	merged  bool
}

// Figure checks the flows: what goes into an inner node also goes out of it, and nothing comes back, for in a chart of
// flows a loop misleads. Amounts of zero are left out; so are nodes without a flow.
func (k Sankey) Figure(w Words) (*Figure, error) {
	b := &sankeyBody{Sankey: k}
	if err := b.collect(); err != nil {
		return nil, err
	}
	if err := b.place(); err != nil {
		return nil, err
	}
	b.sum()
	for _, n := range b.stages {
		if !n.terminal() && math.Abs(n.in-n.out) > 1e-6*n.size() {
			return nil, fmt.Errorf("plot: node %q takes in %s and gives out %s; in a flow chart both are equal", n.Key, Format(n.in, 0, k.Unit), Format(n.out, 0, k.Unit))
		}
	}
	b.mergeNodes()
	b.mergeLinks()
	if err := b.checkSize(); err != nil {
		return nil, err
	}
	if err := b.colour(); err != nil {
		return nil, err
	}
	return newFigure(w, b)
}

// collect reads nodes and flows; flows between the same two nodes are added.
func (b *sankeyBody) collect() error {
	at := map[string]int{}
	for i, n := range b.Nodes {
		if _, known := at[n.Key]; known {
			return fmt.Errorf("plot: key %q names two nodes", n.Key)
		}
		at[n.Key] = i
		b.stages = append(b.stages, stage{Node: n})
	}
	for _, f := range b.Flows {
		from, known := at[f.From]
		to, also := at[f.To]
		if !known || !also {
			return fmt.Errorf("plot: a flow from %q to %q, of which one is no node", f.From, f.To)
		}
		if !(f.Value >= 0 && f.Value <= 1e300) {
			return fmt.Errorf("plot: the flow from %q to %q is %g; turn what is negative round", f.From, f.To, f.Value)
		}
		if f.Value > 0 {
			b.links = append(b.links, link{from, to, f.Value})
		}
	}
	b.join()
	if len(b.links) == 0 {
		return fmt.Errorf("plot: %d flows, none above zero: %w", len(b.Flows), ErrNoData)
	}
	return nil
}

// join adds links between the same two stages.
func (b *sankeyBody) join() {
	var joined []link
	for _, l := range b.links {
		i := slices.IndexFunc(joined, func(o link) bool { return o.from == l.from && o.to == l.to })
		if i < 0 {
			joined = append(joined, l)
		} else {
			joined[i].value += l.value
		}
	}
	b.links = joined
}

// place puts each stage in the column that its longest way from a beginning asks for, and refuses a loop.
func (b *sankeyBody) place() error {
	done := make([]bool, len(b.stages))
	var path []int // from the stage asked for back to its suppliers
	var visit func(i int) error
	visit = func(i int) error {
		if k := slices.Index(path, i); k >= 0 {
			names := []string{b.stages[i].Key}
			for _, j := range slices.Backward(path[k:]) {
				names = append(names, b.stages[j].Key)
			}
			return fmt.Errorf("plot: %s is a loop, which a flow chart would hide; draw a matrix", strings.Join(names, " → "))
		}
		if done[i] {
			return nil
		}
		path = append(path, i)
		for _, l := range b.links {
			if l.to != i {
				continue
			}
			if err := visit(l.from); err != nil {
				return err
			}
			b.stages[i].column = max(b.stages[i].column, b.stages[l.from].column+1)
		}
		path = path[:len(path)-1]
		done[i] = true
		b.columns = max(b.columns, b.stages[i].column+1)
		return nil
	}
	for i := range b.stages {
		if err := visit(i); err != nil {
			return err
		}
	}
	return nil
}

// sum adds up what goes in and out of each stage.
func (b *sankeyBody) sum() {
	for i := range b.stages {
		b.stages[i].in, b.stages[i].out = 0, 0
	}
	for _, l := range b.links {
		b.stages[l.from].out += l.value
		b.stages[l.to].in += l.value
	}
	b.total = 0
	for _, n := range b.stages {
		if n.in == 0 {
			b.total += n.out
		}
	}
}

// other adds a stage for what is merged in a column.
func (b *sankeyBody) other(column int) int {
	b.merged = true
	key := fmt.Sprintf("other-%d", len(b.stages))
	b.stages = append(b.stages, stage{Node: Node{Key: key, Label: "Smaller flows"}, column: column, rest: true})
	return len(b.stages) - 1
}

// mergeNodes makes one of the small inner nodes of a column: in and out of it are equal, as they are of each.
func (b *sankeyBody) mergeNodes() {
	for column := range b.columns {
		var small []int
		for i, n := range b.stages {
			if n.column == column && !n.terminal() && n.size() < smallPart*b.total {
				small = append(small, i)
			}
		}
		if len(small) < 2 {
			continue
		}
		rest := b.other(column)
		for i, l := range b.links {
			if slices.Contains(small, l.from) {
				b.links[i].from = rest
			}
			if slices.Contains(small, l.to) {
				b.links[i].to = rest
			}
		}
	}
	b.join()
	b.sum()
}

// mergeLinks lets the small links that begin or end in a column do so in one node. Those between inner nodes stay: to move
// one would part what goes in from what goes out.
func (b *sankeyBody) mergeLinks() {
	for column := range b.columns {
		var ends, starts []int
		for i, l := range b.links {
			from, to := b.stages[l.from], b.stages[l.to]
			switch {
			case l.value >= smallPart*b.total:
			case to.out == 0 && to.column == column:
				ends = append(ends, i)
			case from.in == 0 && to.out > 0 && from.column == column:
				starts = append(starts, i)
			}
		}
		if len(ends) > 1 {
			rest := b.other(column)
			for _, i := range ends {
				b.links[i].to = rest
			}
		}
		if len(starts) > 1 {
			rest := b.other(column)
			for _, i := range starts {
				b.links[i].from = rest
			}
		}
	}
	b.join()
	b.sum()
}

func (b *sankeyBody) checkSize() error {
	nodes := make([]int, b.columns)
	for _, n := range b.stages {
		if n.size() > 0 {
			nodes[n.column]++
		}
	}
	switch most := slices.Max(nodes); {
	case b.columns > maxColumns:
		return fmt.Errorf("plot: the flows pass through %d columns; a flow chart takes at most %d", b.columns, maxColumns)
	case most > maxColumnNodes:
		return fmt.Errorf("plot: %d nodes in a column; a flow chart takes at most %d", most, maxColumnNodes)
	case len(b.links) > maxLinks:
		return fmt.Errorf("plot: %d flows; a flow chart takes at most %d", len(b.links), maxLinks)
	case len(b.Columns) > 0 && len(b.Columns) != b.columns:
		return fmt.Errorf("plot: %d headings for %d columns", len(b.Columns), b.columns)
	}
	return nil
}

// colour gives the palette to the largest stages that send something; a flow has the colour of where it comes from.
func (b *sankeyBody) colour() error {
	order := make([]int, 0, len(b.stages))
	series := make([]Series, len(b.stages))
	for i, n := range b.stages {
		series[i] = n.series()
		if n.out > 0 && !n.rest {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(b.stages[j].size(), b.stages[i].size()) })
	order = order[:min(maxBands, len(order))]
	colours, err := hues(series, func(i int) bool { return series[i].Color != "" || slices.Contains(order, i) })
	for i := range colours {
		b.stages[i].hue = colours[i]
	}
	return err
}

func (b *sankeyBody) kind() string { return "Flow chart (Sankey)" }

func (b *sankeyBody) notes() []string {
	if !b.merged {
		return nil
	}
	return []string{"Smaller flows: each below 1% of the whole, and left out of the totals of those who get them."}
}

// printer formats amounts with as many decimals as the largest node needs.
func (b *sankeyBody) printer() printer {
	largest := 0.0
	for _, n := range b.stages {
		largest = max(largest, n.size())
	}
	return printerFor(b.Unit, largest)
}

func (b *sankeyBody) rows() []Row {
	var rows []Row
	for _, l := range b.links {
		from, to := b.stages[l.from], b.stages[l.to]
		rows = append(rows, Row{from.Key, from.series().label() + " → " + to.series().label(), "", l.value, b.Unit, to.Key})
	}
	for _, n := range b.stages {
		if n.size() > 0 {
			rows = append(rows, Row{n.Key, n.series().label(), "", n.size(), b.Unit, "total"})
		}
	}
	return rows
}

func (b *sankeyBody) summary() string {
	links := slices.Clone(b.links)
	slices.SortStableFunc(links, func(x, y link) int { return cmp.Compare(y.value, x.value) })
	p := b.printer()
	var parts []string
	for _, l := range links {
		parts = append(parts, fmt.Sprintf("%s to %s %s", b.stages[l.from].series().label(), b.stages[l.to].series().label(), p.full(l.value)))
	}
	return strings.Join(parts, "; ") + ". In all " + p.full(b.total) + "."
}
