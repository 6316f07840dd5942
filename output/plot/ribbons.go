package plot

import (
	"cmp"
	"fmt"
	"slices"
)

// Measures of a flow chart in points.
const (
	nodeWidth   = 11.0
	nodeGap     = 5.0  // between nodes of a column
	leastFlow   = 40.0 // height of all that enters, below which thin flows cannot be told apart
	leastColumn = 62.0 // between two columns, for the names in between
)

// slot is a place in a column: that of a stage, or of a link on its way past the column.
type slot struct {
	stage  int // -1 for a passing link
	column int
	value  float64
	mid    float64 // height of its middle
	height float64 // with the distance to the next
}

// hop is the part of a link between two neighbouring columns. Heights are those of its middle.
type hop struct {
	link, from, to int // index of link and slots
	start, end     float64
}

// ribbons lay out a flow chart in a rectangle.
type ribbons struct {
	*sankeyBody
	slots []slot
	hops  []hop
	scale float64 // points a unit
}

// newRibbons finds the height of every slot. Nodes stand apart far enough that each has room for its name, and as close
// as that allows to the middle of what they are joined to.
func (b *sankeyBody) newRibbons(s *sheet, y0, y1 float64) (*ribbons, error) {
	v := &ribbons{sankeyBody: b}
	v.cut()
	line := leading * s.profile.LabelSize
	need := func(scale float64) (most float64) {
		sum := make([]float64, b.columns)
		for _, one := range v.slots {
			sum[one.column] += v.room(one, scale, line)
		}
		return slices.Max(sum)
	}
	// The largest scale at which the fullest column fits, by halving.
	low, high := 0.0, (y1-y0)/b.total
	for range 50 {
		if mid := (low + high) / 2; need(mid) <= y1-y0 {
			low = mid
		} else {
			high = mid
		}
	}
	if v.scale = low; low*b.total < leastFlow {
		return nil, fmt.Errorf("%d flows leave too little height for their width; use profile %s", len(b.links), s.larger())
	}
	for i := range v.slots {
		v.slots[i].height = v.room(v.slots[i], v.scale, line)
		v.slots[i].mid = (y0 + y1) / 2
	}
	for pass := range 12 {
		for c := range b.columns {
			if pass%2 == 1 {
				c = b.columns - 1 - c
			}
			v.settle(c, y0, y1, pass < 8)
		}
	}
	v.moor()
	return v, nil
}

// room is the height that a slot takes at a scale, with the distance to the next.
func (v *ribbons) room(one slot, scale, line float64) float64 {
	if one.stage < 0 {
		return one.value*scale + nodeGap
	}
	return max(one.value*scale, line) + nodeGap
}

// cut makes the slots, and hops from column to column of each link.
func (v *ribbons) cut() {
	at := make([]int, len(v.stages))
	for i, n := range v.stages {
		if n.size() > 0 {
			at[i] = len(v.slots)
			v.slots = append(v.slots, slot{stage: i, column: n.column, value: n.size()})
		}
	}
	for i, l := range v.links {
		from := at[l.from]
		for c := v.stages[l.from].column + 1; c < v.stages[l.to].column; c++ {
			v.slots = append(v.slots, slot{stage: -1, column: c, value: l.value})
			v.hops = append(v.hops, hop{link: i, from: from, to: len(v.slots) - 1})
			from = len(v.slots) - 1
		}
		v.hops = append(v.hops, hop{link: i, from: from, to: at[l.to]})
	}
}

// settle moves the slots of a column towards the middle of what they are joined to. With order they may change places, so
// that fewer flows cross; what is merged stays lowest.
func (v *ribbons) settle(column int, y0, y1 float64, order bool) {
	var in []int
	want := make([]float64, len(v.slots))
	for i, one := range v.slots {
		if one.column != column {
			continue
		}
		in = append(in, i)
		sum, weight := 0.0, 0.0
		for _, h := range v.hops {
			value := v.links[h.link].value
			switch i {
			case h.from:
				sum, weight = sum+value*v.slots[h.to].mid, weight+value
			case h.to:
				sum, weight = sum+value*v.slots[h.from].mid, weight+value
			}
		}
		want[i] = sum / weight
	}
	rest := func(i int) bool { return v.slots[i].stage >= 0 && v.stages[v.slots[i].stage].rest }
	slices.SortStableFunc(in, func(i, j int) int {
		switch {
		case !order:
			return cmp.Compare(v.slots[i].mid, v.slots[j].mid)
		case rest(i) != rest(j):
			return map[bool]int{true: -1, false: 1}[rest(i)]
		case want[i] != want[j]:
			return cmp.Compare(want[i], want[j])
		}
		return cmp.Compare(v.slots[i].value, v.slots[j].value) // the larger above
	})
	wanted, heights := make([]float64, len(in)), make([]float64, len(in))
	for k, i := range in {
		wanted[k], heights[k] = want[i], v.slots[i].height
	}
	mids, ok := spread(wanted, heights, y0, y1)
	if !ok {
		panic("plot: nodes do not fit the height that they were scaled for")
	}
	for k, i := range in {
		v.slots[i].mid = mids[k]
	}
}

// moor gives each hop its place at the sides of its slots, in the order of the slots at its other end.
func (v *ribbons) moor() {
	for i, one := range v.slots {
		var out, in []*hop
		for k := range v.hops {
			switch h := &v.hops[k]; i {
			case h.from:
				out = append(out, h)
			case h.to:
				in = append(in, h)
			}
		}
		slices.SortStableFunc(out, func(x, y *hop) int { return cmp.Compare(v.slots[x.to].mid, v.slots[y.to].mid) })
		slices.SortStableFunc(in, func(x, y *hop) int { return cmp.Compare(v.slots[x.from].mid, v.slots[y.from].mid) })
		bottom := one.mid - one.value*v.scale/2
		y := bottom
		for _, h := range out {
			thick := v.links[h.link].value * v.scale
			h.start = y + thick/2
			y += thick
		}
		y = bottom
		for _, h := range in {
			thick := v.links[h.link].value * v.scale
			h.end = y + thick/2
			y += thick
		}
	}
}

func (b *sankeyBody) draw(s *sheet, r Rect) error {
	st := typeStyle{size: s.profile.LabelSize}
	top := r.Y1
	if len(b.Columns) > 0 {
		top -= 1.5 * st.size
	}
	v, err := b.newRibbons(s, r.Y0+4, top)
	if err != nil {
		return err
	}
	// Names of the first column stand left of it and all others right of theirs.
	p := b.printer()
	label := func(i int) endLabel {
		return endLabel{name: shorten(b.stages[i].series().label()), value: p.full(b.stages[i].size())}
	}
	lines := make([][]string, len(v.slots))
	set := func(column int, width float64) (widest float64) {
		for i, one := range v.slots {
			if one.stage < 0 || one.column != column {
				continue
			}
			l := label(one.stage)
			if lines[i] = s.breakLabel(l, st, width); len(lines[i]) > 1 && one.height < float64(len(lines[i]))*leading*st.size {
				lines[i] = []string{s.clipLabel(l, st, width)}
			}
			for _, line := range lines[i] {
				widest = max(widest, s.fonts.width(line, st))
			}
		}
		return widest
	}
	last := b.columns - 1
	side := min(gutterMax, 0.23*s.w)
	left := r.X0 + set(0, side) + labelGap
	right := r.X1 - set(last, side) - labelGap - nodeWidth
	step := (right - left) / float64(last)
	if step < leastColumn {
		return fmt.Errorf("%d columns stand too close for names in between; use profile %s", b.columns, s.larger())
	}
	for c := 1; c < last; c++ {
		set(c, step-nodeWidth-2*labelGap)
	}
	x := func(column int) float64 { return left + float64(column)*step }
	v.flows(s, x)
	for i, one := range v.slots {
		if one.stage < 0 {
			continue
		}
		h := b.stages[one.stage].hue
		half := one.value * v.scale / 2
		s.fillRect(h.fill, Rect{x(one.column), one.mid - half, x(one.column) + nodeWidth, one.mid + half})
		st.color = h.label
		at, a := x(one.column)+nodeWidth+labelGap, alignLeft
		if one.column == 0 {
			at, a = left-labelGap, alignRight
		}
		y := one.mid + leading*st.size*float64(len(lines[i])-1)/2 - 0.35*st.size
		for _, line := range lines[i] {
			if one.column > 0 && one.column < last { // the edges of flows must not run through letters
				s.fillRect(white, Rect{at - 2, y - 0.3*st.size, at + s.fonts.width(line, st) + 2, y + 0.95*st.size})
			}
			s.text("label", line, st, a, at, y)
			y -= leading * st.size
		}
	}
	heading := typeStyle{size: st.size, bold: true, color: muted}
	for c, text := range b.Columns {
		switch text = oneLine(text); c {
		case 0:
			s.text("heading", s.fit(text, heading, left+nodeWidth-r.X0), heading, alignRight, left+nodeWidth, top+0.45*st.size)
		case last:
			s.text("heading", s.fit(text, heading, r.X1-right), heading, alignLeft, right, top+0.45*st.size)
		default:
			s.text("heading", s.fit(text, heading, step-8), heading, alignLeft, x(c), top+0.45*st.size)
		}
	}
	return nil
}

// flows draws the links, the thickest lowest, each in a tint of where it comes from with edges that part it from others.
func (v *ribbons) flows(s *sheet, x func(column int) float64) {
	order := make([]int, len(v.links))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(v.links[j].value, v.links[i].value) })
	for _, i := range order {
		half := v.links[i].value * v.scale / 2
		var upper, lower []pt
		for _, h := range v.hops {
			if h.link != i {
				continue
			}
			x0, x1 := x(v.slots[h.from].column)+nodeWidth, x(v.slots[h.to].column)
			const steps = 24
			for k := range steps + 1 {
				u := float64(k) / steps
				y := h.start + (h.end-h.start)*u*u*(3-2*u)
				upper, lower = append(upper, pt{x0 + (x1-x0)*u, y + half}), append(lower, pt{x0 + (x1-x0)*u, y - half})
			}
		}
		h := v.stages[v.links[i].from].hue
		back := slices.Clone(lower)
		slices.Reverse(back)
		s.fill(h.tints[1], slices.Concat(upper, back)...)
		edge := pen{width: min(0.5, max(0.25, half)), color: h.tints[2]} // the thinnest is a hairline
		s.stroke(edge, upper...)
		s.stroke(edge, lower...)
	}
}
